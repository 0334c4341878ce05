"""Changes written into an entry as its writer would have: all that is not changed stays byte for byte.

What a new or changed field looks like is seen from the fields around it: what encloses their values, how names are
capitalised and aligned, what parts two fields, whether a comma stands behind the last one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..kg.bibsplit import RawEntry, split
from .finding import Change, Fix

_ORDER = (
    *("author", "editor", "title", "booktitle", "journal", "journaltitle", "eventtitle", "date", "year", "month"),
    *("volume", "number", "pages", "series", "publisher", "school", "institution", "howpublished"),
    *("doi", "eprint", "archiveprefix", "eprinttype", "primaryclass", "eprintclass", "url"),
)
"""Where a new field belongs: behind the nearest of those before it here that the entry has."""
_PLAIN_GAP = re.compile(r"\s*,\s*")
_COMMA = re.compile(r"((?:%[^\r\n]*+|[^,%]++)*+),")
_TYPE = re.compile(r"@\s*([^\s{(]+)")
_FIRST_GAP = ",\n  "
_MOST = 0.7
"""Share of the fields of an entry whose form is its writer's habit: even dblp's columns have an exception."""


@dataclass(slots=True)
class _Part:
    """A field of an entry being mended: what parts it from the one before, its name, its ``=`` and its value."""

    name: str
    gap: str
    written: str
    equals: str
    value: str

    def __str__(self) -> str:
        return self.gap + self.written + self.equals + self.value


def mend(raw: str, fixes: Iterable[Fix]) -> str:
    """Return the entry ``raw`` with ``fixes``; one that touches a field which another has changed is left out.

    An entry that is not read as exactly one, without a flaw, is returned as it is.

    >>> source = "@Article{a,\\n  Title   = {One},\\n  Journal = {CoRR},\\n  Year    = 2022\\n}"
    >>> change = Change("booktitle", "Proceedings", instead="journal")
    >>> print(mend(source, [Fix((change,), "inproceedings"), Fix((Change("doi", "10.1/x"), Change("year", "2023")))]))
    @Inproceedings{a,
      Title   = {One},
      Booktitle = {Proceedings},
      Year    = 2023,
      Doi     = {10.1/x}
    }
    """
    entry = _alone(raw)
    if entry is None:
        return raw
    draft = _Draft(raw, entry)
    changed: set[str] = set()
    kind = ""
    for fix in fixes:
        names = {change.name for change in fix.changes} | {c.instead for c in fix.changes if c.instead}
        if names & changed or (fix.kind and kind and fix.kind != kind) or not draft.can(names):
            continue
        changed |= names
        kind = kind or fix.kind
        for change in fix.changes:
            draft.apply(change)
    return draft.text(kind)


def _alone(raw: str) -> RawEntry | None:
    """Return the one entry that ``raw`` is, or None for anything else."""
    parts = split(raw)
    if len(parts.entries) != 1 or parts.unread or parts.macros:
        return None
    entry = parts.entries[0]
    return entry if not entry.flaws and (entry.start, entry.end) == (0, len(raw)) else None


class _Draft:
    """An entry as a head, its fields and a tail; joined again they are the entry."""

    def __init__(self, raw: str, entry: RawEntry) -> None:
        self._parts: list[_Part] = []
        self._counts = Counter(field.name for field in entry.fields)
        end = None
        for field in entry.fields:
            begin = self._begin(raw, entry) if end is None else end
            written = raw[field.start : field.start + len(field.name)]
            value = field.end - len(field.source)
            equals = raw[field.start + len(field.name) : value]
            self._parts.append(_Part(field.name, raw[begin : field.start], written, equals, field.source))
            if end is None:
                self._head = raw[:begin]
            end = field.end
        self._tail = raw[end:] if end is not None else ""
        if end is None:
            close = len(raw) - 1
            body = len(raw[:close].rstrip().rstrip(","))
            self._head, self._tail = raw[:body], raw[body:]
        self._column = self._aligned()
        self._newline = "\r\n" if "\r\n" in raw else "\n"

    @staticmethod
    def _begin(raw: str, entry: RawEntry) -> int:
        """Return where the comma behind the key stands, the space before it included."""
        opening = re.search("[{(]", raw)
        key = raw.index(entry.key, opening.end() if opening else 0) + len(entry.key)
        return len(raw[: raw.index(",", key)].rstrip())

    def _aligned(self) -> int:
        """Return the width to which names are filled up so that "=" stands in one column; 0 if it does not for most."""
        widths = Counter(len(p.written) + len(p.equals) - len(p.equals.lstrip(" ")) for p in self._parts)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        filled = {len(p.written) for p in self._parts if len(p.written) < width}
        return width if len(filled) > 1 and count >= _MOST * len(self._parts) else 0

    def can(self, names: Iterable[str]) -> bool:
        """Say whether each of ``names`` stands here once at most: which of two is meant nobody knows."""
        return all(self._counts[name] < 2 for name in names)

    def apply(self, change: Change) -> None:
        """Set, replace or take out one field."""
        at = self._find(change.name)
        if change.value is None:
            if at is not None:
                self._remove(at)
            return
        if at is not None:
            part = self._parts[at]
            part.value = self._enclosed(change, part.value)
            if change.instead and (old := self._find(change.instead)) is not None:
                self._remove(old)
        elif (old := self._find(change.instead)) is not None:
            part = self._parts[old]
            part.name, part.written = change.name, self._cased(change.name)
            part.equals = self._padded(part.written, part.equals)
            part.value = self._enclosed(change, part.value)
        else:
            self._insert(change)

    def _find(self, name: str) -> int | None:
        return next((n for n, part in enumerate(self._parts) if part.name == name), None)

    def _remove(self, at: int) -> None:
        part = self._parts.pop(at)
        if not at and self._parts and not _PLAIN_GAP.fullmatch(self._parts[0].gap):
            # the comma behind the key stays where it is: no comment may stand before it
            self._parts[0].gap = part.gap.rstrip(" \t") + _COMMA.sub(r"\1", self._parts[0].gap, count=1)
            return
        if _PLAIN_GAP.fullmatch(part.gap):
            return
        # a comment stands before the field: it stays, with the end of its line, and only the comma goes
        kept = _COMMA.sub(r"\1", part.gap, count=1)
        if at < len(self._parts):
            self._parts[at].gap = kept.rstrip(" \t") + self._parts[at].gap
        else:
            end = "" if self._tail[:1] in {"\n", "\r"} else self._newline
            self._tail = kept.rstrip() + end + self._tail

    def _insert(self, change: Change) -> None:
        before = _ORDER[: _ORDER.index(change.name)] if change.name in _ORDER else ()
        near = [n for n, part in enumerate(self._parts) if part.name in before]
        at = near[-1] + 1 if near else len(self._parts)
        model = self._model(at)
        written = self._cased(change.name)
        equals = self._padded(written, model.equals if model else " = ")
        value = self._enclosed(change, self._braced_like())
        self._parts.insert(at, _Part(change.name, self._gap(), written, equals, value))

    def _model(self, at: int) -> _Part | None:
        """Return the field by whose form a new one is written: the one before it, but not the first, if there are more.

        The first field may stand on the line of the key.
        """
        if not self._parts:
            return None
        return self._parts[max(at - 1, min(1, len(self._parts) - 1))]

    def _gap(self) -> str:
        # the first field may stand on the line of the key
        plain = [part.gap for part in self._parts if _PLAIN_GAP.fullmatch(part.gap)]
        if plain:
            return Counter(plain[1:] or plain).most_common(1)[0][0]
        return _FIRST_GAP.replace("\n", self._newline)

    def _cased(self, name: str) -> str:
        """Return ``name`` in the capitals that the names of the entry have."""
        written = [part.written for part in self._parts]
        if written and all(w.isupper() for w in written):
            return name.upper()
        if written and all(w[:1].isupper() for w in written):
            return name.capitalize()
        return name

    def _padded(self, written: str, equals: str) -> str:
        bare = equals.lstrip(" ")
        if self._column:
            room = self._column - len(written)
            least = 1 if any(p.equals.startswith(" ") for p in self._parts) else 0
            return " " * max(room, least) + bare
        return (" " if equals.startswith(" ") else "") + bare

    def _braced_like(self) -> str:
        """Return a value that stands for what encloses most values here."""
        quoted = sum(part.value.startswith('"') for part in self._parts)
        braced = sum(part.value.startswith("{") for part in self._parts)
        return '""' if quoted > braced else "{}"

    def _enclosed(self, change: Change, old: str) -> str:
        value = change.value or ""
        number = value.isascii() and value.isdigit()
        if change.bare or (number and old.isascii() and old.isdigit()):
            return value
        # a value that begins as a macro is told in what encloses the others
        like = old if old.startswith(('"', "{")) else self._braced_like()
        return f'"{value}"' if like.startswith('"') and '"' not in value else f"{{{value}}}"

    def text(self, kind: str) -> str:
        """Return the entry, of another type if ``kind`` names one."""
        head = self._head
        if kind and (match := _TYPE.match(head)):
            old = match[1]
            new = kind.upper() if old.isupper() else kind.capitalize() if old[:1].isupper() else kind
            head = head[: match.start(1)] + new + head[match.end(1) :]
        return head + "".join(map(str, self._parts)) + self._tail
