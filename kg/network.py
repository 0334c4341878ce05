"""A network: works of the graph with their measures and the citations among them, chosen to be drawn or written.

What a file for Gephi, a figure and the page show is the same value, so that they show the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .chronology import Month, months
from .communities import community_names
from .edges import Basis, Edges
from .errors import NothingFound
from .graph import Graph
from .measures import Measures
from .model import Work
from .ranking import the_set
from .selection import Selection
from .works import load_works

DEPTH = 1
"""How many citations away from a work its surroundings reach."""
NAMED = 3
"""How many works are named around which a network is."""


@dataclass(frozen=True, slots=True)
class Node:
    """A work in a network, with its measures in the whole graph (see :mod:`llmcomp.kg.measures`).

    ``time`` is when it appeared in years, a month being a twelfth (2023.25 is April 2023); None for unknown.
    ``distance`` is how many citations it is away from the works that the network is drawn around, 0 without any.
    """

    work: Work
    listed: bool
    time: float | None
    listed_citations: int
    citations: int
    pagerank: float
    core: int
    velocity: float
    community: int
    distance: int = 0


@dataclass(frozen=True)
class Network:
    """Works, sorted by citation key, and the citations among them as places in ``nodes``: (citing, cited), sorted.

    ``of`` says what is shown; ``communities`` names those that stand in it by their numbers; ``left`` counts works
    that a limit has left out. ``category_names`` are those of categories by slug.
    """

    of: str
    nodes: tuple[Node, ...]
    links: tuple[tuple[int, int], ...]
    communities: dict[int, str]
    left: int
    basis: Basis
    category_names: Mapping[str, str] = field(default_factory=dict[str, str])

    def __repr__(self) -> str:
        return f"<Network: {self.of}, {len(self.nodes)} works, {len(self.links)} citations>"

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each work in ``nodes`` by its IRI."""
        return {node.work.iri: place for place, node in enumerate(self.nodes)}

    @cached_property
    def categories(self) -> dict[str, str]:
        """The one category of each work by its IRI, empty for none: of its own that in which most works here are."""
        counts = Counter(slug for node in self.nodes for slug in node.work.categories)
        return {
            node.work.iri: min(node.work.categories, key=lambda slug: (-counts[slug], slug), default="")
            for node in self.nodes
        }


def network(
    graph: Graph,
    edges: Edges,
    measures: Measures,
    selection: Selection,
    *,
    around: Sequence[str] = (),
    depth: int = DEPTH,
    cited: int | None = None,
    limit: int | None = None,
) -> Network:
    """Return the listed papers that ``selection`` means, and the citations among them.

    ``around`` are works (IRIs) to whose surroundings it is narrowed: what is at most ``depth`` citations away, either
    way. With ``cited`` works outside the lists stand in it too, those that at least so many of the chosen papers cite;
    it is by that many, too, that ways lead through works outside the lists. ``limit`` keeps the nearest works, of
    equally near ones those that listed works cite most.

    Raises NothingFound where no paper meets the conditions.
    """
    members, name = the_set(graph, edges, selection)
    inside = set(members)
    if cited is not None:
        inside |= _cited_by(edges, members, cited)
    centre = edges.of(around)
    distances = _near(edges, centre, inside, depth) if centre else dict.fromkeys(inside, 0)
    if around:
        among = "" if selection == Selection() else f" among {name}"
        keys = graph.pairs("work-keys", around)
        near = ", ".join(keys.get(work, "?") for work in around[:NAMED]) + " and others" * (len(around) > NAMED)
        name = f"what is within {depth} {'citation' if depth == 1 else 'citations'} of {near}{among}"
    if not distances:
        raise NothingFound("none of these works is linked to another by a citation that is known.")
    chosen = sorted(distances, key=lambda n: (distances[n], -measures.listed_citations[n], -measures.citations[n], n))
    left = len(chosen) - len(chosen[:limit])
    return _drawn(graph, edges, measures, {n: distances[n] for n in chosen[:limit]}, name, left)


def subnetwork(graph: Graph, edges: Edges, measures: Measures, works: Sequence[str]) -> Network:
    """Return the network of just these works (IRIs); raise NothingFound where the graph has none of them."""
    numbers = edges.of(works)
    if not numbers:
        raise NothingFound("the graph has none of these works.")
    return _drawn(graph, edges, measures, dict.fromkeys(numbers, 0), _count(len(numbers)), 0)


def _drawn(graph: Graph, edges: Edges, measures: Measures, distances: dict[int, int], name: str, left: int) -> Network:
    when = months(graph, edges)
    nodes: list[Node] = []
    places: dict[int, int] = {}
    for work in load_works(graph, [edges.works[n] for n in distances]):
        n = edges.numbers[work.iri]
        places[n] = len(nodes)
        nodes.append(
            Node(
                work,
                n < edges.listed,
                _years(when[n]),
                measures.listed_citations[n],
                measures.citations[n],
                measures.pagerank[n],
                measures.core[n],
                measures.velocity[n],
                measures.community[n],
                distances[n],
            )
        )
    links = sorted((place, places[m]) for n, place in places.items() for m in edges.cites[n] if m in places)
    names = community_names(graph, edges, measures, {node.community for node in nodes} - {0})
    categories = {slug: spelled for _, slug, spelled in graph.rows("category-names")}
    return Network(name, tuple(nodes), tuple(links), names, left, edges.basis_of(places), categories)


def _cited_by(edges: Edges, members: Sequence[int], least: int) -> set[int]:
    """Return the works outside the lists that at least so many of ``members`` cite."""
    counts = Counter(m for n in members for m in edges.cites[n] if m >= edges.listed)
    return {m for m, count in counts.items() if count >= least}


def _near(edges: Edges, centre: Sequence[int], inside: set[int], depth: int) -> dict[int, int]:
    """Return how far each work within ``depth`` is from the nearest of ``centre``, on ways that stay ``inside``."""
    found = dict.fromkeys(centre, 0)
    border = list(centre)
    for distance in range(1, depth + 1):
        border = sorted({m for n in border for m in edges.around[n] if m in inside} - found.keys())
        found |= dict.fromkeys(border, distance)
    return found


def _years(month: Month | None) -> float | None:
    return None if month is None else round(month / 12, 4)


def _count(works: int) -> str:
    return f"{works} {'work' if works == 1 else 'works'}"
