"""Where a work was published: whom to believe, which year, which page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llmcomp.kg.facts import PaperFacts
from llmcomp.kg.groups import Group, Row
from llmcomp.kg.identifiers import identify, normalise
from llmcomp.kg.model import Entry, Identifier, Link, Scheme
from llmcomp.kg.publication import Publication, paper_link, publication
from llmcomp.kg.venues import VenueTable

TABLE = VenueTable.load()
TITLE = "GPTQ: Accurate Post-Training Quantization"
ICLR = "International Conference on Learning Representations"
EMNLP = "Conference on Empirical Methods in Natural Language Processing"
POSTED = Identifier("arxiv", "2210.17323")


def named(scheme: Scheme, value: str) -> Identifier:
    found = normalise(scheme, value)
    assert found is not None
    return found


def fact(venue: str, **more: object) -> PaperFacts:
    """What an official source says."""
    return replace(PaperFacts((TITLE,), venue=venue), **more)


def told(venue: str, year: int | None = None, asked: str = "2026-11-20", **more: object) -> PaperFacts:
    """What Semantic Scholar says."""
    return replace(PaperFacts((TITLE,), venue=venue, year=year, asked=asked), **more)


def row(venue: str = "", *urls: str, label: str = "Paper") -> Row:
    links = tuple(Link(label, url, identify(url)) for url in urls)
    return Row(0, Entry(3, 1, "Quantization", "paper", TITLE, venue, links))


def published(*claims: PaperFacts | Row | Identifier) -> Publication | None:
    """Where a work of these claims was published; newest answers first."""
    group = Group(
        identifiers=dict.fromkeys(claim for claim in claims if isinstance(claim, Identifier)),
        facts=[claim for claim in claims if isinstance(claim, PaperFacts)],
        rows=[claim for claim in claims if isinstance(claim, Row)],
    )
    understood = {row.entry.venue: TABLE.parse(row.entry.venue) for row in group.rows}
    return publication(group, tuple(group.identifiers), understood, TABLE)


def where(*claims: PaperFacts | Row | Identifier) -> str:
    """The venue of a work in short, an empty string for a preprint."""
    found = published(*claims)
    return found.venue.iri.rpartition("/venue/")[2] if found else ""


# -- a publication over a preprint -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        (),
        (row("Arxiv 2023"),),
        (row(""),),
        (fact("arXiv"),),
        (told("arXiv.org", 2022),),
        (told("ArXiv", 2022, venue_kind="journal"),),
        (told("", 2022, venue_kind="conference"),),
        (told("12", 2022, venue_kind="journal"),),
        (row("A venue that nobody knows"),),
        (fact("A venue that nobody knows"),),
        (POSTED, named("doi", "10.5555/x")),
    ],
)
def test_a_preprint(claims: tuple[PaperFacts | Row | Identifier, ...]) -> None:
    assert published(*claims) is None


@pytest.mark.parametrize("preprint", ["arXiv.org", "ArXiv", "CoRR", "", "bioRxiv", "SSRN Electronic Journal"])
@pytest.mark.parametrize("real", [row("ICML 2023"), fact("ICML 2023"), named("dblp", "conf/icml/FrantarAHA23")])
def test_a_place_of_preprints_never_overrules_a_venue(real: PaperFacts | Row | Identifier, preprint: str) -> None:
    assert where(told(preprint, 2024), real) == "icml/2023"


def test_a_preprint_in_facts_does_not_unsay_the_list() -> None:
    assert where(fact("arXiv"), row("ICLR 2023")) == "iclr/2023"


def test_a_preprint_of_a_newer_day_does_not_unsay_the_venue_of_an_older() -> None:
    assert where(told("arXiv.org", 2022, "2026-11-20"), told(ICLR, 2023, "2026-01-01"), POSTED) == "iclr/2023"


# -- whom to believe ---------------------------------------------------------------------------------------------


def test_an_official_source_over_the_list() -> None:
    assert where(fact("ICML 2023"), row("ICLR 2023")) == "icml/2023"


def test_the_id_that_a_publisher_gave_over_an_official_string() -> None:
    assert where(named("acl", "2023.emnlp-main.1"), fact("ACL 2023"), row("ICLR 2023")) == "emnlp/2023"


def test_an_official_string_over_another_id() -> None:
    assert where(named("dblp", "conf/icml/Frantar23"), fact("ICLR 2023")) == "iclr/2023"


def test_an_id_over_the_list() -> None:
    assert where(named("dblp", "conf/icml/Frantar23"), row("ICLR 2023")) == "icml/2023"


def test_the_list_over_semantic_scholar() -> None:
    assert where(told("International Conference on Machine Learning", 2023), row("ICLR 2023")) == "iclr/2023"


def test_semantic_scholar_over_nothing() -> None:
    assert where(told(ICLR, 2023), row("Arxiv 2022"), POSTED) == "iclr/2023"


def test_semantic_scholar_calls_a_workshop_by_the_meeting_and_is_not_believed() -> None:
    assert where(told(ICLR, 2023), row("ICLR 2023 TinyPapers"), POSTED) == "iclr/2023/track/tiny-papers"
    assert where(told(ICLR, 2023), row("ICLR 2023 Workshop"), POSTED) == "iclr/2023/workshop"


def test_an_official_word_on_a_workshop_does_not_unsay_the_conference_of_the_list() -> None:
    assert where(fact("ICLR 2023 Workshop"), row("ICLR 2023")) == "iclr/2023"


def test_of_two_rows_the_later_meeting_stands() -> None:
    assert where(row("ICLR 2023"), row("ICML 2024")) == where(row("ICML 2024"), row("ICLR 2023")) == "icml/2024"


def test_a_venue_of_no_year_takes_it_from_another_source_of_the_same_meeting() -> None:
    assert where(fact("ICLR"), row("ICLR 2023")) == "iclr/2023"
    assert where(fact("ICLR"), row("ICML 2023")) == "iclr/undated"


@pytest.mark.parametrize("exact", [fact("EMNLP Findings 2023"), row("EMNLP Findings 2023")])
def test_the_meeting_does_not_unsay_its_findings(exact: PaperFacts | Row) -> None:
    assert where(fact("EMNLP 2023"), exact) == "emnlp/2023/findings"
    assert where(told(EMNLP, 2023), exact, POSTED) == "emnlp/2023/findings"


def test_the_findings_of_another_year_or_meeting_are_not_more_exact() -> None:
    assert where(fact("EMNLP 2023"), row("EMNLP Findings 2022")) == "emnlp/2023"
    assert where(fact("EMNLP 2023"), row("ACL Findings 2023")) == "emnlp/2023"


def test_the_newest_answer_of_semantic_scholar_stands() -> None:
    """It names a venue anew when it was wrong, so its older word is not held against it."""
    icml = "International Conference on Machine Learning"
    old, new = "2026-01-01", "2026-11-20"
    assert where(told(ICLR, 2023, new), told(icml, 2023, old), POSTED) == "iclr/2023"
    assert where(told(icml, 2023, new), told(ICLR, 2023, old), POSTED) == "icml/2023"
    assert where(told(ICLR, 2024, new), told(ICLR, 2023, old), POSTED) == "iclr/2024"


# -- the year ----------------------------------------------------------------------------------------------------


def year(*claims: PaperFacts | Row | Identifier) -> int | None:
    found = published(*claims)
    assert found is not None
    return found.year


@pytest.mark.parametrize(
    ("told_year", "date", "stands"),
    [
        (2023, "2023-05-01", 2023),
        (2023, "2022-10-31", 2023),
        (2023, "", 2023),
        (2022, "2022-10-31", None),
        (2022, "2022-10-01", None),
        (2022, "2022-11-01", 2022),
        (2022, "2022-12-07", 2022),
        (2022, "", None),
        (2021, "2021-12-01", None),
        (2022, "2023-05-01", None),
        (None, "2023-05-01", None),
    ],
)
def test_a_year_that_may_be_the_preprints_is_not_the_proceedings(
    told_year: int | None, date: str, stands: int | None
) -> None:
    """The preprint was posted in October 2022; only a year after that, or a later month of it, is the venue's."""
    assert year(told(ICLR, told_year, date=date), POSTED) == stands


