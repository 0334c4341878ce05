"""Find a work by what a person remembers of it."""

from __future__ import annotations

from dataclasses import dataclass

from . import iris
from .errors import Ambiguous, UnknownName, readable
from .graph import Graph
from .identifiers import parse_identifier
from .text import ascii_fold, title_key
from .works import work_titles

SHOWN = 8
"""How many works an ambiguous name shows."""


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
    listed = graph.pairs("listed-works").keys() | graph.pairs("listed-tools").keys()
    titles = work_titles(graph)
    names: dict[str, list[str]] = {}
    for work, _, name in graph.rows("work-authors"):
        names.setdefault(work, []).append(name)
    hits: list[Hit] = []
    for work, told in titles.items():
        folded = [title_key(ascii_fold(title) or title) for title in told]
        short = [title_key(ascii_fold(name)) for name in (t.partition(":")[0] for t in told if ":" in t)]
        others = title_key(ascii_fold(" ".join([*names.get(work, ()), keys.get(work, ""), iris.local(work)])))
        rank = _rank(wanted, words, folded, short, others)
        if rank is not None:
            in_list = work in listed
            # told is not sorted by the query; the shortest is the title more often than an alias is
            title = min(told, key=lambda t: (len(t), t))
            hits.append(Hit(work, keys.get(work, ""), title, in_list, (rank, 0 if in_list else 1, title)))
    return sorted(hits, key=lambda h: (h.rank, h.iri))


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

    Raises Ambiguous with the works that fit when there are several, UnknownName with the nearest key for none.
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
        lines = "\n".join(f"  {h.key}  {h.title}" for h in hits[:SHOWN])
        more = f"\n  and {len(hits) - SHOWN} more" if len(hits) > SHOWN else ""
        raise Ambiguous(f"'{text}' fits {len(hits)} works; name one by its key:\n{lines}{more}")
    raise UnknownName("work", text, by_key)
