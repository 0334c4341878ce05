"""Values for the variables of a query, put into its text: as VALUES, which every engine answers alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .errors import UsageError
from .sparql import Token, tokens

_OPENING, _CLOSING = ("(", "{", "["), (")", "}", "]")


def variables(text: str) -> tuple[str, ...]:
    """Return the names of the variables of a query, sorted.

    >>> variables("SELECT ?a { ?a :p $b } # ?c")
    ('a', 'b')
    """
    return tuple(sorted({token.text[1:] for token in tokens(text) if token.kind == "VARIABLE"}))


def defaults(text: str) -> dict[str, str]:
    """Return what a query binds by VALUES of one variable, as written; nothing where that is left open.

    >>> defaults("ASK { VALUES ?a { :x } VALUES ?b { UNDEF } }")
    {'a': ':x', 'b': ''}
    """
    found: dict[str, str] = {}
    for name, start, end in _clauses(text):
        value = text[start:end].strip()
        found.setdefault(name, "" if value.upper() == "UNDEF" else value)
    return found


def bound(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """Return a query with variables bound to ``values`` (terms as SPARQL writes them).

    Where the query binds the variable by VALUES itself, these values are replaced, everywhere; else VALUES stands first
    in its pattern. Raises UsageError for a query without one.

    >>> bound("SELECT ?a { VALUES ?b { :y } ?a :p ?b }", {"b": ["<urn:x>", "2"]})
    'SELECT ?a { VALUES ?b { <urn:x> 2 } ?a :p ?b }'
    >>> bound("SELECT ?a WHERE { ?a :p ?b }", {"b": ["<urn:x>"]})
    'SELECT ?a WHERE { VALUES ?b { <urn:x> } ?a :p ?b }'
    """
    replaced: set[str] = set()
    for name, start, end in reversed(_clauses(text)):
        if name in values:
            text = f"{text[:start]} {' '.join(values[name])} {text[end:]}"
            replaced.add(name)
    new = [f" VALUES ?{name} {{ {' '.join(told)} }}" for name, told in values.items() if name not in replaced]
    if not new:
        return text
    start, end, nested = _pattern(text)
    inside = f" {{{text[start:end]}}} " if nested else text[start:end]
    return f"{text[:start]}{''.join(new)}{inside}{text[end:]}"


def _clauses(text: str) -> list[tuple[str, int, int]]:
    """Return the names of variables bound by ``VALUES ?name { ... }``, and where their values begin and end."""
    every = list(tokens(text))
    found: list[tuple[str, int, int]] = []
    for n, (word, name, brace) in enumerate(zip(every, every[1:], every[2:], strict=False)):
        if (word.kind, name.kind, brace.kind) == ("VALUES", "VARIABLE", "{"):
            end = next((token for token in every[n + 3 :] if token.kind == "}"), every[-1])
            found.append((name.text[1:], brace.start + 1, end.start))
    return found


def _pattern(text: str) -> tuple[int, int, bool]:
    """Return where the pattern of a query begins and ends, inside its braces, and whether it is a query itself."""
    every = list(tokens(text))
    form = next((token.kind for token in every if token.kind in ("SELECT", "ASK", "DESCRIBE", "CONSTRUCT")), "")
    first = _brace(every, 0)
    if form == "CONSTRUCT" and first is not None:
        if every[first - 1].kind == "WHERE":
            raise UsageError("CONSTRUCT WHERE has no place for values. Write CONSTRUCT { ... } WHERE { ... }.")
        first = _brace(every, _end(every, first) + 1)  # what comes first is the template
    if first is None:
        raise UsageError("this query has no pattern in braces, so none of its variables can be bound.")
    last = _end(every, first)
    return every[first].start + 1, every[last].start, every[first + 1].kind == "SELECT"


def _brace(every: list[Token], start: int) -> int | None:
    """Return where the first brace stands that no bracket holds."""
    depth = 0
    for n in range(start, len(every)):
        if every[n].kind == "{" and depth == 0:
            return n
        depth += (every[n].kind in _OPENING) - (every[n].kind in _CLOSING)
    return None


def _end(every: list[Token], start: int) -> int:
    """Return where the brace is closed that stands at ``start``."""
    depth = 0
    for n in range(start, len(every)):
        depth += (every[n].kind in _OPENING) - (every[n].kind in _CLOSING)
        if depth == 0:
            return n
    return len(every) - 1
