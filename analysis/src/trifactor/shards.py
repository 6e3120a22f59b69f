"""Reads the result folders of trifactor with numpy alone: open, torn, sealed and damaged shards.

    from trifactor import shards
    sweep = shards.load("out/quickstart")
    sweep.cells["0123456789abcdef"]["settings"]["rule.degree"]
    sweep.evaluations[3]["late_accuracy"]     # structured array of all cells of degree 3; of d3m1: [3, 1]
    sweep.left_out                            # what is not there and why, a line each; empty if nothing is missing

`trifactor.open` shows the same cell by cell. A sealed shard needs none of this: `numpy.load(path, mmap_mode="r")` opens
it. The format is described in `Sources/ResultStore/Format.md`. As a program, `python -m analysis.shards FOLDER...`
checks every shard and prints a line for each; it ends with 65 if something is damaged.
"""

import json
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trifactor import command

Records = NDArray[Any]

KINDS = ("iteration", "state", "evaluation", "result", "dynamics", "alignment")
MAGIC = 0x43414633
SCHEMA_VERSION = {"iteration": 3, "state": 3, "evaluation": 2, "result": 3, "dynamics": 1, "alignment": 1}
FORMAT = 1
_NAME = re.compile(rf"({'|'.join(KINDS)})-d(\d+)(?:m([1-9]))?(r?i?o?)\.(\d{{5,}})\.npy")
# A degree; with the highest power of the weight where rules see it; and with the first letters of the layers of
# synapses that have coefficients of their own (o for readout).
Shape = int | tuple[int, int] | tuple[int, int, str]


