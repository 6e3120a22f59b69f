import Sweep
import TaskFiles
import Testing

/// A wrong task file and the message it gets: the place and problem after `task.yaml:`, and the advice.
struct BadTask: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var problem: String
  var advice: String
  var testDescription: String { name }

  init(_ name: String, _ text: String, _ problem: String, _ advice: String) {
    self.name = name
    self.text = text
    self.problem = problem
    self.advice = advice
  }

  /// A good file with one change.
  init(_ name: String, in good: String, _ old: String, _ new: String, _ problem: String, _ advice: String) {
    self.init(name, good.replacing(old, with: new, maxReplacements: 1), problem, advice)
  }

  func expectRefusal() {
    do {
      let file = try read(text)
      Issue.record("\(name) was read as \(file.identity)")
    } catch {
      #expect(error is SweepFileError)
      #expect("\(error)" == "task.yaml:\(problem)\n  \(advice)")
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
