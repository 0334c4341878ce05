"""What commands print: data on stdout or into a file, tables, JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import click

from ..kg.errors import OutsideError


def write(pieces: Iterable[bytes], output: Path | None, how: str = " with -o") -> None:
    """Write ``pieces`` to stdout, or to a file that appears whole or not at all.

    A link is followed, a file keeps its mode; what is no file but can be written to (a pipe, a device) is written to.
    ``how`` is how the command is told of a file.
    """
    if output is None:
        _write_out(pieces, how)
        return
    draft, changed = None, False
    try:
        target, mode = _target(output)
        if target is None:
            with output.open("wb") as out:
                changed = True
                out.writelines(pieces)
            return
        draft = target.with_name(f".llmcomp-{os.getpid()}")
        with draft.open("wb") as out:
            if mode is not None:
                draft.chmod(mode)
            out.writelines(pieces)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except BrokenPipeError:
        raise  # its reader has read enough
    except OSError as error:
        state = "" if changed else " Nothing there was changed."
        raise OutsideError(f"{output} could not be written: {reason(error)}.{state} {_advice(error, how)}") from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _write_out(pieces: Iterable[bytes], how: str) -> None:
    # bytes, so that data are UTF-8 whatever the locale, and line ends are what they are
    if not sys.stdout:
        raise OutsideError(f"standard output is closed. Name a file{how}, or open it.")
    try:
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutsideError(f"standard output could not be written: {reason(error)}. {_advice(error, how)}") from error


def _target(output: Path) -> tuple[Path | None, int | None]:
    """Return the file to replace and its mode; no file for what must be written to as it stands, no mode for a new one.

    A name such as /dev/stdout may stand for a file that has no name of its own any more.
    """
    target = Path(os.path.realpath(output))
    try:
        there = output.stat()
    except FileNotFoundError:
        return target, None
    if not stat.S_ISREG(there.st_mode) or not target.exists() or not output.samefile(target):
        return None, None
    return target, stat.S_IMODE(there.st_mode)


def reason(error: OSError) -> str:
    """Return what the system says of an error, with the file it speaks of, if any."""
    return error.strerror or str(error) or type(error).__name__


def _advice(error: OSError, how: str) -> str:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Make room on the disk, or write elsewhere{how}."
    if error.errno == errno.ENOENT:
        return f"Make its folder first, or name another file{how}."
    return f"Name another file{how}."


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


def print_json(value: Any, output: Path | None = None) -> None:
    """Print a value as JSON."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2)
    write([_encoded(text), b"\n"], output)


def print_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), output: Path | None = None
) -> None:
    """Print aligned columns; those in ``numbers`` are set to the right."""
    write([table(header, rows, numbers, None if output else terminal_width())], output)


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), room: int | None = None
) -> bytes:
    """Return aligned columns; where ``room`` is too narrow for all, the widest are cut to one width.

    >>> print(table(("KEY", "TITLE"), [("a", "one two three"), ("bcd", "four")], room=12).decode(), end="")
    KEY  TITLE
    a    one tw…
    bcd  four
    """
    lines = [list(header), *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(_columns(line[i]) for line in lines) for i in range(len(header))]
    if room is not None:
        widths = _shared(widths, room - 2 * (len(widths) - 1))
    text: list[str] = []
    for line in lines:
        cells: list[str] = []
        for i, whole in enumerate(line):
            cell = whole if _columns(whole) <= widths[i] else _cut(whole, widths[i])
            padding = " " * (widths[i] - _columns(cell))
            cells.append(padding + cell if i in numbers else cell + padding)
        text.append("  ".join(cells).rstrip())
    return _encoded("".join(f"{line}\n" for line in text))


def _shared(widths: list[int], room: int) -> list[int]:
    """Return the widths of columns that share ``room``: narrow ones keep theirs, the others get the same.

    >>> _shared([5, 90, 40], 65)
    [5, 30, 30]
    """
    shared, left = list(widths), room
    for n, i in enumerate(sorted(range(len(widths)), key=widths.__getitem__)):
        # a column of one letter and the sign that it was cut still tells the rows apart
        shared[i] = min(widths[i], max(left // (len(widths) - n), 2))
        left -= shared[i]
    return shared


def _columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def _cut(text: str, width: int) -> str:
    """Return the beginning of ``text`` that fits into ``width`` with a sign that it was cut."""
    end = min(len(text), width - 1)
    while end and _columns(text[:end]) > width - 1:
        end -= 1
    return text[:end].rstrip() + "…"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one: ``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def terminal_width() -> int | None:
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
    write([_encoded(text), b"\n"], None)


def _encoded(text: str) -> bytes:
    # the name of a folder may hold bytes that are no UTF-8; they are told as escapes, which JSON knows too
    return text.encode("utf-8", "backslashreplace")
