"""Time a graph on a server against the same graph on disk: Oxigraph's server, and Virtuoso where it is installed.

Run: ``python bench/remote.py [TURNS [GRAPH]]``; GRAPH is the folder of a graph, the shipped one is built without. Needs
tests/servers.py and pytest. All are asked in one process and in turns, so that neither starts nor a slow minute of the
machine count; a turn before them warms all.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import turns

import llmcomp
from llmcomp.kg.push import Pushed, push

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import pytest
import servers

DISK = "on disk"
QUESTIONS: dict[str, Callable[[llmcomp.Graph], object]] = {
    "one row: title of a work": lambda g: list(
        g.query("SELECT ?t { <https://w3id.org/llmcomp/work/arxiv:2210.17323> dcterms:title ?t }")
    ),
    "categories": lambda g: g.categories(),
    "bib --category quantization": lambda g: g.bibliography(category="quantization"),
    "show one work": lambda g: g.show("arXiv:2210.17323"),
    "explain one work": lambda g: g.explain("arXiv:2210.17323"),
    "query works-of-category": lambda g: list(g.query("works-of-category")),
    "query cocitation": lambda g: list(g.query("cocitation")),
    "query most-cited-in-list": lambda g: list(g.query("most-cited-in-list")),
    "status": lambda g: g.status(),
}


def main() -> None:
    turns.print_machine()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder, "graph")
        llmcomp.open_graph(path)
        graphs = {DISK: llmcomp.Graph(path)}
        for name in ("oxigraph", "virtuoso"):
            try:
                server = stack.enter_context(getattr(servers, name)(Path(folder, name)))
            except pytest.skip.Exception as missing:
                print(missing)
                continue
            seconds, pushed = timed(lambda to=server: push(path, to.store, credentials=to.who, afresh=True))
            assert isinstance(pushed, Pushed)
            told = f"push of {pushed.statements} statements to {name} in {pushed.calls} calls:"
            print(f"{told} {seconds:.1f} s, {pushed.statements / seconds:.0f} a second")
            graphs[name] = llmcomp.Graph(server.query)
        print(
            f"{'':30}" + "".join(f"{name:>12}" for name in graphs) + "".join(f"{name:>12}" for name in list(graphs)[1:])
        )
        for question, ask in QUESTIONS.items():
            print_times(question, in_turns(ask, graphs, turns.turns_of(15)))


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return how many seconds some work took, and what came of it."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def in_turns(
    ask: Callable[[llmcomp.Graph], object], graphs: dict[str, llmcomp.Graph], number: int
) -> dict[str, list[float]]:
    """Return the seconds that each graph took for a question, turn by turn; the answers must be equal."""
    seconds: dict[str, list[float]] = {name: [] for name in graphs}
    for turn in range(number + 1):
        answers: dict[str, object] = {}
        for name, graph in graphs.items():
            took, answers[name] = timed(lambda graph=graph: ask(graph))
            if turn:
                seconds[name].append(took)
        for name, answer in answers.items():
            same = answer == answers[DISK] or type(answer).__name__ == "Status"  # which tells where the graph is
            assert same or sorted(answer) == sorted(answers[DISK]), (name, answer)  # type: ignore[call-overload]
    return seconds


def print_times(question: str, seconds: dict[str, list[float]]) -> None:
    """Print medians, and how many times longer than from disk each server took: the median over pairs of one turn."""
    medians = "".join(f"{1e3 * statistics.median(times):9.1f} ms" for times in seconds.values())
    ratios = (
        statistics.median(a / b for a, b in zip(times, seconds[DISK], strict=True))
        for name, times in seconds.items()
        if name != DISK
    )
    print(f"{question:30}{medians}" + "".join(f"{ratio:11.1f}x" for ratio in ratios))


if __name__ == "__main__":
    main()
