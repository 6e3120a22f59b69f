"""Starts the program from Python."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trifactor import command, program
from trifactor.results import Results, open_folder

_DRAINED = 75
_MARK = "# written by trifactor.run"


def run(
    sweep: Path | str | Mapping[str, Any],
    out: Path | str,
    ranks: int = 1,
    options: Sequence[str] = (),
    trifactor: Path | str | None = None,
    show: bool = True,
) -> Results:
    """Runs or resumes a sweep and returns its results; the same call goes on after an interruption.

    sweep: a sweep file, or its content as a dictionary, which is written to OUT.yaml beside the folder. ranks: more
    than one need mpirun. options: more words for `trifactor run`. trifactor: the program; if not given that of
    $TRIFACTOR, of the checkout or in PATH. show: print its progress to standard error.

    Raises CommandError with the program's own words where it refuses, and where the run was drained before its end. An
    interruption (Ctrl-C, the stop button of a notebook) drains the run: what is done stays.
    """
    if ranks < 1:
        raise command.CommandError(f"ranks is {ranks}; give 1 or more")
    found = program.find(trifactor)
    file = _written(sweep, Path(out)) if isinstance(sweep, Mapping) else Path(sweep)
    words = [found, "run", str(file), "--out", str(out), *map(str, options)]
    if ranks > 1:
        words = [*_launcher(ranks), *words]
    said = _follow(words, show)
    if said.code == _DRAINED:
        raise command.CommandError(f"{out}: the run was drained before its end; call run again to go on", _DRAINED)
    if said.code != 0:
        message = said.error or f"ended with exit code {said.code}"
        raise program.ProgramError(
            f"{message}\n  ({' '.join(words)})", said.code if said.code > 0 else command.INTERNAL
        )
    return open_folder(out)


class _Said:
    """What a program printed to standard error, and how it ended."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.code = 0

    @property
    def error(self) -> str:
        """From its first line of an error on."""
        start = next((n for n, line in enumerate(self.lines) if line.startswith("error: ")), 0)
        return "\n".join(self.lines[start:]).removeprefix("error: ").strip()


def _follow(words: Sequence[str], show: bool) -> _Said:
    """Runs it to its end, its lines passed on as they come."""
    variables = {"OPENBLAS_NUM_THREADS": "1"} | os.environ
    try:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables)
    except OSError as error:
        raise program.ProgramError(f"{words[0]}: cannot be run ({error.strerror})") from error
    said = _Said()

    def read(stream: Any, keep: bool) -> None:
        for line in stream:
            if keep:
                said.lines.append(line.rstrip("\n"))
            if show:
                print(line, end="", file=sys.stderr, flush=True)

    readers = [
        threading.Thread(target=read, args=(process.stdout, False)),
        threading.Thread(target=read, args=(process.stderr, True)),
    ]
    for reader in readers:
        reader.start()
    try:
        said.code = process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGUSR1)
        process.wait()
        raise
    finally:
        for reader in readers:
            reader.join()
    return said


def _launcher(ranks: int) -> list[str]:
    mpirun = shutil.which("mpirun")
    if mpirun is None:
        raise command.CommandError(
            f"{ranks} ranks need mpirun, which is not in PATH; install Open MPI or load its module, or give ranks=1",
            command.UNAVAILABLE,
        )
    return [mpirun, "--oversubscribe", "-n", str(ranks)]


def _written(sweep: Mapping[str, Any], out: Path) -> Path:
    """The dictionary as a sweep file, in JSON, which is YAML."""
    file = out.with_name(out.name + ".yaml")
    if file.exists() and not command.file(file).read_text(encoding="utf-8").startswith(_MARK):
        raise command.CommandError(
            f"{file} is there and was not written by trifactor.run; move it away, or give its path and no dictionary"
        )
    try:
        text = json.dumps(sweep, indent=2, default=_value)
    except TypeError as error:
        raise command.CommandError(f"the sweep holds what no sweep file can hold: {error}") from error
    with command.writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{_MARK}\n{text}\n", encoding="utf-8")
    return file


def _value(value: Any) -> Any:
    if isinstance(value, range):
        return list(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}")
