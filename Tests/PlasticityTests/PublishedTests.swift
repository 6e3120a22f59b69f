import Foundation
import Kernels
import Testing

@testable import Plasticity

/// The published protocols against literal forms of themselves; the published figures are the matter of
/// `make validation`.
@Suite struct PublishedTests {
  /// Miconi's protocol step by step, in Double, on the draws of an address.
  private func literalMiconi(
    _ model: MiconiProtocol, _ address: LifetimeAddress, weights start: [Double], trials: Int
  )
    -> (errors: [Double], weights: [Double])
  {
    let n = model.units
    let channels = model.task.channels
    var w = start
    var stream = address.stream(.inputWeights)
    var win = Array(repeating: 0.0, count: n * channels)
    for channel in 0..<channels {
      for i in 0..<n {
        let draw = Double(Float(2 * stream.uniform() - 1))
        if i > 0 { win[i * channels + channel] = draw }
      }
    }
    var xtrace = Array(repeating: 0.0, count: n)
    var running = [0.0, 0, 0, 0]
    var errors: [Double] = []
    for h in 0..<trials {
      let trial = MiconiTrial(model, address, trial: h)
      var sizes: [Int: Double] = [:]
      for kick in trial.perturbations { sizes[kick.step * n + kick.neuron] = Double(kick.size) }
      var draws = address.stream(.initialState, trial: h)
      var x = (0..<n).map { _ in Double(Float(0.1 * (2 * draws.uniform() - 1))) }
      func clamp() { (x[1], x[10], x[11]) = (1, 1, -1) }
      clamp()
      func rate(_ x: Double) -> Double {
        model.population == .mixed ? tanh(x) : min(max(x + 2, 0), 20)
      }
      var r = x.map(rate)
      var e = Array(repeating: 0.0, count: n * n)
      var error = 0.0
      for step in 0..<model.task.steps {
        let before = r
        for i in 0..<n {
          var drive = sizes[step * n + i] ?? 0
          for j in 0..<n { drive += w[i * n + j] * before[j] }
          for c in 0..<channels { drive += win[i * channels + c] * Double(trial.inputs[step * channels + c]) }
          x[i] += model.timeStep / model.tau * (-x[i] + drive)
        }
        clamp()
        r = x.map(rate)
        let delta = (0..<n).map { x[$0] - xtrace[$0] }
        for i in 0..<n { xtrace[i] = 0.05 * xtrace[i] + 0.95 * x[i] }
        if step > 2 {
          for i in 0..<n {
            for j in 0..<n {
              let product = before[j] * delta[i]
              switch model.trace {
              case .cubic: e[i * n + j] += product * product * product
              case .cubicFluctuation: e[i * n + j] += product * delta[i] * delta[i]
              case .linear: e[i * n + j] += product
              case .nodePerturbation: e[i * n + j] += before[j] * (sizes[step * n + i] ?? 0)
              }
            }
          }
        }
        if step >= model.task.steps - 200 { error += abs(r[0] - trial.target) / 200 }
      }
      let c = h % 4
      if h >= model.firstUpdate {
        for s in 0..<n * n where ![1, 10, 11].contains(s / n) {
          let change = -model.eta * running[c] * e[s] * (error - running[c])
          w[s] += min(max(change, -model.clip), model.clip)
          guard model.population == .separate else { continue }
          w[s] = s % n < n / 2 ? max(0, w[s]) : min(0, w[s])
        }
      }
      running[c] = 0.75 * running[c] + 0.25 * error
      errors.append(error)
    }
    return (errors, w)
  }

  /// 1e-8: rounding grows along 1000 steps of a network at the edge of chaos, and over eight trials of learning.
  @Test(arguments: MiconiTask.allCases, MiconiProtocol.Trace.allCases)
  func miconiStepByStep(task: MiconiTask, trace: MiconiProtocol.Trace) {
    var model = task == .delayedNonmatch ? MiconiProtocol.delayedNonmatch(trace) : .contextIntegration(trace)
    model.units = 14
    model.firstUpdate = 4
    model.clip = 1e-3
    let address = LifetimeAddress(seed: 3, domain: .evaluation, index: 5)
    let network = MiconiNetwork<Double>(model, level: .highest)
    var history: [[Double]] = []
    let errors = network.run(address, trials: 8) { _, _, weights in history.append(weights()) }
    let (expected, weights) = literalMiconi(model, address, weights: history[0], trials: 8)
    let worst = zip(errors, expected).map { abs($0 - $1) }.max()!
    #expect(errors.count == 8)
    #expect(worst <= 1e-8, "worst error of E \(worst)")
    // Incoming weights of clamped neurons act on nothing; the engine keeps them at 0.
    let kept = weights.indices.filter { ![1, 10, 11].contains($0 / 14) }
    let change = relativeError(
      kept.map { history[7][$0] - history[0][$0] }, kept.map { weights[$0] - history[0][$0] })
    #expect(change <= 1e-6, "worst error of the change of W \(change)")
    #expect(history[7] != history[0])
  }

