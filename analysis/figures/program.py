"""Asks the program itself for statistics, so that figures and tables cannot disagree."""

import json
import os
import shutil
import subprocess
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


class ProgramError(Exception):
    """The program is not there or has refused; the message says what to do."""


def find(given=None):
    """The path of `trifactor`: the one given, $TRIFACTOR, the newest build in this checkout, or the one in PATH."""
    for place in (given, os.environ.get("TRIFACTOR")):
        if place:
            if not Path(place).is_file():
                raise ProgramError(f"{place}: there is no program here; give the path of trifactor")
            return str(place)
    built = [_ROOT / ".build" / kind / "trifactor" for kind in ("release", "debug")]
    built = sorted((path for path in built if path.is_file()), key=lambda path: path.stat().st_mtime)
    if built:
        return str(built[-1])
    found = shutil.which("trifactor")
    if found is None:
        raise ProgramError("trifactor is not built: run `swift build -c release`, or give --trifactor PATH")
    return found


def table(program, folders, rows, columns="task", metric="accuracy", where=()):
    """`trifactor table --format json` as Python objects."""
    options = ["--rows", rows, "--columns", columns, "--metric", metric]
    for condition in where:
        options += ["--where", condition]
    return _ask([program, "table", *map(str, folders), *options])


def compare(program, folders, axis, baseline, metric="accuracy", by="task", where=(), best_of=None):
    """`trifactor compare --format json` as Python objects."""
    options = ["--axis", axis, "--baseline", baseline, "--metric", metric, "--by", by]
    if best_of:
        options += ["--best-of", best_of]
    for condition in where:
        options += ["--where", condition]
    return _ask([program, "compare", *map(str, folders), *options])


def _ask(command):
    finished = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise ProgramError(f"{' '.join(command)}: exit code {finished.returncode}\n{finished.stderr.strip()}")
    return json.loads(finished.stdout)
