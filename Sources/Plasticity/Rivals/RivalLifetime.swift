import KernelCalls
import Kernels
import Tasks

/// Lifetimes of one rival: the primal, the draws and the update of the engine with another trace.
///
/// Every trace is a sum over time of outer products post_t pre_t^T, so a rival is told by what it puts into two
/// trajectories (`RivalTraces`). Weight perturbation alone takes its trace from the noise.
final class RivalLifetime<S: KernelScalar>: Learner {
  let rule: RivalRule
  let method: Method
  let task: any LearningTask
  let kernels: KernelSet<S>
  let constants: LocalConstants
  /// What e is multiplied by: 1 / rms of the trace, or 1.
  let scale: Double
  private let reward: Reward
  private var network: NetworkDraw<S>
  private var kicks: Kicks<S>
  private var trial: Trial
  private var primal: PrimalBuffers<S>
  private var traces: RivalTraces<S>
  private var baselines: Baselines
  private var readout: [Double]
  private var lifetimeDraw = LifetimeDraw()
  /// RFLO's B is Wout^T instead of random: what e-prop must equal.
  var usesReadoutAsFeedback = false

  var feedback: Feedback { rule.feedback }

  init(
    _ rule: RivalRule, method: Method, task: any LearningTask, constants: LocalConstants, scale: Double,
    kernels: KernelSet<S>
  ) {
    self.rule = rule
    self.method = method
    self.task = task
    self.kernels = kernels
    self.scale = scale
    var constants = constants
    constants.growth0 = 0
    constants.growth2 = 0
    self.constants = constants
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

  func run(_ address: LifetimeAddress) -> LifetimeOutcome { run(address, record: nil) }

  /// - Parameter record: after every trial its index, e without scale and W^{h+1}, both N x N as [i][j].
  func run(
    _ address: LifetimeAddress, record: ((Int, _ trace: [Double], _ weights: [Double]) -> Void)?
  ) -> LifetimeOutcome {
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
      record?(
        h, primal.traces.transposedValues(columns: method.units),
        primal.weights.transposedValues(columns: method.units))
    }
    return outcome
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
    let success = earned - baselines.used(trial.condition, reward: earned)
    var update = constants
    update.eta = constants.eta * scale
    guard primal.update(update, success: sign * (feedback == .denseError ? 1 : success)) else { return false }
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

extension LearningTask {
  /// A rival that learns this task.
  /// - Parameters:
  ///   - constants: eta, clip, the baseline's rate and the exploration; the rest does not apply. eta is multiplied by
  ///     1 / rms of the trace where `normalise`, the rms being measured as `Calibration` does for monomials: 20
  ///     networks of their own, one trial each, no plasticity, in Double.
  /// - Throws: `RivalError` where the configuration leaves the rival nothing to learn from.
  public func rival(
    _ rule: RivalRule, method: Method, constants: LocalConstants, normalise: Bool, double: Bool,
    level: SIMDLevel
  ) throws -> any Learner {
    if let reason = rule.refusal(method: method, constants: constants, movingTarget: hasMovingTarget) {
      throw RivalError("learner \(rule.rawValue) \(reason)")
    }
    let scale =
      normalise ? Calibration.scale(of: rule, task: self, method: method, constants, level: level) : 1
    if double {
      let rival = RivalLifetime<Double>(
        rule, method: method, task: self, constants: constants, scale: scale, kernels: Double.kernels(level))
      return NamedScalar(rival.feedback, method) { rival.run($0) }
    }
    let rival = RivalLifetime<Float>(
      rule, method: method, task: self, constants: constants, scale: scale, kernels: Float.kernels(level))
    return NamedScalar(rival.feedback, method) { rival.run($0) }
  }
}

extension Calibration {
  /// 1 / rms of a rival's trace over all synapses of the calibration networks; 1 where that is 0 or not finite, and
  /// sigma for weight perturbation, whose trace is N(0, 1) / sigma.
  static func scale(
    of rule: RivalRule, task: any LearningTask, method: Method, _ constants: LocalConstants, level: SIMDLevel
  ) -> Double {
    if rule == .weightPerturbation { return method.weightNoise }
    let rival = RivalLifetime<Double>(
      rule, method: method, task: task, constants: constants, scale: 1, kernels: Double.kernels(level))
    var sum = 0.0
    for index in 0..<networks {
      sum += rival.squaredTrace(LifetimeAddress(seed: 0, domain: .calibration, index: UInt32(index))) ?? .nan
    }
    let rms = (sum / Double(networks * method.units * method.units)).squareRoot()
    return rms.isFinite && rms > 0 ? 1 / rms : 1
  }
}

/// A learner whose scalar the compiler knows: a call through a protocol into a generic class runs unspecialised code.
private final class NamedScalar: Learner {
  let feedback: Feedback
  let method: Method
  private let body: (LifetimeAddress) -> LifetimeOutcome

  init(_ feedback: Feedback, _ method: Method, _ body: @escaping (LifetimeAddress) -> LifetimeOutcome) {
    self.feedback = feedback
    self.method = method
    self.body = body
  }

  func run(_ address: LifetimeAddress) -> LifetimeOutcome { body(address) }
}
