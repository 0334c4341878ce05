"""``llmcomp categories``, ``search`` and ``show``."""

from __future__ import annotations

from pathlib import Path

import click

from ..kg.details import Details, Neighbour
from ..kg.errors import NothingFound, UsageError
from ..kg.identifiers import page
from ..kg.names import spoken
from .options import Talk, graph_options, json_option, opened
from .output import counted, echo, heading, print_json, print_table

_LISTED = 10
"""How many citing and cited works are shown without ``-v``."""


@click.command()
@json_option
@graph_options
def categories(as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """List the categories: slug, number of works, name.

    \b
    Example:
      llmcomp categories
    """
    found = opened(graph_path, talk).categories()
    if as_json:
        print_json(found)
        return
    print_table(("CATEGORY", "WORKS", "NAME"), ((c.slug, str(c.works), c.name) for c in found), numbers=(1,))


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@json_option
@graph_options
def search(text: tuple[str, ...], limit: int, as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Find works in whose title, authors, key or identifiers every word of TEXT stands, best first.

    Works that are only cited by listed ones are found too and marked.

    \b
    Example:
      llmcomp search frantar quantization
    """
    wanted = " ".join(text)
    if not wanted.strip():
        raise UsageError("TEXT was given empty. Name a word of a title, an author or a key.")
    hits = opened(graph_path, talk).search(wanted)
    if as_json:
        print_json([{"key": h.key, "title": h.title, "iri": h.iri, "listed": h.listed} for h in hits[:limit]])
    else:
        for hit in hits[:limit]:
            echo(f"{hit.key}  {hit.title}{'' if hit.listed else '  (cited, not listed)'}")
        if len(hits) > limit:
            talk.say(f"{len(hits) - limit} more; --limit shows them")
    if not hits:
        raise NothingFound(f"nothing has all of these words: {wanted}. Fewer words, or parts of words, find more.")


@click.command()
@click.argument("work", nargs=-1, required=True)
@json_option
@graph_options
def show(work: tuple[str, ...], as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Show everything the graph knows of one WORK.

    WORK is a citation key, an arXiv id, a DOI, an address, an IRI, or a piece of a title that fits only one.

    \b
    Examples:
      llmcomp show frantar2022gptq
      llmcomp show arXiv:2210.17323
    """
    found = opened(graph_path, talk).show(" ".join(work))
    if as_json:
        print_json(found)
    else:
        _print(found, everything=talk.level > 0)


def _print(found: Details, *, everything: bool) -> None:
    work = found.work
    authors = "; ".join(spoken(name) for name in work.authors)
    if work.authors_truncated:
        authors += " and others"
    venue = work.venue.title if work.venue else "preprint" if work.kind == "paper" else "tool"
    echo(heading(work.title))
    for title in found.other_titles:
        echo(f"also       {title}")
    if work.kind == "paper" or authors:
        confidence = f" (confidence {found.confidence})" if found.confidence else ""
        echo(f"authors    {authors or 'unknown'}{confidence}")
    former = f" (formerly {', '.join(work.former_keys)})" if work.former_keys else ""
    echo(f"key        {work.key}{former}")
    echo(f"venue      {venue}{f', {work.year}' if work.year else ''}")
    echo(f"category   {', '.join(work.categories) or 'none: cited by listed works, not listed'}")
    for identifier in work.identifiers:
        echo(f"id         {identifier}  {page(identifier)}")
    for url in work.code:
        echo(f"code       {url}")
    if found.open_access:
        echo(f"read       {found.open_access}")
    echo(f"iri        {work.iri}")
    for row in found.rows:
        printed = f"{row.title} | {row.venue}" if row.venue else row.title
        echo(f"row        {row.source}, line {row.line} ({row.section}): {printed}")
    for count in found.counts if everything else found.counts[-1:]:
        influential = f", {count.influential} of them influential" if count.influential is not None else ""
        echo(f"citations  {count.citations} in all{influential} ({count.source}, {count.date})")
    if found.references_known:
        _print_works(
            "cites", found.cites, "" if found.references_complete else "; its reference list is cut", everything
        )
    if found.cited_by:
        lists = f" (reference lists that are complete: {found.complete_reference_lists})"
        _print_works("cited by", found.cited_by, lists, everything)


def _print_works(label: str, works: tuple[Neighbour, ...], remark: str, everything: bool) -> None:
    echo(f"{label:<10} {counted(len(works), 'work')} in the graph{remark}")
    shown = works if everything else works[:_LISTED]
    for work in shown:
        echo(f"  {work.key}  {work.title}")
    if len(shown) < len(works):
        echo(f"  and {len(works) - len(shown)} more (-v shows all)")
