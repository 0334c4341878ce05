"""How near works are, against the definitions written out, networkx, and a walk step by step."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum, log
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import llmcomp
from llmcomp.kg.edges import Edges, edges_of, read_edges
from llmcomp.kg.errors import NothingFound, UnknownName
from llmcomp.kg.relatedness import WAYS, related, relatedness

WORKS = st.sampled_from("abcdefgh")
PAIRS = st.lists(st.tuples(WORKS, WORKS), min_size=1, max_size=30)


def undirected(edges: Edges) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(edges.works)))
    graph.add_edges_from(edges.pairs())
    return graph


@given(PAIRS)
def test_coupling_is_the_number_of_works_that_both_cite(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    cites = [set(row) for row in edges.cites]
    for n in range(len(edges.works)):
        expected = {m: len(cites[n] & cites[m]) for m in range(len(cites)) if m != n and cites[n] & cites[m]}
        assert relatedness(edges, [n], "coupling") == expected


@given(PAIRS)
def test_cocitation_is_the_number_of_works_that_cite_both(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    by = [set(row) for row in edges.cited_by]
    for n in range(len(edges.works)):
        expected = {m: len(by[n] & by[m]) for m in range(len(by)) if m != n and by[n] & by[m]}
        assert relatedness(edges, [n], "cocitation") == expected


@given(PAIRS)
def test_adamic_adar_is_that_of_networkx(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    graph = undirected(edges)
    for n in graph:
        told = nx.adamic_adar_index(graph, [(n, m) for m in graph if m != n])
        expected = {m: score for _, m, score in told if score}
        assert relatedness(edges, [n], "adamic-adar") == pytest.approx(expected)


@given(PAIRS, st.integers(0, 7))
def test_pagerank_is_the_time_that_a_walk_spends(pairs: list[tuple[str, str]], start: int) -> None:
    edges = edges_of(pairs)
    start %= len(edges.works)
    # each citation may be walked either way; two that cite each other are joined twice
    near = [[*edges.cites[n], *edges.cited_by[n]] for n in range(len(edges.works))]
    if not near[start]:
        return
    time = {start: 1.0}
    for _ in range(300):
        after = {start: 0.15}
        for n, share in time.items():
            for m in near[n]:
                after[m] = after.get(m, 0.0) + 0.85 * share / len(near[n])
        time = after
    time.pop(start)
    assert relatedness(edges, [start], "pagerank") == pytest.approx(time, abs=1e-9)


def test_values_of_several_works_are_added_up_and_they_are_not_near_themselves() -> None:
    edges = edges_of([("a", "x"), ("b", "x"), ("c", "x"), ("b", "y"), ("c", "y")])
    a, b, c = edges.of("abc")
    assert relatedness(edges, [a, b], "coupling") == {c: 1 + 2}


@pytest.mark.parametrize("by", WAYS)
def test_a_star_of_100_000_is_no_trouble(by: str) -> None:
    edges = edges_of([(f"leaf{n:06d}", "hub") for n in range(100_000)] + [("end", f"leaf{n:06d}") for n in range(9)])
    for work in ("hub", "leaf000000", "end"):
        assert len(relatedness(edges, edges.of([work]), by)) <= 100_001


def test_a_rare_link_says_more_than_one_to_a_hub() -> None:
    crowd = [(f"z{n}", "hub") for n in range(50)]
    edges = edges_of([("a", "hub"), ("b", "hub"), ("a", "rare"), ("c", "rare"), *crowd])
    scores = relatedness(edges, edges.of(["a"]), "adamic-adar")
    assert scores[edges.numbers["c"]] == pytest.approx(1 / log(2))
    assert scores[edges.numbers["c"]] > 5 * scores[edges.numbers["b"]]


# --- told


def test_nearest_to_gptq_by_works_that_cite_both(graph: llmcomp.Graph) -> None:
    found = related(graph, read_edges(graph), [graph.find("frantar2022gptq")], by="cocitation", limit=3)
    first = found.works[0]
    assert (first.key, first.why) == ("dettmers2022llmint8", f"cited together by {first.score} works")
    assert len(first.by) + first.more == first.score
    assert found.found > 3


def test_listed_works_alone(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    found = related(graph, edges, [graph.find("frantar2022gptq")], limit=1000, listed_only=True)
    assert all(work.listed for work in found.works)
    assert len(found.works) == found.found


def test_coupling_of_a_work_whose_references_are_unknown_says_what_will_do(graph: llmcomp.Graph) -> None:
    with pytest.raises(NothingFound) as error:
        related(graph, read_edges(graph), [graph.find("frantar2022gptq")], by="coupling")
    assert str(error.value) == (
        "no reference list of this work is known; 58 of 685 listed papers have one here. 'llmcomp enrich' fetches "
        "more. '--by cocitation' needs none: it goes by the works that cite this work."
    )


def test_another_way_is_answered_with_those_there_are(graph: llmcomp.Graph) -> None:
    with pytest.raises(UnknownName, match=r"no way to be related 'copling'\. Did you mean coupling\?"):
        related(graph, read_edges(graph), [], by="copling")


def test_the_same_links_in_another_order_are_the_same_value() -> None:
    # "a" and "b" have the same links to "z", met in orders that floats add up differently
    shared = [f"s{n:02d}" for n in range(12)]
    pairs = [(work, s) for s in shared for work in ("z", "a", "b")]
    pairs += [(f"{s}x{m}", s) for n, s in enumerate(shared) for m in range(n * 3)]
    edges = edges_of(pairs)
    a, b, z = (edges.numbers[name] for name in "abz")
    scores = relatedness(edges, [z], "adamic-adar")
    assert scores[a] == scores[b] == fsum(1 / log(len(edges.around[edges.numbers[s]])) for s in reversed(shared))


def test_the_command_says_the_same_of_a_walk_each_time(
    llmcomp_command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    asked = ("related", "frantar2022gptq", "xiao2022smoothquant", "--by", "pagerank", "--limit", "3000", "--json")
    assert len({llmcomp_command(*asked).out for _ in range(4)}) == 1
