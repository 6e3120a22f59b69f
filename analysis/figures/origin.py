"""What a figure is signed with."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Origin:
    """The line below a figure, and the keys of all cells for the metadata of its files."""

    signature: str
    keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, audit: dict[str, Any]) -> "Origin":
        """The sweep, cell and version that an audit names; audits of earlier versions name the cell alone."""
        names = [audit.get("sweep"), f"cell {audit['cell']}"]
        if audit.get("program"):
            version, _, commit = audit["program"].partition(" ")
            names.append(f"trifactor {version} ({commit[:9]})")
        return cls(" · ".join([name for name in names if name] + [audit["verdict"]]), (audit["cell"],))
