"""Where a graph lies on disk, and how it is opened, locked and replaced. The one place that opens the store.

A graph folder holds::

    current           which of the stores is the graph: its name, the format, the version that built it
    lock              held by the process that builds
    store-000007/     an Oxigraph store, complete, never written to again
    unreadable-000003/  a store that a build could not read, kept for the keys that may be in it

A build makes a new store beside the old one and then replaces ``current`` in one step, so that whoever is
killed at whatever moment leaves the old graph or the new one. The store before the current one stays until
the next build, for commands that are still reading it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING

from .errors import GraphLocked, OutsideError, UsageError

if TYPE_CHECKING:
    from pyoxigraph import Store

FORMAT = 1
"""Number of the layout of the folder and of the graph; a store of another is built again."""
BATCH = 2_000_000
"""Bytes given to the store at once: smaller is slower, larger takes thirteen times as much memory."""
LOADERS = 2
"""How many pieces are loaded at once, while the next is made."""
LARGE, LARGE_BATCH = 500_000_000, 16_000_000
"""Bytes after which a store is large, and is given more at once."""
_POINTER = "current"
_LOCK = "lock"
_DAMAGED = (OSError, RuntimeError, ValueError)
"""What the store raises for a folder that it cannot read."""
_PREFIX = "store-"
_ASIDE = "unreadable-"
PUSHED = "pushed-"
"""How files begin that note how far a graph was loaded into a server (:mod:`llmcomp.kg.push`)."""
FETCHED = "fetched-"
"""How files begin that hold what was fetched and is not in the graph yet (:mod:`llmcomp.kg.journal`)."""


@dataclass(frozen=True, slots=True)
class Current:
    """What ``current`` says: the store's folder, its format, and the version of the package that built it."""

    store: str
    format: int
    version: str


