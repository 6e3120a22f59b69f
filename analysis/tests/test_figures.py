"""Every figure is drawn from what a folder holds, says so, and is the same file for the same data."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from analysis.figures import __main__ as figures
from analysis.figures import ablation, criterion, learning, meta_learning, rules, trial
from analysis.figures.sweep import Refusal, Sweep
from analysis.tests import drawn, made_up, many_axes
from trifactor import command, program

FIXTURE = Path(__file__).resolve().parents[2] / "Tests" / "AblationTests" / "Fixtures" / "statistics.json"
COMMITTED = json.loads(FIXTURE.read_text())
FIGURES = {"ablation-accuracy", "ablation-reward", "learning-accuracy", "learning-reward"}
FIGURES |= {"criterion", "meta-learning", "rules", "trials"}


@pytest.fixture(scope="module")
def axes(tmp_path_factory):
    """Two degrees, nine learning rates on a logarithmic axis, ten tasks, two gains, two seeds."""
    return many_axes.write(tmp_path_factory.mktemp("axes") / "many")


def test_everything_is_there_in_three_formats(made):
    assert {path.stem for path in made.glob("*.png")} == FIGURES
    for stem in FIGURES:
        assert (made / f"{stem}.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert (made / f"{stem}.pdf").read_bytes()[:5] == b"%PDF-"
        assert "<svg" in (made / f"{stem}.svg").read_text()[:1000]


@pytest.mark.parametrize("stem", sorted(FIGURES))
def test_each_names_sweep_keys_and_version(made, stem):
    text = (made / f"{stem}.svg").read_text()
    assert "made-up · cells 0000000000000001" in text and "trifactor 0.1.0" in text and "PARTIAL" in text
    assert all(f"{key:016x}" in text for key in range(1, 13)), "the metadata hold every key"


def test_what_went_wrong_is_written_in_the_figure(made):
    text = (made / "ablation-accuracy.svg").read_text()
    assert "1 div." in text and "1 failed" in text and "1 to come" in text


def test_the_same_data_give_the_same_bytes(folder, made, sweep, tmp_path):
    for draw in (lambda: ablation.draw(sweep), lambda: criterion.draw(sweep), lambda: rules.draw(sweep)):
        path = draw().save(tmp_path)
        for kind in ("png", "svg", "pdf"):
            assert path.with_suffix(f".{kind}").read_bytes() == (made / f"{path.stem}.{kind}").read_bytes()


def test_a_folder_without_results_shows_its_tasks_alone(tmp_path):
    cells = [{"key": f"{1:016x}", "settings": {"rule.degree": 1, "task": "cue-association", "seed": 0}}]
    made_up.write_plan(tmp_path / "out", cells)
    (tmp_path / "out" / "shards").mkdir()
    assert figures.main([str(tmp_path / "out"), "--to", str(tmp_path / "figures")]) == 0
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        "report.html", "trials.png", "trials.svg", "trials.pdf"
    }  # fmt: skip


def test_trials_are_drawn_with_the_cells_settings(sweep):
    """Options and step of the cell reach the task: six cues, 10-ms steps."""
    [cell, *_] = sweep.cells
    cell.settings |= {"options.cues": 6, "time.step": 10, "time.trial": "none", "form": "full"}
    shown = trial.trials(sweep.program, cell)
    assert shown["u"].shape == (6, 36, 6) and shown["window"].shape == (6, 36)
    assert "Cells of one task differ in options.cues, time.step, form: drawn" in trial.draw(sweep).note


# What is drawn, on two chosen settings and on many values


DRAWINGS = {
    "ablation": ablation.draw, "learning": learning.draw, "criterion": criterion.draw,
    "meta-learning": meta_learning.draw, "rules": rules.draw,
}  # fmt: skip
AXES = {
    "as it comes": {"where": ["rule.eta=0.001|0.01|0.1", "task=flip-flop|delayed-xor|cue-trajectory|cue-association"]},
    "nine rates": {"rows": "rule.eta", "where": ["rule.degree=1", "task=flip-flop|delayed-xor"]},
    "rates by gain": {"rows": "rule.eta", "columns": "network.gain", "where": ["rule.degree=3"]},
    "tasks by gain": {"rows": "task", "columns": "network.gain", "where": ["rule.degree=3"]},
}


@pytest.mark.parametrize("case", AXES)
def test_any_two_settings_are_drawn_well(axes, case):
    """Nothing touches, nothing is too small, no two series look alike, no accuracy goes past 1, and every figure says
    what it pools."""
    sweep = Sweep([axes], **AXES[case])
    for name, draw in DRAWINGS.items():
        drawing = draw(sweep)
        assert not drawn.touching(drawing.figure), name
        assert drawn.smallest(drawing.figure) >= 7, name
        assert sweep.pooled and all(f"{path} (" in drawing.note for path in sweep.pooled), name
        said = " ".join(drawn.words(drawing.figure)).replace("\n", " ")
        assert "POOLED over" in said and sweep.origin.signature.split(" · ")[0] in said, name
        if name in ("ablation", "learning", "criterion"):
            panels = [axis for axis in drawing.figure.axes if axis.get_visible()]
            assert all(axis.get_ylim()[0] >= 0 and axis.get_ylim()[1] <= 1 for axis in panels), name
            titles = [axis.get_title().replace("\n", " ") for axis in panels]
            assert titles == list(map(sweep.column_title, sweep.column_values)), name
        if name == "learning":
            lines = [line for line in panels[0].lines if line.get_label() != "no plasticity"]
            assert [line.get_label() for line in lines] == list(sweep.row_labels.values())
            looks = {(line.get_marker(), line.get_color(), str(line.get_linestyle())) for line in lines}
            assert len(looks) == len(sweep.row_values)


def test_rates_lie_on_a_logarithmic_axis_with_short_labels(axes):
    sweep = Sweep([axes], rows="rule.eta", columns="network.gain", where=["rule.degree=3"])
    axis, *_ = ablation.draw(sweep).figure.axes
    assert axis.get_xscale() == "log" and axis.get_xlabel() == "rule.eta"
    labels = [text.get_text() for text in drawn.ticks(axis, "x")]
    assert labels[:4] == ["0.0001", "0.000237", "0.000562", "0.00133"] and len(labels) == 9


def test_names_are_not_joined_by_a_line(axes):
    """Learning rates have an order, tasks have none; long names take several lines."""
    for rows, line in (("rule.eta", "-"), ("task", "None")):
        sweep = Sweep([axes], rows=rows, columns="network.gain", where=["rule.degree=3"])
        axis, *_ = ablation.draw(sweep).figure.axes
        [learned] = [bars[0] for bars in axis.containers]
        assert learned.get_linestyle() == line


def test_every_map_of_rules_names_its_setting(axes):
    sweep = Sweep([axes], rows="network.gain", where=["rule.degree=3", "rule.eta=0.1", "task=flip-flop|delayed-xor"])
    titles = [axis.get_title() for axis in rules.draw(sweep).figure.axes if axis.get_title()]
    assert titles == ["network.gain = 1", "network.gain = 1.5"] * 2
    sweep = Sweep([axes], where=["rule.eta=0.1", "network.gain=1", "task=flip-flop"])
    assert [axis.get_title() for axis in rules.draw(sweep).figure.axes][:2] == ["d = 1", "d = 3"]


def test_what_has_no_mean_is_refused(axes):
    sweep = Sweep([axes], rows="rule.eta")
    with pytest.raises(Refusal, match=r"coefficients of different rule\.degree have no mean: name it as --rows"):
        rules.draw(sweep)
    with pytest.raises(Refusal, match=r"90 maps are more than a page holds \(48\): keep some by --where"):
        rules.draw(Sweep([axes], rows="rule.eta", where=["rule.degree=1"]))
    for path, draw in (("trials", learning.draw), ("evaluation.criterion.of", criterion.draw)):
        for place, cell in enumerate(sweep.cells):
            cell.settings[path] = 100 + place % 2
        sweep.__dict__.pop("pooled", None)
        with pytest.raises(Refusal, match=f"of different {path} have no mean"):
            draw(sweep)


def test_a_refused_figure_is_told_and_its_old_files_go(folder, tmp_path, capsys, monkeypatch):
    for module in (trial, ablation, learning, criterion, meta_learning):
        monkeypatch.setattr(module, "draw", lambda *_: None)
    arguments = [str(folder), "--to", str(tmp_path), "--columns", "seed", "--rows", "task"]
    (tmp_path / "rules.svg").write_text("an earlier one")
    assert figures.main(arguments) == 0
    told = "rules is not drawn: coefficients of different rule.degree have no mean"
    assert told in capsys.readouterr().err and told in (tmp_path / "report.html").read_text()
    assert not (tmp_path / "rules.svg").exists()


def test_titles_of_panels_and_series(sweep):
    swapped = Sweep(sweep.folders, sweep.program, rows="task", columns="rule.degree")
    drawing = learning.draw(swapped)
    assert [axis.get_title() for axis in drawing.figure.axes] == [
        "polynomial degree d = 1", "polynomial degree d = 3"
    ]  # fmt: skip
    [legend] = drawing.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "cue-association", "perceptual-decision", "no plasticity"
    ]  # fmt: skip
    assert legend.get_title().get_text() == "task"


# Data behind them


def test_mistakes_are_told_without_a_traceback(tmp_path, capsys):
    assert command.run(figures.main, [str(tmp_path / "no-such")]) == 64
    assert "is no result folder" in capsys.readouterr().err
    made_up.write_sweep(tmp_path / "out")
    arguments = [str(tmp_path / "out"), "--rows", "rule.degre", "--to", str(tmp_path / "f")]
    assert command.run(figures.main, arguments) == 64
    assert "--rows rule.degre: no cell has this setting" in capsys.readouterr().err and not (tmp_path / "f").exists()


@pytest.mark.parametrize("sample", COMMITTED["survivals"], ids=lambda sample: sample["name"])
def test_the_staircase_is_lifelines(sample):
    at, share = criterion.staircase(np.array([sample["trials"], sample["reached"]], float).T)
    for trial_, surviving in zip(sample["curve_trials"], sample["curve_shares"]):
        assert share[at <= trial_][-1] == pytest.approx(1 - surviving, abs=1e-12)


def test_diverged_networks_never_met_the_criterion(sweep):
    [run] = criterion.times(sweep, 3, "perceptual-decision")
    assert run.tolist() == [[200, 0]] * 4
    runs = criterion.times(sweep, 1, "cue-association")
    assert [run.tolist() for run in runs] == [[[40, 1], [50, 1], [60, 1], [200, 0]]] * 3


def test_the_criterion_is_named_and_has_bands_and_the_tables_medians(sweep):
    """Runs are alike, so whole runs resampled give the staircase itself; one run gives a band over its networks."""
    drawing = criterion.draw(sweep)
    assert drawing.note.startswith("Criterion: 18 of 20 trials in a row right.")
    runs = criterion.times(sweep, 1, "cue-association")
    at, share = criterion.staircase(np.concatenate(runs))
    assert [low.tolist() for low in criterion.band(runs, at)] == [share.tolist()] * 2
    low, high = criterion.band(runs[:1], at)
    assert (low <= share).all() and (share <= high).all() and low[2] < share[2] < high[2]
    axis, _ = drawing.figure.axes
    assert len(axis.collections) == 2, "a band a series"
    [entry] = [e for e in sweep.entries("trials-to-criterion", "cue-association") if e["row"] == 1]
    marks = [line.get_xdata()[0] for line in axis.lines if line.get_marker() == "o"]
    assert marks == [entry["median"]] == [50]


def test_reference_policies_that_differ_between_rows_are_shaded(sweep):
    [axis, _] = ablation.draw(sweep).figure.axes
    assert {line.get_label() for line in axis.lines} >= {"ideal observer", "no plasticity", "start rule", "shortcut"}


def test_smoothing_ignores_gaps_and_narrows_at_the_ends():
    assert meta_learning.smooth([1, np.nan, 3], 3).tolist() == [1, 2, 3]
    assert meta_learning.smooth([0, 3, 6, 9], 3).tolist() == [1.5, 3, 6, 7.5]
    assert np.isnan(meta_learning.smooth([np.nan], 9)).all()


def test_few_iterations_are_drawn_as_they_are(sweep):
    reward, *_ = meta_learning.draw(sweep).figure.axes
    assert reward.lines[0].get_ydata() == pytest.approx([-1 + 0.02 * i for i in range(12)])


def test_layers_and_powers_have_maps_of_their_own(tmp_path):
    """Of a real sweep: one map for every layer and power of the weight, with the numbers of theta in its order."""
    (tmp_path / "sweep.yaml").write_text(
        "base: {trials: 10, network.units: 8, rule: {degree: 1, weight-degree: 1, theta-by: layer, plastic: "
        "[recurrent, readout], theta: {k1l1: 0.3, readout-k0l1m1: -0.4}}, evaluation.networks: 1, "
        "meta: {iterations: 1, lifetimes: 2, learning-rate: 0, validation-networks: 1}}\naxes: {seed: 0..<2}\n"
    )
    done = subprocess.run(
        [program.find(), "run", str(tmp_path / "sweep.yaml"), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figure = rules.draw(Sweep([tmp_path / "out"])).figure
    maps = {axis.get_title().split("\n")[-1]: axis.images[0].get_array() for axis in figure.axes if axis.get_title()}
    assert list(maps) == [
        f"{layer}, {power}" for layer in ("recurrent", "readout") for power in ("without W", "times W")
    ]
    assert [np.flatnonzero(values).tolist() for values in maps.values()] == [[3], [], [3], [1]]
    assert maps["readout, times W"][0, 1] == -0.4
