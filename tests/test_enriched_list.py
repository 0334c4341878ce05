"""The shipped list of 685 works, enriched: the number of calls, the keys, and what is better than before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import enriching
import pytest

from llmcomp.kg import remembered
from llmcomp.kg.build import Built
from llmcomp.kg.facts import FACTS_DATE, shipped_list
from llmcomp.kg.identifiers import first_posted
from llmcomp.kg.model import Work
from llmcomp.kg.source_graphs import list_graph
from llmcomp.kg.wanted import Wanted, wanted

made_up = enriching.standin.made_up


WORKS = 685
REFERENCES = 50
UNKNOWN = 60
"""Each work of a number that this divides is unknown there."""
NOT_BY_ARXIV = 50
"""Each work of a number that this divides is not known by its arXiv id."""


class Shipped:
    """A run over the shipped list: what was before it, what it did, what is after it."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.readings = remembered.readings(desk.graph)
        self.before: list[Work] = desk.works()
        self.bibliography: str = desk.graph.bibliography()
        self.untold: set[str] = set()
        for n, (work, asked) in enumerate(zip(self.before, wanted(desk.graph, self.before), strict=True), 1):
            self._serve(n, work, asked)
        self.done = desk.enrich()
        self.log = list(desk.service.log)
        self.asked: list[list[str]] = desk.asked()
        self.titles: list[str] = desk.titles_asked()
        self.after: list[Work] = desk.works()

    def _serve(self, n: int, work: Work, asked: Wanted) -> None:
        """Serve a work as a preprint by people with initials, or not at all."""
        known = n % UNKNOWN > 0
        hidden = "ARXIV:" if n % NOT_BY_ARXIV == 0 else "none"
        ids = [name for name in asked.ids if known and not name.startswith(hidden)]
        if not ids:
            self.untold.add(work.title)
        if not known:
            return
        names = [f"{name.given[:1] or 'Q'}. {name.family or name.literal}" for name in work.authors]
        authors = enriching.by(*(names or [f"Ann Author{n}", f"Bob Author{n}"]))
        tells = {"CorpusId": n, **({"ArXiv": work.identifier("arxiv")} if hidden == "none" else {})}
        posted = first_posted(work.identifier("arxiv"))
        told = {"year": posted[0] if posted else work.year, "publicationDate": None, "externalIds": tells}
        self.desk.service.add(made_up(n, REFERENCES, title=work.title, authors=authors, **told), *ids)


@pytest.fixture(scope="module")
def shipped(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shipped]:
    with pytest.MonkeyPatch.context() as monkeypatch, enriching.Service() as service:
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "127.0.0.1")
        desk = enriching.Desk(tmp_path_factory.mktemp("shipped"), service)
        shutil.copytree(built.path, desk.folder)
        yield Shipped(desk)


def test_685_works_take_at_most_12_batches(shipped: Shipped) -> None:
    assert (shipped.done.asked, shipped.done.stopped) == (WORKS, "")
    assert len(shipped.asked) <= 12
    assert max(map(len, shipped.asked)) <= 100
    assert shipped.done.requests == len(shipped.log)


def test_single_calls_are_those_that_unknown_works_force(shipped: Shipped) -> None:
    assert len(shipped.log) == len(shipped.asked) + len(shipped.titles)
    assert sorted(shipped.titles) == sorted(shipped.untold)
    assert 10 < len(shipped.titles) < 50


def test_all_that_is_known_there_came(shipped: Shipped) -> None:
    found = WORKS - WORKS // UNKNOWN
    assert (shipped.done.found, shipped.done.not_found) == (found, WORKS // UNKNOWN)
    assert (shipped.done.renamed, shipped.done.wrong_links) == (0, 0)
    assert shipped.done.new_citations == found * REFERENCES
    status = shipped.desk.graph.status()
    assert status.complete_reference_lists >= found
    assert status.works_outside > found * REFERENCES


def test_the_keys_of_all_works_are_what_they_were(shipped: Shipped) -> None:
    assert {work.title: work.key for work in shipped.after} == {work.title: work.key for work in shipped.before}
    assert {work.iri: work.key for work in shipped.after if work.identifier("arxiv")} == {
        work.iri: work.key for work in shipped.before if work.identifier("arxiv")
    }
    assert not any(work.former_keys for work in shipped.after)


def plain(work: Work) -> Work:
    """A work without what a service may add to any."""
    kept = tuple(i for i in work.identifiers if not i.scheme.startswith("semanticscholar"))
    return replace(work, identifiers=kept, url="", citations=None)


def test_what_was_known_stays(shipped: Shipped) -> None:
    """Initials, a preprint's year and "arXiv.org" overrule nothing."""
    after = {work.key: work for work in shipped.after}
    for work in shipped.before:
        if work.authors and not work.authors_truncated:
            assert plain(after[work.key]) == plain(work)


def test_what_was_not_known_is_filled_in(shipped: Shipped) -> None:
    after = {work.key: work for work in shipped.after}
    strangers = [work for work in shipped.before if work.authors_truncated or not work.authors]
    filled = [work for work in strangers if len(after[work.key].authors) > len(work.authors)]
    assert len(filled) > 50
    for work in filled:
        now = replace(after[work.key], authors=work.authors, authors_truncated=work.authors_truncated)
        assert plain(now) == plain(work)


def test_the_page_to_cite_is_not_the_services(shipped: Shipped) -> None:
    """A page that the list links is the paper's own; Semantic Scholar only tells of it."""
    pages = {work.key: work.url for work in shipped.before}
    assert {work.key: work.url for work in shipped.after if work.url != pages[work.key]} == {}


def test_the_bibliography_has_the_better_data(shipped: Shipped) -> None:
    entries = shipped.desk.graph.bibliography()
    assert entries.count("author = ") > shipped.bibliography.count("author = ") + 50
    keys = [[line for line in text.splitlines() if line.startswith("@")] for text in (shipped.bibliography, entries)]
    assert [line.partition("{")[2] for line in keys[0]] == [line.partition("{")[2] for line in keys[1]]


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_list_is_remembered_exactly_as_it_was_read(shipped: Shipped, when: str) -> None:
    """A later run decides over the rows again, and has nothing but the graph to read them from."""
    readings = shipped.readings if when == "before" else remembered.readings(shipped.desk.graph)
    assert readings == [(shipped_list(), FACTS_DATE)]
    ((reading, _),) = readings
    assert list_graph(reading) in {source[0] for source in shipped.desk.graph.rows("sources")}


def test_a_second_run_asks_for_nothing(shipped: Shipped) -> None:
    shipped.desk.service.log.clear()
    assert shipped.desk.enrich().requests == 0
    assert shipped.desk.service.log == []
