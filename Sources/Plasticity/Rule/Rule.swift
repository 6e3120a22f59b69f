import Foundation
import Model

/// A plasticity rule: the polynomial's coefficients, their units and the local constants beside them.
public struct Rule: Sendable, Equatable {
  /// Which coefficients there are.
  public let shape: RuleShape
  /// theta[k,l,m] at m (d+1)^2 + k (d+1) + l: power k of the presynaptic rate, power l of the postsynaptic fluctuation,
  /// power m of the weight itself. Where layers have their own, each has as many, one behind the other.
  public var theta: [Double]
  /// s_kl: the effective coefficient is theta s. All 1 where monomials are not normalised.
  public var scale: [Double]
  public var constants: LocalConstants

  /// - Parameter layers: those with coefficients of their own; see `RuleShape`.
  /// - Precondition: `theta` and `scale` hold (degree + 1)^2 numbers for every power of the weight and every such layer.
  public init(
    degree: Int, theta: [Double], scale: [Double]? = nil, constants: LocalConstants = LocalConstants(),
    layers: [Layer] = []
  ) {
    shape = RuleShape(degree: degree, coefficients: theta.count, layers: layers)
    self.theta = theta
    self.scale = scale ?? Array(repeating: 1, count: theta.count)
    invariant(
      self.scale.count == theta.count, "scale holds \(self.scale.count) numbers, not \(theta.count)")
    self.constants = constants
  }

  /// P = (M + 1) (d + 1)^2.
  public static func count(degree: Int, weightDegree: Int = 0) -> Int {
    RuleShape(degree: degree, weightDegree: weightDegree).coefficients
  }

  /// d.
  public var degree: Int { shape.degree }

  /// M, the largest power of the weight; 0 where a synapse does not see it.
  public var weightDegree: Int { shape.weightDegree }

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

  /// What eta is multiplied by at the synapses of a layer.
  public func rate(of layer: Layer) -> Double { Self.rate(of: layer).map { self[$0] } ?? 1 }

  /// The constant that eta is multiplied by there; nil where none is.
  static func rate(of layer: Layer) -> LocalConstant? {
    switch layer {
    case .recurrent: nil
    case .input: .inputRate
    case .readout: .readoutRate
    }
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
