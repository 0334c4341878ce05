"""Citation keys that leave a graph as a file, and those that a file brings: a table of keys, or a .bib in use.

An import changes keys and nothing else: the graph is decided anew over what it was made of, with a keyring in which
some works are called otherwise, and every later build keeps that.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import iris, store
from .bibfile import BibFile, UnreadBlock, parse_bib
from .build import Brought, rebuild
from .errors import OutsideError, UsageError, readable
from .graph import Graph
from .identifiers import parse_identifier
from .kept import Kept, Keyring, kept_keys
from .key_table import KeyRow, is_table, key_rows, read_table, written
from .keys import KEY
from .model import WORK_SCHEMES
from .recognition import recognise
from .sources import not_too_large, read_file, read_input
from .text import is_short, printable, title_key
from .works import work_titles

__all__ = ["ChangedKey", "ImportedKeys", "UnknownKey", "export_keys", "import_keys"]

_SHAPE = "A key begins with a letter or a digit of ASCII, and has only those and . _ + / : - in it"


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """A work that is called otherwise now: its IRI, the key that it had and the one that it has."""

    work: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A key of the file that no work got, with its line, and what the file says of its work.

    ``maybe`` is the key of the work that may be meant, where what the file says is too little to be sure.
    """

    key: str
    line: int
    title: str = ""
    maybe: str = ""


@dataclass(frozen=True, slots=True)
class ImportedKeys:
    """What came of an import: works that changed their keys, how many have the file's key already, what is unknown.

    ``former`` counts the other keys of the file under which works are found from now on. ``unread`` are pieces of a
    .bib that could not be read, ``set_aside`` older stores that could not be.
    """

    path: Path
    changed: tuple[ChangedKey, ...] = ()
    same: int = 0
    former: int = 0
    unknown: tuple[UnknownKey, ...] = ()
    unread: tuple[UnreadBlock, ...] = ()
    set_aside: tuple[Path, ...] = ()


@dataclass(slots=True)
class _Brought:
    """What a file says of works: the key of each (IRI) with its line, other keys of each with theirs, and the rest."""

    name: str
    keys: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    former: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    unknown: list[UnknownKey] = field(default_factory=list[UnknownKey])
    unread: tuple[UnreadBlock, ...] = ()
    wrong: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


def export_keys(graph: Graph, *, everything: bool = False) -> Iterator[str]:
    """Yield the table of the keys of listed works and tools, or of all works with ``everything``, line by line."""
    return written(key_rows(graph, everything=everything))


def import_keys(
    folder: Path, file: str | os.PathLike[str], *, version: str, waiting: Callable[[str], None] | None = None
) -> ImportedKeys:
    """Give the works of the graph in ``folder`` the keys that ``file`` has (``-`` for standard input).

    It is a table of :func:`export_keys`, or a .bib: there entries are recognised by identifier and title, and only
    where that is sure. Raises UsageError with all that cannot be: a key that is none, or is another work's that keeps
    it. Nothing is changed then.
    """
    name, text = _text(readable("name of the file", os.fspath(file)))
    with store.building(folder, waiting):
        graph = Graph(folder)
        kept = kept_keys(graph)
        if is_table(text):
            brought = _of_table(graph, kept, read_table(text, name), name)
        else:
            brought = _of_bib(graph, kept, parse_bib(text, name))
        keys = {iri: key for iri, (key, _) in brought.keys.items()}
        brought.wrong += _clashes(kept, brought, graph)
        if brought.wrong:
            raise _refused(brought)
        changed = tuple(
            ChangedKey(iri, kept.keys[iri], key) for iri, key in sorted(keys.items()) if kept.keys[iri] != key
        )
        renamed = kept.renamed(keys, ((iri, key) for iri, key, _ in brought.former))
        old = {(change.work, change.old) for change in changed}
        former = len(renamed.former - kept.former - old)
        set_aside: Sequence[Path] = ()
        if renamed != kept:
            set_aside = rebuild(folder, version=version, brought=Brought(keyring=lambda _: Keyring(renamed))).set_aside
        same = len(keys) - len(changed)
        return ImportedKeys(folder, changed, same, former, tuple(brought.unknown), brought.unread, tuple(set_aside))


