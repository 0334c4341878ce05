"""``llmcomp query``: parameters, formats, limits, errors, and the prompt on a terminal."""

from __future__ import annotations

import io
import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pyoxigraph
import pytest
import rdflib
from serving import served

import llmcomp
from llmcomp.cli import main
from llmcomp.kg.build import Built
from llmcomp.kg.errors import UsageError
from llmcomp.kg.sparql import misplaced
from llmcomp.kg.syntax import DEEPEST, MOST_PARTS, refuse_too_deep
from llmcomp.ontology.named import query_names, query_text, question_names
from llmcomp.ontology.terms import KEYS_GRAPH, PREFIXES, RESOLVED_VIEW


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``llmcomp query`` in this process, on the shipped graph or on another with ``graph=``."""

    def _run(*args: str, graph: Path | str | None = None, stdin: bytes = b"") -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(graph or built.path))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capfdbinary.readouterr()
        code = main.run(["query", *args])
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode("utf-8"), err.decode("utf-8"))

    return _run


TITLES = "SELECT ?work ?title { ?work a fabio:ResearchPaper ; dcterms:title ?title } ORDER BY ?title ?work"
TRIPLES = "CONSTRUCT { ?work dcterms:title ?title } WHERE { ?work a fabio:ResearchPaper ; dcterms:title ?title }"
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


# -- parameters


def test_a_question_is_asked_of_another_category(run: Run) -> None:
    pruning = run("works-of-category", "--set", "category=pruning", "--format", "csv")
    assert pruning.code == 0
    assert pruning.out != run("works-of-category", "--format", "csv").out
    assert "frantar2023sparsegpt," in pruning.out


def test_a_variable_of_ones_own_query_is_set(run: Run) -> None:
    query = "SELECT ?year (COUNT(*) AS ?n) { ?w a fabio:ResearchPaper ; fabio:hasPublicationYear ?year } GROUP BY ?year"
    assert run(query, "--set", 'year="2024"^^xsd:gYear').out.splitlines()[1].split()[0] == "2024"
    assert (
        run(f"# Works.\n# ?year: year\n{query}", "--set", "year=2024").out
        == run(query, "--set", '?year="2024"^^xsd:gYear').out
    )
    assert run(query, "--set", "year=2024").code == 1  # a number is no year


def test_a_value_may_hold_an_equals_sign_and_a_setting_without_one_is_none(run: Run) -> None:
    assert run("SELECT ?x { }", "--set", "x=a=b").out == "?x\na=b\n"
    told = "is no NAME=VALUE. Write --set category=quantization.\n"
    assert run("ASK {}", "--set", "x") == (2, "", f"Error: --set 'x' {told}")
    assert run("ASK {}", "--set", "=x") == (2, "", f"Error: --set '=x' {told}")


def test_a_name_given_twice_means_either(run: Run) -> None:
    both = run("works-of-year", "--set", "year=2021", "--set", "year=2022", "--format", "csv").out.splitlines()[1:]
    one = [run("works-of-year", "--set", f"year={y}", "--format", "csv").out.splitlines()[1:] for y in (2021, 2022)]
    assert sorted(both) == sorted(one[0] + one[1]) != []


def test_a_server_answers_a_question_with_parameters_as_the_store_does(run: Run, enriched: Path) -> None:
    with served(enriched, no_proxy="127.0.0.1") as server:
        os.environ["no_proxy"] = "127.0.0.1"
        for args in (
            ("works-of-category", "--set", "category=quant"),
            ("citing-works", "--set", "cited=LLM.int8()"),
            ("works-of-author", "--set", "author=Dettmers"),
            ("ASK { ?x dcterms:title ?t }", "--set", "t=nothing"),
            ("reading-order", "--format", "bibtex"),
            ("SELECT ?x { ?x a ?y",),
        ):
            assert run(*args, graph=f"{server.url}/sparql") == run(*args, graph=enriched)


# -- formats


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own use of what it gives up
@pytest.mark.parametrize(
    ("format_", "theirs"), [("turtle", "turtle"), ("trig", "trig"), ("jsonld", "json-ld"), ("ntriples", "nt")]
)
def test_triples_are_written_as_rdflib_reads_them(run: Run, graph: llmcomp.Graph, format_: str, theirs: str) -> None:
    said = run(TRIPLES, "--format", format_)
    read = rdflib.Dataset().parse(data=said.out, format=theirs)
    assert (said.code, len(read)) == (0, len(list(graph.query(TITLES))))


@pytest.mark.parametrize("format_", ["trig", "jsonld"])
def test_no_triples_end_with_1(run: Run, format_: str) -> None:
    said = run("CONSTRUCT { ?s a ?s } { ?s dcterms:title 1 }", "--format", format_)
    assert (said.code, said.err) == (1, "Error: the query has no answer in this graph.\n")


def test_a_query_that_binds_work_gives_a_bibliography(run: Run, graph: llmcomp.Graph) -> None:
    said = run("works-of-category", "--set", "category=survey", "--format", "bibtex")
    papers = {work.key for work in graph.works(llmcomp.Selection(("survey",))) if work.authors}
    assert set(re.findall(r"^@\w+\{(.+),$", said.out, re.MULTILINE)) == papers
    assert said.out == graph.bibliography(keys=sorted(papers))


def test_a_bibliography_needs_works(run: Run) -> None:
    said = run("SELECT ?key { graph graph:keys { ?w :citationKey ?key } }", "--format", "bibtex")
    assert said == (
        2,
        "",
        "Error: bibtex is of works, and this query binds no ?work. Write SELECT ?work WHERE { ... }.\n",
    )
    assert run("ASK {}", "--format", "bibtex").code == 2
    said = run("SELECT ?work { VALUES ?work { <a:b> 'c' UNDEF } }", "--format", "bibtex")
    assert said == (1, "", "Error: the query has no answer in this graph.\n")


def test_a_format_that_does_not_fit_is_told(run: Run) -> None:
    made = "Error: this query makes a table, which 'trig' cannot hold. Use csv, tsv, json or xml.\n"
    assert run("ASK {}", "--format", "trig") == (2, "", made)
    made = "Error: this query makes triples, which 'csv' cannot hold. Use turtle, trig, jsonld, ntriples or rdfxml.\n"
    assert run(TRIPLES, "--format", "csv") == (2, "", made)


# -- limit, timeout, explain, show


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json", "xml"])
def test_a_limit_cuts_rows_and_says_so(run: Run, graph: llmcomp.Graph, format_: str) -> None:
    number = len(list(graph.query(TITLES)))
    whole = run(TITLES, "--format", format_)
    assert run(TITLES, "--format", format_, "--limit", str(number)) == whole
    cut = run(TITLES, "--format", format_, "--limit", "2")
    assert (cut.code, cut.err) == (0, "cut at 2; there are more. Leave --limit out for all.\n")
    first_two = TITLES + " LIMIT 2"
    assert cut.out == run(first_two, "--format", format_).out
    assert run(TITLES, "--format", format_, "--limit", "2", "-q").err == ""


def test_a_limit_keeps_every_kind_of_term(run: Run) -> None:
    query = (
        "SELECT * { VALUES (?a ?b ?c ?d ?e) { (<a:b> 'x\\n\"y\"' 'é'@fr '1'^^<a:t> UNDEF) (1 true 1.5 '' '\\u0000') } }"
    )
    for format_ in ("csv", "tsv", "json", "xml"):
        assert run(query, "--format", format_, "--limit", "5") == run(query, "--format", format_)
    assert (
        json.loads(run("SELECT (BNODE() AS ?x) {}", "--json", "--limit", "1").out)["results"]["bindings"][0]["x"][
            "type"
        ]
        == "bnode"
    )


def test_a_limit_cuts_triples_and_leaves_yes_and_no_alone(run: Run) -> None:
    said = run(TRIPLES, "--format", "ntriples", "--limit", "3")
    assert (said.out.count("\n"), said.err) == (3, "cut at 3; there are more. Leave --limit out for all.\n")
    assert run("ASK {}", "--limit", "1") == (0, "answer\ntrue\n", "")
    assert run("ASK {}", "--limit", "0").code == 2


def test_a_timeout_ends_the_query_and_the_command(built: Built) -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "llmcomp.cli", "query", PRODUCT, "--timeout", "0.5"],
        env={**os.environ, "LLMCOMP_GRAPH": str(built.path)},
        capture_output=True,
        timeout=60,
    )
    assert time.monotonic() - began < 30
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.decode() == (
        "Error: the query gave no answer in 0.5 seconds and was ended. Ask for less, or give it more time with "
        "--timeout; --explain says how much it joins.\n"
    )


def test_a_timeout_that_is_not_reached_changes_nothing(run: Run) -> None:
    assert run("categories", "--timeout", "60") == run("categories")
    assert run("categories", "--timeout", "0").code == 2


def test_explain_tells_what_is_asked_of_which_graphs(run: Run) -> None:
    plain = run("works-of-category", "--format", "csv")
    said = run("works-of-category", "--format", "csv", "--explain", "--set", "category=quantization")
    assert (said.code, said.out) == (0, plain.out)
    lines = said.err.splitlines()
    assert lines[0] == "PREFIX : <https://w3id.org/llmcomp/ontology#>"
    assert "  VALUES ?category { <https://w3id.org/llmcomp/category/quantization> }" in lines
    assert "reads the default graph, <https://w3id.org/llmcomp/graph/resolved>" in lines
    assert "reads <https://w3id.org/llmcomp/graph/keys>" in lines
    assert re.search(r"^joins \d+ statements of :citationKey$", said.err, re.MULTILINE)
    rows = len(plain.out.splitlines()) - 1
    assert re.fullmatch(rf"{rows} results in \d+\.\d\d seconds", lines[-1])
    asked = "\n".join(lines[: next(n for n, line in enumerate(lines) if line.startswith("reads "))])
    assert run(asked, "--format", "csv").out == plain.out


@pytest.mark.parametrize(
    ("query", "graphs"),
    [
        ("SELECT * { GRAPH ?g { ?s ?p 7 } }", ["each named graph, as ?g"]),
        ("SELECT * FROM <a:b> { ?s ?p 7 }", ["<a:b>"]),
        ("SELECT * FROM NAMED graph:keys { GRAPH ?g { ?s ?p 7 } }", [f"<{KEYS_GRAPH}>", "each named graph, as ?g"]),
        (
            "PREFIX g: <a:> SELECT * { GRAPH g:b { ?s ?p 7 } ?s a 7 }",
            [f"the default graph, <{RESOLVED_VIEW}>", "<a:b>"],
        ),
        ("ASK {}", []),
    ],
)
def test_explain_names_the_graphs(run: Run, query: str, graphs: list[str]) -> None:
    told = run(query, "--explain").err.splitlines()
    assert [line.removeprefix("reads ") for line in told if line.startswith("reads ")] == graphs


def test_the_text_of_a_query_is_shown_and_not_asked(run: Run) -> None:
    assert run("citing-works", "--show") == (0, query_text("citing-works"), "")
    said = run("citing-works", "--show", "--set", "cited=AWQ")
    assert said.out == query_text("citing-works").replace("2210.17323", "2306.00978")
    assert run("nothing-such", "--show").code == 2


def test_the_list_tells_questions_from_what_the_commands_read(run: Run) -> None:
    told = json.loads(run("--list", "--json").out)
    assert [q["name"] for q in told if q.get("topic")] == list(question_names())
    assert {q["name"] for q in told} == set(query_names())
    (year,) = [q for q in told if q["name"] == "works-of-year"]
    assert year == {
        "name": "works-of-year",
        "topic": "works",
        "answers": "Listed works of a year, with the venue where there is one.",
        "parameters": [
            {"name": "year", "kind": "year", "takes": "a year such as 2024", "default": '"2024"^^xsd:gYear'}
        ],
    }
    lines = run("--list").out.splitlines()
    assert lines[0].split() == ["QUERY", "TOPIC", "SET", "ANSWERS"]
    assert lines[1].split()[:3] == ["authors-across-categories", "authors", "least"]
    assert lines[-1].split()[:2] == [max(set(query_names()) - set(question_names())), "(commands)"]


# -- errors


PATTERN = "a variable, an IRI, a literal, a blank node"
UNGROUPED = "?x is neither grouped by nor counted; write GROUP BY ?x, or leave it out."


@pytest.mark.parametrize(
    ("query", "line", "column", "told"),
    [
        ("SELECT x { ?x a ?y }", 1, 8, "'x' stands where a variable, '(', DISTINCT, REDUCED or '*' was expected."),
        ("SELECT ?x {\n  ?x foo:bar ?y }", 2, 6, "no prefix 'foo:' is declared, and the graph has none."),
        (
            "ASK { ?x dcterm:title ?y }",
            *(1, 10),
            "no prefix 'dcterm:' is declared, and the graph has none. Did you mean dcterms:title?",
        ),
        (
            "SELEC ?x {}",
            *(1, 1),
            "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with 'SELEC'. Did you mean SELECT?",
        ),
        (
            "ASK {\r\n?x a ?y . FILER(?y) }",
            *(2, 11),
            f"'FILER' stands where {PATTERN}, a pattern (FILTER, OPTIONAL, ...), '(' or '}}' was expected. "
            "Did you mean FILTER?",
        ),
        (
            "ASK { ?x a ?y",
            *(1, 14),
            "the query ends where a pattern (FILTER, OPTIONAL, ...), '}', ',', '.' or ';' was expected.",
        ),
        ("ASK { ?x a 'y }", 1, 12, "the text that begins here is not closed with '."),
        (
            "ASK { ?x <a b> ?y }",
            *(1, 10),
            "the IRI that begins here is not closed with >, or holds a space or a sign that none may.",
        ),
        ("ASK { ?x <a> ?y }", 1, 10, "<a> is no whole IRI, and no BASE is declared."),
        ("SELECT ?x { ?x a ?y } LIMIT ten", 1, 29, "'ten' stands where a number was expected."),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x a ?y }", 1, 8, UNGROUPED),
        ("SELECT ?x { ?x a ?y } GROUP BY ?y", 1, 8, UNGROUPED),
        ("SELECT * { { SELECT ?x (MAX(?y) AS ?n) { ?x a ?y } } }", 1, 21, UNGROUPED),
        ("ASK { ?x a ?y BIND(1 AS ?x) }", 1, 25, "?x is bound before; BIND needs a variable of its own."),
        ("ASK { '漢字' ?p }", 1, 15, f"'}}' stands where {PATTERN} or '(' was expected."),
        ("PREFIX foo <a:b> ASK {}", 1, 8, "'foo' stands where a prefix with its colon was expected."),
    ],
)
def test_a_syntax_error_shows_where_it_is_and_what_was_expected(
    run: Run, query: str, line: int, column: int, told: str
) -> None:
    shown = query.splitlines()[line - 1]
    space = " " * sum(2 if char in "漢字" else 1 for char in shown[: column - 1])
    assert run(query) == (
        2,
        "",
        f"Error: not SPARQL: line {line}, column {column}: {told}\n  {shown}\n  {space}^\n",
    )


def test_the_place_of_an_error_is_that_in_the_text_as_it_was_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("# Mine.\n# ?y: text\nSELECT ?x {\n  ?x a ?y .\n  ?x oops }\n", "utf-8")
    assert "line 5, column 6: 'oops' stands" in run(str(path)).err
    assert "line 5, column 6: 'oops' stands" in run(str(path), "--set", "y=1").err


def test_a_long_line_is_cut_round_the_place(run: Run) -> None:
    said = run("ASK { " + "?x a ?y . " * 50 + "oops " + "?x a ?y . " * 50 + "}")
    _, line, mark = said.err.rstrip("\n").split("\n")
    assert line[len(mark) - 1 :].startswith("oops ")
    assert (line[2], line[-1]) == ("…", "…")
    assert len(line) <= 78


def test_what_stands_in_an_error_cannot_steer_the_terminal(run: Run) -> None:
    said = run("ASK { ?x \x1b[31m\u202e\t ?y }")
    assert said.code == 2
    assert not set(said.err) & {"\x1b", "\u202e", "\t"}


def test_updates_are_refused_in_words(run: Run) -> None:
    told = "would change the graph, and it is read only: ask with SELECT, ASK, CONSTRUCT, DESCRIBE.\n"
    assert run("# x\nPREFIX a: <b:c> insert data { a:b a:c a:d }") == (2, "", f"Error: INSERT {told}")
    assert run("CLEAR ALL") == (2, "", f"Error: CLEAR {told}")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("ASK " + "{" * 20_000 + "}" * 20_000, f"brackets stand 20000 deep in this query; at most {DEEPEST}"),
        (
            "ASK { FILTER(" + "(" * 600 + "1" + ")" * 600 + ") }",
            f"brackets stand 602 deep in this query; at most {DEEPEST}",
        ),
        (
            "ASK { " + "BIND(1 AS ?x) " * 5000 + "}",
            f"this query has 10000 patterns and operators; at most {MOST_PARTS}",
        ),
        (
            "ASK { FILTER(1" + "||1" * 20_000 + ")}",
            f"this query has 20001 patterns and operators; at most {MOST_PARTS}",
        ),
    ],
    ids=["braces", "brackets", "BIND", "or"],
)
def test_a_query_that_would_end_the_process_is_refused(run: Run, query: str, told: str) -> None:
    said = run("-", stdin=query.encode())
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"Error: {told}")


def test_long_lists_of_values_are_no_depth(run: Run) -> None:
    values = " ".join(f'(<a:{n}> "{n}.5 || (")' for n in range(3000))
    assert run("-", "--limit", "1", stdin=f"SELECT * {{ VALUES (?a ?b) {{ {values} }} }}".encode()).code == 0
    refuse_too_deep("ASK { VALUES ?x { " + "1.5 'a.b;c' <a.b> " * 10_000 + "} }")
    with pytest.raises(UsageError):
        refuse_too_deep("ASK { " + "?a ?b ?c . " * (MOST_PARTS + 1) + "}")


@pytest.mark.parametrize("name", query_names())
def test_the_grammar_takes_every_query_of_the_package(name: str) -> None:
    assert misplaced(query_text(name)) is None


@pytest.mark.parametrize(
    "query",
    [
        "BASE <http://a/> SELECT DISTINCT * FROM <b> FROM NAMED <c> { ?s !(^<p>|a) ?o ; ^<q>/(<r>|!<t>)* [] }",
        "SELECT REDUCED (IF(?a = 1, -2, +.5e3) AS ?x) ?b { ?b ?c (1 [ <p:p> 'x'@en-GB, 'y'^^<d:d> ] ()) , true . } "
        "LIMIT 1 OFFSET 2",
        "SELECT ?a (GROUP_CONCAT(DISTINCT ?b ; SEPARATOR=', ') AS ?c) (COUNT(*) AS ?n) { ?a ?p ?b } "
        "GROUP BY ?a (1+1 AS ?z) HAVING(?n > 1) ORDER BY DESC(?n) ?a OFFSET 1",
        "ASK { { ?s ?p ?o } UNION { } MINUS { ?s ?p 1 } OPTIONAL { ?s ?p 2 } FILTER NOT EXISTS { ?s ?p 3 } "
        "FILTER(?o NOT IN (1, 2) && !BOUND(?o)) }",
        "ASK { SERVICE SILENT ?s { GRAPH <g:g> { _:b1 ?p ?o } } BIND(xsd:integer(1) AS ?y) "
        "VALUES (?q ?r) { (UNDEF 1) } } VALUES ?z { 1 UNDEF }",
        "CONSTRUCT { ?s ?p ?o . ?o a [] } WHERE { ?s ?p ?o. ?s ?q 1.} ORDER BY ?s LIMIT 1",
        "CONSTRUCT FROM <g:g> WHERE { ?s ?p ?o }",
        "DESCRIBE ?s <x:y> WHERE { SELECT ?s { ?s ?p ?o } }",
        "PREFIX : <a:b> PREFIX x.y: <c:d> ASK { :a x.y:b-c :d\\,e%20f . ?a <p:p>? ?b FILTER(?a<?b) FILTER(1-1 = 0) }",
        'ASK { ?s ?p """a "quoted" text""", \'\'\'it\'s\'\'\' # done }\n }',
    ],
)
def test_the_grammar_takes_what_the_store_takes(query: str) -> None:
    assert misplaced(query) is None
    pyoxigraph.Store().query(query, prefixes=PREFIXES)


# -- the prompt


class Terminal:
    """A terminal on which ``llmcomp query`` runs."""

    def __init__(self, graph: Path, state: Path) -> None:
        import pty

        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            env = {**os.environ, "LLMCOMP_GRAPH": str(graph), "XDG_STATE_HOME": str(state), "TERM": "xterm"}
            env |= {"PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1"}
            os.execve(sys.executable, [sys.executable, "-m", "llmcomp.cli", "query"], env)
        self.seen = ""

    def type(self, keys: str) -> None:
        self.seen = ""
        os.write(self.fd, keys.encode())

    def wait(self, text: str, *, ready: bool = False) -> str:
        """Return what was shown when ``text`` has appeared, and a new prompt after it if ``ready``."""
        end = time.monotonic() + 60
        while text not in self.seen or (ready and "llmcomp>" not in self.seen.rpartition(text)[2]):
            assert time.monotonic() < end, f"{text!r} is not in {self.seen!r}"
            self._read()
        return self.seen

    def _read(self) -> bool:
        """Read what is shown, if anything is; tell whether the other side is still there."""
        if select.select([self.fd], [], [], 0.2)[0]:
            try:
                told = os.read(self.fd, 65536)
            except OSError:
                return False
            self.seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.decode("utf-8", "replace"))
            return bool(told)
        return True

    def rest(self) -> None:
        """Wait until nothing new is shown for a second."""
        seen, since = self.seen, time.monotonic()
        while time.monotonic() - since < 1:
            self._read()
            if seen != self.seen:
                seen, since = self.seen, time.monotonic()

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            self._read()
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it did not end: {self.seen!r}")

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


@pytest.fixture
def terminal(built: Built, tmp_path: Path) -> Iterator[Terminal]:
    pytest.importorskip("pty")
    opened = Terminal(built.path, tmp_path / "state")
    try:
        opened.wait("llmcomp>")
        yield opened
    finally:
        opened.close()


def test_a_query_of_several_lines_is_asked_when_its_braces_are_closed(terminal: Terminal) -> None:
    terminal.type("ASK {\r")
    terminal.wait("...")
    terminal.type("?s a fabio:ResearchPaper }\r")
    terminal.wait("answer\r\ntrue\r\n", ready=True)
    terminal.type("\x04")
    assert terminal.ended() == 0


def test_an_empty_line_asks_what_was_typed_and_an_error_leaves_the_prompt_open(terminal: Terminal) -> None:
    terminal.type("SELECT ?x {\r\r")
    shown = terminal.wait("expected.", ready=True)
    assert "Error: not SPARQL: line 1, column 12: the query ends where" in " ".join(shown.split())
    terminal.type("ASK {}\r")
    terminal.wait("answer\r\ntrue\r\n", ready=True)


def test_names_settings_and_commands_of_the_prompt(terminal: Terminal) -> None:
    terminal.type("works-of-year year=1999\r")
    terminal.wait("Error: the query has no answer in this graph.", ready=True)
    terminal.type("works-of-year yer=1999\r")
    terminal.wait("no parameter 'yer'. Did you mean year?", ready=True)
    terminal.type(".format csv\r")
    terminal.wait(".format csv\r\r\n", ready=True)
    terminal.type("SELECT ?x { VALUES ?x { 'one,two' } }\r")
    terminal.wait('"one,two"\r\r\n', ready=True)
    terminal.type(".format docx\r")
    terminal.wait("Error: no format 'docx'. Known: table, csv,", ready=True)
    terminal.type(".prefixes\r")
    terminal.wait("http://purl.org/spar/cito/", ready=True)
    terminal.type(".list\r")
    terminal.wait("works-of-category", ready=True)
    terminal.type(".help\r")
    terminal.wait("Ctrl-D", ready=True)
    terminal.type(".nothing\r")
    terminal.wait("Error: no command '.nothing'. Known: .format, .help, .list, .prefixes, .quit.", ready=True)
    terminal.type(".quit\r")
    assert terminal.ended() == 0


def test_tab_completes_from_the_data_of_the_graph(terminal: Terminal) -> None:
    for typed, completed in (
        ("ASK { ?s fabio:Rese\t", "fabio:ResearchPaper"),
        ("ASK { ?s cito:ci\t", "cito:cites"),
        ("ASK { ?s ?p category:quan\t", "category:quantization"),
        ("ASK { ?s dcter\t", "dcterms:"),
        ("reading\t", "reading-order"),
        (".pre\t", ".prefixes"),
        ("ASK { ?something ?p ?some\t", "?p ?something"),
    ):
        end = time.monotonic() + 60
        shown = ""
        while completed not in shown:
            # the vocabulary is read while a person types
            assert time.monotonic() < end, shown
            terminal.type(typed)
            terminal.wait(typed[:3])
            terminal.rest()
            shown = terminal.seen
            terminal.type("\x03")
            terminal.wait("llmcomp>")


def test_ctrl_c_leaves_a_line_and_ends_a_query_and_the_prompt_lives_on(terminal: Terminal) -> None:
    terminal.type("ASK { half a query")
    terminal.wait("half a query")
    terminal.type("\x03")
    terminal.wait("llmcomp>")
    terminal.type(PRODUCT + "\r")
    time.sleep(5)  # a process is started for the query
    terminal.type("\x03")
    terminal.wait("Interrupted; nothing is lost.", ready=True)
    terminal.type("ASK {}\r")
    terminal.wait("answer\r\ntrue\r\n")


def test_the_history_is_kept_from_one_time_to_the_next(built: Built, tmp_path: Path) -> None:
    pytest.importorskip("pty")
    for keys, shown in (("ASK { 'a' ?p 'remembered' }\r", "answer\r\nfalse"), ("\x1b[A", "remembered")):
        terminal = Terminal(built.path, tmp_path)
        try:
            terminal.wait("llmcomp>")
            terminal.type(keys)
            terminal.wait(shown)
        finally:
            terminal.close()


def test_where_no_history_can_be_kept_the_prompt_works(built: Built, tmp_path: Path) -> None:
    pytest.importorskip("pty")
    (tmp_path / "llmcomp").write_text("a file where the folder would be")
    terminal = Terminal(built.path, tmp_path)
    try:
        terminal.wait("llmcomp>")
        terminal.type("ASK {}\r")
        terminal.wait("answer\r\ntrue")
    finally:
        terminal.close()


def test_without_a_terminal_a_query_is_needed(run: Run) -> None:
    told = "Error: no query. Give SPARQL, a file, '-' or a name; 'llmcomp query --list' lists the names.\n"
    assert run() == (2, "", told)


# -- what a query calls


@pytest.mark.parametrize(
    ("query", "called"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "http://127.0.0.1:9/"),
        ("SELECT * { { SELECT ?s { service silent ?where { ?s ?p ?o } } } }", "?where"),
        ("PREFIX e: <http://127.0.0.1:9/> ASK { SERVICE e:x { ?s ?p ?o } }", "e:x"),
    ],
)
def test_services_are_refused_until_they_are_allowed(run: Run, query: str, called: str) -> None:
    said = run(query)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"Error: the query calls SERVICE {called}, which is not allowed. '--allow-service ADDRESS' allows an address, "
        "as it stands in the query in angle brackets; from Python, graph.services holds those allowed.\n"
    )


def test_an_allowed_service_is_called(run: Run, built: Built) -> None:
    with served(built.path) as server:
        url = f"{server.url}/sparql"
        query = (
            f"SELECT ?t {{ SERVICE <{url}> {{ <https://w3id.org/llmcomp/work/arxiv:2210.17323> dcterms:title ?t }} }}"
        )
        assert run(query, "--allow-service", "http://127.0.0.1:9/").code == 2
        said = run(query, "--allow-service", url, "--format", "csv")
    assert (said.code, said.out.startswith("t\r\nGPTQ")) == (0, True)


def test_services_of_a_selection_are_refused(built: Built) -> None:
    with pytest.raises(UsageError, match=r"calls SERVICE http://127\.0\.0\.1:9/, which is not allowed"):
        llmcomp.Graph(built.path).works(
            llmcomp.Selection(query="SELECT ?work { SERVICE <http://127.0.0.1:9/> { ?work ?p ?o } }")
        )
