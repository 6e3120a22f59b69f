"""Trials to criterion of networks that were run in parts, pooled.

    python -m analysis.criterion out/validation/miconi-dale-*.npy --below 2.5 --to trials.csv
    python -m analysis.criterion trials.csv

The files are what `trifactor validate --errors` writes: the error of every trial, a row a network. Criterion, quartiles
(Kaplan-Meier; a network that never meets the criterion is censored at its last trial) and the bootstrap interval of the
median are those that `trifactor validate` prints of one run; the quartiles have their intervals here as well.
"""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import bootstrap
from trifactor import command

_CORRECT, _OF = 96, 100
FIELDS = ("file", "network", "trials", "criterion")
# Trials, and whether the criterion was met there; a row a network.
Times = NDArray[Any]


def trials_to_criterion(errors: NDArray[Any], below: float) -> int | None:
    """The first trial, counted from 1 and after the first 100, that ends 100 trials of which 96 have errors below."""
    right = np.convolve(np.asarray(errors) < below, np.ones(_OF, dtype=int), mode="valid")
    met = np.flatnonzero(right[1:] >= _CORRECT)
    return int(met[0]) + _OF + 1 if len(met) else None


def quantile(times: Times, share: float) -> float:
    """When as many networks have met the criterion by Kaplan and Meier; infinite where they never have."""
    left = 1.0
    for trial in np.unique(times[times[:, 1] > 0, 0]):
        left *= 1 - np.sum((times[:, 0] == trial) & (times[:, 1] > 0)) / np.sum(times[:, 0] >= trial)
        if left <= 1 - share + 1e-12:
            return float(trial)
    return float("inf")


def interval(times: Times, share: float = 0.5) -> tuple[float, float]:
    """95 % of a quantile over resampled networks."""
    drawn = [quantile(times[rows], share) for rows in bootstrap.resample_indices([len(times)])]
    return float(np.quantile(drawn, 0.025, method="lower")), float(np.quantile(drawn, 0.975, method="higher"))


def table(times: Times) -> str:
    """The table as Markdown."""
    entries = [str(len(times)), str(int(np.sum(times[:, 1] == 0)))]
    for share in (0.25, 0.5, 0.75):
        low, high = interval(times, share)
        entries.append(f"{_whole(quantile(times, share))} [{_whole(low)}, {_whole(high)}]")
    head = "| networks | censored | lower quartile | median | upper quartile |"
    return "\n".join([head, "|---|---|---|---|---|", "| " + " | ".join(entries) + " |"])


def _whole(trials: float) -> str:
    return str(int(trials)) if np.isfinite(trials) else "not reached"


def _rows(files: Sequence[Path], below: float) -> list[dict[str, str]]:
    found = []
    for file in files:
        for network, errors in enumerate(np.load(file)):
            met = trials_to_criterion(errors, below)
            values = (file.stem, network, len(errors), "" if met is None else met)
            found.append(dict(zip(FIELDS, map(str, values), strict=True)))
    return found


def read(file: Path) -> Times:
    """The times of a .csv file."""
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not set(FIELDS) <= set(rows[0]):
        raise command.CommandError(f"{file}: no rows with {', '.join(FIELDS)}; make it with --to from .npy files")
    return np.array([[float(row["criterion"] or row["trials"]), float(row["criterion"] != "")] for row in rows])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.criterion", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=command.named, nargs="+", metavar="FILE", help=".npy files, or one .csv")
    parser.add_argument("--below", type=float, help="the error of a right trial; 1, and 2.5 for miconi-dale")
    parser.add_argument("--to", type=command.named, metavar="FILE.csv", help="where to write the trials to criterion")
    given = parser.parse_args(arguments)
    if given.to is None:
        if len(given.files) > 1 or given.files[0].suffix != ".csv":
            raise command.CommandError("a table is printed of one .csv file; give --to to make one from .npy files")
        print(table(read(given.files[0])))
        return 0
    if given.below is None:
        raise command.CommandError("--to wants --below as well: the error below which a trial is right")
    rows = _rows(sorted(given.files), given.below)
    with given.to.open("w", newline="") as out:
        writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{given.to}: {len(rows)} networks")
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
