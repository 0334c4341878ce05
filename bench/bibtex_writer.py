"""Time the writing of 100,000 BibTeX entries, against bibtexparser's writer and a plain template.

Run: ``python bench/bibtex_writer.py [TURNS [ENTRIES]]``

bibtexparser is timed twice with its default stack. "ready" it is given a library whose values are already chosen,
escaped and guarded, while we start from works and do all that: its best case. "from works" it does what whoever writes
a .bib with it must do: each value goes into its model, the model into a library, the library into text; what the
values are is decided by the same code as ours. Its stack that writes in place, and so changes what it was given, is
timed too. The template escapes once and guards no title. Time is that of the processor, so that other work on the
machine is not counted.
"""

from __future__ import annotations

import gc
import logging
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from types import ModuleType

import turns
from bibtexparser import Library, write_string
from bibtexparser.middlewares import default_unparse_stack

from llmcomp.exports import bibtex, cited, entry, latex, persons, texmath, titles
from llmcomp.exports.options import Options
from llmcomp.kg import text
from llmcomp.kg.model import Identifier, Venue, Work
from llmcomp.kg.names import inverted, parse_name

TIMES, SHARE = 10, 0.5
OURS, TEMPLATE = "llmcomp, from works", "template, from works"
READY, WHOLE, IN_PLACE = "bibtexparser, ready", "bibtexparser, from works", "bibtexparser, in place, ready"

_WORDS = """
accurate adaptive attention-free budget-aware cache calibration compact compression context-aware data-free
decoding distillation efficient error-compensated fine-grained fine-tuning for from generative inference in
knowledge language large layer-wise learned long-context low-rank matrices memory mixture-of-experts models
naïve of one-shot optimal outliers pre-trained pruning quantization reasoning retrieval sparse structured
tokens towards transformers via weights with Schrödinger Poincaré Gödel's Hölder’s Kähler
"""
_ACRONYMS = "LLM GPTQ QLoRA KV MoE LLaMA-2 W4A8 BERT iPhone SmoothQuant+ FP8 R&D"
_GIVEN = """
Elias Dan Song Yujun Zhewei Tim Mike Luke Guangxuan Ji Hanlin José María Łukasz Jürgen Søren François Zoë
Nguyễn Wei Xin Anna-Lena Jean-Baptiste Ömer Priya Rohan Mei Haotian Sébastien Björn Agnieszka Óscar
"""
_FAMILY = """
Frantar Alistarh Han Lin Yao Dettmers Lewis Zettlemoyer Xiao Tang García Müller Žižek Wałęsa Ångström Nguyen
Zhang Wang Li Chen Liu O'Brien Dupré Çelik Şahin Kowalski Németh Patel Schmidt-Hieber Rossi
"""
_SYLLABLES = "an bar chi do el fen gor hu il jin kov lem mar nor os pei qua rin sha tov ul ven wei xu yam zhu"
WORDS, ACRONYMS, GIVEN, FAMILY, SYLLABLES = map(str.split, (_WORDS, _ACRONYMS, _GIVEN, _FAMILY, _SYLLABLES))
SMALL = {"for", "from", "in", "of", "via", "with"}
PARTICLES = ["van", "de", "van der", "von", "al-"]
AUTHORS = [3, 6, 9, 12, 12, 11, 9, 7, 5, 4, 3, 3]
"""Weights of 1, 2, ... 12 authors."""

CONFERENCES = [
    Venue(
        f"v:{year}/{acronym}",
        "conference",
        f"Proceedings of the {name}",
        name,
        f"{acronym} {year}",
        year=year,
        publisher=publisher,
    )
    for acronym, name, publisher in (
        ("ICML", "International Conference on Machine Learning", "PMLR"),
        ("NeurIPS", "Conference on Neural Information Processing Systems", "Curran Associates"),
        ("ACL", "Annual Meeting of the Association for Computational Linguistics", "ACL"),
        ("MLSys", "Conference on Machine Learning & Systems", ""),
    )
    for year in range(2019, 2026)
]
JOURNALS = [
    Venue(
        "v:tacl",
        "journal",
        "Transactions of the Association for Computational Linguistics",
        publisher="MIT Press",
    ),
    Venue("v:jmlr", "journal", "Journal of Machine Learning Research"),
]


