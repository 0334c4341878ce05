"""A .bib file as values: the one place that reads it, whoever wrote it.

Every entry keeps its exact text and place, so that a file can be mended without touching the rest of it. What cannot be
read is kept as it stands, with line and reason. ``bibsplit.py`` takes the text apart, ``untex.py`` decodes TeX,
``bibfields.py`` knows what fields mean.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import bibfields
from .bibsplit import RawEntry, split
from .errors import OutsideError, readable
from .model import Identifier, Name
from .sources import not_too_large, read_file, read_input
from .untex import untex, untex_address

MONTHS: dict[str, str] = dict(
    zip(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(),
        "January February March April May June July August September October November December".split(),
        strict=True,
    )
)
"""The macros that every BibTeX style defines, and what they print."""

_LINE = re.compile(r"\r\n|\r|\n")
_HREF = re.compile(r"\\href\s*\{([^{}]*)\}")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# what a cross-reference does not pass on (biblatex manual, "Field inheritance"; the first three are BibTeX's too)
_NOT_INHERITED = frozenset(
    """
    crossref xref xdata ids entryset entrysubtype execute label options presort related relatedoptions relatedstring
    relatedtype shorthand shorthandintro sortkey key keywords abstract file
    """.split()
)
_LINKS = ("xdata", "crossref")
_DEEPEST = 50
_LONGEST_MACRO = 10_000
"""What macros may come to in one value: one that doubles another, forty times over, would fill the memory."""
_NO_WORKS = frozenset({"xdata", "set", "bibnote", "control"})
_WHOLES = frozenset("proceedings mvproceedings collection mvcollection book mvbook".split())
_PARTS_OF = frozenset("inproceedings conference incollection inbook suppbook suppcollection inreference".split())


@dataclass(frozen=True, slots=True)
class BibField:
    r"""A field of an entry: its name in lower case and its value as it stands, as TeX and as text.

    ``source`` is the value exactly as in the file, with all that encloses and joins it (``{Foo}``, ``jan # "~1"``);
    ``tex`` is what it comes to for TeX (macros resolved, the enclosing braces or quotes dropped), ``text`` that in
    Unicode. ``start`` and ``end`` are the offsets of name and value in :attr:`BibFile.text`: ``text[start:end]`` is the
    field as it stands.
    """

    name: str
    source: str
    text: str
    line: int
    tex: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class BibEntry:
    """An entry: ``raw`` is its exact text, at ``start`` in :attr:`BibFile.text`; duplicate fields are kept in order.

    ``inherited`` are fields that it has from others through ``crossref`` or ``xdata``. ``flaws`` are faults of form
    that BibTeX would stumble over and that left no doubt what is meant ("no comma before 'year'").
    """

    key: str
    kind: str
    fields: tuple[BibField, ...]
    line: int
    raw: str
    start: int = 0
    inherited: tuple[BibField, ...] = ()
    flaws: tuple[str, ...] = ()

    def field(self, name: str) -> BibField | None:
        """Return the first field of this name, own before inherited, or None."""
        return next((f for group in (self.fields, self.inherited) for f in group if f.name == name), None)

    def get(self, name: str) -> str:
        """Return the text of the first field of this name, inherited ones counted, or an empty string."""
        found = self.field(name)
        return found.text if found else ""

    def has(self, name: str) -> bool:
        """Return whether there is a field of this name, own or inherited, even an empty one."""
        return self.field(name) is not None

    @property
    def texts(self) -> dict[str, str]:
        """The text of each field by its name; the first of several counts."""
        texts: dict[str, str] = {}
        for told in (*self.fields, *self.inherited):
            texts.setdefault(told.name, told.text)
        return texts

    @property
    def authors(self) -> tuple[Name, ...]:
        """The authors in order, without "others"."""
        return self._people[0]

    @property
    def authors_truncated(self) -> bool:
        """Whether the list of authors says that it is cut: "and others", "et al."."""
        return self._people[1]

    @property
    def _people(self) -> tuple[tuple[Name, ...], bool]:
        found = self.field("author")
        return bibfields.names(found.tex) if found else ((), False)

    @property
    def title(self) -> str:
        """The title, with biblatex's ``subtitle`` behind a colon."""
        title, subtitle = self.get("title"), self.get("subtitle")
        return f"{title}: {subtitle}" if title and subtitle else title

    @property
    def year(self) -> int | None:
        """The year of ``year`` or ``date``."""
        return bibfields.year(self.get("year"), self.get("date"))

    @property
    def venue(self) -> str:
        """The text of ``booktitle``, ``journal`` or ``journaltitle``; empty for a place of preprints."""
        return bibfields.venue(self.texts)

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """What the entry is called elsewhere: arXiv, DOI, OpenReview, ACL Anthology, ...; surest first."""
        tex = (f.tex for f in (*self.fields, *self.inherited) if "\\href" in f.tex)
        return bibfields.identifiers(self.key, self.texts, [link for value in tex for link in _HREF.findall(value)])


@dataclass(frozen=True, slots=True)
class UnreadBlock:
    """A piece of the file that could not be read, as it stands, with its line and the reason."""

    line: int
    raw: str
    reason: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class BibFile:
    """A .bib file as read. ``text`` is all of it (but a byte order mark), line ends as they are.

    ``encoding`` is ``utf-8``, ``utf-8-sig`` or, for what is no UTF-8, ``latin-1``: ``text.encode(encoding)`` are the
    bytes of the file. ``strings`` are its macros by name in lower case, as TeX.
    """

    name: str
    text: str
    entries: tuple[BibEntry, ...]
    unread: tuple[UnreadBlock, ...] = ()
    encoding: str = "utf-8"
    duplicate_keys: tuple[str, ...] = ()
    strings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def works(self) -> tuple[BibEntry, ...]:
        """The entries that are works: no sets, no shared fields, no volume that stands here for its parts."""
        wholes = {f.text.strip().lower() for entry in self.entries for f in entry.fields if f.name == "crossref"}
        return tuple(
            entry
            for entry in self.entries
            if entry.kind not in _NO_WORKS and not (entry.kind in _WHOLES and entry.key.lower() in wholes)
        )


def read_bib(path: str | os.PathLike[str]) -> BibFile:
    """Read the .bib file at ``path``, ``-`` for standard input.

    Raises OutsideError for a file that cannot be had or is too large; whatever stands in it is read or kept.
    """
    name = readable("name of a .bib file", os.fspath(path))
    if name == "-":
        name, data = "standard input", read_input()
    else:
        data = _read(Path(name))
    data = not_too_large(data, name, "a bibliography is a text")
    if data.startswith(_UTF16):
        raise OutsideError(f"{name}: written in UTF-16, which no BibTeX reads. Save it in UTF-8.")
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeError:
        encoding = "latin-1"
        text = data.decode(encoding)
    return parse_bib(text, name, encoding)


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except FileNotFoundError as error:
        raise OutsideError(f"{path}: no such file. Name a .bib file, or '-' for standard input.") from error
    except IsADirectoryError as error:
        raise OutsideError(f"{path}: a folder. Name a .bib file in it.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise OutsideError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def parse_bib(text: str, name: str = "", encoding: str = "utf-8") -> BibFile:
    r"""Return the .bib file whose text this is.

    >>> file = parse_bib('@string{icml = {ICML}}\n@inproceedings{a, title={{GPTQ}: Fast}, booktitle=icml # " 2023"}')
    >>> entry = file.entries[0]
    >>> entry.title, entry.venue, entry.line, entry.raw == file.text[entry.start:]
    ('GPTQ: Fast', 'ICML 2023', 2, True)
    """
    parts = split(text)
    lines = [0, *(m.end() for m in _LINE.finditer(text))]
    strings: dict[str, str] = {}
    for macro in parts.macros:
        strings[macro.name] = _joined(macro.pieces, strings)
    entries = [_entry(raw, text, lines, strings) for raw in parts.entries]
    counts = Counter(entry.key for entry in entries)
    return BibFile(
        name=name,
        text=text,
        entries=tuple(_with_inherited(entries)),
        unread=tuple(
            UnreadBlock(bisect_right(lines, u.start), text[u.start : u.end], u.reason, u.start) for u in parts.unread
        ),
        encoding=encoding,
        duplicate_keys=tuple(key for key, count in counts.items() if count > 1),
        strings=strings,
    )


def _entry(raw: RawEntry, text: str, lines: list[int], strings: Mapping[str, str]) -> BibEntry:
    fields: list[BibField] = []
    for told in raw.fields:
        tex = _joined(told.pieces, strings)
        decoded = untex_address(tex) if told.name in bibfields.ADDRESSES else untex(tex)
        line = bisect_right(lines, told.start)
        fields.append(BibField(told.name, told.source, decoded, line, tex, told.start, told.end))
    line = bisect_right(lines, raw.start)
    return BibEntry(raw.key, raw.kind, tuple(fields), line, text[raw.start : raw.end], raw.start, (), raw.flaws)


def _joined(pieces: Sequence[str], strings: Mapping[str, str]) -> str:
    """Return the TeX that the pieces of a value come to; a macro that nobody defined stays its name."""
    out: list[str] = []
    room = _LONGEST_MACRO
    for piece in pieces:
        text = _resolved(piece, strings)
        if not piece.startswith(("{", '"')):
            room -= len(text)
            text = text if room > 0 else piece
        out.append(text)
    return "".join(out)


def _resolved(piece: str, strings: Mapping[str, str]) -> str:
    if piece[:1] in ("{", '"'):
        return piece[1:-1]
    name = piece.lower()
    return strings.get(name) or MONTHS.get(name, piece)


def _with_inherited(entries: list[BibEntry]) -> list[BibEntry]:
    """Return entries with what they have from others; a circle of references ends where it closes."""
    if not any(f.name in _LINKS for entry in entries for f in entry.fields):
        return entries
    by_key: dict[str, BibEntry] = {}
    for entry in entries:
        by_key.setdefault(entry.key.lower(), entry)
    known: dict[int, tuple[BibField, ...]] = {}
    return [replace(entry, inherited=_inherited(entry, by_key, known, _DEEPEST)) for entry in entries]


def _inherited(
    entry: BibEntry, by_key: Mapping[str, BibEntry], known: dict[int, tuple[BibField, ...]], depth: int
) -> tuple[BibField, ...]:
    if id(entry) in known:
        return known[id(entry)]
    known[id(entry)] = ()  # what asks again on the way asks in a circle
    own = {f.name for f in entry.fields}
    found: dict[str, BibField] = {}
    for link in _LINKS:
        told = next((f for f in entry.fields if f.name == link), None)
        for key in told.text.split(",") if told and depth else ():
            parent = by_key.get(key.strip().lower())
            if parent is None or parent is entry:
                continue
            for passed in (*parent.fields, *_inherited(parent, by_key, known, depth - 1)):
                name = _passed_as(passed.name, entry.kind) if link == "crossref" else passed.name
                if name != passed.name and any(f.name == name for f in parent.fields):
                    continue  # BibTeX, which renames nothing, wants both of them there
                if name not in own and name not in _NOT_INHERITED:
                    found.setdefault(name, passed if name == passed.name else replace(passed, name=name))
    known[id(entry)] = tuple(found.values())
    return known[id(entry)]


def _passed_as(name: str, kind: str) -> str:
    """Return under which name a part has a field of its whole: the title of the proceedings is its ``booktitle``."""
    if kind in _PARTS_OF:
        return {"title": "booktitle", "subtitle": "booksubtitle", "author": "bookauthor"}.get(name, name)
    return name
