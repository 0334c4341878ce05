"""Citation keys as a file: the table there and back, keys that a .bib uses, and whether they mean the same works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from answered import CPUS, enriched_graph
from enriching import BIRDS, STONES, WALLS, alone, row

import llmcomp
from llmcomp.kg import build as building
from llmcomp.kg import store
from llmcomp.kg.brought import import_snapshot
from llmcomp.kg.errors import GraphLocked, OutsideError, UsageError
from llmcomp.kg.facts import PaperFacts
from llmcomp.kg.key_file import ChangedKey, ImportedKeys, UnknownKey, export_keys
from llmcomp.kg.key_table import KeyRow, is_table, key_rows, read_table, written
from llmcomp.kg.keys import KEY
from llmcomp.kg.model import Identifier
from llmcomp.ontology import terms

WORK = f"{terms.PREFIXES['work']}arxiv:2301.0000"
ROWS = tuple(row(title, f"arxiv.org/abs/2301.0000{n}") for n, title in enumerate((BIRDS, STONES, WALLS), 1))
NETS = "Mending nets at the sea shore"
LEAVING = row(NETS, "arxiv.org/abs/2301.00004")
"""A row of a paper of which nothing else is known, so that it leaves the graph with its row."""
TABLE = (
    "key\twork\ttitle\tformer\n"
    f"ash2023counting\t{WORK}1\t{BIRDS}\t\n"
    f"elm2023sorting\t{WORK}2\t{STONES}\t\n"
    f"oak2023painting\t{WORK}3\t{WALLS}\t\n"
)
SHAPE = "A key begins with a letter or a digit of ASCII, and has only those and . _ + / : - in it."


def known(n: int, title: str, author: str) -> PaperFacts:
    return PaperFacts((title,), (Identifier("arxiv", f"2301.0000{n}"),), (author,))


class Home:
    """A folder with a graph of three works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.graph = folder / "graph"

    def build(self, *rows: str) -> None:
        (self.folder / "list.md").write_text("## Quantization\n\n" + "".join(rows))
        llmcomp.build_graph(self.graph, [str(self.folder / "list.md")])

    def write(self, text: str | bytes, name: str = "keys.tsv") -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def take(self, text: str | bytes, name: str = "keys.tsv") -> ImportedKeys:
        return llmcomp.import_keys(self.write(text, name), self.graph)

    def refused(self, text: str | bytes, name: str = "keys.tsv") -> str:
        before = self.table(everything=True)
        with pytest.raises(UsageError) as raised:
            self.take(text, name)
        assert self.table(everything=True) == before
        return str(raised.value)

    def table(self, *, everything: bool = False) -> str:
        return "".join(export_keys(llmcomp.open_graph(self.graph), everything=everything))

    def keys(self) -> dict[str, list[str]]:
        """The key and the former ones of each work, by the first word of its title."""
        rows = key_rows(llmcomp.open_graph(self.graph))
        return {r.title.split()[0]: [r.key, *r.former] for r in sorted(rows, key=lambda r: r.title)}

    def check(self, text: str) -> list[tuple[int, str, str, str]]:
        found = llmcomp.open_graph(self.graph).check_keys(self.write(text, "refs.bib"))
        return [(f.line, f.key, f.kind, f.message) for f in found]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    facts = [
        known(n, title, author)
        for n, (title, author) in enumerate(((BIRDS, "Ann Ash"), (STONES, "Eva Elm"), (WALLS, "Ove Oak")), 1)
    ]
    alone(monkeypatch, *facts)
    made = Home(tmp_path)
    made.build(*ROWS)
    return made


def entry(key: str, title: str, author: str, **fields: str) -> str:
    more = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{key},\n  title = {{{title}}},\n  author = {{{author}}}{more}\n}}\n"


# -- the table ---------------------------------------------------------------------------------------------


