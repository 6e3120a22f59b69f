"""The constants of learned rules in two files side by side: which of them a change of the setting moves.

    python -m analysis.constants carried-rules.csv carried-128-rules.csv --by learner,degree,rule.trace-mean

The files are what `python -m analysis.rules OUT --columns ... --to FILE.csv` writes; rules are grouped by the columns
of --by and paired by seed. Prints a Markdown table: for every constant that was learned, the median of each file over
seeds with its quartiles, the factor between the medians (the difference, where they can be 0 or negative), in how many
seeds it went up, and Wilcoxon's signed-rank p over the seeds, with Holm's correction over all rows of the table.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import degrees, rules
from trifactor import command

Array = NDArray[Any]
Place = tuple[str, ...]

# Constants that have no factor: 0 or a sign is one of their values.
_ADDED = ("gate", "growth-0", "growth-2", "trace-mean")
_DECIMALS = 12


def values(rows: Sequence[Mapping[str, str]], by: Sequence[str]) -> dict[Place, dict[str, dict[int, float]]]:
    """By group, constant and seed. Raises CommandError where a group has two rules of a seed."""
    found: dict[Place, dict[str, dict[int, float]]] = {}
    for row in rows:
        group = found.setdefault(tuple(row[name] for name in by), {name: {} for name in rules.CONSTANTS})
        seed = int(row["seed"])
        if seed in group[rules.CONSTANTS[0]]:
            raise command.CommandError(
                f"two rules of seed {seed} where {', '.join(f'{name}={row[name]}' for name in by)}; "
                "give --by the columns that tell them apart"
            )
        for name in rules.CONSTANTS:
            group[name][seed] = float(row[name])
    return found


def table(first: Sequence[Mapping[str, str]], second: Sequence[Mapping[str, str]], by: Sequence[str]) -> str:
    """The table as Markdown: groups and constants down, in the order of the first file."""
    old, new = values(first, by), values(second, by)
    entries: list[list[str]] = []
    tests: list[float] = []
    for group in old:
        seeds = sorted(set(old[group]["eta"]) & set(new.get(group, {"eta": {}})["eta"]))
        for name in rules.CONSTANTS if len(seeds) > 1 else ():
            before, after = (np.array([file[group][name][seed] for seed in seeds]) for file in (old, new))
            if np.ptp(before) == np.ptp(after) == 0:
                continue
            added = name in _ADDED
            change = np.round(after - before if added else np.log(after / before), _DECIMALS)
            middle = np.median(after) - np.median(before) if added else np.median(after) / np.median(before)
            shown = f"{middle:+.2f}" if added else f"x {middle:.2f}"
            up = f"{int((change > 0).sum())} of {len(seeds)}"
            entries.append([", ".join(group), name, _entry(before), _entry(after), shown, up])
            tests.append(degrees.signed_rank(change))
    if not entries:
        raise command.CommandError(
            "the files have no rule and seed in common whose constants were learned", command.DATA
        )
    lines = ["| " + ", ".join(by) + " | constant | first | second | change | up | p | p Holm |", "|" + "---|" * 8]
    for entry, p, adjusted in zip(entries, tests, degrees.holm(tests)):
        lines.append("| " + " | ".join([*entry, degrees.p_text(p), degrees.p_text(adjusted)]) + " |")
    return "\n".join(lines)


def _entry(runs: Array) -> str:
    """Median and quartiles, to three digits."""
    quartiles = np.quantile(runs, (0.25, 0.5, 0.75))
    low, middle, high = (f"{value:.0f}" if abs(value) >= 999.5 else f"{value:#.3g}".rstrip(".") for value in quartiles)
    return f"{middle} [{low}, {high}]"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.constants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=command.named, nargs=2, metavar="RULES.csv", help="what `analysis.rules` wrote")
    parser.add_argument("--by", default="task,degree", metavar="COLUMNS", help="what tells rules apart (task,degree)")
    options = parser.parse_args(arguments)
    by = options.by.split(",")
    found = [rules.read(file) for file in options.files]
    for file, rows in zip(options.files, found):
        missing = [name for name in (*rules.RULE, *by) if not rows or name not in rows[0]]
        if missing:
            words = (
                f"no column {missing[0]}; `python -m analysis.rules OUT --columns {missing[0]} --to FILE.csv` writes it"
            )
            raise command.CommandError(f"{file}: {words}", command.DATA)
    print(table(found[0], found[1], by))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
