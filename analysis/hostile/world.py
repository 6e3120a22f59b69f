"""What the command lines are about: a small sweep that was run, its folder and files, and places where nothing is."""

import itertools
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from trifactor import program

ROOT = Path(__file__).resolve().parents[2]
SWEEP = """\
name: tiny
base:
  trials: 10
  network.units: 8
  meta: {lifetimes: 2, iterations: 3, validation-networks: 1, validation-every: 1}
  evaluation: {networks: 4, criterion: {correct: 4, of: 5}}
axes: {rule.degree: [0, 1], seed: 0..<2}
"""


@dataclass
class World:
    """A folder with `tiny.yaml`, `OUT`, `rule.yaml`, `task.yaml`, `task.npz`, `lifetime` and `audit`."""

    folder: Path
    program: str

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self.key = ""

    @classmethod
    def make(cls, folder: Path) -> "World":
        """Runs the sweep and writes the files."""
        world = cls(folder, program.find())
        (folder / "tiny.yaml").write_text(SWEEP, encoding="utf-8")
        shutil.copy(ROOT / "sweeps" / "tasks" / "match.yaml", folder / "task.yaml")
        sweep, out = folder / "tiny.yaml", folder / "OUT"
        for words in (
            ["run", sweep, "--out", out],
            ["dynamics", out, "--starts", 2, "--points", 1],
            ["rule", "miconi", "--to", folder / "rule.yaml"],
            ["tasks", "cue-association", "--draw", folder / "task.npz"],
            ["lifetime", sweep, "--trials", 3, "--export", folder / "lifetime"],
            ["audit", sweep, "--trials", 3, "--samples", 4, "--export", folder / "audit"],
        ):
            program.ask(world.program, *words)
        cells = json.loads(program.ask(world.program, "plan", sweep, "--json"))["cells"]
        # The one term of a rule of degree 0 may be 0, and a rule without terms cannot be pruned.
        world.key = next(cell["key"] for cell in cells if cell["axes"]["rule.degree"] == "1")
        return world

    def new(self) -> Path:
        """A folder of its own for one case."""
        place = self.folder / "cases" / str(next(self._numbers))
        place.mkdir(parents=True)
        return place

    def words(self, command: str, place: Path, **names: object) -> list[str]:
        """A command line: OUT, SWEEP and other names by what they stand for, NEW for a place where nothing is.

        Commands that begin with `analysis.` are Python programs beside trifactor.
        """
        stand = {
            "OUT": self.folder / "OUT", "SWEEP": self.folder / "tiny.yaml", "RULE": self.folder / "rule.yaml",
            "TASK": self.folder / "task.yaml", "ARRAYS": self.folder / "task.npz", "KEY": self.key,
            "LIFETIME": self.folder / "lifetime", "AUDIT": self.folder / "audit" / "audit.json",
        } | names  # fmt: skip
        words = []
        for word in command.split(" "):
            head, equals, tail = word.partition("=")
            if word.startswith("NEW"):
                words.append(str(place / word))
            elif equals and tail in stand:
                words.append(f"{head}={stand[tail]}")
            else:
                words.append(str(stand.get(word, word)))
        if words[0].startswith("analysis."):
            return [sys.executable, "-m", *words]
        return [self.program, *words]

    @property
    def environment(self) -> dict[str, str]:
        return {"TRIFACTOR": self.program, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}

    def copy(self, place: Path) -> Path:
        """A copy of the good folder, to be damaged or written into."""
        out = place / "OUT"
        shutil.copytree(self.folder / "OUT", out, symlinks=True)
        return out
