"""A graph on a server answers what the one on disk does, and a server that does not is told of in words."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import servers
from servers import Answer, Asked, Running

import llmcomp
from llmcomp.cli import main
from llmcomp.kg import remote
from llmcomp.kg.build import Built
from llmcomp.kg.credentials import PASSWORD, TOKEN, USER, Credentials
from llmcomp.kg.endpoint import Endpoint, declared
from llmcomp.kg.errors import LlmcompError, OutsideError, UsageError
from llmcomp.kg.push import Pushed, push
from llmcomp.kg.remote import Remote
from llmcomp.ontology.named import query_names
from llmcomp.ontology.terms import METADATA_GRAPH, PREFIXES

JSON = {"Content-Type": "application/sparql-results+json"}
TEXT = {"Content-Type": "text/plain"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
YES = b'{"head": {}, "boolean": true}'
NO = b'{"head": {}, "boolean": false}'
ANY = "SELECT ?s WHERE { ?s ?p ?o }"
GPTQ = f"{PREFIXES['work']}arxiv:2210.17323"
ANOTHER = "Name the address of the endpoint itself, which often ends in /sparql or /query."


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process on the graph at an address."""

    def _run(*args: str, graph: Path | str) -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO()))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode(), err.decode())

    return _run


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for, and nobody is known."""
    monkeypatch.setattr(remote.time, "sleep", lambda _: None)
    for name in (USER, PASSWORD, TOKEN):
        monkeypatch.delenv(name, raising=False)


# -- servers that are not ours


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    with getattr(servers, request.param)(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="module")
def small(enriched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small graph; a push writes its note beside it."""
    return Path(shutil.copytree(enriched, tmp_path_factory.mktemp("small") / "graph"))


@pytest.fixture(scope="module")
def shipped(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped graph."""
    return Path(shutil.copytree(built.path, tmp_path_factory.mktemp("shipped") / "graph"))


def held(server: Running, folder: Path) -> Pushed:
    """Let ``server`` hold the graph in ``folder``, if it does not."""
    return push(folder, server.store, credentials=server.who)


def at(server: Running) -> llmcomp.Graph:
    """Return the graph that ``server`` holds."""
    return llmcomp.Graph(server.query)


@pytest.mark.servers
def test_every_named_query_has_equal_rows(server: Running, small: Path) -> None:
    held(server, small)
    here, there = llmcomp.Graph(small), at(server)
    other = [name for name in query_names() if sorted(there.query(name)) != sorted(here.query(name))]
    assert other == []


@pytest.mark.servers
def test_what_is_bound_gives_equal_rows(server: Running, small: Path) -> None:
    held(server, small)
    here, there = llmcomp.Graph(small), at(server)
    works = [iri for iri, _ in here.rows("listed-works")]
    graphs = [iri for iri, *_ in here.rows("sources")]
    asked = [
        *(("works-in-category", "category", category.iri) for category in here.categories()),
        *(("work-citations", "work", iri) for iri in [*works, "urn:nobody"]),
        *(("graph-sizes", "graph", iri) for iri in [*graphs, METADATA_GRAPH]),
        *(("about-thing", "thing", iri) for iri in [*works, "urn:nobody"]),
    ]
    for query, variable, iri in asked:
        bound = {variable: iri}
        assert sorted(there.rows(query, **bound)) == sorted(here.rows(query, **bound)), (query, iri)


@pytest.mark.servers
def test_triples_are_equal(server: Running, small: Path) -> None:
    held(server, small)
    for query in (
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{METADATA_GRAPH}> {{ ?s ?p ?o }} }}",
    ):
        here = llmcomp.Graph(small).query(query).write("ntriples").splitlines()
        assert sorted(at(server).query(query).write("ntriples").splitlines()) == sorted(here)
    assert list(at(server).query("ASK { ?s :authorPosition 1 }")) == [("true",)]
    assert list(at(server).query("ASK { ?s :authorPosition 1000 }")) == [("false",)]


@pytest.mark.servers
def test_a_broken_query_is_told_with_its_place(server: Running, small: Path, run: Run) -> None:
    held(server, small)
    said = run("query", "SELECT * WHERE {\n  ?s a }", graph=server.query)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Error: not SPARQL: line 2, column 8: '}' stands where ")


COMMANDS = (
    ("bib", "-c", "quantization", "--year", "2023"),
    ("bib", "--query", "works-at-venue", "--format", "csl-json"),
    ("show", "frantar2022gptq", "--json"),
    ("explain", "frantar2022gptq"),
    ("search", "quantization", "transformers"),
    ("categories",),
    ("query", "cited-by-two-categories", "--set", "other=distillation"),
    ("query", "references-of-work", "--format", "json"),
    ("query", "works-in-several-categories"),
    ("query", "reading-order"),
)


@pytest.mark.servers
def test_commands_say_the_same_of_the_shipped_graph(server: Running, shipped: Path, run: Run) -> None:
    held(server, shipped)
    for command in COMMANDS:
        assert run(*command, graph=server.query) == run(*command, graph=shipped), command
    status = json.loads(run("status", "--json", graph=server.query).out)
    here = json.loads(run("status", "--json", graph=shipped).out)
    assert status | {"path": "", "version": ""} == here | {"path": "", "version": ""}


@pytest.mark.servers
def test_a_default_graph_that_is_the_union_of_all_is_refused(tmp_path: Path, small: Path) -> None:
    with servers.oxigraph(tmp_path / "store", "--union-default-graph") as server:
        held(server, small)
        with pytest.raises(OutsideError) as error:
            at(server).categories()
        assert str(error.value) == (
            f"the default graph of {server.query} is the union of all its graphs, so that sources would be taken for "
            "what was decided. Load the graph with 'llmcomp push --name-view'; see docs/scale.md."
        )
        pushed = push(small, server.store, name_view=True)
        assert pushed.view.endswith("resolved")
        assert at(server).categories() == llmcomp.Graph(small).categories()


# -- addresses that are no endpoint of ours


def answering(*answers: Answer | None) -> Callable[[Asked], Answer | None]:
    """Answer one call after the other, the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def refusal(*answers: Answer | None, who: Credentials = servers.NOBODY, patience: float = 5.0) -> tuple[str, str]:
    """Return the kind of the error that a graph at such a server raises, and its text; its address is URL."""
    with servers.fake(answering(*answers)) as server, pytest.raises(LlmcompError) as error:
        llmcomp.Graph(server.url, Endpoint(server.url, who, patience)).query(ANY)
    return type(error.value).__name__, str(error.value).replace(server.url, "URL")


def test_a_dead_server_is_told() -> None:
    url = f"http://127.0.0.1:{servers.free_port()}/sparql"
    with pytest.raises(OutsideError) as error:
        llmcomp.Graph(url).categories()
    assert str(error.value) == (
        f"{url} cannot be reached: [Errno 111] Connection refused. Check the address, and that the server runs."
    )


def test_a_name_that_nobody_has_is_told() -> None:
    with pytest.raises(OutsideError, match=r"^http://nowhere\.invalid/sparql cannot be reached: "):
        llmcomp.Graph("http://nowhere.invalid/sparql").categories()


@pytest.mark.parametrize(
    "url", ["http://", "http://ho st/", "http://127.0.0.1:99999/", "http://[::1/", "http://ü\x00/"]
)
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(LlmcompError, match=r"is no address|cannot be reached"):
        llmcomp.Graph(url).categories()


def test_a_web_page_is_told() -> None:
    page = b"<!DOCTYPE html><html><title>Welcome</title></html>"
    told = "URL answered with a web page, not with results of SPARQL"
    assert refusal((200, HTML, page)) == ("OutsideError", f"{told} (it was asked for JSON). {ANOTHER}")
    what = "Expecting value: line 1 column 1 (char 0)"
    assert refusal((200, TEXT, page)) == ("OutsideError", f"{told} ({what}). {ANOTHER}")


def test_another_kind_of_answer_is_told() -> None:
    assert refusal((200, {"Content-Type": "image/png"}, b"\x89PNG")) == (
        "OutsideError",
        f"URL answered with image/png, not with results of SPARQL (it was asked for JSON). {ANOTHER}",
    )
    assert refusal((200, JSON, b'{"hello": 1}')) == (
        "OutsideError",
        f"URL answered with application/sparql-results+json, not with results of SPARQL ('results'). {ANOTHER}",
    )


def test_a_page_that_is_not_there_is_told() -> None:
    assert refusal((404, HTML, b"<html><h1>Not  Found</h1></html>")) == (
        "Refused",
        f"URL answered 404: Not Found. {ANOTHER}",
    )


def test_a_server_without_a_graph_of_ours_is_told() -> None:
    assert refusal((200, JSON, NO)) == (
        "OutsideError",
        "URL holds no graph of llmcomp. 'llmcomp push' loads one; or name another with --graph.",
    )


def test_a_graph_that_is_being_loaded_is_told() -> None:
    assert refusal((200, JSON, NO), (200, JSON, YES)) == (
        "OutsideError",
        "URL holds a graph that is not whole. Wait for the 'llmcomp push' that is loading it, or run it again.",
    )


def test_a_server_that_ignores_the_named_view_is_told() -> None:
    named = b'{"head": {"vars": ["graph"]}, "results": {"bindings": []}}'
    kind, told = refusal((200, JSON, YES), (200, JSON, YES), (200, JSON, named), (200, JSON, NO))
    assert (kind, told) == (
        "OutsideError",
        "URL shows nothing of the resolved view: it takes no default-graph-uri of the SPARQL Protocol, or its default "
        "graph is hidden. See docs/scale.md.",
    )
    kind, told = refusal((200, JSON, YES), (200, JSON, YES), (200, JSON, named), (200, JSON, YES))
    assert told.startswith("the default graph of URL is the union of all its graphs")


def test_a_busy_server_is_asked_again() -> None:
    busy: Answer = (503, TEXT, b"too many")
    assert refusal(busy) == ("Refused", "URL answered 503: too many.")
    with servers.fake(answering(busy, busy, (200, JSON, NO))) as server:
        assert Remote(server.url).send("POST", b"", {}).content == NO
        assert len(server.asked) == 3


def test_the_pause_that_a_server_asks_for_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(remote.time, "sleep", pauses.append)
    answers = answering((429, {"Retry-After": "7"}, b""), (429, {"Retry-After": "9999"}, b""), (200, JSON, NO))
    with servers.fake(answers) as server:
        Remote(server.url).send("POST", b"", {})
    assert pauses == [7, 30]


def test_a_lost_connection_is_made_again() -> None:
    with servers.fake(answering((200, JSON, YES), None, (200, JSON, NO))) as server:
        asked = Remote(server.url)
        assert asked.send("POST", b"", {}).content == YES
        assert asked.send("POST", b"", {}).content == NO
    kind, told = refusal(None)
    assert kind == "Lost"
    assert told.startswith("URL broke off or spoilt its answer (")


def test_an_answer_that_was_cut_at_so_many_rows_is_refused() -> None:
    row = b'{"s": {"type": "uri", "value": "urn:a"}}'
    rows = b'{"head": {"vars": ["s"]}, "results": {"bindings": [%s, %s]}}' % (row, row)
    whole = [(200, JSON, answer) for answer in (YES, NO, YES, NO)]
    # as Virtuoso 7 and 'llmcomp serve' tell it
    assert refusal(*whole, (200, JSON | {"X-SPARQL-MaxRows": "2"}, rows)) == (
        "OutsideError",
        "URL gives at most 2 rows, and there may be more. Ask for less, or let it give more (ResultSetMaxRows on "
        "Virtuoso, --max-rows of 'llmcomp serve').",
    )


def test_an_answer_that_is_cut_off_is_told() -> None:
    kind, told = refusal((200, JSON | {"Content-Length": "100", "Connection": "close"}, YES[:9] + b" " * 10))
    assert (kind, told.partition(" (")[0]) == ("Lost", "URL broke off or spoilt its answer")
    assert refusal((200, JSON, YES[:9]))[1].startswith("URL answered with application/sparql-results+json, not with ")


def test_packed_answers_are_unpacked() -> None:
    with servers.fake(lambda _: (200, JSON | {"Content-Encoding": "gzip"}, gzip.compress(NO))) as server:
        assert Remote(server.url).send("POST", b"", {}).content == NO
    kind, told = refusal((200, JSON | {"Content-Encoding": "gzip"}, NO))
    assert (kind, told.partition(" (")[0]) == ("Lost", "URL broke off or spoilt its answer")


def test_an_answer_that_memory_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MOST", 1 << 20)
    bomb = gzip.compress(b" " * (3 << 20))
    assert refusal((200, JSON | {"Content-Encoding": "gzip"}, bomb)) == (
        "OutsideError",
        "URL answered with more than 1 MiB. Ask for less at once.",
    )


def test_a_silent_server_is_left() -> None:
    with servers.fake(silent) as server, pytest.raises(OutsideError) as error:
        llmcomp.Graph(server.url, Endpoint(server.url, patience=0.2)).query(ANY)
    assert str(error.value) == f"{server.url} gave no answer in 0.2 seconds. Ask for less, or try again later."


def silent(_: Asked) -> Answer:
    """Answer after a second."""
    Event().wait(1)
    return 200, JSON, NO


# -- where a server sends to


def test_a_move_within_a_host_is_followed_with_the_query() -> None:
    def answer(call: Asked) -> Answer:
        if call.path == "/store":
            return 301, {"Location": "/there"}, b""
        return 200, JSON, NO

    with servers.fake(answer) as server:
        assert Remote(server.url).send("POST", b"query=ASK", {}).content == NO
        assert [(c.method, c.path, c.content) for c in server.asked] == [
            ("POST", "/store", b"query=ASK"),
            ("POST", "/there", b"query=ASK"),
        ]


def test_nothing_is_told_to_another_host() -> None:
    with servers.fake(lambda _: (200, JSON, NO)) as other:
        moved = (307, {"Location": f"{other.url}?key=1"}, b"")
        who = Credentials(token="secret-token")
        kind, told = refusal(moved, who=who)
        assert (kind, told) == ("Refused", f"URL has moved to {other.url}. Name that address.")
        assert other.asked == []


def test_a_circle_is_left() -> None:
    assert refusal((302, {"Location": "/store"}, b"")) == (
        "OutsideError",
        "URL leads round in a circle. Name the address of the endpoint itself.",
    )


def test_a_server_that_is_not_secure_is_told() -> None:
    with servers.fake(lambda _: (200, JSON, NO)) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(OutsideError, match=r"no secure connection \(.*Check whether it is http instead of https"):
            llmcomp.Graph(url).categories()


def test_a_certificate_that_nobody_signed_is_told(tmp_path: Path) -> None:
    import ssl
    import subprocess
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    made = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost".split()
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)

    class Quiet(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of a client that leaves."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        with pytest.raises(OutsideError, match=r"its certificate is not trusted \(.*SSL_CERT_FILE names a file"):
            llmcomp.Graph(f"https://127.0.0.1:{server.server_address[1]}/sparql").categories()
        server.shutdown()
        thread.join()


# -- who asks


def test_a_wrong_password_is_told_and_never_shown() -> None:
    who = Credentials("me", "hidden-password")
    kind, told = refusal((401, TEXT, b"not me with hidden-password"), who=who)
    assert (kind, told) == (
        "Refused",
        "URL does not let in the user me with this password (401: not me with ***). Check LLMCOMP_ENDPOINT_USER and "
        "LLMCOMP_ENDPOINT_PASSWORD in the environment.",
    )
    assert refusal((403, TEXT, b""), who=Credentials(token="hidden-token"))[1] == (
        "URL does not let in this token (403). Check LLMCOMP_ENDPOINT_TOKEN in the environment."
    )
    assert refusal((401, TEXT, b""))[1] == (
        "URL asks who you are (401). Set LLMCOMP_ENDPOINT_USER and LLMCOMP_ENDPOINT_PASSWORD, or "
        "LLMCOMP_ENDPOINT_TOKEN in the environment."
    )
    assert "hidden" not in repr(who) + repr(Credentials(token="hidden-token"))


def test_who_asks_is_told_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, "me")
    monkeypatch.setenv(PASSWORD, "geheim: ü")
    with servers.fake(lambda _: (200, JSON, NO)) as server:
        Remote(server.url).send("POST", b"", {})
        monkeypatch.setenv(TOKEN, "abc")
        Remote(server.url).send("POST", b"", {})
    assert [call.headers["authorization"] for call in server.asked] == ["Basic bWU6Z2VoZWltOiDDvA==", "Bearer abc"]


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ({"token": "hidden\ntoken"}, f"{TOKEN} holds a character that no token has"),
        ({"token": "hiddén"}, f"{TOKEN} holds a character that no token has"),
        ({"user": "me", "password": "hidden\r\n"}, f"{PASSWORD} holds a character that no password has"),
        ({"user": "m\ne"}, f"{USER} holds a character that no name of a user has"),
        ({"password": "hidden"}, f"{PASSWORD} is set and {USER} is not"),
    ],
)
def test_what_no_header_can_hold_is_told_without_it(who: dict[str, str], what: str) -> None:
    with pytest.raises(UsageError) as error:
        Credentials(**who)
    assert str(error.value).startswith(what)
    assert "hidd" not in str(error.value)


def test_an_address_with_a_password_is_refused_without_it() -> None:
    with pytest.raises(UsageError) as error:
        llmcomp.Graph("http://me:hidden@127.0.0.1:1/sparql").categories()
    assert str(error.value) == (
        "http://127.0.0.1:1/sparql: the address of a graph is no place for a user and a password. Set "
        "LLMCOMP_ENDPOINT_USER and LLMCOMP_ENDPOINT_PASSWORD in the environment."
    )


# -- queries as they are sent


def test_booleans_are_written_as_the_store_writes_them() -> None:
    rows = {
        "head": {"vars": ["a", "b"]},
        "results": {
            "bindings": [
                {
                    "a": {"type": "typed-literal", "datatype": f"{PREFIXES['xsd']}boolean", "value": "1"},
                    "b": {"type": "literal", "value": "1"},
                }
            ]
        },
    }
    whole = [(200, JSON, answer) for answer in (YES, NO, YES, NO)]
    with servers.fake(answering(*whole, (200, JSON, json.dumps(rows).encode()))) as server:
        assert list(llmcomp.Graph(server.url).query(ANY)) == [("true", "1")]


def test_other_formats_of_results_are_read() -> None:
    xml = (
        b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>'
        b"<results><result><binding name='s'><uri>urn:a</uri></binding></result></results></sparql>"
    )
    whole = [(200, JSON, answer) for answer in (YES, NO, YES, NO)]
    with servers.fake(answering(*whole, (200, {"Content-Type": "application/sparql-results+xml"}, xml))) as server:
        assert list(llmcomp.Graph(server.url).query(ANY)) == [("urn:a",)]


def test_a_query_that_the_server_alone_does_not_take_is_no_mistake_of_who_asked() -> None:
    whole = [(200, JSON, answer) for answer in (YES, NO, YES, NO)]
    assert refusal(*whole, (400, TEXT, b"SP031: too clever")) == (
        "OutsideError",
        "URL does not take this query, which is SPARQL 1.1: SP031: too clever.",
    )
    assert refusal((400, TEXT, b"no SPARQL here"))[1] == (
        "URL does not take this query, which is SPARQL 1.1: no SPARQL here."
    )


def test_prefixes_are_declared_where_the_query_does_not() -> None:
    known = {"": "urn:own#", "a": "urn:a#"}
    assert declared("ASK { ?s a:b :c }", known) == "PREFIX : <urn:own#> PREFIX a: <urn:a#> ASK { ?s a:b :c }"
    own = "# PREFIX a: <urn:other#>\nprefix : <urn:x#y>\nASK { ?s a:b :c }"
    assert declared(own, known) == f"PREFIX a: <urn:a#> {own}"


# -- commands


@pytest.mark.parametrize("command", [("build",), ("snapshot", "import", "x"), ("import", "x.nq")])
def test_what_writes_needs_a_folder(run: Run, command: tuple[str, ...]) -> None:
    said = run(*command, graph="http://127.0.0.1:1/sparql")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Error: http://127.0.0.1:1/sparql is a graph on the network, which is only read. Name ")


def test_a_dead_server_ends_a_command_with_3(run: Run) -> None:
    said = run("bib", graph="http://127.0.0.1:1/sparql")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("Error: http://127.0.0.1:1/sparql cannot be reached: ")


def test_an_endpoint_says_where_it_is() -> None:
    assert repr(Endpoint("http://127.0.0.1:1/sparql")) == "<Endpoint http://127.0.0.1:1/sparql>"
