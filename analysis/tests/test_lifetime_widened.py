"""Exported lifetimes of the widened rule: critics, powers of the weight, chosen terms, every constant."""

import json

import numpy as np
import pytest

from analysis.tests.lifetimes import ALL, CASES, CONSTANTS, LAYERED, MEAN, RIVALS, check, export
from trifactor import recompute


@pytest.mark.parametrize("critic", ["shared", "learned"])
@pytest.mark.parametrize("rival", RIVALS)
def test_rivals_by_their_critic(rival, critic, tmp_path):
    settings = {"learner": rival, "rule.degree": 0, "rule.theta": "{}", "rule.baseline": critic}
    settings |= {"meta.estimator": "evolution", "meta.learn": "[eta]", "exploration.gate": -0.8}
    out = export(tmp_path, settings)
    assert recompute.load(out)[1]["critic"] == critic
    check(out)


def broken(folder, **changes):
    """The quantities that disagree once the constants say something else."""
    constants = json.loads((folder / "constants.json").read_text())
    (folder / "constants.json").write_text(json.dumps(constants | changes))
    names = {name for name, error, limit, _ in recompute.compare(folder) if not error <= limit}
    (folder / "constants.json").write_text(json.dumps(constants))
    return names


def test_what_is_widened_is_there(tmp_path):
    """Without it, or with another in its place, other numbers come out."""
    out = export(tmp_path, CASES["mixture"])
    check(out)
    for changes in (
        {"critic": "shared"},
        {"critic": "condition"},
        {"trace_mean": 0},
        {"trace_mean_by": "condition"},
        {"growth": [0, 0]},
    ):
        assert {"W", "U"} <= broken(out, **changes), changes
    assert {"Rdot", "U"} <= broken(out, gate=-0.2) and {"Rbar"} <= broken(out, critic="shared")


@pytest.mark.parametrize("critic", ["condition", "shared", "learned"])
@pytest.mark.parametrize("engine", ["forward", "adjoint"])
def test_each_direction_by_itself(engine, critic, tmp_path):
    """Elsewhere errors are relative to the largest of all directions; here those of a constant are to its own largest.
    Rounding leaves 1e-12, and the smallest direct term is more than 1e-6 of its direction."""
    mechanisms = MEAN | {"exploration.gate": -0.5, "rule.growth": "[1, 2]", "rule.baseline": critic}
    out = export(tmp_path, ALL | mechanisms | {"rule.clip": 0.004, "engine": engine, "rule.weight-degree": 1})
    arrays, c = recompute.load(out)
    assert c["directions"][32:] == [*CONSTANTS.replace("growth", "growth-0, growth-2").split(", "), "trace-mean"]
    mine = recompute.recompute(out)
    for name in {"U", "Rdot", "g_tangent", "g_antithetic", "g_pathwise"} & arrays.keys():
        for place in range(32, len(c["directions"])):
            seen, wanted = (whole[:, place] if name == "Rdot" else whole[place] for whole in (arrays[name], mine[name]))
            size = np.abs(wanted).max()
            assert size > 0 and np.abs(seen - wanted).max() <= 1e-9 * size, (name, c["directions"][place])


def test_terms_alone_are_directions(tmp_path):
    out = export(tmp_path, CASES["terms with weights"] | {"meta.learn": "[theta, eta, gate]"})
    arrays, c = recompute.load(out)
    assert c["directions"] == ["k0l0", "k1l1", "k2l1m1", "eta", "gate"] and c["weight_degree"] == 1
    assert arrays["theta"].shape == (32,) and arrays["scale"].shape == (32,)
    assert arrays["U"].shape == (5, 12, 12) and arrays["Rdot"].shape == (24, 5)
    assert arrays["g_tangent"].shape == (5,) and arrays["g_score"].shape == (3,)
    check(out)


@pytest.mark.parametrize("precision", ["double", "float"])
@pytest.mark.parametrize("critic", ["shared", "learned"])
def test_divergence_of_the_widened_rule(critic, precision, tmp_path):
    settings = ALL | MEAN | {"rule.baseline": critic, "rule.weight-degree": 2, "rule.eta": 0.5}
    out = export(
        tmp_path, settings | {"rule.theta": "{k1l1m2: 1e6, k0l1: 1}", "rule.clip": 1e30, "precision": precision}
    )
    assert recompute.load(out)[1]["diverged_at"] is not None
    assert np.isnan(recompute.load(out)[0]["g_score"]).all()
    check(out)


@pytest.mark.parametrize("precision", ["double", "float"])
@pytest.mark.parametrize("case", LAYERED)
def test_other_layers_that_learn(case, precision, tmp_path):
    """W_in and W_out, U_in and U_out are there where their synapses learn, and agree."""
    out = export(tmp_path, LAYERED[case] | {"precision": precision})
    arrays, c = recompute.load(out)
    for layer, name, start in (("input", "W_in", "Win"), ("readout", "W_out", "Wout")):
        assert (name in arrays) == (layer in c["plastic"])
        if name in arrays:
            assert (arrays[name][-1] != arrays[start]).any(), name
    assert ("recurrent" in c["plastic"]) == (arrays["W"][-1] != arrays["W0"]).any()
    check(out)


def test_factors_and_layers_matter(tmp_path):
    """Without the factor of a layer, or with another theta of it, other weights come out."""
    out = export(tmp_path, LAYERED["layers, all constants"])
    check(out)
    assert {"W_in", "U_in"} <= broken(out, eta_input=1) and {"W_out", "U_out"} <= broken(out, eta_readout=1)
    arrays, c = recompute.load(out)
    block = len(arrays["theta"]) // 3
    assert c["theta_layers"] == ["recurrent", "input", "readout"] and block == 16
    for place, name in enumerate(("W", "W_in", "W_out")):
        theta = arrays["theta"].copy()
        theta[place * block + 5] += 0.1
        np.save(out / "theta.npy", theta)
        wrong = {name for name, error, limit, _ in recompute.compare(out) if not error <= limit}
        assert wrong & {"W", "W_in", "W_out"} == {name}
