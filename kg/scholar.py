"""Semantic Scholar, asked for papers: what it answers, as values of ours.

What its answers conceal is told: which id an answer belongs to, a reference list that was cut or withheld, an outage
that looks like "all unknown". Data of Semantic Scholar is under ODC-BY: name the source wherever it is passed on.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from .errors import ServiceRefused, UsageError
from .pacing import Pacer, Wait, full_jitter
from .scholar_calls import Calls
from .scholar_records import (
    MAX_NESTED,
    ReferenceList,
    ScholarPaper,
    ScholarReference,
    is_array,
    is_object,
    nested_rows,
    read_edge,
    read_paper,
)
from .scholar_wire import Wire
from .text import tidy

API_URL = "https://api.semanticscholar.org"
INTERVAL_WITH_KEY = 1.1
INTERVAL_WITHOUT_KEY = 3.0
"""Seconds between two calls; with a key one a second is allowed, without one there is no pace that is safe."""
BATCH = 500
BATCH_WITH_REFERENCES = 100
PAGE = 1_000
_MISSING = re.compile(r"(?:paper with id .*|title match|no title match(?:es)?|paper) (?:was )?not found")
EMPTY_PAGES = 3
"""Empty pages in a row, each with a next one, after which a list counts as cut."""


def batch_size(references: bool) -> int:
    """Return how many ids go into one call: fewer with references, of which a call gives ``MAX_NESTED`` in all."""
    return BATCH_WITH_REFERENCES if references else BATCH


class Scholar:
    """Semantic Scholar, asked at its own pace. Close it, or use it in a ``with``.

    Every method raises ServiceUnavailable after seven failed tries and ServiceRefused when trying again cannot help,
    both OutsideError. ``on_wait`` is told of each wait after a failed try. Not for use by several threads at once.
    """

    def __init__(
        self,
        api_key: str | None = None,
        api_url: str | None = None,
        on_wait: Callable[[Wait], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        jitter: Callable[[float], float] = full_jitter,
    ) -> None:
        self.api_url = _base(api_url or API_URL)
        keyed = bool((api_key or "").strip())
        pacer = Pacer(INTERVAL_WITH_KEY if keyed else INTERVAL_WITHOUT_KEY, clock, sleep, jitter)
        self._wire = Wire(_without_login(self.api_url), api_key, pacer, on_wait)
        self._calls = Calls(self.api_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    @property
    def requests_made(self) -> int:
        """How many HTTP requests were made, every try counted."""
        return self._wire.requests_made

    def batch(self, ids: Sequence[str], references: bool = False) -> list[ScholarPaper | None]:
        """Return what is known of each of ``ids``, in their order; None for one that is unknown or blank.

        ``ids`` are of the form that :func:`~llmcomp.kg.scholar_records.service_id` gives. More of them than
        :func:`batch_size` become several calls; give that many at a time to keep what came when a later call fails.
        """
        asked = list(dict.fromkeys(name for id in ids if (name := _asked(id))))
        found: dict[str, ScholarPaper] = {}
        size = batch_size(references)
        for start in range(0, len(asked), size):
            found |= self._batch(asked[start : start + size], references)
        return [found.get(_asked(id)) for id in ids]

    def paper(self, id: str, references: bool = False) -> ScholarPaper | None:
        """Return what is known of one paper, or None for one that is unknown."""
        name = _asked(id)
        if not name:
            return None
        try:
            answer = self._wire.fetch(self._calls.paper(name, references), _paper)
        except ServiceRefused as refusal:
            if _missing(refusal):
                return None
            if not (refusal.too_large and references):
                raise
            answer = None
        if answer is None:
            known = self.paper(name)
            return known and self.edge_by_edge(known)
        read = read_paper(answer, references, nested_rows([answer]))
        return read and replace(read, references_cut=False)

    def completed(self, paper: ScholarPaper) -> ScholarPaper:
        """Return ``paper`` with the whole of a reference list that was cut; asks for nothing if it was not.

        The list that comes may still be shorter than ``reference_count``: then there is no more to be had, and
        ``references_complete`` stays False.
        """
        alone = self.paper(paper.paper_id, references=True) if paper.references_cut else paper
        if alone is None or len(alone.references or ()) < len(paper.references or ()):
            return replace(paper, references_cut=False)
        return alone

    def edge_by_edge(self, paper: ScholarPaper) -> ScholarPaper:
        """Return ``paper`` with the references that :meth:`references` gives, and whether these are all."""
        listed = self.references(paper.paper_id) or ReferenceList((), complete=False)
        whole = listed.complete and len(listed.references or ()) >= (paper.reference_count or 0)
        return replace(paper, references=listed.references, references_complete=whole)

    def references(self, id: str) -> ReferenceList | None:
        """Return the references of one paper with intent and influence, or None for a paper that is unknown.

        Asks page by page for at most 9,999 rows. The publisher may withhold them, at once or from some page on.
        """
        name = _asked(id)
        rows: list[ScholarReference] = []
        offset: int | None = 0
        limit, empty = PAGE, 0
        if not name:
            return None
        while offset is not None and offset < MAX_NESTED and empty < EMPTY_PAGES:
            limit = min(limit, MAX_NESTED - offset)  # offset + limit has to stay below 10,000
            try:
                data, after = self._wire.fetch(self._calls.references(name, offset, limit), _page)
            except ServiceRefused as refusal:
                if _missing(refusal):
                    return None
                if not refusal.too_large or limit == 1:
                    raise
                limit //= 2
                continue
            if data is None:
                return ReferenceList(tuple(rows) or None, complete=False)
            rows += map(read_edge, data)
            empty = 0 if data else empty + 1
            offset = _next(after, offset)
        return ReferenceList(tuple(rows), complete=bool(rows) and offset is None)

    def match_title(self, title: str) -> ScholarPaper | None:
        """Return the paper whose title comes nearest to ``title``, or None; compare the titles before believing it."""
        name = tidy(title)
        if not name:
            return None
        try:
            best = self._wire.fetch(self._calls.title(name), _match)
        except ServiceRefused as refusal:
            if _missing(refusal):
                return None
            raise
        return read_paper(best, references=False, rows=0)

    def _batch(self, ids: list[str], references: bool) -> dict[str, ScholarPaper]:
        """Return the known ones among ``ids``, by id; halve the call as often as it is too large."""
        answer: list[object] | None = None
        try:
            answer = self._wire.fetch(self._calls.batch(ids, references), lambda content: _aligned(content, len(ids)))
        except ServiceRefused as refusal:
            if refusal.status == 400 and "no valid paper id" in refusal.said.lower():
                return {}
            if not refusal.too_large or (len(ids) == 1 and not references):
                raise
        if answer is not None:
            rows = nested_rows(answer)
            read = ((name, read_paper(raw, references, rows)) for name, raw in zip(ids, answer, strict=True))
            return {name: paper for name, paper in read if paper}
        if len(ids) > 1:
            middle = len(ids) // 2
            return self._batch(ids[:middle], references) | self._batch(ids[middle:], references)
        alone = self._batch(ids, references=False).get(ids[0])
        return {ids[0]: self.edge_by_edge(alone)} if alone else {}


def _base(url: str) -> str:
    """Return the address before ``/graph/v1``, or raise UsageError."""
    import httpx

    base = url.strip().rstrip("/").removesuffix("/graph/v1").rstrip("/")
    try:
        parts = urlsplit(base)
        fit = parts.scheme in {"http", "https"} and bool(httpx.URL(base).host) and not (parts.query or parts.fragment)
    except (httpx.InvalidURL, ValueError):
        fit = False
    if not fit:
        shown = _without_login(tidy(url).partition("?")[0])
        raise UsageError(f"no address of an API: '{shown}'. Give one like {API_URL}.")
    return base


def _without_login(url: str) -> str:
    """Return ``url`` without the name and password that may stand before its host."""
    head, colon, rest = url.rpartition("://")
    return f"{head}{colon}{rest.rpartition('@')[2]}"


def _asked(id: str) -> str:
    """Return ``id`` as it is sent, or an empty string: a blank one can make the service refuse the whole batch."""
    name = tidy(id)
    return "" if name.endswith(":") else name


def _missing(refusal: ServiceRefused) -> bool:
    """Tell the service's 404 for a paper from that of a server that knows no such page."""
    said = refusal.said.lower().rstrip(".")
    return refusal.status == 404 and (_MISSING.fullmatch(said) is not None)


