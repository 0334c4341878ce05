"""Everything the graph knows of one work."""

from __future__ import annotations

from dataclasses import dataclass

from ..ontology import terms
from .graph import Graph
from .model import Work
from .works import load_works


@dataclass(frozen=True, slots=True)
class ListedAs:
    """A row that was attached to a work: the list, the line, and what is printed there."""

    source: str
    line: int
    section: str
    title: str
    venue: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A work that cites or is cited."""

    iri: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Details:
    """A work, the other titles it goes by, the rows it stands on, and its citations inside the graph.

    ``confidence`` is that of the authors (A, B, C, or empty); ``references_known`` tells whether its own reference
    list is in the graph, without which ``cites`` says nothing.
    """

    work: Work
    other_titles: tuple[str, ...]
    confidence: str
    rows: tuple[ListedAs, ...]
    cites: tuple[Neighbour, ...]
    cited_by: tuple[Neighbour, ...]
    references_known: bool


def details(graph: Graph, iri: str) -> Details:
    """Return what the graph knows of the work with this IRI; it must be one of the graph's."""
    (work,) = load_works(graph, [iri])
    notes = [(name, value) for _, name, value in graph.rows("work-notes", [iri])]
    sources = {row[0]: row[3] for row in graph.rows("sources")}
    rows = tuple(
        ListedAs(sources.get(where, where), int(line), section, title, venue)
        for where, _, line, section, title, venue, _ in graph.rows("list-rows", [iri])
    )
    around = list(graph.rows("work-citations", work=iri))
    keys = {row[0]: row[1] for row in graph.rows("work-keys", sorted({row[-2] for row in around}))} if around else {}
    neighbours = {
        way: tuple(
            Neighbour(row[-2], keys.get(row[-2], ""), row[-1])
            for row in sorted(around, key=lambda r: (r[-1].casefold(), r[-2]))
            if row[-3] == way
        )
        for way in ("cites", "cited by")
    }
    return Details(
        work=work,
        other_titles=tuple(sorted(value for name, value in notes if name == terms.ALTERNATIVE)),
        confidence=next((value for name, value in notes if name == terms.CONFIDENCE), ""),
        rows=rows,
        cites=neighbours["cites"],
        cited_by=neighbours["cited by"],
        references_known=any(row[0] == iri for row in graph.rows("reference-lists")),
    )
