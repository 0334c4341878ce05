"""Time every question of the package on a graph on disk, in rdflib's memory and on Oxigraph's own server.

Run: ``python bench/questions.py [--turns=N] [--after=QUESTION] [GRAPH ...]``, which takes hours; the default is the
shipped list and a graph of 100,000 works (``made_graph.py``, some minutes), five turns, all questions.
Needs the packages rdflib, httpx and oxigraph. All three hold the same
statements and are asked in turns in one run, every answer read to its last row; a turn before them warms all, and
asserts that the three found as many rows. rdflib is given ``PATIENCE`` seconds a question, after which its process is
ended: the ratio is then "at least". Of the large graph it holds the resolved view, the keys and the metadata, for its
memory; questions that look into source graphs are asked of it on the small graph alone.

Then: what HTTP adds to a small query at ``llmcomp serve``, and the bibliography of one in six listed works.
"""

from __future__ import annotations

import os
import select
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import made_graph
import turns

import llmcomp
from llmcomp.kg.parameters import parameters, with_parameters
from llmcomp.ontology import terms as t
from llmcomp.ontology.named import query_text, question_names
from llmcomp.ontology.terms import PREFIXES

TIMES = 10
"""How many times faster than rdflib a question is at least, at the median."""
MILLISECONDS, SECONDS = 2, 2
"""What HTTP adds at most to a small query; how long the bibliography takes at most."""
PATIENCE = 60.0
TURNS = 5
LARGE = 3_000_000
"""More statements rdflib's memory is not asked to hold."""
Ask = Callable[[str], int]
"""Ask a query and return how many rows it has."""


@dataclass(frozen=True)
class Times:
    """Seconds that a question took on each side, turn by turn; none of rdflib where it was not asked or not done."""

    rows: int
    ours: list[float]
    server: list[float]
    rdflib: list[float]
    patience: bool = False

    @property
    def ratio(self) -> float:
        """How many times longer than ours rdflib took, at least."""
        theirs = statistics.median(self.rdflib) if self.rdflib else PATIENCE
        return theirs / statistics.median(self.ours)


def main() -> None:
    turns.print_machine()
    with TemporaryDirectory() as folder:
        options, paths = options_of(sys.argv[1:])
        if not paths:
            paths = [Path(folder, "shipped"), Path(folder, "made")]
            made_graph.make(paths[1], 100_000)
        for path in paths:
            measure(llmcomp.open_graph(path), Path(folder), options)


def options_of(arguments: list[str]) -> tuple[dict[str, str], list[Path]]:
    """Return what ``--turns=2`` and ``--after=NAME`` ask for, and the graphs."""
    options = dict(argument[2:].split("=", 1) for argument in arguments if argument.startswith("--"))
    return options, [Path(argument) for argument in arguments if not argument.startswith("--")]


def measure(graph: llmcomp.Graph, folder: Path, options: dict[str, str]) -> None:
    """Measure one graph and print what was found."""
    graph.edges  # noqa: B018 - chooses the values of parameters
    names = list(question_names())
    names = names[names.index(options["after"]) + 1 :] if "after" in options else names
    queries = {name: valued(graph, name) for name in names}
    often = int(options.get("turns", TURNS))
    statements = len(graph.store)  # type: ignore[arg-type]
    whole = statements <= LARGE
    print(
        f"\n{graph.path.name}: {graph.edges.listed} listed works, {len(graph.edges.works)} works, "
        f"{len(graph.edges)} citations, {statements} statements"
    )
    with oxigraph_server(graph, folder) as server, RdfLib(graph, whole) as rdflib:
        print(f"{'':34}{'rows':>8}{'on disk':>12}{'server':>12}{'x':>7}{'rdflib':>12}{'x':>9}")
        found: dict[str, Times] = {}
        for name, query in queries.items():
            found[name] = asked(graph, query, server, rdflib if whole or "GRAPH ?" not in query else None, often)
            print_times(name, found[name])
    summary(found)
    http(graph)
    bibliography(graph)


