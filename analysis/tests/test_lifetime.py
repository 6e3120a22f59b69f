"""Exported lifetimes against `recompute.py`, over all settings that a lifetime depends on."""

import json

import numpy as np
import pytest

from analysis.tests.lifetimes import ADJOINT, CASES, DALE, FLOAT, RIVALS, STRONG, WITHOUT_CREDIT, check, export
from trifactor import ExportedLifetime, command, recompute


@pytest.mark.parametrize("case", CASES)
def test_double(case, tmp_path):
    out = export(tmp_path, CASES[case])
    assert recompute.load(out)[1]["diverged_at"] is None
    check(out)
    # From W0 on, so that rounding of every trial goes on into the next; the worst case is 5e-16.
    exported = ExportedLifetime.load(out)
    mine = exported.run(exported.rule)
    for name in ("R", "Rbar", "W"):
        assert np.abs(mine[name] - exported[name]).max() <= 1e-10 * np.abs(exported[name]).max(), name


@pytest.mark.parametrize("case", FLOAT)
def test_float(case, tmp_path):
    check(export(tmp_path, CASES[case] | {"precision": "float"}))


@pytest.mark.parametrize("precision", ["double", "float"])
@pytest.mark.parametrize("case", ADJOINT)
def test_adjoint(case, precision, tmp_path):
    """Under `memory` the tape is shorter than the lifetime, and trials run a second time."""
    memory = {"memory": "1MiB"} if case == "defaults" else {}
    out = export(tmp_path, CASES[case] | memory | {"engine": "adjoint", "precision": precision})
    arrays, constants = recompute.load(out)
    quantities = ["diverged_at", "R", "Rbar", "R_antithetic", "W", *recompute.ESTIMATES]
    assert [line[0] for line in check(out)] == quantities
    assert constants["engine"] == "adjoint" and constants["left_out"].keys() == {"U", "Rdot"}
    assert not list(out.glob("U.npy")) and not list(out.glob("Rdot.npy"))
    assert np.abs(arrays["g_tangent"]).max() > 0 or case in WITHOUT_CREDIT


@pytest.mark.parametrize("precision", ["double", "float"])
@pytest.mark.parametrize("rival", RIVALS)
def test_rivals(rival, precision, tmp_path):
    settings = {"learner": rival, "rule.degree": 0, "rule.theta": "{}", "precision": precision}
    settings |= {"meta.estimator": "evolution", "meta.learn": "[eta]", "exploration.gate": -0.8}
    out = export(tmp_path, settings)
    arrays, constants = recompute.load(out)
    assert constants["learner"] == rival and ("B" in arrays) == (rival == "rflo")
    assert [line[0] for line in check(out)] == ["diverged_at", "R", "Rbar", "R_antithetic", "W"]
    noise = constants["sigma"] * arrays["xi"]
    before = np.concatenate([arrays["W0"][None], arrays["W"][:-1]])
    assert np.abs(arrays["W"] - before - noise).max() > 1e-5, "it learns"


@pytest.mark.parametrize("rival", RIVALS)
def test_rivals_in_wired_networks(rival, tmp_path):
    settings = {"learner": rival, "rule.degree": 0, "rule.theta": "{}", "meta.estimator": "evolution"}
    check(export(tmp_path, DALE | settings | {"meta.learn": "[eta]"}))


def test_mask_and_signs(tmp_path):
    """What the wiring forbids is nowhere in the export, and much is cut."""
    arrays, constants = recompute.load(export(tmp_path, DALE | {"network.autapses": "false", "trials": 60}))
    mask, signs, W = arrays["mask"] == 1, arrays["signs"], arrays["W"]
    assert (constants["connectivity"], constants["autapses"], constants["excitatory"]) == (0.5, False, 0.7)
    assert signs.tolist() == [1] * 8 + [-1] * 4 and not mask.diagonal().any() and 0.3 < mask.mean() < 0.6
    assert (arrays["W0"][mask] != 0).all() and (signs * W >= 0).all()
    for array in (arrays["W0"], *W, *arrays["xi"], *arrays["U"]):
        assert (array[~mask] == 0).all()
    cut = (W[:, mask] == 0).mean(axis=1)
    assert cut[-1] > 0.02 and (np.diff(cut) < 0).any(), "weights are cut, and come back"
    assert (arrays["U"][:, W[-1] == 0] == 0).all() and (arrays["U"][:, W[-1] != 0] != 0).any()
    plain = recompute.load(export(tmp_path, {}))[0]
    assert not {"mask", "signs"} & plain.keys()


