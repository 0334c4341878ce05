"""What the citation graph says of each work: how often it is cited, how central it is, what it belongs to.

================== ==================================================================================================
measure            formula and source
================== ==================================================================================================
listed citations   number of listed works that cite it
citations          number of works of the graph that cite it
PageRank           ``(1 - d) / N + d * sum(PR(c) / references(c))`` over the works ``c`` that cite it, ``d`` = 0.85;
                   what cites nothing here passes its share on to all alike (Page et al. 1999)
core               the largest ``k`` such that it is among works that each cite or are cited by ``k`` others of them
                   (Seidman 1983, doi:10.1016/0378-8733(83)90028-X; Batagelj and Zaversnik 2003, arXiv:cs/0310049)
velocity           citations a year by works posted in the last three years, or since it was posted if that is later,
                   but over one year at least (as Semantic Scholar's citation velocity)
community          groups of works with more citations among them than chance gives, by the Leiden algorithm (Traag,
                   Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z) with modularity (Newman and Girvan 2004,
                   doi:10.1103/PhysRevE.69.026113) over citations either way
================== ==================================================================================================
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .chance import same_chance
from .chronology import Month
from .edges import Edges
from .relatedness import DAMPING, rounded

FORMULAS = 2
"""Number of the formulas below: another where they give other measures of the same citations."""
ROUNDS = 2
"""How often the Leiden algorithm goes over its own result, as igraph and leidenalg do if not told otherwise.

A third round adds a thousandth to the modularity, and each costs as much as the first.
"""
RECENT = 36
"""Over how many months velocity is measured."""


@dataclass(frozen=True, eq=False)
class Measures:
    """The measures of each work by its number in the edges, as known on ``date`` (YYYY-MM-DD, empty for unknown).

    Communities are numbered from 1, the largest first; 0 is a work that is linked to none. ``modularity`` is between
    -0.5 and 1: how much denser communities are within than chance would make them.
    """

    date: str
    listed_citations: Sequence[int]
    citations: Sequence[int]
    pagerank: Sequence[float]
    core: Sequence[int]
    velocity: Sequence[float]
    community: Sequence[int]
    modularity: float


def compute(edges: Edges, when: Sequence[Month | None], date: str) -> Measures:
    """Return all measures of all works of ``edges``; ``when`` is the month in which each was posted, ``date`` now."""
    community, modularity = communities(edges)
    return Measures(
        date,
        array("i", map(edges.listed_citations, range(len(edges.works)))),
        array("i", map(len, edges.cited_by)),
        pagerank(edges),
        core(edges),
        velocity(edges, when, date),
        community,
        modularity,
    )


def pagerank(edges: Edges) -> Sequence[float]:
    """Return the PageRank of each work; all together are 1."""
    if not edges.works:
        return array("d")
    return array("d", map(rounded, edges.igraph.pagerank(directed=True, damping=DAMPING, implementation="prpack")))


def core(edges: Edges) -> Sequence[int]:
    """Return the largest k-core in which each work stands; two that cite each other are linked once."""
    return array("i", edges.undirected.coreness())


def velocity(edges: Edges, when: Sequence[Month | None], date: str) -> Sequence[float]:
    """Return how many citations a year each work has had lately, from works of which a date is known.

    >>> from llmcomp.kg.edges import edges_of
    >>> edges = edges_of([("b", "a"), ("c", "a"), ("c", "b")])
    >>> list(velocity(edges, [2020 * 12, 2021 * 12, 2025 * 12 + 6], "2026-01-01"))
    [0.3333333333333333, 0.3333333333333333, 0.0]
    """
    now = int(date[:4]) * 12 + int(date[5:7]) - 1 if date else max((m for m in when if m is not None), default=0)
    recent = bytearray(m is not None and now - RECENT < m <= now for m in when)
    found = array("d")
    for n, citing in enumerate(edges.cited_by):
        posted = when[n]
        age = RECENT if posted is None else now - posted
        found.append(sum(map(recent.__getitem__, citing)) * 12 / min(max(age, 12), RECENT) if citing else 0.0)
    return found


def communities(edges: Edges) -> tuple[Sequence[int], float]:
    """Return the community of each work and the modularity of them all."""
    if not len(edges):
        return array("i", [0]) * len(edges.works), 0.0
    links: Any = edges.undirected
    with same_chance():
        found: Any = links.community_leiden(objective_function="modularity", n_iterations=ROUNDS)
    membership: list[int] = found.membership
    sizes = Counter(membership)
    first: dict[int, int] = {}
    for n, group in enumerate(membership):
        first.setdefault(group, n)
    order = sorted((g for g in sizes if sizes[g] > 1), key=lambda g: (-sizes[g], first[g]))
    number = {g: i for i, g in enumerate(order, 1)}
    return array("i", (number.get(g, 0) for g in membership)), float(links.modularity(membership))
