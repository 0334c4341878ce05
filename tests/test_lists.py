"""Reading lists: what is a row, what it says, what is no row, what is kept unread."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcomp.kg.errors import SourceError
from llmcomp.kg.facts import shipped_list
from llmcomp.kg.identifiers import identify
from llmcomp.kg.lists import UNSORTED, decode, read_list
from llmcomp.kg.model import Entry, Identifier, Link, Reading, UnreadRow
from llmcomp.kg.rows import trim
from llmcomp.kg.text import repair_mojibake
from llmcomp.kg.venues import VenueTable

ARXIV = "https://arxiv.org/abs/2210.17323"
GITHUB = "https://github.com/IST-DASLab/gptq"
PAPER = Link("Paper", ARXIV, Identifier("arxiv", "2210.17323"))
CODE = Link("Code", GITHUB, Identifier("github", "ist-daslab/gptq"))
LINKS = f"[[Paper]]({ARXIV})"


@cache
def table() -> VenueTable:
    return VenueTable.load()


def is_venue(text: str) -> bool:
    return table().parse(text) is not None


def read(*lines: str) -> Reading:
    return read_list("\n".join(lines), "list.md", is_venue)


def row(text: str, heading: str = "### Quantization") -> Entry:
    """The one row of a list that holds ``text`` under a heading."""
    reading = read(heading, text)
    assert not reading.unread
    (entry,) = reading.entries
    return entry


def said(entry: Entry) -> tuple[str, str]:
    return entry.title, entry.venue


# -- the list's own form ---------------------------------------------------------------------------------


def test_a_row_keeps_line_section_position_title_venue_and_links():
    reading = read(
        "# List",
        "",
        "### Quantization",
        f"- GPTQ: Accurate <br> ICLR 2023 [[Paper]]({ARXIV}) [[Code]]({GITHUB})",
        "",
        f"- SpQR <br> Arxiv 2023 {LINKS}",
    )
    assert reading == Reading(
        "list.md",
        (
            Entry(4, 1, "Quantization", "paper", "GPTQ: Accurate", "ICLR 2023", (PAPER, CODE)),
            Entry(6, 2, "Quantization", "paper", "SpQR", "Arxiv 2023", (PAPER,)),
        ),
    )


@pytest.mark.parametrize("br", ["<br>", "<br/>", "<br />", "<BR>", "</br>", "<Br  >"])
@pytest.mark.parametrize("space", [" ", ""])
def test_every_spelling_of_the_break(br, space):
    assert said(row(f"- GPTQ{space}{br}{space}ICLR 2023 {LINKS}")) == ("GPTQ", "ICLR 2023")


def test_a_row_may_run_over_several_lines():
    reading = read(
        "### Q",
        "- GPTQ: Accurate",
        "  Quantization <br>",
        f"  ICLR 2023 {LINKS}",
        "- SpQR <br>",
        f"Arxiv 2023 {LINKS}",
    )
    assert [(e.line, *said(e)) for e in reading.entries] == [
        (2, "GPTQ: Accurate Quantization", "ICLR 2023"),
        (5, "SpQR", "Arxiv 2023"),
    ]


@pytest.mark.parametrize(
    ("text", "title", "venue"),
    [
        ("GPTQ: Accurate ICLR 2023", "GPTQ: Accurate", "ICLR 2023"),
        ("GPTQ, EMNLP Findings 2024", "GPTQ", "EMNLP Findings 2024"),
        ("GPTQ (ICML 2024)", "GPTQ", "ICML 2024"),
        ("GPTQ, TACL", "GPTQ", "TACL"),
        ("GPTQ in ACL 2023", "GPTQ in ACL 2023", ""),
        # not set off, or no venue: all of it is the title
        ("Attention for Science", "Attention for Science", ""),
        ("A Study of ACL", "A Study of ACL", ""),
        ("Learning in 2023", "Learning in 2023", ""),
        ("GPTQ, Nowhere 2023", "GPTQ, Nowhere 2023", ""),
        ("ICLR 2023", "ICLR 2023", ""),
    ],
)
def test_without_a_break_only_a_known_venue_is_split_off(text, title, venue):
    assert said(row(f"- {text} {LINKS}")) == (title, venue)


@pytest.mark.parametrize(
    ("text", "title", "venue"),
    [
        (
            "GPTQ: Accurate Post-Training Quantization, arXiv 2022",
            "GPTQ: Accurate Post-Training Quantization",
            "arXiv 2022",
        ),
        (
            "FooQuant: A New Method for Workshop Scheduling at Scale, ICML 2023",
            "FooQuant: A New Method for Workshop Scheduling at Scale",
            "ICML 2023",
        ),
        (
            "FooQuant, A New Method for Workshop Scheduling at Scale, ICML 2023",
            "FooQuant, A New Method for Workshop Scheduling at Scale",
            "ICML 2023",
        ),
        (
            "FooQuant - Workshop Scheduling at Scale, ICML 2023",
            "FooQuant - Workshop Scheduling at Scale",
            "ICML 2023",
        ),
        ("RoBERTa: A Robust BERT - Liu et al., arXiv 2019", "RoBERTa: A Robust BERT - Liu et al.", "arXiv 2019"),
        ("BarQuant: Learning to Prune on NeurIPS 2023", "BarQuant: Learning to Prune on NeurIPS 2023", ""),
        (
            "Hinton, G., Vinyals, O., and Dean, J. (2015). Distilling the Knowledge. NIPS Workshop",
            "Hinton, G., Vinyals, O., and Dean, J. (2015). Distilling the Knowledge",
            "NIPS Workshop",
        ),
        ("Foo: ICML 2024", "Foo: ICML 2024", ""),
        ("Foo. A Survey, IJCAI 2024", "Foo. A Survey", "IJCAI 2024"),
        ("Learning Fast - Bad Things @ ICML 2024", "Learning Fast - Bad Things", "ICML 2024"),
        ("Foo (Liu et al., ICML 2024)", "Foo (Liu et al., ICML 2024)", ""),
        ("LLM.int8() ICML 2024", "LLM.int8()", "ICML 2024"),
        ("GPT-4 Technical Report", "GPT-4 Technical Report", ""),
        ("A Study of arXiv: Titles, Preprint Servers and LLMs 2024",) * 2 + ("",),
    ],
)
def test_a_title_is_not_cut_for_words_that_a_venue_may_hold(text, title, venue):
    assert said(row(f"- {text} {LINKS}")) == (title, venue)


@pytest.mark.parametrize("mark", [", ", ". ", " - ", " – ", " — ", "—", " | ", "; ", " @ "])
def test_marks_that_set_a_venue_off(mark):
    assert said(row(f"- GPTQ: Accurate{mark}ICML 2024 {LINKS}")) == ("GPTQ: Accurate", "ICML 2024")


@pytest.mark.parametrize(
    "venue",
    [
        "Findings of EMNLP 2023",
        "Findings of the Association for Computational Linguistics: EMNLP 2023",
        "Findings of the Association for Computational Linguistics, ACL 2024, Bangkok, Thailand",
        "ICML 2024 Workshop on Fast Things",
        "Workshop on Foo, Bar, and Baz @ ICML 2024, Vienna, Austria",
        "Efficient Systems for Foundation Models Workshop @ ICML 2024",
        "ES-FoMo @ ICML 2024",
        "NAACL Student Research Workshop (SRW) 2025",
        "In Proceedings of ICML, 2024",
        "IJCAI 2024 (Survey Track)",
        "ICML 2024 (arXiv 2023)",
        "Industry Track, EMNLP 2024",
        "NeurIPS 2023 on Efficient Natural Language and Speech Processing",
        "Forty-first International Conference on Machine Learning, ICML 2024, Vienna, Austria, July 21-27, 2024",
        "arXiv preprint arXiv:2005.14165, 2020",
        "Submitted to ICLR 2025",
    ],
)
def test_a_venue_of_several_parts_is_split_off_whole(venue):
    assert said(row(f"- GPTQ: Accurate, {venue} {LINKS}")) == ("GPTQ: Accurate", venue)


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("FlexGen: Inference with a Single GPU.", "FlexGen: Inference with a Single GPU"),
        ("GPTQ by Frantar et al.", "GPTQ by Frantar et al."),
        ("GPTQ and so on...", "GPTQ and so on..."),
        ("Quantization vs.", "Quantization vs."),
        ("Made in the U.S.", "Made in the U.S."),
        ("Fast llama.cpp.", "Fast llama.cpp"),
    ],
)
@pytest.mark.parametrize("venue", ["", "<br> ICML 2024 "])
def test_the_full_stop_of_a_title_is_dropped(printed, title, venue):
    assert row(f"- {printed} {venue}{LINKS}").title == title


def test_without_a_table_of_venues_nothing_is_split_off():
    (entry,) = read_list(f"- GPTQ ICLR 2023 {LINKS}", "x").entries
    assert said(entry) == ("GPTQ ICLR 2023", "")


# -- links -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (f"[[Paper]]({ARXIV})[[Code]]({GITHUB})", (PAPER, CODE)),
        (f"[Paper]({ARXIV}) | [Code]({GITHUB})", (PAPER, CODE)),
        (f"[[Paper]] ({ARXIV}) [[Code]]({GITHUB})", (PAPER, CODE)),
        (f"[[Paper]({ARXIV})", (PAPER,)),
        (f"[Paper]]({ARXIV})", (PAPER,)),
        (f"[[Paper]({ARXIV}) [[Code]]({GITHUB}", (PAPER, CODE)),
        (f"[[Wibble 3000]]({ARXIV})", (Link("Wibble 3000", ARXIV, PAPER.identifier),)),
        (f"[[Code (Intel® Kit)]]({GITHUB})", (Link("Code (Intel® Kit)", GITHUB, CODE.identifier),)),
        (f"[[Pa*pe*r]](<{ARXIV}>)", (PAPER,)),
        (f'[[Paper]]({ARXIV} "a title")', (PAPER,)),
        ("[[Blog]] (https://x.org/a_(b))", (Link("Blog", "https://x.org/a_(b)"),)),
        ("[[Blog]](https://x.org/a_(b))", (Link("Blog", "https://x.org/a_(b)"),)),
        (ARXIV, (Link("", ARXIV, PAPER.identifier),)),
        (f"{ARXIV}.", (Link("", ARXIV, PAPER.identifier),)),
        (f"({ARXIV})", (Link("", ARXIV, PAPER.identifier),)),
        (f"<{ARXIV}>", (Link("", ARXIV, PAPER.identifier),)),
        ("", ()),
    ],
)
def test_links_with_their_labels(links, expected):
    entry = row(f"- GPTQ <br> ICLR 2023 {links}")
    assert entry.links == expected
    assert said(entry) == ("GPTQ", "ICLR 2023")


def test_a_row_keeps_all_links_of_one_label():
    models = [f"https://huggingface.co/a/m{n}" for n in range(3)]
    entry = row("- GPTQ <br> ICLR 2023 " + " ".join(f"[[Models]]({url})" for url in models))
    assert [(link.label, link.url) for link in entry.links] == [("Models", url) for url in models]


def test_an_autolink_is_no_title():
    assert row(f"- <{ARXIV}> GPTQ").title == "GPTQ"


def test_a_picture_is_no_link():
    entry = row(f"- GPTQ ![stars](https://img.shields.io/x.svg) <br> ICLR 2023 {LINKS}")
    assert (*said(entry), entry.links) == ("GPTQ", "ICLR 2023", (PAPER,))


# -- sections ----------------------------------------------------------------------------------------------


def test_an_unknown_section_is_its_own_category():
    assert row(f"- GPTQ <br> ICLR 2023 {LINKS}", "## 🧊 Cold  *Storage*").section == "🧊 Cold Storage"


def test_rows_before_any_heading_are_unsorted():
    (entry,) = read(f"- GPTQ <br> ICLR 2023 {LINKS}").entries
    assert entry.section == UNSORTED == "Unsorted"


def test_the_innermost_heading_is_the_section():
    item = f"- {{}} <br> ICLR 2023 {LINKS}"
    reading = read(
        "# List",
        "## Papers",
        "### Quantization",
        "#### Weights",
        item.format("A"),
        "### Pruning",
        item.format("B"),
        "",
        "Survey",
        "------",
        item.format("C"),
    )
    assert [(e.title, e.section) for e in reading.entries] == [
        ("A", "Weights"),
        ("B", "Pruning"),
        ("C", "Survey"),
    ]


def test_a_heading_inside_an_item_begins_no_section():
    reading = read("### Q", f"- # A <br> ICLR 2023 {LINKS}", f"- B <br> ICLR 2023 {LINKS}")
    assert [(e.title, e.section) for e in reading.entries] == [("A", "Q"), ("B", "Q")]


def test_rows_of_a_tools_section_are_tools_unless_they_print_a_venue():
    reading = read(
        "## Tools",
        f"- BMCook: Toolkit for Big Models [[Code]]({GITHUB})",
        f"- [llama.cpp]({GITHUB}) - inference in C++",
        f"- GPTQ <br> ICLR 2023 {LINKS}",
        "### By language",
        f"- Foo [[Code]]({GITHUB})",
        "## Papers",
        f"- Bar {LINKS}",
    )
    assert [(e.kind, *said(e)) for e in reading.entries] == [
        ("tool", "BMCook: Toolkit for Big Models", ""),
        ("tool", "llama.cpp - inference in C++", ""),
        ("paper", "GPTQ", "ICLR 2023"),
        ("tool", "Foo", ""),
        ("paper", "Bar", ""),
    ]


def test_a_paper_in_a_section_that_sounds_like_tools_has_its_venue_split_off():
    reading = read("## Software-Hardware Co-design", f"- [GPTQ]({ARXIV}) - ICML 2024", f"- [x]({GITHUB}) - ICML 2024")
    assert [(e.kind, *said(e)) for e in reading.entries] == [
        ("paper", "GPTQ", "ICML 2024"),
        ("tool", "x - ICML 2024", ""),
    ]


def test_a_table_of_tools_holds_tools():
    reading = read("## Tools", "| Name | Link |", "|---|---|", f"| vLLM | {GITHUB} |")
    assert [(e.kind, e.title) for e in reading.entries] == [("tool", "vLLM")]


# -- encodings and line ends -------------------------------------------------------------------------------

TWO = f"### Q\n- Týr <br> ICLR 2023 {LINKS}\n\n- Zoë’s <br> ICLR 2023 {LINKS}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    reading = read_list(TWO.replace("\n", end), "x")
    assert [(e.line, e.title) for e in reading.entries] == [(2, "Týr"), (4, "Zoë’s")]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(codec):
    text = decode(TWO.encode(codec), "x")
    assert text == TWO
    assert [e.title for e in read_list(text, "x").entries] == ["Týr", "Zoë’s"]


def test_a_byte_that_windows_1252_lacks_is_marked_not_fatal():
    assert decode(b"caf\xe9 \x81", "x") == "café \ufffd"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "a.md: not text: a NUL byte at offset 8. A list is a Markdown file in UTF-8.",
        ),
        (b"- A\0", "a.md: not text: a NUL byte at offset 3. A list is a Markdown file in UTF-8."),
        (
            b"\xff\xfea\0b",
            "a.md: not text: begins like UTF-16 and is not "
            "('utf-16-le' codec can't decode byte 0x62 in position 2: truncated data).",
        ),
    ],
)
def test_a_file_that_is_no_text(data, message):
    with pytest.raises(SourceError) as raised:
        decode(data, "a.md")
    # the position counts with or without the mark, which differs between versions of Python
    assert re.sub(r"position \d", "position 2", str(raised.value)) == message


def test_an_empty_text_has_no_rows():
    assert read_list("", "x") == Reading("x")
    assert read_list(" \n\t\n", "x") == Reading("x")


# -- what is no row ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        *("Contents", "Table of Contents", "Contributing", "How to contribute", "Contributors", "📜 License"),
        *(
            "Licence",
            "Star History",
            "Acknowledgements",
            "Citation",
            "How to cite",
            "Contact us",
            "Disclaimer",
        ),
        *("Related Awesome Lists", "🔥 News", "Latest News & Updates", "Updates", "Changelog", "What’s New?"),
    ],
)
def test_sections_about_the_list_hold_no_rows(heading):
    reading = read(f"## {heading}", f"- Open [an issue]({GITHUB})", "## Q", f"- GPTQ <br> ICLR 2023 {LINKS}")
    assert [e.title for e in reading.entries] == ["GPTQ"]
    assert not reading.unread


@pytest.mark.parametrize(
    "heading",
    [
        "Content Moderation",
        "Long-Content Models",
        "Citation Recommendation with Language Models",
        "Contact Prediction",
        "News Recommendation",
        "Update Compression",
        "2024",
    ],
)
def test_a_subject_that_sounds_like_it_is_a_section(heading):
    assert row(f"- GPTQ <br> ICLR 2023 {LINKS}", f"## {heading}").section == heading


def test_news_parted_by_dates_holds_no_rows():
    reading = read("## News", "### May 2024", f"- GPTQ [is out]({ARXIV})", "## 2024", f"- A <br> ICLR 2023 {LINKS}")
    assert [e.title for e in reading.entries] == ["A"]


def test_links_within_the_page_are_no_rows():
    reading = read(
        "- [Quantization](#quantization)",
        "  - [Weights](#weights)",
        "## Quantization",
        f"- A <br> ICLR 2023 {LINKS}",
    )
    assert [e.title for e in reading.entries] == ["A"]
    assert not reading.unread


def test_comments_and_code_are_no_rows():
    reading = read(
        "### Q",
        f"<!-- - A <br> ICLR 2023 {LINKS} -->",
        "",
        "<!--",
        f"- B <br> ICLR 2023 {LINKS}",
        "-->",
        "",
        "```",
        f"- C <br> ICLR 2023 {LINKS}",
        "```",
        "",
        f"    - D <br> ICLR 2023 {LINKS}",
        "",
        f"- E <!-- later --> <br> ICLR 2023 {LINKS} <!-- [[Code]]({GITHUB}) -->",
    )
    assert [(*said(e), e.links) for e in reading.entries] == [("E", "ICLR 2023", (PAPER,))]


def test_prose_bullets_of_a_section_without_rows_are_not_reported():
    assert read("## About", "- Updated weekly", "## Q", f"- A <br> ICLR 2023 {LINKS}").unread == ()


# -- what is kept unread -----------------------------------------------------------------------------------


def test_a_row_without_a_title_is_kept_unread():
    reading = read("### Q", f"- <br> ICLR 2023 {LINKS}", f"- {LINKS}", f"- A <br> ICLR 2023 {LINKS}")
    assert [e.line for e in reading.entries] == [4]
    assert reading.unread == (
        UnreadRow(2, f"- <br> ICLR 2023 {LINKS}", "no title before the first link"),
        UnreadRow(3, f"- {LINKS}", "no title before the first link"),
    )


def test_a_row_without_link_and_break_is_kept_unread_among_rows():
    reading = read("### Q", "- GPTQ: a lost row", f"- A <br> ICLR 2023 {LINKS}")
    assert reading.unread == (UnreadRow(2, "- GPTQ: a lost row", "no link and no <br> (section 'Q')"),)


def test_a_row_without_any_link_is_read_where_it_has_a_break():
    assert row("- GPTQ <br> ICLR 2023") == Entry(2, 1, "Quantization", "paper", "GPTQ", "ICLR 2023", ())


def test_unread_rows_come_in_the_order_of_their_lines():
    reading = read("### Q", "- lost", f"- {LINKS}", "- lost too", f"- A <br> ICLR 2023 {LINKS}")
    assert [u.line for u in reading.unread] == [2, 3, 4]


def test_html_that_links_works_is_kept_unread():
    reading = read(
        "## Q",
        "<ul>",
        f'<li><a href="{ARXIV}">GPTQ</a>',
        "<li>no link",
        f'<!-- <li><a href="{ARXIV}">GPTQ</a> -->',
        "</ul>",
        "",
        "<table>",
        f'<tr><td>A</td><td><a href="{ARXIV}">Paper</a></td></tr>',
        "</table>",
        "",
        f'<p><a href="{GITHUB}">code</a></p>',
        "",
        f"- <details><summary>GPTQ</summary> {ARXIV}</details>",
        "## License",
        f'<p><a href="{ARXIV}">a paper</a></p>',
    )
    assert not reading.entries
    assert [(u.line, u.reason) for u in reading.unread] == [(n, "HTML is not read") for n in (3, 9, 14)]
    assert reading.unread[0].text == f'<li><a href="{ARXIV}">GPTQ</a>'


def test_html_above_a_list_is_reported_only_if_it_is_a_list():
    badge = f'<p align="center"><a href="{ARXIV}"><img src="https://img.shields.io/x.svg"></a></p>'
    reading = read("# List", badge, "", f'<ul><li><a href="{ARXIV}">GPTQ</a></ul>', "", f"- A <br> ICLR 2023 {LINKS}")
    assert [u.line for u in reading.unread] == [4]


@pytest.mark.parametrize("heading", ["", "# List", "## Q"])
def test_paragraphs_in_the_form_of_rows_are_rows(heading):
    reading = read(
        heading,
        "",
        f"**GPTQ** <br> ICML 2024 {LINKS}",
        f"**SpQR** <br> ICLR 2024 {LINKS}",
        "",
        "**AWQ** <br>",
        "MLSys 2024",
        "[[Long",
        f"Paper]]({ARXIV})",
    )
    assert [(e.line, *said(e), len(e.links)) for e in reading.entries] == [
        (3, "GPTQ", "ICML 2024", 1),
        (4, "SpQR", "ICLR 2024", 1),
        (6, "AWQ", "MLSys 2024", 1),
    ]
    assert not reading.unread


def test_paragraphs_like_rows_without_a_break_are_kept_unread():
    lines = f"**GPTQ**, ICML 2024 {LINKS}", f"**SpQR**, ICML 2024 [paper]({ARXIV})"
    reading = read("## Q", *lines, "", f"Prose on [GPTQ]({ARXIV}), {ARXIV} and [code]({GITHUB}).")
    assert not reading.entries
    assert reading.unread == tuple(UnreadRow(n, t, "a paragraph, not a list item") for n, t in enumerate(lines, 2))


def test_prose_about_a_list_is_no_finding():
    reading = read(
        "# List",
        f"It goes with our survey ([paper]({ARXIV})) and [GPTQ]({ARXIV}).",
        "",
        f"Welcome! <br> Read our [paper]({ARXIV}) first.",
        "## Introduction",
        f"See the [paper]({ARXIV}).",
        "## Citation",
        f"**GPTQ** <br> ICML 2024 {LINKS}",
        "## Q",
        f"- A <br> ICLR 2023 {LINKS}",
    )
    assert [e.title for e in reading.entries] == ["A"]
    assert not reading.unread


# -- other forms of lists ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bullet", ["-", "*", "+", "1.", "7)"])
def test_bullets(bullet):
    assert row(f"{bullet} GPTQ <br> ICLR 2023 {LINKS}").title == "GPTQ"


def test_nested_items_are_rows_in_the_order_of_their_lines():
    item = f"- {{}} <br> ICLR 2023 {LINKS}"
    reading = read(
        "### Q",
        item.format("A"),
        "  " + item.format("B"),
        "- By subject",
        "  " + item.format("C"),
        item.format("D"),
    )
    assert [(e.line, e.position, e.title) for e in reading.entries] == [
        (2, 1, "A"),
        (3, 2, "B"),
        (5, 3, "C"),
        (6, 4, "D"),
    ]
    assert reading.unread == ()  # "By subject" heads a list


AWQ = "https://arxiv.org/abs/2306.00978"


@pytest.mark.parametrize(
    ("note", "urls"),
    [
        (f"code: {GITHUB}", [GITHUB]),
        (f"Project Page and Code: <{GITHUB}>", [GITHUB]),
        ("[Slides](https://x.org)", ["https://x.org"]),
        ("paper: https://openreview.net/forum?id=x", ["https://openreview.net/forum?id=x"]),
        ("TL;DR: quantizes well, see [link](https://x.org)", ["https://x.org"]),
        # about another work
        (f"TL;DR: as [AWQ]({AWQ}) [[Paper]]({AWQ}) does", []),
        (f"see also [AWQ]({AWQ})", []),
        (f"extended version at [arXiv]({AWQ})", []),
        (f"Discussed [here]({GITHUB})", []),
        ("Authors: A. B", []),
        ("just a note", []),
    ],
)
def test_a_note_on_a_row_is_no_row(note, urls):
    reading = read("### Q", f"- GPTQ <br> ICLR 2023 {LINKS}", f"  - {note}")
    assert [(*said(e), [link.url for link in e.links]) for e in reading.entries] == [
        ("GPTQ", "ICLR 2023", [ARXIV, *urls])
    ]
    assert not reading.unread


@pytest.mark.parametrize("own", [f"[AWQ: Activation-aware]({AWQ})", f"AWQ: Activation-aware [[Paper]]({AWQ})"])
def test_a_work_in_a_row_is_a_row(own):
    reading = read("### Q", f"- GPTQ <br> ICLR 2023 {LINKS}", f"  - {own}")
    assert [(e.line, e.title, len(e.links)) for e in reading.entries] == [
        (2, "GPTQ", 1),
        (3, "AWQ: Activation-aware", 1),
    ]


def test_a_row_may_be_spread_over_items():
    reading = read("### Q", "- GPTQ", "  - Authors: A", f"  - ICLR 2023 {LINKS}", f"  - Code: {GITHUB}")
    assert [(*said(e), [link.url for link in e.links]) for e in reading.entries] == [
        ("GPTQ", "ICLR 2023", [ARXIV, GITHUB])
    ]


def test_a_tool_in_a_tool_is_a_tool():
    reading = read(
        "## Tools", f"- [vLLM]({GITHUB})", "  - [AutoGPTQ](https://github.com/a/b)", "  - [Docs](https://x.org)"
    )
    assert [(e.kind, e.title) for e in reading.entries] == [("tool", "vLLM"), ("tool", "AutoGPTQ")]


def test_an_item_in_an_item_is_one_row():
    reading = read("### Q", f"- - GPTQ <br> ICLR 2023 {LINKS}", f"- 1. SpQR <br> ICLR 2023 {LINKS}")
    assert ([e.title for e in reading.entries], reading.unread) == (["GPTQ", "SpQR"], ())


@pytest.mark.parametrize(
    ("text", "title", "venue"),
    [
        (f"[GPTQ: Accurate]({ARXIV}), ICML 2024 [[code]]({GITHUB})", "GPTQ: Accurate", "ICML 2024"),
        (f"[GPTQ]({ARXIV}) (ICML 2024)", "GPTQ", "ICML 2024"),
        (f"[**GPTQ**]({ARXIV}). ICML 2024.", "GPTQ", "ICML 2024"),
        (f"**GPTQ** <br> ICML 2024 {LINKS}", "GPTQ", "ICML 2024"),
        (f"**GPTQ**, ICML 2024 {LINKS}", "GPTQ", "ICML 2024"),
        (f"**[GPTQ]({ARXIV})** ICML 2024", "GPTQ", "ICML 2024"),
        (f"*GPTQ* [paper]({ARXIV})", "GPTQ", ""),
        (f"[2023/03] [GPTQ]({ARXIV}) | [code]({GITHUB})", "GPTQ", ""),
        (f"[x] GPTQ <br> ICML 2024 {LINKS}", "[x] GPTQ", "ICML 2024"),
    ],
)
def test_title_in_the_link_or_in_bold(text, title, venue):
    assert said(row(f"- {text}")) == (title, venue)


def test_tables_are_read_by_their_columns():
    reading = read(
        "### Q",
        "| Year | Title | Venue | Paper | Code |",
        "|------|:-----:|-------|-------|------|",
        f"| x | GPTQ | ICLR 2023 | [Paper]({ARXIV}) | [Code]({GITHUB}) |",
        f"| x | [SpQR]({ARXIV}) | Arxiv 2023 | | |",
        "",
        "| | |",
        "|-|-|",
        f"| AWQ | [Paper]({ARXIV}) |",
        "| no link | |",
    )
    assert [(e.line, e.title, [link.label for link in e.links]) for e in reading.entries] == [
        (4, "GPTQ", ["Paper", "Code"]),
        (5, "SpQR", ["SpQR"]),
        (9, "AWQ", ["Paper"]),
    ]
    assert [e.venue for e in reading.entries] == ["x ICLR 2023", "x Arxiv 2023", ""]
    assert [u.line for u in reading.unread] == [10]


def test_a_title_in_a_table_ends_at_the_break():
    reading = read(
        "### Q",
        "| Title & Authors | Links |",
        "|-----------------|-------|",
        f"| **GPTQ**<br>Frantar et al. | [Paper]({ARXIV}) |",
        f"| [**SpQR**]({ARXIV})<br>ICML 2024 | |",
        f"| <br>**AWQ** | [Paper]({ARXIV}) |",
    )
    assert [said(e) for e in reading.entries] == [("GPTQ", ""), ("SpQR", "ICML 2024"), ("AWQ", "")]


# -- titles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("A $x_1$ of $2^n$ and $W_{i,j}$", "A $x_1$ of $2^n$ and $W_{i,j}$"),
        ("Prompts of <1000 Tokens", "Prompts of <1000 Tokens"),
        ("A < b > c", "A < b > c"),
        ("Rodimus*: Breaking * Trade-Off", "Rodimus*: Breaking * Trade-Off"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"snake\_case \*star\* \$5 \[b\]", "snake_case *star* $5 [b]"),
        ("R&amp;D &lt;b&gt; &alpha;", "R&D <b> α"),
        ("R&D and C++", "R&D and C++"),
        ("*GPTQ* and **SpQR** and `int8()`", "GPTQ and SpQR and int8()"),
        ("LLM.int8(): 8-bit and a[] and f ()", "LLM.int8(): 8-bit and a[] and f"),
        ("🏆 Rocket 🚀", "🏆 Rocket 🚀"),
        ("大模型压缩", "大模型压缩"),
        ("\u200fשלום\u200e left \ufeffand right", "שלום left and right"),
        ("√2, Týr, naïve, “quotes”, ½", "√2, Týr, naïve, “quotes”, ½"),
        ("[2023] A", "A"),
        ("A [b] c (d) ", "A [b] c (d)"),
        ("Is it - a Title?", "Is it - a Title?"),
        ("two  spaces\tand\xa0more", "two spaces and more"),
        ("title" * 2048, "title" * 2048),
        ("#1 of 7 1. things", "#1 of 7 1. things"),
    ],
)
def test_titles(printed, title):
    assert said(row(f"- {printed} <br> ICLR 2023 {LINKS}")) == (title, "ICLR 2023")


def test_rows_of_mojibake_are_repaired_and_their_neighbours_kept():
    damaged = "Týr – “Intel®” 🏆 naïve".encode().decode("mac_roman")
    reading = read("### Q", f"- {damaged} <br> ICLR 2023 {LINKS}", f"- T√Ωr <br> ICLR 2023 {LINKS}")
    assert [e.title for e in reading.entries] == ["Týr – “Intel®” 🏆 naïve", "Týr"]


def test_a_clean_list_with_a_root_sign_stays():
    reading = read("### Q", f"- √2 √Ω ≈ Týr <br> ICLR 2023 {LINKS}", f"- Café <br> ICLR 2023 {LINKS}")
    assert [e.title for e in reading.entries] == ["√2 √Ω ≈ Týr", "Café"]


# -- round trips -------------------------------------------------------------------------------------------


def escaped(text: str) -> str:
    return re.sub(r"""([!-/:-@\[-`{-~])""", r"\\\1", text)


def as_markdown(reading: Reading) -> str:
    """Write rows in the list's own form."""
    lines: list[str] = []
    section = None
    for entry in reading.entries:
        if entry.section != section:
            section = entry.section
            lines += [f"### {escaped(section)}", ""]
        broken = "" if entry.kind == "tool" else f" <br> {escaped(entry.venue)}"
        links = " ".join(f"[[{escaped(link.label)}]]({link.url})" for link in entry.links)
        lines += [f"- {escaped(entry.title)}{broken} {links}", ""]
    return "\n".join(lines)


def unplaced(entry: Entry) -> tuple[object, ...]:
    return entry.position, entry.section, entry.kind, entry.title, entry.venue, entry.links


@pytest.mark.parametrize("codec", ["utf-8", "mac_roman", "cp1252"])
def test_the_shipped_rows_written_and_read_again(codec):
    shipped = shipped_list()
    data = as_markdown(shipped).encode("utf-8")
    # Windows-1252 leaves five bytes open; whoever reads UTF-8 as it lets them through
    text = data.decode(codec) if codec != "cp1252" else "".join(_sloppy(b) for b in data)
    reading = read_list(text, shipped.source, is_venue)
    assert reading.unread == ()
    assert [unplaced(e) for e in reading.entries] == [unplaced(e) for e in shipped.entries]
    kinds = [e.kind for e in reading.entries]
    assert (kinds.count("paper"), kinds.count("tool")) == (698, 43)


def _sloppy(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeError:
        return chr(byte)


# letters, digits and the marks of titles; joined so that white space is single and ends are words
WORDS = (
    st.text(
        st.sampled_from("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789*_`$&<>#!?:.+=~^'\"%@{}\\éüßλ√大模🚀"),
        min_size=1,
        max_size=8,
    )
    .map(lambda word: f"w{word}z")
    .filter(lambda word: repair_mojibake(word) == word)
)  # "√ß" is a damaged "ç"
TITLES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
LINK = st.tuples(
    st.sampled_from(["Paper", "Code", "Model", "Some Page", "Code (Marlin)"]),
    st.sampled_from([ARXIV, GITHUB, "https://x.org/a_b*c?d=e&f=g", "https://openreview.net/forum?id=-a_b"]),
).map(lambda link: Link(*link, identify(link[1])))
ENTRIES = st.lists(
    st.tuples(TITLES, TITLES, st.lists(LINK, max_size=3), st.sampled_from(["Survey", "KV Cache", "W&A * 2"])),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=150)
@given(ENTRIES)
def test_rows_written_as_markdown_are_read_back_equal(drawn):
    drawn = sorted(drawn, key=lambda d: d[3])
    made = Reading("x", tuple(Entry(0, n, s, "paper", t, v, tuple(ls)) for n, (t, v, ls, s) in enumerate(drawn, 1)))
    reading = read_list(as_markdown(made), "x", is_venue)
    assert [unplaced(e) for e in reading.entries] == [unplaced(e) for e in made.entries]
    assert reading.unread == ()
    assert [(e.title, e.venue, e.links, e.section) for e in reading.entries] == [
        (e.title, e.venue, e.links, e.section) for e in made.entries
    ]


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("abAB19 \n\r\t-*+#|<>[]()!`_\\/&;:.é√≈"), max_size=200))
def test_any_text_is_read_and_every_row_stands_on_its_line(text):
    reading = read_list(text + f"\n\n# Q\n- A <br> {LINKS}", "x", is_venue)
    lines = re.split(r"\r\n|\r|\n", text)
    assert [e.position for e in reading.entries] == list(range(1, len(reading.entries) + 1))
    assert all(1 <= e.line <= len(lines) + 3 for e in reading.entries)
    assert [e.line for e in reading.entries] == sorted(e.line for e in reading.entries)


