"""Sub-groups of a category by telling words of titles."""

from __future__ import annotations

import random

import pytest

import llmcomp
from llmcomp.kg.model import Work
from llmcomp.kg.subgroups import REST, SMALLEST, stem, subgroups


def works(*titles: str, category: str = "c") -> list[Work]:
    return [Work(f"i:{category}:{n}", f"{category}{n:03d}", t, categories=(category,)) for n, t in enumerate(titles)]


def grouped(found: list[Work], background: list[Work] | None = None) -> dict[str, int]:
    return {group.name: len(group.works) for group in subgroups(found, background if background is not None else found)}


FILLER = [f"{word} Things" for word in "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa".split()]


def test_every_work_is_in_one_group_and_the_rest_stands_last(graph: llmcomp.Graph) -> None:
    background = graph.works()
    for category in graph.categories():
        members = graph.works(llmcomp.Selection(categories=(category.slug,)))
        found = subgroups(members, background)
        assert sorted(w.key for group in found for w in group.works) == [w.key for w in members]
        *groups, last = found
        assert all(len(group.works) >= SMALLEST for group in groups)
        assert [len(g.works) for g in groups] == sorted((len(g.works) for g in groups), reverse=True)
        assert last.name == REST
        assert len({group.name for group in found}) == len(found)


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("kv-cache-compression", {"Quantization", "Long-Context", "Heads"}),
        ("quantization", {"Post-Training", "Outlier", "Fine-Tuning", "Low-Bit", "Quantization-Aware", "Binarization"}),
        ("pruning-and-sparsity", {"Sparsity", "Structured", "Layer", "Low-Rank"}),
    ],
)
def test_the_groups_of_the_list_are_those_a_survey_would_name(graph: llmcomp.Graph, slug: str, names: set[str]) -> None:
    found = {g.name for g in subgroups(graph.works(llmcomp.Selection(categories=(slug,))), graph.works())}
    assert names <= found


def test_the_order_of_the_works_changes_nothing(graph: llmcomp.Graph) -> None:
    members = graph.works(llmcomp.Selection(categories=("quantization",)))
    background = graph.works()
    told = subgroups(members, background)
    shuffled, behind = list(members), list(background)
    random.Random(7).shuffle(shuffled)
    random.Random(8).shuffle(behind)
    assert subgroups(shuffled, behind) == told


def test_forms_of_one_word_are_one_term() -> None:
    found = works("Merging Caches", "A Merged Cache", "Layers That Merge", *FILLER)
    assert grouped(found)["Merging"] == 3 if "Merging" in grouped(found) else grouped(found)["Merge"] == 3


def test_a_compound_is_one_term_with_or_without_its_hyphen() -> None:
    found = works("Fine-Tuning A", "Fine-Tuning B", "Fine Tuning C", "Finetuning D", *FILLER)
    assert grouped(found) == {"Fine-Tuning": 4, REST: len(FILLER)}


def test_a_compound_of_three_words_is_one_term() -> None:
    found = works("Chain-of-Thought A", "On Chain-of-Thought", "A Chain-of-Thought", *FILLER)
    assert "Chain-of-Thought" in grouped(found)


def test_words_that_praise_and_function_words_make_no_group() -> None:
    titles = ["Towards an Efficient Alpha", "Efficient Beta", "An Efficient and Novel Gamma", "Towards Novel Delta"]
    assert grouped(works(*titles, "Zeta", "Theta")) == {REST: 6}


def test_the_words_of_the_category_itself_make_no_group() -> None:
    found = works(*(f"{word} Cache" for word in "Alpha Beta Gamma Delta Epsilon Zeta".split()))
    assert grouped(found) == {REST: 6}


def test_what_an_acronym_of_the_category_stands_for_makes_no_group() -> None:
    names = "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa".split()
    found = works(*(f"KV {name}" for name in names), "Key-Value A1", "Key-Value B1", "Key-Value C1")
    assert grouped(found) == {REST: 13}


def test_a_word_of_one_field_tells_more_than_one_of_all_fields() -> None:
    titles = ["Eviction of Tensors A1", "Eviction of Tensors B1", "Eviction of Tensors C1", "Tensors D1", *FILLER]
    elsewhere = works(*(f"Tensors {n}x" for n in range(20)), *FILLER, category="d")
    found = works(*titles)
    first = subgroups(found, [*found, *elsewhere])[0]
    assert (first.name, len(first.works)) == ("Eviction", 3)


def test_fewer_than_three_works_are_the_rest() -> None:
    assert grouped(works("Eviction A", "Eviction B")) == {REST: 2}
    assert subgroups([], []) == ()


def test_works_outside_the_background_are_grouped_too() -> None:
    found = works("Eviction A1", "Eviction B1", "Eviction C1", *FILLER)
    assert grouped(found, []) == {"Eviction": 3, REST: len(FILLER)}


@pytest.mark.parametrize(
    "title", ["", " ", "\x00", "-", "--", "—", "🏆", "$x^2$", "العربية " * 3, "大模型", "a" * 10_000, "x-" * 5_000]
)
def test_odd_titles_are_in_the_rest(title: str) -> None:
    assert grouped(works(title, "Alpha", "Beta")) == {REST: 3}


def test_a_long_title_does_not_take_long() -> None:
    found = works(*(" ".join(f"w{n}{i}" for i in range(2_000)) for n in range(5)))
    assert grouped(found) == {REST: 5}


@pytest.mark.parametrize(
    "words",
    ["Quantized Quantization Quantizing", "Pruned Pruning prune", "dropped dropping", "Distilled Distillation"],
)
def test_stems(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


def test_short_words_keep_their_endings() -> None:
    assert stem("Bits") == "bit"
    assert stem("is") == "is"
    assert stem("ring") == "ring"
