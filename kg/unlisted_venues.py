"""Venues that the table of venues does not know: called as they are printed, with nothing added to it.

A work may be cited by them where a source says that it was published there, and whether in a journal or at a meeting.
"""

from __future__ import annotations

import re
from collections.abc import Container
from urllib.parse import quote

from ..ontology.terms import PREFIXES
from .model import Venue, VenueKind
from .text import slug, tidy

__all__ = ["unlisted_venue"]

_VOLUME = re.compile(
    r"(?:findings|companion|adjunct|extended abstracts|lecture notes|(?:advances|communications|studies) in)\b"
    r"|.*\bproceedings\b|proc\b",
    re.IGNORECASE,
)
"""What names a book already, not the meeting whose papers stand in it."""
_PROCEEDINGS = re.compile(r"proc(?:eedings\b|\b\.?)(?:\s+of\b)?(?:\s+the\b)?\s*", re.IGNORECASE)
_MEETING = re.compile(
    r"(?:the|annual)\b|.*\b(?:conf(?:erences?)?|symposi(?:um|a)|workshops?|congress|meetings?|colloqui(?:um|a)|convention"
    r"|summit|seminar|forum)\b",
    re.IGNORECASE,
)
_YEAR = r"[\s'’-]*(?:(?:19|20)?\d\d)?"
_BRACKETED = re.compile(rf"[(\[]([^\s()\[\]]+?){_YEAR}[)\]]$")
_BARE = re.compile(rf"([^\s()\[\]]+?){_YEAR}")


def unlisted_venue(name: str, kind: VenueKind, year: int | None, taken: Container[str]) -> Venue:
    """Return the volume of a journal or meeting of which no more is known than its name and the year.

    ``taken`` are the series that are known, by the last part of their IRIs: none of these is the IRI of this one.
    Raise ValueError for any other kind, and for a name without a letter.

    >>> unlisted_venue("International Conference on Foo (ICF)", "conference", 2023, ()).title
    'Proceedings of the International Conference on Foo (ICF)'
    """
    name = tidy(name.replace("{", "").replace("}", ""))
    if kind not in {"journal", "conference"}:
        raise ValueError(f"{name} is of kind {kind}: only a journal or a conference is cited by its name alone")
    if not any(map(str.isalpha, name)):
        raise ValueError(f"{name!r} is no name of a venue: it has no letter")
    series = quote(slug(name))
    series += "-unlisted" * (series in taken)
    title = name if kind == "journal" else _proceedings(name)
    begins = _PROCEEDINGS.match(title)
    # a journal is one thing through the years, a meeting of no year is some volume of its series
    path = f"{series}/{year}" if year else series if kind == "journal" else f"{series}/undated"
    return Venue(
        iri=PREFIXES["venue"] + path,
        kind=kind,
        title=title,
        short=name,
        acronym=_acronym(name, year),
        event=title[begins.end() :] if begins and kind == "conference" else "",
        year=year,
        series=PREFIXES["venue"] + series,
    )


def _proceedings(name: str) -> str:
    """Return what the proceedings of a meeting are called.

    >>> _proceedings("The Foo Symposium"), _proceedings("Knowledge and Foo"), _proceedings("Lecture Notes in Foo")
    ('Proceedings of the Foo Symposium', 'Proceedings of Knowledge and Foo', 'Lecture Notes in Foo')
    """
    if _VOLUME.match(name):
        return name
    if not _MEETING.match(name):
        return f"Proceedings of {name}"
    return "Proceedings of the " + re.sub(r"^the ", "", name, flags=re.IGNORECASE)


def _acronym(name: str, year: int | None) -> str:
    """Return the acronym that a name ends in or is, with the year, or the name.

    >>> _acronym("Foo Systems (TOFS)", 2023), _acronym("FooNLP", 2023), _acronym("Foo Letters (Print)", 2023)
    ('TOFS 2023', 'FooNLP 2023', 'Foo Letters (Print)')
    """
    found = _BRACKETED.search(name) or _BARE.fullmatch(name)
    # "(Print)" and "(Boston)" have one capital
    if found is None or sum(map(str.isupper, found[1])) < 2:
        return name
    return f"{found[1]} {year or ''}".rstrip()
