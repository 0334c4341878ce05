"""Text for LaTeX: the one place that escapes.

In the encoding ``ascii`` what comes out is ASCII, wherever ASCII has a spelling that BibTeX, biber, pandoc and LaTeX
all read (each was asked: ``tests/test_judges.py``). One brace group per accented letter. Letters for which every
spelling is lost by one of them (``{\\dh}``, ``{\\DJ}``, a hook above) fall back to their base letter. A letter of a
script without a Latin base (Chinese, Arabic, Cyrillic, Greek words) stays itself in UTF-8, so that nothing is lost:
BibTeX and biber pass it on, XeLaTeX and LuaLaTeX print it.

In ``utf-8`` every letter stays itself, with its accents, and so do quotes and dashes. Signs that LaTeX prints in math
alone are math in both, and so is a Greek letter that stands alone.

A text is data. Whatever it holds, what comes out has balanced braces, stands on one line, starts no
entry and runs no command that is not in the tables below.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from ..kg.text import ascii_fold, tidy
from . import texmath
from .markup import unmark

Encoding = Literal["ascii", "utf-8"]

# Letters of their own, and signs; the spellings are those that all four readers keep. €, ¥, ¿ and ¡ have none;
# pandoc drops ™, ® and ©, which say nothing.
_SPELLED = {
    "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}", "ł": r"{\l}",
    "Ł": r"{\L}", "ß": r"{\ss}", "ı": r"{\i}", "ȷ": r"{\j}",
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "^": r"{\textasciicircum}",
    "~": r"{\textasciitilde}", "\\": r"{\textbackslash}", "<": r"{\textless}", ">": r"{\textgreater}",
    "|": "$|$",  # pandoc drops \textbar; a bare bar is a dash in LaTeX's default encoding
    "‐": "-", "‑": "-", "‒": "--", "–": "--", "—": "---", "―": "---", "−": "$-$",
    "“": "``", "”": "''", "„": "``", "‘": "`", "’": "'", "‚": "'", "ʼ": "'", "′": "'", "″": "''",
    "«": "``", "»": "''", "‹": "`", "›": "'", "…": r"{\ldots}", "•": r"$\bullet$", "·": r"$\cdot$",
    "™": r"{\texttrademark}", "®": r"{\textregistered}", "©": r"{\textcopyright}", "§": r"{\S}", "¶": r"{\P}",
    "°": r"$^\circ$", "£": r"{\pounds}", "†": r"$\dagger$", "‡": r"$\ddagger$",
    "⟨": r"$\langle$", "⟩": r"$\rangle$", "ŋ": "n", "Ŋ": "N", "ĸ": "k", "ə": "e", "Ə": "E",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
    "\u0331": "b", "\u0326": "c",  # a comma below: its own command is lost by pandoc, the cedilla is not
}  # fmt: skip

# One set of characters, which re scans ten times as fast as a choice of two.
_ACTIVE = re.compile(r"""[^ !"'()*+,\-./0-9:;=?A-Z\[\]`a-z]""")
# Without these a text is escaped piece by piece, with no eye for pairs and what was escaped before.
_TRICKY = re.compile(r"[\\{}$@]")
# Three Greek letters are a word, fewer are names of quantities.
_GREEK_WORD = r"[\u0370-\u03ff\u1f00-\u1fff]{3,}"
# A backslash before one of & % # _ $ means that the source had escaped it already.
_PIECE = re.compile(
    rf"(?P<escaped>\\(?=[&%#_$]))|{_GREEK_WORD}|"
    r"[A-Za-z][\u0300-\u036f]+|[^\x00-\x7f][\u0300-\u036f]*|[\\{}$&%#_^~<>|]"
)
_STROKE = "\u0338"
# Signs that LaTeX prints outside math, for any font; its kernel knows the letters, quotes and dashes besides.
_PRINTED = frozenset("…•·†‡™®©°£€¥")
# Pandoc's rule: no space inside the dollars, no digit behind, so that prices stay prices.
MATH = re.compile(r"(?<!\\)\$(?![\s$])([^$]*[^$\s\\])\$(?![0-9$])")
_TWO_FORMULAS = re.compile(r"(?<!\\)\$\$")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u200d\u20e3\ufe00-\ufe0f\u3030\u303d]"
)
_BEYOND_QUOTES = re.compile("[\u20e3-\U0010ffff]")
_LATIN_NAME = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z])(?: WITH |$)")
_UNSAFE_IN_ADDRESS = re.compile(r"[^!#-\[\]_a-z~]")
_STARTS_ENTRY = re.compile(r"@(?=\w*\s*[{(])")


