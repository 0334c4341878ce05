"""``llmcomp keys``: ``export``, ``import`` and ``check``."""

from __future__ import annotations

from pathlib import Path

import click

from .. import import_keys
from ..kg.errors import UsageError
from ..kg.key_file import ImportedKeys
from ..kg.key_table import key_rows
from ..kg.text import printable
from .options import Talk, graph_options, json_option, opened, output_option
from .output import counted, echo, print_json, write
from .unread import tell_unread


@click.group()
def keys() -> None:
    """Export, import and check citation keys.

    A key is minted once and stays. 'export' writes the keys as a table to keep under version control, 'import' takes
    such a table, or the keys that a .bib of yours uses, 'check' says whether a .bib and the graph mean the same works
    by their keys. All have --graph PATH, --json, -q and -v.

    \b
    Examples:
      llmcomp keys export keys.tsv
      llmcomp keys import refs.bib
      llmcomp keys check refs.bib
    """


@keys.command("export", short_help="Write the keys as a table.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Also works that listed ones cite, and works of no list.")
@output_option
@json_option
@graph_options
def export_(
    file: Path | None, everything: bool, output: Path | None, as_json: bool, graph_path: Path | str | None, talk: Talk
) -> None:
    """Write the citation keys of listed works and tools as a table: to FILE, or to standard output.

    Tab-separated, with a header line: key, work, title, former (keys that the work had before). Sorted by key; the same
    graph gives the same bytes. Change keys in it, and 'llmcomp keys import' takes them.

    \b
    Example:
      llmcomp keys export keys.tsv
    """
    if file is not None and output is not None:
        raise UsageError("FILE and -o both say where the keys go. Leave one out.")
    target = output if file is None else None if str(file) == "-" else _named(file)
    graph = opened(graph_path, talk)
    if as_json:
        print_json(key_rows(graph, everything=everything), target)
    else:
        write((line.encode() for line in graph.keys(everything=everything)), target, how="")


@keys.command("import", short_help="Take the keys of a table or of a .bib.")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@json_option
@graph_options
def import_(file: Path, as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Give works the keys that FILE has for them: a table of 'llmcomp keys export', or a .bib ('-': standard input).

    Entries of a .bib are recognised by identifier and title; what is not sure is passed over. A work's old key still
    finds it. A key that another work bears is taken only if FILE gives that one another: otherwise nothing is changed,
    and every such key is told. Every later build keeps what was imported.

    \b
    Examples:
      llmcomp keys import keys.tsv
      llmcomp keys import refs.bib
    """
    imported = import_keys(_named(file), graph_path)
    if as_json:
        print_json(imported)
    _tell(imported, "standard input" if str(file) == "-" else str(file), talk)


@keys.command("check", short_help="Check that the keys of a .bib mean the same works.")
@click.argument("file", metavar="REFS.bib")
@json_option
@graph_options
def check(file: str, as_json: bool, graph_path: Path | str | None, talk: Talk) -> int:
    """Say which keys of a .bib mean another work in the graph, or one that is in it no more.

    Then the command ends with 1. A key that its work had formerly is told and is no fault: it still works. Keys of your
    own for works that the graph calls otherwise are counted (-v tells them); 'llmcomp keys import' takes them.

    \b
    Example:
      llmcomp keys check refs.bib
    """
    found = opened(graph_path, talk).check_keys(file)
    if as_json:
        print_json(found)
    else:
        for finding in found:
            if finding.kind != "own" or talk.level > 0:
                key = f" {finding.key}:" if finding.key else ""
                echo(printable(f"{finding.file}:{finding.line}:{key} {finding.message} [{finding.kind}]"))
    wrong = sum(finding.level == "error" for finding in found)
    own = sum(finding.kind == "own" for finding in found)
    if not wrong:
        talk.say("no key means another work than in the graph")
    else:
        talk.say(f"{counted(wrong, 'key')} {'means' if wrong == 1 else 'mean'} another work than in the graph, or none")
    if own:
        talk.say(
            f"{counted(own, 'key')} of your own for works that the graph calls otherwise (-v tells them); "
            f"'llmcomp keys import {file}' takes them"
        )
    return int(wrong > 0)


def _named(file: Path) -> Path:
    if file == Path():  # what click makes of an empty name
        raise UsageError("FILE was given empty. Name a file, or '-' for a standard stream.")
    return file


def _tell(imported: ImportedKeys, name: str, talk: Talk) -> None:
    changed = imported.changed
    told = f"{counted(len(changed), 'key')} changed, {imported.same} as they were" if changed else "no key changed"
    talk.say(f"{name}: {told} in {imported.path}")
    for change in changed:
        talk.detail(f"  {change.new} (was {change.old})")
    if imported.former:
        find = "finds" if imported.former == 1 else "find"
        talk.say(f"{counted(imported.former, 'other key')} of the file {find} their works too")
    if imported.unknown:
        doubtful = sum(bool(key.maybe) for key in imported.unknown)
        doubt = f", {doubtful} of them perhaps one of it" if doubtful else ""
        works = f"{counted(len(imported.unknown), 'work')} of the file that the graph does not know{doubt}"
        talk.say(f"{works} (-v names {'it' if len(imported.unknown) == 1 else 'them'})")
    for key in imported.unknown:
        maybe = f" (perhaps {key.maybe})" if key.maybe else ""
        talk.detail(printable(f"  {name}:{key.line}: {key.key}{maybe}  {key.title}"))
    tell_unread(name, imported.unread, talk.say)
    for path in imported.set_aside:
        talk.say(f"an older graph could not be read, so its citation keys could not be kept; it lies in {path}")
