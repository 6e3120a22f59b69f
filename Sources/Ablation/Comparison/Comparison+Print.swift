extension ComparisonRow {
  /// `5136 / 816`: of the value and of the baseline.
  var lifetimesText: String {
    [lifetimes, baselineLifetimes].map { $0.map { Ablation.printed($0, decimals: 0) } ?? "-" }
      .joined(separator: " / ")
  }
}

extension Comparison: PrintedTable {
  package var csvLines: [[String]] {
    [rows.first.map { $0.fields.map(\.name) } ?? []] + rows.map { $0.fields.map(\.value.printed) }
  }

  private var decimals: Int { metric == .trialsToCriterion ? 0 : 3 }

  private var numerals: Numerals { Numerals(decimals: decimals) }

  package var grid: Grid {
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
      let hint = survival ? [] : [numerals.number(row.power?.detectable)]
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
      blocks: [body], notes: explanations + warnings)
  }

  private var tests: Int { rows.count { $0.p != nil } }

  /// How to read the columns.
  var explanations: [String] {
    var lines: [String] = []
    if metric == .trialsToCriterion {
      lines.append(
        "Medians by Kaplan-Meier over networks; p of the log-rank statistic by swapping whole runs between the two "
          + "sides; P(better): fewer trials, by the runs' medians.")
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
      "Lifetimes: training and validation, median over the runs, as value / baseline.")
    if metric != .trialsToCriterion {
      lines.append(
        "Detectable: the smallest difference that this test finds with so many pairs (two-sided 5 %, power 80 %, for normal "
          + "differences of the spread seen); - where it can find none.")
    }
    return lines
  }

  /// Says where no effect, however large, could be significant.
  private var attainable: [String] {
    let bounds = rows.compactMap { row in row.smallestP.map { (pairs: row.pairs, p: $0) } }
    guard let best = bounds.max(by: { $0.pairs < $1.pairs }),
      !rows.contains(where: { $0.test == .normalSignedRank })
    else { return [] }
    let smallest = "With \(best.pairs) pairs no p can be below \(numerals.probability(best.p))"
    if best.p > Statistics.significance {
      return ["\(smallest), so no effect, however large, can reach 5 %: more seeds are needed."]
    }
    guard best.p * Double(tests) > Statistics.significance else { return [] }
    return [
      "\(smallest), so none of \(tests) tests can reach 5 % after Holm, whatever the effect: more seeds or fewer tests "
        + "are needed."
    ]
  }

  /// Every caveat that applies.
  var warnings: [String] {
    var lines = attainable
    if let few = Caveat.fewRuns(rows.filter { $0.unit == .runs }.map(\.seeds)) { lines.append(few) }
    if rows.contains(where: { $0.unit == .networks }) {
      lines.append("One seed: the test is over its networks and says nothing about other seeds.")
    }
    if let pools = Caveat.pooled(pooled, by: "Rows") { lines.append(pools) }
    for row in rows {
      let name = "\(row.group.label), \(axis) = \(row.value.label)"
      if let needed = row.power?.pairsNeeded {
        lines.append(
          "\(name): to find a difference as small as the one seen, the test needs \(needed) \(row.unit.rawValue)."
        )
      }
      if row.power?.isOdd == true {
        lines.append(
          "\(name): the test would have found a mean difference as large as this one among normal differences; these are "
            + "not normal, so no detectable difference is given.")
      }
      if row.divergedNetworks + row.baselineDivergedNetworks > 0 {
        lines.append(
          "\(name): \(row.divergedNetworks) networks diverged, \(row.baselineDivergedNetworks) at the "
            + "baseline; they count.")
      }
      if row.unpaired > 0 { lines.append("\(name): \(row.unpaired) pairs are incomplete and do not count.") }
      if !row.entangled.isEmpty {
        let isOne = row.entangled.count == 1
        lines.append(
          "\(name): \(row.entangled.joined(separator: ", ")) \(isOne ? "changes" : "change") together with \(axis), so the "
            + "difference may come from \(isOne ? "it" : "them").")
      }
    }
    if failed > 0 { lines.append("\(failed) failed cells do not count.") }
    if partial { lines.append("PARTIAL: numbers will change when the other cells have ended.") }
    return lines
  }
}
