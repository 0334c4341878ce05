"""The commands: exact texts, exit codes, streams, files, broken graphs."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from wcwidth import wcswidth

import llmcomp
from llmcomp.cli import main, output
from llmcomp.exports.registry import FORMATS
from llmcomp.kg.build import Built
from llmcomp.ontology.named import query_names, question_names

COMMANDS = tuple(
    "authors bib bibdiff bridges build categories check cited-by cites communities coverage enrich explain export "
    "graph import keys main-path measures missing path push query reading-order related search serve show skeleton "
    "snapshot status table taxonomy timeline top".split()
)
EXPLORING = set(
    "authors bridges cited-by cites communities main-path measures missing path reading-order related timeline "
    "top".split()
)
SLUGS = (
    "distillation efficient-prompting kv-cache-compression other pruning-and-sparsity quantization survey tools".split()
)
ROW = "- GPTQ <br> ICLR 2023 [[Paper]](https://arxiv.org/abs/2210.17323)\n"


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, on the shipped graph or on another with ``graph=``."""

    def _run(*args: str, graph: Path | None = None, stdin: bytes = b"") -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph or built.path))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A list of one row."""
    path = tmp_path / "list.md"
    path.write_text(f"## Quantization\n{ROW}")
    return path


def process(*args: str, graph: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LLMCOMP_GRAPH": str(graph), **env}
    return subprocess.run(
        [sys.executable, "-m", "llmcomp.cli", *args], capture_output=True, env=environment, check=False, timeout=60
    )


# -- help --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("args", [(), ("--help",), ("-h",)])
def test_the_command_alone_shows_all_commands(run, args):
    said = run(*args)
    assert said.code == (0 if args else 2)
    text = said.out + said.err
    assert all(f"\n  {name} " in text for name in COMMANDS)
    assert "llmcomp bib --category quantization > refs.bib" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_and_tells_every_option(run, command):
    said = run(command, "--help")
    assert (said.code, said.err) == (0, "")
    assert "Example" in said.out
    assert f"\n    llmcomp {command}" in said.out
    for option in main.cli.get_command(None, command).params:  # type: ignore[arg-type]
        if option.param_type_name == "option":
            assert all(name in said.out for name in option.opts)
    assert ("--graph PATH" in said.out) == (command != "bibdiff")
    # what these write is for programs already
    assert ("--json" in said.out) == (command not in {"bib", "export", "graph", "serve", "table", "taxonomy"})
    writing = {"bib", "check", "export", "graph", "query", "skeleton", "table", "taxonomy"} | EXPLORING
    assert ("--output" in said.out) == (command in writing)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_without_a_help_text_tells_its_default(command):
    for option in main.cli.get_command(None, command).params:  # type: ignore[arg-type]
        if option.param_type_name == "option":
            assert option.help or option.show_default, option.name


def test_the_version(run):
    assert run("--version") == (0, f"{llmcomp.__version__}\n", "")


# -- wrong usage -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "last"),
    [
        (["bibb"], "No such command 'bibb'. Did you mean 'bib'?"),
        (["catgories"], "No such command 'catgories'. Did you mean 'categories'?"),
        (["zzz"], f"No such command 'zzz'. Commands: {', '.join(COMMANDS)}."),
        (
            ["bib", "--format", "foo"],
            "Invalid value for '--format': 'foo' is not one of 'biblatex', 'bibtex', 'csl-json', 'csl-yaml', "
            "'html', 'ris', 'text'.",
        ),
        (["bib", "extra"], "Got unexpected extra argument (extra)"),
        (["search"], "Missing argument 'TEXT...'."),
        (["show"], "Missing argument 'WORK...'."),
        (["search", "x", "--limit", "0"], "Invalid value for '--limit': 0 is not in the range x>=1."),
        (["bib", "--year", "24"], "'24' is not a year or a range of years. Write 2024, 2023..2025, 2023.. or ..2025."),
        (["bib", "--year", ""], "'' is not a year or a range of years. Write 2024, 2023..2025, 2023.. or ..2025."),
        (["bib", "--year", "2025..2024"], "'2025..2024' ends before it begins. Write 2024..2025."),
        (
            ["bib", "-c", "quantisation"],
            "no category 'quantisation'. Did you mean quantization? Known: distillation, efficient-prompting, "
            "kv-cache-compression, other, pruning-and-sparsity, quantization, survey, tools.",
        ),
        (["bib", "--key", "frantar2022gtpq"], "no citation key 'frantar2022gtpq'. Did you mean frantar2022gptq?"),
        (
            ["bib", "--key", "nope"],
            "no citation key 'nope'. 'llmcomp search WORDS' finds keys by words of title or author.",
        ),
        (
            ["bib", "--key", "brown2020language"],
            "'brown2020language' is the key of a work that listed works cite and that is not listed itself; "
            "only listed works are selected. 'llmcomp show brown2020language' shows it.",
        ),
        (
            ["bib", "--key", ""],
            "the citation key was given empty. 'llmcomp search WORDS' finds keys by words of title or author.",
        ),
        (["bib", "--venue", " "], "the venue was given empty. 'llmcomp query venues' shows those of the graph."),
        (
            ["bib", "--year", "0000"],
            "'0000' is not a year or a range of years. Write 2024, 2023..2025, 2023.. or ..2025.",
        ),
        (["bib", "-o", ""], "-o was given empty. Name a file, or leave -o out for standard output."),
        (["search", " "], "TEXT was given empty. Name a word of a title, an author or a key."),
        (
            ["show", "2212.99999"],
            "no work '2212.99999'. 'llmcomp search WORDS' finds works by words of title, author or key.",
        ),
        (
            ["show", ""],
            "the work was given empty. 'llmcomp search WORDS' finds works by words of title, author or key.",
        ),
        (["query"], "no query. Give SPARQL, a file, '-' or a name; 'llmcomp query --list' lists the names."),
        (["query", "findngs"], "no query 'findngs'. Did you mean findings?"),
        (["query", ""], "the query was given empty. 'llmcomp query --list' shows the named ones."),
        (
            ["query", "ASK {}", "--json", "--format", "csv"],
            "--json and --format csv ask for two things. Leave one out.",
        ),
        (["query", "--list", "--format", "csv"], "--list is a table or JSON, not csv. Leave --format out."),
        (
            ["query", "# a note\nPREFIX a: <b:c> insert data { a:b a:c a:d }"],
            "INSERT would change the graph, and it is read only: ask with SELECT, ASK, CONSTRUCT, DESCRIBE.",
        ),
        (
            ["query", "CLEAR ALL"],
            "CLEAR would change the graph, and it is read only: ask with SELECT, ASK, CONSTRUCT, DESCRIBE.",
        ),
        (
            ["query", "ASK {}", "--format", "turtle"],
            "this query makes a table, which 'turtle' cannot hold. Use csv, tsv, json or xml.",
        ),
        (
            ["query", "CONSTRUCT WHERE { ?s dcterms:title ?o }", "--format", "csv"],
            "this query makes triples, which 'csv' cannot hold. Use turtle, trig, jsonld, ntriples or rdfxml.",
        ),
        (
            ["query", "categories", "-o", "x"],
            "a table is for reading; with -o name a format: csv, tsv, json, xml, turtle, trig, jsonld, ntriples, "
            "rdfxml or bibtex.",
        ),
    ],
)
def test_wrong_usage_says_what_is_right_and_ends_with_2(run, args, last):
    if args[0] == "query" and len(query_names()) > 40:
        last = last.partition(" Known:")[0]
    said = run(*args)
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[-1].startswith(f"Error: {last}")


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (["bib", "-c"], "category"),
        (["bib", "--venue"], "venue"),
        (["bib", "--author"], "author"),
        (["bib", "--key"], "citation key"),
        (["show"], "name of a work"),
        (["search"], "text"),
        (["query"], "query"),
        (["build"], "name of a list"),
        (["categories", "--graph"], "name of the graph"),
    ],
)
def test_bytes_that_are_no_text_are_wrong_usage(run, args, what):
    assert run(*args, "x\udcff") == (
        2,
        "",
        f"Error: character 2 of the {what} cannot be read. Write it in UTF-8, in a locale of UTF-8.\n",
    )


@pytest.mark.parametrize("option", ["--nosuch", "--categry"])
def test_an_unknown_option(run, option):
    said = run("bib", option)
    assert (said.code, said.out) == (2, "")
    assert f"No such option: {option}" in said.err or f"No such option '{option}'" in said.err
    assert ("--category" in said.err) == (option == "--categry")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["bib", "--key", "frantar2022gptq", "--year", "1999"],
            "no work meets all of these conditions. Leave one out, or see 'llmcomp categories'.",
        ),
        (
            ["search", "zzzz", "yyyy"],
            "nothing has all of these words: zzzz yyyy. Fewer words, or parts of words, find more.",
        ),
        (["query", "SELECT ?s { ?s dcterms:title 1 }"], "the query has no answer in this graph."),
    ],
)
def test_nothing_found_ends_with_1(run, args, message):
    said = run(*args)
    assert (said.code, said.err) == (1, f"Error: {message}\n")


# -- bib ---------------------------------------------------------------------------------------------------


def test_bib_writes_one_entry(run):
    said = run("bib", "--key", "frantar2022gptq")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("@inproceedings{frantar2022gptq,\n")
    assert said.out.count("@") == 1
    assert said.out.endswith("}\n")


def test_bib_says_on_stderr_how_many_works_have_no_authors(run):
    said = run("bib", "-v")
    first, *named = said.err.splitlines()
    works = llmcomp.open_graph().works()
    nameless = [w.key for w in works if not w.authors]
    cut = [w.key for w in works if w.authors and w.authors_truncated]
    published = sum(w.venue is not None and not w.authors for w in works)
    assert (len(cut), published > 1) == (1, True)
    assert len(works) - len(nameless) - len(cut) == llmcomp.open_graph().status().authors_known
    line = f"{len(nameless)} of 685 works have no known authors, 1 only its first (-v names them)"
    assert first == (
        f"{line}; {published} of them are published and are written as @misc until their authors are known"
    )
    assert named == sorted([*(f"  {key}" for key in nameless), f"  {cut[0]}  (only its first)"])
    assert said.out.count("\n@") == 684
    assert run("bib").err == f"{first}\n"
    assert run("bib", "--format", "csl-json").err == f"{line}\n"
    assert run("bib", "-q").err == ""


def test_bib_of_one_work_without_all_its_authors(run):
    works = llmcomp.open_graph().works()
    posted = next(w for w in works if not w.authors and w.venue is None)
    published = next(w for w in works if not w.authors and w.venue)
    cut = next(w for w in works if w.authors and w.authors_truncated)
    line = "1 of 1 work has no known authors (-v names it)"
    assert run("bib", "--key", posted.key).err == f"{line}\n"
    said = run("bib", "--key", published.key)
    assert said.err == f"{line}; 1 of them is published and is written as @misc until its authors are known\n"
    assert said.out.startswith("@misc{")
    assert run("bib", "--key", cut.key).err == "1 of 1 work has only its first author known (-v names it)\n"


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_bib_in_every_format_is_the_library_s_and_the_same_twice(run, graph, format_):
    args = ("bib", "-q", "--category", "survey", "--format", format_)
    said = run(*args)
    assert said.out == graph.bibliography(category="survey", format=format_)
    assert run(*args) == said


def test_bib_as_csl_json_parses(run):
    items = json.loads(run("bib", "-c", "survey", "--format", "csl-json").out)
    assert len(items) == 25
    assert all({"id", "type", "title"} <= set(item) for item in items)


def test_bib_conditions_are_those_of_the_library(run, graph):
    said = run(
        *("bib", "-c", "quant", "-c", "pruning", "--all-of", "--year", "2023..2025"),
        *("--author", "frantar", "--author", "alistarh"),
    )
    works = graph.works(
        llmcomp.Selection(("quantization", "pruning"), (), (2023, 2025), ("Frantar", "Alistarh"), (), all_of=True)
    )
    found = [line.partition("{")[2].rstrip(",") for line in said.out.splitlines() if line.startswith("@")]
    assert found == [work.key for work in works] != []


@pytest.mark.parametrize(
    "options", [("--protect", "none"), ("--protect", "all"), ("--venues", "acronym"), ("--venues", "short")]
)
def test_bib_options_change_the_text(run, options):
    args = ("bib", "--key", "frantar2022gptq")
    assert run(*args, *options).out != run(*args).out


# -- files -------------------------------------------------------------------------------------------------


def test_output_goes_to_a_file_and_nothing_to_stdout(run, tmp_path):
    path = tmp_path / "refs.bib"
    path.write_text("old")
    said = run("bib", "--key", "frantar2022gptq", "-o", str(path))
    assert said == (0, "", "")
    assert path.read_bytes().decode() == run("bib", "--key", "frantar2022gptq").out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["refs.bib"]


def test_an_output_folder_that_does_not_exist(run, tmp_path):
    path = tmp_path / "none" / "refs.bib"
    said = run("bib", "--key", "frantar2022gptq", "-o", str(path))
    assert (said.code, said.out) == (3, "")
    assert said.err == (
        f"Error: {path} could not be written: No such file or directory. Nothing there was changed. "
        "Make its folder first, or name another file with -o.\n"
    )
    assert not path.parent.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_that_may_not_be_written(run, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    said = run("bib", "--key", "frantar2022gptq", "-o", str(folder / "refs.bib"))
    assert (said.code, said.out) == (3, "")
    assert said.err.endswith(
        "could not be written: Permission denied. Nothing there was changed. Name another file with -o.\n"
    )
    assert list(folder.iterdir()) == []


def test_an_output_that_is_a_folder(run, tmp_path):
    said = run("bib", "--key", "frantar2022gptq", "-o", str(tmp_path))
    assert (said.code, said.out) == (2, "")
    assert "is a directory" in said.err


def test_an_old_file_stays_when_writing_fails(run, tmp_path, monkeypatch):
    path = tmp_path / "refs.bib"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said = run("bib", "--key", "frantar2022gptq", "-o", str(path))
    assert (said.code, path.read_text()) == (3, "old")
    assert said.err == (
        f"Error: {path} could not be written: No space left on device. Nothing there was changed. "
        "Make room on the disk, or write elsewhere with -o.\n"
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["refs.bib"]


@pytest.mark.skipif(sys.platform == "win32", reason="asks for modes and links of POSIX")
def test_an_output_keeps_its_mode(run, tmp_path):
    path = tmp_path / "refs.bib"
    for mode in (0o600, 0o640):
        path.write_text("old")
        path.chmod(mode)
        assert run("bib", "--key", "frantar2022gptq", "-o", str(path)).code == 0
        assert (stat.S_IMODE(path.stat().st_mode), path.read_text()[:2]) == (mode, "@i")


@pytest.mark.skipif(sys.platform == "win32", reason="asks for modes and links of POSIX")
@pytest.mark.parametrize("there", [True, False])
def test_an_output_that_is_a_link_stays_one(run, tmp_path, there):
    real, link = tmp_path / "far" / "refs.bib", tmp_path / "refs.bib"
    real.parent.mkdir()
    if there:
        real.write_text("old")
        real.chmod(0o600)
    link.symlink_to(Path("far") / "refs.bib")
    assert run("bib", "--key", "frantar2022gptq", "-o", str(link)) == (0, "", "")
    assert link.is_symlink()
    assert real.read_text().startswith("@inproceedings")
    assert not there or stat.S_IMODE(real.stat().st_mode) == 0o600
    assert [p.name for p in real.parent.iterdir()] == ["refs.bib"]


@pytest.mark.skipif(sys.platform == "win32", reason="asks for modes and links of POSIX")
def test_an_output_that_is_a_link_to_itself(run, tmp_path):
    link = tmp_path / "refs.bib"
    link.symlink_to("refs.bib")
    said = run("bib", "--key", "frantar2022gptq", "-o", str(link))
    assert (said.code, said.out, link.is_symlink()) == (3, "", True)
    assert said.err.startswith(f"Error: {link} could not be written: Too many levels of symbolic links. ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="asks for a named pipe")
@pytest.mark.parametrize("linked", [True, False])
def test_an_output_that_is_a_pipe_is_written_to(run, tmp_path, linked):
    pipe = name = tmp_path / "pipe"
    os.mkfifo(pipe)
    if linked:
        name = tmp_path / "link"
        name.symlink_to(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    said = run("bib", "--key", "frantar2022gptq", "-o", str(name))
    reader.join()
    assert said == (0, "", "")
    assert got[0].startswith(b"@inproceedings{frantar2022gptq,")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert name.is_symlink() == linked


# -- looking -----------------------------------------------------------------------------------------------


def test_categories(run):
    assert run("categories") == (
        0,
        "CATEGORY              WORKS  NAME\n"
        "distillation             54  Distillation\n"
        "efficient-prompting      53  Efficient Prompting\n"
        "kv-cache-compression     74  KV Cache Compression\n"
        "other                    80  Other\n"
        "pruning-and-sparsity    137  Pruning and Sparsity\n"
        "quantization            271  Quantization\n"
        "survey                   25  Survey\n"
        "tools                    42  Tools\n",
        "",
    )


def test_search_prints_key_and_title_and_marks_what_is_only_cited(run):
    said = run("search", "few-shot", "learners")
    assert said.code == 0
    line = "brown2020language  Language models are few-shot learners  (cited, not listed)\n"
    assert line.casefold() in said.out.casefold()


def test_search_says_how_many_more_there_are(run, graph):
    hits = len(graph.search("quantization"))
    said = run("search", "quantization", "--limit", "3")
    assert (said.code, said.out.count("\n")) == (0, 3)
    assert said.err == f"{hits - 3} more; --limit shows them\n"
    assert run("search", "quantization", "--limit", "3", "-q").err == ""


def test_show(run):
    said = run("show", "arXiv:2210.17323v2")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
    for line in (
        "authors    Elias Frantar; Saleh Ashkboos; Torsten Hoefler; Dan Alistarh (confidence A)",
        "key        frantar2022gptq",
        "venue      The Eleventh International Conference on Learning Representations, 2023",
        "category   quantization",
        "id         arxiv:2210.17323  https://arxiv.org/abs/2210.17323",
        "code       https://github.com/IST-DASLab/gptq",
        "iri        https://w3id.org/llmcomp/work/arxiv:2210.17323",
    ):
        assert line in lines
    everything = run("show", "frantar2022gptq", "-v").out.splitlines()
    assert lines[-1] == f"  and {len(everything) - len(lines) + 1} more (-v shows all)"


def test_show_takes_words_of_a_title(run):
    assert run("show", "for", "generative", "pre-trained", "transformers").out.startswith("GPTQ: Accurate")


def test_show_of_an_ambiguous_name_lists_what_fits(run):
    said = run("show", "SmoothQuant")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Error: 'SmoothQuant' fits 2 works; name one by its key:\n  pan2023smoothquant  ")


def test_show_of_a_work_only_cited_and_of_a_tool(run):
    assert "category   none: cited by listed works, not listed\n" in run("show", "brown2020language").out
    tool = run("show", "llama.cpp").out
    assert "venue      tool\n" in tool
    assert "authors" not in tool


def test_status(run, built):
    said = run("status")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[:3] == [
        f"graph      {built.path} (built by llmcomp {llmcomp.__version__})",
        "rows       741: 698 papers + 43 tools",
        f"works      685, {llmcomp.open_graph(built.path).status().published} of them published at a venue; 42 tools",
    ]
    assert "Links that lead to another paper: 7\n" in said.out
    assert ", line 254: Can Large Language Models Understand Context?\n" in said.out


# -- JSON --------------------------------------------------------------------------------------------------


def shape(value: Any) -> Any:
    """The shape of a JSON value: names of fields, one item of a list."""
    if isinstance(value, dict):
        return {name: shape(v) for name, v in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["categories"], [{"iri": "str", "slug": "str", "name": "str", "works": "int"}]),
        (["search", "gptq"], [{"key": "str", "title": "str", "iri": "str", "listed": "bool"}]),
        (
            ["query", "--list"],
            [
                {
                    "name": "str",
                    "topic": "str",
                    "answers": "str",
                    "parameters": [{"name": "str", "kind": "str", "takes": "str", "default": "str"}],
                }
            ],
        ),
        (["query", "ASK {}"], {"head": {}, "boolean": "bool"}),
        (
            ["query", "SELECT ?n { ?c skos:prefLabel ?n } LIMIT 1"],
            {"head": {"vars": ["str"]}, "results": {"bindings": [{"n": {"type": "str", "value": "str"}}]}},
        ),
        (
            ["status"],
            {
                **{"path": "str", "version": "str", "paper_rows": "int", "tool_rows": "int", "works": "int"},
                **{"tools": "int", "authors_known": "int", "published": "int", "asked": "int"},
                **{"unknown_there": "int", "reference_lists": "int"},
                **{"complete_reference_lists": "int", "citations_inside": "int", "works_outside": "int"},
                "sources": [{"graph": "str", "title": "str", "date": "str", "source": "str", "statements": "int"}],
                "findings": [{"kind": "str", "source": "str", "line": "int", "title": "str", "message": "str"}],
            },
        ),
    ],
)
def test_json_has_one_shape(run, args, expected):
    said = run(*args, "--json")
    assert said.code == 0
    assert shape(json.loads(said.out)) == expected


def test_json_of_one_work(run):
    told = json.loads(run("show", "frantar2022gptq", "--json").out)
    assert {"work", "confidence", "rows", "cited_by", "references_known"} <= set(told)
    work = told["work"]
    assert {"iri", "key", "title", "kind", "authors", "year", "venue", "identifiers", "url", "categories"} <= set(work)
    assert work["authors"][0] == {"family": "Frantar", "given": "Elias"}
    assert work["identifiers"] == [{"scheme": "arxiv", "value": "2210.17323"}]
    assert shape(told["rows"]) == [{"source": "str", "line": "int", "section": "str", "title": "str", "venue": "str"}]
    assert shape(told["cited_by"]) == [{"iri": "str", "key": "str", "title": "str"}]


def test_json_keeps_letters_as_they_are(run):
    assert '"Týr-the-Pruner' in run("search", "Týr", "--json").out


def test_json_of_nothing_found_is_an_empty_list_and_ends_with_1(run):
    said = run("search", "zzzz", "--json")
    assert (said.code, json.loads(said.out)) == (1, [])


# -- query -------------------------------------------------------------------------------------------------

ONE = "SELECT ?name ?none { VALUES (?name ?none) { ('a,b \"c\"' UNDEF) } }"


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("table", '?name    ?none\na,b "c"\n'),
        ("csv", 'name,none\r\n"a,b ""c""",\r\n'),
        ("tsv", '?name\t?none\n"a,b \\"c\\""\t\n'),
        (
            "json",
            '{"head":{"vars":["name","none"]},"results":{"bindings":'
            '[{"name":{"type":"literal","value":"a,b \\"c\\""}}]}}\n',
        ),
        ("xml", None),
    ],
)
def test_every_table_format(run, format_, expected):
    said = run("query", ONE, "--format", format_)
    assert said.code == 0
    if expected is None:
        assert said.out.startswith('<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">')
        assert "<literal>a,b &quot;c&quot;</literal>" in said.out or '<literal>a,b "c"</literal>' in said.out
    else:
        assert said.out == expected


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("table", "?s\n"),
        ("csv", "s\r\n"),
        ("tsv", "?s\n"),
        ("json", '{"head":{"vars":["s"]},"results":{"bindings":[]}}\n'),
        ("xml", None),
    ],
)
def test_an_answer_without_rows_is_written_and_ends_with_1(run, tmp_path, format_, expected):
    args = ("query", "SELECT ?s { ?s dcterms:title 1 }", "--format", format_)
    said = run(*args)
    assert (said.code, said.err) == (1, "Error: the query has no answer in this graph.\n")
    assert said.out == expected or (expected is None and "<results></results>" in said.out)
    if format_ != "table":
        path = tmp_path / "answer"
        assert run(*args, "-o", str(path)) == (1, "", said.err)
        assert path.read_bytes().decode() == said.out


