"""The figures' statistics: against rliable's values, and equal to the program's own to the last digits."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis import bootstrap
from trifactor import program

FIXTURE = Path(__file__).resolve().parents[2] / "Tests" / "AblationTests" / "Fixtures" / "statistics.json"
COMMITTED = json.loads(FIXTURE.read_text())


@pytest.mark.parametrize("sample", COMMITTED["aggregates"], ids=lambda sample: sample["name"])
def test_interquartile_mean_is_scipys(sample):
    assert bootstrap.interquartile_mean(sample["values"]) == pytest.approx(sample["iqm"], rel=1e-12)


def test_interquartile_mean_of_nothing_is_nan():
    assert np.isnan(bootstrap.interquartile_mean(np.empty((0,))))
    assert np.isnan(bootstrap.interquartile_mean(np.empty((0, 3)))).all()


@pytest.mark.parametrize("sample", COMMITTED["bootstraps"], ids=lambda s: f"{s['name']}, {s['aggregate']}")
def test_intervals_are_rliables(sample):
    """2,000 resamples against 50,000: an end's standard error is 0.06 standard deviations, a quarter of the width
    each; five standard errors are 0.08 of the width. Tied scores have a lattice: one step more."""
    statistic = bootstrap.interquartile_mean if sample["aggregate"] == "iqm" else lambda x: x.mean(axis=0)
    low, high = bootstrap.stratified_bootstrap(sample["strata"], statistic)
    width = sample["high"] - sample["low"]
    allowed = 0.08 * width + (0.1 / 26 if "ties" in sample["name"] else 0)
    assert abs(low - sample["low"]) < allowed and abs(high - sample["high"]) < allowed


def test_the_same_interval_as_the_program(sweep):
    """Same definition, same random numbers: equal up to the order of summation."""
    table = program.table(sweep.program, sweep.folders, "rule.degree")
    checked = 0
    for cell in table["cells"]:
        runs = sweep.run_scores(cell["row"], cell["column"], "accuracy")
        assert len(runs) == cell["runs"]
        if cell["runs"] > 1:
            low, high = bootstrap.stratified_bootstrap([runs])
            assert cell["iqm"] == pytest.approx(bootstrap.interquartile_mean(runs), rel=1e-12)
            assert (cell["low"], cell["high"]) == (pytest.approx(low, rel=1e-12), pytest.approx(high, rel=1e-12))
            checked += 1
    assert checked == 3


def test_columns_are_resampled_together():
    """A curve's band uses one resample for all its points, and equals the bands of its points alone."""
    scores = np.random.default_rng(3).uniform(size=(7, 4))
    low, high = bootstrap.stratified_bootstrap([scores])
    for column in range(4):
        one_low, one_high = bootstrap.stratified_bootstrap([scores[:, column]])
        assert low[column] == pytest.approx(one_low) and high[column] == pytest.approx(one_high)


def test_indices_stay_in_their_stratum():
    indices = bootstrap.resample_indices([3, 1, 5], resamples=200)
    assert indices.shape == (200, 9)
    assert indices[:, :3].max() == 2 and (indices[:, 3] == 3).all()
    assert indices[:, 4:].min() == 4 and indices[:, 4:].max() == 8


def test_one_run_has_no_interval():
    low, high = bootstrap.stratified_bootstrap([[0.5]])
    assert np.isnan(low) and np.isnan(high)
