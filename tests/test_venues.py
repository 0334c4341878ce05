"""Venue strings: every spelling met so far, some never met, and the table behind them."""

from __future__ import annotations

import doctest
import re
import time
from collections import defaultdict

import pytest

from llmcomp.kg import mentions, ordinals, venues
from llmcomp.kg.model import Identifier
from llmcomp.kg.venues import Mention, VenueTable

TABLE = VenueTable.load()
BASE = "https://w3id.org/llmcomp/venue/"
NAACL_2024 = (
    "Proceedings of the 2024 Conference of the North American Chapter of the Association for "
    "Computational Linguistics: Human Language Technologies"
)
NAACL_2025 = (
    "Proceedings of the 2025 Conference of the Nations of the Americas Chapter of the Association for "
    "Computational Linguistics: Human Language Technologies"
)

# as lists print them, and the part of the IRI after venue/ that each stands for
ON_THE_LIST = {
    "AAAI 2024": "aaai/2024",
    "AAAI 2025": "aaai/2025",
    "ACL 2023": "acl/2023",
    "ACL 2024 Findings": "acl/2024/findings",
    "ACL 2024": "acl/2024",
    "ACL Findings 2024": "acl/2024/findings",
    "ACM MM 2024": "acmmm/2024",
    "AutoML 2023": "automl/2023",
    "CICC 2025": "cicc/2025",
    "COLING 2024": "coling/2024",
    "COLING 2025": "coling/2025",
    "CPAL 2024": "cpal/2024",
    "CoNLL 2023": "conll/2023",
    "DAC 2024": "dac/2024",
    "DAC 2025": "dac/2025",
    "EMNLP 2023": "emnlp/2023",
    "EMNLP 2024 Industry Track": "emnlp/2024/track/industry",
    "EMNLP 2024": "emnlp/2024",
    "EMNLP Findings 2023": "emnlp/2023/findings",
    "EMNLP Findings 2024": "emnlp/2024/findings",
    "Efficient Systems for Foundation Models Workshop @ ICML 2024": "icml/2024/workshop/es-fomo",
    "FPGA 2024": "fpga/2024",
    "HPCA 2024": "hpca/2024",
    "HPCA 2025": "hpca/2025",
    "ICASSP 2024": "icassp/2024",
    "ICASSP 2025": "icassp/2025",
    "ICCV 2023": "iccv/2023",
    "ICLR 2023 TinyPapers": "iclr/2023/track/tiny-papers",
    "ICLR 2023": "iclr/2023",
    "ICLR 2024": "iclr/2024",
    "ICLR 2025 Workshop on Sparsity in LLMs (SLLM)": "iclr/2025/workshop/sllm",
    "ICLR 2025": "iclr/2025",
    "ICLR Practical ML for Low Resource Settings Workshop 2024": "iclr/2024/workshop/pml4lrs",
    "ICML 2023 Workshop ES-FoMO": "icml/2023/workshop/es-fomo",
    "ICML 2023": "icml/2023",
    "ICML 2024 Tutorial": "icml/2024/track/tutorial",
    "ICML 2024": "icml/2024",
    "ICML TF2M Workshop 2024": "icml/2024/workshop/tf2m",
    "ICORIS 2024": "icoris/2024",
    "IEEE Computer Architecture Letters 2023": "cal/2023",
    "IJCAI 2024 (Survey Track)": "ijcai/2024/track/survey",
    "IPCA 2024": "ipca/2024",
    "ISCA 2023": "isca/2023",
    "ISCA 2024": "isca/2024",
    "MLSys 2024 (Best Paper 🏆)": "mlsys/2024",
    "MLSys 2024": "mlsys/2024",
    "MLSys 2025": "mlsys/2025",
    "Machine Learning and Compression Workshop @ NeurIPS 2024": "neurips/2024/workshop/compression",
    "NAACL 2024 Abstract": "naacl/2024/track/abstract",
    "NAACL 2024 Findings": "naacl/2024/findings",
    "NAACL 2024": "naacl/2024",
    "NAACL 2025": "naacl/2025",
    "NAACL Student Research Workshop (SRW) 2025": "naacl/2025/workshop/srw",
    "NeurIPS 2022": "neurips/2022",
    "NeurIPS 2023 on Efficient Natural Language and Speech Processing": "neurips/2023/workshop/enlsp",
    "NeurIPS 2023": "neurips/2023",
    "NeurIPS 2024 Datasets and Benchmarks Track": "neurips/2024/track/datasets-and-benchmarks",
    "NeurIPS 2024 Machine Learning and Compression Workshop": "neurips/2024/workshop/compression",
    "NeurIPS 2024": "neurips/2024",
    "NeurIPS Workshop on Efficient Natural Language and Speech Processing (ENLSP-IV) 2024": (
        "neurips/2024/workshop/enlsp"
    ),
    "TACL": "tacl",
    "TMLR (Featured Certification 🌟)": "tmlr",
    "TMLR": "tmlr",
    "USENIX ATC 2024": "usenix-atc/2024",
    "VLDB 2024": "pvldb/2024",
}