class Shard:
    """One shard: `records` holds every good record, in order; `trouble` says what is not among them.

    `records` is a memory map of the file where all of it is good, else a copy of the good records. `state` is
    "sealed", "open" or "unreadable"; `torn` counts the bytes of an unfinished write at the end, which is no damage.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        match = _NAME.fullmatch(self.path.name)
        if not match:
            raise ValueError(f"{path}: not the name of a shard; wanted KIND-dDEGREE.SEGMENT.npy")
        self.kind, self.degree, self.weight_degree, self.layers, self.segment = _parts(match)
        self.records: Records = np.empty(0)
        self.state = "unreadable"
        self.trouble: list[str] = []
        self.torn = 0
        size = command.file(self.path).stat().st_size
        try:
            with self.path.open("rb") as file:
                np.lib.format.read_magic(file)
                shape, _, dtype = np.lib.format.read_array_header_1_0(file)
                start = file.tell()
        except ValueError as error:
            # A shard that was being made when its run died has a header of zeros or a part of one, and nothing else.
            if size < 64 or not any(self.path.read_bytes()[:4096]):
                self.state, self.torn = "open", size
            else:
                self.trouble.append(f"its header cannot be read ({error}); none of its records is used")
            return
        if dtype.names is None or dtype.names[:5] != ("magic", "crc32", "sequence", "cell", "schema"):
            self.trouble.append("its header is not that of a shard; none of its records is used")
            return
        self.state = "sealed" if shape[0] else "open"
        self._read(start, dtype, (size - start) // dtype.itemsize, (size - start) % dtype.itemsize, shape[0])

    @property
    def shape(self) -> Shape:
        if self.layers:
            return self.degree, self.weight_degree, self.layers
        return (self.degree, self.weight_degree) if self.weight_degree else self.degree

    @property
    def damaged(self) -> bool:
        return bool(self.trouble)

    def _read(self, start: int, dtype: np.dtype[Any], count: int, rest: int, sealed: int) -> None:
        mapped: Records
        if count:
            mapped = np.memmap(self.path, dtype=dtype, mode="r", offset=start, shape=(count,))
        else:
            mapped = np.empty(0, dtype)
        good = _good(mapped, self.kind)
        bad = np.flatnonzero(~good)
        known = SCHEMA_VERSION[self.kind]
        if newer := int((mapped["schema"][:1] & 255 > known).sum()) if count else 0:
            self.trouble.append(
                f"it has record schema {int(mapped['schema'][0]) & 255}, written by a newer trifactor; "
                f"this reader knows up to {known}"
            )
        last = int(np.flatnonzero(good)[-1]) + 1 if good.any() else 0
        self.records = mapped if not len(bad) else mapped[good]
        if sealed:
            if count != sealed or rest:
                self.trouble.append(f"{count} records and {rest} bytes where {sealed} records were sealed")
            if len(bad):
                self.trouble.append(
                    f"{len(bad)} bad records left out, the first is record {bad[0]} at byte "
                    f"{start + int(bad[0]) * dtype.itemsize}"
                )
        elif not newer:
            inside = bad[bad < last]
            if len(inside):
                self.trouble.append(
                    f"{len(inside)} bad records before good ones left out, the first is record "
                    f"{inside[0]} at byte {start + int(inside[0]) * dtype.itemsize}"
                )
            self.torn = (count - last) * dtype.itemsize + rest

    @property
    def damage(self) -> list[str]:
        """What is wrong with it, a line each."""
        return [f"{self.path}: {line}" for line in self.trouble]

    @property
    def notes(self) -> list[str]:
        """What was left out, a line each."""
        lines = self.damage
        if self.torn:
            lines.append(
                f"{self.path}: {self.torn} bytes after record {len(self.records)} are an unfinished write, left out"
            )
        return lines


def _good(records: Records, kind: str) -> NDArray[np.bool_]:
    """Which records have the right magic, schema, checksum and place."""
    size = records.dtype.itemsize
    good = (records["magic"] == MAGIC) & (records["sequence"] == np.arange(len(records), dtype="<u8"))
    good &= records["schema"] >> 8 == KINDS.index(kind) + 1
    good &= (records["schema"] & 255 >= 1) & (records["schema"] & 255 <= SCHEMA_VERSION[kind])
    crcs = records["crc32"]
    data = memoryview(records.view(np.uint8).reshape(-1).data) if len(records) else memoryview(b"")
    for index in np.flatnonzero(good):
        start = int(index) * size
        good[index] = zlib.crc32(data[start + 8 : start + size]) == int(crcs[index])
    return good


class Sweep:
    """A result folder: `manifest`, `cells` by key, and for each kind a dict of structured arrays by degree, or by
    degree and highest power of the weight where rules see it.

    An array is the memory-mapped shard itself where one shard holds all. A record that is stored twice counts once; of
    several results, states, dynamics and alignments of a cell the last counts.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest = manifest(folder)
        self.cells = {
            cell["key"]: {**cell, "settings": {**self.manifest.get("common", {}), **cell["settings"]}}
            for cell in self.manifest["cells"]
        }
        self.left_out: list[str] = []
        self.damage: list[str] = []
        self._places: dict[str, dict[int, tuple[Records, NDArray[np.intp]]]] = {}
        # Before what they count, since a run that goes on adds records while they are read.
        self.results = self._gather("result", ("cell",))
        self.iterations = self._gather("iteration", ("cell", "iteration"))
        self.states = self._gather("state", ("cell",))
        self.evaluations = self._gather("evaluation", ("cell", "role", "network"))
        self.dynamics = self._gather("dynamics", ("cell", "network", "stage", "condition"))
        self.alignment = self._gather("alignment", ("cell", "network", "point"))
        self.lost = list(self._lost())
        self.damage += self.lost

    def of(self, key: str, kind: str = "evaluation") -> Records:
        """The records of one cell (16 hex digits), of any kind of `KINDS`; a view where they lie side by side."""
        if kind not in self._places:
            self._places[kind] = dict(_by_cell(self._all(kind)))
        array, places = self._places[kind].get(int(key, 16), (np.empty(0), np.empty(0, np.intp)))
        if len(places) and places[-1] - places[0] + 1 == len(places):
            return array[places[0] : places[-1] + 1]
        return array[places]

    def _all(self, kind: str) -> dict[Shape, Records]:
        arrays: dict[Shape, Records] = getattr(self, kind if kind in ("dynamics", "alignment") else kind + "s")
        return arrays

    def _lost(self) -> Iterator[str]:
        """What must be there and is not, a line each: records that a result counts, results that a launch counted, and
        records of cells that the plan does not have. Raises CommandError for a lock that is no file."""
        place = self.folder / "shards"
        command.file(self.folder / "lock")
        if not place.is_dir():
            yield f"{place} is missing: nothing is left of the results"
            return
        counted = {kind: self._counts(kind) for kind in ("iteration", "evaluation", "result")}
        for array in self.results.values():
            for record in array:
                for kind in ("iteration", "evaluation"):
                    there, wanted = counted[kind].get(int(record["cell"]), 0), int(record[kind + "s"])
                    if there < wanted:
                        key = f"{int(record['cell']):016x}"
                        yield f"{place}: cell {key} has {there} of {wanted} {kind}s: a shard is missing or cut short"
        wanted = max((launch.get("results") or 0 for launch in self.manifest["launches"]), default=0)
        there = len(counted["result"])
        if there < wanted:
            yield f"{place}: {wanted} results had been stored when a launch ended, and there are {there}"
        known = {*self.cells, *self.manifest.get("retired", [])}
        strangers = [key for found in counted.values() for key in found if f"{key:016x}" not in known]
        if strangers:
            yield f"{place}: records of cells that sweep.json does not have, such as {strangers[0]:016x}"

    def _counts(self, kind: str) -> dict[int, int]:
        """Records of a kind by cell."""
        found: dict[int, int] = {}
        for array in self._all(kind).values():
            for key, count in zip(*np.unique(array["cell"], return_counts=True)):
                found[int(key)] = found.get(int(key), 0) + int(count)
        return found

    def _gather(self, kind: str, identity: Sequence[str]) -> dict[Shape, Records]:
        parts: dict[Shape, list[Records]] = {}
        for shard in _shards(self.folder, kind):
            self.left_out += shard.notes
            self.damage += shard.damage
            if len(shard.records):
                parts.setdefault(shard.shape, []).append(shard.records)
        whole: dict[Shape, Records] = {}
        for shape, arrays in parts.items():
            array = arrays[0] if len(arrays) == 1 else together(arrays)
            keys = np.stack([array[name].astype(np.uint64) for name in identity], axis=1)[::-1]
            _, newest = np.unique(keys, axis=0, return_index=True)
            whole[shape] = array if len(newest) == len(array) else array[np.sort(len(array) - 1 - newest)]
        return whole


