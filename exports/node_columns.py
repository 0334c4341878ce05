"""What a file tells of each work of a network: names, types and values, the same in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..kg.layout import Point, force
from ..kg.names import spoken
from ..kg.network import Network, Node
from .cited import links
from .columns import place
from .latex import plain

Kind = Literal["string", "integer", "double", "boolean"]
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute of nodes: its name, the type of its values, and its value for a node, None where it has none."""

    name: str
    kind: Kind
    value: Callable[[Network, Node], Value | None]


def _text(say: Callable[[Network, Node], str]) -> Callable[[Network, Node], str | None]:
    return lambda network, node: say(network, node) or None


COLUMNS: Sequence[Column] = (
    Column("title", "string", _text(lambda _, node: plain(node.work.title))),
    Column("authors", "string", _text(lambda _, node: "; ".join(map(spoken, node.work.authors)))),
    Column("year", "integer", lambda _, node: node.work.year),
    Column("time", "double", lambda _, node: node.time),
    Column("venue", "string", _text(lambda _, node: place(node.work))),
    Column("category", "string", _text(lambda network, node: network.categories[node.work.iri])),
    Column("categories", "string", _text(lambda _, node: "; ".join(node.work.categories))),
    Column("arxiv", "string", _text(lambda _, node: links(node.work).arxiv)),
    Column("doi", "string", _text(lambda _, node: links(node.work).doi)),
    Column("url", "string", _text(lambda _, node: links(node.work).url)),
    Column("iri", "string", lambda _, node: node.work.iri),
    Column("listed", "boolean", lambda _, node: node.listed),
    Column("listed_citations", "integer", lambda _, node: node.listed_citations),
    Column("citations", "integer", lambda _, node: node.citations),
    Column("global_citations", "integer", lambda _, node: node.work.citations),
    Column("pagerank", "double", lambda _, node: node.pagerank),
    Column("core", "integer", lambda _, node: node.core),
    Column("velocity", "double", lambda _, node: node.velocity),
    Column("community", "integer", lambda _, node: node.community or None),
    Column("community_name", "string", lambda network, node: network.communities.get(node.community)),
    Column("distance", "integer", lambda _, node: node.distance),
)
"""The attributes in their order. ``category`` is one of ``categories``, by which a program can colour."""

WIDE = 1000
"""How far apart the outermost nodes are placed from the middle, in the units of the programs that draw."""


def placed(network: Network) -> list[Point]:
    """Return where each node is drawn by :func:`llmcomp.kg.layout.force`, between -WIDE and WIDE, y upwards."""
    return [(round(WIDE * x, 1), round(WIDE * y, 1)) for x, y in force(network)]


def told(network: Network, node: Node) -> Iterable[tuple[Column, Value]]:
    """Yield the attributes that a node has."""
    for column in COLUMNS:
        value = column.value(network, node)
        if value is not None:
            yield column, value


def lexical(value: Value) -> str:
    """Return a value as the formats write it: truth in small letters, numbers as Python does.

    >>> lexical(True), lexical(0.25), lexical("a")
    ('true', '0.25', 'a')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)
