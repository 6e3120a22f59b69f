"""Every command that reads results, on folders with every kind of damage."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .commands import READING, name
from .judge import DAMAGED, DATA, DONE, Case, run
from .world import World

PART = "damage"
SHARD = "shards/evaluation-d1.00000.npy"
ITERATIONS = "shards/iteration-d1.00000.npy"
RESULTS = "shards/result-d1.00000.npy"


@dataclass
class Damage:
    """One kind: what is done to a copy of the folder, and whether commands have to refuse it."""

    name: str
    make: Callable[[Path], None]
    refused: bool = True
    # True: the next run computes or writes what is missing, and says so.
    mended: bool = False
    # The first word of a command that refuses the folder all the same.
    refused_by: str | None = None


def _remove(*names: str) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        for one in names:
            path = out / one
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return make


def _edit(name: str, change: Callable[[bytearray], bytearray]) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        (out / name).write_bytes(change(bytearray((out / name).read_bytes())))

    return make


def _flip(data: bytearray) -> bytearray:
    data[-60] ^= 1
    return data


def _flip_all(step: int) -> Callable[[bytearray], bytearray]:
    def change(data: bytearray) -> bytearray:
        for place in range(len(data) // 3, len(data), step):
            data[place] ^= 0x55
        return data

    return change


def _blank_header(data: bytearray) -> bytearray:
    data[20:60] = b" " * 40
    return data


def _huge_count(data: bytearray) -> bytearray:
    """A header that promises more records than a file can have."""
    place = data.index(b"'shape': (") + len(b"'shape': (")
    end = data.index(b",", place)
    return data[:place] + b"9" * (end - place) + data[end:]


def _replace(name: str, by: Callable[[Path], None]) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        path = out / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        by(path)

    return make


def _socket(path: Path) -> None:
    """A path of a socket may have a hundred bytes: it is made where it stands."""
    here = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def _folder(path: Path) -> None:
    path.mkdir()


def _note(path: Path) -> None:
    path.write_text("a note", encoding="ascii")


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _swap(one: str, other: str) -> Callable[[Path], None]:
    def make(out: Path) -> None:
        shutil.copy(out / one, out / other)

    return make


KINDS = [
    Damage("evaluation shard gone", _remove(SHARD)),
    Damage("iteration shard gone", _remove(ITERATIONS)),
    Damage("result shard gone", _remove(RESULTS), mended=True),
    Damage("shards gone", _remove("shards"), mended=True),
    Damage("plan gone", _remove("sweep.json"), mended=True),
    Damage("a bit of a shard", _edit(SHARD, _flip)),
    Damage("many bits of a shard", _edit(SHARD, _flip_all(97))),
    Damage("a bit of the plan", _edit("sweep.json", _flip)),
    Damage("shard cut", _edit(SHARD, lambda data: data[:-100])),
    Damage("shard cut in its header", _edit(SHARD, lambda data: data[:70])),
    Damage("shard emptied", _edit(SHARD, lambda _: bytearray())),
    Damage("shard of zeros", _edit(SHARD, lambda data: bytearray(len(data)))),
    Damage("shard doubled", _edit(SHARD, lambda data: data + data)),
    Damage("shard of text", _edit(SHARD, lambda _: bytearray(b"no shard\n" * 99))),
    Damage("header blanked", _edit(SHARD, _blank_header)),
    Damage("header promises too much", _edit(SHARD, _huge_count)),
    Damage("shard of another kind", _swap(ITERATIONS, SHARD)),
    Damage("plan emptied", _edit("sweep.json", lambda _: bytearray())),
    Damage("plan cut", _edit("sweep.json", lambda data: data[: len(data) // 2])),
    Damage("plan of text", _edit("sweep.json", lambda _: bytearray(b"{}"))),
    Damage("plan is a pipe", _replace("sweep.json", os.mkfifo)),
    Damage("plan is a folder", _replace("sweep.json", _folder)),
    Damage("plan is endless", _replace("sweep.json", _link("/dev/zero"))),
    Damage("shard is a pipe", _replace(SHARD, os.mkfifo)),
    Damage("shard is a folder", _replace(SHARD, _folder)),
    Damage("shard is a socket", _replace(SHARD, _socket)),
    Damage("shard is a ring of links", _replace(SHARD, _link("evaluation-d1.00000.npy"))),
    Damage("shard is endless", _replace(SHARD, _link("/dev/zero"))),
    Damage("lock is a pipe", _replace("lock", os.mkfifo)),
    Damage("shards is a file", _replace("shards", _note)),
    Damage("shards is a pipe", _replace("shards", os.mkfifo)),
    # What is no damage.
    Damage("sweep file gone", _remove("sweep.yaml"), refused=False),
    # A crate holds the sweep file.
    Damage("sweep file is a pipe", _replace("sweep.yaml", os.mkfifo), False, refused_by="crate"),
    Damage("sweep file is endless", _replace("sweep.yaml", _link("/dev/zero")), False, refused_by="crate"),
    Damage("progress is a pipe", _replace("progress.json", os.mkfifo), refused=False),
    Damage("a file of somebody else", _replace("shards/notes.txt", _note), False),
]
QUICK_KINDS = ["evaluation shard gone", "a bit of a shard", "plan is a pipe", "shard is a pipe", "sweep file is a pipe"]
QUICK_COMMANDS = ["table OUT --format json", "status OUT", "rule OUT", "verify OUT", "analysis.shards OUT"]


def cases(world: World, quick: bool) -> Iterator[Callable[[], Case]]:
    for kind in KINDS:
        if quick and kind.name not in QUICK_KINDS:
            continue
        for command in QUICK_COMMANDS if quick else READING:
            yield partial(_case, world, kind, command)


def _case(world: World, kind: Damage, command: str) -> Case:
    place = world.new()
    out = world.copy(place)
    kind.make(out)
    ended = run(world.words(command, place, OUT=out), folder=place, environment=world.environment)
    case = Case(PART, kind.name, name(command), ended)
    case.wrong = ended.complaints(_allowed(kind, command), prints=_prints(command))
    if ended.code != 0:
        written = [path.name for path in place.glob("NEW*") if not path.is_dir() or any(path.iterdir())]
        case.wrong += [f"wrote {one} and refused the folder" for one in written]
    return case


def _allowed(kind: Damage, command: str) -> set[int]:
    """The exit codes a command may have on such a folder."""
    if not kind.refused:
        return {DATA} if command.split()[0] == kind.refused_by else {DONE}
    if command.endswith("--salvage"):
        return {DONE, DAMAGED, DATA}
    if command.startswith("verify"):
        return {DAMAGED}
    return {DATA, DONE} if kind.mended and command.startswith("run") else {DATA}


def _prints(command: str) -> bool:
    return not command.startswith(("export", "run", "analysis.figures.differences"))
