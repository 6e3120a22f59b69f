"""What learned rules and tuned rivals did, as one CSV file: a row a rule and task, with names that a reader knows.

    python -m analysis.tested out/what-it-is-told out/what-it-is-told-unseen --to scores.csv
    python -m analysis.tested OUT TESTED --columns network.units,trials --to scores.csv     # with these settings too

Reads result folders of `trifactor run` (fresh networks of each cell's own seed; where a cell has several tasks, network
n learned task n modulo their number) and of `trifactor evaluate --learned OUT --out TESTED` (the networks of one seed
for all; OUT must be given too). Scores are means over fresh networks, diverged ones among them as they are stored, and
have the digits that give the same bits back. Rows without a seed are means over all networks that had no plasticity.
Settings of networks, times and trials are those of the test, all others those of the rule; `--columns learned-on` adds
the tasks that it was learned on, joined by plus signs, and `learned-units` the size of the networks.

Columns that name a rule: `critic` (rule.baseline), `family` (linear: theta_11 = -1; cubic: theta_33 = -1; free: theta
learned; or a learner), `mean` (of the trace: none, synapse, condition), `gate` (yes, no), and `rule`, the last three in
words; where the same rule was searched for with several budgets, the larger ones are named too. `test` is own where a
rule met fresh networks of its own cell, else the name of the sweep that it was tested on.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis import rules
from trifactor import command, shards

Row = dict[str, str]

RULE = ("rule", "family", "mean", "gate", "critic")
OWN = "own"
SCORES = ("late_accuracy", "late_reward", "networks", "diverged")
_FAMILIES = {"{k1l1:-1}": "linear", "{k3l3:-1}": "cubic"}
_LEARNED, _NONE = 0, 2
_OF_THE_TEST = ("network.", "time.", "trials", "options.", "form")


def named(settings: Mapping[str, Any]) -> Row:
    """The columns that name the rule of a cell."""
    learner = settings["learner"]
    learned = str(settings["meta.learn"]).strip("[]").split(",")
    family = "free" if "theta" in learned else _FAMILIES.get(str(settings["rule.theta"]), str(settings["rule.theta"]))
    if learner != "three-factor":
        family = learner
    has_mean = learner == "three-factor" and float(settings["rule.trace-mean"]) > 0
    mean = str(settings["rule.trace-mean-by"]) if has_mean else "none"
    gate = "gate" in learned or float(settings["exploration.gate"]) != 0
    words = [family, *(["gate"] if gate else []), *([f"mean by {mean}"] if has_mean else [])]
    return {
        "rule": " + ".join(words),
        "family": family,
        "mean": mean,
        "gate": "yes" if gate else "no",
        "critic": str(settings["rule.baseline"]),
        "iterations": str(settings["meta.iterations"]),
    }


def tasks(settings: Mapping[str, Any]) -> list[str]:
    """The tasks of a cell, in the order in which its networks take turns."""
    return str(settings["task"]).strip("[]").split(",")


def rows(folders: Sequence[Path | str], columns: Sequence[str] = ()) -> list[Row]:
    """The rows of all folders, by test, task, rule and seed. Raises CommandError for a rule that none of them has."""
    sweeps = [shards.sound(folder) for folder in folders]
    runs = [sweep for sweep in sweeps if not _is_test(sweep)]
    home = [(key, sweep.cells[key]["settings"], _rule(sweep, key)) for sweep in runs for key in sorted(_ended(sweep))]
    found: list[Row] = []
    for sweep in sweeps:
        found += _tested(sweep, home, columns) if _is_test(sweep) else _own(sweep, columns)
    least: dict[str, int] = {}
    for row in found:
        least[row["rule"]] = min(int(row["iterations"]), least.get(row["rule"], int(row["iterations"])))
    longer = [row for row in found if int(row["iterations"]) > least[row["rule"]]]
    for row in longer:
        row["rule"] += f", {row['iterations']} iterations"
    order = ("test", "task", "rule", "critic", *columns)
    unique = {tuple(row.items()): row for row in found}
    return sorted(unique.values(), key=lambda row: ([row[name] for name in order], int(row["seed"] or -1), row["key"]))


def _is_test(sweep: shards.Sweep) -> bool:
    return any("evaluate.contender" in cell["settings"] for cell in sweep.cells.values())


def _ended(sweep: shards.Sweep) -> set[str]:
    """The cells of the present plan that have a result."""
    return {f"{int(key):016x}" for results in sweep.results.values() for key in results["cell"]} & set(sweep.cells)


def _own(sweep: shards.Sweep, columns: Sequence[str]) -> Iterator[Row]:
    """A row a cell and task from the cell's own fresh networks, and a row a task for no plasticity."""
    still: dict[tuple[str, ...], list[Any]] = {}
    for key in sorted(_ended(sweep)):
        settings, records = sweep.cells[key]["settings"], np.sort(sweep.of(key), order="network")
        names = tasks(settings)
        added = _added(settings, columns)
        for place, task in enumerate(names):
            turn = records[records["network"] % len(names) == place]
            row = {"key": key, **named(settings), **added, "test": OWN, "seed": str(settings["seed"]), "task": task}
            yield row | _scores(turn[turn["role"] == _LEARNED])
            still.setdefault((task, *_without_rule(added).values()), []).append(turn[turn["role"] == _NONE])
    for (task, *values), parts in still.items():
        if any(map(len, parts)):
            yield _nothing(task, OWN, dict(zip(columns, values)), np.concatenate(parts))


