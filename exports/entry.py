"""An entry of a .bib file: what BibTeX and biblatex agree on, and its text.

Both decide alike whether a work can be called published, and write names, titles, numbers and links in the same way,
each in its own encoding. Only fields that biber's data model has for a type are written in either, for files of both
kinds are read by biber.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..kg.model import Work
from .cited import Links, is_published, links, page_range, venue_name
from .latex import Encoding, escape, spell
from .options import Options
from .persons import authors
from .titles import protect

_RANGE = r"[^\W_][\w.:/+ ]*(?:--[^\W_][\w.:/+ ]*)?"
# What else a page may be, biber warns of: "-;" is no range.
_PAGES = re.compile(rf"{_RANGE}(?:[,;] *{_RANGE})*")

Fields = Sequence[tuple[str, str]]
"""Names and values in the order of the file, ready to stand in braces; an empty value is not written."""


class Draft(NamedTuple):
    """What of a work stands in its entry, in one encoding.

    ``type`` is ``article`` or ``inproceedings`` for a published work; empty for everything else, and for a published
    work whose authors or year are not known yet: biber would refuse a file that calls it so, and BibTeX warn.
    """

    type: str
    author: str
    title: str
    place: str
    links: Links


def draft(work: Work, options: Options, encoding: Encoding) -> Draft:
    """Return names, title, venue and links of ``work`` as LaTeX, and which type it may have."""
    venue = work.venue
    author = authors(work, encoding)
    # A title of nothing but emoji still has an entry.
    title = protect(work.title, options.protect, encoding) or work.key
    place = escape(venue_name(venue, options.venues), encoding) if venue is not None else ""
    kind = ""
    if venue is not None and place and author and work.year is not None and is_published(work):
        kind = "article" if venue.kind == "journal" else "inproceedings"
    return Draft(kind, author, title, place, links(work))


def numbers(work: Work, encoding: Encoding) -> Fields:
    """Return volume, number, pages and publisher of a published work, as far as its type has them."""
    venue = work.venue
    if venue is None:
        return ()
    journal = venue.kind == "journal"
    volume = work.volume or venue.volume
    if not (volume.isascii() and volume.isdigit()):
        volume = ""  # biber's model has a number here, and "abs/2210.17323" is none
    return (
        ("volume", volume),
        # BibTeX warns of a number without a volume, and in proceedings of one beside a volume.
        ("number", escape(work.number, encoding) if volume and journal else ""),
        ("pages", _pages(work.pages, encoding) if work.pages else ""),
        ("publisher", "" if journal else escape(venue.publisher, encoding)),
    )


def _pages(pages: str, encoding: Encoding) -> str:
    """Return ``pages`` with the dash of LaTeX; nothing where they are neither pages nor ranges of them."""
    ranges = page_range(pages, "--").strip()
    return spell(ranges, encoding) if _PAGES.fullmatch(ranges) else ""


def month(work: Work) -> int | None:
    """Return the month of first posting, 1 to 12; None beside a venue, of which it would tell nothing."""
    return work.month if work.month is not None and 1 <= work.month <= 12 and not is_published(work) else None


@lru_cache(maxsize=1 << 12)
def keywords(categories: tuple[str, ...], encoding: Encoding) -> str:
    """Return ``categories`` as the value of a field; a comma separates them, so none stands inside one."""
    return ", ".join(filter(None, [escape(category.replace(",", ""), encoding) for category in categories]))


def written(kind: str, key: str, fields: Fields, options: Options) -> str:
    """Return an entry as the text of a file: of ``fields`` those that have a value and that ``options`` ask for.

    >>> print(written("misc", "k", [("title", "T"), ("year", ""), ("month", "jul")], Options()), end="")
    @misc{k,
      title = {T},
      month = jul,
    }
    """
    if options.fields:
        fields = chosen(fields, options)
    # A month is a macro: in braces it would be three letters.
    lines = [
        f"  {name} = {{{value}}},\n" if name != "month" else f"  month = {value},\n" for name, value in fields if value
    ]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def chosen(fields: Fields, options: Options) -> Fields:
    """Return the fields that have a value and that ``options`` ask for."""
    return [field for field in fields if field[1] and options.writes(field[0])]
