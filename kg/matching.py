"""Find out what is the same work. The one place that decides it.

Identity is identifier and title together. Each source makes claims: "a paper of this title bears this
identifier". Facts come first and are believed; a row of a list is held against them and against the other
rows. Where title and identifier lead to two papers, the title says which paper the row means, the
identifier is not followed, and a finding says so with the line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .facts import PaperFacts, Reference, ReferenceList
from .findings import Finding, FindingKind
from .groups import Group, Row, arxiv_of
from .identifiers import page
from .linked import CitedWorks, Linked
from .links import work_identifiers
from .model import Identifier, Reading
from .outside import Outside
from .source_graphs import cited_work, citing_work, told_work
from .text import SHORT_TITLE, family_key, is_short, title_key
from .titles import TitleWeights, near, squash, stem


class Linker:
    """Holds claims against each other; see :func:`link`."""

    def __init__(self, weights: TitleWeights, readings: Sequence[Reading]) -> None:
        """Start with no works; ``weights`` are those of all titles at hand."""
        self._weights = weights
        self._readings = readings
        self.groups: dict[int, Group] = {}
        self.findings: list[Finding] = []
        self.outside = Outside()
        self._told_as: dict[str, Group] = {}
        self._by_title: dict[str, Group] = {}
        self._by_squash: dict[str, Group] = {}
        self._by_identifier: dict[Identifier, Group] = {}
        self._by_word: dict[str, dict[int, Group]] = defaultdict(dict)
        self._reported: set[tuple[int, int, Identifier]] = set()

    # --- growing groups

    def _grow(self, group: Group | None, titles: Iterable[str], identifiers: Iterable[Identifier] = ()) -> Group:
        """Add titles and identifiers to a group (a new one for None) and to the indexes."""
        group = Group() if group is None else group
        self.groups[id(group)] = group
        for title in titles:
            key = title_key(title)
            group.titles.setdefault(key, title)
            if self._by_title.setdefault(key, group) is group:
                self._by_squash.setdefault(squash(key), group)
                for word in self._weights.rarest(key):
                    self._by_word[word][id(group)] = group
        for identifier in identifiers:
            if self._by_identifier.setdefault(identifier, group) is group:
                group.identifiers[identifier] = None
        return group

    def _absorb(self, kept: Group, other: Group) -> Group:
        """Make one group of two."""
        for name in ("titles", "identifiers", "families", "days", "spoken_of"):
            getattr(kept, name).update(getattr(other, name))
        for name in ("facts", "rows", "cited"):
            getattr(kept, name).extend(getattr(other, name))
        for index in (self._by_title, self._by_squash, self._by_identifier):
            for key, group in list(index.items()):
                if group is other:
                    index[key] = kept  # pyright: ignore[reportArgumentType]
        for groups in self._by_word.values():
            if groups.pop(id(other), None):
                groups[id(kept)] = kept
        del self.groups[id(other)]
        return kept

    # --- finding groups

    def _titled(self, title: str, family: str = "") -> Group | None:
        """Return the work of exactly this title, line breaks and an added or dropped nickname aside."""
        key = title_key(title)
        group = self._by_title.get(key) or self._by_squash.get(squash(key))
        if group and (not is_short(key) or self._same_author(group, family)):
            return group
        return None

    def _nearly_titled(self, title: str, family: str = "") -> Group | None:
        """Return the work whose title differs from this one by a misprint."""
        key = title_key(title)
        if is_short(key):
            return None
        seen: dict[int, Group] = {}
        for word in self._weights.rarest(key):
            if len(self._by_word[word]) <= 100:
                seen.update(self._by_word[word])
        for group in seen.values():
            if self._same_author(group, family) and any(near(key, known) for known in group.titles):
                return group
        return None

    @staticmethod
    def _only_called_alike(group: Group, title: str, claimed: Sequence[Identifier]) -> bool:
        """Return whether a row of a short title ("Technical Report") links to another paper than its namesake."""
        arxiv = [i for i in claimed if i.scheme == "arxiv"]
        apart = bool(arxiv) and group.arxiv() is not None and group.arxiv() not in arxiv
        return apart and not group.facts and is_short(title_key(title))

    @staticmethod
    def _same_author(group: Group, family: str) -> bool:
        return not family or not group.families or family in group.families

    def _agrees(self, title: str, group: Group) -> bool:
        return any(self._weights.agree(title, known) for known in group.titles.values())

    def knows(self, title: str) -> bool:
        """Return whether a work of this title has been claimed."""
        return self._titled(title) is not None

    # --- claims

    def add_facts(self, paper: PaperFacts) -> None:
        """Add a record of facts: its titles and identifiers belong together."""
        claimed = (*paper.known_as, *paper.identifiers)
        owners = [g for i in claimed if (g := self._by_identifier.get(i))]
        # what a service calls one paper may be two by title: it merges papers that are not the same
        owners = [g for g in owners if not paper.asked or any(self._agrees(t, g) for t in paper.titles)]
        group = owners[0] if owners else self._titled_alike(paper)
        for other in owners[1:]:
            if group and other is not group and id(other) in self.groups and self._are_one(group, other):
                self._absorb(group, other)
        ids = _further(claimed, group) if paper.asked else claimed
        group = self._grow(group, paper.titles, ids)
        group.facts.append(paper)
        group.families.update(family_key(a) for a in paper.authors[:1])
        group.days.add(paper.asked)
        iri = told_work(paper)
        group.spoken_of.add(iri)
        if paper.asked:
            self._told_as.setdefault(iri, group)

    def _titled_alike(self, paper: PaperFacts) -> Group | None:
        """Return the work of a record's title, unless both bear arXiv ids and so are two."""
        # an id that is another work's says nothing of this one
        arxiv = arxiv_of(i for i in paper.identifiers if i not in self._by_identifier)
        for title in paper.titles if paper.asked else paper.titles[:1]:
            group = self._titled(title, family_key(paper.authors[0]) if paper.authors else "")
            if group and not (arxiv and group.arxiv()):
                return group
        return None

    @staticmethod
    def _apart(group: Group, other: Group) -> bool:
        """Return whether two works bear arXiv ids, and not the same."""
        return bool(group.arxiv() and other.arxiv()) and group.arxiv() != other.arxiv()

    def _are_one(self, group: Group, other: Group) -> bool:
        return not self._apart(group, other) and any(self._agrees(title, group) for title in other.titles.values())

    def add_row(self, row: Row) -> None:
        """Add a row of a list, believing its title before its links."""
        title = row.entry.title
        claimed = work_identifiers(row.entry.links)
        group = self._titled(title)
        if group is None or self._only_called_alike(group, title, claimed):
            group = self._row_by_identifier(row, claimed)
        kept = [i for i in claimed if self._may_bear(group, i, row)] if group else list(claimed)
        group = self._grow(group, [title], kept)
        group.rows.append(row)

    def _row_by_identifier(self, row: Row, claimed: Sequence[Identifier]) -> Group | None:
        """Return the work of a row whose title nobody knows: its links' if the titles agree, else None."""
        title = row.entry.title
        for identifier in claimed:
            group = self._by_identifier.get(identifier)
            if group and self._agrees(title, group):
                return group
        near_by = self._nearly_titled(title)
        ids = {i for i in claimed if i.scheme == "arxiv"}
        if near_by and not (ids and near_by.arxiv() and near_by.arxiv() not in ids):
            return near_by
        stranger = [i for i in claimed if i in self._by_identifier]
        if stranger:
            # a group of its own, without the identifier that names another paper
            group = self._grow(None, [title], [i for i in claimed if i not in self._by_identifier])
            for identifier in stranger:
                self._report_foreign(row, identifier, self._by_identifier[identifier], group)
            return group
        return None

    def _may_bear(self, group: Group, identifier: Identifier, row: Row) -> bool:
        """Return whether a row's identifier is its work's; report it if it is another's."""
        owner = self._by_identifier.get(identifier)
        if owner is group:
            return True
        if owner is not None:
            if not self._apart(group, owner) and self._agrees(row.entry.title, owner):
                self._absorb(group, owner)
                return True
            self._report_foreign(row, identifier, owner, group)
            return False
        own = group.arxiv()
        if identifier.scheme == "arxiv" and own is not None:
            self._report_foreign(row, identifier, None, group)
            return False
        return True

    def _lines(self, group: Group, beside: Row) -> str:
        """Return where a work stands, as a row beside it would say: "line 3", "other.md, line 7"."""
        places = [self._place(row, beside) for row in group.rows]
        return " and ".join(places)

    def _place(self, row: Row, beside: Row) -> str:
        line = f"line {row.entry.line}"
        return line if row.reading == beside.reading else f"{self._readings[row.reading].source}, {line}"

    def _report_foreign(self, row: Row, identifier: Identifier, owner: Group | None, group: Group) -> None:
        """Record that a row links to what is not its paper, with all that is known of both sides."""
        told = (row.reading, row.entry.line, identifier)
        if told in self._reported:
            return
        self._reported.add(told)
        own = group.arxiv() if identifier.scheme == "arxiv" else None
        kind: FindingKind = "wrong-link"
        if owner is None:
            leads = f"links {page(identifier)}, which is another paper"
        elif owner.facts or owner.cited or not owner.rows:
            leads = f"links {page(identifier)}, which is '{owner.name()}'"
        else:
            kind = "wrong-link" if group.facts else "shared-link"
            leads = f"links {page(identifier)}, as does {self._lines(owner, row)} for '{owner.name()}'"
        if own and group.facts:
            right = f"the row's paper is {page(own)}"
        elif own and group.rows:
            kind = "shared-link"
            leads = f"links {page(identifier)}"
            right = f"{self._lines(group, row)} of the same title links {page(own)}; one of the links is wrong"
        elif group.facts:
            right = "the row's paper is another"
        else:
            right = "one of the links is wrong, or the paper was renamed"
        text = f"{leads}; {right}"
        source = self._readings[row.reading].source
        self.findings.append(Finding(kind, source, row.entry.line, row.entry.title, text, identifier, own))

    def add_citing(self, listed: ReferenceList) -> Group:
        """Add the paper whose reference list this is."""
        iri = citing_work(listed)
        group = self._told_as.get(iri) if listed.asked else None
        if group is None or id(group) not in self.groups:
            group = self._by_identifier.get(listed.citing) or self._titled(listed.title)
            group = self._grow(group, [listed.title], [listed.citing])
        group.days.add(listed.asked)
        group.spoken_of.add(iri)
        return group

    def add_references(self, group: Group, listed: ReferenceList) -> CitedWorks[Group]:
        """Add the works that the items of a group's reference list name."""
        add = self._add_fetched if listed.asked else self._add_printed
        cited = tuple(add(reference, listed.asked) for reference in listed.references)
        told = {n: r for n, r in enumerate(listed.references, 1) if r.intents or r.influential is not None}
        return CitedWorks(group, citing_work(listed), listed.complete, listed.asked, cited, told)

    def _add_printed(self, reference: Reference, day: str) -> Group:
        """Add a printed item: its identifier decides unless its title is exactly another work's."""
        family = family_key(reference.first_author)
        named = next((g for i in reference.identifiers if (g := self._by_identifier.get(i))), None)
        group = self._rather(named, self._titled(reference.title, family), reference)
        if group is None:
            group = self._nearly_titled(reference.title, family)
        new = list(reference.identifiers) if named is None else []
        if group is not None and group.arxiv():
            # the title is known under another arXiv id: an id misread in the printed list
            new = [i for i in new if i.scheme != "arxiv"]
        # a title printed in a list of references may be cut or joined; it names a known work only if it agrees
        titles = [reference.title] if group is None or self._agrees(reference.title, group) else []
        return self._cite(self._grow(group, titles, new), reference, day)

    def _add_fetched(self, reference: Reference, day: str) -> Group | int | None:
        """Add an item that a service identified; what no other source speaks of stays outside."""
        if not reference.title and not reference.identifiers:
            return None
        family = family_key(reference.first_author)
        named = next((g for i in reference.identifiers if (g := self._by_identifier.get(i))), None)
        titled = self._titled(reference.title, family) if reference.title else None
        arxiv = arxiv_of(reference.identifiers)
        if titled and arxiv and titled.arxiv() and arxiv != titled.arxiv():
            titled = None  # two papers of one title
        if titled and is_short(title_key(reference.title)) and family not in titled.families:
            titled = None  # a service knows many papers of a short title
        if titled and titled is not named and reference.identifiers and not self._same_author(titled, family):
            titled = None  # and some of a long one, by others
        group = self._rather(named, titled, reference)
        if group is None and not reference.identifiers:
            group = self._nearly_titled(reference.title, family)
        if group is None:
            # of one without a title all that can be told is its id
            titled_by_id = reference if reference.title else replace(reference, title=str(reference.identifiers[0]))
            return self.outside.place(titled_by_id, day)
        # an id may be wrong: an item of another title cites the work, and tells nothing about it
        if reference.title and not self._agrees(reference.title, group):
            return self._cite(group, replace(reference, first_author="", year=None), day)
        new = [i for i in _further(reference.identifiers, group) if not self.outside.has(i)]
        if group.rows or group.facts:  # what is known of it from elsewhere is known better
            new = [i for i in new if i.scheme == "semanticscholar"]
        return self._cite(self._grow(group, [], new), reference, day)

    def _rather(self, named: Group | None, titled: Group | None, reference: Reference) -> Group | None:
        """Return the work that an identifier names, unless the title is exactly another's and not also its own."""
        if named is not None and titled is not None and titled is not named:
            return named if self._agrees(reference.title, named) else titled
        return named or titled

    @staticmethod
    def _cite(group: Group, reference: Reference, day: str) -> Group:
        group.cited.append(reference)
        group.days.add(day)
        group.spoken_of.add(cited_work(reference))
        if reference.first_author and not group.families:
            group.families.add(family_key(reference.first_author))
        return group

    # --- afterwards

    def report_likely_duplicates(self) -> None:
        """Report rows whose titles differ by a nickname alone and that no identifier ties together."""
        for group in list(self.groups.values()):
            for title in list(group.titles.values()):
                other = self._by_title.get(stem(title)) if len(stem(title).split()) >= SHORT_TITLE else None
                if other is None or other is group or not group.rows or not other.rows:
                    continue
                row, twin = other.rows[0], group.rows[0]
                if not (group.arxiv() and other.arxiv()):
                    text = f"may be the work of {self._place(twin, row)} ('{twin.entry.title}') under another link"
                    source = self._readings[row.reading].source
                    self.findings.append(Finding("possible-duplicate", source, row.entry.line, row.entry.title, text))


