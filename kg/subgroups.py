"""Sub-groups of a category: works whose titles share a telling term.

This is no reading of the works and no clustering by meaning: it looks at the words of titles alone. It gives a survey
writer a first order in which to move works about, and it is wrong where a title does not say what its work does.

The method, which gives the same for the same titles:

1. A term is a word, two words side by side ("activation sparsity"), or a compound ("post-training",
   "chain-of-thought"), with or without its hyphens. Words are compared by a stem, so that "pruned" and "pruning" are
   one. No term are words that every field has ("efficient", "towards"), those of this field as a whole
   ("language model"), and what would divide nothing: words in more than :data:`COMMON` of the category's titles, and
   what these abbreviate ("key-value" beside "KV"). A word that mostly stands in one longer term gives way to it.
2. Greedy cover: the term with the highest ``new * log(n / df) * (1 + d)`` opens a group with the works that have it
   and are in none yet. ``new`` is their number, ``df`` in how many of the category's ``n`` titles the term stands, and
   ``d`` is how far its titles are from being spread over the categories of the whole graph as all titles are (the
   Kullback-Leibler divergence, in nats, shrunk towards none by :data:`PRIOR` titles): "eviction" tells more than
   "inference". It ends where no term has so many new works as a group needs.
3. What no group took is the rest.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from .model import Work
from .text import ascii_fold

SMALLEST = 3
"""How many works a group has at least; one in :data:`FINEST` of a large category."""
FINEST = 90
"""Into how many groups a category would fall at most."""
COMMON = 0.35
"""The share of a category's titles above which a word divides nothing."""
PRIOR = 3.0
"""How many titles, spread as all are, a term is given beside its own when its spread is judged."""
REST = "Other approaches"
"""The name of the group of works that share no telling term."""

Term = tuple[str, ...]
"""Stems in the order of the title."""

