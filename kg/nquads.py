"""Write statements as N-Quads (https://www.w3.org/TR/n-quads/), the fastest way into the store."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..ontology.terms import (
    XSD_ANY_URI,
    XSD_BOOLEAN,
    XSD_DATE,
    XSD_DOUBLE,
    XSD_INTEGER,
    XSD_YEAR,
    XSD_YEAR_MONTH,
)

_SPECIAL = re.compile(r'["\\\n\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f]')
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_PIECE = 4096
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"}


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda m: _SHORT.get(m[0]) or f"\\u{ord(m[0]):04X}", text)


def literal(text: str) -> str:
    """Return a plain literal."""
    return f'"{_escaped(text)}"' if _SPECIAL.search(text) else f'"{text}"'


def integer(value: int) -> str:
    """Return an ``xsd:integer``."""
    return f'"{value}"^^<{XSD_INTEGER}>'


def double(value: float) -> str:
    """Return an ``xsd:double``; read back, it is the same number."""
    return f'"{value!r}"^^<{XSD_DOUBLE}>'


def boolean(value: bool) -> str:
    """Return an ``xsd:boolean``."""
    return f'"{str(value).lower()}"^^<{XSD_BOOLEAN}>'


def year(value: int) -> str:
    """Return an ``xsd:gYear``."""
    return f'"{value:04d}"^^<{XSD_YEAR}>'


def year_month(value: tuple[int, int]) -> str:
    """Return an ``xsd:gYearMonth``, or an ``xsd:gYear`` where the month is 0 (unknown)."""
    return f'"{value[0]:04d}-{value[1]:02d}"^^<{XSD_YEAR_MONTH}>' if value[1] else year(value[0])


def date(value: str) -> str:
    """Return an ``xsd:date`` of ``YYYY-MM-DD``."""
    return f'"{value}"^^<{XSD_DATE}>'


def uri(url: str) -> str:
    """Return a web address as an ``xsd:anyURI``."""
    return f'"{_escaped(url)}"^^<{XSD_ANY_URI}>' if url else literal("")


def address(url: str) -> str:
    """Return a web address as an IRI node; what an IRI may not hold is percent-encoded."""
    encoded = _NOT_IN_IRI.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), url)
    return f"<{encoded}>"


class Statements:
    """Statements about to be stored, all in one graph (the default graph for an empty name).

    Objects are given as the functions of this module return them; subjects and predicates as IRIs.
    """

    def __init__(self, graph: str = "") -> None:
        """Start with no statements."""
        self._end = f" <{graph}> .\n" if graph else " .\n"
        self._lines: list[str] = []

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, subject: str, predicate: str, value: str) -> None:
        """State ``subject predicate value`` for a literal or an address; an empty literal states nothing."""
        if value != '""':
            self._lines.append(f"<{subject}> <{predicate}> {value}{self._end}")

    def link(self, subject: str, predicate: str, target: str) -> None:
        """State ``subject predicate target`` for an IRI of ours or of a vocabulary."""
        self._lines.append(f"<{subject}> <{predicate}> <{target}>{self._end}")

    def encode(self) -> Iterator[bytes]:
        """Yield the statements as N-Quads in the order they were made, and forget them on the way."""
        lines, self._lines = self._lines, []
        lines.reverse()
        while lines:
            piece = lines[: -_PIECE - 1 : -1]
            del lines[-_PIECE:]
            yield "".join(piece).encode("utf-8")
