"""Values that pass between the rooms: rows, identifiers, names, venues, works.

Every value is a frozen dataclass, equal by content. Nothing here reads, decides or prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scheme = Literal[
    "arxiv",
    "doi",
    "openreview",
    "acl",
    "pmlr",
    "neurips",
    "dblp",
    "github",
    "huggingface",
    "virtual",
    "semanticscholar",
    "semanticscholar-author",
]
WorkKind = Literal["paper", "tool"]
VenueKind = Literal["conference", "findings", "workshop", "tutorial", "journal", "preprint"]

WORK_SCHEMES: tuple[Scheme, ...] = (
    "arxiv",
    "doi",
    "openreview",
    "acl",
    "pmlr",
    "neurips",
    "virtual",
    "semanticscholar",
)
"""Schemes that name a paper, in the order in which its IRI is chosen from them."""


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One name of a thing in one scheme, normalised: ``Identifier("arxiv", "2210.17323")``."""

    scheme: Scheme
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a row: label and address as printed, and the identifier it stands for, if any."""

    label: str
    url: str
    identifier: Identifier | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list, as printed (mojibake repaired), with its place in the file."""

    line: int
    position: int
    section: str
    kind: WorkKind
    title: str
    venue: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that could not be read, kept with its text, its line and the reason."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as read: where it came from, its rows, and the rows that could not be read."""

    source: str
    entries: tuple[Entry, ...] = ()
    unread: tuple[UnreadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts, or a group's in ``literal`` alone."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a work was published: one volume of a series, or a workshop or track of one.

    ``title`` is the full name without place, dates and pages ("Proceedings of the 41st International
    Conference on Machine Learning"); ``short`` the series' name ("International Conference on Machine
    Learning"); ``acronym`` what a narrow column prints ("ICML 2024"); ``event`` the meeting's own name;
    ``series`` the IRI of the series.
    """

    iri: str
    kind: VenueKind
    title: str
    short: str = ""
    acronym: str = ""
    event: str = ""
    year: int | None = None
    volume: str = ""
    publisher: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A work as the resolved view tells it: everything an exporter needs to print one entry.

    ``year`` is the venue's for a published work, else the year of first posting; ``month`` (1..12) that
    of the first posting of a preprint. ``venue`` is None for a preprint. ``url`` is the page to cite.
    ``categories`` and ``code`` (addresses of official repositories) are sorted. ``citations`` is the latest count of
    all citations anywhere, None where no source tells one.
    """

    iri: str
    key: str
    title: str
    kind: WorkKind = "paper"
    authors: tuple[Name, ...] = ()
    authors_truncated: bool = False
    year: int | None = None
    month: int | None = None
    venue: Venue | None = None
    identifiers: tuple[Identifier, ...] = ()
    primary_class: str = ""
    url: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    categories: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    note: str = ""
    former_keys: tuple[str, ...] = ()
    citations: int | None = None

    def identifier(self, scheme: Scheme) -> str:
        """Return the value of the first identifier in ``scheme``, or an empty string."""
        return next((i.value for i in self.identifiers if i.scheme == scheme), "")
