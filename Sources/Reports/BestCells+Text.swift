import Ablation
import Foundation
import Model

extension BestCells {
  /// A table, and how to go on from it.
  public func text(folder: String) -> String {
    let head = [by, "cell", "validation", "accuracy", "reward", "networks", "best of", "settings"]
    let rows = entries.map { entry in
      [
        entry.group, entry.cell, String(format: "%.3f", entry.validationReward),
        String(format: "%.3f", entry.accuracy), String(format: "%.3f", entry.reward), "\(entry.networks)",
        "\(entry.among)",
        entry.settings.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " "),
      ]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    let lines = ([head] + rows).map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        .replacing(#/ +$/#, with: "")
    }
    return """
      the best cell by reward on its validation networks; accuracy and reward are late ones of fresh networks, which \
      had no part in the choice

      \(lines.joined(separator: "\n"))

      `trifactor rule \(folder) --cell \(entries[0].cell)` shows its rule; with --to FILE or --as numpy it is written

      """
  }

  /// All of it as JSON.
  public func json() throws -> String { try printedJSON(self) }
}
