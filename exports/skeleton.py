r"""A survey section to start from: an outline by sub-group and year, its table, its figure, its bibliography.

What is written is what the graph knows: counts, years, citations, and titles as notes of what is to be written about.
No sentence of anybody else is in it. The sub-groups are made of words of titles (:mod:`llmcomp.kg.subgroups`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ..kg.graph import Graph
from ..kg.model import Work
from .branches import Branch, Branches
from .cited import in_order, is_published
from .registry import Options, export
from .table_latex import latex_text
from .tables import TABLE_FORMATS, Layout, arrange
from .taxonomy import LEGIBLE, forest
from .tree import Drawing, make_tree

FILES = ("main.tex", "section.tex", "table.tex", "taxonomy.tex", "refs.bib")
"""The names of the files of a skeleton."""

_MAIN = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[margin=2.5cm]{geometry}
\usepackage{graphicx}
\usepackage{array,booktabs,longtable}
\usepackage[numbers,sort&compress]{natbib}
\IfFileExists{xurl.sty}{\usepackage{xurl}}{\usepackage{url}}
\usepackage[hidelinks]{hyperref}
%% The figure is left out where the package forest and what it needs are not installed.
\IfFileExists{elocalloc.sty}{\IfFileExists{forest.sty}{\usepackage[edges]{forest}}{}}{}
%% A letter that pdflatex has no font for is left out and told in the log; xelatex and lualatex may have one.
\makeatletter
\ifdefined\UTFviii@undefined@err
  \renewcommand\UTFviii@undefined@err[1]{\PackageWarningNoLine{inputenc}{A letter was left out}}
\fi
\makeatother

\title{%s: A Survey}
\author{}
\date{}

\begin{document}
\maketitle

\input{section}

{\sloppy
\bibliographystyle{plainnat}
\bibliography{refs}
}
\end{document}
"""
_SECTION = r"""% An outline to write on. The sub-groups share a word in their titles, which is no more than a first
% order: move works about as they belong. Each \todo holds the title of the work to be written about.
\providecommand{\todo}[1]{\textit{[#1]}}
"""


def skeleton(graph: Graph, works: Iterable[Work], categories: Sequence[str] = ()) -> dict[str, str]:
    """Return the files of a survey section on ``works`` by name: see :data:`FILES`.

    ``main.tex`` holds the others and compiles with pdflatex and BibTeX; ``section.tex`` goes into a paper of one's own.
    With ``categories`` only these are sections, otherwise all that a work is in. Where the works could not be read on
    one page, the figure ends at the sub-groups.

    :raises NothingFound: there is no work to write about.
    """
    branches = Branches(graph, in_order(works), categories)
    several = len(branches.categories) > 1
    counts = ("citations",) if any(work.citations is not None for work in branches.works) else ()
    depth = "works" if len(branches.works) <= LEGIBLE else "subgroups"
    layout = Layout(
        columns=("key", "title", "venue", "year", *counts, "code"),
        sort="year",
        group_by="category" if several else "subgroup",
        label=f"tab:{_slug(branches)}",
    )
    return {
        "main.tex": _MAIN % latex_text(branches.title),
        "section.tex": "".join(_section(branches)),
        "table.tex": "".join(TABLE_FORMATS["latex"](arrange(branches, layout))),
        "taxonomy.tex": "".join(forest(make_tree(branches, Drawing(depth=depth)))),
        "refs.bib": "".join(export(branches.works, "bibtex", Options())),
    }


def _slug(branches: Branches) -> str:
    """Return what labels end in, so that two sections of one paper have labels of their own."""
    slugs = [branch.slug for branch in branches.categories]
    return slugs[0] if len(slugs) == 1 and slugs[0] else "works"


def _section(branches: Branches) -> Iterator[str]:
    yield _SECTION
    several = len(branches.categories) > 1
    slug = _slug(branches)
    if several:
        yield f"\n{_about(branches.works, branches.title, 'survey')} {_listed(slug)}\n{_figure(branches.title, slug)}"
    for branch in branches.categories:
        yield f"\n\\section{{{latex_text(branch.name)}}}\n\\label{{sec:{branch.slug or 'not-listed'}}}\n\n"
        yield f"{_about(branch.works, branch.name)}"
        yield "\n" if several else f" {_listed(slug)}\n{_figure(branch.name, slug)}"
        yield from _groups(branches, branch)
    yield "\n\\input{table}\n"


def _about(works: Sequence[Work], topic: str, what: str = "section") -> str:
    """Return the sentence that counts ``works``; ``what`` is what covers them."""
    years = sorted(work.year for work in works if work.year is not None)
    span = f", from {years[0]} to {years[-1]}" if years and years[0] != years[-1] else ""
    span = f", all from {years[0]}" if years and not span and len(works) > 1 else span
    published = sum(map(is_published, works))
    number = "1 work" if len(works) == 1 else f"{len(works)} works"
    told = f"This {what} covers {number} on {latex_text(topic)}{span}"
    papers = sum(work.kind == "paper" for work in works)
    return (
        f"{told}; {published} of them {'is' if published == 1 else 'are'} published at a venue."
        if papers > 1
        else f"{told}."
    )


def _listed(slug: str) -> str:
    return rf"Table~\ref{{tab:{slug}}} lists them."


def _figure(topic: str, slug: str) -> str:
    caption = rf"\caption{{A taxonomy of {latex_text(topic)}.}}\label{{fig:{slug}}}"
    return (
        "% The figure needs the package forest.\n\\ifcsname forest\\endcsname\n"
        f"\\begin{{figure}}[tp]\n\\input{{taxonomy}}\n{caption}\n\\end{{figure}}\n"
        f"Figure~\\ref{{fig:{slug}}} groups them.\n\\fi\n"
    )


def _groups(branches: Branches, branch: Branch) -> Iterator[str]:
    groups = branches.subgroups(branch)
    for group in groups:
        if len(groups) > 1:
            yield f"\n\\subsection{{{latex_text(group.name)}}}\n"
        by_year = groupby(in_order(group.works, "year"), key=lambda work: work.year)
        for year, works in by_year:
            yield f"\n\\paragraph{{{year or 'Year unknown'}.}}\n\\begin{{itemize}}\n"
            for work in works:
                # natbib prints a question mark for the authors of a work that has none
                cited = rf"\citet{{{work.key}}}" if work.authors else rf"\citep{{{work.key}}}"
                yield f"  \\item {cited}: \\todo{{{latex_text(work.title) or work.key}}}\n"
            yield "\\end{itemize}\n"
