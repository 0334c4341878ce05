"""Options that several commands share; each means the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from .. import Graph, Selection, open_graph, parse_years
from ..kg.errors import UsageError, readable

Command = TypeVar("Command", bound=Callable[..., Any])


class Talk:
    """What a command says on stderr: nothing with ``-q``, more with ``-v``."""

    def __init__(self, level: int) -> None:
        self.level = level

    def say(self, text: str) -> None:
        """Say what happened, unless silence was asked for."""
        if self.level >= 0:
            click.echo(text, err=True)

    def detail(self, text: str) -> None:
        """Say what only ``-v`` asks for."""
        if self.level > 0:
            click.echo(text, err=True)


def graph_options(command: Command) -> Command:
    """Add ``--graph``, ``-q`` and ``-v``; the command receives ``graph_path`` and ``talk``."""
    command = click.option(
        "-v", "talk", flag_value=1, type=int, callback=_talk, expose_value=True, help="Say more on stderr."
    )(command)
    command = click.option("-q", "talk", flag_value=-1, type=int, callback=_talk, help="Say nothing on stderr.")(
        command
    )
    return click.option(
        "--graph",
        "graph_path",
        type=click.Path(path_type=Path),
        envvar="LLMCOMP_GRAPH",
        callback=_graph_path,
        help="Folder of the graph.  [default: one in your data folder; env LLMCOMP_GRAPH]",
    )(command)


def _talk(_: click.Context, __: click.Parameter, value: int | None) -> Talk:
    return Talk(value or 0)


def _graph_path(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    if value is not None:
        readable("name of the graph's folder", str(value))
    return value


def opened(graph_path: Path | None, talk: Talk) -> Graph:
    """Open the graph, building it on first need."""
    return open_graph(graph_path, talk=talk.say)


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")(command)


def output_option(command: Command) -> Command:
    """Add ``-o FILE``."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_output,
        help="Write to a file instead of stdout.",
    )(command)


def _output(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    if value == Path():  # what click makes of an empty name
        raise UsageError("-o was given empty. Name a file, or leave -o out for standard output.")
    return value


def selecting_options(command: Command) -> Command:
    """Add the conditions on works; the command receives ``selection``."""

    def wrapped(
        *args: Any,
        category: tuple[str, ...],
        venue: tuple[str, ...],
        year: str | None,
        author: tuple[str, ...],
        key: tuple[str, ...],
        all_of: bool,
        **kwargs: Any,
    ) -> Any:
        years = None if year is None else parse_years(year)
        return command(*args, selection=Selection(category, venue, years, author, key, all_of), **kwargs)

    # keep the options that were added before, and the help text
    wrapped.__dict__.update(command.__dict__)
    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    decorated: Any = wrapped
    for option in reversed(
        (
            click.option(
                "--category",
                "-c",
                multiple=True,
                metavar="CATEGORY",
                shell_complete=_complete_category,
                help="Only this category: its slug or a unique beginning of it. Repeat for several.",
            ),
            click.option("--venue", multiple=True, metavar="VENUE", help="Only this venue: 'ICML' or 'ICML 2024'."),
            click.option("--year", metavar="YEARS", help="Only these years: 2024, 2023..2025, 2023.. or ..2025."),
            click.option("--author", multiple=True, metavar="NAME", help="Only works of this author."),
            click.option("--key", multiple=True, metavar="KEY", help="Only the work with this citation key."),
            click.option("--all-of", is_flag=True, help="Works that meet every repeated condition, not any."),
        )
    ):
        decorated = option(decorated)
    return decorated


def _complete_category(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete a category from the graph that is there; completing builds none and says nothing."""
    from .. import default_graph_path
    from ..kg.errors import LlmcompError

    try:
        path = ctx.params.get("graph_path") or default_graph_path()
        return [c.slug for c in Graph(path).categories() if c.slug.startswith(incomplete)]
    except LlmcompError:
        return []