def valued(graph: llmcomp.Graph, name: str) -> str:
    """Return a question with values that the graph has: a work that is cited much and cites, and its first author."""
    edges = graph.edges
    most = sorted(range(edges.listed), key=lambda n: -len(edges.cited_by[n]) * bool(edges.cites[n]))
    work, other = edges.works[most[0]], edges.works[most[1]]
    values = {"work": f"<{work}>", "citing": f"<{other}>", "cited": f"<{work}>", "with": f"<{other}>"}
    text = query_text(name)
    given: dict[str, str] = {}
    for parameter in parameters(text):
        if parameter.kind == "work" and parameter.default:
            given[parameter.name] = values[parameter.name].strip("<>")
        elif parameter.kind == "author" and parameter.default:
            ((author, *_), *_) = graph.query(
                f"SELECT ?n {{ ?a pro:relatesToDocument <{work}> ; :authorPosition 1 ; pro:isHeldBy/foaf:name ?n }}"
            )
            given[parameter.name] = author
    return with_parameters(graph, name, given)


def asked(graph: llmcomp.Graph, query: str, server: Ask, rdflib: RdfLib | None, often: int) -> Times:
    """Return the times of one question, asked in turns."""
    mine, served, theirs = [], [], []
    rows = len(list(graph.query(query)))
    assert server(query) == rows, query
    first = rdflib.ask(query, rows) if rdflib else None
    for _ in range(often):
        start = time.perf_counter()
        list(graph.query(query))
        mine.append(time.perf_counter() - start)
        start = time.perf_counter()
        server(query)
        served.append(time.perf_counter() - start)
        if rdflib and first is not None:
            theirs.append(rdflib.ask(query, rows) or PATIENCE)
        if sum(mine) > PATIENCE:
            break
    return Times(rows, mine, served, theirs, bool(rdflib) and first is None)


def print_times(name: str, times: Times) -> None:
    mine, served = (1e3 * statistics.median(seconds) for seconds in (times.ours, times.server))
    theirs = f"{1e3 * statistics.median(times.rdflib):9.1f} ms{times.ratio:9.0f}" if times.rdflib else ""
    if times.patience:
        theirs = f"{'over ' + format(PATIENCE, 'g'):>9} s {'> ' + format(times.ratio, '.0f'):>9}"
    print(f"{name:34}{times.rows:8}{mine:9.1f} ms{served:9.1f} ms{served / mine:7.2f}{theirs}", flush=True)


def summary(found: dict[str, Times]) -> None:
    """Print the medians over all questions."""
    against = {name: times for name, times in found.items() if times.rdflib or times.patience}
    ratios = [times.ratio for times in against.values()]
    below = [name for name, times in against.items() if times.ratio < TIMES]
    print(
        f"rdflib took {statistics.median(ratios):.0f} times as long at the median of {len(ratios)} questions; "
        f"of these {sum(t.patience for t in against.values())} took it more than {PATIENCE:g} s; "
        f"less than {TIMES} times: {', '.join(below) or 'none'}"
    )
    print(f"claim: at least {TIMES} times: {'met' if statistics.median(ratios) >= TIMES else 'NOT MET'}")
    server = statistics.median(statistics.median(t.server) / statistics.median(t.ours) for t in found.values())
    print(f"Oxigraph's server took {server:.2f} times as long at the median of {len(found)} questions")


