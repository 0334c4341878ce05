"""Semantic Scholar as it really answers: the adapter and the real package against a stand-in on loopback."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import standin
from hypothesis import given
from hypothesis import strategies as st

from llmcomp.kg import scholar_wire
from llmcomp.kg.errors import OutsideError, ServiceRefused, ServiceUnavailable, UsageError
from llmcomp.kg.model import Identifier
from llmcomp.kg.pacing import BACKOFF, TRIES, Pacer, Wait, full_jitter
from llmcomp.kg.scholar import Scholar, batch_size
from llmcomp.kg.scholar_records import (
    ReferenceList,
    ScholarAuthor,
    ScholarJournal,
    ScholarPaper,
    ScholarReference,
    ScholarVenue,
    read_edge,
    read_paper,
    service_id,
)

answer, made_up, arxiv, sha = standin.answer, standin.made_up, standin.arxiv, standin.sha

KEY = "s2k-1b9dUqXvNOTREAL"


@pytest.fixture
def time() -> standin.Time:
    return standin.Time()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """Keep loopback off the proxy that a machine may have set."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def service(time) -> Iterator[Any]:
    with standin.StandIn(clock=time) as running:
        yield running


@pytest.fixture
def ask(service, time) -> Iterator[Callable[..., Scholar]]:
    """Make an adapter on the stand-in; waits are the longest that may be."""
    made: list[Scholar] = []

    def make(api_key: str | None = KEY, api_url: str | None = None, on_wait=None, jitter=lambda most: most) -> Scholar:
        made.append(Scholar(api_key, api_url or service.url, on_wait, time, time.sleep, jitter))
        return made[-1]

    yield make
    for scholar in made:
        scholar.close()


@pytest.fixture
def scholar(ask) -> Scholar:
    return ask()


def refusal(call: Callable[[], object], kind: type[OutsideError] = ServiceRefused) -> str:
    with pytest.raises(kind) as raised:
        call()
    assert raised.value.exit_code == 3
    assert isinstance(raised.value, OutsideError)
    return str(raised.value)


# -- what is asked, and what comes of it ------------------------------------------------------------------------


def test_a_paper_with_all_that_is_told(service, scholar):
    service.add(
        made_up(
            7,
            title="GPTQ:\u00a0Accurate  Quantization",
            year=2023,
            publicationDate="2022-10-31",
            venue="International Conference on Learning Representations",
            publicationVenue={"id": "v1", "name": "ICLR", "type": "conference", "issn": "1"},
            journal={"name": "ArXiv", "volume": "abs/2210.17323", "pages": "\n  1-12"},
            externalIds={
                "ArXiv": "2210.17323",
                "DOI": "10.48550/arXiv.2210.17323",
                "DBLP": "conf/iclr/FrantarAHA23",
                "ACL": "2023.ACL-long.1",
                "MAG": "1",
                "CorpusId": 253237200,
            },
            authors=[{"authorId": "1502248377", "name": "Elias Frantar"}, {"authorId": None, "name": "D. Alistarh"}],
            publicationTypes=["JournalArticle", "Conference"],
        )
    )
    assert scholar.paper("ARXIV:2210.17323") == ScholarPaper(
        paper_id=sha(7),
        title="GPTQ: Accurate Quantization",
        corpus_id=7,
        year=2023,
        date="2022-10-31",
        venue="International Conference on Learning Representations",
        publication_venue=ScholarVenue("ICLR", "conference", "v1"),
        journal=ScholarJournal("ArXiv", "abs/2210.17323", "1-12"),
        authors=(ScholarAuthor("Elias Frantar", "1502248377"), ScholarAuthor("D. Alistarh")),
        identifiers=(
            Identifier("acl", "2023.acl-long.1"),
            Identifier("arxiv", "2210.17323"),
            Identifier("dblp", "conf/iclr/FrantarAHA23"),
        ),
        citation_count=70,
        influential_count=7,
        reference_count=0,
        open_access_url=f"https://arxiv.org/pdf/{arxiv(7)}",
        publication_types=("JournalArticle", "Conference"),
    )


def test_a_batch_is_aligned_with_its_ids(service, scholar):
    for n in (1, 2, 3):
        service.add(made_up(n))
    ids = [f"ARXIV:{arxiv(3)}", "ARXIV:2001.99999", f"ARXIV:{arxiv(1)}", sha(2)]
    assert [paper and paper.paper_id for paper in scholar.batch(ids)] == [sha(3), None, sha(1), sha(2)]
    (seen,) = service.log
    assert (seen.method, seen.path, seen.body) == ("POST", "/graph/v1/paper/batch", {"ids": ids})


def test_references_in_a_batch(service, scholar):
    service.add(made_up(1, references=2))
    (paper,) = scholar.batch([sha(1)], references=True)
    assert paper.references == (
        ScholarReference(
            paper_id=sha(1_000_001),
            title="Made-up paper number 1000001",
            year=2001,
            authors=(ScholarAuthor("A. Author1000001", "1000001"), ScholarAuthor("B. Other")),
            corpus_id=1_000_001,
            identifiers=(Identifier("doi", "10.5555/made.up.1000001"),),
        ),
        paper.references[1],
    )
    assert (paper.references_complete, paper.references_cut) == (True, False)


def test_references_that_were_not_asked_for_are_not_withheld(service, scholar):
    service.add(made_up(1, references=2))
    (paper,) = scholar.batch([sha(1)])
    assert (paper.references, paper.references_complete, paper.references_cut) == ((), False, False)
    assert "references" not in service.log[0].parameters["fields"].replace("referenceCount", "")


