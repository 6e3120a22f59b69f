"""`python -m analysis.hostile`; see the package."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from trifactor import command

from . import damage, documents, numbers, outputs, paths, tables
from .judge import Case
from .world import World


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.hostile", description="Hundreds of hostile command lines.")
    parts: dict[str, Callable[[World, bool, int], Iterator[Callable[[], Case]]]] = {
        outputs.PART: lambda world, quick, _: outputs.cases(world, quick),
        damage.PART: lambda world, quick, _: damage.cases(world, quick),
        paths.PART: lambda world, quick, _: paths.cases(world, quick),
        numbers.PART: lambda world, quick, _: numbers.cases(world, quick),
        documents.PART: documents.cases,
    }
    parser.add_argument("--quick", action="store_true", help="a selection, within seconds")
    parser.add_argument("--only", nargs="+", choices=list(parts), default=list(parts), help="these parts alone")
    parser.add_argument("--seed", type=int, default=0, help="of the random damage to files")
    parser.add_argument("--jobs", type=int, default=2, help="command lines at once")
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        raise command.CommandError(f"--jobs is {options.jobs}; wanted: at least 1")
    with tempfile.TemporaryDirectory(prefix="trifactor-hostile-") as folder:
        world = World.make(Path(folder))
        tried = [case for part in options.only for case in parts[part](world, options.quick, options.seed)]
        with ThreadPoolExecutor(options.jobs) as pool:
            cases = list(pool.map(lambda case: case(), tried))
    return _report(cases)


def _report(cases: Sequence[Case]) -> int:
    def of(part: str) -> list[Case]:
        return [case for case in cases if case.part == part]

    if found := of(outputs.PART):
        print(f"Exit codes of commands by standard output\n\n{tables.table(found, 'command')}\n")
    if found := of(damage.PART):
        print(f"Exit codes by damage of the folder and command\n\n{tables.numbered(found, 'damage')}\n")
    for part in (paths.PART, numbers.PART, documents.PART):
        if found := of(part):
            print(f"{part.capitalize()}: how many ended with each exit code\n\n{tables.counts(found)}\n")
    wrong = [case for case in cases if case.wrong]
    for case in wrong:
        print(f"WRONG {case}")
    print(f"{len(cases)} command lines, {len(wrong)} of them wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(command.run(main))
