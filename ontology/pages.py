"""The pages of ``docs/ontology``: what each own term means, as Markdown made from the ontology's own files.

``python -m llmcomp.ontology.pages`` writes them anew in a checkout.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from .terms import CATEGORY_SCHEME, ONTOLOGY, PREFIXES
from .vocabulary import NAMESPACES, Ontology, Statements, alignments, expanded

COMMAND = "python -m llmcomp.ontology.pages"
"""What writes the pages anew."""

_KINDS = {
    "owl:ObjectProperty": "leads to a thing",
    "owl:DatatypeProperty": "leads to a value",
    "owl:FunctionalProperty": "at most one",
    "owl:InverseFunctionalProperty": "of one subject alone",
}
_RELATIONS = {
    "rdfs:subClassOf": "is a kind of",
    "rdfs:subPropertyOf": "is a kind of",
    "owl:equivalentClass": "is",
    "skos:closeMatch": "means nearly",
    "skos:broadMatch": "means less than",
    "skos:narrowMatch": "means more than",
    "skos:relatedMatch": "has to do with",
}
_INTRODUCED = """
Further pages: [classes](classes.md), [properties](properties.md), [alignments](alignments.md) with schema.org, BIBO,
SemOpenAlex and dblp, [categories](categories.md). How a graph uses the terms: [the graph](../data-model.md).

## How things hang together

The properties of this ontology that lead from things to things; those of others that the graph uses are on the page on
[the graph](../data-model.md).
"""
_SCHEMES = f"""
## Schemes of identifiers

Under <{NAMESPACES["scheme"]}>; for arXiv, DOI and dblp those of the DataCite ontology are used.
"""
_ALIGNED = """
# Alignments

Which terms of the graph, own ones and those of others, mean what terms of four other vocabularies mean. The
statements are in [alignments.ttl](../../ontology/alignments.ttl). Here `skos:closeMatch` reads *means nearly*,
`skos:broadMatch` *means less than*, `skos:narrowMatch` *means more than*, `skos:relatedMatch` *has to do with*.
"""


def pages() -> dict[str, str]:
    """Return the text of each page by its file name.

    >>> sorted(pages())
    ['README.md', 'alignments.md', 'categories.md', 'classes.md', 'properties.md']
    """
    known = Ontology()
    return {
        "README.md": _joined(_overview(known)),
        "alignments.md": _joined(_aligned(known)),
        "categories.md": _joined(_categories()),
        "classes.md": _joined(_classes(known)),
        "properties.md": _joined(_properties(known)),
    }


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is, in a cell of a table too.

    >>> print(escaped("a_b | <c>"))
    a\_b \| \<c>
    """
    return re.sub(r"([\\`*_\[\]<|])", r"\\\1", text)


def _joined(lines: Iterable[str]) -> str:
    note = f"<!-- Made from the files in ontology/ by '{COMMAND}': change those, not this. -->"
    return "\n".join([note, "", *lines]).rstrip("\n") + "\n"


def _table(*rows: tuple[str, ...]) -> Iterator[str]:
    head, *body = rows
    yield f"| {' | '.join(head)} |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    yield from (f"| {' | '.join(row)} |" for row in body)
    yield ""


def _link(known: Ontology, name: str) -> str:
    """Return a term as a link to where it is explained."""
    page = "classes.md" if name in known.classes else "properties.md" if name in known.properties else ""
    if page:
        return f"[{name.removeprefix(':')}]({page}#{name.removeprefix(':').lower()})"
    if name.startswith(("http:", "https:")):
        return f"<{name}>"
    return f"`{name}`" if name.startswith(("xsd:", "rdfs:", "owl:")) else f"[{name}]({expanded(name)})"


def _links(known: Ontology, names: Iterable[str]) -> str:
    return ", ".join(_link(known, name) for name in names)


def _source(known: Ontology, term: str) -> str:
    said = known.values(term, "dcterms:source")
    return escaped(said[0]) if said[0].startswith("Own: ") else _links(known, said)


def _overview(known: Ontology) -> Iterator[str]:
    licence = known.one(ONTOLOGY, "dcterms:license")
    yield f"# {known.one(ONTOLOGY, 'dcterms:title')}"
    yield ""
    yield escaped(known.one(ONTOLOGY, "dcterms:description"))
    yield ""
    yield from _table(
        ("", ""),
        ("IRI", f"<{ONTOLOGY}>"),
        ("version", known.one(ONTOLOGY, "owl:versionInfo")),
        ("prefix, namespace", f"`{known.one(ONTOLOGY, 'vann:preferredNamespacePrefix')}`, <{PREFIXES['']}>"),
        ("created, modified", ", ".join(known.one(ONTOLOGY, f"dcterms:{w}")[:10] for w in ("created", "modified"))),
        ("licence", f"<{licence}>"),
        ("file", "[llmcomp.ttl](../../ontology/llmcomp.ttl), OWL 2 DL in Turtle"),
    )
    yield _INTRODUCED.strip("\n")
    yield ""
    yield from _diagram(known)
    yield "## Classes"
    yield ""
    defined = ((_link(known, c), escaped(known.one(c, "skos:definition"))) for c in known.classes)
    yield from _table(("class", "what it is"), *defined)
    yield "## Properties"
    yield ""
    ends = (
        (_link(known, p), *(_links(known, known.values(p, end)) for end in ("rdfs:domain", "rdfs:range")))
        for p in known.properties
    )
    yield from _table(("property", "from", "to"), *ends)
    yield _SCHEMES.strip("\n")
    yield ""
    schemes = (
        (
            scheme.removeprefix("scheme:"),
            escaped(known.one(scheme, "skos:definition")),
            known.one(scheme, "skos:example").replace('"', "`"),
            _source(known, scheme),
        )
        for scheme in known.own("owl:NamedIndividual")
    )
    yield from _table(("scheme", "what it names", "example", "source"), *schemes)


