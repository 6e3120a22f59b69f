"""The two statistics of tables, by the definitions of `Sources/Ablation` and with the same random numbers.

A number that the program prints is never computed here for a figure: tables, curves and means come from `trifactor
table --format json`. What it does not print (bands of a staircase) has the same statistics, and tests compare the two.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

RESAMPLES = 2000
_SEED = np.uint64(0x7472_6966_6163_746F)
_STREAM = np.uint64(0xD134_2543_DE82_EF95)
_STEP = np.uint64(0x9E37_79B9_7F4A_7C15)


def interquartile_mean(scores: ArrayLike, axis: int = 0) -> Array:
    """Mean of the middle half: floor(n / 4) scores are cut from each end (scipy's `trim_mean(scores, 0.25)`)."""
    scores = np.sort(np.asarray(scores, dtype=float), axis=axis)
    count = scores.shape[axis]
    if count == 0:
        return np.full(np.delete(scores.shape, axis), np.nan)
    cut = count // 4
    return np.take(scores, np.arange(cut, count - cut), axis=axis).mean(axis=axis)


def _mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58_476D_1CE4_E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D0_49BB_1331_11EB)
    return words ^ (words >> np.uint64(31))


def resample_indices(sizes: Sequence[int], resamples: int = RESAMPLES) -> NDArray[np.int64]:
    """Indices (resamples, sum of sizes) into the concatenated strata of these sizes, drawn within each stratum."""
    total = int(sum(sizes))
    with np.errstate(over="ignore"):
        start = _mix(_SEED + np.arange(resamples, dtype=np.uint64) * _STREAM)
        steps = (np.arange((total + 1) // 2, dtype=np.uint64) + np.uint64(1)) * _STEP
        words = _mix(start[:, None] + steps[None, :])
    halves = np.stack([words >> np.uint64(32), words & np.uint64(0xFFFF_FFFF)], axis=2)
    halves = halves.reshape(resamples, -1)[:, :total]
    bounds = np.repeat(np.asarray(sizes, dtype=np.uint64), sizes)
    offsets = np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)
    return ((halves * bounds) >> np.uint64(32)).astype(int) + offsets


def mean(scores: ArrayLike) -> Array:
    """Mean over the first axis."""
    return np.asarray(scores, dtype=float).mean(axis=0)


def stratified_bootstrap(
    strata: Sequence[ArrayLike],
    statistic: Callable[[Array], Array] = interquartile_mean,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> tuple[Array, Array]:
    """Percentile-bootstrap interval of a statistic of scores (runs, ...) that come in strata.

    `statistic` takes scores with runs along axis 0. Returns low and high with the scores' further axes; NaN where
    fewer than two runs are given.
    """
    given = [one for one in (np.asarray(stratum, dtype=float) for stratum in strata) if len(one)]
    sizes = [len(stratum) for stratum in given]
    if sum(sizes) < 2:
        shape = given[0].shape[1:] if given else ()
        return np.full(shape, np.nan), np.full(shape, np.nan)
    pooled = np.concatenate(given)
    drawn = np.stack([statistic(pooled[indices]) for indices in resample_indices(sizes, resamples)])
    tail = (1 - level) / 2
    return np.quantile(drawn, tail, axis=0), np.quantile(drawn, 1 - tail, axis=0)
