import Numerics
import Kernels

/// Whether the linear dynamics around a state die out.
public enum Stability: String, Sendable, CaseIterable {
  /// Every eigenvalue has a real part below -1e-9.
  case stable
  /// Some eigenvalue has a real part above 1e-9.
  case unstable
  /// Neither: the largest real part is 0 to rounding, and linear theory does not decide.
  case marginal
}

/// Eigenvalues of a Jacobian, in units of 1/tau, with the vectors they belong to.
public struct Spectrum: Sendable {
  /// By falling real part; of a conjugate pair the positive imaginary part first.
  public let values: [Complex<Double>]
  /// Unit right eigenvectors, one after the other, N numbers each, in the order of `values`.
  public let right: [Complex<Double>]
  /// Unit left eigenvectors (u^H J = lambda u^H) in the same layout.
  public let left: [Complex<Double>]
  /// N.
  public let size: Int

  /// nil where LAPACK's QR iteration does not converge or an entry is not finite: a result, not an error.
  public init?(of jacobian: Jacobian) {
    guard let system = try? Eigensystem(of: jacobian.values, size: jacobian.size) else { return nil }
    let n = jacobian.size
    let order = (0..<n).sorted { a, b in
      let (x, y) = (system.values[a], system.values[b])
      if x.real != y.real { return x.real > y.real }
      if x.imaginary != y.imaginary { return x.imaginary > y.imaginary }
      return a < b
    }
    size = n
    values = order.map { system.values[$0] }
    right = order.flatMap { system.right[$0 * n..<($0 + 1) * n] }
    left = order.flatMap { system.left[$0 * n..<($0 + 1) * n] }
  }

  /// The largest real part; -infinity for a network of no units.
  public var abscissa: Double { values.first?.real ?? -.infinity }

  public var stability: Stability {
    if abscissa > 1e-9 { return .unstable }
    return abscissa < -1e-9 ? .stable : .marginal
  }

  /// Number of eigenvalues with a real part above 1e-9: the dimension of the unstable manifold.
  public var unstableDirections: Int { values.count { $0.real > 1e-9 } }

  /// 1 / |u^H v| of unit left and right vectors of mode `n`: how far a perturbation of J moves this eigenvalue.
  /// 1 for a normal J; huge or infinite for a defective one.
  public func condition(ofMode n: Int) -> Double {
    let own = n * size..<(n + 1) * size
    return 1 / zip(left[own], right[own]).reduce(Complex.zero) { $0 + $1.0.conjugate * $1.1 }.length
  }
}
