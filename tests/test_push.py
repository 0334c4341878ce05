"""``llmcomp push``: a graph comes whole into a Graph Store, whatever happens on the way."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pyoxigraph as ox
import pytest
import servers
from servers import Answer, Asked, Fake, Shelf

import llmcomp
from llmcomp.cli import main
from llmcomp.kg import build, remote, store
from llmcomp.kg.credentials import PASSWORD, TOKEN, USER, Credentials
from llmcomp.kg.errors import LlmcompError, OutsideError
from llmcomp.kg.push import Pushed, push
from llmcomp.ontology.terms import KEYS_GRAPH, METADATA_GRAPH, RESOLVED_VIEW

PIECE = 500
ADVICE = (
    "Name the address of the server's Graph Store: /store on Oxigraph, /sparql-graph-crud-auth on Virtuoso, "
    ".../rdf-graphs/service on GraphDB (docs/scale.md)."
)


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run the command in this process on the graph in a folder."""

    def _run(*args: str, graph: Path) -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO()))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode(), err.decode())

    return _run


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for, nobody is known, and builds are small."""
    monkeypatch.setattr(remote.time, "sleep", lambda _: None)
    monkeypatch.setattr(build, "shipped_papers", tuple)
    monkeypatch.setattr(build, "shipped_references", tuple)
    for name in (USER, PASSWORD, TOKEN):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(enriched: Path, tmp_path: Path) -> Path:
    """A graph of one's own: about 2,000 statements in seven graphs."""
    return Path(shutil.copytree(enriched, tmp_path / "graph"))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def server(shelf: Shelf) -> Generator[Fake]:
    with servers.fake(shelf) as running:
        yield running


def whole(folder: Path) -> dict[str, set[ox.Triple]]:
    """Return what a folder holds, graph by graph; the view has no name."""
    graphs: dict[str, set[ox.Triple]] = {}
    for quad in store.open_readonly(folder):
        graphs.setdefault(str(getattr(quad.graph_name, "value", "")), set()).add(quad.triple)
    return graphs


def sent(folder: Path, server: Fake, **options: object) -> Pushed:
    return push(folder, server.url, piece=PIECE, **options)  # type: ignore[arg-type]


def note(folder: Path) -> Path:
    return next(folder.glob("pushed-*.json"))


# -- a push that nothing disturbs


def test_the_whole_graph_is_there(folder: Path, shelf: Shelf, server: Fake) -> None:
    told: list[tuple[int, int]] = []
    pushed = sent(folder, server, tell=lambda done, total: told.append((done, total)))
    assert shelf.graphs == whole(folder)
    size = sum(map(len, shelf.graphs.values()))
    assert (pushed.statements, pushed.sent, pushed.graphs, pushed.view) == (size, size, len(shelf.graphs), "default")
    assert pushed.calls == len(server.asked)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (size - len(shelf.graphs[METADATA_GRAPH]), size)


def test_the_metadata_come_last(folder: Path, server: Fake) -> None:
    sent(folder, server)
    written = [call.graph for call in server.asked if call.method in ("POST", "PUT")]
    assert written[-1] == METADATA_GRAPH
    assert written[-2] == ""


def test_a_second_push_sends_nothing(folder: Path, shelf: Shelf, server: Fake) -> None:
    first = sent(folder, server)
    server.asked.clear()
    again = sent(folder, server)
    assert (again.sent, again.statements) == (0, first.statements)
    assert [(call.method, call.graph) for call in server.asked] == [("GET", METADATA_GRAPH)]
    assert sent(folder, server, afresh=True).sent == first.sent
    assert shelf.graphs == whole(folder)


def test_the_view_gets_a_name_where_there_is_no_default_graph(folder: Path) -> None:
    shelf = Shelf(has_default=False)
    with servers.fake(shelf) as server:
        pushed = sent(folder, server)
        assert pushed.view == "graph=https%3A%2F%2Fw3id.org%2Fllmcomp%2Fgraph%2Fresolved"
        here = whole(folder)
        assert shelf.graphs == {name or RESOLVED_VIEW: said for name, said in here.items()}
        note(folder).unlink()
        assert sent(folder, server).view == pushed.view


def test_the_view_can_be_given_a_name(folder: Path, shelf: Shelf, server: Fake) -> None:
    sent(folder, server)
    sent(folder, server, name_view=True)
    named = {name or RESOLVED_VIEW: said for name, said in whole(folder).items()}
    assert shelf.graphs == named
    # and keeps it, also where nothing is known of earlier pushes
    assert sent(folder, server).sent == 0
    note(folder).unlink()
    sent(folder, server)
    assert shelf.graphs == named


