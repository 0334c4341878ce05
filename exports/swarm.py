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
_GAP, _MARGIN = 0.5, 4.0
_HIGHEST, _ALL = 150.0, 400.0
"""How high a band may be, and all of them where there are few."""
_SCALES = (1.0, 0.8, 0.64, 0.5, 0.4)
"""How much smaller dots may be drawn that do not fit."""
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
    """Return the works of which a time is known, in bands from the top down; the years are ``across`` wide.

    Where a band would be too high, all dots are drawn smaller; where they are as small as they may be, those of one
    month overlap.
    """
    most = max((node.listed_citations for node in network.nodes), default=0)
    rows: list[tuple[Group, list[Dot]]] = []
    for group in groups:
        nodes = ((place, network.nodes[place]) for place in group.works)
        dots = [
            Dot(place, (node.time - first) / (last - first) * across, 0.0, radius(node.listed_citations, most))
            for place, node in nodes
            if node.time is not None
        ]
        if dots:
            rows.append((group, dots))
    highest = max(_HIGHEST, _ALL / max(1, len(rows)))
    spreads: list[list[Dot]] = []
    for scale in _SCALES:
        spreads = [_spread([replace(dot, radius=dot.radius * scale) for dot in dots]) for _, dots in rows]
        if all(_height(spread) <= highest for spread in spreads):
            break
    found: list[Band] = []
    top = 0.0
    for (group, _), spread in zip(rows, spreads, strict=True):
        dots = _pressed(spread, highest)
        height = max(d.box[3] for d in dots) + _MARGIN
        found.append(Band(group, tuple(dots), top - height, top))
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
    """Move dots up and down until none covers another: the largest first, each as near to the middle as it can."""
    placed: list[Dot] = []
    for dot in sorted(dots, key=lambda d: (-d.radius, d.x, d.place)):
        near = [d for d in placed if abs(d.x - dot.x) < d.radius + dot.radius + _GAP]
        reaches = [(d.y, sqrt((d.radius + dot.radius + _GAP) ** 2 - (d.x - dot.x) ** 2)) for d in near]
        free = sorted([0.0, *(y + way * reach for y, reach in reaches for way in (1, -1))], key=lambda y: (abs(y), y))
        # with room to spare for what numbers lose
        y = next(y for y in free if all(abs(y - other) >= reach - 1e-6 for other, reach in reaches))
        placed.append(replace(dot, y=y))
    return placed


def _height(dots: Sequence[Dot]) -> float:
    return max(d.box[3] for d in dots) - min(d.box[1] for d in dots)


def _pressed(dots: Sequence[Dot], highest: float) -> list[Dot]:
    """Return the dots from the bottom of their band up, no higher than a band may be."""
    lowest, height = min(d.box[1] for d in dots), _height(dots)
    tight = min(1.0, highest / height)
    least = max(0.0, LETTERS - height * tight) / 2  # room for the name of the band
    return [replace(dot, y=(dot.y - lowest) * tight + _MARGIN + least) for dot in dots]


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

    That is beside its dot, else at the nearest free place, with a line that crosses no name and no other dot either.
    One that finds none within ``room`` is left out. ``width`` tells how wide a text is.
    """
    taken = [dot.box for dot in dots]
    names: list[Box] = []
    leaders: list[Box] = []
    for dot, name in named:
        for box, near in _places(dot, width(name)):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]
            if not inside or any(cover(box, other) for other in taken) or any(crosses(line, box) for line in leaders):
                continue
            leader = None if near else _leader(dot, box)
            if leader:
                if any(crosses(leader, other) for other in names) or any(_meets(leader, d) for d in dots if d != dot):
                    continue
                leaders.append(leader)
            taken.append(box)
            names.append(box)
            yield Label(name, box, leader)
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


def crosses(line: Box, box: Box) -> bool:
    """Say whether a line (x, y, x, y) has a part inside a box, its edges left out.

    Liang and Barsky 1984, doi:10.1145/357332.357333.

    >>> crosses((0, 0, 4, 4), (1, 0, 3, 2)), crosses((0, 0, 0, 4), (1, 0, 3, 2)), crosses((0, 0, 1, 1), (1, 0, 3, 2))
    (True, False, False)
    """
    x, y, to_x, to_y = line
    enters, leaves = 0.0, 1.0
    for start, way, low, high in ((x, to_x - x, box[0], box[2]), (y, to_y - y, box[1], box[3])):
        if way == 0:
            if not low < start < high:
                return False
            continue
        near, far = sorted(((low - start) / way, (high - start) / way))
        enters, leaves = max(enters, near), min(leaves, far)
    return enters < leaves


def _meets(line: Box, dot: Dot) -> bool:
    """Say whether a line comes over a dot."""
    x, y, to_x, to_y = line
    way_x, way_y = to_x - x, to_y - y
    length = way_x * way_x + way_y * way_y
    share = ((dot.x - x) * way_x + (dot.y - y) * way_y) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    return hypot(x + share * way_x - dot.x, y + share * way_y - dot.y) < dot.radius


def cover(one: Box, other: Box) -> bool:
    """Say whether two boxes have a point in common that is not on their edges."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
