"""GEXF 1.3 (https://gexf.net/schema.html), Gephi's own format: with places, sizes and colours.

Colours are those of the figure (:mod:`llmcomp.exports.colours`), sizes grow with the root of the citations by listed
works, so that areas compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from ..kg.network import Network
from .colours import node_colours
from .node_columns import COLUMNS, lexical, placed, told
from .style import Style
from .xmltext import attribute, text


def gexf(network: Network, style: Style) -> Iterator[str]:
    """Yield a network as GEXF, edges from citing to cited."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
        f"<meta><creator>llmcomp</creator><description>{text(network.of)}</description></meta>\n"
        '<graph defaultedgetype="directed" mode="static">\n<attributes class="node" mode="static">\n'
    )
    for column in COLUMNS:
        yield f'  <attribute id="{column.name}" title="{column.name}" type="{column.kind}"/>\n'
    yield "</attributes>\n<nodes>\n"
    colours = node_colours(network, style.by)
    for node, (x, y), colour in zip(network.nodes, placed(network), colours, strict=True):
        key = attribute(node.work.key)
        yield f"<node id={key} label={key}>\n  <attvalues>\n"
        for column, value in told(network, node):
            yield f'    <attvalue for="{column.name}" value={attribute(lexical(value))}/>\n'
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        yield (
            f'  </attvalues>\n  <viz:color r="{red}" g="{green}" b="{blue}"/>\n'
            f'  <viz:position x="{x}" y="{y}" z="0.0"/>\n'
            f'  <viz:size value="{round(5 + 5 * sqrt(node.listed_citations), 1)}"/>\n</node>\n'
        )
    yield "</nodes>\n<edges>\n"
    for number, (citing, cited) in enumerate(network.links):
        ends = (attribute(network.nodes[n].work.key) for n in (citing, cited))
        yield '<edge id="{}" source={} target={}/>\n'.format(number, *ends)
    yield "</edges>\n</graph>\n</gexf>\n"
