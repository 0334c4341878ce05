"""A graph read back from files that :mod:`llmcomp.kg.dump` wrote, or from what another store makes of them.

It is taken as it is: nothing is decided anew, as it is for a snapshot (:mod:`llmcomp.kg.brought`), and exported again
it is the same. So the files must hold a whole graph, and one that this version makes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ..ontology import terms as t
from . import store
from .dump import DUMPS, FIRST, FORMAT_TERM, LAST, format_of
from .errors import OutsideError, UsageError, readable
from .graph import Graph, forgetful
from .kept import Kept, kept_keys
from .sources import opened_bytes

if TYPE_CHECKING:
    from pyoxigraph import Quad

_PIECE = 4096
_ADVICE = "Name an export of a whole graph, as 'llmcomp export' writes it; nothing was changed."
_TOLD = re.compile(f"(?:^{re.escape(FIRST)}|{re.escape(FORMAT_TERM)})(\\d{{1,9}})".encode(), re.MULTILINE)
_END = re.compile(re.escape(LAST.encode()) + rb"(\d+) statements\s*\Z")
_HEAD = 1 << 16
_SOURCES = tuple(f"{t.PREFIXES['graph']}{kind}/" for kind in ("list", "facts", "semantic-scholar"))
_NAMED_IN_PARSER = {"trig": "TRIG", "nquads": "N_QUADS", "jsonld": "JSON_LD"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an import made: counts of the graph, and citation keys of the one before that mean nothing here any more.

    ``keys`` counts the keys in use; ``set_aside`` are older stores that could not be read.
    """

    path: Path
    graphs: int
    statements: int
    works: int
    tools: int
    keys: int
    dropped_keys: tuple[str, ...] = ()
    set_aside: tuple[Path, ...] = ()


def import_graph(
    folder: Path,
    files: Sequence[str],
    *,
    version: str,
    format: str | None = None,
    replace: bool = False,
    drop_keys: bool = False,
    waiting: Callable[[str], None] | None = None,
) -> Loaded:
    """Make the graph that ``files`` hold together (``-`` for standard input) the one in ``folder``.

    ``format`` is told where the names of files do not tell it. A graph that is there stays unless ``replace``, and then
    too where citation keys of it would be lost, unless ``drop_keys``. Raises UsageError for these, OutsideError for
    files that hold no whole graph, GraphLocked while another process builds; what was there then stays as it was.
    """
    parts = [(file, _format(file, format)) for file in files]
    with store.building(folder, waiting):
        if not replace and store.read_current(folder) is not None:
            raise UsageError(
                f"there is a graph in {folder}. Name another folder with --graph; or --replace puts this one in its "
                "place. To bring answers and keys into the graph that is there, see 'llmcomp snapshot import'."
            )
        try:
            return _taken(folder, parts, version, drop_keys)
        except BaseException as error:
            # whoever catches it would hold the new store open, and could make no other in its place
            forgetful(error)
            raise


def _taken(folder: Path, parts: Sequence[tuple[str, str]], version: str, drop_keys: bool) -> Loaded:
    """Make the graph of files; the caller holds the lock."""
    former = store.open_former(folder)
    old = kept_keys(Graph(folder, former)) if former else Kept()
    with store.drafting(folder, version) as draft:
        found: Counter[str] = Counter()
        draft.load(_pieces(parts, found))
        made = Graph(folder, draft.store)
        _refuse_partial(made, found, ", ".join(_named(file) for file, _ in parts))
        new = kept_keys(made)
        lost = lost_keys(old, new)
        if lost and not drop_keys:
            keys = f"{len(lost)} citation key{'s' * (len(lost) > 1)} of the graph in {folder}"
            raise UsageError(
                f"{keys} would mean nothing any more, or another work: {', '.join(lost[:5])}"
                f"{', ...' * (len(lost) > 5)}. 'llmcomp keys export' keeps them in a file; --drop-keys drops them."
            )
        works, tools = _counted(made, "listed-works"), _counted(made, "listed-tools")
        statements, graphs = len(draft.store), len(found)
        del made
    return Loaded(folder, graphs, statements, works, tools, len(new.keys), lost, tuple(store.set_aside(folder)))


