"""A process that answers queries, one at a time, so that one that takes too long can be ended with it.

Run by :mod:`llmcomp.cli.web.workers` as ``python -m llmcomp.cli.web.worker GRAPH``. On standard input it is told
questions, on standard output it tells answers: frames of four bytes of length and as many bytes. A question is one
frame of JSON; an answer is one frame of JSON that says what follows, and one frame of data.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import IO, Any

from ...kg.answer import Answer
from ...kg.endpoint import Endpoint
from ...kg.errors import LlmcompError, UsageError
from ...kg.graph import Graph
from ...kg.remote import is_address
from ...kg.syntax import no_query, refuse_too_deep
from ...ontology.terms import PREFIXES, RESOLVED_VIEW


def main() -> None:
    """Answer questions until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this
    place = sys.argv[1]
    graph = Graph(place if is_address(place) else Path(place))
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not print into the answers
    while (question := read_frame(questions)) is not None:
        head, data = _answered(graph, json.loads(question))
        write_frame(answers, json.dumps(head).encode())
        write_frame(answers, data)
        answers.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Return the next frame, or None at the end."""
    length = stream.read(4)
    return stream.read(int.from_bytes(length)) if len(length) == 4 else None


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Write one frame."""
    stream.write(len(data).to_bytes(4))
    stream.write(data)


def _answered(graph: Graph, question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what to say of a question, and the data. Every failure is an answer: the process lives on."""
    try:
        return _written(graph, question)
    except SyntaxError as error:
        return {"status": 400, "error": no_query(question["query"], str(error))}, b""
    except UsageError as error:
        return {"status": 400, "error": str(error)}, b""
    except LlmcompError as error:
        return {"status": 502, "error": str(error)}, b""
    except _NotAcceptable as error:
        return {"status": 406, "error": str(error)}, b""
    except MemoryError:
        return {"status": 503, "error": "the answer takes more memory than there is. Ask for less."}, b""
    except Exception as error:
        # the engine's own faults, whatever their kind
        why = " ".join(str(error).split()) or type(error).__name__
        return {"status": 500, "error": f"the query failed: {why}"}, b""


class _NotAcceptable(Exception):
    """The client takes none of the formats that the kind of answer has."""


def _written(graph: Graph, question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    refuse_too_deep(question["query"])  # the engine ends its process over one
    results: Any = graph.store.query(question["query"], prefixes=PREFIXES, **_dataset(graph, question))
    answer = Answer(results)
    triples = answer.kind == "triples"
    wanted = question["triples" if triples else "rows"]
    if wanted is None:
        raise _NotAcceptable(
            "this query makes triples: Turtle, N-Triples, JSON-LD or RDF/XML."
            if triples
            else "this query makes a table, or a yes or no: JSON, XML, CSV or TSV of SPARQL results."
        )
    format, media_type = wanted
    answer, count, cut = answer.first(question["most"])
    return {"status": 200, "media_type": media_type, "count": count, "cut": cut}, answer.write(format)


def _dataset(graph: Graph, question: dict[str, Any]) -> dict[str, Any]:
    """Return the graphs that the protocol names for the query: https://www.w3.org/TR/sparql11-protocol/#dataset."""
    from pyoxigraph import DefaultGraph, NamedNode

    default, named = question.get("default_graphs", []), question.get("named_graphs", [])
    if not default and not named:
        return {}
    if isinstance(graph.store, Endpoint):
        return {"default_graph": default, "named_graphs": named}
    return {
        # the view is the store's default graph, and may be asked for by its name
        "default_graph": [DefaultGraph() if iri == RESOLVED_VIEW else NamedNode(iri) for iri in default],
        "named_graphs": [NamedNode(iri) for iri in named],
    }


if __name__ == "__main__":
    main()
