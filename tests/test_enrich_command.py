"""``llmcomp enrich`` against a stand-in on loopback: exact texts, exit codes, what is kept, and that no key shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

import pytest
import standin

import llmcomp
from llmcomp.cli import main
from llmcomp.kg import build, inquiring
from llmcomp.kg import scholar as scholar_module
from llmcomp.kg.api_key import default_key_file
from llmcomp.kg.pacing import BACKOFF
from llmcomp.kg.scholar import Scholar

answer, made_up, arxiv = standin.answer, standin.made_up, standin.arxiv

KEY = "s2k-1b9dUqXvNOTREAL"
WORKS = 5
SOURCE = "Data: Semantic Scholar (https://www.semanticscholar.org/), ODC-BY 1.0\n"
GO_ON = "What came is kept; run 'llmcomp enrich' again to go on."
ALL_FOUND = (
    "asked      5 works in 3 requests\nfound      5\nnot found  0\nvenues     0 changed\n"
    f"citations  10 new; they rest on 5 reference lists, 5 of them complete\n{SOURCE}"
)


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _a_machine_of_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep loopback off a proxy, the user's key and settings out, and the shipped facts (three seconds a run) too."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    for name in ("XDG_CONFIG_HOME", "HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("SEMANTIC_SCHOLAR_API_KEY", "SEMANTIC_SCHOLAR_API_URL", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    _without_facts(monkeypatch)


def _without_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "shipped_papers", tuple)
    monkeypatch.setattr(build, "shipped_references", tuple)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of five works that the stand-in knows, and a tool."""
    folder = tmp_path_factory.mktemp("enrich")
    rows = (
        f"- Made-up paper number {n} <br> {'Arxiv' if n == WORKS else 'ICLR'} 2023 "
        f"[[Paper]](https://arxiv.org/abs/{arxiv(n)})\n"
        for n in range(1, WORKS + 1)
    )
    tool = "## Tools\n- Tool of ours [[Code]](https://github.com/made-up/tool)\n"
    (folder / "list.md").write_text(f"## Quantization\n{''.join(rows)}\n{tool}")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _without_facts(monkeypatch)
        llmcomp.build_graph(folder / "graph", [str(folder / "list.md")])
    return folder / "graph"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A graph that this test may change."""
    return Path(shutil.copytree(made, tmp_path / "graph"))


def filled(service: Any) -> Any:
    for n in range(1, WORKS + 1):
        service.add(made_up(n, references=2))
    return service


@pytest.fixture
def service() -> Iterator[Any]:
    """The stand-in, which knows all works of the graph."""
    with standin.StandIn() as running:
        yield filled(running)


@pytest.fixture
def keyed() -> Iterator[Any]:
    """The stand-in, which serves those who send the key."""
    with standin.StandIn(api_key=KEY) as running:
        yield filled(running)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> standin.Time:
    """The time by which the command waits; the longest waits there may be take none."""
    time = standin.Time()
    made = partial(Scholar, clock=time, sleep=time.sleep, jitter=lambda most: most)
    monkeypatch.setattr(scholar_module, "Scholar", made)
    return time


@pytest.fixture
def in_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two works, so that five of them are three batches."""
    monkeypatch.setattr(inquiring, "batch_size", lambda *_, **__: 2)


Run = Callable[..., Said]


