"""A server that holds a graph: how it is reached, who asks, and what its refusals mean."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .errors import OutsideError, UsageError

if TYPE_CHECKING:
    from httpx import Auth, Client, Response

USER, PASSWORD, TOKEN = "LLMCOMP_ENDPOINT_USER", "LLMCOMP_ENDPOINT_PASSWORD", "LLMCOMP_ENDPOINT_TOKEN"
"""Variables of the environment in which a server's user and password, or its token, stand."""
PATIENCE = 120.0
"""Seconds that a server may take to answer."""
_PAUSES = (0.2, 0.8)
"""Seconds between the tries of a call that a busy server did not answer."""
_BUSY = frozenset({429, 502, 503, 504})


def is_address(text: object) -> bool:
    """Return whether ``text`` names a graph on the network, not a folder.

    >>> is_address("https://example.org/sparql"), is_address("graphs/mine")
    (True, False)
    """
    return isinstance(text, str) and text.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: a user with a password, or a token, or nobody."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Credentials:
        """Return what the environment tells; see :data:`USER`, :data:`PASSWORD`, :data:`TOKEN`."""
        return cls(*(environment.get(name, "") for name in (USER, PASSWORD, TOKEN)))


class Refused(OutsideError):
    """A server's answer that is a refusal; ``status`` is its code, ``said`` what it says of it."""

    def __init__(self, message: str, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class Remote:
    """One address of a server, which is asked by several threads at once."""

    def __init__(self, url: str, credentials: Credentials | None = None, patience: float = PATIENCE) -> None:
        """Name the address; nothing is sent before the first call. Credentials are those of the environment for None.

        Raises UsageError for an address that holds a password: it would stand in histories and messages.
        """
        self.url = url
        self.credentials = Credentials.of_environment() if credentials is None else credentials
        self.patience = patience
        if "@" in url.partition("//")[2].partition("/")[0]:
            raise UsageError(
                f"the address of a graph is no place for a password. Set {USER} and {PASSWORD} in the environment."
            )

    @cached_property
    def client(self) -> Client:
        """The HTTP client, with the token if there is one."""
        import httpx

        token = self.credentials.token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(headers=headers, timeout=self.patience, follow_redirects=True)

    @cached_property
    def _auth(self) -> Auth | None:
        import httpx

        who = self.credentials
        return httpx.BasicAuth(who.user, who.password) if who.user and not who.token else None

    def send(self, method: str, content: bytes, headers: Mapping[str, str], graph: str | None = None) -> Response:
        """Send one call and return the answer to it; ``graph`` is the parameters that name a graph.

        A busy server is asked again, one that refuses Basic authentication is given Digest. Raises Refused for a
        refusal, OutsideError where there is no answer.
        """
        import httpx

        url = self.url if graph is None else f"{self.url}{'&' if '?' in self.url else '?'}{graph}"
        for pause in (*_PAUSES, None):
            try:
                answer = self.client.request(method, url, content=content, headers=headers, auth=self._auth)
                if answer.status_code == 401 and isinstance(self._auth, httpx.BasicAuth):
                    # Virtuoso takes Digest alone, and does not say so to who tried Basic
                    self._auth = httpx.DigestAuth(self.credentials.user, self.credentials.password)
                    answer = self.client.request(method, url, content=content, headers=headers, auth=self._auth)
            except httpx.TimeoutException as error:
                raise OutsideError(
                    f"{self.url} gave no answer in {self.patience:.0f} seconds. Ask for less, or try again later."
                ) from error
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                raise OutsideError(
                    f"{self.url} cannot be reached: {str(error) or type(error).__name__}. Check the address, and that "
                    "the server runs."
                ) from error
            if pause is None or answer.status_code not in _BUSY:
                return self._checked(answer)
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _checked(self, answer: Response) -> Response:
        status, said = answer.status_code, _told(answer)
        if status in (401, 403):
            raise Refused(
                f"{self.url} refuses who asks ({status}). Set {USER} and {PASSWORD}, or {TOKEN}, in the environment.",
                status,
                said,
            )
        if status >= 300:
            raise Refused(f"{self.url} answered {status} {answer.reason_phrase}: {said}", status, said)
        return answer


def _told(answer: Response) -> str:
    """Return what a server says of an error, in one line without markup."""
    if answer.status_code < 300:
        return ""
    html = "html" in answer.headers.get("content-type", "")
    text = re.sub(r"<style.*?</style>|<[^<>]*>", " ", answer.text, flags=re.DOTALL) if html else answer.text
    return " ".join(text.split())[:500] or "it does not say why"
