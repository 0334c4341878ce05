"""What Semantic Scholar said as statements of the graph of that day. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable

from ..ontology import terms as t
from . import iris, nquads
from .facts import PaperFacts, ReferenceList
from .fetched import SCHOLAR, SCHOLAR_ADDRESS, Inquiry
from .model import Identifier
from .nquads import Statements, literal
from .source_graphs import facts_statements, reference_statements, told_work


def fetched_statements(
    date: str, inquiries: Iterable[Inquiry], papers: Iterable[PaperFacts], references: Iterable[ReferenceList]
) -> Statements:
    """Return what was asked on ``date`` and what was answered, in the graph of that day."""
    graph = iris.scholar_graph(date)
    papers = list(papers)
    out = facts_statements(papers, graph)
    for paper in papers:
        _state_paper(out, paper)
    reference_statements(references, graph, out)
    for inquiry in inquiries:
        _state_inquiry(out, inquiry)
    return out


def _state_paper(out: Statements, facts: PaperFacts) -> None:
    work = told_work(facts)
    out.add(work, t.VENUE_KIND, literal(facts.venue_kind))
    if facts.date:
        out.add(work, t.DCT_DATE, nquads.date(facts.date))
    out.add(work, t.OPEN_ACCESS_ADDRESS, nquads.uri(facts.open_access))
    for position, author in enumerate(facts.author_ids, 1):
        if author:
            named = iris.identifier(Identifier("semanticscholar-author", author))
            out.link(iris.authorship(work, position), t.NAMES_IDENTIFIER, named)
    state_count(out, work, facts)


def state_count(out: Statements, work: str, facts: PaperFacts) -> None:
    """State of ``work`` how often it was cited in all on the day, if ``facts`` tell that."""
    if facts.citations is None:
        return
    count = iris.citation_count(told_work(facts), facts.asked)
    out.link(work, t.HAS_CITATION_COUNT, count)
    out.link(count, t.TYPE, t.CITATION_COUNT)
    out.add(count, t.COUNT_VALUE, nquads.integer(facts.citations))
    out.add(count, t.COUNT_DATE, nquads.date(facts.asked))
    out.add(count, t.COUNT_SOURCE, nquads.address(SCHOLAR_ADDRESS))
    out.add(count, t.DC_SOURCE, literal(SCHOLAR))
    if facts.influential is not None:
        out.add(count, t.INFLUENTIAL_CITATIONS, nquads.integer(facts.influential))


def _state_inquiry(out: Statements, inquiry: Inquiry) -> None:
    node = iris.inquiry(inquiry.work, inquiry.date)
    out.link(node, t.TYPE, t.INQUIRY)
    out.link(node, t.ABOUT_WORK, inquiry.work)
    out.add(node, t.TITLE_AS_PRINTED, literal(inquiry.title))
    out.add(node, t.DCT_DATE, nquads.date(inquiry.date))
    out.add(node, t.OUTCOME, literal(inquiry.outcome))
    out.add(node, t.ASKED_AS, literal(inquiry.asked_as))
    out.add(node, t.TITLE_ANSWERED, literal(inquiry.title_answered))
    if inquiry.intents:
        out.add(node, t.WITH_INTENTS, nquads.boolean(True))
    if inquiry.answer:
        out.link(node, t.ANSWERED_WITH, iris.identifier(inquiry.answer))
