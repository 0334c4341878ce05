"""biblatex: the flavour that biber reads; UTF-8, dates by ISO 8601, a type for what is only online and for software.

The data model is that of biblatex itself (``blx-dm.def``, and https://ctan.org/pkg/biblatex, "Database Guide").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..kg.model import Work
from ..kg.ordinals import numerals
from ..kg.text import title_key
from .cited import in_order, is_published
from .entry import Draft, Fields, draft, keywords, month, numbers, written
from .latex import address, escape
from .options import Options

FIELDS = (
    *("author", "title", "booktitle", "journaltitle", "eventtitle", "date", "volume", "number", "pages", "publisher"),
    *("howpublished", "organization", "doi", "eprint", "eprinttype", "eprintclass", "url", "keywords", "note", "ids"),
)
"""Every field that an entry may have."""

_KEY = re.compile(r"[\w:./+?!*-]+")
_AND = re.compile(r"\sand\s", re.IGNORECASE)


def biblatex(works: Iterable[Work], options: Options) -> Iterator[str]:
    """Yield the entries of ``works`` as text, a blank line between two.

    >>> from llmcomp.kg.model import Identifier, Name
    >>> work = Work("https://arxiv.org/abs/2210.17323", "zizek2022gptq", "GPTQ: Accurate Quantization",
    ...     authors=(Name("Žižek", "Mirella"),), year=2022, month=10, former_keys=("zizek2022",),
    ...     identifiers=(Identifier("arxiv", "2210.17323"),), primary_class="cs.LG")
    >>> print("".join(biblatex([work], Options())), end="")
    @online{zizek2022gptq,
      author = {Žižek, Mirella},
      title = {{GPTQ}: {Accurate} Quantization},
      date = {2022-10},
      eprint = {2210.17323},
      eprinttype = {arxiv},
      eprintclass = {cs.LG},
      url = {https://arxiv.org/abs/2210.17323},
      ids = {zizek2022},
    }
    """
    ordered = list(in_order(works, options.sort))
    ids = _ids(ordered)
    for n, work in enumerate(ordered):
        if n:
            yield "\n"
        yield _entry(work, options, ids.get(work.key, ""))


def _ids(works: list[Work]) -> dict[str, str]:
    """Return, by the key of each work, the keys it had before, by which a document may still cite it.

    A key that another entry has, or had, names neither: biber warns of it.
    """
    bearers = Counter(key for work in works for key in {work.key, *work.former_keys})
    return {
        work.key: ", ".join(k for k in work.former_keys if bearers[k] == 1 and k != work.key and _KEY.fullmatch(k))
        for work in works
        if work.former_keys
    }


def _entry(work: Work, options: Options, ids: str) -> str:
    made = draft(work, options, "utf-8")
    kind, appeared = (made.type, _published(work, made)) if made.type else _posted(work, made)
    arxiv = made.links.arxiv
    fields = (
        ("author", made.author),
        ("title", made.title),
        *appeared,
        ("doi", made.links.doi),
        ("eprint", arxiv),
        ("eprinttype", "arxiv" if arxiv else ""),
        ("eprintclass", address(work.primary_class) if arxiv else ""),
        ("url", made.links.url),
        ("keywords", keywords(work.categories, "utf-8")),
        ("note", escape(work.note, "utf-8") if work.note else ""),
        ("ids", ids),
    )
    return written(kind, work.key, fields, options)


def _posted(work: Work, made: Draft) -> tuple[str, Fields]:
    """Return the type of a work that is not known to be published, and when and where it appeared."""
    if work.kind == "tool":
        return "software", (("date", _date(work)),)
    # biber refuses an entry without any date; this is ISO 8601 for a time without known ends.
    date = _date(work) or ".."
    if is_published(work) or not (made.links.doi or made.links.arxiv or made.links.url):
        return "misc", (("date", date), ("howpublished", made.place))
    # arXiv is named by eprinttype; "and" would make two organizations of one.
    place = made.place or ("OpenReview" if made.links.openreview else "")
    place = f"{{{place}}}" if _AND.search(place) else place
    return "online", (("date", date), ("organization", "" if made.links.arxiv else place))


def _published(work: Work, made: Draft) -> Fields:
    place = ("journaltitle" if made.type == "article" else "booktitle", made.place)
    venue = work.venue
    # Findings are named after a conference at which their papers did not appear; journals have no meeting.
    met = venue if venue is not None and venue.kind not in ("journal", "findings") else None
    event = _event(met.event, made.place) if met is not None else ""
    return (place, ("eventtitle", event), ("date", _date(work)), *numbers(work, "utf-8"))


def _date(work: Work) -> str:
    """Return year and month, as far as they are known: ``2023-07``."""
    if work.year is None:
        return ""
    posted = month(work)
    return f"{work.year:04d}-{posted:02d}" if posted else f"{work.year:04d}"


@lru_cache(maxsize=1 << 12)
def _event(event: str, place: str) -> str:
    """Return the name of a meeting, or nothing where the title of its proceedings says it already."""
    said = title_key(numerals(event)) in title_key(numerals(place))
    return "" if said else escape(event, "utf-8")
