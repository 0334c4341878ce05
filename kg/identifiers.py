"""Addresses and identifiers: which thing an address names, and which page shows a thing.

The one place that knows how arXiv, OpenReview, the ACL Anthology, PMLR, NeurIPS, DOI, GitHub and Hugging
Face write addresses.
"""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import parse_qs, quote, unquote, urlsplit

from .model import Identifier, Scheme

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNNN since April 2007, archive/YYMMNNN before, where
# a subject class may follow the archive ("math.GT/0309136") and tells no two papers apart
_ARXIV = re.compile(
    r"(?:([0-9]{2})([0-9]{2})(\.[0-9]{4,5})|([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/([0-9]{2})([0-9]{2})([0-9]{3}))(?:v[0-9]+)?",
    re.IGNORECASE | re.ASCII,
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ACL = re.compile(r"(?:([A-Z]\d{2}-\d{4})|(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+))(?:v\d+)?", re.IGNORECASE | re.ASCII)
_OPENREVIEW = re.compile(r"[A-Za-z0-9_-]+")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
"""What owners, repositories and papers of PMLR may be called."""
_SEMANTIC_SCHOLAR = re.compile(r"[0-9a-f]{40}", re.IGNORECASE | re.ASCII)
_PREFIXED = re.compile(
    r"(arxiv|doi|openreview|acl|pmlr|neurips|dblp|github|huggingface|virtual|semanticscholar)\s*:\s*(\S+)", re.I
)


def normalise(scheme: Scheme, value: str) -> Identifier | None:
    """Return the identifier with its one spelling (no version, no case where case says nothing), or None.

    >>> normalise("arxiv", "2210.17323v2")
    Identifier(scheme='arxiv', value='2210.17323')
    """
    value = value.strip()
    if scheme == "arxiv":
        match = _ARXIV.fullmatch(value)
        if match is None:
            return None
        year, month, number, archive, old_year, old_month, old_number = match.groups()
        if not 1 <= int(month or old_month) <= 12:
            return None
        old = f"{archive}/{old_year}{old_month}{old_number}".lower()
        return Identifier("arxiv", f"{year}{month}{number}" if year else old)
    if scheme == "doi":
        return parse_doi(value)
    if scheme == "acl":
        match = _ACL.fullmatch(value)
        return Identifier("acl", (match[1] or "").upper() or match[2].lower()) if match else None
    if scheme == "github":
        return Identifier("github", value.lower())
    if scheme == "semanticscholar":
        return Identifier("semanticscholar", value.lower()) if _SEMANTIC_SCHOLAR.fullmatch(value) else None
    return Identifier(scheme, value) if value else None


def parse_doi(text: str) -> Identifier | None:
    """Return the identifier a DOI stands for; a DOI that arXiv registered gives the arXiv id."""
    match = _DOI.fullmatch(text)
    if match is None:
        return None
    if arxiv := _ARXIV_DOI.fullmatch(text):
        return normalise("arxiv", arxiv[1])
    return Identifier("doi", text.lower())


def parse_identifier(text: str) -> Identifier | None:
    """Return the identifier that a person typed: ``arXiv:2210.17323``, ``10.1145/...``, an address, a bare id.

    >>> parse_identifier("https://arxiv.org/pdf/2210.17323v2.pdf")
    Identifier(scheme='arxiv', value='2210.17323')
    """
    text = text.strip()
    if "://" in text:
        return identify(text)
    if match := _PREFIXED.fullmatch(text):
        return normalise(cast(Scheme, match[1].lower()), match[2])
    bare = normalise("arxiv", text) or parse_doi(text) or normalise("acl", text)
    return bare or (identify(f"https://{text}") if "." in text.partition("/")[0] else None)


def identify(url: str) -> Identifier | None:
    """Return the identifier that the page at ``url`` stands for, or None for a page that names no thing.

    Never raises: an address that cannot be parsed names nothing.

    >>> identify("https://browse.arxiv.org/abs/2402.00858")
    Identifier(scheme='arxiv', value='2402.00858')
    >>> identify("https://openreview.net/attachment?id=IU4L7wiwxw&name=pdf")
    Identifier(scheme='openreview', value='IU4L7wiwxw')
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    path = unquote(parts.path).strip("/")
    head, _, rest = path.partition("/")
    if host == "arxiv.org" or host.endswith(".arxiv.org") or host in {"ar5iv.org", "alphaxiv.org"}:
        return _arxiv_page(head, rest)
    if host in {"doi.org", "dx.doi.org"}:
        return parse_doi(path)
    if host == "openreview.net":
        return _openreview_page(head, parts.query)
    if host == "aclanthology.org" or (host == "aclweb.org" and head == "anthology"):
        name = (rest if head == "anthology" else head).removesuffix(".pdf").removesuffix(".bib")
        return normalise("acl", name)
    if host == "proceedings.mlr.press":
        return _pmlr_page(head, rest)
    if host in {
        "proceedings.neurips.cc",
        "papers.nips.cc",
        "papers.neurips.cc",
        "nips.cc",
        "neurips.cc",
        "icml.cc",
        "iclr.cc",
    }:
        return _conference_page(host, path)
    if host == "semanticscholar.org" and head == "paper":
        return normalise("semanticscholar", rest.rstrip("/").rpartition("/")[2])
    if host == "github.com" and rest:
        return _repository_page(head, rest)
    if host in {"huggingface.co", "hf.co"}:
        return _huggingface_page(head, rest)
    if host in {"dl.acm.org", "link.springer.com", "ieeexplore.ieee.org", "onlinelibrary.wiley.com"}:
        found = _DOI.search(path.removesuffix(".pdf"))
        return parse_doi(found[0]) if found else None
    return None


def _arxiv_page(head: str, rest: str) -> Identifier | None:
    if head in {"abs", "pdf", "html", "format", "e-print", "src", "overview"}:
        return normalise("arxiv", rest.removesuffix(".pdf").rstrip("/"))
    return None


def _openreview_page(head: str, query: str) -> Identifier | None:
    if head not in {"forum", "pdf", "attachment", "references"}:
        return None
    name = parse_qs(query).get("id", [""])[0].strip("/ ")
    return Identifier("openreview", name) if _OPENREVIEW.fullmatch(name) else None


def _pmlr_page(head: str, rest: str) -> Identifier | None:
    name = re.sub(r"(\.html|\.pdf)+$", "", rest.split("/")[0])
    known = re.fullmatch(r"[vr][0-9]+", head) and _NAME.fullmatch(name)
    return Identifier("pmlr", f"{head}/{name}") if known else None


def _repository_page(owner: str, rest: str) -> Identifier | None:
    name = re.sub(r"(\.git)+$", "", rest.split("/")[0].lower())
    known = _NAME.fullmatch(owner) and _NAME.fullmatch(name)
    return Identifier("github", f"{owner.lower()}/{name}") if known else None


def _conference_page(host: str, path: str) -> Identifier | None:
    if match := re.fullmatch(r"paper(?:_files)?/(?:paper/)?(\d{4})/(?:hash|file)/([0-9a-f]{32}).*", path):
        return Identifier("neurips", f"{match[1]}/{match[2]}")
    if match := re.fullmatch(r"(?:[Cc]onferences/\d+/)?virtual/(\d{4})/(poster|oral|spotlight|tutorial)/(\d+)", path):
        site = "nips.cc" if host == "neurips.cc" else host
        # a poster and the talk on it are two numbers for one paper; only the paper's own page names it
        return Identifier("virtual", f"{site}/{match[1]}/{match[3]}") if match[2] == "poster" else None
    return None


def _huggingface_page(head: str, rest: str) -> Identifier | None:
    if head == "papers":
        return normalise("arxiv", rest)
    if head in {"spaces", "datasets", "collections", "docs", "blog", ""}:
        return None
    names = [name for name in (head, rest.split("/")[0]) if name]
    return Identifier("huggingface", "/".join(names)) if all(map(_NAME.fullmatch, names)) else None


def page(identifier: Identifier) -> str:
    """Return the address of the page to cite for ``identifier``.

    >>> page(Identifier("arxiv", "2210.17323"))
    'https://arxiv.org/abs/2210.17323'
    """
    value = quote(identifier.value, safe="/.:;()-_")
    match identifier.scheme:
        case "arxiv":
            return f"https://arxiv.org/abs/{value}"
        case "doi":
            return f"https://doi.org/{value}"
        case "openreview":
            return f"https://openreview.net/forum?id={value}"
        case "acl":
            return f"https://aclanthology.org/{value}"
        case "pmlr":
            return f"https://proceedings.mlr.press/{value}.html"
        case "neurips":
            year, _, digest = value.partition("/")
            return f"https://proceedings.neurips.cc/paper_files/paper/{year}/hash/{digest}-Abstract.html"
        case "dblp":
            return f"https://dblp.org/rec/{value}"
        case "github":
            return f"https://github.com/{value}"
        case "huggingface":
            return f"https://huggingface.co/{value}"
        case "semanticscholar":
            return f"https://www.semanticscholar.org/paper/{value}"
        case "semanticscholar-author":
            return f"https://www.semanticscholar.org/author/{value}"
        case "virtual":
            site, year, number = value.split("/")
            return f"https://{site}/virtual/{year}/poster/{number}"


def first_posted(arxiv: str) -> tuple[int, int] | None:
    """Return year and month of first posting, which an arXiv id carries.

    >>> first_posted("2210.17323"), first_posted("cs/0112017")
    ((2022, 10), (2001, 12))
    """
    digits = arxiv.rpartition("/")[2][:4]
    if not digits.isdigit():
        return None
    year, month = int(digits[:2]), int(digits[2:])
    return (1900 + year if year > 90 else 2000 + year, month) if 1 <= month <= 12 else None
