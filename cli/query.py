"""``llmcomp query``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..kg.errors import NothingFound, OutsideError, UsageError
from ..kg.graph import TABULAR, TRIPLES
from ..ontology.named import describe, query_names, query_text
from .options import Talk, graph_options, json_option, opened, output_option
from .output import print_json, print_table, write


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
    if list_:
        named = [(name, describe(query_text(name))) for name in query_names()]
        if as_json:
            print_json([{"name": name, "answers": text} for name, text in named])
        else:
            print_table(("QUERY", "ANSWERS"), named)
        return
    if query is None:
        raise UsageError("no query. Give SPARQL, a file, '-' or a name; 'llmcomp query --list' lists the names.")
    answer = opened(graph_path, talk).query(_text(query))
    chosen = "json" if as_json else format_ or ("turtle" if answer.kind == "triples" else "table")
    if chosen != "table":
        write([_ended(answer.write(chosen))], output)
        return
    if output is not None:
        raise UsageError(f"a table is for reading; with -o name a format: {', '.join((*TABULAR, *TRIPLES))}.")
    rows = list(answer)
    print_table([f"?{name}" if answer.kind == "rows" else name for name in answer.variables], rows)
    if not rows:
        raise NothingFound("the query has no answer in this graph.")


def _ended(data: bytes) -> bytes:
    return data if not data or data.endswith(b"\n") else data + b"\n"


def _text(query: str) -> str:
    """Return the query itself: typed, named, in a file, or on standard input."""
    if query == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input")
    if query in query_names() or "{" in query or "\n" in query:
        return query
    path = Path(query)
    if query.endswith(".rq") or path.is_file():
        try:
            return _decoded(path.read_bytes(), query)
        except OSError as error:
            raise OutsideError(f"{query}: cannot be read: {error.strerror}.") from error
    return query


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeError as error:
        raise UsageError(f"{name}: not UTF-8 ({error}); SPARQL is written in UTF-8.") from error
