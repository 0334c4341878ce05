"""What a request asks, by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/); what cannot be asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl

from ...kg.services import refused_service
from .negotiation import ROWS, TRIPLES, chosen
from .workers import Question

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_FORMATS = {short: media for media, short in reversed([*ROWS.items(), *TRIPLES.items()])}
"""Short names of formats, for the parameter ``format`` of people who type an address."""


class Refusal(Exception):
    """A request that is not answered: an HTTP status and why."""

    def __init__(self, status: int, why: str, **headers: str) -> None:
        super().__init__(why)
        self.status = status
        self.headers = headers


def parameters(method: str, query_string: str, content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a request in one of the protocol's three forms; raise Refusal for another.

    >>> parameters("POST", "default-graph-uri=urn:g", "application/sparql-query", b"ASK {}")
    [('default-graph-uri', 'urn:g'), ('query', 'ASK {}')]
    """
    asked = _parsed(query_string)
    if method in ("GET", "HEAD"):
        return asked
    kind, charset = _content_type(content_type)
    if kind == UPDATE:
        raise Refusal(403, "this endpoint is read only: it takes queries and no updates.")
    try:
        text = body.decode(charset)
    except (UnicodeError, LookupError) as error:
        raise Refusal(400, f"the body is not {charset}: {error}. Send the query in UTF-8.") from error
    if kind == QUERY:
        return [*asked, ("query", text)]
    if kind == FORM:
        return [*asked, *_parsed(text)]
    raise Refusal(415, f"a query is sent as {FORM} or {QUERY}, not as '{kind or 'nothing'}'.")


def _content_type(header: str) -> tuple[str, str]:
    kind, *rest = (part.strip() for part in header.split(";"))
    charset = next((part[8:].strip("\"'") for part in rest if part.lower().startswith("charset=")), "")
    return kind.lower(), charset or "utf-8"


def _parsed(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=10_000)
    except ValueError as error:
        raise Refusal(400, f"the parameters cannot be read ({error}). Encode them in UTF-8.") from error


def question(asked: Sequence[tuple[str, str]], accept: str, most: int, services: Collection[str]) -> Question:
    """Return what the parameters ask, written as ``accept`` wants it, of ``most`` rows; raise Refusal.

    ``services`` are the addresses that a query may send parts of itself to.
    """
    if any(name == "update" for name, _ in asked):
        raise Refusal(403, "this endpoint is read only: it takes queries and no updates.")
    queries = [value for name, value in asked if name == "query"]
    if len(queries) != 1:
        told = "no query" if not queries else f"{len(queries)} queries"
        raise Refusal(400, f"{told}; give one as the parameter 'query'.")
    (query,) = queries
    if service := refused_service(query, services):
        raise Refusal(403, f"SERVICE {service} is not allowed here. Whoever runs this server can allow an address.")
    wanted = next((value for name, value in asked if name == "format"), "")
    if wanted:
        accept = _FORMATS.get(wanted.lower(), wanted)
    rows, triples = chosen(accept, [*ROWS]), chosen(accept, [*TRIPLES])
    if rows is None and triples is None:
        types = ", ".join([*ROWS][:4] + [*TRIPLES][:4])
        raise Refusal(406, f"no answer can be written as '{accept[:200]}'. There are {types}.")
    return Question(
        query,
        (ROWS[rows], _canonical(rows)) if rows else None,
        (TRIPLES[triples], _canonical(triples)) if triples else None,
        most,
        tuple(_graphs(asked, "default-graph-uri")),
        tuple(_graphs(asked, "named-graph-uri")),
    )


def _canonical(media_type: str) -> str:
    """Return the media type that the answer says, which is the one that was asked for."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _graphs(asked: Sequence[tuple[str, str]], name: str) -> list[str]:
    graphs = [value for key, value in asked if key == name]
    for graph in graphs:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*", graph):
            raise Refusal(400, f"{name} '{graph[:200]}' is not an IRI.")
    return graphs