def test_what_others_have_in_the_default_graph_is_not_removed(folder: Path, shelf: Shelf, server: Fake) -> None:
    (quad,) = ox.parse(b"<urn:a> <urn:b> <urn:c> .", format=ox.RdfFormat.N_TRIPLES)
    others = {quad.triple}
    shelf.graphs = {"": others, "urn:theirs": others}
    with pytest.raises(OutsideError) as error:
        sent(folder, server)
    assert str(error.value) == (
        f"the default graph of {server.url} holds other things, which a push would remove. With --name-view the "
        "resolved view gets a graph of its own; or empty that graph first."
    )
    assert shelf.graphs == {"": others, "urn:theirs": others}
    sent(folder, server, name_view=True)
    assert (shelf.graphs[""], shelf.graphs["urn:theirs"]) == (others, others)


def test_a_newer_graph_takes_the_place_of_the_older(folder: Path, shelf: Shelf, server: Fake) -> None:
    sent(folder, server)
    old = set(shelf.graphs)
    rows = folder.parent / "other.md"
    rows.write_text("## Quantization\n- GPTQ <br> ICLR 2023 [[Paper]](https://arxiv.org/abs/2210.17323)\n")
    llmcomp.build_graph(folder, [str(rows)])
    pushed = sent(folder, server)
    assert shelf.graphs == whole(folder)
    assert set(pushed.removed) == old - set(shelf.graphs)
    assert any("/list/" in name for name in pushed.removed)


def test_stale_graphs_go_though_the_note_is_lost(folder: Path, shelf: Shelf, server: Fake) -> None:
    sent(folder, server)
    note(folder).write_text("{damaged")
    rows = folder.parent / "other.md"
    rows.write_text("## Quantization\n- GPTQ <br> ICLR 2023 [[Paper]](https://arxiv.org/abs/2210.17323)\n")
    llmcomp.build_graph(folder, [str(rows)])
    assert sent(folder, server).removed
    assert shelf.graphs == whole(folder)


@pytest.mark.parametrize("damaged", [b"", b"[]", b"null", b'{"store": 1}', b"\xff\xfe", b'{"store": "store-000001"'])
def test_a_damaged_note_only_costs_time(folder: Path, shelf: Shelf, server: Fake, damaged: bytes) -> None:
    sent(folder, server)
    note(folder).write_bytes(damaged)
    assert sent(folder, server).sent == sum(map(len, shelf.graphs.values()))
    assert shelf.graphs == whole(folder)


# -- a push that is ended, at every call that there is


def broken_at(number: int, how: Answer | int) -> Callable[[Asked], Answer | int | None]:
    """Fail at one call and at all that follow."""
    left = [number]

    def fails(_: Asked) -> Answer | int | None:
        left[0] -= 1
        return how if left[0] < 0 else None

    return fails


def calls_of(folder: Path) -> int:
    """Return how many calls a whole push makes."""
    with servers.fake(Shelf()) as server:
        sent(folder, server)
        note(folder).unlink()
        return len(server.asked)


def test_a_push_that_ends_at_any_call_goes_on(folder: Path) -> None:
    here = whole(folder)
    for number in range(calls_of(folder)):
        shelf = Shelf()
        with servers.fake(shelf) as server:
            shelf.fails = broken_at(number, 507 if number % 2 else 0)  # full, or dead
            with pytest.raises(OutsideError):
                sent(folder, server)
            # what says that the whole is there is not there
            assert shelf.graphs.get(METADATA_GRAPH) != here[METADATA_GRAPH]
            shelf.fails = lambda _: None
            sent(folder, server)
            assert shelf.graphs == here, number
            note(folder).unlink()


def test_what_was_sent_is_not_sent_again(folder: Path, shelf: Shelf, server: Fake) -> None:
    shelf.fails = broken_at(calls_of(folder) - 4, 0)
    with pytest.raises(OutsideError):
        sent(folder, server)
    shelf.fails = lambda _: None
    pushed = sent(folder, server)
    assert 0 < pushed.sent < pushed.statements / 2
    assert shelf.graphs == whole(folder)


