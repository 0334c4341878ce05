"""Where lists come from: files, standard input, web addresses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from .errors import OutsideError, SourceError, readable
from .lists import decode, read_list
from .model import Reading

MAX_BYTES = 50_000_000
"""What a list or a query may weigh; a list of 700 rows weighs 0.12 MB."""
TIMEOUT = 30.0
"""Seconds that a web server may take to begin its answer."""


def load_list(address: str, is_venue: Callable[[str], bool]) -> Reading:
    """Read the list at ``address``: a path, ``-`` for standard input, or an http(s) address.

    Raises SourceError when it cannot be had, is no text, or holds no row; OutsideError for a closed standard input.
    """
    readable("name of a list", address)
    if address == "-":
        data, name = read_input(), "standard input"
    elif address.startswith(("http://", "https://")):
        data, name = _download(address), address
    else:
        data, name = _read(Path(address)), address
    text = decode(not_too_large(data, name, "a list is a Markdown file"), name)
    if not text.strip():
        raise SourceError(f"{name}: empty. A list is Markdown with rows like '- Title <br> Venue [[Paper]](address)'.")
    reading = read_list(text, name, is_venue)
    if not reading.entries:
        why = f" ({len(reading.unread)} rows could not be read)" if reading.unread else ""
        raise SourceError(
            f"{name}: no row found{why}. A row looks like '- Title <br> Venue Year [[Paper]](https://...)'."
        )
    return reading


def read_input() -> bytes:
    """Return what stands on standard input, but no more than tells that it is too large.

    Raises OutsideError where it is closed or cannot be read.
    """
    if not sys.stdin:  # None where it was closed before Python began
        raise OutsideError("standard input is closed. Name a file, or open it.")
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise OutsideError(f"standard input cannot be read: {error.strerror or error}. Name a file instead.") from error


def read_file(path: Path) -> bytes:
    """Return what stands in a file, but no more than tells that it is too large: some devices never end."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


@contextmanager
def opened_bytes(file: str, name: str, advice: str) -> Generator[IO[bytes]]:
    """Open ``file`` (``-`` for standard input) to read a graph from; errors call it ``name`` and say ``advice``.

    Raises OutsideError where it is not there or cannot be read.
    """
    if file == "-":
        if not sys.stdin:  # None where it was closed before Python began
            raise OutsideError("standard input is closed. Name a file, or open it.")
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 (closed below, where other errors are told)
    except FileNotFoundError as error:
        raise OutsideError(f"{name}: no such file. {advice}") from error
    except IsADirectoryError as error:
        raise OutsideError(f"{name}: a folder. {advice}") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise OutsideError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    with stream:
        yield stream


def not_too_large(data: bytes, name: str, hint: str) -> bytes:
    """Return ``data``; raise SourceError where there are more than may be."""
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; {hint}.")
    return data


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file. Name a Markdown file, '-' or an http address.") from error
    except IsADirectoryError as error:
        raise SourceError(f"{path}: a folder. Name the list's Markdown file in it.") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise SourceError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _download(url: str) -> bytes:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    headers = {"User-Agent": "llmcomp", "Accept": "text/markdown, text/plain, */*;q=0.5"}
    try:
        with urlopen(Request(_raw(url), headers=headers), timeout=TIMEOUT) as answer:
            kind = answer.headers.get_content_type()
            data = answer.read(MAX_BYTES + 1)
            missing = answer.length if len(data) <= MAX_BYTES else 0
    except HTTPError as error:
        error.close()
        raise SourceError(f"{url}: the server answered {error.code} {error.reason}.") from error
    except (HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise SourceError(f"{url}: cannot be fetched: {reason or type(error).__name__}.") from error
    if missing:
        # half a list looks like a whole one
        raise SourceError(f"{url}: cannot be fetched: the connection broke off, {missing} bytes are missing.")
    if kind == "text/html":
        raise SourceError(f"{url}: a web page, not Markdown. On GitHub, name the raw file or the repository's page.")
    return data


def _raw(url: str) -> str:
    """Return the address of the Markdown behind a page of GitHub that shows it."""
    address = urlsplit(url)
    names = address.path.strip("/").split("/")
    if address.hostname not in {"github.com", "www.github.com"} or len(names) < 2:
        return url
    owner, repository, *rest = names
    match rest:
        case []:
            where = "HEAD/README.md"
        case ["tree", revision, *folders]:
            where = "/".join([revision, *folders, "README.md"])
        case ["blob" | "raw", revision, _, *_]:
            where = "/".join([revision, *rest[2:]])
        case _:
            return url
    return f"{address.scheme}://raw.githubusercontent.com/{owner}/{repository.removesuffix('.git')}/{where}"
