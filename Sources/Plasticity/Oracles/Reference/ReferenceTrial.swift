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
  /// S_kl(T) = sum_t w_t delta^l (r^k)^T s_kl, the direct sensitivity of e, by direction.
  var direct: [[Double]]
  /// Signs of z - y inside the window.
  var errorSigns: [Int]
  /// Which units are on the upper side of the kink of `rectified-tanh`, step by step; empty for other nonlinearities.
  var activeUnits: [Bool] = []
  /// True where every x_t (t < T) is finite and within the bound.
  var staysWithinBound: Bool

  /// - Parameters:
  ///   - weights: W, N x N.
  ///   - tangents: U_p, N x N each, for every direction; nil for a primal trial.
  ///   - kickTangents: d kick / d theta_p as a multiple of the kick (the gate); 0 without.
  init(
    _ inputs: LifetimeInputs, _ trial: TrialInputs, method: Method, rule: Rule, weights: [Double],
    gateFactor: Double = 1, tangents: [[Double]]? = nil, kickTangents: [Double]? = nil
  ) {
    let n = inputs.units
    let d = rule.degree
    let count = tangents == nil ? 0 : Rule.count(degree: d)
    let dt = method.timeStep
    let constants = rule.constants
    var x = trial.initial
    var xbar = x
    var e = Array(repeating: 0.0, count: n * n)
    var xdot = Array(repeating: Array(repeating: 0.0, count: n), count: count)
    var xbardot = xdot
    var edot = Array(repeating: Array(repeating: 0.0, count: n * n), count: count)
    var direct = Array(repeating: Array(repeating: 0.0, count: n * n), count: Rule.count(degree: d))
    let effective = rule.effective
    var readout = Array(repeating: 0.0, count: inputs.steps * inputs.outputs)
    var readoutTangents = Array(repeating: readout, count: count)
    var within = true
    for t in 0..<inputs.steps {
      for i in 0..<n where !(abs(x[i]) <= method.bound) { within = false }
      let r = x.map { method.nonlinearity.rate($0) }
      if method.nonlinearity == .rectifiedTanh { activeUnits += r.map { $0 > 0 } }
      let delta = (0..<n).map { xbar[$0] - x[$0] }
      let rdot = xdot.map { direction in
        (0..<n).map { method.nonlinearity.slope(rate: r[$0]) * direction[$0] }
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
          var value = 0.0
          var g = 0.0
          var h = 0.0
          for k in 0...d {
            for l in 0...d {
              let p = k * (d + 1) + l
              let c = effective[p]
              value += c * power(r[j], k) * power(delta[i], l)
              if l > 0 { g += c * Double(l) * power(r[j], k) * power(delta[i], l - 1) }
              if k > 0 { h += c * Double(k) * power(r[j], k - 1) * power(delta[i], l) }
              direct[p][i * n + j] =
                decay * direct[p][i * n + j] + dt * rule.scale[p] * power(r[j], k) * power(delta[i], l)
            }
          }
          e[i * n + j] = decay * e[i * n + j] + dt * value
          for p in 0..<count {
            let (k, l) = (p / (d + 1), p % (d + 1))
            let deltadot = xbardot[p][i] - xdot[p][i]
            edot[p][i * n + j] =
              decay * edot[p][i * n + j]
              + dt * (rule.scale[p] * power(delta[i], l) * power(r[j], k) + g * deltadot + h * rdot[p][j])
          }
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
          for j in 0..<n { sum += weights[i * n + j] * rdot[p][j] + tangents![p][i * n + j] * r[j] }
          nextTangents[p][i] = xdot[p][i] + dt / method.tau * sum + kick * (kickTangents?[p] ?? 0)
        }
      }
      for i in 0..<n {
        for p in 0..<count { xbardot[p][i] += dt / constants.tauBar * (xdot[p][i] - xbardot[p][i]) }
        xbar[i] += dt / constants.tauBar * (x[i] - xbar[i])
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
