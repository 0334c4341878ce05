"""The works that stand out among those of a selection, by one measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from .edges import Edges
from .errors import NothingFound, UnknownName
from .graph import Graph
from .measures import Measures
from .ranking import Ranking, no_lists, ordered, ranking, the_set
from .selection import Selection
from .works import latest_counts

Measure = Literal["listed", "citations", "global", "pagerank", "core", "velocity"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
_HEAD = {"listed": "cited by listed", "citations": "citations here", "global": "citations"}
_TOLD = {
    "listed": "cited by {} of the listed works",
    "citations": "cited by {} works of the graph",
    "pagerank": "PageRank {}",
    "core": "in the {}-core: among works linked to as many others of them",
    "velocity": "{} citations a year lately",
}


def top(
    graph: Graph, edges: Edges, measures: Measures, selection: Selection, *, by: str = "listed", limit: int = 20
) -> Ranking:
    """Return the listed papers that ``selection`` means with the highest values of one of :data:`MEASURES`.

    ``listed`` are citations by listed works, ``citations`` those by works of the graph, ``global`` all anywhere, as
    Semantic Scholar counts them; the others are told in :mod:`llmcomp.kg.measures`. Works of value 0 are left out.

    Raises UnknownName for another measure, NothingFound where nothing is known by which to rank.
    """
    if by not in MEASURES:
        raise UnknownName("measure", by, MEASURES)
    members, name = the_set(graph, edges, selection)
    if by == "global":
        counts = latest_counts(graph.rows("citation-counts", [edges.works[n] for n in members]))
        if not counts:
            raise NothingFound(
                "this graph knows no count of all citations anywhere. 'llmcomp enrich' fetches them; "
                "'--by listed' goes by the reference lists that are known."
            )
        scores = {n: float(counts[iri]) for n in members if counts.get(iri := edges.works[n])}
    else:
        values: Sequence[float] = {
            "listed": measures.listed_citations,
            "citations": measures.citations,
            "pagerank": measures.pagerank,
            "core": measures.core,
            "velocity": measures.velocity,
        }[by]
        # whom nobody cites has a PageRank too, the same for all
        scores = {n: float(values[n]) for n in members if values[n] and (by != "pagerank" or edges.cited_by[n])}
    if not scores:
        if not len(edges):
            raise no_lists(edges, f"the {name}")
        raise NothingFound(f"none of the {name} is cited in the reference lists known. 'llmcomp enrich' fetches more.")

    def reason(n: int) -> tuple[str, Sequence[int]]:
        if by == "global":
            return f"cited {int(scores[n])} times anywhere, says Semantic Scholar", ()
        value = f"{scores[n]:.3g}" if by in ("pagerank", "velocity") else str(int(scores[n]))
        return _TOLD[by].format(value), edges.cited_by[n]

    return ranking(
        graph, edges, ordered(edges, scores), of=f"top of {name}", measure=_HEAD.get(by, by), limit=limit, reason=reason
    )
