"""The command ``llmcomp``: its sub-commands, and the one place that turns errors into exit codes.

Exit codes: 0 fine; 1 nothing found; 2 wrong usage; 3 the outside failed; 130 interrupted.
"""

from __future__ import annotations

import os
import sys

try:
    import gc
    from contextlib import suppress
    from importlib import import_module
    from keyword import iskeyword
    from typing import NoReturn

    import click

    from ..kg.errors import LlmcompError
except KeyboardInterrupt:
    # a command that is ended while it starts says what one ended later says
    os.write(2, b"\n" * os.isatty(2) + b"Interrupted; nothing is lost.\n")
    raise SystemExit(130) from None

# command: module of this package, one-line help (so that the list of commands loads none of them)
_COMMANDS = {
    "authors": ("field", "Show who wrote the listed papers, and with whom."),
    "bib": ("bib", "Write a bibliography of listed works."),
    "build": ("build", "Build the graph from the shipped list or from lists of yours."),
    "bibdiff": ("bibdiff", "Compare two bibliographies work by work."),
    "bridges": ("citing", "Show the works that join two categories."),
    "categories": ("looking", "List the categories."),
    "check": ("check", "Hold a .bib of yours against the graph, and mend it."),
    "cited-by": ("citing", "Show what cites a work."),
    "cites": ("citing", "Show what a work cites."),
    "communities": ("field", "Show groups of works that cite each other most."),
    "coverage": ("coverage", "Show which listed works a bibliography lacks, and the other way round."),
    "enrich": ("enrich", "Fetch authors, venues and citations from Semantic Scholar."),
    "export": ("export", "Write the graph as RDF: TriG, N-Quads, JSON-LD or Turtle."),
    "explain": ("explain", "Explain where each value of one work comes from."),
    "graph": ("graph", "Write the citation graph for other programs, or draw it for a paper."),
    "import": ("import_", "Read a graph back that was exported."),
    "keys": ("keys", "Export, import and check citation keys."),
    "main-path": ("standing_out", "Show the chain of citations along which a field came."),
    "measures": ("measures", "Compute the measures of the citation graph and keep them."),
    "missing": ("standing_out", "Show works that listed ones cite and the lists lack."),
    "path": ("citing", "Show how two works are linked."),
    "push": ("push", "Load the graph into a SPARQL server."),
    "query": ("query", "Ask the graph in SPARQL."),
    "reading-order": ("standing_out", "Show what to read first to understand a work."),
    "related": ("citing", "Show the works nearest to one, by who cites whom."),
    "search": ("looking", "Find works by words of title, author or key."),
    "serve": ("serve", "Answer SPARQL over HTTP."),
    "show": ("looking", "Show everything the graph knows of one work."),
    "skeleton": ("skeleton", "Write a survey section that compiles: outline, table, bibliography."),
    "snapshot": ("snapshot", "Move an enriched graph between machines."),
    "table": ("table", "Write a table of works for a survey."),
    "timeline": ("field", "Show listed papers year by year."),
    "top": ("standing_out", "Show the listed papers that stand out."),
    "taxonomy": ("taxonomy", "Draw the tree of categories with their works."),
    "status": ("status", "Show what the graph holds and what is wrong with its lists."),
}


class Commands(click.Group):
    """Sub-commands that are loaded when they are called: start-up counts for a command in a Makefile."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f".{_COMMANDS[cmd_name][0]}", __package__)
        name = cmd_name.replace("-", "_")
        return getattr(module, f"{name}_" if iskeyword(name) else name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that ``args`` begin with; an unknown one is answered with the nearest."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in _COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, _COMMANDS, n=1)
            guess = f" Did you mean '{near[0]}'?" if near else f" Commands: {', '.join(sorted(_COMMANDS))}."
            ctx.fail(f"No such command '{name}'.{guess}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an interrupt is told by :func:`run` alone, click would print an empty line before."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise click.exceptions.Abort from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_COMMANDS.items())])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="llmcomp", message="%(version)s")
def cli() -> None:
    """Turn a reading list into a knowledge graph, and the graph into a bibliography fit to cite from.

    The graph is made of the shipped list on first need, without a network.

    \b
    Example:
      llmcomp bib --category quantization > refs.bib
    """


def main() -> NoReturn:
    """Run the command and end the process with its exit code."""
    # A command lives for a blink: collecting its cycles, taking the interpreter apart and closing a store
    # that was opened for reading would take as long as its work. A build has closed its own by now.
    try:
        gc.disable()
        # igraph's threads add up a PageRank in the order in which they come, and are no faster
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        code = run(sys.argv[1:])
        for stream in (sys.stdout, sys.stderr):
            if stream:  # None where it was closed before Python began
                with suppress(OSError, ValueError):
                    stream.flush()
    except KeyboardInterrupt:  # one more, while run told of the first
        code = 130
    os._exit(code)


def run(args: list[str]) -> int:
    """Run the command with ``args`` and return the exit code; nothing a user can cause ends in a traceback."""
    stdout, stderr = sys.stdout, sys.stderr
    try:
        code = cli.main(args, prog_name="llmcomp", standalone_mode=False)
        if stdout:  # None where it was closed before Python began
            stdout.flush()
    except LlmcompError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        # a terminal has written "^C"
        click.echo("\n" * bool(stderr and stderr.isatty()) + "Interrupted; nothing is lost.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        return _read_enough()
    except SystemExit:
        # how a shell's completion ends; and click meets a closed pipe by wrapping stdout and leaving with 1
        if sys.stdout is stdout:
            raise
        sys.stdout, sys.stderr = stdout, stderr
        return _read_enough()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {where}{error.strerror or error}. Make room or write elsewhere, and try again.", err=True)
        _read_enough()
        return 3
    return code if isinstance(code, int) else 0


def _read_enough() -> int:
    """Return the exit code for a closed pipe ("| head"); what is left in the buffer must not raise at the end."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
