"""What becomes of the answers: names, venues, years, counts and citations, as the graph and the bibliography tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import enriching
import pytest

import llmcomp
from llmcomp.kg import build as building
from llmcomp.kg import remembered, scholar_records
from llmcomp.kg.sources import load_list

standin = enriching.standin
desk = enriching.desk
row, abs_page, known, by = enriching.row, enriching.abs_page, enriching.known, enriching.by
made_up, made_up_reference, arxiv, sha = standin.made_up, standin.made_up_reference, standin.arxiv, standin.sha
BIRDS, STONES, WALLS, DAY, LATER = (getattr(enriching, n) for n in ("BIRDS", "STONES", "WALLS", "DAY", "LATER"))
WORK = "https://w3id.org/llmcomp/work/"
ICLR = "International Conference on Learning Representations"


def work_iri(n: int) -> str:
    return f"{WORK}arxiv:{arxiv(n)}"


def told(desk: Any, *days: tuple[str, dict[str, Any]], venue: str = "Arxiv 2023", n: int = 1) -> llmcomp.Work:
    """The work after it was told of on ``days``."""
    if not desk.folder.exists():
        desk.build(row(BIRDS, abs_page(n), venue=venue))
    for day, more in days:
        desk.service.add(made_up(n) | {"title": BIRDS, **more})
        assert desk.enrich(day).found == 1
    work: llmcomp.Work = desk.work()
    return work


def printed(work: llmcomp.Work) -> list[str]:
    return [f"{name.given} {name.family}".strip() for name in work.authors]


# -- names -------------------------------------------------------------------------------------------------------

FULL, INITIALS = by("Ann Smith", "Bob Jones"), by("A. Smith", "B. Jones")


def test_authors_come_in_order_with_their_ids(desk: Any) -> None:
    people = [
        {"authorId": "7", "name": "Zoe Zhou"},
        {"authorId": None, "name": "Ann Smith"},
        {"authorId": "9", "name": ""},
    ]
    assert printed(told(desk, (DAY, {"authors": people}))) == ["Zoe Zhou", "Ann Smith"]
    ids = desk.ask("SELECT ?n ?id WHERE { ?a :authorPosition ?n ; :namesIdentifier ?id }")
    assert [(n, iri.rpartition("/")[2]) for n, iri in ids] == [("1", "semanticscholar-author:7")]
    assert desk.graph.show(desk.work().key).confidence == "C"


@pytest.mark.parametrize("people", [[], None, [{"authorId": "1", "name": None}], [{}]])
def test_a_paper_of_nobody(desk: Any, people: Any) -> None:
    assert told(desk, (DAY, {"authors": people})).authors == ()


@pytest.mark.parametrize(("shipped", "answer"), [(FULL, INITIALS), (INITIALS, FULL)])
def test_a_full_name_is_never_replaced_by_initials(
    desk: Any, monkeypatch: pytest.MonkeyPatch, shipped: Any, answer: Any
) -> None:
    enriching.alone(monkeypatch, known(1, BIRDS, *(person["name"] for person in shipped)))
    assert printed(told(desk, (DAY, {"authors": answer}))) == ["Ann Smith", "Bob Jones"]


@pytest.mark.parametrize(("first", "second"), [(FULL, INITIALS), (INITIALS, FULL)])
def test_nor_is_it_by_the_answer_of_another_day(desk: Any, first: Any, second: Any) -> None:
    assert printed(told(desk, (DAY, {"authors": first}), (LATER, {"authors": second}))) == ["Ann Smith", "Bob Jones"]


def test_an_answer_of_no_authors_does_not_unsay_an_older_one(desk: Any) -> None:
    assert printed(told(desk, (DAY, {"authors": FULL}), (LATER, {"authors": []}))) == ["Ann Smith", "Bob Jones"]


def test_the_newest_list_of_authors_stands(desk: Any) -> None:
    newest = by("Ann Smith", "Bob Jones", "Zoe Zhou")
    assert len(told(desk, (DAY, {"authors": FULL}), (LATER, {"authors": newest})).authors) == 3


def test_shipped_authors_are_not_replaced_by_others(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    enriching.alone(monkeypatch, known(1, BIRDS, "Ann Smith", "Bob Jones"))
    assert printed(told(desk, (DAY, {"authors": by("Zoe Zhou")}))) == ["Ann Smith", "Bob Jones"]


# -- titles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", [BIRDS.upper(), BIRDS.lower(), f"BirdNet: {BIRDS}", f"{BIRDS}."])
def test_the_title_of_the_list_stands(desk: Any, title: str) -> None:
    assert told(desk, (DAY, {"title": title})).title == BIRDS


# -- venues and years --------------------------------------------------------------------------------------------


def at(name: str, kind: str = "conference", **more: Any) -> dict[str, Any]:
    """An answer that names a venue; the preprint's arXiv id says January 2022."""
    return {"venue": name, "publicationVenue": {"id": "v", "name": name, "type": kind}, **more}


