"""The figure and the table of differences along a setting, on made-up rows of `trifactor compare`."""

import re
from types import SimpleNamespace

from analysis.figures import differences
from analysis.figures.origin import Origin
from analysis.tests import many_axes
from trifactor import command


def row(group, value, difference):
    return {
        "group": group,
        "value": value,
        "difference": difference,
        "network_low": difference - 0.02,
        "network_high": difference + 0.02,
        "low": difference - 0.1,
        "high": difference + 0.1,
    }


ROWS = {
    "xor": [row(group, value, 0.1 * group - 0.01 * value) for value in (3, 2) for group in (0.5, 4)],
    "association": [row(0.5, 2, -0.05)],
}
OPTIONS = SimpleNamespace(axis="rule.degree", baseline="1", by="exploration.amplitude", metric="reward")
ORIGIN = Origin("made up", ("0123456789abcdef",))


def test_the_table_has_a_line_a_value_and_says_what_is_missing():
    text = differences.table(ROWS, OPTIONS, {"1": "degree 1", "3": "cubic"}).splitlines()
    assert text[0] == "**xor**, late reward minus that of degree 1"
    assert text[2] == "| rule.degree \\ exploration.amplitude | 0.5 | 4 |"
    assert text[4].startswith("| 2 | +0.030 [+0.010, +0.050] {-0.070, +0.130} | +0.380")
    assert text[5].startswith("| cubic |")
    rows = [*ROWS["xor"], row(9, 5, 0.1)]
    assert "| 5 | - | - | +0.100" in differences.table({"xor": rows}, OPTIONS, {})


def test_values_are_in_order():
    assert differences.ordered([["eta", "clip"], [], ["eta", "clip"]]) == [["eta", "clip"], []]
    assert differences.ordered([10, 2, 0.5, 2]) == [0.5, 2, 10]


def test_twelve_values_have_twelve_looks():
    rows = [row(group, value, 0.01 * value) for value in range(12) for group in ("a", "b")]
    [axis] = differences.draw({"xor": rows}, OPTIONS, {}, ORIGIN).figure.axes
    assert len({bars[0].get_color() for bars in axis.containers}) == 12
    assert [text.get_text() for text in axis.get_xticklabels()] == ["a", "b"]


def test_the_figure_names_its_sweep(tmp_path):
    path = differences.draw(ROWS, OPTIONS, {"3": "cubic"}, ORIGIN).save(tmp_path)
    assert path.stat().st_size > 10_000
    svg = (tmp_path / "differences.svg").read_text()
    assert all(text in svg for text in ("made up", "cubic", "xor", "association", "exploration.amplitude"))


def test_wrong_folders_and_labels(tmp_path, capsys):
    arguments = [str(tmp_path), "--axis", "a", "--baseline", "1", "--by", "b", "--trifactor", "/nowhere"]
    assert command.run(differences.main, arguments) == 64
    assert "/nowhere" in capsys.readouterr().err


def test_it_says_what_it_pools(tmp_path):
    """Rates are along x, degrees are compared, gains are pooled; seeds are the runs."""
    folder = many_axes.write(tmp_path / "out", tasks=many_axes.TASKS[:2], rates=many_axes.RATES[::4])
    arguments = [str(folder), "--axis", "rule.degree", "--baseline", "1", "--by", "rule.eta", "--metric", "accuracy"]
    assert differences.main([*arguments, "--to", str(tmp_path)]) == 0
    text = (tmp_path / "differences.svg").read_text()
    words = re.sub(r"\s+", " ", " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", text)))
    assert "POOLED over network.gain (2 values): a run is the mean over them." in words
    assert "rule.degree \\ rule.eta | 0.0001 | 0.00316227766017 | 0.1 |" in (tmp_path / "differences.md").read_text()
