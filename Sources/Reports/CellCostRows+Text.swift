import Experiment
import Foundation
import Model
import Sweep

extension [CellCostRow] {
  /// The rows as text: seconds of a cell by task, engine and estimator, a table a size; J too where they were read; and
  /// what all of it comes to in GFLOP/s.
  public var lines: [String] {
    guard let first else { return [] }
    var sizes: [BenchSize] = []
    for row in self where !sizes.contains(row.size) { sizes.append(row.size) }
    var lines = [
      "A cell of default settings: \(first.lifetimes) lifetimes with a gradient and \(first.testLifetimes) without, of "
        + "\(first.trials) trials; one core"
    ]
    for size in sizes {
      let rows = filter { $0.size == size }
      let head = "N = \(size.units), T = \(size.steps), d = \(size.degree)"
      lines += [""] + Self.table("\(head): seconds", rows) { Self.number($0.seconds) }
      guard rows.contains(where: { $0.joules != nil }) else { continue }
      lines += [""] + Self.table("\(head): joules", rows) { $0.joules.map(Self.number) ?? "-" }
    }
    lines += ["", Self.line("credited GFLOP/s, medians", sizes.map { "N = \($0.units)" })]
    let rates = rates
    for work in CoreSpeed.Work.allCases {
      guard let own = rates[work] else { continue }
      lines.append(Self.line("  \(work.rawValue)", own.map { Self.number($0.gigaflops) }))
    }
    return lines
  }

  /// A line a task, a column an engine and estimator.
  private static func table(_ head: String, _ rows: [CellCostRow], _ text: (CellCostRow) -> String)
    -> [String]
  {
    var tasks: [String] = []
    for row in rows where !tasks.contains(row.task) { tasks.append(row.task) }
    func of(_ task: String) -> [CellCostRow] { rows.filter { $0.task == task } }
    let columns = of(tasks[0])
    return [
      line(head, columns.map(\.estimator.rawValue)),
      line("", columns.map { $0.estimator.needsTangents ? $0.engine.rawValue : "" }),
    ] + tasks.map { line("  \($0)", of($0).map(text)) }
  }

  private static func number(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
  }

  private static func line(_ head: String, _ cells: [String]) -> String {
    cells.reduce(head.padding(toLength: Swift.max(32, head.count), withPad: " ", startingAt: 0)) {
      $0 + " " + String(repeating: " ", count: Swift.max(0, 10 - $1.count)) + $1
    }
  }
}
