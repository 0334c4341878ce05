"""What a snapshot brings into a graph: lists where there are none, answers, and keys for works that have none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from . import journal, keys, remembered, snapshot, store
from .build import Brought, rebuild
from .errors import OutsideError
from .graph import Graph
from .kept import Kept, Keyring, kept_keys
from .nquads import Statements
from .retold import is_told, kept_quads, told

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: how many of the snapshot's lists and keys are the graph's now, and the days of answers.

    ``new_days`` are those of which the graph had no answers. A graph that had lists keeps them, so ``lists`` is 0.
    """

    path: Path
    works: int
    tools: int
    lists: int
    keys: int
    days: tuple[str, ...] = ()
    new_days: tuple[str, ...] = ()
    set_aside: tuple[Path, ...] = ()


def import_snapshot(folder: Path, file: str, *, version: str, waiting: Callable[[str], None] | None = None) -> Imported:
    """Make the snapshot in ``file`` (``-`` for standard input) a part of the graph in ``folder``, or that graph.

    A graph that is there keeps its lists, its keys and its answers. It is given answers about papers, but for those
    that it asked for itself on the same day, and keys for works that have none. Raises OutsideError for a file that is
    no whole snapshot, GraphLocked while another process builds; what was there then stays as it was.
    """
    with snapshot.opened(file) as (name, quads), store.building(folder, waiting):
        try:
            # nameless: an import that is killed leaves nothing behind
            with tempfile.TemporaryFile(dir=folder) as answers:
                unpacked = snapshot.unpack(quads, answers, name)
                return _take_in(folder, unpacked, answers, name, version)
        except OSError as error:
            raise OutsideError(
                f"{name} could not be unpacked in {folder}: {error.strerror or error}. The old graph, if any, stays. "
                "Make room, or name another folder with --graph."
            ) from error


def _take_in(folder: Path, unpacked: snapshot.Unpacked, answers: IO[bytes], name: str, version: str) -> Imported:
    had_lists, own, there = _there(folder)
    brought = Brought(unpacked.readings, _new(answers, there), lambda kept: TwoKeyrings(kept, unpacked.keys))
    try:
        built = rebuild(folder, version=version, brought=brought)
    except (LookupError, ValueError) as error:
        raise snapshot.unfit(name, f"no graph can be made of it ({type(error).__name__}: {error})") from error
    now = set(Graph(folder).pairs("work-keys").values())
    return Imported(
        path=folder,
        works=built.works,
        tools=built.tools,
        lists=0 if had_lists else len(unpacked.readings),
        keys=len(now.intersection(unpacked.keys.keys.values()).difference(own.keys.values())),
        days=unpacked.days,
        new_days=tuple(day for day in unpacked.days if day not in there),
        set_aside=built.set_aside,
    )


def _there(folder: Path) -> tuple[bool, Kept, dict[str, set[bytes]]]:
    """Return what is there: whether there are lists, the keys, and what answers tell about (:func:`told`)."""
    former = store.open_former(folder)
    graph = Graph(folder, former) if former else None
    there = told(chain(kept_quads(folder, former, {}), journal.read(journal.journals(folder))))
    return bool(graph and remembered.readings(graph)), kept_keys(graph) if graph else Kept(), there


def _new(answers: IO[bytes], there: dict[str, set[bytes]]) -> Iterator[bytes]:
    """Yield the answers but for those about what ``there`` was told of on the same day, for a day holds one of each."""
    answers.seek(0)
    while lines := answers.readlines(_PIECE):
        yield b"".join(line for line in lines if not there or not is_told(line, there))


class TwoKeyrings(Keyring):
    """The keys of a build whose own ones stay, and which uses brought ones for works that have none.

    A work that has a key here and another there keeps its own, and answers to the other as to one that it had before.
    """

    def __init__(self, own: Kept, brought: Kept) -> None:
        """Start with no works; ``own`` is what the graph before knew, ``brought`` what another one knows."""
        self._own = own
        self._here = Keyring(own)
        # BibTeX takes keys that differ in case alone for one
        taken = {key.lower() for key in (*own.keys.values(), *(key for _, key in own.former))}
        self._brought: dict[str, str] = {}
        for iri, key in sorted(brought.keys.items()):
            if key.lower() not in taken:
                self._brought[iri] = key
                taken.add(key.lower())
        self._aliases = {alias: iri for alias, iri in brought.aliases.items() if iri in self._brought}
        self._retired = {(iri, key) for iri, key in brought.former if key.lower() not in taken}
        super().__init__(self._joined())

    def statements(self) -> Iterator[Statements]:
        """Yield the keys of all works that were added, once."""
        if self._own.keys:
            self._give_up()
            self._kept = self._joined()
            joined = Keyring(self._kept)
            self.minted, self.titles = joined.minted, joined.titles
        yield from super().statements()

    def _joined(self) -> Kept:
        former = self._own.former | self._retired
        return Kept(self._brought | self._own.keys, self._aliases | self._own.aliases, former)

    def _give_up(self) -> None:
        """Leave out what was brought for works that are known here: nothing may make them change their key."""
        minted = self._here.minted
        self._works.sort(key=lambda place: (place[0], place[1], place[2].iri))
        works = [work for _, _, work in self._works]
        own, known = keys.mint(works, minted, titles=self._here.titles), set(minted.values())
        for work in works:
            if own[work.iri] not in known:
                continue
            for name in (work.iri, *work.aliases):
                self._aliases.pop(name, None)
                if key := self._brought.pop(name, ""):
                    self._retired.add((work.iri, key))
