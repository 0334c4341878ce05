"""``llmcomp check``: what is found in a user's file, what is mended, and what is left alone."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

import llmcomp
from llmcomp.cli import main
from llmcomp.exports.checking import Checked, check
from llmcomp.exports.finding import KINDS
from llmcomp.exports.latex import escape
from llmcomp.exports.options import Options
from llmcomp.exports.titles import protect
from llmcomp.kg.bibfile import parse_bib
from llmcomp.kg.names import spoken

DATA = Path(__file__).parent / "data" / "check"
GPTQ = "{GPTQ}: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
AUTHORS = "Frantar, Elias and Ashkboos, Saleh and Hoefler, Torsten and Alistarh, Dan"
ICLR = "The Eleventh International Conference on Learning Representations"
SURE = f"author = {{{AUTHORS}}}, title = {{{GPTQ}}}, booktitle = {{ICLR}}, year = {{2023}}, eprint = {{2210.17323}}"
SURE += ", archiveprefix = {arXiv}"
TITLE = GPTQ.replace("{", "").replace("}", "")
"""An entry of GPTQ in which nothing is wrong, without its braces."""
DAS = "author = {Das, Rocktim Jyoti and Sun, Mingjie and Ma, Liqun and Shen, Zhiqiang}, title = {Beyond Size: How "
DAS += "Gradients Shape Pruning Decisions in Large Language Models}"
"""The beginning of an entry of a work that was never published."""
BOOK = "@book{b, author = {A. Uthor}, title = {A Book}, publisher = {P}, year = {1999}, "
"""The beginning of an entry of a work that the graph does not know, in which nothing is wrong."""


@cache
def checked(graph: llmcomp.Graph, source: str) -> Checked:
    return check(graph, parse_bib(source, "refs.bib"))


def told(graph: llmcomp.Graph, source: str, *kinds: str) -> list[str]:
    """What is found, but for works that the graph does not know: kind, level, "*" if it is mended, message."""
    return [
        f"{f.kind} {f.level}{'*' * bool(f.fix)}: {f.message}"
        for f in checked(graph, source).findings
        if f.kind != "unknown-work" and (not kinds or f.kind in kinds)
    ]


ROWS = {
    "2210.17323": "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers <br> ICLR 2023",
    "2306.00978": "AWQ: Activation-aware Weight Quantization for LLM Compression and Acceleration <br> MLSys 2024",
    "2311.04902": "Beyond Size: How Gradients Shape Pruning Decisions in Large Language Models <br> Arxiv 2023",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> llmcomp.Graph:
    """A graph of few works, which is read in no time."""
    folder = tmp_path_factory.mktemp("small")
    rows = "".join(f"- {title} [[Paper]](https://arxiv.org/abs/{arxiv})\n" for arxiv, title in ROWS.items())
    (folder / "list.md").write_text(f"## Quantization\n{rows}", "utf-8")
    llmcomp.build_graph(folder / "graph", [str(folder / "list.md")])
    return llmcomp.open_graph(folder / "graph")


FOUND: dict[str, tuple[str, str, str]] = {
    # published
    "a preprint that was published since": (
        f"@misc{{a, author = {{{AUTHORS}}}, title = {{{GPTQ}}}, year = {{2022}}, month = oct, day = 31, "
        "eprint = {2210.17323}, archiveprefix = {arXiv}, howpublished = {arXiv preprint arXiv:2210.17323}, "
        "note = {mine}}",
        f"published warning*: published at ICLR 2023: {ICLR} (graph)",
        f"@inproceedings{{a, author = {{{AUTHORS}}}, title = {{{GPTQ}}}, year = {{2023}}, eprint = {{2210.17323}}, "
        f"archiveprefix = {{arXiv}}, booktitle = {{{ICLR}}}, publisher = {{OpenReview.net}}, note = {{mine}}}}",
    ),
    # wrong-field
    "a year that is not the venue's": (
        f"@inproceedings{{a, {SURE.replace('2023', '2022')}}}",
        "wrong-field warning*: the year is 2023, that of ICLR 2023 (graph)",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "a year that is not that of the first posting": (
        f"@misc{{a, {DAS}, year = {{2024}}, eprint = {{2311.04902}}, archiveprefix = {{arXiv}}}}",
        "wrong-field warning*: first posted in 2023 (arXiv:2311.04902)",
        f"@misc{{a, {DAS}, year = {{2023}}, eprint = {{2311.04902}}, archiveprefix = {{arXiv}}}}",
    ),
    "a venue that is another": (
        f"@inproceedings{{a, {SURE.replace('ICLR', 'ICML')}}}",
        f"wrong-field warning*: the venue is ICLR 2023: {ICLR} (graph)",
        f"@inproceedings{{a, {SURE.replace('{ICLR}', f'{{{ICLR}}}')}}}".replace(
            ", eprint", ", publisher = {OpenReview.net}, eprint"
        ),
    ),
    "authors that are missing": (
        f"@inproceedings{{a, {SURE.replace(' and Hoefler, Torsten', '')}}}",
        "wrong-field warning*: authors lack Torsten Hoefler (graph)",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "a list of authors that is cut": (
        f"@inproceedings{{a, {SURE.replace(' and Hoefler, Torsten and Alistarh, Dan', ' and others')}}}",
        "wrong-field warning*: the list of authors is cut after 2 of 4 (graph)",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "authors in another order": (
        f"@inproceedings{{a, {SURE.replace(AUTHORS, ' and '.join(reversed(AUTHORS.split(' and '))))}}}",
        "wrong-field warning*: authors stand in another order; the graph has Elias Frantar, Saleh Ashkboos, "
        "Torsten Hoefler and 1 more",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "a misspelt author": (
        f"@inproceedings{{a, {SURE.replace('Ashkboos', 'Ashkbos')}}}",
        "wrong-field warning*: author 'Saleh Ashkbos' is 'Saleh Ashkboos' (graph)",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "authors whom nobody knows": (
        f"@inproceedings{{a, {SURE.replace('Hoefler, Torsten and Alistarh, Dan', 'Doe, Jane and others')}}}",
        "wrong-field warning*: no author to the graph: Jane Doe; it has Torsten Hoefler, Dan Alistarh",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "given names that are cut to initials": (
        f"@inproceedings{{a, {SURE.replace('Elias', 'E.').replace('Saleh', 'S.')}}}",
        "wrong-field info*: given names are cut to initials: Elias Frantar, Saleh Ashkboos (graph)",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "a misprint in a title": (
        f"@inproceedings{{a, {SURE.replace('Generative', 'Genrative')}}}",
        f"wrong-field warning*: the title is '{TITLE}' (graph)",
        f"@inproceedings{{a, {SURE.replace('{GPTQ}: Accurate', '{GPTQ}: {Accurate}')}}}",
    ),
    "another paper's arXiv id and its address": (
        f"@inproceedings{{a, {SURE.replace('2210.17323', '2306.00978')}, url = {{https://arxiv.org/abs/2306.00978}}}}",
        "wrong-field warning*: the arXiv id is 2210.17323 (graph), not 2306.00978",
        f"@inproceedings{{a, {SURE}, url = {{https://arxiv.org/abs/2210.17323}}}}",
    ),
    "the title of one paper, the arXiv id of another, and nobody's name": (
        f"@misc{{a, title = {{{GPTQ}}}, eprint = {{2306.00978}}, archiveprefix = {{arXiv}}, year = {{2022}}}}",
        "wrong-field warning: 'GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers' is "
        "arXiv:2210.17323 (graph), and the arXiv id here is 2306.00978",
        "",
    ),
    "another paper's arXiv id": (
        f"@inproceedings{{a, {SURE.replace('2210.17323', '2306.00978')}}}",
        "wrong-field warning*: the arXiv id is 2210.17323 (graph), not 2306.00978",
        f"@inproceedings{{a, {SURE}}}",
    ),
    # missing-field
    "no year": (
        f"@inproceedings{{a, {SURE.replace(', year = {2023}', '')}}}",
        "missing-field warning*: @inproceedings without year; it is 2023 (graph)",
        f"@inproceedings{{a, {SURE.replace(', year = {2023}', '').replace('{ICLR}', '{ICLR}, year = {2023}')}}}",
    ),
    "an arXiv id that only the graph knows": (
        f"@inproceedings{{a, {SURE.partition(', eprint')[0]}}}",
        "missing-field info*: the graph knows its arXiv id 2210.17323",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "no publisher of a book": (
        BOOK.replace("publisher = {P}, ", "") + "}",
        "missing-field warning: @book without publisher",
        "",
    ),
    # not-a-venue
    "ArXiv as a journal": (
        f"@article{{a, {DAS}, journal = {{ArXiv}}, volume = {{abs/2311.04902}}, year = {{2023}}}}",
        "not-a-venue warning*: journal = 'ArXiv': a place of preprints is no journal, volume = 'abs/2311.04902' no "
        "volume",
        f"@misc{{a, {DAS}, howpublished = {{arXiv preprint arXiv:2311.04902}}, year = {{2023}}, "
        "eprint = {2311.04902}, archiveprefix = {arXiv}}",
    ),
    "CoRR as a journal of a work that the graph does not know": (
        "@article{a, author = {A. U}, title = {No}, journal = {CoRR}, volume = {abs/9901.00001}, year = {1999}}",
        "not-a-venue warning: journal = 'CoRR': a place of preprints is no journal, volume = 'abs/9901.00001' no "
        "volume; tell it as @misc with howpublished = {arXiv preprint arXiv:9901.00001}",
        "",
    ),
    # wrong-type
    "an article in proceedings": (
        f"@article{{a, {SURE.replace('booktitle', 'journal')}}}",
        "wrong-type warning*: 'ICLR' is no journal: papers there are @inproceedings with a booktitle",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "an article with a booktitle": (
        f"@article{{a, {SURE}}}",
        "wrong-type warning*: @article has a journal, no booktitle",
        f"@inproceedings{{a, {SURE}}}",
    ),
    # volume-and-number
    "volume and number in proceedings": (
        "@inproceedings{a, author = {A. U}, title = {T}, booktitle = {B}, year = {1999}, volume = {1}, number = {2}}",
        "volume-and-number warning: @inproceedings has volume or number, not both: BibTeX prints the volume alone",
        "",
    ),
    # form
    "month 13": (
        BOOK + "month = 13}",
        "bad-month warning: month 13 is none: write 1 to 12, or a macro from jan to dec",
        "",
    ),
    "a month in braces": (
        BOOK + "month = {Sept.}}",
        "bad-month info*: 'Sept.' is a word here; the macro is month = sep",
        BOOK + "month = sep}",
    ),
    "et al. of a work that the graph does not know": (
        BOOK.replace("A. Uthor", "A. Uthor et al.") + "}",
        "et-al warning*: 'et al.' is taken for a name; BibTeX knows 'and others'",
        BOOK.replace("A. Uthor", "A. Uthor and others") + "}",
    ),
    "et al. of a work whose authors the graph knows": (
        f"@inproceedings{{a, {SURE.replace(AUTHORS, 'Frantar, Elias and et al.')}}}",
        "et-al warning*: 'and et al.' is taken for a name; BibTeX knows 'and others'",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "names joined by commas": (
        f"@inproceedings{{a, {SURE.replace(AUTHORS, 'Elias Frantar, Saleh Ashkboos, Dan Alistarh')}}}",
        "author-form warning*: 'Elias Frantar, Saleh Ashkboos, Dan Alistarh' is no one name: BibTeX parts names by "
        "' and '",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "a name with dblp's number": (
        BOOK.replace("A. Uthor", "Ann Uthor 0001 and B. Ook") + "}",
        "author-form warning*: 0001 is dblp's number for a person, no part of the name",
        BOOK.replace("A. Uthor", "Ann Uthor and B. Ook") + "}",
    ),
    "a DOI as an address": (
        BOOK + "doi = {https://doi.org/10.5555/Ab\\_c}}",
        "doi-form warning*: the bare DOI is 10.5555/Ab_c",
        BOOK + "doi = {10.5555/Ab_c}}",
    ),
    "no DOI at all": (BOOK + "doi = {n/a}}", "doi-form warning: 'n/a' is no DOI: one begins with 10.NNNN/", ""),
    "an address with escapes": (
        BOOK + "url = {https://example.org/a\\_b\\%20c}}",
        "url-form warning*: an address stands without TeX: https://example.org/a_b%20c",
        BOOK + "url = {https://example.org/a_b%20c}}",
    ),
    "an arXiv id with its prefix": (
        BOOK + "eprint = {arXiv:2201.00001}, archiveprefix = {arXiv}}",
        "eprint-form warning*: the bare arXiv id is 2201.00001",
        BOOK + "eprint = {2201.00001}, archiveprefix = {arXiv}}",
    ),
    "an arXiv id with a version": (
        BOOK + "eprint = {2201.00001v2}, archiveprefix = {arXiv}}",
        "eprint-form info: 2201.00001v2 names one version; the work is 2201.00001",
        "",
    ),
    "a raw character": (
        BOOK.replace("A Book", "Rock & Roll &amp; 5% of my_book #1") + "}",
        "raw-character warning*: title has a raw & % _ #, which breaks LaTeX",
        BOOK.replace("A Book", "Rock \\& Roll \\& 5\\% of my\\_book \\#1") + "}",
    ),
    "math that has lost its dollars": (
        BOOK.replace("A Book", "About x_1") + "}",
        "raw-character warning: title has a raw _, which breaks LaTeX",
        "",
    ),
    "a dollar that nothing closes": (
        BOOK.replace("A Book", "A Book for $5") + "}",
        "raw-character warning: title has an odd number of $; a dollar that is no math is \\$",
        "",
    ),
    "capitals without braces": (
        f"@inproceedings{{a, {SURE.replace('{GPTQ}', 'GPTQ')}}}",
        "lost-capitals warning*: a style will lower 'GPTQ': no braces round it",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "capitals that are gone": (
        f"@inproceedings{{a, {SURE.replace('{GPTQ}', 'Gptq')}}}",
        "lost-capitals warning*: 'Gptq:' is 'GPTQ:' (graph)",
        f"@inproceedings{{a, {SURE}}}",
    ),
    "capitals in the title of a work that the graph does not know": (
        BOOK.replace("A Book", "A Book of (DNA), FooNet-based {H2O} and Apple Pie") + "}",
        "lost-capitals warning*: a style will lower 'DNA', 'FooNet-based': no braces round them",
        BOOK.replace("A Book", "A Book of ({DNA}), {FooNet-based} {H2O} and Apple Pie") + "}",
    ),
    "a title in capitals": (
        f"@inproceedings{{a, {SURE.replace(GPTQ, GPTQ.upper())}}}",
        f"shouted-title warning*: the title is in capitals throughout; it is '{TITLE}' (graph)",
        f"@inproceedings{{a, {SURE.replace('{GPTQ}: Accurate', '{GPTQ}: {Accurate}')}}}",
    ),
    # the file
    "a field told twice": (BOOK + "year = {2000}}", "duplicate-field warning: year is told twice, with two values", ""),
    "a key of two entries": (BOOK + "}\n" + BOOK + "}", "duplicate-key error: the key stands in line 1 already", ""),
    "a key of two entries but for capitals": (
        f"{BOOK}}}\n{BOOK.replace('{b,', '{B,')}}}".replace("A Book", "A", 1),
        "duplicate-key warning: the key stands in line 1 already, as b: BibTeX takes them for one",
        "",
    ),
    "a work twice": (
        f"@inproceedings{{a, {SURE}}}\n@inproceedings{{c, {SURE.partition(', eprint')[0]}}}",
        "duplicate-work warning: the work of a (line 1) once more",
        f"@inproceedings{{a, {SURE}}}\n@inproceedings{{c, {SURE}}}",
    ),
    "a work that the graph does not know, twice": (
        BOOK.replace("A Book", "A Book with a Longer Title")
        + "}\n@book{c, author = {Uthor, Ann}, title = {A book with a longer title}, publisher = {Q}, year = {1999}}",
        "duplicate-work warning: the work of b (line 1) once more",
        "",
    ),
    "a key that is not ASCII": (
        BOOK.replace("{b,", "{bücher,") + "}",
        "non-ascii-key warning: 'ü' in a key: BibTeX's programs do not all read it",
        "",
    ),
    "a key that names a preprint's record": (
        f"@inproceedings{{DBLP:journals/corr/abs-2210-17323, {SURE}}}",
        "dead-key info: the key names a preprint's record, and the work is published (graph)",
        "",
    ),
    "a key that says nothing": (
        BOOK.replace("{b,", "{noauthor_book_nodate,") + "}",
        "dead-key info: the key says neither who nor what",
        "",
    ),
    "a macro that nobody defines": (
        BOOK + "series = lncs}",
        "undefined-string warning: series = lncs: no @string defines it; BibTeX prints nothing for it",
        "",
    ),
    "a comma that is missing": (
        BOOK.replace("{1999}, ", "{1999} note = {x}") + "}",
        "broken-entry error: no comma before 'note'",
        "",
    ),
    "a comment inside an entry": (
        BOOK.replace("title", "% a comment\n title") + "}",
        "broken-entry warning: a comment (%) before 'title': biber passes over it, BibTeX loses the rest of the entry",
        "",
    ),
    "a block that cannot be read": (
        "@misc{a, title = {x",
        "unreadable error: kept as it stands: the value of 'title' is never closed",
        "",
    ),
}


@pytest.mark.parametrize(("source", "message", "mended"), FOUND.values(), ids=FOUND)
def test_it_is_found_and_mended(small: llmcomp.Graph, source: str, message: str, mended: str) -> None:
    assert told(small, source, message.partition(" ")[0]) == [message]
    assert checked(small, source).mended == (mended or source)


def test_every_kind_is_found_somewhere() -> None:
    assert {message.partition(" ")[0] for _, message, _ in FOUND.values()} | {"unknown-work"} == KINDS.keys()


INNOCENT = {
    "the venue by another name": SURE.replace(
        "{ICLR}", "{Proc. of the International Conference on Learning Representations}"
    ),
    "the venue as dblp tells it": SURE.replace(
        "{ICLR}",
        f"{{{ICLR}, {{ICLR}} 2023, Kigali, Rwanda, May 1-5, 2023}}",
    ),
    "a venue that is not understood": SURE.replace("ICLR", "Some Meeting"),
    "names in the order of speech": SURE.replace(
        AUTHORS, "Elias Frantar and Saleh Ashkboos and Torsten Hoefler and Dan Alistarh"
    ),
    "a given name that is another's": SURE.replace("Dan", "Dan-Adrian"),
    "an accent": SURE.replace("Frantar", "Fr{\\'a}ntar"),
    "a title braced as a whole": SURE.replace(GPTQ, f"{{{TITLE}}}"),
    "a title braced in part": SURE.replace("{GPTQ}", "{GPT}{Q}"),
    "a title in small letters but for names": SURE.replace(
        "Accurate Post-Training Quantization", "accurate post-training quantization"
    ),
    "a title by another nickname": SURE.replace("{GPTQ}: Accurate", "{OPTQ}: Accurate"),
    "a month": SURE + ", month = may",
    "a month as a number": SURE + ", month = {5}",
    "some days of a month": SURE + ', month = "1--5 May"',
    "escapes": SURE.replace("ICLR", "ICLR \\& more\\_or $a_1^b$ less 5\\%"),
    "a note": SURE + ", abstract = {50% & more_or_less}, file = {a_b%c}, keywords = {a_b}",
    "an address": SURE + ", url = {https://openreview.net/forum?id=tcbBPnfwxS&a=b%20c#d_e~f}",
}


@pytest.mark.parametrize("fields", INNOCENT.values(), ids=INNOCENT)
def test_its_innocent_look_alike_is_left_alone(small: llmcomp.Graph, fields: str) -> None:
    source = f"@inproceedings{{frantar2023, {fields}}}"
    assert [line for line in told(small, source) if " info" not in line] == []
    assert checked(small, source).mended == source


@pytest.mark.parametrize("format", ["bibtex", "biblatex"])
def test_what_we_write_ourselves_is_right(graph: llmcomp.Graph, format: str) -> None:
    text = graph.bibliography(format=format)
    found = checked(graph, text)
    assert found.mended == text
    assert [f for f in found.findings if f.level != "info"] == []
    assert found.known == found.entries > 600


@pytest.mark.parametrize("venues", ["short", "acronym"])
def test_venues_of_any_length_are_the_same_venue(graph: llmcomp.Graph, venues: str) -> None:
    text = graph.bibliography(options=Options(venues=venues))
    assert [f for f in checked(graph, text).findings if f.level != "info"] == []


def test_venues_are_known_however_they_are_printed(graph: llmcomp.Graph) -> None:
    source: list[str] = []
    for work in graph.works():
        if (venue := work.venue) and work.authors and venue.kind != "journal":
            acronym = venue.acronym.split()[0] if venue.kind == "conference" else venue.acronym
            printed = (
                f"{venue.acronym}, City, Country, May 1-5, {work.year}",
                f"{venue.title}, {venue.acronym}, City",
                f"Proc. {venue.acronym}",
                f"{venue.short} ({acronym})",
                acronym,
            )
            names = " and ".join(spoken(name) for name in work.authors)
            source += (
                f"@inproceedings{{{work.key}:{n}, author = {{{escape(names)}}}, title = {{{protect(work.title)}}}, "
                f"booktitle = {{{escape(place)}}}, year = {{{work.year}}}}}"
                for n, place in enumerate(printed)
            )
    found = check(graph, parse_bib("\n".join(source)))
    assert found.known == found.entries > 1000
    assert [f for f in found.findings if f.level != "info" and f.kind != "duplicate-work"] == []


def test_unguarded_titles_are_found_and_mended(graph: llmcomp.Graph) -> None:
    text = graph.bibliography(category="kv-cache-compression", options=Options(protect="none"))
    found = checked(graph, text)
    assert {f.kind for f in found.findings} == {"lost-capitals"}
    assert told(graph, found.mended) == []


def test_a_crossreferenced_field_is_not_missing(small: llmcomp.Graph) -> None:
    source = "@inproceedings{a, author = {A. Uthor}, title = {T}, crossref = {w}}\n"
    whole = "@proceedings{w, title = {Proceedings of a Meeting}, year = {1999}}"
    assert told(small, source + whole) == []
    assert told(small, source) == [
        "missing-field warning: @inproceedings without booktitle",
        "missing-field warning: @inproceedings without year",
    ]


def test_a_venue_is_read_through_its_macro(small: llmcomp.Graph) -> None:
    entry = f"@inproceedings{{a, {SURE.replace('{ICLR}', 'conf')}}}"
    assert told(small, f"@string{{conf = {{Proc. ICLR}}}}\n{entry}") == []
    wrong = checked(small, f"@string{{conf = {{Proc. ICML}}}}\n{entry}")
    assert [f.kind for f in wrong.findings] == ["wrong-field"]
    assert f"booktitle = {{{ICLR}}}, year" in wrong.mended
    assert wrong.mended.startswith("@string{conf = {Proc. ICML}}\n")


def test_an_entry_that_tells_more_of_another_venue_is_not_mended(small: llmcomp.Graph) -> None:
    source = f"@inproceedings{{a, {SURE.replace('ICLR', 'ICML')}, pages = {{1--2}}}}"
    assert told(small, source) == [f"wrong-field warning: the venue is ICLR 2023: {ICLR} (graph)"]
    assert checked(small, source).mended == source


def test_a_later_publication_that_the_graph_does_not_know_is_not_mended(small: llmcomp.Graph) -> None:
    journal = (
        "@article{a, " + SURE.replace("booktitle = {ICLR}", "journal = {IEEE Access}").replace("2023", "2025") + "}"
    )
    meeting = "@inproceedings{a, " + SURE.replace("{ICLR}", "{NeurIPS}").replace("2023", "2024") + "}"
    for source in (journal, meeting):
        assert told(small, source) == [f"wrong-field warning: the venue is ICLR 2023: {ICLR} (graph)"]
        assert checked(small, source).mended == source


def test_a_year_beside_the_volume_of_another_year_is_told_and_not_mended(small: llmcomp.Graph) -> None:
    source = "@inproceedings{a, " + SURE.replace("{2023}", "{2022}, volume = {10}") + "}"
    assert told(small, source) == ["wrong-field warning: the year is 2023, that of ICLR 2023 (graph)"]
    assert checked(small, source).mended == source


@pytest.mark.parametrize("kind", ["software", "dataset", "phdthesis", "book"])
def test_what_has_the_title_of_a_paper_and_is_none_is_not_made_one(small: llmcomp.Graph, kind: str) -> None:
    paper = f"@inproceedings{{p, {SURE}}}\n"
    other = f"@{kind}{{a, author = {{Frantar, Elias}}, title = {{{GPTQ}}}, year = {{2024}}, school = {{S}}, "
    other += "publisher = {P}, institution = {I}, url = {https://github.com/IST-DASLab/gptq}}"
    found = checked(small, paper + other)
    assert (found.findings, found.mended) == ((), paper + other)


def test_a_report_of_a_house_is_not_made_a_paper(small: llmcomp.Graph) -> None:
    report = f"@techreport{{a, author = {{{AUTHORS}}}, title = {{{GPTQ}}}, year = {{2022}}, institution = {{%s}}}}"
    house, arxiv = report % "IST Austria", report % "arXiv"
    assert told(small, house, "published") == [f"published warning: published at ICLR 2023: {ICLR} (graph)"]
    assert checked(small, house).mended == house
    assert checked(small, arxiv).mended.startswith("@inproceedings{a, ")


def test_pages_counted_from_the_first_go_with_the_preprint(small: llmcomp.Graph) -> None:
    source = (
        f"@article{{a, author = {{{AUTHORS}}}, title = {{{GPTQ}}}, journal = {{CoRR}}, year = 2022, pages = {{%s}}}}"
    )
    assert "pages" not in checked(small, source % "1--16").mended
    assert "pages = {12--16}" in checked(small, source % "12--16").mended


def test_a_venue_without_a_year_has_that_of_the_work(graph: llmcomp.Graph) -> None:
    source = "@article{a, author = {Jung, Hoyoun and Kim, Kyung-Joong}, title = {Discrete Prompt Compression with "
    source += "Reinforcement Learning}, journal = {arXiv preprint arXiv:2308.08758}, year = {2023}}"
    assert "journal = {IEEE Access}, year = {2024}" in checked(graph, source).mended


def test_names_that_are_added_stand_as_the_others_do(small: llmcomp.Graph) -> None:
    source = f"@inproceedings{{a, {SURE.replace(' and Hoefler, Torsten', '').replace(' and ', f' and{chr(10)}    ')}}}"
    assert checked(small, source).mended == f"@inproceedings{{a, {SURE.replace(' and ', f' and{chr(10)}    ')}}}"


def test_the_title_of_a_volume_is_lowered_by_no_style(small: llmcomp.Graph) -> None:
    assert checked(small, "@proceedings{w, title = {Proceedings of NeurIPS, LA, USA}, year = {1999}}").findings == ()


def test_an_identifier_of_another_paper_is_told_and_nothing_is_mended(small: llmcomp.Graph) -> None:
    source = "@misc{a, author = {Doe, Jane}, title = {What Cats Eat at Night}, eprint = {2210.17323}}"
    source = source.replace("}}", "}, archiveprefix = {arXiv}}")
    assert told(small, source) == [f"wrong-field warning: arxiv:2210.17323 is '{TITLE}' (graph), not this title"]
    assert checked(small, source).mended == source


def test_biblatex_is_mended_as_biblatex(small: llmcomp.Graph) -> None:
    source = (
        f"@online{{a,\n  title = {{{GPTQ}}},\n  author = {{{AUTHORS}}},\n  date = {{2022-10-31}},\n"
        "  eprint = {2210.17323},\n"
        "  eprinttype = {arXiv},\n  doi = {10.48550/arXiv.2210.17323},\n  pubstate = {prepublished},\n}\n"
    )
    assert checked(small, source).mended == (
        f"@inproceedings{{a,\n  title = {{{GPTQ}}},\n  author = {{{AUTHORS}}},\n  booktitle = {{{ICLR}}},\n"
        "  date = {2023},\n  publisher = {OpenReview.net},\n  eprint = {2210.17323},\n  eprinttype = {arXiv},\n}\n"
    )


def test_a_file_in_latin_1_stays_in_it(small: llmcomp.Graph, tmp_path: Path) -> None:
    data = (BOOK.replace("A. Uthor", "Ä. Uthor") + "doi = {doi:10.5555/1}}").encode("latin-1")
    (tmp_path / "refs.bib").write_bytes(data)
    found = small.check(tmp_path / "refs.bib")
    assert found.mended.encode(found.encoding) == data.replace(b"doi:", b"")


def test_a_work_that_only_lists_of_references_name_is_known_but_not_held_against_them(small: llmcomp.Graph) -> None:
    source = "@misc{a, author = {Vaswani, Ashish and Doe, Jane}, title = {Attention is All you Need}, year = {2018}}"
    found = checked(small, source)
    assert (found.known, found.findings) == (1, ())


# --- the command


class Said(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Said]

REFS = f"""@misc{{gptq,
  title = {{GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers}},
  author = {{{AUTHORS}}},
  eprint = {{2210.17323}},
  archiveprefix = {{arXiv}},
  year = {{2022}}
}}

