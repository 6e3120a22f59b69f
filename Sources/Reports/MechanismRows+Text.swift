import Experiment
import Foundation

extension [MechanismRow] {
  /// The rows as text: a table a size, a line a mechanism, with ms of a trial and the time over the plain rule's.
  public var lines: [String] {
    var sizes: [BenchSize] = []
    for row in self where !sizes.contains(row.size) { sizes.append(row.size) }
    return sizes.enumerated().flatMap { place, size in
      let rows = filter { $0.size == size }
      var works: [String] = []
      for row in rows where !works.contains(row.work) { works.append(row.work) }
      let head = "N = \(size.units), T = \(size.steps), d = \(size.degree), H = \(rows[0].trials): ms a trial"
      var lines = place == 0 ? [] : [""]
      lines.append(Self.line(head, works.flatMap { [$0, "over plain"] }))
      for row in rows where row.work == works[0] {
        let cells = works.flatMap { work -> [String] in
          guard let own = rows.first(where: { $0.work == work && $0.name == row.name }) else {
            return ["-", "-"]
          }
          let time = own.timing.median
          return [
            String(format: time < 0.1 ? "%.5f" : "%.3f", time),
            String(format: "%+.0f %%", 100 * (own.ratio - 1)),
          ]
        }
        lines.append(Self.line("  \(row.name)", cells))
      }
      return lines
    }
  }

  private static func line(_ head: String, _ cells: [String]) -> String {
    cells.reduce(head.padding(toLength: Swift.max(52, head.count), withPad: " ", startingAt: 0)) {
      $0 + " " + String(repeating: " ", count: Swift.max(0, 10 - $1.count)) + $1
    }
  }
}