@pytest.mark.parametrize(("references", "calls"), [(True, [100, 100, 50]), (False, [250])])
def test_a_batch_takes_100_ids_with_references_and_500_without(service, scholar, references, calls):
    for n in range(1, 251):
        service.add(made_up(n, references=1))
    papers = scholar.batch([sha(n) for n in range(1, 251)], references)
    assert [paper.paper_id for paper in papers] == [sha(n) for n in range(1, 251)]
    assert [len(seen.body["ids"]) for seen in service.log] == calls
    assert scholar.requests_made == len(calls)


def test_500_ids_a_call_at_most(service, scholar):
    service.add(made_up(1))
    scholar.batch([sha(n) for n in range(1, 502)])
    assert [len(seen.body["ids"]) for seen in service.log] == [500, 1]
    assert (batch_size(False), batch_size(True)) == (500, 100)


def test_the_list_of_685_works_takes_seven_calls(service, scholar):
    for n in range(1, 686):
        service.add(made_up(n, references=50))
    papers = scholar.batch([f"ARXIV:{arxiv(n)}" for n in range(1, 686)], references=True)
    assert sum(len(paper.references) for paper in papers) == 685 * 50
    assert all(paper.references_complete for paper in papers)
    assert len(service.log) == scholar.requests_made == 7


def test_no_ids_no_call(service, scholar):
    assert scholar.batch([]) == []
    assert service.log == []


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "\t\n", "ARXIV:", "DOI: "])
def test_a_blank_id_is_never_sent(service, scholar, blank):
    service.add(made_up(1))
    papers = scholar.batch([blank, sha(1), blank])
    assert [paper and paper.paper_id for paper in papers] == [None, sha(1), None]
    assert service.log[0].body == {"ids": [sha(1)]}
    assert scholar.batch([blank]) == [None]
    assert scholar.paper(blank) is None
    assert scholar.references(blank) is None
    assert len(service.log) == 1


def test_an_id_that_is_given_twice_is_asked_once(service, scholar):
    service.add(made_up(1))
    first, second = scholar.batch([sha(1), sha(1)])
    assert first == second
    assert service.log[0].body == {"ids": [sha(1)]}


def test_all_ids_unknown(service, scholar):
    assert scholar.batch(["ARXIV:2001.99999", "DOI:10.1/none"]) == [None, None]
    service.will_answer(answer(200, [None, None]))
    assert scholar.batch(["ARXIV:2001.99999", "DOI:10.1/none"]) == [None, None]
    assert len(service.log) == 2


def test_a_paper_that_is_unknown(service, scholar):
    assert scholar.paper("ARXIV:2001.99999") is None
    assert scholar.references("ARXIV:2001.99999") is None
    assert len(service.log) == 2


def test_merged_papers_ask_for_one_and_get_another(service, scholar):
    service.add(made_up(1), sha(2), "DOI:10.1/Old")
    old, new, by_doi = scholar.batch([sha(2), sha(1), "DOI:10.1/old"])
    assert old == new == by_doi
    assert old.paper_id == sha(1)
    assert scholar.paper(sha(2)).paper_id == sha(1)


def test_preprint_and_proceedings_as_two_papers(service, scholar):
    service.add(made_up(1, title="One title", year=2022))
    service.add(made_up(2, title="One title", year=2024, externalIds={"DOI": "10.1145/1"}))
    preprint, published = scholar.batch([f"ARXIV:{arxiv(1)}", "DOI:10.1145/1"])
    assert (preprint.paper_id, published.paper_id) == (sha(1), sha(2))


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("DOI:10.1145/3442188.3445922", "DOI%3A10.1145%2F3442188.3445922"),
        ("DOI:10.1002/(SICI)1097#x?a&b%20", "DOI%3A10.1002%2F%28SICI%291097%23x%3Fa%26b%2520"),
        ("URL:https://openreview.net/forum?id=a&b#c", "URL%3Ahttps%3A%2F%2Fopenreview.net%2Fforum%3Fid%3Da%26b%23c"),
        ("ARXIV:cs/0112017", "ARXIV%3Acs%2F0112017"),
    ],
)
def test_an_id_in_a_path_is_quoted_whole(service, scholar, id, path):
    service.add(made_up(1), id)
    assert scholar.paper(id).paper_id == sha(1)
    assert scholar.references(id) is not None
    assert [seen.path for seen in service.log] == [f"/graph/v1/paper/{path}", f"/graph/v1/paper/{path}/references"]


@pytest.mark.parametrize(
    ("identifier", "asked"),
    [
        (Identifier("arxiv", "2210.17323v2"), "ARXIV:2210.17323"),
        (Identifier("arxiv", "cs/0112017"), "ARXIV:cs/0112017"),
        (Identifier("doi", "10.1145/ABC.1"), "DOI:10.1145/abc.1"),
        (Identifier("doi", "10.48550/arXiv.2210.17323"), "ARXIV:2210.17323"),
        (Identifier("acl", "2023.ACL-long.1"), "ACL:2023.acl-long.1"),
        (Identifier("acl", "P19-1001"), "ACL:P19-1001"),
        (Identifier("openreview", "a-b_c"), "URL:https://openreview.net/forum?id=a-b_c"),
        (Identifier("pmlr", "v202/xiao23c"), "URL:https://proceedings.mlr.press/v202/xiao23c.html"),
        (Identifier("arxiv", "no id"), None),
        (Identifier("github", "a/b"), None),
        (Identifier("huggingface", "a/b"), None),
        (Identifier("dblp", "conf/iclr/FrantarAHA23"), None),
        (Identifier("virtual", "icml.cc/2024/1"), None),
    ],
)
def test_how_an_identifier_is_asked_for(identifier, asked):
    assert service_id(identifier) == asked