def test_the_table_of_keys(home):
    assert home.table() == TABLE
    home.build(*ROWS)
    assert home.table() == TABLE
    rows = read_table(TABLE, "keys.tsv")
    assert rows[0] == KeyRow("ash2023counting", f"{WORK}1", BIRDS, (), 2)
    assert "".join(written(rows)) == TABLE


def test_the_table_of_the_shipped_graph_has_every_listed_work_and_tool(graph):
    rows = key_rows(graph)
    assert len(rows) == 685 + 42
    assert [r.key for r in rows] == sorted(r.key for r in rows)
    assert all(KEY.fullmatch(r.key) and r.title for r in rows)
    every = key_rows(graph, everything=True)
    assert {r.key for r in rows} < {r.key for r in every}
    assert [(r.key, r.work, r.title, r.former) for r in read_table("".join(export_keys(graph)), "x")] == [
        (r.key, r.work, r.title, r.former) for r in rows
    ]


def test_a_work_that_is_on_no_list_any_more_is_in_the_whole_table(home):
    home.build(*ROWS, LEAVING)
    home.build(*ROWS)
    assert home.table() == TABLE
    assert home.table(everything=True).splitlines()[3] == f"mending:2301-00004\t{WORK}4\t\t"


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("key\twork\n", True),
        ("# mine\n\nwork\tkey\tnote\r\n", True),
        ("key work\n", False),
        ("key,work\n", False),
        ("", False),
        ("@misc{key, title={work}}", False),
    ],
)
def test_what_a_table_begins_with(text, yes):
    assert is_table(text) is yes


def test_a_table_may_be_edited_by_hand_or_by_a_spreadsheet():
    text = "# mine\nwork\tkey\tnote\n\nw:1\tone\tx\n# w:2\ttwo\n w:3 \t three \r\n"
    assert read_table(text, "k") == [KeyRow("one", "w:1", line=4), KeyRow("three", "w:3", line=6)]


@pytest.mark.parametrize(("line", "what"), [("one", "work"), ("one\t\ttitle", "work"), ("\tw:1", "key")])
def test_a_row_without_a_key_or_a_work(line, what):
    with pytest.raises(UsageError) as raised:
        read_table(f"key\twork\ttitle\n{line}\n", "keys.tsv")
    assert str(raised.value) == (
        f"keys.tsv:2: no {what} in this row. A row has a key, a tab and a work; "
        "'llmcomp keys export' writes such a file."
    )


# -- import of a table -------------------------------------------------------------------------------------


def test_what_was_exported_changes_nothing(home):
    current = store.read_current(home.graph)
    assert home.take(TABLE) == ImportedKeys(home.graph, same=3)
    assert store.read_current(home.graph) == current


def test_a_work_is_called_otherwise_and_its_old_key_still_finds_it(home):
    took = home.take(TABLE.replace("ash2023", "Ash_2023."))
    assert took == ImportedKeys(home.graph, (ChangedKey(f"{WORK}1", "ash2023counting", "Ash_2023.counting"),), same=2)
    assert home.keys() == {
        "Counting": ["Ash_2023.counting", "ash2023counting"],
        "Painting": ["oak2023painting"],
        "Sorting": ["elm2023sorting"],
    }
    graph = llmcomp.open_graph(home.graph)
    assert graph.find("ash2023counting") == graph.find("Ash_2023.counting") == f"{WORK}1"
    written_out = graph.bibliography(keys=["ash2023counting"], format="biblatex")
    assert written_out.startswith("@online{Ash_2023.counting,")
    assert "ids = {ash2023counting}" in written_out


def test_every_later_build_keeps_an_imported_key(home):
    home.take("key\twork\nAsh:Birds\tarXiv:2301.00001\n")
    home.build(*ROWS[1:])
    assert BIRDS not in home.table()
    # it comes back
    home.build(*ROWS)
    assert home.table().splitlines()[1] == f"Ash:Birds\t{WORK}1\t{BIRDS}\tash2023counting"


