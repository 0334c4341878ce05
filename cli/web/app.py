"""The server: which address is answered by what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...kg.errors import LlmcompError
from ...kg.graph import Graph
from ...kg.store import read_current
from ...ontology.named import describe, query_names, query_text
from ...ontology.terms import BASE
from .description import service_description, void_description
from .negotiation import TRIPLES, chosen
from .pages import CONTENT_SECURITY, page, query_page, thing_page
from .protocol import Refusal, parameters, question
from .workers import Busy, Ended, Question, Reply, TooLong, Workers

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

THINGS = ("work", "tool", "person", "venue", "category")
"""Kinds of things whose IRIs are answered at their path."""
CUT = "X-SPARQL-MaxRows"
"""The header that says at how many rows an answer was cut; Virtuoso's name for it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may ask of the server: seconds and rows a query, bytes a request, queries at once and waiting."""

    timeout: float = 30.0
    rows: int = 100_000
    request: int = 1_000_000
    parallel: int = 4
    waiting: int = 1_000


def make_app(
    graph: Graph,
    limits: Limits = Limits(),
    *,
    services: frozenset[str] = frozenset(),
    origins: tuple[str, ...] = (),
    hosts: tuple[str, ...] = ("*",),
) -> Starlette:
    """Return the application that answers for ``graph``.

    ``services`` are the addresses that queries may call, ``origins`` the web sites whose scripts may ask (none: CORS is
    off), ``hosts`` the names by which the server may be called.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.routing import Route

    server = _Server(graph, limits, services)
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)]
    if origins:
        allowed = Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"])
        middleware.append(allowed)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
        yield
        await server.workers.close()

    every = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]
    routes = [
        Route("/", server.home, methods=["GET"]),
        Route("/sparql", server.sparql, methods=every),
        Route("/.well-known/void", server.void, methods=["GET"]),
        *(Route(f"/{kind}/{{name:path}}", server.thing, methods=["GET"]) for kind in THINGS),
    ]
    return Starlette(routes=routes, middleware=middleware, lifespan=lifespan)


class _Server:
    """The graph, the processes that are asked, and the handlers of each address."""

    def __init__(self, graph: Graph, limits: Limits, services: frozenset[str]) -> None:
        self.graph = graph
        self.limits = limits
        self.services = services
        self.workers = Workers(
            str(graph.path), limits.parallel, limits.waiting, limits.timeout, lambda: _generation(graph)
        )

    async def home(self, _: Request) -> Response:
        """Answer with a page that leads to what there is."""
        body = (
            "<h1>llmcomp</h1><ul><li><a href='/sparql'>SPARQL</a>"
            "<li><a href='/.well-known/void'>What the graph holds</a></ul><h2>Categories</h2><ul>"
        )
        rows = await self._rows("category-names")
        body += "".join(f"<li><a href='/category/{slug}'>{_html(name)}</a>" for _, slug, name in rows) + "</ul>"
        return _response(page("llmcomp", body), "text/html; charset=utf-8")

    async def sparql(self, request: Request) -> Response:
        """Answer by the SPARQL protocol; without a query, with what the endpoint is."""
        try:
            return await self._sparql(request)
        except Refusal as error:
            return _failure(error.status, str(error), error.headers)

    async def _sparql(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD", "POST"):
            raise Refusal(
                405, "a query is asked with GET or POST; this endpoint is read only.", Allow="GET, HEAD, POST"
            )
        body = await self._body(request)
        asked = parameters(request.method, request.url.query, request.headers.get("content-type", ""), body)
        accept = ", ".join(request.headers.getlist("accept"))
        if request.method != "POST" and not any(name in ("query", "update") for name, _ in asked):
            return await self._described(str(request.url.replace(query="")), accept)
        return await self._answered(request, question(asked, accept, self.limits.rows, self.services))

    async def _body(self, request: Request) -> bytes:
        """Return the body of a request, but no more than it may have."""
        most = self.limits.request
        too_large = Refusal(413, f"a request may have {most:,} bytes. Ask for less at once.", Connection="close")
        if len(request.url.query) > most:
            raise Refusal(414, f"an address may have {most:,} bytes. Send the query with POST.")
        try:
            if int(request.headers.get("content-length", "0")) > most:
                raise too_large
        except ValueError:
            raise Refusal(400, "the length of the body cannot be read.") from None
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise too_large
        return bytes(body)

    async def _described(self, endpoint: str, accept: str) -> Response:
        wanted = chosen(accept, ["text/html", "text/turtle"] if "html" in accept else ["text/turtle", "text/html"])
        if wanted == "text/html":
            examples = [(describe(query_text(name)), query_text(name)) for name in query_names()]
            return _response(query_page(examples), "text/html; charset=utf-8", vary=True)
        data = await asyncio.to_thread(lambda: service_description(endpoint, self.graph, bool(self.services)))
        return _response(data, "text/turtle; charset=utf-8", vary=True)

    async def void(self, request: Request) -> Response:
        """Answer with what the graph holds."""

        def told() -> bytes:
            endpoint = str(request.url.replace(path="/sparql", query=""))
            classes = [(iri, int(count)) for iri, count in self.graph.rows("view-classes")]
            ((count,),) = list(self.graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))
            return void_description(endpoint, self.graph, classes, int(count))

        return _response(await asyncio.to_thread(told), "text/turtle; charset=utf-8")

    async def thing(self, request: Request) -> Response:
        """Answer with what the graph says of the thing whose IRI ends in the path."""
        iri = BASE + request.url.path.lstrip("/")
        if any(c in iri for c in ' <>"{}|\\^`') or not iri.isprintable():
            return _failure(404, "no such thing", {})
        accept = ", ".join(request.headers.getlist("accept"))
        wanted = chosen(accept, ["text/html", *list(TRIPLES)[:4]])
        if wanted is None:
            return _failure(406, "a thing is told in HTML, Turtle, JSON-LD, N-Triples or RDF/XML.", {"Vary": "Accept"})
        if wanted == "text/html":
            rows = await asyncio.to_thread(lambda: [row[1:] for row in self.graph.rows("about-thing", thing=iri)])
            if not rows:
                return _failure(404, f"the graph does not speak of {iri}", {})
            return _response(thing_page(iri, rows), "text/html; charset=utf-8", vary=True)
        query = (
            f"CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?q <{iri}> }} }}"
        )
        media = f"{wanted}; charset=utf-8" if wanted.startswith("text/") else wanted
        answer = await self._answered(request, Question(query, None, (TRIPLES[wanted], media), self.limits.rows))
        answer.headers["Vary"] = "Accept"
        return (
            _failure(404, f"the graph does not speak of {iri}", {}) if answer.headers.get("X-Count") == "0" else answer
        )

    async def _answered(self, request: Request, asked: Question) -> Response:
        """Ask a process, and stop asking when the client leaves."""
        asking = asyncio.ensure_future(self.workers.ask(asked))
        leaving = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return _failure(499, "nobody waits for this", {})
            reply = asking.result()
        except Busy:
            return _failure(503, "too many queries wait. Try again later.", {"Retry-After": "5"})
        except TooLong:
            return _failure(
                503, f"the query took more than {self.limits.timeout:g} seconds and was ended. Ask for less.", {}
            )
        except Ended:
            return _failure(503, "the query was ended: it may take more memory than there is. Ask for less.", {})
        finally:
            for task in (asking, leaving):
                if not task.done():
                    task.cancel()
            await asyncio.gather(asking, leaving, return_exceptions=True)
        return self._written(reply)

    def _written(self, reply: Reply) -> Response:
        if reply.status != 200:
            return _failure(reply.status, reply.error, {})
        response = _response(reply.data, reply.media_type, vary=True)
        response.headers["X-Count"] = str(reply.count)
        if reply.cut:
            response.headers[CUT] = str(self.limits.rows)
        return response

    async def _rows(self, name: str) -> list[tuple[str, ...]]:
        return await asyncio.to_thread(lambda: list(self.graph.rows(name)))


def _generation(graph: Graph) -> object:
    """Return which store is the graph now; another one after a build."""
    if isinstance(graph.path, str):
        return None
    try:
        return read_current(Path(graph.path))
    except LlmcompError:
        return None


async def _left(request: Request) -> None:
    """Wait until the client is gone; its request has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _html(text: str) -> str:
    from html import escape

    return escape(text)


def _response(data: bytes, media_type: str, *, vary: bool = False) -> Response:
    from starlette.responses import Response

    headers = {"Content-Type": media_type, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    if media_type.startswith("text/html"):
        headers["Content-Security-Policy"] = CONTENT_SECURITY
    if vary:
        headers["Vary"] = "Accept"
    return Response(data, headers=headers)


def _failure(status: int, why: str, headers: Mapping[str, str]) -> Response:
    from starlette.responses import Response

    told = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
    return Response(f"{why}\n".encode("utf-8", "replace"), status, headers=told | dict(headers))