POSTED = 12 * 90_000 + 1
"""The number of a made-up paper that was posted in January 2022."""


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"venue": "", "publicationVenue": None, "journal": {"name": ""}},
        {"venue": None, "publicationVenue": None, "journal": None},
        {"venue": "", "publicationVenue": None, "journal": {"name": "ArXiv", "volume": "abs/2201.00001"}},
    ],
)
@pytest.mark.parametrize("venue", ["ICLR 2023", "Arxiv 2022"])
def test_a_place_of_preprints_changes_nothing(desk: Any, answer: dict[str, Any], venue: str) -> None:
    desk.build(row(BIRDS, abs_page(POSTED), venue=venue))
    before = desk.work().venue
    after = told(desk, (DAY, answer), n=POSTED)
    assert (after.venue, after.volume, after.pages) == (before, "", "")


def test_a_preprint_that_was_published_is_one_work_of_two_versions(desk: Any) -> None:
    work = told(desk, (DAY, at(ICLR, year=2023)), n=POSTED)
    assert work.venue is not None
    assert (work.venue.acronym, work.year, work.url) == ("ICLR 2023", 2023, f"https://{abs_page(POSTED)}")
    assert [
        kind.rpartition("/")[2] for _, kind in desk.ask("SELECT ?v ?k WHERE { ?w frbr:realization ?v . ?v a ?k }")
    ] == [
        "Preprint",
        "ConferencePaper",
    ]
    assert work.key.endswith(arxiv(POSTED).replace(".", "-"))


def test_a_changed_venue_is_counted(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(POSTED)), row(STONES, abs_page(2), venue="ICLR 2023"))
    desk.service.add(made_up(POSTED, title=BIRDS, **at(ICLR, year=2023)))
    desk.service.add(made_up(2, title=STONES, **at("International Conference on Machine Learning", year=2023)))
    assert [desk.enrich().changed_venues, desk.enrich(LATER).changed_venues] == [1, 0]


@pytest.mark.parametrize(
    ("venue", "answer", "year"),
    [
        ("ICLR 2023", at(ICLR, year=2022, publicationDate="2022-01-15"), 2023),
        ("ICLR 2023", at(ICLR, year=2024), 2023),
        ("ICLR 2023", {"year": 2022}, 2023),
        ("Arxiv 2022", {"year": 2023}, 2022),
        ("Arxiv 2022", at(ICLR, year=2023, publicationDate="2022-01-15"), 2023),
    ],
    ids=["preprint's beside the list's", "another", "arXiv's", "a preprint's is that of posting", "the proceedings'"],
)
def test_the_year_of_a_preprint_is_never_that_of_the_proceedings(
    desk: Any, venue: str, answer: dict[str, Any], year: int
) -> None:
    assert told(desk, (DAY, answer), venue=venue, n=POSTED).year == year


def test_a_venue_of_which_only_the_preprints_year_is_told_is_undated(desk: Any) -> None:
    work = told(desk, (DAY, at(ICLR, year=2022, publicationDate="2022-01-15")), n=POSTED)
    assert work.venue is not None
    assert (work.venue.year, work.year) == (None, 2022)
    assert [f.kind for f in desk.findings()] == ["undated-venue"]


