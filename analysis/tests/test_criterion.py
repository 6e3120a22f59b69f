"""Trials to criterion, on errors whose criterion can be counted by hand, and beside what the program printed."""

from pathlib import Path

import numpy as np
import pytest

from analysis import criterion
from trifactor import command

RESULTS = Path(__file__).resolve().parents[2] / "sweeps" / "results"


def errors(right_from, trials=400, wrong=()):
    found = np.where(np.arange(trials) < right_from, 2.0, 0.5)
    found[list(wrong)] = 2.0
    return found


def test_the_criterion_is_96_of_100_and_never_met_in_the_first_100():
    assert criterion.trials_to_criterion(errors(0), 1) == 101
    # Four wrong trials of a hundred are allowed: trials 146 to 149 from 0, then 96 right ones.
    assert criterion.trials_to_criterion(errors(150), 1) == 246
    assert criterion.trials_to_criterion(errors(150, wrong=[200]), 1) == 247
    assert criterion.trials_to_criterion(errors(150, trials=245), 1) is None
    assert criterion.trials_to_criterion(errors(150), 0.5) is None
    assert criterion.trials_to_criterion(np.append(errors(0, 50), [np.nan] * 200), 1) is None


def test_quartiles_of_networks_of_which_some_are_censored():
    times = np.array([[200, 1], [300, 1], [400, 1], [500, 0]])
    assert [criterion.quantile(times, share) for share in (0.25, 0.5, 0.75)] == [200, 300, 400]
    # Censored before the others meet it: three are left at 300, and each takes a third of what is left.
    early = np.array([[200, 0], [300, 1], [400, 1], [500, 1]])
    assert [criterion.quantile(early, share) for share in (0.25, 0.5, 0.75)] == [300, 400, 500]
    assert criterion.quantile(np.array([[200, 1], [500, 0], [500, 0]]), 0.5) == float("inf")


def test_files_are_pooled_and_printed(tmp_path, capsys):
    np.save(tmp_path / "b.npy", np.array([errors(150), errors(400)]))
    np.save(tmp_path / "a.npy", np.array([errors(0)]))
    to = tmp_path / "trials.csv"
    files = [str(tmp_path / name) for name in ("b.npy", "a.npy")]
    assert command.run(criterion.main, [*files, "--below", "1", "--to", str(to)]) == 0
    assert to.read_text().splitlines() == ["file,network,trials,criterion", "a,0,400,101", "b,0,400,246", "b,1,400,"]
    capsys.readouterr()
    assert command.run(criterion.main, [str(to)]) == 0
    printed = capsys.readouterr().out.splitlines()[2]
    assert printed == "| 3 | 1 | 101 [101, not reached] | 246 [101, not reached] | not reached [101, not reached] |"


def test_the_program_printed_the_same_of_its_60_networks():
    times = criterion.read(RESULTS / "miconi-dnms.csv")
    page = (RESULTS / "validation.md").read_text()
    low, high = criterion.interval(times)
    quartiles = [criterion.quantile(times, share) for share in (0.25, 0.75)]
    censored = sum(met == 0 for _, met in times)
    assert len(times) == 60
    printed = f"median {criterion.quantile(times, 0.5):.0f} [95 % {low:.0f}, {high:.0f}], quartiles "
    assert printed + f"{quartiles[0]:.0f} and {quartiles[1]:.0f}, {censored} censored" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.npy"], "give --to to make one from .npy files"),
        (["a.npy", "--to", "b.csv"], "--to wants --below as well"),
        (["other.csv"], "no rows with file, network, trials, criterion; make it with --to"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.csv").write_text("rule,seed\na,0\n")
    assert command.run(criterion.main, arguments) == 64
    assert words in capsys.readouterr().err