{BOOK}month = 13}}
"""
MENDED = (
    REFS.replace("@misc{gptq", "@inproceedings{gptq")
    .replace("GPTQ: ", "{GPTQ}: ")
    .replace("  year = {2022}\n", "  year = {2023},\n  publisher = {OpenReview.net}\n")
    .replace("Dan},\n", f"Dan}},\n  booktitle = {{{ICLR}}},\n")
)


@pytest.fixture
def run(
    small: llmcomp.Graph, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Run the command in this process, beside a file refs.bib."""
    (tmp_path / "refs.bib").write_text(REFS, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LLMCOMP_GRAPH", str(small.path))

    def _run(*args: str, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(["check", *args])
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


FINDINGS = f"""\
refs.bib:1: gptq: published at ICLR 2023: {ICLR} (graph) [published]
refs.bib:2: gptq: a style will lower 'GPTQ': no braces round it [lost-capitals]
refs.bib:9: b: month 13 is none: write 1 to 12, or a macro from jan to dec [bad-month]
"""


def test_the_command_prints_one_line_a_finding_and_ends_with_1(run: Run) -> None:
    assert run("refs.bib") == Said(
        1,
        FINDINGS,
        "3 findings: 3 warnings; 1 of 2 entries known to the graph\n"
        "2 can be mended: llmcomp check refs.bib --fix -o FILE\n"
        "1 of a work that the graph does not know (--only unknown-work tells which)\n",
    )


def test_what_the_graph_does_not_know_is_named_where_it_is_asked_for(run: Run) -> None:
    line = "refs.bib:9: b: the graph does not know this work [unknown-work]\n"
    assert run("refs.bib", "--only", "unknown-work")[:2] == (0, line)
    assert line in run("refs.bib", "-v").out


def test_only_and_ignore_choose_kinds(run: Run) -> None:
    first, second, third = FINDINGS.splitlines(keepends=True)
    assert run("refs.bib", "--only", "published", "--only", "bad-month").out == first + third
    assert run("refs.bib", "--ignore", "published").out == second + third
    assert run("refs.bib", "--only", "published", "--ignore", "published")[:2] == (0, "")


def test_an_unknown_kind_is_answered_with_those_there_are(run: Run) -> None:
    done = run("refs.bib", "--only", "spelling")
    assert done.code == 2
    assert "'published', 'wrong-field'" in done.err


def test_fix_writes_the_mended_file_and_leaves_the_other(run: Run, tmp_path: Path) -> None:
    done = run("refs.bib", "--fix", "-o", "new.bib")
    assert (tmp_path / "new.bib").read_text("utf-8") == MENDED
    assert (tmp_path / "refs.bib").read_text("utf-8") == REFS
    assert done.code == 1  # month 13 is left
    assert done.out == FINDINGS.replace("[published]", "[published, mended]").replace("capitals]", "capitals, mended]")
    assert "2 mended in new.bib, 1 left to you\n" in done.err


def test_fix_mends_a_file_in_its_place_and_then_nothing_is_left_to_mend(run: Run, tmp_path: Path) -> None:
    run("refs.bib", "--fix", "-o", "refs.bib")
    assert (tmp_path / "refs.bib").read_text("utf-8") == MENDED
    assert run("refs.bib", "--fix", "-o", "refs.bib", "--ignore", "bad-month")[:2] == (0, "")
    assert (tmp_path / "refs.bib").read_text("utf-8") == MENDED
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["refs.bib"]


def test_the_mended_file_goes_to_standard_output_and_what_was_found_does_not(run: Run, tmp_path: Path) -> None:
    run("refs.bib", "--fix", "-o", "mended.bib")
    said = run("refs.bib", "--fix", "-o", "-")
    assert said.out == (tmp_path / "mended.bib").read_text("utf-8")
    assert "[published, mended]" in said.err
    assert "mended in what is written" in said.err
    assert run("refs.bib", "--fix", "-o", "-", "--json").code == 2


def test_a_file_without_an_entry_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text("no bibliography", "utf-8")
    assert run(str(tmp_path / "paper.tex")).err == f"{tmp_path}/paper.tex has no entry; nothing to check\n"


def test_fix_mends_only_the_kinds_that_are_asked_for(run: Run, tmp_path: Path) -> None:
    assert run("refs.bib", "--fix", "-o", "new.bib", "--only", "lost-capitals").code == 0
    assert (tmp_path / "new.bib").read_text("utf-8") == REFS.replace("GPTQ: ", "{GPTQ}: ")


def test_fix_ends_with_0_when_all_is_mended(run: Run) -> None:
    assert run("refs.bib", "--fix", "-o", "new.bib", "--ignore", "bad-month").code == 0


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["--fix"], "Error: --fix needs -o FILE, where the mended file is written; it may be the file itself.\n"),
        (["-o", "x.bib"], "Error: -o is where --fix writes the mended file. Add --fix, or leave -o out.\n"),
    ],
)
def test_fix_and_o_go_together(run: Run, tmp_path: Path, args: list[str], error: str) -> None:
    assert run("refs.bib", *args) == Said(2, "", error)
    assert not (tmp_path / "x.bib").exists()


