"""What a person may choose about a bibliography, and the type that every exporter has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..kg.model import Work

Protect = Literal["smart", "all", "none"]
Venues = Literal["full", "short", "acronym"]


@dataclass(frozen=True)
class Options:
    """How titles are guarded against a style's lower case, and which name of a venue is printed."""

    protect: Protect = "smart"
    venues: Venues = "full"


Exporter = Callable[[Iterable[Work], Options], Iterator[str]]
"""Works in, pieces of text out: sorted by key, byte-identical for equal works."""
