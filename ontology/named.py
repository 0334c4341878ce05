"""Named queries: the ``.rq`` files of this room, each of which says in its first line what it answers."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import cache

_EVERY_WORK = "VALUES ?work { UNDEF }"


@cache
def query_names() -> tuple[str, ...]:
    """Return the names of all named queries, sorted."""
    from importlib.resources import files

    folder = files("llmcomp.ontology").joinpath("queries")
    return tuple(sorted(f.name.removesuffix(".rq") for f in folder.iterdir() if f.name.endswith(".rq")))


@cache
def query_text(name: str) -> str:
    """Return the text of a named query; raise KeyError for a name that none bears."""
    # not importlib.resources: every command asks by name, and that library takes 8 ms to import
    try:
        data = pkgutil.get_data("llmcomp.ontology", f"queries/{name}.rq")
    except OSError:
        data = None
    if data is None:
        raise KeyError(name)
    return data.decode("utf-8")


def describe(text: str) -> str:
    """Return what a query answers: its first comment line.

    >>> describe("# Who cites whom.\\nSELECT * WHERE { ?a ?b ?c }")
    'Who cites whom.'
    """
    first = text.lstrip().partition("\n")[0]
    return first.removeprefix("#").strip() if first.startswith("#") else ""


def is_about_works(text: str) -> bool:
    """Return whether a query can be narrowed to some works (see :func:`about`)."""
    return _EVERY_WORK in text


def about(text: str, works: Iterable[str]) -> str:
    """Return a query narrowed to ``works`` (IRIs): the line that leaves ``?work`` open is filled in.

    >>> about("SELECT ?y WHERE { VALUES ?work { UNDEF } ?work :year ?y }", ["w:1"])
    'SELECT ?y WHERE { VALUES ?work { <w:1> } ?work :year ?y }'
    """
    if not is_about_works(text):
        raise ValueError(f"not a query about works: it has no '{_EVERY_WORK}'")
    return text.replace(_EVERY_WORK, f"VALUES ?work {{ {' '.join(f'<{w}>' for w in works)} }}")