@pytest.mark.parametrize("format_", ["turtle", "ntriples"])
def test_no_triples_end_with_1(run, format_):
    args = ("query", "CONSTRUCT { ?s a ?s } { ?s dcterms:title 1 }", "--format", format_)
    assert run(*args) == (1, "", "Error: the query has no answer in this graph.\n")


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml"])
@pytest.mark.parametrize("query", ["SELECT ?x {}", 'SELECT ?x { VALUES ?x { \'"results":{"bindings":[]}}\' } }'])
def test_a_row_of_nothing_and_a_row_that_looks_like_none_are_answers(run, query, format_):
    assert run("query", query, "--format", format_).code == 0


def test_a_table_shortens_what_has_a_prefix_and_nothing_else(run):
    iri = "https://w3id.org/llmcomp/work/arxiv:2210.17323"
    query = f"SELECT * {{ VALUES (?a ?b ?c ?d) {{ (<{iri}> dcterms:title :Finding '{iri}') (<x:y> 1 UNDEF 'é') }} }}"
    assert run("query", query).out.splitlines() == [
        "?a                     ?b             ?c        ?d",
        f"work:arxiv:2210.17323  dcterms:title  :Finding  {iri}",
        "x:y                    1                        é",
    ]
    assert iri in run("query", query, "--format", "csv").out
    assert "dcterms:title" not in run("query", query, "--json").out


