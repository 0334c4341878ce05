"""``llmcomp graph``: files that other programs read back, figures, the command."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import igraph
import networkx as nx
import pytest

import llmcomp
from llmcomp import Selection
from llmcomp.cli import main
from llmcomp.exports.colours import COLOURS, REST, groups
from llmcomp.exports.figure import figure, undrawn
from llmcomp.exports.networks import NETWORK_FORMATS, export_network, network_format
from llmcomp.exports.node_columns import COLUMNS
from llmcomp.exports.reading_list import reading_places
from llmcomp.exports.style import Style
from llmcomp.exports.swarm import bands, cover, crosses, labels
from llmcomp.kg.build import Built
from llmcomp.kg.edges import Basis
from llmcomp.kg.errors import OutsideError, UnknownName, UsageError
from llmcomp.kg.model import Name, Work
from llmcomp.kg.network import Network, Node

HERE = Path(__file__).parent
TITLES = (
    '<script>alert("1")</script> & Co',
    'quotes " and \\ backslashes \\N',
    "two\nlines\tand a tab",
    "control \x0b\x00 signs",
    "emoji \U0001f600, Greek αβγ, Arabic السلام",
    "lone \ud800 surrogate",
    "=HYPERLINK(1) {braces} $math$ 100% #1 _under_",
    "]]> -- <!--",
)


@pytest.fixture(scope="module")
def hostile() -> Network:
    """A network of works with titles that are no plain text, in two categories, who cite each other in a circle."""
    nodes = tuple(
        Node(
            Work(
                f"w:{n}",
                f"key{n}",
                title,
                authors=(Name('O\'Neil "X"', "A. & B."),),
                year=2020,
                categories=("a", "b")[n % 2 :],
            ),
            n % 2 == 0,
            2020 + n / 12,
            n,
            2 * n,
            1 / 8,
            1,
            0.5,
            1,
        )
        for n, title in enumerate(TITLES)
    )
    links = tuple(sorted((n, (n + 1) % len(TITLES)) for n in range(len(TITLES))))
    return Network("hostile -- & <works>", nodes, links, {1: "a & b <c>"}, 0, Basis(0, 0, 8, 0))


@pytest.fixture(scope="module")
def network(graph: llmcomp.Graph) -> Network:
    return graph.network(cited=10)


def text(network: Network, format: str) -> str:
    return b"".join(export_network(network, format)).decode("utf-8")


def keys(network: Network) -> list[str]:
    return [node.work.key for node in network.nodes]


def edges(network: Network) -> set[tuple[str, str]]:
    names = keys(network)
    return {(names[a], names[b]) for a, b in network.links}


@pytest.fixture(params=["network", "hostile"])
def either(request: pytest.FixtureRequest) -> Network:
    return request.getfixturevalue(request.param)


# -- read back


def test_networkx_reads_graphml(either: Network) -> None:
    read = nx.parse_graphml(text(either, "graphml"))
    assert (list(read.nodes), set(read.edges), read.is_directed()) == (keys(either), edges(either), True)
    for node in either.nodes:
        told = read.nodes[node.work.key]
        assert (told["listed"], told["listed_citations"], told["pagerank"]) == (
            node.listed,
            node.listed_citations,
            node.pagerank,
        )
        assert told.get("year") == node.work.year


def test_igraph_reads_graphml(either: Network, tmp_path: Path) -> None:
    file = tmp_path / "network.graphml"
    file.write_bytes(b"".join(export_network(either, "graphml")))
    read: Any = igraph.Graph.Read_GraphML(str(file))
    assert (read.vs["id"], read.is_directed()) == (keys(either), True)
    assert {(read.vs[e.source]["id"], read.vs[e.target]["id"]) for e in read.es} == edges(either)
    assert read.vs["listed_citations"] == [node.listed_citations for node in either.nodes]


def test_networkx_reads_gexf(either: Network) -> None:
    read = nx.read_gexf(io.BytesIO(text(either, "gexf").encode()))
    assert (list(read.nodes), set(read.edges), read.is_directed()) == (keys(either), edges(either), True)
    first = either.nodes[0]
    told = read.nodes[first.work.key]
    assert (told["label"], told["listed"], told["listed_citations"]) == (
        first.work.key,
        first.listed,
        first.listed_citations,
    )
    assert set(told["viz"]) == {"color", "position", "size"}


def test_gexf_is_as_gephi_reads_it(either: Network) -> None:
    """The rules of its importer (ImporterGEXF.java of gephi/gephi): what else it finds it reports or leaves out."""
    space = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}
    root = ElementTree.fromstring(text(either, "gexf"))
    assert (root.tag, root.get("version")) == ("{http://gexf.net/1.3}gexf", "1.3")
    (graph,) = root.findall("g:graph", space)
    assert graph.get("defaultedgetype") in {"directed", "undirected", "mutual"}
    types = {a.get("id"): a.get("type") for a in graph.findall("g:attributes[@class='node']/g:attribute", space)}
    assert set(types.values()) <= {"integer", "long", "double", "float", "boolean", "string", "liststring", "anyURI"}
    nodes = graph.findall("g:nodes/g:node", space)
    ids = [node.get("id") for node in nodes]
    assert len(set(ids)) == len(ids)
    for node in nodes:
        for value in node.findall("g:attvalues/g:attvalue", space):
            kind, told = types[value.get("for")], value.get("value") or ""
            assert kind != "integer" or int(told) is not None
            assert kind != "double" or float(told) is not None
            assert kind != "boolean" or told in {"true", "false"}
        colour = node.find("viz:color", space)
        assert colour is not None
        assert all(0 <= int(colour.get(part) or -1) <= 255 for part in "rgb")
    links = graph.findall("g:edges/g:edge", space)
    assert len({link.get("id") for link in links}) == len(links)
    assert {link.get(end) for link in links for end in ("source", "target")} <= set(ids)


def test_networkx_and_igraph_read_pajek(either: Network, tmp_path: Path) -> None:
    read = nx.parse_pajek(text(either, "pajek"))
    assert (list(read.nodes), set(nx.DiGraph(read).edges), read.is_directed()) == (keys(either), edges(either), True)
    file = tmp_path / "network.net"
    file.write_bytes(b"".join(export_network(either, "pajek")))
    other: Any = igraph.Graph.Read_Pajek(str(file))
    names = other.vs["name"] if "name" in other.vs.attributes() else other.vs["id"]
    assert ({(names[e.source], names[e.target]) for e in other.es}, other.is_directed()) == (edges(either), True)


@pytest.mark.filterwarnings("ignore:'[a-zA-Z]+' deprecated")  # pydot's own use of pyparsing's old names
def test_pydot_reads_dot(either: Network) -> None:
    import pydot

    (read,) = pydot.graph_from_dot_data(text(either, "dot")) or ()
    bare = [node.get_name().strip('"') for node in read.get_nodes()]
    assert [name for name in bare if name not in {"node", "edge", "graph"}] == keys(either)
    found = {(e.get_source().strip('"'), e.get_destination().strip('"')) for e in read.get_edges()}
    assert (found, read.get_type()) == (edges(either), "digraph")


def test_csv_is_two_tables(either: Network) -> None:
    links = list(csv.DictReader(io.StringIO(text(either, "csv"), newline="")))
    assert {(row["Source"], row["Target"]) for row in links} == edges(either)
    assert {row["Type"] for row in links} == {"Directed"}
    nodes = list(csv.DictReader(io.StringIO(text(either, "csv-nodes"), newline="")))
    assert [row["Id"] for row in nodes] == keys(either)
    assert set(nodes[0]) == {"Id", "Label", *(column.name for column in COLUMNS)}
    assert not [value for row in nodes for value in row.values() if value.startswith(("=", "+", "-", "@"))]


def test_networkx_reads_cytoscapes_json(either: Network) -> None:
    read = nx.cytoscape_graph(json.loads(text(either, "cytoscape")))
    assert read.is_directed()
    assert (list(read.nodes), set(read.edges)) == (keys(either), edges(either))


def test_cytoscape_js_reads_its_json(either: Network, tmp_path: Path) -> None:
    node, judges = shutil.which("node"), HERE / "judges"
    if node is None or not (judges / "node_modules" / "cytoscape").is_dir():
        pytest.skip("node or cytoscape is not installed: npm ci --prefix tests/judges --ignore-scripts")
    file = tmp_path / "network.cyjs"
    file.write_bytes(b"".join(export_network(either, "cytoscape")))
    told = subprocess.run([node, str(judges / "network.js"), str(file)], capture_output=True, check=True, text=True)
    read = json.loads(told.stdout)
    assert (read["nodes"], {tuple(edge) for edge in read["edges"]}) == (keys(either), edges(either))
    assert read["listed_citations"] == [node.listed_citations for node in either.nodes]


@pytest.mark.parametrize("format", sorted(NETWORK_FORMATS))
def test_the_same_network_gives_the_same_bytes(network: Network, graph: llmcomp.Graph, format: str) -> None:
    pytest.importorskip("matplotlib")
    assert b"".join(export_network(network, format)) == b"".join(export_network(graph.network(cited=10), format))


def test_endings_name_formats() -> None:
    assert {network_format(f"x{ending}") for ending in NETWORK_FORMATS.values()} == set(NETWORK_FORMATS)
    assert [network_format(name) for name in ("a.JSON", "a.gv")] == ["cytoscape", "dot"]
    with pytest.raises(UsageError, match=r"'field\.jpg' ends in none of .*\.gexf.*--format"):
        network_format("field.jpg")
    with pytest.raises(UnknownName, match="gexf"):
        export_network(Network("", (), (), {}, 0, Basis(0, 0, 0, 0)), "gxef")


# -- reading lists


def test_each_work_is_read_behind_what_it_cites(network: Network) -> None:
    order = {place: n for n, place in enumerate(reading_places(network))}
    assert sorted(order) == list(range(len(network.nodes)))
    circles = igraph.Graph(len(network.nodes), list(network.links), directed=True).connected_components(mode="strong")
    part = circles.membership
    assert all(order[cited] < order[citing] for citing, cited in network.links if part[citing] != part[cited])


def test_a_circle_is_read_from_its_oldest(hostile: Network) -> None:
    told = "".join(piece.decode() for piece in export_network(hostile, "reading-list"))
    lines = told.splitlines()
    assert [line.partition(". ")[0] for line in lines[2:]] == [str(n + 1) for n in range(len(hostile.nodes))]
    assert "<script>" not in told


def test_a_reading_list_names_authors_place_and_key(graph: llmcomp.Graph) -> None:
    told = b"".join(export_network(graph.network(around=["GPTQ"]), "reading-list")).decode()
    assert told.startswith("# Reading list: what is within 1 citation of frantar2022gptq\n\n1. ")
    assert (
        "Elias Frantar, Saleh Ashkboos, Torsten Hoefler, and others. [GPTQ: Accurate Post-Training Quantization for "
        "Generative Pre-trained Transformers](https://arxiv.org/abs/2210.17323). ICLR 2023. "
        "`frantar2022gptq`, cited by 29"
    ) in told


# -- colours


MACHADO = {  # full strength: https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html
    "protanopia": (0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
    "deuteranopia": (0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
    "tritanopia": (1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900),
    "none": (1, 0, 0, 0, 1, 0, 0, 0, 1),
}


def lab(colour: str, seen: tuple[float, ...]) -> tuple[float, float, float]:
    """The colour in CIE L*a*b*, as it is seen."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (min(1, max(0, sum(seen[3 * n + m] * linear[m] for m in range(3)))) for n in range(3))
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("sight", MACHADO)
def test_colours_are_told_apart_with_any_colour_vision(sight: str) -> None:
    seen = {colour: lab(colour, MACHADO[sight]) for colour in (*COLOURS, REST, "#ffffff")}
    near = {
        (one, other): sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        for one, other in combinations(seen, 2)
    }
    # 2.3 is what an eye just notices (Mahy, Van Eycken and Oosterlinck 1994)
    assert min(near.values()) > 5 * 2.3, min(near, key=lambda pair: near[pair])


