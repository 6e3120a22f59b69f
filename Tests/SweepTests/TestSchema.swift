import Model
import Sweep

/// Tasks as the program has them in size, without the tasks themselves.
let testSchema = SettingsSchema(
  tasks: [
    TaskEntry(name: "cue-association", forms: ["full"], options: ["cues": [4]]) { _, options, time in
      try shape(inputs: Int(options["cues"]?[0] ?? 4), milliseconds: 360, time)
    },
    TaskEntry(name: "delayed-nonmatch", forms: ["short", "full"]) { form, _, time in
      try shape(inputs: 2, milliseconds: form == "short" ? 400 : 1000, time)
    },
    TaskEntry(
      name: "perceptual-decision", forms: ["short", "full"],
      options: ["coherences": [0.25, 0.5], "stimulus": [2000]]
    ) { form, _, time in
      try shape(inputs: 1, milliseconds: form == "short" ? 360 : 2200, time)
    },
    TaskEntry(name: "flip-flop", forms: ["full"], options: ["bits": [1]]) { _, _, time in
      try shape(inputs: 1, milliseconds: 1000, time, moving: true)
    },
  ], rules: [RuleEntry(name: "miconi", theta: [ThetaEntry(Term(k: 3, l: 3), value: -1)])])

private func shape(
  inputs: Int, milliseconds: Double, _ time: TimeSettings, moving: Bool = false
) throws -> TaskShape {
  let steps = Int(((time.trial ?? milliseconds) / time.step + 1e-9).rounded(.down))
  guard steps >= 5 else { throw TooShort(steps: steps) }
  return TaskShape(inputs: inputs, outputs: 1, steps: steps, hasMovingTarget: moving, answersAtOnce: moving)
}

private struct TooShort: Error, CustomStringConvertible {
  var steps: Int
  var description: String { "its \(steps) steps leave no response window" }
}

/// A sweep file from its text, with these rule files beside it.
func read(_ text: String, rules: [String: String] = [:]) throws -> SweepFile {
  try SweepFile(bytes: Array(text.utf8), file: "test.yaml", schema: testSchema) { name in
    guard let text = rules[name] else { throw NoSuchFile() }
    return Array(text.utf8)
  }
}

struct NoSuchFile: Error, CustomStringConvertible {
  var description: String { "no such file" }
}
