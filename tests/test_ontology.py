"""The ontology, the shapes, and the whole built graph against both."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

import llmcomp
from llmcomp.kg.fetched import Outcome
from llmcomp.kg.findings import EXPLAINED
from llmcomp.kg.keys import KEY
from llmcomp.ontology import terms

OWN = terms.PREFIXES[""]
ONTOLOGY = URIRef(terms.ONTOLOGY)
SHAPE = Namespace("https://w3id.org/llmcomp/shapes#")
VIEW = Namespace("https://w3id.org/llmcomp/shapes/view#")
DATA_MODEL = Path(__file__).parents[1] / "docs" / "data-model.md"
BUILT_IN = tuple(terms.PREFIXES[p] for p in ("rdf", "rdfs", "owl", "xsd"))
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual}
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@cache
def turtle(name: str) -> Graph:
    return Graph().parse(data=files("llmcomp.ontology").joinpath(name).read_text("utf-8"), format="turtle")


def within(iri: URIRef, *namespaces: str) -> bool:
    return str(iri).startswith(namespaces)


def subjects_in(graph: Graph, namespace: str) -> set[URIRef]:
    return {s for s in graph.subjects() if isinstance(s, URIRef) and within(s, namespace)}


def used_in_terms() -> set[URIRef]:
    found: set[URIRef] = set()
    for name, value in vars(terms).items():
        if name.isupper() and isinstance(value, str):
            found.add(URIRef(value))
        elif name in {"IDENTIFIER_SCHEMES", "INTENTS"}:
            found.update(map(URIRef, value.values()))
    return found


def used_in_turtle(graph: Graph) -> set[URIRef]:
    return {p for p in graph.predicates() if isinstance(p, URIRef)} | {
        o for o in graph.objects(None, RDF.type) if isinstance(o, URIRef)
    }


def own(iris: set[URIRef]) -> set[URIRef]:
    return {iri for iri in iris if within(iri, OWN) and iri != URIRef(OWN)}


DECLARED = sorted(subjects_in(turtle("llmcomp.ttl"), OWN))
SCHEMES = sorted(subjects_in(turtle("llmcomp.ttl"), f"{terms.BASE}scheme/"))


# --- the ontology file


def test_every_own_term_in_use_is_declared_and_every_declared_one_is_in_use() -> None:
    in_use = own(used_in_terms()) | own(used_in_turtle(turtle("venues.ttl")))
    assert set(DECLARED) == in_use


@pytest.mark.parametrize("term", DECLARED + SCHEMES, ids=lambda term: term.removeprefix(OWN).removeprefix(terms.BASE))
def test_own_term_has_all_that_a_reader_needs(term: URIRef) -> None:
    ontology = turtle("llmcomp.ttl")
    assert KINDS & set(ontology.objects(term, RDF.type))
    for wanted in (RDFS.label, SKOS.definition):
        (text,) = ontology.objects(term, wanted)
        assert isinstance(text, Literal)
        assert text.language == "en"
        assert str(text).strip() == str(text)
    assert ontology.value(term, SKOS.definition, any=False).endswith(".")
    assert ontology.value(term, SKOS.example)
    assert ontology.value(term, RDFS.isDefinedBy, any=False) == ONTOLOGY
    if set(PROPERTIES) & set(ontology.objects(term, RDF.type)):
        assert ontology.value(term, RDFS.domain, any=False)
        assert ontology.value(term, RDFS.range, any=False)


@pytest.mark.parametrize("term", DECLARED + SCHEMES, ids=lambda term: term.removeprefix(OWN).removeprefix(terms.BASE))
def test_own_term_says_where_its_idea_comes_from(term: URIRef) -> None:
    said = list(turtle("llmcomp.ttl").objects(term, DCTERMS.source))
    assert said
    if all(isinstance(source, URIRef) for source in said):
        assert not any(within(source, terms.BASE) for source in said)
    else:  # ours alone
        (text,) = said
        assert text.language == "en"
        assert re.fullmatch(r"Own: \S.+[^.]\.", text)


def test_own_labels_and_definitions_are_told_apart() -> None:
    ontology = turtle("llmcomp.ttl")
    for wanted in (RDFS.label, SKOS.definition):
        texts = [str(ontology.value(term, wanted)) for term in DECLARED + SCHEMES]
        assert len(set(texts)) == len(texts)


def test_others_terms_are_typed_and_nothing_is_imported() -> None:
    ontology = turtle("llmcomp.ttl")
    needed = used_in_terms()
    for name in ("llmcomp.ttl", "venues.ttl"):
        needed |= used_in_turtle(turtle(name))
    needed |= {o for p in (RDFS.domain, RDFS.range, RDFS.subClassOf) for o in ontology.objects(None, p)}
    external = {iri for iri in needed if isinstance(iri, URIRef) and not within(iri, terms.BASE, *BUILT_IN)}
    untyped = {iri for iri in external if not KINDS & set(ontology.objects(iri, RDF.type))}
    assert untyped == set()
    assert list(ontology.objects(None, OWL.imports)) == []


def test_identifier_schemes_are_individuals_of_the_class_that_datacite_has_for_them() -> None:
    ontology, datacite = turtle("llmcomp.ttl"), Namespace(terms.PREFIXES["datacite"])
    of_people = set(map(str, ontology.subjects(RDF.type, datacite.PersonalIdentifierScheme)))
    of_resources = set(map(str, ontology.subjects(RDF.type, datacite.ResourceIdentifierScheme)))
    assert of_people == {terms.IDENTIFIER_SCHEMES["semanticscholar-author"]}
    assert of_people | of_resources == set(terms.IDENTIFIER_SCHEMES.values())
    assert not of_people & of_resources


def test_nothing_is_a_property_of_two_kinds() -> None:
    ontology = turtle("llmcomp.ttl")
    for term in set(ontology.subjects(RDF.type)):
        assert sum((term, RDF.type, kind) in ontology for kind in (*PROPERTIES, OWL.Class)) <= 1, term


def test_head_of_the_ontology() -> None:
    ontology = turtle("llmcomp.ttl")
    (head,) = ontology.subjects(RDF.type, OWL.Ontology)
    assert head == ONTOLOGY
    said = {ontology.namespace_manager.curie(p): str(o) for p, o in ontology.predicate_objects(head)}
    assert said["owl:versionIRI"] == f"{terms.ONTOLOGY}/{said['owl:versionInfo']}"
    for when in ("dcterms:created", "dcterms:modified"):  # by the one datatype of OWL 2 that holds a day
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00\S+", said[when])
    assert said["dcterms:created"] <= said["dcterms:modified"]
    assert said["dcterms:license"] == "https://spdx.org/licenses/MIT"
    assert said["vann:preferredNamespaceUri"] == OWN
    assert {"dcterms:title", "dcterms:creator", "dcterms:created", "dcterms:modified"} <= set(said)
    assert said["vann:preferredNamespacePrefix"] == "llmcomp"


def disjoint() -> list[set[str]]:
    ontology = turtle("llmcomp.ttl")
    lists = [ontology.value(s, OWL.members) for s in ontology.subjects(RDF.type, OWL.AllDisjointClasses)]
    return sorted(({str(c) for c in Collection(ontology, members)} for members in lists), key=len)


def test_paper_tool_venue_and_authorship_are_disjoint() -> None:
    found = disjoint()
    base = {terms.RESEARCH_PAPER, terms.SOFTWARE, terms.AUTHORSHIP}
    assert base | {terms.VENUE_SERIES} in found
    assert base | {terms.PROCEEDINGS, terms.JOURNAL} in found


# --- the built graph, of the shipped data and of a small list about which a service was asked


def graphs_in(folder: Path) -> dict[str, Graph]:
    """Return the graphs of a store by name; the resolved view, its default graph, by the view's name."""
    opened = llmcomp.open_graph(folder).store
    found = {}
    for graph in (ox.DefaultGraph(), *opened.named_graphs()):
        triples = opened.dump(from_graph=graph, format=ox.RdfFormat.N_TRIPLES)
        found[getattr(graph, "value", terms.RESOLVED_VIEW)] = Graph().parse(data=triples, format="nt")
    return found


