"""A reading list, the graph of it, and the service that is asked: what the tests of enrichment share.

desk.build(row(BIRDS, f"arxiv.org/abs/{arxiv(1)}"))
desk.service.add(made_up(1, title=BIRDS, references=2))
desk.enrich("2026-11-20")
assert desk.work().authors
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import standin
from pyoxigraph import DefaultGraph, RdfFormat

import llmcomp
from llmcomp.kg import build as building
from llmcomp.kg.enrichment import Enriched, enrich
from llmcomp.kg.facts import PaperFacts
from llmcomp.kg.findings import Finding
from llmcomp.kg.model import Identifier
from llmcomp.kg.scholar import Scholar

DAY = "2026-11-20"
"""The day of a run, where a test does not say another."""
LATER = "2027-01-20"
"""A day on which all that was asked on DAY is due again."""
BIRDS = "Counting birds by the songs they sing"
STONES = "Sorting stones in rivers of ice"
WALLS = "Painting walls in the winter sun"
"""Titles that share no telling word."""


def row(title: str, *links: str, venue: str = "Arxiv 2023") -> str:
    """A row of a list; links are addresses without https://, and without any the page is nobody's identifier."""
    printed = " ".join(f"[[Paper]](https://{link})" for link in links or ("x.example/paper.pdf",))
    return f"- {title} <br> {venue} {printed}\n"


def abs_page(n: int) -> str:
    """The page of the made-up paper number ``n`` at arXiv."""
    return f"arxiv.org/abs/{standin.arxiv(n)}"


def known(n: int, title: str, *authors: str, **more: Any) -> PaperFacts:
    """What is shipped of the made-up paper number ``n``."""
    return PaperFacts((title,), (Identifier("arxiv", standin.arxiv(n)),), authors, **more)


def by(*names: str) -> list[dict[str, object]]:
    """Authors as the service tells them."""
    return [{"authorId": str(n), "name": name} for n, name in enumerate(names, 1)]


class Service(standin.StandIn):
    """The stand-in, with titles for which it offers a paper that is called otherwise (``nearest``)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.nearest: dict[str, Any] = {}

    def _match(self, parameters: dict[str, str]) -> Any:
        offered = self.nearest.get(parameters.get("query", ""))
        return super()._match({**parameters, "query": offered["title"]} if offered else parameters)


class Desk:
    """A list, its graph in ``folder``, and the service, which is asked without waiting in real time."""

    def __init__(self, home: Path, service: Service) -> None:
        self.home = home
        self.folder = home / "graph"
        self.service = service
        self.time = standin.Time()

    def write(self, *rows: str, name: str = "list.md") -> str:
        """Write a list; its first row stands on line 3."""
        (self.home / name).write_text("## Quantization\n\n" + "".join(rows), "utf-8")
        return str(self.home / name)

    def build(self, *rows: str) -> None:
        """Build the graph of a list of ``rows``."""
        building.build(self.folder, [self.write(*rows)], version="x", today=date(2026, 1, 1))

    @contextmanager
    def scholar(self, url: str = "") -> Iterator[Scholar]:
        """The adapter on the service; waits are the longest that may be, and take none."""
        with Scholar(None, url or self.service.url, None, self.time, self.time.sleep, lambda most: most) as scholar:
            yield scholar

    def enrich(self, day: str = DAY, *, url: str = "", **options: Any) -> Enriched:
        """Run once."""
        with self.scholar(url) as scholar:
            return enrich(self.folder, scholar, version="x", today=date.fromisoformat(day), **options)

    @property
    def graph(self) -> llmcomp.Graph:
        return llmcomp.open_graph(self.folder)

    def works(self) -> list[llmcomp.Work]:
        """The listed works in the order of their keys."""
        return self.graph.works()

    def work(self, title: str = "") -> llmcomp.Work:
        """The one listed work, or that whose title begins so."""
        (work,) = [work for work in self.works() if work.title.startswith(title)]
        return work

    def keys(self) -> dict[str, str]:
        """The citation key of each listed work by title."""
        return {work.title: work.key for work in self.works()}

    def findings(self) -> list[Finding]:
        """What ``llmcomp status`` shows."""
        return list(self.graph.status().findings)

    def cited(self, title: str = "") -> list[str]:
        """The titles of the works that a listed work cites."""
        return [work.title for work in self.graph.show(self.work(title).key).cites]

    def asked(self) -> list[list[str]]:
        """The ids of each batch that was asked for."""
        return [seen.body["ids"] for seen in self.service.calls("/batch")]

    def titles_asked(self) -> list[str]:
        """The titles that were searched for."""
        return [seen.parameters["query"] for seen in self.service.calls("/search/match")]

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """The rows of a query, sorted."""
        return sorted(self.graph.query(query))

    def view(self) -> list[bytes]:
        """The resolved view as sorted N-Triples."""
        data = self.graph.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        return sorted((data or b"").splitlines())

    def dump(self) -> list[bytes]:
        """The graph as sorted N-Quads."""
        return sorted((self.graph.store.dump(format=RdfFormat.N_QUADS) or b"").splitlines())


def alone(monkeypatch: pytest.MonkeyPatch, *facts: PaperFacts) -> None:
    """Keep loopback off a proxy, and the shipped facts (a second a run) out; ``facts`` stand in their place."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    monkeypatch.setattr(building, "shipped_papers", lambda: facts)
    monkeypatch.setattr(building, "shipped_references", tuple)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk without a list yet, and a service that knows nothing."""
    alone(monkeypatch)
    with Service() as service:
        yield Desk(tmp_path, service)
