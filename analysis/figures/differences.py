"""Draws how the differences from a baseline change with another setting: one panel a task, one line a value.

    python -m analysis.figures.differences OUT --axis rule.degree --baseline 1 --by exploration.amplitude
        [--metric reward] [--tasks NAME,...] [--best-of PATH] [--label VALUE=NAME ...] [--to FOLDER]

The numbers are those of `trifactor compare`: mean differences paired by seed and network, with 95 % bootstrap intervals
over fresh networks (bars) and over meta-seeds (table). Writes differences.svg, .pdf and .png, and differences.md with
the same as tables.
"""

import argparse
import sys
from pathlib import Path

from . import program, style
from .sweep import Sweep


def rows_by_task(trifactor, folder, options, tasks):
    """{task: rows of `trifactor compare`}, over the values of `--by`."""
    return {
        task: program.compare(trifactor, [folder], options.axis, options.baseline, options.metric, by=options.by,
                              where=[f"task={task}"], best_of=options.best_of)["rows"]
        for task in tasks
    }


def printed(value):
    """A setting's value as sweep files and tables write it."""
    return "[" + ",".join(map(str, value)) + "]" if isinstance(value, list) else str(value)


def values_of(rows):
    """Values of the axis that are compared: numbers in order, others as they come."""
    values = list(dict.fromkeys(printed(row["value"]) for row in rows))
    return sorted(values, key=float) if all(value.replace(".", "", 1).isdigit() for value in values) else values


def draw(found, options, labels, sweep, folder):
    """`found`: rows by task. x is the place of a value of `--by`, so that any steps can be read."""
    figure, axes = style.panels(len(found))
    places = sorted({row["group"] for rows in found.values() for row in rows})
    for axis, (task, rows) in zip(axes, found.items()):
        axis.axhline(0, color="#888888", linewidth=0.7)
        values = values_of(rows)
        for index, value in enumerate(values):
            mine = sorted((row for row in rows if printed(row["value"]) == value), key=lambda row: row["group"])
            shift = 0.05 * (index - (len(values) - 1) / 2)
            x = [places.index(row["group"]) + shift for row in mine]
            y = [row["difference"] for row in mine]
            low = [row["difference"] - row["network_low"] for row in mine]
            high = [row["network_high"] - row["difference"] for row in mine]
            axis.errorbar(
                x, y, [low, high], label=labels.get(value, value), elinewidth=0.8, **style.look(index))
        axis.set(title=task, xlabel=options.by)
        axis.set_xticks(range(len(places)), [str(place) for place in places])
    axes[0].set_ylabel(f"late {options.metric} minus that of {labels.get(options.baseline, options.baseline)}")
    style.legend(figure, axes[0], title=options.axis)
    note = "Mean paired differences on fresh networks; bars: 95 % bootstrap interval over networks."
    return style.finish(figure, sweep, "differences", folder, note)


def table(found, options, labels):
    """Markdown: a table a task, the difference with its intervals over networks and over meta-seeds."""
    lines = []
    for task, rows in found.items():
        places = sorted({row["group"] for row in rows})
        baseline = labels.get(options.baseline, options.baseline)
        lines += [f"**{task}**, late {options.metric} minus that of {baseline}", "",
                  f"| {options.axis} \\ {options.by} | " + " | ".join(f"{place}" for place in places) + " |",
                  "|---" * (len(places) + 1) + "|"]
        for value in values_of(rows):
            entries = {row["group"]: row for row in rows if printed(row["value"]) == value}
            lines.append(f"| {labels.get(value, value)} | " + " | ".join(
                entry(entries[place]) if place in entries else "-" for place in places) + " |")
        lines.append("")
    return "\n".join([*lines, "[95 % over networks] {over meta-seeds}; bootstrap.", ""])


def entry(row):
    networks, seeds = (f"{row[f'{kind}low']:+.3f}, {row[f'{kind}high']:+.3f}" for kind in ("network_", ""))
    return f"{row['difference']:+.3f} [{networks}] {{{seeds}}}"


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m analysis.figures.differences", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="OUT", help="a result folder")
    parser.add_argument("--axis", required=True, help="setting that is compared")
    parser.add_argument("--baseline", required=True, help="its value that the others are compared with")
    parser.add_argument("--by", required=True, help="setting along x")
    parser.add_argument("--metric", default="reward", help="of `trifactor compare`")
    parser.add_argument("--tasks", help="names, with commas; all tasks of the folder unless given")
    parser.add_argument("--best-of", metavar="PATH", help="a setting with several starts, as for `trifactor compare`")
    parser.add_argument("--label", action="append", default=[], metavar="VALUE=NAME", help="what a value is called")
    parser.add_argument("--to", type=Path, help="folder for the files; OUT/figures unless given")
    parser.add_argument("--trifactor", help="the program; the newest build of this checkout unless given")
    options = parser.parse_args(arguments)
    if any("=" not in label for label in options.label):
        parser.error("--label wants VALUE=NAME")
    labels = dict(label.split("=", 1) for label in options.label)
    try:
        trifactor = program.find(options.trifactor)
        sweep = Sweep([options.folder], trifactor, None)
        tasks = options.tasks.split(",") if options.tasks else [str(task) for task in sweep.values("task")]
        found = rows_by_task(trifactor, options.folder, options, tasks)
    except (program.ProgramError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 64
    folder = options.to or options.folder / "figures"
    print(draw(found, options, labels, sweep, folder))
    (folder / "differences.md").write_text(table(found, options, labels), encoding="utf-8")
    print(folder / "differences.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
