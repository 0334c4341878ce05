"""``llmcomp snapshot``: ``export`` and ``import``."""

from __future__ import annotations

from pathlib import Path

import click

from .. import import_snapshot
from ..kg.brought import Imported
from ..kg.errors import UsageError
from ..kg.fetched import ATTRIBUTION
from ..kg.snapshot import Contents, contents
from .options import Talk, graph_options, json_option, opened
from .output import counted, plain, print_json, terminal_width, write

_STDOUT = "-"


@click.group()
def snapshot() -> None:
    """Move an enriched graph between machines.

    A snapshot is one file with what cannot be made again elsewhere: lists as they were read, what Semantic Scholar
    said on each day, citation keys. 'export' writes it, 'import' takes it in; both have --graph PATH, --json, -q, -v.

    \b
    Examples:
      llmcomp snapshot export kv.snapshot
      llmcomp snapshot import kv.snapshot
      llmcomp snapshot export - | ssh other llmcomp snapshot import -
    """


@snapshot.command("export", short_help="Write a snapshot of the graph.")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@json_option
@graph_options
def export_(file: Path, as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Write a snapshot of the graph to FILE ('-' for standard output).

    It is compressed N-Quads and begins with the licence of what is in it. The same graph gives the same bytes. FILE
    appears whole or not at all.

    \b
    Example:
      llmcomp snapshot export kv.snapshot
    """
    output = _named(file)
    if output is None and as_json:
        raise UsageError("--json and the snapshot would both go to standard output. Name a file, or leave --json out.")
    if output is None and terminal_width() is not None:
        raise UsageError("a terminal cannot show a snapshot, which is compressed. Name a file, or a pipe behind '-'.")
    graph = opened(graph_path, talk)
    held = contents(graph)
    write(graph.snapshot(), output, how="")
    if as_json:
        print_json({"path": graph.path, "file": file, **plain(held)})
    talk.say(f"wrote {'the snapshot' if output is None else file}: {_told(held)}")
    for part in (*(f"rows of {source}" for source in held.lists), *(f"answers of {day}" for day in held.days)):
        talk.detail(part)
    if held.days:
        talk.say(f"whoever passes it on names the source: {ATTRIBUTION}")
    if held.left_out:
        talk.say("what the last 'llmcomp enrich' fetched before it was ended is not in it; the next run takes it in")


@snapshot.command("import", short_help="Take a snapshot into the graph.")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@json_option
@graph_options
def import_(file: Path, as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Take the snapshot in FILE ('-' for standard input) into the graph, or make the graph of it.

    A graph that is there keeps its lists, its citation keys and its answers; it is given answers that it did not have,
    and keys for works without one. The old graph answers until the new one is complete.

    \b
    Example:
      llmcomp snapshot import kv.snapshot --graph kv-graph
    """
    named = _named(file)
    imported = import_snapshot(_STDOUT if named is None else named, graph_path)
    if as_json:
        print_json(imported)
    talk.say(f"imported {'the snapshot' if named is None else named} into {imported.path}: {_came(imported)}")
    for day in imported.days:
        talk.detail(f"answers of {day}{' (new)' if day in imported.new_days else ''}")
    for path in imported.set_aside:
        talk.say(f"an older graph could not be read, so its citation keys could not be kept; it lies in {path}")


def _named(file: Path) -> Path | None:
    """Return the file that was named, or None for a standard stream."""
    if file == Path():  # what click makes of an empty name
        raise UsageError("FILE was given empty. Name a file, or '-' for a standard stream.")
    return None if str(file) == _STDOUT else file


def _told(held: Contents) -> str:
    answers = f", answers of {counted(len(held.days), 'day')}" if held.days else ""
    return f"{counted(len(held.lists), 'list')}, {counted(held.keys, 'citation key')}{answers}"


def _came(imported: Imported) -> str:
    keys, days = counted(imported.keys, "citation key"), counted(len(imported.days), "day")
    if not imported.lists:
        kept = "the lists that were there stay (--graph NEW makes a graph of the snapshot's)"
        return f"answers of {days} ({len(imported.new_days)} new), {keys}; {kept}"
    tools = f" and {counted(imported.tools, 'tool')}" if imported.tools else ""
    answers = f", answers of {days}" if imported.days else ""
    return f"{counted(imported.lists, 'list')}, {counted(imported.works, 'work')}{tools}, {keys}{answers}"