# -- titles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["C# & F#? 100% of it", "a+b=c; d/e", "Größe «quoted»", "x&fields=none&query=y"])
def test_a_title_is_quoted_whole(service, scholar, title):
    service.add(made_up(1, title=title))
    assert scholar.match_title(title).title == title
    assert service.log[0].parameters["query"] == title
    assert "citationCount" in service.log[0].parameters["fields"]


def test_a_title_that_matches_nothing(service, scholar):
    assert scholar.match_title("No such title") is None
    service.will_answer(answer(200, {"data": []}))
    assert scholar.match_title("No such title") is None
    assert len(service.log) == 2


def test_a_blank_title_is_not_sent(service, scholar):
    assert scholar.match_title(" \u200b") is None
    assert service.log == []


# -- reference lists: cut, withheld, paged ----------------------------------------------------------------------


def test_a_batch_that_the_nested_cap_cut(service, scholar):
    for n in range(1, 13):
        service.add(made_up(n, references=1000))
    papers = scholar.batch([sha(n) for n in range(1, 13)], references=True)
    assert [len(paper.references) for paper in papers] == [1000] * 9 + [999, 0, 0]
    assert [paper.references_complete for paper in papers] == [True] * 9 + [False] * 3
    assert [paper.references_cut for paper in papers] == [False] * 9 + [True] * 3
    whole = [scholar.completed(paper) for paper in papers]
    assert [len(paper.references) for paper in whole] == [1000] * 12
    assert all(paper.references_complete and not paper.references_cut for paper in whole)
    assert [seen.method for seen in service.log] == ["POST", "GET", "GET", "GET"]


def test_a_list_shorter_than_its_count_is_asked_again_alone_once(service, scholar):
    service.add(made_up(1, references=3, referenceCount=5))
    (paper,) = scholar.batch([sha(1)], references=True)
    assert paper.references_cut
    alone = scholar.completed(paper)
    assert (len(alone.references), alone.references_complete, alone.references_cut) == (3, False, False)
    assert scholar.completed(alone) == alone
    assert len(service.log) == 2


def test_a_paper_that_was_lost_between_two_calls_keeps_what_came(service, scholar):
    cut = ScholarPaper(sha(1), references=(ScholarReference(title="A"),), reference_count=2, references_cut=True)
    assert scholar.completed(cut) == replace(cut, references_cut=False)


def test_a_reference_count_of_0_for_a_paper_with_150(service, scholar):
    service.add(made_up(1, references=150, referenceCount=0))
    (paper,) = scholar.batch([sha(1)], references=True)
    assert (len(paper.references), paper.references_complete, paper.references_cut) == (150, True, False)


def test_a_reference_count_of_0_in_a_call_that_was_cut(service, scholar):
    service.add(made_up(1, references=9_999))
    service.add(made_up(2, references=150, referenceCount=0))
    papers = scholar.batch([sha(1), sha(2)], references=True)
    assert [paper.references_cut for paper in papers] == [False, True]
    assert len(scholar.completed(papers[1]).references) == 150


def test_a_withheld_list_in_a_call_that_was_cut_is_asked_for_alone(service, scholar):
    service.add(made_up(1, references=9_999))
    service.add(made_up(2, references=None))
    paper = scholar.batch([sha(1), sha(2)], references=True)[1]
    assert (paper.references, paper.references_cut) == (None, True)
    alone = scholar.completed(paper)
    assert (alone.references, alone.references_cut, len(service.log)) == (None, False, 2)


def test_a_paper_without_any_known_reference_is_not_complete(service, scholar):
    service.add(made_up(1, references=0))
    (paper,) = scholar.batch([sha(1)], references=True)
    assert (paper.references, paper.references_complete, paper.references_cut) == ((), False, False)


def test_references_that_the_publisher_withholds(service, scholar):
    service.add(made_up(1, referenceCount=40, references=None))
    (paper,) = scholar.batch([sha(1)], references=True)
    assert (paper.references, paper.references_complete, paper.references_cut) == (None, False, False)
    assert scholar.paper(sha(1), references=True).references is None
    assert scholar.references(sha(1)) == ReferenceList(None, complete=False)
    assert scholar.completed(paper) == paper
    assert len(service.log) == 3


def test_references_that_are_withheld_from_some_page_on(service, scholar):
    service.add(made_up(1, references=1500))
    service.will_answer(None, answer(200, {"offset": 1000, "data": None}))
    listed = scholar.references(sha(1))
    assert (len(listed.references), listed.complete) == (1000, False)


def test_references_with_intent_and_influence(service, scholar):
    service.add(made_up(1, references=2))
    listed = scholar.references(f"ARXIV:{arxiv(1)}")
    assert listed.complete
    assert [(row.paper_id, row.intents, row.influential) for row in listed.references] == [
        (sha(1_000_001), ("background",), False),
        (sha(1_000_002), ("background",), True),
    ]
    fields = service.log[0].parameters["fields"]
    assert "." not in fields
    assert "contexts" not in fields


