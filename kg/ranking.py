"""Answers about citations: works in an order, each with its number and the reason for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..ontology import terms as t
from . import iris
from .edges import Basis, Edges
from .errors import NothingFound
from .graph import Graph
from .selection import Selection, categories, find_category, select

REASONS = 5
"""How many works a reason names."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is printed of a work: key, title, year, whether it is listed."""

    iri: str
    key: str
    title: str
    year: int | None
    listed: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A work at its place in an answer: the number by which it stands there, and why.

    ``by`` are the keys of works that are the reason, at most :data:`REASONS`, the most cited first; of ``more`` there
    are no keys.
    """

    iri: str
    key: str
    title: str
    year: int | None
    listed: bool
    score: float
    why: str = ""
    by: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Works in an order; ``of`` says what is ranked, ``measure`` what the numbers are, ``found`` how many there are.

    All of it rests on the reference lists that are known (``basis``).
    """

    of: str
    measure: str
    works: tuple[Ranked, ...]
    found: int
    basis: Basis


Reason = Callable[[int], tuple[str, Sequence[int]]]
"""Why a work (a number) stands in an answer, and which works are the reason."""


def tell(graph: Graph, edges: Edges, numbers: Iterable[int]) -> dict[int, Told]:
    """Return what is printed of the works with these numbers."""
    wanted = sorted(set(numbers))
    asked = [edges.works[n] for n in wanted]
    if not asked:
        return {}
    answers = graph.answers(("work-properties", "work-keys"), asked)
    keys = {row[0]: row[1] for row in answers["work-keys"]}
    titles: dict[str, str] = {}
    years: dict[str, int] = {}
    for work, name, value in answers["work-properties"]:
        if name == t.TITLE:
            titles[work] = min(value, titles.get(work, value))
        elif name == t.PUBLICATION_YEAR:
            years[work] = int(value)
    return {
        n: Told(iri, keys.get(iri, ""), titles.get(iri, ""), years.get(iri), n < edges.listed)
        for n, iri in zip(wanted, asked, strict=True)
    }


def ranking(
    graph: Graph,
    edges: Edges,
    scores: Sequence[tuple[int, float]],
    *,
    of: str,
    measure: str,
    limit: int,
    reason: Reason | None = None,
    citing: Iterable[int] | None = None,
) -> Ranking:
    """Return the first ``limit`` of ``scores`` (number of a work, its value; in order) with what is printed of them.

    ``citing`` are the works whose references are asked for, None for all.
    """
    shown = scores[:limit]
    reasons = {n: reason(n) for n, _ in shown} if reason else {}
    named = {n: most_cited(edges, why)[:REASONS] for n, (_, why) in reasons.items()}
    told = tell(graph, edges, [n for n, _ in shown] + [m for names in named.values() for m in names])
    rows: list[Ranked] = []
    for n, score in shown:
        work = told[n]
        why = reasons[n][0] if n in reasons else ""
        by = tuple(told[m].key for m in named.get(n, ()))
        more = len(reasons[n][1]) - len(by) if n in reasons else 0
        rows.append(Ranked(work.iri, work.key, work.title, work.year, work.listed, whole(score), why, by, more))
    return Ranking(of, measure, tuple(rows), len(scores), edges.basis if citing is None else edges.basis_of(citing))


def whole(score: float) -> float:
    """Return ``score`` as a whole number if it is one."""
    return int(score) if score == int(score) else score


def most_cited(edges: Edges, numbers: Iterable[int]) -> list[int]:
    """Return works in the order of how often works of the graph cite them; ties as they are numbered."""
    return sorted(numbers, key=lambda n: (-len(edges.cited_by[n]), n))


def ordered(edges: Edges, scores: dict[int, float]) -> list[tuple[int, float]]:
    """Return works with their values, highest first; of equals the one cited more, then as they are numbered."""
    return sorted(scores.items(), key=lambda item: (-item[1], -len(edges.cited_by[item[0]]), item[0]))


def the_set(graph: Graph, edges: Edges, selection: Selection) -> tuple[list[int], str]:
    """Return the papers that ``selection`` means, as numbers, and what to call them: "272 quantization papers".

    Raises NothingFound where it means none.
    """
    members = [n for n in edges.of(select(graph, selection)) if n < edges.listed]
    if not members:
        raise NothingFound("no paper meets all of these conditions. Leave one out, or see 'llmcomp categories'.")
    slugs = {c.iri: c.slug for c in categories(graph)}
    names = [slugs[find_category(graph, text)] for text in selection.categories]
    if names:
        name = f"{' and '.join(names) if selection.all_of else ' or '.join(names)} "
    else:
        name = "" if selection == Selection() else "chosen "
    return members, f"{len(members)} {name}{'paper' if len(members) == 1 else 'papers'}"


def categories_of(graph: Graph, edges: Edges) -> dict[int, list[str]]:
    """Return the slugs of the categories in which each work stands; asked for another, it answers with none."""
    found: dict[int, list[str]] = defaultdict(list)
    for work, category in graph.rows("works-in-category"):
        if (n := edges.numbers.get(work)) is not None:
            found[n].append(iris.local(category))
    return found


def no_lists(edges: Edges, whose: str) -> NothingFound:
    """Return the error that no reference list of ``whose`` is known, with what to do."""
    if not edges.known:
        return NothingFound(
            f"no reference list of {whose} is known, and none of any other work of this graph. 'llmcomp enrich' "
            "fetches them from Semantic Scholar."
        )
    return NothingFound(
        f"no reference list of {whose} is known; {edges.listed - edges.basis.without} of {edges.listed} listed papers "
        "have one here. 'llmcomp enrich' fetches more."
    )
