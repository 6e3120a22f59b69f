"""One task before anything is learned: a panel a condition, from the arrays that `trifactor tasks --draw` writes.

python -m analysis.figures.task TRIALS.npz FIGURE.png
"""

import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from trifactor.command import DATA, INPUT_OUTPUT, CommandError, Parser, file, named, run, writing

from . import style, trial

MOST_CONDITIONS = 8
COLUMNS = 4


def draw(drawn: trial.Arrays, path: Path) -> None:
    """Inputs u in blue, targets y in black where they count, the response window in grey, over time in ms; at most
    eight conditions, spread over all. The picture is the same file for the same arrays.
    """
    count = len(drawn["condition"])
    picked = np.unique(np.linspace(0, count - 1, min(count, MOST_CONDITIONS)).round().astype(int))
    columns = min(COLUMNS, len(picked))
    rows = -(-len(picked) // columns)
    figure, axes = style.grid(rows, columns, height=1.5, share_y=False, share_x=False)
    flat = list(axes.flat)
    for axis in flat[len(picked) :]:
        axis.set_axis_off()
    for place, index in enumerate(picked):
        trial.panel(flat[place], drawn, index, float(drawn["dt"]), place % columns == 0)
        if place >= len(picked) - columns:
            flat[place].set_xlabel("ms")
    name = str(drawn["name"][0]).removesuffix("-drawn")
    note = f"{name}: u inputs, y targets where they count; grey: response window."
    if count > len(picked):
        note += f" {count - len(picked)} more conditions are not shown."
    figure.supxlabel(note, fontsize=style.NOTE, color="#444444", x=0.01, ha="left")
    stamps: dict[str, dict[str, str | None]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata=stamps.get(path.suffix, {}))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = Parser(prog="python -m analysis.figures.task", description=__doc__.splitlines()[0])
    parser.add_argument("trials", type=named, help="what `trifactor tasks NAME --draw` has written")
    parser.add_argument("figure", type=named, help="the picture: .png, .svg or .pdf")
    options = parser.parse_args(arguments)
    draw(_load(options.trials), options.figure)
    return 0


def _load(path: Path) -> trial.Arrays:
    """The arrays of drawn trials. Raises CommandError for a file that is something else."""
    wanted = "`trifactor tasks NAME --draw FILE.npz` writes one"
    try:
        with np.load(file(path), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise CommandError(f"{path}: {error.strerror}; {wanted}", INPUT_OUTPUT) from error
    except (ValueError, AttributeError, zipfile.BadZipFile, EOFError) as error:
        raise CommandError(f"{path}: no archive of drawn trials ({error}); {wanted}", DATA) from error
    missing = [name for name in ("u", "y", "window", "condition", "dt", "name") if name not in arrays]
    if missing:
        raise CommandError(f"{path}: it lacks {', '.join(missing)}; {wanted}", DATA)
    return arrays


if __name__ == "__main__":
    sys.exit(run(main))
