"""What a .bib file and the lists lack of each other."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

import llmcomp
from llmcomp.cli import main
from llmcomp.kg.bibfile import parse_bib
from llmcomp.kg.build import Built
from llmcomp.kg.coverage import coverage

BIB = Path(__file__).parent / "data" / "bib"
KV = llmcomp.Selection(categories=("kv-cache-compression",))


class Said(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process on the shipped graph, or another."""

    def _run(*args: str, graph: Path | None = None, stdin: bytes = b"") -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph or built.path))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


def test_a_bibliography_of_the_graph_covers_itself(graph: llmcomp.Graph, tmp_path: Path) -> None:
    path = tmp_path / "kv.bib"
    path.write_text(graph.bibliography(category="kv-cache-compression"), "utf-8")
    found = graph.coverage(path, KV)
    assert (found.missing, found.unlisted, found.elsewhere) == ((), (), 0)
    assert found.covered == found.listed == found.entries > 50
    everything = graph.coverage(path)
    assert everything.covered == found.covered
    assert everything.listed == len(graph.works())
    assert len(everything.missing) == everything.listed - everything.covered
    quantization = graph.coverage(path, llmcomp.Selection(categories=("quantization",)))
    assert quantization.elsewhere + quantization.covered == found.covered


def test_what_is_missing_comes_most_cited_first(graph: llmcomp.Graph) -> None:
    found = coverage(graph, parse_bib(""), KV)
    assert found.covered == found.entries == 0
    order = [(-m.cited_by, -(m.year or 0), m.key) for m in found.missing]
    assert order == sorted(order)
    assert found.missing[0].cited_by > 0
    cited = sum(found.missing[0].key == key for key in _cited_keys(graph))
    assert found.missing[0].cited_by == cited
    assert {m.key for m in found.missing} == {w.key for w in graph.works(KV)}
    assert all("kv-cache-compression" in m.categories for m in found.missing)
    assert found.reference_lists == len(graph.pairs("reference-lists").keys() & graph.pairs("listed-works").keys())


def _cited_keys(graph: llmcomp.Graph) -> list[str]:
    keys = graph.pairs("listed-works")
    return [keys[cited] for citing, cited in graph.rows("citations-inside") if citing in keys]


def test_missing_keys_can_be_written(graph: llmcomp.Graph) -> None:
    keys = [m.key for m in coverage(graph, parse_bib(""), KV).missing[:3]]
    assert [e.key for e in parse_bib(graph.bibliography(keys=keys)).entries] == sorted(keys)


def test_entries_on_no_list(graph: llmcomp.Graph) -> None:
    found = graph.coverage(BIB / "google_scholar.bib")
    assert [(u.key, u.line, u.year, u.known_as) for u in found.unlisted] == [
        ("brown2020language", 17, 2020, "brown2020language"),
        ("knuth1984texbook", 26, 1984, ""),
    ]
    assert found.unlisted[0].cited_by == 31
    assert found.unlisted[1].cited_by == 0
    assert (found.covered, found.entries, found.unread) == (2, 4, ())


def test_an_entry_whose_identifier_is_anothers_does_not_cover_it(graph: llmcomp.Graph) -> None:
    file = parse_bib(
        "@misc{x, title={Something else entirely, of another kind}, author={Jane Doe}, eprint={2210.17323}}"
    )
    found = coverage(graph, file)
    assert found.covered == 0
    (unlisted,) = found.unlisted
    assert (unlisted.known_as, unlisted.cited_by) == ("", 0)
    assert unlisted.doubt == "an identifier of it is that of frantar2022gptq, but its title is another"


def test_volumes_and_shared_fields_are_no_works(graph: llmcomp.Graph) -> None:
    found = graph.coverage(BIB / "jabref.bib")
    assert (found.entries, found.covered, found.unlisted) == (3, 3, ())


def test_one_work_twice_is_covered_once(graph: llmcomp.Graph) -> None:
    text = (BIB / "arxiv.bib").read_text("utf-8") + (BIB / "semantic_scholar.bib").read_text("utf-8")
    found = coverage(graph, parse_bib(text))
    assert (found.entries, found.covered) == (4, 3)


