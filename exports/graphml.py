"""GraphML (http://graphml.graphdrawing.org/specification.html): read by igraph, networkx, Gephi, yEd, Cytoscape.

Nodes are named by citation key. Gephi shows ``label``, and places nodes by ``x`` and ``y``.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..kg.network import Network
from .node_columns import COLUMNS, lexical, placed, told
from .style import Style
from .xmltext import attribute, text

_KINDS = {"string": "string", "integer": "int", "double": "double", "boolean": "boolean"}


def graphml(network: Network, _: Style) -> Iterator[str]:
    """Yield a network as GraphML, edges from citing to cited."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
        ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
    )
    for name, kind in (
        ("label", "string"),
        *((c.name, _KINDS[c.kind]) for c in COLUMNS),
        ("x", "double"),
        ("y", "double"),
    ):
        yield f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'
    yield f'<graph id="citations" edgedefault="directed">\n<desc>{text(network.of)}</desc>\n'
    for node, (x, y) in zip(network.nodes, placed(network), strict=True):
        yield f"<node id={attribute(node.work.key)}>\n"
        values = [("label", node.work.key), *((c.name, lexical(v)) for c, v in told(network, node))]
        for name, value in (*values, ("x", str(x)), ("y", str(y))):
            yield f'  <data key="{name}">{text(value)}</data>\n'
        yield "</node>\n"
    for number, (citing, cited) in enumerate(network.links):
        ends = (attribute(network.nodes[n].work.key) for n in (citing, cited))
        yield '<edge id="e{}" source={} target={}/>\n'.format(number, *ends)
    yield "</graph>\n</graphml>\n"
