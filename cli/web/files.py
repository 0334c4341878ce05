"""Files that a selection of the page becomes: a bibliography, or its network in any format."""

from __future__ import annotations

from ... import Graph
from ...exports.networks import NETWORK_FORMATS, export_network
from ...exports.registry import FORMATS, export
from ...kg.errors import UnknownName
from ...kg.network import subnetwork
from ...kg.works import load_works

File = tuple[bytes, str, str]
"""What is in a file, its media type, and its name."""
_MEDIA = {
    "bibtex": ("application/x-bibtex", "bib"),
    "biblatex": ("application/x-bibtex", "bib"),
    "csl-json": ("application/vnd.citationstyles.csl+json", "json"),
    "csl-yaml": ("application/yaml", "yaml"),
    "ris": ("application/x-research-info-systems", "ris"),
    "text": ("text/plain", "txt"),
    "html": ("text/html", "html"),
}


def bibliography(graph: Graph, works: list[str], format_: str) -> File:
    """Return works (IRIs) as a bibliography; raise UnknownName for a format there is not."""
    if format_ not in FORMATS:
        raise UnknownName("format", format_, FORMATS)
    media, ending = _MEDIA[format_]
    data = "".join(export(load_works(graph, works), format_)).encode("utf-8", "replace")
    return data, f"{media}; charset=utf-8", f"selection.{ending}"


def subgraph(graph: Graph, works: list[str], format_: str) -> File:
    """Return works (IRIs) and the citations among them; raise UnknownName for a format there is not."""
    if format_ not in NETWORK_FORMATS:
        raise UnknownName("format of a network", format_, NETWORK_FORMATS)
    network = subnetwork(graph, graph.edges, graph.measures, works)
    data = b"".join(export_network(network, format_))
    return data, "application/octet-stream", f"selection{NETWORK_FORMATS[format_]}"
