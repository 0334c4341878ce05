"""Pajek's network (.net): vertices with label and place, arcs from citing to cited.

The manual (http://mrvar.fdv.uni-lj.si/pajek/) has lines of ``number "label" x y z`` with places between 0 and 1, y
downwards, and Unicode files begin with a byte order mark. Labels are citation keys, which are ASCII, so none is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..kg.layout import force
from ..kg.network import Network
from .style import Style


def pajek(network: Network, _: Style) -> Iterator[str]:
    """Yield a network as Pajek reads it, with the lines ended as on the system that it runs on."""
    yield f"*Vertices {len(network.nodes)}\r\n"
    for number, (node, (x, y)) in enumerate(zip(network.nodes, force(network), strict=True), 1):
        yield f'{number} "{_label(node.work.key)}" {(x + 1) / 2:.4f} {(1 - y) / 2:.4f} 0.5000\r\n'
    yield "*Arcs\r\n"
    for citing, cited in network.links:
        yield f"{citing + 1} {cited + 1} 1\r\n"


def _label(text: str) -> str:
    """Return a label that stands in quotes: there is no way to write a quote in one."""
    return " ".join(text.replace('"', "'").split())
