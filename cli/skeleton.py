"""``llmcomp skeleton``."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from .. import Selection
from ..kg.errors import OutsideError, UsageError
from ..kg.selection import select
from .options import Talk, graph_options, json_option, opened, selecting_options, tell_source, tell_unknown
from .output import counted, echo, print_json, reason


@dataclass(frozen=True)
class Written:
    """What was written: the folder, the names of its files, and how many works they speak of."""

    folder: Path
    files: tuple[str, ...]
    works: int


def _folder(_: click.Context, __: click.Parameter, value: str) -> Path:
    if not value:  # as a path it would be the folder one is in, like "."
        raise UsageError("-o was given empty. Name a folder, such as 'survey'.")
    return Path(value)


@click.command()
@selecting_options
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(),
    callback=_folder,
    metavar="DIR",
    help="The folder to write to; it is made if it is not there.",
)
@click.option("--force", is_flag=True, help="Overwrite files of these names that are in the folder.")
@json_option
@graph_options
def skeleton(
    selection: Selection,
    folder: Path,
    force: bool,
    as_json: bool,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Write a survey section that compiles, to write on: outline, table, figure and bibliography.

    The outline goes by sub-group (works that share a telling word in their titles) and year; each work is cited, with
    its title as a note of what is to be written. main.tex holds it all; section.tex, table.tex, taxonomy.tex and
    refs.bib go into a paper of your own. Files that are there are not overwritten without --force.

    \b
    Examples:
      llmcomp skeleton -c kv-cache -o survey
      llmcomp skeleton -c quantization --year 2024.. -o survey --force
    """
    graph = opened(graph_path, talk)
    tell_unknown(graph, selection, talk)
    files = graph.skeleton(selection)
    works = len(select(graph, selection))
    _write(files, folder, force=force)
    if as_json:
        print_json(Written(folder, tuple(files), works))
    else:
        for name in files:
            echo(str(folder / name))
    steps = "pdflatex main && bibtex main && pdflatex main && pdflatex main"
    talk.say(f"{counted(works, 'work')}; to compile: cd {shlex.quote(str(folder))} && {steps}")
    tell_source(graph, talk)


def _write(files: Mapping[str, str], folder: Path, *, force: bool) -> None:
    """Write ``files`` into ``folder``; all of them, or none where one cannot be written."""
    target = Path(os.path.realpath(folder))
    draft = target.with_name(f".llmcomp-{os.getpid()}")
    try:
        if target.exists() and not target.is_dir():
            raise UsageError(f"{folder} is a file. Name a folder with -o; it is made if it is not there.")
        if there := [name for name in files if os.path.lexists(target / name)]:
            if not force:
                raise UsageError(
                    f"{folder} has {', '.join(there)} already, and nothing was written. Name another folder with "
                    "-o, or overwrite with --force."
                )
            if folders := [name for name in there if (target / name).is_dir()]:
                raise UsageError(f"{folder / folders[0]} is a folder, and nothing was written. Name another with -o.")
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        for name, text in files.items():
            (draft / name).write_bytes(text.encode("utf-8"))
        if not target.exists():
            draft.replace(target)
            return
        for name in files:
            (draft / name).replace(target / name)
    except OSError as error:
        raise OutsideError(
            f"{folder} could not be written: {reason(error)}. Make room, or name another folder with -o."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
