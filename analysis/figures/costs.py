"""How the cost of a trial grows with N, T, d and H, measured on this machine beside what the formulas say.

    python -m analysis.figures.costs [--to FOLDER] [--samples S] [--trifactor PROGRAM]

Runs `trifactor bench` on whole `tangent` lifetimes in float, one setting varied at a time around N = 64, T = 100,
d = 3, H = 20, draws costs.svg, .pdf and .png and prints a table. The lines are 8 P N^2 T flops a trial for the forward
engine and (6d + 6) N^2 T for the adjoint one, beside the primal's and the eligibility trace's (2d + 4) N^2 T, at the rate
each engine reaches at the middle size: a point above its line costs more than its flops. Nothing else should run.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import program, style

MIDDLE = {"N": 64, "T": 100, "d": 3, "H": 20}
VARIED = {
    "N": (16, 32, 64, 128, 256), "T": (25, 50, 100, 200, 400), "d": (0, 1, 2, 3, 4, 5), "H": (5, 20, 80, 320),
}
LABELS = {"N": "units N", "T": "steps T", "d": "degree d", "H": "trials of a lifetime H"}
ENGINES = ("forward", "adjoint")


@dataclass(frozen=True)
class Signed:
    """What `style.finish` signs a figure with."""

    signature: str
    keys: tuple = ()


def flops(engine, N, T, d, H):
    """Credited flops of one trial: primal, eligibility trace and sensitivities."""
    tangents = 8 * (d + 1) ** 2 if engine == "forward" else 6 * d + 6
    return (2 * d + 4 + tangents) * N * N * T


def measure(trifactor, size, samples):
    """ms a trial by engine, and the row of the bench that holds the machine's peak."""
    command = [trifactor, "bench", "--json", "--only", "lifetimes", "--sizes", "{N},{T},{d}".format(**size),
               "--trials", str(size["H"]), "--samples", str(samples)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise program.ProgramError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.strip()}")
    rows = [row for row in json.loads(done.stdout) if row["name"] == "lifetime:tangent"]
    return {row["engine"]: row["ms_per_trial"] for row in rows}, rows[0]


def sizes():
    """Every size once, with the setting it belongs to."""
    return [(name, MIDDLE | {name: value}) for name, values in VARIED.items() for value in values]


def draw(points, folder, origin):
    """`points`: (setting, size, ms by engine). Four panels, log-log; the line of an engine goes through its middle."""
    figure, axes = style.panels(len(VARIED), columns=4)
    middle = next(times for _, size, times in points if size == MIDDLE)
    for axis, name in zip(axes, VARIED):
        mine = [(size, times) for setting, size, times in points if setting == name]
        x = np.array([size[name] for size, _ in mine], dtype=float) + (name == "d")
        for place, engine in enumerate(ENGINES):
            look = style.look(place)
            axis.plot(x, [times[engine] for _, times in mine], color=look["color"], marker=look["marker"],
                      linestyle="", label=engine)
            unit = middle[engine] / flops(engine, **MIDDLE)
            axis.plot(x, [unit * flops(engine, **size) for size, _ in mine], color=look["color"],
                      linestyle=look["linestyle"], label=f"{engine}: its flops")
        axis.set(xscale="log", yscale="log", xlabel=LABELS[name])
        axis.set_xticks(x, [str(size[name]) for size, _ in mine])
        axis.minorticks_off()
    axes[0].set_ylabel("ms a trial")
    style.legend(figure, axes[0])
    note = "One core, float, whole lifetimes of `tangent`; around N = 64, T = 100, d = 3, H = 20."
    return style.finish(figure, Signed(origin), "costs", folder, note)


def lines(points, peak):
    """The same as text: ms a trial and credited GFLOP/s, with the share of the multiply-add peak."""
    out = [f"{'N':>4} {'T':>4} {'d':>2} {'H':>4}" + "".join(f"{engine + ' ms':>12}{'GFLOP/s':>9}" for engine in ENGINES)]
    for _, size, times in points:
        parts = ["{N:>4} {T:>4} {d:>2} {H:>4}".format(**size)]
        for engine in ENGINES:
            parts.append(f"{times[engine]:12.4g}{flops(engine, **size) / times[engine] / 1e6:9.0f}")
        out.append("".join(parts))
    return [*out, f"credited; the peak of this core in the same run: {peak:.0f} GFLOP/s"]


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m analysis.figures.costs", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path("out/costs"), help="folder for the figure; out/costs")
    parser.add_argument("--samples", type=int, default=5, help="timed lifetimes a point")
    parser.add_argument("--trifactor", help="the program; the newest build of this checkout unless given")
    options = parser.parse_args(arguments)
    if options.samples < 1:
        parser.error(f"--samples is {options.samples}; wanted: at least 1")
    try:
        trifactor = program.find(options.trifactor)
        points, peak, row = [], 0.0, None
        for name, size in sizes():
            print("costs: " + ", ".join(f"{key} = {value}" for key, value in size.items()), file=sys.stderr)
            times, row = measure(trifactor, size, options.samples)
            peak = max(peak, row["peak_gflops"])
            points.append((name, size, times))
        version = subprocess.run([trifactor, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except program.ProgramError as error:
        print(f"error: {error}", file=sys.stderr)
        return 64
    origin = f"trifactor {version}, SIMD level {row['simd']}, peak {peak:.0f} GFLOP/s"
    print("\n".join(lines(points, peak)))
    print(draw(points, options.to, origin))
    return 0


if __name__ == "__main__":
    sys.exit(main())
