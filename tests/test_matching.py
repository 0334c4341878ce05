from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcomp.kg.facts import (
    PaperFacts,
    Reference,
    ReferenceList,
    shipped_list,
    shipped_papers,
    shipped_references,
)
from llmcomp.kg.identifiers import identify, page
from llmcomp.kg.linked import Linked
from llmcomp.kg.matching import link
from llmcomp.kg.model import Entry, Identifier, Link, Reading
from llmcomp.kg.titles import TitleWeights, near, stem


def arxiv(value: str) -> Identifier:
    return Identifier("arxiv", value)


def row(line: int, title: str, *urls: str, section: str = "Quantization") -> Entry:
    links = tuple(Link("Paper", url, identify(url)) for url in urls)
    return Entry(line, line, section, "paper", title, "Arxiv 2024", links)


def a_list(*entries: Entry) -> Reading:
    return Reading("list.md", entries)


def works_of(linked: Linked) -> list[list[int]]:
    """The lines of each listed work."""
    return sorted([r.entry.line for r in group.rows] for group in linked.works if group.rows)


GPTQ = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
AWQ = "AWQ: Activation-aware Weight Quantization for LLM Compression and Acceleration"
FACTS = (
    PaperFacts((GPTQ,), (arxiv("2210.17323"),), ("Elias Frantar",)),
    PaperFacts((AWQ,), (arxiv("2306.00978"),), ("Ji Lin",)),
    PaperFacts(
        ("On-Policy Distillation of Language Models", "GKD: Generalized Knowledge Distillation"),
        (arxiv("2306.13649"),),
    ),
)


@pytest.fixture(scope="module")
def shipped() -> Linked:
    return link(shipped_papers(), [shipped_list()], shipped_references())


# --- the shipped list


def test_698_rows_are_685_works(shipped: Linked) -> None:
    listed = [group for group in shipped.works if group.rows]
    assert (len(listed), sum(len(group.rows) for group in listed)) == (685, 698)


def test_seven_links_of_the_shipped_list_lead_to_another_paper(shipped: Linked) -> None:
    wrong = {f.line: str(f.instead) for f in shipped.findings if f.kind == "wrong-link"}
    assert wrong == {
        254: "arxiv:2402.00858",
        308: "arxiv:2403.12544",
        580: "arxiv:2501.13987",
        1004: "arxiv:2412.16719",
        1058: "arxiv:2402.16058",
        1190: "arxiv:2410.19258",
        1196: "arxiv:2411.18077",
    }


def test_a_row_with_a_wrong_link_is_attached_to_its_own_paper(shipped: Linked) -> None:
    group = next(g for g in shipped.works if any(r.entry.line == 308 for r in g.rows))
    assert group.arxiv() == arxiv("2403.12544")
    assert [r.entry.line for r in group.rows] == [308]


@pytest.mark.parametrize(("first", "second"), [(206, 694), (658, 704), (928, 930), (1002, 1004)])
def test_a_renamed_paper_is_one_work_with_both_titles(shipped: Linked, first: int, second: int) -> None:
    group = next(g for g in shipped.works if any(r.entry.line == first for r in g.rows))
    assert {first, second} <= {r.entry.line for r in group.rows}
    assert len({r.entry.title for r in group.rows}) == 2


def test_a_workshop_version_without_a_common_identifier_is_reported_and_not_merged(shipped: Linked) -> None:
    (finding,) = (f for f in shipped.findings if f.kind == "possible-duplicate")
    assert finding.line == 148
    assert "line 136" in finding.message


def test_references_stay_inside_the_list_and_outside_works_are_merged(shipped: Linked) -> None:
    inside = sum(len(g.cited) for g in shipped.works if g.rows)
    outside = [g for g in shipped.works if not g.rows]
    assert inside >= 640
    assert sum(len(g.cited) for g in outside) + inside == 3459
    # BERT is printed in many ways, and every one of the lists that cites it means one work
    bert = [g for g in outside if any(t.startswith("bert pre training of deep") for t in g.titles)]
    assert len(bert) == 1
    assert len(bert[0].cited) >= 15


def test_linking_twice_gives_the_same(shipped: Linked) -> None:
    again = link(shipped_papers(), [shipped_list()], shipped_references())
    assert works_of(again) == works_of(shipped)
    assert again.findings == shipped.findings


# --- lists never seen


def test_a_wrong_link_to_a_known_paper_is_found() -> None:
    linked = link(FACTS, [a_list(row(3, GPTQ, "https://arxiv.org/abs/2306.00978"))], ())
    (finding,) = linked.findings
    assert (finding.kind, finding.line, finding.instead) == ("wrong-link", 3, arxiv("2210.17323"))
    assert AWQ in finding.message
    assert next(g for g in linked.works if g.rows).arxiv() == arxiv("2210.17323")


