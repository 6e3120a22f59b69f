import Dispatch
import Model

extension Statistics {
  /// Resamples that an interval is made of unless another number is asked for.
  public static let standardResamples = 2000

  /// What a bootstrap interval is the interval of.
  public enum Aggregate: Sendable {
    case mean
    case interquartileMean
  }

  /// The percentile-bootstrap interval of an aggregate of scores that come in strata.
  ///
  /// Each resample draws, with replacement, as many scores of every stratum as it has; the aggregate is taken
  /// over all strata together. This is rliable's stratified bootstrap (Agarwal et al., NeurIPS 2021: runs
  /// resampled within each task, `percentile` method), except that strata may differ in size. Ends are
  /// numpy's linear quantiles of the resampled aggregates.
  ///
  /// - Parameters:
  ///   - strata: the scores, one array a stratum (a task); empty strata are allowed.
  ///   - aggregate: of the pooled scores.
  ///   - level: coverage, 0.95 unless said otherwise.
  /// - Returns: NaN ends for fewer than two scores in all or any NaN among them. A stratum of one score adds
  ///   no width, and intervals from two or three scores are known to be too narrow: the caller says so beside
  ///   them.
  public static func stratifiedBootstrap(
    _ strata: [[Double]], of aggregate: Aggregate, resamples: Int = standardResamples, level: Double = 0.95
  ) -> Interval {
    let count = strata.reduce(0) { $0 + $1.count }
    guard count > 1, !strata.contains(where: { $0.contains(where: \.isNaN) }) else { return .unknown }
    let sample = SortedStrata(strata.filter { !$0.isEmpty })
    let values = concurrently(resamples) { sample.resampled($0, aggregate) }
    return percentileInterval(values, level: level)
  }

  /// The central `level` of resampled values, by numpy's linear quantiles. Infinities count as very large
  /// values; a NaN gives NaN ends.
  static func percentileInterval(_ values: [Double], level: Double) -> Interval {
    invariant(level > 0 && level < 1, "an interval's level lies in (0, 1), not \(level)")
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .unknown }
    let sorted = values.sorted()
    return Interval(
      low: quantile(sorted: sorted, (1 - level) / 2), high: quantile(sorted: sorted, 1 - (1 - level) / 2))
  }

  /// `body(0), body(1), ...`, computed on all cores; the result does not depend on how many there are.
  static func concurrently(_ count: Int, _ body: @Sendable (Int) -> Double) -> [Double] {
    let block = 64
    return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      nonisolated(unsafe) let target = buffer
      DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { part in
        for index in (part * block)..<min(count, (part + 1) * block) {
          target.initializeElement(at: index, to: body(index))
        }
      }
      filled = count
    }
  }
}

/// Scores sorted once, so that a resample is a count per score and its trimmed mean one pass over the counts.
private struct SortedStrata: Sendable {
  /// All scores, ascending.
  let sorted: [Double]
  /// For every stratum the places of its scores in `sorted`.
  let places: [[UInt32]]

  init(_ strata: [[Double]]) {
    let all = strata.flatMap { $0 }
    let order = all.indices.sorted { all[$0] < all[$1] }
    sorted = order.map { all[$0] }
    var place = [UInt32](repeating: 0, count: all.count)
    for (position, index) in order.enumerated() { place[index] = UInt32(position) }
    var start = 0
    places = strata.map { stratum in
      defer { start += stratum.count }
      return Array(place[start..<(start + stratum.count)])
    }
  }

  func resampled(_ resample: Int, _ aggregate: Statistics.Aggregate) -> Double {
    var draws = ResampleDraws(resample: resample)
    var counts = [UInt32](repeating: 0, count: sorted.count)
    counts.withUnsafeMutableBufferPointer { counts in
      for stratum in places {
        stratum.withUnsafeBufferPointer { stratum in
          for _ in 0..<stratum.count { counts[Int(stratum[draws.index(below: stratum.count)])] += 1 }
        }
      }
    }
    let cut = aggregate == .mean ? 0 : sorted.count / 4
    var left = sorted.count - 2 * cut
    let kept = left
    var skip = cut
    var sum = 0.0
    for (position, drawn) in counts.enumerated() where drawn > 0 {
      let skipped = min(skip, Int(drawn))
      skip -= skipped
      let taken = min(left, Int(drawn) - skipped)
      sum += Double(taken) * sorted[position]
      left -= taken
      if left == 0 { break }
    }
    return sum / Double(kept)
  }
}
