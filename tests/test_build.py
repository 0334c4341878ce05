from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

import llmcomp
from llmcomp.kg import build as building
from llmcomp.kg import store
from llmcomp.kg.errors import SourceError
from llmcomp.kg.facts import FACTS_DATE
from llmcomp.ontology import terms

GPTQ = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"
HEAD = "# My list\n\n## Papers\n\n### Quantization\n\n"
KNOWN = f"- {GPTQ} <br> Arxiv 2022 [[Paper]](https://arxiv.org/abs/2210.17323)\n"
NEW = "- MyNet: A Paper Nobody Knows Yet <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00001)\n"


def write(folder: Path, text: str, name: str = "list.md") -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "graph"


def test_shipped_facts_are_used_where_a_work_of_ones_own_list_matches(folder: Path, tmp_path: Path) -> None:
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + KNOWN + NEW)])
    known, new = sorted(llmcomp.open_graph(folder).works(), key=lambda w: w.key)
    assert known.key == "frantar2022gptq"
    assert [name.family for name in known.authors] == ["Frantar", "Ashkboos", "Hoefler", "Alistarh"]
    assert new.authors == ()
    assert new.venue is not None
    assert new.venue.title == "Proceedings of the 43rd International Conference on Machine Learning"


def test_several_lists_are_one_graph(folder: Path, tmp_path: Path) -> None:
    one = write(tmp_path, HEAD + KNOWN, "one.md")
    two = write(tmp_path, "### Kernels\n" + KNOWN + NEW, "two.md")
    built = llmcomp.build_graph(folder, [one, two])
    assert built is not None
    assert (built.rows, built.works) == (3, 2)
    graph = llmcomp.open_graph(folder)
    assert [c.slug for c in graph.categories()] == ["kernels", "quantization"]
    assert graph.works(llmcomp.Selection(keys=("frantar2022gptq",)))[0].categories == (
        "kernels",
        "quantization",
    )
    assert {source.source for source in graph.status().sources} == {one, two, "llmcomp"}


def test_a_wrong_link_of_a_list_never_seen_is_shown_with_its_line(folder: Path, tmp_path: Path) -> None:
    wrong = KNOWN.replace("2210.17323", "2306.00978")
    path = write(tmp_path, HEAD + wrong)
    llmcomp.build_graph(folder, [path])
    (finding,) = llmcomp.open_graph(folder).status().findings
    assert (finding.kind, finding.source, finding.line) == ("wrong-link", path, 7)


def test_an_unknown_venue_and_an_unread_row_are_findings(folder: Path, tmp_path: Path) -> None:
    odd = "- Some Long Title <br> FooConf 2024 [[Paper]](https://arxiv.org/abs/2601.00002)\n- no link here\n"
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + KNOWN + odd)])
    graph = llmcomp.open_graph(folder)
    assert [(f.kind, f.line) for f in graph.status().findings] == [("unknown-venue", 8), ("unread-row", 9)]
    assert next(w for w in graph.works() if w.title == "Some Long Title").venue is None


def test_a_list_that_cannot_be_read_leaves_the_old_graph(folder: Path, tmp_path: Path) -> None:
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + KNOWN)])
    with pytest.raises(SourceError):
        llmcomp.build_graph(folder, [str(tmp_path / "missing.md")])
    assert len(llmcomp.open_graph(folder).works()) == 1


# --- built again


def test_keys_stay_when_a_title_changes_and_a_work_is_published(folder: Path, tmp_path: Path) -> None:
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + NEW)])
    (before,) = llmcomp.open_graph(folder).works()
    later = NEW.replace("MyNet: A Paper Nobody", "OurNet: A Paper Nobody").replace("ICML 2026", "TMLR")
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + KNOWN + later)])
    after = next(w for w in llmcomp.open_graph(folder).works() if w.title.startswith("OurNet"))
    assert after.key == before.key == "mynet:2601-00001"