def test_tools_are_asked_for_by_their_category(graph: llmcomp.Graph) -> None:
    found = graph.coverage(BIB / "zotero.bib", llmcomp.Selection(categories=("tools",)))
    assert (found.covered, found.elsewhere, found.unlisted) == (1, 2, ())


def test_the_report(run: Run) -> None:
    said = run("coverage", str(BIB / "google_scholar.bib"), "-c", "kv-cache", "--limit", "2")
    file = BIB / "google_scholar.bib"
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == f"{file} covers 1 of 74 listed works of kv-cache"
    assert lines[1] == "2 of its 4 works are on no list (1 cited by listed works); besides it has 1 other listed work"
    assert lines[3] == f"Listed and not in {file}: 73 (references are known of 58 listed works)"
    assert lines[4].split() == ["KEY", "YEAR", "CITED", "BY", "TITLE"]
    assert lines[5].startswith("zhang2023h2o") or int(lines[5].split()[2]) >= int(lines[6].split()[2])
    assert lines[8] == f"In {file} and on no list: 2"
    assert lines[10].split()[:5] == ["brown2020language", "17", "2020", "31", "brown2020language"]
    assert lines[11].split()[:5] == ["knuth1984texbook", "26", "1984", "0", "unknown"]
    assert said.err.endswith("there are more; --limit shows them, --json all of them\n")


def test_what_is_not_read_is_told(run: Run) -> None:
    said = run("coverage", str(BIB / "hand.bib"), "-c", "kv")
    broken = "'what' stands where a field should begin: @misc{broken2, title = {x}, what is this…"
    assert said.err.splitlines()[:2] == [
        f"{BIB}/hand.bib:28: not read, the closing '}}' is missing: @misc{{broken1, title = {{This brace {{is n…",
        f"{BIB}/hand.bib:35: not read, {broken}",
    ]
    assert run("coverage", str(BIB / "hand.bib"), "-c", "kv", "-q").err == ""


def test_what_was_asked_for_is_told(run: Run) -> None:
    def first(*options: str) -> str:
        return run("coverage", "-", *options, stdin=b"@misc{a, title={\x1b[31mT}}").out.partition(" listed work")[2][
            :60
        ]

    assert first("-c", "kv", "-c", "survey").startswith("s of kv, survey\n")
    assert first("-c", "kv", "-c", "quant", "--all-of").startswith("s of kv and quant\n")
    assert first("-c", "kv", "--venue", "NeurIPS").startswith("s of kv that the options select\n")
    assert "\x1b" not in run("coverage", "-", stdin=b"@misc{a, title={\x1b[31mT}}").out


def test_json_has_everything(run: Run) -> None:
    said = run("coverage", "-", "-c", "kv", "--limit", "1", "--json", stdin=(BIB / "google_scholar.bib").read_bytes())
    found = json.loads(said.out)
    assert (said.code, said.err) == (0, "")
    assert {k: v for k, v in found.items() if k not in {"missing", "unlisted"}} == {
        "file": "standard input",
        "listed": 74,
        "covered": 1,
        "entries": 4,
        "elsewhere": 1,
        "reference_lists": found["reference_lists"],
    }
    assert len(found["missing"]) == 73
    assert set(found["missing"][0]) == {"key", "title", "year", "categories", "cited_by"}
    assert found["unlisted"][1] == {
        "key": "knuth1984texbook",
        "line": 26,
        "title": "The texbook",
        "year": 1984,
        "cited_by": 0,
    }


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["none.bib"], 3, "Error: none.bib: no such file. Name a .bib file, or '-' for standard input.\n"),
        (["-", "-c", "nothing"], 2, "Error: no category 'nothing'."),
    ],
)
def test_what_cannot_be_asked(run: Run, args: list[str], code: int, message: str) -> None:
    said = run("coverage", *args)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(message)


def test_an_enriched_graph(enriched: Path) -> None:
    graph = llmcomp.open_graph(enriched)
    found = coverage(graph, parse_bib("".join(graph.bibliography())))
    assert found.covered == found.listed == found.entries
    assert found.missing == ()
