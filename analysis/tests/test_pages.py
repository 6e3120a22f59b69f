"""Every table of a result page that names its command is what that command prints from the CSV file beside the page."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from analysis import constants, criterion, degrees, left_out, limits, paired, rules
from trifactor import command

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "sweeps" / "results"
PROGRAMS = {"analysis.paired": paired.main, "analysis.limits": limits.main, "analysis.degrees": degrees.main}
PROGRAMS |= {"analysis.left_out": left_out.main, "analysis.criterion": criterion.main}
PROGRAMS |= {"analysis.constants": constants.main}


def commands(page):
    """The commands of a page that read a CSV file and write nothing."""
    blocks = re.findall(r"^```\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    found = [shlex.split(line, comments=True) for line in lines if line.startswith("python -m ")]
    return [words[2:] for words in found if words[2] in PROGRAMS and "--to" not in words]


PAGES = [page for page in sorted(PLACE.glob("*.md")) if commands(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tables_are_printed_by_their_commands(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = page.read_text()
    for name, *arguments in commands(page):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            assert command.run(PROGRAMS[name], arguments) == 0
        tables = [part.strip() for part in printed.getvalue().split("\n\n") if part.startswith("|")]
        assert tables
        for table in tables:
            assert table in text, f"{name} {' '.join(arguments)}"


def test_learners_are_shown_at_the_gain_that_did_best_elsewhere():
    found = rules.read(PLACE / "limits.csv")
    for (task, *_, learner), row in limits.best(found).items():
        others = [r for r in found if (r["task"], r["learner"], r["units"]) == (task, learner, row["units"])]
        assert float(row["search_reward"]) == max(float(other["search_reward"]) for other in others)
        low, mean, high = (float(row[f"late_reward{end}"]) for end in ("_low", "", "_high"))
        assert low <= mean <= high and row["networks"] == "100"
