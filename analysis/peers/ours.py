"""trifactor itself: exported lifetimes and `trifactor bench`."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Gain 0.8: beyond 1 a network is chaotic, and two floats' rounding would differ by as much as the values at T = 1000.
SETTINGS = {"task": "cue-association", "network.gain": 0.8, "exploration.weight-noise": 0.003, "meta.horizon": 5}
THETA = {(1, 1): 0.3, (0, 2): -0.1, (2, 1): 0.2, (3, 3): -0.2, (5, 4): 0.1}
STEP = 15  # ms


class ProgramFailed(Exception):
    """trifactor ended with an error; the message holds the command and what it wrote."""


def find():
    """`$TRIFACTOR`, or `.build/release/trifactor` of this checkout."""
    return Path(os.environ.get("TRIFACTOR", ROOT / ".build" / "release" / "trifactor"))


def call(program, *arguments):
    command = [str(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise ProgramFailed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout


def export(program, folder, size, precision, trials):
    """Writes a lifetime of the size (N, T, d) to a new folder inside `folder`; returns that folder."""
    N, T, d = size
    theta = ", ".join(f"k{k}l{l}: {value}" for (k, l), value in THETA.items() if max(k, l) <= d)
    settings = SETTINGS | {
        "network.units": N, "time.step": STEP, "time.trial": STEP * T, "trials": trials, "rule.degree": d,
        "rule.theta": f"{{{theta}}}", "precision": precision}
    name = f"{N}-{T}-{d}-{precision}"
    sweep = folder / f"{name}.yaml"
    sweep.write_text("\n".join(["name: peers", "base:", *(f"  {key}: {value}" for key, value in settings.items()), ""]))
    call(program, "lifetime", sweep, "--export", folder / name)
    return folder / name


def bench(program, size, trials, samples):
    """One run of `trifactor bench`: its rows of whole `tangent` lifetimes in float, by engine."""
    text = call(program, "bench", "--json", "--only", "lifetimes", "--precision", "float", "--sizes",
                ",".join(map(str, size)), "--trials", trials, "--samples", samples)
    rows = {row["engine"]: row for row in json.loads(text) if row["name"] == "lifetime:tangent"}
    if set(rows) != {"forward", "adjoint"}:
        raise ProgramFailed(f"bench gave lifetime:tangent for {sorted(rows)}; wanted: adjoint and forward")
    return rows
