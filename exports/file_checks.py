"""Checks of a whole file: keys and works of two entries, keys that name nothing, macros, what cannot be read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ..kg.bibfile import BibEntry, BibFile
from ..kg.recognition import author_key
from ..kg.text import is_short, title_key
from ..kg.titles import near
from .case import WHOLES, Case, bare_words
from .finding import Finding

MACROS = frozenset(
    """
    acmcs acta cacm ibmjrd ibmsj ieeese ieeetc ieeetcad ipl jacm jcss scp sicomp tocs tods tog toms toois toplas tcs
    """.split()
)
"""Macros that BibTeX's own styles define beside the months (``btxbst.doc``)."""
_PRINTED = frozenset(
    """
    author editor title booktitle journal journaltitle series publisher school institution organization address location
    month year edition howpublished note type volume number pages chapter language
    """.split()
)
_TOLD_ONCE = _PRINTED | {"doi", "url", "eprint", "archiveprefix", "eprinttype", "date", "isbn", "issn", "abstract"}
_OF_A_PACKAGE = re.compile(r"ieee_\w+|acm_\w+")
_PREPRINT_KEY = re.compile(
    r"(?:DBLP:)?journals/corr/\S+|corr[/:_-]?abs\S*|(?:arxiv[:_-]?)?\d{4}[.-]\d{4,5}(?:v\d+)?", re.IGNORECASE
)
_NOTHING = re.compile(r"noauthor_\S*|(?:unknown|ref|cite|citation|paper|untitled|bib)[-_:]?\d*|\d+", re.IGNORECASE)


def undefined_string(case: Case) -> Iterator[Finding]:
    """Find a macro that neither the file nor BibTeX's styles define: BibTeX prints nothing for it."""
    for field in case.entry.fields:
        if (
            field.name not in _PRINTED
            or field.source[:1].isdigit()
            or (field.source[:1] in ("{", '"') and "#" not in field.source)
        ):
            continue
        for word in bare_words(field):
            macro = word.lower()
            if (
                not word.isdigit()
                and macro not in case.macros
                and not _OF_A_PACKAGE.fullmatch(macro)
                and _is_macro(word)
            ):
                message = f"{field.name} = {word}: no @string defines it; BibTeX prints nothing for it"
                yield case.find("undefined-string", message, at=field.name)


def _is_macro(word: str) -> bool:
    return not re.search(r"[\\,{}%~@]", word) and not word[0].isdigit()


def duplicate_field(case: Case) -> Iterator[Finding]:
    """Find a field that is told twice: BibTeX reads the first, biber the last."""
    seen: set[str] = set()
    for field in case.entry.fields:
        if field.name in seen and field.name in _TOLD_ONCE:
            same = case.own[field.name].source == field.source
            message = f"{field.name} is told twice" + (", with two values" if not same else "")
            yield Finding("duplicate-field", "info" if same else "warning", case.entry.key, field.line, message)
        seen.add(field.name)


def broken_entry(case: Case) -> Iterator[Finding]:
    """Find a fault of form that BibTeX stumbles over though it is clear what is meant."""
    for flaw in case.entry.flaws:
        level = "info" if flaw == "a comma without a field" else "error"
        yield case.find("broken-entry", flaw, level=level)
    if case.flavour == "bibtex" and (name := _behind_comment(case.entry)):
        message = f"a comment (%) before '{name}': biber passes over it, BibTeX loses the rest of the entry"
        yield case.find("broken-entry", message, at=name)


def _behind_comment(entry: BibEntry) -> str:
    """Return the name of the first field before which a comment stands inside the entry."""
    end = len(entry.key) + entry.raw.find(entry.key)
    for field in entry.fields:
        if "%" in entry.raw[end : field.start - entry.start]:
            return field.name
        end = field.end - entry.start
    return ""


def keys(case: Case) -> Iterator[Finding]:
    """Find a key that not all programs read, and one that names a record which is out of date, or nothing.

    Documents cite the key, so it is never mended.
    """
    key = case.entry.key
    if not key.isascii():
        letters = "".join(dict.fromkeys(c for c in key if not c.isascii()))
        yield case.find("non-ascii-key", f"'{letters}' in a key: BibTeX's programs do not all read it")
    if _PREPRINT_KEY.fullmatch(key):
        if case.published:
            yield case.find(
                "dead-key", "the key names a preprint's record, and the work is published (graph)", level="info"
            )
    elif _NOTHING.fullmatch(key):
        yield case.find("dead-key", "the key says neither who nor what", level="info")


def unreadable(file: BibFile) -> Iterator[Finding]:
    """Tell the blocks of a file that could not be read."""
    for block in file.unread:
        yield Finding("unreadable", "error", "", block.line, f"kept as it stands: {block.reason}")


def duplicate_keys(entries: Iterable[BibEntry]) -> Iterator[Finding]:
    """Find keys of several entries; BibTeX makes no difference between capitals and small letters there."""
    first: dict[str, BibEntry] = {}
    for entry in entries:
        if not entry.key:
            continue
        other = first.setdefault(entry.key.lower(), entry)
        if other is not entry:
            level = "error" if other.key == entry.key else "warning"
            message = f"the key stands in line {other.line} already"
            message += f", as {other.key}: BibTeX takes them for one" * (other.key != entry.key)
            yield Finding("duplicate-key", level, entry.key, entry.line, message)


def duplicate_works(cases: Sequence[Case]) -> Iterator[Finding]:
    """Find entries of one work: by the graph where it knows it, else by identifier and title."""
    groups: dict[str, list[BibEntry]] = defaultdict(list)
    for case in cases:
        entry = case.entry
        if entry.kind in WHOLES or not title_key(entry.title):
            continue
        if case.known and case.known.sure and not case.is_other_form:
            groups[f"work {case.known.work.iri}"].append(entry)
            continue
        for identifier in entry.identifiers:
            groups[str(identifier)].append(entry)
        title = title_key(entry.title)
        if entry.authors and not is_short(title):
            groups[f"title {author_key(entry.authors[0])} {title}"].append(entry)
    told: set[int] = set()
    for name, entries in groups.items():
        for n, entry in enumerate(entries[1:], 1):
            other = next((o for o in entries[:n] if name.startswith("work ") or _same_work(o, entry, name)), None)
            if other is None or id(entry) in told or other.key == entry.key:
                continue
            told.add(id(entry))
            message = f"the work of {other.key} (line {other.line}) once more"
            yield Finding("duplicate-work", "warning", entry.key, entry.line, message)


def _same_work(a: BibEntry, b: BibEntry, name: str) -> bool:
    """Return whether two entries that the graph does not know are one work; a paper and its journal version are not."""
    theses = {"phdthesis", "mastersthesis", "thesis", "techreport", "report"}
    if (a.kind in theses) != (b.kind in theses):
        return False
    if not name.startswith("title "):
        keys_ = title_key(a.title), title_key(b.title)
        return keys_[0] == keys_[1] or near(*keys_)
    if (a.kind == "book") != (b.kind == "book") or (a.kind == "book" and a.year != b.year):
        return False
    # a column of a magazine has one title in every issue
    if any(a.get(n) and b.get(n) and a.get(n) != b.get(n) for n in ("volume", "number", "pages", "month")):
        return False
    if a.venue and b.venue:
        return a.kind == b.kind and a.year == b.year
    return True
