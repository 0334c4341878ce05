"""``llmcomp explain``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

import click

from ..kg.explain import explain as explained
from ..kg.explanation import Claim, Field, Origin
from ..ontology.terms import PREFIXES
from .options import Talk, graph_options, json_option, opened
from .output import counted, echo, heading, print_json, terminal_width

_WIDTH, _WIDEST = 80, 110
"""Columns where nobody looks at a terminal, and the most that a line is spread over on a wide one."""
_INDENT = 14
_SHOWN = 3
"""How many printings of reference lists, and places where facts were read, are shown without ``-v``."""
_VERDICTS = ("says", "agrees", "implies", "differs")


@click.command()
@click.argument("work", nargs=-1, required=True)
@json_option
@graph_options
def explain(work: tuple[str, ...], as_json: bool, graph_path: Path | str | None, talk: Talk) -> None:
    """Explain where each value of one WORK comes from.

    WORK is named as for 'llmcomp show'. Under each value stands which source says it, which agrees in other words,
    which says what implies it, which differs and which is silent, with its date.

    \b
    Examples:
      llmcomp explain frantar2022gptq
      llmcomp explain arXiv:2402.00858
    """
    graph = opened(graph_path, talk)
    found = explained(graph, graph.find(" ".join(work)))
    if as_json:
        print_json(found)
        return
    echo(f"{heading(found.key)}  {found.iri}")
    labels = _labels(found.sources)
    for field in found.fields:
        echo()
        _print(field.name.replace("_", " "), field.value or ("unknown" if field.name == "authors" else "none"))
        for verdict, text in _told(field, labels, everything=talk.level > 0):
            _print(f"  {verdict}", text)
    echo()
    echo(heading("Sources"))
    for origin in found.sources:
        _print_source(origin, labels[origin.graph], everything=talk.level > 0)


def _print(label: str, text: str, indent: int = _INDENT) -> None:
    """Print ``text`` behind a label, below its own beginning where it takes several lines."""
    width = min(terminal_width() or _WIDTH, _WIDEST) - indent
    for line in wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False):
        echo(f"{label:<{indent}}{line}")
        label = ""


def _labels(sources: Sequence[Origin]) -> dict[str, str]:
    """Return what each source graph is called beside a value: its kind and day, of several lists the file's name."""
    kinds = {o.graph: o.graph.removeprefix(PREFIXES["graph"]).partition("/")[0] for o in sources}
    lists = {o.graph: o.source for o in sources if kinds[o.graph] == "list"}
    short = {graph: source.rstrip("/").rpartition("/")[2] for graph, source in lists.items()}
    if len(lists) > 1:
        kinds |= short if len(set(short.values())) == len(lists) else lists
    return {o.graph: f"{kinds[o.graph]} {o.date}".rstrip() for o in sources}


def _told(field: Field, labels: dict[str, str], *, everything: bool) -> Iterator[tuple[str, str]]:
    """Yield what is said of a field: the verdict, and who says what; who says the same is told in one line."""
    told: dict[tuple[str, str], list[str]] = {}
    differing = 0
    for claim in field.claims:
        verdict = _verdict(field, claim)
        if claim.references and verdict == "differs":
            differing += 1
            if differing > _SHOWN and not everything:
                continue
        told.setdefault((verdict, _words(field, claim, verdict, everything=everything)), []).append(_who(claim, labels))
    for (verdict, words), who in sorted(told.items(), key=lambda item: _VERDICTS.index(item[0][0])):
        yield verdict, "; ".join(who) + words
    if differing > _SHOWN and not everything:
        yield "", f"and {counted(differing - _SHOWN, 'other printing')} in reference lists (-v shows all)"
    if field.silent:
        yield "silent", "; ".join(labels[graph] for graph in field.silent)
    if field.decided:
        yield "decided", field.decided


def _verdict(field: Field, claim: Claim) -> str:
    if not claim.stands:
        return "differs"
    return "implies" if claim.follows_from else "says" if claim.value == field.value else "agrees"


def _words(field: Field, claim: Claim, verdict: str, *, everything: bool) -> str:
    """Return what stands behind the name of a source: what it says where that is not the value itself."""
    if verdict == "implies":
        words = f": {claim.follows_from}"
    # what agrees differs in capitals, signs or initials here, not in the matter
    elif verdict == "says" or (verdict == "agrees" and field.name in {"title", "authors"} and not everything):
        words = ""
    else:
        words = f": {claim.value}" + f", from {claim.follows_from}" * bool(claim.follows_from)
    return words + f" ({claim.note})" * bool(claim.note)


def _who(claim: Claim, labels: dict[str, str]) -> str:
    who = labels[claim.graph]
    if claim.references:
        return f"{counted(claim.references, 'reference list')} in {who}"
    lines = f", line{'s' * (len(claim.lines) > 1)} {', '.join(map(str, claim.lines))}"
    return who + lines * bool(claim.lines)


def _print_source(origin: Origin, label: str, *, everything: bool) -> None:
    echo(f"  {label}: {origin.title}".rstrip(": "))
    _print("    from", origin.source)
    _print("    graph", origin.graph.removeprefix(PREFIXES["graph"]))
    shown = origin.read_in if everything else origin.read_in[:_SHOWN]
    for n, place in enumerate(shown):
        _print("" if n else "    read in", place)
    if len(shown) < len(origin.read_in):
        _print("", f"and {len(origin.read_in) - len(shown)} more (-v shows all)")
