"""A SPARQL endpoint on the network: what the store on disk answers, it answers over HTTP.

Asked by the SPARQL 1.1 Protocol, always with a form, which every server takes. The resolved view stands in the
server's default graph, or, where a server has none of its own (Virtuoso's is the union of all graphs), in a named one
that each query is told to take for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ..ontology.terms import KEYS_GRAPH, METADATA_GRAPH, PREFIXES, RESOLVED_VIEW
from .errors import OutsideError
from .remote import PATIENCE, Credentials, Refused, Remote

if TYPE_CHECKING:
    from httpx import Response
    from pyoxigraph import QueryBoolean, QuerySolutions, Triple

_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_PROLOGUE = re.compile(r"(?:\s|#[^\n]*(?:\n|$)|PREFIX\s+[^\s:]*:\s*<[^<>]*>|BASE\s*<[^<>]*>)*", re.IGNORECASE)
_PREFIX = re.compile(r"PREFIX\s+([^\s:]*):", re.IGNORECASE)
_USED = re.compile(r"([A-Za-z][\w-]*)?:")
_FIRST_BRACE = re.compile(r"#[^\n]*|<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\{")
_NAMED = f"SELECT DISTINCT ?graph WHERE {{ GRAPH <{METADATA_GRAPH}> {{ ?graph a void:Dataset }} }}"


class Endpoint:
    """One endpoint, open for questions; it is asked by several threads at once."""

    def __init__(self, url: str, credentials: Credentials | None = None, patience: float = PATIENCE) -> None:
        """Name the address of the endpoint; nothing is sent before the first question."""
        self.url = url
        self._remote = Remote(url, credentials, patience)

    def __repr__(self) -> str:
        return f"<Endpoint {self.url}>"

    @cached_property
    def dataset(self) -> tuple[tuple[str, str], ...]:
        """The graphs that a query is told to take for its own; none where the server's default graph is the view."""
        if not self._yes(f"ASK {{ GRAPH <{RESOLVED_VIEW}> {{ ?s ?p ?o }} }}"):
            if self._yes(f"ASK {{ GRAPH <{METADATA_GRAPH}> {{ ?s ?p ?o }} }}"):
                return ()
            raise OutsideError(
                f"{self.url} holds no graph of llmcomp. 'llmcomp push' loads one; or name another with --graph."
            )
        graphs = {str(row[0].value) for row in self._ask(_NAMED, ())} | {KEYS_GRAPH, METADATA_GRAPH}  # type: ignore
        named = sorted(graphs - {RESOLVED_VIEW})
        return (("default-graph-uri", RESOLVED_VIEW), *(("named-graph-uri", graph) for graph in named))

    def query(
        self,
        query: str,
        *,
        prefixes: Mapping[str, str] = PREFIXES,
        substitutions: Mapping[object, object] | None = None,
        default_graph: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> QuerySolutions | QueryBoolean | bool | list[Triple]:
        """Answer ``query``, as pyoxigraph's store does; raise SyntaxError for what the server calls no query.

        With ``default_graph`` or ``named_graphs`` (IRIs) these are the dataset, else it is the whole graph of ours.
        """
        dataset = tuple(("default-graph-uri", iri) for iri in default_graph)
        dataset += tuple(("named-graph-uri", iri) for iri in named_graphs)
        return self._ask(bound(query, substitutions or {}), dataset or self.dataset, prefixes)

    def _yes(self, query: str) -> bool:
        return bool(self._ask(query, ()))

    def _ask(
        self, query: str, dataset: tuple[tuple[str, str], ...], prefixes: Mapping[str, str] = PREFIXES
    ) -> QuerySolutions | QueryBoolean | bool | list[Triple]:
        from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

        form = _form(query)
        triples = form in ("CONSTRUCT", "DESCRIBE")
        headers = {
            "Accept": _TRIPLES if triples else _ROWS,
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        data = [("query", declared(query, prefixes)), *dataset]
        try:
            answer = self._remote.send("POST", urlencode(data).encode(), headers)
        except Refused as error:
            if error.status == 400:
                raise SyntaxError(error.said) from error
            raise
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if triples:
                rdf = RdfFormat.from_media_type(kind) or RdfFormat.N_TRIPLES
                return [Triple(q.subject, q.predicate, q.object) for q in parse(answer.content, format=rdf)]
            results = QueryResultsFormat.from_media_type(kind) or QueryResultsFormat.JSON
            found = parse_query_results(answer.content, format=results)
        except (SyntaxError, ValueError) as error:
            raise self._no_answer(answer, kind, str(error)) from error
        if form == "ASK" and isinstance(found, QuerySolutions):  # Virtuoso answers yes or no with a row of 1 or 0
            return any(str(getattr(term, "value", "")) in ("1", "true") for row in found for term in row)
        return found

    def _no_answer(self, answer: Response, kind: str, error: str) -> OutsideError:
        page = "html" in kind or answer.content[:100].lstrip().lower().startswith((b"<!doctype", b"<html"))
        what = "a web page" if page else kind or "nothing that can be read"
        return OutsideError(
            f"{self.url} answered with {what}, not with results of SPARQL ({' '.join(error.split())[:200]}). Name the "
            "address of the endpoint itself, which often ends in /sparql or /query."
        )


def _form(query: str) -> str:
    """Return the word with which a query begins behind its prologue, in capitals."""
    start = _PROLOGUE.match(query)
    word = re.match(r"[A-Za-z]*", query[start.end() if start else 0 :])
    return word[0].upper() if word else ""


def declared(query: str, prefixes: Mapping[str, str]) -> str:
    """Return ``query`` with those of ``prefixes`` declared that it may use, before its first line so that lines stay.

    >>> declared("ASK { ?s a foaf:Person }", {"foaf": "http://xmlns.com/foaf/0.1/", "x": "http://example.org/"})
    'PREFIX foaf: <http://xmlns.com/foaf/0.1/> ASK { ?s a foaf:Person }'
    """
    used = {match[1] or "" for match in _USED.finditer(query)}
    own = set(_PREFIX.findall(query))
    lines = [f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items() if name in used - own]
    return "".join(lines) + query


def bound(query: str, values: Mapping[object, object]) -> str:
    """Return ``query`` with variables bound: the bindings stand first in its pattern.

    >>> bound("SELECT ?a WHERE { ?a :p ?b }", {"b": "<urn:x>"})
    'SELECT ?a WHERE { VALUES ?b { <urn:x> } ?a :p ?b }'
    """
    if not values:
        return query
    told = " ".join(f"VALUES ?{str(name).lstrip('?')} {{ {value} }}" for name, value in values.items())
    start = _PROLOGUE.match(query)
    brace = _first_brace(query, start.end() if start else 0)
    return f"{query[: brace + 1]} {told}{query[brace + 1 :]}"


def _first_brace(query: str, start: int) -> int:
    """Return where the pattern of a query begins: the first brace that no comment, text or address holds."""
    for match in _FIRST_BRACE.finditer(query, start):
        if match[0] == "{":
            return match.start()
    raise SyntaxError("error at 1:1: a query has a pattern in braces")