AS_PUBLISHERS_PRINT = {
    "61st ACM/IEEE Design Automation Conference (DAC '24)": "dac/2024",
    "ACMMM 2024": "acmmm/2024",
    "Advances in Neural Information Processing Systems 35: Annual Conference on Neural Information "
    "Processing "
    "Systems 2022, NeurIPS 2022, New Orleans, LA, USA, November 28 - December 9, 2022": "neurips/2022",
    "CAAI Artificial Intelligence Research (CAAI AIR)": "caai-air",
    "EMNLP 2024 Findings": "emnlp/2024/findings",
    "Findings of ACL 2023": "acl/2023/findings",
    "Findings of the Association for Computational Linguistics: NAACL 2024": "naacl/2024/findings",
    "First Conference on Language Modeling": "colm/2024",
    "Second Conference on Language Modeling": "colm/2025",
    "Forty-first International Conference on Machine Learning, ICML 2024, Vienna, Austria, July 21-27, 2024": (
        "icml/2024"
    ),
    "IEEE Access": "access",
    "IEEE International Conference on Acoustics, Speech and Signal Processing, ICASSP 2024, Seoul, "
    "Republic of "
    "Korea, April 14-19, 2024": "icassp/2024",
    "IEEE/CVF International Conference on Computer Vision, ICCV 2023, Paris, France, October 1-6, 2023": "iccv/2023",
    "International Conference on Machine Learning, ICML 2023, 23-29 July 2023, Honolulu, Hawaii, USA": "icml/2023",
    "LREC-COLING 2024": "coling/2024",
    f"{NAACL_2024} (Volume 1: Long Papers)": "naacl/2024/volume/1",
    f"{NAACL_2024} (Volume 2: Short Papers)": "naacl/2024/volume/2",
    f"{NAACL_2024} (Volume 6: Industry Track)": "naacl/2024/track/industry",
    f"{NAACL_2025} (Volume 1: Long Papers)": "naacl/2025/volume/1",
    "Proceedings of the 31st International Conference on Computational Linguistics": "coling/2025",
    "Proceedings of the Fortieth Conference on Uncertainty in Artificial Intelligence": "uai/2024",
    "Proceedings of the Thirty-Third International Joint Conference on Artificial Intelligence, IJCAI 2024, "
    "Jeju, South Korea, August 3-9, 2024": "ijcai/2024",
    "Sparsity in LLMs (SLLM): Deep Dive into Mixture of Experts, Quantization, Hardware, and Inference": (
        "iclr/2025/workshop/sllm"
    ),
    "The Eleventh International Conference on Learning Representations, ICLR 2023, Kigali, Rwanda, May 1-5, "
    "2023": "iclr/2023",
    "The Twelfth International Conference on Learning Representations, ICLR 2024, Vienna, Austria, May 7-11, "
    "2024": "iclr/2024",
}

