"""Time ``llmcomp bib --category quantization`` on a built graph, against an interpreter doing nothing.

Run: ``python bench/bib.py [TURNS]``
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import turns

PEER = "python -c pass"
RATIO, GOAL, MIB = 15, 10, 60


def main() -> None:
    turns.print_machine()
    with TemporaryDirectory() as folder:
        graph = str(Path(folder, "graph"))
        turns.run(turns.llmcomp_command("build", "--graph", graph))
        bib = turns.llmcomp_command("bib", "--category", "quantization", "--graph", graph)
        commands: dict[str, turns.Command] = {PEER: turns.nothing, "llmcomp bib": lambda _: bib}
        costs = turns.in_turns(commands, turns.turns_of(21))
    turns.print_costs(costs, peer=PEER)
    measured = turns.ratio(costs["llmcomp bib"], costs[PEER])
    turns.print_claim(f"times an empty interpreter (goal {GOAL}),", measured, RATIO)
    turns.print_claim("MiB of memory,", turns.peak(costs["llmcomp bib"]), MIB)


if __name__ == "__main__":
    main()
