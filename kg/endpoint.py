"""A SPARQL endpoint on the network: what the store on disk answers, it answers over HTTP.

Asked by the SPARQL 1.1 Protocol, always with a form, which every server takes. The resolved view stands in the
server's default graph, or, where a server has none of its own (Virtuoso's is the union of all graphs), in a named one
that each query is told to take for it.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..ontology.terms import KEYS_GRAPH, METADATA_GRAPH, RESOLVED_VIEW, PREFIXES
from .errors import OutsideError, UsageError

if TYPE_CHECKING:
    from httpx import Client, Response
    from pyoxigraph import QueryBoolean, QuerySolutions, Triple

USER, PASSWORD, TOKEN = "LLMCOMP_ENDPOINT_USER", "LLMCOMP_ENDPOINT_PASSWORD", "LLMCOMP_ENDPOINT_TOKEN"
"""Variables of the environment in which an endpoint's user and password, or its token, stand."""
PATIENCE = 120.0
"""Seconds that a server may take to answer a query."""
_PAUSES = (0.2, 0.8)
_BUSY = frozenset({429, 502, 503, 504})
_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_PROLOGUE = re.compile(r"(?:\s|#[^\n]*(?:\n|$)|PREFIX\s+[^\s:]*:\s*<[^<>]*>|BASE\s*<[^<>]*>)*", re.IGNORECASE)
_USED = re.compile(r"([A-Za-z][\w-]*)?:(?=[\w\\%])|([A-Za-z][\w-]*):(?=\W|$)")
_NAMED = "SELECT DISTINCT ?graph WHERE { GRAPH <%s> { ?graph a void:Dataset } }" % METADATA_GRAPH


def is_address(text: object) -> bool:
    """Return whether ``text`` names a graph on the network, not a folder."""
    return isinstance(text, str) and text.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: a user with a password, or a token, or nobody."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Credentials:
        """Return what the environment tells; see :data:`USER`, :data:`PASSWORD`, :data:`TOKEN`."""
        return cls(*(environment.get(name, "") for name in (USER, PASSWORD, TOKEN)))


