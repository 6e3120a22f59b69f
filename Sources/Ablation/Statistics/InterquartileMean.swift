import Model

extension Statistics {
  /// The mean of the middle half: `floor(n / 4)` values are cut from each end.
  ///
  /// The aggregate that rliable recommends (Agarwal et al., "Deep reinforcement learning at the edge of the
  /// statistical precipice", NeurIPS 2021); the same number as `scipy.stats.trim_mean(values, 0.25)`. Nothing
  /// is cut from fewer than four values, whose interquartile mean is therefore their mean.
  ///
  /// - Parameter values: n scores in any order; scores of several tasks are pooled, as rliable does with its
  ///   runs x tasks matrix.
  public static func interquartileMean(_ values: [Double]) -> Double {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
    let cut = values.count / 4
    return values.sorted()[cut..<(values.count - cut)].mean()
  }
}
