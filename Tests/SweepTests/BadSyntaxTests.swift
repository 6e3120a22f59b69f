import TestSupport
import Testing

/// Files that are no sweep file at all, and keys at the wrong place.
@Suite struct BadSyntaxTests {
  @Test(arguments: inputs) func isRefused(_ input: BadInput) {
    input.expectRefusal()
  }

  static let inputs = [
    BadInput(
      "an empty file",
      "",
      " the file is empty",
      "A sweep file has at least `base:` with a task; see sweeps/quickstart.yaml."),
    BadInput(
      "only a comment",
      "# nothing yet\n",
      " the file is empty",
      "A sweep file has at least `base:` with a task; see sweeps/quickstart.yaml."),
    BadInput(
      "a list instead of a mapping",
      "- base\n- axes\n",
      "1:1: the sweep file should be a mapping, and is a list",
      "Write one `key: value` a line, indented below it."),
    BadInput(
      "a scalar instead of a mapping",
      "quickstart\n",
      "1:1: the sweep file should be a mapping, and is `quickstart`",
      "Write one `key: value` a line, indented below it."),
    BadInput(
      "a tab for indentation",
      "base:\n\ttask: cue-association\n",
      "2:1: a tab indents this line, and YAML allows blanks only",
      "Replace each tab by two blanks."),
    BadInput(
      "a tab in the middle of an indent",
      "base:\n  rule:\n  \tdegree: 3\n",
      "3:3: a tab indents this line, and YAML allows blanks only",
      "Replace each tab by two blanks."),
    BadInput(
      "an open bracket",
      "base: {seed: 1\naxes: {trials: [1, 2]}\n",
      "2:5: this is not YAML: did not find expected ',' or '}' while parsing a flow mapping that starts in line 1",
      "Look at the indentation, brackets, quotes and colons here and in the line before."),
    BadInput(
      "a missing colon",
      "base:\n  seed 1\n  trials: 2\n",
      "3:9: this is not YAML: mapping values are not allowed in this context",
      "Look at the indentation, brackets, quotes and colons here and in the line before."),
    BadInput(
      "bad indentation",
      "base:\n  seed: 1\n trials: 2\n",
      "3:2: this is not YAML: did not find expected key while parsing a block mapping that starts in line 1",
      "Look at the indentation, brackets, quotes and colons here and in the line before."),
    BadInput(
      "an unclosed quote",
      "name: \"open\nbase: {seed: 1}\n",
      "3:1: this is not YAML: found unexpected end of stream while scanning a quoted scalar that starts in line 1",
      "Look at the indentation, brackets, quotes and colons here and in the line before."),
    BadInput(
      "several documents",
      "base: {seed: 1}\n---\nbase: {seed: 2}\n",
      "2:1: a second document starts here",
      "Write one sweep a file, and remove the line `---`."),
    BadInput(
      "an undefined alias",
      "base: *settings\n",
      "1:7: this is not YAML: found undefined alias",
      "Look at the indentation, brackets, quotes and colons here and in the line before."),
    BadInput(
      "a control character",
      "base: {seed: 1}\nname: a\u{7}b\n",
      "2:8: this character is not allowed in YAML (control characters are not allowed)",
      "Remove it."),
    BadInput(
      "a duplicate key",
      "base:\n  seed: 1\n  trials: 10\n  seed: 2\n",
      "4:3: `seed` is given twice, first in line 2",
      "Keep one of them."),
    BadInput(
      "a duplicate section",
      "base: {seed: 1}\naxes: {trials: [10, 20]}\nbase: {seed: 2}\n",
      "3:1: `base` is given twice, first in line 1",
      "Keep one of them."),
    BadInput(
      "one setting dotted and nested",
      "base:\n  rule.degree: 3\n  rule: {degree: 1}\n",
      "3:10: `rule.degree` is given twice in base, first in line 2",
      "Keep one of them; dotted and nested keys mean the same setting."),
    BadInput(
      "a merge key",
      "base:\n  <<: {seed: 1}\n",
      "2:3: merge keys (`<<`) are not supported",
      "Write the settings out."),
    BadInput(
      "a list as key",
      "base:\n  [1, 2]: 3\n",
      "2:3: a key in base is a list",
      "Keys are plain words such as `task`."),
    BadInput(
      "an unknown section",
      "bas: {seed: 1}\n",
      "1:1: unknown key `bas`; did you mean `base`?",
      "A sweep file has name, question, base, axes, zip, exclude, when."),
    BadInput(
      "a setting at the top",
      "task: cue-association\n",
      "1:1: the setting `task` stands at the top level",
      "Indent it under `base:` (one value) or `axes:` (several)."),
    BadInput(
      "a group at the top",
      "network: {units: 32}\n",
      "1:1: the setting `network` stands at the top level",
      "Indent it under `base:` (one value) or `axes:` (several)."),
    BadInput(
      "a name with a slash",
      "name: out/run\n",
      "1:7: name should be letters, digits, -, _ and . (at most 100), and is `out/run`",
      "It names figures and reports; put sentences into `question`."),
    BadInput(
      "a question that is a list",
      "question: [why]\n",
      "1:11: question should be a sentence, and is a list",
      "Write it on one line, in quotes."),
    BadInput(
      "base as text",
      "base: defaults\n",
      "1:7: base should be a mapping, and is `defaults`",
      "Write one `key: value` a line, indented below it."),
    BadInput(
      "a duplicate in a nested mapping",
      "base:\n  network:\n    units: 3\n    gain: 1\n    units: 4\n",
      "5:5: `units` is given twice, first in line 3",
      "Keep one of them."),
    BadInput(
      "a trailing comma",
      "axes: {seed: [1, 2,, 3]}\n",
      "1:20: this is not YAML: did not find expected node content while parsing a flow node that starts in line 1",
      "Look at the indentation, brackets, quotes and colons here and in the line before."),
  ]
}
