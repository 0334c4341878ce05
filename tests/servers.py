"""SPARQL servers that are not ours, and a Graph Store that fails when it is told to, on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pyoxigraph as ox
import pytest

from llmcomp.kg.credentials import PASSWORD, USER, Credentials

NOBODY = Credentials()


@dataclass(frozen=True)
class Running:
    """A running server: where it answers queries, where its Graph Store is, and who may write."""

    query: str
    store: str
    who: Credentials = NOBODY
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a command is told who asks."""
        return {USER: self.who.user, PASSWORD: self.who.password} if self.who.user else {}


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextmanager
def oxigraph(folder: Path, *options: str, port: int = 0) -> Generator[Running]:
    """Run Oxigraph's server on a store in ``folder``."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if not program:
        pytest.skip("Oxigraph's server is not installed (pip install oxigraph)")
    url = f"127.0.0.1:{port or free_port()}"
    command = [program, "serve", "--location", str(folder), "--bind", url, *options]
    with _running(command, f"http://{url}/") as process:
        yield Running(f"http://{url}/query", f"http://{url}/store", process=process)


@contextmanager
def virtuoso(folder: Path, most_rows: int = 1_000_000) -> Generator[Running]:
    """Run Virtuoso on a database in ``folder``."""
    program = shutil.which("virtuoso-t")
    if not program:
        pytest.skip("Virtuoso is not installed (Debian's virtuoso-opensource-7-bin)")
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    files = {"Database": "virtuoso", "TempDatabase": "temporary"}
    sections = [
        f"[{section}]\nDatabaseFile = {folder}/{name}.db\nTransactionFile = {folder}/{name}.trx\n"
        f"ErrorLogFile = {folder}/{name}.log\nLockFile = {folder}/{name}.lck\n"
        f"xa_persistent_file = {folder}/{name}.pxa\n"
        for section, name in files.items()
    ]
    sections += [
        f"[Parameters]\nServerPort = 127.0.0.1:{free_port()}\nNumberOfBuffers = 20000\nDirsAllowed = {folder}\n"
        # a checkpoint while a test waits is of no use to it
        "CheckpointInterval = 0\n",
        f"[HTTPServer]\nServerPort = 127.0.0.1:{port}\nServerRoot = {folder}\nServerThreads = 10\n",
        f"[SPARQL]\nResultSetMaxRows = {most_rows}\n",
    ]
    (folder / "virtuoso.ini").write_text("".join(sections))
    command = [program, "+configfile", str(folder / "virtuoso.ini"), "+foreground"]
    with _running(command, f"http://127.0.0.1:{port}/sparql") as process:
        base = f"http://127.0.0.1:{port}"
        yield Running(f"{base}/sparql", f"{base}/sparql-graph-crud-auth", Credentials("dba", "dba"), process)


@contextmanager
def _running(command: list[str], url: str) -> Generator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            try:
                httpx.get(url, timeout=2)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                break
        else:
            raise AssertionError(f"{command[0]} does not answer")
        yield process
    finally:
        process.kill()  # what it holds is not needed any more
        process.wait()


Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and content of an answer."""


@dataclass
class Asked:
    """One call that a server of ours got."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def graph(self) -> str:
        """The graph that it names; the default one has no name."""
        return parse_qs(urlsplit(self.path).query).get("graph", [""])[0]


@dataclass
class Fake:
    """A server that answers as it is told: its address, and the calls it got."""

    url: str
    asked: list[Asked] = field(default_factory=list[Asked])


@contextmanager
def fake(answer: Callable[[Asked], Answer | None]) -> Generator[Fake]:
    """Run a server that answers each call with ``answer``; None breaks the connection off."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            call = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, content)
            running.asked.append(call)
            told = answer(call)
            if told is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, headers, body = told
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of clients that leave."""

    with Server(("127.0.0.1", 0), Handler) as server:
        running = Fake(f"http://127.0.0.1:{server.server_address[1]}/store")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()


class Shelf:
    """A Graph Store that keeps graphs in memory; ``fails`` may answer a call in its place."""

    def __init__(self, has_default: bool = True) -> None:
        self.graphs: dict[str, set[ox.Triple]] = {}
        self.has_default = has_default
        self.fails: Callable[[Asked], Answer | int | None] = lambda call: None  # noqa: ARG005
        self.number = 0

    def __call__(self, call: Asked) -> Answer | None:
        self.number += 1
        failure = self.fails(call)
        if failure is not None:
            if isinstance(failure, int):
                return (failure, {"Content-Type": "text/plain"}, b"as you wish") if failure else None
            return failure
        name = call.graph
        if not name and not self.has_default:
            return 400, {"Content-Type": "text/plain"}, b"there is no default graph"
        match call.method:
            case "GET" if name not in self.graphs:
                return 404, {"Content-Type": "text/plain"}, b"no such graph"
            case "GET":
                lines = ox.serialize(self.graphs[name], format=ox.RdfFormat.N_TRIPLES) or b""
                return 200, {"Content-Type": "application/n-triples"}, lines
            case "DELETE":
                return (204 if self.graphs.pop(name, None) is not None else 404), {}, b""
            case method:
                told = {q.triple for q in ox.parse(call.content, format=ox.RdfFormat.N_TRIPLES)}
                if told or name:
                    self.graphs[name] = told | (self.graphs.get(name, set()) if method == "POST" else set())
                return 204, {}, b""
