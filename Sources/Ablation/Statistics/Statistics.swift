/// The statistics of ablation tables: pure functions of arrays, one idea a file.
///
/// A NaN among the inputs gives a NaN result, as in numpy; the score of a diverged network is decided before
/// (`Metric`), never here. An empty input gives NaN, too: there is no number to report.
public enum Statistics {}

/// A two-sided interval. Both ends may be infinite (a median that is not reached) or NaN (nothing to
/// resample).
public struct Interval: Sendable, Equatable {
  public var low: Double
  public var high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// What a sample of fewer than two units gives.
  static let unknown = Interval(low: .nan, high: .nan)
}
