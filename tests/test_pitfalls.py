"""The pitfalls of the OOPS! catalogue (https://oops.linkeddata.es/catalogue.jsp), each looked for in the ontology.

Those that no program can find, and what stands in for looking:

P01, one element for two meanings   the definitions are read; disjoint classes keep instances apart
P09, domain information is missing  the named queries are the questions that it has to answer, each with a test
P16, a primitive class for a defined one    no class is meant to be recognised from its properties
P17, a hierarchy that goes too deep         own classes have no own subclasses
P18, too narrow a domain or range           every built graph is held against them in test_ontology.py
P37, not to be had on the web               tests have no network

P13, no inverse declared: none is, on purpose. SPARQL walks a property both ways (``^:hasLink``), and with a second
property every statement would have to be made twice and kept in step. What is looked for is a pair that is inverse and
does not say so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from itertools import combinations, permutations

import pytest
from rdflib import DC, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN, VOID, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from llmcomp.ontology import terms

Check = Callable[[Graph], Iterator[object]]
CHECKS: dict[str, Check] = {}
NO_PROGRAM_FINDS = {"P01", "P09", "P16", "P17", "P18", "P37"}
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty)
DEFINED_BY = (RDFS.subClassOf, OWL.equivalentClass)


@cache
def ontology() -> Graph:
    return Graph().parse(data=files("llmcomp.ontology").joinpath("llmcomp.ttl").read_text("utf-8"), format="turtle")


def check(pitfall: str) -> Callable[[Check], Check]:
    """Enter a function among the checks: it yields what it finds."""

    def enter(function: Check) -> Check:
        CHECKS[pitfall] = function
        return function

    return enter


# --- what the checks ask


def own(graph: Graph, *kinds: URIRef) -> list[URIRef]:
    """The terms of the ontology itself that are of one of the kinds, or all."""
    space = str(next(graph.objects(None, VANN.preferredNamespaceUri), terms.PREFIXES[""]))
    found = {s for s in graph.subjects() if isinstance(s, URIRef) and s.startswith(space)}
    return sorted(s for s in found if not kinds or any((s, RDF.type, kind) in graph for kind in kinds))


def name(term: URIRef) -> str:
    return re.split("[#/]", term)[-1]


def label(graph: Graph, term: Node) -> str:
    return str(graph.value(term, RDFS.label) or "")


def members(graph: Graph, node: Node | None) -> set[Node]:
    """A class, or those of which it is the union."""
    union = graph.value(node, OWL.unionOf) if node else None
    return set(Collection(graph, union)) if union else {node} - {None}


def pairs(graph: Graph, said: URIRef) -> Iterator[tuple[URIRef, URIRef]]:
    """Two own terms of which something is said, in either order."""
    ours = set(own(graph))
    yield from ((a, b) for a, b in graph.subject_objects(said) if {a, b} <= ours)


def alike(graph: Graph, *kinds: URIRef) -> Iterator[tuple[URIRef, URIRef]]:
    """Own terms with one label or one definition, case and the plural aside."""
    for said in (RDFS.label, SKOS.definition):
        told = {t: re.sub(r"\W+|s\b", " ", str(graph.value(t, said) or t).lower()).strip() for t in own(graph, *kinds)}
        yield from ((a, b) for a, b in combinations(told, 2) if told[a] == told[b])


def ends(graph: Graph, term: URIRef) -> tuple[set[Node], set[Node]]:
    return members(graph, graph.value(term, RDFS.domain)), members(graph, graph.value(term, RDFS.range))


def within(graph: Graph, node: Node) -> set[Node]:
    """The terms in a class expression."""
    found, waiting = set(), [node]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += list(graph.objects(one)) if isinstance(one, BNode) else []
    return found


# --- the catalogue


@check("P02")
def synonyms_as_classes(graph: Graph) -> Iterator[object]:
    yield from pairs(graph, OWL.equivalentClass)


@check("P03")
def a_relation_called_is(graph: Graph) -> Iterator[object]:
    called = re.compile(r"is(_?a|_?an)?", re.IGNORECASE)
    for term in own(graph, *PROPERTIES):
        if called.fullmatch(name(term)) or called.fullmatch(label(graph, term).replace(" ", "")):
            yield term


@check("P04")
def unconnected(graph: Graph) -> Iterator[object]:
    linked = {node for p in (RDFS.domain, RDFS.range) for o in graph.objects(None, p) for node in members(graph, o)}
    for term in own(graph, OWL.Class):
        wider = set(graph.objects(term, RDFS.subClassOf)) - {OWL.Thing}
        if term not in linked and not wider and not set(graph.subjects(RDFS.subClassOf, term)):
            yield term


@check("P05")
def wrong_inverses(graph: Graph) -> Iterator[object]:
    for a, b in graph.subject_objects(OWL.inverseOf):
        if ends(graph, a) != ends(graph, b)[::-1]:
            yield a, b


@check("P06")
def cycles(graph: Graph) -> Iterator[object]:
    for said in (RDFS.subClassOf, RDFS.subPropertyOf):
        for term in set(graph.subjects(said)):
            if any(term in graph.transitive_objects(wider, said) for wider in graph.objects(term, said)):
                yield term


@check("P07")
def merged_concepts(graph: Graph) -> Iterator[object]:
    for term in own(graph, OWL.Class):
        if re.search(r"[a-z](And|Or)[A-Z]", name(term)) or re.search(r"\b(and|or)\b|&|/", label(graph, term)):
            yield term


@check("P08")
def missing_annotations(graph: Graph) -> Iterator[object]:
    for term in own(graph):
        yield from ((term, said) for said in (RDFS.label, SKOS.definition) if graph.value(term, said) is None)


@check("P10")
def missing_disjointness(graph: Graph) -> Iterator[object]:
    apart = {c for s in graph.subjects(RDF.type, OWL.AllDisjointClasses) for o in graph.objects(s, OWL.members)
             for c in Collection(graph, o)}  # fmt: skip
    apart |= {c for pair in graph.subject_objects(OWL.disjointWith) for c in pair}
    yield from (term for term in own(graph, OWL.Class) if term not in apart)


@check("P11")
def missing_domain_or_range(graph: Graph) -> Iterator[object]:
    for term in own(graph, *PROPERTIES):
        yield from ((term, said) for said in (RDFS.domain, RDFS.range) if graph.value(term, said) is None)


@check("P12")
def equivalent_properties_that_do_not_say_so(graph: Graph) -> Iterator[object]:
    said = {frozenset(pair) for pair in graph.subject_objects(OWL.equivalentProperty)}
    yield from (pair for pair in alike(graph, *PROPERTIES) if frozenset(pair) not in said)


@check("P13")
def inverses_that_do_not_say_so(graph: Graph) -> Iterator[object]:
    said = {frozenset(pair) for pair in graph.subject_objects(OWL.inverseOf)}
    for a, b in combinations(own(graph, OWL.ObjectProperty), 2):
        there, back = ends(graph, a), ends(graph, b)
        if there == back[::-1] and OWL.Thing not in there[1] | back[1] and frozenset((a, b)) not in said:
            yield a, b


@check("P14")
def misused_all_values_from(graph: Graph) -> Iterator[object]:
    for node in graph.subjects(OWL.allValuesFrom):
        on = graph.value(node, OWL.onProperty)
        if not any((other, OWL.someValuesFrom, None) in graph for other in graph.subjects(OWL.onProperty, on)):
            yield on


@check("P15")
def some_not_for_not_some(graph: Graph) -> Iterator[object]:
    for node, some in graph.subject_objects(OWL.someValuesFrom):
        if (some, OWL.complementOf, None) in graph:
            yield graph.value(node, OWL.onProperty)


@check("P19")
def several_domains_or_ranges(graph: Graph) -> Iterator[object]:
    for said in (RDFS.domain, RDFS.range):
        yield from (term for term, times in Counter(graph.subjects(said)).items() if times > 1)


@check("P20")
def misused_annotations(graph: Graph) -> Iterator[object]:
    for term in own(graph):
        called, told = label(graph, term), str(graph.value(term, SKOS.definition) or "")
        if called.endswith(".") or len(called.split()) > 5 or (told and (len(told) <= len(called) or told[-1] != ".")):
            yield term


@check("P21")
def a_class_for_the_rest(graph: Graph) -> Iterator[object]:
    rest = r"\b(other|others|misc|miscellaneous|unknown|various|rest)\b"
    yield from (term for term in own(graph, OWL.Class) if re.search(rest, label(graph, term), re.IGNORECASE))


@check("P22")
def mixed_naming(graph: Graph) -> Iterator[object]:
    for term in own(graph):
        first = "[A-Z]" if (term, RDF.type, OWL.Class) in graph else "[a-z]"
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name(term))
        if not re.fullmatch(f"{first}[A-Za-z0-9]*", name(term)) or words.lower() != label(graph, term).lower():
            yield term


@check("P23")
def a_datatype_anew(graph: Graph) -> Iterator[object]:
    given = {"string", "integer", "number", "boolean", "date", "time", "datetime", "year", "url", "uri", "text"}
    yield from (term for term in own(graph, OWL.Class) if name(term).lower() in given)
    yield from own(graph, RDFS.Datatype)


@check("P24")
def recursive_definitions(graph: Graph) -> Iterator[object]:
    for said in DEFINED_BY:
        yield from (term for term, told in graph.subject_objects(said) if term in within(graph, told))


@check("P25")
def inverse_to_itself(graph: Graph) -> Iterator[object]:
    yield from (a for a, b in graph.subject_objects(OWL.inverseOf) if a == b)


@check("P26")
def inverse_of_a_symmetric_one(graph: Graph) -> Iterator[object]:
    for pair in graph.subject_objects(OWL.inverseOf):
        yield from (term for term in pair if (term, RDF.type, OWL.SymmetricProperty) in graph)


@check("P27")
def wrong_equivalent_properties(graph: Graph) -> Iterator[object]:
    for a, b in pairs(graph, OWL.equivalentProperty):
        if ends(graph, a) != ends(graph, b):
            yield a, b


@check("P28")
def wrong_symmetry(graph: Graph) -> Iterator[object]:
    for term in graph.subjects(RDF.type, OWL.SymmetricProperty):
        if ends(graph, term)[0] != ends(graph, term)[1]:
            yield term


@check("P29")
def wrong_transitivity(graph: Graph) -> Iterator[object]:
    for term in graph.subjects(RDF.type, OWL.TransitiveProperty):
        if ends(graph, term)[0] != ends(graph, term)[1]:
            yield term


@check("P30")
def equivalent_classes_that_do_not_say_so(graph: Graph) -> Iterator[object]:
    said = {frozenset(pair) for pair in graph.subject_objects(OWL.equivalentClass)}
    yield from (pair for pair in alike(graph, OWL.Class) if frozenset(pair) not in said)


@check("P31")
def wrong_equivalent_classes(graph: Graph) -> Iterator[object]:
    apart = {frozenset(pair) for pair in graph.subject_objects(OWL.disjointWith)}
    for node in graph.objects(None, OWL.members):
        apart |= {frozenset(pair) for pair in permutations(Collection(graph, node), 2)}
    for a, b in graph.subject_objects(OWL.equivalentClass):
        if frozenset((a, b)) in apart or b in graph.transitive_objects(a, RDFS.subClassOf):
            yield a, b


@check("P32")
def one_label_for_several(graph: Graph) -> Iterator[object]:
    told = Counter(str(o).lower() for term in own(graph, OWL.Class) for o in graph.objects(term, RDFS.label))
    yield from (text for text, times in told.items() if times > 1)


@check("P33")
def a_chain_of_one(graph: Graph) -> Iterator[object]:
    for term, chain in graph.subject_objects(OWL.propertyChainAxiom):
        if len(Collection(graph, chain)) < 2:
            yield term


@check("P34")
def untyped_classes(graph: Graph) -> Iterator[object]:
    used = {o for p in (RDFS.subClassOf, OWL.disjointWith, OWL.equivalentClass) for pair in graph.subject_objects(p)
            for o in pair}  # fmt: skip
    used |= {c for o in graph.objects(None, RDFS.domain) for c in members(graph, o)}
    ranges = (o for term in graph.subjects(RDF.type, OWL.ObjectProperty) for o in graph.objects(term, RDFS.range))
    used |= {c for o in ranges for c in members(graph, o)}
    used |= {c for o in graph.objects(None, OWL.members) for c in Collection(graph, o)}
    used |= {o for o in graph.objects(None, RDF.type) if not str(o).startswith((str(OWL), str(RDFS)))}
    yield from (c for c in used if c != OWL.Thing and (c, RDF.type, OWL.Class) not in graph)


@check("P35")
def untyped_properties(graph: Graph) -> Iterator[object]:
    used = set(graph.predicates()) | {s for p in (RDFS.domain, RDFS.range) for s in graph.subjects(p)}
    used |= {o for pair in graph.subject_objects(RDFS.subPropertyOf) for o in pair}
    for term in used:
        typed = any((term, RDF.type, kind) in graph for kind in (*PROPERTIES, OWL.AnnotationProperty))
        if not typed and not str(term).startswith((str(OWL), str(RDF), str(RDFS))):
            yield term


@check("P36")
def a_file_extension_in_the_iri(graph: Graph) -> Iterator[object]:
    for head in graph.subjects(RDF.type, OWL.Ontology):
        if re.search(r"\.(owl|rdf|ttl|n3|nt|xml|jsonld)\b", head):
            yield head


@check("P38")
def no_ontology(graph: Graph) -> Iterator[object]:
    if len(set(graph.subjects(RDF.type, OWL.Ontology))) != 1:
        yield "not one ontology is declared"


@check("P39")
def an_ambiguous_namespace(graph: Graph) -> Iterator[object]:
    said = [str(o) for o in graph.objects(None, VANN.preferredNamespaceUri)]
    if len(said) != 1 or said[0][-1] not in "#/":
        yield said
    for head in graph.subjects(RDF.type, OWL.Ontology):
        if not said or not said[0].startswith(str(head)):
            yield head


OTHERS = {str(space): space for space in (DC, DCTERMS, FOAF, PROV, SDO, SKOS, VANN, VOID)}
"""Vocabularies of which rdflib knows every term."""
REPEATED = {("ResearchPaper", "Work"), ("Person", "Agent")}
"""Axioms of others that the ontology repeats, as FaBiO and FOAF have them."""


@check("P40")
def hijacked_namespaces(graph: Graph) -> Iterator[object]:
    """Terms that their vocabulary does not have, and anything said of others' terms but their kind."""
    ours = set(own(graph))
    for term in {node for triple in graph for node in triple if isinstance(node, URIRef)}:
        space = OTHERS.get(term.removesuffix(name(term)))
        if space is not None and name(term) and term not in space:
            yield term
    for said in (RDFS.label, SKOS.definition, RDFS.domain, RDFS.range, RDFS.subPropertyOf, *DEFINED_BY):
        for term, value in graph.subject_objects(said):
            is_own = not isinstance(term, URIRef) or term in ours or term.startswith(terms.BASE)
            if not is_own and (name(term), name(URIRef(value))) not in REPEATED:
                yield term


