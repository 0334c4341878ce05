"""Read a reading list: Markdown in, rows out. The one place that reads lists.

A row is a list item or a table row that names a paper or a tool and links it. The form that the shipped
list uses is ``- Title <br> Venue Year [[Paper]](address) [[Code]](address)``; lists that put the title into
the link, in bold or into a table are read too. What looks like a row and cannot be read is kept with its
text, line and reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import SourceError
from .identifiers import identify
from .links import is_link_label, work_identifiers
from .model import Entry, Link, Reading, UnreadRow, WorkKind
from .text import repair_mojibake, tidy

if TYPE_CHECKING:
    from markdown_it.token import Token

_BR = re.compile(r"</?br\s*/?>", re.IGNORECASE)
# "[[Blog]] (address)", and "[[Code]](address" with its bracket lost: text for Markdown, a link for a reader
_SPACED_LINK = re.compile(
    r"\[{1,2}([^\[\]]*)\]{1,2}\s*\(\s*(https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)(?:\s*\)|(?=\s|$))"
)
_BARE_LINK = re.compile(r"https?://[^\s<>\[\]()]+(?:\([^\s<>()]*\)[^\s<>\[\]()]*)*")
_TOOL_SECTION = re.compile(r"\b(tools?|toolkits?|software|librar(y|ies)|frameworks?|implementations?)\b", re.I)
_NO_ROWS = re.compile(
    r"\W*((table of )?contents?|(how to )?contribut\w*.*|licen[cs]e.*|star history.*|acknowledge?ments?.*|"
    r"(how to )?(citation|cite|citing).{0,20}|contacts?( us)?|disclaimer|related (lists|awesome).*)\W*",
    re.IGNORECASE,
)
_TITLE_COLUMN = re.compile(r"title|paper|name|work|method", re.IGNORECASE)
_VENUE_COLUMN = re.compile(r"venue|publi|conference|journal|where|date|year", re.IGNORECASE)
_BEFORE_TITLE = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|[\s\d\[\]()/.,:|–-]+")
_OPENING = re.compile(r"(?:\[([^\[\]]+)\]|\(([^()]+)\))[\s:.-]*")
_DATE = re.compile(r"[\d\s/.,-]*\d{2,4}[\d\s/.,-]*|\W*(?:[A-Z][a-z]{2,8}\.?\s+)?(?:\d{1,2},?\s+)?\d{4}\W*")
_ANCHOR = re.compile(r"<a\s[^>]*\bhref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>", re.IGNORECASE)
_PREPOSITIONS = frozenset("a and at by for from in of on to with".split())
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


@dataclass
class _Row:
    """A row while it is read: the texts before and after the break, and the links in order."""

    before: list[str] = field(default_factory=list[str])
    after: list[str] = field(default_factory=list[str])
    links: list[Link] = field(default_factory=list[Link])
    broken: bool = False
    """Whether a ``<br>`` stood between title and venue."""
    anchors: int = 0
    holds_items: bool = False
    """Whether a list stands in it: then it may be the heading of that list and no row."""

    def add(self, text: str) -> None:
        """Add text to the side of the break that is being read."""
        (self.after if self.broken else self.before).append(text)

    def link(self, label: str, url: str) -> None:
        """Add a link; one that only leads about in the page is counted and not kept."""
        if url.startswith("#"):
            self.anchors += 1
        else:
            label = tidy(label).strip("[] ")
            self.links.append(Link(label, url.strip(), identify(url)))


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
    unread: list[UnreadRow] = []
    doubtful: list[tuple[str, UnreadRow]] = []
    sections_with_rows: set[str] = set()
    # an item that holds a list ends after it; the order is that of the lines
    for section, tool, line, row in sorted(_rows(tokens), key=lambda found: found[2]):
        raw = tidy(lines[line - 1])
        title, venue = _split(row, is_venue, tool)
        # in "Agent Frameworks" papers may stand too
        kind: WorkKind = "tool" if tool and not row.broken and not work_identifiers(row.links) else "paper"
        if not row.links and not row.broken:
            # prose in a list item, or a row that lost its links: told apart by what else the section holds
            if not row.anchors and not row.holds_items and raw:
                doubtful.append((section, UnreadRow(line, raw, f"no link and no <br> (section '{section}')")))
        elif not title:
            unread.append(UnreadRow(line, raw, "no title before the first link"))
        else:
            entries.append(Entry(line, len(entries) + 1, section, kind, title, venue, tuple(row.links)))
            sections_with_rows.add(section)
    unread += [row for section, row in doubtful if section in sections_with_rows]
    return Reading(source, tuple(entries), tuple(sorted(unread, key=lambda u: u.line)))


def _rows(tokens: list[Token]) -> Iterator[tuple[str, bool, int, _Row]]:
    """Yield section, whether it holds tools, line and content of everything that may be a row."""
    headings: list[tuple[int, str]] = []
    section, skip, tool = UNSORTED, False, False
    header: list[str] = []
    cells: list[tuple[str, _Row]] = []
    items: list[tuple[int, _Row]] = []
    in_head = False
    line = 0
    for n, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            level = int(token.tag[1])
            headings = [h for h in headings if h[0] < level]
            section = tidy(_plain(tokens[n + 1])) or UNSORTED
            headings.append((level, section))
            skip = bool(_NO_ROWS.fullmatch(section))
            tool = any(_TOOL_SECTION.search(name) for _, name in headings[-2:])
        elif token.type == "list_item_open" and token.map:
            if items:
                items[-1][1].holds_items = True
            items.append((token.map[0] + 1, _Row()))
        elif token.type == "list_item_close":
            first, row = items.pop()
            if items and row.links and not _trim("".join(row.before + row.after)):
                items[-1][1].links += row.links  # "- Title" with its links as items of their own
            elif not skip:
                yield section, tool, first, row
        elif token.type in {"thead_open", "thead_close"}:
            in_head = token.type == "thead_open"
            header = [] if in_head else header
        elif token.type == "tr_open" and token.map:
            cells, line = [], token.map[0] + 1
        elif token.type == "tr_close" and not in_head and cells and not skip:
            yield section, tool, line, _table_row(cells)
        elif token.type == "inline" and tokens[n - 1].type == "th_open":
            header.append(tidy(_plain(token)))
        elif token.type == "inline" and tokens[n - 1].type == "td_open":
            row = _Row()
            _fill(row, token)
            name = header[len(cells)] if len(cells) < len(header) else ""
            cells.append((name, row))
        elif token.type == "inline" and items and tokens[n - 1].type in {"paragraph_open", "heading_open"}:
            _fill(items[-1][1], token)


def _table_row(cells: list[tuple[str, _Row]]) -> _Row:
    """Return the row that a table's cells make: title and venue by their columns' names."""
    whole = _Row()
    titles = [i for i, (name, _) in enumerate(cells) if _TITLE_COLUMN.search(name)] or [0]
    for i, (name, cell) in enumerate(cells):
        if i == titles[0]:
            texts = cell.before + cell.after
            if not tidy("".join(texts)) and cell.links:
                texts = [cell.links[0].label]
            whole.before = texts
        elif _VENUE_COLUMN.search(name):
            whole.after += [*cell.before, *cell.after, " "]
        whole.links += cell.links
    return whole


def _plain(token: Token) -> str:
    return "".join(c.content for c in token.children or [] if c.type in {"text", "code_inline", "text_special"})


def _fill(row: _Row, inline: Token) -> None:
    """Add an inline token's text and links to ``row``."""
    children = inline.children or []
    label: list[str] = []
    href: str | None = None
    shown = True
    for child in children:
        anchor = _ANCHOR.fullmatch(child.content) if child.type == "html_inline" else None
        if child.type == "link_open" or anchor:
            # "<address>" prints the address for want of a label
            href = anchor[1] if anchor else str(child.attrGet("href") or "")
            label, shown = [], child.markup != "autolink"
        elif href is not None and (child.type == "link_close" or child.content.lower() == "</a>"):
            text = "".join(label) if shown else ""
            # "- [Title](address), venue": the first link's text is the title unless it is a label
            if not _BEFORE_TITLE.sub("", "".join(row.before)) and not row.broken and not is_link_label(text):
                row.add(text)
            row.link(text, href)
            href = None
        elif child.type == "html_inline":
            if _BR.fullmatch(child.content):
                row.broken = True
        elif child.type in {"softbreak", "hardbreak"}:
            row.add(" ")
        elif child.type in {"text", "code_inline", "text_special"}:
            if href is not None:
                label.append(child.content)
            else:
                _add_text(row, child.content)


