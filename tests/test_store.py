from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

import llmcomp
from llmcomp.kg import store
from llmcomp.kg.build import Built
from llmcomp.kg.errors import GraphLocked, OutsideError, UsageError
from llmcomp.kg.measures_graph import measure

SMALL = "### Pruning\n\n- A Small List Has One Row <br> Arxiv 2024 [[Paper]](https://arxiv.org/abs/2401.99999)\n"


def run_python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *args], capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A graph of one row."""
    a_list = tmp_path / "small.md"
    a_list.write_text(SMALL, "utf-8")
    llmcomp.build_graph(tmp_path / "graph", [str(a_list)])
    return tmp_path / "graph"


def stores(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("store-"))


def counted(folder: Path) -> int:
    return len(llmcomp.open_graph(folder).works())


# --- killed at any moment

KILLED = """
    import os, shutil, signal, sys
    from pathlib import Path
    import llmcomp
    from llmcomp.kg import store

    moment, number, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    def die(): os.kill(os.getpid(), signal.SIGKILL)

    if moment == "batch":
        batches = store.Draft._batches
        def dying(draft, parts):
            for n, batch in enumerate(batches(draft, parts)):
                if n == number: die()
                yield batch
        store.Draft._batches = dying
    elif moment == "before pointing":
        store._point = lambda *_: die()
    elif moment == "pointer written":
        replace = Path.replace
        Path.replace = lambda self, target: die()
    elif moment == "pointed":
        point = store._point
        def after(*args):
            point(*args)
            die()
        store._point = after
    elif moment == "removing old stores":
        shutil.rmtree = lambda *a, **k: die()
    llmcomp.build_graph(folder)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize(
    ("moment", "number", "works"),
    [
        *(("batch", n, 1) for n in (0, 2, 5)),
        ("before pointing", 0, 1),
        ("pointer written", 0, 1),
        ("pointed", 0, 685),
    ],
)
def test_a_killed_build_leaves_the_old_graph_or_the_new_one(small: Path, moment: str, number: int, works: int) -> None:
    killed = run_python(KILLED, moment, str(number), str(small))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert counted(small) == works
    assert llmcomp.build_graph(small) is not None
    assert counted(small) == 685
    assert len(stores(small)) <= 2


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_first_build_that_is_killed_leaves_no_graph_and_the_next_command_builds_it(tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    assert run_python(KILLED, "batch", "1", str(folder)).returncode == -signal.SIGKILL
    assert store.read_current(folder) is None
    assert counted(folder) == 685


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_build_killed_while_it_tidies_up_leaves_the_graph(small: Path) -> None:
    llmcomp.build_graph(small)  # leaves the store before it
    assert run_python(KILLED, "removing old stores", "0", str(small)).returncode == -signal.SIGKILL
    assert counted(small) == 685


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process there")
@pytest.mark.parametrize("nth", range(2))
def test_a_build_process_killed_from_outside_leaves_a_whole_graph(small: Path, nth: int) -> None:
    """Killed on what it does, not on a clock: when the n-th file of the new store appears."""
    process = subprocess.Popen(
        [sys.executable, "-m", "llmcomp.cli", "build", "-q"], env={**os.environ, "LLMCOMP_GRAPH": str(small)}
    )
    before = store.read_current(small)
    while process.poll() is None:
        made = [p for s in stores(small) if before and s != before.store for p in (small / s).glob("*.sst")]
        if len(made) > nth * 10:
            process.kill()
            break
    process.wait()
    assert counted(small) in {1, 685}


# --- readers and builders at once


def test_readers_work_beside_a_build(small: Path) -> None:
    graph = llmcomp.open_graph(small)
    with store.building(small):
        assert len(graph.works()) == 1
        assert counted(small) == 1


def test_a_reader_goes_on_with_the_graph_it_opened(small: Path) -> None:
    graph = llmcomp.open_graph(small)
    assert len(graph.works()) == 1
    llmcomp.build_graph(small)
    assert len(graph.works()) == 1
    assert counted(small) == 685


def test_many_readers_at_once(built: Built) -> None:
    code = "import llmcomp, sys; print(len(llmcomp.open_graph(sys.argv[1]).works()))"
    readers = [
        subprocess.Popen([sys.executable, "-c", code, str(built.path)], stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    assert [reader.communicate()[0].strip() for reader in readers] == ["685"] * 8


def test_the_second_of_two_builds_says_who_holds_the_lock(small: Path) -> None:
    with store.building(small), pytest.raises(GraphLocked) as caught:
        llmcomp.build_graph(small)
    text = str(caught.value)
    assert f"being built by process {os.getpid()} on " in text
    assert caught.value.exit_code == 3
    assert counted(small) == 1


def test_the_second_build_command_ends_with_3(small: Path) -> None:
    with store.building(small):
        done = subprocess.run(
            [sys.executable, "-m", "llmcomp.cli", "build", "--graph", str(small)],
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"Error: the graph in {small} is being built by process {os.getpid()} on ")


def test_two_first_commands_at_once_both_answer(tmp_path: Path) -> None:
    """On a fresh machine a Makefile may run two commands in parallel: one builds, the other waits."""
    command = [sys.executable, "-m", "llmcomp.cli", "categories", "--graph", str(tmp_path / "graph")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert answers[0][0] == answers[1][0] != ""
    assert sum("built the graph" in err for _, err in answers) == 1


def test_the_lock_goes_with_the_thread_of_work_that_held_it(small: Path) -> None:
    with pytest.raises(ZeroDivisionError), store.building(small):
        _ = 1 / 0
    with store.building(small):
        pass


def test_waiting_for_a_lock_ends_when_it_is_free(small: Path) -> None:
    told: list[str] = []
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with store.building(small):
            held.set()
            release.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(60)

    def waiting(who: str) -> None:
        told.append(who)
        release.set()

    with store.building(small, waiting):
        pass
    holder.join()
    assert len(told) == 1


# --- folders that are no graphs


def test_old_stores_are_removed_but_for_the_one_before(small: Path) -> None:
    for _ in range(3):
        llmcomp.build_graph(small)
    assert len(stores(small)) == 2


def test_a_folder_that_holds_other_things_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match=r"holds other things \(thesis.tex\) and no graph"):
        llmcomp.open_graph(tmp_path)
    with pytest.raises(UsageError):
        llmcomp.build_graph(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_not_a_graph(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    with pytest.raises(UsageError, match="is a file; a graph is a folder"):
        llmcomp.open_graph(tmp_path / "f")


def test_a_damaged_pointer_is_named_and_a_build_mends_it(small: Path) -> None:
    (small / "current").write_text("{half")
    with pytest.raises(OutsideError, match=r"current is damaged .* Run 'llmcomp build'"):
        llmcomp.open_graph(small)
    llmcomp.build_graph(small)
    assert counted(small) == 685


def test_a_store_that_is_gone_is_named_and_a_build_mends_it(small: Path) -> None:
    import shutil

    shutil.rmtree(small / stores(small)[0])
    with pytest.raises(OutsideError, match=r"cannot be opened .* Run 'llmcomp build'"):
        llmcomp.open_graph(small).works()
    llmcomp.build_graph(small)
    assert counted(small) == 685


def test_a_graph_of_another_format_is_named_and_its_keys_survive_the_build(small: Path) -> None:
    pointer = small / "current"
    keys = {w.iri: w.key for w in llmcomp.open_graph(small).works()}
    name, _, version = pointer.read_text().split()
    pointer.write_text(f"{name} 99 {version}\n")
    with pytest.raises(OutsideError, match="has format 99, this llmcomp reads 1"):
        llmcomp.open_graph(small).works()
    llmcomp.build_graph(small, [str(small.parent / "small.md")])
    assert {w.iri: w.key for w in llmcomp.open_graph(small).works()} == keys


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutsideError, match="no graph can be made in"):
        llmcomp.build_graph(tmp_path / "graph")


# --- a store that is being made is closed before it is the graph


def test_no_store_is_open_to_writing_when_it_becomes_the_graph(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of an open store are merged behind the scenes, under the feet of those who read them."""
    from pyoxigraph import Store

    pointed: list[str] = []
    point = store._point  # pyright: ignore[reportPrivateUsage]

    def closed(folder: Path, current: store.Current) -> None:
        Store(str(folder / current.store))  # refused while the one that made it is open
        pointed.append(current.store)
        point(folder, current)

    monkeypatch.setattr(store, "_point", closed)
    llmcomp.build_graph(small, [str(tmp_path / "small.md")])
    graph = llmcomp.open_graph(small)
    assert measure(graph, graph.edges).kept
    llmcomp.build_graph(small, [str(tmp_path / "small.md")])
    (tmp_path / "graph.nq").write_bytes(b"".join(llmcomp.open_graph(small).export(format="nquads")))
    llmcomp.import_graph([str(tmp_path / "graph.nq")], small, replace=True)
    assert pointed == ["store-000002", "store-000003", "store-000004", "store-000005"]
