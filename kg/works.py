"""Works read from the graph: a few narrow queries, put together here.

One query with all optional parts is many times slower on a large graph than several narrow ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from ..ontology import terms as t
from . import iris
from .graph import Graph
from .model import Identifier, Scheme, Venue, VenueKind, Work
from .names import parse_names

_SCHEMES = {iri: name for name, iri in t.IDENTIFIER_SCHEMES.items()}
_ASKED = (
    *("work-authors", "work-properties", "work-versions", "work-identifiers", "venues"),
    *("work-keys", "former-keys", "citation-counts"),
)
_Properties = dict[str, list[str]]


def load_works(graph: Graph, works: Iterable[str]) -> list[Work]:
    """Return the works with these IRIs, sorted by citation key; an IRI that names no work is passed over."""
    wanted = sorted(set(works))
    if not wanted:
        return []
    # the longest first, so that two threads end together
    answers = graph.answers(_ASKED, wanted)
    said = _by_subject(answers["work-properties"])
    versions = _by_subject(answers["work-versions"])
    venues = {iri: _venue(iri, told) for iri, told in _by_subject(answers["venues"]).items()}
    identifiers: dict[str, list[Identifier]] = defaultdict(list)
    for work, scheme, value in answers["work-identifiers"]:
        if scheme in _SCHEMES:
            identifiers[work].append(Identifier(cast(Scheme, _SCHEMES[scheme]), value))
    authors: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for work, position, name in answers["work-authors"]:
        authors[work].append((int(position), name))
    former: dict[str, list[str]] = defaultdict(list)
    for work, key in answers["former-keys"]:
        former[work].append(key)
    counts = latest_counts(answers["citation-counts"])
    found: list[Work] = []
    for iri, key in answers["work-keys"]:
        if iri in said:
            told = said[iri], versions.get(iri, {})
            work = _work(iri, key, *told, identifiers[iri], authors[iri], former[iri], venues)
            found.append(replace(work, citations=counts.get(iri)))
    return sorted(found, key=lambda w: w.key)


def work_titles(graph: Graph, works: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Return the titles that each of ``works`` (IRIs; all for None) goes by, in no order."""
    titles: dict[str, list[str]] = defaultdict(list)
    for work, title in graph.rows("work-titles", works):
        titles[work].append(title)
    return titles


def listed_titles(graph: Graph) -> dict[str, list[str]]:
    """Return the titles of the listed papers."""
    return work_titles(graph, graph.pairs("listed-works"))


def latest_counts(rows: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """Return for each work the latest of the counts in ``rows`` of the query ``citation-counts``; the highest of a day.

    >>> latest_counts([("w:1", "2026-01-02", "7", "", "S"), ("w:1", "2025-12-31", "9", "", "S")])
    {'w:1': 7}
    """
    latest: dict[str, tuple[str, int]] = {}
    for work, date, count, _, _ in rows:
        latest[work] = max(latest.get(work, ("", 0)), (date, int(count)))
    return {work: count for work, (_, count) in latest.items()}


def _venue(iri: str, said: _Properties) -> Venue:
    year = _one(said, t.PUBLICATION_YEAR)
    return Venue(
        iri=iri,
        kind=cast(VenueKind, _one(said, t.VENUE_KIND)),
        title=_one(said, t.TITLE),
        short=_one(said, t.SHORT_TITLE),
        acronym=_one(said, t.NOTATION),
        event=_one(said, t.EVENT_NAME),
        year=int(year) if year else None,
        volume=_one(said, t.VOLUME),
        publisher=_one(said, t.DC_PUBLISHER),
        series=_one(said, t.PART_OF) or iri,
    )


def _by_subject(rows: Iterable[tuple[str, ...]]) -> dict[str, _Properties]:
    found: dict[str, _Properties] = {}
    for subject, name, value in rows:
        found.setdefault(subject, {}).setdefault(name, []).append(value)
    return found


def _one(said: _Properties, name: str) -> str:
    return said.get(name, [""])[0]


def _work(
    iri: str,
    key: str,
    said: _Properties,
    version: _Properties,
    identifiers: list[Identifier],
    authors: list[tuple[int, str]],
    former: list[str],
    venues: dict[str, Venue],
) -> Work:
    names, cut = parse_names(name for _, name in sorted(authors))
    tool = t.SOFTWARE in said.get(t.TYPE, ())
    year, posted = _one(said, t.PUBLICATION_YEAR), _one(said, t.FIRST_POSTED)
    code = said.get(t.CODE_REPOSITORY if tool else t.HAS_OFFICIAL_REPOSITORY, [])
    venue = venues.get(_one(version, t.PART_OF))
    month = int(posted[5:7]) if venue is None and len(posted) == 7 else None
    return Work(
        iri=iri,
        key=key,
        title=_one(said, t.TITLE),
        kind="tool" if tool else "paper",
        authors=names,
        authors_truncated=cut or t.AUTHORS_TRUNCATED in said,
        year=int(year) if year else None,
        month=month,
        venue=venue,
        identifiers=tuple(sorted(identifiers)),
        url=_one(version, t.URL) or (code[0] if tool and code else ""),
        volume=_one(version, t.VOLUME),
        pages=_one(version, t.PAGES),
        categories=tuple(sorted(iris.local(c) for c in said.get(t.SUBJECT, []))),
        code=tuple(sorted(code)),
        former_keys=tuple(sorted(former)),
    )
