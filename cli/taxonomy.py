"""``llmcomp taxonomy``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast, get_args

import click

from .. import Selection
from ..exports.taxonomy import LEGIBLE, MERMAID_LARGEST, TAXONOMY_FORMATS
from ..exports.tree import Depth, Drawing, Leaves
from ..kg.errors import UsageError
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
from .output import write


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
    graph_path: Path | str | None,
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
    if depth != "works" and (was_given("leaves") or was_given("max_works")):
        raise UsageError(f"--leaves and --max-works are about works, and --depth {depth} draws none. Leave them out.")
    graph = opened(graph_path, talk)
    tell_unknown(graph, selection, talk)
    drawing = Drawing(cast(Leaves, leaves), cast(Depth, depth), max_works)
    made = graph.taxonomy(selection, format=format_, drawing=drawing)
    write([made.encode("utf-8")], output)
    less = "--max-works or --depth subgroups draws less"
    if format_ == "mermaid" and len(made) > MERMAID_LARGEST:
        talk.say(f"Mermaid draws {MERMAID_LARGEST} characters, and this is more; {less}")
    if format_ == "latex" and (works := len(set(re.findall(r"\\cite\{([^}]*)\}", made)))) > LEGIBLE:
        talk.say(f"{works} works on one page are too small to read; {less}")
    tell_source(graph, talk)
