"""What the page asks the server: networks, works, paths, files; and the pages that need no script."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any

import bibtexparser
import httpx
import igraph
import pytest
from serving import Served, served

import llmcomp
from llmcomp.cli.web.answers import CONTENT_SECURITY
from llmcomp.cli.web.shipped import FOLDER, MEDIA_TYPES
from llmcomp.cli.web.things import described
from llmcomp.exports.networks import NETWORK_FORMATS
from llmcomp.exports.registry import FORMATS
from llmcomp.kg.build import Built
from llmcomp.ontology.terms import BASE

GPTQ, LLM_INT8 = "frantar2022gptq", "dettmers2022llmint8"
ALERT = "&lt;script&gt;alert('title')&lt;/script&gt; &amp; \"Quotes\": A Title That Is Data"
LIST = f"""## Pruning
- {ALERT} <br> ICML 2024 [[Paper]](https://arxiv.org/abs/2401.00001)
- Another Paper about Pruning Large Models Well <br> Arxiv 2023 [[Paper]](https://arxiv.org/abs/2301.00002)
"""


@pytest.fixture(scope="module")
def server(built: Built) -> Generator[Served]:
    with served(built.path, "--max-request", "20000") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Served) -> Generator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def told(client: httpx.Client, name: str, **query: Any) -> Any:
    answer = client.get(f"/explore/{name}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


# -- the page's own files


def test_the_page_is_its_files(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.headers["content-security-policy"] == CONTENT_SECURITY
    assert "unsafe" not in CONTENT_SECURITY
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        file = client.get(address)
        assert (file.status_code, file.headers["content-type"]) == (200, MEDIA_TYPES[Path(address).suffix])
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", page.text)


def test_the_page_is_small_and_told_once(client: httpx.Client) -> None:
    whole = 0
    for address in ("/", "/static/app.js", "/static/app_style.css", "/static/icon.svg"):
        with client.stream("GET", address) as answer:
            sent = sum(len(piece) for piece in answer.iter_raw())
        whole += sent
        again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert whole < 1_000_000


def test_what_is_packed_is_the_same(client: httpx.Client) -> None:
    plain = client.get("/static/app.js", headers={"Accept-Encoding": "identity"})
    with client.stream("GET", "/static/app.js", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain.content == (FOLDER / "app.js").read_bytes()


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fapp.py", "%2e%2e/app.py", "app.py", "../app.py"])
def test_no_other_file_is_sent(client: httpx.Client, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


# -- the network


def test_the_network_is_what_the_graph_says(client: httpx.Client, graph: llmcomp.Graph) -> None:
    drawn = told(client, "network")
    network = graph.network()
    nodes = drawn["nodes"]
    assert nodes["key"] == [node.work.key for node in network.nodes]
    assert list(zip(drawn["links"][::2], drawn["links"][1::2], strict=True)) == list(network.links)
    assert {len(column) for column in nodes.values()} == {len(network.nodes)}
    assert nodes["listed_citations"] == [node.listed_citations for node in network.nodes]
    assert (drawn["of"], drawn["left"], drawn["basis"]["reference_lists"]) == (network.of, 0, 58)
    assert all(-1 <= x <= 1 for name in ("x", "y", "height") for x in nodes[name])
    for groups in drawn["groups"].values():
        assert sorted(place for group in groups for place in group["works"]) == list(range(len(network.nodes)))


@pytest.mark.parametrize(
    ("asked", "selection", "options"),
    [
        ({"category": "quantization"}, llmcomp.Selection(categories=("quantization",)), {}),
        ({"year": "2023..2024"}, llmcomp.Selection(years=(2023, 2024)), {}),
        ({"venue": "ICML"}, llmcomp.Selection(venues=("ICML",)), {}),
        ({"around": "work/arxiv:2210.17323", "depth": "1", "cited": "3"}, None, {"around": [GPTQ], "cited": 3}),
    ],
)
def test_a_part_of_the_network(
    client: httpx.Client,
    graph: llmcomp.Graph,
    asked: dict[str, str],
    selection: llmcomp.Selection | None,
    options: dict[str, Any],
) -> None:
    network = graph.network(selection, **options)
    assert told(client, "network", **asked)["nodes"]["key"] == [node.work.key for node in network.nodes]


# -- one work, and from one to another


@pytest.mark.parametrize("name", [GPTQ, "work/arxiv:2210.17323", "arXiv:2210.17323", "GPTQ"])
def test_a_work_is_told_by_any_of_its_names(client: httpx.Client, name: str) -> None:
    work = told(client, "work", key=name)
    assert work["details"]["work"]["key"] == GPTQ
    assert work["path"] == "work/arxiv:2210.17323"


def test_a_work_is_told_as_the_commands_tell_it(client: httpx.Client, graph: llmcomp.Graph) -> None:
    work = told(client, "work", key=GPTQ)
    assert work["bibtex"] == graph.bibliography(keys=[GPTQ])
    for name, ranking in (
        ("cites", None),
        ("cited_by", graph.cited_by(GPTQ, limit=50)),
        ("related", graph.related(GPTQ, limit=50)),
    ):
        if ranking is None:
            assert "llmcomp enrich" in work[name]["why"]  # its own list is not known
        else:
            assert [(w["key"], w["why"]) for w in work[name]["works"]] == [(w.key, w.why) for w in ranking.works]
            assert work[name]["found"] == ranking.found
    several = told(client, "related", key=[GPTQ, LLM_INT8], by="coupling", limit=5)
    assert [w["key"] for w in several["works"]] == [
        w.key for w in graph.related(GPTQ, LLM_INT8, by="coupling", limit=5).works
    ]


def test_a_path_between_two_works(client: httpx.Client, graph: llmcomp.Graph) -> None:
    chains = told(client, "path", **{"from": GPTQ, "to": "jiang2023llmlingua"})
    found = graph.paths(GPTQ, "jiang2023llmlingua")
    assert chains["length"] == found.length
    assert [[w["key"] for w in chain["works"]] for chain in chains["paths"]] == [
        [work.key for work in chain.works] for chain in found.paths
    ]


def test_search_questions_terms_and_formats(client: httpx.Client, graph: llmcomp.Graph) -> None:
    hits = told(client, "search", text="frantar pruning")
    assert [work["key"] for work in hits["works"]] == [hit.key for hit in graph.search("frantar pruning")]
    assert {"name", "topic", "answers", "parameters", "query"} == set(told(client, "questions")[0])
    terms = told(client, "terms")
    assert {"dcterms:title", "cito:cites", "fabio:ResearchPaper", ":citationKey"} <= set(terms["terms"])
    assert told(client, "formats") == {"bibliography": sorted(FORMATS), "subgraph": sorted(NETWORK_FORMATS)}


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("work?key=frantar2022gptx", 404, GPTQ),
        ("work", 400, "'key' is missing"),
        ("related?key=frantar2022gptq&by=magic", 404, "adamic-adar"),
        ("path?from=frantar2022gptq&to=frantar2022gptq", 400, ""),
        ("path?from=frantar2022gptq", 400, "'to' is missing"),
        ("network?category=nothing", 404, "quantization"),
        ("network?year=then", 400, "is not a year"),
        ("network?year=1900", 404, "no paper"),
        ("network?cited=-1", 400, "whole number"),
        ("network?depth=²", 400, "whole number"),
        ("network?around=nobody2020nothing", 404, "nobody2020nothing"),
        ("search?text=", 400, "'text' is missing"),
    ],
)
def test_what_cannot_be_answered_is_told_in_words(client: httpx.Client, address: str, status: int, words: str) -> None:
    answer = client.get(f"/explore/{address}")
    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.text


# -- files of a selection


def posted(client: httpx.Client, name: str, **body: Any) -> httpx.Response:
    return client.post(f"/explore/{name}", json=body)


def test_a_selection_becomes_a_bibliography(client: httpx.Client, graph: llmcomp.Graph) -> None:
    answer = posted(client, "bibliography", works=[GPTQ, "work/arxiv:2208.07339"], format="bibtex")
    assert answer.text == graph.bibliography(keys=[GPTQ, LLM_INT8])
    assert answer.headers["content-disposition"] == 'attachment; filename="selection.bib"'
    library = bibtexparser.parse_string(answer.text)
    assert {entry.key for entry in library.entries} == {GPTQ, LLM_INT8}
    for format in FORMATS:
        assert posted(client, "bibliography", works=[GPTQ], format=format).status_code == 200


def test_a_selection_becomes_a_subgraph(client: httpx.Client, tmp_path: Path) -> None:
    answer = posted(client, "subgraph", works=[GPTQ, LLM_INT8], format="graphml")
    (tmp_path / "made.graphml").write_bytes(answer.content)
    read = igraph.Graph.Read_GraphML(str(tmp_path / "made.graphml"))
    assert sorted(read.vs["id"]) == sorted([GPTQ, LLM_INT8])
    for format, ending in NETWORK_FORMATS.items():
        answer = posted(client, "subgraph", works=[GPTQ], format=format)
        assert (answer.status_code, f"selection{ending}" in answer.headers["content-disposition"]) == (200, True)


def test_things_that_are_joined_are_given_places(client: httpx.Client) -> None:
    places = posted(client, "layout", nodes=4, links=[0, 1, 1, 2]).json()
    assert (len(places["x"]), len(places["y"])) == (4, 4)
    assert posted(client, "layout", nodes=4, links=[0, 1, 1, 2]).json() == places


@pytest.mark.parametrize(
    ("name", "body", "status", "words"),
    [
        ("bibliography", b"", 400, "send JSON"),
        ("bibliography", b"[1]", 400, "send JSON"),
        ("bibliography", b'{"works": "x", "format": "bibtex"}', 400, "send JSON"),
        ("bibliography", b'{"works": [1], "format": "bibtex"}', 400, "send JSON"),
        ("bibliography", b'{"works": [], "format": "bibtex"}', 400, "send JSON"),
        ("bibliography", b'{"works": ["frantar2022gptq"], "format": "word"}', 404, "biblatex"),
        ("bibliography", b'{"works": ["nobody2020nothing"], "format": "bibtex"}', 404, "nobody2020nothing"),
        ("subgraph", b'{"works": ["frantar2022gptq"], "format": "word"}', 404, "graphml"),
        ("subgraph", b"[" * 10_000, 400, "send JSON"),
        ("subgraph", b"x" * 30_000, 413, "20,000 bytes"),
        ("layout", b'{"nodes": 0, "links": []}', 400, "send JSON"),
        ("layout", b'{"nodes": 1000000, "links": []}', 400, "2,000"),
        ("layout", b'{"nodes": 2, "links": [0]}', 400, "send JSON"),
        ("layout", b'{"nodes": 2, "links": [0, 2]}', 400, "0 to 1"),
        ("layout", b'{"nodes": 2, "links": [0, "1"]}', 400, "0 to 1"),
    ],
)
def test_what_cannot_be_made_is_told_in_words(
    client: httpx.Client, name: str, body: bytes, status: int, words: str
) -> None:
    answer = client.post(f"/explore/{name}", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.text


# -- pages that need no script


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("work/arxiv:2210.17323", ["Where each value comes from", "Facts shipped with llmcomp", "line "]),
        ("person/elias-frantar", ["Where this comes from", "<td>Elias Frantar<td>Facts shipped with llmcomp"]),
        ("venue/icml/2024", ["Where this comes from", "<td>ICML 2024<td>Rows of a reading list"]),
        ("category/quantization", ["Where this comes from", "<td>Quantization<td>Rows of a reading list"]),
    ],
)
def test_a_page_says_where_its_values_come_from(client: httpx.Client, path: str, told: list[str]) -> None:
    page = client.get(f"/{path}", headers={"Accept": "text/html"}).text
    assert [words for words in told if words not in page] == []


@pytest.mark.parametrize("kind", ["work", "tool", "person", "venue", "category"])
def test_all_things_of_a_kind_lead_to_their_pages(client: httpx.Client, kind: str) -> None:
    page = client.get(f"/{kind}").text
    addresses = re.findall(rf'href="(/{kind}/[^"]+)"', page)
    assert f"<p>{len(addresses)} in the graph." in page
    for address in addresses[:: max(1, len(addresses) // 8)]:
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 200


def test_a_title_is_data_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(LIST, "utf-8")
    made = llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    assert made is not None
    with served(made.path) as running, httpx.Client(base_url=running.url, timeout=30) as client:
        for address in ("/work", "/work/arxiv:2401.00001", "/category/pruning", "/venue"):
            page = client.get(address, headers={"Accept": "text/html"})
            assert (page.status_code, "<script>alert" in page.text) == (200, False)
        assert "&lt;script&gt;alert" in client.get("/work/arxiv:2401.00001", headers={"Accept": "text/html"}).text
        # and a graph without any citation has a page all the same
        drawn = told(client, "network")
        assert (len(drawn["nodes"]["key"]), drawn["links"]) == (2, [])
        assert "enrich" in told(client, "work", key="work/arxiv:2401.00001")["related"]["why"]


def test_the_page_is_of_the_graph_that_was_built_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(LIST, "utf-8")
    llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    with served(tmp_path / "graph") as running, httpx.Client(base_url=running.url, timeout=30) as client:
        assert len(told(client, "network")["nodes"]["key"]) == 2
        (tmp_path / "list.md").write_text(LIST.replace("2301.00002", "2301.00003"), "utf-8")
        llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
        assert "work/arxiv:2301.00003" in told(client, "network")["nodes"]["path"]


def test_links_of_pages_lead_somewhere(client: httpx.Client) -> None:
    pages = [
        "/work/arxiv:2210.17323",
        "/person/elias-frantar",
        "/venue/icml/2024",
        "/category/quantization",
        "/category",
    ]
    found: dict[str, str] = {}  # an address of each kind, and who links there
    for page in pages:
        text = client.get(page, headers={"Accept": "text/html"}).text
        for address in re.findall(r"href=[\"'](/[^\"'?#]*)", text):
            found.setdefault(address.split("/")[1], address)
    assert {"citation", "authorship", "version", "identifier", "categories"} <= set(found)
    for address in found.values():
        assert client.get(address, headers={"Accept": "text/html"}).status_code == 200, address


def test_an_index_is_found_with_a_slash_too(client: httpx.Client) -> None:
    answer = client.get("/person/")
    assert (answer.status_code, answer.headers["location"]) == (308, "/person")


@pytest.mark.parametrize("name", ["app.js%00.js", "x" * 300 + ".js", "..%2fapp.py", "app.ts"])
def test_files_that_are_not_of_the_page_are_not_there(client: httpx.Client, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_what_another_site_could_send_unasked_is_not_taken(client: httpx.Client) -> None:
    body = '{"nodes": 2, "links": [0, 1]}'
    for media_type in ("text/plain", "application/x-www-form-urlencoded"):
        answer = client.post("/explore/layout", content=body, headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["error"]) == (415, "send JSON, as application/json.")


def test_an_endpoint_that_is_gone_is_told_on_every_page(built: Built, tmp_path: Path) -> None:
    with served(built.path) as behind, served(f"{behind.url}/sparql") as running:
        behind.process.terminate()
        behind.process.wait(20)
        with httpx.Client(base_url=running.url, timeout=60) as asking:
            for address in ("/person", "/category", "/work/arxiv:2210.17323", "/.well-known/void"):
                answer = asking.get(address, headers={"Accept": "text/html"})
                assert (answer.status_code, "Traceback" in answer.text) == (502, False), answer.text


def test_another_name_is_refused_on_every_loopback_address(built: Built) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with served(built.path, "--host", "::1") as running, httpx.Client(base_url=running.url, timeout=30) as asking:
        assert asking.get("/explore/formats").status_code == 200
        refused = asking.get("/explore/formats", headers={"Host": "evil.example"})
        assert (refused.status_code, refused.text) == (400, "this server is not called 'evil.example'.\n")


@pytest.mark.parametrize("kind", ["person", "venue", "category"])
def test_every_value_of_a_thing_has_a_source(graph: llmcomp.Graph, client: httpx.Client, kind: str) -> None:
    addresses = re.findall(rf'href="(/{kind}/[^"]+)"', client.get(f"/{kind}").text)
    for address in addresses[:: max(1, len(addresses) // 40)]:
        thing = described(graph, BASE + address.strip("/"))
        assert thing is not None
        assert thing.fields
        silent = [field.name for field in thing.fields if not any(claim.stands for claim in field.claims)]
        assert (address, silent) == (address, [])


def test_a_category_that_the_table_does_not_know_is_what_rows_print(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(
        "## Foo\n- Of Foo. ICML 2024. [[Paper]](https://arxiv.org/abs/2401.00001)\n", "utf-8"
    )
    made = llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    assert made is not None
    graph = llmcomp.open_graph(made.path)
    thing = described(graph, f"{BASE}category/foo")
    assert thing is not None
    (name,) = [field for field in thing.fields if field.name == "name"]
    assert [claim.note for claim in name.claims] == ["in 1 row"]  # no table of ours tells of it
