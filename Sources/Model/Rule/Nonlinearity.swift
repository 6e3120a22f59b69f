import Foundation

/// r = f(x), the rate of a unit by its state.
public enum Nonlinearity: String, Sendable, CaseIterable {
  case tanh
  /// max(0, tanh x).
  case rectifiedTanh = "rectified-tanh"
  /// 1 / (1 + exp(-x)).
  case sigmoid

  /// f(x).
  public func rate(_ x: Double) -> Double {
    switch self {
    case .tanh: Foundation.tanh(x)
    case .rectifiedTanh: max(0, Foundation.tanh(x))
    case .sigmoid: 1 / (1 + exp(-x))
    }
  }

  /// f'(x) by r = f(x); 0 at the kink of `rectifiedTanh`.
  @inlinable public func slope<S: BinaryFloatingPoint>(rate r: S) -> S {
    switch self {
    case .tanh: 1 - r * r
    case .rectifiedTanh: r > 0 ? 1 - r * r : 0
    case .sigmoid: r * (1 - r)
    }
  }

  /// True where f(-x) = -f(x).
  public var isOdd: Bool { self == .tanh }

  /// The open interval that rates lie in.
  public var range: (lowest: Double, highest: Double) { (self == .tanh ? -1 : 0, 1) }

  /// As formulas write it.
  public var formula: String {
    switch self {
    case .tanh: "tanh(x)"
    case .rectifiedTanh: "max(0, tanh(x))"
    case .sigmoid: "1 / (1 + exp(-x))"
    }
  }
}