def test_a_narrow_table_cuts_the_widest_columns():
    rows = [("key", "x" * 50, "漢字" * 20), ("another", "y", "z")]
    for room in (30, 40, 79):
        lines = output.table(("KEY", "ONE", "TWO"), rows, room=room).decode().splitlines()
        assert lines[1].startswith("key      xxx")
        assert lines[1].count("…") == 2
        assert all(wcswidth(line) <= room for line in lines)
    assert "…" not in output.table(("KEY", "ONE", "TWO"), rows, room=200).decode()
    assert output.table(("KEY", "ONE", "TWO"), rows, room=3).decode().splitlines()[2] == "a…  y   z"


def test_a_source_graph_is_dumped_as_the_docs_say(run, tmp_path):
    docs = (Path(__file__).parent.parent / "docs" / "commands.md").read_text("utf-8")
    (command,) = (block for block in docs.split("```") if block.startswith("sh\nllmcomp query 'CONSTRUCT"))
    words = shlex.split(command.removeprefix("sh\n").replace("\\\n", ""))
    path = tmp_path / words[-1]
    assert run(*words[1:-1], str(path)) == (0, "", "")
    iri = "https://w3id.org/llmcomp/graph/keys"
    told = run("query", f"SELECT ?s ?p ?o {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", "--format", "csv").out
    assert len(path.read_text("utf-8").splitlines()) == len(told.splitlines()) - 1 > 1000


