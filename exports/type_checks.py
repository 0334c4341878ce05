"""Checks of an entry's type: the fields it demands, those that do not go with it, and a venue that is none."""

from __future__ import annotations

from collections.abc import Iterator

from .case import SAME_FIELD, Case, Flavour, inner, put
from .finding import Change, Finding, Fix, shortened
from .preprint_checks import RECORD, eprint_changes

_BIBTEX = {
    "article": "author title journal year",
    "book": "author/editor title publisher year",
    "booklet": "title",
    "inbook": "author/editor title chapter/pages publisher year",
    "incollection": "author title booktitle publisher year",
    "inproceedings": "author title booktitle year",
    "conference": "author title booktitle year",
    "manual": "title",
    "mastersthesis": "author title school year",
    "phdthesis": "author title school year",
    "proceedings": "title year",
    "techreport": "author title institution year",
    "unpublished": "author title note",
}
"""What BibTeX's own styles warn of when it is missing (``btxdoc``, "Entry Types")."""
_BIBLATEX = {
    "article": "author title journal year",
    "book": "author/editor title year",
    "mvbook": "author/editor title year",
    "inbook": "author/editor title booktitle year",
    "collection": "editor title year",
    "incollection": "author title booktitle year",
    "inproceedings": "author title booktitle year",
    "conference": "author title booktitle year",
    "proceedings": "title year",
    "report": "author title institution year",
    "techreport": "author title institution year",
    "thesis": "author title institution year",
    "phdthesis": "author title institution year",
    "mastersthesis": "author title institution year",
    "online": "title url/doi/eprint",
    "unpublished": "author title year",
}
"""What biblatex demands ("Entry Types" of its manual); pages and programs of nobody and no date are many, and right."""
_REQUIRED: dict[Flavour, dict[str, str]] = {"bibtex": _BIBTEX, "biblatex": _BIBLATEX}
_PROCEEDINGS = frozenset({"inproceedings", "conference", "incollection", "inbook"})
_PARTS = frozenset({"inproceedings", "conference"})


def missing_field(case: Case) -> Iterator[Finding]:
    """Find a field that the type demands and the entry lacks, and an identifier that only the graph knows.

    What an entry has through ``crossref`` is there.
    """
    entry = case.entry
    lacking = [alternatives for alternatives in _demanded(case) if not _has(case, alternatives)]
    for alternatives in lacking:
        name = alternatives.split("/")[0]
        if name in {"journal", "booktitle"} and _is_told_as_preprint(case):
            continue  # told as what it is: published, or no venue
        if (name == "journal" and entry.has("booktitle")) or (
            name == "booktitle" and (entry.has("journal") or entry.has("journaltitle"))
        ):
            continue  # a matter of the type
        tex = case.printed.tex(name) if case.printed and case.work and "/" not in alternatives else ""
        tex = tex if name not in {"journal", "booktitle"} or case.published else ""
        fix = Fix((put(case, name, tex),)) if tex else None
        known = f"; it is {shortened(tex)} (graph)" if fix and name != "title" else ""
        wanted = " or ".join(alternatives.split("/"))
        yield case.find("missing-field", f"@{entry.kind} without {wanted}{known}", fix=fix)
    yield from _unnamed(case)


def _demanded(case: Case) -> list[str]:
    return _REQUIRED[case.flavour].get(case.entry.kind, "").split()


def _has(case: Case, alternatives: str) -> bool:
    for name in alternatives.split("/"):
        names = {name, *(o for o, b in SAME_FIELD.items() if b == name), SAME_FIELD.get(name, name)}
        if any(case.entry.get(n).strip() for n in names):
            return True
    return False


