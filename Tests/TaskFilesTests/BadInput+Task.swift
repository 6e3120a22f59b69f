import Sweep
import TaskFiles
import TestSupport
import Testing

extension BadInput {
  /// As a task file.
  func expectRefusal(sourceLocation: SourceLocation = #_sourceLocation) {
    expectRefusal(SweepFileError.self, of: "task.yaml", sourceLocation: sourceLocation) {
      try read($0).identity
    }
  }

  static let match = """
    name: match
    inputs: [fix, a, b]
    outputs: [z]
    periods: {sample: 500, delay: {choice: [400, 800]}, test: 500, decision: 300}
    show:
      - {channel: fix, during: [sample, delay, test]}
      - {channel: $sample, during: sample, noise: 1}
      - {channel: $test, during: test, value: $strength}
    columns: {strength: {choice: [0.5, 1]}}
    conditions:
      - {sample: a, test: a, z: 1}
      - {sample: b, test: b, z: 1}
      - {sample: a, test: b, z: -1}
      - {sample: b, test: a, z: -1}
    respond: decision

    """

  static let curves = """
    name: curves
    inputs: [a, b]
    outputs: [x]
    curves: {p: {sines: 2, cycles: [0.5, 2]}, q: {samples: [0, 1, 0]}}
    periods: {cue: 200, produce: 300}
    show: [{channel: $cue, during: cue}]
    conditions: [{cue: a, x: p}, {cue: b, x: q}]
    respond: produce

    """
}
