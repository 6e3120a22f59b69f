"""`trifactor audit` on small sweep files: its verdict, its exit code, its JSON and the figure of it."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from matplotlib.axes import Axes

from analysis.figures import __main__ as figures
from analysis.figures import ablation, criterion, estimators, horizons, learning, meta_learning, rules, trial
from analysis.figures import audit as audit_figure
from trifactor import command, program

BASE = {
    "task": "cue-association",
    "trials": 20,
    "network.units": 12,
    "rule.theta": "{k1l1: 0.3, k0l2: -0.1, k2l1: 0.2}",
}
CASES = {
    "defaults": {},
    "binary": {"reward": "binary"},
    "no noise": {"exploration.weight-noise": 0, "meta.estimator": "pathwise"},
    "no horizon": {"meta.horizon": "none", "rule.clip": "none"},
    "gate and growth": {"exploration.gate": -1.4, "rule.growth": "[1, 2]"},
    "degree 0": {"rule.degree": 0, "rule.theta": "{k0l0: 0.2}"},
    "raw monomials": {"rule.normalise": "false", "rule.theta": "{k1l1: 0.001}"},
    "double": {"precision": "double", "rule.degree": 2},
}


def audit(folder, settings, *options):
    sweep = folder / "sweep.yaml"
    lines = [f"  {key}: {value}" for key, value in (BASE | settings).items()]
    sweep.write_text("\n".join(["name: audited", "base:", *lines, ""]))
    command = [program.find(), "audit", str(sweep), "--trials", "16", "--samples", "8", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=900)


@pytest.mark.parametrize("case", CASES)
def test_passes(case, tmp_path):
    run = audit(tmp_path, CASES[case], "--json")
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads(run.stdout)
    assert report["verdict"].startswith("audit: passed"), report["verdict"]
    errors = [row["error"] for row in report["weightTangents"] if row.get("error") is not None]
    assert errors and max(errors) <= 1e-5
    names = [row["name"] for row in report["estimators"]]
    assert ("antithetic" in names) == (case != "no noise")
    assert ("pathwise" in names) == (case != "binary")


def test_constants_and_horizons(tmp_path):
    """Every constant that can be learned is a direction, and what is printed follows from the gradients."""
    run = audit(tmp_path, {"exploration.gate": -0.5}, "--json", "--horizons", "10,3")
    report = json.loads(run.stdout)
    constants = ["eta", "clip", "tau-e", "tau-bar", "baseline-rate", "amplitude", "gate", "growth-0", "growth-2"]
    assert report["constants"]["names"] == constants
    errors = [row["error"] for row in report["constants"]["weightTangents"] if row.get("error") is not None]
    assert errors and max(errors) <= 1e-5
    for row in report["constants"]["estimators"]:
        assert len(row["gradient"]) == len(row["bias"]) == len(constants) and row["name"] != "score"
    measured = report["horizons"]
    assert [row.get("horizon") for row in measured["rows"]] == [None, 10, 3] and measured["lifetimes"] == 8
    assert measured["directions"][:2] == ["k0l0", "k0l1"] and measured["directions"][16:] == constants
    whole, ten, _ = measured["rows"]
    for place in range(len(measured["directions"])):
        difference = ten["gradient"][place]["mean"] - whole["gradient"][place]["mean"]
        assert ten["bias"][place]["mean"] == pytest.approx(difference, rel=1e-9, abs=1e-15)
    text = audit(tmp_path, {"exploration.gate": -0.5}, "--horizons", "10,3").stdout
    [line] = [line for line in text.splitlines() if line.startswith("  theta ")]
    kept = [horizons.kept_of_theta(measured, row) for row in measured["rows"]]
    assert kept[0] == 1 and [float(word) for word in line.split()[1:]] == pytest.approx(kept, rel=0.05)


def test_horizons_are_drawn():
    """Lines of theta and of what is told from 0, at the shares that the gradients give."""

    def row(horizon, theta, eta, bias):
        gradient = [{"mean": value, "error": 0.01} for value in (*theta, eta, 0.001)]
        return {"horizon": horizon, "gradient": gradient, "bias": [{"mean": 0.0, "error": bias}] * 4}

    rows = [row(None, (0.3, 0.4), -0.2, 0.0), row(5, (0.06, 0.08), -0.05, 0.02)]
    measured = {"estimator": "pathwise", "lifetimes": 9, "directions": ["k0l0", "k1l1", "eta", "gate"], "rows": rows}
    drawing = horizons.draw(document(4) | {"horizons": measured})
    [axis] = [axis for axis in drawing.figure.axes if axis.get_visible()]
    lines = [list(line.get_ydata()) for line in axis.lines if len(line.get_ydata()) == 2]
    for share in (0.2, 0.25):
        assert any(values == pytest.approx([1, share]) for values in lines), "theta and eta"
    assert horizons.kept(measured, rows[1], "eta") == pytest.approx((0.25, 0.1))
    assert [label.get_text() for label in axis.get_xticklabels()] == ["none", "5"]
    assert "may be 0: gate" in drawing.note
    assert horizons.draw(document(4)) is None


def test_text_ends_with_the_verdict(tmp_path):
    run = audit(tmp_path, {}, "--export", str(tmp_path / "out"))
    assert run.returncode == 0 and run.stdout.rstrip().splitlines()[-1].startswith("audit: passed")
    assert json.loads((tmp_path / "out" / "audit.json").read_text())["trials"] == 16


def test_diverging_rule_is_undecided(tmp_path):
    run = audit(tmp_path, {"rule.theta": "{k1l1: 1e6}", "rule.clip": "none"})
    assert run.returncode == 0 and "audit: undecided: the lifetime diverged" in run.stdout


@pytest.mark.parametrize("options", [["--trials", "0"], ["--samples", "1"], ["--cell", "zz"]])
def test_bad_options(options, tmp_path):
    assert audit(tmp_path, {}, *options).returncode == 64


def test_figures(tmp_path):
    report = tmp_path / "audit.json"
    report.write_text(audit(tmp_path, {}, "--json").stdout)
    assert command.run(audit_figure.main, [str(report)]) == 0
    for stem in ("audit", "estimators", "horizons"):
        for kind in ("png", "svg", "pdf"):
            assert (tmp_path / f"{stem}.{kind}").stat().st_size > 1000
        text = (tmp_path / f"{stem}.svg").read_text()
        assert "audited · cell " in text and " · trifactor 0." in text, "sweep, key and version"
    text = (tmp_path / "estimators.svg").read_text()
    assert all(name in text for name in ("tangent", "antithetic", "pathwise", "score", "evolution", "dJ"))
    assert command.run(audit_figure.main, [str(tmp_path / "none.json")]) == 74


def document(count, **estimator):
    """An audit of one made-up estimator over `count` coefficients, the n-th of which has dJ n / 10."""
    row = {"name": "made-up", "estimates": 9, "gigaflop": 4.0, "deviation": [0.5] * count}
    row |= {"gradient": [{"mean": 0.5, "error": 0.1}] * count, "bias": [{"mean": 0.1, "error": None}] * count}
    slope = [{"mean": n / 10, "error": 0.01} for n in range(count)]
    head = {"cell": "0" * 16, "verdict": "audit: passed", "lifetimes": 9}
    return head | {"slope": slope, "estimators": [row | estimator]}


def test_estimators_by_coefficient(tmp_path, monkeypatch):
    """Deviation and its interval, and |mean| over deviation and the root of the cost, as drawn."""
    drawn = []
    errorbar = Axes.errorbar
    monkeypatch.setattr(
        Axes, "errorbar", lambda self, x, y, yerr, **look: drawn.append((y, yerr)) or errorbar(self, x, y, yerr, **look)
    )
    estimators.draw(document(4))
    (_, (bias_below, bias_above)), (spread, (below, above)), (signal, (left, right)) = [
        (y, np.broadcast_to(yerr, (2, 4))) for y, yerr in drawn
    ]
    assert np.isnan(bias_below).all() and np.isnan(bias_above).all(), "no interval without an error"
    assert spread.tolist() == [0.5] * 4
    # Nine normal numbers: the deviation is known to a factor exp(1.96 / 4).
    assert (spread + above) / spread == pytest.approx([np.exp(0.49)] * 4)
    assert spread / (spread - below) == pytest.approx([np.exp(0.49)] * 4)
    assert signal == pytest.approx([0.5 / (0.5 * 2)] * 4) and right == pytest.approx([0.196] * 4)
    assert left == pytest.approx([0.196] * 4)


def test_a_bias_that_noise_explains_is_in_brackets(tmp_path):
    """|bias| 0.1 of |dJ| 0.3 over one coefficient, known to 0.02 and to 0.05."""
    errors = {"rewardTangents": [], "cumulatedRewardTangents": [], "weightTangents": []}
    for error, shown in ((0.02, ">0.33<"), (0.05, ">(0.29)<")):
        one = document(1, bias=[{"mean": 0.1, "error": error}]) | errors | {"slope": [{"mean": 0.3, "error": 0.01}]}
        text = audit_figure.draw(one).save(tmp_path).with_suffix(".svg").read_text()
        assert shown in text


def test_bars_have_intervals():
    """One coefficient: mean 0.5, error 0.1, nine estimates, four GFLOP. |mean|^2 = 0.24 with a variance of
    4 * 0.0025 + 2 * 0.0001; the deviation of one estimate is 0.3, the root of the cost 2."""
    audited = document(1, signalToNoise=np.sqrt(0.24) / 0.3) | {
        "rewardTangents": [], "cumulatedRewardTangents": [], "weightTangents": []
    }  # fmt: skip
    value, low, high = audit_figure.signal_to_noise(audited["estimators"][0])
    half = 1.96 * np.sqrt(4 * 0.0025 + 2 * 0.0001)
    assert value == pytest.approx(np.sqrt(0.24) / 0.6)
    assert (low, high) == pytest.approx((np.sqrt(0.24 - half) / 0.6, np.sqrt(0.24 + half) / 0.6))
    _, signal = audit_figure.draw(audited).figure.axes
    [bars] = [container for container in signal.containers if hasattr(container, "has_yerr")]
    assert bars.has_yerr
    noiseless = {"signalToNoise": None, "gigaflop": 1.0, "estimates": 9, "gradient": [{"mean": 0.1, "error": 0}]}
    assert audit_figure.signal_to_noise(noiseless) == (0, 0, 0)


def test_estimators_that_do_not_vary_or_are_many(tmp_path):
    assert estimators.draw(document(4, deviation=[None, 0, 0.5, 0.5]))
    many = estimators.draw(document(81)).save(tmp_path).with_suffix(".svg").read_text()
    assert "The 36 of 81 coefficients with the largest |dJ|." in many
    nothing = document(4)
    assert estimators.draw(nothing | {"estimators": []}) is None
    assert estimators.draw(nothing | {"slope": []}) is None


def test_a_folder_that_holds_an_audit_gets_its_figures(folder, tmp_path, monkeypatch):
    for module in (trial, ablation, learning, criterion, meta_learning, rules):
        monkeypatch.setattr(module, "draw", lambda *_: None)
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    audited = audit(tmp_path, {}, "--export", str(copy))
    assert audited.returncode == 0
    assert command.run(figures.main, [str(copy)]) == 0
    page = (copy / "figures" / "report.html").read_text()
    assert all(f'id="{name}"' in page for name in ("audit", "estimators", "horizons"))
    (copy / "audit.json").write_text("{")
    assert command.run(figures.main, [str(copy)]) == 65
