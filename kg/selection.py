"""Which works: the one group of conditions that all commands share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..ontology.terms import PART_OF, PREFIXES
from .citing import EVERYTHING, Citation
from .errors import Ambiguous, UnknownName, UsageError, readable
from .graph import Graph
from .text import ascii_fold, slug, title_key
from .works import latest_counts

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

    ``years`` is an inclusive range, either end None for open. ``query`` is SPARQL that binds ``?work``, or the name of
    a query of the package. ``cited`` are the citations of a document: works of which one is the key, listed or only
    cited by listed ones, and every listed work where it cites everything; keys that no work bears are passed over
    (:func:`unknown_citations` finds them). A work of which no source counts citations has none for
    ``min_citations``. Without any condition every listed work is meant; tools are selected by their category, a query
    or a key alone.
    """

    categories: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    years: tuple[int | None, int | None] | None = None
    authors: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    all_of: bool = False
    min_citations: int | None = None
    query: str = ""
    cited: tuple[Citation, ...] | None = None


def parse_years(text: str) -> tuple[int | None, int | None]:
    """Return the range that ``2024``, ``2023..2025``, ``2023..`` or ``..2025`` names; raise UsageError else.

    >>> parse_years("2023.."), parse_years("2024")
    ((2023, None), (2024, 2024))
    """
    match = re.fullmatch(r"\s*([1-9][0-9]{3})?\s*(\.\.)?\s*([1-9][0-9]{3})?\s*", text)
    if not match or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
        raise UsageError(f"'{text}' is not a year or a range of years. Write 2024, 2023..2025, 2023.. or ..2025.")
    first, last = (int(year) if year else None for year in (match[1], match[3]))
    if not match[2]:
        last = first
    if first is not None and last is not None and first > last:
        raise UsageError(f"'{text}' ends before it begins. Write {last}..{first}.")
    return first, last


def categories(graph: Graph) -> list[Category]:
    """Return the categories of the graph, sorted by slug."""
    return [Category(iri, slug, name, int(works)) for iri, slug, name, works in graph.rows("categories")]


def find_category(graph: Graph, text: str) -> str:
    """Return the IRI of the category with this slug, name, or unique beginning of a slug.

    Raises UnknownName with the known ones and the nearest, Ambiguous when several begin so.
    """
    known = list(graph.rows("category-names"))
    wanted = slug(text)
    exact = [row for row in known if wanted == row[1] or title_key(text) == title_key(row[2])]
    begun = exact or [row for row in known if wanted and row[1].startswith(wanted)]
    if len(begun) == 1:
        return begun[0][0]
    if begun:
        raise Ambiguous(f"'{text}' fits several categories: {', '.join(row[1] for row in begun)}. Write more of one.")
    raise UnknownName("category", text, [row[1] for row in known])


def select(graph: Graph, selection: Selection) -> list[str]:
    """Return the IRIs of the works that ``selection`` means, sorted.

    Raises UnknownName for a category, venue, author or key that no work has, with the nearest known one.
    """
    for what, texts in (
        ("category", selection.categories),
        ("venue", selection.venues),
        ("author", selection.authors),
        ("citation key", selection.keys),
    ):
        for text in texts:
            readable(what, text)
    conditions: list[set[str]] = []
    if selection.categories:
        conditions.append(_by_category(graph, selection))
    if selection.keys:
        conditions.append(_by_key(graph, selection.keys))
    if selection.query:
        conditions.append(_by_query(graph, selection.query))
    if selection.cited is not None:
        conditions.append(_by_citation(graph, selection.cited))
    if not conditions:
        conditions.append({work for work, _ in graph.rows("listed-works")})
    if selection.venues:
        conditions.append(_by_venue(graph, selection))
    if selection.years is not None:
        first, last = selection.years
        years = ((work, int(year)) for work, year in graph.rows("work-years"))
        conditions.append(
            {w for w, year in years if (first is None or first <= year) and (last is None or year <= last)}
        )
    if selection.authors:
        conditions.append(_by_author(graph, selection))
    if selection.min_citations:
        conditions.append(_by_citations(graph, selection.min_citations))
    return sorted(_combined(conditions, True))


def _combined(sets: Iterable[set[str]], all_of: bool) -> set[str]:
    """Return what any of ``sets`` holds, or what all of them hold."""
    first, *others = sets
    return first.intersection(*others) if all_of else first.union(*others)


def _by_category(graph: Graph, selection: Selection) -> set[str]:
    found = [find_category(graph, text) for text in selection.categories]
    members = ({work for work, _ in graph.rows("works-in-category", category=iri)} for iri in found)
    return _combined(members, selection.all_of)


def _by_key(graph: Graph, keys: Iterable[str]) -> set[str]:
    """Return the listed works and tools with these keys; former keys count."""
    by_key = {key: work for work, key in graph.rows("former-keys")}
    by_key |= {key: work for name in ("listed-tools", "listed-works") for work, key in graph.rows(name)}
    found: set[str] = set()
    for key in keys:
        if key not in by_key:
            if key in graph.pairs("work-keys").values():
                raise UsageError(
                    f"'{key}' is the key of a work that listed works cite and that is not listed itself; only listed "
                    f"works are selected. 'llmcomp show {key}' shows it."
                )
            raise UnknownName("citation key", key, by_key)
        found.add(by_key[key])
    return found


