"""A reading list, the graph of it, and the service that is asked: what the tests of enrichment share.

    desk.build(row("Made-up paper number 1", f"arxiv.org/abs/{arxiv(1)}"))
    desk.service.add(made_up(1, references=2))
    desk.enrich("2026-11-20")
    assert desk.work().authors
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat

import llmcomp
from llmcomp.kg import build as building
from llmcomp.kg.build import Built
from llmcomp.kg.enrichment import Enriched, enrich
from llmcomp.kg.facts import PaperFacts, ReferenceList
from llmcomp.kg.findings import Finding
from llmcomp.kg.scholar import Scholar


def beside(name: str) -> Any:
    """The helper module ``name`` of this folder, which is no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


standin = beside("standin")

DAY = "2026-11-20"
"""The day of a run, where a test does not say another."""
LATER = "2027-01-20"
"""A day on which all that was asked on DAY is due again."""


def row(title: str, *links: str, venue: str = "Arxiv 2023") -> str:
    """A row of a list; links are addresses without https://."""
    printed = " ".join(f"[[Paper]](https://{link})" for link in links or ("x.example/paper.pdf",))
    return f"- {title} <br> {venue} {printed}\n"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Service(standin.StandIn):
    """The stand-in, with titles for which it thinks of a paper that is called otherwise."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.nearest: dict[str, Any] = {}

    def _match(self, parameters: dict[str, str]) -> Any:
        paper = self.nearest.get(parameters.get("query", ""))
        if paper is None:
            return super()._match(parameters)
        kept, self.papers = self.papers, {paper["paperId"]: {**paper, "title": parameters["query"]}}
        try:
            answer = super()._match(parameters)
        finally:
            self.papers = kept
        return standin.answer(200, answer.body.replace(*(standin.json.dumps(t).encode() for t in (parameters["query"], paper["title"]))))


class Desk:
    """A list, its graph in ``folder``, and the service, asked without waiting in real time."""

    def __init__(self, home: Path, service: Service) -> None:
        self.home = home
        self.folder = home / "graph"
        self.service = service
        self.time = Time()

    def write(self, *rows: str, name: str = "list.md") -> str:
        """Write a list; its first row stands on line 3."""
        path = self.home / name
        path.write_text("## Quantization\n\n" + "".join(rows), "utf-8")
        return str(path)

    def build(self, *rows: str, day: str = "2026-01-01") -> Built:
        """Build the graph of a list of ``rows``."""
        built = building.build(self.folder, [self.write(*rows)], version="x", today=date.fromisoformat(day))
        assert built is not None
        return built

    @contextmanager
    def scholar(self, **options: Any) -> Iterator[Scholar]:
        """The adapter on the service; waits are the longest that may be, and take none."""
        with Scholar(None, self.service.url, None, self.time, self.time.sleep, lambda most: most) as scholar:
            yield scholar

    def enrich(self, day: str = DAY, **options: Any) -> Enriched:
        """Run once."""
        with self.scholar() as scholar:
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

    def findings(self, *kinds: str) -> list[Finding]:
        """What ``llmcomp status`` shows, of some kinds or of all."""
        return [f for f in self.graph.status().findings if not kinds or f.kind in kinds]

    def asked(self) -> list[list[str]]:
        """The ids of each batch that was asked for."""
        return [seen.body["ids"] for seen in self.service.calls("/batch")]

    def titles_asked(self) -> list[str]:
        """The titles that were searched for."""
        return [seen.parameters["query"] for seen in self.service.calls("/search/match")]

    def ask(self, query: str) -> list[tuple[str, ...]]:
        """The rows of a query, sorted."""
        return sorted(self.graph.query(query))

    def dump(self) -> list[bytes]:
        """The graph as sorted N-Quads."""
        return sorted((self.graph.store.dump(format=RdfFormat.N_QUADS) or b"").splitlines())