def test_enriching_and_snapshots_keep_an_imported_key(tmp_path, monkeypatch):
    alone(monkeypatch)
    folder = enriched_graph(tmp_path)
    file = tmp_path / "keys.tsv"
    file.write_text(f"key\twork\nShen.2023/CPU\t{CPUS}\nNote+1\ttitle\n")
    took = llmcomp.import_keys(file, folder)
    assert (len(took.changed), took.unknown) == (1, (UnknownKey("Note+1", 3, "title"),))
    with store.building(folder):
        building.rebuild(folder, version="x")
    graph = llmcomp.open_graph(folder)
    assert graph.find("Shen.2023/CPU") == terms.PREFIXES["work"] + CPUS
    (tmp_path / "moved").write_bytes(b"".join(graph.snapshot()))
    import_snapshot(tmp_path / "elsewhere", str(tmp_path / "moved"), version="x")
    moved = llmcomp.open_graph(tmp_path / "elsewhere")
    assert "".join(export_keys(moved)) == "".join(export_keys(graph))
    assert moved.find(took.changed[0].old) == graph.find("Shen.2023/CPU")


def test_two_works_swap_their_keys(home):
    took = home.take(f"key\twork\nelm2023sorting\t{WORK}1\nash2023counting\t{WORK}2\n")
    assert [c.new for c in took.changed] == ["elm2023sorting", "ash2023counting"]
    # neither may answer to the key that means the other now
    assert home.keys() == {
        "Counting": ["elm2023sorting"],
        "Painting": ["oak2023painting"],
        "Sorting": ["ash2023counting"],
    }
    home.take(TABLE)
    assert home.table() == TABLE


def test_three_works_move_on_by_one(home):
    home.take(f"key\twork\nelm2023sorting\t{WORK}1\noak2023painting\t{WORK}2\nnew\t{WORK}3\n")
    assert home.keys() == {
        "Counting": ["elm2023sorting", "ash2023counting"],
        "Painting": ["new"],
        "Sorting": ["oak2023painting"],
    }


def test_a_work_takes_a_former_key_of_its_own_back(home):
    home.take(f"key\twork\nnew\t{WORK}1\n")
    home.take(TABLE)
    assert home.keys()["Counting"] == ["ash2023counting", "new"]


def test_a_key_in_other_letters_is_taken_and_the_old_one_works(home):
    home.take(f"key\twork\nAsh2023Counting\t{WORK}1\n")
    assert home.keys()["Counting"] == ["Ash2023Counting", "ash2023counting"]


def test_former_keys_of_the_table_find_their_works(home):
    took = home.take(f"key\twork\tformer\nash2023counting\t{WORK}1\tbirds:1 birds:2\n")
    assert (took.changed, took.same, took.former) == ((), 1, 2)
    assert home.keys()["Counting"] == ["ash2023counting", "birds:1", "birds:2"]
    home.build(*ROWS)
    assert home.keys()["Counting"] == ["ash2023counting", "birds:1", "birds:2"]


