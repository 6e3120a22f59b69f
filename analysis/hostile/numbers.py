"""Every option that takes a value, as the commands' own help lists them, with absurd values."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from trifactor import program

from .commands import TRIED
from .judge import DAMAGED, DONE, DRAINED, REFUSALS, Case, run
from .world import World

PART = "numbers"
VALUES = [
    "0",
    "-1",
    "1",
    "0.5",
    "1e-300",
    "1e308",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1000000000",
    "0x10",
    "1_000",
    "٣",
    "1,1,1",
    "a=b",
    "=",
    "%s%n",
    " ",
    "",
    "\u202etxt",
]
# Options whose values are names of files, for which `paths` is there, and those that ask for work that a good value
# rightly does for hours.
_LEFT_OUT = {"--out", "--to", "--export", "--draw", "--figure", "--errors", "--measured", "--learned", "--help"}
QUICK = ("plan", "simulate", "rule", "validate")
QUICK_VALUES = ("-1", "1e400", "nan", "9223372036854775808", "")
# Numbers that a command may take for what it is asked to do, however long that is.
_HONEST = {("bench", "--samples"), ("bench", "--trials"), ("bench", "--sizes")}


def options(world: World, command: str) -> list[str]:
    """The options of a command that take a value."""
    text = program.ask(world.program, command, "--help")
    found = re.findall(r"^\s+(--[a-z-]+) <[^>]+>", text, flags=re.MULTILINE)
    return [option for option in dict.fromkeys(found) if option not in _LEFT_OUT]


def cases(world: World, quick: bool) -> Iterator[Callable[[], Case]]:
    for command, whole in TRIED.items():
        if quick and command not in QUICK:
            continue
        for option in options(world, command):
            for value in QUICK_VALUES if quick else VALUES:
                yield partial(_case, world, command, whole, option, value)


def _case(world: World, command: str, whole: str, option: str, value: str) -> Case:
    place = world.new()
    words = world.words(whole, place, OUT=world.copy(place) if "OUT" in whole else place / "OUT")
    if option in words:
        words[words.index(option) + 1] = value
    else:
        words += [option, value]
    # A number that is no longer absurd may mean honest work: what is judged then is that it begins.
    ended = run(words, folder=place, environment=world.environment, limit=20)
    case = Case(PART, f"{command} {option}", repr(value), ended)
    case.wrong = ended.complaints(REFUSALS | {DONE, DAMAGED, DRAINED}, prints=command not in ("export", "run"))
    if ended.hung and (command, option) in _HONEST:
        case.wrong = []
    return case
