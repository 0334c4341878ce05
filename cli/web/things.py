"""A thing of the graph as its page tells it: what is said of it, who says so, and what speaks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ... import Graph
from ...kg.explain import explain
from ...kg.explanation import Field
from ...kg.origins import Printed, origins
from ...ontology.terms import BASE, PREFIXES

KINDS = {"work": "Works", "tool": "Tools", "person": "Authors", "venue": "Venues", "category": "Categories"}
"""Kinds of things whose IRIs are answered at their path, and what many of them are called."""
_TITLES = (PREFIXES["dcterms"] + "title", PREFIXES["skos"] + "prefLabel", PREFIXES["foaf"] + "name")
_PRINTED = {"person": "printed-names", "venue": "printed-venues", "category": "printed-sections"}
_FROM = {
    "person": "An author is everybody whose name is written so; sources print it in these ways, in so many works.",
    "venue": "Names and years of venues are from the table that is shipped with llmcomp; rows of lists print it so.",
    "category": "Names and definitions of categories are shipped with llmcomp, or read from the lists; its works stand "
    "under these sections of them.",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about a thing: property, the other end, what that is called; ``of`` where it is the subject."""

    of: bool
    property: str
    other: str
    label: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with all that its page tells.

    ``fields`` are its values, each with what sources say in its place; of things that are no works ``printed`` is what
    sources print of them, and ``origin`` says how the one comes of the other.
    """

    iri: str
    kind: str
    title: str
    statements: tuple[Statement, ...]
    fields: tuple[Field, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    printed: tuple[Printed, ...] = ()
    origin: str = ""


def is_iri(text: str) -> bool:
    """Say whether an IRI can be written so.

    >>> is_iri("https://w3id.org/llmcomp/work/arxiv:2210.17323"), is_iri("https://w3id.org/<script>")
    (True, False)
    """
    return text.isprintable() and not any(c in text for c in ' <>"{}|\\^`')


def described(graph: Graph, iri: str) -> Thing | None:
    """Return the thing with this IRI, or None where the graph does not speak of it."""
    statements = tuple(
        Statement(way == "of", name, other, label)
        for _, way, name, other, label in graph.rows("about-thing", thing=iri)
    )
    if not statements:
        return None
    kind = iri.removeprefix(BASE).partition("/")[0]
    title = next((s.other for s in statements if s.of and s.property in _TITLES), iri)
    if kind in ("work", "tool") and iri in graph.pairs("work-keys"):
        told = explain(graph, iri)
        sources = tuple((origin.graph, f"{origin.title}, {origin.date}") for origin in told.sources)
        return Thing(iri, kind, title, statements, told.fields, sources)
    if kind not in _PRINTED:
        return Thing(iri, kind, title, statements)
    parameter = {"person": "author"}.get(kind, kind)
    rows: Sequence[tuple[str, ...]] = list(graph.rows(_PRINTED[kind], **{parameter: iri}))
    printed = tuple(Printed(text, source, date, int(times)) for text, source, date, times in rows)
    fields = origins(kind, iri, [(s.property, s.other) for s in statements if s.of], printed)
    return Thing(iri, kind, title, statements, fields, printed=printed, origin=_FROM[kind])
