"""A user's .bib file held against the graph: what is wrong in it, and the file with all mended that is sure.

Each check is a function from an entry to findings, some with the change that mends them. A change is made only where
the file can mean nothing else: a fault of form, or a value that the graph has for a work that is surely the entry's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from ..kg.bibfile import MONTHS, BibEntry, BibFile, UnreadBlock, parse_bib
from ..kg.graph import Graph
from ..kg.recognition import recognise
from ..kg.venues import VenueTable
from ..kg.works import load_works, work_titles
from . import field_checks, file_checks, name_checks, preprint_checks, title_checks, type_checks, work_checks
from .case import WHOLES, Case, Check, Flavour, Known, Printed, flavour_of, own_flavour, printed, with_names
from .finding import KINDS, Change, Finding, Fix
from .mending import mend

__all__ = ["KINDS", "Checked", "Finding", "Fix", "check"]

CHECKS: tuple[Check, ...] = (
    preprint_checks.published,
    preprint_checks.not_a_venue,
    type_checks.wrong_type,
    work_checks.wrong_venue,
    work_checks.wrong_year,
    work_checks.wrong_identifier,
    title_checks.shouted_title,
    title_checks.wrong_title,
    title_checks.lost_capitals,
    name_checks.et_al,
    name_checks.author_form,
    name_checks.wrong_authors,
    type_checks.missing_field,
    type_checks.volume_and_number,
    field_checks.doi_form,
    field_checks.url_form,
    field_checks.eprint_form,
    field_checks.bad_month,
    field_checks.raw_character,
    file_checks.undefined_string,
    file_checks.duplicate_field,
    file_checks.broken_entry,
    file_checks.keys,
)
"""The checks of one entry. Where two would change one field the first does: what the graph knows goes before form."""
_ROUNDS = 6
"""How often an entry is looked at again after it was mended; each round can only uncover what another change hid."""


@dataclass(frozen=True)
class Checked:
    """What came of a check: findings by line, how many entries there are and how many of them the graph knows.

    ``mended`` is the text of the file with every sure change made; ``text.encode(encoding)`` are its bytes.
    """

    file: str
    findings: tuple[Finding, ...]
    entries: int
    known: int
    unread: tuple[UnreadBlock, ...]
    mended: str
    encoding: str = "utf-8"
    _source: BibFile | None = field(default=None, repr=False, compare=False)
    _cases: tuple[Case, ...] = field(default=(), repr=False, compare=False)

    @property
    def mendable(self) -> int:
        """How many findings the mended file has no more."""
        return sum(finding.fix is not None for finding in self.findings)

    def of_kinds(self, only: Iterable[str] = (), ignore: Iterable[str] = ()) -> Checked:
        """Return the findings of the kinds in ``only`` but those in ``ignore``, and the file mended of them.

        Kinds are the names in :data:`KINDS`.
        """
        kinds = frozenset(only or KINDS) - frozenset(ignore)
        if kinds >= KINDS.keys() or self._source is None:
            return self
        found = [(case, _of_entry(case, self.encoding)) for case in self._cases]
        findings = tuple(f for f in self.findings if f.kind in kinds)
        return replace(self, findings=findings, mended=_mended(self._source, found, kinds))


def check(graph: Graph, file: BibFile) -> Checked:
    """Return what is wrong with ``file``, and the file mended.

    >>> import llmcomp
    >>> from llmcomp.kg.bibfile import parse_bib
    >>> source = "@misc{x, title={GPTQ: accurate post-training quantization for generative pre-trained transformers}}"
    >>> for finding in check(llmcomp.open_graph(), parse_bib(source, "x.bib")).findings:
    ...     print(finding.kind, finding.fix is not None)
    published True
    missing-field True
    lost-capitals True
    """
    cases = tuple(_cases(graph, file))
    found = [(case, _of_entry(case, file.encoding)) for case in cases]
    findings = [finding for _, group in found for finding in group]
    findings += file_checks.unreadable(file)
    findings += file_checks.duplicate_keys(file.entries)
    findings += file_checks.duplicate_works(cases)
    findings += (
        case.find("unknown-work", "the graph does not know this work", level="info")
        for case in cases
        if not case.is_known and case.entry.kind not in WHOLES
    )
    order = list(KINDS)
    findings.sort(key=lambda f: (f.line, f.key, order.index(f.kind), f.message))
    return Checked(
        file.name,
        tuple(findings),
        len(cases),
        sum(case.known is not None and case.known.sure for case in cases),
        file.unread,
        _mended(file, found, frozenset(KINDS)),
        file.encoding,
        file,
        cases,
    )


def _cases(graph: Graph, file: BibFile) -> Iterable[Case]:
    recognised = recognise(graph, file.entries)
    iris = sorted({r.work for r in recognised if r.work})
    works = {work.iri: work for work in load_works(graph, iris)}
    titles = work_titles(graph, works) if works else {}
    # what lists only cite is known as somebody printed it
    listed = graph.pairs("listed-works").keys()
    # places of publication are few and come again
    understood = cache(VenueTable.load().parse)
    macros = frozenset({*MONTHS, *file.strings, *file_checks.MACROS})
    common = flavour_of(file.entries)
    flavours: list[Flavour] = [own_flavour(entry) or common for entry in file.entries]
    prints: dict[Flavour, dict[str, Printed]] = {
        flavour: printed((works[i] for i in works.keys() & listed), flavour) for flavour in dict.fromkeys(flavours)
    }
    for told, flavour in zip(recognised, flavours, strict=True):
        case = Case(told.entry, flavour, macros, understood)
        if work := works.get(told.work):
            known = Known(work, tuple(titles.get(work.iri, ())), told.sure, told.likely, told.how, work.iri in listed)
            case = replace(case, known=known, printed=prints[flavour].get(work.iri))
            if case.work and not work.authors and told.entry.authors:
                case = replace(case, printed=printed([with_names(work, told.entry)], flavour)[work.iri])
        yield case


def _of_entry(case: Case, encoding: str) -> list[Finding]:
    """Return the findings about one entry; a fix that cannot be written is none."""
    findings = [finding for look in CHECKS for finding in look(case)]
    return [f if f.fix is None or _can(case.entry, f.fix, encoding) else replace(f, fix=None) for f in findings]


def _can(entry: BibEntry, fix: Fix, encoding: str) -> bool:
    if entry.flaws or not (fix.changes or fix.kind):
        return False
    if not any(_alters(entry, change) for change in fix.changes) and fix.kind in {"", entry.kind}:
        return False
    names = {c.name for c in fix.changes} | {c.instead for c in fix.changes}
    if any(sum(f.name == name for f in entry.fields) > 1 for name in names):
        return False
    try:
        "".join(change.value or "" for change in fix.changes).encode(encoding)
    except UnicodeEncodeError:
        return False
    return all(_balanced(change.value or "") for change in fix.changes)


def _alters(entry: BibEntry, change: Change) -> bool:
    own = next((f for f in entry.fields if f.name == change.name), None)
    if change.value is None:
        return own is not None
    return own is None or own.tex != change.value or bool(change.bare and own.source != change.value)


def _balanced(tex: str) -> bool:
    depth = 0
    for char in tex:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return not depth


def _mended(file: BibFile, found: Sequence[tuple[Case, list[Finding]]], kinds: frozenset[str]) -> str:
    out: list[str] = []
    end = 0
    for case, findings in found:
        entry = case.entry
        raw = _mended_entry(case, findings, kinds, file.encoding)
        if raw != entry.raw:
            out += [file.text[end : entry.start], raw]
            end = entry.start + len(entry.raw)
    return "".join([*out, file.text[end:]])


def _mended_entry(case: Case, findings: list[Finding], kinds: frozenset[str], encoding: str) -> str:
    """Return an entry with every sure change made, looked at again until there is none."""
    for _ in range(_ROUNDS):
        fixes = [f.fix for f in findings if f.fix and f.kind in kinds]
        mended = mend(case.entry.raw, fixes) if fixes else case.entry.raw
        if mended == case.entry.raw:
            break
        again = parse_bib(mended).entries
        if len(again) != 1 or again[0].raw != mended:
            break
        case = replace(case, entry=replace(again[0], inherited=case.entry.inherited))
        findings = _of_entry(case, encoding)
    return case.entry.raw
