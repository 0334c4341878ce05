"""Venues: which volume a printed venue stands for, what it is called in full, who published it.

``ontology/venues.ttl`` knows the series, their spellings and their volumes; this module is its only reader.
What is not understood is None, never a guess: the caller makes a finding of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Self, cast

from pyoxigraph import NamedNode, RdfFormat, parse

from ..ontology.terms import PREFIXES
from .mentions import Label, Mention, Nodes, Spellings, four_digits, spelling
from .model import Identifier, Venue, VenueKind
from .ordinals import numerals, ordinal, ordinal_words
from .text import slug
from .unlisted_venues import unlisted_venue

__all__ = ["Mention", "VenueTable", "split_off"]

_LONG_SHORT = {"1": "Volume 1: Long Papers", "2": "Volume 2: Short Papers"}
_ACL_ID = re.compile(r"(\d{4})\.([a-z0-9_]+)-([a-z0-9_]+)\.\d+", re.IGNORECASE)
# https://aclanthology.org/info/ids/: a letter for the venue, two digits for the year, the volume, the paper
_OLD_ACL_ID = re.compile(r"([CDEJKLNPQ])(\d\d)-(\d)\d{3}")
_OLD_ACL = {
    **{"C": "coling", "D": "emnlp", "E": "eacl", "J": "cl", "K": "conll"},
    **{"L": "lrec", "N": "naacl", "P": "acl", "Q": "tacl"},
}
_ACL_DOI = "10.18653/v1/"
"""How DOIs of the ACL Anthology begin; its id follows."""
_OLD_TWO_PARTS = {("acl", year) for year in range(2012, 2019)} | {("naacl", 2018), ("eacl", 2017)}
_DBLP_KEY = re.compile(r"((?:conf|journals)/[^/]+)/\D*?(\d\d|abs-(\d\d)\d\d-\d+)[a-z]*")

# what may set a venue off from the title before it; a colon stands within titles
_SET_OFF = re.compile(r"[,.;]\s+|\s*[|—]\s*|\s+[-–]+\s+|(?<=\w)[-–]\s+|\s*@\s*|(?=[(\[])")
_REACH = 400
_HEAD = (
    r"(?:in|the|of|findings|proceedings|proc|advances|annual|\d+(?:st|nd|rd|th)|ieee|acm|usenix|international|"
    r"conference|transactions|journal|joint|(?:19|20)\d\d)\b[\s./]*"
)
_WORKSHOP = re.compile(r"\b(?:workshops?|wksp)\b|@", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Za-z]*[A-Z][A-Za-z]*[A-Z][\w'’&/-]*|[Aa]r[Xx]iv\b")
_BEFORE_ACRONYM = frozenset("ieee acm usenix findings of the proceedings".split())
_INSIDE_SENTENCE = frozenset(
    "a an and as at beyond between by for from in into like of on or over than the to under using versus via vs with"
    " within".split()
)


@dataclass(frozen=True, slots=True)
class VenueTable:
    """The table of venues; :meth:`load` reads it, :meth:`parse` and :meth:`venue` use it."""

    nodes: Nodes
    spellings: Spellings
    numbered: dict[tuple[str, str], Label] = field(default_factory=dict[tuple[str, str], Label])
    streams: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def load(cls) -> Self:
        """Read the table that comes with the package.

        >>> VenueTable.load().parse("ICML'24 Spotlight")
        Mention(series='icml', kind='conference', year=2024, track='', award='Spotlight', volume_part='')
        """
        short = {iri: f"{prefix}:" for prefix, iri in PREFIXES.items()}
        names: dict[str, str] = {}
        nodes = Nodes()
        for quad in parse(files("llmcomp.ontology").joinpath("venues.ttl").read_bytes(), format=RdfFormat.TURTLE):
            iri = quad.predicate.value
            if iri not in names:
                cut = max(iri.rfind("#"), iri.rfind("/")) + 1
                names[iri] = short.get(iri[:cut], iri[:cut]) + iri[cut:]
            path = cast(NamedNode, quad.subject).value.removeprefix(PREFIXES["venue"])
            value = cast(NamedNode, quad.object).value.removeprefix(PREFIXES["venue"])
            nodes.setdefault(path, {}).setdefault(names[iri], []).append(value)
        table = cls(nodes, Spellings(nodes))
        for path, node in nodes.items():
            if number := nodes.one(path, "prism:volume"):
                series, year = path.split("/")[:2]
                table.numbered[nodes.one(series, "dc:publisher"), number] = Label("series", series, int(year))
            for stream in node.get(":dblpStream", ()):
                table.streams[stream] = path
        return table

    def parse(self, text: str) -> Mention | None:
        """Return what a printed venue says, or None if it is not understood.

        >>> VenueTable.load().parse("ACL Findings 2024")
        Mention(series='acl', kind='findings', year=2024, track='', award='', volume_part='')
        """
        return self.spellings.read(text)

    def from_identifier(self, identifier: Identifier) -> Mention | None:
        """Return the venue that an identifier implies, or None if it implies none.

        dblp keeps Findings and workshops of some meetings under the meeting's own key; those imply nothing.

        >>> VenueTable.load().from_identifier(Identifier("acl", "2023.findings-acl.15"))
        Mention(series='acl', kind='findings', year=2023, track='', award='', volume_part='')
        """
        value = identifier.value.removeprefix(_ACL_DOI)
        if identifier.scheme == "acl" or value != identifier.value:
            if match := _ACL_ID.fullmatch(value):
                return self._from_acl(int(match[1]), match[2].lower(), match[3].lower())
            old = _OLD_ACL_ID.fullmatch(value.upper())
            return self._from_old_acl(_OLD_ACL[old[1]], int(four_digits(old[2])), old[3]) if old else None
        if identifier.scheme == "pmlr":
            label = self.numbered.get(("PMLR", value.partition("/")[0].removeprefix("v")))
            return Mention(label.slug, "conference", label.year) if label else None
        if identifier.scheme == "neurips" and (year := re.match(r"(\d{4})/", value)):
            return Mention("neurips", "conference", int(year[1]))
        if identifier.scheme == "dblp" and (match := _DBLP_KEY.fullmatch(value)) and match[1] in self.streams:
            series = self.streams[match[1]]
            kind = self.nodes.kind(series)
            return Mention(series, kind, int(four_digits(match[3] or match[2])))
        return None

    def _from_acl(self, year: int, name: str, volume: str) -> Mention | None:
        findings = name == "findings"
        name = volume if findings else name
        labels = self.spellings.labels
        label = labels.get((name, str(year))) or labels.get((name,)) or self.spellings.whole.get((name,))
        if label is None or label.kind != "series":
            return None
        if findings:
            return Mention(label.slug, "findings", year)
        mention = Mention(label.slug, self.nodes.kind(label.slug), year)
        if volume == "main" or volume.isdigit():
            return mention
        if volume in {"long", "short"}:
            return replace(mention, volume_part=_LONG_SHORT["1" if volume == "long" else "2"])
        track = labels.get((volume,))
        if track is None or track.kind != "track":
            return None
        kind = self.nodes.kind(f"track/{track.slug}")
        return replace(mention, kind=kind, track=self.nodes.one(f"track/{track.slug}", "skos:prefLabel"))

    def _from_old_acl(self, series: str, year: int, volume: str) -> Mention | None:
        kind = self.nodes.kind(series)
        if (series, year) in _OLD_TWO_PARTS:
            part = _LONG_SHORT.get(volume)
            return Mention(series, kind, year, volume_part=part) if part else None
        main = volume == "1" or kind == "journal" or series == "lrec"
        return Mention(series, kind, year) if main else None

    # --- telling a venue

    def series(self, iri: str) -> tuple[str, str]:
        """Return title and acronym of the series with this IRI, both empty for one that the table does not know.

        >>> VenueTable.load().series("https://w3id.org/llmcomp/venue/icml")
        ('International Conference on Machine Learning', 'ICML')
        """
        path = iri.removeprefix(PREFIXES["venue"])
        return self.nodes.one(path, "dcterms:title"), self.nodes.one(path, "skos:notation")

    def venue(self, mention: Mention) -> Venue:
        """Return the volume a mention stands for, with its full name; what the table does not know is empty.

        Raise ValueError for a preprint: a place where a text can be read is no venue.

        >>> VenueTable.load().venue(Mention("icml", "conference", 2024)).title
        'Proceedings of the 41st International Conference on Machine Learning'
        """
        if mention.kind == "preprint":
            raise ValueError(f"{self.nodes.one(mention.series, 'skos:notation')} is not a venue: kind is preprint")
        main = self._volume(mention.series, mention.year)
        path = main.iri.removeprefix(PREFIXES["venue"])
        track = self.spellings.labels.get(spelling(mention.track)) if mention.track else None
        if mention.kind == "findings":
            return self._findings(main, path) if mention.series != "findings" else main
        if mention.track and (mention.kind != "workshop" or (track and track.kind == "track")):
            return self._track(mention, main, path, track.slug if track and track.kind == "track" else "")
        if mention.kind == "workshop" and self.nodes.kind(mention.series) != "workshop":
            return self._workshop(mention, main, path, track.slug if track and track.kind == "workshop" else "")
        if mention.volume_part:
            path = f"{path}/volume/{re.sub(r'[^0-9]', '', mention.volume_part)}"
            title = self.nodes.one(path, "dcterms:title") or f"{main.title} ({mention.volume_part})"
            return replace(main, iri=PREFIXES["venue"] + path, title=title)
        return main

    def unlisted(self, name: str, kind: VenueKind, year: int | None) -> Venue:
        """Return the volume of a journal or conference that the table does not know, called as it is printed.

        Raise ValueError for another kind, for a name without a letter and for that of a place of preprints.

        >>> VenueTable.load().unlisted("International Conference on Foo (ICF)", "conference", 2023).iri
        'https://w3id.org/llmcomp/venue/international-conference-on-foo-icf/2023'
        """
        mention = self.parse(name)
        if mention and mention.kind == "preprint":
            raise ValueError(f"{name} is not a venue: kind is preprint")
        return unlisted_venue(name, kind, year, {path.partition("/")[0] for path in self.nodes})

    def _volume(self, series: str, year: int | None) -> Venue:
        """Return the main volume of a meeting, or a journal's volume of the year."""
        kind = self.nodes.kind(series)
        # a journal is one thing through the years, a meeting of no year is some volume of its series
        path = f"{series}/{year}" if year else series if kind == "journal" else f"{series}/undated"
        one = self.nodes.one
        count, number = self._count(series, year, ":ordinalBase"), self._count(series, year, ":volumeBase")
        name = one(path, ":seriesTitle") or one(series, "dcterms:title")
        pattern = one(series, ":proceedingsTitle")
        known = {"year": str(year or ""), "number": str(number or ""), "meeting": ""}
        known |= {"ordinal": ordinal(count), "Ordinal": ordinal_words(count)} if count else {}
        stated = one(path, "dcterms:title") if year else ""
        title = stated or _fill(pattern or name, known)
        event = ""
        if kind != "journal":
            plain = title.removeprefix("Proceedings of the ").removeprefix("Proceedings of ")
            event = f"{ordinal(count)} {name}" if count and not stated else plain
        return Venue(
            iri=PREFIXES["venue"] + path,
            kind=kind,
            title=title,
            short=name,
            acronym=(one(path, "skos:notation") if year else "")
            or f"{one(series, 'skos:notation')} {year or ''}".rstrip(),
            event=event,
            year=year,
            # a number that the title tells already is not told twice
            volume=one(path, "prism:volume") or ("" if "{number}" in pattern else known["number"]),
            publisher=one(path, "dc:publisher") or one(series, "dc:publisher"),
            series=PREFIXES["venue"] + series,
        )

    def _count(self, series: str, year: int | None, base: str) -> int:
        """Return the ordinal or volume number of a year, 0 if the table's rule does not reach it."""
        first, since = self.nodes.one(series, base), self.nodes.one(series, ":ordinalSince")
        known = year and first and (base != ":ordinalBase" or year >= int(since or 0))
        return max(0, year - int(first)) if year and known else 0

    def _findings(self, main: Venue, path: str) -> Venue:
        pattern, name = (self.nodes.one("findings", key) for key in (":proceedingsTitle", "dcterms:title"))
        return replace(
            main,
            iri=f"{main.iri}/findings",
            kind="findings",
            title=self.nodes.one(f"{path}/findings", "dcterms:title") or _fill(pattern, {"meeting": main.acronym}),
            short=name,
            acronym=f"Findings of {main.acronym}",
            volume="",
        )

    def _track(self, mention: Mention, main: Venue, path: str, known: str) -> Venue:
        """Return a track's volume, where it has one, or the main volume with the track told in ``event``."""
        one, node = self.nodes.one, f"track/{known}"
        section = "workshop" if mention.kind == "workshop" else "track"
        path = f"{path}/{section}/{known or slug(mention.track)}"
        # of a track nobody listed it is not known that the main proceedings hold it, so they are not claimed
        own = one(node, ":ownVolume") != "false"
        title, short, printed = main.title, main.short, f"{main.acronym} {mention.track}"
        called = one(node, ":volumeTitle") or mention.track
        if own and known and (pattern := one(mention.series, ":trackTitle")):
            title, short = (_fill(pattern, {"proceedings": t, "track": called}) for t in (title, short))
        elif own:
            title, short = printed, printed.replace(f" {mention.year} ", " ")
        if stated := one(path, "dcterms:title"):
            title = stated
        event = f"{main.event}, {mention.track}"
        iri, volume = PREFIXES["venue"] + path, "" if own else main.volume
        publisher = main.publisher if title != printed else ""
        return replace(
            main,
            iri=iri,
            kind=mention.kind,
            title=title,
            short=short,
            acronym=printed,
            event=event,
            volume=volume,
            publisher=publisher,
        )

    def _workshop(self, mention: Mention, main: Venue, path: str, known: str) -> Venue:
        """Return a workshop's volume: called after meeting and workshop, published by nobody we know."""
        name, notation = mention.track, self.nodes.one(f"workshop/{known}", "skos:notation")
        path = f"{path}/workshop" + (f"/{known or slug(name)}" if name else "")
        what = f"Workshop on {name}" if " " in name else f"Workshop {name}" if name else "Workshops"
        title = self.nodes.one(path, "dcterms:title") or f"{main.acronym} {what}"
        short = f"{self.nodes.one(mention.series, 'skos:notation')} {what}"
        called = notation or (name if " " not in name else "")
        return replace(
            main,
            iri=PREFIXES["venue"] + path,
            kind="workshop",
            title=title,
            short=short,
            acronym=f"{called} @ {main.acronym}" if called else f"{main.acronym} Workshop",
            event=title,
            volume="",
            publisher="",
        )


