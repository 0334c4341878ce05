"""A graph of four rows about which a service was asked on two days, with every outcome that an inquiry has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import llmcomp
from llmcomp.kg import build, iris, journal, store
from llmcomp.kg.facts import PaperFacts, Reference, ReferenceList, shipped_papers, shipped_references
from llmcomp.kg.fetched import SCHOLAR, Inquiry
from llmcomp.kg.fetched_graph import fetched_statements
from llmcomp.kg.model import Identifier
from llmcomp.ontology import terms

CPUS, INT8, BITS = "arxiv:2311.00502", "arxiv:2208.07339", "doi:10.1000/bits"
FOREIGN = "arxiv:2306.00978"
"""What the list links for the paper with the DOI; it is another's."""
CPUS_TITLE = "Efficient LLM Inference on CPUs"
INT8_TITLE = "GPT3.int8(): 8-bit Matrix Multiplication for Transformers at Scale"
NEW_TITLE = "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale"
BITS_TITLE = "Numbers of Two Bits for Models of All Sizes"
UNHEARD_TITLE = "A Paper That No Service Has Heard of Yet"
LIST = f"""## Quantization
- {CPUS_TITLE} <br> NeurIPS 2023 Workshop [[Paper]](https://arxiv.org/abs/2311.00502)
- {INT8_TITLE} <br> NeurIPS 2022 [[Paper]](https://arxiv.org/abs/2208.07339)
- {BITS_TITLE} <br> Arxiv 2023 [[Paper]](https://arxiv.org/abs/2306.00978)
- {UNHEARD_TITLE} <br> Arxiv 2026 [[Paper]](https://arxiv.org/abs/2601.00001)
- A row without any link
"""


def bearing(*names: str) -> tuple[Identifier, ...]:
    """Return the identifiers of ``names`` ("doi:10.1000/bits"); what has no scheme is an id of Semantic Scholar."""
    pairs = (name.rpartition(":") if ":" in name else ("semanticscholar", "", name) for name in names)
    return tuple(Identifier(scheme, value) for scheme, _, value in pairs)


REFERENCES = (
    Reference(INT8_TITLE, "T. Dettmers", 2022, bearing(INT8, "b1"), ("background", "methodology", "unheard of"), True),
    Reference("", identifiers=bearing("d1")),
    Reference(""),
    Reference("A Book without Any Identifier at All", "Ann Author"),
    Reference(BITS_TITLE, "Bo Bits", 2023, bearing("c1")),
    Reference("Results to Compare with", "Carla Cites", 2020, bearing("doi:10.1000/results", "e1"), ("result",), False),
)


def said_on(day: str, citations: int) -> list[bytes]:
    """Return what a service might say on one day, with every outcome that an inquiry has."""
    ours = terms.PREFIXES["work"]
    a1, b1, c1 = bearing("a1", "b1", "c1")
    inquiries = (
        Inquiry(ours + CPUS, CPUS_TITLE, day, "found", "ARXIV:2311.00502", a1, intents=True),
        Inquiry(ours + INT8, INT8_TITLE, day, "renamed", "ARXIV:2208.07339", b1, NEW_TITLE),
        Inquiry(iris.title_work(BITS_TITLE), BITS_TITLE, day, "wrong-link", "ARXIV:2306.00978", c1, "Another Paper"),
        Inquiry(ours + "arxiv:2601.00001", UNHEARD_TITLE, day, "unknown", "ARXIV:2601.00001"),
    )
    cpus = PaperFacts(
        (CPUS_TITLE,),
        bearing(CPUS, "a1"),
        authors=("Haihao Shen", "H. Chang"),
        venue="arXiv.org",
        year=2023,
        sources=(SCHOLAR,),
        date="2023-11-01",
        author_ids=("1", "2"),
        open_access="https://arxiv.org/pdf/2311.00502",
        asked=day,
    )
    int8 = PaperFacts(
        (NEW_TITLE,),
        bearing(INT8, "doi:10.1000/int8", "b1"),
        authors=("Tim Dettmers", "A Group"),
        venue="Neural Information Processing Systems",
        venue_kind="conference",
        year=2022,
        pages="1-12",
        sources=(SCHOLAR,),
        author_ids=("3", ""),
        asked=day,
    )
    bits = PaperFacts(
        (BITS_TITLE,),
        bearing(BITS, "c1"),
        authors=("Bo Bits",),
        venue="Journal of Small Numbers",
        venue_kind="journal",
        volume="7",
        sources=(SCHOLAR,),
        author_ids=("4",),
        asked=day,
    )
    lists = (
        ReferenceList(*bearing(CPUS), CPUS_TITLE, True, SCHOLAR, REFERENCES, day),
        ReferenceList(*bearing(BITS), BITS_TITLE, False, SCHOLAR, REFERENCES[-1:], day),
    )
    papers = (replace(cpus, citations=citations, influential=1), replace(int8, citations=0), bits)
    return list(fetched_statements(day, inquiries, papers, lists).encode())


def enriched_graph(folder: Path) -> Path:
    """Make the graph in ``folder`` and return where it is."""
    rows = folder / "list.md"
    rows.write_text(LIST, "utf-8")
    papers = tuple(p for p in shipped_papers() if {CPUS, INT8, FOREIGN} & set(map(str, p.identifiers)))
    references = tuple(r for r in shipped_references() if str(r.citing) == CPUS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "shipped_papers", lambda: papers)
        patch.setattr(build, "shipped_references", lambda: references)
        llmcomp.build_graph(folder / "graph", [str(rows)])
        with store.building(folder / "graph"):
            for day, citations in (("2026-11-24", 60), ("2026-12-24", 71)):
                journal.append(folder / "graph", day, said_on(day, citations))
            build.rebuild(folder / "graph", version=llmcomp.__version__)
    return folder / "graph"
