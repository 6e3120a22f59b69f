import TestSupport
import Testing

/// Axes, ranges, zip, exclude and when that make no sense.
@Suite struct BadAxesTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) {
    input.expectRefusal()
  }

  static let inputs = [
    BadInput(
      "an empty axis",
      "axes:\n  seed: []\n",
      "2:9: the axis `seed` is empty",
      "Give at least one value, or remove the axis."),
    BadInput(
      "an axis of one value",
      "axes: {seed: 3}\n",
      "1:14: the axis `seed` should have several values, and is `3`",
      "Write a list [a, b], a range 0..<20, or {from, to, count}; a single value belongs under `base`."),
    BadInput(
      "an axis over an unknown setting",
      "axes: {rule.degreee: [1, 2]}\n",
      "1:8: unknown setting `rule.degreee`; did you mean `rule.degree`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "an axis over a group",
      "axes: {rule: [1, 2]}\n",
      "1:14: `rule` holds settings and cannot be a list",
      "Name one of them: rule.degree, rule.weight-degree, rule.plastic, rule.theta-by."),
    BadInput(
      "a wrong value on an axis",
      "axes:\n  rule.degree: [1, 2, three]\n",
      "2:23: `rule.degree` should be a whole number from 0 to 8, and is `three`",
      "Default: 3. Meaning: d, degree of the polynomial in r and delta."),
    BadInput(
      "a degree above eight on an axis",
      "axes: {rule.degree: 1...9}\n",
      "1:21: the axis reaches 9, and `rule.degree` should be a whole number from 0 to 8",
      "Why: the rule has P = (d + 1)^2 coefficients, time and memory grow with P, and delta, which is not bounded, overflows in powers above 8."
    ),
    BadInput(
      "a seed range backwards",
      "axes: {seed: 20..<0}\n",
      "1:14: the range `20..<0` runs backwards",
      "Write the smaller number first: 0...20."),
    BadInput(
      "an empty range",
      "axes: {seed: 5..<5}\n",
      "1:14: the range `5..<5` is empty",
      "5...5 holds 5 alone."),
    BadInput(
      "two dots for a range",
      "axes: {seed: 0..20}\n",
      "1:14: `0..20` is no range for `seed`",
      "Write 0..<20 (without 20) or 0...19 (with 19)."),
    BadInput(
      "a range of fractions",
      "axes: {rule.eta: 0.1...0.2}\n",
      "1:18: `0.1...0.2` is no range for `rule.eta`",
      "Ranges go from one whole number to another in steps of 1; otherwise write {from, to, count}."),
    BadInput(
      "a range for words",
      "axes: {task: a...z}\n",
      "1:14: the axis `task` should have several values, and is `a...z`",
      "Write a list [a, b], a range 0..<20, or {from, to, count}; a single value belongs under `base`."),
    BadInput(
      "a range in a list",
      "axes: {seed: [0..<5, 9]}\n",
      "1:15: the range `0..<5` stands in a list",
      "A range is an axis by itself: seed: 0..<5."),
    BadInput(
      "an endless range",
      "axes: {seed: 0...9999999999}\n",
      "1:14: the axis `seed` has more than 1000000 values",
      "Split the sweep into several files."),
    BadInput(
      "too many cells",
      "axes:\n  seed: 0..<100000\n  rule.degree: [1, 2, 3]\n  rule.eta: {from: 0.1, to: 1, count: 4}\n",
      "4:13: the axes span 100000 x 3 x 4 cells; at most 1000000 are possible",
      "Split the sweep into several files."),
    BadInput(
      "an axis without count",
      "axes: {rule.eta: {from: 0.1, to: 1}}\n",
      "1:18: the axis `rule.eta` should have from, to and one of count and step",
      "An example: {from: 0.01, to: 1, count: 5, scale: log}."),
    BadInput(
      "an axis with count and step",
      "axes: {rule.eta: {from: 0.1, to: 1, count: 3, step: 0.1}}\n",
      "1:18: the axis `rule.eta` should have from, to and one of count and step",
      "An example: {from: 0.01, to: 1, count: 5, scale: log}."),
    BadInput(
      "a count of one",
      "axes: {rule.eta: {from: 0.1, to: 1, count: 1}}\n",
      "1:44: `count` should be a whole number from 2, and is `1`",
      "A single value belongs under `base`."),
    BadInput(
      "a count of a half",
      "axes: {rule.eta: {from: 0.1, to: 1, count: 2.5}}\n",
      "1:44: `count` should be a whole number from 2, and is `2.5`",
      "A single value belongs under `base`."),
    BadInput(
      "a step of zero",
      "axes: {rule.eta: {from: 0.1, to: 1, step: 0}}\n",
      "1:43: a step of 0 does not lead from 0.1 to 1",
      "Give a step of the right sign, not 0; with scale: log use count."),
    BadInput(
      "a step the wrong way",
      "axes: {rule.eta: {from: 1, to: 0.1, step: 0.1}}\n",
      "1:43: a step of 0.1 does not lead from 1 to 0.1",
      "Give a step of the right sign, not 0; with scale: log use count."),
    BadInput(
      "a log scale from zero",
      "axes: {rule.eta: {from: 0, to: 1, count: 3, scale: log}}\n",
      "1:25: a log scale needs from and to above 0",
      "Use scale: linear, or start above 0."),
    BadInput(
      "an unknown scale",
      "axes: {rule.eta: {from: 0.1, to: 1, count: 3, scale: logarithmic}}\n",
      "1:54: `scale` should be linear or log, and is `logarithmic`",
      "The default is linear."),
    BadInput(
      "an unknown key of an axis",
      "axes: {rule.eta: {from: 0.1, to: 1, number: 3}}\n",
      "1:37: unknown key `number` of an axis",
      "An axis mapping has from, to, count and scale, or from, to and step."),
    BadInput(
      "a text bound",
      "axes: {rule.eta: {from: low, to: 1, count: 3}}\n",
      "1:25: `from` should be a number, and is `low`",
      "An example: {from: 0.01, to: 1, count: 5, scale: log}."),
    BadInput(
      "fractions on a whole axis",
      "axes: {network.units: {from: 16, to: 32, count: 4}}\n",
      "1:23: the axis reaches 21.3333333333, and `network.units` should be a whole number from 1 to 65536",
      "Choose from, to and count so that every value is a whole number in bounds, or write a list."),
    BadInput(
      "an axis out of bounds",
      "axes: {exploration.probability: {from: 0.5, to: 1.5, count: 3}}\n",
      "1:33: the axis reaches 1.5, and `exploration.probability` should be a number from 0 to 1",
      "Choose values in bounds."),
    BadInput(
      "a mapping over words",
      "axes: {task: {from: 1, to: 2, count: 2}}\n",
      "1:14: the axis `task` should be a list, and is a mapping",
      "Write a list: [a, b]."),
    BadInput(
      "one setting on two axes",
      "axes: {seed: [1, 2]}\nzip: {seed: [3, 4], trials: [10, 20]}\n",
      "2:13: `seed` is on two axes, the other in line 1",
      "Keep it in `axes` or in one group of `zip`."),
    BadInput(
      "a zip of unequal lengths",
      "zip:\n  seed: [1, 2, 3]\n  trials: [10, 20]\n",
      "3:11: zip pairs values one by one: `trials` has 2, `seed` has 3",
      "Give lists of one length."),
    BadInput(
      "a zip of one",
      "zip: {seed: [1, 2, 3]}\n",
      "1:6: zip couples several settings, and this one has 1",
      "Give at least two lists of one length, or move the setting under `axes`."),
    BadInput(
      "exclude as a mapping",
      "axes: {seed: [1, 2]}\nexclude: {seed: 1}\n",
      "2:10: exclude should be a list, and is a mapping",
      "An example: - {rule.degree: 5, task: delayed-nonmatch}"),
    BadInput(
      "exclude of an unknown setting",
      "axes: {seed: [1, 2]}\nexclude: [{sed: 1}]\n",
      "2:12: unknown setting `sed`; did you mean `seed`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "exclude of everything",
      "axes: {seed: [1, 2]}\nexclude: [{seed: [1, 2]}]\n",
      "2:11: exclude leaves no cell",
      "Remove an entry of `exclude`."),
    BadInput(
      "an empty exclude",
      "axes: {seed: [1, 2]}\nexclude: [{}]\n",
      "2:11: exclude names no setting and would meet every cell",
      "Name at least one setting and value."),
    BadInput(
      "when without set",
      "when: [{if: {seed: 0}}]\n",
      "1:8: an entry of when should have if and set",
      "An example: - {if: {task: delayed-nonmatch}, set: {network.units: 64}}"),
    BadInput(
      "when with another word",
      "when: [{if: {seed: 0}, then: {trials: 3}}]\n",
      "1:24: unknown key `then` in when",
      "An example: - {if: {task: delayed-nonmatch}, set: {network.units: 64}}"),
    BadInput(
      "when that sets an unknown setting",
      "when:\n  - if: {seed: 0}\n    set: {trial: 3}\n",
      "3:11: unknown setting `trial`; did you mean `time.trial`?",
      "`trifactor settings` lists every setting."),
    BadInput(
      "when that sets several values",
      "when: [{if: {seed: 0}, set: {trials: [3, 4]}}]\n",
      "1:38: `trials` should be a whole number from 1 to 10000000, and is a list",
      "Several values make an axis: move `trials` under `axes`."),
    BadInput(
      "not a number of an axis",
      "axes: {rule.eta: {from: 0.1, to: .inf, count: 3}}\n",
      "1:34: `to` should be a number, and is `.inf`",
      "An example: {from: 0.01, to: 1, count: 5, scale: log}."),
    BadInput(
      "a huge count",
      "axes: {rule.eta: {from: 0.1, to: 1, count: 1e12}}\n",
      "1:18: the axis `rule.eta` has more than 1000000 values",
      "Split the sweep into several files."),
    BadInput(
      "a tiny step",
      "axes: {rule.eta: {from: 0.1, to: 1, step: 1e-9}}\n",
      "1:18: the axis `rule.eta` has more than 1000000 values",
      "Split the sweep into several files."),
    BadInput(
      "an axis that is null",
      "axes: {seed: ~}\n",
      "1:14: the axis `seed` should have several values, and is `~`",
      "Write a list [a, b], a range 0..<20, or {from, to, count}; a single value belongs under `base`."),
    BadInput(
      "axes as a list",
      "axes: [seed, trials]\n",
      "1:7: axes should be a mapping, and is a list",
      "Write one `key: value` a line, indented below it."),
    BadInput(
      "when as a mapping",
      "when: {if: {seed: 0}, set: {trials: 3}}\n",
      "1:7: when should be a list, and is a mapping",
      "An example: - {if: {task: delayed-nonmatch}, set: {network.units: 64}}"),
    BadInput(
      "zip of text",
      "zip: [seed, trials]\n",
      "1:7: zip should be a mapping, and is `seed`",
      "Write one `key: value` a line, indented below it."),
  ]
}
