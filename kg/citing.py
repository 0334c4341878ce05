"""The citations of a document: which keys a LaTeX source cites, or the file that LaTeX wrote of it, and where.

Keys are told as they are written. What a document includes (``\\input``, ``\\include``, ``\\@input``) is read too. A
source is read without running it: keys that only a macro of the document cites stand in its ``.aux`` alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from .errors import LlmcompError, OutsideError, UsageError
from .sources import not_too_large, read_file
from .tex_commands import arguments

EVERYTHING = "*"
"""The key of ``\\nocite{*}``: every work there is."""
_MOST_FILES = 1000
# biblatex wrote \abx@aux@cite{KEY} and writes {SECTION}{KEY} since 3.18
_AUX = re.compile(
    r"\\(?:citation|abx@aux@(?:no)?cite(?:\{[^{}]*\})?)\{(?P<keys>[^{}]*)\}|\\@input\s*\{(?P<file>[^{}]*)\}"
    r"|\\abx@aux@nocite(?P<all>all)\b"
)
_BCF = re.compile(r"<bcf:citekey\b[^<>]*>(?P<keys>[^<>]*)</bcf:citekey>")
# REVTeX, the styles of the APS and IEEEtran.bst are told their settings by an entry that is cited
_SETTINGS = re.compile(r"REVTEX\d*Control|\w*(?:rev|aip|apj)\w*\d+Control|\S*:BSTcontrol", re.IGNORECASE)
_NO_KEY = re.compile(r"[#\\{}\[\]]")
_INCLUDING = {
    **dict.fromkeys(("input", "include", "subfile", "subfileinclude", "InputIfFileExists"), 1),
    **dict.fromkeys(("import", "subimport", "inputfrom", "subinputfrom", "includefrom", "subincludefrom"), 2),
}
"""How many pairs of braces name a file: its name, or its folder (package ``import``) and its name."""
# \citetext takes text, \citestyle settings; an alias of natbib is declared for a key, which another command cites
_NOT_CITING = re.compile(
    r"(?:set)?citestyle|citesetup|citetext|citereset|citeindex\w*|citetracker\w*|bstctlcite|defcitealias|shortcites"
    r"|(?:new|declare)\w*cite\w*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation key where a document cites it: file and line (1 for the first)."""

    key: str
    file: Path
    line: int


@dataclass(slots=True)
class _Reading:
    """What is known while a document is read: the folder from which inclusions are named, and the files read so far."""

    root: Path
    seen: set[Path] = field(default_factory=set[Path])


def read_citations(path: Path) -> list[Citation]:
    """Return the citations of the document of which ``path`` is a file, in order, each key once.

    What the file is, its name tells: ``.aux`` (written for BibTeX), ``.bcf`` (for biber), or else LaTeX. A file that it
    includes and that cannot be read is passed over, as LaTeX does with one that is not there. Raises OutsideError where
    ``path`` cannot be read, UsageError where it is no text.
    """
    try:
        text = _read(path)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise OutsideError(
            f"{path}: cannot be read: {why}. Name a LaTeX source, or the .aux or .bcf file that LaTeX wrote of it."
        ) from error
    reading = _Reading(path.parent, {path.resolve()})
    first: dict[str, Citation] = {}
    for citation in _citations(reading, path, text):
        first.setdefault(citation.key, citation)
    return list(first.values())


def _citations(reading: _Reading, path: Path, text: str) -> Iterator[Citation]:
    """Yield the citations of a file and of what it includes.

    Files wait on a list, for they may include one another a thousand deep.
    """
    waiting = [(path, _found(path, text))]
    while waiting:
        found = next(waiting[-1][1], None)
        if found is None:
            waiting.pop()
        elif isinstance(found, Citation):
            yield found
        elif (included := _included(reading, waiting[-1][0].parent, found)) is not None:
            waiting.append((included[0], _found(*included)))


def _found(path: Path, text: str) -> Iterator[Citation | tuple[str, ...]]:
    """Yield the citations of one file, and the names of files where it includes one: those it may have."""
    suffix = path.suffix.lower()
    if suffix not in (".aux", ".bcf"):
        yield from _in_source(path, text)
        return
    line, seen = 1, 0
    for match in (_AUX if suffix == ".aux" else _BCF).finditer(text):
        told = match.groupdict()
        line += text.count("\n", seen, match.start())
        seen = match.start()
        if told.get("all"):
            yield Citation(EVERYTHING, path, line)
        elif (file := told.get("file")) is not None:
            yield (file,)
        else:
            group = unescape(told["keys"]) if suffix == ".bcf" else told["keys"]
            yield from (Citation(key, path, line) for key, _ in _keys(group))


def _in_source(path: Path, text: str) -> Iterator[Citation | tuple[str, ...]]:
    line, seen, folder = 1, 0, ""
    for argument in arguments(text, _wanted):
        if argument.command not in _INCLUDING:
            # before each key \volcite takes a volume
            if "volcite" not in argument.command.lower() or argument.number % 2:
                for key, place in _keys(argument.text):
                    line += text.count("\n", seen, argument.start + place)
                    seen = argument.start + place
                    yield Citation(key, path, line)
        elif argument.number + 1 < _INCLUDING[argument.command]:
            folder = argument.text.strip()
        else:
            name = argument.text.strip().strip('"')
            name = f"{folder}/{name}" if _INCLUDING[argument.command] > 1 else name
            yield (name,) if name.endswith(".tex") else (f"{name}.tex", name)


def _wanted(name: str) -> int:
    """Return how many pairs of braces behind a command hold keys or names of files.

    ``\\cite{a}{b}`` is a citation and a group of its own; only the plural forms of biblatex
    (``\\cites(..)(..)[..][..]{a}{b}``) take several.
    """
    if name in _INCLUDING:
        return _INCLUDING[name]
    small = name.lower()
    if ("cite" not in small and small != "bibentry") or _NOT_CITING.fullmatch(name):
        return 0
    return sys.maxsize if small.endswith("cites") else 2 if "volcite" in small else 1


def _included(reading: _Reading, beside: Path, names: tuple[str, ...]) -> tuple[Path, str] | None:
    """Return the file that one of ``names`` names, and its text; None where there is none that was not read yet.

    LaTeX looks for it from where it was started; a part of the document that can be compiled alone, beside itself.
    """
    for folder in dict.fromkeys((reading.root, beside)):
        for name in names:
            path = folder / name
            try:
                if not path.is_file():
                    continue
                resolved = path.resolve()
                if resolved in reading.seen or len(reading.seen) >= _MOST_FILES:
                    return None
                reading.seen.add(resolved)
                return path, _read(path)
            except (OSError, ValueError, LlmcompError):
                return None
    return None


def _keys(group: str) -> Iterator[tuple[str, int]]:
    """Yield the keys in a pair of braces, each with its place there."""
    place = 0
    for part in group.split(","):
        key = part.replace("\r", "").strip()
        # a definition of a command cites its parameter
        if key and not _NO_KEY.search(key) and not _SETTINGS.fullmatch(key):
            yield key, place + len(part) - len(part.lstrip())
        place += len(part) + 1


def _read(path: Path) -> str:
    data = not_too_large(read_file(path), str(path), "a document is text")
    if b"\0" in data:
        raise UsageError(f"{path}: not text. Name a LaTeX source, or the .aux or .bcf file that LaTeX wrote of it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")
