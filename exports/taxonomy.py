r"""The tree of categories with their works as a figure: LaTeX (forest), Mermaid, SVG.

Labels are data: each format escapes them, and none of them can end a node or run anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ..kg.errors import UnknownName
from ..kg.graph import Graph
from ..kg.model import Work
from .branches import Branches
from .cited import in_order
from .table_latex import latex_text
from .tree import COLOURS, Drawing, Leaf, Node, make_tree
from .tree_svg import svg

FOREST_PREAMBLE = r"""\usepackage{graphicx}
\usepackage[edges]{forest}
"""
"""What a document needs before its ``\\begin{document}`` to print the tree."""

MERMAID_LARGEST = 50_000
"""How many characters Mermaid draws, unless a page says otherwise (https://mermaid.js.org/config/schema-docs/config.html)."""

LEGIBLE = 300
"""How many works can still be read in a figure of one page."""

_FOREST_STYLE = r"""\begin{forest}
  for tree={
    grow'=0, forked edges, draw, rounded corners=2pt, anchor=west, child anchor=west, parent anchor=east,
    font=\scriptsize, inner xsep=4pt, inner ysep=3pt, l sep=9pt, s sep=3pt, fork sep=4pt,
    edge={draw=black!45, line width=.6pt}, line width=.6pt, node options={align=center},
  },
  root/.style={rotate=90, anchor=center, child anchor=north, parent anchor=south, fill=black!6, draw=black!55},
  branch/.style={text width=6.8em, draw=#1, fill=#1!22, for descendants={draw=#1, fill=#1!10}},
  group/.style={text width=6.8em},
  leaf/.style={text width=%s\textwidth, node options={align=left}},
"""
_FIT = r"""\ifdim\wd2>\linewidth\setbox2=\hbox{\resizebox{\linewidth}{!}{\box2}}\fi
\ifdim\dimexpr\ht2+\dp2\relax>0.9\textheight\setbox2=\hbox{\resizebox{!}{0.9\textheight}{\box2}}\fi
\noindent\hbox to\linewidth{\hss\box2\hss}%
"""
_NOT_PLAIN = re.compile(r"[^\w ,.:()/'+-]|_|(?<=\d)[.)](?= )|^[+-](?= )|(?<=\w):(?=//)")
_LONGEST = 160
"""How many characters of a title Mermaid is given; it would break the rest into a tower."""
_LINE = 80
"""How many characters of Mermaid's labels stand on one line."""


def taxonomy(graph: Graph, works: Iterable[Work], format: str, drawing: Drawing | None = None) -> Iterator[str]:
    """Yield the tree of ``works`` as pieces of text, in one of :data:`TAXONOMY_FORMATS`.

    :raises UnknownName: no such format or category; the message lists those there are.
    :raises NothingFound: there is no work to draw.
    """
    drawing = drawing or Drawing()
    if format not in TAXONOMY_FORMATS:
        raise UnknownName("format", format, TAXONOMY_FORMATS)
    branches = Branches(graph, in_order(works), drawing.categories)
    return TAXONOMY_FORMATS[format](make_tree(branches, drawing))


# --- LaTeX


def forest(root: Node) -> Iterator[str]:
    """Yield the tree for the package forest; it shrinks to the width and height of the page where it is larger."""
    yield "% In the preamble: \\usepackage{graphicx} and \\usepackage[edges]{forest}\n"
    yield "% To be set in a figure, or a figure* of two columns. It is made as small as the page wants it.\n"
    yield "\\begingroup\n"
    for n, colour in enumerate(COLOURS):
        yield f"\\definecolor{{taxonomy{n}}}{{HTML}}{{{colour}}}\n"
    yield f"\\setbox2=\\hbox{{%\n{_FOREST_STYLE % _leaf_width(root)}"
    if root.leaves:
        yield f"  [{{{latex_text(root.label)}}}, root\n"
        yield f"    [{_forest_leaves(root)}, branch=taxonomy0, leaf]\n  ]\n"
    else:
        yield f"  [{{{latex_text(root.label)}}}, root\n"
        for n, child in enumerate(root.children):
            yield from _forest_node(child, f"branch=taxonomy{n % len(COLOURS)}", 2)
        yield "  ]\n"
    yield f"\\end{{forest}}}}%\n{_FIT}\\endgroup\n"


def _leaf_width(root: Node) -> str:
    """Return how wide boxes of works are, in parts of the text's width, so that the tree has about the shape of a page.

    Reckoned in points: a letter of scriptsize is 3.5 wide and 8.5 high, a box takes 10 more; an article's text is 345
    wide and the other boxes beside 170.
    """
    boxes = list(_boxes(root))
    letters = sum(len(leaf.label) + 6 for box in boxes for leaf in box.leaves)
    parts = 0.56
    while parts < 4 and letters * 3.5 * 8.5 / (parts * 345) + 10 * len(boxes) > 1.5 * (parts * 345 + 170):
        parts += 0.1
    return f"{parts:.2f}"


def _boxes(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _boxes(child)


def _forest_node(node: Node, style: str, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}[{{{latex_text(node.label)}}}, {style}"
    if not node.children and not node.leaves:
        yield "]\n"
        return
    yield "\n"
    for child in node.children:
        yield from _forest_node(child, "group", depth + 1)
    if node.leaves:
        yield f"{indent}  [{_forest_leaves(node)}, leaf]\n"
    yield f"{indent}]\n"


def _forest_leaves(node: Node) -> str:
    """Return the works of a node as the text of one box, each behind its name, as surveys print them."""
    told = [_forest_leaf(leaf) for leaf in node.leaves]
    if node.left_out:
        told.append(f"and {node.left_out} more")
    return f"{{{', '.join(told)}}}"


def _forest_leaf(leaf: Leaf) -> str:
    cited = rf"\cite{{{leaf.work.key}}}"
    label = latex_text(leaf.label)
    if leaf.year:  # behind authors alone
        label = label.replace(" et al.", "~et~al.")
    return cited if not label or leaf.label == leaf.work.key else f"{label}~{cited}"


# --- Mermaid


def mermaid(root: Node) -> Iterator[str]:
    """Yield the tree as a flowchart, which GitHub draws; the works of a node share one box.

    A box a work would have more edges than Mermaid draws (500), and a mind map of hundreds cannot be read.
    """
    yield '%%{init: {"flowchart": {"wrappingWidth": 640, "nodeSpacing": 12, "rankSpacing": 36}}}%%\n'
    yield f"flowchart LR\n  r[{mermaid_label(*_counted(root))}]\n"
    for n, colour in enumerate(COLOURS[: max(len(root.children), 1)]):
        yield f"  classDef c{n} fill:{tint(colour, 0.16)},stroke:#{colour},color:#000\n"
    if root.leaves:
        yield from _mermaid_leaves(root, "r", "c0")
    for n, child in enumerate(root.children):
        yield from _mermaid_node(child, "r", f"b{n}", f"c{n % len(COLOURS)}")


def _mermaid_node(node: Node, parent: str, name: str, style: str) -> Iterator[str]:
    yield f"  {parent} --- {name}[{mermaid_label(*_counted(node))}]:::{style}\n"
    for n, child in enumerate(node.children):
        yield from _mermaid_node(child, name, f"{name}x{n}", style)
    if node.leaves:
        yield from _mermaid_leaves(node, name, style)


def _mermaid_leaves(node: Node, parent: str, style: str) -> Iterator[str]:
    told = [(leaf.text, leaf.is_title) for leaf in node.leaves]
    told += [(f"and {node.left_out} more", True)] if node.left_out else []
    lines: list[str] = []
    for whole, alone in told:
        text = whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1].rstrip() + "…"
        if lines and not alone and len(lines[-1]) + len(text) + 2 < _LINE:
            lines[-1] += f", {text}"
        else:
            lines.append(text)
    yield f"  {parent} --- {parent}w[{mermaid_label(*lines)}]:::{style}\n"


def _counted(node: Node) -> tuple[str, str]:
    return node.text, f"{node.works} {'work' if node.works == 1 else 'works'}"


def mermaid_label(*lines: str) -> str:
    """Return lines of text as a label of Mermaid: what it may read as syntax or Markdown is written as its number.

    >>> mermaid_label('a "b" #c', "`d` [e]")
    '"a #34;b#34; #35;c<br/>#96;d#96; #91;e#93;"'
    """
    return f'"{"<br/>".join(_NOT_PLAIN.sub(lambda m: f"#{ord(m[0])};", line) for line in lines)}"'


def tint(colour: str, part: float) -> str:
    """Return so large a part of a colour on white: ``tint("000000", 0.2)`` is ``#CCCCCC``."""
    mixed = (round(255 - part * (255 - int(colour[i : i + 2], 16))) for i in (0, 2, 4))
    return "#" + "".join(f"{value:02X}" for value in mixed)


TAXONOMY_FORMATS: dict[str, Callable[[Node], Iterator[str]]] = {"latex": forest, "mermaid": mermaid, "svg": svg}
"""Format of a figure to what draws it."""
