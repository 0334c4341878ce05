"""Parameters of a query: what a person writes for a variable, and the term of the graph that it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..ontology.named import declared_kinds
from ..ontology.terms import PREFIXES, XSD_DATE, XSD_YEAR
from .binding import bound, defaults, variables
from .errors import Ambiguous, UnknownName, UsageError, readable
from .graph import Graph, spelled_out
from .nquads import literal
from .search import find_work
from .selection import find_category
from .text import ascii_fold, title_key

KINDS: Mapping[str, str] = {
    "category": "the slug or name of a category",
    "work": "the key, an identifier or the title of a work",
    "author": "the name of an author of listed works",
    "venue": "the name of a venue such as ICML or 'ICML 2024'",
    "year": "a year such as 2024",
    "date": "a day such as 2026-11-24",
    "number": "a whole number",
    "text": "text as it stands",
}
"""The kinds of parameters, and what is written for each."""
_NAMED = re.compile(r"([A-Za-z][\w-]*)?:([\w.:/-]*\w)")
_TYPED = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^(?:<[^<>\s]*>|[\w-]*:\w+))?', re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query: its name, the kind of its values, and the value it has as long as none is given."""

    name: str
    kind: str
    default: str = ""


def parameters(text: str) -> tuple[Parameter, ...]:
    """Return the parameters that a query declares in its head.

    >>> parameters("# Works.\\n# ?year: year\\nSELECT ?w { VALUES ?year { 2024 } ?w :year ?year }")
    (Parameter(name='year', kind='year', default='2024'),)
    """
    kinds, given = declared_kinds(text), defaults(text)
    return tuple(Parameter(name, kind, given.get(name, "")) for name, kind in kinds.items())


def with_parameters(graph: Graph, query: str, values: Mapping[str, str | Sequence[str]]) -> str:
    """Return the text of ``query`` (SPARQL, or a name) with its variables bound to ``values``; several mean any of it.

    A declared parameter takes what :data:`KINDS` says of its kind. For any other variable a value is an IRI in angle
    brackets or with a prefix of the graph, a number, ``true`` or ``false``, a literal in double quotes as SPARQL writes
    it, or else text. Raises UnknownName for a name that the query does not have, or a value that names nothing here.
    """
    text = spelled_out(query)
    kinds, there = declared_kinds(text), variables(text)
    terms: dict[str, list[str]] = {}
    for given, value in values.items():
        name = given.lstrip("?$")
        if name not in there:
            raise UnknownName("parameter", name, kinds or there)
        several = (value,) if isinstance(value, str) else value
        terms[name] = [_term(graph, name, kinds.get(name, ""), one) for one in several]
    return bound(text, terms) if terms else text


def _term(graph: Graph, name: str, kind: str, value: str) -> str:
    """Return the term that ``value`` means, as SPARQL writes it."""
    readable(f"value of {name}", value)
    if not kind:
        return _any_term(value)
    if kind not in KINDS:
        raise UnknownName("kind of parameter", kind, KINDS)
    if kind == "text":
        return literal(value)
    value = value.strip()
    if not value:
        raise UsageError(f"the value of {name} was given empty. It is {KINDS[kind]}.")
    finder = {"category": _category, "work": find_work, "author": _author, "venue": _venue}.get(kind)
    if finder:
        return f"<{finder(graph, _iri(value) or value)}>"
    return _plain(name, kind, value)


def _any_term(value: str) -> str:
    if re.fullmatch(r"<[^<>\"{}|^`\\\s]+>", value) or _TYPED.fullmatch(value):
        return value
    if _NUMBER.fullmatch(value) or value in ("true", "false"):
        return value
    iri = _iri(value) if _NAMED.fullmatch(value) else ""
    return f"<{iri}>" if iri else literal(value)


def _iri(value: str) -> str:
    """Return the IRI that ``value`` writes in angle brackets or with a prefix, or nothing.

    >>> _iri("category:quantization"), _iri("GPTQ: Accurate")
    ('https://w3id.org/llmcomp/category/quantization', '')
    """
    if match := re.fullmatch(r"<(\S*)>", value):
        return match[1]
    match = _NAMED.fullmatch(value)
    return PREFIXES[match[1] or ""] + match[2] if match and (match[1] or "") in PREFIXES else ""


def _plain(name: str, kind: str, value: str) -> str:
    """Return a year, a day or a number; raise UsageError for what is none."""
    if kind == "year" and re.fullmatch(r"[1-9]\d{3}", value, re.ASCII):
        return f'"{value}"^^<{XSD_YEAR}>'
    if kind == "number" and re.fullmatch(r"[+-]?\d{1,18}", value, re.ASCII):
        return value
    if kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            return f'"{date.fromisoformat(value)}"^^<{XSD_DATE}>'
        except ValueError:
            pass
    raise UsageError(f"{name} is {KINDS[kind]}, not '{value}'.")


def _category(graph: Graph, value: str) -> str:
    known = [iri for iri, *_ in graph.rows("category-names")]
    return value if value in known else find_category(graph, value.removeprefix(PREFIXES["category"]))


def _author(graph: Graph, value: str) -> str:
    """Return the one person with a name that ``value`` is, or in which all of its words stand."""
    known = [(iri, name) for name, _, iri in graph.rows("productive-authors")]
    wanted = _folded(value)
    exact = [(iri, name) for iri, name in known if value == iri or _folded(name) == wanted]
    # "E. Frantar": a single letter is an initial
    words = [f" {word}" if len(word) == 1 else f" {word} " for word in wanted.split()]
    begun = [(iri, name) for iri, name in known if words and all(word in f" {_folded(name)} " for word in words)]
    return _one("author", value, exact or begun, (name for _, name in known))


def _venue(graph: Graph, value: str) -> str:
    """Return the one volume or series that has ``value`` as a name, or that lists spell so ("NIPS", "icml'24")."""
    from .venues import VenueTable

    known = list(graph.rows("venue-names"))
    wanted = _folded(value)
    found = [(iri, name) for iri, name in known if value == iri or _folded(name) == wanted]
    if len({iri for iri, _ in found}) > 1:  # a series and a journal without volumes share their name
        found = [(iri, name) for iri, name in found if "/" not in iri.removeprefix(PREFIXES["venue"])] or found
    table = VenueTable.load()
    mention = None if found else table.parse(value)
    if mention is not None and mention.kind != "preprint":
        meant = table.venue(mention)
        iris = {iri for iri, _ in known}
        wanted_iri = meant.iri if meant.iri in iris else meant.series if mention.year is None else ""
        found = [(wanted_iri, value)] if wanted_iri in iris else []
    return _one("venue", value, found, (name for _, name in known))


def _one(what: str, value: str, found: Iterable[tuple[str, str]], known: Iterable[str]) -> str:
    """Return the one IRI of ``found``; several that are ambiguous are told with their names."""
    names: dict[str, str] = {}
    for iri, name in found:
        names.setdefault(iri, name)
    if len(names) == 1:
        return next(iter(names))
    if not names:
        raise UnknownName(what, value, dict.fromkeys(known))
    told = ", ".join(f"{name} (<{iri}>)" for iri, name in list(names.items())[:8])
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    raise Ambiguous(f"'{value}' fits {len(names)} {what}s: {told}{more}. Write more of one, or its IRI.")


def _folded(text: str) -> str:
    return title_key(ascii_fold(text) or text)