def _rule(sweep: shards.Sweep, key: str) -> tuple[Any, ...]:
    """All that makes a rule; two cells that found the same one, as where both stayed at their start, have the same."""
    settings, record = sweep.cells[key]["settings"], sweep.of(key, "result")[0]
    frame = ("learner", "rule.degree", "rule.baseline", "rule.trace-mean-by", "exploration.kind", "rule.normalise")
    numbers = [
        record[name].tobytes() for name in ("theta", "constants", "more_constants") if name in record.dtype.names
    ]
    return (*(str(settings.get(path)) for path in frame), *numbers)


def _tested(
    sweep: shards.Sweep, home: Sequence[tuple[str, Mapping[str, Any], tuple[Any, ...]]], columns: Sequence[str]
) -> Iterator[Row]:
    """A row a contender and task of an `evaluate`, which tests rules that are the same once: a row for each of them."""
    for key in sorted(_ended(sweep)):
        settings, records = sweep.cells[key]["settings"], sweep.of(key)
        contender, seed = settings["evaluate.contender"], settings["evaluate.training-seed"]
        if contender == "none":
            yield _nothing(settings["task"], _name(sweep), _without_rule(_added(settings, columns)), records)
        kind = next((word for word in ("learned", "tuned") if word in contender.split()), None)
        if kind is None or seed is None:
            continue
        wanted = dict(part.split("=", 1) for part in contender.split() if "=" in part)
        mine = [
            rule
            for _, own, rule in home
            if str(own["seed"]) == seed
            and (own["learner"] == "three-factor") == (kind == "learned")
            and all(str(own.get(path)).replace(" ", "") == value for path, value in wanted.items())
        ]
        if len(mine) != 1:
            raise command.CommandError(
                f"{sweep.folder}: '{contender}' of seed {seed} is {len(mine)} cells of the folders given; give the "
                "folder that `evaluate --learned` had, and no other run",
                command.DATA,
            )
        for cell, own in [(cell, own) for cell, own, rule in home if rule == mine[0]]:
            added = _added(settings, columns) | _added(
                own, [path for path in columns if not path.startswith(_OF_THE_TEST)]
            )
            name = {"key": cell, **named(own), **added, "test": _name(sweep), "seed": str(own["seed"])}
            yield name | {"task": settings["task"]} | _scores(records)


def _added(settings: Mapping[str, Any], columns: Sequence[str]) -> Row:
    settings = {**settings, "learned-on": "+".join(tasks(settings)), "learned-units": settings.get("network.units", "")}
    for path in columns:
        # Only some tasks have an option.
        if path not in settings and not path.startswith("options."):
            raise command.CommandError(f"no setting {path}; `trifactor settings` lists them")
    return {path: str(settings.get(path, "")) for path in columns}


def _without_rule(added: Row) -> Row:
    """The settings of a test, and nothing where a setting is the rule's."""
    return {path: value if path.startswith(_OF_THE_TEST) else "" for path, value in added.items()}


def _name(sweep: shards.Sweep) -> str:
    return str(sweep.manifest["name"]).removeprefix("evaluate-")


def _nothing(task: str, test: str, added: Row, records: shards.Records) -> Row:
    name = {
        "key": "",
        "rule": "no plasticity",
        "family": "none",
        "mean": "none",
        "gate": "no",
        "critic": "",
        "iterations": "0",
    }
    return {**name, **added, "test": test, "seed": "", "task": task} | _scores(records)


def _scores(records: shards.Records) -> Row:
    return {
        "late_accuracy": rules.number(records["late_accuracy"].mean()),
        "late_reward": rules.number(records["late_reward"].mean()),
        "networks": str(len(records)),
        "diverged": str(int((records["diverged_at"] >= 0).sum())),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.tested", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=command.named, metavar="OUT", help="result folders")
    parser.add_argument("--to", type=command.named, required=True, metavar="FILE", help="the CSV file to write")
    parser.add_argument("--columns", default="", metavar="PATHS", help="settings to add, joined by commas")
    options = parser.parse_args(arguments)
    columns = [path for path in options.columns.split(",") if path]
    found = rows(options.folders, columns)
    if not found:
        raise command.CommandError(f"{options.folders[0]}: no cell has ended; `trifactor run` it first")
    fields = ("key", *RULE, *columns, "test", "seed", "task", *SCORES)
    written = rules.text([{name: row[name] for name in fields} for row in found], fields)
    with command.writing(command.file(options.to)):
        options.to.write_text(written, encoding="utf-8")
    print(f"{options.to}: {len(found)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