def test_a_key_stays_when_a_better_identifier_changes_the_iri(folder: Path, tmp_path: Path) -> None:
    first = NEW.replace("https://arxiv.org/abs/2601.00001", "https://openreview.net/forum?id=abcDEF")
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + first)])
    (before,) = llmcomp.open_graph(folder).works()
    both = NEW.rstrip() + " [[OpenReview]](https://openreview.net/forum?id=abcDEF)\n"
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + both)])
    (after,) = llmcomp.open_graph(folder).works()
    assert before.iri.endswith("openreview:abcDEF")
    assert after.iri.endswith("arxiv:2601.00001")
    assert after.key == before.key


REPORT = "- Technical Report <br> Arxiv 2024 [[Paper]](https://arxiv.org/abs/{})\n"


def test_a_second_paper_of_a_short_title_gets_a_key_of_its_own(folder: Path, tmp_path: Path) -> None:
    one, two = REPORT.format("2401.11111"), REPORT.format("2402.22222")
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + one)])
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + one + two)])
    graph = llmcomp.open_graph(folder)
    assert [work.key for work in graph.works()] == ["technical:2401-11111", "technical:2402-22222"]
    assert graph.bibliography().count("\n@") == 1
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + two)])
    assert [work.key for work in llmcomp.open_graph(folder).works()] == ["technical:2402-22222"]


def test_a_paper_that_takes_the_place_of_its_namesake_does_not_take_its_key(folder: Path, tmp_path: Path) -> None:
    for number in ("2401.11111", "2402.22222"):
        llmcomp.build_graph(folder, [write(tmp_path, HEAD + REPORT.format(number))])
    assert [work.key for work in llmcomp.open_graph(folder).works()] == ["technical:2402-22222"]


def test_keys_of_the_store_before_are_kept_when_the_current_one_is_damaged(folder: Path, tmp_path: Path) -> None:
    only_work(folder, tmp_path, NEW.replace("https://arxiv.org/abs/2601.00001", "https://x.example/paper"))
    key = only_work(folder, tmp_path, NEW).key
    (folder / (folder / "current").read_text().split()[0] / "CURRENT").write_text("x")
    assert only_work(folder, tmp_path, NEW).key == key == "mynetpaper"


def test_a_list_named_twice_is_read_once(folder: Path, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + KNOWN)
    built = llmcomp.build_graph(folder, [path, path])
    assert built is not None
    assert built.rows == 1


@pytest.mark.parametrize("link", ["https://aclanthology.org/2026.acl-long.7", "https://x.example/paper.pdf"])
def test_a_key_stays_when_the_preprints_link_is_replaced(folder: Path, tmp_path: Path, link: str) -> None:
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + NEW)])
    published = NEW.replace("https://arxiv.org/abs/2601.00001", link).replace("ICML 2026", "ACL 2026")
    for _ in range(2):
        llmcomp.build_graph(folder, [write(tmp_path, HEAD + published)])
        (work,) = llmcomp.open_graph(folder).works()
        assert not work.iri.endswith("arxiv:2601.00001")
        assert work.key == "mynet:2601-00001"


def test_a_key_stays_when_link_and_title_change_one_after_the_other(folder: Path, tmp_path: Path) -> None:
    steps = [NEW, NEW.replace("2601.00001", "2601.00001v2").replace("MyNet", "OurNet")]
    steps.append(steps[-1].replace("https://arxiv.org/abs/2601.00001v2", "https://openreview.net/forum?id=abcDEF"))
    for step in steps:
        llmcomp.build_graph(folder, [write(tmp_path, HEAD + step)])
    assert [work.key for work in llmcomp.open_graph(folder).works()] == ["mynet:2601-00001"]


def test_two_works_that_turn_out_to_be_one_keep_one_key_and_answer_to_both(folder: Path, tmp_path: Path) -> None:
    first = "- MyNet: A Paper Nobody Knows Yet <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00001)\n"
    second = "- YourNet by Another Name Entirely <br> ICML 2026 [[Paper]](https://openreview.net/forum?id=abcDEF)\n"
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + first + second)])
    keys = sorted(work.key for work in llmcomp.open_graph(folder).works())
    joined = first.rstrip() + " [[OpenReview]](https://openreview.net/forum?id=abcDEF)\n"
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + joined)])
    graph = llmcomp.open_graph(folder)
    (work,) = graph.works()
    assert sorted([work.key, *work.former_keys]) == keys
    assert {graph.find(key) for key in keys} == {work.iri}


