"""Which works Semantic Scholar is asked about, under which names, and which of its answers is the work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import enriching
import pytest
from rapidfuzz.fuzz import ratio

import llmcomp
from llmcomp.kg.enrichment import Progress
from llmcomp.kg.scholar_records import ScholarAuthor, ScholarPaper
from llmcomp.kg.text import title_key
from llmcomp.kg.wanted import MAX_AGE, Wanted, due, wanted

standin = enriching.standin
desk = enriching.desk
row, abs_page, known, by = enriching.row, enriching.abs_page, enriching.known, enriching.by
made_up, arxiv, sha = standin.made_up, standin.arxiv, standin.sha
BIRDS, STONES, WALLS, DAY, LATER = (getattr(enriching, n) for n in ("BIRDS", "STONES", "WALLS", "DAY", "LATER"))

TWIN = "Sorting birds by the songs they sing"
"""A title that shares many words with BIRDS and is another's all the same."""


def later(days: int) -> str:
    return (date.fromisoformat(DAY) + timedelta(days=days)).isoformat()


# -- under which names -------------------------------------------------------------------------------------------


def test_by_arxiv_id(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, title=BIRDS, references=2))
    done = desk.enrich()
    assert desk.asked() == [[f"ARXIV:{arxiv(1)}"]]
    assert (done.asked, done.found, done.not_found, done.requests, done.stopped) == (1, 1, 0, 1, "")
    assert [name.family for name in desk.work().authors] == ["Author1", "Other"]


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("doi.org/10.5555/AbC", "DOI:10.5555/abc"),
        ("aclanthology.org/2023.acl-long.7", "ACL:2023.acl-long.7"),
        ("openreview.net/forum?id=tcbBPnfwxS", "URL:https://openreview.net/forum?id=tcbBPnfwxS"),
        (
            "proceedings.mlr.press/v202/frantar23a.html",
            "URL:https://proceedings.mlr.press/v202/frantar23a.html",
        ),
    ],
)
def test_by_another_id_after_an_arxiv_id_that_is_unknown(desk: Any, link: str, name: str) -> None:
    desk.build(row(BIRDS, link, abs_page(1)))
    desk.service.add(made_up(2, title=BIRDS, externalIds={"CorpusId": 2}), name)
    done = desk.enrich()
    assert desk.asked() == [[f"ARXIV:{arxiv(1)}"], [name]]
    assert (done.found, desk.titles_asked()) == (1, [])
    assert desk.work().authors


def test_by_every_id_in_order_and_then_by_title(desk: Any) -> None:
    links = ("openreview.net/forum?id=abc", "aclanthology.org/2023.acl-long.7", "doi.org/10.5555/x", abs_page(1))
    desk.build(row(BIRDS, *links))
    done = desk.enrich()
    assert [name.partition(":")[0] for (name,) in desk.asked()] == ["ARXIV", "DOI", "ACL", "URL"]
    assert desk.titles_asked() == [BIRDS]
    assert (done.asked, done.found, done.not_found, done.requests) == (1, 0, 1, 5)


def test_only_unknown_works_are_asked_under_their_next_ids(desk: Any) -> None:
    desk.build(
        row(BIRDS, abs_page(1), "doi.org/10.5555/1"),
        row(STONES, abs_page(2), "doi.org/10.5555/2"),
        row(WALLS, "doi.org/10.5555/3"),
    )
    desk.service.add(made_up(1, title=BIRDS))
    desk.service.add(made_up(2, title=STONES, externalIds={"DOI": "10.5555/2"}))
    desk.service.add(made_up(3, title=WALLS, externalIds={"DOI": "10.5555/3"}))
    assert desk.enrich().found == 3
    first = [f"ARXIV:{arxiv(1)}", "DOI:10.5555/3", f"ARXIV:{arxiv(2)}"]
    assert [sorted(ids) for ids in desk.asked()] == [sorted(first), ["DOI:10.5555/2"]]


