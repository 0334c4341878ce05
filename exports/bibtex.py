"""BibTeX: the flavour that classic styles, pandoc, JabRef and Zotero read.

One function decides the fields of a work; the values of bibtexparser's model and the text of the file
are two ways to carry them. The text does not go through bibtexparser's writer, which is ten times slower.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from ..kg.model import Name, Venue, Work
from ..kg.names import inverted, is_name
from ..kg.text import ascii_fold
from .cited import Links, in_order, is_published, links, page_range, venue_name
from .latex import address, clean, escape
from .options import Options
from .titles import protect

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_SORTABLE = re.compile(r"[^A-Za-z0-9 .:-]+")
_SIMPLE_NAME = re.compile(r"[A-Z][A-Za-z'-]*(?: [A-Z][A-Za-z'-]*)*")
_COMMAS = re.compile(r"\s*(?:,\s*)+")
_AND = re.compile(r"\band\b", re.IGNORECASE)


def bibtex(works: Iterable[Work], options: Options) -> Iterator[str]:
    """Yield the entries of ``works`` as text, sorted by key, a blank line between two.

    >>> from llmcomp.kg.model import Identifier
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
    gap = ""
    for work in in_order(works):
        kind, fields = _decide(work, options)
        # A month is a macro: in braces it would be three letters.
        lines = [f"  {k} = {{{v}}},\n" if k != "month" else f"  month = {v},\n" for k, v in fields]
        yield f"{gap}@{kind}{{{work.key},\n{''.join(lines)}}}\n"
        gap = "\n"


def entries(works: Iterable[Work], options: Options) -> Iterator[Entry]:
    """Yield the entries of ``works`` as values of bibtexparser's model, in the order of the file."""
    from bibtexparser.model import Entry, Field

    for work in in_order(works):
        kind, fields = _decide(work, options)
        values = [Field(k, v, enclosing="no-enclosing" if k == "month" else "{") for k, v in fields]
        yield Entry(kind, work.key, values)


def _decide(work: Work, options: Options) -> tuple[str, list[tuple[str, str]]]:
    """Return the type of ``work`` and its fields in the order of the file, ready to stand in braces.

    Only fields that biber's data model has for the type: ``publisher`` is none of ``@article``'s and
    ``@misc``'s. A published work whose authors or year are not known yet is ``misc``, the one type that
    needs neither: as ``inproceedings`` biber would refuse the whole file and BibTeX warn of it.
    """
    fields: list[tuple[str, str]] = []
    add = fields.append
    if authors := _authors(work):
        add(("author", authors))
    # A title of nothing but emoji still has an entry.
    add(("title", protect(work.title, options.protect) or work.key))
    ids = links(work)
    place = escape(venue_name(work.venue, options.venues)) if work.venue else ""
    if work.venue and is_published(work) and place and authors and work.year is not None:
        kind = "article" if work.venue.kind == "journal" else "inproceedings"
        fields += _published(work, work.venue, place)
    else:
        kind = "misc"
        fields += _posted(work, ids, place)
    if not authors:
        # Without an author BibTeX sorts and labels by this, and warns without this.
        add(("key", _NOT_SORTABLE.sub("", ascii_fold(clean(work.title))).strip() or work.key))
    if ids.doi:
        add(("doi", ids.doi))
    if ids.arxiv:
        add(("eprint", ids.arxiv))
        add(("archiveprefix", "arXiv"))
        if work.primary_class:
            add(("primaryclass", address(work.primary_class)))
    if ids.url and work.kind != "tool":
        add(("url", ids.url))
    if work.categories:
        add(("keywords", _keywords(work.categories)))
    if work.note:
        add(("note", escape(work.note)))
    return kind, fields


def _posted(work: Work, ids: Links, place: str) -> Iterator[tuple[str, str]]:
    """Yield when and where a preprint or tool appeared: all that classic styles print of it."""
    if work.year is None:
        # biber refuses an entry without any date; this is ISO 8601 for a time without known ends.
        yield "date", ".."
    else:
        yield "year", str(work.year)
        if work.month is not None and 1 <= work.month <= 12 and not is_published(work):
            yield "month", _MONTHS[work.month - 1]
    if work.kind == "tool":
        source = rf"\url{{{ids.url}}}" if ids.url else ""
    elif ids.arxiv and not is_published(work):
        source = f"arXiv preprint arXiv:{ids.arxiv}"
    else:
        source = place or ("OpenReview" if ids.openreview else "")
    if source:
        yield "howpublished", source


def _published(work: Work, venue: Venue, place: str) -> Iterator[tuple[str, str]]:
    """Yield what is known of the publication; the month is left out, for it is that of the preprint."""
    journal = venue.kind == "journal"
    yield "journal" if journal else "booktitle", place
    yield "year", str(work.year)
    volume = work.volume or venue.volume
    if volume:
        yield "volume", escape(volume)
    # BibTeX warns of a number without a volume, and in proceedings of one beside a volume.
    if work.number and volume and journal:
        yield "number", escape(work.number)
    if work.pages:
        yield "pages", escape(page_range(work.pages, "--"))
    if venue.publisher and not journal:
        yield "publisher", escape(venue.publisher)


@lru_cache(maxsize=1 << 12)
def _keywords(categories: tuple[str, ...]) -> str:
    # A comma separates keywords, so none may stand inside one.
    return ", ".join(escape(c.replace(",", "")) for c in categories)


def _authors(work: Work) -> str:
    names = [_name(n.family, n.given, n.particle, n.suffix, n.literal) for n in work.authors]
    truncated = work.authors_truncated
    if not all(names):
        # A source that ends in "et al." is cut short, whatever else it says.
        truncated |= None in names
        names = list(filter(None, names))
    if names and truncated:
        names.append("others")
    return " and ".join(cast("list[str]", names))


@lru_cache(maxsize=1 << 16)
def _name(family: str, given: str, particle: str, suffix: str, literal: str) -> str | None:
    """Return one name as BibTeX parses it back, empty if nothing of it can be printed, None for "et al.".

    Names repeat from work to work, so each is made once.
    """
    if _SIMPLE_NAME.fullmatch(family) and _SIMPLE_NAME.fullmatch(given) and not (particle or suffix or literal):
        return f"{family}, {given}"
    whole = literal
    if not (particle or suffix or (family and given)):
        whole = whole or family or given
    if whole:
        if not is_name(whole):
            return None if any(map(str.isalpha, whole)) else ""
        # Without a comma BibTeX takes the last word for the family name.
        return _braced(whole) if literal or " " in whole.strip() else _part(whole)
    if suffix and not given:
        # "Last, Jr." would be read as a first name.
        return _braced(inverted(Name(family, given, particle, suffix)).replace(",", ""))
    # A small letter inside a family name would end a particle there.
    words = family.split()
    last = _braced(family) if len(words) > 1 and any(w[0].islower() for w in words) else _part(family)
    return inverted(Name(last, _part(given), _part(particle), _part(suffix)))


def _part(text: str) -> str:
    """Return a part of a name, braced if a comma or an "and" in it would cut the list."""
    return _braced(text) if "," in text or _AND.search(text) else escape(text)


def _braced(text: str) -> str:
    # biber counts commas inside braces too, where nothing or another comma follows them.
    latex = escape(_COMMAS.sub(", ", text).strip(", "))
    return f"{{{latex}}}" if latex else ""
