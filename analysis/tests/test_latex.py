"""`--format latex`: every table is a tabular that LaTeX takes, whatever settings and messages hold.

Compiled where pdflatex is installed (texlive-latex-recommended has booktabs); elsewhere a strict reader of the few
things a table may contain decides.
"""

import re
import shutil
import subprocess

import pytest

from analysis.tests import made_up
from trifactor import program

PDFLATEX = shutil.which("pdflatex")
NAMES = ["a_b", "50% & $more$ #1", "{x}~y^z", "back\\slash", "<less> [more]"]


@pytest.fixture(scope="module")
def awkward(tmp_path_factory):
    """Tasks of awkward names; one cell failed with a message of two lines."""
    folder = tmp_path_factory.mktemp("latex") / "out"
    cells = [
        {"key": f"{1 + 2 * n + d:016x}", "settings": {"rule.degree": d, "task": name, "seed": 0}}
        for n, name in enumerate(NAMES)
        for d in (0, 1)
    ]
    made_up.write_plan(folder, cells, name="awkward_%")
    for degree in (0, 1):
        keys = [1 + 2 * n + degree for n in range(len(NAMES))]
        networks = [
            {"cell": key, "network": n, "trials": 200, "diverged_at": -1, "late_accuracy": 0.5 + 0.01 * (key + n)}
            for key in keys[degree:]
            for n in range(3)
        ]
        made_up.write_shard(folder / "shards", "evaluation", degree, networks)
        ended = [{"cell": key, "evaluations": 3} for key in keys[degree:]]
        if degree:
            ended.append({"cell": keys[0], "status": 2, "message": b"first & line\nsecond \\undefined line"})
        made_up.write_shard(folder / "shards", "result", degree, ended)
    return folder


def latex(command, folder, *options):
    finished = subprocess.run(
        [program.find(), command, str(folder), *options, "--format", "latex"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


TABLES = {
    "accuracy": ("table",),
    "trials": ("table", "--metric", "trials-to-criterion"),
    "by seed": ("table", "--rows", "task", "--columns", "seed"),
    "comparison": ("compare", "--axis", "rule.degree", "--baseline", "0"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_strict_reader_takes_it(name, awkward, folder):
    for place in (awkward, folder):
        command, *options = TABLES[name]
        options = [option if option != "0" or place is awkward else "1" for option in options]
        assert len(read(latex(command, place, *options))) >= 2


@pytest.mark.skipif(PDFLATEX is None, reason="pdflatex is not installed (apt: texlive-latex-recommended)")
@pytest.mark.parametrize("name", TABLES)
def test_latex_compiles_it(name, awkward, tmp_path):
    command, *options = TABLES[name]
    source = tmp_path / "table.tex"
    body = latex(command, awkward, *options)
    source.write_text(
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{booktabs}\n\\begin{document}\n"
        + body
        + "\\end{document}\n"
    )
    finished = subprocess.run(
        [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", source.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-2000:]
    assert (tmp_path / "table.pdf").read_bytes()[:5] == b"%PDF-"


def test_the_reader_refuses_what_latex_would(awkward):
    good = latex("table", awkward)
    read(good)
    for bad in (
        good.replace("a\\_b", "a_b"),
        good.replace("\\&", "&", 1),
        good.replace("\\bottomrule", ""),
        good.replace("{0}", "{0", 1),
        good.replace("\\end{tabular}", "\\end{table}"),
        good.replace("\\textbackslash{}", "\\slash", 1),
        good.replace("% late", "late"),
    ):
        with pytest.raises(AssertionError):
            read(bad)


def read(text):
    """Rows of plain texts; an AssertionError for anything a table of ours has no need of."""
    lines = [line for line in text.splitlines() if not line.startswith("%")]
    head = re.fullmatch(r"\\begin\{tabular\}\{(l+)\}", lines[0])
    assert head, lines[0]
    assert lines[1] == "\\toprule" and lines[-2:] == ["\\bottomrule", "\\end{tabular}"], "rules and environment"
    rows = []
    for line in lines[2:-2]:
        if line == "\\midrule":
            continue
        assert line.endswith(" \\\\"), line
        fields = re.split(r"(?<!\\) & ", line[:-3])
        assert len(fields) == len(head[1]), f"{len(fields)} fields in {len(head[1])} columns: {line}"
        rows.append([plain(field) for field in fields])
    assert sum(line == "\\midrule" for line in lines) >= 1
    return rows


SPECIAL = re.compile(r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\[&%$#_{}]|\$[<>]\$")


def plain(field):
    """The text of a field in braces; every character that LaTeX reads as a command must be escaped."""
    assert field[:1] == "{" and field[-1:] == "}", field
    rest = SPECIAL.sub("", field[1:-1])
    assert not re.search(r"[\\&%$#_{}~^<>]", rest), field
    return field[1:-1]
