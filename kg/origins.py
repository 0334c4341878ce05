"""Where what the graph says of an author, a venue or a category comes from, value by value.

Of works :mod:`llmcomp.kg.explain` tells it. Authors are what sources print; venues and categories are described by
tables that come with the package, or, where these do not know them, by what rows of lists print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..ontology import terms as t
from .categories import known_of
from .explanation import Claim, Field
from .iris import local
from .text import slug
from .venues import VenueTable

_PERSON = {t.NAME: "name", t.GIVEN_NAME: "given name", t.FAMILY_NAME: "family name"}
_VENUE = {
    t.NOTATION: "short name",
    t.TITLE: "title",
    t.SHORT_TITLE: "name of the series",
    t.EVENT_NAME: "event",
    t.VENUE_KIND: "kind",
    t.PUBLICATION_YEAR: "year",
    t.VOLUME: "volume",
    t.DC_PUBLISHER: "publisher",
    t.PART_OF: "part of",
}
_CATEGORY = {
    t.PREF_LABEL: "name",
    t.NOTATION: "short name",
    t.PREFIXES["skos"] + "altLabel": "other name",
    t.PREFIXES["skos"] + "definition": "definition",
    t.BROADER: "broader category",
    t.PREFIXES["skos"] + "closeMatch": "much the same elsewhere",
    t.PREFIXES["skos"] + "exactMatch": "the same elsewhere",
    t.IN_SCHEME: "scheme",
}
_FIELDS = {"person": _PERSON, "venue": _VENUE, "category": _CATEGORY}
_VENUES, _CATEGORIES = "Table of venues that comes with llmcomp", "Table of categories that comes with llmcomp"


@dataclass(frozen=True, slots=True)
class Printed:
    """What a source (title and day) prints of a thing, and in how many rows or works."""

    text: str
    source: str
    date: str
    times: int


def origins(kind: str, iri: str, said: Iterable[tuple[str, str]], printed: Sequence[Printed]) -> tuple[Field, ...]:
    """Return the values that the graph has of a person, venue or category, each with who says so.

    ``said`` are properties and values, ``printed`` what sources print of the thing. Of another kind there is nothing.

    >>> name = Printed("Ada Lovelace", "My list", "2026-11-01", 3)
    >>> (field,) = origins("person", "p:1", [("http://xmlns.com/foaf/0.1/name", "Ada Lovelace")], [name])
    >>> field.name, field.claims[0].source_title, field.claims[0].note
    ('name', 'My list', 'in 3 works')
    """
    names = _FIELDS.get(kind, {})
    order = list(names)
    values = sorted({pair for pair in said if pair[0] in names}, key=lambda pair: (order.index(pair[0]), pair[1]))
    ask = {"person": _of_person, "venue": _of_venue, "category": _of_category}.get(kind)
    if ask is None:
        return ()
    return tuple(Field(names[name], value, claims=tuple(ask(iri, name, value, printed))) for name, value in values)


def _of_person(_: str, name: str, value: str, printed: Sequence[Printed]) -> Iterator[Claim]:
    """Yield the names that sources print; which part of one is the family name follows from it."""
    for said in printed:
        if name == t.NAME:
            yield _claim(said, said.text, said.text == value, "work")
        elif _letters(value) in _letters(said.text):
            yield _claim(said, value, True, "work", follows_from=f"the name “{said.text}”")


def _of_venue(iri: str, name: str, value: str, printed: Sequence[Printed]) -> Iterator[Claim]:
    path = iri.removeprefix(t.PREFIXES["venue"])
    series, _, volume = path.partition("/")
    for said in printed:
        if said.text == value:
            yield _claim(said, value, True, "row")
    if VenueTable.load().series(t.PREFIXES["venue"] + series)[0]:
        year = name == t.PUBLICATION_YEAR
        yield Claim(
            value, "", _VENUES, "", True, follows_from=f"the year of “{volume}”" if year else "", note="venues.ttl"
        )
        return
    for said in printed:
        if said.text != value:
            yield _claim(said, value, True, "row", follows_from=f"“{said.text}”, a venue that is not in the table")


def _of_category(iri: str, name: str, value: str, printed: Sequence[Printed]) -> Iterator[Claim]:
    if name in (t.PREF_LABEL, t.NOTATION, t.IN_SCHEME):
        # works of the category stand in other sections too, which do not name it
        for said in (said for said in printed if slug(said.text) == local(iri)):
            heading = said.text == value
            yield _claim(said, value, True, "row", follows_from="" if heading else f"the section “{said.text}”")
    if (name, value) in known_of(iri):
        yield Claim(value, "", _CATEGORIES, "", True, note="categories.ttl")


def _letters(text: str) -> str:
    """Return what two ways to space and point a name have in common."""
    return "".join(filter(str.isalnum, text))


def _claim(said: Printed, value: str, stands: bool, noun: str, follows_from: str = "") -> Claim:
    times = f"in {said.times} {noun}{'s' * (said.times != 1)}"
    return Claim(value, "", said.source, said.date, stands, follows_from=follows_from, note=times)
