"""The commands that explore citations: exact texts, exit codes, streams, formats, and what has no answer."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import bibtexparser
import pytest

import llmcomp
from llmcomp.cli import main
from llmcomp.kg.build import Built

BASIS = (
    "rests on 58 reference lists, 56 of them complete; 627 of 685 listed papers have none yet, 'llmcomp enrich' "
    "fetches them\n"
)
ANSWERS = [
    ["cites", "dao2022flashattention"],
    ["cited-by", "frantar2022gptq"],
    ["related", "frantar2022gptq"],
    ["bridges", "quantization", "pruning"],
    ["missing"],
    ["top"],
    ["main-path"],
    ["reading-order", "shao2023omniquant"],
    ["communities", "--number", "1"],
]
OTHERS = [
    ["path", "frantar2022gptq", "dao2022flashattention"],
    ["timeline"],
    ["communities"],
    ["authors"],
    ["measures"],
]


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, on the shipped graph or on another with ``graph=``."""

    def _run(*args: str, graph: Path | None = None) -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph or built.path))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


@pytest.fixture(autouse=True)
def _nothing_is_written_to_the_shipped_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmcomp.kg.measures_graph._keep", lambda *_: False)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of a list of one's own that nothing is known of."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "list.md").write_text(
        "## Mine\n- A Paper of Mine Alone <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00001)\n"
        "- Another Paper of Mine <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00002)\n"
    )
    llmcomp.build_graph(folder / "graph", [str(folder / "list.md")])
    return folder / "graph"


# --- forms of answers


@pytest.mark.parametrize("args", ANSWERS, ids=lambda args: args[0])
def test_ranked_answers_have_one_shape(run: Run, args: list[str]) -> None:
    said = run(*args, "--json")
    found = json.loads(said.out)
    assert said.code == 0
    assert {"of", "measure", "works", "found", "basis"} <= set(found)
    assert found["basis"] == {"reference_lists": 58, "complete": 56, "listed": 685, "without": 627}
    assert all({"iri", "key", "title", "listed", "score", "more"} <= set(work) for work in found["works"])
    assert said.err.endswith(BASIS) or BASIS in said.err


@pytest.mark.parametrize("args", ANSWERS, ids=lambda args: args[0])
def test_ranked_answers_are_a_bibliography_that_can_be_read(run: Run, args: list[str]) -> None:
    said = run(*args, "--format", "bibtex")
    library = bibtexparser.parse_string(said.out)
    assert not library.failed_blocks
    keys = {work["key"] for work in json.loads(run(*args, "--json").out)["works"]}
    assert {entry.key for entry in library.entries} == keys


@pytest.mark.parametrize("args", [*ANSWERS, *OTHERS], ids=lambda args: args[0])
def test_answers_are_the_same_each_time_and_silent_with_q(run: Run, args: list[str]) -> None:
    assert run(*args, "-q") == run(*args, "-q")._replace(err="")


@pytest.mark.parametrize("args", [*ANSWERS, *OTHERS], ids=lambda args: args[0])
def test_answers_go_into_a_file(run: Run, args: list[str], tmp_path: Path) -> None:
    shown = run(*args, "--json").out
    said = run(*args, "--json", "-o", str(tmp_path / "answer.json"))
    assert (said.out, (tmp_path / "answer.json").read_text("utf-8")) == ("", shown)


@pytest.mark.parametrize("args", [*ANSWERS, OTHERS[0]], ids=lambda args: args[0])
def test_two_forms_at_once_are_refused(run: Run, args: list[str]) -> None:
    said = run(*args, "--json", "--format", "bibtex")
    assert said == (2, "", "Error: --json and --format bibtex ask for two things. Leave one out.\n")


# --- what is shown


