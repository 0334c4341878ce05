"""The shipped data: complete, in its own format, and not stale.

``data/facts/`` holds what it is compiled from. The list there has its rows and headings as they were given,
mojibake too; its sentences are left out.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from llmcomp.kg import compile as compiler
from llmcomp.kg.errors import SourceError
from llmcomp.kg.facts import (
    parse_papers,
    parse_references,
    parse_rows,
    shipped_list,
    shipped_papers,
    shipped_references,
)
from llmcomp.kg.records import format_records, parse_records

SOURCES = Path(__file__).parent / "data" / "facts"


def shipped_text(name: str) -> str:
    return files("llmcomp.kg").joinpath("data", name).read_text("utf-8")


# --- not stale: run "python -m llmcomp.kg.compile tests/data/facts" when this fails


@pytest.mark.parametrize("name", ["papers.rec", "references.rec", "list.rec"])
def test_what_is_shipped_is_what_the_compiler_makes_of_its_source(name: str) -> None:
    assert shipped_text(name) == compiler.compile_all(SOURCES)[name]


def test_the_compile_command_writes_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["compile", str(SOURCES), "-o", str(tmp_path)])
    compiler.main()
    for name in ("papers.rec", "references.rec", "list.rec"):
        assert (tmp_path / name).read_text("utf-8") == shipped_text(name)


def test_the_compile_command_names_a_source_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["compile", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        compiler.main()
    assert ended.value.code == 2
    assert f"{tmp_path / 'list.md'} is missing" in capsys.readouterr().err


# --- complete


def test_what_is_shipped() -> None:
    papers, references, rows = shipped_papers(), shipped_references(), shipped_list()
    assert sum(bool(paper.authors) for paper in papers) >= 620
    assert len(references) == 58
    assert sum(listed.complete for listed in references) == 56
    assert sum(len(listed.references) for listed in references) == 3459
    assert [sum(e.kind == kind for e in rows.entries) for kind in ("paper", "tool")] == [698, 43]
    assert len({e.section for e in rows.entries if e.kind == "paper"}) == 7


def test_every_paper_and_every_reference_list_names_its_source() -> None:
    assert all(paper.sources for paper in shipped_papers())
    assert all(listed.source for listed in shipped_references())
    assert {paper.confidence for paper in shipped_papers() if paper.authors} == {"A", "B", "C"}


def test_no_prose_of_the_list_is_shipped() -> None:
    tools = [entry.title for entry in shipped_list().entries if entry.kind == "tool"]
    assert all(": " not in title and len(title) < 60 for title in tools)


def test_the_notice_of_the_list_stands_beside_its_rows() -> None:
    notice = shipped_text("LICENSE-awesome-llm-compression")
    assert "MIT License" in notice
    assert "Copyright (c) 2023 Owen Huang" in notice


# --- the format


def test_records_written_are_read_back() -> None:
    records = [[("title", "A: b"), ("author", "C"), ("author", "D")], [("title", "x\u2028y")]]
    text = format_records(["comment"], records)
    assert [fields for _, fields in parse_records(text, "x")] == records


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (
            parse_papers,
            "title: A\nnonsense\n",
            "papers.rec, line 2: expected 'field: value', found 'nonsense'.",
        ),
        (parse_papers, "\nid: arxiv:1\n", "papers.rec, line 2: a paper without a title."),
        (parse_papers, "title: A\nid: arxiv:zzz\n", "papers.rec, line 1: 'arxiv:zzz' is not an identifier."),
        (parse_papers, "title: A\nyear: soon\n", "papers.rec, line 1: 'soon' is not a year."),
        (parse_references, "citing: arxiv:2210.17323\n", "references.rec, line 1: no 'title'."),
        (
            parse_references,
            "citing: arxiv:2210.17323\ntitle: A\ncomplete: yes\nsource: s\ncites: T\tA\n",
            "references.rec, line 1: 'cites' has 2 columns, not 4: T\tA",
        ),
        (parse_rows, "line: 3\nsection: S\n", "list.rec, line 1: no 'title'."),
        (parse_rows, "line: x\nsection: S\ntitle: T\n", "list.rec, line 1: 'x' is not a line number."),
        (
            parse_rows,
            "line: 3\nsection: S\ntitle: T\nkind: game\n",
            "list.rec, line 1: kind 'game' is neither paper nor tool.",
        ),
    ],
)
def test_a_damaged_record_is_named_with_its_line(parse: object, text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(text)  # type: ignore[operator]
    assert str(caught.value) == message
