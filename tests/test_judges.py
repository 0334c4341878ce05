"""Programs that were not written here read what we write: the whole shipped graph, and what nobody has in a graph."""

import re
from itertools import pairwise

import pytest
from bibtexparser import parse_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import (
    STYLES,
    authors_read,
    authors_told,
    bibtex,
    pandoc,
    reads_as,
    typeset_biblatex,
    typeset_classic,
    validated,
)

from llmcomp import Selection
from llmcomp.exports.latex import plain
from llmcomp.exports.registry import Options, export
from llmcomp.kg.model import Identifier, Name, Venue, Work
from llmcomp.kg.names import parse_name

pytestmark = pytest.mark.judges

FLAVOURS = ["bibtex", "biblatex"]
ICML = Venue(
    "v:icml",
    "conference",
    "Proceedings of the 41st International Conference on Machine Learning",
    "International Conference on Machine Learning",
    "ICML 2024",
    event="The Forty-First International Conference on Machine Learning",
    volume="235",
    publisher="PMLR",
)
NEURIPS = Venue("v:n", "conference", "Advances in Neural & Other Systems 36", event="37th Conference on Systems")
TACL = Venue("v:tacl", "journal", "Transactions of the ACL", event="ACL", publisher="MIT Press")
FINDINGS = Venue("v:f", "findings", "Findings of the Association for Computational Linguistics: EMNLP 2024")
WORKSHOP = Venue("v:w", "workshop", "Workshop on Efficient Systems for Foundation Models 🏆 & More")
PEOPLE = [
    "Elias Frantar", "Maarten de Rijke", "Robert Downey Jr.", "Abdullah al-Rashid", "José Ortega y Gasset",
    "Llama Team, AI @ Meta", "Madonna", "Łukasz Wałęsa", "Nguyễn Thế Việt", "Søren Ångström", "Mirella Žižek",
    "İbrahim Çağlar Şen", "Jürgen Weiß", "Erdős Pál", "Ștefan Țepeș", "Christopher De Sa", "Conan O'Brien",
    "Gabriel García Márquez", "Stéphane d'Ascoli", "Rianne Van Den Berg", "Đorđe Petrović", "Þór Sigurðsson",
]  # fmt: skip
TITLES = [
    "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
    "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale",
    "Does Compression Hurt? A Bayesian View: Low-Rank Methods for iPhone",
    "KV-Cache Eviction in QLoRA, W4A8 and (SmoothQuant+)",
    "Q&A with 50% of #1 models & a_b, a^b, ~c, a<b>c",
    "Týr: “Quoted Words” and ‘Others’ — Schrödinger’s Naïve Façade – a Résumé…",
    "Intel® and NVIDIA™ Chips",
    "Mini-Cache: An Élan in Übersetzung for Vietnamese Tiếng Việt",
    "PUSHING GRADIENT TOWARDS ZERO: A NOVEL PRUNING METHOD",
    "AI @ LLM (x) @GPTQ {of} List<int>",
    "<i>E. coli</i> in H<sub>2</sub>O &amp; More",
]
HOSTILE = [
    r"\write18{touch pwned} and \input{/etc/passwd}",
    "}, title = {X}}\n@misc{evil, title={",
    "unbalanced { open and } close }",
    "$x^^5cinput{y}$ and $\\input{z}$ and $O(n^2)$ and $\\Delta_{\\mathbb{R}}$ costs $5 to $10",
    "@article{x, y = {z}} @comment @string{a}",
    "NUL\x00 bell\x07 rtl\u202e\u200f zero\u200bwidth\nline\r\nbreak\ttab",
    "H₂O, x², α and β in Ω ≤ ½ √2 ≠ × → ∞ 🏆🌟",
    "\\", "{", "}", "$", "%", "#", "^^M", "~", "\"''``", "{\\", "\\\\", "\\&",
]  # fmt: skip


