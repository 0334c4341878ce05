"""``explain``: where each value comes from, and what every source says in its place."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

import llmcomp
from llmcomp.cli import explain as command
from llmcomp.cli.options import Talk
from llmcomp.kg import build as building
from llmcomp.kg.errors import UnknownName
from llmcomp.kg.explain import explain
from llmcomp.kg.explanation import Claim, Field
from llmcomp.ontology.terms import PREFIXES

GPTQ = "https://w3id.org/llmcomp/work/arxiv:2210.17323"
GPTQ_TITLE = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
HEAD = "# My list\n\n## Papers\n\n### Quantization\n\n"
SCHOLAR = """
graph:metadata {
  <GRAPH> a void:Dataset ; dcterms:title "Semantic Scholar" ; dcterms:date "2026-11-20"^^xsd:date ;
    dc:source "https://www.semanticscholar.org/" ; void:triples 1 .
}
"""


@lru_cache(1)
def dumped(folder: Path) -> bytes:
    return llmcomp.open_graph(folder).store.dump(format=RdfFormat.N_QUADS) or b""


def copied(folder: Path) -> Store:
    """A copy of a graph, in memory."""
    store = Store()
    store.bulk_load(dumped(folder), format=RdfFormat.N_QUADS)
    return store


def with_scholar(folder: Path, work: str, said: str, *, alias: str = "") -> llmcomp.Graph:
    """The graph in ``folder`` as if Semantic Scholar had said ``said`` of a work, under its own IRI or an alias."""
    name = f"{PREFIXES['graph']}semantic-scholar/2026-11-20"
    store = copied(folder)
    view = f"<{work}> prov:wasDerivedFrom <{name}> .\n" + f"<{work}> owl:sameAs <{alias}> .\n" * bool(alias)
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    text = SCHOLAR.replace("GRAPH", name) + view + f"<{name}> {{\n{said}}}\n"
    store.load((prefixes + text.replace("WORK", f"<{alias or work}>")).encode(), format=RdfFormat.TRIG)
    return llmcomp.Graph(folder, store)


def authors(*names: str) -> str:
    nodes = (
        f"<https://x.example/{n}> a :Authorship ; pro:relatesToDocument WORK ; :authorPosition {n} ; "
        f':nameAsPrinted "{name}" .\n'
        for n, name in enumerate(names, 1)
    )
    return "".join(nodes)


def identifier(scheme: str, value: str) -> str:
    node = f"<https://w3id.org/llmcomp/identifier/{scheme}:{value}>"
    return f"WORK datacite:hasIdentifier {node} .\n"


def fields(graph: llmcomp.Graph, text: str, name: str) -> list[Field]:
    return [field for field in explain(graph, graph.find(text)).fields if field.name == name]


def one(graph: llmcomp.Graph, text: str, name: str) -> Field:
    (field,) = fields(graph, text, name)
    return field


def short(claim: Claim) -> tuple[str, str, bool]:
    return claim.graph.removeprefix(PREFIXES["graph"]).partition("/")[0], claim.value, claim.stands


def built_of(folder: Path, tmp_path: Path, **lists: str) -> llmcomp.Graph:
    """The graph of some lists by name, read on a fixed day."""
    paths: list[str] = []
    for name, rows in lists.items():
        (tmp_path / f"{name}.md").write_text(HEAD + rows, "utf-8")
        paths.append(str(tmp_path / f"{name}.md"))
    building.build(folder, paths, version="x", today=date(2026, 1, 2))
    return llmcomp.open_graph(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "graph"


# --- what stands, and who says so


def test_sources_that_agree_are_all_listed(graph: llmcomp.Graph) -> None:
    title = one(graph, "frantar2022gptq", "title")
    assert title.value == GPTQ_TITLE
    assert [short(claim) for claim in title.claims[:2]] == [("facts", GPTQ_TITLE, True), ("list", GPTQ_TITLE, True)]
    assert title.claims[0].source_title == "Facts shipped with llmcomp"
    assert title.claims[0].date == "2026-11-01"
    assert title.claims[1].lines == (98,)


def test_what_reference_lists_print_is_one_claim_for_each_title(graph: llmcomp.Graph) -> None:
    title = one(graph, "frantar2022gptq", "title")
    printed = [claim for claim in title.claims if claim.references]
    assert [claim.stands for claim in printed] == [True, False, False]
    assert printed[0].value.casefold() == GPTQ_TITLE.casefold()
    assert printed[1].value.startswith("OPTQ: ")
    assert title.decided == "first of facts, lists, Semantic Scholar, reference lists"


def test_a_row_supports_the_venue_it_names_in_its_own_words(graph: llmcomp.Graph) -> None:
    venue = one(graph, "frantar2022gptq", "venue")
    assert venue.value == "The Eleventh International Conference on Learning Representations"
    assert [short(claim) for claim in venue.claims] == [("list", "ICLR 2023", True)]
    assert venue.silent == ("https://w3id.org/llmcomp/graph/facts/2026-11-01",)
    assert venue.decided == "named in full by the table of venues"


def test_a_year_that_is_the_preprints_differs_and_says_so(graph: llmcomp.Graph) -> None:
    year = one(graph, "frantar2022gptq", "year")
    assert (year.value, year.decided) == ("2023", "the venue's year")
    (row,) = [claim for claim in year.claims if claim.lines]
    assert (row.value, row.stands, row.follows_from) == ("2023", True, "venue ICLR 2023")
    (facts,) = [claim for claim in year.claims if not claim.lines and not claim.references]
    assert (facts.value, facts.stands, facts.note) == ("2022", False, "the year of first posting")


def test_a_month_follows_from_an_arxiv_id(graph: llmcomp.Graph) -> None:
    posted = one(graph, "frantar2022gptq", "first_posted")
    assert posted.value == "2022-10"
    assert {claim.follows_from for claim in posted.claims} == {"arXiv id 2210.17323"}


def test_a_venue_follows_from_the_id_of_a_publisher(graph: llmcomp.Graph) -> None:
    venue = one(graph, "2410.12388", "venue")
    follows = [claim for claim in venue.claims if claim.follows_from]
    assert [(claim.follows_from, claim.stands) for claim in follows] == [("ACL Anthology id 2025.naacl-long.368", True)]
    assert [short(claim) for claim in venue.claims if not claim.stands] == [("list", "Arxiv 2024", False)]
    assert venue.decided == "a publication goes before a preprint"


def test_the_link_of_another_paper_is_told_with_the_finding(graph: llmcomp.Graph) -> None:
    named = one(graph, "2402.00858", "identifier")
    assert [short(claim) for claim in named.claims] == [
        ("facts", "arxiv:2402.00858", True),
        ("list", "arxiv:2401.18079", False),
    ]
    assert named.claims[1].lines == (254,)
    assert named.claims[1].note.endswith("the row's paper is https://arxiv.org/abs/2402.00858")
    (posted,) = fields(graph, "2402.00858", "first_posted")
    assert [claim.value for claim in posted.claims] == ["2024-02"]


def test_a_title_that_a_row_prints_is_another_title(graph: llmcomp.Graph) -> None:
    other = one(graph, "2412.16719", "other_title")
    assert other.value.startswith("Lillama: ")
    assert sorted(short(claim)[0] for claim in other.claims) == ["facts", "list"]
    title = one(graph, "2412.16719", "title")
    assert [claim.lines for claim in title.claims if not claim.stands] == [(1004,)]


def test_a_work_without_authors_says_that_nobody_names_them(graph: llmcomp.Graph) -> None:
    names = one(graph, "2410.12187", "authors")
    assert (names.value, names.claims, names.decided) == ("", (), "no source names them")
    assert names.silent == ("https://w3id.org/llmcomp/graph/facts/2026-11-01",)


def test_a_work_only_cited_stands_on_reference_lists(graph: llmcomp.Graph) -> None:
    explanation = explain(graph, graph.find("2302.13971"))
    assert [field.name for field in explanation.fields] == ["title", "authors", "year", "first_posted", "identifier"]
    assert all(claim.references for field in explanation.fields for claim in field.claims)
    assert [origin.title for origin in explanation.sources] == ["Facts shipped with llmcomp"]


def test_a_tool_stands_on_its_row(graph: llmcomp.Graph) -> None:
    explanation = explain(graph, graph.find("autofp8:neuralmagic-autofp8"))
    assert [(f.name, f.value, [c.stands for c in f.claims]) for f in explanation.fields] == [
        ("title", "AutoFP8", [True]),
        ("identifier", "github:neuralmagic/autofp8", [True]),
        ("category", "tools", [True]),
        ("code", "https://github.com/neuralmagic/AutoFP8", [True]),
    ]


def test_facts_under_another_iri_are_found_with_their_authors(graph: llmcomp.Graph) -> None:
    work = graph.find("dettmers2022case")
    said = [row for row in graph.rows("claims", [work]) if row[4].endswith("/pro/author")]
    assert sorted(row[5] for row in said) == ["1 Tim Dettmers", "2 Luke Zettlemoyer"]
    assert {row[3] == work for row in said} == {False}
    assert [claim.stands for claim in one(graph, "dettmers2022case", "authors").claims] == [True, True]


def test_where_facts_were_read_is_told(graph: llmcomp.Graph) -> None:
    facts, a_list = explain(graph, GPTQ).sources
    assert "horseee/Awesome-Efficient-LLM:quantization.md" in facts.read_in
    assert (a_list.source, a_list.read_in) == ("https://github.com/HuangOwen/Awesome-LLM-Compression", ())


def test_every_value_of_listed_works_is_stood_for_or_says_how_it_was_decided(graph: llmcomp.Graph) -> None:
    works = sorted(graph.pairs("listed-works"))[::12] + sorted(graph.pairs("listed-tools"))[::12]
    for work in works:
        explanation = explain(graph, work)
        for field in explanation.fields:
            assert any(claim.stands for claim in field.claims) or field.decided not in {"", "no source says so"}
            assert len(set(field.claims)) == len(field.claims)
            assert not {claim.graph for claim in field.claims} & set(field.silent)
        assert explain(graph, work) == explanation


# --- a source that says something else


ROW = "- MyNet: A Paper Nobody Knows Yet <br> {} [[Paper]]({}) [[Code]](https://github.com/x/mynet)\n"
MYNET = "https://w3id.org/llmcomp/work/arxiv:2601.00001"
SAID = """
WORK a fabio:ResearchPaper ; dcterms:title "MyNet: a paper nobody knows yet" ;
  :venueAsPrinted "International Conference on Machine Learning" ; fabio:hasPublicationYear "2026"^^xsd:gYear ;
  prism:pageRange "1-12" ; dc:source "Semantic Scholar" ;
  c4o:hasGlobalCitationFrequency <https://x.example/count> .
