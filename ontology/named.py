"""Named queries: the ``.rq`` files of this room, each of which says in its first line what it answers.

Further comment lines at the head say more: ``# Topic: citations`` makes it a question that people ask (the others are
what the commands themselves read), ``# ?category: category`` names a parameter and the kind of its values.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache

_EVERY_WORK = "VALUES ?work { UNDEF }"


@cache
def query_names() -> tuple[str, ...]:
    """Return the names of all named queries, sorted."""
    from importlib.resources import files

    folder = files("llmcomp.ontology").joinpath("queries")
    return tuple(sorted(f.name.removesuffix(".rq") for f in folder.iterdir() if f.name.endswith(".rq")))


@cache
def question_names() -> tuple[str, ...]:
    """Return the names of the questions that people ask, by topic."""
    asked = ((topic(query_text(name)), name) for name in query_names())
    return tuple(name for about_what, name in sorted(asked) if about_what)


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
    return next(_head(text), "")


def topic(text: str) -> str:
    """Return the topic of a question that people ask, or nothing.

    >>> topic("# Who cites whom.\\n# Topic: citations\\nSELECT * WHERE { ?a ?b ?c }")
    'citations'
    """
    told = (line.partition(":") for line in _head(text))
    return next((what.strip() for name, _, what in told if name == "Topic"), "")


def declared_kinds(text: str) -> dict[str, str]:
    """Return the parameters that a query declares, each with the kind of its values.

    >>> declared_kinds("# Works of a year.\\n# ?year: year\\nSELECT ?work { ?work :year ?year }")
    {'year': 'year'}
    """
    told = (re.fullmatch(r"[?$](\w+):\s*(\w+)", line) for line in _head(text))
    return {match[1]: match[2] for match in told if match}


def _head(text: str) -> Iterator[str]:
    """Yield the comment lines with which a query begins."""
    for line in text.lstrip("\ufeff \t\r\n").splitlines():
        if not line.startswith("#"):
            return
        yield line.removeprefix("#").strip()


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
