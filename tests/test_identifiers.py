"""Addresses and the identifiers they stand for."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llmcomp.kg.facts import shipped_list, shipped_papers
from llmcomp.kg.identifiers import first_posted, identify, normalise, page, parse_doi, parse_identifier
from llmcomp.kg.model import Identifier

HASH = "c3ba4962c05c49636d4c6206a97e9c8a"


def named(url: str) -> str | None:
    found = identify(url)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2210.17323",
        "http://arxiv.org/abs/2210.17323",
        "HTTPS://ArXiv.org/abs/2210.17323",
        "https://www.arxiv.org/abs/2210.17323",
        "https://browse.arxiv.org/abs/2210.17323",
        "https://export.arxiv.org/abs/2210.17323",
        "https://arxiv.org/abs/2210.17323v2",
        "https://arxiv.org/abs/2210.17323v12",
        "https://arxiv.org/abs/2210.17323/",
        "https://arxiv.org/abs/2210.17323?",
        "https://arxiv.org/abs/2210.17323?context=cs.LG#comments",
        " https://arxiv.org/abs/2210.17323 ",
        "https://arxiv.org/pdf/2210.17323",
        "https://arxiv.org/pdf/2210.17323.pdf",
        "https://arxiv.org/pdf/2210.17323v2.pdf",
        "https://arxiv.org/pdf/2210.17323.pdf?download=1",
        "https://arxiv.org/html/2210.17323v1",
        "https://arxiv.org/html/2210.17323v1/",
        "https://ar5iv.org/abs/2210.17323",
        "https://ar5iv.labs.arxiv.org/html/2210.17323",
        "https://alphaxiv.org/abs/2210.17323",
        "https://www.alphaxiv.org/overview/2210.17323v1",
        "https://huggingface.co/papers/2210.17323",
        "https://hf.co/papers/2210.17323",
        "https://doi.org/10.48550/arXiv.2210.17323",
        "https://doi.org/10.48550/ARXIV.2210.17323v3",
    ],
)
def test_arxiv(url):
    assert named(url) == "arxiv:2210.17323"


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://arxiv.org/abs/cs/0112017", "cs/0112017"),
        ("https://arxiv.org/pdf/cs/0112017v1.pdf", "cs/0112017"),
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        # the subject class is no part of the name
        ("https://arxiv.org/abs/cs.CL/0112017", "cs/0112017"),
        ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/0704.0001", "0704.0001"),
    ],
)
def test_old_arxiv_ids(url, value):
    assert identify(url) == Identifier("arxiv", value)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://openreview.net/forum?id=IU4L7wiwxw", "IU4L7wiwxw"),
        ("https://openreview.net/pdf?id=IU4L7wiwxw", "IU4L7wiwxw"),
        ("https://openreview.net/attachment?id=IU4L7wiwxw&name=pdf", "IU4L7wiwxw"),
        ("https://openreview.net/forum?noteId=abc&id=IU4L7wiwxw#discussion", "IU4L7wiwxw"),
        ("https://openreview.net/forum?id=-abc_D-9x", "-abc_D-9x"),
        ("https://openreview.net/forum?id=_x", "_x"),
        ("https://openreview.net/forum?id=IU4L7wiwxw/", "IU4L7wiwxw"),
        ("https://openreview.net/forum?id=", None),
        ("https://openreview.net/forum?id=a b", None),
        ("https://openreview.net/forum", None),
        ("https://openreview.net/pdf/0123abcd.pdf", None),
        ("https://openreview.net/group?id=ICLR.cc/2024/Conference", None),
        ("https://openreview.net/profile?id=~A_B1", None),
    ],
)
def test_openreview(url, value):
    assert identify(url) == (Identifier("openreview", value) if value else None)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://aclanthology.org/2024.acl-long.1", "2024.acl-long.1"),
        ("https://aclanthology.org/2024.acl-long.1/", "2024.acl-long.1"),
        ("https://aclanthology.org/2024.acl-long.1.pdf", "2024.acl-long.1"),
        ("https://aclanthology.org/2024.acl-long.1v2.pdf", "2024.acl-long.1"),
        ("https://aclanthology.org/2024.findings-emnlp.12.bib", "2024.findings-emnlp.12"),
        ("https://aclanthology.org/2024.ACL-long.1", "2024.acl-long.1"),
        ("https://www.aclanthology.org/P19-1001/", "P19-1001"),
        ("https://aclanthology.org/p19-1001", "P19-1001"),
        ("https://www.aclweb.org/anthology/P19-1001.pdf", "P19-1001"),
        ("https://aclanthology.org/venues/acl/", None),
        ("https://aclanthology.org/", None),
    ],
)
def test_acl_anthology(url, value):
    assert identify(url) == (Identifier("acl", value) if value else None)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://proceedings.mlr.press/v202/xiao23c.html", "v202/xiao23c"),
        ("https://proceedings.mlr.press/v202/xiao23c/xiao23c.pdf", "v202/xiao23c"),
        ("https://proceedings.mlr.press/r1/x.html", "r1/x"),
        ("https://proceedings.mlr.press/v202/", None),
        ("https://proceedings.mlr.press/spec.html", None),
    ],
)
def test_pmlr(url, value):
    assert identify(url) == (Identifier("pmlr", value) if value else None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            f"https://proceedings.neurips.cc/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html",
            f"neurips:2022/{HASH}",
        ),
        (
            f"https://proceedings.neurips.cc/paper_files/paper/2022/file/{HASH}-Paper-Conference.pdf",
            f"neurips:2022/{HASH}",
        ),
        (f"https://papers.nips.cc/paper/2022/hash/{HASH}-Abstract.html", f"neurips:2022/{HASH}"),
        ("https://papers.nips.cc/paper/7181-attention-is-all-you-need", None),
        ("https://nips.cc/virtual/2023/poster/70000", "virtual:nips.cc/2023/70000"),
        ("https://neurips.cc/virtual/2023/poster/70000", "virtual:nips.cc/2023/70000"),
        ("https://nips.cc/Conferences/2023/virtual/2023/poster/70000", "virtual:nips.cc/2023/70000"),
        ("https://icml.cc/virtual/2024/poster/1", "virtual:icml.cc/2024/1"),
        # the number of a talk is another than that of its paper
        ("https://nips.cc/virtual/2023/oral/70000", None),
        ("https://nips.cc/", None),
    ],
)
def test_neurips_and_virtual_sites(url, expected):
    assert named(url) == expected


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://doi.org/10.18653/v1/2024.acl-long.1", "10.18653/v1/2024.acl-long.1"),
        ("http://dx.doi.org/10.1145/3620666.3651324", "10.1145/3620666.3651324"),
        ("https://doi.org/10.1145/ABC.Def", "10.1145/abc.def"),
        ("https://doi.org/10.1145/3620666.3651324/", "10.1145/3620666.3651324"),
        ("https://doi.org/10.1145/3620666.3651324?via=x", "10.1145/3620666.3651324"),
        (
            "https://doi.org/10.1002/(SICI)1:8%3C693::AID%3E3.0.CO;2-O",
            "10.1002/(sici)1:8<693::aid>3.0.co;2-o",
        ),
        ("https://dl.acm.org/doi/pdf/10.1145/3620666.3651324", "10.1145/3620666.3651324"),
        ("https://link.springer.com/chapter/10.1007/978-3-031-1_2", "10.1007/978-3-031-1_2"),
        ("https://link.springer.com/content/pdf/10.1007/978-3-031-1_2.pdf", "10.1007/978-3-031-1_2"),
        ("https://ieeexplore.ieee.org/document/10454453", None),
        ("https://doi.org/", None),
        ("https://doi.org/10.1/x", None),
    ],
)
def test_dois(url, value):
    assert identify(url) == (Identifier("doi", value) if value else None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/IST-DASLab/gptq", "github:ist-daslab/gptq"),
        ("https://github.com/ist-daslab/GPTQ/", "github:ist-daslab/gptq"),
        ("https://github.com/IST-DASLab/gptq.git", "github:ist-daslab/gptq"),
        ("https://github.com/IST-DASLab/gptq/tree/main/src?tab=readme#x", "github:ist-daslab/gptq"),
        ("https://github.com/IST-DASLab", None),
        ("https://github.com/IST-DASLab/.git", None),
        ("https://gist.github.com/a/b", None),
        ("https://ist-daslab.github.io/gptq", None),
        ("https://huggingface.co/meta-llama/Llama-2-7b", "huggingface:meta-llama/Llama-2-7b"),
        ("https://huggingface.co/meta-llama/Llama-2-7b/tree/main", "huggingface:meta-llama/Llama-2-7b"),
        ("https://huggingface.co/gpt2", "huggingface:gpt2"),
        ("https://huggingface.co/spaces/a/b", None),
        ("https://huggingface.co/datasets/a/b", None),
        ("https://huggingface.co/papers", None),
        ("https://huggingface.co/", None),
    ],
)
def test_repositories_and_models(url, expected):
    assert named(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "x",
            "#quantization",
            "arxiv.org/abs/2210.17323",
            "//arxiv.org/abs/2210.17323",
            "http://[",
            "mailto:a@b",
        ),
        "ftp://arxiv.org/abs/2210.17323",
        "https://example.org/abs/2210.17323",
        "https://notarxiv.org/abs/2210.17323",
        "https://arxiv.org/abs/2213.17323",  # no thirteenth month
        "https://arxiv.org/abs/2200.17323",
        "https://arxiv.org/abs/cs/0113017",
        "https://arxiv.org/abs/2210.173",
        "https://arxiv.org/abs/2210.173230",
        "https://arxiv.org/abs/2210.17323v",
        "https://arxiv.org/abs/2210.１7323",  # a digit of another script
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org/",
    ],
)
def test_addresses_that_name_no_thing(url):
    assert identify(url) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2210.17323", "arxiv:2210.17323"),
        ("2210.17323v3", "arxiv:2210.17323"),
        ("arXiv:2210.17323v2", "arxiv:2210.17323"),
        ("ARXIV: 2210.17323", "arxiv:2210.17323"),
        ("cs/0112017", "arxiv:cs/0112017"),
        ("10.1145/ABC", "doi:10.1145/abc"),
        ("doi:10.1145/ABC", "doi:10.1145/abc"),
        ("DOI: 10.48550/arXiv.2210.17323", "arxiv:2210.17323"),
        ("2024.acl-long.1", "acl:2024.acl-long.1"),
        ("P19-1001", "acl:P19-1001"),
        ("openreview:-a_b", "openreview:-a_b"),
        ("github:IST-DASLab/GPTQ", "github:ist-daslab/gptq"),
        ("https://arxiv.org/abs/2210.17323", "arxiv:2210.17323"),
        ("arxiv.org/abs/2210.17323", "arxiv:2210.17323"),
        ("doi.org/10.1145/ABC", "doi:10.1145/abc"),
        *[
            (text, None)
            for text in ("", "x", "GPTQ", "frantar2022gptq", "arxiv:x", "doi:x", "acl:x", "a.b/c", "https://x.org")
        ],
    ],
)
def test_what_a_person_types(text, expected):
    found = parse_identifier(text)
    assert (str(found) if found else None) == expected


def test_normalise_keeps_what_case_tells():
    assert normalise("openreview", "aB") == Identifier("openreview", "aB")
    assert normalise("huggingface", "A/b") == Identifier("huggingface", "A/b")
    assert normalise("openreview", " ") is None


@pytest.mark.parametrize(
    ("arxiv", "posted"),
    [
        ("2210.17323", (2022, 10)),
        ("0704.0001", (2007, 4)),
        ("cs/0112017", (2001, 12)),
        ("hep-th/9108001", (1991, 8)),
        ("2213.00001", None),
        ("x", None),
        ("", None),
    ],
)
def test_first_posted(arxiv, posted):
    assert first_posted(arxiv) == posted


def test_every_shipped_identifier_is_what_its_page_stands_for():
    told = {i for paper in shipped_papers() for i in paper.identifiers}
    told |= {i for entry in shipped_list().entries for link in entry.links if (i := link.identifier)}
    assert len(told) > 1000
    assert [str(i) for i in sorted(told) if i.scheme != "dblp" and identify(page(i)) != i] == []
    assert [str(i) for i in sorted(told) if normalise(i.scheme, i.value) != i] == []


@given(st.text())
@example("http://[::1")
@example("https://arxiv.org:x/abs/1")
@example("http://\u2100/")
def test_no_address_raises(text):
    identify(text)
    parse_identifier(text)
    parse_doi(text)


HOSTS = st.sampled_from(
    "arxiv.org www.arxiv.org doi.org openreview.net aclanthology.org aclweb.org proceedings.mlr.press papers.nips.cc "
    "proceedings.neurips.cc nips.cc icml.cc github.com huggingface.co hf.co dl.acm.org link.springer.com".split()
)
PARTS = st.sampled_from(
    "abs pdf html forum?id= attachment?id= anthology v1 v202 paper_files paper 2022 hash virtual poster papers "
    f"2210.17323 2210.17323v2.pdf cs 0112017 P19-1001 2024.acl-long.1 10.1145 10.48550 arXiv.2210.17323 {HASH}-x 70000 "
    ".git b.git.git .html x.pdf.pdf .. . %2F %20 %41 a+b ?x #y &z ~ 'q é".split()
) | st.text(max_size=6)


@given(HOSTS, st.lists(PARTS, max_size=6), st.sampled_from(["/", ""]))
@example("huggingface.co", ["a", "", "b"], "/")
@example("doi.org", ["10.1145", "a%2F"], "/")
@example("huggingface.co", ["%20"], "/")
@example("github.com", ["a", "b.git.GIT"], "")
def test_the_page_of_an_identifier_stands_for_it(host, parts, end):
    found = identify(f"https://{host}/{'/'.join(parts)}{end}")
    if found is not None:
        assert identify(page(found)) == found
        assert normalise(found.scheme, found.value) == found
        assert page(found) == page(found).strip()
        assert page(found).isascii()
