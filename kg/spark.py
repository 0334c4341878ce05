"""The citation graph on Spark, for one that outgrows a machine: PageRank, parts and degrees by GraphX.

Citations are those of a graph, read as they come and numbered on Spark, or those of Semantic Scholar's bulk files:
JSON, a record a line (``citingcorpusid``, ``citedcorpusid``), in gzip or plain. What is between two steps lies in a
folder that all machines of the cluster see. GraphX is what Spark's own jars have; it is called by way of its gateway.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .errors import NothingFound, OutsideError, UsageError
from .relatedness import DAMPING

LOCAL = "local[*]"
"""All cores of this machine."""
COLUMNS = ("work", "pagerank", "part", "citations", "references")
"""What is told of each work: what it is, its PageRank (all together are 1), the first work of the part in which it
stands, by how many it is cited, and how many it cites."""
_TROUBLE = ("JAVA_HOME", "/java", "rror", "xception")
"""What stands in a line of Spark's talk that says what is wrong."""
Row = tuple[str, float, str, int, int]
_TOLERANCE = 1e-8
"""How little PageRank, of which a work that nobody cites has 0.15 there, changes in the last round."""


@dataclass(frozen=True, slots=True)
class Central:
    """A work among those with the highest PageRank; ``key`` is its citation key where it is of a graph."""

    work: str
    pagerank: float
    citations: int
    references: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class SparkMeasured:
    """A citation graph in numbers, as Spark counted them.

    ``works`` cite, are cited, or are listed; ``citations`` are pairs of them, without ``self_citations``, ``repeated``
    ones, and records that name no two works (``unread``). ``parts`` are groups of works that nothing joins, without
    single works, ``largest`` the number of works in the largest. ``central`` are those with the highest PageRank.
    """

    works: int
    citations: int
    self_citations: int
    repeated: int
    unread: int
    parts: int
    largest: int
    central: tuple[Central, ...]


@dataclass(frozen=True)
class Pairs:
    """Citations by name, citing first, as they come, and works that stand there whether anybody cites them or not."""

    citations: Callable[[], Iterable[tuple[str, str]]]
    works: Callable[[], Iterable[str]] = tuple


def measure_on_spark(
    source: Pairs | Sequence[str],
    *,
    master: str = LOCAL,
    scratch: Path | None = None,
    rows: Callable[[Iterator[Row]], object] | None = None,
    parquet: Path | None = None,
    most: int = 10,
) -> SparkMeasured:
    """Compute PageRank, parts and degrees of ``source`` on Spark: citations by name, or names of bulk files.

    ``master`` is Spark's address of a cluster; one that is not on this machine needs ``scratch``, a folder that all its
    machines see. ``rows`` is given :data:`COLUMNS` of each work, sorted by work, one after the other; the folder
    ``parquet`` gets the same from the machines of the cluster.

    Raises OutsideError where Spark or Java is missing or fails, UsageError for files that are not there, NothingFound
    where there is no citation.
    """
    if scratch is None and not master.startswith("local"):
        raise UsageError(f"{master} is not this machine: name a folder that all its machines see with --scratch.")
    files = [] if isinstance(source, Pairs) else _found(source)
    with TemporaryDirectory(prefix="llmcomp-spark-", dir=scratch) as folder, _session(master, Path(folder)) as spark:
        job = _Job(spark, Path(folder))
        try:
            pairs = job.named(source) if isinstance(source, Pairs) else job.bulk(files)
            return job.measured(pairs, rows, parquet, most)
        except Exception as error:
            if type(error).__module__.split(".")[0] not in ("pyspark", "py4j"):
                raise
            raise OutsideError(f"Spark failed: {_reason(error)}") from error


def _found(names: Sequence[str]) -> list[str]:
    """Return the files that ``names`` mean, folders by what is in them; raise UsageError for one that is not there."""
    found: list[str] = []
    for name in names:
        if "://" in name:
            found.append(name)
            continue
        path = Path(name)
        inside = sorted(p for p in path.iterdir() if p.is_file() and p.name[0] not in "._") if path.is_dir() else [path]
        if not inside or not all(p.is_file() for p in inside):
            raise UsageError(f"there is no file of citations at '{name}'. Name files of JSON lines, or their folder.")
        found += [p.resolve().as_uri() for p in inside]
    return found


