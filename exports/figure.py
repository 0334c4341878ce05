"""A network as a figure for a paper: years from left to right, a band for each group, sizes by citations.

Each work is a dot at the month in which it appeared, its area grows with citations by listed works. The works that are
cited most bear their names, where these cover nothing (:mod:`llmcomp.exports.swarm`). Colours are those that the
colour-blind tell apart (:mod:`llmcomp.exports.colours`).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil, floor
from typing import Any, Literal, cast

from ..kg.errors import OutsideError, UsageError
from ..kg.model import Work
from ..kg.network import Network
from .colours import By, Group, groups
from .columns import method, surnames
from .style import PLAIN, Style
from .swarm import LARGEST, LETTERS, Band, bands, labels, radius

Format = Literal["svg", "png", "pdf"]
FIGURES: tuple[Format, ...] = ("svg", "png", "pdf")
MOST = 5000
"""How many works a figure holds at most; more cannot be told apart on a page."""
_SHAPES = ("o", "s", "^", "D", "v", "P", "X")
_AXIS, _LEGEND, _LEAST = 20.0, 24.0, 60.0
_FIXED = {"svg.hashsalt": "llmcomp", "svg.fonttype": "path", "pdf.fonttype": 42, "font.family": "DejaVu Sans"}
# a date would be another each time
_UNDATED: dict[Format, dict[str, str | None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None, "Creator": "llmcomp"},
    "png": {"Software": None},
}


def figure(network: Network, format: Format, style: Style = PLAIN) -> bytes:
    """Return a network as a figure: SVG with letters as outlines, PDF with its fonts embedded, or PNG of 300 dpi.

    The same network gives the same bytes. Works of which no time is known are left out (:func:`undrawn`). Raises
    OutsideError where matplotlib is not installed, UsageError for what is too much for a page or has no time at all.
    """
    try:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise OutsideError(
            "figures need matplotlib, which is not installed. Run: pip install 'llmcomp[figures]'"
        ) from error
    if len(network.nodes) > MOST:
        raise UsageError(
            f"{len(network.nodes)} works cannot be told apart on a page; at most {MOST} are drawn. Select fewer, or "
            "give --limit, which keeps the most cited."
        )
    if undrawn(network) == len(network.nodes):
        raise UsageError("of none of these works is it known when it appeared, so there is no axis to draw them on.")
    with cast(Any, matplotlib).rc_context({**_FIXED, "font.size": LETTERS}):
        page: Any = Figure()
        FigureCanvasAgg(page)
        _draw(page, network, style)
        out = BytesIO()
        page.savefig(out, format=format, dpi=300, metadata=_UNDATED[format])
    return out.getvalue()


def undrawn(network: Network) -> int:
    """Return how many works a figure leaves out, for it is not known when they appeared."""
    return sum(node.time is None for node in network.nodes)


def _draw(page: Any, network: Network, style: Style) -> None:
    times = [node.time for node in network.nodes if node.time is not None]
    first, last = floor(min(times)), max(times) + 1 / 12
    made = groups(network, style.by)
    rows = [Group("", tuple(range(len(network.nodes))), "")] if style.by == "year" else made
    left = 8 + max(_width(_name(group, network, style.by)) for group in rows) if len(rows) > 1 else LARGEST
    whole = style.width * 72 / 2.54
    across = whole - left - LARGEST - 8
    if across < _LEAST:
        raise UsageError(f"a figure {style.width:g} cm wide has no room for its names. Make it wider with --width.")
    drawn = bands(network, rows, first, last, across)
    height = drawn[0].top
    page.set_size_inches(whole / 72, (height + _AXIS + _LEGEND) / 72)
    tall = height + _AXIS + _LEGEND
    axes = page.add_axes((left / whole, _AXIS / tall, across / whole, height / tall))
    axes.set(xlim=(0, across), ylim=(0, height), yticks=[])
    _years(axes, first, last, across)
    _citations(axes, network, drawn)
    colours = {place: group for group in made for place in group.works}
    for n, band in enumerate(drawn):
        if len(rows) > 1:
            if n % 2 == 0:
                axes.axhspan(band.bottom, band.top, color="#f4f4f4", lw=0, zorder=0)
            axes.text(-6, (band.bottom + band.top) / 2, _name(band.group, network, style.by), ha="right", va="center")
        for dot in band.dots:
            group = colours[dot.place]
            shape = _SHAPES[group.shape % len(_SHAPES)]
            edge = {"markeredgewidth": 0.4, "markeredgecolor": "white"}
            axes.plot(
                [dot.x], [dot.y], shape, color=group.colour, markersize=2 * dot.radius, zorder=3, clip_on=False, **edge
            )
    _names(axes, network, drawn, style.labels, (across, height))
    middle = (_AXIS + height + _LEGEND / 2) / tall
    _sizes(page, network, drawn, (1 - 4 / whole, middle))
    if style.by == "year":
        _colours_of_years(page, made, (4 / whole, middle))


def _years(axes: Any, first: int, last: float, across: float) -> None:
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_linewidth(0.5)
    step = max(1, ceil((last - first) / max(1, across / 30)))
    years = range(first, floor(last) + 1, step)
    axes.set_xticks([(year - first) / (last - first) * across for year in years], [str(year) for year in years])
    axes.tick_params(length=2, width=0.5, pad=2)


def _citations(axes: Any, network: Network, drawn: Sequence[Band]) -> None:
    from matplotlib.collections import LineCollection

    at = {dot.place: (dot.x, dot.y) for band in drawn for dot in band.dots}
    lines = [(at[a], at[b]) for a, b in network.links if a in at and b in at]
    faint = min(0.35, 12 / len(lines) ** 0.5) if lines else 0.0
    axes.add_collection(LineCollection(lines, colors="#444444", linewidths=0.25, alpha=faint, zorder=1))


def _names(axes: Any, network: Network, drawn: Sequence[Band], most: int, room: tuple[float, float]) -> None:
    """Write the names of the most cited works."""
    dots = [dot for band in drawn for dot in band.dots]

    def importance(place: int) -> tuple[int, int, str]:
        node = network.nodes[place]
        return -node.listed_citations, -node.citations, node.work.key

    wanted = sorted(dots, key=lambda dot: importance(dot.place))[:most]
    works = [(dot, network.nodes[dot.place].work) for dot in wanted]
    named = [(dot, method(work) or _cited(work)) for dot, work in works]
    for label in labels(dots, named, room, _width):
        left, bottom, _, top = label.box
        axes.text(left, (bottom + top) / 2, _plain(label.text), ha="left", va="center", zorder=4)
        if label.leader:
            x, y, to_x, to_y = label.leader
            axes.plot([x, to_x], [y, to_y], color="black", lw=0.4, zorder=4)


def _sizes(page: Any, network: Network, drawn: Sequence[Band], place: tuple[float, float]) -> None:
    """Say above the drawing what the sizes mean."""
    from matplotlib.lines import Line2D

    most = max((node.listed_citations for node in network.nodes), default=0)
    if not most:
        return
    shown = sorted({1, max(1, most // 4), most})
    dot = drawn[0].dots[0]
    scale = dot.radius / radius(network.nodes[dot.place].listed_citations, most)
    page.legend(
        [Line2D([], [], marker="o", lw=0, color="#777777", markersize=2 * scale * radius(n, most)) for n in shown],
        [f"cited by {n} listed work{'' if n == 1 else 's'}" if n == shown[0] else str(n) for n in shown],
        loc="center right",
        bbox_to_anchor=place,
        ncols=len(shown),
        frameon=False,
        borderpad=0,
        handletextpad=0.6,
        columnspacing=1.4,
    )


def _colours_of_years(page: Any, made: Sequence[Group], place: tuple[float, float]) -> None:
    """Say above the drawing what the colours mean: the years of publication, at most five of them."""
    from matplotlib.lines import Line2D

    years = [group for group in made if group.name]
    step = max(1, ceil((len(years) - 1) / 4))
    shown = [*years[:-1:step], *years[-1:]]
    page.legend(
        [Line2D([], [], marker="o", lw=0, color=group.colour, markersize=5) for group in shown],
        [f"published {group.name}" if n == 0 else group.name for n, group in enumerate(shown)],
        loc="center left",
        bbox_to_anchor=place,
        ncols=max(1, len(shown)),
        frameon=False,
        borderpad=0,
        handletextpad=0.3,
        columnspacing=1.0,
    )


def _name(group: Group, network: Network, by: By) -> str:
    if by == "category":
        return network.category_names.get(group.name, group.name) or "no category"
    return group.name or "no community"


def _cited(work: Work) -> str:
    """Return how a text would cite a work, its key where that is not known."""
    return f"{surnames(work)} {work.year}" if work.authors and work.year else work.key


def _plain(text: str) -> str:
    """Return a text whose dollars are dollars: matplotlib would read math between two."""
    return text.replace("$", r"\$")


def _width(text: str) -> float:
    """Return how wide a text is."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    path: Any = TextPath((0, 0), _plain(text), size=LETTERS, prop=FontProperties(family="DejaVu Sans"))
    return float(path.get_extents().x1) if text.strip() else 0.0
