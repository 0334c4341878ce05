"""``llmcomp bib``."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from .. import Selection
from ..exports.options import Options, Protect, Venues
from ..exports.registry import FORMATS, export
from ..kg.errors import NothingFound
from .options import Talk, graph_options, opened, output_option, selecting_options
from .output import write


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
@output_option
@graph_options
def bib(
    selection: Selection,
    format_: str,
    protect: str,
    venues: str,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Write a bibliography of listed works: every paper, or those that the options select.

    Entries are sorted by citation key; the same graph gives the same bytes. Tools are written when their category
    is asked for.

    \b
    Examples:
      llmcomp bib --category quantization > refs.bib
      llmcomp bib -c kv-cache --year 2024.. --format csl-json -o kv.json
    """
    graph = opened(graph_path, talk)
    works = graph.works(selection)
    if not works:
        raise NothingFound("no work meets all of these conditions. Leave one out, or see 'llmcomp categories'.")
    options = Options(cast(Protect, protect), cast(Venues, venues))
    write((piece.encode("utf-8") for piece in export(works, format_, options)), output)
    nameless = [work.key for work in works if work.kind == "paper" and not work.authors]
    if nameless:
        talk.say(f"{len(nameless)} of {len(works)} works have no known authors (-v names them)")
        talk.detail("\n".join(f"  {key}" for key in nameless))