@pytest.mark.parametrize(("count", "pages"), [(999, 1), (1000, 1), (1001, 2), (2500, 3)])
def test_references_page_by_page(service, scholar, count, pages):
    service.add(made_up(1, references=count))
    listed = scholar.references(sha(1))
    assert (len(listed.references), listed.complete) == (count, True)
    assert [int(seen.parameters["offset"]) for seen in service.log] == [1000 * n for n in range(pages)]
    assert {seen.parameters["limit"] for seen in service.log} == {"1000"}


def test_references_stop_below_10000(service, scholar):
    service.add(made_up(1, references=12_000))
    listed = scholar.references(sha(1))
    assert (len(listed.references), listed.complete) == (9_999, False)
    last = service.log[-1].parameters
    assert (last["offset"], last["limit"], len(service.log)) == ("9000", "999", 10)


def test_an_empty_page_with_a_next_one(service, scholar):
    service.add(made_up(1, references=1500))
    service.will_answer(answer(200, {"offset": 0, "next": 1000, "data": []}))
    listed = scholar.references(sha(1))
    assert (len(listed.references), listed.complete, len(service.log)) == (500, True, 2)


def test_empty_pages_without_end(service, scholar):
    service.will_answer(*(answer(200, {"offset": n, "next": n + 1, "data": []}) for n in range(9)))
    assert scholar.references(sha(1)) == ReferenceList((), complete=False)
    assert len(service.log) == 3


@pytest.mark.parametrize("after", [0, -5, "1000", 0.5, [], True])
def test_a_next_page_that_leads_nowhere(service, scholar, after):
    row = {"citedPaper": {"paperId": sha(9), "title": "T"}}
    service.will_answer(answer(200, {"offset": 0, "next": after, "data": [row]}), answer(200, {"data": []}))
    listed = scholar.references(sha(1))
    assert [row.paper_id for row in listed.references] == [sha(9)]
    assert len(service.log) <= 2


def test_the_last_page_has_no_next_one(service, scholar):
    service.will_answer(answer(200, {"offset": 0, "next": None, "data": [{"citedPaper": {"paperId": sha(9)}}]}))
    assert scholar.references(sha(1)).complete


# -- values that hurt -------------------------------------------------------------------------------------------


def read(**fields: object) -> ScholarPaper:
    paper = read_paper({"paperId": "p", **fields}, references=True, rows=0)
    assert paper is not None
    return paper


def test_a_reference_with_a_title_and_no_id_is_kept():
    paper = read(referenceCount=3, references=[{"paperId": None, "title": "A  lost\u00a0paper"}, None, {}])
    assert paper.references == (ScholarReference(title="A lost paper"), ScholarReference(), ScholarReference())
    assert paper.references_complete


def test_an_author_without_an_id():
    people = [{"authorId": None, "name": "J. Doe"}, {"authorId": 12, "name": "R. Roe"}, {"name": " "}, None]
    assert read(authors=people).authors == (ScholarAuthor("J. Doe"), ScholarAuthor("R. Roe", "12"))
    assert read(authors=None).authors == ()


@pytest.mark.parametrize(("venue", "told"), [("", ""), ("arXiv.org", "arXiv.org"), (None, "")])
def test_a_venue_that_says_nothing_is_told_as_it_came(venue, told):
    assert read(venue=venue, publicationVenue=None).venue == told


@pytest.mark.parametrize("journal", [None, {"name": ""}, {}, {"name": None, "volume": " "}, "ArXiv"])
def test_a_journal_without_a_name_is_none(journal):
    assert read(journal=journal).journal is None


def test_a_journal_of_pages_alone():
    assert read(journal={"pages": "201-208", "volume": 9}).journal == ScholarJournal("", "9", "201-208")


@pytest.mark.parametrize("pdf", [None, {"url": ""}, {"url": None}, {}, {"url": "ftp://x"}, {"url": "javascript:x"}])
def test_an_open_access_link_that_leads_nowhere(pdf):
    assert read(openAccessPdf=pdf).open_access_url == ""


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"corpusId": 5}, 5),
        ({"corpusId": "5"}, 5),
        ({"externalIds": {"CorpusId": 5}}, 5),
        ({"externalIds": {"CorpusId": "5"}}, 5),
        ({"corpusId": None, "externalIds": None}, None),
        ({"corpusId": True}, None),
        ({"corpusId": "five"}, None),
        ({"corpusId": "٥"}, None),
    ],
)
def test_a_corpus_id_is_a_number_or_a_text(fields, number):
    assert read(**fields).corpus_id == number
    assert read(references=[fields]).references[0].corpus_id == number


@pytest.mark.parametrize(
    ("year", "read_as"), [(2023, 2023), ("2023", 2023), (None, None), (0, None), (-1, None), (10**30, None)]
)
def test_a_year(year, read_as):
    assert read(year=year).year == read_as


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ("2022-10-31", "2022-10-31"),
        ("2022-10-31T00:00:00.000Z", "2022-10-31"),
        (None, ""),
        ("", ""),
        ("2022", ""),
        ("2022-02-30", ""),
        ("20221031", ""),
        (2022, ""),
    ],
)
def test_a_date(told, date):
    assert read(publicationDate=told).date == date


@pytest.mark.parametrize(
    ("external", "identifiers"),
    [
        (None, ()),
        ({}, ()),
        ({"ArXiv": "2210.17323v3", "DOI": "10.48550/ARXIV.2210.17323"}, (Identifier("arxiv", "2210.17323"),)),
        ({"DOI": "10.1145/ABC"}, (Identifier("doi", "10.1145/abc"),)),
        ({"DOI": "not a doi", "ArXiv": "", "ACL": None, "DBLP": ""}, ()),
    ],
)
def test_identifiers(external, identifiers):
    assert read(externalIds=external).identifiers == identifiers


