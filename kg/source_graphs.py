"""Source graphs: what each source says, in a graph of its own. Nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256

from ..ontology import terms as t
from . import iris, nquads
from .facts import PaperFacts, Reference, ReferenceList
from .model import Identifier, Reading
from .nquads import Statements, literal


def revision(reading: Reading) -> str:
    """Return the name of this revision of a list: a hash of what its rows say."""
    told = repr((reading.entries, reading.unread)).encode()
    return sha256(told).hexdigest()[:12]


def list_graph(reading: Reading) -> str:
    """Return the name of the graph of a list as read."""
    return iris.list_graph(re.sub(r"^\w+://", "", reading.source), revision(reading))


def state_identifier(out: Statements, subject: str, identifier: Identifier, relation: str = t.HAS_IDENTIFIER) -> None:
    """State that ``subject`` bears ``identifier``, or stands in another ``relation`` to it."""
    node = iris.identifier(identifier)
    out.link(subject, relation, node)
    out.link(node, t.TYPE, t.IDENTIFIER)
    out.link(node, t.USES_SCHEME, t.IDENTIFIER_SCHEMES[identifier.scheme])
    out.add(node, t.LITERAL_VALUE, literal(identifier.value))


def list_statements(reading: Reading) -> Statements:
    """Return what a list says: each row with line, position, section, title, venue and links as printed."""
    graph = list_graph(reading)
    out = Statements(graph)
    out.link(graph, t.TYPE, t.READING_LIST)
    for entry in reading.entries:
        row = iris.entry(graph, entry.position)
        out.link(graph, t.HAS_PART, row)
        out.link(row, t.TYPE, t.LIST_ENTRY)
        out.add(row, t.POSITION, nquads.integer(entry.position))
        out.add(row, t.SOURCE_LINE, nquads.integer(entry.line))
        out.add(row, t.TITLE_AS_PRINTED, literal(entry.title))
        out.add(row, t.VENUE_AS_PRINTED, literal(entry.venue))
        out.add(row, t.IN_SECTION, literal(entry.section))
        for n, link in enumerate(entry.links, 1):
            node = iris.entry_link(row, n)
            out.link(row, t.HAS_LINK, node)
            out.link(node, t.TYPE, t.LISTED_LINK)
            out.add(node, t.LINK_POSITION, nquads.integer(n))
            out.add(node, t.LABEL_AS_PRINTED, literal(link.label))
            out.add(node, t.ADDRESS_AS_PRINTED, literal(link.url))
            if link.identifier:
                # not datacite:hasIdentifier: one thing alone bears an identifier, and a link is not that thing
                state_identifier(out, node, link.identifier, t.NAMES_IDENTIFIER)
    for lost in reading.unread:
        row = iris.unread(graph, lost.line)
        out.link(graph, t.HAS_PART, row)
        out.link(row, t.TYPE, t.UNREAD_ROW)
        out.add(row, t.SOURCE_LINE, nquads.integer(lost.line))
        out.add(row, t.TEXT_AS_PRINTED, literal(lost.text))
        out.add(row, t.REASON, literal(lost.reason))
    return out


def facts_statements(papers: Sequence[PaperFacts], graph: str) -> Statements:
    """Return what the facts say of papers, under the IRIs of their own identifiers."""
    out = Statements(graph)
    for paper in papers:
        work = told_work(paper)
        out.link(work, t.TYPE, t.RESEARCH_PAPER)
        out.add(work, t.TITLE, literal(paper.titles[0]))
        for title in paper.titles[1:]:
            out.add(work, t.ALTERNATIVE, literal(title))
        for identifier in paper.identifiers:
            state_identifier(out, work, identifier)
        for position, name in enumerate(paper.authors, 1):
            node = iris.authorship(work, position)
            out.link(node, t.TYPE, t.AUTHORSHIP)
            out.link(node, t.RELATES_TO_DOCUMENT, work)
            out.add(node, t.AUTHOR_POSITION, nquads.integer(position))
            out.add(node, t.NAME_AS_PRINTED, literal(name))
        out.add(work, t.CONFIDENCE, literal(paper.confidence))
        out.add(work, t.VENUE_AS_PRINTED, literal(paper.venue))
        if paper.year:
            out.add(work, t.PUBLICATION_YEAR, nquads.year(paper.year))
        out.add(work, t.VOLUME, literal(paper.volume))
        out.add(work, t.PAGES, literal(paper.pages))
        out.add(work, t.DC_PUBLISHER, literal(paper.publisher))
        for source in dict.fromkeys((*paper.sources, paper.venue_source)):
            out.add(work, t.DC_SOURCE, literal(source))
    return out


def told_work(paper: PaperFacts) -> str:
    """Return the IRI under which a source speaks of a paper that it tells facts of."""
    return iris.work(paper.identifiers, paper.titles[0])


def citing_work(listed: ReferenceList) -> str:
    """Return the IRI under which a source speaks of the work whose reference list it tells."""
    return iris.work([listed.citing], listed.title)


def cited_work(reference: Reference) -> str:
    """Return the IRI under which a reference list speaks of a work."""
    return iris.work(reference.identifiers, reference.title, reference.first_author)


def reference_statements(lists: Iterable[ReferenceList], graph: str, out: Statements | None = None) -> Statements:
    """Return what reference lists say: one citation an item, with title, author and year as printed.

    The identifiers of an item are named alone; what they are is said of the work that bears them.
    """
    out = Statements(graph) if out is None else out
    for listed in lists:
        citing = citing_work(listed)
        node = iris.reference_list(citing)
        out.link(node, t.TYPE, t.REFERENCE_LIST)
        out.link(citing, t.HAS_REFERENCE_LIST, node)
        out.add(node, t.COMPLETE, nquads.boolean(listed.complete))
        out.add(node, t.DC_SOURCE, literal(listed.source))
        for position, reference in enumerate(listed.references, 1):
            if not reference.title and not reference.identifiers:
                continue
            item = iris.reference(citing, position, listed.asked)
            cited = cited_work(reference)
            out.link(item, t.TYPE, t.CITATION)
            out.link(item, t.CITING, citing)
            out.link(item, t.CITED, cited)
            out.link(citing, t.CITES, cited)
            out.add(item, t.TITLE_AS_PRINTED, literal(reference.title))
            out.add(item, t.FIRST_AUTHOR_AS_PRINTED, literal(reference.first_author))
            if reference.year:
                out.add(item, t.YEAR_AS_PRINTED, nquads.year(reference.year))
            for identifier in reference.identifiers:
                out.link(item, t.NAMES_IDENTIFIER, iris.identifier(identifier))
            state_reasons(out, item, reference.intents, reference.influential)
    return out


def state_reasons(out: Statements, citation: str, intents: Iterable[str], influential: bool | None) -> None:
    """State why a work is cited, and whether it matters, where that is known; CiTO has no word for other intents."""
    for intent in intents:
        if intent in t.INTENTS:
            out.link(citation, t.CHARACTERIZATION, t.INTENTS[intent])
    if influential is not None:
        out.add(citation, t.IS_INFLUENTIAL, nquads.boolean(influential))
