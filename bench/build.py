"""Time ``llmcomp build`` of the shipped data into a fresh folder, against an interpreter doing nothing.

Run: ``python bench/build.py [TURNS]``
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import turns

SECONDS, MIB = 2, 150


def main() -> None:
    turns.print_machine()
    with TemporaryDirectory() as folder:

        def build(turn: int) -> list[str]:
            return turns.llmcomp_command("build", "--graph", str(Path(folder, f"graph-{turn}")))

        costs = turns.in_turns({"python -c pass": turns.nothing, "llmcomp build": build}, turns.turns_of(7))
    turns.print_costs(costs, peer="python -c pass")
    turns.print_claim("seconds,", turns.wall(costs["llmcomp build"]), SECONDS)
    turns.print_claim("MiB of memory,", turns.peak(costs["llmcomp build"]), MIB)


if __name__ == "__main__":
    main()