def _further(identifiers: Iterable[Identifier], group: Group | None) -> list[Identifier]:
    """Return what a service tells of a work beyond what is known: it may name another version by a second DOI.

    It gives one paper several ids of its own, and those are all the paper's.
    """
    known = {i.scheme: i for i in group.identifiers} if group else {}
    return [i for i in identifiers if i.scheme == "semanticscholar" or known.setdefault(i.scheme, i) == i]


def link(
    facts: Sequence[PaperFacts],
    readings: Sequence[Reading],
    references: Sequence[ReferenceList],
    fetched: Iterable[ReferenceList] = (),
) -> Linked:
    """Return the works that facts, lists and reference lists speak of.

    ``fetched`` are the reference lists that a service told of, which may be too many to hold: they are asked for one
    by one, last. Tools are not works of this kind and are passed over. The answer does not depend on time or chance:
    equal sources in equal order give equal works, in the order in which they were first claimed.
    """
    keys = [title_key(t) for paper in facts for t in paper.titles[:1]]
    rows = [Row(n, e) for n, r in enumerate(readings) for e in r.entries if e.kind == "paper"]
    keys += [title_key(row.entry.title) for row in rows]
    keys += [title_key(r.title) for listed in references for r in listed.references]
    linker = Linker(TitleWeights(keys), readings)
    for paper in facts:
        linker.add_facts(paper)
    # rows of known title first: they may bring identifiers by which others are then known
    strangers: list[Row] = []
    for row in rows:
        if linker.knows(row.entry.title):
            linker.add_row(row)
        else:
            strangers.append(row)
    for row in strangers:
        linker.add_row(row)
    # papers that cite first: others may cite them
    citing = [linker.add_citing(listed) for listed in references]
    lists = [linker.add_references(group, listed) for group, listed in zip(citing, references, strict=True)]
    lists += [linker.add_references(linker.add_citing(listed), listed) for listed in fetched]
    linker.outside.settle()
    linker.report_likely_duplicates()
    findings = sorted(linker.findings, key=lambda f: (f.source, f.line, f.kind, f.message))
    return Linked(tuple(linker.groups.values()), tuple(findings), tuple(lists), linker.outside)
