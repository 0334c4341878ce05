"""One call to Semantic Scholar: paced, tried again when that can help, and read no further than its JSON.

What the service's answers mean for a try:

    2xx with the JSON that was asked for      done
    2xx with anything else                    tried again, then: not the API
    408, 429, 5xx, time-outs, no connection   tried again, then: not available
    400, 401, 403, 404, 413, 3xx, the rest    refused at once

The API key goes with every call as a header and nowhere else: not into messages, logs or chains of exceptions, which
is why errors here are raised outside the ``except`` that saw the request.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from .errors import ServiceRefused, ServiceUnavailable, UsageError
from .pacing import TRIES, Pacer, Wait
from .scholar_calls import Request
from .scholar_records import is_object
from .text import tidy

if TYPE_CHECKING:
    from httpx import Client

TIMEOUT = 30.0
"""Seconds without a byte after which a try has failed."""
DEADLINE = 180.0
"""Seconds after which a try has failed though bytes still trickle in."""
MAX_BYTES = 100_000_000
"""What an answer may weigh, unpacked; the service's own limit is 10 MB."""

Shaped = TypeVar("Shaped")

_KEY = re.compile(r"[!-~]+")
_RETRIED = {408, 429}


@dataclass(frozen=True, slots=True)
class _Reply:
    """What one try brought: an HTTP answer, or (status 0) the reason why there was none."""

    status: int
    body: bytes = b""
    location: str = ""
    reason: str = ""


class Wire:
    """The connection to the service at ``base``; ``requests_made`` counts every try."""

    def __init__(self, base: str, api_key: str | None, pacer: Pacer, on_wait: Callable[[Wait], object] | None) -> None:
        self._key = check_key(api_key)
        self._base = base
        self._pacer = pacer
        self._on_wait = on_wait
        self._client: Client | None = None
        self.requests_made = 0

    def close(self) -> None:
        """Close the connections that are kept open between calls."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def fetch(self, request: Request, shape: Callable[[object], Shaped]) -> Shaped:
        """Return the JSON that answers ``request``, as ``shape`` returns it; ValueError of it says what is amiss.

        Raises ServiceRefused when trying again cannot help, ServiceUnavailable after ``TRIES`` failed tries.
        """
        failure, advice = "", ""
        for tried in range(1, TRIES + 1):
            self._pacer.turn()
            self.requests_made += 1
            reply = self._send(request)
            if 200 <= reply.status < 300:
                try:
                    return shape(_parsed(reply.body))
                except ValueError as fault:
                    failure = f"it answered with {fault}"
                advice = "That is not how the API answers: check --api-url, or try again later."
            elif reply.status and not (reply.status in _RETRIED or reply.status >= 500):
                raise self._refusal(request, reply)
            else:
                failure, advice = self._trouble(reply)
            if tried < TRIES:
                seconds = self._pacer.wait_after(tried)
                if self._on_wait is not None:
                    self._on_wait(Wait(seconds, tried, failure))
                self._pacer.rest(seconds)
        raise ServiceUnavailable(f"{self._asked(request)}: {failure} ({TRIES} tries). {advice}")

    def _send(self, request: Request) -> _Reply:
        from httpx import RequestError, TimeoutException

        address = f"{request.url}?{request.parameters}" if request.parameters else request.url
        client = self._connected()
        started = time.monotonic()
        body = bytearray()
        try:
            with client.stream(request.method, address, json=request.payload) as answer:
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        return _Reply(0, reason=f"the answer is larger than {MAX_BYTES // 1_000_000} MB")
                    if time.monotonic() - started > DEADLINE:
                        return _Reply(0, reason=f"the answer was not complete after {DEADLINE:g} seconds")
            return _Reply(answer.status_code, bytes(body), answer.headers.get("location", ""))
        except TimeoutException:
            return _Reply(0, reason=f"no answer within {TIMEOUT:g} seconds")
        except RequestError as error:
            return _Reply(0, reason=self._safe(str(error)) or type(error).__name__)

    def _connected(self) -> Client:
        if self._client is None:
            import httpx

            headers = {"User-Agent": "llmcomp", "Accept": "application/json"}
            if self._key:
                headers["x-api-key"] = self._key
            fault = ""
            try:
                # redirects are not followed: the key would go along to wherever they lead
                self._client = httpx.Client(headers=headers, timeout=TIMEOUT, follow_redirects=False)
            except (ImportError, OSError, ValueError) as error:
                fault = type(error).__name__
            if self._client is None:
                raise ServiceRefused(
                    f"{self._base} cannot be called with this machine's network settings ({fault}). "
                    "Check HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE."
                )
        return self._client

    def _said(self, body: bytes) -> str:
        """Return the service's own words: applications say ``error``, the gateway says ``message``."""
        try:
            content = _parsed(body)
        except ValueError:
            return ""
        word = (content.get("error") or content.get("message")) if is_object(content) else ""
        return self._safe(word) if isinstance(word, str) else ""

    def _trouble(self, reply: _Reply) -> tuple[str, str]:
        """Return what went wrong with a try that may be repeated, and what to do when it never went well."""
        if not reply.status:
            return reply.reason, "Check the network and --api-url, or try again later."
        said = self._said(reply.body)
        failure = f"it answered {_status(reply.status)}" + (f" ('{said}')" if said else "")
        if reply.status == 429 and not self._key:
            return failure, "Try again later, or with an API key: without one all the world shares one allowance."
        return failure, "Try again later."

    def _refusal(self, request: Request, reply: _Reply) -> ServiceRefused:
        said = self._said(reply.body)
        told = f"{self._asked(request)}: it answered {_status(reply.status)}" + (f" ('{said}')" if said else "")
        if reply.status in {401, 403}:
            if self._key:
                advice = "The API key is not accepted: check it, or run without one."
            else:
                advice = "It asks for an API key: give one with --api-key or SEMANTIC_SCHOLAR_API_KEY."
        elif 300 <= reply.status < 400:
            where = self._safe(reply.location)
            advice = f"It points to {where or 'another address'}, which is not followed: give the API's own --api-url."
        elif reply.status in {400, 413} and (said or reply.status == 413):
            advice = "The question is not one that the service takes; please report it."
        else:
            advice = "That is not how the API answers: check --api-url."
        return ServiceRefused(f"{told}. {advice}", reply.status, said)

    def _asked(self, request: Request) -> str:
        call = f"{request.method} {urlsplit(request.url).path}"
        return self._safe(f"Semantic Scholar ({self._base}), asked for {request.about} ({call})", 400)

    def _safe(self, text: str, most: int = 200) -> str:
        """Return ``text`` fit for a message: without the key, on one line, not endless."""
        clean = tidy(text.replace(self._key, "[API key]") if self._key else text)
        return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def check_key(api_key: str | None) -> str:
    """Return the key to send, or an empty string for none; raise UsageError for what cannot be one.

    A key that no header can carry would end in an error that prints it.
    """
    key = (api_key or "").strip()
    if key and not _KEY.fullmatch(key):
        raise UsageError(
            "the API key holds spaces or characters that no key has. Give it as Semantic Scholar sent it: one word."
        )
    return key


def _parsed(body: bytes) -> object:
    """Return the JSON in ``body``; raise ValueError that says what it is instead."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        start = body.lstrip()[:1]
    what = {b"": "nothing", b"<": "HTML", b"{": "broken JSON", b"[": "broken JSON"}
    raise ValueError(what.get(start, "something that is no JSON"))


def _status(code: int) -> str:
    """Return a status with its name: ``429 Too Many Requests``."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
