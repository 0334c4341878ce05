"""Where lists come from: files, standard input, web addresses."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from .errors import SourceError
from .lists import decode, read_list
from .model import Reading

MAX_BYTES = 50_000_000
"""What a list may weigh; one of 700 rows weighs 0.12 MB."""
TIMEOUT = 30.0
"""Seconds that a web server may take to begin its answer."""


def load_list(address: str, is_venue: Callable[[str], bool]) -> Reading:
    """Read the list at ``address``: a path, ``-`` for standard input, or an http(s) address.

    Raises SourceError when it cannot be had, is no text, or holds no row.
    """
    if address == "-":
        data, name = sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"
    elif address.startswith(("http://", "https://")):
        data, name = _download(address), address
    else:
        data, name = _read(Path(address)), address
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; a list is a Markdown file.")
    text = decode(data, name)
    if not text.strip():
        raise SourceError(f"{name}: empty. A list is Markdown with rows like '- Title <br> Venue [[Paper]](address)'.")
    reading = read_list(text, name, is_venue)
    if not reading.entries:
        why = f" ({len(reading.unread)} rows could not be read)" if reading.unread else ""
        raise SourceError(
            f"{name}: no row found{why}. A row looks like '- Title <br> Venue Year [[Paper]](https://...)'."
        )
    return reading


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
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
