"""One look for all figures: colour-blind safe, readable in grey, sized for print and for a screen."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from .sweep import Refusal
from .values import Scale, is_number

# Okabe and Ito (2008), ordered so that neighbours also differ in grey; yellow is left out, it fades in print.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
DASHES: list[Any] = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2))]
LEARNED, BAD, FAINT = COLOURS[0], "#D55E00", "#777777"

# Widths of one and two columns, inches.
ONE_COLUMN = 3.5
TWO_COLUMNS = 7.2
# Points; nothing in a figure is smaller than NOTE.
NOTE = 7.0

matplotlib.rcParams.update(
    {
        "figure.dpi": 100,
        "savefig.dpi": 200,
        "font.size": 9,
        "axes.titlesize": 9,
        "axes.labelsize": 9,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "legend.fontsize": 8,
        "legend.title_fontsize": 9,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.7,
        "axes.formatter.useoffset": False,
        "lines.linewidth": 1.3,
        "lines.markersize": 4,
        "svg.fonttype": "none",
        "svg.hashsalt": "trifactor",
        "pdf.fonttype": 42,
    }
)


def look(index: int) -> dict[str, Any]:
    """Colour, marker and dash of the index-th series; no two of the first 49 have marker and dash in common."""
    turn, place = divmod(index, len(MARKERS))
    return {"color": COLOURS[place], "marker": MARKERS[place], "linestyle": DASHES[(place + turn) % len(DASHES)]}


def looks(values: Sequence[Any]) -> list[dict[str, Any]]:
    """A look for each value of a setting. Many numbers take colours from dark to light, in their order.

    Raises Refusal for more values than can be told apart.
    """
    most = len(MARKERS) * len(DASHES)
    if len(values) > most:
        raise Refusal(f"{len(values)} series are more than can be told apart ({most}): keep some by --where")
    found = [look(index) for index in range(len(values))]
    if len(values) > len(COLOURS) and all(map(is_number, values)):
        shades = matplotlib.colormaps["viridis"](np.linspace(0, 0.9, len(values)))
        found = [one | {"color": to_hex(shade)} for one, shade in zip(found, shades)]
    return found


def shade(count: int) -> float:
    """Opacity of the bands of so many series."""
    return min(0.15, 0.6 / max(1, count))


def panels(count: int, height: float = 2.3, columns: int = 3, share_y: bool = True) -> tuple[Figure, list[Axes]]:
    """A figure with one axis a panel, in rows of at most `columns`; returns the figure and the list of axes."""
    columns = min(columns, count)
    figure, axes = grid(-(-count // columns), columns, height, share_y=share_y, share_x=False)
    flat = list(axes.flat)
    for axis in flat[count:]:
        axis.set_visible(False)
    return figure, flat[:count]


def grid(
    rows: int,
    columns: int,
    height: float = 1.7,
    share_y: bool | str = "row",
    share_x: bool | str = True,
    wide: bool = False,
) -> tuple[Figure, np.ndarray[Any, Any]]:
    """A figure with rows x columns axes; returns it and the array of axes. `wide`: two columns of print for one."""
    width = ONE_COLUMN + 0.4 if columns == 1 and not wide else TWO_COLUMNS
    figure = Figure(figsize=(width, height * rows + 0.3), layout="constrained")
    axes: np.ndarray[Any, Any] = figure.subplots(rows, columns, squeeze=False, sharey=share_y, sharex=share_x)  # type: ignore[arg-type]
    return figure, axes


def wrap(text: str, inches: float, size: float = 9) -> str:
    """A text in lines that fit a width; breaks after spaces, commas, equals and plus signs, and dots of paths."""
    room = max(8, int(inches * 72 / (0.56 * size)))
    if len(text) <= room:
        return text
    spaced = re.sub(r"([,=+](?=\S)|\.(?=[a-z]))", "\\1\u200b ", text)
    lines = textwrap.wrap(spaced, room, break_long_words=False)
    return "\n".join(lines).replace("\u200b ", "").replace("\u200b", "")


def heading(axis: Axes, text: str, columns: int) -> None:
    """The title of a panel in a figure of so many columns."""
    figure = axis.get_figure(root=True)
    assert figure is not None
    axis.set_title(wrap(text, figure.get_figwidth() / columns - 0.3))


def name_outer(axes: Sequence[Axes], x: str, y: str, columns: int = 3) -> None:
    """Names of the axes of `panels`: x below the lowest of each column, y at the left."""
    for place, axis in enumerate(axes):
        if place + columns >= len(axes):
            axis.set_xlabel(x)
        if place % columns == 0:
            axis.set_ylabel(y)


def label_y(axis: Axes, text: str, inches: float) -> None:
    """The name of a vertical axis of this height."""
    axis.set_ylabel(wrap(text, inches))


def bound_score(axes: Iterable[Axes], metric: str) -> None:
    """Accuracies end at 1 and begin at 0; rewards have no such bounds in sight."""
    if metric == "accuracy":
        for axis in axes:
            low, high = axis.get_ylim()
            axis.set_ylim(max(0, low), min(1, high))


def set_values(axis: Axes, scale: Scale) -> None:
    """Ticks along x at the values of a setting, each with its label."""
    if scale.kind == "log":
        axis.set_xscale("log")
    axis.set_xlim(*scale.limits)
    axis.set_xticks(scale.places, [wrap(text, 1.6, 8) for text in scale.labels])
    axis.minorticks_off()


def legend(figure: Figure, axes: Iterable[Axes], title: str | None = None) -> None:
    """One legend above all panels, of what any of them shows, in as many lines as the width needs."""
    named: dict[str, Any] = {}
    for axis in axes:
        for handle, name in zip(*axis.get_legend_handles_labels()):
            named.setdefault(name, handle)
    if not named:
        return
    room = figure.get_figwidth() * 72 - 20
    widest = max(map(len, named)) * 4.3 + 38
    columns = max(1, min(len(named), int(room // widest)))
    lines = -(-len(named) // columns) + (title is not None)
    figure.set_figheight(figure.get_figheight() + 0.17 * lines + 0.1)
    figure.legend(
        list(named.values()), list(named), loc="outside upper center", ncols=columns, title=title, handlelength=2.4
    )


def crowd(texts: Sequence[Text], gap: float = 2) -> bool:
    """True where neighbours among upright or turned tick labels touch."""
    boxes = [text.get_window_extent() for text in texts if text.get_text() and text.get_visible()]
    boxes.sort(key=lambda box: box.x0 + box.x1)
    return any(left.x1 + gap > right.x0 for left, right in pairwise(boxes))


def lay_out(figure: Figure) -> None:
    """Places everything, once. Labels along x that would touch are turned, and the figure grows by their height; where
    they still do, every second one is left out, and again."""
    figure.draw_without_rendering()
    turned = [axis for axis in figure.axes if axis.get_visible() and crowd(axis.get_xticklabels())]
    taller: dict[int, float] = {}
    for axis in turned:
        for text in axis.get_xticklabels():
            text.set_rotation(90)
        spec = axis.get_subplotspec()
        height = max(text.get_window_extent().height for text in axis.get_xticklabels()) / figure.dpi
        if spec is not None:
            taller[spec.rowspan.start] = max(taller.get(spec.rowspan.start, 0), height)
    if turned:
        figure.set_figheight(figure.get_figheight() + 0.9 * sum(taller.values()))
        figure.draw_without_rendering()
    for axis in turned:
        step = 1
        while crowd(axis.get_xticklabels(), gap=0) and step < 64:
            step *= 2
            for place, text in enumerate(axis.get_xticklabels()):
                text.set_visible(place % step == 0)
    # Saving would lay it out again, once for each format.
    figure.set_layout_engine("none")
