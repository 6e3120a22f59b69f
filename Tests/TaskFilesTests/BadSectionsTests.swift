import TestSupport
import Testing

/// Files that are no task files, and wrong names in them.
@Suite struct BadSectionsTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) { input.expectRefusal() }

  private static let match = BadInput.match
  private static let curves = BadInput.curves

  static let inputs = [
    BadInput(
      "an empty file", "",
      " the file is empty",
      "A task file has name, inputs, outputs, periods, show, conditions, respond; see sweeps/tasks/match.yaml."
    ),
    BadInput(
      "a list", "- match\n",
      "1:1: the task file should be a mapping, and is a list",
      "Write one `key: value` a line, indented below it."),
    BadInput(
      "not YAML", in: match, "outputs: [z]", "outputs: [z",
      "4:8: this is not YAML: did not find expected ',' or ']' while parsing a flow sequence that starts in line 3",
      "Look at the indentation, brackets, quotes and colons here and in the line before."),
    BadInput(
      "a tab", in: match, "  - {channel: fix", "\t- {channel: fix",
      "6:1: a tab indents this line, and YAML allows blanks only",
      "Replace each tab by two blanks."),
    BadInput(
      "a key twice", in: match, "outputs: [z]", "outputs: [z]\noutputs: [y]",
      "4:1: `outputs` is given twice, first in line 3",
      "Keep one of them."),
    BadInput(
      "a misspelt key", in: match, "periods:", "period:",
      "4:1: unknown key `period`; did you mean `periods`?",
      "A task file has name, source, inputs, outputs, periods, show, columns, conditions, redraw, respond, curves."
    ),
    BadInput(
      "an unknown key", in: match, "respond: decision", "respond: decision\ncolour: blue",
      "16:1: unknown key `colour`",
      "A task file has name, source, inputs, outputs, periods, show, columns, conditions, redraw, respond, curves."
    ),
    BadInput(
      "a sweep file", "base: {task: cue-association}\n",
      "1:1: unknown key `base`",
      "This is a sweep file; a task file has name, source, inputs, outputs, periods, show, columns, conditions, redraw, respond, curves."
    ),
    BadInput(
      "no name", in: match, "name: match\n", "",
      "1:1: `name` is missing",
      "A task file has name, inputs, outputs, periods, show, conditions, respond; see sweeps/tasks/match.yaml."
    ),
    BadInput(
      "no conditions", in: match,
      "conditions:\n  - {sample: a, test: a, z: 1}\n  - {sample: b, test: b, z: 1}\n  - {sample: a, test: b, z: -1}\n  - {sample: b, test: a, z: -1}\n",
      "",
      "1:1: `conditions` is missing",
      "A task file has name, inputs, outputs, periods, show, conditions, respond; see sweeps/tasks/match.yaml."
    ),
    BadInput(
      "no response", in: match, "respond: decision\n", "",
      "1:1: `respond` is missing",
      "A task file has name, inputs, outputs, periods, show, conditions, respond; see sweeps/tasks/match.yaml."
    ),
    BadInput(
      "a sentence for a name", in: match, "name: match", "name: Does it match?",
      "1:7: name should be letters, digits, -, _ and . (at most 60), and is `Does it match?`",
      "It names the task in tables and figures; the paper goes into `source`."),
    BadInput(
      "a path for a name", in: match, "name: match", "name: match.yaml",
      "1:7: name should be letters, digits, -, _ and . (at most 60), and is `match.yaml`",
      "It names the task in tables and figures; the paper goes into `source`."),
    BadInput(
      "a list for a source", in: match, "name: match", "name: match\nsource: [Miller]",
      "2:9: source should be a sentence, and is a list",
      "Write it on one line, in quotes."),
    BadInput(
      "no inputs", in: match, "inputs: [fix, a, b]", "inputs: []",
      "2:9: inputs should be 1 to 1024 names, and are 0",
      "Write a list: inputs: [a, b]."),
    BadInput(
      "a number for a channel", in: match, "inputs: [fix, a, b]", "inputs: [fix, 1, b]",
      "2:15: the name of a channel should be a word, and is `1`",
      "Letters, digits, - and _, beginning with a letter; `none` and `weight` mean something else."),
    BadInput(
      "a channel twice", in: match, "inputs: [fix, a, b]", "inputs: [fix, a, a]",
      "2:18: the channel `a` is listed twice",
      "Give every channel a name of its own."),
    BadInput(
      "a reserved name", in: match, "inputs: [fix, a, b]", "inputs: [fix, a, b, none]",
      "2:21: the name of a channel should be a word, and is `none`",
      "Letters, digits, - and _, beginning with a letter; `none` and `weight` mean something else."),
    BadInput(
      "a channel that is never shown", in: match, "inputs: [fix, a, b]", "inputs: [fix, a, b, c]",
      "2:21: nothing is ever shown on the channel `c`",
      "Show something on it, or remove it from inputs."),
    BadInput(
      "an output that no row has", in: match, "outputs: [z]", "outputs: [zz]",
      "1:1: no row says what the output `zz` should be; did you mean `z`?",
      "Give every row of conditions a column `zz`: a number, or the name of a curve."),
  ]
}
