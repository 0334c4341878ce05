"""Which works a selection means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import llmcomp
from llmcomp import Graph, Selection, parse_years
from llmcomp.kg.citing import Citation
from llmcomp.kg.errors import Ambiguous, UnknownName, UsageError
from llmcomp.kg.selection import TOOLS, unknown_citations
from llmcomp.kg.text import ascii_fold

SLUGS = (
    "distillation, efficient-prompting, kv-cache-compression, other, pruning-and-sparsity, quantization, survey, tools"
)


def keys(graph: Graph, **conditions: object) -> list[str]:
    return [work.key for work in graph.works(Selection(**conditions))]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A graph built twice, so that one key became a former one, with two categories that begin alike."""
    folder: Path = tmp_path_factory.mktemp("small")
    rows = {
        "before": ("[[Paper]](https://x.org/a)", "KV Quantization"),
        "after": ("[[Paper]](https://arxiv.org/abs/2305.99999)", "KV Quantization"),
    }
    for name, (link, section) in rows.items():
        (folder / f"{name}.md").write_text(
            f"## KV Cache\n- Alpha Beta Gamma Delta <br> Arxiv 2023 {link}\n"
            "- AlphaNet: Alpha Beta Gamma Delta <br> Arxiv 2023 [[Paper]](https://arxiv.org/abs/2305.99999)\n"
            f"## {section}\n- Third Thing <br> ICML 2024 [[Paper]](https://x.org/b)\n"
            "## Tools\n- Hammer [[Code]](https://github.com/x/hammer)\n"
        )
        llmcomp.build_graph(folder / "graph", [str(folder / f"{name}.md")])
    return llmcomp.open_graph(folder / "graph")


def test_without_conditions_every_listed_paper_sorted_by_key(graph):
    found = graph.works()
    assert len(found) == graph.status().works == 685
    assert {work.kind for work in found} == {"paper"}
    assert [w.key for w in found] == sorted(w.key for w in found)


# -- categories --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["quantization", "Quantization", "QUANT", "q", "  quantization ", "pruning and sparsity", "kv cache"]
)
def test_a_category_by_slug_name_or_unique_beginning(graph, text):
    slug = {"q": "quantization", "p": "pruning-and-sparsity", "k": "kv-cache-compression"}[text.strip()[0].lower()]
    assert keys(graph, categories=(text,)) == keys(graph, categories=(slug,)) != []


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("quantisation", " Did you mean quantization?"),
        ("xyz", ""),
        ("", ""),
        ("-", ""),
        ("quantization-of", " Did you mean quantization?"),
    ],
)
def test_an_unknown_category_is_answered_with_the_nearest_and_the_known(graph, text, guess):
    with pytest.raises(UnknownName) as raised:
        keys(graph, categories=(text,))
    said = f"no category '{text}'." if text else "the category was given empty."
    assert str(raised.value) == f"{said}{guess} Known: {SLUGS}."


def test_a_beginning_of_several_categories_is_ambiguous(small):
    with pytest.raises(Ambiguous) as raised:
        keys(small, categories=("kv",))
    assert str(raised.value) == ("'kv' fits several categories: kv-cache, kv-quantization. Write more of one.")
    assert keys(small, categories=("kv c",)) == keys(small, categories=("KV Cache",)) != []


def test_several_categories_mean_any_and_with_all_of_every_one(graph):
    both = ("quantization", "pruning")
    one, other = (set(keys(graph, categories=(c,))) for c in both)
    assert set(keys(graph, categories=both)) == one | other
    assert set(keys(graph, categories=both, all_of=True)) == one & other
    assert one & other


def test_the_counts_of_categories_are_those_of_their_works(graph):
    assert {c.slug: c.works for c in graph.categories()} == {
        c.slug: len(keys(graph, categories=(c.slug,))) for c in graph.categories()
    }