def test_a_work_that_leaves_and_comes_back_has_its_key(folder: Path, tmp_path: Path) -> None:
    twin = NEW.replace("2601.00001", "2601.00009").replace("Nobody Knows Yet", "Somebody Knows")
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + NEW)])
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + twin)])
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + twin + NEW)])
    keys = {work.title: work.key for work in llmcomp.open_graph(folder).works()}
    assert keys["MyNet: A Paper Nobody Knows Yet"] == "mynet:2601-00001"


def test_all_keys_of_the_shipped_list_stay_when_it_is_built_again(built: building.Built, folder: Path) -> None:
    first = {w.iri: w.key for w in llmcomp.open_graph(built.path).works()}
    llmcomp.build_graph(folder)
    llmcomp.build_graph(folder)
    assert {w.iri: w.key for w in llmcomp.open_graph(folder).works()} == first


def test_what_was_fetched_of_works_stays(folder: Path, tmp_path: Path) -> None:
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + KNOWN)])
    graph_name = NamedNode(terms.ENRICHMENT_GRAPHS + "2026-11-24")
    quad = Quad(NamedNode("https://x.example/a"), NamedNode("https://x.example/b"), Literal('a "b"\n.'), graph_name)
    old = store.open_readonly(folder)
    extra = Store()
    extra.add(quad)
    parts = [old.dump(format=RdfFormat.N_QUADS) or b"", extra.dump(format=RdfFormat.N_QUADS) or b""]
    with store.building(folder), store.drafting(folder, "x") as draft:
        draft.load(parts)
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + KNOWN + NEW)])
    assert list(store.open_readonly(folder).quads_for_pattern(None, None, None, graph_name)) == [quad]


def test_the_same_sources_give_the_same_graph(built: building.Built, folder: Path) -> None:
    llmcomp.build_graph(folder)
    dumps = [
        sorted((store.open_readonly(path).dump(format=RdfFormat.N_QUADS) or b"").splitlines())
        for path in (built.path, folder)
    ]
    assert dumps[0] == dumps[1]


def test_a_list_of_ones_own_is_dated_the_day_it_was_read(folder: Path, tmp_path: Path) -> None:
    a_list = write(tmp_path, HEAD + KNOWN)
    building.build(folder, [a_list], version="x", today=date(2026, 1, 2))
    dates = {source.source: source.date for source in llmcomp.open_graph(folder).status().sources}
    assert dates == {a_list: "2026-01-02", "llmcomp": FACTS_DATE}


