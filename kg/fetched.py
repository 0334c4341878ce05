"""What Semantic Scholar said when it was asked for works, as facts like those of any other source.

It is asked about works of ours, so each question is kept with what came of it (:class:`Inquiry`): that is how a later
run knows what to ask again, and the evidence where its title and ours disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from . import iris
from .facts import PaperFacts, Reference, ReferenceList
from .model import Identifier
from .scholar_records import ScholarPaper, ScholarReference

SCHOLAR = "Semantic Scholar"
"""The name of the source wherever it is told."""
SCHOLAR_ADDRESS = "https://www.semanticscholar.org/"
ATTRIBUTION = f"{SCHOLAR} ({SCHOLAR_ADDRESS}), ODC-BY 1.0"
"""The source and the licence of its data, to be named wherever they are passed on."""
ODC_BY = "https://opendatacommons.org/licenses/by/1-0/"
"""The licence of its data."""

_ARCHIVE = re.compile(r"[a-z]?rxiv|\bCoRR\b|\bSSRN\b|preprint", re.IGNORECASE)
"""What places are called where a text can be read before it is published."""

Outcome = Literal["found", "renamed", "wrong-link", "unknown"]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One work that was asked for, and what came of it.

    ``work`` is its IRI as it was then, ``title`` the title it had, ``asked_as`` the id under which it was asked, empty
    for a title. ``answer`` names the paper that was taken for the work, and ``title_answered`` is the title of the one
    that came where it is not ours:

    - found: the answer's title is the work's;
    - renamed: it is not, but it is the same paper;
    - wrong-link: the id is another paper's, and the answer, if there is one, was found by title;
    - unknown: nothing came.

    ``intents`` tells whether it was also asked why each reference is cited.
    """

    work: str
    title: str
    date: str
    outcome: Outcome
    asked_as: str = ""
    answer: Identifier | None = None
    title_answered: str = ""
    intents: bool = False


def fetched_paper(paper: ScholarPaper, asked: str) -> PaperFacts:
    """Return what ``paper`` tells as facts of the day ``asked``; it must have a title."""
    journal = paper.journal
    # an arXiv number in the place of a volume says where the preprint lies
    printed = journal is not None and not journal.volume.startswith("abs/")
    return PaperFacts(
        titles=(paper.title,),
        identifiers=_identifiers(paper),
        authors=tuple(author.name for author in paper.authors if author.name),
        venue=_venue(paper),
        venue_kind=_venue_kind(paper),
        year=paper.year,
        date=paper.date,
        volume=journal.volume if journal and printed else "",
        pages=_pages(journal.pages) if journal and printed else "",
        sources=(SCHOLAR,),
        author_ids=tuple(author.author_id for author in paper.authors if author.name),
        open_access=paper.open_access_url,
        asked=asked,
        citations=paper.citation_count,
        influential=paper.influential_count,
    )


def fetched_references(paper: ScholarPaper, asked: str) -> ReferenceList | None:
    """Return the reference list of ``paper``, or None where none is known.

    One that the publisher withholds is there, empty and not complete.
    """
    if not paper.references and paper.references is not None and not paper.reference_count:
        return None
    return ReferenceList(
        citing=citing_identifier(_identifiers(paper)),
        title=paper.title,
        complete=paper.references_complete,
        source=SCHOLAR,
        references=tuple(map(_reference, paper.references or ())),
        asked=asked,
    )


def citing_identifier(identifiers: Iterable[Identifier]) -> Identifier:
    """Return the identifier by which the reference list of a paper names it: the one of its IRI, else the service's."""
    return min(
        identifiers, key=lambda i: (i.scheme not in iris.IRI_SCHEMES, i.scheme != "semanticscholar", iris.order(i))
    )


def _identifiers(paper: ScholarPaper) -> tuple[Identifier, ...]:
    return (*paper.identifiers, scholar_identifier(paper.paper_id))


def scholar_identifier(paper_id: str) -> Identifier:
    """Return a paper's id at Semantic Scholar as an identifier."""
    return Identifier("semanticscholar", paper_id)


def _reference(row: ScholarReference) -> Reference:
    ids = (*row.identifiers, *((scholar_identifier(row.paper_id),) if row.paper_id else ()))
    # where dblp keeps a paper says nothing that its other ids do not
    kept = tuple(i for i in ids if i.scheme != "dblp" or len(ids) == 1)
    author = next((a.name for a in row.authors if a.name), "")
    return Reference(row.title, author, row.year, kept, row.intents, row.influential)


def _venue(paper: ScholarPaper) -> str:
    """Return the venue, the one that it links to before what it prints; an archive only where it names nothing else."""
    linked, journal = paper.publication_venue, paper.journal
    names = [linked.name if linked else "", paper.venue, journal.name if journal else ""]
    named = [name for name in names if name]
    return next((name for name in named if not _ARCHIVE.search(name)), named[0] if named else "")


def _venue_kind(paper: ScholarPaper) -> str:
    """Return conference or journal, or nothing where the service does not say or says both."""
    linked = paper.publication_venue
    if linked and linked.name == _venue(paper) and linked.kind in {"conference", "journal"}:
        return linked.kind
    told = {"Conference": "conference", "JournalArticle": "journal"}
    kinds = {told[kind] for kind in paper.publication_types if kind in told}
    printed = paper.journal and (paper.journal.volume or paper.journal.pages)
    if not printed:  # it calls what lies in any archive a journal article
        kinds.discard("journal")
    return kinds.pop() if len(kinds) == 1 else ""


def _pages(text: str) -> str:
    """Return pages with a plain hyphen, or nothing for what is no pages.

    >>> _pages("pp. 12 – 34"), _pages("see the proceedings")
    ('12-34', '')
    """
    bare = re.sub(r"^pp?\.?\s*", "", text.strip(), flags=re.IGNORECASE)
    plain = re.sub(r"\s*[-\u2010-\u2015\u2212]+\s*", "-", bare).strip("-")
    return plain if re.fullmatch(r"[\w.:,/-]*\d[\w.:,/-]*", plain) else ""
