"""TeX as it stands in .bib files, read as Unicode: the one place that decodes it.

Nothing is lost but the form: an unknown command leaves its argument, or its name where it has none. Nothing is raised.
pylatexenc gives the signs (``\\otimes``), not the reading: it drops what stands in ``\\texttt``, ``\\LaTeX`` and all
behind ``%``, fails on deep braces, and takes half a second for a thousand titles.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .text import tidy

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "h": "\u0309", "t": "\u0361", "G": "\u030f", "U": "\u030e",
}  # fmt: skip
_LETTERS = {
    "i": "ı", "j": "ȷ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "SS": "SS", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ",
    "NG": "Ŋ", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e", "XeTeX": "XeTeX",
    "textbackslash": "\\", "backslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<",
    "textgreater": ">", "textbar": "|", "textbraceleft": "{", "textbraceright": "}", "textunderscore": "_",
    "textdollar": "$", "textquotesingle": "'", "textquoteright": "’", "textquoteleft": "‘", "textquotedbl": '"',
    "textendash": "–", "textemdash": "—", "slash": "/", "quad": " ", "qquad": " ", "space": " ", "newline": " ",
    "par": " ", "linebreak": " ", "textperiodcentered": "·", "cdot": "·", "lbrace": "{", "rbrace": "}", "mid": "|",
    "cite": "", "verb": "", "item": " ", "sqrt": "√", "vert": "|", "textbullet": "•", "sim": "~", "ast": "*",
}  # fmt: skip
_SIGNS = dict.fromkeys("&%#_${}", "") | dict.fromkeys(" ,;:>\n\r\t\\", " ") | dict.fromkeys('-/!@+()[]|"<', "")
# commands that change the form of what follows, or do nothing that a text could show
_SILENT = frozenset(
    """
    rm it bf sc sl tt sf em normalfont rmfamily sffamily ttfamily bfseries mdseries itshape scshape slshape upshape
    relax protect tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge left right big Big bigl
    bigr displaystyle textstyle limits nolimits ignorespaces unskip allowbreak nobreak noindent centering null
    """.split()
)
_SWALLOWING = frozenset("noopsort SortNoop label index vspace hspace begin end phantom hphantom vphantom".split())
_VERBATIM = frozenset("url path nolinkurl detokenize".split())
_SUPER = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_SUB = str.maketrans("0123456789+-=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ")
_SCRIPTS = {"^": _SUPER, "_": _SUB, "textsuperscript": _SUPER, "textsubscript": _SUB}
_DEEPEST = 20

_TEX = re.compile(r"[\\{}$~`]|--|''")
_BEYOND_BRACES = re.compile(r"[\\$~`]|--|''")
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+)\*?\s*|\\(?P<sign>.)|(?P<brace>[{}])|(?P<dash>---?)|(?P<quote>``|''|`)|(?P<script>[\^_])|"
    r"(?P<tie>~)|(?P<rest>[^\\{}`'^_~-]+|.)",
    re.DOTALL,
)
# Pandoc's rule: no space inside the dollars, no digit behind, so that prices stay prices.
_MATH = re.compile(r"(?<!\\)\$\$?(?![\s$])((?:[^$\\]|\\.)*+(?<!\s))\$\$?(?![0-9$])", re.DOTALL)
_SPACE = re.compile(r"\s*")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_TILDE = re.compile(
    r"\{?\\(?:textasciitilde|~)(?:\{\}|\s|(?=\}))\s*\}?|\$\\sim\$|\{\\raise[^}]*\$\\(?:scriptstyle\\)?sim\$\}"
)
_WRAPPED = re.compile(r"\\(?:url|path|nolinkurl)\s*\{(.*)\}", re.DOTALL)
_ESCAPED = re.compile(r"\\([&%#_$~{}])")


def untex(tex: str) -> str:
    r"""Return TeX as Unicode on one line, in NFC.

    >>> untex(r"{\L}ukasz M{\"u}ller, Fran\c cois \'{\i}: {GPTQ} -- 4\% of $O(n^2)$ ``\emph{fast}''")
    'Łukasz Müller, François í: GPTQ – 4% of O(n²) “fast”'
    >>> untex(r"\ours{} and \unknown{its argument}, 100% of $5")
    'ours and its argument, 100% of $5'
    """
    if not _TEX.search(tex):
        return tidy(tex)
    if not _BEYOND_BRACES.search(tex):
        return tidy(tex.replace("{", "").replace("}", ""))
    return unicodedata.normalize("NFC", tidy(_with_math(tex, 0)))


def untex_address(tex: str) -> str:
    r"""Return an address, DOI or file name as it is meant: escapes undone, tildes and underlines kept.

    >>> untex_address(r"\url{https://example.org/{\textasciitilde}me/a\_b%20c~d}")
    'https://example.org/~me/a_b%20c~d'
    """
    if "\\" not in tex and "{" not in tex:
        return "".join(tex.split())
    if wrapped := _WRAPPED.search(tex):
        tex = wrapped[1]
    tex = _TILDE.sub("~", tex).replace(r"\textunderscore", "_")
    tex = re.sub(r"(?<!\\)[{}]", "", tex)
    return "".join(_ESCAPED.sub(r"\1", tex).split())


def _with_math(tex: str, depth: int) -> str:
    if "$" not in tex:
        return _decode(tex, depth, math=False)
    out: list[str] = []
    end = 0
    for formula in _MATH.finditer(tex):
        out += [_decode(tex[end : formula.start()], depth, math=False), _decode(formula[1], depth, math=True)]
        end = formula.end()
    return "".join([*out, _decode(tex[end:], depth, math=False)])


def _decode(tex: str, depth: int, *, math: bool) -> str:
    out: list[str] = []
    pos = 0
    while token := _TOKEN.match(tex, pos):
        pos = token.end()
        if rest := token["rest"]:
            out.append(rest)
        elif (word := token["word"]) is not None:
            text, pos = _command(word, tex, pos, depth, math)
            out.append(text)
        elif (sign := token["sign"]) is not None:
            text, pos = _sign(sign, tex, pos, depth, math)
            out.append(text)
        elif dash := token["dash"]:
            out.append(dash if math else "–" if dash == "--" else "—")
        elif quote := token["quote"]:
            out.append(quote if math else {"``": "“", "''": "”"}.get(quote, "‘"))
        elif script := token["script"]:
            if math:
                argument, pos = _argument(tex, pos, depth, math)
                out.append(_raised(script, argument) or script + argument)
            else:
                out.append(script)
        elif token["tie"]:
            out.append(" ")
    return "".join(out)


def _command(word: str, tex: str, pos: int, depth: int, math: bool) -> tuple[str, int]:
    """Return the text of a command and where what follows it begins."""
    if word in _ACCENTS and not math:
        argument, pos = _argument(tex, pos, depth, math)
        return _accented(argument, _ACCENTS[word]), pos
    if word in _SILENT:
        return "", pos
    takes = tex[pos : pos + 1] == "{"
    if word in _SWALLOWING and takes:
        return "", _group(tex, pos)[1]
    if word in _VERBATIM and takes:
        argument, pos = _group(tex, pos)
        return untex_address(argument), pos
    if word == "href" and takes:
        return "", _group(tex, pos)[1]
    if word in _SCRIPTS and takes:
        argument, pos = _argument(tex, pos, depth, math)
        return _raised(word, argument) or argument, pos
    if word in {"frac", "tfrac", "dfrac"} and takes:
        above, pos = _argument(tex, pos, depth, math)
        below, pos = _argument(tex, pos, depth, math)
        return f"{above}/{below}", pos
    if word in {"enquote", "mkbibquote"} and takes:
        argument, pos = _argument(tex, pos, depth, math)
        return f"“{argument}”", pos
    known = _LETTERS.get(word)
    known = _symbol(word) if known is None else known
    if known is not None:
        # {} behind a sign only ends its name
        return known, pos + 2 if tex.startswith("{}", pos) else pos
    if takes and not tex.startswith("{}", pos):
        return "", pos
    # a command of the writer's own; the space that TeX would not print parts it from the next word
    gap = " " if tex[pos - 1 : pos].isspace() else ""
    return word + gap, pos


def _sign(sign: str, tex: str, pos: int, depth: int, math: bool) -> tuple[str, int]:
    if sign in _ACCENTS and not math:
        argument, pos = _argument(tex, pos, depth, math)
        return _accented(argument, _ACCENTS[sign]), pos
    if sign in _SIGNS:
        return _SIGNS[sign] or (sign if sign in "&%#_${}" else ""), pos
    return sign, pos


def _argument(tex: str, pos: int, depth: int, math: bool) -> tuple[str, int]:
    """Return the next group, command or character as text, and where what follows it begins."""
    space = _SPACE.match(tex, pos)
    pos = space.end() if space else pos
    if tex.startswith("{", pos):
        inner, pos = _group(tex, pos)
        if depth >= _DEEPEST:
            return re.sub(r"[\\{}]", "", inner), pos
        return (_decode(inner, depth + 1, math=True) if math else _with_math(inner, depth + 1)), pos
    if tex.startswith("\\", pos) and depth < _DEEPEST:
        token = _TOKEN.match(tex, pos)
        if token and token["word"]:
            return _command(token["word"], tex, token.end(), depth + 1, math)
        if token and token["sign"]:
            return _sign(token["sign"], tex, token.end(), depth + 1, math)
    if tex.startswith(("}", "\\"), pos):
        return "", pos
    return tex[pos : pos + 1], pos + 1


def _group(tex: str, pos: int) -> tuple[str, int]:
    """Return what stands in the braces that open at ``pos``, to the end where nothing closes them."""
    level = 0
    for brace in _BRACE.finditer(tex, pos):
        level += {"{": 1, "}": -1}.get(brace[0], 0)
        if not level:
            return tex[pos + 1 : brace.start()], brace.end()
    return tex[pos + 1 :], len(tex)


def _accented(text: str, accent: str) -> str:
    base, rest = text[:1], text[1:]
    if base in "ıȷ" and base:
        base = {"ı": "i", "ȷ": "j"}[base]
    if not base.strip():
        return text if base else unicodedata.normalize("NFKC", "") or ""
    marks = 0
    while marks < len(rest) and unicodedata.combining(rest[marks]):
        marks += 1
    return unicodedata.normalize("NFC", base + rest[:marks] + accent) + rest[marks:]


def _raised(script: str, text: str) -> str:
    """Return ``text`` in raised or lowered characters, or nothing where there are not all of them."""
    raised = text.translate(_SCRIPTS[script])
    return raised if raised and all(a != b for a, b in zip(raised, text, strict=True)) else ""


@lru_cache(maxsize=1024)
def _symbol(word: str) -> str | None:
    """Return the sign that a command stands for, or None."""
    from pylatexenc.latex2text import get_default_latex_context_db

    spec = get_default_latex_context_db().get_macro_spec(word)  # pyright: ignore
    sign: object = getattr(spec, "simplify_repl", None)  # pyright: ignore
    return sign if isinstance(sign, str) and sign.strip() and "%" not in sign else None