def _by_cell(arrays: dict[Shape, Records]) -> Iterator[tuple[int, tuple[Records, NDArray[np.intp]]]]:
    """For every cell the array that its records are in, and their places."""
    for array in arrays.values():
        order = np.argsort(array["cell"], kind="stable")
        keys, starts = np.unique(array["cell"][order], return_index=True)
        for key, places in zip(keys, np.split(order, starts[1:])):
            yield int(key), (array, places)


def together(arrays: Sequence[Records]) -> Records:
    """One array of all, in the fields of the newest version; what an older one lacks is NaN."""
    newest = max((array.dtype for array in arrays), key=lambda dtype: len(dtype.names or ()))
    whole: Records = np.empty(sum(map(len, arrays)), newest)
    start = 0
    for array in arrays:
        part = whole[start : start + len(array)]
        for name in newest.names or ():
            part[name] = array[name] if name in (array.dtype.names or ()) else np.nan
        start += len(array)
    return whole


def load(folder: Path | str) -> Sweep:
    """Everything of one result folder; nothing is raised for damage to shards: see `left_out`."""
    return Sweep(folder)


def sound(folder: Path | str) -> Sweep:
    """The same for programs that print numbers: raises CommandError for a folder that is none, or that is damaged."""
    _require_plan(folder)
    try:
        stored = load(folder)
    except ValueError as error:
        raise command.CommandError(str(error), command.DATA) from error
    if stored.damage:
        words = f"{stored.damage[0]}; `trifactor verify {folder} --salvage` keeps what is good"
        raise command.CommandError(words, command.DATA)
    return stored


def _require_plan(folder: Path | str) -> None:
    plan = Path(folder) / "sweep.json"
    if plan.exists() or plan.is_symlink():
        return
    if next(_shards(folder), None) is not None:
        raise command.CommandError(f"{plan} is missing, and there are shards; restore it from a copy", command.DATA)
    raise command.CommandError(
        f"{folder} is no result folder: it has no sweep.json. Give the folder that was --out of `trifactor run`"
    )


def open_shard(path: Path | str) -> Shard:
    """One shard, whatever state it is in."""
    return Shard(path)


def manifest(folder: Path | str) -> dict[str, Any]:
    """`sweep.json` as a dict; settings that all cells share stand under `common`.

    Raises ValueError where it is damaged or of a newer format.
    """
    path = Path(folder) / "sweep.json"
    data = command.file(path).read_bytes()
    line, _, body = data.partition(b"\n")
    check = re.fullmatch(rb'\{"crc32": "([0-9a-f]{8})",', line)
    if not check or zlib.crc32(body) != int(check[1], 16):
        raise ValueError(f"{path}: damaged or edited: its checksum does not hold")
    plan: dict[str, Any] = json.loads(data)
    if plan["format"] > FORMAT:
        raise ValueError(f"{path}: format {plan['format']}, written by a newer trifactor; this reader knows {FORMAT}")
    return plan


def records(folder: Path | str, kind: str) -> Iterator[Records]:
    """The good records of a kind as structured arrays, one a shard; `load` also says what was left out."""
    for shard in _shards(folder, kind):
        if len(shard.records):
            yield shard.records


def _shards(folder: Path | str, kind: str | None = None) -> Iterator[Shard]:
    found = [(match, path) for path in (Path(folder) / "shards").glob("*.npy") if (match := _NAME.fullmatch(path.name))]
    for match, path in sorted(found, key=lambda one: _parts(one[0])):
        if kind is None or match[1] == kind:
            yield Shard(path)


def _parts(match: re.Match[str]) -> tuple[str, int, int, str, int]:
    """Kind, degree, weight degree, layers and segment of a name."""
    return match[1], int(match[2]), int(match[3] or 0), match[4], int(match[5])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.shards", description="Checks every shard of result folders.")
    parser.add_argument("folders", nargs="+", type=command.named, metavar="FOLDER", help="what a run has written")
    damaged = False
    for folder in parser.parse_args(arguments).folders:
        _require_plan(folder)
        try:
            lost = load(folder).lost
        except ValueError as error:
            lost = [str(error)]
        for line in lost:
            print(f"DAMAGED: {line}")
        damaged = damaged or bool(lost)
        for shard in _shards(folder):
            print(f"{shard.path}  {len(shard.records)} records  {shard.state}  {'DAMAGED' if shard.damaged else 'ok'}")
            for line in shard.notes:
                print(f"  {line}")
            damaged = damaged or shard.damaged
    return command.DATA if damaged else 0


if __name__ == "__main__":
    sys.exit(command.run(main))
