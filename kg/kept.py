"""What outlives a build: citation keys, and the IRIs by which their bearers are known again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from . import iris, keys
from .graph import Graph
from .names import parse_name
from .nquads import Statements
from .resolution import ResolvedWork
from .view import key_statements


@dataclass(frozen=True, slots=True)
class Kept:
    """Keys by work, works by the other IRIs they may be known by, and (work, key) pairs that were in use once."""

    keys: dict[str, str] = field(default_factory=dict[str, str])
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    former: frozenset[tuple[str, str]] = frozenset()

    def renamed(self, keys: Mapping[str, str], former: Iterable[tuple[str, str]] = ()) -> Kept:
        """Return what is kept when the works of ``keys`` (IRI to key) are called so from now on.

        The key that a work had until then becomes one that was in use once, and so do the (work, key) pairs of
        ``former``, but for what another work bears now: where two swap their keys, neither answers to its old one.

        >>> Kept({"w:1": "a"}).renamed({"w:1": "b"})
        Kept(keys={'w:1': 'b'}, aliases={}, former=frozenset({('w:1', 'a')}))
        """
        now = self.keys | dict(keys)
        borne = {key.lower(): iri for iri, key in now.items()}
        left = ((iri, self.keys[iri]) for iri in keys if iri in self.keys)
        return Kept(
            now,
            self.aliases,
            frozenset(
                (iri, key)
                for iri, key in (*self.former, *left, *former)
                if now.get(iri) != key and borne.get(key.lower(), iri) == iri
            ),
        )


def kept_keys(graph: Graph) -> Kept:
    """Return what ``graph`` knows of keys."""
    retired = frozenset((work, key) for work, key in graph.rows("former-keys"))
    # a listed work that had no IRI but its title's is known by that like by an alias
    titled = {iri: iri for iri, _ in graph.rows("listed-works") if iri.startswith(keys.TITLED)}
    return Kept(graph.pairs("work-keys"), titled | graph.pairs("key-aliases"), retired)


class Keyring:
    """The keys of the works of a build: of listed ones first, then those only cited, each in order of posting."""

    def __init__(self, kept: Kept) -> None:
        """Start with no works; ``kept`` is what the graph before knew, ``minted`` its keys by every IRI of a work."""
        self._kept = kept
        # a work whose link changed from the preprint's to the venue's is known by its title still
        self.titles = {alias: kept.keys[iri] for alias, iri in kept.aliases.items() if iri in kept.keys}
        self.minted = self.titles | kept.keys
        self._works: list[tuple[bool, tuple[int, int], keys.Keyless]] = []
        self._owner: dict[str, str] = {}
        self._listed: list[tuple[str, tuple[str, ...]]] = []

    def add(self, work: ResolvedWork) -> None:
        """Add a work that needs a key."""
        # there are many works and few that were ever called otherwise
        known = tuple(alias for alias in work.aliases if alias in self.minted)
        titled = tuple(sorted({iris.title_work(row.entry.title) for row in work.rows} - {work.iri}))
        self._works.append((not work.rows, work.posted or (9999, 0), _keyless(work, known, titled)))
        for alias in known:
            if alias in self._kept.keys:
                self._owner.setdefault(alias, work.iri)
        if work.rows:
            self._listed.append((work.iri, work.aliases))

    def statements(self) -> Iterator[Statements]:
        """Yield the keys of all works that were added, once."""
        kept, owner = self._kept, self._owner
        self._works.sort(key=lambda place: (place[0], place[1], place[2].iri), reverse=True)
        owner.update((work.iri, work.iri) for _, _, work in self._works if work.iri in kept.keys)
        current = keys.mint(self._given_up(), self.minted, (key for _, key in kept.former), self.titles)
        in_use = set(current.values())
        former = set(kept.former)
        for iri, key in kept.keys.items():
            if key in in_use:
                continue
            if iri in owner:  # became part of another work, which bears a key of its own
                former.add((iri, key))
            else:  # on none of today's lists; should it come back, it is still called so
                current[iri] = key
        bearer = {key: iri for iri, key in current.items()}
        aliases = {alias: iri for iri, known in self._listed for alias in known}
        for alias, iri in (*kept.aliases.items(), *((iri, iri) for iri in kept.keys)):
            now = bearer.get(kept.keys.get(iri, ""))
            if now and alias != now:
                aliases.setdefault(alias, now)
        yield from key_statements(current, {(owner.get(iri, iri), key) for iri, key in former}, aliases)

    def _given_up(self) -> Iterator[keys.Keyless]:
        """Yield the works in order, and forget them."""
        while self._works:
            yield self._works.pop()[2]


def _keyless(work: ResolvedWork, aliases: tuple[str, ...], titled: tuple[str, ...]) -> keys.Keyless:
    name = parse_name(work.authors[0]) if work.authors else None
    family = (name.family or name.literal) if name else ""
    year = work.posted[0] if work.posted else None
    # an id that services merge names nothing that is to stay
    ids = tuple(i for i in work.identifiers if i.scheme != "semanticscholar")
    return keys.Keyless(work.iri, work.title, family, year, ids, aliases, work.formerly, titled, bool(work.rows))