def _unnamed(case: Case) -> Iterator[Finding]:
    """Find a DOI, an arXiv id or authors that the graph knows and the entry lacks."""
    entry, printed = case.entry, case.printed
    if case.work is None or printed is None:
        return
    doi, eprint = printed.tex("doi"), printed.tex("eprint")
    schemes = {i.scheme: i.value for i in case.identifiers}
    told: list[str] = []
    changes: list[Change] = []
    if doi and "doi" not in case.own and (case.published or not case.venue):
        told.append(f"doi {doi}")
        changes.append(Change("doi", doi))
    if eprint and "eprint" not in case.own and (case.venue or schemes.get("arxiv") != eprint):
        told.append(f"arXiv id {eprint}")
        changes += eprint_changes(case, printed)
    if changes and (case.venue or not case.published):  # else told with the publication
        message = f"the graph knows its {' and '.join(told)}"
        yield case.find("missing-field", message, level="info", fix=Fix(tuple(changes)))
    needs = any(a.split("/")[0] == "author" for a in _demanded(case))
    if not needs and not entry.has("author") and not entry.has("editor") and (authors := printed.tex("author")):
        yield case.find("missing-field", "the graph knows its authors", fix=Fix((Change("author", authors),)))


def _is_told_as_preprint(case: Case) -> bool:
    return case.published or bool(case.preprint_field)


def wrong_type(case: Case) -> Iterator[Finding]:
    """Find a type that does not fit: an article with a ``booktitle``, a paper in proceedings with a ``journal``.

    A place of preprints is told by another check.
    """
    entry = case.entry
    if case.preprint_field:
        return
    journal = case.called("journal")
    has_journal, has_book = bool(entry.get(journal)), bool(entry.get("booktitle"))
    mention = case.mention
    told = ""
    if entry.kind == "article" and has_book:
        told = "@article has a journal, no booktitle"
    elif entry.kind in _PARTS and has_journal and not has_book:
        told = f"@{entry.kind} has a booktitle, no {journal}"
    elif entry.kind == "article" and mention and mention.kind not in {"journal", "preprint"}:
        told = f"'{shortened(case.venue)}' is no journal: papers there are @inproceedings with a booktitle"
    elif (
        entry.kind in _PARTS
        and mention
        and mention.kind == "journal"
        and case.published
        and case.printed
        and case.printed.kind == "article"
    ):
        told = f"'{shortened(case.venue)}' is a journal: papers there are @article with a {journal}"
    if told:
        fix = _retyped(case)
        level = "warning" if fix or "is no journal" not in told else "info"
        yield case.find("wrong-type", told, at=journal if has_journal else "booktitle", level=level, fix=fix)


def _retyped(case: Case) -> Fix | None:
    """Return the fix that gives an entry the type of its venue, where file and graph speak of the same one."""
    printed, work, mention = case.printed, case.work, case.mention
    if not case.published or not printed or not work or not work.venue or not mention:
        return None
    if not work.venue.series.endswith(f"/{mention.series}") or printed.kind not in {"article", "inproceedings"}:
        return None
    journal = case.called("journal")
    wanted, other = ("booktitle", journal) if printed.kind == "inproceedings" else (journal, "booktitle")
    if wanted in case.own and other in case.own:
        return Fix((Change(other),), printed.kind)
    if wanted in case.own:
        return Fix((), printed.kind)
    if other not in case.own:
        return None
    told = inner(case.own[other])
    name = printed.tex("booktitle" if wanted == "booktitle" else "journal") if told is None else told
    changes = [Change(wanted, name, instead=other)]
    if wanted == "booktitle" and "volume" in case.own and "number" in case.own and case.flavour == "bibtex":
        changes.append(Change("number"))
    return Fix(tuple(changes), printed.kind)


def volume_and_number(case: Case) -> Iterator[Finding]:
    """Find what BibTeX's styles warn of: volume and number in proceedings, a number without a volume in a journal."""
    entry = case.entry
    if case.flavour == "biblatex":
        return
    volume, number = bool(entry.get("volume").strip()), bool(entry.get("number").strip())
    if entry.kind in {*_PROCEEDINGS, "book", "proceedings"} and volume and number:
        sure = case.published and case.printed is not None and case.printed.tex("volume") == entry.get("volume")
        fix = Fix((Change("number"),)) if sure and "number" in case.own else None
        message = f"@{entry.kind} has volume or number, not both: BibTeX prints the volume alone"
        yield case.find("volume-and-number", message, at="number", fix=fix)
    elif entry.kind == "article" and number and not volume and not RECORD.fullmatch(entry.get("number")):
        yield case.find("volume-and-number", "a number without a volume", at="number", level="info")
