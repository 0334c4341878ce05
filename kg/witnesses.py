"""What source graphs say of one work, node by node: records of it, rows that are about it, references to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast
from urllib.parse import unquote

from ..ontology import terms as t
from . import iris
from .graph import Graph
from .identifiers import identify
from .links import work_identifiers
from .model import Identifier, Link, Scheme


@dataclass(frozen=True, slots=True)
class Witness:
    """A node of a source graph that speaks of the work: a record of it, a row, or an item of a reference list."""

    graph: str
    said: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    links: list[Link] = field(default_factory=list[Link])
    findings: list[str] = field(default_factory=list[str])

    @property
    def rank(self) -> int:
        """Return the place in the order of trust: facts, rows of lists, what was fetched, items of reference lists."""
        if t.CITED in self.said:
            return 3
        return 1 if t.SOURCE_LINE in self.said else 2 if self.graph.startswith(t.ENRICHMENT_GRAPHS) else 0

    def one(self, *names: str) -> str:
        """Return the value of the first of these properties that is stated, or an empty string."""
        return next((self.said[name][0] for name in names if name in self.said), "")

    def authors(self) -> list[str]:
        """Return the names of the authors in order."""
        numbered = (said.partition(" ") for said in self.said.get(t.ROLE_AUTHOR, ()))
        return [name for _, _, name in sorted(numbered, key=lambda n: int(n[0]))]

    def identifiers(self, *, tool: bool) -> list[Identifier]:
        """Return what identifies the work here; in a reference list the IRI under which it is cited may."""
        if self.links:
            of_tool = [link.identifier for link in self.links if link.identifier]
            return of_tool if tool else [*work_identifiers(self.links)]
        names = [iri for name in (t.HAS_IDENTIFIER, t.NAMES_IDENTIFIER, t.CITED) for iri in self.said.get(name, ())]
        parts = (iris.local(name).partition(":") for name in names)
        named = (Identifier(cast(Scheme, s), unquote(v)) for s, _, v in parts if s in t.IDENTIFIER_SCHEMES)
        return list(dict.fromkeys(named))


def witnesses(graph: Graph, iri: str) -> list[Witness]:
    """Return all that speak of a work, in an order that is not the store's."""
    found: dict[tuple[str, str], Witness] = {}
    for _, source, _, node, name, value in sorted(set(graph.rows("claims", [iri]))):
        found.setdefault((source, node), Witness(source)).said.setdefault(name, []).append(value)
    for _, source, node, _, label, url in sorted(graph.rows("claims-links", [iri]), key=lambda r: (*r[:3], int(r[3]))):
        found[source, node].links.append(Link(label, url, identify(url)))
    for _, source, node, text in sorted(graph.rows("claims-findings", [iri])):
        found[source, node].findings.append(text)
    return [found[at] for at in sorted(found, key=lambda at: (found[at].rank, *at))]
