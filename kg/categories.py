"""What is known of categories beyond their headings: definitions, broader categories, matches in other schemes.

``ontology/categories.ttl`` says it; this module is its only reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import cast

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from ..ontology import terms as t
from .nquads import Statements

_STATED_ANYHOW = {t.TYPE, t.PREF_LABEL, t.NOTATION, t.IN_SCHEME}
"""What the view states of every section: it is called what its list calls it, whatever the file does."""


def state_known(out: Statements, sections: Iterable[str]) -> None:
    """State what is known of categories that are ``sections`` of lists (IRIs), in the order of the file.

    With a category come those that are broader, so that nothing leads to a category that the graph does not describe.
    Such a one, if no list has it as a section, has no notation: no work is selected by it.

    >>> out = Statements()
    >>> state_known(out, [f"{t.BASE}category/quantization", f"{t.BASE}category/of-my-own"])
    >>> text = b"".join(out.encode()).decode()
    >>> "<https://cso.kmi.open.ac.uk/topics/quantized_llms>" in text, "category/model-compression" in text
    (True, True)
    >>> "category/pruning-and-sparsity" in text, "of-my-own" in text
    (False, False)
    """
    known, listed = _known(), {t.CATEGORY_SCHEME, *sections}
    told = _with_broader(known, listed)
    for iri in (iri for iri in known if iri in told):
        for predicate, value in known[iri]:
            leads_out = isinstance(value, NamedNode) and value.value in known and value.value not in told
            if not leads_out and not (iri in listed and predicate in _STATED_ANYHOW):
                out.add(iri, predicate, str(value))


def known_of(iri: str) -> frozenset[tuple[str, str]]:
    """Return what the file says of a category, as properties and values.

    >>> any(value == "Quantization" for _, value in known_of(f"{t.BASE}category/quantization"))
    True
    """
    return frozenset((predicate, value.value) for predicate, value in _known().get(iri, ()))


def _known() -> dict[str, list[tuple[str, NamedNode | Literal]]]:
    """Return what the file says of each category and of their scheme."""
    known: dict[str, list[tuple[str, NamedNode | Literal]]] = {}
    data = files("llmcomp.ontology").joinpath("categories.ttl").read_bytes()
    for quad in parse(data, format=RdfFormat.TURTLE):
        told = known.setdefault(cast(NamedNode, quad.subject).value, [])
        told.append((quad.predicate.value, cast(NamedNode | Literal, quad.object)))
    return known


def _with_broader(known: dict[str, list[tuple[str, NamedNode | Literal]]], sections: Iterable[str]) -> set[str]:
    """Return the known ones of ``sections`` and all that are broader."""
    told: set[str] = set()
    waiting = [iri for iri in sections if iri in known]
    while waiting:
        iri = waiting.pop()
        if iri not in told:
            told.add(iri)
            waiting += [value.value for predicate, value in known.get(iri, []) if predicate == t.BROADER]
    return told
