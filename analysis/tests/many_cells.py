"""A result folder of many cells, made with numpy alone in seconds, and what its table must say.

    .venv/bin/python -m analysis.tests.many_cells out/many --cells 100000
    time .build/release/trifactor table out/many

Five degrees on four tasks, the rest are seeds; one fresh network a cell under each of the three rules.
"""

import sys
from pathlib import Path

import numpy as np

from analysis.tests import made_up
from trifactor import command

DEGREES = [1, 2, 3, 4, 5]
TASKS = ["context-integration", "cue-association", "delayed-nonmatch", "perceptual-decision"]
BAD_EVERY = 97


def write(folder, cells):
    """The folder; `cells` is a multiple of 20. Every 97th cell has failed, and the one after it has diverged."""
    number = np.arange(cells)
    place = number % 20
    degree, task = np.take(DEGREES, place % 5), place // 5
    key = (number.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E37_79B9_7F4A_7C15)
    plan = [
        {
            "key": f"{int(k):016x}",
            "settings": {"rule.degree": int(d), "task": TASKS[t], "seed": int(n) // 20, "options.cues": 4},
        }
        for n, k, d, t in zip(number, key, degree, task)
    ]
    made_up.write_plan(Path(folder), plan, name="many")
    failed, diverged = number % BAD_EVERY == 0, number % BAD_EVERY == 1
    for one in DEGREES:
        chosen = np.flatnonzero(degree == one)
        networks = np.repeat(chosen[~failed[chosen]], 3)
        role = np.tile([0, 1, 2], len(networks) // 3)
        score = np.choose(role, [scores(networks), 0.55, 0.5])
        lost = diverged[networks] & (role == 0)
        made_up.write_columns(
            Path(folder) / "shards",
            "evaluation",
            one,
            {
                "cell": key[networks],
                "role": role,
                "trials": 200,
                "diverged_at": np.where(lost, 55, -1),
                "trials_to_criterion": -1,
                "reward": score - 1,
                "accuracy": score,
                "late_reward": score - 1,
                "late_accuracy": score,
            },
        )
        made_up.write_columns(
            Path(folder) / "shards",
            "result",
            one,
            {
                "cell": key[chosen],
                "status": np.choose(failed[chosen] + 2 * diverged[chosen], [0, 2, 1]),
                "evaluations": np.where(failed[chosen], 0, 3),
                "lifetimes": 48,
                "gigaflop": 2.5,
                "message": np.where(failed[chosen], b"no room", b""),
            },
        )
    return degree, task, failed, diverged


def scores(number):
    """Late accuracy of the learned rule of a cell, by its number: no two of a group are equal."""
    return 0.5 + 0.02 * (number % 5) + 0.3 * ((number * 7919) % 100_003) / 100_003


def main(arguments=None):
    parser = command.Parser(prog="python -m analysis.tests.many_cells", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cells", type=int, default=100_000, help="a multiple of 20")
    options = parser.parse_args(arguments)
    if options.cells < 20 or options.cells % 20:
        parser.error(f"--cells is {options.cells}; wanted: a multiple of 20")
    write(command.writable(options.folder), options.cells)
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
