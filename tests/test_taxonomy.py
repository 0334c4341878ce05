"""The tree of categories with works, as values, in each format, and by the command."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import llmcomp
from llmcomp.cli import main
from llmcomp.exports.branches import Branches
from llmcomp.exports.latex import plain
from llmcomp.exports.registry import export
from llmcomp.exports.taxonomy import MERMAID_LARGEST, TAXONOMY_FORMATS, mermaid_label, taxonomy, tint
from llmcomp.exports.tree import Drawing, Node, make_tree
from llmcomp.exports.tree_svg import shortened, text_width
from llmcomp.kg.build import Built
from llmcomp.kg.errors import UnknownName, UsageError
from llmcomp.kg.model import Identifier, Name, Work
from llmcomp.kg.subgroups import REST

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "a|b || c", "two\nlines", 'say "x" & <b>bold</b>', r"\write18{touch pwned}", "<script>alert(1)</script>",
    "`code` **b** _i_", "🏆", "NUL \x00 rtl \u202e", "word " * 2_000, "Unbroken" * 1_250, "1. first", "- item", "end",
    "%%{init: {}}%%", '"];', 'click r "javascript:alert(1)"', "#quot;", "$$x$$", "]]>", "unbalanced { ] [ }",
    "a, b=c", "--- x", "$O(n^2)$: math", "\\", "%", "&amp;",
]  # fmt: skip


class Said(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process on the shipped graph."""

    def _run(*args: str) -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(built.path))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO()))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


def drawn(graph: llmcomp.Graph, works: list[Work], format: str, **drawing) -> str:
    return "".join(taxonomy(graph, works, format, Drawing(**drawing)))


def quantization(*titles: str, **more) -> list[Work]:
    return [Work(f"i:{n}", f"k{n:03d}", t, categories=("quantization",), **more) for n, t in enumerate(titles)]


def nodes(root: Node) -> list[Node]:
    return [root, *(found for child in root.children for found in nodes(child))]


# --- the tree


def test_the_whole_graph_hangs_on_the_name_of_its_list(graph: llmcomp.Graph) -> None:
    root = make_tree(Branches(graph, graph.works()), Drawing())
    assert root.label == "Awesome LLM Compression"
    assert root.works == 685
    papers = [c.name for c in graph.categories() if c.slug != "tools"]
    assert [child.label for child in root.children] == sorted(papers)
    drawn_works = {leaf.work.iri for node in nodes(root) for leaf in node.leaves}
    assert drawn_works == {work.iri for work in graph.works()}


def test_one_category_is_the_root_itself(graph: llmcomp.Graph) -> None:
    works = graph.works(llmcomp.Selection(categories=("kv-cache",)))
    root = make_tree(Branches(graph, works, ("kv-cache",)), Drawing())
    assert root.label == "KV Cache Compression"
    assert root.children[-1].label == REST
    assert sum(len(child.leaves) for child in root.children) == len(works) == root.works


def test_a_category_without_sub_groups_holds_its_works(graph: llmcomp.Graph) -> None:
    root = make_tree(Branches(graph, quantization("A: b", "C: d")), Drawing())
    assert ([leaf.text for leaf in root.leaves], root.children) == (["A", "C"], ())


def test_the_tree_ends_where_it_is_told_to(graph: llmcomp.Graph) -> None:
    branches = Branches(graph, graph.works())
    assert all(
        not child.children and not child.leaves for child in make_tree(branches, Drawing(depth="categories")).children
    )
    ended = make_tree(branches, Drawing(depth="subgroups"))
    assert any(child.children for child in ended.children)
    assert not any(node.leaves for node in nodes(ended))


def test_the_most_cited_and_the_newest_are_drawn_first(graph: llmcomp.Graph) -> None:
    works = [
        Work("i:1", "a", "Old: x", year=2020, categories=("quantization",)),
        Work("i:2", "b", "New: x", year=2025, categories=("quantization",)),
        Work("i:3", "c", "Cited: x", year=2021, citations=5, categories=("quantization",)),
    ]
    root = make_tree(Branches(graph, works), Drawing(most_works=2))
    assert ([leaf.text for leaf in root.leaves], root.left_out, root.works) == (["New", "Cited"], 1, 3)
    with pytest.raises(UsageError, match="at least one work"):
        make_tree(Branches(graph, works), Drawing(most_works=0))


