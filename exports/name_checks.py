"""Checks of lists of names: their form, and whether they are the authors whom the graph knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from ..kg.bibfields import parted
from ..kg.bibfile import BibField
from ..kg.model import Name
from ..kg.names import spoken
from ..kg.recognition import author_key
from ..kg.text import ascii_fold, title_key
from .case import Case, inner
from .finding import Change, Finding, Fix, shortened

_ET_AL = re.compile(
    r"(?:\s*,)?\s*(?:\band\s+)?\\?(?:\bet\s*\.?~?\s*al\b\.?)|\s*,\s*(?:and\s+)?others\b|\.\.\.\s*$", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?<=[^\W\d_])\s+0\d{3}(?=\s|,|$)")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_SUFFIX = re.compile(r"\s*(?:Jr|Sr|I{2,3}|IV|V|PhD|MD)\.?\s*", re.IGNORECASE)
_MISPRINT = 80.0


def et_al(case: Case) -> Iterator[Finding]:
    """Find "et al." in a list of names: BibTeX takes it for a person; what it knows is "and others"."""
    for name in ("author", "editor"):
        field = case.own.get(name)
        if field is None or not (match := _ET_AL.search(field.tex)):
            continue
        before = field.tex[: match.start()].rstrip(" ,")
        fix = _as_known(case, name)
        if fix is None and (
            inner(field) is not None and not field.tex[match.end() :].strip(" .,") and before and "," not in before[-2:]
        ):
            fix = Fix((Change(name, f"{before} and others"),)) if _well_joined(before) else None
        message = f"'{match[0].strip(' ,')}' is taken for a name; BibTeX knows 'and others'"
        yield case.find("et-al", message, at=name, fix=fix)


def author_form(case: Case) -> Iterator[Finding]:
    """Find names that BibTeX cannot part (joined by commas, semicolons or &), numbered or in capitals."""
    for name in ("author", "editor"):
        field = case.own.get(name)
        if field is None or not field.tex.strip() or _ET_AL.search(field.tex):
            continue
        people = parted(field.tex)
        if joined := next((p for p in people if not _is_one(p)), ""):
            message = f"'{shortened(joined, 60)}' is no one name: BibTeX parts names by ' and '"
            yield case.find("author-form", message, at=name, fix=_as_known(case, name))
        elif _NUMBERED.search(field.tex):
            mended = _NUMBERED.sub("", field.tex)
            own = Fix((Change(name, mended),)) if inner(field) is not None else None
            told = ", ".join(dict.fromkeys(m.strip() for m in _NUMBERED.findall(field.tex)))
            yield case.find(
                "author-form", f"{told} is dblp's number for a person, no part of the name", at=name, fix=own
            )
        elif (
            len(people) > 1
            and field.text.isupper()
            and field.text.isascii()
            and all("," in p or " " in p for p in people)
        ):
            yield case.find("author-form", "names in capitals throughout", at=name, fix=_as_known(case, name))


def wrong_authors(case: Case) -> Iterator[Finding]:
    """Find authors other than those of the graph: cut short, missing, misspelt, in another order, or only initials.

    One whom only the file names is told and stays where nobody else is missing: the graph may know an older list.
    """
    work, entry = case.work, case.entry
    if work is None or not work.authors or not case.authors or work.authors_truncated or "author" not in case.own:
        return
    if _ET_AL.search(case.own["author"].tex) or not all(map(_is_one, parted(case.own["author"].tex))):
        return
    compared = _compare(case.authors, work.authors)
    if compared.agree and not entry.authors_truncated:
        return
    fix = _as_known(case, "author")
    if entry.authors_truncated:
        if compared.unknown:
            yield from _strangers(case, compared, fix)
        elif compared.missing:
            message = f"the list of authors is cut after {len(case.authors)} of {len(work.authors)} (graph)"
            yield case.find("wrong-field", message, at="author", fix=fix)
        return
    if compared.unknown:
        yield from _strangers(case, compared, fix)
    elif compared.missing:
        message = f"authors lack {_listed(compared.missing)} (graph)"
        yield case.find("wrong-field", message, at="author", fix=fix)
    elif compared.misspelt:
        told = ", ".join(f"'{ours}' is '{theirs}'" for ours, theirs in compared.misspelt)
        yield case.find("wrong-field", f"author {told} (graph)", at="author", fix=fix)
    elif not compared.in_order:
        message = f"authors stand in another order; the graph has {_listed([*work.authors][:4])}" + ", ..." * (
            len(work.authors) > 4
        )
        yield case.find("wrong-field", message, at="author", fix=fix)
    elif compared.initials:
        message = f"given names are cut to initials: {_listed(compared.initials)} (graph)"
        yield case.find("wrong-field", message, at="author", level="info", fix=fix)


def _strangers(case: Case, compared: _Compared, fix: Fix | None) -> Iterator[Finding]:
    """Tell names that are no author's to the graph; one beside one that is missing may be a person of two names."""
    message = f"no author to the graph: {_listed(compared.unknown)}"
    if compared.missing:
        message += f"; it has {_listed(compared.missing)}"
    yield case.find("wrong-field", message, at="author", fix=fix if len(compared.missing) > 1 else None)


