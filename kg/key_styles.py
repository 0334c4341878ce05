"""Citation keys in other styles: as two archives write them in the entries that people paste.

A key of the graph stays while a work changes; these follow what is known of it today, so they are made when a file is
written and are not stored. A work without a known author keeps its own key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, get_args

from .graph import Graph
from .identifiers import first_posted
from .keys import plain_word, title_words
from .model import Work
from .text import title_key
from .works import load_works

KeyStyle = Literal["default", "arxiv", "acl"]
KEY_STYLES: tuple[KeyStyle, ...] = get_args(KeyStyle)


def restyle(graph: Graph, works: Iterable[Work], style: KeyStyle) -> list[Work]:
    """Return ``works`` with keys of ``style``, sorted by them; the key of the graph becomes one they had before.

    Keys are made for all works of the lists, so that one does not depend on what else is selected.

    ``arxiv`` is that of arXiv's own export: family name, year of first posting, the whole title. ``acl`` is that of the
    ACL Anthology: family names of one or two authors, else the first and ``etal``, year of publication, and as many
    telling words of the title as it takes (https://aclanthology.org/info/ids/).
    """
    wanted = {work.iri: work for work in works}
    listed = {iri for name in ("listed-works", "listed-tools") for iri, _ in graph.rows(name)}
    every = sorted(
        {**{w.iri: w for w in load_works(graph, listed - wanted.keys())}, **wanted}.values(), key=lambda w: w.key
    )
    taken = {work.key for work in every if not _stem(work, style)}
    styled: list[Work] = []
    for work in every:
        key = next((key for key in _candidates(work, style) if key not in taken), work.key)
        taken.add(key)
        if work.iri in wanted:
            former = (work.key, *work.former_keys) if key != work.key else work.former_keys
            styled.append(replace(work, key=key, former_keys=former))
    return sorted(styled, key=lambda w: w.key)


def _stem(work: Work, style: KeyStyle) -> str:
    """Return names and year as a key begins with them, or nothing where they are not known."""
    families = ["-".join(title_key(n.family or n.literal).split()) for n in work.authors]
    families = [plain_word(f, "-") for f in families]
    posted = first_posted(work.identifier("arxiv")) if style == "arxiv" else None
    year = posted[0] if posted else work.year
    if not families or not families[0] or year is None:
        return ""
    if style == "arxiv":
        return f"{families[0].replace('-', '')}{year}"
    several = len(families) > 2 or work.authors_truncated
    return "-".join([families[0], *(["etal"] if several else families[1:2]), str(year)])


def _candidates(work: Work, style: KeyStyle) -> Iterator[str]:
    stem = _stem(work, style)
    if not stem:
        return
    if style == "arxiv":
        whole = stem + "".join(plain_word(word) for word in title_key(work.title).split())
        yield whole
    else:
        words = title_words(work.title)
        for n in range(1, len(words) + 1):
            yield "-".join([stem, *words[:n]])
        whole = "-".join([stem, *words])
    for number in range(2, 1000):
        yield f"{whole}-{number}"
