"""Programs that were not written here read CSL-JSON, CSL-YAML and RIS of the whole graph."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest
import rispy
from jsonschema import Draft7Validator

import llmcomp
from llmcomp.exports.csl_json import item
from llmcomp.exports.latex import plain
from llmcomp.exports.options import Options
from llmcomp.exports.registry import export
from llmcomp.exports.styles import read_style
from llmcomp.kg.model import Identifier, Venue, Work
from llmcomp.kg.names import parse_name

pytestmark = pytest.mark.judges

HERE = Path(__file__).parent
STYLES = ["ieee", "apa", "acl"]
HOSTILE = [
    "Q&A with 50% of #1 models & a_b, _c_, a^b, ~c, a<b>c </i> <script>x</script> @d *e* **f** [g](h) `i` [^j]",
    r"\write18{touch pwned} \alpha $x^2$ $5 to $10 {y} {{z}} $$ \( \) <!-- --> &copy &notanentity; ![k](l)",
    "NUL\x00 bell\x07 rtl\u202e\u200f zero\u200bwidth\nline\r\nbreak\ttab\u2028x\x85y",
    "# Heading", "- item", "1. item", "> quote", "| table |", "--- x ---", "... and -- so ---- on", ": x", "% x",
    "Dr. Smith vs. the p. 5 of e.g. U.S. No. 1", "http://example.org/a_b_c and <http://x.y> and a@b.c and @key [@key]",
    "H₂O, α and β in Ω ≤ ½ √2 → ∞ 🏆🌟 Týr Tiếng Việt 大模型压缩 e\u0301", '"Quoted" it\'s', "no", "null", "1e5",
    "2024-01-01", "\\", "{", "}", "$", "*", "_", "<", "&", "[", "~", "^", "`", "''", "Long and wide " * 730 + "end",
]  # fmt: skip
PEOPLE = [
    *("Maarten de Rijke", "Robert Downey Jr.", "Abdullah al-Rashid", "Llama Team, AI @ Meta", "Madonna"),
    *("Nguyễn Thế Việt", "Conan O'Brien", "Stéphane d'Ascoli", "İbrahim Çağlar Şen", "*A* _B_ C. $D$"),
]


@pytest.fixture(scope="module")
def works(graph: llmcomp.Graph) -> list[Work]:
    """Every work of the graph, and works of every kind with odd values."""
    authors = tuple(map(parse_name, PEOPLE))
    rest = {"authors": authors, "year": 2024}
    hostile: list[Work] = []
    for n, title in enumerate(HOSTILE):
        venue = Venue("v", "journal" if n % 2 else "conference", f"{title[:50]} J", publisher=title[:50])
        arxiv = (Identifier("arxiv", "2401.00001"), Identifier("doi", "10.1/a_b_*c*_(sici)<1::d>3.0;2-e"))
        kinds = [
            {"venue": venue, "pages": "1-20"},
            {"identifiers": arxiv, "month": 3},
            {"kind": "tool", "note": title[:50]},
        ]
        hostile.append(Work(f"i:{n}", f"hostile{n:03d}", title, **{**rest, **kinds[n % 3]}))
    hostile.append(Work("i:many", "many", "Four hundred", authors=authors * 40, year=2024))
    return [*graph.works(), *hostile]


@pytest.fixture(scope="module")
def folder(works: list[Work], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("csl")
    for format, name in (("csl-json", "refs.json"), ("csl-yaml", "refs.yaml"), ("ris", "refs.ris")):
        (path / name).write_bytes("".join(export(works, format)).encode())
    for style in STYLES:
        (path / f"{style}.csl").write_bytes(read_style(style))
    return path


def pandocs() -> list[str]:
    """The pandoc of this machine, and the one that users of the extra 'styles' have."""
    spec = find_spec("pypandoc")
    ours = [Path(p, "files", "pandoc") for p in (spec and spec.submodule_search_locations) or ()]
    return [p for p in (shutil.which("pandoc"), *(str(p) for p in ours if p.exists())) if p]


@pytest.fixture(params=["of this machine", "of the extra"])
def pandoc(request: pytest.FixtureRequest) -> str:
    found = pandocs()
    which = 0 if request.param == "of this machine" else 1
    if which >= len(found):
        pytest.skip("pandoc is not installed")
    return found[which]


def run(*command: str, cwd: Path, input: str | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, input=input, encoding="utf-8", timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_schema(folder: Path) -> None:
    schema = Draft7Validator(json.loads((HERE / "data" / "csl-data.json").read_text("utf-8")))
    schema.validate(json.loads((folder / "refs.json").read_text("utf-8")))


@pytest.mark.parametrize("style", STYLES)
def test_citeproc_js_prints_one_line_for_each(works: list[Work], folder: Path, style: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    judges = HERE / "judges"
    if not (judges / "node_modules" / "citeproc").is_dir():
        pytest.skip("citeproc-js is not installed: npm ci --prefix tests/judges --ignore-scripts")
    spec = find_spec("citeproc")
    assert spec is not None
    assert spec.submodule_search_locations
    locale = Path(spec.submodule_search_locations[0], "data", "locales", "locales-en-US.xml")
    command = [node, str(judges / "cite.js"), f"{style}.csl", str(locale), "text"]
    told = json.loads(run(*command, cwd=folder, input=(folder / "refs.json").read_text("utf-8")))
    assert told["errors"] == []
    assert sorted(told["ids"]) == sorted(work.key for work in works)
    titles = {work.key: plain(work.title) for work in works}
    for key, entry in zip(told["ids"], told["entries"], strict=True):
        assert len(entry.strip().splitlines()) == 1
        assert words(titles[key]) in words(entry)


@pytest.mark.parametrize("style", ["ieee", "acl"])
def test_pandoc_prints_one_entry_for_each_and_says_nothing(
    works: list[Work], folder: Path, pandoc: str, style: str
) -> None:
    options = ["-s", "-f", "csljson", "--citeproc", f"--csl={style}.csl", "-t", "plain", "--wrap=none"]
    entries = run(pandoc, *options, "refs.json", cwd=folder).strip().split("\n\n")
    assert len(entries) == len(works)
    if style == "ieee":
        assert [entry.partition(" ")[0] for entry in entries] == [f"[{n + 1}]" for n in range(len(works))]
        for work, entry in zip(sorted(works, key=lambda w: w.key), entries, strict=True):
            assert words(plain(work.title)) in words(entry)


def test_pandoc_reads_the_same_references_from_yaml_as_from_json(folder: Path, pandoc: str) -> None:
    def references(format: str, file: str) -> list[dict[str, object]]:
        return json.loads(run(pandoc, "-f", format, "-t", "csljson", file, cwd=folder))

    ours, theirs = references("markdown", "refs.yaml"), references("csljson", "refs.json")
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        other.pop("custom", None)
        assert folded(json.dumps(one, ensure_ascii=False)) == folded(json.dumps(other, ensure_ascii=False))


def test_pandoc_reads_what_the_json_says(works: list[Work], folder: Path, pandoc: str) -> None:
    told = {r["id"]: r for r in json.loads(run(pandoc, "-f", "csljson", "-t", "csljson", "refs.json", cwd=folder))}
    assert set(told) == {work.key for work in works}
    for work in works:
        expected = item(work, Options())
        for field in ("title", "author", "DOI", "container-title", "publisher", "URL"):
            told_field, field_said = told[work.key].get(field, ""), expected.get(field, "")
            assert folded(json.dumps(told_field, ensure_ascii=False)) == folded(
                json.dumps(field_said, ensure_ascii=False)
            )


def test_rispy_reads_every_record(works: list[Work], folder: Path) -> None:
    records = rispy.loads((folder / "refs.ris").read_bytes().decode())
    assert [r["id"] for r in records] == sorted(work.key for work in works)
    titles = {work.key: plain(work.title) for work in works}
    assert all(record["title"] == titles[record["id"]] for record in records)
    assert not any("unknown_tag" in record for record in records)


def folded(text: str) -> str:
    """Text without what a processor sets in its own way: kinds of quotes and spaces, raised and lowered letters."""
    text = re.sub(r"</?su[bp]>", "", text).replace('\\"', "'")
    return " ".join(unicodedata.normalize("NFKC", re.sub("[‘’“”]", "'", text)).split())


def words(text: str) -> str:
    """The words alone: a style moves the punctuation between them and sets their capitals."""
    return " ".join(re.findall(r"\w+", folded(text).casefold()))
