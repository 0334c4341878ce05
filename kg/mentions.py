"""Mentions: a venue as a list, a publisher or a bibliography prints it, taken apart.

The spellings of :mod:`llmcomp.kg.venues` are found in the text, longest first; what is left must be words
that say nothing, a place and a date, or the name of a workshop or track. Else the text is not understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from typing import Literal, NamedTuple, cast

from .model import VenueKind
from .ordinals import numerals
from .text import title_key

_UNHEARD = frozenset({"a", "an", "the", "of", "on", "in", "for", "and", "&", "annual", "proceedings", "proc"})
_NOISE = _UNHEARD | frozenset(
    "ieee acm cvf usenix ieeecvf sigplan international conference conf meeting main long short paper papers full poster"
    " posters accepted published presented appeared appear to as by at session edition volume regular research".split()
)
_COUNTING = frozenset({"vol", "volume", "no", "issue", "number", "pp", "pages", "abs", "eprint", "article"})
_MARKERS = frozenset({"workshop", "workshops", "wksp"})
_OF_PREPRINTS = frozenset(
    "preprint preprints eprints version only online available unpublished manuscript submitted under review cs cl lg ai"
    " cv ar dc ir ne se stat ml math eess jan january feb february mar march apr april may jun june jul july aug august"
    " sep sept september oct october nov november dec december".split()
)
_FIRST_YEAR, _LAST_YEAR = 1950, 2035
_LONGEST = 1000
"""How many characters a venue may have; what is longer is prose."""
_LEADING = r"(?:on|the|of|at|in|for|and|with|co-located|international|proceedings)\b"
_EDGES = re.compile(rf"^(?:[^\w(]|{_LEADING})+|(?:[^\w)]|\b{_LEADING})+$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+|[@,;&]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ASIDE = re.compile(r"\(\s*[^\s()]*\s*\)")
_ARXIV = re.compile(r"\b(\d\d)(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?\b")
_AWARD = re.compile(
    r"\b(?:(?:best|outstanding|distinguished)(?:\s+\w+)?\s+papers?|test[-\s]of[-\s]time|\w+\s+certification|runner-?up"
    r"|honou?rable\s+mention|notable(?:[-\s]+top[-\s]+\d+%?)?|(?:oral|spotlight|highlight)s?(?=\W*$|\s*[),;]|\s+(?:paper|presentation)))"
    r"(?:\s+(?:award|runner-?up|honou?rable\s+mention|candidate|finalist|nominee|nomination|paper|presentation))*",
    re.IGNORECASE,
)
_PART = re.compile(r"[:,(]?\s*\bVolume (\d+)\s*[:,(]\s*([A-Za-z][A-Za-z ]+)\)?", re.IGNORECASE)

_RANKS: dict[str, int] = {"workshop": 1, "preprint": 4, "findings": 5}

_Kind = Literal["series", "track", "workshop", "year", "ordinal", "at", "comma", "marker", "place", "word"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A venue string understood: series and year, and which part of the meeting it speaks of.

    ``series`` is the last part of the series' IRI; ``track`` the name of a track or workshop.
    """

    series: str
    kind: VenueKind
    year: int | None = None
    track: str = ""
    award: str = ""
    volume_part: str = ""

    @property
    def meeting(self) -> Mention:
        """The same without award and part: two strings speak of one venue if these are equal."""
        return replace(self, award="", volume_part="")


class Label(NamedTuple):
    """What a spelling stands for: a series (with the year, if it says so), a track or a workshop."""

    kind: Literal["series", "track", "workshop"]
    slug: str
    year: int | None = None


@dataclass(slots=True)
class _Piece:
    """A stretch of a venue string: one label, or one word."""

    kind: _Kind
    start: int
    end: int
    word: str = ""
    label: Label | None = None
    size: int = 1


_NOTHING = Label("series", "")


class Nodes(dict[str, dict[str, list[str]]]):
    """The table as read: the part of an IRI behind ``venue/``, and the values of each of its properties."""

    def one(self, path: str, name: str) -> str:
        """Return the value of a property, or an empty string."""
        return next(iter(self.get(path, {}).get(name, ())), "")

    def kind(self, path: str) -> VenueKind:
        """Return what kind of venue a series or track is."""
        return cast(VenueKind, self.one(path, ":venueKind"))


