"""An explanation as a value: the fields of a work, and what each source says of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """A source graph that speaks of the work: title, day, where it was read, and where that had read of the work."""

    graph: str
    title: str
    date: str
    source: str
    read_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of one field, and whether it is what stands.

    ``value`` is as the source has it; ``stands`` tells whether it means the value that stands, in whichever words.
    ``lines`` are the rows of a list that say so, ``references`` counts the reference lists that do. ``follows_from``
    is what the source says instead, where the value only follows from that ("arXiv id 2210.17323").
    """

    value: str
    graph: str
    source_title: str
    date: str
    stands: bool
    lines: tuple[int, ...] = ()
    references: int | None = None
    follows_from: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that stands (empty: none does), what was said of it, what stands first, and how it was decided.

    ``name`` is title, authors, venue, year, first_posted, volume, pages or citations, or one of which a work may have
    several, a field each: other_title, identifier, category, code. ``silent`` are the graphs that speak of the work and
    could tell a field of one value, and do not.
    """

    name: str
    value: str
    decided: str = ""
    claims: tuple[Claim, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The fields of a work in reading order, and the source graphs that speak of it."""

    iri: str
    key: str
    fields: tuple[Field, ...]
    sources: tuple[Origin, ...]
