"""Which works: the one group of conditions that all commands share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from . import iris
from .errors import Ambiguous, UnknownName, UsageError
from .graph import Graph
from .text import ascii_fold, title_key

TOOLS = "tools"
"""The slug of the category in which tools stand."""


@dataclass(frozen=True, slots=True)
class Category:
    """A section of the lists as a category: slug, name and number of works in it."""

    iri: str
    slug: str
    name: str
    works: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions on works; kinds are combined with "and", values of one kind with "or" ("and" with ``all_of``).

    ``years`` is an inclusive range, either end None for open. Without any condition every listed work is meant;
    tools are selected by their category alone.
    """

    categories: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    years: tuple[int | None, int | None] | None = None
    authors: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    all_of: bool = False


def parse_years(text: str) -> tuple[int | None, int | None]:
    """Return the range that ``2024``, ``2023..2025``, ``2023..`` or ``..2025`` names; raise UsageError else.

    >>> parse_years("2023.."), parse_years("2024")
    ((2023, None), (2024, 2024))
    """
    match = re.fullmatch(r"\s*(\d{4})?\s*(\.\.)?\s*(\d{4})?\s*", text)
    if not match or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
        raise UsageError(f"'{text}' is not a year or a range of years. Write 2024, 2023..2025, 2023.. or ..2025.")
    first, last = (int(year) if year else None for year in (match[1], match[3]))
    if not match[2]:
        last = first
    if first and last and first > last:
        raise UsageError(f"'{text}' ends before it begins. Write {last}..{first}.")
    return first, last


def categories(graph: Graph) -> list[Category]:
    """Return the categories of the graph, sorted by slug."""
    return [Category(iri, slug, name, int(works)) for iri, slug, name, works in graph.rows("categories")]


def find_category(graph: Graph, text: str) -> Category:
    """Return the category with this slug, name, or unique beginning of a slug.

    Raises UnknownName with the known ones and the nearest, Ambiguous when several begin so.
    """
    known = categories(graph)
    wanted = iris.local(iris.category(text))
    exact = [c for c in known if wanted == c.slug or title_key(text) == title_key(c.name)]
    begun = exact or [c for c in known if c.slug.startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise Ambiguous(f"'{text}' fits several categories: {', '.join(c.slug for c in begun)}. Write more of one.")
    raise UnknownName("category", text, [c.slug for c in known])


def select(graph: Graph, selection: Selection) -> list[str]:
    """Return the IRIs of the works that ``selection`` means, sorted by citation key.

    Raises UnknownName for a category, venue, author or key that no work has, with the nearest known one.
    """
    works = graph.pairs("listed-works")
    chosen = set(works)
    if selection.categories:
        chosen = _by_category(graph, selection)
        works |= {w: k for w, k in graph.rows("listed-tools") if w in chosen}
    if selection.keys:
        chosen &= _by_key(graph, selection.keys, works)
    if selection.venues:
        chosen &= _by_venue(graph, selection)
    if selection.years:
        first, last = selection.years
        years = ((w, int(y)) for w, y in graph.rows("work-years"))
        chosen &= {w for w, y in years if (first or 0) <= y <= (last or 9999)}
    if selection.authors:
        chosen &= _by_author(graph, selection)
    return sorted(chosen & works.keys(), key=works.__getitem__)


def _combined(sets: Iterable[set[str]], all_of: bool) -> set[str]:
    """Return what any of ``sets`` holds, or what all of them hold."""
    first, *others = sets
    return first.intersection(*others) if all_of else first.union(*others)


def _by_category(graph: Graph, selection: Selection) -> set[str]:
    found = [find_category(graph, text) for text in selection.categories]
    members = ({w for w, _ in graph.rows("works-in-category", category=c.iri)} for c in found)
    return _combined(members, selection.all_of)


def _by_key(graph: Graph, keys: Iterable[str], works: dict[str, str]) -> set[str]:
    """Return the works with these keys; tools and former keys count, and join the ``works`` to choose from."""
    by_key = {key: work for work, key in graph.rows("former-keys")}
    by_key |= {key: work for work, key in (*graph.rows("listed-tools"), *works.items())}
    found: set[str] = set()
    for key in keys:
        if key not in by_key:
            raise UnknownName("citation key", key, by_key)
        found.add(by_key[key])
    return found


def _by_venue(graph: Graph, selection: Selection) -> set[str]:
    rows = list(graph.rows("published-works"))
    found: list[set[str]] = []
    for text in selection.venues:
        wanted = title_key(text)
        hits = {
            work
            for work, acronym, title, series, name in rows
            if wanted in {title_key(v) for v in (acronym, series, title, name)}
            or (len(wanted) > 8 and wanted in title_key(title))
        }
        if not hits:
            raise UnknownName("venue", text, sorted({row[3] for row in rows} | {row[1] for row in rows if row[1]}))
        found.append(hits)
    return _combined(found, selection.all_of)


def _by_author(graph: Graph, selection: Selection) -> set[str]:
    rows = [(work, name, f" {title_key(ascii_fold(name))} ") for work, _, name in graph.rows("work-authors")]
    found: list[set[str]] = []
    for text in selection.authors:
        # "E. Frantar": a single letter is an initial
        words = [f" {word}" if len(word) == 1 else f" {word} " for word in title_key(ascii_fold(text)).split()]
        hits = {work for work, _, folded in rows if words and all(word in folded for word in words)}
        if not hits:
            raise UnknownName("author", text, sorted({name for _, name, _ in rows}))
        found.append(hits)
    return _combined(found, selection.all_of)