def test_works_are_named_by_iri_identifier_or_title(home):
    title = "x:1\tnobody's\tpainting WALLS in the winter sun"
    took = home.take(
        f"key\twork\ttitle\na:1\thttps://arxiv.org/abs/2301.00001v2\t\nb:1\t2301.00002\t\n{title}\nz\tnone\tNo\n"
    )
    assert [c.new for c in took.changed] == ["a:1", "b:1", "x:1"]
    assert took.unknown == (UnknownKey("z", 5, "No"),)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (
            f"elm2023sorting\t{WORK}1",
            f"2: 'elm2023sorting' is the key of \"{STONES}\". Give that one another key in the same file, or this one.",
        ),
        (
            f"ELM2023Sorting\t{WORK}1",
            f"2: 'ELM2023Sorting', but for its case, is the key of \"{STONES}\". Give that one another key in the same "
            "file, or this one.",
        ),
        (
            f"stones\t{WORK}1",
            f"2: 'stones' is a former key, which still finds \"{STONES}\". Give that one another key in the same file, "
            "or this one.",
        ),
        (f"x\t{WORK}1\ny\t{WORK}1", "3: the work of line 2 is named again. Leave one of the rows out."),
        (f"my key\t{WORK}1", f"2: 'my key' cannot be a citation key: it has a space in it. {SHAPE}"),
        (f"naïve\t{WORK}1", f"2: 'naïve' cannot be a citation key: it has 'ï' in it. {SHAPE}"),
        (f"-ash\t{WORK}1", f"2: '-ash' cannot be a citation key: it begins with '-'. {SHAPE}"),
        (
            f"a\x1bb\t{WORK}1",
            f"2: 'a\N{REPLACEMENT CHARACTER}b' cannot be a citation key: it has U+001B in it. {SHAPE}",
        ),
    ],
)
def test_a_key_that_cannot_be_taken(home, table, why):
    home.take(f"key\twork\tformer\nelm2023sorting\t{WORK}2\tstones\n")
    assert home.refused(f"key\twork\n{table}\n") == (
        f"{home.folder}/keys.tsv: a key of it cannot be taken, and nothing was changed:\n  {home.folder}/keys.tsv:{why}"
    )


def test_signs_that_no_key_has(home):
    signs = [*",{}()[]\"'%#~\\=@ &$^|<>*?!;\u200f\0é"]
    for sign in signs:
        assert "cannot be a citation key" in home.refused(f"key\twork\na{sign}b\t{WORK}1\n")


def test_keys_of_other_people(home):
    for key in ("A", "9", "DBLP:journals/corr/abs-2301", "a.b_c+d/e:f-g", "x" * 500):
        home.take(f"key\twork\n{key}\t{WORK}1\n")
        assert llmcomp.open_graph(home.graph).find(key) == f"{WORK}1"


def test_every_clash_is_told_and_nothing_is_changed(home):
    said = home.refused(f"key\twork\tformer\nelm2023sorting\t{WORK}1\tx\nfine\t{WORK}3\tbad,key x\n")
    assert said.splitlines()[0] == f"{home.folder}/keys.tsv: 3 of its keys cannot be taken, and nothing was changed:"
    assert [re.sub(r".*keys\.tsv:", "", line)[:40] for line in said.splitlines()[1:]] == [
        "2: 'elm2023sorting' is the key of \"Sorti",
        "3: 'bad,key' cannot be a citation key: i",
        "3: 'x' is in this file also for \"Countin",
    ]


def test_the_key_of_a_work_that_is_on_no_list_any_more_is_not_given_away(home):
    home.build(*ROWS, LEAVING)
    home.build(*ROWS)
    said = home.refused(f"key\twork\nmending:2301-00004\t{WORK}1\n")
    assert said.endswith(
        f"2: 'mending:2301-00004' is the key of {WORK}4, which is in the graph no more. Choose another."
    )


def test_no_key_is_minted_that_differs_from_an_imported_one_in_case_alone(home):
    home.take(f"key\twork\nFir2023Mending\t{WORK}1\n")
    facts = [known(1, BIRDS, "Ann Ash"), known(4, NETS, "Flo Fir")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "shipped_papers", lambda: facts)
        home.build(ROWS[0], LEAVING)
    assert home.keys()["Mending"] == ["fir2023mendingnets"]


# -- import of a .bib --------------------------------------------------------------------------------------


def test_works_take_the_keys_that_a_bib_uses(home):
    bib = (
        entry("Ash23", BIRDS, "Ash, Ann", eprint="2301.00001")
        + entry("elm2023sorting", STONES.upper(), "Eva Elm")
        + entry("cook", "Cooking pasta in one pot", "Rossi, Mario")
        + "@misc{broken, title = {x\n"
    )
    took = home.take(bib, "refs.bib")
    assert took.changed == (ChangedKey(f"{WORK}1", "ash2023counting", "Ash23"),)
    assert (took.same, took.unknown) == (1, (UnknownKey("cook", 10, "Cooking pasta in one pot"),))
    assert [block.line for block in took.unread] == [14]
    assert home.keys()["Counting"] == ["Ash23", "ash2023counting"]


