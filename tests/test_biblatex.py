from dataclasses import replace

import pytest
from bibtexparser import parse_string

from llmcomp.exports.biblatex import FIELDS, biblatex
from llmcomp.exports.bibtex import FIELDS as BIBTEX_FIELDS
from llmcomp.exports.bibtex import bibtex
from llmcomp.exports.options import Options
from llmcomp.exports.registry import FORMATS, field_names
from llmcomp.kg.model import Identifier, Name, Venue, Work

ICML = Venue(
    "v:icml",
    "conference",
    "Proceedings of the 41st International Conference on Machine Learning",
    short="International Conference on Machine Learning",
    acronym="ICML 2024",
    event="The Forty-First International Conference on Machine Learning",
    year=2024,
    volume="235",
    publisher="PMLR",
)
NEURIPS = Venue(
    "v:neurips",
    "conference",
    "Advances in Neural Information Processing Systems 37",
    event="38th Conference on Neural Information Processing Systems",
)
TACL = Venue("v:tacl", "journal", "Transactions of the ACL", event="ACL", publisher="MIT")
FINDINGS = Venue(
    "v:f",
    "findings",
    "Findings of the Association for Computational Linguistics: EMNLP 2024",
    short="Findings of the Association for Computational Linguistics",
    event="Conference on Empirical Methods in Natural Language Processing",
)
ARXIV = (Identifier("arxiv", "2210.17323v2"),)
AUTHORS = (Name("Žižek", "Mirella"), Name("Alistarh", "Dan"))


def make(key="k", title="Title", **rest):
    rest = {"authors": AUTHORS, "year": 2024} | rest
    return Work(f"i:{key}", key, title, **rest)


def text(*works, **options):
    return "".join(biblatex(works, Options(**options)))


def fields(work, **options):
    [entry] = parse_string(text(work, **options)).entries
    return {"": entry.entry_type} | {f.key: f.value for f in entry.fields}


def test_a_preprint_is_online():
    work = make("zizek2022gptq", "GPTQ: Naïve – “Quoted”", identifiers=ARXIV, primary_class="cs.LG", year=2022, month=7)
    assert text(work) == (
        "@online{zizek2022gptq,\n"
        "  author = {Žižek, Mirella and Alistarh, Dan},\n"
        "  title = {{GPTQ}: {Naïve} – “{Quoted}”},\n"
        "  date = {2022-07},\n"
        "  eprint = {2210.17323},\n"
        "  eprinttype = {arxiv},\n"
        "  eprintclass = {cs.LG},\n"
        "  url = {https://arxiv.org/abs/2210.17323},\n"
        "}\n"
    )


def test_a_paper_in_proceedings():
    work = make(
        venue=NEURIPS,
        identifiers=(Identifier("doi", "https://doi.org/10.1/A_b"), *ARXIV),
        primary_class="cs.LG",
        url="https://proceedings.example/x_y.html",
        pages="1 – 20",
        volume="37",
        number="3",
        month=5,
        categories=("Quantization", "Sparsity & Pruning, all"),
        note="50 % off",
        former_keys=("old1", "old2"),
    )
    assert fields(work) == {
        "": "inproceedings",
        "author": "Žižek, Mirella and Alistarh, Dan",
        "title": "Title",
        "booktitle": "Advances in Neural Information Processing Systems 37",
        "eventtitle": "38th Conference on Neural Information Processing Systems",
        "date": "2024",
        "volume": "37",
        "pages": "1--20",
        "doi": "10.1/A_b",
        "eprint": "2210.17323",
        "eprinttype": "arxiv",
        "eprintclass": "cs.LG",
        "url": "https://proceedings.example/x_y.html",
        "keywords": r"Quantization, Sparsity \& Pruning all",
        "note": r"50 \% off",
        "ids": "old1, old2",
    }


def test_an_article_has_no_event_and_no_publisher():
    article = fields(make(venue=TACL, volume="12", number="3"))
    assert (article[""], article["journaltitle"]) == ("article", "Transactions of the ACL")
    assert (article["volume"], article["number"]) == ("12", "3")
    assert not {"journal", "booktitle", "eventtitle", "publisher", "year"} & set(article)
    assert "number" not in fields(make(venue=TACL, number="3"))


def test_the_event_is_left_out_where_the_proceedings_say_it_and_beside_findings():
    assert "eventtitle" not in fields(make(venue=ICML))
    assert fields(make(venue=ICML), venues="acronym")["eventtitle"] == ICML.event
    assert "eventtitle" not in fields(make(venue=FINDINGS))
    assert fields(make(venue=FINDINGS), venues="short")["booktitle"] == FINDINGS.title


def test_a_tool_is_software_and_needs_no_date():
    tool = make(kind="tool", authors=(), url="https://github.com/a_b/c", title="vLLM", year=None)
    assert text(tool) == "@software{k,\n  title = {{vLLM}},\n  url = {https://github.com/a_b/c},\n}\n"
    assert fields(replace(tool, year=2023))["date"] == "2023"


def test_a_preprint_elsewhere_names_the_server():
    openreview = fields(make(identifiers=(Identifier("openreview", "aBc_d"),)))
    assert (openreview[""], openreview["organization"]) == ("online", "OpenReview")
    assert openreview["url"] == "https://openreview.net/forum?id=aBc_d"
    assert "eprint" not in openreview
    # "and" would make two organizations of one
    server = Venue("v", "preprint", "Archives and More")
    assert fields(make(venue=server, url="https://x.org/1"))["organization"] == "{Archives and More}"


def test_what_is_nowhere_is_misc():
    """biber wants an address of what is @online."""
    nowhere = fields(make(venue=Venue("v", "preprint", "bioRxiv"), year=None))
    del nowhere["author"]
    assert nowhere == {"": "misc", "title": "Title", "date": "..", "howpublished": "bioRxiv"}