def test_without_a_preprint_the_year_can_only_be_the_venues() -> None:
    assert year(told(ICLR, 2023)) == 2023


@pytest.mark.parametrize("said", [2021, 2022, 2024])
def test_the_year_of_the_list_is_not_overruled(said: int) -> None:
    assert year(told(ICLR, said), row("ICLR 2023"), POSTED) == 2023


@pytest.mark.parametrize(("said", "stands"), [(2023, 2023), (2022, None)])
def test_a_list_that_tells_no_year_takes_it_from_semantic_scholar(said: int, stands: int | None) -> None:
    assert year(told(ICLR, said, date="2022-10-31"), row("ICLR"), POSTED) == stands


def test_a_year_that_the_venue_itself_prints_is_the_venues() -> None:
    printed = "2022 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)"
    assert year(told(printed, 2022, date="2022-10-31"), POSTED) == 2022


def test_the_year_of_another_venue_is_not_taken() -> None:
    assert year(told("International Conference on Machine Learning", 2024), row("ICLR"), POSTED) is None


def test_the_year_beside_an_official_venue_stands_in() -> None:
    assert year(fact("ICLR", year=2023)) == 2023
    assert year(fact("ICLR 2024", year=2023)) == 2024


# -- what stands beside the venue --------------------------------------------------------------------------------