def test_top(run: Run) -> None:
    assert run("top", "--limit", "2") == (
        0,
        "KEY                  YEAR  CITED BY LISTED  TITLE\n"
        "dettmers2022llmint8  2022               33  LLM.int8(): 8-bit Matrix Multiplication for Transformers at "
        "Scale\n"
        "frantar2022gptq      2023               29  GPTQ: Accurate Post-Training Quantization for Generative "
        "Pre-trained Transformers\n",
        f"174 more; --limit shows them\n{BASIS}",
    )


def test_missing_says_why(run: Run) -> None:
    said = run("missing", "-c", "quantization", "--limit", "1", "--why", "-q")
    assert said == (
        0,
        "touvron2023llama  LLaMA: Open and efficient foundation language models  (cited, not listed)\n"
        "  cited by 14 of your 271 quantization papers: xiao2022smoothquant, dettmers2023qlora, shao2023omniquant, "
        "kim2023squeezellm, tseng2024quip and 9 more\n",
        "",
    )


def test_missing_works_are_cited_so_often_and_not_listed(run: Run) -> None:
    found = json.loads(run("missing", "--min", "10", "--limit", "1000", "--json").out)
    assert len(found["works"]) == found["found"]
    assert all(work["score"] >= 10 and not work["listed"] for work in found["works"])
    assert run("missing", "--min", "99").err == (
        "Error: no work outside the lists is cited by 99 of your 685 papers; the most cited one is by 31. "
        "A lower --min finds more.\n"
    )


def test_where_works_are_listed_and_not_a_column_tells_them_apart(run: Run) -> None:
    header = run("related", "frantar2022gptq", "--by", "cocitation", "--limit", "3").out.splitlines()[0]
    assert header.split() == ["KEY", "YEAR", "COCITATION", "LISTED", "TITLE"]
    header = run("related", "frantar2022gptq", "--by", "cocitation", "--listed").out.splitlines()[0]
    assert header.split() == ["KEY", "YEAR", "COCITATION", "TITLE"]


def test_prior_and_derivative_works_of_several(run: Run) -> None:
    prior = json.loads(run("cites", "shao2023omniquant", "dao2022flashattention", "--json").out)["works"]
    assert prior[0]["why"] == "cited by 2 of 2 works"
    assert prior[0]["by"] == ["dao2022flashattention", "shao2023omniquant"]
    derived = json.loads(run("cited-by", "frantar2022gptq", "lin2023awq", "--json").out)["works"]
    assert derived[0]["why"] == "cites 2 of 2 works"
    category = json.loads(run("cites", "-c", "survey", "--json").out)
    assert re.fullmatch(r"works that \d+ works cite", category["of"])


def test_chains(run: Run) -> None:
    said = run("path", "frantar2022gptq", "dao2022flashattention", "--limit", "1")
    assert said.out == (
        "frantar2022gptq  GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers\n"
        "  is cited by  fu2024lazyllm  LazyLLM: Dynamic Token Pruning for Efficient Long Context LLM Inference\n"
        "  cites  dao2022flashattention  FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness\n"
    )
    assert said.err == f"the shortest has 2 citations\n{BASIS}"
    text = run("path", "frantar2022gptq", "dao2022flashattention", "--limit", "1", "--format", "bibtex").out
    keys = [entry.key for entry in bibtexparser.parse_string(text).entries]
    assert keys == ["dao2022flashattention", "frantar2022gptq", "fu2024lazyllm"]


def test_citations_that_were_left_out_of_the_main_path_are_named(run: Run) -> None:
    said = run("main-path", "-v")
    assert said.err == (
        f"{BASIS}2 other paths of the same weight; this is the longest, or one of the longest\n"
        "left out, as it goes against the dates in a circle: 3 citations (-v names each)\n"
        "  kim2023squeezellm cites shao2023omniquant\n"
        "  zhang2023h2o cites xiao2023efficient\n"
        "  shao2023omniquant cites liu2023qllm\n"
    )
    assert json.loads(run("main-path", "--json").out)["broken"][0] == {
        "citing": "kim2023squeezellm",
        "cited": "shao2023omniquant",
    }