@dataclass(frozen=True, slots=True)
class Spellings:
    """Every spelling of the table, and the reading of a text by them."""

    nodes: Nodes
    labels: dict[tuple[str, ...], Label] = field(default_factory=dict[tuple[str, ...], Label])
    whole: dict[tuple[str, ...], Label] = field(default_factory=dict[tuple[str, ...], Label])
    lengths: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def __post_init__(self) -> None:
        for key, label, alone in self.every():
            (self.whole if alone else self.labels)[key] = label
        for key in self.labels:
            self.lengths.setdefault(key[0], []).append(len(key))
        for lengths in self.lengths.values():
            lengths.sort(reverse=True)

    def every(self) -> Iterator[tuple[tuple[str, ...], Label, bool]]:
        """Yield every spelling as it is compared, what it stands for, and whether it must stand alone."""
        for path, node in self.nodes.items():
            head, _, tail = path.partition("/")
            if head in {"track", "workshop"}:
                label = Label(cast(Literal["track", "workshop"], head), tail)
            elif not tail:
                label = Label("series", head)
            elif tail.isdigit():
                label = Label("series", head, int(tail))
            else:
                continue
            alone = ":wholeOnly" in node
            for name in ("dcterms:title", "skos:prefLabel", "skos:notation", "skos:altLabel"):
                for text in node.get(name, ()):
                    key = spelling(text)
                    yield key, label, alone and len(key) < 3
            for text in node.get("skos:hiddenLabel", ()):
                yield spelling(text), label, True

    def read(self, text: str) -> Mention | None:
        """Return what a printed venue says, or None if it is not understood."""
        if len(text) > _LONGEST:
            return None
        text = self._normalise(text)
        award = _AWARD.search(text)
        text = _AWARD.sub("", text)
        part = _PART.search(text)
        if part and self.labels.get(spelling(part[2]), _NOTHING).kind == "track":
            text, part = f"{text[: part.start()]} {part[2]} {text[part.end() :]}", None
        text = _PART.sub("", text) if part else text
        mention = self._mention(text, self._pieces(text))
        if mention is None or (mention.year and not self._held_in(mention.series, mention.kind, mention.year)):
            return None
        volume_part = f"Volume {part[1]}: {part[2].strip().title()}" if part else ""
        return replace(mention, award=" ".join(award[0].split()) if award else "", volume_part=volume_part)

    def _normalise(self, text: str) -> str:
        """Drop emoji, write ordinals as numerals and years in four digits apart from the acronym."""
        text = unicodedata.normalize("NFKC", text).replace("{", "").replace("}", "")
        text = "".join(c for c in text if unicodedata.category(c) not in {"So", "Sk", "Mn", "Cf"} or c == "`")
        text = _ARXIV.sub(lambda m: f" {four_digits(m[1])} ", numerals(text))
        text = re.sub(r"['’‘`]\s?(\d\d)\b", lambda m: f" {four_digits(m[1])}", text)
        text = re.sub(r"(?<=[A-Za-z])(?=(?:19|20)\d\d\b)", " ", text)
        text = re.sub(rf"\b({_YEAR.pattern})(?:[./-]\d\d?)+\b", r"\1", text)

        def known(name: str) -> bool:
            return spelling(name) in self.labels or spelling(name) in self.whole

        text = re.sub(
            r"\b([A-Za-z]{2,})-?(\d\d)\b",
            lambda m: f"{m[1]} {four_digits(m[2])}" if known(m[1]) else m[0],
            text,
        )
        return re.sub(
            r"\b([A-Za-z]{2,}?)-?W\b",
            lambda m: f"{m[1]} Workshop" if known(m[1]) else m[0],
            text,
            flags=re.I,
        )

    def _pieces(self, text: str) -> list[_Piece]:
        """Cut ``text`` into labels of the table, longest first, and the words between them."""
        words = [_Piece("word", m.start(), m.end(), title_key(m[0]) or m[0]) for m in _TOKEN.finditer(text)]
        heard = [n for n, w in enumerate(words) if w.word not in _UNHEARD and w.word not in "@,;"]
        place = {n: i for i, n in enumerate(heard)}
        pieces: list[_Piece] = []
        n = 0
        while n < len(words):
            word, i = words[n], place.get(n, len(heard))
            n += 1
            for length in self.lengths.get(word.word, ()):
                span = heard[i : i + length]
                if label := self.labels.get(tuple(words[k].word for k in span)):
                    end = words[span[-1]].end
                    pieces.append(_Piece(label.kind, word.start, end, label=label, size=len(span)))
                    n = span[-1] + 1
                    break
            else:
                word.kind = _kind_of(word.word)
                pieces.append(word)
        return pieces

    def _mention(self, text: str, pieces: list[_Piece]) -> Mention | None:
        chosen = self._chosen(pieces)
        if chosen is None:
            return None
        label = chosen.label or _NOTHING
        series, kind = label.slug, self.nodes.kind(label.slug)
        meeting = any(p.label and p.label.slug == "findings" for p in pieces) and series != "findings"
        _drop_place(pieces)
        rest = [p for p in pieces if p.kind == "word" and p.word not in _NOISE]
        rest += [p for p in pieces if p.kind == "series" and not self._silent(p, series, kind)]
        rest = [p for p in rest if self.whole.get((p.word,), _NOTHING).slug != series]
        named = tuple(p.word for p in rest if not p.word.isdigit())
        rest = rest if self.whole.get(named, _NOTHING).slug != series else []
        year = label.year or self._year(series, chosen, pieces)
        if kind != "conference" or self.nodes.one(series, ":volumeBase"):
            rest = [p for p in rest if not p.word.isdigit() and p.word not in _COUNTING]
        if kind == "preprint":
            return Mention(series, kind, year) if self._of_preprint(chosen, pieces, rest) else None
        if kind == "journal" and any(p.kind == "marker" for p in pieces):
            return None  # a "Workshop on Neural Networks" is not held by the journal of that name
        if meeting:
            fits = ":hasFindings" in self.nodes[series] and not rest
            return Mention(series, "findings", year) if fits else None
        if kind == "conference" and _is_workshop(pieces, rest):
            return Mention(series, "workshop", year, self._workshop(series, text, pieces, rest))
        track = next((p.label for p in pieces if p.kind == "track" and p.label), None)
        if track and not rest:
            path = f"track/{track.slug}"
            own = self.nodes.kind(path)
            own = kind if own == "conference" else own
            return Mention(series, own, year, self.nodes.one(path, "skos:prefLabel"))
        if any(p.word == "track" for p in rest) and len(rest) > 1:
            return Mention(series, kind, year, _remains(series, text, pieces))
        return None if rest else Mention(series, kind, year)

    def _of_preprint(self, chosen: _Piece, pieces: list[_Piece], rest: list[_Piece]) -> bool:
        """Say whether all that stands beside the place of a preprint belongs to it."""
        series = (chosen.label or _NOTHING).slug
        first = next((p for p in pieces if p.word not in _NOISE), chosen)
        if series == "submitted" and chosen is first and chosen.size > 1:
            return True  # "Submitted to" any journal
        rest = [p for p in rest if p.word not in _OF_PREPRINTS and not re.fullmatch(r"v\d", p.word)]
        if series == "report" and chosen.size > 1:
            return len(rest) <= 3  # whose report it is
        return all(p.kind == "series" for p in rest) if series == "submitted" else not rest

    def _held_in(self, series: str, kind: VenueKind, year: int) -> bool:
        """Say whether the series can have had a volume in this year: not before it began, as far as is known."""
        base, since = (int(self.nodes.one(series, key) or 0) for key in (":ordinalBase", ":ordinalSince"))
        # before the first year of the rule meetings were two years apart at most
        first = 2 * base - since + 2 if base and since else base + 1
        first = int(self.nodes.one(series, ":volumeBase") or -1) + 1 if kind == "journal" else max(first, _FIRST_YEAR)
        return first <= year <= _LAST_YEAR

    def _silent(self, piece: _Piece, series: str, kind: VenueKind) -> bool:
        """Say whether a second series beside the chosen one changes nothing."""
        other = (piece.label or _NOTHING).slug
        return other in {series, "findings"} or self.nodes.kind(other) == "preprint" or kind == "workshop"

    def _chosen(self, pieces: list[_Piece]) -> _Piece | None:
        """Return the piece that names the series: submissions first, then what stands behind "at"."""
        silent = _UNHEARD | _COUNTING
        words = [p.word for p in pieces if p.kind == "word" and p.word not in silent and not p.word.isdigit()]
        whole = self.whole.get(tuple(words))
        if whole and not any(p.label or p.kind == "marker" for p in pieces):
            found = _Piece("series", 0, 0, label=whole)
            pieces[:] = [p for p in pieces if p.kind != "word" or p.word.isdigit()]
            return found
        best: tuple[int, _Piece] | None = None
        before = ""
        for piece in pieces:
            if piece.kind == "series" and piece.label:
                name = piece.label.slug
                rank = _RANKS.get(self.nodes.kind(name), 2 if before == "at" else 3)
                # "Submitted to ICLR 2025" must not become a publication
                rank = 0 if name == "submitted" else rank
                if best is None or rank < best[0]:
                    best = rank, piece
            before = before if piece.word in _UNHEARD else piece.kind
        return best[1] if best else self._held(pieces)

    def _held(self, pieces: list[_Piece]) -> _Piece | None:
        """Return the meeting of a workshop that is named without it, if the table knows only one."""
        workshop = next((p.label for p in pieces if p.kind == "workshop" and p.label), None)
        years = {p.word for p in pieces if p.kind == "year"}
        held = self.nodes[f"workshop/{workshop.slug}"].get(":heldAt", []) if workshop else []
        fits = [path.split("/") for path in held if not years or path.split("/")[1] in years]
        if len(fits) != 1:
            return None
        series, year = fits[0]
        return _Piece("series", 0, 0, label=Label("series", series, int(year)))

    def _year(self, series: str, chosen: _Piece, pieces: list[_Piece]) -> int | None:
        years = [p for p in pieces if p.kind == "year"]
        if years:
            return int(next((p for p in years if p.start >= chosen.end), years[0]).word)
        for kind, base in (("ordinal", ":ordinalBase"), ("word", ":volumeBase")):
            for piece in pieces if self.nodes.one(series, base) else ():
                if piece.kind == kind and (digits := re.match(r"\d+", piece.word)):
                    year = int(self.nodes.one(series, base)) + int(digits[0])
                    if year <= _LAST_YEAR:
                        return year
        return None

    def _workshop(self, series: str, text: str, pieces: list[_Piece], rest: list[_Piece]) -> str:
        """Return a workshop's name: the table's if it knows it, else the words that are left."""
        known = [p for p in pieces if p.kind == "workshop" and p.label]
        others = [p for p in rest if not re.fullmatch(r"[ivx]+|\d+", p.word)]
        for piece in known:
            # a listed name inside a longer one is another workshop, an acronym is not
            if piece.label and (not others or piece.size == 1):
                return self.nodes.one(f"workshop/{piece.label.slug}", "skos:prefLabel")
        return _remains(series, text, pieces)