def _diagram(known: Ontology) -> Iterator[str]:
    """Draw the object properties in Mermaid, which GitHub shows as a picture."""
    yield "```mermaid"
    yield "flowchart LR"
    for term in known.own("owl:ObjectProperty"):
        starts, goals = (map(_box, known.values(term, end)) for end in ("rdfs:domain", "rdfs:range"))
        edges = product(starts, goals)
        yield from (f"    {start} -- {term.removeprefix(':')} --> {goal}" for start, goal in edges)
    yield "```"
    yield ""


def _box(name: str) -> str:
    ident = re.sub(r"\W", "_", name)
    return f'{ident}["{name.removeprefix(":")}"]'


def _described(known: Ontology, term: str, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the section of a term: what all have, and ``facts``; those without a text are left out."""
    yield f"## {term.removeprefix(':')}"
    yield ""
    yield escaped(known.one(term, "skos:definition"))
    yield ""
    matches = (f"{_RELATIONS[a.relation]} {_link(known, a.theirs)}" for a in alignments() if a.ours == term)
    told = [
        ("note", escaped(known.one(term, "skos:scopeNote"))),
        ("example", escaped(known.one(term, "skos:example"))),
        *facts,
        ("elsewhere", ", ".join(matches)),
        ("source", _source(known, term)),
        ("IRI", f"<{expanded(term)}>"),
    ]
    yield from (f"- {name}: {text}" for name, text in told if text)
    yield ""


def _classes(known: Ontology) -> Iterator[str]:
    yield "# Classes"
    yield ""
    for term in known.classes:
        wider = _links(known, known.values(term, "rdfs:subClassOf"))
        begun = _links(known, (p for p in known.properties if term in known.values(p, "rdfs:domain")))
        ended = _links(known, (p for p in known.properties if term in known.values(p, "rdfs:range")))
        yield from _described(known, term, [("is a kind of", wider), ("has", begun), ("is led to by", ended)])
    yield "## What is never the same thing"
    yield ""
    yield "Nothing is an instance of two classes of one line."
    yield ""
    yield from (f"- {_links(known, apart)}" for apart in known.lists("owl:members"))


def _properties(known: Ontology) -> Iterator[str]:
    yield "# Properties"
    yield ""
    for term in known.properties:
        kinds = known.values(term, "rdf:type")
        domain, range_ = (_links(known, known.values(term, end)) for end in ("rdfs:domain", "rdfs:range"))
        wider = _links(known, known.values(term, "rdfs:subPropertyOf"))
        kind = ", ".join(text for name, text in _KINDS.items() if name in kinds)
        yield from _described(known, term, [("kind", kind), ("from", domain), ("to", range_), ("is a kind of", wider)])


def _aligned(known: Ontology) -> Iterator[str]:
    yield _ALIGNED.strip("\n")
    yield ""
    for vocabulary in dict.fromkeys(a.vocabulary for a in alignments()):
        yield f"## {vocabulary}"
        yield ""
        rows = (
            (_link(known, a.ours), _RELATIONS[a.relation], _link(known, a.theirs), escaped(a.reason))
            for a in alignments()
            if a.vocabulary == vocabulary
        )
        yield from _table(("here", "", "there", "why"), *rows)


def _categories() -> Iterator[str]:
    known = Statements("categories.ttl")
    yield "# Categories"
    yield ""
    yield f"{escaped(known.one(CATEGORY_SCHEME, 'dcterms:description'))} The statements are in"
    yield "[categories.ttl](../../ontology/categories.ttl); a graph has of them what its lists have sections for."
    yield ""
    tops = known.values(CATEGORY_SCHEME, "skos:hasTopConcept")
    for top in sorted(tops, key=lambda c: (not known.values(c, "skos:narrower"), c)):
        yield from _category(known, top, 0)


def _category(known: Statements, concept: str, depth: int) -> Iterator[str]:
    others = ", ".join(escaped(other) for other in known.values(concept, "skos:altLabel"))
    matches = "; ".join(
        f"{text} [{match}]({expanded(match)})"
        for relation, text in _RELATIONS.items()
        for match in known.values(concept, relation)
    )
    kind = "" if known.values(concept, "skos:notation") else " (groups sections and is none)"
    yield (
        f"{'  ' * depth}- **{known.one(concept, 'skos:prefLabel')}**{kind}: "
        + escaped(known.one(concept, "skos:definition"))
        + (f" Also called: {others}." if others else "")
        + (f" It {matches}." if matches else "")
    )
    for narrower in known.values(concept, "skos:narrower"):
        yield from _category(known, narrower, depth + 1)


def main(folder: Path = Path(__file__).parents[1] / "docs" / "ontology") -> None:
    """Write the pages into ``folder``, by default that of the checkout in which this module is."""
    if not folder.parent.is_dir():
        raise SystemExit(f"there is no folder {folder.parent}: the pages are made in a checkout of the project.")
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")
    sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
