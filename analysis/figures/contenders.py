"""Rules and learners side by side on the same fresh networks: what `trifactor evaluate --json` has found."""

from typing import Any

import numpy as np
from matplotlib.colors import Normalize

from . import style
from .drawing import Drawing, finish
from .origin import Origin

_LINES: list[tuple[str, str, Any, str]] = [
    ("ceiling", "ideal observer", ":", "#000000"),
    ("shortcut", "shortcut", (0, (1, 1.5)), "#D55E00"),
]


def draw(report: dict[str, Any], origin: Origin) -> Drawing | None:
    """A panel a configuration, a line a contender: mean late accuracy with its 95 % interval.

    Contenders keep the order of the report. A hollow mark: no rule learned in this configuration (hand-made rules,
    rivals, transferred rules). None for a report without entries.
    """
    if not report["entries"]:
        return None
    names = list(dict.fromkeys(entry["contender"] for entry in report["entries"]))
    figure, axes = style.panels(len(report["targets"]), height=0.7 + 0.2 * len(names))
    for axis, target in zip(axes, report["targets"]):
        for key, name, dash, colour in _LINES:
            axis.axvline(target[key], linestyle=dash, color=colour, linewidth=0.9, label=name, zorder=1)
        for entry in _of(report, target):
            place = names.index(entry["contender"])
            score = entry["late_accuracy"]
            if score["mean"] is None:
                continue
            if score["low"] is not None:
                axis.plot([score["low"], score["high"]], [place, place], color=style.LEARNED, linewidth=1.2, zorder=2)
            face = style.LEARNED if entry["learned_here"] else "white"
            axis.plot(
                score["mean"], place, "o", color=style.LEARNED, markerfacecolor=face, markersize=4, zorder=3,
                clip_on=False,
            )  # fmt: skip
            if entry["diverged"]:
                axis.annotate(
                    f"{entry['diverged']}/{entry['networks']} div.",
                    (1, place),
                    xycoords=("axes fraction", "data"),
                    ha="right",
                    va="center",
                    fontsize=style.NOTE,
                    color=style.BAD,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
                )
        axis.set_yticks(range(len(names)), [style.wrap(_short(name), 2.4, 7) for name in names], fontsize=style.NOTE)
        axis.set_ylim(len(names) - 0.5, -0.5)
        axis.grid(axis="y", color="#EEEEEE", linewidth=0.5)
        axis.set_axisbelow(True)
        axis.set_xlabel("late accuracy")
        low, high = axis.get_xlim()
        axis.set_xlim(max(0, low), min(1, high))
        style.heading(axis, target["label"], min(3, len(axes)))
    style.legend(figure, axes)
    note = (
        f"Means over {report['networks']} fresh networks (seed {report['seed']}), the same for all contenders, with "
        "95 % bootstrap intervals (over rules where there are several); filled: learned in this configuration."
    )
    return finish(figure, origin, "contenders", note)


def draw_transfer(report: dict[str, Any], origin: Origin) -> Drawing | None:
    """The transfer matrix: contenders down, configurations across, late accuracy in the boxes, bold with a star where
    the rule was learned. None unless a learned rule has been tested where it was not learned."""
    targets = [target["label"] for target in report["targets"]]
    scored = {(e["contender"], e["target"]): e for e in report["entries"] if e["late_accuracy"]["mean"] is not None}
    home = {name for (name, _), entry in scored.items() if entry["learned_here"]}
    if not any(name in home and not entry["learned_here"] for (name, _), entry in scored.items()):
        return None
    names = list(dict.fromkeys(entry["contender"] for entry in report["entries"]))
    values = np.full((len(names), len(targets)), np.nan)
    for (name, target), entry in scored.items():
        values[names.index(name), targets.index(target)] = entry["late_accuracy"]["mean"]
    figure, axes = style.grid(1, 1, height=0.7 + 0.26 * len(names), share_y=False, wide=True)
    axis = axes[0][0]
    span = Normalize(0.5, 1, clip=True)
    image = axis.imshow(values, cmap="cividis", norm=span, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            learned = scored[names[row], targets[column]]["learned_here"]
            axis.text(
                column,
                row,
                f"{value:.3f}" + (" *" if learned else ""),
                ha="center",
                va="center",
                fontsize=style.NOTE,
                color="black" if span(value) > 0.55 else "white",
                fontweight="bold" if learned else "normal",
            )
    labels = [target.replace(" ", "\n") for target in targets]
    axis.set_xticks(range(len(targets)), labels, fontsize=style.NOTE)
    axis.set_yticks(range(len(names)), [style.wrap(_short(name), 2.4, 7) for name in names], fontsize=style.NOTE)
    axis.tick_params(length=0)
    axis.set_xlabel("tested on")
    axis.set_ylabel("rule")
    axis.spines[:].set_visible(False)
    figure.colorbar(image, ax=axis, pad=0.02, label="late accuracy", extend="min")
    note = f"Means over {report['networks']} fresh networks (seed {report['seed']}); *: learned on this configuration."
    return finish(figure, origin, "transfer", note)


def _of(report: dict[str, Any], target: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in report["entries"] if entry["target"] == target["label"]]


def _short(name: str) -> str:
    """`learned rule.degree=3 task=x` as `d=3, learned on x`; other names as they are."""
    if not name.startswith("learned "):
        return name
    parts = dict(part.split("=", 1) for part in name.split(" ")[1:] if "=" in part)
    task = parts.pop("task", None)
    degree = parts.pop("rule.degree", None)
    words = ([f"d={degree}"] if degree else []) + [f"{path}={value}" for path, value in parts.items()]
    return ", ".join([*words, f"learned on {task}" if task else "learned"])