def test_the_list_of_queries_goes_to_a_file(run, tmp_path):
    path = tmp_path / "names"
    assert run("query", "--list", "-o", str(path)) == (0, "", "")
    assert path.read_text("utf-8") == run("query", "--list").out
    assert run("query", "--list", "--json", "-o", str(path)) == (0, "", "")
    assert path.read_text("utf-8") == run("query", "--list", "--format", "json").out


def test_a_query_that_the_store_cannot_answer(run):
    said = run("query", "SELECT (<x:f>(1) AS ?x) {}")
    assert said == (3, "", "Error: the query failed: The custom function <x:f> is not supported.\n")


def test_ask(run):
    assert run("query", "ASK { ?s ?p ?o }") == (0, "answer\ntrue\n", "")
    assert run("query", "ASK { ?s <a:b> ?o }") == (0, "answer\nfalse\n", "")
    assert run("query", "ASK {}", "--format", "csv").out == "true\n"


CONSTRUCT = "CONSTRUCT { ?w dcterms:title ?t } WHERE { VALUES ?w { work:arxiv\\:2210.17323 } ?w dcterms:title ?t }"


def test_construct_is_turtle_with_prefixes_unless_asked_otherwise(run):
    title = '"GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"'
    query = CONSTRUCT.replace("work:arxiv\\:2210.17323", "<https://w3id.org/llmcomp/work/arxiv:2210.17323>")
    said = run("query", query)
    assert said.code == 0
    assert said.out == run("query", query, "--format", "turtle").out
    assert "@prefix dcterms: <http://purl.org/dc/terms/> .\n" in said.out
    assert f"dcterms:title {title} .\n" in said.out
    assert run("query", query, "--format", "ntriples").out == (
        f"<https://w3id.org/llmcomp/work/arxiv:2210.17323> <http://purl.org/dc/terms/title> {title} .\n"
    )