@pytest.mark.parametrize("precision", ["double", "float"])
@pytest.mark.parametrize("theta", ["{k1l1: 1e6}", "{k3l3: 1e9, k0l1: 300}", "{k0l0: 1e30}", "{k2l3: -1e4}"])
def test_divergence(theta, precision, tmp_path):
    settings = {"rule.theta": theta, "rule.clip": "none", "precision": precision, "exploration.gate": -0.3}
    out = export(tmp_path, settings)
    arrays, constants = recompute.load(out)
    end = constants["diverged_at"]
    assert end is not None
    check(out)
    for name in ("R", "Rbar", "W", "Rdot", "R_antithetic"):
        assert np.isfinite(arrays[name][:end]).all() and np.isnan(arrays[name][end:]).all()
    for name in ("U", *recompute.ESTIMATES):
        assert np.isnan(arrays[name]).all()
    for name in ("W0", "Win", "Wout", "x0", "u", "y", "window", "condition", "xi", "kicks", "theta", "scale"):
        assert np.isfinite(arrays[name]).all()


def test_shapes_and_constants(tmp_path):
    arrays, c = recompute.load(export(tmp_path, {"rule.clip": "none", "rule.tau-e": "none", "meta.horizon": "none"}))
    N, M, K, T, H, P = c["N"], c["M"], c["K"], c["T"], c["H"], (c["d"] + 1) ** 2
    shapes = {
        "W0": (N, N),
        "Win": (N, M),
        "Wout": (K, N),
        "x0": (H, N),
        "u": (H, T, M),
        "y": (H, T, K),
        "window": (H, T),
        "condition": (H,),
        "xi": (H, N, N),
        "kicks": (H, T, N),
        "theta": (P,),
        "scale": (P,),
        "R": (H,),
        "Rbar": (H,),
        "W": (H, N, N),
        "U": (P, N, N),
        "Rdot": (H, P),
        "R_antithetic": (H,),
        "g_tangent": (P,),
        "g_antithetic": (P,),
        "g_pathwise": (P,),
        "g_score": (P,),
    }
    assert {name: array.shape for name, array in arrays.items()} == shapes
    for array in arrays.values():
        assert array.dtype == np.float64 and array.flags.c_contiguous
    assert set(c["arrays"]) == set(shapes) and c["left_out"] == {}
    assert c["directions"][:2] == ["k0l0", "k0l1"] and len(c["directions"]) == P
    for name in ("N", "M", "K", "T", "H", "d"):
        assert isinstance(c[name], int)
    assert (c["clip"], c["tau_e"], c["horizon"], c["diverged_at"]) == (None, None, None, None)
    assert c["reward"] == "absolute" and c["precision"] == "double"
    assert set(np.unique(arrays["window"])) <= {0, 1} and (arrays["window"].sum(axis=1) > 0).all()
    assert set(arrays["condition"]) <= set(range(4))


def test_no_weight_noise_gives_no_estimate(tmp_path):
    arrays, _ = recompute.load(export(tmp_path, CASES["no weight noise"]))
    for name in ("g_tangent", "g_antithetic", "g_score"):
        assert (arrays[name] == 0).all()
    assert (arrays["g_pathwise"] != 0).any()
    assert (arrays["R_antithetic"] == arrays["R"]).all()


