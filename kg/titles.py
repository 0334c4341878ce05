"""Whether two titles name one paper: weighing what they share by how telling it is.

In this field titles share most of their words ("post-training quantization of large language models"), so a
ratio of letters calls FPTQ and RPTQ the same. A word weighs what it tells: the logarithm of how rare it is
among the titles at hand (inverse document frequency, Spärck Jones 1972).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import log

from rapidfuzz.fuzz import ratio

from .text import title_key

NEAR = 95.0
"""Ratio of letters (0..100) from which two titles are one, misprints aside."""
SHARED = 0.7
"""Weighted share of words (0..1) from which titles under one identifier agree."""

# "A100", "v2", "8", "ii": one such word makes another paper of a title
_NUMBERED = re.compile(r"\w*\d\w*|\bi{2,3}\b|\biv\b")


@lru_cache(maxsize=20_000)
def stem(title: str) -> str:
    """Return the key of a title without the nickname before its colon, or an empty string if it has none.

    >>> stem("LoRAPrune: Pruning Meets Low-Rank Parameter-Efficient Fine-Tuning")
    'pruning meets low rank parameter efficient fine tuning'
    """
    head, colon, rest = title.partition(": ")
    return title_key(rest) if colon and len(head.split()) <= 2 and len(rest.split()) >= 3 else ""


def nickname(title: str) -> str:
    """Return the key of the nickname before a title's colon, or an empty string.

    >>> nickname("SVD-LLM V2: Optimizing Singular Value Truncation")
    'svd llm v2'
    """
    return title_key(title.partition(": ")[0]) if stem(title) else ""


def one_but_for_nickname(a: str, b: str) -> bool:
    """Return whether two titles are the same without the nickname that one of them has, or each of them.

    >>> one_but_for_nickname("GEAR: An Efficient Recipe for Caches", "An efficient recipe for caches")
    True
    """
    stem_a, stem_b = stem(a), stem(b)
    return bool(stem_a and stem_a in {title_key(b), stem_b}) or bool(stem_b and stem_b == title_key(a))


def squash(key: str) -> str:
    """Return a title's key without spaces, so that a word split at a line break is the same word."""
    return key.replace(" ", "")


def numbers(key: str) -> list[str]:
    """Return the words of a key that tell versions and sizes, in order: another one makes another paper.

    >>> numbers("sageattention2 accurate 4 bit attention")
    ['sageattention2', '4']
    """
    return _NUMBERED.findall(key)


def near(a: str, b: str) -> bool:
    """Return whether two keys differ by a misprint at most: numbers and versions must be equal.

    >>> near("gear kv cache compression recipefor llms", "gear kv cache compression recipe for llms")
    True
    >>> near("sageattention2 accurate 4 bit attention", "sageattention accurate 8 bit attention")
    False
    """
    # the ratio first: it sees at once that two lengths are too far apart
    return ratio(a, b, score_cutoff=NEAR) > 0 and numbers(a) == numbers(b)


class TitleWeights:
    """The weight of each word among a collection of titles."""

    def __init__(self, keys: Iterable[str]) -> None:
        """Count in how many of the title ``keys`` each word stands."""
        self._count: Counter[str] = Counter()
        self._total = 0
        for key in keys:
            self._total += 1
            self._count.update(set(key.split()))

    def weight(self, word: str) -> float:
        """Return how telling a word is; one that no title has is the most telling."""
        return log((self._total + 1) / (self._count[word] + 0.5))

    def rarest(self, key: str, n: int = 3) -> list[str]:
        """Return the ``n`` most telling words of a title, rarest first."""
        return sorted(set(key.split()), key=lambda w: (self._count[w], w))[:n]

    def share(self, a: str, b: str) -> float:
        """Return the weight of the words that two keys share over that of all their words, 0..1 (Dice)."""
        words_a, words_b = set(a.split()), set(b.split())
        both = sum(map(self.weight, words_a & words_b))
        all_ = sum(map(self.weight, words_a)) + sum(map(self.weight, words_b))
        return 2 * both / all_ if all_ else float(a == b)

    def agree(self, a: str, b: str) -> bool:
        """Return whether two titles that stand under one identifier are one paper's.

        They are when they are equal but for misprints, when one lacks the other's nickname or subtitle, or
        when most of their telling words are shared.
        """
        key_a, key_b = title_key(a), title_key(b)
        if key_a == key_b or squash(key_a) == squash(key_b) or near(key_a, key_b):
            return True
        if one_but_for_nickname(a, b):
            return True
        if key_a and key_b and (key_a == nickname(b) or key_b == nickname(a)):
            return True
        return self.share(key_a, key_b) >= SHARED
