"""Venue strings: every spelling met so far, some never met, and the table behind them."""

from __future__ import annotations

import doctest
import re
import time
from collections import defaultdict

import pytest

from llmcomp.kg import mentions, ordinals, unlisted_venues, venues
from llmcomp.kg.model import Identifier, VenueKind
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
    "2022 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)": "cvpr/2022",
    "2022 IEEE 4th International Conference on Artificial Intelligence Circuits and Systems (AICAS)": "aicas/2022",
    "2023 IEEE Symposium on Security and Privacy (SP)": "sp/2023",
    "2023 IEEE International Conference on Big Data (BigData)": "bigdata/2023",
    "2022 IEEE Spoken Language Technology Workshop (SLT)": "slt/2022",
    "2023 60th ACM/IEEE Design Automation Conference (DAC)": "dac/2023",
    "2024 Design, Automation & Test in Europe Conference & Exhibition (DATE)": "date/2024",
    "56th Annual IEEE/ACM International Symposium on Microarchitecture": "micro/2023",
    "ICASSP 2023 - 2023 IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)": (
        "icassp/2023"
    ),
    "IEEE INFOCOM 2023 - IEEE Conference on Computer Communications": "infocom/2023",
    "International Conference on Language Resources and Evaluation 2024": "coling/2024",
    "NeurIPS Datasets and Benchmarks 2021": "neurips/2021/track/datasets-and-benchmarks",
    "Proceedings of the 2019 Conference of the North": "naacl/2019",
    "Proceedings of the 31st International Conference on Neural Information Processing Systems": "neurips/2017",
    "Proceedings of the 31st ACM SIGKDD Conference on Knowledge Discovery and Data Mining V.2": "kdd/2025",
    "Proceedings of the 37th ACM International Conference on Supercomputing": "ics/2023",
    "Proceedings of the ACM on Web Conference 2024": "www/2024",
    "SC24: International Conference for High Performance Computing, Networking, Storage and Analysis": "sc/2024",
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


