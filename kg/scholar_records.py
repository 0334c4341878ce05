"""What Semantic Scholar says of a paper, as values of ours, and the form in which it is asked for one.

Nothing here decides: a venue of "arXiv.org", a name in initials and the year of a preprint stay as they came. What has
another type than the service documents is read as absent.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

from .identifiers import normalise, page, parse_identifier
from .model import Identifier, Scheme
from .text import tidy

MAX_NESTED = 9_999
"""Rows of references that one call gives over all its papers; the rest is left out without a word."""

_SCHEMES: dict[str, Scheme] = {"ArXiv": "arxiv", "DOI": "doi", "ACL": "acl", "DBLP": "dblp"}
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|scp|tt|u|span|inf|(?:jats|mml):\w+)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ScholarAuthor:
    """An author as printed there; ``author_id`` is empty for one that the service does not know."""

    name: str
    author_id: str = ""


@dataclass(frozen=True, slots=True)
class ScholarVenue:
    """The venue that the service links a paper to; ``kind`` is its word: "conference", "journal" or empty."""

    name: str
    kind: str = ""
    venue_id: str = ""


@dataclass(frozen=True, slots=True)
class ScholarJournal:
    """Journal or proceedings as printed, any part may be empty."""

    name: str = ""
    volume: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True)
class ScholarReference:
    """One row of a reference list. A paper that the service has not identified has a title and no ``paper_id``.

    ``intents`` ("background", "methodology", "result") and ``influential`` are told by
    :meth:`~llmcomp.kg.scholar.Scholar.references` alone; elsewhere they are ``()`` and None.
    """

    paper_id: str = ""
    title: str = ""
    year: int | None = None
    authors: tuple[ScholarAuthor, ...] = ()
    corpus_id: int | None = None
    identifiers: tuple[Identifier, ...] = ()
    intents: tuple[str, ...] = ()
    influential: bool | None = None


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A reference list read edge by edge: None when the publisher withholds it; whether it is whole."""

    references: tuple[ScholarReference, ...] | None
    complete: bool


@dataclass(frozen=True, slots=True)
class ScholarPaper:
    """What the service says of one paper on the day it was asked.

    ``paper_id`` may be another than the one asked for: papers are merged there. ``date`` is ISO (YYYY-MM-DD) or empty.
    ``references`` is None when the publisher withholds the list, and ``()`` when none was asked for or none is known.
    ``references_complete`` tells that a list is known and all of it came; ``references_cut`` that more of it can be had
    (:meth:`~llmcomp.kg.scholar.Scholar.completed`). Both are False when no references were asked for.
    """

    paper_id: str
    title: str = ""
    corpus_id: int | None = None
    year: int | None = None
    date: str = ""
    venue: str = ""
    publication_venue: ScholarVenue | None = None
    journal: ScholarJournal | None = None
    authors: tuple[ScholarAuthor, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    citation_count: int | None = None
    influential_count: int | None = None
    reference_count: int | None = None
    open_access_url: str = ""
    publication_types: tuple[str, ...] = ()
    references: tuple[ScholarReference, ...] | None = ()
    references_complete: bool = False
    references_cut: bool = False


def service_id(identifier: Identifier) -> str | None:
    """Return the form in which the service is asked for ``identifier``, or None for one that it cannot know.

    >>> service_id(Identifier("arxiv", "2210.17323")), service_id(Identifier("acl", "2023.acl-long.1"))
    ('ARXIV:2210.17323', 'ACL:2023.acl-long.1')
    >>> service_id(Identifier("openreview", "tcbBPnfwxS"))
    'URL:https://openreview.net/forum?id=tcbBPnfwxS'
    """
    match identifier.scheme:
        case "arxiv" | "doi" | "acl":
            known = normalise(identifier.scheme, identifier.value)
            return f"{known.scheme.upper()}:{known.value}" if known else None
        case "openreview" | "pmlr" | "neurips":
            return f"URL:{page(identifier)}"
        case "semanticscholar":
            return identifier.value
        case _:
            return None


def asked_identifier(name: str) -> Identifier | None:
    """Return the identifier that a form of :func:`service_id` stands for, or None for another form.

    >>> asked_identifier("URL:https://openreview.net/forum?id=tcbBPnfwxS")
    Identifier(scheme='openreview', value='tcbBPnfwxS')
    """
    return normalise("semanticscholar", name) or parse_identifier(name.removeprefix("URL:"))


def nested_rows(answer: Sequence[object]) -> int:
    """Return how many references stand in the papers of one answer, by which a cut is known."""
    return sum(len(_rows(_object(raw).get("references"))) for raw in answer)


def read_paper(raw: object, references: bool, rows: int) -> ScholarPaper | None:
    """Return the paper that ``raw`` tells of, or None for one that the service does not know.

    ``references`` says whether its list was asked for, ``rows`` how many references the whole answer holds: once that
    is ``MAX_NESTED``, a list that is not known to be whole counts as cut. ``referenceCount`` may be 0 for a paper with
    150, so only a greater one proves a cut.
    """
    fields = _object(raw)
    paper_id = _text(fields.get("paperId"))
    if not paper_id:
        return None
    listed: tuple[ScholarReference, ...] | None = ()
    complete = cut = False
    count = _whole(fields.get("referenceCount"))
    if references:
        nested = fields.get("references")
        listed = tuple(map(read_reference, nested)) if is_array(nested) else None
        if listed is None:
            cut = rows >= MAX_NESTED  # withheld or cut off: only asking alone will tell
        else:
            cut = len(listed) < (count or 0) or (rows >= MAX_NESTED and not count)
            complete = bool(listed) and not cut
    return ScholarPaper(
        paper_id=paper_id,
        title=_printed(fields.get("title")),
        corpus_id=_corpus_id(fields),
        year=_year(fields.get("year")),
        date=_date(fields.get("publicationDate")),
        venue=_printed(fields.get("venue")),
        publication_venue=_venue(_object(fields.get("publicationVenue"))),
        journal=_journal(_object(fields.get("journal"))),
        authors=_authors(fields.get("authors")),
        identifiers=_identifiers(_object(fields.get("externalIds"))),
        citation_count=_whole(fields.get("citationCount")),
        influential_count=_whole(fields.get("influentialCitationCount")),
        reference_count=count,
        open_access_url=_address(_object(fields.get("openAccessPdf")).get("url")),
        publication_types=_texts(fields.get("publicationTypes")),
        references=listed,
        references_complete=complete,
        references_cut=cut,
    )


def read_reference(raw: object) -> ScholarReference:
    """Return one nested reference; one of which nothing is told is kept, empty, for the count's sake."""
    fields = _object(raw)
    return ScholarReference(
        paper_id=_text(fields.get("paperId")),
        title=_printed(fields.get("title")),
        year=_year(fields.get("year")),
        authors=_authors(fields.get("authors")),
        corpus_id=_corpus_id(fields),
        identifiers=_identifiers(_object(fields.get("externalIds"))),
    )


def read_edge(raw: object) -> ScholarReference:
    """Return one row of the edge endpoint: the cited paper, why it is cited, and whether it mattered."""
    edge = _object(raw)
    cited = read_reference(edge.get("citedPaper"))
    influential = edge.get("isInfluential")
    return ScholarReference(
        paper_id=cited.paper_id,
        title=cited.title,
        year=cited.year,
        authors=cited.authors,
        corpus_id=cited.corpus_id,
        identifiers=cited.identifiers,
        intents=_texts(edge.get("intents")),
        influential=influential if isinstance(influential, bool) else None,
    )


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Tell whether a value of JSON is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[object]]:
    """Tell whether a value of JSON is an array."""
    return isinstance(value, list)


