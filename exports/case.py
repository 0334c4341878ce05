"""What a check is given: an entry of a file, the work of the graph that it is, and how we would print that work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from ..kg.bibfields import is_place_of_preprints
from ..kg.bibfile import BibEntry, BibField, parse_bib
from ..kg.identifiers import first_posted
from ..kg.mentions import Mention
from ..kg.model import Identifier, Name, Work
from .cited import is_published
from .finding import Change, Finding, Fix, Level
from .options import Options
from .registry import export

Flavour = Literal["bibtex", "biblatex"]

SAME_FIELD = {
    "journaltitle": "journal", "date": "year", "eprinttype": "archiveprefix", "eprintclass": "primaryclass",
    "location": "address", "institution": "school",
}  # fmt: skip
"""Names that biblatex has for a field of BibTeX, or the other way round."""
NOT_PAPERS = frozenset(
    "phdthesis mastersthesis thesis book mvbook proceedings mvproceedings collection incollection inbook manual "
    "software dataset patent periodical".split()
)
"""Types of what is something else than the paper of the same title."""
_NEVER_PAPERS = NOT_PAPERS - {"incollection", "inbook"}
"""Those of them as which nobody tells a paper: NeurIPS itself told its own as ``@incollection`` for years."""
WHOLES = frozenset("proceedings mvproceedings collection mvcollection mvbook periodical xdata set".split())
"""Types of volumes that hold papers, and of what is no work at all."""
_BIBLATEX_TYPES = frozenset("online software dataset report thesis mvbook collection periodical electronic www".split())
_BIBLATEX_FIELDS = frozenset(
    """
    journaltitle eventtitle eprintclass subtitle booksubtitle maintitle titleaddon booktitleaddon langid entrysubtype
    shorthand options origdate eventdate bookauthor related relatedtype sortname sorttitle presort editora editoratype
    """.split()
)
_DATE = re.compile(r"\d{4}")
_BARE_WORD = re.compile(r"[^\s{}\"#]+")


@dataclass(frozen=True, slots=True)
class Known:
    """The work of the graph that an entry is: ``titles`` are all it goes by, ``sure`` whether it is the work at all.

    Not even ``likely`` is a work whose identifier the entry bears while title and authors are another's.
    What is not ``listed`` but only cited is known as somebody printed it, which says nothing against another printing.
    """

    work: Work
    titles: tuple[str, ...]
    sure: bool
    likely: bool
    how: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Printed:
    """A work as an exporter prints it: the type of its entry and the LaTeX of each field."""

    kind: str
    fields: Mapping[str, BibField]

    def tex(self, name: str) -> str:
        """Return the LaTeX of a field by either of its names, or an empty string."""
        for called in (name, SAME_FIELD.get(name, ""), *(k for k, v in SAME_FIELD.items() if v == name)):
            if called in self.fields:
                return self.fields[called].tex
        return ""


@dataclass(frozen=True)
class Case:
    """An entry with all that is known of it: ``known`` is None for a work that the graph does not know."""

    entry: BibEntry
    flavour: Flavour
    macros: frozenset[str]
    understood: Callable[[str], Mention | None]
    known: Known | None = None
    printed: Printed | None = None

    @property
    def work(self) -> Work | None:
        """The work, if it is surely the one and its facts are known; the program of a paper is not the paper."""
        known = self.known
        return known.work if known and known.sure and known.listed and not self.is_other_form else None

    @property
    def is_other_form(self) -> bool:
        """Whether the entry is a thesis, a book or a program that has the title of a paper."""
        return self.entry.kind in _NEVER_PAPERS and self.known is not None and self.known.work.kind == "paper"

    @property
    def is_known(self) -> bool:
        """Whether the graph knows the work, as far as can be told."""
        return self.known is not None and self.known.likely

    @property
    def published(self) -> bool:
        """Whether the graph surely says that the work was published."""
        return self.work is not None and is_published(self.work)

    @cached_property
    def venue(self) -> str:
        """Where the entry says that it was published; empty for a place of preprints."""
        return self.entry.venue

    @cached_property
    def authors(self) -> tuple[Name, ...]:
        """The authors of the entry, without "others"."""
        return self.entry.authors

    @cached_property
    def identifiers(self) -> tuple[Identifier, ...]:
        """What the entry is called elsewhere."""
        return self.entry.identifiers

    @cached_property
    def mention(self) -> Mention | None:
        """What the venue of the entry says, if it is understood."""
        return self.understood(self.venue) if self.venue else None

    @property
    def is_dated(self) -> bool:
        """Whether the year of the work is its venue's; else that of first posting stands in for it."""
        work = self.work
        if work is None or work.venue is None:
            return False
        posted = first_posted(work.identifier("arxiv"))
        return work.venue.year is not None or (posted is not None and posted[0] != work.year)

    @cached_property
    def own(self) -> Mapping[str, BibField]:
        """The fields that stand in the entry itself, by name; the first of several."""
        fields: dict[str, BibField] = {}
        for field in self.entry.fields:
            fields.setdefault(field.name, field)
        return fields

    @cached_property
    def preprint_field(self) -> str:
        """The field that tells a place of preprints as a journal or proceedings, or nothing."""
        for name in ("journal", "journaltitle", "booktitle"):
            text = self.own[name].text if name in self.own else ""
            if text and self.is_place_of_preprints(text):
                return name
        return ""

    def is_place_of_preprints(self, text: str) -> bool:
        """Say whether ``text`` names a place where texts can be read before, or without, being published."""
        mention = self.understood(text)
        return mention.kind == "preprint" if mention else is_place_of_preprints(text)

    def called(self, name: str) -> str:
        """Return the name under which the entry has a field of BibTeX, or would have it (``journaltitle``)."""
        for other, bibtex in SAME_FIELD.items():
            if name == bibtex and other in self.own and name not in self.own:
                return other
        if name in self.own or self.flavour == "bibtex":
            return name
        return next((o for o, b in SAME_FIELD.items() if b == name and o not in ("institution", "location")), name)

    def find(
        self, kind: str, message: str, *, at: str = "", level: Level = "warning", fix: Fix | None = None
    ) -> Finding:
        """Return a finding about this entry, in the line of its field ``at``."""
        line = self.own[at].line if at in self.own else self.entry.line
        return Finding(kind, level, self.entry.key, line, message, fix)


