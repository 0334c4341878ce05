"""A run that is ended at any moment loses nothing: the next asks for the rest, and the graph is as if it had not been.

Seven works, three of them to a batch at most; one link is wrong, one work has no id, one is unknown there.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import enriching
import pytest

import llmcomp
from llmcomp.kg import build as building
from llmcomp.kg import journal, scholar, scholar_wire
from llmcomp.kg.enrichment import Enriched, Progress
from llmcomp.kg.errors import LlmcompError
from llmcomp.kg.pacing import TRIES

standin = enriching.standin
row, abs_page = enriching.row, enriching.abs_page
answer, made_up, arxiv = standin.answer, standin.made_up, standin.arxiv
BIRDS, STONES, WALLS, DAY = (getattr(enriching, n) for n in ("BIRDS", "STONES", "WALLS", "DAY"))

LISTED = [f"{BIRDS}, part {n}" for n in range(1, 5)]
WORKS = len(LISTED) + 3
BATCHES = 3


def fill(service: Any) -> Any:
    for n, title in enumerate(LISTED, 1):
        service.add(made_up(n, references=3, title=title))
    service.add(made_up(20, references=2, title="To which the list leads by mistake"))
    service.add(made_up(21, references=2, title=STONES))
    service.add(made_up(22, references=2, title=WALLS))
    return service


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a list and the graph of it, before anything was asked."""
    home = tmp_path_factory.mktemp("resuming")
    with pytest.MonkeyPatch.context() as monkeypatch, enriching.Service() as service:
        enriching.alone(monkeypatch)
        enriching.Desk(home, service).build(
            *(row(title, abs_page(n)) for n, title in enumerate(LISTED, 1)),
            row(STONES, abs_page(20)),
            row(WALLS),
            row("Of this nobody there has ever heard a word", abs_page(99)),
        )
    return home


def in_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    enriching.alone(monkeypatch)
    monkeypatch.setattr(scholar, "BATCH_WITH_REFERENCES", 3)


def copied(prepared: Path, home: Path, service: Any) -> Any:
    """A desk with a copy of the graph; its list is that of the original, so that dumps can be compared."""
    desk = enriching.Desk(home, service)
    shutil.copytree(prepared / "graph", desk.folder)
    return desk


class Whole:
    """What a run comes to that nobody ends."""

    def __init__(self, desk: Any) -> None:
        self.appended = 0
        real = journal.append

        def append(folder: Path, date: str, batch: Iterable[bytes]) -> None:
            self.appended += 1
            real(folder, date, batch)

        with pytest.MonkeyPatch.context() as monkeypatch:
            in_threes(monkeypatch)
            before = desk.dump()
            monkeypatch.setattr(journal, "append", append)
            self.done: Enriched = desk.enrich()
        self.requests = len(desk.service.log)
        self.dump: list[bytes] = desk.dump()
        self.keys: dict[str, str] = desk.keys()
        assert before != self.dump


