"""The alignments to other vocabularies, and the categories with their matches: terms that exist, sound claims."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, Graph, Literal, URIRef

import llmcomp
from llmcomp.kg.categories import state_known
from llmcomp.kg.nquads import Statements
from llmcomp.ontology import terms

BIBO, SOA, DBLP = "http://purl.org/ontology/bibo/", "https://semopenalex.org/ontology/", "https://dblp.org/rdf/schema#"
AXIOMS = {RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass}
MATCHES = {SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
CSO = "https://cso.kmi.open.ac.uk/topics/"
SCHEME, CATEGORY = URIRef(terms.CATEGORY_SCHEME), terms.PREFIXES["category"]

# What the vocabularies had when they were read: BIBO 1.3, SemOpenAlex of 2024-05-24, dblp of 2024-06-14; of BIBO terms
# and of properties those that a bibliography may need. schema.org's terms are known to rdflib.
NAMES = {
    BIBO: """
        AcademicArticle Article Book Collection CollectedDocument Conference Document EditedBook Event Issue
        Journal Manuscript Periodical Proceedings Report Series Thesis Webpage Workshop authorList citedBy cites
        contributorList doi edition identifier issn issue locator number numPages pageEnd pageStart pages
        presentedAt presents shortTitle status uri volume
    """,
    SOA: """
        Author Authorship Concept ConceptScore CountsByYear Funder Geo Institution Location OpenAccess Publisher
        Source Work citedByCount countsByYear crossrefType hasAuthor hasAuthorship hasBestOaLocation hasConcept
        hasIssue hasLocation hasOpenAccess hasOrganization hasPrimaryLocation hasRelatedWork hasSource
        hasVersion hasVolume isOa oaStatus oaUrl position rawAffiliation sourceType workType worksCount
    """,
    DBLP: """
        AmbiguousCreator Article AuthorSignature Book Conference Creator Data EditorSignature Editorship Entity
        Group Incollection Informal Inproceedings Journal Person Publication Reference Repository Series
        Signature Stream VersionRelation Withdrawn authoredBy bibtexType createdBy creatorName documentPage doi
        editedBy hasSignature hasVersion identifier indexPage isVersion isbn issn monthOfPublication
        numberOfCreators orcid pagination primaryCreatorName primaryDocumentPage primaryStreamTitle
        publishedAsPartOf publishedBy publishedIn publishedInBook publishedInJournal publishedInJournalVolume
        publishedInSeries publishedInStream signatureCreator signatureDblpName signatureOrcid signatureOrdinal
        signaturePublication streamTitle title yearOfPublication
    """,
}
# Labels of CSO 3.5. A topic's IRI is its label with "_" for each space (so its own classifier makes one of the other).
TOPICS = [
    "knowledge distillation",
    "large language models",
    "prompt engineering",
    "quantized llms",
    "sparse transformer models",
]


def text(name: str) -> str:
    return files("llmcomp.ontology").joinpath(name).read_text("utf-8")


@cache
def turtle(name: str) -> Graph:
    return Graph().parse(data=text(name), format="turtle")


def vocabulary(iri: URIRef) -> str:
    """The namespace of a term."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def is_known(iri: URIRef) -> bool:
    """Whether one of the four vocabularies has the term."""
    space = vocabulary(iri)
    return iri in SDO if space == str(SDO) else iri.removeprefix(space) in NAMES.get(space, "").split()


def alignments() -> list[tuple[URIRef, URIRef, URIRef]]:
    return sorted(t for t in turtle("alignments.ttl") if t[1] in AXIOMS | MATCHES)


# --- alignments


@pytest.mark.parametrize("name", ["AcademicArticle", "ScholarlyArticel", "academicArticle"])
def test_the_lists_of_names_tell_a_term_from_a_misspelt_one(name: str) -> None:
    assert is_known(URIRef(BIBO + name)) == (name == "AcademicArticle")
    assert is_known(SDO.ScholarlyArticle)
    assert not is_known(URIRef(f"{SDO}{name}"))
    assert not is_known(URIRef(f"https://example.org/{name}"))


def test_every_foreign_term_is_one_of_the_four_vocabularies() -> None:
    assert [str(other) for _, _, other in alignments() if not is_known(other)] == []
    assert {vocabulary(other) for _, _, other in alignments()} == {str(SDO), *NAMES}


