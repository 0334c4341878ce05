"""Names of people and groups for BibTeX and biblatex, which part and sort them by the same rules."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import cast

from ..kg.model import Name, Work
from ..kg.names import inverted, is_name
from .latex import Encoding, clean, spell

_SIMPLE = re.compile(r"(?!(?i:and)\b)[A-Z][A-Za-z.'-]*(?: (?!(?i:and)\b)[A-Z][A-Za-z.'-]*)*")
_COMMAS = re.compile(r"\s*(?:,\s*)+")
_AND = re.compile(r"\band\b", re.IGNORECASE)
_SIGN = re.compile(r"[\\{}$^~<>|=]")
_UNSPOKEN = frozenset(("Sc", "Sk", "Sm", "So", "No"))
_GREEK = re.compile("([\u0370-\u03ff\u1f00-\u1fff·]+)")


def authors(work: Work, encoding: Encoding = "ascii") -> str:
    """Return the authors of ``work`` as the value of a field: every one, in order, joined by "and".

    "and others" stands where a source says that its own list is cut short.

    >>> names = (Name("Beethoven", "Ludwig", "van"), Name(literal="Llama Team, AI @ Meta"))
    >>> authors(Work("i:1", "k", "T", authors=names))
    'van Beethoven, Ludwig and {Llama Team, AI @ Meta}'
    """
    names = [_name(n.family, n.given, n.particle, n.suffix, n.literal, encoding) for n in work.authors]
    truncated = work.authors_truncated
    if not all(names):
        # A source that ends in "et al." is cut short, whatever else it says.
        truncated |= None in names
        names = list(filter(None, names))
    if names and truncated:
        names.append("others")
    return " and ".join(cast("list[str]", names))


@lru_cache(maxsize=1 << 17)
def _name(family: str, given: str, particle: str, suffix: str, literal: str, encoding: Encoding) -> str | None:
    """Return one name as BibTeX parses it back, empty if nothing of it can be printed, None for "et al.".

    Names repeat from work to work, so each is made once.
    """
    if not (particle or suffix or literal) and _SIMPLE.fullmatch(family) and _SIMPLE.fullmatch(given):
        return f"{family}, {given}"
    family, given, particle, suffix = map(_spoken, (family, given, particle, suffix))
    if not family:
        family, particle = particle, ""
    if suffix:
        # Two commas part a name with a suffix, and biber counts those in braces too.
        family, given, particle, suffix = (p.replace(",", "") for p in (family, given, particle, suffix))
    whole = literal
    if not (particle or suffix or (family and given)):
        whole = whole or family or given
    if whole:
        if not is_name(whole):
            return None if any(map(str.isalpha, whole)) else ""
        # Without a comma BibTeX takes the last word for the family name.
        return _braced(whole, encoding) if literal or " " in whole.strip() else _part(whole, encoding)
    if suffix and not given:
        # "Last, Jr." would be read as a first name.
        return _braced(inverted(Name(family, given, particle, suffix)).replace(",", ""), encoding)
    # A small letter inside a family name would end a particle there.
    words = family.split()
    in_one = len(words) > 1 and any(w[0].islower() for w in words)
    last = _braced(family, encoding) if in_one else _part(family, encoding)
    first = _part(given, encoding)
    if last and first and not (particle or suffix):
        return f"{last}, {first}"
    return inverted(Name(last, first, _part(particle, encoding), _part(suffix, encoding)))


def _spoken(part: str) -> str:
    """Return a part of a person's name without what nobody says: marks of footnotes, signs, what is left of TeX.

    Styles print the first character of a part as its initial, and biber breaks a command there in two. A part of
    nothing but dashes is none: BibTeX finds no name in it and counts its comma.
    """
    part = clean(part)
    if not part.isascii() or _SIGN.search(part):
        kept = (c for c in part if c in "`+" or not (c in "\\{}" or unicodedata.category(c) in _UNSPOKEN))
        part = "".join(kept).strip()
    return part if any(map(str.isalnum, part)) else ""


def _part(text: str, encoding: Encoding) -> str:
    """Return a part of a name, braced if a comma or an "and" in it would cut the list."""
    latex = _lettered(text, encoding)
    cuts = "," in latex or ("and" in latex.lower() and _AND.search(latex))
    return _braced(text, encoding) if cuts else latex


def _braced(text: str, encoding: Encoding) -> str:
    # biber counts commas inside braces too, where nothing or another comma follows them, and takes the initial of a
    # group from what it begins with: a sign that is spelled as a command is broken in two.
    text = _COMMAS.sub(", ", clean(text)).strip(", ")
    while text and (text[0] in "\\{}, " or unicodedata.category(text[0]) in _UNSPOKEN):
        text = text[1:]
    latex = _lettered(text, encoding)
    return f"{{{latex}}}" if latex else ""


def _lettered(text: str, encoding: Encoding) -> str:
    """Return a clean part as LaTeX; Greek is a letter in a name, and no formula."""
    return "".join(piece if n % 2 else spell(piece, encoding) for n, piece in enumerate(_GREEK.split(text)))
