"""``llmcomp enrich``."""

from __future__ import annotations

import gc
import os
import sys
import time
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from .. import Selection, enrich_graph
from ..kg.api_key import VARIABLE, default_key_file, find_api_key
from ..kg.enrichment import MAX_AGE, Enriched, Progress
from ..kg.errors import NothingFound, OutsideError, UsageError, readable
from ..kg.fetched import ATTRIBUTION
from ..kg.pacing import TRIES, Wait
from ..kg.remote import is_address
from .options import Talk, graph_options, json_option, opened, selecting_options
from .output import counted, echo, print_json

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

_CENTURY = 36_500
"""Days that ``--max-age`` takes at most; the calendar ends some time before the numbers do."""


@click.command()
@selecting_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask for this many works at most.")
@click.option("--refresh", is_flag=True, help="Ask again for what was asked lately too.")
@click.option(
    "--max-age",
    type=click.IntRange(0, _CENTURY),
    metavar="DAYS",
    default=MAX_AGE,
    show_default=True,
    help="Ask again for what was asked longer ago.",
)
@click.option(
    "--intents",
    is_flag=True,
    help="Ask too why each reference is cited and whether it matters: one call more for each work. Needs a key.",
)
@click.option(
    "--api-key",
    metavar="KEY",
    help="Key to send. Others may see it in the list of processes; it is safer in a file or in the environment.  "
    f"[env {VARIABLE}]",
)
@click.option(
    "--api-key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File with the key on one line, which its owner alone can read.  "
    "[default: semantic-scholar.key in your folder of llmcomp's settings]",
)
@click.option(
    "--api-url",
    metavar="URL",
    envvar="SEMANTIC_SCHOLAR_API_URL",
    help="Address of the service, or of one like it.  [env SEMANTIC_SCHOLAR_API_URL]",
)
@json_option
@graph_options
def enrich(
    selection: Selection,
    limit: int | None,
    refresh: bool,
    max_age: int,
    intents: bool,
    api_key: str | None,
    api_key_file: Path | None,
    api_url: str | None,
    as_json: bool,
    graph_path: Path | str | None,
    talk: Talk,
) -> None:
    """Fetch authors, venues and citations from Semantic Scholar, and make them a part of the graph.

    Asked for are all papers, or those that the options select, if they never were or longer than --max-age ago.
    What came is kept at once: a run that was ended goes on where it was. No key is needed, but without one all
    the world shares one allowance, and calls have to wait. Keys are given on semanticscholar.org.

    \b
    Examples:
      llmcomp enrich
      llmcomp enrich -c quantization --year 2024.. --api-key-file ~/semantic-scholar.key
    """
    if api_url is not None and not readable("address of the service", api_url).strip():
        raise UsageError("--api-url was given empty. Leave it out to ask Semantic Scholar itself.")
    key = find_api_key(api_key, api_key_file, os.environ)
    if intents and not key:
        raise UsageError(
            "--intents makes a call for each work, and that takes an API key. Give one with --api-key-file, in the "
            f"environment as {VARIABLE}, or in {default_key_file()}."
        )
    if is_address(graph_path):
        raise UsageError(
            "a graph on the network is only read. Name a folder with --graph, and push it when it is enriched."
        )
    papers = sum(work.kind == "paper" for work in opened(graph_path, talk).works(selection))
    if not papers:
        raise NothingFound(
            "no paper meets all of these conditions, and Semantic Scholar knows no tools. Leave one out, or see "
            "'llmcomp categories'."
        )
    gc.enable()  # unlike other commands this one runs for long, and is to be small
    watch = Watch(talk)
    try:
        with watch:
            enriched = enrich_graph(
                graph_path,
                api_key=key,
                api_url=api_url,
                selection=selection,
                limit=limit,
                refresh=refresh,
                max_age=max_age,
                intents=intents,
                tell=watch.tell,
                on_wait=watch.wait,
            )
    except KeyboardInterrupt:
        if watch.asking:
            talk.say("what came so far is kept; 'llmcomp enrich' goes on from there")
        raise
    if enriched.stopped and not enriched.asked:
        raise OutsideError(enriched.stopped)
    if as_json:
        print_json(enriched)
    else:
        for line in summary(enriched, papers, max_age):
            echo(line)
    if enriched.stopped:
        on = "What came is kept; run 'llmcomp enrich' again to go on."
        # some errors say so themselves
        raise OutsideError(enriched.stopped if "'llmcomp enrich'" in enriched.stopped else f"{enriched.stopped} {on}")


