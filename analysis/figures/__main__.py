"""Makes every figure that a result folder has data for, and one HTML report of them.

    python -m analysis.figures OUT [OUT2 ...] [--to FOLDER] [--rows PATH] [--evaluation JSON] [--trifactor PROGRAM]

Several folders (the slices of one sweep) count as one. Figures go to OUT/figures as SVG, PDF and PNG, the report to
report.html beside them. What a folder has data for is drawn: `trifactor dynamics OUT` adds spectra and fixed points,
`trifactor evaluate OUT --transfer --json > OUT/evaluation.json` contenders and transfer, `trifactor audit SWEEP
--trials 500 --export OUT` the checks of the gradient. Needs numpy and matplotlib.
"""

import argparse
import json
import sys
from pathlib import Path

# So that the folder also runs as a program from elsewhere.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from analysis.figures import ablation, audit, contenders, criterion, dynamics, dynamics_rules  # noqa: E402
from analysis.figures import estimators, learning, meta_learning, program, report, rules, trial  # noqa: E402
from analysis.figures.sweep import Sweep  # noqa: E402


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m analysis.figures", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="OUT", help="result folders of one sweep")
    parser.add_argument("--to", type=Path, help="folder for the figures; OUT/figures unless given")
    parser.add_argument("--rows", help="setting that is compared; rule.degree where it varies")
    parser.add_argument("--evaluation", type=Path, help="what `evaluate --json` has printed; OUT/evaluation.json")
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
        lambda: dynamics_rules.draw(sweep, folder),
    ]
    if evaluation := _document(options.evaluation, options.folders, "evaluation.json"):
        figures += [
            lambda: contenders.draw(sweep, folder, evaluation),
            lambda: contenders.draw_transfer(sweep, folder, evaluation),
        ]
    if audited := _document(None, options.folders, "audit.json"):
        figures += [lambda: audit.draw(audited, folder), lambda: estimators.draw(audited, folder)]
    drawn = [path for path in (draw() for draw in figures) if path]
    drawn.append(report.write(sweep, drawn, folder / "report.html"))
    print(*drawn, sep="\n")
    return 0


def _document(given, folders, name):
    """The JSON that was given, or the first that a folder holds under this name; None without one."""
    places = [given] if given else [folder / name for folder in folders if (folder / name).is_file()]
    if not places:
        return None
    try:
        return json.loads(places[0].read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{places[0]}: {error}; make it again or remove it") from error


if __name__ == "__main__":
    sys.exit(main())
