"""Text for LaTeX: the one place that escapes.

What comes out is ASCII, wherever ASCII has a spelling that BibTeX, biber, pandoc and LaTeX all read
(each was asked: ``tests/test_judges.py``). One brace group per accented letter. Letters for which every
spelling is lost by one of them (``{\\dh}``, ``{\\DJ}``, a hook above) fall back to their base letter. A
letter of a script without a Latin base (Chinese, Arabic, Cyrillic) stays itself in UTF-8, so that
nothing is lost: BibTeX and biber pass it on, XeLaTeX and LuaLaTeX print it.

A text is data. Whatever it holds, what comes out has balanced braces, stands on one line, starts no
entry and runs no command that is not in the tables below.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..kg.text import ascii_fold, tidy
from . import texmath

# Letters of their own, and signs; the spellings are those that all four readers keep.
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
    "°": r"$^\circ$", "£": r"{\pounds}", "€": r"{\texteuro}", "¥": r"{\textyen}", "†": r"{\dag}",
    "‡": r"{\ddag}", "¿": r"{\textquestiondown}", "¡": r"{\textexclamdown}", "⟨": r"$\langle$",
    "⟩": r"$\rangle$", "ŋ": "n", "Ŋ": "N", "ĸ": "k", "ə": "e", "Ə": "E",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
    "\u0331": "b", "\u0326": "c",  # a comma below: its own command is lost by pandoc, the cedilla is not
}  # fmt: skip

_ACTIVE = re.compile(r"[^ -~]|[\\{}$&%#_^~<>|@]|^ |  | $")
# Without these a text is escaped piece by piece, with no eye for pairs and what was escaped before.
_TRICKY = re.compile(r"[\\{}$@]")
# A backslash before one of & % # _ $ means that the source had escaped it already.
_PIECE = re.compile(
    r"(?P<escaped>\\(?=[&%#_$]))|[A-Za-z][\u0300-\u036f]+|[^\x00-\x7f][\u0300-\u036f]*|[\\{}$&%#_^~<>|]"
)
# Pandoc's rule: no space inside the dollars, no digit behind, so that prices stay prices.
MATH = re.compile(r"(?<!\\)\$(?![\s$])([^$]*[^$\s\\])\$(?![0-9$])")
_TWO_FORMULAS = re.compile(r"(?<!\\)\$\$")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u200d\u20e3\ufe00-\ufe0f\u3030\u303d]"
)
_LATIN_NAME = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z])(?: WITH |$)")
_UNSAFE_IN_ADDRESS = re.compile(r"[^!#-\[\]_a-z~]")
_STARTS_ENTRY = re.compile(r"@(?=\w*\s*[{(])")


def clean(text: str) -> str:
    """Return ``text`` on one line in NFC, without control and direction characters and without emoji.

    >>> clean("Týr 🏆\\n A\\x00 Benchmark")
    'Týr A Benchmark'
    """
    text = tidy(text)
    if text.isascii():
        return text
    return " ".join(_EMOJI.sub("", unicodedata.normalize("NFC", text)).split())


@lru_cache(maxsize=1 << 14)
def escape(text: str) -> str:
    r"""Return ``text`` as LaTeX; well-formed ``$...$`` stays math, nothing is escaped twice.

    >>> escape("R&D at 50% for Łukasz Žižek")
    'R\\&D at 50\\% for {\\L}ukasz {\\v{Z}}i{\\v{z}}ek'
    >>> escape(r"Q\&A on $O(n^2)$ \write18{rm}")
    'Q\\&A on $O(n^2)$ {\\textbackslash}write18\\{rm\\}'
    """
    if not _ACTIVE.search(text):
        return text
    text = clean(text)
    if not _TRICKY.search(text):
        return _parted(_PIECE.sub(_spelled, text))
    braces = _BALANCED if _balanced(MATH.sub("", text)) else _UNBALANCED
    out: list[str] = []
    end = 0
    for match in MATH.finditer(text):
        if (math := texmath.normalise(match[1])) is not None:
            out += [_words(text[end : match.start()], braces), "$", math, "$"]
            end = match.end()
    out.append(_words(text[end:], braces))
    latex = _parted("".join(out))
    # A reader that scans for "@word{" must not find one: bibtexparser starts a new block there.
    return _STARTS_ENTRY.sub("{@}", latex) if "@" in latex else latex


# BibTeX counts \{ as a brace. Only a pair of them may stand as it is, and pandoc loses the other form.
_BALANCED = {"{": r"\{", "}": r"\}"}
_UNBALANCED = {"{": r"{\textbraceleft}", "}": r"{\textbraceright}"}


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def _words(text: str, braces: dict[str, str]) -> str:
    return _PIECE.sub(lambda m: "" if m["escaped"] else braces.get(m[0]) or _spell(m[0]), text)


def _parted(latex: str) -> str:
    """Part two formulas side by side, which would look like the start of a displayed one."""
    return _TWO_FORMULAS.sub("${}$", latex) if "$$" in latex else latex


def _spelled(match: re.Match[str]) -> str:
    return _spell(match[0])


@lru_cache(maxsize=1 << 12)
def _spell(cluster: str) -> str:
    """Return one character, with the accents that follow it, as LaTeX."""
    if cluster in _SPELLED:
        return _SPELLED[cluster]
    base, *marks = unicodedata.normalize("NFD", cluster)
    if base.isascii() or base in _SPELLED:
        return _accented(base, [_ACCENTS[m] for m in marks if m in _ACCENTS])
    if math := texmath.symbol(base):
        return f"${math}$"
    script = unicodedata.normalize("NFKC", cluster)
    if script != cluster and len(script) == 1 and "<su" in unicodedata.decomposition(cluster):
        level = "super" if "<super>" in unicodedata.decomposition(cluster) else "sub"
        return rf"\text{level}script{{{_spell(script) if not script.isalnum() else script}}}"
    if folded := ascii_fold(script.replace("⁄", "/")).strip():  # ½ is 1⁄2 in pieces
        return _PIECE.sub(lambda m: _SPELLED.get(m[0], ""), folded)
    if letter := _LATIN_NAME.match(unicodedata.name(base, "")):
        return letter[2] if letter[1] == "CAPITAL" else letter[2].lower()
    # Symbols have no letters to lose; letters, digits and their punctuation stay as they are.
    return "" if unicodedata.category(base)[0] in "SM" else cluster


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