@contextmanager
def _session(master: str, folder: Path) -> Generator[Any]:
    """Start Spark, which talks into a file in ``folder``; end it."""
    try:
        import pyspark
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise OutsideError(
            "Spark is not installed. 'pip install llmcomp[spark]' brings it; it needs Java 17."
        ) from error
    # a cluster of this machine starts its processes from there
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.adaptive.enabled": "true",
        "spark.local.dir": str(folder),
    }
    if master.startswith("local"):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        settings["spark.sql.shuffle.partitions"] = settings["spark.default.parallelism"] = str(_cores())
    builder: Any = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    log = folder / "spark.log"
    try:
        with _talking_into(log):
            spark: Any = builder.master(master).appName("llmcomp measures").getOrCreate()
    except Exception as error:
        told = log.read_text("utf-8", "replace") if log.exists() else ""
        why = _first_trouble(told) or _reason(error)
        raise OutsideError(
            f"Spark does not start: {why.rstrip('.')}. It needs Java 17 or newer, which JAVA_HOME or PATH names."
        ) from error
    try:
        yield spark
    finally:
        spark.stop()


def _cores() -> int:
    return max(2, os.cpu_count() or 2)


@contextmanager
def _talking_into(log: Path) -> Generator[None]:
    """Let the processes that are started meanwhile say into a file what they would say on stderr."""
    kept = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _first_trouble(told: str) -> str:
    """Return the line of Spark's talk that says what is wrong."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    return next((line for line in lines if any(word in line for word in _TROUBLE)), "")


def _reason(error: Exception) -> str:
    """Return the line of an error that tells most: the innermost cause of Java's."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes[-1:] or lines[:1] or [type(error).__name__])[0][:300]


