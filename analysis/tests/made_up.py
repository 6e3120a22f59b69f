"""A result folder made with numpy alone, byte for byte what the program writes: an ablation of two degrees on two
tasks with three seeds, in which one cell has failed, one has diverged and one is not finished. Records have the
present version; `version=1` writes what earlier programs wrote."""

import json
import zlib

import numpy as np

MAGIC = 0x43414633
KINDS = {"iteration": 1, "evaluation": 3, "result": 4, "dynamics": 5, "alignment": 6}
OPENING = [("magic", "<u4"), ("crc32", "<u4"), ("sequence", "<u8"), ("cell", "<u8"), ("schema", "<u2")]
OPENING += [("unsynced", "<u2")]


# What version 2 of a kind ends with.
LATER = {
    "iteration": [("more_constants", "<f8", (1,))],
    "evaluation": [("late_incongruent_accuracy", "<f8")],
    "result": [("more_constants", "<f8", (1,))],
    "dynamics": [],
    "alignment": [],
}


def dtype(kind, degree, version=2):
    """The record of a kind at a degree, padded as the program pads."""
    count = (degree + 1) ** 2
    payload = {
        "iteration": [(name, "<u4") for name in ("iteration", "lifetimes", "diverged", "dropped", "action")]
        + [(name, "<f8") for name in ("reward", "late_reward", "late_accuracy", "gradient_norm", "running_norm")]
        + [(name, "<f8") for name in ("learning_rate", "validation_reward", "validation_accuracy")]
        + [("lifetimes_so_far", "<u8"), ("theta", "<f8", (count,)), ("gradient", "<f8", (count,))]
        + [("constants", "<f8", (10,))],
        "evaluation": [("network", "<u4"), ("trials", "<u4"), ("diverged_at", "<i4"), ("trials_to_criterion", "<i4")]
        + [("role", "|u1")]
        + [(name, "<f8") for name in ("reward", "accuracy", "late_reward", "late_accuracy")]
        + [("reward_curve", "<f8", (20,)), ("accuracy_curve", "<f8", (20,))],
        "result": [(name, "<u4") for name in ("launch", "rank", "iterations", "evaluations", "choice")]
        + [("best_iteration", "<u4"), ("status", "|u1"), ("simd", "|u1"), ("lifetimes", "<u8")]
        + [("diverged_lifetimes", "<u8"), ("validation_reward", "<f8"), ("seconds", "<f8"), ("gigaflop", "<f8")]
        + [("theta", "<f8", (count,)), ("scale", "<f8", (count,)), ("constants", "<f8", (10,)), ("message", "|S256")],
        "dynamics": [("network", "<u4"), ("conditions", "<u4"), ("condition", "<i4"), ("diverged_at", "<i4")]
        + [("first_stability", "<i4")]
        + [(name, "<u4") for name in ("starts", "limit", "fixed_points", "analysed", "converged", "stalled")]
        + [(name, "<u4") for name in ("singular", "exhausted", "overflowed", "first_hits")]
        + [("stage", "|u1"), ("simd", "|u1")]
        + [(name, "<f8") for name in ("late_accuracy", "slowest", "stable", "abscissa", "unstable_directions")]
        + [(name, "<f8") for name in ("henrici", "non_normality", "slow_overlap", "sensitivity", "output_gain")]
        + [(name, "<f8") for name in ("first_residual", "first_real", "first_imaginary", "first_henrici")]
        + [("program", "|S64")],
        "alignment": [(name, "<u4") for name in ("network", "point", "points", "trial", "wanted", "draws")]
        + [("diverged_at", "<i4"), ("simd", "|u1")]
        + [(name, "<f8") for name in ("reward", "late_reward", "late_accuracy", "cosine", "product")]
        + [(name, "<f8") for name in ("update_square", "update_variance", "gradient_square", "gradient_variance")],
    }
    return np.dtype(OPENING + payload[kind] + (LATER[kind] if version >= 2 else []), align=True)


def write_shard(folder, kind, degree, records, version=2):
    """A sealed shard of these records (dicts of fields; what is not given is 0)."""
    names = dict.fromkeys(name for fields in records for name in fields)
    array = np.zeros(len(records), dtype(kind, degree, version))
    for index, fields in enumerate(records):
        for name, value in fields.items():
            array[name][index] = value
    write_columns(folder, kind, degree, {name: array[name] for name in names}, len(records), version)


