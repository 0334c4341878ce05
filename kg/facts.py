"""Facts about papers, and the shipped data in which they stand.

``data/papers.rec`` says of each paper its titles, authors in order, identifiers and official venue, with the
sources it was read in; ``data/references.rec`` which works a paper's own reference list names, as printed;
``data/list.rec`` the rows of the shipped list. ``docs/facts.md`` describes the three;
``python -m llmcomp.kg.compile`` regenerates them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

from .errors import SourceError
from .identifiers import identify, normalise
from .model import Entry, Identifier, Link, Reading, Scheme, UnreadRow, WorkKind
from .records import Fields, parse_records

FACTS_DATE = "2026-11-01"
"""The day on which the shipped facts were compiled, as an XML Schema date."""
LIST_ADDRESS = "https://github.com/HuangOwen/Awesome-LLM-Compression"
"""Where the shipped list is kept."""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What public sources say of one paper. ``confidence`` (A, B, C) is that of the authors.

    ``titles`` begins with the one that the venue or arXiv prints. ``venue`` is as the source prints it, ``venue_kind``
    its word for the kind. A service tells more: ``date`` of publication (ISO), ids of the authors (one each, empty for
    one without), an address with open access; ``asked`` is the day on which it was asked, empty for shipped facts, and
    ``known_as`` are the ids under which it gave this paper, which may not be among those that it tells.
    ``citations`` is how often the paper was cited in all until that day, ``influential`` how often influentially.
    """

    titles: tuple[str, ...]
    identifiers: tuple[Identifier, ...] = ()
    authors: tuple[str, ...] = ()
    confidence: str = ""
    venue: str = ""
    venue_source: str = ""
    year: int | None = None
    volume: str = ""
    pages: str = ""
    publisher: str = ""
    sources: tuple[str, ...] = ()
    venue_kind: str = ""
    date: str = ""
    author_ids: tuple[str, ...] = ()
    open_access: str = ""
    asked: str = ""
    known_as: tuple[Identifier, ...] = ()
    citations: int | None = None
    influential: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One item of a reference list, as printed, with the identifiers that it prints or was found to bear.

    ``intents`` and ``influential`` say why it is cited, where the source tells. An item of which nothing is known has
    no title and no identifiers: it keeps the places of those behind it.
    """

    title: str
    first_author: str = ""
    year: int | None = None
    identifiers: tuple[Identifier, ...] = ()
    intents: tuple[str, ...] = ()
    influential: bool | None = None


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The reference list of one paper and whether all of it could be read; ``asked`` as in :class:`PaperFacts`."""

    citing: Identifier
    title: str
    complete: bool
    source: str
    references: tuple[Reference, ...]
    asked: str = ""


def parse_papers(text: str, source: str = "papers.rec") -> tuple[PaperFacts, ...]:
    """Return the papers of a ``papers.rec``."""
    return tuple(_paper(fields, f"{source}, line {line}") for line, fields in parse_records(text, source))


def _paper(fields: Fields, where: str) -> PaperFacts:
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {"title": [], "author": [], "source": [], "id": []}
    for name, value in fields:
        if name in several:
            several[name].append(value)
        else:
            single[name] = value
    if not several["title"]:
        raise SourceError(f"{where}: a paper without a title.")
    return PaperFacts(
        titles=tuple(several["title"]),
        identifiers=tuple(_identifier(v, where) for v in several["id"]),
        authors=tuple(several["author"]),
        confidence=single.get("confidence", ""),
        venue=single.get("venue", ""),
        venue_source=single.get("venue-source", ""),
        year=_number(single.get("year", ""), "year", where),
        volume=single.get("volume", ""),
        pages=single.get("pages", ""),
        publisher=single.get("publisher", ""),
        sources=tuple(several["source"]),
    )


def paper_fields(paper: PaperFacts) -> Fields:
    """Return the fields of one record of ``papers.rec``."""
    return [
        *(("title", title) for title in paper.titles),
        *(("id", str(identifier)) for identifier in paper.identifiers),
        ("confidence", paper.confidence),
        *(("author", author) for author in paper.authors),
        ("year", str(paper.year or "")),
        ("venue", paper.venue),
        ("venue-source", paper.venue_source),
        ("volume", paper.volume),
        ("pages", paper.pages),
        ("publisher", paper.publisher),
        *(("source", source) for source in paper.sources),
    ]


