from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcomp.kg.brought import TwoKeyrings
from llmcomp.kg.kept import Kept
from llmcomp.kg.keys import KEY, MINTED, Keyless, mint
from llmcomp.kg.model import Identifier


def key(title: str, family: str = "", year: int | None = None, *ids: str) -> str:
    work = Keyless("w:1", title, family, year, tuple(Identifier("arxiv", i) for i in ids))
    return mint([work], {})["w:1"]


@pytest.mark.parametrize(
    ("title", "family", "expected"),
    [
        ("GPTQ: Accurate Post-Training Quantization", "Frantar", "frantar2022gptq"),
        ("A Survey on the Art", "Zhu", "zhu2022survey"),
        ("LLM.int8(): 8-bit Matrix Multiplication", "Dettmers", "dettmers2022llmint8"),
        ("Týr-the-Pruner", "Đặng", "dang2022tyrthepruner"),
        ("Of the and", "van der Maaten", "vandermaaten2022of"),
        ("8-bit Optimizers", "O'Brien", "obrien20228bit"),
    ],
)
def test_family_year_word(title: str, family: str, expected: str) -> None:
    assert key(title, family, 2022) == expected


def test_without_authors_the_title_and_an_identifier_name_the_work() -> None:
    assert key("LEMON: Reviving LMs", "", 2024, "2405.01234") == "lemon:2405-01234"


def test_on_a_collision_the_next_word_follows_and_the_older_key_stays() -> None:
    first = Keyless("w:1", "Sparse Attention at Scale", "Li", 2024)
    second = Keyless("w:2", "Sparse Attention Everywhere", "Li", 2024)
    third = Keyless("w:3", "Sparse Attention Everywhere", "Li", 2024)
    keys = mint([first, second, third], {})
    assert keys == {
        "w:1": "li2024sparse",
        "w:2": "li2024sparseattention",
        "w:3": "li2024sparseattentioneverywhere",
    }


def test_two_works_of_one_author_year_and_title_are_told_apart_by_identifier() -> None:
    same = [Keyless(f"w:{n}", "Note", "Li", 2024, (Identifier("arxiv", f"2401.0000{n}"),)) for n in (1, 2)]
    assert sorted(mint(same, {}).values()) == ["li2024note", "li2024note:2401-00002"]


def test_a_key_once_minted_stays_when_title_author_or_year_change() -> None:
    minted = {"w:1": "lemon:2405-01234"}
    changed = Keyless("w:1", "Reviving Language Models", "Chen", 2024)
    assert mint([changed], minted) == minted


def test_a_work_that_got_another_iri_keeps_its_key() -> None:
    changed = Keyless("work/arxiv:1", "T", "Chen", 2024, aliases=("work/openreview:x",))
    assert mint([changed], {"work/openreview:x": "chen2023t"}) == {"work/arxiv:1": "chen2023t"}


def test_a_key_of_a_work_that_left_is_not_given_away() -> None:
    assert mint([Keyless("w:2", "GPTQ Again", "Frantar", 2022)], {"w:1": "frantar2022gptq"}) == {
        "w:2": "frantar2022gptqagain"
    }
    assert mint([Keyless("w:2", "GPTQ", "Frantar", 2022)], {}, ["frantar2022gptq"]) == {"w:2": "frantar2022gptq:2"}


@given(st.lists(st.tuples(st.text(), st.text(), st.none() | st.integers(1000, 9999)), max_size=8))
def test_keys_are_ascii_unique_and_complete_whatever_the_names(
    told: list[tuple[str, str, int | None]],
) -> None:
    works = [Keyless(f"w:{n}", title, family, year) for n, (title, family, year) in enumerate(told)]
    keys = mint(works, {})
    assert len(set(keys.values())) == len(works)
    assert all(MINTED.fullmatch(k) for k in keys.values())


def test_no_minted_key_differs_from_another_in_case_alone():
    minted = {"w:1": "Frantar2022GPTQ"}
    assert mint([Keyless("w:2", "GPTQ Again", "Frantar", 2022)], minted) == {"w:2": "frantar2022gptqagain"}
    assert mint([Keyless("w:2", "GPTQ Again", "Frantar", 2022)], {}, ["FRANTAR2022gptq"]) == {
        "w:2": "frantar2022gptqagain"
    }


def test_an_imported_key_stays_when_title_author_or_year_change():
    minted = {"w:1": "Frantar_2022:GPTQ+x"}
    assert mint([Keyless("w:1", "Reviving Language Models", "Chen", 2024)], minted) == minted


# -- what is kept ------------------------------------------------------------------------------------------


def test_a_work_that_is_renamed_keeps_its_old_key_as_a_former_one():
    kept = Kept({"w:1": "a", "w:2": "b"}, {"alias": "w:1"}, frozenset({("w:1", "before")}))
    assert kept.renamed({"w:1": "New"}) == Kept(
        {"w:1": "New", "w:2": "b"}, {"alias": "w:1"}, frozenset({("w:1", "before"), ("w:1", "a")})
    )
    assert kept.renamed({"w:1": "a"}) == kept.renamed({}) == kept


def test_works_that_swap_keys_do_not_answer_to_their_old_ones():
    kept = Kept({"w:1": "a", "w:2": "b"})
    swapped = kept.renamed({"w:1": "b", "w:2": "a"})
    assert swapped == Kept({"w:1": "b", "w:2": "a"})
    assert swapped.renamed({"w:1": "a", "w:2": "b"}) == kept
    # the same in other letters
    assert kept.renamed({"w:1": "B", "w:2": "A"}).former == frozenset()


def test_a_key_that_is_taken_back_is_a_former_one_no_more():
    kept = Kept({"w:1": "a"})
    assert kept.renamed({"w:1": "b"}).renamed({"w:1": "a"}) == Kept({"w:1": "a"}, {}, frozenset({("w:1", "b")}))


def test_other_keys_become_former_ones_unless_a_work_bears_them():
    kept = Kept({"w:1": "a", "w:2": "b"})
    assert kept.renamed({}, [("w:1", "c"), ("w:1", "b"), ("w:1", "a")]).former == {("w:1", "c")}


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["w:1", "w:2", "w:3"]), st.sampled_from("abcdABCD"), max_size=3), max_size=6
    )
)
def test_whatever_is_renamed_no_former_key_is_anothers(steps):
    kept = Kept({"w:1": "a", "w:2": "b", "w:3": "c"})
    for step in steps:
        then = kept.renamed(step)
        if len({key.lower() for key in then.keys.values()}) == len(then.keys):
            bearers = {key.lower(): iri for iri, key in then.keys.items()}
            assert all(bearers.get(key.lower(), iri) == iri and then.keys[iri] != key for iri, key in then.former)
            kept = then


def test_a_brought_key_that_differs_in_case_alone_is_not_taken():
    own, brought = Kept({"w:1": "a"}, {}, frozenset({("w:1", "old")})), Kept({"w:2": "A", "w:3": "OLD", "w:4": "b"})
    statements = b"".join(piece for said in TwoKeyrings(own, brought).statements() for piece in said.encode()).decode()
    assert [line.split('"')[1] for line in statements.splitlines() if "citationKey" in line] == ["a", "b"]


@pytest.mark.parametrize("key", ["a", "A1", "9", "DBLP:conf/x/Y-1_2.3+4"])
def test_what_may_be_a_key(key):
    assert KEY.fullmatch(key)


@pytest.mark.parametrize("key", ["", "-a", ":a", "a b", "a,b", "a{", "naïve", "a\n", "a~", "a'", "a=b", "a#", "a\\b"])
def test_what_may_not(key):
    assert not KEY.fullmatch(key)
