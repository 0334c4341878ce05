import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from llmcomp.exports.csl_json import csl_json, item
from llmcomp.exports.options import Options
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