# --- lists by address


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, str]]]:
    """A web server on loopback, and what it serves by path."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", pages
        running.shutdown()
        thread.join()


def test_a_list_is_read_from_the_web_and_a_newer_revision_keeps_its_keys(
    folder: Path, server: tuple[str, dict[str, str]]
) -> None:
    address, pages = server
    pages["/README.md"] = HEAD + NEW
    llmcomp.build_graph(folder, [f"{address}/README.md"])
    pages["/README.md"] = HEAD + KNOWN + NEW.replace("ICML 2026", "ICML 2026 (Oral)")
    llmcomp.build_graph(folder, [f"{address}/README.md"])
    assert {w.key for w in llmcomp.open_graph(folder).works()} == {"frantar2022gptq", "mynet:2601-00001"}
    with pytest.raises(SourceError, match="/gone: the server answered 404"):
        llmcomp.build_graph(folder, [f"{address}/gone"])


# --- named queries


@pytest.mark.parametrize("name", __import__("llmcomp.ontology.named", fromlist=["x"]).query_names())
def test_every_named_query_says_what_it_answers_and_answers(graph: llmcomp.Graph, enriched: Path, name: str) -> None:
    from llmcomp.ontology.named import describe, query_text

    assert describe(query_text(name)).endswith(".")
    rows = list(graph.query(name)) or list(llmcomp.Graph(enriched).query(name))
    assert rows or name in {"former-keys", "measures", "modularity"}


# --- what a build decides of one row


def only_work(folder: Path, tmp_path: Path, rows: str) -> llmcomp.Work:
    llmcomp.build_graph(folder, [write(tmp_path, HEAD + rows)])
    (work,) = llmcomp.open_graph(folder).works()
    return work


@pytest.mark.parametrize("url", ["", "../x", "code/", "https://", "mailto:a@b.example", "ftp://x.example/y"])
def test_a_code_link_that_leads_nowhere_by_itself_is_no_repository(folder: Path, tmp_path: Path, url: str) -> None:
    assert only_work(folder, tmp_path, f"{NEW.rstrip()} [[Code]]({url})\n").code == ()


def test_a_list_that_lowers_its_titles_does_not_take_the_acronyms(folder: Path, tmp_path: Path) -> None:
    lowered = KNOWN.replace(GPTQ, GPTQ.capitalize())
    assert only_work(folder, tmp_path, lowered + KNOWN).title == GPTQ


def test_a_venue_without_a_year_is_a_finding_and_the_year_of_posting_stands_in(folder: Path, tmp_path: Path) -> None:
    work = only_work(folder, tmp_path, NEW.replace("ICML 2026", "TMLR"))
    assert work.venue is not None
    assert (work.venue.title, work.year) == ("Transactions on Machine Learning Research", 2026)
    (finding,) = llmcomp.open_graph(folder).status().findings
    assert (finding.kind, finding.line) == ("undated-venue", 7)


def test_an_award_is_kept_beside_the_publication(folder: Path, tmp_path: Path) -> None:
    only_work(folder, tmp_path, NEW.replace("ICML 2026", "ICML 2026 (Best Paper)"))
    rows = list(llmcomp.open_graph(folder).query("SELECT ?award WHERE { ?version schema:award ?award }"))
    assert rows == [("Best Paper",)]


# --- a graph that is damaged


def test_keys_survive_a_damaged_pointer(folder: Path, tmp_path: Path) -> None:
    only_work(folder, tmp_path, NEW)
    (folder / "current").write_text("")
    assert only_work(folder, tmp_path, NEW.replace("MyNet", "OurNet")).key == "mynet:2601-00001"


def test_a_store_that_cannot_be_read_is_set_aside_and_told(folder: Path, tmp_path: Path) -> None:
    only_work(folder, tmp_path, NEW)
    (store_folder,) = folder.glob("store-*")
    for table in store_folder.glob("*.sst"):
        table.write_bytes(b"")
    built = llmcomp.build_graph(folder, [write(tmp_path, HEAD + NEW)])
    assert built is not None
    assert [path.name for path in built.set_aside] == ["unreadable-000001"]
    assert len(llmcomp.open_graph(folder).works()) == 1


def test_home_is_meant_by_a_tilde_wherever_it_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    a_list = write(tmp_path, HEAD + NEW)
    built = llmcomp.build_graph("~/graph", [a_list])
    assert built is not None
    assert built.path == tmp_path / "graph"
    monkeypatch.setenv("LLMCOMP_GRAPH", "~/graph")
    assert llmcomp.default_graph_path() == llmcomp.open_graph("~/graph").path == tmp_path / "graph"


def test_quotes_of_bibtex_in_a_title_become_quotes(folder: Path, tmp_path: Path) -> None:
    row = NEW.replace("A Paper Nobody Knows Yet", "On the ``Nobody Knows'' Benchmark")
    work = only_work(folder, tmp_path, row)
    assert work.title == 'MyNet: On the "Nobody Knows" Benchmark'
    text = llmcomp.open_graph(folder).bibliography()
    assert "title = {{MyNet}: {On} the ``{Nobody} Knows'' Benchmark}" in text
