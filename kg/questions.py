"""The questions that the package ships as a page: ``python -m llmcomp.kg.questions docs/queries.md`` writes it anew."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ..ontology.named import describe, query_text, question_names, topic
from .parameters import KINDS, Parameter, parameters

MARK = "<!-- questions: what follows is generated -->\n"
"""What stands between the part of the page that is written by hand and the part that is made here."""


def questions_page() -> Iterator[str]:
    """Yield the questions by topic as Markdown: name, what is answered, parameters, columns."""
    yield "\n## What is written for a parameter\n\n| kind | value |\n| --- | --- |\n"
    for kind, value in KINDS.items():
        yield f"| {kind} | {value} |\n"
    for about_what, names in groupby(question_names(), lambda name: topic(query_text(name))):
        yield f"\n## {about_what.capitalize()}\n\n| question | answers | parameters | columns |\n"
        yield "| --- | --- | --- | --- |\n"
        for name in names:
            text = query_text(name)
            told = ", ".join(map(_told, parameters(text)))
            yield f"| `{name}` | {describe(text)} | {told} | {' '.join(columns(text))} |\n"


def columns(text: str) -> tuple[str, ...]:
    """Return the names of the columns of a SELECT query.

    >>> columns("SELECT ?a (COUNT(?b) AS ?c) WHERE { ?a :p ?b }")
    ('a', 'c')
    """
    clause = re.split(r"\bWHERE\b", text[text.index("SELECT") :], maxsplit=1)[0]
    plain = re.sub(r"\((?:[^()]|\([^()]*\))*\bAS (\?\w+)\)", r"\1", clause)
    return tuple(re.findall(r"\?(\w+)", plain))


def _told(parameter: Parameter) -> str:
    default = parameter.default.removesuffix("^^xsd:gYear").strip('"').rpartition("/")[2].rstrip(">")
    return f"`{parameter.name}` ({parameter.kind}, {default or 'any'})"


def main() -> None:
    """Write the page anew below its mark."""
    path = Path(sys.argv[1])
    head = path.read_text("utf-8").partition(MARK)[0]
    path.write_text(head + MARK + "".join(questions_page()), "utf-8")


if __name__ == "__main__":
    main()