def _object(value: object) -> Mapping[str, object]:
    return value if is_object(value) else {}


def _rows(value: object) -> list[object]:
    return value if is_array(value) else []


def _text(value: object) -> str:
    return tidy(value) if isinstance(value, str) else ""


def _printed(value: object) -> str:
    """Return a title or a name without the marks of HTML that some publishers hand on."""
    text = _text(value)
    return tidy(_TAG.sub("", html.unescape(text))) if "&" in text or "<" in text else text


def _texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, _rows(value))))


def _name(value: object) -> str:
    """Return an identifier that some answers write as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _whole(value: object) -> int | None:
    """Return a number that is not negative, which some answers write as text."""
    text = _name(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _corpus_id(fields: Mapping[str, object]) -> int | None:
    return _whole(fields.get("corpusId")) or _whole(_object(fields.get("externalIds")).get("CorpusId"))


def _year(value: object) -> int | None:
    year = _whole(value)
    return year if year and year <= 9999 else None


def _date(value: object) -> str:
    match = _DATE.match(_text(value))
    if match is None:
        return ""
    try:
        return date.fromisoformat(match[0]).isoformat()
    except ValueError:  # the thirtieth of February
        return ""


def _address(value: object) -> str:
    address = _text(value)
    return address if address.startswith(("http://", "https://")) and " " not in address else ""


def _venue(fields: Mapping[str, object]) -> ScholarVenue | None:
    name = _printed(fields.get("name"))
    return ScholarVenue(name, _text(fields.get("type")), _text(fields.get("id"))) if name else None


def _journal(fields: Mapping[str, object]) -> ScholarJournal | None:
    journal = ScholarJournal(*(_name(fields.get(part)) for part in ("name", "volume", "pages")))
    return journal if journal != ScholarJournal() else None


def _authors(value: object) -> tuple[ScholarAuthor, ...]:
    people = map(_object, _rows(value))
    read = (ScholarAuthor(_printed(person.get("name")), _name(person.get("authorId"))) for person in people)
    return tuple(author for author in read if author.name or author.author_id)


def _identifiers(fields: Mapping[str, object]) -> tuple[Identifier, ...]:
    """Return the ids that are ours too, sorted; the DOI of arXiv is the arXiv id."""
    read = (normalise(scheme, _name(fields.get(name))) for name, scheme in _SCHEMES.items())
    return tuple(sorted({identifier for identifier in read if identifier}))
