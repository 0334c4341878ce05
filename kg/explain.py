"""Why the resolved view says what it says of a work: each value, and what every source says in its place.

Nothing is decided here. What stands is held against what the sources say, in the forms in which values are compared:
titles by their words, authors by family names, venues as the table of venues understands them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..ontology import terms as t
from .explanation import Claim, Explanation, Field, Origin
from .graph import Graph
from .identifiers import first_posted, page
from .links import repositories
from .lists import tool_name
from .model import Identifier, Name, Scheme, Work
from .names import parse_name, parse_names, spoken
from .nquads import address
from .text import family_key, slug, title_key
from .venues import Mention, VenueTable
from .witnesses import Witness, witnesses
from .works import load_works

_SEVERAL = frozenset({"other_title", "identifier", "category", "code", "citations"})
_NOT_IN_LISTS = frozenset({"authors", "volume", "pages"})
_CALLED: dict[Scheme, str] = {"arxiv": "arXiv id", "acl": "ACL Anthology id", "dblp": "dblp key", "pmlr": "PMLR page"}


def explain(graph: Graph, iri: str) -> Explanation:
    """Return where each value comes from that the graph holds of the work with this IRI, one of the graph's.

    >>> import llmcomp
    >>> graph = llmcomp.open_graph()
    >>> posted = next(f for f in explain(graph, graph.find("GPTQ")).fields if f.name == "first_posted")
    >>> posted.value, posted.claims[0].source_title, posted.claims[0].follows_from
    ('2022-10', 'Facts shipped with llmcomp', 'arXiv id 2210.17323')
    """
    (work,) = load_works(graph, [iri])
    heard = witnesses(graph, iri)
    read_in: dict[str, set[str]] = {}
    for witness in heard:
        read_in.setdefault(witness.graph, set()).update(witness.said.get(t.DC_SOURCE, ()))
    origins = [
        Origin(name, title, date, source, tuple(sorted(read_in.get(name, set()) - {title})))
        for _, name, title, date, source in sorted(graph.rows("claims-sources", [iri]))
    ]
    posted = next((v for _, p, v in graph.rows("work-properties", [iri]) if p == t.FIRST_POSTED), "")
    others = sorted(v for _, p, v in graph.rows("work-notes", [iri]) if p == t.ALTERNATIVE)
    case = _Case(work, posted, others, heard, {o.graph: o for o in origins})
    return Explanation(iri, work.key, tuple(case.fields()), tuple(origins))


@dataclass(frozen=True, slots=True)
class _Told:
    """A value that a witness tells, and the form in which it is compared."""

    witness: Witness
    value: str
    key: object
    follows_from: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    """A work as it stands in the view, and all that is said of it."""

    work: Work
    posted: str
    other_titles: Sequence[str]
    witnesses: Sequence[Witness]
    origins: dict[str, Origin]
    table: VenueTable = field(default_factory=VenueTable.load)

    def fields(self) -> Iterator[Field]:
        asked = (self._titles, self._authors, self._venue, self._dates, self._places, self._identifiers)
        for ask in (*asked, self._sections, self._counts):
            yield from ask()

    def _field(self, name: str, value: str, key: object, told: Iterable[_Told], decided: str = "") -> Field:
        alike: dict[tuple[object, ...], list[_Told]] = {}
        for said in told:
            # what many reference lists print in as many ways is one claim
            printed = said.key if said.witness.rank == 3 else said.value
            same = (said.witness.graph, said.witness.rank, printed, said.follows_from, said.note)
            alike.setdefault(same, []).append(said)
        groups = sorted(alike.values(), key=lambda g: (g[0].key != key, g[0].witness.rank, -len(g)))
        claims = tuple(self._claim(value, key, group) for group in groups)
        if value and not decided and not any(claim.stands for claim in claims):
            decided = "no source says so"
        heard = {claim.graph for claim in claims}
        deaf = {w.graph for w in self.witnesses if w.rank == 1 and name in _NOT_IN_LISTS}
        mute = tuple(graph for graph in self.origins if graph not in heard | deaf)
        return Field(name, value, decided, claims, () if name in _SEVERAL else mute)

    def _claim(self, value: str, key: object, told: Sequence[_Told]) -> Claim:
        first, printed = told[0], Counter(said.value for said in told)
        origin = self.origins[first.witness.graph]
        lines = {int(line) for said in told if (line := said.witness.one(t.SOURCE_LINE))}
        return Claim(
            value=value if value in printed else min(printed, key=lambda v: (-printed[v], v)),
            graph=origin.graph,
            source_title=origin.title,
            date=origin.date,
            stands=first.key == key,
            lines=tuple(sorted(lines)),
            references=len({said.witness.one(t.CITING) for said in told}) if first.witness.rank == 3 else None,
            follows_from=first.follows_from,
            note=first.note,
        )

    def _told(self, *names: str, key: Callable[[str], object] = str) -> list[_Told]:
        return [_Told(w, said, key(said)) for w in self.witnesses if (said := w.one(*names))]

    def _titles(self) -> Iterator[Field]:
        read = tool_name if self.work.kind == "tool" else str
        told = self._told(t.TITLE, t.TITLE_AS_PRINTED, key=lambda title: title_key(read(title)))
        listed = any(w.rank < 3 for w in self.witnesses)
        rule = "first of facts, lists, Semantic Scholar, reference lists" if listed else "the form that most print"
        decided = rule if any(said.key != title_key(self.work.title) for said in told) else ""
        yield self._field("title", self.work.title, title_key(self.work.title), told, decided)
        told += (_Told(w, title, title_key(title)) for w in self.witnesses for title in w.said.get(t.ALTERNATIVE, ()))
        for title in self.other_titles:
            same = (said for said in told if said.key == title_key(title))
            yield self._field("other_title", title, title_key(title), same)

    def _authors(self) -> Iterator[Field]:
        ours = [spoken(name) for name in self.work.authors]
        key = tuple(map(_family, self.work.authors))
        told: list[_Told] = []
        for witness in self.witnesses:
            names, first = witness.authors(), witness.one(t.FIRST_AUTHOR_AS_PRINTED)
            theirs = tuple(map(_family, parse_names(names or [first])[0]))
            sure = witness.one(t.CONFIDENCE)
            if names:
                differs = _difference(ours, names) if ours else ""
                note = differs if theirs != key else f"confidence {sure}" * bool(sure)
                told.append(_Told(witness, "; ".join(names), theirs, note=note))
            elif first:
                told.append(_Told(witness, first, key if theirs == key[:1] else theirs, note="the first author alone"))
        if told or self.work.kind == "paper":
            value = "; ".join(ours) + " and others" * self.work.authors_truncated
            yield self._field("authors", value, key, told, "" if told else "no source names them")

    def _named_by(self, witness: Witness) -> Iterator[Identifier]:
        """Yield the identifiers that a witness gives and that the work bears."""
        given = witness.identifiers(tool=self.work.kind == "tool")
        yield from (identifier for identifier in given if identifier in self.work.identifiers)

    def _mentions(self, witness: Witness) -> Iterator[tuple[Mention | None, str, str]]:
        """Yield the venues that a witness names: understood, in words, and the identifier that it follows from."""
        if printed := witness.one(t.VENUE_AS_PRINTED):
            yield self.table.parse(printed), printed, ""
        for identifier in self._named_by(witness):
            mention = self.table.from_identifier(identifier)
            if mention and mention.kind != "preprint":
                yield mention, self.table.venue(mention).acronym, _called(identifier)

    def _venue_key(self, mention: Mention | None, printed: str) -> str:
        """Return the IRI of the volume that is meant: the one that stands also where less is said of it."""
        stands = self.work.venue
        if mention is None:
            return stands.iri if stands and title_key(printed) in map(title_key, (stands.title, stands.short)) else ""
        if mention.kind == "preprint":
            return "preprint"
        venue = self.table.venue(replace(mention, year=mention.year or (stands.year if stands else None)))
        # many print the meeting for its Findings, tracks and parts too
        vague = mention.kind in {"conference", "journal"} and not mention.track and not mention.volume_part
        within = stands and stands.kind != "workshop" and (venue.series, venue.year) == (stands.series, stands.year)
        return stands.iri if stands and vague and within else venue.iri

    def _venue(self) -> Iterator[Field]:
        venue = self.work.venue
        told: list[_Told] = []
        for witness in self.witnesses:
            for mention, printed, basis in self._mentions(witness):
                key = self._venue_key(mention, printed)
                note = "" if mention else "not in the table of venues"
                # the IRIs of the parts of a meeting begin with the meeting's: series and year
                if venue and key != venue.iri and key.split("/")[:7] == venue.iri.split("/")[:7]:
                    note = "another part of the same meeting"
                told.append(_Told(witness, printed, key, basis, note))
        preprint = any(said.key == "preprint" for said in told)
        if venue:
            agrees = [said for said in told if said.key == venue.iri]
            in_table = not any(said.note or said.value == venue.title for said in agrees)
            how = ["named in full by the table of venues"] * in_table
            how += ["a publication goes before a preprint"] * preprint
            yield self._field("venue", venue.title, venue.iri, told, "; ".join(how))
        elif told or (self.work.kind == "paper" and self.work.categories):
            yield self._field("venue", "preprint", "preprint", told, "" if preprint else "no known venue is named")

    def _dated(self, *, by_posting: bool) -> Iterator[_Told]:
        """Yield the years that are told, or follow from a venue; those of arXiv ids only where posting counts."""
        for witness in self.witnesses:
            told = [(witness.one(t.PUBLICATION_YEAR, t.YEAR_AS_PRINTED), "")]
            for mention, printed, basis in self._mentions(witness):
                if mention and mention.year:
                    short = printed if mention.kind == "preprint" else self.table.venue(mention).acronym
                    told.append((str(mention.year), basis or f"venue {short}"))
            if by_posting:
                told += ((month[:4], basis) for month, basis in self._months(witness))
            for year, basis in told:
                early = year != str(self.work.year) and year == self.posted[:4]
                if year:
                    yield _Told(witness, year, year, basis, "the year of first posting" * early)

    def _months(self, witness: Witness) -> Iterator[tuple[str, str]]:
        for identifier in self._named_by(witness):
            if identifier.scheme == "arxiv" and (posted := first_posted(identifier.value)):
                yield f"{posted[0]}-{posted[1]:02d}", _called(identifier)

    def _dates(self) -> Iterator[Field]:
        year, venue, by_month = str(self.work.year or ""), self.work.venue, len(self.posted) == 7
        of_venue = venue is not None and (venue.year is not None or year != self.posted[:4])
        if year:
            decided = "the year of first posting" + ": no source tells the venue's" * bool(venue)
            decided = decided if by_month else "neither a venue nor an arXiv id tells it"
            told = self._dated(by_posting=not of_venue)
            yield self._field("year", year, year, told, "the venue's year" if of_venue else decided)
        if by_month:
            told = (_Told(w, month, month, basis) for w in self.witnesses for month, basis in self._months(w))
            yield self._field("first_posted", self.posted, self.posted, told)
        elif self.posted:
            told = self._dated(by_posting=False)
            yield self._field("first_posted", self.posted, self.posted, told, "no arXiv id tells it; a year stands in")

    def _places(self) -> Iterator[Field]:
        volume = self.work.volume or (self.work.venue.volume if self.work.venue else "")
        for name, prop, value in (("volume", t.VOLUME, volume), ("pages", t.PAGES, self.work.pages)):
            told = self._told(prop)
            unsaid = "as the table of venues has it" if value else "not told of the version that stands"
            if value or told:
                yield self._field(name, value, value, told, unsaid * all(said.value != value for said in told))

    def _identifiers(self) -> Iterator[Field]:
        told: list[_Told] = []
        for witness in self.witnesses:
            for identifier in witness.identifiers(tool=self.work.kind == "tool"):
                astray = (text for text in witness.findings if page(identifier) in text)
                note = "" if identifier in self.work.identifiers else next(astray, "not taken for this work's")
                told.append(_Told(witness, str(identifier), identifier, note=note))
        # of works that are only cited, the service's own id is told in its graph alone
        left = [s for s in told if s.note and not (s.value.startswith("semanticscholar:") and not self.work.categories)]
        for identifier in self.work.identifiers:
            # one that was not believed is told beside one of its scheme that was
            scheme = f"{identifier.scheme}:"
            here = [said for said in told if said.key == identifier or (said in left and said.value.startswith(scheme))]
            left = [said for said in left if said not in here]
            yield self._field("identifier", str(identifier), identifier, here)
        if left:
            yield self._field("identifier", "", None, left)

    def _sections(self) -> Iterator[Field]:
        sections = self._told(t.IN_SECTION, key=lambda section: slug(section) or "unnamed")
        for category in self.work.categories:
            told = (said for said in sections if said.key == category)
            yield self._field("category", category, category, told)
        links = [(w, url) for w in self.witnesses for url in repositories(w.links) or [k.url for k in w.links]]
        for url in self.work.code:
            told = (_Told(w, printed, url) for w, printed in links if address(printed) == f"<{url}>")
            yield self._field("code", url, url, told)

    def _counts(self) -> Iterator[Field]:
        if told := self._told(t.COUNT_VALUE):
            newest = max(told, key=lambda said: self.origins[said.witness.graph].date).value
            yield self._field("citations", newest, newest, told, "as counted last")


def _called(identifier: Identifier) -> str:
    return f"{_CALLED.get(identifier.scheme, identifier.scheme)} {identifier.value}"


def _family(name: Name) -> str:
    return family_key(name.literal or name.family)


def _difference(ours: Sequence[str], theirs: Sequence[str]) -> str:
    """Return in words how another list of authors differs.

    >>> _difference(["Ann Lee", "Bo Chen"], ["B. Chen", "Cy Ng"])
    'lacks Ann Lee; has Cy Ng'
    """
    mine, other = ({_family(parse_name(name)): name for name in names} for names in (ours, theirs))
    lacks = [name for family, name in mine.items() if family not in other]
    more = [name for family, name in other.items() if family not in mine]
    told = [f"{verb} {', '.join(names)}" for verb, names in (("lacks", lacks), ("has", more)) if names]
    return "; ".join(told) or "in another order"
