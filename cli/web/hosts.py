"""By which names the server may be called: a page of another site must not read it under a name of its own.

A site can let its name mean this machine (DNS rebinding); its pages then call the server by that name.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def hosts_of(listening: str) -> tuple[str, ...]:
    """Return the names by which a server may be called that listens there; none for any.

    >>> hosts_of("::1"), hosts_of("127.0.0.2"), hosts_of("0.0.0.0")
    (('localhost', '127.0.0.1', '::1'), ('localhost', '127.0.0.1', '::1', '127.0.0.2'), ())
    """
    try:
        own = listening == "localhost" or ip_address(listening).is_loopback
    except ValueError:
        own = False
    return (*_LOOPBACK, *(() if listening in _LOOPBACK else (listening,))) if own else ()


def host_of(header: str) -> str:
    """Return the name in a Host header, without the port.

    >>> host_of("localhost:8000"), host_of("[::1]:8000"), host_of("[::1]"), host_of("127.0.0.1")
    ('localhost', '::1', '::1', '127.0.0.1')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


class Hosts:
    """Middleware that refuses to be called by another name than ``hosts``; with none of them it refuses nothing."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        """Answer with ``app``."""
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from .answers import failure

        if self.hosts and scope["type"] == "http":
            headers: list[tuple[bytes, bytes]] = scope["headers"]
            named = next((value.decode("latin-1") for name, value in headers if name == b"host"), "")
            if host_of(named) not in self.hosts:
                await failure(400, f"this server is not called '{named[:100]}'.")(scope, receive, send)
                return
        await self.app(scope, receive, send)
