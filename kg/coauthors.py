"""Who wrote the listed papers, with whom, and in which sections: the co-author graph."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .edges import Basis, Edges
from .errors import NothingFound
from .graph import Graph
from .ranking import categories_of, most_cited, tell, the_set
from .selection import Selection
from .timeline import Share

ORDERS = ("papers", "citations", "sections")
"""By what authors are ordered."""
LARGEST = 100
"""A work by more people than these joins nobody: of a list of hundreds one cannot tell who worked with whom."""


@dataclass(frozen=True, slots=True)
class Coauthor:
    """Somebody with whom a person wrote so many of the papers."""

    name: str
    works: int


@dataclass(frozen=True, slots=True)
class Author:
    """A person or group: how many of the papers they wrote, of how many they are named first, in which categories.

    ``citations`` is how often works of the graph cite these papers in all; ``coauthors`` all with whom they wrote any,
    most papers first; ``works`` the keys of the papers, the most cited first, and ``since`` and ``until`` the years of
    the first and the last.
    """

    iri: str
    name: str
    papers: int
    first_author: int
    citations: int
    since: int | None
    until: int | None
    categories: tuple[Share, ...]
    coauthors: tuple[Coauthor, ...]
    works: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Authors:
    """Authors in an order, ``found`` in number, and the pairs of them who wrote a paper together (``pairs``).

    ``groups`` counts the parts of the co-author graph that nothing joins, ``largest`` the people in the largest.
    Who bears one name is one person here. ``nameless`` papers have no known authors.
    Citations rest on the reference lists that are known (``basis``).
    """

    of: str
    authors: tuple[Author, ...]
    found: int
    pairs: int
    groups: int
    largest: int
    nameless: int
    basis: Basis


def authors(graph: Graph, edges: Edges, selection: Selection, *, by: str = "papers", limit: int = 20) -> Authors:
    """Return who wrote the listed papers that ``selection`` means, by papers, ``citations`` or ``sections``.

    Raises NothingFound where no author is known.
    """
    members, name = the_set(graph, edges, selection)
    iris = [edges.works[n] for n in members]
    wrote: dict[str, dict[int, int]] = defaultdict(dict)
    names: dict[str, str] = {}
    writers: dict[int, list[str]] = defaultdict(list)
    for work, position, person, printed in graph.rows("work-people", iris):
        n = edges.numbers[work]
        wrote[person][n] = min(int(position), wrote[person].get(n, int(position)))
        names[person] = min(printed, names.get(person, printed))
        writers[n].append(person)
    if not wrote:
        raise NothingFound(f"no author of the {name} is known. 'llmcomp enrich' fetches them.")
    years = {edges.numbers[work]: int(year) for work, year in graph.rows("work-years", iris)}
    sections = categories_of(graph, edges)
    cited = {p: sum(len(edges.cited_by[n]) for n in works) for p, works in wrote.items()}
    spread = {p: len({slug for n in works for slug in sections[n]}) for p, works in wrote.items()}
    first = {"citations": cited, "sections": spread}.get(by, {})
    order = sorted(wrote, key=lambda p: (-first.get(p, 0), -len(wrote[p]), -cited[p], names[p], p))
    with_whom = _together(writers)
    shown = {p: most_cited(edges, wrote[p]) for p in order[:limit]}
    told = tell(graph, edges, [n for row in shown.values() for n in row])
    rows: list[Author] = []
    for person, works in shown.items():
        dates = sorted(years[n] for n in works if n in years)
        shares = Counter(slug for n in works for slug in sections[n])
        others = sorted(with_whom[person].items(), key=lambda item: (-item[1], names[item[0]]))
        rows.append(
            Author(
                person,
                names[person],
                len(works),
                sum(position == 1 for position in wrote[person].values()),
                cited[person],
                dates[0] if dates else None,
                dates[-1] if dates else None,
                tuple(Share(slug, count) for slug, count in sorted(shares.items(), key=lambda s: (-s[1], s[0]))),
                tuple(Coauthor(names[p], count) for p, count in others),
                tuple(told[n].key for n in works),
            )
        )
    sizes = _parts(wrote, with_whom)
    return Authors(
        f"authors of {name}",
        tuple(rows),
        len(wrote),
        sum(map(len, with_whom.values())) // 2,
        len(sizes),
        max(sizes),
        len(members) - len(writers),
        edges.basis,
    )


def _together(writers: dict[int, list[str]]) -> dict[str, Counter[str]]:
    """Return for each person how many papers they wrote with each other one."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for people in writers.values():
        if len(people) <= LARGEST:
            several = sorted(set(people))
            for person in several:
                found[person].update(p for p in several if p != person)
    return found


def _parts(people: Iterable[str], with_whom: dict[str, Counter[str]]) -> list[int]:
    """Return how many people stand in each part of the co-author graph."""
    sizes: list[int] = []
    seen: set[str] = set()
    for person in people:
        if person in seen:
            continue
        seen.add(person)
        waiting, size = [person], 0
        while waiting:
            size += 1
            for other in with_whom.get(waiting.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        sizes.append(size)
    return sizes