def test_tools_are_selected_by_their_category_alone(graph):
    tools = graph.works(Selection(categories=(TOOLS,)))
    assert (len(tools), {t.kind for t in tools}) == (42, {"tool"})
    assert len(keys(graph, categories=(TOOLS, "survey"))) == 42 + 25


# -- venues ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["ICML 2024", "icml 2024", "Proceedings of the 41st International Conference on Machine Learning"]
)
def test_a_venue_by_acronym_and_year_or_by_its_full_title(graph, text):
    found = graph.works(Selection(venues=(text,)))
    assert {w.venue and w.venue.acronym for w in found} == {"ICML 2024"}
    assert len(found) > 10


def test_a_workshop_by_a_piece_of_its_title(graph):
    found = graph.works(Selection(venues=("Efficient Systems for Foundation Models",)))
    assert {w.venue and w.venue.kind for w in found} == {"workshop"}


@pytest.mark.parametrize("text", ["ICML", "International Conference on Machine Learning"])
def test_a_venue_by_series_means_all_its_years(graph, text):
    found = graph.works(Selection(venues=(text,)))
    assert {2023, 2024} <= {w.year for w in found}
    assert {"ICML 2023", "ICML 2024"} <= {w.venue.acronym for w in found if w.venue}
    assert {"xiao2022smoothquant"} <= {w.key for w in found}


def test_several_venues_mean_any_and_two_venues_of_one_work_there_are_none(graph):
    one, other = (set(keys(graph, venues=(v,))) for v in ("ICML 2024", "ICLR 2024"))
    assert set(keys(graph, venues=("ICML 2024", "ICLR 2024"))) == one | other
    assert keys(graph, venues=("ICML 2024", "ICLR 2024"), all_of=True) == []


@pytest.mark.parametrize("text", ["ICLRR", "", "Journal of Nothing", "ICML 1999"])
def test_an_unknown_venue(graph, text):
    with pytest.raises(UnknownName) as raised:
        keys(graph, venues=(text,))
    assert str(raised.value).startswith(f"no venue '{text}'." if text else "the venue was given empty.")
    assert ("Did you mean ICLR" in str(raised.value)) == (text == "ICLRR")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("NIPS", "NeurIPS"),
        ("NIPS 2023", "NeurIPS 2023"),
        ("icml'24", "ICML 2024"),
        ("ICML '24 (Oral)", "ICML 2024"),
        ("acl'24", "ACL 2024"),
        ("EMNLP Findings 2023", "Findings of EMNLP 2023"),
        ("EMNLP 2023 (Findings)", "Findings of EMNLP 2023"),
    ],
)
def test_a_venue_spelled_as_lists_spell_it(graph, text, same):
    assert keys(graph, venues=(text,)) == keys(graph, venues=(same,)) != []


def test_the_parts_of_a_venue_spelled_otherwise(graph):
    kinds = {
        "Findings": {"findings"},
        "Findings of EMNLP": {"findings"},
        "NeurIPS 2024 Workshop": {"workshop"},
        "EMNLP 2024 Industry Track": {"conference"},
    }
    for text, kind in kinds.items():
        found = graph.works(Selection(venues=(text,)))
        assert {w.venue and w.venue.kind for w in found} == kind
    everywhere, at_emnlp = (set(keys(graph, venues=(text,))) for text in ("Findings", "Findings of EMNLP"))
    assert at_emnlp < everywhere
    assert at_emnlp == set(keys(graph, venues=("Findings of EMNLP 2023", "Findings of EMNLP 2024")))


def test_a_journal_of_a_year_is_its_works_of_that_year(graph):
    works = graph.works(Selection(venues=("TACL",)))
    years = {w.year for w in works}
    assert years
    for year in years:
        assert keys(graph, venues=(f"TACL {year}",)) == [w.key for w in works if w.year == year]


def test_a_preprint_server_is_no_venue(graph):
    with pytest.raises(UnknownName, match=r"no venue 'arXiv'\. 'llmcomp query venues' shows those of the graph\."):
        keys(graph, venues=("arXiv",))


