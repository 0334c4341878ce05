"""Tables of works for a survey: LaTeX (booktabs, longtable), Markdown, CSV, HTML.

A title is data. Whatever it holds, it can end neither a cell nor a row, runs no command of LaTeX and no script of
HTML, and is no formula in a spreadsheet: in CSV a text that begins with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe
before it, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape as html_escape
from typing import Literal

from ..kg.errors import UnknownName
from ..kg.graph import Graph
from ..kg.model import Work
from ..kg.text import title_key
from .branches import Branches
from .cited import in_order
from .columns import COLUMNS, Cell, Column, Printing, check_columns, place
from .latex import plain
from .options import Venues
from .table_latex import fits, latex_table

TableSort = Literal["key", "year", "citations", "title", "venue"]
GroupBy = Literal["none", "category", "subgroup", "year", "venue"]

_MARKDOWN = re.compile(r"[\\`*_{}\[\]|~$@^]|(?<=\W)#|^#")
_ENDS_LINK = re.compile(r"[()<>|`\s\\\[\]]")
_FORMULA = re.compile(r"[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table shows of which works, in which order and groups.

    ``columns`` are names of :data:`llmcomp.exports.columns.COLUMNS`. ``sort`` is by key, by year (oldest first), by
    citations (most first), by title or by venue. ``group_by`` may be "category", "subgroup" (of a category, see
    :mod:`llmcomp.kg.subgroups`), "year" or "venue"; a work of several categories is in each of them once, in those of
    ``categories`` alone if any are named. ``caption`` None is one that says what the works are; an empty one is none.
    ``label`` is that of LaTeX.
    """

    columns: tuple[str, ...] = ("key", "title", "venue", "year", "code")
    sort: TableSort = "key"
    group_by: GroupBy = "none"
    venues: Venues = "acronym"
    caption: str | None = None
    label: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading, which is empty where a table has no groups."""

    heading: str
    rows: tuple[tuple[tuple[Cell, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table before it is written: columns by name, groups, caption (empty for none) and label of LaTeX."""

    columns: tuple[tuple[str, Column], ...]
    groups: tuple[Group, ...]
    caption: str = ""
    label: str = ""


def table(graph: Graph, works: Iterable[Work], format: str, layout: Layout | None = None) -> Iterator[str]:
    """Yield a table of ``works`` as pieces of text, in one of :data:`TABLE_FORMATS`.

    :raises UnknownName: no such format or column; the message lists those there are.
    :raises NothingFound: there is no work to show.
    """
    layout = layout or Layout()
    if format not in TABLE_FORMATS:
        raise UnknownName("format", format, TABLE_FORMATS)
    check_columns(layout.columns)
    branches = Branches(graph, in_order(works), layout.categories)
    return TABLE_FORMATS[format](arrange(branches, layout, default_caption=format in ("latex", "html")))


def arrange(branches: Branches, layout: Layout, *, default_caption: bool = True) -> Table:
    """Return the table of the works of ``branches`` as values."""
    printing = Printing(branches.names, layout.venues)
    columns = _columns(layout)
    groups = tuple(
        Group(heading, tuple(tuple(column.cells(work, printing) for _, column in columns) for work in works))
        for heading, works in _groups(branches, layout)
    )
    caption = layout.caption
    if caption is None:
        number = len(branches.works)
        caption = f"{branches.title}: {number} {'work' if number == 1 else 'works'}." if default_caption else ""
    return Table(columns, groups, caption, layout.label)


def fits_a_page(layout: Layout) -> bool:
    """Say whether the columns have room beside each other in the text of a LaTeX article."""
    return fits([column for _, column in _columns(layout)])


def _columns(layout: Layout) -> tuple[tuple[str, Column], ...]:
    columns = tuple((name, COLUMNS[name]) for name in layout.columns)
    if layout.venues == "acronym":
        return columns
    return tuple((name, replace(c, em=0) if c.share else c) for name, c in columns)


def _groups(branches: Branches, layout: Layout) -> Iterator[tuple[str, list[Work]]]:
    if layout.group_by == "category":
        for branch in branches.categories:
            yield branch.name, sorted_works(branch.works, layout)
    elif layout.group_by == "subgroup":
        several = len(branches.categories) > 1
        for branch in branches.categories:
            for group in branches.subgroups(branch):
                yield f"{branch.name}: {group.name}" if several else group.name, sorted_works(group.works, layout)
    elif layout.group_by == "none":
        yield "", sorted_works(branches.works, layout)
    else:
        by_year = layout.group_by == "year"
        found: dict[tuple[int, str], list[Work]] = defaultdict(list)
        for work in sorted_works(branches.works, layout):
            told = str(work.year or "") if by_year else place(work, layout.venues)
            # a preprint's server is no venue, and stands behind them
            last = 2 if not told else 1 if not by_year and work.venue is None else 0
            found[last, told].append(work)
        for (_, told), works in sorted(found.items(), key=lambda item: (item[0][0], title_key(item[0][1]), item[0][1])):
            yield told or ("Year unknown" if by_year else "Elsewhere"), works


