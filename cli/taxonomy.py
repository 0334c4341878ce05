"""``llmcomp taxonomy``."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

import click

from .. import Selection
from ..exports.taxonomy import MERMAID_LARGEST, TAXONOMY_FORMATS
from ..exports.taxonomy import taxonomy as draw
from ..exports.tree import Depth, Drawing, Leaves
from .options import Talk, graph_options, output_option, selecting_options
from .output import write
from .table import selected, tell_source

_LEGIBLE = 150
"""How many works can still be read in a figure of one page."""


@click.command()
@selecting_options
@click.option("--format", "format_", type=click.Choice(sorted(TAXONOMY_FORMATS)), default="mermaid", show_default=True)
@click.option(
    "--leaves",
    type=click.Choice(get_args(Leaves)),
    default="name",
    show_default=True,
    help="What a work is called: the name before the colon of its title (else its authors), its title, or its key.",
)
@click.option(
    "--depth",
    type=click.Choice(get_args(Depth)),
    default="works",
    show_default=True,
    help="Where the tree ends.",
)
@click.option(
    "--max-works",
    type=click.IntRange(min=1),
    metavar="N",
    help="Draw at most so many works of a node, the most cited first, then the newest, and say how many are left out.",
)
@output_option
@graph_options
def taxonomy(
    selection: Selection,
    format_: str,
    leaves: str,
    depth: str,
    max_works: int | None,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Draw the tree of categories, their sub-groups and works.

    LaTeX is a figure of the package forest as surveys have it, each work cited by its key; its first line tells the
    packages that it needs. Mermaid is drawn by GitHub in a Markdown file. SVG stands alone; works link to their pages.
    Sub-groups are works of a category that share a telling word in their titles.

    \b
    Examples:
      llmcomp taxonomy -c kv-cache --format latex -o taxonomy.tex
      llmcomp taxonomy --format svg -o taxonomy.svg
      llmcomp taxonomy --max-works 8 --leaves title
    """
    drawing = Drawing(cast(Leaves, leaves), cast(Depth, depth), max_works, selection.categories)
    graph, works = selected(selection, graph_path, talk)
    pieces = list(draw(graph, works, format_, drawing))
    write((piece.encode("utf-8") for piece in pieces), output)
    less = "--max-works or --depth subgroups draws less"
    if format_ == "mermaid" and sum(map(len, pieces)) > MERMAID_LARGEST:
        talk.say(f"Mermaid draws {MERMAID_LARGEST} characters, and this is more; {less}")
    if format_ == "latex" and depth == "works" and max_works is None and len(works) > _LEGIBLE:
        talk.say(f"{len(works)} works on one page are too small to read; {less}")
    tell_source(graph, talk)
