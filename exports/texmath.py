"""Math between dollars: which of it may stand, and how it reads without TeX.

Only letters, digits, signs, scripts and the commands of the tables below pass. What passes compiles in
any document without a package: a double script, a missing argument or ``^^`` does not pass.
"""

from __future__ import annotations

import re
import unicodedata

# The command of each sign; the first command of a sign is the one that is written.
_SIGNS = {
    r"\pm": "±", r"\mp": "∓", r"\times": "×", r"\div": "÷", r"\cdot": "·", r"\ast": "∗", r"\circ": "∘",
    r"\bullet": "•", r"\leq": "≤", r"\le": "≤", r"\geq": "≥", r"\ge": "≥", r"\neq": "≠", r"\ne": "≠",
    r"\ll": "≪", r"\gg": "≫", r"\approx": "≈", r"\sim": "∼", r"\simeq": "≃", r"\equiv": "≡", r"\propto": "∝",
    r"\rightarrow": "→", r"\to": "→", r"\leftarrow": "←", r"\leftrightarrow": "↔", r"\uparrow": "↑",
    r"\downarrow": "↓", r"\Rightarrow": "⇒", r"\Leftarrow": "⇐", r"\Leftrightarrow": "⇔", r"\mapsto": "↦",
    r"\infty": "∞", r"\partial": "∂", r"\nabla": "∇", r"\sum": "∑", r"\prod": "∏", r"\int": "∫",
    r"\surd": "√", r"\in": "∈", r"\notin": "∉", r"\subset": "⊂", r"\subseteq": "⊆", r"\cup": "∪",
    r"\cap": "∩", r"\emptyset": "∅", r"\forall": "∀", r"\exists": "∃", r"\neg": "¬", r"\wedge": "∧",
    r"\vee": "∨", r"\oplus": "⊕", r"\otimes": "⊗", r"\odot": "⊙", r"\star": "⋆", r"\ell": "ℓ", r"\hbar": "ℏ",
    r"\langle": "⟨", r"\rangle": "⟩", r"\lbrace": "{", r"\rbrace": "}", r"\lfloor": "⌊", r"\rfloor": "⌋",
    r"\lceil": "⌈", r"\rceil": "⌉", r"\perp": "⊥", r"\top": "⊤", r"\mid": "∣", r"\parallel": "∥",
    r"\ldots": "…", r"\cdots": "⋯", r"\dots": "…", r"\prime": "′", r"\dagger": "†", r"\ddagger": "‡",
    r"\%": "%", r"\ ": " ",
    r"\,": " ", r"\;": " ", r"\:": " ", r"\!": "", r"\log": "log", r"\exp": "exp", r"\min": "min",
    r"\max": "max", r"\arg": "arg", r"\sin": "sin", r"\cos": "cos", r"\tanh": "tanh", r"\sup": "sup",
    r"\inf": "inf", r"\det": "det", r"\dim": "dim", r"\Pr": "Pr", r"\lim": "lim", r"\quad": " ",
}  # fmt: skip
_GREEK = {
    rf"\{name}": letter
    for names, letters in (
        ("alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho sigma", "αβγδζηθικλμνξπρσ"),
        ("tau upsilon phi chi psi omega varepsilon epsilon varphi varsigma vartheta", "τυφχψωεϵϕςϑ"),
        ("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega", "ΓΔΘΛΞΠΣΥΦΨΩ"),
    )
    for name, letter in zip(names.split(), letters, strict=True)
}
_COMMANDS = _SIGNS | _GREEK
# Commands with arguments. Those of a package become the kernel's own, so that any document compiles.
_TAKING_ONE = r"""
\sqrt \mathbf \mathcal \mathrm \mathit \mathsf \mathtt \textrm \textbf
\hat \bar \tilde \vec \dot \ddot \widehat \widetilde \overline
"""
_ARGUMENTS = {r"\frac": 2} | dict.fromkeys(_TAKING_ONE.split(), 1)
_KERNEL = {
    r"\mathbb": r"\mathbf", r"\boldsymbol": r"\mathbf", r"\bm": r"\mathbf", r"\mathscr": r"\mathcal",
    r"\text": r"\textrm", r"\operatorname": r"\mathrm", r"\{": r"\lbrace", r"\}": r"\rbrace",
    r"\varnothing": r"\emptyset", r"\tfrac": r"\frac", r"\dfrac": r"\frac",
}  # fmt: skip
_SAME = {
    "µ": r"\mu",
    "∆": r"\Delta",
    "∑": r"\sum",
    "ϵ": r"\epsilon",
    "φ": r"\varphi",
    "ϕ": r"\phi",
    "Ω": r"\Omega",
}
# Greek capitals that look like Latin ones have no command.
_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", r"ABEZHIKMNOPTXo", strict=True))
_BY_SIGN = {sign: name for name, sign in reversed(_COMMANDS.items()) if len(sign) == 1 and sign > "~"}

