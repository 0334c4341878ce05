"""Works by category and sub-group: the branches of a tree, the groups of a table, the sections of a survey."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from ..kg.errors import NothingFound
from ..kg.graph import Graph
from ..kg.iris import local
from ..kg.model import Work
from ..kg.selection import Selection, find_category, select
from ..kg.subgroups import SMALLEST, Subgroup, subgroups
from ..kg.works import load_works
from .options import NO_WORKS

UNLISTED = "Not listed"
"""The name of the branch of works that stand in no category: listed works cite them."""


@dataclass(frozen=True)
class Branch:
    """A category with those of the chosen works that stand in it, sorted by key; ``slug`` is empty for none."""

    slug: str
    name: str
    works: tuple[Work, ...]


class Branches:
    """The works that were chosen, by category, and each category in sub-groups."""

    def __init__(self, graph: Graph, works: Iterable[Work], categories: Sequence[str] = ()) -> None:
        """Choose ``works``; with ``categories`` (slugs, names, beginnings of slugs) only these are branches.

        Raises NothingFound for no works, UnknownName and Ambiguous as
        :func:`llmcomp.kg.selection.find_category` does.
        """
        self._graph = graph
        self.works = tuple(sorted(works, key=lambda work: (work.key, work.iri)))
        if not self.works:
            raise NothingFound(NO_WORKS)
        self.names = {slug: name for _, slug, name in graph.rows("category-names")}
        self._wanted = tuple(local(find_category(graph, text)) for text in categories)

    @cached_property
    def categories(self) -> tuple[Branch, ...]:
        """The branches that have works, sorted by name; a work is in each of its categories once."""
        slugs = set(self._wanted or self.names)
        found = [
            Branch(slug, self.names.get(slug, slug), tuple(work for work in self.works if slug in work.categories))
            for slug in sorted(slugs, key=lambda slug: (self.names.get(slug, slug).casefold(), slug))
        ]
        rest = () if self._wanted else tuple(work for work in self.works if not work.categories)
        return (*(branch for branch in found if branch.works), *([Branch("", UNLISTED, rest)] if rest else []))

    @cached_property
    def _background(self) -> tuple[Work, ...]:
        return tuple(load_works(self._graph, select(self._graph, Selection())))

    def subgroups(self, branch: Branch) -> tuple[Subgroup, ...]:
        """Return the sub-groups of ``branch``, the largest first, the rest last."""
        few = len(branch.works) < SMALLEST  # which need no look at the whole graph
        return subgroups(branch.works, () if few else self._background)

    @cached_property
    def title(self) -> str:
        """What the works are about: the categories by name, or the list if there are many, or "Works"."""
        names = [branch.name for branch in self.categories]
        if len(names) <= 2:
            return " and ".join(names) or "Works"
        lists = {source for graph, _, _, source, _ in self._graph.rows("sources") if "/graph/list/" in graph}
        return _list_name(lists.pop()) if len(lists) == 1 else "Works"


def _list_name(source: str) -> str:
    """Return the name of a list by where it was read: that of its repository, or of its file.

    >>> _list_name("https://github.com/HuangOwen/Awesome-LLM-Compression"), _list_name("lists/my-list.md")
    ('Awesome LLM Compression', 'my list')
    >>> _list_name("README.md")
    'Works'
    """
    address = urlsplit(source)
    parts = [part for part in address.path.split("/") if part and part.casefold() != "readme.md"]
    on_github = (address.hostname or "").endswith(("github.com", "githubusercontent.com")) and len(parts) > 1
    last = parts[1] if on_github else parts[-1] if parts else ""
    return " ".join(last.removesuffix(".md").replace("-", " ").replace("_", " ").split()) or "Works"
