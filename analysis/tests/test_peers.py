"""The arithmetic of the peers' table, and reading a lifetime for them; neither JAX nor PyTorch is needed.

That the peers compute what trifactor does is checked by `make peers` itself before it times anything.
"""

import json

import numpy as np
import pytest

from analysis.peers import lifetimes, table

TIMES = {
    "ours forward": [10, 20, 10],
    "ours adjoint": [1, 2, 1],
    "jax jvp": [90, 200, 100],
    "jax tangents-gemm": [40, 100, 50],
    "jax tangents-scan": [60, 90, 70],
    "jax grad": [3, 4, 5],
    "jax grad-remat": [4, 6, 6],
}


def test_ratios_are_of_rounds_and_against_the_best_peer():
    ratios = table.ratios(TIMES)
    forward = ratios["forward / best JAX forward"]
    # Medians 100, 50 and 70: the products win, although the scan was faster in one round.
    assert forward["peer"] == "jax tangents-gemm"
    assert (forward["median"], forward["low"], forward["high"], forward["rounds"]) == (5, 4.5, 5, 3)
    assert ratios["adjoint / best JAX forward"]["median"] == 50
    # Rounds 3, 2, 5. The ratio of the medians would be 4: the second round was slow for both.
    assert ratios["adjoint / jax.grad"]["median"] == 3
    assert ratios["adjoint / torch"] is None


def test_lines_show_times_ratios_and_what_is_missing():
    text = table.lines([{"size": (32, 24, 3), "times": TIMES, "ratios": table.ratios(TIMES)}])
    assert "N = 32, T = 24, d = 3" in text
    assert "  ours adjoint             1.000  (1.000 - 1.500)" in text
    last = text[-1]
    assert last.startswith("32,24,3") and "5.00 (4.50 - 5.00)" in last and last.endswith(" -")


def test_relative_error():
    assert table.relative([3, 4], [3, 4]) == 0
    assert table.relative([0, 0], [3, 4]) == 1
    assert table.relative([3, 4], [0, 0]) == 5
    assert np.isnan(table.relative([np.nan, 4], [3, 4]))


def test_first_visits():
    assert lifetimes.first_visits(np.array([2, 0, 2, 1, 0])).tolist() == [True, True, False, True, False]


def test_repeated_trials_make_one_lifetime():
    rng = np.random.default_rng(0)
    xi = rng.normal(size=(2, 3, 3))
    trials = {
        "xi": xi,
        "xi_before": np.stack([0 * xi[0], xi[0]]),
        "condition": np.array([1, 0], np.int32),
        "first": np.array([True, True]),
        "reset": np.array([False, True]),
    }
    constants = lifetimes.Constants(N=3, T=4, H=2, d=1, leak=0.2, leak_bar=1, eta=1, a_R=1, sigma=1, clip=1)
    longer = lifetimes.Lifetime(constants, {}, trials).repeated(5)
    assert longer.constants.H == 5 and longer.constants.P == 4
    assert longer.trials["condition"].tolist() == [1, 0, 1, 0, 1]
    assert longer.trials["first"].tolist() == [True, True, False, False, False]
    assert (longer.trials["xi_before"][0] == 0).all()
    assert (longer.trials["xi_before"][1:] == longer.trials["xi"][:-1]).all()


@pytest.mark.parametrize("name, value", [("gate", -1.4), ("growth", [1, 0]), ("reward", "binary")])
def test_what_the_peers_do_not_compute_is_refused(tmp_path, name, value):
    (tmp_path / "constants.json").write_text(json.dumps({"diverged_at": None, name: value}))
    with pytest.raises(lifetimes.UnsuitedLifetime, match=name):
        lifetimes.read(tmp_path, np.float64)


def test_a_diverged_lifetime_is_refused(tmp_path):
    (tmp_path / "constants.json").write_text('{"diverged_at": 3}')
    with pytest.raises(lifetimes.UnsuitedLifetime, match="diverged at trial 3"):
        lifetimes.read(tmp_path, np.float64)
