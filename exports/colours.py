"""Colours of works that the colour-blind can tell apart, the same in every file, figure and page.

Okabe and Ito, Color Universal Design, 2008 (https://jfly.uni-koeln.de/color/): their colours but yellow, which is
faint on paper, and grey for the rest. Where there are more groups than colours, shapes tell them apart as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..kg.network import Network, Node

By = Literal["category", "community", "year"]
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#000000")
REST = "#c8c8c8"
"""Of works in no group."""
_EARLY, _LATE = (0x00, 0x22, 0x4E), (0xFE, 0xE8, 0x38)
"""The ends of cividis (Nuñez, Anderton and Renslow 2018, doi:10.1371/journal.pone.0199239)."""
_MIDDLE = (0x7D, 0x7C, 0x78)


@dataclass(frozen=True, slots=True)
class Group:
    """Works of one colour: what they are called, which they are (places in the network), colour and number of shape."""

    name: str
    works: tuple[int, ...]
    colour: str
    shape: int = 0


def groups(network: Network, by: By = "category") -> list[Group]:
    """Return the works of a network in groups, the largest first, those in none (an empty name) last.

    A work in several categories stands in that of them in which most of the works are, so that a category that was
    selected is one group. Years are those of publication, one group each, the oldest first.
    """
    named = [_name(network, node, by) for node in network.nodes]
    members: dict[str, list[int]] = {}
    for place, name in enumerate(named):
        members.setdefault(name, []).append(place)
    rest = members.pop("", [])
    if by == "year":
        order = sorted(members)
        colours = [(_between(order, name), 0) for name in order]
    else:
        order = sorted(members, key=lambda name: (-len(members[name]), name))
        colours = [(COLOURS[n % len(COLOURS)], n // len(COLOURS)) for n in range(len(order))]
    found = [Group(name, tuple(members[name]), *colour) for name, colour in zip(order, colours, strict=True)]
    return [*found, Group("", tuple(rest), REST)] if rest else found


def node_colours(network: Network, by: By = "category") -> list[str]:
    """Return the colour of each work, as ``#rrggbb``."""
    colours = [REST] * len(network.nodes)
    for group in groups(network, by):
        for place in group.works:
            colours[place] = group.colour
    return colours


def _name(network: Network, node: Node, by: By) -> str:
    if by == "category":
        return network.categories[node.work.iri]
    if by == "community":
        return network.communities.get(node.community, "")
    return str(node.work.year or "")


def _between(years: list[str], year: str) -> str:
    """Return the colour of a year: as cividis goes, dark for the first, light for the last."""
    first, last = int(years[0]), int(years[-1])
    share = (int(year) - first) / (last - first) if last > first else 0.0
    start, end, way = (_EARLY, _MIDDLE, 2 * share) if share < 0.5 else (_MIDDLE, _LATE, 2 * share - 1)
    return "#" + "".join(f"{round(a + (b - a) * way):02x}" for a, b in zip(start, end, strict=True))
