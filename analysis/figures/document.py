"""Reads JSON that trifactor has printed into a file, and says so where it is something else."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trifactor.command import DATA, INPUT_OUTPUT, CommandError, file


def read(path: Path, fields: Sequence[str], command: str) -> dict[str, Any]:
    """The document of a file. Raises CommandError where it cannot be read, or lacks what `command` prints."""
    try:
        document = json.loads(file(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}; `{command} > {path}` makes it", INPUT_OUTPUT) from error
    except ValueError as error:
        raise CommandError(f"{path}: {error}; make it again with `{command}`, or remove it", DATA) from error
    missing = [name for name in fields if not isinstance(document, dict) or name not in document]
    if missing:
        raise CommandError(
            f"{path}: it lacks {', '.join(missing)}, so it is not what `{command}` prints; make it again, or remove it",
            DATA,
        )
    found: dict[str, Any] = document
    return found