NEVER_SEEN = {
    "ICML 2026 Workshop on Foo Bar": "icml/2026/workshop/foo-bar",
    "Foo Bar Workshop @ ICML 2026": "icml/2026/workshop/foo-bar",
    "2nd International Workshop on Foo Bar at ICML 2026": "icml/2026/workshop/foo-bar",
    "Foo Bar @ ICML'26": "icml/2026/workshop/foo-bar",
    "Workshop on Foo, Bar, and Baz @ ICML 2024, Vienna, Austria": "icml/2024/workshop/foo-bar-and-baz",
    "Workshop on Machine Learning for Systems and Networks, NeurIPS 2023": (
        "neurips/2023/workshop/machine-learning-for-systems-and-networks"
    ),
    "Machine Learning for Systems Workshop at NeurIPS 2023": ("neurips/2023/workshop/machine-learning-for-systems"),
    "Proceedings of Machine Learning and Systems 6 (MLSys 2024)": "mlsys/2024",
    "Proceedings of Machine Learning and Systems 6": "mlsys/2024",
    "ES-FoMo-II 2024": "icml/2024/workshop/es-fomo",
    "ICML 2024 Workshop": "icml/2024/workshop",
    "CVPRW 2024": "cvpr/2024/workshop",
    "Findings of EMNLP 2022": "emnlp/2022/findings",
    "EACL 2024 (Findings)": "eacl/2024/findings",
    "Findings of the Association for Computational Linguistics, ACL 2024, Bangkok, Thailand and "
    "virtual meeting, "
    "August 11-16, 2024": "acl/2024/findings",
    "NeurIPS'23": "neurips/2023",
    "neurips 2023": "neurips/2023",
    "NIPS 2016": "neurips/2016",
    "In NeurIPS 2022": "neurips/2022",
    "Thirty-seventh Conference on Neural Information Processing Systems": "neurips/2023",
    "Advances in Neural Information Processing Systems 37": "neurips/2024",
    "ICLR'24 Spotlight": "iclr/2024",
    "CVPR2024": "cvpr/2024",
    "AAAI-24": "aaai/2024",
    "Computer Vision – ECCV 2024": "eccv/2024",
    "MM '24: Proceedings of the 32nd ACM International Conference on Multimedia": "acmmm/2024",
    "Transactions on Machine Learning Research, 2024": "tmlr/2024",
    "IEEE TPAMI 2024": "tpami/2024",
    "JMLR 24(120):1-50, 2023": "jmlr/2023",
    "Nature 2023": "nature/2023",
    "RepL4NLP @ ACL 2023": "repl4nlp/2023",
    "ACL SRW 2024": "acl/2024/workshop/srw",
    "EMNLP 2023 System Demonstrations": "emnlp/2023/track/demo",
    "ICML 2024 Position Paper Track (Spotlight)": "icml/2024/track/position",
    "NeurIPS 2024 Creative AI Track": "neurips/2024/track/creative-ai-track",
    "Published as a conference paper at ICLR 2024": "iclr/2024",
    "LREC 2024": "coling/2024",
    "ICML 2024 (arXiv 2023)": "icml/2024",
}

ALL = ON_THE_LIST | AS_PUBLISHERS_PRINT | NEVER_SEEN


def read(text: str) -> Mention:
    mention = TABLE.parse(text)
    assert mention is not None, text
    return mention


@pytest.mark.parametrize(("text", "path"), ALL.items(), ids=ALL)
def test_each_spelling_leads_to_its_volume(text: str, path: str) -> None:
    venue = TABLE.venue(read(text))
    assert venue.iri == BASE + path
    assert venue.title
    assert venue.short
    assert venue.acronym


@pytest.mark.parametrize("text", ALL, ids=ALL)
def test_a_title_has_no_place_no_date_and_no_open_slot(text: str) -> None:
    venue = TABLE.venue(read(text))
    told = f"{venue.title} {venue.short} {venue.event}"
    months = [
        "January",
        "March",
        "April",
        "May ",
        "June",
        "July",
        "August",
        "October",
        "November",
        "December",
    ]
    places = ["Vienna", "Austria", "USA", "Jeju", "Korea", "Paris", "Rwanda", "Bangkok"]
    assert not [word for word in (*months, *places, "{", "}", "  ", " ,") if word in told]


