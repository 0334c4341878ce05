"""Tables of works, in each format, as values and by the command."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import llmcomp
from llmcomp.cli import main
from llmcomp.exports.columns import COLUMNS, column_names, method, place, safe_address, surnames
from llmcomp.exports.latex import plain
from llmcomp.exports.registry import export
from llmcomp.exports.tables import TABLE_FORMATS, Layout, table
from llmcomp.kg.build import Built
from llmcomp.kg.errors import UnknownName, UsageError
from llmcomp.kg.model import Identifier, Name, Venue, Work

ICML = Venue("v:icml", "conference", "Proceedings of the 41st ICML", "ICML", "ICML 2024", year=2024)
GPTQ = Work(
    "i:1",
    "frantar2022gptq",
    "GPTQ: Accurate Quantization & More",
    authors=(Name("Frantar", "Elias"), Name("Ashkboos", "Saleh"), Name("Hoefler", "Torsten")),
    year=2022,
    identifiers=(Identifier("arxiv", "2210.17323"), Identifier("doi", "10.48550/arXiv.2210.17323")),
    categories=("quantization",),
    code=("https://github.com/IST-DASLab/gptq_x?a=1&b=%20#c",),
    citations=12,
)
SPARSE = Work(
    "i:2",
    "liu2023sparse",
    "A Sparse | View",
    authors=(Name("Liu", "Zichang"),),
    year=2024,
    venue=ICML,
    categories=("pruning-and-sparsity", "quantization"),
)
HOSTILE = [
    "a|b || c",
    "two\nlines\r\nand\ttabs",
    "R&D at 50% of #1_x ^ ~",
    r"\write18{touch pwned} \input{/etc/passwd}",
    "<script>alert(1)</script><b onclick='x'>bold</b>",
    "`code` *star* _under_ [link](javascript:alert(1)) ![i](x)",
    "emoji 🏆 and NUL \x00 and rtl \u202e marks",
    "]] }} {{ [[ unbalanced { } } {",
    "\"quoted\" and 'single' and ``tex''",
    "[starts like an option]",
    "*starts like a star",
    '=HYPERLINK("http://x")',
    "+1 and -1 and @x",
    "@article{x, y = {z}}",
    "$O(n^2)$ and $\\write18{x}$ and $5 to $10",
    "word " * 2_000,
    "Unbroken" * 200,
    "--",
    "\\",
    "&amp; &lt;",
    "# heading",
    "1. one",
    "\\\\ \\end{longtable}",
    "%",
]
HEBREW = "עברית and 大模型"


class Said(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, on the shipped graph or on another with ``graph=``."""

    def _run(*args: str, graph: Path | None = None) -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph or built.path))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO()))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


def written(graph: llmcomp.Graph, works: list[Work], format: str, *columns: str, **layout) -> str:
    return "".join(table(graph, works, format, Layout(columns or Layout().columns, **layout)))


def hostile(titles: list[str] = HOSTILE) -> list[Work]:
    return [
        Work(
            f"i:{n}",
            f"k{n:03d}",
            title,
            authors=(Name(title[:50] or "x", "A"),),
            year=2024,
            venue=Venue(f"v:{n}", "workshop", title[:80], acronym=title[:80]),
            categories=("quantization",),
            code=(f"https://example.org/{title[:60]}", "javascript:alert(1)"),
        )
        for n, title in enumerate(titles)
    ]


# --- exact texts


def test_markdown(graph: llmcomp.Graph) -> None:
    assert written(graph, [SPARSE, GPTQ], "markdown", "key", "title", "year", "code") == (
        "| Key | Title | Year | Code |\n"
        "| --- | --- | ---: | --- |\n"
        "| frantar2022gptq | GPTQ: Accurate Quantization &amp; More | 2022 |"
        " [code](https://github.com/IST-DASLab/gptq_x?a=1&amp;b=%20#c) |\n"
        "| liu2023sparse | A Sparse \\| View | 2024 |  |\n"
    )


def test_csv(graph: llmcomp.Graph) -> None:
    assert written(graph, [GPTQ, SPARSE], "csv", "key", "title", "citations", "code") == (
        "key,title,citations,code\n"
        "frantar2022gptq,GPTQ: Accurate Quantization & More,12,https://github.com/IST-DASLab/gptq_x?a=1&b=%20#c\n"
        "liu2023sparse,A Sparse | View,,\n"
    )