# as Semantic Scholar calls venues, and the series that each stands for
SEMANTIC_SCHOLAR = {
    "AAAI Conference on Artificial Intelligence": "aaai",
    "AAAI/ACM Conference on AI, Ethics, and Society": "aies",
    "AACL/IJCNLP": "aacl",
    "ACL/IJCNLP": "acl",
    "ACM Computing Surveys": "csur",
    "ACM Conference on Recommender Systems": "recsys",
    "ACM Great Lakes Symposium on VLSI": "glsvlsi",
    "ACM Multimedia": "acmmm",
    "ACM SIGMOBILE International Conference on Mobile Systems, Applications, and Services": "mobisys",
    "ACM SIGPLAN Symposium on Principles & Practice of Parallel Programming": "ppopp",
    "ACM Symposium on Cloud Computing": "socc",
    "ACM Symposium on User Interface Software and Technology": "uist",
    "ACM Trans. Embed. Comput. Syst.": "tecs",
    "ACM Trans. Inf. Syst.": "tois",
    "ACM Transactions on Architecture and Code Optimization (TACO)": "taco",
    "ACM Transactions on Embedded Computing Systems": "tecs",
    "ACM Transactions on Intelligent Systems and Technology": "tist",
    "ACM/IEEE International Conference on Mobile Computing and Networking": "mobicom",
    "Adaptive Agents and Multi-Agent Systems": "aamas",
    "Annual Conference Computational Learning Theory": "colt",
    "Annual Conference on Genetic and Evolutionary Computation": "gecco",
    "Annual International ACM SIGIR Conference on Research and Development in Information Retrieval": "sigir",
    "Annual Meeting of the Association for Computational Linguistics": "acl",
    "Artif. Intell.": "aij",
    "Artificial Intelligence Review": "air",
    "Asia and South Pacific Design Automation Conference": "asp-dac",
    "Asian Conference on Computer Vision": "accv",
    "Asian Conference on Machine Learning": "acml",
    "AutoML": "automl",
    "Automatic Speech Recognition & Understanding": "asru",
    "BlackboxNLP Workshop on Analyzing and Interpreting Neural Networks for NLP": "blackboxnlp",
    "British Machine Vision Conference": "bmvc",
    "COLM": "colm",
    "CPAL": "cpal",
    "Comput. Linguistics": "cl",
    "Computational Linguistics": "cl",
    "Computer Vision and Pattern Recognition": "cvpr",
    "Conference of the European Chapter of the Association for Computational Linguistics": "eacl",
    "Conference on Applications, Technologies, Architectures, and Protocols for Computer Communication": "sigcomm",
    "Conference on Computational Natural Language Learning": "conll",
    "Conference on Computer and Communications Security": "ccs",
    "Conference on Empirical Methods in Natural Language Processing": "emnlp",
    "Conference on Fairness, Accountability and Transparency": "facct",
    "Conference on Innovative Data Systems Research": "cidr",
    "Conference on Language Modeling": "colm",
    "Conference on Machine Learning and Systems": "mlsys",
    "Conference on Machine Translation": "wmt",
    "Conference on Robot Learning": "corl",
    "Conference on Uncertainty in Artificial Intelligence": "uai",
    "Design Automation Conference": "dac",
    "Design, Automation and Test in Europe": "date",
    "ECML/PKDD": "ecml-pkdd",
    "European Conference on Artificial Intelligence": "ecai",
    "European Conference on Computer Systems": "eurosys",
    "European Conference on Computer Vision": "eccv",
    "European Conference on Information Retrieval": "ecir",
    "Expert systems with applications": "eswa",
    "IEEE ACM Trans. Audio Speech Lang. Process.": "taslp",
    "IEEE Access": "access",
    "IEEE Conference on Computer Communications": "infocom",
    "IEEE Custom Integrated Circuits Conference": "cicc",
    "IEEE European Symposium on Security and Privacy": "eurosp",
    "IEEE International Conference on Acoustics, Speech, and Signal Processing": "icassp",
    "IEEE International Conference on Computer Vision": "iccv",
    "IEEE International Conference on Data Engineering": "icde",
    "IEEE International Conference on Data Mining": "icdm",
    "IEEE International Conference on Multimedia and Expo": "icme",
    "IEEE International Conference on Robotics and Automation": "icra",
    "IEEE International Conference on Systems, Man and Cybernetics": "smc",
    "IEEE International Joint Conference on Neural Network": "ijcnn",
    "IEEE International Parallel and Distributed Processing Symposium": "ipdps",
    "IEEE International Solid-State Circuits Conference": "isscc",
    "IEEE International Symposium on High-Performance Distributed Computing": "hpdc",
    "IEEE Micro": "ieee-micro",
    "IEEE Symposium on Field-Programmable Custom Computing Machines": "fccm",
    "IEEE Symposium on Security and Privacy": "sp",
    "IEEE Trans. Comput. Aided Des. Integr. Circuits Syst.": "tcad",
    "IEEE Trans. Image Process.": "tip",
    "IEEE Trans. Knowl. Data Eng.": "tkde",
    "IEEE Trans. Neural Networks Learn. Syst.": "tnnls",
    "IEEE Trans. Parallel Distributed Syst.": "tpds",
    "IEEE Trans. Pattern Anal. Mach. Intell.": "tpami",
    "IEEE Transactions on Circuits and Systems Part 1: Regular Papers": "tcas1",
    "IEEE Transactions on Pattern Analysis and Machine Intelligence": "tpami",
    "IEEE Workshop/Winter Conference on Applications of Computer Vision": "wacv",
    "IEEE computer architecture letters": "cal",
    "IEEE transactions on circuits and systems for video technology (Print)": "tcsvt",
    "IEEE transactions on computers": "tc",
    "IEEE transactions on multimedia": "tmm",
    "IEEE/ACM Transactions on Audio Speech and Language Processing": "taslp",
    "IEEE/RJS International Conference on Intelligent RObots and Systems": "iros",
    "IJCNLP-AACL": "aacl",
    "Int. J. Comput. Vis.": "ijcv",
    "International Conference for High Performance Computing, Networking, Storage and Analysis": "sc",
    "International Conference on Architectural Support for Programming Languages and Operating Systems": "asplos",
    "International Conference on Artificial Intelligence Circuits and Systems": "aicas",
    "International Conference on Artificial Intelligence and Statistics": "aistats",
    "International Conference on Artificial Neural Networks": "icann",
    "International Conference on Automated Machine Learning": "automl",
    "International Conference on Computational Linguistics": "coling",
    "International Conference on Computer Aided Design": "iccad",
    "International Conference on Extending Database Technology": "edbt",
    "International Conference on Field-Programmable Logic and Applications": "fpl",
    "International Conference on Human Factors in Computing Systems": "chi",
    "International Conference on Information and Knowledge Management": "cikm",
    "International Conference on Language Resources and Evaluation": "lrec",
    "International Conference on Learning Representations": "iclr",
    "International Conference on Machine Learning": "icml",
    "International Conference on Neural Information Processing": "iconip",
    "International Conference on Parallel Architectures and Compilation Techniques": "pact",
    "International Conference on Software Engineering": "icse",
    "International Conference on Supercomputing": "ics",
    "International Joint Conference on Artificial Intelligence": "ijcai",
    "International Joint Conference on Natural Language Processing": "aacl",
    "International Journal of Computer Vision": "ijcv",
    "International Symposium on Circuits and Systems": "iscas",
    "International Symposium on Computer Architecture": "isca",
    "International Symposium on High-Performance Computer Architecture": "hpca",
    "International Symposium on Low Power Electronics and Design": "islped",
    "International Symposium on Performance Analysis of Systems and Software": "ispass",
    "International Workshop on Semantic Evaluation": "semeval",
    "Interspeech": "interspeech",
    "J. Artif. Intell. Res.": "jair",
    "J. Mach. Learn. Res.": "jmlr",
    "Journal of machine learning research": "jmlr",
    "Knowl. Based Syst.": "kbs",
    "Knowledge Discovery and Data Mining": "kdd",
    "Mach. Learn.": "ml-journal",
    "Machine-mediated learning": "ml-journal",
    "Micro": "micro",
    "NAACL-HLT": "naacl",
    "Natural Language Processing and Chinese Computing": "nlpcc",
    "Nature": "nature",
    "Nature Machine Intelligence": "nmi",
    "Network and Distributed System Security Symposium": "ndss",
    "Neural Information Processing Systems": "neurips",
    "Neural Networks": "neural-networks",
    "Neural networks : the official journal of the International Neural Network Society": "neural-networks",
    "Neurocomputing": "neurocomputing",
    "North American Chapter of the Association for Computational Linguistics": "naacl",
    "Pacific-Asia Conference on Knowledge Discovery and Data Mining": "pakdd",
    "Pattern Recognition": "pattern-recognition",
    "Proc. VLDB Endow.": "pvldb",
    "Proceedings of the ACM on Management of Data": "pacmmod",
    "Proceedings of the National Academy of Sciences of the United States of America": "pnas",
    "Proceedings of the VLDB Endowment": "pvldb",
    "Robotics: Science and Systems": "rss",
    "SIGMOD Conference": "sigmod",
    "SUSTAINLP": "sustainlp",
    "Spoken Language Technology Workshop": "slt",
    "Symposium on Field Programmable Gate Arrays": "fpga",
    "Symposium on Networked Systems Design and Implementation": "nsdi",
    "Symposium on Operating Systems Principles": "sosp",
    "The VLDB journal": "vldb-journal",
    "The Web Conference": "www",
    "Trans. Assoc. Comput. Linguistics": "tacl",
    "Trans. Mach. Learn. Res.": "tmlr",
    "Transactions of the Association for Computational Linguistics": "tacl",
    "USENIX Annual Technical Conference": "usenix-atc",
    "USENIX Conference on File and Storage Technologies": "usenix-fast",
    "USENIX Security Symposium": "usenix-security",
    "USENIX Symposium on Operating Systems Design and Implementation": "osdi",
    "Very Large Data Bases Conference": "pvldb",
    "Web Search and Data Mining": "wsdm",
    "Workshop on Representation Learning for NLP": "repl4nlp",
}