@pytest.mark.parametrize("text", ALL, ids=ALL)
def test_upper_and_lower_case_say_the_same(text: str) -> None:
    iri = TABLE.venue(read(text)).iri
    assert TABLE.venue(read(text.lower())).iri == iri
    assert TABLE.venue(read(text.replace("-W", "-w"))).iri == iri


def test_one_iri_has_one_title() -> None:
    titles = defaultdict[str, set[str]](set)
    for text in ALL:
        venue = TABLE.venue(read(text))
        titles[venue.iri].add(venue.title)
    assert not {iri: found for iri, found in titles.items() if len(found) > 1}


@pytest.mark.parametrize("part", ["Volume 1: Long Papers", "Volume 2: Short Papers"])
def test_a_part_is_a_volume_of_the_meeting_its_short_form_names(part: str) -> None:
    mention = read(f"{NAACL_2024} ({part})")
    assert mention.volume_part == part
    assert mention.meeting == read("NAACL 2024")
    assert TABLE.venue(mention).title == f"{NAACL_2024} ({part})"


PREPRINTS = {
    "Arxiv 2023": ("arxiv", 2023),
    "Arxiv 2024": ("arxiv", 2024),
    "Arxiv 2025": ("arxiv", 2025),
    "Arxiv": ("arxiv", None),
    "arXiv 2024.05": ("arxiv", 2024),
    "arXiv preprint arXiv:2005.14165": ("arxiv", 2020),
    "CoRR 2023": ("arxiv", 2023),
    "CoRR, abs/2210.17323, 2022": ("arxiv", 2022),
    "OpenReview": ("openreview", None),
    "OpenReview 2023": ("openreview", 2023),
    "GitHub technical report": ("report", None),
    "arXiv, May 2024": ("arxiv", 2024),
    "arXiv [cs.CL] 2023": ("arxiv", 2023),
    "Arxiv (Oct 2023)": ("arxiv", 2023),
    "OpenAI Technical Report 2023": ("report", 2023),
    "Submitted to FooConf 2025": ("submitted", 2025),
    "Submitted to ICLR 2025": ("submitted", 2025),
    "Under review at ICML 2024": ("submitted", 2024),
}


@pytest.mark.parametrize(("text", "told"), PREPRINTS.items(), ids=PREPRINTS)
def test_a_place_to_read_is_no_venue(text: str, told: tuple[str, int | None]) -> None:
    mention = read(text)
    assert (mention.series, mention.year, mention.kind) == (*told, "preprint")
    with pytest.raises(ValueError, match="preprint"):
        TABLE.venue(mention)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "2024",
        "FooConf 2024",
        "ICML FooConf 2024",
        "Workshop on Foo 2024",
        "Journal of Foo Science 2024",
        "ICML Findings 2024",
        "ICML 2024 / ICLR 2024",
        "🏆",
        "(((",
        # a preprint server among words that nobody heard of
        "Accurate Quantization, arXiv 2022",
        "Accurate Quantization arXiv 2022",
        "Liu et al., arXiv 2019",
        "Foo Workshop (arXiv 2024)",
        "Models on GitHub",
        # years without a volume
        "ICML 2042",
        "ICML 1900",
        "NeurIPS 1980",
        "ICLR 2010",
        "JMLR 1999",
        "Findings of ACL 2042",
        "ICML 2042 Workshop on Foo",
        "Arxiv 1900",
        "x" * 100_000,
    ],
)
def test_what_is_not_understood_is_none(text: str) -> None:
    assert TABLE.parse(text) is None


@pytest.mark.parametrize("text", ["ICML 1993", "ICML 2035", "NeurIPS 1987", "AISTATS 1995", "AAAI 1980", "Nature 1953"])
def test_years_with_a_volume_are_understood(text: str) -> None:
    assert read(text).year == int(text[-4:])


def test_pages_are_no_year() -> None:
    assert read("JMLR, pp. 120-150").year is None


