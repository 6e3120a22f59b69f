import Model

/// Where along a lifetime alignment is measured, and over how many draws of exploration.
public struct AlignmentPlan: Sendable, Equatable {
  /// Trials at which it is measured: the last of each of so many equal parts of the lifetime.
  public var points: Int
  /// Draws of a trial, its kicks and the weight noise before it at every point; at least 2, so that draws vary.
  public var draws: Int
  /// True to keep all that went into and came out of every draw.
  public var keepsDraws: Bool

  public static let standardPoints = 10
  public static let standardDraws = 64

  /// - Precondition: at least one point, and 2 to 65,536 draws.
  public init(
    points: Int = Self.standardPoints, draws: Int = Self.standardDraws, keepsDraws: Bool = false
  ) {
    invariant(points >= 1 && (2...65_536).contains(draws), "\(points) points of \(draws) draws")
    self.points = points
    self.draws = draws
    self.keepsDraws = keepsDraws
  }

  /// The trials of a lifetime of so many that it measures before they run, ascending; as many as there are trials where
  /// points were more.
  public func trials(of count: Int) -> [Int] {
    let parts = min(points, count)
    return (1...parts).map { $0 * count / parts - 1 }
  }
}
