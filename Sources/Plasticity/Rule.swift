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

/// The named constants beside theta, all local to a synapse or a neuron (METHOD's "local constants").
public struct LocalConstants: Sendable, Equatable {
  /// Step of the three-factor update.
  public var eta: Double
  /// Bound of |mu|; infinity where off.
  public var clip: Double
  /// Time constant of e; infinity for no decay.
  public var tauE: Double
  public var tauBar: Double
  /// a_R.
  public var baselineRate: Double
  /// p, per unit and step.
  public var probability: Double
  /// A.
  public var amplitude: Double
  /// cx: the kick amplitude of condition c is A exp(cx (Rbar_c + 1)); at the first visit it is A.
  public var gate: Double
  /// lam_0 and lam_2: mu -= 0.002 (lam_0 + lam_2 ((R - Rbar_c) / 0.3)^2) W, before the clip.
  public var growth0: Double
  public var growth2: Double
  /// a_e: rate at which ebar, the running mean of e that mu leaves out, follows; 0 is off (ebar = 0). See `TraceMeans`.
  public var traceMean: Double

  public init(
    eta: Double = 0.02, clip: Double = 0.015, tauE: Double = 400, tauBar: Double = 15,
    baselineRate: Double = 0.5, probability: Double = 0.01, amplitude: Double = 2.5, gate: Double = 0,
    growth0: Double = 0, growth2: Double = 0, traceMean: Double = 0
  ) {
    self.eta = eta
    self.clip = clip
    self.tauE = tauE
    self.tauBar = tauBar
    self.baselineRate = baselineRate
    self.probability = probability
    self.amplitude = amplitude
    self.gate = gate
    self.growth0 = growth0
    self.growth2 = growth2
    self.traceMean = traceMean
  }

  /// In the order of the records: eta, clip, tau-e, tau-bar, baseline-rate, probability, amplitude, gate, growth,
  /// trace-mean.
  public var values: [Double] {
    [eta, clip, tauE, tauBar, baselineRate, probability, amplitude, gate, growth0, growth2, traceMean]
  }

  public static let count = 11

  /// - Precondition: eleven numbers, in the order of `values`.
  public init(values: [Double]) {
    invariant(values.count == Self.count, "\(values.count) local constants where \(Self.count) are wanted")
    self.init(
      eta: values[0], clip: values[1], tauE: values[2], tauBar: values[3], baselineRate: values[4],
      probability: values[5], amplitude: values[6], gate: values[7], growth0: values[8], growth2: values[9],
      traceMean: values[10])
  }

  /// The same with lam_0 = lam_2 = 0.
  public var withoutGrowth: LocalConstants {
    var constants = self
    constants.growth0 = 0
    constants.growth2 = 0
    return constants
  }

  /// Share of W that an update with success m = R - Rbar takes away, before the clip.
  public func growth(success m: Double) -> Double {
    0.002 * (growth0 + growth2 * (m / 0.3) * (m / 0.3))
  }

  /// d growth / d m.
  public func growthSlope(success m: Double) -> Double { 0.002 * growth2 * 2 * m / (0.3 * 0.3) }

  /// Factor of the kick amplitude in a condition whose baseline is `baseline` (nil before the first visit).
  public func gateFactor(baseline: Double?) -> Double {
    guard gate != 0, let baseline else { return 1 }
    return exp(gate * (baseline + 1))
  }

  /// w_t = dt (1 - dt/tau_e)^(T-1-t): the weight of step t in e(T).
  public func stepWeights(timeStep dt: Double, steps: Int) -> [Double] {
    var weights = Array(repeating: 0.0, count: steps)
    var weight = dt
    for t in stride(from: steps - 1, through: 0, by: -1) {
      weights[t] = weight
      weight *= 1 - dt / tauE
    }
    return weights
  }
}
