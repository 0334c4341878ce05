"""Measures of the citation graph, and that they are kept: against networkx and definitions written out."""

from __future__ import annotations

import shutil
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import llmcomp
from llmcomp import Selection
from llmcomp.cli import main
from llmcomp.kg import store
from llmcomp.kg.build import Built, build, rebuild
from llmcomp.kg.chronology import months
from llmcomp.kg.communities import communities as told_communities
from llmcomp.kg.communities import community, naming, words
from llmcomp.kg.edges import Edges, edges_of, read_edges
from llmcomp.kg.errors import NothingFound, UnknownName, UsageError
from llmcomp.kg.measures import Measures, communities, compute, core, pagerank, velocity
from llmcomp.kg.measures_graph import kept_measures, measure, measures_of
from llmcomp.kg.top import MEASURES, top
from llmcomp.ontology import terms

WORKS = st.sampled_from("abcdefgh")
PAIRS = st.lists(st.tuples(WORKS, WORKS), min_size=1, max_size=30)
FIELDS = ("date", "listed_citations", "citations", "pagerank", "core", "velocity", "community", "modularity")


def undirected(edges: Edges) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(edges.works)))
    graph.add_edges_from(edges.pairs())
    return graph


def same(one: Measures, other: Measures) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in FIELDS)


def alone(graph: llmcomp.Graph, edges: Edges) -> str:
    """The IRI of a listed work that nothing links."""
    return next(edges.works[n] for n in range(edges.listed) if not edges.around[n])


# --- each measure