# -- years -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024", (2024, 2024)),
        ("2023..2025", (2023, 2025)),
        (" 2023 .. 2025 ", (2023, 2025)),
        ("2023..", (2023, None)),
        ("..2025", (None, 2025)),
        ("2024..2024", (2024, 2024)),
    ],
)
def test_years(text, years):
    assert parse_years(text) == years


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "..", "24", "2024-2025", "2023...2025", "2023..25", "20245", "x", "2023 2024", "..2024.."),
        *("0000", "0999", "..0000", "0000..2024", "٢٠٢٤", "2023..２０２４"),
    ],
)
def test_what_is_no_year(text):
    with pytest.raises(UsageError) as raised:
        parse_years(text)
    assert str(raised.value) == (
        f"'{text}' is not a year or a range of years. Write 2024, 2023..2025, 2023.. or ..2025."
    )


def test_a_range_that_ends_before_it_begins():
    with pytest.raises(UsageError, match=r"'2025\.\.2023' ends before it begins\. Write 2023\.\.2025\."):
        parse_years("2025..2023")


@given(st.text())
def test_any_text_is_years_or_wrong_usage(text):
    try:
        first, last = parse_years(text)
    except UsageError:
        return
    assert first or last


def test_works_of_years(graph):
    by_year = {w.key: w.year for w in graph.works()}
    for years in ((2023, 2023), (2023, 2024), (2025, None), (None, 2022)):
        low, high = years[0] or 0, years[1] or 9999
        assert keys(graph, years=years) == [k for k, y in by_year.items() if y and low <= y <= high]
    assert keys(graph, years=(1900, 1901)) == keys(graph, years=(0, 0)) == keys(graph, years=(None, 0)) == []


# -- authors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Frantar", "frantar", "Elias Frantar", "Frantar, Elias", "E. Frantar", "ELIAS  FRANTAR", "Frántar"]
)
def test_an_author(graph, text):
    found = graph.works(Selection(authors=(text,)))
    assert "frantar2022gptq" in {w.key for w in found}
    assert all(any(a.family == "Frantar" for a in w.authors) for w in found)


def test_accents_fold_both_ways(graph):
    accented = next(
        a.family
        for w in graph.works()
        for a in w.authors
        if not a.family.isascii() and a.family.isalpha() and any(c in a.family for c in "éüöáíóýćčšž")
    )
    assert keys(graph, authors=(accented,)) == keys(graph, authors=(ascii_fold(accented),)) != []


def test_a_part_of_a_name_is_no_name(graph):
    with pytest.raises(UnknownName, match=r"no author 'Frant'\."):
        keys(graph, authors=("Frant",))


@pytest.mark.parametrize("text", ["", "!", "Nobody Nowhere"])
def test_an_unknown_author(graph, text):
    with pytest.raises(UnknownName) as raised:
        keys(graph, authors=(text,))
    said = f"no author '{text}'." if text else "the author was given empty."
    assert str(raised.value) == (
        f"{said} An author is named by whole names or initials; 'llmcomp search WORDS' finds parts of names."
    )


def test_a_mistyped_author_is_answered_with_the_nearest(graph):
    with pytest.raises(UnknownName, match=r"(?i)did you mean elias frantar\?"):
        keys(graph, authors=("Elias Frantr",))


def test_authors_of_one_work_with_all_of(graph):
    both = ("Frantar", "Alistarh")
    one, other = (set(keys(graph, authors=(a,))) for a in both)
    assert set(keys(graph, authors=both, all_of=True)) == one & other
    assert set(keys(graph, authors=both)) == one | other


# -- keys --------------------------------------------------------------------------------------------------


def test_works_by_key(graph):
    assert keys(graph, keys=("frantar2022gptq", "lin2023awq", "frantar2022gptq")) == [
        "frantar2022gptq",
        "lin2023awq",
    ]