@pytest.mark.parametrize("missing", [{"authors": ()}, {"year": None}])
def test_published_without_what_its_type_needs_is_misc(missing):
    work = fields(make(venue=ICML, identifiers=ARXIV, **missing))
    assert (work[""], work["howpublished"]) == ("misc", ICML.title)
    assert work["eprint"] == "2210.17323"


def test_a_volume_that_is_no_number_is_left_out():
    """biber's data model has an integer there."""
    assert "volume" not in fields(make(venue=TACL, volume="abs/2210.17323", number="3"))
    assert "number" not in fields(make(venue=TACL, volume="abs/2210.17323", number="3"))


@pytest.mark.parametrize(
    ("title", "latex"),
    [
        ("Schrödinger’s Façade: Łukasz", "Schrödinger’s Façade: {Łukasz}"),
        ("Tiếng Việt ẩ x\u0303", "Tiếng Việt ẩ x\u0303"),
        ("ð Þ đ ŋ", "ð Þ đ ŋ"),
        ("大模型：综述, 日本語の「モデル」", "大模型：综述, 日本語の「モデル」"),
        ("Συμπίεση и λ ≤ α", r"Συμπίεση и {$\lambda$} $\leq$ {$\alpha$}"),
        (
            "a & b 50% #1 a_b $5 ^ ~ \\ { }",
            r"a \& b 50\% \#1 a\_b \$5 {\textasciicircum} {\textasciitilde} {\textbackslash} $\lbrace$ $\rbrace$",
        ),
        ('a "b" – c — d…', "a “b” – c — d…"),
        ("Intel® x™ © € ½", "Intel® x™ © € 1/2"),
        ("Rocket 🚀", "Rocket"),
    ],
)  # fmt: skip
def test_letters_stay_letters(title, latex):
    assert fields(make(title=title))["title"] == latex


def test_names_stay_letters():
    names = (Name("Nguyễn", "Thế Việt"), Name("Rijke", "Þór", "de"), Name(literal="Équipe, AI & Co"))
    assert fields(make(authors=names, authors_truncated=True))["author"] == (
        r"Nguyễn, Thế Việt and de Rijke, Þór and {Équipe, AI \& Co} and others"
    )


@pytest.mark.parametrize(
    ("former", "ids"),
    [
        (("a1",), "a1"),
        (("b",), None),  # another entry bears it
        (("shared",), None),  # another entry had it too: whose is it?
        (("k",), None),
        (("a,b", "c d", "e}f", "\x1b", ""), None),
        (("smith:2020-x/y+1", "größe"), "smith:2020-x/y+1, größe"),
    ],
)
def test_former_keys_are_ids_where_they_name_one_entry(former, ids):
    works = [make("k", former_keys=former), make("b", former_keys=("shared",) if former == ("shared",) else ())]
    library = parse_string(text(*works))
    assert not library.failed_blocks
    found = {e.key: e.fields_dict["ids"].value if "ids" in e.fields_dict else None for e in library.entries}
    assert found == {"k": ids, "b": None}


def test_the_file():
    works = [make("b", year=2020, citations=3), make("a", year=2022), make("c", year=2021, citations=9)]
    out = text(*works)
    assert out == text(*reversed(works)) == text(*works, *works)
    assert [e.key for e in parse_string(out).entries] == ["a", "b", "c"]
    assert out.count("\n\n") == 2
    assert out.endswith("}\n")
    assert text() == ""
    assert [e.key for e in parse_string(text(*works, sort="year")).entries] == ["b", "c", "a"]
    assert [e.key for e in parse_string(text(*works, sort="citations")).entries] == ["c", "b", "a"]


def test_fields_are_chosen():
    work = make(identifiers=ARXIV, former_keys=("old",), categories=("x",))
    assert set(fields(work, fields=("title", "date"))) == {"", "title", "date"}
    left = fields(work, fields=("-keywords", "-ids", "-url"))
    assert set(left) == {"", "author", "title", "date", "eprint", "eprinttype"}
    assert text(work, fields=("note",)) == "@online{k,\n}\n"
    assert field_names("Author,IDS", "biblatex") == ("author", "ids")


def test_every_field_is_among_those_that_can_be_chosen(graph):
    works = [
        *graph.works(),
        make("x", venue=ICML, pages="1", volume="1", number="2", note="n", former_keys=("o",)),
        make("y", venue=TACL, volume="1", number="2", url="https://x.org"),
        make("z", identifiers=(Identifier("openreview", "x"),)),
        make("zz", authors=(), venue=ICML, identifiers=(Identifier("doi", "10.1/2"), *ARXIV), primary_class="cs.LG"),
        make("zzz", venue=NEURIPS),
    ]
    assert "biblatex" in FORMATS
    for writer, known in ((biblatex, FIELDS), (bibtex, BIBTEX_FIELDS)):
        entries = parse_string("".join(writer(works, Options()))).entries
        written = {f.key for e in entries for f in e.fields}
        assert written <= set(known)
        # what no work here has: a date without ends, and the month of a preprint
        assert set(known) - written <= {"date", "month", "key"}


def test_both_flavours_agree_on_names_titles_and_links(graph):
    """Where all is ASCII they are the same letters."""
    works = graph.works()
    one, other = (parse_string("".join(w(works, Options()))).entries_dict for w in (bibtex, biblatex))
    assert one.keys() == other.keys()
    for key, entry in one.items():
        twin = other[key]
        for name in ("author", "title", "doi", "eprint", "url", "pages", "volume", "booktitle"):
            told = [e.fields_dict[name].value if name in e.fields_dict else "" for e in (entry, twin)]
            assert told[0] == told[1] or "\\" in told[0] or not told[1].isascii(), (key, name)
