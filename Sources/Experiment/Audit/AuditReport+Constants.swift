import Model
import Plasticity

/// The part of the report for people that is about constants and horizons.
extension AuditReport {
  func name(_ coordinate: RuleCoordinate) -> String {
    switch coordinate {
    case .theta(let index): start.shape.term(index).name
    case .constant(let constant): constant.name
    }
  }

  /// Tangents by constants against differences, the engines, and every estimator's gradient by constant.
  var constantLines: [String] {
    let d = constantDifferences
    var lines = [
      "By constant: \(constants.map(\.name).joined(separator: ", ")); rates and sizes by their logarithm."
    ]
    lines += table(sampled(d))
    let engines =
      [("double against reference", constantEngines.reference)]
      + [("adjoint against forward", constantEngines.adjoint)]
    for (name, parts) in engines where !parts.isEmpty {
      lines.append(
        "  \(name): " + parts.map { "\($0.quantity) \(short($0.worst))" }.joined(separator: ", "))
    }
    let e = constantEstimators
    guard e.lifetimes >= 2 else { return lines }
    lines += [
      "",
      "dJ by constant over \(e.lifetimes) lifetimes, mean with 95 % interval; * where its bias leaves out 0.",
    ]
    var rows = [["constant", "dJ"] + e.estimators.map { "\($0.estimator)" }]
    for (p, constant) in constants.enumerated() {
      rows.append(
        [constant.name, interval(e.slope[p])]
          + e.estimators.map { row in
            interval(row.gradient[p]) + (abs(row.bias[p].value) > 1.96 * row.bias[p].error ? " *" : "")
          })
    }
    return lines + table(rows)
  }

  /// Gradients under horizons beside those without one.
  var horizonLines: [String] {
    let h = horizons
    guard h.rows.count > 1 else {
      return ["Horizons: nothing to compare (\(h.lifetimes) lifetimes counted, \(h.dropped) did not)."]
    }
    func title(_ row: HorizonAudit.Row) -> String { row.horizon.map { "\($0)" } ?? "none" }
    var lines = [
      "What a horizon keeps of the `\(h.estimator)` gradient, mean over \(h.lifetimes) lifetimes"
        + (h.dropped > 0 ? " (\(h.dropped) more without a gradient)" : "") + ".",
      "theta: along the gradient without a horizon, as a share of it; a constant: gradient with 95 % interval, * where the",
      "interval of the difference to none leaves out 0.",
    ]
    var rows = [["horizon"] + h.rows.map(title)]
    rows.append(["theta"] + h.rows.map { short(h.keptOfTheta($0)) })
    for p in h.coordinates.indices where h.coordinates[p].constant != nil {
      rows.append(
        [name(h.coordinates[p])]
          + h.rows.map { row in
            interval(row.gradient[p]) + (abs(row.bias[p].value) > 1.96 * row.bias[p].error ? " *" : "")
          })
    }
    lines += table(rows)
    return lines
  }
}