def test_a_work_is_called_by_name_title_or_key(graph: llmcomp.Graph) -> None:
    works = [
        *quantization("GPTQ: Accurate"),
        Work("i:8", "liu2024a", "No Name Here", authors=(Name("Liu"),), year=2024, categories=("quantization",)),
        Work("i:9", "z", "Nor Here", categories=("quantization",)),
    ]
    told = {}
    for leaves in ("name", "title", "key"):
        root = make_tree(Branches(graph, works), Drawing(leaves=leaves))
        told[leaves] = [leaf.text for leaf in root.leaves]
    assert told == {
        "name": ["GPTQ", "Liu 2024", "z"],
        "title": ["GPTQ: Accurate", "No Name Here", "Nor Here"],
        "key": ["k000", "liu2024a", "z"],
    }


def test_works_that_only_others_cite_are_a_branch(graph: llmcomp.Graph) -> None:
    root = make_tree(Branches(graph, [*quantization("A: b"), Work("i:9", "x", "Y")]), Drawing())
    assert [(child.label, child.works) for child in root.children] == [("Quantization", 1), ("Not listed", 1)]
    assert root.label == "Quantization and Not listed"


def test_an_unknown_format_is_told(graph: llmcomp.Graph) -> None:
    with pytest.raises(UnknownName, match=r"no format 'forest'. Known: latex, mermaid, svg."):
        taxonomy(graph, [], "forest")


# --- LaTeX


def test_latex_cites_each_work_behind_its_name(graph: llmcomp.Graph) -> None:
    works = [
        *quantization("GPTQ: Accurate & More"),
        Work("i:8", "liu2024a", "No Name", authors=(Name("Liu"), Name("Li")), categories=("quantization",)),
        Work("i:9", "z:1", "Nor Here", categories=("quantization",)),
    ]
    text = drawn(graph, works, "latex")
    assert text.startswith("% In the preamble: \\usepackage{graphicx} and \\usepackage[edges]{forest}\n")
    assert (
        "  [{Quantization}, root\n"
        "    [{GPTQ~\\cite{k000}, Liu and Li~\\cite{liu2024a}, \\cite{z:1}}, branch=taxonomy0, leaf]\n  ]\n" in text
    )
    assert "{\\cite{k000}, \\cite{liu2024a}, \\cite{z:1}}" in drawn(graph, works, "latex", leaves="key")
    assert "{GPTQ~\\cite{k000}, and 2 more}" in drawn(graph, works, "latex", most_works=1)


def test_larger_trees_have_wider_boxes(graph: llmcomp.Graph) -> None:
    def width(works: list[Work]) -> float:
        found = re.search(r"leaf/\.style=\{text width=([\d.]+)\\textwidth", drawn(graph, works, "latex"))
        assert found
        return float(found[1])

    assert width(quantization("A: b")) == 0.56
    assert 1 < width(graph.works()) < 4


@pytest.mark.parametrize("title", HOSTILE)
def test_braces_of_latex_stay_balanced(graph: llmcomp.Graph, title: str) -> None:
    text = drawn(graph, quantization(title), "latex", leaves="title")
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert r"\write18" not in text


# --- Mermaid


def test_mermaid(graph: llmcomp.Graph) -> None:
    works = [*quantization('A "b": c', "D: e"), Work("i:9", "x", "Y: z", categories=("survey",))]
    lines = drawn(graph, works, "mermaid").splitlines()
    assert lines[1:] == [
        "flowchart LR",
        '  r["Quantization and Survey<br/>3 works"]',
        "  classDef c0 fill:#D6E8F3,stroke:#0072B2,color:#000",
        "  classDef c1 fill:#FBF0D6,stroke:#E69F00,color:#000",
        '  r --- b0["Quantization<br/>2 works"]:::c0',
        '  b0 --- b0w["A #34;b#34;, D"]:::c0',
        '  r --- b1["Survey<br/>1 work"]:::c1',
        '  b1 --- b1w["Y"]:::c1',
    ]


LINE = re.compile(
    r'  (?:r\[("[^"\n]*")\]|classDef c\d fill:#[0-9A-F]{6},stroke:#[0-9A-F]{6},color:#000|'
    r'\w+ --- \w+\[("[^"\n]*")\]:::c\d)'
)


@pytest.mark.parametrize("leaves", ["name", "title", "key"])
def test_mermaid_holds_nothing_but_boxes_and_labels(graph: llmcomp.Graph, leaves: str) -> None:
    for works in (graph.works(), quantization(*HOSTILE)):
        first, second, *lines = drawn(graph, works, "mermaid", leaves=leaves).splitlines()
        assert (first[:6], second) == ("%%{ini", "flowchart LR")
        for line in lines:
            found = LINE.fullmatch(line)
            assert found, line
            label = (found[1] or found[2] or "").replace("<br/>", "")
            assert not re.search(r"[<>`*_&$\[\]{}%|\\]", label)


