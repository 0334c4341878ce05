"""Load a graph into a server by the SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).

In pieces, each a call of its own; how far it came is noted beside the graph, so that a push that was ended goes on. The
resolved view goes into the server's default graph, or into a named one where the server has none that can be written.
The graph of metadata goes last: where it stands, the whole graph does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..ontology.terms import METADATA_GRAPH, RESOLVED_VIEW
from . import store
from .errors import OutsideError
from .remote import Credentials, Refused, Remote

if TYPE_CHECKING:
    from pyoxigraph import Store

PIECE = 20_000
"""Statements in a call; a server that finds it too large is given half as many."""
_LEAST = 100
_TOO_MUCH = frozenset({400, 413, 500, 501})
_NT = {"Content-Type": "application/n-triples"}
_NOTE = "pushed-"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: how many statements the graph has, how many were sent now, and where the view stands there."""

    url: str
    graphs: int
    statements: int
    sent: int
    calls: int
    view: str
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Note:
    """How far a push came: of which store, where the view goes, graphs begun, and statements sent of the last one."""

    store: str
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
    tell: Callable[[int, int], object] | None = None,
) -> Pushed:
    """Load the graph in ``folder`` into the server whose Graph Store is at ``url``, replacing what a push left there.

    ``tell`` is told how many statements the server has, and of how many. With ``afresh`` nothing that was sent before
    counts. Raises OutsideError when the server fails or refuses; the next push goes on from there.
    """
    current = store.read_current(folder)
    if current is None:
        raise OutsideError(f"no graph in {folder}. Run 'llmcomp build'.")
    return _Push(folder, current.store, Remote(url, credentials), piece, tell).run(afresh)


class _Push:
    """One push: the store that is sent, the server, and the note of how far it came."""

    def __init__(
        self, folder: Path, name: str, remote: Remote, piece: int, tell: Callable[[int, int], object] | None
    ) -> None:
        self._store = store.open_readonly(folder)
        self._name = name
        self._remote = remote
        self._piece = piece
        self._tell = tell
        self._file = folder / f"{_NOTE}{hashlib.sha256(remote.url.encode()).hexdigest()[:12]}.json"
        self._calls = 0

    def run(self, afresh: bool) -> Pushed:
        note = self._begun(afresh)
        sizes = {graph: sum(1 for _ in self._triples(graph)) for graph in _graphs(self._store)}
        total, done, sent = sum(sizes.values()), 0, 0
        for graph, size in sizes.items():
            begun = graph in note.graphs
            last = begun and note.graphs[-1] == graph
            there = note.sent if last else size if begun else 0
            if not begun:
                self._remove(graph, note.view)
                note = self._noted(replace(note, graphs=(*note.graphs, graph), sent=0))
            done += there
            for count, data in self._pieces(graph, there):
                self._post(graph, note.view, data)
                note = self._noted(replace(note, sent=note.sent + count))
                done, sent = done + count, sent + count
                if self._tell:
                    self._tell(done, total)
        gone = tuple(sorted(set(note.before) - set(sizes)))
        for graph in gone:
            self._remove(graph, note.view)
        self._noted(replace(note, before=tuple(sizes)))
        return Pushed(self._remote.url, len(sizes), total, sent, self._calls, note.view, gone)

    def _begun(self, afresh: bool) -> _Note:
        """Return the note of a push of this store that was ended, or a new one."""
        before: tuple[str, ...] = ()
        try:
            told = json.loads(self._file.read_bytes())
            note = _Note(told["store"], told["view"], tuple(told["graphs"]), int(told["sent"]), tuple(told["before"]))
            if note.store == self._name and not afresh:
                return note
            before = tuple(sorted({*note.graphs, *note.before}))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return _Note(self._name, self._place_of_view(), before=before)

    def _noted(self, note: _Note) -> _Note:
        draft = self._file.with_suffix(".new")
        try:
            draft.write_text(json.dumps({name: getattr(note, name) for name in note.__slots__}), encoding="utf-8")
            draft.replace(self._file)
        except OSError as error:
            raise OutsideError(
                f"{self._file} cannot be written: {error.strerror or error}. Make room there."
            ) from error
        return note

    def _place_of_view(self) -> str:
        """Return the parameters by which the server names the graph of the view: its default graph if it has one."""
        try:
            self._call("POST", "default", b"")
        except Refused as error:
            if error.status in (401, 403):
                raise
            return f"graph={quote(RESOLVED_VIEW, safe='')}"
        return "default"

    def _triples(self, graph: str) -> Iterator[object]:
        from pyoxigraph import DefaultGraph, NamedNode

        return self._store.quads_for_pattern(None, None, None, NamedNode(graph) if graph else DefaultGraph())

    def _pieces(self, graph: str, start: int) -> Iterator[tuple[int, bytes]]:
        """Yield the statements of a graph behind the first ``start``, as N-Triples, and how many each piece holds."""
        from pyoxigraph import RdfFormat, Triple, serialize

        quads = islice(self._triples(graph), start, None)
        while piece := [Triple(q.subject, q.predicate, q.object) for q in islice(quads, self._piece)]:  # type: ignore
            yield len(piece), serialize(piece, format=RdfFormat.N_TRIPLES) or b""

    def _post(self, graph: str, view: str, data: bytes) -> None:
        """Send a piece; where the server finds it too large, in halves."""
        try:
            self._call("POST", _named(graph, view), data)
        except Refused as error:
            lines = data.splitlines(keepends=True)
            if error.status in (404, 405, 415) or len(lines) <= _LEAST:
                raise Refused(
                    f"{error} Name the address of the server's Graph Store: /store on Oxigraph, "
                    "/sparql-graph-crud-auth on Virtuoso, .../rdf-graphs/service on GraphDB.",
                    error.status,
                    error.said,
                ) from error
            if error.status not in _TOO_MUCH:
                raise
            self._piece = max(len(lines) // 2, _LEAST)
            for half in (lines[: self._piece], lines[self._piece :]):
                self._post(graph, view, b"".join(half))

    def _remove(self, graph: str, view: str) -> None:
        try:
            self._call("DELETE", _named(graph, view), b"")
        except Refused as error:
            if error.status not in (404, 410):
                raise

    def _call(self, method: str, graph: str, data: bytes) -> None:
        self._calls += 1
        self._remote.send(method, data, _NT if method == "POST" else {}, graph)


def _named(graph: str, view: str) -> str:
    return f"graph={quote(graph, safe='')}" if graph else view


def _graphs(opened: Store) -> list[str]:
    """Return the graphs in the order in which they go, the view as an empty name; that of metadata goes last."""
    names = sorted(str(getattr(node, "value", "")) for node in opened.named_graphs())
    return [*(name for name in names if name != METADATA_GRAPH), "", METADATA_GRAPH]
