"""Which work of the graph an entry of a .bib file means."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import llmcomp
from llmcomp.kg.bibfile import parse_bib, read_bib
from llmcomp.kg.recognition import Recognised, recognise

BIB = Path(__file__).parent / "data" / "bib"
GPTQ = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
AWQ = "AWQ: Activation-aware Weight Quantization for LLM Compression and Acceleration"


def entry(title: str, *fields: str) -> str:
    return "@misc{x, title={" + title + "}" + "".join(f", {field}" for field in fields) + "}"


Key = Callable[[str], tuple[str, str, bool, bool]]


@pytest.fixture
def means(graph: llmcomp.Graph) -> Key:
    """The key of the work that an entry means, what told it, whether it is sure and whether it is likely."""
    keys = graph.pairs("work-keys")

    def _means(text: str) -> tuple[str, str, bool, bool]:
        (found,) = recognise(graph, parse_bib(text).entries)
        return keys.get(found.work, ""), found.how, found.sure, found.likely

    return _means


def test_the_entries_of_tools_are_recognised(graph: llmcomp.Graph) -> None:
    keys = graph.pairs("work-keys")
    found: dict[str, str] = {}
    for path in sorted(BIB.glob("*.bib")):
        for result in recognise(graph, read_bib(path).works):
            if result.work and result.sure:
                found[result.entry.key] = keys[result.work]
    assert found == {
        "tao-etal-2025-asymkv": "tao2024asymkv",
        "deiseroth-etal-2024-divergent": "deiseroth2023divergent",
        "frantar2023gptqaccurateposttrainingquantization": "frantar2022gptq",
        "ouderaa2024pyramidvectorquantizationllms": "ouderaa2024pyramid",
        "DBLP:journals/corr/abs-2305-14314": "dettmers2023qlora",
        "DBLP:conf/ijcai/ChavanMKDG24": "chavan2024faster",
        "lin2024awq": "lin2023awq",
        "liu2024kivi": "liu2024kivi",
        "brown2020language": "brown2020language",
        "Dettmers2022": "dettmers2022llmint8",
        "AdaLoRA": "zhang2023adalora",
        "Malinovskii2024": "malinovskii2024pvtuning",
        "Xiao2022": "xiao2022smoothquant",
        "Boza2024": "boza2024fast",
        "boza2024fast": "boza2024fast",
        "hao2025omnikv": "hao2025omnikv",
        "Kang2024GEARAE": "kang2024gear",
        "Frantar2022GPTQAP": "frantar2022gptq",
        "frantarGPTQAccuratePosttraining2023": "frantar2022gptq",
        "godeyQFiltersLeveragingQK2025": "godey2025qfilters",
        "tinychatengine": "tinychatengine:mit-han-lab-tinychatengine",
    }


def test_every_work_of_the_graph_is_recognised_in_its_own_bibliography(graph: llmcomp.Graph) -> None:
    works = {work.key: work.iri for work in graph.works()}
    entries = parse_bib(graph.bibliography()).entries
    found = recognise(graph, entries)
    assert [r.entry.key for r in found] == [e.key for e in entries]
    assert [r.entry.key for r in found if r.work != works[r.entry.key] or not r.sure] == []
    # and by title, author and year alone, but where a short title has no author
    bare = [replace(e, fields=tuple(f for f in e.fields if f.name in {"title", "author", "year"})) for e in entries]
    lost = [r.entry.key for r in recognise(graph, bare) if r.work != works[r.entry.key] or r.how != "title"]
    assert all(not e.authors for e in entries if e.key in lost)
    assert len(lost) <= 2


def test_by_an_identifier_with_a_title_that_agrees(means: Key) -> None:
    told = ("frantar2022gptq", "identifier", True, True)
    assert means(entry(GPTQ, "eprint={2210.17323v1}")) == told
    assert means("@misc{x, title={{GPTQ}}, url={https://arxiv.org/abs/2210.17323}}") == told
    assert means("@misc{x, title={Accurate post-training quantization for generative pre-trained transformers},"
                 " doi={10.48550/arXiv.2210.17323}}") == told  # fmt: skip


def test_an_identifier_that_leads_to_another_title_is_not_sure(means: Key) -> None:
    other, named = "Something else entirely, of another kind", "eprint={2210.17323}"
    assert means(entry(other, named)) == ("frantar2022gptq", "identifier", False, False)
    assert means(entry(other, named, "author={Jane Doe}")) == ("frantar2022gptq", "identifier", False, False)
    # the same authors may have renamed it
    assert means(entry(other, named, "author={Frantar, Elias}")) == ("frantar2022gptq", "identifier", False, True)


def test_a_title_that_is_exactly_another_works_wins_over_the_identifier(means: Key) -> None:
    assert means(entry(AWQ, "eprint={2210.17323}")) == ("lin2023awq", "title", False, True)
    assert means(entry(AWQ, "eprint={2210.17323}", "author={Ji Lin}")) == ("lin2023awq", "title", True, True)


def test_a_title_under_an_arxiv_id_that_nobody_knows_is_not_sure_without_its_author(means: Key) -> None:
    assert means(entry(GPTQ, "eprint={2912.99999}")) == ("frantar2022gptq", "title", False, True)
    assert means(entry(GPTQ, "eprint={2912.99999}", "author={Frantar, E.}")) == ("frantar2022gptq", "title", True, True)


def test_by_title_misprints_and_line_breaks_aside(means: Key) -> None:
    told = ("frantar2022gptq", "title", True, True)
    changed = [GPTQ.replace(*words) for words in (
        ("Training", "Trainning"), ("Post-Training", "PostTraining"), (" ", "\n  "), ("Accurate", r"\emph{Accurate}"),
    )]  # fmt: skip
    for title in (GPTQ, GPTQ.lower(), "{" + GPTQ + "}", *changed):
        assert means(entry(title)) == told, title


def test_a_reworded_title_needs_author_and_year(means: Key) -> None:
    title = "AWQ: Activation-aware weight quantization for on-device LLM compression and acceleration"
    assert means(entry(title))[0] == ""
    assert means(entry(title, "author={Ji Lin}"))[0] == ""
    assert means(entry(title, "author={Ji Lin}, year=2024")) == ("lin2023awq", "title", True, True)
    assert means(entry(title, "author={Ji Lin}, year=2030"))[0] == ""
    assert means(entry(title, "author={Jane Doe}, year=2024"))[0] == ""


def test_another_number_is_another_work(means: Key) -> None:
    assert means(entry(GPTQ.replace("GPTQ", "GPTQ2"), "author={Frantar, Elias}, year=2022"))[:2] == (
        "",
        "",
    )


def test_a_title_of_others_is_another_work(means: Key) -> None:
    assert means(entry(GPTQ, "author={Jane Doe and John Roe}"))[0] == ""
    # the first author of one list stands in the other: an order that somebody changed
    assert means(entry(GPTQ, "author={Alistarh, Dan and Frantar, Elias}")) == (
        "frantar2022gptq", "title", False, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("year", "key"), [(2022, "frantar2022gptq"), (2025, "frantar2022gptq"), (2026, ""), (2019, "")]
)
def test_a_year_too_far_away_is_another_work(means: Key, year: int, key: str) -> None:
    assert means(entry(GPTQ, f"year={year}"))[0] == key


def test_a_short_title_needs_the_author(means: Key) -> None:
    assert means("@misc{x, title={Eigenpruning}}")[0] == ""
    assert means("@misc{x, title={Llama 3}, author={Jane Doe}}")[0] == ""
    assert means("@misc{x, title={GPTQ}}")[0] == ""
    assert means("@misc{x, title={GPTQ}, author={Frantar, Elias}}") == ("frantar2022gptq", "title", False, True)


def test_a_nickname_added_or_dropped(means: Key) -> None:
    rest = "Accurate Post-Training Quantization for Generative Pre-trained Transformers"
    assert means(entry(rest, "author={Frantar, Elias}")) == ("frantar2022gptq", "title", True, True)
    assert means(entry(f"OPTQ: {rest}", "author={Frantar, Elias}")) == (
        "frantar2022gptq", "title", True, True,
    )  # fmt: skip
    assert means(entry(f"OPTQ: {rest}"))[2] is False
    assert means(entry(f"OPTQ: {rest}", "author={Jane Doe}"))[0] == ""


def test_a_version_is_not_taken_for_the_one_before_it(means: Key) -> None:
    first = "SVD-LLM: Truncation-aware Singular Value Decomposition for Large Language Model Compression"
    people = "author={Wang, Xin and %s}"
    second = "eprint={2503.12340}"
    assert means(entry(first, second)) == ("wang2024svdllm", "title", False, True)
    told = means(entry(first, second, people % "Zheng, Yu and Wan, Zhongwei and Zhang, Mi"))
    assert told == ("wang2024svdllm", "title", True, True)
    told = means(entry(first, second, people % "Alam, Samiul and Wan, Zhongwei and Shen, Hui and Zhang, Mi"))
    assert told == ("wang2024svdllm", "title", False, True)


def test_a_nickname_with_another_number_needs_all_the_authors(means: Key) -> None:
    title = "GPT3.int8(): 8-bit Matrix Multiplication for Transformers at Scale"
    people = "Dettmers, Tim and Lewis, Mike and Belkada, Younes"
    told = means(entry(title, f"author={{{people} and Zettlemoyer, Luke}}"))
    assert told == ("dettmers2022llmint8", "title", False, True)
    assert means(entry(title, f"author={{{people}}}"))[0] == ""


def test_works_that_are_only_cited_are_recognised(graph: llmcomp.Graph, means: Key) -> None:
    key, how, sure, _ = means(
        "@misc{x, title={Attention is all you need}, author={Ashish Vaswani and others}, year=2017}"
    )
    assert (how, sure) == ("title", True)
    assert key not in graph.pairs("listed-works").values()


def test_a_repository_beside_a_paper_is_not_what_the_entry_means(means: Key) -> None:
    told = means(entry(GPTQ, "url={https://github.com/mit-han-lab/TinyChatEngine}"))
    assert told == ("frantar2022gptq", "title", True, True)
    told = means(
        "@misc{x, title={A paper that nobody has listed yet}, url={https://github.com/mit-han-lab/TinyChatEngine}}"
    )
    assert told[:2] == ("", "")


def test_by_key_where_there_is_no_title(means: Key) -> None:
    assert means("@misc{frantar2022gptq, author={Frantar, Elias}}") == ("frantar2022gptq", "key", False, True)
    assert means("@misc{frantar2022gptq, title={Something else entirely, of another kind}}")[0] == ""
    assert means("@misc{x, author={Frantar, Elias}, eprint={2210.17323}}") == (
        "frantar2022gptq",
        "identifier",
        True,
        True,
    )
    assert means("@misc{x, eprint={2210.17323}}") == ("frantar2022gptq", "identifier", False, True)


def test_math_in_a_title_of_the_graph(means: Key) -> None:
    for law in ("P$^2$ Law", "P² Law"):
        title = f"{law}: Scaling Law for Post-Training After Model Pruning"
        assert means(entry(title))[1:3] == ("title", True)


def test_odd_entries_mean_nothing(means: Key) -> None:
    titles = ("", "!?", "a " * 5000, "大模型压缩综述与展望")
    for text in ("@misc{}", *map(entry, titles), f"@misc{{x, author={{{' and '.join(['A. B'] * 400)}}}}}"):
        assert means(text)[:2] == ("", ""), text[:40]


def test_nothing_is_asked_for_nothing(graph: llmcomp.Graph) -> None:
    assert recognise(graph, []) == []


def test_many_entries_are_recognised_quickly(graph: llmcomp.Graph) -> None:
    entries = parse_bib(graph.bibliography()).entries
    swapped = [replace(e, fields=tuple(f for f in e.fields if f.name == "title"), key="x") for e in entries] * 2
    began = time.process_time()
    found: list[Recognised] = recognise(graph, swapped)
    assert time.process_time() - began < 10
    assert len(found) == len(swapped)
