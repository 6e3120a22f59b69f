"""Packages that only some of this needs."""

import importlib
from typing import Any

from trifactor import command


class MissingPackage(command.CommandError, ImportError):
    """A package is not installed; the message says which command installs it."""


def need(module: str, wanted_by: str, package: str | None = None) -> Any:
    """The module. Raises MissingPackage where it is not there.

    wanted_by: what needs it, as the message begins; package: its name for pip where that is another.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = package or module
        raise MissingPackage(
            f"{wanted_by} needs {package}, and `import {module}` says: {error}. Install it: pip install {package}",
            command.UNAVAILABLE,
        ) from error
