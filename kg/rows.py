"""One row of a reading list while it is read: what Markdown makes of it, and how title and venue are told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .identifiers import identify
from .links import is_link_label
from .model import Link, WorkKind
from .text import tidy
from .venues import split_off

if TYPE_CHECKING:
    from markdown_it.token import Token

_BR = re.compile(r"</?br\s*/?>", re.IGNORECASE)
# "[[Blog]] (address)", and "[[Code]](address" with its bracket lost: text for Markdown, a link for a reader
_SPACED_LINK = re.compile(
    r"\[{1,2}([^\[\]]*)\]{1,2}\s*\(\s*(https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)(?:\s*\)|(?=\s|$))"
)
_BARE_LINK = re.compile(r"https?://[^\s<>\[\]()]+(?:\([^\s<>()]*\)[^\s<>\[\]()]*)*")
_KEPT_STOP = re.compile(r"(\.\.|(?<!\w)(al|vs|etc|cf|inc|ltd|jr|sr|([a-z]\.)*[a-z])\.)$", re.IGNORECASE)
_BEFORE_TITLE = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|:[a-z][a-z0-9_+-]*:|[\W\d_]")
# "🔥", "⭐️", ":star:" before a title
_ORNAMENT = re.compile(
    r"(?:\s|:[a-z][a-z0-9_+-]*:|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff])+"
)
_ENDS = re.compile(r"[.,;:?!|]\s*$")
_OPENING = re.compile(r"(?:\[([^\[\]]+)\]|\(([^()]+)\))[\s:.-]*")
_DATE = re.compile(r"[\d\s/.,-]*\d{2,4}[\d\s/.,-]*|\W*(?:[A-Z][a-z]{2,8}\.?\s+)?(?:\d{1,2},?\s+)?\d{4}\W*")
_ANCHOR = re.compile(r"<a\s[^>]*\bhref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>", re.IGNORECASE)
_MARKS = " ,;|–—-"


@dataclass
class Row:
    """A row while it is read: the texts before and after the break, and the links in order."""

    before: list[str] = field(default_factory=list[str])
    after: list[str] = field(default_factory=list[str])
    links: list[Link] = field(default_factory=list[Link])
    broken: bool = False
    """Whether a ``<br>`` stood between title and venue."""
    anchors: int = 0
    children: list[tuple[int, Row]] = field(default_factory=list["tuple[int, Row]"])
    """The items of a list that stands in it: then it may be the heading of that list and no row."""
    lost: str = ""
    """Why it cannot be read, if that is known."""
    titled: bool = False
    """Whether the text of a link is its title."""
    bracketed: bool = False
    """Whether a link is labelled as lists do it: ``[[Paper]](address)``."""

    def add(self, text: str) -> None:
        """Add text to the side of the break that is being read."""
        (self.after if self.broken else self.before).append(text)

    def link(self, label: str, url: str) -> None:
        """Add a link; one that only leads about in the page is counted and not kept."""
        if url.startswith("#"):
            self.anchors += 1
        else:
            label = tidy(label)
            self.bracketed = self.bracketed or label.startswith("[")
            label = label.strip("[] ")
            self.links.append(Link(label, url.strip(), identify(url)))


def fill(row: Row, children: list[Token]) -> None:
    """Add the text and links of an inline token's children to ``row``."""
    label: list[str] = []
    href: str | None = None
    shown = True
    strong = aside = False
    for child in children:
        anchor = _ANCHOR.fullmatch(child.content) if child.type == "html_inline" else None
        if child.type == "link_open" or anchor:
            # "<address>" prints the address for want of a label
            href = anchor[1] if anchor else str(child.attrGet("href") or "")
            label, shown = [], child.markup != "autolink"
        elif href is not None and (child.type == "link_close" or child.content.lower() == "</a>"):
            text = "".join(label) if shown else ""
            # "- [Title](address), venue": the first link's text is the title unless it is a label
            titled = row.broken or len(row.before) > 99 or _BEFORE_TITLE.sub("", "".join(row.before))
            if not titled and not is_link_label(text):
                row.add(text)
                row.titled = True
            row.link(text, href)
            href = None
        elif child.type == "em_open" and href is None and not row.broken:
            # "[**Title.**](address) *Authors.* Venue": authors behind a title that has ended
            so_far = "".join(row.before)
            aside = bool(_BEFORE_TITLE.sub("", so_far)) and (strong or row.titled or bool(_ENDS.search(so_far)))
        elif child.type == "em_close":
            if aside:
                row.add(" | ")
            aside = False
        elif child.type == "strong_close":
            strong = href is None
        elif child.type == "html_inline":
            # a break behind badges alone parts nothing
            badges = any(not link.label for link in row.links) and not _BEFORE_TITLE.sub("", "".join(row.before))
            if _BR.fullmatch(child.content) and not badges:
                row.broken = True
        elif child.type in {"softbreak", "hardbreak"}:
            row.add(" ")
        elif child.type in {"text", "code_inline", "text_special"}:
            if href is not None:
                label.append(child.content)
            elif aside:
                continue
            elif child.type == "code_inline" and not trim("".join(row.before)) and re.search(r"\d\d", child.content):
                row.add(f"[{child.content}] ")
            else:
                _add_text(row, child.content)


def _add_text(row: Row, text: str) -> None:
    """Add plain text, taking out the links that Markdown did not see."""
    for pattern in (_SPACED_LINK, _BARE_LINK):
        for match in pattern.finditer(text):
            label, url = match.groups() if pattern is _SPACED_LINK else ("", match[0].rstrip(".,;"))
            row.link(label, url)
        text = pattern.sub(" ", text)
    row.add(text)


def split(row: Row, is_venue: Callable[[str], bool], kind: WorkKind) -> tuple[str, str]:
    """Return title and venue of a row."""
    before, after = (trim("".join(side)) for side in (row.before, row.after))
    ornament = _ORNAMENT.match(before)
    # before a venue in brackets or a linked title it is the list's; else it may be the title's own
    if ornament and (row.titled or _OPENING.match(before, ornament.end())):
        before = before[ornament.end() :]
    # "[2024/05] Title", "[ICLR 2024] Title": a date says nothing here, a venue is the row's
    opening = _OPENING.match(before)
    if opening and opening.end() < 200:
        inside, rest = opening[1] or opening[2], before[opening.end() :].strip()
        if rest and (_DATE.fullmatch(inside) or is_venue(inside)):
            before, after = rest, after or ("" if _DATE.fullmatch(inside) else inside)
    if not after and kind == "paper":
        before, after = split_off(before, is_venue)
        before = trim(before)
    # the full stop of a sentence that was a title; "et al." and "..." keep theirs
    if before.endswith(".") and not _KEPT_STOP.search(before[-20:]):
        before = trim(before[:-1])
    return before, after


def trim(text: str) -> str:
    """Return ``text`` tidied, without the brackets, dashes and marks that links leave behind."""
    # brackets that a word calls stay: "LLM.int8()"
    text = tidy(re.sub(r"(?<!\w)(\[\s*\]\s*\(\s*\)|\[\s*\]|\(\s*\))", " ", tidy(text)))
    start, end, unclosed = 0, len(text), text.count("[") - text.count("]")
    while start < end:
        first, last = text[start], text[end - 1]
        if first in _MARKS or first == "]":
            start += 1
            unclosed += first == "]"
        elif last in _MARKS or last == "[":
            end -= 1
            unclosed -= last == "["
        elif first == "[" and unclosed > 0:
            start += 1
            unclosed -= 1
        else:
            break
    return text[start:end]
