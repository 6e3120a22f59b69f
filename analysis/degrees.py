"""The tables of a degree ablation from the scores of its cells, without its result folder and without trifactor.

    python -m analysis.degrees sweeps/results/degree-ablation.csv          # what `analysis.rules --scores` wrote
    python -m analysis.degrees sweeps/results/degree-ablation.csv --over-tasks
    python -m analysis.degrees sweeps/results/degree-ablation-rules.csv --negative 1,3     # what `analysis.rules` wrote

Prints Markdown: late accuracy and late reward by degree and task, and every degree against the one below it, paired by
seed. The statistics are those of `trifactor table` and `trifactor compare`, on the same random numbers; only the family
of Holm's correction is another: all steps of all tasks for one measure, where the program's are all rows of one output.
With --over-tasks every step over all tasks at once: its mean, and in how many pairs of cells it goes up. With
--negative K,L how many of the learned rules have theta[K,L] below 0.
"""

import argparse
import math
import re
import sys
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import bootstrap, rules
from trifactor import command

Array = NDArray[Any]

# Scores in the order of seeds, by task and degree.
Scores = dict[tuple[str, int], Array]

MEASURES = {"late_accuracy": "Late accuracy", "late_reward": "Late reward"}
_DECIMALS = 12


def scores(rows: Sequence[Mapping[str, str]], measure: str) -> Scores:
    """The scores of one measure. Raises CommandError where the cells of two degrees do not have the same seeds."""
    found: dict[tuple[str, int], dict[int, float]] = {}
    for row in rows:
        try:
            place, seed, score = (row["task"], int(row["degree"])), int(row["seed"]), float(row[measure])
        except (KeyError, TypeError, ValueError) as error:
            raise command.CommandError(
                f"no file of scores ({error!r}); `analysis.rules OUT --scores` writes one"
            ) from error
        found.setdefault(place, {})[seed] = score
    for task in {task for task, _ in found}:
        if len({tuple(sorted(seeds)) for (name, _), seeds in found.items() if name == task}) > 1:
            raise command.CommandError(f"{task}: its degrees have not the same seeds, so nothing can be paired")
    return {place: np.array([seeds[seed] for seed in sorted(seeds)]) for place, seeds in sorted(found.items())}


def entry(runs: Array) -> str:
    """Interquartile mean over runs and its 95 % bootstrap interval."""
    low, high = bootstrap.stratified_bootstrap([runs])
    return f"{bootstrap.interquartile_mean(runs):.3f} [{low:.3f}, {high:.3f}]"


def table(found: Scores) -> str:
    """Degrees down, tasks across."""
    tasks, degrees = list(dict.fromkeys(task for task, _ in found)), sorted({degree for _, degree in found})
    lines = ["| rule.degree | " + " | ".join(tasks) + " |", "|" + "---|" * (len(tasks) + 1)]
    for degree in degrees:
        entries = [entry(found[task, degree]) if (task, degree) in found else "-" for task in tasks]
        lines.append(f"| {degree} | " + " | ".join(entries) + " |")
    return "\n".join(lines)


def references(rows: Sequence[Mapping[str, str]], measure: str) -> str:
    """The rows of no plasticity and of the start rule: means over all cells of a task."""
    tasks = sorted({row["task"] for row in rows})
    lines = []
    for role, name in (("none", "no plasticity"), ("start", "start rule")):
        means = [np.mean([float(row[f"{role}_{measure}"]) for row in rows if row["task"] == task]) for task in tasks]
        lines.append(f"| {name} | " + " | ".join(map(_halves_up, means)) + " |")
    return "\n".join(lines)


def steps(found: Scores) -> str:
    """Every degree against the one below it, paired by seed; Holm over all rows."""
    pairs = [(task, degree) for task, degree in found if (task, degree - 1) in found]
    differences = [np.round(found[task, degree] - found[task, degree - 1], _DECIMALS) for task, degree in pairs]
    tests = [signed_rank(one) for one in differences]
    lines = ["| task | step | difference | 95 % over seeds | effect size | P(better) | p | p Holm |", "|" + "---|" * 8]
    for (task, degree), one, p, adjusted in zip(pairs, differences, tests, holm(tests)):
        low, high = bootstrap.stratified_bootstrap([one], bootstrap.mean)
        better = improvement(found[task, degree], found[task, degree - 1])
        values = [f"{one.mean():+.3f}", f"[{low:+.3f}, {high:+.3f}]", f"{one.mean() / one.std(ddof=1):+.2f}"]
        values += [f"{better:.3f}", p_text(p), p_text(adjusted)]
        lines.append(f"| {task} | {degree - 1} to {degree} | " + " | ".join(values) + " |")
    return "\n".join(lines)


def over_tasks(found: Scores) -> str:
    """Every step over all tasks: the mean of their means, the pairs of cells that go up, the least and the most."""
    lines = ["| step | mean | up | least | most |", "|" + "---|" * 5]
    for degree in sorted({degree for task, degree in found if (task, degree - 1) in found}):
        tasks = {
            task: np.round(runs - found[task, degree - 1], _DECIMALS)
            for (task, at), runs in found.items()
            if at == degree and (task, degree - 1) in found
        }
        means = {task: float(one.mean()) for task, one in tasks.items()}
        up, of = sum(int((one > 0).sum()) for one in tasks.values()), sum(len(one) for one in tasks.values())
        ends = [
            f"{means[task]:+.3f}, {task}"
            for task in (min(means, key=means.__getitem__), max(means, key=means.__getitem__))
        ]
        values = [f"{np.mean(list(means.values())):+.3f}", f"{up} of {of}", *ends]
        lines.append(f"| {degree - 1} to {degree} | " + " | ".join(values) + " |")
    return "\n".join(lines)