@pytest.mark.parametrize("path", ["icml", "findings", "repl4nlp", "acl"])
def test_an_undated_volume_is_not_its_series(path: str) -> None:
    venue = TABLE.venue(Mention(path, TABLE.nodes.kind(path)))
    assert (venue.iri, venue.series) == (f"{BASE}{path}/undated", BASE + path)


def test_the_undated_volume_of_a_part_and_of_a_journal() -> None:
    assert TABLE.venue(read("ACL Findings")).iri == f"{BASE}acl/undated/findings"
    assert TABLE.venue(read("NIPS Workshop")).iri == f"{BASE}neurips/undated/workshop"
    assert TABLE.venue(read("TMLR")).iri == f"{BASE}tmlr"


@pytest.mark.parametrize("text", ["ICML 2024 Workshop on {Foo} Bar", "{ICML} 2024", "Workshop on {F}oo} @ ICML 2024"])
def test_braces_do_not_reach_a_title(text: str) -> None:
    venue = TABLE.venue(read(text))
    assert not {"{", "}"} & set(f"{venue.title}{venue.short}{venue.acronym}{venue.event}{venue.iri}")


@pytest.mark.parametrize(
    ("text", "award"),
    [
        ("MLSys 2024 (Best Paper 🏆)", "Best Paper"),
        ("TMLR (Featured Certification 🌟)", "Featured Certification"),
        ("ICML 2024 (Oral)", "Oral"),
        ("ICLR 2023 Spotlight", "Spotlight"),
        ("ACL 2023 Outstanding Paper Award", "Outstanding Paper Award"),
        ("ICLR 2024 (Outstanding Paper Honorable Mention)", "Outstanding Paper Honorable Mention"),
        ("ICML 2024", ""),
    ],
)
def test_an_award_is_kept_apart_from_the_venue(text: str, award: str) -> None:
    mention = read(text)
    assert mention.award == award
    assert mention.meeting.award == ""


TITLES = {
    "ICML 2024": "Proceedings of the 41st International Conference on Machine Learning",
    "NeurIPS 2024": "Advances in Neural Information Processing Systems 37",
    "NeurIPS 2024 Datasets and Benchmarks Track": "Advances in Neural Information Processing Systems 37",
    "ICLR 2024": "The Twelfth International Conference on Learning Representations",
    "ICLR 2025": "The Thirteenth International Conference on Learning Representations",
    "ACL 2023": "Proceedings of the 61st Annual Meeting of the Association for Computational Linguistics",
    "EMNLP Findings 2023": "Findings of the Association for Computational Linguistics: EMNLP 2023",
    "Findings of ACL 2021": "Findings of the Association for Computational Linguistics: ACL-IJCNLP 2021",
    "COLING 2024": "Proceedings of the 2024 Joint International Conference on Computational "
    "Linguistics, Language "
    "Resources and Evaluation (LREC-COLING 2024)",
    "NAACL 2024 Industry Track": f"{NAACL_2024} (Volume 6: Industry Track)",
    "NAACL 2025 SRW": f"{NAACL_2025} (Volume 4: Student Research Workshop)",
    "NAACL 2024 Abstract": NAACL_2024,
    "EMNLP 2024 Industry Track": "Proceedings of the 2024 Conference on Empirical Methods in "
    "Natural Language "
    "Processing: Industry Track",
    "IJCAI 2024 (Survey Track)": "Proceedings of the Thirty-Third International Joint Conference on "
    "Artificial "
    "Intelligence",
    "ICML 2023 Workshop ES-FoMO": "ICML 2023 Workshop on Efficient Systems for Foundation Models",
    "ICML 2026 Workshop FoBa": "ICML 2026 Workshop FoBa",
    "ICML 2024 Tutorial": "ICML 2024 Tutorial",
    "NeurIPS 2024 Creative AI Track": "NeurIPS 2024 Creative AI Track",
    "EMNLP 2024 Tutorial": "Proceedings of the 2024 Conference on Empirical Methods in Natural Language "
    "Processing: Tutorial Abstracts",
    "VLDB 2024": "Proceedings of the VLDB Endowment",
    "TMLR": "Transactions on Machine Learning Research",
    "ICML": "Proceedings of the International Conference on Machine Learning",
    "Findings of the Association for Computational Linguistics": (
        "Findings of the Association for Computational Linguistics"
    ),
}


