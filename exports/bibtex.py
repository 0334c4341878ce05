"""BibTeX: the flavour that classic styles, pandoc, JabRef and Zotero read; ASCII as far as LaTeX has a spelling.

One function decides the fields of a work; the values of bibtexparser's model and the text of the file
are two ways to carry them. The text does not go through bibtexparser's writer, which is ten times slower.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..kg.model import Work
from ..kg.text import ascii_fold
from .cited import in_order, is_published
from .entry import Draft, Fields, chosen, draft, keywords, month, numbers, written
from .latex import address, clean, escape, spell
from .options import Options

if TYPE_CHECKING:
    from bibtexparser.model import Entry

FIELDS = (
    *("author", "title", "booktitle", "journal", "date", "year", "month", "volume", "number", "pages", "publisher"),
    *("howpublished", "key", "doi", "eprint", "archiveprefix", "primaryclass", "url", "keywords", "note"),
)
"""Every field that an entry may have."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_SORTABLE = re.compile(r"[^A-Za-z0-9 .:-]+")


def bibtex(works: Iterable[Work], options: Options) -> Iterator[str]:
    """Yield the entries of ``works`` as text, a blank line between two.

    >>> from llmcomp.kg.model import Identifier, Name
    >>> gptq = Work("https://arxiv.org/abs/2210.17323", "frantar2022gptq", "GPTQ: Accurate Quantization",
    ...     authors=(Name("Frantar", "Elias"), Name("Alistarh", "Dan")), year=2022, month=10,
    ...     identifiers=(Identifier("arxiv", "2210.17323"),), primary_class="cs.LG")
    >>> print("".join(bibtex([gptq], Options())), end="")
    @misc{frantar2022gptq,
      author = {Frantar, Elias and Alistarh, Dan},
      title = {{GPTQ}: {Accurate} Quantization},
      year = {2022},
      month = oct,
      howpublished = {arXiv preprint arXiv:2210.17323},
      eprint = {2210.17323},
      archiveprefix = {arXiv},
      primaryclass = {cs.LG},
      url = {https://arxiv.org/abs/2210.17323},
    }
    """
    for n, work in enumerate(in_order(works, options.sort)):
        if n:
            yield "\n"
        yield written(*_compose(work, options), options)


def entries(works: Iterable[Work], options: Options) -> Iterator[Entry]:
    """Yield the entries of ``works`` as values of bibtexparser's model, in the order of the file."""
    from bibtexparser.model import Entry, Field

    for work in in_order(works, options.sort):
        kind, key, fields = _compose(work, options)
        values = [Field(k, v, enclosing="no-enclosing" if k == "month" else "{") for k, v in chosen(fields, options)]
        yield Entry(kind, key, values)


def _compose(work: Work, options: Options) -> tuple[str, str, Fields]:
    """Return type, key and fields of ``work``; ``misc`` is the type that needs neither authors nor a year."""
    made = draft(work, options, "ascii")
    ids = made.links
    fields = (
        ("author", made.author),
        ("title", made.title),
        *(_published if made.type else _posted)(work, made),
        # Without an author BibTeX sorts and labels by this, and warns without this.
        ("key", "" if made.author else _NOT_SORTABLE.sub("", ascii_fold(clean(work.title))).strip() or work.key),
        ("doi", ids.doi),
        ("eprint", ids.arxiv),
        ("archiveprefix", "arXiv" if ids.arxiv else ""),
        ("primaryclass", address(work.primary_class) if ids.arxiv else ""),
        ("url", ids.url if work.kind != "tool" else ""),
        ("keywords", keywords(work.categories, "ascii")),
        ("note", escape(work.note) if work.note else ""),
    )
    return made.type or "misc", work.key, fields


def _posted(work: Work, made: Draft) -> Fields:
    """Return when and where a preprint or tool appeared: all that classic styles print of it."""
    posted = month(work)
    if work.kind == "tool":
        source = rf"\url{{{made.links.url}}}" if made.links.url else ""
    elif made.links.arxiv and not is_published(work):
        source = f"arXiv preprint arXiv:{spell(made.links.arxiv, 'ascii')}"
    else:
        source = made.place or ("OpenReview" if made.links.openreview else "")
    return (
        # biber refuses an entry without any date; this is ISO 8601 for a time without known ends.
        ("date", ".." if work.year is None else ""),
        ("year", str(work.year) if work.year is not None else ""),
        ("month", _MONTHS[posted - 1] if posted and work.year is not None else ""),
        ("howpublished", source),
    )


def _published(work: Work, made: Draft) -> Fields:
    return (
        ("journal" if made.type == "article" else "booktitle", made.place),
        ("year", str(work.year)),
        *numbers(work, "ascii"),
    )
