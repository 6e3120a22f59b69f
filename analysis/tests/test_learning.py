"""What `trifactor table --curves` says, beside the same computed with numpy from the records."""

import json
import subprocess

import numpy as np
import pytest

from analysis import bootstrap
from analysis.figures import learning
from analysis.figures.sweep import Refusal, Sweep
from analysis.tests import made_up, many_axes
from trifactor import program


def of_cell(sweep, cell, metric, role):
    """Curves (networks, parts) with the score of a diverged network from its end on; parts that no trial falls into
    are left out."""
    networks = sweep.networks(cell, role)
    if networks is None:
        return None
    curves = networks[f"{metric}_curve"].astype(float)
    parts = curves.shape[1]
    edges = (np.arange(parts) + 1) * networks["trials"][:, None] / parts
    over = (networks["diverged_at"][:, None] >= 0) & (edges > networks["diverged_at"][:, None])
    curves = np.where(over, cell.diverged_score(metric), curves)
    return curves[:, np.isfinite(curves).all(axis=0)]


def runs_of(sweep, row, column, metric, role="learned", cells=None):
    """Of every seed the mean over its cells (those given alone), network by network."""
    found = []
    for run in sweep.runs(row, column):
        kept = [cell for cell in run if cells is None or cell in cells]
        curves = [one for cell in kept if (one := of_cell(sweep, cell, metric, role)) is not None]
        if curves:
            found.append(np.mean(curves, axis=0))
    return found


def check(sweep, metric):
    """Every curve of the program; returns how many there were."""
    answer = sweep.curves(metric)
    for curve in answer["curves"]:
        cells = [cell for cell in sweep.chosen(curve["row"], curve["column"]) if sweep.networks(cell) is not None]
        seeds = {cell["seed"] for cell in cells}
        assert (curve["runs"], curve["networks"]) == (len(seeds), sum(len(sweep.networks(cell)) for cell in cells))
        assert curve["resampled"] == ("networks" if len(seeds) == 1 else "runs")
        strata = []
        for task in dict.fromkeys(cell["task"] for cell in cells):
            own = [cell for cell in cells if cell["task"] == task]
            runs = runs_of(sweep, curve["row"], curve["column"], metric, cells=own)
            strata.append(runs[0] if len(seeds) == 1 else np.stack([run.mean(axis=0) for run in runs]))
        units = np.concatenate(strata)
        assert curve["iqm"] == pytest.approx(bootstrap.interquartile_mean(units), rel=1e-12, abs=1e-15)
        # The same random numbers: equal but for the order of summation.
        low, high = bootstrap.stratified_bootstrap(strata)
        assert curve["low"] == pytest.approx(low, rel=1e-12, abs=1e-15)
        assert curve["high"] == pytest.approx(high, rel=1e-12, abs=1e-15)
        parts = units.shape[1]
        assert curve["trials"] == pytest.approx((np.arange(parts) + 0.5) * 200 / parts)
    for none in answer["unlearned"]:
        runs = [
            run.mean(axis=0) for row in sweep.row_values for run in runs_of(sweep, row, none["column"], metric, "none")
        ]
        assert none["mean"] == pytest.approx(np.mean(runs, axis=0), rel=1e-12, abs=1e-15)
    return len(answer["curves"])


@pytest.mark.parametrize("metric", ["accuracy", "reward"])
def test_curves_of_a_small_sweep(sweep, metric):
    """One cell has diverged on three of four networks, one has failed, one is not finished."""
    assert check(sweep, metric) == 4
    assert [one["column"] for one in sweep.curves(metric)["unlearned"]] == sweep.column_values


def test_a_diverged_network_falls_to_the_bottom_of_its_curve(sweep):
    """It diverged at trial 55 of 200: the sixth of 20 parts, trials 50 to 59, is the first that is lost."""
    for metric, bottom in (("accuracy", 0), ("reward", -2)):
        [curve] = [
            one for one in sweep.curves(metric)["curves"] if (one["row"], one["column"]) == (3, "perceptual-decision")
        ]
        # Of four networks three are lost: the interquartile mean is theirs.
        assert curve["iqm"][5:] == [bottom] * 15 and curve["iqm"][4] > bottom
        assert curve["trials"][:2] == [5, 15]


def test_pooled_cells_and_many_rates(tmp_path):
    """A run is a seed: the mean over its cells of every network."""
    folder = many_axes.write(tmp_path / "many")
    sweep = Sweep([folder], program.find(), rows="rule.eta", columns="network.gain", where=["rule.degree=3"])
    assert check(sweep, "accuracy") == 18
    answer = sweep.curves("accuracy")
    assert answer["pooled"] == {"task": 10} and any("pool over task (10 values)" in line for line in answer["notes"])


def test_lifetimes_of_few_trials_have_as_many_parts(tmp_path):
    """Seven trials fall into seven of 20 parts; the others are empty."""
    folder = tmp_path / "short"
    made_up.write_plan(folder, [{"key": f"{1:016x}", "settings": {"rule.degree": 1, "task": "a", "seed": 0}}])
    curve = np.full(20, np.nan)
    curve[[2, 5, 8, 11, 14, 17, 19]] = np.linspace(0.4, 1, 7)
    records = [
        {"cell": 1, "network": n, "role": role, "trials": 7, "diverged_at": -1, "accuracy_curve": curve - 0.1 * n}
        for role in range(3)
        for n in range(3)
    ]
    made_up.write_shard(folder / "shards", "evaluation", 1, records)
    made_up.write_shard(folder / "shards", "result", 1, [{"cell": 1, "status": 0, "evaluations": 9, "theta": 0}])
    [found] = Sweep([folder], program.find()).curves("accuracy")["curves"]
    assert found["trials"] == pytest.approx(np.arange(7) + 0.5)
    assert found["iqm"] == pytest.approx(np.linspace(0.4, 1, 7) - 0.1)


def test_the_figure_has_the_programs_numbers(sweep):
    axis, *_ = learning.draw(sweep).figure.axes
    lines = {line.get_label(): line for line in axis.lines}
    answer = sweep.curves("accuracy")
    for curve in answer["curves"]:
        if curve["column"] == sweep.column_values[0]:
            drawn = lines[sweep.row_label(curve["row"])]
            assert drawn.get_ydata().tolist() == curve["iqm"] and drawn.get_xdata().tolist() == curve["trials"]
    assert lines["no plasticity"].get_ydata().tolist() == answer["unlearned"][0]["mean"]


def test_what_has_no_mean_is_refused_by_both(folder, tmp_path):
    sweep = Sweep([many_axes.write(tmp_path / "many")], program.find(), rows="rule.eta", where=["task=flip-flop"])
    for place, cell in enumerate(sweep.cells):
        cell.settings["trials"] = 100 + place % 2
    with pytest.raises(Refusal, match="learning curves of different trials have no mean"):
        learning.draw(sweep)
    command = [program.find(), "table", str(folder), "--curves", "--metric", "trials-to-criterion"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 64 and "--metric trials-to-criterion has no such curve" in refused.stderr


@pytest.mark.parametrize("form", ["text", "markdown", "csv", "latex"])
def test_every_format_has_every_part(folder, form):
    said = program.ask(program.find(), "table", folder, "--curves", "--format", form)
    assert said.count("cue-association") == 40 and said.count("perceptual-decision") == 40
    assert json.loads(program.ask(program.find(), "table", folder, "--curves", "--format", "json"))["partial"]
