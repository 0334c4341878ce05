"""Whether the citation keys of a .bib still mean the works that its entries mean.

A key that a graph minted is never given to another work, so a file made from it keeps its meaning. A file that was
written by hand, or made from another graph, need not agree with this one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import token_set_ratio

from .bibfile import BibEntry, BibFile
from .graph import Graph
from .names import parse_name
from .recognition import Recognised, author_key, recognise
from .text import title_key
from .works import work_titles

KeyFindingKind = Literal["other-work", "retired", "former", "own", "unread"]
_UNLIKE = 60.0
"""Ratio of letters (0..100) under which two titles have nothing to do with one another."""


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """What is to be said of a key of a .bib, in its file and line; ``now`` is the key of the entry's work, if known.

    ``other-work``: the graph means another work by the key (``means``, its title). ``retired``: the work that bore it
    is in the graph no more. These two are of level ``error``. ``former``: the work is called otherwise now, and the key
    still finds it. ``own``: the key is the file's own, and the graph calls the work otherwise. ``unread``: a piece of
    the file could not be read, so nothing is known of its key.
    """

    kind: KeyFindingKind
    level: Literal["error", "info"]
    file: str
    line: int
    key: str
    message: str
    now: str = ""
    means: str = ""


def check_keys(graph: Graph, file: BibFile) -> list[KeyFinding]:
    """Return what is to be said of the keys of ``file``, in its order; nothing of one that means its work here too.

    An entry that the graph does not know is passed over, unless its key is that of a work with another title and first
    author.
    """
    known = _Keys(graph)
    found = [finding for told in recognise(graph, file.works) if (finding := known.check(file.name, told))]
    found += (
        KeyFinding("unread", "info", file.name, block.line, "", f"not read: {block.reason}") for block in file.unread
    )
    return sorted(found, key=lambda finding: finding.line)


class _Keys:
    """What a graph means by each key, by its spelling and without regard to case, as BibTeX reads it."""

    def __init__(self, graph: Graph) -> None:
        self._current = graph.pairs("work-keys")
        self._bearers = {key: work for work, key in graph.rows("former-keys")}
        self._bearers |= {key: work for work, key in self._current.items()}
        self._small = {key.lower(): key for key in sorted(self._bearers)}
        self._titles = work_titles(graph)
        self._authors: dict[str, str] = {}
        first: dict[str, int] = defaultdict(lambda: 1 << 30)
        for work, position, name in graph.rows("work-authors"):
            if int(position) < first[work]:
                first[work] = int(position)
                self._authors[work] = author_key(parse_name(name))

    def check(self, file: str, told: Recognised) -> KeyFinding | None:
        """Return what is to be said of the key of an entry."""
        entry = told.entry
        spelled = entry.key if entry.key in self._bearers else self._small.get(entry.key.lower(), "")
        bearer = self._bearers.get(spelled, "")
        work = told.work if told.sure else ""
        now = self._current.get(work, "")
        if bearer and bearer not in self._titles:
            # its work may have another IRI now, and then another key; what still bears the key is nobody
            called = f"; the work is called {now}" if now else ""
            message = f"the work that bore this key is in the graph no more{called}"
            return KeyFinding("retired", "error", file, entry.line, entry.key, message, now)
        if bearer and bearer != told.work and (work or not self._may_be(bearer, entry)):
            title = min(self._titles[bearer], key=lambda title: (len(title), title))
            case = f" (as {spelled}, which BibTeX does not tell apart)" if spelled != entry.key else ""
            called = f"; the work of this entry is called {now}" if now else ""
            message = f'means another work in the graph{case}: "{title}"{called}'
            return KeyFinding("other-work", "error", file, entry.line, entry.key, message, now, title)
        if not work or entry.key == now:
            return None
        if bearer == work and spelled == entry.key:
            message = f"now called {now}; the old key still works"
            return KeyFinding("former", "info", file, entry.line, entry.key, message, now)
        return KeyFinding("own", "info", file, entry.line, entry.key, f"the graph calls this work {now}", now)

    def _may_be(self, work: str, entry: BibEntry) -> bool:
        """Return whether an entry may mean a work after all: its title is like, or its first author the same."""
        title = title_key(entry.title)
        if not title or any(token_set_ratio(title, title_key(known)) >= _UNLIKE for known in self._titles[work]):
            return True
        return bool(entry.authors) and self._authors.get(work) == author_key(entry.authors[0])
