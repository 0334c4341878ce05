"""Every example in a docstring runs and prints what it says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import llmcomp
from llmcomp.kg.build import Built

ROOT = Path(llmcomp.__file__).parent
MODULES = [path for room in ("ontology", "kg", "exports", "cli") for path in (ROOT / room).glob("*.py")]
NAMES = ["llmcomp", *sorted(f"llmcomp.{p.parent.name}.{p.stem}" for p in MODULES if not p.stem.startswith("__"))]


@pytest.mark.parametrize("name", NAMES)
def test_examples(name: str, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMCOMP_GRAPH", str(built.path))
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_most_modules_of_the_graph_have_an_example() -> None:
    finder = doctest.DocTestFinder()
    with_example = [n for n in NAMES if any(t.examples for t in finder.find(importlib.import_module(n)))]
    assert len(with_example) >= 20
