"""A result folder as its reader thinks of it: cells of a sweep, and what each has learned.

    results = trifactor.open("out/degrees")
    results.axes                                # {"rule.degree": [1, 2, 3], "task": [...], "seed": [...]}
    for cell in results.select({"rule.degree": 3}):
        cell["task"], cell.status, cell.theta[-1], cell.networks()["late_accuracy"].mean()

Records are structured arrays of numpy with the fields of `Format.md`: views of the memory-mapped shards where a cell's
records lie side by side in one shard, and else copies of that cell's records alone.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from trifactor import command, shards
from trifactor.rule import Rule
from trifactor.shards import Records

if TYPE_CHECKING:
    import pandas
    import xarray

ROLES = ("learned", "start", "none")
STAGES = ("before", "learned", "start", "none")
_ENDED = ("done", "diverged", "failed")
# Of settings that say the same about cells, the one that is an axis.
_FIRST = ("task", "rule.degree", "seed")


class Cell:
    """One cell of a sweep: `key`, `settings` by dotted path, and what is stored of it."""

    def __init__(self, stored: shards.Sweep, key: str) -> None:
        entry = stored.cells[key]
        self._stored = stored
        self.key = key
        self.settings: dict[str, Any] = entry["settings"]
        # Accuracy of chance, of the best shortcut and of an ideal observer; NaN where unknown.
        self.chance, self.shortcut, self.ceiling = (
            float(np.nan if entry.get(name) is None else entry[name]) for name in ("chance", "shortcut", "ceiling")
        )

    def __getitem__(self, path: str) -> Any:
        """The value of a setting."""
        try:
            return self.settings[path]
        except KeyError:
            raise command.CommandError(
                f"cell {self.key} has no setting {path!r}; it has {', '.join(sorted(self.settings))}"
            ) from None

    def __repr__(self) -> str:
        where = " ".join(f"{path}={self.settings[path]}" for path in _FIRST if path in self.settings)
        return f"<cell {self.key}: {where}, {self.status}>"

    @property
    def status(self) -> str:
        """done, diverged or failed; begun or waiting where it has not ended."""
        if self.result is not None:
            return _ENDED[int(self.result["status"])]
        return "begun" if len(self.iterations) else "waiting"

    @cached_property
    def iterations(self) -> Records:
        """One record a meta-iteration: reward, gradient_norm, validation_reward, theta and others."""
        return self._stored.of(self.key, "iteration")

    @property
    def theta(self) -> NDArray[np.float64]:
        """theta[k, l] after every meta-iteration: iterations x (d + 1) x (d + 1); where the rule sees the weight,
        iterations x (M + 1) x (d + 1) x (d + 1)."""
        flat = self.iterations["theta"] if len(self.iterations) else np.empty((0, (self["rule.degree"] + 1) ** 2))
        return table(flat, int(self["rule.degree"]))

    def networks(self, role: str = "learned") -> Records:
        """One record a fresh network, by number: under the learned rule, the start rule, or none."""
        _check("role", role, ROLES)
        records = self._stored.of(self.key, "evaluation")
        if not len(records):
            return records
        chosen = _chosen(records, records["role"] == ROLES.index(role))
        in_order = bool((np.diff(chosen["network"].astype(np.int64)) > 0).all())
        return chosen if in_order else chosen[np.argsort(chosen["network"], kind="stable")]

    def dynamics(self, stage: str | None = None) -> Records:
        """What `trifactor dynamics` has found, one record a network, stage and condition; all stages if None."""
        if stage is not None:
            _check("stage", stage, STAGES)
        records = self._stored.of(self.key, "dynamics")
        if stage is None or not len(records):
            return records
        return _chosen(records, records["stage"] == STAGES.index(stage))

    @cached_property
    def result(self) -> Any:
        """The record of how it ended, None where it has not."""
        records = self._stored.of(self.key, "result")
        return records[-1] if len(records) else None

    @property
    def rule(self) -> Rule:
        """The learned rule. Raises CommandError for a cell without one."""
        return Rule.of_cell(self.key, self.settings, self.result, str(self._stored.folder))


class Results:
    """The cells of a result folder, or some of them."""

    def __init__(self, stored: shards.Sweep, keys: Sequence[str] | None = None) -> None:
        self._stored = stored
        self._keys = list(stored.cells) if keys is None else list(keys)

    @property
    def folder(self) -> Path:
        return self._stored.folder

    @property
    def name(self) -> str:
        return str(self._stored.manifest["name"])

    @property
    def question(self) -> str:
        return str(self._stored.manifest["question"])

    @property
    def left_out(self) -> list[str]:
        """What of the folder is not read, and why, a line each: the unfinished last write of a run that died."""
        return list(self._stored.left_out)

    @cached_property
    def cells(self) -> list[Cell]:
        """In the order of the plan."""
        return [Cell(self._stored, key) for key in self._keys]

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    @overload
    def __getitem__(self, which: int | str) -> Cell: ...
    @overload
    def __getitem__(self, which: slice) -> "Results": ...
    def __getitem__(self, which: int | str | slice) -> "Cell | Results":
        """A cell by its place or by its key or the first digits of it; a slice gives some of them."""
        if isinstance(which, slice):
            return Results(self._stored, self._keys[which])
        if isinstance(which, int):
            return self.cells[which]
        found = [cell for cell in self.cells if cell.key.startswith(which)]
        if len(found) != 1:
            raise command.CommandError(
                f"{self.folder}: {len(found)} of {len(self)} cells have a key that starts with {which!r}; give the "
                "first digits of one"
            )
        return found[0]

    def __repr__(self) -> str:
        axes = " x ".join(f"{path} ({len(values)})" for path, values in self.axes.items())
        return f"<{self.name} in {self.folder}: {len(self)} cells{': ' + axes if axes else ''}>"

    def select(self, where: Mapping[str, Any]) -> "Results":
        """The cells with these settings; a list stands for any of its values. Raises CommandError for none."""
        keys = self._keys
        for path, wanted in where.items():
            among = list(wanted) if isinstance(wanted, (list, tuple, range, np.ndarray)) else [wanted]
            known = [self._settings(key).get(path) for key in keys]
            chosen = [key for key, value in zip(keys, known) if value in among]
            if not chosen:
                seen = ", ".join(map(str, distinct(known)[:12]))
                wanted_here = (
                    f"it is {seen}" if any(value is not None for value in known) else "no cell has that setting"
                )
                raise command.CommandError(f"{self.folder}: no cell has {path} = {wanted}; {wanted_here}")
            keys = chosen
        return Results(self._stored, keys)

    @cached_property
    def axes(self) -> dict[str, list[Any]]:
        """The settings that tell the cells apart, with their values: numbers ascending, names in the plan's order.

        A setting that follows from one of them (by `zip`, `when` or a task's own options) is in `following`.
        """
        axes, _ = self._axes
        return axes

    @property
    def following(self) -> dict[str, str]:
        """Settings that vary and follow from an axis, with that axis."""
        return self._axes[1]

    @cached_property
    def _axes(self) -> tuple[dict[str, list[Any]], dict[str, str]]:
        columns = {path: [self._settings(key).get(path) for key in self._keys] for path in self._paths}
        varying = {path: distinct(column) for path, column in columns.items()}
        varying = {path: values for path, values in varying.items() if len(values) > 1}

        def rank(path: str) -> tuple[int, int, str]:
            return -len(varying[path]), _FIRST.index(path) if path in _FIRST else len(_FIRST), path

        axes: dict[str, list[Any]] = {}
        following: dict[str, str] = {}
        for path in sorted(varying, key=rank):
            leader = next((axis for axis in axes if _follows(columns[path], columns[axis])), None)
            if leader is None:
                axes[path] = varying[path]
            else:
                following[path] = leader
        order = sorted(axes, key=lambda path: (path == "seed", path))
        return {path: axes[path] for path in order}, following

    @property
    def _paths(self) -> list[str]:
        """Those that not all cells of the plan share."""
        return sorted({path for cell in self._stored.manifest["cells"] for path in cell["settings"]})

    def _settings(self, key: str) -> dict[str, Any]:
        return self._stored.cells[key]["settings"]

    def to_pandas(self, of: str = "networks") -> "pandas.DataFrame":
        """A table with a column for every axis: one row a fresh network (`networks`), meta-iteration (`iterations`),
        cell (`cells`) or analysed network (`dynamics`). Needs pandas."""
        from trifactor import tables

        return tables.to_pandas(self, of)

    def to_xarray(self, of: str = "networks") -> "xarray.Dataset":
        """Arrays whose dimensions are the axes of the sweep, then role and network (`networks`), or iteration, k and l
        (`iterations`). What is not stored is NaN. Needs xarray."""
        from trifactor import tables

        return tables.to_xarray(self, of)


def open_folder(folder: Path | str) -> Results:
    """The results of a folder that `trifactor run` has written, complete or not.

    Raises CommandError for a folder that is none, and for one that is damaged: it says what is wrong and what to do.
    """
    return Results(shards.sound(folder))


def table(flat: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Coefficients in rows, one row a record, as ... x (d + 1) x (d + 1), with the power of the weight before them
    where there is more than one."""
    powers = flat.shape[-1] // (degree + 1) ** 2
    shape = (powers, degree + 1, degree + 1) if powers > 1 else (degree + 1, degree + 1)
    return flat.reshape(*flat.shape[:-1], *shape)


def distinct(values: Sequence[Any]) -> list[Any]:
    """Each once; numbers ascending, anything else in its order."""
    seen: dict[str, Any] = {}
    for value in values:
        seen.setdefault(json.dumps(value), value)
    found = list(seen.values())
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found)
    return sorted(found) if numbers else found


def _follows(column: Sequence[Any], axis: Sequence[Any]) -> bool:
    """Whether a setting is known once the other is."""
    return len(distinct(list(zip(axis, column)))) == len(distinct(axis))


def _chosen(records: Records, wanted: NDArray[np.bool_]) -> Records:
    """Those that are wanted; a view where they lie side by side."""
    places = np.flatnonzero(wanted)
    if len(places) and places[-1] - places[0] + 1 == len(places):
        return records[places[0] : places[-1] + 1]
    return records[places]


def _check(what: str, seen: str, wanted: Sequence[str]) -> None:
    if seen not in wanted:
        raise command.CommandError(f"{what} {seen!r} is unknown; give {', '.join(wanted[:-1])} or {wanted[-1]}")