def summary(enriched: Enriched, papers: int, max_age: int) -> list[str]:
    """Return what came of a run in lines for a reader; ``papers`` is how many the selection means.

    >>> summary(Enriched(Path("graph")), 3, 30)
    ['nothing was due: all 3 works were asked for within the last 30 days. --refresh asks for them again.']
    """
    if not enriched.asked:
        all_were, them = ("the work was", "it") if papers == 1 else (f"all {papers} works were", "them")
        days = "today" if max_age == 0 else "since yesterday" if max_age == 1 else f"within the last {max_age} days"
        return [f"nothing was due: {all_were} asked for {days}. --refresh asks for {them} again."]
    renamed = f", {enriched.renamed} of them under another title" if enriched.renamed else ""
    lines = [
        f"asked      {counted(enriched.asked, 'work')} in {counted(enriched.requests, 'request')}",
        f"found      {enriched.found}{renamed}",
        f"not found  {enriched.not_found}",
    ]
    if enriched.wrong_links:
        lead = "leads to another paper" if enriched.wrong_links == 1 else "lead to other papers"
        lines.append(f"links      {enriched.wrong_links} {lead} than the list says")
    new = f"{enriched.new_citations} new" if enriched.new_citations >= 0 else f"{-enriched.new_citations} fewer"
    known = counted(enriched.reference_lists, "reference list")
    rest = f"; they rest on {known}, {enriched.complete_reference_lists} of them complete"
    lines += [f"venues     {enriched.changed_venues} changed", f"citations  {new}{rest}"]
    if enriched.left:
        is_ = "is" if enriched.left == 1 else "are"
        # a run that was stopped ends in a message that says so
        again = "" if enriched.stopped else ": run 'llmcomp enrich' again"
        lines.append(f"left       {counted(enriched.left, 'work')} {is_} still due{again}")
    if enriched.renamed or enriched.wrong_links:
        lines.append("'llmcomp status' shows other titles and wrong links with their lines.")
    return [*lines, f"Data: {ATTRIBUTION}"]


class Watch:
    """Shows on stderr how far a run is: a bar on a terminal, a line for each step with ``-v``. Use it in a ``with``."""

    def __init__(self, talk: Talk) -> None:
        self.asking = False
        self._talk = talk
        self._live: Live | None = None
        self._progress = Progress(0, 0, 0)
        self._failed = 0
        self._started = self._told = self._until = 0.0
        self._wait = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def tell(self, progress: Progress) -> None:
        """Show how far the run is."""
        self._told = time.monotonic()
        self._progress, self._failed, self._wait = progress, 0, ""
        if not progress.total:
            return
        if not self.asking:
            self.asking, self._started = True, self._told
            self._open()
        else:
            works = f"{progress.done} of {counted(progress.total, 'work')}"
            self._detail(f"{works}, {counted(progress.requests, 'request')}")
        self._draw()

    def wait(self, wait: Wait) -> None:
        """Show why, and how long, the next call waits."""
        self._failed += 1
        self._until = time.monotonic() + wait.seconds
        # a narrow terminal cuts the end, where the service's own words are
        self._wait = f"after try {wait.tried} of {TRIES}: {wait.reason}"
        self._detail(f"waiting {round(wait.seconds, 1):g} s {self._wait}")
        self._draw()

    def _open(self) -> None:
        """Begin to draw where somebody looks on."""
        if self._talk.level < 0 or not sys.stderr or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.live import Live

        # stdout is the answer's; what is drawn goes when the run ends, for the summary says it all
        self._live = Live(
            get_renderable=self._drawn,
            console=Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR"))),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()

    def _draw(self) -> None:
        if self._live is not None:
            self._live.refresh()

    def _detail(self, text: str) -> None:
        if self._live is None:
            self._talk.detail(text)
        elif self._talk.level > 0:  # above the bar
            self._live.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _drawn(self) -> RenderableType:
        """Return the bar, and below it what is waited for."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        now = time.monotonic()
        progress = self._progress
        told = [f"{progress.done}/{progress.total} works", counted(progress.requests + self._failed, "request")]
        told += pace(progress.done, progress.total, self._told - self._started, now - self._told)
        below = ""
        if progress.done == progress.total:
            below = f"storing the graph, {now - self._told:.0f} s"
        elif self._wait:
            left = ceil(self._until - now)
            below = f"waiting {left} s {self._wait}" if left > 0 else f"trying again {self._wait}"
        row = Table.grid(padding=(0, 1), expand=True)
        row.add_column(ratio=1)
        row.add_column(no_wrap=True)
        row.add_row(ProgressBar(total=progress.total, completed=progress.done), Text(", ".join(told)))
        return Group(row, Text(below, no_wrap=True, overflow="ellipsis"))


def pace(done: int, total: int, seconds: float, since: float) -> list[str]:
    """Return how fast a run is and how long it still takes, in words; nothing where that cannot be told.

    ``seconds`` are those that the ``done`` works took, and ``since`` have gone by after the last of them.

    >>> pace(100, 685, 10.0, 2.0), pace(5, 300, 60.0, 0.0), pace(0, 3, 0.0, 9.0)
    (['10 works a second', '57 s left'], ['5 works a minute', '59 min left'], [])
    """
    if not done or seconds <= 0:
        return []
    rate = done / seconds
    told = [f"{rate:.0f} works a second" if rate >= 1 else f"{rate * 60:.0f} works a minute"]
    left = ceil((total - done) / rate - since)
    if left > 0:
        hours, minutes = divmod(ceil(left / 60), 60)
        told.append(f"{left} s left" if left < 60 else f"{f'{hours} h ' if hours else ''}{minutes} min left")
    return told
