"""Every format by its name, and the one call that writes any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import cast

from ..kg.errors import UnknownName, UsageError
from ..kg.model import Work
from .options import Exporter, Options

__all__ = ["FORMATS", "Exporter", "Options", "export", "field_names"]


_MODULES = {
    "bibtex": "bibtex",
    "biblatex": "biblatex",
    "csl-json": "csl_json",
    "csl-yaml": "csl_yaml",
    "ris": "ris",
    "text": "formatted",
    "html": "formatted",
}
"""The module of each format; ``FIELDS`` in it are the names that ``--fields`` chooses among."""


def _later(module: str, function: str) -> Exporter:
    """Return an exporter whose module is loaded when it is first asked to write.

    Start-up counts: ``llmcomp --help`` knows the names of all formats and needs the code of none.
    """

    def run(works: Iterable[Work], options: Options) -> Iterator[str]:
        exporter = cast(Exporter, getattr(import_module(f".{module}", __package__), function))
        return exporter(works, options)

    run.__name__ = run.__qualname__ = function
    return run


FORMATS: Mapping[str, Exporter] = {name: _later(module, name.replace("-", "_")) for name, module in _MODULES.items()}
"""Name of a format to its exporter."""


def field_names(names: str | None, format: str) -> tuple[str, ...]:
    """Return the names of fields in ``names`` ("author,title" or "-keywords,-url"), for :class:`Options`.

    :raises UsageError: a format has no such field or none to choose from, or names with and without "-" are mixed.

    >>> field_names("author, Title", "bibtex")
    ('author', 'title')
    """
    if names is None:
        return ()
    wanted = tuple(name for name in (part.strip() for part in names.split(",")) if name)
    known: tuple[str, ...] = getattr(import_module(f".{_MODULES[format]}", __package__), "FIELDS", ())
    if not known:
        raise UsageError(f"--fields chooses among fields, and {format} is made by a style. Leave one of them out.")
    spelled = {name.lower(): name for name in known}
    chosen: list[str] = []
    for name in wanted:
        bare = name.removeprefix("-")
        if bare.lower() not in spelled:
            raise UnknownName(f"field of {format}", bare, known)
        chosen.append("-" * name.startswith("-") + spelled[bare.lower()])
    if not chosen or len({name.startswith("-") for name in chosen}) > 1:
        raise UsageError(
            "--fields is names of fields (author,title), or names to leave out (-keywords,-url), not both."
        )
    return tuple(chosen)


def export(works: Iterable[Work], format: str, options: Options | None = None) -> Iterator[str]:
    """Yield ``works`` in ``format`` as pieces of text; joined, they are the file.

    :raises UnknownName: no such format; the message lists those there are.

    >>> work = Work("https://arxiv.org/abs/2210.17323", "frantar2022gptq", "GPTQ: Accurate", year=2022)
    >>> print("".join(export([work], "bibtex")), end="")
    @misc{frantar2022gptq,
      title = {{GPTQ}: {Accurate}},
      year = {2022},
      key = {GPTQ: Accurate},
    }
    """
    if format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    return FORMATS[format](works, options or Options())
