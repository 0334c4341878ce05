"""Enrich a graph: ask Semantic Scholar about its works and make what it says a part of the graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import journal, store
from .build import rebuild
from .errors import OutsideError
from .graph import Graph
from .inquiring import Inquirer, Progress
from .scholar import Scholar
from .selection import Selection
from .wanted import MAX_AGE, due
from .works import listed_titles

__all__ = ["MAX_AGE", "Enriched", "Progress", "enrich"]


@dataclass(frozen=True, slots=True)
class Enriched:
    """What came of a run.

    ``asked`` works were asked for and are ``found`` (of these, ``renamed`` ones under another title), or ``not_found``;
    of ``wrong_links`` the id led to another paper, and they are among the found if their own was found by title.
    ``left`` are due and were not asked for. ``changed_venues`` counts works that are published elsewhere than before,
    ``new_citations`` pairs of works more than before (fewer, if works turned out to be one); citations rest on the
    ``reference_lists`` that are known of listed works, of which ``complete_reference_lists`` are whole. ``stopped``
    says why the run ended early, and is empty if it did not.
    """

    path: Path
    asked: int = 0
    found: int = 0
    not_found: int = 0
    renamed: int = 0
    wrong_links: int = 0
    left: int = 0
    changed_venues: int = 0
    new_citations: int = 0
    reference_lists: int = 0
    complete_reference_lists: int = 0
    requests: int = 0
    stopped: str = ""


def enrich(
    folder: Path,
    scholar: Scholar,
    *,
    version: str,
    selection: Selection | None = None,
    limit: int | None = None,
    refresh: bool = False,
    max_age: int = MAX_AGE,
    intents: bool = False,
    today: date | None = None,
    tell: Callable[[Progress], object] | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Enriched:
    """Ask about the works of ``selection`` that are due, at most ``limit`` of them, and store the graph anew.

    Each batch of answers is on the disk before the next is asked for. When the service fails, what came is made a part
    of the graph and ``stopped`` says why; when the process ends, the next run or build takes it in. Raises GraphLocked
    while another process builds; with ``waiting`` it is told who does, and the lock is awaited.
    """
    day = today or date.today()
    with store.building(folder, waiting):
        if journal.journals(folder):  # of a run that was ended
            rebuild(folder, version=version)
        graph = Graph(folder)
        works = due(graph, selection or Selection(), today=day, max_age=max_age, refresh=refresh, intents=intents)
        wanted, total = works[:limit], len(works)
        inquirer = Inquirer(
            scholar,
            lambda said: journal.append(folder, day.isoformat(), said.encode()),
            listed_titles(graph),
            today=day.isoformat(),
            intents=intents,
            tell=tell,
        )
        stopped = ""
        try:
            inquirer.ask(wanted)
        except OutsideError as error:
            stopped = str(error)
        before = after = _Counted(graph)
        del graph, works, wanted  # a store that is open holds much of what was read of it
        if inquirer.outcomes:
            rebuild(folder, version=version)
            after = _Counted(Graph(folder))
        outcomes = list(inquirer.outcomes.values())
        return Enriched(
            path=folder,
            asked=len(outcomes),
            found=inquirer.found,
            not_found=len(outcomes) - inquirer.found,
            renamed=outcomes.count("renamed"),
            wrong_links=outcomes.count("wrong-link"),
            left=total - len(outcomes),
            changed_venues=len(after.venues - before.venues),
            new_citations=after.citations - before.citations,
            reference_lists=len(after.lists),
            complete_reference_lists=sum(after.lists.values()),
            requests=scholar.requests_made,
            stopped=stopped,
        )


class _Counted:
    """What is compared before and after a run: number of citations, and (key, venue) of works, whose keys stay.

    ``lists`` tells of each listed work whose reference list is known whether it is complete: on these citations rest.
    """

    def __init__(self, graph: Graph) -> None:
        keys = graph.pairs("listed-works")
        self.venues = {(keys[work], title) for work, _, title, _, _ in graph.rows("published-works") if work in keys}
        self.lists = {work: whole == "true" for work, whole in graph.rows("reference-lists") if work in keys}
        self.citations = int(next(graph.rows("citation-total"))[0])
