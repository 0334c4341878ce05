"""Every format of a network by its name, and the one call that writes any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import cast

from ..kg.errors import UnknownName
from ..kg.network import Network
from .figure import FIGURES, Style, figure

NetworkExporter = Callable[[Network], Iterator[str]]
"""A network in, pieces of text out, byte-identical for equal networks."""
_MODULES = {
    "graphml": "graphml",
    "gexf": "gexf",
    "cytoscape": "cytoscape",
    "pajek": "pajek",
    "dot": "dot",
    "csv": "network_csv",
    "csv-nodes": "network_csv",
    "reading-list": "reading_list",
}
NETWORK_FORMATS: Mapping[str, str] = {
    "graphml": ".graphml",
    "gexf": ".gexf",
    "cytoscape": ".cyjs",
    "pajek": ".net",
    "dot": ".dot",
    "csv": ".csv",
    "csv-nodes": ".nodes.csv",
    "reading-list": ".md",
    **{name: f".{name}" for name in FIGURES},
}
"""The formats by name, each with the ending of its files."""


def network_format(file: str) -> str | None:
    """Return the format that the name of a file tells by its ending, or None.

    >>> network_format("field.GEXF"), network_format("works.nodes.csv"), network_format("field.txt")
    ('gexf', 'csv-nodes', None)
    """
    endings = sorted(NETWORK_FORMATS.items(), key=lambda item: -len(item[1]))
    return next((name for name, ending in endings if file.lower().endswith(ending)), None)


def export_network(network: Network, format: str, style: Style | None = None) -> Iterator[bytes]:
    """Yield ``network`` in one of :data:`NETWORK_FORMATS` as pieces of a file; ``style`` is for figures alone.

    Raises UnknownName for another format, OutsideError where a figure needs what is not installed.
    """
    for name in FIGURES:
        if format == name:
            return iter([figure(network, name, style or Style())])
    if format not in _MODULES:
        raise UnknownName("format of a network", format, NETWORK_FORMATS)
    # loaded when it is first asked to write: start-up counts
    module = import_module(f".{_MODULES[format]}", __package__)
    exporter = cast(NetworkExporter, getattr(module, format.replace("-", "_")))
    return (piece.encode("utf-8", "replace") for piece in exporter(network))