def test_works_without_ids_are_found_by_title_and_their_references_in_one_call(desk: Any) -> None:
    desk.build(row(BIRDS), row(STONES), row(WALLS))
    for n, title in ((1, BIRDS), (2, STONES)):
        desk.service.add(made_up(n, title=title, references=2))
    done = desk.enrich()
    assert sorted(desk.titles_asked()) == sorted([BIRDS, STONES, WALLS])
    assert [sorted(ids) for ids in desk.asked()] == [[sha(1), sha(2)]]
    assert (done.found, done.not_found, done.new_citations) == (2, 1, 4)
    assert desk.work(BIRDS).identifier("arxiv") == arxiv(1)


def test_a_batch_of_which_nothing_is_known_is_no_failure(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), row(STONES, abs_page(2)))
    done = desk.enrich()
    assert (done.asked, done.not_found, done.stopped) == (2, 2, "")


def test_an_answer_without_a_title_is_none(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, title=""))
    assert desk.enrich().not_found == 1
    assert desk.work().authors == ()


def test_progress_is_told_and_ends_with_all_works(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), row(STONES, abs_page(2)), row(WALLS))
    desk.service.add(made_up(1, title=BIRDS))
    told: list[Progress] = []
    desk.enrich(tell=told.append)
    assert told[0] == Progress(0, 3, 0)
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert (told[-1].done, told[-1].requests) == (3, len(desk.service.log))


# -- which title is the work's -----------------------------------------------------------------------------------

DAWN = "Counting birds by the songs they sing at dawn"
MISPRINT = "Counting birds by songs they sing at dawn"
ALIKE = "Counting the birds by songs that they sing at dawn"
LESS_ALIKE = "Counting birds by their songs"
WORK = Wanted("w:1", (DAWN,), family="smith", years=(2023,))
PAPER = ScholarPaper("1", DAWN, year=2023, authors=(ScholarAuthor("Ann Smith"), ScholarAuthor("Bob Jones")))


@pytest.mark.parametrize(
    ("title", "least", "most"), [(MISPRINT, 95, 96), (ALIKE, 80, 95), (LESS_ALIKE, 0, 80), (DAWN, 100, 101)]
)
def test_the_titles_of_these_tests_are_as_alike_as_they_should_be(title: str, least: float, most: float) -> None:
    assert least <= ratio(title_key(DAWN), title_key(title)) < most


@pytest.mark.parametrize(
    "paper",
    [
        PAPER,
        replace(PAPER, title="counting  birds, by the songs: they sing at dawn."),
        replace(PAPER, title=MISPRINT),
        replace(PAPER, title=MISPRINT, authors=(), year=None),
        replace(PAPER, title=MISPRINT, authors=(ScholarAuthor("Zoe Zhou"),), year=1999),
        replace(PAPER, title=ALIKE),
        replace(PAPER, title=ALIKE, year=2022),
        replace(PAPER, title=ALIKE, year=2024),
        replace(PAPER, title=ALIKE, authors=(ScholarAuthor("A. Smith"),)),
        replace(PAPER, title=f"BirdNet: {DAWN}"),
    ],
    ids=[
        "equal",
        "punctuation",
        "misprint",
        "nothing else known",
        "misprint by others",
        "alike",
        "a year before",
        "a year after",
        "initials",
        "nickname added",
    ],
)
def test_a_title_that_is_the_works(paper: ScholarPaper) -> None:
    assert WORK.asked_as(paper)


@pytest.mark.parametrize(
    "paper",
    [
        replace(PAPER, title=ALIKE, year=2021),
        replace(PAPER, title=ALIKE, year=2025),
        replace(PAPER, title=ALIKE, year=None),
        replace(PAPER, title=ALIKE, authors=(ScholarAuthor("Zoe Zhou"), ScholarAuthor("Ann Smith"))),
        replace(PAPER, title=ALIKE, authors=()),
        replace(PAPER, title=LESS_ALIKE),
        replace(PAPER, title=""),
    ],
    ids=["two years before", "two years after", "no year", "another first author", "no authors", "less alike", "empty"],
)
def test_a_title_that_is_not(paper: ScholarPaper) -> None:
    assert not WORK.asked_as(paper)