  /// The same of his network of excitatory and inhibitory neurons, whose weights are cut at 0. A clip of 1e-2 cuts many
  /// in four updates.
  @Test(arguments: MiconiProtocol.Trace.allCases)
  func miconiOfTwoPopulationsStepByStep(trace: MiconiProtocol.Trace) {
    var model = MiconiProtocol.separatePopulations(trace)
    model.units = 16
    model.firstUpdate = 4
    model.clip = 1e-2
    let address = LifetimeAddress(seed: 3, domain: .evaluation, index: 5)
    let network = MiconiNetwork<Double>(model, level: .highest)
    var history: [[Double]] = []
    let errors = network.run(address, trials: 8) { _, _, weights in history.append(weights()) }
    let (expected, weights) = literalMiconi(model, address, weights: history[0], trials: 8)
    #expect(errors.count == 8)
    #expect(zip(errors, expected).allSatisfy { abs($0 - $1) <= 1e-8 })
    let kept = weights.indices.filter { ![1, 10, 11].contains($0 / 16) }
    #expect(relativeError(kept.map { history[7][$0] }, kept.map { weights[$0] }) <= 1e-8)
    #expect(history[7] != history[0])
    #expect(kept.allSatisfy { $0 % 16 < 8 ? history[7][$0] >= 0 : history[7][$0] <= 0 })
    // At the start every second synapse of either half has its weight.
    for i in [0, 2, 15] {
      let row = history[0][i * 16..<(i + 1) * 16]
      #expect(row.count { $0 == 0.15 } == 4 && row.count { $0 == -0.18 } == 4 && row.count { $0 == 0 } == 8)
    }
  }