def test_a_wrong_link_to_a_paper_nobody_knows_is_found_by_the_title() -> None:
    linked = link(FACTS, [a_list(row(3, GPTQ, "https://arxiv.org/abs/2501.99999"))], ())
    (finding,) = linked.findings
    assert (finding.kind, finding.line, finding.instead) == ("wrong-link", 3, arxiv("2210.17323"))


def test_an_unknown_title_with_a_known_papers_link_does_not_become_that_paper() -> None:
    linked = link(FACTS, [a_list(row(5, "Fast Cats: Feline Attention", "https://arxiv.org/abs/2210.17323"))], ())
    (finding,) = linked.findings
    assert (finding.kind, finding.line) == ("wrong-link", 5)
    group = next(g for g in linked.works if g.rows)
    assert not group.facts
    assert group.arxiv() is None


def test_a_near_twin_of_the_field_is_not_the_same_paper() -> None:
    fptq = "FPTQ: Fine-grained Post-Training Quantization for Large Language Models"
    rptq = "RPTQ: Reorder-based Post-training Quantization for Large Language Models"
    facts = (PaperFacts((rptq,), (arxiv("2304.01089"),)), *shipped_papers()[:200])
    linked = link(facts, [a_list(row(7, fptq.replace("FPTQ", "FPTX"), "https://arxiv.org/abs/2304.01089"))], ())
    assert [(f.kind, f.line) for f in linked.findings] == [("wrong-link", 7)]


def test_two_unknown_papers_under_one_link_are_two_works_and_a_finding() -> None:
    url = "https://arxiv.org/abs/2601.00001"
    linked = link(
        (),
        [a_list(row(1, "Alpha Pruning of Wide Networks", url), row(9, "Beta Distillation by Moonlight", url))],
        (),
    )
    assert works_of(linked) == [[1], [9]]
    (finding,) = linked.findings
    assert (finding.kind, finding.line) == ("shared-link", 9)
    assert "line 1" in finding.message


def test_one_title_under_two_arxiv_links_is_one_work_and_a_finding() -> None:
    title = "Alpha Pruning of Wide Networks"
    linked = link(
        (),
        [
            a_list(
                row(1, title, "https://arxiv.org/abs/2601.00001"),
                row(9, title, "https://arxiv.org/abs/2601.00002"),
            )
        ],
        (),
    )
    assert works_of(linked) == [[1, 9]]
    (finding,) = linked.findings
    assert finding.line == 9
    assert "line 1" in finding.message


def test_one_work_under_arxiv_and_openreview_is_one_work() -> None:
    title = "Alpha Pruning of Wide Networks"
    linked = link(
        (),
        [
            a_list(
                row(1, title, "https://arxiv.org/abs/2601.00001"),
                row(9, title, "https://openreview.net/forum?id=abc"),
            )
        ],
        (),
    )
    assert works_of(linked) == [[1, 9]]
    assert not linked.findings


@pytest.mark.parametrize(
    "printed",
    [
        "Accurate Post-Training Quantization for Generative Pre-trained Transformers",
        "GPTQ",
        GPTQ.upper(),
        "GPTQ: Accurate Post-training Quantisation for Generative Pretrained Transformers",
        "OPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
    ],
)
def test_a_variant_of_the_title_under_the_right_link_is_the_paper(printed: str) -> None:
    linked = link(FACTS, [a_list(row(1, printed, "https://arxiv.org/pdf/2210.17323v2.pdf"))], ())
    assert not linked.findings
    assert next(g for g in linked.works if g.rows).facts


def test_a_known_paper_is_known_by_its_title_without_any_link() -> None:
    linked = link(FACTS, [a_list(row(1, f"{{{GPTQ}}}"))], ())
    assert next(g for g in linked.works if g.rows).arxiv() == arxiv("2210.17323")


def test_an_old_title_is_known() -> None:
    rows = a_list(row(1, "GKD: Generalized Knowledge Distillation", "https://arxiv.org/abs/2306.13649"))
    linked = link(FACTS, [rows], ())
    assert not linked.findings


def test_versions_of_a_method_are_not_misprints_of_each_other() -> None:
    titles = ("FlashMul: Fast Multiplication for Everyone 2", "FlashMul: Fast Multiplication for Everyone 3")
    linked = link((), [a_list(row(1, titles[0], "https://arxiv.org/abs/2601.00001"), row(2, titles[1]))], ())
    assert works_of(linked) == [[1], [2]]


