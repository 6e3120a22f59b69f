import Foundation

/// Exploration gated by the running reward: the kicks of condition c have the amplitude A exp(cx (Rbar_c + 1)), and A
/// before the first visit.
public struct Gate: Mechanism {
  public static let name = "the gate"
  public static let constants = [
    LocalConstant.Declaration(
      "gate", in: "exploration", standard: 0, .any, coordinate: .plain, kicks: [.sparse, .gaussian],
      "cx: A exp(cx (Rbar + 1))")
  ]

  /// cx.
  private let exponent: Double

  public init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    exponent = constants[.gate]
    if exponent == 0 { return nil }
  }

  public func kickFactor(baseline: Double) -> Double { exp(exponent * (baseline + 1)) }
  public func kickSlope(baseline: Double) -> Double { exponent }
}

extension LocalConstant {
  /// cx of `Gate`.
  public static let gate = LocalConstant(declared: "gate")
}
