"""How every program of this package ends: done, or with a message that says what to do, and an exit code.

The codes are those of `trifactor`: 64 usage, 65 damaged data, 69 something is not installed, 70 internal, 74 input or
output. A reader of the output that went away is no error.
"""

import argparse
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

USAGE, DATA, UNAVAILABLE, INTERNAL, INPUT_OUTPUT = 64, 65, 69, 70, 74


class CommandError(Exception):
    """Trouble that its reader can mend: the message says what, where, and what to do next."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


class Parser(argparse.ArgumentParser):
    """Ends with 64 where the arguments are wrong, as `trifactor` does; help that cannot be written is an error."""

    def print_help(self, file: Any = None) -> None:
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"error: {message}\n")


def named(text: str) -> Path:
    """The type of every argument that names a file or folder: an empty name would be the present folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty; give a file or folder")
    return Path(text)


def run(main: Callable[[Sequence[str] | None], int], arguments: Sequence[str] | None = None) -> int:
    """Runs a program and returns its exit code; what it wants to print has then reached the output, or is an error."""
    try:
        if sys.stdout is None:
            raise CommandError("standard output is closed; give it a file, a pipe or a terminal", INPUT_OUTPUT)
        try:
            code = main(arguments)
        except SystemExit as end:  # argparse, after its help or its complaint
            code = end.code if isinstance(end.code, int) else USAGE
        sys.stdout.flush()
        return code
    except CommandError as error:
        return _tell(str(error), error.code)
    except OSError as error:
        if error.errno == errno.EPIPE:
            _drop(sys.stdout)
            return 0
        if error.filename is None:
            _drop(sys.stdout)
        return _tell(_sentence(error), INPUT_OUTPUT)
    except KeyboardInterrupt:
        return _tell("interrupted", 130)


def file(path: Path) -> Path:
    """The path of a file. Raises CommandError where something else is there: whoever opens a pipe waits for ever, and a
    device may have no end. Where nothing is, opening says so. Pipes of the shell's (`<(...)`) have another end."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise CommandError(f"{path}: this is a ring of links, and a file was wanted", DATA) from error
        return path
    is_shells = stat.S_ISFIFO(mode) and str(path).startswith(("/dev/fd/", "/proc/self/fd/", "/dev/stdin"))
    if stat.S_ISREG(mode) or is_shells:
        return path
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    kind = kinds.get(stat.S_IFMT(mode), "a device")
    raise CommandError(f"{path}: this is {kind}, and a file was wanted", DATA)


def writable(folder: Path) -> Path:
    """The folder, made where it is not there. Raises CommandError where no file can be made in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".trifactor-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(
            f"{folder}: no file can be written here ({reason}); choose another folder with --to", INPUT_OUTPUT
        ) from error
    return folder


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around the writing of one file: what goes wrong becomes a CommandError that names it."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise CommandError(f"{path}: cannot be written ({reason})", INPUT_OUTPUT) from error


def _sentence(error: OSError) -> str:
    return f"{error.filename or 'standard output'}: {error.strerror or error}"


def _tell(message: str, code: int) -> int:
    if sys.stderr is not None:
        print(f"error: {message}", file=sys.stderr)
    return code


def _drop(stream: TextIO) -> None:
    """What is still in the stream's buffer goes nowhere, so that the interpreter does not try it again at its end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
