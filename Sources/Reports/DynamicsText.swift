import Dynamics
import Experiment
import Foundation
import Launch
import ResultStore
import Sweep

/// The dynamics as text: every held input of a single network, then the table that compares groups and stages.
public enum DynamicsText {
  public static func lines(_ found: [NamedDynamics], computed: Int, folder: String) -> [String] {
    var lines: [String] = []
    if found.count == 1 { lines += details(found[0]) + [""] }
    lines.append("Means over conditions, their analysed points and \(found.count) network runs; time in tau.")
    lines += table(DynamicsComparison(found.map { ($0.group, $0.records) }))
    return lines + [
      "",
      "kept in \(folder): \(computed) network runs computed now, \(found.count - computed) were there",
    ]
  }

  private static func details(_ one: NamedDynamics) -> [String] {
    var lines = [
      "cell \(one.cell.keyText) (\(one.cell.label)), network \(one.network), task "
        + TaskFile.shownName(one.cell.settings.tasks[one.network % one.cell.settings.tasks.count])
    ]
    for stage in DynamicsStage.allCases {
      let own = one.records.filter { $0.stage == stage }
      guard let first = own.first else { continue }
      guard first.divergedAt < 0 else {
        lines.append("\(stage): the lifetime diverged in trial \(first.divergedAt)")
        continue
      }
      let accuracy = first.lateAccuracy.isNaN ? "" : ", late accuracy \(text(first.lateAccuracy))"
      lines.append("\(stage)\(accuracy)")
      for record in own { lines.append("  " + line(record)) }
    }
    return lines
  }

  /// One held input: what the search found, and the point most starts lead to.
  private static func line(_ record: DynamicsRecord) -> String {
    let name = record.condition < 0 ? "no input" : "condition \(record.condition)"
    let search =
      "\(name): \(record.fixedPoints) points, \(record.converged) of \(record.starts) starts converged"
    guard record.analysed > 0 else {
      return search + (record.slowest.isNaN ? "" : ", slowest |F| \(text(record.slowest))")
    }
    let stable = record.stable.isNaN ? 0 : Int((record.stable * Double(record.analysed)).rounded())
    guard !record.firstReal.isNaN else {
      return search + "; \(stable) stable; eigenvalues of the first were not found"
    }
    let stability = [1: "stable", 0: "marginal", -1: "unstable"][record.firstStability] ?? "unknown"
    let sign = record.firstImaginary < 0 ? "-" : "+"
    return search
      + "; \(stable) of \(record.analysed) stable; most hits \(record.firstHits): \(stability), "
      + "lambda \(text(record.firstReal)) \(sign) \(text(abs(record.firstImaginary)))i, "
      + "Henrici \(text(record.firstHenrici))"
  }

  private static func table(_ comparison: DynamicsComparison) -> [String] {
    let head = ["", "stage", "networks", "diverged", "late accuracy"] + DynamicsSummary.names
    let rows = comparison.rows.map { row in
      [row.group, "\(row.stage)", "\(row.networks)", "\(row.diverged)", text(row.lateAccuracy)]
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
  private enum Key: String, CodingKey { case cell, label, network, arrays, stages }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(cell.keyText, forKey: .cell)
    try container.encode(cell.label, forKey: .label)
    try container.encode(network, forKey: .network)
    try container.encode("dynamics/\(cell.keyText)-n\(network).npz", forKey: .arrays)
    try container.encode(
      DynamicsStage.allCases.map { stage in JSONStage(stage, records.filter { $0.stage == stage }) },
      forKey: .stages)
  }
}

/// Numbers that do not exist are left out.
private struct JSONStage: Encodable {
  var stage: String
  var diverged_at: Int?
  var late_accuracy: Double?
  /// Means over conditions.
  var summary: [String: Double]
  var held: [JSONHeld]

  init(_ stage: DynamicsStage, _ records: [DynamicsRecord]) {
    self.stage = "\(stage)"
    let first = records.first
    diverged_at = first.flatMap { $0.divergedAt < 0 ? nil : Int($0.divergedAt) }
    late_accuracy = first.flatMap { $0.lateAccuracy.isFinite ? $0.lateAccuracy : nil }
    let mean = DynamicsSummary(meanOf: records.filter { $0.condition >= 0 }.map(\.summary))
    summary = JSONHeld.finite(mean)
    held = diverged_at == nil ? records.map(JSONHeld.init) : []
  }
}

private struct JSONHeld: Encodable {
  /// -1: no input.
  var condition: Int
  var fixed_points: Int
  var outcomes: [String: Int]
  var slowest: Double?
  var summary: [String: Double]

  init(_ record: DynamicsRecord) {
    condition = Int(record.condition)
    fixed_points = Int(record.fixedPoints)
    outcomes = [
      "converged": Int(record.converged), "stalled": Int(record.stalled), "singular": Int(record.singular),
      "exhausted": Int(record.exhausted), "overflowed": Int(record.overflowed),
    ]
    slowest = record.slowest.isFinite ? record.slowest : nil
    summary = Self.finite(record.summary)
  }

  static func finite(_ summary: DynamicsSummary) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(DynamicsSummary.names, summary.values).filter { $0.1.isFinite })
  }
}
