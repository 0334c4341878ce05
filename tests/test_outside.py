"""Works that fetched reference lists alone name: which items are one work, and what is claimed of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmcomp.kg import iris
from llmcomp.kg.facts import Reference, ReferenceList
from llmcomp.kg.matching import Linked, link
from llmcomp.kg.model import Entry, Identifier, Link, Reading
from llmcomp.kg.outside import Outside
from llmcomp.kg.resolution import Resolution
from llmcomp.kg.resolve import resolve
from llmcomp.kg.source_graphs import cited_work
from llmcomp.kg.venues import VenueTable

DAY = "2026-11-20"
ATTENTION = "Attention Is All You Need"
TABLE = VenueTable.load()


def arxiv(number: int) -> Identifier:
    return Identifier("arxiv", f"2301.{number:05d}")


def doi(name: str) -> Identifier:
    return Identifier("doi", f"10.5555/{name}")


def there(number: int) -> Identifier:
    """The service's own id."""
    return Identifier("semanticscholar", f"{number:040x}")


def item(title: str, *identifiers: Identifier, author: str = "", year: int | None = None) -> Reference:
    return Reference(title, author, year, identifiers)


def numbers(*items: Reference) -> list[int]:
    """The numbers of the works that items name, one after the other."""
    works = Outside()
    return [works.place(one, DAY) for one in items]


# -- which items are one work ------------------------------------------------------------------------------------


def test_works_are_numbered_in_the_order_in_which_they_were_first_named() -> None:
    works = Outside()
    named = [item("The first of the works outside"), item("The second of the works outside")]
    assert [works.place(one, DAY) for one in (*named, *named)] == [0, 1, 0, 1]
    assert len(works) == 2


@pytest.mark.parametrize("identifier", [arxiv(1), doi("x"), there(1), Identifier("acl", "2023.acl-long.1")])
def test_one_identifier_is_one_work_whatever_the_titles_are(identifier: Identifier) -> None:
    assert numbers(item(ATTENTION, identifier), item("Transformers as they were first called", identifier)) == [0, 0]


@pytest.mark.parametrize(
    "title",
    [
        "Attention is all you need.",
        "{Attention} is All you Need",
        "ATTENTION  IS ALL YOU NEED",
        "Áttention—is all you need",
    ],
)
def test_one_title_is_one_work_however_it_is_printed(title: str) -> None:
    assert numbers(item(ATTENTION), item(title)) == [0, 0]


@pytest.mark.parametrize(
    "title", ["Attention Is All You Want", "Attention Is All We Need", "Is Attention All You Need"]
)
def test_a_title_that_is_only_alike_is_another_work(title: str) -> None:
    assert numbers(item(ATTENTION), item(title)) == [0, 1]


def test_titles_in_other_letters_are_told_apart() -> None:
    assert numbers(item("大 模 型 压 缩"), item("小 模 型 压 缩"), item("大 模 型 压 缩")) == [0, 1, 0]


def test_one_title_under_two_arxiv_ids_is_two_works() -> None:
    assert numbers(item(ATTENTION, arxiv(1)), item(ATTENTION, arxiv(2)), item(ATTENTION, arxiv(1))) == [0, 1, 0]


def test_a_title_without_id_is_the_first_work_of_that_title() -> None:
    assert numbers(item(ATTENTION, arxiv(1)), item(ATTENTION, arxiv(2)), item(ATTENTION)) == [0, 1, 0]
    assert numbers(item(ATTENTION), item(ATTENTION, arxiv(1)), item(ATTENTION, arxiv(2))) == [0, 0, 1]


def test_preprint_and_proceedings_of_one_title_are_one_work_with_both_ids() -> None:
    works = Outside()
    works.place(item(ATTENTION, arxiv(1)), DAY)
    works.place(item(ATTENTION, doi("x")), DAY)
    assert len(works) == 1
    assert set(works.group(0).identifiers) == {arxiv(1), doi("x")}


def test_an_item_that_bears_the_ids_of_two_works_is_the_first_of_them() -> None:
    works = Outside()
    for one in (item("The first of them in print", doi("a")), item("The second of them in print", doi("b"))):
        works.place(one, DAY)
    assert works.place(item("Another title that they go by", doi("a"), doi("b")), DAY) == 0
    assert list(works.group(0).identifiers) == [doi("a")]
    assert list(works.group(1).identifiers) == [doi("b")]