def test_every_local_term_is_in_use() -> None:
    ontology = turtle("llmcomp.ttl")
    assert [str(ours) for ours, _, _ in alignments() if (ours, RDF.type, None) not in ontology] == []


def test_nothing_but_alignments_stands_in_the_file_and_each_once() -> None:
    graph = turtle("alignments.ttl")
    about = {s for s in graph.subjects() if (s, RDF.type, OWL.Ontology) in graph}
    others = {t for t in graph if t[0] not in about and t[1] != RDF.type}
    assert others == set(alignments())
    assert max(Counter((ours, other) for ours, _, other in alignments()).values()) == 1


def test_every_alignment_stands_on_a_line_with_its_reason() -> None:
    lines = [line for line in text("alignments.ttl").splitlines() if re.match(r"\S+ (skos|rdfs|owl):\w+ \S+ \.", line)]
    lines = [line for line in lines if " a owl:" not in line]
    assert len(lines) == len(alignments())
    assert [line for line in lines if not re.fullmatch(r"\S+ \S+ \S+ \.  # [^#]{8,}", line)] == []


def kind(term: URIRef) -> URIRef | None:
    for graph in (turtle("llmcomp.ttl"), turtle("alignments.ttl")):
        for found in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
            if (term, RDF.type, found) in graph:
                return found
    return None


def test_axioms_join_terms_of_one_kind_and_no_more_than_is_typed() -> None:
    for ours, said, other in alignments():
        if said in AXIOMS:
            assert kind(ours) == kind(other) is not None, (ours, other)
            assert (kind(ours) == OWL.Class) == (said != RDFS.subPropertyOf), (ours, other)


def test_equality_is_claimed_only_where_the_other_vocabulary_claims_it() -> None:
    claimed = {(str(ours), str(other)) for ours, said, other in alignments() if said == OWL.equivalentClass}
    person = terms.PREFIXES["foaf"] + "Person"
    assert claimed == {
        (terms.CITED_WORK, SOA + "Work"),  # its ontology: soa:Work owl:equivalentClass fabio:Work
        (person, DBLP + "Person"),  # its schema: dblp:Person owl:equivalentClass foaf:Person, schema:Person
        (person, str(SDO.Person)),
    }


def test_the_ontology_does_not_need_the_alignments() -> None:
    assert list(turtle("llmcomp.ttl").objects(None, OWL.imports)) == []
    assert list(turtle("alignments.ttl").objects(None, OWL.imports)) == []
    ontology = turtle("llmcomp.ttl")
    used = {node for s, p, o in ontology for node in (s, o) if p != DCTERMS.source}
    assert not ({other for _, _, other in alignments()} - set(ontology.subjects())) & used


# --- categories


def concepts() -> list[URIRef]:
    return sorted(turtle("categories.ttl").subjects(RDF.type, SKOS.Concept))


@pytest.mark.parametrize("concept", concepts(), ids=lambda c: c.removeprefix(CATEGORY))
def test_every_category_is_described(concept: URIRef) -> None:
    scheme = turtle("categories.ttl")
    assert concept.startswith(CATEGORY)
    assert set(scheme.objects(concept, SKOS.inScheme)) == {SCHEME}
    (label,) = scheme.objects(concept, SKOS.prefLabel)
    (definition,) = scheme.objects(concept, SKOS.definition)
    assert isinstance(definition, Literal)
    assert (definition.language, definition[-1]) == ("en", ".")
    assert str(label) not in {str(o) for o in scheme.objects(concept, SKOS.altLabel)}
    slug = concept.removeprefix(CATEGORY)
    assert {str(o) for o in scheme.objects(concept, SKOS.notation)} <= {slug}
    assert bool(scheme.value(concept, SKOS.topConceptOf)) != bool(scheme.value(concept, SKOS.broader))


def test_no_label_names_two_categories() -> None:
    scheme = turtle("categories.ttl")
    labels = [str(o).lower() for p in (SKOS.prefLabel, SKOS.altLabel) for c in concepts() for o in scheme.objects(c, p)]
    assert [label for label, times in Counter(labels).items() if times > 1] == []


def test_broader_and_narrower_are_in_step_and_lead_to_a_top() -> None:
    scheme = turtle("categories.ttl")
    broader = set(scheme.subject_objects(SKOS.broader))
    assert {(o, s) for s, o in scheme.subject_objects(SKOS.narrower)} == broader
    assert {s for pair in broader for s in pair} <= set(concepts())
    tops = set(scheme.objects(SCHEME, SKOS.hasTopConcept))
    assert tops == set(scheme.subjects(SKOS.topConceptOf, SCHEME))
    for concept in concepts():
        above = set(scheme.transitive_objects(concept, SKOS.broader))
        assert above & tops, concept
        assert not any(concept in scheme.transitive_objects(wider, SKOS.broader) for wider in above - {concept})


