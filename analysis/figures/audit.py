"""Draws what `trifactor audit` has measured: errors of the tangents by trial, and how good each estimator is.

A result folder that holds `audit.json` gets these figures among the others (`make figures`); alone:

    trifactor audit SWEEP --trials 500 --json > audit.json
    python -m analysis.figures.audit audit.json [--to FOLDER]
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

# So that the file also runs as a program from elsewhere.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from analysis.figures import estimators, style  # noqa: E402
from analysis.figures.origin import Origin  # noqa: E402

# Largest error that the audit accepts, and the level that the paper reports.
TOLERANCE = 1e-5


def draw(audit, folder, name="audit"):
    """Two panels: relative errors by trial on a logarithmic axis, and signal-to-noise of one GFLOP by estimator.

    Trials where no difference settled have no point. Returns the path of the PNG. By coefficient: `estimators.draw`.
    """
    figure, (errors, signal) = style.panels(2, height=2.6, columns=2, share_y=False)
    _draw_errors(errors, audit)
    _draw_signal(signal, audit)
    note = (
        "Left: forward tangents against central differences in double precision, relative L2 error over the "
        "coefficients whose differences settle. Right: mean over standard deviation of one estimate, divided by the "
        "square root of its GFLOP; above the bars |bias| / |dJ|, in brackets where no coefficient's bias is beyond three standard errors. Dotted: "
        "the largest error that the audit accepts."
    )
    return style.finish(figure, Origin.of(audit), name, folder, note)


def _draw_errors(axis, audit):
    series = [("Rdot of the trial", audit["rewardTangents"]), ("Rdot, cumulated", audit["cumulatedRewardTangents"]),
              ("U", audit["weightTangents"])]
    for index, (label, rows) in enumerate(series):
        rows = [row for row in rows if row.get("error") is not None and row["error"] > 0]
        if not rows:
            continue
        # A few trials looked at closely are points, a whole lifetime is a line.
        look = style.look(index) | ({"linestyle": "none"} if len(rows) <= 3 else {"marker": ""})
        axis.plot([row["trial"] for row in rows], [row["error"] for row in rows], label=label, **look)
    axis.axhline(TOLERANCE, color="#777777", linewidth=0.6, linestyle=(0, (1, 2)))
    axis.set_yscale("log")
    axis.set_ylim(top=100 * TOLERANCE)
    axis.set_xlabel("trial")
    axis.set_ylabel("relative error")
    if axis.get_legend_handles_labels()[0]:
        axis.legend()


def _draw_signal(axis, audit):
    rows = audit["estimators"]
    size = np.sqrt(sum((mean.get("mean") or 0) ** 2 for mean in audit["slope"]))
    for index, row in enumerate(rows):
        value = (row.get("signalToNoise") or 0) / np.sqrt(row["gigaflop"])
        axis.bar(index, value, color=style.COLOURS[index % len(style.COLOURS)])
        bias = _norm(row["bias"])
        if size > 0:
            text = _ratio(bias / size)
            axis.annotate(text if _is_seen(row["bias"]) else f"({text})", (index, value), ha="center", va="bottom", fontsize=6.5)
    axis.set_xticks(range(len(rows)), [row["name"] for row in rows], rotation=30, ha="right")
    axis.set_ylabel("signal/noise at 1 GFLOP")
    axis.margins(y=0.12)


def _ratio(value):
    """Two digits without an exponent."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}" if value >= 0.01 else "< 0.01"


def _is_seen(means):
    """True where the bias of some coefficient is more than three standard errors."""
    return any(abs(mean.get("mean") or 0) > 3 * (mean.get("error") or np.inf) for mean in means)


def _norm(means):
    """|mean|, with the square that noise adds taken off."""
    square = sum((mean.get("mean") or 0) ** 2 - (mean.get("error") or 0) ** 2 for mean in means)
    return np.sqrt(max(0, square))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m analysis.figures.audit", description=__doc__.splitlines()[0])
    parser.add_argument("audit", type=Path, help="what `trifactor audit --json` has printed")
    parser.add_argument("--to", type=Path, help="folder for the figure; that of the file unless given")
    options = parser.parse_args(arguments)
    try:
        audit = json.loads(options.audit.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"error: {options.audit}: {error}", file=sys.stderr)
        return 64
    folder = options.to or options.audit.parent
    print(*filter(None, [draw(audit, folder), estimators.draw(audit, folder)]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
