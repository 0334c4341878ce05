"""Every error a user can cause.

    LlmcompError                 exit
    ├── UsageError               2    what was asked for cannot be: an unknown name, a bad value
    │   ├── UnknownName          2    no such category, key, query, format: says the nearest one
    │   └── Ambiguous            2    a name that fits several things: says which
    ├── NothingFound             1    asked well, and the answer is empty
    └── OutsideError             3    a file, the network or another process failed
        ├── SourceError          3    a list that cannot be read at all
        ├── GraphLocked          3    another process is building this graph
        ├── ServiceUnavailable   3    a service gave no usable answer in all tries
        └── ServiceRefused       3    a service will not answer this call

A message says what, which item, what is allowed, and what to do next. Only :mod:`llmcomp.cli.main`
turns an error into an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable

_NEXT = {
    "citation key": "'llmcomp search WORDS' finds keys by words of title or author.",
    "work": "'llmcomp search WORDS' finds works by words of title, author or key.",
    "author": "An author is named by whole names or initials; 'llmcomp search WORDS' finds parts of names.",
    "venue": "'llmcomp query venues' shows those of the graph.",
    "query": "'llmcomp query --list' shows the named ones.",
}
"""What to do next where neither a near name nor the few known ones can be told."""


class LlmcompError(Exception):
    """Base of all errors that a user can cause; ``exit_code`` is what the command ends with."""

    exit_code = 1


class UsageError(LlmcompError):
    """Something was asked for that cannot be."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that nothing bears; the message lists the few known ones or the nearest, or says what to do next.

    ``near`` are lines that tell the nearest ones, where the caller knows better than by the letters of ``known``.
    """

    def __init__(self, what: str, name: str, known: Iterable[str] = (), near: str = "") -> None:
        from difflib import get_close_matches

        names = list(known)
        spelled = {known_name.lower(): known_name for known_name in names}
        closest = get_close_matches(name.lower(), spelled, n=1, cutoff=0.6)
        guess = f" Did you mean {spelled[closest[0]]}?" if closest else ""
        guess = f" Did you mean:\n{near}" if near else guess
        allowed = f" Known: {', '.join(names)}." if names and len(names) <= 40 else ""
        told = guess + allowed or f" {_NEXT.get(what, '')}".rstrip()
        super().__init__(f"no {what} '{name}'.{told}" if name.strip() else f"the {what} was given empty.{told}")


class Ambiguous(UsageError):
    """A name that fits several things."""


class NothingFound(LlmcompError):
    """A well-formed question without an answer."""


class OutsideError(LlmcompError):
    """The outside failed: a file, the network, another process."""

    exit_code = 3


class SourceError(OutsideError):
    """A list that cannot be read at all."""


class GraphLocked(OutsideError):
    """Another process is building this graph."""


def readable(what: str, text: str) -> str:
    """Return ``text``; raise UsageError where it holds what no text can: bytes of the command line that are no UTF-8.

    >>> readable("query", "ASK {}")
    'ASK {}'
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(
            f"character {error.start + 1} of the {what} cannot be read. Write it in UTF-8, in a locale of UTF-8."
        ) from error
    return text


class ServiceUnavailable(OutsideError):
    """The service gave no usable answer in all tries: what came before is good, and a later run can go on."""


class ServiceRefused(OutsideError):
    """The service will not answer this call however often it is made; ``status`` and ``said`` are its own words."""

    def __init__(self, message: str, status: int = 0, said: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.said = said

    @property
    def too_large(self) -> bool:
        """Tell whether a smaller question would be answered."""
        return self.status == 413 or (self.status == 400 and "maximum size" in self.said.lower())
