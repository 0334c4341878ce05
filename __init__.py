"""llmcomp: a reading list as a knowledge graph, and the graph as a bibliography fit to cite from.

>>> import llmcomp
>>> graph = llmcomp.open_graph()  # built from the shipped data on first need
>>> print(graph.bibliography(keys=["frantar2022gptq"]).partition(",")[0])
@inproceedings{frantar2022gptq
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .kg import store as _store
from .kg.answer import Answer
from .kg.errors import LlmcompError, UsageError
from .kg.exploring import Explorable
from .kg.model import Identifier, Name, Venue, Work
from .kg.remote import is_address, shown
from .kg.selection import Category, Selection, parse_years

if TYPE_CHECKING:
    from .exports.checking import Checked
    from .exports.options import Options
    from .exports.tables import Layout
    from .exports.tree import Drawing
    from .kg.bibdiff import BibDiff
    from .kg.brought import Imported
    from .kg.build import Built
    from .kg.citing import Citation
    from .kg.coverage import Coverage
    from .kg.details import Details
    from .kg.enrichment import Enriched, Progress
    from .kg.explanation import Explanation
    from .kg.key_checks import KeyFinding
    from .kg.key_file import ImportedKeys
    from .kg.key_styles import KeyStyle
    from .kg.loaded import Loaded
    from .kg.pacing import Wait
    from .kg.push import Pushed
    from .kg.search import Hit
    from .kg.status import Status

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Category",
    "Graph",
    "Identifier",
    "LlmcompError",
    "Name",
    "Selection",
    "Venue",
    "Work",
    "__version__",
    "bibdiff",
    "build_graph",
    "default_graph_path",
    "enrich_graph",
    "import_graph",
    "import_keys",
    "import_snapshot",
    "open_graph",
    "push_graph",
]


class Graph(Explorable):
    """A graph that is open for reading. Every command is a method here.

    ``rows`` and ``query`` ask it in SPARQL; the others answer with values.
    """

    def categories(self) -> list[Category]:
        """Return the categories with the number of works in each, sorted by slug."""
        from .kg.selection import categories

        return categories(self)

    def works(self, selection: Selection | None = None, key_style: KeyStyle = "default") -> list[Work]:
        """Return the works that ``selection`` means, all listed papers without one, sorted by key.

        With another ``key_style`` they bear keys of that style, and their own as one that they had before.
        """
        from .kg.key_styles import restyle
        from .kg.selection import select
        from .kg.works import load_works

        works = load_works(self, select(self, selection or Selection()))
        return works if key_style == "default" else restyle(self, works, key_style)

    def bibliography(
        self,
        *,
        category: str | Sequence[str] = (),
        venue: str | Sequence[str] = (),
        year: str | int = "",
        author: str | Sequence[str] = (),
        keys: Sequence[str] = (),
        min_citations: int | None = None,
        query: str = "",
        cited: Sequence[Citation] | None = None,
        format: str = "bibtex",
        options: Options | None = None,
        key_style: KeyStyle = "default",
    ) -> str:
        """Return a bibliography as text: BibTeX, or another of ``llmcomp.exports.registry.FORMATS``.

        ``year`` is one (2024) or a range ("2023..2025"), ``query`` SPARQL that binds ``?work``, ``cited`` the citations
        of a document (:func:`llmcomp.kg.citing.read_citations`). Conditions of one kind are combined with "or", kinds
        with "and". ``key_style`` writes other keys than those of the graph. Raises UsageError for a name that nothing
        bears.
        """
        from .exports.registry import export

        selection = Selection(
            categories=_several(category),
            venues=_several(venue),
            years=parse_years(str(year)) if year != "" else None,
            authors=_several(author),
            keys=tuple(keys),
            min_citations=min_citations,
            query=query,
            cited=None if cited is None else tuple(cited),
        )
        return "".join(export(self.works(selection, key_style), format, options))

    def export(self, *, format: str = "trig", source: str | None = None, name_view: bool = False) -> Iterator[bytes]:
        """Yield the graph as RDF (``trig``, ``nquads``, ``jsonld``, ``turtle``), for :func:`import_graph` elsewhere.

        ``source`` is ``all``, ``resolved``, ``keys``, ``metadata`` or a source graph; all of it without one.
        """
        from .kg.dump import export_graph

        return export_graph(self, format, source, name_view=name_view)

    def find(self, text: str) -> str:
        """Return the IRI of the one work that a key, an identifier, an address or a piece of title names."""
        from .kg.search import find_work

        return find_work(self, text)

    def search(self, text: str) -> list[Hit]:
        """Return the works in which every word of ``text`` stands, best first."""
        from .kg.search import search

        return search(self, text)

    def show(self, text: str) -> Details:
        """Return everything the graph knows of the work that ``text`` names (see :meth:`find`)."""
        from .kg.details import details

        return details(self, self.find(text))

    def explain(self, text: str) -> Explanation:
        """Return where each value of the work that ``text`` names comes from, and what other sources say."""
        from .kg.explain import explain

        return explain(self, self.find(text))

    def snapshot(self) -> Iterator[bytes]:
        """Yield a snapshot of the graph as the bytes of a file, for :func:`import_snapshot` elsewhere."""
        from .kg.snapshot import export_snapshot

        return export_snapshot(self)

    def check(self, file: str | os.PathLike[str]) -> Checked:
        """Return what is wrong with the .bib ``file``, held against the graph, and the file mended."""
        from .exports.checking import check
        from .kg.bibfile import read_bib

        return check(self, read_bib(file))

    def check_keys(self, file: str | os.PathLike[str]) -> list[KeyFinding]:
        """Return the keys of the .bib ``file`` that mean another work here, or none any more."""
        from .kg.bibfile import read_bib
        from .kg.key_checks import check_keys

        return check_keys(self, read_bib(file))

    def coverage(self, file: str | os.PathLike[str], selection: Selection | None = None) -> Coverage:
        """Return which works of ``selection`` the .bib ``file`` lacks, and which of its entries the lists lack."""
        from .kg.bibfile import read_bib
        from .kg.coverage import coverage

        return coverage(self, read_bib(file), selection or Selection())

    def keys(self, *, everything: bool = False) -> Iterator[str]:
        """Yield the citation keys of listed works as pieces of text, for :func:`import_keys` elsewhere.

        With ``everything`` those of works that are only cited, and of works of no list, too.
        """
        from .kg.key_file import export_keys

        return export_keys(self, everything=everything)

    def table(
        self, selection: Selection | None = None, *, format: str = "markdown", layout: Layout | None = None
    ) -> str:
        """Return a table of works as text: LaTeX, Markdown, CSV or HTML."""
        from .exports.tables import Layout, table

        layout = layout or Layout()
        if selection and not layout.categories:  # a work of several categories brings in no other one
            layout = replace(layout, categories=selection.categories)
        return "".join(table(self, self.works(selection), format, layout))

    def taxonomy(
        self, selection: Selection | None = None, *, format: str = "mermaid", drawing: Drawing | None = None
    ) -> str:
        """Return the tree of categories with their works as text: LaTeX (forest), Mermaid or SVG."""
        from .exports.taxonomy import taxonomy
        from .exports.tree import Drawing

        drawing = drawing or Drawing()
        if selection and not drawing.categories:
            drawing = replace(drawing, categories=selection.categories)
        return "".join(taxonomy(self, self.works(selection), format, drawing))

    def skeleton(self, selection: Selection | None = None) -> dict[str, str]:
        """Return a survey section that compiles: the name of each file and its text.

        Raises NothingFound for a selection of no works.
        """
        from .exports.skeleton import skeleton

        return skeleton(self, self.works(selection), selection.categories if selection else ())

    def query(self, query: str, **values: str | Sequence[str]) -> Answer:
        """Answer SPARQL or a named query; ``values`` are its parameters, as people write them.

        ``graph.query("works-of-category", category="pruning")``. Raises UsageError for what is no query, UnknownName
        for a parameter that it has not or a value that names nothing.
        """
        from .kg.parameters import with_parameters

        return super().query(with_parameters(self, query, values) if values else query)

    def status(self) -> Status:
        """Return counts, sources and findings."""
        from .kg.status import status

        return status(self)


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def default_graph_path() -> Path | str:
    """Return where the graph is: what ``LLMCOMP_GRAPH`` names, else a folder in the user's data folder.

    An http(s) address is that of a SPARQL endpoint.
    """
    named = os.environ.get("LLMCOMP_GRAPH")
    return _place(named) if named else _store.default_path()


def _place(path: str | os.PathLike[str] | None) -> Path | str:
    """Return the folder that ``path`` names, "~" being the user's home wherever it is written, or the address."""
    if path is None:
        return default_graph_path()
    return str(path) if is_address(path) else Path(path).expanduser()


