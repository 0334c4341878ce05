"""What the fields of a .bib entry tell: people, identifiers, year, venue. However people and tools write them.

The forms are those of Zotero and Better BibTeX, JabRef, Mendeley, DBLP, Semantic Scholar, the ACL Anthology, Google
Scholar, arXiv and OpenReview.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from .identifiers import identify, normalise, parse_doi
from .model import Identifier, Name
from .names import parse_names
from .untex import untex

ADDRESSES = frozenset(
    "url urls doi eprint ee pdf file link links biburl urlraw openreview arxiv arxivid bdsk-url-1 bdsk-url-2".split()
)
"""Fields whose value is an address or an identifier: no text in which a tilde is a space."""

_WITH_ADDRESSES = "url ee pdf link howpublished urls links biburl bdsk-url-1 bdsk-url-2 note".split()
_WITH_PRINTED_IDS = "journal journaltitle booktitle volume number howpublished note publisher eid".split()
_AND = re.compile(r"\s+and(?=\s)", re.IGNORECASE)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_PARTS = re.compile(
    r"\s*(family|given|prefix|suffix|useprefix|given-i|family-i|prefix-i|suffix-i)\s*=\s*", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_ADDRESS = re.compile(r"https?://[^\s<>{}\"\\]+", re.IGNORECASE)
_NEW_ARXIV = r"\d{4}\.\d{4,5}(?:v\d+)?"
_OLD_ARXIV = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?"
_ARXIV = re.compile(
    rf"(?:\barxiv\s*(?:preprint)?\s*(?:e-prints?)?\s*(?:arxiv)?\s*[:,.]?\s*|\babs/|\beprint\s*:\s*)"
    rf"({_NEW_ARXIV}|{_OLD_ARXIV})(?!\d)",
    re.IGNORECASE,
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>{}\"]+")
_BARE_ID = re.compile(rf"(?:{_NEW_ARXIV}|{_OLD_ARXIV})")
_DBLP_KEY = re.compile(r"DBLP:journals/corr/abs-(\d{4})-(\d{4,5})", re.IGNORECASE)
_PLACE_OF_PREPRINTS = re.compile(
    r"(?:the )?(?:(?:arxiv|(?:bio|med|psy|chem)rxiv|techrxiv|computing research repository|openreview(?:\.net)?|"
    r"ssrn(?: electronic journal)?|research ?square|preprints\.org)(?:[\s.:,;/()\[\]-].{0,60})?|"
    # words that also begin the names of journals
    r"(?:corr|preprints?|e-?prints?|hal|zenodo)(?:[\s.:,;/()\[\]-](?:abs/|hal-|arxiv|[\s\d.:,;/()\[\]v-]){0,60})?)",
    re.IGNORECASE,
)
_NOT_PUBLISHED = re.compile(
    r"(?:submitted|under review|in submission|to be submitted|unpublished|manuscript|work in progress)\b.*",
    re.IGNORECASE,
)


@lru_cache(maxsize=1 << 12)
def names(tex: str) -> tuple[tuple[Name, ...], bool]:
    """Return the people of a list of names in TeX, and whether it says that it is cut ("and others").

    Names are parted by "and" outside braces; one in braces is a group's. biblatex's own form
    (``family=Rijke, given=Maarten, prefix=de``) is read too.

    >>> names("Frantar, Elias and {{Llama Team} and Friends} and others")[0][1].literal
    'Llama Team and Friends'
    """
    people: list[Name] = []
    cut = False
    for whole in parted(tex):
        if _is_group(whole):
            if literal := untex(whole):
                people.append(Name(literal=literal))
        elif "=" in whole and _PARTS.match(whole):
            people.append(_in_parts(whole))
        else:
            found, truncated = parse_names([untex(whole)])
            people.extend(found)
            cut |= truncated
    return tuple(people), cut


def parted(tex: str) -> list[str]:
    """Return the names of a list, as they stand between the "and"s outside braces.

    >>> parted("A and {B and C} and D")
    ['A', '{B and C}', 'D']
    """
    return [whole for piece in _pieces(tex) if (whole := piece.strip())]


def _pieces(tex: str) -> Iterator[str]:
    if "{" not in tex:
        yield from _AND.split(tex)
        return
    depths: list[tuple[int, int]] = []
    depth = 0
    for brace in _BRACE.finditer(tex):
        depth = max(depth + {"{": 1, "}": -1}.get(brace[0], 0), 0)
        depths.append((brace.end(), depth))
    n = begin = level = 0
    for joint in _AND.finditer(tex):
        while n < len(depths) and depths[n][0] <= joint.start():
            level = depths[n][1]
            n += 1
        if not level:
            yield tex[begin : joint.start()]
            begin = joint.end()
    yield tex[begin:]


def _is_group(tex: str) -> bool:
    """Return whether one pair of braces holds all of a name; ``{\\"o}`` holds but a letter."""
    if not (tex.startswith("{") and tex.endswith("}")) or tex[1:2] == "\\":
        return False
    depth = 0
    for brace in _BRACE.finditer(tex):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.end() == len(tex)
    return False


def _in_parts(tex: str) -> Name:
    said: dict[str, str] = {}
    for part in tex.split(","):
        name, sign, value = part.partition("=")
        if sign:
            said[name.strip().lower()] = untex(value.strip().strip('"'))
    return Name(
        family=said.get("family", ""),
        given=said.get("given", ""),
        particle=said.get("prefix", ""),
        suffix=said.get("suffix", ""),
    )


def year(told: str, date: str) -> int | None:
    """Return the year that a ``year`` or, without one, a ``date`` field names.

    >>> year("", "2022-10-31"), year("in press", "")
    (2022, None)
    """
    found = _YEAR.search(told) or _YEAR.search(date)
    return int(found[1]) if found else None


def venue(texts: Mapping[str, str]) -> str:
    """Return where an entry was published; nothing for a place of preprints ("arXiv preprint", "CoRR").

    >>> venue({"journal": "arXiv preprint arXiv:2210.17323"}), venue({"journal": "TACL"})
    ('', 'TACL')
    """
    for name in ("booktitle", "journal", "journaltitle"):
        told = texts.get(name, "")
        if told and not is_place_of_preprints(told):
            return told
    return ""


def is_place_of_preprints(told: str) -> bool:
    """Return whether ``told`` names a place where texts can be read before they are published, or no place yet."""
    return bool(_PLACE_OF_PREPRINTS.fullmatch(told) or _NOT_PUBLISHED.fullmatch(told) or _BARE_ID.fullmatch(told))


def identifiers(key: str, texts: Mapping[str, str], links: Iterable[str] = ()) -> tuple[Identifier, ...]:
    """Return the identifiers that an entry's ``key``, the ``texts`` of its fields and ``links`` in them name.

    The surest come first: fields for identifiers, then addresses, then what is printed in other fields.

    >>> [str(i) for i in identifiers("x", {"journal": "arXiv preprint arXiv:2210.17323v2", "doi": "10.1145/3"})]
    ['doi:10.1145/3', 'arxiv:2210.17323']
    """
    found: dict[Identifier, None] = {}

    def add(identifier: Identifier | None) -> None:
        if identifier is not None:
            found.setdefault(identifier)

    add(_eprint(texts))
    for told in (texts.get(name, "") for name in ("arxivid", "arxiv")):
        bare = _BARE_ID.search(told)
        add(normalise("arxiv", bare[0]) if bare else None)
    doi = _DOI.search(texts.get("doi", ""))
    add(parse_doi(_trimmed(doi[0])) if doi else None)
    for told in (*(texts.get(name, "") for name in _WITH_ADDRESSES), *links):
        for address in _ADDRESS.findall(told):
            add(identify(_trimmed(address)))
    for name in _WITH_PRINTED_IDS:
        for told in _ARXIV.findall(texts.get(name, "")):
            add(normalise("arxiv", told))
    for name in ("note", "howpublished"):
        for told in _DOI.findall(texts.get(name, "")):
            add(parse_doi(_trimmed(told)))
    if dblp := _DBLP_KEY.fullmatch(key):
        add(normalise("arxiv", f"{dblp[1]}.{dblp[2]}"))
    return tuple(found)


def _eprint(texts: Mapping[str, str]) -> Identifier | None:
    told = texts.get("eprint", "")
    kind = (texts.get("eprinttype") or texts.get("archiveprefix") or "").strip().lower()
    if not told or (kind and kind not in {"arxiv", "arxiv preprint", "arxiv.org"}):
        return None
    bare = _BARE_ID.search(told)
    return normalise("arxiv", bare[0]) if bare else None


def _trimmed(address: str) -> str:
    """Return an address without the signs that end the sentence in which it stands."""
    address = address.rstrip(".,;:'\"]*")
    unopened = address.count(")") - address.count("(")
    while unopened > 0 and address.endswith(")"):
        address = address[:-1].rstrip(".,;")
        unopened -= 1
    return address