def lost_keys(old: Kept, new: Kept) -> tuple[str, ...]:
    """Return the citation keys, present or former, that ``old`` knows and that mean no work or another one in ``new``.

    >>> lost_keys(Kept({"w:1": "a", "w:2": "b"}), Kept({"w:1": "c", "w:3": "b"}, former=frozenset({("w:1", "a")})))
    ('b',)
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    for iri, key in (*new.keys.items(), *new.former):
        bearers[key].add(iri)
    known_as: dict[str, set[str]] = defaultdict(set)
    for alias, iri in (*old.aliases.items(), *new.aliases.items()):
        known_as[iri].add(alias)
        known_as[alias].add(iri)
    told = (*old.keys.items(), *old.former)
    return tuple(sorted({key for iri, key in told if not {iri, *known_as[iri]} & bearers[key]}))


def _counted(graph: Graph, query: str) -> int:
    return sum(1 for _ in graph.rows(query))


def _format(file: str, format: str | None) -> str:
    """Return the format of a file; raise UsageError where nothing tells it, or where it holds one graph."""
    several = [name for name, dump in DUMPS.items() if dump.several]
    told = format or format_of(readable("name of the file", file))
    if told is None:
        known = ", ".join(several)
        raise UsageError(f"nothing tells in which format {_named(file)} is. Name it with --format: {known}.")
    if told not in several:
        known = ", ".join(several)
        raise UsageError(f"{_named(file)} is {told}, which holds one graph without its name. Import one of: {known}.")
    return told


def _named(file: str) -> str:
    return "standard input" if file == "-" else file


def _pieces(parts: Sequence[tuple[str, str]], found: Counter[str]) -> Iterator[bytes]:
    """Yield the statements of files as N-Quads, the view in the default graph; ``found`` counts those of each graph."""
    from pyoxigraph import RdfFormat, serialize

    quads = chain.from_iterable(_read(file, format, found) for file, format in parts)
    while piece := list(islice(quads, _PIECE)):
        yield serialize(piece, format=RdfFormat.N_QUADS) or b""


def _read(file: str, format: str, found: Counter[str]) -> Iterator[Quad]:
    """Yield the statements of one file; raise OutsideError for what cannot be one of a graph of ours."""
    from pyoxigraph import BlankNode, DefaultGraph, Quad, RdfFormat, parse

    name, count, view = _named(file), 0, DefaultGraph()
    with opened_bytes(file, name, _ADVICE) as stream:
        watched = _Watched(stream, name)
        try:
            for quad in parse(watched, format=getattr(RdfFormat, _NAMED_IN_PARSER[format])):  # pyright: ignore
                count += 1
                graph = str(getattr(quad.graph_name, "value", ""))
                if graph == t.RESOLVED_VIEW:
                    quad, graph = Quad(quad.subject, quad.predicate, quad.object, view), ""
                if graph and graph not in found and not _is_ours(graph):
                    raise OutsideError(f"{name} is no graph of llmcomp: <{graph}> is none of its graphs. {_ADVICE}")
                if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                    raise OutsideError(f"{name} is no graph of llmcomp, which has no blank nodes: {quad}. {_ADVICE}")
                found[graph] += 1
                yield quad
        except SyntaxError as error:
            why = re.sub(r"^Parser error at .*?: ", "", error.msg)
            raise OutsideError(
                f"{name}, line {error.lineno or 1}: no {format} ({' '.join(why.split())[:200]}). Nothing was changed."
            ) from error
        except (OSError, ValueError) as error:
            raise OutsideError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if watched.is_told and format != "jsonld" and watched.statements != count:
        raise OutsideError(f"{name} is cut off: its end is missing. Copy it again; nothing was changed.")


def _is_ours(graph: str) -> bool:
    return graph in (t.KEYS_GRAPH, t.METADATA_GRAPH) or graph.startswith((*_SOURCES, t.MEASURES_GRAPHS))


def _refuse_partial(graph: Graph, found: Counter[str], name: str) -> None:
    """Raise OutsideError where the graphs that were found are not a whole one."""
    described = {iri for iri, *_ in graph.rows("sources")}
    missing = {
        "graph of metadata": not found[t.METADATA_GRAPH],
        "resolved view": not found[""],
        "graph of citation keys": not found[t.KEYS_GRAPH],
        **{f"graph <{iri}>, of which its metadata tell": not found[iri] for iri in sorted(described)},
        **{f"word in its metadata of <{iri}>": iri.startswith(_SOURCES) and iri not in described for iri in found},
    }
    lacking = next((what for what, is_missing in missing.items() if is_missing), None)
    if lacking:
        raise OutsideError(f"{name} is no whole graph of llmcomp: it has no {lacking}. {_ADVICE}")


class _Watched:
    """A stream of bytes whose beginning and end are looked at, for they tell what was written."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        """Read the beginning; raise OutsideError where it tells of another format."""
        self._stream = stream
        self._ahead = self._tail = stream.read(_HEAD)
        told = _TOLD.search(self._ahead)
        self.is_told = told is not None
        if told and int(told[1]) != store.FORMAT:
            raise OutsideError(
                f"{name} holds a graph of format {int(told[1])}, this llmcomp reads {store.FORMAT}. Use the llmcomp "
                "that wrote it, or take its lists, answers and keys over with 'llmcomp snapshot'."
            )

    def read(self, size: int = -1) -> bytes:
        """Return what comes next."""
        if self._ahead:
            end = len(self._ahead) if size < 0 else size
            data, self._ahead = self._ahead[:end], self._ahead[end:]
        else:
            data = self._stream.read(size)
        self._tail = (self._tail + data)[-200:]
        return data

    @property
    def statements(self) -> int | None:
        """The number of statements that the last line tells, if it tells one."""
        told = _END.search(self._tail)
        return int(told[1]) if told else None
