"""``llmcomp query``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from ..kg.answer import TABULAR, TRIPLES, Answer
from ..kg.errors import NothingFound, OutsideError, UsageError
from ..kg.graph import Graph, spelled_out
from ..kg.parameters import KINDS, parameters, with_parameters
from ..ontology import terms as t
from ..ontology.named import describe, query_names, query_text, question_names, topic
from .aside import aside
from .options import Talk, graph_options, json_option, opened, output_option, query_source
from .output import counted, print_json, print_table, table, terminal_width, write

Told = TypeVar("Told")
FORMATS = ("table", *TABULAR, *TRIPLES, "bibtex")
"""How an answer may be written."""
_MEASURES = (t.CITED_BY_LISTED, t.CITED_BY_WORKS, t.PAGERANK, t.CORE_NUMBER, t.CITATION_VELOCITY, t.COMMUNITY_NUMBER)


@click.command()
@click.argument("query", required=False, metavar="[QUERY]")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="The value of a parameter, or of any variable of the query. Repeat for several; of one name they mean any.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="How the answer is written; bibtex is of what the query binds to ?work.  [default: table; turtle for triples]",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N rows or triples.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="End the query when it takes longer.",
)
@click.option("--allow-service", multiple=True, metavar="URL", help="An endpoint that the query may call with SERVICE.")
@click.option("--explain", is_flag=True, help="Say on stderr what was asked, of which graphs, and how long it took.")
@click.option("--show", is_flag=True, help="Print the text of the query instead of asking it.")
@click.option("--list", "list_", is_flag=True, help="List the package's own queries and what each answers.")
@json_option
@output_option
@graph_options
def query(
    query: str | None,
    settings: tuple[str, ...],
    format_: str | None,
    limit: int | None,
    timeout: float | None,
    allow_service: tuple[str, ...],
    explain: bool,
    show: bool,
    list_: bool,
    as_json: bool,
    output: Path | None,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Ask the graph in SPARQL 1.1.

    QUERY is the text of a query, a file NAME.rq, '-' for standard input, or the name of one of the package's own
    queries (--list). Without one, a terminal opens a prompt. The graph's prefixes need not be declared. The default
    graph is the resolved view; each source is a named graph.

    \b
    Examples:
      llmcomp query works-of-category --set category=pruning
      llmcomp query reading-order --format bibtex -o reading.bib
      llmcomp query 'SELECT ?t WHERE { ?w a fabio:ResearchPaper ; dcterms:title ?t }' --limit 5 --format csv
    """
    if as_json and format_ not in (None, "json"):
        raise UsageError(f"--json and --format {format_} ask for two things. Leave one out.")
    if as_json:
        format_ = "json"
    if list_:
        _list(format_ or "table", output)
        return
    if query is None:
        if sys.stdin and sys.stdout and getattr(sys.stdin, "isatty", bool)() and sys.stdout.isatty():
            from .prompt import prompt

            graph = opened(graph_path, talk)
            graph.services = frozenset(allow_service)
            prompt(graph, format_, limit, timeout)
            return
        raise UsageError("no query. Give SPARQL, a file, '-' or a name; 'llmcomp query --list' lists the names.")
    text, given = query_source(query), _given(settings)
    if show and not given:
        write([spelled_out(text).rstrip().encode(), b"\n"], output)
        return
    graph = opened(graph_path, talk)
    graph.services = frozenset(allow_service)
    text = with_parameters(graph, text, given)
    if show:
        write([text.rstrip().encode(), b"\n"], output)
        return
    ask(graph, text, format_, limit=limit, timeout=timeout, explain=explain, output=output, talk=talk)


def ask(
    graph: Graph,
    text: str,
    format_: str | None,
    *,
    limit: int | None,
    timeout: float | None,
    explain: bool,
    output: Path | None,
    talk: Talk,
) -> None:
    """Ask one query and write its answer; raise NothingFound when it has none."""
    if explain:
        _explain(graph, text, timeout, talk)
    began = time.monotonic()
    data, found, more = _at_once(lambda: _answer(graph, text, format_, limit, explain, output), timeout)
    if explain:
        talk.say(f"{counted(found, 'result')} in {time.monotonic() - began:.2f} seconds")
    write([data], output)
    if more:
        talk.say(f"cut at {limit}; there are more. Leave --limit out for all.")
    if not found:
        advice = " 'llmcomp measures' writes measures into it." if _of_measures(text) else ""
        raise NothingFound(f"the query has no answer in this graph.{advice}")


