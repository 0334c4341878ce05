"""``llmcomp push``."""

from __future__ import annotations

from pathlib import Path

import click

from .. import push_graph
from ..kg.graph_store import DEFAULT
from .options import Talk, graph_options, json_option
from .output import counted, print_json
from .progress import progress


@click.command()
@click.argument("url")
@click.option("--afresh", is_flag=True, help="Send everything again, whatever an earlier push sent.")
@click.option(
    "--name-view",
    is_flag=True,
    help="Load the resolved view as a graph of its own, into a server whose default graph is the union of all.",
)
@json_option
@graph_options
def push(url: str, afresh: bool, name_view: bool, as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Load the graph into a server, by the SPARQL 1.1 Graph Store HTTP Protocol.

    URL is the address of the server's Graph Store: /store on Oxigraph, /sparql-graph-crud-auth on Virtuoso. A user
    and a password are taken from LLMCOMP_ENDPOINT_USER and LLMCOMP_ENDPOINT_PASSWORD, a token from
    LLMCOMP_ENDPOINT_TOKEN. A push that was ended goes on where it ended; one of a newer graph replaces the older.

    \b
    Examples:
      llmcomp push http://127.0.0.1:7878/store
      LLMCOMP_ENDPOINT_USER=dba LLMCOMP_ENDPOINT_PASSWORD=dba llmcomp push http://127.0.0.1:8890/sparql-graph-crud-auth
    """
    with progress(talk, "statements") as tell:
        pushed = push_graph(url, graph_path, afresh=afresh, name_view=name_view, tell=tell)
    if as_json:
        print_json(pushed)
        return
    where = "its default graph" if pushed.view == DEFAULT else "a named graph"
    held = f"{counted(pushed.statements, 'statement')} in {counted(pushed.graphs, 'graph')}"
    talk.say(f"{url} has {held}, the view in {where}; {pushed.sent} of them were sent now")
    for graph in pushed.removed:
        talk.detail(f"removed {graph}, which an older graph had")
