"""What a graph remembers of its sources: the values that were once stored, read back from their named graphs.

A build decides over all sources anew, so what cannot be read again from where it came (lists that may have changed
since, a service's answers) is read from the graph itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from ..ontology import terms as t
from . import iris
from .facts import PaperFacts, Reference, ReferenceList
from .fetched import SCHOLAR, Inquiry, Outcome, citing_identifier
from .graph import Graph
from .identifiers import identify
from .model import Entry, Identifier, Link, Reading, UnreadRow
from .scholar_records import asked_identifier
from .source_graphs import told_work
from .text import is_short, title_key

_TOGETHER = 20
"""Papers whose reference lists are read at once."""
_Lists = dict[str, dict[int, dict[str, list[str]]]]
"""What is said of each item of each list, by the beginning of the items' IRIs, place and property."""
_INTENTS = {iri: name for name, iri in t.INTENTS.items()}


def readings(graph: Graph) -> list[tuple[Reading, str]]:
    """Return the lists of a graph as they were read, each with its day, in the order in which they were given."""
    links: dict[str, list[Link]] = defaultdict(list)
    for entry, _, label, address in graph.rows("list-links"):
        links[entry].append(Link(label, address, identify(address)))
    entries: dict[str, dict[int, Entry]] = defaultdict(dict)
    sources: dict[str, str] = {}
    for where, source, entry, position, line, section, title, venue, kind in graph.rows("list-entries"):
        sources[where] = source
        entries[where][int(position)] = Entry(
            line=int(line),
            position=int(position),
            section=section,
            kind="tool" if kind == t.SOFTWARE else "paper",
            title=title,
            venue=venue,
            links=tuple(links[entry]),
        )
    unread: dict[str, list[UnreadRow]] = defaultdict(list)
    for where, line, text, reason in graph.rows("list-unread"):
        unread[where].append(UnreadRow(int(line), text, reason))
    days = {where: (day, source) for where, _, day, source, _ in graph.rows("sources")}
    found: list[tuple[Reading, str]] = []
    place = {where: int(position) for where, position in graph.rows("list-order")}
    lists = (where for where in days if where.startswith(f"{t.PREFIXES['graph']}list/"))
    for where in sorted(lists, key=lambda w: (place.get(w, 0), w)):
        day, source = days[where]
        rows = tuple(entry for _, entry in sorted(entries[where].items()))
        found.append((Reading(source, rows, tuple(unread[where])), day))
    return found


def inquiries(graph: Graph) -> list[Inquiry]:
    """Return what was asked, oldest first."""
    return [
        Inquiry(
            work=work,
            title=title,
            date=date,
            outcome=cast(Outcome, outcome),
            asked_as=asked_as,
            answer=iris.named_identifier(answer),
            title_answered=title_answered,
            intents=intents == "true",
        )
        for work, date, outcome, title, asked_as, answer, title_answered, intents in graph.rows("inquiries")
    ]


def standing(asked: Iterable[Inquiry]) -> list[Inquiry]:
    """Return the last inquiry about each work of which anything came: that a paper is unknown later unsays nothing.

    A work is told by its title, for its IRI may have changed with the answer. A paper that was renamed and is found
    under its new title later was renamed all the same.
    """
    last: dict[str, Inquiry] = {}
    for inquiry in asked:
        key = title_key(inquiry.title)
        key = inquiry.work if is_short(key) else key
        before = last.get(key)
        renamed = before and before.outcome == "renamed" and before.answer == inquiry.answer and inquiry.title_answered
        if inquiry.outcome != "unknown" and not (renamed and inquiry.outcome == "found"):
            last[key] = inquiry
    return list(last.values())


def last_inquiries(graph: Graph, works: Mapping[str, Iterable[str]]) -> dict[str, Inquiry]:
    """Return the last inquiry about each of ``works`` (IRIs, with their titles) that there is.

    It asked under an IRI that the work had, or that a work of another title has now.
    """
    known = graph.pairs("key-aliases")
    keys = {work: {title_key(title) for title in titles} for work, titles in works.items()}
    last: dict[str, Inquiry] = {}
    for inquiry in inquiries(graph):
        title = title_key(inquiry.title)
        may_be = [work for work in (known.get(inquiry.work, ""), inquiry.work) if work in keys]
        if may_be:
            work = next((work for work in may_be if title in keys[work]), may_be[0])
            before = last.get(work)
            # of two on one day the one that asked more
            if before is None or (before.date, before.intents) <= (inquiry.date, inquiry.intents):
                last[work] = inquiry
    return last


def papers(graph: Graph, asked: Sequence[Inquiry]) -> list[PaperFacts]:
    """Return the papers that were told of, newest day first; ``asked`` are the inquiries that stand.

    A paper that was taken for a work of ours bears the work's title too, and is known as what it was asked for.
    """
    said: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for where, work, name, value in graph.rows("fetched-papers"):
        said[where, work][name].append(value)
    authors: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    for where, work, position, name, author in graph.rows("fetched-authors"):
        named = iris.named_identifier(author)
        authors[where, work].append((int(position), name, named.value if named else ""))
    counts = {(where, work): (count, matters) for where, work, count, matters in graph.rows("fetched-counts")}
    ours: dict[Identifier, list[Inquiry]] = defaultdict(list)
    for inquiry in asked:
        if inquiry.answer:
            ours[inquiry.answer].append(inquiry)
    newest = sorted(said, key=lambda key: key[1])
    newest.sort(key=lambda key: key[0], reverse=True)
    return [_paper(said[key], key[0], sorted(authors[key]), ours, counts.get(key, ("", ""))) for key in newest]


