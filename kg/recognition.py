"""Which work of the graph an entry of a .bib file means.

Identity is identifier and title together, as where the graph is made (``matching.py``): an identifier that leads to
another title is not believed, and a title names a work only if the first author and the year do not speak against it.
Works that listed works cite are recognised like listed ones; they bear keys too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio

from ..ontology import terms as t
from . import iris
from .bibfile import BibEntry
from .graph import Graph
from .identifiers import first_posted
from .model import WORK_SCHEMES, Identifier, Name
from .names import family_of
from .text import SHORT_TITLE, ascii_fold, is_short, title_key
from .titles import TitleWeights, near, nickname, numbers, one_but_for_nickname, squash, stem
from .untex import untex
from .works import work_titles

YEARS_APART = 2
"""How many years may lie between two tellings of one work: a preprint and its publication."""
RENAMED = 0.3
"""Weighted share of words (0..1) that two titles of a renamed work have at least, where its authors are not known."""
LIKE = 80.0
"""Ratio of letters (0..100) from which two titles are one work's, if first author and year say so too."""
_MOST_ALIKE = 200
"""A word that stands in more titles finds nothing near."""

How = Literal["identifier", "title", "key", ""]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Which work an entry means (IRI, empty for none of the graph) and what told it.

    ``sure`` is False where something speaks against it or too little for it. ``likely`` is False where an identifier of
    the entry is that of ``work``, the title is another one, and the authors do not say that it was renamed: the entry
    means something else.
    """

    entry: BibEntry
    work: str
    how: How
    sure: bool
    likely: bool = True


def recognise(graph: Graph, entries: Iterable[BibEntry]) -> list[Recognised]:
    """Return for each of ``entries``, in order, the work that it means.

    >>> import llmcomp
    >>> from llmcomp.kg.bibfile import parse_bib
    >>> entry = "@misc{x, title={GPTQ: accurate post-training quantization for generative pre-trained transformers}}"
    >>> [(r.work.rpartition("/")[2], r.how, r.sure) for r in recognise(llmcomp.open_graph(), parse_bib(entry).entries)]
    [('arxiv:2210.17323', 'title', True)]
    """
    asked = list(entries)
    if not asked:
        return []
    known = _Known(graph)
    return [known.recognise(entry) for entry in asked]


def author_key(name: Name) -> str:
    """Return what two printings of one author have in common: the family name, or a group's whole name, folded."""
    return title_key(ascii_fold(name.family or name.literal)).replace(" ", "")