@pytest.mark.parametrize("raw", [None, {}, {"paperId": None, "title": "T"}, {"paperId": ""}, [], "p", 7])
def test_what_is_no_paper_is_none(raw):
    assert read_paper(raw, references=True, rows=0) is None


def test_a_title_with_half_a_letter_and_terminal_codes():
    assert read(title=json.loads('"GPTQ \\ud800 \\u001b[31m"')).title == "GPTQ [31m"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


FIELDS = (
    "corpusId externalIds title year publicationDate venue publicationVenue journal authors citationCount "
    "referenceCount openAccessPdf publicationTypes references citedPaper intents isInfluential"
).split()


@given(st.fixed_dictionaries({"paperId": st.text("p", min_size=1)}, optional=dict.fromkeys(FIELDS, JSON)))
def test_no_value_of_any_type_raises(raw):
    paper = read_paper(raw, references=True, rows=10_000)
    assert paper is not None
    hash(paper)
    hash(read_edge(raw))


# -- pacing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "interval"), [(KEY, 1.1), (None, 3.0), ("", 3.0), ("  ", 3.0)])
def test_calls_are_spaced(service, ask, key, interval):
    service.add(made_up(1, references=2500))
    scholar = ask(key)
    scholar.batch([sha(1)])
    scholar.paper(sha(1))
    scholar.match_title("Made-up paper number 1")
    scholar.references(sha(1))
    at = [seen.at for seen in service.log]
    assert [b - a for a, b in pairwise(at)] == pytest.approx([interval] * 5)
    assert scholar.requests_made == 6


def test_time_that_passed_otherwise_is_not_waited_for(service, ask, time):
    service.add(made_up(1))
    scholar = ask()
    scholar.paper(sha(1))
    time.now += 5
    scholar.paper(sha(1))
    assert time.slept == []


def test_the_wait_after_a_failed_try_grows(service, ask, time):
    waits: list[Wait] = []
    service.add(made_up(1))
    service.will_answer(*[standin.TOO_MANY] * 6)
    scholar = ask(on_wait=waits.append)
    assert scholar.paper(sha(1)) is not None
    assert [wait.seconds for wait in waits] == [2, 4, 8, 16, 32, 60] == list(BACKOFF)
    assert [wait.tried for wait in waits] == [1, 2, 3, 4, 5, 6]
    assert waits[0].reason == (
        "it answered 429 Too Many Requests ('Too Many Requests. Please wait and try again.')"
    )  # fmt: skip
    assert (scholar.requests_made, TRIES) == (7, 7)


def test_a_short_wait_still_keeps_the_pace(service, ask):
    service.add(made_up(1))
    service.will_answer(standin.TOO_MANY)
    ask(jitter=lambda _: 0.0).paper(sha(1))
    first, second = (seen.at for seen in service.log)
    assert second - first == pytest.approx(1.1)


def test_the_jitter_is_full():
    drawn = [full_jitter(60.0) for _ in range(2000)]
    assert min(drawn) < 3
    assert max(drawn) > 57
    assert all(0 <= seconds <= 60 for seconds in drawn)


def test_a_pacer_never_starts_early():
    time = standin.Time()
    pacer = Pacer(1.0, time, time.sleep)
    starts = []
    for spent in (0.0, 0.3, 2.0, 0.0):
        pacer.turn()
        starts.append(time.now)
        time.now += spent
    assert starts == pytest.approx([1000, 1001, 1002, 1004])


# -- answers that hurt ------------------------------------------------------------------------------------------

CUT_JSON = answer(200, b'[{"paperId": "abc", "tit')
OUTAGES = {
    "429 without Retry-After": standin.TOO_MANY,
    "500 with JSON": standin.SERVER_ERROR,
    "502 with HTML": standin.BAD_GATEWAY,
    "503 with nothing": standin.UNAVAILABLE,
    "504 with JSON": standin.GATEWAY_TIMEOUT,
    "408": answer(408, {"message": "Request Timeout"}),
    "broken connection": standin.DROPPED,
    "body that breaks off": answer(200, [None], short=100),
    "cut-off JSON": CUT_JSON,
    "HTML": answer(200, standin.HTML, kind="text/html"),
    "nothing": answer(200),
    "empty object": answer(200, {}),
    "empty array": answer(200, []),
    "null": answer(200, None),
    "error under 200": answer(200, {"error": "Internal error"}),
    "deep JSON": answer(200, b"[" * 100_000),
    "a number of 5,000 digits": answer(200, b"[" + b"9" * 5_000 + b"]"),
    "not text": answer(200, b"\xff\xfe\x00"),
    "not what its header says": answer(200, b"no gzip", headers=(("Content-Encoding", "gzip"),)),
    "no content": answer(204),
}


@pytest.mark.parametrize("case", OUTAGES)
@pytest.mark.parametrize("method", ["batch", "paper", "references", "title"])
def test_an_outage_is_tried_again(service, scholar, case, method):
    service.add(made_up(1, references=2))
    service.will_answer(OUTAGES[case], OUTAGES[case])
    calls = {
        "batch": lambda: scholar.batch([sha(1)], references=True)[0].paper_id,
        "paper": lambda: scholar.paper(sha(1), references=True).paper_id,
        "references": lambda: len(scholar.references(sha(1)).references) == 2 and sha(1),
        "title": lambda: scholar.match_title("Made-up paper number 1").paper_id,
    }
    assert calls[method]() == sha(1)
    assert len(service.log) == 3


