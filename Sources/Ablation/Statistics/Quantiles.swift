import Model

extension Statistics {
  /// The sample standard deviation (divisor n - 1), NaN of fewer than two values.
  public static func standardDeviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let centre = values.mean()
    let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The quantile of `sorted` at `probability` by linear interpolation between order statistics, numpy's
  /// default (method 7 of Hyndman and Fan, American Statistician 1996).
  ///
  /// - Parameters:
  ///   - sorted: ascending; may hold infinities, between which nothing is interpolated: a quantile with an
  ///     infinite neighbour of non-zero weight is that infinity.
  ///   - probability: in [0, 1].
  /// - Returns: NaN for an empty array.
  public static func quantile(sorted: [Double], _ probability: Double) -> Double {
    invariant(
      probability >= 0 && probability <= 1, "a quantile needs a probability in [0, 1], not \(probability)")
    guard !sorted.isEmpty else { return .nan }
    let place = probability * Double(sorted.count - 1)
    let below = Int(place)
    let share = place - Double(below)
    guard share > 0 else { return sorted[below] }
    let (low, high) = (sorted[below], sorted[below + 1])
    if low == high { return low }
    if high.isInfinite { return high }
    if low.isInfinite { return low }
    // numpy's own order of operations: exact at both ends.
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share)
  }

  /// Median and quartiles of a sample with nothing censored, by numpy's linear quantiles.
  ///
  /// - Parameter values: any order; a NaN makes all three NaN.
  public static func medianAndQuartiles(_ values: [Double]) -> Quartiles {
    guard !values.contains(where: \.isNaN) else { return Quartiles(q25: .nan, median: .nan, q75: .nan) }
    let sorted = values.sorted()
    return Quartiles(
      q25: quantile(sorted: sorted, 0.25), median: quantile(sorted: sorted, 0.5),
      q75: quantile(sorted: sorted, 0.75))
  }
}

/// Median and interquartile range. Infinity: not reached; NaN: no data.
public struct Quartiles: Sendable, Equatable {
  public var q25: Double
  public var median: Double
  public var q75: Double

  public init(q25: Double, median: Double, q75: Double) {
    self.q25 = q25
    self.median = median
    self.q75 = q75
  }
}
