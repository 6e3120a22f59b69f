import KernelCalls
import Kernels
import Model
import Tasks

/// Lifetimes of one rival: the primal, the draws and the update of the engine with another trace.
///
/// Every trace is a sum over time of outer products post_t pre_t^T, so a rival is told by what it puts into two
/// trajectories (`RivalTraces`). Weight perturbation alone takes its trace from the noise.
final class RivalLifetime<S: KernelScalar> {
  let rule: RivalRule
  let method: Method
  let task: any LearningTask
  let kernels: KernelSet<S>
  /// Of the lifetime that runs; growth does not apply and is 0.
  private var constants: LocalConstants
  /// What eta is multiplied by.
  private var gain = 1.0
  /// What e is multiplied by: 1 / rms of the trace, or 1.
  private var scale: Double
  private let reward: Reward
  private var network: NetworkDraw<S>
  private var kicks: Kicks<S>
  private var trial: Trial
  private var primal: PrimalBuffers<S>
  private var traces: RivalTraces<S>
  private var baselines: Baselines
  private var readout: [Double]
  private var lifetimeDraw = LifetimeDraw()
  /// R and Rbar_c, as used, of the trial that has just ended.
  private var lastReward = Double.nan
  private var lastBaseline = Double.nan
  /// RFLO's B is Wout^T instead of random: what e-prop must equal.
  var usesReadoutAsFeedback = false

  init(
    _ rule: RivalRule, method: Method, task: any LearningTask, constants: LocalConstants, scale: Double,
    kernels: KernelSet<S>
  ) {
    self.rule = rule
    self.method = method
    self.task = task
    self.kernels = kernels
    self.scale = scale
    self.constants = constants.withoutGrowth
    reward = Reward(kind: method.reward, outputs: task.outputs)
    network = NetworkDraw(units: method.units, inputs: task.inputs, outputs: task.outputs)
    kicks = Kicks(units: method.units, steps: task.steps)
    trial = Self.emptyTrial(task)
    primal = PrimalBuffers(method: method, task: task, kernels: kernels)
    traces = RivalTraces(method: method, task: task, kernels: kernels)
    baselines = Baselines(conditions: task.conditions, directions: 0)
    readout = Array(repeating: 0, count: task.steps * task.outputs)
  }

  private static func emptyTrial(_ task: some LearningTask) -> Trial { Trial(for: task) }

  /// A lifetime with the constants of `rule`, its one theta as the factor of eta and its one scale as that of e: the
  /// form of `RivalRule.rule`.
  /// - Parameter record: as `LifetimeRunner.run` has it.
  func run(
    _ address: LifetimeAddress, rule: Rule, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    invariant(rule.degree == 0, "a rival's rule is of degree 0, not \(rule.degree)")
    constants = rule.constants.withoutGrowth
    gain = rule.theta[0]
    scale = rule.scale[0]
    guard let record else { return run(address) }
    return run(address, observe: { h in record(h, self.snapshot()) })
  }

  /// - Parameter record: after every trial its index, e without scale and W^{h+1}, both N x N as [i][j].
  func run(
    _ address: LifetimeAddress, record: @escaping (Int, _ trace: [Double], _ weights: [Double]) -> Void
  ) -> LifetimeOutcome {
    run(
      address,
      observe: { h in
        record(
          h, self.primal.traces.transposedValues(columns: self.method.units),
          self.primal.weights.transposedValues(columns: self.method.units))
      })
  }

  /// A lifetime with the constants there are; `observe` is called after every trial that did not diverge.
  func run(_ address: LifetimeAddress, observe: ((Int) -> Void)? = nil) -> LifetimeOutcome {
    var outcome = LifetimeOutcome(trials: method.trials)
    if task.hasIncongruentTrials { outcome.incongruent = [] }
    begin(address)
    for h in 0..<method.trials {
      guard step(h, address, &outcome) else {
        outcome.divergedAt = h
        for later in h..<method.trials {
          outcome.rewards[later] = .nan
          outcome.accuracies[later] = 0
        }
        return outcome
      }
      observe?(h)
    }
    return outcome
  }

  /// The fixed part of that lifetime's network, as `LifetimeRunner` wants it.
  func network(_ address: LifetimeAddress) -> (weights: [Double], inputWeights: [Double], readout: [Double]) {
    network.draw(address, method: method, kernels: kernels)
    let n = method.units
    return (
      network.weights.transposedValues(columns: n), network.inputWeights.transposedValues(columns: n),
      network.readout.values(columns: n)
    )
  }

