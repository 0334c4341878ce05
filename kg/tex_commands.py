"""Commands of a LaTeX source and what stands in their braces, found without running it.

The source is read once from front to back, whatever is in it, so that a file of any kind takes time in proportion to
its size.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_VERBATIM = "verbatim verbatim* Verbatim Verbatim* BVerbatim LVerbatim lstlisting minted comment filecontents".split()
# what TeX reads letter by letter: there a percent sign is no comment, and a backslash begins no command
_OPAQUE = re.compile(
    r"\\[\\%]|(?P<comment>%)"
    r"|\\(?:verb|Verb|lstinline)(?![A-Za-z@])\*?(?:\[[^\[\]\n]*\])?(?P<verb>[^\s\w*])"
    r"|(?P<address>\\(?:url|nolinkurl|path|href)(?![A-Za-z@])\s*\{[^{}\n]*\})"
    rf"|\\begin\s*\{{(?P<verbatim>{'|'.join(map(re.escape, [*_VERBATIM, 'filecontents*']))})\}}"
    r"|(?P<end>\\end\s*\{document\})"
)
_COMMAND = re.compile(r"\\(?:([A-Za-z@]+)|.)", re.DOTALL)
_INSIDE = re.compile(rf"{_COMMAND.pattern}|[\[\](){{}}]|\n[ \t]*\n", re.DOTALL)
"""What counts within an option of a command, which ends at the end of a paragraph at the latest."""
_DEFINING = re.compile(
    r"(?:re|provide)?(?:new|provide|renew)?(?:command|robustcmd)|[gex]?def|let|DeclareRobustCommand"
    r"|(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand|Declare\w*CiteCommand\w*"
)
_DEFINED = re.compile(r"\*?\s*(?:\{\s*)?\\[A-Za-z@]+\*?(?:\s*\})?(?:\s*(?:=\s*)?\\[A-Za-z@]+)?")
_DROPPED = "\r"
"""What stands for each letter of a comment, so that places stay what they are."""
_GAP = re.compile(r"[ \t\r]*\n?[ \t\r]*")
_BEFORE = re.compile(rf"[*+]?{_GAP.pattern}(?:<[^<>\n]{{0,99}}>)?")
"""What may follow the name of a command: a star, and the slides on which beamer shows it."""
_GROUP = re.compile(r"\{([^{}]*)\}")
_LETTER = re.compile(r"[^\n]")
_BARE = re.compile(r"[^\s{}\\\[\]]+")


@dataclass(frozen=True, slots=True)
class Argument:
    """What stands in one pair of braces behind a command, counted from 0, and where in the text it begins."""

    command: str
    number: int
    text: str
    start: int


@dataclass(slots=True)
class _Pending:
    """A command of which arguments are awaited: how many, and those that came."""

    name: str
    wanted: int
    came: int = 0


@dataclass(slots=True)
class _Scan:
    """A text being read: the place, and what is open there, each as its closing sign and the command whose option."""

    text: str
    place: int = 0
    open: list[tuple[str, _Pending | None]] = field(default_factory=list[tuple[str, "_Pending | None"]])


def arguments(text: str, wanted: Callable[[str], int]) -> Iterator[Argument]:
    r"""Yield what stands in the braces behind commands in ``text``, in order; not what is commented out or verbatim.

    Lines of ``text`` end with ``\n``; each letter of a comment within an argument, its line's end too, is a ``\r``.
    ``wanted`` tells for the name of a command how many pairs of braces count. Options before and between them are
    passed over, and commands within options are commands too. Braces within braces are no argument.

    >>> [a.text for a in arguments(r"\cite[see][]{a,b} \foo{c} % \cite{d}", lambda name: name == "cite")]
    ['a,b']
    """
    scan = _Scan(_printed(text))
    while match := (_INSIDE if scan.open else _COMMAND).search(scan.text, scan.place):
        scan.place = match.end()
        name = match[1]
        if name is None:
            if pending := _sign(scan, match[0]):
                yield from _arguments(scan, pending)
        elif _DEFINING.fullmatch(name):
            # the name that is defined is not called
            if defined := _DEFINED.match(scan.text, scan.place):
                scan.place = defined.end()
        elif number := wanted(name):
            pending = _Pending(name, number)
            before = _BEFORE.match(scan.text, scan.place)
            scan.place = before.end() if before else scan.place
            if name == "input" and (bare := _BARE.match(scan.text, scan.place)):  # as plain TeX has it
                yield Argument(name, 0, bare[0], bare.start())
                scan.place = bare.end()
            else:
                yield from _arguments(scan, pending)


def _arguments(scan: _Scan, pending: _Pending) -> Iterator[Argument]:
    """Yield arguments of a command as far as they follow one another; before an option they pause until it is over."""
    text = scan.text
    while pending.came < pending.wanted:
        gap = _GAP.match(text, scan.place)
        here = gap.end() if gap else scan.place
        sign = text[here : here + 1]
        if sign == "[" or (sign == "(" and pending.wanted > 1 and not pending.came):
            scan.open.append(({"[": "]", "(": ")"}[sign], pending))
            scan.place = here + 1
            return
        group = _GROUP.match(text, here)
        if group is None:
            return
        scan.place = group.end()
        yield Argument(pending.name, pending.came, group[1], group.start(1))
        pending.came += 1


def _sign(scan: _Scan, sign: str) -> _Pending | None:
    """Take a sign within an option; return the command whose option it ends."""
    if not scan.open:
        return None
    closing, pending = scan.open[-1]
    if sign == "{":
        scan.open.append(("}", None))
    elif sign == "}":
        # an option that was left open ends with the braces round it
        while scan.open and scan.open.pop()[0] != "}":
            pass
    elif sign.isspace():
        scan.open.clear()
    elif sign == closing:
        scan.open.pop()
        if scan.text[scan.place : scan.place + 1] == sign:  # [see [1]], which TeX itself would end too early
            scan.place += 1
        return pending
    return None


def _printed(text: str) -> str:
    """Return ``text`` up to the document's end with all blanked that is commented out or verbatim."""
    kept: list[str] = []
    place, seen, line_end, never = 0, 0, -1, set[str]()
    while match := _OPAQUE.search(text, place):
        place = match.end()
        if match["end"]:
            break
        if line_end < place and (match["comment"] or match["verb"]):  # looked for once in each line
            line_end = text.find("\n", place)
            line_end = len(text) if line_end < 0 else line_end
        if match["comment"]:
            end = min(line_end + 1, len(text))  # TeX drops the end of the line too
        elif match["verb"]:
            end = text.find({"{": "}"}.get(match["verb"], match["verb"]), place, line_end) + 1
        elif match["address"]:
            end = place
        elif match["verbatim"]:
            closing = f"\\end{{{match['verbatim']}}}"
            end = -1 if closing in never else text.find(closing, place)
            if end < 0:
                never.add(closing)  # looked for once: there may be many that are never closed
        else:
            continue
        if end > 0:
            blank = (
                _DROPPED * (end - match.start()) if match["comment"] else _LETTER.sub(" ", text[match.start() : end])
            )
            kept += (text[seen : match.start()], blank)
            place = seen = end
    else:
        place = len(text)
    kept.append(text[seen:place])
    return "".join(kept)
