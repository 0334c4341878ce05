"""The page in a browser, as people use it: every step by mouse or keyboard, nobody asked but the server itself."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import bibtexparser
import pytest

pytest.importorskip("playwright")

from browsing import browser, looking, needs_browser, picture
from playwright.sync_api import Browser, Page, Route, expect
from serving import Served, served
from test_explore_server import ALERT, LIST

import llmcomp
from llmcomp.kg.build import Built

pytestmark = needs_browser

GPTQ, GPTQ_PATH = "frantar2022gptq", "work/arxiv:2210.17323"
GPTQ_TITLE = "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers"


@pytest.fixture(scope="module")
def chromium() -> Generator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def server(built: Built) -> Generator[Served]:
    with served(built.path) as running:
        yield running


@pytest.fixture
def page(chromium: Browser, server: Served) -> Generator[Page]:
    with looking(chromium, server.url + "/") as page:
        yield page


def asked(page: Page) -> dict[str, list[str]]:
    """What the address of the page asks for."""
    return parse_qs(urlsplit(page.url).query)


def middle(picture: bytes, colour: tuple[int, int, int]) -> tuple[float, float]:
    """Return where on a picture its points of this colour are, on the whole."""
    from PIL import Image

    seen = Image.open(io.BytesIO(picture)).convert("RGB")
    pixels = seen.load()
    assert pixels
    found = [
        (x, y)
        for x in range(seen.width)
        for y in range(seen.height)
        if all(abs(a - b) < 12 for a, b in zip(cast("tuple[int, ...]", pixels[x, y]), colour, strict=True))
    ]
    assert found
    return sum(x for x, _ in found) / len(found), sum(y for _, y in found) / len(found)


def test_it_draws_and_lists_every_paper(page: Page, graph: llmcomp.Graph) -> None:
    count = len(graph.works())
    expect(page.locator("#count")).to_have_text(f"{count} works")
    assert page.locator("#grid").get_attribute("aria-rowcount") == str(count + 1)
    expect(page.locator("#status")).to_contain_text("58 reference lists")
    expect(page.locator("#legend")).to_contain_text("Quantization")
    # something of every colour of the legend is on the canvas
    shot = page.locator("#drawing").screenshot()
    assert len(shot) > 20_000
    picture(page, "graph")


def test_the_most_cited_come_first_and_any_column_sorts(page: Page, graph: llmcomp.Graph) -> None:
    first = page.locator(".rows .row").first.locator(".key")
    expect(first).to_have_text(graph.top(by="listed", limit=1).works[0].key)
    page.get_by_role("button", name="Key", exact=True).click()
    expect(first).to_have_text(sorted((w.key for w in graph.works()), key=str.lower)[0])
    expect(page.locator(".head .key")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Key", exact=True).click()
    expect(page.locator(".head .key")).to_have_attribute("aria-sort", "descending")
    assert asked(page)["sort"] == ["-key"]


def test_filters_narrow_list_and_address(page: Page, graph: llmcomp.Graph) -> None:
    page.locator("#category").select_option("quantization")
    page.locator("#from").fill("2023")
    page.locator("#from").press("Tab")
    page.locator("#to").fill("2023")
    page.locator("#to").press("Tab")
    count = len(graph.works(llmcomp.Selection(categories=("quantization",), years=(2023, 2023))))
    expect(page.locator("#count")).to_have_text(f"{count} works")
    assert (asked(page)["category"], asked(page)["year"]) == (["quantization"], ["2023..2023"])
    page.get_by_role("searchbox").fill("dettmers")
    mine = llmcomp.Selection(categories=("quantization",), years=(2023, 2023), authors=("Dettmers",))
    expect(page.locator("#count")).to_have_text(f"{len(graph.works(mine))} works")
    page.get_by_role("button", name="Show all", exact=True).click()
    expect(page.locator("#count")).to_have_text(f"{len(graph.works())} works")
    page.get_by_role("button", name=re.compile("^Survey")).click()  # of the legend
    assert asked(page)["category"] == ["survey"]


def test_a_view_is_shared_by_its_address(page: Page) -> None:
    page.goto("/?category=pruning-and-sparsity&colour=year&layout=years&text=sparse&sort=year&selected=sun2023simple")
    expect(page.locator("#category")).to_have_value("pruning-and-sparsity")
    expect(page.locator("#colour")).to_have_value("year")
    expect(page.locator("#layout")).to_have_value("years")
    expect(page.get_by_role("searchbox")).to_have_value("sparse")
    expect(page.locator("#count")).to_contain_text("1 of ")
    expect(page.locator("#axis")).to_contain_text("2024")


def test_years_are_an_axis(page: Page) -> None:
    page.locator("#layout").select_option("years")
    page.locator("#colour").select_option("community")
    expect(page.locator("#axis span")).to_have_text(["2023", "2024", "2025"])
    assert (asked(page)["layout"], asked(page)["colour"]) == (["years"], ["community"])
    picture(page, "years")


def test_a_work_is_chosen_in_the_drawing(page: Page) -> None:
    page.get_by_role("searchbox").fill(GPTQ)
    expect(page.locator("#count")).to_have_text("1 work")
    box = page.locator("#drawing").bounding_box()
    assert box
    x, y = middle(page.locator("#drawing").screenshot(), (0x00, 0x72, 0xB2))  # the one dot that is left
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.locator("#details h2")).to_have_text(GPTQ_TITLE)
    page.wait_for_timeout(1000)  # two clicks in quick succession are a double one, wherever they fall
    page.mouse.click(box["x"] + 40, box["y"] + 40)
    expect(page.locator("#details")).to_be_hidden()


def test_a_chosen_work_is_told_with_what_is_near(page: Page, graph: llmcomp.Graph) -> None:
    page.locator(".rows .row", has_text=GPTQ).click()
    details = page.locator("#details")
    expect(details.locator("h2")).to_have_text(GPTQ_TITLE)
    expect(details).to_contain_text("Elias Frantar, Saleh Ashkboos, Torsten Hoefler, Dan Alistarh")
    nearest = graph.related(GPTQ, limit=1).works[0]
    first = details.locator(".near").first.locator("li").first
    expect(first).to_contain_text(nearest.title)
    expect(first).to_contain_text(nearest.why)
    assert asked(page)["work"] == [GPTQ_PATH]
    picture(page, "work")
    first.get_by_role("button").click()
    expect(details.locator("h2")).to_have_text(nearest.title)
    page.go_back()
    expect(details.locator("h2")).to_have_text(GPTQ_TITLE)
    details.get_by_role("link", name=GPTQ_TITLE).click()
    expect(page.get_by_role("heading", name="Where each value comes from")).to_be_visible()
    picture(page, "provenance")


def test_bibtex_goes_to_the_clipboard(page: Page, graph: llmcomp.Graph) -> None:
    page.locator(".rows .row", has_text=GPTQ).click()
    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.locator("#status")).to_have_text("BibTeX copied")
    assert page.evaluate("navigator.clipboard.readText()") == graph.bibliography(keys=[GPTQ])


def test_a_path_between_two_works(page: Page, graph: llmcomp.Graph) -> None:
    page.locator(".rows .row", has_text=GPTQ).click()
    page.get_by_label("Path to which work").fill("jiang2023llmlingua")
    page.get_by_role("button", name="Show path").click()
    found = graph.paths(GPTQ, "jiang2023llmlingua").paths
    expect(page.locator("ol.chain")).to_have_count(len(found))
    expect(page.locator("ol.chain").first.locator("button")).to_have_text([work.title for work in found[0].works])
    picture(page, "path")
    page.get_by_label("Path to which work").fill("nobody at all")
    page.get_by_role("button", name="Show path").click()
    expect(page.get_by_role("alert")).to_contain_text("nobody at all")


def test_the_surroundings_of_a_work(page: Page, graph: llmcomp.Graph) -> None:
    page.goto(f"/?work={GPTQ_PATH}")
    page.get_by_role("button", name="Surroundings").click()
    count = len(graph.network(around=[GPTQ], cited=1).nodes)
    expect(page.locator("#count")).to_have_text(f"{count} works")
    page.locator("#depth").fill("2")
    page.locator("#depth").press("Tab")
    wider = len(graph.network(around=[GPTQ], cited=1, depth=2).nodes)
    expect(page.locator("#count")).to_have_text(f"{wider:,} works")
    page.get_by_role("button", name="Show all works again").click()
    expect(page.locator("#count")).to_have_text(f"{len(graph.works())} works")


@pytest.mark.parametrize(("format", "ending"), [("bibtex", "bib"), ("reading-list", "md"), ("graphml", "graphml")])
def test_a_selection_is_saved(page: Page, tmp_path: Path, format: str, ending: str) -> None:
    for key in (GPTQ, "lin2023awq"):
        page.get_by_label(f"Select {key}", exact=True).check()
    expect(page.locator("#count")).to_contain_text("2 of ")
    assert asked(page)["selected"] == [f"{GPTQ} lin2023awq"]
    page.locator("#format").select_option(format)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save selection").click()
    assert waiting.value.suggested_filename == f"selection.{ending}"
    waiting.value.save_as(tmp_path / "saved")
    text = (tmp_path / "saved").read_text("utf-8")
    assert GPTQ in text
    assert "lin2023awq" in text
    if format == "bibtex":
        assert {entry.key for entry in bibtexparser.parse_string(text).entries} == {GPTQ, "lin2023awq"}


def test_everything_by_keyboard(page: Page, tmp_path: Path) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the list of works")).to_be_focused()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "grid":
            break
    expect(page.locator("#grid")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("End")
    page.keyboard.press("Space")
    expect(page.locator("#count")).to_contain_text("2 of ")
    last = page.locator("#grid").get_attribute("aria-activedescendant")
    assert last == "row-684"
    expect(page.locator(f"#{last}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#details h2")).to_contain_text("LLM.int8()")
    page.keyboard.press("Escape")
    expect(page.locator("#details")).to_be_hidden()
    page.keyboard.press("Control+a")
    expect(page.locator("#count")).to_contain_text("685 of 685")
    page.locator("#tab-graph").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-query")).to_be_focused()
    expect(page.locator("#panel-query")).to_be_visible()


def test_every_control_has_a_name(page: Page) -> None:
    page.locator(".rows .row", has_text=GPTQ).click()
    expect(page.locator("#details h2")).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, a, [role=grid], [role=img]')]
            .filter((e) => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim() || e.title))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []


# -- queries


def query(page: Page, text: str) -> None:
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")


def test_a_query_is_answered_as_a_table(page: Page, graph: llmcomp.Graph, tmp_path: Path) -> None:
    page.get_by_role("tab", name="Query").click()
    text = "SELECT ?work ?title { ?work dcterms:subject category:survey ; dcterms:title ?title } ORDER BY ?title"
    query(page, text)
    rows = list(graph.query(text))
    expect(page.locator("#results tbody tr")).to_have_count(len(rows))
    expect(page.locator("#results tbody tr").first.locator("td").last).to_have_text(rows[0][1])
    assert asked(page)["query"] == [text]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    waiting.value.save_as(tmp_path / "answer.csv")
    assert (tmp_path / "answer.csv").read_text("utf-8").count("\n") == len(rows) + 1
    page.get_by_role("button", name="Select these works in the graph").click()
    expect(page.locator("#count")).to_contain_text(f"{len(rows)} of ")


def test_questions_are_examples_and_answers_are_drawn(page: Page) -> None:
    page.get_by_role("tab", name="Query").click()
    page.get_by_label("Questions as examples").select_option("citations-in-list")
    expect(page.locator("#results tbody tr").first).to_be_visible()
    expect(page.locator("#told")).not_to_be_empty()
    picture(page, "query")
    page.get_by_role("button", name="Graph", exact=True).click()
    expect(page.locator(".answer-graph canvas").first).to_be_visible()
    assert asked(page)["as"] == ["graph"]


def test_triples_and_yes_or_no(page: Page, tmp_path: Path) -> None:
    page.get_by_role("tab", name="Query").click()
    query(page, "CONSTRUCT { ?w dcterms:title ?t } { ?w dcterms:subject category:survey ; dcterms:title ?t }")
    expect(page.locator("#results")).to_contain_text("triples in")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="JSON-LD").click()
    waiting.value.save_as(tmp_path / "answer.jsonld")
    assert json.loads((tmp_path / "answer.jsonld").read_text("utf-8"))
    query(page, "ASK { ?w dcterms:subject category:survey }")
    expect(page.locator("#results .yes")).to_have_text("yes")


def test_what_is_no_query_is_told(page: Page) -> None:
    page.get_by_role("tab", name="Query").click()
    query(page, "SELECT ?work { ?work ")
    expect(page.get_by_role("alert")).to_contain_text("not SPARQL")
    query(page, "SELECT * { SERVICE <http://example.org/> { ?a ?b ?c } }")
    expect(page.get_by_role("alert")).to_contain_text("is not allowed here")


def test_terms_of_the_graph_complete_what_is_typed(page: Page) -> None:
    page.get_by_role("tab", name="Query").click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?w { ?w dcterms:ti")
    expect(page.locator(".cm-tooltip-autocomplete [role=option]").first).to_contain_text("dcterms:title")
    page.wait_for_timeout(200)  # the editor takes an Enter at once for one that was typed before the list stood there
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("?w dcterms:title")


# -- looks


def test_light_and_dark(chromium: Browser, server: Served) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    with looking(chromium, server.url + "/", dark=True) as page:
        dark = page.evaluate(background)
        picture(page, "dark")
        page.get_by_role("button", name="Switch between light and dark").click()
        assert page.evaluate(background) != dark
        page.reload()
        assert page.evaluate(background) != dark  # it is kept


@pytest.mark.parametrize("address", ["/", f"/?work={GPTQ_PATH}", "/?tab=query", f"/{GPTQ_PATH}", "/person"])
def test_a_narrow_screen_shows_everything(chromium: Browser, server: Served, address: str) -> None:
    with looking(chromium, server.url + "/", width=360, height=740) as page:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        if address == f"/?work={GPTQ_PATH}":
            picture(page, "narrow")


def test_a_title_is_data_on_the_page(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(LIST, "utf-8")
    llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    title = ALERT.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    with served(tmp_path / "graph") as running, looking(chromium, running.url + "/") as page:
        row = page.locator(".rows .row", has_text="A Title That Is Data")
        expect(row.locator("b")).to_have_text(title)
        row.click()
        expect(page.locator("#details h2")).to_have_text(title)
        page.locator("#details h2 a").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert page.locator("script").count() == 0


def test_a_server_that_is_gone_is_told(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(LIST, "utf-8")
    llmcomp.build_graph(tmp_path / "graph", [str(tmp_path / "list.md")])
    with served(tmp_path / "graph") as running, looking(chromium, running.url + "/") as page:
        running.process.terminate()
        running.process.wait(20)
        page.locator(".rows .row").first.click()
        expect(page.get_by_role("alert")).to_contain_text("The server does not answer")


# -- what comes late, what is lost, what is large


def held(page: Page, pattern: str) -> list[Route]:
    """Keep the answers of these addresses back; who continues one lets it through."""
    kept: list[Route] = []

    def keep(route: Route) -> None:
        kept.append(route)

    page.route(re.compile(pattern), keep)
    return kept


def until(page: Page, kept: list[Route], many: int = 1) -> None:
    for _ in range(200):
        if len(kept) >= many:
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"{len(kept)} of {many} asked")


def test_a_late_answer_does_not_stand_in_for_a_newer_one(page: Page) -> None:
    kept = held(page, "/explore/network.*cited=9")
    expect(page.locator("#count")).to_have_text("685 works")
    page.locator("#cited").fill("9")
    page.locator("#cited").press("Enter")
    until(page, kept)
    page.locator("#cited").fill("")
    page.locator("#cited").press("Enter")
    page.wait_for_timeout(300)
    with page.expect_response(re.compile("cited=9")):
        kept[0].continue_()
    page.wait_for_timeout(300)
    expect(page.locator("#count")).to_have_text("685 works")
    assert "cited" not in asked(page)


def test_a_path_is_drawn_no_longer_than_its_work_is_open(page: Page) -> None:
    before = page.locator("#drawing").screenshot()
    page.locator(".rows .row", has_text=GPTQ).click()
    page.get_by_label("Path to which work").fill("lin2023awq")
    page.get_by_role("button", name="Show path").click()
    expect(page.locator(".chain").first).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#details")).to_be_hidden()
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    assert page.locator("#drawing").screenshot() == before


def test_the_focus_stays_where_it_was(page: Page) -> None:
    focused = "document.activeElement.id || document.activeElement.tagName"
    page.locator("#legend button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#legend button").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#legend button").first).to_be_focused()
    page.locator("#clear").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "category"
    page.locator("#cited").fill("9")
    page.locator("#cited").press("Enter")
    expect(page.locator("#count")).not_to_have_text("685 works")
    assert page.evaluate(focused) == "cited"
    page.locator(".rows .row input").first.click()
    assert page.evaluate(focused) == "grid"
    page.keyboard.press("Enter")
    expect(page.locator("#details h2")).to_be_visible()
    page.locator("#details .near button.work").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#details")).to_be_focused()


def test_a_large_selection_outlives_a_reload(page: Page) -> None:
    page.goto("/?cited=1")
    page.get_by_role("button", name="Select all").click()
    expect(page.locator("#status")).to_contain_text("the address names 1,000 at most")
    expect(page.locator("#count")).to_contain_text("2,286 of 2,286 selected")
    assert "selected" not in asked(page)
    page.reload()
    expect(page.locator("#count")).to_contain_text("2,286 of 2,286 selected")


def test_a_narrow_list_holds_the_rows_that_are_seen(chromium: Browser, server: Served) -> None:
    with looking(chromium, server.url + "/", width=360, height=740) as page:
        expect(page.locator("#count")).to_have_text("685 works")
        assert page.locator(".rows .row").count() < 40
        page.locator("#grid").focus()
        page.keyboard.press("End")
        expect(page.locator("#row-684")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#details h2")).to_be_visible()
        assert page.locator("#details").evaluate("e => e.clientHeight") < 740


def test_many_drawings_of_answers_leave_the_graph_alone(page: Page) -> None:
    page.get_by_role("tab", name="Query").click()
    query(page, "SELECT ?work ?title { ?work dcterms:subject category:survey ; dcterms:title ?title }")
    expect(page.locator("#results tbody tr").first).to_be_visible()
    for _ in range(20):
        page.get_by_role("button", name="Graph", exact=True).click()
        expect(page.locator(".answer-graph canvas").first).to_be_attached()
        page.get_by_role("button", name="Table", exact=True).click()
    # a browser that ends a context says so on its console, which fails the test
    expect(page.locator("#results tbody tr").first).to_be_visible()


def test_the_way_back_leads_to_the_query_before(page: Page) -> None:
    page.get_by_role("tab", name="Query").click()
    query(page, "ASK {}")
    expect(page.locator(".yes")).to_have_text("yes")
    page.locator("#examples").select_option("categories")
    expect(page.locator("#results tbody tr").first).to_be_visible()
    page.go_back()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")


def test_works_of_a_shared_query_lead_to_pages_of_this_server(page: Page) -> None:
    kept = held(page, "/explore/network")
    page.goto("/?tab=query&query=SELECT+%3Fwork+%7B+%3Fwork+a+fabio%3AResearchPaper+%7D+LIMIT+3")
    until(page, kept)
    link = page.locator("#results td a").first
    assert (link.get_attribute("href") or "").startswith("/work/")
    expect(page.locator("#show-works")).to_be_visible()
    kept[0].continue_()


def test_a_browser_that_keeps_nothing_shows_the_page(chromium: Browser, server: Served) -> None:
    refuse = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    with looking(chromium, server.url + "/") as page:
        page.add_init_script(refuse)
        page.goto("/")
        expect(page.locator("#count")).to_have_text("685 works")
        page.get_by_role("button", name="Switch between light and dark").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_is_selected_is_marked_on_its_button(page: Page) -> None:
    page.locator(".rows .row", has_text=GPTQ).click()
    button = page.locator("#select")
    expect(button).to_have_text("Select")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text("Selected")
    expect(page).to_have_title(f"{GPTQ_TITLE} – llmcomp")


def test_nothing_that_meets_the_conditions_is_said(page: Page) -> None:
    page.locator("#text").fill("no such work anywhere")
    expect(page.locator("#grid")).to_contain_text("No work meets these conditions.")
    expect(page.get_by_role("button", name="Save all")).to_be_disabled()
