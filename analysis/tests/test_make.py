"""What the Makefile hands on to the program, by a real make: names with blanks stay one name."""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Writes down how it was called.
RECORDER = """#!/usr/bin/env python3
import json, sys
with open("calls", "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
"""


@pytest.fixture
def place(tmp_path):
    """A folder with blanks in its name, a sweep file, and a program that only takes note."""
    folder = tmp_path / "my work"
    folder.mkdir()
    (folder / "recorder").write_text(RECORDER)
    (folder / "recorder").chmod(0o755)
    (folder / "a sweep.yaml").write_text("base: {}\n")
    return folder


def make(place, *words):
    """The calls of one target. Nothing is set up or built: `build` counts as done."""
    settings = ["TRIFACTOR=./recorder", "PYTHON=./recorder", "MPIRUN="]
    command = ["make", "-f", str(ROOT / "Makefile"), "-o", "build", *words, *settings]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (place / "calls").read_text().splitlines()]


@pytest.mark.parametrize("out", ["a b", "a b/c d", "it's", "tab\there", "a;b&c", "*"])
def test_a_folder_with_blanks_is_one_folder(place, out):
    run, table, figures = make(place, "sweep", f"OUT={out}", "SWEEP=a sweep.yaml")
    assert run == ["run", "a sweep.yaml", "--out", out]
    assert table[:2] == ["table", out] and figures[:3] == ["-m", "analysis.figures", out]
    assert (place / out).is_dir()
    entries = {path.name for path in place.iterdir()}
    assert entries == {"recorder", "a sweep.yaml", "calls", out.split("/")[0]}


def test_the_folder_is_named_after_the_sweep_file(place):
    (place / "my sweeps").mkdir()
    run, *_ = make(place, "sweep", "SWEEP=my sweeps/x y.yaml")
    assert run == ["run", "my sweeps/x y.yaml", "--out", "out/x y"] and (place / "out" / "x y").is_dir()


def test_other_targets_quote_too(place):
    assert make(place, "figures", "DIR=a b") == [["-m", "analysis.figures", "a b", "--trifactor", "./recorder"]]
    assert make(place, "plan", "SWEEP=a sweep.yaml")[1:] == [["plan", "a sweep.yaml", "--ranks", "2"]]


def test_figures_want_a_folder(place):
    command = ["make", "-f", str(ROOT / "Makefile"), "-o", "build", "figures"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "make figures DIR=folder: give the folder of results" in done.stderr