def _text(file: str) -> tuple[str, str]:
    """Return the name of a file for messages, and its text."""
    name = "standard input" if file == "-" else file
    try:
        data = read_input() if file == "-" else read_file(Path(file))
    except FileNotFoundError as error:
        raise OutsideError(f"{name}: no such file. Name a file of 'llmcomp keys export', or a .bib file.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise OutsideError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    data = not_too_large(data, name, "a file of citation keys is a text")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{name}: written in UTF-16. Save it in UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeError:
        text = data.decode("latin-1")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not is_table(text) and "@" not in text:
        raise UsageError(
            f"{name}: neither keys nor entries. Name a file that 'llmcomp keys export' wrote, whose first line names "
            "the columns key and work, or a .bib file."
        )
    return name, text


def _of_table(graph: Graph, kept: Kept, rows: Iterable[KeyRow], name: str) -> _Brought:
    brought = _Brought(name)
    known = _Names(graph, kept)
    for row in rows:
        work, here = known.find(row), row.line or 0
        if not work:
            brought.unknown.append(UnknownKey(row.key, here, row.title or row.work))
            continue
        if work in brought.keys:
            line = brought.keys[work][1]
            brought.wrong.append((here, f"the work of line {line} is named again. Leave one of the rows out."))
            continue
        brought.keys[work] = row.key, here
        brought.former += ((work, key, here) for key in row.former)
    return brought


class _Names:
    """The works of a graph by all that may stand in a table of keys."""

    def __init__(self, graph: Graph, kept: Kept) -> None:
        self._keys = kept.keys
        self._aliases = kept.aliases | graph.pairs("aliases")
        self._titled: dict[str, list[str]] = defaultdict(list)
        for work, titles in work_titles(graph).items():
            for key in {title_key(title) for title in titles}:
                self._titled[key].append(work)

    def find(self, row: KeyRow) -> str:
        """Return the work of a row: by IRI or identifier, else by a title that only one has; or nothing."""
        identifier = parse_identifier(row.work)
        named = iris.identifier_work(identifier) if identifier and identifier.scheme in WORK_SCHEMES else ""
        tool = iris.tool([identifier] if identifier else [], row.work)
        for iri in (row.work, named, tool):
            found = iri if iri in self._keys else self._aliases.get(iri, "")
            if found in self._keys:
                return found
        key = title_key(row.title)
        titled = self._titled.get(key, [])
        return titled[0] if len(titled) == 1 and not is_short(key) else ""


def _of_bib(graph: Graph, kept: Kept, file: BibFile) -> _Brought:
    """Return what a .bib says; of several entries of one work, the key that the work has already or else the first."""
    brought = _Brought(file.name, unread=file.unread)
    for told in recognise(graph, file.works):
        key, line, title = told.entry.key, told.entry.line, " ".join(told.entry.title.split())
        if not told.sure:
            maybe = kept.keys.get(told.work, "") if told.likely else ""
            brought.unknown.append(UnknownKey(key, line, title, maybe))
            continue
        before = brought.keys.get(told.work)
        if before is None or key == kept.keys[told.work]:
            brought.keys[told.work] = key, line
            key, line = before or ("", 0)
        others = (key, *(part.strip() for part in told.entry.get("ids").split(",")))
        brought.former += ((told.work, other, line or told.entry.line) for other in others if other)
    return brought


def _clashes(kept: Kept, brought: _Brought, graph: Graph) -> Iterator[tuple[int, str]]:
    """Yield line and reason of each key that cannot be one, or that would mean two works.

    BibTeX takes keys that differ in case alone for one.
    """
    now = kept.keys | {iri: key for iri, (key, _) in brought.keys.items()}
    bearers: dict[str, list[str]] = defaultdict(list)
    for iri, key in now.items():
        bearers[key.lower()].append(iri)
    formerly = {key.lower(): iri for iri, key in sorted(kept.former)}
    new = [(iri, key, line) for iri, (key, line) in brought.keys.items() if kept.keys[iri] != key]
    others = [told for told in brought.former if told[:2] not in kept.former]
    given: dict[str, str] = {}
    titles: Mapping[str, str] = {}
    for iri, key, line in (*new, *others):
        if not KEY.fullmatch(key):
            yield line, f"'{printable(key)}' cannot be a citation key: {_why(key)}. {_SHAPE}."
            continue
        small = key.lower()
        owner = next((bearer for bearer in bearers[small] if bearer != iri), "")
        verb = "is the key of"
        if not owner:
            owner, verb = formerly.get(small, iri), "is a former key, which still finds"
        if owner == iri:
            owner, verb = given.setdefault(small, iri), "is in this file also for"
        if owner != iri:
            titles = titles or {work: min(told, key=len) for work, told in work_titles(graph).items()}
            case = "" if now.get(owner) == key or verb != "is the key of" else ", but for its case,"
            advice = (
                "Give that one another key in the same file, or this one." if owner in titles else "Choose another."
            )
            yield line, f"'{key}'{case} {verb} {_shortened(titles.get(owner, ''), owner)}. {advice}"


def _shortened(title: str, iri: str) -> str:
    if not title:
        return f"{iri}, which is in the graph no more"
    title = printable(" ".join(title.split()))
    return f'"{title if len(title) <= 60 else title[:60].rstrip() + "…"}"'


def _why(key: str) -> str:
    """Return what is wrong with a key, for a reader.

    >>> _why("my key"), _why("li:naïve"), _why("-li"), _why("")
    ('it has a space in it', "it has 'ï' in it", "it begins with '-'", 'it is empty')
    """
    if not key:
        return "it is empty"
    wrong = next((c for c in key if not KEY.fullmatch(f"a{c}")), "")
    if not wrong:
        return f"it begins with '{key[0]}'"
    named = "a space" if wrong.isspace() else f"'{wrong}'" if wrong.isprintable() else f"U+{ord(wrong):04X}"
    return f"it has {named} in it"


def _refused(brought: _Brought) -> UsageError:
    lines = "".join(f"\n  {brought.name}:{line}: {why}" for line, why in sorted(brought.wrong))
    count = len(brought.wrong)
    told = f"{count} of its keys cannot be taken" if count > 1 else "a key of it cannot be taken"
    return UsageError(f"{brought.name}: {told}, and nothing was changed:{lines}")
