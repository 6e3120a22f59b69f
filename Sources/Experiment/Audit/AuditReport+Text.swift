import Plasticity

extension AuditReport {
  /// The report for people: what was compared, the tables, and the verdict at the end.
  public var text: String {
    var lines = [
      "cell \(cell.keyText) (\(cell.label)): N \(subject.method.units), T \(subject.task.steps), "
        + "H \(cell.settings.trials), d \(start.degree), \(subject.method.reward) reward, horizon "
        + (subject.method.horizon.map { "\($0)" } ?? "none"),
      "",
    ]
    lines += differenceLines + [""] + engineLines + [""] + estimatorLines + [""]
    if !constants.isEmpty { lines += constantLines + [""] }
    lines += horizonLines + [""]
    return (lines + [verdictLine]).joined(separator: "\n")
  }

  private var differenceLines: [String] {
    let d = differences
    var lines = [
      "Forward tangents against central differences, \(subject.method.trials) trials in double precision.",
      "Relative L2 error over the coefficients whose differences settled (share of them).",
    ]
    if let trial = d.divergedAt { return lines + ["  the lifetime diverged in trial \(trial)"] }
    var rows = sampled(d)
    rows.append(["cumulated", "", error(d.cumulated.last), share(d.cumulated.last), "", ""])
    lines += table(rows)
    if d.trials.isEmpty { lines.append("  (binary reward has no derivative: Rdot is 0)") }
    return lines
  }

  /// The rows of Rdot and U at the sampled trials and at the worst, with their heads.
  func sampled(_ d: DifferenceAudit) -> [[String]] {
    var rows = [["", "trial", "Rdot", "settled", "U", "settled"]]
    for (place, entry) in zip(["first", "middle", "last"], d.weights) {
      let rdot = d.trials.isEmpty ? nil : d.trials[entry.trial]
      rows.append(
        [place, "\(entry.trial)", error(rdot), share(rdot), error(entry.comparison), share(entry.comparison)])
    }
    if let worst = worst(d.trials) {
      rows.append(["worst", "\(worst.0)", error(worst.1), share(worst.1), "", ""])
    }
    return rows
  }

  func worst(_ trials: [DifferenceAudit.Comparison]) -> (Int, DifferenceAudit.Comparison)? {
    trials.enumerated().filter { $0.element.error != nil }.max { $0.element.error! < $1.element.error! }
      .map { ($0.offset, $0.element) }
  }

  func error(_ comparison: DifferenceAudit.Comparison?) -> String {
    comparison?.error.map(short) ?? "-"
  }

  func share(_ comparison: DifferenceAudit.Comparison?) -> String {
    comparison.map { "\($0.settled)/\($0.directions)" } ?? "-"
  }

  private var engineLines: [String] {
    var rows = [["", "quantity", "worst error", "tolerance", "beyond", "of"]]
    for (name, parts) in [
      ("double against reference", engines.reference), ("float against double", engines.float),
      ("adjoint against forward", engines.adjoint),
    ] {
      for (index, part) in parts.enumerated() {
        rows.append([
          index == 0 ? name : "", part.quantity, short(part.worst), short(part.tolerance), "\(part.beyond)",
          "\(part.trials)",
        ])
      }
    }
    var lines = [
      "Engines against each other, every trial from the same W; error relative to the largest entry."
    ]
    lines += table(rows)
    if engines.reference.isEmpty { lines.append("  (the network is too large for the reference)") }
    return lines
  }

  private var estimatorLines: [String] {
    let e = estimators
    guard e.lifetimes >= 2 else {
      return [
        "Estimators: \(e.dropped) of \(e.dropped + e.lifetimes) lifetimes diverged; nothing to average."
      ]
    }
    let size = e.slope.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
    var rows = [
      ["", "|bias|/|dJ|", "worst z", "deviation", "signal/noise", "GFLOP", "s/n at 1 GFLOP", "bias expected"]
    ]
    for row in e.estimators {
      let deviation = row.deviation.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let cost = (gigaflop[row.estimator] ?? .nan) * Double(row.lifetimesEach)
      rows.append([
        "\(row.estimator)", size > 0 ? short(row.biasSize / size) : "-", short(row.worstDeviation),
        short(deviation),
        short(row.signalToNoise), short(cost), short(row.signalToNoise / cost.squareRoot()),
        reasonForBias(row.estimator) ?? "none",
      ])
    }
    var lines = [
      "Estimators over \(e.lifetimes) fresh lifetimes of \(cell.settings.trials) trials"
        + (e.dropped > 0 ? " (\(e.dropped) more diverged)" : "")
        + "; |dJ| = \(short(size)) by differences of "
        + "+-\(EstimatorAudit.step).",
      "Deviation and signal/noise are those of one estimate; worst z is the largest bias in standard errors.",
    ]
    lines += table(rows)
    lines += ["", "By coefficient, mean with 95 % interval; * where the interval of its bias leaves out 0."]
    rows = [["k", "l", "dJ"] + e.estimators.map { "\($0.estimator)" }]
    for p in e.slope.indices {
      rows.append(
        ["\(p / (start.degree + 1))", "\(p % (start.degree + 1))", interval(e.slope[p])]
          + e.estimators.map { row in
            interval(row.gradient[p]) + (abs(row.bias[p].value) > 1.96 * row.bias[p].error ? " *" : "")
          })
    }
    return lines + table(rows)
  }

  func interval(_ mean: EstimatorAudit.Mean) -> String {
    "\(short(mean.value)) +- \(short(1.96 * mean.error))"
  }

  /// `audit: passed: ...`, `audit: FAILED: ...` or `audit: undecided: ...`.
  public var verdictLine: String {
    switch verdict {
    case .passed:
      "audit: passed: tangents agree with settled differences to \(worstDifference.map(short) ?? "-"), "
        + "engines with each other"
    case .failed(let reasons): "audit: FAILED: " + reasons.joined(separator: "; ")
    case .undecided(let reason): "audit: undecided: \(reason)"
    }
  }

  /// Columns as wide as their longest entry, the first to the left, numbers to the right.
  func table(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + padding : padding + text
      }
      return "  " + cells.joined(separator: "  ")
    }
  }
}