def test_a_journal_that_the_table_lacks_comes_with_volume_and_pages(desk: Any) -> None:
    journal = {"name": "Journal of Foo and Bar", "volume": " 12 ", "pages": "1 – 9"}
    work = told(desk, (DAY, at("Journal of Foo and Bar", "journal", year=2023, journal=journal)), n=POSTED)
    assert work.venue is not None
    assert (work.venue.title, work.venue.kind, work.year) == ("Journal of Foo and Bar", "journal", 2023)
    assert (work.volume, work.pages) == ("12", "1-9")
    entry = desk.graph.bibliography()
    assert entry.startswith("@article{")
    assert "{1--9}" in entry


def test_a_real_venue_beside_a_link_to_the_archive_is_the_venue(desk: Any) -> None:
    """A venue of "arXiv.org" never overrules a real one, also in one answer."""
    work = told(desk, (DAY, {"venue": ICLR, "year": 2023}), n=POSTED)
    assert work.venue is not None
    assert work.venue.acronym == "ICLR 2023"


@pytest.mark.parametrize("types", [["JournalArticle", "Conference"], ["Review"], [], None])
def test_a_venue_of_no_one_kind_that_the_table_lacks_is_left_out(desk: Any, types: Any) -> None:
    answer = {"venue": "Foo and Bar", "publicationVenue": None, "publicationTypes": types, "year": 2023}
    assert told(desk, (DAY, answer), n=POSTED).venue is None


def test_a_correction_of_the_service_takes_effect(desk: Any) -> None:
    icml = at("International Conference on Machine Learning", year=2023)
    work = told(desk, (DAY, at(ICLR, year=2023)), (LATER, icml), n=POSTED)
    assert work.venue is not None
    assert work.venue.acronym == "ICML 2023"


def test_the_page_of_the_list_stays_the_page_to_cite(desk: Any) -> None:
    """Of a work that has no identifier but the service's own."""
    desk.build(row(BIRDS), row(STONES, venue="ICLR 2023"))
    pages = {work.title: work.url for work in desk.works()}
    for n, title in ((1, BIRDS), (2, STONES)):
        desk.service.add(made_up(n, title=title, externalIds={"CorpusId": n}))
    assert desk.enrich().found == 2
    assert {work.title: work.url for work in desk.works()} == pages


# -- open access -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pdf", [None, {}, {"url": ""}, {"url": None}, {"url": "not an address"}, "https://x.example"])
def test_no_open_access(desk: Any, pdf: Any) -> None:
    told(desk, (DAY, {"openAccessPdf": pdf}))
    assert desk.ask("SELECT ?url WHERE { ?w :openAccessAddress ?url }") == []


def test_open_access(desk: Any) -> None:
    url = "https://x.example/paper.pdf"
    told(desk, (DAY, {"openAccessPdf": {"url": url, "status": "GREEN"}}), (LATER, {"openAccessPdf": None}))
    assert desk.ask("SELECT ?w ?url WHERE { ?w :openAccessAddress ?url }") == [(work_iri(1), url)]


# -- counts ------------------------------------------------------------------------------------------------------


def test_counts_of_two_dates_are_kept(desk: Any) -> None:
    told(desk, (DAY, {"citationCount": 7}), (LATER, {"citationCount": 9, "influentialCitationCount": None}))
    assert list(desk.graph.rows("citation-counts")) == [
        (work_iri(1), DAY, "7", "1", "Semantic Scholar"),
        (work_iri(1), LATER, "9", "", "Semantic Scholar"),
    ]


def test_counts_of_a_work_whose_iri_changed_are_the_works(desk: Any) -> None:
    """It was told of under the service's own ids before its arXiv id was."""
    desk.build(row(BIRDS, "openreview.net/forum?id=abc"))
    for day, ids in ((DAY, {"CorpusId": 1}), (LATER, {"ArXiv": arxiv(1)})):
        desk.service.add(made_up(1, title=BIRDS, externalIds=ids), "URL:https://openreview.net/forum?id=abc")
        desk.enrich(day)
    assert [(r[0], r[1]) for r in desk.graph.rows("citation-counts")] == [(work_iri(1), DAY), (work_iri(1), LATER)]


