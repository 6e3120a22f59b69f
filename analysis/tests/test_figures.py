"""Every figure is drawn from what a folder holds, says so, and is the same file for the same data."""

import json
from pathlib import Path

import numpy as np
import pytest

import made_up
from analysis.figures import __main__ as command
from analysis.figures import criterion, meta_learning, program, rules, trial

FIXTURE = Path(__file__).resolve().parents[2] / "Tests" / "AblationTests" / "Fixtures" / "statistics.json"
COMMITTED = json.loads(FIXTURE.read_text())
FIGURES = {"ablation-accuracy", "ablation-reward", "learning-accuracy", "learning-reward"}
FIGURES |= {"criterion", "meta-learning", "rules", "trials"}


@pytest.fixture(scope="module")
def drawn(folder, tmp_path_factory):
    to = tmp_path_factory.mktemp("figures")
    assert command.main([str(folder), "--to", str(to)]) == 0
    return to


def test_everything_is_there_in_three_formats(drawn):
    assert {path.stem for path in drawn.glob("*.png")} == FIGURES
    for stem in FIGURES:
        assert (drawn / f"{stem}.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert (drawn / f"{stem}.pdf").read_bytes()[:5] == b"%PDF-"
        assert "<svg" in (drawn / f"{stem}.svg").read_text()[:1000]


@pytest.mark.parametrize("stem", sorted(FIGURES))
def test_each_names_sweep_keys_and_version(drawn, stem):
    text = (drawn / f"{stem}.svg").read_text()
    assert "made-up · cells 0000000000000001" in text and "trifactor 0.1.0" in text and "PARTIAL" in text
    assert all(f"{key:016x}" in text for key in range(1, 13)), "the metadata hold every key"


def test_what_went_wrong_is_written_in_the_figure(drawn):
    text = (drawn / "ablation-accuracy.svg").read_text()
    assert "1 div." in text and "1 failed" in text and "1 to come" in text


def test_the_same_data_give_the_same_bytes(folder, drawn, tmp_path):
    command.main([str(folder), "--to", str(tmp_path)])
    for path in sorted(tmp_path.glob("*.*")):
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name


def test_a_folder_without_results_shows_its_tasks_alone(tmp_path):
    cells = [{"key": f"{1:016x}", "settings": {"rule.degree": 1, "task": "cue-association", "seed": 0}}]
    made_up.write_plan(tmp_path / "out", cells)
    (tmp_path / "out" / "shards").mkdir()
    assert command.main([str(tmp_path / "out"), "--to", str(tmp_path / "figures")]) == 0
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        "report.html", "trials.png", "trials.svg", "trials.pdf"
    }


def test_trials_are_drawn_with_the_cells_settings(sweep):
    """Options and step of the cell reach the task: six cues, 10-ms steps."""
    [cell, *_] = sweep.cells
    kept = dict(cell.settings)
    cell.settings |= {"options.cues": 6, "time.step": 10, "time.trial": "none", "form": "full"}
    drawn = trial.trials(sweep.program, cell)
    cell.settings = kept
    assert drawn["u"].shape == (6, 36, 6) and drawn["window"].shape == (6, 36)


def test_mistakes_are_told_without_a_traceback(tmp_path, capsys):
    assert command.main([str(tmp_path / "no-such")]) == 64
    assert "is no result folder" in capsys.readouterr().err
    made_up.write_sweep(tmp_path / "out")
    assert command.main([str(tmp_path / "out"), "--rows", "rule.degre", "--to", str(tmp_path / "f")]) == 64
    assert "rule.degre" in capsys.readouterr().err
    with pytest.raises(program.ProgramError, match="there is no program here"):
        program.find(str(tmp_path / "trifactor"))


@pytest.mark.parametrize("sample", COMMITTED["survivals"], ids=lambda sample: sample["name"])
def test_the_staircase_is_lifelines(sample):
    at, share = criterion.staircase(np.array(sample["trials"], float), np.array(sample["reached"]))
    for trial, surviving in zip(sample["curve_trials"], sample["curve_shares"]):
        assert share[at <= trial][-1] == pytest.approx(1 - surviving, abs=1e-12)


def test_diverged_networks_never_met_the_criterion(sweep):
    trials, reached = criterion.times(sweep, 3, "perceptual-decision")
    assert trials.tolist() == [200] * 4 and not reached.any()
    trials, reached = criterion.times(sweep, 1, "cue-association")
    assert trials.tolist() == [40, 50, 60, 200] * 3 and reached.sum() == 9


def test_smoothing_ignores_gaps_and_narrows_at_the_ends():
    assert meta_learning.smooth([1, np.nan, 3], 3).tolist() == [1, 2, 3]
    assert meta_learning.smooth([0, 3, 6, 9], 3).tolist() == [1.5, 3, 6, 7.5]
    assert np.isnan(meta_learning.smooth([np.nan], 9)).all()


def test_coefficients_are_short():
    printed = [rules.short(v) for v in (0.004, -0.004, 0.25, -1.034, 12.3, -0.998)]
    assert printed == ["0", "0", "+.25", "-1.03", "+12", "-1.00"]
