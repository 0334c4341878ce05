"""CSL-JSON: what citeproc, pandoc and Zotero read; valid by the schema ``csl-data.json``.

Titles and names are plain Unicode. What the schema has no field for stands under ``custom``.

No title holds the tag ``<span class="nocase">`` that tells a processor to keep capitals: Zotero, JabRef and whoever
reads the file without a processor would show it. Styles that lower titles are rare, and CSL spares words with an inner
capital (https://docs.citationstyles.org/en/stable/specification.html#text-case). Who formats with one gets the tags:
:mod:`.formatted`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..kg.model import Name, Work
from ..kg.names import is_name
from ..kg.text import tidy
from .cited import in_order, is_published, links, page_range, venue_name
from .latex import plain
from .options import Options

FIELDS = (
    *("author", "title", "issued", "DOI", "URL", "container-title", "container-title-short", "event-title"),
    *("genre", "publisher", "volume", "issue", "number", "page", "keyword", "note", "custom"),
)
"""What ``--fields`` chooses among; the schema wants ``id`` and ``type`` always."""


def csl_json(works: Iterable[Work], options: Options) -> Iterator[str]:
    """Yield ``works`` as a JSON array in the order of ``options.sort``, two spaces of indent, UTF-8 as it is.

    >>> gptq = Work("https://arxiv.org/abs/2210.17323", "frantar2022gptq", "GPTQ")
    >>> print("".join(csl_json([gptq], Options())), end="")
    [
      {
        "id": "frantar2022gptq",
        "type": "article",
        "title": "GPTQ",
        "genre": "Preprint",
        "custom": {
          "iri": "https://arxiv.org/abs/2210.17323"
        }
      }
    ]
    """
    opening = "[\n  "
    for work in in_order(works, options.sort):
        # No string in JSON holds a raw line break, so every one of these is the encoder's.
        text = json.dumps(item(work, options), ensure_ascii=False, indent=2).replace("\n", "\n  ")
        yield opening + text
        opening = ",\n  "
    yield "[]\n" if opening.startswith("[") else "\n]\n"


def item(work: Work, options: Options) -> dict[str, Any]:
    """Return ``work`` as one CSL item: only keys that the schema has and ``options`` want, none of them empty."""
    ids = links(work)
    fields: dict[str, Any] = {"id": work.key, "type": _type(work), "title": plain(work.title) or work.key}
    fields["author"] = [n for n in map(_name, work.authors) if n]
    if work.year is not None:
        # The month is that of the first posting: beside a venue it would tell of another event.
        dated = not is_published(work) and work.month is not None and 1 <= work.month <= 12
        fields["issued"] = {"date-parts": [[work.year, work.month] if dated else [work.year]]}
    fields["DOI"] = ids.doi
    if is_published(work):
        fields |= _published(work, options)
    elif work.kind == "paper":
        fields["genre"] = "Preprint"
        if ids.arxiv:
            fields |= {"publisher": "arXiv", "number": f"arXiv:{ids.arxiv}"}
            fields["DOI"] = f"10.48550/arXiv.{ids.arxiv}"
        elif work.venue is not None:
            fields["publisher"] = plain(venue_name(work.venue, options.venues))
        elif ids.openreview:
            fields["publisher"] = "OpenReview"
    fields["URL"] = ids.url
    fields["keyword"] = ", ".join(plain(c).replace(",", "") for c in work.categories)
    fields["note"] = plain(work.note)
    fields["custom"] = _custom(work)
    return {k: v for k, v in fields.items() if v and (k in ("id", "type") or options.writes(k))}


def _type(work: Work) -> str:
    if work.kind == "tool":
        return "software"
    if work.venue is None or not is_published(work):
        return "article"
    return "article-journal" if work.venue.kind == "journal" else "paper-conference"


def _published(work: Work, options: Options) -> dict[str, Any]:
    venue = work.venue
    assert venue is not None
    journal = venue.kind == "journal"
    return {
        "container-title": plain(venue_name(venue, options.venues)),
        "container-title-short": plain(venue.acronym),
        "event-title": "" if journal else plain(venue.event or venue.short),
        "publisher": plain(venue.publisher),
        "volume": plain(work.volume or venue.volume),
        ("issue" if journal else "number"): plain(work.number),
        "page": page_range(plain(work.pages), "-"),
    }


def _name(name: Name) -> dict[str, str]:
    """Return the parts of one name, or nothing for "et al."."""
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    if name.literal or not name.family:
        parts = {"literal": name.literal or name.given}
    cleaned = {k: tidy(v) for k, v in parts.items() if v}
    return cleaned if is_name(" ".join(cleaned.values())) else {}


def _custom(work: Work) -> dict[str, Any]:
    """Return what the schema has no key for."""
    custom: dict[str, Any] = {
        "iri": work.iri,
        "identifiers": {i.scheme: i.value for i in reversed(work.identifiers)},
        "code": list(work.code),
        "primary-class": work.primary_class,
        "authors-truncated": work.authors_truncated,
        "former-ids": list(work.former_keys),
    }
    return {k: v for k, v in custom.items() if v}
