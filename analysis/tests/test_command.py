"""Every program of the package ends with a message and a code, never with a traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import all_tasks
from analysis.figures import __main__ as figures
from analysis.figures import audit, costs, differences
from analysis.tests import made_up, many_cells
from trifactor import command, program, recompute, shards

ROOT = Path(__file__).resolve().parents[2]
COMPARED = ["--axis", "rule.degree", "--baseline", "1", "--by", "seed"]
# Each program with what it needs to work on a result folder.
READERS = {
    "figures": (figures.main, []), "differences": (differences.main, COMPARED), "all_tasks": (all_tasks.main, []),
    "shards": (shards.main, []), "recompute": (recompute.main, []),
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """A folder whose run has not begun: a plan without records."""
    folder = tmp_path_factory.mktemp("plan") / "out"
    settings = {"rule.degree": 1, "task": "cue-association", "seed": 0}
    made_up.write_plan(folder, [{"key": f"{1:016x}", "settings": settings}])
    (folder / "shards").mkdir()
    return folder


def told(capsys, main, arguments):
    """The exit code and the one message."""
    code = command.run(main, [str(argument) for argument in arguments])
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return code, error


@pytest.mark.parametrize("name", READERS)
def test_no_such_folder_and_no_sweep(name, tmp_path, capsys):
    main, options = READERS[name]
    for place in (tmp_path / "nothing", tmp_path):
        code, error = told(capsys, main, [place, *options])
        assert code == 64 and f"{place} is no " in error, error


@pytest.mark.parametrize("name", ["figures", "differences", "all_tasks", "shards"])
def test_damage(name, folder, tmp_path, capsys):
    main, options = READERS[name]
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    shard = copy / "shards" / "evaluation-d3.00000.npy"
    data = bytearray(shard.read_bytes())
    data[-500] ^= 1
    shard.write_bytes(bytes(data))
    code = command.run(main, [str(copy), *options])
    seen = capsys.readouterr()
    assert code == 65 and "1 bad records left out" in seen.err + seen.out
    (copy / "sweep.json").write_bytes((copy / "sweep.json").read_bytes()[:-20])
    code = command.run(main, [str(copy), *options])
    seen = capsys.readouterr()
    assert code == 65 and "sweep.json: damaged or edited" in seen.err + seen.out
    assert not (copy / "figures").exists(), "nothing is written"


def test_an_empty_name_is_no_folder(folder, tmp_path, capsys, monkeypatch):
    """Path("") would be the present folder."""
    monkeypatch.chdir(tmp_path)
    cases = [(figures.main, [folder, "--to"]), (differences.main, [folder, *COMPARED, "--to"]), (costs.main, ["--to"])]
    cases += [(main, []) for main in (figures.main, all_tasks.main, shards.main, recompute.main)]
    cases += [(figures.main, [folder, "--trifactor"]), (figures.main, [folder, "--evaluation"])]
    for main, arguments in cases:
        code, error = told(capsys, main, [*arguments, ""])
        assert code == 64 and "the name is empty; give a file or folder" in error, error
    assert not list(tmp_path.iterdir())


def test_what_is_no_file_is_said(folder, tmp_path, capsys):
    """A pipe that nobody writes into would be waited for, and a device has no end."""
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    shard = copy / "shards" / "evaluation-d3.00000.npy"
    for place in (shard, copy / "sweep.json"):
        place.unlink()
        os.mkfifo(place)
        for main, options in (READERS[name] for name in ("figures", "differences", "all_tasks", "shards")):
            code = command.run(main, [str(copy), *options])
            seen = capsys.readouterr()
            assert code == 65 and f"{place}: this is a pipe, and a file was wanted" in seen.err + seen.out
    (tmp_path / "lifetime").mkdir()
    (tmp_path / "lifetime" / "constants.json").symlink_to("/dev/zero")
    code, error = told(capsys, audit.main, [tmp_path / "lifetime" / "constants.json"])
    assert code == 65 and "this is a device, and a file was wanted" in error
    (tmp_path / "ring").symlink_to("ring")
    code, error = told(capsys, audit.main, [tmp_path / "ring"])
    assert code == 65 and "this is a ring of links, and a file was wanted" in error
    code, error = told(capsys, audit.main, [tmp_path])
    assert code == 65 and "this is a folder, and a file was wanted" in error


@pytest.mark.parametrize("name", ["figures", "differences", "all_tasks", "shards"])
def test_lost_shards_are_told(name, folder, tmp_path, capsys):
    """What results count and launches have counted has to be there, whichever program looks."""
    main, options = READERS[name]
    for lost, words in (
        ("evaluation-d3.00000.npy", "has 0 of 12 evaluations: a shard is missing or cut short"),
        ("iteration-d1.00000.npy", "has 0 of 12 iterations: a shard is missing or cut short"),
        ("", "shards is missing: nothing is left of the results"),
    ):
        copy = tmp_path / (lost or "all")
        shutil.copytree(folder, copy)
        if lost:
            (copy / "shards" / lost).unlink()
        else:
            shutil.rmtree(copy / "shards")
        code = command.run(main, [str(copy), *options])
        seen = capsys.readouterr()
        assert code == 65 and words in seen.err + seen.out, seen
    (copy / "sweep.json").unlink()
    (copy / "shards").mkdir()
    shutil.copy(folder / "shards" / "result-d1.00000.npy", copy / "shards")
    code = command.run(main, [str(copy), *options])
    seen = capsys.readouterr()
    assert code == 65 and "sweep.json is missing, and there are shards" in seen.err + seen.out


def test_folders_that_cannot_be_written(folder, tmp_path, capsys):
    """Below a file, and in a system's folder that takes none."""
    (tmp_path / "file").write_text("")
    (tmp_path / "audit.json").write_text('{"cell": "0", "verdict": ""}')
    for place in (tmp_path / "file" / "figures", Path("/proc/figures")):
        cases = [(figures.main, [folder]), (differences.main, [folder, *COMPARED]), (costs.main, [])]
        for main, arguments in cases:
            code, error = told(capsys, main, [*arguments, "--to", place])
            assert code == 74 and f"{place}: no file can be written here (" in error and "--to" in error
        code, error = told(capsys, many_cells.main, [place])
        assert code == 74 and "no file can be written here" in error