<https://x.example/count> a c4o:GlobalCitationCount ; c4o:hasGlobalCountValue 31 .
"""


@pytest.fixture
def enriched(folder: Path, tmp_path: Path) -> llmcomp.Graph:
    """Two lists and Semantic Scholar on one work, which it knows by a DOI."""
    one = ROW.format("ICML 2026", "https://arxiv.org/abs/2601.00001")
    two = ROW.format("Arxiv 2026", "https://arxiv.org/abs/2601.00001")
    built_of(folder, tmp_path, one=one, two=two)
    said = SAID + authors("Ann Lee", "B. Chen") + identifier("arxiv", "2601.00001") + identifier("doi", "10.1/x")
    return with_scholar(folder, MYNET, said, alias="https://w3id.org/llmcomp/work/doi:10.1/x")


def test_a_source_that_calls_the_venue_without_its_year_supports_it(enriched: llmcomp.Graph) -> None:
    venue = one(enriched, MYNET, "venue")
    assert [short(claim) for claim in venue.claims] == [
        ("list", "ICML 2026", True),
        ("semantic-scholar", "International Conference on Machine Learning", True),
        ("list", "Arxiv 2026", False),
    ]


def test_other_authors_are_told_by_who_is_lacking(folder: Path, built: building.Built) -> None:
    said = "WORK a fabio:ResearchPaper .\n" + authors("E. Frantar", "Saleh Ashkboos", "Ann Lee", "T. Hoefler")
    graph = with_scholar(built.path, GPTQ, said)
    (claim,) = [c for c in one(graph, GPTQ, "authors").claims if not c.stands]
    assert claim.value == "E. Frantar; Saleh Ashkboos; Ann Lee; T. Hoefler"
    assert (claim.source_title, claim.date) == ("Semantic Scholar", "2026-11-20")
    assert claim.note == "lacks Dan Alistarh; has Ann Lee"


@pytest.mark.parametrize(
    ("names", "stands"),
    [
        (("E. Frantar", "S. Ashkboos", "T. Hoefler", "D. Alistarh"), True),
        (("Frantar, Elias", "Ashkboos, Saleh", "Hoefler, Torsten", "Alistarh, Dan"), True),
        (("Saleh Ashkboos", "Elias Frantar", "Torsten Hoefler", "Dan Alistarh"), False),
    ],
)
def test_authors_are_compared_by_family_names_in_order(
    built: building.Built, names: tuple[str, ...], stands: bool
) -> None:
    graph = with_scholar(built.path, GPTQ, "WORK a fabio:ResearchPaper .\n" + authors(*names))
    (claim,) = [c for c in one(graph, GPTQ, "authors").claims if c.graph.endswith("2026-11-20")]
    assert (claim.stands, claim.note) == (stands, "" if stands else "in another order")


def test_the_meeting_supports_its_findings_and_another_part_does_not(folder: Path, tmp_path: Path) -> None:
    row = ROW.format("{}", "https://arxiv.org/abs/2601.00001")
    graph = built_of(
        folder,
        tmp_path,
        one=row.format("EMNLP 2024 Findings"),
        two=row.format("EMNLP 2024"),
        three=row.format("EMNLP 2024 Industry Track"),
    )
    venue = one(graph, MYNET, "venue")
    assert venue.value == "Findings of the Association for Computational Linguistics: EMNLP 2024"
    assert sorted((claim.value, claim.stands, claim.note) for claim in venue.claims) == [
        ("EMNLP 2024", True, ""),
        ("EMNLP 2024 Findings", True, ""),
        ("EMNLP 2024 Industry Track", False, "another part of the same meeting"),
    ]


def test_a_venue_that_is_not_understood_differs(folder: Path, tmp_path: Path) -> None:
    graph = built_of(folder, tmp_path, one=ROW.format("FooConf 2026", "https://arxiv.org/abs/2601.00001"))
    venue = one(graph, MYNET, "venue")
    assert (venue.value, venue.decided) == ("preprint", "no known venue is named")
    assert [(c.value, c.stands, c.note) for c in venue.claims] == [
        ("FooConf 2026", False, "not in the table of venues")
    ]


def test_an_identifier_that_was_not_taken_is_told(built: building.Built) -> None:
    said = "WORK a fabio:ResearchPaper .\n" + identifier("arxiv", "2301.99999") + identifier("doi", "10.1/other")
    graph = with_scholar(built.path, GPTQ, said)
    taken, left = fields(graph, GPTQ, "identifier")
    assert [(c.value, c.note) for c in taken.claims if not c.stands] == [
        ("arxiv:2301.99999", "not taken for this work's")
    ]
    assert (left.value, [c.value for c in left.claims]) == ("", ["doi:10.1/other"])


def test_a_graph_that_the_metadata_do_not_know_is_called_by_its_name(built: building.Built) -> None:
    store = copied(built.path)
    text = f"<{GPTQ}> <{PREFIXES['prov']}wasDerivedFrom> <https://x.example/graph> ."
    store.load(text.encode(), format=RdfFormat.N_TRIPLES)
    explanation = explain(llmcomp.Graph(built.path, store), GPTQ)
    assert [(o.graph, o.title, o.date) for o in explanation.sources][-1] == ("https://x.example/graph", "", "")


# --- the command


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., str]:
    """Run the command on an open graph and return what it prints."""

    def run(graph: llmcomp.Graph, *args: str) -> str:
        def opened(path: Path | None, talk: Talk) -> llmcomp.Graph:
            return graph

        monkeypatch.setattr(command, "opened", opened)
        command.explain.main([*args], standalone_mode=False)
        sys.stdout.flush()
        return capfdbinary.readouterr().out.decode("utf-8")

    return run


def test_the_text(enriched: llmcomp.Graph, said: Callable[..., str], tmp_path: Path) -> None:
    names = {o.source: o.graph.removeprefix(PREFIXES["graph"]) for o in explain(enriched, MYNET).sources}
    one, two = str(tmp_path / "one.md"), str(tmp_path / "two.md")
    assert (
        said(enriched, "MyNet")
        == f"""\
