"""Options that several commands share; each means the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from .. import Graph, Selection, open_graph, parse_years
from ..kg.citing import read_citations
from ..kg.errors import OutsideError, UsageError, readable
from ..kg.remote import is_address
from ..ontology.named import query_names
from ..ontology.terms import ENRICHMENT_GRAPHS

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
        metavar="PATH|URL",
        envvar="LLMCOMP_GRAPH",
        callback=_graph_path,
        help="Folder of the graph, or a SPARQL endpoint.  [default: a folder in your data folder; env LLMCOMP_GRAPH]",
    )(command)


def _talk(_: click.Context, __: click.Parameter, value: int | None) -> Talk:
    return Talk(value or 0)


def _graph_path(_: click.Context, __: click.Parameter, value: str | None) -> Path | str | None:
    if value is None:
        return None
    readable("name of the graph", value)
    return value if is_address(value) else Path(value)


def opened(graph_path: Path | str | None, talk: Talk) -> Graph:
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
        min_citations: int | None,
        query: str | None,
        aux: tuple[Path, ...],
        tex: tuple[Path, ...],
        **kwargs: Any,
    ) -> Any:
        selection = Selection(
            categories=category,
            venues=venue,
            years=None if year is None else parse_years(year),
            authors=author,
            keys=key,
            all_of=all_of,
            min_citations=min_citations,
            query="" if query is None else query_source(_not_empty("query", query)),
            cited=tuple(c for path in (*aux, *tex) for c in read_citations(path)) if aux or tex else None,
        )
        return command(*args, selection=selection, **kwargs)

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
            click.option(
                "--min-citations",
                type=click.IntRange(min=0),
                metavar="N",
                help="Only works with so many citations anywhere ('llmcomp enrich' fetches the counts).",
            ),
            click.option(
                "--query",
                metavar="FILE.rq",
                help="Only works that the query in this file binds to ?work; a name of 'llmcomp query --list' will do.",
            ),
            click.option(
                "--aux",
                multiple=True,
                type=click.Path(path_type=Path),
                metavar="FILE.aux",
                help="Only works that a document cites, by the .aux (or .bcf) file that LaTeX wrote of it.",
            ),
            click.option(
                "--tex",
                multiple=True,
                type=click.Path(path_type=Path),
                metavar="FILE.tex",
                help="Only works that a LaTeX document cites, by its source and what it includes.",
            ),
            click.option("--all-of", is_flag=True, help="Works that meet every repeated condition, not any."),
        )
    ):
        decorated = option(decorated)
    return decorated


def tell_unknown(graph: Graph, selection: Selection, talk: Talk) -> None:
    """Say which citations of a document no work of the graph bears, each with the nearest known key."""
    from ..kg.selection import unknown_citations

    for citation, near in unknown_citations(graph, selection.cited or ()):
        guess = f" Did you mean {near}?" if near else ""
        talk.say(f"{citation.file}:{citation.line}: no work has the key '{citation.key}'.{guess}")


def _not_empty(what: str, text: str) -> str:
    """Return ``text``; raise UsageError where nothing was given."""
    if not text.strip():
        raise UsageError(f"the {what} was given empty. Name one, or leave it out.")
    return text


def tell_source(graph: Graph, talk: Talk) -> None:
    """Say whom to name where values of an enriched graph are passed on."""
    if any(source.startswith(ENRICHMENT_GRAPHS) for source, *_ in graph.rows("sources")):
        talk.say("some values are from Semantic Scholar (ODC-BY 1.0): name it where you pass them on")


def was_given(option: str) -> bool:
    """Say whether the user wrote this option of the running command, be it as its default has it."""
    return click.get_current_context().get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE


def _complete_category(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete a category from the graph that is there; completing builds none and says nothing."""
    from .. import default_graph_path
    from ..kg.errors import LlmcompError

    try:
        path = ctx.params.get("graph_path") or default_graph_path()
        return [c.slug for c in Graph(path).categories() if c.slug.startswith(incomplete)]
    except LlmcompError:
        return []


def query_source(query: str) -> str:
    """Return the query itself: typed, named, in a file, or on standard input."""
    if query != "-":
        if query in query_names() or "{" in query or "\n" in query:
            return query
        if not query.endswith(".rq") and not os.path.isfile(query):  # noqa: PTH113 (Path raises for a long name)
            return query
    from ..kg.sources import not_too_large, read_file, read_input

    if query == "-":
        data, name = read_input(), "standard input"
    else:
        name = query
        try:
            data = read_file(Path(query))
        except OSError as error:
            raise OutsideError(f"{query}: cannot be read: {error.strerror}. Name a file that holds SPARQL.") from error
    try:
        return not_too_large(data, name, "a query is a text of SPARQL").decode("utf-8-sig")
    except UnicodeError as error:
        raise UsageError(f"{name}: not UTF-8 ({error}); SPARQL is written in UTF-8.") from error
