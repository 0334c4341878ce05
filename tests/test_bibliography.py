"""The bibliography of the whole shipped graph, before judges that were not written here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import bibtexparser
import jsonschema
import pytest

import llmcomp
from llmcomp.exports.bibtex import entries
from llmcomp.exports.options import Options
from llmcomp.kg.keys import KEY

SCHEMA = json.loads((Path(__file__).parent / "data" / "csl-data.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def works(graph: llmcomp.Graph) -> list[llmcomp.Work]:
    tools = graph.works(llmcomp.Selection(categories=("tools",)))
    return sorted([*graph.works(), *tools], key=lambda w: w.key)


@pytest.fixture(scope="module")
def refs(graph: llmcomp.Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A .bib of every category, tools too."""
    everything = [c.slug for c in graph.categories()]
    path = tmp_path_factory.mktemp("refs") / "refs.bib"
    path.write_text(graph.bibliography(category=everything), "ascii")
    return path


def asked(program: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    return subprocess.run([program, *args], cwd=cwd, capture_output=True, text=True, errors="replace")


# --- by its own rules


def test_a_category_has_one_entry_a_work_sorted_by_key_with_authors(graph: llmcomp.Graph) -> None:
    library = bibtexparser.parse_string(graph.bibliography(category="quantization"))
    keys = [entry.key for entry in library.entries]
    assert len(keys) == 271
    assert keys == sorted(keys)
    assert sum("author" in entry for entry in library.entries) >= 0.85 * len(keys)


def test_the_same_graph_gives_the_same_bytes(graph: llmcomp.Graph) -> None:
    again = llmcomp.open_graph(graph.path)
    for format_ in ("bibtex", "csl-json"):
        assert graph.bibliography(format=format_) == again.bibliography(format=format_)


def test_entry_types_and_fields(works: list[llmcomp.Work]) -> None:
    """What no judge catches: the type fits the venue, and no field claims what is not so."""
    by_key = {work.key: work for work in works}
    for entry in entries(works, Options()):
        work = by_key[entry.key]
        fields = {field.key: field.value for field in entry.fields}
        assert KEY.fullmatch(entry.key)
        if work.kind == "tool":
            assert entry.entry_type == "misc"
            assert fields["howpublished"].startswith(r"\url{https://")
            continue
        assert re.fullmatch(r"\d{4}", fields["year"])
        if work.venue is None:
            assert entry.entry_type == "misc"
            assert "booktitle" not in fields
            assert "journal" not in fields
            if arxiv := work.identifier("arxiv"):
                assert fields["howpublished"] == f"arXiv preprint arXiv:{arxiv}"
                assert fields["eprint"] == arxiv
                assert fields["url"] == f"https://arxiv.org/abs/{arxiv}"
        elif work.authors:
            journal = work.venue.kind == "journal"
            assert entry.entry_type == ("article" if journal else "inproceedings")
            name = fields["journal" if journal else "booktitle"]
            assert not re.search(r"arXiv|CoRR|\b(January|June|July|Vienna|Honolulu)\b|, \d", name)
            assert fields["year"] == str(work.venue.year or work.year)
            assert "month" not in fields
        assert "et al" not in fields.get("author", "")
        assert not re.search(r" 0\d{3}\b", fields.get("author", ""))
        assert not fields.get("doi", "").startswith("http")
        assert fields.get("month", "jan") in "jan feb mar apr may jun jul aug sep oct nov dec".split()


def test_acronyms_keep_their_capitals(works: list[llmcomp.Work]) -> None:
    """Every word with an inner capital stands in a brace group."""
    for entry in entries(works, Options()):
        title = next(field.value for field in entry.fields if field.key == "title")
        outside = re.sub(r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}", "", title)
        assert entry.key == "pushing:iu4l7wiwxw" or not re.search(r"\w[A-Z]", outside), title


def test_bibtexparser_reads_every_entry_once(refs: Path, works: list[llmcomp.Work]) -> None:
    library = bibtexparser.parse_file(str(refs))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [work.key for work in works]


def test_csl_json_validates_against_the_schema(graph: llmcomp.Graph, works: list[llmcomp.Work]) -> None:
    items = json.loads(graph.bibliography(category=[c.slug for c in graph.categories()], format="csl-json"))
    jsonschema.Draft7Validator(SCHEMA).validate(items)
    assert [item["id"] for item in items] == [work.key for work in works]


# --- by programs


@pytest.mark.judges
def test_biber_accepts_it_without_a_warning(refs: Path) -> None:
    done = asked(
        "biber",
        *(
            "--tool",
            "--validate-datamodel",
            "--dieondatamodel",
            "--nolog",
            "--output-file",
            "/dev/null",
            refs.name,
        ),
        cwd=refs.parent,
    )
    assert done.returncode == 0
    assert not re.findall(r"^(?:WARN|ERROR).*", done.stdout, re.MULTILINE)


@pytest.mark.judges
@pytest.mark.parametrize("style", ["plain", "abbrv", "alpha"])
def test_bibtex_warns_of_nothing(refs: Path, style: str) -> None:
    (refs.parent / f"{style}.aux").write_text(f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n")
    done = asked("bibtex", "-terse", style, cwd=refs.parent)
    assert (done.returncode, done.stdout.strip()) == (0, "")


@pytest.mark.judges
def test_pdflatex_sets_every_entry(refs: Path) -> None:
    (refs.parent / "all.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{url}\\begin{document}"
        "\\nocite{*}\\bibliographystyle{plain}\\bibliography{refs}\\end{document}\n"
    )
    for program, args in (
        ("pdflatex", ["-draftmode", "-halt-on-error"]),
        ("bibtex", ["-terse"]),
        ("pdflatex", ["-draftmode", "-halt-on-error"]),
    ):
        done = asked(program, *args, "all", cwd=refs.parent)
        assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.judges
def test_pandoc_reads_the_titles_and_authors_of_the_graph(refs: Path, works: list[llmcomp.Work]) -> None:
    done = asked("pandoc", "-f", "bibtex", "-t", "csljson", refs.name, cwd=refs.parent)
    assert (done.returncode, done.stderr) == (0, "")
    read = {item["id"]: item for item in json.loads(done.stdout)}

    def bare(text: str) -> str:
        return re.sub(r"<[^<>]*>|[^\w]", "", text).casefold()

    assert read.keys() == {work.key for work in works}
    for work in works:
        item = read[work.key]
        # math is set as markup; what is compared is the words
        if "$" not in work.title:
            assert bare(item["title"]) == bare(work.title.replace("–", "-"))
        names = [
            "".join(
                n.get(k, "")
                for k in (
                    "literal",
                    "non-dropping-particle",
                    "dropping-particle",
                    "family",
                    "given",
                    "suffix",
                )
            )
            for n in item.get("author", ())
        ]
        ours = [n.literal or n.particle + n.family + n.given + n.suffix for n in work.authors]
        if work.authors_truncated:
            ours += ["others"] if len(names) > len(ours) else []
        assert [bare(n) for n in names] == [bare(n) for n in ours], work.key
