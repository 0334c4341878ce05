"""Checks of preprints: those published since, and those told as if arXiv were a journal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .case import NOT_PAPERS, Case, Printed, put
from .finding import Change, Finding, Fix, shortened

DETAILS = ("volume", "number", "pages", "publisher")
"""What is told of a place of publication beside its name and year."""
RECORD = re.compile(r"(?:cs\.\w+/|abs/)?(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?|abs/\S+", re.IGNORECASE)
"""The name of an arXiv record, as it stands in a volume or a number."""
_COUNTED = re.compile(r"1\s*[-‐–—]+\s*\d+")
"""Pages from the first: those of a preprint's own file."""
_WITHIN_A_YEAR = ("month", "day")
_REPORTS = frozenset({"techreport", "report"})
_SAYS_ARXIV = re.compile(r"\barxiv\b\W*(?:pre-?prints?|e-prints?)?\W*(?:arxiv\W*)?\d{4}\.\d{4,5}", re.IGNORECASE)


def published(case: Case) -> Iterator[Finding]:
    """Find a preprint that has been published since, and tell it as what it is now."""
    entry, work, printed = case.entry, case.work, case.printed
    if not case.published or work is None or work.venue is None or printed is None or printed.kind == "misc":
        return
    if case.venue or entry.kind in NOT_PAPERS:
        return
    venue = work.venue
    known = venue.acronym or venue.title
    told = f"published at {known}: {venue.title} (graph)" if venue.title != known else f"published at {known} (graph)"
    yield case.find("published", told, fix=_as_published(case))


def _as_published(case: Case) -> Fix | None:
    printed, work = case.printed, case.work
    if printed is None or work is None:
        return None
    house = case.entry.get("institution") if case.entry.kind in _REPORTS else ""
    if house and not case.is_place_of_preprints(house):
        return None  # a report of that house is a publication of its own
    name = "journal" if printed.kind == "article" else "booktitle"
    gone = list(_leftovers(case))
    # the place of the preprint's venue becomes that of the real one
    instead = next((n for n in gone if n in {"journal", "journaltitle", "booktitle", "howpublished"}), "")
    place = put(case, name, printed.tex(name))
    place = Change(place.name, place.value, instead=instead if instead != place.name else "")
    changes = [place]
    year = printed.tex("year")
    if year and (case.is_dated or case.entry.year is None):
        changes.append(put(case, "year", year))
        changes += [Change(name) for name in _WITHIN_A_YEAR if name in case.own]  # that of the preprint
    for detail in DETAILS:
        if printed.tex(detail) and (detail not in case.own or detail in gone):
            changes.append(Change(detail, printed.tex(detail)))
    changes += eprint_changes(case, printed)
    if printed.tex("doi") and ("doi" not in case.own or "doi" in gone):
        changes.append(Change("doi", printed.tex("doi")))
    set_already = {change.name for change in changes} | {instead}
    changes += [Change(n) for n in gone if n not in set_already]
    return Fix(tuple(changes), printed.kind)


def eprint_changes(case: Case, printed: Printed) -> list[Change]:
    """Return the changes that tell the arXiv id of a work which has one, as far as the entry does not."""
    if not printed.tex("eprint"):
        return []
    changes = [] if "eprint" in case.own else [Change("eprint", printed.tex("eprint"))]
    for name in ("archiveprefix", "primaryclass"):
        if printed.tex(name) and case.called(name) not in case.own:
            changes.append(put(case, name, printed.tex(name)))
    return changes


def not_a_venue(case: Case) -> Iterator[Finding]:
    """Find a place of preprints told as a journal or proceedings, in the entry of what is a preprint to the graph too.

    "arXiv preprint arXiv:2210.17323" as a journal prints what is right; ``ArXiv``, ``CoRR`` and ``abs/...`` do not.
    """
    entry = case.entry
    name = case.preprint_field
    if case.published or not name:
        return
    place = entry.get(name)
    tells = bool(_SAYS_ARXIV.search(place))
    record = next((n for n in ("volume", "number") if RECORD.fullmatch(entry.get(n))), "")
    no = "proceedings" if name == "booktitle" else "journal"
    message = f"{name} = '{shortened(place)}': a place of preprints is no {no}"
    if record:
        message += f", {record} = '{entry.get(record)}' no {record}"
    fix = _as_preprint(case, name)
    if fix is None and not case.venue:
        message += f"; tell it as {_form(case)}"
    yield case.find("not-a-venue", message, at=name, level="info" if tells and not record else "warning", fix=fix)


def _form(case: Case) -> str:
    """Return in which form the entry of a preprint prints what it should."""
    arxiv = next((i.value for i in case.identifiers if i.scheme == "arxiv"), "")
    if case.flavour == "biblatex":
        return "@online" + (f" with eprint = {{{arxiv}}}" if arxiv else "")
    return "@misc" + (f" with howpublished = {{arXiv preprint arXiv:{arxiv}}}" if arxiv else "")


def _leftovers(case: Case) -> Iterator[str]:
    """Yield the fields of an entry that say nothing but that it is a preprint."""
    for name, field in case.own.items():
        text = field.text.strip()
        small = text.lower()
        match name:
            case "journal" | "journaltitle" | "booktitle" | "publisher" | "institution" | "organization":
                only_preprint = case.is_place_of_preprints(text)
            case "howpublished":
                only_preprint = case.is_place_of_preprints(text) or "arxiv.org" in small
            case "volume" | "number" | "pages" | "eid":
                only_preprint = bool(RECORD.fullmatch(text)) or "arxiv" in small
                only_preprint |= name == "pages" and bool(case.preprint_field and _COUNTED.fullmatch(text))
            case "doi":
                only_preprint = "10.48550/arxiv" in small
            case "type":
                only_preprint = "preprint" in small
            case "pubstate":
                only_preprint = small in {"prepublished", "preprint", "submitted"}
            case _:
                only_preprint = False
        if only_preprint:
            yield name


def _as_preprint(case: Case, place: str) -> Fix | None:
    """Return the fix that tells a preprint of the graph as one, or None where it is not sure to be no more."""
    printed = case.printed
    if case.work is None or printed is None or not printed.tex("eprint") or case.venue:
        return None
    if printed.kind not in {"misc", "online"}:
        return None
    changes = [Change(n) for n in _leftovers(case) if n not in {place, "doi", "howpublished"}]
    if howpublished := printed.tex("howpublished"):
        changes.append(Change("howpublished", howpublished, instead=place))
    else:
        changes.append(Change(place))
    return Fix((*changes, *eprint_changes(case, printed)), printed.kind)
