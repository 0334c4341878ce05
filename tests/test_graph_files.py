"""``llmcomp export`` and ``llmcomp import``: a graph as files of RDF, and the same graph from them."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
import servers
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Dataset
from rdflib import Graph as RdfGraph
from rdflib.compare import isomorphic

import llmcomp
from llmcomp.cli import main
from llmcomp.kg import build, store
from llmcomp.kg.build import Built
from llmcomp.kg.dump import DUMPS, export_graph, source_name
from llmcomp.kg.errors import Ambiguous, GraphLocked, LlmcompError, OutsideError, UnknownName, UsageError
from llmcomp.kg.jsonld import context, context_document, document
from llmcomp.kg.kept import Kept, kept_keys
from llmcomp.kg.loaded import Loaded, import_graph, lost_keys
from llmcomp.kg.push import push
from llmcomp.ontology import terms
from llmcomp.ontology.terms import KEYS_GRAPH, METADATA_GRAPH, PREFIXES, RESOLVED_VIEW

# rdflib itself uses what it deprecates to read JSON-LD
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated"),
    pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated"),
]

PARSED = {
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "turtle": ox.RdfFormat.TURTLE,
}
WHOLE = [name for name, dump in DUMPS.items() if dump.several]
DAY = f"{PREFIXES['graph']}semantic-scholar/2026-11-24"


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process on the graph in a folder, or at an address."""

    def _run(*args: str, graph: Path | str, stdin: bytes = b"") -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(list(args))
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode(), err.decode())

    return _run


def exported(folder: Path, format: str, source: str | None = None, *, name_view: bool = False) -> bytes:
    return b"".join(export_graph(llmcomp.Graph(folder), format, source, name_view=name_view))


def quads(folder: Path) -> set[ox.Quad]:
    return set(store.open_readonly(folder))


def imported(folder: Path, *files: Path, **options: Any) -> Loaded:
    return import_graph(folder, [str(file) for file in files], version="test", **options)


