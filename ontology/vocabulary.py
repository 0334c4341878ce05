"""The ontology's files as statements to ask: terms by CURIE, and alignments with their reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from .terms import BASE, ONTOLOGY, PREFIXES

NAMESPACES = {
    **PREFIXES,
    "bibo": "http://purl.org/ontology/bibo/",
    "biro": "http://purl.org/spar/biro/",
    "cso": "https://cso.kmi.open.ac.uk/topics/",
    "dblp": "https://dblp.org/rdf/schema#",
    "scheme": BASE + "scheme/",
    "soa": "https://semopenalex.org/ontology/",
    "vann": "http://purl.org/vocab/vann/",
}
"""Prefixes of what the graph uses and of what its terms are compared with."""

_ALIGNMENT = re.compile(r"(\S+) (\S+) (\S+) \.  # (.+)")


@dataclass(frozen=True, slots=True)
class Alignment:
    """A line of ``alignments.ttl``: the vocabulary it stands under, our term, how it is related, theirs, and why."""

    vocabulary: str
    ours: str
    relation: str
    theirs: str
    reason: str


def read(name: str) -> bytes:
    """Return a file of the ontology."""
    return files("llmcomp.ontology").joinpath(name).read_bytes()


def alignments() -> tuple[Alignment, ...]:
    """Return the alignments in the order of their file.

    >>> alignments()[0].theirs, alignments()[0].reason
    ('schema:CreativeWork', 'the most general work there, programs and films included')
    """
    found: list[Alignment] = []
    vocabulary = ""
    for line in read("alignments.ttl").decode("utf-8").splitlines():
        vocabulary = line.removeprefix("# --- ") if line.startswith("# --- ") else vocabulary
        if match := _ALIGNMENT.fullmatch(line):
            found.append(Alignment(vocabulary, match[1], match[2], match[3], match[4]))
    return tuple(found)


def curie(iri: str) -> str:
    """Return an IRI with the prefix of its namespace, or in full where none is known.

    >>> curie("https://dblp.org/rdf/schema#Stream"), curie("https://example.org/a")
    ('dblp:Stream', 'https://example.org/a')
    """
    for prefix, space in NAMESPACES.items():
        if re.fullmatch(r"[\w.-]+", iri.removeprefix(space)):
            return f"{prefix}:{iri.removeprefix(space)}"
    return iri


def expanded(name: str) -> str:
    """Return the IRI of a CURIE; an IRI is returned as it is."""
    prefix, colon, local = name.partition(":")
    return NAMESPACES[prefix] + local if colon and prefix in NAMESPACES else name


class Statements:
    """The statements of one file, asked by CURIE; values come sorted, so that the same file gives the same answers."""

    def __init__(self, name: str) -> None:
        """Read a file of the ontology."""
        self._store = Store()
        self._store.load(read(name), format=RdfFormat.TURTLE)

    def values(self, subject: str | BlankNode, predicate: str) -> list[str]:
        """Return texts as they are, names as CURIEs, and unions and lists as their members."""
        node = subject if isinstance(subject, BlankNode) else NamedNode(expanded(subject))
        found: list[str] = []
        for quad in self._store.quads_for_pattern(node, NamedNode(expanded(predicate)), None):
            if isinstance(quad.object, BlankNode):
                found += self._members(quad.object)
            elif isinstance(quad.object, Literal):
                found.append(quad.object.value)
            elif isinstance(quad.object, NamedNode):
                found.append(curie(quad.object.value))
        return sorted(found)

    def one(self, subject: str, predicate: str) -> str:
        """Return the one value, or nothing."""
        return next(iter(self.values(subject, predicate)), "")

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Return the named subjects of which something is said."""
        quads = self._store.quads_for_pattern(None, NamedNode(expanded(predicate)), NamedNode(expanded(value)))
        return sorted(curie(quad.subject.value) for quad in quads if isinstance(quad.subject, NamedNode))

    def lists(self, predicate: str) -> list[list[str]]:
        """Return the members of each list to which a predicate leads."""
        quads = self._store.quads_for_pattern(None, NamedNode(expanded(predicate)), None)
        return sorted(sorted(self._members(quad.object)) for quad in quads if isinstance(quad.object, BlankNode))

    def _members(self, node: BlankNode) -> list[str]:
        parts = (self.values(node, part) for part in ("owl:unionOf", "rdf:first", "rdf:rest"))
        return [value for values in parts for value in values if value != "rdf:nil"]


class Ontology(Statements):
    """The ontology itself, with its own terms sorted out."""

    def __init__(self) -> None:
        """Read the ontology."""
        super().__init__("llmcomp.ttl")

    def own(self, *kinds: str) -> list[str]:
        """Return the own terms of some kinds, in the order of the alphabet."""
        terms = sorted(self.subjects("rdfs:isDefinedBy", ONTOLOGY), key=str.lower)
        return [term for term in terms if set(kinds) & set(self.values(term, "rdf:type"))]

    @cached_property
    def classes(self) -> list[str]:
        """The own classes."""
        return self.own("owl:Class")

    @cached_property
    def properties(self) -> list[str]:
        """The own properties."""
        return self.own("owl:ObjectProperty", "owl:DatatypeProperty")