@pytest.mark.parametrize(("text", "title"), TITLES.items(), ids=TITLES)
def test_titles_are_the_official_ones(text: str, title: str) -> None:
    assert TABLE.venue(read(text)).title == title


def test_a_venue_in_full() -> None:
    venue = TABLE.venue(read("ICML 2024"))
    assert venue.kind == "conference"
    assert venue.short == "International Conference on Machine Learning"
    assert venue.acronym == "ICML 2024"
    assert venue.event == "41st International Conference on Machine Learning"
    assert (venue.year, venue.volume, venue.publisher) == (2024, "235", "PMLR")
    assert venue.series == BASE + "icml"


def test_a_workshop_does_not_borrow_volume_publisher_or_name_of_the_meeting() -> None:
    venue = TABLE.venue(read("ICML 2024 Workshop on Foo Bar"))
    assert (venue.kind, venue.volume, venue.publisher) == ("workshop", "", "")
    assert venue.short == "ICML Workshop on Foo Bar"


def test_a_number_told_in_the_title_is_not_told_again() -> None:
    assert TABLE.venue(read("NeurIPS 2024")).volume == ""
    assert TABLE.venue(read("VLDB 2024")).volume == "17"


IDENTIFIERS = {
    "acl:2023.findings-acl.15": Mention("acl", "findings", 2023),
    "acl:2024.naacl-long.377": Mention("naacl", "conference", 2024, volume_part="Volume 1: Long Papers"),
    "acl:2024.naacl-short.64": Mention("naacl", "conference", 2024, volume_part="Volume 2: Short Papers"),
    "acl:2024.naacl-industry.34": Mention("naacl", "conference", 2024, "Industry Track"),
    "acl:2025.naacl-srw.3": Mention("naacl", "workshop", 2025, "Student Research Workshop"),
    "acl:2025.coling-main.117": Mention("coling", "conference", 2025),
    "acl:2024.lrec-main.940": Mention("coling", "conference", 2024),
    "acl:2022.lrec-1.1": Mention("lrec", "conference", 2022),
    "acl:2023.acl-long.1": Mention("acl", "conference", 2023, volume_part="Volume 1: Long Papers"),
    "acl:2023.emnlp-main.3": Mention("emnlp", "conference", 2023),
    "acl:2023.emnlp-demo.3": Mention("emnlp", "conference", 2023, "System Demonstrations"),
    "acl:2024.tacl-1.2": Mention("tacl", "journal", 2024),
    "acl:2023.sustainlp-1.4": Mention("sustainlp", "workshop", 2023),
    "acl:P19-1001": Mention("acl", "conference", 2019),
    "acl:P18-2003": Mention("acl", "conference", 2018, volume_part="Volume 2: Short Papers"),
    "acl:N18-1001": Mention("naacl", "conference", 2018, volume_part="Volume 1: Long Papers"),
    "acl:D19-1001": Mention("emnlp", "conference", 2019),
    "acl:Q19-1001": Mention("tacl", "journal", 2019),
    "dblp:conf/icml/XiaoLSWDH23": Mention("icml", "conference", 2023),
    "dblp:conf/nips/DettmersLBZ22": Mention("neurips", "conference", 2022),
    "dblp:conf/nips/Foo22a": Mention("neurips", "conference", 2022),
    "dblp:journals/tmlr/Foo24": Mention("tmlr", "journal", 2024),
    "dblp:journals/corr/abs-2210-17323": Mention("arxiv", "preprint", 2022),
    "pmlr:v202/xiao23c": Mention("icml", "conference", 2023),
    "pmlr:v234/foo24a": Mention("cpal", "conference", 2024),
    "neurips:2023/6c0ff499edc529c7d8c9f05c7c0ccb82": Mention("neurips", "conference", 2023),
}


