"""Read a reading list: Markdown in, rows out. The one place that reads lists.

A row is a list item, a table row or a paragraph of that form that names a paper or a tool and links it. The
form that the shipped list uses is ``- Title <br> Venue Year [[Paper]](address) [[Code]](address)``; lists that
put the title into the link, in bold or into a table are read too. What looks like a row and cannot be read is
kept with its text, line and reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .errors import SourceError
from .identifiers import identify
from .links import is_link_label, work_identifiers
from .model import Entry, Identifier, Link, Reading, UnreadRow, WorkKind
from .rows import Row, fill, split, trim
from .text import repair_mojibake, tidy

if TYPE_CHECKING:
    from markdown_it.token import Token

_TOOL_SECTION = re.compile(r"\b(tools?|toolkits?|software|librar(y|ies)|frameworks?|implementations?)\b", re.I)
_NO_ROWS = re.compile(
    r"\W*((table of )?contents?|(how to )?contribut\w*.*|licen[cs]e.*|star history.*|acknowledge?ments?.*|disclaimer|"
    r"(how to )?(citation|cite|citing).{0,20}|contacts?( us)?|related (lists|awesome).*|change ?-?logs?.{0,12}|"
    r"((latest|recent|and|&|/|news|updates?)\s*)*(news|updates?)[\W\d]{0,20}|what.?s new.{0,20})\W*",
    re.IGNORECASE,
)
_MONTH = re.compile(r"[\W\d]{0,20}((jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\W\d]{0,20})?", re.I)
_NOTE = re.compile(r"tl; ?dr\b|tldr\b|(abstract|summary|notes?|comments?|authors?|keywords?|tags?|docs?)\s*(:|$)", re.I)
_NO_TITLE = re.compile(r"(see|also|note|cited|extend(s|ed)|based|follow-?up|accepted|published|appeared)\b", re.I)
_HTML_ROW = re.compile(r"<(li|tr|td|dt|dd)\b", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TITLE_COLUMN = re.compile(r"title|paper|name|work|method", re.IGNORECASE)
_VENUE_COLUMN = re.compile(r"venue|publi|conference|journal|where|date|year", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\[\]()\"']+")
_PREAMBLE = re.compile(r"\W*(about|introduction|overview|motivation|background|abstract)\W*", re.I)
UNSORTED = "Unsorted"
"""The section of rows that stand before the first heading."""


def decode(data: bytes, source: str) -> str:
    """Return the text of a list file: UTF-8 (with or without BOM), UTF-16 with BOM, else Windows-1252.

    Raises SourceError for a file that is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeError as error:
            raise SourceError(f"{source}: not text: begins like UTF-16 and is not ({error}).") from error
    if b"\0" in data:
        at = data.index(b"\0")
        raise SourceError(f"{source}: not text: a NUL byte at offset {at}. A list is a Markdown file in UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeError:
        return data.decode("cp1252", errors="replace")


def read_list(text: str, source: str, is_venue: Callable[[str], bool] = lambda _: False) -> Reading:
    """Read the Markdown ``text`` of a list; ``source`` is the name under which its rows are reported.

    ``is_venue`` tells whether a string is a known venue; it splits title and venue where a row lacks its
    ``<br>``. Rows keep their order; ``Entry.position`` counts from 1, ``Entry.line`` is that of the file.

    >>> reading = read_list("### KV Cache\\n- FastGen <br> ICLR 2024 [[Paper]](https://arxiv.org/abs/2310.01801)", "x")
    >>> reading.entries[0].title, reading.entries[0].venue, str(reading.entries[0].links[0].identifier)
    ('FastGen', 'ICLR 2024', 'arxiv:2310.01801')
    """
    from markdown_it import MarkdownIt

    lines = re.split(r"\r\n|\r|\n", text)
    text = repair_mojibake("\n".join(lines))
    lines = text.split("\n")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    entries: list[Entry] = []
    unread: dict[int, UnreadRow] = {}
    doubtful: list[tuple[str, UnreadRow]] = []
    sections_with_rows: set[str] = set()
    # an item that holds a list ends after it; the order is that of the lines
    for section, tool, line, row in sorted(_rows(tokens, is_venue), key=lambda found: found[2]):
        raw = tidy(lines[line - 1])
        # in "Agent Frameworks" papers may stand too
        kind: WorkKind = "tool" if tool and not row.broken and not work_identifiers(row.links) else "paper"
        title, venue = split(row, is_venue, kind)
        if not row.links and not row.broken:
            # prose in a list item, or a row that lost its links: told apart by what else the section holds
            if row.lost:
                unread[line] = UnreadRow(line, raw, row.lost)
            elif not row.anchors and not row.children and raw:
                doubtful.append((section, UnreadRow(line, raw, f"no link and no <br> (section '{section}')")))
        elif not title:
            unread[line] = UnreadRow(line, raw, "no title before the first link")
        else:
            entries.append(Entry(line, len(entries) + 1, section, kind, title, venue, tuple(row.links)))
            sections_with_rows.add(section)
    unread = {row.line: row for section, row in doubtful if section in sections_with_rows} | unread
    return Reading(source, tuple(entries), tuple(unread[line] for line in sorted(unread)))


def _rows(tokens: list[Token], is_venue: Callable[[str], bool]) -> Iterator[tuple[str, bool, int, Row]]:
    """Yield section, whether it holds tools, line and content of everything that may be a row."""
    headings: list[tuple[int, str]] = []
    section, skip, tool, preamble = UNSORTED, False, False, True
    header: list[str] = []
    cells: list[tuple[str, Row]] = []
    items: list[tuple[int, Row]] = []
    in_head = False
    line = 0
    for n, token in enumerate(tokens):
        found: list[tuple[int, Row]] = []
        before = tokens[n - 1]
        if token.type == "heading_open" and token.level == 0:
            level = int(token.tag[1])
            section = tidy(_plain(tokens[n + 1])) or UNSORTED
            preamble = (not headings and level == 1) or bool(_PREAMBLE.fullmatch(section))
            headings = [*(h for h in headings if h[0] < level), (level, section)]
            # "News" may be parted by dates
            about = headings if _MONTH.fullmatch(section) else headings[-1:]
            skip = any(_NO_ROWS.fullmatch(name) for _, name in about)
            tool = any(_TOOL_SECTION.search(name) for _, name in headings[-2:])
        elif token.type == "list_item_open" and token.map:
            items.append((token.map[0] + 1, Row()))
        elif token.type == "list_item_close":
            first, row = items.pop()
            found = _own_rows(row, is_venue, tool)
            if items:
                items[-1][1].children.append((first, row))
            else:
                found.append((first, row))
        elif token.type in {"thead_open", "thead_close"}:
            in_head = token.type == "thead_open"
            header = [] if in_head else header
        elif token.type == "tr_open" and token.map:
            cells, line = [], token.map[0] + 1
        elif token.type == "tr_close" and not in_head and cells:
            found = [(line, _table_row(cells, is_venue))]
        elif token.type == "inline" and before.type == "th_open":
            header.append(tidy(_plain(token)))
        elif token.type == "inline" and before.type == "td_open":
            row = Row()
            fill(row, token.children or [])
            name = header[len(cells)] if len(cells) < len(header) else ""
            cells.append((name, row))
        elif token.type == "inline" and items and before.type in {"paragraph_open", "heading_open"}:
            fill(items[-1][1], token.children or [])
        elif token.type == "inline" and before.type == "paragraph_open" and token.map:
            found += _paragraph(token.children or [], token.map[0] + 1, preamble, is_venue)
        elif token.type == "html_block" and token.map:
            found += _html(token.content, token.map[0] + 1, preamble)
            if items and found:
                items[-1][1].lost = found.pop()[1].lost
                found = []
        if not skip:
            yield from ((section, tool, at, row) for at, row in found)


def _own_rows(row: Row, is_venue: Callable[[str], bool], tool: bool) -> list[tuple[int, Row]]:
    """Return the items in ``row`` that are rows themselves; give it the links of those that are notes on it."""
    others: list[tuple[int, Row]] = []
    for line, child in row.children:
        text = trim("".join(child.before + child.after))
        if not row.after and (row.links or work_identifiers(child.links)) and is_venue(text):
            row.after.append(text)
        elif not child.links or not _is_label(text):
            others.append((line, child))
            continue
        # a note may speak of another work
        named = {i.scheme for i in work_identifiers(row.links)} if _NOTE.match(text) else set[str]()
        row.links += [link for link in child.links if not (link.identifier and link.identifier.scheme in named)]
    readable = row.broken or any(link.url.startswith("http") for link in row.links)
    known = set(work_identifiers(row.links))
    if not readable or not trim("".join(row.before)):
        return others
    return [(line, child) for line, child in others if _is_own(child, known, is_venue, tool)]


def _is_label(text: str) -> bool:
    """Return whether the text of an item says what its links are for: ``code:``, ``TL;DR: ...``."""
    head = text.partition(":")[0]
    return bool(_NOTE.match(text)) or all(is_link_label(part) for part in re.split(r"\s*(?:[,/&+]|\band\b)\s*", head))


def _is_own(child: Row, known: set[Identifier], is_venue: Callable[[str], bool], tool: bool) -> bool:
    """Return whether an item in a row names a work of its own, or a tool in the list of another's parts."""
    title = split(child, is_venue, "paper")[0]
    if child.links and (child.broken or (tool and child.links[0].identifier and child.links[0].label == title)):
        return True
    # "extended version at [arXiv](...)"
    prose = not title or title.endswith(":") or _NO_TITLE.match(title) or re.match(r"[a-z]+\b(?![.:-])", title)
    return bool(set(work_identifiers(child.links)) - known) and not prose


def _paragraph(
    children: list[Token], line: int, preamble: bool, is_venue: Callable[[str], bool]
) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a paragraph that have the form of the list's own, and its lines that look like others."""
    parts: list[list[Token]] = [[]]
    rows: list[tuple[int, Row, list[int]]] = []
    lines, depth = [line], 0
    for child in children:
        parts[-1].append(child)
        depth += child.nesting
        ends = child.type in {"softbreak", "hardbreak"}
        line += ends
        if ends and not depth:
            parts.append([])
            lines.append(line)
    for at, part in zip(lines, parts, strict=True):
        alone = Row()
        fill(alone, part)
        last = rows[-1][1] if rows else None
        if last is None or (last.broken and work_identifiers(last.links) and trim("".join(alone.before))):
            rows.append((at, Row(), []))
        fill(rows[-1][1], part)
        labelled = (link for link in alone.links if link.label and is_link_label(link.label))
        if work_identifiers(labelled) and (alone.bracketed or not preamble):
            rows[-1][2].append(at)
    for at, row, doubtful in rows:
        venue = tidy("".join(row.after))
        listed = not preamble or is_venue(trim(venue)) or (row.bracketed and re.search(r"\b(19|20)\d\d\b", venue))
        if row.broken and work_identifiers(row.links) and listed:
            yield at, row
        else:
            yield from ((n, Row(lost="a paragraph, not a list item")) for n in doubtful)


def _html(content: str, line: int, preamble: bool) -> Iterator[tuple[int, Row]]:
    """Yield the lines of an HTML block that link a work; badges above a list are no rows."""
    content = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), content)
    if preamble and not _HTML_ROW.search(content):
        return
    for at, text in enumerate(content.split("\n"), start=line):
        if work_identifiers(Link("", url, identify(url)) for url in _ADDRESS.findall(text)):
            yield at, Row(lost="HTML is not read")


