"""Time PageRank, parts and degrees on Spark, and the same by igraph, of the same bulk files.

Run: ``python bench/spark.py [WORKS CITATIONS]``; the default is a million works and ten million citations, in eight
files of JSON lines in gzip, as Semantic Scholar's bulk files are. Works cite older ones, the often cited more often.
igraph reads the files by Python's ``json``. Needs the package pyspark and Java 17; each side is a process of its own,
once each.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import turns
from measures import citations

FILES = 8
_SPARK = """
import json, sys
from llmcomp.kg.spark import measure_on_spark
found = measure_on_spark([sys.argv[1]], most=1000)
print(json.dumps([[c.work, c.pagerank] for c in found.central]))
"""
_IGRAPH = """
import gzip, json, sys
from array import array
from pathlib import Path
import igraph
ends = array("q")
for path in sorted(Path(sys.argv[1]).iterdir()):
    with gzip.open(path) as file:
        for line in file:
            record = json.loads(line)
            ends.extend((record["citingcorpusid"], record["citedcorpusid"]))
graph = igraph.Graph(max(ends) + 1, memoryview(ends).cast("B").cast("q", shape=[len(ends) // 2, 2]), directed=True)
ranks = graph.pagerank(damping=0.85)
graph.connected_components(mode="weak").sizes()
graph.indegree(), graph.outdegree()
best = sorted(range(len(ranks)), key=lambda n: -ranks[n])[:1000]
print(json.dumps([[str(n), ranks[n]] for n in best]))
"""


def main() -> None:
    works, wanted = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 2 else (1_000_000, 10_000_000)
    turns.print_machine()
    with TemporaryDirectory() as folder:
        count = 0
        with ExitStack() as stack:
            paths = (Path(folder) / f"part-{n}.gz" for n in range(FILES))
            files = [stack.enter_context(gzip.open(path, "wt", compresslevel=1)) for path in paths]
            for citing, cited in citations(works, wanted):
                record = {"citationid": count, "citingcorpusid": citing, "citedcorpusid": cited}
                files[count % FILES].write(f"{json.dumps(record)}\n")
                count += 1
        print(f"{works} works, {count} citations, {sum(p.stat().st_size for p in Path(folder).iterdir()) >> 20} MiB")
        took: dict[str, float] = {}
        told: dict[str, dict[str, float]] = {}
        for name, code in (("igraph", _IGRAPH), ("spark", _SPARK)):
            start = time.perf_counter()
            arguments = os.environ | {"PYSPARK_SUBMIT_ARGS": "--driver-memory 6g pyspark-shell"}
            done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, env=arguments, text=True)
            if done.returncode:
                sys.exit(done.stderr)
            took[name] = time.perf_counter() - start
            told[name] = dict(json.loads(done.stdout))
            print(f"{name:8}{took[name]:8.1f} s")
        apart = max(abs(told["spark"][work] / rank - 1) for work, rank in list(told["igraph"].items())[:900])
    print(f"Spark takes {took['spark'] / took['igraph']:.2f} times as long; ranks differ by {apart:.1g} at most")


if __name__ == "__main__":
    main()
