"""What a figure is signed with where there is no result folder."""

from dataclasses import dataclass


@dataclass
class Origin:
    """Keys for the metadata, and the line below the figure."""

    keys: list
    signature: str

    @classmethod
    def of(cls, audit):
        """The sweep, cell and version that an audit names; audits of earlier versions name the cell alone."""
        names = [audit.get("sweep"), f"cell {audit['cell']}"]
        if audit.get("program"):
            version, _, commit = audit["program"].partition(" ")
            names.append(f"trifactor {version} ({commit[:9]})")
        return cls([audit["cell"]], " · ".join([name for name in names if name] + [audit["verdict"]]))
