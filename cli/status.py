"""``llmcomp status``."""

from __future__ import annotations

from pathlib import Path

import click

from ..kg.findings import EXPLAINED
from .options import Talk, graph_options, json_option, opened
from .output import echo, heading, print_json


@click.command()
@json_option
@graph_options
def status(as_json: bool, graph_path: Path | None, talk: Talk) -> None:
    """Show what the graph holds and what is wrong with its lists, with line numbers.

    \b
    Example:
      llmcomp status
    """
    found = opened(graph_path, talk).status()
    if as_json:
        print_json(found)
        return
    complete, lists = found.complete_reference_lists, found.reference_lists
    echo(f"graph      {found.path} (built by llmcomp {found.version})")
    echo(f"rows       {found.paper_rows + found.tool_rows}: {found.paper_rows} papers + {found.tool_rows} tools")
    echo(f"works      {found.works}, {found.published} of them published at a venue; {found.tools} tools")
    echo(f"authors    known for {found.authors_known} of {found.works} works")
    echo(f"references {lists} reference lists, {complete} of them complete")
    echo(f"citations  {found.citations_inside} inside the lists; {found.works_outside} works cited and not listed")
    echo()
    echo(heading("Sources"))
    for source in found.sources:
        echo(f"  {source.date}  {source.title}: {source.source} ({source.statements} statements)")
    for kind, findings in found.by_kind().items():
        echo()
        echo(heading(f"{EXPLAINED[kind]}: {len(findings)}"))
        for finding in findings:
            echo(f"  {finding.source}, line {finding.line}: {finding.title}")
            echo(f"    {finding.message}")
