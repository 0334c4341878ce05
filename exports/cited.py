"""What of a work is cited, whatever the format: which works in which order, where, and by which links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

from ..kg.errors import UsageError
from ..kg.model import Venue, Work
from .latex import address
from .options import Sort, Venues

_VERSION = re.compile(r"v\d+$")
_RANGE = re.compile(r"\s*(?:-{1,3}|[‐‑–—−])\s*")
_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


class Links(NamedTuple):
    """The identifiers and the page by which a work is found; empty where it has none."""

    arxiv: str = ""
    doi: str = ""
    openreview: str = ""
    url: str = ""


def links(work: Work) -> Links:
    """Return the links of ``work``: ids bare, the page to cite first its own, then that of its id.

    arXiv's own DOI names the preprint. Beside a venue it would send the reader to the wrong version, so
    a published work does not show it.

    >>> from llmcomp.kg.model import Identifier
    >>> links(Work("i:1", "k", "T", identifiers=(Identifier("arxiv", "2210.17323v2"),))).url
    'https://arxiv.org/abs/2210.17323'
    """
    arxiv = doi = openreview = ""
    for identifier in work.identifiers:
        if identifier.scheme == "arxiv":
            arxiv = arxiv or address(_without_version(identifier.value))
        elif identifier.scheme == "doi":
            doi = doi or address(_without_resolver(identifier.value))
        elif identifier.scheme == "openreview":
            openreview = openreview or address(identifier.value)
    url = work.url
    if work.kind == "tool":
        url = url or next(iter(work.code), "")
    elif is_published(work):
        doi = "" if doi.lower().startswith("10.48550/") else doi
    elif arxiv:
        url = f"https://arxiv.org/abs/{arxiv}"
    elif openreview and not url:
        url = f"https://openreview.net/forum?id={openreview}"
    return Links(arxiv, doi, openreview, address(url))


def _without_version(arxiv: str) -> str:
    return _VERSION.sub("", arxiv) if "v" in arxiv else arxiv


def _without_resolver(doi: str) -> str:
    return doi if doi.startswith("10.") else _DOI_PREFIX.sub("", doi)


def page_range(pages: str, dash: str) -> str:
    """Return ``pages`` with ``dash`` between first and last: ``page_range("1 – 20", "--")`` is ``1--20``."""
    return pages if pages.isdigit() else _RANGE.sub(dash, pages)


def in_order(works: Iterable[Work], sort: Sort = "key") -> Iterator[Work]:
    """Yield each work once, sorted by citation key, by year (oldest first) or by citations (most first), then by key.

    What has no year, or no count, stands last.

    :raises UsageError: two different works bear one key; a file with both would lose one of them.

    >>> [w.key for w in in_order([Work("i:2", "b", "T"), Work("i:1", "a", "T"), Work("i:2", "b", "T")])]
    ['a', 'b']
    """
    if sort == "year":
        return iter(sorted(_by_key(works), key=lambda w: (w.year is None, w.year or 0)))
    if sort == "citations":
        return iter(sorted(_by_key(works), key=lambda w: -1 if w.citations is None else w.citations, reverse=True))
    return _by_key(works)


def _by_key(works: Iterable[Work]) -> Iterator[Work]:
    last: Work | None = None
    for work in sorted(works, key=attrgetter("key")):
        if last is None or work.key != last.key:
            last = work
            yield work
        elif work != last:
            raise UsageError(
                f"two works have the citation key '{work.key}': {last.iri} and {work.iri}. "
                "Give one of them another key and export again."
            )


def is_published(work: Work) -> bool:
    """Say whether ``work`` is a paper with a venue behind it: a preprint server is none."""
    return work.kind == "paper" and work.venue is not None and work.venue.kind != "preprint"


def venue_name(venue: Venue, wanted: Venues) -> str:
    """Return the name of ``venue`` in the wanted length, or the next longer one it has.

    Findings, workshops and tutorials keep their own title when a short name is asked for: the short
    name of their series is that of a conference at which the work did not appear.

    >>> icml = Venue("v:1", "conference", "Proceedings of the 41st ICML", short="ICML", acronym="ICML 2024")
    >>> [venue_name(icml, w) for w in ("full", "short", "acronym")]
    ['Proceedings of the 41st ICML', 'ICML', 'ICML 2024']
    """
    if wanted == "acronym" and venue.acronym:
        return venue.acronym
    own_name = venue.kind in ("findings", "workshop", "tutorial")
    if wanted == "full" or own_name or not venue.short:
        return venue.title or venue.short or venue.acronym
    return venue.short