@given(PAIRS)
def test_pagerank_is_the_time_that_a_walk_along_references_spends(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    works = len(edges.works)
    ranks = [1 / works] * works
    for _ in range(300):
        ending = sum(rank for rank, row in zip(ranks, edges.cites, strict=True) if not row)
        ranks = [
            0.15 / works + 0.85 * (ending / works + sum(ranks[m] / len(edges.cites[m]) for m in edges.cited_by[n]))
            for n in range(works)
        ]
    assert list(pagerank(edges)) == pytest.approx(ranks)


@given(PAIRS)
def test_cores_are_those_of_networkx(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    assert list(core(edges)) == [k for _, k in sorted(nx.core_number(undirected(edges)).items())]


@given(PAIRS, st.lists(st.one_of(st.none(), st.integers(2015 * 12, 2027 * 12)), min_size=8, max_size=8))
def test_velocity_is_citations_a_year_of_the_last_three(pairs: list[tuple[str, str]], when: list[int | None]) -> None:
    edges = edges_of(pairs)
    now = 2026 * 12 + 10
    for n, speed in enumerate(velocity(edges, when, "2026-11-30")):
        late = [m for m in edges.cited_by[n] if when[m] is not None and now - 36 < when[m] <= now]
        age = 36 if when[n] is None else min(max(now - when[n], 12), 36)
        assert speed == pytest.approx(len(late) / (age / 12))


@given(PAIRS)
def test_modularity_is_that_of_networkx(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs)
    numbers, share = communities(edges)
    groups: dict[int, set[int]] = {}
    for n, number in enumerate(numbers):
        groups.setdefault(number or -n - 1, set()).add(n)
        assert bool(number) == bool(edges.around[n])
    sizes = [len(groups[number]) for number in sorted(groups) if number > 0]
    assert sizes == sorted(sizes, reverse=True)
    if len(edges):
        assert share == pytest.approx(nx.community.modularity(undirected(edges), groups.values()))


def test_two_circles_of_friends_are_two_communities_each_time() -> None:
    groups = [[(f"{g}{a}", f"{g}{b}") for a in range(6) for b in range(a)] for g in "xyz"]
    edges = edges_of([*groups[0], *groups[1], *groups[2], ("x0", "y0"), ("y1", "z1")])
    first, _ = communities(edges)
    assert [{work[0] for n, work in enumerate(edges.works) if first[n] == number} for number in (1, 2, 3)] == [
        {"x"},
        {"y"},
        {"z"},
    ]
    assert all(communities(edges)[0] == first for _ in range(5))


def test_lots_are_drawn_elsewhere_as_before() -> None:
    import random

    random.seed(1)
    expected = random.random()
    random.seed(1)
    communities(edges_of([("a", "b"), ("b", "c"), ("c", "a")]))
    assert random.random() == expected


@pytest.mark.parametrize("pairs", [[], [("a", "a")], [("a", "b"), ("b", "a")]])
def test_graphs_of_hardly_anything_have_measures(pairs: list[tuple[str, str]]) -> None:
    edges = edges_of(pairs, listed="z")
    found = compute(edges, [None] * len(edges.works), "")
    assert sum(found.pagerank) == pytest.approx(1)
    assert found.community[edges.numbers["z"]] == 0


def test_a_star_of_100_000_has_measures() -> None:
    edges = edges_of((f"leaf{n:06d}", "hub") for n in range(100_000))
    found = compute(edges, [None] * len(edges.works), "")
    assert (max(found.core), max(found.citations), set(found.community)) == (1, 100_000, {1})


# --- names of communities


def test_words_of_titles_that_name_something() -> None:
    odd = ["{LoRA}: A Low-Rank Way, 2024 \u202e(see https://x.org/a)", "量化", "\x00", "", "§ – !"]
    assert list(words(odd).values()) == ["LoRA", "Low", "Rank", "Way", "see", "量化"]


def test_a_community_is_named_by_what_others_do_not_say() -> None:
    inside = [["KV Cache Compression"], ["Cache Eviction for a Model"], ["A KV cache of models"]]
    everything = {"kv": 2, "cache": 3, "compression": 40, "eviction": 1, "model": 50, "models": 50}
    assert naming(inside, everything, 100) == "cache, KV"
    assert naming([[]], {}, 100) == ""


def test_the_communities_of_the_list(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    measures = measures_of(graph, edges)
    found = told_communities(graph, edges, measures, Selection(categories=("quantization",)), limit=3)
    first = found.communities[0]
    assert "quantization" in first.name
    assert first.categories[0].category == "quantization"
    assert sum(number == first.number for number in measures.community) == first.size
    assert found.apart == sum(
        not edges.around[n] for n in edges.of(w.iri for w in graph.works(Selection(categories=("quantization",))))
    )
    members = community(graph, edges, measures, first.number, limit=10_000)
    assert len(members.works) == members.found == first.size
    assert [w.key for w in members.works][: len(first.central)] == [w.key for w in first.central]


def test_a_community_that_is_not_there(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    measures = measures_of(graph, edges)
    with pytest.raises(UsageError, match=rf"numbered from 1 to {max(measures.community)}\."):
        community(graph, edges, measures, 999)


# --- top


@pytest.mark.parametrize("by", [by for by in MEASURES if by != "global"])
def test_top_is_sorted_and_holds_all_that_have_a_value(graph: llmcomp.Graph, by: str) -> None:
    edges = read_edges(graph)
    found = top(graph, edges, measures_of(graph, edges), Selection(), by=by, limit=10_000)
    scores = [work.score for work in found.works]
    assert scores == sorted(scores, reverse=True)
    assert all(scores)
    assert found.found == len(scores) > 100
    assert all(work.listed and edges.around[edges.numbers[work.iri]] for work in found.works)


def test_counts_of_all_citations_are_those_of_the_newest_day(enriched: Path) -> None:
    graph = llmcomp.open_graph(enriched)
    edges = read_edges(graph)
    found = top(graph, edges, measures_of(graph, edges), Selection(), by="global")
    assert [(work.title, work.score) for work in found.works] == [("Efficient LLM Inference on CPUs", 71)]
    assert found.works[0].why == "cited 71 times anywhere, says Semantic Scholar"


def test_counts_that_nobody_has_told(graph: llmcomp.Graph) -> None:
    edges = read_edges(graph)
    with pytest.raises(NothingFound, match="knows no count of all citations anywhere"):
        top(graph, edges, measures_of(graph, edges), Selection(), by="global")
    with pytest.raises(UnknownName, match="Did you mean pagerank"):
        top(graph, edges, measures_of(graph, edges), Selection(), by="pageRank")


# --- kept


@pytest.fixture
def folder(built: Built, tmp_path: Path) -> Path:
    """A copy of the shipped graph."""
    return shutil.copytree(built.path, tmp_path / "graph")


def keep(folder: Path) -> bool:
    graph = llmcomp.open_graph(folder)
    return measure(graph, read_edges(graph)).kept


def test_measures_are_kept_as_they_were_computed(folder: Path) -> None:
    graph = llmcomp.open_graph(folder)
    edges = read_edges(graph)
    assert kept_measures(graph, edges) is None
    computed = compute(edges, months(graph, edges), "2026-11-01")
    assert keep(folder)
    again = llmcomp.open_graph(folder)
    kept = kept_measures(again, read_edges(again))
    assert kept is not None
    assert same(kept, computed)
    assert same(measures_of(again, edges), computed)


def test_kept_measures_are_statements_of_a_graph_of_their_day(folder: Path) -> None:
    keep(folder)
    graph = llmcomp.open_graph(folder)
    name = f"{terms.MEASURES_GRAPHS}2026-11-01"
    ((_, statements),) = graph.rows("graph-sizes", graph=name)
    assert int(statements) == 6 * len(read_edges(graph).works)
    asked = f"SELECT ?p ?o WHERE {{ GRAPH graph:metadata {{ <{name}> ?p ?o }} }}"
    told = dict(graph.query(asked))
    assert told[terms.VOID_TRIPLES] == statements
    assert told[terms.DCT_DATE] == "2026-11-01"
    assert told[terms.DERIVED_FROM] == terms.RESOLVED_VIEW
    assert 0.3 < float(told[terms.MODULARITY]) < 1


def test_everything_else_stays_and_the_store_before_is_not_touched(folder: Path) -> None:
    before = llmcomp.open_graph(folder)
    said = {str(quad) for quad in before.store}
    old = folder / store.read_current(folder).store
    files = {path.name: path.read_bytes() for path in old.iterdir()}
    keep(folder)
    after = {str(quad) for quad in llmcomp.open_graph(folder).store}
    assert said < after
    assert all("measures/" in quad for quad in after - said)
    assert {path.name: path.read_bytes() for path in old.iterdir() if path.name in files} == files
    assert store.read_current(folder).store != old.name


def test_what_is_kept_is_not_computed_again(folder: Path) -> None:
    keep(folder)
    current = store.read_current(folder)
    assert keep(folder)
    assert store.read_current(folder) == current


def test_a_build_of_the_same_citations_keeps_measures_and_keys(folder: Path) -> None:
    keys = llmcomp.open_graph(folder).pairs("work-keys")
    keep(folder)
    before = llmcomp.open_graph(folder)
    kept = kept_measures(before, read_edges(before))
    with store.building(folder):
        rebuild(folder, version="1")
    graph = llmcomp.open_graph(folder)
    again = kept_measures(graph, read_edges(graph))
    assert kept is not None
    assert again is not None
    assert same(kept, again)
    assert list(graph.rows("modularity")) == list(before.rows("modularity"))
    assert graph.pairs("work-keys") == keys


def test_a_build_of_another_list_drops_measures(folder: Path, tmp_path: Path) -> None:
    keep(folder)
    mine = tmp_path / "mine.md"
    mine.write_text("## Quantization\n- GPTQ. ICLR 2023. [[Paper]](https://arxiv.org/abs/2210.17323)\n", "utf-8")
    build(folder, [str(mine)], version="1")
    graph = llmcomp.open_graph(folder)
    assert kept_measures(graph, read_edges(graph)) is None
    assert not list(graph.rows("modularity"))


def test_a_measured_graph_is_exported_and_imported(folder: Path, tmp_path: Path) -> None:
    keep(folder)
    before = llmcomp.open_graph(folder)
    for name in ("graph.nq", "graph.trig"):
        assert main.run(["export", "--graph", str(folder), "-o", str(tmp_path / name)]) == 0
        other = tmp_path / f"from-{name}"
        assert main.run(["import", "--graph", str(other), str(tmp_path / name)]) == 0
        graph = llmcomp.open_graph(other)
        assert kept_measures(graph, read_edges(graph)) is not None
        assert {str(quad) for quad in graph.store} == {str(quad) for quad in before.store}


def test_measures_of_other_citations_are_replaced(folder: Path) -> None:
    """A graph that was edited by hand has measures that are not those of its citations."""
    keep(folder)
    current = store.read_current(folder)
    assert current is not None
    with store.building(folder), store.drafting(folder, "1", going_on=True) as draft:
        cited = "<https://w3id.org/llmcomp/work/arxiv:2210.17323>"
        gone = f"DELETE WHERE {{ ?work <{terms.CITES}> {cited} }}"
        draft.store.update(gone)
    graph = llmcomp.open_graph(folder)
    assert kept_measures(graph, read_edges(graph)) is None
    assert keep(folder)
    graph = llmcomp.open_graph(folder)
    edges = read_edges(graph)
    kept = kept_measures(graph, edges)
    assert kept is not None
    assert kept.citations[edges.numbers[cited.strip("<>")]] == 0
    assert len(list(graph.rows("modularity"))) == 1
    assert len(list(graph.rows("measures"))) == len(edges.works)


def test_a_snapshot_moves_no_measures(folder: Path) -> None:
    before = b"".join(llmcomp.open_graph(folder).snapshot())
    keep(folder)
    assert b"".join(llmcomp.open_graph(folder).snapshot()) == before


def test_sources_are_those_that_were(folder: Path) -> None:
    before = llmcomp.open_graph(folder).status()
    keep(folder)
    assert llmcomp.open_graph(folder).status() == before


def test_a_folder_that_cannot_be_written_to_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_copy", full)
    assert not keep(folder)
    graph = llmcomp.open_graph(folder)
    assert kept_measures(graph, read_edges(graph)) is None


def test_a_file_system_without_links_gets_copies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert keep(folder)
    graph = llmcomp.open_graph(folder)
    assert kept_measures(graph, read_edges(graph)) is not None


def test_measures_of_other_citations_are_not_taken(folder: Path) -> None:
    keep(folder)
    graph = llmcomp.open_graph(folder)
    assert kept_measures(graph, edges_of([("a", "b")])) is None


def test_the_citation_graph_in_numbers(graph: llmcomp.Graph, folder: Path) -> None:
    open_folder = llmcomp.open_graph(folder)
    found = measure(open_folder, read_edges(open_folder))
    status = graph.status()
    assert (found.listed, found.inside) == (status.works, status.citations_inside)
    assert found.works == status.works + status.works_outside
    assert (found.circles, found.self_citations, found.repeated) == (3, 0, 0)
    assert found.largest <= found.works
    assert found.date == "2026-11-01"


def test_a_question_about_measures_that_are_not_there_says_who_makes_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["query", "measures", "--graph", str(folder)]) == 1
    assert capsys.readouterr().err.endswith("in this graph. 'llmcomp measures' writes measures into it.\n")
    assert main.run(["query", "SELECT ?s { ?s dcterms:title 1 }", "--graph", str(folder)]) == 1
    assert capsys.readouterr().err.endswith("in this graph.\n")