@pytest.mark.parametrize("case", OUTAGES)
def test_an_outage_that_lasts_stops_after_seven_tries(service, scholar, time, case):
    service.will_answer(*[OUTAGES[case]] * 8)
    said = refusal(lambda: scholar.batch([sha(1), sha(2)]), ServiceUnavailable)
    assert said.startswith(f"Semantic Scholar ({service.url}), asked for 2 papers (POST /graph/v1/paper/batch): ")
    assert "(7 tries)" in said
    assert "ry again later" in said
    assert len(service.log) == scholar.requests_made == 7
    assert time.slept == [2, 4, 8, 16, 32, 60]


@pytest.mark.parametrize(
    ("case", "what"),
    [
        (
            "500 with JSON",
            "it answered 500 Internal Server Error ('Internal Server Error') (7 tries). Try again later.",
        ),
        ("502 with HTML", "it answered 502 Bad Gateway (7 tries). Try again later."),
        (
            "HTML",
            "it answered with HTML (7 tries). That is not how the API answers: check --api-url, or try again later.",
        ),
        (
            "cut-off JSON",
            "it answered with broken JSON (7 tries). "
            "That is not how the API answers: check --api-url, or try again later.",
        ),
        (
            "empty object",
            "it answered with an empty object where an array was due (7 tries). "
            "That is not how the API answers: check --api-url, or try again later.",
        ),
        (
            "empty array",
            "it answered with 0 papers for 1 ids (7 tries). "
            "That is not how the API answers: check --api-url, or try again later.",
        ),
    ],
)
def test_what_is_said_of_an_outage(service, scholar, case, what):
    service.will_answer(*[OUTAGES[case]] * 7)
    asked = f"Semantic Scholar ({service.url}), asked for ARXIV:2210.17323 (POST /graph/v1/paper/batch): "
    assert refusal(lambda: scholar.batch(["ARXIV:2210.17323"]), ServiceUnavailable) == asked + what


def test_429_without_a_key_says_what_a_key_would_do(service, ask):
    service.will_answer(*[standin.TOO_MANY] * 7)
    said = refusal(lambda: ask(None).paper(sha(1)), ServiceUnavailable)
    assert said.endswith("or with an API key: without one all the world shares one allowance.")


@pytest.mark.parametrize("count", [1, 3])
def test_an_answer_for_more_or_fewer_ids_is_no_answer(service, scholar, count):
    service.add(made_up(1))
    service.will_answer(answer(200, [{"paperId": sha(9)}] * count))
    assert [paper and paper.paper_id for paper in scholar.batch([sha(1), sha(2)])] == [sha(1), None]
    assert len(service.log) == 2


def test_a_slow_server(service, scholar, monkeypatch):
    monkeypatch.setattr(scholar_wire, "TIMEOUT", 0.1)
    service.add(made_up(1))
    service.will_answer(answer(200, [None], delay=30))
    assert scholar.batch([sha(1)])[0].paper_id == sha(1)
    service.will_answer(*[answer(200, [None], delay=30)] * 7)
    assert "no answer within 0.1 seconds (7 tries)." in refusal(lambda: scholar.batch([sha(1)]), ServiceUnavailable)


def test_a_server_that_trickles(service, scholar, monkeypatch):
    monkeypatch.setattr(scholar_wire, "DEADLINE", -1.0)
    service.add(made_up(1))
    assert "the answer was not complete after -1 s" in refusal(lambda: scholar.paper(sha(1)), ServiceUnavailable)


def test_a_server_that_sends_too_much(service, scholar, monkeypatch):
    monkeypatch.setattr(scholar_wire, "MAX_BYTES", 10)
    service.add(made_up(1))
    assert "the answer is larger than" in refusal(lambda: scholar.paper(sha(1)), ServiceUnavailable)


def test_no_server(ask):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        said = refusal(lambda: ask(api_url=url).paper(sha(1)), ServiceUnavailable)
    assert said.startswith(f"Semantic Scholar ({url}), asked for {sha(1)} (GET /graph/v1/paper/{sha(1)}): ")
    assert said.endswith("(7 tries). Check the network and --api-url, or try again later.")


def test_a_server_that_speaks_no_http(ask):
    import threading

    def greet() -> None:
        for _ in range(TRIES):
            peer, _ = listening.accept()
            with peer:
                peer.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=greet)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        refusal(lambda: ask(api_url=url).paper(sha(1)), ServiceUnavailable)
        thread.join()


def test_what_came_before_an_outage_is_the_callers(service, scholar):
    service.add(made_up(1))
    came = [scholar.batch([sha(1)])]
    service.will_answer(*[standin.UNAVAILABLE] * 7)
    with pytest.raises(ServiceUnavailable):
        came.append(scholar.batch([sha(2)]))
    assert came[0][0].paper_id == sha(1)
    assert scholar.batch([sha(1)])[0].paper_id == sha(1)


