from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from answered import enriched_graph
from hypothesis import settings

import llmcomp
from llmcomp.kg.build import Built

# The same examples in every run: a check that fails must fail for whoever looks. HYPOTHESIS_PROFILE=default wanders.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is left with it at the end while others have nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@dataclass(frozen=True)
class Result:
    """What a command left: exit code, standard output and error as text."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The graph of the shipped data."""
    made = llmcomp.build_graph(tmp_path_factory.mktemp("graph") / "shipped")
    assert made is not None
    return made


@pytest.fixture(scope="session")
def graph(built: Built) -> llmcomp.Graph:
    """The graph of the shipped data, open."""
    return llmcomp.open_graph(built.path)


@pytest.fixture(scope="session")
def enriched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small graph about which a service was asked on two days."""
    return enriched_graph(tmp_path_factory.mktemp("enriched"))


@pytest.fixture(autouse=True)
def _no_graph_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep every test away from the graph and the settings of whoever runs it."""
    monkeypatch.setenv("LLMCOMP_GRAPH", str(tmp_path / "unset" / "graph"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "unset" / "settings"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "unset" / "state"))
    for name in ("SEMANTIC_SCHOLAR_API_KEY", "SEMANTIC_SCHOLAR_API_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def llmcomp_command(built: Built) -> Callable[..., Result]:
    """Run the command as a process on the shipped graph, or on another with ``graph=``."""

    def run(*args: str, graph: Path | None = None, stdin: bytes = b"", **env: str) -> Result:
        environment = {**os.environ, "LLMCOMP_GRAPH": str(graph or built.path), **env}
        done = subprocess.run(
            [sys.executable, "-m", "llmcomp.cli", *args],
            input=stdin,
            capture_output=True,
            env=environment,
            timeout=120,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