def spelling(text: str) -> tuple[str, ...]:
    """Return a name as it is compared: words without case, accents, punctuation and the words nobody hears.

    >>> spelling("Proceedings of the Forty-first Annual ICML")
    ('41st', 'icml')
    """
    return tuple(w for w in title_key(numerals(text)).split() if w not in _UNHEARD)


def four_digits(year: str) -> str:
    """Return a year of two digits in four: ``"24"`` is 2024, ``"98"`` is 1998."""
    return ("19" if int(year) >= 50 else "20") + year


def _kind_of(word: str) -> _Kind:
    if word in _MARKERS:
        return "marker"
    if _YEAR.fullmatch(word):
        return "year"
    if _ORDINAL.fullmatch(word):
        return "ordinal"
    if word in {"@", "at"}:
        return "at"
    return "comma" if word in {",", ";"} else "word"


def _drop_place(pieces: list[_Piece]) -> None:
    """Mark place and date: the words behind a comma that follows a series or a year, up to the next label.

    Behind a series in words they are none if an "and" is among them, for then its name goes on: the
    "International Conference on Machine Learning, Optimization, and Data Science" is another meeting.
    """
    place, seen, last = False, False, _Piece("word", 0, 0)
    for n, piece in enumerate(pieces):
        if piece.kind == "comma":
            listed = takewhile(lambda p: not p.label and p.kind != "year", pieces[n + 1 :])
            goes_on = last.size > 2 and any(p.word in {"and", "&"} for p in listed)
            place = place or (seen and last.kind in {"series", "year"} and not goes_on)
        elif piece.label or piece.kind == "marker":
            place = False
        elif place and piece.kind == "word":
            piece.kind = "place"
        seen = seen or piece.kind == "series"
        last = piece


def _is_workshop(pieces: list[_Piece], rest: list[_Piece]) -> bool:
    """Say whether a meeting's mention is one of its workshops: by that word, by "@", or by "ICML 2023 on"."""
    if any(p.kind in {"marker", "workshop"} for p in pieces):
        return True
    pairs = pairwise(pieces)
    return bool(rest) and (
        any(p.word == "@" for p in pieces) or any(a.kind in {"series", "year"} and b.word == "on" for a, b in pairs)
    )


def _remains(series: str, text: str, pieces: list[_Piece]) -> str:
    """Return what is left of a text without the meeting, the year and the words round them."""
    for piece in reversed(pieces):
        own = piece.label is not None and piece.label.slug == series
        if own or piece.kind in {"year", "ordinal", "marker", "place"} or piece.word == "@":
            text = f"{text[: piece.start]} {text[piece.end :]}"
    text = " ".join(_ASIDE.sub(" ", text).split())
    return _EDGES.sub("", text)
