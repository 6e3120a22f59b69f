import ResultStore

/// How a run ended, in a line: how many cells have ended, and how many of them before this run.
public struct RunEnding: Sendable {
  private let summary: SweepSummary
  private let before: [CellStatus: Int]
  private let folder: String

  /// - Parameter before: cells that had ended before the run, as in `Resume.ended`.
  public init(_ summary: SweepSummary, before: [CellStatus: Int], folder: String) {
    self.summary = summary
    self.before = before
    self.folder = folder
  }

  public var line: String {
    var parts = [count(summary.done, .done)]
    if let part = some(summary.diverged, .diverged) { parts.append(part) }
    if let part = some(summary.failed, .failed) {
      parts.append("\(part) (`trifactor status \(folder)` says why)")
    }
    if summary.left > 0 { parts.append("\(summary.left) left") }
    let text = parts.joined(separator: ", ")
    return summary.drained
      ? "drained: \(text); run the same command again to go on"
      : "finished: \(text); `trifactor table \(folder)` prints the table"
  }

  private func some(_ now: Int, _ status: CellStatus) -> String? {
    now + (before[status] ?? 0) > 0 ? count(now, status) : nil
  }

  private func count(_ now: Int, _ status: CellStatus) -> String {
    let earlier = before[status] ?? 0
    let origin = earlier == 0 ? "" : now == 0 ? ", all of them before" : ", \(earlier) of them before"
    return "\(now + earlier) \(status)\(origin)"
  }
}