def default_path() -> Path:
    """Return the graph folder in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("llmcomp", appauthor=False) / "graph"


def read_current(folder: Path) -> Current | None:
    """Return what the folder's pointer says, or None where there is no graph yet.

    Raises UsageError for a folder that holds something else, OutsideError for a pointer that is damaged.
    """
    pointer = folder / _POINTER
    try:
        store, number, version = pointer.read_text("utf-8").split()
        return Current(store, int(number), version)
    except FileNotFoundError:
        _refuse_strange(folder)
        return None
    except NotADirectoryError as error:
        raise UsageError(f"{folder} is a file; a graph is a folder. Name another with --graph.") from error
    except ValueError as error:
        raise OutsideError(f"{pointer} is damaged ({error}). Run 'llmcomp build' to make the graph again.") from error
    except OSError as error:
        raise OutsideError(f"{pointer} cannot be read: {error.strerror}.") from error


def _refuse_strange(folder: Path) -> None:
    """Raise for a folder whose content is not ours: a build would write among it."""
    with suppress(FileNotFoundError):
        ours = (_PREFIX, _ASIDE, _POINTER, FETCHED, PUSHED)
        strange = [p.name for p in folder.iterdir() if p.name != _LOCK and not p.name.startswith(ours)]
        if strange:
            raise UsageError(
                f"{folder} holds other things ({strange[0]}) and no graph. Name an empty or new folder with --graph."
            )


def open_readonly(folder: Path) -> Store:
    """Open the current store for reading; any number of readers may, beside a build.

    Raises OutsideError where there is none or it cannot be read.
    """
    from pyoxigraph import Store

    for last_try in (False, True):
        current = read_current(folder)
        if current is None:
            raise OutsideError(f"no graph in {folder}. Run 'llmcomp build'.")
        if current.format != FORMAT:
            raise OutsideError(
                f"the graph in {folder} has format {current.format}, this llmcomp reads {FORMAT}. Run 'llmcomp build'."
            )
        try:
            return Store.read_only(str(folder / current.store))
        except _DAMAGED as error:
            # two builds may have ended between reading the pointer and opening what it named
            if last_try:
                raise OutsideError(
                    f"the graph in {folder} cannot be opened ({error}). Run 'llmcomp build' to make it again."
                ) from error
    raise AssertionError("unreachable")


@contextmanager
def building(folder: Path, waiting: Callable[[str], None] | None = None, patience: float = 120.0) -> Generator[None]:
    """Hold the folder's lock for a build.

    Raises GraphLocked at once when another process holds it; with ``waiting`` it is first told who does, and the
    lock is awaited for ``patience`` seconds. The lock goes with the process, however that ends.
    """
    with suppress(OutsideError):  # a damaged pointer is what a build mends
        read_current(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / _LOCK).open("a+", encoding="utf-8")
    except FileExistsError as error:
        raise UsageError(f"{folder} is a file; a graph is a folder. Name another with --graph.") from error
    except OSError as error:
        raise OutsideError(f"no graph can be made in {folder}: {error.strerror}. Name another with --graph.") from error
    with handle:
        told, asked = False, 0
        deadline = time.monotonic() + patience
        while not _try_lock(handle):
            handle.seek(0)
            holder = handle.read().strip()
            if not holder and asked < 20:  # it has the lock and has not yet said so
                asked += 1
                time.sleep(0.05)
                continue
            holder = holder or "another process"
            if waiting is None or time.monotonic() > deadline:
                raise GraphLocked(f"the graph in {folder} is being built by {holder}. Wait for it, or end it.")
            if not told:
                waiting(holder)
                told = True
            time.sleep(0.05)
        handle.seek(0)
        handle.truncate()
        handle.write(f"process {os.getpid()} on {_host()} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
        handle.flush()
        try:
            yield
        finally:  # the next holder is not taken for this one
            handle.seek(0)
            handle.truncate()
            handle.flush()


def _host() -> str:
    import platform

    return platform.node() or "this machine"


def _try_lock(handle: IO[str]) -> bool:
    """Take the lock if it is free; tell whether it was."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            # a byte far behind the text, so that others can read who holds the lock
            handle.seek(1 << 20)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # pyright: ignore
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def open_former(folder: Path) -> Store | None:
    """Open the store whose keys a new build must keep, whatever its format; None where there is none.

    That is the current one. Where the pointer is damaged or leads nowhere it is the newest that can be read; a
    store that cannot be is set aside as ``unreadable-N`` and never removed, for it may hold keys that nothing else
    does. The caller holds the lock.
    """
    from pyoxigraph import Store

    current = None
    with suppress(OutsideError):  # a damaged pointer is what a build mends
        current = read_current(folder)
    found = sorted(folder.glob(f"{_PREFIX}*"), reverse=True)
    named = [path for path in found if current and path.name == current.store]
    # where the current one cannot be read, the one before it holds nearly all of its keys
    for path in named + [path for path in found if path not in named]:
        try:
            store = Store.read_only(str(path))
            next(iter(store), None)
        except _DAMAGED:
            if path in named or current is None:
                path.rename(_aside(folder, path))
            continue
        return store
    return None


def set_aside(folder: Path) -> list[Path]:
    """Return the stores that could not be read and were set aside by a build."""
    return sorted(folder.glob(f"{_ASIDE}*"))


def _aside(folder: Path, store: Path) -> Path:
    number = store.name.removeprefix(_PREFIX)
    path, n = folder / f"{_ASIDE}{number}", 1
    while path.exists():
        path, n = folder / f"{_ASIDE}{number}-{n}", n + 1
    return path


