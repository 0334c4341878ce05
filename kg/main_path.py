"""The main path: the chain of citations along which most of a field's knowledge came.

Search path count (Batagelj 2003, arXiv:cs/0309023, after Hummon and Doreian 1989, doi:10.1016/0378-8733(89)90017-8):
knowledge runs from the cited to the citing work. The weight of a citation is the number of paths that run through it
from a work that cites none of the set to one that none of it cites: paths to the cited work times paths from the citing
one. The main path is the path with the greatest sum of weights (Liu and Lu 2012, doi:10.1002/asi.21692, "global").
"""

from __future__ import annotations

from dataclasses import dataclass

from .chronology import Acyclic, acyclic, months
from .edges import Edges
from .errors import NothingFound
from .graph import Graph
from .ranking import Ranked, Ranking, no_lists, tell, the_set
from .selection import Selection

MANY = 1_000_000_000
"""The most paths of equal weight that are told: there may be so many that nothing prints their number."""


@dataclass(frozen=True, slots=True)
class Citing:
    """One citation, by the keys of the two works."""

    citing: str
    cited: str


@dataclass(frozen=True, slots=True)
class MainPath(Ranking):
    """Works from the oldest to the newest, each cited by the next; the score is how large a share of all paths comes
    to a work from the one before it (0 for the first).

    ``broken`` are citations that were left out since they close a circle, and go against the dates of the works;
    ``equal`` says how many other paths have the same sum of weights, MANY standing for that many and more.
    """

    broken: tuple[Citing, ...] = ()
    equal: int = 0


def main_path(graph: Graph, edges: Edges, selection: Selection) -> MainPath:
    """Return the main path among the listed papers that ``selection`` means.

    Raises NothingFound where none of them is known to cite another.
    """
    members, name = the_set(graph, edges, selection)
    found = acyclic(edges, members, months(graph, edges))
    path, equal = longest(found)
    if len(path) < 2:
        if not any(n in edges.known for n in members):
            raise no_lists(edges, f"the {name}")
        raise NothingFound(f"none of the {name} is known to cite another. 'llmcomp enrich' fetches reference lists.")
    told = tell(graph, edges, [n for n, _ in path] + [n for pair in found.broken for n in pair])
    works = tuple(
        Ranked(w.iri, w.key, w.title, w.year, w.listed, share, f"cites {told[path[i - 1][0]].key}" if i else "")
        for i, (w, share) in enumerate((told[n], share) for n, share in path)
    )
    broken = tuple(Citing(told[a].key, told[b].key) for a, b in found.broken)
    return MainPath(f"main path of {name}", "share", works, len(works), edges.basis_of(members), broken, equal)


def longest(found: Acyclic) -> tuple[list[tuple[int, float]], int]:
    """Return the main path, oldest first, each work with the share of all paths that comes to it from the one before;
    and how many others have the same sum of weights, MANY at most.

    Weights are whole numbers of any size, so that nothing is lost in rounding. Of equal sums the longer path is taken,
    then the one of the lower number where they first part on the way back from the newest work.

    >>> from llmcomp.kg.edges import edges_of
    >>> edges = edges_of([("b", "a"), ("c", "b"), ("d", "c"), ("d", "a"), ("e", "d")])
    >>> longest(acyclic(edges, range(5), [0] * 5))
    ([(0, 0.0), (1, 0.5), (2, 0.5), (3, 0.5), (4, 1.0)], 0)
    """
    to: dict[int, int] = {}  # paths from any beginning to here
    for n in found.order:
        to[n] = sum(to[m] for m in found.cites[n]) or 1
    ends = dict.fromkeys(found.order, 0)  # paths from here to any end
    for n in reversed(found.order):
        ends[n] = ends[n] or 1
        for m in found.cites[n]:
            ends[m] += ends[n]
    best: dict[int, tuple[int, int]] = {}
    before: dict[int, int] = {}
    alike: dict[int, int] = {}  # paths to here of the greatest sum
    for n in found.order:
        best[n] = (0, 0)
        for m in found.cites[n]:
            weight, length = best[m]
            sums = (weight + to[m] * ends[n], length + 1)
            if sums > best[n]:
                best[n], before[n] = sums, m
        alike[n] = sum(alike[m] for m in found.cites[n] if best[m][0] + to[m] * ends[n] == best[n][0]) or 1
    if not best:
        return [], 0
    greatest = max(weight for weight, _ in best.values())
    equal = min(sum(alike[n] for n in best if best[n][0] == greatest) - 1, MANY)
    n: int | None = max(best, key=lambda m: (best[m], -m))
    cited = {m for row in found.cites.values() for m in row}
    total = sum(to[m] for m in found.order if m not in cited and found.cites[m]) or 1
    path: list[tuple[int, float]] = []
    while n is not None:
        m = before.get(n)
        path.append((n, 0.0 if m is None else to[m] * ends[n] / total))
        n = m
    return path[::-1], equal
