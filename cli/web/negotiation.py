"""Which of several forms of an answer a client wants, by its ``Accept`` header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ROWS: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
"""Media types of tables and of yes or no, the one to prefer first (SPARQL 1.1 Query Results)."""
TRIPLES: Mapping[str, str] = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/x-turtle": "turtle",
    "application/json": "jsonld",
    "text/plain": "ntriples",
}
"""Media types of triples, the one to prefer first."""


def chosen(accept: str, offered: Sequence[str]) -> str | None:
    """Return which of the media types ``offered`` the header ``accept`` wants most, or None for none of them.

    Where it wants several alike, the one offered first; an empty header takes anything. What cannot be read of the
    header is passed over.

    >>> chosen("text/html;q=0.8, text/turtle", ["text/html", "text/turtle"])
    'text/turtle'
    >>> chosen("application/*", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    >>> chosen("image/png", ["text/turtle"]) is None
    True
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    if not ranges:
        return offered[0] if offered else None
    best: tuple[float, int] = (0.0, 0)
    found: str | None = None
    for place, offer in enumerate(offered):
        kind = offer.partition("/")[0]
        # the most exact range decides: "text/*;q=1, text/html;q=0" does not want HTML
        fitting = [(exact, q) for name, exact, q in ranges if name in (offer, f"{kind}/*", "*/*")]
        quality = max(fitting)[1] if fitting else 0.0
        if (quality > 0 and (quality, -place) > best) or (found is None and quality > 0):
            best, found = (quality, -place), offer
    return found


def _range(part: str) -> tuple[str, int, float]:
    """Return the media range of a part of the header, how exact it is, and how much it is wanted (0 to 1)."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    exact = 0 if name == "*/*" else 1 if name.endswith("/*") else 2
    return name, exact, quality
