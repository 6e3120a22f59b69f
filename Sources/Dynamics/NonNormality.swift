import Numerics
import Model

/// How far a Jacobian is from one with orthogonal eigenvectors.
public struct NonNormality: Sendable, Equatable {
  /// Henrici's index ||J||_F^2 - sum |lambda|^2: 0 for a normal J. Rounding may leave it below 0 by about
  /// 1e-13 ||J||_F^2; it is then set to 0.
  ///
  /// Source: Henrici, "Bounds for iterates, inverses, spectral variation and fields of values of non-normal matrices",
  /// Numerische Mathematik 4 (1962).
  public let henrici: Double
  /// The index over ||J||_F^2, in 0...1; 0 where J is 0.
  public let relative: Double

  public init(of jacobian: Jacobian, spectrum: Spectrum) {
    invariant(
      jacobian.size == spectrum.size, "a spectrum of \(spectrum.size) values for \(jacobian.size) units")
    let norm = jacobian.squaredNorm
    let eigen = spectrum.values.reduce(0.0) { $0 + $1.lengthSquared }
    henrici = max(0, norm - eigen)
    relative = norm > 0 ? henrici / norm : 0
  }
}