@pytest.mark.parametrize("known", [FACTS, ()])
def test_two_lists_that_name_one_paper_give_one_work(known: tuple[PaperFacts, ...]) -> None:
    one, two = (
        a_list(row(1, GPTQ, page(arxiv("2210.17323")))),
        a_list(row(8, GPTQ, page(arxiv("2210.17323")))),
    )
    assert works_of(link(known, [one, two], ())) == [[1, 8]]


def test_every_swapped_link_of_the_shipped_list_is_found() -> None:
    """Whatever two rows swap their links, both are found: nothing here knows which rows are wrong today."""
    shipped = shipped_list()
    clean = [e for e in shipped.entries if e.kind == "paper" and len(e.links) == 1 and e.links[0].identifier]
    ids = [e.links[0].identifier for e in clean]
    known_wrong = {254, 308, 580, 1004, 1058, 1190, 1196}
    pairs = [
        (a, b)
        for a, b in zip(clean[::7], clean[3::7], strict=False)
        if ids.count(a.links[0].identifier) == ids.count(b.links[0].identifier) == 1
        and not {a.line, b.line} & known_wrong
        and "arxiv" in a.links[0].url
        and "arxiv" in b.links[0].url
    ]
    assert len(pairs) > 50
    swapped = {a.line: replace(a, links=b.links) for a, b in pairs} | {
        b.line: replace(b, links=a.links) for a, b in pairs
    }
    reading = replace(shipped, entries=tuple(swapped.get(e.line, e) for e in shipped.entries))
    found = {f.line for f in link(shipped_papers(), [reading], ()).findings if f.kind == "wrong-link"}
    assert swapped.keys() <= found


# --- references


def test_a_reference_with_another_works_exact_title_is_that_work() -> None:
    cites = Reference(AWQ, "Ji Lin", 2023, (arxiv("2210.17323"),))
    linked = link(FACTS, [], [ReferenceList(arxiv("2306.13649"), "x", True, "s", (cites,))])
    assert [g.arxiv() for g in linked.works if g.cited] == [arxiv("2306.00978")]


def test_a_short_title_needs_the_author() -> None:
    lists = [
        ReferenceList(arxiv("2306.13649"), "x", True, "s", (Reference("Technical report", "Ada One", 2020),)),
        ReferenceList(arxiv("2210.17323"), "y", True, "s", (Reference("Technical report", "Bob Two", 2021),)),
    ]
    assert len([g for g in link(FACTS, [], lists).works if g.cited]) == 2


def test_variants_of_a_printed_title_are_one_outside_work() -> None:
    printed = [
        "A lite BERT for self-supervised learning of language",
        "A lite BERT for selfsupervised learning of language",
    ]
    lists = [
        ReferenceList(arxiv(f"2306.0000{n}"), f"citing {n}", True, "s", (Reference(t, "Z. Lan", 2019),))
        for n, t in enumerate(printed)
    ]
    assert len([g for g in link((), [], lists).works if g.cited]) == 1


# --- weights


def test_a_number_makes_another_paper() -> None:
    assert not near("nvidia a100 tensor core gpu architecture", "nvidia h100 tensor core gpu architecture")


@given(st.text(), st.text())
def test_agreement_is_symmetric_and_a_title_agrees_with_itself(a: str, b: str) -> None:
    weights = TitleWeights(["post training quantization for large language models", "pruning"])
    assert weights.agree(a, b) == weights.agree(b, a)
    assert weights.agree(a, a)


def test_a_question_before_a_colon_is_no_nickname() -> None:
    assert stem("How Good Are They: A Study of Models") == ""


# --- several lists, short titles


def test_a_wrong_link_in_two_lists_is_found_in_both() -> None:
    wrong = row(3, GPTQ, "https://arxiv.org/abs/2306.00978")
    lists = [Reading("one.md", (wrong,)), Reading("two.md", (wrong,))]
    assert [(f.source, f.line) for f in link(FACTS, lists, ()).findings] == [("one.md", 3), ("two.md", 3)]


def test_a_finding_names_the_other_list() -> None:
    url = "https://arxiv.org/abs/2601.00001"
    one = Reading("one.md", (row(4, "Alpha Pruning of Wide Networks", url),))
    two = Reading("two.md", (row(9, "Beta Distillation by Moonlight", url),))
    (finding,) = link((), [one, two], ()).findings
    assert (finding.source, finding.line) == ("two.md", 9)
    assert "as does one.md, line 4 for" in finding.message


def test_two_papers_of_one_short_title_are_two_works() -> None:
    one = row(1, "Technical Report", "https://arxiv.org/abs/2601.00001")
    two = row(2, "Technical Report", "https://arxiv.org/abs/2601.00002")
    linked = link((), [a_list(one, two)], ())
    assert works_of(linked) == [[1], [2]]
    assert not linked.findings
