"""Markup that a title brings along: web services print titles as HTML or JATS.

Only pairs of tags that set text are markup; what else looks like one, as in ``List<int>``, is text.
"""

from __future__ import annotations

import re

from . import texmath

_NAMES = """
abbr b big bold cite code em font i inf inline-formula italic kbd mark math mfrac mi mn mo monospace mrow mstyle msub
msup mtext named-content nobr q roman s sans-serif sc scp small span strike strong styled-content sub sup tex-math tt u
underline var
"""
_TAG = re.compile(rf"<(/?)((?:jats|mml):[a-z-]+|{'|'.join(_NAMES.split())})(?:\s[^<>]*)?>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LOWERED, _RAISED = ("sub", "inf"), ("sup",)
_SCRIPT = re.compile(r"[A-Za-z0-9+\-]+")


def unmark(text: str) -> str:
    """Return ``text`` without tags and entities; what was raised or lowered stays so, as a sign or as math.

    An entity that HTML does not know stays, and so does a tag without its partner.

    >>> unmark("H<sub>2</sub>O for <i>E. coli</i> &amp; the 4<sup>th</sup> List<int>")
    'H₂O for E. coli & the 4$^{th}$ List<int>'
    """
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    return _without_pairs(_BREAK.sub(" ", text)) if "<" in text else text


def _entity(match: re.Match[str]) -> str:
    # 2,000 names that hardly any title needs
    from html import unescape

    char = unescape(match[0])
    # Without its semicolon HTML knows the beginning of a word too: &notation; is not ¬ation;
    return match[0] if char.endswith(";") and len(char) > 1 else char


def _without_pairs(text: str) -> str:
    tags = list(_TAG.finditer(text))
    pairs = _pairs([(tag[2].lower(), not tag[1]) for tag in tags])
    out: list[str] = []
    begun: list[int] = []
    end = 0
    for n, tag in enumerate(tags):
        if n not in pairs:
            continue
        out.append(text[end : tag.start()])
        end = tag.end()
        if pairs[n]:
            begun.append(len(out))
        else:
            start = begun.pop()
            out[start:] = [_set(tag[2].lower(), "".join(out[start:]))]
    return "".join([*out, text[end:]])


def _pairs(tags: list[tuple[str, bool]]) -> dict[int, bool]:
    """Return the numbers of the tags that have a partner, and whether each opens; pairs are nested."""
    pairs: dict[int, bool] = {}
    waiting: list[int] = []
    for n, (name, opens) in enumerate(tags):
        if opens:
            waiting.append(n)
            continue
        partner = next((i for i in range(len(waiting) - 1, -1, -1) if tags[waiting[i]][0] == name), None)
        if partner is not None:
            pairs |= {waiting[partner]: True, n: False}
            del waiting[partner:]
    return pairs


def _set(name: str, text: str) -> str:
    """Return what stood between two tags as it reads without them."""
    name = name.rpartition(":")[2]
    if name not in _LOWERED + _RAISED or not text.strip():
        return text
    level = "^" if name in _RAISED else "_"
    if script := texmath.script(level, text):
        return script
    return f"${level}{{{text}}}$" if _SCRIPT.fullmatch(text) else text
