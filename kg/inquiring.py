"""Ask Semantic Scholar about works, as few times as its limits allow, and keep each answer as soon as it came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .facts import PaperFacts, ReferenceList
from .fetched import Inquiry, Outcome, fetched_paper, fetched_references, scholar_identifier
from .fetched_graph import fetched_statements
from .nquads import Statements
from .scholar import Scholar, batch_size
from .scholar_records import ScholarPaper, asked_identifier
from .text import is_short, title_key
from .titles import TitleWeights
from .wanted import Wanted

_TOGETHER = 20
"""Works whose answers are kept together where each costs a call of its own: more would be lost with the process."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: works of which it is known what comes of them, works in all, requests made."""

    done: int
    total: int
    requests: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A work, what comes of it, and the paper that was taken for it; ``other`` is the one its id leads to instead."""

    wanted: Wanted
    outcome: Outcome
    asked_as: str = ""
    paper: ScholarPaper | None = None
    other: ScholarPaper | None = None


class Inquirer:
    """Asks for works round by round: under their first ids, the unknown ones under the next, then by title.

    ``keep`` is given the statements of each batch and has to keep them before it returns; ``titles`` are those of all
    listed works, whether they are asked for or not. Raises what
    :class:`~llmcomp.kg.scholar.Scholar` raises; what was kept until then is good.
    """

    def __init__(
        self,
        scholar: Scholar,
        keep: Callable[[Statements], None],
        titles: Mapping[str, Iterable[str]],
        *,
        today: str,
        intents: bool = False,
        tell: Callable[[Progress], object] | None = None,
    ) -> None:
        self._scholar = scholar
        self._keep = keep
        keys = [(title_key(title), work) for work, told in titles.items() for title in told]
        self._weights = TitleWeights(key for key, _ in keys)
        self._listed = {key: work for key, work in keys if not is_short(key)}
        self._today = today
        self._intents = intents
        self._tell = tell
        self._total = 0
        self.outcomes: dict[str, Outcome] = {}
        self.found = 0

    def ask(self, wanted: Sequence[Wanted]) -> None:
        """Ask for all of ``wanted``; what comes of each is in ``outcomes`` by its IRI."""
        self._total = len(wanted)
        self._report()
        # without references more fit into a call; with intents they are asked for one by one
        size = batch_size(references=not self._intents)
        waiting, untitled, turn = list(wanted), [work for work in wanted if not work.ids], 0
        while waiting := [work for work in waiting if len(work.ids) > turn]:
            unknown: list[Wanted] = []
            for start in range(0, len(waiting), size):
                unknown += self._round(waiting[start : start + size], turn)
            untitled += [work for work in unknown if len(work.ids) == turn + 1]
            waiting, turn = unknown, turn + 1
        for start in range(0, len(untitled), _TOGETHER):
            self._by_title(untitled[start : start + _TOGETHER])

    def _round(self, works: Sequence[Wanted], turn: int) -> list[Wanted]:
        """Ask for works under their ids number ``turn``, keep what came, and return those that are unknown."""
        answers = self._scholar.batch([work.ids[turn] for work in works], references=not self._intents)
        found: list[_Found] = []
        doubtful: list[tuple[Wanted, ScholarPaper]] = []
        unknown: list[Wanted] = []
        for work, paper in zip(works, answers, strict=True):
            if paper is None or not paper.title:
                unknown.append(work)
            elif work.is_called(paper) or (work.agrees(paper, self._weights) and not self._is_anothers(work, paper)):
                found.append(_Found(work, "found", work.ids[turn], paper))
            else:
                doubtful.append((work, paper))
        self._store(found)
        elsewhere: list[_Found] = []
        for work, paper in doubtful:
            told = self._disagreement(work, work.ids[turn], paper)
            if told.paper is paper or told.paper is None:
                self._store([told])
            else:
                elsewhere.append(told)
        self._store(self._in_full(elsewhere))
        return unknown

    def _disagreement(self, work: Wanted, asked_as: str, paper: ScholarPaper) -> _Found:
        """Decide by title search whether an id leads to another paper or its paper was renamed."""
        best = self._scholar.match_title(work.titles[0])
        itself = best is not None and best.paper_id == paper.paper_id
        if best and not itself and not work.asked_as(best, other_id=True):
            best = None
        if not _bears(paper, asked_as):
            # papers were merged there: it gave one of another id, and says nothing of the one that this id leads to
            known = best and not itself
            return _Found(work, "found", "", best) if known else _Found(work, "unknown", asked_as)
        if best and not itself:
            return _Found(work, "wrong-link", asked_as, best, paper)
        likely = work.may_be(paper, self._weights) and not self._is_anothers(work, paper)
        if likely or (itself and not work.contradicts(paper)):
            return _Found(work, "renamed", asked_as, paper)
        return _Found(work, "wrong-link", asked_as, None, paper)

    def _is_anothers(self, work: Wanted, paper: ScholarPaper) -> bool:
        """Return whether a paper bears exactly the title of another listed work; a short one is nobody's."""
        return self._listed.get(title_key(paper.title), work.iri) != work.iri

    def _by_title(self, works: Sequence[Wanted]) -> None:
        """Ask for works by title, one by one, and for what else is known of those that were found at once."""
        found: list[_Found] = []
        for work in works:
            best = self._scholar.match_title(work.titles[0])
            if best and work.asked_as(best):
                found.append(_Found(work, "found", "", best))
            else:
                self._store([_Found(work, "unknown", work.ids[-1] if work.ids else "")])
        self._store(self._in_full(found))

    def _in_full(self, found: Sequence[_Found]) -> list[_Found]:
        """Return papers that a title search found with their references, which it does not tell."""
        if self._intents or not found:
            return list(found)
        names = [one.paper.paper_id for one in found if one.paper]
        answers = self._scholar.batch(names, references=True)
        return [replace(one, paper=paper or one.paper) for one, paper in zip(found, answers, strict=True)]

    def _store(self, found: Sequence[_Found]) -> None:
        """Keep what came of works; a few at a time where each of them costs a call more."""
        size = _TOGETHER if self._intents else max(len(found), 1)
        for start in range(0, len(found), size):
            self._store_some(found[start : start + size])

    def _store_some(self, found: Sequence[_Found]) -> None:
        inquiries: list[Inquiry] = []
        papers: list[PaperFacts] = []
        references: list[ReferenceList] = []
        for one in found:
            paper = self._completed(one.paper) if one.paper else None
            inquiries.append(self._inquiry(one, paper))
            told = (one.other, paper)
            papers += (fetched_paper(p, self._today) for p in told if p and p.title)
            listed = fetched_references(paper, self._today) if paper else None
            references += (listed,) if listed else ()
        self._keep(fetched_statements(self._today, inquiries, papers, references))
        self.outcomes.update((one.wanted.iri, one.outcome) for one in found)
        self.found += sum(one.paper is not None for one in found)
        self._report()

    def _completed(self, paper: ScholarPaper) -> ScholarPaper:
        """Return ``paper`` with its whole reference list, and with why each is cited if that is asked."""
        if not self._intents:
            return self._scholar.completed(paper)
        return self._scholar.edge_by_edge(paper)

    def _inquiry(self, one: _Found, paper: ScholarPaper | None) -> Inquiry:
        title = one.wanted.titles[0]
        came = one.other or paper
        same = came is None or title_key(came.title) == title_key(title)
        return Inquiry(
            work=one.wanted.iri,
            title=title,
            date=self._today,
            outcome=one.outcome,
            asked_as=one.asked_as,
            answer=scholar_identifier(paper.paper_id) if paper else None,
            title_answered="" if same or came is None else came.title,
            intents=self._intents,
        )

    def _report(self) -> None:
        if self._tell:
            self._tell(Progress(len(self.outcomes), self._total, self._scholar.requests_made))


def _bears(paper: ScholarPaper, asked_as: str) -> bool:
    """Return whether a paper bears the id that it was asked for by, or one was asked for that it does not tell."""
    asked = asked_identifier(asked_as)
    told = {i.scheme for i in paper.identifiers}
    return asked is None or asked.scheme not in told or asked in paper.identifiers
