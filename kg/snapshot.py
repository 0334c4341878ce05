"""An enriched graph as one file that moves between machines: gzip of N-Quads, which begin with what they are.

In it is what cannot be made again elsewhere: lists as they were read, what Semantic Scholar said, citation keys. The
resolved view is not: it is decided anew where the file is taken in (:mod:`llmcomp.kg.brought`), and the same version
decides the same.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from gzip import BadGzipFile, GzipFile
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from ..ontology import terms as t
from . import journal, remembered
from .build import Dated
from .errors import OutsideError, readable
from .fetched import ODC_BY, SCHOLAR, SCHOLAR_ADDRESS
from .graph import Graph
from .kept import Kept, kept_keys
from .keys import KEY
from .sources import opened_bytes

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

FORMAT = 1
"""Number of the layout of the file."""
_FIRST = "# llmcomp snapshot, format "
_DATA = f"# Data of {SCHOLAR} ({SCHOLAR_ADDRESS}) under ODC-BY 1.0: {ODC_BY}"
_LISTS = f"{t.PREFIXES['graph']}list/"
_KINDS = (t.RESEARCH_PAPER, t.SOFTWARE)
_PIECE = 1 << 20
_ADVICE = "Name a file that 'llmcomp snapshot export' wrote."
_AGAIN = "Nothing was changed. Copy the file again, or export it anew."


@dataclass(frozen=True, slots=True)
class Contents:
    """What a snapshot holds: where its lists were read, the days (YYYY-MM-DD) of its answers, the number of its keys.

    ``left_out`` are files with answers that are not in the graph yet, since the run that fetched them was ended.
    """

    lists: tuple[str, ...]
    days: tuple[str, ...]
    keys: int
    left_out: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was read of a snapshot: lists, keys, and the days of the answers, which lie in a file of their own."""

    readings: tuple[Dated, ...]
    keys: Kept
    days: tuple[str, ...]


def contents(graph: Graph) -> Contents:
    """Return what a snapshot of ``graph`` holds."""
    folder, store = graph.disk
    lists = (source for name, _, _, source, _ in graph.rows("sources") if name.startswith(_LISTS))
    days = (name.removeprefix(t.ENRICHMENT_GRAPHS) for name in _moved(store) if not name.startswith(_LISTS))
    keys = sum(1 for _ in graph.rows("work-keys"))
    return Contents(tuple(lists), tuple(days), keys, tuple(journal.journals(folder)))


def export_snapshot(graph: Graph) -> Iterator[bytes]:
    """Yield the snapshot of ``graph`` as the bytes of a file; the same graph gives the same ones.

    The statements stand graph by graph in the order of the store, which comes from what they say and not from when they
    were stored. Raises OutsideError where the graph cannot be read, UsageError for one on the network.
    """
    _, store = graph.disk
    sink = BytesIO()
    # no name and no time in the head
    with GzipFile("", "wb", 6, sink, 0) as packed:
        try:
            for piece in _text(store):
                packed.write(piece)
                if sink.tell() >= _PIECE:
                    yield sink.getvalue()
                    sink.seek(0)
                    sink.truncate()
        except (OSError, RuntimeError) as error:
            raise OutsideError(
                f"the graph in {graph.path} cannot be read ({error}). Run 'llmcomp build' to make it again."
            ) from error
    yield sink.getvalue()


def _moved(store: Store) -> list[str]:
    """Return the names of the graphs of lists and answers."""
    names = (str(getattr(graph, "value", "")) for graph in store.named_graphs())
    return sorted(name for name in names if _kind(name) in {"list", "day"})


def _kind(graph: str) -> str:
    """Return what a graph of a snapshot is; nothing for one that does not belong there."""
    if graph.startswith(_LISTS):
        return "list"
    if graph.startswith(t.ENRICHMENT_GRAPHS):
        return "day" if _is_date(graph.removeprefix(t.ENRICHMENT_GRAPHS)) else ""
    return {"": "view", t.KEYS_GRAPH: "keys", t.METADATA_GRAPH: "metadata"}.get(graph, "")


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) and date.fromisoformat(text))
    except ValueError:
        return False


def _text(store: Store) -> Iterator[bytes]:
    """Yield the lines of a snapshot in pieces."""
    from pyoxigraph import DefaultGraph, NamedNode

    graphs, metadata = _moved(store), NamedNode(t.METADATA_GRAPH)
    yield f"{_FIRST}{FORMAT}\n".encode()
    about: list[Quad] = []
    for graph in graphs:
        said = list(store.quads_for_pattern(NamedNode(graph), None, None, metadata))
        about += said
        yield "".join(f"{line}\n" for line in _head(graph, said)).encode("utf-8", "backslashreplace")
    # whether a row is a paper or a tool is said of its work alone
    rows = list(store.quads_for_pattern(None, NamedNode(t.ITEM), None, DefaultGraph()))
    kinds = (
        quad
        for work in sorted({str(getattr(row.object, "value", "")) for row in rows})
        for kind in _KINDS
        for quad in store.quads_for_pattern(NamedNode(work), NamedNode(t.TYPE), NamedNode(kind), DefaultGraph())
    )
    whole = (store.quads_for_pattern(None, None, None, NamedNode(graph)) for graph in (t.KEYS_GRAPH, *graphs))
    lines: list[str] = []
    for quad in chain(about, rows, kinds, *whole):
        lines.append(f"{quad} .\n")
        if len(lines) >= 4096:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def _head(graph: str, said: Iterable[Quad]) -> Iterator[str]:
    """Yield comments that tell where one graph came from and under which licence."""
    if graph.startswith(t.ENRICHMENT_GRAPHS):
        yield f"# <{graph}>: asked on {graph.removeprefix(t.ENRICHMENT_GRAPHS)}"
        yield _DATA
        return
    told = {quad.predicate.value: str(getattr(quad.object, "value", "")) for quad in said}
    source = " ".join(told.get(t.DC_SOURCE, "").split())  # a file may have any name
    yield f"# <{graph}>: rows of {source}, licence: {told.get(t.DCT_LICENSE) or 'not told'}"


