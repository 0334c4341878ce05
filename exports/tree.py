"""The tree of categories, sub-groups and works, before it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..kg.errors import UsageError
from ..kg.model import Work
from ..kg.subgroups import REST
from .branches import Branch, Branches
from .columns import method, surnames
from .latex import plain

Leaves = Literal["name", "title", "key"]
Depth = Literal["categories", "subgroups", "works"]

COLOURS = ("0072B2", "E69F00", "009E73", "D55E00", "56B4E9", "CC79A7", "B8A900", "7F7F7F")
"""One for each branch in turn: Okabe and Ito's colours, which people with any colour vision tell apart.

The yellow is darker than theirs and black is grey, for both are the colour of lines on white here
(https://jfly.uni-koeln.de/color/).
"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How much of the tree is drawn.

    ``leaves`` is what a work is called: by the name that stands before the colon of its title (its authors and year
    where there is none), by its title, or by its key. ``depth`` is where the tree ends. Of a node's works at most
    ``most_works`` are drawn, the most cited first, then the newest; None is all. With ``categories`` only these are
    branches.
    """

    leaves: Leaves = "name"
    depth: Depth = "works"
    most_works: int | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A work as the tree calls it; ``year`` stands behind authors who stand for a name.

    A label that ``is_title`` is a whole title, which has a line of its own.
    """

    label: str
    work: Work
    year: str = ""
    is_title: bool = False

    @property
    def text(self) -> str:
        """The label as plain text."""
        return plain(f"{self.label} {self.year}".strip()) or self.work.key


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the tree: how many works it stands for, the boxes under it, or works, ``left_out`` not drawn."""

    label: str
    works: int
    children: tuple[Node, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    left_out: int = 0

    @property
    def text(self) -> str:
        """The label as plain text."""
        return plain(self.label) or "Works"


def make_tree(branches: Branches, drawing: Drawing) -> Node:
    """Return the tree of the works of ``branches``; where all are in one category, that is the root.

    :raises UsageError: fewer than one work a node.
    """
    if drawing.most_works is not None and drawing.most_works < 1:
        raise UsageError("a node shows at least one work. To show none, end the tree at categories.")
    nodes = tuple(_category(branches, branch, drawing) for branch in branches.categories)
    if len(nodes) == 1:
        return nodes[0]
    return Node(branches.title, len(branches.works), nodes)


def _category(branches: Branches, branch: Branch, drawing: Drawing) -> Node:
    number = len(branch.works)
    if drawing.depth == "categories":
        return Node(branch.name, number)
    groups = branches.subgroups(branch)
    if [group.name for group in groups] == [REST]:
        return _with_leaves(branch.name, branch.works, drawing)
    return Node(branch.name, number, tuple(_with_leaves(group.name, group.works, drawing) for group in groups))


def _with_leaves(label: str, works: Sequence[Work], drawing: Drawing) -> Node:
    if drawing.depth != "works":
        return Node(label, len(works))
    shown: Iterable[Work] = works
    if drawing.most_works is not None and len(works) > drawing.most_works:
        best = sorted(works, key=lambda w: (-(w.citations or -1), -(w.year or 0), w.key))[: drawing.most_works]
        shown = sorted(best, key=lambda w: w.key)
    leaves = tuple(_leaf(work, drawing.leaves) for work in shown)
    return Node(label, len(works), (), leaves, len(works) - len(leaves))


def _leaf(work: Work, leaves: Leaves) -> Leaf:
    if leaves == "title":
        return Leaf(work.title, work, is_title=True)
    name = method(work) if leaves == "name" else ""
    if not name and leaves == "name" and (authors := surnames(work)):
        return Leaf(authors, work, str(work.year or ""))
    return Leaf(name or work.key, work)
