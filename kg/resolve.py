"""Decide: from what the sources say of a work to what the resolved view tells.

A pure step: equal claims give an equal answer. The order of trust, field by field:

- title: as the venue or arXiv prints it; else the list's; else as Semantic Scholar has it; else the form most
  references print. A title in capitals throughout gives way to any other form.
- authors: the facts' full list; else Semantic Scholar's; else the first author that reference lists print, marked as
  truncated. A name in initials gives way to the full name at the same place of another list of the same people.
- venue: a publication over a preprint; what an official source or an identifier (an ACL Anthology id) says
  over the list's word, and that over Semantic Scholar's.
- year: the venue's for what was published, else that of first posting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from . import iris
from .facts import FACTS_DATE
from .fetched import Inquiry
from .findings import Finding
from .groups import Group, Row, arxiv_of
from .identifiers import first_posted, page
from .linked import CitedWorks, Linked
from .links import is_web_address, repositories, work_identifiers
from .lists import tool_name
from .model import Entry, Identifier, Reading
from .names import in_full
from .publication import Publication, first_page, paper_link, publication
from .resolution import OutsideWorks, Resolution, ResolvedWork
from .scholar_records import asked_identifier
from .text import family_key, is_short, tidy, title_key
from .venues import Mention, VenueTable

_Moved = Mapping[tuple[str, Identifier | None], str]
"""What a row prints and the wrong link that it has, and the IRI that its work had by that link."""


def resolve(
    linked: Linked, readings: Sequence[Reading], table: VenueTable, inquiries: Sequence[Inquiry] = ()
) -> Resolution:
    """Return the resolved view of what was linked."""
    findings = list(linked.findings)
    understood: dict[str, Mention | None] = {}
    for number, reading in enumerate(readings):
        findings += _unread(reading)
        for entry in reading.entries:
            if entry.venue and entry.venue not in understood:
                understood[entry.venue] = table.parse(entry.venue)
            if entry.venue and understood[entry.venue] is None:
                text = f"venue '{entry.venue}' is not understood; the work counts as a preprint"
                findings.append(Finding("unknown-venue", readings[number].source, entry.line, entry.title, text))
    moved = {(title_key(i.title), asked_identifier(i.asked_as)): i.work for i in inquiries if i.outcome == "wrong-link"}
    works = [_paper(group, understood, table, moved) for group in linked.works]
    for work in works:
        if work.publication and work.publication.year is None:
            findings += (_undated(readings[row.reading].source, row.entry, work) for row in work.rows)
    findings += _disagreements(inquiries, works, readings, {(f.source, f.line) for f in findings})
    by_group = {id(group): work.iri for group, work in zip(linked.works, works, strict=True)}
    lists: dict[str, list[CitedWorks[str]]] = {}
    for listed in linked.lists:
        cited = tuple(by_group[id(work)] if isinstance(work, Group) else work for work in listed.cited)
        citing = by_group[id(listed.citing)]
        known = CitedWorks(citing, listed.iri, listed.complete, listed.asked, cited, listed.told)
        lists.setdefault(citing, []).append(known)
    works += _tools(readings)
    works.sort(key=lambda w: w.iri)
    return Resolution(
        tuple(works),
        OutsideWorks(linked.outside, lambda group: _paper(group, understood, table, {})),
        tuple((iri, tuple(listed)) for iri, listed in sorted(lists.items())),
        tuple(sorted(findings, key=lambda f: (f.source, f.line, f.kind, f.message))),
    )


def _disagreements(
    inquiries: Sequence[Inquiry],
    works: Sequence[ResolvedWork],
    readings: Sequence[Reading],
    reported: set[tuple[str, int]],
) -> Iterator[Finding]:
    """Yield a finding for each row whose paper Semantic Scholar knows under another title, or its link as another's."""
    by_iri = {iri: work for work in works if work.rows for iri in (*work.aliases, *work.formerly, work.iri)}
    for inquiry in inquiries:
        work = by_iri.get(inquiry.work)
        if inquiry.outcome == "found" or work is None:
            continue
        told = f"is '{inquiry.title_answered}' at Semantic Scholar on {inquiry.date}"
        for row in work.rows:
            source, line, title = readings[row.reading].source, row.entry.line, row.entry.title
            if inquiry.outcome == "renamed" and title_key(title) != title_key(inquiry.title_answered):
                text = f"{told}, asked as {inquiry.asked_as}; taken for the same paper"
                yield Finding("renamed", source, line, title, text)
            elif inquiry.outcome == "wrong-link" and (source, line) not in reported:
                asked = asked_identifier(inquiry.asked_as)
                if asked and asked in {link.identifier for link in row.entry.links}:
                    yield Finding("wrong-link", source, line, title, f"links {page(asked)}, which {told}", asked)


