/// Warnings that several tables give, in the same words.
package enum Caveat {
  /// - Parameter runs: how many each interval is over.
  /// - Returns: nil where none is over two to four.
  package static func fewRuns(_ runs: some Sequence<Int>, called name: String = "runs") -> String? {
    runs.contains { (2...4).contains($0) }
      ? "Intervals of 2 to 4 \(name) are too narrow: 5 to 10 to screen, 20 for a claim." : nil
  }

  /// - Parameter paths: settings other than seeds that take several values in one entry, and how many.
  package static func pooled(_ paths: [String: Int], by name: String) -> String? {
    guard !paths.isEmpty else { return nil }
    let parts = paths.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value) values)" }
    return "\(name) pool over \(parts.joined(separator: ", ")): a run is one seed, the mean over them."
  }
}