@pytest.mark.parametrize(("text", "series"), SEMANTIC_SCHOLAR.items(), ids=SEMANTIC_SCHOLAR)
def test_a_name_of_semantic_scholar_leads_to_its_series(text: str, series: str) -> None:
    kind = TABLE.nodes.kind(series)
    assert read(text) == Mention(series, kind)
    assert read(f"{text} 2025") == Mention(series, kind, 2025)


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("ACL ARR 2024", "arr"),
        ("ACL Rolling Review", "arr"),
        ("ArXiv", "arxiv"),
        ("ArXiv, abs/2306.00978", "arxiv"),
        ("Authorea Preprints", "authorea"),
        ("ChemRxiv", "chemrxiv"),
        ("CoRR", "arxiv"),
        ("Cornell University - arXiv", "arxiv"),
        ("IACR Cryptol. ePrint Arch.", "iacr-eprint"),
        ("OpenReview.net", "openreview"),
        ("Preprints", "preprints-org"),
        ("Preprints.org", "preprints-org"),
        ("Research Square", "research-square"),
        ("SSRN Electronic Journal", "ssrn"),
        ("Social Science Research Network", "ssrn"),
        ("TechRxiv", "techrxiv"),
        ("Zenodo", "zenodo"),
        ("arXiv (Cornell University)", "arxiv"),
        ("arXiv.org", "arxiv"),
        ("arXiv: Computation and Language", "arxiv"),
        ("arXiv: Computer Vision and Pattern Recognition", "arxiv"),
        ("arXiv: Machine Learning", "arxiv"),
        ("bioRxiv : the preprint server for biology", "biorxiv"),
        ("medRxiv", "medrxiv"),
        ("medRxiv : the preprint server for health sciences", "medrxiv"),
    ],
)
def test_a_preprint_server_of_semantic_scholar_is_no_venue(text: str, series: str) -> None:
    mention = read(text)
    assert (mention.series, mention.kind) == (series, "preprint")
    for kind in ("journal", "conference"):
        with pytest.raises(ValueError, match="kind is preprint"):
            TABLE.unlisted(text, kind, 2023)


