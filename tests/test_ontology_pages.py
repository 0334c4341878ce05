"""The pages of docs/ontology are what the ontology's files make, and can be read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from llmcomp.ontology import pages as made
from llmcomp.ontology import terms, vocabulary

FOLDER = Path(__file__).parents[1] / "docs" / "ontology"
PAGES = made.pages()
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


def known() -> vocabulary.Ontology:
    return vocabulary.Ontology()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_not_stale(name: str) -> None:
    path = FOLDER / name
    assert path.is_file(), f"run '{made.COMMAND}'"
    assert path.read_text("utf-8") == PAGES[name], f"run '{made.COMMAND}'"


def test_there_are_no_pages_that_nothing_makes() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


@pytest.mark.parametrize(
    ("file", "before", "after", "page"),
    [
        ("llmcomp.ttl", b"what came of it.", b"what it brought.", "classes.md"),
        ("alignments.ttl", b"# one author of one work", b"# an author of a work", "alignments.md"),
        ("categories.ttl", b'"Knowledge distillation"', b'"Distilling"', "categories.md"),
    ],
)
def test_a_changed_file_makes_another_page(
    monkeypatch: pytest.MonkeyPatch, file: str, before: bytes, after: bytes, page: str
) -> None:
    read = vocabulary.read
    assert before in read(file)
    monkeypatch.setattr(
        vocabulary, "read", lambda name: read(name).replace(before, after) if name == file else read(name)
    )
    assert made.pages()[page] != (FOLDER / page).read_text("utf-8")


def test_the_command_writes_the_pages_the_same_each_time(tmp_path: Path) -> None:
    code = "import sys, pathlib; from llmcomp.ontology.pages import main; main(pathlib.Path(sys.argv[1]))"
    for seed in ("1", "2"):
        command = [sys.executable, "-c", code, str(tmp_path / seed)]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed})
        assert (done.returncode, done.stdout) == (0, f"{tmp_path / seed}\n"), done.stderr
        assert {path.name: path.read_text("utf-8") for path in (tmp_path / seed).iterdir()} == PAGES


def test_without_a_checkout_the_command_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="the pages are made in a checkout of the project"):
        made.main(tmp_path / "none" / "ontology")


def test_every_own_term_has_a_section_with_all_that_is_said_of_it() -> None:
    ontology = known()
    for page, listed in (("classes.md", ontology.classes), ("properties.md", ontology.properties)):
        sections = dict(zip(SECTION.findall(PAGES[page]), SECTION.split(PAGES[page])[2::2], strict=True))
        assert [f":{name}" for name in sections if " " not in name] == listed
        for term in listed:
            text = sections[term.removeprefix(":")]
            for said in ("skos:definition", "skos:example", "skos:scopeNote"):
                assert made.escaped(ontology.one(term, said)) in text
            assert "- source: " in text
            assert f"- IRI: <{vocabulary.expanded(term)}>" in text
    assert len(ontology.classes) + len(ontology.properties) > 50


def test_every_property_says_from_what_to_what() -> None:
    text = PAGES["properties.md"]
    assert text.count("\n- from: ") == text.count("\n- to: ") == len(known().properties)
    assert (
        "- kind: leads to a value, at most one\n- from: [Authorship](classes.md#authorship)\n- to: `xsd:integer`"
        in text
    )


def test_every_alignment_is_shown_with_its_reason_and_where_its_term_is_explained() -> None:
    rows = [line for line in PAGES["alignments.md"].splitlines() if line.startswith("| [")]
    assert len(rows) == len(vocabulary.alignments()) > 90
    assert all(made.escaped(a.reason) in row for a, row in zip(vocabulary.alignments(), rows, strict=True))
    assert "means nearly [dblp:Stream](https://dblp.org/rdf/schema#Stream)" in PAGES["classes.md"]


def test_every_category_is_shown_under_the_one_that_takes_it_in() -> None:
    text = PAGES["categories.md"]
    assert text.count("- **") == len(vocabulary.Statements("categories.ttl").subjects("rdf:type", "skos:Concept"))
    assert re.search(r"^- \*\*Model compression\*\* .+\n  - \*\*Distillation\*\*: ", text, re.MULTILINE)


def anchors(page: str) -> set[str]:
    return {heading.lower().replace(" ", "-") for heading in SECTION.findall(PAGES[page])}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_links_between_pages_and_files_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[name]):
        path, _, anchor = target.partition("#")
        if not path.startswith("http"):
            assert (FOLDER / path).exists(), target
            assert not anchor or anchor in anchors(path), target


@pytest.mark.parametrize("name", sorted(PAGES))
def test_rows_of_a_table_have_as_many_cells_as_its_head(name: str) -> None:
    tables = re.findall(r"(?:^\|.*\n)+", PAGES[name], re.MULTILINE)
    for table in tables:
        cells = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(cells) == 1, table[:200]


def test_no_day_is_on_a_page_but_those_of_the_ontology() -> None:
    day = r"(?<!\d)20\d\d-\d\d-\d\d(?!\d)"
    said = vocabulary.read("llmcomp.ttl").decode("utf-8")
    assert {d for text in PAGES.values() for d in re.findall(day, text)} <= set(re.findall(day, said))


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (f"{terms.PREFIXES['']}Authorship", ":Authorship"),
        ("https://w3id.org/llmcomp/scheme/acl", "scheme:acl"),
        (terms.ONTOLOGY, terms.ONTOLOGY),
        ("https://schema.org/", "https://schema.org/"),
        ("https://example.org/a b", "https://example.org/a b"),
    ],
)
def test_an_iri_is_shown_with_its_prefix_where_it_has_one(iri: str, name: str) -> None:
    assert vocabulary.curie(iri) == name
    assert vocabulary.expanded(name) == iri


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("{year} stays", "{year} stays"),
        ("<https://a.b>", r"\<https://a.b>"),
        ("*x* _y_ `z` [q]", r"\*x\* \_y\_ \`z\` \[q\]"),
        ("a\\b", r"a\\b"),
    ],
)
def test_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert made.escaped(text) == shown
