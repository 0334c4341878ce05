"""How far a .bib file and the lists cover each other.

Which listed works of a selection the file lacks, most cited by other listed works first; and which of its entries stand
on no list.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .bibfile import BibEntry, BibFile, UnreadBlock
from .graph import Graph
from .names import spoken
from .recognition import Recognised, recognise
from .selection import Selection, select
from .text import title_key
from .works import load_works


@dataclass(frozen=True, slots=True)
class Missing:
    """A listed work that the file lacks; ``cited_by`` counts the listed works that are known to cite it."""

    key: str
    title: str
    year: int | None
    categories: tuple[str, ...]
    cited_by: int


@dataclass(frozen=True, slots=True)
class Unlisted:
    """An entry whose work is on no list: its key and line in the file.

    ``known_as`` is the key under which the graph knows the work, for listed works cite it (``cited_by`` of them), empty
    for a work that it does not know. ``doubt`` says why an entry was not taken for a work that it may be.
    """

    key: str
    line: int
    title: str
    year: int | None
    known_as: str
    cited_by: int
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a file covers the selected works: ``covered`` of ``listed``, and what each side lacks of the other.

    ``entries`` counts those of the file, ``elsewhere`` the ones that mean a listed work that was not selected.
    ``reference_lists`` is the number of listed works whose references are known: all ``cited_by`` count no others.
    """

    file: str
    listed: int
    covered: int
    entries: int
    elsewhere: int
    reference_lists: int
    missing: tuple[Missing, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()
    unread: tuple[UnreadBlock, ...] = ()


def coverage(graph: Graph, bibfile: BibFile, selection: Selection | None = None) -> Coverage:
    """Return which works of ``selection`` the file lacks, and which of its own are on no list.

    Without a condition all listed papers are meant, as everywhere. A work that is only cited is never missing.
    ``missing`` is sorted by ``cited_by``, then the newest first, then by key; ``unlisted`` by ``cited_by``, then by
    title. Raises UnknownName as :func:`llmcomp.kg.selection.select` does.

    >>> import llmcomp
    >>> from llmcomp.kg.bibfile import parse_bib
    >>> text = "@misc{gptq, title={GPTQ}, eprint={2210.17323}} @misc{tex, title={The texbook}}"
    >>> asked = Selection(authors=("Elias Frantar",), years=(2023, 2023))
    >>> found = coverage(llmcomp.open_graph(), parse_bib(text), asked)
    >>> (found.covered, found.listed, found.missing[0].key, [work.key for work in found.unlisted])
    (1, 5, 'frantar2023sparsegpt', ['tex'])
    """
    listed = graph.pairs("listed-works") | graph.pairs("listed-tools")
    selected = [work for work in select(graph, selection or Selection()) if work in listed]
    found = recognise(graph, bibfile.works)
    meant = {r.work for r in found if _means(r)}
    cited_by = Counter(cited for _, cited in graph.rows("citations-inside"))
    cited_by.update({work: int(count) for work, _, count in graph.rows("works-outside")})
    missing = [
        Missing(work.key, work.title, work.year, work.categories, cited_by[work.iri])
        for work in load_works(graph, (work for work in selected if work not in meant))
    ]
    missing.sort(key=lambda m: (-m.cited_by, -(m.year or 0), m.key))
    keys = graph.pairs("work-keys")
    unlisted = [_unlisted(r, keys, cited_by) for r in found if not _means(r) or r.work not in listed]
    unlisted.sort(key=lambda u: (-u.cited_by, title_key(u.title), u.key, u.line))
    return Coverage(
        file=bibfile.name,
        listed=len(selected),
        covered=len(meant.intersection(selected)),
        entries=len(found),
        elsewhere=len(meant.intersection(listed).difference(selected)),
        reference_lists=sum(work in listed for work in graph.pairs("reference-lists")),
        missing=tuple(missing),
        unlisted=tuple(unlisted),
        unread=bibfile.unread,
    )


def _means(found: Recognised) -> bool:
    return bool(found.work) and found.likely


def _unlisted(found: Recognised, keys: dict[str, str], cited_by: Counter[str]) -> Unlisted:
    entry = found.entry
    known, doubt = (found.work, "") if _means(found) else ("", "")
    if found.work and not found.likely:
        doubt = f"an identifier of it is that of {keys[found.work]}, but its title is another"
    return Unlisted(
        entry.key, entry.line, _called(entry), entry.year, keys.get(known, ""), cited_by[known] if known else 0, doubt
    )


def _called(entry: BibEntry) -> str:
    return entry.title or " and ".join(spoken(name) for name in entry.authors) or entry.key
