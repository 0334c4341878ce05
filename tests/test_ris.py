"""RIS: the tags of each kind of work, and what a reader that is not ours makes of them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

import llmcomp
from llmcomp.exports.latex import plain
from llmcomp.exports.options import Options
from llmcomp.exports.registry import field_names
from llmcomp.exports.ris import ris
from llmcomp.kg.errors import UnknownName
from llmcomp.kg.model import Identifier, Name, Venue, Work
from llmcomp.kg.names import inverted, parse_name

ICML = Venue(
    "v:icml",
    "conference",
    "Proceedings of the 41st International Conference on Machine Learning",
    "International Conference on Machine Learning",
    "ICML 2024",
    "41st International Conference on Machine Learning",
    volume="235",
    publisher="PMLR",
)
TACL = Venue("v:tacl", "journal", "Transactions of the ACL", acronym="TACL", publisher="MIT Press")
ARXIV = (Identifier("arxiv", "2210.17323"),)


def written(*works: Work, **options: object) -> list[str]:
    text = "".join(ris(works, Options(**options)))  # pyright: ignore[reportArgumentType]
    assert text.count("\n") == text.count("\r\n")
    return text.split("\r\n")


def read(*works: Work) -> list[dict[str, object]]:
    return rispy.loads("".join(ris(works, Options())))


def test_a_preprint() -> None:
    authors = (Name("Rijke", "Maarten", "de"), Name("King", "M.", suffix="Jr."), Name(literal="OpenAI"))
    work = Work("i:1", "rijke2022h2o", "H$_2$O & <i>More</i>", authors=authors, year=2022, month=3, identifiers=ARXIV)
    assert written(work) == [
        "TY  - UNPB",
        "ID  - rijke2022h2o",
        "AU  - de Rijke, Maarten",
        "AU  - King, M., Jr.",
        "AU  - OpenAI",
        "TI  - H₂O & More",
        "PY  - 2022",
        "DA  - 2022/03//",
        "PB  - arXiv",
        "M3  - Preprint",
        "DO  - 10.48550/arXiv.2210.17323",
        "UR  - https://arxiv.org/abs/2210.17323",
        "AN  - arXiv:2210.17323",
        "ER  - ",
        "",
    ]


def test_a_paper_of_a_conference_names_the_meeting_and_the_proceedings() -> None:
    work = Work(
        *("i:1", "k", "T"), year=2024, month=2, venue=ICML, pages="1–20", identifiers=ARXIV, categories=("A; b", "C")
    )
    assert written(work)[2:] == [
        "TI  - T",
        "PY  - 2024",
        "T2  - 41st International Conference on Machine Learning",
        "C3  - Proceedings of the 41st International Conference on Machine Learning",
        "VL  - 235",
        "SP  - 1",
        "EP  - 20",
        "PB  - PMLR",
        "AN  - arXiv:2210.17323",
        "KW  - A; b",
        "KW  - C",
        "ER  - ",
        "",
    ]
    assert "C3  - ICML 2024" in written(work, venues="acronym")


def test_a_journal_and_a_tool() -> None:
    doi = (Identifier("doi", "10.1/a;b"),)
    work = Work(
        "i:1", "k", "T", venue=TACL, volume="12", number="3", pages="e7", url="https://x.org/a;b", identifiers=doi
    )
    assert written(work)[:-2] == [
        "TY  - JOUR",
        "ID  - k",
        "TI  - T",
        "T2  - Transactions of the ACL",
        "J2  - TACL",
        "VL  - 12",
        "IS  - 3",
        "SP  - e7",
        "PB  - MIT Press",
        "DO  - 10.1/a;b",
        # in this tag a semicolon parts addresses
        "UR  - https://x.org/a%3Bb",
    ]
    tool = Work("i:2", "t", "vLLM", kind="tool", code=("https://github.com/x/y",), note="fast")
    assert written(tool)[:-2] == ["TY  - COMP", "ID  - t", "TI  - vLLM", "UR  - https://github.com/x/y", "N1  - fast"]


def test_no_comma_stands_inside_a_piece_of_a_name() -> None:
    names = (
        Name(literal="Llama Team, AI @ Meta"),
        Name(family="Madonna"),
        Name("Rashid", "Abdullah", "al-"),
        Name("Ascoli", "Stéphane", "d’"),
        Name("Smith, MD", "J., K."),
        Name("King", suffix="Jr."),
        Name(literal="et al."),
        Name(given="Plato"),
    )
    (record,) = read(Work("i:1", "k", "T", authors=names))
    assert record["authors"] == [
        "Llama Team AI @ Meta",
        "Madonna",
        "al-Rashid, Abdullah",
        "d’Ascoli, Stéphane",
        "Smith MD, J. K.",
        "King, , Jr.",
        "Plato",
    ]


def test_order_and_fields() -> None:
    old = Work("i:1", "b", "T", year=2020, citations=1, identifiers=ARXIV)
    new = Work("i:2", "a", "T", year=2024, citations=9)
    assert [line for line in written(old, new, sort="year", fields=("PY",)) if line] == [
        *("TY  - UNPB", "ID  - b", "PY  - 2020", "ER  - "),
        *("TY  - UNPB", "ID  - a", "PY  - 2024", "ER  - "),
    ]
    assert [line for line in written(old, new, sort="citations") if line.startswith("ID")] == ["ID  - a", "ID  - b"]
    assert field_names("ti,UR", "ris") == ("TI", "UR")
    with pytest.raises(UnknownName, match="no field of ris 'title'"):
        field_names("title", "ris")


def test_nothing_is_an_empty_file() -> None:
    assert "".join(ris([], Options())) == ""


def test_rispy_reads_the_whole_graph_back(graph: llmcomp.Graph) -> None:
    works = graph.works()
    records = {record["id"]: record for record in read(*works)}
    assert list(records) == [work.key for work in works]
    for work in works:
        record = records[work.key]
        assert record["title"] == plain(work.title)
        assert record.get("year") == (None if work.year is None else str(work.year))
        # last, first, suffix here; last, suffix, first there
        names = [re.sub(r"^([^,]*), ([^,]*), ([^,]*)$", r"\1, \3, \2", inverted(name)) for name in work.authors]
        assert record.get("authors", []) == [n.replace(",", "") if n in _groups(work) else n for n in names]
        doi = work.identifier("doi")
        if doi and not doi.startswith("10.48550/"):
            assert record["doi"] == doi
    published = [work for work in works if work.venue is not None]
    assert len(published) > 300
    assert {records[work.key]["type_of_reference"] for work in published} == {"CONF", "JOUR"}


def _groups(work: Work) -> set[str]:
    return {name.literal for name in work.authors if name.literal}


PEOPLE = [
    *("Elias Frantar", "Maarten de Rijke", "Robert Downey Jr.", "Abdullah al-Rashid", "José Ortega y Gasset"),
    *("Madonna", "Nguyễn Thế Việt", "İbrahim Çağlar Şen", "Conan O'Brien", "Stéphane d'Ascoli", "李 明"),
]


def test_four_hundred_authors_and_a_title_of_ten_kilobytes() -> None:
    names = tuple(parse_name(PEOPLE[n % len(PEOPLE)]) for n in range(400))
    title = "Wide and deep " * 730 + "end"
    (record,) = read(Work("i:1", "k", title, authors=names))
    assert record["title"] == title
    assert len(record["authors"]) == 400  # pyright: ignore[reportArgumentType]
    assert record["authors"][1] == "de Rijke, Maarten"  # pyright: ignore[reportIndexIssue]


hostile = st.text(
    st.sampled_from("{}\\$%#&_^~<>@\"'`,;=-ab1 \n\r\x00\x0b\x1c\u2028\u202e\u200f–αλ🏆\u0301大") | st.characters(),
    max_size=30,
)


@given(st.lists(hostile, min_size=2, max_size=5), st.lists(hostile, min_size=2, max_size=5))
def test_whatever_stands_in_a_value_stays_in_its_line(titles: list[str], people: list[str]) -> None:
    works = [
        Work(
            *(f"i:{n}", f"k{n}", title),
            authors=tuple(Name("A" + family, given) for family, given in pairwise(people)),
            venue=Venue("v", "journal", title, event=title, acronym=title) if n % 2 else None,
            url=title,
            pages=title,
            note=title,
            categories=(title,),
        )
        for n, title in enumerate(titles)
    ]
    records = read(*works)
    assert [record["id"] for record in records] == [work.key for work in works]
    for record, work in zip(records, works, strict=True):
        # a title of nothing that can be printed is the key
        assert record["title"] == (plain(work.title) or work.key)
        assert len(record["authors"]) == len(people) - 1  # pyright: ignore[reportArgumentType]
        assert "unknown_tag" not in record


def test_a_title_cannot_begin_a_tag_or_end_a_record() -> None:
    evil = "X\r\nER  - \r\nTY  - BOOK\nTI  - Evil \\write18{touch pwned} <script>"
    (record,) = read(Work("i:1", "k", evil))
    assert record["title"] == "X ER - TY - BOOK TI - Evil \\write18{touch pwned} <script>"
    assert record["type_of_reference"] == "UNPB"
