"""What linking yields: works as groups of claims, and which works the reference lists name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from .facts import Reference
from .findings import Finding
from .groups import Group
from .outside import Outside

Named = TypeVar("Named", Group, str)
"""How a work is told: by what is claimed of it, and once it is decided by its IRI."""


@dataclass(frozen=True, slots=True)
class CitedWorks(Generic[Named]):
    """A reference list as linked: whose it is, and the works that its items name, in order.

    ``iri`` is that under which the list's source speaks of the citing work. A cited work may also be the number of one
    outside, or None for an item that names nothing. ``told`` has by place (from 1) the items whose source says why
    they are cited.
    """

    citing: Named
    iri: str
    complete: bool
    asked: str
    cited: tuple[Named | int | None, ...]
    told: dict[int, Reference]


@dataclass(frozen=True, slots=True)
class Linked:
    """What the sources say, put together work by work, what did not fit, and reference lists."""

    works: tuple[Group, ...]
    findings: tuple[Finding, ...]
    lists: tuple[CitedWorks[Group], ...]
    outside: Outside
