"""Chains between works, circles, the main path, the order to read: against all of them tried one by one."""

from __future__ import annotations

from itertools import pairwise
from math import log

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import llmcomp
from llmcomp import Selection
from llmcomp.kg.chronology import acyclic, as_of, months
from llmcomp.kg.edges import Edges, edges_of, read_edges
from llmcomp.kg.errors import NothingFound, UsageError
from llmcomp.kg.main_path import MANY, longest, main_path
from llmcomp.kg.paths import chains, paths
from llmcomp.kg.reading_order import _built_on, reading_order  # pyright: ignore[reportPrivateUsage]

WORKS = st.sampled_from("abcdefgh")
PAIRS = st.lists(st.tuples(WORKS, WORKS), min_size=1, max_size=30)
MONTHS = st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=8, max_size=8)


def directed(edges: Edges) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(edges.works)))
    graph.add_edges_from(edges.pairs())
    return graph


# --- chains


@given(PAIRS, st.booleans(), st.integers(0, 7), st.integers(0, 7))
def test_all_chains_up_to_one_step_more_than_the_shortest_are_found_shortest_first(
    pairs: list[tuple[str, str]], along: bool, a: int, b: int
) -> None:
    edges = edges_of(pairs)
    a, b = a % len(edges.works), b % len(edges.works)
    if a == b:
        return
    graph = directed(edges) if along else directed(edges).to_undirected()
    found = [tuple(chain) for chain in chains(edges, a, b, limit=10_000, directed=along)]
    if not nx.has_path(graph, a, b):
        assert found == []
        return
    most = nx.shortest_path_length(graph, a, b) + 1
    assert sorted(found) == sorted(map(tuple, nx.all_simple_paths(graph, a, b, cutoff=most)))
    assert list(map(len, found)) == sorted(map(len, found))


def test_of_equal_chains_the_one_through_the_rarer_work_comes_first() -> None:
    crowd = [(f"z{n}", "hub") for n in range(9)]
    edges = edges_of([("a", "hub"), ("b", "hub"), ("a", "rare"), ("b", "rare"), *crowd])
    first, second = chains(edges, *edges.of(["a"]), *edges.of(["b"]), limit=9)
    assert (edges.works[first[1]], edges.works[second[1]]) == ("rare", "hub")


def test_a_star_of_100_000_has_one_chain_between_two_leaves() -> None:
    edges = edges_of((f"leaf{n:06d}", "hub") for n in range(100_000))
    a, b = edges.of(["leaf000007", "leaf099999"])
    assert list(chains(edges, a, b, limit=9)) == [[a, edges.numbers["hub"], b]]


def test_of_2_to_the_300_chains_the_first_are_told_at_once() -> None:
    layers = [(f"{n:05d}{a}", f"{n + 1:05d}{b}") for n in range(300) for a in "xyz" for b in "xyz"]
    edges = edges_of([*layers, ("00007x", "00007y")])
    found = list(chains(edges, edges.numbers["00000x"], edges.numbers["00300y"], limit=20, directed=True))
    assert [len(chain) for chain in found] == [301] * 20
    assert len(set(map(tuple, found))) == 20


def test_costs_of_chains_never_fall() -> None:
    edges = edges_of((f"{a}", f"{b}") for a in range(12) for b in range(a) if (a * b + a) % 5 < 3)
    for start in range(6):
        found = list(chains(edges, start, 11, limit=10_000))
        costs = [(len(c), sum(log(len(edges.around[n])) for n in c[1:-1])) for c in found]
        assert all(one[0] < two[0] or one[1] <= two[1] + 1e-9 for one, two in pairwise(costs))


def test_a_long_chain_is_walked_without_recursion() -> None:
    edges = edges_of((f"{n:05d}", f"{n + 1:05d}") for n in range(20_000))
    (chain,) = chains(edges, 0, 20_000, limit=3, directed=True)
    assert chain == list(range(20_001))