@pytest.mark.parametrize(("name", "mention"), IDENTIFIERS.items(), ids=IDENTIFIERS)
def test_an_identifier_implies_its_venue(name: str, mention: Mention) -> None:
    scheme, _, value = name.partition(":")
    found = TABLE.from_identifier(Identifier(scheme, value))  # type: ignore[arg-type]
    assert found == mention
    if mention.kind != "preprint":
        assert TABLE.venue(mention).title


@pytest.mark.parametrize(
    "name",
    [
        "arxiv:2210.17323",
        "openreview:tcbBPnfwxS",
        "acl:W19-1001",
        "acl:D19-5001",
        "acl:2023.foobar-1.3",
        "acl:2023.acl-foo.3",
        "dblp:conf/emnlp/Foo23",
        "dblp:conf/acl/Foo23",
        "dblp:nonsense",
        "pmlr:v99999/foo",
        "doi:10.1145/3620665.3640411",
    ],
)
def test_an_identifier_that_implies_nothing(name: str) -> None:
    scheme, _, value = name.partition(":")
    assert TABLE.from_identifier(Identifier(scheme, value)) is None  # type: ignore[arg-type]


def series() -> list[str]:
    return [path for path in TABLE.nodes if "/" not in path]


@pytest.mark.parametrize("path", series())
def test_a_series_has_name_acronym_kind_and_a_title_to_print(path: str) -> None:
    node = TABLE.nodes[path]
    assert len(node["dcterms:title"]) == len(node["skos:notation"]) == len(node[":venueKind"]) == 1
    kind = node[":venueKind"][0]
    assert kind in {"conference", "findings", "journal", "workshop", "preprint"}
    assert (":proceedingsTitle" in node) == (kind in {"conference", "findings", "workshop"})
    slots = set(re.findall(r"\{(\w*)\}", node.get(":proceedingsTitle", [""])[0]))
    assert slots <= {"year", "ordinal", "Ordinal", "number", "meeting"}
    assert (":ordinalBase" in node) or not slots & {"ordinal", "Ordinal"} or f"{path}/2023" in TABLE.nodes


@pytest.mark.parametrize("path", series())
def test_a_series_is_found_by_its_own_names(path: str) -> None:
    node = TABLE.nodes[path]
    for text in (*node["dcterms:title"], *node["skos:notation"], *node.get("skos:altLabel", ())):
        assert read(f"{text} 2031").series == path


def test_no_two_venues_share_a_spelling() -> None:
    meanings = defaultdict[tuple[str, ...], set[object]](set)
    for key, label, _ in TABLE.spellings.every():
        assert key, label
        meanings[key].add(label)
    assert not {key: found for key, found in meanings.items() if len(found) > 1}


def test_every_year_belongs_to_a_series_of_the_table() -> None:
    for path, node in TABLE.nodes.items():
        head, *rest = path.split("/")
        if rest and head not in {"track", "workshop"}:
            assert head in TABLE.nodes, path
            assert node["fabio:hasPublicationYear"] == [rest[0]], path
            assert node["frbr:partOf"] == [head if len(rest) == 1 else f"{head}/{rest[0]}"], path
        for meeting in node.get(":heldAt", ()):
            assert meeting.split("/")[0] in TABLE.nodes, path


def test_no_volume_number_of_a_publisher_stands_twice() -> None:
    numbers = [node["prism:volume"][0] for node in TABLE.nodes.values() if "prism:volume" in node]
    assert len(numbers) == len(set(numbers)) == len(TABLE.numbered)


def test_the_table_loads_in_a_moment() -> None:
    def once() -> float:
        start = time.perf_counter()
        VenueTable.load()
        return time.perf_counter() - start

    assert min(once() for _ in range(7)) < 0.015


@pytest.mark.parametrize("n", range(1, 131))
def test_an_ordinal_in_words_is_read_back(n: int) -> None:
    assert ordinals.numerals(ordinals.ordinal_words(n)) == ordinals.ordinal(n)
    assert ordinals.numerals(ordinals.ordinal_words(n).lower().replace("-", " ")) == ordinals.ordinal(n)


@pytest.mark.parametrize("module", [mentions, ordinals, venues], ids=["mentions", "ordinals", "venues"])
def test_the_examples_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
