"""A mended entry differs from the one its writer wrote in what was changed, and in nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import validated

import llmcomp
from llmcomp.exports.checking import check
from llmcomp.exports.finding import Change, Fix
from llmcomp.exports.mending import mend
from llmcomp.kg.bibfile import parse_bib, read_bib

DATA = Path(__file__).parent / "data" / "check"
PUBLISHED = Fix(
    (Change("booktitle", "Proceedings", instead="journal"), Change("year", "2023"), Change("month", "oct", bare=True)),
    "inproceedings",
)

LAYOUTS = {
    "on one line": (
        "@article{a, title={X}, journal = {CoRR}, year=2022}",
        "@inproceedings{a, title={X}, booktitle = {Proceedings}, year=2023, month=oct}",
    ),
    "commas first": (
        '@article{a\n  , title = "X"\n  , journal = "CoRR"\n  , year = "2022"\n  }',
        '@inproceedings{a\n  , title = "X"\n  , booktitle = "Proceedings"\n  , year = "2023"\n  , month = oct\n  }',
    ),
    "a column of equal signs": (
        "@Article{a,\n  Title   = {X},\n  Journal = {CoRR},\n  Year    = {2022},\n}",
        "@Inproceedings{a,\n  Title   = {X},\n  Booktitle = {Proceedings},\n  Year    = {2023},\n  Month   = oct,\n}",
    ),
    "capitals": (
        "@ARTICLE{a,\n  TITLE = {X},\n  JOURNAL = {CoRR},\n  YEAR = 2022\n}",
        "@INPROCEEDINGS{a,\n  TITLE = {X},\n  BOOKTITLE = {Proceedings},\n  YEAR = 2023,\n  MONTH = oct\n}",
    ),
    "line ends of Windows": (
        "@article{a,\r\n\ttitle={X},\r\n\tjournal={CoRR},\r\n\tyear={2022}\r\n}",
        "@inproceedings{a,\r\n\ttitle={X},\r\n\tbooktitle={Proceedings},\r\n\tyear={2023},\r\n\tmonth=oct\r\n}",
    ),
    "parentheses": (
        "@article(a,\n title = {X},\n journal = {CoRR},\n year = {2022},\n)",
        "@inproceedings(a,\n title = {X},\n booktitle = {Proceedings},\n year = {2023},\n month = oct,\n)",
    ),
    "no field": ("@misc{a}", "@inproceedings{a,\n  booktitle = {Proceedings},\n  year = {2023},\n  month = oct}"),
    "a macro and a joined value": (
        "@article{a, title={X}, journal = corr # {, 1}, year=y}",
        "@inproceedings{a, title={X}, booktitle = {Proceedings}, year={2023}, month=oct}",
    ),
    "comments between fields": (
        "@article{a, % one, two\n  title={X}, % three\n  journal={CoRR}, % four\n  year=2022 % five\n}",
        "@inproceedings{a, % one, two\n  title={X}, % three\n  booktitle={Proceedings}, % four\n  year=2023,\n  "
        "month=oct % five\n}",
    ),
}


@pytest.mark.parametrize(("before", "after"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_change_is_written_as_the_writer_would(before: str, after: str) -> None:
    assert mend(before, [PUBLISHED]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@misc{a,\n  title = {X},\n  note = {Y},\n  year = 1\n}", "@misc{a,\n  title = {X},\n  year = 1\n}"),
        ("@misc{a,\n  title = {X},\n  note = {Y}\n}", "@misc{a,\n  title = {X}\n}"),
        ("@misc{a,\n  title = {X},\n  note = {Y},\n}", "@misc{a,\n  title = {X},\n}"),
        ("@misc{a,\n  note = {Y},\n  title = {X}\n}", "@misc{a,\n  title = {X}\n}"),
        ("@misc{a\n  , note = {Y}\n  , title = {X}\n}", "@misc{a\n  , title = {X}\n}"),
        ("@misc{a, title = {X}, note = {Y}}", "@misc{a, title = {X}}"),
        ("@misc{a, note = {Y}}", "@misc{a}"),
        (
            "@misc{a,\n  title = {X}, % of X, mine\n  note = {Y}, % of Y\n  year = 1\n}",
            "@misc{a,\n  title = {X} % of X, mine\n, % of Y\n  year = 1\n}",
        ),
    ],
)
def test_a_field_goes_with_its_comma_and_its_line(before: str, after: str) -> None:
    assert mend(before, [Fix((Change("note"),))]) == after
    assert [f.name for f in parse_bib(after).entries[0].fields] == [
        f.name for f in parse_bib(before).entries[0].fields if f.name != "note"
    ]


def test_a_value_with_a_quote_is_braced() -> None:
    mended = mend('@misc{a, author = "A", year = "1"}', [Fix((Change("author", 'M{\\"u}ller, J'),))])
    assert mended == '@misc{a, author = {M{\\"u}ller, J}, year = "1"}'


def test_the_second_of_two_fixes_of_one_field_is_left_out_as_a_whole() -> None:
    fixes = [Fix((Change("year", "2"),)), Fix((Change("year", "3"), Change("note", "x"))), Fix((Change("note", "y"),))]
    assert mend("@misc{a, year = {1}}", fixes) == "@misc{a, year = {2}, note = {y}}"


@pytest.mark.parametrize(
    "source",
    [
        "@misc{a, year = {1}, year = {2}}",  # which of two is meant nobody knows
        "@misc{a, year = {1} note = {x}}",
        "@misc{a, year = 1 2}",
        "@misc{a, year = {1}",
        "@misc{a, year = {1}} @misc{b}",
        " @misc{a, year = {1}}",
        "no entry",
        "",
    ],
)
def test_what_is_not_read_as_one_entry_without_a_flaw_stays(source: str) -> None:
    assert mend(source, [Fix((Change("year", "3"),))]) == source


NAMES = ("title", "journal", "booktitle", "year", "volume", "note", "doi")
_gaps = st.sampled_from([",", ", ", ",\n  ", "\n  , ", ",\r\n\t", " % a, b\n,\n", ",\n\n"])
_values = st.sampled_from(["{x}", '"x"', "{a {b} % c}", "12", "jan", '"a" # b', "{}", '{a "q" @misc{z, y=1}}'])
_fields = st.lists(
    st.tuples(st.sampled_from(NAMES), _gaps, st.sampled_from(["=", " = ", "   = ", "\n="]), _values),
    unique_by=lambda f: f[0],
    max_size=6,
)
_changes = st.lists(
    st.builds(
        Change,
        st.sampled_from(NAMES),
        st.sampled_from([None, "new", "2023", "a {\\'e} b", "{A} \\& B"]),
        st.just(False),
        st.sampled_from(["", "journal", "note"]),
    ),
    unique_by=lambda c: c.name,
    max_size=3,
)


@given(_fields, _changes, st.sampled_from(["}", "\n}", ",\n}", " % end\n}"]))
def test_other_fields_are_what_they_were(
    fields: list[tuple[str, str, str, str]], changes: list[Change], end: str
) -> None:
    source = "@misc{key" + "".join(g + n + e + v for n, g, e, v in fields) + (end if fields else "}")
    before = next(iter(parse_bib(source).entries), None)
    if before is None or before.flaws:
        return
    mended = mend(source, [Fix(tuple(changes))])
    after = parse_bib(mended)
    (entry,) = after.entries
    assert (entry.key, entry.kind, entry.flaws, after.unread) == ("key", "misc", (), ())
    touched = {c.name for c in changes} | {c.instead for c in changes}
    assert [(f.name, f.source) for f in entry.fields if f.name not in touched] == [
        (f.name, f.source) for f in before.fields if f.name not in touched
    ]
    for change in changes:
        if change.value is not None:
            taken = any(c.instead == change.name for c in changes)
            assert taken or [f.tex for f in entry.fields if f.name == change.name] == [change.value]
        else:
            assert not entry.has(change.name)


def test_a_mended_file_is_byte_for_byte_the_same_beside_what_was_mended(graph: llmcomp.Graph) -> None:
    file = read_bib(DATA / "habits.bib")
    checked = check(graph, file)
    assert checked.mended != file.text
    ours, theirs = checked.mended.splitlines(), file.text.splitlines()
    assert [line for line in theirs if line not in ours] == [
        "@ARTICLE{upper,",
        '  JOURNAL   = "CoRR",',
        '  VOLUME    = "abs/2210.17323",',
        "  YEAR      = 2022",
        "@article{frantar2022,",
        "@misc{comma",
        "  , author = {Guangxuan Xiao and others}",
        "  , journal = {ArXiv}",
        "  , year = {2022}",
        '@misc(parens, title={Something Unknown at www}, doi = "https://doi.org/10.5555/abc\\_1")',
    ]
    assert [line for line in ours if line not in theirs] == [
        "@INPROCEEDINGS{upper,",
        '  BOOKTITLE = "The Eleventh International Conference on Learning Representations",',
        "  YEAR      = 2023,",
        '  PUBLISHER = "OpenReview.net",',
        '  EPRINT    = "2210.17323",',
        '  ARCHIVEPREFIX = "arXiv"',
        "@inproceedings{frantar2022,",
        "      booktitle={Proceedings of the 40th International Conference on Machine Learning},",
        "      volume={202},",
        "      pages={10323--10337},",
        "      publisher={PMLR},",
        "@inproceedings{comma",
        '  , author = {Guangxuan Xiao and Ji Lin and Micka{\\"e}l Seznec and Hao Wu and Julien Demouth and Song Han}',
        "  , booktitle = {Proceedings of the 40th International Conference on Machine Learning}",
        "  , year = {2023}",
        "  , volume = {202}",
        "  , pages = {38087--38099}",
        "  , publisher = {PMLR}",
        "  , eprint = {2211.10438}",
        "  , archiveprefix = {arXiv}",
        '@misc(parens, title={Something Unknown at www}, doi = "10.5555/abc_1")',
    ]


def test_mending_twice_changes_nothing_more(graph: llmcomp.Graph) -> None:
    for name in ("habits.bib", "innocent.bib"):
        once = check(graph, read_bib(DATA / name)).mended
        again = check(graph, parse_bib(once))
        assert again.mended == once
        assert [f for f in again.findings if f.fix] == []


def test_an_innocent_file_is_left_alone(graph: llmcomp.Graph) -> None:
    file = read_bib(DATA / "innocent.bib")
    checked = check(graph, file)
    assert checked.mended == file.text
    assert {f.kind for f in checked.findings} == {"unknown-work"}
    assert checked.known == 0


_odd = st.text(st.sampled_from("ab {}\\$%&#_^~\"'@,=\n\r\t\0\u202e\u0301é漢🙂0:-()"), max_size=40)


@given(st.lists(st.tuples(st.sampled_from([*NAMES, "author", "month", "url", "eprint"]), _odd), max_size=4), _odd)
def test_whatever_stands_in_a_file_nothing_is_raised_and_mending_ends(
    enriched: Path, fields: list[tuple[str, str]], rest: str
) -> None:
    graph = llmcomp.open_graph(enriched)
    title = "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale"
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in fields)
    source = f"@article{{x{body}}}\n@misc{{int8, title = {{{title}}}{body}}}\n{rest}"
    once = check(graph, parse_bib(source))
    again = check(graph, parse_bib(once.mended))
    assert again.mended == once.mended
    assert not any(f.fix for f in again.findings)


@pytest.mark.judges
def test_biber_reads_what_was_mended(graph: llmcomp.Graph, tmp_path: Path) -> None:
    source = (DATA / "habits.bib").read_text("utf-8").partition("@misc(parens")[0]
    source = source.replace("This is text between entries, with 100% of a { brace.", "")
    (tmp_path / "refs.bib").write_text(check(graph, parse_bib(source)).mended, "utf-8")
    assert validated(tmp_path) == []


def test_bibtexparser_reads_what_was_mended(graph: llmcomp.Graph) -> None:
    import bibtexparser

    source = (DATA / "habits.bib").read_text("utf-8").partition("@misc{comma")[0]
    library = bibtexparser.parse_string(check(graph, parse_bib(source)).mended)
    assert library.failed_blocks == []
    assert [(e.entry_type, e.key, e["publisher"]) for e in library.entries if "publisher" in e] == [
        ("inproceedings", "frantar2022", "PMLR")
    ]