@pytest.mark.parametrize("count", [None, -1, "many"])
def test_no_count(desk: Any, count: Any) -> None:
    told(desk, (DAY, {"citationCount": count}))
    assert list(desk.graph.rows("citation-counts")) == []


def test_what_is_asked_again_on_one_day_is_told_once(desk: Any) -> None:
    first = [made_up_reference(50), made_up_reference(51)]
    told(desk, (DAY, {"citationCount": 7, "authors": INITIALS, "references": first}))
    second = {"citationCount": 9, "authors": by("Zoe Zhou"), "references": [made_up_reference(52)]}
    desk.service.add(made_up(1, title=BIRDS) | second)
    desk.enrich(refresh=True)
    assert [r[2] for r in desk.graph.rows("citation-counts")] == ["9"]
    assert printed(desk.work()) == ["Zoe Zhou"]
    assert desk.cited() == ["Made-up paper number 52"]


def test_a_work_that_was_unknown_in_the_morning_is_known_in_the_evening(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.enrich()
    desk.service.add(made_up(1, title=BIRDS))
    desk.enrich(refresh=True)
    assert [told[1:3] for told in desk.graph.rows("inquiries")] == [(DAY, "found")]


# -- references --------------------------------------------------------------------------------------------------


def citing(desk: Any, *references: Any, n: int = 1, title: str = BIRDS, **more: Any) -> None:
    """Serve a paper with these references."""
    count = {"referenceCount": len(references), **more}
    desk.service.add(made_up(n, title=title, **count) | {"references": list(references)})


def two(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), row(STONES, abs_page(2)))


NOBODY = {"paperId": None, "externalIds": None, "corpusId": None}
"""What the service tells of a reference that it has not identified."""


def test_every_reference_is_a_citation(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, *(made_up_reference(n) for n in range(50, 55)))
    assert desk.enrich().new_citations == 5
    assert len(desk.ask("SELECT ?x WHERE { ?w cito:cites ?x }")) == 5
    said = desk.ask("SELECT ?c ?r WHERE { ?c a cito:Citation ; cito:hasCitingEntity ?w ; prov:wasDerivedFrom ?r }")
    assert len({c for c, _ in said}) == len({r for _, r in said}) == 5
    items = desk.ask(
        "SELECT ?r ?day WHERE { GRAPH ?g { ?r a cito:Citation } GRAPH graph:metadata { ?g dcterms:date ?day } }"
    )
    assert items == sorted((r, DAY) for _, r in said)


def test_a_listed_work_is_cited_by_id_whatever_it_is_called(desk: Any) -> None:
    two(desk)
    for ids in ({"ArXiv": arxiv(2)}, {"DOI": f"10.48550/arXiv.{arxiv(2)}"}):
        citing(desk, made_up_reference(50, title="Whatever they call it there", externalIds=ids))
        desk.enrich(refresh=True)
        assert desk.cited(BIRDS) == [STONES]


@pytest.mark.parametrize("title", [STONES, STONES.upper(), f"{STONES}.", STONES.replace("rivers", "river s")])
def test_a_listed_work_is_cited_by_title_without_an_id(desk: Any, title: str) -> None:
    two(desk)
    citing(desk, made_up_reference(50, title=title, authors=[], year=None, **NOBODY))
    desk.enrich()
    assert desk.cited(BIRDS) == [STONES]
    assert desk.graph.status().works_outside == 0


def test_a_listed_work_is_cited_by_another_id_that_the_service_has_for_it(desk: Any) -> None:
    """Preprint and proceedings are two papers there."""
    two(desk)
    desk.service.add(made_up(2, title=STONES))
    citing(desk, made_up_reference(77, title=STONES, authors=by("A. Author2")))
    desk.enrich()
    assert desk.cited(BIRDS) == [STONES]
    # its ids there are the work's; what a reference bears otherwise may be a namesake's
    ids = {i.value for i in desk.work(STONES).identifiers if i.scheme in {"semanticscholar", "doi"}}
    assert ids == {sha(2), sha(77)}