def test_a_tool_by_key(graph):
    key = "llamacpp:ggerganov-llama-cpp"
    assert keys(graph, keys=(key,)) == keys(graph, keys=(key,), categories=(TOOLS,)) == [key]


def test_an_unknown_key_is_answered_with_the_nearest(graph):
    with pytest.raises(UnknownName) as raised:
        keys(graph, keys=("frantar2022gtpq",))
    assert str(raised.value) == "no citation key 'frantar2022gtpq'. Did you mean frantar2022gptq?"


def test_the_key_of_a_work_only_cited(graph):
    with pytest.raises(UsageError, match=r"that is not listed itself; .* 'llmcomp show brown2020language' shows it\."):
        keys(graph, keys=("brown2020language",))


def test_a_work_by_the_key_it_formerly_bore(small):
    ((work, former),) = small.rows("former-keys")
    assert former == "alphabeta"
    assert [w.iri for w in small.works(Selection(keys=("alphabeta",)))] == [work]


# -- kinds together ----------------------------------------------------------------------------------------


def test_kinds_are_combined_with_and(graph):
    all_of_them = keys(graph, categories=("quantization",), years=(2024, None), authors=("Alistarh",))
    assert all_of_them
    assert set(all_of_them) == (
        set(keys(graph, categories=("quantization",)))
        & set(keys(graph, years=(2024, None)))
        & set(keys(graph, authors=("Alistarh",)))
    )


def test_nothing_fits(graph):
    assert keys(graph, keys=("frantar2022gptq",), years=(1990, 1999)) == []
    assert keys(graph, categories=("survey", "kv"), all_of=True) == []


# -- citations ---------------------------------------------------------------------------------------------


def test_works_that_are_cited_often_enough_by_the_latest_count(enriched):
    graph = llmcomp.open_graph(enriched)
    counts = {w.key: w.citations for w in graph.works()}
    assert sorted(count for count in counts.values() if count is not None) == [0, 71]
    (often,) = [key for key, count in counts.items() if count == 71]
    assert keys(graph, min_citations=71) == keys(graph, min_citations=1) == [often]
    assert keys(graph, min_citations=72) == []
    assert keys(graph, min_citations=71, categories=("quantization",)) == [often]
    assert keys(graph, min_citations=71, years=(1990, 1999)) == []
    assert keys(graph, min_citations=71, keys=(often,), all_of=True) == [often]


def test_no_citations_are_enough_for_every_work(enriched, graph):
    assert keys(llmcomp.open_graph(enriched), min_citations=0) == keys(llmcomp.open_graph(enriched))
    assert keys(graph, min_citations=0, categories=("survey",)) == keys(graph, categories=("survey",))


def test_a_graph_without_counts_says_where_they_come_from(graph):
    with pytest.raises(UsageError) as raised:
        keys(graph, min_citations=1)
    assert str(raised.value) == (
        "this graph knows no citation counts yet, so none can be asked for. 'llmcomp enrich' fetches them."
    )


# -- queries -----------------------------------------------------------------------------------------------


def test_works_that_a_query_binds(graph):
    query = 'SELECT ?x ?work WHERE { ?work dcterms:title ?x FILTER(STRSTARTS(?x, "GPTQ: Acc")) }'
    assert keys(graph, query=query) == ["frantar2022gptq"]
    assert keys(graph, query=query, categories=("quantization",), years=(2023, 2023)) == ["frantar2022gptq"]
    assert keys(graph, query=query, categories=("survey",)) == []
    assert keys(graph, query=query, keys=("lin2023awq",)) == []


def test_a_named_query(graph):
    assert keys(graph, query="listed-works") == keys(graph)
    assert {w.kind for w in graph.works(Selection(query="listed-tools"))} == {"tool"}
    outside = graph.works(Selection(query="works-outside"))
    assert outside
    assert not {w.key for w in outside} & set(keys(graph))


def test_a_query_that_finds_nothing(graph):
    assert keys(graph, query='SELECT ?work WHERE { ?work dcterms:title "No Such Title" }') == []


