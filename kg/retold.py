"""What was fetched for the graph before, less what was asked again on the same day.

The graph of a day holds one answer about a paper. A second one of the same day (a run with ``--refresh``, or with
``--intents`` after one without) takes the place of the first, statement by statement, for the two may number the same
references differently. Answers of other days are never touched.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..ontology.terms import BASE, ENRICHMENT_GRAPHS

if TYPE_CHECKING:
    from pyoxigraph import Store

_PIECE = 1 << 20
# the work that a subject is a part of what is told about: an authorship, the item of a list, a count, the work itself
_BASE = rb"^<" + re.escape(BASE.encode())
_PART_OF = re.compile(
    _BASE + rb"(?:work/(?P<work>[^>]+)|authorship/(?P<author>[^>]+)/\d+|references/(?P<list>[^>]+)"
    rb"|reference/(?P<item>[^>]+)/\d{4}-\d\d-\d\d/\d+|count/\d{4}-\d\d-\d\d/(?P<count>[^>]+))>",
    re.MULTILINE,
)
_INQUIRY = re.compile(_BASE + rb"inquiry/[^>]+>", re.MULTILINE)
_GRAPH = re.compile(rb"<" + re.escape(ENRICHMENT_GRAPHS.encode()) + rb"([^>]+)> \.\n")


def told(pieces: Iterable[bytes]) -> dict[str, set[bytes]]:
    """Return what N-Quads tell about, by day: parts of IRIs of papers, and inquiries; a piece is of one day."""
    found: dict[str, set[bytes]] = {}
    for piece in pieces:
        day = _GRAPH.search(piece)
        if day:
            subjects = found.setdefault(day[1].decode(), set())
            subjects.update(filter(None, (_work(match) for match in _PART_OF.finditer(piece))))
            subjects.update(match[0] for match in _INQUIRY.finditer(piece))
    return found


def _work(match: re.Match[bytes]) -> bytes | None:
    return match[match.lastgroup] if match.lastgroup else None


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
                yield b"".join(line.removesuffix(b".\n") + end for line in lines if not _replaced(line, replaced))


def _replaced(line: bytes, again: set[bytes]) -> bool:
    if not again:
        return False
    if match := _PART_OF.match(line):
        return _work(match) in again
    match = _INQUIRY.match(line)
    return bool(match) and match[0] in again
