"""A network as two tables, as Gephi imports spreadsheets: edges with Source and Target, nodes with Id and Label."""

from __future__ import annotations

from collections.abc import Iterator

from ..kg.network import Network
from .node_columns import COLUMNS, lexical
from .style import Style
from .tables import csv_line, no_formula


def csv(network: Network, _: Style) -> Iterator[str]:
    """Yield the citations: who cites (Source), who is cited (Target), by citation key."""
    yield csv_line(["Source", "Target", "Type"])
    for citing, cited in network.links:
        yield csv_line([network.nodes[citing].work.key, network.nodes[cited].work.key, "Directed"])


def csv_nodes(network: Network, _: Style) -> Iterator[str]:
    """Yield the works with all that is told of them."""
    yield csv_line(["Id", "Label", *(column.name for column in COLUMNS)])
    for node in network.nodes:
        values = (column.value(network, node) for column in COLUMNS)
        cells = ["" if v is None else no_formula(v) if isinstance(v, str) else lexical(v) for v in values]
        yield csv_line([node.work.key, node.work.key, *cells])
