"""Every format by its name, and the one call that writes any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import cast

from ..kg.errors import UnknownName
from ..kg.model import Work
from .options import Exporter, Options

__all__ = ["FORMATS", "Exporter", "Options", "export"]


def _later(module: str, function: str) -> Exporter:
    """Return an exporter whose module is loaded when it is first asked to write.

    Start-up counts: ``llmcomp --help`` knows the names of all formats and needs the code of none.
    """

    def run(works: Iterable[Work], options: Options) -> Iterator[str]:
        exporter = cast(Exporter, getattr(import_module(f".{module}", __package__), function))
        return exporter(works, options)

    run.__name__ = run.__qualname__ = function
    return run


FORMATS: Mapping[str, Exporter] = {
    "bibtex": _later("bibtex", "bibtex"),
    "csl-json": _later("csl", "csl_json"),
}
"""Name of a format to its exporter."""


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
