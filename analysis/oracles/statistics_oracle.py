"""Writes the values that the statistics of Sources/Ablation are tested against.

    python -m venv oracle && oracle/bin/pip install numpy==2.4.6 scipy==1.17.1 lifelines==0.30.3 rliable==1.2.0
    oracle/bin/python analysis/oracles/statistics_oracle.py > Tests/AblationTests/Fixtures/statistics.json

Every input is written beside its answer, so the tests need nothing but the file. Inputs are awkward on purpose: ties,
one to three seeds, all censored, scores of diverged networks, differences that are all zero. NaN and infinity are
written as the strings "nan" and "inf".
"""

import itertools
import json
import math
import sys

import lifelines
import numpy as np
import rliable
import scipy
from lifelines.statistics import logrank_test
from rliable import library, metrics
from scipy import stats

RESAMPLES = 50_000


def plain(value):
    """Makes a value fit for JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return float(value)
    return value


def samples(generator):
    return {
        "one": [0.5],
        "two": [0.25, 0.75],
        "three": [0.9, 0.1, 0.4],
        "four": [0.0, 0.91, 0.93, 0.92],
        "ties": [0.5, 0.5, 0.5, 0.6, 0.6, 0.4, 0.5],
        "constant": [0.7] * 9,
        "diverged": [0.9, 0.0, 0.93, 0.0, 0.91, 0.95, 0.88, 0.0],
        "rewards": [-2.0, -0.31, -0.3, -0.28, -2.0, -0.5],
        "twenty": list(np.round(generator.uniform(0.4, 1.0, 20), 3)),
        "twentyone": list(generator.normal(-0.4, 0.1, 21)),
    }


def aggregates(named):
    return [
        {
            "name": name,
            "values": values,
            "mean": np.mean(values),
            "iqm": stats.trim_mean(values, 0.25),
            "sd": np.std(values, ddof=1) if len(values) > 1 else math.nan,
            "q25": np.quantile(values, 0.25),
            "median": np.quantile(values, 0.5),
            "q75": np.quantile(values, 0.75),
            "q025": np.quantile(values, 0.025),
        }
        for name, values in named.items()
    ]


def bootstraps(generator):
    """rliable's stratified bootstrap: runs x tasks, percentile intervals."""
    cases = {
        "two runs": np.array([[0.8], [0.9]]),
        "three runs": np.array([[0.8], [0.9], [0.7]]),
        "twenty runs": generator.uniform(0.4, 1.0, (20, 1)),
        "ten runs, three tasks": generator.uniform(0.0, 1.0, (10, 3)) * [0.2, 0.5, 1.0],
        "eight runs, half diverged": np.array([[0.9], [0.0], [0.92], [0.0], [0.91], [0.0], [0.93], [0.0]]),
        "fifty runs, ties": np.round(generator.uniform(0.4, 1.0, (50, 1)), 1),
    }
    written = []
    for name, scores in cases.items():
        for aggregate, function in (("iqm", metrics.aggregate_iqm), ("mean", metrics.aggregate_mean)):
            _, interval = library.get_interval_estimates(
                {"x": scores},
                lambda x, function=function: np.array([function(x)]),
                reps=RESAMPLES,
                random_state=np.random.RandomState(7),
            )
            low, high = interval["x"][:, 0]
            written.append({"name": name, "aggregate": aggregate, "strata": scores.T, "low": low, "high": high})
    return written


def survivals():
    cases = {
        "all reached": [(10, 1), (20, 1), (30, 1), (40, 1), (50, 1)],
        "ties": [(10, 1), (10, 1), (10, 1), (40, 1), (40, 0), (40, 1)],
        "some censored": [(19, 1), (25, 1), (31, 1), (200, 0), (200, 0), (47, 1), (200, 0)],
        "exactly half": [(19, 1), (25, 1), (200, 0), (200, 0)],
        "most censored": [(19, 1), (200, 0), (200, 0), (200, 0), (200, 0)],
        "all censored": [(200, 0), (200, 0), (200, 0)],
        "one reached": [(57, 1)],
        "one censored": [(200, 0)],
        "different lengths": [(5, 1), (6, 0), (7, 1), (7, 0), (9, 1), (12, 0), (13, 1), (20, 0), (21, 1), (30, 0)],
    }
    written = []
    for name, pairs in cases.items():
        fit = lifelines.KaplanMeierFitter().fit([t for t, _ in pairs], [e for _, e in pairs])
        curve = fit.survival_function_["KM_estimate"]

        def reached(share, curve=curve):
            """lifelines' percentile, with shares rounded first: its products of quotients are an ulp off (0.75 and
            0.5 come out larger), which would move a quartile that falls on a share exactly by a whole event."""
            below = curve.index[curve.round(12) <= share]
            return below[0] if len(below) else math.inf

        written.append(
            {
                "name": name,
                "trials": [t for t, _ in pairs],
                "reached": [bool(e) for _, e in pairs],
                "q25": reached(0.75),
                "median": reached(0.5),
                "q75": reached(0.25),
                "curve_trials": list(curve.index),
                "curve_shares": list(curve.values),
            }
        )
    return written


