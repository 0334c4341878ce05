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
class CitationCount:
    """How often a work was cited in all, and influentially if that is told, on a day (YYYY-MM-DD), says a source."""

    date: str
    citations: int
    influential: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Details:
    """A work, the other titles it goes by, the rows it stands on, and its citations.

    ``confidence`` is that of the authors (A, B, C, or empty), ``counts`` are of all citations anywhere, oldest first.
    ``cites`` and ``cited_by`` are inside the graph: ``references_known`` tells whether the work's own reference list is
    there, without which ``cites`` says nothing, and ``references_complete`` whether the whole of it is; ``cited_by``
    rests on the works whose lists are, ``complete_reference_lists`` in number.
    """

    work: Work
    other_titles: tuple[str, ...]
    confidence: str
    open_access: str
    counts: tuple[CitationCount, ...]
    rows: tuple[ListedAs, ...]
    cites: tuple[Neighbour, ...]
    cited_by: tuple[Neighbour, ...]
    references_known: bool
    references_complete: bool
    complete_reference_lists: int


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
    complete = graph.pairs("reference-lists")
    counts = (
        CitationCount(date, int(count), int(influential) if influential else None, source)
        for _, date, count, influential, source in graph.rows("citation-counts", [iri])
    )
    return Details(
        work=work,
        other_titles=tuple(sorted(value for name, value in notes if name == terms.ALTERNATIVE)),
        confidence=next((value for name, value in notes if name == terms.CONFIDENCE), ""),
        open_access=next((value for name, value in notes if name == terms.OPEN_ACCESS_ADDRESS), ""),
        counts=tuple(sorted(counts, key=lambda c: (c.date, c.source))),
        rows=rows,
        cites=neighbours["cites"],
        cited_by=neighbours["cited by"],
        references_known=iri in complete,
        references_complete=complete.get(iri) == "true",
        complete_reference_lists=sum(value == "true" for value in complete.values()),
    )
