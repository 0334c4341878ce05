"""``llmcomp bibdiff``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import click

from .. import bibdiff as compared
from ..kg.bibdiff import BibDiff, Change
from ..kg.errors import UsageError
from ..kg.names import family_of
from ..kg.text import printable
from .options import json_option
from .output import counted, echo, heading, print_json, terminal_width
from .unread import tell_unread

_HEADINGS = {
    "key reused": "Key that means another work now",
    "key changed": "Key changed",
    "removed": "Removed",
    "added": "Added",
    "published since": "Published since",
    "venue changed": "Venue changed",
    "title changed": "Title changed",
    "authors changed": "Authors changed",
    "year changed": "Year changed",
    "identifier gained": "Identifier gained",
    "identifier changed": "Identifier changed",
}


@click.command()
@click.argument("old", metavar="OLD.bib")
@click.argument("new", metavar="NEW.bib")
@json_option
def bibdiff(old: str, new: str, as_json: bool) -> int:
    """Compare two bibliographies work by work: what was added, removed, published, renamed.

    Order, white space, braces, accents spelled otherwise and other fields are no changes. Names spelled out where they
    were initials are none either. Either file may be '-' for standard input. No graph is needed. The command ends with
    1 when a \\cite of the old document would find nothing or another work, though its own is there: a key changed, or
    went with a double, and is not kept as one of biblatex's 'ids'.

    \b
    Example:
      llmcomp bibdiff refs.bib new.bib
    """
    if old == new == "-":
        raise UsageError("both files are '-', and standard input is one. Name a file for one of them.")
    found = compared(old, new)
    tell_unread(found.old, found.unread_old)
    tell_unread(found.new, found.unread_new)
    if as_json:
        print_json(found)
    else:
        _print(found)
    return int(found.breaks)


def _print(found: BibDiff) -> None:
    echo(f"{counted(found.common, 'work')} in both, {found.unchanged} of them unchanged")
    for kind, group in groupby(found.changes, lambda change: change.kind):
        changes = list(group)
        echo()
        echo(heading(f"{_HEADINGS[kind]}: {len(changes)}"))
        for change in changes:
            for line in _lines(change):
                echo(_fitted(f"  {printable(line)}", terminal_width()))


def _fitted(line: str, room: int | None) -> str:
    return line if room is None or len(line) <= room else f"{line[: room - 1]}…"


def _lines(change: Change) -> Iterator[str]:
    key = change.key_new or change.key_old or "(no key)"
    match change.kind:
        case "added":
            yield f"{key}  {change.title}" + (f" ({change.new})" if change.new else "")
        case "removed":
            told = f" ({change.old})" if change.old else ""
            twin = f"; it is there as {change.key_new}" if change.key_new else ""
            yield f"{change.key_old or '(no key)'}  {change.title}{told}{twin}"
        case "key changed":
            old = change.key_old or "(no key)"
            yield f"{old} -> {key}  {change.title}" + ("" if change.breaks else "  (the old key still means it)")
        case "published since":
            yield f"{key}  {change.title}"
            yield f"  {change.new}"
        case "identifier gained":
            yield f"{key}  {change.new}  {change.title}"
        case "year changed":
            yield f"{key}  {change.old or 'none'} -> {change.new or 'none'}  {change.title}"
        case "authors changed":
            yield f"{key}  {change.title}"
            yield from _people(change.old.split("; "), change.new.split("; "))
        case _:
            yield f"{key}" if change.title in {change.old, change.new} else f"{key}  {change.title}"
            yield f"  was {change.old or 'none'}"
            yield f"  is  {change.new or 'none'}"


def _people(old: list[str], new: list[str]) -> Iterator[str]:
    """Yield who came and went, by family name; the lists themselves are long."""
    had, has = ([family_of(name) or name for name in names] for names in (old, new))
    gone = [name for name, family in zip(old, had, strict=True) if name and family not in has]
    come = [name for name, family in zip(new, has, strict=True) if name and family not in had]
    if gone:
        yield f"  without {'; '.join(gone)}"
    if come:
        yield f"  with {'; '.join(come)}"
    if not gone and not come:
        yield f"  in another order or number: {'; '.join(new)}"
