"""Make a graph of real shape and any size, the way a user's own comes to be: a list is built, answers are brought.

Run: ``python bench/made_graph.py FOLDER [WORKS]``; other scripts call :func:`make`. What is drawn by lot is seeded, so
one number of works gives one graph. Shares are those of the shipped list after ``llmcomp enrich`` (three works in ten
stand in the list, the others are only cited; half of the listed ones are published; four in ten stand in the largest
section, one in six in :data:`SECTION`), citations are drawn as in ``measures.py``.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from llmcomp.kg.build import Brought, build, rebuild
from llmcomp.kg.facts import PaperFacts, Reference, ReferenceList
from llmcomp.kg.fetched import SCHOLAR, Inquiry, scholar_identifier
from llmcomp.kg.fetched_graph import fetched_statements
from llmcomp.kg.iris import identifier_work
from llmcomp.kg.model import Identifier

LISTED = 30
"""Of a hundred works, those that the list has."""
REFERENCES = 12
"""Of a work, those that are works of the graph."""
SECTION = "Pruning and Sparsity"
"""A section with one in six of the listed works: 5,000 of a graph of 100,000."""
SECTIONS = {"Quantization": 24, SECTION: 10, "Distillation": 8, "Efficient Prompting": 6, "KV Cache": 6, "Other": 6}
DAYS = "2026-09-01", "2026-11-01"
"""When the service was asked: for all, and for one in ten again."""
VENUES = "ICML NeurIPS ICLR ACL EMNLP NAACL AAAI CVPR COLM TMLR".split()
WORDS = """accurate adaptive aligned attention balanced binary block calibrated channel chunked compact
    compressed decoding deep dense diffusion distilled dynamic edge efficient embedding expert fast
    federated flexible gradient grouped hardware hessian hybrid inference integer kernel language layer
    learned linear long low memory mixed model multi neural optimal outlier parallel post precision
    prefix prompt pruned quantized random rank reasoning recurrent robust routed scalable search
    sequence serving shared sparse speculative structured student teacher tensor token training
    transformer tuned universal vector weight zero""".split()
FAMILY = """Abe Baker Chen Díaz Eriksson Fischer García Huang Ivanov Jansen Kim Li Müller Nguyen Okafor Park Rossi Singh
    Wu""".split()


def letters(n: int) -> str:
    """Return the number in letters, as short as it can be: no two numbers have the same.

    >>> letters(0), letters(27)
    ('a', 'bb')
    """
    more, last = divmod(n, 26)
    return (letters(more) if more else "") + chr(ord("a") + last)


def person(who: int) -> str:
    given, family = divmod(who, len(FAMILY))
    return f"{letters(given).title()} {FAMILY[family]}"


class Made:
    """The works of a graph: numbers from 0, the listed ones spread evenly among the others, the oldest first."""

    def __init__(self, works: int) -> None:
        self.works = works
        self._chance = random.Random(works)
        self.listed = [n for n in range(works) if (n * LISTED + LISTED) // 100 > n * LISTED // 100]
        self.venue = {n: self._chance.choice(VENUES) if self._chance.random() < 0.5 else "" for n in self.listed}
        sections = [name for name, share in SECTIONS.items() for _ in range(share)]
        self.section = {n: sections[place % len(sections)] for place, n in enumerate(self.listed)}
        self.authors = {n: self._people() for n in range(works)}
        self.cites = dict(self._citations())

    def year(self, n: int) -> int:
        return 2015 + n * 11 // self.works

    def title(self, n: int) -> str:
        chance = random.Random(n)
        words = " ".join(chance.sample(WORDS, 6)).title()
        return f"{letters(n).title()}Net: {words}"

    def arxiv(self, n: int) -> Identifier:
        return Identifier("arxiv", f"{self.year(n) % 100:02d}{1 + n % 12:02d}.{n % 100_000:05d}")

    def _people(self) -> tuple[str, ...]:
        many = min(12, 1 + int(self._chance.expovariate(1 / 4)))
        # few write much, many write once
        return tuple(dict.fromkeys(person(int(self.works * self._chance.random() ** 2)) for _ in range(many)))

    def _citations(self) -> Iterator[tuple[int, list[int]]]:
        cited: list[int] = []
        before = 0
        for n in self.listed:
            references = set(range(before + 1, n))  # so that every work outside the list is cited
            before = n
            many = min(n, self._chance.randrange(REFERENCES // 2, REFERENCES * 3 // 2 + 1))
            while len(references) < many:
                popular = cited and self._chance.random() < 0.6
                references.add(self._chance.choice(cited) if popular else self._chance.randrange(n))
            yield n, sorted(references)
            cited += references

    def rows(self) -> Iterator[str]:
        """Yield the list in Markdown."""
        yield "# List\n\n"
        for section in SECTIONS:
            yield f"## {section}\n\n"
            for n in self.listed:
                if self.section[n] == section:
                    venue = f"{self.venue[n]} {self.year(n)}" if self.venue[n] else f"Arxiv {self.year(n)}"
                    code = f" [[Code]](https://github.com/made-up/{n})" if n % 3 == 0 else ""
                    address = f"https://arxiv.org/abs/{self.arxiv(n).value}"
                    yield f"- {self.title(n)} <br> {venue} [[Paper]]({address}){code}\n"

    def answers(self) -> Iterator[bytes]:
        """Yield what the service said, as N-Quads."""
        for day, asked in zip(DAYS, (self.listed, self.listed[::10]), strict=True):
            for start in range(0, len(asked), 200):
                some = asked[start : start + 200]
                lists = (
                    ReferenceList(self.arxiv(n), self.title(n), True, SCHOLAR, self._references(n), day) for n in some
                )
                said = fetched_statements(
                    day, [self._inquiry(n, day) for n in some], [self._paper(n, day) for n in some], lists
                )
                yield from said.encode()

    def _paper(self, n: int, day: str) -> PaperFacts:
        people = self.authors[n]
        popular = (self.works - n) % 997
        return PaperFacts(
            titles=(self.title(n),),
            identifiers=(self.arxiv(n), scholar_identifier(f"{n:040x}")),
            authors=people,
            venue="arXiv.org",
            year=self.year(n),
            date=f"{self.year(n)}-{1 + n % 12:02d}-15",
            sources=(SCHOLAR,),
            open_access=f"https://arxiv.org/pdf/{self.arxiv(n).value}",
            asked=day,
            citations=popular + 10 * DAYS.index(day),
            influential=popular // 10,
        )

    def _references(self, n: int) -> tuple[Reference, ...]:
        return tuple(
            Reference(
                self.title(m),
                self.authors[m][0],
                self.year(m),
                (self.arxiv(m), scholar_identifier(f"{m:040x}")),
                (),
                m % 9 == 0,
            )
            for m in self.cites[n]
        )

    def _inquiry(self, n: int, day: str) -> Inquiry:
        return Inquiry(
            identifier_work(self.arxiv(n)), self.title(n), day, "found", f"ARXIV:{self.arxiv(n).value}", self.arxiv(n)
        )


def make(folder: Path, works: int) -> None:
    """Make a graph of ``works`` works in ``folder``."""
    made = Made(works)
    with TemporaryDirectory() as beside:
        listed = Path(beside, "list.md")
        listed.write_text("".join(made.rows()), "utf-8")
        build(folder, [str(listed)], version="bench")
    rebuild(folder, version="bench", brought=Brought(fetched=made.answers()))


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