@pytest.fixture(scope="module")
def files(enriched: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The enriched graph in each format."""
    folder = tmp_path_factory.mktemp("exported")
    found = {name: folder / f"graph{dump.endings[0]}" for name, dump in DUMPS.items()}
    for name, file in found.items():
        file.write_bytes(exported(enriched, name))
    return found


# -- what is written


@pytest.mark.parametrize("format", WHOLE)
def test_the_whole_graph_is_written(enriched: Path, files: dict[str, Path], format: str) -> None:
    assert set(ox.parse(files[format].read_bytes(), format=PARSED[format])) == quads(enriched)


@pytest.mark.parametrize("format", WHOLE)
def test_rdflib_reads_the_whole_graph(enriched: Path, files: dict[str, Path], format: str) -> None:
    read, named = Dataset(), {"jsonld": "json-ld"}
    read.parse(files[format], format=named.get(format, format))
    back = ox.parse(read.serialize(format="nquads").encode(), format=ox.RdfFormat.N_QUADS)
    assert set(back) == quads(enriched)


def test_turtle_holds_the_view(enriched: Path, files: dict[str, Path]) -> None:
    read, view = RdfGraph(), RdfGraph()
    read.parse(files["turtle"], format="turtle")
    view.parse(data=llmcomp.Graph(enriched).query("CONSTRUCT WHERE { ?s ?p ?o }").write("ntriples"), format="nt")
    assert isomorphic(read, view)
    prefixes = [line for line in files["turtle"].read_text("utf-8").splitlines() if line.startswith("@prefix ")]
    assert prefixes == [f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items()]


def test_json_ld_of_the_shipped_graph_is_that_graph(built: Built) -> None:
    data = exported(built.path, "jsonld")
    assert set(ox.parse(data, format=ox.RdfFormat.JSON_LD)) == quads(built.path)


@pytest.mark.parametrize("format", DUMPS)
def test_equal_graphs_give_equal_bytes(enriched: Path, files: dict[str, Path], tmp_path: Path, format: str) -> None:
    again = ox.Store(str(tmp_path / "store"))
    for quad in sorted(quads(enriched), key=str):  # one by one, in another order
        again.add(quad)
    again.flush()
    assert b"".join(export_graph(llmcomp.Graph(enriched, again), format)) == files[format].read_bytes()


def test_one_source_is_written_alone(enriched: Path) -> None:
    graph = llmcomp.Graph(enriched)
    for source, name in (("keys", KEYS_GRAPH), ("metadata", METADATA_GRAPH), (DAY, DAY), (f"graph:{DAY[31:]}", DAY)):
        said = set(graph.store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
        assert said
        for format in WHOLE:
            assert set(ox.parse(exported(enriched, format, source), format=PARSED[format])) == said
        triples = {q.triple for q in ox.parse(exported(enriched, "turtle", source), format=PARSED["turtle"])}
        assert triples == {quad.triple for quad in said}


def test_the_view_can_be_given_a_name(enriched: Path, tmp_path: Path) -> None:
    named = ox.NamedNode(RESOLVED_VIEW)
    for format in WHOLE:
        data = exported(enriched, format, name_view=True)
        read = set(ox.parse(data, format=PARSED[format]))
        assert not any(quad.graph_name == ox.DefaultGraph() for quad in read)
        view = {quad.triple for quad in read if quad.graph_name == named}
        assert view == {quad.triple for quad in quads(enriched) if quad.graph_name == ox.DefaultGraph()}
        file = tmp_path / f"named{DUMPS[format].endings[0]}"
        file.write_bytes(data)
        imported(tmp_path / format, file)
        assert quads(tmp_path / format) == quads(enriched)


def test_a_file_says_what_it_is_and_under_which_licence(files: dict[str, Path], enriched: Path) -> None:
    for format in ("trig", "nquads"):
        lines = files[format].read_text("utf-8").splitlines()
        assert lines[0] == "# llmcomp graph, format 1"
        assert (
            f"# <{DAY}>: Semantic Scholar, https://www.semanticscholar.org/, 2026-11-24, licence: "
            "https://opendatacommons.org/licenses/by/1-0/"
        ) in lines
        assert lines[-1] == f"# end of {len(quads(enriched))} statements"
    assert json.loads(files["jsonld"].read_bytes())["@context"]["format"] == "https://w3id.org/llmcomp/format/1"


def test_a_source_is_named_by_a_beginning() -> None:
    known = [DAY, f"{DAY[:-2]}25", KEYS_GRAPH]
    assert source_name(known, "resolved") == ""
    assert source_name(known, "graph:keys") == KEYS_GRAPH
    assert source_name(known, f"<{DAY}>") == DAY
    with pytest.raises(Ambiguous) as error:
        source_name(known, "semantic")
    assert str(error.value) == (
        "'semantic' fits 2 sources: semantic-scholar/2026-11-24, semantic-scholar/2026-11-25. Write more of one."
    )
    with pytest.raises(UnknownName, match=r"no source 'kets'\. Did you mean keys\? Known: all, keys, resolved, "):
        source_name(known, "kets")
    with pytest.raises(UnknownName, match="the source was given empty"):
        source_name(known, "")


# -- short names


def test_every_term_of_a_graph_has_a_short_name(built: Built, enriched: Path) -> None:
    known = context().terms
    for folder in (built.path, enriched):
        graph = llmcomp.Graph(folder)
        for query in (
            "SELECT DISTINCT ?p { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
            "SELECT DISTINCT ?c { { ?s a ?c } UNION { GRAPH ?g { ?s a ?c } } }",
        ):
            used = {iri for (iri,) in graph.query(query)} - {terms.TYPE}
            assert used - set(known) == set()


def test_a_short_name_is_the_end_of_the_iri() -> None:
    assert all(iri.endswith((f"#{name}", f"/{name}")) for iri, name in context().terms.items())
    prefixes = {"llmcomp" if name == "" else name: iri for name, iri in PREFIXES.items()}
    assert {name: iri for iri, name in context().prefixes.items()} == prefixes


def test_short_names_stay() -> None:
    """A name that was published once means the same for ever; new ones may be added to this list."""
    names = [name for name in context_document()["@context"] if name not in context().prefixes.values()]
    assert " ".join(names) == (
        "id type Activity Agent Authorship Citation Concept ConceptScheme ConferencePaper ConferenceProceedings "
        "Dataset Entity Finding GlobalCitationCount Identifier Inquiry Journal JournalArticle ListedLink ListEntry "
        "Person Preprint ReadingList ReferenceList ResearchPaper SoftwareSourceCode UnreadRow VenueSeries Work "
        "WorkshopPaper aboutWork addressAsPrinted alternative altLabel answeredWith askedAs authorPosition "
        "authorsTruncated award broader broadMatch citationKey cites closeMatch codeRepository confidence creator "
        "date definition description doi eventName exactMatch familyName findingKind firstAuthorAsPrinted "
        "firstPosted formerKey givenName hasArXivId hasCitationCharacterization hasCitedEntity hasCitingEntity "
        "hasGlobalCitationFrequency hasGlobalCountDate hasGlobalCountSource hasGlobalCountValue hasIdentifier "
        "hasLink hasLiteralValue hasOfficialRepository hasPart hasPublicationYear hasReferenceList hasShortTitle "
        "hasTopConcept hasURL influentialCitationCount inScheme inSection isComplete isHeldBy isInfluential item "
        "label labelAsPrinted license linkPosition name nameAsPrinted namesIdentifier narrower narrowMatch "
        "notation openAccessAddress outcome pageRange partOf position preferredVersion prefLabel publisher "
        "realization reason relatedMatch relatesToDocument sameAs source sourceLine subject textAsPrinted title "
        "titleAnswered titleAsPrinted topConceptOf triples used usesIdentifierScheme venueAsPrinted venueKind "
        "volume wasDerivedFrom wasGeneratedBy withIntents withRole yearAsPrinted"
    )


def test_json_ld_is_short(enriched: Path) -> None:
    nodes = json.loads(exported(enriched, "jsonld"))["@graph"]
    (found,) = (node for node in nodes if node["id"] == "work:arxiv:2208.07339")
    assert found == found | {
        "type": "ResearchPaper",
        "title": "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale",
        "hasArXivId": "2208.07339",
        "firstPosted": "2022-08",
        "subject": "category:quantization",
        "preferredVersion": "https://w3id.org/llmcomp/version/arxiv:2208.07339/published",
    }
    (authorship,) = (node for node in nodes if node["id"].endswith("authorship/arxiv:2208.07339/1"))
    assert authorship["authorPosition"] == 1
    (lists,) = (node for node in nodes if node["id"].endswith("references/arxiv:2311.00502"))
    assert lists["isComplete"] is True


ENDS = ("x", "a:b/c", "//x", "")
IRIS = st.sampled_from([*(f"{iri}{end}" for iri in PREFIXES.values() for end in ENDS), "urn:x", "http://x/#"])
TYPES = [f"{PREFIXES['xsd']}{name}" for name in "integer boolean gYear gYearMonth date anyURI decimal double".split()]
FORMS = ["1", "-5", "007", "1.5", "true", "2020", "2020-01", "99999999999999999999", "x", "-0", ""]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
LITERALS = (
    st.builds(ox.Literal, TEXTS)
    | st.builds(lambda form, iri: ox.Literal(form, datatype=ox.NamedNode(iri)), *map(st.sampled_from, (FORMS, TYPES)))
    | st.sampled_from([ox.Literal("x", language="en"), ox.Literal("x", language="de-at")])
)
PROPERTIES = st.sampled_from(sorted(context().terms)) | IRIS
NODES = st.builds(ox.NamedNode, IRIS)
QUADS = st.builds(ox.Quad, NODES, st.builds(ox.NamedNode, PROPERTIES), NODES | LITERALS)


@given(st.lists(QUADS, max_size=8))
def test_whatever_is_said_is_read_back(said: list[ox.Quad]) -> None:
    ordered = sorted(said, key=lambda quad: quad.subject.value)  # type: ignore[union-attr]
    named = [ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(KEYS_GRAPH)) for q in ordered]
    written = "".join(document([(KEYS_GRAPH, named), ("", ordered)], {}))
    assert set(ox.parse(written, format=ox.RdfFormat.JSON_LD)) == {*named, *ordered}


# -- what is read back


@pytest.mark.parametrize("format", WHOLE)
def test_an_export_is_read_back_to_the_same_graph(
    enriched: Path, files: dict[str, Path], tmp_path: Path, format: str
) -> None:
    loaded = imported(tmp_path / "copy", files[format])
    assert quads(tmp_path / "copy") == quads(enriched)
    assert exported(tmp_path / "copy", format) == files[format].read_bytes()
    keys = len(llmcomp.Graph(enriched).pairs("work-keys"))
    assert loaded == Loaded(tmp_path / "copy", 7, len(quads(enriched)), works=4, tools=0, keys=keys)
    assert llmcomp.Graph(tmp_path / "copy").bibliography() == llmcomp.Graph(enriched).bibliography()


def test_an_imported_graph_can_be_built_on(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "shipped_papers", tuple)
    monkeypatch.setattr(build, "shipped_references", tuple)
    imported(tmp_path / "copy", files["trig"])
    before = kept_keys(llmcomp.Graph(tmp_path / "copy"))
    with store.building(tmp_path / "copy"):
        build.rebuild(tmp_path / "copy", version="test")
    after = kept_keys(llmcomp.Graph(tmp_path / "copy"))
    assert set(before.keys.values()) <= {*after.keys.values(), *(key for _, key in after.former)}


def test_files_of_single_sources_make_one_graph(enriched: Path, tmp_path: Path) -> None:
    names = [
        "resolved",
        *(name for (name,) in llmcomp.Graph(enriched).query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")),
    ]
    parts: list[Path] = []
    for number, name in enumerate(names):
        format = WHOLE[number % len(WHOLE)]
        parts.append(tmp_path / f"{number}{DUMPS[format].endings[0]}")
        parts[-1].write_bytes(exported(enriched, format, name))
    imported(tmp_path / "copy", *parts)
    assert quads(tmp_path / "copy") == quads(enriched)
    with pytest.raises(OutsideError, match=r" is no whole graph of llmcomp: it has no "):
        imported(tmp_path / "part", *parts[1:])


def test_what_rdflib_wrote_is_read(enriched: Path, files: dict[str, Path], tmp_path: Path) -> None:
    read = Dataset()
    read.parse(files["nquads"], format="nquads")
    read.serialize(tmp_path / "theirs.trig", format="trig")
    imported(tmp_path / "copy", tmp_path / "theirs.trig")
    assert quads(tmp_path / "copy") == quads(enriched)


def broken(folder: Path, *parts: Path, **options: Any) -> str:
    """Return why files cannot be imported; nothing is there then."""
    with pytest.raises(LlmcompError) as error:
        imported(folder / "graph", *parts, **options)
    left = [path.name for path in (folder / "graph").glob("*") if path.name != "lock"]
    assert left == []
    return f"{type(error.value).__name__}: {error.value}"


def test_files_that_are_no_whole_graph_are_refused(enriched: Path, tmp_path: Path) -> None:
    whole = [(str(getattr(quad.graph_name, "value", "")), f"{quad} .\n") for quad in quads(enriched)]
    file = tmp_path / "x.nq"
    advice = "Name an export of a whole graph, as 'llmcomp export' writes it; nothing was changed."
    without = f"OutsideError: {file} is no whole graph of llmcomp: it has no"

    def refused(missing: str | None = None, more: str = "") -> str:
        """Return why a graph is refused that lacks one graph, or has one line more."""
        file.write_text("".join(line for name, line in whole if name != missing) + more, "utf-8")
        return broken(tmp_path, file)

    assert refused(METADATA_GRAPH) == f"{without} graph of metadata. {advice}"
    assert refused("") == f"{without} resolved view. {advice}"
    assert refused(KEYS_GRAPH) == f"{without} graph of citation keys. {advice}"
    assert refused(DAY) == f"{without} graph <{DAY}>, of which its metadata tell. {advice}"
    other = f"{PREFIXES['graph']}semantic-scholar/2027-01-01"
    told = refused(more=f"<urn:a> <urn:b> <urn:c> <{other}> .\n")
    assert told == f"{without} word in its metadata of <{other}>. {advice}"
    told = refused(more="<urn:a> <urn:b> <urn:c> <urn:g> .\n")
    assert told == f"OutsideError: {file} is no graph of llmcomp: <urn:g> is none of its graphs. {advice}"
    told = refused(more="_:a <urn:b> <urn:c> .\n")
    assert told.startswith(f"OutsideError: {file} is no graph of llmcomp, which has no blank nodes: ")
    file.write_bytes(b"")
    assert broken(tmp_path, file) == f"{without} graph of metadata. {advice}"


def test_a_file_that_is_cut_off_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    for format in WHOLE:
        data = files[format].read_bytes()
        file = tmp_path / files[format].name
        for end in (len(data) // 3, len(data) - 40, data.rfind(b"\n", 0, len(data) // 2) + 1):
            file.write_bytes(data[:end])
            told = broken(tmp_path, file)
            assert f"no {format} (" in told or " is cut off: its end is missing. Copy it again" in told


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("x.nq", b"<urn:a> <urn:b> <urn:c> .\n<urn:a> b <urn:c> .\n", "line 2: no nquads ("),
        ("x.trig", b"\n\n<urn:g> { <urn:a> <urn:b> }", "line 3: no trig ("),
        ("x.jsonld", b'{"@graph": [\n{"@id": }]}', "line 2: no jsonld ("),
        ("x.trig", b"\xff\xfe\x00", "line 1: no trig ("),
        ("x.jsonld", b"<html>", "line 1: no jsonld ("),
    ],
)
def test_a_syntax_error_is_told_with_its_line(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    said = broken(tmp_path, tmp_path / name)
    assert said.startswith(f"OutsideError: {tmp_path / name}, {told}")
    assert said.endswith("). Nothing was changed.")


@pytest.mark.parametrize("format", WHOLE)
def test_another_format_of_the_graph_is_refused(files: dict[str, Path], tmp_path: Path, format: str) -> None:
    data = files[format].read_bytes()
    file = tmp_path / files[format].name
    file.write_bytes(data.replace(b"graph, format 1", b"graph, format 7").replace(b"/format/1", b"/format/7"))
    assert broken(tmp_path, file) == (
        f"OutsideError: {file} holds a graph of format 7, this llmcomp reads 1. Use the llmcomp that wrote it, or take "
        "its lists, answers and keys over with 'llmcomp snapshot'."
    )


def test_files_that_cannot_be_read_are_told(files: dict[str, Path], tmp_path: Path) -> None:
    known = "trig, nquads, jsonld"
    assert broken(tmp_path, files["turtle"]) == (
        f"UsageError: {files['turtle']} is turtle, which holds one graph without its name. Import one of: {known}."
    )
    assert broken(tmp_path, Path("graph")) == (
        f"UsageError: nothing tells in which format graph is. Name it with --format: {known}."
    )
    assert broken(tmp_path, tmp_path / "none.nq").startswith(f"OutsideError: {tmp_path / 'none.nq'}: no such file. ")
    assert broken(tmp_path, tmp_path, format="trig").startswith(f"OutsideError: {tmp_path}: a folder. ")
    assert broken(tmp_path, Path("a\0b.nq")).startswith("OutsideError: a\0b.nq: cannot be read: ")


# -- a graph that is there


def test_a_graph_that_is_there_stays(enriched: Path, files: dict[str, Path], tmp_path: Path) -> None:
    folder = shutil.copytree(enriched, tmp_path / "graph")
    with pytest.raises(UsageError) as error:
        imported(folder, files["trig"])
    assert str(error.value) == (
        f"there is a graph in {folder}. Name another folder with --graph; or --replace puts this one in its place. To "
        "bring answers and keys into the graph that is there, see 'llmcomp snapshot import'."
    )
    assert imported(folder, files["trig"], replace=True).dropped_keys == ()
    assert quads(folder) == quads(enriched)


def test_keys_are_not_lost_unasked(
    enriched: Path, files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "shipped_papers", tuple)
    monkeypatch.setattr(build, "shipped_references", tuple)
    rows = tmp_path / "list.md"
    rows.write_text("## Quantization\n- GPTQ of Our Own <br> ICLR 2023 [[Paper]](https://arxiv.org/abs/2399.17323)\n")
    llmcomp.build_graph(tmp_path / "graph", [str(rows)])
    before = quads(tmp_path / "graph")
    with pytest.raises(UsageError) as error:
        imported(tmp_path / "graph", files["nquads"], replace=True)
    assert str(error.value) == (
        f"1 citation key of the graph in {tmp_path / 'graph'} would mean nothing any more, or another work: gptqown. "
        "'llmcomp keys export' keeps them in a file; --drop-keys drops them."
    )
    assert quads(tmp_path / "graph") == before
    loaded = imported(tmp_path / "graph", files["nquads"], replace=True, drop_keys=True)
    assert loaded.dropped_keys == ("gptqown",)
    assert quads(tmp_path / "graph") == quads(enriched)


def test_a_key_is_lost_that_means_nothing_or_another_work() -> None:
    old = Kept({"w:1": "a", "w:2": "b", "w:3": "c"}, {"w:2b": "w:2"}, frozenset({("w:1", "z")}))
    assert lost_keys(old, old) == ()
    assert lost_keys(old, Kept()) == ("a", "b", "c", "z")
    assert lost_keys(old, Kept({"w:1": "c", "w:2b": "b", "w:3": "a"}, {"w:1x": "w:1"})) == ("a", "c", "z")
    assert lost_keys(old, Kept({"w:9": "a", "w:2": "b", "w:3": "c"}, {"w:1": "w:9"}, frozenset({("w:9", "z")}))) == ()


def test_an_import_waits_for_nobody(files: dict[str, Path], tmp_path: Path) -> None:
    with store.building(tmp_path / "graph"), pytest.raises(GraphLocked):
        imported(tmp_path / "graph", files["trig"])


def test_a_damaged_graph_can_be_replaced(enriched: Path, files: dict[str, Path], tmp_path: Path) -> None:
    folder = shutil.copytree(enriched, tmp_path / "graph")
    (folder / "current").write_text("nonsense")
    with pytest.raises(OutsideError, match="is damaged"):
        imported(folder, files["trig"])
    imported(folder, files["trig"], replace=True)
    assert quads(folder) == quads(enriched)


# -- the commands


def test_export_guesses_the_format(enriched: Path, files: dict[str, Path], tmp_path: Path, run: Run) -> None:
    named = "whoever passes it on names the source: Semantic Scholar (https://www.semanticscholar.org/), ODC-BY 1.0\n"
    for file in files.values():
        target = tmp_path / file.name
        assert run("export", "-o", str(target), graph=enriched) == (0, "", named)
        assert target.read_bytes() == file.read_bytes()
    assert run("export", graph=enriched) == (0, files["trig"].read_text("utf-8"), named)
    assert run("export", "--source", "keys", "--format", "turtle", graph=enriched).err == ""


def test_export_says_what_cannot_be(enriched: Path, run: Run) -> None:
    assert run("export", "--format", "turtle", "--source", "all", graph=enriched) == (
        2,
        "",
        "Error: turtle holds one graph. Name one with --source, or a format that holds all: trig, nquads, jsonld.\n",
    )
    said = run("export", "--source", "lists", graph=enriched)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Error: no source 'lists'.")


def test_import_says_what_it_made(enriched: Path, files: dict[str, Path], tmp_path: Path, run: Run) -> None:
    folder, data = tmp_path / "copy", files["nquads"].read_bytes()
    keys, size = len(llmcomp.Graph(enriched).pairs("work-keys")), len(quads(enriched))
    told = f"imported 4 works, {keys} citation keys, {size} statements in 7 graphs into {folder}\n"
    assert run("import", "-", "--format", "nquads", graph=folder, stdin=data) == (0, "", told)
    said = run("import", str(files["trig"]), "--replace", "--json", "-q", graph=folder)
    assert json.loads(said.out) == {
        "path": str(folder),
        "graphs": 7,
        "statements": size,
        "works": 4,
        "tools": 0,
        "keys": keys,
    }
    assert run("import", graph=folder).code == 2


# -- a graph on a server


@pytest.mark.servers
def test_a_graph_on_a_server_is_exported_as_the_one_in_a_folder(
    enriched: Path, files: dict[str, Path], tmp_path: Path, run: Run
) -> None:
    folder = shutil.copytree(enriched, tmp_path / "graph")
    with servers.oxigraph(tmp_path / "store") as server:
        push(folder, server.store)
        assert run("export", "-q", graph=server.query).out == files["trig"].read_text("utf-8")
        assert (
            run("export", "-q", "--source", "keys", graph=server.query).out
            == exported(enriched, "trig", "keys").decode()
        )
