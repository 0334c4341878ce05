from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import llmcomp

ROOT = Path(llmcomp.__file__).parent
ROOMS = ("ontology", "kg", "exports", "cli")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).glob("*.py"))
HEAVY = {
    "rdflib",
    "pyshacl",
    "igraph",
    "starlette",
    "uvicorn",
    "semanticscholar",
    "bibtexparser",
    "markdown_it",
    "ftfy",
    "httpx",
    "tenacity",
    "rich",
    "prompt_toolkit",
    "yaml",
    "lxml",
    "pypandoc",
}


def imported(path: Path, *, everywhere: bool = True) -> Iterator[str]:
    """Absolute names of the modules that a file imports, at its top or everywhere."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ["llmcomp", path.parent.name]
            base = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*base, *(node.module.split(".") if node.module else [])])
            if not node.module:
                yield from (".".join([*base, alias.name]) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_module_imports_upward(path: Path) -> None:
    allowed = ROOMS[: ROOMS.index(path.parent.name) + 1]
    ours = {name.split(".")[1] for name in imported(path) if name.startswith("llmcomp.")}
    assert {name for name in ours if name in ROOMS} <= set(allowed)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_heavy_imports_are_made_where_they_are_needed(path: Path) -> None:
    top = {name.split(".")[0] for name in imported(path, everywhere=False)}
    # modules that are loaded where their library is needed
    its_own = {"bibtex.py": {"bibtexparser"}, "prompt.py": {"prompt_toolkit"}}.get(path.name, set[str]())
    assert not (top & HEAVY) - its_own


@pytest.mark.parametrize("path", MODULES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_modules_are_one_noun_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_the_root_holds_one_python_file() -> None:
    assert [path.name for path in ROOT.glob("*.py")] == ["__init__.py"]


def test_the_public_names_are_these() -> None:
    assert sorted(llmcomp.__all__) == [
        "Answer",
        "Category",
        "Graph",
        "Identifier",
        "LlmcompError",
        "Name",
        "Selection",
        "Venue",
        "Work",
        "__version__",
        "bibdiff",
        "build_graph",
        "default_graph_path",
        "enrich_graph",
        "import_graph",
        "import_keys",
        "import_snapshot",
        "open_graph",
        "push_graph",
    ]
    assert all(hasattr(llmcomp, name) for name in llmcomp.__all__)


def test_a_graph_has_these_methods() -> None:
    methods = {name for name in dir(llmcomp.Graph) if not name.startswith("_")}
    assert methods == {
        "answers",
        "authors",
        "bibliography",
        "bridges",
        "categories",
        "check",
        "check_keys",
        "cited_by",
        "cites",
        "communities",
        "community",
        "coverage",
        "disk",
        "edges",
        "explain",
        "export",
        "find",
        "keys",
        "main_path",
        "measure",
        "measures",
        "missing",
        "network",
        "pairs",
        "paths",
        "query",
        "reading_order",
        "related",
        "rows",
        "search",
        "services",
        "show",
        "skeleton",
        "snapshot",
        "status",
        "store",
        "table",
        "taxonomy",
        "timeline",
        "top",
        "works",
    }


def test_every_module_can_be_imported_alone() -> None:
    for path in MODULES:
        if path.stem != "__main__":
            importlib.import_module(f"llmcomp.{path.parent.name}.{path.stem}")


def test_reading_commands_import_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys, llmcomp.cli.main as m\n"
        "import llmcomp.cli.bib, llmcomp.kg.works, llmcomp.kg.selection\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