def sorted_works(works: Sequence[Work], layout: Layout) -> list[Work]:
    """Return ``works`` in the order that ``layout`` asks for."""
    if layout.sort == "title":
        return sorted(in_order(works), key=lambda work: title_key(plain(work.title)))
    if layout.sort == "venue":
        return sorted(in_order(works), key=lambda work: (work.venue is None, title_key(place(work, layout.venues))))
    return list(in_order(works, layout.sort))


def _joined(cells: Sequence[Cell], print_cell: Callable[[Cell], str], between: str = ", ") -> str:
    return between.join(map(print_cell, cells))


# --- Markdown


def _markdown(made: Table) -> Iterator[str]:
    """Yield tables as GitHub reads them, one a group under its heading."""
    if made.caption:
        yield f"Table: {markdown_text(made.caption)}\n\n"
    gap = ""
    for group in made.groups:
        yield gap
        gap = "\n"
        if group.heading:
            yield f"### {markdown_text(group.heading)}\n\n"
        yield f"| {' | '.join(column.header for _, column in made.columns)} |\n"
        yield f"| {' | '.join('---:' if column.kind == 'number' else '---' for _, column in made.columns)} |\n"
        for row in group.rows:
            yield f"| {' | '.join(_joined(cells, lambda c: markdown_link(c.text, c.url)) for cells in row)} |\n"


def markdown_text(text: str) -> str:
    r"""Return ``text`` with what Markdown would read as markup escaped.

    >>> print(markdown_text("a|b *c* <script> [d](e) `f` & 2 < 3"))
    a\|b \*c\* &lt;script> \[d\](e) \`f\` &amp; 2 &lt; 3
    """
    text = _MARKDOWN.sub(r"\\\g<0>", plain(text))
    return text.replace("&", "&amp;").replace("<", "&lt;")


def markdown_link(text: str, url: str) -> str:
    """Return ``text`` as Markdown that links to ``url``, or leads nowhere where that is empty."""
    if not url:
        return markdown_text(text)
    url = _ENDS_LINK.sub(lambda m: f"%{ord(m[0]):02X}", url)
    return f"[{markdown_text(text)}]({url.replace('&', '&amp;')})"


# --- CSV


def _csv(made: Table) -> Iterator[str]:
    """Yield one line a row, with the names of columns on top; the group stands in a column of its own."""
    grouped = any(group.heading for group in made.groups)
    yield csv_line(["group"] * grouped + [name for name, _ in made.columns])
    for group in made.groups:
        for row in group.rows:
            cells = (
                (" ".join(cell.url for cell in cells) if column.kind == "link" else _joined(cells, _raw), column.kind)
                for cells, (_, column) in zip(row, made.columns, strict=True)
            )
            line = [text if kind == "number" else no_formula(text) for text, kind in cells]
            yield csv_line([no_formula(plain(group.heading))] * grouped + line)


def _raw(cell: Cell) -> str:
    return plain(cell.text)


def no_formula(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{text}" if _FORMULA.match(text) else text


def csv_line(values: Sequence[str]) -> str:
    """Return a line of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue()


# --- HTML


def _html(made: Table) -> Iterator[str]:
    """Yield one table, in ASCII, so that it shows alike in a page of any encoding."""
    yield "<table>\n"
    if made.caption:
        yield f"<caption>{html_text(made.caption)}</caption>\n"
    heads = (f'<th scope="col"{_aligned(column)}>{html_text(column.header)}</th>' for _, column in made.columns)
    yield f"<thead>\n<tr>{''.join(heads)}</tr>\n</thead>\n"
    for group in made.groups:
        yield "<tbody>\n"
        if group.heading:
            width = len(made.columns)
            yield f'<tr><th scope="rowgroup" colspan="{width}">{html_text(group.heading)}</th></tr>\n'
        for row in group.rows:
            yield "<tr>"
            for n, (cells, (_, column)) in enumerate(zip(row, made.columns, strict=True)):
                tag, scope = ("th", ' scope="row"') if n == 0 else ("td", "")
                direction = ' dir="auto"' if column.kind == "text" else ""
                yield f"<{tag}{scope}{_aligned(column)}{direction}>{_joined(cells, _html_cell)}</{tag}>"
            yield "</tr>\n"
        yield "</tbody>\n"
    yield "</table>\n"


def _aligned(column: Column) -> str:
    return f' style="text-align: {"right" if column.kind == "number" else "left"}"'


def html_text(text: str) -> str:
    """Return ``text`` for HTML, in ASCII.

    >>> html_text("<b>Ł & co")
    '&lt;b&gt;&#321; &amp; co'
    """
    return html_escape(plain(text)).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _html_cell(cell: Cell) -> str:
    text = html_text(cell.text)
    return f'<a href="{html_escape(cell.url)}" rel="noopener noreferrer">{text}</a>' if cell.url else text


def _latex(made: Table) -> Iterator[str]:
    return latex_table(
        [column for _, column in made.columns], [(g.heading, g.rows) for g in made.groups], made.caption, made.label
    )


TABLE_FORMATS: dict[str, Callable[[Table], Iterator[str]]] = {
    "latex": _latex,
    "markdown": _markdown,
    "csv": _csv,
    "html": _html,
}
"""Format of a table to what writes it."""
