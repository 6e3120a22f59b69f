import Model

/// When one network met the criterion, or how many trials it was observed for without meeting it.
public struct SurvivalTime: Sendable, Equatable {
  public var trial: Double
  /// False: censored at `trial`.
  public var reached: Bool

  public init(_ trial: Double, reached: Bool) {
    self.trial = trial
    self.reached = reached
  }
}

extension Statistics {
  /// Kaplan-Meier quartiles (Kaplan and Meier, JASA 1958): the first trial at which the surviving share is at most 0.75,
  /// 0.5 and 0.25.
  ///
  /// Infinity where the share never falls so far (the quartile is *not reached*, never replaced by the length
  /// of the run), NaN of no times. As in lifelines, except that a share within 1e-12 of a quartile counts as on
  /// it.
  public static func survivalQuartiles(_ times: [SurvivalTime]) -> Quartiles {
    let table = LifeTable(times)
    let counts = table.counts(times)
    return Quartiles(
      q25: table.quantile(counts, share: 0.75), median: table.quantile(counts, share: 0.5),
      q75: table.quantile(counts, share: 0.25))
  }

  /// The percentile-bootstrap interval of the Kaplan-Meier median when whole clusters (runs) are resampled.
  ///
  /// - Parameters:
  ///   - strata: strata of clusters of times: runs within a task, each with its networks' times.
  ///   - resamples: as asked, but no more than keeps the work below 4e8 times, and at least 200.
  /// - Returns: NaN ends for fewer than two clusters; infinity where the median is not reached.
  public static func survivalMedianInterval(
    _ strata: [[[SurvivalTime]]], resamples: Int = standardResamples, level: Double = 0.95
  ) -> Interval {
    let clusters = strata.flatMap { $0 }
    let times = clusters.flatMap { $0 }
    guard clusters.count > 1, !times.isEmpty else { return .unknown }
    let table = LifeTable(times)
    let coded = strata.map { $0.map { $0.map(table.code) } }
    let medians = concurrently(max(200, min(resamples, 400_000_000 / times.count))) { resample in
      var draws = ResampleDraws(resample: resample)
      var counts = table.noCounts
      counts.withUnsafeMutableBufferPointer { counts in
        for stratum in coded {
          stratum.withUnsafeBufferPointer { stratum in
            for _ in 0..<stratum.count {
              for code in stratum[draws.index(below: stratum.count)] { counts[Int(code)] += 1 }
            }
          }
        }
      }
      return table.quantile(counts, share: 0.5)
    }
    return percentileInterval(medians.filter { !$0.isNaN }, level: level)
  }
}

/// The distinct trials of a sample, so that a resample of it is a count per trial.
///
/// Counts are in pairs, by trial: those that reached the criterion in it, then those censored in it.
struct LifeTable: Sendable {
  let trials: [Double]
  private let places: [Double: Int32]

  init(_ times: [SurvivalTime]) {
    trials = Set(times.map(\.trial)).sorted()
    places = Dictionary(uniqueKeysWithValues: trials.enumerated().map { ($0.element, Int32($0.offset)) })
  }

  var noCounts: [Int32] { Array(repeating: 0, count: 2 * trials.count) }

  /// Where a time of the sample is counted.
  func code(_ time: SurvivalTime) -> Int32 {
    guard let place = places[time.trial] else {
      brokenInvariant("a life table was asked for trial \(time.trial), which is not in its sample")
    }
    return 2 * place + (time.reached ? 0 : 1)
  }

  func counts(_ times: [SurvivalTime]) -> [Int32] {
    times.reduce(into: noCounts) { $0[Int(code($1))] += 1 }
  }

  /// Infinity where the share is not reached, NaN of no times.
  func quantile(_ counts: [Int32], share: Double) -> Double {
    var answer = Double.infinity
    let total = walk(counts) { trial, left in
      // Shares are products of quotients: one unit in the last place must not move a quartile by a trial.
      guard left <= share + 1e-12 else { return true }
      answer = trial
      return false
    }
    return total == 0 ? .nan : answer
  }

  /// Visits every drop of the survival curve until `visit` returns false; returns the number of times.
  @discardableResult
  func walk(_ counts: [Int32], visit: (_ trial: Double, _ share: Double) -> Bool) -> Int {
    let total = counts.reduce(0) { $0 + Int($1) }
    var atRisk = total
    var share = 1.0
    for (place, trial) in trials.enumerated() {
      let events = Int(counts[2 * place])
      if events > 0 {
        share *= 1 - Double(events) / Double(atRisk)
        if !visit(trial, share) { break }
      }
      atRisk -= events + Int(counts[2 * place + 1])
    }
    return total
  }
}
