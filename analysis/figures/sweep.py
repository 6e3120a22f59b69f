"""One sweep as figures need it: the cells of one or several result folders, by setting, with their records."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trifactor import program as trifactor
from trifactor import shards
from trifactor.command import CommandError

from .origin import Origin
from .values import is_number, label, short, title

Records = NDArray[Any]

ROLES = {"learned": 0, "start": 1, "none": 2}
# What tells runs apart.
SEEDS = ("seed", "evaluate.training-seed")
_ENDED = {0: "done", 1: "diverged", 2: "failed"}


class Refusal(Exception):
    """A figure that would mislead: the message says what it would mix, and what to ask for instead."""


class Cell:
    """One cell of the plan: its key in 16 hex digits, its settings by dotted path, and how it ended."""

    def __init__(self, entry: dict[str, Any], common: dict[str, Any]) -> None:
        self.key: str = entry["key"]
        self.settings: dict[str, Any] = {**common, **entry["settings"]}
        self.policies = {name: entry.get(name) for name in ("chance", "shortcut", "ceiling")}
        self.status = "unfinished"

    def __getitem__(self, path: str) -> str:
        """The label of a setting."""
        return label(self.settings.get(path))

    @property
    def diverged_reward(self) -> float:
        """Reward of a diverged lifetime."""
        return 0.0 if self.settings.get("reward") == "binary" else -2.0

    def diverged_score(self, metric: str) -> float:
        return 0.0 if metric == "accuracy" else self.diverged_reward


class Sweep:
    """The cells of result folders, each key once, and the two settings that figures set out.

    `rows` are series or places along an axis, `columns` are panels, as in `trifactor table`. Without them: rule.degree
    and task where they vary, else the settings that vary first. `where` keeps cells as `trifactor table --where` does.
    """

    def __init__(
        self,
        folders: Sequence[Path | str],
        program: str | None = None,
        rows: str | None = None,
        columns: str | None = None,
        where: Sequence[str] = (),
    ) -> None:
        self.folders = [Path(folder) for folder in folders]
        self.where = list(where)
        self._program = program
        self._cells: dict[str, Cell] = {}
        self._launches: list[dict[str, Any]] = []
        self._stored: list[shards.Sweep] = []
        self._tables: dict[str, dict[str, Any]] = {}
        names = []
        for folder in self.folders:
            self._stored.append(shards.sound(folder))
            manifest = self._stored[-1].manifest
            names.append(manifest["name"])
            self._launches += manifest["launches"]
            for entry in manifest["cells"]:
                self._cells.setdefault(entry["key"], Cell(entry, manifest.get("common", {})))
            self.question: str = manifest["question"]
        self.name = " + ".join(dict.fromkeys(names))
        self.left_out = [line for stored in self._stored for line in stored.left_out]
        self._filter()
        self._evaluations = self._by_cell("evaluations", ("role", "network"))
        self._iterations = self._by_cell("iterations", ("iteration",))
        # Of several results of a cell the one that got furthest comes first: done, diverged, failed.
        self._dynamics = self._by_cell("dynamics", ("network", "stage", "condition"))
        self._alignment = self._by_cell("alignment", ("network", "point"))
        self.results = {key: found[0] for key, found in self._by_cell("results", ("status",)).items()}
        for key, record in self.results.items():
            self._cells[key].status = _ENDED[int(record["status"])]
        self.rows, self.columns = self._chosen_axes(rows, columns)

    # The plan

    @property
    def cells(self) -> list[Cell]:
        """In the order of the plan."""
        return list(self._cells.values())

    @property
    def keys(self) -> list[str]:
        return list(self._cells)

    def values(self, path: str, cells: Sequence[Cell] | None = None) -> list[Any]:
        """Distinct values of a setting: numbers ascending, names as they first appear."""
        seen: dict[str, Any] = {}
        for cell in self.cells if cells is None else cells:
            seen.setdefault(cell[path], cell.settings.get(path))
        distinct = list(seen.values())
        return sorted(distinct) if all(map(is_number, distinct)) else distinct

    def chosen(self, row: Any, column: Any) -> list[Cell]:
        """Cells of one entry: of a value of `rows` and one of `columns`."""
        wanted = label(row), label(column)
        return [cell for cell in self.cells if (cell[self.rows], cell[self.columns]) == wanted]

    def runs(self, row: Any, column: Any) -> list[list[Cell]]:
        """The runs of an entry: cells of one seed are one run, as in the program."""
        seeds: dict[tuple[str, ...], list[Cell]] = {}
        for cell in self.chosen(row, column):
            seeds.setdefault(tuple(cell[path] for path in SEEDS), []).append(cell)
        return list(seeds.values())

    @cached_property
    def row_values(self) -> list[Any]:
        return self.values(self.rows)

    @cached_property
    def column_values(self) -> list[Any]:
        return self.values(self.columns)

    @cached_property
    def row_labels(self) -> dict[str, str]:
        """The text a figure has for a row, by the label of its value."""
        return {label(value): text for value, text in zip(self.row_values, short(self.row_values))}

    def row_label(self, row: Any) -> str:
        return self.row_labels[label(row)]

    @property
    def row_title(self) -> str:
        return title(self.rows)

    def column_title(self, column: Any) -> str:
        """The heading of a panel: the value, with the setting's name unless it is the task."""
        text = dict(zip(map(label, self.column_values), short(self.column_values)))[label(column)]
        return text if self.columns == "task" else f"{title(self.columns)} = {text}"

    @cached_property
    def pooled(self) -> dict[str, int]:
        """Settings other than seeds that take several values inside an entry, and how many at most."""
        return self.poolings(self.rows, self.columns)

    def poolings(self, *paths: str) -> dict[str, int]:
        """The same for entries of one value of each of these settings."""
        entries: dict[tuple[str, ...], list[Cell]] = {}
        for cell in self.cells:
            entries.setdefault(tuple(cell[path] for path in paths), []).append(cell)
        found: dict[str, int] = {}
        for path in self._varying():
            most = max(len({cell[path] for cell in entry}) for entry in entries.values())
            if most > 1 and path not in SEEDS:
                found[path] = most
        return found

    def pooling(self, how: str) -> str:
        """What a figure says of it; empty where nothing is pooled."""
        return told(self.pooled, how)

    def refuse_pooling(self, what: str, *paths: str) -> None:
        """Raises Refusal where an entry mixes values of one of these settings, which `what` cannot be averaged over."""
        for path in paths:
            if path in self.pooled:
                values = [cell[path] for cell in self.cells]
                raise Refusal(
                    f"{what} of different {path} have no mean: name it as --rows or --columns, or keep one value, "
                    f"such as --where {path}={values[0]}"
                )

    def _varying(self) -> list[str]:
        paths = dict.fromkeys(path for cell in self.cells for path in cell.settings)
        return [path for path in paths if len({cell[path] for cell in self.cells}) > 1]

    def _chosen_axes(self, rows: str | None, columns: str | None) -> tuple[str, str]:
        paths = {path for cell in self.cells for path in cell.settings}
        for option, path in (("--rows", rows), ("--columns", columns)):
            if path is not None and path not in paths:
                raise CommandError(f"{option} {path}: no cell has this setting; `trifactor settings` lists them all")
        if rows is None:
            rows = self._first("rule.degree", columns or ("task" if "task" in self._varying() else None), "task")
        if columns is None:
            columns = self._first("task", rows, "rule.degree")
        if rows == columns:
            raise CommandError(f"rows and columns are both {rows}: name two settings, such as seed for one of them")
        return rows, columns

    def _first(self, wanted: str, other: str | None, spare: str) -> str:
        """The wanted setting or else the first that varies, beside another one; `spare` where nothing does."""
        # A start often differs with the degree: it is seldom what is compared.
        free = [path for path in self._varying() if path not in (*SEEDS, "rule.theta")]
        for path in (wanted, *free):
            if path in free and path != other and (other is None or self._varies_within(path, other)):
                return path
        return wanted if wanted != other else spare

    def _varies_within(self, path: str, other: str) -> bool:
        """True where cells of one value of `other` differ in a setting: a form that follows from the task does not."""
        return len({(cell[other], cell[path]) for cell in self.cells}) > len({cell[other] for cell in self.cells})

    def _filter(self) -> None:
        """Keeps the cells that `where` keeps: PATH=VALUE or PATH=VALUE|VALUE, all of them."""
        for condition in self.where:
            path, equals, texts = condition.partition("=")
            if not equals or not any(path in cell.settings for cell in self.cells):
                raise CommandError(f"--where {condition}: wanted PATH=VALUE or PATH=VALUE|VALUE with a setting's path")
            wanted = texts.split("|")
            kept = {key: cell for key, cell in self._cells.items() if _matches(cell.settings.get(path), wanted)}
            if not kept:
                seen = ", ".join(map(label, self.values(path)))
                raise CommandError(f"--where {condition}: no cell has this; there are {seen}")
            self._cells = kept

    # What the program says

    @property
    def program(self) -> str:
        return self._program or trifactor.find()

    def table(self, metric: str = "accuracy") -> dict[str, Any]:
        """`trifactor table` of these rows and columns; asked once a metric."""
        if metric not in self._tables:
            self._tables[metric] = trifactor.table(
                self.program, self.folders, self.rows, self.columns, metric, self.where
            )
        return self._tables[metric]

    def curves(self, metric: str = "accuracy") -> dict[str, Any]:
        """`trifactor table --curves` of these rows and columns; asked once a metric."""
        return self._asked(f"--curves {metric}", "--curves", "--metric", metric)

    def dynamics_table(self) -> dict[str, Any]:
        """`trifactor table --dynamics` of these rows and columns; asked once."""
        return self._asked("--dynamics", "--dynamics")

    def alignment_table(self) -> dict[str, Any]:
        """`trifactor table --alignment` of these rows and columns; asked once."""
        return self._asked("--alignment", "--alignment")

    def _asked(self, kind: str, *options: str) -> dict[str, Any]:
        if kind not in self._tables:
            words = ["--rows", self.rows, "--columns", self.columns, *options]
            self._tables[kind] = trifactor.answer(self.program, "table", self.folders, words, self.where)
        return self._tables[kind]

    def entries(self, metric: str, column: Any) -> list[dict[str, Any]]:
        """The table's entries of one column, in the order of its rows."""
        return [cell for cell in self.table(metric)["cells"] if label(cell["column"]) == label(column)]

    # Where it comes from

    @property
    def partial(self) -> bool:
        return any(cell.status == "unfinished" for cell in self.cells)

    @property
    def version(self) -> str:
        """Versions and commits of the programs that made the results."""
        made = {
            f"{one['version']} ({one['commit'][:9]}{', modified' if one['dirty'] else ''})" for one in self._launches
        }
        return "trifactor " + ", ".join(sorted(made)) if made else "trifactor of unknown version"

    @property
    def origin(self) -> Origin:
        """Sweep, cells and version in one line; the digest is over all keys."""
        keys = self.keys
        digest = hashlib.sha256(" ".join(sorted(keys)).encode()).hexdigest()[:12]
        span = keys[0] if len(keys) == 1 else f"{keys[0]} and {len(keys) - 1} more, digest {digest}"
        ended = sum(cell.status != "unfinished" for cell in self.cells)
        partial = f" · PARTIAL: {ended} of {len(keys)} cells have ended" if self.partial else ""
        kept = f" · where {', '.join(self.where)}" if self.where else ""
        return Origin(f"{self.name}{kept} · cells {span} · {self.version}{partial}", tuple(keys))

    # Records

    def _by_cell(self, kind: str, identity: tuple[str, ...]) -> dict[str, Records]:
        """Records of a kind by cell; of several folders, each record once, sorted by what tells them apart."""
        parts: dict[str, list[Records]] = {}
        for stored in self._stored:
            for array in getattr(stored, kind).values():
                order = np.argsort(array["cell"], kind="stable")
                keys, starts = np.unique(array["cell"][order], return_index=True)
                for key, part in zip(keys, np.split(order, starts[1:])):
                    parts.setdefault(f"{int(key):016x}", []).append(array[part])
        whole = {}
        for key, arrays in parts.items():
            if key in self._cells:
                array = shards.together(arrays)
                _, first = np.unique(array[list(identity)], return_index=True)
                whole[key] = array[first]
        return whole

    def networks(self, cell: Cell, role: str = "learned") -> Records | None:
        """Evaluation records of one role, by network; only of cells that have ended and not failed."""
        array = self._evaluations.get(cell.key)
        if array is None or cell.status in ("unfinished", "failed"):
            return None
        chosen = array[array["role"] == ROLES[role]]
        return chosen if len(chosen) else None

    def iterations(self, cell: Cell) -> Records | None:
        """Iteration records in order, or None."""
        return self._iterations.get(cell.key)

    def dynamics(self, cell: Cell) -> Records | None:
        """Dynamics records by network, stage (0 before, 1 learned, 2 start, 3 none) and condition, or None."""
        return self._dynamics.get(cell.key)

    def alignment(self, cell: Cell) -> Records | None:
        """Alignment records by network and point, or None."""
        return self._alignment.get(cell.key)

    def scores(self, cell: Cell, metric: str, role: str = "learned") -> Records | None:
        """Late scores of a cell's networks; diverged networks have accuracy 0 and reward -2 (0 if binary)."""
        networks = self.networks(cell, role)
        if networks is None:
            return None
        seen = networks[f"late_{metric}"]
        lost = (networks["diverged_at"] >= 0) | ~np.isfinite(seen)
        return np.where(lost, cell.diverged_score(metric), seen)

    def run_scores(self, row: Any, column: Any, metric: str) -> list[float]:
        """The runs behind one entry of a table: means over their cells of the means over their networks."""
        runs = []
        for run in self.runs(row, column):
            found = []
            for cell in run:
                scores = self.scores(cell, metric)
                if scores is not None:
                    found.append(float(np.mean(scores)))
                elif cell.status == "diverged":
                    found.append(cell.diverged_score(metric))
            if found:
                runs.append(float(np.mean(found)))
        return runs


def told(pooled: dict[str, int], how: str) -> str:
    """What a figure pools, as a sentence with a space before it; empty where that is nothing."""
    if not pooled:
        return ""
    parts = ", ".join(f"{path} ({count} values)" for path, count in sorted(pooled.items()))
    return f" POOLED over {parts}: {how}."


def _matches(value: Any, texts: Sequence[str]) -> bool:
    """True where one of the texts means this value: numbers compare as numbers."""
    if is_number(value):
        return any(_is_same(value, text) for text in texts)
    return label(value) in texts


def _is_same(value: float, text: str) -> bool:
    try:
        return float(text) == value
    except ValueError:
        return False
