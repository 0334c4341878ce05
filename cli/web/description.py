"""What the server says of itself: SPARQL 1.1 Service Description, and VoID of what the graph holds."""

from __future__ import annotations

from collections.abc import Sequence

from ...kg.graph import Graph
from ...ontology.terms import PREFIXES, RESOLVED_VIEW

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"


def service_description(endpoint: str, graph: Graph, services: bool) -> bytes:
    """Return in Turtle what the endpoint at ``endpoint`` does (https://www.w3.org/TR/sparql11-service-description/)."""
    lines = [
        f"@prefix sd: <{_SD}> .",
        f"@prefix void: <{PREFIXES['void']}> .",
        f"@prefix dcterms: <{PREFIXES['dcterms']}> .",
        f"@prefix formats: <{_FORMATS}> .",
        "",
        f"<{endpoint}> a sd:Service ;",
        f"    sd:endpoint <{endpoint}> ;",
        "    sd:supportedLanguage sd:SPARQL11Query ;",
        *["    sd:feature sd:BasicFederatedQuery ;"] * services,
        "    sd:resultFormat " + ", ".join(f"formats:{name}" for name in _RESULTS) + " ;",
        f"    sd:defaultDataset <{endpoint}#dataset> .",
        "",
        f"<{endpoint}#dataset> a sd:Dataset ;",
        f"    sd:defaultGraph <{RESOLVED_VIEW}>",
    ]
    named = [(iri, title, int(size)) for iri, title, _, _, size in graph.rows("sources")]
    for iri, _, _ in named:
        lines += [" ;", f"    sd:namedGraph [ a sd:NamedGraph ; sd:name <{iri}> ; sd:graph <{iri}> ]"]
    lines += [" .", ""]
    for iri, title, size in named:
        lines += [f"<{iri}> a sd:Graph ; dcterms:title {_text(title)} ; void:triples {size} ."]
    return ("\n".join(lines).replace("\n ;", " ;").replace("\n .", " .") + "\n").encode()


_RESULTS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML"),
)


def void_description(endpoint: str, graph: Graph, classes: Sequence[tuple[str, int]], triples: int) -> bytes:
    """Return in Turtle what the graph holds (https://www.w3.org/TR/void/): sizes, classes, vocabularies, sources.

    ``classes`` are the classes of the view with the number of things in each, ``triples`` the size of the view.
    """
    used = sorted({iri for iri in PREFIXES.values() for name, _ in classes if name.startswith(iri)})
    lines = [
        *(f"@prefix {name}: <{PREFIXES[name]}> ." for name in ("void", "dcterms", "dc", "xsd", "foaf")),
        "",
        f"<{RESOLVED_VIEW}> a void:Dataset ;",
        '    dcterms:title "The resolved view of a reading list" ;',
        f"    void:sparqlEndpoint <{endpoint}> ;",
        f"    void:triples {triples} ;",
        *(f"    void:vocabulary <{iri}> ;" for iri in used),
        *(f"    void:classPartition [ void:class <{name}> ; void:entities {count} ] ;" for name, count in classes),
        *(f"    dcterms:source <{iri}> ;" for iri, *_ in graph.rows("sources")),
        f'    void:uriSpace "{PREFIXES["work"].removesuffix("work/")}" .',
        "",
    ]
    for iri, title, date, source, size in graph.rows("sources"):
        lines += [
            f"<{iri}> a void:Dataset ;",
            f"    dcterms:title {_text(title)} ;",
            f'    dcterms:date "{date}"^^xsd:date ;',
            f"    dc:source {_text(source)} ;",
            f"    void:triples {size} .",
            "",
        ]
    return "\n".join(lines).encode()


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
