"""Odd and hostile values, by hand and by hypothesis: each survives the file and means the same when it is read back.

Read back by bibtexparser, which finds the fields, and by ``kg/untex.py`` or pandoc, which read what stands in them.
"""

import re
import string
import unicodedata

import pytest
from bibtexparser import parse_string
from hypothesis import given
from hypothesis import strategies as st
from judging import authors_read, authors_told, bibtex, pandoc, reads_as, typeset_biblatex, typeset_classic, validated

from llmcomp.exports.latex import clean, plain
from llmcomp.exports.options import Options
from llmcomp.exports.registry import export
from llmcomp.kg.model import Identifier, Name, Venue, Work
from llmcomp.kg.names import inverted, parse_name
from llmcomp.kg.untex import untex

EACH = pytest.mark.parametrize("flavour", ["bibtex", "biblatex"])
MODES = ("smart", "all", "none")

# What is printed of each, the same in both flavours.
TITLES = {
    "unbalanced { open": "unbalanced { open",
    "}, title = {X}}\n@misc{evil, title={": "}, title = {X}} @misc{evil, title={",
    r"\write18{touch pwned} and \input{/etc/passwd}": r"\write18{touch pwned} and \input{/etc/passwd}",
    r"\def\a{\a}\a \csname end\endcsname": r"\def\a{\a}\a \csname end\endcsname",
    "@comment{x} @string{y = z} @preamble{p} u@x.org": "@comment{x} @string{y = z} @preamble{p} u@x.org",
    "@GPTQ and AI @ LLM (v2)": "@GPTQ and AI @ LLM (v2)",
    "100% of 50% % comment": "100% of 50% % comment",
    "A&B, C & D #1 a_b ^c ~d": "A&B, C & D #1 a_b ^c ~d",
    "line\nbreak\r\nand\ttab\u2028and\x0bmore": "line break and tab and more",
    "N\x00U\x00L and bell\x07 and escape\x1b[31m": "NUL and bell and escape[31m",
    "right\u202eto\u202cleft\u200f and zero\u200bwidth\ufeff": "righttoleft and zerowidth",
    "Rocket 🚀 and family 👩‍👩‍👧 ✨": "Rocket and family",
    "Ne\u0301e Nau\u0308r cafe\u0301": "Née Naür café",
    "Schrödinger’s Ångström, façade, Žižek, Łukasz, Weiß": "Schrödinger's Ångström, façade, Žižek, Łukasz, Weiß",
    "Tiếng Việt: Nguyễn Thế": "Tiếng Việt: Nguyễn Thế",
    "大模型的量化：综述": "大模型的量化：综述",
    "日本語の「モデル」": "日本語の「モデル」",
    "한국어 모델": "한국어 모델",
    "Сжатие моделей": "Сжатие моделей",
    "Συμπίεση μοντέλων": "Συμπίεση μοντέλων",
    "ضغط النماذج": "ضغط النماذج",
    "दक्षिण एशियाई भाषाएँ": "दक्षिण एशियाई भाषाएँ",
    "PUSHING GRADIENT TOWARDS ZERO": "PUSHING GRADIENT TOWARDS ZERO",
    "H<sub>2</sub>O and x<sup>2</sup> for <i>E. coli</i> &amp; <b>More</b>": "H₂O and x² for E. coli & More",
    "&lt;i&gt;Twice&lt;/i&gt; &amp;amp; &quot;quoted&quot;": 'Twice & "quoted"',
    "a<b>c, List<int>, x < y > z, AT&T; &unknown;": "a<b>c, List<int>, x < y > z, AT&T; &unknown;",
    "From $5 to $10": "From $5 to $10",
    "Already escaped: Q\\&A at 5\\%": "Already escaped: Q&A at 5%",
    '"Give Me" or ``Take\'\' it': '"Give Me" or "Take" it',
    "≠ is not =, ∉ not ∈": "≠ is not =, ∉ not ∈",
    "¿Qué? ¡Sí! «oui» „ja“ 5 € ½": "¿Qué? ¡Sí! «oui» „ja“ 5 € ½",
}  # fmt: skip
SIGNS = ["§3 ¶4 5 £ 6 ¥ 7 × 8 ± 9", "† and ‡ • · …"]
MATH = {
    "$O(n^2)$ and $\\alpha_{i}$": "O(n²) and α",
    "$\\mathbb{R}^d$ in $x^^5cinput{y}$": "R",
    "unclosed $ math": "unclosed $ math",
}
COMMANDS = {
    r"\lbrace": "{", r"\rbrace": "}", r"\neq": "≠", r"\notin": "∉", r"\in": "∈", r"\times": "×", r"\pm": "±",
    r"\bullet": "•", r"\cdot": "·", r"\dagger": "†", r"\ddagger": "‡",
}  # fmt: skip
COMMAND = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(COMMANDS, reverse=True)))})(?!put)")
PEOPLE = [
    "Elias Frantar", "Maarten de Rijke", "Ludwig van Beethoven", "Abdullah al-Rashid", "Stéphane d'Ascoli",
    "Robert Downey Jr.", "José Ortega y Gasset", "Gabriel García Márquez", "Madonna", "Llama Team, AI @ Meta",
    "Nguyễn Thế Việt", "Erdős Pál", "İbrahim Çağlar Şen", "Conan O'Brien", "X Æ A-12", "Li Wei", "bell hooks",
    "Jean-Baptiste Alayrac", "J. K. Rowling", "Qwen & Friends Team",
]  # fmt: skip


