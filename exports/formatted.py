"""Text and HTML: a bibliography as a journal prints it, in any CSL style.

The style decides on the order, but for styles that number works by citation: there it is ``options.sort``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from typing import Any

from ..kg.model import Work
from . import csl_json, pandoc, texmath
from .cited import in_order
from .options import Options, Protect
from .styles import changes_titles, only_numbers, prints_preprints, read_style
from .titles import protect

_ENTRY = re.compile(r'^<div id="ref-([^"]*)" class="csl-entry"[^>]*>$', re.MULTILINE)
_HANGING = re.compile(r'^<div id="refs" class="[^"]*\bhanging-indent\b')
_BLOCK = re.compile(r"</?div[^>]*>|<br ?/?>")
_SCRIPT = re.compile(r"<su([bp])>([^<]*)</su[bp]>")
_TAG = re.compile(r"<[^>]*>")
_WORTH_TWO = 300
"""From how many works on two processes end before one does."""
_BLANK = "--blank-"
"""What the ids of references begin with that are not printed; no citation key begins so."""
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?")
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>References</title>
<style>
body {{ max-width: 45em; margin: 2em auto; padding: 0 1em; font-family: serif; line-height: 1.4; }}
.csl-entry {{ margin-bottom: 0.6em; overflow-wrap: anywhere; }}
.csl-left-margin {{ float: left; min-width: 2.5em; }}
.csl-right-inline {{ margin-left: 3em; }}
.hanging-indent .csl-entry {{ margin-left: 2em; text-indent: -2em; }}
.smallcaps {{ font-variant: small-caps; }}
</style>
</head>
<body>
<h1>References</h1>
<div id="refs" class="{classes}" role="list">
"""


def text(works: Iterable[Work], options: Options) -> Iterator[str]:
    """Yield ``works`` in the style ``options.style`` as plain text: a line each, an empty line between two.

    :raises UsageError: no such style, or a file that holds none.
    :raises OutsideError: pandoc or the styles are not installed, or pandoc fails.
    """
    gap = ""
    for part in _formatted(works, options):
        for _, entry in _entries(part):
            yield f"{gap}{_plain(entry)}\n"
            gap = "\n"


def html(works: Iterable[Work], options: Options) -> Iterator[str]:
    """Yield ``works`` in the style ``options.style`` as a page of HTML; each has the id ``ref-KEY``.

    :raises UsageError: no such style, or a file that holds none.
    :raises OutsideError: pandoc or the styles are not installed, or pandoc fails.
    """
    parts = _formatted(works, options)
    yield _PAGE.format(classes="references hanging-indent" if any(map(_HANGING.search, parts)) else "references")
    for part in parts:
        for key, entry in _entries(part):
            yield f'<div id="ref-{key}" class="csl-entry" role="listitem">\n{entry}\n</div>\n'
    yield "</div>\n</body>\n</html>\n"


def _formatted(works: Iterable[Work], options: Options) -> list[str]:
    """Return what pandoc makes of ``works``: in one piece, or in two that it made at once on two cores."""
    style = read_style(options.style)
    whole = replace(options, fields=())
    keep, as_articles = changes_titles(style), not prints_preprints(style)
    references = [_reference(work, whole, keep=keep) for work in in_order(works, options.sort)]
    if not references:
        return []
    if as_articles:
        references = [_as_article(item) for item in references]
    parts = [references]
    if len(references) >= _WORTH_TWO and (os.cpu_count() or 1) > 1 and only_numbers(style):
        half = len(references) // 2
        # empty ones take the numbers of the first half
        parts = [references[:half], [{"id": f"{_BLANK}{n}"} for n in range(half)] + references[half:]]
    told = [json.dumps(part, ensure_ascii=False) for part in parts]
    return pandoc.format_bibliographies(told, style, options.style)


def _reference(work: Work, options: Options, *, keep: bool) -> dict[str, Any]:
    """Return the CSL item of ``work`` without what no style prints, with ``keep`` its title's capitals marked.

    Beside the proceedings the meeting is left out: styles print it for a talk, and APA's would name both.
    """
    item = csl_json.item(work, options)
    for field in ("custom", "keyword", "event-title" if "container-title" in item else ""):
        item.pop(field, None)
    if keep:
        item["title"] = keep_capitals(item["title"], options.protect)
    if work.authors_truncated and "author" in item:
        item["author"].append({"literal": "others"})  # pandoc's word for "et al."
    return item


def _as_article(item: dict[str, Any]) -> dict[str, Any]:
    """Return a preprint as BibTeX's styles print it, "arXiv preprint arXiv:2210.17323" in place of a journal."""
    if item.get("publisher") != "arXiv" or "number" not in item:
        return item
    bare = {k: v for k, v in item.items() if k not in ("genre", "publisher", "number")}
    return {**bare, "type": "article-journal", "container-title": f"arXiv preprint {item['number']}"}


def keep_capitals(title: str, mode: Protect = "smart") -> str:
    """Return a plain title for a CSL processor: the words that :func:`.titles.protect` braces keep their capitals.

    >>> keep_capitals("Fast (LoRA) and GPTQ")
    'Fast (<span class="nocase">LoRA</span>) and <span class="nocase">GPTQ</span>'
    """
    words = title.split(" ")
    guarded, bare = protect(title, mode).split(" "), protect(title, "none").split(" ")
    if mode == "all" or not len(words) == len(guarded) == len(bare):
        return " ".join(map(_kept, words))
    return " ".join(_kept(w) if g != b else w for w, g, b in zip(words, guarded, bare, strict=True))


def _kept(word: str) -> str:
    """Return ``word`` marked; quotes stay outside, for a processor looks for their partners."""
    return _CORE.sub(lambda m: f'<span class="nocase">{m[0]}</span>', word, count=1)


def _entries(formatted: str) -> Iterator[tuple[str, str]]:
    """Yield the key and the HTML of each entry in the order of the style."""
    _, *pieces = _ENTRY.split(formatted.rstrip().removesuffix("</div>"))
    for key, entry in zip(pieces[::2], pieces[1::2], strict=True):
        if not key.startswith(_BLANK):
            yield key, entry.strip().removesuffix("</div>").strip()


def _plain(entry: str) -> str:
    """Return an entry without tags on one line; what is raised or lowered stays so where a sign for it exists."""
    entry = _SCRIPT.sub(lambda m: texmath.script("^" if m[1] == "p" else "_", m[2]) or m[2], _BLOCK.sub(" ", entry))
    return " ".join(unescape(_TAG.sub("", entry)).split())
