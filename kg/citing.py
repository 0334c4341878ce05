"""The citations of a document: which keys a LaTeX source or its ``.aux`` file cites, and where.

Keys are told as they are written. What a document includes (``\\input``, ``\\include``, ``\\@input``) is read too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import OutsideError, UsageError
from .sources import not_too_large, read_file

EVERYTHING = "*"
"""The key of ``\\nocite{*}``: every work there is."""
_MOST_FILES = 1000
_AUX = re.compile(
    r"\\(?:citation|abx@aux@cite(?:\{[^{}]*\})?|abx@aux@nocite(?:\{[^{}]*\})?)\{([^{}]*)\}|\\@input\s*\{([^{}]*)\}"
)
# natbib, biblatex, apacite and their like: a command whose name holds "cite", options, then braces with keys. The
# plural forms of biblatex (\\cites(..)(..)[..]{a}[..]{b}) take several pairs of braces.
_CITE = re.compile(
    r"\\(?P<name>[A-Za-z]*[Cc]ite[A-Za-z]*)\*?\s*(?P<rest>(?:\([^()]*\)\s*)*(?:(?:\[[^\[\]]*\]\s*)*\{[^{}]*\}\s*)+)"
)
_GROUP = re.compile(r"\{([^{}]*)\}")
_INCLUDE = re.compile(r"\\(?:input|include|subfile|subfileinclude)\s*\{\s*([^{}]+?)\s*\}")
_NOT_CITING = frozenset("citestyle setcitestyle citename citefield citelist declarecitecommand newcitecommand".split())
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
_VERBATIM = re.compile(
    r"\\begin\{(verbatim\*?|lstlisting|minted|comment)\}.*?\\end\{\1\}|\\verb\*?([^\w\s*]).*?\2", re.DOTALL
)


_PARAMETER = re.compile(r"[#\\{}]")


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation key where a document cites it: file and line (1 for the first)."""

    key: str
    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class _Document:
    """A file being read: its text, the folder from which inclusions are named, and the files read so far."""

    path: Path
    text: str
    root: Path
    seen: set[Path]


def read_citations(path: Path) -> list[Citation]:
    """Return the citations of the LaTeX source or ``.aux`` file at ``path``, in order, each key once.

    Which of the two it is, the name tells: ``.aux`` or anything else. Raises OutsideError for a file that cannot be
    read; a file that it includes and that is not there is passed over, as LaTeX itself does at first.
    """
    try:
        text = _read(path)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise OutsideError(f"{path}: cannot be read: {why}. Name a LaTeX source or an .aux file.") from error
    read = _aux if path.suffix == ".aux" else _tex
    first: dict[str, Citation] = {}
    for citation in read(_Document(path, text, path.parent, {path.resolve()})):
        first.setdefault(citation.key, citation)
    return list(first.values())


def _read(path: Path) -> str:
    data = not_too_large(read_file(path), str(path), "a document is text")
    if b"\0" in data:
        raise UsageError(f"{path}: not text. Name a LaTeX source or an .aux file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _aux(document: _Document) -> Iterator[Citation]:
    breaks = _breaks(document.text)
    for match in _AUX.finditer(document.text):
        if match[2] is not None:
            yield from _included(document, match[2], _aux)
        else:
            yield from _keys(match[1], document.path, bisect_right(breaks, match.start()))


def _tex(document: _Document) -> Iterator[Citation]:
    # what is not printed is blanked, so that lines stay what they are
    text = _VERBATIM.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), _COMMENT.sub(r"\1", document.text))
    breaks = _breaks(text)
    found = (*_CITE.finditer(text), *_INCLUDE.finditer(text))
    for match in sorted(found, key=lambda m: m.start()):
        if match.re is _INCLUDE:
            name = match[1] if Path(match[1]).suffix else f"{match[1]}.tex"
            yield from _included(document, name, _tex)
        elif match["name"].lower() not in _NOT_CITING:
            groups = _GROUP.findall(match["rest"])
            # \\cite{a}{b} is a citation and a group of its own; only the plural forms take several
            for group in groups if match["name"].lower().endswith("cites") else groups[:1]:
                yield from _keys(group, document.path, bisect_right(breaks, match.start()))


def _breaks(text: str) -> list[int]:
    """Return where each line begins."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _included(document: _Document, name: str, read: Callable[[_Document], Iterator[Citation]]) -> Iterator[Citation]:
    path = document.root / name.strip()
    try:
        resolved = path.resolve()
        if resolved in document.seen or len(document.seen) >= _MOST_FILES or not path.is_file():
            return
        document.seen.add(resolved)
        text = _read(path)
    except (OSError, ValueError):
        return
    yield from read(_Document(path, text, document.root, document.seen))


def _keys(group: str, path: Path, line: int) -> Iterator[Citation]:
    for key in group.split(","):
        # a definition of a command cites its parameter
        if (cleaned := key.strip()) and not _PARAMETER.search(cleaned):
            yield Citation(cleaned, path, line)