def test_volume_and_pages_of_a_journal() -> None:
    found = published(fact("Transactions on Machine Learning Research", year=2023, volume="7", pages="1-30"))
    assert found is not None
    assert (found.venue.kind, found.volume, found.pages) == ("journal", "7", "1-30")


def test_a_conference_has_pages_and_no_volume_of_the_paper() -> None:
    found = published(fact("ICLR 2023", volume="abs/1", pages="1-30"))
    assert found is not None
    assert (found.volume, found.pages) == ("", "1-30")


def test_pages_are_filled_in_by_semantic_scholar_for_the_venue_that_stands() -> None:
    same = published(fact("ICLR 2023"), told(ICLR, 2023, pages="5-9"), POSTED)
    other = published(fact("ICML 2023"), told(ICLR, 2023, pages="5-9"), POSTED)
    assert same is not None
    assert other is not None
    assert (same.pages, other.pages) == ("5-9", "")


def test_pages_of_an_official_source_are_not_overruled() -> None:
    found = published(fact("ICLR 2023", pages="1-30"), told(ICLR, 2023, pages="5-9"), POSTED)
    assert found is not None
    assert found.pages == "1-30"


def test_an_award_of_any_source_is_kept() -> None:
    found = published(fact("ICLR 2023"), row("ICLR 2023 (Oral)"))
    assert found is not None
    assert found.award == "Oral"


# -- the page to cite --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("venue", "identifiers", "url"),
    [
        ("ICLR 2023", (POSTED,), "https://arxiv.org/abs/2210.17323"),
        ("ICLR 2023", (POSTED, named("openreview", "tcbBPnfwxS")), "https://openreview.net/forum?id=tcbBPnfwxS"),
        ("ICLR 2023", (POSTED, named("doi", "10.5555/x")), "https://doi.org/10.5555/x"),
        ("EMNLP 2023", (POSTED, named("acl", "2023.emnlp-main.1")), "https://aclanthology.org/2023.emnlp-main.1"),
        (
            "EMNLP 2023",
            (POSTED, named("openreview", "abc"), named("acl", "2023.emnlp-main.1")),
            "https://aclanthology.org/2023.emnlp-main.1",
        ),
        ("EMNLP 2023", (POSTED, named("openreview", "abc")), "https://arxiv.org/abs/2210.17323"),
        ("EMNLP 2023", (POSTED, named("doi", "10.18653/v1/x")), "https://doi.org/10.18653/v1/x"),
        ("ICLR 2023", (named("doi", "10.5555/x"),), "https://doi.org/10.5555/x"),
    ],
)
def test_the_page_is_that_of_the_published_version(venue: str, identifiers: tuple[Identifier, ...], url: str) -> None:
    found = published(fact(venue), *identifiers)
    assert found is not None
    assert found.url == url