@dataclass(frozen=True, slots=True)
class _Compared:
    """How two lists of authors differ: ``initials`` are names of the graph that the file cuts to initials."""

    pairs: tuple[tuple[int, int], ...]
    missing: tuple[Name, ...]
    unknown: tuple[Name, ...]
    misspelt: tuple[tuple[str, str], ...]
    initials: tuple[Name, ...]
    in_order: bool

    @property
    def agree(self) -> bool:
        """Whether the lists are the same, name by name."""
        return self.in_order and not (self.missing or self.unknown or self.misspelt or self.initials)


def _as_known(case: Case, name: str) -> Fix | None:
    """Return the fix that sets the authors of the graph, where it has them all."""
    whole = _whole_list(case) if name == "author" else ""
    return Fix((Change(name, whole),)) if whole else None


def _compare(ours: Sequence[Name], theirs: Sequence[Name]) -> _Compared:
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    misspelt: list[tuple[str, str]] = []
    for same in (_surely_same, _same_in_parts, _nearly_same):
        for n, name in enumerate(ours):
            if n in pairs:
                continue
            # the one at the same place first: brothers share a family name
            for m in _nearest(n, len(theirs)):
                if m not in taken and same(name, theirs[m]):
                    pairs[n] = m
                    taken.add(m)
                    if same is _nearly_same:
                        misspelt.append((spoken(name), spoken(theirs[m])))
                    break
    order = [pairs[n] for n in sorted(pairs)]
    initials = [theirs[m] for n, m in sorted(pairs.items()) if _is_cut(ours[n], theirs[m])]
    return _Compared(
        tuple(sorted(pairs.items())),
        tuple(name for m, name in enumerate(theirs) if m not in taken),
        tuple(name for n, name in enumerate(ours) if n not in pairs),
        tuple(misspelt),
        tuple(initials),
        order == sorted(order),
    )


def _nearest(n: int, length: int) -> Iterator[int]:
    """Yield the numbers below ``length``, those next to ``n`` first."""
    if n < length:
        yield n
    for away in range(1, max(n, length - n) + 1):
        yield from (m for m in (n - away, n + away) if 0 <= m < length)


@lru_cache(maxsize=1 << 14)
def _surely_same(a: Name, b: Name) -> bool:
    return author_key(a) == author_key(b) and _initials_fit(a, b)


def _same_in_parts(a: Name, b: Name) -> bool:
    """Return whether two names are one that was parted in two ways: "Ramos Garea, Sabela" and "Garea, Sabela Ramos"."""
    words_a, words_b = _words(a), _words(b)
    if sorted(words_a) == sorted(words_b) or "".join(words_a) == "".join(words_b):
        return True
    key_a, key_b = author_key(a), author_key(b)
    if key_a == key_b:
        return True  # another given name: married, translated, a nickname
    # one is told in full and the other without a middle name or a second family name
    small, large = sorted((set(words_a), set(words_b)), key=len)
    return len({w for w in small if len(w) > 1}) > 1 and small <= large


