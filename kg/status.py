"""What a graph holds and what is wrong with its lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .findings import Finding, FindingKind
from .graph import Graph
from .remembered import last_inquiries
from .store import read_current
from .works import work_titles


@dataclass(frozen=True, slots=True)
class Source:
    """A source graph: its IRI, title, date (YYYY-MM-DD), where it was read, number of statements."""

    graph: str
    title: str
    date: str
    source: str
    statements: int


@dataclass(frozen=True, slots=True)
class Status:
    """Counts over the whole graph, its sources, and the findings, worst kind first.

    ``authors_known`` counts listed works with their full list of authors, ``published`` those with a venue,
    ``asked`` those that Semantic Scholar was asked for (last on ``asked_last``), and ``unknown_there`` those that it
    does not know; ``citations_inside`` counts pairs of listed works, ``works_outside`` works that are cited and not
    listed. Both rest on the works whose reference lists are known.
    """

    path: Path | str
    version: str
    paper_rows: int
    tool_rows: int
    works: int
    tools: int
    authors_known: int
    published: int
    asked: int
    asked_last: str
    unknown_there: int
    reference_lists: int
    complete_reference_lists: int
    citations_inside: int
    works_outside: int
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]

    def by_kind(self) -> dict[FindingKind, tuple[Finding, ...]]:
        """Return the findings of each kind that there is, worst first."""
        from .findings import EXPLAINED

        found: dict[FindingKind, tuple[Finding, ...]] = {}
        for kind in EXPLAINED:
            found[kind] = tuple(f for f in self.findings if f.kind == kind)
        return {kind: findings for kind, findings in found.items() if findings}


def status(graph: Graph) -> Status:
    """Return the status of ``graph``."""
    current = read_current(graph.path) if isinstance(graph.path, Path) else None
    counts: Counter[str] = Counter()
    for _, papers, tools in graph.rows("list-counts"):
        counts["papers"] += int(papers)
        counts["tools"] += int(tools)
    listed = {work for work, _ in graph.rows("listed-works")}
    lists = [(work, complete) for work, complete in graph.rows("reference-lists") if work in listed]
    asked = last_inquiries(graph, work_titles(graph, listed))
    findings = (
        Finding(kind, source, int(line), title, message)  # pyright: ignore[reportArgumentType]
        for kind, source, line, title, message in graph.rows("findings")
    )
    return Status(
        path=graph.path,
        version=current.version if current else "",
        paper_rows=counts["papers"],
        tool_rows=counts["tools"],
        works=len(listed),
        tools=sum(1 for _ in graph.rows("listed-tools")),
        authors_known=sum(1 for _ in graph.rows("works-with-authors")),
        published=sum(1 for row in graph.rows("published-works") if row[0] in listed),
        asked=len(asked),
        asked_last=max((inquiry.date for inquiry in asked.values()), default=""),
        unknown_there=sum(inquiry.outcome == "unknown" for inquiry in asked.values()),
        reference_lists=len(lists),
        complete_reference_lists=sum(complete == "true" for _, complete in lists),
        citations_inside=sum(1 for _ in graph.rows("citations-inside")),
        works_outside=sum(1 for _ in graph.rows("works-outside")),
        sources=tuple(Source(g, title, day, source, int(n)) for g, title, day, source, n in graph.rows("sources")),
        findings=tuple(sorted(findings, key=lambda f: (f.source, f.line, f.kind, f.message))),
    )
