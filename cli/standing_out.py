"""``llmcomp top``, ``missing``, ``main-path`` and ``reading-order``."""

from __future__ import annotations

from pathlib import Path

import click

from .. import Selection
from ..kg import citations
from ..kg import main_path as main_paths
from ..kg import reading_order as reading_orders
from ..kg import top as tops
from ..kg.edges import read_edges
from ..kg.measures_graph import measures_of
from ..kg.ranking import Ranking
from .aside import aside
from .options import Talk, graph_options, opened, selecting_options, tell_unknown
from .output import counted
from .ranked import print_ranking, ranked_options


@click.command()
@selecting_options
@click.option(
    "--by",
    type=click.Choice(tops.MEASURES),
    default="listed",
    show_default=True,
    help="Citations by listed works, by works of the graph, or anywhere (global); PageRank; k-core; citations a year "
    "lately.",
)
@ranked_options(20)
@graph_options
def top(
    selection: Selection,
    by: str,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show the listed papers that stand out, by a measure of how they are cited.

    \b
    Examples:
      llmcomp top --category quantization
      llmcomp top --by velocity --year 2024.. --limit 10 --format bibtex > read-next.bib
    """
    graph = opened(graph_path, talk)

    def answer() -> Ranking:
        edges = read_edges(graph)
        return tops.top(graph, edges, measures_of(graph, edges), selection, by=by, limit=limit)

    found = aside(answer)
    tell_unknown(graph, selection, talk)
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)


@click.command()
@selecting_options
@click.option(
    "--min",
    "least",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    metavar="N",
    help="Only works that so many of the papers cite.",
)
@ranked_options(20)
@graph_options
def missing(
    selection: Selection,
    least: int,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show works that the listed papers cite and the lists lack, those cited by most of them first.

    \b
    Examples:
      llmcomp missing --category quantization --min 5 --why
      llmcomp missing --format bibtex > missing.bib
    """
    graph = opened(graph_path, talk)
    found = aside(lambda: citations.missing(graph, read_edges(graph), selection, least=least, limit=limit))
    tell_unknown(graph, selection, talk)
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)


@click.command("main-path")
@selecting_options
@ranked_options(None)
@graph_options
def main_path(
    selection: Selection,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show the main path: the chain of citations along which most of a field's knowledge came, oldest first.

    Citations that close a circle, as preprints make them, are left out by date; -v names them.

    \b
    Examples:
      llmcomp main-path --category quantization
      llmcomp main-path --json
    """
    graph = opened(graph_path, talk)
    found = aside(lambda: main_paths.main_path(graph, read_edges(graph), selection))
    tell_unknown(graph, selection, talk)
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)
    if found.equal:
        talk.say(f"{counted(found.equal, 'other path')} of the same weight; this is the longest, or one of the longest")
    if found.broken:
        left = counted(len(found.broken), "citation")
        talk.say(f"left out, as it goes against the dates in a circle: {left} (-v names each)")
        talk.detail("\n".join(f"  {pair.citing} cites {pair.cited}" for pair in found.broken))


@click.command("reading-order")
@click.argument("work")
@ranked_options(10)
@graph_options
def reading_order(
    work: str,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show what to read first to understand a WORK, in the order to read it.

    These are the works nearest to it among those it builds on. Where its own references are not known, they are older
    works that are cited together with it.

    \b
    Examples:
      llmcomp reading-order shao2023omniquant
      llmcomp reading-order frantar2022gptq --why
    """
    graph = opened(graph_path, talk)

    def answer() -> Ranking:
        return reading_orders.reading_order(graph, read_edges(graph), graph.find(work), limit=limit)

    found = aside(answer)
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)
