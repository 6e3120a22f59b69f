/// How hard to look for fixed points. The defaults are those of the method's dynamics section.
public struct FixedPointSettings: Sendable, Equatable {
  /// Random starts.
  public var starts = 200
  /// |F| (Euclidean) at or below which a point counts as fixed.
  public var tolerance = 1e-10
  /// Fixed points closer than this (Euclidean) are one.
  public var separation = 1e-3
  /// Newton steps a start.
  public var iterations = 100
  /// The step is halved down to this share of the Newton step before the start is given up.
  public var smallestStep = 0x1p-12
  public var seed: UInt64 = 0
  public init() {}
}