  /// The trial that has just ended; a rival has no tangents and no twin.
  private func snapshot() -> TrialRecord {
    let n = method.units
    return TrialRecord(
      initial: network.initial.values(columns: n), trial: trial.inputs.map(Double.init),
      target: trial.target.map(Double.init), window: trial.window, condition: trial.condition,
      noise: primal.noise.transposedValues(rows: n, columns: n),
      kicks: kicks.values.values(rows: task.steps, columns: n), reward: lastReward, baseline: lastBaseline,
      weights: primal.weights.transposedValues(columns: n), tangents: [], rewardTangents: [],
      twinReward: .nan)
  }

  /// Sum of e^2 over all synapses in the first trial at `address`, without any update; nil where it is not finite.
  func squaredTrace(_ address: LifetimeAddress) -> Double? {
    begin(address)
    drawTrial(0, address)
    guard primal.run(network, kicks, trial) else { return nil }
    primal.read(network, trial, into: &readout)
    credit(0)
    var sum = 0.0
    for j in 0..<method.units {
      for i in 0..<method.units {
        let e = Double(primal.traces.pointer[j * primal.ld + i])
        sum += e * e
      }
    }
    return sum.isFinite ? sum : nil
  }

  private func begin(_ address: LifetimeAddress) {
    network.draw(address, method: method, kernels: kernels)
    // The primal takes its constants from a rule; a silent one of degree 0 says nothing else.
    primal.begin(Rule(degree: 0, theta: [0], constants: constants), weights: network.weights)
    traces.drawFeedback(address, method: method)
    baselines.reset()
    var stream = address.stream(.taskLifetime)
    lifetimeDraw = task.drawLifetime(&stream)
  }

  /// One trial; false where it diverged.
  private func step(_ h: Int, _ address: LifetimeAddress, _ outcome: inout LifetimeOutcome) -> Bool {
    drawTrial(h, address)
    guard primal.run(network, kicks, trial) else { return false }
    primal.read(network, trial, into: &readout)
    let earned = reward.value(readout, trial)
    guard earned.isFinite else { return false }
    outcome.rewards[h] = earned
    outcome.accuracies[h] = task.accuracy(readout: readout, trial: trial)
    outcome.incongruent?.append(task.isIncongruent(trial))
    credit(h)
    if method.weightNoise > 0 {
      address.stream(.weightNoise, trial: h).fill(
        primal.noise.pointer, atLeast: method.units * primal.ld, kernels)
    }
    lastReward = earned
    lastBaseline = baselines.used(trial.condition, reward: earned)
    let success = earned - lastBaseline
    var update = constants
    update[.eta] = constants[.eta] * gain * scale
    guard primal.update(update, success: sign * (rule.feedback == .denseError ? 1 : success)) else {
      return false
    }
    baselines.follow(trial.condition, reward: earned, rate: constants.baselineRate)
    return true
  }

  /// -1 for the rules that descend an error.
  private var sign: Double {
    switch rule {
    case .nodePerturbation, .weightPerturbation: 1
    case .rewardEprop, .rflo, .eprop, .bptt: -1
    }
  }

  private func drawTrial(_ h: Int, _ address: LifetimeAddress) {
    var stream = address.stream(.taskTrial, trial: h)
    task.drawTrial(&trial, lifetime: lifetimeDraw, stream: &stream)
    if method.initialPerTrial, h > 0 {
      network.drawInitial(address, trial: h, method: method, kernels: kernels)
    }
    kicks.draw(
      method.kicks, constants, factor: constants.gateFactor(baseline: baselines.current(trial.condition)),
      stream: address.stream(.kicks, trial: h), kernels: kernels)
  }

  /// e of the trial, into `primal.traces`.
  private func credit(_ h: Int) {
    let trace = primal.traces.pointer
    switch rule {
    case .nodePerturbation:
      traces.takeKicks(kicks)
      traces.sum(pre: primal.rates.pointer, into: trace)
    case .weightPerturbation:
      traces.takeNoise(primal.noise.pointer, isFirst: h == 0, sigma: method.weightNoise, into: trace)
    case .rewardEprop, .rflo, .eprop:
      traces.takeErrors(readout, trial, decided: rule == .rewardEprop)
      traces.project(randomly: rule == .rflo && !usesReadoutAsFeedback, network, primal.rates)
      traces.filterRates(primal.rates)
      traces.sumFiltered(into: trace)
    case .bptt:
      traces.takeErrors(readout, trial, decided: false)
      traces.propagateBack(network, primal.rates, weights: primal.weights)
      traces.sum(pre: primal.rates.pointer, into: trace)
    }
  }
}