# -- short titles ------------------------------------------------------------------------------------------------


def test_a_short_title_by_one_author_is_one_work_however_the_name_is_printed() -> None:
    one = [item("Technical Report", author=name) for name in ("Ashish Vaswani", "A. Vaswani", "Vaswani, A.")]
    assert numbers(*one) == [0, 0, 0]


def test_a_short_title_by_two_authors_is_two_works() -> None:
    assert numbers(item("Technical Report", author="A. Smith"), item("Technical Report", author="B. Jones")) == [0, 1]


def test_a_short_title_without_author_is_not_taken_for_one_with() -> None:
    assert numbers(item("Technical Report", author="A. Smith"), item("Technical Report")) == [0, 1]


@pytest.mark.parametrize("second", [doi("b"), Identifier("acl", "2023.acl-long.1")])
def test_a_short_title_without_author_under_two_ids_is_two_works(second: Identifier) -> None:
    """A short title names nobody without its first author, and the ids tell the two apart."""
    assert numbers(item("Technical Report", doi("a")), item("Technical Report", second)) == [0, 1]


def test_a_short_title_alone_tells_no_two_works_apart() -> None:
    """Both are known by their title, so they have one IRI."""
    assert numbers(item("Technical Report"), item("Technical report.")) == [0, 0]


# -- what is claimed of a work -----------------------------------------------------------------------------------


def test_all_printings_are_claims_of_the_work() -> None:
    works = Outside()
    printed = [item(ATTENTION, author="A. Vaswani", year=2017), item("Attention is all you need", doi("x"), year=2018)]
    for one in printed:
        works.place(one, DAY)
    group = works.group(0)
    assert group.cited == printed
    assert list(group.titles.values()) == [ATTENTION]
    assert (group.rows, group.facts) == ([], [])


def test_why_it_is_cited_is_the_citations_and_not_the_works() -> None:
    works = Outside()
    plain = item(ATTENTION, arxiv(1))
    works.place(replace(plain, intents=("background",), influential=True), DAY)
    works.place(replace(plain, intents=("methodology",), influential=False), DAY)
    assert works.group(0).cited == [plain, plain]


def test_equal_printings_are_held_once() -> None:
    works = Outside()
    for _ in range(3):
        works.place(Reference(ATTENTION, "A. Vaswani", 2017, (arxiv(1),)), DAY)
    first, *others = works.group(0).cited
    assert all(one is first for one in others)
    assert len(others) == 2


def test_the_days_are_those_on_which_somebody_named_it() -> None:
    works = Outside()
    for day in (DAY, "2026-01-01", DAY):
        works.place(item(ATTENTION), day)
    works.place(item("Another work of many words"), "2025-01-01")
    assert works.group(0).days == {DAY, "2026-01-01"}
    assert works.group(1).days == {"2025-01-01"}


def test_a_work_is_spoken_of_under_each_iri_that_its_printings_give() -> None:
    works = Outside()
    works.place(item(ATTENTION), DAY)
    works.place(item(ATTENTION, doi("x")), DAY)
    assert works.group(0).spoken_of == {iris.title_work(ATTENTION), iris.identifier_work(doi("x"))}


def test_the_services_own_id_is_kept_where_there_is_no_other() -> None:
    works = Outside()
    works.place(item(ATTENTION, there(1)), DAY)
    assert list(works.group(0).identifiers) == [there(1)]


def test_groups_are_made_anew_each_time() -> None:
    works = Outside()
    works.place(item(ATTENTION, arxiv(1)), DAY)
    works.group(0).identifiers.clear()
    works.group(0).cited.clear()
    assert list(works.group(0).identifiers) == [arxiv(1)]
    assert len(works.group(0).cited) == 1


# -- beside what is listed ---------------------------------------------------------------------------------------


def listed(*items: Reference, day: str = DAY) -> ReferenceList:
    """The list of a paper that nobody else speaks of."""
    return ReferenceList(arxiv(90_000), "A paper that cites many others", True, "Semantic Scholar", items, day)