@pytest.fixture(scope="session", params=["shipped", "enriched"])
def graphs(request: pytest.FixtureRequest) -> dict[str, Graph]:
    """The graphs of the one store and of the other."""
    if request.param == "shipped":
        return graphs_in(request.getfixturevalue("built").path)
    return graphs_in(request.getfixturevalue("enriched"))


def test_enriched_graph_says_all_that_a_service_can_tell(enriched: Path) -> None:
    ontology, graphs = turtle("llmcomp.ttl"), graphs_in(enriched)
    days = [graph for name, graph in graphs.items() if name.startswith(terms.ENRICHMENT_GRAPHS)]
    view = graphs[terms.RESOLVED_VIEW]
    assert len(days) == 2
    for day in days:
        assert {str(o) for o in day.objects(None, URIRef(terms.OUTCOME))} == set(get_args(Outcome))
        assert {URIRef(iri) for iri in (terms.VENUE_KIND, terms.INFLUENTIAL_CITATIONS)} <= set(day.predicates())
        assert (None, RDF.type, URIRef(terms.CITATION_COUNT)) in day
    for graph in (*days, view):
        told = {terms.NAMES_IDENTIFIER, terms.OPEN_ACCESS_ADDRESS, terms.IS_INFLUENTIAL, terms.CHARACTERIZATION}
        assert {URIRef(iri) for iri in told} <= set(graph.predicates())
        assert {str(o) for o in graph.objects(None, URIRef(terms.CHARACTERIZATION))} == set(terms.INTENTS.values())
    # what a day tells is not said again by the view, but for the finding
    of_inquiries = set(ontology.subjects(RDFS.domain, URIRef(terms.INQUIRY)))
    assert of_inquiries <= {p for day in days for p in day.predicates()}
    assert not of_inquiries & set(view.predicates())
    kinds = {str(o) for o in view.objects(None, URIRef(terms.FINDING_KIND))}
    assert {"renamed", "wrong-link"} <= kinds


