"""``llmcomp serve``."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from ..kg.errors import OutsideError
from .options import Talk, graph_options, opened


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 is every one.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 is any that is free.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.01), default=30.0, show_default=True, help="Seconds a query has."
)
@click.option("--max-rows", type=click.IntRange(min=1), default=100_000, show_default=True, help="Rows an answer has.")
@click.option(
    "--max-request", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Bytes a request has."
)
@click.option(
    "--parallel",
    type=click.IntRange(min=1),
    default=lambda: max(2, os.cpu_count() or 2),
    help="Queries at once.  [default: cores]",
)
@click.option("--allow-service", multiple=True, metavar="URL", help="An endpoint that queries may call with SERVICE.")
@click.option("--open", "open_", is_flag=True, help="Show the page in your browser.")
@click.option("--cors", multiple=True, metavar="ORIGIN", help="A web site whose scripts may ask; '*' is every one.")
@graph_options
def serve(
    host: str,
    port: int,
    timeout: float,
    max_rows: int,
    max_request: int,
    parallel: int,
    allow_service: tuple[str, ...],
    open_: bool,
    cors: tuple[str, ...],
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Show the graph on a page, each work, author, venue and category at its path, and answer SPARQL at /sparql.

    The page draws the citation graph and lists its works, finds related ones and paths, and writes bibliographies of
    what is selected. It asks this server alone. The graph is only read. By default only this machine can ask. Ctrl-C
    stops it.

    \b
    Examples:
      llmcomp serve --open
      llmcomp serve --port 8080 --timeout 10 --cors https://example.org
    """
    import uvicorn

    from .web.app import Limits, make_app
    from .web.hosts import hosts_of

    graph = opened(graph_path, talk)
    list(graph.rows("category-names"))  # a graph that cannot be read is told of now
    limits = Limits(timeout=timeout, rows=max_rows, request=max_request, parallel=parallel)
    services = frozenset(allow_service)
    app = make_app(graph, limits, services=services, origins=cors, hosts=hosts_of(host), warm=open_)
    config = uvicorn.Config(
        app, log_level="warning", access_log=talk.level > 0, lifespan="on", timeout_graceful_shutdown=2
    )
    with _listening(host, port) as listening:
        name, number = listening.getsockname()[:2]
        shown = f"[{name}]" if ":" in name else name
        talk.say(f"serving at http://{shown}:{number}/ (SPARQL at http://{shown}:{number}/sparql); Ctrl-C stops it")
        if open_:
            at = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(name, shown)
            _show(f"http://{at}:{number}/", talk)
        _run(config, listening)


def _show(address: str, talk: Talk) -> None:
    """Show a page in the user's browser, which waits until the server answers: it listens by now.

    In a thread, for a browser in the terminal keeps whoever calls it waiting.
    """
    import webbrowser
    from threading import Thread

    def show() -> None:
        try:
            shown = webbrowser.open(address)
        except webbrowser.Error:
            shown = False
        if not shown:
            talk.say(f"no browser could be started here: open {address} in one")

    Thread(target=show, daemon=True).start()


@contextmanager
def _listening(host: str, port: int) -> Generator[socket.socket]:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # without its protocol asyncio takes it for no TCP, and each answer waits 40 ms for Nagle's algorithm
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)  # before it is told that it serves
    except OSError as error:
        raise OutsideError(
            f"cannot listen at {host}:{port}: {error.strerror or error}. Name another --port or --host; port 0 is any."
        ) from error
    with listening:
        yield listening


def _run(config: object, listening: socket.socket) -> None:
    """Serve until Ctrl-C or an end from outside, which is how a server ends well."""
    import uvicorn

    class Server(uvicorn.Server):
        """A server whose end is no interruption."""

        @contextmanager
        def capture_signals(self) -> Generator[None]:
            """Take the signals that end it, and leave it at that: uvicorn would raise them again."""
            import signal

            former = {s: signal.signal(s, self.handle_exit) for s in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for number, handler in former.items():
                    signal.signal(number, handler)

    assert isinstance(config, uvicorn.Config)
    Server(config).run(sockets=[listening])