def corpus(titles):
    """Every type of entry with every title, the people in turn."""
    kinds = [
        {"identifiers": (Identifier("arxiv", "2210.17323"),), "primary_class": "cs.LG", "month": 7},
        {"venue": ICML, "url": "https://proceedings.mlr.press/v235/a_b.html", "pages": "1-20"},
        {
            "venue": TACL,
            "volume": "12",
            "number": "3",
            "pages": "1–2",
            "identifiers": (Identifier("doi", "10.1/a_b"),),
        },
        {"venue": FINDINGS, "identifiers": (Identifier("arxiv", "2401.00001"),), "authors_truncated": True},
        {"venue": WORKSHOP, "number": "3", "categories": ("Quantization & Pruning", "Survey")},
        {"venue": NEURIPS, "volume": "abs/2210.17323", "former_keys": ("key0000", "older", "a,b")},
        {"identifiers": (Identifier("openreview", "aB_c"),)},
        {"kind": "tool", "authors": (), "url": "https://github.com/a_b/c%20d#e", "year": None},
        {"venue": ICML, "authors": (), "note": "100% & more_"},
        {"venue": Venue("v:p", "preprint", "bioRxiv and More"), "volume": "1", "year": None},
        {"identifiers": (Identifier("doi", "10.1101/2"),), "venue": Venue("v:p", "preprint", "bioRxiv and More")},
    ]
    n = 0
    for title in titles:
        for kind in kinds:
            people = [PEOPLE[(3 * n + i) % len(PEOPLE)] for i in range(4)]
            rest = {"authors": tuple(parse_name(p) for p in people), "year": 2024} | kind
            rest |= {"former_keys": tuple(f"{k}{n}" if k == "older" else k for k in rest.get("former_keys", ()))}
            yield Work(f"i:{n}", f"key{n:04d}", title, **rest)
            n += 1


