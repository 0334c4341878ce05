"""IRIs of works, tools, people, venues and the rest: the one place that builds them.

They come from identifiers that do not move: a work's arXiv id, else DOI, else OpenReview, else ACL Anthology,
else a hash of its normalised title. An id that services merge (Semantic Scholar's) never makes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast
from urllib.parse import quote, unquote

from ..ontology.terms import BASE, ENRICHMENT_GRAPHS, IDENTIFIER_SCHEMES, PREFIXES
from .model import Identifier, Scheme
from .text import family_key, is_short, slug, title_key

IRI_SCHEMES: tuple[Scheme, ...] = ("arxiv", "doi", "openreview", "acl")
"""The schemes a work's IRI is made from, best first."""

_PLAIN = re.compile(r"[A-Za-z0-9/:._()~-]*").fullmatch


def _digest(text: str) -> str:
    """Return 16 hexadecimal digits that stand for ``text``."""
    # commands that only read make no hash, and start without the library
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:16]


def _local(text: str) -> str:
    """Return ``text`` as a part of an IRI: what RFC 3986 does not allow in a path is percent-encoded."""
    return text if _PLAIN(text) else quote(text, safe="/:.-_()~")


def identifier_work(identifier: Identifier) -> str:
    """Return the IRI of the work that ``identifier`` names."""
    return f"{PREFIXES['work']}{identifier.scheme}:{_local(identifier.value)}"


def title_work(title: str, first_author: str = "") -> str:
    """Return the IRI of a work known by its title alone; a short title does not name it without the author."""
    key = title_key(title)
    if is_short(key) and first_author:
        key = f"{key}\n{family_key(first_author)}"
    return f"{PREFIXES['work']}title:{_digest(key)}"


def order(identifier: Identifier) -> tuple[int, str, str]:
    """Return by what identifiers are sorted: those that make IRIs before others, the best first."""
    rank = IRI_SCHEMES.index(identifier.scheme) if identifier.scheme in IRI_SCHEMES else len(IRI_SCHEMES)
    return rank, identifier.scheme, identifier.value


def work(identifiers: Iterable[Identifier], title: str, first_author: str = "") -> str:
    """Return the IRI of a work with these identifiers, this title and this first author.

    >>> work([Identifier("acl", "P19-1001"), Identifier("arxiv", "2210.17323")], "")
    'https://w3id.org/llmcomp/work/arxiv:2210.17323'
    """
    usable = [i for i in identifiers if i.scheme in IRI_SCHEMES]
    if usable:
        return identifier_work(min(usable, key=order))
    return title_work(title, first_author)


def tool(identifiers: Iterable[Identifier], name: str) -> str:
    """Return the IRI of a tool: its repository's, else one of its name."""
    for identifier in identifiers:
        if identifier.scheme in {"github", "huggingface"}:
            return f"{PREFIXES['tool']}{identifier.scheme}:{_local(identifier.value)}"
    return f"{PREFIXES['tool']}name:{_local(slug(name))}"


def local(iri: str) -> str:
    """Return what follows the kind in one of our IRIs: ``arxiv:2210.17323``."""
    return iri.removeprefix(BASE).partition("/")[2]


def person(name: str) -> str:
    """Return the IRI of a person known by name alone; who bears one name is one person until an id parts them."""
    return f"{PREFIXES['person']}{_local(slug(name) or _digest(name))}"


def authorship(work_iri: str, position: int) -> str:
    """Return the IRI of the ``position``-th authorship of a work."""
    return f"{BASE}authorship/{local(work_iri)}/{position}"


def version(work_iri: str, name: str) -> str:
    """Return the IRI of a version of a work: ``preprint`` or ``published``."""
    return f"{BASE}version/{local(work_iri)}/{name}"


def identifier(value: Identifier) -> str:
    """Return the IRI of an identifier as a thing with scheme and value."""
    return f"{BASE}identifier/{value.scheme}:{_local(value.value)}"


def citation(citing: str, cited: str) -> str:
    """Return the IRI of the citation of one work by another."""
    return f"{BASE}citation/{local(citing)}/{local(cited)}"


def named_identifier(iri: str) -> Identifier | None:
    """Return the identifier that an IRI of :func:`identifier` stands for, or None for another IRI.

    >>> named_identifier(identifier(Identifier("doi", "10.1/a<b")))
    Identifier(scheme='doi', value='10.1/a<b')
    """
    scheme, colon, value = iri.removeprefix(f"{BASE}identifier/").partition(":")
    known = iri.startswith(f"{BASE}identifier/") and colon and scheme in IDENTIFIER_SCHEMES
    return Identifier(cast(Scheme, scheme), unquote(value)) if known else None


def reference(citing: str, position: int, asked: str = "") -> str:
    """Return the IRI of the ``position``-th item of a work's reference list, as shipped or as fetched on a day."""
    return f"{BASE}reference/{local(citing)}/{f'{asked}/' * bool(asked)}{position}"


def reference_list(citing: str) -> str:
    """Return the IRI of a work's reference list."""
    return f"{BASE}references/{local(citing)}"


def category(section: str) -> str:
    """Return the IRI of the category that a section of a list stands for."""
    return f"{PREFIXES['category']}{_local(slug(section) or 'unnamed')}"


def list_graph(source: str, revision: str) -> str:
    """Return the name of the graph of one revision of a list."""
    return f"{PREFIXES['graph']}list/{_local(slug(source) or 'list')}/{revision}"


def facts_graph(date: str) -> str:
    """Return the name of the graph of the shipped facts of ``date``."""
    return f"{PREFIXES['graph']}facts/{date}"


def scholar_graph(date: str) -> str:
    """Return the name of the graph of what Semantic Scholar said on ``date``."""
    return f"{ENRICHMENT_GRAPHS}{date}"


def inquiry(work_iri: str, date: str) -> str:
    """Return the IRI of the question about a work that was asked on ``date``."""
    return f"{BASE}inquiry/{date}/{local(work_iri)}"


def citation_count(work_iri: str, date: str) -> str:
    """Return the IRI of the number of citations that a work had on ``date``."""
    return f"{BASE}count/{date}/{local(work_iri)}"


def entry(graph: str, position: int) -> str:
    """Return the IRI of the ``position``-th row of the list revision in ``graph``."""
    return f"{BASE}entry/{graph.removeprefix(PREFIXES['graph'] + 'list/')}/{position}"


def entry_link(entry_iri: str, position: int) -> str:
    """Return the IRI of the ``position``-th link of a row."""
    return f"{entry_iri}/link/{position}"


def unread(graph: str, line: int) -> str:
    """Return the IRI of the row at ``line`` that could not be read."""
    return f"{BASE}unread/{graph.removeprefix(PREFIXES['graph'] + 'list/')}/{line}"


def finding(kind: str, *parts: str) -> str:
    """Return the IRI of a finding; the same finding has the same IRI in every build."""
    return f"{BASE}finding/{kind}/{_digest(chr(31).join(parts))}"
