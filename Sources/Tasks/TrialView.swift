/// A trial as text: one row a channel, one column a step (or a few steps, averaged).
///
/// Signs of values v: `.` for |v| < 0.05; `+` and `#` for positive values below and from 0.75; `-` and `=` for negative
/// ones. The last row marks the response window with `^`.
public struct TrialView: Sendable {
  public let lines: [String]

  /// - Parameters:
  ///   - columns: at most that many columns, at least 1; longer trials are averaged over runs of equal length.
  ///   - step: dt in ms, for the scale in the first line.
  public init(of trial: Trial, task: some LearningTask, step: Double, columns: Int = 96) {
    precondition(columns >= 1, "a trial cannot be shown in \(columns) columns")
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
    if abs(value) < 0.05 { return "." }
    if value > 0 { return value < 0.75 ? "+" : "#" }
    return value > -0.75 ? "-" : "="
  }
}
