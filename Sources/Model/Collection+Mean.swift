extension Collection<Double> {
  /// The arithmetic mean, summed in order; NaN of nothing.
  @inlinable
  public func mean() -> Double { isEmpty ? .nan : reduce(0, +) / Double(count) }

  /// The middle of the sorted numbers, or the mean of the two in the middle; NaN of nothing.
  public func median() -> Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}
