"""Draws what `trifactor audit` has measured: errors of the tangents by trial, and how good each estimator is.

A result folder that holds `audit.json` gets these figures among the others (`make figures`); alone:

    trifactor audit SWEEP --trials 500 --json > audit.json
    python -m analysis.figures.audit audit.json [--to FOLDER]
"""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from trifactor import command

from . import estimators, horizons, style
from .document import read
from .drawing import Drawing, finish
from .origin import Origin

# What `trifactor audit --json` always holds.
FIELDS = ("cell", "verdict", "lifetimes", "slope", "estimators", "rewardTangents", "cumulatedRewardTangents",
          "weightTangents")  # fmt: skip
# Largest error that the audit accepts, and the level that the paper reports.
TOLERANCE = 1e-5
_Z = 1.96


def draw(audit: dict[str, Any]) -> Drawing:
    """Two panels: relative errors by trial on a logarithmic axis, and signal-to-noise of one GFLOP by estimator.

    Trials where no difference settled have no point. By coefficient: `estimators.draw`.
    """
    figure, (errors, signal) = style.panels(2, height=2.6, columns=2, share_y=False)
    _draw_errors(errors, audit)
    _draw_signal(signal, audit)
    note = (
        "Left: forward tangents against central differences in double precision, relative L2 error over the "
        "coefficients whose differences settle. Right: mean over standard deviation of one estimate, divided by the "
        "square root of its GFLOP, with its 95 % interval (normal theory, coefficients as independent); above the bars "
        "|bias| / |dJ|, in brackets where no coefficient's bias is beyond three standard errors. Dotted: the largest "
        "error that the audit accepts."
    )
    return finish(figure, Origin.of(audit), "audit", note)


def _draw_errors(axis: Axes, audit: dict[str, Any]) -> None:
    series = [
        ("Rdot of the trial", audit["rewardTangents"]),
        ("Rdot, cumulated", audit["cumulatedRewardTangents"]),
        ("U", audit["weightTangents"]),
    ]
    for index, (label, rows) in enumerate(series):
        shown = [row for row in rows if row.get("error") is not None and row["error"] > 0]
        if not shown:
            continue
        # A few trials looked at closely are points, a whole lifetime is a line.
        look = style.look(index) | ({"linestyle": "none"} if len(shown) <= 3 else {"marker": ""})
        axis.plot([row["trial"] for row in shown], [row["error"] for row in shown], label=label, **look)
    axis.axhline(TOLERANCE, color=style.FAINT, linewidth=0.6, linestyle=(0, (1, 2)))
    axis.set_yscale("log")
    axis.set_ylim(top=100 * TOLERANCE)
    axis.set_xlabel("trial")
    axis.set_ylabel("relative error")
    if axis.get_legend_handles_labels()[0]:
        axis.legend()


def _draw_signal(axis: Axes, audit: dict[str, Any]) -> None:
    rows = audit["estimators"]
    size = np.sqrt(sum((mean.get("mean") or 0) ** 2 for mean in audit["slope"]))
    for index, row in enumerate(rows):
        value, low, high = signal_to_noise(row)
        axis.bar(index, value, color=style.COLOURS[index % len(style.COLOURS)])
        axis.errorbar(
            index, value, yerr=[[value - low], [high - value]], color="#444444", capsize=2.5, elinewidth=1, fmt="none"
        )
        if size > 0:
            text = _ratio(_norm(row["bias"]) / size)
            text = text if _is_seen(row["bias"]) else f"({text})"
            axis.annotate(
                text, (index, high), xytext=(0, 2), textcoords="offset points", ha="center", va="bottom",
                fontsize=style.NOTE,
            )  # fmt: skip
    axis.set_xticks(range(len(rows)), [row["name"] for row in rows])
    axis.set_ylabel("signal/noise at 1 GFLOP")
    axis.margins(y=0.15)
    axis.set_ylim(bottom=0)


def signal_to_noise(row: dict[str, Any]) -> tuple[float, float, float]:
    """Signal to noise of one GFLOP, as the audit gives it, with a 95 % interval.

    The audit's |mean|^2 is the sum of m^2 - s^2 over the coefficients, m a mean and s its standard error; were these
    normal and independent, its variance would be the sum of 4 m^2 s^2 + 2 s^4.
    """
    cost = np.sqrt(row["gigaflop"])
    value = float((row.get("signalToNoise") or 0) / cost)
    means = np.array([[mean.get("mean") or 0, mean.get("error") or 0] for mean in row["gradient"]], dtype=float)
    noise = np.sqrt(row["estimates"] * (means[:, 1] ** 2).sum())
    if noise == 0:
        return value, value, value
    square = (means[:, 0] ** 2 - means[:, 1] ** 2).sum()
    half = _Z * np.sqrt((4 * (means[:, 0] * means[:, 1]) ** 2 + 2 * means[:, 1] ** 4).sum())
    low, high = (float(np.sqrt(max(0.0, end)) / noise / cost) for end in (square - half, square + half))
    return value, min(low, value), max(high, value)


def _ratio(value: float) -> str:
    """Two digits without an exponent."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}" if value >= 0.01 else "< 0.01"


def _is_seen(means: Sequence[dict[str, Any]]) -> bool:
    """True where the bias of some coefficient is more than three standard errors."""
    return any(abs(mean.get("mean") or 0) > 3 * (mean.get("error") or np.inf) for mean in means)


def _norm(means: Sequence[dict[str, Any]]) -> float:
    """|mean|, with the square that noise adds taken off."""
    square = sum((mean.get("mean") or 0) ** 2 - (mean.get("error") or 0) ** 2 for mean in means)
    return float(np.sqrt(max(0, square)))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.figures.audit", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("audit", type=command.named, help="what `trifactor audit --json` has printed")
    parser.add_argument("--to", type=command.named, help="folder for the figure; that of the file unless given")
    options = parser.parse_args(arguments)
    audit = read(options.audit, FIELDS, "trifactor audit --json")
    folder = command.writable(options.to or options.audit.parent)
    for drawing in (draw(audit), estimators.draw(audit), horizons.draw(audit)):
        if drawing:
            print(drawing.save(folder))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