# -- size --------------------------------------------------------------------------------------------------

_LARGE = """
import resource
from llmcomp.kg.lists import read_list
text = "### Q\\n" + "".join(
    f"- Paper {n} <br> ICLR 2023 [[Paper]](https://arxiv.org/abs/2210.{n % 100000:05d})\\n" for n in range(100000)
)
found = read_list(text, "x").entries
assert (found[-1].position, found[-1].line, found[-1].title) == (100000, 100001, "Paper 99999")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the unit of ru_maxrss is Linux's")
def test_a_hundred_thousand_rows_fit_in_a_gigabyte():
    done = subprocess.run([sys.executable, "-c", _LARGE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 1_000_000


@pytest.mark.parametrize("text", ["[" * 300_000, "[ " * 300_000, "]" * 300_000, f"A <br> {'[' * 300_000} {LINKS}"])
def test_brackets_without_end_take_no_time(text):
    start = time.perf_counter()
    assert trim(text).strip("A<br> ")[:1] in {"", "["}
    assert time.perf_counter() - start < 1


def test_a_long_run_of_digits_in_brackets_is_no_date():
    start = time.perf_counter()
    row(f"- ({'1' * 100_000}x) GPTQ {LINKS}")
    assert time.perf_counter() - start < 5


# --- other lists' habits

FASTGEN = "FastGen: Adaptive KV Cache Compression"
FASTGEN_URL = "https://arxiv.org/abs/2310.01801"


@pytest.mark.parametrize(
    ("row", "venue"),
    [
        (f"- [2023/10] [{FASTGEN}]({FASTGEN_URL})", ""),
        (f"- (Oct 2023) {FASTGEN} [[paper]]({FASTGEN_URL})", ""),
        (f"- **[ICLR 2024]** {FASTGEN} [[paper]]({FASTGEN_URL})", "ICLR 2024"),
        (f"- [ICLR 2024] [{FASTGEN}]({FASTGEN_URL}) [[code]](https://github.com/a/b)", "ICLR 2024"),
        (f'- <a href="{FASTGEN_URL}">{FASTGEN}</a>, ICLR 2024', "ICLR 2024"),
        (f"- {FASTGEN}\n  - [Paper]({FASTGEN_URL})\n  - [Code](https://github.com/a/b)", ""),
        (f"- ![badge](https://img.shields.io/x.svg) **{FASTGEN}** [[paper]]({FASTGEN_URL})", ""),
    ],
)
def test_dates_venues_and_nested_links_of_other_lists(row: str, venue: str) -> None:
    reading = read_list(row, "x", lambda text: VenueTable.load().parse(text) is not None)
    (entry,) = reading.entries
    assert (entry.title, entry.venue, entry.kind) == (FASTGEN, venue, "paper")
    assert entry.links[0].url == FASTGEN_URL
    assert not reading.unread


def test_a_paper_in_a_section_on_tools_is_a_paper() -> None:
    reading = read_list(
        f"## Agent Frameworks\n- {FASTGEN} [[paper]]({FASTGEN_URL})\n- x: y [[Code]](https://github.com/a/b)\n", "x"
    )
    assert [entry.kind for entry in reading.entries] == ["paper", "tool"]


@pytest.mark.parametrize(
    ("row", "title", "venue"),
    [
        (f"1. [**{FASTGEN}.**]({FASTGEN_URL}) *Suyu Ge, Yunan Zhang.* ICLR 2024", FASTGEN, "ICLR 2024"),
        (f"- **{FASTGEN}.** *Suyu Ge et al.* [[paper]]({FASTGEN_URL})", FASTGEN, ""),
        (f"- 🔥 [[ICLR](https://x.example)] [{FASTGEN}]({FASTGEN_URL})", FASTGEN, "ICLR"),
        (f"- `ICLR 2024` **{FASTGEN}** [[paper]]({FASTGEN_URL})", FASTGEN, "ICLR 2024"),
        (f"- ⭐ [{FASTGEN}]({FASTGEN_URL})", FASTGEN, ""),
    ],
)
def test_authors_emoji_and_code_spans_of_other_lists(row: str, title: str, venue: str) -> None:
    (entry,) = read_list(row, "x", lambda text: VenueTable.load().parse(text) is not None).entries
    assert (entry.title, entry.venue) == (title, venue)


def test_badges_before_the_title_of_a_table_cell() -> None:
    badges = "[![Star](https://img.shields.io/a.svg)](https://github.com/a/b)<br>"
    cell = f"{badges}:star: [{FASTGEN}]({FASTGEN_URL}) <br> Suyu Ge"
    table = f"| Title & Authors | Links |\n|:--|:--|\n| {cell} | [Code](https://github.com/a/b) |\n"
    (entry,) = read_list(table, "x").entries
    assert entry.title == FASTGEN
    assert FASTGEN_URL in [link.url for link in entry.links]
