"""`trifactor best` and `trifactor init`."""

import json
import subprocess

import pytest

from analysis.tests import made_up
from trifactor import program

# Validation rewards by degree and task; the best on validation is not the best on fresh networks.
REWARDS = {(1, "a"): [-0.5, -0.4], (3, "a"): [-0.3, -0.35], (1, "b"): [-0.9, float("nan")], (3, "b"): [-0.95, -0.9]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("best") / "out"
    cells, results, networks = [], {1: [], 3: []}, {1: [], 3: []}
    for (degree, task), rewards in REWARDS.items():
        for seed, reward in enumerate(rewards):
            key = len(cells) + 1
            cells.append({"key": f"{key:016x}", "settings": {"rule.degree": degree, "task": task, "seed": seed}})
            results[degree].append({"cell": key, "evaluations": 2, "validation_reward": reward, "theta": 0.1})
            networks[degree] += [
                {"cell": key, "network": n, "trials": 200, "diverged_at": -1}
                | {"late_accuracy": 0.5 + 0.1 * seed + 0.05 * n, "late_reward": -0.8}
                for n in range(2)
            ]
    made_up.write_plan(path, cells)
    for degree in (1, 3):
        made_up.write_shard(path / "shards", "evaluation", degree, networks[degree])
        made_up.write_shard(path / "shards", "result", degree, results[degree])
    return path


def said(*words):
    return subprocess.run([program.find(), *map(str, words)], capture_output=True, text=True)


def test_every_task_has_a_best_cell(folder):
    found = json.loads(program.ask(program.find(), "best", folder, "--json"))
    assert found["by"] == "task" and [entry["group"] for entry in found["entries"]] == ["a", "b"]
    first, second = found["entries"]
    assert first["cell"] == f"{3:016x}" and first["settings"] == {"rule.degree": "3", "seed": "0"}
    assert (first["among"], first["networks"], first["validationReward"]) == (4, 2, -0.3)
    # Means of two numbers.
    assert first["accuracy"] == pytest.approx(0.525, abs=1e-12) and first["reward"] == pytest.approx(-0.8, abs=1e-12)
    # Equal rewards: the first in the plan; a cell without validation has no part.
    assert second["cell"] == f"{5:016x}" and second["among"] == 3


def test_the_table_says_how_to_go_on(folder):
    text = program.ask(program.find(), "best", folder, "--by", "rule.degree", "--where", "task=a")
    assert f"1            {2:016x}  -0.400" in text and f"3            {3:016x}  -0.300" in text
    assert f"`trifactor rule {folder} --cell {2:016x}` shows its rule" in text


@pytest.mark.parametrize(
    "words, told",
    [
        (["--by", "rule.degre"], "rule.degre"),
        (["--where", "task=c"], "--where task=c: no cell has it; task is a, b"),
        (["--where", "task"], "a filter is PATH=VALUE"),
    ],
)
def test_wrong_questions_are_told(words, told, folder):
    done = said("best", folder, *words)
    assert done.returncode == 64 and told in done.stderr, done.stderr


def test_nothing_has_ended(tmp_path):
    made_up.write_plan(tmp_path, [{"key": f"{1:016x}", "settings": {"rule.degree": 1, "task": "a", "seed": 0}}])
    (tmp_path / "shards").mkdir()
    done = said("best", tmp_path)
    assert done.returncode == 64 and "none of these 1 cells has ended with a rule" in done.stderr, done.stderr


def test_a_first_sweep_file_is_whole_and_not_overwritten(tmp_path):
    file = tmp_path / "mine.yaml"
    done = said("init", file)
    assert (
        done.returncode == 0 and done.stdout == f"written to {file}; `trifactor plan {file}` says what it would cost\n"
    )
    plan = json.loads(program.ask(program.find(), "plan", file, "--json"))
    assert len(plan["cells"]) == 12
    # What it gives as examples, commented out, is right too.
    text = file.read_text()
    for key in ("zip", "when", "exclude"):
        text = text.replace(f"# {key}:", f"{key}:")
    (tmp_path / "all.yaml").write_text(text)
    assert len(json.loads(program.ask(program.find(), "plan", tmp_path / "all.yaml", "--json"))["cells"]) == 18
    again = said("init", file)
    assert again.returncode == 64 and f"{file} is there already; give the name of a new file" in again.stderr
    assert file.read_text().count("\n# ") > 5