def test_options(tmp_path):
    """--trials shortens without changing what remains; --rule and --precision replace the cell's own."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    long, _ = recompute.load(export(tmp_path / "a", {}))
    short_folder = export(tmp_path / "b", {}, "--trials", "9")
    short, constants = recompute.load(short_folder)
    assert constants["H"] == 9
    for name in ("x0", "u", "y", "xi", "kicks", "R", "Rbar", "W", "Rdot"):
        assert (short[name] == long[name][:9]).all()
    check(short_folder)

    (tmp_path / "c").mkdir()
    miconi = export(tmp_path / "c", {"rule.degree": 1, "rule.theta": "{}"}, "--rule", "miconi")
    arrays, constants = recompute.load(miconi)
    assert constants["d"] == 3 and np.flatnonzero(arrays["theta"]).tolist() == [15] and arrays["theta"][15] == -1
    check(miconi)

    (tmp_path / "d").mkdir()
    single = export(tmp_path / "d", {}, "--precision", "float")
    assert json.loads((single / "constants.json").read_text())["precision"] == "float"
    check(single)


def test_a_rule_file_is_a_whole_rule(tmp_path):
    """Its constants, its exploration and its mechanisms are those of the lifetime, not theta alone."""
    rule = tmp_path / "rule.yaml"
    rule.write_text(
        "degree: 1\ntheta: {k1l1: -0.5}\nconstants: {eta: 1, clip: none, gate: -0.4, trace-mean: 0.2}\n"
        "exploration: gaussian\nmechanisms: {trace-mean-by: synapse}\nnormalise: false\n"
    )
    out = export(tmp_path, {}, "--rule", str(rule))
    arrays, c = recompute.load(out)
    assert (c["eta"], c["clip"], c["gate"], c["exploration"]) == (1, None, -0.4, "gaussian")
    assert (c["trace_mean"], c["trace_mean_by"]) == (0.2, "synapse") and (arrays["scale"] == 1).all()
    check(out)


def test_one_folder_holds_one_lifetime(tmp_path):
    """What an earlier export left and this one does not have is gone. One that says not what it has, has all."""
    out = export(tmp_path, STRONG)
    constants = json.loads((out / "constants.json").read_text())
    for name in ("arrays", "left_out", "directions", "engine", "learner", "trace_mean", "trace_mean_by"):
        del constants[name]
    (out / "constants.json").write_text(json.dumps(constants))
    assert len(check(out)) == 11
    assert export(tmp_path, STRONG | {"engine": "adjoint"}) == out
    assert not (out / "U.npy").exists() and not (out / "Rdot.npy").exists()
    assert len(check(out)) == 9


def test_noise_is_common_to_degrees_and_rules(tmp_path):
    """Networks, trials and noise depend on the seed alone, so rules are compared on the same ones."""
    exports = []
    for index, settings in enumerate([{}, {"rule.degree": 5}, STRONG, {"seed": 3}]):
        (tmp_path / str(index)).mkdir()
        exports.append(recompute.load(export(tmp_path / str(index), settings))[0])
    for other in exports[1:3]:
        for name in ("W0", "Win", "Wout", "x0", "u", "y", "condition", "xi", "kicks"):
            assert (other[name] == exports[0][name]).all()
    for name in ("W0", "Win", "Wout", "x0", "xi", "kicks"):
        assert (exports[3][name] != exports[0][name]).any()
    shared = exports[1]["scale"].reshape(6, 6)[:4, :4].ravel()
    assert (shared == exports[0]["scale"]).all()
    assert (exports[3]["scale"] == exports[0]["scale"]).all()


def test_kicks_and_noise_have_their_size(tmp_path):
    """5 standard errors: one draw in two million fails."""
    arrays, _ = recompute.load(export(tmp_path, {"network.units": 40, "trials": 60, **STRONG}))
    kicks = arrays["kicks"]
    count = kicks.size
    share = (kicks != 0).mean()
    assert abs(share - 0.01) < 5 * np.sqrt(0.01 / count)
    sizes = kicks[kicks != 0] / 2.5
    assert np.abs(sizes).max() <= 1 and abs(sizes.mean()) < 5 / np.sqrt(3 * sizes.size)
    assert abs((sizes**2).mean() - 1 / 3) < 5 * np.sqrt(4 / 45 / sizes.size)
    xi = arrays["xi"]
    assert abs(xi.mean()) < 5 / np.sqrt(xi.size) and abs(xi.var() - 1) < 5 * np.sqrt(2 / xi.size)


def test_other_folders_are_told(tmp_path, capsys):
    assert command.run(recompute.main, [str(tmp_path)]) == 64
    assert "is no exported lifetime: it has no constants.json" in capsys.readouterr().err
    out = export(tmp_path, STRONG, "--trials", "3")
    assert command.run(recompute.main, [str(out)]) == 0 and "R_antithetic" in capsys.readouterr().out
    (out / "xi.npy").write_bytes((out / "xi.npy").read_bytes()[:-5])
    assert command.run(recompute.main, [str(out)]) == 65 and "damaged (" in capsys.readouterr().err
    (out / "xi.npy").unlink()
    assert command.run(recompute.main, [str(out)]) == 65
    assert "xi.npy: not there; export the lifetime again" in capsys.readouterr().err
    np.save(out / "xi.npy", np.zeros((2, 12, 12)))
    assert command.run(recompute.main, [str(out)]) == 65
    assert "xi.npy is float64 (2, 12, 12), not float64 (3, 12, 12)" in capsys.readouterr().err
    for text, words in (
        ("[]", "constants.json lacks N, M"),
        ('{"N": 1}', "constants.json lacks M, K"),
        ("{", "damaged ("),
    ):
        (out / "constants.json").write_text(text)
        assert command.run(recompute.main, [str(out)]) == 65 and words in capsys.readouterr().err


def test_what_is_left_out_is_said(tmp_path, capsys):
    out = export(tmp_path, STRONG | {"engine": "adjoint"}, "--trials", "3")
    assert command.run(recompute.main, [str(out)]) == 0
    assert "not there: Rdot, U (engine adjoint goes back over" in capsys.readouterr().out
    constants = json.loads((out / "constants.json").read_text())
    (out / "constants.json").write_text(json.dumps(constants | {"directions": ["k0l0", "eta", "k1l0", "k1l1"]}))
    assert command.run(recompute.main, [str(out)]) == 65
    told = capsys.readouterr().err
    assert "is differentiated by k0l0, eta, k1l0, k1l1; known here are k0l0, k0l1, " in told
    assert "growth-2, trace-mean, eta-input, eta-readout, in this order" in told
    for names in (["probability"], ["k1l1m1"], ["k2l0"], ["k1l1", "k1l1"], ["gate", "eta"], [3]):
        (out / "constants.json").write_text(json.dumps(constants | {"directions": names}))
        assert command.run(recompute.main, [str(out)]) == 65
        assert f"is differentiated by {', '.join(map(str, names))}; known here" in capsys.readouterr().err
    for names in ("k0l0", None, {"k0l0": 1}):
        (out / "constants.json").write_text(json.dumps(constants | {"directions": names}))
        assert command.run(recompute.main, [str(out)]) == 65
        assert "damaged (directions is no list of names)" in capsys.readouterr().err
