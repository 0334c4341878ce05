"""How near two works are by who cites whom, in the four ways the field knows.

``coupling``
    The number of works that both cite (Kessler 1963, doi:10.1002/asi.5090140103).
``cocitation``
    The number of works that cite both (Small 1973, doi:10.1002/asi.4630240406).
``adamic-adar``
    The sum of ``1 / ln(d(z))`` over all ``z`` linked to both, ``d(z)`` being the number of works linked to ``z``: a
    rare link says more than one through a work that all are linked to (Adamic and Adar 2003,
    doi:10.1016/S0378-8733(03)00009-1).
``pagerank``
    The share of time that one spends at a work who walks along citations either way, and with probability 0.15 starts
    anew at each step (Page et al. 1999; personalised: Haveliwala 2002, doi:10.1145/511446.511513). Two works that cite
    each other are linked twice; in the other ways once.

Of several works the values are added up; of ``pagerank`` each is as likely a start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from math import fsum, log
from typing import Literal, get_args

from .edges import Edges
from .errors import NothingFound, UnknownName
from .graph import Graph
from .ranking import Ranking, no_lists, ordered, ranking

By = Literal["coupling", "cocitation", "adamic-adar", "pagerank"]
WAYS: tuple[By, ...] = get_args(By)
DAMPING = 0.85
"""How likely a walk goes on at each step: the value of Page et al."""


def relatedness(edges: Edges, works: Sequence[int], by: By) -> dict[int, float]:
    """Return how near each other work is to ``works`` (numbers); works that are not near at all are left out.

    >>> from llmcomp.kg.edges import edges_of
    >>> edges = edges_of([("b", "a"), ("c", "a"), ("d", "b"), ("d", "c")])
    >>> relatedness(edges, edges.of(["b"]), "coupling"), relatedness(edges, edges.of(["b"]), "cocitation")
    ({2: 1.0}, {2: 1.0})
    """
    match by:
        case "coupling":
            counts = Counter(chain.from_iterable(edges.cited_by[z] for n in works for z in edges.cites[n]))
            scores = {m: float(count) for m, count in counts.items()}
        case "cocitation":
            counts = Counter(chain.from_iterable(edges.cites[z] for n in works for z in edges.cited_by[n]))
            scores = {m: float(count) for m, count in counts.items()}
        case "adamic-adar":
            scores = _adamic_adar(edges, works)
        case "pagerank":
            scores = _pagerank(edges, works)
    for n in works:
        scores.pop(n, None)
    return scores


def _adamic_adar(edges: Edges, works: Sequence[int]) -> dict[int, float]:
    parts: dict[int, list[float]] = {}
    for n in works:
        for z in edges.around[n]:
            near = edges.around[z]
            if len(near) > 1:  # else n alone is linked to it
                weight = 1 / log(len(near))
                for m in near:
                    parts.setdefault(m, []).append(weight)
    # rounded once, whatever the order: works with the same links have the same value
    return {m: fsum(weights) for m, weights in parts.items()}


def _pagerank(edges: Edges, works: Sequence[int]) -> dict[int, float]:
    if not works or not len(edges):
        return {}
    ranks: list[float] = edges.igraph.personalized_pagerank(
        directed=False, damping=DAMPING, reset_vertices=list(works), implementation="prpack"
    )
    return {m: rounded(rank) for m, rank in enumerate(ranks) if rank > 1e-15}


def rounded(rank: float) -> float:
    """Return a PageRank of 10 digits: what stands behind them is noise of the order in which threads add up."""
    return float(f"{rank:.9e}")


def related(
    graph: Graph,
    edges: Edges,
    works: Sequence[str],
    *,
    by: str = "adamic-adar",
    limit: int = 20,
    listed_only: bool = False,
) -> Ranking:
    """Return the works nearest to ``works`` (IRIs) by one of :data:`WAYS`, each with what links it.

    Raises UnknownName for another way, NothingFound where nothing is near, with what would find more.
    """
    way: By | None = next((way for way in WAYS if way == by), None)
    if way is None:
        raise UnknownName("way to be related", by, WAYS)
    chosen = edges.of(works)
    scores = relatedness(edges, chosen, way)
    if listed_only:
        scores = {m: score for m, score in scores.items() if m < edges.listed}
    if not scores:
        raise _nothing_near(edges, chosen, way)
    inside = set(chosen)

    def reason(m: int) -> tuple[str, list[int]]:
        links: set[int] = set()
        for n in inside:
            if way == "coupling":
                links |= set(edges.cites[n]) & set(edges.cites[m])
            elif way == "cocitation":
                links |= set(edges.cited_by[n]) & set(edges.cited_by[m])
            else:
                links |= set(edges.around[n]) & set(edges.around[m])
        works = f"{len(links)} {'work' if len(links) == 1 else 'works'}"
        told = {"coupling": f"both cite {works}", "cocitation": f"cited together by {works}"}
        text = told.get(way, f"{works} between them" if links else "")
        direct = [
            said
            for said, row in (("cites it", edges.cites[m]), ("cited by it", edges.cited_by[m]))
            if inside.intersection(row)
        ]
        return "; ".join(filter(None, [*direct, text])), sorted(links)

    return ranking(
        graph,
        edges,
        ordered(edges, scores),
        of=f"works related to {'it' if len(chosen) == 1 else f'these {len(chosen)} works'}",
        measure=way,
        limit=limit,
        reason=reason,
    )


def _nothing_near(edges: Edges, chosen: Sequence[int], by: By) -> NothingFound:
    what = "this work" if len(chosen) == 1 else f"these {len(chosen)} works"
    if not len(edges):
        return no_lists(edges, what)
    if by == "coupling" and not any(edges.cites[n] for n in chosen):
        error = no_lists(edges, what)
        if any(edges.cited_by[n] for n in chosen):
            return NothingFound(f"{error} '--by cocitation' needs none: it goes by the works that cite {what}.")
        return error
    if not any(edges.around[n] for n in chosen):
        return NothingFound(
            f"no reference list that is known cites {what}, and none of {what} is known. 'llmcomp enrich' fetches more."
        )
    others = " or ".join(f"'--by {way}'" for way in WAYS if way != by)
    return NothingFound(f"nothing is related to {what} by {by}. Try {others}.")
