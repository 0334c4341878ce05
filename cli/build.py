"""``llmcomp build``."""

from __future__ import annotations

from pathlib import Path

import click

from .. import build_graph
from .options import Talk, graph_options, json_option
from .output import counted, print_json


@click.command()
@click.argument("lists", nargs=-1, metavar="[LIST]...")
@json_option
@graph_options
def build(lists: tuple[str, ...], as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Build the graph from the shipped list, or one graph of all the LISTs given.

    A LIST is a Markdown file, '-' for standard input, or an http address (a repository's page on GitHub will do).
    The shipped facts are used wherever a work matches. Citation keys and what was fetched of a work stay. The old
    graph answers until the new one is complete.

    \b
    Examples:
      llmcomp build
      llmcomp build my-list.md https://github.com/HuangOwen/Awesome-LLM-Compression
    """
    built = build_graph(graph_path, lists)
    if built is None:  # only where a graph may already be there
        return
    if as_json:
        print_json(built)
    tools = f" and {counted(built.tools, 'tool')}" if built.tools else ""
    talk.say(f"built {built.path}: {counted(built.rows, 'row')}, {counted(built.works, 'work')}{tools}")
    for path in built.set_aside:
        talk.say(f"an older graph could not be read, so its citation keys could not be kept; it lies in {path}")
    if built.findings:
        them = "it with its line" if built.findings == 1 else "them with their lines"
        talk.say(f"{counted(built.findings, 'finding')} about the lists; 'llmcomp status' shows {them}")
