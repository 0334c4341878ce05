"""``llmcomp keys``: exact texts, exit codes, streams and files."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from enriching import BIRDS, STONES, alone, row

import llmcomp
from llmcomp.cli import main
from llmcomp.kg import store
from llmcomp.kg.facts import PaperFacts
from llmcomp.kg.model import Identifier
from llmcomp.ontology import terms

WORK = f"{terms.PREFIXES['work']}arxiv:2301.0000"
TABLE = (
    f"key\twork\ttitle\tformer\nash2023counting\t{WORK}1\t{BIRDS}\t\nelm2023sorting\t{WORK}2\t{STONES}\t\n"
    f"hammer:x-hammer\t{terms.PREFIXES['tool']}github:x/hammer\tHammer\t\n"
)
BIB = (
    f"@misc{{mine, title={{{BIRDS}}}, author={{Ash, Ann}}}}\n"
    f"@misc{{hammer:x-hammer, title={{{STONES}}}, author={{Elm, Eva}}}}\n"
    "@misc{pasta, title={Cooking pasta in one pot}, author={Rossi, Mario}}\n"
    "@misc{broken\n"
)


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a graph of two works and a tool; ``refs.bib`` and ``keys.tsv`` stand beside it."""
    papers = ((1, BIRDS, "Ann Ash"), (2, STONES, "Eva Elm"))
    alone(monkeypatch, *(PaperFacts((t,), (Identifier("arxiv", f"2301.0000{n}"),), (a,)) for n, t, a in papers))
    rows = "".join(row(title, f"arxiv.org/abs/2301.0000{n}") for n, title, _ in papers)
    (tmp_path / "list.md").write_text(
        f"## Quantization\n{rows}## Tools\n- Hammer [[Code]](https://github.com/x/hammer)\n"
    )
    llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    (tmp_path / "refs.bib").write_text(BIB)
    (tmp_path / "keys.tsv").write_text(TABLE)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "graph"


