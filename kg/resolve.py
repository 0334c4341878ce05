"""Decide: from what the sources say of a work to what the resolved view tells.

A pure step: equal claims give an equal answer. The order of trust, field by field:

- title: as the venue or arXiv prints it; else the list's; else the form most references print. A title in
  capitals throughout gives way to any other form.
- authors: the facts' full list; else the first author that reference lists print, marked as truncated.
- venue: a publication over a preprint; what an official source or an identifier (an ACL Anthology id) says
  over the list's word.
- year: the venue's for what was published, else that of first posting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import iris
from .facts import PaperFacts, ReferenceList
from .findings import Finding
from .identifiers import first_posted, page
from .links import is_web_address, repositories, role
from .lists import tool_name
from .matching import Group, Linked, Row
from .model import Entry, Identifier, Reading, Scheme, Venue
from .text import is_short, tidy, title_key
from .venues import Mention, VenueTable

# pages of the venue itself, the one to cite first
_VENUE_PAGES: tuple[Scheme, ...] = ("acl", "pmlr", "openreview", "neurips", "virtual", "doi")
_RANK = {"journal": 0, "conference": 0, "findings": 1, "workshop": 2, "tutorial": 3, "preprint": 4}


@dataclass(frozen=True, slots=True)
class Publication:
    """Where and how a work was published; ``year`` is None where no source tells the venue's."""

    venue: Venue
    year: int | None
    url: str
    volume: str = ""
    pages: str = ""
    award: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedWork:
    """One work as decided: a paper, listed or only cited, or a tool.

    ``posted`` is year and month of first posting, month 0 when only the year is known. ``in_facts`` tells whether
    the shipped facts speak of it, ``aliases`` are the other IRIs under which sources or earlier builds may.
    """

    iri: str
    title: str
    other_titles: tuple[str, ...] = ()
    is_tool: bool = False
    authors: tuple[str, ...] = ()
    authors_truncated: bool = False
    confidence: str = ""
    identifiers: tuple[Identifier, ...] = ()
    posted: tuple[int, int] | None = None
    publication: Publication | None = None
    preprint_url: str = ""
    sections: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    in_facts: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """Return the venue's year for a published work, else the year of first posting."""
        if self.publication and self.publication.year:
            return self.publication.year
        return self.posted[0] if self.posted else None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The resolved view: works in order, who cites whom (with the reference that says so), what did not fit."""

    works: tuple[ResolvedWork, ...]
    citations: tuple[tuple[str, str, tuple[str, ...]], ...]
    reference_lists: tuple[tuple[str, bool], ...]
    findings: tuple[Finding, ...]


def resolve(
    linked: Linked, readings: Sequence[Reading], references: Sequence[ReferenceList], table: VenueTable
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
    works = [_paper(group, understood, table) for group in linked.works]
    for work in works:
        if work.publication and work.publication.year is None:
            findings += (_undated(readings[row.reading].source, row.entry, work) for row in work.rows)
    by_group = {id(group): work.iri for group, work in zip(linked.works, works, strict=True)}
    citing = {n: by_group[id(g)] for g in linked.works for n in g.citing}
    edges: dict[tuple[str, str], list[str]] = {}
    for group in linked.works:
        for cited in group.cited:
            source, target = citing[cited.listed], by_group[id(group)]
            if source != target:
                reference = iris.reference(iris.work([references[cited.listed].citing], ""), cited.position)
                edges.setdefault((source, target), []).append(reference)
    works += _tools(readings)
    works.sort(key=lambda w: w.iri)
    complete = {citing[n]: listed.complete for n, listed in enumerate(references)}
    return Resolution(
        tuple(works),
        tuple((a, b, tuple(sorted(r))) for (a, b), r in sorted(edges.items())),
        tuple(sorted(complete.items())),
        tuple(sorted(findings, key=lambda f: (f.source, f.line, f.kind, f.message))),
    )


def _undated(source: str, entry: Entry, work: ResolvedWork) -> Finding:
    venue = work.publication.venue.acronym if work.publication else ""
    text = f"published at {venue}, but no source tells the year; the year of first posting stands in for it"
    return Finding("undated-venue", source, entry.line, entry.title, text)


def _unread(reading: Reading) -> Iterable[Finding]:
    for row in reading.unread:
        yield Finding("unread-row", reading.source, row.line, row.text, row.reason)


def _paper(group: Group, understood: dict[str, Mention | None], table: VenueTable) -> ResolvedWork:
    identifiers = tuple(sorted(group.identifiers, key=_identifier_order))
    title = _title(group)
    authors, truncated, confidence = _authors(group)
    arxiv = _arxiv(identifiers)
    publication = _publication(group, identifiers, understood, table)
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
        confidence=confidence,
        identifiers=identifiers,
        posted=_posted(group, arxiv, publication, understood),
        publication=publication,
        preprint_url=_preprint_url(group, identifiers, publication),
        sections=tuple(sorted({e.section for e in entries})),
        code=tuple(dict.fromkeys(url for e in entries for url in repositories(e.links))),
        rows=tuple(group.rows),
        in_facts=bool(group.facts or group.cited or group.citing),
        aliases=tuple(sorted(aliases - {iri})),
    )


def _identifier_order(identifier: Identifier) -> tuple[int, str, str]:
    schemes = iris.IRI_SCHEMES
    rank = schemes.index(identifier.scheme) if identifier.scheme in schemes else len(schemes)
    return rank, identifier.scheme, identifier.value


def _shouted(title: str) -> bool:
    """Return whether a title of several words is in capitals throughout."""
    return title.isupper() and len(title.split()) > 2


def _title(group: Group) -> str:
    """Return the title that stands."""
    candidates = [paper.titles[0] for paper in group.facts] + [row.entry.title for row in group.rows]
    if not candidates:
        printed = Counter(cited.reference.title for cited in group.cited)
        candidates = sorted(printed, key=lambda t: (-printed[t], t.islower(), t))
    candidates += list(group.titles.values())
    title = next((t for t in candidates if not _shouted(t)), candidates[0])
    # of spellings of one title the one that keeps its acronyms: some sources lower every word
    same = [t for t in candidates if title_key(t) == title_key(title) and not _shouted(t)]
    # some sources took their titles from BibTeX, quotes and all
    return tidy(max(same, key=_capitals, default=title)).replace("``", '"').replace("''", '"')


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
    for paper in group.facts:
        if paper.authors:
            return paper.authors, False, paper.confidence
    first = Counter(c.reference.first_author for c in group.cited if c.reference.first_author)
    if not first:
        return (), False, ""
    # of equally frequent printings the longest: a full given name over its initial
    name = max(first, key=lambda n: (first[n], len(n), n))
    return (tidy(name),), True, ""


def _publication(
    group: Group, identifiers: Sequence[Identifier], understood: dict[str, Mention | None], table: VenueTable
) -> Publication | None:
    """Return where the work was published, or None for a preprint."""
    told: list[tuple[int, int, Mention, PaperFacts | None]] = []
    for paper in group.facts:
        mention = table.parse(paper.venue) if paper.venue else None
        if mention:
            told.append((1, 0, mention, paper))
    for identifier in identifiers:
        if mention := table.from_identifier(identifier):
            # an id that a publisher gave says more than a string: which volume, Findings or not
            told.append((0 if identifier.scheme in {"acl", "pmlr"} else 2, 0, mention, None))
    for row in group.rows:
        if mention := understood.get(row.entry.venue):
            told.append((3, -(mention.year or 0), mention, None))
    told = [t for t in told if t[2].kind != "preprint"]
    if not told:
        return None
    # an official word on a workshop does not unsay a conference the list names, so kind goes first
    best = min(told, key=lambda t: (_RANK[t[2].kind] >= _RANK["workshop"], t[0], t[1], str(t[2])))[2]
    best = _more_exactly(best, [t[2] for t in told])
    venue = table.venue(best)
    paper = next((paper for _, _, mention, paper in told if paper and mention.series == best.series), None)
    return Publication(
        venue=venue,
        # a year beside no official venue is that of the arXiv id
        year=venue.year or (paper.year if paper else None),
        award=next((m.award for m in (best, *(t[2] for t in told)) if m.award), ""),
        url=_venue_page(identifiers, best) or _paper_link(group),
        volume=paper.volume if paper and venue.kind == "journal" else "",
        pages=paper.pages if paper else "",
    )


def _more_exactly(mention: Mention, others: Iterable[Mention]) -> Mention:
    """Return a mention of the same meeting that says more, if there is one.

    "EMNLP 2023" from whatever source does not unsay "EMNLP Findings 2023": many print the meeting for both.
    """
    if mention.kind != "conference" or mention.track or mention.volume_part:
        return mention
    same = (m for m in others if (m.series, m.year) == (mention.series, mention.year))
    return min((m for m in same if m.kind == "findings" or m.volume_part), key=str, default=mention)


def _arxiv(identifiers: Iterable[Identifier]) -> Identifier | None:
    return next((i for i in identifiers if i.scheme == "arxiv"), None)


def _venue_page(identifiers: Sequence[Identifier], mention: Mention) -> str:
    """Return the page of the published version; an OpenReview page only where that is the venue's own."""
    for scheme in _VENUE_PAGES:
        for identifier in identifiers:
            if identifier.scheme != scheme:
                continue
            if scheme == "acl" or mention.series not in {"acl", "emnlp", "naacl", "eacl", "coling", "tacl"}:
                return page(identifier)
    arxiv = _arxiv(identifiers)
    return page(arxiv or identifiers[0]) if identifiers else ""