def read_back(works, flavour, **options):
    """The entries of a file, as bibtexparser finds them, each as a dict of its fields."""
    library = parse_string("".join(export(works, flavour, Options(**options))))
    assert not library.failed_blocks
    assert [type(block).__name__ for block in library.blocks] == ["Entry"] * len(works)
    return [{"": entry.key} | {f.key: f.value for f in entry.fields} for entry in library.entries]


def means(text):
    """What of a title no reader may lose: its letters, digits and signs, in order."""
    text = unicodedata.normalize("NFKC", text).replace("⁄", "/").replace("``", '"')
    return re.sub("'+", "'", reads_as(re.sub("[„‚«»‹›ʼ′″]", "'", text)))


@EACH
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("title", TITLES)
def test_a_title_means_the_same_when_it_is_read_back(title, mode, flavour):
    [fields] = read_back([Work("i:1", "k", title, year=2024)], flavour, protect=mode)
    assert means(untex(fields["title"])) == means(TITLES[title])
    assert set(fields) <= {"", "title", "year", "date", "key"}


@EACH
def test_a_title_of_ten_thousand_characters(flavour):
    title = "A Very Long Title: {of} 100% & more \\x $y @z{ " * 220
    assert len(title) > 10_000
    [fields] = read_back([Work("i:1", "k", title, year=2024)], flavour)
    assert means(untex(fields["title"])) == means(title)


@EACH
def test_four_hundred_authors(flavour):
    authors = tuple(parse_name(f"{given} {family}{n}") for n, (given, family) in enumerate([("Ana", "Núñez")] * 400))
    [fields] = read_back([Work("i:1", "k", "T", authors=authors, year=2024)], flavour)
    assert [untex(name) for name in fields["author"].split(" and ")] == [inverted(a) for a in authors]


@EACH
@pytest.mark.parametrize("value", [*TITLES, *SIGNS, *MATH, "\x00", " ", "", "{", "}", "\\", "🚀"])
def test_no_value_leaves_its_field_wherever_it_stands(value, flavour):
    odd = Work(
        "i:1",
        "k",
        value,
        authors=(Name("A" + value, value), Name(literal="B" + value), Name(value), Name("C", "D", value, value)),
        year=2024,
        venue=Venue("v", "conference", "X" + value, event=value, publisher=value, volume=value),
        identifiers=(Identifier("doi", value), Identifier("arxiv", value)),
        primary_class=value,
        url=value,
        volume=value,
        number=value,
        pages=value,
        categories=(value, value),
        note=value,
        former_keys=(value,),
    )
    plain_work = Work("i:2", "z", "Behind", year=2024)
    first, second = read_back([odd, plain_work], flavour)
    assert first["title"]
    assert second["title"] == "Behind"
    assert all(value.strip() for value in first.values())


anything = st.text(st.sampled_from("{}\\$%#&_^~@\"'`,=<>;:-ab12 \né–α李\u0301") | st.characters(), max_size=30)
signs = st.sampled_from("{}%#&_^~@\"'`,=<>;:-()ab12 \n–—“”…")
# Letters and digits of every script, and of Latin letters those that TeX spells.
meant = st.text(signs | st.characters(categories=["L", "Nd"]), max_size=30)
latin = st.characters(categories=["Ll", "Lu"], max_codepoint=0x17F, exclude_characters="ĐđðÐÞþĦħŦŧŊŋĸ")
spelled = st.text(signs | latin, max_size=30)


