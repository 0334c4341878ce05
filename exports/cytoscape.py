"""Cytoscape's JSON, for Cytoscape.js (https://js.cytoscape.org/#notation/elements-json) and Cytoscape (.cyjs).

networkx reads it too (``cytoscape_graph``), by ``directed`` and the ``value`` of each node, which the others pass over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..kg.network import Network
from .node_columns import placed, told
from .style import Style


def cytoscape(network: Network, _: Style) -> Iterator[str]:
    """Yield a network as JSON, an element a line, edges from citing to cited; y runs downwards there."""
    head = json.dumps({"name": network.of}, ensure_ascii=False)
    yield '{"format_version": "1.0", "generated_by": "llmcomp", "target_cytoscapejs_version": "~3.0",\n'
    yield f'"directed": true,\n"data": {head},\n"elements": {{\n"nodes": [\n'
    nodes = zip(network.nodes, placed(network), strict=True)
    for number, (node, (x, y)) in enumerate(nodes):
        key = node.work.key
        data = {
            "id": key,
            "value": key,
            "name": key,
            "label": key,
            **{column.name: value for column, value in told(network, node)},
        }
        yield ",\n" * bool(number) + _line({"data": data, "position": {"x": x, "y": -y}})
    yield '\n],\n"edges": [\n'
    for number, (citing, cited) in enumerate(network.links):
        ends = {"source": network.nodes[citing].work.key, "target": network.nodes[cited].work.key}
        data = {"id": f"e{number}", **ends, "interaction": "cites"}
        yield ",\n" * bool(number) + _line({"data": data})
    yield "\n]\n}}\n"


def _line(element: dict[str, object]) -> str:
    # a lone surrogate is no Unicode text: it is escaped, as JSON can
    written = json.dumps(element, ensure_ascii=False)
    return written if written.isprintable() or _encodes(written) else json.dumps(element)


def _encodes(written: str) -> bool:
    try:
        written.encode()
    except UnicodeEncodeError:
        return False
    return True
