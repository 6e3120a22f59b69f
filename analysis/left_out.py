"""What a rule loses on the task that it was not learned on, from a file of `analysis.tested --columns learned-on`.

    python -m analysis.left_out scores.csv

A row a task: its late reward and accuracy under rules learned on all tasks of the file and on all others, as
interquartile means over meta-seeds with 95 % bootstrap intervals; the difference, paired by seed; Wilcoxon's
signed-rank p of the reward after Holm's correction over the tasks. The last row is the mean over tasks of every seed.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import bootstrap, degrees, paired, tested
from trifactor import command

_DECIMALS = 12
# By seed and task: the score of the rule learned on all tasks, and of the one learned on the others.
Pairs = dict[str, dict[int, tuple[float, float]]]


def pairs(rows: Sequence[Mapping[str, str]], measure: str) -> Pairs:
    """Scores by task and seed, of rules tested elsewhere than on networks of their own, which differ between rules.

    Raises CommandError where no rule was learned on all tasks, or on all but one.
    """
    whole = max((frozenset(row["learned-on"].split("+")) for row in rows if row["seed"]), key=len)
    found: dict[str, dict[int, dict[bool, float]]] = {}
    for row in rows:
        learned = frozenset(row["learned-on"].split("+"))
        elsewhere = row["seed"] and row["test"] != tested.OWN
        if elsewhere and row["task"] in whole and learned in (whole, whole - {row["task"]}):
            found.setdefault(row["task"], {}).setdefault(int(row["seed"]), {})[learned == whole] = float(row[measure])
    both = {
        task: {seed: (scores[True], scores[False]) for seed, scores in sorted(seeds.items()) if len(scores) == 2}
        for task, seeds in sorted(found.items())
    }
    if not any(both.values()):
        raise command.CommandError("no task has rules learned with it and without it, of one seed")
    return {task: seeds for task, seeds in both.items() if seeds}


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """The table as Markdown."""
    rewards, accuracies = (pairs(rows, measure) for measure in paired.MEASURES)
    names = [*rewards, "mean over tasks"]
    columns = [(_array(rewards[task]), _array(accuracies[task])) for task in rewards]
    columns.append((_pooled(rewards), _pooled(accuracies)))
    tests = [degrees.signed_rank(_minus(reward)) for reward, _ in columns[:-1]]
    heads = ["left out", "seeds", "late reward, learned with it", "without it", "difference", "late accuracy, with it"]
    lines = ["| " + " | ".join([*heads, "without it", "difference", "p Holm"]) + " |", "|" + "---|" * (len(heads) + 3)]
    adjusted = [*map(degrees.p_text, degrees.holm(tests)), "-"]
    for name, (reward, accuracy), p in zip(names, columns, adjusted):
        entries = [str(len(reward))]
        for scores in (reward, accuracy):
            low, high = bootstrap.stratified_bootstrap([_minus(scores)], bootstrap.mean)
            gap = f"{_minus(scores).mean():+.3f} [{low:+.3f}, {high:+.3f}]"
            entries += [degrees.entry(scores[:, 0]), degrees.entry(scores[:, 1]), gap]
        lines.append("| " + " | ".join([name, *entries, p]) + " |")
    return "\n".join(lines)


def _array(seeds: Mapping[int, tuple[float, float]]) -> NDArray[Any]:
    """Seeds x (with, without)."""
    return np.array([seeds[seed] for seed in sorted(seeds)])


def _pooled(found: Pairs) -> NDArray[Any]:
    """The mean over tasks of the seeds that all of them have."""
    common = sorted(set.intersection(*(set(seeds) for seeds in found.values())))
    return np.mean([[seeds[seed] for seed in common] for seeds in found.values()], axis=0)


def _minus(scores: NDArray[Any]) -> NDArray[Any]:
    return np.round(scores[:, 1] - scores[:, 0], _DECIMALS)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.left_out", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=command.named, metavar="FILE.csv", help="what `analysis.tested` wrote")
    file = parser.parse_args(arguments).file
    rows = paired.read(file)
    if not {"learned-on", "test"} <= set(rows[0]):
        raise command.CommandError(f"{file}: no column learned-on; give --columns learned-on to `analysis.tested`")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