def log_ranks(generator):
    def times(scale, count, end):
        drawn = np.ceil(generator.exponential(scale, count))
        return [(min(t, end), bool(t <= end)) for t in drawn]

    cases = {
        "far apart": (times(20, 12, 200), times(150, 12, 200)),
        "alike": (times(80, 30, 200), times(80, 25, 200)),
        "ties": ([(10, True), (10, True), (20, True), (20, False)], [(10, True), (20, True), (20, True), (30, False)]),
        "one side censored": ([(200, False)] * 5, [(30, True), (40, True), (200, False), (60, True), (80, True)]),
        "one of each": ([(10, True)], [(20, True)]),
    }
    written = []
    for name, (first, second) in cases.items():
        result = logrank_test(
            [t for t, _ in first], [t for t, _ in second], [e for _, e in first], [e for _, e in second]
        )
        written.append(
            {
                "name": name,
                "first_trials": [t for t, _ in first],
                "first_reached": [e for _, e in first],
                "second_trials": [t for t, _ in second],
                "second_reached": [e for _, e in second],
                "chi_square": result.test_statistic,
                "p": result.p_value,
            }
        )
    return written


def signed_ranks(generator):
    cases = {
        "one": [0.1],
        "two": [0.1, -0.2],
        "three": [0.1, 0.2, 0.3],
        "five": [0.3, -0.1, 0.25, 0.4, 0.07],
        "ties, short": [0.1, 0.1, -0.1, 0.2, 0.2, 0.3],
        "zeros, short": [0.0, 0.1, 0.0, 0.3, -0.2],
        "ties and zeros, thirteen": [0.0, 0.1, 0.1, -0.1, 0.2, 0.2, -0.3, 0.4, 0.5, 0.5, 0.5, 0.0, 0.6],
        "ties, fourteen": [0.1, 0.1, -0.1, 0.2, 0.2, -0.3, 0.4, 0.5, 0.5, 0.5, 0.6, 0.7, -0.7, 0.8],
        "zeros, twenty": [0.0] * 5 + [round(0.01 * i * (-1) ** (i % 3), 2) for i in range(1, 16)],
        "twenty": list(generator.normal(0.05, 0.1, 20)),
        "fifty": list(generator.normal(0.02, 0.1, 50)),
        "fiftyone": list(generator.normal(0.02, 0.1, 51)),
        "two hundred, ties": list(np.round(generator.normal(0.02, 0.1, 200), 2)),
    }
    written = []
    for name, differences in cases.items():
        # W+ is not what scipy reports for a two-sided test (it reports the smaller sum): ask one-sided for it.
        positive = stats.wilcoxon(differences, alternative="greater").statistic
        written.append(
            {"name": name, "differences": differences, "positive": positive, "p": stats.wilcoxon(differences).pvalue}
        )
    return written


