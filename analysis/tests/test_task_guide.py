"""Every step of `sweeps/tasks/README.md` is run, in its order: files are written, commands obeyed."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from trifactor import program

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "sweeps" / "tasks" / "README.md"
BLOCK = re.compile(r"Save this as `([^`]+)`|^```(\w+)( neurogym)?\n(.*?)^```", re.S | re.M)


def steps():
    """The blocks of the guide: ("file", name, text) and ("run", command, True where it needs NeuroGym)."""
    name = None
    for saved, language, neurogym, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        if saved:
            name = saved
        elif language == "yaml":
            yield "file", name, text
        else:
            for line in text.splitlines():
                yield "run", line, bool(neurogym)


def test_the_guide_leads_from_an_idea_to_a_table(tmp_path):
    where = Path(program.find()).resolve().parent
    # The checkout as a reader has it: the analysis beside the files, the program on the path.
    (tmp_path / "analysis").symlink_to(ROOT / "analysis")
    variables = {
        **os.environ,
        "PATH": f"{where}:{ROOT}/.venv/bin:{os.environ['PATH']}",
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
    }
    said = {}
    for kind, one, other in steps():
        if kind == "file":
            (tmp_path / one).write_text(other)
            continue
        if other:
            python = ROOT / ".venv-neurogym" / "bin" / "python"
            if one.startswith("python") and not python.is_file():
                continue
            if not one.startswith("python") and not (tmp_path / "go.npz").is_file():
                continue
            one = one.replace("python ", f"{python} ", 1)
        done = subprocess.run(one, shell=True, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, f"{one}\n{done.stdout}\n{done.stderr}"
        said[one] = done.stdout
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
