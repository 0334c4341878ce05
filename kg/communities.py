"""Communities of works that cite each other, told: named by words of their titles, with the works at their centre.

How they are found stands in :mod:`llmcomp.kg.measures`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from .edges import Basis, Edges
from .errors import UsageError
from .graph import Graph
from .measures import Measures
from .ranking import REASONS, Ranking, Told, categories_of, no_lists, ranking, tell, the_set
from .selection import Selection
from .text import tidy, title_key
from .timeline import Share
from .works import work_titles

WORDS = 3
"""How many words name a community."""
SMALLEST = 2
"""In how many of its titles a word stands that names a community."""
_ADDRESS = re.compile(r"\S+://\S+")
_BEGINNING = 5  # letters: "quantized" beside "quantization" says nothing new
_FUNCTION = frozenset(
    """a about across after all an and any are as at be been before between beyond but by can could do does each every
    few for from go has have how if in into is it its itself less like make more most much need no not of off on one
    only onto or our out over per should so than that the their them there these they this through to too toward towards
    two under up upon us use using via was we what when where which while who why will with within without yes you
    your""".split()
)


@dataclass(frozen=True, slots=True)
class Community:
    """A community: its number (1 is the largest), its name, how many works it has and how many of them are listed.

    ``categories`` count listed works; ``central`` are the works that others of the community cite most.
    """

    number: int
    name: str
    size: int
    listed: int
    categories: tuple[Share, ...]
    central: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Communities:
    """Communities, the one with most of the chosen papers first, ``found`` in number.

    ``apart`` counts chosen papers that no known citation links to another work. ``modularity`` is between -0.5 and 1:
    how much denser communities are within than chance would make them.
    """

    of: str
    communities: tuple[Community, ...]
    found: int
    modularity: float
    apart: int
    basis: Basis


def communities(
    graph: Graph, edges: Edges, measures: Measures, selection: Selection, *, limit: int = 20
) -> Communities:
    """Return the communities in which the papers that ``selection`` means stand; their numbers are those of the graph.

    Raises NothingFound where no citation is known.
    """
    members, name = the_set(graph, edges, selection)
    chosen = Counter(measures.community[n] for n in members)
    apart = chosen.pop(0, 0)
    if not chosen:
        raise no_lists(edges, f"the {name}")
    inside = _members(measures)
    sections = categories_of(graph, edges)
    order = sorted(chosen, key=lambda number: (-chosen[number], number))
    names = community_names(graph, edges, measures, order[:limit])
    central = {number: _central(edges, measures, inside[number]) for number in order[:limit]}
    told = tell(graph, edges, [n for row in central.values() for n in row])
    rows: list[Community] = []
    for number in order[:limit]:
        works = inside[number]
        shares = Counter(slug for n in works if n < edges.listed for slug in sections[n])
        rows.append(
            Community(
                number,
                names[number],
                len(works),
                sum(n < edges.listed for n in works),
                tuple(Share(slug, count) for slug, count in sorted(shares.items(), key=lambda s: (-s[1], s[0]))),
                tuple(told[n] for n in central[number]),
            )
        )
    return Communities(f"communities of {name}", tuple(rows), len(chosen), measures.modularity, apart, edges.basis)


def community_names(graph: Graph, edges: Edges, measures: Measures, numbers: Iterable[int]) -> dict[int, str]:
    """Return what the communities with these numbers are called: words of their titles, see :func:`naming`."""
    titles = work_titles(graph)
    inside = _members(measures)
    everything = Counter(word for iri in edges.works for word in words(titles.get(iri, ())))
    return {
        number: naming([titles.get(edges.works[n], ()) for n in inside[number]], everything, len(edges.works))
        for number in numbers
    }


def community(graph: Graph, edges: Edges, measures: Measures, number: int, *, limit: int = 20) -> Ranking:
    """Return the works of the community ``number``, those first that others of it cite most.

    Raises UsageError for a number that none has.
    """
    works = [n for n, its in enumerate(measures.community) if its == number]
    if not works or number < 1:
        if not len(edges):
            raise no_lists(edges, "any work")
        known = max(measures.community, default=0)
        raise UsageError(f"no community has the number {number}; they are numbered from 1 to {known}.")
    own = _within(edges, measures, works)
    order = sorted(works, key=lambda n: (-own[n], -len(edges.cited_by[n]), n))
    return ranking(
        graph,
        edges,
        [(n, float(own[n])) for n in order],
        of=f"works of community {number}",
        measure="cited within",
        limit=limit,
        reason=lambda n: (
            f"cited by {own[n]} works of the community",
            [m for m in edges.cited_by[n] if measures.community[m] == number],
        ),
    )


def _members(measures: Measures) -> dict[int, list[int]]:
    inside: dict[int, list[int]] = defaultdict(list)
    for n, number in enumerate(measures.community):
        inside[number].append(n)
    return inside


def _central(edges: Edges, measures: Measures, works: Sequence[int]) -> list[int]:
    own = _within(edges, measures, works)
    return sorted(works, key=lambda n: (-own[n], -len(edges.cited_by[n]), n))[:REASONS]


def _within(edges: Edges, measures: Measures, works: Sequence[int]) -> dict[int, int]:
    """Return how many works of its own community cite each work."""
    return {n: sum(measures.community[m] == measures.community[n] for m in edges.cited_by[n]) for n in works}


def words(titles: Iterable[str]) -> dict[str, str]:
    """Return the words of a work's titles that can name something, each with how it is printed.

    >>> words(["GPTQ: Accurate Quantization for 4-bit LLMs"])
    {'gptq': 'GPTQ', 'accurate': 'Accurate', 'quantization': 'Quantization', 'bit': 'bit', 'llms': 'LLMs'}
    """
    found: dict[str, str] = {}
    for title in titles:
        bare = _ADDRESS.sub(" ", tidy(title)).replace("{", "").replace("}", "")
        for token in bare.replace("/", " ").replace("-", " ").split():
            printed = token.strip(".,:;!?()[]\"'“”‘’*")
            key = title_key(printed)
            if len(key) > 1 and " " not in key and not key.isdigit() and key not in _FUNCTION:
                found.setdefault(key, printed)
    return found


def naming(titles: Sequence[Iterable[str]], everything: Mapping[str, int], total: int) -> str:
    """Return the words that tell most of works with these ``titles`` (of each).

    A word tells ``p * ln(p / q)``: ``p`` is the share of the works that have it in a title, ``q`` the share of all
    ``total`` works, of which ``everything`` counts the words (its part of the Kullback-Leibler divergence of the two).

    >>> everything = {"pruning": 3, "cache": 2, "fast": 4}
    >>> naming([["Fast Pruning"], ["Pruning fast"], ["Pruning, Cache"]], everything, 9)
    'pruning, fast'
    """
    counts: Counter[str] = Counter()
    printed: dict[str, Counter[str]] = defaultdict(Counter)
    for told in titles:
        for word, form in words(told).items():
            counts[word] += 1
            printed[word][form] += 1
    here = len(titles) or 1
    telling = {
        word: count / here * log(count / here / (everything[word] / total))
        for word, count in counts.items()
        if count >= min(SMALLEST, here)
    }
    chosen: list[str] = []
    for word in sorted(telling, key=lambda w: (-telling[w], w)):
        if telling[word] > 0 and all(word[:_BEGINNING] != other[:_BEGINNING] for other in chosen):
            chosen.append(word)
        if len(chosen) == WORDS:
            break
    return ", ".join(_spelled(printed[word]) for word in chosen)


def _spelled(forms: Mapping[str, int]) -> str:
    """Return the form that is printed most, in small letters unless capitals within it are its own ("KV", "LoRA")."""
    form = min(forms, key=lambda form: (-forms[form], form))
    return form if form[1:] != form[1:].lower() else form.lower()
