"""The bibliography of the whole shipped graph, by the rules that no program judges (those are in test_judges.py)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import bibtexparser
import jsonschema
import pytest

import llmcomp
from llmcomp.exports.biblatex import biblatex
from llmcomp.exports.bibtex import bibtex, entries
from llmcomp.exports.options import Options
from llmcomp.kg.keys import KEY

SCHEMA = json.loads((Path(__file__).parent / "data" / "csl-data.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def works(graph: llmcomp.Graph) -> list[llmcomp.Work]:
    tools = graph.works(llmcomp.Selection(categories=("tools",)))
    return sorted([*graph.works(), *tools], key=lambda w: w.key)


@pytest.fixture(scope="module")
def refs(graph: llmcomp.Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A .bib of every category, tools too."""
    everything = [c.slug for c in graph.categories()]
    path = tmp_path_factory.mktemp("refs") / "refs.bib"
    path.write_text(graph.bibliography(category=everything), "ascii")
    return path


def test_a_category_has_one_entry_a_work_sorted_by_key_with_authors(graph: llmcomp.Graph) -> None:
    library = bibtexparser.parse_string(graph.bibliography(category="quantization"))
    keys = [entry.key for entry in library.entries]
    assert len(keys) == 271
    assert keys == sorted(keys)
    assert sum("author" in entry for entry in library.entries) >= 0.85 * len(keys)


def test_the_same_graph_gives_the_same_bytes(graph: llmcomp.Graph) -> None:
    again = llmcomp.open_graph(graph.path)
    for format_ in ("bibtex", "biblatex", "csl-json"):
        assert graph.bibliography(format=format_) == again.bibliography(format=format_)


def test_entry_types_and_fields(works: list[llmcomp.Work]) -> None:
    """What no judge catches: the type fits the venue, and no field claims what is not so."""
    by_key = {work.key: work for work in works}
    for entry in entries(works, Options()):
        work = by_key[entry.key]
        fields = {field.key: field.value for field in entry.fields}
        assert KEY.fullmatch(entry.key)
        if work.kind == "tool":
            assert entry.entry_type == "misc"
            assert fields["howpublished"].startswith(r"\url{https://")
            continue
        assert re.fullmatch(r"\d{4}", fields["year"])
        if work.venue is None:
            assert entry.entry_type == "misc"
            assert "booktitle" not in fields
            assert "journal" not in fields
            if arxiv := work.identifier("arxiv"):
                assert fields["howpublished"] == f"arXiv preprint arXiv:{arxiv}"
                assert fields["eprint"] == arxiv
                assert fields["url"] == f"https://arxiv.org/abs/{arxiv}"
        elif work.authors:
            journal = work.venue.kind == "journal"
            assert entry.entry_type == ("article" if journal else "inproceedings")
            name = fields["journal" if journal else "booktitle"]
            assert not re.search(r"arXiv|CoRR|\b(January|June|July|Vienna|Honolulu)\b|, \d", name)
            assert fields["year"] == str(work.venue.year or work.year)
            assert "month" not in fields
        assert "et al" not in fields.get("author", "")
        assert not re.search(r" 0\d{3}\b", fields.get("author", ""))
        assert not fields.get("doi", "").startswith("http")
        assert fields.get("month", "jan") in "jan feb mar apr may jun jul aug sep oct nov dec".split()


def test_acronyms_keep_their_capitals(works: list[llmcomp.Work]) -> None:
    """Every word with an inner capital stands in a brace group."""
    for entry in entries(works, Options()):
        title = next(field.value for field in entry.fields if field.key == "title")
        outside = re.sub(r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}", "", title)
        assert entry.key == "pushing:iu4l7wiwxw" or not re.search(r"\w[A-Z]", outside), title


def test_bibtexparser_reads_every_entry_once(refs: Path, works: list[llmcomp.Work]) -> None:
    library = bibtexparser.parse_file(str(refs))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [work.key for work in works]


def test_csl_json_validates_against_the_schema(graph: llmcomp.Graph, works: list[llmcomp.Work]) -> None:
    items = json.loads(graph.bibliography(category=[c.slug for c in graph.categories()], format="csl-json"))
    jsonschema.Draft7Validator(SCHEMA).validate(items)
    assert [item["id"] for item in items] == [work.key for work in works]


def biblatex_entries(works: list[llmcomp.Work]) -> list[tuple[llmcomp.Work, str, dict[str, str]]]:
    library = bibtexparser.parse_string("".join(biblatex(works, Options())))
    assert not library.failed_blocks
    return [
        (work, entry.entry_type, {field.key: field.value for field in entry.fields})
        for work, entry in zip(works, library.entries, strict=True)
    ]


def test_entry_types_and_fields_of_biblatex(works: list[llmcomp.Work]) -> None:
    for work, kind, fields in biblatex_entries(works):
        assert not {"year", "month", "journal", "archiveprefix", "primaryclass", "key"} & fields.keys()
        if work.kind == "tool":
            assert (kind, fields["url"][:8]) == ("software", "https://")
            continue
        assert re.fullmatch(r"\d{4}(-\d\d)?", fields["date"])
        assert ("eprint" in fields) == ("eprinttype" in fields) == bool(work.identifier("arxiv"))
        assert fields.get("eprinttype", "arxiv") == "arxiv"
        if work.venue is None:
            assert kind == ("online" if fields.keys() & {"url", "doi", "eprint"} else "misc")
            assert not {"booktitle", "journaltitle", "howpublished"} & fields.keys()
        elif work.authors:
            assert kind == ("article" if work.venue.kind == "journal" else "inproceedings")
            assert fields["date"] == str(work.year)
            assert ("journaltitle" in fields) != ("booktitle" in fields)
        else:
            assert (kind, "howpublished" in fields) == ("misc", True)


def test_biblatex_knows_no_accent_command(works: list[llmcomp.Work]) -> None:
    text = "".join(biblatex(works, Options()))
    assert not re.search(r"\\[`'^\"~=.]|\\[uvHcdbrk]\{|\\(?:ss|ae|oe|[loij])\b", text)
    assert "é" in text


def test_no_entry_tells_how_it_was_found(works: list[llmcomp.Work]) -> None:
    """Nothing of a service that lists papers, no rest of a list of authors, no number behind a name."""
    for text in ("".join(bibtex(works, Options())), "".join(biblatex(works, Options()))):
        assert not re.search(r"(?i)journal(title)? = \{(arxiv|corr)", text)
        assert not re.search(r"volume = \{abs/", text)
        assert not re.search(r"(?i)et al\.?[ }]", "\n".join(re.findall(r"author = .*", text)))
        assert not re.search(r"doi = \{(https?:|doi:)", text)
        assert not re.search(r"eprint = \{[^}]*v\d+\}", text)
        assert not re.search(r"\{\\(aa|dh|DJ|dj|DH|TH|th)\}|\\'\\i", text)