def test_bridges_are_linked_to_both(run: Run) -> None:
    first = json.loads(run("bridges", "quant", "pruning", "--json").out)["works"][0]
    assert first["key"] == "dettmers2022llmint8"
    assert first["why"] == (
        "cited by 17 quantization papers and cites 3 quantization papers; cited by 9 pruning-and-sparsity papers"
    )


def test_the_timeline_counts_all_listed_papers(run: Run, graph: llmcomp.Graph) -> None:
    found = json.loads(run("timeline", "--json").out)
    assert sum(year["works"] for year in found["years"]) + found["undated"] == len(graph.works())
    assert [year["year"] for year in found["years"]] == [2022, 2023, 2024, 2025]
    assert run("timeline").out.splitlines()[1].split()[:3] == ["2022", "4", "73"]


def test_authors_and_with_whom_they_wrote(run: Run, graph: llmcomp.Graph) -> None:
    found = json.loads(run("authors", "--limit", "3", "--json").out)
    first = found["authors"][0]
    wrote = graph.works(llmcomp.Selection(authors=("Dan Alistarh",)))
    assert (first["name"], first["papers"]) == ("Dan Alistarh", len(wrote))
    assert sorted(first["works"]) == sorted(work.key for work in wrote)
    together = graph.works(llmcomp.Selection(authors=("Dan Alistarh", "Elias Frantar"), all_of=True))
    assert first["coauthors"][0] == {"name": "Elias Frantar", "works": len(together)}
    spread = json.loads(run("authors", "--by", "sections", "--limit", "1", "--json").out)["authors"][0]
    assert len(spread["categories"]) >= len(first["categories"])
    assert "no authors are known of 63 papers" in run("authors").err


def test_measures_in_numbers(run: Run) -> None:
    said = run("measures")
    assert said.out.splitlines()[:4] == [
        "as of       2026-11-01",
        "works       2286, 685 of them listed",
        "citations   3457, 654 of them inside the lists",
        "left out    0 self-citations, 0 told twice",
    ]
    assert said.err == "not kept: this graph cannot be written to; they are computed anew each time\n"


def test_other_formats_of_bibliographies(run: Run) -> None:
    items = json.loads(run("missing", "--limit", "2", "--format", "csl-json").out)
    assert [item["id"] for item in items] == ["brown2020language", "touvron2023llama2"]


# --- what has no answer


@pytest.mark.parametrize("command", ["cites", "cited-by", "related", "reading-order"])
def test_a_key_that_nothing_bears_is_answered_with_the_nearest(run: Run, command: str) -> None:
    said = run(command, "frantar2022gptw")
    assert said[:2] == (2, "")
    assert said.err.startswith("Error: no work 'frantar2022gptw'. Did you mean:\n  frantar2022gptq  GPTQ: ")


@pytest.mark.parametrize("command", ["cites", "cited-by", "related"])
def test_no_work_and_works_named_twice(run: Run, command: str) -> None:
    assert run(command).err == (
        "Error: no work is named. Name one by its key, or select some with --category or another option.\n"
    )
    assert run(command, "frantar2022gptq", "-c", "survey") == (
        2,
        "",
        "Error: works are named, or selected by options, not both. Leave one out.\n",
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["cites", "frantar2022gptq"],
            "no reference list of this work is known; 58 of 685 listed papers have one here. 'llmcomp enrich' fetches "
            "more.",
        ),
        (["path", "frantar2022gptq", "zhang2023h2o", "--directed"], "no path leads from the one along what is cited"),
        (["top", "--by", "global"], "this graph knows no count of all citations anywhere. 'llmcomp enrich' fetches"),
        (["top", "--year", "1900"], "no paper meets all of these conditions."),
        (["cited-by", "yang2024kvsharer", "--listed"], "none of the 58 reference lists that are known here cites it."),
    ],
)
def test_no_answer_ends_with_1(run: Run, args: list[str], message: str) -> None:
    said = run(*args)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"Error: {message}")


