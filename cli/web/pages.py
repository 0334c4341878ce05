"""A page for a thing of the graph: what is said of it, and what speaks of it, every IRI of ours a link."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from ...ontology.terms import BASE, PREFIXES

_MOST_OTHERS = 500
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
dl { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr; gap: .25rem 1rem }
dt { font-weight: 600; overflow-wrap: anywhere } dd { margin: 0; overflow-wrap: anywhere }
textarea { width: 100%; min-height: 14rem; font: 14px/1.4 ui-monospace, monospace }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr } dt { margin-top: .5rem } }
"""
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(title: str, body: str) -> bytes:
    """Return an HTML document."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>\n{body}\n</body></html>\n"
    ).encode("utf-8", "replace")


def thing_page(iri: str, rows: Iterable[tuple[str, ...]]) -> bytes:
    """Return the page of the thing with this IRI, from the rows of the query ``about-thing``."""
    told = list(rows)
    title = next((value for way, name, value, _ in told if way == "of" and name in _TITLES), iri)
    parts = [f"<h1>{escape(title)}</h1>", f"<p><code>{escape(iri)}</code></p>"]
    for way, heading in (("of", "What is said of it"), ("to", "What speaks of it")):
        mine = [row for row in told if row[0] == way]
        if not mine:
            continue
        parts.append(f"<h2>{heading}</h2><dl>")
        for name, group in groupby(mine[:_MOST_OTHERS], key=lambda row: row[1]):
            values = dict.fromkeys((value, label) for _, _, value, label in group)
            parts.append(f"<dt>{_link(name)}</dt>")
            parts += [f"<dd>{_link(value, label)}</dd>" for value, label in values]
        parts.append("</dl>")
        if len(mine) > _MOST_OTHERS:
            parts.append(f"<p>and {len(mine) - _MOST_OTHERS} more; ask at <a href='/sparql'>/sparql</a> for all.</p>")
    return page(title, "\n".join(parts))


_TITLES = (PREFIXES["dcterms"] + "title", PREFIXES["skos"] + "prefLabel", PREFIXES["foaf"] + "name")


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


def query_page(examples: Iterable[tuple[str, str]]) -> bytes:
    """Return the page on which a person types a query; ``examples`` are names and texts of queries."""
    listed = "".join(
        f"<details><summary>{escape(n)}</summary><pre>{escape(text)}</pre></details>" for n, text in examples
    )
    return page(
        "SPARQL",
        "<h1>SPARQL</h1><form method='get' action='/sparql'>"
        "<p><label for='query'>Query</label><br><textarea id='query' name='query' spellcheck='false'>"
        "SELECT ?title WHERE { ?work a fabio:ResearchPaper ; dcterms:title ?title } LIMIT 10</textarea></p>"
        "<p><label>Format <select name='format'><option>csv<option>json<option>xml<option>tsv<option>turtle"
        f"</select></label> <button>Ask</button></p></form><h2>Questions</h2>{listed}",
    )
