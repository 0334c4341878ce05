"""What README and docs say is run here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import bibtexparser
import pytest
from click.testing import CliRunner
from standin import StandIn

import llmcomp
from llmcomp.cli.main import cli, run
from llmcomp.kg.build import Built

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")


def block(mark: str) -> str:
    """The fenced block under ``<!-- mark -->``."""
    found = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1].strip()


def fenced(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def use_lines() -> list[str]:
    lines = next(b for b in fenced("sh") if b.startswith("llmcomp bib >")).splitlines()
    return [line.partition(" #")[0].strip() for line in lines if line.strip()]


@pytest.mark.parametrize("line", use_lines())
def test_every_command_of_the_readme_runs(
    line: str,
    built: Built,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    graph = tmp_path / "graph"
    shutil.copytree(built.path, graph)
    monkeypatch.setenv("LLMCOMP_GRAPH", str(graph))
    monkeypatch.chdir(tmp_path)
    title = "- A Paper of My Own List <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00001)"
    Path("my-list.md").write_text(f"### Mine\n\n{title}\n", "utf-8")
    Path("paper.tex").write_text(r"\cite{frantar2022gptq}" + "\n", "utf-8")
    for name in ("refs.bib", "mended.bib"):
        Path(name).write_text(llmcomp.open_graph(built.path).bibliography(category="survey"), "utf-8")
    words = shlex.split(
        re.sub(r">\s*\S+$", "", line).replace("https://github.com/HuangOwen/Awesome-LLM-Compression", "")
    )
    assert words[0] == "llmcomp"
    # a service that knows none of the works, asked without pauses
    monkeypatch.setattr("llmcomp.kg.scholar.INTERVAL_WITHOUT_KEY", 0.0)
    with StandIn() as service:
        monkeypatch.setenv("SEMANTIC_SCHOLAR_API_URL", service.url)
        assert run(words[1:]) == 0, capfd.readouterr().err


def test_the_python_of_the_readme_runs(
    built: Built, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LLMCOMP_GRAPH", str(built.path))
    (code,) = fenced("python")
    exec(compile(code, "README.md", "exec"), {})
    out = capsys.readouterr().out
    assert out.startswith("@")
    assert len(out.splitlines()) >= 7


def test_the_numbers_of_the_readme_are_the_graphs(graph: llmcomp.Graph) -> None:
    status = graph.status()
    wrong = sum(f.kind == "wrong-link" for f in status.findings)
    assert f"{status.paper_rows} rows of the list are {status.works} works" in README
    assert f"Authors are known for {status.authors_known} of {status.works} works" in README
    assert (wrong, "Seven links of the list lead to another paper" in README) == (7, True)
    lists = f"({status.reference_lists} reference lists, {status.complete_reference_lists} of them complete)"
    assert lists in README


def test_every_command_and_every_key_of_its_json_is_documented(graph: llmcomp.Graph) -> None:
    from dataclasses import fields

    from llmcomp.cli.skeleton import Written
    from llmcomp.kg.bibdiff import BibDiff, Change
    from llmcomp.kg.bibfile import UnreadBlock
    from llmcomp.kg.brought import Imported
    from llmcomp.kg.coverage import Coverage, Missing, Unlisted
    from llmcomp.kg.details import CitationCount, Details
    from llmcomp.kg.enrichment import Enriched
    from llmcomp.kg.explanation import Claim, Explanation, Field, Origin
    from llmcomp.kg.key_checks import KeyFinding
    from llmcomp.kg.key_file import ChangedKey, ImportedKeys, UnknownKey
    from llmcomp.kg.selection import Category
    from llmcomp.kg.snapshot import Contents
    from llmcomp.kg.status import Status

    context = cli.make_context("llmcomp", ["bib"])
    for name in cli.list_commands(context):
        assert f"## llmcomp {name}" in COMMANDS
    for kind in (
        Built,
        Category,
        Details,
        Status,
        CitationCount,
        Enriched,
        Explanation,
        Field,
        Claim,
        Origin,
        Imported,
        Contents,
        Written,
        BibDiff,
        Change,
        UnreadBlock,
        Coverage,
        Missing,
        Unlisted,
        KeyFinding,
        ChangedKey,
        ImportedKeys,
        UnknownKey,
    ):
        for field in fields(kind):
            assert f"`{field.name}`" in COMMANDS


def test_every_option_of_every_command_is_in_its_help_with_an_example() -> None:
    runner = CliRunner()
    context = cli.make_context("llmcomp", ["bib"])
    for name in cli.list_commands(context):
        shown = runner.invoke(cli, [name, "--help"], prog_name="llmcomp")
        assert shown.exit_code == 0
        assert "Example" in shown.output
        assert f"llmcomp {name}" in shown.output.partition("Example")[2]


def test_links_of_the_readme_to_files_lead_somewhere() -> None:
    for name in re.findall(r"`((?:docs|bench|kg|ontology)/[\w./-]*)`|`(CHANGELOG\.md)`", README):
        assert (ROOT / (name[0] or name[1])).exists()


# --- the two commands that do all the set-up


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project's files as a clone has them."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in names.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = tmp_path / "llmcomp-main" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    return tmp_path / "llmcomp-main"


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    # "python3" of the command is the Python that runs these tests
    (folder / "bin").mkdir()
    (folder / "bin" / "python3").symlink_to(sys.executable)
    dropped = {"LLMCOMP_GRAPH", "PYTHONPATH", "VIRTUAL_ENV", "PYTEST_ADDOPTS"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    path = f"{folder / 'bin'}{os.pathsep}{kept['PATH']}"
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**kept, **home, "PATH": path, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_the_first_command_of_the_readme_ends_in_refs_bib(checkout: Path, graph: llmcomp.Graph) -> None:
    done = shell(block("refs-command"), checkout)
    assert done.returncode == 0, done.stderr
    text = (checkout / "refs.bib").read_text("ascii")
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    works = graph.works(llmcomp.Selection(categories=("quantization",)))
    assert [entry.key for entry in library.entries] == [work.key for work in works]
    assert sum("author" in entry for entry in library.entries) >= 0.85 * len(works)
    again = shell(
        ".venv/bin/llmcomp bib --category quantization".replace(".venv", str(checkout / ".venv")),
        checkout / "docs",
    )
    assert again.stdout == text


def test_the_second_command_of_the_readme_is_the_one_of_the_check() -> None:
    """The check runs it whole, in an environment of its own; here is seen that it finds it."""
    function = re.search(
        r"^test_command\(\) \{\n.*?^\}\n", (ROOT / ".ci" / "run").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert function
    told = subprocess.run(["bash", "-c", f"{function[0]}test_command"], cwd=ROOT, capture_output=True, text=True)
    assert (told.stdout.strip(), told.stderr) == (block("test-command"), "")
    assert subprocess.run(["bash", "-n", "-c", told.stdout]).returncode == 0
