import Foundation

@testable import Ablation

/// What other packages compute of survival times, from the tables that our statistics are made of.
extension Statistics {
  /// The product-limit estimate of the share of networks that have not reached the criterion (Kaplan and
  /// Meier, JASA 1958).
  ///
  /// - Parameter times: any order; a network censored at a trial counts as at risk in it.
  /// - Returns: the trials at which the share falls, ascending, and the share from that trial on. Empty where
  ///   everything is censored.
  static func survivalCurve(_ times: [SurvivalTime]) -> [(trial: Double, share: Double)] {
    let table = LifeTable(times)
    var curve: [(trial: Double, share: Double)] = []
    table.walk(table.counts(times)) { trial, share in
      curve.append((trial, share))
      return true
    }
    return curve
  }

  /// The log-rank test of two groups of independent times (Mantel 1966), with the hypergeometric variance at tied
  /// trials.
  ///
  /// Networks of one run are not independent: runs are compared by `permutedLogRank`, whose statistic this is.
  ///
  /// - Returns: chi-square with one degree of freedom and its p. Where nothing was reached in either group,
  ///   or a group is empty, there is no evidence: chi-square 0, p 1. Agrees with lifelines' `logrank_test`.
  static func logRank(_ first: [SurvivalTime], _ second: [SurvivalTime]) -> (
    chiSquare: Double, p: Double
  ) {
    let table = LogRankTable(first + second)
    let chiSquare = chiSquare([table.moments(of: table.codes(first))])
    return (chiSquare, erfc((chiSquare / 2).squareRoot()))
  }
}
