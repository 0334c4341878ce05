"""Reading .bib files as people and tools write them; whatever stands in one, it is read or kept."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import llmcomp
from llmcomp.exports.options import Options
from llmcomp.kg.bibfile import BibEntry, BibFile, parse_bib, read_bib
from llmcomp.kg.errors import OutsideError
from llmcomp.kg.model import Identifier, Name
from llmcomp.kg.names import spoken
from llmcomp.kg.untex import untex, untex_address

BIB = Path(__file__).parent / "data" / "bib"
FILES = sorted(BIB.glob("*.bib"))
HEALTHY = "\n@misc{after, title = {Healthy}}\n"


def one(text: str) -> BibEntry:
    """The one entry of a text in which nothing is left unread."""
    file = parse_bib(text)
    assert not file.unread
    (entry,) = file.entries
    return entry


def values(text: str) -> dict[str, str]:
    return one(text).texts


def assert_places(file: BibFile) -> None:
    """Every entry, field and unread piece stands where it says, none overlap, and the rest is the rest of the file."""
    pieces = sorted([(e.start, e.raw) for e in file.entries] + [(u.start, u.raw) for u in file.unread])
    end, rebuilt = 0, ""
    for start, raw in pieces:
        assert start >= end
        rebuilt += file.text[end:start] + raw
        end = start + len(raw)
    assert rebuilt + file.text[end:] == file.text
    for entry in file.entries:
        for field in entry.fields:
            assert entry.start < field.start < field.end <= entry.start + len(entry.raw)
            assert file.text[field.start : field.end].endswith(field.source)
            assert file.text[field.start :].lower().startswith(field.name)


# --- files of tools


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_entry_stands_where_it_says(path: Path) -> None:
    file = read_bib(path)
    assert file.entries
    assert_places(file)
    assert file.text.encode(file.encoding) == path.read_bytes()


@pytest.mark.parametrize("path", [p for p in FILES if p.stem != "hand"], ids=lambda p: p.stem)
def test_files_of_tools_are_read_whole(path: Path) -> None:
    file = read_bib(path)
    assert not file.unread
    assert not file.duplicate_keys
    assert [e.flaws for e in file.entries if e.flaws] == []
    assert all(e.title and not set(e.title) & set("{}\\$") for e in file.entries)


def test_zotero_and_better_bibtex() -> None:
    gptq, qfilters, tool = read_bib(BIB / "zotero.bib").entries
    assert gptq.title == "GPTQ: Accurate Post-training Quantization for Generative Pre-trained Transformers"
    assert gptq.venue == "The Eleventh International Conference on Learning Representations"
    assert (gptq.year, qfilters.year, tool.year) == (2023, 2025, None)
    assert qfilters.venue == ""
    assert qfilters.identifiers == (Identifier("arxiv", "2503.02812"),)
    assert qfilters.authors[5] == Name("Clergerie", "Éric", "de la")
    assert qfilters.get("abstract").endswith("65% over Streaming-LLM.")
    assert tool.identifiers == (Identifier("github", "mit-han-lab/tinychatengine"),)


def test_jabref_with_macros_metadata_and_a_cross_reference() -> None:
    file = read_bib(BIB / "jabref.bib")
    int8, adalora, pvtuning, volume = file.entries
    assert file.strings["neurips"] == "Advances in Neural Information Processing Systems"
    assert int8.venue == "Advances in Neural Information Processing Systems 35"
    assert int8.field("booktitle").source == "neurips # { 35}"  # pyright: ignore
    assert adalora.get("comment") == "read the part on SVD @ home @later again"
    assert adalora.identifiers == (Identifier("arxiv", "2303.10512"),)
    assert pvtuning.venue == "Advances in Neural Information Processing Systems 37"
    assert pvtuning.year == 2024
    assert not any(f.name == "year" for f in pvtuning.fields)
    assert pvtuning.authors[-1] == Name("Richtárik", "Peter")
    assert volume in file.entries
    assert volume not in file.works


def test_mendeley() -> None:
    smoothquant, boza = read_bib(BIB / "mendeley.bib").entries
    assert smoothquant.identifiers == (Identifier("arxiv", "2211.10438"),)
    assert smoothquant.get("month") == "nov"
    assert smoothquant.get("abstract").endswith("100% of it & more, α₁.")
    assert spoken(boza.authors[0]) == "Vladimír Boža"


def test_dblp() -> None:
    qlora, survey = read_bib(BIB / "dblp.bib").entries
    assert qlora.key == "DBLP:journals/corr/abs-2305-14314"
    assert qlora.venue == ""
    assert qlora.identifiers == (Identifier("arxiv", "2305.14314"),)
    assert spoken(survey.authors[-1]) == "Deepak K. Gupta"
    assert survey.title == "Faster and Lighter LLMs: A Survey on Current Challenges and Way Forward"


def test_semantic_scholar() -> None:
    gear, gptq = read_bib(BIB / "semantic_scholar.bib").entries
    assert (gear.venue, gptq.venue) == ("", "")
    assert gear.identifiers == (Identifier("arxiv", "2403.05527"),)
    assert gptq.identifiers == ()


def test_acl_anthology() -> None:
    asymkv, divergent = read_bib(BIB / "acl.bib").entries
    assert asymkv.title.startswith("AsymKV: Enabling 1-Bit Quantization of KV Cache")
    assert asymkv.identifiers == (Identifier("acl", "2025.coling-main.158"),)
    assert (asymkv.get("month"), asymkv.get("pages")) == ("January", "2316–2328")
    assert asymkv.get("abstract").endswith("tasks”, they said “with ‘KV' caches”.")
    assert divergent.identifiers == (
        Identifier("doi", "10.18653/v1/2024.naacl-long.377"),
        Identifier("acl", "2024.naacl-long.377"),
    )
    assert [n.family for n in divergent.authors][::5] == ["Deiseroth", "Aßenmacher"]
    assert " – and optimize" in divergent.title


def test_google_scholar() -> None:
    awq, kivi, brown, _ = read_bib(BIB / "google_scholar.bib").entries
    assert awq.venue == "Proceedings of Machine Learning and Systems"
    assert (kivi.venue, kivi.identifiers) == ("", (Identifier("arxiv", "2402.02750"),))
    assert (len(brown.authors), brown.authors_truncated, kivi.authors_truncated) == (3, True, False)


def test_arxiv_and_openreview_exports() -> None:
    gptq, pyramid = read_bib(BIB / "arxiv.bib").entries
    assert (gptq.key, gptq.year) == ("frantar2023gptqaccurateposttrainingquantization", 2023)
    assert pyramid.authors[0] == Name("Ouderaa", "Tycho F. A.", "van der")
    omnikv, boza = read_bib(BIB / "openreview.bib").entries
    assert (omnikv.key, omnikv.line) == ("hao2025omnikv", 1)
    assert omnikv.identifiers == (Identifier("openreview", "ulCAPXYXfa"),)
    assert spoken(boza.authors[0]) == "Vladimír Boža"


def test_a_file_typed_by_hand_is_read_but_for_what_is_broken() -> None:
    file = read_bib(BIB / "hand.bib")
    assert [e.key for e in file.entries] == [
        "parens",
        "Upper",
        "missing comma",
        "",
        "twice",
        "twice",
        "after",
        "unbraced",
    ]
    assert file.duplicate_keys == ("twice",)
    assert [(u.line, u.reason) for u in file.unread] == [
        (28, "the closing '}' is missing"),
        (35, "'what' stands where a field should begin"),
        (46, "the value of 'author' is never closed"),
    ]
    assert file.unread[1].raw == "@misc{broken2, title = {x}, what is this?, year = 2000}"
    parens, upper, comma, *_, unbraced = file.entries
    assert parens.title == 'A title in "quotes" and (parentheses)'
    assert parens.authors[1] == Name(literal="The BigScience and Friends Workshop")
    assert parens.get("journal") == "IEEE Computer Architecture Letters"
    assert (upper.kind, upper.get("month")) == ("article", "January 1")
    assert [spoken(n) for n in comma.authors] == ["Jörg Müller", "Åse Østby"]
    assert comma.flaws == ("no comma before 'author'",)
    assert comma.identifiers == (Identifier("arxiv", "2005.14165"),)
    assert comma.get("howpublished") == "https://example.org/~me/a_b%20c, see also arXiv"
    assert unbraced.title == "Words without braces"
    assert unbraced.get("institution") == "undefinedmacro"
    assert unbraced.flaws == ("no braces round the value of 'title'", "no value behind 'url ='")


def test_what_the_package_writes_reads_back_as_it_was(graph: llmcomp.Graph) -> None:
    from llmcomp.exports.bibtex import bibtex

    works = graph.works()
    file = parse_bib("".join(bibtex(works, Options())))
    assert not file.unread
    assert [e.key for e in file.entries] == [w.key for w in works]
    for entry, work in zip(file.entries, works, strict=True):
        assert entry.authors == work.authors
        assert entry.authors_truncated == work.authors_truncated
        assert entry.year == work.year
        shown = {i for i in work.identifiers if i.scheme in {"arxiv", "doi"}}
        assert shown <= set(entry.identifiers)


# --- what is broken does not hurt its neighbours


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("@misc{a, title = {x, year = 2000}", "the closing '}' is missing"),
        ("@misc{a, title = {x\n year = 2000\n", "the value of 'title' is never closed"),
        ("@misc{a, title = {x},\n year = 2000,\n", "the closing '}' is missing"),
        ('@misc{a, title = "x},\n year = 2000}\n', "the value of 'title' is never closed"),
        ('@misc{a, title = "x}", year = 2000}\n', "the value of 'title' is never closed"),
        ("@misc{a, title {x}}\n", "'title' stands where a field should begin"),
        ("@misc(a, title = {x}}\n", "'}' stands behind the value of 'title'"),
        ("@misc{a, title = {x} {y}}\n", "'{y}}' stands behind the value of 'title'"),
        ("@misc{a, = {x}}\n", "'=' stands where a field should begin"),
        ("@misc{a{b}, title = {x}}\n", "'{b},' stands behind the key"),
        ("@string{x {y}}\n", "no name and '=' in @string"),
        ("@string{x = {y}, z = {a}}\n", "no '}' where it should end"),
        ("@preamble{ {x} y }\n", "no '}' where it should end"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_broken_entry_is_kept_and_its_neighbours_are_read(broken: str, reason: str, newline: str) -> None:
    text = ("@misc{before, title = {First}}\n" + broken + HEALTHY).replace("\n", newline)
    file = parse_bib(text)
    assert [e.key for e in file.entries] == ["before", "after"]
    (unread,) = file.unread
    assert (unread.line, unread.reason) == (2, reason)
    assert unread.raw == broken.rstrip().replace("\n", newline)
    assert_places(file)


def test_fields_behind_a_surplus_brace_are_told() -> None:
    file = parse_bib("@misc{a, title = {x}},\n  year = {2000},\n}\n@misc{b, title = {y}}")
    assert [(e.key, list(e.texts)) for e in file.entries] == [("a", ["title"]), ("b", ["title"])]
    assert [(u.line, u.raw, u.reason) for u in file.unread] == [
        (2, "year = {2000},\n}", "a brace too many has ended the entry before it")
    ]
    assert_places(file)


def test_a_surplus_brace_is_text_between_entries() -> None:
    file = parse_bib("@misc{a, title = {x}}}\n@misc{b, title = {y}}")
    assert [e.key for e in file.entries] == ["a", "b"]


def test_at_the_begin_of_a_line_in_an_abstract_starts_no_entry() -> None:
    entry = one("@misc{a, abstract = {mail us:\n@home {now}\n@foo{bar}}, year = 2000}")
    assert entry.get("year") == "2000"


def test_an_entry_that_swallows_the_next_by_an_open_brace_is_kept_apart() -> None:
    file = parse_bib("@misc{a, note = {open {,\n}\n@misc{b, title = {y}}\n@misc{c, title = {z}}}}}\n")
    assert [e.key for e in file.entries] == ["b", "c"]
    assert [u.line for u in file.unread] == [1]


# --- the grammar


def test_keys_with_odd_characters() -> None:
    for key in ("DBLP:journals/corr/abs-2210-17323", "a b", "Müller_2020", "x+y", "a'b", "x#1", "10.1145/3", 'a"b'):
        assert one(f"@misc{{{key}, title = {{x}}}}").key == key
    assert one("@misc{\n  spaced  ,title={x}}").key == "spaced"
    assert one("@misc{, title={x}}").key == ""
    assert one("@misc(p, title={x})").key == "p"


def test_entries_without_fields() -> None:
    assert [(e.key, e.fields) for e in parse_bib("@misc{a}@misc{b,}@misc(c)@misc{}").entries] == [
        ("a", ()),
        ("b", ()),
        ("c", ()),
        ("", ()),
    ]


def test_a_missing_key_or_comma_behind_it_is_a_flaw() -> None:
    assert one("@misc{title = {x}, year = 2000}").flaws == ("no key",)
    assert one("@misc{title = {x}, year = 2000}").texts == {"title": "x", "year": "2000"}
    entry = one("@misc{key\n title = {x}}")
    assert (entry.key, entry.title, entry.flaws) == ("key", "x", ("no comma after the key",))
    entry = one("@misc{key title = {x}}")
    assert (entry.key, entry.title, entry.flaws) == ("key", "x", ("no comma after the key",))
    assert one("@misc{a, title={x},, year=1}").flaws == ("a comma without a field",)


def test_duplicate_fields_are_kept_and_the_first_counts() -> None:
    entry = one("@misc{a, title = {One}, Title = {Two}}")
    assert [f.text for f in entry.fields] == ["One", "Two"]
    assert entry.title == "One"


def test_names_of_fields_and_types_in_any_case() -> None:
    entry = one("@ArTiClE{a, TITLE = {x}, DOI = {10.1145/1}}")
    assert (entry.kind, [f.name for f in entry.fields]) == ("article", ["title", "doi"])


def test_white_space_anywhere() -> None:
    entry = one('@ \n misc\t{\ta\n,\ttitle\n=\n"x"\n#\n{y}\n,\n}')
    assert (entry.key, entry.title) == ("a", "xy")
    assert entry.field("title").source == '"x"\n#\n{y}'  # pyright: ignore


def test_macros() -> None:
    text = (
        '@misc{a, journal = ab # " x", note = nobody # {!}, month = DEC}@string{AB = "Journal of " # cd}@string(cd={D})'
    )
    assert values(text) == {"journal": "Journal of cd x", "note": "nobody!", "month": "December"}
    assert values('@string{cd = {D}}@string{ab = "of " # cd}@misc{a, x = ab}') == {"x": "of D"}


def test_macros_that_double_each_other_do_not_fill_the_memory() -> None:
    text = "@string{a0 = {xxxxxxxxxx}}" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}" for n in range(60))
    assert len(values(text + "@misc{a, title = a60}")["title"]) < 100_000


def test_comments() -> None:
    file = parse_bib(
        "% @misc{a, title = {x}}\n  % @misc{b, title = {y}}\n@comment{ @misc{c, title = {z}} }\n@comment{never closed\n"
        "@comment no braces\n@misc{d, % a remark, with = signs {\n title = {50% of it}, % another\n}"
    )
    assert [(e.key, e.title) for e in file.entries] == [("d", "50% of it")]
    assert not file.unread


def test_addresses_of_people_between_entries_are_no_entries() -> None:
    file = parse_bib("me@example.org (John), you@work {now}\n@misc{a, title = {x}}")
    assert [e.key for e in file.entries] == ["a"]
    assert not file.unread


def test_an_umlaut_in_quotes_without_braces_is_a_flaw() -> None:
    entry = one('@misc{a, author = "M\\"uller, J", title = "x"}')
    assert entry.authors[0].family == "Müller"
    assert entry.flaws == ("a quote inside the quotes of 'author'",)


def test_backslashes_do_not_hide_braces() -> None:
    assert values("@misc{a, title = {ends in \\\\}, note = {a \\{ b \\}}}") == {"title": "ends in", "note": "a { b }"}


def test_inherited_fields() -> None:
    file = parse_bib(
        "@inproceedings{a, title = {Part}, crossref = {V}, xdata = {x1, x2}}\n@inbook{b, title = {B}, crossref = {v}}"
        "@proceedings{v, title = {Volume}, year = 2000, keywords = {k}, crossref = {w}}\n@xdata{x1, publisher = {P}}"
        "@xdata{x2, publisher = {Q}, series = {S}}@proceedings{w, editor = {E}, title = {W}}"
    )
    a, b, *_ = file.entries
    assert {f.name: f.text for f in a.inherited} == {
        "publisher": "P", "series": "S", "booktitle": "Volume", "year": "2000", "editor": "E",
    }  # fmt: skip
    assert (a.get("year"), a.has("editor"), a.has("keywords"), b.venue) == ("2000", True, False, "Volume")
    assert [e.key for e in file.works] == ["a", "b"]


def test_cross_references_in_a_circle_end() -> None:
    file = parse_bib("@misc{a, crossref = {b}, year = 1}@misc{b, crossref = {a}, note = {n}}@misc{c, crossref = {c}}")
    assert file.entries[0].get("note") == "n"
    chain = "".join(f"@misc{{a{n}, crossref = {{a{n + 1}}}}}\n" for n in range(3000))
    assert len(parse_bib(chain).entries) == 3000


# --- names, years, venues, identifiers


@pytest.mark.parametrize(
    ("tex", "people", "cut"),
    [
        ("Frantar, Elias and Dan Alistarh", ["Elias Frantar", "Dan Alistarh"], False),
        ("Frantar, Elias AND Dan\nand\tHan, Song", ["Elias Frantar", "Dan", "Song Han"], False),
        ("{Barnes and Noble} and others", ["Barnes and Noble"], True),
        ("{{Llama Team, AI @ Meta}}", ["Llama Team, AI @ Meta"], False),
        ("Touvron, Hugo and et al.", ["Hugo Touvron"], True),
        ("A. Bee et al.", ["A. Bee"], True),
        ('{\\"O}sterreich, {\\"A}nne and {\\L}ukasz', ["Änne Österreich", "Łukasz"], False),
        ("family=Rijke, given=Maarten, prefix=de and Han, Song", ["Maarten de Rijke", "Song Han"], False),
        ("{van der Berg}, Jan", ["Jan van der Berg"], False),
        (" and ", [], False),
        ("", [], False),
    ],
)
def test_authors(tex: str, people: list[str], cut: bool) -> None:
    entry = one(f"@misc{{a, author = {{{tex}}}}}")
    assert [spoken(n) for n in entry.authors] == people
    assert entry.authors_truncated == cut


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ("year = 2023", 2023),
        ("year = {2023a}", 2023),
        ("date = {2022-10-31/2023}", 2022),
        ("year = {in press}, date = {2024}", 2024),
        ("year = {to appear}", None),
        ("year = 12345", None),
        ("title = {1984}", None),
    ],
)
def test_years(fields: str, year: int | None) -> None:
    assert one(f"@misc{{a, {fields}}}").year == year


@pytest.mark.parametrize(
    "place",
    [
        "arXiv preprint arXiv:2210.17323",
        "ArXiv",
        "arXiv.org",
        "arXiv e-prints",
        "arXiv:2210.17323 [cs.LG]",
        "CoRR",
        "CoRR, abs/2210.17323",
        "Computing Research Repository",
        "bioRxiv",
        "OpenReview",
        "Preprint",
        "SSRN Electronic Journal",
        "Under review",
        "Submitted to ICML 2024",
        "2210.17323",
    ],
)
def test_places_of_preprints_are_no_venue(place: str) -> None:
    assert one(f"@article{{a, journal = {{{place}}}}}").venue == ""
    assert one(f"@article{{a, journal = {{{place}}}, booktitle = {{ICML}}}}").venue == "ICML"


@pytest.mark.parametrize(
    "place", ["TACL", "Preprints in Biology", "Archive for Science", "Coral Reefs", "Hall of Fame"]
)
def test_journals_that_only_sound_so_are_venues(place: str) -> None:
    assert one(f"@article{{a, journal = {{{place}}}}}").venue == place


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ("eprint = {2210.17323}, archiveprefix = {arXiv}", "arxiv:2210.17323"),
        ("eprint = {arXiv:2210.17323v2}", "arxiv:2210.17323"),
        ("eprint = {cs/0112017}, eprinttype = {arxiv}", "arxiv:cs/0112017"),
        ("doi = {https://doi.org/10.48550/arXiv.2210.17323}", "arxiv:2210.17323"),
        ("doi = {10.1145/3620666.3651380}", "doi:10.1145/3620666.3651380"),
        ("doi = {10.1162/tacl\\_a\\_00704}", "doi:10.1162/tacl_a_00704"),
        ("url = {https://arxiv.org/pdf/2210.17323v1.pdf}", "arxiv:2210.17323"),
        ("url = {https://openreview.net/forum?id=tcbBPnfwxS\\&noteId=x}", "openreview:tcbBPnfwxS"),
        ("howpublished = {\\url{https://aclanthology.org/2024.acl-long.1/}}", "acl:2024.acl-long.1"),
        ("howpublished = {arXiv preprint arXiv:2210.17323}", "arxiv:2210.17323"),
        ("journal = {arXiv preprint arXiv:2210.17323}", "arxiv:2210.17323"),
        ("journal = {arXiv preprint 2210.17323}", "arxiv:2210.17323"),
        ("journal = {CoRR}, volume = {abs/2210.17323}", "arxiv:2210.17323"),
        ("note = {(see https://doi.org/10.1145/3620666.3651380).}", "doi:10.1145/3620666.3651380"),
        ("note = {arXiv:2210.17323 [cs]}", "arxiv:2210.17323"),
        ("ee = {https://proceedings.mlr.press/v202/xiao23c.html}", "pmlr:v202/xiao23c"),
        ("pdf = {https://arxiv.org/pdf/2210.17323}", "arxiv:2210.17323"),
        ("url = {https://github.com/ist-daslab/gptq}", "github:ist-daslab/gptq"),
    ],
)
def test_identifiers(fields: str, identifier: str) -> None:
    assert identifier in map(str, one(f"@misc{{a, {fields}}}").identifiers)


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2210.17323}, eprinttype = {jstor}",
        "pages = {2210.17323}",
        "volume = {2210}, number = {17323}",
        "title = {arXiv:2210.17323}",
        "note = {2210.17323}",
        "eprint = {2213.17323}",
    ],
)
def test_numbers_that_are_no_identifiers(fields: str) -> None:
    assert one(f"@misc{{a, {fields}}}").identifiers == ()


# --- TeX


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\"o {\"o} {\"{o}} \"{o} {\" o}", "ö ö ö ö ö"),
        (r"\'\i \'{\i} {\'\i} {\'{\i}} \i", "íí í í ı"),
        (
            r"\v{s} \v s {\v{Z}} \c{c} Fran\c cois Erd\H os \k{a} \r{a} \d{s} \b{x} \u{g} \.I",
            "š š Ž ç François Erdős ą å ṣ x̱ ğ İ",
        ),
        (r"\o \O\ \l \L{} {\ss} \ae{} {\AE} \aa \dh \DJ", "øØ łŁ ß æ Æ åðĐ"),
        (r"Nguy{\~{\^e}}n \'{\^{e}}", "Nguyễn ế"),
        (r"a--b a---b", "a–b a—b"),
        (r"``quotes'' and `single'", "“quotes” and ‘single'"),
        (r"100\% of R\&D \#1 a\_b \$5 \{x\}", "100% of R&D #1 a_b $5 {x}"),
        (r"100% and $5 or $6", "100% and $5 or $6"),
        (r"$O(n^2)$, $\alpha_1$, $x^{10}$, $\frac{1}{2}$, $a^{T}$, $\mathbb{R}^d$", "O(n²), α₁, x¹⁰, 1/2, a^T, R^d"),
        (r"H$_2$O at 2$\times$", "H₂O at 2×"),
        (r"\textbf{bold} {\em emph} \texttt{a_b} {\sc Small} \emph{x}.int8()", "bold emph a_b Small x.int8()"),
        (r"\url{http://a/~b_c%20d} \href{http://x}{shown}", "http://a/~b_c%20d shown"),
        (r"\unknown{kept} \ours{}: \name\ x", "kept ours: name x"),
        (r"a~b\,c\ d\\e \- f", "a b c d e f"),
        (r"\LaTeX\ and {\TeX} \ldots \textasciitilde", "LaTeX and TeX …~"),
        (r"{\noopsort{1973b}}1973 \enquote{x}", "1973 “x”"),
        (r"Open {brace and } closed } here \ end" + "\\", "Open brace and closed here end\\"),
        ("line\n  breaks\tand\x00 controls\u202e", "line breaks and controls"),
        ("", ""),
        ("{}", ""),
        ("中文 {标题}", "中文 标题"),
    ],
)
def test_tex_as_text(tex: str, text: str) -> None:
    assert untex(tex) == text


@pytest.mark.parametrize(
    ("tex", "address"),
    [
        (r"https://a.b/c\_d\%20e\&f\#g", "https://a.b/c_d%20e&f#g"),
        (r"https://a.b/~c", "https://a.b/~c"),
        (r"https://a.b/{\textasciitilde}c", "https://a.b/~c"),
        (r"https://a.b/\~{}c", "https://a.b/~c"),
        (r"https://a.b/$\sim$c", "https://a.b/~c"),
        ("{\\url{https://a.b/\n  c}}", "https://a.b/c"),
    ],
)
def test_tex_as_an_address(tex: str, address: str) -> None:
    assert untex_address(tex) == address


TEXISH = st.text(
    st.one_of(st.sampled_from("{}\\\"'`^~$%&#_@,=()\n\r -ab1 "), st.characters(blacklist_categories=["Cs"])),
    max_size=60,
)


@given(TEXISH)
def test_decoding_never_fails_and_loses_no_word(tex: str) -> None:
    text = untex(tex)
    assert "\n" not in text
    untex_address(tex)
    one("@misc{a, author = {x}}")
    plain = "".join(c for c in tex if c.isalnum() and c.isascii())
    if "\\" not in tex and "$" not in tex:
        assert "".join(c for c in text if c.isalnum() and c.isascii()) == plain


BLOCKS = st.sampled_from(
    '@misc{a,title={x}} @misc{b,title={y @string{s={t}} @comment{ } { " @article( ) a=b, @x{y,z=1} % # , = \\ text '
    "@preamble{x}".split()
) | st.sampled_from(["\n", "\r\n", "\r", " ", "\x00"])


@settings(max_examples=300)
@given(st.lists(st.one_of(BLOCKS, TEXISH), max_size=12).map("".join))
def test_any_text_is_read_or_kept_and_every_place_is_exact(text: str) -> None:
    file = parse_bib(text)
    assert_places(file)
    for entry in file.entries:
        assert isinstance(entry.title, str)
        assert (entry.authors, entry.identifiers, entry.venue, entry.year) is not None


@settings(max_examples=150)
@given(st.lists(st.one_of(BLOCKS, TEXISH), max_size=8).map("".join))
def test_a_healthy_entry_after_any_text_is_read(text: str) -> None:
    # on a line of its own; unless that line is inside a comment, which may hold entries
    if "@" in text and "comment" in text.lower():
        return
    file = parse_bib(text + HEALTHY)
    assert file.entries[-1].key == "after"
    assert file.entries[-1].title == "Healthy"


# --- files


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("@misc{a, title = {Müller}}".encode(), "utf-8"),
        ("@misc{a, title = {Müller}}".encode("utf-8-sig"), "utf-8-sig"),
        ("@misc{a, title = {Müller}}".encode("latin-1"), "latin-1"),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, encoding: str) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(data)
    file = read_bib(path)
    assert (file.entries[0].title, file.encoding, file.name) == ("Müller", encoding, str(path))
    assert file.text.encode(file.encoding) == data


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_stay_and_are_counted(tmp_path: Path, newline: str) -> None:
    text = newline.join(["", "@misc{a,", "  title = {x", "y},", "  year = 2000", "}", "@misc{b, title = {z"])
    path = tmp_path / "x.bib"
    path.write_bytes(text.encode())
    file = read_bib(path)
    assert file.text == text
    assert (file.entries[0].line, [f.line for f in file.entries[0].fields], file.unread[0].line) == (2, [3, 5], 7)
    assert file.entries[0].title == "x y"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"@misc{a, title = {x}}")))
    file = read_bib("-")
    assert (file.name, file.entries[0].key) == ("standard input", "a")


def test_an_empty_file_and_one_of_another_kind_are_no_errors(tmp_path: Path) -> None:
    for data in (b"", b"\x00\x01\x02", b"<html>@media{x}</html>", b"%PDF-1.4\n\xff\xfe@"):
        path = tmp_path / "x.bib"
        path.write_bytes(data)
        assert read_bib(path).duplicate_keys == ()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.bib", "none.bib: no such file. Name a .bib file, or '-' for standard input."),
        (".", "{folder}: a folder. Name a .bib file in it."),
        ("wide.bib", "wide.bib: written in UTF-16, which no BibTeX reads. Save it in UTF-8."),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "wide.bib").write_bytes("@misc{a}".encode("utf-16"))
    with pytest.raises(OutsideError) as error:
        read_bib(tmp_path / name)
    assert str(error.value) == message.replace("{folder}", str(tmp_path)).replace(
        name, str(tmp_path / name), name != "."
    )


def test_long_files_are_read_in_linear_time() -> None:
    entry = (
        '@inproceedings{key%d,\n  title = {{{GPTQ}}: Accurate %d},\n  author = {M{\\"o}ller, Jan},\n  year = 2022,\n}\n'
    )
    texts = [
        "".join(entry % (n, n) for n in range(10_000)),
        "@misc{a, title={x\n" * 10_000,
        "@comment{a \n" * 20_000,
        "@misc{a, title={x}}" * 10_000,
        "@misc{a" + " " * 300_000 + ", title={" + "{" * 100_000 + "}" * 100_000 + "}}",
        '@misc{a, title="' * 20_000,
        "@misc{a, title={" + '\\"' * 100_000 + "}}",
        "@misc{a, note={http://a.b/" + ")" * 100_000 + "}}",
        "@misc{a, author={" + " and ".join("{G} x" for _ in range(20_000)) + "}}",
    ]
    for text in texts:
        began = time.process_time()
        for read in parse_bib(text).entries:
            assert read.identifiers == ()
            assert read.authors is not None
        assert time.process_time() - began < 10, text[:40]
