"""What was fetched and is not in the graph yet: closed batches survive whatever comes, the rest was never fetched."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llmcomp.kg import journal
from llmcomp.kg.errors import OutsideError
from llmcomp.kg.nquads import Statements, literal

DAY = "2026-11-20"
CLOSED = b"# batch complete\n"
MIB = 1 << 20


def line(n: int, size: int = 0) -> bytes:
    """One statement, of ``size`` bytes if that is more than it needs."""
    head, end = b'<s:%d> <p:> "' % n, b'" <g:> .\n'
    return head + b"x" * max(0, size - len(head) - len(end)) + end


def path_of(folder: Path) -> Path:
    return folder / f"fetched-{DAY}.nq"


def read(folder: Path) -> bytes:
    """The statements of all journals; comments are nobody's concern."""
    told = b"".join(journal.read(journal.journals(folder)))
    return b"".join(line for line in told.splitlines(keepends=True) if not line.startswith(b"#"))


def tear(folder: Path, tail: bytes) -> None:
    """Leave what a process leaves that was killed while it wrote."""
    with path_of(folder).open("ab") as out:
        out.write(tail)


# -- closed batches ----------------------------------------------------------------------------------------------


def test_batches_are_read_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    for n in range(3):
        journal.append(tmp_path, DAY, [line(10 * n), line(10 * n + 1)])
    assert read(tmp_path) == b"".join(line(10 * n + k) for n in range(3) for k in (0, 1))


def test_each_day_has_a_file_and_the_oldest_is_read_first(tmp_path: Path) -> None:
    for n, day in ((1, "2026-11-20"), (2, "2025-01-02"), (3, "2026-02-01")):
        journal.append(tmp_path, day, [line(n)])
    names = ["fetched-2025-01-02.nq", "fetched-2026-02-01.nq", "fetched-2026-11-20.nq"]
    assert [path.name for path in journal.journals(tmp_path)] == names
    assert read(tmp_path) == line(2) + line(3) + line(1)


def test_other_files_of_the_folder_are_no_journals(tmp_path: Path) -> None:
    for name in ("current", "lock", "list.nq", "fetched-2026-11-20.nq.tmp", "x-fetched-2026-11-20.nq"):
        (tmp_path / name).write_bytes(line(1) + CLOSED)
    assert journal.journals(tmp_path) == []


def test_a_batch_of_nothing_is_a_batch(tmp_path: Path) -> None:
    journal.append(tmp_path, DAY, [])
    assert read(tmp_path) == b""
    journal.append(tmp_path, DAY, [line(1)])
    tear(tmp_path, b"<torn")
    assert read(tmp_path) == line(1)


def test_a_batch_may_be_made_while_it_is_written(tmp_path: Path) -> None:
    journal.append(tmp_path, DAY, (line(n) for n in range(3)))
    assert read(tmp_path) == line(0) + line(1) + line(2)


def test_a_batch_is_on_the_disk_before_append_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(path_of(tmp_path).read_bytes()))
    journal.append(tmp_path, DAY, [line(1)])
    # the file, and the folder in which it is new
    assert synced == [line(1) + CLOSED] * 2
    journal.append(tmp_path, DAY, [line(2)])
    assert synced[2:] == [line(1) + CLOSED + line(2) + CLOSED]


# -- torn tails --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tail",
    [
        b"<s:9",
        line(9)[:-1],
        line(9),
        line(9) + line(10)[:5],
        line(9) + CLOSED[:-1],
        line(9) + CLOSED[:3],
        b"\n",
        b"\0" * 4096,
    ],
    ids=[
        "in an IRI",
        "all but the end",
        "a line",
        "two lines",
        "closed but for the end",
        "half closed",
        "blank",
        "zeros",
    ],
)
def test_a_torn_tail_was_never_fetched(tmp_path: Path, tail: bytes) -> None:
    journal.append(tmp_path, DAY, [line(1)])
    tear(tmp_path, tail)
    assert b"".join(journal.read(journal.journals(tmp_path))) == line(1) + CLOSED


@pytest.mark.parametrize("tail", [b"<s:9", line(9), line(9) + CLOSED[:-1]])
def test_a_torn_tail_makes_room_for_the_next_batch(tmp_path: Path, tail: bytes) -> None:
    journal.append(tmp_path, DAY, [line(1)])
    tear(tmp_path, tail)
    journal.append(tmp_path, DAY, [line(2)])
    assert path_of(tmp_path).read_bytes() == line(1) + CLOSED + line(2) + CLOSED


@pytest.mark.parametrize("tail", [b"", b"<s:9", line(9), CLOSED[:-1], b" " + CLOSED])
def test_a_file_without_a_closed_batch_holds_nothing(tmp_path: Path, tail: bytes) -> None:
    tear(tmp_path, tail)
    assert read(tmp_path) == b""
    journal.append(tmp_path, DAY, [line(1)])
    assert path_of(tmp_path).read_bytes() == line(1) + CLOSED


def test_a_torn_tail_of_one_day_does_not_touch_the_next(tmp_path: Path) -> None:
    journal.append(tmp_path, "2026-11-19", [line(1)])
    with (tmp_path / "fetched-2026-11-19.nq").open("ab") as out:
        out.write(b"<s:9")
    journal.append(tmp_path, DAY, [line(2)])
    assert b"".join(journal.read(journal.journals(tmp_path))) == line(1) + CLOSED + line(2) + CLOSED