def test_groups_beyond_the_colours_have_another_shape() -> None:
    many = tuple(
        Node(Work(f"w:{n}", f"k{n}", "T", categories=(f"c{n:02d}",) if n else ()), True, 2020.0, 0, 0, 0.0, 0, 0.0, 0)
        for n in range(20)
    )
    made = groups(Network("", many, (), {}, 0, Basis(0, 0, 20, 20)))
    assert len({(group.colour, group.shape) for group in made}) == len(made) == 20
    assert (made[-1].name, made[-1].colour) == ("", REST)


def test_years_go_from_dark_to_light(network: Network) -> None:
    made = [group for group in groups(network, "year") if group.name]
    light = [lab(group.colour, MACHADO["none"])[0] for group in made]
    assert [group.name for group in made] == sorted(group.name for group in made)
    assert light == sorted(light)


# -- figures


def test_no_dot_covers_another_and_no_name_anything(network: Network) -> None:
    drawn = bands(network, groups(network), 2010, 2026, 450)
    dots = [dot for band in drawn for dot in band.dots]
    for one, other in combinations(dots, 2):
        apart = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
        assert apart >= one.radius + other.radius
    for band in drawn:
        assert all(band.bottom <= dot.box[1] and dot.box[3] <= band.top for dot in band.dots)
    named = [(dot, network.nodes[dot.place].work.key) for dot in sorted(dots, key=lambda d: -d.radius)[:40]]
    written = list(labels(dots, named, (450, drawn[0].top), lambda name: 4 * len(name)))
    assert len(written) > 20
    for label in written:
        assert not any(cover(label.box, dot.box) for dot in dots)
    assert not any(cover(one.box, other.box) for one, other in combinations(written, 2))
    leaders = [label.leader for label in written if label.leader]
    assert leaders
    assert not any(crosses(leader, label.box) for leader in leaders for label in written)