  @Test func miconiInputsAreThePapers() {
    let address = LifetimeAddress(seed: 0, domain: .evaluation, index: 0)
    let model = MiconiProtocol.delayedNonmatch()
    for (h, target) in [-0.98, 0.98, 0.98, -0.98].enumerated() {
      let trial = MiconiTrial(model, address, trial: h)
      #expect(trial.target == target)
      let on = (0..<1000).map { t in (0..<2).filter { trial.inputs[2 * t + $0] == 1 } }
      #expect(on[1...200].allSatisfy { $0 == [h / 2] } && on[400..<600].allSatisfy { $0 == [h % 2] })
      #expect(
        on[0].isEmpty && on[201..<400].allSatisfy { $0.isEmpty } && on[600...].allSatisfy { $0.isEmpty })
      // 200 neurons x 996 steps x 0.003: 598 +- 24 perturbations.
      #expect((450...750).contains(trial.perturbations.count))
      #expect(trial.perturbations.allSatisfy { $0.step >= 4 && $0.step < 1000 && abs($0.size) <= 16 })
    }
    let context = MiconiTrial(.contextIntegration(), address, trial: 3)
    #expect(context.target == -1)
    #expect((0..<700).allSatisfy { context.inputs[4 * $0 + 3] == 1 && context.inputs[4 * $0 + 2] == 0 })
    // Mean 0.5 x 0.5 x -1 over 500 steps of deviation 0.5.
    let mean = (1...500).reduce(0.0) { $0 + Double(context.inputs[4 * $1 + 1]) } / 500
    #expect(abs(mean + 0.25) < 0.1, "mean of the attended stream \(mean)")
    #expect(context.inputs[4 * 501] == 0)
  }

  @Test func criterionCountsFromTheFirstHundred() {
    let wrong = ErrorCurve(errors: Array(repeating: 1.5, count: 300))
    #expect(wrong.trialsToCriterion() == nil)
    #expect(ErrorCurve(errors: Array(repeating: 0.5, count: 300)).trialsToCriterion() == 101)
    var errors = Array(repeating: 1.5, count: 200) + Array(repeating: 0.5, count: 200)
    #expect(ErrorCurve(errors: errors).trialsToCriterion() == 296)
    errors[250] = 1
    #expect(ErrorCurve(errors: errors).trialsToCriterion() == 297)
    #expect(ErrorCurve(errors: [1, 2, 3, 4]).median(at: 4, window: 4) == 2.5)
    #expect(ErrorCurve(errors: [1, 2, 3, 4]).median(at: 5, window: 4) == nil)
  }

  /// BPTT's change is minus the gradient of the summed half squares, by central differences.
  @Test func notebookBackpropagationIsTheGradient() {
    var model = RFLONotebook()
    model.units = 6
    model.steps = 12
    var state = RFLONotebook.State(model, LifetimeAddress(seed: 1, domain: .evaluation, index: 0))
    state.readout = state.readout.map { 10 * $0 }
    _ = state.runTrial()
    state.credit(.bptt)
    let differences = state.weights.indices.map { s in
      var up = state
      var down = state
      up.weights[s] += 1e-5
      down.weights[s] -= 1e-5
      return -(up.runTrial() - down.runTrial()) / 2e-5 * Double(model.steps)
    }
    #expect(relativeError(state.change, differences) <= 1e-7)
  }

  /// The backward pass as the notebook has it: z begins with the last error, and on the way back the error of a step
  /// is added after that step was used.
  @Test func notebookBackwardPassIsThePublishedOne() {
    var model = RFLONotebook()
    model.units = 5
    model.steps = 9
    var state = RFLONotebook.State(model, LifetimeAddress(seed: 2, domain: .evaluation, index: 0))
    state.readout = state.readout.map { 10 * $0 }
    _ = state.runTrial()
    state.credit(.publishedBPTT)
    let n = model.units
    var h = [Array(repeating: 0.1, count: n)]
    var slopes = [Array(repeating: 0.0, count: n)]
    for t in 1..<model.steps {
      let u = (0..<n).map { i in (0..<n).reduce(0) { $0 + state.weights[i * n + $1] * h[t - 1][$1] } }
      h.append((0..<n).map { h[t - 1][$0] + (tanh(u[$0]) - h[t - 1][$0]) / 10 })
      slopes.append(u.map { 1 - tanh($0) * tanh($0) })
    }
    let errors = h.indices.map { t in
      model.target(t) - (0..<n).reduce(0) { $0 + state.readout[$1] * h[t][$1] }
    }
    var expected = Array(repeating: 0.0, count: n * n)
    var z = state.readout.map { $0 * errors[model.steps - 1] }
    for t in stride(from: model.steps - 1, to: 0, by: -1) {
      for a in 0..<n {
        for b in 0..<n { expected[a * n + b] += z[a] * slopes[t][a] * h[t - 1][b] / 10 }
      }
      z = (0..<n).map { b in
        0.9 * z[b] + state.readout[b] * errors[t]
          + (0..<n).reduce(0) { $0 + z[$1] * slopes[t][$1] * state.weights[$1 * n + b] } / 10
      }
    }
    #expect(relativeError(state.change, expected) <= 1e-12)
    state.credit(.bptt)
    #expect(relativeError(state.change, expected) > 0.01, "the exact gradient is another")
  }

  /// One trial of RFLO's rule against its definition: p written as the sum it unrolls to.
  @Test func notebookRuleIsRFLO() {
    var model = RFLONotebook()
    model.units = 5
    model.steps = 9
    let address = LifetimeAddress(seed: 2, domain: .evaluation, index: 0)
    var state = RFLONotebook.State(model, address)
    _ = state.runTrial()
    state.credit(.rflo)
    let n = model.units
    var h = [Array(repeating: 0.1, count: n)]
    var slopes = [[Double]()]
    for t in 1..<model.steps {
      let u = (0..<n).map { i in (0..<n).reduce(0) { $0 + state.weights[i * n + $1] * h[t - 1][$1] } }
      h.append((0..<n).map { h[t - 1][$0] + (tanh(u[$0]) - h[t - 1][$0]) / 10 })
      slopes.append(u.map { 1 - tanh($0) * tanh($0) })
    }
    var expected = Array(repeating: 0.0, count: n * n)
    for t in 1..<model.steps {
      let error = model.target(t) - (0..<n).reduce(0) { $0 + state.readout[$1] * h[t][$1] }
      for a in 0..<n {
        for b in 0..<n {
          for s in 1...t {
            expected[a * n + b] +=
              state.feedback[a] * error * pow(0.9, Double(t - s)) * slopes[s][a] * h[s - 1][b] / 10
          }
        }
      }
    }
    #expect(relativeError(state.change, expected) <= 1e-12)
    let losses = RFLONotebook().run(.rflo, address, trials: 20)
    #expect(losses[19] < losses[0])
  }
}
