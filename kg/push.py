"""Load a graph into a server's Graph Store, in pieces; a push that was ended goes on where it ended.

How far it came is noted beside the graph. The resolved view goes into the server's default graph, or into a named one
where the server has none that can be written or where that is asked for.

The graph of metadata goes last: where it stands, the whole graph does. Until then there is a mark in its place, which
is another in each push: a push that finds its mark knows that the server still holds what was sent, and that nobody
else has loaded another graph meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..ontology.terms import BASE, LABEL, METADATA_GRAPH, RESOLVED_VIEW, VOID_DATASET
from . import store
from .credentials import Credentials
from .errors import OutsideError
from .graph_store import ADVICE, DEFAULT, GraphStore, lines, named

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store, Triple

PIECE = 20_000
"""Statements in a call; a server that finds it too large is given half as many."""
PAUSES = (1.0, 4.0, 15.0)
"""Seconds before each further try of a call, while the server is busy or gone: a push may take hours."""
_MARK = f"{BASE}activity/push"
_NAMED_VIEW = named(RESOLVED_VIEW)
_METADATA = named(METADATA_GRAPH)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: how many statements the graph has, how many were sent now, and where the view stands there.

    ``view`` is the parameters by which the server names the graph of the view; ``removed`` are graphs of an older push
    that this graph does not have.
    """

    url: str
    graphs: int
    statements: int
    sent: int
    calls: int
    view: str
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Note:
    """How far a push came: of which store, with which mark, where the view goes, graphs begun, how much of the last.

    ``before`` are graphs of older pushes that may be there still.
    """

    store: str
    mark: str
    view: str
    graphs: tuple[str, ...] = ()
    sent: int = 0
    before: tuple[str, ...] = ()


def push(
    folder: Path,
    url: str,
    *,
    credentials: Credentials | None = None,
    piece: int = PIECE,
    afresh: bool = False,
    name_view: bool = False,
    tell: Callable[[int, int], object] | None = None,
    pauses: tuple[float, ...] = PAUSES,
) -> Pushed:
    """Load the graph in ``folder`` into the server whose Graph Store is at ``url``, replacing what a push left there.

    ``tell`` is told how many statements the server has, and of how many. With ``afresh`` nothing that was sent before
    counts; with ``name_view`` the resolved view stands in a graph of its own (:data:`RESOLVED_VIEW`), for a server
    whose default graph is the union of all. Raises OutsideError when the server fails or refuses; the next push goes
    on from there.
    """
    server = GraphStore(url, credentials, pauses)
    for _ in range(3):
        current = store.read_current(folder)
        opened = store.open_readonly(folder)
        if current is not None and current == store.read_current(folder):  # else a build ended in between
            break
    else:
        raise OutsideError(f"the graph in {folder} is built again and again. Push it when that has ended.")
    try:
        return _Push(folder, current.store, opened, server, piece, tell).run(afresh, name_view)
    except (RuntimeError, OSError) as error:
        raise OutsideError(
            f"the graph in {folder} cannot be read any more ({error}). If it was built anew meanwhile, run 'llmcomp "
            "push' again: the new one takes the place of what was sent."
        ) from error


