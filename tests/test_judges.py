"""Programs that were not written here read what we write. Each sees what the others do not."""

import json
import re
import shutil
import subprocess
import unicodedata
from itertools import pairwise

import pytest
from bibtexparser import parse_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmcomp.exports.registry import Options, export
from llmcomp.kg.model import Identifier, Name, Venue, Work
from llmcomp.kg.names import inverted, parse_name

pytestmark = pytest.mark.judges

STYLES = ["plain", "abbrv", "alpha", "plainnat"]
# \k, for the ogonek, is in T1 and not in LaTeX's first encoding.
DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{url}
%s\begin{document}\nocite{*}\bibliographystyle{%s}\bibliography{refs}\end{document}
"""

ICML = Venue(
    "v:icml",
    "conference",
    "Proceedings of the 41st International Conference on Machine Learning",
    "International Conference on Machine Learning",
    "ICML 2024",
    volume="235",
    publisher="PMLR",
)
TACL = Venue("v:tacl", "journal", "Transactions of the ACL", publisher="MIT Press")
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
    "Intel® and NVIDIA™ Chips × 2",
    "Mini-Cache: An Élan in Übersetzung for Vietnamese Tiếng Việt",
    "PUSHING GRADIENT TOWARDS ZERO: A NOVEL PRUNING METHOD",
]
HOSTILE = [
    r"\write18{touch pwned} and \input{/etc/passwd}",
    "}, title = {X}}\n@misc{evil, title={",
    "unbalanced { open and } close }",
    "$x^^5cinput{y}$ and $\\input{z}$ and $O(n^2)$ and $\\Delta_{\\mathbb{R}}$ costs $5 to $10",
    "@article{x, y = {z}} @comment @string{a}",
    "NUL\x00 bell\x07 rtl\u202e\u200f zero\u200bwidth\nline\r\nbreak\ttab",
    "H₂O, x², α and β in Ω ≤ ½ √2 → ∞ 🏆🌟",
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
        {"identifiers": (Identifier("openreview", "aB_c"),)},
        {"kind": "tool", "authors": (), "url": "https://github.com/a_b/c%20d#e", "year": None},
        {"venue": ICML, "authors": (), "note": "100% & more_"},
        {"venue": Venue("v:p", "preprint", "bioRxiv"), "volume": "1", "year": None},
    ]
    n = 0
    for title in titles:
        for kind in kinds:
            people = [PEOPLE[(3 * n + i) % len(PEOPLE)] for i in range(4)]
            rest = {"authors": tuple(parse_name(p) for p in people), "year": 2024} | kind
            yield Work(f"i:{n}", f"key{n:04d}", title, **rest)
            n += 1


def run(*command, cwd):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace", timeout=120)


@pytest.fixture(scope="module")
def refs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("refs")
    works = list(corpus(TITLES + HOSTILE))
    (folder / "refs.bib").write_text("".join(export(works, "bibtex")), encoding="utf-8")
    (folder / "refs.json").write_text("".join(export(works, "csl-json")), encoding="utf-8")
    return folder, works


def biber(folder):
    command = "biber --tool --validate-datamodel --dieondatamodel --nolog --output-file /dev/null refs.bib"
    done = run(*command.split(), cwd=folder)
    return done.returncode, [line for line in done.stdout.splitlines() if re.match("WARN|ERROR", line)]


def bibtex(folder, style):
    if style == "plainnat" and not shutil.which("kpsewhich"):
        pytest.skip("kpsewhich is not installed")
    if not run("kpsewhich", f"{style}.bst", cwd=folder).stdout:
        pytest.skip(f"{style}.bst is not installed")
    (folder / "doc.aux").write_text(f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n")
    done = run("bibtex", "-terse", "doc", cwd=folder)
    return done.returncode, re.findall("Warning--.*|.*error.*", done.stdout)


def test_biber(refs):
    assert biber(refs[0]) == (0, [])


@pytest.mark.parametrize("style", STYLES)
def test_bibtex_and_latex(refs, style):
    folder, works = refs
    code, warnings = bibtex(folder, style)
    undated = [f"Warning--empty year in {w.key}" for w in works if w.year is None]
    assert code == 0
    # Only plainnat asks a @misc for its year.
    assert sorted(warnings) == (undated if style == "plainnat" else [])
    natbib = "\\usepackage{natbib}\n" if style == "plainnat" else ""
    (folder / "doc.tex").write_text(DOCUMENT % (natbib, style))
    done = run("pdflatex", "-draftmode", "-halt-on-error", "-interaction=nonstopmode", "doc", cwd=folder)
    assert done.returncode == 0, done.stdout[-2000:]
    assert not (folder / "pwned").exists()


def test_case_survives_a_style_that_lowers(refs):
    folder, _ = refs
    assert bibtex(folder, "plain")[0] == 0
    bbl = " ".join((folder / "doc.bbl").read_text(encoding="utf-8").split())
    tokens = set()
    for title in re.findall(r"^  title = \{(.*)\},$", (folder / "refs.bib").read_text(encoding="utf-8"), re.M):
        tokens |= set(re.findall(r"(?<![\\\w])\{([^{}\\$]+)\}", title))
    assert {"GPTQ", "LLM.int8()", "KV-Cache", "QLoRA", "W4A8", "Bayesian", "A", "Low", "iPhone"} <= tokens
    for token in tokens:
        assert f"{{{token}}}" in bbl
    assert "Pushing gradient towards zero: A novel pruning method" in bbl


def folded(text):
    """Text without markup, kinds of quote and case, all of which pandoc changes."""
    text = re.sub(r"</?(?:span|sub|sup)[^>]*>", "", text)
    text = re.sub('[‘’“”"]', "'", text).replace("…", "...")
    return unicodedata.normalize("NFKC", text).casefold().replace("®", "").replace("tm", "")


def test_pandoc_reads_titles_and_authors_back(refs):
    folder, works = refs
    done = run("pandoc", "-f", "bibtex", "-t", "csljson", "refs.bib", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    read = {item["id"]: item for item in json.loads(done.stdout)}
    assert set(read) == {w.key for w in works}
    # Letters that no spelling carries through every reader.
    lost = str.maketrans(dict(zip("ĐđðșȘțȚ", "DddşŞţŢ", strict=True)) | {"Þ": "Th", "þ": "th"})
    for work in works:
        item = read[work.key]
        if work.title in TITLES and "×" not in work.title:
            assert folded(item["title"]) == folded(work.title)
        for name, told in zip(work.authors, item.get("author", ()), strict=False):
            particle = told.get("non-dropping-particle", "") or told.get("dropping-particle", "")
            family = f"{particle} {told.get('family', '')}".strip().replace("- ", "-").replace("’ ", "'")
            parts = [family, told.get("suffix"), told.get("given")]
            back = told.get("literal") or ", ".join(p for p in parts if p)
            assert back.replace("’", "'") == inverted(name).translate(lost)


def test_pandoc_cites_from_csl_json(refs):
    folder, works = refs
    done = run("pandoc", "-s", "-f", "csljson", "--citeproc", "-t", "plain", "refs.json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(re.split(r"\n\n+", done.stdout.strip())) >= len(works)


def test_bibtexparser(refs):
    folder, works = refs
    library = parse_file(str(folder / "refs.bib"))
    assert not library.failed_blocks
    assert [e.key for e in library.entries] == [w.key for w in works]


# Letters of other scripts stay themselves, and LaTeX wants a font for them.
letters = st.sampled_from("{}\\$%#&_^~@\"'`,=ab1 \né–αλ🏆\u0301") | st.characters(max_codepoint=0x17F)
hostile = st.text(letters, max_size=25)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(hostile, min_size=30, max_size=40), st.lists(hostile, min_size=3, max_size=6))
def test_random_hostile_works_pass_them_all(tmp_path, titles, people):
    works = [
        Work(
            f"i:{n}",
            f"k{n:03d}",
            title or "x",
            authors=tuple(Name("A" + p, q) for p, q in pairwise(people)),
            year=2024,
            venue=Venue("v", "conference", title or "x") if n % 2 else None,
            note=title,
        )
        for n, title in enumerate(titles)
    ]
    (tmp_path / "refs.bib").write_text("".join(export(works, "bibtex", Options())), encoding="utf-8")
    assert not parse_file(str(tmp_path / "refs.bib")).failed_blocks
    assert biber(tmp_path) == (0, [])
    code, complaints = bibtex(tmp_path, "plain")
    assert code == 0, complaints
    (tmp_path / "doc.tex").write_text(DOCUMENT % ("", "plain"))
    done = run("pdflatex", "-draftmode", "-halt-on-error", "-interaction=nonstopmode", "doc", cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-1500:]