def test_a_title_without_an_id_in_two_lists_is_one_work_outside(desk: Any) -> None:
    two(desk)
    for n, own, title in (
        (1, BIRDS, "Mixing colours for the first time"),
        (2, STONES, "Mixing Colours for the First Time."),
    ):
        citing(desk, made_up_reference(50, title=title, **NOBODY), n=n, title=own)
    assert desk.enrich().new_citations == 2
    assert desk.cited(BIRDS) == desk.cited(STONES)
    (outside,) = desk.graph.rows("works-outside")
    assert (outside[1].casefold().rstrip("."), outside[2]) == ("mixing colours for the first time", "2")


def test_two_works_of_one_title_and_two_arxiv_ids_are_two(desk: Any) -> None:
    two(desk)
    for n, own in ((1, BIRDS), (2, STONES)):
        ids = {"ArXiv": arxiv(50 + n)}
        citing(
            desk, made_up_reference(50 + n, title="Mixing colours for the first time", externalIds=ids), n=n, title=own
        )
    desk.enrich()
    assert {iri for iri, _, _ in desk.graph.rows("works-outside")} == {work_iri(51), work_iri(52)}


def test_a_work_outside_has_title_year_ids_and_first_author(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, made_up_reference(50, year=2019))
    desk.enrich()
    ((iri, title, _),) = desk.graph.rows("works-outside")
    details = desk.graph.show(title)
    assert iri == f"{WORK}doi:10.5555/made.up.50"
    assert (details.work.title, details.work.year, details.work.identifier("doi")) == (
        title,
        2019,
        "10.5555/made.up.50",
    )
    assert (printed(details.work), details.work.authors_truncated) == (["A. Author50"], True)
    assert [neighbour.title for neighbour in details.cited_by] == [BIRDS]
    assert desk.ask(f"SELECT ?t WHERE {{ <{iri}> a ?t }}") == [("http://purl.org/spar/fabio/Work",)]


def test_a_work_outside_is_not_listed(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, made_up_reference(50))
    desk.enrich()
    assert len(desk.works()) == 1
    assert desk.graph.bibliography().count("\n@") == 0
    assert [hit.listed for hit in desk.graph.search("made-up paper")] == [False]


def test_a_paper_does_not_cite_itself(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, made_up_reference(1, title=BIRDS), made_up_reference(50), made_up_reference(60, title=BIRDS, **NOBODY))
    assert desk.enrich().new_citations == 1
    assert desk.cited() == ["Made-up paper number 50"]


def test_a_work_that_is_cited_twice_is_one_citation_of_two_items(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, made_up_reference(50), made_up_reference(51), made_up_reference(50))
    assert desk.enrich().new_citations == 2
    items = desk.ask(
        "SELECT ?c ?r WHERE { ?c prov:wasDerivedFrom ?r . ?c cito:hasCitedEntity ?w . FILTER(CONTAINS(STR(?w), '50')) }"
    )
    assert [r.rpartition("/")[2] for _, r in items] == ["1", "3"]


def test_an_item_of_which_nothing_is_told_keeps_the_places_of_the_others(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    blank = {"title": None, "authors": None, "year": None, **NOBODY}
    citing(desk, made_up_reference(50), made_up_reference(51, **blank), {}, made_up_reference(52))
    assert desk.enrich().new_citations == 2
    places = desk.ask("SELECT ?r WHERE { GRAPH ?g { ?r :titleAsPrinted ?t ; cito:hasCitedEntity ?w } }")
    assert [iri.rpartition("/")[2] for (iri,) in places] == ["1", "4"]


@pytest.mark.parametrize(
    "more",
    [
        {"corpusId": "50"},
        {"externalIds": None},
        {"externalIds": {"CorpusId": "50", "MAG": 1, "PubMed": None}},
        {"authors": [{"authorId": None, "name": None}]},
        {"authors": None, "year": None},
        {"year": "2019"},
        {"year": 0},
    ],
)
def test_a_reference_with_odd_values_is_a_citation_all_the_same(desk: Any, more: dict[str, Any]) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, made_up_reference(50, **more))
    assert desk.enrich().new_citations == 1
    assert desk.cited() == ["Made-up paper number 50"]