mynet:2601-00001  https://w3id.org/llmcomp/work/arxiv:2601.00001

title         MyNet: A Paper Nobody Knows Yet
  says        one.md 2026-01-02, line 7; two.md 2026-01-02, line 7
  agrees      semantic-scholar 2026-11-20

authors       unknown
  differs     semantic-scholar 2026-11-20: Ann Lee; B. Chen

venue         Proceedings of the 43rd International Conference on Machine
              Learning
  agrees      one.md 2026-01-02, line 7: ICML 2026
  agrees      semantic-scholar 2026-11-20: International Conference on Machine
              Learning
  differs     two.md 2026-01-02, line 7: Arxiv 2026
  decided     named in full by the table of venues; a publication goes before a
              preprint

year          2026
  says        semantic-scholar 2026-11-20
  implies     one.md 2026-01-02, line 7: venue ICML 2026
  implies     two.md 2026-01-02, line 7: venue Arxiv 2026
  decided     the venue's year

first posted  2026-01
  implies     one.md 2026-01-02, line 7; two.md 2026-01-02, line 7;
              semantic-scholar 2026-11-20: arXiv id 2601.00001

pages         none
  differs     semantic-scholar 2026-11-20: 1-12
  decided     not told of the version that stands

identifier    arxiv:2601.00001
  says        one.md 2026-01-02, line 7; two.md 2026-01-02, line 7;
              semantic-scholar 2026-11-20

