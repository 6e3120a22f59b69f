"""Every command that prints, with every standard output that takes nothing."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .commands import PRINTING, name
from .judge import DONE, INPUT_OUTPUT, Case, Ended, run
from .world import World

PART = "outputs"
Runner = Callable[[list[str], Path, dict[str, str]], Ended]


@dataclass
class Output:
    """A kind of standard output: how a command is run with it, and the one code that it has to end with."""

    name: str
    run: Runner
    code: int


def _full(words: list[str], place: Path, environment: dict[str, str]) -> Ended:
    with Path("/dev/full").open("wb") as full:
        return run(words, output=full, folder=place, environment=environment)


def _closed(words: list[str], place: Path, environment: dict[str, str]) -> Ended:
    return run(words, prepare="exec >&-", folder=place, environment=environment)


def _limited(words: list[str], place: Path, environment: dict[str, str]) -> Ended:
    """No file may have a byte; what goes to pipes may."""
    reading, writing = os.pipe()
    try:
        ended = run(words, errors=writing, prepare="ulimit -f 0", folder=place, environment=environment)
    finally:
        os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        ended.errors = pipe.read(1 << 16).decode("utf-8", errors="replace")
    return ended


def _gone(words: list[str], place: Path, environment: dict[str, str]) -> Ended:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return run(words, output=writing, folder=place, environment=environment)
    finally:
        os.close(writing)


def _deaf(words: list[str], place: Path, environment: dict[str, str]) -> Ended:
    """Nobody takes what is said on the error output."""
    with Path("/dev/full").open("wb") as full:
        return run(words, errors=full, folder=place, environment=environment)


def _silent(words: list[str], place: Path, environment: dict[str, str]) -> Ended:
    """Neither output is there."""
    return run(words, prepare="exec >&- 2>&-", folder=place, environment=environment)


OUTPUTS = [
    Output("full disk", _full, INPUT_OUTPUT),
    Output("closed", _closed, INPUT_OUTPUT),
    Output("size limit", _limited, INPUT_OUTPUT),
    Output("reader gone", _gone, DONE),
    Output("errors full", _deaf, DONE),
    Output("both closed", _silent, INPUT_OUTPUT),
]
QUICK = ["table OUT --format json", "plan SWEEP", "rule miconi", "dynamics OUT --starts 2 --points 1"]
# What they do besides, they do all the same; what is wrong with that is another column's.
_WORDLESS = ("both closed",)


def cases(world: World, quick: bool) -> Iterator[Callable[[], Case]]:
    for command in QUICK if quick else PRINTING:
        for output in OUTPUTS:
            yield partial(_case, world, command, output)


def _case(world: World, command: str, output: Output) -> Case:
    place = world.new()
    words = world.words(command, place, OUT=world.copy(place) if "OUT" in command else place / "OUT")
    ended = output.run(words, place, world.environment)
    case = Case(PART, name(command), output.name, ended)
    taken = output.name in ("reader gone", *_WORDLESS)
    case.wrong = ended.complaints([output.code], prints=not taken)
    if output.name in _WORDLESS:
        case.wrong = [line for line in case.wrong if not line.endswith("without a word")]
    return case
