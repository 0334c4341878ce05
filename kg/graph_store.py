"""A server's Graph Store: its graphs, read and written as a whole or in pieces.

By the SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/). A graph is named by the
parameters of the protocol: ``default``, or ``graph=`` and its IRI.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from .credentials import Credentials
from .errors import OutsideError
from .remote import Refused, Remote

if TYPE_CHECKING:
    from pyoxigraph import Triple

DEFAULT = "default"
"""How the default graph is named."""
ADVICE = (
    "Name the address of the server's Graph Store: /store on Oxigraph, /sparql-graph-crud-auth on Virtuoso, "
    ".../rdf-graphs/service on GraphDB (docs/scale.md)."
)
_LEAST = 100
_TOO_MUCH = frozenset({400, 413, 500, 501})
_ABSENT = frozenset({404, 410})
_WHO = frozenset({401, 403})
_SENT = {"Content-Type": "application/n-triples"}
_WANTED = {"Accept": "application/n-triples"}


def named(graph: str) -> str:
    """Return the parameters that name a graph by its IRI.

    >>> named("urn:x")
    'graph=urn%3Ax'
    """
    return f"graph={quote(graph, safe='')}"


class GraphStore:
    """The Graph Store at one address; ``calls`` counts what was asked of it."""

    def __init__(self, url: str, credentials: Credentials | None, pauses: tuple[float, ...]) -> None:
        """Name the address; nothing is sent before the first call."""
        self.url = url
        self.calls = 0
        self._remote = Remote(url, credentials, pauses=pauses)
        self._most = 0

    def get(self, graph: str) -> set[Triple]:
        """Return what the server shows of a graph; nothing for one that it has not."""
        from pyoxigraph import RdfFormat, parse

        self.calls += 1
        try:
            reply = self._remote.send("GET", b"", _WANTED, graph)
        except Refused as error:
            if error.status in _ABSENT:
                return set()
            raise error if error.status in _WHO else _advised(error) from error
        format = RdfFormat.from_media_type(reply.kind)
        if reply.is_page or (format is None and reply.content):
            what = "a web page" if reply.is_page else reply.kind or "something without a name"
            raise OutsideError(f"{self.url} answered with {what}, not with a graph. {ADVICE}")
        try:
            return {quad.triple for quad in parse(reply.content, format=format)} if format else set()
        except SyntaxError as error:
            what = f"{reply.kind} that cannot be read ({' '.join(str(error).split())})"
            raise OutsideError(f"{self.url} answered with {what}. {ADVICE}") from error

    def has(self, graph: str) -> bool:
        """Return whether the server shows anything of a graph."""
        self.calls += 1
        try:
            return bool(self._remote.send("GET", b"", _WANTED, graph, enough=1).content.strip())
        except Refused:
            return False

    def takes(self, graph: str) -> bool:
        """Return whether the server lets a graph be written to; nothing is."""
        try:
            self._call("POST", graph, b"")
        except Refused as error:
            if error.status in _WHO:
                raise
            return False
        return True

    def put(self, graph: str, triples: Iterable[Triple]) -> None:
        """Put statements in the place of a graph, in one step."""
        try:
            self._call("PUT", graph, lines(triples))
        except Refused as error:
            if error.status in _WHO:
                raise
            raise _advised(error) from error

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph; where the server finds them too many, in halves, and later no more at once."""
        rows = triples.splitlines(keepends=True)
        if 0 < self._most < len(rows):
            self._add_in_parts(graph, rows)
            return
        try:
            self._call("POST", graph, triples)
        except Refused as error:
            if error.status in (404, 405, 415) or (error.status in _TOO_MUCH and len(rows) <= _LEAST):
                raise _advised(error) from error
            if error.status not in _TOO_MUCH:
                raise
            self._most = max(len(rows) // 2, _LEAST)
            self._add_in_parts(graph, rows)

    def _add_in_parts(self, graph: str, rows: list[bytes]) -> None:
        while rows:
            part, rows = rows[: self._most], rows[self._most :]
            self.add(graph, b"".join(part))

    def remove(self, graph: str) -> None:
        """Remove a graph, if it is there."""
        try:
            self._call("DELETE", graph, b"")
        except Refused as error:
            if error.status not in _ABSENT:
                raise

    def _call(self, method: str, graph: str, data: bytes) -> None:
        self.calls += 1
        self._remote.send(method, data, {} if method == "DELETE" else _SENT, graph)


def lines(triples: Iterable[Triple]) -> bytes:
    """Return statements as N-Triples."""
    from pyoxigraph import RdfFormat, serialize

    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _advised(error: Refused) -> Refused:
    return Refused(f"{error} {ADVICE}", error.status, error.said)
