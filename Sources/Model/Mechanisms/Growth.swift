/// Growth of W, or its decay: mu_ij -= 0.002 (lam_0 + lam_2 (m / 0.3)^2) W_ij, before the clip.
public struct Growth: Mechanism {
  public static let name = "growth"
  public static let constants = [
    LocalConstant.Declaration(
      "growth-0", in: "rule", partOf: "growth", standard: 0, .any, coordinate: .plain, learners: .threeFactor,
      "lam_0, decay of W"),
    LocalConstant.Declaration(
      "growth-2", in: "rule", partOf: "growth", standard: 0, .any, coordinate: .plain, learners: .threeFactor,
      "lam_2, its part driven by surprise"),
  ]

  /// lam_0, and lam_2, its part driven by surprise.
  private let always: Double
  private let surprised: Double

  /// At 0 it changes no bit, and its derivatives are still there to be learned by.
  public init?(_ constants: LocalConstants, traceMeanBy: TraceMeanGroup) {
    always = constants[.growth0]
    surprised = constants[.growth2]
  }

  public var isIdle: Bool { always == 0 && surprised == 0 }

  public func decay(success m: Double) -> Double { 0.002 * (always + surprised * (m / 0.3) * (m / 0.3)) }
  public func decaySlope(success m: Double) -> Double { 0.002 * surprised * 2 * m / (0.3 * 0.3) }
  public func decayTangent(by constant: LocalConstant, success m: Double) -> Double {
    switch constant {
    case .growth0: 0.002
    case .growth2: 0.002 * (m / 0.3) * (m / 0.3)
    default: 0
    }
  }
}

extension LocalConstant {
  /// lam_0 of `Growth`.
  public static let growth0 = LocalConstant(declared: "growth-0")
  /// lam_2 of `Growth`.
  public static let growth2 = LocalConstant(declared: "growth-2")
}

extension LocalConstants {
  /// The same with lam_0 = lam_2 = 0.
  public var withoutGrowth: LocalConstants { replacing([.growth0: 0, .growth2: 0]) }
}
