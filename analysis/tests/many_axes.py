"""A result folder with many settings of many values: degrees, learning rates on a logarithmic axis, tasks, gains."""

import itertools

import numpy as np

from analysis.tests import made_up

TASKS = ["cue-association", "delayed-nonmatch", "perceptual-decision", "delayed-xor", "context-integration",
         "paired-association", "flip-flop", "parametric-memory", "variable-delay-match", "cue-trajectory"]  # fmt: skip
# As `{from: 0.0001, to: 0.1, count: 9, scale: log}` gives them.
RATES = [float(f"{rate:.12g}") for rate in np.logspace(-4, -1, 9)]
NETWORKS, ITERATIONS = 3, 4


def write(folder, tasks=TASKS, rates=RATES):
    """The folder; every cell is done. Scores rise with the rate, and no two cells have the same."""
    cells = []
    for number, (degree, rate, task, gain, seed) in enumerate(
        itertools.product((1, 3), rates, tasks, (1.0, 1.5), (0, 1)), 1
    ):
        settings = {"rule.degree": degree, "rule.eta": rate, "task": task, "network.gain": gain, "seed": seed}
        cells.append({"key": f"{number:016x}", "settings": settings})
    made_up.write_plan(folder, cells, name="many-axes")
    for degree in (1, 3):
        mine = [n for n, cell in enumerate(cells, 1) if cell["settings"]["rule.degree"] == degree]
        score = 0.5 + 0.45 * (np.array(mine) % 97) / 97
        networks = np.repeat(mine, 3 * NETWORKS)
        role = np.tile(np.repeat([0, 1, 2], NETWORKS), len(mine))
        scores = np.where(role == 0, np.repeat(score, 3 * NETWORKS), 0.5 + 0.02 * role)
        shards = folder / "shards"
        made_up.write_columns(shards, "evaluation", degree, {
            "cell": networks, "network": np.tile(np.arange(NETWORKS), 3 * len(mine)), "role": role, "trials": 200,
            "diverged_at": -1, "trials_to_criterion": np.where(role == 0, 30 + networks % 150, -1),
            "reward": scores - 1, "accuracy": scores, "late_reward": scores - 1, "late_accuracy": scores,
            "reward_curve": np.linspace(-1, scores - 1, 20).T, "accuracy_curve": np.linspace(0.5, scores, 20).T,
        })  # fmt: skip
        iterations = np.repeat(mine, ITERATIONS)
        made_up.write_columns(shards, "iteration", degree, {
            "cell": iterations, "iteration": np.tile(np.arange(ITERATIONS), len(mine)), "lifetimes": 4,
            "reward": -0.5 - 0.001 * (iterations % 97), "gradient_norm": 0.01 * (1 + iterations % 300),
            "validation_accuracy": np.where(np.tile(np.arange(ITERATIONS), len(mine)) == 3, 0.7, np.nan),
        })  # fmt: skip
        theta = 0.01 * (np.array(mine)[:, None] % 7 - np.arange((degree + 1) ** 2))
        made_up.write_columns(shards, "result", degree, {
            "cell": mine, "iterations": ITERATIONS, "evaluations": 3 * NETWORKS, "lifetimes": 48, "gigaflop": 2.5,
            "theta": theta,
        })  # fmt: skip
    return folder