@pytest.mark.parametrize(
    "args",
    [
        ["cites", "-c", "mine"],
        ["cited-by", "-c", "mine"],
        ["related", "A Paper of Mine Alone"],
        ["path", "A Paper of Mine Alone", "Another Paper of Mine"],
        ["missing"],
        ["top"],
        ["top", "--by", "velocity"],
        ["main-path"],
        ["communities"],
        ["authors"],
        ["reading-order", "A Paper of Mine Alone"],
    ],
    ids=" ".join,
)
def test_a_list_of_ones_own_without_citations_says_what_to_do(run: Run, own: Path, args: list[str]) -> None:
    said = run(*args, graph=own)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Error: no")
    assert "'llmcomp enrich' fetches" in said.err


def test_a_list_of_ones_own_has_a_timeline_and_numbers(run: Run, own: Path) -> None:
    assert run("timeline", graph=own).out.splitlines()[1].split()[:3] == ["2026", "2", "0"]
    assert run("measures", graph=own).code == 0


def test_every_command_is_at_home_in_an_enriched_graph(run: Run, enriched: Path) -> None:
    for args in (["top"], ["timeline"], ["communities"], ["authors"], ["missing", "--min", "1"], ["measures"]):
        said = run(*args, graph=enriched)
        assert said.code == 0, (args, said)
    said = run("missing", "--min", "1", "--format", "bibtex", graph=enriched)
    assert "some values are from Semantic Scholar (ODC-BY 1.0)" in said.err


@pytest.mark.parametrize("name", ["\x00", "\u202e", "{" * 500, "a" * 10_000, "$(rm)", "'"])
def test_odd_names_end_in_a_message(run: Run, name: str) -> None:
    for args in (["cites", name], ["path", name, name], ["bridges", name, name], ["reading-order", name]):
        said = run(*args)
        assert said.code == 2, (args, said)
        assert said.err.startswith("Error: ")


def test_ctrl_c_ends_it_with_one_line(own: Path, tmp_path: Path) -> None:
    code = (
        "import sys, time, llmcomp.kg.edges as e\n"
        "def slow(graph):\n    print('reading', file=sys.stderr, flush=True)\n    time.sleep(60)\n"
        "e.read_edges = slow\nfrom llmcomp.cli.main import main\n"
        f"sys.argv = ['llmcomp', 'top', '--graph', {str(own)!r}]\nmain()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stderr is not None
    assert process.stderr.readline() == "reading\n"
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stderr.read() == "Interrupted; nothing is lost.\n"
    assert process.wait(30) == 130
    assert time.monotonic() - start < 30
    process.stderr.close()


def test_measures_are_kept_and_then_read(built: Built, tmp_path: Path, llmcomp_command: Callable[..., Any]) -> None:
    folder = shutil.copytree(built.path, tmp_path / "graph")
    first = llmcomp_command("measures", "--json", graph=folder)
    assert (first.code, first.err, json.loads(first.out)["kept"]) == (0, "", True)
    assert llmcomp_command("measures", "--json", graph=folder).out == first.out
    rows = llmcomp_command("query", "measures", "--format", "csv", graph=folder).out.splitlines()
    assert len(rows) == 1 + json.loads(first.out)["works"]
    before = llmcomp_command("top", "--by", "pagerank", "--json")
    assert llmcomp_command("top", "--by", "pagerank", "--json", graph=folder).out == before.out


def test_prior_works_rest_on_the_lists_of_the_works_asked_about(run: Run) -> None:
    of_all = json.loads(run("cited-by", "frantar2022gptq", "lin2023awq", "--json").out)["basis"]
    of_two = json.loads(run("cites", "shao2023omniquant", "xiao2022smoothquant", "--json").out)["basis"]
    assert (of_all["complete"], of_two["complete"], of_two["listed"]) == (56, 2, 2)