def _by_query(graph: Graph, query: str) -> set[str]:
    """Return what a query binds to ``?work``: works and tools of the graph."""
    answer = graph.query(query)
    if answer.kind != "rows" or "work" not in answer.variables:
        raise UsageError("the query that selects works binds no ?work. Write SELECT ?work WHERE { ... }.")
    column = answer.variables.index("work")
    bound = {row[column] for row in answer}
    found = bound & graph.pairs("work-keys").keys()
    if bound and not found:
        named = f"'{min(bound)}'" if min(bound) else "nothing at all"
        raise UsageError(
            f"the query binds ?work to nothing that is a work of this graph: to {named}"
            f"{f' and {len(bound) - 1} more' if len(bound) > 1 else ''}. Bind it to the IRI of a work."
        )
    return found


def _by_citations(graph: Graph, least: int) -> set[str]:
    """Return the works whose latest count of citations anywhere is ``least`` or more."""
    latest = latest_counts(graph.rows("citation-counts"))
    if not latest:
        raise UsageError(
            "this graph knows no citation counts yet, so none can be asked for. 'llmcomp enrich' fetches them."
        )
    return {work for work, count in latest.items() if count >= least}


def _by_citation(graph: Graph, cited: Iterable[Citation]) -> set[str]:
    """Return the works whose keys a document cites; every listed one, besides, where it cites everything."""
    keys = {citation.key for citation in cited}
    bearers = _bearers(graph)
    found = {bearers[key] for key in keys if key in bearers}
    return found | {work for work, _ in graph.rows("listed-works")} if EVERYTHING in keys else found


def _bearers(graph: Graph) -> dict[str, str]:
    """Return the work that each citation key means, former keys too; works only cited bear keys as well."""
    former = {key: work for work, key in graph.rows("former-keys")}
    return former | {key: work for work, key in graph.pairs("work-keys").items()}


def unknown_citations(graph: Graph, citations: Iterable[Citation]) -> list[tuple[Citation, str]]:
    """Return those of ``citations`` whose key no work bears or ever bore, each with the nearest known key or nothing.

    Near is a ratio of letters of 75 in 100 and more.
    """
    from rapidfuzz import fuzz, process  # difflib takes seconds for the keys of an enriched graph

    cited = list(citations)
    bearers = _bearers(graph) if cited else {}
    unknown = [c for c in cited if c.key not in bearers and c.key != EVERYTHING]
    spelled = {key.lower(): key for key in bearers} if unknown else {}
    found: list[tuple[Citation, str]] = []
    for citation in unknown:
        near = process.extractOne(citation.key.lower(), spelled.keys(), scorer=fuzz.ratio, score_cutoff=75)
        found.append((citation, spelled[near[0]] if near else ""))
    return found


def _by_venue(graph: Graph, selection: Selection) -> set[str]:
    rows = list(graph.rows("published-works"))
    found: list[set[str]] = []
    for text in selection.venues:
        wanted = title_key(text)
        hits = {row[0] for row in rows if wanted in map(title_key, row[1:])}
        if not hits and len(wanted) > 8:  # a piece of a title, but no workshop for the conference it was held at
            hits = {work for work, _, title, _, _ in rows if wanted in title_key(title)}
        hits = hits or _by_spelling(graph, text)
        if not hits:
            raise UnknownName("venue", text, sorted({row[3] for row in rows} | {row[1] for row in rows if row[1]}))
        found.append(hits)
    return _combined(found, selection.all_of)


def _by_spelling(graph: Graph, text: str) -> set[str]:
    """Return the works at the venue that ``text`` spells in any way that lists do: "NIPS", "icml'24".

    Without a year all years are meant; a series alone is meant with its tracks and workshops, a volume is not.
    """
    from .venues import VenueTable

    table = VenueTable.load()
    mention = table.parse(text)
    if mention is None or mention.kind == "preprint":
        return set()
    series, year, part = _place(table.venue(mention).iri)
    years = {work: int(told) for work, told in graph.rows("work-years")}
    found: set[str] = set()
    for work, name, iri in graph.rows("work-versions"):
        if name != PART_OF:
            continue
        its_series, its_year, its_part = _place(iri)
        if year is not None and year != (years.get(work) if its_year is None else its_year):
            continue
        if series == "findings":  # those of any meeting
            same = its_part == "findings"
        elif part:
            same = its_series == series and f"{its_part}/".startswith(f"{part}/")
        else:
            same = its_series == series and (year is None or not its_part or its_part.startswith("volume/"))
        if same:
            found.add(work)
    return found


def _place(iri: str) -> tuple[str, int | None, str]:
    """Return series, year and part of the IRI of a venue.

    >>> _place("https://w3id.org/llmcomp/venue/emnlp/2023/findings")
    ('emnlp', 2023, 'findings')
    """
    series, _, rest = iri.removeprefix(PREFIXES["venue"]).partition("/")
    year, _, part = rest.partition("/")
    if year == "undated":
        return series, None, part
    return (series, int(year), part) if year.isdecimal() else (series, None, rest)


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