def negative(rows: Sequence[Mapping[str, str]], k: int, l: int) -> str:
    """Degrees down, tasks across: how many rules have theta[k,l] below 0, of how many."""
    found: dict[tuple[int, str], list[bool]] = {}
    for row in rows:
        degree, theta = int(row["degree"]), row["theta"].split()
        if degree >= max(k, l):
            found.setdefault((degree, row["task"]), []).append(float(theta[k * (degree + 1) + l]) < 0)
    if not found:
        raise command.CommandError(f"--negative {k},{l}: no rule is of degree {max(k, l)} or more", command.USAGE)
    tasks = sorted({task for _, task in found})
    lines = [f"| theta_{k}{l} < 0 | " + " | ".join(tasks) + " | all |", "|" + "---|" * (len(tasks) + 2)]
    for degree in sorted({degree for degree, _ in found}):
        runs = [found.get((degree, task), []) for task in tasks]
        runs.append([one for run in runs for one in run])
        lines.append(f"| {degree} | " + " | ".join(f"{sum(run)} of {len(run)}" for run in runs) + " |")
    return "\n".join(lines)


def improvement(mine: Array, theirs: Array) -> float:
    """Probability that a run of the first is better than one of the second, ties counting half."""
    mine, theirs = np.round(mine, _DECIMALS)[:, None], np.round(theirs, _DECIMALS)[None, :]
    return float(((mine > theirs) + 0.5 * (mine == theirs)).mean())


def signed_rank(differences: ArrayLike) -> float:
    """Wilcoxon's two-sided p as `Sources/Ablation` has it: exact for up to 50 differences (13 with ties or zeros), else
    the normal approximation with correction for ties; 1 where all are zero."""
    given = np.asarray(differences, dtype=float)
    kept = given[given != 0]
    if not len(kept):
        return 1.0
    _, place, counts = np.unique(np.abs(kept), return_inverse=True, return_counts=True)
    # Twice the mean ranks, which are whole numbers.
    doubled = (2 * np.cumsum(counts) - counts + 1)[place]
    positive = int(doubled[kept > 0].sum())
    irregular = len(counts) < len(given)
    if len(given) <= (13 if irregular else 50):
        share = np.ones(1)
        for rank in doubled:
            share = np.convolve(share, np.concatenate([[0.5], np.zeros(int(rank) - 1), [0.5]]))
        return min(1.0, 2 * float(min(share[: positive + 1].sum(), share[positive:].sum())))
    n = len(kept)
    spread = math.sqrt((n * (n + 1) * (2 * n + 1) - float((counts**3 - counts).sum()) / 2) / 24)
    return math.erfc(abs(positive / 2 - n * (n + 1) / 4) / spread / math.sqrt(2))


def holm(tests: Sequence[float]) -> list[float]:
    """p adjusted over the family by Holm's method."""
    adjusted, most = [0.0] * len(tests), 0.0
    for rank, index in enumerate(sorted(range(len(tests)), key=lambda index: tests[index])):
        most = max(most, min(1.0, (len(tests) - rank) * tests[index]))
        adjusted[index] = most
    return adjusted


def _halves_up(value: Any) -> str:
    """Three digits; halves are rounded away from 0, as `trifactor table` does where accuracies are short decimals."""
    return str(Decimal(f"{value:.{_DECIMALS}f}").quantize(Decimal("0.001"), ROUND_HALF_UP))


def p_text(value: float) -> str:
    return "<0.0001" if value < 1e-4 else f"{value:.4f}"


def _term(text: str) -> tuple[int, int]:
    if not re.fullmatch(r"\d,\d", text):
        raise argparse.ArgumentTypeError(f"{text} is not two powers joined by a comma, as in 1,3")
    return int(text[0]), int(text[2])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.degrees", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=command.named, metavar="FILE.csv", help="what `analysis.rules --scores` wrote")
    parser.add_argument("--over-tasks", action="store_true", help="every step over all tasks at once")
    parser.add_argument("--negative", type=_term, metavar="K,L", help="count the learned rules with theta[K,L] below 0")
    options = parser.parse_args(arguments)
    file = options.file
    rows = rules.read(file)
    if options.negative is not None:
        if not rows or any(not row.get("theta") for row in rows):
            raise command.CommandError(
                f"{file}: no rules in it; `python -m analysis.rules OUT` writes them", command.DATA
            )
        print(negative(rows, *options.negative))
        return 0
    if not rows or any(not row.get(name) for row in rows for name in rules.CELLS):
        words = (
            "no score in it, or a column is missing; `python -m analysis.rules OUT --scores --to FILE.csv` writes one"
        )
        raise command.CommandError(f"{file}: {words}", command.DATA)
    parts = []
    for measure, title in MEASURES.items():
        found = scores(rows, measure)
        if options.over_tasks:
            parts += [f"**{title}**", over_tasks(found)]
            continue
        parts += [
            f"**{title}**",
            f"{table(found)}\n{references(rows, measure)}",
            f"**{title}, step by step**",
            steps(found),
        ]
    print("\n\n".join(parts))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