def test_the_newest_reference_list_stands_and_the_older_is_kept(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    for day, n in ((DAY, 50), (LATER, 51)):
        citing(desk, made_up_reference(n))
        desk.enrich(day)
    assert desk.cited() == ["Made-up paper number 51"]
    said = desk.ask("SELECT ?t WHERE { GRAPH ?g { ?r :titleAsPrinted ?t ; cito:hasCitedEntity ?w } }")
    assert said == [("Made-up paper number 50",), ("Made-up paper number 51",)]


# -- lists that are not whole ------------------------------------------------------------------------------------


def lists(desk: Any) -> dict[str, str]:
    """Whether the reference list of each work is complete, by IRI."""
    return desk.graph.pairs("reference-lists")


@pytest.mark.parametrize("intents", [False, True])
def test_a_list_that_the_publisher_withholds_is_marked(desk: Any, intents: bool) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, references=None, title=BIRDS, referenceCount=30))
    assert desk.enrich(intents=intents).found == 1
    assert lists(desk) == {work_iri(1): "false"}
    assert desk.work().authors


def test_a_list_that_is_withheld_later_does_not_unsay_what_came_before(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, references=3, title=BIRDS))
    desk.enrich()
    desk.service.add(made_up(1, references=None, title=BIRDS, referenceCount=3))
    desk.enrich(LATER)
    assert len(desk.cited()) == 3


