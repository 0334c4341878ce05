"""``llmcomp coverage``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from .. import Selection
from ..kg.coverage import Coverage
from ..kg.text import printable
from .options import Talk, graph_options, json_option, opened, selecting_options, tell_unknown
from .output import counted, echo, heading, print_json, print_table
from .unread import tell_unread

_LIMIT = 20


@click.command()
@click.argument("file", metavar="REFS.bib")
@selecting_options
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_LIMIT,
    show_default=True,
    help="How many rows of each table at most.",
)
@json_option
@graph_options
def coverage(
    file: str, selection: Selection, limit: int, as_json: bool, graph_path: Path | str | None, talk: Talk
) -> None:
    """Show which listed works a bibliography lacks, and which of its works stand on no list.

    REFS.bib is any .bib file, whoever wrote it, or '-' for standard input. The options select the works that it should
    have: every listed paper without any. The works that it lacks come most cited first, by other listed works whose
    references are known; 'llmcomp bib --key KEY' writes their entries. --limit holds for the tables, not for --json.

    \b
    Examples:
      llmcomp coverage refs.bib --category quantization
      llmcomp coverage refs.bib -c kv --year 2024.. --limit 50
    """
    graph = opened(graph_path, talk)
    found = graph.coverage(file, selection)
    tell_unknown(graph, selection, talk)
    tell_unread(found.file, found.unread, talk.say)
    if as_json:
        print_json(found)
    else:
        _print(found, selection, limit, talk)


def _asked(selection: Selection) -> str:
    """Return what was asked for, in a few words."""
    of = (" and " if selection.all_of else ", ").join(selection.categories)
    others = replace(selection, categories=(), all_of=False) != Selection()
    return (f" of {of}" if of else "") + (" that the options select" if others else "")


def _print(found: Coverage, selection: Selection, limit: int, talk: Talk) -> None:
    echo(f"{found.file} covers {found.covered} of {counted(found.listed, 'listed work')}{_asked(selection)}")
    known = sum(bool(work.known_as) for work in found.unlisted)
    beside = f"; besides it has {counted(found.elsewhere, 'other listed work')}" if found.elsewhere else ""
    echo(
        f"{len(found.unlisted)} of its {counted(found.entries, 'work')} {'is' if len(found.unlisted) == 1 else 'are'} "
        f"on no list ({known} cited by listed works){beside}"
    )
    if found.missing:
        echo()
        known = counted(found.reference_lists, "listed work")
        echo(heading(f"Listed and not in {found.file}: {len(found.missing)} (references are known of {known})"))
        print_table(
            ("KEY", "YEAR", "CITED BY", "TITLE"),
            ((m.key, str(m.year or ""), str(m.cited_by), m.title) for m in found.missing[:limit]),
            numbers=(2,),
        )
    if found.unlisted:
        echo()
        echo(heading(f"In {found.file} and on no list: {len(found.unlisted)}"))
        print_table(
            ("KEY", "LINE", "YEAR", "CITED BY", "KNOWN AS", "TITLE"),
            (
                (
                    *(printable(u.key), str(u.line), str(u.year or ""), str(u.cited_by)),
                    *(u.known_as or "unknown", printable(u.title)),
                )
                for u in found.unlisted[:limit]
            ),
            numbers=(1, 3),
        )
        for unlisted in found.unlisted[:limit]:
            if unlisted.doubt:
                talk.say(printable(f"{found.file}:{unlisted.line}: {unlisted.key}: {unlisted.doubt}"))
    if len(found.missing) > limit or len(found.unlisted) > limit:
        talk.say("there are more; --limit shows them, --json all of them")
