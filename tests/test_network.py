"""A network: which works stand in it, and where they are drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

import llmcomp
from llmcomp import Selection
from llmcomp.kg.edges import Basis
from llmcomp.kg.errors import NothingFound, UnknownName
from llmcomp.kg.layout import force, years
from llmcomp.kg.model import Work
from llmcomp.kg.network import Network, Node, subnetwork

GPTQ = "https://w3id.org/llmcomp/work/arxiv:2210.17323"


def made(works: int, links: list[tuple[int, int]], times: list[float | None] | None = None) -> Network:
    """A network of works without anything but links and times."""
    nodes = tuple(
        Node(Work(f"w:{n}", f"key{n}", f"Title {n}"), True, times[n] if times else 2020 + n / 12, 0, 0, 0.0, 0, 0.0, 0)
        for n in range(works)
    )
    return Network("made", nodes, tuple(sorted(links)), {}, 0, Basis(0, 0, works, works))


# -- which works


def test_all_listed_papers_and_the_citations_among_them(graph: llmcomp.Graph) -> None:
    network = graph.network()
    listed = {work for work, _ in graph.rows("listed-works")}
    assert {node.work.iri for node in network.nodes} == listed
    assert [node.work.key for node in network.nodes] == sorted(node.work.key for node in network.nodes)
    inside = {tuple(row[2:4]) for row in graph.query("citations-in-list")}
    assert {(network.nodes[a].work.iri, network.nodes[b].work.iri) for a, b in network.links} == inside
    assert all(node.listed and node.distance == 0 for node in network.nodes)
    assert network.of == f"{len(listed)} papers"


def test_a_selection(graph: llmcomp.Graph) -> None:
    network = graph.network(Selection(categories=("quantization",), years=(2023, 2023)))
    assert {node.work.year for node in network.nodes} == {2023}
    assert all("quantization" in node.work.categories for node in network.nodes)


def test_works_outside_the_lists_that_so_many_cite(graph: llmcomp.Graph) -> None:
    network = graph.network(cited=20)
    counts = {row[0]: int(row[2]) for row in graph.query("works-outside")}
    assert (
        {node.work.iri for node in network.nodes if not node.listed}
        == {w for w, n in counts.items() if n >= 20}
        != set()
    )


def test_around_a_work(graph: llmcomp.Graph) -> None:
    edges = graph.edges
    centre = edges.numbers[GPTQ]
    near = {m for m in edges.around[centre] if m < edges.listed}
    network = graph.network(around=["arXiv:2210.17323"])
    assert {node.work.iri: node.distance for node in network.nodes} == {
        GPTQ: 0,
        **{edges.works[n]: 1 for n in near},
    }
    second = {m for n in near for m in edges.around[n] if m < edges.listed} - near - {centre}
    wider = graph.network(around=["arXiv:2210.17323"], depth=2)
    assert {node.work.iri for node in wider.nodes if node.distance == 2} == {edges.works[n] for n in second}
    assert [node.work.iri for node in graph.network(around=["arXiv:2210.17323"], depth=0).nodes] == [GPTQ]


def test_around_a_work_within_a_selection(graph: llmcomp.Graph) -> None:
    network = graph.network(Selection(categories=("pruning-and-sparsity",)), around=["arXiv:2210.17323"])
    assert [n.work.iri for n in network.nodes if "pruning-and-sparsity" not in n.work.categories] == [GPTQ]
    assert len(network.nodes) > 2
    assert network.of == "what is within 1 citation of frantar2022gptq among 137 pruning-and-sparsity papers"


def test_a_limit_keeps_the_nearest_and_the_most_cited(graph: llmcomp.Graph) -> None:
    whole = graph.network()
    network = graph.network(limit=10)
    least = min(node.listed_citations for node in network.nodes)
    assert (len(network.nodes), network.left) == (10, len(whole.nodes) - 10)
    assert sum(node.listed_citations > least for node in whole.nodes) < 10
    assert all(0 <= a < 10 and 0 <= b < 10 for a, b in network.links)
    near = graph.network(around=["arXiv:2210.17323"], depth=2, limit=5)
    assert {node.distance for node in near.nodes} == {0, 1}


def test_works_by_name(graph: llmcomp.Graph) -> None:
    edges = graph.edges
    network = subnetwork(graph, edges, graph.measures, [GPTQ, edges.works[0]])
    assert sorted(node.work.iri for node in network.nodes) == sorted([GPTQ, edges.works[0]])
    with pytest.raises(NothingFound, match="none of these works"):
        subnetwork(graph, edges, graph.measures, ["urn:nobody"])


def test_what_is_not_there(graph: llmcomp.Graph) -> None:
    with pytest.raises(UnknownName):
        graph.network(around=["nobody2020nothing"])
    with pytest.raises(NothingFound):
        graph.network(Selection(years=(1900, 1901)))


def test_communities_are_named(graph: llmcomp.Graph) -> None:
    network = graph.network()
    assert set(network.communities) == {node.community for node in network.nodes} - {0}
    assert all(network.communities.values())


# -- where they are drawn


def test_linked_works_are_near_each_other(graph: llmcomp.Graph) -> None:
    network = graph.network()
    places = force(network)
    linked = [dist(places[a], places[b]) for a, b in network.links]
    joined = sorted({n for link in network.links for n in link})
    every = [dist(places[a], places[b]) for a, b in combinations(joined, 2)]
    assert sum(linked) / len(linked) < 0.6 * sum(every) / len(every)


def test_places_are_the_same_each_time_and_no_two_alike(graph: llmcomp.Graph) -> None:
    network = graph.network()
    assert force(network) == force(graph.network())
    assert len(set(force(network))) > 0.99 * len(network.nodes)
    assert max(max(abs(x), abs(y)) for x, y in force(network)) == 1


def test_drawing_leaves_the_lots_of_others_alone() -> None:
    import random

    random.seed(7)
    first = random.random()
    random.seed(7)
    force(made(30, [(a, a - 1) for a in range(1, 30)]))
    assert random.random() == first


@pytest.mark.parametrize(
    ("works", "links"),
    [(0, []), (1, []), (2, []), (2, [(1, 0)]), (2, [(0, 1), (1, 0)]), (9, [(1, 0), (3, 2), (5, 4), (7, 6)])],
)
def test_small_networks(works: int, links: list[tuple[int, int]]) -> None:
    places = force(made(works, links))
    assert len(places) == works
    assert len(set(places)) == works
    assert all(-1 <= value <= 1 for place in places for value in place)


def test_a_star_of_thousands() -> None:
    places = force(made(20_000, [(n, 0) for n in range(1, 20_000)]))
    assert len(places) == 20_000


def test_years_stand_at_their_time() -> None:
    network = made(4, [(1, 0), (2, 1)], [2022.5, 2023.0, None, 2024.25])
    assert [x for x, _ in years(network)] == [2022.5, 2023.0, 2021.5, 2024.25]
    # heights are in the order that forces gave, and fill the room
    heights = [y for _, y in years(network)]
    upward = [y for _, y in force(network)]
    assert sorted(range(4), key=lambda n: (heights[n], n)) == sorted(range(4), key=lambda n: (upward[n], n))
    assert sorted(heights) == [-1, -0.3333, 0.3333, 1]
    assert years(network, force(network)) == years(network)
    undated = replace(network, nodes=tuple(replace(node, time=None) for node in network.nodes))
    assert {x for x, _ in years(undated)} == {0.0}


def test_a_graph_without_citations(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(
        "## Mine\n- A Paper of Mine Alone <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00001)\n"
        "- Another Paper of Mine <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00002)\n"
    )
    llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    network = llmcomp.Graph(tmp_path / "graph").network()
    assert (len(network.nodes), network.links, network.communities) == (2, (), {})


def test_what_asks_for_the_references_of_some_rests_on_their_lists_alone(graph: llmcomp.Graph) -> None:
    chosen = Selection(categories=("survey",))
    surveys = {work.iri for work in graph.works(chosen)}
    complete = {work: told == "true" for work, told in graph.rows("reference-lists") if work in surveys}
    rests = Basis(len(complete), sum(complete.values()), len(surveys), len(surveys) - len(complete))
    assert 0 < rests.reference_lists < graph.edges.basis.reference_lists
    assert graph.missing(chosen, least=1).basis == rests
    assert graph.main_path(chosen).basis == rests
    assert graph.network(chosen).basis == rests
    assert graph.cited_by(*sorted(surveys)[:2]).basis == graph.edges.basis
