"""Where the works of a network are drawn: near to what they are linked to, or along the years.

Places are computed here and nowhere else, the same for the same network, so that the page, a figure and a file for
Gephi show one picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Any, cast

from .network import Network

Point = tuple[float, float]
_ROUNDS = 300
_LARGE = 4000
"""From how many linked works on forces are computed on a grid and in fewer rounds."""
_LOTS = 2026  # places begin at random: the same each time


def force(network: Network) -> list[Point]:
    """Return a place for each work, between -1 and 1 either way: linked works near each other, others apart.

    Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102. What no link joins to the rest has no place of its own
    in that; parts are packed side by side, the largest in the middle, single works in a ring around them by year.
    """
    parts = _parts(network)
    places: dict[int, Point] = {}
    linked = [part for part in parts if len(part) > 1]
    alone = [part[0] for part in parts if len(part) == 1]
    packed = _packed([_spread(network, part) for part in linked])
    for part, points in zip(linked, packed, strict=True):
        places.update(zip(part, points, strict=True))
    _ring(network, alone, places)
    return _scaled([places[n] for n in range(len(network.nodes))])


def years(network: Network) -> list[Point]:
    """Return a place for each work: its time in years, and a height between -1 and 1 at which linked works are near.

    Works without a time stand a year before the first.
    """
    heights = [y for _, y in force(network)]
    times = [node.time for node in network.nodes if node.time is not None]
    before = min(times, default=1.0) - 1
    return [(before if node.time is None else node.time, y) for node, y in zip(network.nodes, heights, strict=True)]


def _parts(network: Network) -> list[list[int]]:
    """Return the works that links join, the largest part first."""
    near: dict[int, list[int]] = defaultdict(list)
    for citing, cited in network.links:
        near[citing].append(cited)
        near[cited].append(citing)
    seen: set[int] = set()
    parts: list[list[int]] = []
    for n in range(len(network.nodes)):
        if n in seen:
            continue
        seen.add(n)
        part = [n]
        for m in part:
            fresh = [k for k in near[m] if k not in seen]
            seen.update(fresh)
            part += dict.fromkeys(fresh)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _spread(network: Network, part: Sequence[int]) -> list[Point]:
    """Return places of works that are linked with each other, about one apart, around the origin."""
    import random

    import igraph

    number = {n: i for i, n in enumerate(part)}
    links = [(number[a], number[b]) for a, b in network.links if a in number]
    lots: Any = cast(Any, igraph).set_random_number_generator
    drawn: Any = cast(Any, igraph).Graph(len(part), links).simplify()
    large = len(part) > _LARGE
    lots(random.Random(_LOTS))
    try:
        found: Any = drawn.layout_fruchterman_reingold(niter=60 if large else _ROUNDS, grid=large)
    finally:
        lots(random)
    coordinates: list[list[float]] = found.coords
    x = sum(p[0] for p in coordinates) / len(part)
    y = sum(p[1] for p in coordinates) / len(part)
    return [(p[0] - x, p[1] - y) for p in coordinates]


def _packed(parts: Sequence[Sequence[Point]]) -> list[list[Point]]:
    """Return the places of parts side by side: the first stays, others stand in circles around it."""
    packed: list[list[Point]] = []
    edge = 0.0
    around: list[tuple[Sequence[Point], float]] = []
    for points in parts:
        radius = max(sqrt(x * x + y * y) for x, y in points) + 1
        if not packed:
            packed.append(list(points))
            edge = radius
            continue
        around.append((points, radius))
    placed = 0
    while placed < len(around):
        widest = around[placed][1]
        distance = edge + widest
        room = 2 * pi * distance
        row: list[tuple[Sequence[Point], float]] = []
        while placed < len(around) and (not row or room >= 2 * around[placed][1]):
            row.append(around[placed])
            room -= 2 * around[placed][1]
            placed += 1
        angle = 0.0
        whole = sum(radius for _, radius in row)
        for points, radius in row:
            turn = 2 * pi * radius / whole
            angle += turn / 2
            packed.append([(x + distance * cos(angle), y + distance * sin(angle)) for x, y in points])
            angle += turn / 2
        edge = distance + widest
    return packed


def _ring(network: Network, alone: Sequence[int], places: dict[int, Point]) -> None:
    """Add places of works without a link in rings around the rest, by time, so that the oldest come first."""
    inner = max((sqrt(x * x + y * y) for x, y in places.values()), default=0.0) + 2
    order = sorted(alone, key=lambda n: (network.nodes[n].time is None, network.nodes[n].time or 0.0, n))
    start = 0
    while start < len(order):
        many = max(1, int(2 * pi * inner))
        row = order[start : start + many]
        for i, n in enumerate(row):
            angle = 2 * pi * i / len(row)
            places[n] = inner * cos(angle), inner * sin(angle)
        start += many
        inner += 1


def _scaled(points: Sequence[Point]) -> list[Point]:
    """Return the places so that all are between -1 and 1, rounded: no digits that another machine would not give."""
    widest = max((max(abs(x), abs(y)) for x, y in points), default=0.0) or 1.0
    return [(round(x / widest, 4), round(y / widest, 4)) for x, y in points]
