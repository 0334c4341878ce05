"""What sources claim of one work, gathered while they are read, before anything is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .facts import PaperFacts, Reference
from .model import Entry, Identifier
from .text import title_key


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list, and in which of the lists it stands."""

    reading: int
    entry: Entry


@dataclass(slots=True)
class Group:
    """Claims about one work, growing while sources are read.

    ``cited`` are the items of reference lists that name it; ``days`` when the sources that speak of it were asked,
    empty for what is shipped; ``spoken_of`` the IRIs under which they do.
    """

    titles: dict[str, str] = field(default_factory=dict[str, str])
    identifiers: dict[Identifier, None] = field(default_factory=dict[Identifier, None])
    facts: list[PaperFacts] = field(default_factory=list[PaperFacts])
    rows: list[Row] = field(default_factory=list[Row])
    cited: list[Reference] = field(default_factory=list[Reference])
    families: set[str] = field(default_factory=set[str])
    days: set[str] = field(default_factory=set[str])
    spoken_of: set[str] = field(default_factory=set[str])

    def arxiv(self) -> Identifier | None:
        """Return the work's arXiv id."""
        return arxiv_of(self.identifiers)

    def name(self) -> str:
        """Return the first title that was claimed."""
        return next(iter(self.titles.values()))


def arxiv_of(identifiers: Iterable[Identifier]) -> Identifier | None:
    """Return the first arXiv id among ``identifiers``."""
    return next((i for i in identifiers if i.scheme == "arxiv"), None)


def group_of(references: list[Reference], days: set[str], spoken_of: set[str]) -> Group:
    """Return the claims of ``references`` alone, all of which name one work."""
    group = Group(cited=references, days=days, spoken_of=spoken_of)
    for reference in references:
        if reference.title:
            group.titles.setdefault(title_key(reference.title), reference.title)
        group.identifiers.update(dict.fromkeys(reference.identifiers))
    return group
