"""Works to ask a service about: which are due, under which ids, and whether an answer is the work at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz.fuzz import ratio

from . import remembered
from .graph import Graph
from .groups import arxiv_of
from .model import Work
from .names import family_of, spoken
from .scholar_records import ScholarPaper, service_id
from .selection import Selection, select
from .text import is_short, title_key
from .titles import TitleWeights, numbers, one_but_for_nickname, squash
from .works import load_works, work_titles

MAX_AGE = 30
"""Days after which what a service said is asked again."""
ALIKE = 95.0
"""Ratio of letters (0..100) from which two titles are one."""
LIKE = 80.0
"""Ratio from which they are, if first author and year agree too."""
RENAMED = 0.3
"""Weighted share of words (0..1) that two titles of a renamed paper have at least, where its authors are not known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A work to ask about: titles (the one that stands first), ids to ask under in order, first author and year."""

    iri: str
    titles: tuple[str, ...]
    ids: tuple[str, ...] = ()
    family: str = ""
    years: tuple[int, ...] = ()

    def asked_as(self, paper: ScholarPaper, *, other_id: bool = False) -> bool:
        """Return whether a paper that was found by title is this work.

        It may bear another arXiv id only with ``other_id``: where the work's own id led to another paper.

        The normalised titles must be one (a ratio of letters of 0.95, or a nickname added), or be like each other
        (0.80) with the same first author and a year within one. Numbers are never misprints, and a short title names
        nobody without its author.

        >>> gptq = Wanted("w:1", ("GPTQ: Accurate Post-Training Quantization",), family="frantar", years=(2022,))
        >>> gptq.asked_as(ScholarPaper("1", "GPTQ: Accurate Post-training Compression", year=2022))
        False
        """
        if not other_id and _other_arxiv(self.ids, paper):
            return False
        author = self.family and paper.authors and family_of(paper.authors[0].name) == self.family
        near = paper.year is not None and any(abs(paper.year - year) <= 1 for year in self.years)
        theirs = title_key(paper.title)
        for title in self.titles:
            ours = title_key(title)
            if numbers(ours) != numbers(theirs) or (is_short(ours) and not author):
                continue
            alike = ratio(ours, theirs)
            if alike >= ALIKE or squash(ours) == squash(theirs) or (alike >= LIKE and author and near):
                return True
            if one_but_for_nickname(title, paper.title):
                return True
        return False

    def agrees(self, paper: ScholarPaper, weights: TitleWeights) -> bool:
        """Return whether a paper that was found by an id has a title of this work; another number makes another."""
        theirs = numbers(title_key(paper.title))
        alike = (title for title in self.titles if numbers(title_key(title)) == theirs)
        return any(weights.agree(title, paper.title) for title in alike)

    def is_called(self, paper: ScholarPaper) -> bool:
        """Return whether a paper bears exactly a title of this work."""
        return title_key(paper.title) in map(title_key, self.titles)

    def may_be(self, paper: ScholarPaper, weights: TitleWeights) -> bool:
        """Return whether a paper of another title, found by an id, may be this work under a new title.

        Its first author tells; where that is not known, the titles must share some telling words.
        """
        if self.family and paper.authors:
            return not self.contradicts(paper)
        theirs = title_key(paper.title)
        return any(weights.share(title_key(title), theirs) >= RENAMED for title in self.titles)

    def contradicts(self, paper: ScholarPaper) -> bool:
        """Return whether a paper is known to be by others."""
        return bool(self.family and paper.authors) and family_of(paper.authors[0].name) != self.family


def _other_arxiv(ids: Iterable[str], paper: ScholarPaper) -> bool:
    """Return whether a work and a paper bear arXiv ids and not the same one."""
    came = arxiv_of(paper.identifiers)
    ours = [name for name in ids if name.startswith("ARXIV:")]
    return came is not None and bool(ours) and service_id(came) not in ours


def due(
    graph: Graph, selection: Selection, *, today: date, max_age: int = MAX_AGE, refresh: bool, intents: bool
) -> list[Wanted]:
    """Return the works of ``selection`` that were never asked for, or not for ``max_age`` days, longest ago first.

    With ``refresh`` all of them; with ``intents`` also those of which intents were not asked.
    """
    works = [work for work in load_works(graph, select(graph, selection)) if work.kind == "paper"]
    asking = {work.iri: work for work in wanted(graph, works)}
    last = remembered.last_inquiries(graph, {iri: work.titles for iri, work in asking.items()})
    oldest = date.fromordinal(max(today.toordinal() - max_age, 1)).isoformat()

    def is_due(work: str) -> bool:
        inquiry = last.get(work)
        return refresh or inquiry is None or inquiry.date < oldest or (intents and not inquiry.intents)

    works = [work for work in works if is_due(work.iri)]
    works.sort(key=lambda w: (last[w.iri].date if w.iri in last else "", w.key))
    return [asking[work.iri] for work in works]


def wanted(graph: Graph, works: Sequence[Work]) -> list[Wanted]:
    """Return ``works`` with all that tells whether an answer is one of them."""
    titles = work_titles(graph, [work.iri for work in works])
    return [
        Wanted(
            iri=work.iri,
            titles=(work.title, *sorted(set(titles[work.iri]) - {work.title})),
            ids=tuple(_ids(work)),
            family=family_of(spoken(work.authors[0])) if work.authors else "",
            years=tuple(year for year in {work.year, _posted(work)} if year),
        )
        for work in works
    ]


def _ids(work: Work) -> Iterable[str]:
    """Return the ids under which a service may know a work: ARXIV, then DOI, ACL, addresses."""
    order = ("arxiv", "doi", "acl", "openreview", "pmlr", "neurips", "semanticscholar")
    for scheme in order:
        for identifier in work.identifiers:
            if identifier.scheme == scheme and (name := service_id(identifier)):
                yield name


def _posted(work: Work) -> int | None:
    from .identifiers import first_posted

    posted = first_posted(work.identifier("arxiv"))
    return posted[0] if posted else None
