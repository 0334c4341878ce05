"""The text format in which facts are shipped: records of ``field: value`` lines.

A subset of GNU recutils' record format (https://www.gnu.org/software/recutils/manual/The-Rec-Format.html):
one field a line, records parted by a blank line, ``#`` begins a comment line, a field may repeat. One fact a
line makes a change of one author one line of a diff. Values are one line; several columns are parted by tabs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .errors import SourceError

Fields = list[tuple[str, str]]


def parse_records(text: str, source: str) -> Iterator[tuple[int, Fields]]:
    """Yield line number (of the first field) and fields of each record.

    >>> list(parse_records("# facts\\ntitle: GPTQ\\nauthor: Elias Frantar\\n", "x"))
    [(2, [('title', 'GPTQ'), ('author', 'Elias Frantar')])]
    """
    fields: Fields = []
    start = 0
    # "\\n" alone parts lines: str.splitlines would also cut at characters that titles hold
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            if fields:
                yield start, fields
                fields = []
        elif line[0] != "#":
            name, colon, value = line.partition(": ")
            if not colon:
                raise SourceError(f"{source}, line {number}: expected 'field: value', found {line[:60]!r}.")
            if not fields:
                start = number
            fields.append((name, value))
    if fields:
        yield start, fields


def format_records(header: Iterable[str], records: Iterable[Fields]) -> str:
    """Return the text of ``records`` under comment lines ``header``; fields without a value are left out."""
    blocks = ["".join(f"# {line}".rstrip() + "\n" for line in header)]
    for fields in records:
        blocks.append("".join(f"{name}: {value}\n" for name, value in fields if value))
    return "\n".join(blocks)
