"""Which entries of two .bib files are one work, without a graph.

Two are one when an identifier and the title say so, or title and first author, or, for what is left, the key and much
of the title. Each entry has one partner at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .bibfile import BibEntry, BibFile
from .model import Identifier
from .recognition import author_key
from .text import is_short, title_key
from .titles import TitleWeights, near, numbers, squash

SIMILAR = 0.4
"""Weighted share of words (0..1) from which titles under one key may be one work's, renamed."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """An entry and what tells whether another is the same work: its keys, title, authors and identifiers."""

    entry: BibEntry
    keys: tuple[str, ...]
    title: str
    title_key: str
    squashed: str
    authors: tuple[str, ...]
    identifiers: tuple[Identifier, ...]

    def by_the_same(self, other: Seen) -> bool | None:
        """Return whether both have one first author; None where one of them names none."""
        return self.authors[0] == other.authors[0] if self.authors and other.authors else None

    def alike(self, other: Seen) -> bool:
        """Return whether title and first author name one work; without authors a long title is enough."""
        if not self.squashed or self.squashed != other.squashed:
            return False
        said = self.by_the_same(other)
        return said is True if is_short(self.title_key) else said is not False

    def strange(self, other: Seen) -> bool:
        """Return whether both name authors, and none is the same."""
        return bool(self.authors and other.authors) and not {*self.authors} & {*other.authors}

    def apart(self, other: Seen) -> bool:
        """Return whether both bear arXiv ids, and not the same."""
        had, has = ({i for i in seen.identifiers if i.scheme == "arxiv"} for seen in (self, other))
        return bool(had and has) and not had & has


def works(file: BibFile) -> list[Seen]:
    """Return the works of a file, sorted so that their order in it says nothing."""
    seen: list[Seen] = []
    for entry in file.works:
        title = entry.title
        key = title_key(title)
        ids = (name.strip() for name in entry.get("ids").split(","))
        keys = tuple(dict.fromkeys(name for name in (entry.key, *ids) if name))
        authors = tuple(map(author_key, entry.authors))
        seen.append(Seen(entry, keys, title, key, squash(key), authors, entry.identifiers))
    return sorted(seen, key=lambda s: (s.entry.key, s.title_key, s.entry.raw))


def pair(old: Sequence[Seen], new: Sequence[Seen]) -> list[tuple[Seen, Seen]]:
    """Return the pairs that are one work, surest first."""
    # as among fifty titles more: a word that two of a handful share would tell nothing
    weights = TitleWeights([*dict.fromkeys(seen.title_key for seen in (*old, *new)), *[""] * 50])

    def agree(a: Seen, b: Seen) -> bool:
        return not a.title_key or not b.title_key or weights.agree(a.title, b.title)

    def reworded(a: Seen, b: Seen) -> bool:
        if a.by_the_same(b) is not True or a.apart(b) or numbers(a.title_key) != numbers(b.title_key):
            return False
        return weights.agree(a.title, b.title)

    def similar(a: Seen, b: Seen) -> bool:
        if not a.title_key or not b.title_key:
            return a.by_the_same(b) is not False
        if a.strange(b):
            return near(a.title_key, b.title_key)
        if weights.agree(a.title, b.title):
            return True
        return weights.share(a.title_key, b.title_key) >= SIMILAR and not a.apart(b)

    def rare(seen: Seen) -> list[str]:
        return [] if is_short(seen.title_key) else weights.rarest(seen.title_key)

    # the same key first: of two entries for one work each meets its own
    steps: tuple[tuple[Callable[[Seen], Iterable[Hashable]], Callable[[Seen, Seen], bool]], ...] = (
        (lambda s: [(k, s.squashed) for k in s.keys if s.squashed], lambda a, b: a.by_the_same(b) is not False),
        (lambda s: [(k, i) for k in s.keys for i in s.identifiers], agree),
        (lambda s: s.identifiers, agree),
        (lambda s: [s.squashed] if s.squashed else [], Seen.alike),
        (lambda s: s.identifiers, lambda a, b: a.by_the_same(b) is True),
        (rare, reworded),
        (lambda s: s.keys, similar),
    )
    pairs: list[tuple[Seen, Seen]] = []
    paired: set[int] = set()
    for names, fits in steps:
        left_old, left_new = ([s for s in seen if id(s) not in paired] for seen in (old, new))
        found = list(_meeting(left_old, left_new, names, fits))
        pairs += found
        paired |= {id(seen) for both in found for seen in both}
    return pairs


def _meeting(
    old: Iterable[Seen],
    new: Iterable[Seen],
    names: Callable[[Seen], Iterable[Hashable]],
    fits: Callable[[Seen, Seen], bool],
) -> Iterator[tuple[Seen, Seen]]:
    """Yield the pairs that have a name in common and fit."""
    by_name: dict[Hashable, list[Seen]] = defaultdict(list)
    for seen in new:
        for name in names(seen):
            by_name[name].append(seen)
    taken: set[int] = set()
    for seen in old:
        others = (other for name in names(seen) for other in by_name.get(name, ()) if id(other) not in taken)
        partner = next((other for other in others if fits(seen, other)), None)
        if partner is not None:
            taken.add(id(partner))
            yield seen, partner