def _undated(source: str, entry: Entry, work: ResolvedWork) -> Finding:
    venue = work.publication.venue.acronym if work.publication else ""
    text = f"published at {venue}, but no source tells the year; the year of first posting stands in for it"
    return Finding("undated-venue", source, entry.line, entry.title, text)


def _unread(reading: Reading) -> Iterator[Finding]:
    for row in reading.unread:
        yield Finding("unread-row", reading.source, row.line, row.text, row.reason)


def _paper(group: Group, understood: dict[str, Mention | None], table: VenueTable, moved: _Moved) -> ResolvedWork:
    identifiers = tuple(sorted(_identifiers(group), key=iris.order))
    title = _title(group)
    authors, truncated, confidence = _authors(group)
    arxiv = arxiv_of(identifiers)
    where = publication(group, identifiers, understood, table)
    aliases = {iris.identifier_work(i) for i in identifiers if i.scheme in iris.IRI_SCHEMES}
    first_author = authors[0] if authors else ""
    # a short title without its author names nobody: another paper may be called so
    telling = [t for key, t in group.titles.items() if first_author or not is_short(key)]
    aliases |= {iris.title_work(t, first_author) for t in telling}
    iri = iris.work(identifiers, title, first_author)
    entries = [row.entry for row in group.rows]
    return ResolvedWork(
        iri=iri,
        title=title,
        other_titles=_other_titles(group, title),
        authors=authors,
        authors_truncated=truncated,
        author_ids=_author_ids(group, authors),
        confidence=confidence,
        identifiers=identifiers,
        posted=_posted(group, arxiv, where, understood),
        publication=where,
        preprint_url=_preprint_url(group, identifiers, where),
        open_access=next((paper.open_access for paper in group.facts if paper.open_access), ""),
        counted=tuple(paper for paper in group.facts if paper.citations is not None),
        sections=tuple(sorted({e.section for e in entries})),
        code=tuple(dict.fromkeys(url for e in entries for url in repositories(e.links))),
        rows=tuple(group.rows),
        graphs=tuple(sorted(iris.scholar_graph(d) if d else iris.facts_graph(FACTS_DATE) for d in group.days)),
        spoken_of=tuple(sorted(group.spoken_of - {iri})),
        aliases=tuple(sorted(aliases - {iri})),
        formerly=tuple(sorted(_formerly(group, moved) - {iri})),
    )


def _identifiers(group: Group) -> list[Identifier]:
    """Return the identifiers of a work; what facts and rows tell of a scheme goes before what a service does."""
    told = {i for paper in group.facts if not paper.asked for i in paper.identifiers}
    told |= {i for row in group.rows for i in work_identifiers(row.entry.links)}
    better = {i.scheme for i in told if i in group.identifiers}
    return [i for i in group.identifiers if i in told or i.scheme not in better]


def _formerly(group: Group, moved: _Moved) -> set[str]:
    """Return the IRIs that a listed work had by a link that is another paper's."""
    entries = [row.entry for row in group.rows] if moved else ()
    links = ((title_key(entry.title), link.identifier) for entry in entries for link in entry.links)
    return {moved[link] for link in links if link in moved}


def _shouted(title: str) -> bool:
    """Return whether a title of several words is in capitals throughout."""
    return title.isupper() and len(title.split()) > 2


def _title(group: Group) -> str:
    """Return the title that stands."""
    candidates = [paper.titles[0] for paper in group.facts if not paper.asked]
    candidates += [row.entry.title for row in group.rows]
    trusted = set(candidates)
    candidates += [paper.titles[0] for paper in group.facts if paper.asked]
    if not candidates:
        printed = Counter(cited.title for cited in group.cited)
        candidates = sorted(printed, key=lambda t: (-printed[t], t.islower(), t))
    candidates = list(dict.fromkeys([*candidates, *group.titles.values()]))
    if len(candidates) == 1:
        return _unquoted(candidates[0])
    title = next((t for t in candidates if not _shouted(t)), candidates[0])
    # of spellings of one title the one that keeps its acronyms: some sources lower every word
    same = [t for t in candidates if title_key(t) == title_key(title) and not _shouted(t)]
    better = [t for t in same if t in trusted]
    if any(_capitals(t) > (0, False) for t in better):
        same = better
    return _unquoted(max(same, key=_capitals, default=title))


