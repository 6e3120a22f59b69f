"""Learners side by side, each at the gain that did best on other networks: where every learner stops.

    python -m analysis.limits out/search out/limits --to limits.csv    # two folders of `trifactor evaluate --out`
    python -m analysis.limits limits.csv                                       # the tables of such a file

Learners are named as on the command line, with their gain: node-perturbation:gain=3, bptt:gain=0.3 and so on.
The first folder chooses the gain by late reward, the second, of other networks, has the numbers. Intervals are 95 %
bootstraps over fresh networks; there are no meta-seeds, since nothing but the gain is chosen.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis import bootstrap, rules
from trifactor import command, shards

# Where it stands (task, units, trials, learner, gain), its cell and its networks.
Test = tuple[tuple[str, ...], dict[str, Any], shards.Records]

COLUMNS = ("task", "units", "trials", "learner", "gain", "feedback", "search_reward")
MEASURES = ("late_reward", "late_accuracy", "late_incongruent_accuracy")
_ENDS = ("", "_low", "_high")
FIELDS = (*COLUMNS, *(measure + end for measure in MEASURES for end in _ENDS), "shortcut", "networks", "diverged")


def rows(search: Path | str, test: Path | str) -> list[rules.Row]:
    """A row a task, network size, learner and gain. Raises CommandError where the search lacks what was tested."""
    chosen = {place: float(records["late_reward"].mean()) for place, _, records in _tests(search)}
    found = []
    for place, cell, records in _tests(test):
        if place not in chosen:
            raise command.CommandError(f"{search}: has not tested {' '.join(place)}; give it the learners of {test}")
        row = dict(zip(COLUMNS, (*place, cell["settings"]["evaluate.feedback"], rules.number(chosen[place]))))
        for measure in MEASURES:
            values = records[measure]
            mean = bootstrap.mean(values)
            for end, value in zip(_ENDS, (mean, *bootstrap.stratified_bootstrap([values], bootstrap.mean))):
                row[measure + end] = "" if mean != mean else rules.number(value)
        row |= {"shortcut": rules.number(cell["shortcut"]), "networks": str(len(records))}
        found.append(row | {"diverged": str(int((records["diverged_at"] >= 0).sum()))})
    return sorted(found, key=lambda row: [row[name] for name in COLUMNS])


def _tests(folder: Path | str) -> list[Test]:
    sweep = shards.sound(folder)
    ended = {f"{int(key):016x}" for results in sweep.results.values() for key in results["cell"]}
    found: list[Test] = []
    for key in sorted(ended):
        settings = sweep.cells[key]["settings"]
        if "evaluate.contender" not in settings:
            raise command.CommandError(f"{folder}: no test of learners; give the --out of `trifactor evaluate`")
        learner, _, gain = settings["evaluate.contender"].partition(":gain=")
        place = (settings["task"], str(settings["network.units"]), str(settings["trials"]), learner, gain or "1")
        found.append((place, sweep.cells[key], sweep.of(key)))
    return found


def best(rows: Sequence[Mapping[str, str]]) -> dict[tuple[str, ...], Mapping[str, str]]:
    """The row with the best search by (task, units, trials, learner)."""
    found: dict[tuple[str, ...], Mapping[str, str]] = {}
    for row in rows:
        place = tuple(row[name] for name in COLUMNS[:4])
        if place not in found or float(row["search_reward"]) > float(found[place]["search_reward"]):
            found[place] = row
    return found


def table(rows: Sequence[Mapping[str, str]], measure: str) -> str:
    """Tasks down, learners across, as Markdown; bold: accuracies whose interval lies above the best shortcut and above
    that of no plasticity."""
    found = best(rows)
    learners = [name for name in _ORDER if any(place[3] == name for place in found)]
    sizes = len({place[1:3] for place in found}) > 1
    is_accuracy = measure == "late_accuracy"
    heads = ["task", *(["units"] if sizes else []), *learners, *(["shortcut"] if is_accuracy else [])]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for task, units, trials in dict.fromkeys(place[:3] for place in found):
        entries, shortcut = [], ""
        still = found.get((task, units, trials, "none"))
        floor = float(still[f"{measure}_high"]) if still else 0.0
        for name in learners:
            row = found.get((task, units, trials, name))
            if row is None or not row[measure]:
                entries.append("-")
                continue
            shortcut = row["shortcut"]
            entry = "{:.3f} [{:.3f}, {:.3f}]".format(*(float(row[measure + end]) for end in _ENDS))
            above = is_accuracy and float(row[f"{measure}_low"]) > max(float(shortcut), floor)
            entries.append(f"**{entry}**" if above else entry)
        place = [task, *([units] if sizes else [])]
        place += entries + ([f"{float(shortcut):.3f}"] if is_accuracy else [])
        lines.append("| " + " | ".join(place) + " |")
    return "\n".join(lines)


# What is told more stands further to the right.
_ORDER = ("none", "weight-perturbation", "miconi", "reward-e-prop", "node-perturbation", "rflo", "e-prop", "bptt")
_TITLES = {"late_accuracy": "Late accuracy", "late_reward": "Late reward"}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.limits", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sources", nargs="+", type=command.named, metavar="SOURCE", help="two folders, or a CSV file")
    parser.add_argument("--to", type=command.named, metavar="FILE", help="the CSV file to write from two folders")
    options = parser.parse_args(arguments)
    if options.to is not None:
        if len(options.sources) != 2:
            parser.error("--to wants two folders: that of the search and that of the test")
        found = rows(*options.sources)
        with command.writing(command.file(options.to)):
            options.to.write_text(rules.text(found, FIELDS), encoding="utf-8")
        print(f"{options.to}: {len(found)} rows")
        return 0
    if len(options.sources) != 1:
        parser.error("give one CSV file, or two folders with --to")
    found = rules.read(options.sources[0])
    if not found or not set(FIELDS) <= set(found[0]):
        raise command.CommandError(f"{options.sources[0]}: no file of `analysis.limits --to`", command.DATA)
    print("\n\n".join(f"**{title}**\n\n{table(found, measure)}" for measure, title in _TITLES.items()))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