def linked(*items: Reference, rows: tuple[Entry, ...] = ()) -> Linked:
    return link([], [Reading("list.md", rows)], [], [listed(*items)])


def row(title: str, number: int) -> Entry:
    address = f"https://arxiv.org/abs/{arxiv(number).value}"
    return Entry(1, 1, "Quantization", "paper", title, "Arxiv 2023", (Link("Paper", address, arxiv(number)),))


@pytest.mark.parametrize(
    ("cited", "outside"),
    [
        (item("Whatever the service calls it", arxiv(1)), 0),
        (item(ATTENTION.upper()), 0),
        (item("Attention Is All You Nee d"), 0),
        (item(ATTENTION, doi("x")), 0),
        (item(ATTENTION, arxiv(2)), 1),
        (item("Attention Is All You Want", doi("x")), 1),
        (item("", doi("x")), 1),
        (item(""), 0),
    ],
    ids=[
        "by id",
        "by title",
        "split word",
        "title and new id",
        "another arXiv id",
        "another title",
        "no title",
        "nothing",
    ],
)
def test_what_is_listed_is_not_outside(cited: Reference, outside: int) -> None:
    found = linked(cited, rows=(row(ATTENTION, 1),))
    assert len(found.outside) == outside


def test_a_printed_reference_is_not_outside() -> None:
    """Shipped lists are held against each other like any source; those that a service told may be too many."""
    assert len(link([], [], [listed(item(ATTENTION), day="")]).outside) == 0


def test_the_item_of_a_list_keeps_its_place_though_one_before_it_names_nothing() -> None:
    (citing,) = linked(item(""), item(ATTENTION), item("Another work of many words")).lists
    assert citing.cited == (None, 0, 1)


# -- whatever the lists say --------------------------------------------------------------------------------------

THERE = (
    item(ATTENTION, arxiv(1), there(1), author="A. Vaswani"),
    item(ATTENTION, arxiv(2), there(2), author="B. Jones"),
    item("A second title of many words", doi("a"), there(3)),
    item("A second title of many words", doi("b"), there(4), author="C. Brown"),
    item("Report", there(5), author="A. Smith"),
    item("大 模 型 压 缩", there(6)),
)
"""Papers as the service knows them: each has one title and its own id."""
untold = st.builds(
    item,
    st.sampled_from([ATTENTION, "A second title of many words", "Report", "大 模 型 压 缩"]),
    author=st.sampled_from(["", "A. Smith", "Vaswani, Ashish"]),
)
lists = st.lists(st.lists(st.one_of(st.sampled_from(THERE), untold), max_size=6), max_size=4)


def resolved(told: list[list[Reference]]) -> Resolution:
    citing = [
        ReferenceList(
            arxiv(90_000 + n), f"Citing paper number {n} of many", True, "Semantic Scholar", tuple(items), DAY
        )
        for n, items in enumerate(told)
    ]
    return resolve(link([], [], [], citing), [], TABLE)


@settings(max_examples=200)
@given(lists)
def test_no_two_works_have_one_iri_or_share_an_identifier(told: list[list[Reference]]) -> None:
    resolution = resolved(told)
    works = [*resolution.works, *resolution.outside]
    assert len({work.iri for work in works}) == len(works)
    borne = [identifier for work in works for identifier in work.identifiers]
    assert len(set(borne)) == len(borne)


@settings(max_examples=200)
@given(lists)
def test_every_item_is_one_claim_of_one_work(told: list[list[Reference]]) -> None:
    works = Outside()
    items = [one for items in told for one in items]
    placed = [works.place(one, DAY) for one in items]
    assert [works.place(one, DAY) for one in items] == placed
    groups = [works.group(n) for n in range(len(works))]
    assert sum(len(group.cited) for group in groups) == 2 * len(items)
    for number, one in zip(placed, items, strict=True):
        assert one.title in {printed.title for printed in groups[number].cited}
        assert cited_work(one) in groups[number].spoken_of


@settings(max_examples=200)
@given(lists)
def test_every_item_that_has_a_title_is_cited(told: list[list[Reference]]) -> None:
    resolution = resolved(told)
    outside = [work.iri for work in resolution.outside]
    cited = {cites.cited for cites in resolution.citations(outside)}
    assert cited == set(outside)