def written(works, flavour, folder):
    (folder / "refs.bib").write_text("".join(export(works, flavour)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def everything(graph):
    """Every work of every category, tools too."""
    works = graph.works(Selection(categories=tuple(c.slug for c in graph.categories())))
    assert len(works) > 700
    assert {w.kind for w in works} == {"paper", "tool"}
    return works


@pytest.fixture(scope="module")
def odd():
    return list(corpus(TITLES + HOSTILE))


@pytest.fixture(scope="module")
def folders(everything, odd, tmp_path_factory):
    """The graph and the corpus in both flavours: a folder with refs.bib of each."""
    made = {}
    for flavour in FLAVOURS:
        for name, works in (("graph", everything), ("odd", odd)):
            made[name, flavour] = written(works, flavour, tmp_path_factory.mktemp(f"{name}-{flavour}"))
    return made


BOTH = pytest.mark.parametrize("name", ["graph", "odd"])
EACH = pytest.mark.parametrize("flavour", FLAVOURS)


@BOTH
@EACH
def test_biber_accepts_it_without_a_warning(folders, name, flavour):
    assert validated(folders[name, flavour]) == []


@BOTH
@pytest.mark.parametrize("style", STYLES)
def test_bibtex_warns_of_nothing_and_latex_sets_it(folders, odd, name, style):
    folder = folders[name, "bibtex"]
    code, said = bibtex(folder, style)
    assert code == 0
    # Only plainnat asks a @misc for its year, and tools are released without one.
    undated = [w for w in said if re.fullmatch(r"Warning--empty year in \S+", w)]
    assert said == (undated if style == "plainnat" else [])
    if name == "odd":
        assert style != "plainnat" or len(undated) == sum(w.year is None for w in odd)
    assert typeset_classic(folder, style) == ""
    assert not (folder / "pwned").exists()


def test_biblatex_sets_the_graph(folders):
    assert typeset_biblatex(folders["graph", "biblatex"]) == []


def test_biblatex_sets_the_corpus(folders):
    """Vietnamese letters have no font in T1; biber spells them with accents when asked."""
    assert typeset_biblatex(folders["odd", "biblatex"], "--output-safechars") == []
    assert not (folders["odd", "biblatex"] / "pwned").exists()


@BOTH
def test_case_survives_a_style_that_lowers(folders, name):
    folder = folders[name, "bibtex"]
    assert bibtex(folder, "plain")[0] == 0
    bbl = " ".join((folder / "doc.bbl").read_text(encoding="utf-8").split())
    titles = re.findall(r"^  title = \{(.*)\},$", (folder / "refs.bib").read_text(encoding="utf-8"), re.M)
    tokens = {t for title in titles for t in re.findall(r"(?<![\\\w])\{([^{}\\$]+)\}", title)}
    wanted = {"GPTQ", "LLM", "KV", "QLoRA"} if name == "graph" else {"LLM.int8()", "KV-Cache", "A", "Low", "iPhone"}
    assert wanted <= tokens
    assert [t for t in sorted(tokens) if f"{{{t}}}" not in bbl] == []
    if name == "odd":
        assert "Pushing gradient towards zero: A novel pruning method" in bbl


@EACH
def test_pandoc_reads_titles_and_authors_of_the_graph(folders, everything, flavour):
    read = pandoc(folders["graph", flavour], flavour)
    assert read.keys() == {work.key for work in everything}
    for work in everything:
        item = read[work.key]
        if "$" not in work.title:  # math is passed on as math
            assert reads_as(item["title"]) == reads_as(work.title)
        names = authors_read(item)
        assert names[: len(work.authors)] == authors_told(work.authors, flavour), work.key
        assert names[len(work.authors) :] in ([], ["others"])


@EACH
def test_pandoc_reads_titles_and_authors_of_the_corpus(folders, odd, flavour):
    read = pandoc(folders["odd", flavour], flavour)
    assert read.keys() == {work.key for work in odd}
    for work in odd:
        if work.title in TITLES:
            assert reads_as(read[work.key]["title"]) == reads_as(plain(work.title))
        names = authors_read(read[work.key])
        assert names[: len(work.authors)] == authors_told(work.authors, flavour), work.key


@EACH
def test_pandoc_reads_dates_venues_and_links_of_the_graph(folders, everything, flavour):
    read = pandoc(folders["graph", flavour], flavour)
    for work in everything:
        item = read[work.key]
        dates = item.get("issued", {}).get("date-parts", [[]])[0]
        assert dates[:1] == ([work.year] if work.year is not None else [])
        if work.venue is not None and work.authors:
            assert reads_as(item["container-title"]) == reads_as(work.venue.title)
        if work.url and (work.kind == "paper" or flavour == "biblatex"):
            assert item["URL"] == work.url
        assert not item.get("DOI", "").startswith("http")


@BOTH
@EACH
def test_bibtexparser_reads_every_entry_once(folders, everything, odd, name, flavour):
    library = parse_file(str(folders[name, flavour] / "refs.bib"), encoding="utf-8")
    assert not library.failed_blocks
    assert [e.key for e in library.entries] == [w.key for w in (everything if name == "graph" else odd)]


# Letters that LaTeX's own fonts lack stay themselves in UTF-8, and a document wants another font for them.
letters = st.sampled_from("{}\\$%#&_^~@\"'`,=ab1 \né–≤→🏆<>;") | st.characters(
    max_codepoint=0x17F, exclude_characters="ĦħĸĿŀŉŦŧſ"
)
hostile = st.text(letters, max_size=25)
# In a name Greek is no formula.
named = st.text(letters.filter(lambda c: c != "µ"), max_size=12)


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(hostile, min_size=60, max_size=80), st.lists(named, min_size=3, max_size=6))
def test_random_hostile_works_pass_them_all(tmp_path, titles, people):
    works = [
        Work(
            f"i:{n}",
            f"k{n:03d}",
            title or "x",
            authors=tuple(
                name
                for p, q in pairwise(people)
                for name in (Name("A" + p, q), Name(p, q, p[:3], q[:4]), Name(literal=p + q))
            ),
            year=2024,
            pages=title,
            number=title,
            volume="12",
            categories=(title, "x"),
            venue=Venue("v", "conference", title or "x", event=people[0]) if n % 2 else None,
            note=title,
            former_keys=(title,),
        )
        for n, title in enumerate(titles)
    ]
    for flavour in FLAVOURS:
        (tmp_path / "refs.bib").write_text("".join(export(works, flavour, Options())), encoding="utf-8")
        assert not parse_file(str(tmp_path / "refs.bib"), encoding="utf-8").failed_blocks
        assert validated(tmp_path) == []
        if flavour == "bibtex":
            assert bibtex(tmp_path, "plain") == (0, [])
            assert typeset_classic(tmp_path, "plain") == ""
        else:
            assert typeset_biblatex(tmp_path, "--output-safechars") == []
