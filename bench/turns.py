"""Run commands in turns A B A B and tell what each took: for the other scripts of this folder."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Command = Callable[[int], list[str]]
"""The number of a turn in, the command of that turn out."""


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds on the clock, seconds of processor (user and system), peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def llmcomp_command(*args: str) -> list[str]:
    """Return the command ``llmcomp`` of this interpreter's environment with ``args``."""
    script = Path(sys.executable).with_name("llmcomp")
    if not script.exists():
        sys.exit(f"there is no llmcomp beside {sys.executable}; install it there: pip install .")
    return [str(script), *args]


def nothing(_: int = 0) -> list[str]:
    """Return the peer of every start: this interpreter, doing nothing."""
    return [sys.executable, "-c", "pass"]


def run(command: list[str]) -> Cost:
    """Run ``command`` to its end as a user has it, with byte code and buffers; its output is thrown away."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    # wait4 gives what this child alone used; its peak is never below this process's own, which is small
    silent = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, environment, file_actions=silent)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if code := os.waitstatus_to_exitcode(status):
        sys.exit(f"exit code {code}: {' '.join(command)}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def in_turns(commands: Mapping[str, Command], turns: int) -> dict[str, list[Cost]]:
    """Return the costs of each command over ``turns``; a turn before them warms the disk."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(turns + 1):
        for name, command in commands.items():
            cost = run(command(turn))
            if turn:
                costs[name].append(cost)
    return costs


def ratio(costs: list[Cost], peer: list[Cost]) -> float:
    """Return how many times longer than its peer a command took: the median over the pairs of one turn."""
    return statistics.median(a.wall / b.wall for a, b in zip(costs, peer, strict=True))


def wall(costs: list[Cost]) -> float:
    """Return the median of the seconds on the clock."""
    return statistics.median(c.wall for c in costs)


def peak(costs: list[Cost]) -> float:
    """Return the highest peak of memory in MiB."""
    return max(c.peak for c in costs)


def print_costs(costs: Mapping[str, list[Cost]], peer: str) -> None:
    """Print a line for each command: medians, fastest run, highest peak, ratio to ``peer``."""
    print(f"{'':34}{'median':>10}{'fastest':>10}{'processor':>11}{'peak':>10}{'ratio':>8}")
    for name, runs in costs.items():
        cpu = statistics.median(c.cpu for c in runs)
        print(
            f"{name:34}{1e3 * wall(runs):7.0f} ms{1e3 * min(c.wall for c in runs):7.0f} ms{1e3 * cpu:8.0f} ms"
            f"{peak(runs):6.0f} MiB{ratio(runs, costs[peer]):8.1f}"
        )


def print_claim(text: str, measured: float, most: float) -> None:
    """Print a claim ("at most") with what was measured."""
    print(f"claim: {text} at most {most:g}: {measured:.2f}, {'met' if measured <= most else 'NOT MET'}")


def print_machine() -> None:
    """Print on what this runs."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = (line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line)
        model = next(names, model)
    print(f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")


def turns_of(default: int) -> int:
    """Return the number of turns that the command line asks for."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default
