"""Runs one command line and says what was wrong with its end."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

# Exit codes by which a command may refuse its input; 70 would be a fault of the program's own.
DONE, DAMAGED, USAGE, DATA, LOCKED, MEMORY, INPUT_OUTPUT, DRAINED = 0, 1, 64, 65, 69, 71, 74, 75
REFUSALS = frozenset({USAGE, DATA, INPUT_OUTPUT, MEMORY})
# What a process says that died of a fault.
_FAULTS = ("Traceback (most recent call last)", "Fatal error", "Crash:", "Stack dump", "Aborted", "Segmentation")
# Seconds that a command may run or sleep, without those in which it waited for a processor.
LIMIT = 30.0


@dataclass
class Ended:
    """How a command ended: below 0 by a signal."""

    words: Sequence[str]
    code: int
    output: str
    errors: str
    # Seconds it was given, where it did not end within them.
    overdue: float | None = None

    @property
    def hung(self) -> bool:
        return self.overdue is not None

    def complaints(self, allowed: Iterable[int], prints: bool = True) -> list[str]:
        """What is wrong, a line each. `prints`: exit code 0 comes with something on standard output."""
        wrong = []
        if self.hung:
            return [f"did not end within {self.overdue:.0f} s"]
        if self.code < 0:
            wrong.append(f"died of {signal.Signals(-self.code).name}")
        elif self.code not in allowed:
            wrong.append(f"exit code {self.code}, not {' or '.join(map(str, sorted(allowed)))}")
        wrong += [f"says '{fault}'" for fault in _FAULTS if fault in self.errors or fault in self.output]
        if self.code > 1 and not self.errors.strip() and not self.output.strip():
            wrong.append(f"exit code {self.code} without a word")
        if self.code == 0 and prints and not self.output.strip():
            wrong.append("exit code 0 without output")
        return wrong


@dataclass
class Case:
    """A command line, what it may end with, and the row and column of the table that it belongs to."""

    part: str
    row: str
    column: str
    ended: Ended
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = self.ended.errors.strip().splitlines()
        line = f"{self.part}: {self.row} / {self.column}: {'; '.join(self.wrong)}\n  {' '.join(self.ended.words)}"
        return line + (f"\n  {said[0][:300]}" if said else "")


def run(
    words: Sequence[str],
    output: IO[Any] | int | None = None,
    errors: IO[Any] | int | None = None,
    prepare: str = "",
    limit: float = LIMIT,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Ended:
    """Runs a command in a session of its own, without input. `output` and `errors` take the place of what is kept;
    `prepare` is what a shell does before it becomes the command."""
    script = f'ulimit -c 0 -t {limit + 5:.0f}\n{prepare}\nexec "$@"'
    with tempfile.TemporaryFile() as kept, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(
            ["bash", "-c", script, "bash", *words], stdin=subprocess.DEVNULL, start_new_session=True,
            stdout=kept if output is None else output, stderr=complained if errors is None else errors,
            env={**os.environ, **(environment or {})}, cwd=folder,
        )  # fmt: skip
        hung = not _ends(process, limit)
        # Nothing that it started outlives it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        overdue = limit if hung or -code == signal.SIGXCPU else None
        return Ended(words, code, _text(kept), _text(complained), overdue)


def _ends(process: subprocess.Popen[bytes], limit: float) -> bool:
    """Waits for a process; false where it has run or slept for longer than the limit."""
    began, pause = time.monotonic(), 0.002
    while process.poll() is None:
        if time.monotonic() - began - _queued(process.pid) > limit:
            return False
        time.sleep(pause)
        pause = min(0.05, pause * 1.5)
    return True


def _queued(pid: int) -> float:
    """Seconds that the process was ready to run and did not."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors="replace")
