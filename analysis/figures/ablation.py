"""Performance by one setting in panels of another: intervals beside every reference policy."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep
from .values import is_number, label, scale

_TITLES = {"accuracy": "late accuracy", "reward": "late reward"}
_POLICIES: list[tuple[str, str, Any, str]] = [
    ("ceiling", "ideal observer", ":", "#000000"),
    ("start", "start rule", "--", "#009E73"),
    ("none", "no plasticity", "-.", style.FAINT),
    ("shortcut", "shortcut", (0, (1, 1.5)), style.BAD),
]


def draw(sweep: Sweep, metric: str = "accuracy") -> Drawing | None:
    """A panel a column, a place along its axis a row: the entries of `trifactor table`, runs beside them as dots.

    Numbers lie along the axis by size or logarithm, names at equal distances. Words below an entry count what diverged,
    failed or is still to come. None where the sweep has no results.
    """
    table = sweep.table(metric)
    columns = [one for one in sweep.column_values if any(c["iqm"] is not None for c in sweep.entries(metric, one))]
    if not columns:
        return None
    if metric == "reward":
        sweep.refuse_pooling("rewards", "reward")
    places = scale(sweep.row_values)
    # Names have no order that a line could follow.
    ordered = all(map(is_number, sweep.row_values))
    figure, axes = style.panels(len(columns))
    for axis, column in zip(axes, columns):
        entries = sweep.entries(metric, column)
        at = {label(row): place for place, row in enumerate(sweep.row_values)}
        _policies(axis, entries)
        for entry in entries:
            place = at[label(entry["row"])]
            runs = sweep.run_scores(entry["row"], column, metric)
            aside = [places.beside(place, -(0.08 + 0.16 * (7 * i % 11) / 10)) for i in range(len(runs))]
            axis.plot(
                aside,
                runs,
                "o",
                color=style.LEARNED,
                alpha=0.35,
                markersize=2.2,
                markeredgewidth=0,
                zorder=2,
                clip_on=False,
            )
            _mark(axis, places.places[place], entry)
        drawn = [entry for entry in entries if entry["iqm"] is not None]
        middle = [entry["iqm"] for entry in drawn]
        low = [entry["iqm"] - (entry["iqm"] if entry["low"] is None else entry["low"]) for entry in drawn]
        high = [(entry["iqm"] if entry["high"] is None else entry["high"]) - entry["iqm"] for entry in drawn]
        axis.errorbar(
            [places.places[at[label(entry["row"])]] for entry in drawn], middle, yerr=[low, high],
            fmt="o-" if ordered else "o",
            color=style.LEARNED, capsize=2.5, linewidth=1, markersize=4, elinewidth=1.3, zorder=3,
            label="learned rule", clip_on=False,
        )  # fmt: skip
        style.set_values(axis, places)
        axis.margins(y=0.12)
        axis.yaxis.set_major_locator(MaxNLocator(6))
        style.heading(axis, sweep.column_title(column), min(3, len(columns)))
    style.bound_score(axes, metric)
    style.name_outer(axes, sweep.row_title, _TITLES[metric])
    style.legend(figure, axes)
    return finish(figure, sweep.origin, f"ablation-{metric}", _note(sweep, table))


def _policies(axis: Axes, entries: list[dict[str, Any]]) -> None:
    """Reference lines; a policy that differs between rows is drawn from the lowest to the highest, as a band."""
    for key, name, dash, colour in _POLICIES:
        values = [entry[key] for entry in entries if entry[key] is not None]
        if not values:
            continue
        axis.axhline(sum(values) / len(values), linestyle=dash, color=colour, linewidth=0.9, label=name, zorder=1)
        if max(values) - min(values) > 0.002:
            axis.axhspan(min(values), max(values), color=colour, alpha=0.08, linewidth=0, zorder=0)


def _mark(axis: Axes, place: float, entry: dict[str, Any]) -> None:
    """What did not end well, in words under the entry: never dropped."""
    words = (("diverged", "div."), ("failed", "failed"), ("unfinished", "to come"))
    parts = [f"{entry[key]} {word}" for key, word in words if entry[key]]
    if parts:
        axis.annotate(
            "\n".join(parts), (place, 0), xycoords=("data", "axes fraction"), xytext=(0, 2),
            textcoords="offset points", ha="center", va="bottom", fontsize=style.NOTE, color=style.BAD,
        )  # fmt: skip


def _note(sweep: Sweep, table: dict[str, Any]) -> str:
    runs = sorted({entry["runs"] for entry in table["cells"] if entry["runs"]})
    span = f"{runs[0]}" if len(runs) == 1 else f"{runs[0]} to {runs[-1]}"
    over = "runs" if any(entry["resampled"] == "runs" for entry in table["cells"]) else "networks of the one run"
    text = (
        f"Interquartile mean over {span} run{'s' * (runs != [1])} an entry, bars: 95 % stratified-bootstrap interval "
        f"over {over}; dots: runs (means of fresh networks). Reference policies: mean over the rows, shaded from the "
        "lowest to the highest."
    )
    if any(entry["diverged_networks"] for entry in table["cells"]):
        score = "accuracy 0" if table["metric"] == "accuracy" else "reward -2, 0 where it is binary"
        text += f" Diverged networks count ({score})."
    return text + sweep.pooling("a run is the mean over them")
