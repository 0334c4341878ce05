"""A stand-in for Semantic Scholar on loopback: made-up papers, its limits, and its ways to go wrong.

    with StandIn() as service:
        service.add(made_up(1, references=50), "ARXIV:2301.00001")
        service.will_answer(answer(429, {"message": "Too Many Requests.", "code": "429"}))
        ... ask service.url ...
        assert service.log[0].headers["x-api-key"] == "..."

What was put on the script answers the next requests, in order; None on it stands for the true answer. Afterwards, and
without a script, the papers that were added are served as the real service serves them.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote

Paper = dict[str, Any]

MAX_BYTES = 10_000_000
MAX_NESTED = 9_999
PLAIN = (
    "paperId corpusId externalIds url title abstract venue publicationVenue year referenceCount citationCount "
    "influentialCitationCount isOpenAccess openAccessPdf fieldsOfStudy s2FieldsOfStudy publicationTypes "
    "publicationDate journal citationStyles authors"
).split()
PAPER_FIELDS = {*PLAIN, "references", "citations", "authors.name", "authors.authorId", "openAccessPdf.url"}
PAPER_FIELDS |= {f"references.{name}" for name in PLAIN} | {f"citations.{name}" for name in PLAIN}
EDGE_FIELDS = {*PLAIN, "contexts", "intents", "isInfluential"}


@dataclass(frozen=True)
class Seen:
    """A request as it came; ``path`` is as it stood on the wire, ``at`` by the clock that was handed in."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    body: Any
    at: float


@dataclass(frozen=True)
class Answer:
    """What is sent: ``drop`` closes the connection instead, ``short`` bytes of the body never come."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    short: int = 0
    drop: bool = False


def answer(status: int, content: object = b"", **more: Any) -> Answer:
    """An answer with JSON, or with bytes as they are."""
    return Answer(status, content if isinstance(content, bytes) else json.dumps(content).encode(), **more)


HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
TOO_MANY = answer(429, {"message": "Too Many Requests. Please wait and try again.", "code": "429"})
SERVER_ERROR = answer(500, {"message": "Internal Server Error"})
BAD_GATEWAY = answer(502, HTML, kind="text/html")
UNAVAILABLE = answer(503)
GATEWAY_TIMEOUT = answer(504, {"message": "Endpoint request timed out"})
DROPPED = Answer(drop=True)
FORBIDDEN = answer(403, {"message": "Forbidden"})
TOO_LARGE = answer(400, {"error": "Response would exceed maximum size. Try with fewer ids or fields."})


def sha(n: int) -> str:
    """The id of the made-up paper number ``n``."""
    return f"{n:040x}"


def made_up_reference(n: int, **more: object) -> Paper:
    """The paper number ``n`` as a row of a reference list."""
    row = {
        "paperId": sha(n),
        "corpusId": n,
        "externalIds": {"CorpusId": n, "DOI": f"10.5555/made.up.{n}"},
        "title": f"Made-up paper number {n}",
        "year": 2000 + n % 25,
        "authors": [{"authorId": str(n), "name": f"A. Author{n}"}, {"authorId": None, "name": "B. Other"}],
        "intents": ["background"],
        "isInfluential": n % 2 == 0,
        "contexts": [],
    }
    return {**row, **more}


def made_up(n: int, references: int | None = 0, **more: object) -> Paper:
    """The paper number ``n`` with all that the service tells; its references are the numbers after 1,000,000 n.

    With None for ``references`` the publisher withholds them.
    """
    first = 1_000_000 * n + 1
    row = {
        **made_up_reference(n),
        "externalIds": {"CorpusId": n, "ArXiv": arxiv(n), "DOI": f"10.48550/arXiv.{arxiv(n)}"},
        "venue": "arXiv.org",
        "publicationVenue": {"id": "1901e811", "name": "arXiv.org", "alternate_names": ["ArXiv"]},
        "journal": {"name": "ArXiv", "volume": f"abs/{arxiv(n)}"},
        "publicationDate": f"{2000 + n % 25}-03-01",
        "citationCount": 10 * n,
        "influentialCitationCount": n,
        "referenceCount": references,
        "openAccessPdf": {"url": f"https://arxiv.org/pdf/{arxiv(n)}", "status": "GREEN"},
        "publicationTypes": ["JournalArticle"],
        "references": None if references is None else [made_up_reference(first + i) for i in range(references)],
    }
    return {**row, **more}


def arxiv(n: int) -> str:
    """The arXiv id of the made-up paper number ``n``."""
    return f"{10 + n // 90_000:02d}01.{n % 90_000:05d}"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class StandIn:
    """The service: ``add`` papers, put answers on the script, read the ``log``."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, api_key: str = "") -> None:
        """Serve only those who send ``api_key``, if one is given."""
        self.log: list[Seen] = []
        self.papers: dict[str, Paper] = {}
        self.elided: set[str] = set()
        self._ids: dict[str, str] = {}
        self._script: deque[Answer | None] = deque()
        self._clock = clock
        self._api_key = api_key
        self._closing = threading.Event()
        standin = self

        class Handler(_Handler):
            service = standin

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def add(self, paper: Paper, *ids: str) -> Paper:
        """Serve ``paper`` by its own ids and by ``ids``, as merged papers are."""
        key = paper["paperId"]
        external = paper.get("externalIds") or {}
        self.papers[key] = paper
        own = [key, *(f"{name}:{value}" for name, value in external.items())]
        self._ids |= {normal(name): key for name in [*own, *ids]}
        if paper.get("references") is None:
            self.elided.add(key)
        return paper

    def will_answer(self, *answers: Answer | None) -> None:
        """Put ``answers`` on the script."""
        self._script.extend(answers)

    def calls(self, part: str) -> list[Seen]:
        """The requests whose path ends with ``part``."""
        return [seen for seen in self.log if seen.path.endswith(part)]

    # -- what the service does -----------------------------------------------------------------------------

    def respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        path, _, query = target.partition("?")
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        posted = json.loads(body) if body else None
        self.log.append(Seen(method, path, parameters, headers, posted, self._clock()))
        scripted = self._script.popleft() if self._script else None
        if scripted is not None:
            self._closing.wait(scripted.delay)
            return scripted
        if self._api_key and headers.get("x-api-key") != self._api_key:
            return FORBIDDEN
        match path.removeprefix("/graph/v1/paper/").split("/"):
            case ["batch"] if method == "POST":
                made = self._batch(posted["ids"], parameters)
            case ["search", "match"]:
                made = self._match(parameters)
            case [name] if path.startswith("/graph/v1/paper/"):
                made = self._paper(unquote(name), parameters)
            case [name, "references"]:
                made = self._references(unquote(name), parameters)
            case _:
                return answer(404, {"message": "Missing Authentication Token"})
        return TOO_LARGE if len(made.body) > MAX_BYTES else made

    def _find(self, name: str) -> Paper | None:
        return self.papers.get(self._ids.get(normal(name), ""))

    def _batch(self, ids: list[str], parameters: dict[str, str]) -> Answer:
        fields = _fields(parameters)
        if unknown := fields - PAPER_FIELDS:
            return _unknown_fields(unknown)
        if len(ids) > 500:
            return answer(400, {"error": "Please provide fewer than 500 ids"})
        found = [self._find(name) for name in ids]
        if not any(found) or not all(name.strip() for name in ids):
            return answer(400, {"error": "No valid paper ids given"})
        left = [MAX_NESTED]
        return answer(200, [paper and _show(paper, fields, left) for paper in found])

    def _paper(self, name: str, parameters: dict[str, str]) -> Answer:
        fields = _fields(parameters)
        if unknown := fields - PAPER_FIELDS:
            return _unknown_fields(unknown)
        paper = self._find(name)
        if paper is None:
            return answer(404, {"error": f"Paper with id {name} not found"})
        return answer(200, _show(paper, fields, [MAX_NESTED]))

    def _match(self, parameters: dict[str, str]) -> Answer:
        fields = _fields(parameters)
        if unknown := fields - PAPER_FIELDS:
            return _unknown_fields(unknown)
        title = parameters.get("query", "").casefold()
        for paper in self.papers.values():
            if paper["title"].casefold() == title:
                return answer(200, {"data": [{**_show(paper, fields, [MAX_NESTED]), "matchScore": 109.5}]})
        return answer(404, {"error": "Title match not found"})

    def _references(self, name: str, parameters: dict[str, str]) -> Answer:
        fields = _fields(parameters)
        offset, limit = int(parameters.get("offset", 0)), int(parameters.get("limit", 100))
        if unknown := fields - EDGE_FIELDS:
            return _unknown_fields(unknown)
        if limit > 1000:
            return answer(400, {"error": "limit must be <= 1000"})
        if offset + limit >= 10_000:
            return answer(400, {"error": "offset + limit must be < 10000"})
        paper = self._find(name)
        if paper is None:
            return answer(404, {"error": f"Paper with id {name} not found"})
        if paper["paperId"] in self.elided:
            note = {"openAccessPdf": {"disclaimer": "Notice: the references have been elided by the publisher."}}
            return answer(200, {"offset": 0, "citingPaperInfo": note, "data": None})
        rows = paper["references"]
        page = {"offset": offset, "data": [_edge(row, fields) for row in rows[offset : offset + limit]]}
        if offset + limit < len(rows):
            page["next"] = offset + limit
        return answer(200, page)


