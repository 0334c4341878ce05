import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from llmcomp.exports import csl_yaml as yaml_module
from llmcomp.exports.csl_json import FIELDS, csl_json, item
from llmcomp.exports.csl_yaml import csl_yaml, markdown
from llmcomp.exports.options import Options
from llmcomp.exports.registry import field_names
from llmcomp.kg.model import Identifier, Name, Venue, Work

SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "data" / "csl-data.json").read_text()))
ICML = Venue(
    "v:icml",
    "conference",
    "Proceedings of the 41st International Conference on Machine Learning",
    acronym="ICML 2024",
    event="41st International Conference on Machine Learning",
    publisher="PMLR",
    volume="235",
)
ARXIV = (Identifier("arxiv", "2210.17323"),)


def test_preprint():
    work = Work(
        "i:1",
        "frantar2022gptq",
        "GPTQ & H$_2$O",
        authors=(Name("Rijke", "Maarten", "de"), Name("King", "M.", suffix="Jr."), Name(literal="OpenAI")),
        year=2022,
        month=10,
        identifiers=ARXIV,
        primary_class="cs.LG",
        categories=("Quantization", "Survey"),
        code=("https://github.com/x/y",),
    )
    assert item(work, Options()) == {
        "id": "frantar2022gptq",
        "type": "article",
        "title": "GPTQ & H₂O",
        "author": [
            {"family": "Rijke", "given": "Maarten", "non-dropping-particle": "de"},
            {"family": "King", "given": "M.", "suffix": "Jr."},
            {"literal": "OpenAI"},
        ],
        "issued": {"date-parts": [[2022, 10]]},
        "DOI": "10.48550/arXiv.2210.17323",
        "genre": "Preprint",
        "publisher": "arXiv",
        "number": "arXiv:2210.17323",
        "URL": "https://arxiv.org/abs/2210.17323",
        "keyword": "Quantization, Survey",
        "custom": {
            "iri": "i:1",
            "identifiers": {"arxiv": "2210.17323"},
            "code": ["https://github.com/x/y"],
            "primary-class": "cs.LG",
        },
    }


def test_conference():
    told = item(Work("i:1", "k", "T", year=2024, month=2, venue=ICML, pages="1–20", identifiers=ARXIV), Options())
    assert told["type"] == "paper-conference"
    assert told["container-title"] == ICML.title
    assert told["event-title"] == "41st International Conference on Machine Learning"
    assert told["page"] == "1-20"
    assert told["issued"] == {"date-parts": [[2024]]}
    assert "DOI" not in told
    assert "genre" not in told


def test_journal_and_tool():
    tacl = Venue("v", "journal", "TACL", event="no event")
    told = item(Work("i:1", "k", "T", venue=tacl, volume="12", number="3"), Options())
    assert (told["type"], told["volume"], told["issue"]) == ("article-journal", "12", "3")
    assert "event-title" not in told
    tool = item(Work("i:2", "t", "vLLM", kind="tool", code=("https://github.com/x/y",)), Options())
    assert (tool["type"], tool["URL"]) == ("software", "https://github.com/x/y")
    assert "genre" not in tool


def test_openreview_alone():
    told = item(Work("i:1", "k", "T", identifiers=(Identifier("openreview", "abc"),)), Options())
    assert (told["publisher"], told["URL"]) == ("OpenReview", "https://openreview.net/forum?id=abc")
    assert "DOI" not in told


def test_the_file():
    works = [Work("i:2", "b", "Týr 大"), Work("i:1", "a", "A")]
    out = "".join(csl_json(works, Options()))
    assert out == "".join(csl_json(reversed(works), Options()))
    assert out == json.dumps(json.loads(out), ensure_ascii=False, indent=2) + "\n"
    assert [i["id"] for i in json.loads(out)] == ["a", "b"]
    assert "Týr 大" in out
    assert "".join(csl_json([], Options())) == "[]\n"


@pytest.mark.parametrize("bad", [{"type": "preprint"}, {"x": 1}, {"author": [{"name": "A"}]}, {"issued": 1}])
def test_the_schema_refuses(bad):
    good = {"id": "a", "type": "book"}
    assert SCHEMA.is_valid([good])
    assert not SCHEMA.is_valid([good | bad])


anything = st.text(max_size=12)
identifiers = st.builds(Identifier, st.sampled_from(["arxiv", "doi"]), anything)


@given(
    st.lists(
        st.builds(
            Work,
            iri=anything,
            key=st.text(min_size=1, max_size=9),
            title=anything,
            kind=st.sampled_from(["paper", "tool"]),
            authors=st.lists(st.builds(Name, anything, anything, anything, anything, anything)).map(tuple),
            year=st.none() | st.integers(1900, 2100),
            month=st.none() | st.integers(-1, 14),
            venue=st.none() | st.builds(Venue, anything, st.sampled_from(["workshop", "journal"]), anything),
            identifiers=st.lists(identifiers).map(tuple),
            url=anything,
            pages=anything,
            note=anything,
        ),
        max_size=2,
        unique_by=lambda w: w.key,
    )
)
def test_valid_whatever_comes_in(works):
    SCHEMA.validate(json.loads("".join(csl_json(works, Options()))))