def parse_references(text: str, source: str = "references.rec") -> tuple[ReferenceList, ...]:
    """Return the reference lists of a ``references.rec``."""
    lists: list[ReferenceList] = []
    for line, fields in parse_records(text, source):
        where = f"{source}, line {line}"
        single = {name: value for name, value in fields if name != "cites"}
        citing, title, complete, printed_in = (
            _field(single, name, where) for name in ("citing", "title", "complete", "source")
        )
        references = tuple(_reference(value, where) for name, value in fields if name == "cites")
        lists.append(ReferenceList(_identifier(citing, where), title, complete == "yes", printed_in, references))
    return tuple(lists)


def _reference(value: str, where: str) -> Reference:
    columns = value.split("\t")
    if len(columns) != 4:
        raise SourceError(f"{where}: 'cites' has {len(columns)} columns, not 4: {value}")
    title, author, year, identifier = columns
    named = (_identifier(identifier, where),) if identifier else ()
    return Reference(title, author, _number(year, "year", where), named)


def reference_fields(listed: ReferenceList) -> Fields:
    """Return the fields of one record of ``references.rec``."""
    return [
        ("citing", str(listed.citing)),
        ("title", listed.title),
        ("complete", "yes" if listed.complete else "no"),
        ("source", listed.source),
        *(
            ("cites", "\t".join((r.title, r.first_author, str(r.year or ""), str(next(iter(r.identifiers), "")))))
            for r in listed.references
        ),
    ]


def parse_rows(text: str, source: str = "list.rec") -> Reading:
    """Return the rows of a ``list.rec``."""
    entries: list[Entry] = []
    unread: list[UnreadRow] = []
    for at, fields in parse_records(text, source):
        single, where = dict(fields), f"{source}, line {at}"
        line = _number(_field(single, "line", where), "line number", where) or 0
        if "unread" in single:
            unread.append(UnreadRow(line, _field(single, "text", where), single["unread"]))
            continue
        links = (value.rpartition("\t") for name, value in fields if name == "link")
        kind = single.get("kind", "paper")
        if kind not in {"paper", "tool"}:
            raise SourceError(f"{where}: kind '{kind}' is neither paper nor tool.")
        entries.append(
            Entry(
                line,
                len(entries) + 1,
                _field(single, "section", where),
                cast(WorkKind, kind),
                _field(single, "title", where),
                single.get("venue", ""),
                tuple(Link(label, url, identify(url)) for label, _, url in links),
            )
        )
    return Reading(LIST_ADDRESS, tuple(entries), tuple(unread))


def row_fields(reading: Reading) -> Iterable[Fields]:
    """Yield the fields of the records of a ``list.rec``."""
    for entry in reading.entries:
        yield [
            ("line", str(entry.line)),
            ("section", entry.section),
            ("kind", "" if entry.kind == "paper" else entry.kind),
            ("title", entry.title),
            ("venue", entry.venue),
            *(("link", f"{link.label}\t{link.url}") for link in entry.links),
        ]
    for row in reading.unread:
        yield [("line", str(row.line)), ("unread", row.reason), ("text", row.text)]


def _field(single: dict[str, str], name: str, where: str) -> str:
    try:
        return single[name]
    except KeyError:
        raise SourceError(f"{where}: no '{name}'.") from None


def _number(text: str, what: str, where: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise SourceError(f"{where}: '{text}' is not a {what}.")
    return int(text)


def _identifier(text: str, where: str) -> Identifier:
    scheme, _, value = text.partition(":")
    found = normalise(cast(Scheme, scheme), value)
    if found is None:
        raise SourceError(f"{where}: '{text}' is not an identifier.")
    return found


def shipped_papers() -> tuple[PaperFacts, ...]:
    """Return the facts shipped with the package."""
    return parse_papers(_shipped("papers.rec"))


def shipped_references() -> tuple[ReferenceList, ...]:
    """Return the reference lists shipped with the package."""
    return parse_references(_shipped("references.rec"))


def shipped_list() -> Reading:
    """Return the rows of the list shipped with the package."""
    return parse_rows(_shipped("list.rec"))


def _shipped(name: str) -> str:
    return files("llmcomp.kg").joinpath("data", name).read_text("utf-8")
