import Model

extension Statistics {
  /// One chi-square of several strata: their excesses and variances add (the stratified log-rank test).
  static func chiSquare(_ strata: [(excess: Double, variance: Double)]) -> Double {
    let excess = strata.reduce(0) { $0 + $1.excess }
    let variance = strata.reduce(0) { $0 + $1.variance }
    return variance > 0 ? excess * excess / variance : 0
  }
}

/// The times of two groups together, so that the log-rank statistic of any split is a count per trial.
struct LogRankTable: Sendable {
  private let places: [Double: Int]
  /// By distinct trial, ascending: those who reached the criterion in it, and all who left in it.
  private let events: [Int]
  private let gone: [Int]
  private let total: Int

  init(_ times: [SurvivalTime]) {
    let trials = Set(times.map(\.trial)).sorted()
    places = Dictionary(uniqueKeysWithValues: trials.enumerated().map { ($0.element, $0.offset) })
    var events = [Int](repeating: 0, count: trials.count)
    var gone = events
    for time in times {
      gone[places[time.trial]!] += 1
      if time.reached { events[places[time.trial]!] += 1 }
    }
    self.events = events
    self.gone = gone
    total = times.count
  }

  /// Where times of the table are counted: twice the trial's place, one more for a censored one.
  func codes(_ times: [SurvivalTime]) -> [Int] {
    times.map { time in
      guard let place = places[time.trial] else {
        brokenInvariant("a log-rank table was asked for trial \(time.trial), which is not in it")
      }
      return 2 * place + (time.reached ? 0 : 1)
    }
  }

  /// Events of the first group beyond what is expected, and the hypergeometric variance of their number.
  func moments(of codes: some Sequence<Int>) -> (excess: Double, variance: Double) {
    var own = [Int](repeating: 0, count: 2 * events.count)
    for code in codes { own[code] += 1 }
    var atRisk = total
    var ownAtRisk = own.reduce(0, +)
    var excess = 0.0
    var variance = 0.0
    for place in events.indices {
      let (n, d) = (Double(atRisk), Double(events[place]))
      if d > 0 {
        let share = Double(ownAtRisk) / n
        excess += Double(own[2 * place]) - d * share
        if n > 1 { variance += d * share * (1 - share) * (n - d) / (n - 1) }
      }
      atRisk -= gone[place]
      ownAtRisk -= own[2 * place] + own[2 * place + 1]
    }
    return (excess, variance)
  }
}