def _of_measures(text: str) -> bool:
    """Say whether a query asks for what is not there before it was computed."""
    return any(term.removeprefix(t.ONTOLOGY)[1:] in text for term in _MEASURES)


def _explain(graph: Graph, text: str, timeout: float | None, talk: Talk) -> None:
    """Say what is about to be asked: a query that takes too long is understood by how much it joins."""
    from ..kg.plan import plan

    told = _at_once(lambda: plan(graph, text), timeout)
    talk.say(told.text)
    for name in told.graphs:
        talk.say(f"reads {name}")
    for name, number in told.statements:
        talk.say(f"joins {counted(number, 'statement')} of {name}")


def _given(settings: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the values of ``--set`` by name."""
    given: dict[str, list[str]] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set '{setting}' is no NAME=VALUE. Write --set category=quantization.")
        given.setdefault(name.strip(), []).append(value)
    return given


def _list(format_: str, output: Path | None) -> None:
    asked = question_names()
    names = [*asked, *(name for name in query_names() if name not in asked)]
    if format_ == "json":
        print_json([_described(name) for name in names], output)
    elif format_ == "table":
        rows = [
            (name, topic(text) or "(commands)", " ".join(p.name for p in parameters(text)), describe(text))
            for name, text in ((name, query_text(name)) for name in names)
        ]
        print_table(("QUERY", "TOPIC", "SET", "ANSWERS"), rows, output=output)
    else:
        raise UsageError(f"--list is a table or JSON, not {format_}. Leave --format out.")


def _described(name: str) -> dict[str, object]:
    text = query_text(name)
    told = [{"name": p.name, "kind": p.kind, "takes": KINDS[p.kind], "default": p.default} for p in parameters(text)]
    return {"name": name, "topic": topic(text), "answers": describe(text), "parameters": tuple(told)}


def _answer(
    graph: Graph, text: str, format_: str | None, limit: int | None, count: bool, output: Path | None
) -> tuple[bytes, int, bool]:
    """Return the answer as it is written, its number of results (unless ``count``, 1 for any), and whether it was cut.

    A yes or no is one result.
    """
    answer, found, more = graph.query(text), 1, False
    kind = answer.kind
    chosen = format_ or ("turtle" if kind == "triples" else "table")
    if chosen == "bibtex" and "work" not in answer.variables:
        raise UsageError("bibtex is of works, and this query binds no ?work. Write SELECT ?work WHERE { ... }.")
    if count or limit is not None:
        answer, found, more = answer.first(limit)
    if chosen == "bibtex":
        data = _bibliography(graph, answer)
        return data, found if data else 0, more
    if chosen == "table":
        if output is not None:
            *others, last = FORMATS[1:]
            raise UsageError(f"a table is for reading; with -o name a format: {', '.join(others)} or {last}.")
        rows = list(answer.shortened())
        header = [f"?{name}" if kind == "rows" else name for name in answer.variables]
        return table(header, rows, room=terminal_width()), len(rows), more
    data = answer.write(chosen)
    if data and not data.endswith(b"\n"):
        data += b"\n"
    return data, 0 if kind != "boolean" and _is_empty(data, chosen) else found, more


def _bibliography(graph: Graph, answer: Answer) -> bytes:
    """Return BibTeX of the works that an answer binds to ``?work``; what is no work of the graph is passed over."""
    from ..exports.registry import export
    from ..kg.works import load_works

    column = answer.variables.index("work")
    works = load_works(graph, {row[column] for row in answer} & graph.pairs("work-keys").keys())
    return "".join(export(works, "bibtex")).encode() if works else b""


def _is_empty(data: bytes, format_: str) -> bool:
    """Tell whether an answer, as it is written, holds no row and no triple."""
    match format_:
        case "csv" | "tsv":  # the names alone, and no name holds a line break
            return not data.partition(b"\n")[2]
        case "json":  # inside text the quotes would be escaped
            return data.endswith(b'"results":{"bindings":[]}}\n')
        case "xml":
            return b"<results></results>" in data
        case "jsonld":
            return data == b"[]\n"
        case _:
            return all(line.startswith(b"@prefix ") for line in data.splitlines() if line)


def _at_once(work: Callable[[], Told], timeout: float | None) -> Told:
    """Return what ``work`` returns; raise OutsideError when it takes more than ``timeout`` seconds."""
    try:
        return aside(work, timeout)
    except TimeoutError as error:
        raise OutsideError(
            f"the query gave no answer in {timeout:g} seconds and was ended. Ask for less, or give it more time "
            "with --timeout; --explain says how much it joins."
        ) from error
