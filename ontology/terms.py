"""Every IRI that the package writes or asks for.

Own terms stand in ``ontology/llmcomp.ttl`` with label and definition; the others are the field's (SPAR,
DCMI, SKOS, PROV-O, VoID, FOAF, schema.org, PRISM, DataCite).
"""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/llmcomp/"
"""Where works, people, venues, categories and graphs have their IRIs."""
ONTOLOGY: Final = BASE + "ontology"

PREFIXES: Final[dict[str, str]] = {
    "": ONTOLOGY + "#",
    "work": BASE + "work/",
    "tool": BASE + "tool/",
    "person": BASE + "person/",
    "venue": BASE + "venue/",
    "category": BASE + "category/",
    "graph": BASE + "graph/",
    "c4o": "http://purl.org/spar/c4o/",
    "cito": "http://purl.org/spar/cito/",
    "datacite": "http://purl.org/spar/datacite/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "frbr": "http://purl.org/vocab/frbr/core#",
    "litre": "http://www.essepuntato.it/2010/06/literalreification/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "pro": "http://purl.org/spar/pro/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes that every query may use without declaring them."""


def _own(name: str) -> str:
    return PREFIXES[""] + name


def _term(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


# --- own classes
AUTHORSHIP: Final = _own("Authorship")
LIST_ENTRY: Final = _own("ListEntry")
UNREAD_ROW: Final = _own("UnreadRow")
LISTED_LINK: Final = _own("ListedLink")
READING_LIST: Final = _own("ReadingList")
VENUE_SERIES: Final = _own("VenueSeries")
FINDING: Final = _own("Finding")
REFERENCE_LIST: Final = _own("ReferenceList")
INQUIRY: Final = _own("Inquiry")

# --- own properties
AUTHOR_POSITION: Final = _own("authorPosition")
NAME_AS_PRINTED: Final = _own("nameAsPrinted")
TITLE_AS_PRINTED: Final = _own("titleAsPrinted")
VENUE_AS_PRINTED: Final = _own("venueAsPrinted")
FIRST_AUTHOR_AS_PRINTED: Final = _own("firstAuthorAsPrinted")
YEAR_AS_PRINTED: Final = _own("yearAsPrinted")
SOURCE_LINE: Final = _own("sourceLine")
TEXT_AS_PRINTED: Final = _own("textAsPrinted")
REASON: Final = _own("reason")
IN_SECTION: Final = _own("inSection")
HAS_LINK: Final = _own("hasLink")
LINK_POSITION: Final = _own("linkPosition")
NAMES_IDENTIFIER: Final = _own("namesIdentifier")
ADDRESS_AS_PRINTED: Final = _own("addressAsPrinted")
LABEL_AS_PRINTED: Final = _own("labelAsPrinted")
HAS_OFFICIAL_REPOSITORY: Final = _own("hasOfficialRepository")
PREFERRED_VERSION: Final = _own("preferredVersion")
CITATION_KEY: Final = _own("citationKey")
CONFIDENCE: Final = _own("confidence")
AUTHORS_TRUNCATED: Final = _own("authorsTruncated")
FIRST_POSTED: Final = _own("firstPosted")
VENUE_KIND: Final = _own("venueKind")
EVENT_NAME: Final = _own("eventName")
FINDING_KIND: Final = _own("findingKind")
COMPLETE: Final = _own("isComplete")
HAS_REFERENCE_LIST: Final = _own("hasReferenceList")
FORMER_KEY: Final = _own("formerKey")
ABOUT_WORK: Final = _own("aboutWork")
ASKED_AS: Final = _own("askedAs")
OUTCOME: Final = _own("outcome")
WITH_INTENTS: Final = _own("withIntents")
ANSWERED_WITH: Final = _own("answeredWith")
TITLE_ANSWERED: Final = _own("titleAnswered")
OPEN_ACCESS_ADDRESS: Final = _own("openAccessAddress")
IS_INFLUENTIAL: Final = _own("isInfluential")
INFLUENTIAL_CITATIONS: Final = _own("influentialCitationCount")
CITED_BY_LISTED: Final = _own("citedByListed")
CITED_BY_WORKS: Final = _own("citedByWorks")
PAGERANK: Final = _own("pageRank")
CORE_NUMBER: Final = _own("coreNumber")
CITATION_VELOCITY: Final = _own("citationVelocity")
COMMUNITY_NUMBER: Final = _own("communityNumber")
MODULARITY: Final = _own("modularity")
DIGEST: Final = _own("digest")

# --- others' classes
RESEARCH_PAPER: Final = _term("fabio:ResearchPaper")
CITED_WORK: Final = _term("fabio:Work")
PREPRINT: Final = _term("fabio:Preprint")
CONFERENCE_PAPER: Final = _term("fabio:ConferencePaper")
WORKSHOP_PAPER: Final = _term("fabio:WorkshopPaper")
JOURNAL_ARTICLE: Final = _term("fabio:JournalArticle")
PROCEEDINGS: Final = _term("fabio:ConferenceProceedings")
JOURNAL: Final = _term("fabio:Journal")
SOFTWARE: Final = _term("schema:SoftwareSourceCode")
CITATION: Final = _term("cito:Citation")
IDENTIFIER: Final = _term("datacite:Identifier")
CITATION_COUNT: Final = _term("c4o:GlobalCitationCount")
PERSON: Final = _term("foaf:Person")
AGENT: Final = _term("foaf:Agent")
CONCEPT: Final = _term("skos:Concept")
CONCEPT_SCHEME: Final = _term("skos:ConceptScheme")
PROV_ENTITY: Final = _term("prov:Entity")
PROV_ACTIVITY: Final = _term("prov:Activity")
VOID_DATASET: Final = _term("void:Dataset")

# --- others' properties
TYPE: Final = _term("rdf:type")
LABEL: Final = _term("rdfs:label")
SAME_AS: Final = _term("owl:sameAs")
TITLE: Final = _term("dcterms:title")
ALTERNATIVE: Final = _term("dcterms:alternative")
CREATOR: Final = _term("dcterms:creator")
SUBJECT: Final = _term("dcterms:subject")
DESCRIPTION: Final = _term("dcterms:description")
DC_SOURCE: Final = _term("dc:source")
DCT_DATE: Final = _term("dcterms:date")
DCT_LICENSE: Final = _term("dcterms:license")
DC_PUBLISHER: Final = _term("dc:publisher")
HAS_PART: Final = _term("dcterms:hasPart")
PUBLICATION_YEAR: Final = _term("fabio:hasPublicationYear")
ARXIV_ID: Final = _term("fabio:hasArXivId")
DOI: Final = _term("prism:doi")
VOLUME: Final = _term("prism:volume")
PAGES: Final = _term("prism:pageRange")
URL: Final = _term("fabio:hasURL")
SHORT_TITLE: Final = _term("fabio:hasShortTitle")
REALIZATION: Final = _term("frbr:realization")
PART_OF: Final = _term("frbr:partOf")
HAS_IDENTIFIER: Final = _term("datacite:hasIdentifier")
USES_SCHEME: Final = _term("datacite:usesIdentifierScheme")
LITERAL_VALUE: Final = _term("litre:hasLiteralValue")
HELD_BY: Final = _term("pro:isHeldBy")
WITH_ROLE: Final = _term("pro:withRole")
ROLE_AUTHOR: Final = _term("pro:author")
RELATES_TO_DOCUMENT: Final = _term("pro:relatesToDocument")
CITES: Final = _term("cito:cites")
CITING: Final = _term("cito:hasCitingEntity")
CITED: Final = _term("cito:hasCitedEntity")
CHARACTERIZATION: Final = _term("cito:hasCitationCharacterization")
HAS_CITATION_COUNT: Final = _term("c4o:hasGlobalCitationFrequency")
COUNT_VALUE: Final = _term("c4o:hasGlobalCountValue")
COUNT_DATE: Final = _term("c4o:hasGlobalCountDate")
COUNT_SOURCE: Final = _term("c4o:hasGlobalCountSource")
NAME: Final = _term("foaf:name")
GIVEN_NAME: Final = _term("foaf:givenName")
FAMILY_NAME: Final = _term("foaf:familyName")
POSITION: Final = _term("schema:position")
ITEM: Final = _term("schema:item")
AWARD: Final = _term("schema:award")
CODE_REPOSITORY: Final = _term("schema:codeRepository")
PREF_LABEL: Final = _term("skos:prefLabel")
BROADER: Final = _term("skos:broader")
NOTATION: Final = _term("skos:notation")
IN_SCHEME: Final = _term("skos:inScheme")
DERIVED_FROM: Final = _term("prov:wasDerivedFrom")
GENERATED_BY: Final = _term("prov:wasGeneratedBy")
USED: Final = _term("prov:used")
VOID_TRIPLES: Final = _term("void:triples")

# --- datatypes
XSD_INTEGER: Final = _term("xsd:integer")
XSD_DOUBLE: Final = _term("xsd:double")
XSD_YEAR: Final = _term("xsd:gYear")
XSD_YEAR_MONTH: Final = _term("xsd:gYearMonth")
XSD_DATE: Final = _term("xsd:date")
XSD_ANY_URI: Final = _term("xsd:anyURI")
XSD_BOOLEAN: Final = _term("xsd:boolean")

# --- graphs and schemes of our own
METADATA_GRAPH: Final = PREFIXES["graph"] + "metadata"
KEYS_GRAPH: Final = PREFIXES["graph"] + "keys"
ENRICHMENT_GRAPHS: Final = PREFIXES["graph"] + "semantic-scholar/"
MEASURES_GRAPHS: Final = PREFIXES["graph"] + "measures/"
RESOLVED_VIEW: Final = PREFIXES["graph"] + "resolved"
CATEGORY_SCHEME: Final = BASE + "categories"

IDENTIFIER_SCHEMES: Final[dict[str, str]] = {
    "arxiv": _term("datacite:arxiv"),
    "doi": _term("datacite:doi"),
    "dblp": _term("datacite:dblp-record"),
    "openreview": BASE + "scheme/openreview",
    "acl": BASE + "scheme/acl",
    "pmlr": BASE + "scheme/pmlr",
    "neurips": BASE + "scheme/neurips",
    "virtual": BASE + "scheme/virtual",
    "github": BASE + "scheme/github",
    "huggingface": BASE + "scheme/huggingface",
    "semanticscholar": BASE + "scheme/semanticscholar",
    "semanticscholar-author": BASE + "scheme/semanticscholar-author",
}
"""The IRI of each identifier scheme; DataCite names three of them."""

INTENTS: Final[dict[str, str]] = {
    "methodology": _term("cito:usesMethodIn"),
    "background": _term("cito:obtainsBackgroundFrom"),
    "result": _term("cito:usesConclusionsFrom"),
}
"""CiTO's name of each intent that Semantic Scholar tells of a citation, as OpenCitations maps them."""
