"""Where the works of a network are drawn: near to what they are linked to, or along the years.

Places are computed here and nowhere else, the same for the same network, so that the page, a figure and a file for
Gephi show one picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import cos, hypot, pi, sin, sqrt
from typing import Any, cast

from .chance import same_chance
from .network import Network
from .packing import Point, packed

_ROUNDS = 300
_LARGE = 4000
"""From how many linked works on forces are computed on a grid and in fewer rounds."""
_APART = 0.4


def force(network: Network) -> list[Point]:
    """Return a place for each work, between -1 and 1 either way: linked works near each other, others apart.

    Fruchterman and Reingold 1991, doi:10.1002/spe.4380211102. What no link joins to the rest has no place of its own
    in that; parts are packed side by side, the largest in the middle. Works without a link stand in discs around them,
    one for each category, the oldest in its middle.
    """
    return _arranged(len(network.nodes), network.links, lambda singles: _alone(network, singles))


def years(network: Network, near: Sequence[Point] | None = None) -> list[Point]:
    """Return a place for each work: its time in years, and a height between -1 and 1 at which linked works are near.

    Heights are those that :func:`force` gave (``near``, where they are known already), spread so that they fill the
    room evenly. Works without a time stand a year before the first.
    """
    places = near or force(network)
    upward = sorted(range(len(places)), key=lambda n: (places[n][1], n))
    last = max(1, len(places) - 1)
    height = {n: round(2 * rank / last - 1, 4) for rank, n in enumerate(upward)}
    times = [node.time for node in network.nodes if node.time is not None]
    before = min(times, default=1.0) - 1
    return [(before if node.time is None else node.time, height[n]) for n, node in enumerate(network.nodes)]


def arranged(many: int, links: Sequence[tuple[int, int]]) -> list[Point]:
    """Return a place for each of so many things, between -1 and 1 either way, of which ``links`` join some.

    >>> len(arranged(3, [(0, 1)]))
    3
    """
    return _arranged(many, links, lambda singles: [singles] if singles else [])


def _arranged(
    many: int, links: Sequence[tuple[int, int]], alone: Callable[[list[int]], list[list[int]]]
) -> list[Point]:
    import igraph

    drawn: Any = cast(Any, igraph).Graph(many, links).simplify()
    found: list[list[int]] = list(drawn.connected_components())
    parts = sorted(map(sorted, found), key=lambda part: (-len(part), part[0]))
    linked = [part for part in parts if len(part) > 1]
    discs = alone([part[0] for part in parts if len(part) == 1])
    points = [*(_spread(drawn.induced_subgraph(part)) for part in linked), *(_disc(len(part)) for part in discs)]
    places: dict[int, Point] = {}
    for part, stands in zip([*linked, *discs], packed(points), strict=True):
        places.update(zip(part, stands, strict=True))
    return _scaled([places[n] for n in range(many)])


def _spread(part: Any) -> list[Point]:
    """Return places of things that are linked with each other, about one apart, around the origin."""
    many: int = part.vcount()
    large = many > _LARGE
    with same_chance():
        found: Any = part.layout_fruchterman_reingold(niter=60 if large else _ROUNDS, grid=large)
    coordinates: list[list[float]] = found.coords
    x = sum(p[0] for p in coordinates) / many
    y = sum(p[1] for p in coordinates) / many
    points = [(p[0] - x, p[1] - y) for p in coordinates]
    return _evened(points) if large else points


def _evened(points: Sequence[Point]) -> list[Point]:
    """Return places in the same directions and the same order from the middle, spread evenly over a disc.

    Of many thousands that are linked forces make a knot with a few far outside.
    """
    order = sorted(range(len(points)), key=lambda n: (hypot(*points[n]), n))
    evened = list(points)
    for rank, n in enumerate(order):
        x, y = points[n]
        away = hypot(x, y) or 1.0
        evened[n] = x / away * sqrt(rank) * _APART, y / away * sqrt(rank) * _APART
    return evened


def _alone(network: Network, singles: Sequence[int]) -> list[list[int]]:
    """Return works without a link by the first category of each, the most first, each category by time."""
    by_category: dict[str, list[int]] = defaultdict(list)
    for n in singles:
        by_category[next(iter(network.nodes[n].work.categories), "")].append(n)
    for members in by_category.values():
        members.sort(key=lambda n: (network.nodes[n].time is None, network.nodes[n].time or 0.0, n))
    return [by_category[name] for name in sorted(by_category, key=lambda name: (-len(by_category[name]), name))]


def _disc(many: int) -> list[Point]:
    """Return places that fill a disc evenly, about one apart, the first in its middle (Vogel 1979)."""
    turn = pi * (3 - sqrt(5))
    return [(sqrt(n) * cos(n * turn) * _APART, sqrt(n) * sin(n * turn) * _APART) for n in range(many)]


def _scaled(points: Sequence[Point]) -> list[Point]:
    """Return the places so that all are between -1 and 1, rounded: no digits that another machine would not give."""
    widest = max((max(abs(x), abs(y)) for x, y in points), default=0.0) or 1.0
    return [(round(x / widest, 4), round(y / widest, 4)) for x, y in points]
