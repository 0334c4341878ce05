"""A graph whose citations can be explored: one method a question, each answer with what it rests on (``basis``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from .errors import UsageError
from .graph import Graph
from .search import find_work
from .selection import Selection, select

if TYPE_CHECKING:
    from .coauthors import Authors
    from .communities import Communities
    from .edges import Edges
    from .main_path import MainPath
    from .measures import Measures
    from .measures_graph import Measured
    from .network import Network
    from .paths import Chains
    from .ranking import Ranking
    from .timeline import Timeline


class Explorable(Graph):
    """A graph that answers how its works are linked by citations."""

    @cached_property
    def edges(self) -> Edges:
        """The citation graph, read once."""
        from .edges import read_edges

        return read_edges(self)

    @cached_property
    def measures(self) -> Measures:
        """The measures of each work of ``edges``: those that are kept in the graph, else computed."""
        from .measures_graph import measures_of

        return measures_of(self, self.edges)

    def cites(
        self, *works: str, selection: Selection | None = None, limit: int = 20, listed_only: bool = False
    ) -> Ranking:
        """Return what a work cites; of several, or of those that ``selection`` means, their prior works."""
        from .citations import cites

        return cites(self, self.edges, named_works(self, works, selection), limit=limit, listed_only=listed_only)

    def cited_by(
        self, *works: str, selection: Selection | None = None, limit: int = 20, listed_only: bool = False
    ) -> Ranking:
        """Return what cites a work; of several, or of those that ``selection`` means, their derivative works."""
        from .citations import cited_by

        return cited_by(self, self.edges, named_works(self, works, selection), limit=limit, listed_only=listed_only)

    def related(
        self,
        *works: str,
        selection: Selection | None = None,
        by: str = "adamic-adar",
        limit: int = 20,
        listed_only: bool = False,
    ) -> Ranking:
        """Return the works nearest to ``works`` together: see :mod:`llmcomp.kg.relatedness` for ``by``."""
        from .relatedness import related

        chosen = named_works(self, works, selection)
        return related(self, self.edges, chosen, by=by, limit=limit, listed_only=listed_only)

    def paths(self, start: str, end: str, *, limit: int = 3, directed: bool = False) -> Chains:
        """Return chains of citations between two works, the shortest first."""
        from .paths import paths

        return paths(self, self.edges, find_work(self, start), find_work(self, end), limit=limit, directed=directed)

    def bridges(self, first: str, second: str, *, limit: int = 20, listed_only: bool = False) -> Ranking:
        """Return the works that join two categories."""
        from .citations import bridges

        return bridges(self, self.edges, first, second, limit=limit, listed_only=listed_only)

    def missing(self, selection: Selection | None = None, *, least: int = 3, limit: int = 20) -> Ranking:
        """Return the works that listed papers cite and the lists lack, cited by ``least`` of them or more."""
        from .citations import missing

        return missing(self, self.edges, selection or Selection(), least=least, limit=limit)

    def top(self, selection: Selection | None = None, *, by: str = "listed", limit: int = 20) -> Ranking:
        """Return the listed papers that stand out by one of :data:`llmcomp.kg.top.MEASURES`."""
        from .top import top

        return top(self, self.edges, self.measures, selection or Selection(), by=by, limit=limit)

    def main_path(self, selection: Selection | None = None) -> MainPath:
        """Return the chain of citations along which most of a field's knowledge came, oldest first."""
        from .main_path import main_path

        return main_path(self, self.edges, selection or Selection())

    def reading_order(self, work: str, *, limit: int = 10) -> Ranking:
        """Return what to read first to understand a work, in the order to read it."""
        from .reading_order import reading_order

        return reading_order(self, self.edges, find_work(self, work), limit=limit)

    def timeline(self, selection: Selection | None = None) -> Timeline:
        """Return the listed papers year by year."""
        from .timeline import timeline

        return timeline(self, self.edges, selection or Selection())

    def communities(self, selection: Selection | None = None, *, limit: int = 20) -> Communities:
        """Return groups of works that cite each other more than the rest."""
        from .communities import communities

        return communities(self, self.edges, self.measures, selection or Selection(), limit=limit)

    def community(self, number: int, *, limit: int = 20) -> Ranking:
        """Return the works of one community."""
        from .communities import community

        return community(self, self.edges, self.measures, number, limit=limit)

    def authors(self, selection: Selection | None = None, *, by: str = "papers", limit: int = 20) -> Authors:
        """Return who wrote the listed papers, with whom, and in which categories."""
        from .coauthors import authors

        return authors(self, self.edges, selection or Selection(), by=by, limit=limit)

    def network(
        self,
        selection: Selection | None = None,
        *,
        around: Sequence[str] = (),
        depth: int = 1,
        cited: int | None = None,
        limit: int | None = None,
    ) -> Network:
        """Return works and the citations among them, to be drawn or written: see :func:`llmcomp.kg.network.network`."""
        from .network import network

        centre = [find_work(self, work) for work in around]
        chosen = selection or Selection()
        return network(self, self.edges, self.measures, chosen, around=centre, depth=depth, cited=cited, limit=limit)

    def measure(self, *, waiting: Callable[[str], None] | None = None) -> Measured:
        """Compute the measures, unless they are kept, keep them where that can be, and tell of the citation graph."""
        from .measures_graph import measure

        return measure(self, self.edges, waiting=waiting)


def named_works(graph: Graph, works: Sequence[str], selection: Selection | None) -> list[str]:
    """Return the IRIs of ``works``, as people name them, or of those that ``selection`` means.

    Raises UsageError where both are given, or neither.
    """
    if works and selection not in (None, Selection()):
        raise UsageError("works are named, or selected by options, not both. Leave one out.")
    if works:
        return list(dict.fromkeys(find_work(graph, work) for work in works))
    if selection in (None, Selection()):
        raise UsageError("no work is named. Name one by its key, or select some with --category or another option.")
    return select(graph, selection or Selection())