def test_a_title_of_nothing_but_emoji_is_the_key_and_a_doi_stays_as_it_is() -> None:
    doi = "10.1002/(sici)1097-4571<1::aid-asi1>3.0.co;2-a"
    work = Work("i:1", "k", "🏆", identifiers=(Identifier("doi", doi),))
    (said,) = json.loads("".join(csl_json([work], Options())))
    assert (said["title"], said["DOI"]) == ("k", doi)


OLD = Work("i:1", "b", "Old", year=2020, citations=1, categories=("x",), identifiers=ARXIV)
NEW = Work("i:2", "a", "New", year=2024, citations=9, authors=(Name("Frantar", "Elias"),))


def test_the_order_is_chosen() -> None:
    def keys(sort):
        return [i["id"] for i in json.loads("".join(csl_json([OLD, NEW], Options(sort=sort))))]

    assert (keys("key"), keys("year"), keys("citations")) == (["a", "b"], ["b", "a"], ["a", "b"])


def test_the_fields_are_chosen_but_id_and_type_stay() -> None:
    assert item(OLD, Options(fields=("title", "issued"))) == {
        "id": "b",
        "type": "article",
        "title": "Old",
        "issued": {"date-parts": [[2020]]},
    }
    assert set(item(OLD, Options(fields=("-custom", "-URL")))) == set(item(OLD, Options())) - {"custom", "URL"}
    assert field_names("doi,Container-Title", "csl-json") == ("DOI", "container-title")


def test_every_field_that_is_written_can_be_chosen() -> None:
    tacl = Venue("v", "journal", "TACL", acronym="TACL", publisher="MIT Press")
    works = [
        OLD,
        NEW,
        Work("i:3", "c", "T", venue=tacl, volume="1", number="2", pages="3", url="u", note="n"),
        Work("i:4", "d", "T", venue=ICML, number="2"),
    ]
    written = {field for work in works for field in item(work, Options())}
    assert written == {"id", "type", *FIELDS}


def test_yaml_of_a_preprint() -> None:
    work = Work(
        *("i:1", "k", "A [1] * 'B' & $5: C_3"),
        authors=(Name("O'Brien", "Conan"), Name(literal="Llama Team, AI @ Meta")),
        year=2024,
        month=1,
        identifiers=ARXIV,
        note="1e5",
    )
    assert (
        "".join(csl_yaml([work], Options()))
        == """---
references:
- id: 'k'
  type: article
  title: 'A \\[1\\] \\* ''B'' & \\$5: C_3'
  author:
  - family: 'O''Brien'
    given: Conan
  - literal: Llama Team, AI \\@ Meta
  issued:
    date-parts:
    - - 2024
      - 1
  DOI: '10.48550/arXiv.2210.17323'
  genre: Preprint
  publisher: arXiv
  number: arXiv:2210.17323
  URL: https://arxiv.org/abs/2210.17323
  note: '1e5'
...
"""
    )


def test_yaml_of_nothing_and_of_chosen_fields() -> None:
    assert yaml.safe_load("".join(csl_yaml([], Options()))) == {"references": []}
    chosen = "".join(csl_yaml([OLD, NEW], Options(sort="year", fields=("title",))))
    assert yaml.safe_load(chosen)["references"] == [
        {"id": "b", "type": "article", "title": "Old"},
        {"id": "a", "type": "article", "title": "New"},
    ]
    assert "custom" not in yaml_module.FIELDS


WORDS = [
    *"no y N null ~ true Off 1e5 0x1F 0o17 017 1_000 2024-01-01 12:30 .inf .nan - ? : = <<".split(),
    *"#a %a & * ! | > ' \" @ `".split(),
]


@pytest.mark.parametrize("word", WORDS)
def test_what_yaml_takes_for_something_else_stays_a_text(word) -> None:
    work = Work("i:1", word, word, authors=(Name(word, word),), categories=(word,), note=word)
    (reference,) = yaml.safe_load("".join(csl_yaml([work], Options())))["references"]
    assert (reference["id"], reference["title"]) == (markdown(word), markdown(word))
    assert all(isinstance(reference[field], str) for field in ("id", "title", "note"))


@given(st.text(max_size=40), st.text(min_size=1, max_size=9))
def test_yaml_is_what_the_json_says_with_markup_escaped(title, key) -> None:
    work = Work("i:1", key, title, note=title)
    (reference,) = yaml.safe_load("".join(csl_yaml([work], Options())))["references"]
    told = item(work, Options())
    assert reference["title"] == markdown(told["title"])
    assert reference.get("note", "") == markdown(told.get("note", ""))
    assert "\n" not in reference["title"]
