"""Each question that the package ships: what it answers, worked out here without SPARQL, and the same on rdflib."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat

import llmcomp
from llmcomp.kg import build
from llmcomp.kg.facts import shipped_list, shipped_papers, shipped_references
from llmcomp.kg.model import Entry
from llmcomp.kg.parameters import KINDS, parameters, with_parameters
from llmcomp.kg.questions import MARK, columns, questions_page
from llmcomp.kg.text import title_key
from llmcomp.ontology import terms as t
from llmcomp.ontology.named import describe, query_text, question_names, topic

QUESTIONS = question_names()
Rows = list[tuple[Any, ...]]
Worked = Callable[["Facts"], Rows]
WORKED: dict[str, Worked] = {}
"""The rows of each question in order, worked out from the statements themselves."""


def short(iri: str) -> str:
    return iri.rpartition("/")[2]


class Facts:
    """The statements of a graph by subject and property, asked for without SPARQL."""

    def __init__(self, graph: llmcomp.Graph) -> None:
        self.graph = graph

    def pairs(self, name: str, graph: str = "") -> Iterator[tuple[str, str]]:
        where = NamedNode(graph) if graph else DefaultGraph()
        for quad in self.graph.store.quads_for_pattern(None, NamedNode(name), None, where):
            yield quad.subject.value, quad.object.value

    def all(self, name: str, graph: str = "") -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for subject, value in self.pairs(name, graph):
            found[subject].append(value)
        return found

    def everywhere(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Statements of the named graphs: graph, subject, object."""
        for quad in self.graph.store.quads_for_pattern(None, NamedNode(name), None, None):
            if isinstance(quad.graph_name, NamedNode):
                yield quad.graph_name.value, quad.subject.value, quad.object.value

    @cached_property
    def key(self) -> dict[str, str]:
        return dict(self.pairs(t.CITATION_KEY, t.KEYS_GRAPH))

    @cached_property
    def title(self) -> dict[str, str]:
        return dict(self.pairs(t.TITLE))

    @cached_property
    def year(self) -> dict[str, str]:
        return dict(self.pairs(t.PUBLICATION_YEAR))

    @cached_property
    def listed(self) -> set[str]:
        return {work for work, kind in self.pairs(t.TYPE) if kind == t.RESEARCH_PAPER}

    @cached_property
    def sections(self) -> dict[str, list[str]]:
        """Slugs of the categories of each work."""
        return {work: sorted(map(short, found)) for work, found in self.all(t.SUBJECT).items()}

    def within(self, slug: str = "", papers: bool = True) -> list[str]:
        """Works of a category by key, or of any."""
        return sorted(
            (
                work
                for work, found in self.sections.items()
                if (not slug or slug in found) and (work in self.listed or not papers)
            ),
            key=self.key.__getitem__,
        )

    @cached_property
    def authors(self) -> dict[str, list[tuple[int, str, str]]]:
        """Position, printed name and person, by work."""
        place, name = dict(self.pairs(t.AUTHOR_POSITION)), dict(self.pairs(t.NAME_AS_PRINTED))
        who = dict(self.pairs(t.HELD_BY))
        found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for node, work in self.pairs(t.RELATES_TO_DOCUMENT):
            found[work].append((int(place[node]), name[node], who[node]))
        return {work: sorted(told) for work, told in found.items()}

    @cached_property
    def by(self) -> dict[str, set[str]]:
        """Listed works of each person."""
        found: dict[str, set[str]] = defaultdict(set)
        for work, told in self.authors.items():
            for _, _, person in told:
                if work in self.listed:
                    found[person].add(work)
        return found

    @cached_property
    def name(self) -> dict[str, str]:
        return dict(self.pairs(t.NAME))

    @cached_property
    def cites(self) -> set[tuple[str, str]]:
        return set(self.pairs(t.CITES))

    @cached_property
    def references(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for citing, cited in self.cites:
            found[citing].add(cited)
        return found

    @cached_property
    def citing(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for citing, cited in self.cites:
            found[cited].add(citing)
        return found

    @cached_property
    def volume(self) -> dict[str, str]:
        """The venue of each work that one published."""
        part = dict(self.pairs(t.PART_OF))
        return {work: part[version] for work, version in self.pairs(t.PREFERRED_VERSION) if version in part}

    @cached_property
    def series(self) -> dict[str, str]:
        """The acronym of the series of each volume."""
        part, notation = dict(self.pairs(t.PART_OF)), dict(self.pairs(t.NOTATION))
        return {venue: notation[part.get(venue, venue)] for venue in set(self.volume.values())}

    @cached_property
    def rows(self) -> list[tuple[str, str, str]]:
        """Row of a list, the graph of the list, the work."""
        where = {row: graph for graph, row, _ in self.everywhere(t.TITLE_AS_PRINTED)}
        return sorted((row, where[row], work) for row, work in self.pairs(t.ITEM))

    @cached_property
    def source(self) -> dict[str, str]:
        return dict(self.pairs(t.DC_SOURCE, t.METADATA_GRAPH))

    @cached_property
    def source_kind(self) -> dict[str, str]:
        return dict(self.pairs(t.TITLE, t.METADATA_GRAPH))

    @cached_property
    def said(self) -> dict[str, list[str]]:
        """The IRIs under which sources speak of each listed work, its own among them."""
        also = self.all(t.SAME_AS)
        return {work: [work, *also.get(work, ())] for work in self.listed}

    def told(self, name: str) -> dict[str, list[tuple[str, str]]]:
        """What source graphs say of each listed work: graph and value."""
        by_subject: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for graph, subject, value in self.everywhere(name):
            by_subject[subject].append((graph, value))
        return {work: [told for iri in iris for told in by_subject[iri]] for work, iris in self.said.items()}

    def of(self, works: Iterable[str]) -> Rows:
        """Key, title and IRI of works in the order of their keys."""
        return sorted((self.key[work], self.title[work], work) for work in works)


def worked(function: Worked) -> Worked:
    WORKED[function.__name__.replace("_", "-")] = function
    return function


def ranked(rows: Iterable[tuple[Any, ...]], number: int, *then: int) -> Rows:
    """Rows by one column, the highest first, then by others."""
    return sorted(rows, key=lambda row: (-row[number], *(row[n] for n in then)))


# --- works


@worked
def works_of_category(f: Facts) -> Rows:
    works = f.within("quantization", papers=False)
    return [(f.key[w], f.title[w], n, name, w) for w in works for n, name, _ in f.authors.get(w, ())]


@worked
def works_of_year(f: Facts) -> Rows:
    short_name = dict(f.pairs(t.SHORT_TITLE))
    works = [w for w in f.listed if f.year.get(w) == "2024"]
    return [(key, title, short_name.get(f.volume.get(w, ""), ""), w) for key, title, w in f.of(works)]


@worked
def newest_works(f: Facts) -> Rows:
    posted = dict(f.pairs(t.FIRST_POSTED))
    rows = [(posted[w], f.key[w], f.title[w], w) for w in f.within() if w in posted]
    return sorted(sorted(rows, key=lambda row: row[1]), key=lambda row: row[0], reverse=True)


@worked
def unpublished_works(f: Facts) -> Rows:
    posted = dict(f.pairs(t.FIRST_POSTED))
    return sorted((posted.get(w, ""), f.key[w], f.title[w], w) for w in f.within() if w not in f.volume)


@worked
def works_without_authors(f: Facts) -> Rows:
    cut = dict(f.pairs(t.AUTHORS_TRUNCATED))
    known = Counter({w: len({person for *_, person in f.authors.get(w, ())}) for w in f.listed})
    return [(key, title, known[w], w) for key, title, w in f.of(w for w in f.listed if w in cut or not known[w])]


@worked
def works_without_arxiv(f: Facts) -> Rows:
    ids, page = dict(f.pairs(t.ARXIV_ID)), dict(f.pairs(t.URL))
    version = dict(f.pairs(t.PREFERRED_VERSION))
    rows = f.of(w for w in f.listed if w not in ids)
    return [(key, title, page.get(version.get(w, ""), ""), w) for key, title, w in rows]


@worked
def works_with_other_titles(f: Facts) -> Rows:
    return sorted((f.key[w], f.title[w], other, w) for w, other in f.pairs(t.ALTERNATIVE))


@worked
def open_access(f: Facts) -> Rows:
    return sorted((f.key[w], f.title[w], address, w) for w, address in f.pairs(t.OPEN_ACCESS_ADDRESS) if w in f.listed)


@worked
def awarded_works(f: Facts) -> Rows:
    short_name, award = dict(f.pairs(t.SHORT_TITLE)), dict(f.pairs(t.AWARD))
    return sorted(
        (f.key[w], f.title[w], award[version], short_name[f.volume[w]], w)
        for w, version in f.pairs(t.REALIZATION)
        if version in award
    )


# --- categories


@worked
def categories(f: Facts) -> Rows:
    scheme = {c for c, where in f.pairs(t.IN_SCHEME) if where == t.CATEGORY_SCHEME}
    name, slug = dict(f.pairs(t.PREF_LABEL)), dict(f.pairs(t.NOTATION))
    counts = Counter(category for _, category in f.pairs(t.SUBJECT))
    return sorted(((c, slug[c], name[c], counts[c]) for c in scheme if counts[c]), key=lambda row: row[1])


@worked
def categories_by_year(f: Facts) -> Rows:
    counts = Counter((slug, f.year[w]) for w in f.within() for slug in f.sections[w] if w in f.year)
    return sorted((slug, year, n) for (slug, year), n in counts.items())


@worked
def works_in_several_categories(f: Facts) -> Rows:
    works = f.within(papers=False)
    return [(f.key[w], f.title[w], *pair, w) for w in works for pair in combinations(f.sections[w], 2)]


@worked
def rows_of_work(f: Facts) -> Rows:
    wanted = "https://w3id.org/llmcomp/work/arxiv:2210.17323"
    found: Rows = []
    for row, graph, work in f.rows:
        if work == wanted:
            said = [
                dict(f.pairs(p, graph)).get(row, "") for p in (t.IN_SECTION, t.TITLE_AS_PRINTED, t.VENUE_AS_PRINTED)
            ]
            found.append((f.source[graph], int(dict(f.pairs(t.SOURCE_LINE, graph))[row]), *said))
    return sorted(found)


@worked
def repeated_works(f: Facts) -> Rows:
    often = Counter(work for *_, work in f.rows)
    found: set[tuple[Any, ...]] = set()
    for row, graph, work in f.rows:
        if often[work] > 1:
            line = int(dict(f.pairs(t.SOURCE_LINE, graph))[row])
            section, title = (dict(f.pairs(p, graph))[row] for p in (t.IN_SECTION, t.TITLE_AS_PRINTED))
            found.add((f.key[work], line, section, title, work))
    return sorted(found)


@worked
def citations_between_categories(f: Facts) -> Rows:
    counts = Counter(
        (a, b) for citing, cited in f.cites for a in f.sections.get(citing, ()) for b in f.sections.get(cited, ())
    )
    return ranked(((a, b, n) for (a, b), n in counts.items()), 2, 0, 1)


@worked
def cited_by_two_categories(f: Facts) -> Rows:
    a, b = set(f.within("quantization", papers=False)), set(f.within("pruning-and-sparsity", papers=False))
    rows = [(f.key[w], f.title[w], len(f.citing[w] & a), len(f.citing[w] & b), w) for w in set(f.citing)]
    return sorted((r for r in rows if r[2] and r[3]), key=lambda r: (-(r[2] + r[3]), r[0]))


@worked
def surveys(f: Facts) -> Rows:
    rows = [
        (f.key[w], f.title[w], len(f.references[w]), len(f.references[w] & f.listed), w) for w in f.within("survey")
    ]
    return ranked(rows, 2, 0)


# --- authors


@worked
def productive_authors(f: Facts) -> Rows:
    return ranked(((f.name[p], len(works), p) for p, works in f.by.items()), 1, 0)


@worked
def first_authors(f: Facts) -> Rows:
    counts = Counter(f.authors[w][0][2] for w in f.listed if f.authors.get(w))
    return ranked(((f.name[p], n, p) for p, n in counts.items()), 1, 0)


@worked
def works_of_author(f: Facts) -> Rows:
    who = t.PREFIXES["person"] + "tim-dettmers"
    return sorted(
        (f.year.get(w, ""), f.key[w], f.title[w], n, w)
        for w, told in f.authors.items()
        for n, _, person in told
        if person == who
    )


@worked
def coauthors(f: Facts) -> Rows:
    counts: Counter[tuple[str, str]] = Counter()
    for w in f.listed:
        counts.update(combinations(sorted({person for *_, person in f.authors.get(w, ())}), 2))
    return ranked(((f.name[a], f.name[b], n, a, b) for (a, b), n in counts.items() if n >= 2), 2, 0, 1)


@worked
def coauthors_of_author(f: Facts) -> Rows:
    who = t.PREFIXES["person"] + "tim-dettmers"
    counts: Counter[str] = Counter()
    for told in f.authors.values():
        people = {person for *_, person in told}
        if who in people:
            counts.update(people - {who})
    return ranked(((f.name[p], n, p) for p, n in counts.items()), 1, 0)


@worked
def authors_across_categories(f: Facts) -> Rows:
    rows = [(f.name[p], len({s for w in works for s in f.sections[w]}), len(works), p) for p, works in f.by.items()]
    return sorted((row for row in rows if row[1] >= 3), key=lambda row: (-row[1], -row[2], row[0]))


@worked
def large_teams(f: Facts) -> Rows:
    cut = dict(f.pairs(t.AUTHORS_TRUNCATED))
    works = [w for w in f.listed if f.authors.get(w) and w not in cut]
    return ranked(((f.key[w], f.title[w], len(f.authors[w]), w) for w in works), 2, 0)


@worked
def authors_by_h_index(f: Facts) -> Rows:
    cited = {w: len(f.citing[w] & f.listed) for w in f.listed}
    rows: Rows = []
    for person, works in f.by.items():
        counts = sorted((cited[w] for w in works if cited[w]), reverse=True)
        h = sum(count >= rank for rank, count in enumerate(counts, 1))
        if h:
            rows.append((f.name[person], h, person))
    return ranked(rows, 1, 0)


# --- venues


@worked
def venues_by_year(f: Facts) -> Rows:
    counts = Counter((f.series[venue], f.year[w]) for w, venue in f.volume.items() if w in f.year)
    return sorted((venue, year, n) for (venue, year), n in counts.items())


@worked
def venues_of_category(f: Facts) -> Rows:
    counts = Counter(f.series[f.volume[w]] for w in f.within("quantization") if w in f.volume)
    return ranked(counts.items(), 1, 0)


@worked
def works_at_venue(f: Facts) -> Rows:
    return sorted(
        (f.year[w], f.title[venue], f.key[w], f.title[w], w)
        for w, venue in f.volume.items()
        if f.series[venue] == "ICML"
    )


# --- what sources print


def printed(f: Facts, said: Iterable[tuple[str, str, str]]) -> Rows:
    """What is printed, with source, date and of how many things: from (printed, graph, thing)."""
    date = dict(f.pairs(t.DCT_DATE, t.METADATA_GRAPH))
    counts = Counter((text, f.source_kind[graph], date[graph]) for text, graph, _ in set(said))
    return ranked([(*told, count) for told, count in counts.items()], 3, 0, 1, 2)


@worked
def printed_names(f: Facts) -> Rows:
    person = "https://w3id.org/llmcomp/person/tim-dettmers"
    work = dict(f.pairs(t.RELATES_TO_DOCUMENT))
    his = {node for node, who in f.pairs(t.HELD_BY) if who == person}
    named = [(g, node, name) for g, node, name in f.everywhere(t.NAME_AS_PRINTED) if g and node in his]
    # of works that nothing but reference lists names
    others = {work[node] for node in his} - {work[node] for _, node, _ in named}
    cited = {citation: of for citation, of in f.pairs(t.CITED) if of in others}
    of = {reference: cited[c] for c, reference in f.pairs(t.DERIVED_FROM) if c in cited}
    in_lists = ((name, g, of[node]) for g, node, name in f.everywhere(t.FIRST_AUTHOR_AS_PRINTED) if node in of)
    return printed(f, [*((name, g, work[node]) for g, node, name in named), *in_lists])


@worked
def printed_venues(f: Facts) -> Rows:
    there = {w for w, venue in f.volume.items() if f.series[venue] == "ICML"}
    return printed(f, in_rows(f, t.VENUE_AS_PRINTED, there))


@worked
def printed_sections(f: Facts) -> Rows:
    return printed(f, in_rows(f, t.IN_SECTION, set(f.within("quantization", papers=False))))


def in_rows(f: Facts, name: str, works: set[str]) -> Iterator[tuple[str, str, str]]:
    """What the rows about some works print: text, graph, row."""
    said = {(graph, row): text for graph, row, text in f.everywhere(name)}
    for row, graph, work in f.rows:
        if work in works and (graph, row) in said:
            yield said[graph, row], graph, row


@worked
def workshop_papers(f: Facts) -> Rows:
    kinds = f.all(t.TYPE)
    version = dict(f.pairs(t.PREFERRED_VERSION))
    return sorted(
        (f.key[w], f.title[w], f.title[venue], w)
        for w, venue in f.volume.items()
        if t.WORKSHOP_PAPER in kinds[version[w]]
    )


@worked
def time_to_publication(f: Facts) -> Rows:
    posted = dict(f.pairs(t.FIRST_POSTED))
    return sorted(Counter(int(f.year[w]) - int(posted[w][:4]) for w in f.volume if w in posted).items())


# --- citations


@worked
def citations_in_list(f: Facts) -> Rows:
    return sorted((f.key[a], f.key[b], a, b) for a, b in f.cites if {a, b} <= f.listed)


@worked
def most_cited_in_list(f: Facts) -> Rows:
    rows = ((f.key[w], f.title[w], len(f.citing[w] & f.listed), w) for w in f.listed)
    return ranked((row for row in rows if row[2]), 2, 0)


@worked
def works_outside(f: Facts) -> Rows:
    on_list = {work for *_, work in f.rows}
    rows = [(w, f.title[w], len(by & on_list)) for w, by in f.citing.items() if w not in on_list and by & on_list]
    return ranked(rows, 2, 1, 0)


SQUEEZE = t.PREFIXES["work"] + "arxiv:2306.07629"
GPTQ = t.PREFIXES["work"] + "arxiv:2210.17323"


@worked
def references_of_work(f: Facts) -> Rows:
    on_list = {work for *_, work in f.rows}
    works = f.references[SQUEEZE]
    return sorted((f.year.get(w, ""), f.key[w], f.title[w], str(w in on_list).lower(), w) for w in works)


@worked
def citing_works(f: Facts) -> Rows:
    return f.of(f.citing[GPTQ])


@worked
def cocitation(f: Facts) -> Rows:
    counts: Counter[tuple[str, str]] = Counter()
    for cited in f.references.values():
        counts.update(combinations(sorted(cited & f.listed), 2))
    return ranked(((f.key[a], f.key[b], n, a, b) for (a, b), n in counts.items() if n >= 5), 2, 0, 1)


@worked
def cocited_with_work(f: Facts) -> Rows:
    counts = Counter(w for citing in f.citing[GPTQ] for w in f.references[citing] if w != GPTQ)
    return ranked(((f.key[w], f.title[w], n, w) for w, n in counts.items()), 2, 0)


@worked
def coupling(f: Facts) -> Rows:
    pairs = combinations(sorted(f.references), 2)
    rows = ((f.key[a], f.key[b], len(f.references[a] & f.references[b]), a, b) for a, b in pairs)
    return ranked((row for row in rows if row[2] >= 10), 2, 0, 1)


@worked
def coupled_with_work(f: Facts) -> Rows:
    ours = f.references[SQUEEZE]
    rows = ((f.key[w], f.title[w], len(cited & ours), w) for w, cited in f.references.items() if w != SQUEEZE)
    return ranked((row for row in rows if row[2]), 2, 0)


@worked
def citation_chains(f: Facts) -> Rows:
    return sorted(
        (f.key[via], f.key[end], via, end)
        for via in f.references[SQUEEZE] & f.listed
        for end in f.references.get(via, set[str]()) & f.listed
    )


@worked
def works_apart(f: Facts) -> Rows:
    inside = {pair for pair in f.cites if set(pair) <= f.listed}
    return f.of(f.listed - {w for pair in inside for w in pair})


@worked
def known_references(f: Facts) -> Rows:
    complete = dict(f.pairs(t.COMPLETE))
    return sorted(
        (f.key[w], complete[node], len(f.references[w]), len(f.references[w] & f.listed), w)
        for w, node in f.pairs(t.HAS_REFERENCE_LIST)
    )


@worked
def self_citations(f: Facts) -> Rows:
    people = {w: {person for *_, person in told} for w, told in f.authors.items()}
    return sorted(
        (f.key[a], f.key[b], f.name[p], a, b)
        for a, b in f.cites
        for p in people.get(a, set[str]()) & people.get(b, set[str]())
    )


@worked
def reading_order(f: Facts) -> Rows:
    group = set(f.within("quantization"))

    def behind(work: str) -> set[str]:
        found: set[str] = set()
        todo = [work]
        while todo:
            new = f.references.get(todo.pop(), set[str]()) - found
            found |= new
            todo += new
        return found

    return sorted(
        (len((behind(w) & group) - {w}), f.year.get(w, ""), f.key[w], f.title[w], w)
        for w in group
        if f.references.get(w) or f.citing.get(w)
    )


@worked
def most_cited_anywhere(f: Facts) -> Rows:
    value = {node: int(count) for _, node, count in f.everywhere(t.COUNT_VALUE)}
    told = {w: [value[node] for _, node in nodes] for w, nodes in f.told(t.HAS_CITATION_COUNT).items()}
    return ranked(((f.key[w], f.title[w], max(counts), w) for w, counts in told.items() if counts), 2, 0)


@worked
def citation_growth(f: Facts) -> Rows:
    value = {node: int(count) for _, node, count in f.everywhere(t.COUNT_VALUE)}
    day = {node: date for _, node, date in f.everywhere(t.COUNT_DATE)}
    rows: Rows = []
    for work, nodes in f.told(t.HAS_CITATION_COUNT).items():
        for a, b in combinations(sorted((day[node], value[node]) for _, node in nodes), 2):
            rows.append((f.key[work], *a, *b, b[1] - a[1], work))
    return sorted(rows, key=lambda row: (-row[5], row[0], row[1], row[3]))


def _citations(f: Facts, name: str) -> Iterator[tuple[str, str, str]]:
    citing, cited = dict(f.pairs(t.CITING)), dict(f.pairs(t.CITED))
    return ((citing[node], cited[node], value) for node, value in f.pairs(name))


@worked
def influential_citations(f: Facts) -> Rows:
    return sorted((f.key[a], f.key[b], a, b) for a, b, yes in _citations(f, t.IS_INFLUENTIAL) if yes == "true")


@worked
def citation_reasons(f: Facts) -> Rows:
    return sorted((f.key[a], f.key[b], why, a, b) for a, b, why in _citations(f, t.CHARACTERIZATION))


# --- code


@worked
def works_with_code(f: Facts) -> Rows:
    return sorted((f.key[w], f.title[w], address, w) for w, address in f.pairs(t.HAS_OFFICIAL_REPOSITORY))


@worked
def works_without_code(f: Facts) -> Rows:
    code = dict(f.pairs(t.HAS_OFFICIAL_REPOSITORY))
    return f.of(w for w in f.volume if w not in code)


@worked
def code_by_year(f: Facts) -> Rows:
    code = dict(f.pairs(t.HAS_OFFICIAL_REPOSITORY))
    works = Counter(f.year[w] for w in f.listed if w in f.year)
    return sorted((year, n, sum(f.year[w] == year for w in code)) for year, n in works.items())


@worked
def tools_with_repository(f: Facts) -> Rows:
    return sorted((f.key[w], f.title[w], address, w) for w, address in f.pairs(t.CODE_REPOSITORY))


# --- sources


def _printed(f: Facts, name: str) -> Iterator[tuple[str, str, str, int]]:
    """Work, graph, what its row prints, line."""
    for graph in {graph for _, graph, _ in f.rows}:
        value, line = dict(f.pairs(name, graph)), dict(f.pairs(t.SOURCE_LINE, graph))
        yield from ((w, g, value[row], int(line[row])) for row, g, w in f.rows if g == graph and row in value)


@worked
def published_since(f: Facts) -> Rows:
    short_name = dict(f.pairs(t.SHORT_TITLE))
    rows = [
        (f.key[w], f.title[w], printed, short_name[f.volume[w]], f.year[w], line, w)
        for w, _, printed, line in _printed(f, t.VENUE_AS_PRINTED)
        if w in f.volume and printed.strip().lower().startswith(("arxiv", "preprint"))
    ]
    return sorted(rows, key=lambda row: (row[0], row[5]))


@worked
def title_conflicts(f: Facts) -> Rows:
    rows = [
        (f.key[w], f.title[w], printed, f.source[graph], line, w)
        for w, graph, printed, line in _printed(f, t.TITLE_AS_PRINTED)
        if w in f.listed and printed.lower() != f.title[w].lower()
    ]
    return sorted(rows, key=lambda row: (row[0], row[3], row[4]))


@worked
def year_conflicts(f: Facts) -> Rows:
    told = f.told(t.PUBLICATION_YEAR)
    rows = {
        (f.key[w], printed, year, graph, line, w)
        for w, _, printed, line in _printed(f, t.VENUE_AS_PRINTED)
        for graph, year in told.get(w, ())
        if re.search(r"(19|20)\d\d", printed) and year not in printed
    }
    return sorted(rows, key=lambda row: (row[0], row[4], row[3]))


@worked
def author_conflicts(f: Facts) -> Rows:
    place = {(graph, node): int(n) for graph, node, n in f.everywhere(t.AUTHOR_POSITION)}
    name = {(graph, node): printed for graph, node, printed in f.everywhere(t.NAME_AS_PRINTED)}
    said: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for graph, node, work in f.everywhere(t.RELATES_TO_DOCUMENT):
        said[work].append((place[graph, node], graph, name[graph, node]))
    rows: set[tuple[Any, ...]] = set()
    for work, iris in f.said.items():
        every = sorted(told for iri in iris for told in said.get(iri, ()))
        for (n, graph, one), (m, other, another) in combinations(every, 2):
            if n == m and graph != other and one != another:
                rows.add((f.key[work], n, one, graph, another, other, work))
    return sorted(rows, key=lambda row: (row[0], row[1], row[3], row[5]))


@worked
def claims_of_one_source(f: Facts) -> Rows:
    of_work = {iri: work for work, iris in f.said.items() for iri in iris}
    who: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in f.graph.store.quads_for_pattern(None, None, None, None):
        graph = quad.graph_name
        if not isinstance(graph, NamedNode) or graph.value not in f.source or quad.subject.value not in of_work:
            continue
        if quad.predicate.value not in (t.TYPE, t.DC_SOURCE):
            who[of_work[quad.subject.value], quad.predicate.value].add(f.source_kind[graph.value])
    counts = Counter((next(iter(sources)), name) for (_, name), sources in who.items() if len(sources) == 1)
    return sorted((source, name, n) for (source, name), n in counts.items())


@worked
def citations_of_one_source(f: Facts) -> Rows:
    graph_of = {item: graph for graph, item, _ in f.everywhere(t.CITING)}
    citing, cited = dict(f.pairs(t.CITING)), dict(f.pairs(t.CITED))
    rows: Rows = []
    for node, items in f.all(t.DERIVED_FROM).items():
        sources = {f.source_kind[graph_of[item]] for item in items if item in graph_of}
        if node in citing and len(sources) == 1:
            rows.append((f.key[citing[node]], f.key[cited[node]], *sources, citing[node], cited[node]))
    return sorted(rows)


@worked
def renamed_works(f: Facts) -> Rows:
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for name in (t.ABOUT_WORK, t.DCT_DATE, t.OUTCOME, t.TITLE_AS_PRINTED, t.TITLE_ANSWERED):
        for _, node, value in f.everywhere(name):
            told[node][name] = value
    return sorted(
        (f.key[i[t.ABOUT_WORK]], i[t.DCT_DATE], i[t.TITLE_AS_PRINTED], i[t.TITLE_ANSWERED], i[t.ABOUT_WORK])
        for i in told.values()
        if i.get(t.OUTCOME) == "renamed"
    )


@worked
def findings(f: Facts) -> Rows:
    names = (t.FINDING_KIND, t.DC_SOURCE, t.SOURCE_LINE, t.TITLE_AS_PRINTED, t.DESCRIPTION)
    told = [dict(f.pairs(name)) for name in names]
    rows = [tuple(column[node] for column in told) for node in told[0]]
    rows = [(kind, source, int(line), *rest) for kind, source, line, *rest in rows]
    return sorted(rows, key=lambda row: (*row[:3], row[4]))


@worked
def list_unread(f: Facts) -> Rows:
    reason = {node: why for _, node, why in f.everywhere(t.REASON)}
    return sorted(
        (graph, int(dict(f.pairs(t.SOURCE_LINE, graph))[node]), text, reason[node])
        for graph, node, text in f.everywhere(t.TEXT_AS_PRINTED)
    )


@worked
def inquiries(f: Facts) -> Rows:
    names = (t.ABOUT_WORK, t.DCT_DATE, t.OUTCOME, t.TITLE_AS_PRINTED, t.ASKED_AS, t.ANSWERED_WITH, t.TITLE_ANSWERED)
    told = [{node: value for _, node, value in f.everywhere(name)} for name in (*names, t.WITH_INTENTS)]
    rows = [tuple(column.get(node, "") for column in told) for node in told[0]]
    return sorted(rows, key=lambda row: (row[1], row[0]))


# --- the graph


@worked
def sources(f: Facts) -> Rows:
    names = (t.TITLE, t.DCT_DATE, t.DC_SOURCE, t.VOID_TRIPLES)
    told = [dict(f.pairs(name, t.METADATA_GRAPH)) for name in names]
    return sorted((graph, *(column[graph] for column in told[:3]), int(told[3][graph])) for graph in told[3])


@worked
def properties_in_use(f: Facts) -> Rows:
    counts = Counter(quad.predicate.value for quad in f.graph.store)
    return ranked(counts.items(), 1, 0)


@worked
def classes_in_use(f: Facts) -> Rows:
    things: dict[str, set[str]] = defaultdict(set)
    for quad in f.graph.store.quads_for_pattern(None, NamedNode(t.TYPE), None, None):
        things[quad.object.value].add(quad.subject.value)
    return ranked(((name, len(found)) for name, found in things.items()), 1, 0)


# --- graphs


@pytest.fixture(scope="module")
def small(enriched: Path) -> llmcomp.Graph:
    return llmcomp.open_graph(enriched)


LISTS = ("2306.07629", "2306.14048", "2403.03853", "2307.13304", "2404.00456", "2406.03482", "2502.02617", "2502.07861")
"""The works of whose reference lists the slice is made."""


@pytest.fixture(scope="module")
def slice_(tmp_path_factory: pytest.TempPathFactory) -> llmcomp.Graph:
    """A graph of some of the shipped rows: works that cite each other, works in two rows, two of each other section."""
    references = [r for r in shipped_references() if r.citing.value in LISTS]
    items = [item for r in references for item in r.references]
    near = {i for item in items for i in item.identifiers} | {r.citing for r in references}
    titles = {title_key(item.title) for item in items}
    reading, kept, others = shipped_list(), list[Entry](), Counter[str]()
    often = Counter(link.identifier for entry in reading.entries for link in entry.links if link.identifier)
    for entry in reading.entries:
        names = {link.identifier for link in entry.links if link.identifier}
        close = names & near or title_key(entry.title) in titles
        others[entry.section] += not close
        if close or others[entry.section] <= 2 or any(n.scheme == "arxiv" and often[n] > 1 for n in names):
            kept.append(entry)
    wanted = {link.identifier for entry in kept for link in entry.links if link.identifier}
    papers = tuple(p for p in shipped_papers() if wanted & {*p.identifiers})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "shipped_list", lambda: replace(reading, entries=tuple(kept)))
        patch.setattr(build, "shipped_papers", lambda: papers)
        patch.setattr(build, "shipped_references", lambda: tuple(references))
        made = llmcomp.build_graph(tmp_path_factory.mktemp("slice") / "graph")
    assert made is not None
    return llmcomp.open_graph(made.path)


def plain(rows: Iterable[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    return [tuple("" if value is None else str(value) for value in row) for row in rows]


# --- what is answered


@pytest.fixture(scope="module")
def stated(graph: llmcomp.Graph, small: llmcomp.Graph) -> tuple[Facts, Facts]:
    return Facts(graph), Facts(small)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_answers_what_the_statements_say(stated: tuple[Facts, Facts], name: str) -> None:
    found = 0
    for facts in stated:
        rows = list(facts.graph.query(name))
        assert rows == plain(WORKED[name](facts))
        found += len(rows)
    assert found


def test_answers_that_a_reader_of_the_field_knows(graph: llmcomp.Graph, small: llmcomp.Graph) -> None:
    def first(name: str, columns: int, asked: llmcomp.Graph = graph) -> tuple[str, ...]:
        return next(iter(asked.query(name)))[:columns]

    assert first("most-cited-in-list", 3)[0::2] == ("dettmers2022llmint8", "33")
    assert first("productive-authors", 2) == ("Dan Alistarh", "22")
    assert first("coauthors", 3) == ("Dan Alistarh", "Elias Frantar", "10")
    assert first("works-outside", 3)[1:] == ("Language Models are Few-Shot Learners", "31")
    assert first("awarded-works", 3)[0::2] == ("lin2023awq", "Best Paper")
    assert first("citation-growth", 6, small) == ("shen2023efficient", "2026-11-24", "60", "2026-12-24", "71", "11")
    assert first("renamed-works", 2, small) == ("dettmers2022llmint8", "2026-11-24")


def test_in_reading_order_nothing_stands_before_what_it_builds_on(graph: llmcomp.Graph) -> None:
    f = Facts(graph)
    place = {row[4]: n for n, row in enumerate(graph.query("reading-order"))}
    inside = [(a, b) for a, b in f.cites if a in place and b in place]
    assert len(inside) > 100
    mutual = {pair for pair in inside if pair[::-1] in f.cites}
    assert all(place[b] < place[a] for a, b in inside if (a, b) not in mutual)


def test_every_topic_of_the_field_is_asked_for() -> None:
    assert len(QUESTIONS) >= 30
    topics = {topic(query_text(name)) for name in QUESTIONS}
    assert topics == {"works", "categories", "authors", "venues", "citations", "code", "sources", "graph"}
    assert set(WORKED) == set(QUESTIONS)
    answers = [describe(query_text(name)) for name in QUESTIONS]
    assert len(set(answers)) == len(answers)
    assert all(answer.endswith(".") for answer in answers)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_sorts_its_rows_and_declares_its_parameters(name: str) -> None:
    text = query_text(name)
    assert "\nORDER BY " in text
    assert {p.kind for p in parameters(text)} <= set(KINDS)
    for parameter in parameters(text):
        assert f"?{parameter.name}" in text.split("\nSELECT", 1)[1]


# --- rdflib

TOO_SLOW = frozenset(
    """author-conflicts authors-across-categories authors-by-h-index citation-chains citation-growth
    citations-in-list citations-of-one-source cited-by-two-categories claims-of-one-source classes-in-use
    coauthors coauthors-of-author cocitation cocited-with-work coupled-with-work coupling first-authors
    large-teams most-cited-in-list newest-works printed-names printed-sections printed-venues productive-authors
    properties-in-use published-since
    reading-order repeated-works self-citations title-conflicts unpublished-works venues-of-category works-apart
    works-at-venue works-of-author works-of-category works-of-year works-outside works-with-code
    works-without-authors works-without-code year-conflicts""".split()
)
"""Questions that rdflib is asked on a slice: it joins in the order of the text and keeps no statistics, so that what
takes the store a tenth of a second takes rdflib more than three seconds, or minutes, on the whole graph."""


def in_rdflib(graph: llmcomp.Graph) -> Any:
    import rdflib

    data = graph.store.dump(format=RdfFormat.N_QUADS)
    return rdflib.Dataset(default_union=False).parse(data=data, format="nquads")


@pytest.fixture(scope="module")
def whole_in_rdflib(graph: llmcomp.Graph) -> Any:
    return in_rdflib(graph)


@pytest.fixture(scope="module")
def slice_in_rdflib(slice_: llmcomp.Graph) -> Any:
    return in_rdflib(slice_)


@pytest.fixture(scope="module")
def small_in_rdflib(small: llmcomp.Graph) -> Any:
    return in_rdflib(small)


def test_the_questions_for_the_slice_exist() -> None:
    assert set(QUESTIONS) >= TOO_SLOW


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own use of what it gives up
@pytest.mark.parametrize("name", QUESTIONS)
def test_rdflib_answers_alike(request: pytest.FixtureRequest, small: llmcomp.Graph, name: str) -> None:
    whole = ("slice_", "slice_in_rdflib") if name in TOO_SLOW else ("graph", "whole_in_rdflib")
    found = 0
    for ours, theirs in (whole, ("small", "small_in_rdflib")):
        rows = list(request.getfixturevalue(ours).query(name))
        other = request.getfixturevalue(theirs).query(query_text(name), initNs=t.PREFIXES)
        assert plain(other) == rows
        found += len(rows)
    assert found


# --- the page

PAGE = (Path(__file__).parent.parent / "docs" / "queries.md").read_text("utf-8")


def test_the_page_of_questions_is_not_stale() -> None:
    assert PAGE.partition(MARK)[2] == "".join(questions_page()), "python -m llmcomp.kg.questions docs/queries.md"


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_page_names_the_columns(graph: llmcomp.Graph, name: str) -> None:
    assert columns(query_text(name)) == graph.query(name).variables


def test_the_query_on_the_page_has_answers_and_parameters(graph: llmcomp.Graph) -> None:
    (query,) = re.findall(r"```sparql\n(.+?)```", PAGE, re.DOTALL)
    assert list(graph.query(query))
    other = with_parameters(graph, query, {"category": "pruning", "year": "2023"})
    assert list(graph.query(other)) != list(graph.query(query))
