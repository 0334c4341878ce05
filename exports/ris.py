"""RIS: what EndNote, Zotero, Mendeley and most libraries' pages exchange.

The tags are those of the specification of 2011 as EndNote and Zotero understand them
(https://github.com/zotero/translators/blob/master/RIS.js): lines end in CR LF, and one value stands on one line. A
paper in proceedings is ``CONF``, with the meeting in ``T2`` and the proceedings in ``C3``. A preprint is ``UNPB``: of
``GEN`` Zotero makes an article of a journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..kg.model import Name, Work
from ..kg.names import inverted, is_name
from ..kg.text import tidy
from .cited import Links, in_order, is_published, links, page_range, venue_name
from .latex import clean, plain
from .options import Options

FIELDS = tuple("AU TI T2 C3 J2 PY DA VL IS SP EP PB M3 DO UR AN KW N1".split())
"""What ``--fields`` chooses among; ``TY``, ``ID`` and ``ER`` are always written."""


def ris(works: Iterable[Work], options: Options) -> Iterator[str]:
    r"""Yield the records of ``works`` in the order of ``options.sort``, an empty line between two.

    >>> from llmcomp.kg.model import Identifier
    >>> gptq = Work("i:1", "frantar2022gptq", "GPTQ", authors=(Name("Frantar", "Elias"),), year=2022, month=10,
    ...     identifiers=(Identifier("arxiv", "2210.17323"),))
    >>> print("".join(ris([gptq], Options())).replace("- \r", "-").replace("\r", ""), end="")
    TY  - UNPB
    ID  - frantar2022gptq
    AU  - Frantar, Elias
    TI  - GPTQ
    PY  - 2022
    DA  - 2022/10//
    PB  - arXiv
    M3  - Preprint
    DO  - 10.48550/arXiv.2210.17323
    UR  - https://arxiv.org/abs/2210.17323
    AN  - arXiv:2210.17323
    ER  -
    """
    gap = ""
    for work in in_order(works, options.sort):
        lines = [("TY", _type(work)), ("ID", clean(work.key))]
        lines += [(tag, value) for tag, value in _values(work, options) if value and options.writes(tag)]
        yield gap + "".join(f"{tag}  - {value}\r\n" for tag, value in [*lines, ("ER", "")])
        gap = "\r\n"


def _type(work: Work) -> str:
    if work.kind == "tool":
        return "COMP"
    if work.venue is None or not is_published(work):
        return "UNPB"
    return "JOUR" if work.venue.kind == "journal" else "CONF"


def _values(work: Work, options: Options) -> Iterator[tuple[str, str]]:
    """Yield the tags of ``work`` with their values, in the order of the file; a value may be empty."""
    ids = links(work)
    for author in work.authors:
        yield "AU", _name(author)
    yield "TI", plain(work.title) or clean(work.key)
    if work.year is not None:
        yield "PY", str(work.year)
        # The month is that of the first posting: beside a venue it would tell of another event.
        if work.month is not None and 1 <= work.month <= 12 and not is_published(work):
            yield "DA", f"{work.year}/{work.month:02d}//"
    if is_published(work):
        yield from _published(work, options)
        yield "DO", ids.doi
    elif work.kind == "paper":
        yield from _posted(work, ids, options)
    else:
        yield "DO", ids.doi
    # In this tag a semicolon parts addresses.
    yield "UR", ids.url.replace(";", "%3B")
    yield "AN", f"arXiv:{ids.arxiv}" if ids.arxiv else ""
    for category in work.categories:
        yield "KW", plain(category)
    yield "N1", plain(work.note)


def _published(work: Work, options: Options) -> Iterator[tuple[str, str]]:
    venue = work.venue
    assert venue is not None
    place = plain(venue_name(venue, options.venues))
    if venue.kind == "journal":
        yield "T2", place
        yield "J2", plain(venue.acronym)
    else:
        yield "T2", plain(venue.event) or place
        yield "C3", place
    yield "VL", plain(work.volume or venue.volume)
    yield "IS", plain(work.number)
    first, _, last = page_range(plain(work.pages), "-").partition("-")
    yield "SP", first
    yield "EP", last
    yield "PB", plain(venue.publisher)


def _posted(work: Work, ids: Links, options: Options) -> Iterator[tuple[str, str]]:
    if ids.arxiv:
        yield "PB", "arXiv"
    elif work.venue is not None:
        yield "PB", plain(venue_name(work.venue, options.venues))
    elif ids.openreview:
        yield "PB", "OpenReview"
    yield "M3", "Preprint"
    yield "DO", f"10.48550/arXiv.{ids.arxiv}" if ids.arxiv else ids.doi


def _name(name: Name) -> str:
    """Return one name as "Last, First, Suffix", a group's as it is, or nothing for "et al.".

    A comma parts the pieces, so none may stand inside one: "Llama Team, AI @ Meta" would become a person.
    """
    pieces = [name.literal or name.given]
    if name.family and not name.literal:
        last = inverted(Name(tidy(name.family), particle=tidy(name.particle)))
        pieces = [last, name.given, name.suffix]
    pieces = [" ".join(tidy(piece).replace(",", " ").split()) for piece in pieces]
    told = ", ".join(pieces).rstrip(", ")
    return told if is_name(told) else ""
