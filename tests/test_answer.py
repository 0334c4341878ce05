"""The rows of an answer: one by one and all at once, and RDF that is written the same each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import llmcomp
from llmcomp.kg.build import Built
from llmcomp.kg.graph import Graph
from llmcomp.ontology.named import query_names

HOSTILE = (
    'SELECT ?a { VALUES ?a { "" "two\\nlines" "carriage\\rreturn" "a \\"quote\\"" UNDEF } }',
    'SELECT ?a { VALUES ?a { "comma, and; more" "\\u00E9\\U0001F600" "," "\\r\\n" } }',
    'SELECT ?a ?b { VALUES (?a ?b) { (UNDEF "1") ("x" UNDEF) (UNDEF UNDEF) (<urn:x> 2.50) ("y"@en true) } }',
    "SELECT * { FILTER(false) }",
    "ASK {}",
    "CONSTRUCT { <urn:a> <urn:b> 'c' } {}",
)


@pytest.mark.parametrize("query", [*query_names(), *HOSTILE])
def test_all_rows_at_once_are_the_rows_one_by_one(enriched: Path, query: str) -> None:
    graph = llmcomp.Graph(enriched)
    assert graph.query(query).table() == list(graph.query(query))


def test_a_value_may_be_as_long_as_it_likes(built: Built) -> None:
    long = "x" * 300_000
    assert Graph(built.path).query(f"SELECT ('{long}' AS ?a) ('b' AS ?c) {{}}").table() == [(long, "b")]


@pytest.mark.parametrize("format", ["turtle", "trig", "ntriples", "rdfxml", "jsonld"])
def test_triples_are_written_the_same_each_time(built: Built, format: str) -> None:
    query = "CONSTRUCT { ?w dcterms:title ?t ; :firstPosted ?d } { ?w dcterms:title ?t ; :firstPosted ?d }"
    command = [sys.executable, "-m", "llmcomp.cli", "query", query, "--format", format, "--graph", str(built.path)]
    written = {
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2", "3")
    }
    assert len(written) == 1