def test_a_list_that_was_cut_is_asked_for_alone(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call gives so many references over all its papers, and leaves the rest out without a word."""
    monkeypatch.setattr(standin, "MAX_NESTED", 5)
    monkeypatch.setattr(scholar_records, "MAX_NESTED", 5)
    desk.build(row(BIRDS, abs_page(1)), row(STONES, abs_page(2)), row(WALLS, abs_page(3)))
    for n, title in ((1, BIRDS), (2, STONES), (3, WALLS)):
        desk.service.add(made_up(n, references=3, title=title))
    done = desk.enrich()
    assert (done.new_citations, done.requests) == (9, 3)
    assert sorted(seen.path.rpartition("/")[2] for seen in desk.service.log) == [sha(2), sha(3), "batch"]
    assert lists(desk) == {work_iri(n): "true" for n in (1, 2, 3)}


@pytest.mark.parametrize(
    ("count", "calls", "complete"), [(3, 1, "true"), (0, 1, "true"), (None, 1, "true"), (30, 2, "false")]
)
def test_a_list_of_three_whatever_the_count_says(desk: Any, count: int | None, calls: int, complete: str) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, references=3, title=BIRDS, referenceCount=count))
    assert (desk.enrich().requests, len(desk.cited())) == (calls, 3)
    assert lists(desk) == {work_iri(1): complete}


def test_a_count_of_0_does_not_hide_150_references(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, references=150, title=BIRDS, referenceCount=0))
    assert desk.enrich().new_citations == 150


@pytest.mark.parametrize("count", [0, None])
def test_a_paper_that_cites_nobody_has_no_list(desk: Any, count: int | None) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, references=0, title=BIRDS, referenceCount=count))
    desk.enrich()
    assert lists(desk) == {}


def test_a_paper_to_which_a_wrong_link_leads_keeps_the_references_that_came_on_the_same_day(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), row(STONES, "openreview.net/forum?id=abc"))
    desk.service.add(made_up(1, title=BIRDS, references=3), "URL:https://openreview.net/forum?id=abc")
    desk.service.add(made_up(2, title=STONES, references=2))
    for title in (BIRDS, STONES):
        desk.enrich(selection=llmcomp.Selection(keys=(desk.keys()[title],)))
    assert (len(desk.cited(BIRDS)), len(desk.cited(STONES))) == (3, 2)


# -- intents -----------------------------------------------------------------------------------------------------


def why(desk: Any, where: str) -> list[tuple[str, str]]:
    """Which works (by number) are cited why, and whether they matter: in the view, or by the items of the days."""
    found = desk.ask(
        f"SELECT ?t ?v WHERE {{ {where} {{ ?c cito:hasCitedEntity ?w ; ?p ?v }} ?w dcterms:title ?t ."
        " FILTER(?p IN (cito:hasCitationCharacterization, :isInfluential)) }"
    )
    return sorted((title.rpartition(" ")[2], value.rpartition("/")[2]) for title, value in found)


VIEW, DAYS = "", "GRAPH ?g"


def test_intents_are_told_of_the_item_and_of_the_citation(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    intents = ["background", "methodology", "result", "something new"]
    citing(
        desk,
        made_up_reference(50, intents=intents, isInfluential=True),
        made_up_reference(51, intents=None, isInfluential=None),
        made_up_reference(52, intents=[], isInfluential=False),
    )
    done = desk.enrich(intents=True)
    assert (done.requests, done.new_citations, len(desk.service.calls("/references"))) == (2, 3, 1)
    told = [("50", v) for v in ("obtainsBackgroundFrom", "true", "usesConclusionsFrom", "usesMethodIn")]
    assert why(desk, VIEW) == why(desk, DAYS) == [*told, ("52", "false")]


def test_without_intents_nothing_is_told_of_them(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, made_up_reference(50))
    desk.enrich()
    assert why(desk, VIEW) == why(desk, DAYS) == []
    assert desk.service.calls("/references") == []


def test_a_work_that_is_cited_twice_is_cited_for_all_reasons(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(
        desk,
        made_up_reference(50, intents=["background"], isInfluential=False),
        made_up_reference(50, intents=["result"], isInfluential=True),
    )
    desk.enrich(intents=True)
    assert why(desk, VIEW) == [("50", v) for v in ("obtainsBackgroundFrom", "true", "usesConclusionsFrom")]


def test_intents_of_the_same_day_may_come_in_another_order(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, *(made_up_reference(n) for n in (50, 51, 52)))
    desk.enrich()
    citing(desk, *(made_up_reference(n) for n in (52, 50, 51)))
    desk.enrich(intents=True)
    assert desk.cited() == [f"Made-up paper number {n}" for n in (50, 51, 52)]
    said = desk.ask("SELECT ?r ?t WHERE { GRAPH ?g { ?r :titleAsPrinted ?t ; cito:hasCitedEntity ?w } }")
    assert [title.rpartition(" ")[2] for _, title in said] == ["52", "50", "51"]


def test_a_later_run_without_intents_does_not_forget_them(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    citing(desk, made_up_reference(50, intents=["result"], isInfluential=True))
    desk.enrich(intents=True)
    desk.enrich(LATER)
    said = desk.ask("SELECT ?i WHERE { GRAPH ?g { ?c cito:hasCitationCharacterization ?i } }")
    assert [iri.rpartition("/")[2] for (iri,) in said] == ["usesConclusionsFrom"]


# -- provenance, and what is read again --------------------------------------------------------------------------


def test_each_day_is_a_source_under_its_licence(desk: Any) -> None:
    told(desk, (DAY, {}), (LATER, {}))
    said = [s for s in desk.graph.status().sources if s.title == "Semantic Scholar"]
    assert [(s.date, s.source) for s in said] == [(day, "https://www.semanticscholar.org/") for day in (DAY, LATER)]
    licences = desk.ask("SELECT ?g ?l WHERE { GRAPH graph:metadata { ?g dcterms:license ?l } }")
    assert licences == [(s.graph, "https://opendatacommons.org/licenses/by/1-0/") for s in said]
    for source in said:
        ((count,),) = desk.ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{source.graph}> {{ ?s ?p ?o }} }}")
        assert int(count) == source.statements
    days = desk.ask(f"SELECT ?g WHERE {{ <{work_iri(1)}> prov:wasDerivedFrom ?g }}")
    assert {s.graph for s in said} <= {graph for (graph,) in days}


def test_a_list_built_anew_keeps_what_was_fetched(desk: Any) -> None:
    before = told(desk, (DAY, {"references": [made_up_reference(50)]}))
    desk.build(row(STONES, abs_page(2)), row(BIRDS, abs_page(1)))
    assert desk.work(BIRDS) == before
    assert desk.cited(BIRDS) == ["Made-up paper number 50"]
    assert desk.enrich().asked == 1


def test_lists_in_an_order_of_ones_own_stay_in_it(desk: Any) -> None:
    """Which of two titles stands is for the first list to say, also when the graph is made again of itself."""
    first = desk.write(row("Counting birds by the songs that they sing", abs_page(1)), name="b.md")
    second = desk.write(row(BIRDS, abs_page(1)), name="a.md")
    building.build(desk.folder, [first, second], version="x")
    before = desk.work()
    desk.enrich()
    assert desk.work() == before


ODD_ROWS = (
    "- Lost without a heading <br> Arxiv 2023 [[Paper]](https://arxiv.org/abs/2301.00001)",
    "##",
    '- A row with \\\\ "quotes" and 大模型 and émigrés <br> ICLR 2023 (Oral 🏆) [[Paper]](https://arxiv.org/abs/2301.00002v3)',
    "- A row with links of no label [](https://x.example/a%20b) [[Paper]](https://x.example/c)",
    "- A row without a venue that is long enough [[Paper]](https://openreview.net/forum?id=a-B_c) [[Code]](code/)",
    "- A row of an unknown venue <br> FooConf'24 [[Paper]](https://doi.org/10.5555/ABC%3Cdef%3E)",
    "- no link here",
    "- A row that stands twice <br> Arxiv 2023 [[Paper]](https://arxiv.org/abs/2301.00003)",
    "- A row that stands twice <br> Arxiv 2023 [[Paper]](https://arxiv.org/abs/2301.00003)",
    "## Tools & more",
    "- Tool of ours [[Code]](https://github.com/Made-Up/Tool)",
    "- Tool of ours [[Code]](https://github.com/Made-Up/Tool)",
)


def test_rows_are_remembered_exactly_as_they_were_read(desk: Any) -> None:
    path = desk.home / "odd.md"
    path.write_text("\n\n".join(ODD_ROWS), "utf-8")
    read = load_list(str(path), lambda _: False)
    building.build(desk.folder, [str(path)], version="x")
    desk.enrich()
    ((reading, _),) = remembered.readings(desk.graph)
    assert (reading.source, reading.unread) == (read.source, read.unread)
    assert reading.entries == read.entries
    assert (len(read.entries), len(read.unread)) == (9, 1)


def test_a_tool_whose_link_leads_nowhere_by_itself_can_be_built_and_remembered(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), "\n## Tools\n\n- Tool beside the list [[Code]](tool/)\n")
    desk.enrich()
    ((reading, _),) = remembered.readings(desk.graph)
    assert [entry.kind for entry in reading.entries] == ["paper", "tool"]


def test_why_a_work_is_cited_stays_when_it_is_not_asked_again(desk: Any) -> None:
    two(desk)
    desk.service.add(made_up(1, title=BIRDS, references=2))
    desk.service.add(made_up(2, title=STONES))
    desk.enrich(intents=True)
    query = (
        "SELECT ?cited ?why ?matters WHERE { ?citation cito:hasCitedEntity ?cited ; :isInfluential ?matters ; "
        "cito:hasCitationCharacterization ?why }"
    )
    told = desk.ask(query)
    assert len(told) == 2
    desk.service.add(made_up(1, title=BIRDS, references=3))
    desk.enrich(enriching.LATER)
    assert desk.ask(query) == told
    assert len(desk.cited(BIRDS)) == 3


# -- sizes -------------------------------------------------------------------------------------------------------


def test_sizes_of_sources_are_those_that_can_be_counted(enriched: Path) -> None:
    graph = llmcomp.Graph(enriched)
    told = {name: size for name, _, _, _, size in graph.rows("sources")}
    assert len(told) > 3
    assert told == {name: size for name, size in graph.rows("graph-sizes") if name in told}
