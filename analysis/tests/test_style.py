"""Looks that differ, labels that fit, numbers that read as the program prints them."""

import subprocess

import pytest

from analysis.figures import meta_learning, numerals, rules, style
from analysis.figures.sweep import Refusal
from analysis.figures.values import scale
from analysis.tests import drawn
from trifactor import program


def test_no_two_of_many_series_look_alike():
    names = style.looks([f"name {n}" for n in range(49)])
    assert len({(look["marker"], str(look["linestyle"])) for look in names}) == 49
    assert [look["color"] for look in names[:7]] == style.COLOURS
    numbers = style.looks([0.1 * n for n in range(20)])
    assert len({look["color"] for look in numbers}) == 20, "many numbers have a colour each, in their order"
    with pytest.raises(Refusal, match=r"50 series are more than can be told apart \(49\): keep some by --where"):
        style.looks(list(range(50)))


def test_labels_that_would_touch_are_turned_and_then_thinned():
    def labels(count):
        figure, axes = style.panels(3)
        for axis in axes:
            style.set_values(axis, scale([f"setting {n}" for n in range(count)]))
        height = figure.get_figheight()
        style.lay_out(figure)
        assert not drawn.touching(figure)
        return [text.get_rotation() for text in drawn.ticks(axes[0], "x")], figure.get_figheight() - height

    assert labels(2) == ([0, 0], 0)
    turned, taller = labels(8)
    assert turned == [90] * 8 and taller > 0.3, "the figure grows by what the labels take"
    assert 4 < len(labels(40)[0]) <= 20


def test_a_logarithmic_axis_has_a_short_label_at_every_value():
    figure, [axis] = style.panels(1)
    style.set_values(axis, scale([0.0001, 0.000316227766017, 0.001, 0.00316227766017, 0.01]))
    style.lay_out(figure)
    assert axis.get_xscale() == "log"
    assert [text.get_text() for text in drawn.ticks(axis, "x")] == ["0.0001", "0.000316", "0.001", "0.00316", "0.01"]


def test_long_names_break_where_they_may():
    assert style.wrap("rule.theta={k1l1:0.3},meta.learn=[theta,eta]", 1) == (
        "rule.theta=\n{k1l1:0.3},\nmeta.learn=\n[theta,eta]"
    )
    assert style.wrap("exploration.amplitude = 0.5", 1.3, 8) == "exploration.\namplitude = 0.5"


def test_short_series_are_not_smoothed():
    assert [meta_learning.smoothing(count) for count in (1, 4, 23, 24, 40, 60, 120, 4000)] == [1, 1, 1, 3, 3, 5, 9, 9]
    assert meta_learning.smooth([0, 9, 0, 9], meta_learning.smoothing(4)).tolist() == [0, 9, 0, 9]


def test_coefficients_are_short():
    printed = [rules.short(v) for v in (0.004, -0.004, 0.25, -1.034, 12.3, -0.998)]
    assert printed == ["0", "0", "+.25", "-1.03", "+12", "-1.00"]


def test_numbers_are_rounded_as_the_program_rounds():
    values = (0.7875, 0.0005, -0.0004, -0.0005, 12, None, float("nan"), float("inf"))
    assert [numerals.number(value) for value in values] == [
        "0.788", "0.001", "0.000", "-0.001", "12.000", "-", "-", "inf"
    ]  # fmt: skip
    assert [numerals.signed(value) for value in (0.2, 0.0, -0.2, 0.0001)] == ["+0.200", "0.000", "-0.200", "+0.000"]
    assert [numerals.probability(value) for value in (0.25, 0.00001, 0.0)] == ["0.2500", "<0.0001", "0.0000"]
    assert numerals.number(815.5, 0) == "816" and numerals.interval(0.1, None) == "-"


def test_they_are_the_numbers_of_the_printed_table(sweep):
    """Every entry of the text, from the JSON."""
    words = [sweep.program, "table", *map(str, sweep.folders)]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert program.find()
    for cell in sweep.table()["cells"]:
        if cell["low"] is not None:
            assert f"{numerals.number(cell['iqm'])} {numerals.interval(cell['low'], cell['high'])}" in text
