/// One network's way to the criterion: the trial at which it got there, or the trials it was watched for without.
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
  /// The product-limit estimate of the share of networks that have not reached the criterion (Kaplan and Meier,
  /// JASA 1958).
  ///
  /// - Parameter times: any order; a network censored at a trial counts as at risk in it.
  /// - Returns: the trials at which the share falls, ascending, and the share from that trial on. Empty where
  ///   everything is censored.
  public static func survivalCurve(_ times: [SurvivalTime]) -> [(trial: Double, share: Double)] {
    var curve: [(trial: Double, share: Double)] = []
    walk(SortedTimes(times), weights: nil) { trial, share in
      curve.append((trial, share))
      return true
    }
    return curve
  }

  /// Kaplan-Meier quartiles: the first trial at which the surviving share is at most 0.75, 0.5 and 0.25.
  ///
  /// Infinity where the share never falls so far (the quartile is *not reached*, never replaced by the length of
  /// the run), NaN of no times. Agrees with lifelines, except that a share an ulp above the quartile counts as on it.
  public static func survivalQuartiles(_ times: [SurvivalTime]) -> Quartiles {
    guard !times.isEmpty else { return Quartiles(q25: .nan, median: .nan, q75: .nan) }
    let sorted = SortedTimes(times)
    return Quartiles(
      q25: survivalQuantile(sorted, weights: nil, share: 0.75),
      median: survivalQuantile(sorted, weights: nil, share: 0.5),
      q75: survivalQuantile(sorted, weights: nil, share: 0.25))
  }

  /// The percentile-bootstrap interval of the Kaplan-Meier median when whole clusters (runs) are resampled.
  ///
  /// - Parameters:
  ///   - strata: strata of clusters of times: runs within a task, each with its networks' times.
  ///   - resamples: as asked, but no more than keeps the work below 4e8 visits to a time, and at least 200.
  /// - Returns: NaN ends for fewer than two clusters; infinity where the median is not reached.
  public static func survivalMedianInterval(
    _ strata: [[[SurvivalTime]]], resamples: Int = standardResamples, level: Double = 0.95
  ) -> Interval {
    let clusters = strata.flatMap { $0 }
    guard clusters.count > 1, clusters.contains(where: { !$0.isEmpty }) else { return .unknown }
    var owners: [Int] = []
    for (number, cluster) in clusters.enumerated() {
      owners += Array(repeating: number, count: cluster.count)
    }
    let sorted = SortedTimes(clusters.flatMap { $0 }, owners: owners)
    let affordable = max(200, min(resamples, 400_000_000 / max(1, sorted.times.count)))
    let medians = concurrently(affordable) { resample in
      var draws = ResampleDraws(resample: resample)
      var weights = [Int](repeating: 0, count: clusters.count)
      var start = 0
      for stratum in strata {
        for _ in stratum { weights[start + draws.index(below: stratum.count)] += 1 }
        start += stratum.count
      }
      return survivalQuantile(sorted, weights: weights, share: 0.5)
    }
    return percentileInterval(medians.filter { !$0.isNaN }, level: level)
  }

  /// Times in the order in which Kaplan-Meier visits them.
  private struct SortedTimes: Sendable {
    let times: [SurvivalTime]
    let owners: [Int]

    init(_ times: [SurvivalTime], owners: [Int]? = nil) {
      let order = times.indices.sorted {
        (times[$0].trial, times[$0].reached ? 0 : 1) < (times[$1].trial, times[$1].reached ? 0 : 1)
      }
      self.times = order.map { times[$0] }
      self.owners = owners.map { owners in order.map { owners[$0] } } ?? []
    }
  }

  /// - Parameter weights: how often each owner counts; nil: every time counts once.
  private static func survivalQuantile(_ sorted: SortedTimes, weights: [Int]?, share: Double) -> Double {
    var answer = Double.infinity
    let total = walk(sorted, weights: weights) { trial, left in
      // Shares are products of quotients: one unit in the last place must not move a quartile by a trial.
      guard left <= share + 1e-12 else { return true }
      answer = trial
      return false
    }
    return total == 0 ? .nan : answer
  }

  /// Visits every drop of the survival curve until `visit` says stop; returns the total weight.
  @discardableResult
  private static func walk(
    _ sorted: SortedTimes, weights: [Int]?, visit: (_ trial: Double, _ share: Double) -> Bool
  ) -> Int {
    let times = sorted.times
    func weight(_ index: Int) -> Int { weights.map { $0[sorted.owners[index]] } ?? 1 }
    let total = weights == nil ? times.count : times.indices.reduce(0) { $0 + weight($1) }
    var atRisk = total
    var share = 1.0
    var index = 0
    while index < times.count, atRisk > 0 {
      let trial = times[index].trial
      var events = 0
      var gone = 0
      while index < times.count, times[index].trial == trial {
        let w = weight(index)
        gone += w
        if times[index].reached { events += w }
        index += 1
      }
      if events > 0 {
        share *= 1 - Double(events) / Double(atRisk)
        if !visit(trial, share) { break }
      }
      atRisk -= gone
    }
    return total
  }
}
