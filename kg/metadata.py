"""The graph of metadata: what each source graph is, where it came from, when, under which licence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..ontology import terms as t
from . import nquads
from .nquads import Statements, literal


@dataclass(frozen=True, slots=True)
class SourceGraph:
    """One source graph: name, title, day, address or file it was read from, licence, number of statements.

    ``position`` (from 1) is the place of a list among those that were given.
    """

    graph: str
    title: str
    date: str
    source: str
    licence: str = ""
    statements: int = 0
    position: int = 0


def metadata_statements(sources: Iterable[SourceGraph], version: str) -> Statements:
    """Return what PROV-O and VoID say of the source graphs and of the resolved view made of them."""
    out = Statements(t.METADATA_GRAPH)
    activity = f"{t.BASE}activity/resolve"
    out.link(activity, t.TYPE, t.PROV_ACTIVITY)
    out.add(activity, t.LABEL, literal(f"llmcomp {version} resolved the source graphs"))
    out.link(t.RESOLVED_VIEW, t.TYPE, t.VOID_DATASET)
    out.link(t.RESOLVED_VIEW, t.TYPE, t.PROV_ENTITY)
    out.add(t.RESOLVED_VIEW, t.TITLE, literal("The resolved view (the default graph)"))
    out.link(t.RESOLVED_VIEW, t.GENERATED_BY, activity)
    for source in sources:
        out.link(source.graph, t.TYPE, t.VOID_DATASET)
        out.link(source.graph, t.TYPE, t.PROV_ENTITY)
        out.add(source.graph, t.TITLE, literal(source.title))
        out.add(source.graph, t.DCT_DATE, nquads.date(source.date))
        out.add(source.graph, t.DC_SOURCE, literal(source.source))
        if source.licence:
            out.add(source.graph, t.DCT_LICENSE, nquads.address(source.licence))
        if source.position:
            out.add(source.graph, t.POSITION, nquads.integer(source.position))
        out.add(source.graph, t.VOID_TRIPLES, nquads.integer(source.statements))
        out.link(t.RESOLVED_VIEW, t.DERIVED_FROM, source.graph)
        out.link(activity, t.USED, source.graph)
    return out
