"""What people write for the variables of a query, and the text that is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

import llmcomp
from llmcomp.kg.binding import bound, defaults, variables
from llmcomp.kg.errors import Ambiguous, UnknownName, UsageError
from llmcomp.kg.parameters import Parameter, parameters, with_parameters
from llmcomp.ontology.named import query_text, question_names
from llmcomp.ontology.terms import PREFIXES

GPTQ = "<https://w3id.org/llmcomp/work/arxiv:2210.17323>"
ANY = "SELECT ?x { ?x ?y ?z }"


def value(graph: llmcomp.Graph, name: str, given: str, query: str) -> str:
    """What a query binds a parameter to when ``given`` is written for it."""
    return defaults(with_parameters(graph, query, {name: given}))[name]


@pytest.mark.parametrize(
    "given", ["frantar2022gptq", "GPTQ", "2210.17323", "arXiv:2210.17323", GPTQ, GPTQ[1:-1], "work:arxiv:2210.17323"]
)
def test_a_work_is_named_as_everywhere(graph: llmcomp.Graph, given: str) -> None:
    assert value(graph, "cited", given, "citing-works") == GPTQ


@pytest.mark.parametrize(
    "given", ["kv-cache-compression", "kv", "KV Cache Compression", "category:kv-cache-compression"]
)
def test_a_category_is_named_by_slug_name_or_beginning(graph: llmcomp.Graph, given: str) -> None:
    assert (
        value(graph, "category", given, "works-of-category")
        == "<https://w3id.org/llmcomp/category/kv-cache-compression>"
    )


@pytest.mark.parametrize("given", ["Elias Frantar", "elias  frantar", "E. Frantar", "Frantar", "person:elias-frantar"])
def test_an_author_is_named_by_name_or_initials(graph: llmcomp.Graph, given: str) -> None:
    assert value(graph, "author", given, "works-of-author") == "<https://w3id.org/llmcomp/person/elias-frantar>"


@pytest.mark.parametrize(
    ("given", "iri"),
    [
        ("ICML", "icml"),
        ("icml", "icml"),
        ("International Conference on Machine Learning", "icml"),
        ("ICML 2024", "icml/2024"),
        ("icml'24", "icml/2024"),
        ("NIPS", "neurips"),
        ("venue:icml/2024", "icml/2024"),
        ("TMLR", "tmlr"),
    ],
)
def test_a_venue_is_a_series_or_a_volume_in_any_spelling(graph: llmcomp.Graph, given: str, iri: str) -> None:
    assert value(graph, "venue", given, "works-at-venue") == f"<https://w3id.org/llmcomp/venue/{iri}>"


def test_every_venue_of_the_graph_can_be_named_by_its_iri(graph: llmcomp.Graph) -> None:
    for iri in {row[0] for row in graph.rows("venue-names")}:
        assert value(graph, "venue", iri, "works-at-venue") == f"<{iri}>"


def test_years_days_numbers_and_text_are_literals(graph: llmcomp.Graph) -> None:
    assert value(graph, "year", " 2024 ", "works-of-year") == '"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    assert value(graph, "least", "3", "coupling") == "3"
    assert value(graph, "kind", 'a "b"\n', "findings") == r'"a \"b\"\n"'
    query = "# Counts.\n# ?day: date\nSELECT ?day { VALUES ?day { UNDEF } }"
    assert value(graph, "day", "2026-11-24", query) == '"2026-11-24"^^<http://www.w3.org/2001/XMLSchema#date>'


@pytest.mark.parametrize(
    ("query", "name", "given", "error", "told"),
    [
        (
            "works-of-category",
            "categry",
            "x",
            UnknownName,
            "no parameter 'categry'. Did you mean category? Known: category.",
        ),
        (
            "works-of-category",
            "category",
            "quantisation",
            UnknownName,
            "no category 'quantisation'. Did you mean quantization?",
        ),
        ("works-of-category", "category", "category:nothing", UnknownName, "no category 'nothing'."),
        (
            "works-of-category",
            "category",
            " ",
            UsageError,
            "the value of category was given empty. It is the slug or name of a category.",
        ),
        ("works-of-year", "year", "24", UsageError, "year is a year such as 2024, not '24'."),
        ("works-of-year", "year", "٢٠٢٤", UsageError, "year is a year such as 2024, not '٢٠٢٤'."),
        ("coupling", "least", "2.5", UsageError, "least is a whole number, not '2.5'."),
        ("coupling", "least", "9" * 40, UsageError, "least is a whole number, not"),
        ("works-of-author", "author", "Nobody Atall", UnknownName, "no author 'Nobody Atall'."),
        ("works-of-author", "author", "Han", Ambiguous, "'Han' fits "),
        ("works-at-venue", "venue", "arXiv", UnknownName, "no venue 'arXiv'."),
        ("works-at-venue", "venue", "ICML 1999", UnknownName, "no venue 'ICML 1999'."),
        ("citing-works", "cited", "no such work at all", UnknownName, "no work 'no such work at all'."),
        ("citing-works", "cited", "quantization", Ambiguous, "'quantization' fits "),
        ("productive-authors", "least", "3", UnknownName, "no parameter 'least'. Known: name, person, work, works."),
        (
            "# X.\n# ?y: colour\nASK { ?x ?y ?z }",
            "y",
            "red",
            UnknownName,
            "no kind of parameter 'colour'. Known: category, work,",
        ),
        (ANY, "y", "\udcff", UsageError, "character 1 of the value of y cannot be read."),
        ("CONSTRUCT WHERE { ?x ?y ?z }", "y", "1", UsageError, "CONSTRUCT WHERE has no place for values."),
        ("DESCRIBE ?x", "x", "1", UsageError, "this query has no pattern in braces"),
    ],
)
def test_what_names_nothing_is_told(
    graph: llmcomp.Graph, query: str, name: str, given: str, error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as caught:
        with_parameters(graph, query, {name: given})
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("given", "term"),
    [
        ("<a:b>", "<a:b>"),
        ("dcterms:title", "<http://purl.org/dc/terms/title>"),
        (":Finding", "<https://w3id.org/llmcomp/ontology#Finding>"),
        ("work:arxiv:2210.17323", GPTQ),
        ("2024", "2024"),
        ("-1.5e3", "-1.5e3"),
        ("true", "true"),
        ('"2024"^^xsd:gYear', '"2024"^^xsd:gYear'),
        ('"chat"@fr', '"chat"@fr'),
        ('"dcterms:title"', '"dcterms:title"'),
        ("True", '"True"'),
        ("GPTQ: Accurate", '"GPTQ: Accurate"'),
        ("foo:bar", '"foo:bar"'),
        ("https://a.example/", '"https://a.example/"'),
        ("<no iri>", '"<no iri>"'),
        ('say "x"', r'"say \"x\""'),
        ("} DROP ALL #", '"} DROP ALL #"'),
        ('"a" } #"', r'"\"a\" } #\""'),
        ("", '""'),
        ("\x00\u202e", '"\\u0000\u202e"'),
    ],
)
def test_a_value_of_a_variable_of_ones_own(graph: llmcomp.Graph, given: str, term: str) -> None:
    assert value(graph, "z", given, ANY) == term
    graph.query(with_parameters(graph, ANY, {"?z": given}))


def test_several_values_mean_any_of_them(graph: llmcomp.Graph) -> None:
    ask = "SELECT DISTINCT ?slug { ?work dcterms:subject ?category . ?category skos:notation ?slug } ORDER BY ?slug"
    text = with_parameters(graph, ask, {"category": ["category:survey", "category:other"]})
    assert list(graph.query(text)) == [("other",), ("survey",)]


def test_a_parameter_declares_its_kind_and_has_a_default() -> None:
    assert parameters(query_text("works-of-category")) == (Parameter("category", "category", "category:quantization"),)
    assert parameters(query_text("newest-works")) == (Parameter("category", "category", ""),)
    assert [p.name for p in parameters(query_text("cited-by-two-categories"))] == ["category", "other"]
    assert parameters("# Mine.\n#  ?year:year\n\n# ?x: text\nASK {}") == (Parameter("year", "year"),)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("ASK { ?a ?b ?c }", "ASK { VALUES ?b { 1 } ?a ?b ?c }"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", "SELECT (COUNT(*) AS ?n) { VALUES ?b { 1 } ?a ?b ?c }"),
        (
            "SELECT (EXISTS { ?a ?b 2 } AS ?x) WHERE { ?a ?b ?c }",
            "SELECT (EXISTS { ?a ?b 2 } AS ?x) WHERE { VALUES ?b { 1 } ?a ?b ?c }",
        ),
        ("CONSTRUCT { ?a ?b 3 } WHERE { ?a ?b ?c }", "CONSTRUCT { ?a ?b 3 } WHERE { VALUES ?b { 1 } ?a ?b ?c }"),
        ("DESCRIBE ?b { ?a ?b ?c }", "DESCRIBE ?b { VALUES ?b { 1 } ?a ?b ?c }"),
        ("SELECT * { SELECT ?b { ?a ?b ?c } }", "SELECT * { VALUES ?b { 1 } { SELECT ?b { ?a ?b ?c } } }"),
        ("# {\nASK { ?a ?b '{' }", "# {\nASK { VALUES ?b { 1 } ?a ?b '{' }"),
        ("ASK { values ?b{2 3} ?a ?b ?c }", "ASK { values ?b{ 1 } ?a ?b ?c }"),
        (
            "ASK { VALUES ?b { '}' } { VALUES $b { } ?a ?b ?c } }",
            "ASK { VALUES ?b { 1 } { VALUES $b { 1 } ?a ?b ?c } }",
        ),
        ("ASK { VALUES (?b ?c) { (2 3) } }", "ASK { VALUES ?b { 1 } VALUES (?b ?c) { (2 3) } }"),
        ("ASK { # VALUES ?b { 2 }\n?a ?b ?c }", "ASK { VALUES ?b { 1 } # VALUES ?b { 2 }\n?a ?b ?c }"),
    ],
)
def test_values_stand_where_the_pattern_begins(query: str, asked: str) -> None:
    assert bound(query, {"b": ["1"]}) == asked
    Store().query(asked)
    assert "b" in variables(query)


def test_a_list_of_ten_thousand_works_is_bound() -> None:
    works = [f"<w:{n}>" for n in range(10_000)]
    assert bound("ASK { VALUES ?b { UNDEF } }", {"b": works}).count("<w:") == 10_000


@pytest.mark.parametrize("name", [n for n in question_names() if parameters(query_text(n))])
def test_the_default_of_a_question_is_a_value_like_any_other(graph: llmcomp.Graph, name: str) -> None:
    text = query_text(name)
    given = {p.name: p.default.replace('"2024"^^xsd:gYear', "2024").strip('"') for p in parameters(text) if p.default}
    assert list(graph.query(with_parameters(graph, name, given))) == list(graph.query(name))


def test_a_parameter_that_is_left_open_narrows_when_it_is_set(graph: llmcomp.Graph) -> None:
    every = list(graph.query("newest-works"))
    some = list(graph.query(with_parameters(graph, "newest-works", {"category": "survey"})))
    assert 0 < len(some) < len(every)
    assert some == [row for row in every if row in set(some)]
    assert {row[3] for row in some} <= {work.iri for work in graph.works(llmcomp.Selection(("survey",)))}


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own use of what it gives up
def test_rdflib_binds_alike(enriched: Path) -> None:
    import rdflib

    graph = llmcomp.open_graph(enriched)
    other = rdflib.Dataset(default_union=False)
    other.parse(data=graph.store.dump(format=RdfFormat.N_QUADS), format="nquads")
    for name, given in (
        ("works-of-category", {"category": "quantization"}),
        ("citing-works", {"cited": "LLM.int8()"}),
    ):
        text = with_parameters(graph, name, given)
        theirs = [tuple(map(str, row)) for row in other.query(text, initNs=PREFIXES)]
        assert theirs == list(graph.query(text)) != []
