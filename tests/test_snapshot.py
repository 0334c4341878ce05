"""``llmcomp snapshot``: what is in the file, the way there and back, and files that are no snapshots."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from answered import CPUS, FOREIGN, INT8, bearing, said_on
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

import llmcomp
from llmcomp.cli import main
from llmcomp.cli import snapshot as command
from llmcomp.kg import brought as bringing
from llmcomp.kg import build, iris, journal, snapshot, store
from llmcomp.kg.brought import Imported, TwoKeyrings, import_snapshot
from llmcomp.kg.build import Built
from llmcomp.kg.errors import GraphLocked, OutsideError, UsageError
from llmcomp.kg.facts import PaperFacts, ReferenceList, shipped_papers, shipped_references
from llmcomp.kg.fetched import SCHOLAR, Inquiry
from llmcomp.kg.fetched_graph import fetched_statements
from llmcomp.kg.kept import Kept
from llmcomp.kg.resolution import ResolvedWork
from llmcomp.ontology import terms

VERSION = llmcomp.__version__
DAYS = ("2026-11-24", "2026-12-24")
GRAPH = terms.PREFIXES["graph"]
WORK = terms.PREFIXES["work"]
ODC_BY = (
    "# Data of Semantic Scholar (https://www.semanticscholar.org/) under ODC-BY 1.0: "
    "https://opendatacommons.org/licenses/by/1-0/"
)
SOURCE = "whoever passes it on names the source: Semantic Scholar (https://www.semanticscholar.org/), ODC-BY 1.0\n"
AGAIN = "Nothing was changed. Copy the file again, or export it anew.\n"
ADVICE = "Name a file that 'llmcomp snapshot export' wrote.\n"
OTHER_LIST = """## Pruning
- Another Paper of Another List <br> Arxiv 2025 [[Paper]](https://arxiv.org/abs/2502.00002)
"""


class Said(NamedTuple):
    """What a command left: exit code, standard output as bytes, and standard error."""

    code: int
    out: bytes
    err: str


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run ``llmcomp snapshot`` in this process on the graph in a folder."""

    def _run(*args: str, graph: Path, stdin: bytes = b"") -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(["snapshot", *args])
        out, err = capfdbinary.readouterr()
        return Said(code, out, err.decode())

    return _run


@cache
def facts_of_few() -> tuple[tuple[PaperFacts, ...], tuple[ReferenceList, ...]]:
    papers = tuple(p for p in shipped_papers() if {CPUS, INT8, FOREIGN} & set(map(str, p.identifiers)))
    return papers, tuple(r for r in shipped_references() if str(r.citing) == CPUS)


@pytest.fixture
def no_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the shipped facts out: they take a second a build."""
    monkeypatch.setattr(build, "shipped_papers", tuple)
    monkeypatch.setattr(build, "shipped_references", tuple)


@pytest.fixture
def few_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let those of the shipped facts in with which the small graph was made."""
    papers, references = facts_of_few()
    monkeypatch.setattr(build, "shipped_papers", lambda: papers)
    monkeypatch.setattr(build, "shipped_references", lambda: references)


def exported(folder: Path) -> bytes:
    return b"".join(snapshot.export_snapshot(llmcomp.open_graph(folder)))


def unpacked(data: bytes) -> list[str]:
    return gzip.decompress(data).decode().splitlines()


def packed(lines: Iterable[str]) -> bytes:
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def dump(folder: Path) -> list[bytes]:
    return sorted((store.open_readonly(folder).dump(format=RdfFormat.N_QUADS) or b"").splitlines())


def in_graph(folder: Path, name: str) -> list[bytes]:
    opened = store.open_readonly(folder)
    return sorted((opened.dump(from_graph=NamedNode(name), format=RdfFormat.N_TRIPLES) or b"").splitlines())


def keys_of(folder: Path) -> dict[str, str]:
    return llmcomp.open_graph(folder).pairs("work-keys")


def written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def graph_of(folder: Path, rows: str) -> Path:
    """Build the graph of one list of these rows in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "list.md").write_text(rows, "utf-8")
    llmcomp.build_graph(folder / "graph", [str(folder / "list.md")])
    return folder / "graph"


def told(folder: Path, day: str, pieces: list[bytes]) -> None:
    """Make what a service said on a day a part of the graph."""
    with store.building(folder):
        journal.append(folder, day, pieces)
        build.rebuild(folder, version=VERSION)


# --- there and back


@pytest.fixture(scope="module")
def shipped(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the shipped list, about which a service was asked on two days."""
    folder = Path(shutil.copytree(built.path, tmp_path_factory.mktemp("shipped") / "graph"))
    with store.building(folder):
        for day, citations in zip(DAYS, (60, 71), strict=True):
            journal.append(folder, day, said_on(day, citations))
        build.rebuild(folder, version=VERSION)
    return folder


@pytest.fixture(scope="module")
def moved(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph that a snapshot of it makes on a fresh machine."""
    folder = tmp_path_factory.mktemp("moved")
    import_snapshot(folder / "graph", written(folder / "file", exported(shipped)), version=VERSION)
    return folder / "graph"


def test_a_fresh_folder_comes_to_hold_the_same_graph(shipped: Path, moved: Path) -> None:
    assert dump(moved) == dump(shipped)
    assert {w.key: w.iri for w in llmcomp.open_graph(moved).works()} == {
        w.key: w.iri for w in llmcomp.open_graph(shipped).works()
    }


def test_bibliographies_of_both_are_the_same_bytes(shipped: Path, moved: Path) -> None:
    for made_as in ("bibtex", "csl-json"):
        one, other = (llmcomp.open_graph(path).bibliography(format=made_as) for path in (shipped, moved))
        assert one == other != ""


def test_status_of_both_is_the_same(shipped: Path, moved: Path) -> None:
    one, other = (llmcomp.open_graph(path).status() for path in (shipped, moved))
    assert {name: getattr(one, name) for name in one.__dataclass_fields__ if name != "path"} == {
        name: getattr(other, name) for name in other.__dataclass_fields__ if name != "path"
    }
    assert sum(source.graph.startswith(terms.ENRICHMENT_GRAPHS) for source in one.sources) == 2


def test_the_snapshot_of_what_came_of_a_snapshot_is_the_same_file(shipped: Path, moved: Path) -> None:
    assert exported(moved) == exported(shipped)


def test_a_build_after_an_import_keeps_what_came(few_facts: None, enriched: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "file", exported(enriched))
    import_snapshot(tmp_path / "graph", file, version=VERSION)
    before = keys_of(tmp_path / "graph")
    llmcomp.build_graph(tmp_path / "graph", [str(enriched.parent / "list.md")])
    assert keys_of(tmp_path / "graph") == before
    assert [in_graph(tmp_path / "graph", iris.scholar_graph(day)) for day in DAYS] == [
        in_graph(enriched, iris.scholar_graph(day)) for day in DAYS
    ]


def test_tools_and_rows_that_cannot_be_read_move_too(no_facts: None, tmp_path: Path) -> None:
    rows = f"{OTHER_LIST}- no link\n## Tools\n- A Tool of Ours [[Code]](https://github.com/made-up/tool)\n"
    folder = graph_of(tmp_path / "one", rows)
    imported = import_snapshot(tmp_path / "two", written(tmp_path / "file", exported(folder)), version=VERSION)
    assert imported == Imported(tmp_path / "two", works=1, tools=1, lists=1, keys=2)
    assert dump(tmp_path / "two") == dump(folder)


# --- the file


def test_the_file_begins_with_what_it_is_and_its_licences(shipped: Path) -> None:
    lines = unpacked(exported(shipped))
    (listed,) = (graph for graph in snapshot_graphs(shipped) if "/list/" in graph)
    days = [line for day in DAYS for line in (f"# <{GRAPH}semantic-scholar/{day}>: asked on {day}", ODC_BY)]
    assert lines[:6] == [
        "# llmcomp snapshot, format 1",
        f"# <{listed}>: rows of https://github.com/HuangOwen/Awesome-LLM-Compression, "
        "licence: https://spdx.org/licenses/MIT",
        *days,
    ]
    assert not any(line.startswith("#") for line in lines[6:])


def snapshot_graphs(folder: Path) -> list[str]:
    return [source.graph for source in llmcomp.open_graph(folder).status().sources]


def test_a_list_of_ones_own_has_no_licence_and_its_name_is_one_line(no_facts: None, tmp_path: Path) -> None:
    (tmp_path / "my\nlist.md").write_text(OTHER_LIST, "utf-8")
    llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "my\nlist.md")])
    assert unpacked(exported(tmp_path / "graph"))[1].endswith(f": rows of {tmp_path}/my list.md, licence: not told")
    import_snapshot(tmp_path / "two", written(tmp_path / "file", exported(tmp_path / "graph")), version=VERSION)
    assert dump(tmp_path / "two") == dump(tmp_path / "graph")


def test_what_can_be_made_again_is_not_in_the_file(shipped: Path) -> None:
    quads = list(parse(gzip.decompress(exported(shipped)), format=RdfFormat.N_QUADS))
    graphs = {getattr(quad.graph_name, "value", "") for quad in quads}
    sources = {name for name in snapshot_graphs(shipped) if "/facts/" not in name}
    assert graphs == {"", terms.KEYS_GRAPH, terms.METADATA_GRAPH, *sources}
    default = [quad for quad in quads if not getattr(quad.graph_name, "value", "")]
    assert {quad.predicate.value for quad in default} == {terms.ITEM, terms.TYPE}
    described = {quad.subject for quad in quads if quad.graph_name == NamedNode(terms.METADATA_GRAPH)}
    assert described == {NamedNode(name) for name in sources}


def test_the_file_tells_neither_when_nor_where_it_was_made(shipped: Path) -> None:
    data = exported(shipped)
    assert data[:10] == b"\x1f\x8b\x08\x00" + bytes(5) + b"\xff"
    assert exported(shipped) == data
    assert str(shipped.parent).encode() not in gzip.decompress(data)


def test_stores_that_were_made_in_another_order_give_the_same_bytes(enriched: Path, tmp_path: Path) -> None:
    quads = list(store.open_readonly(enriched))
    made: list[bytes] = []
    for n, order in enumerate((quads, quads[::-1], sorted(quads, key=str))):
        other = Store(str(tmp_path / str(n)))
        for start in range(0, len(order), 100):  # some in the memory of the store, some in its files
            other.extend(order[start : start + 100])
            if start < 500 * n:
                other.flush()
        made.append(b"".join(snapshot.export_snapshot(llmcomp.Graph(tmp_path, other))))
    assert made == [exported(enriched)] * 3


def test_two_processes_write_the_same_bytes(enriched: Path) -> None:
    files = [process("export", "-", graph=enriched, PYTHONHASHSEED=seed).stdout for seed in "12"]
    assert files[0] == files[1] == exported(enriched)


# --- into a graph that is there


@pytest.fixture
def theirs(no_facts: None, tmp_path: Path) -> Path:
    """A graph of another list, about which nobody was asked."""
    return graph_of(tmp_path / "theirs", OTHER_LIST)


def test_lists_and_keys_that_are_there_stay_and_answers_come(theirs: Path, enriched: Path, tmp_path: Path) -> None:
    before, lists = keys_of(theirs), [name for name in snapshot_graphs(theirs) if "/list/" in name]
    imported = import_snapshot(theirs, written(tmp_path / "file", exported(enriched)), version=VERSION)
    assert imported == Imported(
        theirs, works=1, tools=0, lists=0, keys=len(keys_of(enriched)), days=DAYS, new_days=DAYS
    )
    assert keys_of(theirs) == before | keys_of(enriched)
    assert [name for name in snapshot_graphs(theirs) if "/list/" in name] == lists
    assert [w.title for w in llmcomp.open_graph(theirs).works()] == ["Another Paper of Another List"]
    for day in DAYS:
        assert in_graph(theirs, iris.scholar_graph(day)) == in_graph(enriched, iris.scholar_graph(day))


def test_what_is_imported_twice_changes_nothing(theirs: Path, enriched: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "file", exported(enriched))
    import_snapshot(theirs, file, version=VERSION)
    once = dump(theirs)
    again = import_snapshot(theirs, file, version=VERSION)
    assert (again.keys, again.days, again.new_days) == (0, DAYS, ())
    assert dump(theirs) == once


def answer(number: str, title: str, day: str, citations: int) -> list[bytes]:
    """Return what a service says of one paper on one day."""
    ids = bearing(f"arxiv:{number}", f"s{number.replace('.', '')}")
    facts = PaperFacts((title,), ids, ("Ann Author",), year=2025, sources=(SCHOLAR,), asked=day)
    inquiry = Inquiry(f"{WORK}arxiv:{number}", title, day, "found", f"ARXIV:{number}", ids[1])
    return list(fetched_statements(day, [inquiry], [replace(facts, citations=citations)], []).encode())


def counts(folder: Path) -> list[tuple[str, ...]]:
    query = """SELECT ?work ?date ?count WHERE { GRAPH ?g { ?work c4o:hasGlobalCitationFrequency ?c .
        ?c c4o:hasGlobalCountDate ?date ; c4o:hasGlobalCountValue ?count } } ORDER BY ?work ?date ?count"""
    return [(work.removeprefix(WORK), date, count) for work, date, count in llmcomp.open_graph(folder).query(query)]


def test_a_day_of_both_holds_the_answers_of_both(theirs: Path, tmp_path: Path) -> None:
    ours = graph_of(tmp_path / "ours", OTHER_LIST.replace("2502.00002", "2502.00003").replace("Another", "One"))
    told(theirs, DAYS[0], answer("2502.00002", "Another Paper of Another List", DAYS[0], 2))
    told(ours, DAYS[0], answer("2502.00003", "One Paper of One List", DAYS[0], 3))
    told(ours, DAYS[1], answer("2502.00002", "Another Paper of Another List", DAYS[1], 9))
    imported = import_snapshot(theirs, written(tmp_path / "file", exported(ours)), version=VERSION)
    assert (imported.days, imported.new_days) == (DAYS, DAYS[1:])
    assert counts(theirs) == [
        ("arxiv:2502.00002", DAYS[0], "2"),
        ("arxiv:2502.00002", DAYS[1], "9"),
        ("arxiv:2502.00003", DAYS[0], "3"),
    ]
    assert len(list(llmcomp.open_graph(theirs).rows("inquiries"))) == 3


def test_a_day_holds_one_answer_about_a_paper_and_the_graphs_own_stays(theirs: Path, tmp_path: Path) -> None:
    ours = graph_of(tmp_path / "ours", OTHER_LIST)
    told(theirs, DAYS[0], answer("2502.00002", "Another Paper of Another List", DAYS[0], 2))
    told(ours, DAYS[0], answer("2502.00002", "Another Paper of Another List", DAYS[0], 7))
    before = dump(theirs)
    import_snapshot(theirs, written(tmp_path / "file", exported(ours)), version=VERSION)
    assert dump(theirs) == before


def test_answers_that_a_run_left_behind_come_into_the_graph_too(theirs: Path, enriched: Path, tmp_path: Path) -> None:
    journal.append(theirs, DAYS[0], answer("2502.00002", "Another Paper of Another List", DAYS[0], 2))
    imported = import_snapshot(theirs, written(tmp_path / "file", exported(enriched)), version=VERSION)
    assert imported.new_days == DAYS[1:]
    assert ("arxiv:2502.00002", DAYS[0], "2") in counts(theirs)
    assert journal.journals(theirs) == []


def with_key(data: bytes, iri: str, key: str) -> bytes:
    """Return a snapshot in which a work has another citation key."""
    stated = re.escape(f"<{iri}> <{terms.CITATION_KEY}> ") + '"[^"]*"'
    lines = [re.sub(stated, f'<{iri}> <{terms.CITATION_KEY}> "{key}"', line) for line in unpacked(data)]
    assert lines != unpacked(data)
    return packed(lines)


def test_keys_come_to_works_that_have_none(theirs: Path, enriched: Path, tmp_path: Path) -> None:
    """The works of the references are new there, and a key that was made by hand is kept."""
    cited, listed = f"{WORK}doi:10.1000/results", f"{WORK}{CPUS}"
    data = with_key(with_key(exported(enriched), cited, "cites:mine"), listed, "cpus:mine")
    import_snapshot(theirs, written(tmp_path / "file", data), version=VERSION)
    assert (keys_of(theirs)[cited], keys_of(theirs)[listed]) == ("cites:mine", "cpus:mine")
    llmcomp.build_graph(theirs, [str(enriched.parent / "list.md")])
    assert "cpus:mine" in {work.key for work in llmcomp.open_graph(theirs).works()}


def test_a_key_that_is_there_is_not_changed_and_the_other_finds_the_work(
    theirs: Path, enriched: Path, tmp_path: Path
) -> None:
    llmcomp.build_graph(theirs, [str(enriched.parent / "list.md")])
    before = {work.iri: work.key for work in llmcomp.open_graph(theirs).works()}
    data = with_key(exported(enriched), f"{WORK}{CPUS}", "cpus:mine")
    import_snapshot(theirs, written(tmp_path / "file", data), version=VERSION)
    graph = llmcomp.open_graph(theirs)
    assert {work.key for work in graph.works()} == set(before.values())
    assert graph.find("cpus:mine") == f"{WORK}{CPUS}"


def test_a_key_that_another_work_has_is_not_given_twice(theirs: Path, enriched: Path, tmp_path: Path) -> None:
    (taken,) = keys_of(theirs).values()
    cited = f"{WORK}doi:10.1000/results"
    import_snapshot(theirs, written(tmp_path / "file", with_key(exported(enriched), cited, taken)), version=VERSION)
    after = keys_of(theirs)
    assert after[f"{WORK}arxiv:2502.00002"] == taken != after[cited]
    assert len(set(after.values())) == len(after)


def keys_after(own: Kept, brought: Kept, *works: ResolvedWork) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Return keys and former keys of a graph of ``works`` to which ``brought`` comes."""
    keyring = TwoKeyrings(own, brought)
    for work in works:
        keyring.add(work)
    quads: list[Quad] = []
    for said in keyring.statements():
        quads += parse(b"".join(said.encode()), format=RdfFormat.N_QUADS)
    found = [(q.subject.value, q.predicate.value, getattr(q.object, "value", "")) for q in quads]
    current = {iri: key for iri, name, key in found if name == terms.CITATION_KEY}
    return current, {(iri, key) for iri, name, key in found if name == terms.FORMER_KEY}


A, B, TITLED = "https://x.example/a", "https://x.example/b", f"{WORK}title:0123456789abcdef"


def test_a_work_that_is_found_to_be_one_of_theirs_keeps_its_key() -> None:
    work = ResolvedWork(A, "A Paper", aliases=(B, TITLED))
    assert keys_after(Kept({A: "mine"}), Kept({B: "other"}), work) == ({A: "mine"}, {(A, "other")})
    assert keys_after(Kept({A: "mine"}), Kept({TITLED: "other"}), work) == ({A: "mine"}, {(A, "other")})
    assert keys_after(Kept({TITLED: "mine"}), Kept({A: "other"}), work) == ({A: "mine"}, {(A, "other")})


def test_a_title_that_leads_to_another_work_there_takes_no_key_away() -> None:
    mine, other = ResolvedWork(A, "A Paper", aliases=(TITLED,)), ResolvedWork(B, "A Paper", aliases=(TITLED,))
    brought = Kept({B: "other"}, {TITLED: B})
    assert keys_after(Kept({A: "mine"}), brought, mine) == ({A: "mine", B: "other"}, set())
    assert keys_after(Kept({A: "mine"}), brought, mine, other) == ({A: "mine", B: "other"}, set())
    assert keys_after(Kept({A: "mine"}, {TITLED: A}), brought, other, mine) == ({A: "mine", B: "other"}, set())


def test_keys_that_were_in_use_once_are_given_to_nobody_else() -> None:
    work = ResolvedWork(A, "A Paper")
    assert keys_after(Kept(), Kept(former=frozenset({(B, "paper")})), work)[0] != {A: "paper"}
    own, brought = Kept({A: "mine"}, former=frozenset({(A, "old")})), Kept({B: "old"}, former=frozenset({(B, "mine")}))
    assert keys_after(own, brought, work) == ({A: "mine"}, {(A, "old")})


def test_without_keys_here_all_that_is_brought_stands() -> None:
    brought = Kept({A: "a", B: "b"}, {TITLED: A}, frozenset({(A, "old")}))
    assert keys_after(Kept(), brought, ResolvedWork(B, "B")) == ({A: "a", B: "b"}, {(A, "old")})


# --- the commands


def test_export_says_what_it_wrote(run: Callable[..., Said], enriched: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    keys = len(keys_of(enriched))
    said = run("export", str(file), graph=enriched)
    assert said == (0, b"", f"wrote {file}: 1 list, {keys} citation keys, answers of 2 days\n{SOURCE}")
    assert file.read_bytes() == exported(enriched)
    assert run("export", str(file), "-q", graph=enriched) == (0, b"", "")
    listed = f"rows of {enriched.parent / 'list.md'}\nanswers of {DAYS[0]}\nanswers of {DAYS[1]}\n"
    assert listed in run("export", str(file), "-v", graph=enriched).err


def test_export_as_json(run: Callable[..., Said], enriched: Path, tmp_path: Path) -> None:
    said = run("export", str(tmp_path / "file"), "--json", "-q", graph=enriched)
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == {
        **{"path": str(enriched), "file": str(tmp_path / "file"), "lists": [str(enriched.parent / "list.md")]},
        **{"days": list(DAYS), "keys": len(keys_of(enriched))},
    }


def test_through_a_pipe(run: Callable[..., Said], few_facts: None, enriched: Path, tmp_path: Path) -> None:
    said = run("export", "-", graph=enriched)
    assert (said.code, said.out) == (0, exported(enriched))
    assert said.err.startswith("wrote the snapshot: 1 list, ")
    folder = tmp_path / "graph"
    keys = len(keys_of(enriched))
    came = run("import", "-", graph=folder, stdin=said.out)
    told_of = f"1 list, 4 works, {keys} citation keys, answers of 2 days"
    assert came == (0, b"", f"imported the snapshot into {folder}: {told_of}\n")


def test_import_says_what_came(run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "file", exported(enriched))
    keys = len(keys_of(enriched))
    stays = "the lists that were there stay (--graph NEW makes a graph of the snapshot's)"
    assert run("import", file, "-v", graph=theirs) == (
        0,
        b"",
        f"imported {file} into {theirs}: answers of 2 days (2 new), {keys} citation keys; {stays}\n"
        f"answers of {DAYS[0]} (new)\nanswers of {DAYS[1]} (new)\n",
    )
    said = run("import", file, graph=theirs)
    assert said.err == f"imported {file} into {theirs}: answers of 2 days (0 new), 0 citation keys; {stays}\n"


def test_import_as_json(run: Callable[..., Said], few_facts: None, enriched: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    file = written(tmp_path / "file", exported(enriched))
    said = run("import", file, "--json", "-q", graph=folder)
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == {
        **{"path": str(folder), "works": 4, "tools": 0, "lists": 1, "keys": len(keys_of(enriched))},
        **{"days": list(DAYS), "new_days": list(DAYS)},
    }


def test_answers_that_are_not_in_the_graph_yet_are_told(
    run: Callable[..., Said], no_facts: None, tmp_path: Path
) -> None:
    folder = graph_of(tmp_path, OTHER_LIST)
    journal.append(folder, DAYS[0], said_on(DAYS[0], 1))
    said = run("export", str(tmp_path / "file"), graph=folder)
    assert said.err == (
        f"wrote {tmp_path / 'file'}: 1 list, 1 citation key\n"
        "what the last 'llmcomp enrich' fetched before it was ended is not in it; the next run takes it in\n"
    )


def test_a_store_that_was_set_aside_is_told(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path
) -> None:
    for part in theirs.glob("store-*/*.sst"):
        part.write_bytes(b"")
    said = run("import", written(tmp_path / "file", exported(enriched)), graph=theirs)
    (aside,) = theirs.glob("unreadable-*")
    assert said.code == 0
    assert said.err.endswith(f"could not be read, so its citation keys could not be kept; it lies in {aside}\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["export", "-", "--json"], "--json and the snapshot would both go to standard output. Name a file, or"),
        (["export", ""], "FILE was given empty. Name a file, or '-' for a standard stream.\n"),
        (["import", ""], "FILE was given empty. Name a file, or '-' for a standard stream.\n"),
        (["export"], "Missing argument 'FILE'.\n"),
        (["exprt", "x"], "No such command 'exprt'."),
        (["export", "/"], "File '/' is a directory.\n"),
    ],
)
def test_wrong_usage(run: Callable[..., Said], enriched: Path, args: list[str], message: str) -> None:
    said = run(*args, graph=enriched)
    assert (said.code, said.out) == (2, b"")
    assert message in said.err


def test_a_terminal_is_shown_no_snapshot(
    run: Callable[..., Said], enriched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "terminal_width", lambda: 80)
    said = run("export", "-", graph=enriched)
    assert said == (
        2,
        b"",
        "Error: a terminal cannot show a snapshot, which is compressed. Name a file, or a pipe behind '-'.\n",
    )


# --- files that are no snapshots


def refused(run: Callable[..., Said], folder: Path, file: Path, name: str = "") -> str:
    """Import what cannot be, see that nothing was changed, and return the message without the name of the file."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}
    said = run("import", str(file), graph=folder)
    assert (said.code, said.out, said.err.count("\n")) == (3, b"", 1)
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}
    assert after == before
    start = f"Error: {name or file}"
    assert said.err.startswith(start)
    return said.err.removeprefix(start)


def test_a_file_that_is_not_there(run: Callable[..., Said], theirs: Path, tmp_path: Path) -> None:
    assert refused(run, theirs, tmp_path / "none") == f": no such file. {ADVICE}"
    assert refused(run, theirs, tmp_path) == f": a folder. {ADVICE}"
    with pytest.raises(OutsideError, match="cannot be read: embedded null byte"):
        import_snapshot(theirs, "a\0b", version=VERSION)


def test_nothing_is_made_where_no_graph_was(run: Callable[..., Said], tmp_path: Path) -> None:
    run("import", str(tmp_path / "none"), graph=tmp_path / "graph")
    run("import", written(tmp_path / "file", b"text"), graph=tmp_path / "graph")
    assert not (tmp_path / "graph").exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", f" is no snapshot: it does not begin with '# llmcomp snapshot, format 1'. {ADVICE}"),
        (b"text\n", f" is no snapshot: it is not gzip. {ADVICE}"),
        (
            gzip.compress(b"", mtime=0),
            f" is no snapshot: it does not begin with '# llmcomp snapshot, format 1'. {ADVICE}",
        ),
        (
            gzip.compress(b"x" * 1000, mtime=0),
            f" is no snapshot: it does not begin with '# llmcomp snapshot, format 1'. {ADVICE}",
        ),
        (
            packed(["# llmcomp snapshot, format 12"]),
            " is a snapshot of format 12, this llmcomp reads 1. Use the llmcomp that wrote it, or export it anew with "
            "this one.\n",
        ),
        (gzip.compress(b"x", mtime=0)[:5], f" is cut off: its end is missing. {AGAIN}"),
    ],
)
def test_a_file_of_another_kind(
    run: Callable[..., Said], theirs: Path, tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "file").write_bytes(data)
    assert refused(run, theirs, tmp_path / "file") == message
    said = run("import", "-", graph=theirs, stdin=data)
    assert (said.code, said.err) == (3, f"Error: standard input{message}")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.9999])
def test_a_file_that_is_cut_off(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path, share: float
) -> None:
    data = exported(enriched)
    (tmp_path / "file").write_bytes(data[: int(share * len(data))])
    assert refused(run, theirs, tmp_path / "file") == f" is cut off: its end is missing. {AGAIN}"


@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_a_file_with_a_wrong_byte(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path, share: float
) -> None:
    data = bytearray(exported(enriched))
    data[int(share * len(data))] ^= 0x55
    (tmp_path / "file").write_bytes(data)
    message = refused(run, theirs, tmp_path / "file")
    assert re.match(r" is (damaged|cut off|no snapshot|a snapshot of format)", message)


def test_a_file_with_something_behind_it(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(exported(enriched) + b"junk")
    assert refused(run, theirs, tmp_path / "file") == f" is damaged: something else follows its end. {AGAIN}"


def test_a_line_that_is_no_statement_is_named(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path
) -> None:
    lines = unpacked(exported(enriched))
    lines[41] = "<https://x.example/a> <https://x.example/b> nothing ."
    (tmp_path / "file").write_bytes(packed(lines))
    assert refused(run, theirs, tmp_path / "file") == (
        f", line 42, is no N-Quads: The object of a triple must be an IRI, a blank node or a literal. {AGAIN}"
    )


@pytest.mark.parametrize(
    ("line", "which"),
    [
        (f'<x:a> <x:b> "c" <{GRAPH}facts/2026-11-01> .', f"<{GRAPH}facts/2026-11-01>"),
        ('<x:a> <x:b> "c" <x:graph> .', "<x:graph>"),
        (f'<x:a> <x:b> "c" <{GRAPH}semantic-scholar/today> .', f"<{GRAPH}semantic-scholar/today>"),
        (f'<x:a> <x:b> "c" <{GRAPH}semantic-scholar/2026-02-30> .', f"<{GRAPH}semantic-scholar/2026-02-30>"),
        ('<x:a> <x:b> "c" _:b .', "<b>"),
        (f'<x:a> <{terms.TITLE}> "c" .', f"<{terms.TITLE}> in the default graph"),
    ],
)
def test_a_graph_that_does_not_belong_in_a_snapshot_is_named(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path, line: str, which: str
) -> None:
    (tmp_path / "file").write_bytes(packed([*unpacked(exported(enriched)), line]))
    assert refused(run, theirs, tmp_path / "file") == (
        f" is no whole snapshot: {which} does not belong in it, but lists, keys and what Semantic Scholar said on a "
        f"day. {AGAIN}"
    )


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (f'<{terms.SOURCE_LINE}> "3"', f'<{terms.SOURCE_LINE}> "third"', "its lists cannot be read (invalid lit"),
        (f"> <{terms.ITEM}> <", f"> <{terms.TYPE}> <", "of 5 rows of lists 1 can be read"),
        (f"<{terms.DC_SOURCE}> ", "<x:elsewhere> ", "of 5 rows of lists 0 can be read"),
        (f'<{terms.DCT_DATE}> "2', f'<{terms.DCT_DATE}> "the 2', "a list was read on 'the 2"),
        (f'<{terms.CITATION_KEY}> "', f'<{terms.CITATION_KEY}> "A Key ', "'A Key "),
        (f'<{terms.PUBLICATION_YEAR}> "2022"', f'<{terms.PUBLICATION_YEAR}> "late"', "no graph can be made of it (V"),
    ],
)
def test_statements_that_make_no_graph(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path, old: str, new: str, why: str
) -> None:
    lines = unpacked(exported(enriched))
    assert any(old in line for line in lines)
    (tmp_path / "file").write_bytes(packed(line.replace(old, new) for line in lines))
    message = refused(run, theirs, tmp_path / "file")
    assert message.startswith(f" is no whole snapshot: {why}")
    assert message.endswith(AGAIN)


def test_a_snapshot_in_another_order_and_of_other_writers(few_facts: None, enriched: Path, tmp_path: Path) -> None:
    first, *rest = unpacked(exported(enriched))
    quads = sorted(line for line in rest if not line.startswith("#"))[::-1]
    file = written(tmp_path / "file", packed([first, "", "# a comment", *quads, quads[0]]))
    import_snapshot(tmp_path / "two", file, version=VERSION)
    assert exported(tmp_path / "two") == exported(enriched)


def test_a_snapshot_of_answers_alone(theirs: Path, enriched: Path, tmp_path: Path) -> None:
    lines = [x for x in unpacked(exported(enriched)) if x.startswith("#") or x.endswith(f"{DAYS[0]}> .")]
    file = written(tmp_path / "file", packed(lines))
    imported = import_snapshot(theirs, file, version=VERSION)
    assert (imported.lists, imported.days) == (0, DAYS[:1])


# --- nothing half done


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="asks for a device that is always full")
def test_a_disk_that_is_full(
    run: Callable[..., Said], theirs: Path, enriched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("export", "/dev/full", graph=enriched) == (
        3,
        b"",
        "Error: /dev/full could not be written: No space left on device. Make room on the disk, or write elsewhere.\n",
    )

    def full(**_: object) -> io.BufferedWriter:
        return open("/dev/full", "wb")  # noqa: PTH123

    monkeypatch.setattr(bringing.tempfile, "TemporaryFile", full)
    (tmp_path / "file").write_bytes(exported(enriched))
    assert refused(run, theirs, tmp_path / "file") == (
        f" could not be unpacked in {theirs}: No space left on device. The old graph, if any, stays. Make room, or "
        "name another folder with --graph.\n"
    )


def test_a_file_that_cannot_be_written_whole_is_not_there(
    run: Callable[..., Said], enriched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(graph: llmcomp.Graph) -> Iterable[bytes]:
        yield b"begun"
        raise OutsideError("the graph cannot be read")

    monkeypatch.setattr(llmcomp.Graph, "snapshot", broken)
    assert run("export", str(tmp_path / "file"), graph=enriched) == (3, b"", "Error: the graph cannot be read\n")
    assert list(tmp_path.iterdir()) == []
    said = run("export", str(tmp_path / "none" / "file"), graph=enriched)
    assert said.err == (
        f"Error: {tmp_path / 'none' / 'file'} could not be written: No such file or directory. Nothing there was "
        "changed. Make its folder first, or name another file.\n"
    )


def test_a_graph_that_is_damaged_is_not_exported(run: Callable[..., Said], no_facts: None, tmp_path: Path) -> None:
    folder = graph_of(tmp_path, OTHER_LIST)
    for part in folder.glob("store-*/*.sst"):
        part.unlink()
    said = run("export", str(tmp_path / "file"), graph=folder)
    assert (said.code, said.out) == (3, b"")
    assert said.err.endswith("Run 'llmcomp build' to make it again.\n")
    assert not (tmp_path / "file").exists()


def process(*args: str, graph: Path, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "llmcomp.cli", "snapshot", *args],
        input=stdin,
        capture_output=True,
        env={**os.environ, "LLMCOMP_GRAPH": str(graph), **env},
        check=False,
        timeout=60,
    )


def test_a_pipe_that_cuts_the_snapshot_off(enriched: Path, tmp_path: Path) -> None:
    done = process("import", "-", graph=tmp_path / "graph", stdin=exported(enriched)[:900])
    assert (done.returncode, done.stderr.decode()) == (
        3,
        f"Error: standard input is cut off: its end is missing. {AGAIN}",
    )
    assert store.read_current(tmp_path / "graph") is None


@pytest.mark.skipif(shutil.which("sh") is None, reason="asks a shell to close a stream")
def test_streams_that_are_closed(enriched: Path, tmp_path: Path) -> None:
    for words, said in (
        ("export - >&-", "standard output is closed. Name a file, or open it."),
        ("import - <&-", "standard input is closed. Name a file, or open it."),
    ):
        done = subprocess.run(
            ["sh", "-c", f'exec "{sys.executable}" -m llmcomp.cli snapshot {words}'],
            capture_output=True,
            env={**os.environ, "LLMCOMP_GRAPH": str(enriched)},
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stderr.decode()) == (3, f"Error: {said}\n")


@pytest.mark.skipif(shutil.which("bash") is None, reason="asks bash for the exit codes of a pipe")
def test_a_closed_pipe_is_no_error(enriched: Path) -> None:
    script = f'"{sys.executable}" -m llmcomp.cli snapshot export - -q | true; exit "${{PIPESTATUS[0]}}"'
    environment = {**os.environ, "LLMCOMP_GRAPH": str(enriched)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=environment, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("sh") is None, reason="asks a shell for a limit")
def test_a_file_that_grows_too_large_is_not_there(enriched: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"the old one")
    done = subprocess.run(
        ["sh", "-c", f'ulimit -f 1; exec "{sys.executable}" -m llmcomp.cli snapshot export "{tmp_path / "file"}"'],
        capture_output=True,
        env={**os.environ, "LLMCOMP_GRAPH": str(enriched), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr.decode()) == (
        3,
        f"Error: {tmp_path / 'file'} could not be written: File too large. Nothing there was changed. Name another "
        "file.\n",
    )
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"the old one"}


KILLED = """
    import os, signal, sys
    from pathlib import Path
    import llmcomp
    from llmcomp.kg import build, snapshot, store
    from llmcomp.kg.brought import import_snapshot

    build.shipped_papers = build.shipped_references = tuple
    moment, number, folder, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    def die(): os.kill(os.getpid(), signal.SIGKILL)

    if moment == "reading":
        quads = snapshot._quads
        def dying(*args):
            for n, quad in enumerate(quads(*args)):
                if n == number: die()
                yield quad
        snapshot._quads = dying
    elif moment == "part":
        load, count = store.Draft.load, iter(range(99))
        def counted(parts):
            for part in parts:
                if next(count) == number: die()
                yield part
        store.Draft.load = lambda self, parts: load(self, counted(parts))
    elif moment == "pointing":
        store._point = lambda *_: die()
    elif moment == "pointed":
        point = store._point
        def after(*args):
            point(*args)
            die()
        store._point = after
    import_snapshot(folder, file, version=llmcomp.__version__)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize(
    ("moment", "number"), [("reading", 100), ("part", 0), ("part", 1), ("part", 3), ("pointing", 0), ("pointed", 0)]
)
def test_an_import_that_is_killed_leaves_the_old_graph_or_the_new_one(
    theirs: Path, enriched: Path, tmp_path: Path, moment: str, number: int
) -> None:
    before, file = dump(theirs), written(tmp_path / "file", exported(enriched))
    arguments = [moment, str(number), str(theirs), file]
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), *arguments], capture_output=True, check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (dump(theirs) == before) == (moment != "pointed")
    import_snapshot(theirs, file, version=VERSION)
    assert set(DAYS) <= {source.date for source in llmcomp.open_graph(theirs).status().sources}
    # what is left is a graph, the one before it, and no draft
    assert {path.name.partition("-")[0] for path in theirs.iterdir()} == {"current", "lock", "store"}
    assert len(list(theirs.glob("store-*"))) <= 2


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_first_import_that_is_killed_leaves_no_graph(enriched: Path, tmp_path: Path) -> None:
    folder, file = tmp_path / "graph", written(tmp_path / "file", exported(enriched))
    arguments = ["part", "1", str(folder), file]
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), *arguments], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert store.read_current(folder) is None
    assert import_snapshot(folder, file, version=VERSION).lists == 1


def test_another_builder_is_named(theirs: Path, enriched: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "file", exported(enriched))
    with store.building(theirs), pytest.raises(GraphLocked, match="being built by process"):
        import_snapshot(theirs, file, version=VERSION)


def test_a_folder_with_other_things_is_not_written_to(enriched: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "file", exported(enriched))
    with pytest.raises(UsageError, match=r"holds other things \(file\) and no graph"):
        import_snapshot(tmp_path, file, version=VERSION)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
