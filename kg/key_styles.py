"""Citation keys in other styles: as two archives write them in the entries that people paste.

A key of the graph stays while a work changes; these follow what is known of it today, so they are made when a file is
written and are not stored. A work without a known author keeps its own key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Literal, get_args

from .graph import Graph
from .identifiers import first_posted
from .keys import plain_word
from .model import Name, Work
from .text import ascii_fold
from .works import load_works

KeyStyle = Literal["default", "arxiv", "acl"]
KEY_STYLES: tuple[KeyStyle, ...] = get_args(KeyStyle)
LONGEST = 120
"""Characters of a key at most: a title may be one word of thousands of letters."""
# words that arXiv passes over, a stop list of information retrieval (browse/formatting/cite.py of arxiv-browse)
_ARXIV_FILLER = frozenset(
    """
    a about above across after afterwards again against all almost alone along already also although always am
    among amongst amoungst amount an and another any anyhow anyone anything anyway anywhere are around as at back
    be became because become becomes becoming been before beforehand behind being below beside besides between
    beyond bill both bottom but by call can cannot cant co con could couldnt cry de describe detail do done down
    due during each eg eight either eleven else elsewhere empty enough etc even ever every everyone everything
    everywhere except few fifteen fify fill find fire first five for former formerly forty found four from front
    full further get give go had has hasnt have he hence her here hereafter hereby herein hereupon hers herself
    him himself his how however hundred ie if in inc indeed interest into is it its itself keep last latter
    latterly least less ltd made many may me meanwhile might mill mine more moreover most mostly move much must my
    myself name namely neither never nevertheless next nine no nobody none noone nor not nothing now nowhere of
    off often on once one only onto or other others otherwise our ours ourselves out over own part per perhaps
    please put rather re same see seem seemed seeming seems serious several she should show side since sincere six
    sixty so some somehow someone something sometime sometimes somewhere still such system take ten than that the
    their them themselves then thence there thereafter thereby therefore therein thereupon these they thickv thin
    third this those though three through throughout thru thus to together too top toward towards twelve twenty
    two un under until up upon us very via was we well were what whatever when whence whenever where whereafter
    whereas whereby wherein whereupon wherever whether which while whither who whoever whole whom whose why will
    with within without would yet you your yours yourself yourselves
    """.split()
)
# words that the Anthology passes over: Snowball's English ones, cut at apostrophes (acl_anthology/text/stopwords.py)
_ACL_FILLER = frozenset(
    """
    a about above after again against all am an and any are aren as at be because been before being below between
    both but by can cannot could couldn d did didn do does doesn doing don down during each few for from further
    had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its
    itself let ll m me more most mustn my myself no nor not of off on once only or other ought our ours ourselves
    out over own re s same shan she should shouldn so some such t than that the their theirs them themselves then
    there these they this those through to too under until up ve very was wasn we were weren what when where which
    while who whom why with won would wouldn you your yours yourself yourselves
    """.split()
)


def restyle(graph: Graph, works: Iterable[Work], style: KeyStyle) -> list[Work]:
    """Return ``works`` with keys of ``style``, sorted by them; the key of the graph becomes one they had before.

    ``arxiv`` is that of arXiv's own export: family name, year of first posting (arXiv: of the last version), the first
    four telling words of the title. ``acl`` is that of the ACL Anthology: family names of one or two authors, else the
    first and ``etal``, year of publication, the first telling word of the title (https://aclanthology.org/info/ids/).
    Where two works would have one key, the next words of the title follow, then numbers.

    Keys are made for all works of the lists, so that one does not depend on what else is selected; if works are among
    them that the lists lack, for those too. None is one that another work has or had in the graph.
    """
    if style == "default":
        return sorted(works, key=lambda w: w.key)
    wanted = {work.iri: work for work in works}
    listed = {iri for name in ("listed-works", "listed-tools") for iri, _ in graph.rows(name)}
    current = graph.pairs("work-keys")
    named = listed if wanted.keys() <= listed else current.keys()
    every = {**{work.iri: work for work in load_works(graph, named - wanted.keys())}, **wanted}
    bearers = {key: iri for iri, key in (*graph.rows("former-keys"), *current.items())}
    taken: set[str] = set()
    styled: list[Work] = []
    # a work that is only cited never takes the key of a listed one
    for work in sorted(every.values(), key=lambda w: (w.iri not in listed, w.key)):
        free = (key for key in _candidates(work, style) if key not in taken and bearers.get(key, work.iri) == work.iri)
        key = next(free, work.key)
        taken.add(key)
        if work.iri in wanted:
            former = tuple(sorted({work.key, *work.former_keys} - {key}))
            styled.append(replace(work, key=key, former_keys=former))
    return sorted(styled, key=lambda w: w.key)


def _candidates(work: Work, style: KeyStyle) -> Iterator[str]:
    """Yield keys for ``work``, the one to prefer first; they never run out where its first author is known."""
    stem, words, at_first, between = _arxiv(work) if style == "arxiv" else _acl(work)
    if not stem:
        return
    key = stem
    for n in range(min(at_first, len(words)), len(words) + 1):
        key = between.join([stem, *words[:n]])[:LONGEST].rstrip("-")
        yield key
    for number in count(2):
        yield f"{key}-{number}"


def _arxiv(work: Work) -> tuple[str, list[str], int, str]:
    """Return how a key begins, the words that follow, how many at first, and what stands between."""
    family = plain_word(_last(work.authors[0])) if work.authors else ""
    posted = first_posted(work.identifier("arxiv"))
    year = posted[0] if posted else work.year
    words = [plain_word(word) for word in work.title.split() if word.lower() not in _ARXIV_FILLER]
    return (f"{family}{year}" if family and year else ""), words, 4, ""


def _acl(work: Work) -> tuple[str, list[str], int, str]:
    families = ["-".join(_slug(_last(name))) for name in work.authors]
    if not families or not families[0] or not work.year:
        return "", [], 0, ""
    several = len(families) > 2 or work.authors_truncated
    names = [families[0], "etal"] if several else [family for family in families if family]
    words = [word for word in _slug(work.title) if word not in _ACL_FILLER]
    return "-".join([*names, str(work.year)]), words, 1, "-"


def _last(name: Name) -> str:
    """Return what both archives keep as the last name: particles belong to it."""
    return f"{name.particle} {name.family}".strip() or name.literal


def _slug(text: str) -> list[str]:
    """Return the words of ``text`` as the Anthology's addresses have them.

    >>> _slug("LLM.int8(): 8-bit Multiplication for 1,000 Transformers")
    ['llm', 'int8', '8', 'bit', 'multiplication', 'for', '1000', 'transformers']
    """
    text = re.sub(r"(?<=\d),(?=\d)|[‘’ʼ]", "", text)
    return re.findall(r"[a-z0-9]+", ascii_fold(text).lower())
