r"""A table of works in LaTeX: longtable, for it may be longer than a page, with the rules of booktabs.

Columns whose cells are about as long have a width in em, the others share what is left of the line, so that the table
is as wide as the text whatever the text's width is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .columns import Cell, Column
from .latex import address, escape

Row = Sequence[Sequence[Cell]]

PREAMBLE = r"""\usepackage{array,booktabs,longtable}
\usepackage[hidelinks]{hyperref}
"""
"""What a document needs before its ``\\begin{document}`` to print a table."""

_HEADING = r"""% In the preamble: \usepackage{array,booktabs,longtable,hyperref}
% longtable wants one column: in a document of two, set the table under \onecolumn.
"""
_CROWDED = 7
"""From so many columns on letters and gaps are smaller."""
_LINE, _LEAST = 345, 2
"""The points of an article's line, and the em that a column whose width is a share needs for each."""
_FOR_HREF = re.compile(r"[%#&_~]")
_MUST_BE_ENCODED = re.compile(r"[$<>^`\"'{}\\]")
_OPENS = re.compile(r'(^|[\s(\[/-])"')


def latex_table(
    columns: Sequence[Column], groups: Sequence[tuple[str, Sequence[Row]]], caption: str = "", label: str = ""
) -> Iterator[str]:
    """Yield a longtable of ``groups`` (heading and rows), each work cited by its key."""
    yield _HEADING
    yield (
        "\\begingroup" + (r"\footnotesize\setlength{\tabcolsep}{4pt}" if len(columns) >= _CROWDED else r"\small") + "\n"
    )
    if any(column.kind == "id" for column in columns):
        yield "\\urlstyle{same}\n"
    yield f"\\begin{{longtable}}{{@{{}}{''.join(_widths(columns))}@{{}}}}\n"
    head = " & ".join("Ref." if column.kind == "cite" else escape(column.header) for column in columns) + r" \\"
    top = f"\\toprule\n{head}\n\\midrule\n"
    if caption or label:
        named = f"\\caption{{{latex_text(caption)}}}" if caption else r"\caption{}"
        yield named + (f"\\label{{{_label(label)}}}" if label else "") + r" \\" + "\n"
    yield f"{top}\\endfirsthead\n{top}\\endhead\n"
    yield f"\\midrule\n\\multicolumn{{{len(columns)}}}{{@{{}}r@{{}}}}{{\\emph{{continued on the next page}}}} \\\\\n"
    yield "\\endfoot\n\\bottomrule\n\\endlastfoot\n"
    for n, (heading, rows) in enumerate(groups):
        if heading:
            # a heading at the foot of a page heads nothing
            rule = "\\addlinespace\n" if n else ""
            span = f"\\multicolumn{{{len(columns)}}}{{@{{}}l@{{}}}}"
            yield f"{rule}{span}{{\\textbf{{{latex_text(heading)}}}}} \\\\*\n\\nopagebreak\n"
        for row in rows:
            yield " & ".join(map(_cell, row, columns)) + " \\\\\n"
    yield "\\end{longtable}\n\\endgroup\n"


def fits(columns: Sequence[Column]) -> bool:
    """Say whether ``columns`` have room beside each other in the line of an article."""
    em, gap = (8.5, 8) if len(columns) >= _CROWDED else (9.25, 12)
    return sum(c.em or _LEAST * c.share for c in columns) * em + gap * (len(columns) - 1) <= _LINE


def latex_text(text: str) -> str:
    r"""Return ``text`` as LaTeX prints it: escaped, a straight quote as the one that is meant.

    >>> latex_text('The "Sparsity" & more')
    "The ``Sparsity'' \\& more"
    """
    return escape(_OPENS.sub(r"\1``", text).replace('"', "''"))


def href(url: str) -> str:
    r"""Return ``url`` for the first argument of ``\href``, also where that stands in another argument.

    What TeX would read as a sign of its own and hyperref does not take back is percent-encoded.

    >>> href("https://example.org/a_b?c=1&d=%20#e~f")
    'https://example.org/a\\_b?c=1\\&d=\\%20\\#e\\~f'
    """
    encoded = _MUST_BE_ENCODED.sub(lambda m: f"%{ord(m[0]):02X}", address(url))
    return _FOR_HREF.sub(r"\\\g<0>", encoded)


def _label(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9:._-]+", "-", label)


def _widths(columns: Sequence[Column]) -> Iterator[str]:
    """Yield the columns of the preamble of the table; together they are as wide as the line."""
    shares = sum(column.share for column in columns if not column.em)
    taken = sum(column.em for column in columns)
    gaps = 2 * (len(columns) - 1)
    for column in columns:
        if column.em:
            width = f"{column.em:g}em"
        else:
            left = rf"\dimexpr\linewidth-{taken:g}em-{gaps}\tabcolsep\relax"
            width = rf"\dimexpr{column.share / shares:.4f}{left}\relax"
        side = r"\raggedleft" if column.kind == "number" else r"\raggedright"
        # TeX hyphenates no word that nothing stands before
        yield rf">{{{side}\arraybackslash\nobreak\hspace{{0pt}}}}p{{{width}}}"


def _cell(cells: Sequence[Cell], column: Column) -> str:
    if not cells:
        return "--"
    if column.kind == "cite":
        return ", ".join(rf"\cite{{{cell.text}}}" for cell in cells)
    return ", ".join(_linked(cell, column) for cell in cells)


def _linked(cell: Cell, column: Column) -> str:
    if not cell.url:
        text = latex_text(cell.text)
        # behind the end of a row a bracket or a star would be read as its option
        return f"{{}}{text}" if text.startswith(("[", "*")) else text
    label = rf"\nolinkurl{{{href(cell.text)}}}" if column.kind == "id" else latex_text(cell.text)
    return rf"\href{{{href(cell.url)}}}{{{label}}}"
