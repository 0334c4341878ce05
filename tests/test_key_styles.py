"""Citation keys as arXiv and the ACL Anthology write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import llmcomp
from llmcomp import Graph, Identifier, Selection, Work
from llmcomp.kg import key_styles
from llmcomp.kg.key_styles import LONGEST, restyle
from llmcomp.kg.keys import MINTED
from llmcomp.kg.names import parse_names


class Known(Graph):
    """A graph of these works alone; the first ``listed`` of them are on a list, all of them for None."""

    def __init__(self, works: list[Work], listed: int | None = None) -> None:
        super().__init__(Path())
        self.all = works
        self.listed = works[:listed]

    def rows(self, name: str, works: Any = None, **_: str) -> Any:  # noqa: ARG002 (as the graph's)
        if name == "former-keys":
            return iter([(w.iri, key) for w in self.all for key in w.former_keys])
        return iter([(w.iri, w.key) for w in {"listed-tools": [], "work-keys": self.all}.get(name, self.listed)])


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Any:
    def _keys(
        style: str, works: list[Work], selected: list[Work] | None = None, listed: int | None = None
    ) -> list[str]:
        graph = Known(works, listed)
        monkeypatch.setattr(key_styles, "load_works", lambda _, iris: [w for w in works if w.iri in iris])
        styled = {w.iri: w.key for w in restyle(graph, selected or works, style)}  # type: ignore[arg-type]
        return [styled[w.iri] for w in selected or works]

    return _keys


def work(
    title: str, *authors: str, year: int | None = 2023, arxiv: str = "2210.17323", n: int = 1, **more: Any
) -> Work:
    names, cut = parse_names(authors)
    ids = (Identifier("arxiv", arxiv),) if arxiv else ()
    known = {"iri": f"w:{n}", "key": f"key{n}", "authors_truncated": cut, "identifiers": ids}
    return Work(title=title, authors=names, year=year, **known | more)


GPTQ = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"


@pytest.mark.parametrize(
    ("title", "authors", "expected"),
    [
        (GPTQ, ["Elias Frantar", "Dan Alistarh"], "frantar2022gptqaccurateposttrainingquantization"),
        # what arXiv itself writes for these titles
        ("A Public Dataset For the ZKsync Rollup", ["Maria Inês Silva"], "silva2022publicdatasetzksyncrollup"),
        ("Look Inside for More: Internal Spatial Modality", ["Hanzhe Liang"], "liang2022lookinsidemoreinternal"),
        ("TextArena", ["Leon Guertler"], "guertler2022textarena"),
        ("The Falcon & the Snowman & Others", ["Týr Łukasz"], "lukasz2022falconsnowman"),
        ("Large Models", ["Laurens van der Maaten"], "vandermaaten2022largemodels"),
        ("The Llama 3 Herd", ["Llama Team, AI @ Meta"], "llamateamaimeta2022llama3herd"),
        ("Plato's Cave", ["Plato"], "plato2022platoscave"),
        ("大模型", ["Wei Li"], "li2022"),
        (GPTQ, [], "key1"),
        (GPTQ, ["李伟"], "key1"),
    ],
)
def test_keys_of_arxiv(keys, title, authors, expected):
    assert keys("arxiv", [work(title, *authors)]) == [expected]


@pytest.mark.parametrize(
    ("title", "authors", "expected"),
    [
        (GPTQ, ["Elias Frantar", "Saleh Ashkboos", "Dan Alistarh"], "frantar-etal-2023-gptq"),
        (GPTQ, ["Elias Frantar", "Dan Alistarh"], "frantar-alistarh-2023-gptq"),
        (GPTQ, ["Elias Frantar"], "frantar-2023-gptq"),
        (GPTQ, ["Elias Frantar", "et al."], "frantar-etal-2023-gptq"),
        (GPTQ, ["Laurens van der Maaten", "Conor O'Brien"], "van-der-maaten-o-brien-2023-gptq"),
        ("How Don't They Do It?", ["Petra Müller-Lüdenscheidt"], "muller-ludenscheidt-2023"),
        ("DB-LLM: Accurate Dual-Binarization", ["Hong Chen"], "chen-2023-db"),
        ("The 1,000 Words", ["Hong Chen"], "chen-2023-1000"),
        ("The Llama 3 Herd", ["Llama Team, AI @ Meta"], "llama-team-ai-meta-2023-llama"),
        ("A Title", ["Wei Li", "李伟"], "li-2023-title"),
        ("大模型", ["Wei Li"], "li-2023"),
        (GPTQ, [], "key1"),
        (GPTQ, ["李伟"], "key1"),
    ],
)
def test_keys_of_the_acl_anthology(keys, title, authors, expected):
    assert keys("acl", [work(title, *authors)]) == [expected]


def test_arxiv_has_the_year_of_posting_and_acl_that_of_publication(keys):
    papers = [work("Title", "Ann Li", year=2024, arxiv="2312.00001")]
    assert keys("arxiv", papers) == ["li2023title"]
    assert keys("acl", papers) == ["li-2024-title"]
    assert keys("arxiv", [work("Title", "Ann Li", year=2024, arxiv="")]) == ["li2024title"]
    assert keys("arxiv", [work("Title", "Ann Li", year=None, arxiv="")]) == ["key1"]
    assert keys("acl", [work("Title", "Ann Li", year=None)]) == ["key1"]


def test_on_a_collision_words_of_the_title_follow_then_numbers(keys):
    titles = ["Sparse Attention", "Sparse Attention", "Sparse Models", "Sparse Attention"]
    works = [work(title, "Ann Li", n=n) for n, title in enumerate(titles, 1)]
    assert keys("acl", works) == [
        "li-2023-sparse",
        "li-2023-sparse-attention",
        "li-2023-sparse-models",
        "li-2023-sparse-attention-2",
    ]
    long = [work("One Red Fish Swims Swiftly Home", "Ann Li", n=n) for n in (1, 2, 3, 4)]
    # "one" is passed over
    assert keys("arxiv", long) == [
        "li2022redfishswimsswiftly",
        "li2022redfishswimsswiftlyhome",
        "li2022redfishswimsswiftlyhome-2",
        "li2022redfishswimsswiftlyhome-3",
    ]


def test_a_key_that_another_work_bears_or_bore_in_the_graph_is_not_taken(keys):
    one = work("Sparse", "Ann Li")
    assert keys("arxiv", [one, work("T", n=2, key="li2022sparse")], [one]) == ["li2022sparse-2"]
    assert keys("arxiv", [one, work("T", n=2, former_keys=("li2022sparse",))], [one]) == ["li2022sparse-2"]
    own = work("Sparse", "Ann Li", former_keys=("li2022sparse",))
    assert keys("arxiv", [own]) == ["li2022sparse"]


def test_a_key_does_not_depend_on_what_is_selected(keys):
    listed = [work("Sparse Attention", "Ann Li", n=n) for n in (1, 2, 3)]
    # only cited by listed works, and smaller by the key of the graph
    cited = [work("Sparse Attention", "Ann Li", n=n, key=f"a{n}") for n in (4, 5)]
    works = [*listed, *cited]
    for style in ("arxiv", "acl"):
        whole = keys(style, works, listed=3)
        assert whole[:3] == keys(style, listed)
        assert [keys(style, works, [w], listed=3)[0] for w in works] == whole


def test_the_key_of_the_graph_becomes_a_former_one(monkeypatch):
    known = work("Sparse", "Ann Li", former_keys=("before",))
    monkeypatch.setattr(key_styles, "load_works", lambda *_: [])
    (styled,) = restyle(Known([known]), [known], "acl")
    assert (styled.key, styled.former_keys) == ("li-2023-sparse", ("before", "key1"))
    (styled,) = restyle(Known([known]), [known], "default")
    assert styled == known


@given(st.lists(st.tuples(st.text(max_size=20), st.lists(st.text(max_size=9), max_size=3)), max_size=6))
def test_whatever_the_names_keys_are_ascii_and_each_is_one_works(told):
    works = [work(title, *authors, n=n) for n, (title, authors) in enumerate(told)]
    for style in ("arxiv", "acl"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(key_styles, "load_works", lambda *_: [])
            styled = restyle(Known(works), works, style)
        assert len({w.key for w in styled}) == len(works)
        assert all(MINTED.fullmatch(w.key) for w in styled)


def test_a_title_of_ten_thousand_letters_makes_no_such_key(keys):
    works = [work(title * 10_000, "Ann Li", n=n) for n, title in enumerate(["a", "a", "word "])]
    for style in ("arxiv", "acl"):
        found = keys(style, works)
        assert len(set(found)) == 3
        assert all(len(key) <= LONGEST + 4 for key in found)


def test_the_shipped_graph_in_either_style(graph):
    default = {w.iri: w.key for w in graph.works()}
    for style in ("arxiv", "acl"):
        works = graph.works(key_style=style)
        assert len({w.key for w in works}) == len(works) == len(default)
        assert all(MINTED.fullmatch(w.key) for w in works)
        assert all((w.key == default[w.iri]) == (default[w.iri] not in w.former_keys) for w in works)
        by_iri = {w.iri: w.key for w in works}
        some = graph.works(Selection(categories=("tools", "kv-cache")), style)
        assert some
        assert all(by_iri.get(w.iri, w.key) == w.key for w in some)
    gptq = graph.works(Selection(keys=("frantar2022gptq",)), "arxiv")[0]
    assert gptq.key == "frantar2022gptqaccurateposttrainingquantization"
    assert "frantar2022gptq" in gptq.former_keys
    assert (
        llmcomp.open_graph(graph.path)
        .bibliography(keys=["frantar2022gptq"], key_style="acl")
        .startswith("@inproceedings{frantar-etal-2023-gptq,")
    )
