"""Find a work by what a person remembers of it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from . import iris
from .errors import Ambiguous, UnknownName, readable
from .graph import Graph
from .identifiers import parse_identifier
from .text import ascii_fold, title_key
from .works import work_titles

SHOWN = 8
"""How many works an ambiguous name shows."""
NEAREST = 3
"""How many works an unknown name shows."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A work found: listed or only cited by listed works, and how well it fits (smaller is better)."""

    iri: str
    key: str
    title: str
    listed: bool
    rank: tuple[int, int, str]


def search(graph: Graph, text: str) -> list[Hit]:
    """Return the works in whose titles, author names, key or identifiers every word of ``text`` stands.

    Best first: the title itself, the name before its colon, a title that begins so, whole words, parts of words;
    listed works before those only cited.
    """
    wanted = title_key(ascii_fold(readable("text", text)) or text)
    words = wanted.split()
    if not words:
        return []
    keys = graph.pairs("work-keys")
    listed = _listed(graph)
    titles = work_titles(graph)
    names: dict[str, list[str]] = {}
    for work, _, name in graph.rows("work-authors"):
        names.setdefault(work, []).append(name)
    hits: list[Hit] = []
    for work, told in titles.items():
        folded, short = _spellings(told)
        others = title_key(ascii_fold(" ".join([*names.get(work, ()), keys.get(work, ""), iris.local(work)])))
        rank = _rank(wanted, words, folded, short, others)
        if rank is not None:
            hits.append(_hit(work, keys.get(work, ""), told, work in listed, rank))
    return sorted(hits, key=lambda h: (h.rank, h.iri))


def nearest_works(graph: Graph, text: str) -> list[Hit]:
    """Return the works, NEAREST at most, whose key, title, or name before its colon is spelled most like ``text``.

    Alike is a ratio of letters of 75 in 100 and more; for a piece of a title, of two words and more, 85 of its own
    letters; and no more than 10 less than the nearest. Best first; listed works before those only cited.
    """
    from rapidfuzz import fuzz  # difflib takes seconds for the keys of an enriched graph

    wanted = title_key(ascii_fold(text) or text)
    if not wanted:
        return []
    keys, listed = graph.pairs("work-keys"), _listed(graph)
    former: dict[str, list[str]] = {}
    for key, work in graph.rows("former-keys"):
        former.setdefault(work, []).append(key)
    hits: list[Hit] = []
    for work, told in work_titles(graph).items():
        folded, short = _spellings(told)
        borne = [key.lower() for key in (keys.get(work, ""), *former.get(work, ()))]
        alike = max(fuzz.ratio(wanted, name, score_cutoff=75) for name in (*folded, *short, *borne))
        if " " in wanted and not alike:
            longer = (title for title in folded if len(title) > len(wanted))
            alike = max((fuzz.partial_ratio(wanted, title, score_cutoff=85) for title in longer), default=0)
        if alike:
            hits.append(_hit(work, keys.get(work, ""), told, work in listed, round(100 - alike)))
    hits.sort(key=lambda h: (h.rank, h.iri))
    return [hit for hit in hits[:NEAREST] if hit.rank[0] <= hits[0].rank[0] + 10]


def _listed(graph: Graph) -> Set[str]:
    return graph.pairs("listed-works").keys() | graph.pairs("listed-tools").keys()


def _spellings(titles: list[str]) -> tuple[list[str], list[str]]:
    """Return the titles of a work, and the names before their colons, folded for comparison."""
    folded = [title_key(ascii_fold(title) or title) for title in titles]
    return folded, [title_key(ascii_fold(t.partition(":")[0])) for t in titles if ":" in t]


def _hit(work: str, key: str, titles: list[str], listed: bool, rank: int) -> Hit:
    # titles are not sorted by the query; the shortest is the title more often than an alias is
    title = min(titles, key=lambda t: (len(t), t))
    return Hit(work, key, title, listed, (rank, 0 if listed else 1, title))


def _rank(wanted: str, words: list[str], titles: list[str], names: list[str], others: str) -> int | None:
    if wanted in titles:
        return 0
    if wanted in names:
        return 1
    if any(title.startswith(f"{wanted} ") for title in titles):
        return 2
    if any(f" {wanted} " in f" {title} " for title in titles):
        return 3
    everything = f" {' '.join(titles)} {others} "
    if all(f" {word} " in everything for word in words):
        return 4
    return 5 if all(word in everything for word in words) else None


def find_work(graph: Graph, text: str) -> str:
    """Return the IRI of the one work that ``text`` names.

    A citation key (also a former one), an identifier (arXiv, DOI, OpenReview, ACL Anthology; bare, prefixed or as an
    address), an IRI, a title or the name before its colon ("GPTQ"), or a piece of a title that fits one work only.

    Raises Ambiguous with the works that fit when there are several, UnknownName with the nearest works for none.
    """
    text = readable("name of a work", text).strip()
    known, aliases = graph.pairs("work-keys"), graph.pairs("aliases")
    by_key = {key: work for work, key in graph.rows("former-keys")} | {key: work for work, key in known.items()}
    if text in by_key:
        return by_key[text]
    identifier = parse_identifier(text)
    for iri in [
        text,
        iris.identifier_work(identifier) if identifier else "",
        iris.tool([identifier] if identifier else [], text),
    ]:
        found = aliases.get(iri, iri)
        if found in known:
            return found
    if identifier:
        for work, scheme, value in graph.rows("work-identifiers"):
            if value == identifier.value and scheme.endswith(identifier.scheme):
                return work
    hits = search(graph, text)
    best = [h for h in hits if h.rank[:2] == hits[0].rank[:2]]
    if len(hits) == 1 or (len(best) == 1 and best[0].rank[0] <= 1):
        return best[0].iri
    if hits:
        more = f"\n  and {len(hits) - SHOWN} more" if len(hits) > SHOWN else ""
        raise Ambiguous(f"'{text}' fits {len(hits)} works; name one by its key:\n{_told(hits[:SHOWN])}{more}")
    near = [] if identifier else nearest_works(graph, text)  # numbers alike mean no works alike
    raise UnknownName("work", text, near=_told(near))


def _told(hits: list[Hit]) -> str:
    return "\n".join(f"  {h.key}  {h.title}" for h in hits)