def test_without_an_id_the_page_is_the_one_that_the_list_links() -> None:
    code = row("ICLR 2023", "https://x.example/code", label="Code")
    paper = row("ICLR 2023", "https://x.example/paper.pdf")
    for rows, url in (((code, paper), "https://x.example/paper.pdf"), ((code,), "https://x.example/code"), ((), "")):
        assert paper_link(Group(rows=list(rows))) == url
    found = published(code, paper)
    assert found is not None
    assert found.url == "https://x.example/paper.pdf"


# -- venues that the table does not know -------------------------------------------------------------------------

FOO = "Journal of Foo and Bar"


def test_a_journal_that_nobody_knows_is_called_as_it_is_printed() -> None:
    found = published(told(FOO, 2023, venue_kind="journal", volume="12", pages="1-9"), row("Arxiv 2022"), POSTED)
    assert found is not None
    assert (found.venue.title, found.venue.kind, found.year) == (FOO, "journal", 2023)
    assert (found.volume, found.pages, found.url) == ("12", "1-9", "https://arxiv.org/abs/2210.17323")


def test_a_meeting_that_nobody_knows_has_no_volume_of_the_paper() -> None:
    found = published(told("Conference on Foo (FooConf)", 2023, venue_kind="conference", volume="12", pages="1-9"))
    assert found is not None
    assert found.venue.title == "Proceedings of the Conference on Foo (FooConf)"
    assert (found.venue.acronym, found.volume, found.pages) == ("FooConf 2023", "", "1-9")


@pytest.mark.parametrize("kind", ["", "preprint", "book"])
def test_a_venue_of_no_kind_is_none(kind: str) -> None:
    assert published(told(FOO, 2023, venue_kind=kind)) is None


@pytest.mark.parametrize("real", [row("ICLR 2023"), fact("ICLR 2023"), told(ICLR, 2023, "2026-01-01")])
def test_a_venue_that_the_table_knows_goes_before(real: PaperFacts | Row) -> None:
    assert where(told(FOO, 2023, venue_kind="journal"), real, POSTED) == "iclr/2023"


def test_only_a_service_may_name_a_venue_that_nobody_knows() -> None:
    assert published(fact(FOO, venue_kind="journal", year=2023)) is None


@pytest.mark.parametrize(
    ("said", "date", "stands"), [(2023, "", 2023), (2022, "2022-10-31", None), (2022, "2022-12-01", 2022)]
)
def test_the_year_of_a_venue_that_nobody_knows_may_not_be_the_preprints(
    said: int, date: str, stands: int | None
) -> None:
    assert year(told(FOO, said, venue_kind="journal", date=date), POSTED) == stands


def test_the_newest_answer_names_the_venue_that_nobody_knows() -> None:
    newest = told("Journal of Bar", 2023, "2026-11-20", venue_kind="journal")
    assert where(newest, told(FOO, 2023, "2026-01-01", venue_kind="journal"), POSTED) == "journal-of-bar/2023"


def test_an_empty_answer_of_a_newer_day_does_not_unsay_an_older() -> None:
    newest = told("arXiv.org", 2022, "2026-11-20", venue_kind="journal")
    assert where(newest, told(FOO, 2023, "2026-01-01", venue_kind="journal"), POSTED) == "journal-of-foo-and-bar/2023"
