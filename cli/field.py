"""``llmcomp timeline``, ``communities`` and ``authors``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from .. import Selection
from ..kg import coauthors, measures_graph
from ..kg import communities as groups
from ..kg import timeline as timelines
from ..kg.edges import read_edges
from ..kg.errors import UsageError
from ..kg.graph import Graph
from ..kg.ranking import Ranking
from ..kg.timeline import Share
from .aside import aside
from .options import Talk, graph_options, json_option, opened, output_option, selecting_options, tell_unknown
from .output import counted, print_json, print_table
from .ranked import check_form, print_ranking, ranked_options, tell_basis

_SHOWN = 3
"""How many categories or people a column of a table names."""


@click.command()
@selecting_options
@json_option
@output_option
@graph_options
def timeline(selection: Selection, as_json: bool, output: Path | None, graph_path: Path | None, talk: Talk) -> None:
    """Show listed papers year by year: how many, how often they are cited, in which categories, which most.

    \b
    Examples:
      llmcomp timeline
      llmcomp timeline --category pruning --json
    """
    graph = opened(graph_path, talk)
    found = aside(lambda: timelines.timeline(graph, read_edges(graph), selection))
    tell_unknown(graph, selection, talk)
    if as_json:
        print_json(found, output)
    else:
        rows = (
            (str(y.year), str(y.works), str(y.citations), _shares(y.categories), ", ".join(w.key for w in y.most_cited))
            for y in found.years
        )
        print_table(("YEAR", "WORKS", "CITED", "CATEGORIES", "MOST CITED"), rows, numbers=(1, 2), output=output)
    if found.undated:
        talk.say(f"no year is known of {counted(found.undated, 'paper')}")
    tell_basis(found.basis, talk)


@click.command()
@selecting_options
@click.option("--number", type=click.IntRange(min=1), metavar="N", help="The works of this one, the most cited first.")
@ranked_options(20)
@graph_options
def communities(
    selection: Selection,
    number: int | None,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show communities: groups of works that cite each other more than the rest, named by words of their titles.

    Those come first in which most of the listed papers stand that the options select. --number shows the works of one.

    \b
    Examples:
      llmcomp communities
      llmcomp communities --category quantization
      llmcomp communities --number 2 --format bibtex > community.bib
    """
    check_form(as_json, format_)
    graph = opened(graph_path, talk)
    if number is not None:
        found = aside(lambda: _one(graph, number, limit))
        print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)
        return
    if format_ != "table":
        raise UsageError(f"--format {format_} is of one community. Name it with --number.")
    edges = aside(lambda: read_edges(graph))
    told = aside(
        lambda: groups.communities(graph, edges, measures_graph.measures_of(graph, edges), selection, limit=limit)
    )
    tell_unknown(graph, selection, talk)
    if as_json:
        print_json(told, output)
    else:
        rows = (
            (
                str(c.number),
                str(c.size),
                str(c.listed),
                c.name,
                _shares(c.categories),
                ", ".join(w.key for w in c.central[:_SHOWN]),
            )
            for c in told.communities
        )
        header = ("NUMBER", "WORKS", "LISTED", "NAME", "CATEGORIES", "CENTRAL")
        print_table(header, rows, numbers=(0, 1, 2), output=output)
    if told.found > len(told.communities):
        talk.say(f"{told.found - len(told.communities)} more; --limit shows them")
    if told.apart:
        talk.say(f"no known citation links {counted(told.apart, 'paper')} to any other work")
    tell_basis(told.basis, talk)


def _one(graph: Graph, number: int, limit: int) -> Ranking:
    edges = read_edges(graph)
    return groups.community(graph, edges, measures_graph.measures_of(graph, edges), number, limit=limit)


@click.command()
@selecting_options
@click.option(
    "--by",
    type=click.Choice(coauthors.ORDERS),
    default="papers",
    show_default=True,
    help="By papers, by how often works of the graph cite them, or by how many categories they stand in.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@click.option("--why", is_flag=True, help="Name the papers of each.")
@json_option
@output_option
@graph_options
def authors(
    selection: Selection,
    by: str,
    limit: int,
    why: bool,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show who wrote the listed papers, with whom, and in which categories.

    Who bears one name is one person here.

    \b
    Examples:
      llmcomp authors --limit 10
      llmcomp authors --category quantization --by citations --why
      llmcomp authors --by sections
    """
    graph = opened(graph_path, talk)
    found = aside(lambda: coauthors.authors(graph, read_edges(graph), selection, by=by, limit=limit))
    tell_unknown(graph, selection, talk)
    if as_json:
        print_json(found, output)
    else:
        header = ("NAME", "PAPERS", "FIRST", "CITED", "YEARS", "CATEGORIES", "PAPERS" if why else "WITH")
        rows = (
            (
                a.name,
                str(a.papers),
                str(a.first_author),
                str(a.citations),
                "–".join(dict.fromkeys(str(y) for y in (a.since, a.until) if y)),
                _shares(a.categories),
                ", ".join(a.works if why else [f"{c.name} ({c.works})" for c in a.coauthors[:_SHOWN]]),
            )
            for a in found.authors
        )
        print_table(header, rows, numbers=(1, 2, 3), output=output)
    if found.found > len(found.authors):
        talk.say(f"{found.found - len(found.authors)} more; --limit shows them")
    talk.say(
        f"{counted(found.pairs, 'pair')} of co-authors; of {counted(found.found, 'author')} "
        f"{found.largest} are joined by papers they wrote together"
    )
    if found.nameless:
        talk.say(f"no authors are known of {counted(found.nameless, 'paper')}; 'llmcomp enrich' fetches them")
    tell_basis(found.basis, talk)


def _shares(shares: Sequence[Share]) -> str:
    more = f", {len(shares) - _SHOWN} more" if len(shares) > _SHOWN else ""
    return ", ".join(f"{share.category} {share.works}" for share in shares[:_SHOWN]) + more
