import re
import string

import pytest
from bibtexparser import parse_string
from hypothesis import given
from hypothesis import strategies as st

from llmcomp.exports.bibtex import bibtex, entries
from llmcomp.exports.options import Options
from llmcomp.exports.registry import FORMATS, export, field_names
from llmcomp.kg.errors import UnknownName, UsageError
from llmcomp.kg.model import Identifier, Name, Venue, Work

ICML = Venue(
    "v:icml",
    "conference",
    "Proceedings of the 41st International Conference on Machine Learning",
    short="International Conference on Machine Learning",
    acronym="ICML 2024",
    year=2024,
    volume="235",
    publisher="PMLR",
)
TACL = Venue("v:tacl", "journal", "Transactions of the Association for Computational Linguistics", publisher="MIT")
FINDINGS = Venue(
    "v:f",
    "findings",
    "Findings of the Association for Computational Linguistics: EMNLP 2024",
    short="Empirical Methods in Natural Language Processing",
    acronym="EMNLP Findings 2024",
)
AUTHORS = (Name("Frantar", "Elias"), Name("Alistarh", "Dan"))
ARXIV = (Identifier("arxiv", "2210.17323"),)


def make(key="k", title="Title", **rest):
    rest = {"authors": AUTHORS, "year": 2024} | rest
    return Work(f"i:{key}", key, title, **rest)


def text(*works, **options):
    return "".join(bibtex(works, Options(**options)))


def fields(work, **options):
    [entry] = entries([work], Options(**options))
    return {"": entry.entry_type} | {f.key: f.value for f in entry.fields}


def test_preprint():
    assert text(
        make("frantar2022gptq", "GPTQ: Accurate", identifiers=ARXIV, primary_class="cs.LG", year=2022, month=7)
    ) == (
        "@misc{frantar2022gptq,\n"
        "  author = {Frantar, Elias and Alistarh, Dan},\n"
        "  title = {{GPTQ}: {Accurate}},\n"
        "  year = {2022},\n"
        "  month = jul,\n"
        "  howpublished = {arXiv preprint arXiv:2210.17323},\n"
        "  eprint = {2210.17323},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.LG},\n"
        "  url = {https://arxiv.org/abs/2210.17323},\n"
        "}\n"
    )


def test_conference():
    work = make(
        venue=ICML,
        identifiers=(Identifier("doi", "https://doi.org/10.1/A_b"), *ARXIV),
        primary_class="cs.LG",
        url="https://proceedings.mlr.press/v235/x_y.html",
        pages="1 – 20",
        number="3",
        month=5,
        categories=("Quantization", "Sparsity & Pruning, all"),
    )
    assert fields(work) == {
        "": "inproceedings",
        "author": "Frantar, Elias and Alistarh, Dan",
        "title": "Title",
        "booktitle": "Proceedings of the 41st International Conference on Machine Learning",
        "year": "2024",
        "volume": "235",
        "pages": "1--20",
        "publisher": "PMLR",
        "doi": "10.1/A_b",
        "eprint": "2210.17323",
        "archiveprefix": "arXiv",
        "primaryclass": "cs.LG",
        "url": "https://proceedings.mlr.press/v235/x_y.html",
        "keywords": r"Quantization, Sparsity \& Pruning all",
    }


def test_journal():
    journal = fields(make(venue=TACL, volume="12", number="3", pages="1-2"))
    assert journal[""] == "article"
    assert journal["journal"] == TACL.title
    assert (journal["volume"], journal["number"]) == ("12", "3")
    assert not {"booktitle", "publisher"} & set(journal)
    assert "number" not in fields(make(venue=TACL, number="3"))


@pytest.mark.parametrize("kind", ["conference", "findings", "workshop", "tutorial"])
def test_whatever_stands_in_proceedings(kind):
    assert fields(make(venue=Venue("v", kind, "V")))[""] == "inproceedings"


def test_openreview_alone():
    work = make(identifiers=(Identifier("openreview", "aBc_d"),), url="")
    assert fields(work)["howpublished"] == "OpenReview"
    assert fields(work)["url"] == "https://openreview.net/forum?id=aBc_d"
    assert "eprint" not in fields(work)


def test_tool():
    tool = make(kind="tool", authors=(), url="https://github.com/a_b/c", title="vLLM", year=None)
    assert text(tool) == (
        "@misc{k,\n"
        "  title = {{vLLM}},\n"
        "  date = {..},\n"
        "  howpublished = {\\url{https://github.com/a_b/c}},\n"
        "  key = {vLLM},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("venue", "wanted", "name"),
    [
        (ICML, "full", ICML.title),
        (ICML, "short", ICML.short),
        (ICML, "acronym", "ICML 2024"),
        (FINDINGS, "short", FINDINGS.title),
        (FINDINGS, "acronym", "EMNLP Findings 2024"),
        (Venue("v", "workshop", "A Workshop"), "acronym", "A Workshop"),
    ],
)
def test_names_of_venues(venue, wanted, name):
    assert fields(make(venue=venue), venues=wanted)["booktitle"] == name


