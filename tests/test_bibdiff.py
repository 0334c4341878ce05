"""Comparing two bibliographies work by work."""

from __future__ import annotations

import io
import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

import llmcomp
from llmcomp.cli import main
from llmcomp.kg.bibdiff import CHANGES, BibDiff, compare
from llmcomp.kg.bibfile import parse_bib

BIB = Path(__file__).parent / "data" / "bib"
GPTQ = """@misc{gptq,
  title = {{GPTQ}: Accurate Post-Training Quantization for Generative Pre-trained Transformers},
  author = {Frantar, Elias and Ashkboos, Saleh and Hoefler, Torsten and Alistarh, Dan},
  year = 2022, eprint = {2210.17323}, archiveprefix = {arXiv}
}
"""
PUBLISHED = """@InProceedings{gptq,
  AUTHOR    = "E. Frantar and S. Ashkboos and T. Hoefler and D. Alistarh",
  booktitle = {The Eleventh International Conference on Learning Representations},
  title     = "GPTQ: accurate post-training quantization for generative pre-trained transformers",
  year      = {2023}, doi = {10.1145/1},
}
"""
OTHER = (
    "@article{other, title = {Pruning Caches of Very Large Things}, author = {Jane Doe}, year = 2020, "
    "journal = {TACL}}\n"
)