def test_a_query_as_text_in_a_file_on_standard_input_and_by_name(run, tmp_path):
    text = "# Categories by slug.\nSELECT ?slug { ?c a skos:Concept ; skos:notation ?slug } ORDER BY ?slug LIMIT 2"
    path = tmp_path / "my.rq"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    expected = run("query", text)
    assert (expected.code, len(expected.out.splitlines())) == (0, 3)
    assert run("query", str(path)) == expected
    assert run("query", "-", stdin=text.encode()) == expected
    named = run("query", "categories", "--format", "csv")
    assert len(list(csv.reader(io.StringIO(named.out)))) == 9


@pytest.mark.parametrize("name", query_names())
def test_every_named_query_answers(run, name):
    said = run("query", name, "--format", "tsv")
    assert said.code == (said.out.count("\n") == 1)
    assert said.err.startswith("Error: the query has no answer in this graph." if said.code else "")
    assert bool(said.err) == bool(said.code)
    assert said.out.startswith("?")


def test_the_named_queries_say_what_they_answer(run):
    lines = run("query", "--list").out.splitlines()
    assert lines[0].split() == ["QUERY", "TOPIC", "SET", "ANSWERS"]
    first = question_names()
    assert [line.split()[0] for line in lines[1:]] == [*first, *(n for n in query_names() if n not in first)]
    assert all(len(line.split()) > 3 for line in lines[1:])


