"""The capitals of a title as it stands in a file: which words a style would lower, and how to guard them.

BibTeX lowers every letter of a title outside braces, but the first one and the first behind a colon and a space
(``change.case$`` with "t", in ``bibtex.web``). A letter is guarded by any brace round it, whether the word is braced as
a whole or in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .titles import protect

_WORD = re.compile(r"\S+")
_PART = re.compile(r"[^-‐‑–—/]+")
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?(?:\(\))?")
_PLAIN = re.compile(r"[\w.,:;'’()&+!?*-]+")
_INNER = re.compile(r"[^\W\d_].*[A-Z]|\d.*[A-Z]|[A-Z].*\d")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a title's source: its place, its text without braces, and which of its letters a brace guards.

    ``opens`` says that its first letter stays as it is: the title or a sentence begins with it. A word with TeX in it
    is ``opaque``.
    """

    start: int
    end: int
    text: str
    guarded: tuple[bool, ...]
    opens: bool
    opaque: bool


@lru_cache(maxsize=1 << 8)
def words(tex: str) -> tuple[Word, ...]:
    """Return the words of a title.

    >>> [(w.text, all(w.guarded), w.opens) for w in words("{GPTQ}: Accurate {LLM} QuIP")]
    [('GPTQ:', False, False), ('Accurate', False, True), ('LLM', True, False), ('QuIP', False, False)]
    """
    found: list[Word] = []
    depth, math, opens = 0, False, True
    for match in _WORD.finditer(tex):
        text: list[str] = []
        guarded: list[bool] = []
        opaque = math
        first = tex[match.start()] not in "{$"
        for n, char in enumerate(match[0], match.start()):
            if char in "{}" and not (n and tex[n - 1] == "\\"):
                depth = max(0, depth + (1 if char == "{" else -1))
                continue
            if char == "$" and not (n and tex[n - 1] == "\\"):
                math = not math
            opaque |= math or char in "\\$"
            text.append(char)
            guarded.append(depth > 0)
        found.append(Word(match.start(), match.end(), "".join(text), tuple(guarded), opens and first, opaque))
        opens = match[0].endswith(":") and not depth
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def must_keep(word: str) -> tuple[tuple[int, int], ...]:
    """Return the places of the parts of a word that lose something when they are lowered.

    >>> must_keep("LLM-Based"), must_keep("Bayesian:"), must_keep("Quantization")
    (((0, 3),), ((0, 8),), ())
    """
    found: list[tuple[int, int]] = []
    for part in _PART.finditer(word):
        core = _CORE.search(part[0])
        if core and _PLAIN.fullmatch(core[0]) and protect(core[0]).startswith("{"):
            found.append((part.start() + core.start(), part.start() + core.end()))
    return tuple(found)


def lost(word: Word, *, only_inner: bool = False) -> bool:
    """Say whether a style would take a capital from ``word`` that it must keep.

    ``only_inner`` leaves out what is a name in some titles and a word in others ("Apple"): all that has no capital
    but the first.
    """
    if word.opaque:
        return False
    for start, end in must_keep(word.text):
        if only_inner and not _INNER.search(word.text[start:end]):
            continue
        for n in range(start, end):
            if word.text[n].isupper() and not word.guarded[n] and not (word.opens and n == 0):
                return True
    return False


def guard(tex: str, braced: dict[int, str]) -> str | None:
    """Return the title with the words at the starts in ``braced`` as they are told there, each in braces.

    None where a word cannot be braced because a brace of the title ends or begins inside it.

    >>> guard("LoRA: A (gptq) View", {0: "LoRA:", 8: "(GPTQ)"})
    '{LoRA}: A ({GPTQ}) View'
    """
    out: list[str] = []
    end = 0
    for word in words(tex):
        if word.start not in braced:
            continue
        source = tex[word.start : word.end]
        if source.count("{") != source.count("}") or source.find("}") < source.find("{"):
            return None
        core = _CORE.search(braced[word.start])
        if core is None:
            return None
        text = braced[word.start]
        out += [tex[end : word.start], text[: core.start()], "{", core[0], "}", text[core.end() :]]
        end = word.end
    return "".join([*out, tex[end:]])


def lowered(tex: str, title: str) -> Iterator[tuple[Word, str]]:
    """Yield each word of ``tex`` that has lost capitals which it has in ``title``, with the word as it should be.

    >>> [(w.text, right) for w, right in lowered("Gptq: Accurate quantization", "GPTQ: Accurate Quantization")]
    [('Gptq:', 'GPTQ:')]
    """
    ours, theirs = words(tex), title.split()
    if len(ours) != len(theirs):
        return
    for word, right in zip(ours, theirs, strict=True):
        if word.opaque or word.text == right or word.text.casefold() != right.casefold():
            continue
        if _capitals(word.text) < _capitals(right) and any(
            word.text[start:end] != right[start:end] for start, end in must_keep(right)
        ):
            yield word, right


def _capitals(text: str) -> int:
    return sum(map(str.isupper, text))