@contextmanager
def opened(file: str) -> Generator[tuple[str, Iterator[Quad]]]:
    """Open a snapshot, ``-`` for standard input: give its name for messages, and its statements, read one by one.

    Raises OutsideError, here or while they are read, where it is no whole snapshot.
    """
    name = "standard input" if file == "-" else readable("name of the snapshot", file)
    with opened_bytes(file, name, _ADVICE) as packed, GzipFile(fileobj=packed, mode="rb") as unpacked:
        with _reading(name):
            try:
                first = unpacked.readline(80)
            except BadGzipFile as error:
                raise OutsideError(f"{name} is no snapshot: it is not gzip. {_ADVICE}") from error
        found = re.fullmatch(re.escape(_FIRST.encode()) + rb"(\d{1,9})\r?\n", first)
        if not found:
            raise OutsideError(f"{name} is no snapshot: it does not begin with '{_FIRST}{FORMAT}'. {_ADVICE}")
        if int(found[1]) != FORMAT:
            raise OutsideError(
                f"{name} is a snapshot of format {int(found[1])}, this llmcomp reads {FORMAT}. Use the llmcomp that "
                "wrote it, or export it anew with this one."
            )
        yield name, _quads(cast(IO[bytes], unpacked), name)


@contextmanager
def _reading(name: str) -> Generator[None]:
    """Say of bytes that cannot be read or unpacked what is wrong with them."""
    try:
        yield
    except EOFError as error:
        raise OutsideError(f"{name} is cut off: its end is missing. {_AGAIN}") from error
    except (BadGzipFile, zlib.error) as error:
        why = "something else follows its end" if str(error).startswith("Not a gzip") else error
        raise OutsideError(f"{name} is damaged: {why}. {_AGAIN}") from error
    except OSError as error:
        raise OutsideError(f"{name}: cannot be read: {error.strerror or error}.") from error


def _quads(unpacked: IO[bytes], name: str) -> Iterator[Quad]:
    from pyoxigraph import RdfFormat, parse

    with _reading(name):
        try:
            yield from parse(unpacked, format=RdfFormat.N_QUADS)
        except SyntaxError as error:
            while unpacked.read(_PIECE):  # a byte that was changed on the way is told at the end
                pass
            line, reason = (error.lineno or 0) + 1, error.msg.partition(": ")[2] or error.msg
            raise OutsideError(f"{name}, line {line}, is no N-Quads: {reason}. {_AGAIN}") from error


def unpack(quads: Iterable[Quad], answers: IO[bytes], name: str) -> Unpacked:
    """Write the answers among ``quads`` to a file, for they may be larger than memory, and return the rest as values.

    Raises OutsideError for what does not belong in a snapshot, and where something is missing.
    """
    from pyoxigraph import NamedNode, Store

    rest, kinds, foreign = Store(), dict[str, str](), ""
    for quad in quads:
        graph = str(getattr(quad.graph_name, "value", ""))  # the default graph has no name
        kind = kinds.get(graph) or kinds.setdefault(graph, _kind(graph))
        if kind == "day":
            answers.write(f"{quad} .\n".encode())
        elif kind and (graph or quad.predicate.value in (t.ITEM, t.TYPE)):
            rest.add(quad)
        else:  # told at the end, where it is known whether the file is as it was written
            foreign = foreign or (f"<{graph}>" if graph else f"<{quad.predicate.value}> in the default graph")
    if foreign:
        raise unfit(name, f"{foreign} does not belong in it, but lists, keys and what {SCHOLAR} said on a day")
    graph = Graph(Path(name), rest)
    try:
        readings = remembered.readings(graph) if rest else []
        keys = kept_keys(graph) if rest else Kept()
    except (LookupError, ValueError) as error:
        raise unfit(name, f"its lists cannot be read ({error})") from error
    wanted = (rest.quads_for_pattern(None, NamedNode(t.TYPE), NamedNode(c)) for c in (t.LIST_ENTRY, t.UNREAD_ROW))
    rows, read = sum(1 for _ in chain(*wanted)), sum(len(r.entries) + len(r.unread) for r, _ in readings)
    if read != rows or len(readings) != list(kinds.values()).count("list"):
        raise unfit(name, f"of {rows} rows of lists {read} can be read")
    for day in (day for _, day in readings if not _is_date(day)):
        raise unfit(name, f"a list was read on '{day}', which is no day")
    for key in (key for key in (*keys.keys.values(), *(k for _, k in keys.former)) if not KEY.fullmatch(key)):
        raise unfit(name, f"'{key}' is no citation key, which has ASCII letters, digits and the signs . _ + / : -")
    days = (graph.removeprefix(t.ENRICHMENT_GRAPHS) for graph, kind in kinds.items() if kind == "day")
    return Unpacked(tuple(readings), keys, tuple(sorted(days)))


def unfit(name: str, why: str) -> OutsideError:
    """Return the error for a file that is gzip of N-Quads and no snapshot of a graph."""
    return OutsideError(f"{name} is no whole snapshot: {why}. {_AGAIN}")