def test_html(graph: llmcomp.Graph) -> None:
    assert written(graph, [GPTQ], "html", "title", "year", "code", caption="A <caption>") == (
        "<table>\n<caption>A &lt;caption&gt;</caption>\n<thead>\n"
        '<tr><th scope="col" style="text-align: left">Title</th><th scope="col" style="text-align: right">Year</th>'
        '<th scope="col" style="text-align: left">Code</th></tr>\n</thead>\n<tbody>\n'
        '<tr><th scope="row" style="text-align: left" dir="auto">GPTQ: Accurate Quantization &amp; More</th>'
        '<td style="text-align: right">2022</td><td style="text-align: left">'
        '<a href="https://github.com/IST-DASLab/gptq_x?a=1&amp;b=%20#c" rel="noopener noreferrer">code</a></td></tr>\n'
        "</tbody>\n</table>\n"
    )


def test_latex(graph: llmcomp.Graph) -> None:
    text = written(graph, [GPTQ, SPARSE], "latex", "key", "title", "year", "code", caption="Both", label="tab:x")
    head, _, rest = text.partition("\\caption")
    assert head.startswith("% In the preamble: \\usepackage{array,booktabs,longtable,hyperref}\n")
    assert r"p{\dimexpr1.0000\dimexpr\linewidth-9.2em-6\tabcolsep\relax\relax}" in head
    assert rest == (
        "{Both}\\label{tab:x} \\\\\n"
        "\\toprule\nRef. & Title & Year & Code \\\\\n\\midrule\n\\endfirsthead\n"
        "\\toprule\nRef. & Title & Year & Code \\\\\n\\midrule\n\\endhead\n"
        "\\midrule\n\\multicolumn{4}{@{}r@{}}{\\emph{continued on the next page}} \\\\\n\\endfoot\n"
        "\\bottomrule\n\\endlastfoot\n"
        "\\cite{frantar2022gptq} & GPTQ: Accurate Quantization \\& More & 2022 & "
        "\\href{https://github.com/IST-DASLab/gptq\\_x?a=1\\&b=\\%20\\#c}{code} \\\\\n"
        "\\cite{liu2023sparse} & A Sparse $|$ View & 2024 & -- \\\\\n"
        "\\end{longtable}\n\\endgroup\n"
    )


def test_latex_and_html_say_what_the_works_are(graph: llmcomp.Graph) -> None:
    assert r"\caption{Quantization: 1 work.} \\" in written(graph, [GPTQ], "latex")
    assert "<caption>Pruning and Sparsity and Quantization: 2 works.</caption>" in written(
        graph, [GPTQ, SPARSE], "html"
    )
    assert "caption" not in written(graph, [GPTQ], "latex", caption="")
    assert written(graph, [GPTQ], "markdown", caption="Mine").startswith("Table: Mine\n\n| Key |")


# --- columns


def test_every_column_has_a_cell_in_every_format(graph: llmcomp.Graph) -> None:
    for format in TABLE_FORMATS:
        assert written(graph, [GPTQ, SPARSE], format, *COLUMNS)
    rows = list(csv.DictReader(io.StringIO(written(graph, [GPTQ, SPARSE], "csv", *COLUMNS))))
    assert rows[0] == {
        "key": "frantar2022gptq",
        "title": "GPTQ: Accurate Quantization & More",
        "name": "GPTQ",
        "authors": "Frantar et al.",
        "first-author": "Elias Frantar",
        "all-authors": "Elias Frantar; Saleh Ashkboos; Torsten Hoefler",
        "venue": "arXiv",
        "year": "2022",
        "citations": "12",
        "code": "https://github.com/IST-DASLab/gptq_x?a=1&b=%20#c",
        "arxiv": "2210.17323",
        "doi": "10.48550/arXiv.2210.17323",
        "url": "https://arxiv.org/abs/2210.17323",
        "category": "Quantization",
        "kind": "preprint",
    }
    assert (rows[1]["venue"], rows[1]["kind"], rows[1]["authors"]) == ("ICML 2024", "conference", "Liu")
    assert rows[1]["category"] == "Pruning and Sparsity; Quantization"


def test_an_unknown_column_is_told_with_the_nearest_and_all_there_are() -> None:
    with pytest.raises(UnknownName, match=r"no column 'titel'. Did you mean title\? Known: key, title, name,"):
        column_names("key,titel")
    with pytest.raises(UsageError, match="no column was named"):
        column_names(" , ")
    with pytest.raises(UsageError, match="'key' is named twice"):
        column_names("key,title,key")