def test_query_files_that_cannot_be_read(run, tmp_path):
    path = tmp_path / "none.rq"
    assert run("query", str(path)) == (
        3,
        "",
        f"Error: {path}: cannot be read: No such file or directory. Name a file that holds SPARQL.\n",
    )
    assert run("query", f"DESCRIBE <{'a' * 5000}>").code == 2  # no name of a file is as long
    path.write_bytes(b"SELECT \xff")
    said = run("query", str(path))
    assert said.code == 2
    assert said.err.startswith(f"Error: {path}: not UTF-8 (")
    assert run("query", "-", stdin=b"\xff").err.startswith("Error: standard input: not UTF-8 (")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="asks for a device that never ends")
def test_what_never_ends_is_too_large(run, tmp_path, monkeypatch):
    monkeypatch.setattr("llmcomp.kg.sources.MAX_BYTES", 1_000_000)
    path = tmp_path / "zero.rq"
    path.symlink_to("/dev/zero")
    assert run("query", str(path)) == (3, "", f"Error: {path}: larger than 1 MB; a query is a text of SPARQL.\n")
    said = run("query", "-", stdin=b" " * 1_000_001)
    assert said == (3, "", "Error: standard input: larger than 1 MB; a query is a text of SPARQL.\n")
    said = run("build", str(path), graph=tmp_path / "g")
    assert said == (3, "", f"Error: {path}: larger than 1 MB; a list is a Markdown file.\n")


def test_query_writes_to_a_file(run, tmp_path):
    path = tmp_path / "out.csv"
    assert run("query", ONE, "--format", "csv", "-o", str(path)) == (0, "", "")
    assert path.read_bytes() == b'name,none\r\n"a,b ""c""",\r\n'


# -- build -------------------------------------------------------------------------------------------------


def test_build_of_a_list_reports_on_stderr(run, tmp_path, small):
    folder = tmp_path / "g"
    assert run("build", str(small), graph=folder) == (0, "", f"built {folder}: 1 row, 1 work\n")
    assert run("categories", graph=folder).out.splitlines()[1].split() == ["quantization", "1", "Quantization"]


def test_one_is_told_in_the_singular(run, tmp_path):
    path, folder = tmp_path / "list.md", tmp_path / "g"
    path.write_text(f"## Quantization\n{ROW}- Another Title Here <br> QQQ 2099 [[Paper]](https://x.org/a)\n")
    said = run("build", str(path), graph=folder)
    assert said.err == (
        f"built {folder}: 2 rows, 2 works\n1 finding about the lists; 'llmcomp status' shows it with its line\n"
    )
    path.write_text(f"## Quantization\n{ROW}## Tools\n- Hammer [[Code]](https://github.com/x/hammer)\n")
    assert run("build", str(path), graph=folder).err == f"built {folder}: 2 rows, 1 work and 1 tool\n"
    lines = run("status", graph=folder).out.splitlines()
    assert lines[1] == "rows       2: 1 paper + 1 tool"
    assert lines[2].endswith("; 1 tool")
    assert lines[3].endswith(" of 1 work")


def test_a_store_that_was_set_aside_is_told(run, broken, small):
    for part in broken.glob("store-*/*.sst"):
        part.write_bytes(b"")
    said = run("build", str(small), graph=broken)
    (aside,) = broken.glob("unreadable-*")
    assert said.code == 0
    assert f"an older graph could not be read, so its citation keys could not be kept; it lies in {aside}\n" in said.err


def test_build_as_json(run, tmp_path, small):
    folder = tmp_path / "g"
    said = run("build", str(small), "--json", "-q", graph=folder)
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == {
        **{"path": str(folder), "rows": 1, "works": 1, "tools": 0, "findings": 0, "unread": 0}
    }