_TOKEN = re.compile(r"\\[A-Za-z]+|\\[,;:! {}%]|[A-Za-z0-9+\-*/=<>.,;:()\[\]|!?' {}^_]")
_DEEPEST = 8


class _NotMathError(Exception):
    """Something that may not stand between dollars."""


def symbol(char: str) -> str:
    r"""Return the command for one sign, or an empty string: ``symbol("λ")`` is ``\lambda``."""
    return _SAME.get(char) or _BY_SIGN.get(char) or _LATIN.get(char, "")


def normalise(source: str) -> str | None:
    r"""Return ``source`` with every command a known and harmless one, or None if it cannot stand.

    >>> normalise(r"\mathbb{R}^d")
    '\\mathbf{R}^d'
    >>> normalise(r"\input{secret}") is normalise("x^^5cy") is normalise("a_1_2") is None
    True
    """
    tokens: list[str] = []
    end = 0
    for match in _TOKEN.finditer(source):
        if match.start() != end:
            return None
        tokens.append(_KERNEL.get(match[0], match[0]))
        end = match.end()
    if end != len(source):
        return None
    tokens.reverse()
    out: list[str] = []
    try:
        _formula(tokens, out, 0)
    except _NotMathError:
        return None
    if tokens:
        return None
    # A command ends where no letter follows.
    return re.sub(r"(\\[A-Za-z]+)\x00(?=[A-Za-z])", r"\1 ", "".join(out)).replace("\x00", "")


def _formula(tokens: list[str], out: list[str], depth: int) -> None:
    """Move a formula from the end of ``tokens`` to ``out``: atoms, each with one script of a kind."""
    scripts: set[str] = set()
    while tokens and tokens[-1] != "}":
        token = tokens[-1]
        if token in "^_'":
            kind = "^" if token == "'" else token
            if kind in scripts and not (token == "'" and out[-1] == "'"):
                raise _NotMathError
            scripts.add(kind)
            out.append(tokens.pop())
            if token != "'":
                _argument(tokens, out, depth)
        else:
            if token != " ":
                scripts.clear()
            _atom(tokens, out, depth)


def _atom(tokens: list[str], out: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise _NotMathError
    token = tokens.pop()
    if token == "{":
        out.append(token)
        _formula(tokens, out, depth + 1)
        if not tokens:
            raise _NotMathError
        out.append(tokens.pop())
    elif token in _ARGUMENTS:
        out.append(token)
        for _ in range(_ARGUMENTS[token]):
            if not tokens or tokens[-1] != "{":
                raise _NotMathError
            if token.startswith(r"\text") and not _only_words(tokens):
                raise _NotMathError
            _atom(tokens, out, depth + 1)
    elif token in _COMMANDS:
        out.append(token + "\x00" if token[1].isalpha() else token)
    elif token.startswith("\\"):
        raise _NotMathError
    else:
        out.append(token)


def _argument(tokens: list[str], out: list[str], depth: int) -> None:
    """Move what stands behind a script: one atom, and neither a space nor a command with arguments."""
    if not tokens or tokens[-1] in " }^_'" or tokens[-1] in _ARGUMENTS:
        raise _NotMathError
    _atom(tokens, out, depth + 1)


def _only_words(tokens: list[str]) -> bool:
    """Say whether the group on top holds text alone: scripts and signs are errors outside math."""
    inside = tokens[len(tokens) - 1 - tokens[::-1].index("}") + 1 : -1] if "}" in tokens else ["{"]
    return all(len(t) == 1 and (t.isalnum() or t in " .,-") for t in inside)


_UP = {unicodedata.normalize("NFKC", c): c for c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵏᵗ"}
_DOWN = {unicodedata.normalize("NFKC", c): c for c in "₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢₖₜ"}
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]*)\}|([^\s{}\\]))")


def script(level: str, text: str) -> str:
    r"""Return ``text`` raised (``^``) or lowered (``_``) in Unicode, or nothing where it has no such sign.

    >>> script("^", "-2"), script("_", "max")
    ('⁻²', '')
    """
    table = _UP if level == "^" else _DOWN
    raised = [table.get(c, "") for c in text.replace("-", "−")]
    return "".join(raised) if all(raised) else ""


def plain(source: str) -> str:
    r"""Return normalised math as readable Unicode: ``plain(r"O(n^2\log n)")`` is ``O(n²log n)``."""
    text = re.sub(r"\\(?:[A-Za-z]+|.)", lambda m: _COMMANDS.get(m[0], "").translate(_HOLD), source)

    def scripted(match: re.Match[str]) -> str:
        inside = (match[2] if match[2] is not None else match[3]).replace("−", "-")
        return script(match[1], inside) or match[1] + inside

    text = _SCRIPT.sub(scripted, text)
    return text.replace("{", "").replace("}", "").translate(_RELEASE)


# Braces that are printed must outlive those that only group.
_HOLD = str.maketrans("{}", "\x01\x02")
_RELEASE = str.maketrans("\x01\x02", "{}")