def clean(text: str) -> str:
    """Return ``text`` on one line in NFC, without control and direction characters, emoji and markup.

    >>> clean("Týr 🏆\\n A\\x00 <i>Benchmark</i> &amp; More")
    'Týr A Benchmark & More'
    """
    text = _on_one_line(text)
    # What was said in entities may be markup itself, and is so where services escape twice.
    while ("<" in text or "&" in text) and (bare := _on_one_line(unmark(text))) != text:
        text = bare
    return text


def _on_one_line(text: str) -> str:
    text = tidy(text)
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    # The one range is looked through far faster than the ten.
    return " ".join(_EMOJI.sub("", text).split()) if _BEYOND_QUOTES.search(text) else text


@lru_cache(maxsize=1 << 14)
def escape(text: str, encoding: Encoding = "ascii") -> str:
    r"""Return ``text`` as LaTeX; well-formed ``$...$`` stays math, nothing is escaped twice.

    >>> escape("R&D at 50% for Łukasz Žižek"), escape("R&D at 50% for Łukasz Žižek", "utf-8")
    ('R\\&D at 50\\% for {\\L}ukasz {\\v{Z}}i{\\v{z}}ek', 'R\\&D at 50\\% for Łukasz Žižek')
    >>> escape(r"Q\&A on $O(n^2)$ \write18{rm}")
    'Q\\&A on $O(n^2)$ {\\textbackslash}write18\\{rm\\}'
    """
    return spell(clean(text), encoding) if _ACTIVE.search(text) else " ".join(text.split())


def spell(text: str, encoding: Encoding) -> str:
    """Return a :func:`clean` text, or a word of one, as LaTeX."""
    if not _ACTIVE.search(text):
        return text
    if not _TRICKY.search(text):
        return without_entries(_parted(_PIECE.sub(lambda m: _spell(m[0], encoding), text)))
    pieces: list[str] = []  # text and math in turn
    end = 0
    for match in MATH.finditer(text):
        if (math := texmath.normalise(match[1])) is not None:
            pieces += (text[end : match.start()], math)
            end = match.end()
    pieces.append(text[end:])
    braces = _BALANCED if _balanced("".join(pieces[::2])) else _UNBALANCED
    latex = [f"${piece}$" if n % 2 else _words(piece, braces, encoding) for n, piece in enumerate(pieces)]
    return without_entries(_parted("".join(latex)))


def without_entries(latex: str) -> str:
    """Return ``latex`` without anything that looks like the start of an entry.

    A reader that scans for "@word{" starts a new block there, wherever it stands: bibtexparser does.
    """
    return _STARTS_ENTRY.sub("{@}", latex) if "@" in latex else latex


# BibTeX counts \{ as a brace, so only a pair of them may stand as it is; pandoc loses \textbraceleft.
_BALANCED = {"{": r"\{", "}": r"\}"}
_UNBALANCED = {"{": r"$\lbrace$", "}": r"$\rbrace$"}


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def _words(text: str, braces: dict[str, str], encoding: Encoding) -> str:
    return _PIECE.sub(lambda m: "" if m["escaped"] else braces.get(m[0]) or _spell(m[0], encoding), text)


def _parted(latex: str) -> str:
    """Part two formulas side by side, which would look like the start of a displayed one."""
    return _TWO_FORMULAS.sub("${}$", latex) if "$$" in latex else latex


