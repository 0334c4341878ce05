"""The graph of measures: what was computed of the citations, written back as statements of one day.

A store is never written to once it stands. So measures are written as a build is: a new store begins as what the
current one holds (its tables are shared, not copied), is given the one graph more, and is then swapped in. With them
stands a digest of all that they were computed of: they are taken where it is the same, and a build takes them over
then. Their day is that of the newest source, not that of the computing: of equal graphs they are the same statements.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..ontology import terms as t
from . import nquads, store
from .chronology import Month, acyclic, as_of, months
from .edges import Basis, Edges, read_edges
from .errors import OutsideError
from .graph import Graph
from .measures import FORMULAS, Measures, compute
from .nquads import Statements, literal

if TYPE_CHECKING:
    from pyoxigraph import Store


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
    when = months(graph, edges)
    return _read(graph, edges, digest(edges, when, as_of(graph))) or compute(edges, when, as_of(graph))


def kept_measures(graph: Graph, edges: Edges) -> Measures | None:
    """Return the measures that the graph keeps of ``edges`` and its dates; None where there are none."""
    return _read(graph, edges, digest(edges, months(graph, edges), as_of(graph)))


def measures_taken_over(former: Graph, graph: Graph) -> Iterator[bytes]:
    """Yield the measures that ``former`` keeps, as N-Quads, if ``graph`` has the same citations and dates."""
    if any(former.rows("modularity")):
        edges = read_edges(graph)
        found = digest(edges, months(graph, edges), as_of(graph))
        if measures := _read(former, edges, found):
            yield from measures_statements(edges, measures, found)


def digest(edges: Edges, when: Sequence[Month | None], date: str) -> str:
    """Return a number that tells of what measures are computed: works, citations, months, day, formulas."""
    from hashlib import sha256

    told = sha256(f"{FORMULAS} {date} {edges.listed} {len(edges.works)}\n".encode())
    told.update("\n".join(edges.works).encode())
    told.update(array("q", (-1 if month is None else month for month in when)).tobytes())
    for cited in edges.cites:
        told.update(array("q", [len(cited), *cited]).tobytes())
    return told.hexdigest()


def _read(graph: Graph, edges: Edges, of: str) -> Measures | None:
    """Return the measures that the graph keeps under the digest ``of``."""
    shares = {name: float(share) for name, share, told in graph.rows("modularity") if told == of}
    if not shares:
        return None
    works = len(edges.works)
    listed, citations, cores, groups = (array("i", bytes(4 * works)) for _ in range(4))
    ranks, speeds = array("d", bytes(8 * works)), array("d", bytes(8 * works))
    seen = 0
    name = ""
    for work, told_listed, told_citations, rank, core, speed, group, where in graph.rows("measures"):
        if where not in shares:
            continue
        n = edges.numbers.get(work)
        if n is None:
            return None
        listed[n], citations[n], cores[n], groups[n] = map(int, (told_listed, told_citations, core, group))
        ranks[n], speeds[n] = float(rank), float(speed)
        seen += 1
        name = where
    if not seen or seen != works:
        return None
    day = name.removeprefix(t.MEASURES_GRAPHS)
    return Measures(day, listed, citations, ranks, cores, speeds, groups, shares[name])


def measure(graph: Graph, edges: Edges, *, waiting: Callable[[str], None] | None = None) -> Measured:
    """Compute the measures of ``edges``, unless they are kept, keep them where that can be, and tell of them.

    They cannot be kept in a graph on the network, which is only read, or in a folder that cannot be written to. Raises
    GraphLocked while another process builds the graph.
    """
    when, day = months(graph, edges), as_of(graph)
    of = digest(edges, when, day)
    found = _read(graph, edges, of)
    kept = found is not None
    if found is None:
        found = compute(edges, when, day)
        kept = isinstance(graph.path, Path) and bool(edges.works) and _keep(graph.path, edges, found, of, waiting)
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


def measures_statements(edges: Edges, measures: Measures, of: str) -> Iterator[bytes]:
    """Yield the measures as N-Quads in the graph of their day, and what the metadata say of that graph.

    ``of`` is the digest of what they were computed of.
    """
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
    about.add(name, t.DIGEST, literal(of))
    about.add(name, t.VOID_TRIPLES, nquads.integer(count))
    about.link(name, t.DERIVED_FROM, t.RESOLVED_VIEW)
    yield from about.encode()


def _keep(folder: Path, edges: Edges, measures: Measures, of: str, waiting: Callable[[str], None] | None) -> bool:
    """Write ``measures`` into the graph in ``folder``; tell whether it could be written to and was still the same."""
    before = store.read_current(folder)
    try:
        with store.building(folder, waiting):
            current = store.read_current(folder)
            if current is None or current != before:  # built anew while the measures were computed
                return False
            with store.drafting(folder, current.version, going_on=True) as draft:
                _forget(draft.store)
                draft.load(measures_statements(edges, measures, of))
    except OutsideError as error:
        if isinstance(error.__cause__, OSError):
            return False
        raise
    return True


def _forget(made: Store) -> None:
    """Take measures of other citations or days out of a store that is being made."""
    from pyoxigraph import NamedNode

    metadata = NamedNode(t.METADATA_GRAPH)
    for name in [name for name in made.named_graphs() if name.value.startswith(t.MEASURES_GRAPHS)]:
        made.remove_graph(name)
        for quad in list(made.quads_for_pattern(name, None, None, metadata)):
            made.remove(quad)
