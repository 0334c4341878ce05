"""Checks of an entry against the work of the graph that it is: where and when it appeared, under which identifiers."""

from __future__ import annotations

from collections.abc import Iterator

from ..kg.identifiers import first_posted, identify
from ..kg.model import Venue, Work
from .case import NOT_PAPERS, Case, put
from .finding import Change, Finding, Fix
from .preprint_checks import DETAILS

_TELLS_MORE = frozenset("volume number pages doi publisher editor series isbn issn organization".split())


def wrong_venue(case: Case) -> Iterator[Finding]:
    """Find another venue than the graph's. One spelled another way is the same; one not understood says nothing.

    The file may know a workshop or a later publication that the graph does not, so only a meeting that was not after
    the graph's is mended, and only if the entry tells nothing more of it.
    """
    work, mention = case.work, case.mention
    if not case.published or work is None or work.venue is None or mention is None or case.entry.kind in NOT_PAPERS:
        return
    venue = work.venue
    # the Findings of a meeting are told without the meeting, too
    findings = mention.series == mention.kind == venue.kind == "findings"
    same_series = findings or venue.series.endswith(f"/{mention.series}")
    other_year = bool(mention.year and venue.year and mention.year != venue.year)
    if mention.kind == "preprint" or (same_series and not other_year and not _less_exact(mention.kind, venue)):
        return
    name = next((n for n in ("booktitle", "journal", "journaltitle") if case.venue == case.entry.get(n)), "booktitle")
    known = venue.acronym or venue.title
    if mention.kind in {"workshop", "tutorial"} and venue.kind not in {"workshop", "tutorial"}:
        message = f"a {mention.kind}; the graph knows it from {known} too"
        yield case.find("wrong-field", message, at=name, level="info")
        return
    if venue.kind in {"workshop", "tutorial"} and not same_series:
        return  # published once more after a workshop
    yield case.find("wrong-field", f"the venue is {known}: {venue.title} (graph)", at=name, fix=_replaced(case, name))


def _less_exact(kind: str, venue: Venue) -> bool:
    """Say whether an entry tells the meeting where the graph knows that it was in its Findings or a workshop."""
    return venue.kind in {"findings", "workshop"} and kind == "conference"


def _may_be_later(case: Case) -> bool:
    """Say whether an entry may tell where a work was published once more: in a journal, or after the graph's venue."""
    work, mention = case.work, case.mention
    if work is None or mention is None or mention.kind == "journal":
        return True
    year = mention.year or case.entry.year
    return year is None or not case.is_dated or work.year is None or year > work.year


def _replaced(case: Case, name: str) -> Fix | None:
    printed = case.printed
    if printed is None or name not in case.own or _TELLS_MORE & case.own.keys() or _may_be_later(case):
        return None
    wanted = "journal" if printed.kind == "article" else "booktitle"
    if not printed.tex(wanted):
        return None
    place = put(case, wanted, printed.tex(wanted))
    changes = [Change(place.name, place.value, instead=name if name != place.name else "")]
    if case.is_dated and (year := printed.tex("year")):
        changes.append(put(case, "year", year))
        changes += [Change("month")] * ("month" in case.own)
    changes += [Change(d, printed.tex(d)) for d in DETAILS if printed.tex(d)]
    return Fix(tuple(changes), printed.kind)


def wrong_year(case: Case) -> Iterator[Finding]:
    """Find another year than the venue's of a published work, or that of the first posting of a preprint."""
    work, entry = case.work, case.entry
    year = entry.year
    if work is None or work.year is None or year is None or entry.kind in NOT_PAPERS or case.printed is None:
        return
    name = "year" if "year" in case.own else "date" if "date" in case.own else ""
    if not name or year == work.year:
        return
    if case.venue:
        mention = case.mention
        if not case.published or not case.is_dated or work.venue is None or mention is None:
            return
        if not work.venue.series.endswith(f"/{mention.series}") or mention.kind in {"workshop", "tutorial"}:
            return  # another venue has another year
        if mention.kind == "journal" or (mention.year and mention.year != work.venue.year):
            return  # online and in an issue are two years; a venue of another year is told as one
        message = f"the year is {work.year}, that of {work.venue.acronym} (graph)"
    else:
        posted = first_posted(work.identifier("arxiv"))
        versioned = "v" in entry.get("eprint").rpartition(".")[2]
        if case.published or posted is None or posted[0] != work.year or versioned or not _is_arxiv(case):
            return
        message = f"first posted in {work.year} (arXiv:{work.identifier('arxiv')})"
    # a volume of that other year is an error of its own, or the year is none
    volume = entry.get("volume").strip()
    sure = entry.get(name).strip().isdigit() and (not volume or volume == case.printed.tex("volume"))
    fix = Fix((put(case, "year", str(work.year)),)) if sure else None
    yield case.find("wrong-field", message, at=name, fix=fix)


def _is_arxiv(case: Case) -> bool:
    return any(i.scheme == "arxiv" for i in case.identifiers)


def _contradicted(case: Case, work: Work) -> Iterator[Finding]:
    """Tell a title that is one work's beside the arXiv id of another: which of both is meant nobody can say."""
    told = [i.value for i in case.identifiers if i.scheme == "arxiv"]
    known = work.identifier("arxiv")
    if told and known and known not in told:
        message = f"'{work.title}' is arXiv:{known} (graph), and the arXiv id here is {told[0]}"
        yield case.find("wrong-field", message, at="eprint" if "eprint" in case.own else "title")


def wrong_identifier(case: Case) -> Iterator[Finding]:
    """Find a DOI or arXiv id that is another work's, or none of those that the graph knows of this one."""
    known = case.known
    if known is None:
        return
    if not known.sure:
        if known.how == "identifier":
            told = next((i for i in case.identifiers if i in known.work.identifiers), None)
            name = {"arxiv": "eprint", "doi": "doi"}.get(told.scheme if told else "", "url")
            which = str(told) if told else "its identifier"
            message = f"{which} is '{known.work.title}' (graph), not this title"
            level = "info" if known.likely else "warning"
            yield case.find("wrong-field", message, at=name if name in case.own else "title", level=level)
        elif known.how == "title" and known.listed and case.entry.title in known.titles:
            yield from _contradicted(case, known.work)
        return
    work = case.work
    if work is None:
        return
    for scheme, name in (("arxiv", "eprint"), ("doi", "doi")):
        ours = [i.value for i in case.identifiers if i.scheme == scheme]
        theirs = [i.value for i in work.identifiers if i.scheme == scheme]
        if not ours or not theirs or set(ours) & set(theirs):
            continue
        if scheme == "doi" and ours[0].partition("/")[0] != theirs[0].partition("/")[0]:
            continue  # one work has a DOI from each of its publishers
        called = "arXiv id" if scheme == "arxiv" else "DOI"
        message = f"the {called} is {theirs[0]} (graph), not {ours[0]}"
        sure = scheme == "arxiv" and name in case.own and len(theirs) == 1
        changes = [Change(name, theirs[0])]
        linked = identify(case.own["url"].text) if "url" in case.own else None
        if linked and linked.scheme == "arxiv" and linked.value == ours[0] and case.printed:
            changes.append(Change("url", case.printed.tex("url")))
        fix = Fix(tuple(changes)) if sure else None
        yield case.find("wrong-field", message, at=name if name in case.own else "title", fix=fix)
