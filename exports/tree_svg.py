"""The tree as an SVG that stands alone: boxes from left to right, works as links in boxes of their own.

How wide a text is, is reckoned by the widths of Helvetica's letters, which Arial and Liberation Sans share, with room
for DejaVu Sans, the widest of the fonts asked for. No script, no style sheet and no font is loaded from anywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from .cited import links
from .columns import place, safe_address
from .latex import plain
from .tree import COLOURS, Leaf, Node

# Adobe's metrics of Helvetica for the printable letters of ASCII, in thousandths of the size.
_WIDTHS = [
    int(width)
    for width in """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584
584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278
278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500
500 334 260 334 584
""".split()
]
_ROOM = 1.16
_FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

_MARGIN = 24.0
_BOX = 164.0
_LEAVES = 760.0
_ACROSS = 34.0
_DOWN = 8.0
_PAD = 8.0
_LINE = 16.0
_SIZE = 12.0
_GAP = 16.0


@dataclass(frozen=True, slots=True)
class _Word:
    """A piece of text at its place in a box, maybe a link."""

    x: float
    line: int
    text: str
    leaf: Leaf | None = None


@dataclass(slots=True)
class _Box:
    """A box with its text, and what hangs on it; ``top`` is set when the boxes are put in their places."""

    width: float
    words: list[_Word]
    lines: int
    colour: str
    depth: int
    children: list[_Box]
    title: str = ""
    top: float = 0.0

    @property
    def height(self) -> float:
        return self.lines * _LINE + 2 * _PAD - 3

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def svg(root: Node) -> Iterator[str]:
    """Yield the tree as SVG 1.1 with links; long labels are shortened and told whole in tooltips."""
    top = _labelled(root, "404040", 0)
    for n, child in enumerate(root.children):
        top.children.append(_box(child, COLOURS[n % len(COLOURS)], 1))
    if root.leaves:
        top.children.append(_leaf_box(root, COLOURS[0], 1))
    bottom = _place(top, _MARGIN)
    width = max(_right(box) for box in _all(top)) + _MARGIN
    height = bottom + _MARGIN - _DOWN
    title = f"{root.text}: {_works(root.works)}"
    parts = "; ".join(f"{child.text} ({child.works})" for child in root.children)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:.0f}" '
    yield f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" role="group" aria-labelledby="title desc" '
    yield f'font-family="{_FONT}" font-size="{_SIZE:g}">\n'
    yield f'<title id="title">{_text(title)}</title>\n<desc id="desc">A tree of works. {_text(parts)}</desc>\n'
    yield '<rect width="100%" height="100%" fill="#FFFFFF"/>\n'
    yield '<g fill="none" stroke-width="1.3">\n'
    yield from _edges(top)
    yield "</g>\n"
    for box in _all(top):
        yield from _drawn(box)
    yield "</svg>\n"


def text_width(text: str, size: float = _SIZE, *, bold: bool = False) -> float:
    """Return about how wide ``text`` is, too much rather than too little."""
    total = 0
    for char in text:
        if " " <= char <= "~":
            total += _WIDTHS[ord(char) - 32]
        elif not unicodedata.combining(char):
            total += 1000 if unicodedata.east_asian_width(char) in "WF" else 650
    return total * size / 1000 * _ROOM * (1.1 if bold else 1)


def shortened(text: str, room: float, size: float = _SIZE, *, bold: bool = False) -> str:
    """Return ``text``, or as much of its beginning as fits into ``room`` with a sign that it was cut."""
    if text_width(text, size, bold=bold) <= room:
        return text
    end = min(len(text), int(room / size * 5))
    while end and text_width(text[:end].rstrip() + "…", size, bold=bold) > room:
        end -= 1
    return text[:end].rstrip() + "…"


def _works(number: int) -> str:
    return f"{number} work" if number == 1 else f"{number} works"


def _box(node: Node, colour: str, depth: int) -> _Box:
    box = _labelled(node, colour, depth)
    box.children += [_box(child, colour, depth + 1) for child in node.children]
    if node.leaves:
        box.children.append(_leaf_box(node, colour, depth + 1))
    return box


def _labelled(node: Node, colour: str, depth: int) -> _Box:
    """Return the box of a node: its label in up to three lines, and how many works it stands for."""
    lines = _wrapped(node.text, _BOX - 2 * _PAD)
    words = [_Word(_PAD, n, line) for n, line in enumerate(lines)]
    words.append(_Word(_PAD, len(lines), _works(node.works)))
    return _Box(_BOX, words, len(lines) + 1, colour, depth, [], node.text)


def _wrapped(text: str, room: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or text_width(longer, _SIZE + 1, bold=True) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > 3:
        lines = [*lines[:2], " ".join(lines[2:])]
    return [shortened(line, room, _SIZE + 1, bold=True) for line in lines]


def _leaf_box(node: Node, colour: str, depth: int) -> _Box:
    """Return the box with the works of a node, as many on a line as fit."""
    room = _LEAVES - 2 * _PAD
    words: list[_Word] = []
    x, line, widest = _PAD, 0, 0.0
    more = [(f"and {node.left_out} more", None)] if node.left_out else []
    for text, leaf in [*((shortened(leaf.text, room), leaf) for leaf in node.leaves), *more]:
        width = text_width(text)
        if x > _PAD and (x + width > _PAD + room or (leaf and leaf.is_title)):
            x, line = _PAD, line + 1
        words.append(_Word(x, line, text, leaf))
        x += width + _GAP
        widest = max(widest, x - _GAP + _PAD)
    return _Box(min(widest, _LEAVES), words, line + 1, colour, depth, [])


def _place(box: _Box, top: float) -> float:
    """Put ``box`` and what hangs on it below ``top``; return where the next one may begin."""
    if not box.children:
        box.top = top
        return top + box.height + _DOWN
    end = top
    for child in box.children:
        end = _place(child, end)
    box.top = (box.children[0].middle + box.children[-1].middle - box.height) / 2
    if box.top < top:
        # higher than what hangs on it, which moves down to its middle
        _move(box, top - box.top)
        end += top - box.top
    return max(end + _DOWN * (box.depth == 1), box.top + box.height + _DOWN)


def _move(box: _Box, down: float) -> None:
    box.top += down
    for child in box.children:
        _move(child, down)


def _all(box: _Box) -> Iterator[_Box]:
    yield box
    for child in box.children:
        yield from _all(child)


def _left(box: _Box) -> float:
    return _MARGIN + box.depth * (_BOX + _ACROSS)


def _right(box: _Box) -> float:
    return _left(box) + box.width


def _edges(box: _Box) -> Iterator[str]:
    x, y = _right(box), box.middle
    for child in box.children:
        to = _left(child)
        half = (x + to) / 2
        path = f"M{x:.1f} {y:.1f}C{half:.1f} {y:.1f} {half:.1f} {child.middle:.1f} {to:.1f} {child.middle:.1f}"
        yield f'<path d="{path}" stroke="#{child.colour}" stroke-opacity="0.7"/>\n'
        yield from _edges(child)


def _drawn(box: _Box) -> Iterator[str]:
    left = _left(box)
    works = box.title == ""
    opacity = "0.06" if works else "0.16"
    yield "<g>\n"
    if box.title:
        yield f"<title>{_text(box.title)}</title>\n"
    shape = f'x="{left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="5"'
    yield f'<rect {shape} fill="#{box.colour}" fill-opacity="{opacity}" stroke="#{box.colour}"/>\n'
    for word in box.words:
        x, y = left + word.x, box.top + _PAD + word.line * _LINE + _SIZE - 2
        if works and word.x > _PAD:  # a name may hold spaces: what parts two of them is a dot
            yield f'<circle cx="{x - _GAP / 2:.1f}" cy="{y - 4:.1f}" r="1.5" fill="#{box.colour}"/>\n'
        yield from _word(word, x, y, heading=not works and word.line < box.lines - 1, works=works)
    yield "</g>\n"


def _word(word: _Word, x: float, y: float, *, heading: bool, works: bool) -> Iterator[str]:
    look = ' font-weight="bold" font-size="13"' if heading else "" if works else ' font-size="11"'
    ink = "1A1A1A" if works or heading else "4A4A4A"
    text = f'<text x="{x:.1f}" y="{y:.1f}" fill="#{ink}"{look}>{_text(word.text)}</text>'
    if word.leaf is None:
        yield f"{text}\n"
        return
    tip = f"<title>{_text(_told(word.leaf))}</title>"
    url = safe_address(links(word.leaf.work).url)
    if url:
        address = quoteattr(url)
        yield f"<a href={address} xlink:href={address}>{tip}{text}</a>\n"
    else:
        yield f"<g>{tip}{text}</g>\n"


def _told(leaf: Leaf) -> str:
    """Return what a tooltip tells of a work: title, where it appeared, and its key."""
    work = leaf.work
    where = plain(place(work))
    year = str(work.year or "")
    said: Sequence[str] = (where if year in where else f"{where} {year}".strip(), work.key)
    return f"{plain(work.title)} ({', '.join(filter(None, said))})"


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
