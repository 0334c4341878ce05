"""``llmcomp status``."""

from __future__ import annotations

from pathlib import Path

import click

from ..kg.findings import EXPLAINED
from .options import Talk, graph_options, json_option, opened
from .output import counted, echo, heading, print_json


@click.command()
@json_option
@graph_options
def status(as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Show what the graph holds and what is wrong with its lists, with line numbers.

    \b
    Example:
      llmcomp status
    """
    found = opened(graph_path, talk).status()
    if as_json:
        print_json(found)
        return
    papers, tools = counted(found.paper_rows, "paper"), counted(found.tool_rows, "tool")
    lists, complete = counted(found.reference_lists, "reference list"), found.complete_reference_lists
    outside = counted(found.works_outside, "work")
    echo(f"graph      {found.path}{f' (built by llmcomp {found.version})' if found.version else ''}")
    echo(f"rows       {found.paper_rows + found.tool_rows}: {papers} + {tools}")
    echo(f"works      {found.works}, {found.published} of them published at a venue; {counted(found.tools, 'tool')}")
    echo(f"authors    known for {found.authors_known} of {counted(found.works, 'work')}")
    if found.asked:
        unknown = f"; {found.unknown_there} not known there" if found.unknown_there else ""
        echo(f"enriched   {counted(found.asked, 'work')} from Semantic Scholar, last on {found.asked_last}{unknown}")
    echo(f"references {lists}, {complete} of them complete")
    echo(f"citations  {found.citations_inside} inside the lists; {outside} cited and not listed")
    echo()
    echo(heading("Sources"))
    for source in found.sources:
        echo(f"  {source.date}  {source.title}: {source.source} ({counted(source.statements, 'statement')})")
    for kind, findings in found.by_kind().items():
        echo()
        echo(heading(f"{EXPLAINED[kind]}: {len(findings)}"))
        for finding in findings:
            echo(f"  {finding.source}, line {finding.line}: {finding.title}")
            echo(f"    {finding.message}")