def test_published_without_authors_claims_no_type_that_needs_them():
    work = fields(make(authors=(), venue=ICML, identifiers=ARXIV))
    assert work[""] == "misc"
    assert work["howpublished"] == ICML.title
    assert work["eprint"] == "2210.17323"
    assert "author" not in work


def test_the_doi_of_a_preprint_is_not_that_of_the_publication():
    ids = (*ARXIV, Identifier("doi", "10.48550/arXiv.2210.17323"))
    assert "doi" not in fields(make(venue=ICML, identifiers=ids))
    assert fields(make(identifiers=ids))["doi"] == "10.48550/arXiv.2210.17323"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        (Name("Beethoven", "Ludwig", "van"), "van Beethoven, Ludwig"),
        (Name("King", "Martin Luther", suffix="Jr."), "King, Jr., Martin Luther"),
        (Name("Rashid", "Abdullah", "al-"), "al-Rashid, Abdullah"),
        (Name("Ascoli", "Stéphane", "d'"), r"d'Ascoli, St{\'e}phane"),
        (Name("García Márquez", "Gabriel"), r"Garc{\'i}a M{\'a}rquez, Gabriel"),
        (Name("Ortega y Gasset", "José"), r"{Ortega y Gasset}, Jos{\'e}"),
        (Name("Madonna"), "Madonna"),
        (Name("Mao Zedong"), "{Mao Zedong}"),
        (Name(given="Plato"), "Plato"),
        (Name(literal="Llama Team, AI @ Meta"), "{Llama Team, AI @ Meta}"),
        (Name("Black and White", "A"), "{Black and White}, A"),
        (Name("a, b", "c"), "{a, b}, c"),
        (Name("A", ", ,"), "A"),
        (Name("A", "¨"), "A"),
        (Name("Doe", suffix="Jr."), "{Doe Jr.}"),
        (Name("King", "Martin", suffix="Jr., PhD"), "King, Jr. PhD, Martin"),
        (Name("Smith²", "J."), "Smith, J."),
        (Name("Erd\\H{o}s", "P~$al"), "ErdHos, Pal"),
        (Name("Παπαδόπουλος", "Α. Λ."), "Παπαδόπουλος, Α. Λ."),
        (Name("A", "––"), "A"),
        (Name("", "B", "van"), "van, B"),
        (Name(literal="~\\X & Y Team"), r"{X \& Y Team}"),
    ],
)
def test_names(name, printed):
    assert fields(make(authors=(name,)))["author"] == printed


def test_others_only_where_the_source_is_cut_short():
    assert fields(make(authors_truncated=True))["author"].endswith("Dan and others")
    assert fields(make(authors=(*AUTHORS, Name(literal="et al."))))["author"].endswith("Dan and others")
    assert "author" not in fields(make(authors=(), authors_truncated=True))


def test_the_file():
    works = [make("b"), make("a"), make("c", "Ünï")]
    out = text(*works)
    assert out == text(*reversed(works)) == text(*works, *works)
    assert re.findall(r"^@\w+\{(.*),$", out, re.M) == ["a", "b", "c"]
    assert out.count("\n\n") == 2
    assert out.endswith("}\n")
    assert not out.endswith("\n\n")
    assert text() == ""


def test_nothing_printable_still_has_an_entry():
    work = fields(make(title="🏆", venue=Venue("v", "conference", "🏆")))
    assert (work[""], work["title"]) == ("misc", "k")


def test_two_works_with_one_key():
    with pytest.raises(UsageError, match=r"'a': i:a and i:z"):
        text(make("a"), Work("i:z", "a", "Other"))


def test_the_values_are_those_of_the_text():
    works = [make("a", venue=ICML, month=3), make("b", "Q&A", identifiers=ARXIV, month=12)]
    library = parse_string(text(*works))
    assert not library.failed_blocks
    for read, made in zip(library.entries, entries(works, Options()), strict=True):
        assert (read.entry_type, read.key) == (made.entry_type, made.key)
        assert [f.key for f in read.fields] == [f.key for f in made.fields]
        for one, other in zip(read.fields, made.fields, strict=True):
            assert one.value == other.value or one.key == "month"  # the parser expands the macro


def test_fields_are_chosen():
    work = make(identifiers=ARXIV, year=2022, month=7, categories=("x",))
    assert set(fields(work, fields=("title", "month"))) == {"", "title", "month"}
    assert text(work, fields=("month",)) == "@misc{k,\n  month = jul,\n}\n"
    left = fields(work, fields=("-keywords", "-howpublished", "-url", "-archiveprefix"))
    assert set(left) == {"", "author", "title", "year", "month", "eprint"}
    assert field_names("DOI", "bibtex") == ("doi",)
    with pytest.raises(UnknownName, match="date"):
        field_names("journaltitle", "bibtex")


