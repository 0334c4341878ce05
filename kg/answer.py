"""The answer to a query: rows, a yes or no, or triples, to be read once or written in a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from ..ontology.terms import PREFIXES
from .errors import OutsideError, UsageError

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

Row = tuple[str, ...]
"""A row of an answer as text: IRIs and the lexical forms of literals; what is unbound is empty."""

TABULAR: Mapping[str, str] = {name: name.upper() for name in ("csv", "tsv", "json", "xml")}
"""Formats of SELECT and ASK answers (SPARQL 1.1 Query Results), with the name that pyoxigraph has for each."""
TRIPLES: Mapping[str, str] = {
    **{"turtle": "TURTLE", "trig": "TRIG", "jsonld": "JSON_LD", "ntriples": "N_TRIPLES", "rdfxml": "RDF_XML"},
}
"""Formats of CONSTRUCT and DESCRIBE answers, with the name that pyoxigraph has for each."""
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


@dataclass(frozen=True)
class Answer:
    """The answer to a query, to be read once: as rows, as a yes or no, or written in a format."""

    results: QuerySolutions | QueryBoolean | QueryTriples | list[Triple]

    @property
    def kind(self) -> str:
        """Return ``rows`` (SELECT), ``boolean`` (ASK) or ``triples`` (CONSTRUCT, DESCRIBE)."""
        return {"QuerySolutions": "rows", "QueryBoolean": "boolean"}.get(type(self.results).__name__, "triples")

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the names of the columns; a yes-or-no answer has one."""
        from pyoxigraph import QuerySolutions

        if isinstance(self.results, QuerySolutions):
            return tuple(v.value for v in self.results.variables)
        return ("answer",) if self.kind == "boolean" else ("subject", "predicate", "object")

    def __iter__(self) -> Iterator[Row]:
        return self._rows(_text)

    def table(self) -> list[Row]:
        """Return all rows at once, which takes two thirds of the time that one by one does, and two threads at once.

        The store writes them as CSV, outside Python's lock.
        """
        import csv  # which few commands need
        from io import StringIO

        from pyoxigraph import QuerySolutions

        if not isinstance(self.results, QuerySolutions):
            return list(self)
        text = self.write("csv").decode("utf-8")
        csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a value may be as long as it likes
        rows = csv.reader(StringIO(text, newline=""))
        next(rows)
        return [tuple(row) or ("",) for row in rows]  # an only value that is not bound is an empty line

    def shortened(self) -> Iterator[Row]:
        """Yield the rows for a reader: IRIs are written with the prefixes of the graph."""
        return self._rows(_short)

    def _rows(self, text: Callable[[object], str]) -> Iterator[Row]:
        from pyoxigraph import QueryBoolean, QuerySolutions

        try:
            if isinstance(self.results, QueryBoolean):
                yield (str(bool(self.results)).lower(),)
            elif isinstance(self.results, QuerySolutions):
                for solution in self.results:
                    yield tuple(text(term) for term in solution)
            else:
                for triple in self.results:
                    yield text(triple.subject), text(triple.predicate), text(triple.object)
        except (OSError, RuntimeError) as error:
            raise failed(error) from error

    def first(self, most: int | None) -> tuple[Answer, int, bool]:
        """Return an answer of the first ``most`` rows or triples (all for None), their number, and whether more follow.

        A yes or no is one, and whole.
        """
        import json  # which few commands need, and which takes as long as a small query

        from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

        end = None if most is None else most + 1
        try:
            if isinstance(self.results, QueryBoolean):
                return self, 1, False
            if not isinstance(self.results, QuerySolutions):
                triples = list(islice(self.results, end))
                return Answer(triples[:most]), len(triples[:most]), len(triples) != len(triples[:most])
            solutions = [list(solution) for solution in islice(_solutions(self.results), end)]
        except (OSError, RuntimeError) as error:
            raise failed(error) from error
        # rows of this type are made by the store and by its readers alone
        names = self.variables
        bindings = [
            {name: _json(term) for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in solutions[:most]
        ]
        told = json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}})
        cut = Answer(parse_query_results(told, format=QueryResultsFormat.JSON))
        return cut, len(bindings), len(solutions) != len(bindings)

    def write(self, format: str) -> bytes:
        """Return the answer in ``format``: see :data:`TABULAR` and :data:`TRIPLES`.

        Raises UsageError for a format that does not fit the kind of the answer.
        """
        from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

        rows = isinstance(self.results, (QuerySolutions, QueryBoolean))
        fitting = TABULAR if rows else TRIPLES
        if format not in fitting:
            made = "a table" if rows else "triples"
            *others, last = fitting
            raise UsageError(
                f"this query makes {made}, which '{format}' cannot hold. Use {', '.join(others)} or {last}."
            )
        try:
            if isinstance(self.results, (QuerySolutions, QueryBoolean)):
                return self.results.serialize(format=getattr(QueryResultsFormat, fitting[format])) or b""
            written = serialize(self.results, format=getattr(RdfFormat, fitting[format]), prefixes=PREFIXES) or b""
            return sorted_prefixes(written) if format in ("turtle", "trig") else written
        except (OSError, RuntimeError) as error:
            raise failed(error) from error


def _solutions(results: QuerySolutions) -> Iterator[Iterable[object]]:
    return iter(results)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportReturnType]


def yes_or_no(value: bool) -> QueryBoolean:
    """Return a bare yes or no, which is what a file or a server is read to, as the store's own."""
    from pyoxigraph import QueryBoolean, Store

    answer = Store().query("ASK {}" if value else "ASK { FILTER(false) }")
    assert isinstance(answer, QueryBoolean)
    return answer


def sorted_prefixes(written: bytes) -> bytes:
    """Return Turtle or TriG with the prefixes at its beginning sorted: the serializer may tell them in any order.

    >>> sorted_prefixes(b"@prefix b: <urn:b> .\\n@prefix a: <urn:a> .\\na:x a:y b:z .\\n")
    b'@prefix a: <urn:a> .\\n@prefix b: <urn:b> .\\na:x a:y b:z .\\n'
    """
    lines = written.split(b"\n", len(PREFIXES) + 1)
    prologue = list(takewhile(lambda line: line.startswith(b"@prefix "), lines))
    return b"\n".join([*sorted(prologue), *lines[len(prologue) :]])


def _text(term: object) -> str:
    return str(getattr(term, "value", "" if term is None else term))


def _short(term: object) -> str:
    """Return a term as :func:`_text` does, an IRI with its prefix if it has one of the graph's."""
    text = _text(term)
    if type(term).__name__ != "NamedNode":
        return text
    for prefix, iri in _LONGEST_FIRST:
        if text.startswith(iri):
            return f"{prefix}:{text.removeprefix(iri)}"
    return text


def _json(term: object) -> dict[str, object]:
    """Return a term as the JSON results of SPARQL have it (https://www.w3.org/TR/sparql12-results-json/)."""
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json(part) for name, part in parts.items()}}
    assert isinstance(term, Literal)
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def failed(error: Exception) -> OutsideError:
    """Return what to say of a query that the store could not answer."""
    told = str(error).strip().rstrip(".")
    if not isinstance(error, OSError):
        return OutsideError(f"the query failed: {told}.")
    return OutsideError(f"the query failed: {told}. If the graph is damaged, 'llmcomp build' makes it again.")
