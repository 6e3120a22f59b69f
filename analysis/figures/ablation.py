"""Performance by polynomial degree (or any other setting): intervals beside every reference policy."""

from matplotlib.ticker import MaxNLocator

from . import program, style

_TITLES = {"accuracy": "late accuracy", "reward": "late reward"}
_POLICIES = [
    ("ceiling", "ideal observer", ":", "#000000"),
    ("start", "start rule", "--", "#009E73"),
    ("none", "no plasticity", "-.", "#777777"),
    ("shortcut", "shortcut", (0, (1, 1.5)), "#D55E00"),
]


def draw(sweep, folder, metric="accuracy"):
    """One panel a task; interquartile mean over runs with its 95 % interval, runs behind it as dots.

    A setting of numbers is drawn along the axis, one of names at equal distances. Marks below the axis count what
    diverged, failed or is still to come. Returns the path of the PNG, or None where the sweep has no results.
    """
    table = program.table(sweep.program, sweep.folders, sweep.rows, metric=metric)
    tasks = [task for task in table["column_values"] if any(c["iqm"] is not None for c in _column(table, task))]
    if not tasks:
        return None
    figure, axes = style.panels(len(tasks))
    labels = [sweep.label(value) for value in table["row_values"]]
    for number, (axis, task) in enumerate(zip(axes, tasks)):
        cells = _column(table, task)
        places = {label: place for place, label in enumerate(labels)}
        _policies(axis, cells, metric)
        for cell in cells:
            place = places[sweep.label(cell["row"])]
            runs = sweep.run_scores(cell["row"], task, metric)
            step = min(1, len(labels) / 5)
            aside = [place - step * (0.16 + 0.14 * (7 * i % 11) / 10) for i in range(len(runs))]
            axis.plot(aside, runs, "o", color="#0072B2", alpha=0.35, markersize=2.2, markeredgewidth=0, zorder=2)
            _mark(axis, place, cell)
        drawn = [c for c in cells if c["iqm"] is not None]
        x = [places[sweep.label(c["row"])] for c in drawn]
        y = [c["iqm"] for c in drawn]
        low = [c["iqm"] - (c["low"] if c["low"] is not None else c["iqm"]) for c in drawn]
        high = [(c["high"] if c["high"] is not None else c["iqm"]) - c["iqm"] for c in drawn]
        axis.errorbar(
            x, y, yerr=[low, high], fmt="o-", color="#0072B2", capsize=2.5, linewidth=1, markersize=4,
            elinewidth=1.3, zorder=3, label="learned rule" if number == 0 else None,
        )
        long = len(labels) * max(map(len, labels)) > 40
        axis.set_xticks(range(len(labels)), labels, rotation=30 if long else 0, ha="right" if long else "center")
        axis.set_xlim(-0.5, len(labels) - 0.5)
        axis.margins(y=0.12)
        axis.yaxis.set_major_locator(MaxNLocator(6))
        axis.set_xlabel(sweep.title(sweep.rows))
        axis.set_title(sweep.label(task))
    axes[0].set_ylabel(_TITLES[metric])
    style.legend(figure, axes[0])
    return style.finish(figure, sweep, f"ablation-{metric}", folder, _note(table))


def _column(table, task):
    return [cell for cell in table["cells"] if cell["column"] == task]


def _policies(axis, cells, metric):
    """Reference lines; a policy that differs between rows is drawn at their mean."""
    for key, name, dash, colour in _POLICIES:
        values = [cell[key] for cell in cells if cell[key] is not None]
        if values:
            axis.axhline(sum(values) / len(values), linestyle=dash, color=colour, linewidth=0.9, label=name, zorder=1)


def _mark(axis, place, cell):
    """What did not end well, in words under the entry: never dropped."""
    parts = []
    if cell["diverged"]:
        parts.append(f"{cell['diverged']} div.")
    if cell["failed"]:
        parts.append(f"{cell['failed']} failed")
    if cell["unfinished"]:
        parts.append(f"{cell['unfinished']} to come")
    if parts:
        axis.annotate(
            "\n".join(parts), (place, 0), xycoords=("data", "axes fraction"), xytext=(0, 2),
            textcoords="offset points", ha="center", va="bottom", fontsize=5.5, color="#D55E00",
        )


def _note(table):
    runs = sorted({cell["runs"] for cell in table["cells"] if cell["runs"]})
    span = f"{runs[0]}" if len(runs) == 1 else f"{runs[0]} to {runs[-1]}"
    over = "runs" if any(cell["resampled"] == "runs" for cell in table["cells"]) else "networks of the one run"
    text = (
        f"Interquartile mean over {span} runs an entry, bars: 95 % stratified-bootstrap interval over {over}; "
        "dots: runs (means of fresh networks)."
    )
    if any(cell["diverged_networks"] for cell in table["cells"]):
        score = "accuracy 0" if table["metric"] == "accuracy" else "reward -2, 0 where it is binary"
        text += f" Diverged networks count ({score})."
    if table["pooled"]:
        text += " Pooled over " + ", ".join(sorted(table["pooled"])) + "."
    return text
