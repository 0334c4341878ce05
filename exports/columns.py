"""What a table may say of a work: columns by name, and the cells that they have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from ..kg.errors import UnknownName, UsageError
from ..kg.model import Name, Work
from ..kg.names import spoken
from .cited import is_published, links, venue_name
from .latex import address, plain
from .options import Venues

ColumnKind = Literal["cite", "text", "id", "number", "link"]

_METHOD = re.compile(r"\s*(?::|\s--+\s|\s[–—]\s)")
_LONGEST_METHOD = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a cell: text as it came, maybe with math, and the address that it links to, if any."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Printing:
    """How cells are printed: the names of categories by slug, and which name of a venue."""

    categories: Mapping[str, str] = field(default_factory=dict[str, str])
    venues: Venues = "acronym"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its kind, what it holds of a work, and how wide it is in LaTeX.

    ``em`` is the width of a column whose cells are all about as long; where it is 0 the column takes part in what is
    left, in proportion to ``share``. A column has both whose cells are short only while venues are acronyms.
    """

    header: str
    kind: ColumnKind
    cells: Callable[[Work, Printing], tuple[Cell, ...]]
    em: float = 0
    share: float = 0


def safe_address(url: str) -> str:
    """Return ``url``, with what has no place in one percent-encoded, if it is an address of the web; else nothing.

    >>> safe_address("https://arxiv.org/abs/1"), safe_address("javascript:alert(1)")
    ('https://arxiv.org/abs/1', '')
    """
    try:
        parts = urlsplit(url := address(url))
    except ValueError:  # "http://["
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def method(work: Work) -> str:
    """Return the name that a work gives to what it presents, which stands before the colon of its title, or nothing.

    >>> method(Work("i:1", "k", "GPTQ: Accurate Quantization")), method(Work("i:1", "k", "Evaluating Quantized LLMs"))
    ('GPTQ', '')
    """
    name, *rest = _METHOD.split(plain(work.title), maxsplit=1)
    return name.strip() if work.kind == "tool" or (rest and rest[0].strip() and len(name) <= _LONGEST_METHOD) else ""


def surnames(work: Work) -> str:
    """Return the authors as a text names them: one, two, or the first "et al."; nothing where none is known.

    >>> surnames(Work("i:1", "k", "T", authors=(Name("Rijke", "Maarten", "de"), Name("Frantar"), Name("Ashkboos"))))
    'de Rijke et al.'
    """
    names = [_surname(name) for name in work.authors]
    if len(names) > 2 or (names and work.authors_truncated):
        return f"{names[0]} et al."
    return " and ".join(names)


def _surname(name: Name) -> str:
    if name.literal or not name.family:
        return name.literal or name.given
    joined = "" if not name.particle or name.particle[-1] in "-'’" else " "
    return f"{name.particle}{joined}{name.family}"


def place(work: Work, venues: Venues = "acronym") -> str:
    """Return where a work appeared, a preprint's server included, or nothing.

    >>> from llmcomp.kg.model import Identifier
    >>> place(Work("i:1", "k", "T", identifiers=(Identifier("arxiv", "2210.17323"),)))
    'arXiv'
    """
    if work.venue is not None:
        return venue_name(work.venue, venues)
    known = links(work)
    return "arXiv" if known.arxiv else "OpenReview" if known.openreview else ""


def _text(say: Callable[[Work, Printing], str]) -> Callable[[Work, Printing], tuple[Cell, ...]]:
    return lambda work, printing: (Cell(told),) if (told := say(work, printing)) else ()


def _number(say: Callable[[Work], int | None]) -> Callable[[Work, Printing], tuple[Cell, ...]]:
    return lambda work, _: () if (told := say(work)) is None else (Cell(str(told)),)


def _code(work: Work, _: Printing) -> tuple[Cell, ...]:
    return tuple(Cell("code", url) for url in map(safe_address, work.code) if url)


def _arxiv(work: Work, _: Printing) -> tuple[Cell, ...]:
    told = links(work).arxiv
    return (Cell(told, f"https://arxiv.org/abs/{told}"),) if told else ()


def _doi(work: Work, _: Printing) -> tuple[Cell, ...]:
    told = links(work).doi
    return (Cell(told, f"https://doi.org/{told}"),) if told else ()


def _url(work: Work, _: Printing) -> tuple[Cell, ...]:
    told = safe_address(links(work).url)
    return (Cell("link", told),) if told else ()


def _kind(work: Work, _: Printing) -> str:
    if work.kind == "tool":
        return "tool"
    return work.venue.kind if work.venue is not None and is_published(work) else "preprint"


COLUMNS: Mapping[str, Column] = {
    "key": Column("Key", "cite", lambda work, _: (Cell(work.key),), em=4),
    "title": Column("Title", "text", _text(lambda work, _: work.title), share=5),
    "name": Column("Name", "text", _text(lambda work, _: method(work)), share=2),
    "authors": Column("Authors", "text", _text(lambda work, _: surnames(work)), share=2),
    "first-author": Column(
        "First author", "text", _text(lambda work, _: spoken(work.authors[0]) if work.authors else ""), share=2
    ),
    "all-authors": Column(
        "Authors",
        "text",
        _text(lambda work, _: "; ".join([*map(spoken, work.authors), *["et al."] * work.authors_truncated])),
        share=5,
    ),
    "venue": Column("Venue", "text", _text(lambda work, printing: place(work, printing.venues)), em=6.5, share=2.5),
    "year": Column("Year", "number", _number(lambda work: work.year), em=2.4),
    "citations": Column("Citations", "number", _number(lambda work: work.citations), em=4.9),
    "code": Column("Code", "link", _code, em=2.8),
    "arxiv": Column("arXiv", "id", _arxiv, em=5.6),
    "doi": Column("DOI", "id", _doi, share=3),
    "url": Column("Page", "link", _url, em=2.6),
    "category": Column(
        "Category",
        "text",
        _text(lambda work, printing: "; ".join(printing.categories.get(c, c) for c in work.categories)),
        share=2,
    ),
    "kind": Column("Kind", "text", _text(_kind), em=6),
}
"""Every column by its name, in the order in which they are told."""


def column_names(names: str) -> tuple[str, ...]:
    """Return the columns that ``names`` ("key, Title") means.

    :raises UnknownName: no such column; the message lists those there are.
    :raises UsageError: none, or one twice.

    >>> column_names("key, Title")
    ('key', 'title')
    """
    chosen = tuple(name for part in names.split(",") if (name := part.strip().casefold()))
    check_columns(chosen)
    return chosen


def check_columns(chosen: tuple[str, ...]) -> None:
    """Raise UnknownName for a name that no column has, UsageError for none and for one that is named twice."""
    for name in chosen:
        if name not in COLUMNS:
            raise UnknownName("column", name, COLUMNS)
    if not chosen:
        raise UsageError(f"no column was named. Name some with commas between: {','.join(COLUMNS)}.")
    if twice := next((name for name in chosen if chosen.count(name) > 1), None):
        raise UsageError(f"the column '{twice}' is named twice. Name each once.")
