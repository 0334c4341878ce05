"""Write statements as JSON-LD (https://www.w3.org/TR/json-ld11/) that people can read: short names, one line a subject.

The short names are those of ``ontology/context.jsonld``: each term of the graph goes by the part of its IRI behind the
prefix. The store's own writer has no short names for terms.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..ontology.terms import TYPE, XSD_BOOLEAN, XSD_INTEGER

if TYPE_CHECKING:
    from pyoxigraph import Quad

_WHOLE = re.compile(r"0|-?[1-9]\d{0,14}")
"""Integers that every reader of JSON gives back as they are."""
_STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True)
class Context:
    """Short names: prefixes, terms by IRI, and what a term says of its values (``@id``, a type, ``@language en``)."""

    prefixes: Mapping[str, str]
    terms: Mapping[str, str]
    values: Mapping[str, str]

    def shortened(self, iri: str) -> str:
        """Return an IRI with a prefix of the context if it can be written so.

        >>> context().shortened("https://w3id.org/llmcomp/work/arxiv:2210.17323")
        'work:arxiv:2210.17323'
        """
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        while end > 0:
            prefix = self.prefixes.get(iri[:end])
            # what follows a colon and two slashes is taken for a whole address
            if prefix and not iri.startswith("//", end):
                return f"{prefix}:{iri[end:]}"
            end = iri.rfind("/", 0, end - 1) + 1
        return iri


@cache
def context() -> Context:
    """Return the context that is shipped."""
    told = context_document()["@context"]
    words = {name: value if isinstance(value, str) else value["@id"] for name, value in told.items()}
    prefixes = {name: iri for name, iri in words.items() if iri.endswith(("/", "#"))}
    terms: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, value in told.items():
        prefix, _, local = words[name].partition(":")
        if name in prefixes or prefix not in prefixes:
            continue
        terms[prefixes[prefix] + local] = name
        if not isinstance(value, str):
            type_: str = value.get("@type", "")
            of, _, kind = type_.partition(":")
            values[name] = prefixes[of] + kind if kind else type_ or f"@language {value['@language']}"
    return Context({iri: name for name, iri in prefixes.items()}, terms, values)


@cache
def context_document() -> dict[str, dict[str, Any]]:
    """Return the document that holds the context."""
    return json.loads(pkgutil.get_data("llmcomp.ontology", "context.jsonld") or b"")


def document(graphs: Iterable[tuple[str, Iterable[Quad]]], also: Mapping[str, str]) -> Iterator[str]:
    """Yield a document of graphs as pieces of text; each is a name, empty for the default graph, and its statements.

    The statements of one subject follow each other. ``also`` are words that the context has besides.
    """
    names = context()
    told = ",\n".join(f"  {_json(k)}: {_json(v)}" for k, v in (context_document()["@context"] | dict(also)).items())
    yield f'{{"@context": {{\n{told}\n}},\n"@graph": ['
    between = "\n"
    for name, quads in graphs:
        if name:
            yield f'{between}{{"id": {_json(names.shortened(name))}, "@graph": ['
            between = "\n"
        for _, said in groupby(quads, lambda quad: quad.subject):
            yield f"{between}{_json(_node(names, said))}"
            between = ",\n"
        if name:
            yield "\n]}"
            between = ",\n"
    yield "\n]}\n"


def _node(names: Context, quads: Iterable[Quad]) -> dict[str, Any]:
    """Return what is said of one subject."""
    types: list[str] = []
    properties: dict[str, list[Any]] = {}
    subject = ""
    for quad in quads:
        subject = subject or names.shortened(_iri(quad.subject))
        predicate = quad.predicate.value
        if predicate == TYPE:
            iri = _iri(quad.object)
            types.append(names.terms.get(iri) or names.shortened(iri))
            continue
        name = names.terms.get(predicate) or names.shortened(predicate)
        properties.setdefault(name, []).append(_value(names, names.values.get(name, ""), quad.object))
    node: dict[str, Any] = {"id": subject}
    if types:
        node["type"] = types[0] if len(types) == 1 else sorted(types)
    for name in sorted(properties):
        values = properties[name]
        node[name] = values[0] if len(values) == 1 else sorted(values, key=_json)
    return node


def _value(names: Context, expected: str, term: object) -> Any:
    """Return a value as short as what its property is known to have (``expected``) allows."""
    from pyoxigraph import Literal

    if not isinstance(term, Literal):
        iri = names.shortened(_iri(term))
        return iri if expected == "@id" else {"id": iri}
    text, type_ = term.value, term.datatype.value
    if term.language:
        return text if expected == f"@language {term.language}" else {"@language": term.language, "@value": text}
    if type_ == expected:
        return text
    if type_ == _STRING:
        return {"@value": text} if expected else text
    if type_ == XSD_INTEGER and not expected and _WHOLE.fullmatch(text):
        return int(text)
    if type_ == XSD_BOOLEAN and not expected and text in ("true", "false"):
        return text == "true"
    return {"type": names.shortened(type_), "@value": text}


def _iri(term: object) -> str:
    """Return the IRI of a node, or the name of a blank one."""
    from pyoxigraph import BlankNode

    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", ""))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