@pytest.mark.parametrize("by", ["category", "community", "year"])
def test_a_figure_is_drawn(network: Network, by: Any) -> None:
    pytest.importorskip("matplotlib")
    drawn = figure(network, "svg", Style(by, 10, 8.6)).decode()
    root = ElementTree.fromstring(drawn)
    assert abs(float((root.get("width") or "").removesuffix("pt")) - 8.6 * 72 / 2.54) < 0.1
    assert "<script" not in drawn
    assert "<date" not in drawn


def test_a_figure_spells_categories_out_and_says_what_colours_of_years_mean(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.text import Text

    written: list[str] = []
    monkeypatch.setattr(Text, "draw", lambda self, _: written.append(self.get_text()))
    figure(network, "svg")
    assert "KV Cache Compression" in written
    assert any(" et al. 20" in text for text in written)  # a title that names no method
    written.clear()
    figure(network, "svg", Style("year"))
    assert any(text.startswith("published ") for text in written)


def test_a_selected_category_is_one_group(graph: llmcomp.Graph) -> None:
    chosen = graph.network(Selection(categories=("quantization",)))
    assert any(len(node.work.categories) > 1 for node in chosen.nodes)
    assert [group.name for group in groups(chosen)] == ["quantization"]
    cells = {row["category"] for row in csv.DictReader(io.StringIO(text(chosen, "csv-nodes"), newline=""))}
    assert cells == {"quantization"}


def test_colours_of_files_mean_what_was_asked(network: Network) -> None:
    by_category, by_year = (b"".join(export_network(network, "gexf", Style(by))) for by in ("category", "year"))
    assert by_category != by_year


def test_letters_of_a_pdf_are_letters(network: Network) -> None:
    pytest.importorskip("matplotlib")
    drawn = figure(network, "pdf")
    assert drawn.startswith(b"%PDF-")
    assert b"/Type3" not in drawn
    assert b"/CreationDate" not in drawn


def test_hostile_titles_are_drawn(hostile: Network) -> None:
    pytest.importorskip("matplotlib")
    assert figure(hostile, "png").startswith(b"\x89PNG")


def test_what_cannot_be_drawn() -> None:
    pytest.importorskip("matplotlib")

    def of(works: int, time: float | None) -> Network:
        node = Node(Work("w:1", "k", "T"), True, time, 0, 0, 0.0, 0, 0.0, 0)
        return Network("", (node,) * works, (), {}, 0, Basis(0, 0, works, works))

    with pytest.raises(UsageError, match="of none of these works is it known when it appeared"):
        figure(of(1, None), "svg")
    with pytest.raises(UsageError, match="5001 works cannot be told apart on a page; at most 5000 are drawn"):
        figure(of(5001, 2020.0), "svg")
    assert undrawn(of(3, None)) == 3
    assert figure(of(1, 2020.0), "svg")


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, network: Network) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OutsideError, match=re.escape("Run: pip install 'llmcomp[figures]'")):
        figure(network, "svg")