def _add_text(row: _Row, text: str) -> None:
    """Add plain text, taking out the links that Markdown did not see."""
    for pattern in (_SPACED_LINK, _BARE_LINK):
        for match in pattern.finditer(text):
            label, url = match.groups() if pattern is _SPACED_LINK else ("", match[0].rstrip(".,;"))
            row.link(label, url)
        text = pattern.sub(" ", text)
    row.add(text)


def _split(row: _Row, is_venue: Callable[[str], bool], tool: bool) -> tuple[str, str]:
    """Return title and venue of a row."""
    before, after = (_trim("".join(side)) for side in (row.before, row.after))
    # "[2024/05] Title", "[ICLR 2024] Title": a date says nothing here, a venue is the row's
    if opening := _OPENING.match(before):
        inside, rest = opening[1] or opening[2], before[opening.end() :].strip()
        if rest and (_DATE.fullmatch(inside) or is_venue(inside)):
            before, after = rest, after or ("" if _DATE.fullmatch(inside) else inside)
    if after or tool:
        return before, after
    # without a <br> the venue is the longest known one that ends the text: "Title EMNLP 2023"
    words = before.split(" ")
    for n in range(max(1, len(words) - 12), len(words)):
        tail = " ".join(words[n:]).strip(" .,;-()")
        # "Attention for Science" names no journal: a year or a mark must set the venue off
        set_off = any(c.isdigit() for c in tail) or words[n].startswith("(") or words[n - 1][-1:] in ",.;:|-"
        if set_off and words[n] not in _PREPOSITIONS and is_venue(tail):
            return _trim(" ".join(words[:n])).removesuffix("."), tail
    return before, after


def _trim(text: str) -> str:
    """Return ``text`` tidied, without the brackets, dashes and marks that links leave behind."""
    # brackets that a word calls stay: "LLM.int8()"
    text = tidy(re.sub(r"(?<!\w)(\[\s*\]\s*\(\s*\)|\[\s*\]|\(\s*\))", " ", tidy(text)))
    previous = ""
    while text != previous:
        previous = text
        text = text.strip(" ,;|–—-").removeprefix("]").removesuffix("[")
        if text.count("[") > text.count("]"):
            text = text.removeprefix("[")
    return text


def tool_name(title: str) -> str:
    """Return the name in a tool's row, which is printed as ``name: description``.

    >>> tool_name("kvpress: cache compression made easy")
    'kvpress'
    """
    name, colon, _ = title.partition(": ")
    return name.strip() if colon and name.strip() else title
