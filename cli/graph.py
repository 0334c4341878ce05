"""``llmcomp graph``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast, get_args

import click

from .. import Selection
from ..exports.colours import By
from ..exports.figure import FIGURES, undrawn
from ..exports.networks import NETWORK_FORMATS, export_network, network_format
from ..exports.style import WIDTH, Style
from ..kg.errors import UsageError
from .options import Talk, graph_options, opened, output_option, selecting_options, tell_source, tell_unknown, was_given
from .output import counted, write
from .ranked import tell_basis

_TO_LOOK_AT = ("png", "pdf")
_COLOURED = ("gexf", "dot", *FIGURES)


@click.command()
@selecting_options
@click.option("--around", multiple=True, metavar="KEY", help="Only what is near this work; repeat for several.")
@click.option(
    "--depth",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="How many citations away from it, either way.",
)
@click.option(
    "--cited",
    type=click.IntRange(min=1),
    metavar="N",
    help="Also works outside the lists that N of these works cite, or more.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N works: the nearest, the most cited.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted(NETWORK_FORMATS)),
    help="What is written.  [default: what the name of the file ends in; graphml]",
)
@click.option(
    "--colour", type=click.Choice(get_args(By)), default="category", show_default=True, help="What colours mean."
)
@click.option("--labels", type=click.IntRange(min=0), default=25, show_default=True, help="How many works bear names.")
@click.option(
    "--width",
    type=click.FloatRange(min=4, max=100),
    default=WIDTH,
    show_default=True,
    help="Width of a figure in centimetres; 8.6 is one column.",
)
@output_option
@graph_options
def graph(
    selection: Selection,
    around: tuple[str, ...],
    depth: int,
    cited: int | None,
    limit: int | None,
    format_: str | None,
    colour: str,
    labels: int,
    width: float,
    output: Path | None,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Write the citation graph for other programs, or draw it for a paper.

    graphml, gexf, cytoscape, pajek and dot are for Gephi, igraph, networkx, Cytoscape, Pajek, VOSviewer and Graphviz;
    csv is a table of citations, csv-nodes one of works; reading-list is Markdown, each work behind what it cites. svg,
    png and pdf are a figure: years from left to right, sizes by citations.

    \b
    Examples:
      llmcomp graph -o field.gexf
      llmcomp graph -c quantization -o quantization.pdf
      llmcomp graph --around GPTQ --depth 2 --cited 3 -o gptq.svg
    """
    chosen = format_ or (network_format(output.name) if output else "graphml")
    drawn = chosen in FIGURES
    if not drawn and (strange := next((name for name in ("labels", "width") if was_given(name)), "")):
        raise UsageError(f"--{strange} is for figures ({', '.join(FIGURES)}), and {chosen} is none. Leave it out.")
    if chosen not in _COLOURED and was_given("colour"):
        raise UsageError(f"--colour is for {', '.join(_COLOURED)}; {chosen} holds no colours. Leave it out.")
    if was_given("depth") and not around:
        raise UsageError("--depth is how far from the works of --around, and none is named. Name one.")
    if chosen in _TO_LOOK_AT and output is None and sys.stdout and sys.stdout.isatty():
        raise UsageError(f"{chosen} is nothing to read on a terminal. Name a file: -o field.{chosen}.")
    explored = opened(graph_path, talk)
    tell_unknown(explored, selection, talk)
    network = explored.network(selection, around=around, depth=depth, cited=cited, limit=limit)
    write(export_network(network, chosen, Style(cast(By, colour), labels, width)), output)
    talk.say(f"{network.of}: {counted(len(network.nodes), 'work')}, {counted(len(network.links), 'citation')}")
    if network.left:
        talk.say(f"{network.left} more; a larger --limit takes them in")
    if drawn and (without := undrawn(network)):
        talk.say(f"{counted(without, 'work')} left out, for no source tells when they appeared")
    tell_basis(network.basis, talk)
    tell_source(explored, talk)