def test_works_are_sorted_as_asked():
    works = [make("b", year=2020, citations=3), make("a", year=2022), make("c", year=None, citations=9)]
    for sort, keys in (("key", "abc"), ("year", "bac"), ("citations", "cba")):
        assert re.findall(r"^@misc\{(.),$", text(*works, sort=sort), re.M) == list(keys)
        assert [e.key for e in entries(works, Options(sort=sort))] == list(keys)


@pytest.mark.parametrize("volume", ["abs/2210.17323", "12A", "XII", "²"])
def test_a_volume_is_a_number(volume):
    """biber refuses another, and a number without a volume is none."""
    assert not {"volume", "number"} & set(fields(make(venue=TACL, volume=volume, number="3")))


def test_no_number_beside_the_volume_of_proceedings():
    assert "number" not in fields(make(venue=ICML, volume="235", number="3"))


def test_an_eprint_has_no_version_and_no_prefix():
    work = fields(make(identifiers=(Identifier("arxiv", "2210.17323v3"),)))
    assert work["eprint"] == "2210.17323"
    assert work["howpublished"] == "arXiv preprint arXiv:2210.17323"
    assert work["url"] == "https://arxiv.org/abs/2210.17323"
    assert fields(make(identifiers=(Identifier("arxiv", "math/0309136v1"),)))["eprint"] == "math/0309136"


@pytest.mark.parametrize(
    ("pages", "printed"),
    [
        ("1-20", "1--20"),
        ("1 – 20", "1--20"),
        ("12:1—12:25", "12:1--12:25"),
        ("e12", "e12"),
        ("1, 5-9; 12+", "1, 5--9; 12+"),
        ("-;", None),
        ("–", None),
        ("1-20}", None),
    ],
)
def test_pages_are_pages(pages, printed):
    """biber warns of what is no range."""
    assert fields(make(venue=TACL, pages=pages)).get("pages") == printed


@pytest.mark.parametrize("doi", ["10.1/a", "https://doi.org/10.1/a", "http://dx.doi.org/10.1/a", "doi: 10.1/a"])
def test_a_doi_has_no_resolver(doi):
    assert fields(make(identifiers=(Identifier("doi", doi),)))["doi"] == "10.1/a"


def test_month_is_that_of_a_preprint():
    assert "month" not in fields(make(venue=ICML, month=7))
    assert "month" not in fields(make(month=13))
    assert "month = dec,\n" in text(make(month=12))


def test_a_given_name_of_and_does_not_cut_the_list():
    assert fields(make(authors=(Name("Foo", "A And B"),)))["author"] == "Foo, {A And B}"
    assert fields(make(authors=(Name("AND", "X"), Name("Andrews", "Andy"))))["author"] == "{AND}, X and Andrews, Andy"


def test_unknown_format():
    with pytest.raises(UnknownName, match="bibtex"):
        export([], "bibtext")
    assert {"bibtex", "csl-json"} <= set(FORMATS)


anything = st.text(max_size=20)
particles = st.sampled_from(["", "van", "de la", "al-"])
names = st.builds(Name, anything, anything, particles, st.sampled_from(["", "Jr."]))
kinds = st.sampled_from(["conference", "journal", "preprint"])
venues = st.builds(Venue, st.just("v:1"), kinds, anything)
identifiers = st.builds(Identifier, st.sampled_from(["arxiv", "doi", "openreview"]), anything)
hostile = st.builds(
    Work,
    iri=st.just("i:1"),
    key=st.text(string.ascii_lowercase, min_size=1, max_size=8),
    title=st.text(st.sampled_from("{}\\$%#&_^~@\"'`,=ab12 \né–α🏆") | st.characters(), max_size=30),
    kind=st.sampled_from(["paper", "tool"]),
    authors=st.lists(names | st.builds(Name, literal=anything), max_size=3).map(tuple),
    year=st.none() | st.integers(1990, 2030),
    month=st.none() | st.integers(-1, 14),
    venue=st.none() | venues,
    identifiers=st.lists(identifiers).map(tuple),
    url=anything,
    pages=anything,
    volume=anything,
    number=anything,
    categories=st.lists(anything, max_size=2).map(tuple),
    note=anything,
)


@given(hostile)
def test_no_value_leaves_its_field(work):
    out = text(work)
    library = parse_string(out)
    assert not library.failed_blocks
    [entry] = library.entries
    assert [f.key for f in entry.fields] == [f.key for f in next(entries([work], Options())).fields]
    calendar = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    months = re.findall(r"^  month = (.*),$", out, re.M)
    assert set(months) <= set(calendar)
    assert not re.search(r"et al\.?( and|\}?,?$)", entry.get("author").value if entry.get("author") else "")