def test_what_is_bound_beside_works_is_passed_over(graph):
    query = 'SELECT ?work WHERE { { ?work dcterms:title ?t FILTER(STRSTARTS(?t, "GPTQ: Acc")) } UNION { ?x a ?work } }'
    assert keys(graph, query=query) == ["frantar2022gptq"]


@pytest.mark.parametrize(
    ("query", "bound"),
    [
        ('SELECT ("a title" AS ?work) WHERE {}', "'a title'"),
        ("SELECT ?work WHERE { VALUES ?work { 1 2 <x:y> } }", "'1' and 2 more"),
        ("SELECT ?work WHERE { OPTIONAL { ?work dcterms:title 5 } }", "nothing at all"),
    ],
)
def test_a_query_that_binds_no_works(graph, query, bound):
    with pytest.raises(UsageError) as raised:
        keys(graph, query=query)
    assert str(raised.value) == (
        f"the query binds ?work to nothing that is a work of this graph: to {bound}. Bind it to the IRI of a work."
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?Work WHERE { ?Work dcterms:title ?t }",
        "ASK { ?work dcterms:title ?t }",
        "CONSTRUCT { ?work a ?t } WHERE { ?work dcterms:title ?t }",
        "DESCRIBE ?work WHERE { ?work dcterms:title ?t }",
        "categories",
    ],
)
def test_a_query_without_works(graph, query):
    with pytest.raises(UsageError) as raised:
        keys(graph, query=query)
    assert str(raised.value) == "the query that selects works binds no ?work. Write SELECT ?work WHERE { ... }."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT ?work WHERE { ?work", "not SPARQL: line 1"),
        ("DELETE WHERE { ?work ?p ?o }", "DELETE would change the graph"),
        ("listed-work", "no query 'listed-work'. Did you mean listed-works?"),
    ],
)
def test_what_is_no_query(graph, query, said):
    with pytest.raises(UsageError, match=said.replace("?", "[?]")):
        keys(graph, query=query)


# -- documents ---------------------------------------------------------------------------------------------


def citations(*cited: str) -> tuple[Citation, ...]:
    return tuple(Citation(key, Path("paper.tex"), line) for line, key in enumerate(cited, 1))


def test_works_that_a_document_cites_listed_or_not(graph):
    cited = citations("frantar2022gptq", "brown2020language", "llamacpp:ggerganov-llama-cpp", "nobody2020nothing")
    assert keys(graph, cited=cited) == ["brown2020language", "frantar2022gptq", "llamacpp:ggerganov-llama-cpp"]
    assert keys(graph, cited=cited, categories=("quantization",)) == ["frantar2022gptq"]
    assert keys(graph, cited=()) == keys(graph, cited=citations("nobody2020nothing")) == []


def test_a_document_that_cites_everything(graph):
    assert keys(graph, cited=citations("*")) == keys(graph)
    everything = keys(graph, cited=citations("*", "brown2020language"))
    assert everything == sorted([*keys(graph), "brown2020language"])
    assert keys(graph, cited=citations("*"), categories=("survey",)) == keys(graph, categories=("survey",))


def test_a_former_key_that_a_document_cites(small):
    ((work, _),) = small.rows("former-keys")
    assert [w.iri for w in small.works(Selection(cited=citations("alphabeta")))] == [work]
    assert unknown_citations(small, citations("alphabeta")) == []


def test_citations_that_no_work_bears_with_the_nearest_key(graph):
    cited = citations("frantar2022gtpq", "*", "Frantar2022GPTQ", "lin2023awq", "zzz", "brown2020languag", "")
    assert [(c.key, near) for c, near in unknown_citations(graph, cited)] == [
        ("frantar2022gtpq", "frantar2022gptq"),
        ("Frantar2022GPTQ", "frantar2022gptq"),
        ("zzz", ""),
        ("brown2020languag", "brown2020language"),
        ("", ""),
    ]
