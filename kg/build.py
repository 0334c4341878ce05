"""Build a graph: read, link, decide, store. The whole way in one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..ontology import terms as t
from . import iris, keys, store
from .facts import (
    FACTS_DATE,
    LIST_ADDRESS,
    PaperFacts,
    ReferenceList,
    shipped_list,
    shipped_papers,
    shipped_references,
)
from .graph import Graph
from .matching import link
from .metadata import SourceGraph, metadata_statements
from .model import Reading
from .names import parse_name
from .nquads import Statements
from .resolve import Resolution, ResolvedWork, resolve
from .source_graphs import cited_work, facts_statements, list_graph, list_statements, reference_statements
from .sources import load_list
from .venues import VenueTable
from .view import Sources, key_statements, view_statements

MIT = "https://spdx.org/licenses/MIT"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: counts for the one line that reports it.

    ``set_aside`` are older stores that could not be read, so that keys in them could not be kept.
    """

    path: Path
    rows: int
    works: int
    tools: int
    findings: int
    unread: int
    set_aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a new build keeps: keys by work, other IRIs of works, former keys, and enrichment as N-Quads."""

    keys: dict[str, str]
    aliases: dict[str, str]
    former: frozenset[tuple[str, str]]
    enrichment: tuple[bytes, ...]


def build(
    folder: Path,
    lists: Sequence[str] = (),
    *,
    version: str,
    today: date | None = None,
    waiting: Callable[[str], None] | None = None,
    only_if_missing: bool = False,
) -> Built | None:
    """Build the graph in ``folder`` of ``lists`` (paths, ``-``, addresses), or of the shipped list for none.

    Keys and enrichment of the graph that stood there are kept. With ``only_if_missing`` a graph that another
    process made meanwhile is left as it is, and None is returned.
    """
    table = VenueTable.load()
    # read before the lock is taken: standard input and the network may be slow
    readings = [load_list(a, lambda s: table.parse(s) is not None) for a in lists] if lists else [shipped_list()]
    # a list that was named twice is one list
    readings = list({list_graph(reading): reading for reading in readings}.values())
    with store.building(folder, waiting):
        if only_if_missing and store.read_current(folder) is not None:
            return None
        papers, references = shipped_papers(), shipped_references()
        linked = link(papers, readings, references)
        resolution = resolve(linked, readings, references, table)
        kept = _kept(folder)
        dates = [FACTS_DATE if not lists else (today or date.today()).isoformat()] * len(readings)
        parts = _parts(readings, dates, papers, references, resolution, kept, table, version)
        store.replace_store(folder, version, parts)
    return Built(
        folder,
        rows=sum(len(r.entries) for r in readings),
        works=sum(1 for w in resolution.works if w.rows and not w.is_tool),
        tools=sum(1 for w in resolution.works if w.is_tool),
        findings=len(resolution.findings),
        unread=sum(len(r.unread) for r in readings),
        set_aside=tuple(store.set_aside(folder)),
    )


def _parts(
    readings: Sequence[Reading],
    dates: Sequence[str],
    papers: Sequence[PaperFacts],
    references: Sequence[ReferenceList],
    resolution: Resolution,
    kept: Kept,
    table: VenueTable,
    version: str,
) -> Iterator[bytes]:
    """Yield the graph part by part, so that only one is in memory at a time."""
    facts_graph = iris.facts_graph(FACTS_DATE)
    graphs: list[SourceGraph] = []
    for reading, day in zip(readings, dates, strict=True):
        said = list_statements(reading)
        licence = MIT if reading.source == LIST_ADDRESS else ""
        graphs.append(
            SourceGraph(list_graph(reading), "Rows of a reading list", day, reading.source, licence, len(said))
        )
        yield from said.encode()
    count = 0
    for said in (facts_statements(papers, facts_graph), reference_statements(references, facts_graph)):
        count += len(said)
        yield from said.encode()
    graphs.append(SourceGraph(facts_graph, "Facts shipped with llmcomp", FACTS_DATE, "llmcomp", "", count))
    row_graphs = tuple(list_graph(r) for r in readings)
    sources = Sources(row_graphs, facts_graph, frozenset(_spoken_of(papers, references)))
    yield from view_statements(resolution, sources, table).encode()
    yield from _keys(resolution, kept).encode()
    yield from metadata_statements(graphs, version).encode()
    yield from kept.enrichment


def _spoken_of(papers: Sequence[PaperFacts], references: Sequence[ReferenceList]) -> Iterator[str]:
    """Yield the IRIs under which the shipped facts speak of works."""
    for paper in papers:
        yield iris.work(paper.identifiers, paper.titles[0])
    for listed in references:
        for item in listed.references:
            yield cited_work(item)


def _keys(resolution: Resolution, kept: Kept) -> Statements:
    """Return the keys of all works: listed ones first, then those only cited, each in order of posting."""
    order = sorted(resolution.works, key=lambda w: (not w.rows, w.posted or (9999, 0), w.iri))
    # a work whose link changed from the preprint's to the venue's is known by its title still
    minted = {alias: kept.keys[iri] for alias, iri in kept.aliases.items() if iri in kept.keys} | kept.keys
    current = keys.mint((_keyless(w) for w in order), minted, (key for _, key in kept.former))
    in_use = set(current.values())
    owner = {alias: w.iri for w in resolution.works for alias in w.aliases} | {w.iri: w.iri for w in resolution.works}
    former = set(kept.former)
    for iri, key in kept.keys.items():
        if key in in_use:
            continue
        if iri in owner:  # became part of another work, which bears a key of its own
            former.add((iri, key))
        else:  # on none of today's lists; should it come back, it is still called so
            current[iri] = key
    bearer = {key: iri for iri, key in current.items()}
    aliases = {alias: w.iri for w in resolution.works for alias in w.aliases if w.rows}
    for alias, iri in (*kept.aliases.items(), *((iri, iri) for iri in kept.keys)):
        now = bearer.get(kept.keys.get(iri, ""))
        if now and alias != now:
            aliases.setdefault(alias, now)
    return key_statements(current, {(owner.get(iri, iri), key) for iri, key in former}, aliases)


def _keyless(work: ResolvedWork) -> keys.Keyless:
    name = parse_name(work.authors[0]) if work.authors else None
    family = (name.family or name.literal) if name else ""
    year = work.posted[0] if work.posted else None
    return keys.Keyless(work.iri, work.title, family, year, work.identifiers, work.aliases)


def _kept(folder: Path) -> Kept:
    """Return what the graph in ``folder`` knows that sources cannot tell again; nothing where there is none."""
    from pyoxigraph import NamedNode, RdfFormat

    former = store.open_former(folder)
    if former is None:
        return Kept({}, {}, frozenset(), ())
    old = Graph(folder, former)
    enrichment = tuple(
        b"".join(_as_quads(former.dump(from_graph=g, format=RdfFormat.N_TRIPLES) or b"", g.value))
        for g in former.named_graphs()
        if isinstance(g, NamedNode) and g.value.startswith(t.ENRICHMENT_GRAPHS)
    )
    retired = frozenset((work, key) for work, key in old.rows("former-keys"))
    return Kept(old.pairs("work-keys"), old.pairs("key-aliases"), retired, enrichment)


def _as_quads(triples: bytes, graph: str) -> Iterator[bytes]:
    for line in triples.splitlines():
        yield line.removesuffix(b".") + f"<{graph}> .\n".encode()