def test_a_title_that_is_only_alike_needs_an_author_of_ours_and_a_year() -> None:
    assert not replace(WORK, family="").asked_as(replace(PAPER, title=ALIKE))
    assert not replace(WORK, years=()).asked_as(replace(PAPER, title=ALIKE))
    assert replace(WORK, years=(2019, 2022)).asked_as(replace(PAPER, title=ALIKE))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Counting 4 birds by the songs they sing at dawn", "Counting 8 birds by the songs they sing at dawn"),
        ("BirdNet2: counting birds by the songs they sing", "BirdNet: counting birds by the songs they sing"),
        ("Counting birds by the songs they sing, part II", "Counting birds by the songs they sing, part III"),
    ],
)
def test_another_number_is_another_paper(ours: str, theirs: str) -> None:
    assert ratio(title_key(ours), title_key(theirs)) > 95
    assert not replace(WORK, titles=(ours,)).asked_as(replace(PAPER, title=theirs))


def test_a_short_title_names_nobody_without_its_author() -> None:
    short = replace(WORK, titles=("Technical Report",))
    paper = replace(PAPER, title="Technical report")
    assert short.asked_as(paper)
    assert not replace(short, family="").asked_as(paper)
    assert not short.asked_as(replace(paper, authors=(ScholarAuthor("Zoe Zhou"),)))
    assert not short.asked_as(replace(paper, authors=()))


def test_any_title_of_the_work_will_do() -> None:
    assert replace(WORK, titles=(STONES, DAWN)).asked_as(PAPER)


NAMES = """
Ann Smith/Maarten de Rijke/Leandro von Werra/Ludwig van der Maaten/Tri Dao Jr./Leila Al-Rashid/Rémi Le Bras
Elias d'Ascoli/Javier García López/Đặng Thị Lan/Dai, Zihang/Xuan-Phi Nguyen/Llama Team
"""
KINDS = "green brown black white yellow purple orange silver golden olive scarlet violet copper".split()