def make_works(count: int) -> list[Work]:
    """Return works as a list of papers has them: half preprints, 1 to 12 authors, names that come again."""
    dice = random.Random(20261124)
    people = [_person(dice) for _ in range(max(10, count // 3))]
    return [_work(number, dice, people) for number in range(count)]


def _person(dice: random.Random) -> str:
    family = dice.choice(FAMILY) if dice.random() < 0.4 else "".join(dice.choices(SYLLABLES, k=3)).title()
    particle = f"{dice.choice(PARTICLES)} " if dice.random() < 0.03 else ""
    middle = f" {dice.choice('ABCDEFGHJKLMNPRST')}." if dice.random() < 0.2 else ""
    return f"{dice.choice(GIVEN)}{middle} {particle.replace('- ', '-')}{family}"


def _work(number: int, dice: random.Random, people: list[str]) -> Work:
    words = dice.choices(WORDS, k=dice.randint(4, 12))
    words = [
        word if word in {"for", "from", "in", "of", "via", "with"} else word[0].upper() + word[1:] for word in words
    ]
    words.insert(dice.randrange(len(words)), dice.choice(ACRONYMS))
    name = "".join(dice.choices(SYLLABLES, k=2)).title() + dice.choice(["", "-LLM", "Quant", "KV"])
    title = f"{name}: {' '.join(words)}" if dice.random() < 0.6 else " ".join(words)
    authors = dice.sample(people, dice.choices(range(1, 13), weights=AUTHORS)[0])
    arxiv = f"{dice.randint(19, 25)}{dice.randint(1, 12):02d}.{number % 100_000:05d}"
    shape = dice.random()
    venue = None if shape < 0.5 else dice.choice(CONFERENCES if shape < 0.9 else JOURNALS)
    year = (venue and venue.year) or 2000 + int(arxiv[:2])
    identifiers = [Identifier("arxiv", arxiv)]
    if venue and dice.random() < 0.5:
        identifiers.append(Identifier("doi", f"10.1145/{number}.{dice.randint(1, 9999)}"))
    first = dice.randint(1, 9000)
    return Work(
        iri=f"https://arxiv.org/abs/{arxiv}",
        key=f"{text.ascii_fold(authors[0].split()[-1]).lower()}{year}{name.lower()}{number}",
        title=title,
        authors=tuple(map(parse_name, authors)),
        year=year,
        month=int(arxiv[2:4]),
        venue=venue,
        identifiers=tuple(identifiers),
        primary_class="cs.LG",
        volume=str(dice.randint(1, 40)) if venue and venue.kind == "journal" else "",
        pages=f"{first}-{first + 14}" if venue and dice.random() < 0.7 else "",
        categories=(dice.choice(["quantization", "pruning", "kv-cache", "distillation"]),),
        url=f"https://arxiv.org/abs/{arxiv}",
    )


_ESCAPES = str.maketrans(
    {
        **{c: f"\\{c}" for c in "&%$#_{}"},
        **{"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"},
        **{"é": r"{\'e}", "è": r"{\`e}", "ö": r"{\"o}", "ü": r"{\"u}", "ä": r"{\"a}", "ï": r"{\"\i}"},
        **{"Ł": r"{\L}", "ł": r"{\l}", "ę": r"{\k e}", "í": r"{\'i}", "ç": r"{\c c}", "Ç": r"{\c C}"},
        **{"Ž": r"{\v Z}", "ž": r"{\v z}", "Å": r"{\r A}", "Ö": r"{\"O}", "ë": r"{\"e}", "Ó": r"{\'O}"},
        **{"ø": r"{\o}", "Ş": r"{\c S}", "’": "'"},
    }
)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def template(works: list[Work]) -> str:
    """Write what a script of twenty lines would: one template, one pass of escaping, no title guarded."""
    pieces: list[str] = []
    for work in sorted(works, key=lambda w: w.key):
        authors = _escaped(" and ".join(map(inverted, work.authors)))
        arxiv = work.identifiers[0].value
        if work.venue is None:
            kind, where = "misc", f"  howpublished = {{arXiv preprint arXiv:{arxiv}}},\n"
        else:
            journal = work.venue.kind == "journal"
            kind = "article" if journal else "inproceedings"
            where = f"  {'journal' if journal else 'booktitle'} = {{{work.venue.title.translate(_ESCAPES)}}},\n"
            where += f"  volume = {{{work.volume}}},\n" if work.volume else ""
            where += f"  pages = {{{work.pages.replace('-', '--')}}},\n" if work.pages else ""
            where += f"  publisher = {{{work.venue.publisher}}},\n" if work.venue.publisher else ""
        doi = f"  doi = {{{work.identifiers[1].value}}},\n" if len(work.identifiers) > 1 else ""
        pieces.append(
            f"@{kind}{{{work.key},\n  author = {{{authors}}},\n  title = {{{_escaped(work.title)}}},\n"
            f"  year = {{{work.year}}},\n{where}{doi}  eprint = {{{arxiv}}},\n  archiveprefix = {{arXiv}},\n"
            f"  primaryclass = {{{work.primary_class}}},\n  url = {{{work.url}}},\n"
            f"  keywords = {{{', '.join(work.categories)}}},\n}}\n"
        )
    return "\n".join(pieces)


def _forget(*modules: ModuleType) -> None:
    """Empty the caches, so that no turn gains from the one before."""
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _lines(written: str) -> Counter[str]:
    return Counter(line.strip(" \t,") for line in written.splitlines() if line.strip())


def main() -> None:
    turns.print_machine()
    rounds = turns.turns_of(3)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    logging.getLogger("bibtexparser").setLevel(logging.ERROR)  # it warns of its own copying
    works, options = make_works(count), Options()
    library = Library(list(bibtex.entries(works, options)))

    def in_place() -> Callable[[], str]:
        again = Library(list(bibtex.entries(works, options)))  # what it writes it also changes
        return lambda: write_string(again, unparse_stack=default_unparse_stack(allow_inplace_modification=True))

    writers: dict[str, Callable[[], Callable[[], str]]] = {
        OURS: lambda: lambda: "".join(bibtex.bibtex(works, options)),
        READY: lambda: lambda: write_string(library),
        WHOLE: lambda: lambda: write_string(Library(list(bibtex.entries(works, options)))),
        IN_PLACE: in_place,
        TEMPLATE: lambda: lambda: template(works),
    }
    seconds: dict[str, list[float]] = {name: [] for name in writers}
    for turn in range(rounds):
        written: dict[str, str] = {}
        for name, prepare in writers.items():
            write = prepare()
            _forget(bibtex, cited, entry, latex, persons, texmath, titles, text)
            gc.collect()
            gc.freeze()  # so that each pays for its own objects and not for walking over the others'
            start = time.process_time()
            written[name] = write()
            seconds[name].append(time.process_time() - start)
            gc.unfreeze()
            del write
        if turn == 0:
            ours = _lines(written[OURS])
            for name in (READY, WHOLE, IN_PLACE):
                assert ours == _lines(written[name]), f"not the same entries: {name}"
            assert written[TEMPLATE].count("\n@") == written[OURS].count("\n@") == count - 1
    print(f"{count:,} entries, {rounds} turns")
    print(f"{'':30}{'median':>10}{'entries a second':>20}{'time, llmcomp = 1':>20}")
    for name, taken in seconds.items():
        print(
            f"{name:30}{statistics.median(taken):8.2f} s{count / statistics.median(taken):20,.0f}"
            f"{_times(seconds, name):20.2f}"
        )
    _claim(f"at least {TIMES} times bibtexparser's default writer, each from works", _times(seconds, WHOLE), TIMES)
    _claim(f"at least {TIMES} times bibtexparser's default writer, given what is ready", _times(seconds, READY), TIMES)
    _claim(f"at least {SHARE} of the speed of a template", _times(seconds, TEMPLATE), SHARE)


def _claim(claim: str, measured: float, least: float) -> None:
    print(f"claim: {claim}: {measured:.2f}, {'met' if measured >= least else 'NOT MET'}")


def _times(seconds: dict[str, list[float]], name: str) -> float:
    return statistics.median(a / b for a, b in zip(seconds[name], seconds[OURS], strict=True))


if __name__ == "__main__":
    main()
