"""A survey section that compiles: its files, and the command that writes them."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import bibtexparser
import pytest

import llmcomp
from llmcomp.cli import main
from llmcomp.exports.skeleton import FILES, skeleton
from llmcomp.kg.build import Built
from llmcomp.kg.errors import NothingFound
from llmcomp.kg.model import Name, Work

KV = llmcomp.Selection(categories=("kv-cache",))
HOSTILE = [
    "R&D at 50% of #1_x ^ ~",
    r"\write18{touch pwned} \input{/etc/passwd}",
    "two\nlines\x00",
    "[starts] like an option",
    "unbalanced { } } {",
    '"quoted": `code` <script>',
    "emoji 🏆 and rtl \u202e",
    "עברית and 大模型: letters that no font of pdflatex has",
    "word " * 1_000,
    "$O(n^2)$ costs $5",
    "]",
    "\\",
]


class Said(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process on the shipped graph."""

    def _run(*args: str) -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(built.path))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO()))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


def cited(text: str) -> set[str]:
    return set(re.findall(r"\\cite[tp]?\{([^}]*)\}", text))


def hostile() -> list[Work]:
    return [
        Work(
            f"i:{n}", f"k{n:03d}", title, authors=(Name("Łi", "A"),) * (n % 2), year=2024, categories=("quantization",)
        )
        for n, title in enumerate(HOSTILE)
    ]


# --- the files


def test_the_bibliography_holds_exactly_what_is_cited(graph: llmcomp.Graph) -> None:
    files = skeleton(graph, graph.works(KV), ("kv-cache",))
    assert tuple(files) == FILES
    keys = {work.key for work in graph.works(KV)}
    library = bibtexparser.parse_string(files["refs.bib"])
    assert {entry.key for entry in library.entries} == keys
    assert cited(files["section.tex"]) == cited(files["table.tex"]) == cited(files["taxonomy.tex"]) == keys


def test_the_outline_goes_by_sub_group_and_year(graph: llmcomp.Graph) -> None:
    text = skeleton(graph, graph.works(KV), ("kv-cache",))["section.tex"]
    assert text.count("\\section{") == 1
    assert "\\section{KV Cache Compression}\n\\label{sec:kv-cache-compression}\n" in text
    groups = re.findall(r"\\subsection\{(.*)\}", text)
    assert groups[0] == "Quantization"
    assert groups[-1] == "Other approaches"
    for group in re.split(r"\\subsection", text)[1:]:
        years = re.findall(r"\\paragraph\{(\d{4})\.\}", group)
        assert years == sorted(set(years))
    assert (
        "  \\item \\citet{liu2024kivi}: \\todo{KIVI: A Tuning-Free Asymmetric 2bit Quantization for KV Cache}\n" in text
    )


def test_the_counts_are_the_graphs(graph: llmcomp.Graph) -> None:
    works = graph.works(KV)
    published = sum(work.venue is not None for work in works)
    years = sorted(work.year for work in works if work.year)
    text = skeleton(graph, works, ("kv-cache",))["section.tex"]
    assert (
        f"This section covers {len(works)} works on KV Cache Compression, from {years[0]} to {years[-1]}; "
        f"{published} of them are published at a venue. Table~\\ref{{tab:kv-cache-compression}} lists them.\n"
    ) in text


def test_one_work_of_one_year_is_told_so(graph: llmcomp.Graph) -> None:
    text = skeleton(graph, [Work("i:1", "k", "A: b", year=2024, categories=("survey",))])["section.tex"]
    assert "This section covers 1 work on Survey. Table~\\ref{tab:survey} lists them.\n" in text
    assert "\\subsection" not in text
    assert "\\item \\citep{k}: \\todo{A: b}" in text


