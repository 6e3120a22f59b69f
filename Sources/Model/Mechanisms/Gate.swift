import Foundation

/// Exploration gated by the expected reward: kicks have the amplitude A exp(cx (b + 1)), with b what the critic expects
/// before the trial begins, and A before the first visit.
public struct Gate: Mechanism {
  public static let name = "the gate"
  public static let constants = [
    LocalConstant.Declaration(
      "gate", in: "exploration", standard: 0, .any, coordinate: .plain, kicks: [.sparse, .gaussian],
      "cx: A exp(cx (Rbar + 1))")
  ]

  /// cx.
  private let exponent: Double

  /// At cx = 0 it changes no bit, and its derivative is still there to be learned by.
  public init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) { exponent = constants[.gate] }

  public var isIdle: Bool { exponent == 0 }

  public func kickFactor(baseline: Double) -> Double { exp(exponent * (baseline + 1)) }
  public func kickSlope(baseline: Double) -> Double { exponent }
  public func kickTangent(by constant: LocalConstant, baseline: Double) -> Double {
    constant == .gate ? baseline + 1 : 0
  }
}

extension LocalConstant {
  /// cx of `Gate`.
  public static let gate = LocalConstant(declared: "gate")
}
