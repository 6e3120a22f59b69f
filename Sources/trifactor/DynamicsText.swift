import Dynamics
import Experiment
import Foundation
import Sweep

/// One network of one cell, by name.
struct NamedDynamics {
  var cell: Cell
  /// Where the cell lies on the axes, without its seed.
  var group: String
  var dynamics: CellDynamics
}

/// The dynamics as text: every held input of a single network, then the table that compares groups and stages.
enum DynamicsText {
  static func lines(_ found: [NamedDynamics], folder: String) -> [String] {
    var lines: [String] = []
    if found.count == 1 { lines += details(found[0]) + [""] }
    let comparison = DynamicsComparison(found.map { ($0.group, $0.dynamics) })
    lines.append("Means over conditions, their analysed points and \(found.count) network runs; time in tau.")
    lines += table(comparison)
    return lines + ["", "kept in \(folder)/dynamics"]
  }

  private static func details(_ one: NamedDynamics) -> [String] {
    let dynamics = one.dynamics
    var lines = [
      "cell \(one.cell.keyText) (\(one.cell.label)), network \(dynamics.index), task \(dynamics.task)"
    ]
    for snapshot in dynamics.snapshots {
      guard let report = snapshot.report else {
        lines.append("\(snapshot.stage.rawValue): the lifetime diverged in trial \(snapshot.divergedAt ?? 0)")
        continue
      }
      let accuracy = snapshot.lateAccuracy.isNaN ? "" : ", late accuracy \(text(snapshot.lateAccuracy))"
      lines.append("\(snapshot.stage.rawValue)\(accuracy)")
      for held in report.held { lines.append("  " + line(held)) }
    }
    return lines
  }

  /// One held input: what the search found, and the point most starts lead to.
  private static func line(_ held: DynamicsReport.Held) -> String {
    let name = held.condition < 0 ? "no input" : "condition \(held.condition)"
    let starts = held.search.outcomes.values.reduce(0, +)
    let converged = held.search.outcomes["converged"] ?? 0
    let search = "\(name): \(held.search.points.count) points from \(converged) of \(starts) starts"
    guard let first = held.points.first else {
      return search + (held.search.slowest.map { ", slowest |F| \(text($0))" } ?? "")
    }
    let stable = held.points.count { $0.spectrum?.stability == .stable }
    guard let spectrum = first.spectrum, let slow = spectrum.values.first else {
      return search + "; \(stable) stable; eigenvalues of the first were not found"
    }
    let sign = slow.imaginary < 0 ? "-" : "+"
    return search
      + "; \(stable) of \(held.points.count) stable; most hits \(first.point.hits): \(spectrum.stability.rawValue), "
      + "lambda \(text(slow.real)) \(sign) \(text(abs(slow.imaginary)))i, Henrici \(text(first.nonNormality?.henrici ?? .nan))"
  }

  private static func table(_ comparison: DynamicsComparison) -> [String] {
    let head = ["", "stage", "networks", "diverged", "late accuracy"] + comparison.names
    let rows = comparison.rows.map { row in
      [row.group, row.stage.rawValue, "\(row.networks)", "\(row.diverged)", text(row.lateAccuracy)]
        + row.values.map(text)
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max()! }
    return ([head] + rows).map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column < 2 ? row[column] + padding : padding + row[column]
      }.joined(separator: "  ")
    }
  }

  /// Three digits; "-" for a number that does not exist.
  private static func text(_ value: Double) -> String {
    value.isNaN ? "-" : String(format: abs(value) < 0.01 && value != 0 ? "%.2g" : "%.3f", value)
  }
}

extension NamedDynamics: Encodable {
  private enum Key: String, CodingKey { case cell, label, network, task, stages }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(cell.keyText, forKey: .cell)
    try container.encode(cell.label, forKey: .label)
    try container.encode(dynamics.index, forKey: .network)
    try container.encode(dynamics.task, forKey: .task)
    try container.encode(dynamics.snapshots.map(JSONStage.init), forKey: .stages)
  }
}

/// Numbers that do not exist are left out.
private struct JSONStage: Encodable {
  var stage: String
  var diverged_at: Int?
  var late_accuracy: Double?
  var summary: [String: Double]?
  var held: [JSONHeld]?

  init(_ snapshot: CellDynamics.Snapshot) {
    stage = snapshot.stage.rawValue
    diverged_at = snapshot.divergedAt
    late_accuracy = snapshot.lateAccuracy.isNaN ? nil : snapshot.lateAccuracy
    summary = snapshot.report.map { report in
      Dictionary(
        uniqueKeysWithValues: report.summary.entries.filter { $0.value.isFinite }.map { ($0.name, $0.value) })
    }
    held = snapshot.report?.held.map(JSONHeld.init)
  }
}

private struct JSONHeld: Encodable {
  /// -1: no input.
  var condition: Int
  var input: [Double]
  var fixed_points: Int
  var outcomes: [String: Int]
  var slowest: Double?
  var points: [JSONPoint]

  init(_ held: DynamicsReport.Held) {
    condition = held.condition
    input = held.input
    fixed_points = held.search.points.count
    outcomes = held.search.outcomes
    slowest = held.search.slowest.flatMap { $0.isFinite ? $0 : nil }
    points = held.points.map(JSONPoint.init)
  }
}

private struct JSONPoint: Encodable {
  var hits: Int
  var residual: Double
  var stability: String?
  var unstable_directions: Int?
  /// Real and imaginary parts, by falling real part.
  var eigenvalues: [[Double]]?
  var henrici: Double?
  var singular: Bool

  init(_ point: PointReport) {
    hits = point.point.hits
    residual = point.point.residual
    stability = point.spectrum?.stability.rawValue
    unstable_directions = point.spectrum?.unstableDirections
    eigenvalues = point.spectrum?.values.map { [$0.real, $0.imaginary] }
    henrici = point.nonNormality?.henrici
    singular = point.sensitivity == .singular
  }
}