Check = Callable[[Case], Iterator[Finding]]
"""A check of one entry."""


def inner(field: BibField) -> str | None:
    """Return a value without what encloses it; None for a macro, a number or what ``#`` joins.

    >>> inner(BibField("title", '"A {B}"', "A B", 1, "A {B}")), inner(BibField("month", "jan", "January", 1, "January"))
    ('A {B}', None)
    """
    whole = field.source[:1] in ("{", '"') and len(field.source) == len(field.tex) + 2
    return field.source[1:-1] if whole and field.source[1:-1] == field.tex else None


def bare_words(field: BibField) -> Iterator[str]:
    """Yield the macros and numbers of a value: what stands in it neither in braces nor in quotes.

    >>> list(bare_words(BibField("month", '"1~" # JAN', "", 1)))
    ['JAN']
    """
    depth, quoted = 0, False
    kept: list[str] = []
    for char in field.source:
        if char == '"' and not depth:
            quoted = not quoted
            kept.append(" ")
            continue
        depth += (char == "{") - (char == "}")
        kept.append(" " if depth or quoted or char in "{}" else char)
    yield from _BARE_WORD.findall("".join(kept))


def put(case: Case, name: str, tex: str) -> Change:
    """Return the change that sets a field, under the name that the entry has or would have for it."""
    called = case.called(name)
    if called == "date" and "date" not in case.own and "year" in case.own:
        called = "year"
    return Change(called, tex, bare=called == "month" and tex.isascii() and tex.isalpha())


def flavour_of(entries: Iterable[BibEntry]) -> Flavour:
    """Return the flavour in which most of ``entries`` are written, as far as they differ."""
    score = 0
    for entry in entries:
        own = own_flavour(entry)
        score += (own == "biblatex") - (own == "bibtex")
    return "biblatex" if score > 0 else "bibtex"


def own_flavour(entry: BibEntry) -> Flavour | None:
    """Return the flavour in which an entry is written, or None where nothing tells."""
    names = {field.name for field in entry.fields}
    dated = "date" in names and _DATE.match(entry.get("date"))
    if entry.kind in _BIBLATEX_TYPES or dated or names & _BIBLATEX_FIELDS:
        return "biblatex"
    return "bibtex" if names & {"journal", "year", "school"} else None


def printed(works: Iterable[Work], flavour: Flavour) -> dict[str, Printed]:
    """Return how the exporter of ``flavour`` prints each of ``works``, by IRI."""
    by_key = {work.key: work for work in works}
    text = "".join(export(by_key.values(), flavour, Options()))
    return {
        by_key[entry.key].iri: Printed(entry.kind, {field.name: field for field in entry.fields})
        for entry in parse_bib(text).entries
    }


def with_names(work: Work, entry: BibEntry) -> Work:
    """Return ``work`` with the authors of ``entry`` where the graph knows none: without any it is printed ``@misc``."""
    if work.authors or not entry.authors:
        return work
    return replace(work, authors=entry.authors, authors_truncated=entry.authors_truncated)