@given(meant, st.sampled_from(MODES))
def test_any_title_means_the_same_in_biblatex(title, mode):
    [fields] = read_back([Work("i:1", "k", title, year=2024)], "biblatex", protect=mode)
    assert means(untex(fields["title"])) == means(plain(title) or "k")


@given(spelled, st.sampled_from(MODES))
def test_any_latin_title_means_the_same_in_bibtex_and_is_ascii(title, mode):
    [fields] = read_back([Work("i:1", "k", title, year=2024)], "bibtex", protect=mode)
    assert fields["title"].isascii()
    assert means(untex(fields["title"])) == means(plain(title) or "k")


@given(st.lists(anything, min_size=20, max_size=20))
def test_any_text_stays_in_its_field(texts):
    works = [
        Work(f"i:{n}", f"k{n:02}", text, authors=(Name(text, "A"), Name(literal=text)), year=2024, note=text)
        for n, text in enumerate(texts)
    ]
    for flavour in ("bibtex", "biblatex"):
        assert [fields[""] for fields in read_back(works, flavour)] == [w.key for w in works]


@given(st.lists(anything, max_size=4, unique=True), st.text(string.ascii_lowercase, min_size=1, max_size=5))
def test_any_former_key_is_one_or_is_left_out(former, key):
    [fields] = read_back([Work("i:1", key, "T", year=2024, former_keys=tuple(former))], "biblatex")
    for id_ in fields.get("ids", "").split(", ") if "ids" in fields else []:
        assert id_ in former
        assert id_ != key
        assert not re.search(r"[\s,{}]", id_)


@given(anything)
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


# --- by programs


@pytest.fixture(scope="module", params=["bibtex", "biblatex"])
def file(request, tmp_path_factory):
    """Every odd value in one file, as title and as venue, with people who are hard to part; flavour, folder, works."""
    works = [
        Work(
            f"i:{n}",
            f"k{n:03}",
            title,
            authors=tuple(parse_name(PEOPLE[(n + i) % len(PEOPLE)]) for i in range(3)),
            year=2024,
            venue=Venue("v", "conference", "On " + title, event="At " + title) if n % 2 else None,
            note=title,
        )
        for n, title in enumerate([*TITLES, *SIGNS, *MATH])
    ]
    works.append(
        Work("i:x", "x", "Many", authors=tuple(Name(f"Núñez{chr(97 + n % 26)}", "A") for n in range(400)), year=2024)
    )
    works.append(Work("i:y", "y", "Long & " * 1500, authors=(Name("A", "B"),), year=2024))
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "refs.bib").write_text("".join(export(works, request.param)), encoding="utf-8")
    return request.param, folder, works


@pytest.mark.judges
def test_biber_accepts_every_odd_value(file):
    assert validated(file[1]) == []


@pytest.mark.judges
def test_pandoc_reads_every_odd_value_as_it_was(file):
    flavour, folder, works = file
    read = pandoc(folder, flavour)
    assert read.keys() == {w.key for w in works}
    for work in works:
        item = read[work.key]
        if work.title not in MATH and work.key.startswith("k"):
            # what is math is passed on as TeX writes it
            told = COMMAND.sub(lambda m: COMMANDS[m[0]], item["title"])
            assert means(told) == means(TITLES.get(work.title, work.title))
        assert authors_read(item) == authors_told(work.authors, flavour)


@pytest.mark.judges
def test_latex_runs_no_command_of_a_title(file):
    """Fonts of LaTeX's own have no Chinese and no Greek: what they have is set, and nothing else happens."""
    flavour, folder, works = file
    printable = [w for w in works if all(unicodedata.name(c, "").find("LATIN") >= 0 for c in w.title if c.isalpha())]
    assert len(printable) > 20
    (folder / "refs.bib").write_text("".join(export(printable, flavour)), encoding="utf-8")
    if flavour == "bibtex":
        assert bibtex(folder, "plain") == (0, [])
        assert typeset_classic(folder, "plain") == ""
    else:
        assert typeset_biblatex(folder, "--output-safechars") == []
    assert {path.name for path in folder.iterdir()} <= {"refs.bib", *(f"doc.{e}" for e in ENDINGS)}


ENDINGS = ("aux", "bbl", "bcf", "blg", "log", "run.xml", "tex")
