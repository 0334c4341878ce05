"""A field year by year: how much was written, on what, and what of it others build on."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from .edges import Basis, Edges
from .errors import NothingFound
from .graph import Graph
from .ranking import REASONS, Told, categories_of, most_cited, tell, the_set
from .selection import Selection


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the works stand in a category (its slug); a work in two counts in both."""

    category: str
    works: int


@dataclass(frozen=True, slots=True)
class Year:
    """The listed papers of one year: how many, how often works of the graph cite them in all, in which categories.

    ``most_cited`` are those that works of the graph cite most, at most 5.
    """

    year: int
    works: int
    citations: int
    categories: tuple[Share, ...]
    most_cited: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The years from the first to the last, ``undated`` papers of which none is known."""

    of: str
    years: tuple[Year, ...]
    undated: int
    basis: Basis


def timeline(graph: Graph, edges: Edges, selection: Selection) -> Timeline:
    """Return the listed papers that ``selection`` means year by year (see :class:`Year`); a year without any is told.

    Raises NothingFound where no year is known.
    """
    members, name = the_set(graph, edges, selection)
    years = {work: int(year) for work, year in graph.rows("work-years", [edges.works[n] for n in members])}
    of_year: dict[int, list[int]] = defaultdict(list)
    for n in members:
        if (year := years.get(edges.works[n])) is not None:
            of_year[year].append(n)
    if not of_year:
        raise NothingFound(f"no year is known of the {name}. 'llmcomp enrich' fetches them.")
    sections = categories_of(graph, edges)
    best = {year: [n for n in most_cited(edges, told)[:REASONS] if edges.cited_by[n]] for year, told in of_year.items()}
    told = tell(graph, edges, [n for row in best.values() for n in row])
    rows: list[Year] = []
    for year in range(min(of_year), max(of_year) + 1):
        works = of_year.get(year, [])
        shares = Counter(slug for n in works for slug in sections[n])
        rows.append(
            Year(
                year,
                len(works),
                sum(len(edges.cited_by[n]) for n in works),
                tuple(Share(slug, count) for slug, count in sorted(shares.items(), key=lambda s: (-s[1], s[0]))),
                tuple(told[n] for n in best.get(year, ())),
            )
        )
    return Timeline(f"timeline of {name}", tuple(rows), len(members) - sum(map(len, of_year.values())), edges.basis)
