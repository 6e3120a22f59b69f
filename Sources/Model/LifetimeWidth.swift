/// How many lifetimes run side by side. Small networks wait for themselves at every step, and others fill the wait; in
/// large ones one product fills the core, and several W would leave the first cache.
public struct LifetimeWidth: Sendable, Equatable {
  /// Without a gradient.
  public let primal: Int
  /// With one. Tangents of a direction wait for nothing, and the caches hold those of one lifetime: 1 where no tapes are
  /// written.
  public let gradient: Int

  /// Tapes that it pays to write side by side.
  public static let mostTapes = 2

  /// - Parameter tapes: lifetimes whose tapes may be in memory at once.
  public init(units: Int, tapes: Int = 1) {
    primal = units <= 32 ? 4 : units <= 64 ? 2 : 1
    gradient = min(tapes, primal)
  }
}
