import Foundation
import Model

/// A plasticity rule: the polynomial's coefficients, their units and the local constants beside them.
public struct Rule: Sendable, Equatable {
  /// d.
  public var degree: Int
  /// theta[k,l] at k (d+1) + l: power k of the presynaptic rate, power l of the postsynaptic fluctuation.
  public var theta: [Double]
  /// s_kl: the effective coefficient is theta s. All 1 where monomials are not normalised.
  public var scale: [Double]
  public var constants: LocalConstants

  /// - Precondition: `theta` and `scale` hold (degree + 1)^2 numbers.
  public init(
    degree: Int, theta: [Double], scale: [Double]? = nil, constants: LocalConstants = LocalConstants()
  ) {
    let count = Self.count(degree: degree)
    invariant(theta.count == count, "theta holds \(theta.count) numbers, degree \(degree) needs \(count)")
    self.degree = degree
    self.theta = theta
    self.scale = scale ?? Array(repeating: 1, count: count)
    invariant(self.scale.count == count, "scale holds \(self.scale.count) numbers, not \(count)")
    self.constants = constants
  }

  /// P = (d + 1)^2.
  public static func count(degree: Int) -> Int { (degree + 1) * (degree + 1) }

  /// theta s, what the kernels see.
  public var effective: [Double] { zip(theta, scale).map(*) }

  /// The same rule with theta = 0: no plasticity beyond `growth`.
  public var silent: Rule {
    var rule = self
    rule.theta = Array(repeating: 0, count: theta.count)
    rule.constants = constants.withoutGrowth
    return rule
  }
}

/// What the constants do, in the letters of the method.
extension LocalConstants {
  /// Step of the three-factor update.
  var eta: Double { self[.eta] }
  /// Bound of |mu|; infinity where off.
  var clip: Double { self[.clip] }
  /// Time constant of e; infinity for no decay.
  var tauE: Double { self[.tauE] }
  var tauBar: Double { self[.tauBar] }
  /// a_R.
  var baselineRate: Double { self[.baselineRate] }
  /// p, per unit and step.
  var probability: Double { self[.probability] }
  /// A.
  var amplitude: Double { self[.amplitude] }
  /// cx: the kick amplitude of condition c is A exp(cx (Rbar_c + 1)); at the first visit it is A.
  var gate: Double { self[.gate] }
  /// a_e: rate at which ebar, the running mean of e that mu leaves out, follows; 0 is off (ebar = 0). See `TraceMeans`.
  var traceMean: Double { self[.traceMean] }

  /// The same with lam_0 = lam_2 = 0.
  public var withoutGrowth: LocalConstants { replacing([.growth0: 0, .growth2: 0]) }

  /// Share of W that an update with success m = R - Rbar takes away, before the clip:
  /// 0.002 (lam_0 + lam_2 (m / 0.3)^2).
  public func growth(success m: Double) -> Double {
    0.002 * (self[.growth0] + self[.growth2] * (m / 0.3) * (m / 0.3))
  }

  /// d growth / d m.
  public func growthSlope(success m: Double) -> Double { 0.002 * self[.growth2] * 2 * m / (0.3 * 0.3) }

  /// Factor of the kick amplitude in a condition whose baseline is `baseline` (nil before the first visit).
  public func gateFactor(baseline: Double?) -> Double {
    guard self[.gate] != 0, let baseline else { return 1 }
    return exp(self[.gate] * (baseline + 1))
  }

  /// w_t = dt (1 - dt/tau_e)^(T-1-t): the weight of step t in e(T).
  public func stepWeights(timeStep dt: Double, steps: Int) -> [Double] {
    var weights = Array(repeating: 0.0, count: steps)
    var weight = dt
    for t in stride(from: steps - 1, through: 0, by: -1) {
      weights[t] = weight
      weight *= 1 - dt / self[.tauE]
    }
    return weights
  }
}
