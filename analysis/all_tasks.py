"""The table of `sweeps/all-tasks.yaml`: learned rules beside no plasticity, the start, random rules and a tuned cubic.

    python -m analysis.all_tasks out/all-tasks-evaluated        # the --out of `trifactor evaluate`

Every contender meets the same fresh networks, so differences are taken network by network. Where a row has several
rules (meta-seeds), a network counts with the mean over them; intervals are 95 % bootstraps over networks (that of
`trifactor table`), and the span over meta-seeds stands beside them.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import bootstrap
from trifactor import command, shards

# Scores of rules x networks, by column.
Columns = dict[str, NDArray[np.float64]]

COLUMNS = ("none", "start", "random", "cubic", "learned")
RIVAL = "node-perturbation"


def contender(settings: Mapping[str, Any]) -> str | None:
    """The column of a cell: a learned rule whose theta was frozen is the tuned cubic; None for any other contender.

    The random control of the tuned cubic is no column: its norm is 1, not that of the learned rule.
    """
    name: str = settings["evaluate.contender"]
    if name in ("none", "start", RIVAL):
        return name
    kind, _, where = name.partition(" ")
    frozen = "meta.learn=" in where and "theta" not in where.partition("meta.learn=")[2]
    return {("learned", False): "learned", ("learned", True): "cubic", ("random", False): "random"}.get((kind, frozen))


def scores(sweep: shards.Sweep, field: str) -> dict[str, Columns]:
    """By task and column: rules x networks; a diverged network counts as accuracy 0 or reward -2.

    Tests that are not complete and tasks without all columns are left out, with a line on the error output.
    """
    complete = {int(key) for results in sweep.results.values() for key in results["cell"]}
    found: dict[str, dict[str, list[Any]]] = {}
    for records in sweep.evaluations.values():
        for key in np.unique(records["cell"]):
            settings = sweep.cells[f"{int(key):016x}"]["settings"]
            column = contender(settings)
            rows = np.sort(records[records["cell"] == key], order="network")
            if column and int(key) in complete:
                found.setdefault(settings["task"], {}).setdefault(column, []).append(rows[field])
    for task in [task for task in found if not set(COLUMNS) <= set(found[task])]:
        print(f"{task}: only {', '.join(found.pop(task))}; left out", file=sys.stderr)
    return {task: {name: np.stack(rules) for name, rules in columns.items()} for task, columns in found.items()}


def interval(values: ArrayLike) -> tuple[float, float, float]:
    """Mean over networks of the mean over rules, and its 95 % bootstrap interval over networks."""
    networks = bootstrap.mean(values)
    low, high = bootstrap.stratified_bootstrap([networks], bootstrap.mean)
    return float(networks.mean()), float(low), float(high)


def difference(columns: Columns, name: str) -> tuple[float, float, float]:
    """Learned minus another column, paired by network."""
    return interval((columns["learned"].mean(axis=0) - columns[name].mean(axis=0))[None])


def beats(columns: Columns) -> bool:
    """True where learned rules are better than no plasticity, the start and random rules, each beyond its interval."""
    return all(difference(columns, name)[1] > 0 for name in COLUMNS[:3])


def shortcuts(sweep: shards.Sweep) -> dict[str, float]:
    """Accuracy of the best policy that ignores part of the task, by task."""
    return {cell["settings"]["task"]: cell["shortcut"] for cell in sweep.cells.values()}


def _score(columns: Columns, name: str) -> str:
    return "{:.3f} [{:.3f}, {:.3f}]".format(*interval(columns[name])) if name in columns else "-"


def table(found: Mapping[str, Columns], order: Sequence[str], shortcut: Mapping[str, float] | None = None) -> str:
    """The scores as Markdown, one row a task; `shortcut` by task where the scores are accuracies."""
    has_seeds = any(len(found[task]["learned"]) > 1 for task in order)
    heads = ["task", *COLUMNS, RIVAL, "learned - random", "learned - cubic", "beats the first three"]
    heads += ["learned by meta-seed"] if has_seeds else []
    heads += ["shortcut", "beats it"] if shortcut else []
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for task in order:
        columns = found[task]
        cells = [_score(columns, name) for name in (*COLUMNS, RIVAL)]
        seeds = columns["learned"].mean(axis=1)
        gaps = ["{:+.3f} [{:+.3f}, {:+.3f}]".format(*difference(columns, name)) for name in ("random", "cubic")]
        cells += [*gaps, "yes" if beats(columns) else "no"]
        cells += [f"{seeds.min():.3f} ... {seeds.max():.3f}"] if has_seeds else []
        if shortcut:
            cells += [f"{shortcut[task]:.3f}", "yes" if interval(columns["learned"])[1] > shortcut[task] else "no"]
        lines.append(f"| {task} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.all_tasks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=command.named, metavar="FOLDER", help="the --out of `trifactor evaluate`")
    sweep = shards.sound(parser.parse_args(arguments).folder)
    if not all("evaluate.contender" in cell["settings"] for cell in sweep.cells.values()):
        raise command.CommandError(f"{sweep.folder}: no test of contenders; give the --out of `trifactor evaluate`")
    for line in sweep.left_out:
        print(f"note: {line}", file=sys.stderr)
    for field, title in (("late_accuracy", "Late accuracy"), ("late_reward", "Late reward")):
        found = scores(sweep, field)
        order = [task for task in dict.fromkeys(c["settings"]["task"] for c in sweep.cells.values()) if task in found]
        if not order:
            raise command.CommandError(
                f"{sweep.folder}: no task has been tested with all of {', '.join(COLUMNS)}; run `trifactor evaluate` "
                "to its end, with --random"
            )
        rules, networks = found[order[0]]["learned"].shape
        won = sum(beats(found[task]) for task in order)
        seeds = f"{rules} meta-seed{'s' * (rules > 1)}"
        print(f"{title}, {networks} fresh networks, {seeds}; {won} of {len(order)} tasks won\n")
        print(table(found, order, shortcuts(sweep) if field == "late_accuracy" else None) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