def test_the_first_author_is_known_by_any_name(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever belongs to the family name, it is the same in the graph and in the answer."""
    names = dict(enumerate(NAMES.strip().replace("\n", "/").split("/"), 1))
    titles = {n: f"{BIRDS} in the {word} woods" for n, word in zip(names, KINDS, strict=True)}
    enriching.alone(monkeypatch, *(known(n, titles[n], names[n]) for n in names))
    desk.build(*(row(titles[n], abs_page(n)) for n in names))
    works = {work.titles[0]: work for work in wanted(desk.graph, desk.works())}
    strangers = [
        names[n]
        for n in names
        if not works[titles[n]].asked_as(
            ScholarPaper("1", f"{titles[n]} at dawn", year=2010, authors=(ScholarAuthor(names[n]),))
        )
    ]
    assert strangers == []


def test_a_title_search_that_brings_another_paper_finds_nothing(desk: Any) -> None:
    desk.build(row(BIRDS))
    desk.service.nearest[BIRDS] = desk.service.add(made_up(1, title=STONES, references=2))
    done = desk.enrich()
    assert (done.found, done.not_found, done.new_citations) == (0, 1, 0)
    assert desk.work().authors == ()


def test_a_title_search_that_brings_a_misprint_finds_the_work(desk: Any) -> None:
    desk.build(row(DAWN))
    desk.service.nearest[DAWN] = desk.service.add(made_up(1, title=MISPRINT, references=2))
    done = desk.enrich()
    assert (done.found, done.renamed, done.new_citations) == (1, 0, 2)
    assert desk.work().title == DAWN
    assert desk.findings() == []


# -- a wrong link or a renamed paper -----------------------------------------------------------------------------


def wrong_link(desk: Any) -> dict[str, str]:
    """A row whose link is another paper's, both of them known there; return the keys before."""
    desk.build(row(BIRDS, abs_page(1)))
    keys: dict[str, str] = desk.keys()
    desk.service.add(made_up(1, title=STONES, references=2))
    desk.service.add(made_up(2, title=BIRDS, references=3))
    return keys


def test_a_wrong_link_is_decided_by_title_search(desk: Any) -> None:
    keys = wrong_link(desk)
    done = desk.enrich()
    assert (done.asked, done.found, done.wrong_links, done.renamed) == (1, 1, 1, 0)
    work = desk.work()
    assert work.identifier("arxiv") == arxiv(2)
    assert [name.family for name in work.authors] == ["Author2", "Other"]
    assert len(desk.cited()) == 3
    assert desk.keys() == keys


def test_a_wrong_link_is_shown_with_its_line_and_the_right_one(desk: Any) -> None:
    wrong_link(desk)
    desk.enrich()
    (finding,) = desk.findings()
    assert (finding.kind, finding.source, finding.line, finding.title) == (
        "wrong-link",
        str(desk.home / "list.md"),
        3,
        BIRDS,
    )
    assert finding.message == (
        f"links https://{abs_page(1)}, which is '{STONES}'; the row's paper is https://{abs_page(2)}"
    )


def test_the_paper_to_which_a_wrong_link_leads_does_not_get_the_key(desk: Any) -> None:
    (key,) = wrong_link(desk).values()
    for day in (DAY, LATER):
        desk.enrich(day)
        assert desk.graph.find(key) == desk.work().iri
        other = desk.graph.find(STONES)
        assert other.endswith(f"arxiv:{arxiv(1)}")
        assert key not in [k for iri, k in desk.graph.rows("work-keys") if iri == other]


def test_a_wrong_link_is_kept_with_its_evidence(desk: Any) -> None:
    wrong_link(desk)
    desk.enrich()
    answer = f"https://w3id.org/llmcomp/identifier/semanticscholar:{sha(2)}"
    assert [told[1:7] for told in desk.graph.rows("inquiries")] == [
        (DAY, "wrong-link", BIRDS, f"ARXIV:{arxiv(1)}", answer, STONES)
    ]


def test_a_wrong_link_to_a_page_that_is_no_id_there_is_shown_too(desk: Any) -> None:
    """The service is asked by the address, and none of the ids that it tells says that the address is wrong."""
    desk.build(row(BIRDS, "openreview.net/forum?id=abcDEF"))
    desk.service.add(made_up(1, title=STONES), "URL:https://openreview.net/forum?id=abcDEF")
    desk.service.add(made_up(2, title=BIRDS))
    assert desk.enrich().wrong_links == 1
    assert desk.work().identifier("arxiv") == arxiv(2)
    assert [(f.kind, f.line, f.title) for f in desk.findings()] == [("wrong-link", 3, BIRDS)]


def test_the_row_of_a_wrong_link_is_found_again_by_the_right_one(desk: Any) -> None:
    keys = wrong_link(desk)
    desk.enrich()
    desk.service.log.clear()
    done = desk.enrich(LATER)
    assert desk.asked() == [[f"ARXIV:{arxiv(2)}"]]
    assert (done.found, done.wrong_links, done.requests) == (1, 0, 1)
    assert (desk.keys(), len(desk.findings())) == (keys, 1)


def test_a_paper_that_its_title_finds_again_was_renamed(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    keys = desk.keys()
    desk.service.nearest[BIRDS] = desk.service.add(made_up(1, title=WALLS, references=2))
    done = desk.enrich()
    assert (done.found, done.renamed, done.wrong_links) == (1, 1, 0)
    assert len(desk.cited()) == 2
    assert desk.keys() == keys
    details = desk.graph.show(desk.work().key)
    assert (details.work.title, details.other_titles) == (BIRDS, (WALLS,))


def test_a_renamed_paper_is_shown_with_line_and_evidence(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.nearest[BIRDS] = desk.service.add(made_up(1, title=WALLS))
    desk.enrich()
    (finding,) = desk.findings()
    assert (finding.kind, finding.line, finding.title) == ("renamed", 3, BIRDS)
    for part in (WALLS, "Semantic Scholar", DAY, f"ARXIV:{arxiv(1)}"):
        assert part in finding.message


def test_a_renamed_paper_is_known_by_both_titles_and_told_once(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.nearest[BIRDS] = desk.service.add(made_up(1, title=WALLS))
    desk.enrich()
    desk.service.log.clear()
    done = desk.enrich(LATER)
    assert (done.found, done.requests) == (1, 1)
    assert [f.kind for f in desk.findings()] == ["renamed"]
    assert desk.graph.find(WALLS) == desk.graph.find(BIRDS) == desk.work().iri


@pytest.mark.parametrize("name", ["Ann Smith", "Maarten de Rijke", "Leandro von Werra"])
def test_a_paper_of_the_same_author_was_renamed(desk: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    enriching.alone(monkeypatch, known(1, BIRDS, name, "Bob Jones"))
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, title=WALLS, authors=by(name, "Bob Jones")))
    done = desk.enrich()
    assert (done.renamed, done.wrong_links) == (1, 0)
    assert desk.graph.show(desk.work().key).other_titles == (WALLS,)


def test_a_paper_that_shares_telling_words_was_renamed_if_nobody_knows_its_authors(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, title=TWIN))
    assert desk.enrich().renamed == 1
    assert desk.work().authors
    assert desk.graph.show(desk.work().key).other_titles == (TWIN,)


def test_what_comes_of_a_work_does_not_depend_on_what_else_is_asked_for(desk: Any) -> None:
    """A run with a limit, or one that goes on where another was ended, decides like one over all."""
    title = "SmoothQuant: accurate post-training quantization of large language models"
    others = [f"Post-training quantization of large language models with {word}" for word in BIRDS.split()]
    desk.service.add(made_up(1, title="SmoothQuant: accurate quantization for language models"))
    came: set[tuple[str, ...]] = set()
    for keys in ((), ("smoothquant:1001-00001",)):
        desk.build(row(title, abs_page(1)), *(row(other, abs_page(n)) for n, other in enumerate(others, 2)))
        desk.enrich(selection=llmcomp.Selection(keys=keys))
        came |= {told for told in desk.graph.rows("inquiries") if told[3] == title}
        shutil.rmtree(desk.folder)
    assert len(came) == 1


def test_what_nothing_decides_is_not_used(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The title is found nowhere, and the authors are others."""
    enriching.alone(monkeypatch, known(1, BIRDS, "Ann Smith"))
    desk.build(row(BIRDS, abs_page(1)))
    before = desk.work()
    desk.service.add(made_up(1, title=STONES, authors=by("Zoe Zhou"), references=2))
    done = desk.enrich()
    assert (done.asked, done.found, done.not_found, done.renamed, done.wrong_links) == (1, 0, 1, 0, 1)
    assert desk.work() == before
    assert desk.cited() == []


def test_what_nothing_decides_of_a_work_that_nobody_knows_is_not_used(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    keys = desk.keys()
    desk.service.add(made_up(1, title=STONES, references=2))
    done = desk.enrich()
    assert (done.found, done.wrong_links) == (0, 1)
    assert (desk.work().authors, desk.cited(), desk.keys()) == ((), [], keys)
    assert [(f.kind, f.line) for f in desk.findings()] == [("wrong-link", 3)]


def test_a_search_that_leads_back_to_a_paper_by_others_is_no_evidence(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A title search brings what comes nearest; of a work that the service lacks it brings any paper."""
    enriching.alone(monkeypatch, known(1, BIRDS, "Ann Smith"))
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.nearest[BIRDS] = desk.service.add(made_up(1, title=STONES, authors=by("Zoe Zhou"), references=2))
    done = desk.enrich()
    assert (done.found, done.renamed) == (0, 0)
    assert (desk.cited(), desk.graph.show(desk.work().key).other_titles) == ([], ())


def test_a_paper_that_is_unknown_later_is_what_it_was_before(desk: Any) -> None:
    """No answer unsays an answer: a renamed paper keeps its id, its data and both titles."""
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.nearest[BIRDS] = desk.service.add(made_up(1, title=WALLS, references=2))
    desk.enrich()
    before = (desk.work(), desk.cited(), desk.findings())
    with enriching.Service() as forgetful:
        done = desk.enrich(LATER, url=forgetful.url)
    assert (done.asked, done.found) == (1, 0)
    assert (desk.work(), desk.cited(), desk.findings()) == before


def test_a_wrong_link_of_which_the_service_thinks_better_is_none(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    keys = desk.keys()
    for day, title, findings in ((DAY, STONES, ["wrong-link"]), (LATER, BIRDS, [])):
        desk.service.add(made_up(1, title=title, references=2))
        desk.enrich(day)
        assert (desk.keys(), [f.kind for f in desk.findings()]) == (keys, findings)
    assert (desk.work().identifier("arxiv"), len(desk.cited())) == (arxiv(1), 2)


def test_the_key_stays_when_the_id_turns_out_to_be_anothers(desk: Any) -> None:
    """What the service said of the id on an earlier day is nobody's work now, and not the key's bearer."""
    desk.build(row(BIRDS, abs_page(1)))
    keys = desk.keys()
    desk.service.add(made_up(1, title=BIRDS))
    desk.enrich()
    desk.service.add(made_up(1, title=STONES))
    desk.service.add(made_up(2, title=BIRDS))
    assert desk.enrich(LATER).wrong_links == 1
    assert (desk.work().identifier("arxiv"), desk.keys()) == (arxiv(2), keys)


def test_the_key_of_a_short_title_stays_when_its_link_leads_to_another_paper(desk: Any) -> None:
    desk.build(row("Technical Report", abs_page(1)))
    keys = desk.keys()
    desk.service.add(made_up(1, title=STONES))
    assert desk.enrich().wrong_links == 1
    assert desk.keys() == keys


@pytest.mark.parametrize("link", [abs_page(1), "x.example/paper.pdf"])
def test_a_short_title_is_not_taken_for_the_work_of_that_title_that_others_cite(desk: Any, link: str) -> None:
    desk.build(row("Technical Report", link), row(BIRDS, abs_page(2)))
    before = desk.work("Technical")
    cited = standin.made_up_reference(50, title="Technical Report", externalIds={"DOI": "10.5555/x"})
    desk.service.add(made_up(2, title=BIRDS, referenceCount=1) | {"references": [cited]})
    desk.enrich()
    assert desk.work("Technical") == before
    assert len(list(desk.graph.rows("works-outside"))) == 1


def test_a_listed_paper_to_which_a_wrong_link_leads_is_not_asked_for_again_and_again(desk: Any) -> None:
    """It gets the id that the other row has lost."""
    desk.build(row(WALLS, abs_page(1)), row(BIRDS))
    desk.service.add(made_up(1, title=BIRDS, references=2))
    desk.service.add(made_up(3, title=WALLS, references=2))
    desk.enrich()
    assert {work.title: work.identifier("arxiv") for work in desk.works()} == {BIRDS: arxiv(1), WALLS: arxiv(3)}
    assert desk.enrich(LATER).asked == 2
    assert desk.enrich(LATER).asked == 0


# -- papers that were merged there -------------------------------------------------------------------------------


def test_a_paper_that_was_merged_into_another_is_taken_under_the_new_id(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    keys = desk.keys()
    desk.service.add(made_up(2, title=BIRDS, references=2, externalIds={"DOI": "10.5555/b"}), f"ARXIV:{arxiv(1)}")
    assert desk.enrich().found == 1
    work = desk.work()
    assert (work.identifier("arxiv"), work.identifier("doi")) == (arxiv(1), "10.5555/b")
    assert work.identifier("semanticscholar") == sha(2)
    assert (desk.keys(), len(desk.cited()), desk.findings()) == (keys, 2, [])


def test_the_link_to_a_paper_that_was_merged_into_a_second_preprint_is_not_wrong(desk: Any) -> None:
    """The service knows the paper by the list's own id, whatever id it tells."""
    desk.build(row(BIRDS, abs_page(1)))
    keys = desk.keys()
    desk.service.add(made_up(2, title=BIRDS, references=2), f"ARXIV:{arxiv(1)}")
    assert desk.enrich().found == 1
    assert desk.work().identifier("arxiv") == arxiv(1)
    assert (desk.keys(), len(desk.cited()), desk.findings()) == (keys, 2, [])


@pytest.mark.parametrize("shipped", [True, False])
def test_two_papers_that_were_merged_by_mistake_stay_two(
    desk: Any, monkeypatch: pytest.MonkeyPatch, shipped: bool
) -> None:
    """Both have arXiv ids of their own and titles of their own, so neither was renamed."""
    facts = (known(1, BIRDS, "Ann Smith"), known(2, TWIN, "Ann Smith")) if shipped else ()
    enriching.alone(monkeypatch, *facts)
    desk.build(row(BIRDS, abs_page(1)), row(TWIN, abs_page(2)))
    keys = desk.keys()
    desk.service.add(made_up(1, title=BIRDS, authors=by("Ann Smith"), references=2), f"ARXIV:{arxiv(2)}")
    desk.enrich()
    assert desk.keys() == keys
    assert (len(desk.cited(BIRDS)), desk.cited(TWIN)) == (2, [])
    assert [f for f in desk.findings() if f.kind == "renamed"] == []


def test_an_id_that_changes_from_day_to_day_is_an_alias(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)))
    desk.service.add(made_up(1, title=BIRDS, references=2))
    desk.enrich()
    iri = desk.work().iri
    desk.service.add(made_up(1, title=BIRDS, references=2, paperId=sha(77)))
    desk.enrich(LATER)
    ids = {i.value for i in desk.work().identifiers if i.scheme == "semanticscholar"}
    assert (desk.work().iri, ids) == (iri, {sha(1), sha(77)})


def test_two_rows_that_are_one_paper_there_are_one_work_that_answers_to_both_keys(desk: Any) -> None:
    """Preprint and published version went by two titles in the list."""
    desk.build(row(BIRDS, abs_page(1)), row(WALLS, "openreview.net/forum?id=abc", venue="ICLR 2023"))
    keys = desk.keys()
    paper = desk.service.add(made_up(1, title=WALLS, references=2), "URL:https://openreview.net/forum?id=abc")
    desk.service.nearest[BIRDS] = paper
    done = desk.enrich()
    assert (done.asked, done.found, done.renamed) == (2, 2, 1)
    work = desk.work()
    assert {desk.graph.find(key) for key in keys.values()} == {work.iri}
    assert sorted([work.key, *work.former_keys]) == sorted(keys.values())
    assert (work.identifier("arxiv"), work.identifier("openreview")) == (arxiv(1), "abc")
    assert work.venue is not None
    assert work.venue.acronym == "ICLR 2023"
    assert len(desk.cited()) == 2


def test_a_list_that_prints_a_paper_twice_asks_for_it_once(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), row(BIRDS, abs_page(1), venue="ICLR 2023"))
    desk.service.add(made_up(1, title=BIRDS))
    assert desk.enrich().asked == 1
    assert desk.asked() == [[f"ARXIV:{arxiv(1)}"]]


# -- which works are due -----------------------------------------------------------------------------------------


def three(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), row(STONES, abs_page(2)), row(WALLS, abs_page(3)))
    for n, title in ((1, BIRDS), (2, STONES)):  # the third is unknown there
        desk.service.add(made_up(n, title=title, references=1))


def test_a_limit_leaves_the_rest_and_the_next_run_goes_on(desk: Any) -> None:
    three(desk)
    runs = [desk.enrich(limit=2) for _ in range(3)]
    assert [(run.asked, run.left) for run in runs] == [(2, 1), (1, 0), (0, 0)]
    asked = [name for ids in desk.asked() for name in ids]
    assert sorted(asked) == [f"ARXIV:{arxiv(n)}" for n in (1, 2, 3)]


def test_only_selected_works_are_asked_for(desk: Any) -> None:
    three(desk)
    keys = tuple(desk.keys()[title] for title in (STONES, WALLS))
    done = desk.enrich(selection=llmcomp.Selection(keys=keys))
    assert (done.asked, done.left) == (2, 0)
    assert desk.work(BIRDS).authors == ()
    assert desk.enrich().asked == 1


def test_tools_are_not_asked_for(desk: Any) -> None:
    desk.build(row(BIRDS, abs_page(1)), "\n## Tools\n\n- Tool [[Code]](https://github.com/made-up/tool)\n")
    assert desk.enrich().asked == 1
    assert desk.enrich(selection=llmcomp.Selection(categories=("tools",))).asked == 0


@pytest.fixture(scope="module")
def asked_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Three works that were asked for on DAY, one of them unknown there, and two of them asked for why they cite."""
    with pytest.MonkeyPatch.context() as monkeypatch, enriching.Service() as service:
        enriching.alone(monkeypatch)
        desk = enriching.Desk(tmp_path_factory.mktemp("due"), service)
        three(desk)
        desk.enrich(intents=True, selection=llmcomp.Selection(keys=("counting:1001-00001", "painting:1001-00003")))
        desk.enrich()
        yield desk


def due_on(desk: Any, day: str, **options: Any) -> list[str]:
    """The titles of the works that are due on a day."""
    options = {"max_age": MAX_AGE, "refresh": False, "intents": False, **options}
    return [work.titles[0] for work in due(desk.graph, llmcomp.Selection(), today=date.fromisoformat(day), **options)]


@pytest.mark.parametrize(
    ("max_age", "days", "works"),
    [
        (MAX_AGE, 0, 0),
        (MAX_AGE, 1, 0),
        (MAX_AGE, MAX_AGE, 0),
        (MAX_AGE, MAX_AGE + 1, 3),
        (MAX_AGE, 365, 3),
        (0, 0, 0),
        (0, 1, 3),
        (7, 7, 0),
        (7, 8, 3),
        (36_500, 365, 0),
        (10_000_000, 365, 0),
        (MAX_AGE, -1, 0),
        (0, -400, 0),
    ],
)
def test_works_are_due_when_they_were_asked_for_longer_ago_than_max_age(
    asked_once: Any, max_age: int, days: int, works: int
) -> None:
    """Unknown ones no sooner than others, and a clock that went back makes none due."""
    assert len(due_on(asked_once, later(days), max_age=max_age)) == works


def test_refresh_makes_all_due(asked_once: Any) -> None:
    assert len(due_on(asked_once, DAY, refresh=True)) == 3


def test_works_of_which_intents_were_not_asked_are_due_for_them(asked_once: Any) -> None:
    assert due_on(asked_once, DAY, intents=True) == [STONES]


def test_what_was_asked_longest_ago_comes_first(desk: Any) -> None:
    three(desk)
    for day, title in ((later(2), BIRDS), (later(1), STONES), (later(3), WALLS)):
        desk.enrich(day, selection=llmcomp.Selection(keys=(desk.keys()[title],)))
    desk.service.log.clear()
    desk.enrich(LATER)
    assert desk.asked() == [[f"ARXIV:{arxiv(n)}" for n in (2, 1, 3)]]


def test_nothing_due_makes_no_request_and_leaves_the_graph(desk: Any) -> None:
    three(desk)
    desk.enrich()
    desk.service.log.clear()
    store = (desk.folder / "current").read_text()
    done = desk.enrich()
    assert (done.asked, done.left, done.requests, desk.service.log) == (0, 0, 0, [])
    assert (desk.folder / "current").read_text() == store


@pytest.mark.parametrize("link", [abs_page(1), "openreview.net/forum?id=abc", "x.example/paper.pdf"])
def test_intents_are_asked_for_once(desk: Any, link: str) -> None:
    """Also of a work that got its arXiv id, and with it another IRI, from the first answer of the day."""
    desk.build(row(BIRDS, link))
    desk.service.add(made_up(1, title=BIRDS, references=2), "URL:https://openreview.net/forum?id=abc")
    runs = [desk.enrich(intents=intents).asked for intents in (False, False, True, True, False)]
    assert runs == [1, 0, 1, 0, 0]