_BOUND = 0.7  # of a word's titles, above which the longer term is meant
_FUNCTION = """
a about across after against all an and any are as at be been before behind being between beyond but by can could do
does doing during each even every first for from get give go good has have how if in into is it its itself just know
last less let like long make many may me might more most much must need new no non not nothing of off on once one only
onto or other our out over own per re short should so some such tell than that the their them then there these they
this through time to too toward towards two under up upon us use used using via was we well were what when where
whether which while who why will with within without yes you your
"""
_GENERIC = """
able accelerate acceleration accuracy accurate achieve achieving adaptation adaptive adapting advance advancing
affordable algorithm alternative analysis analyzing application approach arbitrary automatic aware balance base based
benchmark best better bit boost boosting breaking bridging case centric challenge class code combine combining
comparative compact complete complex comprehensive compress compressed compression context cost cross data deep deploy
deployment design different distribution drive driven dynamic easy effect effective effectively efficiency efficient
efficiently empirical enable enabling end enhance enhancement enhancing evaluate evaluation exploit exploiting explore
exploring extend extending extreme extremely fast faster fine flexible framework free friendly fundamental general
generate generation generative generic global guide guided hard high highly impact improve improved improving inference
information insight inter intra investigate investigating knowledge large learn learned learning level leverage
leveraging light lightweight limit linear local lossless low lower massive matter method mixed modern multi near novel
optimal optimize optimization optimized oriented paradigm performance plug plus post power powerful practical pre
precise problem process processing progressive push pushing quality rate real reduce reducing reduction representation
rethinking revisit revisiting robust scalable scale scaling self semi serve shot simple single small smaller specific
speed standard state step strategy strong stronger study sub super superior survey system systematic taming target task
technique theoretical trade tradeoff train trained training type ultra understand understanding unified unify unifying
universal unlock unlocking unveiling value wise work world
ai artificial bert gpt intelligence language llama llm lm lms llms machine model modeling natural network neural nlp plm
plms transformer transformers
"""
_NO_COMPOUNDS = "pre-trained large-scale real-world state-of-the-art end-to-end plug-and-play high-performance"
_HYPHEN = re.compile(r"[-‐‑/]+")
_SEGMENT = re.compile(r"[:;,.?!…]+(?=\s|$)|(?<![-\w])--?(?!\w)|[—–()\[\]\"“”]")
_TOKEN = re.compile(r"[^\W_](?:[\w.+/&‐‑-]*[\w+])?")
_FIRST_LETTER = re.compile(r"(?<![\w'’])[^\W\d_][\w]*")
_LONGEST = 6  # words of a compound
_ENDINGS = (
    ("ization", "iz"), ("isation", "iz"), ("izations", "iz"), ("ations", ""), ("ation", ""),
    ("izing", "iz"), ("ising", "iz"), ("ized", "iz"), ("ised", "iz"), ("izes", "iz"), ("ize", "iz"), ("ise", "iz"),
    ("ating", ""), ("ated", ""), ("ates", ""), ("ate", ""), ("ative", ""), ("iveness", ""), ("ively", ""),
    ("ability", ""), ("ities", ""), ("ity", ""), ("ness", ""), ("ments", ""), ("ment", ""), ("sions", "s"),
    ("sion", "s"), ("tions", "t"), ("tion", "t"), ("tives", "t"), ("tive", "t"), ("ural", "ur"), ("ings", ""),
    ("ing", ""), ("ies", "y"), ("ied", "y"), ("ed", ""), ("ers", ""), ("er", ""), ("ely", ""), ("ly", ""),
    ("ses", "s"), ("es", ""), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""), ("e", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subgroup:
    """Works of one category whose titles share the term ``name``, sorted by key; or the rest (:data:`REST`)."""

    name: str
    works: tuple[Work, ...]


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Return the stem by which ``word`` is compared: an ending is cut where three letters or more are left.

    >>> [stem(word) for word in ("Quantized", "quantization", "merging", "Pruned", "dropping", "LoRA", "LLMs")]
    ['quantiz', 'quantiz', 'merg', 'prun', 'drop', 'lora', 'llm']
    """
    word = ascii_fold(word).casefold() or word.casefold()
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls" else word


_NEVER = frozenset(map(stem, _FUNCTION.split()))
_NOT_ALONE = _NEVER | frozenset(map(stem, _GENERIC.split()))
_NOT_TOGETHER = frozenset(tuple(map(stem, words.split("-"))) for words in _NO_COMPOUNDS.split())


def subgroups(works: Iterable[Work], background: Iterable[Work]) -> tuple[Subgroup, ...]:
    """Return ``works`` of one category in sub-groups, the largest first and the rest last; each work is in one.

    ``background`` are the works of the whole graph. Where no term is shared by enough works, all are the rest.

    >>> def work(n, title, category="c"): return Work(f"i:{n}", f"k{n}", title, categories=(category,))
    >>> titles = ["Cache Eviction by Age", "Evicting Tokens", "A Policy of Eviction", "A Merged Cache", "Sinks",
    ...     "Heads", "A Cache on Disk", "Rounding the Cache", "Cache Layouts"]
    >>> works = [work(n, title) for n, title in enumerate(titles)]
    >>> [(group.name, len(group.works)) for group in subgroups(works, [*works, work(99, "Sparse Models", "d")])]
    [('Eviction', 3), ('Other approaches', 6)]
    """
    members = {work.iri: work for work in sorted(works, key=lambda w: w.key)}
    titles = _Titles({**{work.iri: work for work in background}, **members}.values())
    sets: dict[Term, dict[str, str]] = defaultdict(dict)
    for iri, work in members.items():
        for term, printed in titles.terms(work.title):
            sets[term].setdefault(iri, printed)
    smallest = max(SMALLEST, round(len(members) / FINEST))
    telling = _telling({t: s for t, s in sets.items() if len(s) >= smallest}, len(members))
    weights = {t: log(len(members) / len(s)) * (1 + titles.divergence(t)) for t, s in telling.items()}
    groups: list[tuple[Term, list[str]]] = []
    left = set(members)
    while True:
        new = {term: left & holders.keys() for term, holders in telling.items()}
        open_to = [term for term, found in new.items() if len(found) >= smallest and weights[term] > 0]
        if not open_to:
            break
        best = max(open_to, key=lambda term: (len(new[term]) * weights[term], term))
        groups.append((best, sorted(new[best])))
        left -= new[best]
    named = [Subgroup(_name(sets[term].values()), _works(members, found)) for term, found in groups]
    named.sort(key=lambda group: (-len(group.works), group.name))
    return (*named, *([Subgroup(REST, _works(members, left))] if left else []))


def _works(members: Mapping[str, Work], iris: Iterable[str]) -> tuple[Work, ...]:
    wanted = set(iris)
    return tuple(work for iri, work in members.items() if iri in wanted)


class _Titles:
    """What the titles of a graph tell of terms: which compounds there are, and how terms spread over categories."""

    def __init__(self, works: Iterable[Work]) -> None:
        known = list(works)
        hyphened = Counter(term for work in known for term, _ in _runs(work.title))
        self._compounds = {t for t, times in hyphened.items() if times >= 2 and t not in _NOT_TOGETHER}
        runs = ((term, fused) for work in known for term, fused in _runs(work.title) if term in self._compounds)
        self._fused = {fused: term for term, fused in sorted(runs)}
        self._all: dict[str, float] = defaultdict(float)
        self._spread: dict[Term, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for work in known:
            share = 1 / max(len(work.categories), 1)
            terms = {term for term, _ in self.terms(work.title)}
            for category in work.categories:
                self._all[category] += share
                for term in terms:
                    self._spread[term][category] += share

    def terms(self, title: str) -> Iterator[tuple[Term, str]]:
        """Yield the terms of ``title`` with what is printed there."""
        for words in _segments(title):
            stems = [stem(word) for word, _ in words]
            for start, (word, _) in enumerate(words):
                one = stems[start]
                if one in self._fused:  # "finetuning"
                    yield self._fused[one], word
                elif one not in _NOT_ALONE and len(one) > 1 and not one[0].isdigit():
                    yield (one,), word
                for end in range(start + 2, min(start + _LONGEST, len(words)) + 1):
                    term = tuple(stems[start:end])
                    pair = end == start + 2 and _NOT_ALONE.isdisjoint(term) and term not in _NOT_TOGETHER
                    if pair or term in self._compounds:
                        joined = (("-" if hyphen else " ") + w for w, hyphen in words[start + 1 : end])
                        yield term, word + "".join(joined)

    def divergence(self, term: Term) -> float:
        """Return how far the spread of ``term`` over the categories is from that of all titles."""
        total = sum(self._all.values())
        if not total:
            return 0.0
        spread = self._spread.get(term, {})
        told = sum(spread.values()) + PRIOR
        parts = (((spread.get(c, 0.0) + PRIOR * n / total) / told, n / total) for c, n in sorted(self._all.items()))
        return max(sum(here * log(here / everywhere) for here, everywhere in parts), 0.0)


def _telling(sets: Mapping[Term, Mapping[str, str]], n: int) -> dict[Term, Mapping[str, str]]:
    """Return those of ``sets`` that can divide a category of ``n`` works, by term."""
    own = {"".join(term) for term, holders in sets.items() if len(term) == 1 and len(holders) > COMMON * n}
    for term in sets:
        if len(term) > 1 and "".join(word[:1] for word in term) in own:
            own.update(term)
    kept: dict[Term, Mapping[str, str]] = {}
    for term, holders in sorted(sets.items()):
        hyphened = any(_HYPHEN.search(printed) for printed in holders.values())
        # "cache eviction" says no more than "eviction", "quantization-aware" says more than "aware"
        if len(holders) <= COMMON * n and (own.isdisjoint(term) or (hyphened and not own.issuperset(term))):
            kept[term] = holders
    return {
        term: holders
        for term, holders in kept.items()
        if len(term) > 1
        or not any(
            len(longer) > 1
            and set(term) <= set(longer)
            and len(others.keys() & holders.keys()) >= _BOUND * len(holders)
            for longer, others in kept.items()
        )
    }


def _segments(title: str) -> Iterator[list[tuple[str, bool]]]:
    """Yield the words between two signs of ``title``, each with whether a hyphen joins it to the word before."""
    for segment in _SEGMENT.split(title):
        yield [
            (part, n > 0)
            for token in _TOKEN.findall(segment)
            for n, part in enumerate(filter(None, _HYPHEN.split(token)))
        ]


def _runs(title: str) -> Iterator[tuple[Term, str]]:
    """Yield the compounds of ``title``, each with the stem that it has when written as one word ("finetuning").

    These are the whole of one, and any two words side by side in a longer one that no function word is among.
    """
    for words in _segments(title):
        start = 0
        for end in range(1, len(words) + 1):
            if end < len(words) and words[end][1]:
                continue
            whole = [word for word, _ in words[start:end]]
            parts = [whole] if 2 <= len(whole) <= _LONGEST else []
            if len(whole) > 2:
                parts += [pair for pair in map(list, pairwise(whole)) if _NEVER.isdisjoint(map(stem, pair))]
            for part in parts:
                yield tuple(map(stem, part)), stem("".join(part))
            start = end


def _name(printed: Iterable[str]) -> str:
    """Return the form that is printed most, each word with a capital but for those that only join.

    >>> _name(["low-bit", "Low-Bit", "low-bit", "Low Bit"]), _name(["LoRA", "lora"]), _name(["chain-of-thought"])
    ('Low-Bit', 'LoRA', 'Chain-of-Thought')
    """
    forms = Counter(printed)
    spelled: Counter[str] = Counter()
    for form, times in forms.items():
        spelled[form.casefold()] += times

    def rank(form: str) -> tuple[int, int, bool, int, str]:
        # of two that are printed as often, the name ("LoRA") rather than the shout ("GRADIENT") or the plain word
        return -spelled[form.casefold()], -forms[form], form.isupper(), -sum(map(str.isupper, form)), form

    best = min(forms, key=rank)
    return _FIRST_LETTER.sub(lambda m: m[0] if stem(m[0]) in _NEVER and m.start() else m[0][0].upper() + m[0][1:], best)