def test_mermaid_draws_the_whole_graph_within_its_limits(graph: llmcomp.Graph) -> None:
    text = drawn(graph, graph.works(), "mermaid")
    assert len(text) < MERMAID_LARGEST
    assert text.count(" --- ") < 500


def test_what_markdown_would_read_as_a_list_is_none() -> None:
    assert mermaid_label("1. one", "2) two", "- three", "+ four") == (
        '"1#46; one<br/>2#41; two<br/>#45; three<br/>#43; four"'
    )


def test_a_tint_is_a_part_of_a_colour_on_white() -> None:
    assert (tint("000000", 0.2), tint("0072B2", 1), tint("0072B2", 0)) == ("#CCCCCC", "#0072B2", "#FFFFFF")


# --- SVG


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.encode("utf-8"))


@pytest.mark.parametrize("leaves", ["name", "title", "key"])
@pytest.mark.parametrize("which", ["all", "hostile", "kv-cache"])
def test_svg_is_well_formed_and_no_text_leaves_its_box(graph: llmcomp.Graph, which: str, leaves: str) -> None:
    works = {"all": graph.works, "hostile": lambda: quantization(*HOSTILE)}.get(
        which, lambda: graph.works(llmcomp.Selection(categories=(which,)))
    )()
    root = parsed(drawn(graph, works, "svg", leaves=leaves))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "rect", "g", "path", "text", "a", "circle"),
    }
    boxes = [
        tuple(float(r.attrib[name]) for name in ("x", "y", "width", "height"))
        for r in root.iter(f"{SVG}rect")
        if "x" in r.attrib
    ]
    for x, y, w, h in boxes:
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
    for one, other in ((a, b) for n, a in enumerate(boxes) for b in boxes[:n]):
        apart = (
            one[0] >= other[0] + other[2]
            or other[0] >= one[0] + one[2]
            or one[1] >= other[1] + other[3]
            or other[1] >= one[1] + one[3]
        )
        assert apart
    for text in root.iter(f"{SVG}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        size = float(text.attrib.get("font-size", 12))
        end = x + text_width(text.text or "", size)
        assert any(bx <= x and end <= bx + bw + 1 and by <= y <= by + bh for bx, by, bw, bh in boxes), text.text


@settings(max_examples=30)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_titles_are_well_formed_figures(graph: llmcomp.Graph, titles: list[str]) -> None:
    works = quantization(*titles)
    root = parsed(drawn(graph, works, "svg", leaves="title"))
    tips = {tip.text for tip in root.iter(f"{SVG}title") if re.search(r"k\d{3}\)$", tip.text or "")}
    assert len(tips) == len(works)
    assert all(LINE.fullmatch(line) for line in drawn(graph, works, "mermaid", leaves="title").splitlines()[2:])


def test_svg_links_to_the_pages_and_tells_titles_whole(graph: llmcomp.Graph) -> None:
    works = [
        Work("i:1", "k", "GPTQ: A " + "long " * 60 + "title", categories=("quantization",),
             identifiers=(Identifier("arxiv", "2210.17323"),), year=2022),
        Work("i:2", "l", "Bad: link", categories=("quantization",), kind="tool", url="javascript:alert(1)"),
    ]  # fmt: skip
    root = parsed(drawn(graph, works, "svg", leaves="title"))
    (link,) = root.iter(f"{SVG}a")
    assert link.attrib["href"] == "https://arxiv.org/abs/2210.17323"
    assert (link.findtext(f"{SVG}title") or "") == f"{works[0].title} (arXiv 2022, k)"
    assert (link.findtext(f"{SVG}text") or "").endswith("…")


def test_svg_says_what_it_is(graph: llmcomp.Graph) -> None:
    text = drawn(graph, quantization("A: b"), "svg")
    root = parsed(text)
    assert root.findtext(f"{SVG}title") == "Quantization: 1 work"
    assert root.attrib["aria-labelledby"] == "title desc"
    assert "<script" not in text
    assert "style" not in text


def test_every_work_of_the_graph_is_in_the_svg(graph: llmcomp.Graph) -> None:
    text = drawn(graph, graph.works(), "svg")
    tips = {tip.text for tip in parsed(text).iter(f"{SVG}title")}
    for work in graph.works():
        assert any(tip and tip.startswith(plain(work.title)) and tip.endswith(f"{work.key})") for tip in tips)


def test_a_text_is_cut_to_its_room() -> None:
    assert shortened("short", 100) == "short"
    assert shortened("W" * 100, 100).endswith("…")
    assert text_width(shortened("W" * 10_000, 100)) <= 100
    assert text_width("大") > text_width("W") > text_width("i")


# --- the command


def test_the_command_draws_each_format(run: Run, graph: llmcomp.Graph, tmp_path: Path) -> None:
    starts = {"latex": "% In the preamble", "mermaid": "%%{init", "svg": "<?xml"}
    assert set(starts) == set(TAXONOMY_FORMATS)
    for format, start in starts.items():
        said = run("taxonomy", "-c", "kv-cache", "--format", format)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(start)
        out = tmp_path / format
        assert run("taxonomy", "-c", "kv-cache", "--format", format, "-o", str(out)) == (0, "", "")
        assert out.read_text("utf-8") == said.out


def test_tools_share_lines_for_their_titles_are_names(run: Run) -> None:
    assert '"Alpaca-CoT, AutoFP8, AutoGGUF, ' in run("taxonomy", "-c", "tools").out
    assert '"Alpaca-CoT<br/>AutoFP8<br/>' in run("taxonomy", "-c", "tools", "--leaves", "title").out


def test_et_al_is_not_parted_at_the_end_of_a_line(run: Run) -> None:
    assert "Zhu~et~al.~\\cite{zhu2023survey}" in run("taxonomy", "-c", "survey", "--format", "latex").out


def test_a_selected_category_alone_is_drawn(run: Run) -> None:
    said = run("taxonomy", "-c", "pruning", "--depth", "categories")
    assert said.out.splitlines()[2:3] == ['  r["Pruning and Sparsity<br/>137 works"]']
    assert "Quantization<br/>" not in said.out


def test_what_cannot_be_read_is_told(run: Run) -> None:
    assert run("taxonomy", "--format", "latex").err == (
        "685 works on one page are too small to read; --max-works or --depth subgroups draws less\n"
    )
    assert run("taxonomy", "--leaves", "title").err == (
        "Mermaid draws 50000 characters, and this is more; --max-works or --depth subgroups draws less\n"
    )
    assert run("taxonomy", "--leaves", "title", "--max-works", "3").err == ""


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("--max-works", "0"), 2, "Invalid value for '--max-works'"),
        (("--leaves", "author"), 2, "Invalid value for '--leaves'"),
        (("-c", "nope"), 2, "Error: no category 'nope'."),
        (("--year", "1990"), 1, "Error: no work meets all of these conditions."),
        (
            ("--depth", "subgroups", "--max-works", "3"),
            2,
            "Error: --leaves and --max-works are about works, and --depth",
        ),
        (("--depth", "categories", "--leaves", "name"), 2, "Error: --leaves and --max-works are about works"),
    ],
)
def test_what_cannot_be_is_told(run: Run, args: tuple[str, ...], code: int, told: str) -> None:
    said = run("taxonomy", *args)
    assert (said.code, said.out) == (code, "")
    assert told in said.err