def test_build_from_standard_input_and_of_several_lists(run, tmp_path, small):
    folder = tmp_path / "g"
    said = run("build", "-", str(small), graph=folder, stdin=f"## Survey\n{ROW}".encode())
    assert said.err.startswith(f"built {folder}: 2 rows, 1 work\n")
    assert [line.split()[0] for line in run("categories", graph=folder).out.splitlines()[1:]] == [
        "quantization",
        "survey",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "no such file. Name a Markdown file, '-' or an http address."),
        (b"", "empty. A list is Markdown with rows like '- Title <br> Venue [[Paper]](address)'."),
        (b"# x\n", "no row found. A row looks like '- Title <br> Venue Year [[Paper]](https://...)'."),
        (b"\x89PNG\0", "not text: a NUL byte at offset 4. A list is a Markdown file in UTF-8."),
    ],
)
def test_a_list_that_cannot_be_read_leaves_no_graph(run, tmp_path, data, message):
    path, folder = tmp_path / "a.md", tmp_path / "g"
    if data is not None:
        path.write_bytes(data)
    assert run("build", str(path), graph=folder) == (3, "", f"Error: {path}: {message}\n")
    assert not folder.exists()


def test_a_failed_build_leaves_the_old_graph(run, tmp_path, broken):
    assert run("build", str(tmp_path / "none.md"), graph=broken).code == 3
    assert run("bib", graph=broken).out.startswith("@inproceedings{frantar2022gptq,")


# -- which graph -------------------------------------------------------------------------------------------


def test_the_graph_is_built_on_first_need_and_said_on_stderr(run, tmp_path):
    folder = tmp_path / "new" / "graph"
    said = run("categories", graph=folder)
    assert said.err == f"built the graph of 685 works from the shipped data in {folder}\n"
    assert run("categories", graph=folder) == (0, said.out, "")


def test_an_option_is_stronger_than_the_environment(run, built, tmp_path):
    assert run("categories", "--graph", str(built.path), graph=tmp_path / "none") == run("categories")
    assert not (tmp_path / "none").exists()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of one row, to be copied."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "list.md").write_text(f"## Quantization\n{ROW}")
    llmcomp.build_graph(folder / "graph", [str(folder / "list.md")])
    return folder / "graph"


@pytest.fixture
def broken(tmp_path: Path, sound: Path) -> Path:
    """A graph to be damaged."""
    return shutil.copytree(sound, tmp_path / "graph")


@pytest.mark.parametrize("command", [("categories",), ("build", "-q")])
def test_a_graph_that_is_a_file(run, tmp_path, command):
    path = tmp_path / "graph"
    path.write_text("x")
    assert run(*command, graph=path) == (
        2,
        "",
        f"Error: {path} is a file; a graph is a folder. Name another with --graph.\n",
    )
    assert path.read_text() == "x"


@pytest.mark.parametrize("command", [("categories",), ("build", "-q")])
def test_a_folder_that_holds_other_things(run, tmp_path, command):
    (tmp_path / "thesis.tex").write_text("x")
    assert run(*command, graph=tmp_path) == (
        2,
        "",
        f"Error: {tmp_path} holds other things (thesis.tex) and no graph. Name an empty or new folder with --graph.\n",
    )
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize(
    "garbage", [b"", b"garbage", b"[]", b"{}", b"\xff\xfe", b'{"store": "x", "format": "y", "version": 1}']
)
def test_a_damaged_pointer(run, broken, garbage):
    (broken / "current").write_bytes(garbage)
    said = run("categories", graph=broken)
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(f"Error: {broken / 'current'} is damaged (")
    assert said.err.endswith("). Run 'llmcomp build' to make the graph again.\n")


def test_a_build_mends_a_damaged_graph(run, broken, small):
    (broken / "current").write_bytes(b"garbage")
    assert run("build", "-q", str(small), graph=broken) == (0, "", "")
    assert run("categories", graph=broken).out.splitlines()[1].split() == ["quantization", "1", "Quantization"]


def test_a_graph_whose_store_is_gone(run, broken):
    for store in broken.glob("store-*"):
        shutil.rmtree(store)
    said = run("categories", graph=broken)
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(f"Error: the graph in {broken} cannot be opened (")
    assert "Run 'llmcomp build' to make it again" in said.err


def test_a_graph_whose_store_lost_a_file(run, broken):
    for table in broken.glob("store-*/*.sst"):
        table.unlink()
    for command in ("categories", "bib", "status"):
        said = run(command, graph=broken)
        assert (said.code, said.out) == (3, "")
        assert said.err.startswith("Error: ")
        assert "'llmcomp build'" in said.err
        assert said.err.count("\n") == 1


def test_a_graph_of_another_format(run, broken):
    pointer = broken / "current"
    pointer.write_text(pointer.read_text().replace(" 1", " 99", 1))
    assert run("categories", graph=broken) == (
        3,
        "",
        f"Error: the graph in {broken} has format 99, this llmcomp reads 1. Run 'llmcomp build'.\n",
    )


# -- as a process ------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("bash") is None, reason="asks bash for the exit codes of a pipe")
@pytest.mark.parametrize(
    "command", ["bib", "bib --format csl-json", "query work-titles", "status", "show frantar2022gptq -v", "--help"]
)
@pytest.mark.parametrize("reader", ["head -n 1", "true"])
def test_a_closed_pipe_is_no_error(built, command, reader):
    script = f'"{sys.executable}" -m llmcomp.cli {command} -q | {reader}; exit "${{PIPESTATUS[0]}}"'
    script = script.replace("--help -q", "--help")
    environment = {**os.environ, "LLMCOMP_GRAPH": str(built.path)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=environment, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == (reader != "true")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="asks for a device that is always full")
def test_a_full_disk(built):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "llmcomp.cli", "bib", "-q"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "LLMCOMP_GRAPH": str(built.path)},
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        3,
        b"Error: standard output could not be written: No space left on device. "
        b"Make room on the disk, or write elsewhere with -o.\n",
    )


