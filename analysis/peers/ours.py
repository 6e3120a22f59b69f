"""trifactor itself: exported lifetimes and `trifactor bench`."""

import json
from pathlib import Path
from typing import Any

from trifactor import command, program

# N, T, d.
Size = tuple[int, int, int]

# Gain 0.8: beyond 1 a network is chaotic, and two floats' rounding would differ by as much as the values at T = 1000.
# The clip is tight enough to cut some synapses, and the horizon drops what U carried once: both are checked.
SETTINGS: dict[str, Any] = {
    "task": "cue-association",
    "network.gain": 0.8,
    "rule.clip": 0.001,
    "exploration.weight-noise": 0.003,
    "meta.horizon": 5,
}
THETA = {(1, 1): 0.3, (0, 2): -0.1, (2, 1): 0.2, (3, 3): -0.2, (5, 4): 0.1}
STEP = 15  # ms


def export(trifactor: str, folder: Path, size: Size, precision: str, trials: int) -> Path:
    """Writes a lifetime of the size (N, T, d) to a new folder inside `folder`; returns that folder."""
    N, T, d = size
    theta = ", ".join(f"k{k}l{l}: {value}" for (k, l), value in THETA.items() if max(k, l) <= d)
    settings = SETTINGS | {
        "network.units": N,
        "time.step": STEP,
        "time.trial": STEP * T,
        "trials": trials,
        "rule.degree": d,
        "rule.theta": f"{{{theta}}}",
        "precision": precision,
    }
    name = f"{N}-{T}-{d}-{precision}"
    sweep = folder / f"{name}.yaml"
    sweep.write_text("\n".join(["name: peers", "base:", *(f"  {key}: {value}" for key, value in settings.items()), ""]))
    program.ask(trifactor, "lifetime", sweep, "--export", folder / name)
    return folder / name


def bench(trifactor: str, size: Size, trials: int, samples: int) -> dict[str, dict[str, Any]]:
    """One run of `trifactor bench`: its rows of whole `tangent` lifetimes in float, by engine."""
    text = program.ask(
        trifactor,
        "bench",
        "--json",
        "--only",
        "lifetimes",
        "--precision",
        "float",
        "--sizes",
        ",".join(map(str, size)),
        "--trials",
        trials,
        "--samples",
        samples,
    )
    rows = {row["engine"]: row for row in json.loads(text) if row["name"] == "lifetime:tangent"}
    if set(rows) != {"forward", "adjoint"}:
        seen = f"bench gave lifetime:tangent for {sorted(rows)}; wanted: adjoint and forward"
        raise program.ProgramError(seen, command.INTERNAL)
    return rows
