"""Draws how the differences from a baseline change with another setting: one panel a task, one line a value.

    python -m analysis.figures.differences OUT --axis rule.degree --baseline 1 --by exploration.amplitude
        [--metric reward] [--tasks NAME,...] [--best-of PATH] [--label VALUE=NAME ...] [--to FOLDER]

The numbers are those of `trifactor compare`: mean differences paired by seed and network, with 95 % bootstrap intervals
over fresh networks (bars) and over meta-seeds (table). Writes differences.svg, .pdf and .png, and differences.md with
the same as tables.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trifactor import command, program

from . import style
from .drawing import Drawing, finish
from .numerals import interval, signed
from .origin import Origin
from .sweep import Sweep, told
from .values import is_number, label, short

Rows = list[dict[str, Any]]


def rows_by_task(trifactor: str, folder: Path, options: argparse.Namespace, tasks: Sequence[str]) -> dict[str, Rows]:
    """{task: rows of `trifactor compare`}, over the values of `--by`."""
    return {
        task: program.compare(
            trifactor,
            [folder],
            options.axis,
            options.baseline,
            options.metric,
            by=options.by,
            where=[f"task={task}"],
            best_of=options.best_of,
        )["rows"]
        for task in tasks
    }


def ordered(values: Sequence[Any]) -> list[Any]:
    """Distinct values of a setting: numbers ascending, others as they come."""
    distinct = list({label(value): value for value in values}.values())
    return sorted(distinct) if all(map(is_number, distinct)) else distinct


def draw(
    found: dict[str, Rows], options: argparse.Namespace, labels: dict[str, str], origin: Origin, pooling: str = ""
) -> Drawing:
    """`found`: rows by task. x is the place of a value of `--by`, so that any steps can be read. `pooling`: what they
    pool, in words."""
    figure, axes = style.panels(len(found))
    every = [row for rows in found.values() for row in rows]
    places = ordered([row["group"] for row in every])
    values = ordered([row["value"] for row in every])
    at = {label(place): index for index, place in enumerate(places)}
    for axis, (task, rows) in zip(axes, found.items()):
        axis.axhline(0, color="#888888", linewidth=0.7)
        for index, (value, text, look) in enumerate(zip(values, short(values), style.looks(values))):
            mine = [row for row in rows if label(row["value"]) == label(value) and row["difference"] is not None]
            mine.sort(key=lambda row: at[label(row["group"])])
            shift = 0.4 / max(8, len(values)) * (index - (len(values) - 1) / 2)
            x = [at[label(row["group"])] + shift for row in mine]
            y = [row["difference"] for row in mine]
            ends = [[abs(row[end] - row["difference"]) for row in mine] for end in ("network_low", "network_high")]
            name = labels.get(label(value), text)
            axis.errorbar(x, y, ends, label=name, elinewidth=0.8, **look)
        style.heading(axis, task, min(3, len(found)))
        axis.set_xlabel(options.by)
        axis.set_xticks(range(len(places)), short(places))
    for axis in axes[::3]:
        axis.set_ylabel(f"late {options.metric} minus\nthat of {labels.get(options.baseline, options.baseline)}")
    style.legend(figure, axes, title=options.axis)
    note = "Mean paired differences on fresh networks; bars: 95 % bootstrap interval over networks."
    return finish(figure, origin, "differences", note + pooling)


def table(found: dict[str, Rows], options: argparse.Namespace, labels: dict[str, str]) -> str:
    """Markdown: a table a task, the difference with its intervals over networks and over meta-seeds."""
    lines = []
    for task, rows in found.items():
        places, values = ordered([row["group"] for row in rows]), ordered([row["value"] for row in rows])
        baseline = labels.get(options.baseline, options.baseline)
        lines += [
            f"**{task}**, late {options.metric} minus that of {baseline}",
            "",
            f"| {options.axis} \\ {options.by} | " + " | ".join(map(label, places)) + " |",
            "|---" * (len(places) + 1) + "|",
        ]
        for value in map(label, values):
            entries = {label(row["group"]): row for row in rows if label(row["value"]) == value}
            texts = [entry(entries[place]) if place in entries else "-" for place in map(label, places)]
            lines.append(f"| {labels.get(value, value)} | " + " | ".join(texts) + " |")
        lines.append("")
    return "\n".join([*lines, "[95 % over networks] {over meta-seeds}; bootstrap.", ""])


def entry(row: dict[str, Any]) -> str:
    """A difference with its intervals, as `trifactor compare` writes numbers."""
    seeds = interval(row["low"], row["high"], True).strip("[]")
    return f"{signed(row['difference'])} {interval(row['network_low'], row['network_high'], True)} {{{seeds}}}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.figures.differences", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=command.named, metavar="OUT", help="a result folder")
    parser.add_argument("--axis", required=True, help="setting that is compared")
    parser.add_argument("--baseline", required=True, help="its value that the others are compared with")
    parser.add_argument("--by", required=True, help="setting along x")
    parser.add_argument("--metric", default="reward", help="of `trifactor compare`")
    parser.add_argument("--tasks", help="names, with commas; all tasks of the folder unless given")
    parser.add_argument("--best-of", metavar="PATH", help="a setting with several starts, as for `trifactor compare`")
    parser.add_argument("--label", action="append", default=[], metavar="VALUE=NAME", help="what a value is called")
    parser.add_argument("--to", type=command.named, help="folder for the files; OUT/figures unless given")
    parser.add_argument("--trifactor", type=command.named, help="the program; the newest build here unless given")
    options = parser.parse_args(arguments)
    if any("=" not in text for text in options.label):
        parser.error("--label wants VALUE=NAME")
    labels = dict(text.split("=", 1) for text in options.label)
    trifactor = program.find(options.trifactor)
    sweep = Sweep([options.folder], trifactor)
    apart = [path for path in (options.axis, options.by, "task", options.best_of) if path]
    pooling = told(sweep.poolings(*apart), "a run is the mean over them")
    tasks = options.tasks.split(",") if options.tasks else [label(task) for task in sweep.values("task")]
    found = rows_by_task(trifactor, options.folder, options, tasks)
    folder = command.writable(options.to or options.folder / "figures")
    print(draw(found, options, labels, sweep.origin, pooling).save(folder))
    with command.writing(folder / "differences.md"):
        (folder / "differences.md").write_text(table(found, options, labels), encoding="utf-8")
    print(folder / "differences.md")
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
