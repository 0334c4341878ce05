"""Where the works of a figure stand: each at its time in its band, none on another; and where their names stand.

All lengths are points (1/72 inch), from the left end of the axis and from the bottom of the lowest band.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, pi, sin, sqrt

from ..kg.network import Network
from .colours import Group

SMALLEST, LARGEST = 1.6, 9.0
"""The radius of a work that no listed one cites, and of the one that most cite."""
LETTERS = 7.0
"""The size of names."""
_GAP, _MARGIN, _HIGHEST = 0.5, 4.0, 150.0
# right, left, above, below, and between these
_TURNS = tuple(n * pi / 4 for n in (0, 4, 2, 6, 1, 3, 7, 5))
_AWAY = (1.0, 8.0, 16.0, 26.0, 38.0)
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """A work (its place in the network) as a dot."""

    place: int
    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        """The square around it: left, bottom, right, top."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


@dataclass(frozen=True, slots=True)
class Band:
    """The dots of a group, and from where to where its band reaches."""

    group: Group
    dots: tuple[Dot, ...]
    bottom: float
    top: float


def radius(citations: int, most: int) -> float:
    """Return how large a work is that so many listed works cite, where the largest number is ``most``: areas compare.

    >>> radius(0, 100), radius(100, 100)
    (1.6, 9.0)
    """
    return SMALLEST + (LARGEST - SMALLEST) * sqrt(citations / most) if most else SMALLEST


def bands(network: Network, groups: Sequence[Group], first: float, last: float, across: float) -> list[Band]:
    """Return the works of which a time is known, in bands from the top down; the years are ``across`` wide."""
    most = max((node.listed_citations for node in network.nodes), default=0)
    found: list[Band] = []
    top = 0.0
    for group in groups:
        nodes = ((place, network.nodes[place]) for place in group.works)
        dots = [
            Dot(place, (node.time - first) / (last - first) * across, 0.0, radius(node.listed_citations, most))
            for place, node in nodes
            if node.time is not None
        ]
        if dots:
            spread = _spread(dots)
            height = max(d.box[3] for d in spread) + _MARGIN
            found.append(Band(group, tuple(spread), top - height, top))
            top -= height
    # from the bottom of the lowest
    return [
        replace(
            band,
            dots=tuple(replace(dot, y=dot.y + band.bottom - top) for dot in band.dots),
            bottom=band.bottom - top,
            top=band.top - top,
        )
        for band in found
    ]


def _spread(dots: Sequence[Dot]) -> list[Dot]:
    """Move dots up and down until none covers another: the largest first, each as near to the middle as it can.

    What would be higher than a band may be is pressed together, so that dots of one month overlap.
    """
    placed: list[Dot] = []
    for dot in sorted(dots, key=lambda d: (-d.radius, d.x, d.place)):
        near = [d for d in placed if abs(d.x - dot.x) < d.radius + dot.radius + _GAP]
        reaches = [(d.y, sqrt((d.radius + dot.radius + _GAP) ** 2 - (d.x - dot.x) ** 2)) for d in near]
        free = sorted([0.0, *(y + way * reach for y, reach in reaches for way in (1, -1))], key=lambda y: (abs(y), y))
        # with room to spare for what numbers lose
        y = next(y for y in free if all(abs(y - other) >= reach - 1e-6 for other, reach in reaches))
        placed.append(replace(dot, y=y))
    lowest, highest = min(d.box[1] for d in placed), max(d.box[3] for d in placed)
    tight = min(1.0, _HIGHEST / (highest - lowest))
    least = max(0.0, LETTERS - (highest - lowest) * tight) / 2  # room for the name of the band
    return [replace(dot, y=(dot.y - lowest) * tight + _MARGIN + least) for dot in placed]


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a dot in its box; ``leader`` is the line to a dot that is not beside it."""

    text: str
    box: Box
    leader: Box | None = None


def labels(
    dots: Sequence[Dot], named: Sequence[tuple[Dot, str]], room: tuple[float, float], width: Callable[[str], float]
) -> Iterator[Label]:
    """Yield where each of ``named``, the most important first, bears its name: on no other name and no dot.

    That is beside its dot, else at the nearest free place, with a line. One that finds none within ``room`` is left
    out. ``width`` tells how wide a text is.
    """
    taken = [dot.box for dot in dots]
    for dot, name in named:
        for box, near in _places(dot, width(name)):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]
            if inside and not any(cover(box, other) for other in taken):
                taken.append(box)
                yield Label(name, box, None if near else _leader(dot, box))
                break


def _places(dot: Dot, wide: float) -> Iterator[tuple[Box, bool]]:
    """Yield boxes in which a name may stand, the nearest to its dot first, and whether that is beside it."""
    for away in _AWAY:
        for turn in _TURNS:
            x, y = dot.x + (dot.radius + away) * cos(turn), dot.y + (dot.radius + away) * sin(turn)
            # the side or corner of the box that is turned to the dot stands there
            left = x - wide * (1 - _sign(cos(turn))) / 2
            bottom = y - LETTERS * (1 - _sign(sin(turn))) / 2
            yield (left, bottom, left + wide, bottom + LETTERS), away == _AWAY[0]


def _sign(number: float) -> int:
    return (number > 0.1) - (number < -0.1)


def _leader(dot: Dot, box: Box) -> Box:
    """Return a line from the edge of a dot to the nearest point of a box: x, y, x, y."""
    x, y = min(max(dot.x, box[0]), box[2]), min(max(dot.y, box[1]), box[3])
    whole = hypot(x - dot.x, y - dot.y) or 1.0
    return dot.x + (x - dot.x) * dot.radius / whole, dot.y + (y - dot.y) * dot.radius / whole, x, y


def cover(one: Box, other: Box) -> bool:
    """Say whether two boxes have a point in common that is not on their edges."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
