"""A graph that is open for reading: questions in SPARQL, answers as values.

Every command reads through named queries (``ontology/queries``) and this module; whatever speaks SPARQL 1.1
could stand behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, cast

from ..ontology.named import about, is_about_works, query_names, query_text
from ..ontology.terms import PREFIXES
from . import store
from .answer import Answer, Row, failed, yes_or_no
from .errors import UnknownName, UsageError, readable

if TYPE_CHECKING:
    from pyoxigraph import Store

    from .endpoint import Endpoint

_AT_ONCE = 1_000
"""How many works a server is asked about at once; Virtuoso refuses some 5,000."""
_SHORT = 1_000
"""Below so many characters no query is deep."""


class Graph:
    """A graph that is open for reading: on disk, or behind an endpoint on the network.

    Any number of processes may have one on disk open, also beside a build.
    """

    services: frozenset[str] = frozenset()
    """The addresses that queries may call with SERVICE; none, until some are set."""

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

    @property
    def disk(self) -> tuple[Path, Store]:
        """The folder and the store in it; raise UsageError for a graph on the network."""
        store = self.store
        if isinstance(self.path, str) or type(store).__name__ == "Endpoint":
            raise UsageError(f"{self.path} is a graph on the network. Name a folder with --graph for this.")
        return self.path, cast("Store", store)

    def query(self, query: str) -> Answer:
        """Answer ``query``: SPARQL 1.1, or the name of one of the package's queries.

        The prefixes of :data:`llmcomp.ontology.terms.PREFIXES` need not be declared. The default graph is the
        resolved view; each source is a named graph. Raises UsageError for what is no query, and for one that calls with
        SERVICE what is not among ``services``.
        """
        text = spelled_out(query)
        if "service" in text.casefold():
            self._refuse_services(text)
        if len(text) > _SHORT:
            from .syntax import refuse_too_deep

            refuse_too_deep(text)
        return self._ask(text)

    def _refuse_services(self, text: str) -> None:
        from .services import refused_service

        if service := refused_service(text, self.services):
            raise UsageError(
                f"the query calls SERVICE {service}, which is not allowed. '--allow-service ADDRESS' allows an "
                "address, as it stands in the query in angle brackets; from Python, graph.services holds those allowed."
            )

    def rows(self, name: str, works: Iterable[str] | None = None, **bound: str) -> Iterator[Row]:
        """Yield the rows of the named query, for ``works`` (IRIs) alone if given, with variables bound to IRIs."""
        text = query_text(name)
        if bound:
            from . import binding  # a grammar, which few need

            text = binding.bound(text, {variable: [f"<{iri}>"] for variable, iri in bound.items()})
        if works is None:
            return iter(self._ask(text))
        return chain.from_iterable(self._ask(about(text, piece)) for piece in self._pieces(list(works)))

    def _table(self, name: str, works: Sequence[str] | None) -> list[Row]:
        """Return the rows of the named query, for ``works`` alone if given."""
        text = query_text(name)
        if works is None:
            return self._ask(text).table()
        return [row for piece in self._pieces(works) for row in self._ask(about(text, piece)).table()]

    def _pieces(self, works: Sequence[str]) -> Iterator[Sequence[str]]:
        """Yield the works that can be asked about at once: a server takes so long a query, the store any."""
        size = _AT_ONCE if isinstance(self.path, str) else len(works) or 1
        return (works[start : start + size] for start in range(0, len(works) or 1, size))

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
                    found[name] = self._table(name, works if is_about_works(query_text(name)) else None)
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

    def _ask(self, text: str) -> Answer:
        try:
            results = self.store.query(text, prefixes=PREFIXES)  # pyright: ignore
        except SyntaxError as error:
            from .syntax import no_query  # a grammar, which only errors need

            raise UsageError(no_query(text, str(error))) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise failed(error) from error
        return Answer(yes_or_no(results) if isinstance(results, bool) else results)


def spelled_out(query: str) -> str:
    """Return the text of a query that is given as SPARQL or by name; raise UnknownName for what looks like neither."""
    readable("query", query)
    if query in query_names():
        return query_text(query)
    if len(query.split()) < 2 and "{" not in query:
        raise UnknownName("query", query.strip(), query_names())
    return query


def forgetful(error: BaseException) -> BaseException:
    """Return an error that may leave its thread: answers that its frames hold may not, they end where they began."""
    from traceback import clear_frames

    cause: BaseException | None = error
    while cause is not None:
        clear_frames(cause.__traceback__)
        cause = cause.__cause__ or cause.__context__
    return error