def test_an_unknown_format_is_told(graph: llmcomp.Graph) -> None:
    with pytest.raises(UnknownName, match=r"no format 'latx'. Did you mean latex\?"):
        table(graph, [GPTQ], "latx")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("GPTQ: Accurate", "GPTQ"),
        ("BaKlaVa -- Budgeted Allocation", "BaKlaVa"),
        ("Accuracy - Efficiency", ""),
        ("No Colon Here", ""),
        ("Ends with a colon:", ""),
        ("A head that is too long to be the name of any thing: B", ""),
        ("P$^2$ Law: Scaling", "P² Law"),
        ("", ""),
    ],
)
def test_the_name_of_a_work_stands_before_the_colon(title: str, name: str) -> None:
    assert method(Work("i:1", "k", title)) == name


def test_a_tool_is_its_own_name() -> None:
    assert method(Work("i:1", "k", "llama.cpp", kind="tool")) == "llama.cpp"


@pytest.mark.parametrize(
    ("names", "cut", "told"),
    [
        ((), False, ""),
        (("Liu",), False, "Liu"),
        (("Liu", "Wang"), False, "Liu and Wang"),
        (("Liu", "Wang", "Li"), False, "Liu et al."),
        (("Liu",), True, "Liu et al."),
    ],
)
def test_authors_are_named_as_in_a_text(names: tuple[str, ...], cut: bool, told: str) -> None:
    work = Work("i:1", "k", "T", authors=tuple(map(Name, names)), authors_truncated=cut)
    assert surnames(work) == told


def test_a_group_and_a_particle_are_kept() -> None:
    assert surnames(Work("i:1", "k", "T", authors=(Name(literal="Llama Team"), Name("Rashid", "A", "al-")))) == (
        "Llama Team and al-Rashid"
    )


def test_where_a_work_appeared() -> None:
    assert [place(SPARSE, v) for v in ("full", "short", "acronym")] == [
        "Proceedings of the 41st ICML",
        "ICML",
        "ICML 2024",
    ]
    assert place(Work("i:1", "k", "T", identifiers=(Identifier("openreview", "x"),))) == "OpenReview"
    assert place(Work("i:1", "k", "T")) == ""


def test_only_addresses_of_the_web_are_links() -> None:
    assert safe_address("https://a.org/x y{z}") == "https://a.org/x%20y%7Bz%7D"
    for url in ("javascript:alert(1)", "data:text/html,x", "//a.org", "http://[", "", "file:///etc/passwd"):
        assert safe_address(url) == ""


# --- order and groups


def keys(text: str) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(text))][1:]


def test_rows_are_sorted_as_asked(graph: llmcomp.Graph) -> None:
    works = [
        Work("i:1", "a", "Zebra", year=2024, citations=3),
        Work("i:2", "b", '"Apple"', year=2023, venue=ICML),
        Work("i:3", "c", "mango", citations=9),
    ]
    told = {
        sort: keys(written(graph, works, "csv", "key", sort=sort))
        for sort in ("key", "year", "citations", "title", "venue")
    }
    assert told == {
        "key": ["a", "b", "c"],
        "year": ["b", "a", "c"],
        "citations": ["c", "a", "b"],
        "title": ["b", "c", "a"],
        "venue": ["b", "a", "c"],
    }


def test_a_work_of_two_categories_is_in_each_once(graph: llmcomp.Graph) -> None:
    text = written(graph, [GPTQ, SPARSE], "csv", "key", group_by="category")
    assert text == (
        "group,key\nPruning and Sparsity,liu2023sparse\nQuantization,frantar2022gptq\nQuantization,liu2023sparse\n"
    )
    only = written(graph, [GPTQ, SPARSE], "csv", "key", group_by="category", categories=("prun",))
    assert only == "group,key\nPruning and Sparsity,liu2023sparse\n"


def test_works_of_no_category_are_a_group(graph: llmcomp.Graph) -> None:
    work = Work("i:9", "x", "T")
    assert written(graph, [work], "csv", "key", group_by="category") == "group,key\nNot listed,x\n"