TITLES = [
    "# batch complete",
    "\n# batch complete\n",
    "A title\r\n# batch complete\r\n",
    "\\n# batch complete\\n",
    "\u2028# batch complete\u2028",
    "\x85# batch complete\x0b\x0c",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_says_that_the_batch_is_complete_does_not_close_it(tmp_path: Path, title: str) -> None:
    said = Statements("g:")
    said.add("s:", "p:", literal(title))
    (told,) = said.encode()
    journal.append(tmp_path, DAY, [line(1)])
    for cut in range(len(told)):
        tear(tmp_path, told[:cut])
        assert b"".join(journal.read(journal.journals(tmp_path))).startswith(line(1) + CLOSED)
        assert read(tmp_path) == line(1)
        journal.append(tmp_path, DAY, [])
    journal.append(tmp_path, DAY, [told])
    assert read(tmp_path) == line(1) + told


# -- files larger than a piece -----------------------------------------------------------------------------------


@pytest.mark.parametrize("behind", [0, 1, len(CLOSED), MIB, 2 * MIB + 3])
@pytest.mark.parametrize("off", [*range(-len(CLOSED) - 2, 3), MIB // 2])
def test_a_closing_line_at_the_edge_of_a_piece_is_found(tmp_path: Path, off: int, behind: int) -> None:
    """The end is looked for in pieces of 1 MiB from behind, and read in pieces of 1 MiB from the front."""
    torn = b"y" * behind
    whole = line(1, MIB + off)
    path_of(tmp_path).write_bytes(whole + CLOSED + torn)
    assert b"".join(journal.read(journal.journals(tmp_path))) == whole + CLOSED
    journal.append(tmp_path, DAY, [line(2)])
    assert path_of(tmp_path).read_bytes() == whole + CLOSED + line(2) + CLOSED


def test_pieces_end_between_lines_and_are_not_much_larger_than_1_mib(tmp_path: Path) -> None:
    batch = [line(n, 300_000) for n in range(12)]
    journal.append(tmp_path, DAY, batch)
    tear(tmp_path, line(99))
    pieces = list(journal.read(journal.journals(tmp_path)))
    assert b"".join(pieces) == b"".join(batch) + CLOSED
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert max(map(len, pieces)) <= MIB + 300_000
    assert len(pieces) > 2


@st.composite
def written(draw: st.DrawFn) -> tuple[list[list[bytes]], bytes]:
    """Batches, and the part of another that was written when the process was killed."""
    sizes = st.lists(st.lists(st.integers(0, 90), max_size=5), max_size=6)
    batches = [[line(n, size) for n, size in enumerate(batch)] for batch in draw(sizes)]
    last = b"".join(line(7, size) for size in draw(st.lists(st.integers(0, 90), max_size=4))) + CLOSED
    return batches, last[: draw(st.integers(0, len(last) - 1))]


@settings(max_examples=300)
@given(written(), st.integers(1, 120))
@example(([[line(1)]], b"<s:9"), MIB)
@example(([[line(1, 64)], []], line(9)), 64)
def test_whatever_was_closed_is_read_and_nothing_else(what: tuple[list[list[bytes]], bytes], piece: int) -> None:
    batches, torn = what
    whole = b"".join(b"".join(batch) + CLOSED for batch in batches)
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(journal, "_PIECE", piece)
        folder = Path(name)
        for batch in batches:
            journal.append(folder, DAY, batch)
        tear(folder, torn)
        pieces = list(journal.read(journal.journals(folder)))
        assert b"".join(pieces) == whole
        assert all(piece.endswith(b"\n") for piece in pieces)
        journal.append(folder, DAY, [line(8)])
        assert path_of(folder).read_bytes() == whole + line(8) + CLOSED


# -- a disk that fails -------------------------------------------------------------------------------------------


def refused(folder: Path, batch: Iterable[bytes]) -> str:
    with pytest.raises(OutsideError) as raised:
        journal.append(folder, DAY, batch)
    assert raised.value.exit_code == 3
    return str(raised.value)


def test_a_full_disk_is_told_and_what_came_before_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> Iterable[bytes]:
        yield line(2)
        raise OSError(28, "No space left on device")

    journal.append(tmp_path, DAY, [line(1)])
    assert refused(tmp_path, full()) == (
        f"what was fetched could not be kept in {path_of(tmp_path)}: No space left on device. Make room; what came "
        "before is kept, and 'llmcomp enrich' goes on from there."
    )
    assert read(tmp_path) == line(1)
    journal.append(tmp_path, DAY, [line(3)])
    assert read(tmp_path) == line(1) + line(3)


def test_a_disk_that_fails_when_the_batch_is_brought_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        assert "Input/output error" in refused(tmp_path, [line(1)])
    journal.append(tmp_path, DAY, [line(2)])
    assert read(tmp_path).endswith(line(2))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "No such file or directory" in refused(tmp_path / "none", [line(1)])


def test_an_error_of_ours_is_not_taken_for_the_disks(tmp_path: Path) -> None:
    def ours() -> Iterable[bytes]:
        yield line(2)
        raise ZeroDivisionError

    journal.append(tmp_path, DAY, [line(1)])
    with pytest.raises(ZeroDivisionError):
        journal.append(tmp_path, DAY, ours())
    assert read(tmp_path) == line(1)
