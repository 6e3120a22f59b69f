"""Every name of a file or folder that a command takes, as what is no file and no folder."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .commands import ENDINGS, READ_NAMES, WRITTEN_NAMES, name
from .judge import DONE, REFUSALS, Case, run
from .world import World

PART = "paths"


@dataclass
class Place:
    """Something that a name can stand for; `make` returns the name, given a place where nothing is."""

    name: str
    make: Callable[[Path], str]


def _pipe(path: Path) -> str:
    os.mkfifo(path)
    return str(path)


def _socket(path: Path) -> str:
    """The path of a socket may have a hundred bytes: it is made where it stands."""
    here = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)
    return str(path)


def _folder(path: Path) -> str:
    path.mkdir()
    return str(path)


def _empty(path: Path) -> str:
    path.write_bytes(b"")
    return str(path)


def _noise(path: Path) -> str:
    path.write_bytes(bytes((place * 167 + 13) % 256 for place in range(5000)))
    return str(path)


def _ring(path: Path) -> str:
    path.symlink_to(path.name)
    return str(path)


def _nested(path: Path) -> str:
    path.write_text("a file", encoding="ascii")
    return str(path / "x")


PLACES = [
    Place("pipe", _pipe),
    Place("socket", _socket),
    Place("folder", _folder),
    Place("/dev/zero", lambda _: "/dev/zero"),
    Place("/dev/null", lambda _: "/dev/null"),
    Place("/dev/tty", lambda _: "/dev/tty"),
    Place("nothing", str),
    Place("empty name", lambda _: ""),
    Place("empty file", _empty),
    Place("bytes", _noise),
    Place("ring of links", _ring),
    Place("below a file", _nested),
    Place("too long", lambda path: str(path.parent / ("x" * 300))),
    Place("a line end", lambda path: str(path.parent / "a\nb")),
]
# Written to, these are what whoever names them wants; nothing stands for a new file, and a ring cannot be told apart.
_GOOD_TO_WRITE = {"nothing", "/dev/null", "/dev/zero", "folder", "empty file", "bytes", "a line end", "ring of links"}
QUICK = {"plan HERE", "dynamics HERE", "status HERE", "rule HERE", "evaluate SWEEP --networks 2 --rule HERE"}
QUICK_PLACES = ("pipe", "socket", "/dev/zero", "folder")


def cases(world: World, quick: bool) -> Iterator[Callable[[], Case]]:
    places = [place for place in PLACES if not quick or place.name in QUICK_PLACES]
    for command in READ_NAMES:
        for place in places if not quick or command in QUICK else ():
            yield partial(_read, world, command, place)
    for command in WRITTEN_NAMES:
        for place in places if not quick or command == "rule miconi --to HERE" else ():
            yield partial(_written, world, command, place)


def _read(world: World, command: str, place: Place) -> Case:
    folder = world.new()
    words = world.words(command, folder, OUT=_copied(world, command, folder), HERE=place.make(folder / "it"))
    ended = run(words, folder=folder, environment=world.environment)
    case = Case(PART, name(command), place.name, ended)
    case.wrong = ended.complaints(_readable(command, place.name), prints=False)
    return case


def _readable(command: str, place: str) -> frozenset[int]:
    if command.startswith("plan SWEEP --out") and place in ("nothing", "folder", "a line end"):
        return frozenset({DONE})  # where a run would begin
    return REFUSALS


def _written(world: World, command: str, place: Place) -> Case:
    folder = world.new()
    ending = next((end for begin, end in ENDINGS.items() if command.startswith(begin)), "")
    here = place.make(folder / f"it{ending}")
    words = world.words(command, folder, OUT=_copied(world, command, folder), HERE=here)
    ended = run(words, folder=folder, environment=world.environment)
    case = Case(PART, name(command), place.name, ended)
    allowed = REFUSALS | ({DONE} if place.name in _GOOD_TO_WRITE else frozenset())
    case.wrong = ended.complaints(allowed, prints=False)
    path = Path(here)
    if ended.code == 0 and place.name == "nothing" and not (path.is_file() or (path.is_dir() and any(path.iterdir()))):
        written = [other.name for other in folder.iterdir() if other.name.startswith("it")]
        case.wrong += [] if written else ["exit code 0, and nothing was written"]
    return case


def _copied(world: World, command: str, folder: Path) -> Path:
    return world.copy(folder) if "OUT" in command else folder / "OUT"
