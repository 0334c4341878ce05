"""Time the measures of a citation graph of real shape, and the same of networkx where it has them.

Run: ``python bench/measures.py [WORKS CITATIONS]``; the default is 100,000 works and 2 million citations. Works come
year by year, each cites about twenty older ones, six in ten of them chosen as often as they are cited already
(preferential attachment). networkx is measured on a tenth of that, in the same run; install it with SciPy, which its
PageRank needs: ``pip install networkx scipy``. Every step is timed on the clock and by processor time; the peak is that
of the process.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import turns

SECONDS, MIB, EDGES_A_SECOND, TIMES = 60, 1024, 200_000, 20
WORKS, CITATIONS = 100_000, 2_000_000
FIRST, YEARS = 1991, 36
DATE = f"{FIRST + YEARS - 1}-12-01"
ASKED = 20
"""For how many works those nearest to them are sought, in each way, and a path to the next."""


def citations(works: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield who cites whom: each work about as many older ones, the often cited ones more often."""
    chance = random.Random(1)
    cited: list[int] = []
    each = wanted // works
    for work in range(works):
        references: set[int] = set()
        many = min(work, each + chance.randrange(-each // 2, each // 2 + 1))
        while len(references) < many:
            popular = cited and chance.random() < 0.6
            references.add(cited[int(chance.random() * len(cited))] if popular else int(chance.random() * work))
        yield from ((work, reference) for reference in sorted(references))
        cited += references


def iri(work: int) -> str:
    return f"https://w3id.org/llmcomp/work/arxiv:{work // 9000 + 1000:04d}.{work % 9000:05d}"


def make_store(path: Path, works: int, wanted: int) -> int:
    """Make a store of works that are all listed, with their years and citations; return the number of these."""
    from llmcomp.kg import nquads
    from llmcomp.kg.store import Draft
    from llmcomp.ontology import terms as t

    count = 0

    def statements() -> Iterator[bytes]:
        nonlocal count
        keys = nquads.Statements(t.KEYS_GRAPH)
        for start in range(0, works, 10_000):
            view = nquads.Statements()
            for work in range(start, min(start + 10_000, works)):
                view.link(iri(work), t.TYPE, t.RESEARCH_PAPER)
                view.link(f"https://w3id.org/llmcomp/entry/{work}", t.ITEM, iri(work))
                view.add(iri(work), t.PUBLICATION_YEAR, nquads.year(FIRST + work * YEARS // works))
                keys.add(iri(work), t.CITATION_KEY, nquads.literal(f"made{work}"))
            yield from view.encode()
        yield from keys.encode()
        view = nquads.Statements()
        for citing, cited in citations(works, wanted):
            view.link(iri(citing), t.CITES, iri(cited))
            count += 1
            if len(view) == 50_000:
                yield from view.encode()
        yield from view.encode()

    draft = Draft(path)
    draft.load(statements())
    draft.store.optimize()
    draft.store.flush()
    return count


class Clock:
    """Seconds of each step, on the clock and of the processor."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[float, float]] = {}

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = step()
        self.steps[name] = time.perf_counter() - wall, time.process_time() - cpu
        return answer

    def tell(self, **more: float) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
        print(json.dumps({"steps": self.steps, "peak": peak, **more}))


def ours(path: str) -> None:
    """Compute everything of the store in ``path``."""
    from pyoxigraph import Store

    from llmcomp.kg import chronology, measures, relatedness
    from llmcomp.kg.edges import read_edges
    from llmcomp.kg.graph import Graph

    clock = Clock()
    graph = Graph(Path(path), Store.read_only(path))
    edges = clock("edges from the store", lambda: read_edges(graph))
    when = clock("dates", lambda: chronology.months(graph, edges))
    clock("graph of igraph", lambda: edges.igraph)
    clock("counts of citations", lambda: [edges.listed_citations(n) for n in range(len(edges.works))])
    clock("PageRank", lambda: measures.pagerank(edges))
    clock("graph without directions", lambda: edges.undirected)
    clock("k-core", lambda: measures.core(edges))
    clock("velocity", lambda: measures.velocity(edges, when, DATE))
    clock("communities", lambda: measures.communities(edges))
    chosen = random.Random(2).sample(range(len(edges.works) // 2, len(edges.works)), ASKED)
    for by in ("coupling", "cocitation", "adamic-adar"):
        clock(f"{by} of {ASKED} works", lambda by=by: [relatedness.relatedness(edges, [n], by) for n in chosen])
    clock(f"pagerank of {ASKED} works together", lambda: relatedness.relatedness(edges, chosen, "pagerank"))
    most = max(range(len(edges.works)), key=lambda n: len(edges.cited_by[n]))
    clock("all four of the most cited", lambda: [relatedness.relatedness(edges, [most], w) for w in relatedness.WAYS])
    clock(f"{ASKED - 1} paths", lambda: _paths(edges, chosen))
    clock.tell()


def _paths(edges: Any, chosen: list[int]) -> list[list[list[int]]]:
    from itertools import pairwise

    from llmcomp.kg.paths import chains

    return [list(chains(edges, a, b, limit=3)) for a, b in pairwise(chosen)]


def peer(who: str, works: int, wanted: int) -> None:
    """Compute what both have, of citations that are there as pairs of numbers: graph, measures, nearest works."""
    pairs = list(citations(works, wanted))
    first, *chosen = random.Random(2).sample(range(works // 2, works), 6)
    clock = Clock()
    if who == "networkx":
        import networkx as nx

        graph = clock("graph", lambda: nx.DiGraph(pairs))
        clock("PageRank", lambda: nx.pagerank(graph, alpha=0.85))
        plain = clock("graph without directions", lambda: graph.to_undirected())
        clock("k-core", lambda: nx.core_number(plain))
        clock("shortest paths to 5 works", lambda: [_shortest_paths(plain, first, n) for n in chosen])
        clock("Adamic/Adar of 5 works", lambda: [_adamic_adar(plain, n) for n in chosen])
        groups = clock("communities", lambda: nx.community.louvain_communities(plain, seed=1))
        modularity = nx.community.modularity(plain, groups)
    else:
        import igraph  # pyright: ignore[reportUnusedImport]  # noqa: F401  # as networkx above, before the clock runs

        from llmcomp.kg import measures
        from llmcomp.kg.edges import edges_of
        from llmcomp.kg.paths import chains
        from llmcomp.kg.relatedness import relatedness

        edges = clock("edges", lambda: edges_of((f"{a:06d}", f"{b:06d}") for a, b in pairs))
        clock("graph", lambda: edges.igraph)
        clock("PageRank", lambda: measures.pagerank(edges))
        # the neighbours of each work are read off once, as networkx does here
        clock("graph without directions", lambda: (edges.undirected, edges.around))
        clock("k-core", lambda: measures.core(edges))
        clock("shortest paths to 5 works", lambda: [list(chains(edges, first, n, limit=3)) for n in chosen])
        clock("Adamic/Adar of 5 works", lambda: [relatedness(edges, [n], "adamic-adar") for n in chosen])
        _, modularity = clock("communities", lambda: measures.communities(edges))
    clock.tell(modularity=modularity)


def _adamic_adar(graph: Any, n: int) -> list[Any]:
    import networkx as nx

    near = {m for z in graph[n] for m in graph[z]} - {n}
    return list(nx.adamic_adar_index(graph, [(n, m) for m in near]))


def _shortest_paths(graph: Any, a: int, b: int) -> list[list[int]]:
    """Return three of the shortest; ours are those through the rarest works, and of such as are a step longer too."""
    from itertools import islice

    import networkx as nx

    return list(islice(nx.all_shortest_paths(graph, a, b), 3))


def told(*args: str) -> dict[str, Any]:
    """Return what this script, run with ``args`` in a process of its own, tells."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run([sys.executable, __file__, *args], stdout=subprocess.PIPE, env=environment, check=True)
    return json.loads(done.stdout)


def main() -> None:
    works, wanted = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (WORKS, CITATIONS)
    turns.print_machine()
    with TemporaryDirectory() as folder:
        count = make_store(Path(folder, "store"), works, wanted)
        found = told("--ours", str(Path(folder, "store")))
    print(f"\n{works} works, {count} citations{'':24}clock  processor")
    for name, (wall, cpu) in found["steps"].items():
        print(f"  {name:40}{wall:8.2f} s{cpu:9.2f} s")
    total, cpu = (sum(step[i] for step in found["steps"].values()) for i in (0, 1))
    print(f"  {'all':40}{total:8.2f} s{cpu:9.2f} s, peak {found['peak']:.0f} MiB")
    turns.print_claim("seconds,", total, SECONDS)
    turns.print_claim("MiB of memory,", found["peak"], MIB)
    wall, cpu = found["steps"]["edges from the store"]
    print(f"edges a second: {count / wall:,.0f} on the clock, {count / cpu:,.0f} of the processor")
    print(f"claim: at least {EDGES_A_SECOND:,}")

    size = str(works // 10), str(wanted // 10)
    runs = [(told("--peer", "networkx", *size), told("--peer", "llmcomp", *size)) for _ in range(3)]
    print(f"\n{size[0]} works, {size[1]} citations{'':14}networkx   llmcomp   times (median of 3)")
    for name in runs[0][0]["steps"]:
        ratios = sorted(((nx["steps"][name][1] / us["steps"][name][1], nx, us) for nx, us in runs), key=lambda r: r[0])
        times, nx, us = ratios[1]
        print(f"  {name:34}{nx['steps'][name][1]:8.3f} s{us['steps'][name][1]:8.3f} s{times:9.1f}")
    nx, us = runs[0]
    print(f"  {'modularity of the communities':34}{nx['modularity']:8.3f}  {us['modularity']:8.3f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--ours", path]:
            ours(path)
        case ["--peer", who, works, wanted]:
            peer(who, int(works), int(wanted))
        case _:
            main()
