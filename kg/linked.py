"""What linking yields: works as groups of claims, and which works the reference lists name."""

from __future__ import annotations

from dataclasses import dataclass

from .facts import Reference
from .findings import Finding
from .groups import Group
from .outside import Outside


@dataclass(frozen=True, slots=True)
class Citing:
    """A reference list as linked: whose it is, and to which work each item led, in order.

    ``iri`` is that under which the list's source speaks of the citing work. A work is a group, the number of one
    outside, or None for an item that names nothing. ``told`` has by place (from 1) the items whose source says why
    they are cited.
    """

    group: Group
    iri: str
    complete: bool
    asked: str
    cited: tuple[Group | int | None, ...]
    told: dict[int, Reference]


@dataclass(frozen=True, slots=True)
class Linked:
    """What the sources say, put together work by work, and what did not fit."""

    works: tuple[Group, ...]
    findings: tuple[Finding, ...]
    lists: tuple[Citing, ...]
    outside: Outside