@check("P41")
def no_licence(graph: Graph) -> Iterator[object]:
    for head in graph.subjects(RDF.type, OWL.Ontology):
        if not isinstance(graph.value(head, DCTERMS.license), URIRef):
            yield head


# --- the ontology has none of them, and each check sees what it is for

SOUND = (
    "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in terms.PREFIXES.items())
    + """@prefix vann: <http://purl.org/vocab/vann/> .
<https://w3id.org/llmcomp/ontology> a owl:Ontology ; dcterms:license <https://spdx.org/licenses/MIT> ;
    vann:preferredNamespaceUri "https://w3id.org/llmcomp/ontology#" .
:Row a owl:Class ; rdfs:label "row" ; skos:definition "What stands on one line." ; owl:disjointWith :Link .
:Link a owl:Class ; rdfs:label "link" ; skos:definition "What leads from a row elsewhere." .
:hasLink a owl:ObjectProperty ; rdfs:label "has link" ; skos:definition "Leads from a row to a link." ;
    rdfs:domain :Row ; rdfs:range :Link .
:lineNumber a owl:DatatypeProperty ; rdfs:label "line number" ; skos:definition "The line of a row, from one." ;
    rdfs:domain :Row ; rdfs:range xsd:integer .
dcterms:license a owl:AnnotationProperty . skos:definition a owl:AnnotationProperty .
vann:preferredNamespaceUri a owl:AnnotationProperty . foaf:Agent a owl:Class .
"""
)
BROKEN = [
    ("P02", ":Link owl:equivalentClass :Row ."),
    ("P03", ":is a owl:ObjectProperty ."),
    ("P03", ':kind a owl:ObjectProperty ; rdfs:label "is a" .'),
    ("P04", ":Island a owl:Class ; rdfs:subClassOf owl:Thing ."),
    ("P05", ":linkOf a owl:ObjectProperty ; owl:inverseOf :hasLink ; rdfs:domain :Row ; rdfs:range :Row ."),
    ("P06", ":Row rdfs:subClassOf :Line . :Line rdfs:subClassOf :Row ."),
    ("P06", ":hasLink rdfs:subPropertyOf :hasLink ."),
    ("P07", ":RowAndLink a owl:Class ."),
    ("P07", ':Both a owl:Class ; rdfs:label "row or link" .'),
    ("P08", ":Mute a owl:Class ."),
    ("P10", ":Line a owl:Class ."),
    ("P11", ":open a owl:DatatypeProperty ; rdfs:domain :Row ."),
    ("P11", ":open a owl:DatatypeProperty ; rdfs:range xsd:string ."),
    ("P12", ':linksTo a owl:ObjectProperty ; rdfs:label "Has links" .'),
    ("P13", ":linkOf a owl:ObjectProperty ; rdfs:domain :Link ; rdfs:range :Row ."),
    ("P14", ":Row rdfs:subClassOf [ owl:onProperty :hasLink ; owl:allValuesFrom :Link ] ."),
    ("P15", ":Row rdfs:subClassOf [ owl:onProperty :hasLink ; owl:someValuesFrom [ owl:complementOf :Link ] ] ."),
    ("P19", ":hasLink rdfs:domain :Link ."),
    ("P19", ":lineNumber rdfs:range xsd:string ."),
    ("P20", ':Line a owl:Class ; rdfs:label "What stands on one line of a file." ; skos:definition "line" .'),
    ("P20", ':Line a owl:Class ; rdfs:label "line" ; skos:definition "what stands on it" .'),
    ("P21", ':Misc a owl:Class ; rdfs:label "other rows" .'),
    ("P22", ':has_page a owl:DatatypeProperty ; rdfs:label "has page" .'),
    ("P22", ':page a owl:Class ; rdfs:label "page" .'),
    ("P22", ':Leaf a owl:Class ; rdfs:label "page" .'),
    ("P23", ":Date a owl:Class ."),
    ("P23", ":page a rdfs:Datatype ."),
    ("P24", ":Row rdfs:subClassOf [ owl:onProperty :hasLink ; owl:someValuesFrom :Row ] ."),
    ("P25", ":hasLink owl:inverseOf :hasLink ."),
    ("P26", ":hasLink a owl:SymmetricProperty . :linkOf owl:inverseOf :hasLink ."),
    ("P27", ":hasLink owl:equivalentProperty :lineNumber ."),
    ("P28", ":hasLink a owl:SymmetricProperty ."),
    ("P29", ":hasLink a owl:TransitiveProperty ."),
    ("P30", ':Line a owl:Class ; skos:definition "What stands on one line." .'),
    ("P31", ":Row owl:equivalentClass :Link ."),
    ("P31", ":Row owl:equivalentClass :Line ; rdfs:subClassOf :Line ."),
    ("P32", ':Line a owl:Class ; rdfs:label "Row" .'),
    ("P33", ":hasLink owl:propertyChainAxiom ( :hasLink ) ."),
    ("P34", ":Row rdfs:subClassOf :Line ."),
    ("P34", ":hasLink rdfs:range [ owl:unionOf ( :Link :Line ) ] ."),
    ("P34", "<https://example.org/x> a :Line ."),
    ("P35", ":Row :page 1 ."),
    ("P35", ":page rdfs:domain :Row ."),
    ("P36", "<https://w3id.org/llmcomp/ontology.owl> a owl:Ontology ."),
    ("P38", "<https://w3id.org/llmcomp/other> a owl:Ontology ."),
    ("P39", '<https://w3id.org/llmcomp/ontology> vann:preferredNamespaceUri "https://w3id.org/other#" .'),
    ("P39", "<https://w3id.org/llmcomp/other> a owl:Ontology ."),
    ("P40", "foaf:Agnet a owl:Class ."),
    ("P40", 'foaf:Agent rdfs:label "agent" .'),
    ("P40", "foaf:Agent rdfs:subClassOf :Row ."),
    ("P41", "<https://w3id.org/llmcomp/other> a owl:Ontology ."),
    ("P41", "<https://w3id.org/llmcomp/other> a owl:Ontology ; dcterms:license 'MIT' ."),
]


