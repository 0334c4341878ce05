"""The server: which address is answered by what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...kg.errors import LlmcompError
from ...kg.graph import Graph
from ...ontology.named import describe, query_names, query_text
from ...ontology.terms import BASE
from .answers import HTML, failure, respond, send, status_of
from .current import Current, generation
from .description import service_description, void_description
from .explore import Explore
from .hosts import Hosts
from .negotiation import TRIPLES, chosen
from .pages import index_page, query_page, thing_page
from .protocol import Refusal, parameters, question
from .shipped import shipped
from .things import KINDS, described, is_iri
from .workers import Busy, Ended, Question, Reply, TooLong, Workers

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

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
    hosts: tuple[str, ...] = (),
    warm: bool = False,
) -> Starlette:
    """Return the application that answers for ``graph``.

    ``services`` are the addresses that queries may call, ``origins`` the web sites whose scripts may ask (none: CORS is
    off), ``hosts`` the names by which the server may be called (none: any). With ``warm`` the page's drawing is
    computed at once.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.routing import Route

    server = _Server(graph, limits, services)
    middleware = [Middleware(Hosts, hosts)]
    if origins:
        allowed = Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"])
        middleware.append(allowed)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
        warming = asyncio.create_task(asyncio.to_thread(server.explore.warm)) if warm else None
        yield
        if warming:
            await asyncio.gather(warming, return_exceptions=True)
        await server.workers.close()

    every = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]
    routes = [
        Route("/", server.home, methods=["GET"]),
        Route("/static/{name}", server.static, methods=["GET"]),
        Route("/sparql", server.sparql, methods=every),
        Route("/.well-known/void", server.void, methods=["GET"]),
        *server.explore.routes(),
        *(Route(f"/{kind}", server.index, methods=["GET"]) for kind in KINDS),
        # whatever the graph speaks of: a citation, a version, a row
        Route("/{name:path}", server.thing, methods=["GET"]),
    ]
    return Starlette(
        routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers={LlmcompError: _failed}
    )


def _failed(_: Request, error: Exception) -> Response:
    """Tell in words what went wrong with the graph."""
    return failure(status_of(error), str(error))


class _Server:
    """The graph, the processes that are asked, and the handlers of each address."""

    def __init__(self, graph: Graph, limits: Limits, services: frozenset[str]) -> None:
        self.graph = graph
        self.limits = limits
        self.services = services
        self.current = Current(graph)
        self.explore = Explore(self.current, limits.request)
        self.workers = Workers(
            str(graph.path), limits.parallel, limits.waiting, limits.timeout, lambda: generation(graph)
        )

    async def home(self, request: Request) -> Response:
        """Answer with the page on which the graph is explored."""
        return await self._shipped(request, "index.html")

    async def static(self, request: Request) -> Response:
        """Answer with a file of the page."""
        return await self._shipped(request, request.path_params["name"])

    async def _shipped(self, request: Request, name: str) -> Response:
        file = shipped(name)
        return send(request, file) if file else failure(404, "no such file")

    async def index(self, request: Request) -> Response:
        """Answer with all things of a kind."""
        kind = request.url.path.strip("/")
        return respond(await asyncio.to_thread(lambda: index_page(self.current.opened(), kind)), HTML)

    async def sparql(self, request: Request) -> Response:
        """Answer by the SPARQL protocol; without a query, with what the endpoint is."""
        try:
            return await self._sparql(request)
        except Refusal as error:
            return failure(error.status, str(error), error.headers)

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
            return respond(query_page(examples), HTML, vary=True)
        data = await asyncio.to_thread(lambda: service_description(endpoint, self.graph, bool(self.services)))
        return respond(data, "text/turtle; charset=utf-8", vary=True)

    async def void(self, request: Request) -> Response:
        """Answer with what the graph holds."""

        def told() -> bytes:
            endpoint = str(request.url.replace(path="/sparql", query=""))
            classes = [(iri, int(count)) for iri, count in self.graph.rows("view-classes")]
            ((count,),) = list(self.graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))
            return void_description(endpoint, self.graph, classes, int(count))

        return respond(await asyncio.to_thread(told), "text/turtle; charset=utf-8")

    async def thing(self, request: Request) -> Response:
        """Answer with what the graph says of the thing whose IRI ends in the path."""
        from starlette.responses import RedirectResponse

        path = request.url.path.lstrip("/")
        iri = BASE + path
        if not is_iri(iri):
            return failure(404, "no such thing")
        if path.rstrip("/") in KINDS:
            return RedirectResponse(f"/{path.rstrip('/')}", 308)
        accept = ", ".join(request.headers.getlist("accept"))
        wanted = chosen(accept, ["text/html", *list(TRIPLES)[:4]])
        if wanted is None:
            return failure(406, "a thing is told in HTML, Turtle, JSON-LD, N-Triples or RDF/XML.", {"Vary": "Accept"})
        if wanted == "text/html":
            thing = await asyncio.to_thread(lambda: described(self.current.opened(), iri))
            if thing is None:
                return failure(404, f"the graph does not speak of {iri}")
            return respond(thing_page(thing), HTML, vary=True)
        query = (
            f"CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?q <{iri}> }} }}"
        )
        media = f"{wanted}; charset=utf-8" if wanted.startswith("text/") else wanted
        answer = await self._answered(request, Question(query, None, (TRIPLES[wanted], media), self.limits.rows))
        answer.headers["Vary"] = "Accept"
        return failure(404, f"the graph does not speak of {iri}") if answer.headers.get("X-Count") == "0" else answer

    async def _answered(self, request: Request, asked: Question) -> Response:
        """Ask a process, and stop asking when the client leaves."""
        asking = asyncio.ensure_future(self.workers.ask(asked))
        leaving = asyncio.ensure_future(_left(request))
        try:
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return failure(499, "nobody waits for this")
            reply = asking.result()
        except Busy:
            return failure(503, "too many queries wait. Try again later.", {"Retry-After": "5"})
        except TooLong:
            return failure(
                503, f"the query took more than {self.limits.timeout:g} seconds and was ended. Ask for less.", {}
            )
        except Ended:
            return failure(503, "the query was ended: it may take more memory than there is. Ask for less.")
        finally:
            for task in (asking, leaving):
                if not task.done():
                    task.cancel()
            await asyncio.gather(asking, leaving, return_exceptions=True)
        return self._written(reply)

    def _written(self, reply: Reply) -> Response:
        if reply.status != 200:
            return failure(reply.status, reply.error)
        response = respond(reply.data, reply.media_type, vary=True)
        response.headers["X-Count"] = str(reply.count)
        if reply.cut:
            response.headers[CUT] = str(self.limits.rows)
        return response


async def _left(request: Request) -> None:
    """Wait until the client is gone; its request has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
