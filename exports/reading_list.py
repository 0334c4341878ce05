"""A reading list: the works of a network in the order to read them, each behind what it cites, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from ..kg.names import spoken
from ..kg.network import Network, Node
from .cited import links
from .columns import place
from .style import Style
from .tables import markdown_link, markdown_text

_NAMED = 3
"""How many authors are named before the rest are "and others"."""


def reading_list(network: Network, _: Style) -> Iterator[str]:
    """Yield a network as a numbered list in Markdown: authors, title with its link, venue and year, key.

    Of each is told how many of the others cite it, as far as their reference lists are known.
    """
    users = [0] * len(network.nodes)
    for _citing, cited in network.links:
        users[cited] += 1
    yield f"# Reading list: {markdown_text(network.of)}\n\n"
    for number, place_ in enumerate(reading_places(network), 1):
        node = network.nodes[place_]
        told = f", cited by {users[place_]} of these" if users[place_] else ""
        yield f"{number}. {_entry(node)} `{node.work.key}`{told}\n"


def reading_places(network: Network) -> list[int]:
    """Return the places of the works in the order to read them.

    Each stands behind those of the network that it cites, else the older first; where works cite each other in a
    circle, the oldest begins. Works of which no time is known come last where no citation says otherwise.
    """
    waits = [0] * len(network.nodes)
    users: list[list[int]] = [[] for _ in network.nodes]
    for citing, cited in network.links:
        waits[citing] += 1
        users[cited].append(citing)

    def rank(n: int) -> tuple[bool, float, int, int]:
        time = network.nodes[n].time
        return time is None, time or 0.0, -len(users[n]), n

    free = [rank(n) for n, count in enumerate(waits) if not count]
    heapify(free)
    oldest = iter(sorted(rank(n) for n in range(len(waits))))
    order: list[int] = []
    done: set[int] = set()
    while len(order) < len(waits):
        # in a circle nothing is free
        *_, n = heappop(free) if free else next(oldest)
        if n in done:
            continue
        done.add(n)
        order.append(n)
        for user in users[n]:
            waits[user] -= 1
            if not waits[user] and user not in done:
                heappush(free, rank(user))
    return order


def _entry(node: Node) -> str:
    work = node.work
    names = [spoken(name) for name in work.authors[:_NAMED]]
    if work.authors_truncated or len(work.authors) > _NAMED:
        names.append("and others")
    where = ", ".join(filter(None, [place(work), str(work.year or "") if str(work.year) not in place(work) else ""]))
    told = [markdown_text(", ".join(names)), markdown_link(work.title, links(work).url), markdown_text(where)]
    return ". ".join(filter(None, told)) + "."
