"""The citation graph as numbers: read once from the store, then walked without asking it again."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Any

from ..ontology.named import about, query_text
from .graph import Graph, forgetful

_NOBODY: Sequence[int] = array("i")
_AT_ONCE = 5000
"""Of how many works a store is asked at once who cites them."""


@dataclass(frozen=True, slots=True)
class Basis:
    """On what an answer about citations rests: ``reference_lists`` that are known, ``complete`` ones among them.

    Of ``listed`` papers ``without`` have none that is known; what these cite nobody here can tell. An answer that asks
    what some works cite rests on the lists of these alone.
    """

    reference_lists: int
    complete: int
    listed: int
    without: int


@dataclass(frozen=True, eq=False)
class Edges:
    """Works by number, and who cites whom among them.

    ``works`` are IRIs: the ``listed`` listed ones first, then those only cited, each part sorted, so that one graph
    has one numbering. ``cites[n]`` and ``cited_by[n]`` are numbers, sorted, without repeats. ``known`` are the works
    of which a reference list is known at all, ``complete`` those of which all of it was read: citations in the graph
    are those of these lists, and nothing is known of what other works cite. A work that cites itself says nothing;
    such citations (``self_citations``) and those told twice (``repeated``) are left out and counted.
    """

    works: tuple[str, ...]
    listed: int
    cites: tuple[Sequence[int], ...]
    cited_by: tuple[Sequence[int], ...]
    known: frozenset[int] = frozenset()
    complete: frozenset[int] = frozenset()
    self_citations: int = 0
    repeated: int = 0

    def __len__(self) -> int:
        """Return the number of citations."""
        return sum(map(len, self.cites))

    def __repr__(self) -> str:
        return f"<Edges: {len(self)} citations among {len(self.works)} works>"

    @cached_property
    def basis(self) -> Basis:
        """On what an answer rests that asks who cites, whoever that is."""
        known = sum(n < self.listed for n in self.known)
        return Basis(len(self.known), len(self.complete), self.listed, self.listed - known)

    def basis_of(self, works: Iterable[int]) -> Basis:
        """Return on what an answer rests that asks what just these works (numbers) cite."""
        asked = set(works)
        listed = {n for n in asked if n < self.listed}
        known = asked & self.known
        return Basis(len(known), len(asked & self.complete), len(listed), len(listed - known))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each work by its IRI."""
        return {iri: n for n, iri in enumerate(self.works)}

    def of(self, works: Iterable[str]) -> list[int]:
        """Return the numbers of ``works`` (IRIs), sorted; what neither is listed nor cited has none."""
        return sorted({self.numbers[iri] for iri in works if iri in self.numbers})

    def listed_citations(self, n: int) -> int:
        """Return how many listed works cite the work ``n``: they have the lowest numbers."""
        from bisect import bisect_left

        return bisect_left(self.cited_by[n], self.listed)

    @cached_property
    def around(self) -> tuple[Sequence[int], ...]:
        """The works that cite or are cited by each, sorted; two that cite each other are neighbours once."""
        return tuple(
            array("i", sorted({*out, *into})) if out and into else out or into
            for out, into in zip(self.cites, self.cited_by, strict=True)
        )

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each citation as (citing, cited), sorted."""
        for citing, cited in enumerate(self.cites):
            yield from zip(repeat(citing), cited, strict=False)

    @cached_property
    def igraph(self) -> Any:
        """The same as a directed graph of python-igraph, an edge from citing to cited.

        Keep Ctrl-C away from it: an error that a signal handler raises inside igraph ends the process.
        """
        from igraph import Graph as IGraph

        many = len(self)
        if not many:
            return IGraph(len(self.works), directed=True)
        citing, cited = array("q"), array("q")
        for n, row in enumerate(self.cites):
            citing.extend(repeat(n, len(row)))
            cited.extend(iter(row))
        pairs = array("q", bytes(16 * many))
        pairs[::2], pairs[1::2] = citing, cited
        return IGraph(len(self.works), memoryview(pairs).cast("B").cast("q", shape=[many, 2]), directed=True)

    @cached_property
    def undirected(self) -> Any:
        """The same without directions, as python-igraph has it: two works that cite each other have one edge."""
        return self.igraph.as_undirected(mode="collapse")


def read_edges(graph: Graph) -> Edges:
    """Return the citation graph of ``graph``: its listed papers, all works that are cited, and who cites whom."""
    from .endpoint import Endpoint

    found = _Found()
    if isinstance(graph.store, Endpoint):
        # plain pairs: servers limit how long a text may be that they put together
        for citing, cited in graph.rows("citations"):
            found.add(cited.encode(), [citing.encode()])
    else:
        for rows in _rows(graph, [work for (work,) in graph.rows("cited-works")]):
            found.take(rows)
    listed = {work for work, _ in graph.rows("listed-works")}
    lists = graph.pairs("reference-lists")
    complete = {work for work, whole in lists.items() if whole == "true"}
    return found.edges(listed, lists, complete)


def _rows(graph: Graph, cited: Sequence[str]) -> Iterator[bytes]:
    """Yield rows of ``citing-lists`` as TSV, some works at once.

    The store works outside Python's lock, so two threads read while a third takes what they read.
    """
    from concurrent.futures import ThreadPoolExecutor

    def read(start: int) -> bytes:
        try:
            return graph.query(about(query_text("citing-lists"), cited[start : start + _AT_ONCE])).write("tsv")
        except BaseException as error:
            raise forgetful(error) from None

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(read, range(0, len(cited), _AT_ONCE))


def edges_of(
    pairs: Iterable[tuple[str, str]],
    listed: Iterable[str] = (),
    known: Iterable[str] = (),
    complete: Iterable[str] = (),
) -> Edges:
    """Return the citation graph of ``pairs`` (citing, cited), for those who have them from elsewhere.

    >>> edges = edges_of([("b", "a"), ("c", "a"), ("c", "b"), ("c", "c"), ("c", "b")], listed=["c"])
    >>> edges.works, [list(cited) for cited in edges.cites], edges.self_citations, edges.repeated
    (('c', 'a', 'b'), [[1, 2], [], [1]], 1, 1)
    """
    found = _Found()
    for citing, cited in pairs:
        found.add(cited.encode(), [citing.encode()])
    return found.edges(set(listed), known, complete)


class _Numbers(dict[bytes, int]):
    """Numbers in the order in which names are first asked for."""

    def __missing__(self, name: bytes) -> int:
        number = self[name] = len(self)
        return number


class _Found:
    """Citations as they come."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._citing: dict[int, array[int]] = {}

    def add(self, cited: bytes, citing: Sequence[bytes]) -> None:
        row = self._citing.setdefault(self._numbers[cited], array("i"))
        row.extend(map(self._numbers.__getitem__, citing))

    def take(self, rows: bytes) -> None:
        """Take rows of ``citing-lists`` as TSV; no IRI holds a sign that would be escaped there."""
        for line in rows.split(b"\n"):
            if line.startswith(b"<"):
                cited, _, citing = line.partition(b"\t")
                self.add(cited[1:-1], citing[1:-1].split(b" "))

    def edges(self, listed: set[str], known: Iterable[str], complete: Iterable[str]) -> Edges:
        names = [name.decode() for name in self._numbers]
        works = (*sorted(listed), *sorted(set(names) - listed))
        numbers = {iri: n for n, iri in enumerate(works)}
        new = array("i", (numbers[name] for name in names))
        cited_by: list[Sequence[int]] = [_NOBODY] * len(works)
        themselves = repeated = 0
        for cited, row in self._citing.items():
            once = set(row)
            own = row.count(cited)
            once.discard(cited)
            themselves += own
            repeated += len(row) - own - len(once)
            if once:
                cited_by[new[cited]] = array("i", sorted(map(new.__getitem__, once)))

        def numbered(iris: Iterable[str]) -> frozenset[int]:
            return frozenset(numbers[iri] for iri in iris if iri in numbers)

        return Edges(
            works,
            len(listed),
            _turned(cited_by),
            tuple(cited_by),
            numbered(known),
            numbered(complete),
            themselves,
            repeated,
        )


def _turned(cited_by: Sequence[Sequence[int]]) -> tuple[Sequence[int], ...]:
    """Return whom each work cites, of who cites each."""
    cites: list[array[int] | None] = [None] * len(cited_by)
    for cited, row in enumerate(cited_by):
        for citing in row:
            if (there := cites[citing]) is None:
                cites[citing] = array("i", (cited,))
            else:
                there.append(cited)
    return tuple(_NOBODY if row is None else row for row in cites)
