"""What a query asks: its text as it is sent, the graphs that it reads, and how much there is of what it joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..ontology.named import query_text
from ..ontology.terms import PREFIXES, RESOLVED_VIEW
from .binding import bound
from .endpoint import declared
from .graph import Graph
from .sparql import Token, tokens

_TERMS = ("VARIABLE", "IRI", "PNAME", "PREFIX_NAME")


@dataclass(frozen=True, slots=True)
class Plan:
    """A query with its prefixes declared, the graphs it reads, and for each property how many statements have it."""

    text: str
    graphs: tuple[str, ...]
    statements: tuple[tuple[str, int], ...]


def plan(graph: Graph, text: str) -> Plan:
    """Return what ``text`` asks of ``graph``; properties with most statements come first, over all graphs."""
    every = list(tokens(text))
    own = _prefixes(every)
    used = {iri for token in every if (iri := _iri(token, own))}
    if "a" in {token.kind for token in every}:
        used.add(f"{PREFIXES['rdf']}type")
    asked = bound(query_text("properties-in-use"), {"property": [f"<{iri}>" for iri in sorted(used)]}) if used else ""
    rows = graph.query(asked).shortened() if used else iter(())
    prologue = declared(text, PREFIXES).removesuffix(text).replace(" PREFIX ", "\nPREFIX ").rstrip()
    return Plan(
        f"{prologue}\n{text}".strip(),
        tuple(_graphs(every, own)),
        tuple((name, int(count)) for name, count in rows),
    )


def _prefixes(every: list[Token]) -> dict[str, str]:
    """Return the graph's prefixes and those that the query declares."""
    own = dict(PREFIXES)
    for word, name, iri in zip(every, every[1:], every[2:], strict=False):
        if (word.kind, name.kind, iri.kind) == ("PREFIX", "PREFIX_NAME", "IRI"):
            own[name.text[:-1]] = iri.text[1:-1]
    return own


def _iri(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind == "IRI":
        return token.text[1:-1]
    prefix, _, name = token.text.partition(":")
    return prefixes.get(prefix, "") + name.replace("\\", "") if token.kind == "PNAME" and prefix in prefixes else ""


def _graphs(every: list[Token], prefixes: dict[str, str]) -> Iterator[str]:
    """Yield the graphs that a query reads, for a reader."""
    named: dict[str, None] = {}
    outside, depth, within = False, 0, list[int]()
    for n, token in enumerate(every[:-1]):
        after = every[n + 1]
        if token.kind in ("GRAPH", "FROM", "NAMED", "SERVICE") and after.kind != "NAMED":
            iri = _iri(after, prefixes)
            named[f"<{iri}>" if iri else f"each named graph, as {after.text}"] = None
            if token.kind in ("GRAPH", "SERVICE"):
                within.append(depth)
        elif token.kind == "{":
            depth += 1
        elif token.kind == "}":
            depth -= 1
            if within and within[-1] == depth:
                within.pop()
        elif token.kind in _TERMS and after.kind in (*_TERMS, "a") and depth and not within:
            outside = True
    if outside and not any(token.kind == "FROM" for token in every):
        yield f"the default graph, <{RESOLVED_VIEW}>"
    yield from named
