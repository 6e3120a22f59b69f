import Model

/// A trial as text: one row a channel, one column a step (or a few steps, averaged).
///
/// Values are rounded to tenths: `.` is 0, `1` to `9` are tenths, `a` to `i` tenths below 0, `#` is 1 or more and `=`
/// is -1 or less. The last row marks the response window with `^`.
public struct TrialView: Sendable {
  public let lines: [String]

  /// - Parameters:
  ///   - columns: at most that many columns, at least 1; longer trials are averaged over runs of equal length.
  ///   - step: dt in ms, for the scale in the first line.
  public init(of trial: Trial, task: some LearningTask, step: Double, columns: Int = 96) {
    invariant(columns >= 1, "a trial cannot be shown in \(columns) columns")
    let steps = task.steps
    let width = (steps + columns - 1) / columns
    func row(_ values: [Float], _ channel: Int, of channels: Int) -> String {
      var text = ""
      for start in stride(from: 0, to: steps, by: width) {
        let run = start..<min(steps, start + width)
        let mean = run.reduce(Float(0)) { $0 + values[$1 * channels + channel] } / Float(run.count)
        text.append(Self.sign(mean))
      }
      return text
    }
    var marks = ""
    for start in stride(from: 0, to: steps, by: width) {
      marks.append(trial.window.overlaps(start..<min(steps, start + width)) ? "^" : " ")
    }
    let labels =
      (0..<task.inputs).map { "u\($0)" } + (0..<task.outputs).map { "y\($0)" } + ["window"]
    let rows =
      (0..<task.inputs).map { row(trial.inputs, $0, of: task.inputs) }
      + (0..<task.outputs).map { row(trial.target, $0, of: task.outputs) } + [marks]
    let pad = labels.map(\.count).max()!
    lines =
      ["condition \(trial.condition), \(steps) steps of \(step) ms, \(width) to a column"]
      + zip(labels, rows).map { label, row in
        "  " + label + String(repeating: " ", count: pad - label.count) + "  " + row
      }
  }

  private static func sign(_ value: Float) -> Character {
    let tenths = Int((10 * max(-1, min(1, value))).rounded())
    return Array("=ihgfedcba.123456789#")[tenths + 10]
  }
}
