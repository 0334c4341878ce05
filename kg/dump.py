"""A graph as a file of RDF: one of its graphs, or the whole, as it stands; :mod:`llmcomp.kg.loaded` reads it back.

Statements stand graph by graph in the order of the store, which comes from what they say and not from when they were
stored: equal graphs give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..ontology import terms as t
from . import store
from .endpoint import Endpoint
from .errors import Ambiguous, OutsideError, UnknownName, UsageError
from .graph import Graph
from .jsonld import document

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store, Triple

WHOLE, VIEW = "all", "resolved"
"""How the whole graph and the resolved view are called among the sources."""
FIRST = "# llmcomp graph, format "
"""How a file begins that can hold comments; the number of the format follows."""
LAST = "# end of "
"""How the last line of it begins; the number of statements follows."""
FORMAT_TERM = f"{t.BASE}format/"
"""What stands in the context of JSON-LD, which has no comments; the number of the format follows."""
_PIECE = 4096
_LONGEST_PROLOGUE = sum(len(name) + len(iri) + 20 for name, iri in t.PREFIXES.items())
_Graphs = list[tuple[str, Iterable["Quad"]]]


@dataclass(frozen=True, slots=True)
class Dump:
    """A way to write graphs: how it is called, how its files end, and whether it can hold several."""

    name: str
    endings: tuple[str, ...]
    several: bool
    write: Callable[[_Graphs, list[str]], Iterator[bytes]]


def export_graph(
    graph: Graph, format: str = "trig", source: str | None = None, *, name_view: bool = False
) -> Iterator[bytes]:
    """Return ``graph``, or one of its graphs, as the pieces of a file; the same graph gives the same bytes.

    ``source`` is :data:`WHOLE`, :data:`VIEW`, or the name of a source graph (see :func:`source_name`); None is the
    whole where the format holds several graphs, else the view. With ``name_view`` the view stands in the graph
    :data:`~llmcomp.ontology.terms.RESOLVED_VIEW`, not in the default graph. Raises UsageError for what cannot be
    written so, UnknownName for a format or a source that is none.
    """
    if format not in DUMPS:
        raise UnknownName("format of a graph", format, DUMPS)
    dump = DUMPS[format]
    chosen = (WHOLE if dump.several else VIEW) if source is None else source
    if chosen == WHOLE and not dump.several:
        others = ", ".join(name for name, other in DUMPS.items() if other.several)
        raise UsageError(f"{format} holds one graph. Name one with --source, or a format that holds all: {others}.")
    known = sources(graph)
    wanted = ["", *known] if chosen == WHOLE else [source_name(known, chosen)]
    if t.METADATA_GRAPH in wanted:  # what a file is stands at its beginning
        wanted.sort(key=lambda name: (name != t.METADATA_GRAPH, name))
    return _written(graph, dump, wanted, name_view)


def format_of(name: str) -> str | None:
    """Return the format that the name of a file tells by its ending, or None.

    >>> format_of("graph.NQ"), format_of("graph.rdf")
    ('nquads', None)
    """
    return next((dump.name for dump in DUMPS.values() if name.lower().endswith(dump.endings)), None)


def source_name(known: Iterable[str], source: str) -> str:
    """Return the graph that ``source`` names among ``known`` ones: its IRI, the end of it, or a beginning of that end.

    The view is an empty name. Raises UnknownName, and Ambiguous for a beginning that fits several.

    >>> source_name(["https://w3id.org/llmcomp/graph/facts/2026-11-01"], "facts")
    'https://w3id.org/llmcomp/graph/facts/2026-11-01'
    """
    graphs = t.PREFIXES["graph"]
    short = source.removeprefix("<").removesuffix(">").removeprefix(graphs).removeprefix("graph:")
    names = {name.removeprefix(graphs): name for name in known} | {VIEW: ""}
    if short in names:
        return names[short]
    begun = [name for name in names if short and name.startswith(short)]
    if len(begun) > 1:
        raise Ambiguous(f"'{source}' fits {len(begun)} sources: {', '.join(sorted(begun))}. Write more of one.")
    if not begun:
        raise UnknownName("source", source, [WHOLE, *sorted(names)])
    return names[begun[0]]


def sources(graph: Graph) -> list[str]:
    """Return the IRIs of all graphs but the view, sorted."""
    if isinstance(graph.store, Endpoint):
        told = {name for name, *_ in graph.rows("sources")} | {t.KEYS_GRAPH, t.METADATA_GRAPH}
        return sorted(told - {t.RESOLVED_VIEW})
    return sorted(str(getattr(node, "value", "")) for node in graph.store.named_graphs())


def _written(graph: Graph, dump: Dump, wanted: list[str], name_view: bool) -> Iterator[bytes]:
    try:
        with _held(graph, wanted) as held:
            graphs: _Graphs = [
                (t.RESOLVED_VIEW if name_view and not name else name, _quads(held, name, name_view)) for name in wanted
            ]
            yield from dump.write(graphs, [f"{FIRST}{store.FORMAT}", *_licences(held, wanted)])
    except (OSError, RuntimeError) as error:
        raise OutsideError(
            f"the graph in {graph.path} cannot be read ({error}). Run 'llmcomp build' to make it again."
        ) from error


@contextmanager
def _held(graph: Graph, wanted: Iterable[str]) -> Generator[Store]:
    """Give a store that holds the ``wanted`` graphs and what is said about them.

    Those of a server are fetched into a store on disk, whose order is that of every other. Raises OutsideError where
    the server does not give all of them.
    """
    if not isinstance(graph.store, Endpoint):
        yield graph.store
        return
    from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        fetched = Store(folder)
        for name in {*wanted, t.METADATA_GRAPH}:
            pattern = f"GRAPH <{name}> {{ ?s ?p ?o }}" if name else "?s ?p ?o"
            ((count,),) = graph.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
            answer = graph.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
            there = NamedNode(name) if name else DefaultGraph()
            fetched.bulk_extend(Quad(s.subject, s.predicate, s.object, there) for s in answer.results)  # pyright: ignore
            got = sum(1 for _ in fetched.quads_for_pattern(None, None, None, there))
            if got != int(count):
                raise OutsideError(
                    f"{graph.path} gives {got} of {count} statements of {name or 'the view'}. Let it give more, or "
                    "export from the folder that was pushed there."
                )
        yield fetched


def _quads(held: Store, name: str, name_view: bool) -> Iterator[Quad]:
    from pyoxigraph import DefaultGraph, NamedNode, Quad

    quads = held.quads_for_pattern(None, None, None, NamedNode(name) if name else DefaultGraph())
    if name or not name_view:
        return iter(quads)
    view = NamedNode(t.RESOLVED_VIEW)
    return (Quad(q.subject, q.predicate, q.object, view) for q in quads)


def _licences(held: Store, wanted: Iterable[str]) -> Iterator[str]:
    """Yield comments that tell of each source graph where it came from and under which licence."""
    from pyoxigraph import NamedNode

    for name in wanted:
        said = held.quads_for_pattern(NamedNode(name), None, None, NamedNode(t.METADATA_GRAPH)) if name else ()
        told = {quad.predicate.value: " ".join(str(getattr(quad.object, "value", "")).split()) for quad in said}
        if t.DC_SOURCE in told:
            parts = told.get(t.TITLE, ""), told[t.DC_SOURCE], told.get(t.DCT_DATE, "")
            yield f"# <{name}>: {', '.join(parts)}, licence: {told.get(t.DCT_LICENSE) or 'not told'}"


def _nquads(graphs: _Graphs, head: list[str]) -> Iterator[bytes]:
    from pyoxigraph import RdfFormat, serialize

    count = 0
    yield _comments(head)
    for _, quads in graphs:
        rest = iter(quads)
        while piece := list(islice(rest, _PIECE)):
            count += len(piece)
            yield serialize(piece, format=RdfFormat.N_QUADS) or b""
    yield _comments([f"{LAST}{count} statements"])


def _turtle(graphs: _Graphs, head: list[str]) -> Iterator[bytes]:
    yield _comments(head)
    yield _prefixes()
    count = 0
    for _, quads in graphs:
        for number, piece in _subjects(quads):
            count += number
            yield piece
    yield _comments([f"{LAST}{count} statements"])


def _trig(graphs: _Graphs, head: list[str]) -> Iterator[bytes]:
    yield _comments(head)
    yield _prefixes()
    count = 0
    for name, quads in graphs:
        yield f"\n<{name}> {{\n".encode() if name else b"\n{\n"
        for number, piece in _subjects(quads):
            count += number
            yield piece
        yield b"}\n"
    yield _comments([f"{LAST}{count} statements"])


def _jsonld(graphs: _Graphs, _: list[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in document(graphs, {"format": f"{FORMAT_TERM}{store.FORMAT}"}))


def _subjects(quads: Iterable[Quad]) -> Iterator[tuple[int, bytes]]:
    """Yield statements as Turtle without prefixes, whole subjects at a time, and how many there are."""
    held: list[Triple] = []
    for _, said in groupby(quads, lambda quad: quad.subject):
        held += (quad.triple for quad in said)
        if len(held) >= _PIECE:
            yield len(held), _turtle_of(held)
            held.clear()
    yield len(held), _turtle_of(held)


def _turtle_of(triples: list[Triple]) -> bytes:
    from pyoxigraph import RdfFormat, serialize

    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=t.PREFIXES) or b""
    # the serializer tells its prefixes in another order each time
    start = written.rfind(b"\n@prefix ", 0, _LONGEST_PROLOGUE) + 1
    return written[written.find(b"\n", start) + 1 :] if start else written


def _prefixes() -> bytes:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in t.PREFIXES.items()).encode()


def _comments(lines: Iterable[str]) -> bytes:
    # the name of a file may hold bytes that are no UTF-8
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


DUMPS: dict[str, Dump] = {
    dump.name: dump
    for dump in (
        Dump("trig", (".trig",), True, _trig),
        Dump("nquads", (".nq", ".nquads"), True, _nquads),
        Dump("jsonld", (".jsonld", ".json"), True, _jsonld),
        Dump("turtle", (".ttl", ".turtle"), False, _turtle),
    )
}
"""The formats of a graph by name."""
