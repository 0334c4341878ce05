"""Who cites whom: what works build on, what builds on them, what a list lacks, what joins two sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt

from .edges import Edges
from .errors import NothingFound, UsageError
from .graph import Graph
from .ranking import Ranking, no_lists, ordered, ranking, the_set
from .selection import Selection


def cites(graph: Graph, edges: Edges, works: Sequence[str], *, limit: int = 20, listed_only: bool = False) -> Ranking:
    """Return the works that ``works`` (IRIs) cite: of one its references, of several their prior works.

    The score of a prior work is how many of ``works`` cite it (as Connected Papers ranks them:
    https://www.connectedpapers.com/about), of a reference how many works of the graph do. Raises NothingFound where no
    reference list of ``works`` is known.
    """
    chosen = edges.of(works)
    if not any(n in edges.known or edges.cites[n] for n in chosen):
        raise no_lists(edges, _whose(works))
    return _neighbours(graph, edges, chosen, edges.cites, "cited by", edges.cited_by, limit, listed_only)


def cited_by(
    graph: Graph, edges: Edges, works: Sequence[str], *, limit: int = 20, listed_only: bool = False
) -> Ranking:
    """Return the works that cite ``works`` (IRIs): of several their derivative works.

    The score of a derivative work is how many of ``works`` it cites, of a work that cites one how many works of the
    graph cite it in turn. Known are the citations from reference lists of the graph alone.
    """
    return _neighbours(
        graph, edges, edges.of(works), edges.cited_by, "cites", edges.cites, limit, listed_only, backwards=True
    )


def _neighbours(
    graph: Graph,
    edges: Edges,
    chosen: Sequence[int],
    way: Sequence[Sequence[int]],
    verb: str,
    back: Sequence[Sequence[int]],
    limit: int,
    listed_only: bool,
    backwards: bool = False,
) -> Ranking:
    inside = set(chosen)
    counts = Counter(m for n in chosen for m in way[n] if m not in inside)
    if listed_only:
        counts = Counter({m: count for m, count in counts.items() if m < edges.listed})
    if len(chosen) > 1:
        whole = f"{len(chosen)} works"
        return ranking(
            graph,
            edges,
            ordered(edges, {m: float(count) for m, count in counts.items()}),
            of=f"works that cite {whole}" if backwards else f"works that {whole} cite",
            measure="cites" if backwards else "cited by",
            limit=limit,
            reason=lambda m: (f"{verb} {counts[m]} of {whole}", [n for n in back[m] if n in inside]),
            citing=None if backwards else chosen,
        )
    return ranking(
        graph,
        edges,
        ordered(edges, {m: float(len(edges.cited_by[m])) for m in counts}),
        of="works that cite it" if backwards else "works that it cites",
        measure="citations here",
        limit=limit,
        reason=lambda m: (f"cited by {_count(len(edges.cited_by[m]), 'work')} of the graph", edges.cited_by[m]),
    )


def missing(graph: Graph, edges: Edges, selection: Selection, *, least: int = 3, limit: int = 20) -> Ranking:
    """Return the works that papers of ``selection`` cite and the lists lack, cited by ``least`` of them or more.

    Local Citation Network calls them top references (https://localcitationnetwork.github.io). Raises NothingFound where
    no reference list of these papers is known, or nothing is cited so often.
    """
    members, name = the_set(graph, edges, selection)
    if not any(edges.cites[n] for n in members):
        raise no_lists(edges, f"the {name}" if name[0].isdigit() else name)
    inside = set(members)
    counts = Counter(m for n in members for m in edges.cites[n] if m >= edges.listed)
    scores = {m: float(count) for m, count in counts.items() if count >= least}
    if not scores:
        most = max(counts.values(), default=0)
        raise NothingFound(
            f"no work outside the lists is cited by {least} of your {name}; the most cited one is by {most}. "
            "A lower --min finds more."
        )
    return ranking(
        graph,
        edges,
        ordered(edges, scores),
        of=f"works that your {name} cite and the lists lack",
        measure="cited by",
        limit=limit,
        reason=lambda m: (
            f"cited by {counts[m]} of your {name}",
            [n for n in edges.cited_by[m] if n in inside],
        ),
        citing=members,
    )


def bridges(
    graph: Graph,
    edges: Edges,
    first: str,
    second: str,
    *,
    limit: int = 20,
    listed_only: bool = False,
) -> Ranking:
    """Return the works that join two categories: they cite papers of both or are cited by papers of both.

    The score is the geometric mean of how many papers of the one and of the other a work is linked to: high where both
    are, none where one is not. A paper of one category joins it to the other if it is linked to papers of both.
    """
    a, a_name = the_set(graph, edges, Selection(categories=(first,)))
    b, b_name = the_set(graph, edges, Selection(categories=(second,)))
    if a == b:
        raise UsageError(f"'{first}' and '{second}' are one category. Name two; 'llmcomp categories' lists them.")
    links = [Counter(m for n in members for m in edges.around[n]) for members in (a, b)]
    scores = {
        m: sqrt(links[0][m] * links[1][m])
        for m in links[0].keys() & links[1].keys()
        if not listed_only or m < edges.listed
    }
    if not scores:
        if not any(edges.around[n] for n in (*a, *b)):
            raise no_lists(edges, f"the {a_name} and the {b_name}")
        raise NothingFound(f"no work is linked both to the {a_name} and to the {b_name} in the reference lists known.")
    members = (set(a), set(b))

    def reason(m: int) -> tuple[str, list[int]]:
        told = [
            " and ".join(
                f"{verb} {n} {_bare(name)}"
                for verb, row in (("cited by", edges.cited_by[m]), ("cites", edges.cites[m]))
                if (n := len(inside.intersection(row)))
            )
            for inside, name in zip(members, (a_name, b_name), strict=True)
        ]
        return "; ".join(told), [n for n in edges.around[m] if n in members[0] or n in members[1]]

    return ranking(
        graph,
        edges,
        ordered(edges, scores),
        of=f"works that join {a_name} and {b_name}",
        measure="links",
        limit=limit,
        reason=reason,
    )


def _bare(name: str) -> str:
    return name.partition(" ")[2]


def _whose(works: Iterable[str]) -> str:
    several = list(works)
    return "this work" if len(several) == 1 else f"these {len(several)} works"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
