"""A graph that is open for reading: questions in SPARQL, answers as values.

Every command reads through named queries (``ontology/queries``) and this module; whatever speaks SPARQL 1.1
could stand behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from ..ontology.named import about, is_about_works, query_names, query_text
from ..ontology.terms import PREFIXES
from . import store
from .errors import OutsideError, UnknownName, UsageError, readable

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

    from .endpoint import Endpoint

Row = tuple[str, ...]
"""A row of an answer as text: IRIs and the lexical forms of literals; what is unbound is empty."""

TABULAR = ("csv", "tsv", "json", "xml")
"""Formats of SELECT and ASK answers (SPARQL 1.1 Query Results)."""
TRIPLES = ("turtle", "ntriples")
"""Formats of CONSTRUCT and DESCRIBE answers."""
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
            raise _failed(error) from error

    def write(self, format: str) -> bytes:
        """Return the answer in ``format``: see :data:`TABULAR` and :data:`TRIPLES`.

        Raises UsageError for a format that does not fit the kind of the answer.
        """
        from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

        if not isinstance(self.results, (QuerySolutions, QueryBoolean)):
            if format not in TRIPLES:
                raise UsageError(f"this query makes triples, which '{format}' cannot hold. Use {' or '.join(TRIPLES)}.")
            rdf = RdfFormat.TURTLE if format == "turtle" else RdfFormat.N_TRIPLES
            try:
                return serialize(self.results, format=rdf, prefixes=PREFIXES) or b""
            except (OSError, RuntimeError) as error:
                raise _failed(error) from error
        if format not in TABULAR:
            raise UsageError(f"this query makes a table, which '{format}' cannot hold. Use {', '.join(TABULAR)}.")
        formats = {
            "csv": QueryResultsFormat.CSV,
            "tsv": QueryResultsFormat.TSV,
            "json": QueryResultsFormat.JSON,
        }
        try:
            return self.results.serialize(format=formats.get(format, QueryResultsFormat.XML)) or b""
        except (OSError, RuntimeError) as error:
            raise _failed(error) from error


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


class Graph:
    """A graph that is open for reading: on disk, or behind an endpoint on the network.

    Any number of processes may have one on disk open, also beside a build.
    """

    def __init__(self, path: Path | str, store: Store | Endpoint | None = None) -> None:
        """Name the graph's folder, or its address; the store is opened when it is first asked.

        ``store`` is one that is open already.
        """
        self.path = path
        self._open = store

    def __repr__(self) -> str:
        return f"<Graph in {self.path}>"

    @cached_property
    def store(self) -> Store | Endpoint:
        """The store, read-only."""
        if self._open is not None:  # an empty store is false
            return self._open
        if isinstance(self.path, str):
            from .endpoint import Endpoint

            return Endpoint(self.path)
        return store.open_readonly(self.path)

    def query(self, query: str) -> Answer:
        """Answer ``query``: SPARQL 1.1, or the name of one of the package's queries.

        The prefixes of :data:`llmcomp.ontology.terms.PREFIXES` need not be declared. The default graph is the
        resolved view; each source is a named graph. Raises UsageError for what is no query.
        """
        readable("query", query)
        if query in query_names():
            query = query_text(query)
        elif not query.strip() or query.strip().isidentifier() or _looks_like_name(query):
            raise UnknownName("query", query.strip(), query_names())
        return self._ask(query)

    def rows(self, name: str, works: Iterable[str] | None = None, **bound: str) -> Iterator[Row]:
        """Yield the rows of the named query, for ``works`` (IRIs) alone if given, with variables bound to IRIs."""
        from pyoxigraph import NamedNode, Variable

        text = query_text(name) if works is None else about(query_text(name), works)
        return iter(self._ask(text, {Variable(k): NamedNode(v) for k, v in bound.items()}))

    def answers(self, names: Iterable[str], works: Sequence[str]) -> dict[str, list[Row]]:
        """Return the rows about ``works`` of several named queries, asked at once.

        The store works outside Python's lock, so two threads answer on two cores. A query that does not leave
        ``?work`` open is asked as it is.
        """
        waiting = iter(names)
        found: dict[str, list[Row]] = {}
        failed: list[BaseException] = []

        def work_off() -> None:
            try:
                for name in waiting:
                    found[name] = list(self.rows(name, works if is_about_works(query_text(name)) else None))
            except BaseException as error:
                failed.append(forgetful(error))

        helper = Thread(target=work_off)
        _ = self.store  # opened once, before two threads ask for it
        helper.start()
        work_off()
        helper.join()
        if failed:
            raise failed[0]
        return found

    def pairs(self, name: str, works: Iterable[str] | None = None) -> dict[str, str]:
        """Return the answer of a named query of two columns as a dictionary."""
        return {row[0]: row[1] for row in self.rows(name, works)}

    def _ask(self, text: str, bound: dict[object, object] | None = None) -> Answer:
        try:
            results = self.store.query(text, prefixes=PREFIXES, substitutions=bound or None)  # pyright: ignore
        except SyntaxError as error:
            raise UsageError(_no_query(text, str(error))) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise _failed(error) from error
        return Answer(results)


def _looks_like_name(query: str) -> bool:
    return len(query.split()) == 1 and "{" not in query


def forgetful(error: BaseException) -> BaseException:
    """Return an error that may leave its thread: answers that its frames hold may not, they end where they began."""
    from traceback import clear_frames

    cause: BaseException | None = error
    while cause is not None:
        clear_frames(cause.__traceback__)
        cause = cause.__cause__ or cause.__context__
    return error


def _failed(error: Exception) -> OutsideError:
    """Return what to say of a query that the store could not answer."""
    told = str(error).strip().rstrip(".")
    if not isinstance(error, OSError):
        return OutsideError(f"the query failed: {told}.")
    return OutsideError(f"the query failed: {told}. If the graph is damaged, 'llmcomp build' makes it again.")


_QUERIES = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP ADD MOVE COPY WITH".split())


def _no_query(text: str, error: str) -> str:
    """Return in one line why ``text`` is no query: the parser's own error is a wall of grammar."""
    import re

    prologue = r"(?:\s|#[^\n]*|PREFIX\s+[^\s:]*:\s*<[^<>]*>|BASE\s*<[^<>]*>)*"
    first = re.match(rf"{prologue}([^\s{{<(*]*)", text, re.IGNORECASE)
    word = first[1] if first else ""
    if word.upper() in _UPDATES:
        return f"{word.upper()} would change the graph, and it is read only: ask with {', '.join(_QUERIES)}."
    if word.upper() not in (*_QUERIES, "PREFIX", "BASE"):
        return f"not SPARQL: a query begins with {', '.join(_QUERIES)}, not '{word}'."
    place = re.match(r"error at (\d+):(\d+): (?:expected )?(?:one of )?", error)
    if place is None:
        return f"not SPARQL: {' '.join(error.split())}"
    # what the parser awaited there is a list of tokens, but for the few things that it says in words
    told = error[place.end() :]
    why = re.search(r"(?:^|, )([A-Za-z]+(?: [A-Za-z*]+){2,})(?=,|$)", told)
    line, column = int(place[1]), int(place[2])
    lines = text.split("\n")
    before = lines[line - 1][: column - 1].strip() if line <= len(lines) else ""
    near = f"'{before if len(before) <= 40 else '…' + before[-40:]}'" if before else "the end"
    reason = why[1] if why else "a word or a sign is missing or wrong"
    if not reason[:2].isupper():
        reason = reason[0].lower() + reason[1:]
    return f"not SPARQL: line {line}, column {column}, after {near}: {reason}."
