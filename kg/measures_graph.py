"""The graph of measures: what was computed of the citations, written back as statements of one day.

A store is never written to once it stands. So measures are written as a build is: a new store begins as what the
current one holds (its tables are shared, not copied), is given the one graph more, and is then swapped in. They are
kept as long as the citations are the same, for whatever changes these makes a store of its own, in which no measures
are. Their day is that of the newest source, not that of the computing: of equal graphs they are the same statements.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..ontology import terms as t
from . import nquads, store
from .chronology import acyclic, as_of, months
from .edges import Basis, Edges
from .errors import OutsideError
from .graph import Graph
from .measures import Measures, compute
from .nquads import Statements, literal


@dataclass(frozen=True, slots=True)
class Measured:
    """The citation graph in numbers, and whether its measures are kept in the graph.

    ``works`` are listed and only cited ones, ``citations`` pairs of them, ``inside`` those among listed works;
    ``self_citations`` and ``repeated`` ones are left out. ``parts`` are groups of works that nothing joins, without
    single works, ``largest`` the number of works in the largest. ``circles`` are citations among listed works that go
    against the dates in a circle. ``core`` is the largest core, ``communities`` how many there are.
    """

    date: str
    works: int
    listed: int
    citations: int
    inside: int
    self_citations: int
    repeated: int
    basis: Basis
    parts: int
    largest: int
    circles: int
    core: int
    communities: int
    modularity: float
    kept: bool


def measures_of(graph: Graph, edges: Edges) -> Measures:
    """Return the measures that are kept in the graph, else compute them."""
    return kept_measures(graph, edges) or compute(edges, months(graph, edges), as_of(graph))


def kept_measures(graph: Graph, edges: Edges) -> Measures | None:
    """Return the measures that the graph keeps of ``edges``; None where there are none."""
    works = len(edges.works)
    listed, citations, cores, groups = (array("i", bytes(4 * works)) for _ in range(4))
    ranks, speeds = array("d", bytes(8 * works)), array("d", bytes(8 * works))
    seen = 0
    name = ""
    for work, told_listed, told_citations, rank, core, speed, group, where in graph.rows("measures"):
        n = edges.numbers.get(work)
        if n is None:
            return None
        listed[n], citations[n], cores[n], groups[n] = map(int, (told_listed, told_citations, core, group))
        ranks[n], speeds[n] = float(rank), float(speed)
        seen += 1
        name = where
    if not seen or seen != works:
        return None
    share = next((float(row[1]) for row in graph.rows("modularity") if row[0] == name), 0.0)
    return Measures(name.removeprefix(t.MEASURES_GRAPHS), listed, citations, ranks, cores, speeds, groups, share)


def measure(graph: Graph, edges: Edges, *, waiting: Callable[[str], None] | None = None) -> Measured:
    """Compute the measures of ``edges``, unless they are kept, keep them where that can be, and tell of them.

    They cannot be kept in a graph on the network, which is only read, or in a folder that cannot be written to. Raises
    GraphLocked while another process builds the graph.
    """
    found = kept_measures(graph, edges)
    kept = found is not None
    if found is None:
        found = compute(edges, months(graph, edges), as_of(graph))
        kept = isinstance(graph.path, Path) and bool(edges.works) and _keep(graph.path, edges, found, waiting)
    return summary(graph, edges, found, kept)


def summary(graph: Graph, edges: Edges, measures: Measures, kept: bool) -> Measured:
    """Return the citation graph in numbers."""
    sizes: list[int] = [s for s in edges.igraph.connected_components(mode="weak").sizes() if s > 1]
    circles = acyclic(edges, range(edges.listed), months(graph, edges)).broken
    return Measured(
        date=measures.date,
        works=len(edges.works),
        listed=edges.listed,
        citations=len(edges),
        inside=sum(m < edges.listed for n in range(edges.listed) for m in edges.cites[n]),
        self_citations=edges.self_citations,
        repeated=edges.repeated,
        basis=edges.basis,
        parts=len(sizes),
        largest=max(sizes, default=0),
        circles=len(circles),
        core=max(measures.core, default=0),
        communities=max(measures.community, default=0),
        modularity=measures.modularity,
        kept=kept,
    )


def measures_statements(edges: Edges, measures: Measures) -> Iterator[bytes]:
    """Yield the measures as N-Quads in the graph of their day, and what the metadata say of that graph."""
    name = t.MEASURES_GRAPHS + measures.date
    count = 0
    for start in range(0, len(edges.works), 10_000):
        out = Statements(name)
        for n in range(start, min(start + 10_000, len(edges.works))):
            work = edges.works[n]
            out.add(work, t.CITED_BY_LISTED, nquads.integer(measures.listed_citations[n]))
            out.add(work, t.CITED_BY_WORKS, nquads.integer(measures.citations[n]))
            out.add(work, t.PAGERANK, nquads.double(measures.pagerank[n]))
            out.add(work, t.CORE_NUMBER, nquads.integer(measures.core[n]))
            out.add(work, t.CITATION_VELOCITY, nquads.double(measures.velocity[n]))
            out.add(work, t.COMMUNITY_NUMBER, nquads.integer(measures.community[n]))
        count += len(out)
        yield from out.encode()
    about = Statements(t.METADATA_GRAPH)
    about.link(name, t.TYPE, t.VOID_DATASET)
    about.link(name, t.TYPE, t.PROV_ENTITY)
    about.add(name, t.TITLE, literal("Measures of the citation graph"))
    about.add(name, t.DCT_DATE, nquads.date(measures.date))
    about.add(name, t.MODULARITY, nquads.double(measures.modularity))
    about.add(name, t.VOID_TRIPLES, nquads.integer(count))
    about.link(name, t.DERIVED_FROM, t.RESOLVED_VIEW)
    yield from about.encode()


def _keep(folder: Path, edges: Edges, measures: Measures, waiting: Callable[[str], None] | None) -> bool:
    """Write ``measures`` into the graph in ``folder``; tell whether it could be written to and was still the same."""
    before = store.read_current(folder)
    try:
        with store.building(folder, waiting):
            current = store.read_current(folder)
            if current is None or current != before:  # built anew while the measures were computed
                return False
            with store.drafting(folder, current.version, going_on=True) as draft:
                draft.load(measures_statements(edges, measures))
    except OutsideError as error:
        if isinstance(error.__cause__, OSError):
            return False
        raise
    return True
