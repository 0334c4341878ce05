"""``llmcomp query``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TypeVar

import click

from ..kg.errors import NothingFound, UsageError
from ..kg.graph import TABULAR, TRIPLES, Graph, forgetful
from ..ontology.named import describe, query_names, query_text
from .options import Talk, graph_options, json_option, opened, output_option, query_source
from .output import print_json, print_table, table, terminal_width, write

Told = TypeVar("Told")


@click.command()
@click.argument("query", required=False, metavar="[QUERY]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", *TABULAR, *TRIPLES]),
    help="How the answer is written.  [default: table; turtle for CONSTRUCT and DESCRIBE]",
)
@click.option("--list", "list_", is_flag=True, help="List the package's own queries and what each answers.")
@json_option
@output_option
@graph_options
def query(
    query: str | None,
    format_: str | None,
    list_: bool,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Ask the graph in SPARQL 1.1.

    QUERY is the text of a query, a file NAME.rq, '-' for standard input, or the name of one of the package's own
    queries (--list). The graph's prefixes need not be declared. The default graph is the resolved view; each source
    is a named graph.

    \b
    Examples:
      llmcomp query findings
      llmcomp query 'SELECT ?t WHERE { ?w a fabio:ResearchPaper ; dcterms:title ?t } LIMIT 5' --format csv
    """
    if as_json and format_ not in (None, "json"):
        raise UsageError(f"--json and --format {format_} ask for two things. Leave one out.")
    if as_json:
        format_ = "json"
    if list_:
        _list(format_ or "table", output)
        return
    if query is None:
        raise UsageError("no query. Give SPARQL, a file, '-' or a name; 'llmcomp query --list' lists the names.")
    text = query_source(query)
    graph = opened(graph_path, talk)
    data, found = _at_once(lambda: _answer(graph, text, format_, output))
    write([data], output)
    if not found:
        raise NothingFound("the query has no answer in this graph.")


def _list(format_: str, output: Path | None) -> None:
    named = [(name, describe(query_text(name))) for name in query_names()]
    if format_ == "json":
        print_json([{"name": name, "answers": text} for name, text in named], output)
    elif format_ == "table":
        print_table(("QUERY", "ANSWERS"), named, output=output)
    else:
        raise UsageError(f"--list is a table or JSON, not {format_}. Leave --format out.")


def _answer(graph: Graph, text: str, format_: str | None, output: Path | None) -> tuple[bytes, bool]:
    """Return the answer as it is written, and whether there is one; a yes or no always is."""
    answer = graph.query(text)
    kind = answer.kind
    chosen = format_ or ("turtle" if kind == "triples" else "table")
    if chosen == "table":
        if output is not None:
            raise UsageError(f"a table is for reading; with -o name a format: {', '.join((*TABULAR, *TRIPLES))}.")
        rows = list(answer.shortened())
        header = [f"?{name}" if kind == "rows" else name for name in answer.variables]
        return table(header, rows, room=terminal_width()), bool(rows)
    data = answer.write(chosen)
    if data and not data.endswith(b"\n"):
        data += b"\n"
    return data, kind == "boolean" or not _is_empty(data, chosen)


def _is_empty(data: bytes, format_: str) -> bool:
    """Tell whether an answer, as it is written, holds no row and no triple."""
    match format_:
        case "csv" | "tsv":  # the names alone, and no name holds a line break
            return not data.partition(b"\n")[2]
        case "json":  # inside text the quotes would be escaped
            return data.endswith(b'"results":{"bindings":[]}}\n')
        case "xml":
            return b"<results></results>" in data
        case _:
            return all(line.startswith(b"@prefix ") for line in data.splitlines() if line)


def _at_once(work: Callable[[], Told]) -> Told:
    """Return what ``work`` returns, or leave it at Ctrl-C: this thread would hear of that when the store is done."""
    told: list[Told] = []
    failed: list[BaseException] = []

    def do() -> None:
        try:
            told.append(work())
        except BaseException as error:
            failed.append(forgetful(error))

    thread = Thread(target=do, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)  # without a limit Windows would not hear of Ctrl-C either
    if failed:
        raise failed[0]
    return told[0]
