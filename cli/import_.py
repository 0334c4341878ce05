"""``llmcomp import``."""

from __future__ import annotations

from pathlib import Path

import click

from .. import import_graph
from ..kg.dump import DUMPS
from .options import Talk, graph_options, json_option
from .output import counted, print_json


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--format",
    "format_",
    type=click.Choice([name for name, dump in DUMPS.items() if dump.several]),
    help="How the files are written, where their names do not tell it.",
)
@click.option("--replace", is_flag=True, help="Put the graph in the place of one that is there.")
@click.option("--drop-keys", is_flag=True, help="With --replace, even if citation keys of that one are lost.")
@json_option
@graph_options
def import_(
    files: tuple[str, ...],
    format_: str | None,
    replace: bool,
    drop_keys: bool,
    as_json: bool,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Make the graph that FILEs hold ('-' for standard input) the one in the folder of --graph.

    They are what 'llmcomp export' wrote: TriG, N-Quads or JSON-LD; several make one graph. It is taken as it is, and
    exported again it is the same; 'llmcomp snapshot import' decides anew, and brings its part into a graph that is
    there. The old graph answers until the new one is complete.

    \b
    Examples:
      llmcomp import graph.trig --graph copy
      llmcomp export --format nquads | llmcomp import - --format nquads --graph copy
    """
    loaded = import_graph(files, graph_path, format=format_, replace=replace, drop_keys=drop_keys)
    if as_json:
        print_json(loaded)
    tools = f" and {counted(loaded.tools, 'tool')}" if loaded.tools else ""
    talk.say(
        f"imported {counted(loaded.works, 'work')}{tools}, {counted(loaded.keys, 'citation key')}, "
        f"{counted(loaded.statements, 'statement')} in {counted(loaded.graphs, 'graph')} into {loaded.path}"
    )
    if loaded.dropped_keys:
        talk.say(
            f"{counted(len(loaded.dropped_keys), 'citation key')} of the graph before mean nothing here (-v tells)"
        )
        talk.detail("\n".join(f"  {key}" for key in loaded.dropped_keys))
    for path in loaded.set_aside:
        talk.say(f"an older graph could not be read, so its citation keys could not be kept; it lies in {path}")
