"""``llmcomp check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..exports.finding import KINDS
from ..kg.errors import UsageError
from ..kg.text import printable
from .options import Talk, graph_options, json_option, opened
from .output import counted, echo, print_json, write

if TYPE_CHECKING:
    from ..exports.checking import Checked, Finding

_STDOUT = Path("-")
_QUIET = "unknown-work"
"""Findings of this kind are many and nobody's fault: they are counted, and told where they are asked for."""


@click.command()
@click.argument("file", metavar="REFS.bib")
@click.option(
    "--only", multiple=True, type=click.Choice(list(KINDS)), metavar="KIND", help="Only this kind of finding."
)
@click.option(
    "--ignore", multiple=True, type=click.Choice(list(KINDS)), metavar="KIND", help="Not this kind of finding."
)
@click.option("--fix", is_flag=True, help="Write the file with all mended that is sure, to the file of -o.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where --fix writes the mended file; it may be REFS.bib itself. '-' is standard output.",
)
@json_option
@graph_options
def check(
    file: str,
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    output: Path | None,
    as_json: bool,
    graph_path: Path | str | None,
    talk: Talk,
) -> int:
    """Hold a .bib of yours, whoever wrote it, against the graph: what is out of date, wrong, missing or lost in print.

    REFS.bib is any .bib file, or '-' for standard input. A finding is one line: file, line, key, what is right, kind.
    The command ends with 1 when there is an error or a warning; with --fix, when one is left. --fix changes only what
    it is sure of: keys, notes, comments, order and layout stay as they are, and so does what cannot be read.

    Kinds, for --only and --ignore, both to be repeated: {kinds}.

    \b
    Examples:
      llmcomp check refs.bib
      llmcomp check refs.bib --only published --only duplicate-work
      llmcomp check refs.bib --fix -o refs.mended.bib
    """
    if fix and (output is None or output == Path()):
        raise UsageError("--fix needs -o FILE, where the mended file is written; it may be the file itself.")
    if output is not None and not fix:
        raise UsageError("-o is where --fix writes the mended file. Add --fix, or leave -o out.")
    piped = output == _STDOUT
    if piped and as_json:
        raise UsageError("--json and the mended file cannot both go to standard output. Name a file with -o.")
    checked = opened(graph_path, talk).check(file).of_kinds(only, ignore)
    if fix:
        write([checked.mended.encode(checked.encoding)], None if piped else output)
    if as_json:
        print_json(_as_json(checked, mended=fix))
    else:
        for finding in checked.findings:
            if finding.kind != _QUIET or _QUIET in only or talk.level > 0:
                (talk.say if piped else echo)(_line(checked.file, finding, mended=fix))
    _summarise(checked, output, talk)
    return int(any(f.level != "info" and not (fix and f.fix) for f in checked.findings))


check.help = (check.help or "").replace("{kinds}", ", ".join(KINDS))


def _line(file: str, finding: Finding, *, mended: bool) -> str:
    key = f" {finding.key}:" if finding.key else ""
    told = f"{finding.kind}, mended" if mended and finding.fix else finding.kind
    return printable(f"{file}:{finding.line}:{key} {finding.message} [{told}]")


def _summarise(checked: Checked, output: Path | None, talk: Talk) -> None:
    """Say how much was found, and what can be done about it."""
    shown = [f for f in checked.findings if f.kind != _QUIET]
    unknown = len(checked.findings) - len(shown)
    of = f"{checked.known} of {'1 entry' if checked.entries == 1 else f'{checked.entries} entries'} known to the graph"
    if not checked.entries and not shown:
        talk.say(f"{checked.file} has no entry; nothing to check")
    elif not shown:
        talk.say(f"nothing found; {of}")
    else:
        levels = {level: sum(f.level == level for f in shown) for level in ("error", "warning", "info")}
        told = ", ".join(
            f"{n} {'to know' if level == 'info' else level + 's' * (n != 1)}" for level, n in levels.items() if n
        )
        talk.say(f"{counted(len(shown), 'finding')}: {told}; {of}")
    if output is not None:
        where = "what is written" if output == _STDOUT else output
        talk.say(f"{checked.mendable} mended in {where}, {len(shown) - checked.mendable} left to you")
    elif checked.mendable:
        talk.say(f"{checked.mendable} can be mended: llmcomp check {checked.file} --fix -o FILE")
    if unknown and output is None:
        talk.say(f"{unknown} of a work that the graph does not know (--only {_QUIET} tells which)")


def _as_json(checked: Checked, *, mended: bool) -> dict[str, Any]:
    return {
        "file": checked.file,
        "entries": checked.entries,
        "known": checked.known,
        "mendable": checked.mendable,
        "mended": mended,
        "findings": [_finding(finding) for finding in checked.findings],
        "unread": [{"line": block.line, "reason": block.reason, "raw": block.raw} for block in checked.unread],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": finding.kind,
        "level": finding.level,
        "line": finding.line,
        "key": finding.key,
        "message": finding.message,
    }
    if fix := finding.fix:
        told["fix"] = {
            "type": fix.kind,
            "set": {change.name: change.value for change in fix.changes if change.value is not None},
            "remove": sorted(
                {c.name for c in fix.changes if c.value is None} | {c.instead for c in fix.changes if c.instead}
            ),
        }
    return told