def test_an_item_names_the_identifiers_of_its_work_and_the_view_describes_them(enriched: Path) -> None:
    graphs = graphs_in(enriched)
    names, typed = URIRef(terms.NAMES_IDENTIFIER), (RDF.type, URIRef(terms.IDENTIFIER))
    day = next(graph for name, graph in graphs.items() if name.startswith(terms.ENRICHMENT_GRAPHS))
    item = URIRef(f"{terms.BASE}reference/arxiv:2311.00502/2026-11-24/6")
    told = set(day.objects(item, names))
    assert {str(node) for node in told} == {
        f"{terms.BASE}identifier/{name}" for name in ("doi:10.1000/results", "semanticscholar:e1")
    }
    assert not any((node, *typed) in day for node in told)
    # of a work that is only cited, the service's own id is left to its graph where another leads to the work
    described = {str(node) for node in told if (node, *typed) in graphs[terms.RESOLVED_VIEW]}
    assert described == {f"{terms.BASE}identifier/doi:10.1000/results"}


def test_counts_of_two_days_stand_side_by_side(enriched: Path) -> None:
    rows = llmcomp.open_graph(enriched).query(
        """
        SELECT ?date ?count WHERE {
          GRAPH ?day {
            <https://w3id.org/llmcomp/work/arxiv:2311.00502> c4o:hasGlobalCitationFrequency
              [ c4o:hasGlobalCountDate ?date ; c4o:hasGlobalCountValue ?count ]
          }
        } ORDER BY ?date
        """
    )
    assert [tuple(row) for row in rows] == [("2026-11-24", "60"), ("2026-12-24", "71")]


def test_built_graph_has_no_blank_node(graphs) -> None:
    for name, graph in graphs.items():
        assert not any(isinstance(node, BNode) for triple in graph for node in triple), name


def test_built_graph_uses_declared_terms_only(graphs) -> None:
    ontology = turtle("llmcomp.ttl")
    for name, graph in graphs.items():
        used = {term for term in used_in_turtle(graph) if not within(term, *BUILT_IN)}
        assert {term for term in used if not KINDS & set(ontology.objects(term, RDF.type))} == set(), name


def test_built_graph_keeps_to_the_kinds_of_the_properties(graphs) -> None:
    ontology = turtle("llmcomp.ttl")
    for name, graph in graphs.items():
        for prop in set(graph.predicates()):
            literal = {isinstance(o, Literal) for o in graph.objects(None, prop)}
            if (prop, RDF.type, OWL.ObjectProperty) in ontology:
                assert literal == {False}, (name, prop)
            if (prop, RDF.type, OWL.DatatypeProperty) in ontology:
                assert literal == {True}, (name, prop)


def test_built_graph_keeps_to_domains_and_ranges_of_own_properties(graphs) -> None:
    ontology = turtle("llmcomp.ttl")
    for name, graph in graphs.items():
        for prop in own({p for p in graph.predicates() if isinstance(p, URIRef)}):
            domain = ontology.value(prop, RDFS.domain)
            union = ontology.value(domain, OWL.unionOf)
            classes = set(Collection(ontology, union)) if union else {domain}
            wanted = ontology.value(prop, RDFS.range)
            for subject, value in graph.subject_objects(prop):
                # the graph of keys speaks of works without describing them
                types = set(graph.objects(subject, RDF.type))
                types |= {wider for kind in types for wider in ontology.objects(kind, RDFS.subClassOf)}
                assert not types or types & classes, (name, subject, prop)
                if isinstance(value, Literal) and wanted != RDFS.Literal:
                    assert (value.datatype or XSD.string) == wanted, (name, subject, prop, value)


@pytest.mark.parametrize("classes", disjoint(), ids=lambda c: f"{len(c)} classes")
def test_nothing_in_the_view_is_of_two_disjoint_classes(graphs, classes) -> None:
    types = defaultdict(set)
    for subject, kind in graphs[terms.RESOLVED_VIEW].subject_objects(RDF.type):
        types[subject] |= {str(kind)} & classes
    assert {subject for subject, kinds in types.items() if len(kinds) > 1} == set()


def shapes_for(name: str) -> Graph:
    """Return the shapes that hold of the graph of this name.

    Validated graph by graph. The shapes of the view are stricter: a source may give a name without knowing
    whose it is, or a link to another paper. The union of the graphs would break them all, since
    sources and view may print one author's name in two ways and mean one authorship.
    """
    shapes = Graph()
    for triple in turtle("shapes.ttl"):
        if name == terms.RESOLVED_VIEW or not within(triple[0], VIEW):
            shapes.add(triple)
    return shapes


