"""Pages of the server that need no script: a thing with who says what of it, all things of a kind, a query typed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from ... import Graph, Selection
from ...kg.explanation import Claim, Field
from ...kg.iris import local
from ...kg.selection import TOOLS, categories
from ...ontology.terms import BASE, PREFIXES
from .things import KINDS, Statement, Thing

_MOST_OTHERS = 500
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def page(title: str, body: str) -> bytes:
    """Return an HTML document; its style is a file of the server's."""
    ways = " ".join(f"<a href='/{kind}'>{name}</a>" for kind, name in KINDS.items())
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)} – llmcomp</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="/static/icon.svg"><link rel="stylesheet" href="/static/plain.css"></head>'
        f"<body>\n<nav><a href='/'>Graph</a> {ways} <a href='/sparql'>SPARQL</a></nav>\n<main>\n{body}\n</main>\n"
        "</body></html>\n"
    ).encode("utf-8", "replace")


def thing_page(thing: Thing) -> bytes:
    """Return the page of a thing: its values with who says so, then every statement about it."""
    parts = [f"<h1>{escape(thing.title)}</h1>", f"<p><code>{escape(thing.iri)}</code></p>"]
    if thing.kind in ("work", "tool"):
        path = escape(thing.iri.removeprefix(BASE))
        parts.append(f"<p><a href='/?work={path}'>Show it in the graph</a></p>")
    if thing.kind == "category":
        slug = escape(local(thing.iri))
        parts.append(f"<p><a href='/?category={slug}'>Show its works in the graph</a></p>")
    if thing.fields:
        parts += _fields(thing)
    if thing.origin:
        parts += _printed(thing)
    for of, heading in ((True, "What is said of it"), (False, "What speaks of it")):
        mine = [statement for statement in thing.statements if statement.of is of]
        if mine:
            parts += [f"<h2>{heading}</h2>", *_statements(mine)]
    return page(thing.title, "\n".join(parts))


def _fields(thing: Thing) -> Iterator[str]:
    """Yield a table of the values of a work, each with what stands for it and what speaks against it."""
    names = dict(thing.sources)
    yield "<h2>Where each value comes from</h2><table class='fields'><thead><tr><th scope='col'>Field"
    yield "<th scope='col'>Value<th scope='col'>Who says so</tr></thead><tbody>"
    for field in thing.fields:
        value = escape(field.value) or "<em>unknown</em>"
        told = "".join(f"<li>{_claim(claim, field)}" for claim in field.claims)
        if field.decided:
            told += f"<li class='decided'>{escape(field.decided)}"
        if field.silent:
            quiet = "; ".join(escape(names.get(graph, graph)) for graph in field.silent)
            told += f"<li class='silent'>says nothing: {quiet}"
        name = escape(field.name.replace("_", " "))
        yield f"<tr><th scope='row'>{name}<td>{_link(field.value) if field.value else value}<td><ul>{told}</ul></tr>"
    yield "</tbody></table>"


def _claim(claim: Claim, field: Field) -> str:
    """Return what one source says in place of a value."""
    mark = "" if claim.stands else "<strong>differs</strong>: "
    said = "" if claim.stands and claim.value == field.value else f"“{escape(claim.value)}” – "
    told = [", ".join(filter(None, (claim.source_title, claim.date)))]
    if claim.lines:
        told.append(f"line{'s' * (len(claim.lines) > 1)} {', '.join(map(str, claim.lines))}")
    if claim.references:
        told.append(f"{claim.references} reference list{'s' * (claim.references > 1)}")
    if claim.follows_from:
        told.append(f"follows from {claim.follows_from}")
    if claim.note:
        told.append(claim.note)
    return mark + said + escape("; ".join(told))


def _printed(thing: Thing) -> Iterator[str]:
    yield f"<h2>Where this comes from</h2><p>{escape(thing.origin)}</p>"
    if thing.printed:
        yield "<table><thead><tr><th scope='col'>Printed<th scope='col'>Source<th scope='col'>Times</tr></thead><tbody>"
        for printed in thing.printed:
            source = escape(f"{printed.source}, {printed.date}")
            yield f"<tr><td>{escape(printed.text)}<td>{source}<td class='number'>{printed.times}</tr>"
        yield "</tbody></table>"