# --- programs that are not ours

DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{graphicx,url}
\usepackage[edges]{forest}
\begin{document}
\begin{figure}\input{tree}\caption{A tree.}\end{figure}
\bibliographystyle{plain}\bibliography{refs}
\end{document}
"""


def compiled(folder: Path, text: str, works: list[Work]) -> str:
    """Run LaTeX and BibTeX over a document with the figure; return its log."""
    for program in ("pdflatex", "bibtex", "kpsewhich"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    for file in ("forest.sty", "elocalloc.sty", "environ.sty"):
        if not subprocess.run(["kpsewhich", file], capture_output=True).stdout.strip():
            pytest.skip(f"{file} is not installed")
    (folder / "tree.tex").write_text(text, "utf-8")
    (folder / "refs.bib").write_text("".join(export(works, "bibtex")), "utf-8")
    (folder / "doc.tex").write_text(DOCUMENT)
    latex = ("pdflatex", "-draftmode", "-halt-on-error", "-interaction=nonstopmode", "doc")
    for command in (latex, ("bibtex", "-terse", "doc"), latex, latex):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=180)
        assert done.returncode == 0, done.stdout[-2000:]
    return (folder / "doc.log").read_text("utf-8", "replace")


@pytest.mark.judges
@pytest.mark.parametrize("leaves", ["name", pytest.param("title", marks=pytest.mark.slow)])
def test_the_tree_of_the_whole_graph_compiles_in_latex(graph: llmcomp.Graph, tmp_path: Path, leaves: str) -> None:
    log = compiled(tmp_path, drawn(graph, graph.works(), "latex", leaves=leaves), graph.works())
    assert "undefined" not in log
    assert "Float too large" not in log
    assert "Overfull \\vbox" not in log


@pytest.mark.judges
def test_hostile_titles_compile_in_latex(graph: llmcomp.Graph, tmp_path: Path) -> None:
    works = quantization(*(title for title in HOSTILE if len(title) < 5_000))
    compiled(tmp_path, drawn(graph, works, "latex", leaves="title"), works)
    assert not (tmp_path / "pwned").exists()
