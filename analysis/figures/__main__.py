"""Makes every figure that a result folder has data for, and one HTML report of them.

    python -m analysis.figures OUT [OUT2 ...] [--to FOLDER] [--rows PATH] [--evaluation JSON] [--trifactor PROGRAM]

Several folders (the slices of one sweep) count as one. Figures go to OUT/figures as SVG, PDF and PNG, the report to
report.html beside them. `trifactor evaluate OUT --transfer --json > JSON` adds contenders and transfer. Needs numpy and
matplotlib.
"""

import argparse
import json
import sys
from pathlib import Path

# So that the folder also runs as a program from elsewhere.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from analysis.figures import ablation, contenders, criterion, dynamics, learning, meta_learning  # noqa: E402
from analysis.figures import program, report, rules, trial  # noqa: E402
from analysis.figures.sweep import Sweep  # noqa: E402


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m analysis.figures", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="OUT", help="result folders of one sweep")
    parser.add_argument("--to", type=Path, help="folder for the figures; OUT/figures unless given")
    parser.add_argument("--rows", help="setting that is compared; rule.degree where it varies")
    parser.add_argument("--evaluation", type=Path, help="what `trifactor evaluate --json` has printed")
    parser.add_argument("--trifactor", help="the program; the newest build of this checkout unless given")
    options = parser.parse_args(arguments)
    try:
        return make(options, options.to or options.folders[0] / "figures")
    except (program.ProgramError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 64


def make(options, folder):
    """Draws what there is and writes the page; prints the path of each file."""
    sweep = Sweep(options.folders, program.find(options.trifactor), options.rows)
    for line in sweep.left_out:
        print(f"note: {line}", file=sys.stderr)
    figures = [
        lambda: trial.draw(sweep, folder),
        lambda: ablation.draw(sweep, folder, "accuracy"),
        lambda: ablation.draw(sweep, folder, "reward"),
        lambda: learning.draw(sweep, folder, "accuracy"),
        lambda: learning.draw(sweep, folder, "reward"),
        lambda: criterion.draw(sweep, folder),
        lambda: meta_learning.draw(sweep, folder),
        lambda: rules.draw(sweep, folder),
        lambda: dynamics.draw(sweep, folder),
    ]
    if options.evaluation:
        evaluation = json.loads(options.evaluation.read_text(encoding="utf-8"))
        figures += [
            lambda: contenders.draw(sweep, folder, evaluation),
            lambda: contenders.draw_transfer(sweep, folder, evaluation),
        ]
    drawn = [path for path in (draw() for draw in figures) if path]
    drawn.append(report.write(sweep, drawn, folder / "report.html"))
    print(*drawn, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
