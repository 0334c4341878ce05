"""Checks of single values, which need nothing but the entry: DOI, address, arXiv id, month, raw characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ..kg.bibfile import MONTHS
from ..kg.identifiers import normalise
from .case import Case, bare_words, inner
from .finding import Change, Finding, Fix, shortened

_DOI_PREFIX = re.compile(r"(?:https?://)?(?:www\.)?(?:dx\.)?doi\.org/|doi:?\s*(?=10\.)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\\{}]+")
_ESCAPE = re.compile(r"\\[&%#_~]|\\textunderscore|\{\\|\\text|\$")
_ARXIV_PREFIX = re.compile(r"(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/|arxiv\s*:\s*", re.IGNORECASE)
_VERSION = re.compile(r"v\d+$")
_WORD = re.compile(r"[^\W\d_]+")
_TEXTS = (
    *("title", "subtitle", "booktitle", "booksubtitle", "journal", "journaltitle", "series", "publisher", "school"),
    *("institution", "organization", "address", "location", "howpublished", "edition", "type", "note", "addendum"),
    *("eventtitle", "author", "editor"),
)
"""Fields that styles print as text; what only a program reads (abstract, file, annote) may hold what it will."""
_NEVER_CHANGED = frozenset({"note", "addendum", "author", "editor"})
_RAW = re.compile(
    r"\\(?:url|path|nolinkurl|href|verb|cite[a-z]*|ref|label|input|includegraphics)\s*\{[^{}]*\}|\\\(.*?\\\)|"
    r"\\ensuremath\s*\{(?:[^{}]|\{[^{}]*\})*\}|\\.|\$\$?|[%&#_^]",
    re.DOTALL,
)
_ENTITY = re.compile(r"(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-f]+);", re.IGNORECASE)


def doi_form(case: Case) -> Iterator[Finding]:
    """Find a ``doi`` that is not the bare DOI: styles and biblatex put the address before it themselves."""
    field = case.own.get("doi")
    if field is None or not field.text:
        return
    # the form is judged as it stands, the DOI itself is taken as it is meant
    bare = _DOI_PREFIX.sub("", field.text, count=1).strip()
    bare = unquote(bare) if "%2f" in bare.lower().partition("/")[0] else bare
    bare = bare.rstrip(".,;")
    if field.tex.strip() == bare and _DOI.fullmatch(bare):
        return
    if not _DOI.fullmatch(bare):
        yield case.find("doi-form", f"'{shortened(field.text)}' is no DOI: one begins with 10.NNNN/", at="doi")
        return
    fix = Fix((Change("doi", bare),)) if inner(field) is not None else None
    yield case.find("doi-form", f"the bare DOI is {bare}", at="doi", fix=fix)


def url_form(case: Case) -> Iterator[Finding]:
    r"""Find an address with TeX in it: ``\url`` and biblatex print addresses as they stand, and links would break."""
    field = case.own.get("url")
    if field is None or (not _ESCAPE.search(field.tex) and not field.tex.lstrip().startswith("\\")):
        return
    if not re.match(r"[a-z][a-z+.-]*:|www\.", field.text, re.IGNORECASE) or re.search(
        r"[\s{}\\]|https?:.*https?:", field.text
    ):
        return
    if "$" in field.text or field.text == field.tex:
        return
    fix = Fix((Change("url", field.text),)) if inner(field) is not None else None
    yield case.find("url-form", f"an address stands without TeX: {shortened(field.text)}", at="url", fix=fix)


def eprint_form(case: Case) -> Iterator[Finding]:
    """Find an arXiv id with a prefix, an address or a version, and one whose archive is not named."""
    field = case.own.get("eprint")
    if field is None:
        return
    archive = (case.entry.get("archiveprefix") or case.entry.get("eprinttype")).strip().lower()
    if archive not in {"", "arxiv", "arxiv.org"}:
        return
    bare = _ARXIV_PREFIX.sub("", field.text).strip().removesuffix(".pdf")
    if (identifier := normalise("arxiv", bare)) is None:
        return
    if bare != field.tex.strip():
        fix = Fix((Change("eprint", bare),)) if inner(field) is not None else None
        yield case.find("eprint-form", f"the bare arXiv id is {bare}", at="eprint", fix=fix)
    elif _VERSION.search(bare):
        # somebody may have meant this version, and nothing else would tell it
        message = f"{bare} names one version; the work is {identifier.value}"
        yield case.find("eprint-form", message, at="eprint", level="info")
    if not archive:
        name = "eprinttype" if case.flavour == "biblatex" else "archiveprefix"
        value = "arxiv" if case.flavour == "biblatex" else "arXiv"
        message = f"without {name} = {{{value}}} no style knows whose id {bare} is"
        yield case.find("eprint-form", message, at="eprint", level="info", fix=Fix((Change(name, value),)))


def bad_month(case: Case) -> Iterator[Finding]:
    """Find a month that is none, and a name in braces: the macro is what styles translate and biber sorts by."""
    field = case.own.get("month")
    if field is None or not field.text.strip():
        return
    macros = [word for word in bare_words(field) if not word.isdigit()]
    text = field.text.strip()
    if macros:
        return  # a macro of the style or of the file; one that nobody defined is told by itself
    if text.isdigit() and text.isascii():
        if not 1 <= int(text) <= 12:
            message = f"month {shortened(text)} is none: write 1 to 12, or a macro from jan to dec"
            yield case.find("bad-month", message, at="month")
        return
    if macro := _month(text.removesuffix(".")):
        fix = Fix((Change("month", macro, bare=True),))
        message = f"'{text}' is a word here; the macro is month = {macro}"
        yield case.find("bad-month", message, at="month", level="info", fix=fix)
    elif case.flavour == "biblatex" and not any(map(_month, _WORD.findall(text))):
        message = f"'{shortened(text)}' is no month to biber, which sorts by it"
        yield case.find("bad-month", message, at="month", level="info")


def _month(word: str) -> str:
    """Return the macro of a month that is written out or cut ("Sept"), or an empty string for another word."""
    small = word.lower()
    return next((macro for macro, name in MONTHS.items() if len(small) > 2 and name.lower().startswith(small)), "")


def raw_character(case: Case) -> Iterator[Finding]:
    """Find what LaTeX stumbles over in a text: %, &, #, _ and ^ outside math, and a dollar that nothing closes.

    Inside braces ``%`` is no comment for BibTeX, and LaTeX drops the rest of the line.
    """
    for name in _TEXTS:
        field = case.own.get(name)
        if field is None or (tex := inner(field)) is None or not re.search(r"[%&#_^$]", tex):
            continue
        found, mended = _raw(tex)
        if not found:
            continue
        if "$" in found:
            message = f"{name} has an odd number of $; a dollar that is no math is \\$"
            yield case.find("raw-character", message, at=name)
            continue
        signs = " ".join(dict.fromkeys(found))
        fix = None if mended is None or name in _NEVER_CHANGED else Fix((Change(name, mended),))
        yield case.find("raw-character", f"{name} has a raw {signs}, which breaks LaTeX", at=name, fix=fix)


def _raw(tex: str) -> tuple[list[str], str | None]:
    """Return the raw characters of a text and the text with them escaped, None where it is not sure what they mean."""
    found: list[str] = []
    out: list[str] = []
    sure, math, end = True, False, 0
    for match in _RAW.finditer(tex):
        sign = match[0]
        if sign.startswith("$"):
            math = not math
            continue
        if len(sign) > 1 or (math and sign in "_^&"):
            continue
        found.append(sign)
        entity = _ENTITY.match(tex, match.end()) if sign == "&" else None
        between = tex[match.start() - 1 : match.start()].isalpha() and tex[match.end() : match.end() + 1].isalpha()
        word = re.search(r"[A-Za-z]{2,}_[A-Za-z]{2,}", tex[max(0, match.start() - 2) : match.end() + 2])
        comment = sign == "%" and tex[match.end() : match.end() + 1] in {"\n", "\r"}
        # x_1 is math that lost its dollars, an entity of HTML may be any sign
        sure &= not (sign == "^" or comment or (sign == "_" and not (between and word)))
        sure &= entity is None or entity[0].lower() == "amp;"
        out += [tex[end : match.start()], "\\", sign]
        end = entity.end() if entity else match.end()
    if math:
        return [*found, "$"], None
    return found, "".join([*out, tex[end:]]) if sure else None
