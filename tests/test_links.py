"""What the links of a row are for."""

from __future__ import annotations

import pytest

from llmcomp.kg.identifiers import identify
from llmcomp.kg.links import is_link_label, repositories, role, work_identifiers
from llmcomp.kg.model import Link

ARXIV = "https://arxiv.org/abs/2210.17323"
GITHUB = "https://github.com/IST-DASLab/gptq"
MODEL = "https://huggingface.co/a/b"
NOTE = "https://openreview.net/forum?id=-a_b"


def link(label: str, url: str) -> Link:
    return Link(label, url, identify(url))


@pytest.mark.parametrize(
    ("label", "url", "expected"),
    [
        ("Paper", "https://x.org/a.pdf", "paper"),
        ("paper", GITHUB, "paper"),
        ("PDF", ARXIV, "paper"),
        ("arXiv", ARXIV, "paper"),
        ("Code", GITHUB, "code"),
        ("Codes", GITHUB, "code"),
        ("Cde", GITHUB, "code"),
        ("Code (Sparse Marlin)", GITHUB, "code"),
        ("GitHub Page", GITHUB, "code"),
        ("Code", NOTE, "code"),
        ("Model", MODEL, "model"),
        ("Models", MODEL, "model"),
        ("Homepage", "https://x.org", "page"),
        ("Tutorial", "https://x.org", "page"),
        ("Project Page", GITHUB, "page"),
        ("Blog", ARXIV, "page"),
        # the label says nothing: the address decides
        ("Wibble", ARXIV, "paper"),
        ("", ARXIV, "paper"),
        ("GPTQ: Accurate", ARXIV, "paper"),
        ("llama.cpp", GITHUB, "code"),
        ("Llama", MODEL, "model"),
        ("Wibble", "https://x.org", "other"),
        ("", "https://x.org", "other"),
    ],
)
def test_role(label, url, expected):
    assert role(link(label, url)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(text, True) for text in ("Paper", "[Paper]", " code ", "GitHub Page", "[anything at all]", "", "[]", " ")],
        *[(text, False) for text in ("GPTQ", "Paper Plain: A Study", "Codex", "The Model", "[A] b")],
    ],
)
def test_labels_and_titles(text, expected):
    assert is_link_label(text) is expected


def test_the_identifiers_of_a_paper_in_the_order_of_its_links():
    links = [link("Paper", NOTE), link("pdf", ARXIV), link("Paper", f"{ARXIV}v2"), link("Code", GITHUB)]
    assert [str(i) for i in work_identifiers(links)] == ["openreview:-a_b", "arxiv:2210.17323"]


def test_a_supplement_on_openreview_names_the_paper_and_arxiv_under_code_does_not():
    assert [str(i) for i in work_identifiers([link("Code", NOTE)])] == ["openreview:-a_b"]
    assert work_identifiers([link("Code", ARXIV), link("Blog", ARXIV), link("Model", ARXIV)]) == ()


def test_a_repository_under_paper_is_no_identifier_of_a_paper():
    assert work_identifiers([link("Paper", GITHUB), link("Paper", MODEL)]) == ()


def test_repositories_each_once_in_order():
    other = "https://gitlab.com/a/b"
    links = [link("Code", GITHUB), link("Code", other), link("Codes", GITHUB), link("Paper", ARXIV)]
    assert repositories(links) == (GITHUB, other)


def test_a_paper_under_code_is_no_repository():
    assert repositories([link("Code", NOTE), link("Code", ARXIV), link("Paper", GITHUB)]) == ()


def test_a_repository_without_a_telling_label_counts():
    assert repositories([link("llama.cpp", GITHUB), link("", GITHUB), link("Model", MODEL)]) == (GITHUB,)
