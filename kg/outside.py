"""Works that fetched reference lists name and nothing else does: many, and each of them small.

A survey's list cites tens of thousands of works outside itself, so they are held as what was printed of them, and
become claims like any other's (:class:`~llmcomp.kg.groups.Group`) one by one when they are asked for.
"""

from __future__ import annotations

from dataclasses import replace

from .facts import Reference
from .groups import Group, arxiv_of, group_of
from .model import Identifier
from .source_graphs import cited_work
from .text import family_key, is_short, title_key


class Outside:
    """Works by number, in the order in which they were first named.

    Two items name one work when they share an identifier or, arXiv ids permitting, a title; a short title names
    nobody without its first author.

    >>> works = Outside()
    >>> arxiv = Identifier("arxiv", "1706.03762")
    >>> works.place(Reference("Attention Is All You Need", "A. Vaswani", 2017, (arxiv,)), "2026-11-24")
    0
    >>> works.place(Reference("Attention is all you need."), "2026-11-24"), len(works)
    (0, 1)
    """

    def __init__(self) -> None:
        """Start with no works."""
        self._printed: list[tuple[Reference, ...]] = []
        self._days: list[tuple[str, ...]] = []
        self._by_identifier: dict[Identifier, int] = {}
        self._by_title: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._printed)

    def has(self, identifier: Identifier) -> bool:
        """Return whether a work outside bears ``identifier``."""
        return identifier in self._by_identifier

    def place(self, reference: Reference, day: str) -> int:
        """Return the number of the work that an item names, a new one for a work not named before."""
        named = tuple(i for i in reference.identifiers if i.scheme != "semanticscholar")
        # why it is cited is the citation's, not the work's; the service's own id tells what its other ids do not
        reference = replace(reference, identifiers=named or reference.identifiers, intents=(), influential=None)
        key = _key(reference)
        known = [self._by_identifier.get(identifier) for identifier in reference.identifiers]
        known.append(self._by_title.get(key) if key else None)
        number = next((n for n in known if n is not None and not self._apart(n, reference)), None)
        if number is None:
            number = len(self._printed)
            self._printed.append(())
            self._days.append(())
        printed = self._printed[number]
        # one object for all equal printings
        self._printed[number] = (*printed, next((p for p in printed if p == reference), reference))
        if day not in self._days[number]:
            self._days[number] = (*self._days[number], day)
        for identifier in reference.identifiers:
            self._by_identifier.setdefault(identifier, number)
        if key:
            self._by_title.setdefault(key, number)
        return number

    def _apart(self, number: int, reference: Reference) -> bool:
        """Return whether a work is another: by its arXiv id, or by DOI and first author at once.

        A preprint and its printed version have two DOIs and one author, two volumes of proceedings one title.
        """
        known = self._printed[number]
        ours = arxiv_of(reference.identifiers)
        theirs = next((a for p in known if (a := arxiv_of(p.identifiers))), None)
        if ours and theirs:
            return ours != theirs
        dois = {i for p in known for i in p.identifiers if i.scheme == "doi"}
        own = {i for i in reference.identifiers if i.scheme == "doi"}
        authors = {family_key(p.first_author) for p in known if p.first_author}
        by_others = bool(authors and reference.first_author) and family_key(reference.first_author) not in authors
        return by_others and bool(dois and own) and dois.isdisjoint(own)

    def settle(self) -> None:
        """Forget what only placing needs: no work will be named any more."""
        self._by_title.clear()

    def group(self, number: int) -> Group:
        """Return what was claimed of one work."""
        printed = self._printed[number]
        spoken_of = {cited_work(p) for p in dict.fromkeys(printed)}
        group = group_of(list(printed), set(self._days[number]), spoken_of)
        for identifier in list(group.identifiers):
            if self._by_identifier[identifier] != number:
                del group.identifiers[identifier]
        return group


def _key(reference: Reference) -> str:
    """Return by what a title names a work: a short one by the author too, and if he is not known by nothing else."""
    key = title_key(reference.title)
    family = family_key(reference.first_author)
    if key and is_short(key):
        return f"{key}\n{family}" if family else key * (not reference.identifiers)
    return key