def findings(data: Graph, shapes: Graph) -> list[tuple[str, str, str]]:
    """Return shape, focus node and severity of each result."""
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    return sorted(
        (
            str(results.value(result, SH.sourceShape)).removeprefix(SHAPE).removeprefix(VIEW),
            str(results.value(result, SH.focusNode)),
            str(results.value(result, SH.resultSeverity)).removeprefix(str(SH)),
        )
        for result in results.subjects(RDF.type, SH.ValidationResult)
    )


def test_built_graph_conforms(graphs) -> None:
    found = {name: findings(graph, shapes_for(name)) for name, graph in graphs.items()}
    assert {n: [f for f in fs if f[2] != "Warning"] for n, fs in found.items()} == {n: [] for n in graphs}


# --- the page about it


def test_page_names_every_class_and_property_of_the_built_graph(graphs) -> None:
    page = DATA_MODEL.read_text("utf-8")
    prefixes = {iri: prefix for prefix, iri in terms.PREFIXES.items()}
    for term in sorted({term for graph in graphs.values() for term in used_in_turtle(graph)} | set(DECLARED)):
        cut = max(term.rfind("#"), term.rfind("/")) + 1
        curie = f"{prefixes[str(term)[:cut]]}:{term[cut:]}"
        assert f"`{curie}`" in page or curie == "rdf:type", curie


@pytest.mark.parametrize("query", re.findall(r"```sparql\n(.+?)```", DATA_MODEL.read_text("utf-8"), re.DOTALL))
def test_query_on_the_page_has_answers(built, enriched: Path, query: str) -> None:
    folder = enriched if "c4o:" in query else built.path
    assert list(llmcomp.open_graph(folder).query(query))


# --- the shapes: each passes on a small sound graph and fails on a broken one

