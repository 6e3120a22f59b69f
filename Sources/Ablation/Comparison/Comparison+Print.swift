extension ComparisonRow {
  /// `5136 / 816`: of the value and of the baseline.
  var lifetimesText: String {
    [lifetimes, baselineLifetimes].map { $0.map { Ablation.printed($0, decimals: 0) } ?? "-" }
      .joined(separator: " / ")
  }
}

extension Comparison {
  /// The comparison in one of its formats, ending in a newline.
  public func printed(as format: TableFormat) throws -> String {
    switch format {
    case .text: grid.text()
    case .markdown: grid.markdown()
    case .latex: grid.latex()
    case .json: try printedJSON(self)
    case .csv:
      printedCSV(
        [rows.first.map { $0.fields.map(\.name) } ?? []] + rows.map { $0.fields.map(\.value.printed) })
    }
  }

  private var decimals: Int { metric == .trialsToCriterion ? 0 : 3 }

  private var numerals: Numerals { Numerals(decimals: decimals) }

  var grid: Grid {
    let survival = metric == .trialsToCriterion
    let counts = "seeds x networks"
    let heading =
      survival
      ? [
        by, axis, "median", "baseline", "difference", "censored", "P(better)", "p", "p Holm", counts,
        "lifetimes",
      ]
      : [
        by, axis, "mean", "baseline", "difference", "95 % over seeds", "95 % over networks", "P(better)", "p",
        "p Holm", "detectable", counts, "lifetimes",
      ]
    let body = rows.map { row in
      let scores = [
        row.group.label, row.value.label, numerals.number(row.score), numerals.number(row.baselineScore),
      ]
      let middle =
        survival
        ? ["\(row.censored ?? 0), \(row.baselineCensored ?? 0)"]
        : [
          row.unit == .runs ? numerals.interval(row.low, row.high) : "one seed",
          numerals.interval(row.networkLow, row.networkHigh),
        ]
      let hint = survival ? [] : [row.power.map { Ablation.printed($0.detectable, decimals: 3) } ?? "-"]
      let tail =
        [
          row.improvement.map { Ablation.printed($0, decimals: 2) } ?? "-", numerals.probability(row.p),
          numerals.probability(row.adjusted),
        ] + hint + ["\(row.seeds) x \(row.seeds > 0 ? row.networks / row.seeds : 0)", row.lifetimesText]
      return scores + [numerals.signed(row.difference)] + middle + tail
    }
    let title = "\(metric.title): \(axis) against \(baseline.label), paired by seed and network"
    return Grid(
      title: partial ? title + " (PARTIAL: \(ended) of \(planned) cells have ended)" : title,
      heading: heading,
      blocks: [body], notes: notes)
  }

  private var tests: Int { rows.count { $0.p != nil } }

  /// Says where no effect, however large, could be significant: the exact test's smallest p is 2^(1 - n).
  private var attainable: [String] {
    guard let most = rows.filter({ $0.test == .exactSignedRank }).map(\.pairs).max(), most < 30 else {
      return []
    }
    let smallest = 1 / Double(1 << (most - 1))
    guard smallest * Double(tests) > 0.05 else { return [] }
    return [
      "With \(most) pairs no p can be below \(numerals.probability(min(1, smallest))), so none of \(tests) tests can "
        + "reach 5 % after Holm, whatever the effect: more seeds or fewer tests are needed."
    ]
  }

  private var notes: [String] {
    var lines: [String] = []
    if metric == .trialsToCriterion {
      lines.append(
        "Medians by Kaplan-Meier; p of the log-rank test over networks, which takes networks of one run as "
          + "independent; P(better): fewer trials.")
    } else {
      let tests = Set(rows.map(\.test))
      var names: [String] = []
      if tests.contains(.exactSignedRank) { names.append("exact") }
      if tests.contains(.normalSignedRank) { names.append("by the normal approximation") }
      lines.append(
        "Mean paired differences, paired bootstrap (\(resamples) resamples); p: Wilcoxon signed-rank"
          + (names.isEmpty ? "" : ", " + names.joined(separator: " or ")) + ".")
    }
    lines.append("p Holm: adjusted over the \(tests) tests of this table.")
    lines.append(
      "Lifetimes: training and validation, median over the runs; of the baseline after the stroke.")
    if metric != .trialsToCriterion {
      lines.append("Detectable: the smallest difference that so many pairs tell (two-sided 5 %, power 80 %).")
      lines += attainable
    }
    if rows.contains(where: { $0.unit == .networks }) && metric != .trialsToCriterion {
      lines.append("One seed: the test is over its networks and says nothing about other seeds.")
    }
    for row in rows {
      let name = "\(row.group.label), \(axis) = \(row.value.label)"
      if let needed = row.power?.pairsNeeded, needed > row.power?.pairs ?? 0 {
        lines.append(
          "\(name): to tell a difference as small as the one seen takes \(needed) \(row.unit.rawValue).")
      }
      if row.divergedNetworks + row.baselineDivergedNetworks > 0 {
        lines.append(
          "\(name): \(row.divergedNetworks) networks diverged, \(row.baselineDivergedNetworks) at the "
            + "baseline; they count.")
      }
      if row.unpaired > 0 { lines.append("\(name): \(row.unpaired) pairs are incomplete and do not count.") }
      if !row.entangled.isEmpty {
        lines.append(
          "\(name): \(row.entangled.joined(separator: ", ")) differ too, so the difference is theirs as well."
        )
      }
    }
    if failed > 0 { lines.append("\(failed) failed cells do not count.") }
    if partial { lines.append("PARTIAL: numbers will change when the other cells have ended.") }
    return lines
  }
}
