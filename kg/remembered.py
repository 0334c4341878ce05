"""What a graph remembers of its sources: the values that were once stored, read back from their named graphs.

A build decides over all sources anew, so what cannot be read again from where it came (lists that may have changed
since, a service's answers) is read from the graph itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import cast

from ..ontology import terms as t
from . import iris
from .facts import PaperFacts, Reference, ReferenceList
from .fetched import SCHOLAR, Inquiry, Outcome
from .graph import Graph
from .identifiers import identify
from .model import Entry, Identifier, Link, Reading, UnreadRow

_TOGETHER = 20
"""Papers whose reference lists are read at once."""
_INTENTS = {iri: name for name, iri in t.INTENTS.items()}


def readings(graph: Graph) -> list[tuple[Reading, str]]:
    """Return the lists of a graph as they were read, each with its day, in the order of their names."""
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
    for where in sorted(w for w in days if w.startswith(f"{t.PREFIXES['graph']}list/")):
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


def papers(graph: Graph, asked: Sequence[Inquiry]) -> list[PaperFacts]:
    """Return the papers that were told of, newest day first.

    A paper that was taken for a work of ours under another title bears that title too; the last inquiry about a work
    says which paper that is.
    """
    said: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for where, work, name, value in graph.rows("fetched-papers"):
        said[where, work][name].append(value)
    authors: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    for where, work, position, name, author in graph.rows("fetched-authors"):
        named = iris.named_identifier(author)
        authors[where, work].append((int(position), name, named.value if named else ""))
    ours: dict[Identifier, list[str]] = defaultdict(list)
    for inquiry in {i.work: i for i in asked}.values():
        if inquiry.answer:
            ours[inquiry.answer].append(inquiry.title)
    newest = sorted(said, key=lambda key: key[1])
    newest.sort(key=lambda key: key[0], reverse=True)
    return [_paper(said[key], key[0], sorted(authors[key]), ours) for key in newest]


def _paper(
    said: dict[str, list[str]], where: str, authors: list[tuple[int, str, str]], ours: dict[Identifier, list[str]]
) -> PaperFacts:
    def one(name: str) -> str:
        return min(said.get(name, ("",)))

    ids = [i for value in said.get(t.HAS_IDENTIFIER, ()) if (i := iris.named_identifier(value))]
    titles = sorted(said[t.TITLE])
    titles += sorted({title for i in ids for title in ours.get(i, ())} - set(titles))
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
    )


def reference_lists(graph: Graph, told: Sequence[PaperFacts]) -> Iterator[ReferenceList]:
    """Yield the reference lists that were told of, the newest of each paper, a few read at a time.

    ``told`` are the papers of :func:`papers`.
    """
    titles = {iris.work(p.identifiers, p.titles[0]): (p.titles[0], _citing(p)) for p in reversed(told)}
    newest: dict[str, tuple[str, bool]] = {}
    for where, work, complete in graph.rows("fetched-lists"):
        newest[work] = (where, complete == "true")
    works = sorted(work for work in newest if work in titles)
    for start in range(0, len(works), _TOGETHER):
        some = works[start : start + _TOGETHER]
        said: dict[str, dict[int, dict[str, list[str]]]] = defaultdict(dict)
        for item, name, value in graph.rows("fetched-references", some):
            listed, _, position = item.rpartition("/")
            said[listed].setdefault(int(position), {}).setdefault(name, []).append(value)
        for work in some:
            where, complete = newest[work]
            title, citing = titles[work]
            day = where.removeprefix(t.ENRICHMENT_GRAPHS)
            items = said[iris.reference(work, 0, day).rpartition("/")[0]]
            references = tuple(_reference(items.get(n, {})) for n in range(1, max(items, default=0) + 1))
            yield ReferenceList(citing, title, complete, SCHOLAR, references, day)


def _citing(paper: PaperFacts) -> Identifier:
    """Return the identifier by which the source names a paper whose reference list it tells."""
    order = {scheme: n for n, scheme in enumerate(iris.IRI_SCHEMES)}
    return min(paper.identifiers, key=lambda i: (order.get(i.scheme, len(order)), i.scheme != "semanticscholar", i))


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
