"""``llmcomp cites``, ``cited-by``, ``related``, ``path`` and ``bridges``."""

from __future__ import annotations

from pathlib import Path

import click

from .. import Selection
from ..kg import citations, paths, relatedness
from ..kg.edges import read_edges
from ..kg.errors import NothingFound
from ..kg.exploring import named_works
from ..kg.ranking import Ranking
from .aside import aside
from .options import Talk, graph_options, opened, selecting_options
from .output import counted, print_json, write
from .ranked import (
    check_form,
    listed_option,
    print_ranking,
    ranked_options,
    tell_basis,
    write_works,
)

_WORKS = click.argument("works", nargs=-1, metavar="[WORK]...")


@click.command()
@_WORKS
@selecting_options
@listed_option
@ranked_options(20)
@graph_options
def cites(
    works: tuple[str, ...],
    selection: Selection,
    listed: bool,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show what a WORK cites: its references, those cited most first.

    Of several works, or of those that the options select, it is their prior works: what most of them build on. A work
    is named by citation key, arXiv id, DOI, address, or a piece of a title that fits only one.

    \b
    Examples:
      llmcomp cites kwon2023efficient
      llmcomp cites --category kv-cache --limit 10 --why
    """
    graph = opened(graph_path, talk)

    def answer() -> Ranking:
        chosen = named_works(graph, works, selection)
        return citations.cites(graph, read_edges(graph), chosen, limit=limit, listed_only=listed)

    found = aside(answer)
    if not found.works:
        raise NothingFound(
            f"no {'listed work' if listed else 'work'} is cited, as far as the reference lists are known."
        )
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)


@click.command("cited-by")
@_WORKS
@selecting_options
@listed_option
@ranked_options(20)
@graph_options
def cited_by(
    works: tuple[str, ...],
    selection: Selection,
    listed: bool,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show what cites a WORK, those cited most first.

    Of several works, or of those that the options select, it is their derivative works: what builds on most of them.
    Known are citations by works whose reference lists are in the graph.

    \b
    Examples:
      llmcomp cited-by frantar2022gptq
      llmcomp cited-by frantar2022gptq lin2023awq --format bibtex > builds-on-both.bib
    """
    graph = opened(graph_path, talk)

    def answer() -> Ranking:
        chosen = named_works(graph, works, selection)
        return citations.cited_by(graph, read_edges(graph), chosen, limit=limit, listed_only=listed)

    found = aside(answer)
    if not found.works:
        raise NothingFound(
            f"none of the {found.basis.reference_lists} reference lists that are known here cites it. "
            "'llmcomp enrich' fetches more."
        )
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)


@click.command()
@_WORKS
@selecting_options
@click.option(
    "--by",
    type=click.Choice(relatedness.WAYS),
    default="adamic-adar",
    show_default=True,
    help="By shared references, by being cited together, by shared links of which rare ones count more, or by a walk "
    "along citations.",
)
@listed_option
@ranked_options(20)
@graph_options
def related(
    works: tuple[str, ...],
    selection: Selection,
    by: str,
    listed: bool,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show the works nearest to a WORK, or to several together, by who cites whom.

    'coupling' needs the references of the work itself, 'cocitation' works that cite it; the other two go by both.

    \b
    Examples:
      llmcomp related frantar2022gptq
      llmcomp related kwon2023efficient zhang2023h2o --by coupling --why
    """
    graph = opened(graph_path, talk)

    def answer() -> Ranking:
        chosen = named_works(graph, works, selection)
        return relatedness.related(graph, read_edges(graph), chosen, by=by, limit=limit, listed_only=listed)

    found = aside(answer)
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--directed", is_flag=True, help="Only along citations: A cites a work that cites ... B.")
@ranked_options(3, why=False)
@graph_options
def path(
    a: str,
    b: str,
    directed: bool,
    limit: int,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show how work A and work B are linked: chains of citations between them, the shortest first.

    A chain runs along citations either way; those through rarer works come first. Chains one step longer than the
    shortest are shown too, as far as --limit goes.

    \b
    Examples:
      llmcomp path frantar2022gptq zhang2023h2o
      llmcomp path liu2024kivi dettmers2022llmint8 --directed --limit 5
    """
    check_form(as_json, format_)
    graph = opened(graph_path, talk)

    def answer() -> paths.Chains:
        ends = graph.find(a), graph.find(b)
        return paths.paths(graph, read_edges(graph), *ends, limit=limit, directed=directed)

    found = aside(answer)
    if as_json:
        print_json(found, output)
    elif format_ != "table":
        write_works(graph, {work.iri for chain in found.paths for work in chain.works}, format_, output, talk)
    else:
        write([_chains(found).encode("utf-8", "backslashreplace")], output)
    talk.say(f"the shortest has {counted(found.length, 'citation')}")
    tell_basis(found.basis, talk)


def _chains(found: paths.Chains) -> str:
    blocks: list[str] = []
    for chain in found.paths:
        first, *others = chain.works
        lines = [f"{first.key}  {' '.join(first.title.split())}"]
        for step, work in zip(chain.steps, others, strict=True):
            said = {"cites": "cites", "cited by": "is cited by"}.get(step, step)
            lines.append(f"  {said}  {work.key}  {' '.join(work.title.split())}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


@click.command()
@click.argument("a")
@click.argument("b")
@listed_option
@ranked_options(20)
@graph_options
def bridges(
    a: str,
    b: str,
    listed: bool,
    limit: int,
    why: bool,
    format_: str,
    as_json: bool,
    output: Path | None,
    graph_path: Path | None,
    talk: Talk,
) -> None:
    """Show the works that join categories A and B: cited by papers of both, or citing papers of both.

    The number is the geometric mean of how many papers of A and of B a work is linked to.

    \b
    Example:
      llmcomp bridges quantization pruning-and-sparsity --listed --why
    """
    graph = opened(graph_path, talk)
    found = aside(lambda: citations.bridges(graph, read_edges(graph), a, b, limit=limit, listed_only=listed))
    print_ranking(graph, found, as_json=as_json, format_=format_, why=why, output=output, talk=talk)