# -- the command


class Said(NamedTuple):
    """What a command left: exit code, standard output and error."""

    code: int
    out: bytes
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(built: Built, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    def _run(*args: str) -> Said:
        monkeypatch.setenv("LLMCOMP_GRAPH", str(built.path))
        capfdbinary.readouterr()
        code = main.run(["graph", *args])
        out, err = capfdbinary.readouterr()
        return Said(code, out, err.decode("utf-8"))

    return _run


def test_the_command_writes_what_the_library_does(run: Run, graph: llmcomp.Graph, tmp_path: Path) -> None:
    network = graph.network(Selection(categories=("quantization",)), around=["frantar2022gptq"], depth=2, cited=3)
    file = tmp_path / "near.gexf"
    options = ("-c", "quantization", "--around", "frantar2022gptq", "--depth", "2", "--cited", "3")
    said = run(*options, "-o", str(file))
    assert (said.code, said.out) == (0, b"")
    assert file.read_bytes() == b"".join(export_network(network, "gexf"))
    assert said.err.startswith(
        f"what is within 2 citations of frantar2022gptq among 271 quantization papers: {len(network.nodes)} works, "
        f"{len(network.links)} citations\nrests on 19 reference lists, 19 of them complete; "
    )
    assert run(*options).out == b"".join(export_network(network, "graphml"))


def test_the_command_draws(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    said = run("--around", "GPTQ", "--colour", "year", "--labels", "3", "-o", str(tmp_path / "gptq.png"))
    assert said.code == 0
    assert (tmp_path / "gptq.png").read_bytes().startswith(b"\x89PNG")


def test_what_the_command_refuses(run: Run) -> None:
    assert run("--around", "frantar2022gptqq").code == 2
    assert run("--depth", "2").err == (
        "Error: --depth is how far from the works of --around, and none is named. Name one.\n"
    )
    assert run("--colour", "year", "--format", "pajek").err == (
        "Error: --colour is for gexf, dot, svg, png, pdf; pajek holds no colours. Leave it out.\n"
    )
    assert run("-o", "field.jpg").code == 2
    assert run("--width", "9", "--format", "dot").err == (
        "Error: --width is for figures (svg, png, pdf), and dot is none. Leave it out.\n"
    )
    said = run("--limit", "5", "--format", "csv")
    assert "680 more; a larger --limit takes them in\n" in said.err