@pytest.mark.parametrize(
    "text",
    [
        # names that begin like one of the table
        "ACM Multimedia Asia",
        "ACM Asia Conference on Computer and Communications Security",
        "Companion of the 2024 International Conference on Management of Data",
        "International Conference on Computer and Communications",
        "International Conference on Computer Vision, Imaging and Computer Graphics Theory and Applications",
        "International Conference on Computer Vision, Image & Deep Learning",
        "International Conference on Machine Learning and Applications",
        "International Conference on Machine Learning, Optimization, and Data Science",
        "2021 3rd International Conference on Machine Learning, Big Data and Business Intelligence (MLBDBI)",
        "Machine Learning: Science and Technology",
        "Nature Computational Science",
        "Neural computing & applications (Print)",
        "Pattern Recognition Letters",
        "Proceedings of the AAAI Symposium Series",
        "Proceedings of the IEEE",
        # a journal has no workshops, nor has a name that is read only where it stands alone
        "International Workshop on Machine Learning",
        "Workshop on Artificial Intelligence 2023",
        "Proceedings of the 4th Workshop on Machine Learning and Systems",
        "JMLR Workshop and Conference Proceedings",
        # another venue than it says, so not known
        "International Conference on Information Photonics",
        "Industrial Conference on Data Mining",
    ],
)
def test_a_name_like_one_of_the_table_is_not_it(text: str) -> None:
    assert TABLE.parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "International Conference on Machine Learning, Vienna, Austria",
        "International Conference on Machine Learning, ICML 2024, Vienna, Austria and Online",
        "ICML, Vienna, Austria and Online",
        "ICML 2024, Vienna & virtual",
    ],
)
def test_a_place_is_no_part_of_the_name(text: str) -> None:
    assert read(text).series == "icml"


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


@pytest.mark.parametrize(
    ("name", "title", "event"),
    [
        (
            "International Conference on Foo and Bar",
            "Proceedings of the International Conference on Foo and Bar",
            "International Conference on Foo and Bar",
        ),
        ("The Foo Symposium", "Proceedings of the Foo Symposium", "Foo Symposium"),
        ("Annual Foo Meeting", "Proceedings of the Annual Foo Meeting", "Annual Foo Meeting"),
        ("Thirty-Second Foo Congress", "Proceedings of the Thirty-Second Foo Congress", "Thirty-Second Foo Congress"),
        ("2023 IEEE Foo Conference (IFC)", "Proceedings of the 2023 IEEE Foo Conference (IFC)", None),
        ("FooNLP", "Proceedings of FooNLP", "FooNLP"),
        ("Foo, Bar and Baz", "Proceedings of Foo, Bar and Baz", "Foo, Bar and Baz"),
        ("Proceedings of the 3rd Workshop on Foo", "Proceedings of the 3rd Workshop on Foo", "3rd Workshop on Foo"),
        ("Proc. Foo Conf.", "Proc. Foo Conf.", "Foo Conf."),
        ("Findings of the Foo Society", "Findings of the Foo Society", ""),
        ("Lecture Notes in Foo Science", "Lecture Notes in Foo Science", ""),
        ("Companion of the 2024 Foo Conference", "Companion of the 2024 Foo Conference", ""),
    ],
)
def test_an_unlisted_conference_is_called_after_what_is_printed(name: str, title: str, event: str | None) -> None:
    venue = TABLE.unlisted(name, "conference", 2023)
    assert (venue.title, venue.short) == (title, name)
    assert venue.event == (name if event is None else event)
    assert (venue.kind, venue.year, venue.volume, venue.publisher) == ("conference", 2023, "", "")