@pytest.fixture(scope="module")
def whole(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    with enriching.Service() as service:
        return Whole(copied(prepared, tmp_path_factory.mktemp("whole"), fill(service)))


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    in_threes(monkeypatch)
    with enriching.Service() as service:
        yield copied(prepared, tmp_path, fill(service))


def works_asked(desk: Any) -> set[str]:
    """Under which ids and titles anybody asked."""
    return {name for ids in desk.asked() for name in ids if ":" in name} | set(desk.titles_asked())


# the numbers are needed where tests are collected; test_the_whole_run says that they are right
APPENDED, REQUESTS = 5, 7


def test_the_whole_run(whole: Whole) -> None:
    assert (whole.done.asked, whole.done.found, whole.done.wrong_links, whole.done.stopped) == (WORKS, WORKS - 1, 1, "")
    assert (whole.appended, whole.requests) == (APPENDED, REQUESTS)


def test_two_runs_over_the_same_come_to_the_same(desk: Any, whole: Whole) -> None:
    assert desk.enrich() == Enriched(**{**fields(whole.done), "path": desk.folder})
    assert desk.dump() == whole.dump


def fields(done: Enriched) -> dict[str, Any]:
    return {name: getattr(done, name) for name in Enriched.__slots__}


def test_asking_again_on_the_same_day_changes_nothing(desk: Any) -> None:
    """But for works that got another IRI by the first answer: of those it is told twice that they were asked for."""
    desk.enrich()
    view = desk.view()
    assert desk.enrich(refresh=True).asked == WORKS
    assert desk.view() == view
    dump = desk.dump()
    assert desk.enrich(refresh=True).asked == WORKS
    assert desk.dump() == dump


def test_a_second_run_makes_no_request(desk: Any, whole: Whole) -> None:
    desk.enrich()
    desk.service.log.clear()
    assert (desk.enrich().requests, desk.service.log) == (0, [])
    assert desk.dump() == whole.dump


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_run_bit_by_bit_comes_to_the_same(desk: Any, whole: Whole, limit: int) -> None:
    runs = 0
    while desk.enrich(limit=limit).left:
        runs += 1
    assert runs == (WORKS - 1) // limit
    assert desk.dump() == whole.dump


# -- the service fails -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(REQUESTS))
def test_a_service_that_dies_at_any_request(desk: Any, whole: Whole, n: int) -> None:
    desk.service.will_answer(*[None] * n, *[standin.SERVER_ERROR] * TRIES)
    first = desk.enrich()
    assert "500 Internal Server Error" in first.stopped
    assert (first.requests, first.asked + first.left) == (n + TRIES, WORKS)
    assert sum(bool(work.authors) for work in desk.works()) == first.found
    assert list(desk.folder.glob("fetched-*")) == []
    known = {told[0] for told in desk.graph.rows("inquiries")}
    assert len(known) == first.asked
    desk.service.log.clear()
    second = desk.enrich()
    assert (second.asked, second.left, second.stopped) == (first.left, 0, "")
    assert desk.dump() == whole.dump


def test_what_came_before_the_service_died_is_not_asked_for_again(desk: Any) -> None:
    desk.service.will_answer(None, *[standin.UNAVAILABLE] * TRIES)
    assert desk.enrich().asked == 3
    first = works_asked(desk)
    desk.service.log.clear()
    desk.enrich()
    assert len(first & works_asked(desk)) == 3  # those of the second batch, which brought nothing
    desk.service.log.clear()
    assert desk.enrich().requests == 0


BODIES = {
    "no valid ids": answer(400, {"error": "No valid paper ids given"}),
    "unknown fields": answer(400, {"error": "Unrecognized or unsupported fields: [x]"}),
    "offset": answer(400, {"error": "offset + limit must be < 10000"}),
    "no such paper": answer(404, {"error": "Paper with id X not found"}),
    "forbidden": standin.FORBIDDEN,
    "moved": answer(301, headers=(("Location", "http://x.example/"),)),
    "429": standin.TOO_MANY,
    "500": standin.SERVER_ERROR,
    "502": standin.BAD_GATEWAY,
    "503": standin.UNAVAILABLE,
    "504": standin.GATEWAY_TIMEOUT,
    "dropped": standin.DROPPED,
    "cut off": answer(200, b'[{"paperId": "1', short=20),
    "broken JSON": answer(200, b'[{"paperId": "1'),
    "empty": answer(200, b""),
    "empty object": answer(200, {}),
    "empty array": answer(200, []),
    "HTML": answer(200, standin.HTML, kind="text/html"),
}
FINAL = {"unknown fields", "offset", "no such paper", "forbidden", "moved"}
"""Refusals: trying again cannot help."""


@pytest.mark.parametrize("name", [name for name in BODIES if name not in FINAL | {"no valid ids"}])
def test_a_failure_that_passes_is_waited_for(desk: Any, whole: Whole, name: str) -> None:
    desk.service.will_answer(None, BODIES[name], BODIES[name])
    done = desk.enrich()
    assert (done.stopped, done.asked, done.requests) == ("", WORKS, REQUESTS + 2)
    assert desk.dump() == whole.dump


@pytest.mark.parametrize("name", [name for name in BODIES if name != "no valid ids"])
def test_a_failure_that_stays_ends_the_run_and_keeps_what_came(desk: Any, whole: Whole, name: str) -> None:
    desk.service.will_answer(None, *[BODIES[name]] * TRIES)
    first = desk.enrich()
    assert (bool(first.stopped), first.asked, first.left) == (True, 3, WORKS - 3)
    assert first.requests == 1 + (1 if name in FINAL else TRIES)
    desk.service._script.clear()
    assert desk.enrich().asked == WORKS - 3
    assert desk.dump() == whole.dump


def test_a_call_that_is_too_large_is_halved(desk: Any, whole: Whole) -> None:
    desk.service.will_answer(standin.TOO_LARGE)
    done = desk.enrich()
    assert (done.stopped, done.requests) == ("", REQUESTS + 2)
    assert desk.dump() == whole.dump


def test_all_of_a_batch_unknown_is_no_failure(desk: Any) -> None:
    desk.service.will_answer(BODIES["no valid ids"])
    done = desk.enrich()
    assert (done.stopped, done.asked) == ("", WORKS)
    assert done.found == WORKS - 1  # by title


def test_a_slow_server(desk: Any, whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scholar_wire, "TIMEOUT", 0.2)
    desk.service.will_answer(None, answer(200, [], delay=0.6))
    done = desk.enrich()
    assert (done.stopped, done.asked) == ("", WORKS)
    assert desk.dump() == whole.dump


def test_no_server(desk: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    before = desk.dump()
    done = desk.enrich(url=url)
    assert (done.asked, done.left, done.requests) == (0, WORKS, TRIES)
    assert url in done.stopped
    assert desk.dump() == before
    assert list(desk.folder.glob("fetched-*")) == []


# -- the process ends --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(APPENDED + 1))
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interrupt_at_any_moment(desk: Any, whole: Whole, n: int, error: type[BaseException]) -> None:
    def tell(progress: Progress) -> None:
        told.append(progress)
        if len(told) == n + 1:
            raise error

    told: list[Progress] = []
    before = desk.dump()
    with pytest.raises(error):
        desk.enrich(tell=tell)
    assert desk.dump() == before
    done = told[-1].done
    assert bool(journal.journals(desk.folder)) == (n > 0)
    second = desk.enrich()
    assert (second.asked, second.left) == (WORKS - done, 0)
    assert journal.journals(desk.folder) == []
    assert desk.dump() == whole.dump


@pytest.mark.parametrize("taken_in_by", ["enrich", "build", "rebuild"])
def test_whatever_comes_next_takes_the_journal_in(desk: Any, prepared: Path, taken_in_by: str) -> None:
    def tell(progress: Progress) -> None:
        if progress.done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.enrich(tell=tell)
    if taken_in_by == "enrich":
        desk.enrich(limit=0)
    elif taken_in_by == "build":
        llmcomp.build_graph(desk.folder, [str(prepared / "list.md")])
    else:
        building.rebuild(desk.folder, version="x")
    assert journal.journals(desk.folder) == []
    assert sum(bool(work.authors) for work in desk.works()) == 3
    assert desk.enrich().asked == WORKS - 3


def failing(n: int, error: Exception, real: Callable[..., None]) -> Callable[..., None]:
    """Fail when called for the ``n``-th time (from 0)."""
    calls = iter(range(1_000))

    def call(*args: Any) -> None:
        if next(calls) == n:
            raise error
        real(*args)

    return call


@pytest.mark.parametrize("n", range(APPENDED))
def test_a_full_disk_at_any_batch(desk: Any, whole: Whole, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing(n, OSError(28, "No space left on device"), os.fsync))
        first = desk.enrich()
    assert "No space left on device" in first.stopped
    assert (desk.enrich().stopped, desk.dump()) == ("", whole.dump)


def test_a_disk_that_is_full_when_the_graph_is_stored_loses_nothing(
    desk: Any, whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.dump()
    with monkeypatch.context() as patched:
        patched.setattr(building, "resolve", failing(0, OSError(28, "No space left on device"), building.resolve))
        with pytest.raises(LlmcompError, match="No space left on device"):
            desk.enrich()
    gc.collect()  # the store that was not finished is open as long as the error is held
    assert desk.dump() == before
    desk.service.log.clear()
    assert desk.enrich().requests == 0
    assert desk.dump() == whole.dump


KILLED = """
import os, sys
from datetime import date
from pathlib import Path
from llmcomp.kg import build, enrichment, journal, scholar

build.shipped_papers = build.shipped_references = tuple
scholar.BATCH_WITH_REFERENCES = 3
folder, url, day, left, torn = sys.argv[1:]
real, left = journal.append, int(left)


def append(folder, date, batch):
    global left
    data = b"".join(batch) + b"# batch complete\\n"
    if left == 0:
        with (folder / f"fetched-{date}.nq").open("ab") as out:
            out.write(data[: int((len(data) - 1) * float(torn))])
        os.kill(os.getpid(), 9)
    left -= 1
    real(folder, date, [data.removesuffix(b"# batch complete\\n")])


journal.append = append
if left < 0:
    journal.append = real
    enrichment.rebuild = lambda *_, **__: os.kill(os.getpid(), 9)
with scholar.Scholar(None, url, None, lambda: 0.0, lambda _: None) as asked:
    enrichment.enrich(Path(folder), asked, version="x", today=date.fromisoformat(day))
"""


FIRST_LINE = 0.002
"""The share of a batch that ends in its first line."""


def killed(desk: Any, left: int, torn: float = 0.0) -> None:
    """Run as a process that is killed when it writes the batch number ``left`` (from 0) and has written part of it."""
    arguments = [str(desk.folder), desk.service.url, DAY, str(left), str(torn)]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
@pytest.mark.parametrize(
    ("left", "torn"),
    [*((n, 0.5) for n in range(APPENDED)), *((n, FIRST_LINE) for n in range(APPENDED)), (2, 0.0), (0, 1.0), (2, 1.0)],
)
def test_a_process_that_is_killed_while_it_writes_a_batch(desk: Any, whole: Whole, left: int, torn: float) -> None:
    before = desk.dump()
    killed(desk, left, torn)
    assert desk.dump() == before
    desk.service.log.clear()
    second = desk.enrich()
    assert (second.stopped, second.left) == ("", 0)
    assert desk.dump() == whole.dump


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_a_process_that_is_killed_when_all_came_needs_no_more_requests(desk: Any, whole: Whole) -> None:
    killed(desk, -1)
    desk.service.log.clear()
    assert (desk.enrich().asked, desk.service.log) == (0, [])
    assert desk.dump() == whole.dump


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
@pytest.mark.parametrize("torn", [0.0, FIRST_LINE, 0.5, 1.0])
def test_a_build_takes_in_what_a_killed_process_left(desk: Any, prepared: Path, torn: float) -> None:
    killed(desk, 2, torn)
    llmcomp.build_graph(desk.folder, [str(prepared / "list.md")])
    assert journal.journals(desk.folder) == []
    asked = len(list(desk.graph.rows("inquiries")))
    assert asked > 3
    assert desk.enrich().asked == WORKS - asked


def test_a_process_that_was_killed_before_it_removed_the_journal(desk: Any, whole: Whole) -> None:
    """The graph has it already; taking it in twice changes nothing."""
    with pytest.raises(KeyboardInterrupt):
        desk.enrich(tell=lambda progress: interrupt() if progress.done == WORKS else None)
    (left,) = journal.journals(desk.folder)
    kept = left.read_bytes()
    building.rebuild(desk.folder, version="x")
    left.write_bytes(kept)
    assert desk.enrich().requests == 0
    assert journal.journals(desk.folder) == []
    assert desk.dump() == whole.dump


def interrupt() -> None:
    raise KeyboardInterrupt


def test_days_that_were_ended_one_after_the_other_are_all_taken_in(desk: Any) -> None:
    for n, day in enumerate(("2026-11-20", "2026-11-21", "2026-11-22")):
        with pytest.raises(KeyboardInterrupt):
            desk.enrich(day, tell=lambda progress: interrupt() if progress.done >= 2 else None)
        assert [path.name for path in journal.journals(desk.folder)] == [f"fetched-{day}.nq"]
        assert len({told[1] for told in desk.graph.rows("inquiries")}) == n
