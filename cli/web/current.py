"""The graph as it stands now: opened anew after each build, and what was computed of it kept until then."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock, RLock
from typing import TypeVar, cast

from ... import Graph
from ...kg.errors import LlmcompError
from ...kg.graph import Graph as AnyGraph
from ...kg.store import read_current

Kept = TypeVar("Kept")
_MOST = 16
"""How many answers are kept; the one that was asked for longest ago goes first."""
_STALE = 600.0
"""Seconds for which what was read of a graph on the network is taken for what it says."""


def generation(graph: AnyGraph) -> object:
    """Return which store is the graph now; another one after a build."""
    if isinstance(graph.path, str):
        return None
    try:
        return read_current(Path(graph.path))
    except LlmcompError:
        return None


class Current:
    """The graph at a place, for many threads at once; what takes long is computed by one of them at a time."""

    def __init__(self, graph: AnyGraph) -> None:
        """Begin with ``graph``."""
        self._graph = Graph(graph.path)
        self._graph.services = graph.services
        self._generation: object = generation(graph)
        self._since = time.monotonic()
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._looking = Lock()
        self._computing = RLock()

    def opened(self) -> Graph:
        """Return the graph as it is."""
        with self._looking:
            self._renew()
            return self._graph

    def graph(self) -> Graph:
        """Return the graph, its citations and measures read: what follows asks a few works alone."""
        graph = self.opened()
        if "measures" not in graph.__dict__:
            with self._computing:
                _ = graph.measures
        return graph

    def kept(self, name: Hashable, make: Callable[[Graph], Kept]) -> Kept:
        """Return what ``make`` makes of the graph, made once for each ``name``; the name decides the type."""
        graph = self.graph()
        key = (id(graph), name)
        if (found := self._found(key)) is not None:
            return cast(Kept, found)
        with self._computing:
            if (found := self._found(key)) is None:
                found = make(graph)
                with self._looking:
                    if graph is self._graph:  # else it was built anew meanwhile
                        self._kept[key] = found
                    while len(self._kept) > _MOST:
                        self._kept.popitem(last=False)
            return cast(Kept, found)

    def _found(self, key: Hashable) -> object | None:
        with self._looking:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _renew(self) -> None:
        """Open the graph anew where it is another one by now."""
        now = generation(self._graph)
        old = isinstance(self._graph.path, str) and time.monotonic() - self._since > _STALE
        if now == self._generation and not old:
            return
        fresh = Graph(self._graph.path)
        fresh.services = self._graph.services
        self._graph, self._generation, self._since = fresh, now, time.monotonic()
        self._kept.clear()
