"""What a query may ask of others: ``SERVICE`` sends a part of it to any address, so none is called that is not allowed.

Whoever hands on a query (a link, a colleague's file, a request to the server) would else make this machine call
addresses of their choice, those of its own network among them
(https://www.w3.org/TR/sparql11-federated-query/#security-considerations).
"""

from __future__ import annotations

from collections.abc import Collection

from .sparql import END, tokens


def called_services(query: str) -> list[str]:
    """Return what a query calls with SERVICE, as it names it: addresses, prefixed names, variables.

    >>> called_services("SELECT * { SERVICE SILENT <http://a.example/> { ?s ?p 'SERVICE <b>' } } # SERVICE <c>")
    ['http://a.example/']
    """
    if "service" not in query.casefold():
        return []
    words = list(tokens(query))
    found: list[str] = []
    for place, word in enumerate(words):
        if word.kind == "SERVICE":
            called = next(w for w in words[place + 1 :] if w.kind != "SILENT")
            if called.kind != END:
                found.append(called.text.strip("<>"))
    return found


def refused_service(query: str, allowed: Collection[str]) -> str:
    """Return the first thing that a query calls and that is not among the ``allowed`` addresses; empty for none.

    A name with a prefix, or a variable, is no address: it is refused, whatever it stands for.

    >>> refused_service("ASK { SERVICE ?anywhere {} }", ["http://a.example/"])
    '?anywhere'
    """
    return next((called for called in called_services(query) if called not in allowed), "")
