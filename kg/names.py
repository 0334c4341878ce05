"""Names of people and groups: from the printed form to parts, and back.

The parts are those of BibTeX and CSL: ``von Last, Jr., First``. A particle in small letters (``van``,
``de``, ``al-``) stands apart, for styles sort and abbreviate without it; one in capitals (``Van Durme``,
``De Sa``) is the first word of the family name, as its bearer writes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from .model import Name
from .text import ascii_fold, title_key

_SMALL = """
't af aus'm av bin bint da dal dalla das de degli dei del della dello den der des di do dos du el
ibn in la las le les lo los op st. te ten ter thoe ul um van vande vanden vander vom von vor zu zum
zur
"""
_PARTICLES = frozenset(_SMALL.split())
_LARGE = """
Al Ben Da Dal De Del Della Den Der Di Dos El La Le St. Ten Ter Van Vande Vanden Vander Von Zu
"""
_CAPITAL_PARTICLES = frozenset(_LARGE.split())
# Behind these a "Van" or "Le" is a Vietnamese middle name, not the start of a family name.
_SURNAMES = """
Bui Cao Dang Dao Dinh Do Doan Duong Hoang Huynh Lam Le Luong Ly Mai Ngo Nguyen Pham Phan Tran Trinh
Vo Vu
"""
_VIETNAMESE = frozenset(_SURNAMES.split())
_BOUND = re.compile(r"((?:al|el|as|an|ar|ash|ad|at|az|ul)-|(?:d|l|dall|dell|nell|sant)['’])(?=\w)")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.ASCII)
_JOINING = frozenset({"y", "e", "i", "und"})
_GROUP = re.compile(
    r"\b(?:Team|Teams|Group|Labs?|Laborator(?:y|ies)|Research|Collaboration|Consortium|Community|Committee|Foundation|"
    r"Institute|University|Initiative|Contributors|Developers|Project|Corporation|Inc|Ltd|LLC|Workshop|Network|"
    r"Association|Organization|Authors|OpenAI|Anthropic|NVIDIA|Nvidia|Microsoft|Google|DeepMind|Intel)\b|"
    r"[@&]|^The |\w-?AI$"
)
_NOT_A_NAME = re.compile(r"(?:and |& )?(?:et\.? al\.?,?|others|and more)\W*|[\W\d_]*", re.IGNORECASE)
_ET_AL = re.compile(r",?\s+(?:et\.? al\.?|and others)\W*$", re.IGNORECASE)
_INITIALS = re.compile(r"(?<=\b[^\W\d_a-z])\.(?=[^\W\d_a-z])")
_FIRST_LETTERS = re.compile(r"(?<![^\s'’])[^\W\d_]")
_VOWEL = re.compile(r"[AEIOUY]")
_DISAMBIGUATION = re.compile(r"\s+\d{4}$|[\s*†‡§¶]+$")


def parse_names(printed: Iterable[str]) -> tuple[tuple[Name, ...], bool]:
    """Return the names of a list of authors, and whether the list says that it is cut short.

    >>> parse_names(["Dan Alistarh", "et al."])
    ((Name(family='Alistarh', given='Dan', particle='', suffix='', literal=''),), True)
    """
    names: list[Name] = []
    truncated = False
    for text in printed:
        kept = _ET_AL.sub("", text)
        truncated |= kept != text
        if is_name(kept):
            names.append(parse_name(kept))
        else:
            truncated |= any(c.isalpha() for c in kept)
    return tuple(names), truncated


def is_name(text: str) -> bool:
    """Say whether ``text`` names anybody: "et al.", "others" and an empty string do not."""
    return not _NOT_A_NAME.fullmatch(text.strip())


def parse_name(text: str) -> Name:
    """Return the parts of one printed name, given as "First von Last" or as "von Last, Jr., First".

    >>> parse_name("Maarten de Rijke")
    Name(family='Rijke', given='Maarten', particle='de', suffix='', literal='')
    >>> parse_name("Rahul Gupta 0001").family, parse_name("Llama Team, AI @ Meta").literal
    ('Gupta', 'Llama Team, AI @ Meta')
    """
    text = " ".join(text.split())
    while (stripped := _DISAMBIGUATION.sub("", text)) != text:
        text = stripped
    if _GROUP.search(text):
        return Name(literal=text)
    text = _INITIALS.sub(". ", text)
    if text.islower() and " " in text:
        # typed without capitals ("qiang liu"): BibTeX would take every word for a particle
        text = _FIRST_LETTERS.sub(lambda m: m[0].upper(), text)
    parts = [p.strip() for p in text.split(",") if p.strip()]
    if len(parts) > 3:
        return Name(literal=text)
    suffix = ""
    for part in parts[1:]:
        if not suffix and _SUFFIX.fullmatch(part):
            suffix = part
            parts.remove(part)
    if not parts:
        return Name()
    if len(parts) == 1:
        return _natural(parts[0].split(), suffix)
    words = parts[0].split()
    if not suffix and len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    particle, family = _particle(words)
    given = " ".join(parts[1:])
    return Name(family=_unshouted(family, given), given=given, particle=particle, suffix=suffix)


def _natural(words: list[str], suffix: str) -> Name:
    """Return the parts of a name in the order in which it is spoken."""
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    start = len(words) - 1
    for n, word in enumerate(words[1:-1], 1):
        if word in _PARTICLES or _BOUND.match(word):
            start = n
            break
        if word in _CAPITAL_PARTICLES and words[n + 1] not in _VIETNAMESE:
            start = n
            break
        if word in _JOINING and n > 1:
            start = n - 1
            break
    # "von der Leyen" has no given name, "bell hooks" has no particle.
    if words[0] in _PARTICLES and len(words) > 1:
        start = 0
    particle, family = _particle(words[start:])
    given = " ".join(words[:start])
    return Name(family=_unshouted(family, given), given=given, particle=particle, suffix=suffix)


def _unshouted(family: str, given: str) -> str:
    """Return a family name in capitals beside a given name that is not ("ZHANG") with one; "GNVV" spells initials."""
    shouted = len(family) > 2 and family.isupper() and given and not given.isupper() and _VOWEL.search(family)
    return family.title() if shouted else family


def _particle(words: list[str]) -> tuple[str, str]:
    """Return the particle at the head of a family name, and the rest, which is never empty."""
    n = 0
    while n < len(words) - 1 and words[n] in _PARTICLES:
        n += 1
    particle, family = " ".join(words[:n]), " ".join(words[n:])
    if bound := _BOUND.match(family):
        particle = f"{particle} {bound[1]}".strip()
        family = family[bound.end() :]
    return particle, family


def inverted(name: Name) -> str:
    """Return ``name`` as "von Last, Jr., First", or a group's name as it is.

    >>> inverted(Name(family="Beethoven", given="Ludwig", particle="van"))
    'van Beethoven, Ludwig'
    >>> inverted(parse_name("Abdullah al-Rashid Jr."))
    'al-Rashid, Jr., Abdullah'
    """
    if name.literal:
        return name.literal
    family = name.family
    if name.particle:
        # "al-" and "d'" are bound to the word behind them.
        family = name.particle + ("" if name.particle[-1] in "-'’" else " ") + family
    return ", ".join(p for p in (family, name.suffix, name.given) if p)


def spoken(name: Name) -> str:
    """Return ``name`` as it is spoken: given names first.

    >>> spoken(parse_name("van Beethoven, Ludwig"))
    'Ludwig van Beethoven'
    """
    return " ".join(filter(None, (name.literal, name.given, name.particle, name.family, name.suffix)))


def family_of(printed: str) -> str:
    """Return the family name of a printed name, folded, by which two printings are compared; a group's whole name.

    >>> family_of("M. de Rijke") == family_of("Rijke, Maarten de") == family_of("de Rijke, Maarten")
    True
    """
    name = parse_name(printed)
    return title_key(ascii_fold(name.family or name.literal)).replace(" ", "")


def in_full(names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return ``names`` with initials replaced by the given names that another list of the authors has.

    Two printings are one person's if no other of either list has the family name.

    >>> in_full(["E. Frantar", "Dan Alistarh"], ["Dan Alistarh", "Elias Frantar", "Torsten Hoefler"])
    ('Elias Frantar', 'Dan Alistarh')
    >>> in_full(["E. Frantar"], ["Maria Frantar"])
    ('E. Frantar',)
    """
    ours = Counter(map(family_of, names))
    theirs = Counter(map(family_of, others))
    by_family = {family: other for other in others if theirs[family := family_of(other)] == 1 == ours[family]}
    same_length = len(names) == len(others)
    full: list[str] = []
    for n, name in enumerate(names):
        other = by_family.get(family_of(name), "")
        if not other and same_length and family_of(others[n]) == family_of(name):
            other = others[n]  # brothers, in one order
        full.append(other if other and _is_fuller(other, name) else name)
    return tuple(full)


def _is_fuller(other: str, name: str) -> bool:
    """Return whether ``other`` spells out the initials of ``name``, none of its given names being cut to one.

    >>> _is_fuller("Jean-Baptiste Alayrac", "J.-B. Alayrac")
    True
    """
    long, short = (re.findall(r"[^\W_]+", parse_name(printed).given) for printed in (other, name))
    if not short or len(long) < len(short) or len(long[0]) == 1 or not any(len(word) == 1 for word in short):
        return False
    return all(
        a[0].casefold() == b.casefold() if len(b) == 1 else a.casefold() == b.casefold()
        for a, b in zip(long, short, strict=False)
    )
