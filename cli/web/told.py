"""What the page shows of a work and of works near it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import Graph
from ...exports.registry import export
from ...kg.errors import NothingFound
from ...kg.ranking import Ranking
from ...ontology.terms import BASE

_SHOWN = 50
"""How many works an answer about one names at most."""


def told(graph: Graph, iri: str) -> dict[str, Any]:
    """Return what the page shows of a work beside the drawing."""
    shown = graph.show(iri)
    number = graph.edges.numbers.get(iri)
    measures: dict[str, Any] = {}
    if number is not None:
        of = graph.measures
        measures = {
            "listed_citations": of.listed_citations[number],
            "citations": of.citations[number],
            "pagerank": of.pagerank[number],
            "core": of.core[number],
            "velocity": of.velocity[number],
        }
    return {
        "path": iri.removeprefix(BASE),
        "details": shown,
        "measures": measures,
        "cites": _near(graph.cites, iri),
        "cited_by": _near(graph.cited_by, iri),
        "related": _near(graph.related, iri),
        "bibtex": "".join(export([shown.work], "bibtex")),
    }


def _near(ask: Callable[..., Ranking], iri: str) -> dict[str, Any]:
    """Return works near one, or why there are none."""
    try:
        return ranked(ask(iri, limit=_SHOWN))
    except NothingFound as error:
        return {"works": [], "found": 0, "why": str(error)}


def ranked(found: Ranking) -> dict[str, Any]:
    """Return a ranking with the path of each work."""
    works = [
        {"path": work.iri.removeprefix(BASE), **{name: getattr(work, name) for name in _TOLD_OF_RANKED}}
        for work in found.works
    ]
    return {"measure": found.measure, "found": found.found, "works": works, "basis": found.basis}


_TOLD_OF_RANKED = ("key", "title", "year", "listed", "score", "why", "by", "more")
