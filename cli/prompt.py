"""The prompt that ``llmcomp query`` opens on a terminal."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import click
from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from ..kg.answer import TABULAR, TRIPLES
from ..kg.errors import LlmcompError
from ..kg.graph import Graph
from ..kg.sparql import FUNCTIONS, keywords, tokens
from ..ontology.named import query_names
from ..ontology.terms import PREFIXES
from .output import table

_HELP = """\
A query runs when its braces are closed, or after an empty line. Prefixes of the graph need no declaration.
NAME asks one of the package's queries, NAME year=2024 with a parameter.
Tab completes prefixes, properties, classes and categories of the graph, and names of queries.

.list           the package's queries, and what each answers
.prefixes       the prefixes of the graph
.format NAME    how answers are written from now on; alone, as a table
.help           this
.quit           the end, as Ctrl-D; Ctrl-C leaves a line, or a query that takes too long
"""
_COMMANDS = (".format", ".help", ".list", ".prefixes", ".quit")
_FORMATS = ("table", *TABULAR, *TRIPLES, "bibtex")
_WORD = re.compile(r"[?$.]?[\w:-]*$")


@dataclass(slots=True)
class Session:
    """What stays from query to query."""

    graph: Graph
    format: str | None = None
    limit: int | None = None
    timeout: float | None = None


def prompt(graph: Graph, format_: str | None, limit: int | None, timeout: float | None) -> None:
    """Ask for queries and answer them until the end is told; an error is shown and leaves the prompt open.

    Each query runs in a process of its own, which is what can end one.
    """
    session = Session(graph, format_, limit, timeout)
    asking: PromptSession[str] = PromptSession(
        history=_history(),
        completer=Words(graph),
        complete_while_typing=False,
        multiline=True,
        key_bindings=_bindings(),
        prompt_continuation=_continued,
    )
    click.echo(f"SPARQL 1.1 on {graph.path}; .help tells more, Ctrl-D ends.", err=True)
    while True:
        try:
            text = asking.prompt("llmcomp> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text == ".quit":
            return
        try:
            _answer(session, text)
        except LlmcompError as error:
            click.echo(f"Error: {error}", err=True)


def _continued(width: int, _line: int, _wrapped: int) -> str:
    return "... ".rjust(width)


def _answer(session: Session, text: str) -> None:
    if not text:
        return
    command, _, rest = text.partition(" ")
    if command == ".help":
        click.echo(_HELP, nl=False)
    elif command == ".prefixes":
        click.echo(table(("PREFIX", "IRI"), ((f"{name}:", iri) for name, iri in PREFIXES.items())), nl=False)
    elif command == ".list":
        _run(["--list"], "")
    elif command == ".format":
        if rest and rest not in _FORMATS:
            click.echo(f"Error: no format '{rest}'. Known: {', '.join(_FORMATS)}.", err=True)
        else:
            session.format = rest or None
    elif text.startswith("."):
        click.echo(f"Error: no command '{command}'. Known: {', '.join(_COMMANDS)}.", err=True)
    else:
        options = ["--graph", str(session.graph.path)]
        for option, value in (("--format", session.format), ("--limit", session.limit), ("--timeout", session.timeout)):
            if value is not None:
                options += (option, str(value))
        name, settings = named(text)
        for setting in settings:
            options += ("--set", setting)
        _run([*(("--", name) if name else ("--", "-"))], text, options)


def named(text: str) -> tuple[str, list[str]]:
    """Return the name of the package's query that a line asks, and its settings; nothing for SPARQL.

    >>> named("works-of-year year=2024")
    ('works-of-year', ['year=2024'])
    """
    try:
        words = shlex.split(text)
    except ValueError:  # a quotation that is not closed
        words = text.split()
    if words and words[0] in query_names() and all("=" in word for word in words[1:]):
        return words[0], words[1:]
    return "", []


def is_complete(text: str) -> bool:
    """Tell whether what was typed is to be asked: a line of its own, a query with closed braces, or an empty line.

    >>> is_complete("SELECT * {"), is_complete("SELECT * { ?s ?p ?o }"), is_complete(".help")
    (False, True, True)
    """
    if text.startswith(".") or not text.strip() or text.endswith("\n") or named(text)[0]:
        return True
    kinds = [token.kind for token in tokens(text)]
    opened = sum(kind in ("{", "(", "[") for kind in kinds)
    return "{" in kinds and opened <= sum(kind in ("}", ")", "]") for kind in kinds)


class Words(Completer):
    """Completes what stands before the cursor from the graph's own data, which are read while a person types."""

    def __init__(self, graph: Graph) -> None:
        """Begin to read the vocabulary of ``graph``."""
        self.names = {f"{prefix}:" for prefix in PREFIXES if prefix}
        Thread(target=self._read, args=(graph,), daemon=True).start()

    def _read(self, graph: Graph) -> None:
        # a graph that cannot be asked says so at the first query
        with suppress(LlmcompError):
            for query in ("category-names", "classes-in-use", "properties-in-use"):
                self.names |= {row[0] for row in graph.query(query).shortened() if ":" in row[0]}

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        """Yield what the word before the cursor may become."""
        before = document.text_before_cursor
        match = _WORD.search(before)
        word = match[0] if match else ""
        for found in self._known(word, before[: len(before) - len(word)], document.text):
            yield Completion(found, start_position=-len(word))

    def _known(self, word: str, before: str, text: str) -> Iterable[str]:
        if word.startswith(("?", "$")):
            return sorted({t.text for t in tokens(text) if t.kind == "VARIABLE" and t.text.startswith(word)} - {word})
        lines = sorted((*_COMMANDS, *query_names())) if not before.strip() else []
        words = sorted({*keywords(), *FUNCTIONS} - {"a"}) if word and ":" not in word else []
        lower = word.lower()
        return [name for name in (*lines, *sorted(self.names), *words) if name.lower().startswith(lower)]


def _bindings() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return keys


def _history() -> History:
    """Return the history in the user's state folder, or one of this session where none can be written."""
    path = Path(user_state_path("llmcomp", appauthor=False)) / "query-history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def _run(arguments: list[str], text: str, options: Iterable[str] = ()) -> None:
    """Run one query in a process of its own; Ctrl-C reaches that too, and it says so."""
    command = [sys.executable, "-m", f"{__package__}", "query", *options, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        try:
            process.communicate(text.encode("utf-8", "replace"))
        except KeyboardInterrupt:
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