def test_several_categories_are_sections(graph: llmcomp.Graph) -> None:
    selection = llmcomp.Selection(categories=("kv-cache", "survey"))
    files = skeleton(graph, graph.works(selection), ("kv-cache", "survey"))
    assert re.findall(r"\\section\{(.*)\}", files["section.tex"]) == ["KV Cache Compression", "Survey"]
    assert "\\title{KV Cache Compression and Survey: A Survey}" in files["main.tex"]
    assert "\\label{tab:works}" in files["table.tex"]
    assert files["section.tex"].count("\\input{taxonomy}") == 1


def test_without_a_selection_it_is_about_the_whole_graph(graph: llmcomp.Graph) -> None:
    files = graph.skeleton()
    assert "\\title{Awesome LLM Compression: A Survey}" in files["main.tex"]
    assert "\nThis survey covers 685 works on Awesome LLM Compression, " in files["section.tex"]
    assert cited(files["section.tex"]) == {work.key for work in graph.works()}


def test_a_figure_that_could_not_be_read_ends_at_the_sub_groups(graph: llmcomp.Graph) -> None:
    whole, part = graph.skeleton()["taxonomy.tex"], graph.skeleton(KV)["taxonomy.tex"]
    assert not cited(whole)
    assert "[{Fine-Tuning}, group]" in whole
    assert len(cited(part)) == 74


def test_known_counts_are_a_column(enriched: Path) -> None:
    graph = llmcomp.open_graph(enriched)
    assert "Citations" in skeleton(graph, graph.works())["table.tex"]


def test_the_same_works_give_the_same_files(graph: llmcomp.Graph) -> None:
    works = graph.works(KV)
    assert skeleton(graph, works) == skeleton(graph, list(reversed(works)))


def test_no_works_are_no_section(graph: llmcomp.Graph) -> None:
    with pytest.raises(NothingFound):
        skeleton(graph, [])


def test_hostile_titles_stay_in_their_notes(graph: llmcomp.Graph) -> None:
    text = skeleton(graph, hostile())["section.tex"]
    items = [line for line in text.splitlines() if line.startswith("  \\item ")]
    assert len(items) == len(HOSTILE)
    for item in items:
        bare = re.sub(r"\\[{}]", "", item)
        assert bare.count("{") == bare.count("}")
        assert bare.endswith("}")
    assert r"\write18" not in text


# --- the command


def test_the_command_writes_the_files_and_says_how_to_compile(run: Run, graph: llmcomp.Graph, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "survey"
    said = run("skeleton", "-c", "kv-cache", "-o", str(folder))
    assert said.code == 0
    assert said.out == "".join(f"{folder / name}\n" for name in FILES)
    steps = "pdflatex main && bibtex main && pdflatex main && pdflatex main"
    assert said.err == f"74 works; to compile: cd {folder} && {steps}\n"
    files = skeleton(graph, graph.works(KV), ("kv-cache",))
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == files
    assert [path.name for path in folder.parent.iterdir()] == ["survey"]


def test_the_folder_one_is_in_may_be_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("skeleton", "-c", "survey", "-o", ".", "-q") == (0, "".join(f"{name}\n" for name in FILES), "")
    assert (tmp_path / "main.tex").exists()


def test_json_tells_the_files(run: Run, tmp_path: Path) -> None:
    said = run("skeleton", "-c", "survey", "-o", str(tmp_path / "s"), "--json", "-q")
    assert json.loads(said.out) == {"folder": str(tmp_path / "s"), "files": list(FILES), "works": 25}
    assert said.err == ""


def test_nothing_is_overwritten_unless_forced(run: Run, tmp_path: Path) -> None:
    (tmp_path / "section.tex").write_text("mine")
    (tmp_path / "notes.md").write_text("mine too")
    said = run("skeleton", "-c", "survey", "-o", str(tmp_path))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"Error: {tmp_path} has section.tex already, and nothing was written. Name another folder with -o, or "
        "overwrite with --force.\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.md", "section.tex"]
    assert (tmp_path / "section.tex").read_text() == "mine"
    assert run("skeleton", "-c", "survey", "-o", str(tmp_path), "--force").code == 0
    assert (tmp_path / "section.tex").read_text() != "mine"
    assert (tmp_path / "notes.md").read_text() == "mine too"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*FILES, "notes.md"])