@pytest.mark.skipif(shutil.which("sh") is None, reason="asks a shell to close stdin")
@pytest.mark.parametrize("command", ["query", "build"])
def test_a_closed_stdin(built, tmp_path, command):
    graph = built.path if command == "query" else tmp_path / "g"
    done = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m llmcomp.cli {command} - <&-'],
        capture_output=True,
        env={**os.environ, "LLMCOMP_GRAPH": str(graph)},
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (3, b"Error: standard input is closed. Name a file, or open it.\n")
    assert not (tmp_path / "g").exists()


def hearing(*command: str) -> list[str]:
    """``command`` so that it hears an interrupt: whoever runs these tests in the background passed on deaf ears."""
    wake = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", wake, *command]


def worked(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


PRODUCT = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) < 0) }"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks the system what a process does")
@pytest.mark.parametrize("query", [f"SELECT (COUNT(*) AS ?n) {PRODUCT}", f"SELECT ?a {PRODUCT}"])
@pytest.mark.parametrize("format_", ["table", "csv"])
def test_an_interrupt_ends_a_long_query(built, query, format_):
    command = hearing(sys.executable, "-m", "llmcomp.cli", "query", query, "--format", format_)
    environment = {**os.environ, "LLMCOMP_GRAPH": str(built.path)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as running:
        try:
            # start and opening take a tenth of that, whatever the machine does beside
            while worked(running.pid) < 1.5:
                assert running.poll() is None
                time.sleep(0.02)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=20)
        finally:
            running.kill()
    assert (running.returncode, out, err) == (130, b"", b"Interrupted; nothing is lost.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_an_interrupt_while_the_command_starts(tmp_path):
    (tmp_path / "click.py").write_text("import time\nprint('starting', flush=True)\ntime.sleep(60)\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    command = hearing(sys.executable, "-c", "from llmcomp.cli.main import main; main()")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"starting\n"
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=20)
    assert (running.returncode, err) == (130, b"Interrupted; nothing is lost.\n")


@pytest.mark.skipif(shutil.which("sh") is None, reason="asks a shell to close stdout")
@pytest.mark.parametrize("command", ["bib", "categories", "show frantar2022gptq"])
def test_a_closed_stdout(built, command):
    done = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m llmcomp.cli {command} -q >&-'],
        capture_output=True,
        env={**os.environ, "LLMCOMP_GRAPH": str(built.path)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        3,
        b"Error: standard output is closed. Name a file with -o, or open it.\n",
    )


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_data_are_utf8_whatever_the_locale(built, env, monkeypatch):
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    for command in (("search", "tyr", "pruner"), ("show", "li2025tyrthepruner"), ("search", "tyr", "--json")):
        done = process(*command, "-q", graph=built.path, **env)
        assert (done.returncode, done.stderr) == (0, b"")
        assert "Týr-the-Pruner" in done.stdout.decode("utf-8")


def test_a_name_that_the_locale_cannot_print_is_said_without_a_traceback(built, monkeypatch):
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    done = process("bib", "-c", "大", graph=built.path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 2
    assert done.stderr == (
        b"Error: character 1 of the category cannot be read. Write it in UTF-8, in a locale of UTF-8.\n"
    )


def test_two_processes_write_the_same_bytes(built):
    one, other = (process("bib", graph=built.path, PYTHONHASHSEED=seed) for seed in "12")
    assert one.returncode == other.returncode == 0
    assert one.stdout == other.stdout
    assert b"Traceback" not in one.stderr


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "xterm-256color"}])
def test_what_is_not_a_terminal_gets_no_colour(built, env):
    done = process("show", "frantar2022gptq", graph=built.path, **env)
    assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="opens a terminal of its own")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_gets_bold_headings_and_cut_tables_unless_no_color(built, no_color):
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "LLMCOMP_GRAPH": str(built.path), "COLUMNS": "40", "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    if no_color:
        environment["NO_COLOR"] = no_color
    command = [sys.executable, "-m", "llmcomp.cli", "status", "-q"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as running:
        os.close(theirs)
        data = b""
        try:
            while piece := os.read(ours, 65536):
                data += piece
        except OSError:  # how a terminal of Linux says that its last writer is gone
            pass
        assert running.wait(60) == 0
    os.close(ours)
    assert (b"\x1b[1mSources" in data) == (not no_color)
    assert b"Sources" in data


@pytest.mark.parametrize(
    ("words", "index", "expected"),
    [
        ("llmcomp bib --category ", 3, SLUGS),
        ("llmcomp bib --category qu", 3, ["quantization"]),
        ("llmcomp bib -c zz", 3, []),
        ("llmcomp s", 1, ["search", "serve", "show", "skeleton", "snapshot", "status"]),
        ("llmcomp bib --format csl", 3, ["csl-json", "csl-yaml"]),
    ],
)
def test_a_shell_completes(built, words, index, expected):
    done = process(graph=built.path, _LLMCOMP_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(index))
    assert done.stderr == b""
    assert done.stdout.decode().split() == [f"plain,{word}" for word in expected]


def test_completion_builds_no_graph_and_says_nothing(tmp_path):
    folder = tmp_path / "none"
    done = process(graph=folder, _LLMCOMP_COMPLETE="bash_complete", COMP_WORDS="llmcomp bib -c ", COMP_CWORD="3")
    assert (done.stdout.strip(), done.stderr) == (b"", b"")
    assert not folder.exists()


def test_an_interrupt_prints_one_line(run, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(llmcomp.Graph, "categories", interrupted)
    said = run("categories")
    assert (said.code, said.out) == (130, "")
    assert said.err.strip() == "Interrupted; nothing is lost."


def test_the_command_runs_as_a_module(llmcomp_command):
    said = llmcomp_command("--version")
    assert (said.code, said.out, said.err) == (0, f"{llmcomp.__version__}\n", "")
