import Foundation
import Model

/// One trial as the method writes it, in Double, one loop an index: the oracle of the fast engines. Nothing here is
/// rearranged: states, traces and tangents step together in time.
struct ReferenceTrial {
  var earned: Double
  /// e(T), N x N.
  var trace: [Double]
  /// Rdot and edot(T) by direction; empty without tangents.
  var rewardTangents: [Double]
  var traceTangents: [[Double]]
  /// S_klm(T) = W^m sum_t w_t delta^l (r^k)^T s_klm, the direct sensitivity of e, by coefficient.
  var direct: [[Double]]
  /// Mean of r over the steps that a critic sees, N, and its tangents.
  var features: [Double]
  var featureTangents: [[Double]]
  /// Signs of z - y inside the window.
  var errorSigns: [Int]
  /// Which units are on the upper side of the kink of `rectified-tanh`, step by step; empty for other nonlinearities.
  var activeUnits: [Bool] = []
  /// True where every x_t (t < T) is finite and within the bound.
  var staysWithinBound: Bool

  /// - Parameters:
  ///   - weights: W, N x N.
  ///   - directions: what U and all tangents are taken by; empty for a primal trial.
  ///   - tangents: U of every direction, N x N each.
  ///   - kickTangents: d kick as a multiple of the kick, by direction; nil: 0.
  init(
    _ inputs: LifetimeInputs, _ trial: TrialInputs, method: Method, rule: Rule, weights: [Double],
    gateFactor: Double = 1, directions: [RuleCoordinate] = [], tangents: [[Double]] = [],
    kickTangents: [Double]? = nil
  ) {
    let n = inputs.units
    let count = directions.count
    let dt = method.timeStep
    let constants = rule.constants
    var x = trial.initial
    var xbar = x
    var e = Array(repeating: 0.0, count: n * n)
    var xdot = Array(repeating: Array(repeating: 0.0, count: n), count: count)
    var xbardot = xdot
    var edot = Array(repeating: Array(repeating: 0.0, count: n * n), count: count)
    var direct = Array(repeating: Array(repeating: 0.0, count: n * n), count: rule.theta.count)
    let effective = rule.effective
    var readout = Array(repeating: 0.0, count: inputs.steps * inputs.outputs)
    var readoutTangents = Array(repeating: readout, count: count)
    var features = Array(repeating: 0.0, count: n)
    var featureTangents = Array(repeating: features, count: count)
    let shown = trial.window.lowerBound > 0 ? trial.window.lowerBound : inputs.steps
    var within = true
    for t in 0..<inputs.steps {
      for i in 0..<n where !(abs(x[i]) <= method.bound) { within = false }
      let r = x.map { method.nonlinearity.rate($0) }
      if method.nonlinearity == .rectifiedTanh { activeUnits += r.map { $0 > 0 } }
      let delta = (0..<n).map { xbar[$0] - x[$0] }
      let rdot = xdot.map { direction in
        (0..<n).map { method.nonlinearity.slope(rate: r[$0]) * direction[$0] }
      }
      if t < shown {
        for i in 0..<n {
          features[i] += r[i] / Double(shown)
          for p in 0..<count { featureTangents[p][i] += rdot[p][i] / Double(shown) }
        }
      }
      for k in 0..<inputs.outputs {
        for i in 0..<n {
          readout[t * inputs.outputs + k] += inputs.readout[k * n + i] * r[i]
          for p in 0..<count {
            readoutTangents[p][t * inputs.outputs + k] += inputs.readout[k * n + i] * rdot[p][i]
          }
        }
      }
      let decay = 1 - dt / constants.tauE
      for i in 0..<n {
        for j in 0..<n {
          let synapse = i * n + j
          let w = weights[synapse]
          var value = 0.0
          var (byDelta, byRate, byWeight) = (0.0, 0.0, 0.0)
          for (p, c) in effective.enumerated() {
            let (k, l, m) = Term(index: p, degree: rule.degree).powers
            let monomial = power(r[j], k) * power(delta[i], l) * power(w, m)
            value += c * monomial
            if l > 0 { byDelta += c * Double(l) * power(r[j], k) * power(delta[i], l - 1) * power(w, m) }
            if k > 0 { byRate += c * Double(k) * power(r[j], k - 1) * power(delta[i], l) * power(w, m) }
            if m > 0 { byWeight += c * Double(m) * power(r[j], k) * power(delta[i], l) * power(w, m - 1) }
            direct[p][synapse] = decay * direct[p][synapse] + dt * rule.scale[p] * monomial
          }
          for (p, direction) in directions.enumerated() {
            var own = 0.0
            if case .theta(let index) = direction {
              let (k, l, m) = Term(index: index, degree: rule.degree).powers
              own = dt * rule.scale[index] * power(r[j], k) * power(delta[i], l) * power(w, m)
            } else if direction == .constant(.tauE) {
              own = dt / constants.tauE * e[synapse]
            }
            let deltadot = xbardot[p][i] - xdot[p][i]
            edot[p][synapse] =
              decay * edot[p][synapse] + own
              + dt * (byDelta * deltadot + byRate * rdot[p][j] + byWeight * tangents[p][synapse])
          }
          e[synapse] = decay * e[synapse] + dt * value
        }
      }
      var next = x
      var nextTangents = xdot
      for i in 0..<n {
        var drive = -x[i]
        for j in 0..<n { drive += weights[i * n + j] * r[j] }
        for m in 0..<inputs.inputs {
          drive += inputs.inputWeights[i * inputs.inputs + m] * trial.input[t * inputs.inputs + m]
        }
        let kick = gateFactor * trial.kicks[t * n + i]
        next[i] = x[i] + dt / method.tau * drive + kick
        for p in 0..<count {
          var sum = -xdot[p][i]
          for j in 0..<n { sum += weights[i * n + j] * rdot[p][j] + tangents[p][i * n + j] * r[j] }
          nextTangents[p][i] = xdot[p][i] + dt / method.tau * sum + kick * (kickTangents?[p] ?? 0)
        }
      }
      let follow = dt / constants.tauBar
      for i in 0..<n {
        for (p, direction) in directions.enumerated() {
          xbardot[p][i] += follow * (xdot[p][i] - xbardot[p][i])
          if direction == .constant(.tauBar) { xbardot[p][i] -= follow * (x[i] - xbar[i]) }
        }
        xbar[i] += follow * (x[i] - xbar[i])
      }
      x = next
      xdot = nextTangents
    }
    let reward = ReferenceReward(kind: method.reward, outputs: inputs.outputs)
    earned = reward.value(readout, trial)
    rewardTangents = readoutTangents.map { reward.tangent(readout, $0, trial) }
    trace = e
    traceTangents = edot
    self.direct = direct
    self.features = features
    self.featureTangents = featureTangents
    errorSigns = reward.signs(readout, trial)
    staysWithinBound = within
  }
}