def _statements(statements: Sequence[Statement]) -> Iterator[str]:
    yield "<dl>"
    for name, group in groupby(statements[:_MOST_OTHERS], key=lambda statement: statement.property):
        values = dict.fromkeys((statement.other, statement.label) for statement in group)
        yield f"<dt>{_link(name)}</dt>"
        yield from (f"<dd>{_link(value, label)}</dd>" for value, label in values)
    yield "</dl>"
    if len(statements) > _MOST_OTHERS:
        yield f"<p>and {len(statements) - _MOST_OTHERS} more; ask at <a href='/sparql'>/sparql</a> for all.</p>"


def _link(value: str, label: str = "") -> str:
    """Return a value as HTML: an IRI of ours leads to its page here, an address to itself, text is text."""
    text = escape(label or _short(value))
    if value.startswith(BASE) and not value.startswith((PREFIXES[""], PREFIXES["graph"])):
        return f'<a href="/{escape(value.removeprefix(BASE))}">{text}</a>'
    if value.startswith(("http://", "https://")) and not any(c in value for c in " \"'<>"):
        return f'<a href="{escape(value)}" rel="noopener noreferrer nofollow">{text}</a>'
    return text


def _short(value: str) -> str:
    for prefix, iri in _LONGEST_FIRST:
        if value.startswith(iri):
            return f"{prefix}:{value.removeprefix(iri)}"
    return value


def index_page(graph: Graph, kind: str) -> bytes:
    """Return the page that leads to all things of a kind, by title, each with the number of its listed works."""
    told = sorted(_things(graph, kind), key=lambda row: (row[1].casefold(), row[0]))
    initials: dict[str, list[str]] = defaultdict(list)
    for iri, title, works in told:
        entry = f"<li>{_link(iri, title)}{f' ({works})' if works else ''}"
        initials[title[:1].upper() if title[:1].isalpha() else "#"].append(entry)
    ways = " ".join(f"<a href='#{escape(initial)}'>{escape(initial)}</a>" for initial in initials)
    body = [f"<h1>{KINDS[kind]}</h1>", f"<p>{len(told)} in the graph. {ways}</p>"]
    for initial, entries in initials.items():
        body.append(f"<h2 id='{escape(initial)}'>{escape(initial)}</h2><ul class='index'>{''.join(entries)}</ul>")
    return page(KINDS[kind], "\n".join(body))


def _things(graph: Graph, kind: str) -> Iterable[tuple[str, str, int]]:
    """Return IRI, title and number of works of all things of a kind; works themselves count none."""
    if kind == "category":
        return [(category.iri, category.name, category.works) for category in categories(graph)]
    if kind == "person":
        rows = [(person, name, work) for work, _, person, name in graph.rows("work-people")]
    elif kind == "venue":
        works = graph.works()
        rows = [(w.venue.iri, w.venue.acronym or w.venue.title, w.iri) for w in works if w.venue]
        alike = Counter(name for name, _ in {(name, iri) for iri, name, _ in rows})
        full = {w.venue.iri: w.venue.title for w in works if w.venue}
        rows = [(iri, f"{name}, {full[iri]}" if alike[name] > 1 else name, work) for iri, name, work in rows]
    else:
        listed = graph.works(Selection(categories=(TOOLS,))) if kind == "tool" else graph.works()
        return [(work.iri, work.title, 0) for work in listed]
    titles = {iri: title for iri, title, _ in rows}
    count = Counter(iri for iri, _ in {(iri, work) for iri, _, work in rows})
    return [(iri, titles[iri], count[iri]) for iri in titles]


def query_page(examples: Iterable[tuple[str, str]]) -> bytes:
    """Return the page on which a person types a query without a script; ``examples`` are names and texts of queries."""
    listed = "".join(
        f"<details><summary>{escape(n)}</summary><pre>{escape(text)}</pre></details>" for n, text in examples
    )
    return page(
        "SPARQL",
        "<h1>SPARQL</h1><p>An editor with completion is on <a href='/?tab=query'>the page of the graph</a>.</p>"
        "<form method='get' action='/sparql'>"
        "<p><label for='query'>Query</label><br><textarea id='query' name='query' spellcheck='false'>"
        "SELECT ?title WHERE { ?work a fabio:ResearchPaper ; dcterms:title ?title } LIMIT 10</textarea></p>"
        "<p><label>Format <select name='format'><option>csv<option>json<option>xml<option>tsv<option>turtle"
        f"</select></label> <button>Ask</button></p></form><h2>Questions</h2>{listed}",
    )
