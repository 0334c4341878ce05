"""A network as the page draws it: one column for each value of its works, so that 20,000 are read at once."""

from __future__ import annotations

from typing import Any, get_args

from ...exports.colours import By, groups
from ...exports.columns import place
from ...exports.latex import plain as readable
from ...kg.layout import force, years
from ...kg.names import spoken
from ...kg.network import Network
from ...kg.selection import Category
from ...ontology.terms import BASE


def drawing(network: Network, categories: list[Category]) -> dict[str, Any]:
    """Return a network for the page.

    ``nodes`` has a list for each value, all as long, in the order of the network. ``links`` are places in it, citing
    and cited in turns. Places are drawn at ``x`` and ``y``, or at ``time`` and ``height`` along the years. ``groups``
    tells for each meaning of colours which works (places) bear which.
    """
    nodes = network.nodes
    places = force(network)
    slugs = sorted({slug for node in nodes for slug in node.work.categories})
    number = {slug: n for n, slug in enumerate(slugs)}
    names = {category.slug: category.name for category in categories}
    along = years(network, places)
    columns: dict[str, list[Any]] = {
        "path": [node.work.iri.removeprefix(BASE) for node in nodes],
        "key": [node.work.key for node in nodes],
        "title": [readable(node.work.title) for node in nodes],
        "authors": ["; ".join(map(spoken, node.work.authors)) for node in nodes],
        "year": [node.work.year for node in nodes],
        "venue": [place(node.work) for node in nodes],
        "categories": [[number[slug] for slug in node.work.categories] for node in nodes],
        "community": [node.community for node in nodes],
        "listed": [int(node.listed) for node in nodes],
        "listed_citations": [node.listed_citations for node in nodes],
        "citations": [node.work.citations for node in nodes],
        "distance": [node.distance for node in nodes],
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "time": [round(time, 3) for time, _ in along],
        "height": [height for _, height in along],
    }
    return {
        "of": network.of,
        "base": BASE,
        "left": network.left,
        "basis": network.basis,
        "categories": [{"slug": slug, "name": names.get(slug, slug)} for slug in slugs],
        "communities": network.communities,
        "groups": {by: groups(network, by) for by in get_args(By)},
        "nodes": columns,
        "links": [end for link in network.links for end in link],
    }
