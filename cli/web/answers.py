"""Answers over HTTP: headers that every one bears, data packed for the way, failures in words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ...kg.errors import NothingFound, OutsideError, UnknownName
from ..output import plain

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

HTML = "text/html; charset=utf-8"
JSON = "application/json"
CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page may load: its own files and nothing of anybody else, no script and no style inside it."""
_WORTH_PACKING = 1_000


@dataclass(frozen=True)
class Packed:
    """Bytes that are sent many times, with their media type: packed once, named by what is in them."""

    data: bytes
    media_type: str

    @cached_property
    def packed(self) -> bytes:
        """The bytes in gzip."""
        return gzip.compress(self.data, 6, mtime=0)

    @cached_property
    def tag(self) -> str:
        """The entity tag."""
        return f'"{sha256(self.data).hexdigest()[:32]}"'


def packed_json(value: Any) -> Packed:
    """Return a value as JSON to be sent; dataclasses are objects without their empty fields."""
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    return Packed(text.encode("utf-8", "replace"), JSON)


def send(request: Request, packed: Packed, status: int = 200) -> Response:
    """Answer with bytes: packed where the client takes that, not at all where it has them."""
    headers = {"ETag": packed.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if status == 200 and packed.tag in request.headers.get("if-none-match", ""):
        return respond(b"", packed.media_type, 304, headers)
    data = packed.data
    if len(data) >= _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        data, headers["Content-Encoding"] = packed.packed, "gzip"
    return respond(data, packed.media_type, status, headers)


def respond(
    data: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None, *, vary: bool = False
) -> Response:
    """Answer with ``data``; a page may load nothing of others. ``vary`` says that it depends on what was accepted."""
    from starlette.responses import Response

    told = {"Content-Type": media_type, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    if media_type.startswith("text/html"):
        told["Content-Security-Policy"] = CONTENT_SECURITY
    if vary:
        told["Vary"] = "Accept"
    return Response(data, status, headers=told | dict(headers or {}))


def status_of(error: Exception) -> int:
    """Return the status that tells of an error that a person can cause, or the world outside."""
    if isinstance(error, (NothingFound, UnknownName)):
        return 404
    return 502 if isinstance(error, OutsideError) else 400


def failure(status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer that something failed, and why."""
    return respond(f"{why}\n".encode("utf-8", "replace"), "text/plain; charset=utf-8", status, headers)