class RdfLib:
    """The statements of a graph in rdflib's memory. A copy of the process is asked, for that can be ended."""

    def __init__(self, graph: llmcomp.Graph, whole: bool) -> None:
        self._graph, self._whole = graph, whole

    def __enter__(self) -> RdfLib:
        from rdflib import Dataset
        from rdflib.term import Literal, URIRef

        start = time.perf_counter()
        self.data = Dataset(default_union=False)
        named = {name: self.data.graph(URIRef(name)) for name in (t.KEYS_GRAPH, t.METADATA_GRAPH)}

        def term(told: Any) -> Any:
            if type(told).__name__ == "NamedNode":
                return URIRef(told.value)
            kind = None if told.language else URIRef(told.datatype.value)
            return Literal(told.value, told.language, kind, normalize=False)

        for quad in self._graph.store.quads_for_pattern(None, None, None, None):
            name = getattr(quad.graph_name, "value", "")
            if name and name not in named:
                if not self._whole:
                    continue
                named[name] = self.data.graph(URIRef(name))
            where = named[name] if name else self.data.default_graph
            where.add((term(quad.subject), URIRef(quad.predicate.value), term(quad.object)))
        print(
            f"rdflib holds {sum(1 for _ in self.data.quads())} statements, read in {time.perf_counter() - start:.0f} s"
        )
        return self

    def __exit__(self, *_: object) -> None:
        del self.data

    def ask(self, query: str, rows: int) -> float | None:
        """Return how many seconds a question took; None where it took more than it has."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            start = time.perf_counter()
            found = sum(1 for _ in self.data.query(query, initNs=PREFIXES))
            took = time.perf_counter() - start
            os.write(writing, f"{took} {found}".encode())
            os._exit(0)
        os.close(writing)
        try:
            if not select.select([reading], [], [], PATIENCE)[0]:
                return None
            told = os.read(reading, 100).split()
            if not told:
                return None
            assert int(told[1]) == rows, (query, rows, told)
            return float(told[0])
        finally:
            os.close(reading)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


@contextmanager
def oxigraph_server(graph: llmcomp.Graph, folder: Path) -> Generator[Ask]:
    """Serve a copy of the graph's store by Oxigraph's own server."""
    import httpx

    data = folder / f"server-{graph.path.name}"
    program = str(Path(sys.executable).with_name("oxigraph"))
    dump = folder / "dump.nq"
    with dump.open("wb") as out:
        graph.store.dump(out, format=_nquads())
    subprocess.run([program, "load", "--location", str(data), "--file", str(dump)], check=True, capture_output=True)
    dump.unlink()
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/tab-separated-values"}
    command = [program, "serve-read-only", "--location", str(data), "--bind", "127.0.0.1:7978"]
    with _process(command), httpx.Client(base_url="http://127.0.0.1:7978", timeout=600) as client:

        def ask(query: str) -> int:
            answer = client.post("/query", content=f"{prefixes}{query}".encode(), headers=headers)
            assert answer.status_code == 200, answer.text
            return answer.content.count(b"\n") - 1

        _wait(lambda: ask("SELECT * {}"))
        yield ask


def _nquads() -> Any:
    from pyoxigraph import RdfFormat

    return RdfFormat.N_QUADS


@contextmanager
def _process(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _wait(ask: Callable[[], object]) -> None:
    import httpx

    for _ in range(300):
        try:
            ask()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return


def http(graph: llmcomp.Graph) -> None:
    """Print what ``llmcomp serve`` adds to a small query."""
    import httpx

    work = graph.edges.works[0]
    query = f"SELECT ?title {{ <{work}> dcterms:title ?title }}"
    command = turns.llmcomp_command("serve", "--port", "7979", "--graph", str(graph.path), "-q")
    with _process(command), httpx.Client(base_url="http://127.0.0.1:7979", timeout=60) as client:
        _wait(lambda: client.get("/sparql", params={"query": query}))
        here, there = [], []
        for turn in range(301):
            start = time.perf_counter()
            graph.query(query).write("json")
            middle = time.perf_counter()
            client.get("/sparql", params={"query": query})
            if turn:
                here.append(middle - start)
                there.append(time.perf_counter() - middle)
    added = 1e3 * statistics.median(b - a for a, b in zip(here, there, strict=True))
    print(
        f"a small query: {1e3 * statistics.median(here):.2f} ms here, {1e3 * statistics.median(there):.2f} ms over HTTP"
    )
    turns.print_claim("milliseconds that HTTP adds,", added, MILLISECONDS)


def bibliography(graph: llmcomp.Graph) -> None:
    """Print how long ``llmcomp bib`` of a category takes."""
    slugs = {category.slug: category.works for category in graph.categories()}
    slug = min(slugs, key=lambda slug: abs(slugs[slug] - 5_000))
    command = turns.llmcomp_command("bib", "--graph", str(graph.path), "--category", slug)
    costs = turns.in_turns({"python -c pass": turns.nothing, "llmcomp bib": lambda _: command}, TURNS)
    print(f"the bibliography of {slugs[slug]} works")
    turns.print_costs(costs, peer="python -c pass")
    turns.print_claim("seconds,", turns.wall(costs["llmcomp bib"]), SECONDS)


if __name__ == "__main__":
    main()