def _posted(
    group: Group,
    arxiv: Identifier | None,
    publication: Publication | None,
    understood: dict[str, Mention | None],
) -> tuple[int, int] | None:
    if arxiv and (posted := first_posted(arxiv.value)):
        return posted
    years = [paper.year for paper in group.facts if paper.year]
    if not years and publication and publication.year:
        years = [publication.year]
    if not years:
        told = (understood.get(row.entry.venue) for row in group.rows)
        years = [mention.year for mention in told if mention and mention.year]
    if not years:
        printed = Counter(c.reference.year for c in group.cited if c.reference.year)
        years = [min(printed, key=lambda y: (-printed[y], y))] if printed else []
    return (years[0], 0) if years else None


def _preprint_url(group: Group, identifiers: Sequence[Identifier], publication: Publication | None) -> str:
    """Return the page of the preprint: arXiv's, else for an unpublished work whatever page is known."""
    arxiv = _arxiv(identifiers)
    if arxiv:
        return page(arxiv)
    if publication:
        return ""
    if identifiers:
        return page(identifiers[0])
    return _paper_link(group)


def _paper_link(group: Group) -> str:
    """Return the first address that a row gives for the paper: a page that is nobody's identifier."""
    links = [link for row in group.rows for link in row.entry.links if is_web_address(link.url)]
    return next((link.url for link in links if role(link) in {"paper", "other"}), links[0].url if links else "")


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
            code = repositories(entry.links) or tuple(link.url for link in entry.links[:1])
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
