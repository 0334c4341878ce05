"""``llmcomp table``."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

import click

from .. import Selection
from ..exports.columns import COLUMNS, column_names
from ..exports.options import Venues
from ..exports.tables import TABLE_FORMATS, GroupBy, Layout, TableSort, fits_a_page
from ..kg.errors import UsageError, readable
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
@click.option(
    "--columns",
    default=",".join(Layout().columns),
    show_default=True,
    metavar="NAMES",
    help=f"Which columns, with commas between: {', '.join(COLUMNS)}.",
)
@click.option("--format", "format_", type=click.Choice(sorted(TABLE_FORMATS)), default="markdown", show_default=True)
@click.option(
    "--sort",
    type=click.Choice(get_args(TableSort)),
    default="key",
    show_default=True,
    help="Order of rows: by key, oldest first, most cited first, by title, or by venue.",
)
@click.option(
    "--group-by",
    type=click.Choice(get_args(GroupBy)),
    default="none",
    show_default=True,
    help="A heading for each category, sub-group of a category, year or venue.",
)
@click.option(
    "--venues",
    type=click.Choice(get_args(Venues)),
    default="acronym",
    show_default=True,
    help="Which name of a venue is printed.",
)
@click.option("--caption", metavar="TEXT", help="The caption; LaTeX and HTML have one of their own, '' leaves it out.")
@click.option("--label", default="", metavar="LABEL", help="For LaTeX: what \\ref refers to.")
@output_option
@graph_options
def table(
    selection: Selection,
    columns: str,
    format_: str,
    sort: str,
    group_by: str,
    venues: str,
    caption: str | None,
    label: str,
    output: Path | None,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Write a table of works: for a paper, a page, or a spreadsheet.

    LaTeX is a longtable with the rules of booktabs, works cited by their keys; its first line tells the packages that
    it needs. Markdown is GitHub's. Sub-groups are works of a category that share a telling word in their titles. In CSV
    a text that a spreadsheet would take for a formula begins with an apostrophe.

    \b
    Examples:
      llmcomp table -c kv-cache --columns key,title,venue,year,code --format latex -o table.tex
      llmcomp table -c pruning --year 2024.. --sort title --group-by venue
      llmcomp table --columns key,title,authors,year,doi,code --format csv -o works.csv
    """
    if caption is not None:
        readable("caption", caption)
    readable("label", label)
    if was_given("label") and format_ != "latex":
        raise UsageError(f"--label is for latex, and {format_} has no labels. Leave it out.")
    if caption and format_ == "csv":
        raise UsageError("--caption has no place in csv. Leave it out.")
    layout = Layout(
        column_names(readable("column", columns)),
        cast(TableSort, sort),
        cast(GroupBy, group_by),
        cast(Venues, venues),
        caption,
        label,
    )
    graph = opened(graph_path, talk)
    tell_unknown(graph, selection, talk)
    made = graph.table(selection, format=format_, layout=layout)
    write([made.encode("utf-8")], output)
    if ("citations" in layout.columns or sort == "citations") and not any(graph.rows("citation-counts")):
        talk.say("this graph knows no citation counts yet. 'llmcomp enrich' fetches them.")
    if format_ == "latex" and not fits_a_page(layout):
        talk.say(
            "these columns are wider than a page of text. Leave some out, or set the table in the environment "
            "landscape of the package pdflscape."
        )
    tell_source(graph, talk)
