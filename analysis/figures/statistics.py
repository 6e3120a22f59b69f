"""The statistics of figures, by the definitions of `Sources/Ablation` and with the same random numbers.

What a figure shows in a table's place comes from `trifactor table --format json`; curves and bands need the same
statistics at every point, so they are here as well: the same input gives the same interval as in the program.
"""

import numpy as np

RESAMPLES = 2000
_SEED = np.uint64(0x7472_6966_6163_746F)
_STREAM = np.uint64(0xD134_2543_DE82_EF95)
_STEP = np.uint64(0x9E37_79B9_7F4A_7C15)


def interquartile_mean(scores, axis=0):
    """Mean of the middle half: floor(n / 4) scores are cut from each end (scipy's `trim_mean(scores, 0.25)`)."""
    scores = np.sort(np.asarray(scores, dtype=float), axis=axis)
    count = scores.shape[axis]
    if count == 0:
        return np.full(np.delete(scores.shape, axis), np.nan)
    cut = count // 4
    return np.take(scores, np.arange(cut, count - cut), axis=axis).mean(axis=axis)


def _mix(words):
    """The finaliser of SplitMix64."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58_476D_1CE4_E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D0_49BB_1331_11EB)
    return words ^ (words >> np.uint64(31))


def resample_indices(sizes, resamples=RESAMPLES):
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


def stratified_bootstrap(strata, statistic=interquartile_mean, resamples=RESAMPLES, level=0.95):
    """Percentile-bootstrap interval of a statistic of scores (runs, ...) that come in strata.

    `statistic` takes scores with runs along axis 0. Returns low and high with the scores' further axes; NaN where
    fewer than two runs are given.
    """
    strata = [np.asarray(stratum, dtype=float) for stratum in strata if len(stratum)]
    sizes = [len(stratum) for stratum in strata]
    if sum(sizes) < 2:
        shape = strata[0].shape[1:] if strata else ()
        return np.full(shape, np.nan), np.full(shape, np.nan)
    pooled = np.concatenate(strata)
    drawn = np.stack([statistic(pooled[indices]) for indices in resample_indices(sizes, resamples)])
    tail = (1 - level) / 2
    return np.quantile(drawn, tail, axis=0), np.quantile(drawn, 1 - tail, axis=0)
