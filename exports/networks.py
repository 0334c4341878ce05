"""Every format of a network by its name, and the one call that writes any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from ..kg.errors import UnknownName, UsageError
from ..kg.network import Network
from .figure import FIGURES, figure
from .style import PLAIN, NetworkExporter, Style

_FORMATS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "graphml": ("graphml", (".graphml",)),
    "gexf": ("gexf", (".gexf",)),
    "cytoscape": ("cytoscape", (".cyjs", ".json")),
    "pajek": ("pajek", (".net",)),
    "dot": ("dot", (".dot", ".gv")),
    "csv": ("network_csv", (".csv",)),
    "csv-nodes": ("network_csv", (".nodes.csv",)),
    "reading-list": ("reading_list", (".md",)),
    **{name: ("figure", (f".{name}",)) for name in FIGURES},
}
"""The module of each format, in which a function has its name, and the endings of its files, the usual one first."""
NETWORK_FORMATS: Mapping[str, str] = {name: endings[0] for name, (_, endings) in _FORMATS.items()}
"""The formats by name, each with the ending of its files."""


def network_format(file: str) -> str:
    """Return the format that the name of a file tells by its ending.

    Raises UsageError for an ending of none.

    >>> network_format("field.GEXF"), network_format("works.nodes.csv"), network_format("field.gv")
    ('gexf', 'csv-nodes', 'dot')
    """
    known = sorted(((e, name) for name, (_, endings) in _FORMATS.items() for e in endings), key=lambda k: -len(k[0]))
    for ending, name in known:
        if file.lower().endswith(ending):
            return name
    allowed = ", ".join(sorted(ending for ending, _ in known))
    raise UsageError(f"the name '{file}' ends in none of {allowed}. Name the file so, or say what it is with --format.")


def export_network(network: Network, format: str, style: Style = PLAIN) -> Iterator[bytes]:
    """Yield ``network`` in one of :data:`NETWORK_FORMATS` as pieces of a file; ``style`` is how it looks.

    Raises UnknownName for another format, OutsideError where a figure needs what is not installed.
    """
    if format not in _FORMATS:
        raise UnknownName("format of a network", format, NETWORK_FORMATS)
    for name in FIGURES:
        if format == name:
            return iter([figure(network, name, style)])
    # loaded when it is first asked to write: start-up counts
    module = import_module(f".{_FORMATS[format][0]}", __package__)
    exporter = cast(NetworkExporter, getattr(module, format.replace("-", "_")))
    return (piece.encode("utf-8", "replace") for piece in exporter(network, style))
