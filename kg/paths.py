"""How two works are linked: chains of citations between them, the shortest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import inf, log
from typing import Any, Literal

from .edges import Basis, Edges
from .errors import NothingFound, UsageError
from .graph import Graph
from .ranking import Told, tell

Step = Literal["cites", "cited by", "cites and is cited by"]
SLACK = 1
"""How many steps longer than the shortest a path may be that is told beside it."""
_FINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of works; ``steps[i]`` says how ``works[i]`` is linked to ``works[i + 1]``."""

    works: tuple[Told, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains between two works, shortest first; ``length`` is how many citations the shortest one has."""

    length: int
    paths: tuple[Chain, ...]
    basis: Basis


def paths(graph: Graph, edges: Edges, start: str, end: str, *, limit: int = 3, directed: bool = False) -> Chains:
    """Return ``limit`` chains of citations between two works (IRIs), the shortest first.

    A chain may run along citations either way, with ``directed`` only from citing to cited works. It is told with the
    shortest if it has no more than :data:`SLACK` steps more. Of equally long ones the chain through rarer works comes
    first: the sum of ``ln`` of the number of works linked to each between the ends, as a link through a work that
    everybody cites says little.

    Raises UsageError for twice the same work, NothingFound where no chain is known.
    """
    if start == end:
        raise UsageError("both names are of one work. Name two.")
    numbers = edges.of([start]) + edges.of([end])
    found = list(chains(edges, *numbers, limit=limit, directed=directed)) if len(numbers) == 2 else []
    if not found:
        raise _no_path(edges, numbers, directed)
    told = tell(graph, edges, [n for chain in found for n in chain])
    return Chains(
        len(found[0]) - 1,
        tuple(
            Chain(
                tuple(told[n] for n in chain),
                tuple(_step(edges, a, b) for a, b in pairwise(chain)),
            )
            for chain in found
        ),
        edges.basis,
    )


def _step(edges: Edges, a: int, b: int) -> Step:
    if b not in edges.cites[a]:
        return "cited by"
    return "cites and is cited by" if a in edges.cites[b] else "cites"


def _no_path(edges: Edges, numbers: list[int], directed: bool) -> NothingFound:
    rests = f"{edges.basis.reference_lists} reference lists are known here"
    if not edges.known and not len(edges):
        return NothingFound("no path: no reference list is known in this graph. 'llmcomp enrich' fetches them.")
    if directed and len(numbers) == 2 and next(chains(edges, *numbers, limit=1), None):
        return NothingFound("no path leads from the one along what is cited to the other; without --directed one does.")
    return NothingFound(f"no path: no chain of known citations links the two; {rests}. 'llmcomp enrich' fetches more.")


def chains(edges: Edges, start: int, end: int, *, limit: int = 1, directed: bool = False) -> Iterator[list[int]]:
    """Yield chains from ``start`` to ``end`` (numbers) in the order that :func:`paths` tells.

    A search that knows of each work how far it is from the end and what the rest of the way costs, so that it goes no
    way in vain: A* with exact estimates (Hart, Nilsson and Raphael 1968, doi:10.1109/TSSC.1968.300136).

    >>> from llmcomp.kg.edges import edges_of
    >>> edges = edges_of([("a", "b"), ("c", "b"), ("a", "d"), ("d", "c")])
    >>> [" ".join(edges.works[n] for n in chain) for chain in chains(edges, 0, 2, limit=9)]
    ['a b c', 'a d c']
    """
    forth = edges.cites if directed else edges.around
    away: list[float] = edges.igraph.distances([end], mode="in" if directed else "all")[0]
    if away[start] == inf:
        return

    def onward(state: _State) -> list[_State]:
        n, spare = state
        here = away[n]
        # `lost - away[m]` steps may be lost behind m; a step back loses two, and whoever loses one at most comes to no
        # work twice
        lost = spare + here - 1
        reach = min(here, lost)
        return [(m, int(lost - away[m])) for m in forth[n] if away[m] <= reach]

    def cost(n: int) -> int:
        # whole numbers, so that sums of one set of works are equal in whatever order they are added up
        return 0 if n == end else round(_FINE * log(len(edges.around[n])))

    begins = [(start, spare) for spare in range(SLACK + 1)]
    ways = _ways(begins, onward)
    rest = _costs(ways, end, away, cost)
    # length and cost of the whole chain; the latest first, so that one of many equals is gone to its end; the state;
    # the chain so far
    waiting: list[tuple[float, int, int, _State, _Link]] = [
        (away[start] + state[1], rest[state], 0, state, (start, None)) for state in begins if state in rest
    ]
    heapify(waiting)
    come = 0
    while waiting and limit:
        length, whole, _, state, link = heappop(waiting)
        if state == (end, 0):
            limit -= 1
            yield _unlinked(link)
            continue
        so_far = whole - rest[state]
        for further in reversed(ways[state]):
            if further in rest:
                n = further[0]
                come -= 1
                heappush(waiting, (length, so_far + cost(n) + rest[further], come, further, (n, link)))


_State = tuple[int, int]
"""A work, and how many steps may be lost from there to the end; just so many will be."""
_Link = tuple[int, Any]
"""A work, and the link to the one before it."""


def _ways(begins: Sequence[_State], onward: Callable[[_State], Sequence[_State]]) -> dict[_State, Sequence[_State]]:
    """Return all states that can be reached, and where each leads."""
    ways: dict[_State, Sequence[_State]] = {}
    stack = list(begins)
    while stack:
        state = stack.pop()
        if state not in ways:
            ways[state] = onward(state)
            stack.extend(ways[state])
    return ways


def _costs(
    ways: Mapping[_State, Sequence[_State]], end: int, away: Sequence[float], cost: Callable[[int], int]
) -> dict[_State, int]:
    """Return the least cost of the way from each state to the end, of those that lead there."""
    rest: dict[_State, int] = {}
    for state in sorted(ways, key=lambda s: away[s[0]] + s[1]):
        if state == (end, 0):
            rest[state] = 0
            continue
        costs = [cost(further[0]) + rest[further] for further in ways[state] if further in rest]
        if costs:
            rest[state] = min(costs)
    return rest


def _unlinked(link: _Link) -> list[int]:
    chain: list[int] = []
    here: _Link | None = link
    while here is not None:
        chain.append(here[0])
        here = here[1]
    return chain[::-1]