def test_other_files_of_a_folder_stay(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    assert run("skeleton", "-c", "survey", "-o", str(tmp_path)).code == 0
    assert (tmp_path / "notes.md").read_text() == "mine"


def test_a_link_to_a_folder_is_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert run("skeleton", "-c", "survey", "-o", str(tmp_path / "link")).code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "main.tex").exists()


def test_a_dangling_link_is_no_free_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").symlink_to("nowhere")
    assert run("skeleton", "-c", "survey", "-o", str(tmp_path)).code == 2


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        ((), 2, "Missing option '-o'"),
        (("-o", ""), 2, "Error: -o was given empty."),
        (("-c", "nope", "-o", "x"), 2, "Error: no category 'nope'."),
        (("--year", "1990", "-o", "x"), 1, "Error: no work meets all of these conditions."),
    ],
)
def test_what_cannot_be_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], code: int, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("skeleton", *args)
    assert (said.code, said.out) == (code, "")
    assert told in said.err
    assert not list(tmp_path.iterdir()) or [p.name for p in tmp_path.iterdir()] == ["unset"]


def test_a_file_in_the_way_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    said = run("skeleton", "-c", "survey", "-o", str(tmp_path / "file"), "--force")
    assert said == (2, "", f"Error: {tmp_path}/file is a file. Name a folder with -o; it is made if it is not there.\n")
    said = run("skeleton", "-c", "survey", "-o", str(tmp_path / "file" / "below"))
    assert said.code == 3
    assert said.err.startswith(f"Error: {tmp_path}/file/below could not be written: ")
    (tmp_path / "main.tex").mkdir()
    said = run("skeleton", "-c", "survey", "-o", str(tmp_path), "--force")
    assert said.err == f"Error: {tmp_path}/main.tex is a folder, and nothing was written. Name another with -o.\n"


# --- programs that are not ours


def compiled(folder: Path, files: dict[str, str]) -> str:
    """Run LaTeX and BibTeX as the command says; return the log."""
    for program in ("pdflatex", "bibtex", "kpsewhich"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    for file in ("booktabs.sty", "longtable.sty", "hyperref.sty", "natbib.sty", "geometry.sty", "plainnat.bst"):
        if not subprocess.run(["kpsewhich", file], capture_output=True).stdout.strip():
            pytest.skip(f"{file} is not installed")
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    latex = ("pdflatex", "-draftmode", "-halt-on-error", "-interaction=nonstopmode", "main")
    for command in (latex, ("bibtex", "-terse", "main"), latex, latex):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=300)
        assert done.returncode == 0, done.stdout[-2000:]
    return (folder / "main.log").read_text("utf-8", "replace")


@pytest.mark.judges
@pytest.mark.parametrize("slug", ["kv-cache-compression", "tools"])
def test_a_section_compiles_and_every_citation_is_known(graph: llmcomp.Graph, tmp_path: Path, slug: str) -> None:
    log = compiled(tmp_path, skeleton(graph, graph.works(llmcomp.Selection(categories=(slug,))), (slug,)))
    assert "undefined" not in log
    assert "(author?)" not in log
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", log)]
    assert max(wide, default=0) < 15


@pytest.mark.judges
@pytest.mark.slow
def test_the_whole_graph_compiles(graph: llmcomp.Graph, tmp_path: Path) -> None:
    assert "undefined" not in compiled(tmp_path, graph.skeleton())


@pytest.mark.judges
def test_hostile_titles_compile(graph: llmcomp.Graph, tmp_path: Path) -> None:
    compiled(tmp_path, skeleton(graph, hostile()))
    assert not (tmp_path / "pwned").exists()