@pytest.fixture
def run(folder: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``llmcomp keys`` in this process on the small graph."""

    def _run(*args: str, stdin: bytes = b"") -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(folder))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(["keys", *args])
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


# -- export ------------------------------------------------------------------------------------------------


def test_export(run, tmp_path):
    assert run("export") == run("export", "-") == Said(0, TABLE, "")
    assert run("export", "one.tsv") == run("export", "-o", "two.tsv") == Said(0, "", "")
    assert (tmp_path / "one.tsv").read_text() == (tmp_path / "two.tsv").read_text() == TABLE


def test_export_of_all_works(run):
    assert run("export", "--all") == Said(0, TABLE, "")


def test_export_as_json(run):
    said = run("export", "--json")
    assert json.loads(said.out)[0] == {"key": "ash2023counting", "work": f"{WORK}1", "title": BIRDS}
    assert len(json.loads(said.out)) == 3


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (("export", "a", "-o", "b"), "FILE and -o both say where the keys go. Leave one out."),
        (("export", ""), "FILE was given empty. Name a file, or '-' for a standard stream."),
        (("import", ""), "FILE was given empty. Name a file, or '-' for a standard stream."),
        (("import", "list.md"), "list.md: neither keys nor entries. Name a file that 'llmcomp keys export' wrote, "
         "whose first line names the columns key and work, or a .bib file."),
    ],
)  # fmt: skip
def test_wrong_usage(run, args, error):
    assert run(*args) == Said(2, "", f"Error: {error}\n")


@pytest.mark.parametrize("command", ["import", "check"])
def test_a_file_that_is_not_there(run, command):
    said = run(command, "none.bib")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("Error: none.bib: no such file. ")


# -- import ------------------------------------------------------------------------------------------------


def test_import_of_what_was_exported(run, folder):
    before = store.read_current(folder)
    assert run("import", "keys.tsv") == Said(0, "", f"keys.tsv: no key changed in {folder}\n")
    assert store.read_current(folder) == before


def test_import_of_a_table(run, folder):
    edited = TABLE.replace("ash2023counting", "Birds.23").replace("elm2023sorting", "ash2023counting") + "x\ty\tz\t\n"
    assert run("import", "-", "-v", stdin=edited.encode()) == Said(
        0,
        "",
        f"standard input: 2 keys changed, 1 as they were in {folder}\n"
        "  Birds.23 (was ash2023counting)\n"
        "  ash2023counting (was elm2023sorting)\n"
        "1 work of the file that the graph does not know (-v names it)\n"
        "  standard input:5: x  z\n",
    )
    assert run("export").out.splitlines()[1:3] == [
        f"Birds.23\t{WORK}1\t{BIRDS}\t",
        f"ash2023counting\t{WORK}2\t{STONES}\telm2023sorting",
    ]
    assert run("import", "keys.tsv", "-q") == Said(0, "", "")
    assert run("export").out == TABLE.replace(f"{BIRDS}\t", f"{BIRDS}\tBirds.23")


def test_import_of_a_bib(run, folder, tmp_path):
    clash = run("import", "refs.bib")
    assert clash == Said(
        2,
        "",
        "Error: refs.bib: a key of it cannot be taken, and nothing was changed:\n"
        "  refs.bib:2: 'hammer:x-hammer' is the key of \"Hammer\". Give that one another key in the same file, or this "
        "one.\n",
    )
    (tmp_path / "refs.bib").write_text(BIB.replace("hammer:x-hammer", "Elm"))
    assert run("import", "refs.bib") == Said(
        0,
        "",
        f"refs.bib: 2 keys changed, 0 as they were in {folder}\n"
        "1 work of the file that the graph does not know (-v names it)\n"
        "refs.bib:4: not read, the closing '}' is missing: @misc{broken\n",
    )
    said = run("import", "refs.bib", "--json", "-q")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == {
        "path": str(folder),
        "same": 2,
        "former": 0,
        "unknown": [{"key": "pasta", "line": 3, "title": "Cooking pasta in one pot"}],
        "unread": [
            {
                "line": 4,
                "raw": "@misc{broken",
                "reason": "the closing '}' is missing",
                "start": BIB.replace("hammer:x-hammer", "Elm").index("@misc{broken"),
            }
        ],
    }


def test_the_old_key_still_works_everywhere(run, folder, tmp_path):
    run("import", "-", "-q", stdin=TABLE.replace("ash2023counting", "Birds.23").encode())
    (tmp_path / "paper.tex").write_text("\\cite{ash2023counting}\n")
    graph = llmcomp.open_graph(folder)
    assert graph.show("ash2023counting").work.key == "Birds.23"
    for args in (["--key", "ash2023counting"], ["--tex", "paper.tex"]):
        assert main.run(["bib", "--graph", str(folder), *args, "-o", "out.bib"]) == 0
        assert (tmp_path / "out.bib").read_text().startswith("@misc{Birds.23,")


# -- check -------------------------------------------------------------------------------------------------


def test_check(run):
    found = (
        "refs.bib:2: hammer:x-hammer: means another work in the graph: \"Hammer\"; the work of this entry is called "
        "elm2023sorting [other-work]\n"
        "refs.bib:4: not read: the closing '}' is missing [unread]\n"
    )  # fmt: skip
    told = (
        "1 key means another work than in the graph, or none\n"
        "1 key of your own for works that the graph calls otherwise (-v tells them); 'llmcomp keys import refs.bib' "
        "takes them\n"
    )
    assert run("check", "refs.bib") == Said(1, found, told)
    assert run("check", "refs.bib", "-q") == Said(1, found, "")
    own = "refs.bib:1: mine: the graph calls this work ash2023counting [own]\n"
    assert run("check", "refs.bib", "-v") == Said(1, own + found, told)


def test_check_as_json(run):
    said = run("check", "refs.bib", "--json", "-q")
    assert (said.code, said.err) == (1, "")
    assert [finding["kind"] for finding in json.loads(said.out)] == ["own", "other-work", "unread"]
    assert json.loads(said.out)[1] == {
        "kind": "other-work",
        "level": "error",
        "file": "refs.bib",
        "line": 2,
        "key": "hammer:x-hammer",
        "message": 'means another work in the graph: "Hammer"; the work of this entry is called elm2023sorting',
        "now": "elm2023sorting",
        "means": "Hammer",
    }


def test_check_of_keys_that_are_right_or_were(run, tmp_path):
    run("import", "-", "-q", stdin=TABLE.replace("ash2023counting", "Birds.23").encode())
    (tmp_path / "refs.bib").write_text(BIB[: BIB.index("@misc{hammer")].replace("mine", "ash2023counting"))
    assert run("check", "refs.bib") == Said(
        0,
        "refs.bib:1: ash2023counting: now called Birds.23; the old key still works [former]\n",
        "no key means another work than in the graph\n",
    )
    assert run("check", "-", stdin=b"") == Said(0, "", "no key means another work than in the graph\n")
    assert run("check", "-", "--json", "-q", stdin=b"") == Said(0, "[]\n", "")


def test_what_a_file_says_does_not_colour_the_terminal(run, tmp_path):
    (tmp_path / "refs.bib").write_text("@misc{a\x1b[31m, title={" + BIRDS + "}, author={Ash, Ann}}\n")
    assert "\x1b" not in run("check", "refs.bib", "-v").out
    assert "\x1b" not in run("import", "refs.bib", "-v").err


def test_the_help_of_each_command_shows_an_example(run):
    for command in ((), ("export",), ("import",), ("check",)):
        assert f"  llmcomp keys {command[0] if command else 'check'} " in run(*command, "--help").out
