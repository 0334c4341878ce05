"""``llmcomp export``."""

from __future__ import annotations

from pathlib import Path

import click

from ..kg.dump import DUMPS, VIEW, WHOLE, format_of, source_name, sources
from ..kg.fetched import ATTRIBUTION
from ..kg.graph import Graph
from ..ontology.terms import ENRICHMENT_GRAPHS, RESOLVED_VIEW
from .options import Talk, graph_options, opened, output_option
from .output import write


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(tuple(DUMPS)),
    help="How the graph is written.  [default: what the name of the file tells, else trig]",
)
@click.option(
    "--source",
    metavar="NAME",
    help="'all', 'resolved' (what was decided), 'keys', 'metadata', or a source graph of 'llmcomp query sources' or a "
    "beginning of its name.  [default: all; resolved for turtle, which holds one graph]",
)
@click.option(
    "--name-view",
    is_flag=True,
    help=f"Write the resolved view as the graph <{RESOLVED_VIEW}>, for a store whose default graph is all of them.",
)
@output_option
@graph_options
def export(
    format_: str | None,
    source: str | None,
    name_view: bool,
    output: Path | None,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Write the graph, or one of its graphs, as RDF: TriG, N-Quads, JSON-LD or Turtle.

    The resolved view stands in the default graph, each source in a graph of its own; Turtle, which has no names, holds
    one of them. The same graph gives the same bytes. 'llmcomp import' reads a whole graph back.

    \b
    Examples:
      llmcomp export -o graph.trig
      llmcomp export -o graph.nq
      llmcomp export --source resolved -o view.ttl
      llmcomp export --source facts --format jsonld
    """
    graph = opened(graph_path, talk)
    format_ = format_ or format_of(output.name if output else "") or "trig"
    write(graph.export(format=format_, source=source, name_view=name_view), output)
    if _holds_answers(graph, source):
        talk.say(f"whoever passes it on names the source: {ATTRIBUTION}")


def _holds_answers(graph: Graph, source: str | None) -> bool:
    """Return whether what Semantic Scholar said is in an export."""
    known = sources(graph)
    chosen = known if source in (None, WHOLE, VIEW) else [source_name(known, source)]
    return any(name.startswith(ENRICHMENT_GRAPHS) for name in chosen)