def test_a_full_disk_names_the_file(plan, tmp_path, capsys):
    for name in ("trials.svg", "report.html"):
        to = tmp_path / name
        to.mkdir()
        (to / name).symlink_to("/dev/full")
        code, error = told(capsys, figures.main, [plan, "--to", to])
        assert (code, error) == (74, f"error: {to / name}: cannot be written (No space left on device)\n")


def test_a_program_that_is_missing_or_none(folder, tmp_path, capsys, monkeypatch):
    for main, arguments in ((figures.main, [folder]), (differences.main, [folder, *COMPARED]), (costs.main, [])):
        code, error = told(capsys, main, [*arguments, "--trifactor", tmp_path / "trifactor"])
        assert (
            code == 64
            and error == f"error: {tmp_path}/trifactor: there is no program here; give the path of trifactor\n"
        )
        broken = tmp_path / "broken"
        broken.write_bytes(b"\x7fELF")
        broken.chmod(0o755)
        code, error = told(capsys, main, [*arguments, "--trifactor", broken, "--to", tmp_path / "to"])
        assert code == 64 and "broken: cannot be run (" in error
    monkeypatch.delenv("TRIFACTOR", raising=False)
    monkeypatch.setattr(program, "_ROOT", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    code, error = told(capsys, figures.main, [folder])
    assert code == 69 and "trifactor is not built: run `make build`" in error


def test_what_the_program_refuses_is_said_in_its_words(tmp_path, capsys, plan):
    refusing = tmp_path / "trifactor"
    refusing.write_text("#!/bin/sh\necho 'error: shard 3 is damaged' >&2\nexit 65\n")
    refusing.chmod(0o755)
    code, error = told(capsys, figures.main, [plan, "--trifactor", refusing])
    assert code == 65 and error.startswith("error: shard 3 is damaged\n")
    refusing.write_text("#!/bin/sh\nkill -9 $$\n")
    code, error = told(capsys, figures.main, [plan, "--trifactor", refusing])
    assert code == 70 and "exit code -9" in error


def test_documents_that_are_something_else(plan, tmp_path, capsys):
    other = tmp_path / "other.json"
    for text, words in (("{", "make it again with"), ("[]", "it lacks"), ('{"cell": "0"}', "it lacks verdict")):
        other.write_text(text)
        code, error = told(capsys, audit.main, [other])
        assert code == 65 and words in error
    code, error = told(capsys, figures.main, [plan, "--evaluation", other, "--to", tmp_path / "to"])
    assert code == 65 and "it lacks networks, seed, targets, entries" in error
    code, error = told(capsys, audit.main, [tmp_path / "none.json"])
    assert code == 74 and "none.json: No such file or directory; `trifactor audit --json > " in error


@pytest.mark.parametrize("main", [figures.main, differences.main, costs.main, audit.main, all_tasks.main, shards.main])
def test_wrong_arguments(main, capsys):
    code, error = told(capsys, main, ["--no-such-option"])
    assert code == 64 and "error: " in error and "usage: " in error


def launched(module, *arguments, before="", after=""):
    """A program under a shell, which can close or fill its output."""
    words = " ".join([before, sys.executable, "-m", module, *map(str, arguments), after])
    script = f"set -o pipefail; {words}"
    environment = {**os.environ, "TRIFACTOR": program.find()}
    return subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False
    )


@pytest.mark.parametrize("module", ["analysis.figures", "analysis.shards"])
def test_output_that_takes_nothing(module, plan, folder, tmp_path):
    """A closed output and a full disk are errors, a reader that went away is none."""
    arguments = [plan, "--to", tmp_path] if module == "analysis.figures" else [folder]
    closed = launched(module, *arguments, after=">&-")
    assert (closed.returncode, closed.stderr) == (
        74, "error: standard output is closed; give it a file, a pipe or a terminal\n"
    )  # fmt: skip
    full = launched(module, *arguments, after="> /dev/full")
    assert (full.returncode, full.stderr) == (74, "error: standard output: No space left on device\n")
    gone = launched(module, *arguments, after="| true")
    assert (gone.returncode, gone.stderr) == (0, "")
    assert launched(module, "--help", after="> /dev/full").returncode == 74


def test_a_table_comes_with_every_line_below_it(tmp_path):
    """Programs that give notes and warnings in their JSON are asked once, earlier ones for their text as well."""
    asked = tmp_path / "trifactor"
    asked.write_text(
        '#!/bin/sh\necho "$@" >> "$0.log"\ncase "$*" in *json*) cat "$0.json";; *) printf -- \'- old\\n\';; esac\n'
    )
    asked.chmod(0o755)
    answer = tmp_path / "trifactor.json"
    answer.write_text('{"cells": [], "notes": ["how to read"], "warnings": ["too few"]}')
    assert program.table(str(asked), [tmp_path], "seed")["notes"] == ["how to read", "too few"]
    answer.write_text('{"cells": []}')
    assert program.table(str(asked), [tmp_path], "seed", where=["a=1"])["notes"] == ["old"]
    lines = (tmp_path / "trifactor.log").read_text().splitlines()
    assert len(lines) == 3 and lines[1].endswith("--where a=1 --format json")
