"""The Apptainer definition, as its sections."""

import re
from pathlib import Path

DEFINITION = Path(__file__).resolve().parents[2] / "apptainer" / "trifactor.def"


def sections() -> dict[str, list[str]]:
    """Lines of every %section without blanks around them; those above the first are of the section ''."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in DEFINITION.read_text(encoding="utf-8").splitlines():
        begins = re.fullmatch(r"%(\w+)", line)
        if begins:
            name = begins.group(1)
            assert name not in found, f"%{name} twice"
            found[name] = []
        elif line.strip() and not line.startswith("#"):
            found[name].append(line.strip())
    return found
