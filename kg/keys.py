"""Citation keys: minted once, changed only by whoever imports others.

A key is the first author's family name, the year of first posting (a venue's year would change the key when
a preprint is published) and the first telling word of the title; on a collision the next words of the title
follow. A work whose authors nobody knows yet is named by its title and an identifier, and keeps that key
when they are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from ..ontology.terms import PREFIXES
from .model import Identifier
from .text import ascii_fold

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/:-]*")
"""What a citation key may look like: every BibTeX and biber reads it, and LaTeX prints it as it stands."""
MINTED = re.compile(r"[a-z0-9][a-z0-9:-]*")
"""What one looks like that is minted here: it also is one word to a shell, and no two differ in case alone."""

TITLED = f"{PREFIXES['work']}title:"
"""How the IRI of a work begins that is known by its title alone."""
_FILLER = frozenset(
    "a all an and are as at be by can do does for from how in into is it its just more no not of oh on one or our "
    "that the their there this to "
    "towards toward under upon via vs we what when where which why will with without your you".split()
)


@dataclass(frozen=True, slots=True)
class Keyless:
    """A work that needs a key: its IRI, the first author's family name (empty if unknown), and the rest.

    ``aliases`` are other IRIs under which an earlier build may have known the work, ``formerly`` those under which it
    did until its link turned out to be another paper's. ``titled`` are IRIs of its titles alone, under which
    it was known while nothing else was.
    """

    iri: str
    title: str
    family: str = ""
    year: int | None = None
    identifiers: tuple[Identifier, ...] = ()
    aliases: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    listed: bool = True


def plain_word(text: str, also: str = "") -> str:
    """Return ``text`` as keys spell it: small ASCII letters and digits, and the signs in ``also``.

    >>> plain_word("Müller-Lüdenscheidt")
    'mullerludenscheidt'
    """
    return re.sub(rf"[^a-z0-9{also}]", "", ascii_fold(text).lower())


def title_words(title: str) -> list[str]:
    """Return the telling words of a title, as keys spell them.

    >>> title_words("LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale")
    ['llmint8', '8bit', 'matrix', 'multiplication', 'transformers', 'scale']
    """
    words = [plain_word(word) for word in re.split(r"[\s/–—]+", title)]
    telling = [w for w in words if w and w not in _FILLER]
    return telling or [w for w in words if w]


def _candidates(work: Keyless) -> Iterable[str]:
    """Yield keys for ``work``, the one to prefer first; they never run out."""
    words = title_words(work.title) or ["untitled"]
    family = plain_word(work.family)
    if family and work.year:
        stem, rest = f"{family}{work.year}", words
    else:
        name = work.identifiers[0].value if work.identifiers else ""
        tail = re.sub(r"[^a-z0-9]+", "-", ascii_fold(name).lower()).strip("-")
        stem, rest = words[0], words[1:]
        if tail:
            stem = f"{stem}:{tail}"
            yield stem
            stem, rest = f"{stem}:", words[1:]
        elif not rest:
            yield stem
    for n in range(1, len(rest) + 1):
        yield stem + "".join(rest[:n])
    # every word of the title is used up: two works of one author, year and title
    base = stem + "".join(rest)
    for identifier in work.identifiers:
        yield f"{base}:{re.sub('[^a-z0-9]+', '-', identifier.value.lower()).strip('-')}"
    number = 2
    while True:
        yield f"{base}:{number}"
        number += 1


@dataclass(frozen=True, slots=True)
class _Known:
    """Keys by the IRIs of their bearers, and those of the IRIs that are no bearer's own."""

    keys: Mapping[str, str]
    titles: Mapping[str, str]


def mint(
    works: Iterable[Keyless],
    minted: Mapping[str, str],
    retired: Iterable[str] = (),
    titles: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return a key for each of ``works`` by IRI, in the order given; ``minted`` (IRI to key) stays as it is.

    ``titles`` are those of ``minted`` under which a bearer was known beside its own IRI; all of them for None.

    A key that was ever minted, or is ``retired``, is never given to another work, also when its own work is no
    longer listed.

    >>> mint([Keyless("w:1", "GPTQ: Accurate Quantization", "Frantar", 2022)], {})
    {'w:1': 'frantar2022gptq'}
    """
    known = _Known(minted, minted if titles is None else titles)
    # BibTeX takes keys that differ in case alone for one
    taken = {key.lower() for key in (*minted.values(), *retired)}
    works = list(works)
    keys: dict[str, str] = {}
    given: set[str] = set()
    # what only others cite never takes the key of a listed work
    for listed, sure in product((True, False), _SURE):
        for work in works:
            if work.listed is listed and work.iri not in keys:
                key = next((k for k in sure(work, known) if k not in given), None)
                if key is not None:
                    keys[work.iri] = key
                    given.add(key)
    works = [work for work in works if work.iri not in keys]
    works.reverse()
    while works:  # given up one by one: there may be many
        work = works.pop()
        keys[work.iri] = key = next(k for k in _candidates(work) if k not in taken)
        taken.add(key)
    return keys


def _by_iri_and_title(work: Keyless, known: _Known) -> Iterable[str]:
    key = known.keys.get(work.iri)
    if key is None:
        return ()
    return (key,) if work.iri.startswith(TITLED) or key in _by_title(work, known) else ()


def _by_title(work: Keyless, known: _Known) -> Iterable[str]:
    return [key for iri in work.aliases if iri.startswith(TITLED) and (key := known.titles.get(iri))]


def _by_iri(work: Keyless, known: _Known) -> Iterable[str]:
    key = known.keys.get(work.iri)
    return (key,) if key else ()


def _by_alias(work: Keyless, known: _Known) -> Iterable[str]:
    return [key for iri in work.aliases if (key := known.keys.get(iri))]


def _by_former_iri(work: Keyless, known: _Known) -> Iterable[str]:
    if work.iri in known.keys:  # it has had a key since, and the other paper may have one now
        return ()
    return [key for iri in work.formerly if (key := known.keys.get(iri))]


def _by_short_title(work: Keyless, known: _Known) -> Iterable[str]:
    return [key for iri in work.titled if (key := known.keys.get(iri))]


_SURE = (_by_iri_and_title, _by_title, _by_former_iri, _by_iri, _by_alias, _by_short_title)
"""How a work is known again, the surest way first. The title goes before the identifier: a link that led to another
paper is mended one day, and then that paper has the identifier and not the key."""
