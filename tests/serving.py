"""A server of ours as its users start it, on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A running server: its process and its address without a slash at the end."""

    process: subprocess.Popen[str]
    url: str


@contextmanager
def served(graph: Path | str, *options: str, **environment: str) -> Generator[Served]:
    """Run ``llmcomp serve`` on a free port; it is ended as a person would end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "llmcomp.cli", "serve", "--port", "0", "--graph", str(graph), *options],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://\S+:\d+(?=/)", line)
        assert found, line + process.stderr.read()
        yield Served(process, found[0])
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            if process.stderr:
                process.stderr.close()