def test_ctrl_c_ends_a_wait(service, ask, time, monkeypatch):
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    service.will_answer(standin.TOO_MANY)
    monkeypatch.setattr(time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ask().paper(sha(1))
    assert len(service.log) == 1


# -- refused at once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key(service, scholar, status):
    service.will_answer(answer(status, {"message": "Forbidden"}))
    said = refusal(lambda: scholar.paper(sha(1)))
    assert said.endswith("('Forbidden'). The API key is not accepted: check it, or run without one.")
    assert len(service.log) == 1


def test_a_service_that_wants_a_key(time):
    with standin.StandIn(time, api_key=KEY) as service:
        with Scholar(None, service.url, clock=time, sleep=time.sleep) as scholar:
            said = refusal(lambda: scholar.paper(sha(1)))
        assert said.endswith("It asks for an API key: give one with --api-key or SEMANTIC_SCHOLAR_API_KEY.")
        service.add(made_up(1))
        with Scholar(f" {KEY}\n", service.url, clock=time, sleep=time.sleep) as scholar:
            assert scholar.paper(sha(1)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Unrecognized or unsupported fields: [x]",
        "offset + limit must be < 10000",
    ],
)
def test_a_question_that_is_refused(service, scholar, text):
    calls = (
        lambda: scholar.batch([sha(1)]),
        lambda: scholar.paper(sha(1)),
        lambda: scholar.references(sha(1)),
        lambda: scholar.match_title("T"),
    )
    for call in calls:
        service.will_answer(answer(400, {"error": text}))
        assert f"it answered 400 Bad Request ('{text}'). " in refusal(call)
    assert len(service.log) == 4


def test_the_stand_in_refuses_what_the_service_refuses(service):
    import httpx

    service.add(made_up(1))
    asked = [
        ("batch?fields=citationStyles.bibtex", "[citationStyles.bibtex]"),
        ("batch?fields=title,references.nonsense", "[references.nonsense]"),
    ]
    for path, named in asked:
        refused = httpx.post(f"{service.url}/graph/v1/paper/{path}", json={"ids": [sha(1)]})
        assert refused.json() == {"error": f"Unrecognized or unsupported fields: {named}"}
    for field in ("openAccessPdf.url", "authors.name"):
        assert httpx.get(f"{service.url}/graph/v1/paper/x/references?fields={field}").status_code == 400
    assert httpx.get(f"{service.url}/graph/v1/paper/x/references?offset=9000&limit=1000").json() == {
        "error": "offset + limit must be < 10000"
    }
    blank = httpx.post(f"{service.url}/graph/v1/paper/batch", json={"ids": [sha(1), " "]})
    assert blank.json() == {"error": "No valid paper ids given"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(service, scholar, status):
    service.will_answer(answer(status, headers=(("Location", f"{service.url}/elsewhere"),)))
    said = refusal(lambda: scholar.batch([sha(1)]))
    assert f"It points to {service.url}/elsewhere, which is not followed: give the API's own --api-url." in said
    assert len(service.log) == 1


@pytest.mark.parametrize(
    "page",
    [
        answer(404, standin.HTML, kind="text/html"),
        answer(404, {"message": "Missing Authentication Token"}),
        answer(404, {"error": "Not Found"}),
        answer(404, {"detail": "Not Found"}),
        answer(405, b""),
        answer(410, {"error": "Gone"}),
        answer(400, standin.HTML, kind="text/html"),
    ],
)
def test_an_address_that_is_no_api(service, scholar, page):
    for call in (lambda: scholar.paper(sha(1)), lambda: scholar.references(sha(1)), lambda: scholar.match_title("T")):
        service.will_answer(page)
        assert refusal(call).endswith("That is not how the API answers: check --api-url.")
    assert len(service.log) == 3


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("{}/", "{}"),
        ("{}/graph/v1", "{}"),
        ("{}/graph/v1/", "{}"),
        (" {}\n", "{}"),
    ],
)
def test_the_address_of_the_api(service, ask, url, base):
    service.add(made_up(1))
    scholar = ask(api_url=url.format(service.url))
    assert scholar.api_url == base.format(service.url)
    assert scholar.paper(sha(1)) is not None


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org", "http://", "http://[", "http://h:port", "http://h/a?key=b", "x y"]
)
def test_addresses_that_cannot_be(url):
    with pytest.raises(UsageError, match="no address of an API: '") as raised:
        Scholar(None, url)
    assert "key=b" not in str(raised.value)


def test_the_address_is_the_service_by_default():
    assert Scholar().api_url == "https://api.semanticscholar.org"


# -- too large --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refused", [standin.TOO_LARGE, answer(413), answer(413, standin.HTML)])
def test_a_batch_that_is_too_large_is_halved(service, scholar, refused):
    for n in range(1, 5):
        service.add(made_up(n, references=2))
    service.will_answer(refused, refused)
    papers = scholar.batch([sha(n) for n in range(1, 5)], references=True)
    assert [paper.paper_id for paper in papers] == [sha(n) for n in range(1, 5)]
    assert [len(seen.body["ids"]) for seen in service.log] == [4, 2, 1, 1, 2]


@pytest.mark.parametrize("method", ["batch", "paper"])
def test_one_paper_that_is_too_large_comes_in_pieces(service, scholar, method):
    service.add(made_up(1, references=1200))
    service.will_answer(standin.TOO_LARGE, None, standin.TOO_LARGE)
    if method == "batch":
        (paper,) = scholar.batch([sha(1)], references=True)
    else:
        paper = scholar.paper(sha(1), references=True)
    assert (len(paper.references), paper.references_complete) == (1200, True)
    limits = [seen.parameters["limit"] for seen in service.calls("/references")]
    assert limits == ["1000", "500", "500", "500"]


def test_a_paper_too_large_without_references_is_refused(service, scholar):
    service.will_answer(standin.TOO_LARGE)
    assert "exceed maximum size" in refusal(lambda: scholar.paper(sha(1)))
    service.will_answer(standin.TOO_LARGE)
    assert "exceed maximum size" in refusal(lambda: scholar.batch([sha(1)]))


