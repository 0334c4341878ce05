"""Measures on Spark: the same as igraph's, from a graph, an endpoint and bulk files; on a cluster of this machine."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import igraph
import pytest
from serving import served

import llmcomp
from llmcomp.kg.build import Built
from llmcomp.kg.errors import NothingFound, OutsideError, UsageError
from llmcomp.kg.relatedness import DAMPING
from llmcomp.kg.spark import COLUMNS, Pairs, Row, SparkMeasured, measure_on_spark

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java is here"),
    # Spark's gateway leaves sockets to the end of the process
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# a work that cites itself alone, a citation told twice, a part of its own, works that cite nothing
PAIRS = [(2, 1), (3, 1), (3, 2), (4, 3), (3, 2), (5, 5), (7, 8), (9, 1), (9, 2), (9, 3)]
# and two that cite each other
CIRCLE = [*PAIRS, (1, 2)]


def measured(source: Any, **options: Any) -> tuple[SparkMeasured, list[Row]]:
    rows: list[Row] = []
    return measure_on_spark(source, rows=rows.extend, **options), rows


def by_igraph(pairs: Iterable[tuple[int, int]], works: Iterable[int] = ()) -> dict[int, tuple[float, int, int, int]]:
    """PageRank, first work of the part, citations and references of each work, by igraph."""
    kept = sorted({pair for pair in pairs if pair[0] != pair[1]})
    names = sorted({*works, *(n for pair in kept for n in pair)})
    number = {name: n for n, name in enumerate(names)}
    graph = igraph.Graph(len(names), [(number[a], number[b]) for a, b in kept], directed=True)
    ranks = graph.pagerank(damping=DAMPING)
    first: dict[int, int] = {}
    membership = graph.connected_components(mode="weak").membership
    for n, part in enumerate(membership):
        first.setdefault(part, names[n])
    return {
        name: (ranks[n], first[membership[n]], graph.degree(n, mode="in"), graph.degree(n, mode="out"))
        for n, name in enumerate(names)
    }


def same(rows: list[Row], expected: dict[int, tuple[float, int, int, int]], name: Callable[[int], str] = str) -> None:
    told = {row[0]: row[1:] for row in rows}
    assert told.keys() == {name(work) for work in expected}
    for work, (rank, part, citations, references) in expected.items():
        assert abs(told[name(work)][0] / rank - 1) < 1e-6
        assert told[name(work)][1:] == (name(part), citations, references)
    assert sum(row[1] for row in rows) == pytest.approx(1)


def test_citations_by_name_and_works_that_nobody_cites(tmp_path: Path) -> None:
    def name(n: int) -> str:
        return f'https://example.org/work/{n}, "quoted" ünd'

    source = Pairs(lambda: ((name(a), name(b)) for a, b in CIRCLE), lambda: map(name, [6, 7, 10]))
    found, rows = measured(source, parquet=tmp_path / "works.parquet")
    # a work that cites itself alone is one of the graph
    same(rows, by_igraph(CIRCLE, [5, 6, 7, 10]), name)
    assert (found.works, found.parts, found.largest) == (10, 2, 5)
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        read = spark.read.parquet(str(tmp_path / "works.parquet"))
        assert sorted(tuple(row) for row in read.select(*COLUMNS).collect()) == sorted(rows)
    finally:
        spark.stop()


def test_a_graph_on_the_network_gives_what_igraph_gives(
    graph: llmcomp.Graph, built: Built, tmp_path: Path, llmcomp_command: Callable[..., Any]
) -> None:
    edges = graph.edges
    expected = by_igraph(edges.pairs(), range(len(edges.works)))
    file = tmp_path / "works.csv"
    with served(built.path, "--max-rows", "1000000") as running:
        done = llmcomp_command(
            "measures", "--engine", "spark", "--table", str(file), "--json", graph=f"{running.url}/sparql"
        )
    assert (done.code, done.err) == (0, "rests on 58 reference lists, 56 of them complete\n")
    with file.open(encoding="utf-8", newline="") as lines:
        head, *told = csv.reader(lines)
    assert tuple(head) == COLUMNS
    for work, rank, _, citations, references in told:
        mine = expected[edges.numbers[work]]
        assert float(rank) == pytest.approx(mine[0], rel=1e-6)
        assert (int(citations), int(references)) == mine[2:]
    names = {edges.works[n]: edges.works[e[1]] for n, e in expected.items()}
    assert parts((row[0], row[2]) for row in told) == parts(names.items())
    numbers = json.loads(done.out)
    assert (numbers["works"], numbers["citations"]) == (len(edges.works), len(edges))
    keys = graph.pairs("work-keys")
    assert [row["key"] for row in numbers["central"]] == [keys[row["work"]] for row in numbers["central"]]


def parts(pairs: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    """The works of each part, whatever it is called."""
    found: dict[str, set[str]] = {}
    for work, part in pairs:
        found.setdefault(part, set()).add(work)
    return set(map(frozenset, found.values()))


def test_a_million_works_in_bulk_files_on_a_cluster_of_this_machine(tmp_path: Path) -> None:
    works = 1_000_000
    chance = random.Random(1)
    citing, cited = array("q"), array("q")
    for n in range(1, works):
        # in groups of a thousand: parts of their own
        if n % 1000:
            citing.append(n)
            cited.append(n // 1000 * 1000 + chance.randrange(min(n % 1000, 30)))
    # and a plain file with one part more, and with what is no citation of two works
    more = [(works + a, works + b) for a, b in PAIRS]
    lines = [json.dumps({"citationid": n, "citingcorpusid": a, "citedcorpusid": b}) for n, (a, b) in enumerate(more)]
    lines[2:2] = ['{"citingcorpusid": 3, "citedcorpusid": null, "contexts": ["a"]}', "no JSON at all", ""]
    folder = tmp_path / "citations"
    folder.mkdir()
    (folder / "a.jsonl").write_text("\n".join(lines), "utf-8")
    with gzip.open(folder / "b.gz", "wt", compresslevel=1) as file:
        file.writelines(f'{{"citingcorpusid":{a},"citedcorpusid":{b}}}\n' for a, b in zip(citing, cited, strict=True))
    rows: list[Row] = []
    found = measure_on_spark([str(folder)], master="local-cluster[2,1,1024]", scratch=tmp_path, rows=rows.extend)
    assert (found.citations, found.self_citations, found.repeated, found.unread) == (works - 1000 + 8, 1, 1, 2)
    assert (found.works, found.parts, found.largest) == (works + 7, 1002, 1000)
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=int)
    expected = by_igraph([*zip(citing, cited, strict=True), *more])
    same(rows, expected)
    best = max(expected.items(), key=lambda item: item[1][0])
    assert found.central[0].work == str(best[0])


# -- what cannot be done


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file of citations"):
        measure_on_spark([str(tmp_path / "nothing.gz")])
    with pytest.raises(UsageError, match="no file of citations"):
        measure_on_spark([str(tmp_path)])
    with pytest.raises(UsageError, match="--scratch"):
        measure_on_spark(["x"], master="spark://example.org:7077")
    with pytest.raises(NothingFound, match="no citation"):
        measure_on_spark(Pairs(lambda: [("a", "a")]))
    (tmp_path / "bad.gz").write_bytes(b"no gzip")
    with pytest.raises(OutsideError, match="Spark failed"):
        measure_on_spark([str(tmp_path / "bad.gz")])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--master", "local[2]"], "--master is for --engine spark"),
        (["--citations", "x.gz"], "--citations is for --engine spark"),
        (["--engine", "spark", "--citations", "x.gz", "--graph", "{folder}"], "--citations is instead of a graph"),
        (["--engine", "spark", "--table", "works.txt"], "neither a .csv nor a .parquet"),
        (["--engine", "spark", "--table", "{folder}/there.parquet"], "is there already"),
        (["--engine", "spark", "--scratch", "/no/such/folder"], "does not exist"),
        (["--engine", "flink"], "igraph"),
    ],
)
def test_wrong_options_are_told(
    llmcomp_command: Callable[..., Any], tmp_path: Path, options: list[str], words: str
) -> None:
    (tmp_path / "there.parquet").mkdir()
    done = llmcomp_command("measures", *(option.replace("{folder}", str(tmp_path)) for option in options))
    assert (done.code, words in done.err, "Traceback" in done.err) == (2, True, False), done.err


def test_without_java_it_says_what_to_do(built: Built) -> None:
    environment = {**os.environ, "JAVA_HOME": "/no/such/java", "LLMCOMP_GRAPH": str(built.path)}
    done = subprocess.run(
        [sys.executable, "-m", "llmcomp.cli", "measures", "--engine", "spark"],
        capture_output=True,
        env=environment,
        text=True,
    )
    assert (done.returncode, "Spark does not start" in done.stderr) == (3, True), done.stderr
    assert "Java 17" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_spark_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(OutsideError, match=r"pip install llmcomp\[spark\]"):
        measure_on_spark(Pairs(lambda: [("a", "b")]))
