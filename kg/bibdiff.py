"""What changed between two .bib files, by work and not by line.

Order, white space, braces, the spelling of accents, the case of field names and dashes are no changes; nor are fields
that name no work (abstracts, keywords, files).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from .bibfields import is_place_of_preprints
from .bibfile import BibEntry, BibFile, UnreadBlock
from .bibpairs import Seen, pair, works
from .model import Identifier, Name
from .names import spoken
from .text import title_key

ChangeKind = Literal[
    "key reused",
    "key changed",
    "removed",
    "added",
    "published since",
    "venue changed",
    "title changed",
    "authors changed",
    "year changed",
    "identifier gained",
    "identifier changed",
]
CHANGES: tuple[ChangeKind, ...] = get_args(ChangeKind)
"""The kinds of change in the order in which they are told: first what breaks a document."""
_NOT_IN_VENUES = re.compile(r"\b(?:the|of|on|in|and|for|proceedings|annual|proc)\b")
# what a howpublished says of where to find a work, not of where it was published
_NO_VENUE = re.compile(r"https?:|www\.|accessed|available|online|github|hugging ?face|blog|web ?site", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one work: its key in both files (empty where it is not there), its title, and what was and is.

    ``breaks`` says that a ``\\cite`` of the old key finds nothing in the new file, or another work (``key reused``). A
    work that was ``removed`` and is there under another key, for it stood there twice, has that one as ``key_new``.
    """

    kind: ChangeKind
    key_old: str
    key_new: str
    title: str
    old: str
    new: str
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class BibDiff:
    """What changed between two files, first what breaks a document; how many works are in both, and what is unread."""

    old: str
    new: str
    changes: tuple[Change, ...]
    common: int
    unchanged: int
    unread_old: tuple[UnreadBlock, ...] = ()
    unread_new: tuple[UnreadBlock, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether a key that a document may cite is gone while its work is still there, or means another work."""
        return any(change.breaks for change in self.changes)


def compare(old: BibFile, new: BibFile) -> BibDiff:
    """Return what changed from ``old`` to ``new``, the same for any order of their entries.

    A name that is spelled out where it was an initial is no change of authors: a family name, their order or their
    number must differ.

    >>> from llmcomp.kg.bibfile import parse_bib
    >>> was = parse_bib("@misc{a, title={{GPTQ}: Accurate Quantization of Models}, eprint={2210.17323}}")
    >>> now = parse_bib('@inproceedings{b, title="GPTQ: Accurate Quantization of Models", booktitle={ICLR}}')
    >>> [(c.kind, c.old, c.new, c.breaks) for c in compare(was, now).changes]
    [('key changed', 'a', 'b', True), ('published since', '', 'ICLR', False)]
    """
    theirs, ours = works(old), works(new)
    pairs = pair(theirs, ours)
    bearers: dict[str, list[Seen]] = defaultdict(list)
    titled: dict[str, list[Seen]] = defaultdict(list)
    for seen in ours:
        titled[seen.squashed].append(seen)
        for key in seen.keys:
            bearers[key].append(seen)
    changes: list[Change] = []
    unchanged = 0
    for before, after in pairs:
        found = list(_changes(before, after, bearers[before.entry.key]))
        changes += found
        unchanged += not found
    paired = {id(seen) for both in pairs for seen in both}
    for was in (seen for seen in theirs if id(seen) not in paired):
        gone, others = was.entry, bearers[was.entry.key]
        # a double that was dropped may live on among the ids of the other, or only under the other's key
        twin = next((seen.entry.key for seen in titled[was.squashed] if was.alike(seen)), "")
        lost = bool(twin and gone.key) and not others
        changes.append(Change("removed", gone.key, twin, _called(gone), _told(gone), "", lost))
        if others and not any(was.alike(other) for other in others):
            changes.append(_reused(gone, others[0].entry, _called(gone)))
    for come in (seen.entry for seen in ours if id(seen) not in paired):
        changes.append(Change("added", "", come.key, _called(come), "", _told(come)))
    order = {kind: n for n, kind in enumerate(CHANGES)}
    changes.sort(key=lambda c: (order[c.kind], c.key_old or c.key_new, c.key_new, c.title, c.old, c.new))
    return BibDiff(old.name, new.name, tuple(changes), len(pairs), unchanged, old.unread, new.unread)


def _reused(old: BibEntry, other: BibEntry, title: str) -> Change:
    """Return the change of a key that means ``other`` now; of one title twice, it is told who wrote each."""
    was, now = _called(old), _called(other)
    if title_key(was) == title_key(now):
        was, now = f"{was} ({_told(old)})", f"{now} ({_told(other)})"
    return Change("key reused", old.key, old.key, title, was, now, True)


def _called(entry: BibEntry) -> str:
    return entry.title or entry.get("booktitle") or entry.key


def _told(entry: BibEntry) -> str:
    """Return an entry in a few words: who, when, where."""
    names = entry.authors
    more = " et al." if len(names) > 2 or (names and entry.authors_truncated) else ""
    who = " and ".join(_family(name) for name in (names[:1] if more else names)) + more
    year = entry.year
    return ", ".join(filter(None, (who, _venue(entry), str(year) if year else "")))


def _changes(was: Seen, now: Seen, bearers: Sequence[Seen]) -> Iterator[Change]:
    """Yield what changed from one entry to the other; ``bearers`` are the new ones that the old key means."""
    a, b = was.entry, now.entry
    title = _called(b)

    def change(kind: ChangeKind, old: str, new: str, *, breaks: bool = False) -> Change:
        return Change(kind, a.key, b.key, title, old, new, breaks)

    if a.key != b.key:
        others = [seen for seen in bearers if seen is not now and not seen.alike(now)]
        kept = any(seen not in others for seen in bearers)
        yield change("key changed", a.key, b.key, breaks=bool(a.key) and not kept)
        if others and not kept:
            yield _reused(a, others[0].entry, title)
    place_old, place_new = _venue(a), _venue(b)
    if not place_old and place_new and _is_preprint(a):
        yield change("published since", "", place_new)
    elif _compared(place_old) != _compared(place_new):
        yield change("venue changed", place_old, place_new)
    if was.squashed != now.squashed:
        yield change("title changed", was.title, now.title)
    if was.authors != now.authors or a.authors_truncated != b.authors_truncated:
        yield change("authors changed", _people(a), _people(b))
    if a.year != b.year:
        yield change("year changed", str(a.year or ""), str(b.year or ""))
    had, has = _by_scheme(was.identifiers), _by_scheme(now.identifiers)
    for scheme, names in has.items():
        if scheme not in had:
            yield change("identifier gained", "", ", ".join(names))
        elif not set(had[scheme]) & set(names):
            yield change("identifier changed", ", ".join(had[scheme]), ", ".join(names))


def _is_preprint(entry: BibEntry) -> bool:
    """Return whether an entry without a venue is one that may be published yet: no book, thesis or report."""
    return not (entry.kind.endswith("thesis") or entry.kind in {"book", "manual", "techreport", "report", "patent"})


def _venue(entry: BibEntry) -> str:
    """Return where an entry was published; a ``howpublished`` counts where it names a place of publication."""
    if entry.venue:
        return entry.venue
    told = entry.get("howpublished")
    return "" if is_place_of_preprints(told) or _NO_VENUE.search(told) else told


def _compared(venue: str) -> str:
    """Return a venue as it is compared: without the words that one style writes and another drops."""
    return " ".join(_NOT_IN_VENUES.sub(" ", title_key(venue)).split())


def _people(entry: BibEntry) -> str:
    return "; ".join([*(spoken(name) for name in entry.authors), *["et al."] * entry.authors_truncated])


def _family(name: Name) -> str:
    return name.literal or " ".join(filter(None, (name.particle, name.family)))


def _by_scheme(identifiers: Iterable[Identifier]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for identifier in sorted(identifiers):
        found.setdefault(identifier.scheme, []).append(str(identifier))
    return found
