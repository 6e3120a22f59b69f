"""One sweep as figures need it: the cells of one or several result folders, by setting, with their records."""

import hashlib
import re
from pathlib import Path

import numpy as np

from analysis import shards

ROLES = {"learned": 0, "start": 1, "none": 2}
# What follows the name of a task that comes from a file: digits of its content.
DIGEST = re.compile("@[0-9a-f]{16}(?![0-9a-f])")
_ENDED = {0: "done", 1: "diverged", 2: "failed"}


class Cell:
    """One cell of the plan: its key in 16 hex digits, its settings by dotted path, and how it ended."""

    def __init__(self, entry, common):
        self.key = entry["key"]
        self.settings = {**common, **entry["settings"]}
        self.policies = {name: entry.get(name) for name in ("chance", "shortcut", "ceiling")}
        self.status = "unfinished"

    @property
    def diverged_reward(self):
        """Reward of a diverged lifetime."""
        return 0.0 if self.settings.get("reward") == "binary" else -2.0


class Sweep:
    """The cells of result folders, each key once.

    `rows` is the setting that figures compare: `rule.degree` where it varies, else the first varying setting that is
    neither the task nor the seed; `program` is the path of trifactor.
    """

    def __init__(self, folders, program=None, rows=None):
        self.folders = [Path(folder) for folder in folders]
        self.program = program
        self._cells = {}
        self._launches = []
        self._stored = []
        names = []
        for folder in self.folders:
            if not (folder / "sweep.json").is_file():
                raise ValueError(f"{folder} is no result folder: it has no sweep.json; give one that a run has written")
            self._stored.append(shards.load(folder))
            manifest = self._stored[-1].manifest
            names.append(manifest["name"])
            self._launches += manifest["launches"]
            for entry in manifest["cells"]:
                self._cells.setdefault(entry["key"], Cell(entry, manifest.get("common", {})))
            self.question = manifest["question"]
        self.name = " + ".join(dict.fromkeys(names))
        self.left_out = [line for stored in self._stored for line in stored.left_out]
        self._evaluations = self._by_cell("evaluations", ("role", "network"))
        self._iterations = self._by_cell("iterations", ("iteration",))
        # Of several results of a cell the one that got furthest comes first: done, diverged, failed.
        self._dynamics = self._by_cell("dynamics", ("network", "stage", "condition"))
        self.results = {key: found[0] for key, found in self._by_cell("results", ("status",)).items()}
        for key, record in self.results.items():
            self._cells[key].status = _ENDED[int(record["status"])]
        self.rows = rows or self._compared()

    # The plan

    @property
    def cells(self):
        """In the order of the plan."""
        return list(self._cells.values())

    @property
    def keys(self):
        return list(self._cells)

    def values(self, path, cells=None):
        """Distinct values of a setting: numbers ascending, names as they first appear."""
        seen = {}
        for cell in self.cells if cells is None else cells:
            value = cell.settings.get(path)
            seen.setdefault(self.label(value), value)
        distinct = list(seen.values())
        numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in distinct)
        return sorted(distinct) if numbers else distinct

    def chosen(self, row, task):
        """Cells of one value of the compared setting and one task."""
        return [c for c in self.cells if c.settings.get(self.rows) == row and c.settings.get("task") == task]

    @property
    def tasks(self):
        return self.values("task")

    @property
    def row_values(self):
        return self.values(self.rows)

    def _compared(self):
        varying = [
            path for path in dict.fromkeys(p for c in self.cells for p in c.settings) if len(self.values(path)) > 1
        ]
        others = [path for path in sorted(varying) if path not in ("task", "seed", "rule.theta")]
        return "rule.degree" if "rule.degree" in varying or not others else others[0]

    # Names

    @staticmethod
    def label(value):
        """A setting's value as tables print it: the task of a file goes by its name."""
        if isinstance(value, list):
            return "+".join(DIGEST.sub("", str(one)) for one in value)
        if isinstance(value, str):
            return DIGEST.sub("", value)
        if value is None:
            return "none"
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)

    @staticmethod
    def title(path):
        """A setting's name on an axis."""
        return {"rule.degree": "polynomial degree d"}.get(path, path)

    @property
    def partial(self):
        return any(cell.status == "unfinished" for cell in self.cells)

    @property
    def version(self):
        """Versions and commits of the programs that made the results."""
        made = {
            f"{one['version']} ({one['commit'][:9]}{', modified' if one['dirty'] else ''})" for one in self._launches
        }
        return "trifactor " + ", ".join(sorted(made)) if made else "trifactor of unknown version"

    @property
    def signature(self):
        """Sweep, cells and version in one line; the digest is over all keys."""
        keys = self.keys
        digest = hashlib.sha256(" ".join(sorted(keys)).encode()).hexdigest()[:12]
        span = keys[0] if len(keys) == 1 else f"{keys[0]} and {len(keys) - 1} more, digest {digest}"
        ended = sum(cell.status != "unfinished" for cell in self.cells)
        partial = f" · PARTIAL: {ended} of {len(keys)} cells have ended" if self.partial else ""
        return f"{self.name} · cells {span} · {self.version}{partial}"

    # Records

    def _by_cell(self, kind, identity):
        """Records of a kind by cell; of several folders, each record once, sorted by what tells them apart."""
        parts = {}
        for stored in self._stored:
            for array in getattr(stored, kind).values():
                order = np.argsort(array["cell"], kind="stable")
                keys, starts = np.unique(array["cell"][order], return_index=True)
                for key, part in zip(keys, np.split(order, starts[1:])):
                    parts.setdefault(f"{int(key):016x}", []).append(array[part])
        whole = {}
        for key, arrays in parts.items():
            if key in self._cells:
                array = np.concatenate(arrays)
                _, first = np.unique(array[list(identity)], return_index=True)
                whole[key] = array[first]
        return whole

    def networks(self, cell, role="learned"):
        """Evaluation records of one role, by network; only of cells that have ended."""
        array = self._evaluations.get(cell.key)
        if array is None or cell.status == "unfinished":
            return None
        chosen = array[array["role"] == ROLES[role]]
        return chosen if len(chosen) else None

    def iterations(self, cell):
        """Iteration records in order, or None."""
        return self._iterations.get(cell.key)

    def dynamics(self, cell):
        """Dynamics records by network, stage (0 before, 1 learned, 2 start, 3 none) and condition, or None."""
        return self._dynamics.get(cell.key)

    def scores(self, cell, metric, role="learned"):
        """Late scores of a cell's networks; diverged networks have accuracy 0 and reward -2 (0 if binary)."""
        networks = self.networks(cell, role)
        if networks is None:
            return None
        worst = 0.0 if metric == "accuracy" else cell.diverged_reward
        seen = networks[f"late_{metric}"]
        return np.where((networks["diverged_at"] >= 0) | ~np.isfinite(seen), worst, seen)

    def run_scores(self, row, task, metric):
        """The runs behind one entry of a table: means over their networks."""
        runs = []
        for cell in self.chosen(row, task):
            scores = self.scores(cell, metric)
            if scores is not None and cell.status != "failed":
                runs.append(float(np.mean(scores)))
            elif scores is None and cell.status == "diverged":
                runs.append(0.0 if metric == "accuracy" else cell.diverged_reward)
        return runs