class _Known:
    """The works of a graph by all that an entry may tell of them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.listed = graph.pairs("listed-works").keys() | graph.pairs("listed-tools").keys()
        self._titles = {work: [_read(title) for title in told] for work, told in work_titles(graph).items()}
        self._aliases = graph.pairs("aliases")
        self._by_title: dict[str, list[str]] = defaultdict(list)
        self._by_squash: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._by_nickname: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[str, str]]] = defaultdict(list)
        keys = [(work, title, title_key(title)) for work, told in sorted(self._titles.items()) for title in told]
        self.weights = TitleWeights(key for _, _, key in keys)
        for work, title, key in keys:
            self._by_title[key].append(work)
            self._by_squash[squash(key)].append(work)
            if rest := stem(title):
                self._by_stem[rest].append(work)
                self._by_nickname[nickname(title)].append(work)
            for word in self.weights.rarest(key):
                self._by_word[word].append((work, key))
        self._by_identifier = self._identified()
        self._names: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for work, position, name in graph.rows("work-authors"):
            self._names[work].append((int(position), name))
        self._years: dict[str, set[int]] = defaultdict(set)
        for work, year in graph.rows("work-years"):
            self._years[work].add(int(year))
        self._arxiv: dict[str, set[Identifier]] = defaultdict(set)
        for identifier, work in self._by_identifier.items():
            if identifier.scheme == "arxiv":
                self._arxiv[work].add(identifier)
                if posted := first_posted(identifier.value):
                    self._years[work].add(posted[0])
        self._by_key = {key: work for work, key in graph.rows("former-keys")}
        self._by_key |= {key: work for work, key in graph.pairs("work-keys").items()}

    def _identified(self) -> dict[Identifier, str]:
        schemes = {iri: name for name, iri in t.IDENTIFIER_SCHEMES.items()}
        return {
            Identifier(schemes[scheme], value): work  # pyright: ignore[reportArgumentType]
            for work, scheme, value in self._graph.rows("work-identifiers")
            if scheme in schemes and work in self._titles
        }

    def recognise(self, entry: BibEntry) -> Recognised:
        """Return the work that an entry means, or none."""
        title, authors, year = entry.title, [author_key(name) for name in entry.authors], entry.year
        if not title_key(title):
            return self._without_title(entry, authors)
        by_identifier = [work for i in entry.identifiers if (work := self._bearer(i, title))]
        # a version's title agrees with that of the next one; what is another listed work's to the letter is that work's
        others = {w for w in self._titled(title) if w in self.listed}
        for work in by_identifier:
            if self._agrees(work, title) and (not others or work in others):
                return Recognised(entry, work, "identifier", True)
        titled = self._exactly(title, authors, year) or self._nearly(title, authors, year)
        if titled:
            work, sure = titled
            return Recognised(
                entry, work, "title", sure and not self._contradicted(entry, work, by_identifier, authors)
            )
        if by_identifier:
            work = by_identifier[0]
            return Recognised(entry, work, "identifier", False, self._may_be(work, title, authors))
        return Recognised(entry, "", "", False)

    def _contradicted(self, entry: BibEntry, work: str, by_identifier: Sequence[str], authors: Sequence[str]) -> bool:
        """Return whether an identifier that is another's speaks against the work of the title.

        It does unless the first author speaks for the work, and fewer of the authors for the other one.
        """
        if not by_identifier and not self._other_arxiv(entry, work):
            return False
        shared = {w: len({*self._authors(w)} & {*authors}) for w in (work, *by_identifier)}
        return self._said_by(work, authors) is None or any(
            shared[w] >= shared[work] for w in by_identifier if w != work
        )

    def _without_title(self, entry: BibEntry, authors: list[str]) -> Recognised:
        for identifier in entry.identifiers:
            if work := self._bearer(identifier):
                return Recognised(entry, work, "identifier", bool(self._said_by(work, authors)))
        if work := self._by_key.get(entry.key, ""):
            return Recognised(entry, work, "key", False)
        return Recognised(entry, "", "", False)

    def _bearer(self, identifier: Identifier, title: str = "") -> str:
        """Return the work of an identifier; a repository or a model is one only under its own name."""
        iri = iris.identifier_work(identifier) if identifier.scheme in WORK_SCHEMES else ""
        work = self._by_identifier.get(identifier) or self._aliases.get(iri, iri)
        if work not in self._titles:
            return ""
        if title and identifier.scheme not in WORK_SCHEMES and not self._agrees(work, title):
            return ""
        return work

    def _agrees(self, work: str, title: str) -> bool:
        return any(self.weights.agree(title, known) for known in self._titles[work])

    def _may_be(self, work: str, title: str, authors: Sequence[str]) -> bool:
        """Return whether a work that an identifier leads to may be meant under another title."""
        said = self._said_by(work, authors)
        if said is not None:
            return said
        key = title_key(title)
        return any(self.weights.share(key, title_key(known)) >= RENAMED for known in self._titles[work])

    def _other_arxiv(self, entry: BibEntry, work: str) -> bool:
        """Return whether entry and work bear arXiv ids, and none is the same."""
        theirs = {i for i in entry.identifiers if i.scheme == "arxiv"}
        ours = self._arxiv.get(work, set())
        return bool(theirs and ours) and not theirs & ours

    def _said_by(self, work: str, authors: Sequence[str]) -> bool | None:
        """Return whether a work is by ``authors``: by its first one, or not by any of them; None for neither."""
        ours = self._authors(work)
        if not ours or not authors:
            return None
        if ours[0] == authors[0]:
            return True
        return None if set(ours) & set(authors) else False

    def _authors(self, work: str) -> list[str]:
        return [family_of(name) for _, name in sorted(self._names.get(work, ()))]

    def _in_time(self, work: str, year: int | None) -> bool:
        years = self._years.get(work)
        return year is None or not years or any(abs(year - known) <= YEARS_APART for known in years)

    def _exactly(self, title: str, authors: list[str], year: int | None) -> tuple[str, bool] | None:
        """Return the work of this title, and whether nothing else can be meant."""
        short = is_short(title_key(title))
        fitting = [w for w in self._titled(title) if self._fits(w, authors, year, needs_author=short)]
        return self._best(fitting, authors)

    def _titled(self, title: str) -> list[str]:
        """Return the works that bear this title."""
        key = title_key(title)
        return [*dict.fromkeys(self._by_title.get(key) or self._by_squash.get(squash(key), ()))]

    def _fits(self, work: str, authors: list[str], year: int | None, *, needs_author: bool) -> bool:
        said = self._said_by(work, authors)
        return (said is True if needs_author else said is not False) and self._in_time(work, year)

    def _best(self, works: list[str], authors: list[str]) -> tuple[str, bool] | None:
        """Return the first of works that fit: by the same author, then listed; sure if no other fits as well."""
        if not works:
            return None
        ranked = sorted((self._said_by(w, authors) is not True, w not in self.listed, w) for w in works)
        alone = len(ranked) == 1 or ranked[0][:2] != ranked[1][:2]
        first = ranked[0][2]
        ours = self._authors(first)
        in_order = not ours or not authors or ours[0] == authors[0]
        return first, alone and in_order

    def _nearly(self, title: str, authors: list[str], year: int | None) -> tuple[str, bool] | None:
        """Return the work whose title differs by a misprint or a nickname, and whether nothing speaks against it."""
        key, rest = title_key(title), stem(title)
        if is_short(key):
            named = [w for w in dict.fromkeys(self._by_nickname.get(key, ())) if self._said_by(w, authors)]
            best = self._best([w for w in named if self._in_time(w, year)], authors)
            return (best[0], False) if best else None
        alike = [
            (work, known)
            for word in self.weights.rarest(key)
            if len(titled := self._by_word.get(word, ())) <= _MOST_ALIKE
            for work, known in titled
        ]
        works = dict.fromkeys(work for work, known in alike if near(key, known))
        if best := self._best([w for w in works if self._fits(w, authors, year, needs_author=False)], authors):
            return best[0], best[1] and not self._renamed(best[0], title, authors)
        works = dict.fromkeys(work for work, known in alike if self._reworded(work, key, known, authors, year))
        if best := self._best(list(works), authors):
            return best[0], best[1] and self._agrees(best[0], title)
        stems = [*self._by_stem.get(key, ())]
        if rest.count(" ") + 1 >= SHORT_TITLE:
            stems += [*self._by_title.get(rest, ()), *self._by_stem.get(rest, ())]
        named = [w for w in dict.fromkeys(stems) if self._fits(w, authors, year, needs_author=False)]
        if best := self._best([w for w in named if self._but_for_nickname(w, title)], authors):
            return best[0], best[1] and not self._renamed(best[0], title, authors)
        # "GPT3.int8()" in print was "LLM.int8()": another number, but all the same people
        best = self._best([w for w in named if len(authors) > 1 and self._authors(w) == authors], authors)
        return (best[0], False) if best else None

    def _but_for_nickname(self, work: str, title: str) -> bool:
        """Return whether a title is the work's but for a nickname; one of another number is another work's."""
        ours = nickname(title)
        alike = (nickname(known) for known in self._titles[work] if one_but_for_nickname(title, known))
        return any(not (ours and theirs) or numbers(ours) == numbers(theirs) for theirs in alike)

    def _renamed(self, work: str, title: str, authors: list[str]) -> bool:
        """Return whether a title has another nickname than all of the work's, and no author says that it is one."""
        name = nickname(title)
        names = {nickname(known) for known in self._titles[work]}
        return bool(name and all(names)) and name not in names and self._said_by(work, authors) is not True

    def _reworded(self, work: str, key: str, known: str, authors: list[str], year: int | None) -> bool:
        """Return whether a title is the ``known`` one reworded, by the same author in the same years."""
        if year is None or not self._years.get(work) or not self._in_time(work, year):
            return False
        if numbers(key) != numbers(known) or self._said_by(work, authors) is not True:
            return False
        return ratio(key, known, score_cutoff=LIKE) > 0


def _read(title: str) -> str:
    """Return a title of the graph as an entry's is read: math as text."""
    return untex(title) if "$" in title or "\\" in title else title
