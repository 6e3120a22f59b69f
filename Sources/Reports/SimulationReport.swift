import Foundation
import Model
import Sweep

/// A sweep simulated on several numbers of ranks, a row each.
public struct SimulationReport {
  /// Seconds of every cell on one rank.
  private let costs: [Double]
  private let cells: [PlannedCell]
  /// Messages that rank 0 can handle in a second.
  private let capacity: Double

  public init(of cells: [PlannedCell], capacity: Double, seconds: (PlannedCell) -> Double) {
    self.cells = cells
    self.capacity = capacity
    costs = cells.map(seconds)
  }

  /// What the cells take in all, then the table; and a warning for every machine on which the sweep never ends.
  /// - Parameter machines: one for every number of ranks; all with failures or none.
  public func lines(on machines: [Simulation.Machine]) -> (lines: [String], warnings: [String]) {
    let outcomes = machines.map(outcome)
    let work = costs.reduce(0, +)
    let hasFailures = machines.contains { $0.failureTime != nil }
    var rows = [["ranks", "wall", "utilisation", "tail", "messages/s", "rank 0 load"]]
    if hasFailures { rows[0] += ["deaths", "work lost"] }
    for (machine, outcome) in zip(machines, outcomes) {
      var row = [
        "\(machine.ranks)", outcome.isEndless ? "never" : Progress.duration(outcome.wall),
        Self.percent(outcome.utilisation),
        Progress.duration(outcome.tail), String(format: "%.1f", outcome.messagesPerSecond),
        Self.percent(outcome.messagesPerSecond / capacity),
      ]
      if hasFailures { row += ["\(outcome.deaths)", Self.percent(outcome.lost / work)] }
      rows.append(row)
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
      row.indices.map { String(repeating: " ", count: widths[$0] - row[$0].count) + row[$0] }
        .joined(separator: "  ")
    }
    let longest = Progress.duration(costs.max() ?? 0)
    return (
      ["\(cells.count) cells, \(Progress.duration(work)) on one rank, longest \(longest)"] + table,
      zip(machines, outcomes).compactMap(Self.warning)
    )
  }

  /// The same as JSON; no wall time for a machine on which the sweep never ends.
  public func json(on machines: [Simulation.Machine]) throws -> String {
    let outcomes = machines.map(outcome)
    return try printedJSON(
      Document(
        cells: cells.count, seconds: costs.reduce(0, +), longest_seconds: costs.max() ?? 0,
        machines: zip(machines, outcomes).map { machine, outcome in
          Row(
            ranks: machine.ranks, wall_seconds: outcome.isEndless ? nil : outcome.wall,
            utilisation: outcome.utilisation, tail_seconds: outcome.tail,
            messages_per_second: outcome.messagesPerSecond,
            coordinator_load: outcome.messagesPerSecond / capacity, deaths: outcome.deaths,
            lost_seconds: outcome.lost)
        }, warnings: zip(machines, outcomes).compactMap(Self.warning)))
  }

  private func outcome(on machine: Simulation.Machine) -> Simulation.Outcome {
    Simulation.run(
      costs: costs, iterations: cells.map { $0.cell.settings.meta.iterations },
      widths: cells.map { Resume.width(of: $0.cell.settings) }, on: machine)
  }

  private static func warning(_ machine: Simulation.Machine, _ outcome: Simulation.Outcome) -> String? {
    guard outcome.isEndless, let mean = machine.failureTime else { return nil }
    return
      "on \(machine.ranks) ranks the job dies every \(Progress.duration(mean / Double(machine.ranks))) and gets next "
      + "to nothing done in between: it never ends"
  }

  private struct Document: Encodable {
    var cells: Int
    var seconds: Double
    var longest_seconds: Double
    var machines: [Row]
    var warnings: [String]
  }

  private struct Row: Encodable {
    var ranks: Int
    var wall_seconds: Double?
    var utilisation: Double
    var tail_seconds: Double
    var messages_per_second: Double
    var coordinator_load: Double
    var deaths: Int
    var lost_seconds: Double
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
