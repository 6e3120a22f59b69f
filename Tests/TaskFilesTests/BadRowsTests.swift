import TestSupport
import Testing

/// Wrong rows, drawn columns and shuffles.
@Suite struct BadRowsTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) { input.expectRefusal() }

  private static let match = BadInput.match
  private static let curves = BadInput.curves

  static let inputs = [
    BadInput(
      "no rows", in: match,
      "conditions:\n  - {sample: a, test: a, z: 1}\n  - {sample: b, test: b, z: 1}\n  - {sample: a, test: b, z: -1}\n  - {sample: b, test: a, z: -1}\n",
      "conditions: []\n",
      "10:13: conditions should be a list of 1 to 4096 rows, and is a list of 0",
      "Write one row a condition: - {sample: a, z: 1}."),
    BadInput(
      "a row that is no mapping", in: match, "  - {sample: b, test: a, z: -1}", "  - [b, a, -1]",
      "14:5: a row of conditions should be a mapping, and is a list",
      "Write one `key: value` a line, indented below it."),
    BadInput(
      "a row without a column", in: match, "{sample: b, test: a, z: -1}", "{sample: b, z: -1}",
      "14:5: this row has no `test`, and the first row has one",
      "Every row gives every column: sample, test, z."),
    BadInput(
      "a row with another column", in: match, "{sample: b, test: a, z: -1}", "{sample: b, tset: a, z: -1}",
      "14:17: the first row has no column `tset`; did you mean `test`?",
      "The columns of the first row are sample, test, z."),
    BadInput(
      "a column of no use", in: match,
      "z: 1}\n  - {sample: b, test: b, z: 1}\n  - {sample: a, test: b, z: -1}\n  - {sample: b, test: a, z: -1}",
      "z: 1, side: 1}\n  - {sample: b, test: b, z: 1, side: 1}\n  - {sample: a, test: b, z: -1, side: 1}\n  - {sample: b, test: a, z: -1, side: 1}",
      "11:32: nothing uses the column `side`",
      "Show it ({channel: $side, ...} or {value: $side, ...}), or remove it."),
    BadInput(
      "an unknown channel in a row", in: match, "{sample: a, test: b, z: -1}", "{sample: a, test: c, z: -1}",
      "13:23: `test` should be a channel or none, and is `c`",
      "The channels are fix, a, b."),
    BadInput(
      "a number for a channel in a row", in: match, "{sample: a, test: b, z: -1}",
      "{sample: a, test: 2, z: -1}",
      "13:23: `test` should be a channel or none, and is `2`",
      "The channels are fix, a, b."),
    BadInput(
      "text for a target", in: match, "{sample: a, test: b, z: -1}", "{sample: a, test: b, z: no}",
      "13:29: the target `z` should be a number from -1000 to 1000, and is `no`",
      "Moving targets are curves: describe them in `curves` and name them here."),
    BadInput(
      "a target out of range", in: match, "{sample: a, test: b, z: -1}", "{sample: a, test: b, z: 2000}",
      "13:29: the target `z` should be a number from -1000 to 1000, and is `2000`",
      "Moving targets are curves: describe them in `curves` and name them here."),
    BadInput(
      "an infinite target", in: match, "{sample: a, test: b, z: -1}", "{sample: a, test: b, z: .inf}",
      "13:29: the target `z` should be a number from -1000 to 1000, and is `.inf`",
      "Moving targets are curves: describe them in `curves` and name them here."),
    BadInput(
      "a weight of 0", in: match, "test: b, z: -1}", "test: b, z: -1, weight: 0}",
      "13:41: the weight of a row should be a number from 1e-06 to 1000000, and is `0`",
      "Write one plain number."),
    BadInput(
      "weights far apart", in: match, "test: b, z: -1}", "test: b, z: -1, weight: 0.0001}",
      "13:5: the weights of the rows go from 0.0001 to 1",
      "A lifetime shows no row that is 1000 times rarer than others; leave such rows out."),
    BadInput(
      "a column that rows give too", in: match, "columns: {strength: {choice: [0.5, 1]}}",
      "columns: {strength: {choice: [0.5, 1]}, sample: {choice: [a, b]}}",
      "11:6: the column `sample` is given by rows and drawn in `columns`",
      "Keep one of them."),
    BadInput(
      "text among numbers to draw", in: match, "{choice: [0.5, 1]}", "{choice: [0.5, weak]}",
      "9:36: `strength` should be a number from -1000000 to 1000000, and is `weak`",
      "Write one plain number."),
    BadInput(
      "a column of no use that is drawn", in: match, "{strength: {choice: [0.5, 1]}}",
      "{strength: {choice: [0.5, 1]}, side: {choice: [a, b]}}",
      "9:41: nothing uses the column `side`",
      "Show it ({channel: $side, ...} or {value: $side, ...}), or remove it."),
    BadInput(
      "redraw at another time", in: match, "{choice: [0.5, 1]}", "{choice: [0.5, 1], redraw: session}",
      "9:48: redraw of the column `strength` should be trial or lifetime, and is `session`",
      "Without it the column is drawn every trial."),
    BadInput(
      "a choice of an unknown column", in: match, "{choice: [0.5, 1]}", "{choice: [$weak, $strong]}",
      "9:31: a choice of the column `strength` is `$weak`, and there is no column `weak`",
      "The columns are sample, test, z, strength."),
    BadInput(
      "an output that is drawn every trial", in: match,
      "columns: {strength: {choice: [0.5, 1]}}\nconditions:\n  - {sample: a, test: a, z: 1}\n  - {sample: b, test: b, z: 1}\n  - {sample: a, test: b, z: -1}\n  - {sample: b, test: a, z: -1}",
      "columns: {strength: {choice: [0.5, 1]}, z: {choice: [1, -1]}}\nconditions:\n  - {sample: a, test: a}\n  - {sample: b, test: b}",
      "9:41: the output `z` is drawn every trial",
      "Nothing that is shown could determine it: give it in the rows, or as a choice with redraw: lifetime."),
    BadInput(
      "a channel from an interval", in: match, "{channel: $test, during: test, value: $strength}",
      "{channel: $strength, during: test}\n  - {channel: $test, during: test}",
      "10:31: `strength` should be a channel or none, and is `0.5`",
      "The channels are fix, a, b."),
    BadInput(
      "redraw of an unknown column", in: match, "respond: decision", "respond: decision\nredraw: zz",
      "16:9: redraw should name a column of the rows, and is `zz`; did you mean `z`?",
      "The columns are sample, test, z."),
    BadInput(
      "redraw of a drawn column", in: match, "respond: decision", "respond: decision\nredraw: strength",
      "16:9: redraw should name a column of the rows, and is `strength`",
      "The columns are sample, test, z."),
    BadInput(
      "redraw of a column twice", in: match, "respond: decision", "respond: decision\nredraw: [z, z]",
      "16:9: redraw should name different columns, and is a list",
      "Those named together are shuffled together."),
    BadInput(
      "redraw of what is the same everywhere",
      "name: match\ninputs: [fix, a, b]\noutputs: [z]\nperiods: {sample: 500, delay: {choice: [400, 800]}, test: 500, decision: 300}\nshow:\n  - {channel: fix, during: [sample, delay, test]}\n  - {channel: $sample, during: sample, noise: 1}\n  - {channel: $test, during: test, value: $strength}\ncolumns: {strength: {choice: [0.5, 1]}}\nconditions:\n  - {sample: a, test: a, z: 1}\n  - {sample: b, test: b, z: 1}\n  - {sample: a, test: b, z: 1}\n  - {sample: b, test: a, z: 1}\nrespond: decision\nredraw: z\n",
      "16:9: `z` is the same in every row, so that shuffling it changes nothing",
      "Remove redraw, or give the rows different values."),
  ]
}
