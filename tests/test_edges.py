"""The citation graph as numbers: read from a store, from the network, from pairs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import llmcomp
from llmcomp.kg.edges import Edges, edges_of, read_edges
from llmcomp.kg.store import read_current

WORKS = st.sampled_from("abcdefgh")
PAIRS = st.lists(st.tuples(WORKS, WORKS), max_size=40)


def same(one: Edges, other: Edges) -> bool:
    return all(
        (list(map(list, a)), b) == (list(map(list, c)), d)
        for a, b, c, d in ((one.cites, one.works, other.cites, other.works), (one.cited_by, 0, other.cited_by, 0))
    )


def test_the_edges_of_the_graph_are_its_citations(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    ((total,),) = graph.query("citation-total")
    assert len(edges) == int(total) > 3000
    told = {(citing, cited) for citing, cited in graph.query("SELECT ?a ?b WHERE { ?a cito:cites ?b }")}
    assert {(edges.works[a], edges.works[b]) for a, b in edges.pairs()} == told
    assert edges.igraph.ecount() == len(edges)
    assert [(e.source, e.target) for e in edges.igraph.es] == list(edges.pairs())


def test_listed_papers_come_first_also_those_that_nothing_links(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    listed = {work for work, _ in graph.rows("listed-works")}
    assert set(edges.works[: edges.listed]) == listed
    assert list(edges.works[: edges.listed]) == sorted(listed)
    assert list(edges.works[edges.listed :]) == sorted(edges.works[edges.listed :])
    assert any(not edges.around[n] for n in range(edges.listed))


def test_known_and_complete_lists_are_those_of_the_status(graph: llmcomp.Graph) -> None:
    edges, status = read_edges(graph), graph.status()
    assert (len(edges.known), len(edges.complete)) == (status.reference_lists, status.complete_reference_lists)
    assert all(edges.cites[n] for n in edges.complete)


@pytest.fixture
def endpoint(graph: llmcomp.Graph) -> Iterator[str]:
    """The address at which the shipped graph answers SPARQL."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            found = ox.Store.read_only(str(graph.path / read_current(graph.path).store)).query(form["query"][0])
            data = found.serialize(format=ox.QueryResultsFormat.JSON)
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()


def test_a_graph_on_the_network_gives_the_same_edges(graph: llmcomp.Graph, endpoint: str) -> None:
    far, near = read_edges(llmcomp.open_graph(endpoint)), read_edges(graph)
    assert same(far, near)
    assert (far.known, far.complete, far.listed) == (near.known, near.complete, near.listed)


def test_a_list_of_ones_own_that_no_known_citation_links(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("## Mine\n- A Paper of Mine <br> ICML 2026 [[Paper]](https://example.org/mine)\n")
    llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    edges = read_edges(llmcomp.open_graph(tmp_path / "graph"))
    # the shipped reference lists are there too, of works that this list has not
    assert (edges.listed, list(edges.around[0]), edges.basis.without) == (1, [], 1)
    assert edges.basis.reference_lists == 58


@given(PAIRS)
def test_self_citations_and_what_is_told_twice_are_left_out_and_counted(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    kept = {(a, b) for a, b in pairs if a != b}
    assert {(edges.works[a], edges.works[b]) for a, b in edges.pairs()} == kept
    assert edges.self_citations == sum(a == b for a, b in pairs)
    assert len(edges) + edges.self_citations + edges.repeated == len(pairs)


@given(PAIRS)
def test_who_is_cited_is_who_cites_turned_round(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    turned = [[a for a in range(len(edges.works)) if b in edges.cites[a]] for b in range(len(edges.works))]
    assert [list(row) for row in edges.cited_by] == turned
    assert [list(row) for row in edges.around] == [
        sorted({*edges.cites[n], *edges.cited_by[n]}) for n in range(len(edges.works))
    ]


@given(PAIRS, st.sets(WORKS), st.randoms(use_true_random=False))
def test_the_order_in_which_citations_come_does_not_matter(
    pairs: list[tuple[str, str]], listed: set[str], chance: random.Random
) -> None:
    shuffled = pairs.copy()
    chance.shuffle(shuffled)
    assert same(edges_of(pairs, listed), edges_of(shuffled, listed))


@given(PAIRS, st.sets(WORKS))
def test_citations_by_listed_works_are_counted_apart(pairs: list[tuple[str, str]], listed: set[str]) -> None:
    edges = edges_of(pairs, listed)
    for n, iri in enumerate(edges.works):
        assert edges.listed_citations(n) == len({a for a, b in pairs if b == iri != a and a in listed})
