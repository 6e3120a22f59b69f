"""Exported draws of alignment against the equations in numpy: rules with their mechanisms, wired networks, rivals."""

import numpy as np
import pytest

from analysis.tests.lifetimes import CASES, DALE, RIVALS, export
from trifactor import recompute

OPTIONS = ("--alignment", "--alignment-points", "4", "--alignment-draws", "5")
RULES = [
    "defaults",
    "squared",
    "gaussian",
    "tight clip",
    "no weight noise",
    "initial per trial",
    "degree 5",
    "gate and growth",
    "slow mean by condition",
    "slow mean by synapse",
    "shared, gate",
    "learned, gate",
    "weight degree 2",
    "sparse",
    "sigmoid",
    "signs",
    "mixture",
]


def check(out):
    """Every quantity of the draws within 1e-9 of its largest entry, sums of some thousand terms in another order, and
    mu within as much of W, from which it is taken; the numbers within 1e-6."""
    arrays, constants = recompute.load(out)
    assert (constants["C"], constants["D"]) == (4, 5) and (arrays["aligned_draws"] == 5).all()
    mine = recompute.recompute_alignment(out)
    for name in ("W", "R", "Rbar", "g"):
        seen, wanted = arrays[f"aligned_{name}"], mine[name]
        assert np.abs(seen - wanted).max() <= 1e-9 * np.abs(wanted).max(), name
    assert np.abs(arrays["aligned_mu"] - mine["mu"]).max() <= 1e-12
    for name, wanted in recompute.alignment_numbers(arrays["aligned_mu"], arrays["aligned_g"]).items():
        np.testing.assert_allclose(arrays[f"aligned_{name}"], wanted, rtol=1e-9, atol=1e-15, err_msg=name)
    return arrays, mine


@pytest.mark.parametrize("case", RULES)
def test_rules(case, tmp_path):
    arrays, mine = check(export(tmp_path, CASES[case], *OPTIONS))
    assert np.isfinite(arrays["aligned_cosine"][1:]).all() and np.abs(arrays["aligned_cosine"]).max() <= 1 + 1e-12
    np.testing.assert_allclose(arrays["aligned_cosine"], mine["cosine"], atol=1e-6)


@pytest.mark.parametrize("rival", RIVALS)
def test_rivals(rival, tmp_path):
    settings = {"learner": rival, "rule.degree": 0, "rule.theta": "{}"}
    settings |= {"meta.estimator": "evolution", "meta.learn": "[eta]"}
    check(export(tmp_path, settings, *OPTIONS))
    check(export(tmp_path, settings | DALE, *OPTIONS))


def test_an_export_without_it_takes_old_draws_away(tmp_path):
    out = export(tmp_path, CASES["squared"], *OPTIONS)
    assert (out / "aligned_mu.npy").is_file()
    export(tmp_path, CASES["squared"])
    assert not list(out.glob("aligned_*.npy"))


def test_compare_knows_it(tmp_path):
    lines = recompute.compare(export(tmp_path, CASES["squared"], *OPTIONS))
    names = [line[0] for line in lines]
    assert {"aligned_mu", "aligned_g", "aligned_cosine"} <= set(names)
    assert all(line[1] <= line[2] for line in lines)
