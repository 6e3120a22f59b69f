"""Rules beside each other, from a file of `analysis.tested`: interquartile means over meta-seeds and their intervals.

    python -m analysis.figures.paired scores.csv --along rule --colour critic --to what.svg \\
      --panel "tasks it was tuned on"=cue-association,delayed-xor --panel "never seen"=flip-flop,cue-trajectory

Names stand one below the other; numbers (options.cues, network.units) lie along a logarithmic axis and are joined. A
seed counts with its mean over the tasks of a panel. The same file gives the same bytes.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis import bootstrap, paired, rules
from trifactor import command
from trifactor.command import writing

from . import style
from .drawing import finish
from .origin import Origin


def _of(text: str) -> tuple[str, list[str]]:
    name, equals, tasks = text.partition("=")
    return (name, tasks.split(",")) if equals else (text, [text])


def _entries(rows: paired.Rows, along: str, colour: str, measure: str) -> dict[str, dict[str, tuple[float, ...]]]:
    """By colour and place: interquartile mean, low and high."""
    found: dict[str, dict[str, tuple[float, ...]]] = {}
    for (value, place), scores in paired.by_seed(rows, [colour, along], measure).items():
        runs = np.array([scores[seed] for seed in sorted(scores)])
        if len(runs) < 2:
            continue
        low, high = bootstrap.stratified_bootstrap([runs])
        middle = float(bootstrap.interquartile_mean(runs))
        found.setdefault(value, {})[place] = (middle, float(low), float(high))
    return found


def _panel(axis: Axes, entries: Mapping[str, Mapping[str, tuple[float, ...]]], places: Sequence[str]) -> None:
    numeric = all(map(paired.is_number, places))
    for index, (name, points) in enumerate(entries.items()):
        look = style.look(index)
        shown = [place for place in places if place in points]
        values = np.array([points[place] for place in shown]).T
        if not len(shown):
            continue
        errors = np.maximum(0, [values[0] - values[1], values[2] - values[0]])
        beside = (index - (len(entries) - 1) / 2) * 0.2
        if numeric:
            axis.errorbar(
                [float(place) for place in shown], values[0], yerr=errors, capsize=2, label=name, clip_on=False, **look
            )
        else:
            at = [places.index(place) + beside for place in shown]
            axis.errorbar(
                values[0], at, xerr=errors, capsize=2, label=name, **(look | {"linestyle": ""}), elinewidth=1.1
            )
    if numeric:
        axis.set_xscale("log", base=2)
        axis.set_xticks([float(place) for place in places], list(places))
        axis.minorticks_off()
    else:
        axis.set_yticks(
            range(len(places)), [style.wrap(place, 1.3, style.NOTE) for place in places], fontsize=style.NOTE
        )
        axis.xaxis.set_major_locator(MaxNLocator(4))
        axis.set_ylim(len(places) - 0.5, -0.5)
        axis.grid(axis="x", color="#dddddd", linewidth=0.5)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.figures.paired", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=command.named, metavar="FILE.csv", help="what `analysis.tested` wrote")
    parser.add_argument("--along", default="rule", metavar="COLUMN", help="the places of an axis (rule)")
    parser.add_argument("--colour", default="critic", metavar="COLUMN", help="a colour a value (critic)")
    parser.add_argument("--measure", default="late_reward", choices=list(paired.MEASURES), help="(late_reward)")
    parser.add_argument("--panel", action="append", metavar="NAME=TASKS", help="a panel; one a task if none is given")
    parser.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE|VALUE", help="only these rows")
    parser.add_argument("--to", type=command.named, required=True, metavar="FILE.svg", help="the file to write")
    options = parser.parse_args(arguments)
    rows: list[rules.Row] = paired.read(options.file)
    where = paired.conditions(options.where)
    for name in (options.along, options.colour, *where):
        if name not in rows[0]:
            raise command.CommandError(f"{options.file}: no column {name}; it has {', '.join(rows[0])}")
    kept = paired.chosen(rows, where)
    panels = [_of(text) for text in options.panel or dict.fromkeys(row["task"] for row in kept)]
    places = list(dict.fromkeys(row[options.along] for row in kept))
    numeric = all(map(paired.is_number, places))
    if numeric:
        places.sort(key=float)
    figure, axes = style.panels(len(panels), height=2.3 if numeric else 0.5 + 0.24 * len(places), columns=2)
    for axis, (name, tasks) in zip(axes, panels):
        part = paired.chosen(kept, {}, tasks)
        if not part:
            raise command.CommandError(f"{options.file}: no row of {name}; look at --panel and --where")
        _panel(axis, _entries(part, options.along, options.colour, options.measure), places)
        style.heading(axis, name, min(2, len(panels)))
    engine = figure.get_layout_engine()
    if engine is not None and not numeric:
        # Names are measured a little short.
        engine.set(rect=(0.025, 0, 0.975, 1))  # type: ignore[call-arg]
    title = paired.MEASURES[options.measure]
    style.name_outer(axes, options.along if numeric else title, title if numeric else "", columns=2)
    style.legend(figure, axes, options.colour)
    seeds = len({row["seed"] for row in kept})
    note = f"Interquartile mean over meta-seeds (at most {seeds}) and its 95 % bootstrap interval."
    drawing = finish(figure, Origin(options.file.name), options.to.stem, note)
    about: dict[str, Any] = {"Date": None, "Title": options.to.stem}
    with writing(command.file(options.to)):
        drawing.figure.savefig(options.to, format="svg", metadata=about)
    print(options.to)
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
