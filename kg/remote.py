"""A server that holds a graph: how it is reached, who asks, and what its refusals mean."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .credentials import PASSWORD, TOKEN, USER, Credentials
from .errors import OutsideError, UsageError

if TYPE_CHECKING:
    from httpx import URL, Auth, Client, Response

PATIENCE = 120.0
"""Seconds that a server may be silent."""
MOST = 1 << 30
"""Bytes that an answer may have, unpacked: it is held in memory."""
PAUSES = (0.2, 0.8)
"""Seconds before each further try of a call that a busy server did not answer."""
_CONNECTING = 10.0
_LONGEST_PAUSE = 30.0
_BUSY = frozenset({429, 503})
_MOVED = frozenset({301, 302, 307, 308})
_HOPS = 5


def is_address(text: object) -> bool:
    """Return whether ``text`` names a graph on the network, not a folder.

    >>> is_address("https://example.org/sparql"), is_address("graphs/mine")
    (True, False)
    """
    return isinstance(text, str) and text.lower().startswith(("http://", "https://"))


def shown(url: str) -> str:
    """Return an address without what may be secret in it: a user with a password.

    >>> shown("https://me:secret@example.org/sparql")
    'https://example.org/sparql'
    """
    return re.sub(r"^([^/]*//)[^/?#]*@", r"\1", url)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: status, media type in small letters, content, and headers by small name."""

    status: int
    kind: str
    content: bytes
    headers: Mapping[str, str]

    @property
    def is_page(self) -> bool:
        """Tell whether it is a web page, whatever it is called."""
        return "html" in self.kind or self.content[:100].lstrip().lower().startswith((b"<!doctype", b"<html"))

    @property
    def said(self) -> str:
        """Return the text of it in one line without markup."""
        text = self.content[:20_000].decode("utf-8", "replace")
        if self.is_page:
            text = re.sub(r"<(style|script).*?</\1>|<[^<>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
        return " ".join(text.split())[:500]


class Lost(OutsideError):
    """A connection that ended without an answer, or was never there; to ask again does no harm."""


class Refused(OutsideError):
    """A server's answer that is a refusal; ``status`` is its code, ``said`` what it says of it."""

    def __init__(self, message: str, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class Remote:
    """One address of a server, which is asked by several threads at once."""

    def __init__(
        self,
        url: str,
        credentials: Credentials | None = None,
        patience: float = PATIENCE,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        """Name the address; nothing is sent before the first call. Credentials are those of the environment for None.

        ``pauses`` are the seconds before each further try while the server is busy. Raises UsageError for an address
        that holds a password: it would stand in histories and messages.
        """
        self.url = url
        self.credentials = Credentials.of_environment() if credentials is None else credentials
        self.patience = patience
        self.pauses = pauses
        self._answered = False
        if shown(url) != url:
            raise UsageError(
                f"{shown(url)}: the address of a graph is no place for a user and a password. Set {USER} and "
                f"{PASSWORD} in the environment."
            )

    def __del__(self) -> None:
        """Close the connections."""
        if "client" in self.__dict__:
            self.client.close()

    @cached_property
    def client(self) -> Client:
        """The HTTP client, with the token if there is one."""
        import httpx

        token = self.credentials.token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        timeout = httpx.Timeout(self.patience, connect=min(_CONNECTING, self.patience))
        return httpx.Client(headers=headers, timeout=timeout, follow_redirects=False)

    @cached_property
    def _auth(self) -> Auth | None:
        import httpx

        who = self.credentials
        return httpx.BasicAuth(who.user, who.password) if who.user and not who.token else None

    def send(
        self, method: str, content: bytes, headers: Mapping[str, str], graph: str | None = None, enough: int = 0
    ) -> Reply:
        """Send one call and return the answer to it; ``graph`` is the parameters that name a graph.

        With ``enough`` no more is read of the answer once it has so many bytes.

        A server that is busy, or is gone after it was there, is asked again; one that refuses Basic authentication is
        given Digest; one that moved to https or within its host is followed. Raises Refused for a refusal, OutsideError
        where there is no answer.
        """
        url = self.url if graph is None else f"{self.url}{'&' if '?' in self.url else '?'}{graph}"
        for pause in (*self.pauses, None):
            asked_for = ""
            try:
                with self._telling():
                    answer = self._authenticated(method, url, content, headers, enough)
            except Lost:
                # a server that never answered is not waited for: its address may be wrong
                if pause is None or not self._answered:
                    raise
            else:
                self._answered = True
                if pause is None or answer.status not in _BUSY:
                    return self._checked(answer)
                asked_for = answer.headers.get("retry-after", "")
            time.sleep(min(max(pause, float(asked_for) if asked_for.isdecimal() else 0), _LONGEST_PAUSE))
        raise AssertionError("unreachable")

    def _authenticated(self, method: str, url: str, content: bytes, headers: Mapping[str, str], enough: int) -> Reply:
        import httpx

        auth = self._auth
        answer = self._followed(method, url, content, headers, auth, enough)
        if answer.status == 401 and isinstance(auth, httpx.BasicAuth):
            # Virtuoso takes Digest alone, and does not say so to who tried Basic
            digest = httpx.DigestAuth(self.credentials.user, self.credentials.password)
            answer = self._followed(method, url, content, headers, digest, enough)
            if answer.status != 401:
                self._auth = digest
        return answer

    def _followed(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], auth: Auth | None, enough: int
    ) -> Reply:
        """Send one call where the server says that it is; its method stays, and nothing is told to another host."""
        import httpx

        here = httpx.URL(url)
        for _ in range(_HOPS):
            with self.client.stream(method, here, content=content, headers=dict(headers), auth=auth) as response:
                answer = Reply(
                    response.status_code,
                    response.headers.get("content-type", "").partition(";")[0].strip().lower(),
                    self._read(response, enough),
                    {name.lower(): value for name, value in response.headers.items()},
                )
            if answer.status not in _MOVED or "location" not in answer.headers:
                return answer
            there = here.join(answer.headers["location"])
            if not _is_same(here, there):
                moved = shown(str(there.copy_with(query=None)))
                raise Refused(f"{self.url} has moved to {moved}. Name that address.", answer.status, answer.said)
            here = there
        raise OutsideError(f"{self.url} leads round in a circle. Name the address of the endpoint itself.")

    def _read(self, response: Response, enough: int) -> bytes:
        """Return the content of an answer, unpacked, or its beginning of ``enough`` bytes.

        Raises OutsideError where it is more than memory should hold.
        """
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if 0 < enough <= size:
                break
            if size > MOST:
                raise OutsideError(f"{self.url} answered with more than {MOST >> 20} MiB. Ask for less at once.")
        return b"".join(pieces)

    @contextmanager
    def _telling(self) -> Generator[None]:
        """Say of a call that has no answer what to do; nothing of who asks stands in it."""
        import httpx

        try:
            yield
        except httpx.TimeoutException as error:
            seconds = _CONNECTING if isinstance(error, httpx.ConnectTimeout) else self.patience
            raise OutsideError(
                f"{self.url} gave no answer in {min(seconds, self.patience):g} seconds. Ask for less, or try again "
                "later."
            ) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise UsageError(
                f"{self.url} is no address: {_reason(error)}. Name one such as http://host:7878/query."
            ) from error
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.DecodingError) as error:
            why = self.credentials.hidden_in(_reason(error))
            raise Lost(
                f"{self.url} broke off or spoilt its answer ({why}). Try again; if it stays so, see its log."
            ) from error
        except httpx.HTTPError as error:
            raise Lost(f"{self.url} cannot be reached: {self._unreached(error)}") from error

    def _unreached(self, error: Exception) -> str:
        import ssl

        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            return f"{self.credentials.hidden_in(_reason(error))}. Check the address, and that the server runs."
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message or "it cannot be verified"
            return f"its certificate is not trusted ({why}). SSL_CERT_FILE names a file of certificates to trust."
        return f"no secure connection ({cause.reason or _reason(cause)}). Check whether it is http instead of https."

    def _checked(self, answer: Reply) -> Reply:
        status, said = answer.status, self.credentials.hidden_in(answer.said)
        if status in (401, 403):
            who, next_ = self.credentials, f"Check {USER} and {PASSWORD}"
            if who.token:
                told, next_ = "does not let in this token", f"Check {TOKEN}"
            elif who.user:
                told = f"does not let in the user {who.user} with this password"
            else:
                told, next_ = "asks who you are", f"Set {USER} and {PASSWORD}, or {TOKEN}"
            raise Refused(
                f"{self.url} {told} ({status}{f': {said}' if said else ''}). {next_} in the environment.", status, said
            )
        if status >= 300:
            why = said.rstrip(".") or "it does not say why"
            raise Refused(f"{self.url} answered {status}: {why}.", status, said)
        return answer


def _is_same(here: URL, there: URL) -> bool:
    """Return whether a server that sends from one address to another may be told there who asks."""
    if here.host != there.host:
        return False
    return (here.scheme, here.port) == (there.scheme, there.port) or (here.scheme, there.scheme) == ("http", "https")


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