SOUND = (
    "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in terms.PREFIXES.items())
    + """
<w1> a fabio:ResearchPaper ; dcterms:title "One" ; dcterms:alternative "Uno" ; dcterms:creator <p1>, <p2> ;
    fabio:hasPublicationYear "2024"^^xsd:gYear ; :firstPosted "2023-05"^^xsd:gYearMonth ; :confidence "A" ;
    fabio:hasArXivId "2305.00001" ; prism:doi "10.1000/one" ; datacite:hasIdentifier <i1> ;
    frbr:realization <v1>, <v2> ; :preferredVersion <v2> ; dcterms:subject <c1> ; owl:sameAs <x1> ;
    :citationKey "smith2023one" ; :formerKey "smith2023uno" ; cito:cites <w2> ; :hasReferenceList <r1> ;
    dcterms:date "2023-05-06"^^xsd:date ; :openAccessAddress "https://example.org/one.pdf"^^xsd:anyURI ;
    c4o:hasGlobalCitationFrequency <n1> ; prov:wasDerivedFrom <g1>, <g2> .
<w2> a fabio:Work ; dcterms:title "Two" ; :firstPosted "2020"^^xsd:gYear ; :citationKey "two" ;
    prov:wasDerivedFrom <g2> .
<w3> a fabio:ResearchPaper ; dcterms:title "Three" ; frbr:realization <v3> ; :preferredVersion <v3> ;
    :venueKind "journal" ; prov:wasDerivedFrom <g1> .
<t1> a schema:SoftwareSourceCode ; dcterms:title "Tool" ; prov:wasDerivedFrom <g1> .
<a1> a :Authorship ; pro:relatesToDocument <w1> ; :authorPosition 1 ; :nameAsPrinted "A. Smith" ;
    pro:isHeldBy <p1> ; pro:withRole pro:author ; :namesIdentifier <i2> .
<a2> a :Authorship ; pro:relatesToDocument <w1> ; :authorPosition 2 ; :nameAsPrinted "A Team" ;
    pro:isHeldBy <p2> ; pro:withRole pro:author .
<p1> a foaf:Person ; foaf:name "A. Smith" . <p2> a foaf:Agent ; foaf:name "A Team" .
<i1> a datacite:Identifier ; datacite:usesIdentifierScheme datacite:arxiv ;
    litre:hasLiteralValue "2305.00001" .
<i2> a datacite:Identifier ; litre:hasLiteralValue "7" ;
    datacite:usesIdentifierScheme <https://w3id.org/llmcomp/scheme/semanticscholar-author> .
<v1> a fabio:Preprint ; fabio:hasURL "https://arxiv.org/abs/2305.00001"^^xsd:anyURI .
<v2> a fabio:ConferencePaper ; fabio:hasURL "https://example.org/one"^^xsd:anyURI ; frbr:partOf <m1> ;
    prism:pageRange "23724-23732" .
<v3> a fabio:WorkshopPaper ; fabio:hasURL "https://example.org/three"^^xsd:anyURI ; frbr:partOf <m2> .
<m1> a fabio:ConferenceProceedings ; dcterms:title "Proceedings" ;
    :venueKind "conference" ; frbr:partOf <s1> .
<m2> a fabio:ConferenceProceedings ; dcterms:title "Workshop" ; :venueKind "workshop" ; frbr:partOf <s2> .
<s2> a :VenueSeries ; dcterms:title "Meeting" ; skos:notation "MEET" .
<s1> a :VenueSeries ; dcterms:title "Conference" ; skos:notation "CONF" .
<r1> a :ReferenceList ; :isComplete true .
<q1> a cito:Citation ; cito:hasCitingEntity <w1> ; cito:hasCitedEntity <w2> ; prov:wasDerivedFrom <z1> ;
    :yearAsPrinted "2020"^^xsd:gYear ; :namesIdentifier <x2>, <x3> ;
    cito:hasCitationCharacterization cito:usesMethodIn, cito:obtainsBackgroundFrom ; :isInfluential false .
<n1> a c4o:GlobalCitationCount ; c4o:hasGlobalCountValue 0 ; c4o:hasGlobalCountDate "2026-11-24"^^xsd:date ;
    c4o:hasGlobalCountSource <https://example.org/> ; dc:source "A service" ; :influentialCitationCount 0 .
<o1> a :Inquiry ; :aboutWork <w1> ; dcterms:date "2026-11-24"^^xsd:date ; :titleAsPrinted "One" ;
    :askedAs "ARXIV:2305.00001" ; :outcome "found" ; :answeredWith <i3> ; :withIntents true .
<o2> a :Inquiry ; :aboutWork <w2> ; dcterms:date "2026-11-23"^^xsd:date ; :titleAsPrinted "TWO" ;
    :askedAs "ACL:W20-1" ; :outcome "renamed" ; :answeredWith <i4> ; :titleAnswered "Deux" .
<o3> a :Inquiry ; :aboutWork <w3> ; dcterms:date "2026-11-22"^^xsd:date ; :titleAsPrinted "Three" ;
    :askedAs "ARXIV:2305.00002" ; :outcome "wrong-link" ; :titleAnswered "Four" .
<o4> a :Inquiry ; :aboutWork <w3> ; dcterms:date "2026-11-21"^^xsd:date ; :titleAsPrinted "Tres" ;
    :outcome "unknown" .
<c1> a skos:Concept ; skos:prefLabel "Category" ; skos:inScheme <cs> ; skos:definition "What it is."@en ;
    skos:broader <c2> ; skos:closeMatch <https://example.org/topic> .
<c2> skos:inScheme <cs> ; a skos:Concept ; skos:prefLabel "Wider" ; skos:topConceptOf <cs> ; skos:narrower <c1> .
<cs> a skos:ConceptScheme ; skos:hasTopConcept <c2> .
<l1> a :ReadingList ; dcterms:hasPart <e1>, <u1> .
<e1> a :ListEntry ; schema:position 1 ; :sourceLine 10 ; :titleAsPrinted "ONE" ;
    schema:item <w1> ; :hasLink <k1> .
<k1> a :ListedLink ; :linkPosition 1 ; :addressAsPrinted "https://arxiv.org/abs/2305.00001" ;
    :namesIdentifier <i1> .
<u1> a :UnreadRow ; :sourceLine 11 ; :textAsPrinted "| |" ; :reason "empty" .
<f1> a :Finding ; :findingKind "wrong-link" ; dc:source "list" ;
    :sourceLine 10 ; dcterms:description "wrong" .
<d1> a void:Dataset ; dcterms:date "2026-11-01"^^xsd:date ; dc:source "list" ; void:triples 9 .
"""
)

