"""What the page asks of the citation graph: networks, works, what is near, paths, and files of a selection."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from ... import Graph, Selection, parse_years
from ...exports.networks import NETWORK_FORMATS
from ...exports.registry import FORMATS
from ...kg.errors import LlmcompError, UsageError
from ...kg.layout import arranged
from ...kg.parameters import KINDS, parameters
from ...ontology.named import describe, query_text, question_names, topic
from ...ontology.terms import BASE, PREFIXES
from .answers import JSON, Packed, packed_json, respond, send, status_of
from .current import Current
from .drawing import drawing
from .files import File, bibliography, subgraph
from .told import ranked, told

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

DRAWN = 20_000
"""How many works are drawn at most; of more, those that listed works cite most."""
_SHOWN = 50
"""How many works an answer about one names at most."""
_MOST_THINGS = 2_000
"""How many things the places are worked out for at most, of an answer of a query."""
_MOST_LINKS = 10_000
"""How many links may join these."""


class Explore:
    """The handlers of ``/explore``; each runs in a thread of its own, none keeps the others waiting."""

    def __init__(self, current: Current, most: int) -> None:
        """Answer of ``current``; a request has at most ``most`` bytes."""
        self.current = current
        self.most = most

    def routes(self) -> list[Route]:
        """Return what is answered at which address."""
        from starlette.routing import Route

        asked: Mapping[str, Callable[[Request], Packed]] = {
            "network": self.network,
            "work": self.work,
            "related": self.related,
            "path": self.path,
            "search": self.search,
            "questions": self.questions,
            "terms": self.terms,
            "formats": self.formats,
        }
        made: Mapping[str, Callable[[Graph, list[str], str], File]] = {
            "bibliography": bibliography,
            "subgraph": subgraph,
        }
        return [
            *(Route(f"/explore/{name}", _asked(answer), methods=["GET"]) for name, answer in asked.items()),
            *(
                Route(f"/explore/{name}", self._posted(self._file(make)), methods=["POST"])
                for name, make in made.items()
            ),
            Route("/explore/layout", self._posted(self.layout), methods=["POST"]),
        ]

    def warm(self) -> None:
        """Compute what the page draws first, before it is asked for."""
        self._drawing(Selection(), (), 1, None)

    def network(self, request: Request) -> Packed:
        """Answer with works and citations to be drawn: :func:`llmcomp.cli.web.drawing.drawing`."""
        asked = request.query_params
        selection = Selection(
            categories=tuple(asked.getlist("category")),
            venues=tuple(asked.getlist("venue")),
            years=parse_years(asked["year"]) if asked.get("year") else None,
        )
        around = tuple(map(self._work, asked.getlist("around")))
        return self._drawing(selection, around, _number(request, "depth", 1, least=0), _number(request, "cited"))

    def _drawing(self, selection: Selection, around: tuple[str, ...], depth: int, cited: int | None) -> Packed:
        def make(graph: Graph) -> Packed:
            network = graph.network(selection, around=around, depth=depth, cited=cited, limit=DRAWN)
            return packed_json(drawing(network, graph.categories()))

        return self.current.kept(("network", selection, around, depth, cited), make)

    def work(self, request: Request) -> Packed:
        """Answer with one work: what is known, its measures, what it cites and what cites it, its BibTeX entry."""
        return packed_json(told(self.current.graph(), self._work(_named(request, "key"))))

    def related(self, request: Request) -> Packed:
        """Answer with the works nearest to one or several."""
        by = request.query_params.get("by", "adamic-adar")
        works = [self._work(name) for name in request.query_params.getlist("key") or [_named(request, "key")]]
        found = self.current.graph().related(*works, by=by, limit=_number(request, "limit", 20))
        return packed_json(ranked(found))

    def path(self, request: Request) -> Packed:
        """Answer with chains of citations between two works."""
        graph = self.current.graph()
        start, end = self._work(_named(request, "from")), self._work(_named(request, "to"))
        return packed_json(graph.paths(start, end, limit=min(_number(request, "limit", 3), 10)))

    def search(self, request: Request) -> Packed:
        """Answer with the works in which every word stands."""
        hits = self.current.graph().search(_named(request, "text"))
        works = [
            {"path": h.iri.removeprefix(BASE), "key": h.key, "title": h.title, "listed": h.listed}
            for h in hits[:_SHOWN]
        ]
        return packed_json({"found": len(hits), "works": works})

    def questions(self, _: Request) -> Packed:
        """Answer with the package's questions, their parameters and texts."""
        return packed_json(
            [
                {
                    "name": name,
                    "topic": topic(text),
                    "answers": describe(text),
                    "parameters": [asdict(parameter) for parameter in parameters(text)],
                    "query": text,
                }
                for name, text in ((name, query_text(name)) for name in question_names())
            ]
        )

    def terms(self, _: Request) -> Packed:
        """Answer with what a query can name: prefixes, and the classes and properties that the graph uses."""

        def make(graph: Graph) -> Packed:
            used = {row[0] for name in ("classes-in-use", "properties-in-use") for row in graph.rows(name)}
            longest = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
            short: set[str] = set()
            for iri in used:
                prefix, full = next(((p, full) for p, full in longest if iri.startswith(full)), ("", ""))
                if full and iri.removeprefix(full).replace("_", "").replace("-", "").isalnum():
                    short.add(f"{prefix}:{iri.removeprefix(full)}")
            return packed_json({"base": BASE, "prefixes": dict(PREFIXES), "terms": sorted(short), "kinds": dict(KINDS)})

        return self.current.kept("terms", make)

    def formats(self, _: Request) -> Packed:
        """Answer with what a selection can become."""
        return packed_json({"bibliography": sorted(FORMATS), "subgraph": sorted(NETWORK_FORMATS)})

    def _work(self, name: str) -> str:
        """Return the IRI of the work with this key or path; what is neither is looked for as people name works."""

        def names(graph: Graph) -> dict[str, str]:
            known = graph.pairs("work-keys")
            return {iri.removeprefix(BASE): iri for iri in known} | {key: iri for iri, key in known.items()}

        return self.current.kept("names", names).get(name) or self.current.graph().find(name)

    def layout(self, body: bytes) -> Response:
        """Answer with places of things that are joined by links: ``{"nodes": 3, "links": [0, 1, 1, 2]}``."""
        many, links = _joined(body)

        def make(_: Graph) -> Packed:
            places = arranged(many, links)
            return packed_json({"x": [x for x, _ in places], "y": [y for _, y in places]})

        packed = self.current.kept(("layout", many, links), make)
        return respond(packed.data, packed.media_type)

    def _file(self, make: Callable[[Graph, list[str], str], File]) -> Callable[[bytes], Response]:
        def answer(body: bytes) -> Response:
            names, format_ = _selected(body)
            works = list(dict.fromkeys(map(self._work, names)))
            data, media_type, name = make(self.current.graph(), works, format_)
            return respond(data, media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})

        return answer

    def _posted(self, answer: Callable[[bytes], Response]) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler that reads the body of a request, as long as it may be, and answers in a thread."""

        async def handler(request: Request) -> Response:
            from starlette.concurrency import run_in_threadpool

            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
                # a page of another site may send words without being asked whether it may, and no JSON
                return _refused(415, f"send JSON, as {JSON}.")
            body = bytearray()
            async for piece in request.stream():
                body += piece
                if len(body) > self.most:
                    return _refused(413, f"a request may have {self.most:,} bytes. Ask for less at once.")
            return await run_in_threadpool(_told_of_failure(lambda: answer(bytes(body))))

        return handler


def _asked(answer: Callable[[Request], Packed]) -> Callable[[Request], Response]:
    def handler(request: Request) -> Response:
        return _told_of_failure(lambda: send(request, answer(request)))()

    return handler


def _told_of_failure(answer: Callable[[], Response]) -> Callable[[], Response]:
    """Return ``answer`` with every failure that a person can cause told in JSON."""

    def guarded() -> Response:
        try:
            return answer()
        except LlmcompError as error:
            return _refused(status_of(error), str(error))

    return guarded


def _refused(status: int, why: str) -> Response:
    packed = packed_json({"error": why})
    return respond(packed.data, packed.media_type, status)


def _named(request: Request, name: str) -> str:
    text = request.query_params.get(name, "").strip()
    if not text:
        raise UsageError(f"'{name}' is missing. Give it in the address: ?{name}=...")
    return text


def _number(request: Request, name: str, default: int | None = None, *, least: int = 1) -> Any:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isdecimal() and text.isascii() and len(text) < 10 and int(text) >= least):
        raise UsageError(f"'{name}' is a whole number from {least} on, not '{text[:40]}'.")
    return int(text)


def _selected(body: bytes) -> tuple[list[str], str]:
    """Return works and format that the body of a request names."""
    asked = _object(body)
    works, format_ = asked.get("works"), asked.get("format")
    named = [work for work in cast("list[object]", works) if isinstance(work, str)] if isinstance(works, list) else []
    if not named or len(named) < len(cast("list[object]", works)) or not isinstance(format_, str):
        raise UsageError('send JSON that names works and a format: {"works": ["KEY", ...], "format": "bibtex"}.')
    return named, format_


def _joined(body: bytes) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Return how many things the body of a request has, and which of them are joined."""
    asked = _object(body)
    many, links = asked.get("nodes"), asked.get("links")
    ends = cast("list[object]", links) if isinstance(links, list) else [None]
    if type(many) is not int or not 0 < many <= _MOST_THINGS or len(ends) % 2 or len(ends) > 2 * _MOST_LINKS:
        raise UsageError(
            f'send JSON: {{"nodes": 3, "links": [0, 1, 1, 2]}}, of at most {_MOST_THINGS:,} things and '
            f"{_MOST_LINKS:,} links."
        )
    numbers = [end for end in ends if type(end) is int and 0 <= end < many]
    if len(numbers) < len(ends):
        raise UsageError(f"a link joins things by their numbers, 0 to {many - 1}.")
    return many, tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that a body is; an empty one for another."""
    try:
        asked: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", asked) if isinstance(asked, dict) else {}
