"""What a list says that cannot be right, or cannot be told: kept, counted and shown with its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .model import Identifier

FindingKind = Literal[
    "wrong-link", "shared-link", "renamed", "possible-duplicate", "unknown-venue", "undated-venue", "unread-row"
]

EXPLAINED: dict[FindingKind, str] = {
    "wrong-link": "Links that lead to another paper",
    "shared-link": "Links of which one is wrong",
    "renamed": "Papers that go by another title",
    "possible-duplicate": "Rows that may be one work",
    "unknown-venue": "Venues that are not understood",
    "undated-venue": "Venues without a year",
    "unread-row": "Rows that could not be read",
}
"""What each kind of finding is, in words, worst first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: in which source and line, about which title, and what is the matter.

    ``identifier`` is the one at fault, ``instead`` the one that would be right, where they are known.
    """

    kind: FindingKind
    source: str
    line: int
    title: str
    message: str
    identifier: Identifier | None = None
    instead: Identifier | None = None
