"""When works appeared, and the citation graph without its cycles.

A work cites older ones, but for preprints: two of one month may cite each other, and a later version of an old one
cites what came after it. What rests on a graph without cycles breaks them by date and tells which citations are left
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .edges import Edges
from .graph import Graph

_MIDDLE = 6
"""The month that a work is given of which the year alone is known."""
Month = int
"""Months since the year 0: 12 times the year and the month, from 0."""


def months(graph: Graph, edges: Edges) -> list[Month | None]:
    """Return the month in which each work of ``edges`` was first posted, else the middle of its year; None unknown."""
    told: dict[str, Month] = {}
    for work, year in graph.rows("work-years"):
        told[work] = int(year) * 12 + _MIDDLE
    for work, posted in graph.rows("work-posted"):
        year, _, month = posted.partition("-")
        told[work] = int(year) * 12 + (int(month) - 1 if month else _MIDDLE)
    return [told.get(iri) for iri in edges.works]


def as_of(graph: Graph) -> str:
    """Return the day (YYYY-MM-DD) up to which the graph knows anything: that of its newest source; empty for none."""
    return max((row[2] for row in graph.rows("sources")), default="")


@dataclass(frozen=True, slots=True)
class Acyclic:
    """Citations among ``works`` (sorted numbers) without cycles; ``broken`` are those left out, as (citing, cited).

    ``order`` are the works so that each stands behind all that it cites; of those that may stand in any order the
    older one comes first.
    """

    works: tuple[int, ...]
    cites: dict[int, tuple[int, ...]]
    order: tuple[int, ...]
    broken: tuple[tuple[int, int], ...]


def acyclic(edges: Edges, works: Iterable[int], when: Sequence[Month | None]) -> Acyclic:
    """Return the citations among ``works`` without cycles.

    Where works cite each other in a circle (a strongly connected component), the citations of what is not older are
    left out: of two of one month, or of unknown ones, the one of the lower number counts as the older.

    >>> from llmcomp.kg.edges import edges_of
    >>> edges = edges_of([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])
    >>> found = acyclic(edges, range(4), [2, 1, 0, 9])
    >>> found.order, found.broken
    ((2, 1, 0, 3), ((2, 0),))
    """
    members = sorted(set(works))
    inside = set(members)
    # a work without a date is newer than all that have one
    cites = {n: [m for m in edges.cites[n] if m in inside] for n in members}
    age = {n: (when[n] is None, when[n] or 0, n) for n in members}
    broken: list[tuple[int, int]] = []
    for circle in _circles(cites):
        for n in circle:
            newer = {m for m in cites[n] if m in circle and age[m] > age[n]}
            broken += [(n, m) for m in newer]
            cites[n] = [m for m in cites[n] if m not in newer]
    return Acyclic(
        tuple(members), {n: tuple(row) for n, row in cites.items()}, tuple(_order(cites, age)), tuple(sorted(broken))
    )


def _circles(cites: dict[int, list[int]]) -> list[set[int]]:
    """Return the strongly connected components of more than one work, by Tarjan's algorithm (doi:10.1137/0201010)."""
    found: list[set[int]] = []
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    waiting: set[int] = set()
    for root in cites:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        walk = [(root, iter(cites[root]))]
        while walk:
            n, rest = walk[-1]
            for m in rest:
                if m not in index:
                    index[m] = low[m] = len(index)
                    stack.append(m)
                    waiting.add(m)
                    walk.append((m, iter(cites[m])))
                    break
                if m in waiting:
                    low[n] = min(low[n], index[m])
            else:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    low[above] = min(low[above], low[n])
                if low[n] == index[n]:
                    circle: set[int] = set()
                    while n not in circle:
                        circle.add(stack.pop())
                    waiting -= circle
                    if len(circle) > 1:
                        found.append(circle)
    return found


def _order(cites: dict[int, list[int]], age: dict[int, tuple[bool, int, int]]) -> list[int]:
    from heapq import heapify, heappop, heappush

    left = {n: len(row) for n, row in cites.items()}
    cited_by: dict[int, list[int]] = {n: [] for n in cites}
    for n, row in cites.items():
        for m in row:
            cited_by[m].append(n)
    free = [(age[n], n) for n, count in left.items() if not count]
    heapify(free)
    order: list[int] = []
    while free:
        _, n = heappop(free)
        order.append(n)
        for m in cited_by[n]:
            left[m] -= 1
            if not left[m]:
                heappush(free, (age[m], m))
    return order
