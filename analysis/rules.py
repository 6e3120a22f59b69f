"""The learned rules of a result folder as one CSV file, and a rule of such a file as a rule file again.

    python -m analysis.rules OUT --to rules.csv                # every learned rule: theta, scale, constants, scores
    python -m analysis.rules OUT --scores --to scores.csv      # every cell: what its fresh networks did
    python -m analysis.rules OUT --columns meta.estimator,rule.trace-mean-by --to rules.csv    # with these settings too
    python -m analysis.rules OUT --columns learner --to rules.csv                              # tuned rivals as well
    python -m analysis.rules rules.csv --cell KEY --to my.rule # for `trifactor evaluate --rule` or `rule.theta`

theta and scale are listed with blanks between, theta[k,l,m] at m (degree + 1)^2 + k (degree + 1) + l, and numbers have
the digits that give the same bits back. The effective coefficient is theta times scale. Scores are means over the fresh
networks of a cell, under the learned rule unless the column says start or none. A rival learner has degree 0: its theta
is its gain, the factor of eta, its scale that of its trace. Rows are sorted by task, degree and seed; nothing in a file
depends on when, where or on how many ranks the sweep ran.
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trifactor import command, shards

Row = dict[str, str]

# The order of `constants`, then of `more_constants`, in result records.
CONSTANTS: tuple[str, ...] = (
    "eta",
    "clip",
    "tau-e",
    "tau-bar",
    "baseline-rate",
    "probability",
    "amplitude",
    "gate",
    "growth-0",
)
CONSTANTS += ("growth-2", "trace-mean")
# The learned factors of eta at input and readout synapses, which are there where they are asked for.
RATES = ("rule.eta-input", "rule.eta-readout")
# What a rule whose inputs or readouts learn is not itself without.
LAYERS = ("rule.plastic", "rule.theta-by", *RATES)
CELL = ("key", "task", "degree", "seed")
RULE: tuple[str, ...] = (
    *CELL,
    "late_accuracy",
    "late_reward",
    "validation_reward",
    *CONSTANTS,
    "critic",
    "exploration",
    "normalise",
)
RULE += ("theta", "scale")
SCORES = ("late_accuracy", "late_reward", "accuracy", "reward")
CELLS: tuple[str, ...] = (
    *CELL,
    *SCORES,
    "none_late_accuracy",
    "none_late_reward",
    "start_late_accuracy",
    "start_late_reward",
)
CELLS += ("networks", "diverged", "lifetimes")
# The setting that says who learned; a rule of the polynomial has this value.
LEARNER, OUR_OWN = "learner", "three-factor"
_ROLES = ("learned", "start", "none")
_FAILED = 2


def rules(sweep: shards.Sweep, columns: Sequence[str] = ()) -> list[Row]:
    """One row a cell that has ended with a rule; failed ones have none, rivals where `learner` is asked for.

    columns: paths of settings to add.
    """
    rows = []
    for key, settings, result in _ended(sweep):
        wanted = LEARNER in columns or settings.get(LEARNER, OUR_OWN) == OUR_OWN
        if not wanted or not np.isfinite(result["theta"]).all():
            continue
        constants = [float(value) for name in ("constants", "more_constants") for value in _field(result, name)]
        constants += [0.0] * (len(CONSTANTS) - len(constants))
        if len(constants) > len(CONSTANTS):
            raise command.CommandError(f"{sweep.folder}: rules with {len(constants)} constants; {len(CONSTANTS)} known")
        if settings.get("rule.plastic", "recurrent") != "recurrent" and not set(LAYERS) <= set(columns):
            raise command.CommandError(
                f"{sweep.folder}: the rule of cell {key} is one of {settings['rule.plastic']} synapses; "
                f"add --columns {','.join(LAYERS)}"
            )
        row = _cell(key, settings) | _added(sweep, settings, [path for path in columns if path not in RATES])
        rates = _field(result, "layer_rates") if "layer_rates" in result.dtype.names else (1.0, 1.0)
        row |= {path: number(rate) for path, rate in zip(RATES, rates) if path in columns}
        row |= _means(sweep, key, "learned", SCORES[:2])
        row |= {"validation_reward": number(result["validation_reward"])}
        row |= {name: number(value) for name, value in zip(CONSTANTS, constants)}
        critic = settings.get("rule.baseline", "condition")
        row |= {"critic": "baseline" if critic == "condition" else critic, "exploration": settings["exploration.kind"]}
        row |= {"normalise": str(settings["rule.normalise"]).lower()}
        rows.append(row | {name: " ".join(map(number, result[name])) for name in ("theta", "scale")})
    return _sorted(rows)


def scores(sweep: shards.Sweep, columns: Sequence[str] = ()) -> list[Row]:
    """One row a cell that has ended: the means of its fresh networks, diverged ones among them as they are stored."""
    rows = []
    for key, settings, result in _ended(sweep):
        records = _records(sweep, key, "learned")
        row = _cell(key, settings) | _added(sweep, settings, columns) | _means(sweep, key, "learned", SCORES)
        for role in ("none", "start"):
            row |= {f"{role}_{name}": text for name, text in _means(sweep, key, role, SCORES[:2]).items()}
        row |= {"networks": str(len(records)), "diverged": str(int((records["diverged_at"] >= 0).sum()))}
        rows.append(row | {"lifetimes": str(int(result["lifetimes"]) - int(result["evaluations"]))})
    return _sorted(rows)


def rule_file(row: Mapping[str, str]) -> str:
    """A row of `rules` as the text of a rule file, with the same bits in theta, scale and constants."""
    if (learner := row.get(LEARNER) or OUR_OWN) != OUR_OWN:
        raise command.CommandError(
            f"cell {row['key']}: {learner} is a rival learner, which no rule file describes; test it with "
            f"`trifactor evaluate SWEEP --learner {rival(row)}`"
        )
    side = int(row["degree"]) + 1
    plastic = (row.get("rule.plastic") or "recurrent").strip("[]").split(",")
    blocks = len(plastic) if row.get("rule.theta-by") == "layer" else 1
    lines = [f"# cell {row['key']}: rule.degree={row['degree']} task={row['task']} seed={row['seed']}"]
    lines.append(f"degree: {row['degree']}")
    if plastic != ["recurrent"]:
        lines.append(f"plastic: [{', '.join(plastic)}]")
    if blocks > 1:
        lines.append("theta-by: layer")
    for name in ("theta", "scale"):
        values = row[name].split()
        powers = len(values) // (blocks * side * side)
        if not values or len(values) != powers * blocks * side * side:
            raise command.CommandError(
                f"cell {row['key']}: {len(values)} values of {name} where degree {row['degree']} has {side * side}",
                command.DATA,
            )
        if name == "theta" and powers > 1:
            lines.append(f"weight-degree: {powers - 1}")
        lines.append(f"{name}:")
        lines += [f"  - [{', '.join(values[k * side : (k + 1) * side])}]" for k in range(powers * blocks * side)]
    constants = [f"{name}: {row[name]}" for name in CONSTANTS]
    constants += [f"{path.removeprefix('rule.')}: {row[path]}" for path in RATES if path.split("-")[1] in plastic]
    lines.append("constants: {" + ", ".join(constants) + "}")
    if row.get("rule.trace-mean-by"):
        lines.append(f"mechanisms: {{trace-mean-by: {row['rule.trace-mean-by']}}}")
    return "\n".join([*lines, *(f"{name}: {row[name]}" for name in ("critic", "exploration", "normalise")), ""])


def rival(row: Mapping[str, str]) -> str:
    """A row of a rival learner as `trifactor evaluate --learner` wants it, which scales its trace anew."""
    values = [f"{name}={row[name]}" for name in CONSTANTS if float(row[name]) != 0 or name == "gate"]
    return f"{row[LEARNER]}:" + ",".join([f"gain={row['theta']}", *values])


def read(path: Path | str) -> list[Row]:
    """The rows of a file that this program wrote."""
    with command.file(Path(path)).open(newline="", encoding="utf-8") as file:
        try:
            return list(csv.DictReader(file, strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            raise command.CommandError(f"{path}: not a CSV file ({error})", command.DATA) from error


def text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The rows as CSV, with a line of column names."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def _ended(sweep: shards.Sweep) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for results in sweep.results.values():
        for result in results:
            key = f"{int(result['cell']):016x}"
            if key in sweep.cells and int(result["status"]) != _FAILED:
                yield key, sweep.cells[key]["settings"], result


def _cell(key: str, settings: Mapping[str, Any]) -> Row:
    return {"key": key, "task": settings["task"], "degree": str(settings["rule.degree"]), "seed": str(settings["seed"])}


def _added(sweep: shards.Sweep, settings: Mapping[str, Any], columns: Sequence[str]) -> Row:
    unknown = [path for path in columns if path not in settings or path in ("task", "rule.degree", "seed")]
    if unknown:
        raise command.CommandError(f"{sweep.folder}: no setting {unknown[0]} that is not in the file already")
    return {path: str(settings[path]) for path in columns}


def _records(sweep: shards.Sweep, key: str, role: str) -> shards.Records:
    records = sweep.of(key)
    return np.sort(records[records["role"] == _ROLES.index(role)], order="network") if len(records) else records


def _means(sweep: shards.Sweep, key: str, role: str, names: Sequence[str]) -> Row:
    records = _records(sweep, key, role)
    return {name: number(records[name].mean()) if len(records) else "" for name in names}


def _field(record: Any, name: str) -> Sequence[float]:
    return record[name] if name in record.dtype.names else ()


def number(value: Any) -> str:
    """The shortest digits that are read back to the same bits."""
    digits = repr(float(value))
    return digits.removesuffix(".0")


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["task"], int(row["degree"]), int(row["seed"]), row["key"]))


def _one(path: Path, cell: str) -> Row:
    found = [row for row in read(path) if (row.get("key") or "").startswith(cell)]
    if len(found) != 1 or not set(RULE) <= set(found[0]):
        raise command.CommandError(
            f"{path}: {len(found)} rules have a key that starts with {cell}; give the key of one, and a file that "
            "was written without --scores"
        )
    return found[0]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.rules", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", type=command.named, metavar="OUT", help="a result folder; with --cell a CSV file")
    parser.add_argument("--to", type=command.named, required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--scores", action="store_true", help="the scores of every cell, without its rule")
    parser.add_argument(
        "--columns", default="", metavar="PATHS", help="settings to add, joined by commas: meta.estimator"
    )
    parser.add_argument("--cell", metavar="KEY", help="write the rule of this cell as a rule file")
    options = parser.parse_args(arguments)
    if options.cell is not None:
        rows = [_one(options.source, options.cell)]
        written = rule_file(rows[0])
    else:
        sweep = shards.sound(options.source)
        columns = [path for path in options.columns.split(",") if path]
        rows = scores(sweep, columns) if options.scores else rules(sweep, columns)
        if not rows:
            raise command.CommandError(f"{options.source}: no cell has ended with a rule; `trifactor run` it first")
        fields = CELLS if options.scores else RULE
        written = text(rows, (*CELL, *columns, *fields[len(CELL) :]))
    with command.writing(command.file(options.to)):
        options.to.write_text(written, encoding="utf-8")
    print(f"{options.to}: {len(rows)} {'cells' if options.scores else 'rules'}")
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