def test_matches_are_topics_of_the_computer_science_ontology() -> None:
    scheme = turtle("categories.ttl")
    matched = {str(o) for match in MATCHES for o in scheme.objects(None, match)}
    assert matched == {CSO + label.replace(" ", "_") for label in TOPICS}
    assert set(scheme.predicates()) & MATCHES >= {SKOS.closeMatch}


def test_every_section_of_the_shipped_list_is_known_under_its_heading(graph: llmcomp.Graph) -> None:
    scheme = turtle("categories.ttl")
    sections = {(c.slug, c.name) for c in graph.categories()}
    known = {(str(n), str(scheme.value(c, SKOS.prefLabel))) for c, n in scheme.subject_objects(SKOS.notation)}
    assert known == sections


# --- what comes of them in a graph


def stated(*slugs: str) -> Graph:
    out = Statements()
    state_known(out, [CATEGORY + slug for slug in slugs])
    return Graph().parse(data=b"".join(out.encode()).decode(), format="nt")


def test_a_section_of_the_graph_says_what_is_known_of_it(graph: llmcomp.Graph) -> None:
    (row,) = graph.query(
        "SELECT ?definition ?wider ?topic WHERE { category:quantization skos:definition ?definition ;"
        " skos:broader [ skos:prefLabel ?wider ] ; skos:closeMatch ?topic }"
    )
    definition, *rest = row
    assert definition.startswith("Writing weights, activations or gradients of a model with fewer bits")
    assert rest == ["Model compression", f"{CSO}quantized_llms"]


def test_a_category_that_only_groups_others_is_no_section(graph: llmcomp.Graph) -> None:
    (row,) = graph.query(
        "SELECT (COUNT(?notation) AS ?n) (COUNT(?work) AS ?w) WHERE {"
        " OPTIONAL { category:model-compression skos:notation ?notation }"
        " OPTIONAL { ?work dcterms:subject category:model-compression } }"
    )
    assert tuple(row) == ("0", "0")
    assert "model-compression" not in {c.slug for c in graph.categories()}
    with pytest.raises(llmcomp.LlmcompError, match="no category 'model-compression'"):
        graph.works(llmcomp.Selection(categories=("model-compression",)))


def test_what_leads_to_categories_that_are_not_there_is_left_out() -> None:
    said = stated("quantization", "of-my-own")
    group = URIRef(CATEGORY + "model-compression")
    assert {s for s in said.subjects() if s != SCHEME} == {group, URIRef(CATEGORY + "quantization")}
    assert set(said.objects(group, SKOS.narrower)) == {URIRef(CATEGORY + "quantization")}
    assert set(said.objects(SCHEME, SKOS.hasTopConcept)) == {group}


def test_a_section_is_called_what_its_list_calls_it() -> None:
    said = stated("model-compression", "distillation")
    assert not {p for p in (SKOS.prefLabel, SKOS.notation) if (None, p, None) in said}
    assert said.value(URIRef(CATEGORY + "model-compression"), SKOS.definition)


def test_of_sections_that_are_not_known_nothing_is_stated() -> None:
    assert set(stated("of-my-own").subjects()) == {SCHEME}


def test_a_section_with_the_name_of_a_group_is_selected_and_shown(tmp_path) -> None:
    page = tmp_path / "list.md"
    row = "- A Paper of My Own List <br> ICML 2026 [[Paper]](https://arxiv.org/abs/2601.00001)"
    page.write_text(
        f"### MODEL COMPRESSION\n\n{row}\n\n### Quantization\n\n{row.replace('00001', '00002')} \n", "utf-8"
    )
    made = llmcomp.build_graph(tmp_path / "graph", [str(page)])
    graph = llmcomp.open_graph(made.path)
    assert [(c.slug, c.name, c.works) for c in graph.categories()] == [
        ("model-compression", "MODEL COMPRESSION", 1),
        ("quantization", "Quantization", 1),
    ]
    rows = graph.query("SELECT ?label WHERE { category:quantization skos:broader/skos:prefLabel ?label }")
    assert [tuple(row) for row in rows] == [("MODEL COMPRESSION",)]
