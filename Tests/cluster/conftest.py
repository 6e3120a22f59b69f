"""The program under test, a sweep worth cutting, and what it gives when nobody cuts it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from hosts import WORK, Hosts, sh

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TRIFACTOR") or str(ROOT / ".build/release/trifactor")

# Twelve cells, about 4 s of one core.
CUT = """\
name: cut
question: Is a sweep the same however it is cut?
base:
  trials: 40
  network: {units: 16}
  meta: {iterations: 80, lifetimes: 3, validation-networks: 4, validation-every: 20}
  evaluation: {networks: 7, criterion: {correct: 8, of: 10}}
axes:
  rule.degree: [1, 3]
  task: [cue-association, delayed-nonmatch]
  seed: 0..<3
"""

# A state after every iteration, so that every interruption leaves something to go on from.
OFTEN = ("--state-every", "0")

for name, value in {
    "TRIFACTOR_PROGRAM": PROGRAM,
    "OPENBLAS_NUM_THREADS": "1",
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
}.items():
    os.environ[name] = value


def is_rank(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().startswith(PROGRAM.encode() + b"\0run\0")
    except OSError:
        return False


class Sweep:
    """A sweep file and its folders of results."""

    def __init__(self, folder: Path, text: str = CUT):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.file = folder / "cut.yaml"
        self.file.write_text(text)
        self.out = folder / "out"

    def status(self) -> dict:
        if not (self.out / "sweep.json").exists():
            return {"iterations": 0, "done": 0}
        # A folder that is written to at this moment may look unfinished for an instant.
        text = sh(PROGRAM, "status", str(self.out), "--json", check=False)
        return json.loads(text) if text else {"iterations": 0, "done": 0}

    def is_under_way(self) -> bool:
        """Something is stored."""
        return self.status()["iterations"] >= 10

    def export(self, *folders: Path) -> bytes:
        target = self.folder / "export.csv"
        sh(PROGRAM, "export", *map(str, folders or [self.out]), "--to", str(target))
        return target.read_bytes()

    def verify(self) -> None:
        sh(PROGRAM, "verify", str(self.out))


@pytest.fixture
def sweep(tmp_path) -> Sweep:
    return Sweep(tmp_path)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> bytes:
    """The export of a plain mpirun that nothing disturbed."""
    sweep = Sweep(tmp_path_factory.mktemp("undisturbed"))
    mpirun = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2"]
    command = [*mpirun, PROGRAM, "run", str(sweep.file), "--out", str(sweep.out)]
    subprocess.run(command, check=True, timeout=900, capture_output=True)
    return sweep.export()


@pytest.fixture(scope="session")
def hosts() -> Hosts:
    return Hosts(4)


@pytest.fixture
def tell(capsys):
    """Prints a line in the midst of pytest's dots."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text} ", end="")

    return line