def test_standard_input_is_read(run: Run) -> None:
    done = run("-", stdin=REFS.encode())
    assert done.out == FINDINGS.replace("refs.bib", "standard input")


def test_byte_order_mark_and_line_ends_stay(run: Run, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + REFS.replace("\n", "\r\n").encode()
    (tmp_path / "refs.bib").write_bytes(data)
    run("refs.bib", "--fix", "-o", "refs.bib")
    assert (tmp_path / "refs.bib").read_bytes() == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()


def test_json_tells_all_of_it(run: Run) -> None:
    done = run("refs.bib", "--json")
    assert done.code == 1
    answer = json.loads(done.out)
    assert {k: v for k, v in answer.items() if k != "findings"} == {
        "file": "refs.bib",
        "entries": 2,
        "known": 1,
        "mendable": 2,
        "mended": False,
        "unread": [],
    }
    assert [(f["kind"], f["level"], f["line"], f["key"]) for f in answer["findings"]] == [
        ("published", "warning", 1, "gptq"),
        ("lost-capitals", "warning", 2, "gptq"),
        ("bad-month", "warning", 9, "b"),
        ("unknown-work", "info", 9, "b"),
    ]
    assert answer["findings"][0]["fix"] == {
        "type": "inproceedings",
        "set": {"booktitle": ICLR, "year": "2023", "publisher": "OpenReview.net"},
        "remove": [],
    }


def test_a_file_without_a_fault_ends_with_0(run: Run) -> None:
    done = run("-", stdin=f"@inproceedings{{a, {SURE}}}".encode())
    assert done == Said(0, "", "nothing found; 1 of 1 entry known to the graph\n")


def test_what_stands_in_a_file_does_not_break_the_line(run: Run) -> None:
    done = run("-", stdin=(BOOK.replace("{b", "{\x1b[31mb") + "doi = {no DOI\n\x1b[31m}}").encode())
    told = "?[31mb: 'noDOI?[31m' is no DOI: one begins with 10.NNNN/ [doi-form]".replace("?", "\ufffd")
    assert done.out == f"standard input:1: {told}\n"
    assert "\x1b" not in done.out


def test_a_file_that_is_not_there(run: Run) -> None:
    done = run("none.bib")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("Error: none.bib: no such file.")


def test_the_help_names_every_kind(run: Run) -> None:
    words = " ".join(run("--help").out.split()).replace("- ", "-")
    assert [kind for kind in KINDS if kind not in words] == []
