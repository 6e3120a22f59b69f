"""How the cost of a trial grows with N, T, d and H, measured on this machine beside what the formulas say.

    python -m analysis.figures.costs [--to FOLDER] [--samples S] [--trifactor PROGRAM]

Runs `trifactor bench` on whole `tangent` lifetimes in float, one setting varied at a time around N = 64, T = 100,
d = 3, H = 20, draws costs.svg, .pdf and .png and prints a table. The lines are 8 P N^2 T flops a trial for the forward
engine and (6d + 6) N^2 T for the adjoint one, beside the primal's and the eligibility trace's (2d + 4) N^2 T, at the
rate each engine reaches at the middle size: a point above its line costs more than its flops. Nothing else should run.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trifactor import command, program

from . import style
from .drawing import Drawing, finish
from .origin import Origin

Size = dict[str, int]
# The setting that was varied, the size, and ms a trial by engine.
Point = tuple[str, Size, dict[str, float]]

MIDDLE: Size = {"N": 64, "T": 100, "d": 3, "H": 20}
VARIED = {"N": (16, 32, 64, 128, 256), "T": (25, 50, 100, 200, 400), "d": (0, 1, 2, 3, 4, 5), "H": (5, 20, 80, 320)}
LABELS = {"N": "units N", "T": "steps T", "d": "degree d", "H": "trials of a lifetime H"}
ENGINES = ("forward", "adjoint")


def flops(engine: str, N: int, T: int, d: int, H: int) -> int:
    """Credited flops of one trial: primal, eligibility trace and sensitivities."""
    tangents = 8 * (d + 1) ** 2 if engine == "forward" else 6 * d + 6
    return (2 * d + 4 + tangents) * N * N * T


def measure(trifactor: str, size: Size, samples: int) -> tuple[dict[str, float], dict[str, Any]]:
    """ms a trial by engine, and the row of the bench that holds the machine's peak."""
    shape = "{N},{T},{d}".format(**size)
    printed = program.ask(
        trifactor,
        "bench",
        "--json",
        "--only",
        "lifetimes",
        "--sizes",
        shape,
        "--trials",
        size["H"],
        "--samples",
        samples,
    )
    rows = [row for row in json.loads(printed) if row["name"] == "lifetime:tangent"]
    return {row["engine"]: row["ms_per_trial"] for row in rows}, rows[0]


def sizes() -> list[tuple[str, Size]]:
    """Every size once, with the setting it belongs to."""
    return [(name, MIDDLE | {name: value}) for name, values in VARIED.items() for value in values]


def draw(points: Sequence[Point], origin: str) -> Drawing:
    """Four panels, log-log; the line of an engine goes through its middle."""
    figure, axes = style.panels(len(VARIED), columns=4)
    middle = next(times for _, size, times in points if size == MIDDLE)
    for axis, name in zip(axes, VARIED):
        mine = [(size, times) for setting, size, times in points if setting == name]
        x = np.array([size[name] for size, _ in mine], dtype=float) + (name == "d")
        for place, engine in enumerate(ENGINES):
            look = style.look(place)
            axis.plot(
                x, [times[engine] for _, times in mine], color=look["color"], marker=look["marker"], linestyle="",
                label=engine,
            )  # fmt: skip
            unit = middle[engine] / flops(engine, **MIDDLE)
            axis.plot(
                x, [unit * flops(engine, **size) for size, _ in mine], color=look["color"],
                linestyle=look["linestyle"], label=f"{engine}: its flops",
            )  # fmt: skip
        axis.set(xscale="log", yscale="log", xlabel=LABELS[name])
        axis.set_xticks(x, [str(size[name]) for size, _ in mine])
        axis.minorticks_off()
    axes[0].set_ylabel("ms a trial")
    style.legend(figure, axes)
    note = "One core, float, whole lifetimes of `tangent`; around N = 64, T = 100, d = 3, H = 20."
    return finish(figure, Origin(origin), "costs", note)


def lines(points: Sequence[Point], peak: float) -> list[str]:
    """The same as text: ms a trial and credited GFLOP/s, with the share of the multiply-add peak."""
    out = [
        f"{'N':>4} {'T':>4} {'d':>2} {'H':>4}" + "".join(f"{engine + ' ms':>12}{'GFLOP/s':>9}" for engine in ENGINES)
    ]
    for _, size, times in points:
        parts = ["{N:>4} {T:>4} {d:>2} {H:>4}".format(**size)]
        parts += [f"{times[engine]:12.4g}{flops(engine, **size) / times[engine] / 1e6:9.0f}" for engine in ENGINES]
        out.append("".join(parts))
    return [*out, f"credited; the peak of this core in the same run: {peak:.0f} GFLOP/s"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.figures.costs", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=command.named, default=Path("out/costs"), help="folder for the figure; out/costs")
    parser.add_argument("--samples", type=int, default=5, help="timed lifetimes a point")
    parser.add_argument("--trifactor", type=command.named, help="the program; the newest build here unless given")
    options = parser.parse_args(arguments)
    if options.samples < 1:
        parser.error(f"--samples is {options.samples}; wanted: at least 1")
    trifactor = program.find(options.trifactor)
    folder = command.writable(options.to)
    points: list[Point] = []
    peak = 0.0
    row: dict[str, Any] = {}
    for name, size in sizes():
        print("costs: " + ", ".join(f"{key} = {value}" for key, value in size.items()), file=sys.stderr)
        times, row = measure(trifactor, size, options.samples)
        peak = max(peak, row["peak_gflops"])
        points.append((name, size, times))
    version = program.ask(trifactor, "--version").strip()
    origin = f"trifactor {version}, SIMD level {row['simd']}, peak {peak:.0f} GFLOP/s"
    print("\n".join(lines(points, peak)))
    print(draw(points, origin).save(folder))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