@pytest.mark.parametrize("name", ["Journal of Foo", "The Foo Journal", "Proceedings of the Foo Endowment", "FOO"])
def test_an_unlisted_journal_is_called_as_it_is_printed(name: str) -> None:
    venue = TABLE.unlisted(name, "journal", 2023)
    assert (venue.kind, venue.title, venue.short, venue.event) == ("journal", name, name, "")


@pytest.mark.parametrize(
    ("name", "year", "acronym"),
    [
        ("Foo Systems (TOFS)", 2023, "TOFS 2023"),
        ("Foo Systems (TOFS)", None, "TOFS"),
        ("2023 Foo Conference (FooCon '23)", 2023, "FooCon 2023"),
        ("2023 Foo Conference (FC2023)", 2023, "FC 2023"),
        ("COMAD/CODS", 2023, "COMAD/CODS 2023"),
        ("FOO 2023", 2023, "FOO 2023"),
        ("Journal of Foo", 2023, "Journal of Foo"),
        ("Foosensors", 2023, "Foosensors"),
        ("Foo Letters (Print)", 2023, "Foo Letters (Print)"),
        ("Foo Intelligence (Boston)", 2023, "Foo Intelligence (Boston)"),
        ("Foo Congress [Services Society]", 2023, "Foo Congress [Services Society]"),
    ],
)
def test_the_acronym_of_an_unlisted_venue_is_printed_or_is_its_name(name: str, year: int | None, acronym: str) -> None:
    assert TABLE.unlisted(name, "journal", year).acronym == acronym


@pytest.mark.parametrize(
    ("name", "kind", "year", "path"),
    [
        ("Foo Conference", "conference", 2023, "foo-conference/2023"),
        ("Foo Conference", "conference", None, "foo-conference/undated"),
        ("Foo & Bar Letters", "journal", 2023, "foo-bar-letters/2023"),
        ("Foo & Bar Letters", "journal", None, "foo-bar-letters"),
        ("ICLR", "conference", 2010, "iclr-unlisted/2010"),
        ("Nature", "journal", None, "nature-unlisted"),
        ("Track", "journal", 2023, "track-unlisted/2023"),
        ("Workshop", "conference", None, "workshop-unlisted/undated"),
        ("大会", "conference", 2023, "%E5%A4%A7%E4%BC%9A/2023"),
    ],
)
def test_the_iri_of_an_unlisted_venue_is_no_listed_one(name: str, kind: VenueKind, year: int | None, path: str) -> None:
    venue = TABLE.unlisted(name, kind, year)
    assert venue.iri == BASE + path
    assert venue.series == BASE + path.split("/")[0]
    assert TABLE.series(venue.series) == ("", "")


def test_braces_and_line_breaks_do_not_reach_an_unlisted_title() -> None:
    assert TABLE.unlisted("Foo {ordinal}\n Letters", "journal", None).title == "Foo ordinal Letters"


@pytest.mark.parametrize("kind", ["preprint", "workshop", "findings", "tutorial"])
def test_only_a_journal_or_a_conference_is_unlisted(kind: VenueKind) -> None:
    with pytest.raises(ValueError, match=f"Foo is of kind {kind}"):
        TABLE.unlisted("Foo", kind, 2023)


@pytest.mark.parametrize("name", ["", " ", "2024", "(((", "🏆"])
def test_a_name_without_a_letter_names_no_venue(name: str) -> None:
    with pytest.raises(ValueError, match="no letter"):
        TABLE.unlisted(name, "journal", 2024)


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


@pytest.mark.parametrize("module", [mentions, ordinals, unlisted_venues, venues], ids=lambda module: module.__name__)
def test_the_examples_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