identifier    none
  differs     semantic-scholar 2026-11-20: doi:10.1/x (not taken for this
              work's)

category      quantization
  agrees      one.md 2026-01-02, line 7; two.md 2026-01-02, line 7: Quantization

code          https://github.com/x/mynet
  says        one.md 2026-01-02, line 7; two.md 2026-01-02, line 7

citations     31
  says        semantic-scholar 2026-11-20
  decided     as counted last

Sources
  one.md 2026-01-02: Rows of a reading list
    from      {one}
    graph     {names[one]}
  two.md 2026-01-02: Rows of a reading list
    from      {two}
    graph     {names[two]}
  semantic-scholar 2026-11-20: Semantic Scholar
    from      https://www.semanticscholar.org/
    graph     semantic-scholar/2026-11-20
"""
    )


def test_a_wrong_link_in_the_text(graph: llmcomp.Graph, said: Callable[..., str]) -> None:
    text = said(graph, "arXiv:2402.00858")
    assert (
        """
identifier    arxiv:2402.00858
  says        facts 2026-11-01
  differs     list 2026-11-01, line 254: arxiv:2401.18079 (links
              https://arxiv.org/abs/2401.18079, which is 'KVQuant: Towards 10
              Million Context Length LLM Inference with KV Cache Quantization';
              the row's paper is https://arxiv.org/abs/2402.00858)
"""
        in text
    )
    # addresses are not broken
    assert max(len(line) for line in text.splitlines() if "/" not in line) <= 80


def test_v_shows_every_printing_and_every_place_that_was_read(graph: llmcomp.Graph, said: Callable[..., str]) -> None:
    shorter, text = said(graph, "GPTQ"), said(graph, "GPTQ", "-v")
    assert "  agrees      18 reference lists in facts 2026-11-01\n" in shorter
    assert "  agrees      18 reference lists in facts 2026-11-01: Gptq: Accurate" in text
    assert "and 6 more (-v shows all)" in shorter
    assert "-v shows all" not in text
    assert text.count("README.md") > shorter.count("README.md")


def test_the_json_leaves_out_what_is_empty(enriched: llmcomp.Graph, said: Callable[..., str]) -> None:
    told = json.loads(said(enriched, MYNET, "--json"))
    assert list(told) == ["iri", "key", "fields", "sources"]
    scholar = {
        "graph": "https://w3id.org/llmcomp/graph/semantic-scholar/2026-11-20",
        "source_title": "Semantic Scholar",
        "date": "2026-11-20",
    }
    fields = {field["name"]: field for field in told["fields"]}
    assert fields["authors"] == {
        "name": "authors",
        "claims": [{"value": "Ann Lee; B. Chen", **scholar, "stands": False}],
    }
    assert fields["first_posted"]["claims"][2] == {
        **{"value": "2026-01", **scholar, "stands": True, "follows_from": "arXiv id 2601.00001"}
    }
    assert fields["title"]["claims"][0]["lines"] == [7]
    assert told["sources"][2] == {
        **{"graph": scholar["graph"], "title": "Semantic Scholar", "date": "2026-11-20"},
        "source": "https://www.semanticscholar.org/",
    }


def test_a_work_that_is_not_there_is_answered_with_the_nearest(graph: llmcomp.Graph, said: Callable[..., str]) -> None:
    with pytest.raises(UnknownName, match=r"no work 'frantar2022gtpq'\. Did you mean:\n  frantar2022gptq  GPTQ: "):
        said(graph, "frantar2022gtpq")