def write_columns(folder, kind, degree, columns, count=None, version=2):
    """A sealed shard from one array a field; scalars hold for all records, what is not given is 0."""
    count = len(columns["cell"]) if count is None else count
    array = np.zeros(count, dtype(kind, degree, version))
    for name, values in columns.items():
        array[name] = values
    array["magic"], array["schema"] = MAGIC, KINDS[kind] * 256 + (version if LATER[kind] else 1)
    array["sequence"] = np.arange(count)
    size, data = array.dtype.itemsize, array.tobytes()
    array["crc32"] = [zlib.crc32(data[index * size + 8 : (index + 1) * size]) for index in range(count)]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{kind}-d{degree}.00000.npy").open("wb") as file:
        np.lib.format.write_array(file, array, version=(1, 0))


def write_plan(folder, cells, name="made-up", common=None):
    """`sweep.json`; cells are dicts with key and settings, `common` what all of them have besides."""
    plan = {
        "format": 1,
        "name": name,
        "question": "Is <this> read & drawn?",
        "simd": "baseline",
        "common": {
            "reward": "absolute",
            "trials": 200,
            "network.units": 32,
            "evaluation.criterion.correct": 18,
            "evaluation.criterion.of": 20,
            **(common or {}),
        },
        "cells": [{"chance": 0.5, "shortcut": 0.5, "ceiling": 1.0, **cell} for cell in cells],
        "launches": [
            {
                "version": "0.1.0",
                "commit": "0123456789abcdef",
                "dirty": False,
                "command": ["trifactor"],
                "host": "here",
                "ranks": 1,
                "cpu": "cpu",
                "simd": "baseline",
                "blas": "",
                "mpi": "",
                "started": "2026-01-01T00:00:00Z",
            }
        ],
    }
    body = json.dumps(plan)[1:].encode() + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sweep.json").write_bytes(b'{"crc32": "%08x",\n' % zlib.crc32(body) + body)


def accuracy(degree, seed, network):
    """Late accuracy of a learned network, the same rule for tests to expect."""
    return 0.6 + 0.1 * (degree == 3) + 0.01 * seed + 0.001 * network


def write_sweep(folder, networks=4, iterations=12, version=2):
    """The whole folder; returns the keys by (degree, task, seed)."""
    tasks = ["cue-association", "perceptual-decision"]
    keys = {}
    for degree in (1, 3):
        for task in tasks:
            for seed in range(3):
                keys[degree, task, seed] = len(keys) + 1
    write_plan(
        folder,
        [
            {"key": f"{key:016x}", "settings": {"rule.degree": degree, "task": task, "seed": seed}}
            for (degree, task, seed), key in keys.items()
        ],
    )
    for degree in (1, 3):
        learning, evaluated, ended = [], [], []
        for (of_degree, task, seed), key in keys.items():
            if of_degree != degree:
                continue
            failed = (degree, task, seed) == (3, tasks[1], 0)
            diverged = (degree, task, seed) == (3, tasks[1], 1)
            unfinished = (degree, task, seed) == (3, tasks[1], 2)
            theta = 0.1 * np.arange(-2, (degree + 1) ** 2 - 2)
            for i in range(iterations // (3 if unfinished else 1)):
                learning.append(
                    {
                        "cell": key,
                        "iteration": i,
                        "lifetimes": 4,
                        "reward": -1 + 0.02 * i,
                        "gradient_norm": 0.5,
                        "validation_accuracy": 0.5 + 0.01 * i if i % 5 == 4 else np.nan,
                        "theta": theta,
                        "action": 1 if i == 3 else 0,
                    }
                )
            if failed:
                ended.append({"cell": key, "status": 2, "message": b"no <room>"})
                continue
            for role in range(3):
                for network in range(networks):
                    score = accuracy(degree, seed, network) if role == 0 else 0.55 if role == 1 else 0.5
                    lost = diverged and role == 0 and network < 3
                    evaluated.append(
                        {
                            "cell": key,
                            "network": network,
                            "role": role,
                            "trials": 200,
                            "diverged_at": 55 if lost else -1,
                            "trials_to_criterion": 40 + 10 * network if role == 0 and network < 3 else -1,
                            "reward": score - 1,
                            "accuracy": score,
                            "late_reward": np.nan if lost else score - 1,
                            "late_accuracy": np.nan if lost else score,
                            "reward_curve": np.linspace(-1, score - 1, 20),
                            "accuracy_curve": np.linspace(0.5, score, 20),
                        }
                    )
            if not unfinished:
                ended.append(
                    {
                        "cell": key,
                        "status": 1 if diverged else 0,
                        "iterations": iterations,
                        "evaluations": 3 * networks,
                        "lifetimes": 48,
                        "gigaflop": 2.5,
                        "theta": theta,
                    }
                )
        write_shard(folder / "shards", "iteration", degree, learning, version)
        write_shard(folder / "shards", "evaluation", degree, evaluated, version)
        write_shard(folder / "shards", "result", degree, ended, version)
    return keys
