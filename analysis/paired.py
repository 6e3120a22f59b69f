"""Rules against each other, paired by meta-seed, from files of `analysis.tested`.

    python -m analysis.paired scores.csv --rows rule --columns critic --tasks cue-association,delayed-xor
    python -m analysis.paired scores.csv --vary mean --baseline none --by rule,critic --tasks delayed-nonmatch

The first prints a table of late reward and late accuracy: interquartile mean over seeds and its 95 % bootstrap
interval; a seed counts with its mean over the tasks. The second prints what another value of one column does where all
columns of `--by` are the same: the mean difference of late reward, paired by seed, its 95 % bootstrap interval, its
effect size (mean over standard deviation), that of late accuracy, and Wilcoxon's signed-rank p for the reward, by
itself and after Holm's correction over all rows of the table. Several files are read as one, in their common columns.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import bootstrap, degrees, rules
from trifactor import command

Rows = Sequence[Mapping[str, str]]
# A mean over tasks by seed.
BySeed = dict[int, float]

MEASURES = {"late_reward": "late reward", "late_accuracy": "late accuracy"}
_DECIMALS = 12


def chosen(rows: Rows, where: Mapping[str, Sequence[str]], tasks: Sequence[str] = ()) -> list[Mapping[str, str]]:
    """The rows of learned rules whose columns have one of these values, on these tasks (all if none is named)."""
    return [
        row
        for row in rows
        if row["seed"]
        and (not tasks or row["task"] in tasks)
        and all(row[name] in values for name, values in where.items())
    ]


def conditions(texts: Sequence[str]) -> dict[str, list[str]]:
    """`COLUMN=VALUE|VALUE` by column. Raises CommandError for what is none."""
    for text in texts:
        if "=" not in text:
            raise command.CommandError(f"--where {text}: give COLUMN=VALUE or COLUMN=VALUE|VALUE")
    return {name: values.split("|") for name, _, values in (text.partition("=") for text in texts)}


def by_seed(rows: Rows, columns: Sequence[str], measure: str) -> dict[tuple[str, ...], BySeed]:
    """The score of every seed by the values of `columns`: its mean over tasks. A seed that lacks a task is left out.

    Raises CommandError where two rows of one seed and task differ in a column that is not named.
    """
    found: dict[tuple[str, ...], dict[int, dict[str, float]]] = {}
    for row in rows:
        scores = found.setdefault(tuple(row[name] for name in columns), {}).setdefault(int(row["seed"]), {})
        if row["task"] in scores:
            raise command.CommandError(
                f"two rows of seed {row['seed']} and task {row['task']} have {', '.join(columns)} in common; name the "
                "column in which they differ, or choose one of its values by --where"
            )
        scores[row["task"]] = float(row[measure])
    count = 1 if "task" in columns else len({row["task"] for row in rows})
    return {
        place: {seed: float(np.mean(list(scores.values()))) for seed, scores in seeds.items() if len(scores) == count}
        for place, seeds in found.items()
    }


def is_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) is not None


def table(rows: Rows, down: Sequence[str], across: str, measure: str) -> str:
    """Interquartile means over seeds as Markdown; `down` and `across` in the order in which the rows have them, columns
    that are numbers by their size."""
    found = by_seed(rows, [*down, across], measure)
    columns = list(dict.fromkeys(row[across] for row in rows))
    if all(map(is_number, columns)):
        columns.sort(key=float)
    lines = ["| " + " | ".join([*down, *columns, "seeds"]) + " |", "|" + "---|" * (len(down) + len(columns) + 1)]
    for place in dict.fromkeys(tuple(row[name] for name in down) for row in rows):
        entries = [_runs(found.get((*place, column), {})) for column in columns]
        counts = sorted({len(entry) for entry in entries})
        seeds = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
        lines.append("| " + " | ".join([*place, *map(_entry, entries), seeds]) + " |")
    return "\n".join(lines)


def differences(rows: Rows, vary: str, baseline: str, by: Sequence[str]) -> str:
    """What every other value of `vary` does against the baseline, as Markdown; Holm over all rows."""
    rewards, accuracies = (by_seed(rows, [*by, vary], measure) for measure in MEASURES)
    values = [value for value in dict.fromkeys(row[vary] for row in rows) if value != baseline]
    names, pairs = [], []
    for place in dict.fromkeys(tuple(row[name] for name in by) for row in rows):
        for value in values:
            mine, theirs = (*place, value), (*place, baseline)
            if mine in rewards and theirs in rewards:
                names.append([*place, f"{value} - {baseline}"])
                pairs.append((_minus(rewards[mine], rewards[theirs]), _minus(accuracies[mine], accuracies[theirs])))
    tests = [degrees.signed_rank(reward) for reward, _ in pairs]
    heads = [*by, vary, "seeds", "late reward", "effect size", "late accuracy", "p", "p Holm"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for name, (reward, accuracy), p, adjusted in zip(names, pairs, tests, degrees.holm(tests)):
        size = f"{reward.mean() / reward.std(ddof=1):+.2f}" if len(reward) > 1 and reward.std(ddof=1) > 0 else "-"
        entries = [str(len(reward)), _difference(reward), size, _difference(accuracy)]
        lines.append("| " + " | ".join([*name, *entries, degrees.p_text(p), degrees.p_text(adjusted)]) + " |")
    return "\n".join(lines)


def _minus(mine: BySeed, theirs: BySeed) -> NDArray[Any]:
    """Differences of the seeds that both have, in their order."""
    return np.round([mine[seed] - theirs[seed] for seed in sorted(set(mine) & set(theirs))], _DECIMALS)


def _runs(scores: BySeed) -> NDArray[Any]:
    return np.array([scores[seed] for seed in sorted(scores)])


def _entry(runs: NDArray[Any]) -> str:
    if len(runs) < 2:
        return f"{runs[0]:.3f}" if len(runs) else "-"
    return degrees.entry(runs)


def _difference(values: NDArray[Any]) -> str:
    if len(values) < 2:
        return f"{values[0]:+.3f}" if len(values) else "-"
    low, high = bootstrap.stratified_bootstrap([values], bootstrap.mean)
    return f"{values.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def read(path: Any) -> list[rules.Row]:
    """The rows of a file of `analysis.tested`."""
    rows = rules.read(path)
    if not rows or not {"rule", "seed", "task", *MEASURES} <= set(rows[0]):
        raise command.CommandError(
            f"{path}: no file of tested rules; `python -m analysis.tested OUT --to FILE.csv` writes one", command.DATA
        )
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.paired", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=command.named, nargs="+", metavar="FILE.csv", help="what `analysis.tested` wrote")
    parser.add_argument("--rows", default="rule", metavar="COLUMNS", help="what stands down the table (rule)")
    parser.add_argument("--columns", default="task", metavar="COLUMN", help="what stands across (task)")
    parser.add_argument("--tasks", default="", metavar="TASKS", help="only these tasks, joined by commas")
    parser.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE|VALUE", help="only these rows")
    parser.add_argument("--vary", metavar="COLUMN", help="print differences between the values of this column")
    parser.add_argument("--baseline", metavar="VALUE", help="the value that the others are compared with")
    parser.add_argument("--by", default="", metavar="COLUMNS", help="columns that both sides have in common")
    options = parser.parse_args(arguments)
    parts = [read(file) for file in options.files]
    common = [name for name in parts[0][0] if all(name in part[0] for part in parts)]
    rows = [{name: row[name] for name in common} for part in parts for row in part]
    files = " ".join(map(str, options.files))
    where = conditions(options.where)
    by = [name for name in options.by.split(",") if name]
    down = options.rows.split(",")
    named = [*where, *by, *([options.vary] if options.vary else [*down, options.columns])]
    if unknown := [name for name in named if name not in rows[0]]:
        raise command.CommandError(f"{files}: no column {unknown[0]}; it has {', '.join(rows[0])}")
    kept = chosen(rows, where, [task for task in options.tasks.split(",") if task])
    if not kept:
        raise command.CommandError(f"{files}: no row is left; look at --where and --tasks")
    if options.vary is None:
        tables = [f"**{title}**\n\n{table(kept, down, options.columns, name)}" for name, title in MEASURES.items()]
        print("\n\n".join(tables))
        return 0
    if options.baseline not in {row[options.vary] for row in kept}:
        values = ", ".join(dict.fromkeys(row[options.vary] for row in kept))
        raise command.CommandError(f"--baseline {options.baseline}: {options.vary} is one of {values}")
    print(differences(kept, options.vary, options.baseline, by))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