def test_each_step_says_who_cites_whom(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    ends = graph.find("frantar2022gptq"), graph.find("dao2022flashattention")
    found = paths(graph, edges, *ends, limit=4)
    assert (found.length, len(found.paths)) == (2, 4)
    for chain in found.paths:
        assert (chain.works[0].iri, chain.works[-1].iri) == ends
        for step, (a, b) in zip(chain.steps, pairwise(chain.works), strict=True):
            there = edges.numbers[b.iri] in edges.cites[edges.numbers[a.iri]]
            back = edges.numbers[a.iri] in edges.cites[edges.numbers[b.iri]]
            assert step == {(1, 0): "cites", (0, 1): "cited by", (1, 1): "cites and is cited by"}[there, back]


def test_no_chain_is_told_with_how_much_is_known(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    alone = next(edges.works[n] for n in range(edges.listed) if not edges.around[n])
    with pytest.raises(NothingFound, match="no chain of known citations links the two; 58 reference lists are known"):
        paths(graph, edges, alone, graph.find("frantar2022gptq"))


def test_no_chain_along_citations_where_there_is_one_either_way(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    with pytest.raises(NothingFound, match="without --directed one does"):
        paths(graph, edges, graph.find("frantar2022gptq"), graph.find("zhang2023h2o"), directed=True)


def test_a_chain_from_a_work_to_itself_is_refused(graph: llmcomp.Graph) -> None:
    with pytest.raises(UsageError, match="both names are of one work"):
        paths(graph, read_edges(graph), *[graph.find("frantar2022gptq")] * 2)


# --- circles


@given(PAIRS, MONTHS)
def test_circles_are_broken_by_leaving_out_what_goes_against_the_dates(
    pairs: list[tuple[str, str]], when: list[int | None]
) -> None:
    edges = edges_of(pairs)
    found = acyclic(edges, range(len(edges.works)), when)
    graph = directed(edges)
    left = nx.DiGraph((n, m) for n, row in found.cites.items() for m in row)
    assert nx.is_directed_acyclic_graph(left)
    assert set(left.edges) | set(found.broken) == set(graph.edges)
    circle = {n: i for i, part in enumerate(nx.strongly_connected_components(graph)) for n in part}
    for citing, cited in graph.edges:
        newer = (when[cited] is None, when[cited] or 0, cited) > (when[citing] is None, when[citing] or 0, citing)
        assert ((citing, cited) in found.broken) == (circle[citing] == circle[cited] and newer)
    place = {n: i for i, n in enumerate(found.order)}
    assert sorted(place) == list(range(len(edges.works)))
    assert all(place[cited] < place[citing] for citing, cited in left.edges)


def test_a_circle_of_100_000_is_broken_at_one_citation() -> None:
    edges = edges_of((f"{n:06d}", f"{(n + 1) % 100_000:06d}") for n in range(100_000))
    found = acyclic(edges, range(100_000), [100_000 - n for n in range(100_000)])
    assert found.broken == ((99_999, 0),)


def test_two_preprints_of_one_month_that_cite_each_other() -> None:
    found = acyclic(edges_of([("a", "b"), ("b", "a")]), [0, 1], [7, 7])
    assert (found.broken, found.order) == (((0, 1),), (0, 1))


# --- the main path


@given(PAIRS)
def test_the_main_path_has_the_greatest_sum_of_search_path_counts(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    found = acyclic(edges, range(len(edges.works)), [0] * 8)
    flow = nx.DiGraph((m, n) for n, row in found.cites.items() for m in row)
    begins = [n for n in flow if not flow.in_degree(n)]
    ends = [n for n in flow if not flow.out_degree(n)]
    every = [path for a in begins for b in ends if a != b for path in nx.all_simple_paths(flow, a, b)]
    if not every:
        assert len(longest(found)[0]) <= 1
        return
    count = dict.fromkeys(flow.edges, 0)
    for path in every:
        for step in pairwise(path):
            count[step] += 1
    path, equal = longest(found)
    shares = [count[step] / len(every) for step in pairwise(n for n, _ in path)]
    assert [share for _, share in path] == pytest.approx([0.0, *shares])
    sums = [sum(count[s] for s in pairwise(p)) for p in every]
    assert sum(shares) == pytest.approx(max(sums) / len(every))
    assert equal == sums.count(max(sums)) - 1


def test_counts_beyond_any_float_lose_nothing() -> None:
    # each layer doubles the number of paths: 2 ** 3000 of them
    layers = [(f"{n:05d}{a}", f"{n + 1:05d}{b}") for n in range(3000) for a in "xy" for b in "xy"]
    edges = edges_of(layers)
    path, equal = longest(acyclic(edges, range(len(edges.works)), [0] * len(edges.works)))
    assert (len(path), equal) == (3001, MANY)
    assert {share for _, share in path[1:]} == {0.25}


def test_the_main_path_of_the_list_runs_from_the_old_to_the_new(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    found = main_path(graph, edges, Selection())
    keys = [work.key for work in found.works]
    assert keys[:3] == ["yao2022zeroquant", "dettmers2022llmint8", "xiao2022smoothquant"]
    for older, newer in pairwise(found.works):
        assert edges.numbers[older.iri] in edges.cites[edges.numbers[newer.iri]]
        assert newer.why == f"cites {older.key}"
    assert [(pair.citing, pair.cited) for pair in found.broken] == [
        ("kim2023squeezellm", "shao2023omniquant"),
        ("zhang2023h2o", "xiao2023efficient"),
        ("shao2023omniquant", "liu2023qllm"),
    ]
    assert (found.basis.complete, found.equal) == (56, 2)


# --- the order to read


def test_what_cites_a_work_is_not_read_before_it() -> None:
    # the later version of "start" cites "late", which cites "start", and was posted before it
    edges = edges_of([("start", "middle"), ("middle", "late"), ("late", "start"), ("late", "root"), ("start", "root")])
    start, late = edges.numbers["start"], edges.numbers["late"]
    assert late not in _built_on(edges, start, [0] * len(edges.works))
    assert edges.numbers["root"] in _built_on(edges, start, [0] * len(edges.works))


def test_what_is_read_first_is_older_and_stands_behind_what_it_cites(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    found = reading_order(graph, edges, graph.find("shao2023omniquant"), limit=12)
    numbers = [edges.numbers[work.iri] for work in found.works]
    assert (len(numbers), found.works[-1].key) == (13, "shao2023omniquant")
    when = months(graph, edges)
    assert all(when[n] <= when[numbers[-1]] for n in numbers)
    for i, n in enumerate(numbers):
        later = {m for m in numbers[i + 1 :] if m in edges.cites[n]}
        assert all(when[m] >= when[n] for m in later)  # only where a circle was broken
    assert {"frantar2022gptq", "xiao2022smoothquant"} <= {work.key for work in found.works}


def test_where_no_references_are_known_older_works_are_told_that_are_cited_together(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    found = reading_order(graph, edges, graph.find("frantar2022gptq"), limit=3)
    assert [work.key for work in found.works][-2:] == ["dettmers2022llmint8", "frantar2022gptq"]
    assert found.of == "what to read first (its own references are not known)"


def test_where_nothing_is_known_there_is_nothing_to_read(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    alone = next(edges.works[n] for n in range(edges.listed) if not edges.around[n])
    with pytest.raises(NothingFound, match="no reference list of this work is known"):
        reading_order(graph, edges, alone)


def test_the_graph_is_as_of_its_newest_source(graph: llmcomp.Graph) -> None:
    assert as_of(graph) == max(source.date for source in graph.status().sources)