@pytest.fixture
def run(
    folder: Path,
    service: Any,
    time: standin.Time,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Run ``llmcomp enrich`` in this process, on the small graph and the stand-in."""

    def _run(*args: str, command: str = "enrich") -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(folder))
        if not os.environ.get("SEMANTIC_SCHOLAR_API_URL"):
            monkeypatch.setenv("SEMANTIC_SCHOLAR_API_URL", service.url)
        capfdbinary.readouterr()
        code = main.run([command, *args])
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


def asked(service: Any) -> list[list[str]]:
    """The ids of each batch that was asked for."""
    return [[name.removeprefix("ARXIV:") for name in seen.body["ids"]] for seen in service.calls("/batch")]


# -- what came -------------------------------------------------------------------------------------------------


def test_the_summary(run, in_twos):
    assert run() == (0, ALL_FOUND, "")


def test_one_call_for_all_and_a_pace_without_a_key(run, service, time):
    said = run()
    assert (said.code, said.out.splitlines()[0]) == (0, "asked      5 works in 1 request")
    assert asked(service) == [[arxiv(n) for n in range(1, 6)]]
    assert "x-api-key" not in service.log[0].headers
    assert time.slept == []


def test_what_came_is_in_the_graph(run, folder):
    assert run().code == 0
    works = llmcomp.open_graph(folder).works()
    assert all(work.authors for work in works)
    assert len(llmcomp.open_graph(folder).show(works[0].key).cites) == 2


def test_not_found_renamed_wrong_links_and_changed_venues(run, service):
    service.papers.clear()
    service.add(made_up(1, references=1))
    renamed = service.add(made_up(2, title="Counting the made-up ones among all papers"))
    service.add(made_up(3, title="Sorting birds by the songs they sing at dawn"))
    service.add(made_up(5, publicationVenue={"name": "International Conference on Machine Learning"}, year=2024))
    service.will_answer(None, answer(200, {"data": [{**renamed, "matchScore": 109.5}]}))
    assert run() == (
        0,
        "asked      5 works in 4 requests\n"
        "found      3, 1 of them under another title\n"
        "not found  2\n"
        "links      1 leads to another paper than the list says\n"
        "venues     1 changed\n"
        "citations  1 new; they rest on 1 reference list, 1 of them complete\n"
        "'llmcomp status' shows other titles and wrong links with their lines.\n"
        f"{SOURCE}",
        "",
    )
    assert "\nLinks that lead to another paper: 1\n" in run(command="status").out
    assert "\nPapers that go by another title: 1\n" in run(command="status").out


def test_json(run, folder, in_twos):
    said = run("--json", "--limit", "3")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == {
        "path": str(folder),
        "asked": 3,
        "found": 3,
        "not_found": 0,
        "renamed": 0,
        "wrong_links": 0,
        "left": 2,
        "changed_venues": 0,
        "new_citations": 6,
        "reference_lists": 3,
        "complete_reference_lists": 3,
        "requests": 2,
    }


def test_a_limit_leaves_the_rest_for_the_next_run(run, service):
    said = run("--limit", "3")
    assert "\nleft       2 works are still due: run 'llmcomp enrich' again\n" in said.out
    assert "\nleft       1 work is still due: run 'llmcomp enrich' again\n" in run("--limit", "1").out
    assert "left" not in run().out
    assert [len(ids) for ids in asked(service)] == [3, 1, 1]
    assert sorted(name for ids in asked(service) for name in ids) == [arxiv(n) for n in range(1, 6)]


def test_conditions_select_the_works(run, service, folder):
    key = llmcomp.open_graph(folder).works()[1].key
    assert run("--key", key, "-c", "quant", "--venue", "ICLR", "--year", "2023..").code == 0
    assert [len(ids) for ids in asked(service)] == [1]


# -- nothing to ask --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "all 5 works were asked for within the last 30 days. --refresh asks for them again."),
        (["--max-age", "7"], "all 5 works were asked for within the last 7 days. --refresh asks for them again."),
        (["--max-age", "1"], "all 5 works were asked for since yesterday. --refresh asks for them again."),
        (["--max-age", "0"], "all 5 works were asked for today. --refresh asks for them again."),
        (["--limit", "1"], "all 5 works were asked for within the last 30 days. --refresh asks for them again."),
    ],
)
def test_nothing_due(run, service, args, told):
    run()
    assert run(*args) == (0, f"nothing was due: {told}\n", "")
    assert len(service.log) == 1


def test_nothing_due_of_one_work(run, service, folder):
    key = llmcomp.open_graph(folder).works()[1].key
    run()
    told = "nothing was due: the work was asked for within the last 30 days. --refresh asks for it again.\n"
    assert run("--key", key) == (0, told, "")
    assert len(service.log) == 1


def test_nothing_due_as_json(run):
    run()
    told = json.loads(run("--json").out)
    assert (told["asked"], told["left"], told["requests"]) == (0, 0, 0)


def test_refresh_asks_again(run, service):
    run()
    said = run("--refresh")
    assert said.out == (
        "asked      5 works in 1 request\nfound      5\nnot found  0\nvenues     0 changed\n"
        f"citations  0 new; they rest on 5 reference lists, 5 of them complete\n{SOURCE}"
    )
    assert len(service.log) == 2


@pytest.mark.parametrize("args", [("--key", "{key}", "--year", "1999"), ("-c", "tools")])
def test_no_paper_is_selected(run, service, folder, args):
    key = llmcomp.open_graph(folder).works()[1].key
    message = (
        "no paper meets all of these conditions, and Semantic Scholar knows no tools. Leave one out, or see "
        "'llmcomp categories'."
    )
    assert run(*(arg.format(key=key) for arg in args)) == (1, "", f"Error: {message}\n")
    assert service.log == []


# -- stderr ----------------------------------------------------------------------------------------------------


def test_a_pipe_gets_no_bar_and_with_v_a_line_for_each_step(run, service, in_twos):
    service.will_answer(None, standin.TOO_MANY, standin.DROPPED)
    said = run("-v")
    assert (said.code, said.out) == (0, ALL_FOUND.replace("3 requests", "5 requests"))
    lines = said.err.splitlines()
    too_many = "it answered 429 Too Many Requests ('Too Many Requests. Please wait and try again.')"
    assert lines[:2] == ["2 of 5 works, 1 request", f"waiting 2 s after try 1 of 7: {too_many}"]
    assert lines[2].startswith("waiting 4 s after try 2 of 7: ")
    assert lines[3:] == ["4 of 5 works, 4 requests", "5 of 5 works, 5 requests"]


@pytest.mark.parametrize("args", [(), ("-q",)])
def test_a_pipe_gets_nothing_else(run, service, in_twos, args):
    service.will_answer(standin.TOO_MANY)
    said = run(*args)
    assert (said.code, said.err) == (0, "")


def test_the_graph_is_made_on_first_need(run, folder):
    shutil.rmtree(folder)
    said = run("-c", "survey", "--limit", "1")
    assert said.code == 0
    # without the shipped facts nobody knows which two rows are one work
    assert re.fullmatch(
        rf"built the graph of 6\d\d works from the shipped data in {re.escape(str(folder))}\n", said.err
    )
    assert said.out.startswith("asked      1 work in 2 requests\nfound      0\nnot found  1\n")


# -- wrong usage -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "last"),
    [
        (["-c", "quantisation"], "no category 'quantisation'. Did you mean quantization? Known: quantization, tools."),
        (["--venue", "ICMLL"], "no venue 'ICMLL'."),
        (["--limit", "0"], "Invalid value for '--limit': 0 is not in the range x>=1."),
        (["--max-age", "-1"], "Invalid value for '--max-age': -1 is not in the range 0<=x<=36500."),
        (["--max-age", "99999999999"], "Invalid value for '--max-age': 99999999999 is not in the range 0<=x<=36500."),
        (["--api-url", "ftp://x"], "no address of an API: 'ftp://x'. Give one like https://api.semanticscholar.org."),
        (["--api-url", "nonsense"], "no address of an API: 'nonsense'."),
        (["--api-url", " "], "--api-url was given empty. Leave it out to ask Semantic Scholar itself."),
        (["--api-url", "http://x\udcff"], "character 9 of the address of the service cannot be read."),
        (["--api-key-file", "x\udcff"], "character 2 of the name of the key file cannot be read."),
        (["--api-key-file", ""], "--api-key-file was given empty."),
        (["--api-key", ""], "--api-key holds no API key: it is empty."),
        (["--api-key", f"{KEY} {KEY}"], "--api-key holds spaces or characters that no API key has."),
        (["--api-key", f"{KEY}\udcff"], "--api-key holds spaces or characters that no API key has."),
        (["extra"], "Got unexpected extra argument (extra)"),
    ],
)
def test_wrong_usage(run, service, args, last):
    said = run(*args)
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[-1].startswith(f"Error: {last}")
    assert KEY not in said.err
    assert service.log == []


def test_intents_without_a_key(run, service):
    said = run("--intents")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "Error: --intents makes a call for each work, and that takes an API key. Give one with --api-key-file, in the "
        "environment as SEMANTIC_SCHOLAR_API_KEY, or in "
        f"{default_key_file()}.\n"
    )
    assert service.log == []


# -- the key ---------------------------------------------------------------------------------------------------


@pytest.fixture
def no_key_anywhere(folder: Path) -> Callable[..., None]:
    """Assert that no part of the key is in what was said, nor in any file of the graph."""

    def check(*said: Said) -> None:
        told = "".join(f"{one.out}{one.err}" for one in said)
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert files
        assert not any(part in told for part in (KEY, KEY[:8], KEY[-8:]))
        assert not any(KEY.encode() in path.read_bytes() for path in files)

    return check


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("way", ["option", "environment", "file", "default"])
def test_every_way_of_giving_a_key(run, keyed, monkeypatch, key_file, time, in_twos, no_key_anywhere, way):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_URL", keyed.url)
    args: list[str] = []
    if way == "option":
        args = ["--api-key", KEY]
    elif way == "environment":
        monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", KEY)
    elif way == "file":
        args = ["--api-key-file", str(key_file)]
    else:
        default_key_file().parent.mkdir(parents=True)
        key_file.rename(default_key_file())
    said = run("-v", *args)
    assert (said.code, said.out) == (0, ALL_FOUND)
    assert {seen.headers["x-api-key"] for seen in keyed.log} == {KEY}
    assert time.slept == pytest.approx([1.1, 1.1])
    no_key_anywhere(said, run("--json", *args), run("--help"))


def test_intents_with_a_key(run, keyed, monkeypatch, key_file, no_key_anywhere):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_URL", keyed.url)
    said = run("--intents", "--api-key-file", str(key_file))
    assert (said.code, said.err) == (0, "")
    assert said.out == ALL_FOUND.replace("3 requests", "6 requests")
    assert len(keyed.calls("/references")) == WORKS
    no_key_anywhere(said)


def test_a_wrong_key(run, keyed, monkeypatch, folder):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_URL", keyed.url)
    before = llmcomp.open_graph(folder).bibliography()
    said = run("--api-key", "s2k-wrong")
    assert said == (
        3,
        "",
        f"Error: Semantic Scholar ({keyed.url}), asked for 5 papers (POST /graph/v1/paper/batch): it answered "
        "403 Forbidden ('Forbidden'). The API key is not accepted: check it, or run without one.\n",
    )
    assert llmcomp.open_graph(folder).bibliography() == before
    assert run("--api-key", KEY).code == 0


def test_a_service_that_wants_a_key(run, keyed, monkeypatch):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_URL", keyed.url)
    said = run()
    assert (said.code, said.out) == (3, "")
    assert said.err.endswith("It asks for an API key: give one with --api-key or SEMANTIC_SCHOLAR_API_KEY.\n")


def test_a_service_that_repeats_the_key(run, service, key_file, no_key_anywhere):
    service.will_answer(answer(403, {"message": f"The key {KEY} is not known"}))
    said = run("--api-key-file", str(key_file))
    assert said.code == 3
    assert "The key [API key] is not known" in said.err
    service.will_answer(answer(429, {"message": f"{KEY} calls too often"}))
    no_key_anywhere(said, run("-v", "--api-key-file", str(key_file)))


def test_a_failure_of_ours_shows_no_key(run, monkeypatch, key_file):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(Scholar, "batch", broken)
    with pytest.raises(RuntimeError) as raised:
        run("--api-key-file", str(key_file))
    assert KEY not in "".join(traceback.format_exception(raised.value))


@pytest.mark.skipif(os.name != "posix", reason="asks for modes of POSIX")
def test_a_key_file_that_others_can_read(run, service, key_file):
    key_file.chmod(0o644)
    said = run("--api-key-file", str(key_file))
    assert (said.code, said.out) == (2, "")
    assert said.err == f"Error: others can use {key_file}, which holds an API key. Run: chmod 600 {key_file}\n"
    assert service.log == []


def test_a_key_file_that_is_not_there(run, tmp_path):
    said = run("--api-key-file", str(tmp_path / "none"))
    assert said == (3, "", f"Error: {tmp_path / 'none'}: the API key cannot be read: No such file or directory.\n")


# -- the service fails -----------------------------------------------------------------------------------------


def test_a_failure_in_the_second_batch_keeps_what_came(run, service, time, in_twos):
    service.will_answer(None, *[standin.SERVER_ERROR] * 7)
    said = run()
    assert said == (
        3,
        "asked      2 works in 8 requests\nfound      2\nnot found  0\nvenues     0 changed\n"
        "citations  4 new; they rest on 2 reference lists, 2 of them complete\n"
        f"left       3 works are still due\n{SOURCE}",
        f"Error: Semantic Scholar ({service.url}), asked for 2 papers (POST /graph/v1/paper/batch): it answered "
        f"500 Internal Server Error ('Internal Server Error') (7 tries). Try again later. {GO_ON}\n",
    )
    assert [seconds for seconds in time.slept if seconds in BACKOFF] == list(BACKOFF)
    service.log.clear()
    again = run()
    assert (again.code, again.out.splitlines()[0]) == (0, "asked      3 works in 2 requests")
    assert asked(service) == [[arxiv(3), arxiv(4)], [arxiv(5)]]
    assert run().out.startswith("nothing was due: all 5 works")


def test_a_failure_in_the_second_batch_as_json(run, service, in_twos):
    service.will_answer(None, *[standin.SERVER_ERROR] * 7)
    said = run("--json")
    told = json.loads(said.out)
    assert (said.code, told["asked"], told["left"], told["requests"]) == (3, 2, 3, 8)
    assert said.err == f"Error: {told['stopped']} {GO_ON}\n"


def test_an_error_that_says_how_to_go_on_is_not_said_twice(run, in_twos, monkeypatch):
    real, calls = os.fsync, [0]

    def full(handle: int) -> None:
        calls[0] += 1
        if calls[0] == 3:  # the first batch and the folder of its file come before
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    said = run()
    assert said.code == 3
    assert said.out.startswith("asked      2 works in 2 requests\n")
    assert said.err.count("'llmcomp enrich'") == 1
    assert "No space left on device. Make room; what came before is kept" in said.err


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([answer(200, standin.HTML, kind="text/html")] * 7, "it answered with HTML (7 tries). That is not how the API"),
        ([answer(404, standin.HTML, kind="text/html")], "it answered 404 Not Found. That is not how the API answers"),
        ([answer(200, b'[{"paperId": "12')] * 7, "it answered with broken JSON (7 tries). That is not how the API"),
        ([answer(200, b"[]")] * 7, "it answered with 0 papers for 5 ids (7 tries). That is not how the API answers"),
        ([standin.answer(200, b"[", short=100)] * 7, "(7 tries). Check the network and --api-url, or try again later."),
        ([standin.UNAVAILABLE] * 7, "it answered 503 Service Unavailable (7 tries). Try again later."),
        (
            [standin.TOO_MANY] * 7,
            "Try again later, or with an API key: without one all the world shares one allowance.",
        ),
        ([answer(301, headers=(("Location", "http://x.example/"),))], "It points to http://x.example/, which is not"),
    ],
)
def test_what_is_no_answer_of_the_api(run, service, folder, answers, told):
    before = sorted(path.name for path in folder.iterdir())
    service.will_answer(*answers)
    said = run()
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(
        f"Error: Semantic Scholar ({service.url}), asked for 5 papers (POST /graph/v1/paper/batch)"
    )
    assert told in said.err
    assert said.err.count("\n") == 1
    assert len(service.log) == len(answers)
    assert sorted(path.name for path in folder.iterdir()) == before
    assert run().code == 0


def test_an_answer_that_was_cut_off_is_asked_for_again(run, service):
    service.will_answer(answer(200, b'[{"paperId": "12', short=50), answer(200, b'[{"paperId": "12'))
    said = run()
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("asked      5 works in 3 requests\nfound      5\n")


@contextmanager
def serving_files(folder: Path) -> Iterator[str]:
    """A web server that is no API."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_that_is_no_api(run, tmp_path):
    with serving_files(tmp_path) as url:
        said = run("--api-url", url)
    assert (said.code, said.out) == (3, "")
    assert "it answered 501 Not Implemented (7 tries)" in said.err


def test_no_server_at_all(run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = run("--api-url", f"http://127.0.0.1:{port}")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(f"Error: Semantic Scholar (http://127.0.0.1:{port}), asked for 5 papers ")
    assert said.err.endswith("(7 tries). Check the network and --api-url, or try again later.\n")


@pytest.mark.parametrize("command", ["enrich", "build"])
def test_another_process_holds_the_graph(run, service, folder, made, command):
    from llmcomp.kg.store import building

    with building(folder):
        said = run(command=command)
    assert (said.code, said.out, service.log) == (3, "", [])
    assert said.err.startswith(f"Error: the graph in {folder} is being built by process {os.getpid()} on ")


# -- processes -------------------------------------------------------------------------------------------------

PATCHED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background passed on deaf ears
from llmcomp.kg import build, inquiring, pacing, scholar
build.shipped_papers = build.shipped_references = tuple
inquiring.batch_size = lambda references: 2
pacing.BACKOFF = (0.2,) * 6
pacing.random.uniform = lambda least, most: most
scholar.INTERVAL_WITH_KEY = scholar.INTERVAL_WITHOUT_KEY = 0.0
from llmcomp.cli.main import main
main()
"""


@pytest.fixture
def started(folder: Path, service: Any) -> Callable[..., subprocess.Popen[bytes]]:
    """Start the command as a process, in batches of two and without pauses."""

    def start(*args: str, stderr: int = subprocess.PIPE, **env: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", PATCHED, "enrich", *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "LLMCOMP_GRAPH": str(folder), "SEMANTIC_SCHOLAR_API_URL": service.url, **env},
        )

    return start


def told(process: subprocess.Popen[bytes]) -> Said:
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, out.decode(), (err or b"").decode())


def until(condition: Callable[[], object]) -> None:
    deadline = monotonic() + 60
    while not condition():
        assert monotonic() < deadline
        sleep(0.01)


def test_a_process(started):
    assert told(started()) == (0, ALL_FOUND, "")


@pytest.mark.parametrize("quiet", [(), ("-q",)])
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_an_interrupt_keeps_what_came_and_the_next_run_goes_on(started, service, folder, quiet):
    service.will_answer(None, answer(200, b"[]", delay=60.0))
    with started(*quiet) as running:
        try:
            until(lambda: len(service.log) == 2)
            running.send_signal(signal.SIGINT)
            said = told(running)
        finally:
            running.kill()
    going_on = "what came so far is kept; 'llmcomp enrich' goes on from there\n"
    assert said == (130, "", f"{'' if quiet else going_on}Interrupted; nothing is lost.\n")
    assert [path.name for path in folder.glob("fetched-*")] != []
    service.log.clear()
    again = told(started())
    assert (again.code, again.out.splitlines()[0]) == (0, "asked      3 works in 2 requests")
    assert asked(service) == [[arxiv(3), arxiv(4)], [arxiv(5)]]
    assert list(folder.glob("fetched-*")) == []
    assert all(work.authors for work in llmcomp.open_graph(folder).works())


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_a_process_that_is_killed_keeps_what_came(started, service):
    service.will_answer(None, answer(200, b"[]", delay=60.0))
    with started() as running:
        until(lambda: len(service.log) == 2)
        running.kill()
    service.log.clear()
    assert told(started()).out.startswith("asked      3 works in 2 requests\n")


def read_all(terminal: int) -> bytes:
    data = b""
    try:
        while piece := os.read(terminal, 65536):
            data += piece
    except OSError:  # how a terminal of Linux says that its last writer is gone
        pass
    return data


@pytest.fixture
def on_a_terminal(started: Any) -> Callable[..., tuple[int, str, str]]:
    """Run the command with stderr on a terminal: exit code, stdout, what the terminal got."""
    pty = pytest.importorskip("pty", reason="needs a terminal of its own")

    def run(*args: str, then: Callable[[subprocess.Popen[bytes]], None] | None = None, **env: str):
        ours, theirs = pty.openpty()
        with started(*args, stderr=theirs, TERM="xterm-256color", COLUMNS="100", **env) as running:
            os.close(theirs)
            try:
                if then:
                    then(running)
                shown = read_all(ours)
                out, _ = running.communicate(timeout=60)
            finally:
                running.kill()
                os.close(ours)
        return running.returncode, out.decode(), shown.decode()

    return run


COLOUR = re.compile(r"\x1b\[[\d;]*m")


@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_gets_a_bar(on_a_terminal, service, no_color):
    service.will_answer(None, standin.TOO_MANY)
    code, out, shown = on_a_terminal(NO_COLOR=no_color)
    assert (code, out) == (0, ALL_FOUND.replace("3 requests", "4 requests"))
    assert "━" in shown
    plain = COLOUR.sub("", shown)
    for text in ("0/5 works, 0 requests", "2/5 works, 1 request, ", " works a second", "5/5 works, 4 requests, "):
        assert text in plain
    assert "\nwaiting 1 s after try 1 of 7: it answered 429 Too Many Requests ('Too Many Requests. Please w" in plain
    assert "storing the graph" in plain
    assert bool(COLOUR.search(shown)) == (not no_color)
    # the bar goes when the run ends
    assert shown.endswith("\x1b[2K")


def test_a_terminal_gets_lines_above_the_bar_with_v_and_nothing_with_q(on_a_terminal):
    code, _, shown = on_a_terminal("-v")
    assert code == 0
    assert "2 of 5 works, 1 request\r\n" in shown
    assert "━" in shown
    assert on_a_terminal("-q") == (
        0,
        "nothing was due: all 5 works were asked for within the last 30 days. --refresh asks for them again.\n",
        "",
    )
    assert on_a_terminal("-q", "--refresh")[2] == ""


def test_an_interrupt_closes_the_bar_first(on_a_terminal, service):
    service.will_answer(None, answer(200, b"[]", delay=60.0))

    def interrupt(running: subprocess.Popen[bytes]) -> None:
        until(lambda: len(service.log) == 2)
        running.send_signal(signal.SIGINT)

    code, out, shown = on_a_terminal(then=interrupt)
    assert (code, out) == (130, "")
    last = shown.rpartition("\x1b[2K")[2].replace("\r\n", "\n")
    assert last == "what came so far is kept; 'llmcomp enrich' goes on from there\n\nInterrupted; nothing is lost.\n"
    assert "\x1b[?25h" in shown  # the cursor is there again


def test_nothing_is_drawn_when_nothing_is_due(on_a_terminal, started):
    assert told(started()).code == 0
    assert on_a_terminal()[2] == ""