def _nearly_same(a: Name, b: Name) -> bool:
    key_a, key_b = author_key(a), author_key(b)
    return min(len(key_a), len(key_b)) > 3 and ratio(key_a, key_b) >= _MISPRINT and _initials_fit(a, b)


def _initials_fit(a: Name, b: Name) -> bool:
    ours, theirs = (title_key(ascii_fold(n.given)) for n in (a, b))
    return not ours or not theirs or ours[0] == theirs[0]


def _words(name: Name) -> list[str]:
    return title_key(ascii_fold(" ".join((name.given, name.particle, name.family, name.literal)))).split()


def _is_cut(ours: Name, theirs: Name) -> bool:
    """Return whether the first given name of ``ours`` is an initial that ``theirs`` spells out."""
    a, b = (title_key(ascii_fold(n.given)).split() for n in (ours, theirs))
    return bool(a and b) and all(len(w) == 1 for w in a) and len(b[0]) > 1 and a[0] == b[0][0]


def _whole_list(case: Case) -> str:
    """Return the authors of the graph as LaTeX, each in the words of the file where it has them; nothing if unsure."""
    work, field = case.work, case.own.get("author")
    if work is None or case.printed is None or work.authors_truncated or field is None:
        return ""
    theirs = parted(case.printed.tex("author"))
    if not work.authors or len(theirs) != len(work.authors):
        return ""
    ours = [p for p in parted(field.tex) if p.strip().lower() != "others"]
    names = case.authors
    if len(ours) != len(names) or inner(field) is None or not all(map(_is_one, ours)) or _ET_AL.search(field.tex):
        return " and ".join(theirs)
    if 2 * sum("," in p for p in ours) < len(ours):
        theirs = [_as_spoken(name) for name in theirs]
    compared = _compare(names, work.authors)
    misspelt = {
        m
        for n, m in compared.pairs
        if _nearly_same(names[n], work.authors[m]) and not _surely_same(names[n], work.authors[m])
    }
    for n, m in compared.pairs:
        if (
            m not in misspelt
            and not _is_cut(names[n], work.authors[m])
            and not _NUMBERED.search(ours[n])
            and not ours[n].isupper()
        ):
            theirs[m] = ours[n].strip()
    return _joint(field).join(theirs)


def _joint(field: BibField) -> str:
    """Return what stands between the names of a list: dblp begins a line with each."""
    joints = {match[0] for match in _AND.finditer(field.tex)}
    return joints.pop() if len(joints) == 1 else " and "


def _as_spoken(name: str) -> str:
    """Return "Family, Given" as "Given Family" where BibTeX reads the same name of it."""
    family, _, given = name.partition(", ")
    simple = (
        given and "," not in given and " " not in family and family[:1] not in ("{", "\\") and not family[0].islower()
    )
    return f"{given} {family}" if simple else name


def _is_one(piece: str) -> bool:
    """Return whether BibTeX reads a piece as one name: "von Last, Jr., First" has two commas at most.

    With one comma between two whole names nobody can tell them from a family name of two words.
    """
    flat = re.sub(r"\{(?:[^{}]|\{[^{}]*\})*\}", "x", piece)
    if ";" in flat or re.search(r"\s\\?&\s", flat):
        return False
    parts = flat.split(",")
    if len(parts) < 3:
        return True
    named = [p for p in parts[1:] if p.strip() and not _SUFFIX.fullmatch(p)]
    return len(parts) == 3 and len(named) < 2


def _well_joined(tex: str) -> bool:
    return all(map(_is_one, parted(tex)))


def _listed(names: Sequence[Name]) -> str:
    told = [spoken(name) for name in names[:3]]
    more = len(names) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")
