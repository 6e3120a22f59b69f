import Foundation
import Model

@testable import Plasticity

/// A lifetime of one rival as its paper writes it, in Double, one loop an index and nothing factored: traces are kept
/// for each synapse, and the exact gradient comes from the forward sensitivities of every synapse.
struct RivalReference {
  var inputs: LifetimeInputs
  var method: Method
  var rule: RivalRule
  var constants: LocalConstants
  var scale: Double
  /// RFLO's B, N x K.
  var feedback: [Double]

  struct Step {
    var reward: Double
    var trace: [Double]
    var weights: [Double]
  }

  func run() -> [Step] {
    let n = inputs.units
    var weights = inputs.weights
    var baseline: [Int: Double] = [:]
    var noise = [Double](repeating: 0, count: n * n)
    var steps: [Step] = []
    for trial in inputs.trials {
      let gate = Mechanisms(constants, traceMeanBy: method.traceMeanBy).kickFactor(
        baseline: baseline[trial.condition])
      let run = TrialRun(self, trial, weights: weights, gate: gate, noise: noise)
      let earned = ReferenceReward(kind: method.reward, outputs: inputs.outputs).value(run.readout, trial)
      let success = earned - (baseline[trial.condition] ?? earned)
      let factor: Double =
        switch rule {
        case .nodePerturbation, .weightPerturbation: success
        case .rewardEprop: -success
        case .rflo, .eprop, .bptt: -1
        }
      for s in 0..<n * n {
        let raw = constants[.eta] * scale * factor * run.trace[s]
        if let mask = inputs.mask, mask[s] == 0 { continue }
        weights[s] += min(max(raw, -constants[.clip]), constants[.clip]) + method.weightNoise * trial.noise[s]
        if let signs = inputs.signs, signs[s % n] * weights[s] <= 0 { weights[s] = 0 }
      }
      let before = baseline[trial.condition] ?? earned
      baseline[trial.condition] = before + constants[.baselineRate] * (earned - before)
      noise = trial.noise
      steps.append(Step(reward: earned, trace: run.trace, weights: weights))
    }
    return steps
  }

  /// L = sum over the window of |z - y|^2 / 2 of a trial run with `weights`.
  func loss(_ trial: TrialInputs, weights: [Double]) -> Double {
    let readout = TrialRun(self, trial, weights: weights, gate: 1, noise: []).readout
    return trial.window.reduce(0) { sum, t in
      (0..<inputs.outputs).reduce(sum) { sum, k in
        let error = readout[t * inputs.outputs + k] - trial.target[t * inputs.outputs + k]
        return sum + error * error / 2
      }
    }
  }
}

/// One trial: the read-out, and the trace of the rule.
private struct TrialRun {
  var readout: [Double]
  var trace: [Double]

  init(_ life: RivalReference, _ trial: TrialInputs, weights: [Double], gate: Double, noise: [Double]) {
    let inputs = life.inputs
    let (n, m, k, steps) = (inputs.units, inputs.inputs, inputs.outputs, inputs.steps)
    let alpha = life.method.timeStep / life.method.tau
    func slope(_ r: Double) -> Double { life.method.nonlinearity.slope(rate: r) }
    var rates: [[Double]] = []
    var x = trial.initial
    readout = []
    // dx_a/dW_ij for every synapse: [a][i n + j]. `local` keeps only a = i and no path through other neurons.
    var exact = Array(repeating: Array(repeating: 0.0, count: n * n), count: n)
    var local = Array(repeating: 0.0, count: n * n)
    var exacts: [[[Double]]] = []
    var locals: [[Double]] = []
    for t in 0..<steps {
      let r = x.map { life.method.nonlinearity.rate($0) }
      rates.append(r)
      exacts.append(exact)
      locals.append(local)
      for o in 0..<k { readout.append((0..<n).reduce(0) { $0 + inputs.readout[o * n + $1] * r[$1] }) }
      var nextExact = exact
      for a in 0..<n {
        for s in 0..<n * n {
          var sum = -exact[a][s]
          for b in 0..<n { sum += weights[a * n + b] * slope(r[b]) * exact[b][s] }
          if s / n == a { sum += r[s % n] }
          nextExact[a][s] += alpha * sum
        }
      }
      for s in 0..<n * n { local[s] += alpha * (-local[s] + r[s % n]) }
      exact = nextExact
      x = (0..<n).map { i in
        var drive = -x[i]
        for j in 0..<n { drive += weights[i * n + j] * r[j] }
        for c in 0..<m { drive += inputs.inputWeights[i * m + c] * trial.input[t * m + c] }
        return x[i] + alpha * drive + gate * trial.kicks[t * n + i]
      }
    }
    trace = Array(repeating: 0, count: n * n)
    switch life.rule {
    case .nodePerturbation:
      for t in 0..<steps - 1 {
        for s in 0..<n * n { trace[s] += gate * trial.kicks[t * n + s / n] * rates[t][s % n] }
      }
    case .weightPerturbation: trace = noise.map { $0 / life.method.weightNoise }
    case .rewardEprop, .rflo, .eprop, .bptt:
      for t in trial.window {
        for o in 0..<k {
          var wanted = trial.target[t * k + o]
          if life.rule == .rewardEprop {
            let sum = trial.window.reduce(0) { $0 + readout[$1 * k + o] }
            wanted = sum > 0 ? 1 : sum < 0 ? -1 : 0
          }
          let error = readout[t * k + o] - wanted
          for s in 0..<n * n {
            let i = s / n
            let psi = slope(rates[t][i])
            switch life.rule {
            case .bptt:
              for a in 0..<n {
                trace[s] += error * inputs.readout[o * n + a] * slope(rates[t][a]) * exacts[t][a][s]
              }
            case .rflo: trace[s] += life.feedback[i * k + o] * error * psi * locals[t][s]
            default: trace[s] += inputs.readout[o * n + i] * error * psi * locals[t][s]
            }
          }
        }
      }
    }
  }
}
