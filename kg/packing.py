"""Parts of a drawing side by side, none on another."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import NamedTuple

Point = tuple[float, float]
_FITTED = 60
"""How many parts are fitted to each other one by one."""
_TURNS = 48
"""In how many directions room is looked for."""


def packed(parts: Sequence[Sequence[Point]]) -> list[list[Point]]:
    """Return the places of parts side by side: the first stays, each other is as near to its middle as there is room.

    Each but the first takes the room of a circle. Beyond :data:`_FITTED` they stand in rings around the rest.
    """
    if not parts:
        return []
    outline = _outline(parts[0])
    placed: list[_Circle] = []
    for points in parts[1:_FITTED]:
        radius = max(hypot(x, y) for x, y in points) + 1
        placed.append(_Circle(*_nearest(radius, outline, placed), radius))
    edge = max(hypot(circle.x, circle.y) + circle.radius for circle in [*outline, *placed])
    rest = [max(hypot(x, y) for x, y in points) + 1 for points in parts[_FITTED:]]
    while rest:
        distance = edge + rest[0]
        row, rest = rest[: max(1, int(pi * distance / rest[0]))], rest[max(1, int(pi * distance / rest[0])) :]
        for n, radius in enumerate(row):
            angle = 2 * pi * n / len(row)
            placed.append(_Circle(distance * cos(angle), distance * sin(angle), radius))
        edge = distance + row[0]
    others = [
        [(x + circle.x, y + circle.y) for x, y in points] for points, circle in zip(parts[1:], placed, strict=True)
    ]
    return [list(parts[0]), *others]


class _Circle(NamedTuple):
    x: float
    y: float
    radius: float

    def on(self, x: float, y: float, radius: float) -> tuple[float, float] | None:
        """Return from where to where, on the way from the origin to (x, y), a circle of ``radius`` would cover this."""
        along, reach = self.x * x + self.y * y, self.radius + radius
        off = self.x * self.x + self.y * self.y - along * along
        if reach * reach <= off:
            return None
        half = sqrt(reach * reach - off)
        return along - half, along + half


def _outline(points: Sequence[Point]) -> list[_Circle]:
    """Return what is farthest from the origin in each direction."""
    farthest: dict[int, Point] = {}
    for x, y in points:
        direction = int((atan2(y, x) / (2 * pi) + 1) * _TURNS) % _TURNS
        if hypot(x, y) >= hypot(*farthest.get(direction, (0.0, 0.0))):
            farthest[direction] = x, y
    return [_Circle(x, y, 1.0) for x, y in farthest.values()]


def _nearest(radius: float, outline: Sequence[_Circle], placed: Sequence[_Circle]) -> Point:
    """Return the place nearest to the origin, outside of ``outline``, at which a circle covers none of ``placed``."""
    found: list[tuple[float, float, float]] = []
    for turn in range(_TURNS):
        x, y = cos(2 * pi * turn / _TURNS), sin(2 * pi * turn / _TURNS)
        distance = max((reach[1] for circle in outline if (reach := circle.on(x, y, radius))), default=0.0)
        for start, end in sorted(reach for circle in placed if (reach := circle.on(x, y, radius))):
            if start < distance + 1e-9 < end:
                distance = end
        found.append((round(distance, 6), distance * x, distance * y))
    _, x, y = min(found)
    return x, y