class Draft:
    """A store that is being made, not yet the graph; it can be asked while it grows."""

    def __init__(self, path: Path) -> None:
        """Make an empty store in ``path``."""
        from pyoxigraph import Store

        self._path = path
        self.store = Store(str(path))
        self._loaded = 0

    def reopen(self) -> None:
        """Close the store and open it again, so that it forgets the many pages that it holds of what was read.

        Nothing else may hold on to it.
        """
        from pyoxigraph import Store

        self.store.flush()
        del self.store
        self.store = Store(str(self._path))

    def close(self) -> None:
        """Write everything and close the store; nothing else may hold on to it.

        While it is open its files are merged behind the scenes, under the feet of whoever opens it to read.
        """
        self.store.flush()
        del self.store

    def load(self, parts: Iterable[bytes]) -> None:
        """Load N-Quads, given in parts that end between lines.

        The store parses and sorts outside Python's lock, so some pieces are loaded while the next is made.
        """
        from queue import Queue

        from pyoxigraph import RdfFormat

        waiting: Queue[bytes | None] = Queue(1)
        failed: list[BaseException] = []

        def work_off() -> None:
            while (piece := waiting.get()) is not None:
                if not failed:
                    try:
                        self.store.bulk_load(piece, format=RdfFormat.N_QUADS)
                    except BaseException as error:
                        failed.append(error)

        helpers = [Thread(target=work_off, daemon=True) for _ in range(LOADERS)]
        for helper in helpers:
            helper.start()
        try:
            for piece in self._batches(parts):
                waiting.put(piece)
                if failed:
                    break
        except BaseException as error:
            failed.append(error)  # so that what waits is not loaded
            raise
        finally:
            for _ in helpers:
                waiting.put(None)
            for helper in helpers:
                helper.join()
        if failed:
            raise failed[0]

    def _batches(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Yield ``parts`` joined to pieces of BATCH bytes, and of more where so much is there that it matters.

        Each piece becomes files of its own, which are merged later: thousands of small ones cost more than memory.
        """
        held: list[bytes] = []
        size = 0
        for part in parts:
            held.append(part)
            size += len(part)
            if size >= (BATCH if self._loaded < LARGE else LARGE_BATCH):
                self._loaded += size
                yield b"".join(held)
                held.clear()
                size = 0
        yield b"".join(held)


@contextmanager
def drafting(folder: Path, version: str, *, going_on: bool = False) -> Generator[Draft]:
    """Make a new store, and make it the current one when the ``with`` ends well; else nothing has happened.

    With ``going_on`` the new store begins as what the current one holds. The caller holds the lock. Older stores are
    removed once the new one stands, but for the one before it.
    """
    import shutil

    current = None
    with suppress(OutsideError):
        current = read_current(folder)
    old = sorted(folder.glob(f"{_PREFIX}*"))
    numbers = [int(n) for path in old if (n := path.name.removeprefix(_PREFIX)).isdigit()]
    new = folder / f"{_PREFIX}{max(numbers, default=0) + 1:06d}"
    draft = None
    try:
        if going_on and current:
            _copy(folder / current.store, new)
        draft = Draft(new)
        yield draft
        # merged files are read a quarter faster, for the whole life of the graph; those of the former store are
        if not going_on:
            draft.store.optimize()
        draft.close()
        draft = None
        _point(folder, Current(new.name, FORMAT, version))
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        (folder / f"{_POINTER}.{os.getpid()}").unlink(missing_ok=True)
        raise OutsideError(
            f"the graph in {folder} could not be written: {error}. The old one, if any, stays. Make room, or name "
            "another folder with --graph."
        ) from error
    except BaseException:
        if draft:
            with suppress(OSError):
                draft.store.optimize()  # files that are being merged behind the scenes would appear again
        shutil.rmtree(new, ignore_errors=True)
        raise
    for path in old:
        if current is None or path.name != current.store:
            shutil.rmtree(path, ignore_errors=True)
    for pointer in folder.glob(f"{_POINTER}.*"):  # of builds that were killed
        pointer.unlink(missing_ok=True)


def _copy(old: Path, new: Path) -> None:
    """Copy a store that is not written to any more; its tables never change and are shared where that can be."""
    import shutil

    new.mkdir()
    for path in old.iterdir():
        if path.suffix == ".sst":
            try:
                (new / path.name).hardlink_to(path)
                continue
            except OSError:  # a file system without links
                pass
        if path.name != "LOCK":
            shutil.copyfile(path, new / path.name)


def _point(folder: Path, current: Current) -> None:
    """Replace the pointer in one step, after what it points to is on the disk."""
    draft = folder / f"{_POINTER}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as out:
        out.write(f"{current.store} {current.format} {current.version}\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / _POINTER)
