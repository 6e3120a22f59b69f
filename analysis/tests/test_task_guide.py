"""Every step of `sweeps/tasks/README.md` is run, in its order: files are written, commands obeyed."""

import subprocess

import pytest

from analysis.tests import guide
from trifactor import program

GUIDE = guide.ROOT / "sweeps" / "tasks" / "README.md"


def test_the_guide_leads_from_an_idea_to_a_table(tmp_path):
    variables = guide.prepare(tmp_path)
    python = guide.ROOT / ".venv-neurogym" / "bin" / "python"
    said = {}
    for kind, text, mark in guide.steps(GUIDE):
        if kind == "file":
            (tmp_path / mark).write_text(text)
            continue
        if mark == "neurogym":
            if text.startswith("python") and not python.is_file():
                continue
            if not text.startswith("python") and not (tmp_path / "go.npz").is_file():
                continue
            text = text.replace("python ", f"{python} ", 1)
        said[text] = guide.obey(text, tmp_path, variables)
    commands = list(said)
    assert [one.split()[1] for one in commands if one.startswith("trifactor")][:5] == [
        "tasks",
        "tasks",
        "plan",
        "table",
        "evaluate",
    ]
    assert "ceiling" in said["trifactor tasks side.yaml"] and (tmp_path / "side.png").is_file()
    table = said["trifactor table out/side"]
    assert "side" in table and "cue-association" in table and "shortcut" in table
    assert "side: " in said["trifactor evaluate out/side --transfer --networks 10 --task side.yaml"]
    assert list((tmp_path / "out" / "side" / "tasks").glob("side@*/task.yaml"))


SHIPPED = [path for path in sorted(GUIDE.parent.iterdir()) if path.suffix in (".yaml", ".npz")]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_tasks_are_described(file):
    done = subprocess.run([program.find(), "tasks", str(file)], capture_output=True, text=True)
    assert done.returncode == 0 and "chance 0." in done.stdout, done.stderr
