"""Contenders and the transfer matrix from the report of `trifactor evaluate --json`."""

import copy
import json

from analysis.figures import __main__ as command
from analysis.figures import ablation, contenders, criterion, learning, meta_learning, rules, trial
from analysis.figures.origin import Origin
from analysis.tests import drawn


def entry(target, contender, mean, learned_here=False, diverged=0):
    score = {"mean": mean, "low": mean - 0.02, "high": mean + 0.02}
    return {
        "target": target,
        "contender": contender,
        "learned_here": learned_here,
        "rules": 1,
        "networks": 60,
        "late_accuracy": score,
        "diverged": diverged,
    }


ORIGIN = Origin("made up")
TASKS = ["cue-association", "perceptual-decision"]
REPORT = {
    "name": "made-up",
    "networks": 60,
    "seed": 7,
    "targets": [{"label": task, "chance": 0.5, "shortcut": 0.5, "ceiling": 1.0} for task in TASKS],
    "entries": [entry(task, "none", 0.5) for task in TASKS]
    + [entry(TASKS[0], "miconi", 0.91, diverged=3), entry(TASKS[1], "miconi", 0.78)]
    + [
        entry(tested, f"learned rule.degree=3 task={learned}", 0.9 if tested == learned else 0.71, tested == learned)
        for learned in TASKS
        for tested in TASKS
    ],
}


def texts(folder, stem):
    return (folder / f"{stem}.svg").read_text()


def test_contenders_and_transfer_are_drawn(tmp_path):
    assert contenders.draw(REPORT, ORIGIN).save(tmp_path).name == "contenders.png"
    text = texts(tmp_path, "contenders")
    assert "d=3, learned on cue-association" in text and "miconi" in text and "3/60 div." in text
    assert "60 fresh networks (seed 7)" in text
    assert contenders.draw_transfer(REPORT, ORIGIN).save(tmp_path).name == "transfer.png"
    text = texts(tmp_path, "transfer")
    assert text.count("0.900 *") == 2 and text.count(">0.710<") == 2


def test_accuracies_end_at_one_and_nothing_is_too_small():
    report = copy.deepcopy(REPORT)
    report["entries"][2]["late_accuracy"] = {"mean": 1.0, "low": 0.98, "high": 1.0}
    drawing = contenders.draw(report, ORIGIN)
    assert all(axis.get_xlim()[1] <= 1 for axis in drawing.figure.axes)
    assert drawn.smallest(drawing.figure) >= 7 and not drawn.touching(drawing.figure)


def test_there_is_no_matrix_without_transfer():
    report = copy.deepcopy(REPORT)
    report["entries"] = [e for e in report["entries"] if e["learned_here"] or not e["contender"].startswith("learned")]
    assert contenders.draw_transfer(report, ORIGIN) is None
    assert contenders.draw({**REPORT, "entries": []}, ORIGIN) is None


def test_scores_that_do_not_exist_are_left_empty():
    report = copy.deepcopy(REPORT)
    report["entries"][2]["late_accuracy"] = {"mean": None, "low": None, "high": None}
    report["entries"][3]["late_accuracy"].update(low=None, high=None)
    assert contenders.draw(report, ORIGIN)
    assert contenders.draw_transfer(report, ORIGIN)


def test_the_command_takes_the_report(folder, tmp_path, monkeypatch):
    for module in (trial, ablation, learning, criterion, meta_learning, rules):
        monkeypatch.setattr(module, "draw", lambda *_: None)
    (tmp_path / "evaluation.json").write_text(json.dumps(REPORT))
    arguments = [str(folder), "--evaluation", str(tmp_path / "evaluation.json"), "--to", str(tmp_path / "f")]
    assert command.main(arguments) == 0
    page = (tmp_path / "f" / "report.html").read_text()
    assert 'id="contenders"' in page and 'id="transfer"' in page
