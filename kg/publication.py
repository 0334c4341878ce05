"""Decide where a work was published, from what its sources say of venues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .facts import PaperFacts
from .groups import Group, arxiv_of
from .identifiers import first_posted, page
from .links import is_web_address, role
from .model import Identifier, Scheme, Venue, VenueKind
from .venues import Mention, VenueTable

# pages of the venue itself, the one to cite first
_VENUE_PAGES: tuple[Scheme, ...] = ("acl", "pmlr", "openreview", "neurips", "virtual", "doi")
_RANK = {"journal": 0, "conference": 0, "findings": 1, "workshop": 2, "tutorial": 3, "preprint": 4}
_KINDS: dict[str, VenueKind] = {"conference": "conference", "journal": "journal"}
"""Kinds that a service tells of a venue which the table does not know."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Where and how a work was published; ``year`` is None where no source tells the venue's."""

    venue: Venue
    year: int | None
    url: str
    volume: str = ""
    pages: str = ""
    award: str = ""


class _Said(NamedTuple):
    """What one source says: smaller ranks are believed before others."""

    rank: int
    order: int
    mention: Mention
    paper: PaperFacts | None = None


def publication(
    group: Group, identifiers: Sequence[Identifier], understood: Mapping[str, Mention | None], table: VenueTable
) -> Publication | None:
    """Return where a work was published, or None for a preprint.

    ``understood`` has the venues that rows print. A venue that Semantic Scholar names stands where no other source
    names one: it calls papers of workshops by the meeting, and preprints "arXiv.org" long after they were published.
    """
    told: list[_Said] = []
    fetched: list[_Said] = []
    for n, paper in enumerate(group.facts):
        mention = table.parse(paper.venue) if paper.venue else None
        if mention and paper.asked:
            year = _venue_year(paper, group) if mention.year is None else None
            # parsed again, for a meeting may have another name in some years, and none in others
            dated = table.parse(f"{paper.venue} {year}") if year else None
            # the newest answer comes first
            fetched.append(_Said(4, n, dated or mention, paper))
        elif mention:
            told.append(_Said(1, 0, mention, paper))
    for identifier in identifiers:
        if mention := table.from_identifier(identifier):
            # an id that a publisher gave says more than a string: which volume, Findings or not
            told.append(_Said(0 if identifier.scheme in {"acl", "doi", "pmlr"} else 2, 0, mention))
    for row in group.rows:
        if mention := understood.get(row.entry.venue):
            told.append(_Said(3, -(mention.year or 0), mention))
    told = [said for said in told if said.mention.kind != "preprint"]
    fetched = [said for said in fetched if said.mention.kind != "preprint"]
    if not told and not fetched:
        return _unlisted(group, identifiers, table)
    # an official word on a workshop does not unsay a conference the list names, so kind goes first
    best = min(told or fetched, key=lambda s: (_RANK[s.mention.kind] >= _RANK["workshop"], *s[:2], str(s.mention)))
    mention = _more_exactly(best.mention, [said.mention for said in told])
    told += [said for said in fetched if said.mention.series == mention.series]
    if mention.year is None:
        years = (said.mention.year for said in told if said.mention.series == mention.series and said.mention.year)
        mention = replace(mention, year=next(years, None))
    venue = table.venue(mention)
    papers = [said.paper for said in told if said.paper and said.mention.series == mention.series]
    return Publication(
        venue=venue,
        # a year beside no official venue is that of the arXiv id
        year=venue.year or next((paper.year for paper in papers if not paper.asked), None),
        award=next((m.award for m in (mention, *(said.mention for said in told)) if m.award), ""),
        url=_venue_page(identifiers, mention.series) or paper_link(group),
        volume=next((p.volume for p in papers if p.volume), "") if venue.kind == "journal" else "",
        pages=next((p.pages for p in papers if p.pages), ""),
    )


def _venue_year(paper: PaperFacts, group: Group) -> int | None:
    """Return the venue's year from a source that may tell the preprint's: only one after the preprint's is sure."""
    arxiv = arxiv_of(group.identifiers)
    posted = first_posted(arxiv.value) if arxiv else None
    if posted is None or (paper.year and paper.year > posted[0]):
        return paper.year
    later = re.match(r"(\d{4})-(\d\d)", paper.date)
    same_year = later and paper.year == int(later[1])
    return paper.year if later and same_year and (int(later[1]), int(later[2])) > posted else None


def _unlisted(group: Group, identifiers: Sequence[Identifier], table: VenueTable) -> Publication | None:
    """Return the publication in a venue that the table does not know, where a service says of which kind it is."""
    for paper in group.facts:
        kind = _KINDS.get(paper.venue_kind)
        named = any(map(str.isalpha, paper.venue))
        if not (paper.asked and named and kind) or table.parse(paper.venue):
            continue
        year = _venue_year(paper, group)
        return Publication(
            venue=table.unlisted(paper.venue, kind, year),
            year=year,
            url=_venue_page(identifiers, "") or paper_link(group),
            volume=paper.volume if kind == "journal" else "",
            pages=paper.pages,
        )
    return None


def _more_exactly(mention: Mention, others: Iterable[Mention]) -> Mention:
    """Return a mention of the same meeting that says more, if there is one.

    "EMNLP 2023" from whatever source does not unsay "EMNLP Findings 2023": many print the meeting for both.
    """
    if mention.kind != "conference" or mention.track or mention.volume_part:
        return mention
    same = (m for m in others if (m.series, m.year) == (mention.series, mention.year))
    return min((m for m in same if m.kind == "findings" or m.volume_part), key=str, default=mention)


def _venue_page(identifiers: Sequence[Identifier], series: str) -> str:
    """Return the page of the published version; an OpenReview page only where that is the venue's own."""
    for scheme in _VENUE_PAGES:
        for identifier in identifiers:
            if identifier.scheme != scheme:
                continue
            if scheme in {"acl", "doi"} or series not in {"acl", "emnlp", "naacl", "eacl", "coling", "tacl"}:
                return page(identifier)
    return first_page(identifiers)


def first_page(identifiers: Sequence[Identifier]) -> str:
    """Return the page of arXiv, else of the first identifier; a service's own page about a paper is not the paper's."""
    arxiv = arxiv_of(identifiers)
    own = [i for i in identifiers if i.scheme != "semanticscholar"]
    return page(arxiv or own[0]) if own else ""


def paper_link(group: Group) -> str:
    """Return the first address that a row gives for the paper: a page that is nobody's identifier."""
    links = [link for row in group.rows for link in row.entry.links if is_web_address(link.url)]
    return next((link.url for link in links if role(link) in {"paper", "other"}), links[0].url if links else "")
