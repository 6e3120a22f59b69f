"""Makes every figure that a result folder has data for, and one HTML report of them.

    python -m analysis.figures OUT [OUT2 ...] [--rows PATH] [--columns PATH] [--where PATH=VALUE ...] [--to FOLDER]
        [--evaluation JSON] [--trifactor PROGRAM]

Several folders (the slices of one sweep) count as one. --rows, --columns and --where mean what they mean to `trifactor
table`: columns are panels, rows are series or places along an axis, and figures say what else they pool. Figures go to
OUT/figures as SVG, PDF and PNG, the report to report.html beside them. What a folder has data for is drawn: `trifactor
dynamics OUT` adds spectra and fixed points, `trifactor evaluate SOURCE --alignment --out OUT` alignment against reward,
`trifactor evaluate OUT --transfer --json > OUT/evaluation.json` contenders and transfer, `trifactor audit SWEEP
--trials 500 --export OUT` the checks of the gradient, `trifactor compare OUT --against RULE --equal-budget` its
comparison. Needs numpy and matplotlib.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from trifactor import command, program

from . import (
    ablation,
    alignment,
    audit,
    contenders,
    criterion,
    dynamics,
    dynamics_rules,
    estimators,
    horizons,
    learning,
    meta_learning,
    report,
    rules,
    trial,
)
from .document import read
from .drawing import Drawing
from .sweep import Refusal, Sweep

_EVALUATION = ("networks", "seed", "targets", "entries")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.figures", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=command.named, metavar="OUT", help="result folders of one sweep")
    parser.add_argument("--to", type=command.named, help="folder for the figures; OUT/figures unless given")
    parser.add_argument("--rows", metavar="PATH", help="setting that is compared; rule.degree where it varies")
    parser.add_argument("--columns", metavar="PATH", help="setting whose values are panels; task where it varies")
    parser.add_argument(
        "--where", action="append", default=[], metavar="PATH=VALUE", help="only cells with this setting"
    )
    parser.add_argument("--evaluation", type=command.named, help="what `evaluate --json` printed; OUT/evaluation.json")
    parser.add_argument("--trifactor", type=command.named, help="the program; the newest build here unless given")
    options = parser.parse_args(arguments)
    sweep = Sweep(options.folders, program.find(options.trifactor), options.rows, options.columns, options.where)
    sweep.table()  # the program checks the folder before anything is written
    folder = command.writable(options.to or options.folders[0] / "figures")
    return make(sweep, options, folder)


def make(sweep: Sweep, options: argparse.Namespace, folder: Path) -> int:
    """Draws what there is and writes the page; prints the path of each file."""
    for line in sweep.left_out:
        print(f"note: {line}", file=sys.stderr)
    figures: dict[str, Callable[[], Drawing | None]] = {
        "trials": lambda: trial.draw(sweep),
        "ablation-accuracy": lambda: ablation.draw(sweep, "accuracy"),
        "ablation-reward": lambda: ablation.draw(sweep, "reward"),
        "learning-accuracy": lambda: learning.draw(sweep, "accuracy"),
        "learning-reward": lambda: learning.draw(sweep, "reward"),
        "criterion": lambda: criterion.draw(sweep),
        "meta-learning": lambda: meta_learning.draw(sweep),
        "rules": lambda: rules.draw(sweep),
        "dynamics": lambda: dynamics.draw(sweep),
        "dynamics-rules": lambda: dynamics_rules.draw(sweep),
        "alignment": lambda: alignment.draw(sweep),
    }
    evaluation = _document(
        options.evaluation, options.folders, "evaluation.json", _EVALUATION, "trifactor evaluate OUT --transfer --json"
    )
    if evaluation is not None:
        figures["contenders"] = lambda: contenders.draw(evaluation, sweep.origin)
        figures["transfer"] = lambda: contenders.draw_transfer(evaluation, sweep.origin)
    audited = _document(None, options.folders, "audit.json", audit.FIELDS, "trifactor audit SWEEP --json")
    if audited is not None:
        figures["audit"] = lambda: audit.draw(audited)
        figures["estimators"] = lambda: estimators.draw(audited)
        figures["horizons"] = lambda: horizons.draw(audited)
    drawn, refused = [], []
    for stem, draw in figures.items():
        try:
            drawing = draw()
        except Refusal as refusal:
            refused.append(f"{stem} is not drawn: {refusal}")
            print(f"note: {refused[-1]}", file=sys.stderr)
            _remove(folder, stem)
            continue
        if drawing:
            drawn.append((drawing, drawing.save(folder)))
            print(drawn[-1][1])
    print(report.write(sweep, drawn, refused, folder / "report.html"))
    return 0


def _remove(folder: Path, stem: str) -> None:
    """An earlier figure would be taken for this one."""
    for kind in ("svg", "pdf", "png"):
        (folder / f"{stem}.{kind}").unlink(missing_ok=True)


def _document(
    given: Path | None, folders: Sequence[Path], name: str, fields: Sequence[str], words: str
) -> dict[str, Any] | None:
    """The JSON that was given, or the first that a folder holds under this name; None without one."""
    places = [given] if given else [folder / name for folder in folders if (folder / name).is_file()]
    return read(places[0], fields, words) if places else None


if __name__ == "__main__":
    sys.exit(command.run(main))
