import TestSupport
import Testing

/// Wrong periods and wrong entries of `show`.
@Suite struct BadPeriodsTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) { input.expectRefusal() }

  private static let match = BadInput.match
  private static let curves = BadInput.curves

  static let inputs = [
    BadInput(
      "periods as a list", in: match, "{sample: 500, delay: {choice: [400, 800]}, test: 500, decision: 300}",
      "[sample, test, decision]",
      "4:10: periods should be a mapping, and is a list",
      "Write one `key: value` a line, indented below it."),
    BadInput(
      "no periods", in: match, "{sample: 500, delay: {choice: [400, 800]}, test: 500, decision: 300}", "{}",
      "4:10: periods should be 1 to 64, and are 0",
      "Write {sample: 500, delay: 500}."),
    BadInput(
      "a period of no time", in: match, "test: 500, decision", "test: 0, decision",
      "4:59: the period `test` in ms should be a number from 0.001 to 10000000, and is `0`",
      "Write one plain number."),
    BadInput(
      "a negative period", in: match, "sample: 500, delay", "sample: -500, delay",
      "4:19: the period `sample` in ms should be a number from 0.001 to 10000000, and is `-500`",
      "Write one plain number."),
    BadInput(
      "text for a duration", in: match, "decision: 300}", "decision: long}",
      "4:74: the period `decision` in ms should be a number from 0.001 to 10000000, and is `long`",
      "Write one plain number."),
    BadInput(
      "a duration in quotes", in: match, "decision: 300}", "decision: '300'}",
      "4:74: the period `decision` in ms should be a number from 0.001 to 10000000, and is the text \"300\"",
      "Remove the quotes."),
    BadInput(
      "a misspelt distribution", in: match, "{choice: [400, 800]}", "{chioce: [400, 800]}",
      "4:32: unknown key `chioce` in the period `delay`; did you mean `choice`?",
      "Write {choice: [a, b]} or {uniform: [low, high]}."),
    BadInput(
      "two distributions", in: match, "{choice: [400, 800]}", "{choice: [400, 800], uniform: [1, 2]}",
      "4:52: the period `delay` has both choice and uniform",
      "Keep one of them."),
    BadInput(
      "no distribution", in: match, "{choice: [400, 800]}", "{}",
      "4:31: the period `delay` has neither choice nor uniform",
      "Write {choice: [a, b]} or {uniform: [low, high]}."),
    BadInput(
      "a number for a choice", in: match, "{choice: [400, 800]}", "{choice: 400}",
      "4:40: the choice of the period `delay` should be a list, and is `400`",
      "Write {choice: [a, b]}: each is equally likely."),
    BadInput(
      "an empty choice", in: match, "{choice: [400, 800]}", "{choice: []}",
      "4:40: the choice of the period `delay` should be a list, and is an empty list",
      "Write {choice: [a, b]}: each is equally likely."),
    BadInput(
      "an interval that falls", in: match, "{choice: [400, 800]}", "{uniform: [800, 400]}",
      "4:41: the interval of the period `delay` in ms does not rise: 800 to 400",
      "Write the smaller number first."),
    BadInput(
      "an interval of three", in: match, "{choice: [400, 800]}", "{uniform: [1, 2, 3]}",
      "4:41: the period `delay` in ms should be an interval, and is a list",
      "Write two rising numbers: [low, high]."),
    BadInput(
      "a response of no time", in: match, "decision: 300}", "decision: {choice: [0, 300]}}",
      "4:74: the period `decision` belongs to the response and may last 0 ms",
      "Give it durations above 0: every trial is answered."),
    BadInput(
      "a period after the response", in: match, "decision: 300}", "decision: 300, rest: 500}",
      "4:79: the period `rest` comes after the response, and nothing is shown in it",
      "Remove it: every trial starts anew, so that it would change nothing."),
    BadInput(
      "show as a mapping", in: match,
      "show:\n  - {channel: fix, during: [sample, delay, test]}\n  - {channel: $sample, during: sample, noise: 1}\n  - {channel: $test, during: test, value: $strength}\n",
      "show: {channel: fix, during: sample}\n",
      "5:7: show should be a list, and is a mapping",
      "Write one entry a channel: - {channel: fix, during: [sample, delay]}."),
    BadInput(
      "a misspelt key of show", in: match, "{channel: fix, during:", "{chanel: fix, during:",
      "6:6: unknown key `chanel` in show; did you mean `channel`?",
      "An entry has channel and during, and may have value and noise."),
    BadInput(
      "no period shown", in: match, "{channel: fix, during: [sample, delay, test]}", "{channel: fix}",
      "6:5: an entry of show has no `during`",
      "An example: {channel: fix, during: [sample, delay]}."),
    BadInput(
      "an unknown channel", in: match, "{channel: fix, during", "{channel: fixx, during",
      "6:15: there is no channel `fixx`; did you mean `fix`?",
      "The channels are fix, a, b; $name is the channel that a column holds."),
    BadInput(
      "a column without its sign", in: match, "{channel: $sample, during: sample, noise: 1}",
      "{channel: sample, during: sample}",
      "7:15: there is no channel `sample`; did you mean `$sample`?",
      "The channels are fix, a, b; $name is the channel that a column holds."),
    BadInput(
      "an unknown column", in: match, "{channel: $sample, during", "{channel: $smaple, during",
      "7:15: channel is `$smaple`, and there is no column `smaple`; did you mean `$sample`?",
      "The columns are sample, test, z, strength."),
    BadInput(
      "two columns for a channel", in: match, "{channel: $sample, during", "{channel: $sample $test, during",
      "7:15: channel should be one column, and is `$sample $test`",
      "Write one entry for each column: - {channel: $sample, during: sample}."),
    BadInput(
      "two channels", in: match, "{channel: $sample, during: sample",
      "{channel: [$sample, $test], during: sample",
      "7:15: channel should be one channel or column, and is a list",
      "Write one entry for each channel: - {channel: $sample, during: sample}."),
    BadInput(
      "an unknown period", in: match, "during: test, value", "during: tets, value",
      "8:30: during should name a period, and is `tets`; did you mean `test`?",
      "The periods are sample, delay, test, decision."),
    BadInput(
      "a period twice", in: match, "during: [sample, delay, test]", "during: [sample, test, test]",
      "6:43: during names the period `test` twice",
      "Keep one of them."),
    BadInput(
      "a negative noise", in: match, "noise: 1", "noise: -1",
      "7:47: noise should be a number from 0 to 1000000, and is `-1`",
      "Write one plain number."),
    BadInput(
      "text for a value", in: match, "value: $strength", "value: strong",
      "8:43: value should be a number from -1000000 to 1000000, and is `strong`",
      "Write one plain number."),
    BadInput(
      "an unknown column for a value", in: match, "value: $strength", "value: $strenght",
      "8:43: value is `$strenght`, and there is no column `strenght`; did you mean `$strength`?",
      "The columns are sample, test, z, strength."),
    BadInput(
      "a channel for a number", in: match, "value: $strength", "value: $sample",
      "11:6: the column `sample` is used as a channel and as a number",
      "Give the numbers a column of their own."),
    BadInput(
      "a column that is used twice, differently", in: match, "noise: 1}", "value: $test}",
      "11:17: the column `test` is used as a channel and as a number",
      "Give the numbers a column of their own."),
  ]
}
