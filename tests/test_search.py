"""Works found by what a person remembers of them, and what is told of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmcomp.kg.errors import Ambiguous, UnknownName
from llmcomp.kg.search import SHOWN, nearest_works

GPTQ = "https://w3id.org/llmcomp/work/arxiv:2210.17323"
NEXT = "'llmcomp search WORDS' finds works by words of title, author or key."


# -- search ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("GPTQ", "frantar2022gptq"),
        ("gptq accurate", "frantar2022gptq"),
        ("frantar 2022", "frantar2022gptq"),
        ("Elias Frantar GPTQ", "frantar2022gptq"),
        ("frantar2022gptq", "frantar2022gptq"),
        ("2210.17323", "frantar2022gptq"),
        ("arXiv:2210.17323", "frantar2022gptq"),
        ("tyr the pruner", "li2025tyrthepruner"),
        ("Týr", "li2025tyrthepruner"),
        ("llama.cpp", "llamacpp:ggerganov-llama-cpp"),
        ("smoothq accurate effic", "pan2023smoothquant"),
    ],
)
def test_words_of_title_authors_key_or_identifier(graph, text, first):
    assert graph.search(text)[0].key == first


def test_the_best_come_first_and_listed_before_cited(graph):
    hits = graph.search("quantization")
    assert [h.rank for h in hits] == sorted(h.rank for h in hits)
    same = [h.listed for h in hits if h.rank[0] == hits[-1].rank[0]]
    assert same == sorted(same, reverse=True)
    assert {h.listed for h in hits} == {True, False}


def test_every_word_must_stand_somewhere(graph):
    assert {h.key for h in graph.search("frantar gptq")} <= {h.key for h in graph.search("frantar")}
    assert graph.search("frantar zzzz") == []


@pytest.mark.parametrize("text", ["", " ", "!?", "zzzz"])
def test_nothing_is_found(graph, text):
    assert graph.search(text) == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=12))
def test_any_text_can_be_searched(graph, text):
    hits = graph.search(text)
    assert len({h.iri for h in hits}) == len(hits)


# -- one work ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "frantar2022gptq",
        " frantar2022gptq ",
        "2210.17323",
        "2210.17323v2",
        "arXiv:2210.17323",
        "arxiv:2210.17323v1",
        "10.48550/arXiv.2210.17323",
        "doi:10.48550/ARXIV.2210.17323",
        "https://arxiv.org/abs/2210.17323",
        "https://arxiv.org/pdf/2210.17323v1.pdf",
        "arxiv.org/abs/2210.17323",
        "https://doi.org/10.48550/arXiv.2210.17323",
        "https://huggingface.co/papers/2210.17323",
        GPTQ,
        "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
        "gptq accurate post training quantization for generative pre trained transformers",
        "GPTQ",
        "for Generative Pre-trained Transformers",
    ],
)
def test_every_name_of_a_work(graph, text):
    assert graph.find(text) == GPTQ


def test_a_work_by_any_of_its_identifiers(graph):
    tried = 0
    for scheme in ("doi", "acl", "openreview", "pmlr"):
        for work in graph.works():
            if value := work.identifier(scheme):
                assert graph.find(f"{scheme}:{value}") == work.iri
                tried += 1
                break
    assert tried == 4


def test_a_work_by_an_iri_under_which_a_source_speaks_of_it(graph):
    alias, work = sorted(graph.rows("aliases"))[0]
    assert alias != work
    assert graph.find(alias) == work


def test_a_tool_by_name_and_address(graph):
    iri = "https://w3id.org/llmcomp/tool/github:ggerganov/llama.cpp"
    for text in ("llama.cpp", "https://github.com/ggerganov/llama.cpp", "llamacpp:ggerganov-llama-cpp", iri):
        assert graph.find(text) == iri


def test_a_title_that_begins_others_is_ambiguous(graph):
    with pytest.raises(Ambiguous) as raised:
        graph.find("SmoothQuant")
    assert str(raised.value) == (
        "'SmoothQuant' fits 2 works; name one by its key:\n"
        "  pan2023smoothquant  SmoothQuant+: Accurate and Efficient 4-bit Post-Training WeightQuantization for LLM\n"
        "  xiao2022smoothquant  SmoothQuant: Accurate and Efficient Post-Training Quantization "
        "for Large Language Models"
    )


def test_a_word_of_many_titles_shows_the_first_and_how_many_more(graph):
    hits = graph.search("quantization")
    with pytest.raises(Ambiguous) as raised:
        graph.find("quantization")
    first, *lines, more = str(raised.value).split("\n")
    assert first == f"'quantization' fits {len(hits)} works; name one by its key:"
    assert lines == [f"  {h.key}  {h.title}" for h in hits[:SHOWN]]
    assert more == f"  and {len(hits) - SHOWN} more"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "frantar2022gtpq",
            "no work 'frantar2022gtpq'. Did you mean:\n"
            "  frantar2022gptq  GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
        ),
        ("2212.99999", f"no work '2212.99999'. {NEXT}"),
        ("https://x.org/nothing", f"no work 'https://x.org/nothing'. {NEXT}"),
        ("", f"the work was given empty. {NEXT}"),
    ],
)
def test_an_unknown_work_is_answered_with_the_nearest(graph, text, message):
    with pytest.raises(UnknownName) as raised:
        graph.find(text)
    assert str(raised.value) == message


@pytest.mark.parametrize("text", ["GPTTQQ", "Frantar2022GTPQ", "GPTQ - Accurate Post-Trainig Quantisation", "gptqq"])
def test_the_nearest_of_an_unknown_work_goes_by_key_title_and_name(graph, text):
    assert [hit.key for hit in nearest_works(graph, text)][:1] == ["frantar2022gptq"]


def test_nothing_is_near_what_is_spelled_like_no_work(graph):
    assert [nearest_works(graph, text) for text in ("nothing at all like it", "日本語", "%", "")] == [[], [], [], []]


def test_a_work_only_cited_is_found_and_marked(graph):
    (hit,) = [h for h in graph.search("Language models are few-shot learners") if h.rank[0] == 0]
    assert not hit.listed
    assert graph.find(hit.title) == hit.iri
    found = graph.show(hit.key)
    assert (found.work.categories, found.rows, len(found.cited_by) > 20) == ((), (), True)


# -- details -----------------------------------------------------------------------------------------------


def test_details_of_a_work(graph):
    found = graph.show("frantar2022gptq")
    assert found.work.key == "frantar2022gptq"
    assert [(r.line, r.section, r.venue) for r in found.rows] == [(98, "Quantization", "ICLR 2023")]
    assert all(n.key and n.title for n in found.cited_by)
    titles = [n.title.casefold() for n in found.cited_by]
    assert titles == sorted(titles)


def test_citations_are_told_from_both_ends(graph):
    cited = graph.show("frantar2022gptq")
    citing = graph.show(cited.cited_by[0].key)
    assert citing.references_known
    assert cited.work.iri in {n.iri for n in citing.cites}


def test_a_work_on_two_rows_tells_both(graph):
    lines: dict[str, set[int]] = {}
    for row in graph.rows("list-rows"):
        lines.setdefault(row[6], set()).add(int(row[2]))
    twice = sorted(work for work, at in lines.items() if len(at) > 1)
    assert twice
    assert {r.line for r in graph.show(twice[0]).rows} == lines[twice[0]]


def test_a_work_is_found_by_every_title_it_goes_by(graph):
    listed = sorted(work for work, _ in graph.rows("listed-works"))
    renamed = next(found for work in listed if (found := graph.show(work)).other_titles)
    for title in (renamed.work.title, *renamed.other_titles):
        assert renamed.work.iri in {hit.iri for hit in graph.search(title) if hit.rank[0] == 0}
    assert graph.show("frantar2022gptq").other_titles == ()
