"""A .bib text taken apart: entries and macros with their exact places, and what cannot be read.

The grammar is BibTeX's own (``bibtex.web``, "Reading the database file"): braces count whatever stands before them, a
value ends where its brace or quote does. What BibTeX stumbles over and means only one thing is read and told as a flaw
(a comma missing between fields, a value without braces); the rest is kept as it stands, and reading goes on where the
next entry begins a line. Two habits of biber are followed, for writers rely on them: ``%`` begins a comment between
fields and before an entry, and an entry inside ``@comment{...}`` is none.

bibtexparser's splitter is not fit for files in the wild: it gives no places, takes ``\\\\}`` for an escaped brace and
so loses a title that ends in ``\\\\``, hides the next field in the value where a comma is missing, breaks an abstract
with ``@`` at the begin of a line in two, and swallows all that follows a broken entry where lines end in CR.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_BLOCK = re.compile(r"(?<!\w)@\s*+(?P<kind>[^\W\d][\w-]*+)\s*+(?P<open>[{(])")
_LINE = re.compile(r"\r\n|\r|\n")
_LINE_STARTS = r"(?:\A|(?<=[\r\n]))[ \t]*+@\s*+[^\W\d][\w-]*+\s*+[{(]"
_STARTS = re.compile(_LINE_STARTS)
# what no text holds by chance: the first line of an entry, up to the "=" of its first field
_SURELY_STARTS = re.compile(_LINE_STARTS + r"\s*+[^\s,{}()=\"]++\s*+,\s*+[\w:+-]++\s*+=")
_NOTHING_BEHIND = re.compile(r"[ \t]*+(?:[\r\n@%]|\Z)")
_STRAY = re.compile(r"[\s,]*+([\w-]++\s*+=\s*+[{\"\d])")
_COMMENTED = re.compile(r"[ \t]*+%")
_COMMENT_BLOCK = re.compile(r"@\s*+comment\s*+\{", re.IGNORECASE)
_GAP = re.compile(r"(?:\s++|%[^\r\n]*+)*+")
_KEY = re.compile(r"\s*+([^,{}=\r\n]*+)\s*+")
_FIELD = re.compile(r"([^\s\"#%'(),={}]++)(?:\s++|%[^\r\n]*+)*+=")
_FLAT = re.compile(r"\{[^{}]*+\}")
_BRACE = re.compile(r"[{}]")
_BRACE_OR_QUOTE = re.compile(r"[{}\"]")
_BARE = re.compile(r"[^\s,{}\"#]++")
_BARE_WORDS = re.compile(r"[^,{}\"#\r\n]*+")


@dataclass(frozen=True, slots=True)
class RawField:
    """A field as it stands: its name in lower case, its value with all that encloses and joins it, and their places."""

    name: str
    source: str
    pieces: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as it stands in the text from ``start`` to ``end``; ``flaws`` are what BibTeX would stumble over."""

    kind: str
    key: str
    fields: tuple[RawField, ...]
    start: int
    end: int
    flaws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece of the text that could not be read, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Macro:
    """A ``@string``: its name in lower case and the pieces of its value."""

    name: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a .bib text, each in the order in which they stand there."""

    entries: tuple[RawEntry, ...]
    macros: tuple[Macro, ...]
    unread: tuple[Unread, ...]


class _BrokenError(Exception):
    """A block ends, or goes on, as none can."""


def split(text: str) -> Split:
    """Return the parts of a .bib text; whatever the text, every part is found and nothing is raised.

    >>> parts = split('@misc{a, title = {One} note = "x" # y}  @misc{b, title = {Two')
    >>> [(e.key, [f.source for f in e.fields], e.flaws) for e in parts.entries]
    [('a', ['{One}', '"x" # y'], ("no comma before 'note'",))]
    >>> [u.reason for u in parts.unread]
    ["the value of 'title' is never closed"]
    """
    return _Splitter(text).split()


class _Splitter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [0, *(m.end() for m in _LINE.finditer(text))]
        self._starts = [m.start() for m in _STARTS.finditer(text)]
        self._sure_starts = [m.start() for m in _SURELY_STARTS.finditer(text)]
        self._comments = _closed(text, {m.end() - 1 for m in _COMMENT_BLOCK.finditer(text)})
        self._limit = len(text)
        self._close = "}"
        self._flaws: list[str] = []

    def split(self) -> Split:
        entries: list[RawEntry] = []
        macros: list[Macro] = []
        unread: list[Unread] = []
        pos = 0
        while block := _BLOCK.search(self._text, pos):
            start, kind = block.start(), block["kind"].lower()
            pos = block.end()
            if _COMMENTED.match(self._text, self._lines[bisect_right(self._lines, start) - 1]):
                continue
            if kind == "comment":
                pos = self._comments.get(pos - 1, pos - 1) + 1
                continue
            self._limit = self._next(self._sure_starts, start)
            self._close = "}" if block["open"] == "{" else ")"
            self._flaws = []
            try:
                if kind == "string":
                    macro, pos = self._macro(pos)
                    macros.append(macro)
                elif kind == "preamble":
                    _, pos = self._value(pos, "@preamble")
                    pos = self._closing(pos)
                else:
                    entry, pos = self._entry(kind, start, pos)
                    entries.append(entry)
                    if stray := _STRAY.match(self._text, pos):
                        end = self._stripped(self._next(self._starts, start))
                        unread.append(Unread(stray.start(1), end, "a brace too many has ended the entry before it"))
                        pos = end
            except _BrokenError as error:
                pos = self._end_of_broken(start, block.end())
                unread.append(Unread(start, pos, str(error)))
        return Split(tuple(entries), tuple(macros), tuple(unread))

    def _next(self, starts: list[int], start: int) -> int:
        """Return the first of ``starts`` behind an entry's ``start``, or the end of the text."""
        n = bisect_right(starts, start)
        return starts[n] if n < len(starts) else len(self._text)

    def _end_of_broken(self, start: int, inside: int) -> int:
        """Return where a broken block ends: at its brace, or before the next block that begins a line."""
        stop = self._next(self._starts, start)
        if self._close == "}":
            depth = 1
            for brace in _BRACE.finditer(self._text, inside, stop):
                depth += 1 if brace[0] == "{" else -1
                if not depth and _NOTHING_BEHIND.match(self._text, brace.end()):
                    return brace.end()
        return self._stripped(stop)

    def _stripped(self, stop: int) -> int:
        while self._text[stop - 1].isspace():
            stop -= 1
        return stop

    def _at(self, pos: int) -> str:
        return self._text[pos] if pos < self._limit else ""

    def _gap(self, pos: int) -> int:
        found = _GAP.match(self._text, pos)
        return found.end() if found else pos

    def _closing(self, pos: int) -> int:
        pos = self._gap(pos)
        if self._at(pos) != self._close:
            raise _BrokenError(f"no '{self._close}' where it should end")
        return pos + 1

    def _macro(self, pos: int) -> tuple[Macro, int]:
        field = _FIELD.match(self._text, self._gap(pos))
        if field is None:
            raise _BrokenError("no name and '=' in @string")
        pieces, pos = self._value(field.end(), field[1])
        return Macro(field[1].lower(), pieces), self._closing(pos)

    def _entry(self, kind: str, start: int, pos: int) -> tuple[RawEntry, int]:
        key, pos, ended = self._key(pos)
        fields: list[RawField] = []
        while not ended:
            pos = self._gap(pos)
            if self._at(pos) == self._close:
                pos += 1
                break
            if self._at(pos) == ",":
                self._flaws.append("a comma without a field")
                pos += 1
                continue
            field = self._field(pos)
            fields.append(field)
            pos = self._gap(field.end)
            if self._at(pos) == ",":
                pos += 1
            elif self._at(pos) != self._close:
                following = _FIELD.match(self._text, pos, self._limit)
                if following is None:
                    raise self._unexpected(pos, f"behind the value of '{field.name}'")
                self._flaws.append(f"no comma before '{following[1].lower()}'")
        return RawEntry(kind, key, tuple(fields), start, pos, tuple(self._flaws)), pos

    def _key(self, pos: int) -> tuple[str, int, bool]:
        """Return an entry's key, where its fields begin, and whether it ends there."""
        found = _KEY.match(self._text, pos, self._limit)
        key, after = (found[1].rstrip(), found.end()) if found else ("", pos)
        sign = self._at(after)
        if sign == ",":
            return key, after + 1, False
        if self._close == ")" and ")" in key:
            return key[: key.index(")")], self._text.index(")", pos) + 1, True
        if sign == self._close:
            return key, after + 1, True
        if sign == "=":
            *before, _ = key.split() or [""]
            self._flaws.append("no comma after the key" if before else "no key")
            name = self._text.rindex(key.split()[-1], pos, after) if key else after
            return " ".join(before), name, False
        if key and _FIELD.match(self._text, after, self._limit):
            self._flaws.append("no comma after the key")
            return key, after, False
        raise self._unexpected(after, "behind the key")

    def _field(self, pos: int) -> RawField:
        head = _FIELD.match(self._text, pos, self._limit)
        if head is None:
            raise self._unexpected(pos, "where a field should begin")
        name = head[1].lower()
        begin = self._gap(head.end())
        pieces, end = self._value(begin, name)
        return RawField(name, self._text[begin:end], pieces, pos, end)

    def _unexpected(self, pos: int, where: str) -> _BrokenError:
        if pos >= self._limit:
            return _BrokenError(f"the closing '{self._close}' is missing")
        words = self._text[pos : min(pos + 30, self._limit)].split()
        return _BrokenError(f"'{words[0] if words else ''}' stands {where}")

    def _value(self, pos: int, name: str) -> tuple[tuple[str, ...], int]:
        """Return the pieces of a value that ``#`` joins, and where it ends."""
        pieces: list[str] = []
        while True:
            pos = self._gap(pos)
            sign = self._at(pos)
            if sign == "{":
                end = self._braced(pos, name)
            elif sign == '"':
                end = self._quoted(pos, name)
            else:
                end = self._bare(pos, name)
            pieces.append(self._text[pos:end])
            behind = self._gap(end)
            if self._at(behind) != "#":
                return tuple(pieces), end
            pos = behind + 1

    def _braced(self, pos: int, name: str) -> int:
        if flat := _FLAT.match(self._text, pos, self._limit):
            return flat.end()
        depth = 0
        for brace in _BRACE.finditer(self._text, pos, self._limit):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                return brace.end()
        raise _BrokenError(f"the value of '{name}' is never closed")

    def _quoted(self, pos: int, name: str) -> int:
        depth = 0
        for sign in _BRACE_OR_QUOTE.finditer(self._text, pos + 1, self._limit):
            if sign[0] == '"':
                # an umlaut typed without the braces that it needs between quotes
                umlaut = self._text[sign.start() - 1] == "\\" and self._at(sign.end()).isalpha()
                if umlaut and not depth:
                    self._flaws.append(f"a quote inside the quotes of '{name}'")
                elif not depth:
                    return sign.end()
            else:
                depth += 1 if sign[0] == "{" else -1
                if depth < 0:
                    break
        raise _BrokenError(f"the value of '{name}' is never closed")

    def _bare(self, pos: int, name: str) -> int:
        """Return where a number or a macro ends, or words that should stand in braces."""
        word = _BARE.match(self._text, pos, self._limit)
        end = word.end() if word else pos
        if self._close == ")" and word and ")" in word[0]:
            end = pos + word[0].index(")")
        if end == pos:
            if pos >= self._limit:
                raise _BrokenError(f"no value behind '{name} ='")
            self._flaws.append(f"no value behind '{name} ='")
            return pos
        behind = self._gap(end)
        sign = self._at(behind)
        if sign not in {",", "#", self._close, ""} and not _FIELD.match(self._text, behind, self._limit):
            words = _BARE_WORDS.match(self._text, pos, self._limit)
            end = words.end() if words else end
            while self._text[end - 1].isspace():
                end -= 1
            self._flaws.append(f"no braces round the value of '{name}'")
        return end


def _closed(text: str, opening: set[int]) -> dict[int, int]:
    """Return where each of the braces that stand at ``opening`` is closed, as far as it is, in one pass."""
    found: dict[int, int] = {}
    if opening:
        stack: list[int] = []
        for brace in _BRACE.finditer(text):
            if brace[0] == "{":
                stack.append(brace.start())
            elif stack and (begun := stack.pop()) in opening:
                found[begun] = brace.start()
    return found
