"""What a network meets: one trial of each condition of the sweep's tasks."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trifactor.program import ask

from . import style
from .drawing import Drawing, finish
from .sweep import Cell, Sweep
from .values import label

Arrays = dict[str, NDArray[Any]]
MOST_CONDITIONS = 4


def draw(sweep: Sweep) -> Drawing | None:
    """A row a task, a panel a condition (at most four): inputs u in blue, targets y in black where they count, the
    response window in grey, over time in ms. Trials are drawn by `trifactor tasks --draw` with the settings of
    the task's first cell. None where every cell has several tasks.
    """
    shown = []
    for task in sweep.values("task"):
        cell = next(cell for cell in sweep.cells if cell["task"] == label(task))
        if isinstance(task, str) and not set("[,+") & set(task):
            shown.append((task, cell, trials(sweep.program, cell, sweep.folders)))
    if not shown:
        return None
    columns = min(MOST_CONDITIONS, max(len(drawn["condition"]) for _, _, drawn in shown))
    figure, axes = style.grid(len(shown), columns, height=1.5, share_y=False, share_x=False)
    hidden = 0
    for row, (task, cell, drawn) in enumerate(shown):
        count = len(drawn["condition"])
        hidden += max(0, count - columns)
        picked = np.unique(np.linspace(0, count - 1, min(count, columns)).round().astype(int))
        for column in range(columns):
            axis = axes[row][column]
            if column >= len(picked):
                axis.set_axis_off()
                continue
            panel(axis, drawn, picked[column], float(cell.settings.get("time.step", 15)), column == 0)
            if column == 0:
                axis.set_ylabel(style.wrap(task, 1.5))
            if row == len(shown) - 1:
                axis.set_xlabel("ms")
    note = "u: inputs, y: targets where they count, each around its zero line; grey: response window."
    if hidden:
        note += f" {hidden} more conditions are not shown."
    if differing := _differing(sweep):
        note += f" Cells of one task differ in {', '.join(differing)}: drawn with the settings of the first."
    return finish(figure, sweep.origin, "trials", note)


def _differing(sweep: Sweep) -> list[str]:
    """Settings of the task itself that take several values under one task."""
    found: dict[str, None] = {}
    for task in sweep.values("task"):
        cells = [cell for cell in sweep.cells if cell["task"] == label(task)]
        for path in dict.fromkeys(path for cell in cells for path in cell.settings):
            shapes = path in ("form", "time.step", "time.trial") or path.startswith("options.")
            if shapes and len({cell[path] for cell in cells}) > 1:
                found[path] = None
    return list(found)


def trials(program: str, cell: Cell, folders: Sequence[Path] = ()) -> Arrays:
    """Arrays u (C, T, M), y (C, T, K), window (C, T) and condition (C) of one trial a condition.

    The task of a file is that which one of the result folders keeps.
    """
    settings = cell.settings
    kept = [path for one in folders for path in sorted((Path(one) / "tasks" / settings["task"]).glob("task.*"))]
    task = kept[0] if kept else settings["task"]
    options = ["--step", _text(settings.get("time.step", 15))]
    if not kept and settings.get("form") not in (None, "none"):
        options += ["--form", settings["form"]]
    if settings.get("time.trial") not in (None, "none"):
        options += ["--trial", _text(settings["time.trial"])]
    for path, value in settings.items():
        if path.startswith("options.") and value not in (None, "none"):
            options += ["--option", f"{path.removeprefix('options.')}={_text(value)}"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trials.npz"
        ask(program, "tasks", task, *options, "--draw", file)
        with np.load(file) as arrays:
            return {name: arrays[name] for name in arrays.files}


def panel(axis: Axes, drawn: Arrays, index: int, step: float, names: bool) -> None:
    """One trial: inputs above, targets below, each around its own zero line, at one scale for all conditions."""
    u, y, window = drawn["u"][index], drawn["y"][index], drawn["window"][index] > 0
    time = np.arange(len(u) + 1) * step
    zeros, places = [], []
    top = 0.0
    in_window = np.where(drawn["window"][:, :, None] > 0, drawn["y"], 0)
    for kind, values, everywhere in (("y", y, in_window), ("u", u, drawn["u"])):
        low, high = min(0.0, everywhere.min()), max(0.0, everywhere.max())
        for channel in reversed(range(values.shape[1])):
            zero = top - low
            top = zero + high + 0.25 * max(high - low, 0.5)
            trace = values[:, channel] if kind == "u" else np.where(window, values[:, channel], np.nan)
            axis.axhline(zero, color="#BBBBBB", linewidth=0.5, zorder=1)
            axis.step(
                time, np.append(trace, trace[-1]) + zero, where="post", zorder=2,
                color=style.LEARNED if kind == "u" else "black", linewidth=0.9 if kind == "u" else 1.6,
            )  # fmt: skip
            zeros.append(f"{kind}{channel}")
            places.append(zero)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], window.astype(int), [0]])))
    for start, end in zip(edges[::2], edges[1::2]):
        axis.axvspan(start * step, end * step, color="#E4E4E4", linewidth=0, zorder=0)
    axis.set_yticks(places, zeros if names else [""] * len(zeros), fontsize=style.NOTE)
    axis.set_ylim(-0.15 * top / max(1, len(zeros)), top)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.set_xlim(0, time[-1])
    axis.set_title(f"condition {drawn['condition'][index]}", fontsize=8)


def _text(value: Any) -> str:
    """A setting as an argument of the program."""
    if isinstance(value, list):
        return ",".join(map(_text, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip("[]").replace(" ", "")
