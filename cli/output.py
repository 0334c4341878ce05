"""What commands print: data on stdout or into a file, tables, JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import click

from ..kg.errors import OutsideError


def write(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write ``pieces`` to stdout, or to a file that appears whole or not at all."""
    if output is None:
        # bytes, so that data are UTF-8 whatever the locale, and line ends are what they are
        if not sys.stdout:
            raise OutsideError("standard output is closed. Name a file with -o, or open it.")
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    draft = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with draft.open("wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(output)
    except OSError as error:
        raise OutsideError(f"{output} could not be written: {error.strerror}. Nothing there was changed.") from error
    finally:
        draft.unlink(missing_ok=True)


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: dataclasses as objects without empty fields, paths as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: plain(v) for name, v in fields if v not in (None, "", ())}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in cast(dict[Any, Any], value).items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in cast(Sequence[Any], value)]
    return str(value) if isinstance(value, Path) else value


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2)
    write([text.encode("utf-8"), b"\n"], None)


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> None:
    """Print aligned columns; those in ``numbers`` are set to the right. A terminal's width cuts the last one."""
    from wcwidth import wcswidth

    table = [list(header), *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(max(wcswidth(row[i]), 0) for row in table) for i in range(len(header))]
    lines: list[str] = []
    room = _width()
    for row in table:
        cells: list[str] = []
        for i, cell in enumerate(row):
            padding = " " * (widths[i] - max(wcswidth(cell), 0))
            cells.append(padding + cell if i in numbers else cell + padding)
        line = "  ".join(cells).rstrip()
        lines.append(line if room is None or len(line) <= room else line[: room - 1] + "…")
    write(["".join(f"{line}\n" for line in lines).encode("utf-8")], None)


def _width() -> int | None:
    """Return the terminal's width, or None where nobody looks at a terminal."""
    import shutil

    return shutil.get_terminal_size().columns if _terminal() else None


def _terminal() -> bool:
    return bool(sys.stdout) and sys.stdout.isatty()


def heading(text: str) -> str:
    """Return ``text`` in bold on a terminal, unless ``NO_COLOR`` says otherwise."""
    if not _terminal() or os.environ.get("NO_COLOR"):
        return text
    return click.style(text, bold=True)


def echo(text: str = "") -> None:
    """Print one line of an answer, as UTF-8 whatever the locale."""
    write([text.encode("utf-8"), b"\n"], None)
