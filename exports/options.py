"""What a person may choose about a bibliography, and the type that every exporter has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..kg.model import Work

Protect = Literal["smart", "all", "none"]
Venues = Literal["full", "short", "acronym"]
Sort = Literal["key", "year", "citations"]

NO_WORKS = "no work meets all of these conditions. Leave one out, or see 'llmcomp categories'."
"""What is said where there is nothing to write."""


@dataclass(frozen=True)
class Options:
    """How titles are guarded against a style's lower case, which name of a venue is printed, and the rest.

    ``sort`` is the order of works: by key, by year (oldest first) or by citations (most first). ``fields`` are names of
    fields: only these are written, or all but those that begin with ``-``. ``style`` is the CSL style of the formatted
    kinds: a name or the path of a file.
    """

    protect: Protect = "smart"
    venues: Venues = "full"
    sort: Sort = "key"
    fields: tuple[str, ...] = ()
    style: str = "ieee"

    def writes(self, field: str) -> bool:
        """Say whether the field with this name is written."""
        if not self.fields:
            return True
        if self.fields[0].startswith("-"):
            return f"-{field}" not in self.fields
        return field in self.fields


Exporter = Callable[[Iterable[Work], Options], Iterator[str]]
"""Works in, pieces of text out: sorted, byte-identical for equal works."""
