"""Which keys a document cites: LaTeX sources, and the files that LaTeX writes of them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import asked, installed

from llmcomp.kg.citing import EVERYTHING, Citation, read_citations
from llmcomp.kg.errors import OutsideError, UsageError
from llmcomp.kg.tex_commands import arguments


def cited(folder: Path, text: str | bytes, name: str = "paper.tex") -> list[str]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [citation.key for citation in read_citations(path)]


# -- commands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (r"\cite{a}", "a"),
        (r"\cite{a,b, c}", "a b c"),
        (r"\cite {a}", "a"),
        ("\\cite\n{a}", "a"),
        (r"\citep[see][p.~2]{a,b}", "a b"),
        (r"\citet*{a} \Citet{b} \citealp{c} \citeyearpar{d} \citenum{e} \citetalias{f}", "a b c d e f"),
        (
            r"\parencite{a} \textcite[12]{b} \footcite[see][12]{c} \fullcite{d} \autocite*{e} \smartcite{f}",
            "a b c d e f",
        ),
        (r"\cites{a}{b,c}", "a b c"),
        (r"\cites(pre)(post)[a][b]{k}[c]{l,m}", "k l m"),
        (r"\parencites(see (a))()[][x]{k} {l}", "k l"),
        (r"\cite{a}{b}", "a"),
        (r"\cite{a} {\bf b}", "a"),
        (r"\citeauthor{a}'s \citetitle[x]{b} \citeyear{c} \citefield{d}{title}", "a b c d"),
        (r"\volcite{2}{a} \pvolcite[x]{3}[12]{b} \volcites{2}[3]{c}{4}{d}", "a b c d"),
        (r"\nocite{a} \nocite{*} \bibentry{b}", "a * b"),
        (r"\onlinecite{a} \citenamefont{x}", "a x"),
        (r"\cite<2->{a} \cite<3>[p. 1]{b}", "a b"),
        (r"\cite[see {[}x{]}][{]}]{a}", "a"),
        (r"\cite[see [1]]{a}", "a"),
        (r"\cite[in $[0,1)$]{a}", "a"),
        (r"\cite[see also \cite[p. 3]{b}, and {\em more}]{a}", "b a"),
        (r"\cites[see \cite{x}]{a}[\cite{y}]{b}", "x a y b"),
        (r"\footnote{See \cite[p. 3]{a}.} \emph{\cite{b}}", "a b"),
        (r"\cite{DBLP:conf/nips/X-1_2.3+4} \cite{müller2020}", "DBLP:conf/nips/X-1_2.3+4 müller2020"),
        (r"\cite{} \cite{,} \cite{ a ,, }", "a"),
        (r"\section{A \cite{a}} \\\cite{b}\\cite{c}", "a b"),
    ],
)
def test_commands_that_cite(tmp_path, text, keys):
    assert cited(tmp_path, text) == keys.split()


@pytest.mark.parametrize(
    "text",
    [
        r"\citestyle{nature} \setcitestyle{round,numbers} \citetext{free text}",
        r"\defcitealias{a}{Paper I} \shortcites{a} \bstctlcite{IEEEexample:BSTcontrol}",
        r"\newcommand{\mycite}[1]{\cite{#1}} \renewcommand\citeleft[1]{some, words}",
        r"\def\mycite#1{\citep[see][]{#1}} \let\oldcite=\cite \let\oldcite\cite",
        r"\NewDocumentCommand{\seecite}{O{} m}{\cite[see][#1]{#2}} \DeclareCiteCommand{\cite}[\mkbibparens]{a}{b}",
        r"\cite[unclosed {a}",
        r"\cite[left open \textbf{x}" + "\n\n" + r"{a}",
        r"\textbf{\cite[left open} {a}",
        r"\cite{a\textsubscript{2}} \cite{\key}",
        r"incite{a} \recipe{a} \city{b}",
    ],
)
def test_what_cites_nothing(tmp_path, text):
    assert cited(tmp_path, text) == []


def test_a_key_that_is_cited_twice_is_told_once_where_it_came_first(tmp_path):
    path = tmp_path / "paper.tex"
    path.write_text("one\n\\cite{a}\n\\cite{b,\n  c, a}\n")
    assert read_citations(path) == [Citation("a", path, 2), Citation("b", path, 3), Citation("c", path, 4)]


# -- what is not printed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("% \\cite{x}\n\\cite{a} % \\cite{y}\n", "a"),
        ("5\\% \\cite{a} \\\\% \\cite{x}\n\\\\\\% \\cite{b}", "a b"),
        ("\\cite{a,% first {one}\n  b,% \\cite{x}\n%  x,\n  c}", "a b c"),
        ("\\cites{a}% more\n{b}\n% and more\n  {c}", "a b c"),
        ("\\cite[see\n% {not [this\np. 3]% \n[x]\n{a}", "a"),
        ("\\cite{one%\ntwo}", "onetwo"),
        ("\\verb|\\cite{x}| \\verb*+%+ \\cite{a} \\verb!a% \\cite{x}", "a"),
        ("\\begin{verbatim}\n\\cite{x}\n\\end{verbatim}\\cite{a}", "a"),
        ("\\begin{lstlisting}[language=TeX]\n% \\cite{x}\n\\end{lstlisting}\n\\cite{a}", "a"),
        ("\\begin{filecontents*}{r.bib}\n\\cite{x}\n\\end{filecontents*} \\cite{a}", "a"),
        ("\\begin{comment}\n\\cite{x}\n\\end{comment} \\lstinline[style=x]{\\cite{y} \\cite{a}", "a"),
        ("\\begin{verbatim} never closed \\cite{a}", "a"),
        ("\\url{http://x.org/a%20b} \\cite{a} \\href{http://x.org/%7E}{\\cite{b}}", "a b"),
        ("\\cite{a}\n\\end{document}\n\\cite{x}", "a"),
    ],
)
def test_comments_and_verbatim_text(tmp_path, text, keys):
    assert cited(tmp_path, text) == keys.split()


def test_lines_stay_right_behind_what_is_not_printed(tmp_path):
    path = tmp_path / "paper.tex"
    path.write_text("% one\n\\begin{verbatim}\n\n\\end{verbatim}\n\\verb|x|\n\\cite{a} % b\n\\cite{c}\n")
    assert [(c.key, c.line) for c in read_citations(path)] == [("a", 6), ("c", 7)]
    path.write_text("\\cite{a,% x\n% y\n\n  b % z\n}\\verb|\n\\cites[\n]{c}% \n{d}")
    assert [(c.key, c.line) for c in read_citations(path)] == [("a", 1), ("b", 4), ("c", 7), ("d", 8)]


# -- files that are included -------------------------------------------------------------------------------


def test_included_files_are_read_where_they_stand(tmp_path):
    for name in ("one", "two", "parts/three", "four", "parts/five", "v1.2"):
        cited(tmp_path, rf"\cite{{{name.rpartition('/')[2]}}}", f"{name}.tex")
    text = (
        r"\cite{a}\input{one}\cite{b}\include{two}\subfile{parts/three.tex}\input four"
        "\n"
        r"\import{parts/}{five}\input{v1.2}\InputIfFileExists{one}{}{}\input{missing}\include{}\cite{c}"
    )
    assert cited(tmp_path, text) == ["a", "one", "b", "two", "three", "four", "five", "v1.2", "c"]


def test_a_file_with_another_suffix_is_included_by_its_name(tmp_path):
    cited(tmp_path, r"\cite{drawn}", "figure.pgf")
    assert cited(tmp_path, r"\input{figure.pgf}") == ["drawn"]


def test_a_part_names_files_from_the_root_or_from_beside_itself(tmp_path):
    cited(tmp_path, r"\cite{near}", "parts/near.tex")
    cited(tmp_path, r"\cite{far}", "far.tex")
    cited(tmp_path, r"\input{near}\input{far}\cite{part}", "parts/part.tex")
    assert cited(tmp_path, r"\subfile{parts/part}") == ["near", "far", "part"]


def test_files_that_include_each_other_are_read_once(tmp_path):
    cited(tmp_path, r"\input{paper}\input{b}\cite{b}", "b.tex")
    assert cited(tmp_path, r"\input{b}\input{./b.tex}\cite{a}\input{paper}") == ["b", "a"]


def test_a_chain_of_a_thousand_inclusions_ends(tmp_path):
    for n in range(1100):
        (tmp_path / f"c{n}.tex").write_text(rf"\cite{{k{n}}}\input{{c{n + 1}}}")
    assert cited(tmp_path, r"\input{c0}")[:999] == [f"k{n}" for n in range(999)]


@pytest.mark.parametrize("content", [b"\0\1\2", b"\xff\xfe\0a"])
def test_an_included_file_that_is_no_text_is_passed_over(tmp_path, content):
    (tmp_path / "figure.tex").write_bytes(content)
    (tmp_path / "folder.tex").mkdir()
    assert cited(tmp_path, r"\input{figure}\input{folder}\input{/dev/zero}\cite{a}") == ["a"]


# -- files that LaTeX writes -------------------------------------------------------------------------------


def test_the_aux_of_natbib_and_its_chapters(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "one.aux").write_text("\\relax\n\\citation{c}\n\\@input{main.aux}\n")
    text = (
        "\\relax\n\\citation{a,b}\n\\@input{chapters/one.aux}\n\\@input{missing.aux}\n\\citation{d}\n\\bibcite{x}{1}\n"
    )
    assert cited(tmp_path, text, "main.aux") == ["a", "b", "c", "d"]


@pytest.mark.parametrize("section", ["", "{0}", "{12}"])
def test_the_aux_of_biblatex(tmp_path, section):
    text = (
        "\\abx@aux@refcontext{nty/global//global/global}\n"
        f"\\abx@aux@cite{section}{{a:1}}\n\\abx@aux@segm{{0}}{{0}}{{a:1}}\n\\abx@aux@cite{section}{{b_2}}\n"
    )
    assert cited(tmp_path, text, "paper.aux") == ["a:1", "b_2"]


@pytest.mark.parametrize("line", ["\\citation{*}\n", "\\abx@aux@nociteall\n"])
def test_everything_in_an_aux(tmp_path, line):
    assert cited(tmp_path, f"\\citation{{a}}\n{line}", "paper.aux") == ["a", EVERYTHING]


def test_settings_that_are_cited_are_no_citations(tmp_path):
    text = "\\citation{REVTEX42Control}\n\\citation{apsrev42Control}\n\\citation{IEEEexample:BSTcontrol}\n"
    text += "\\citation{aip41Control}\n\\citation{control2024theory}\n"
    assert cited(tmp_path, text, "paper.aux") == ["control2024theory"]


def test_the_file_for_biber(tmp_path):
    path = tmp_path / "paper.bcf"
    path.write_text(
        '<bcf:section number="0">\n<bcf:citekey order="1" intorder="1">a&amp;b</bcf:citekey>\n'
        '<bcf:citekey order="2" nocite="1">*</bcf:citekey></bcf:section>\n'
    )
    assert read_citations(path) == [Citation("a&b", path, 2), Citation("*", path, 3)]


# -- LaTeX itself ------------------------------------------------------------------------------------------

NATBIB = r"""\documentclass{article}
\usepackage{natbib,url}
\newcommand{\see}[1]{\citep[see][]{#1}}
\begin{document}
\citep[see][p.~2]{a,b} \citet{c} % \cite{no}
\begin{verbatim}\cite{no}\end{verbatim} \verb|\cite{no}| \citealt*[x]{d} \footnote{\citep{e}}
\citep[{[}a{]}]{f} 5\% \cite{g} \cite{h,%
  i} \nocite{j} \citetext{no \citealp{k}} \input{part} \include{chapter} \url{http://a%20b} \Citet*{l}
\end{document}
\cite{no}
"""
BIBLATEX = r"""\documentclass{article}
\usepackage[backend=biber]{biblatex}
\begin{document}
\parencite[see][p.~2]{a,b} \textcite{c} \cites(pre)(post)[x]{d}[y]{e,f} \footcite{g} \fullcite{h} \citeauthor{i}
\nocite{j} \input{part} \include{chapter} \volcite{2}{k} \Cites{l}{m} \autocites*[see][]{n}{o} \cite{p,%
q} \parencite*{r} \footcites{s}% none
{t} \cite[{see \textbf{[x]}}]{u} \cite{v} {no} \citefield{w}{title}
\end{document}
"""


@pytest.mark.judges
@pytest.mark.parametrize(("source", "package"), [(NATBIB, "natbib.sty"), (BIBLATEX, "biblatex.sty")])
def test_a_source_cites_what_latex_says_it_cites(tmp_path, source, package):
    installed(package, cwd=tmp_path)
    (tmp_path / "part.tex").write_text(r"\cite{part}")
    (tmp_path / "chapter.tex").write_text(r"\cite{chapter} % \cite{no}")
    (tmp_path / "paper.tex").write_text(source)
    asked("pdflatex", "-interaction=batchmode", "paper.tex", cwd=tmp_path)
    keys = sorted(citation.key for citation in read_citations(tmp_path / "paper.tex"))
    assert {"a", "part", "chapter"} < set(keys)
    assert keys == sorted(citation.key for citation in read_citations(tmp_path / "paper.aux"))
    if (tmp_path / "paper.bcf").exists():
        assert keys == sorted(citation.key for citation in read_citations(tmp_path / "paper.bcf"))


# -- odd files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_line_ends_and_encodings(tmp_path, ends, encoding):
    path = tmp_path / "paper.tex"
    path.write_bytes(f"é{ends}\\cite{{a,{ends}b}}{ends}".encode(encoding))
    assert [(c.key, c.line) for c in read_citations(path)] == [("a", 2), ("b", 3)]


def test_an_empty_file(tmp_path):
    assert cited(tmp_path, "") == cited(tmp_path, "", "paper.aux") == cited(tmp_path, "", "paper.bcf") == []


def test_a_binary_file(tmp_path):
    with pytest.raises(UsageError) as raised:
        cited(tmp_path, b"%PDF-1.5\0\0\0")
    assert str(raised.value) == (
        f"{tmp_path}/paper.tex: not text. Name a LaTeX source, or the .aux or .bcf file that LaTeX wrote of it."
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [("none.tex", "No such file or directory"), ("", "Is a directory"), ("a\0b.tex", "embedded null byte")],
)
def test_a_file_that_cannot_be_read(tmp_path, name, why):
    with pytest.raises(OutsideError) as raised:
        read_citations(tmp_path / name)
    assert str(raised.value) == (
        f"{tmp_path / name}: cannot be read: {why}. "
        "Name a LaTeX source, or the .aux or .bcf file that LaTeX wrote of it."
    )


HOSTILE = (
    *("\\cite(", "\\cite[", "\\cite{", "\\cite", "[", "{", "}", "%", "\\", "\\verb|", "\\begin{verbatim}", "\\cite[{"),
    *(
        "\\cites(a)[b]",
        "\\cites{a}[",
        "\\cite[}",
        "\\cite{a,",
        "\\lstinline[",
        "\\url{",
        "\\let ",
        "cite",
        "\\cite[\n ",
    ),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_processor_time_grows_with_the_size_and_no_faster(piece):
    def seconds(size: int) -> float:
        text = f"\\{piece}" + piece * (size // len(piece))
        start = time.process_time()
        for _ in arguments(text, lambda name: 9 if "cites" in name else "cite" in name):
            pass
        return time.process_time() - start

    # sixteen times as much would take 256 times as long if it took time by the square
    assert seconds(160_000) < 64 * seconds(10_000) + 0.5


@given(st.text(alphabet="\\cites[](){},% \n*abv|#<>@", max_size=200))
def test_whatever_stands_in_a_file_is_read(text):
    for argument in arguments(text, lambda name: 3 if "cite" in name else 0):
        assert not set("{}") & set(argument.text)
