"""trifactor itself: where it is, and what it answers. Statistics come from it, so that figures and tables agree."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trifactor import command

_ROOT = Path(__file__).resolve().parents[3]
# Exit codes that mean the same here.
_PASSED_ON = (command.USAGE, command.DATA, command.UNAVAILABLE, command.INPUT_OUTPUT)


class ProgramError(command.CommandError):
    """The program is not there or has refused; the message says what to do."""


def find(given: Path | str | None = None) -> str:
    """The path of `trifactor`: the one given, $TRIFACTOR, the newest build in this checkout, or the one in PATH."""
    for place in (given, os.environ.get("TRIFACTOR")):
        if place:
            if not os.access(place, os.X_OK) or not Path(place).is_file():
                raise ProgramError(f"{place}: there is no program here; give the path of trifactor")
            return str(place)
    built = [_ROOT / ".build" / kind / "trifactor" for kind in ("release", "debug")]
    built = sorted((path for path in built if path.is_file()), key=lambda path: path.stat().st_mtime)
    if built:
        return str(built[-1])
    found = shutil.which("trifactor")
    if found is None:
        raise ProgramError(
            "trifactor is not built: run `make build`, or give its path by --trifactor or $TRIFACTOR",
            command.UNAVAILABLE,
        )
    return found


def ask(program: str, *arguments: object) -> str:
    """What the program prints. Raises ProgramError, with its own words, where it ends with an error."""
    words = [program, *map(str, arguments)]
    try:
        finished = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ProgramError(f"{program}: cannot be run ({error.strerror}); give the path of trifactor") from error
    if finished.returncode != 0:
        code = finished.returncode if finished.returncode in _PASSED_ON else command.INTERNAL
        said = finished.stderr.strip().removeprefix("error: ") or f"exit code {finished.returncode}"
        raise ProgramError(f"{said}\n  ({' '.join(words)})", code)
    return finished.stdout


def table(
    program: str,
    folders: Sequence[Path],
    rows: str,
    columns: str = "task",
    metric: str = "accuracy",
    where: Sequence[str] = (),
) -> dict[str, Any]:
    """`trifactor table --format json` as Python objects, with `notes`, the lines below the printed table."""
    options = ["--rows", rows, "--columns", columns, "--metric", metric]
    return answer(program, "table", folders, options, where)


def compare(
    program: str,
    folders: Sequence[Path],
    axis: str,
    baseline: str,
    metric: str = "accuracy",
    by: str = "task",
    where: Sequence[str] = (),
    best_of: str | None = None,
) -> dict[str, Any]:
    """`trifactor compare --format json` as Python objects, with `notes`, the lines below the printed table."""
    options = ["--axis", axis, "--baseline", baseline, "--metric", metric, "--by", by]
    if best_of:
        options += ["--best-of", best_of]
    return answer(program, "compare", folders, options, where)


def answer(
    program: str, name: str, folders: Sequence[Path], options: Sequence[str], where: Sequence[str]
) -> dict[str, Any]:
    """What a command says of folders as JSON, with `notes`, the lines below what it prints."""
    words = [name, *map(str, folders), *options]
    for condition in where:
        words += ["--where", condition]
    said: dict[str, Any] = json.loads(ask(program, *words, "--format", "json"))
    if "warnings" in said:
        said["notes"] += said["warnings"]
    else:  # a program of version 0.1
        printed = ask(program, *words, "--format", "markdown")
        said["notes"] = [line[2:] for line in printed.splitlines() if line.startswith("- ")]
    return said