BROKEN = [
    ("work-title", "<w2> a fabio:Work ; dcterms:title", "<w2> a fabio:Work ; rdfs:label"),
    ("work-title", "<w1> a fabio:ResearchPaper ; dcterms:title", "<w1> a fabio:ResearchPaper ; rdfs:label"),
    ("work-title", '"Two"', '"Two", "Deux"'),
    ("tool-title", '"Tool"', '""'),
    ("alternative-title", '"Uno"', '"One"'),
    ("publication-year", '"2024"^^xsd:gYear', "2024"),
    ("year-as-printed", ':yearAsPrinted "2020"^^xsd:gYear', ':yearAsPrinted "2020"'),
    ("confidence", '"A" ;', '"D" ;'),
    ("arxiv-id", '"2305.00001" ; prism', '"2305.00001v2" ; prism'),
    ("doi", '"10.1000/one"', '"https://doi.org/10.1000/one"'),
    ("doi", '"10.1000/one"', '"10.1000/one", "10.1000/uno"'),
    ("page-range", '"23724-23732"', '"23724\u201323732"'),
    ("page-range", '"23724-23732"', '"23724--23732"'),
    ("address", '"https://example.org/one"^^xsd:anyURI', '"https://example.org/one"'),
    ("address", '"https://example.org/one"^^xsd:anyURI', '"example.org/one"^^xsd:anyURI'),
    ("open-access-address", '"https://example.org/one.pdf"^^xsd:anyURI', '"https://example.org/one.pdf"'),
    ("open-access-address", '"https://example.org/one.pdf"^^xsd:anyURI', '"one.pdf"^^xsd:anyURI'),
    ("paper-date", '"2023-05-06"^^xsd:date', '"2023-05"^^xsd:gYearMonth'),
    ("paper-venue-kind", ':venueKind "journal"', ':venueKind "findings"'),
    ("authorship-position", ":authorPosition 2", ":authorPosition 0"),
    ("authorship-position", ":authorPosition 2", ':authorPosition "2"'),
    ("authorship-work", "<a2> a :Authorship ; pro:relatesToDocument <w1>", "<a2> a :Authorship"),
    ("authorship-name", '"A Team" ;', '"A Team", "Team" ;'),
    ("authorship-identifier", ":namesIdentifier <i2>", ":namesIdentifier <i2>, <i3>"),
    ("authorship-identifier-typed", ":namesIdentifier <i2>", ":namesIdentifier <i3>"),
    ("authorship-identifier-scheme", ":namesIdentifier <i2>", ":namesIdentifier <i1>"),
    ("first-author", ":authorPosition 1", ":authorPosition 3"),
    ("position-unique", ":authorPosition 2", ":authorPosition 1"),
    ("identifier-scheme", "datacite:arxiv", "datacite:orcid"),
    ("identifier-value", 'litre:hasLiteralValue "2305.00001"', 'litre:hasLiteralValue ""'),
    ("identifier-typed", "<i1> a datacite:Identifier ;", "<i1>"),
    ("identifier-of-work", "datacite:hasIdentifier <i1>", "datacite:hasIdentifier <i1>, <i2>"),
    ("citation-citing", "<q1> a cito:Citation ; cito:hasCitingEntity <w1>", "<q1> a cito:Citation"),
    ("citation-cited", "cito:hasCitedEntity <w2>", "cito:hasCitedEntity <w2>, <t1>"),
    ("cites-in-step", "cito:cites <w2>", "cito:cites <w2>, <t1>"),
    ("cites-in-step", "cito:cites <w2> ; ", ""),
    ("reference-list", ":isComplete true", ':isComplete "yes"'),
    ("reference-list-owner", " ; :hasReferenceList <r1>", ""),
    ("citation-characterization", "cito:usesMethodIn,", "cito:agreesWith,"),
    ("citation-influential", ":isInfluential false", ":isInfluential false, true"),
    ("citation-influential", ":isInfluential false", ":isInfluential 0"),
    ("count-work", "c4o:hasGlobalCitationFrequency <n1> ;", ""),
    ("count-work", '"Tool" ;', '"Tool" ; c4o:hasGlobalCitationFrequency <n1> ;'),
    ("count-value", "c4o:hasGlobalCountValue 0", "c4o:hasGlobalCountValue -1"),
    ("count-value", "c4o:hasGlobalCountValue 0", "c4o:hasGlobalCountValue 0, 1"),
    ("count-date", 'c4o:hasGlobalCountDate "2026-11-24"^^xsd:date', 'c4o:hasGlobalCountDate "2026-11-24"'),
    ("count-source", "c4o:hasGlobalCountSource <https://example.org/> ;", ""),
    ("count-source", "c4o:hasGlobalCountSource <https://example.org/>", 'c4o:hasGlobalCountSource "A service"'),
    ("count-source-named", 'dc:source "A service" ;', ""),
    ("count-influential", ":influentialCitationCount 0", ":influentialCitationCount 0.5"),
    ("entry-line", ":sourceLine 10 ; :titleAsPrinted", ":titleAsPrinted"),
    ("entry-position", "schema:position 1", "schema:position 1, 2"),
    ("entry-title", ':titleAsPrinted "ONE" ;', ""),
    ("entry-list", "dcterms:hasPart <e1>, <u1>", "dcterms:hasPart <u1>"),
    ("link-position", ":linkPosition 1", ":linkPosition 0"),
    ("link-address", ":addressAsPrinted", "rdfs:label"),
    ("link-identifier", ":namesIdentifier <i1>", ":namesIdentifier <w1>"),
    ("link-bears-none", ":namesIdentifier <i1>", "datacite:hasIdentifier <i1>"),
    ("unread-row", ':reason "empty"', ':reason ""'),
    ("unread-text", ':textAsPrinted "| |" ;', ""),
    ("unread-line", ":sourceLine 11", ":sourceLine 11, 12"),
    ("inquiry-work", "<o1> a :Inquiry ; :aboutWork <w1>", "<o1> a :Inquiry ; :aboutWork <w1>, <w2>"),
    ("inquiry-work", "<o1> a :Inquiry ; :aboutWork <w1>", "<o1> a :Inquiry"),
    ("inquiry-date", '"2026-11-23"^^xsd:date', '"2026-11-23"^^xsd:date, "2026-11-22"^^xsd:date'),
    ("inquiry-date", 'dcterms:date "2026-11-23"^^xsd:date ;', ""),
    ("inquiry-title", ':titleAsPrinted "Tres"', ':titleAsPrinted ""'),
    ("inquiry-title", ':titleAsPrinted "Tres"', ':titleAsPrinted "Tres", "Three"'),
    ("inquiry-asked-as", ':askedAs "ACL:W20-1"', ':askedAs "ACL:W20-1", "DOI:10.1000/two"'),
    ("inquiry-outcome", ':outcome "found"', ':outcome "asked"'),
    ("inquiry-outcome", ':outcome "found"', ':outcome "found", "renamed"'),
    ("inquiry-answer", ":answeredWith <i3>", ":answeredWith <i3>, <i4>"),
    ("inquiry-answer", ":answeredWith <i3>", ':answeredWith "3"'),
    ("inquiry-title-answered", ':titleAnswered "Deux"', ':titleAnswered "Deux", "Due"'),
    ("inquiry-with-intents", ":withIntents true", ":withIntents true, false"),
    ("inquiry-with-intents", ":withIntents true", ':withIntents "yes"'),
    ("inquiry-in-step", "; :answeredWith <i3>", ""),
    ("inquiry-in-step", "; :answeredWith <i4>", ""),
    ("inquiry-in-step", '; :titleAnswered "Deux"', ""),
    ("inquiry-in-step", '; :titleAnswered "Four"', ""),
    ("inquiry-in-step", ':outcome "unknown"', ':outcome "unknown" ; :answeredWith <i5>'),
    ("citation-key", '"two"', '"Two 2"'),
    ("citation-key", '"two"', '"two", "deux"'),
    ("citation-key-unique", '"two"', '"smith2023one"'),
    ("former-key", '"smith2023uno"', '"two"'),
    ("source-date", '"2026-11-01"^^xsd:date', '"2026"'),
    ("source-origin", '; dc:source "list" ; void', "; void"),
    ("first-posted", '"2023-05"^^xsd:gYearMonth', '"2023-05-01"^^xsd:date'),
    ("paper-or-tool", "schema:item <w1>", "schema:item <p1>"),
    ("kind-of-cited", "<w2> a fabio:Work ;", "<w2>"),
    ("kind-of-cited", "<w2> a fabio:Work ;", "<w2> a fabio:Work, fabio:ResearchPaper ;"),
    ("work-source", " ;\n    prov:wasDerivedFrom <g2>", ""),
    ("work-source", "; prov:wasDerivedFrom <g1> .\n<a1>", ".\n<a1>"),
    ("entry-work", "schema:item <w1>", "schema:item <w1>, <w2>"),
    ("authorship-held", "pro:isHeldBy <p2>", "pro:isHeldBy <p1>, <p2>"),
    ("authorship-role", "<p1> ; pro:withRole pro:author", "<p1> ; pro:withRole pro:editor"),
    ("creators-in-step", "dcterms:creator <p1>, <p2>", "dcterms:creator <p1>"),
    ("person-name", 'foaf:name "A. Smith"', 'foaf:nick "A. Smith"'),
    ("identifier-of-one", '"Two" ;', '"Two" ; datacite:hasIdentifier <i1> ;'),
    ("identifier-of-one", ":namesIdentifier <i1>", "datacite:hasIdentifier <i1>"),
    ("identifier-borne", "datacite:hasIdentifier <i1> ;\n", "\n"),
    ("identifier-borne", " ; :namesIdentifier <i2>", ""),
    ("alias-of-one", '"Two" ;', '"Two" ; owl:sameAs <x1> ;'),
    ("alias-untyped", "owl:sameAs <x1>", "owl:sameAs <w2>"),
    ("version-of-one", '"Two" ;', '"Two" ; frbr:realization <v1> ; :preferredVersion <v1> ;'),
    ("version-type", "<v1> a fabio:Preprint ;", "<v1> a fabio:Book ;"),
    ("version-address", '; fabio:hasURL "https://example.org/one"^^xsd:anyURI', ""),
    ("preferred-version", ":preferredVersion <v2>", ":preferredVersion <v3>"),
    ("one-preferred-version", ":preferredVersion <v2> ;", ""),
    ("published-in", "; frbr:partOf <m1>", ""),
    ("published-in", "; frbr:partOf <m1>", "; frbr:partOf <s1>"),
    ("published-in", "; frbr:partOf <m2>", ""),
    ("workshop-paper", "frbr:partOf <m2>", "frbr:partOf <m1>"),
    ("no-workshop-paper", "frbr:partOf <m1>", "frbr:partOf <m2>"),
    ("citation-source", "prov:wasDerivedFrom <z1> ;", ""),
    ("subject-concept", "dcterms:subject <c1>", "dcterms:subject <cs>"),
    ("category-label", 'skos:prefLabel "Category"', 'skos:prefLabel "Category", "Class"'),
    ("category-scheme", "; skos:inScheme <cs>", ""),
    ("category-definition", '"What it is."@en', '"What it is."@en, "It is."@en'),
    ("category-definition", '"What it is."@en', '"What it is."'),
    ("category-broader", "skos:broader <c2>", "skos:broader <c2>, <c3>"),
    ("category-in-step", "skos:broader <c2> ; ", ""),
    ("category-in-step", " ; skos:narrower <c1>", ""),
    ("category-top", "<c2> skos:inScheme <cs> ;", "<c2> skos:inScheme <cs> ; skos:broader <c1> ;"),
    ("category-top-in-step", " ; skos:hasTopConcept <c2>", ""),
    ("category-match", "skos:closeMatch <https://example.org/topic>", "skos:closeMatch <c2>"),
    ("category-match", "skos:closeMatch <https://example.org/topic>", 'skos:broadMatch "topic"'),
    ("venue-title", '<s1> a :VenueSeries ; dcterms:title "Conference"', "<s1> a :VenueSeries"),
    ("venue-title-filled", '"Proceedings"', '"Proceedings of the {ordinal} Conference"'),
    ("series-acronym", ' ; skos:notation "CONF"', ""),
    ("venue-kind", '"conference"', '"preprint"'),
    ("venue-series", "; frbr:partOf <s1>", ""),
    ("finding-kind", ':findingKind "wrong-link"', ':findingKind "odd"'),
    ("finding-source", 'dc:source "list" ;\n    :sourceLine', ":sourceLine"),
    ("finding-line", ":sourceLine 10 ; dcterms:description", ":sourceLine 0 ; dcterms:description"),
    ("finding-description", '; dcterms:description "wrong"', ""),
]