class _Push:
    """One push: the store that is sent, the server, and the note of how far it came."""

    def __init__(
        self,
        folder: Path,
        name: str,
        opened: Store,
        server: GraphStore,
        piece: int,
        tell: Callable[[int, int], object] | None,
    ) -> None:
        self._store = opened
        self._name = name
        self._server = server
        self._piece = piece
        self._tell = tell
        self._file = folder / f"{store.PUSHED}{hashlib.sha256(server.url.encode()).hexdigest()[:12]}.json"

    def run(self, afresh: bool, name_view: bool) -> Pushed:
        graphs = _graphs(self._store)
        sizes = {graph: self._size(graph) for graph in graphs}
        total, done, sent = sum(sizes.values()), 0, 0
        note, is_there = self._begun(afresh, name_view)
        if is_there:
            return Pushed(self._server.url, len(graphs), total, 0, self._server.calls, note.view)
        for graph in graphs[:-1]:
            begun = graph in note.graphs
            there = note.sent if begun and note.graphs[-1] == graph else sizes[graph] if begun else 0
            if not begun:
                self._server.remove(_named(graph, note.view))
                note = self._noted(replace(note, graphs=(*note.graphs, graph), sent=0))
            done += there
            for count, data in self._pieces(graph, there):
                self._server.add(_named(graph, note.view), data)
                note = self._noted(replace(note, sent=note.sent + count))
                done, sent = done + count, sent + count
                if self._tell:
                    self._tell(done, total)
        gone = tuple(sorted(set(note.before) - set(graphs)))
        for graph in gone:
            self._server.remove(named(graph))
        if self._server.get(_METADATA) != {_mark(note.mark)}:
            raise OutsideError(
                f"another push to {self._server.url} began meanwhile, and what is there is a mixture. When that one "
                "has ended, run this one with --afresh, or leave it at that."
            )
        self._server.put(_METADATA, self._metadata())
        self._noted(replace(note, before=()))
        sent += sizes[METADATA_GRAPH]
        return Pushed(self._server.url, len(graphs), total, sent, self._server.calls, note.view, gone)

    def _begun(self, afresh: bool, name_view: bool) -> tuple[_Note, bool]:
        """Return the note of a push of this store that can go on, and whether the server has all of it.

        Else a new one, once the server has its mark.
        """
        former, there = self._read(), self._server.get(_METADATA)
        if former and former.store == self._name and not afresh and not (name_view and former.view != _NAMED_VIEW):
            is_there = there == self._metadata()
            if is_there or there == {_mark(former.mark)}:
                return former, is_there
        view = _NAMED_VIEW if name_view else former.view if former else self._place_of_view(there)
        # a note may be lost, or on another machine: the metadata tell what else is there
        before = {str(getattr(t.subject, "value", "")) for t in there if str(t.object) == f"<{VOID_DATASET}>"}
        if former:
            before |= {*former.before, *former.graphs}
        before -= {"", METADATA_GRAPH, RESOLVED_VIEW}
        note = _Note(self._name, secrets.token_hex(8), view, before=tuple(sorted(before)))
        self._server.put(_METADATA, [_mark(note.mark)])
        if self._server.get(_METADATA) != {_mark(note.mark)}:
            raise OutsideError(f"{self._server.url} does not show what it was sent. {ADVICE}")
        if former and former.view != view:
            self._server.remove(former.view)
        return self._noted(note), False

    def _place_of_view(self, there: set[Triple]) -> str:
        """Return how the server names the graph of the view: its default graph if it has one.

        Raises OutsideError where other things are in that graph, which would be removed.
        """
        if (there and self._server.has(_NAMED_VIEW)) or not self._server.takes(DEFAULT):
            return _NAMED_VIEW
        if not there and self._server.has(DEFAULT):
            raise OutsideError(
                f"the default graph of {self._server.url} holds other things, which a push would remove. With "
                "--name-view the resolved view gets a graph of its own; or empty that graph first."
            )
        return DEFAULT

    def _read(self) -> _Note | None:
        """Return the note of an earlier push; None where there is none that can be read."""
        try:
            told: dict[str, Any] = json.loads(self._file.read_bytes())
            graphs, before = tuple(map(str, told["graphs"])), tuple(map(str, told["before"]))
            note = _Note(str(told["store"]), str(told["mark"]), str(told["view"]), graphs, int(told["sent"]), before)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return note if note.view in (DEFAULT, _NAMED_VIEW) and note.sent >= 0 else None

    def _noted(self, note: _Note) -> _Note:
        draft = self._file.with_suffix(".new")
        try:
            draft.write_text(json.dumps(asdict(note)), encoding="utf-8")
            draft.replace(self._file)
        except OSError as error:
            raise OutsideError(
                f"{self._file}, which notes how far the push came, cannot be written: {error.strerror or error}. Make "
                "room there, and run it again."
            ) from error
        return note

    def _metadata(self) -> set[Triple]:
        return {quad.triple for quad in self._quads(METADATA_GRAPH)}

    def _quads(self, graph: str) -> Iterator[Quad]:
        from pyoxigraph import DefaultGraph, NamedNode

        return self._store.quads_for_pattern(None, None, None, NamedNode(graph) if graph else DefaultGraph())

    def _size(self, graph: str) -> int:
        """Return how many statements a graph has; the store counts them faster than they are read."""
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        (row,) = self._store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")  # pyright: ignore
        return int(str(getattr(row[0], "value", 0)))  # pyright: ignore

    def _pieces(self, graph: str, start: int) -> Iterator[tuple[int, bytes]]:
        """Yield the statements of a graph behind the first ``start``, as N-Triples, and how many each piece holds."""
        quads = islice(self._quads(graph), start, None)
        while piece := [quad.triple for quad in islice(quads, self._piece)]:
            yield len(piece), lines(piece)


def _mark(token: str) -> Triple:
    """Return the statement that stands for the metadata while a push goes on."""
    from pyoxigraph import Literal, NamedNode, Triple

    return Triple(NamedNode(_MARK), NamedNode(LABEL), Literal(token))


def _named(graph: str, view: str) -> str:
    return named(graph) if graph else view


def _graphs(opened: Store) -> list[str]:
    """Return the graphs in the order in which they go, the view as an empty name; that of metadata goes last."""
    names = sorted(str(getattr(node, "value", "")) for node in opened.named_graphs())
    return [*(name for name in names if name != METADATA_GRAPH), "", METADATA_GRAPH]
