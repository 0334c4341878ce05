"""Answers as bytes, of so many rows or triples at most."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, cast

from ...ontology.terms import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as bytes: its media type, how many rows or triples it holds, and whether more were cut off."""

    data: bytes
    media_type: str
    count: int
    cut: bool = False


def is_triples(results: object) -> bool:
    """Return whether the answer is one of triples, not of rows or a yes or no."""
    return type(results).__name__ not in ("QuerySolutions", "QueryBoolean", "bool")


def write_rows(results: QuerySolutions | QueryBoolean | bool, format: str, media_type: str, most: int) -> Written:
    """Return a table, or a yes or no, in ``format`` (json, xml, csv, tsv), cut to ``most`` rows."""
    from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

    count, cut = 1, False
    if isinstance(results, QuerySolutions):
        names = [variable.value for variable in results.variables]
        rows: list[Iterable[object]] = list(islice(cast(Iterable[Iterable[object]], results), most + 1))
        count, cut = min(len(rows), most), len(rows) > most
        bindings = [
            {name: _term(term) for name, term in zip(names, row, strict=True) if term is not None}
            for row in rows[:most]
        ]
        text = json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}, ensure_ascii=False)
    else:
        text = json.dumps({"head": {}, "boolean": bool(results)})
    data = text.encode("utf-8", "replace")
    if format != "json":
        # the engine writes the other three; it reads what it is given once more, for it writes no rows that were cut
        wanted = {"xml": QueryResultsFormat.XML, "csv": QueryResultsFormat.CSV, "tsv": QueryResultsFormat.TSV}[format]
        data = parse_query_results(data, format=QueryResultsFormat.JSON).serialize(format=wanted) or b""
    return Written(data, media_type, count, cut)


def write_triples(results: QueryTriples | Iterable[Triple], format: str, media_type: str, most: int) -> Written:
    """Return triples in ``format`` (turtle, ntriples, jsonld, rdfxml), cut to ``most`` of them."""
    from pyoxigraph import RdfFormat, serialize

    triples = list(islice(results, most + 1))
    formats = {
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "jsonld": RdfFormat.JSON_LD,
        "rdfxml": RdfFormat.RDF_XML,
    }
    prefixes = PREFIXES if format in ("turtle", "rdfxml") else None
    data = serialize(triples[:most], format=formats[format], prefixes=prefixes) or b""
    return Written(data, media_type, min(len(triples), most), len(triples) > most)


def _term(term: object) -> dict[str, object]:
    """Return a term as SPARQL's JSON results write it (https://www.w3.org/TR/sparql11-results-json/)."""
    from pyoxigraph import BlankNode, Literal, NamedNode

    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Literal):
        told: dict[str, object] = {"type": "literal", "value": term.value}
        if term.language:
            told["xml:lang"] = term.language
        elif not term.datatype.value.endswith("XMLSchema#string"):
            told["datatype"] = term.datatype.value
        return told
    parts = ("subject", "predicate", "object")
    return {"type": "triple", "value": {part: _term(getattr(term, part)) for part in parts}}