def _folder(path: str | os.PathLike[str] | None) -> Path:
    """Return the folder that ``path`` names; raise UsageError for an address, where nothing can be made."""
    place = _place(path)
    if isinstance(place, str):
        raise UsageError(
            f"{shown(place)} is a graph on the network, which is only read. Name a folder with --graph for this; "
            "'llmcomp push' loads a folder's graph there."
        )
    return place


def open_graph(path: str | os.PathLike[str] | None = None, *, talk: Callable[[str], None] | None = None) -> Graph:
    """Open the graph in ``path`` (default: :func:`default_graph_path`), building it from shipped data on first need.

    ``path`` may be the address of a SPARQL endpoint (http or https), which is asked and never changed. ``talk`` is
    told in one line what a build does. Raises OutsideError when it cannot be built or opened.
    """
    folder = _place(path)
    if isinstance(folder, str):
        return Graph(folder)
    if _store.read_current(folder) is None:
        built = build_graph(folder, only_if_missing=True, waiting=talk and (lambda who: talk(f"waiting for {who}")))
        if built and talk:
            talk(f"built the graph of {built.works} works from the shipped data in {folder}")
    return Graph(folder)


def enrich_graph(
    path: str | os.PathLike[str] | None = None,
    *,
    api_key: str | None = None,
    api_url: str | None = None,
    selection: Selection | None = None,
    limit: int | None = None,
    refresh: bool = False,
    max_age: int = 30,
    intents: bool = False,
    tell: Callable[[Progress], object] | None = None,
    on_wait: Callable[[Wait], object] | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Enriched:
    """Ask Semantic Scholar about the works of the graph in ``path`` and make what it says a part of the graph.

    Asked are the works of ``selection`` (all listed ones without it) that were never asked for or not for ``max_age``
    days, all of them with ``refresh``, at most ``limit``. ``intents`` also asks why each reference is cited, one call
    more for each work. ``tell`` is told how far it is, ``on_wait`` of waits after a failed call. When the service fails
    the answer's ``stopped`` says why, and what came is stored; the next call goes on. Its data are under ODC-BY.
    """
    from .kg.enrichment import enrich
    from .kg.scholar import Scholar

    folder = _folder(path)
    with Scholar(api_key, api_url, on_wait) as scholar:
        open_graph(folder)
        return enrich(
            folder,
            scholar,
            version=__version__,
            selection=selection,
            limit=limit,
            refresh=refresh,
            max_age=max_age,
            intents=intents,
            tell=tell,
            waiting=waiting,
        )


def import_snapshot(
    file: str | os.PathLike[str],
    path: str | os.PathLike[str] | None = None,
    *,
    waiting: Callable[[str], None] | None = None,
) -> Imported:
    """Make the snapshot in ``file`` (``-`` for standard input) a part of the graph in ``path``, or that graph.

    A graph that is there keeps its lists, keys and answers. Raises OutsideError for a file that is no whole snapshot,
    GraphLocked while another process builds.
    """
    from .kg.brought import import_snapshot

    return import_snapshot(_folder(path), os.fspath(file), version=__version__, waiting=waiting)


def import_keys(
    file: str | os.PathLike[str],
    path: str | os.PathLike[str] | None = None,
    *,
    waiting: Callable[[str], None] | None = None,
) -> ImportedKeys:
    """Give the works of the graph in ``path`` the citation keys that ``file`` has: an export of keys, or a .bib.

    The keys they had before stay known as former ones. Raises UsageError for a key that cannot be one, GraphLocked
    while another process builds; nothing is changed then.
    """
    from .kg.key_file import import_keys

    folder = _folder(path)
    open_graph(folder)
    return import_keys(folder, file, version=__version__, waiting=waiting)


def import_graph(
    files: Sequence[str],
    path: str | os.PathLike[str] | None = None,
    *,
    format: str | None = None,
    replace: bool = False,
    drop_keys: bool = False,
    waiting: Callable[[str], None] | None = None,
) -> Loaded:
    """Make the graph that ``files`` of :meth:`Graph.export` hold (``-`` for standard input) the one in ``path``.

    It is taken as it is. A graph that is there stays unless ``replace``, and then too where citation keys would be
    lost, unless ``drop_keys``. Raises UsageError for these, OutsideError for files that hold no whole graph,
    GraphLocked while another process builds.
    """
    from .kg.loaded import import_graph

    folder = _folder(path)
    return import_graph(
        folder, files, version=__version__, format=format, replace=replace, drop_keys=drop_keys, waiting=waiting
    )


def push_graph(
    url: str,
    path: str | os.PathLike[str] | None = None,
    *,
    afresh: bool = False,
    name_view: bool = False,
    tell: Callable[[int, int], object] | None = None,
) -> Pushed:
    """Load the graph in ``path`` into the server whose Graph Store is at ``url``; a push that was ended goes on.

    User and password, or a token, are taken from the environment (:mod:`llmcomp.kg.remote`). ``tell`` is told how many
    statements are there, and of how many. ``name_view`` names the resolved view, for servers whose default graph is the
    union of all. Raises OutsideError when the server fails or refuses.
    """
    from .kg.push import push

    folder = _folder(path)
    open_graph(folder)
    return push(folder, url, afresh=afresh, name_view=name_view, tell=tell)


def bibdiff(old: str | os.PathLike[str], new: str | os.PathLike[str]) -> BibDiff:
    """Compare two .bib files work by work, whatever keys, order and form their entries have."""
    from .kg.bibdiff import compare
    from .kg.bibfile import read_bib

    return compare(read_bib(old), read_bib(new))


def build_graph(
    path: str | os.PathLike[str] | None = None,
    lists: Sequence[str] = (),
    *,
    only_if_missing: bool = False,
    waiting: Callable[[str], None] | None = None,
) -> Built | None:
    """Build the graph in ``path`` of ``lists`` (files, ``-``, http addresses), or of the shipped list for none.

    Keys and enrichment of a graph that stood there are kept. With ``only_if_missing`` an existing graph stays and
    None is returned. Raises SourceError for a list that cannot be read, GraphLocked while another process builds.
    """
    from .kg.build import build

    folder = _folder(path)
    return build(folder, lists, version=__version__, only_if_missing=only_if_missing, waiting=waiting)
