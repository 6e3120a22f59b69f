import Model

/// The times of one unit (a run, or a network where there is one run) under two rules, by stratum (task).
public struct PairedTimes: Sendable, Equatable {
  public var first: [[SurvivalTime]]
  public var second: [[SurvivalTime]]

  /// - Precondition: as many strata on both sides; a stratum that the unit is not in is empty.
  public init(first: [[SurvivalTime]], second: [[SurvivalTime]]) {
    invariant(
      first.count == second.count, "\(first.count) strata of times against \(second.count) are no pair")
    self.first = first
    self.second = second
  }
}

extension Statistics {
  /// Units up to which every pattern of swaps is counted; beyond, `swapDraws` random ones.
  static let exactSwaps = 13
  static let swapDraws = 20_000

  /// The log-rank statistic of two rules with the p of swapping whole units between them.
  ///
  /// Networks of one run share the rule that was learned, so they are no independent times, and the log-rank test's own
  /// p is far too small where runs differ (it falls below 5 % for a third of the splits of one rule's seeds). Under the
  /// null hypothesis a coin decides for each unit which of its two rules is called the first: p is the share of the 2^n
  /// patterns of swaps whose statistic is at least the one seen. Up to 13 units all patterns are counted, beyond 20,000
  /// fixed random ones and the pattern seen.
  ///
  /// - Parameter units: all with the same strata; strata add up as in the stratified log-rank test.
  /// - Returns: nil without a unit; p 1 and chi-square 0 where no network met the criterion or no unit differs.
  public static func permutedLogRank(_ units: [PairedTimes]) -> (chiSquare: Double, p: Double)? {
    guard let strata = units.first?.first.count else { return nil }
    let tables = (0..<strata).map { stratum in
      LogRankTable(units.flatMap { $0.first[stratum] + $0.second[stratum] })
    }
    let coded = units.map { unit in
      (0..<strata).map { (tables[$0].codes(unit.first[$0]), tables[$0].codes(unit.second[$0])) }
    }
    @Sendable func statistic(_ isSwapped: (Int) -> Bool) -> Double {
      let swapped = units.indices.map(isSwapped)
      return chiSquare(
        tables.indices.map { stratum in
          let own = zip(coded, swapped).lazy.flatMap { $1 ? $0[stratum].1 : $0[stratum].0 }
          return tables[stratum].moments(of: own)
        })
    }
    let seen = statistic { _ in false }
    guard seen > 0 else { return (0, 1) }
    // A statistic that is equal but for the order of its sums is as extreme.
    let bar = seen * (1 - 1e-9)
    if units.count <= exactSwaps {
      // Swapping all units changes only a sign, so half of the patterns suffice.
      let patterns = 1 << (units.count - 1)
      let values = concurrently(patterns) { pattern in statistic { pattern >> $0 & 1 == 1 } }
      return (seen, Double(values.count { $0 >= bar }) / Double(patterns))
    }
    let values = concurrently(swapDraws) { draw in
      var draws = ResampleDraws(resample: draw)
      return statistic { _ in draws.index(below: 2) == 1 }
    }
    return (seen, Double(1 + values.count { $0 >= bar }) / Double(1 + swapDraws))
  }

  /// The smallest p that so many units can have, however large the effect.
  static func smallestSwapP(units: Int) -> Double {
    units <= exactSwaps ? 1 / Double(1 << max(0, units - 1)) : 1 / Double(1 + swapDraws)
  }
}
