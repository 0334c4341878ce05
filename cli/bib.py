"""``llmcomp bib``."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

import click

from .. import Selection, Work
from ..exports.options import NO_WORKS, Options, Protect, Sort, Venues
from ..exports.registry import FORMATS, export, field_names
from ..kg.errors import NothingFound, UsageError
from ..kg.key_styles import KEY_STYLES, KeyStyle
from .options import (
    Talk,
    graph_options,
    opened,
    output_option,
    selecting_options,
    tell_source,
    tell_unknown,
    was_given,
)
from .output import counted, write


@click.command()
@selecting_options
@click.option("--format", "format_", type=click.Choice(sorted(FORMATS)), default="bibtex", show_default=True)
@click.option(
    "--protect",
    type=click.Choice(["smart", "all", "none"]),
    default="smart",
    show_default=True,
    help="Which words of titles a style may not lower.",
)
@click.option(
    "--venues",
    type=click.Choice(["full", "short", "acronym"]),
    default="full",
    show_default=True,
    help="Which name of a venue is printed.",
)
@click.option(
    "--sort",
    type=click.Choice(get_args(Sort)),
    default="key",
    show_default=True,
    help="Order of entries: by key, oldest first, or most cited first.",
)
@click.option(
    "--fields",
    metavar="NAMES",
    help="Only these fields, with commas between: author,title,year. Or all but these: -keywords,-url.",
)
@click.option(
    "--abstract", type=click.Choice(["off"]), default="off", show_default=True, help="No abstract is written."
)
@click.option(
    "--keys",
    "key_style",
    type=click.Choice(KEY_STYLES),
    default="default",
    show_default=True,
    help="Citation keys: those of the graph, or as arXiv or the ACL Anthology write them.",
)
@click.option(
    "--style",
    default="ieee",
    show_default=True,
    metavar="STYLE",
    help="For text and html: a CSL style (ieee, apa, acl, ...) or a file of one.",
)
@output_option
@graph_options
def bib(
    selection: Selection,
    format_: str,
    protect: str,
    venues: str,
    sort: str,
    fields: str | None,
    abstract: str,  # noqa: ARG001 (no source here tells abstracts; the option says so)
    key_style: str,
    style: str,
    output: Path | None,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Write a bibliography of listed works: every paper, or those that the options select.

    The same graph gives the same bytes. Tools are written when their category is asked for. With --aux or --tex it is
    what the document cites; keys that no work bears are told on stderr, each with the nearest one.

    \b
    Examples:
      llmcomp bib --category quantization > refs.bib
      llmcomp bib -c kv-cache --year 2024.. --format csl-json -o kv.json
      llmcomp bib --aux paper.aux --format biblatex -o refs.bib
      llmcomp bib -c pruning --format text --style apa
    """
    _check(format_)
    graph = opened(graph_path, talk)
    works = graph.works(selection, cast(KeyStyle, key_style))
    tell_unknown(graph, selection, talk)
    if not works:
        raise NothingFound(NO_WORKS)
    options = Options(
        cast(Protect, protect), cast(Venues, venues), cast(Sort, sort), field_names(fields, format_), style
    )
    write((piece.encode("utf-8") for piece in export(works, format_, options)), output)
    _tell_missing(works, format_, talk)
    tell_source(graph, talk)


def _check(format_: str) -> None:
    """Raise UsageError for an option that a format knows no use for: its user awaits something else."""
    formatted = format_ in ("text", "html")
    if was_given("style") and not formatted:
        raise UsageError(f"--style is for text and html, {format_} has none. Add --format text, or leave it out.")
    if was_given("protect") and not (formatted or format_ in ("bibtex", "biblatex")):
        raise UsageError(f"--protect is for formats that can mark capitals, and {format_} cannot. Leave it out.")


def _tell_missing(works: list[Work], format_: str, talk: Talk) -> None:
    """Say how many works lack authors, and what that means for their entries."""
    from ..exports.cited import is_published

    papers = [work for work in works if work.kind == "paper"]
    nameless = [work for work in papers if not work.authors]
    cut = [work for work in papers if work.authors and work.authors_truncated]
    if not nameless and not cut:
        return
    of = f"of {counted(len(works), 'work')}"
    first = "some" if any(len(work.authors) > 1 for work in cut) else "its first" if len(cut) == 1 else "their first"
    if nameless:
        told = f"{len(nameless)} {of} {'has' if len(nameless) == 1 else 'have'} no known authors"
        told += f", {len(cut)} only {first}" * bool(cut)
    else:
        author = "authors" if first == "some" else "author"
        told = f"{len(cut)} {of} {'has' if len(cut) == 1 else 'have'} only {first} {author} known"
    told += f" (-v names {'it' if len(nameless) + len(cut) == 1 else 'them'})"
    published = sum(map(is_published, nameless))
    if published and format_ in ("bibtex", "biblatex"):
        is_, their = ("is", "its") if published == 1 else ("are", "their")
        told += f"; {published} of them {is_} published and {is_} written as @misc until {their} authors are known"
    talk.say(told)
    lines = {work.key: f"  {work.key}" for work in nameless} | {w.key: f"  {w.key}  (only {first})" for w in cut}
    talk.detail("\n".join(lines[key] for key in sorted(lines)))