def test_an_entry_that_is_not_surely_a_work_is_passed_over(home):
    took = home.take(entry("x", "Cooking pasta in one pot", "Ash, Ann", eprint="2301.00001"), "refs.bib")
    assert (took.changed, took.unknown) == (
        (),
        (UnknownKey("x", 1, "Cooking pasta in one pot", "ash2023counting"),),
    )


def test_several_entries_of_one_work_all_keep_finding_it(home):
    one, two = (entry(key, BIRDS, "Ash, Ann", ids=ids) for key, ids in (("one", "zero, null"), ("two", "")))
    took = home.take(one + two, "refs.bib")
    assert ([c.new for c in took.changed], took.former) == (["one"], 3)
    assert home.keys()["Counting"] == ["one", "ash2023counting", "null", "two", "zero"]
    # the key that it has is as good as any
    assert home.take(two + one, "refs.bib").changed == ()
    assert home.take(entry("three", BIRDS, "Ash, Ann") + one, "refs.bib").former == 1
    assert home.keys()["Counting"] == ["one", "ash2023counting", "null", "three", "two", "zero"]


def test_a_bib_may_not_give_a_work_the_key_of_another(home):
    said = home.refused(entry("elm2023sorting", BIRDS, "Ash, Ann"), "refs.bib")
    assert f"refs.bib:1: 'elm2023sorting' is the key of \"{STONES}\"." in said
    home.take(entry("elm2023sorting", BIRDS, "Ash, Ann") + entry("ash2023counting", STONES, "Elm, Eva"), "refs.bib")
    assert home.keys()["Counting"] == ["elm2023sorting"]


def test_a_bib_written_by_the_graph_changes_nothing(home):
    for format_ in ("bibtex", "biblatex"):
        home.take(f"key\twork\nAsh.{format_}\t{WORK}1\n")
        before = home.table()
        took = home.take(llmcomp.open_graph(home.graph).bibliography(format=format_), "refs.bib")
        assert (took.changed, took.same, took.former, took.unknown) == ((), 3, 0, ())
        assert home.table() == before


# -- odd files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "\n", "key work\n", "hello", "key,work\nx,y\n", b"\xff\xfek\0e\0y\0", b"\0\0"])
def test_a_file_with_neither_keys_nor_entries(home, content):
    said = home.refused(content)
    utf16 = f"{home.folder}/keys.tsv: written in UTF-16. Save it in UTF-8."
    assert said in (
        utf16,
        f"{home.folder}/keys.tsv: neither keys nor entries. Name a file that 'llmcomp keys export' wrote, whose first "
        "line names the columns key and work, or a .bib file.",
    )
    assert (said == utf16) == (content[:2] == b"\xff\xfe")


def test_a_file_that_is_not_there(home):
    with pytest.raises(OutsideError) as raised:
        llmcomp.import_keys(home.folder / "none.tsv", home.graph)
    assert str(raised.value) == (
        f"{home.folder}/none.tsv: no such file. Name a file of 'llmcomp keys export', or a .bib file."
    )
    with pytest.raises(OutsideError, match="cannot be read: Is a directory"):
        llmcomp.import_keys(home.folder, home.graph)


@pytest.mark.parametrize("encoded", [b"\xef\xbb\xbf" + TABLE.encode(), TABLE.replace("\n", "\r\n").encode()])
def test_byte_order_mark_and_line_ends(home, encoded):
    assert home.take(encoded).same == 3


def test_an_import_waits_for_no_other_build(home):
    file = home.write(TABLE)
    with store.building(home.graph), pytest.raises(GraphLocked):
        llmcomp.import_keys(file, home.graph)


def test_an_import_that_fails_leaves_the_keys(home, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "resolve", fail)
    with pytest.raises(KeyboardInterrupt):
        home.take(TABLE.replace("ash2023", "new2023"))
    assert home.table() == TABLE


