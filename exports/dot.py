"""Graphviz's DOT (https://graphviz.org/doc/info/lang.html): for ``dot``, ``sfdp`` and whatever reads it."""

from __future__ import annotations

from collections.abc import Iterator

from ..kg.network import Network
from .cited import links
from .colours import node_colours
from .latex import plain
from .style import Style


def dot(network: Network, style: Style) -> Iterator[str]:
    """Yield a network as a directed graph in DOT, an arrow from citing to cited; titles are tool tips."""
    yield f"digraph citations {{\n  // {_line(network.of)}\n  graph [overlap=false, outputorder=edgesfirst];\n"
    yield '  node [shape=box, style="filled,rounded", fontname="Helvetica", color="#00000040"];\n'
    yield '  edge [color="#00000040"];\n'
    for node, colour in zip(network.nodes, node_colours(network, style.by), strict=True):
        values = {
            "label": node.work.key,
            "tooltip": plain(node.work.title),
            "URL": links(node.work).url,
            "fillcolor": f"{colour}80",
            "year": str(node.work.year or ""),
        }
        told = ", ".join(f"{name}={_quoted(value)}" for name, value in values.items() if value)
        yield f"  {_quoted(node.work.key)} [{told}];\n"
    for citing, cited in network.links:
        yield f"  {_quoted(network.nodes[citing].work.key)} -> {_quoted(network.nodes[cited].work.key)};\n"
    yield "}\n"


def _quoted(text: str) -> str:
    r"""Return a text in quotes; a backslash would begin one of Graphviz's own escapes (``\N``).

    >>> print(_quoted('a "b" \\N'))
    "a \"b\" \\N"
    """
    return '"' + _line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _line(text: str) -> str:
    return " ".join(text.split()).replace("\0", "\ufffd")