@lru_cache(maxsize=1 << 12)
def _spell(cluster: str, encoding: Encoding) -> str:
    """Return one character with the accents that follow it, or one Greek word, as LaTeX."""
    if len(cluster) > 2 and not unicodedata.combining(cluster[1]):
        return cluster
    if len(cluster) > 1 and not cluster[0].isalpha() and _STROKE not in cluster:
        cluster = cluster[0]  # an accent on what is no letter says nothing
    if encoding == "utf-8" and (_is_itself(cluster[0]) or len(cluster) > 1):
        return cluster
    if cluster in _SPELLED:
        return _SPELLED[cluster]
    # before it is taken apart: a stroke negates a sign, and ≠ is = and a stroke
    if math := texmath.symbol(cluster):
        return f"${math}$"
    base, *marks = unicodedata.normalize("NFD", cluster)
    if base.isascii() or base in _SPELLED:
        return _accented(base, [_ACCENTS[m] for m in marks if m in _ACCENTS])
    # ½ is 1⁄2 in pieces, and an accent on nothing is one on a space
    simple = unicodedata.normalize("NFKC", cluster).replace("⁄", "/").strip()
    if simple != cluster:
        latex = _PIECE.sub(lambda m: _UNBALANCED.get(m[0]) or _spell(m[0], encoding), simple)
        level = re.match("<(super|sub)>", unicodedata.decomposition(cluster[0]))
        return rf"\text{level[1]}script{{{latex}}}" if level else latex
    if folded := ascii_fold(cluster).strip():
        return _PIECE.sub(lambda m: _SPELLED.get(m[0], ""), folded)
    if letter := _LATIN_NAME.match(unicodedata.name(base, "")):
        return letter[2] if letter[1] == "CAPITAL" else letter[2].lower()
    # A picture or an accent on nothing says nothing; letters, vowel signs, digits, punctuation and math stay.
    return "" if unicodedata.category(base) in ("So", "Sk") or "\u0300" <= base <= "\u036f" else cluster


def _is_itself(char: str) -> bool:
    """Say whether ``char`` stands for itself in UTF-8: a letter, a digit or their punctuation, and no sign of math."""
    if char in _PRINTED:
        return True
    category, made_of = unicodedata.category(char), unicodedata.decomposition(char)
    if char.isascii() or char == "ʼ" or "\u0300" <= char <= "\u036f":
        return False  # that letter is an apostrophe to every reader, and in no font of LaTeX
    if made_of.startswith("<") and not (category[0] == "P" and made_of.startswith("<wide>")):
        return False  # ﬁ is fi and 𝑘 is k, but Chinese has its own colon
    return (category[0] in "LMP" or category == "Nd") and not texmath.symbol(char)


def _accented(base: str, accents: list[str]) -> str:
    letter = _SPELLED.get(base, base)
    for n, accent in enumerate(accents):
        # Symbols take a letter as it is, letters want a group: {\"o} but {\v{s}}; inside, always one.
        inner = letter.removeprefix("{").removesuffix("}") if n or letter.startswith("{") else letter
        bare = n == 0 and len(inner) == 1 and not accent.isalpha()
        letter = f"{{\\{accent}{inner}}}" if bare else f"{{\\{accent}{{{inner}}}}}"
    return letter


def address(text: str) -> str:
    """Return a URL, DOI or identifier as it stands, with what could end the field percent-encoded.

    >>> address("https://example.org/a b{c}_d%20#e")
    'https://example.org/a%20b%7Bc%7D_d%20#e'
    """
    if not _UNSAFE_IN_ADDRESS.search(text):
        return text
    text = tidy(text)
    return _UNSAFE_IN_ADDRESS.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), text)


def plain(text: str) -> str:
    r"""Return ``text`` without TeX, for formats that have none: math in Unicode, escapes undone.

    >>> plain(r"H$_2$O: Q\&A with $\alpha$")
    'H₂O: Q&A with α'
    """
    text = clean(text)
    if "\\" not in text and "$" not in text:
        return text

    def math(match: re.Match[str]) -> str:
        source = texmath.normalise(match[1])
        return match[0] if source is None else texmath.plain(source)

    return re.sub(r"\\([&%#_$])", r"\1", MATH.sub(math, text))
