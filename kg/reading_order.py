"""What to read first to understand a work."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from .chronology import Month, acyclic, months
from .edges import Edges
from .errors import NothingFound
from .graph import Graph
from .ranking import Ranking, no_lists, ordered, ranking
from .relatedness import relatedness


def reading_order(graph: Graph, edges: Edges, work: str, *, limit: int = 10) -> Ranking:
    """Return at most ``limit`` works to read before ``work`` (an IRI), in the order to read them, and it itself last.

    They are those of the works it builds on, directly or through others, that are most related to it (Adamic/Adar, see
    :mod:`llmcomp.kg.relatedness`), not newer, and do not cite it in turn. Each stands behind what it cites itself;
    circles are broken by date.
    Where its own reference list is not known they are older works that are cited together with it, by Salton's cosine:
    how many works cite both over the root of the product of how many cite each (Salton and McGill 1983).

    Raises NothingFound where neither is known.
    """
    chosen = edges.of([work])
    when = months(graph, edges)
    start = chosen[0] if chosen else None
    if start is None:
        raise no_lists(edges, "this work")
    own = bool(edges.cites[start])
    scores = _built_on(edges, start, when) if own else _cited_with(edges, start, when)
    if not scores:
        if start not in edges.known:
            raise no_lists(edges, "this work")
        raise NothingFound("this work cites none that is not newer, as far as its reference list is known.")
    first = [n for n, _ in ordered(edges, scores)[:limit]]
    inside = {*first, start}
    order = [n for n in acyclic(edges, inside, when).order if n != start]

    def reason(n: int) -> tuple[str, list[int]]:
        if n == start:
            return "the work itself", []
        users = [m for m in edges.cited_by[n] if m in inside]
        others = len(users) - (start in users)
        these = f"{others} of these" if others else ""
        told = " and ".join(filter(None, ["it" if start in users else "", these]))
        if told:
            return f"{told} {'cites' if len(users) == 1 else 'cite'} this", users
        return "what it cites builds on this" if own else "older, and cited together with it", users

    told = ranking(
        graph,
        edges,
        [*((n, scores[n]) for n in order), (start, 0.0)],
        of="what to read first" if own else "what to read first (its own references are not known)",
        measure="adamic-adar" if own else "cosine",
        limit=limit + 1,
        reason=reason,
    )
    return Ranking(told.of, told.measure, told.works, len(scores), told.basis)


def _built_on(edges: Edges, start: int, when: Sequence[Month | None]) -> dict[int, float]:
    """Return how related each work is that ``start`` builds on; 0 where nothing but a citation links them."""
    below: set[int] = set()
    waiting = [start]
    while waiting:
        for m in edges.cites[waiting.pop()]:
            if m not in below:
                below.add(m)
                waiting.append(m)
    scores = relatedness(edges, [start], "adamic-adar")
    below -= {start, *_building_on(edges, start)}
    return {n: scores.get(n, 0.0) for n in sorted(below) if not _newer(when[n], when[start])}


def _building_on(edges: Edges, start: int) -> set[int]:
    """Return the works that cite ``start`` and that it does not cite: later versions cite what is newer than they."""
    return set(edges.cited_by[start]).difference(edges.cites[start])


def _newer(one: Month | None, other: Month | None) -> bool:
    return one is not None and other is not None and one > other


def _cited_with(edges: Edges, start: int, when: Sequence[Month | None]) -> dict[int, float]:
    together = relatedness(edges, [start], "cocitation")
    here = len(edges.cited_by[start])
    users = _building_on(edges, start)
    return {
        n: count / sqrt(here * len(edges.cited_by[n]))
        for n, count in together.items()
        if n not in users and _newer(when[start], when[n])
    }
