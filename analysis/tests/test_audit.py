"""`trifactor audit` on small sweep files: its verdict, its exit code, its JSON and the figure of it."""

import json
import subprocess

import pytest

from analysis.figures import audit as audit_figure
from analysis.figures import program

BASE = {"task": "cue-association", "trials": 20, "network.units": 12,
        "rule.theta": "{k1l1: 0.3, k0l2: -0.1, k2l1: 0.2}"}
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
    return subprocess.run(command, capture_output=True, text=True, timeout=180)


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


def test_figure(tmp_path):
    report = tmp_path / "audit.json"
    report.write_text(audit(tmp_path, {}, "--json").stdout)
    assert audit_figure.main([str(report)]) == 0
    for kind in ("png", "svg", "pdf"):
        assert (tmp_path / f"audit.{kind}").stat().st_size > 1000
    assert audit_figure.main([str(tmp_path / "none.json")]) == 64
