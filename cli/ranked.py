"""How commands print works in an order: a table, reasons, JSON, or a bibliography of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from .. import Graph
from ..exports.registry import FORMATS, export
from ..kg.edges import Basis
from ..kg.errors import UsageError
from ..kg.ranking import Ranked, Ranking
from ..kg.works import load_works
from ..ontology.terms import ENRICHMENT_GRAPHS
from .options import Talk, json_option, output_option
from .output import counted, print_json, print_table, write

Command = TypeVar("Command", bound=Callable[..., Any])


def ranked_options(limit: int | None, *, why: bool = True) -> Callable[[Command], Command]:
    """Add ``--limit`` (with this default), ``--why``, ``--json``, ``--format`` and ``-o``."""

    def add(command: Command) -> Command:
        command = output_option(command)
        command = json_option(command)
        command = click.option(
            "--format",
            "format_",
            type=click.Choice(["table", *sorted(FORMATS)]),
            default="table",
            show_default=True,
            help="How the answer is written: as a table, or as a bibliography of its works.",
        )(command)
        if why:
            command = click.option("--why", is_flag=True, help="Say of each work why it stands there.")(command)
        if limit is None:
            return command
        return click.option(
            "--limit", type=click.IntRange(min=1), default=limit, show_default=True, help="How many at most."
        )(command)

    return add


listed_option = click.option("--listed", is_flag=True, help="Only works of the lists, none that is only cited.")


def print_ranking(
    graph: Graph, found: Ranking, *, as_json: bool, format_: str, why: bool, output: Path | None, talk: Talk
) -> None:
    """Print a ranking, and on stderr how many more there are and on how many reference lists it rests."""
    check_form(as_json, format_)
    if as_json:
        print_json(found, output)
    elif format_ != "table":
        write_works(graph, (work.iri for work in found.works), format_, output, talk)
    elif why:
        write((_reason(work).encode("utf-8", "backslashreplace") for work in found.works), output)
    else:
        scored = any(work.score for work in found.works)
        mixed = len({work.listed for work in found.works}) > 1
        header = (
            *("KEY", "YEAR"),
            *([found.measure.upper()] if scored else []),
            *(["LISTED"] if mixed else []),
            "TITLE",
        )
        rows = (
            (
                work.key,
                str(work.year or ""),
                *([number(work.score)] if scored else []),
                *(["yes" if work.listed else ""] if mixed else []),
                work.title,
            )
            for work in found.works
        )
        print_table(header, rows, numbers=(2,) if scored else (), output=output)
    if found.found > len(found.works):
        talk.say(f"{found.found - len(found.works)} more; --limit shows them")
    tell_basis(found.basis, talk)


def check_form(as_json: bool, format_: str) -> None:
    """Raise UsageError where two forms are asked for at once."""
    if as_json and format_ != "table":
        raise UsageError(f"--json and --format {format_} ask for two things. Leave one out.")


def tell_basis(basis: Basis, talk: Talk) -> None:
    """Say on how many reference lists an answer rests."""
    lists = f"rests on {counted(basis.reference_lists, 'reference list')}, {basis.complete} of them complete"
    if basis.without:
        have = "has" if basis.without == 1 else "have"
        lists += (
            f"; {basis.without} of {counted(basis.listed, 'listed paper')} {have} none yet, 'llmcomp enrich' fetches"
        )
        lists += " it" if basis.without == 1 else " them"
    talk.say(lists)


def write_works(graph: Graph, iris: Iterable[str], format_: str, output: Path | None, talk: Talk) -> None:
    """Write the works with these IRIs as a bibliography."""
    works = load_works(graph, iris)
    write((piece.encode("utf-8") for piece in export(works, format_)), output)
    if any(source.startswith(ENRICHMENT_GRAPHS) for source, *_ in graph.rows("sources")):
        talk.say("some values are from Semantic Scholar (ODC-BY 1.0): name it where you pass them on")


def number(value: float) -> str:
    """Return a number for a table: whole ones whole, others with three digits that count, nothing for 0.

    >>> number(12), number(0.018293), number(0)
    ('12', '0.0183', '')
    """
    return ("" if not value else str(int(value))) if value == int(value) else f"{value:.3g}"


def _reason(work: Ranked) -> str:
    mark = "" if work.listed else "  (cited, not listed)"
    more = f" and {work.more} more" if work.more else ""
    by = f": {', '.join(work.by)}{more}" if work.by else ""
    reason = f"  {work.why}{by}\n" if work.why else ""
    return f"{work.key}  {' '.join(work.title.split())}{mark}\n{reason}"