def _paper(
    said: dict[str, list[str]],
    where: str,
    authors: list[tuple[int, str, str]],
    ours: dict[Identifier, list[Inquiry]],
    counts: tuple[str, str],
) -> PaperFacts:
    def one(name: str) -> str:
        return min(said.get(name, ("",)))

    ids = [i for value in said.get(t.HAS_IDENTIFIER, ()) if (i := iris.named_identifier(value))]
    titles = sorted(said[t.TITLE])
    taken_for = [inquiry for i in ids for inquiry in ours.get(i, ())]
    titles += sorted({inquiry.title for inquiry in taken_for} - set(titles))
    known_as = (asked_identifier(i.asked_as) for i in taken_for if i.outcome != "wrong-link")
    year = one(t.PUBLICATION_YEAR)
    return PaperFacts(
        titles=tuple(titles),
        identifiers=tuple(sorted(ids)),
        authors=tuple(name for _, name, _ in authors),
        venue=one(t.VENUE_AS_PRINTED),
        year=int(year) if year else None,
        volume=one(t.VOLUME),
        pages=one(t.PAGES),
        sources=(SCHOLAR,),
        venue_kind=one(t.VENUE_KIND),
        date=one(t.DCT_DATE),
        author_ids=tuple(author for _, _, author in authors),
        open_access=one(t.OPEN_ACCESS_ADDRESS),
        asked=where.removeprefix(t.ENRICHMENT_GRAPHS),
        known_as=tuple(sorted({i for i in known_as if i})),
        citations=int(counts[0]) if counts[0] else None,
        influential=int(counts[1]) if counts[1] else None,
    )


def reference_lists(graph: Graph, told: Sequence[PaperFacts]) -> Iterator[ReferenceList]:
    """Yield the reference lists that were told of, one of each paper, a few read at a time.

    That is the newest that came whole, else the newest of which anything came. Why a work is cited is told where that
    was asked, and stays when it is not asked again. ``told`` are the papers of :func:`papers`.
    """
    named = {told_work(paper): paper for paper in reversed(told)}
    best: dict[str, tuple[bool, bool, str]] = {}
    known = set(graph.rows("fetched-lists-known"))
    for where, work, complete in graph.rows("fetched-lists"):
        best[work] = max(best.get(work, (False, False, "")), (complete == "true", (where, work) in known, where))
    # sorted by day, so that the newest stays
    reasoned = {work: where for where, work in graph.rows("fetched-lists-with-reasons")}
    works = sorted(work for work in best if work in named)
    for start in range(0, len(works), _TOGETHER):
        some = works[start : start + _TOGETHER]
        said: _Lists = defaultdict(dict)
        for item, name, value in graph.rows("fetched-references", some):
            listed, _, position = item.rpartition("/")
            said[listed].setdefault(int(position), {}).setdefault(name, []).append(value)
        for work in some:
            complete, _, where = best[work]
            paper = named[work]
            references = _references(said, work, where)
            if reasoned.get(work, where) != where:
                references = _with_reasons(references, _references(said, work, reasoned[work]))
            day = where.removeprefix(t.ENRICHMENT_GRAPHS)
            citing = citing_identifier(paper.identifiers)
            yield ReferenceList(citing, paper.titles[0], complete, SCHOLAR, references, day)


def _references(said: _Lists, work: str, where: str) -> tuple[Reference, ...]:
    """Return the items of the list that a graph has of a work, each at its place."""
    day = where.removeprefix(t.ENRICHMENT_GRAPHS)
    items = said.get(iris.reference(work, 0, day).rpartition("/")[0], {})
    return tuple(_reference(items.get(n, {})) for n in range(1, max(items, default=0) + 1))


def _with_reasons(references: Sequence[Reference], others: Sequence[Reference]) -> tuple[Reference, ...]:
    """Return ``references`` with what another list of the same paper says of why each is cited."""
    by_name = {name: other for other in others for name in (*other.identifiers, title_key(other.title)) if name}
    found: list[Reference] = []
    for reference in references:
        names = (*reference.identifiers, title_key(reference.title))
        other = next((by_name[name] for name in names if name in by_name), reference)
        found.append(replace(reference, intents=other.intents, influential=other.influential))
    return tuple(found)


def _reference(said: dict[str, list[str]]) -> Reference:
    year, matters = said.get(t.YEAR_AS_PRINTED), said.get(t.IS_INFLUENTIAL)
    ids = (iris.named_identifier(value) for value in said.get(t.NAMES_IDENTIFIER, ()))
    return Reference(
        title=said.get(t.TITLE_AS_PRINTED, [""])[0],
        first_author=said.get(t.FIRST_AUTHOR_AS_PRINTED, [""])[0],
        year=int(year[0]) if year else None,
        identifiers=tuple(sorted(i for i in ids if i)),
        intents=tuple(sorted(_INTENTS[iri] for iri in said.get(t.CHARACTERIZATION, ()) if iri in _INTENTS)),
        influential=matters[0] == "true" if matters else None,
    )