def test_an_unknown_paper_in_pieces(service, scholar):
    service.will_answer(standin.TOO_LARGE)
    assert scholar.paper(sha(1), references=True) is None
    service.will_answer(standin.TOO_LARGE)
    assert scholar.batch([sha(1)], references=True) == [None]


# -- the key ----------------------------------------------------------------------------------------------------


def test_the_key_goes_with_every_call(service, scholar):
    service.add(made_up(1, references=1500))
    service.will_answer(standin.TOO_MANY)
    scholar.batch([sha(1)], references=True)
    scholar.paper(sha(1))
    scholar.references(sha(1))
    scholar.match_title("Made-up paper number 1")
    assert len(service.log) == 6
    assert {seen.headers["x-api-key"] for seen in service.log} == {KEY}


@pytest.mark.parametrize("key", [None, "", " "])
def test_without_a_key_none_is_sent(service, ask, key):
    service.add(made_up(1))
    ask(key).paper(sha(1))
    assert "x-api-key" not in service.log[0].headers


@pytest.mark.parametrize(
    "hurt",
    [
        answer(403, {"message": f"The key {KEY} is not valid"}),
        answer(400, {"error": f"Bad x-api-key: {KEY}"}),
        answer(429, {"message": f"{KEY} asked too often"}),
        answer(500, {"message": KEY}),
        standin.DROPPED,
        CUT_JSON,
        answer(200, b"[]", delay=30),
    ],
)
def test_the_key_is_in_no_message_log_or_chain(service, ask, hurt, caplog, capfd, monkeypatch):
    monkeypatch.setattr(scholar_wire, "TIMEOUT", 0.1)
    caplog.set_level(logging.DEBUG)
    waits: list[Wait] = []
    service.will_answer(*[hurt] * 7)
    scholar = ask(on_wait=waits.append)
    with pytest.raises(OutsideError) as raised:
        scholar.paper(sha(1))
    error = raised.value
    assert error.__cause__ is None
    assert error.__context__ is None
    told = [str(error), repr(error), repr(vars(error)), repr(scholar), *map(repr, waits), caplog.text]
    told += traceback.format_exception(error)
    told += [str(record.__dict__) for record in caplog.records]
    told += [*capfd.readouterr()]
    assert service.log[0].headers["x-api-key"] == KEY
    assert not [text for text in told if KEY in text]


def test_the_key_in_a_redirect_is_not_told(service, scholar):
    service.will_answer(answer(302, headers=(("Location", f"https://example.org/?key={KEY}"),)))
    assert "It points to https://example.org/?key=[API key], which" in refusal(lambda: scholar.paper(sha(1)))


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "a\x00b", "zero\u200bwidth"])
def test_a_key_that_no_header_can_carry(key):
    with pytest.raises(UsageError) as raised:
        Scholar(key)
    assert str(raised.value) == (
        "the API key holds spaces or characters that no key has. Give it as Semantic Scholar sent it: one word."
    )


def test_a_password_in_the_address_is_not_told(service, ask):
    service.will_answer(answer(403))
    url = service.url.replace("http://", "http://user:secret@")
    said = refusal(lambda: ask(api_url=url).paper(sha(1)))
    assert "secret" not in said
    assert service.url in said
    with pytest.raises(UsageError) as raised:
        Scholar(None, "ftp://user:secret@example.org")
    assert "secret" not in str(raised.value)


def test_words_of_the_service_are_fit_for_a_terminal(service, scholar):
    service.will_answer(answer(400, {"error": "\x1b[31mred\n" + "x" * 5000}))
    said = refusal(lambda: scholar.paper(sha(1)))
    assert "('[31mred xxx" in said
    assert len(said) < 500


def test_network_settings_that_cannot_be_used(ask, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "gopher://user:secret@127.0.0.1:1")
    said = refusal(lambda: ask().paper(sha(1)))
    assert said.endswith("(ValueError). Check HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE.")
    assert "secret" not in said


# -- the package ------------------------------------------------------------------------------------------------


def test_the_root_logger_stays_as_it_was(service):
    code = (
        "import logging, sys, warnings\n"
        "warnings.simplefilter('error')\n"
        "from llmcomp.kg.scholar import Scholar\n"
        "with Scholar(None, sys.argv[1], sleep=lambda s: None) as scholar:\n"
        "    print(scholar.batch([sys.argv[2], 'ARXIV:2001.99999']) [0].title)\n"
        "root = logging.getLogger()\n"
        "print(root.handlers, root.level, logging.getLogger('semanticscholar').handlers)\n"
    )
    service.add(made_up(1))
    done = subprocess.run([sys.executable, "-c", code, service.url, sha(1)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["Made-up paper number 1", "[] 30 []"]
    assert done.stderr == ""


def test_the_package_is_loaded_when_it_is_first_asked():
    code = (
        "import sys\n"
        "import llmcomp.kg.scholar\n"
        "print(sorted({'semanticscholar', 'httpx', 'tenacity', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_inside_a_running_event_loop(service, scholar):
    import asyncio

    async def cell_of_a_notebook() -> str:
        return scholar.paper(sha(1)).paper_id

    service.add(made_up(1))
    assert asyncio.run(cell_of_a_notebook()) == sha(1)


def test_one_module_imports_the_package():
    import llmcomp

    root = Path(llmcomp.__file__).parent
    rooms = [path for room in ("kg", "exports", "cli", "ontology") for path in (root / room).glob("*.py")]
    importing = [path.name for path in rooms if "semanticscholar import" in path.read_text("utf-8")]
    assert importing == ["scholar_calls.py"]
