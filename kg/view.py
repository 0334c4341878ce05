"""The resolved view as statements: what was decided, in the graph that queries see by default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from ..ontology import terms as t
from . import iris, nquads
from .categories import state_known
from .fetched_graph import state_count
from .findings import Finding
from .model import Identifier, Venue
from .names import parse_name
from .nquads import Statements, address, literal
from .resolution import Cites, Resolution, ResolvedWork
from .source_graphs import state_identifier, state_reasons
from .venues import VenueTable

_PIECE = 4_000
"""Statements that are held before they are given away."""


def view_statements(
    resolution: Resolution, row_graphs: Sequence[str], table: VenueTable, tell: Callable[[ResolvedWork], None]
) -> Iterator[Statements]:
    """Yield the resolved view in pieces; ``row_graphs`` are the graphs of the readings, in order.

    It may be larger than memory, so what was yielded is to be encoded before the next piece is made. ``tell`` is told
    each work once.
    """
    out = Statements()
    for _ in _state_all(out, resolution, row_graphs, table, tell):
        if len(out) >= _PIECE:
            yield out
    yield out


def _state_all(
    out: Statements,
    resolution: Resolution,
    row_graphs: Sequence[str],
    table: VenueTable,
    tell: Callable[[ResolvedWork], None],
) -> Iterator[None]:
    """State the resolved view, pausing where there may be much of it."""
    venues: dict[str, Venue] = {}
    sections: set[str] = set()
    people: dict[str, str] = {}
    spoken_of: list[tuple[str, str]] = []
    for work in resolution.works:
        yield _state_work(out, work, row_graphs)
        tell(work)
        if work.publication:
            venues[work.publication.venue.iri] = work.publication.venue
        sections.update(work.sections)
        people.update((iris.person(name), name) for name in reversed(work.authors))
        spoken_of += ((work.iri, alias) for alias in work.spoken_of)
    outside: list[str] = []
    for work in resolution.outside:
        yield _state_work(out, work, row_graphs)
        tell(work)
        if work.publication:
            venues.setdefault(work.publication.venue.iri, work.publication.venue)
        for name in work.authors:
            people.setdefault(iris.person(name), name)
        spoken_of += ((work.iri, alias) for alias in work.spoken_of)
        outside.append(work.iri)
    _state_aliases(out, spoken_of, {*outside, *(work.iri for work in resolution.works)})
    for iri, name in sorted(people.items()):
        yield _state_person(out, iri, name)
    for _, venue in sorted(venues.items()):
        _state_venue(out, venue, table)
    _state_categories(out, sections)
    for cites in resolution.citations(outside):
        yield _state_citation(out, cites)
    for citing, complete in resolution.reference_lists():
        node = iris.reference_list(citing)
        out.link(citing, t.HAS_REFERENCE_LIST, node)
        out.link(node, t.TYPE, t.REFERENCE_LIST)
        out.add(node, t.COMPLETE, nquads.boolean(complete))
    for finding in resolution.findings:
        _state_finding(out, finding)


def _state_aliases(out: Statements, spoken_of: Iterable[tuple[str, str]], works: set[str]) -> None:
    """State under which other IRIs sources speak of works; one that is, or also means, another work says nothing."""
    meant: set[str] = set()
    for iri, alias in spoken_of:
        if alias not in works and alias not in meant:
            meant.add(alias)
            out.link(iri, t.SAME_AS, alias)


def _state_citation(out: Statements, cites: Cites) -> None:
    node = iris.citation(cites.citing, cites.cited)
    out.link(cites.citing, t.CITES, cites.cited)
    out.link(node, t.TYPE, t.CITATION)
    out.link(node, t.CITING, cites.citing)
    out.link(node, t.CITED, cites.cited)
    for source in cites.references:
        out.link(node, t.DERIVED_FROM, source)
    state_reasons(out, node, cites.intents, cites.influential)


def _state_work(out: Statements, work: ResolvedWork, row_graphs: Sequence[str]) -> None:
    iri = work.iri
    # what reference lists name may be a paper, a book or a program: nothing more is claimed of it
    kind = t.SOFTWARE if work.is_tool else t.RESEARCH_PAPER if work.rows else t.CITED_WORK
    out.link(iri, t.TYPE, kind)
    out.add(iri, t.TITLE, literal(work.title))
    for title in work.other_titles:
        out.add(iri, t.ALTERNATIVE, literal(title))
    named = [i for i in work.identifiers if i.scheme != "semanticscholar"]
    # there are many works that are only cited: what leads to them nowhere else is left to the source's own graph
    for identifier in work.identifiers if work.rows or not named else named:
        state_identifier(out, iri, identifier)
    for scheme, short_cut in (("arxiv", t.ARXIV_ID), ("doi", t.DOI)):
        out.add(iri, short_cut, literal(next((i.value for i in work.identifiers if i.scheme == scheme), "")))
    for position, name in enumerate(work.authors, 1):
        _state_authorship(out, iri, position, name)
    for position, author in enumerate(work.author_ids, 1):
        if author:
            identifier = Identifier("semanticscholar-author", author)
            state_identifier(out, iris.authorship(iri, position), identifier, t.NAMES_IDENTIFIER)
    if work.authors_truncated:
        out.add(iri, t.AUTHORS_TRUNCATED, nquads.boolean(True))
    out.add(iri, t.CONFIDENCE, literal(work.confidence))
    if work.year:
        out.add(iri, t.PUBLICATION_YEAR, nquads.year(work.year))
    if work.posted and (work.rows or work.posted[1]):
        out.add(iri, t.FIRST_POSTED, nquads.year_month(work.posted))
    _state_versions(out, work)
    out.add(iri, t.OPEN_ACCESS_ADDRESS, nquads.uri(work.open_access))
    for facts in work.counted:
        state_count(out, iri, facts)
    for section in work.sections:
        out.link(iri, t.SUBJECT, iris.category(section))
    for url in work.code:
        out.add(iri, t.CODE_REPOSITORY if work.is_tool else t.HAS_OFFICIAL_REPOSITORY, address(url))
    for row in work.rows:
        out.link(iris.entry(row_graphs[row.reading], row.entry.position), t.ITEM, iri)
    # in which graphs to look for what each source says of it
    for graph in sorted({row_graphs[row.reading] for row in work.rows} | {*work.graphs}):
        out.link(iri, t.DERIVED_FROM, graph)


def _state_authorship(out: Statements, iri: str, position: int, name: str) -> None:
    node, who = iris.authorship(iri, position), iris.person(name)
    out.link(node, t.TYPE, t.AUTHORSHIP)
    out.link(node, t.RELATES_TO_DOCUMENT, iri)
    out.link(node, t.HELD_BY, who)
    out.link(node, t.WITH_ROLE, t.ROLE_AUTHOR)
    out.add(node, t.AUTHOR_POSITION, nquads.integer(position))
    out.add(node, t.NAME_AS_PRINTED, literal(name))
    out.link(iri, t.CREATOR, who)


def _state_versions(out: Statements, work: ResolvedWork) -> None:
    """State the preprint and the published version, and which of them to cite."""
    if work.is_tool or not work.rows:
        return
    preferred = ""
    if work.preprint_url:
        preferred = node = iris.version(work.iri, "preprint")
        out.link(work.iri, t.REALIZATION, node)
        out.link(node, t.TYPE, t.PREPRINT)
        out.add(node, t.URL, nquads.uri(work.preprint_url))
        if work.posted:
            out.add(node, t.DCT_DATE, nquads.year_month(work.posted))
    publication = work.publication
    if publication:
        preferred = node = iris.version(work.iri, "published")
        out.link(work.iri, t.REALIZATION, node)
        kinds = {"journal": t.JOURNAL_ARTICLE, "workshop": t.WORKSHOP_PAPER}
        out.link(node, t.TYPE, kinds.get(publication.venue.kind, t.CONFERENCE_PAPER))
        out.link(node, t.PART_OF, publication.venue.iri)
        out.add(node, t.URL, nquads.uri(publication.url))
        out.add(node, t.VOLUME, literal(publication.volume))
        out.add(node, t.PAGES, literal(publication.pages))
        out.add(node, t.AWARD, literal(publication.award))
        if publication.year:
            out.add(node, t.PUBLICATION_YEAR, nquads.year(publication.year))
    if preferred:
        out.link(work.iri, t.PREFERRED_VERSION, preferred)


def _state_person(out: Statements, iri: str, printed: str) -> None:
    name = parse_name(printed)
    out.link(iri, t.TYPE, t.AGENT if name.literal else t.PERSON)
    out.add(iri, t.NAME, literal(printed))
    out.add(iri, t.GIVEN_NAME, literal(name.given))
    out.add(iri, t.FAMILY_NAME, literal(f"{name.particle} {name.family}".strip()))


def _state_venue(out: Statements, venue: Venue, table: VenueTable) -> None:
    iri = venue.iri
    series, (name, acronym) = venue.series, table.series(venue.series)
    out.link(iri, t.TYPE, t.JOURNAL if venue.kind == "journal" else t.PROCEEDINGS)
    out.add(iri, t.TITLE, literal(venue.title))
    out.add(iri, t.SHORT_TITLE, literal(venue.short))
    out.add(iri, t.NOTATION, literal(venue.acronym))
    out.add(iri, t.VENUE_KIND, literal(venue.kind))
    out.add(iri, t.EVENT_NAME, literal(venue.event))
    out.add(iri, t.VOLUME, literal(venue.volume))
    out.add(iri, t.DC_PUBLISHER, literal(venue.publisher))
    if venue.year:
        out.add(iri, t.PUBLICATION_YEAR, nquads.year(venue.year))
    if series != iri:  # a journal whose year is not known is cited as the whole of its series
        out.link(iri, t.PART_OF, series)
    out.link(series, t.TYPE, t.VENUE_SERIES)
    out.add(series, t.TITLE, literal(name or venue.short))
    out.add(series, t.NOTATION, literal(acronym or venue.acronym.removesuffix(f" {venue.year}")))


def _state_categories(out: Statements, sections: Iterable[str]) -> None:
    out.link(t.CATEGORY_SCHEME, t.TYPE, t.CONCEPT_SCHEME)
    out.add(t.CATEGORY_SCHEME, t.PREF_LABEL, literal("Sections of reading lists"))
    named = {iris.category(section): section for section in sorted(sections)}
    for iri, section in named.items():
        out.link(iri, t.TYPE, t.CONCEPT)
        out.link(iri, t.IN_SCHEME, t.CATEGORY_SCHEME)
        out.add(iri, t.PREF_LABEL, literal(section))
        out.add(iri, t.NOTATION, literal(iris.local(iri)))
    state_known(out, named)


def _state_finding(out: Statements, finding: Finding) -> None:
    node = iris.finding(finding.kind, finding.source, str(finding.line), finding.message)
    out.link(node, t.TYPE, t.FINDING)
    out.add(node, t.FINDING_KIND, literal(finding.kind))
    out.add(node, t.DC_SOURCE, literal(finding.source))
    out.add(node, t.SOURCE_LINE, nquads.integer(finding.line))
    out.add(node, t.TITLE_AS_PRINTED, literal(finding.title))
    out.add(node, t.DESCRIPTION, literal(finding.message))


def key_statements(
    current: Mapping[str, str], former: Iterable[tuple[str, str]], aliases: Mapping[str, str]
) -> Iterator[Statements]:
    """Yield the citation keys by work, in pieces; ``former`` are (work, key) pairs that were in use once.

    ``aliases`` lead from other IRIs to works: by them a work is known again when its own IRI has changed.
    """
    told = chain(
        ((iri, t.CITATION_KEY, literal(current[iri])) for iri in sorted(current)),
        ((iri, t.FORMER_KEY, literal(key)) for iri, key in sorted(former)),
        ((iri, t.SAME_AS, f"<{alias}>") for alias, iri in sorted(aliases.items())),
    )
    while some := list(islice(told, _PIECE)):
        out = Statements(t.KEYS_GRAPH)
        for iri, name, value in some:
            out.add(iri, name, value)
        yield out
