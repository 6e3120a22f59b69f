import Foundation

extension Statistics {
  /// The log-rank test of two groups (Mantel 1966), with the hypergeometric variance at tied trials.
  ///
  /// - Returns: chi-square with one degree of freedom and its p. Where nothing was reached in either group,
  ///   or a group is empty, there is no evidence: chi-square 0, p 1. Agrees with lifelines' `logrank_test`.
  public static func logRank(_ first: [SurvivalTime], _ second: [SurvivalTime]) -> (
    chiSquare: Double, p: Double
  ) {
    let all = (first.map { ($0, 0) } + second.map { ($0, 1) }).sorted { $0.0.trial < $1.0.trial }
    var atRisk = (first.count, second.count)
    var excess = 0.0
    var variance = 0.0
    var index = 0
    while index < all.count {
      let trial = all[index].0.trial
      var gone = (0, 0)
      var events = (0, 0)
      while index < all.count, all[index].0.trial == trial {
        let (time, group) = all[index]
        let event = time.reached ? 1 : 0
        if group == 0 {
          gone.0 += 1
          events.0 += event
        } else {
          gone.1 += 1
          events.1 += event
        }
        index += 1
      }
      let n = Double(atRisk.0 + atRisk.1)
      let d = Double(events.0 + events.1)
      if d > 0 {
        let share = Double(atRisk.0) / n
        excess += Double(events.0) - d * share
        if n > 1 { variance += d * share * (1 - share) * (n - d) / (n - 1) }
      }
      atRisk = (atRisk.0 - gone.0, atRisk.1 - gone.1)
    }
    guard variance > 0 else { return (0, 1) }
    let chiSquare = excess * excess / variance
    return (chiSquare, erfc((chiSquare / 2).squareRoot()))
  }
}