def tied_comparisons(generator):
    """Runs of a few networks whose scores are counts out of a few trials, so that means tie exactly.

    Everything is computed from whole numbers: the sum over a run's networks of its counts. A program that ranks
    floating-point means must find the same.
    """
    shapes = [(6, 3, 40), (6, 3, 7), (8, 3, 40), (10, 7, 30), (12, 3, 10), (13, 6, 9), (16, 3, 12), (30, 3, 20)]
    shapes.append((1, 11, 9))
    written = []
    for seeds, networks, trials in shapes * 2:
        value = generator.integers(trials // 2, trials + 1, (seeds, networks))
        baseline = generator.integers(trials // 2 - 1, trials, (seeds, networks))
        own, other = (value[0], baseline[0]) if seeds == 1 else (value.sum(axis=1), baseline.sum(axis=1))
        differences = own - other
        if not differences.any():
            continue
        written.append(
            {
                "trials": trials,
                "value": value,
                "baseline": baseline,
                "positive": stats.wilcoxon(differences, alternative="greater").statistic,
                "p": stats.wilcoxon(differences).pvalue,
                "probability": metrics.probability_of_improvement(
                    own.astype(float)[:, None], other.astype(float)[:, None]
                ),
            }
        )
    return written


def permuted_log_ranks(generator):
    """The share of all swaps of whole runs whose log-rank statistic is at least that seen."""

    def run(scale, networks):
        drawn = np.ceil(generator.exponential(scale, networks))
        return [(min(t, 200), bool(t <= 200)) for t in drawn]

    def statistic(first, second):
        first, second = list(itertools.chain(*first)), list(itertools.chain(*second))
        return logrank_test(
            [t for t, _ in first], [t for t, _ in second], [e for _, e in first], [e for _, e in second]
        ).test_statistic

    cases = {
        "five far apart": [(run(15, 8), run(150, 8)) for _ in range(5)],
        "six alike": [(run(60, 6), run(60, 6)) for _ in range(6)],
        "runs differ": [(run(scale, 5), run(1.6 * scale, 5)) for scale in (10, 30, 80, 150, 40, 20, 100)],
        "unequal networks": [(run(40, 3), run(90, 5)), (run(50, 7), run(80, 2)), (run(30, 4), run(70, 4))],
        "one": [(run(20, 6), run(100, 6))],
    }
    written = []
    for name, runs in cases.items():
        values = [
            statistic(
                [b if swap else a for (a, b), swap in zip(runs, swaps)],
                [a if swap else b for (a, b), swap in zip(runs, swaps)],
            )
            for swaps in itertools.product([False, True], repeat=len(runs))
        ]
        written.append(
            {
                "name": name,
                "first_trials": [[t for t, _ in a] for a, _ in runs],
                "first_reached": [[e for _, e in a] for a, _ in runs],
                "second_trials": [[t for t, _ in b] for _, b in runs],
                "second_reached": [[e for _, e in b] for _, b in runs],
                "chi_square": values[0],
                "p": sum(value >= values[0] * (1 - 1e-9) for value in values) / len(values),
            }
        )
    return written


def improvements(generator):
    cases = {
        "one each": ([0.6], [0.5]),
        "ties": ([0.5, 0.5, 0.6, 0.7], [0.5, 0.6, 0.6, 0.2, 0.9]),
        "equal": ([0.5, 0.6], [0.5, 0.6]),
        "twenty": (list(generator.normal(0.6, 0.1, 20)), list(generator.normal(0.55, 0.1, 20))),
        "diverged": ([0.0, 0.0, 0.9, 0.91], [0.8, 0.81, 0.0, 0.79]),
    }
    return [
        {
            "name": name,
            "x": x,
            "y": y,
            "probability": metrics.probability_of_improvement(np.array(x)[:, None], np.array(y)[:, None]),
        }
        for name, (x, y) in cases.items()
    ]


def holms():
    """Holm's adjusted p by its definition, on a family small enough to read."""
    families = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.02, 0.02, 0.9], [0.6, 0.7, 0.8]]
    written = []
    for family in families:
        adjusted = []
        for p in family:
            smaller = [q for q in family if q <= p]
            steps = [(len(family) - sum(1 for r in family if r < q)) * q for q in smaller]
            adjusted.append(min(1.0, max(steps)))
        written.append({"p": family, "adjusted": adjusted})
    return written


def distributions():
    points = [-8.0, -3.1, -1.0, -0.2, 0.0, 0.5, 1.96, 4.0, 9.0]
    probabilities = [0.001, 0.2, 0.5, 0.8, 0.9, 0.975, 0.9999]
    freedoms = [1, 2, 3, 7, 19, 59, 1000]
    return {
        "normal": [{"z": z, "cdf": stats.norm.cdf(z)} for z in points],
        "student_cdf": [{"t": t, "freedom": f, "cdf": stats.t.cdf(t, f)} for t in points for f in freedoms],
        "student_quantile": [{"p": p, "freedom": f, "t": stats.t.ppf(p, f)} for p in probabilities for f in freedoms],
    }


def main():
    generator = np.random.default_rng(20)
    document = {
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "lifelines": lifelines.__version__,
            "rliable": getattr(rliable, "__version__", "1.2.0"),
        },
        "resamples": RESAMPLES,
        "aggregates": aggregates(samples(generator)),
        "bootstraps": bootstraps(generator),
        "survivals": survivals(),
        "log_ranks": log_ranks(generator),
        "signed_ranks": signed_ranks(generator),
        "improvements": improvements(generator),
        "holms": holms(),
        "distributions": distributions(),
        "tied_comparisons": tied_comparisons(np.random.default_rng(21)),
        "permuted_log_ranks": permuted_log_ranks(np.random.default_rng(22)),
    }
    json.dump(plain(document), sys.stdout, indent=1, allow_nan=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
