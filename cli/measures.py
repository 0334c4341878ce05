"""``llmcomp measures``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from ..exports.tables import csv_line
from ..kg import measures_graph
from ..kg.edges import read_edges
from ..kg.errors import UsageError
from ..kg.graph import Graph
from ..kg.spark import COLUMNS, LOCAL, Pairs, Row, SparkMeasured, measure_on_spark
from .aside import aside
from .options import Talk, graph_options, json_option, opened, output_option, was_given
from .output import counted, echo, print_json, print_table, write

_OF_SPARK = ("citations", "master", "scratch", "table")


@click.command()
@click.option(
    "--engine",
    type=click.Choice(["igraph", "spark"]),
    default="igraph",
    show_default=True,
    help="What computes; spark for what outgrows a machine: PageRank, parts, degrees.",
)
@click.option(
    "--citations",
    multiple=True,
    metavar="FILE",
    help="Of Semantic Scholar's bulk files instead of the graph; spark alone.",
)
@click.option("--master", default=LOCAL, show_default=True, metavar="URL", help="Address of Spark's cluster.")
@click.option(
    "--scratch",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder for what is between two steps, seen by all machines of the cluster.",
)
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what Spark found of each work: a .csv, or a .parquet folder.",
)
@json_option
@output_option
@graph_options
def measures(
    engine: str,
    citations: tuple[str, ...],
    master: str,
    scratch: Path | None,
    table: Path | None,
    as_json: bool,
    output: Path | None,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Compute the measures of the citation graph, keep them in the graph, and show the graph in numbers.

    They are kept until citations or dates change, as a named graph of their day; the query 'measures' tells them of
    each work. Citations, PageRank, k-core, velocity, community: 'llmcomp top' and 'communities' show works by them.

    With --engine spark PageRank, parts and degrees are computed on Spark and not kept; --table writes them.

    \b
    Examples:
      llmcomp measures
      llmcomp query measures --format csv -o measures.csv
      llmcomp measures --engine spark --citations bulk/ --table works.csv
    """
    if engine == "spark":
        if citations and was_given("graph_path"):
            raise UsageError("--citations is instead of a graph, and --graph names one. Leave one of them out.")
        if citations:
            _tell(_on_spark(citations, master, scratch, table), as_json, output)
            return
        graph = opened(graph_path, talk)
        found = _on_spark(_pairs(graph), master, scratch, table)
        lists = list(graph.pairs("reference-lists").values())
        _tell(_with_keys(graph, found), as_json, output)
        talk.say(f"rests on {counted(len(lists), 'reference list')}, {lists.count('true')} of them complete")
        return
    if strange := next((name for name in _OF_SPARK if was_given(name)), ""):
        raise UsageError(f"--{strange} is for --engine spark. Leave it out, or name that engine.")
    graph = opened(graph_path, talk)
    found = aside(
        lambda: measures_graph.measure(graph, read_edges(graph), waiting=lambda who: talk.say(f"waiting for {who}"))
    )
    if as_json:
        print_json(found, output)
        return
    lines = (
        ("as of", found.date or "unknown"),
        ("works", f"{found.works}, {found.listed} of them listed"),
        ("citations", f"{found.citations}, {found.inside} of them inside the lists"),
        ("left out", f"{counted(found.self_citations, 'self-citation')}, {found.repeated} told twice"),
        ("lists", f"{counted(found.basis.reference_lists, 'reference list')}, {found.basis.complete} of them complete"),
        ("parts", f"{found.parts}, {found.largest} works in the largest"),
        ("circles", f"{counted(found.circles, 'citation')} among listed works against the dates in a circle"),
        ("core", f"{found.core} is the largest core number"),
        ("communities", f"{found.communities}, modularity {found.modularity:.2f}"),
    )
    if output is None:
        for name, value in lines:
            echo(f"{name:<11} {value}")
    else:
        print_table(("MEASURE", "VALUE"), lines, output=output)
    if not found.kept:
        talk.say("not kept: this graph cannot be written to; they are computed anew each time")


def _with_keys(graph: Graph, found: SparkMeasured) -> SparkMeasured:
    keys = graph.pairs("work-keys", [c.work for c in found.central])
    return replace(found, central=tuple(replace(c, key=keys.get(c.work, "")) for c in found.central))


def _pairs(graph: Graph) -> Pairs:
    """Return the citations of the graph, read as they are asked for."""
    return Pairs(
        lambda: ((citing, cited) for citing, cited in graph.rows("citations")),
        lambda: (work for work, _ in graph.rows("listed-works")),
    )


def _on_spark(source: Pairs | Sequence[str], master: str, scratch: Path | None, table: Path | None) -> SparkMeasured:
    if table is None:
        return measure_on_spark(source, master=master, scratch=scratch)
    if table.suffix == ".parquet":
        if table.exists():
            raise UsageError(f"'{table}' is there already. Name a folder with --table that is not.")
        return measure_on_spark(source, master=master, scratch=scratch, parquet=table)
    if table.suffix != ".csv":
        raise UsageError(f"'{table}' is neither a .csv nor a .parquet. Name one of these with --table.")

    def save(rows: Iterator[Row]) -> None:
        write(_csv(rows), table, " with --table")

    return measure_on_spark(source, master=master, scratch=scratch, rows=save)


def _csv(rows: Iterator[Row]) -> Iterator[bytes]:
    yield csv_line(COLUMNS).encode()
    for work, rank, *rest in rows:
        yield csv_line([work, repr(rank), *map(str, rest)]).encode()


def _tell(found: SparkMeasured, as_json: bool, output: Path | None) -> None:
    if as_json:
        print_json(found, output)
        return
    lines = (
        ("works", str(found.works)),
        ("citations", str(found.citations)),
        (
            "left out",
            f"{counted(found.self_citations, 'self-citation')}, {found.repeated} told twice, "
            f"{counted(found.unread, 'record')} of no two works",
        ),
        ("parts", f"{found.parts}, {found.largest} works in the largest"),
    )
    central = ((c.key or c.work, f"{c.pagerank:.3g}", str(c.citations), str(c.references)) for c in found.central)
    header = ("WORK", "PAGERANK", "CITATIONS", "REFERENCES")
    if output is None:
        for name, value in lines:
            echo(f"{name:<11} {value}")
        echo()
    print_table(header, central, numbers=(1, 2, 3), output=output)