# -- check -------------------------------------------------------------------------------------------------


def test_keys_that_mean_the_same_works_are_no_findings(home):
    text = llmcomp.open_graph(home.graph).bibliography()
    assert home.check(text + entry("cook", "Cooking pasta in one pot", "Rossi, Mario")) == []


def test_a_key_that_another_work_bears(home):
    text = entry("elm2023sorting", BIRDS, "Ash, Ann") + entry(
        "ash2023counting", "Cooking pasta in one pot", "Rossi, M."
    )
    assert home.check(text) == [
        (
            *(1, "elm2023sorting", "other-work"),
            f'means another work in the graph: "{STONES}"; the work of this entry is called ash2023counting',
        ),
        (5, "ash2023counting", "other-work", f'means another work in the graph: "{BIRDS}"'),
    ]


def test_a_key_that_another_work_bore(home):
    home.take(f"key\twork\nnew\t{WORK}2\n")
    ((_, _, kind, message),) = home.check(entry("elm2023sorting", BIRDS, "Ash, Ann"))
    assert (kind, message.partition(";")[0]) == ("other-work", f'means another work in the graph: "{STONES}"')


def test_a_key_that_another_work_bears_in_other_letters(home):
    ((_, key, kind, message),) = home.check(entry("ELM2023sorting", BIRDS, "Ash, Ann"))
    assert (key, kind) == ("ELM2023sorting", "other-work")
    assert message.startswith("means another work in the graph (as elm2023sorting, which BibTeX does not tell apart): ")


def test_an_entry_under_another_title_by_the_same_author_is_given_the_benefit_of_the_doubt(home):
    assert home.check(entry("ash2023counting", "Of birds, and how many there are", "Ann Ash")) == []
    assert home.check(entry("ash2023counting", "Counting of birds by songs", "Somebody, Else")) == []
    assert home.check("@misc{ash2023counting}\n") == []


def test_a_former_key_is_told_and_is_no_fault(home):
    home.take(f"key\twork\nAsh.New\t{WORK}1\n")
    found = llmcomp.open_graph(home.graph).check_keys(home.write(entry("ash2023counting", BIRDS, "Ash, Ann"), "r.bib"))
    assert [(f.kind, f.level, f.message, f.now) for f in found] == [
        ("former", "info", "now called Ash.New; the old key still works", "Ash.New")
    ]


def test_a_key_of_the_files_own_is_told_and_is_no_fault(home):
    text = entry("mine", BIRDS, "Ash, Ann") + entry("Elm2023Sorting", STONES, "Elm, Eva")
    assert home.check(text) == [
        (1, "mine", "own", "the graph calls this work ash2023counting"),
        (5, "Elm2023Sorting", "own", "the graph calls this work elm2023sorting"),
    ]


def test_the_key_of_a_work_that_left_the_graph_is_retired(home):
    home.build(*ROWS, LEAVING)
    home.build(*ROWS)
    gone = "the work that bore this key is in the graph no more"
    assert home.check(
        entry("mending:2301-00004", NETS, "Fir, Flo") + entry("Mending:2301-00004", BIRDS, "Ash, A.")
    ) == [
        (1, "mending:2301-00004", "retired", gone),
        (5, "Mending:2301-00004", "retired", f"{gone}; the work is called ash2023counting"),
    ]


def test_what_cannot_be_read_is_told_in_its_place(home):
    text = entry("mine", BIRDS, "Ash, Ann") + "@misc{x, title = {open\n"
    assert [told[:3] for told in home.check(text)] == [(1, "mine", "own"), (5, "", "unread")]


def test_the_keys_of_the_shipped_graph_mean_its_own_works(graph, tmp_path):
    file = tmp_path / "refs.bib"
    file.write_text(graph.bibliography())
    assert [f for f in graph.check_keys(file) if f.level == "error"] == []