class Said(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process; there is no graph."""

    def _run(*args: str, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


def diff(old: str, new: str) -> BibDiff:
    return compare(parse_bib(old, "old.bib"), parse_bib(new, "new.bib"))


def changes(old: str, new: str) -> list[tuple[str, str, str]]:
    return [(c.kind, c.old, c.new) for c in diff(old, new).changes]


# --- what is a change


def test_a_preprint_that_was_published_is_told() -> None:
    found = diff(GPTQ, PUBLISHED)
    assert [(c.kind, c.old, c.new, c.breaks) for c in found.changes] == [
        ("published since", "", "The Eleventh International Conference on Learning Representations", False),
        ("year changed", "2022", "2023", False),
        ("identifier gained", "", "doi:10.1145/1", False),
    ]
    assert (found.common, found.unchanged, found.breaks) == (1, 0, False)
    assert {(c.key_old, c.key_new) for c in found.changes} == {("gptq", "gptq")}


@pytest.mark.parametrize(
    "same",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t.replace("  ", "\t\t"),
        lambda t: t.replace("{GPTQ}", "GPTQ"),
        lambda t: t.replace("title", "TITLE").replace("@misc", "@MISC"),
        lambda t: t.replace("Post-Training", "post-training"),
        lambda t: t.replace(
            "eprint = {2210.17323}, archiveprefix = {arXiv}", "url = {https://arxiv.org/abs/2210.17323v2}"
        ),
        lambda t: t.replace("eprint", "journal = {arXiv preprint arXiv:2210.17323}, eprint"),
        lambda t: t.replace("Frantar, Elias", "Elias Frantar").replace("Hoefler, Torsten", "T. Hoefler"),
        lambda t: t.replace("Frantar", r"Fr{\'a}ntar"),
        lambda t: t.replace("year = 2022", 'year = "2022", abstract = {New}, pages = {1--2}, keywords = {x}'),
        lambda t: "% a remark\n" + t + "\n\n@comment{x}",
        lambda t: re.sub(r"year = 2022, (eprint.*)", r"\1, year = 2022", t),
        lambda t: t.replace("@misc", "@online").replace("year = 2022", "date = {2022-10-31}"),
    ],
)
def test_form_is_no_change(same: Callable[[str], str]) -> None:
    assert same(GPTQ) != GPTQ
    assert changes(GPTQ, same(GPTQ)) == []
    assert changes(same(GPTQ), GPTQ) == []


def test_accents_spelled_otherwise_and_dashes_are_no_change() -> None:
    old = (
        '@article{a, title={A Na{\\"\\i}ve Approach -- Revisited Once More}, author={{\\L}aj, J{\\"o}rg}, '
        "journal={X \\& Y}, pages={1-2}}"
    )
    new = "@article{a, title={A Naïve Approach – Revisited once more}, author={Jörg Łaj}, journal={X {\\&} Y}}"
    assert changes(old, new) == []


def test_order_says_nothing() -> None:
    text = (BIB / "jabref.bib").read_text("utf-8") + (BIB / "google_scholar.bib").read_text("utf-8") + GPTQ + OTHER
    later = (
        (BIB / "arxiv.bib").read_text("utf-8") + PUBLISHED.replace("gptq,", "other,") + OTHER.replace("other", "moved")
    )
    told = changes(text, later)
    assert told
    blocks = re.split(r"(?m)^(?=@)", later)
    random.Random(1).shuffle(blocks)
    assert changes(text, "".join(blocks)) == told


def test_a_file_is_equal_to_itself() -> None:
    for path in sorted(BIB.glob("*.bib")):
        text = path.read_text("utf-8")
        found = diff(text, text)
        assert found.changes == ()
        assert found.unchanged == found.common > 0


def test_added_and_removed() -> None:
    assert changes(GPTQ, GPTQ + OTHER) == [("added", "", "Doe, TACL, 2020")]
    assert changes(GPTQ + OTHER, GPTQ) == [("removed", "Doe, TACL, 2020", "")]
    assert changes("", "") == []


def test_venue_title_authors_and_year() -> None:
    old = OTHER
    assert changes(old, old.replace("TACL", "TMLR")) == [("venue changed", "TACL", "TMLR")]
    assert changes(old, old.replace("2020", "2021")) == [("year changed", "2020", "2021")]
    assert changes(old, old.replace("Caches of", "the Caches of")) == [
        ("title changed", "Pruning Caches of Very Large Things", "Pruning the Caches of Very Large Things")
    ]
    assert changes(old, old.replace("Jane Doe", "Jane Doe and John Roe")) == [
        ("authors changed", "Jane Doe", "Jane Doe; John Roe")
    ]
    assert changes(old, old.replace("Jane Doe", "Jane Doe and others")) == [
        ("authors changed", "Jane Doe", "Jane Doe; et al.")
    ]
    assert changes(old, old.replace("Jane Doe", "J. Doe")) == []
    assert changes(old, old.replace("{TACL}", "{CoRR}")) == [("venue changed", "TACL", "")]


def test_names_of_venues_that_differ_in_small_words_are_one() -> None:
    one = "@inproceedings{a, title={Pruning Caches of Very Large Things}, booktitle={%s}}"
    assert changes(one % "Proc. of the Annual Meeting of X", one % "Proceedings of Annual Meeting of X") == []


def test_authors_in_another_order() -> None:
    swapped = GPTQ.replace("Frantar, Elias and Ashkboos, Saleh", "Ashkboos, Saleh and Frantar, Elias")
    assert [kind for kind, _, _ in changes(GPTQ, swapped)] == ["authors changed"]


def test_identifiers_gained_and_changed() -> None:
    assert changes(GPTQ, GPTQ.replace("year", "doi = {10.1145/9}, year")) == [
        ("identifier gained", "", "doi:10.1145/9")
    ]
    assert changes(GPTQ, GPTQ.replace("2210.17323", "2210.17324")) == [
        ("identifier changed", "arxiv:2210.17323", "arxiv:2210.17324")
    ]


@pytest.mark.parametrize("kind", ["phdthesis", "book", "techreport"])
def test_a_book_or_a_thesis_was_no_preprint(kind: str) -> None:
    old = GPTQ.replace("@misc", f"@{kind}").replace("eprint = {2210.17323}, archiveprefix = {arXiv}", "")
    assert ("published since", "", "The Eleventh International Conference on Learning Representations") not in changes(
        old, PUBLISHED
    )


def test_a_place_in_howpublished_is_a_venue() -> None:
    old = GPTQ.replace(
        "eprint", "howpublished = {The Eleventh International Conference on Learning Representations}, eprint"
    )
    assert "published since" not in [kind for kind, _, _ in changes(old, PUBLISHED)]
    old = GPTQ.replace("eprint", "howpublished = {\\url{https://arxiv.org/abs/2210.17323}}, eprint")
    assert "published since" in [kind for kind, _, _ in changes(old, PUBLISHED)]


# --- which entries are one work


REST = "Accurate Post-Training Quantization for Generative Pre-trained Transformers"


@pytest.mark.parametrize(
    "new",
    [
        "b, title = {GPTQ: Accurate Quantization for Generative Pre-trained Transformers}, eprint = {2210.17323}",
        "b, title = {GPTQ}, url = {https://arxiv.org/abs/2210.17323}",
        f"b, title = {{{REST}}}, author = {{E. Frantar}}",
        f"b, title = {{GPTQ: {REST.replace('z', 's')}}}, author={{Elias Frantar}}",
        "b, title = {Renamed wholly by its authors}, author = {Frantar, Elias}, eprint = {2210.17323}",
        "gptq, title = {Accurate Quantization of Generative Transformers after Training}",
    ],
)
def test_one_work_under_another_form(new: str) -> None:
    found = diff(GPTQ, f"@misc{{{new}}}")
    assert found.common == 1
    assert {"added", "removed"}.isdisjoint(c.kind for c in found.changes)


@pytest.mark.parametrize(
    "new",
    [
        "b, title = {Another Work of the Same People}, author = {Frantar, Elias}",
        "b, title = {Another Work of Nobody}, eprint = {2210.17323}",
        f"b, title = {{GPTQ2: {REST}}}, author={{Elias Frantar}}",
        f"b, title = {{GPTQ: {REST}}}, author = {{Jane Doe}}",
    ],
)
def test_two_works(new: str) -> None:
    assert sorted(c.kind for c in diff(GPTQ, f"@misc{{{new}}}").changes) == ["added", "removed"]


def test_a_short_title_needs_an_author() -> None:
    old, new = "@misc{a, title={Technical Report}%s}", "@misc{b, title={Technical Report}%s}"
    assert diff(old % "", new % "").common == 0
    assert diff(old % ", author={A. Bee}", new % ", author={A. Bee}").common == 1


def test_two_entries_of_one_work_each_meet_their_own() -> None:
    twin = GPTQ.replace("{gptq", "{twin")
    assert changes(GPTQ + twin, twin + GPTQ) == []
    assert [(c.kind, c.key_old) for c in diff(GPTQ + twin, GPTQ).changes] == [("removed", "twin")]


def test_a_double_that_lives_on_among_ids_is_removed_and_breaks_nothing() -> None:
    twin = GPTQ.replace("{gptq", "{twin")
    found = diff(GPTQ + twin, GPTQ.replace("year", "ids = {twin}, year"))
    assert [(c.kind, c.key_old, c.breaks) for c in found.changes] == [("removed", "twin", False)]


# --- keys


def test_another_work_like_it_by_others_under_its_key_is_no_new_title() -> None:
    plus = "@misc{gptq, title = {GPTQ+: Accurate 4-bit Quantization for Generative Transformers}, author = {Jane Doe}}"
    assert [c.kind for c in diff(GPTQ, plus).changes] == ["key reused", "removed", "added"]


def test_a_double_that_went_with_its_key_breaks_a_document() -> None:
    twin = GPTQ.replace("{gptq", "{twin")
    found = diff(GPTQ + twin, GPTQ)
    assert [(c.kind, c.key_old, c.key_new, c.breaks) for c in found.changes] == [("removed", "twin", "gptq", True)]


def test_keys_of_two_works_of_one_short_title_changed_places() -> None:
    files = [
        f"@misc{{{a}, title={{Technical Report}}, author={{A. Bee}}, year={{2020}}}} "
        f"@misc{{{b}, title={{Technical Report}}, author={{C. Dee}}, year={{2021}}}}"
        for a, b in ("xy", "yx")
    ]
    assert [(c.kind, c.key_old, c.old, c.new, c.breaks) for c in diff(*files).changes] == [
        ("key reused", "x", "Technical Report (Bee, 2020)", "Technical Report (Dee, 2021)", True),
        ("key reused", "y", "Technical Report (Dee, 2021)", "Technical Report (Bee, 2020)", True),
        ("key changed", "x", "x", "y", True),
        ("key changed", "y", "y", "x", True),
    ]


def test_a_key_that_changed_breaks_a_document() -> None:
    found = diff(GPTQ, GPTQ.replace("{gptq", "{frantar2022gptq"))
    assert [(c.kind, c.key_old, c.key_new, c.breaks) for c in found.changes] == [
        ("key changed", "gptq", "frantar2022gptq", True)
    ]
    assert found.breaks


def test_a_key_that_is_kept_among_ids_does_not() -> None:
    found = diff(GPTQ, GPTQ.replace("{gptq", "{frantar2022gptq").replace("year", "ids = {older, gptq}, year"))
    assert [(c.kind, c.breaks) for c in found.changes] == [("key changed", False)]
    assert not found.breaks


def test_a_key_that_means_another_work_now_breaks() -> None:
    found = diff(GPTQ, GPTQ.replace("{gptq", "{x") + OTHER.replace("{other", "{gptq"))
    assert [(c.kind, c.key_old, c.new, c.breaks) for c in found.changes] == [
        ("key reused", "gptq", "Pruning Caches of Very Large Things", True),
        ("key changed", "gptq", "x", True),
        ("added", "", "Doe, TACL, 2020", False),
    ]
    found = diff(GPTQ, OTHER.replace("{other", "{gptq"))
    assert [(c.kind, c.breaks) for c in found.changes] == [("key reused", True), ("removed", False), ("added", False)]


def test_an_entry_without_a_key_breaks_nothing() -> None:
    found = diff(GPTQ.replace("{gptq", "{"), GPTQ)
    assert [(c.kind, c.breaks) for c in found.changes] == [("key changed", False)]


# --- the command


def test_the_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "old.bib").write_text(
        GPTQ + OTHER + "@misc{gone, title={A Work That Is No Longer Cited Here}}", "utf-8"
    )
    (tmp_path / "new.bib").write_text(
        PUBLISHED.replace("{gptq", "{frantar2022gptq").replace("D. Alistarh", "Jane Roe")
        + OTHER.replace("TACL", "TMLR").replace("Caches", "the Caches")
        + "@misc{come, title={A Work That Came Later Than All}, author={{Group of People}}, year=2024}\n"
        + "@misc{open, title={",
        "utf-8",
    )
    said = run("bibdiff", str(tmp_path / "old.bib"), str(tmp_path / "new.bib"))
    assert said.code == 1
    assert said.err == f"{tmp_path}/new.bib:9: not read, the value of 'title' is never closed: @misc{{open, title={{\n"
    assert (
        said.out
        == """\
2 works in both, 0 of them unchanged

Key changed: 1
  gptq -> frantar2022gptq  GPTQ: accurate post-training quantization for generative pre-trained transformers

Removed: 1
  gone  A Work That Is No Longer Cited Here

Added: 1
  come  A Work That Came Later Than All (Group of People, 2024)

Published since: 1
  frantar2022gptq  GPTQ: accurate post-training quantization for generative pre-trained transformers
    The Eleventh International Conference on Learning Representations

Venue changed: 1
  other  Pruning the Caches of Very Large Things
    was TACL
    is  TMLR

Title changed: 1
  other
    was Pruning Caches of Very Large Things
    is  Pruning the Caches of Very Large Things

Authors changed: 1
  frantar2022gptq  GPTQ: accurate post-training quantization for generative pre-trained transformers
    without Dan Alistarh
    with Jane Roe

Year changed: 1
  frantar2022gptq  2022 -> 2023  GPTQ: accurate post-training quantization for generative pre-trained transformers

Identifier gained: 1
  frantar2022gptq  doi:10.1145/1  GPTQ: accurate post-training quantization for generative pre-trained transformers
"""
    )


def test_a_line_fits_the_terminal_and_cannot_colour_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.bib").write_text("", "utf-8")
    (tmp_path / "new.bib").write_text("@misc{a\x1b[31m, title = {" + "Long " * 40 + "}}", "utf-8")
    monkeypatch.setattr("llmcomp.cli.bibdiff.terminal_width", lambda: 40)
    out = run("bibdiff", str(tmp_path / "old.bib"), str(tmp_path / "new.bib")).out
    assert "\n  a\ufffd[31m  Long Long Long Long Long Long…\n" in out
    assert max(map(len, out.splitlines()[2:])) == 40


def test_it_ends_with_0_when_keys_are_kept(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.bib"
    path.write_text(GPTQ, "utf-8")
    said = run("bibdiff", str(path), "-", stdin=PUBLISHED.encode())
    assert (said.code, said.err) == (0, "")
    said = run("bibdiff", "-", str(path), stdin=GPTQ.encode())
    assert said == (0, "1 work in both, 1 of them unchanged\n", "")


def test_json(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.bib"
    path.write_text(GPTQ, "utf-8")
    said = run("bibdiff", str(path), "-", "--json", stdin=GPTQ.replace("{gptq", "{x").encode())
    assert said.code == 1
    assert json.loads(said.out) == {
        "old": str(path),
        "new": "standard input",
        "changes": [
            {
                "kind": "key changed",
                "key_old": "gptq",
                "key_new": "x",
                "title": "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
                "old": "gptq",
                "new": "x",
                "breaks": True,
            }
        ],
        "common": 1,
        "unchanged": 0,
    }


def test_every_kind_of_change_has_a_heading() -> None:
    from llmcomp.cli.bibdiff import _HEADINGS  # pyright: ignore[reportPrivateUsage]

    assert tuple(_HEADINGS) == CHANGES


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["-", "-"], 2, "Error: both files are '-', and standard input is one. Name a file for one of them.\n"),
        (["/none/a.bib", "-"], 3, "Error: /none/a.bib: no such file. Name a .bib file, or '-' for standard input.\n"),
    ],
)
def test_what_cannot_be_compared(run: Run, args: list[str], code: int, message: str) -> None:
    assert run("bibdiff", *args) == (code, "", message)


def test_from_python(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(GPTQ, "utf-8")
    (tmp_path / "b.bib").write_text(PUBLISHED, "utf-8")
    found = llmcomp.bibdiff(tmp_path / "a.bib", tmp_path / "b.bib")
    assert [c.kind for c in found.changes] == ["published since", "year changed", "identifier gained"]
