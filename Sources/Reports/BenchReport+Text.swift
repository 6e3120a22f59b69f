import Experiment
import Foundation
import Sweep

extension BenchReport {
  /// The report as text, a line a row.
  public var lines: [String] {
    let peak = Precision.allCases.map {
      String(format: "%@ %.0f GFLOP/s", $0.rawValue, peaks[$0] ?? .nan)
    }
    let heads = ["", "ms a trial", "quartiles", "trials/s", "GFLOP/s", "of peak"]
    var lines = [
      "\(machine.processor), SIMD level \(machine.level), peak of one core: " + peak.joined(separator: ", ")
    ]
    var last: String?
    for row in rows {
      let size = "N = \(row.size.units), T = \(row.size.steps), d = \(row.size.degree), \(row.precision)"
      if size != last {
        lines += ["", Self.line([size] + heads.dropFirst())]
        last = size
      }
      lines.append(Self.line(Self.cells(row)))
    }
    return lines
  }

  private static func cells(_ row: BenchRow) -> [String] {
    let time = row.timing
    let credited = row.flops > 0
    return [
      "  \(row.name)" + (row.name.hasPrefix("lifetime") ? " \(row.engine) (H = \(row.trials))" : ""),
      number(time.median), "\(number(time.low)) - \(number(time.high))",
      String(format: "%.0f", 1e3 / time.median), credited ? String(format: "%.1f", row.gigaflops) : "-",
      credited ? String(format: "%.0f %%", 100 * row.gigaflops / row.peak) : "-",
    ]
  }

  /// Three significant digits or more.
  private static func number(_ value: Double) -> String {
    String(format: value < 0.1 ? "%.5f" : value < 10 ? "%.3f" : "%.1f", value)
  }

  private static func line(_ cells: [String]) -> String {
    let widths = [11, 19, 9, 8, 7]
    let first = cells[0].padding(toLength: max(42, cells[0].count), withPad: " ", startingAt: 0)
    return zip(cells.dropFirst(), widths).reduce(first) { text, cell in
      text + " " + String(repeating: " ", count: max(0, cell.1 - cell.0.count)) + cell.0
    }
  }
}