def _unquoted(title: str) -> str:
    """Return a title on one line with plain quotes: some sources took theirs from BibTeX, quotes and all."""
    return tidy(title).replace("``", '"').replace("''", '"')


def _capitals(title: str) -> tuple[int, bool]:
    """Return how many words keep capitals inside, and whether the title is more than a lowered sentence."""
    words = [part for word in title.split() for part in word.split("-")]
    inner = sum(any(map(str.isupper, word[1:])) for word in words)
    return inner, sum(word[:1].isupper() for word in words) > 1


def _other_titles(group: Group, title: str) -> tuple[str, ...]:
    """Return the titles that listed works also go by; of a work only cited, variants are misprints."""
    if not group.rows:
        return ()
    told = [t for paper in group.facts for t in paper.titles] + [row.entry.title for row in group.rows]
    others = {title_key(t): tidy(t) for t in told if title_key(t) != title_key(title)}
    return tuple(sorted(others.values()))


def _authors(group: Group) -> tuple[tuple[str, ...], bool, str]:
    """Return the authors, whether more follow than are told, and how sure they are."""
    lists = [paper for paper in group.facts if paper.authors]
    if lists:
        authors = lists[0].authors
        for paper in lists[1:]:
            authors = in_full(authors, paper.authors)
        return authors, False, lists[0].confidence or "C" * bool(lists[0].asked)
    first = Counter(c.first_author for c in group.cited if c.first_author)
    if not first:
        return (), False, ""
    # of equally frequent printings the longest: a full given name over its initial
    name = max(first, key=lambda n: (first[n], len(n), n))
    return (tidy(name),), True, ""


def _author_ids(group: Group, authors: Sequence[str]) -> tuple[str, ...]:
    """Return Semantic Scholar's ids of the authors, where its list is the one that stands."""
    for paper in group.facts:
        same = len(paper.authors) == len(authors) and any(paper.author_ids)
        if same and all(family_key(a) == family_key(b) for a, b in zip(authors, paper.authors, strict=True)):
            return paper.author_ids
    return ()


def _posted(
    group: Group,
    arxiv: Identifier | None,
    publication: Publication | None,
    understood: dict[str, Mention | None],
) -> tuple[int, int] | None:
    if arxiv and (posted := first_posted(arxiv.value)):
        return posted
    years = [paper.year for paper in group.facts if paper.year and not paper.asked]
    if not years and publication and publication.year:
        years = [publication.year]
    if not years:
        told = (understood.get(row.entry.venue) for row in group.rows)
        years = [mention.year for mention in told if mention and mention.year]
    if not years:
        years = [paper.year for paper in group.facts if paper.year]
    if not years:
        printed = Counter(c.year for c in group.cited if c.year)
        years = [min(printed, key=lambda y: (-printed[y], y))] if printed else []
    return (years[0], 0) if years else None


def _preprint_url(group: Group, identifiers: Sequence[Identifier], publication: Publication | None) -> str:
    """Return the page of the preprint: arXiv's, else for an unpublished work whatever page is known."""
    arxiv = arxiv_of(identifiers)
    if arxiv:
        return page(arxiv)
    if publication:
        return ""
    return first_page(identifiers) or paper_link(group)


def _tools(readings: Sequence[Reading]) -> list[ResolvedWork]:
    """Return the tools of the lists; rows of one repository are one tool."""
    tools: dict[str, ResolvedWork] = {}
    for number, reading in enumerate(readings):
        for entry in reading.entries:
            if entry.kind != "tool":
                continue
            found = tuple(dict.fromkeys(link.identifier for link in entry.links if link.identifier))
            name = tool_name(entry.title)
            iri = iris.tool(found, name)
            row = Row(number, entry)
            known = tools.get(iri)
            code = repositories(entry.links) or tuple(link.url for link in entry.links[:1] if is_web_address(link.url))
            tools[iri] = ResolvedWork(
                iri=iri,
                title=known.title if known else name,
                is_tool=True,
                identifiers=known.identifiers if known else found,
                sections=tuple(sorted({entry.section, *(known.sections if known else ())})),
                code=known.code if known else code,
                rows=(*(known.rows if known else ()), row),
            )
    return list(tools.values())
