extension Statistics {
  /// The percentile-bootstrap interval of a mean paired difference: pairs, not sides, are resampled, so what
  /// both sides share (network, trials, noise) cancels.
  ///
  /// - Parameter strata: differences by stratum (task), as in `stratifiedBootstrap`.
  public static func pairedBootstrap(
    _ strata: [[Double]], resamples: Int = standardResamples, level: Double = 0.95
  ) -> Interval {
    stratifiedBootstrap(strata, of: .mean, resamples: resamples, level: level)
  }
}
