"""What was fetched for the graph before, less what was asked again on the same day.

The graph of a day holds one answer about a paper. A second one of the same day (a run with ``--refresh``, or with
``--intents`` after one without) takes the place of the first, statement by statement, for the two may number the same
references differently. Answers of other days are never touched.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..ontology.terms import BASE, CITES, ENRICHMENT_GRAPHS, HAS_REFERENCE_LIST

if TYPE_CHECKING:
    from pyoxigraph import Store

_PIECE = 1 << 20
_BASE = rb"^<" + re.escape(BASE.encode())
_OF_LIST = b"|".join(re.escape(term.encode()) for term in (CITES, HAS_REFERENCE_LIST))
# what a line tells a part of: a paper's reference list, or all else about it
_LIST = re.compile(
    _BASE + rb"(?:references/([^>]+)|reference/([^>]+)/\d{4}-\d\d-\d\d/\d+|work/([^>]+)(?=> <(?:" + _OF_LIST + rb")>))>"
)
_PAPER = re.compile(_BASE + rb"(?:work/([^>]+)|authorship/([^>]+)/\d+|count/\d{4}-\d\d-\d\d/([^>]+))>")
_INQUIRY = re.compile(_BASE + rb"inquiry/[^>]+>")
_GRAPH = re.compile(rb"<" + re.escape(ENRICHMENT_GRAPHS.encode()) + rb"([^>]+)> \.\n")


def told(pieces: Iterable[bytes]) -> dict[str, set[bytes]]:
    """Return what N-Quads tell about, by day: papers, reference lists and inquiries; a piece is of one day."""
    found: dict[str, set[bytes]] = {}
    for piece in pieces:
        if day := _GRAPH.search(piece):
            about = found.setdefault(day[1].decode(), set())
            about.update(filter(None, map(_about, piece.splitlines(keepends=True))))
    return found


def is_told(line: bytes, about: Mapping[str, set[bytes]]) -> bool:
    """Return whether a line tells of what ``about`` has of its day (see :func:`told`)."""
    day = _GRAPH.search(line)
    return bool(day) and _about(line) in about.get(day[1].decode(), ())


def _about(line: bytes) -> bytes | None:
    """Return what a line tells about, or None for what is told of nothing in particular (an identifier)."""
    for kind, pattern in ((b"list ", _LIST), (b"paper ", _PAPER), (b"inquiry ", _INQUIRY)):
        if match := pattern.match(line):
            return kind + (match[match.lastindex] if match.lastindex else match[0])
    return None


def days(store: Store) -> list[str]:
    """Return the days of which ``store`` has answers, in order."""
    from pyoxigraph import NamedNode

    names = (graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
    return sorted(name.removeprefix(ENRICHMENT_GRAPHS) for name in names if name.startswith(ENRICHMENT_GRAPHS))


def kept_quads(folder: Path, former: Store | None, again: dict[str, set[bytes]]) -> Iterator[bytes]:
    """Yield what ``former`` holds of fetched answers as N-Quads, but for what ``again`` tells of (see :func:`told`)."""
    from pyoxigraph import NamedNode, RdfFormat

    for day in days(former) if former else ():
        graph = ENRICHMENT_GRAPHS + day
        end = f"<{graph}> .\n".encode()
        replaced = again.get(day, set())
        # through a nameless file: it may be larger than memory
        with tempfile.TemporaryFile(dir=folder) as file:
            assert former
            former.dump(file, from_graph=NamedNode(graph), format=RdfFormat.N_TRIPLES)
            file.seek(0)
            while lines := file.readlines(_PIECE):
                yield b"".join(
                    line.removesuffix(b".\n") + end for line in lines if not (replaced and _about(line) in replaced)
                )
