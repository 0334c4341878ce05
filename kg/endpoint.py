"""A SPARQL endpoint on the network: what the store on disk answers, it answers over HTTP.

Asked by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), always with a form, which every server
takes. The resolved view stands in the server's default graph, or, where a server has none of its own (Virtuoso's is the
union of all graphs), in a named one that each query is told to take for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..ontology.terms import KEYS_GRAPH, METADATA_GRAPH, PREFIXES, RESOLVED_VIEW, VOID_DATASET, XSD_BOOLEAN
from .credentials import Credentials
from .errors import OutsideError
from .remote import PATIENCE, Refused, Remote, Reply

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, Triple

_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_PROLOGUE = re.compile(r"(?:\s|#[^\n]*(?:\n|$)|PREFIX\s+[^\s:]*:\s*<[^<>]*>|BASE\s*<[^<>]*>)*", re.IGNORECASE)
_PREFIX = re.compile(r"<[^<>]*>|#[^\n]*|PREFIX\s+([^\s:]*):", re.IGNORECASE)
_USED = re.compile(r"([A-Za-z][\w-]*)?:")
_CUT = "x-sparql-maxrows"
"""The header by which Virtuoso and 'llmcomp serve' tell that an answer has no more rows than they give."""
_IS_WHOLE = f"ASK {{ GRAPH <{METADATA_GRAPH}> {{ <{RESOLVED_VIEW}> a <{VOID_DATASET}> }} }}"
_IS_BEGUN = f"ASK {{ GRAPH <{METADATA_GRAPH}> {{ ?s ?p ?o }} }}"
_HAS_NAMED_VIEW = f"ASK {{ GRAPH <{RESOLVED_VIEW}> {{ ?s ?p ?o }} }}"
_NAMED = f"SELECT DISTINCT ?graph WHERE {{ GRAPH <{METADATA_GRAPH}> {{ ?graph a <{VOID_DATASET}> }} }}"
_HAS_VIEW = "ASK { ?s ?p ?o }"
_IS_UNION = f"ASK {{ <{RESOLVED_VIEW}> a <{VOID_DATASET}> }}"
"""What the graph of metadata says and the view does not."""
_NAME_ANOTHER = "Name the address of the endpoint itself, which often ends in /sparql or /query."
_ELSEWHERE = frozenset({404, 405, 406, 410, 415, 501})

Dataset = tuple[tuple[str, str], ...]
"""Parameters of the protocol that name the graphs of a query."""


class Endpoint:
    """One endpoint, open for questions; it is asked by several threads at once."""

    def __init__(self, url: str, credentials: Credentials | None = None, patience: float = PATIENCE) -> None:
        """Name the address of the endpoint; nothing is sent before the first question."""
        self.url = url
        self._remote = Remote(url, credentials, patience)

    def __repr__(self) -> str:
        return f"<Endpoint {self.url}>"

    @cached_property
    def dataset(self) -> Dataset:
        """The graphs that a query is told to take for its own; none where the server's default graph is the view.

        Raises OutsideError where there is no whole graph of ours, or the server cannot tell the view from its sources.
        """
        try:
            if not self._yes(_IS_WHOLE):
                if self._yes(_IS_BEGUN):
                    next_ = "Wait for the 'llmcomp push' that is loading it, or run it again."
                    raise OutsideError(f"{self.url} holds a graph that is not whole. {next_}")
                next_ = "'llmcomp push' loads one; or name another with --graph."
                raise OutsideError(f"{self.url} holds no graph of llmcomp. {next_}")
            dataset: Dataset = ()
            if self._yes(_HAS_NAMED_VIEW):
                told = {str(getattr(row[0], "value", "")) for row in self._ask(_NAMED, ())}  # type: ignore
                named = sorted(told - {RESOLVED_VIEW} | {KEYS_GRAPH, METADATA_GRAPH})
                dataset = (("default-graph-uri", RESOLVED_VIEW), *(("named-graph-uri", graph) for graph in named))
            if not self._yes(_HAS_VIEW, dataset):
                raise OutsideError(
                    f"{self.url} shows nothing of the resolved view: it takes no default-graph-uri of the SPARQL "
                    "Protocol, or its default graph is hidden. See docs/scale.md."
                )
            if self._yes(_IS_UNION, dataset):
                raise OutsideError(
                    f"the default graph of {self.url} is the union of all its graphs, so that sources would be taken "
                    "for what was decided. Load the graph with 'llmcomp push --name-view'; see docs/scale.md."
                )
        except SyntaxError as error:
            raise OutsideError(f"{self.url} does not understand SPARQL ({_line(error)}). {_NAME_ANOTHER}") from error
        return dataset

    def query(
        self,
        query: str,
        *,
        prefixes: Mapping[str, str] = PREFIXES,
        default_graph: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> QuerySolutions | QueryBoolean | bool | list[Triple]:
        """Answer ``query``, as pyoxigraph's store does; raise SyntaxError for what the server calls no query.

        With ``default_graph`` or ``named_graphs`` (IRIs) these are the dataset, else it is the whole graph of ours.
        """
        dataset = tuple(("default-graph-uri", iri) for iri in default_graph)
        dataset += tuple(("named-graph-uri", iri) for iri in named_graphs)
        return self._ask(query, dataset or self.dataset, prefixes)

    def _yes(self, query: str, dataset: Dataset = ()) -> bool:
        return bool(self._ask(query, dataset, {}))

    def _ask(
        self, query: str, dataset: Dataset, prefixes: Mapping[str, str] = PREFIXES
    ) -> QuerySolutions | QueryBoolean | bool | list[Triple]:
        form = _form(query)
        triples = form in ("CONSTRUCT", "DESCRIBE")
        headers = {"Accept": _TRIPLES if triples else _ROWS, "Content-Type": _FORM}
        data = [("query", declared(query, prefixes)), *dataset]
        try:
            reply = self._remote.send("POST", urlencode(data).encode(), headers)
        except Refused as error:
            if error.status == 400:
                raise self._refused(str(data[0][1]), error.said) from error
            if error.status in _ELSEWHERE:
                raise Refused(f"{error} {_NAME_ANOTHER}", error.status, error.said) from error
            raise
        try:
            return _triples(reply) if triples else self._rows(reply, form)
        except (SyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._no_answer(reply, _line(error)) from error

    def _refused(self, query: str, said: str) -> Exception:
        """Return what to raise for a query that the server calls none: it may be at fault itself."""
        from pyoxigraph import Store

        try:
            # asked of nothing, a query is only read; a service would be called even so
            if not re.search(r"\bSERVICE\b", query, re.IGNORECASE):
                Store().query(query)
                return OutsideError(f"{self.url} does not take this query, which is SPARQL 1.1: {said[:300]}.")
        except SyntaxError as error:
            return error
        return SyntaxError(said)

    def _rows(self, reply: Reply, form: str) -> QuerySolutions | QueryBoolean | bool:
        """Return rows, or a yes or no; they are read to their end, so that what is cut off is told of now."""
        from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

        if "json" not in reply.kind and reply.kind not in ("", "text/plain"):
            format = QueryResultsFormat.from_media_type(reply.kind)
            if format is None:
                raise ValueError("it was asked for JSON")
            found = parse_query_results(reply.content, format=format)
            if not isinstance(found, QuerySolutions):
                return found
            told: Any = json.loads(found.serialize(format=QueryResultsFormat.JSON) or b"")
        else:
            told = json.loads(reply.content)
        if "boolean" in told:
            return bool(told["boolean"])
        rows: list[dict[str, dict[str, Any]]] = told["results"]["bindings"]
        if form == "ASK":  # Virtuoso answers yes or no with a row of 1 or 0
            return any(str(term["value"]) in ("1", "true") for row in rows for term in row.values())
        most = reply.headers.get(_CUT, "")
        if reply.status == 206 or (most.isdecimal() and len(rows) >= int(most)):
            raise OutsideError(
                f"{self.url} gives at most {len(rows)} rows, and there may be more. Ask for less, or let it give more "
                "(ResultSetMaxRows on Virtuoso, --max-rows of 'llmcomp serve')."
            )
        content = reply.content
        if _with_booleans(rows) or "json" not in reply.kind:
            content = json.dumps(told).encode()
        return parse_query_results(content, format=QueryResultsFormat.JSON)

    def _no_answer(self, reply: Reply, error: str) -> OutsideError:
        what = "a web page" if reply.is_page else reply.kind or "nothing that can be read"
        return OutsideError(f"{self.url} answered with {what}, not with results of SPARQL ({error}). {_NAME_ANOTHER}")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _triples(reply: Reply) -> list[Triple]:
    from pyoxigraph import RdfFormat, Triple, parse

    format = RdfFormat.from_media_type(reply.kind) or RdfFormat.N_TRIPLES
    return [Triple(q.subject, q.predicate, q.object) for q in parse(reply.content, format=format)]


def _with_booleans(rows: list[dict[str, dict[str, Any]]]) -> bool:
    """Write booleans as true and false, as the store has them: Virtuoso has 1 and 0. Say whether one was changed."""
    changed = False
    for row in rows:
        for term in row.values():
            if term.get("datatype") == XSD_BOOLEAN and term["value"] in ("0", "1"):
                term["value"] = "true" if term["value"] == "1" else "false"
                changed = True
    return changed


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
    start = _PROLOGUE.match(query)
    own = {match[1] for match in _PREFIX.finditer(query, 0, start.end() if start else 0)}
    lines = [f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items() if name in used - own]
    return "".join(lines) + query