def small(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle", publicID="https://example.org/")


def told_shapes() -> set[str]:
    shapes = turtle("shapes.ttl")
    return {str(shape).removeprefix(SHAPE).removeprefix(VIEW) for shape in shapes.subjects(SH.severity)}


def test_sound_graph_conforms() -> None:
    assert findings(small(SOUND), turtle("shapes.ttl")) == []


@pytest.mark.parametrize(("shape", "sound", "broken"), BROKEN)
def test_shape_is_seen_to_fail(shape: str, sound: str, broken: str) -> None:
    assert SOUND.count(sound) == 1
    found = findings(small(SOUND.replace(sound, broken)), turtle("shapes.ttl"))
    assert shape in {name for name, _, _ in found}


def test_every_shape_has_a_broken_graph() -> None:
    assert told_shapes() == {shape for shape, _, _ in BROKEN}


def test_every_shape_has_message_severity_and_target() -> None:
    shapes = turtle("shapes.ttl")
    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        assert len(list(shapes.objects(shape, SH.message))) == 1, shape
    for shape in {*shapes.subjects(RDF.type, SH.PropertyShape), *shapes.subjects(RDF.type, SH.NodeShape)}:
        assert shapes.value(shape, SH.severity) in {SH.Violation, SH.Warning}, shape
        assert any(shapes.value(shape, target) for target in targets), shape


def test_shapes_are_shacl() -> None:
    pyshacl.validate(Graph(), shacl_graph=turtle("shapes.ttl"), meta_shacl=True)


def test_shapes_ask_for_declared_terms_only() -> None:
    shapes, ontology = turtle("shapes.ttl"), turtle("llmcomp.ttl")
    namespaces = set(terms.PREFIXES.values()) - set(BUILT_IN)
    nodes = {node for triple in shapes for node in triple if isinstance(node, URIRef)}
    asked = {node for node in nodes if within(node, *namespaces) and node != URIRef(OWN)}
    assert {node for node in asked if not KINDS & set(ontology.objects(node, RDF.type))} == set()


def values(shape: URIRef) -> list[str]:
    shapes = turtle("shapes.ttl")
    return [str(v) for v in Collection(shapes, shapes.value(shape, SH["in"]))]


def test_shapes_name_what_the_code_names() -> None:
    assert set(values(VIEW["finding-kind"])) == set(EXPLAINED)
    assert set(values(SHAPE["identifier-scheme"])) == set(terms.IDENTIFIER_SCHEMES.values())
    assert set(values(SHAPE["citation-characterization"])) == set(terms.INTENTS.values())
    assert set(values(SHAPE["inquiry-outcome"])) == set(get_args(Outcome))
    assert str(turtle("shapes.ttl").value(SHAPE["citation-key"], SH.pattern)) == f"^{KEY.pattern}$"
