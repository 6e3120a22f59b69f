import Model

/// A mechanism that nobody has: W decays by the size of the success. All there is to it is said here.
public struct Fatigue: Mechanism {
  public static let name = "fatigue"
  public static let constants = [
    LocalConstant.Declaration(
      "fatigue", in: "rule", standard: 0, .notNegative, learners: .threeFactor, recordVersion: 3,
      "made up: share of W lost per unit of |R - Rbar|")
  ]

  private let rate: Double

  public init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    rate = constants[LocalConstant(declared: "fatigue")]
    if rate == 0 { return nil }
  }

  public func decay(success m: Double) -> Double { rate * m.magnitude }
  public func decaySlope(success m: Double) -> Double { m < 0 ? -rate : rate }
  public func decayTangent(by constant: LocalConstant, success m: Double) -> Double {
    constant == LocalConstant(declared: "fatigue") ? m.magnitude : 0
  }
}
