"""How far a long step is: a bar on a terminal, lines on stderr with ``-v``, nothing in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from .options import Talk


@contextmanager
def progress(talk: Talk, noun: str) -> Generator[Callable[[int, int], None]]:
    """Give a function that is told how many things are done, and of how many; ``noun`` names them in the plural."""
    if talk.level < 0 or not sys.stderr or not sys.stderr.isatty():
        yield lambda done, total: talk.detail(f"{done} of {total} {noun}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    # stdout is the answer's; the bar goes when the step ends
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
    columns = (BarColumn(None), MofNCompleteColumn(), TextColumn(noun), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task(noun)
        yield lambda done, total: bar.update(task, completed=done, total=total)