def normal(name: str) -> str:
    """An id as the service compares it: the scheme's case and an arXiv version do not count, nor case in a DOI."""
    scheme, colon, value = name.partition(":")
    if not colon:
        return name
    scheme = scheme.casefold()
    if scheme == "arxiv":
        value = re.sub(r"v\d+$", "", value)
    return f"{scheme}:{value.casefold() if scheme == 'doi' else value}"


def _fields(parameters: dict[str, str]) -> set[str]:
    return {"paperId", *filter(None, parameters.get("fields", "title").split(","))}


def _unknown_fields(unknown: Iterable[str]) -> Answer:
    return answer(400, {"error": f"Unrecognized or unsupported fields: [{', '.join(sorted(unknown))}]"})


def _show(paper: Paper, fields: set[str], left: list[int]) -> Paper:
    """A paper with the fields that were asked for, and as many references as the call has left."""
    shown = {name: paper.get(name) for name in PLAIN if name in fields}
    nested = {name.partition(".")[2] for name in fields if name.startswith("references.")}
    if nested or "references" in fields:
        rows = paper.get("references")
        if rows is not None:
            rows = rows[: left[0]]
            left[0] -= len(rows)
            rows = [{name: row.get(name) for name in PLAIN if name in {"paperId", *nested}} for row in rows]
        shown["references"] = rows
    return shown


def _edge(row: Paper, fields: set[str]) -> Paper:
    edge = {name: row.get(name) for name in ("contexts", "intents", "isInfluential") if name in fields}
    return {**edge, "citedPaper": {name: row.get(name) for name in PLAIN if name in fields}}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has gone."""


class _Handler(BaseHTTPRequestHandler):
    service: StandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        given = self.service.respond(self.command, self.path, headers, self.rfile.read(size))
        if given.drop:
            self.close_connection = True
            return
        self.send_response(given.status)
        self.send_header("Content-Type", given.kind)
        self.send_header("Content-Length", str(len(given.body) + given.short))
        for name, value in given.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(given.body)
        self.wfile.flush()
        self.close_connection = self.close_connection or bool(given.short)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass
