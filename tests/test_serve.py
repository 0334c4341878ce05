"""``llmcomp serve``: the SPARQL protocol, its limits, and the pages, asked by clients that are not ours too."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from rdflib import Graph as RdfGraph
from rdflib import Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import Served, served

import llmcomp
from llmcomp.cli import serve as serving_command
from llmcomp.cli.web.app import CUT
from llmcomp.kg.build import Built
from llmcomp.kg.services import called_services

# rdflib itself uses what it deprecates to read JSON-LD
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

TITLE = "SELECT ?title WHERE { <https://w3id.org/llmcomp/work/arxiv:2210.17323> dcterms:title ?title }"
GPTQ = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
EVERYTHING = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CONSTRUCT = "CONSTRUCT { ?work dcterms:title ?t } WHERE { ?work a fabio:ResearchPaper ; dcterms:title ?t }"


@pytest.fixture(scope="module")
def server(built: Built) -> Generator[Served]:
    with served(built.path, "--timeout", "4", "--max-rows", "1000", "--parallel", "2") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Served) -> Generator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


# -- the three ways to ask


def test_a_query_is_asked_in_three_ways(client: httpx.Client) -> None:
    form = {"query": TITLE}
    direct = {"content": TITLE.encode(), "headers": {"Content-Type": "application/sparql-query"}}
    for answer in (
        client.get("/sparql", params=form),
        client.post("/sparql", data=form),
        client.post("/sparql", **direct),  # type: ignore[arg-type]
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert answer.json()["results"]["bindings"] == [{"title": {"type": "literal", "value": GPTQ}}]


@pytest.mark.parametrize(
    ("accept", "media_type", "start"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml", b'<?xml version="1.0"?><sparql'),
        ("text/csv", "text/csv; charset=utf-8", b"title\r\nGPTQ: Accurate"),
        ("text/tab-separated-values;q=0.9, image/png", "text/tab-separated-values; charset=utf-8", b'?title\n"GPTQ'),
        ("*/*", "application/sparql-results+json", b'{"head"'),
        ("application/json", "application/json", b'{"head"'),
    ],
)
def test_tables_are_written_as_the_client_wants(
    client: httpx.Client, accept: str, media_type: str, start: bytes
) -> None:
    answer = client.get("/sparql", params={"query": TITLE}, headers={"Accept": accept})
    assert (answer.headers["content-type"], answer.headers["vary"]) == (media_type, "Accept")
    assert answer.content.startswith(start)


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
    ],
)
def test_triples_are_written_as_the_client_wants(client: httpx.Client, accept: str, format: str) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": accept})
    assert len(RdfGraph().parse(data=answer.text, format=format)) == 685


def test_a_format_is_named_in_the_address_too(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": TITLE, "format": "csv"}).text.splitlines() == ["title", GPTQ]


def test_yes_and_no(client: httpx.Client) -> None:
    asked = {"query": "ASK { ?work a fabio:ResearchPaper }"}
    assert client.get("/sparql", params=asked).json() == {"head": {}, "boolean": True}
    xml = client.get("/sparql", params=asked, headers={"Accept": "application/sparql-results+xml"}).text
    assert "<boolean>true</boolean>" in xml


def test_head_tells_the_type_and_nothing_else(client: httpx.Client) -> None:
    answer = client.head("/sparql", params={"query": TITLE})
    assert (answer.status_code, answer.content) == (200, b"")


# -- which graphs


def test_graphs_of_the_protocol_are_the_dataset(client: httpx.Client) -> None:
    facts = "https://w3id.org/llmcomp/graph/facts/2026-11-01"
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    named = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"

    def asked(query: str, **graphs: list[str]) -> list[str]:
        rows = client.get("/sparql", params={"query": query, **graphs, "format": "csv"})
        return rows.text.splitlines()[1:]

    view = asked(count)
    assert asked(count, **{"default-graph-uri": ["https://w3id.org/llmcomp/graph/resolved"]}) == view
    assert asked(count, **{"default-graph-uri": [facts]}) != view
    assert asked(named, **{"named-graph-uri": [facts]}) == [facts]
    assert asked(named, **{"default-graph-uri": [facts]}) == []
    refused = client.get("/sparql", params={"query": count, "default-graph-uri": "no iri"})
    assert (refused.status_code, refused.text) == (400, "default-graph-uri 'no iri' is not an IRI.\n")


# -- what is refused


@pytest.mark.parametrize(
    ("method", "asked", "status", "told"),
    [
        (
            "POST",
            {"data": {"update": "CLEAR ALL"}},
            403,
            "this endpoint is read only: it takes queries and no updates.",
        ),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 403, "this endpoint is read only"),
        (
            "POST",
            {"content": b"CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}},
            403,
            "this endpoint is read only",
        ),
        ("POST", {"data": {"query": "INSERT DATA { <a:b> <a:b> <a:b> }"}}, 400, "INSERT would change the graph"),
        ("PUT", {"content": b""}, 405, "a query is asked with GET or POST; this endpoint is read only."),
        ("DELETE", {}, 405, "a query is asked with GET or POST; this endpoint is read only."),
        ("POST", {"content": b"{}", "headers": {"Content-Type": "application/json"}}, 415, "a query is sent as"),
        ("POST", {"data": {"q": "ASK {}"}}, 400, "no query; give one as the parameter 'query'."),
        ("GET", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400, "2 queries; give one"),
        ("GET", {"params": {"query": "SELECT ?x WHERE {"}}, 400, "not SPARQL: line 1, column 18"),
        ("GET", {"params": {"query": TITLE}, "headers": {"Accept": "image/png"}}, 406, "no answer can be written as"),
        ("GET", {"params": {"query": TITLE}, "headers": {"Accept": "text/turtle"}}, 406, "this query makes a table"),
        ("GET", {"params": {"query": CONSTRUCT}, "headers": {"Accept": "text/csv"}}, 406, "this query makes triples"),
        ("GET", {"params": {"query": TITLE, "format": "docx"}}, 406, "no answer can be written as 'docx'"),
        (
            "POST",
            {"content": b"query=\xff\xfe", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            400,
            "the body is not utf-8",
        ),
        (
            "GET",
            {"params": {"query": "SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }"}},
            403,
            "SERVICE http://a.example/ is not allowed",
        ),
        (
            "POST",
            {"data": {"query": "ASK { # " + "x" * 10_000_000 + "\n}"}},
            413,
            "a request may have 1,000,000 bytes.",
        ),
    ],
)
def test_what_is_no_query_is_refused_in_words(
    client: httpx.Client, method: str, asked: dict[str, object], status: int, told: str
) -> None:
    answer = client.request(method, "/sparql", **asked)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert answer.text.startswith(told)
    assert client.get("/sparql", params={"query": TITLE}).status_code == 200


def test_services_are_found_wherever_they_hide() -> None:
    assert called_services("SELECT * { service silent ?where { ?s ?p ?o } }") == ["?where"]
    assert called_services("PREFIX e: <http://e/> SELECT * { SERVICE e:x { ?s ?p ?o } }") == ["e:x"]
    assert called_services("SELECT * { SERVICE#\n<http://e/> {} }") == ["http://e/"]
    assert called_services('SELECT (\'SERVICE <a>\' AS ?service) { ?s ?p """SERVICE <b> " """ }') == []
    assert called_services("SELECT * { ?s <http://e/SERVICE> ?o }") == []


def test_a_query_that_takes_too_long_is_ended_and_the_server_lives_on(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": EVERYTHING})
    assert answer.status_code == 503
    assert answer.text == "the query took more than 4 seconds and was ended. Ask for less.\n"
    assert client.get("/sparql", params={"query": TITLE}).status_code == 200


def test_paths_over_everything_are_answered_or_ended(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) WHERE { ?a cito:cites+ ?b }"})
    assert answer.status_code in (200, 503)


def test_an_answer_of_too_many_rows_is_cut_and_says_so(client: httpx.Client) -> None:
    query = {"query": "SELECT * WHERE { ?s ?p ?o }"}
    for accept in ("application/sparql-results+json", "text/csv"):
        answer = client.get("/sparql", params=query, headers={"Accept": accept})
        assert answer.headers[CUT] == "1000"
        rows = len(answer.json()["results"]["bindings"]) if "json" in accept else len(answer.text.splitlines()) - 1
        assert rows == 1000
    triples = client.get(
        "/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": "application/n-triples"}
    )
    assert (triples.headers[CUT], len(triples.text.splitlines())) == ("1000", 1000)
    assert CUT not in client.get("/sparql", params={"query": TITLE}).headers


def test_two_hundred_clients_at_once_are_all_answered(server: Served) -> None:
    def ask(number: int) -> str:
        query = (
            "SELECT ?title WHERE { ?work a fabio:ResearchPaper ; dcterms:title ?title } "
            f"ORDER BY ?title OFFSET {number} LIMIT 1"
        )
        (row,) = httpx.get(f"{server.url}/sparql", params={"query": query}, timeout=60).json()["results"]["bindings"]
        return row["title"]["value"]

    with ThreadPoolExecutor(200) as pool:
        titles = list(pool.map(ask, range(200)))
    assert titles == sorted(titles)
    assert len(set(titles)) == 200


def test_a_client_that_leaves_ends_its_query(built: Built) -> None:
    with served(built.path, "--timeout", "120", "--parallel", "1") as running:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{running.url}/sparql", params={"query": EVERYTHING}, timeout=1)
        # the one process is free again long before the time of the first query is over
        assert httpx.get(f"{running.url}/sparql", params={"query": TITLE}, timeout=60).status_code == 200


# -- what it says of itself, and of things


def test_the_endpoint_describes_itself(client: httpx.Client) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    said = RdfGraph().parse(data=answer.text, format="turtle")
    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = said.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), sd.Service)
    assert str(said.value(service, sd.endpoint)) == f"{client.base_url}/sparql".replace("//sparql", "/sparql")
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in said
    assert len(set(said.objects(None, sd.namedGraph))) >= 2
    assert "<textarea" in client.get("/sparql", headers={"Accept": "text/html"}).text


def test_void_tells_what_the_graph_holds(client: httpx.Client) -> None:
    said = RdfGraph().parse(data=client.get("/.well-known/void").text, format="turtle")
    void = Namespace("http://rdfs.org/ns/void#")
    view = URIRef("https://w3id.org/llmcomp/graph/resolved")
    counted = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"})
    assert str(said.value(view, void.triples)) == counted.text.splitlines()[1]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("work/arxiv:2210.17323", GPTQ),
        ("category/quantization", "Quantization"),
        ("venue/icml/2024", "Proceedings of the 41st International Conference on Machine Learning"),
        ("person/elias-frantar", "Elias Frantar"),
    ],
)
def test_a_thing_is_told_at_its_path(client: httpx.Client, path: str, told: str) -> None:
    html = client.get(f"/{path}", headers={"Accept": "text/html"})
    assert f"<h1>{told}</h1>" in html.text
    assert "unsafe" not in html.headers["content-security-policy"]
    assert "<script" not in html.text
    turtle = client.get(f"/{path}", headers={"Accept": "text/turtle"})
    assert turtle.headers["vary"] == "Accept"
    subject = URIRef(f"https://w3id.org/llmcomp/{path}")
    assert told in {str(o) for o in RdfGraph().parse(data=turtle.text, format="turtle").objects(subject)}
    linked = client.get(f"/{path}", headers={"Accept": "application/ld+json"})
    assert (subject, None, None) in RdfGraph().parse(data=linked.text, format="json-ld")


def test_a_thing_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    for accept in ("text/html", "text/turtle"):
        answer = client.get("/work/arxiv:0000.00000", headers={"Accept": accept})
        assert (answer.status_code, "does not speak of" in answer.text) == (404, True)
    assert client.get("/work/%3Cscript%3E").status_code == 404
    assert client.get("/nothing").status_code == 404


# -- who may ask


def test_scripts_of_other_sites_may_not_read_unless_allowed(built: Built, client: httpx.Client) -> None:
    origin = {"Origin": "https://example.org"}
    assert "access-control-allow-origin" not in client.get("/sparql", params={"query": TITLE}, headers=origin).headers
    with served(built.path, "--cors", "https://example.org") as running:
        answer = httpx.get(f"{running.url}/sparql", params={"query": TITLE}, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://example.org"


def test_a_name_that_is_not_this_machines_is_not_answered(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": TITLE}, headers={"Host": "evil.example"}).status_code == 400


# -- clients that are not ours


def test_sparqlwrapper_asks(client: httpx.Client, server: Served) -> None:
    from SPARQLWrapper import JSON, POST, SPARQLWrapper

    wrapper = SPARQLWrapper(f"{server.url}/sparql")
    wrapper.setQuery(f"PREFIX dcterms: <http://purl.org/dc/terms/> {TITLE}")
    wrapper.setReturnFormat(JSON)
    for method in ("GET", POST):
        wrapper.setMethod(method)
        assert wrapper.query().convert()["results"]["bindings"][0]["title"]["value"] == GPTQ


def test_rdflib_asks(server: Served) -> None:
    store = SPARQLStore(f"{server.url}/sparql", returnFormat="json")
    titles = RdfGraph(store).query(
        "SELECT ?t WHERE { <https://w3id.org/llmcomp/work/arxiv:2210.17323> <http://purl.org/dc/terms/title> ?t }"
    )
    assert [str(row[0]) for row in titles] == [GPTQ]  # type: ignore[index]


def test_curl_asks(server: Served) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        ["curl", "-s", "--data-urlencode", f"query={TITLE}", f"{server.url}/sparql"], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["results"]["bindings"][0]["title"]["value"] == GPTQ


def test_our_own_commands_ask(server: Served, graph: llmcomp.Graph) -> None:
    remote = llmcomp.open_graph(f"{server.url}/sparql")
    assert remote.bibliography(category="survey") == graph.bibliography(category="survey")


# -- its life


def test_ctrl_c_stops_it_cleanly(built: Built) -> None:
    with served(built.path) as running:
        httpx.get(f"{running.url}/sparql", params={"query": TITLE})
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(20) == 0
        assert running.process.stderr is not None
        assert running.process.stderr.read() == ""


def test_it_answers_of_the_graph_that_was_built_meanwhile(built: Built, tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    shutil.copytree(built.path, graph)
    (tmp_path / "list.md").write_text(
        "## Mine\n- A Paper of My Own <br> ICML 2024 [[Paper]](https://arxiv.org/abs/2401.99999)\n"
    )
    count = {"query": "SELECT (COUNT(*) AS ?n) { ?w a fabio:ResearchPaper }", "format": "csv"}
    with served(graph) as running:
        assert httpx.get(f"{running.url}/sparql", params=count).text.splitlines()[1] == "685"
        llmcomp.build_graph(graph, [str(tmp_path / "list.md")])
        assert httpx.get(f"{running.url}/sparql", params=count).text.splitlines()[1] == "1"


def test_the_page_is_opened_in_the_users_browser(built: Built, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', "utf-8")
    browser.chmod(0o755)
    with served(built.path, "--open", BROWSER=str(browser)) as running:
        for _ in range(100):
            if (tmp_path / "opened").exists() and (tmp_path / "opened").read_text("utf-8"):
                break
            time.sleep(0.1)
        assert (tmp_path / "opened").read_text("utf-8") == f"{running.url}/\n"
        assert httpx.get(f"{running.url}/").status_code == 200


def test_a_port_in_use_is_told(built: Built) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "llmcomp.cli", "serve", "--port", port, "--graph", str(built.path)],
            capture_output=True,
            text=True,
        )
    assert done.returncode == 3
    assert done.stderr.startswith(f"Error: cannot listen at 127.0.0.1:{port}: Address already in use.")


def test_answers_do_not_wait_for_more_to_send() -> None:
    """asyncio switches Nagle's algorithm off for sockets that say that they are TCP."""
    with serving_command._listening("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