def _fill(pattern: str, known: dict[str, str]) -> str:
    """Fill in what is known; a place that nothing fills goes with the space or colon before it.

    >>> _fill("Proceedings of the {ordinal} Conference", {"ordinal": "1st"})
    'Proceedings of the 1st Conference'
    >>> _fill("Findings: {meeting}", {})
    'Findings'
    """
    for name, value in known.items():
        pattern = pattern.replace(f"{{{name}}}", value or "{}")
    return re.sub(r":?\s*\{\w*\}", "", pattern).strip()


def split_off(text: str, is_venue: Callable[[str], bool]) -> tuple[str, str]:
    """Return title and venue of a text that ends in a venue, or all of it and an empty string.

    The venue is the shortest that a mark sets off, and what before it belongs to it; else acronym and year.

    >>> def is_venue(text):
    ...     return VenueTable.load().parse(text) is not None
    >>> split_off("RoBERTa: A Robust Approach, Findings of EMNLP 2023", is_venue)
    ('RoBERTa: A Robust Approach', 'Findings of EMNLP 2023')
    """
    cut, venue = len(text), ""
    for mark in reversed([m for m in _SET_OFF.finditer(text) if len(text) - _REACH < m.end() < len(text)]):
        tail = _unwrapped(text[mark.end() :].strip(" .,;-–—|"))
        if not tail or not text[: mark.start()].strip() or tail.split()[0] in _INSIDE_SENTENCE:
            continue
        at_meeting = text[cut:].lstrip().startswith("@")
        if venue and not at_meeting and not _belongs(text[mark.end() : cut], is_venue):
            continue
        if is_venue(tail) and _is_named(tail, is_venue):
            cut, venue = mark.start(), tail
    if venue:
        return text[:cut].rstrip(), venue
    words = text.split(" ")
    for n in range(len(words) - 1, max(0, len(words) - 12), -1):
        tail = _unwrapped(" ".join(words[n:]).rstrip(" .,;"))
        if not (_ACRONYM.match(tail) and re.search(r"\d", tail) and is_venue(tail) and _is_named(tail, is_venue)):
            continue
        while n and words[n - 1].lower() in _BEFORE_ACRONYM and is_venue(" ".join(words[n - 1 :])):
            n -= 1
        # "Learning to Prune on NeurIPS 2023" is all title
        if not n or words[n - 1].lower() in _INSIDE_SENTENCE or words[n - 1].endswith(":"):
            break
        return " ".join(words[:n]), " ".join(words[n:]).rstrip(" .,;")
    return text, ""