def test_a_call_that_came_through_without_an_answer_does_no_harm(folder: Path, shelf: Shelf, server: Fake) -> None:
    lost = [True]

    def fails(call: Asked) -> int | None:
        if call.method == "POST" and call.graph == KEYS_GRAPH and lost:
            lost.clear()
            shelf.fails = lambda _: None
            shelf(call)
            shelf.fails = fails
            return 0
        return None

    shelf.fails = fails
    sent(folder, server)
    assert not lost
    assert shelf.graphs == whole(folder)


def test_a_server_that_lost_all_is_given_all(folder: Path, shelf: Shelf, server: Fake) -> None:
    sent(folder, server)
    shelf.graphs.clear()
    sent(folder, server)
    assert shelf.graphs == whole(folder)
    shelf.graphs.clear()
    shelf.fails = broken_at(calls_of(folder) - 3, 0)
    note(folder).unlink(missing_ok=True)
    with pytest.raises(OutsideError):
        sent(folder, server)
    shelf.graphs.clear()
    shelf.fails = lambda _: None
    sent(folder, server)
    assert shelf.graphs == whole(folder)


def test_a_push_that_is_interrupted_goes_on(folder: Path, shelf: Shelf, server: Fake) -> None:
    def interrupt(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sent(folder, server, tell=interrupt)
    pushed = sent(folder, server)
    assert 0 < pushed.sent < pushed.statements * 2 // 3
    assert shelf.graphs == whole(folder)


def test_a_busy_server_is_waited_for(folder: Path, shelf: Shelf, server: Fake) -> None:
    turns = iter(range(10_000))
    shelf.fails = lambda _: 503 if next(turns) % 3 else None
    sent(folder, server)
    assert shelf.graphs == whole(folder)


@pytest.mark.parametrize("status", [413, 400, 500])
def test_pieces_that_are_too_large_are_halved(folder: Path, shelf: Shelf, server: Fake, status: int) -> None:
    shelf.fails = lambda call: status if call.content.count(b"\n") > 150 else None
    sent(folder, server)
    assert shelf.graphs == whole(folder)
    assert sum(1 for call in server.asked if call.content.count(b"\n") > 150) <= 3


def test_a_server_that_takes_nothing_is_left(folder: Path, shelf: Shelf, server: Fake) -> None:
    shelf.fails = lambda call: 500 if call.method == "POST" and call.content else None
    with pytest.raises(OutsideError) as error:
        sent(folder, server)
    assert str(error.value) == f"{server.url} answered 500: as you wish. {ADVICE}"
    assert len(server.asked) < 20


# -- two at once


def test_another_push_meanwhile_is_noticed(folder: Path, shelf: Shelf, server: Fake, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    begun: list[Pushed] = []

    def meanwhile(done: int, total: int) -> None:
        if done > total // 2 and not begun:
            begun.append(sent(other, server))

    with pytest.raises(OutsideError) as error:
        sent(folder, server, tell=meanwhile)
    assert str(error.value) == (
        f"another push to {server.url} began meanwhile, and what is there is a mixture. When that one has ended, run "
        "this one with --afresh, or leave it at that."
    )
    sent(folder, server, afresh=True)
    assert shelf.graphs == whole(folder)


def test_a_build_meanwhile_spoils_nothing(folder: Path, shelf: Shelf, server: Fake) -> None:
    before = whole(folder)
    built: list[bool] = []

    def meanwhile(done: int, total: int) -> None:
        # twice, so that the store which is read is no longer the one before the current
        while done > total // 3 and len(built) < 2:
            with store.building(folder):
                build.rebuild(folder, version="x")
            built.append(True)

    with_errors = False
    try:
        sent(folder, server, tell=meanwhile)
    except OutsideError as error:
        with_errors = "cannot be read any more" in str(error)
        assert with_errors
    if not with_errors:
        assert shelf.graphs == before
    sent(folder, server)
    assert shelf.graphs == whole(folder)


# -- what is no Graph Store


def refusal(folder: Path, answer: Callable[[Asked], Answer | None], who: Credentials = servers.NOBODY) -> str:
    with servers.fake(answer) as server, pytest.raises(LlmcompError) as error:
        sent(folder, server, credentials=who)
    return str(error.value).replace(server.url, "URL")


def test_a_web_page_is_told(folder: Path) -> None:
    html = {"Content-Type": "text/html"}
    page = b"<!doctype html><title>Hello</title>"
    assert refusal(folder, lambda _: (200, html, page)) == f"URL answered with a web page, not with a graph. {ADVICE}"
    assert refusal(folder, lambda _: (405, html, page)) == f"URL answered 405: Hello. {ADVICE}"


def test_a_server_that_swallows_all_is_told(folder: Path) -> None:
    assert refusal(folder, lambda _: (204, {}, b"")) == f"URL does not show what it was sent. {ADVICE}"


def test_another_kind_of_answer_is_told(folder: Path) -> None:
    png = {"Content-Type": "image/png"}
    assert refusal(folder, lambda _: (200, png, b"\x89")) == f"URL answered with image/png, not with a graph. {ADVICE}"
    told = refusal(folder, lambda _: (200, {"Content-Type": "text/turtle"}, b"<a"))
    assert told.startswith("URL answered with text/turtle that cannot be read (")


def test_a_wrong_password_is_told(folder: Path) -> None:
    def answer(call: Asked) -> Answer:
        return 401, {"WWW-Authenticate": 'Digest realm="x", nonce="1", qop="auth", algorithm=MD5'}, b""

    told = refusal(folder, answer, Credentials("me", "hidden"))
    assert told == (
        "URL does not let in the user me with this password (401). Check LLMCOMP_ENDPOINT_USER and "
        "LLMCOMP_ENDPOINT_PASSWORD in the environment."
    )


def test_a_reader_who_may_not_write_is_told(folder: Path) -> None:
    def answer(call: Asked) -> Answer:
        return (404, {}, b"") if call.method == "GET" else (403, {"Content-Type": "text/plain"}, b"read only")

    assert refusal(folder, answer, Credentials(token="hidden")) == (
        "URL does not let in this token (403: read only). Check LLMCOMP_ENDPOINT_TOKEN in the environment."
    )


def test_a_folder_without_a_graph_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="no graph in "):
        push(tmp_path / "none", "http://127.0.0.1:1/store")


def test_a_note_that_cannot_be_written_is_told(folder: Path, server: Fake) -> None:
    sent(folder, server)
    draft = note(folder).with_suffix(".new")
    draft.mkdir()
    with pytest.raises(OutsideError, match=r"which notes how far the push came, cannot be written: Is a directory"):
        sent(folder, server, afresh=True)


# -- the command


def test_the_command_says_what_it_did(folder: Path, server: Fake, run: Callable[..., Said]) -> None:
    size = sum(map(len, whole(folder).values()))
    held = f"{server.url} has {size} statements in 7 graphs, the view in its default graph"
    assert run("push", server.url, graph=folder) == (0, "", f"{held}; {size} of them were sent now\n")
    assert run("push", server.url, graph=folder) == (0, "", f"{held}; 0 of them were sent now\n")
    said = run("push", server.url, "--json", graph=folder)
    assert json.loads(said.out) == {
        "url": server.url,
        "graphs": 7,
        "statements": size,
        "sent": 0,
        "calls": 1,
        "view": "default",
    }
    said = run("push", server.url, "--name-view", "-v", graph=folder)
    assert said.err.endswith(f"the view in a named graph; {size} of them were sent now\n")
    assert f" of {size} statements\n" in said.err


def test_the_command_needs_a_folder_and_a_server(folder: Path, run: Callable[..., Said]) -> None:
    said = run("push", "http://127.0.0.1:1/store", graph=folder)
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("Error: http://127.0.0.1:1/store cannot be reached: ")
    said = run("push", "somewhere", graph=folder)
    assert (said.code, said.err) == (
        2,
        "Error: somewhere is no address: Request URL is missing an 'http://' or 'https://' protocol. Name one such as "
        "http://host:7878/query.\n",
    )


# -- a server that is not ours, ended in the middle


@pytest.mark.servers
def test_a_server_that_is_killed_in_the_middle_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    port = servers.free_port()
    with servers.oxigraph(tmp_path / "store", port=port) as server:
        assert server.process

        def kill(done: int, total: int) -> None:
            if done > total // 2 and server.process:
                server.process.kill()
                server.process.wait()

        with pytest.raises(OutsideError, match=r"cannot be reached|broke off"):
            push(folder, server.store, piece=PIECE, tell=kill)
    with servers.oxigraph(tmp_path / "store", port=port) as server:
        with pytest.raises(OutsideError, match="holds a graph that is not whole"):
            llmcomp.Graph(server.query).categories()
        pushed = push(folder, server.store, piece=PIECE)
        assert 0 < pushed.sent < pushed.statements
        there = llmcomp.Graph(server.query)
        for graph, said in whole(folder).items():
            pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
            assert set(there.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}").results) == said