def _table_row(cells: list[tuple[str, Row]], is_venue: Callable[[str], bool]) -> Row:
    """Return the row that a table's cells make: title and venue by their columns' names."""
    whole = Row()
    titles = [i for i, (name, _) in enumerate(cells) if _TITLE_COLUMN.search(name)] or [0]
    below = ""
    for i, (name, cell) in enumerate(cells):
        if i == titles[0]:
            # "**Title**<br>Authors"
            titled = bool(trim("".join(cell.before)))
            whole.before = cell.before if titled else cell.after
            whole.titled = cell.titled
            if not tidy("".join(whole.before)) and cell.links:
                whole.before = [cell.links[0].label]
            below = trim("".join(cell.after)) if titled else ""
        elif _VENUE_COLUMN.search(name):
            whole.after += [*cell.before, " ", *cell.after, " "]
        whole.links += cell.links
    if below and not tidy("".join(whole.after)) and is_venue(below):
        whole.after = [below]
    return whole


def _plain(token: Token) -> str:
    return "".join(c.content for c in token.children or [] if c.type in {"text", "code_inline", "text_special"})


def tool_name(title: str) -> str:
    """Return the name in a tool's row, which is printed as ``name: description``.

    >>> tool_name("kvpress: cache compression made easy")
    'kvpress'
    """
    name, colon, _ = title.partition(": ")
    return name.strip() if colon and name.strip() else title