def test_groups_by_year_and_venue_end_with_what_has_none(graph: llmcomp.Graph) -> None:
    works = [GPTQ, SPARSE, Work("i:3", "c", "T")]
    assert written(graph, works, "csv", "key", group_by="year") == (
        "group,key\n2022,frantar2022gptq\n2024,liu2023sparse\nYear unknown,c\n"
    )
    assert written(graph, works, "csv", "key", group_by="venue") == (
        "group,key\nICML 2024,liu2023sparse\narXiv,frantar2022gptq\nElsewhere,c\n"
    )


def test_sub_groups_are_headings(graph: llmcomp.Graph) -> None:
    works = graph.works(llmcomp.Selection(categories=("kv-cache",)))
    layout = Layout(("key",), group_by="subgroup", categories=("kv-cache",))
    text = "".join(table(graph, works, "markdown", layout))
    assert text.startswith("### Quantization\n\n| Key |\n| --- |\n")
    assert re.findall("^### (.*)", text, re.M)[-1] == "Other approaches"
    assert len(re.findall(r"^\| [a-z]", text, re.M)) == len(works)


def test_groups_in_html_and_latex_head_their_rows(graph: llmcomp.Graph) -> None:
    html = written(graph, [GPTQ, SPARSE], "html", "key", "year", group_by="year")
    assert '<tbody>\n<tr><th scope="rowgroup" colspan="2">2022</th></tr>\n' in html
    latex = written(graph, [GPTQ, SPARSE], "latex", "key", "year", group_by="year")
    heading = "\\multicolumn{2}{@{}l@{}}{\\textbf{2024}} \\\\*\n\\nopagebreak\n\\cite{liu2023sparse}"
    assert f"\\addlinespace\n{heading}" in latex


# --- what titles may hold


def cells(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line.strip())[1:-1]


@pytest.mark.parametrize("title", [*HOSTILE, HEBREW])
def test_a_hostile_title_stays_in_its_cell(graph: llmcomp.Graph, title: str) -> None:
    works = hostile([title])
    lines = written(graph, works, "markdown", "key", "title", "venue", "code").splitlines()
    assert len(lines) == 3
    assert len(cells(lines[2])) == 4
    assert not re.search(r"<(?!/)", lines[2])
    row = list(csv.reader(io.StringIO(written(graph, works, "csv", "key", "title"))))[1]
    assert len(row) == 2
    assert row[1].removeprefix("'") == plain(title)
    latex = written(graph, works, "latex", "key", "title").splitlines()
    (line,) = [line for line in latex if line.startswith(r"\cite{k000}")]
    assert line.endswith(r" \\")
    assert r"\write18" not in line
    assert r"\input" not in line


class Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or (value or "").startswith("javascript") for name, value in attrs)
        if tag in ("td", "th"):
            self.text.append("")

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text[-1] += data


