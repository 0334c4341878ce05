"""Every error a user can cause.

    LlmcompError                 exit
    ├── UsageError               2    what was asked for cannot be: an unknown name, a bad value
    │   ├── UnknownName          2    no such category, key, query, format: says the nearest one
    │   └── Ambiguous            2    a name that fits several things: says which
    ├── NothingFound             1    asked well, and the answer is empty
    └── OutsideError             3    a file, the network or another process failed
        ├── SourceError          3    a list that cannot be read at all
        └── GraphLocked          3    another process is building this graph

A message says what, which item, what is allowed, and what to do next. Only :mod:`llmcomp.cli.main`
turns an error into an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable


class LlmcompError(Exception):
    """Base of all errors that a user can cause; ``exit_code`` is what the command ends with."""

    exit_code = 1


class UsageError(LlmcompError):
    """Something was asked for that cannot be."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that nothing bears; the message lists the known ones and the nearest."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches

        names = list(known)
        spelled = {known_name.lower(): known_name for known_name in names}
        near = get_close_matches(name.lower(), spelled, n=1, cutoff=0.6)
        guess = f" Did you mean {spelled[near[0]]}?" if near else ""
        allowed = f" Known: {', '.join(names)}." if names and len(names) <= 40 else ""
        super().__init__(f"no {what} '{name}'.{guess}{allowed}")


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