def read(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


def found(pitfall: str, graph: Graph) -> list[str]:
    return sorted({str(one) for one in CHECKS[pitfall](graph)})


def test_the_catalogue_is_whole() -> None:
    assert CHECKS.keys() | NO_PROGRAM_FINDS == {f"P{number:02}" for number in range(1, 42)}
    assert not CHECKS.keys() & NO_PROGRAM_FINDS
    assert {pitfall for pitfall in NO_PROGRAM_FINDS if f"\n{pitfall}, " not in str(__doc__)} == set()


@pytest.mark.parametrize("pitfall", sorted(CHECKS))
def test_the_ontology_does_not_have_the_pitfall(pitfall: str) -> None:
    assert found(pitfall, ontology()) == []


@pytest.mark.parametrize("pitfall", sorted(CHECKS))
def test_nothing_is_found_in_a_sound_ontology(pitfall: str) -> None:
    assert found(pitfall, read(SOUND)) == []


@pytest.mark.parametrize(("pitfall", "broken"), BROKEN)
def test_the_pitfall_is_found(pitfall: str, broken: str) -> None:
    assert found(pitfall, read(SOUND + broken)) != []


def test_every_check_is_seen_to_find_something() -> None:
    assert {pitfall for pitfall, _ in BROKEN} == CHECKS.keys()


def test_a_license_is_an_address_and_not_words() -> None:
    assert isinstance(ontology().value(URIRef(terms.ONTOLOGY), DCTERMS.license), URIRef)
    assert not isinstance(ontology().value(URIRef(terms.ONTOLOGY), DCTERMS.license), Literal)


def test_own_classes_have_no_own_subclasses() -> None:
    assert list(pairs(ontology(), RDFS.subClassOf)) == []
