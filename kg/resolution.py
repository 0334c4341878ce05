"""What was decided, as values: works, who cites whom, what did not fit.

Works that reference lists alone name are many, so they are decided one by one as they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from . import iris
from .facts import PaperFacts, Reference
from .findings import Finding
from .groups import Group, Row
from .linked import CitedWorks
from .model import Identifier
from .outside import Outside
from .publication import Publication


@dataclass(frozen=True, slots=True)
class ResolvedWork:
    """One work as decided: a paper, listed or only cited, or a tool.

    ``posted`` is year and month of first posting, month 0 when only the year is known. ``author_ids`` are Semantic
    Scholar's, one for each author (empty for one it does not know), or none at all. ``counted`` are what tells how
    often it was cited in all, day by day. ``graphs`` are the sources beside
    lists that speak of it, ``spoken_of`` the other IRIs under which they do, ``aliases`` those under which earlier
    builds may have, and ``formerly`` those under which they did until a link turned out to be another paper's.
    """

    iri: str
    title: str
    other_titles: tuple[str, ...] = ()
    is_tool: bool = False
    authors: tuple[str, ...] = ()
    authors_truncated: bool = False
    author_ids: tuple[str, ...] = ()
    confidence: str = ""
    identifiers: tuple[Identifier, ...] = ()
    posted: tuple[int, int] | None = None
    publication: Publication | None = None
    preprint_url: str = ""
    open_access: str = ""
    counted: tuple[PaperFacts, ...] = ()
    sections: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    graphs: tuple[str, ...] = ()
    spoken_of: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """Return the venue's year for a published work, else the year of first posting."""
        if self.publication and self.publication.year:
            return self.publication.year
        return self.posted[0] if self.posted else None


@dataclass(frozen=True, slots=True)
class OutsideWorks:
    """The works that fetched reference lists alone name: each is decided when it is asked for."""

    claims: Outside
    decide: Callable[[Group], ResolvedWork]

    def __len__(self) -> int:
        return len(self.claims)

    def __iter__(self) -> Iterator[ResolvedWork]:
        return (self.decide(self.claims.group(n)) for n in range(len(self.claims)))


@dataclass(frozen=True, slots=True)
class Cites:
    """One work cites another: the references that say so, why it does, and whether it matters, if a source tells."""

    citing: str
    cited: str
    references: tuple[str, ...]
    intents: tuple[str, ...] = ()
    influential: bool | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The resolved view: works in order, works outside, reference lists by who cites, and what did not fit."""

    works: tuple[ResolvedWork, ...]
    outside: OutsideWorks
    lists: tuple[tuple[str, tuple[CitedWorks[str], ...]], ...]
    findings: tuple[Finding, ...]

    def reference_lists(self) -> Iterator[tuple[str, bool]]:
        """Yield each work whose reference list is known, and whether one of the sources has the whole of it."""
        for citing, lists in self.lists:
            yield citing, any(listed.complete for listed in lists)

    def citations(self, outside: Sequence[str]) -> Iterator[Cites]:
        """Yield who cites whom, in order; ``outside`` are the IRIs of the works outside by number."""
        for citing, lists in self.lists:
            edges: dict[str, list[tuple[str, Reference | None]]] = {}
            for listed in lists:
                for position, cited in enumerate(listed.cited, 1):
                    if cited is None:
                        continue
                    iri = outside[cited] if isinstance(cited, int) else cited
                    if iri != citing:
                        said = iris.reference(listed.iri, position, listed.asked)
                        edges.setdefault(iri, []).append((said, listed.told.get(position)))
            for cited, said in sorted(edges.items()):
                told = [reference for _, reference in said if reference]
                intents = {intent for reference in told for intent in reference.intents}
                matters = [r.influential for r in told if r.influential is not None]
                references = tuple(sorted(reference for reference, _ in said))
                yield Cites(citing, cited, references, tuple(sorted(intents)), any(matters) if matters else None)
