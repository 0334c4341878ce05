"""The processes that answer queries: each is ended when its query takes too long, or nobody waits for it any more."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

STARTING = 30.0
"""Seconds that a process may take to start, beside those of the query."""
_KEPT = 2
"""How many processes wait for work; others end when their work is done."""


class Busy(Exception):
    """As many queries wait as may."""


class TooLong(Exception):
    """A query took more time than it has, and was ended."""


class Ended(Exception):
    """A process ended over a query: it took more memory than there is, or somebody ended it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the graphs it is asked of, and how the answer is written: format and media type for either kind."""

    query: str
    rows: tuple[str, str] | None
    triples: tuple[str, str] | None
    most: int
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def frame(self) -> bytes:
        """Return the question as a worker reads it."""
        told = {name: getattr(self, name) for name in self.__slots__}
        data = json.dumps(told).encode("utf-8", "surrogatepass")
        return len(data).to_bytes(4) + data


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: an HTTP status, and data with their media type or what to say of the failure."""

    status: int
    data: bytes = b""
    media_type: str = "text/plain"
    count: int = 0
    cut: bool = False
    error: str = ""


class _Worker:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process, generation: object) -> None:
        self.process = process
        self.generation = generation

    async def ask(self, frame: bytes) -> Reply:
        assert self.process.stdin is not None
        self.process.stdin.write(frame)
        await self.process.stdin.drain()
        head: dict[str, Any] = json.loads(await self._frame())
        return Reply(data=await self._frame(), **head)

    async def _frame(self) -> bytes:
        assert self.process.stdout is not None
        length = int.from_bytes(await self.process.stdout.readexactly(4))
        return await self.process.stdout.readexactly(length)

    async def end(self) -> None:
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()


@dataclass(slots=True)
class Workers:
    """The processes of one graph; ``generation`` tells which version of it is current, and an older one's are ended.

    At most ``most`` queries run at once and ``waiting`` more wait; each runs for ``timeout`` seconds at most.
    """

    place: str
    most: int
    waiting: int
    timeout: float
    generation: Callable[[], object] = lambda: None
    _idle: list[_Worker] = field(default_factory=list[_Worker])
    _free: asyncio.Semaphore | None = None
    _asked: int = 0

    async def ask(self, question: Question) -> Reply:
        """Return the answer. Raises Busy, TooLong or Ended; one who stops waiting ends the query."""
        if self._free is None:
            self._free = asyncio.Semaphore(self.most)
        if self._asked >= self.most + self.waiting:
            raise Busy
        self._asked += 1
        try:
            async with self._free:
                return await self._ask(question.frame())
        finally:
            self._asked -= 1

    async def _ask(self, frame: bytes) -> Reply:
        for again in (True, False):
            worker, fresh = await self._worker()
            ended = True
            try:
                reply = await asyncio.wait_for(worker.ask(frame), self.timeout + STARTING * fresh)
                ended = False
                return reply
            except TimeoutError as error:
                raise TooLong from error
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                # one that waited may have ended long before it was asked
                if fresh or not again:
                    raise Ended from error
            finally:
                # also where whoever asked is gone: what it computes is for nobody
                if ended:
                    await asyncio.shield(worker.end())
                else:
                    await self._back(worker)
        raise AssertionError("unreachable")

    async def _worker(self) -> tuple[_Worker, bool]:
        """Return a process that waits, or a fresh one."""
        now = self.generation()
        while self._idle:
            worker = self._idle.pop()
            if worker.generation == now and worker.process.returncode is None:
                return worker, False
            await worker.end()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"{__package__}.worker",
            self.place,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
        )
        return _Worker(process, now), True

    async def _back(self, worker: _Worker) -> None:
        if len(self._idle) < max(self.most, _KEPT):
            self._idle.append(worker)
        else:
            await worker.end()

    async def close(self) -> None:
        """End all that wait."""
        while self._idle:
            await self._idle.pop().end()