class Endpoint:
    """One endpoint, open for questions; it is asked by several threads at once."""

    def __init__(self, url: str, credentials: Credentials | None = None, patience: float = PATIENCE) -> None:
        """Name the address of the endpoint; nothing is sent before the first question."""
        self.url = url
        self.credentials = Credentials.of_environment() if credentials is None else credentials
        self.patience = patience
        if "@" in url.partition("//")[2].partition("/")[0]:
            raise UsageError(
                f"the address of a graph is no place for a password. Set {USER} and {PASSWORD} in the environment."
            )

    def __repr__(self) -> str:
        return f"<Endpoint {self.url}>"

    @cached_property
    def client(self) -> Client:
        """The HTTP client, with the credentials."""
        import httpx

        who = self.credentials
        headers = {"Authorization": f"Bearer {who.token}"} if who.token else {}
        return httpx.Client(headers=headers, timeout=self.patience, follow_redirects=True)

    @cached_property
    def dataset(self) -> tuple[tuple[str, str], ...]:
        """The graphs that a query is told to take for its dataset; none where the server's own default graph is meant."""
        if not self._yes(f"ASK {{ GRAPH <{RESOLVED_VIEW}> {{ ?s ?p ?o }} }}"):
            if self._yes(f"ASK {{ GRAPH <{METADATA_GRAPH}> {{ ?s ?p ?o }} }}"):
                return ()
            raise OutsideError(
                f"{self.url} holds no graph of llmcomp. 'llmcomp push {self.url}' loads one there; or name another "
                "endpoint with --graph."
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
    ) -> QuerySolutions | QueryBoolean | list[Triple]:
        """Answer ``query``, as pyoxigraph's store does; raise SyntaxError for what the server calls no query."""
        return self._ask(bound(query, substitutions or {}), self.dataset, prefixes)

    def _yes(self, query: str) -> bool:
        return bool(self._ask(query, ()))

    def _ask(
        self, query: str, dataset: tuple[tuple[str, str], ...], prefixes: Mapping[str, str] = PREFIXES
    ) -> QuerySolutions | QueryBoolean | list[Triple]:
        from pyoxigraph import QueryResultsFormat, RdfFormat, Triple, parse, parse_query_results

        triples = _form(query) in ("CONSTRUCT", "DESCRIBE")
        data = [("query", declared(query, prefixes)), *dataset]
        answer = self._send(data, _TRIPLES if triples else _ROWS)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if triples:
                rdf = RdfFormat.from_media_type(kind) or RdfFormat.N_TRIPLES
                return [Triple(q.subject, q.predicate, q.object) for q in parse(answer.content, format=rdf)]
            results = QueryResultsFormat.from_media_type(kind) or QueryResultsFormat.JSON
            return parse_query_results(answer.content, format=results)
        except (SyntaxError, ValueError) as error:
            raise self._no_answer(answer, kind, str(error)) from error

    def _no_answer(self, answer: Response, kind: str, error: str) -> OutsideError:
        what = (
            "a web page" if "html" in kind or answer.content[:100].lstrip().lower().startswith(b"<!doctype") else kind
        )
        return OutsideError(
            f"{self.url} answered with {what or 'nothing that can be read'}, not with results of SPARQL "
            f"({' '.join(error.split())[:200]}). Name the address of the endpoint itself, which often ends in /sparql."
        )

    def _send(self, data: list[tuple[str, str]], accept: str) -> Response:
        """Send one query; a server that is busy is asked again, one that wants Digest is told so."""
        from urllib.parse import urlencode

        import httpx

        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        body, who, auth = urlencode(data).encode(), self.credentials, None
        if who.user and not who.token:
            auth = httpx.BasicAuth(who.user, who.password)
        for pause in (*_PAUSES, None):
            try:
                answer = self.client.post(self.url, content=body, headers=headers, auth=auth)
                wanted = answer.headers.get("www-authenticate", "").lower()
                if answer.status_code == 401 and auth and wanted.startswith("digest"):
                    digest = httpx.DigestAuth(who.user, who.password)
                    answer = self.client.post(self.url, content=body, headers=headers, auth=digest)
            except httpx.TimeoutException as error:
                raise OutsideError(
                    f"{self.url} gave no answer in {self.patience:.0f} seconds. Ask for less, or try again later."
                ) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise OutsideError(
                    f"{self.url} cannot be reached: {error or type(error).__name__}. Check the address, and that the "
                    "server runs."
                ) from error
            if pause is None or answer.status_code not in _BUSY:
                return self._checked(answer)
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _checked(self, answer: Response) -> Response:
        status = answer.status_code
        if status in (401, 403):
            raise OutsideError(
                f"{self.url} refuses who asks ({status}). Set {USER} and {PASSWORD}, or {TOKEN}, in the environment."
            )
        if status == 400:
            raise SyntaxError(_told(answer))
        if status >= 300:
            raise OutsideError(f"{self.url} answered {status} {answer.reason_phrase}: {_told(answer)}")
        return answer


def _told(answer: Response) -> str:
    """Return what a server says of an error, in one line."""
    text = re.sub(r"<[^<>]*>", " ", answer.text) if "html" in answer.headers.get("content-type", "") else answer.text
    return " ".join(text.split())[:500] or "it does not say why"


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
    used = {match[1] or match[2] or "" for match in _USED.finditer(query)}
    own = set(re.findall(r"PREFIX\s+([^\s:]*):", query, re.IGNORECASE))
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
    for match in re.finditer(r"#[^\n]*|<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\{", query[start:]):
        if match[0] == "{":
            return start + match.start()
    raise SyntaxError("error at 1:1: a query has a pattern in braces")
