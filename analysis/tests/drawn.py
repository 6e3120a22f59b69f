"""What a figure shows, for tests to look at: its texts, their sizes, and which of them touch."""

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text


def texts(figure: Figure) -> list[Text]:
    """Every text in sight that says something."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def smallest(figure: Figure) -> float:
    """The smallest size of a text, in points."""
    return min(float(text.get_fontsize()) for text in texts(figure))


def ticks(axis, along):
    """Tick labels in sight, in the order of their places."""
    which = axis.xaxis if along == "x" else axis.yaxis
    low, high = sorted(which.get_view_interval())
    slack = 1e-9 * (high - low)
    return [
        tick.label1
        for tick in [*which.get_major_ticks(), *which.get_minor_ticks()]
        if low - slack <= tick.get_loc() <= high + slack and tick.label1.get_visible() and tick.label1.get_text()
    ]


def touching(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of tick labels of one axis, and of titles and legends of the figure, that overlap."""
    figure.draw_without_rendering()
    found = []
    for axis in figure.axes:
        if axis.get_visible():
            for along in "xy":
                boxes = [(text.get_window_extent(), text.get_text()) for text in ticks(axis, along)]
                boxes.sort(key=lambda one: (one[0].x0, one[0].y0))
                found += [(a[1], b[1]) for a, b in combinations(boxes, 2) if overlap(a[0], b[0])]
    titles = [axis.title for axis in figure.axes if axis.get_visible() and axis.title.get_text()]
    boxes = [(text.get_window_extent(), text.get_text()) for text in titles]
    boxes += [(legend.get_window_extent(), "the legend") for legend in figure.legends]
    found += [(a[1], b[1]) for a, b in combinations(boxes, 2) if overlap(a[0], b[0])]
    return found


def overlap(one, other, slack=0.5) -> bool:
    """True where two boxes share more than a line of pixels."""
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > slack and min(one.y1, other.y1) - max(one.y0, other.y0) > slack
    )
