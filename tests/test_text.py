"""Text: mojibake undone and nothing else, titles compared, slugs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcomp.kg.text import ascii_fold, repair_mojibake, slug, tidy, title_key

CLEAN = "Týr, naïve, “quotes”, √2, ½, Zoë’s – 🏆"


@pytest.mark.parametrize("codec", ["mac_roman", "cp1252", "latin-1"])
def test_utf8_that_was_read_as_another_encoding_is_undone(codec):
    assert repair_mojibake("Zoë’s naïve café".encode().decode(codec)) == "Zoë’s naïve café"


def test_a_file_damaged_once_is_repaired_in_its_short_runs_too():
    damaged = "Intel®\nTýr\nnaïve – “it”\n🏆".encode().decode("mac_roman")
    assert repair_mojibake(damaged) == "Intel®\nTýr\nnaïve – “it”\n🏆"


@pytest.mark.parametrize(
    "text",
    [
        *(
            CLEAN,
            "√2",
            "√Ω",
            "Týr",
            "naïve",
            "“quotes”",
            "½",
            "Intel®",
            "🏆 🚀 👨‍👩‍👧",
            "大模型压缩",
            "Ærø",
            "Łódź",
        ),
        *(
            "αβγ ≈ ∂x",
            "Ã",
            "T√Ωr",
            "a ¬ b",
            "ﬁne ＦＵＬＬ",
            "&amp; &eacute;",
            "a\r\nb\x85c\u2028d",
            "e\u0301",
            "",
        ),
    ],
)
def test_clean_text_stays_as_it_is(text):
    assert repair_mojibake(text) == text


def test_a_short_odd_run_stays_in_a_clean_file():
    assert repair_mojibake(f"{CLEAN}\nT√Ωr\n{CLEAN}") == f"{CLEAN}\nT√Ωr\n{CLEAN}"


def test_clean_lines_beside_damaged_ones_stay():
    damaged = "Zoë’s naïve café".encode().decode("mac_roman")
    assert repair_mojibake(f"{damaged}\n{CLEAN}") == f"Zoë’s naïve café\n{CLEAN}"


@given(st.text())
def test_repair_keeps_the_number_of_lines(text):
    assert repair_mojibake(text).count("\n") == text.count("\n")


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_never_touched(text):
    assert repair_mojibake(text) == text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Týr Łukasz Straße Ærø Ðorđe", "Tyr Lukasz Strasse AEro Dorde"),
        ("Post‐Training – “x” ’s", "Post-Training - x 's"),
        ("e\u0301 ﬁ ½", "e fi 12"),
        ("大模型", ""),
        ("plain", "plain"),
    ],
)
def test_ascii_fold(text, folded):
    assert ascii_fold(text) == folded


@given(st.text())
def test_ascii_fold_gives_ascii_once(text):
    folded = ascii_fold(text)
    assert folded.isascii()
    assert ascii_fold(folded) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPTQ: Accurate Post-Training", "{GPTQ}  accurate post–training"),
        ("Týr’s", "Tyr's"),
        ("LLM.int8()", "llm int8"),
        ("Naïve", "Nai\u0308ve"),
        ("STRASSE", "Straße"),
    ],
)
def test_titles_that_are_the_same(one, other):
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(("one", "other"), [("大模型", "小模型"), ("GPT 2", "GPT 3"), ("αβ", "αγ"), ("A b", "Ab")])
def test_titles_that_differ(one, other):
    assert title_key(one) != title_key(other)


@given(st.text())
def test_a_title_key_is_its_own_key(text):
    key = title_key(text)
    assert title_key(key) == key
    assert key == " ".join(key.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KV Cache Compression", "kv-cache-compression"),
        ("🧊 Pruning & Sparsity!", "pruning-sparsity"),
        ("大模型", "大模型"),
        ("!?", ""),
    ],
)
def test_slugs(text, expected):
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \t b\n c  ", "a b c"),
        ("a\xa0b\u3000c", "a b c"),
        ("\u200fa\u200eb\ufeff\x00c\x1b[1m", "abc[1m"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_tidy(text, expected):
    assert tidy(text) == expected


@given(st.text())
def test_tidy_leaves_one_line_without_control_characters(text):
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert "\n" not in tidied
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in tidied)
