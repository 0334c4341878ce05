"""What a check finds in a .bib file: kind, place, message, and the change that would mend it.

A kind is the name by which findings are chosen (``--only``, ``--ignore``). Its level says how much it matters: an
``error`` loses or breaks something, a ``warning`` prints something wrong, an ``info`` is worth knowing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "info"]

KINDS: dict[str, str] = {
    "published": "a preprint that has been published since",
    "wrong-field": "a year, title, author, venue, DOI or eprint other than the graph's",
    "missing-field": "a field that the entry's type demands, or an identifier that the graph knows",
    "not-a-venue": "a place of preprints told as a journal or proceedings (ArXiv, CoRR, abs/...)",
    "wrong-type": "a type that does not fit the fields or the venue (@article with booktitle)",
    "volume-and-number": "both volume and number in proceedings, or a number without a volume in a journal",
    "bad-month": "a month that is none, or a name in braces where the macro belongs",
    "et-al": "'et al.' in a list of names",
    "author-form": "names joined by commas, numbered as dblp does, or in capitals",
    "doi-form": "a DOI told as an address, with 'doi:' or with escapes",
    "url-form": "an address with TeX escapes or inside \\url",
    "eprint-form": "an arXiv id with prefix, version or address, or without its archive",
    "raw-character": "%, &, #, _ or ^ that LaTeX stumbles over, or an odd number of $",
    "lost-capitals": "words whose capitals a style will lower, or that have lost them",
    "shouted-title": "a title in capitals throughout",
    "duplicate-field": "a field told twice",
    "duplicate-key": "a key of two entries",
    "duplicate-work": "two entries of one work",
    "non-ascii-key": "a key with letters that BibTeX's programs do not all read",
    "dead-key": "a key that names a preprint's record or nothing at all",
    "undefined-string": "a macro that the file does not define",
    "broken-entry": "a comma or brace that is missing and that BibTeX stumbles over",
    "unreadable": "a block that cannot be read; it is kept as it stands",
    "unknown-work": "a work that the graph does not know",
}
"""Every kind of finding, and what it is."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field to be set to ``value`` (LaTeX, without what encloses it), or to be taken out where that is None.

    A ``bare`` value is a macro or number, which braces would make a word. ``instead`` names the field whose place the
    value takes.
    """

    name: str
    value: str | None = None
    bare: bool = False
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """The changes to one entry that mend a finding, and the type it should have where that is wrong."""

    changes: tuple[Change, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the entry that has ``key``, in which line of the file, and how to mend it if that is sure."""

    kind: str
    level: Level
    key: str
    line: int
    message: str
    fix: Fix | None = None


def shortened(text: str, width: int = 80) -> str:
    """Return a value of a file as a message tells it: on one line and not longer than ``width``.

    >>> shortened("one  two three", 8)
    'one two…'
    """
    text = " ".join(text[: 4 * width].split())
    return text if len(text) <= width else f"{text[: width - 1]}…"
