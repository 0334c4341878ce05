"""Checks of titles: capitals that a style lowers or that are gone, titles in capitals, titles of another work."""

from __future__ import annotations

from collections.abc import Iterator

from ..kg.text import title_key
from ..kg.titles import near, nickname, squash
from .capitals import guard, lost, lowered, words
from .case import WHOLES, Case, inner
from .finding import Change, Finding, Fix

_TOLD = 6


def shouted_title(case: Case) -> Iterator[Finding]:
    """Find a title in capitals throughout: no style can tell its names from its words."""
    if not _is_shouted(case.entry.get("title")):
        return
    message, level, fix = "the title is in capitals throughout", "warning", None
    if case.work and _agrees(case, case.work.title):
        if _is_shouted(case.work.title):
            message, level = f"{message}, as far as the graph knows too", "info"
        elif case.printed:
            message += f"; it is '{case.work.title}' (graph)"
            fix = Fix((Change("title", case.printed.tex("title")),))
    yield case.find("shouted-title", message, at="title", level=level, fix=fix)


def _is_shouted(title: str) -> bool:
    return title.isupper() and sum(sum(map(str.isalpha, w)) > 1 for w in title.split()) > 2


def lost_capitals(case: Case) -> Iterator[Finding]:
    """Find words whose capitals a style will lower, and those that have lost them already."""
    field = case.own.get("title")
    if field is None or (tex := inner(field)) is None or _is_shouted(field.text) or case.entry.kind in WHOLES:
        return  # a volume's title is the booktitle of its papers, which no style lowers
    work = case.work
    sure = work is not None and _agrees(case, work.title) and not _is_shouted(work.title)
    gone = dict(lowered(tex, work.title)) if work and sure else {}
    bare = [word for word in words(tex) if word not in gone and lost(word, only_inner=not sure)]
    if not gone and not bare:
        return
    braced = {word.start: right for word, right in gone.items()} | {word.start: word.text for word in bare}
    mended = guard(tex, braced)
    if mended is None and sure and case.printed:
        mended = case.printed.tex("title")
    told: list[str] = []
    if gone:
        told.append(", ".join(f"'{w.text}' is '{right}' (graph)" for w, right in list(gone.items())[:_TOLD]))
    if bare:
        listed = ", ".join(f"'{w.text.strip('.,:;?!()[]')}'" for w in bare[:_TOLD]) + ", ..." * (len(bare) > _TOLD)
        told.append(f"a style will lower {listed}: no braces round {'it' if len(bare) == 1 else 'them'}")
    fix = Fix((Change("title", mended),)) if mended is not None and mended != tex else None
    yield case.find("lost-capitals", "; ".join(told), at="title", fix=fix)


def wrong_title(case: Case) -> Iterator[Finding]:
    """Find a title that is none of those the work goes by.

    A misprint is mended. A paper may well have had another title once, or has one in its proceedings, so that is only
    told.
    """
    if case.work is None or case.known is None or not case.entry.title:
        return
    ours, theirs = case.entry.title, case.work.title
    if any(_same(ours, title) for title in (theirs, *case.known.titles)):
        return
    field = case.own.get("title")
    # another nickname is no misprint: papers are renamed
    close = near(title_key(ours), title_key(theirs)) and nickname(ours) == nickname(theirs)
    plain = field is not None and inner(field) is not None and not case.entry.get("subtitle")
    fix = Fix((Change("title", case.printed.tex("title")),)) if close and plain and case.printed else None
    yield case.find(
        "wrong-field", f"the title is '{theirs}' (graph)", at="title", level="warning" if close else "info", fix=fix
    )


def _agrees(case: Case, title: str) -> bool:
    return _same(case.entry.get("title"), title)


def _same(a: str, b: str) -> bool:
    return squash(title_key(a)) == squash(title_key(b))
