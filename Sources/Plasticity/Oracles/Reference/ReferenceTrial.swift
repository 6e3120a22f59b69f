import Foundation
import Model

/// One trial as the method writes it, in Double, one loop an index: the oracle of the fast engines. Nothing here is
/// rearranged: states, traces and tangents step together in time.
struct ReferenceTrial {
  var earned: Double
  /// e(T) of all synapses, in the order of `TrialRecord.weights`.
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
  ///   - weights: W, and Win and Wout where they learn.
  ///   - directions: what U and all tangents are taken by; empty for a primal trial.
  ///   - tangents: U of every direction, as long each.
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
    let synapses = inputs.synapses(method)
    var e = Array(repeating: 0.0, count: weights.count)
    var xdot = Array(repeating: Array(repeating: 0.0, count: n), count: count)
    var xbardot = xdot
    var edot = Array(repeating: e, count: count)
    var direct = Array(repeating: e, count: rule.theta.count)
    let inputStart = inputs.start(of: .input, method)
    let readoutStart = inputs.start(of: .readout, method)
    var zbar = Array(repeating: 0.0, count: inputs.outputs)
    var zbardot = Array(repeating: zbar, count: count)
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
          let weight = readoutStart.map { weights[$0 + k * n + i] } ?? inputs.readout[k * n + i]
          readout[t * inputs.outputs + k] += weight * r[i]
          for p in 0..<count {
            readoutTangents[p][t * inputs.outputs + k] +=
              weight * rdot[p][i] + (readoutStart.map { tangents[p][$0 + k * n + i] * r[i] } ?? 0)
          }
        }
      }
      let z = (0..<inputs.outputs).map { readout[t * inputs.outputs + $0] }
      let zdot = readoutTangents.map { own in (0..<inputs.outputs).map { own[t * inputs.outputs + $0] } }
      if t == 0 { (zbar, zbardot) = (z, zdot) }
      let decay = 1 - dt / constants.tauE
      for (index, synapse) in synapses.enumerated() where method.plastic.contains(synapse.layer) {
        let w = weights[index]
        let rate = constants.rate(of: synapse.layer)
        let pre = synapse.layer == .input ? trial.input[t * inputs.inputs + synapse.pre] : r[synapse.pre]
        let post = synapse.layer == .readout ? zbar[synapse.post] - z[synapse.post] : delta[synapse.post]
        var value = 0.0
        var (byPost, byPre, byWeight) = (0.0, 0.0, 0.0)
        let own = rule.shape.range(of: synapse.layer)
        for p in own {
          let c = rate * effective[p]
          let (k, l, m) = rule.shape.term(p).powers
          let monomial = power(pre, k) * power(post, l) * power(w, m)
          value += c * monomial
          if l > 0 { byPost += c * Double(l) * power(pre, k) * power(post, l - 1) * power(w, m) }
          if k > 0 { byPre += c * Double(k) * power(pre, k - 1) * power(post, l) * power(w, m) }
          if m > 0 { byWeight += c * Double(m) * power(pre, k) * power(post, l) * power(w, m - 1) }
          direct[p][index] = decay * direct[p][index] + dt * rate * rule.scale[p] * monomial
        }
        for (p, direction) in directions.enumerated() {
          var change = 0.0
          switch direction {
          case .theta(let place) where own.contains(place):
            let (k, l, m) = rule.shape.term(place).powers
            change = dt * rate * rule.scale[place] * power(pre, k) * power(post, l) * power(w, m)
          case .constant(.tauE): change = dt / constants.tauE * e[index]
          case .constant(let constant) where LocalConstants.rate(of: synapse.layer) == constant:
            change = dt * value
          default: break
          }
          let predot = synapse.layer == .input ? 0 : rdot[p][synapse.pre]
          let postdot =
            synapse.layer == .readout
            ? zbardot[p][synapse.post] - zdot[p][synapse.post]
            : xbardot[p][synapse.post] - xdot[p][synapse.post]
          edot[p][index] =
            decay * edot[p][index] + change
            + dt * (byPost * postdot + byPre * predot + byWeight * tangents[p][index])
        }
        e[index] = decay * e[index] + dt * value
      }
      var next = x
      var nextTangents = xdot
      for i in 0..<n {
        var drive = -x[i]
        for j in 0..<n { drive += weights[i * n + j] * r[j] }
        for m in 0..<inputs.inputs {
          let place = i * inputs.inputs + m
          let weight = inputStart.map { weights[$0 + place] } ?? inputs.inputWeights[place]
          drive += weight * trial.input[t * inputs.inputs + m]
        }
        let kick = gateFactor * trial.kicks[t * n + i]
        next[i] = x[i] + dt / method.tau * drive + kick
        for p in 0..<count {
          var sum = -xdot[p][i]
          for j in 0..<n { sum += weights[i * n + j] * rdot[p][j] + tangents[p][i * n + j] * r[j] }
          if let inputStart {
            for m in 0..<inputs.inputs {
              sum += tangents[p][inputStart + i * inputs.inputs + m] * trial.input[t * inputs.inputs + m]
            }
          }
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
      for k in 0..<inputs.outputs {
        for (p, direction) in directions.enumerated() {
          zbardot[p][k] += follow * (zdot[p][k] - zbardot[p][k])
          if direction == .constant(.tauBar) { zbardot[p][k] -= follow * (z[k] - zbar[k]) }
        }
        zbar[k] += follow * (z[k] - zbar[k])
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

/// One synapse that may learn.
struct ReferenceSynapse {
  var layer: Layer
  var post: Int
  var pre: Int
}

extension LifetimeInputs {
  /// All of them, in the order of `TrialRecord.weights`.
  func synapses(_ method: Method) -> [ReferenceSynapse] {
    func all(_ layer: Layer, posts: Int, pres: Int) -> [ReferenceSynapse] {
      (0..<posts).flatMap { post in
        (0..<pres).map { ReferenceSynapse(layer: layer, post: post, pre: $0) }
      }
    }
    return all(.recurrent, posts: units, pres: units)
      + (method.plastic.contains(.input) ? all(.input, posts: units, pres: inputs) : [])
      + (method.plastic.contains(.readout) ? all(.readout, posts: outputs, pres: units) : [])
  }

  /// Where a layer starts in that order; nil where it does not learn.
  func start(of layer: Layer, _ method: Method) -> Int? {
    method.plastic.contains(layer) ? synapses(method).firstIndex { $0.layer == layer } : nil
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