def _unwrapped(tail: str) -> str:
    """Return ``tail`` without the brackets it begins with; nothing if they are empty or do not pair."""
    depth, close = 0, 0
    for n, char in enumerate(tail):
        depth += (char in "([") - (char in ")]")
        if depth < 0:
            return ""
        if not depth and not close and char in ")]":
            close = n
    if depth or tail[:1] not in {"(", "["}:
        return "" if depth else tail
    return tail[1:close].strip() and f"{tail[1:close].strip()}{tail[close + 1 :]}"


def _belongs(before: str, is_venue: Callable[[str], bool]) -> bool:
    """Say whether the words before a venue can be a part of it rather than of the title."""
    before = before.strip(" .,;-–—|@()[]")
    return bool(
        is_venue(before)
        or re.match(_HEAD, numerals(before), re.IGNORECASE)
        or _WORKSHOP.search(before)
        or re.search(r"\b(?:track|award|oral|spotlight|poster)$", before, re.IGNORECASE)
    )


def _is_named(tail: str, is_venue: Callable[[str], bool]) -> bool:
    """Say whether a workshop in ``tail`` is named as lists name them, not a word of a title that was cut."""
    mark = _WORKSHOP.search(tail)
    if mark is None:
        return True
    head, rest = tail[: mark.start()].strip(), tail[mark.end() :].strip()
    meeting = _ACRONYM.match(head)
    if meeting and is_venue(meeting[0]):
        return True
    if mark[0] == "@":
        return " " not in head
    if re.fullmatch(rf"(?:{_HEAD})*", f"{numerals(head)} ".lstrip(), re.IGNORECASE):
        return bool(re.match(r"(?:on|for|at|in)\b|[@:,(–-]|\d|$", rest, re.IGNORECASE))
    at_meeting = re.match(r"(?:\([^()]*\)\s*)?(?:@|,|at\b)", rest, re.IGNORECASE)
    return bool(at_meeting) and head.split()[0].lower() not in _INSIDE_SENTENCE
