import Model

extension Statistics {
  /// The interval of an aggregate of run means when the networks of every run are resampled and the runs are
  /// kept: how much the same learned rules would differ on other fresh networks.
  ///
  /// - Parameters:
  ///   - runs: the scores of each run's networks.
  ///   - resamples: as asked, but no more than keeps the draws below 4e8, and at least 200.
  /// - Returns: NaN ends where no run has two networks, or for a NaN among the scores.
  public static func nestedBootstrap(
    _ runs: [[Double]], of aggregate: Aggregate, resamples: Int = standardResamples, level: Double = 0.95
  ) -> Interval {
    let kept = runs.filter { !$0.isEmpty }
    guard kept.contains(where: { $0.count > 1 }), !kept.contains(where: { $0.contains(where: \.isNaN) })
    else {
      return .unknown
    }
    let draws = kept.reduce(0) { $0 + $1.count }
    let affordable = max(200, min(resamples, 400_000_000 / draws))
    let values = concurrently(affordable) { resample in
      var draws = ResampleDraws(resample: resample)
      let means = kept.map { run in
        run.withUnsafeBufferPointer { run in
          var sum = 0.0
          for _ in 0..<run.count { sum += run[draws.index(below: run.count)] }
          return sum / Double(run.count)
        }
      }
      return aggregate == .mean ? means.mean() : interquartileMean(means)
    }
    return percentileInterval(values, level: level)
  }
}
