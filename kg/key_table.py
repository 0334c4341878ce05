"""Citation keys as a table that people keep under version control: tab-separated, a header line, one row a work.

The columns are ``key``, ``work`` (its IRI), ``title``, and ``former``: keys that the work had before, with spaces
between. Rows are sorted by key, and nothing in the file changes unless a work, a title or a key does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..ontology.terms import TITLE
from .errors import UsageError
from .graph import Graph

COLUMNS = ("key", "work", "title", "former")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The citation key of a work (its IRI), its title, and the keys that it had before; ``line`` is that of a file."""

    key: str
    work: str
    title: str = ""
    former: tuple[str, ...] = ()
    line: int | None = None


def key_rows(graph: Graph, *, everything: bool = False) -> list[KeyRow]:
    """Return the keys of listed works and tools, sorted by key; with ``everything`` those of all works.

    These are also works that listed ones cite, and works that are on no list any more and have no title.
    """
    keys = graph.pairs("work-keys")
    if not everything:
        listed = graph.pairs("listed-works").keys() | graph.pairs("listed-tools").keys()
        keys = {work: key for work, key in keys.items() if work in listed}
    former: dict[str, list[str]] = defaultdict(list)
    for work, key in graph.rows("former-keys"):
        former[work].append(key)
    told = graph.rows("work-properties", None if everything else keys)
    titles = {work: value for work, name, value in told if name == TITLE}
    return [
        KeyRow(key, work, " ".join(titles.get(work, "").split()), tuple(sorted(former.get(work, ()))))
        for key, work in sorted((key, work) for work, key in keys.items())
    ]


def written(rows: Iterable[KeyRow]) -> Iterator[str]:
    r"""Yield ``rows`` as the lines of a table.

    >>> "".join(written([KeyRow("li2024sparse", "w:1", "Sparse Attention", ("sparse:2401-1", "sparse"))]))
    'key\twork\ttitle\tformer\nli2024sparse\tw:1\tSparse Attention\tsparse:2401-1 sparse\n'
    """
    yield "\t".join(COLUMNS) + "\n"
    for row in rows:
        yield "\t".join((row.key, row.work, row.title, " ".join(row.former))) + "\n"


def is_table(text: str) -> bool:
    """Return whether ``text`` begins as a table of keys does: with a header that names its columns.

    >>> is_table("key\\twork\\ttitle\\n"), is_table("@misc{key, title={T}}")
    (True, False)
    """
    return {"key", "work"} <= set(_cells(next(_lines(text), (0, ""))[1]))


def read_table(text: str, name: str) -> list[KeyRow]:
    r"""Return the rows of a table; columns are known by the header, and ``title`` and ``former`` may be missing.

    Empty lines and lines that begin with ``#`` are passed over. Raises UsageError for a row without a key or a work,
    with its line in the file ``name``.

    >>> read_table("key\twork\nmine\tarXiv:2210.17323\n", "keys.tsv")
    [KeyRow(key='mine', work='arXiv:2210.17323', title='', former=(), line=2)]
    """
    lines = _lines(text)
    header = _cells(next(lines)[1])
    rows: list[KeyRow] = []
    for line, content in lines:
        cells = dict(zip(header, _cells(content), strict=False))
        key, work = cells.get("key", ""), cells.get("work", "")
        if not key or not work:
            raise UsageError(
                f"{name}:{line}: no {'work' if key else 'key'} in this row. A row has a key, a tab and a work; "
                "'llmcomp keys export' writes such a file."
            )
        rows.append(KeyRow(key, work, cells.get("title", ""), tuple(cells.get("former", "").split()), line))
    return rows


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, each with its number."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]
