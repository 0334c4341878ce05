"""Time ``llmcomp enrich`` against a stand-in for Semantic Scholar on loopback that answers at once.

Run: ``python bench/enrich.py [WORKS ...]``; the default is 685 works, then 20,000, whose time is to grow no faster than
their number. Each work has 50 references, all of them different works, every tenth without an id. The peer asks the
same service for the same papers with the package ``semanticscholar`` and throws the answers away. Neither waits between
calls: the pace that the service asks for (1.1 s with a key) comes on top for both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory

import turns

REFERENCES, WITHOUT_ID = 50, 10
"""References of each work, and of how many one has no id there: they are told apart by title."""
SECONDS, MIB = 15, 250
STAND_IN = Path(__file__).resolve().parents[1] / "tests" / "standin.py"


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [685, 20_000]
    turns.print_machine()
    walls: dict[int, float] = {}
    for size in sizes:
        with TemporaryDirectory() as folder, serving(size) as url:
            costs = measured(Path(folder), url, size)
        print(f"\n{size} works, {REFERENCES} references each")
        turns.print_costs(costs, peer="semanticscholar alone")
        walls[size] = turns.wall(costs["llmcomp enrich"])
        if size == 685:
            turns.print_claim("seconds,", walls[size], SECONDS)
            turns.print_claim("MiB of memory,", turns.peak(costs["llmcomp enrich"]), MIB)
    first, last = min(walls), max(walls)
    if first < last:
        growth = walls[last] / walls[first] / (last / first)
        turns.print_claim(f"time of {last} works over that of {first}, by work,", growth, 1)


def measured(folder: Path, url: str, size: int) -> dict[str, list[turns.Cost]]:
    """Return the costs of enriching a graph that was just built, and of asking alone; a large one once."""
    rows = "".join(
        f"- Made-up paper number {n} <br> Arxiv [[Paper]](https://arxiv.org/abs/{arxiv(n)})\n" for n in range(size)
    )
    listed = folder / "list.md"
    listed.write_text(f"# List\n\n## Papers\n\n{rows}", "utf-8")
    many = 3 if size < 5_000 else 0
    graphs = [str(folder / f"graph-{turn}") for turn in range(many + 1)]
    for graph in graphs:
        turns.run(turns.llmcomp_command("build", "--graph", graph, str(listed)))
    here = [sys.executable, __file__]
    commands: dict[str, turns.Command] = {
        "semanticscholar alone": lambda _: [*here, "--ask", url, str(size)],
        "llmcomp enrich": lambda turn: [*here, "--enrich", url, graphs[turn]],
    }
    if not many:
        return {name: [turns.run(command(0))] for name, command in commands.items()}
    return turns.in_turns(commands, many)


@contextmanager
def serving(size: int) -> Iterator[str]:
    """Serve ``size`` made-up papers in another process."""
    with Popen([sys.executable, __file__, "--serve", str(size)], stdout=PIPE, stdin=PIPE, text=True) as server:
        assert server.stdout
        yield json.loads(server.stdout.readline())
        server.kill()


def serve(size: int) -> None:
    sys.path.insert(0, str(STAND_IN.parent))
    from standin import StandIn, made_up

    service = StandIn()
    for n in range(size):
        paper = service.add(made_up(n, references=REFERENCES))
        for row in paper["references"][::WITHOUT_ID]:
            row.update(paperId=None, corpusId=None, externalIds=None)
    with service:
        print(json.dumps(service.url), flush=True)
        sys.stdin.read()


def arxiv(n: int) -> str:
    return f"{10 + n // 90_000:02d}01.{n % 90_000:05d}"


def enrich(url: str, folder: str) -> None:
    from llmcomp.cli.main import main
    from llmcomp.kg import scholar

    scholar.INTERVAL_WITHOUT_KEY = 0.0
    sys.argv = ["llmcomp", "enrich", "--graph", folder, "--api-url", url]
    main()


def ask(url: str, size: int) -> None:
    from semanticscholar import SemanticScholar

    from llmcomp.kg.scholar_calls import NESTED_FIELDS, PAPER_FIELDS

    service = SemanticScholar(api_url=url)
    for start in range(0, size, 100):
        ids = [f"ARXIV:{arxiv(n)}" for n in range(start, min(start + 100, size))]
        papers = service.get_papers(ids, fields=[*PAPER_FIELDS, *NESTED_FIELDS])
        if len(papers) != len(ids):
            sys.exit(f"{len(papers)} papers for {len(ids)} ids")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--serve", size]:
            serve(int(size))
        case ["--enrich", url, graph]:
            enrich(url, graph)
        case ["--ask", url, size]:
            ask(url, int(size))
        case _:
            main()
