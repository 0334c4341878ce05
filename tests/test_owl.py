"""OWL 2 DL: its rules, read in the standard; the OWL API and the reasoner HermiT as judges, where Java is there.

HermiT and the OWL API come with the package ``owlready2``. They are shown days, months and years of the data as plain
text, since OWL 2 has no datatype for these.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

import llmcomp
from llmcomp.ontology import terms

OWL_API = Path(__file__).parent / "data" / "Owl2Dl.java"
PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in terms.PREFIXES.items())
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
DATATYPES = {OWL.real, OWL.rational, RDF.PlainLiteral, RDF.XMLLiteral, RDFS.Literal, RDF.langString} | {
    XSD[name]
    for name in (
        "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte"
        " unsignedLong unsignedInt unsignedShort unsignedByte double float string normalizedString token language Name"
        " NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
    ).split()
}
# https://www.w3.org/TR/owl2-syntax/#IRIs: of the reserved vocabulary these are used as annotations and in assertions
BUILT_IN = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.sameAs, OWL.differentFrom}
AXIOMS = {
    RDF.type, RDF.first, RDF.rest, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.members,
    OWL.unionOf, OWL.equivalentClass, OWL.equivalentProperty, OWL.disjointWith, OWL.inverseOf, OWL.versionIRI,
    OWL.imports, OWL.intersectionOf, OWL.onProperty, OWL.someValuesFrom, OWL.allValuesFrom, OWL.propertyChainAxiom,
}  # fmt: skip


@cache
def turtle(*names: str) -> Graph:
    """The files as one graph, under one head: that of the first."""
    graph = Graph()
    for name in names:
        more = Graph().parse(data=files("llmcomp.ontology").joinpath(name).read_text("utf-8"), format="turtle")
        if len(graph):
            for head in list(more.subjects(RDF.type, OWL.Ontology)):
                more.remove((head, None, None))
        graph += more
    return graph


def not_dl(graph: Graph) -> list[str]:
    """What in an ontology is not OWL 2 DL, by the rules of its structural specification, sections 3 and 5."""
    found: list[str] = []
    kinds: dict[object, set[object]] = {}
    for term, kind in graph.subject_objects(RDF.type):
        kinds.setdefault(term, set()).add(kind)
    if len(set(graph.subjects(RDF.type, OWL.Ontology))) != 1:
        found.append("not one ontology")
    for term, of in kinds.items():
        if len(of & PROPERTIES) > 1:
            found.append(f"a property of two kinds: {term}")
        if {OWL.Class, RDFS.Datatype} <= of:
            found.append(f"a class and a datatype: {term}")
        if isinstance(term, URIRef) and str(term).startswith((str(OWL), str(RDF), str(RDFS), str(XSD))):
            found.append(f"reserved: {term}")
        if of & {OWL.InverseFunctionalProperty, OWL.TransitiveProperty, OWL.SymmetricProperty} and (
            OWL.ObjectProperty not in of
        ):
            found.append(f"no object property: {term}")
        if OWL.FunctionalProperty in of and not of & {OWL.ObjectProperty, OWL.DatatypeProperty}:
            found.append(f"functional, but no property: {term}")
        if OWL.TransitiveProperty in of and of & {OWL.FunctionalProperty, OWL.InverseFunctionalProperty}:
            found.append(f"not simple: {term}")
    for subject, said, value in graph:
        own = kinds.get(said, set()) & PROPERTIES
        if said not in AXIOMS | BUILT_IN and not own:
            found.append(f"undeclared property: {said}")
        if own == {OWL.ObjectProperty} and isinstance(value, Literal):
            found.append(f"a literal for {said}")
        if own == {OWL.DatatypeProperty} and not isinstance(value, Literal):
            found.append(f"no literal for {said}")
        if isinstance(value, Literal):
            datatype = value.datatype or (RDF.langString if value.language else XSD.string)
            if datatype not in DATATYPES:
                found.append(f"no datatype of OWL 2: {datatype}")
            elif value.ill_typed:
                found.append(f"not written as {datatype}: {value}")
        if said == RDF.type and isinstance(value, URIRef) and not str(value).startswith((str(OWL), str(RDFS))):
            found += [f"undeclared class: {value}"] * (OWL.Class not in kinds.get(value, set()))
        is_class = said in {RDFS.subClassOf, RDFS.domain, OWL.disjointWith, OWL.equivalentClass} or (
            said == RDFS.range and OWL.ObjectProperty in kinds.get(subject, set())
        )
        if is_class and value != OWL.Thing and OWL.Class not in kinds.get(value, set()):
            found.append(f"undeclared class: {value}")
        if said == RDFS.range and OWL.DatatypeProperty in kinds.get(subject, set()) and value not in DATATYPES:
            found.append(f"no datatype of OWL 2: {value}")
        if (
            said == RDFS.subPropertyOf
            and kinds.get(subject, set()) & PROPERTIES != kinds.get(value, set()) & PROPERTIES
        ):
            found.append(f"properties of two kinds: {subject}")
    for node in {node for node in graph.subjects() if isinstance(node, BNode)}:
        if not kinds.get(node, set()) & {OWL.Class, OWL.AllDisjointClasses} and (node, RDF.first, None) not in graph:
            found.append("a node without a name that is no class expression")
    return sorted(set(found))


@pytest.mark.parametrize("names", [("llmcomp.ttl",), ("llmcomp.ttl", "alignments.ttl")], ids=len)
def test_the_ontology_is_owl_2_dl(names: tuple[str, ...]) -> None:
    assert not_dl(turtle(*names)) == []


HEAD = (
    "<https://example.org/o> a owl:Ontology . :p a owl:ObjectProperty . :d a owl:DatatypeProperty . :C a owl:Class .\n"
)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (":p a owl:DatatypeProperty .", "a property of two kinds"),
        (":p a owl:AnnotationProperty .", "a property of two kinds"),
        (":C a rdfs:Datatype .", "a class and a datatype"),
        (":d a owl:InverseFunctionalProperty .", "no object property"),
        (":q a owl:FunctionalProperty .", "functional, but no property"),
        (":p a owl:TransitiveProperty, owl:FunctionalProperty .", "not simple"),
        (":C :q :C .", "undeclared property"),
        (":C rdfs:member :C .", "undeclared property"),
        (":C :p 'x' .", "a literal for"),
        (":C :d :C .", "no literal for"),
        (":d rdfs:range xsd:gYear .", "no datatype of OWL 2"),
        (":C :d '2024'^^xsd:gYear .", "no datatype of OWL 2"),
        (":C :d 'one'^^xsd:integer .", "not written as"),
        (":C rdfs:subClassOf :D .", "undeclared class"),
        (":p rdfs:domain :D .", "undeclared class"),
        (":p rdfs:range xsd:string .", "undeclared class"),
        ("<https://example.org/x> a :D .", "undeclared class"),
        (":d rdfs:subPropertyOf :p .", "properties of two kinds"),
        ("rdfs:label a owl:DatatypeProperty .", "reserved"),
        ("[] :p :C .", "a node without a name"),
        ("<https://example.org/other> a owl:Ontology .", "not one ontology"),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_is_not_owl_2_dl_is_seen(broken: str, told: str) -> None:
    assert not_dl(Graph().parse(data=PREFIXES + HEAD, format="turtle")) == []
    found = not_dl(Graph().parse(data=PREFIXES + HEAD + broken, format="turtle"))
    assert any(line.startswith(told) for line in found), found


# --- judges that are not ours


@pytest.fixture(scope="session")
def hermit() -> Path:
    """The jar of HermiT, as it comes with owlready2; skips where it or Java is not there."""
    owlready2 = pytest.importorskip("owlready2", reason="owlready2, which brings HermiT, is not installed")
    if shutil.which("java") is None:
        pytest.skip("no Java to run HermiT with")
    return Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"


def owl_api(jar: Path, graph: Graph, folder: Path) -> list[str]:
    graph.serialize(folder / "ontology.ttl", format="turtle")
    command = ["java", "-cp", str(jar), str(OWL_API), str(folder / "ontology.ttl")]
    done = subprocess.run(command, capture_output=True, text=True)
    if "jdk.compiler" in done.stderr:
        pytest.skip("this Java cannot run a source file")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.judges
@pytest.mark.parametrize("names", [("llmcomp.ttl",), ("llmcomp.ttl", "alignments.ttl")], ids=len)
def test_the_owl_api_finds_no_breach_of_the_profile(hermit: Path, tmp_path: Path, names: tuple[str, ...]) -> None:
    (said,) = owl_api(hermit, turtle(*names), tmp_path)
    assert int(said.removeprefix("axioms: ")) > 400
    broken = Graph().parse(data=PREFIXES + HEAD + ":p a owl:DatatypeProperty .", format="turtle")
    assert any(line.startswith("Cannot pun between properties") for line in owl_api(hermit, broken, tmp_path))


class Contradiction(Exception):
    """No world can be as the graph says."""


def unsatisfiable(*graphs: Graph) -> set[str]:
    """The classes that can have no instance, as HermiT finds; raise Contradiction if the whole cannot be."""
    import owlready2

    judged = Graph()
    for subject, said, value in (triple for graph in graphs for triple in graph):
        if isinstance(value, Literal) and value.datatype not in {*DATATYPES, None}:
            value = Literal(str(value))
        judged.add((subject, said, value))
    world = owlready2.World()
    ontology = world.get_ontology("https://example.org/judged#")
    ontology.load(fileobj=io.BytesIO(judged.serialize(format="nt", encoding="utf-8")))
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise Contradiction from error
    return {entity.iri for entity in world.inconsistent_classes()} - {str(OWL.Nothing)}


@pytest.mark.judges
def test_every_class_can_have_instances(hermit: Path) -> None:
    assert unsatisfiable(turtle("llmcomp.ttl", "alignments.ttl")) == set()


@pytest.mark.judges
def test_the_table_of_venues_and_the_categories_can_be(hermit: Path) -> None:
    assert unsatisfiable(turtle("llmcomp.ttl", "alignments.ttl", "venues.ttl", "categories.ttl")) == set()


def graph_of(store: ox.Store, name: ox.NamedNode | ox.DefaultGraph) -> Graph:
    return Graph().parse(data=store.dump(from_graph=name, format=ox.RdfFormat.N_TRIPLES), format="nt")


def about(view: Graph, works: Iterable[URIRef]) -> Graph:
    """What a graph says of works, of what leads to them, and of what those lead to."""
    near = set(works)
    near |= {s for work in works for s in view.subjects(None, work) if isinstance(s, URIRef)}
    near |= {o for node in set(near) for o in view.objects(node) if isinstance(o, URIRef)}
    near |= {o for node in set(near) for o in view.transitive_objects(node, URIRef(terms.PART_OF))}
    part = Graph()
    for node in near:
        for said, value in view.predicate_objects(node):
            part.add((node, said, value))
    return part


@pytest.mark.judges
def test_the_ontology_and_a_part_of_the_shipped_graph_can_be(hermit: Path, graph: llmcomp.Graph) -> None:
    view = graph_of(graph.store, ox.DefaultGraph())
    papers = sorted(view.subjects(RDF.type, URIRef(terms.RESEARCH_PAPER)))
    tools = sorted(view.subjects(RDF.type, URIRef(terms.SOFTWARE)))
    part = about(view, [*papers[::35], *tools[::10]])
    kinds = {terms.AUTHORSHIP, terms.CITATION, terms.PREPRINT, terms.PROCEEDINGS, terms.CONCEPT, terms.IDENTIFIER}
    assert {URIRef(kind) for kind in kinds} <= set(part.objects(None, RDF.type))
    assert unsatisfiable(turtle("llmcomp.ttl"), part) == set()


@pytest.mark.judges
def test_the_ontology_and_each_graph_about_which_a_service_was_asked_can_be(hermit: Path, enriched: Path) -> None:
    store = llmcomp.open_graph(enriched).store
    for name in (ox.DefaultGraph(), *store.named_graphs()):
        if getattr(name, "value", "").startswith(f"{terms.PREFIXES['graph']}facts/"):
            continue  # that of the shipped data, as in every graph: large, and of the same kinds
        assert unsatisfiable(turtle("llmcomp.ttl"), graph_of(store, name)) == set(), name


@pytest.mark.judges
@pytest.mark.parametrize(
    "said",
    [
        "<w> a fabio:ResearchPaper, schema:SoftwareSourceCode .",
        "<a> :authorPosition 1, 2 .",
        "<a> :authorPosition 'first' .",
        "<r> :hasLink <l> . <l> a :Finding .",
        "<w> :hasReferenceList <f> . <f> :findingKind 'renamed' .",
        "<r> :sourceLine 3 ; a foaf:Person .",
    ],
)
def test_what_contradicts_the_ontology_is_seen(hermit: Path, said: str) -> None:
    data = Graph().parse(data=PREFIXES + said, format="turtle", publicID="https://example.org/")
    with pytest.raises(Contradiction):
        unsatisfiable(turtle("llmcomp.ttl"), data)


@pytest.mark.judges
def test_a_class_without_possible_instances_is_seen(hermit: Path) -> None:
    both = Graph().parse(data=PREFIXES + ":Both a owl:Class ; rdfs:subClassOf :Finding, :Inquiry .", format="turtle")
    assert unsatisfiable(turtle("llmcomp.ttl"), both) == {terms.PREFIXES[""] + "Both"}
