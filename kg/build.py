"""Build a graph: read, link, decide, store. The whole way in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from . import iris, journal, remembered, store
from .errors import OutsideError
from .facts import FACTS_DATE, LIST_ADDRESS, shipped_list, shipped_papers, shipped_references
from .fetched import ODC_BY, SCHOLAR, SCHOLAR_ADDRESS
from .graph import Graph
from .kept import Kept, Keyring, kept_keys
from .matching import link
from .measures_graph import measures_taken_over
from .metadata import SourceGraph, metadata_statements
from .model import Reading
from .resolution import Resolution
from .resolve import resolve
from .retold import days, kept_quads, told
from .source_graphs import facts_statements, list_graph, list_statements, reference_statements
from .sources import load_list
from .store import Draft
from .venues import VenueTable
from .view import view_statements

if TYPE_CHECKING:
    from pyoxigraph import Store

MIT = "https://spdx.org/licenses/MIT"
Dated = tuple[Reading, str]
"""A list as read, and the day on which it was (YYYY-MM-DD)."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: counts for the one line that reports it.

    ``set_aside`` are older stores that could not be read, so that keys in them could not be kept.
    """

    path: Path
    rows: int
    works: int
    tools: int
    findings: int
    unread: int
    set_aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What a graph is given from elsewhere: lists, if it has none, answers as N-Quads, and keys beside its own."""

    readings: Sequence[Dated] = ()
    fetched: Iterable[bytes] = ()
    keyring: Callable[[Kept], Keyring] = Keyring


def build(
    folder: Path,
    lists: Sequence[str] = (),
    *,
    version: str,
    today: date | None = None,
    waiting: Callable[[str], None] | None = None,
    only_if_missing: bool = False,
) -> Built | None:
    """Build the graph in ``folder`` of ``lists`` (paths, ``-``, addresses), or of the shipped list for none.

    Keys of the graph that stood there, and what was fetched for it, are kept. With ``only_if_missing`` a graph that
    another process made meanwhile is left as it is, and None is returned.
    """
    table = VenueTable.load()
    # read before the lock is taken: standard input and the network may be slow
    read = [load_list(a, lambda s: table.parse(s) is not None) for a in lists] if lists else [shipped_list()]
    day = (today or date.today()).isoformat() if lists else FACTS_DATE
    # a list that was named twice is one list
    readings = list({list_graph(reading): (reading, day) for reading in read}.values())
    with store.building(folder, waiting):
        if only_if_missing and store.read_current(folder) is not None:
            return None
        return _make(folder, readings, store.open_former(folder), table, version)


def rebuild(folder: Path, *, version: str, brought: Brought = Brought()) -> Built:
    """Decide anew over all that the graph in ``folder`` was made of, was fetched since and is brought; store that.

    The caller holds the lock (:func:`~llmcomp.kg.store.building`).
    """
    former = store.open_former(folder)
    readings = remembered.readings(Graph(folder, former)) if former else []
    lists = readings or brought.readings or [(shipped_list(), FACTS_DATE)]
    return _make(folder, lists, former, VenueTable.load(), version, brought)


def _make(
    folder: Path,
    readings: Sequence[Dated],
    former: Store | None,
    table: VenueTable,
    version: str,
    brought: Brought = Brought(),
) -> Built:
    """Make a store of all sources, link and decide over them, and put it in the former one's place."""
    papers, references = shipped_papers(), shipped_references()
    lists = [reading for reading, _ in readings]
    fetched = journal.journals(folder)
    # only what is told twice of one day needs a look
    known = days(former) if former else []
    told_again = told(journal.read(path for path in fetched if journal.day_of(path) in known))
    with store.drafting(folder, version) as draft:
        graphs: list[SourceGraph] = []
        draft.load(_sources(readings, graphs))
        draft.load(kept_quads(folder, former, told_again))
        _load_answers(draft, fetched)
        draft.load(brought.fetched)
        made = Graph(folder, draft.store)
        asked = remembered.standing(remembered.inquiries(made))
        fresh = remembered.papers(made, asked)
        linked = link([*papers, *fresh], lists, references, remembered.reference_lists(made, fresh))
        resolution = resolve(linked, lists, table, asked)
        del papers, references, linked, fresh, made
        draft.reopen()
        kept = kept_keys(Graph(folder, former)) if former else Kept()
        draft.load(_decided(resolution, brought.keyring(kept), lists, table))
        graphs += (
            SourceGraph(iris.scholar_graph(day), SCHOLAR, day, SCHOLAR_ADDRESS, ODC_BY) for day in days(draft.store)
        )
        # counted last, when what was held to decide is gone; in the store, for it holds once what is told twice
        sized = [_sized(Graph(folder, draft.store), source) for source in graphs]
        draft.load(metadata_statements(sized, version).encode())
        if former:
            draft.load(list(measures_taken_over(Graph(folder, former), Graph(folder, draft.store))))
    for path in fetched:
        path.unlink()
    return Built(
        folder,
        rows=sum(len(r.entries) for r in lists),
        works=sum(1 for w in resolution.works if w.rows and not w.is_tool),
        tools=sum(1 for w in resolution.works if w.is_tool),
        findings=len(resolution.findings),
        unread=sum(len(r.unread) for r in lists),
        set_aside=tuple(store.set_aside(folder)),
    )


def _sized(graph: Graph, source: SourceGraph) -> SourceGraph:
    counts = (int(count) for _, count in graph.rows("graph-sizes", graph=source.graph))
    return replace(source, statements=next(counts, 0))


def _load_answers(draft: Draft, files: Sequence[Path]) -> None:
    try:
        draft.load(journal.read(files))
    except SyntaxError as error:
        names = " or ".join(str(path) for path in files)
        raise OutsideError(
            f"{names} is damaged: {' '.join(str(error).split())}. Move it out of the folder; 'llmcomp enrich' asks "
            "again for what is in it."
        ) from error


def _sources(readings: Sequence[Dated], graphs: list[SourceGraph]) -> Iterator[bytes]:
    """Yield the graphs of lists and shipped facts, one after the other in memory; ``graphs`` comes to describe them."""
    for position, (reading, day) in enumerate(readings, 1):
        said = list_statements(reading)
        licence = MIT if reading.source == LIST_ADDRESS else ""
        graphs.append(
            SourceGraph(list_graph(reading), "Rows of a reading list", day, reading.source, licence, position=position)
        )
        yield from said.encode()
    name = iris.facts_graph(FACTS_DATE)
    for make in (
        lambda: facts_statements(shipped_papers(), name),
        lambda: reference_statements(shipped_references(), name),
    ):
        said = make()
        yield from said.encode()
    graphs.append(SourceGraph(name, "Facts shipped with llmcomp", FACTS_DATE, "llmcomp"))


def _decided(resolution: Resolution, keyring: Keyring, lists: Sequence[Reading], table: VenueTable) -> Iterator[bytes]:
    """Yield the resolved view and the keys."""
    for said in view_statements(resolution, [list_graph(reading) for reading in lists], table, keyring.add):
        yield from said.encode()
    for said in keyring.statements():
        yield from said.encode()
