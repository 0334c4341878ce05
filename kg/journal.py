"""What was fetched and is not in the graph yet: N-Quads files beside the store, one for each day.

Each batch of answers is written, closed with a comment line and brought to the disk before the next is asked for. A
batch that was not closed (the process was killed while it wrote) counts as never fetched. A build takes the files in,
whichever command makes it, and removes them once the new graph stands.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import OutsideError
from .store import FETCHED

_CLOSED = b"# batch complete\n"
_PIECE = 1 << 20


def journals(folder: Path) -> list[Path]:
    """Return the files of a graph folder that were not taken in yet, oldest first."""
    return sorted(folder.glob(f"{FETCHED}*.nq"))


def day_of(path: Path) -> str:
    """Return the day of the answers in a file of :func:`journals`."""
    return path.stem.removeprefix(FETCHED)


def append(folder: Path, date: str, batch: Iterable[bytes]) -> None:
    """Write a batch of N-Quads and close it; when this returns it survives whatever comes.

    Raises OutsideError when it cannot be written; what was there stays.
    """
    path = folder / f"{FETCHED}{date}.nq"
    is_new = not path.exists()
    try:
        with path.open("ab+") as out:
            out.truncate(_end(path))
            out.writelines(batch)
            out.write(_CLOSED)
            out.flush()
            os.fsync(out.fileno())
        if is_new:
            _sync(folder)
    except OSError as error:
        raise OutsideError(
            f"what was fetched could not be kept in {path}: {error.strerror}. Make room; what came before is kept, and "
            "'llmcomp enrich' goes on from there."
        ) from error


def _sync(folder: Path) -> None:
    """Bring a folder's list of files to the disk, where the system knows of such a thing."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(paths: Iterable[Path]) -> Iterator[bytes]:
    """Yield the closed batches of files, in pieces that end between lines."""
    for path in paths:
        left = _end(path)
        with path.open("rb") as lines:
            while left > 0 and (piece := lines.read(min(_PIECE, left))):
                if len(piece) < left:  # what follows the closed batches is nobody's
                    piece += lines.readline()
                left -= len(piece)
                yield piece


def _end(path: Path) -> int:
    """Return how many bytes at the beginning of a file are closed batches."""
    if not path.exists():
        return 0
    size = path.stat().st_size
    with path.open("rb") as file:
        held, start = b"", size
        while start > 0:
            start = max(0, start - _PIECE)
            file.seek(start)
            held = file.read(_PIECE + len(_CLOSED) if start + _PIECE < size else size - start)
            # at the start of a line, for a title may hold the same words
            found = held.rfind(b"\n" + _CLOSED)
            if found >= 0:
                return start + found + 1 + len(_CLOSED)
            if start == 0 and held.startswith(_CLOSED):
                return len(_CLOSED)
    return 0