class _Job:
    """The steps of one computation; what is between them lies in a folder."""

    def __init__(self, spark: Any, folder: Path) -> None:
        self.spark = spark
        self.folder = folder
        self.names: Any = None
        """Numbers (``id``) and names of works; None where numbers are names."""

    def at(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def bulk(self, files: Sequence[str]) -> Any:
        """Return the citations of bulk files as numbers of works; records without two are null there."""
        read = self.spark.read.schema("citingcorpusid LONG, citedcorpusid LONG").json(list(files))
        return read.toDF("citing", "cited")

    def named(self, source: Pairs) -> Any:
        """Return citations by name as numbers: of names in their order, so that the first has the lowest."""
        _write(self.folder / "pairs", ("\t".join(pair) for pair in source.citations()))
        _write(self.folder / "works", source.works())
        pairs = self._lines("pairs", "citing STRING, cited STRING")
        every = (
            pairs.selectExpr("citing AS name")
            .union(pairs.selectExpr("cited"))
            .union(self._lines("works", "name STRING"))
        )
        numbered = every.distinct().orderBy("name").selectExpr("monotonically_increasing_id() AS id", "name")
        numbered.write.parquet(self.at("names"))
        self.names = self.spark.read.parquet(self.at("names"))
        for end in ("citing", "cited"):
            ids = self.names.selectExpr("id", f"name AS {end}_name")
            pairs = pairs.withColumnRenamed(end, f"{end}_name").join(ids, f"{end}_name").withColumnRenamed("id", end)
        return pairs.select("citing", "cited")

    def _lines(self, name: str, schema: str) -> Any:
        return self.spark.read.schema(schema).option("sep", "\t").option("quote", "").csv(self.at(name))

    def measured(
        self, pairs: Any, rows: Callable[[Iterator[Row]], object] | None, parquet: Path | None, most: int
    ) -> SparkMeasured:
        """Compute everything, tell it, and return the numbers."""
        pairs = pairs.cache()
        told = pairs.count()
        unread = pairs.where("citing IS NULL OR cited IS NULL").count()
        itself = pairs.where("citing = cited").count()
        pairs.where("citing <> cited").distinct().write.option("sep", " ").csv(self.at("edges"))
        pairs.unpersist()
        edges = self.spark.read.schema("citing LONG, cited LONG").option("sep", " ").csv(self.at("edges")).cache()
        citations = edges.count()
        if not citations:
            raise NothingFound("there is no citation. 'llmcomp enrich' fetches them from Semantic Scholar.")
        ranks, parts = self._by_graphx()
        degrees = edges.groupBy("cited").count().toDF("id", "citations")
        out = edges.groupBy("citing").count().toDF("id", "references")
        joined = ranks.join(parts, "id").join(degrees, "id", "left").join(out, "id", "left")
        if self.names is not None:  # works that are in no citation have the rank of one that nobody cites
            joined = self.names.select("id").join(joined, "id", "left")
        table = self._normal(
            joined.selectExpr(
                "id",
                "rank",
                "coalesce(part, id) AS part",
                "coalesce(citations, 0) AS citations",
                "coalesce(references, 0) AS references",
            )
        ).cache()
        sizes = table.groupBy("part").count().where("count > 1").selectExpr("count(*)", "max(count)").first()
        named = self._with_names(table)
        first = named.orderBy("pagerank", "work", ascending=[False, True]).limit(most).collect()
        if parquet:
            named.write.mode("errorifexists").parquet(parquet.resolve().as_uri())
        if rows:
            rows(
                (str(row.work), row.pagerank, str(row.part), row.citations, row.references)
                for row in named.select(*COLUMNS).toLocalIterator()
            )
        return SparkMeasured(
            works=table.count(),
            citations=citations,
            self_citations=itself,
            repeated=told - unread - itself - citations,
            unread=unread,
            parts=sizes[0],
            largest=sizes[1] or 0,
            central=tuple(Central(str(r.work), r.pagerank, r.citations, r.references) for r in first),
        )

    def _by_graphx(self) -> tuple[Any, Any]:
        """Return the rank and the part of each work that is in a citation, as GraphX has them."""
        context: Any = self.spark.sparkContext
        jvm: Any = context._jvm
        level: Any = jvm.org.apache.spark.storage.StorageLevel.MEMORY_AND_DISK()
        graph: Any = jvm.org.apache.spark.graphx.GraphLoader.edgeListFile(
            context._jsc.sc(), self.at("edges"), False, context.defaultParallelism, level, level
        )
        # its results are Scala's: as text they come back
        graph.ops().pageRank(_TOLERANCE, 1 - DAMPING).vertices().saveAsTextFile(self.at("ranks"))
        graph.ops().connectedComponents().vertices().saveAsTextFile(self.at("parts"))
        graph.unpersist(False)
        return self._vertices("ranks", "rank", "DOUBLE"), self._vertices("parts", "part", "LONG")

    def _vertices(self, name: str, column: str, kind: str) -> Any:
        pair = self.spark.read.text(self.at(name)).selectExpr("split(substring(value, 2, length(value) - 2), ',') AS p")
        return pair.selectExpr("CAST(p[0] AS LONG) AS id", f"CAST(p[1] AS {kind}) AS {column}")

    def _normal(self, table: Any) -> Any:
        """Return the table with PageRank that is 1 in all, of works in no citation too.

        GraphX does not share out what works that cite nothing would pass on; its ranks are in proportion to those with
        that share, and are scaled to the number of works. ``raw`` is their sum before that.
        """
        ranked = table.where("rank IS NOT NULL")
        many, sinks = ranked.selectExpr("count(*)", "sum(CASE WHEN references = 0 THEN rank ELSE 0 END)").first()
        alone = table.count() - many
        raw = (1 - DAMPING) * many / (1 - DAMPING * (1 - (sinks or 0.0) / many))
        whole = raw + (1 - DAMPING) * alone
        of_rank, of_none = raw / many / whole, (1 - DAMPING) / whole
        rank = f"CASE WHEN rank IS NULL THEN {of_none!r}D ELSE rank * {of_rank!r}D END AS pagerank"
        return table.selectExpr("id", rank, "part", "citations", "references")

    def _with_names(self, table: Any) -> Any:
        if self.names is None:
            return table.withColumnRenamed("id", "work").orderBy("work")
        named = table.join(self.names.withColumnRenamed("name", "work"), "id")
        parts = self.names.toDF("part", "first")
        return (
            named.join(parts, "part")
            .selectExpr("work", "pagerank", "first AS part", "citations", "references")
            .orderBy("work")
        )


def _write(folder: Path, lines: Iterable[str]) -> None:
    """Write lines into one file of a folder, as Spark reads them."""
    folder.mkdir()
    with (folder / "part-0.csv").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
