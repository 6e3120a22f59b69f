"""A figure on its way to its files: drawn, with the note that explains it, signed with where it comes from."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from trifactor.command import writing

from . import style
from .origin import Origin


@dataclass(frozen=True)
class Drawing:
    """`stem` names the files; `note` says what is drawn, with what it pools."""

    stem: str
    figure: Figure
    note: str
    origin: Origin

    def save(self, folder: Path) -> Path:
        """Writes `stem` .svg, .pdf and .png; returns the path of the PNG.

        The metadata hold every key. No dates go into the files: the same data give the same bytes.
        """
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        description = f"{self.origin.signature}; cells: {' '.join(self.origin.keys)}"
        metadata: dict[str, dict[str, str | None]] = {
            "svg": {"Date": None, "Title": self.stem, "Description": description},
            "pdf": {"CreationDate": None, "Title": self.stem, "Subject": description[:2000]},
            "png": {"Title": self.stem, "Description": description},
        }
        for kind, about in metadata.items():
            path = folder / f"{self.stem}.{kind}"
            with writing(path):
                self.figure.savefig(path, metadata=about)
        return folder / f"{self.stem}.png"


def finish(figure: Figure, origin: Origin, stem: str, note: str = "") -> Drawing:
    """Signs a figure: below it stand the note, and sweep, cells' keys and program's version."""
    width = int(figure.get_figwidth() * 19.5)
    lines = textwrap.wrap(note, width) + textwrap.wrap(origin.signature, width)
    figure.set_figheight(figure.get_figheight() + 0.125 * len(lines) + 0.05)
    figure.supxlabel("\n".join(lines), fontsize=style.NOTE, color="#444444", x=0.01, ha="left", multialignment="left")
    style.lay_out(figure)
    return Drawing(stem, figure, note, origin)
