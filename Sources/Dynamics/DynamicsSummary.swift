import Model

/// Fixed points and the linear dynamics around them in a few numbers: of one held input (means over its analysed
/// points) or of several (means over those, each counting the same). NaN where nothing has the number.
public struct DynamicsSummary: Sendable, Equatable {
  /// Fixed points an input.
  public var points = Double.nan
  /// Share of starts that converged.
  public var converged = Double.nan
  /// Share of the analysed points that are stable.
  public var stable = Double.nan
  /// Largest real part of an eigenvalue, in 1/tau.
  public var abscissa = Double.nan
  /// Eigenvalues with positive real part.
  public var unstableDirections = Double.nan
  /// Henrici's index, and the same over ||J||_F^2.
  public var henrici = Double.nan
  public var nonNormality = Double.nan
  /// Overlap of the read-out rows with the right eigenvector of the slowest mode.
  public var slowOverlap = Double.nan
  /// Frobenius norm of p = (-J)^{-1} Win.
  public var sensitivity = Double.nan
  /// Frobenius norm of dz/du.
  public var outputGain = Double.nan

  public init() {}

  /// Names and places in print order.
  static let entries: [(name: String, path: WritableKeyPath<DynamicsSummary, Double> & Sendable)] = [
    ("fixed points", \.points), ("converged", \.converged), ("stable", \.stable), ("abscissa", \.abscissa),
    ("unstable directions", \.unstableDirections), ("Henrici", \.henrici), ("non-normality", \.nonNormality),
    ("slow overlap", \.slowOverlap), ("sensitivity", \.sensitivity), ("output gain", \.outputGain),
  ]

  public static var names: [String] { entries.map(\.name) }

  /// In the order of `names`.
  public var values: [Double] { Self.entries.map { self[keyPath: $0.path] } }

  /// Means over several, of those that have the number.
  public init(meanOf parts: [DynamicsSummary]) {
    for (_, path) in Self.entries {
      self[keyPath: path] = parts.map { $0[keyPath: path] }.filter { !$0.isNaN }.mean()
    }
  }
}
