"""Trials of real NeuroGym environments as task files, read by the program.

NeuroGym lives in an environment of its own, `.venv-neurogym`, made on first use; where it cannot be installed the tests
are skipped and say why.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trifactor import program

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv-neurogym"
WANTED = ROOT / "analysis" / "requirements-neurogym.txt"


@pytest.fixture(scope="module")
def python():
    """A Python that has NeuroGym."""
    own, stamp = HOME / "bin" / "python", HOME / "installed.txt"
    if not stamp.is_file() or stamp.read_text() != WANTED.read_text():
        steps = [
            [sys.executable, "-m", "venv", str(HOME)],
            [str(own), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(WANTED)],
            [str(own), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", str(ROOT / "analysis")],
        ]
        for step in steps:
            try:
                done = subprocess.run(step, capture_output=True, text=True, timeout=240)
            except subprocess.TimeoutExpired:
                pytest.skip("NeuroGym could not be installed within 240 s")
            if done.returncode != 0:
                pytest.skip(f"NeuroGym could not be installed: {done.stderr.strip().splitlines()[-1:]}")
        stamp.write_text(WANTED.read_text())
    return str(own)


def trials(python, tmp_path, *arguments):
    """Runs the command; the finished process and, where it wrote one, the file's arrays."""
    file = tmp_path / "task.npz"
    done = subprocess.run(
        [python, "-W", "ignore", "-m", "analysis.neurogym_trials", *arguments, "--to", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if not file.is_file():
        return done, None
    with np.load(file, allow_pickle=False) as arrays:
        return done, {name: arrays[name] for name in arrays.files}


# Arguments, then C, M, and the targets that occur in the response.
ENVIRONMENTS = {
    "DelayMatchSample": (["DelayMatchSample"], 4, 3, [-1, 1]),
    "GoNogo": (["GoNogo"], 2, 3, [0, 1]),
    "PerceptualDecisionMaking": (["PerceptualDecisionMaking", "--by", "ground_truth"], None, 3, [-1, 1]),
    "ContextDecisionMaking": (
        ["ContextDecisionMaking", "--timing", "delay=300", "--by", "ground_truth", "context"],
        2,
        5,
        [-1, 1],
    ),
    "DelayComparison": (["DelayComparison"], None, 2, [-1, 1]),
    "DelayPairedAssociation": (["DelayPairedAssociation"], 4, 5, [0, 1]),
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environments_become_tasks_that_the_program_reads(python, tmp_path, name):
    arguments, conditions, inputs, targets = ENVIRONMENTS[name]
    done, drawn = trials(python, tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert drawn["u"].shape[-1] == inputs and conditions in (None, len(drawn["u"]))
    assert drawn["dt"] == 20 and drawn["name"].tolist() == [name]
    assert drawn["window"].dtype == bool and drawn["window"].any(axis=1).all()
    y = drawn["y"] if drawn["y"].ndim == 4 else drawn["y"][:, None]
    answers = {float(v) for row, window in zip(y, drawn["window"]) for v in row[:, window].ravel()}
    assert sorted(answers) == targets
    shown = subprocess.run(
        [program.find(), "tasks", str(tmp_path / "task.npz")], capture_output=True, text=True, check=True
    ).stdout
    assert shown.startswith(f"{name} (") and f"M {inputs} inputs" in shown and f"{len(y)} conditions" in shown


def test_observations_and_targets_are_those_of_the_environment(python, tmp_path):
    """Trial by trial from the environment itself, with the same seed."""
    script = """
import json, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, neurogym
from analysis.neurogym_trials import neurogym_trials
env = neurogym.make("GoNogo-v0", dt=50).unwrapped
drawn = neurogym_trials(env, seed=3)
env.seed(3)
start, end = env.start_ind["decision"], env.end_ind["decision"]
seen = 0
for _ in range(20):
    trial = env.new_trial()
    row = [i for i, words in enumerate(drawn["condition"]) if f"ground_truth={trial['ground_truth']} " in words]
    assert len(row) == 1
    assert np.array_equal(drawn["u"][row[0]], env.ob)
    assert np.array_equal(drawn["y"][row[0], :, 0], env.gt.astype(float))
    assert np.flatnonzero(drawn["window"][row[0]]).tolist() == list(range(start, end))
    seen += 1
print(json.dumps({"seen": seen, "dt": float(drawn["dt"])}))
"""
    done = subprocess.run([python, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"seen": 20, "dt": 50}


REFUSED = {
    "Reaching1D": "Reaching1D: its observations show where the actions have led",
    "Bandit": "Bandit: its trials are one step of a bandit and have no ground truth",
    "DawTwoStep": "DawTwoStep: its second observation depends on the action before it",
    "Null": "Null: it has no trials",
    "EconomicDecisionMaking": "EconomicDecisionMaking: its choices have no ground truth",
    "DelayMatchCategory": "it has no period 'decision'; name one of fixation, sample, first_delay, test",
    "AntiReach": "its ground truth has the classes [0, ",
    "ReachingDelayResponse": "more than 1024 conditions in 4000 trials",
    "NoSuchTask": "neurogym has no environment 'NoSuchTask'; it has AntiReach-v0, ",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_be_no_task_file_is_refused_by_name(python, tmp_path, name):
    done, drawn = trials(python, tmp_path, name)
    assert done.returncode == 65 and drawn is None
    assert REFUSED[name] in done.stderr and "Traceback" not in done.stderr