def _next(value: object, offset: int) -> int | None:
    """Return where the next page starts, None after the last; one that leads back is the end of what can be had."""
    if value is None:
        return None
    return value if isinstance(value, int) and value > offset else MAX_NESTED


def _aligned(content: object, asked: int) -> list[object]:
    if not is_array(content):
        raise ValueError(f"{_kind(content)} where an array was due")
    if len(content) != asked:
        raise ValueError(f"{len(content)} papers for {asked} ids")
    return content


def _paper(content: object) -> object:
    if not is_object(content) or "paperId" not in content:
        raise ValueError(f"{_kind(content)} that is no paper")
    return content


def _page(content: object) -> tuple[list[object] | None, object]:
    """Return the rows of a page, None for withheld ones, and where the next page starts."""
    data = content.get("data", 0) if is_object(content) else 0
    if not is_object(content) or not (data is None or is_array(data)):
        raise ValueError(f"{_kind(content)} that is no page of references")
    return data, content.get("next")


def _match(content: object) -> object:
    data = content.get("data") if is_object(content) else None
    if not is_array(data):
        raise ValueError(f"{_kind(content)} that is no match")
    return data[0] if data else None


def _kind(content: object) -> str:
    if is_object(content):
        return "an object" if content else "an empty object"
    return "an array" if is_array(content) else "a bare value"
