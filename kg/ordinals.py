"""English ordinals, both ways: 41 is ``41st`` and ``Forty-First``, and either is read back as 41."""

from __future__ import annotations

import re

_ONES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")
_TEENS = (
    *("Tenth", "Eleventh", "Twelfth", "Thirteenth", "Fourteenth"),
    *("Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"),
)
_TENS = ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")

_WORDS: dict[int, str] = dict(enumerate(_ONES + _TEENS, start=1))
for _n, _ten in enumerate(_TENS, start=2):
    _WORDS[10 * _n] = _ten.removesuffix("y") + "ieth"
    for _m, _one in enumerate(_ONES, start=1):
        _WORDS[10 * _n + _m] = f"{_ten}-{_one}"

_NUMBERS = {words.casefold().replace("-", " "): n for n, words in _WORDS.items()}
_PLAIN = "|".join(w for w in _WORDS.values() if "-" not in w)
_SPELLED = re.compile(rf"\b(?:(?:{'|'.join(_TENS)})[-\s](?:{'|'.join(_ONES)})|{_PLAIN})\b", re.IGNORECASE)


def ordinal(n: int) -> str:
    """Return ``n`` as a numeral with its ending.

    >>> ordinal(41), ordinal(12), ordinal(112)
    ('41st', '12th', '112th')
    """
    ending = "th" if n // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def ordinal_words(n: int) -> str:
    """Return ``n`` in words, each capitalised; from 100 on, where nobody writes words, as a numeral.

    >>> ordinal_words(41), ordinal_words(40)
    ('Forty-First', 'Fortieth')
    """
    return _WORDS.get(n, ordinal(n))


def numerals(text: str) -> str:
    """Return ``text`` with every ordinal in words as a numeral, so that both spellings compare equal.

    >>> numerals("Thirty-seventh Conference, Twelfth Workshop")
    '37th Conference, 12th Workshop'
    """
    return _SPELLED.sub(lambda m: ordinal(_NUMBERS[re.sub(r"[-\s]", " ", m[0]).casefold()]), text)
