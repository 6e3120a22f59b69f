"""Learning curves: what a fresh network does over a lifetime under each learned rule."""

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep
from .values import label


def draw(sweep: Sweep, metric: str = "accuracy") -> Drawing | None:
    """A panel a column, a curve a row, and theta = 0 in grey: what `trifactor table --curves` says.

    A curve is the interquartile mean over runs, in 20 equal parts of the lifetime; a run is the mean of its networks.
    From the trial at which a network diverges on it counts with accuracy 0 or reward -2 (0 if binary). Bands are
    95 % bootstrap intervals over runs, over networks where there is one run. None where there is nothing to draw.
    """
    if all(sweep.networks(cell) is None for cell in sweep.cells):
        return None
    sweep.refuse_pooling("learning curves", "trials")
    if metric == "reward":
        sweep.refuse_pooling("rewards", "reward")
    answer = sweep.curves(metric)
    curves = {(label(one["row"]), label(one["column"])): one for one in answer["curves"]}
    columns = [one for one in sweep.column_values if any(column == label(one) for _, column in curves)]
    figure, axes = style.panels(len(columns))
    looks = style.looks(sweep.row_values)
    for axis, column in zip(axes, columns):
        for index, (row, look) in enumerate(zip(sweep.row_values, looks)):
            curve = curves.get((label(row), label(column)))
            if curve is None:
                continue
            axis.plot(
                curve["trials"], curve["iqm"], label=sweep.row_label(row), markevery=(index % 5, 5), markersize=3.2,
                **look,
            )  # fmt: skip
            if None not in (*curve["low"], *curve["high"]):
                shade = style.shade(len(looks))
                axis.fill_between(
                    curve["trials"], curve["low"], curve["high"], color=look["color"], alpha=shade, linewidth=0
                )
        for none in answer["unlearned"]:
            if label(none["column"]) == label(column):
                axis.plot(
                    none["trials"], none["mean"], color=style.FAINT, linestyle=(0, (1, 1)), linewidth=1,
                    label="no plasticity",
                )  # fmt: skip
        style.heading(axis, sweep.column_title(column), min(3, len(columns)))
        axis.margins(x=0.02)
    style.bound_score(axes, metric)
    style.name_outer(axes, "trial", metric)
    style.legend(figure, axes, sweep.row_title)
    single = any(curve["resampled"] == "networks" for curve in curves.values())
    unit = "networks where there is one run, else runs" if single else "runs"
    note = f"Interquartile mean over runs in 20 parts of the lifetime; bands: 95 % bootstrap interval over {unit}."
    return finish(figure, sweep.origin, f"learning-{metric}", note + sweep.pooling("a run is the mean over them"))