/// x^n by products; 0^0 = 1.
func power(_ x: Double, _ n: Int) -> Double {
  var result = 1.0
  for _ in 0..<n { result *= x }
  return result
}

/// R and Rdot written from the definition.
struct ReferenceReward {
  var kind: RewardKind
  var outputs: Int

  func value(_ readout: [Double], _ trial: TrialInputs) -> Double {
    var total = 0.0
    switch kind {
    case .absolute, .squared:
      for t in trial.window {
        for k in 0..<outputs {
          let error = readout[t * outputs + k] - trial.target[t * outputs + k]
          total -= kind == .absolute ? abs(error) : error * error
        }
      }
      return total / Double(trial.window.count * outputs)
    case .binary:
      for k in 0..<outputs {
        let z = trial.window.map { readout[$0 * outputs + k] }.reduce(0, +)
        let y = trial.window.map { trial.target[$0 * outputs + k] }.reduce(0, +)
        if signum(z) == signum(y) { total += 1 }
      }
      return total / Double(outputs)
    }
  }

  func tangent(_ readout: [Double], _ tangent: [Double], _ trial: TrialInputs) -> Double {
    if kind == .binary { return 0 }
    var total = 0.0
    for t in trial.window {
      for k in 0..<outputs {
        let index = t * outputs + k
        let error = readout[index] - trial.target[index]
        total -= (kind == .absolute ? signum(error) : 2 * error) * tangent[index]
      }
    }
    return total / Double(trial.window.count * outputs)
  }

  func signs(_ readout: [Double], _ trial: TrialInputs) -> [Int] {
    (trial.window.lowerBound * outputs..<trial.window.upperBound * outputs).map {
      Int(signum(readout[$0] - trial.target[$0]))
    }
  }

  private func signum(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }
}