def test_html_reads_back_as_the_titles(graph: llmcomp.Graph) -> None:
    works = hostile([*HOSTILE, HEBREW])
    text = written(graph, works, "html", "key", "title", "code")
    assert text.isascii()
    read = Cells()
    read.feed(text)
    assert set(read.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td", "a"}
    titles = [told.strip() for told in read.text[4::3]]
    assert titles == [plain(work.title) for work in works]


@settings(max_examples=30)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_titles_are_as_many_rows(graph: llmcomp.Graph, titles: list[str]) -> None:
    works = [
        Work(f"i:{n}", f"k{n}", t, authors=(Name(t, t),), code=(f"https://x.org/{t}", t)) for n, t in enumerate(titles)
    ]
    columns = ("key", "title", "authors", "code")
    lines = written(graph, works, "markdown", *columns).splitlines()
    assert [len(cells(line)) for line in lines] == [4] * (len(titles) + 2)
    rows = list(csv.reader(io.StringIO(written(graph, works, "csv", *columns))))
    assert [row[1].removeprefix("'") for row in rows[1:]] == [plain(t).removeprefix("'") for t in titles]
    read = Cells()
    read.feed(written(graph, works, "html", *columns))
    assert [told.strip() for told in read.text[5::4]] == [plain(t).strip() for t in titles]
    latex = written(graph, works, "latex", *columns)
    bare = re.sub(r"\\\\|\\[{}]", "", latex)
    assert bare.count("{") == bare.count("}")


@pytest.mark.parametrize("start", list("=+-@＝＋－＠"))
def test_no_cell_of_csv_is_a_formula(graph: llmcomp.Graph, start: str) -> None:
    work = Work("i:1", "k", f"{start}cmd|' /C calc'!A0", citations=3)
    row = list(csv.reader(io.StringIO(written(graph, [work], "csv", "title", "citations"))))[1]
    assert row == [f"'{start}cmd|' /C calc'!A0", "3"]


def test_a_title_that_begins_like_an_option_is_none(graph: llmcomp.Graph) -> None:
    text = written(graph, hostile(["[x] y", "*x"]), "latex", "title")
    assert "{}[x] y" in text
    assert "{}*x" in text


# --- the command


def test_the_command_writes_markdown(run: Run) -> None:
    said = run("table", "--key", "frantar2022gptq")
    assert said.code == 0
    assert said.err == ""
    assert said.out.startswith("| Key | Title | Venue | Year | Code |\n| --- | --- | --- | ---: | --- |\n")
    assert "| frantar2022gptq | GPTQ: Accurate Post-Training Quantization for" in said.out


def test_the_command_writes_what_the_library_does(run: Run, graph: llmcomp.Graph, tmp_path: Path) -> None:
    out = tmp_path / "table.tex"
    args = ("--columns", "key,title,venue,year,code", "--format", "latex", "--group-by", "subgroup", "--label", "tab:a")
    assert run("table", "-c", "kv-cache", *args, "-o", str(out)) == (0, "", "")
    layout = Layout(group_by="subgroup", label="tab:a", categories=("kv-cache",))
    selection = llmcomp.Selection(categories=("kv-cache",))
    assert out.read_text("utf-8") == graph.table(selection, format="latex", layout=layout)


def test_the_same_command_gives_the_same_bytes(run: Run) -> None:
    args = ("table", "--group-by", "subgroup", "--format", "html")
    assert run(*args).out == run(*args).out


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("--columns", "key,nope"), 2, "Error: no column 'nope'. Known: key, title"),
        (("--columns", ""), 2, "Error: no column was named."),
        (("-c", "nope"), 2, "Error: no category 'nope'."),
        (("--year", "1990"), 1, "Error: no work meets all of these conditions."),
        (("--format", "word"), 2, "Invalid value for '--format'"),
        (("--sort", "colour"), 2, "Invalid value for '--sort'"),
        (("--label", "tab:a"), 2, "Error: --label is for latex, and markdown has no labels. Leave it out."),
        (("--caption", "A", "--format", "csv"), 2, "Error: --caption has no place in csv. Leave it out."),
    ],
)
def test_what_cannot_be_is_told(run: Run, args: tuple[str, ...], code: int, told: str) -> None:
    said = run("table", *args)
    assert (said.code, said.out) == (code, "")
    assert told in said.err


def test_counts_that_nobody_knows_are_told(run: Run) -> None:
    said = run("table", "-c", "kv-cache", "--columns", "key,citations")
    assert said.err == "this graph knows no citation counts yet. 'llmcomp enrich' fetches them.\n"


def test_columns_that_no_page_has_room_for_are_told(run: Run) -> None:
    asked = ("table", "-c", "survey", "--columns")
    wide = (
        "these columns are wider than a page of text. Leave some out, or set the table in the environment landscape of "
        "the package pdflscape.\n"
    )
    assert run(*asked, "key,title,authors,venue,year,arxiv,doi,code", "--format", "latex").err == wide
    assert run(*asked, "key,title,venue,year,arxiv,doi", "--format", "latex", "--venues", "full").err == wide
    assert run(*asked, "key,title,authors,venue,year,code", "--format", "latex").err == ""
    assert run(*asked, "key,title,authors,venue,year,arxiv,doi,code", "--format", "html").err == ""


def test_counts_of_an_enriched_graph_are_printed_and_their_source_named(run: Run, enriched: Path) -> None:
    said = run("table", "--columns", "key,citations", "--format", "csv", "--sort", "citations", graph=enriched)
    counts = [int(row[1]) for row in list(csv.reader(io.StringIO(said.out)))[1:] if row[1]]
    assert counts
    assert counts == sorted(counts, reverse=True)
    assert "Semantic Scholar (ODC-BY 1.0)" in said.err


def test_tools_have_tables_too(run: Run) -> None:
    said = run("table", "-c", "tools", "--columns", "name,url,kind", "--format", "csv")
    rows = list(csv.reader(io.StringIO(said.out)))[1:]
    assert len(rows) > 30
    assert all(name and url.startswith("https://") and kind == "tool" for name, url, kind in rows)


# --- programs that are not ours

DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[numbers]{natbib}
\usepackage{array,booktabs,longtable}
\usepackage[hidelinks]{hyperref}
\begin{document}
\input{table}
\bibliographystyle{plainnat}\bibliography{refs}
\end{document}
"""


def has(*files: str) -> bool:
    return all(
        shutil.which("kpsewhich") and subprocess.run(["kpsewhich", f], capture_output=True, text=True).stdout.strip()
        for f in files
    )


def compiled(folder: Path, text: str, works: list[Work]) -> str:
    """Run LaTeX and BibTeX over a document with the table; return its log."""
    if not shutil.which("pdflatex") or not shutil.which("bibtex"):
        pytest.skip("pdflatex or bibtex is not installed")
    if not has("booktabs.sty", "longtable.sty", "hyperref.sty", "natbib.sty", "plainnat.bst"):
        pytest.skip("packages of LaTeX are not installed: booktabs, longtable, hyperref, natbib")
    (folder / "table.tex").write_text(text, "utf-8")
    (folder / "refs.bib").write_text("".join(export(works, "bibtex")), "utf-8")
    (folder / "doc.tex").write_text(DOCUMENT)
    latex = ("pdflatex", "-draftmode", "-halt-on-error", "-interaction=nonstopmode", "doc")
    for command in (latex, ("bibtex", "-terse", "doc"), latex, latex):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=120)
        assert done.returncode == 0, done.stdout[-2000:]
    return (folder / "doc.log").read_text("utf-8", "replace")


def too_wide(log: str) -> list[float]:
    """How many points the lines of the table are too wide; those of the bibliography are not ours."""
    table_lines = log.partition("(./doc.bbl")[0]
    return [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", table_lines)]


@pytest.mark.judges
def test_the_table_of_every_category_compiles_in_latex(graph: llmcomp.Graph, tmp_path: Path) -> None:
    for category in graph.categories():
        works = graph.works(llmcomp.Selection(categories=(category.slug,)))
        layout = Layout(group_by="subgroup", sort="year", label="tab:x", categories=(category.slug,))
        log = compiled(tmp_path, "".join(table(graph, works, "latex", layout)), works)
        assert "undefined" not in log
        assert max(too_wide(log), default=0) < 15, category.slug


@pytest.mark.judges
def test_a_table_with_every_column_compiles_in_latex(graph: llmcomp.Graph, tmp_path: Path) -> None:
    works = graph.works(llmcomp.Selection(categories=("survey",)))
    assert "undefined" not in compiled(tmp_path, written(graph, works, "latex", *COLUMNS, venues="full"), works)


@pytest.mark.judges
def test_hostile_titles_compile_in_latex(graph: llmcomp.Graph, tmp_path: Path) -> None:
    works = hostile()
    text = written(graph, works, "latex", "key", "title", "name", "authors", "venue", "code", group_by="venue")
    compiled(tmp_path, text, works)
    assert not (tmp_path / "pwned").exists()


def read_by_pandoc(text: str, format: str) -> list[str]:
    """The text of the second column of the first table, as pandoc reads it."""
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed")
    done = subprocess.run(
        ["pandoc", "-f", format, "-t", "json"], input=text, capture_output=True, text=True, timeout=120, check=True
    )
    (found,) = [block for block in json.loads(done.stdout)["blocks"] if block["t"] == "Table"]
    rows = [row for body in found["c"][4] for row in body[3]]
    return [said(row[1][1][4]) for row in rows]


def said(node: object) -> str:
    if isinstance(node, list):
        return "".join(map(said, node))
    if not isinstance(node, dict):
        return ""
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        return content
    if kind in ("Space", "SoftBreak"):
        return " "
    assert kind in ("Plain", "Para"), node  # no markup came to life
    return said(content)


@pytest.mark.judges
@pytest.mark.parametrize("format", ["gfm", "markdown-smart"])
def test_pandoc_reads_the_titles_back_from_markdown(graph: llmcomp.Graph, format: str) -> None:
    works = [*hostile(), *graph.works(llmcomp.Selection(categories=("survey",)))]
    titles = read_by_pandoc(written(graph, works, "markdown", "key", "title"), format)
    told = [plain(work.title) for work in sorted(works, key=lambda w: w.key)]
    assert titles == told


@pytest.mark.judges
def test_pandoc_reads_the_titles_back_from_html(graph: llmcomp.Graph) -> None:
    works = hostile()
    assert read_by_pandoc(written(graph, works, "html", "key", "title"), "html") == [plain(w.title) for w in works]
