import KernelCalls
import Kernels
import Model
import Tasks

/// Both engines: one lifetime after the other in buffers made once.
///
/// A trial runs its primal first, since the primal never depends on the tangents; then e(T), then edot(T) and Rdot for
/// the directions asked for, then the update of W and of U. With the adjoint engine trials are written to a tape
/// instead, which one reverse sweep reads (`AdjointSweep`).
final class Lifetime<S: KernelScalar> {
  let method: Method
  let task: any LearningTask
  let kernels: KernelSet<S>
  let reward: Reward
  var network: NetworkDraw<S>
  var kicks: Kicks<S>
  var trial: Trial
  var primal: PrimalBuffers<S>
  var tangents: TangentBuffers<S>
  var baselines: Baselines
  var traceMeans: TraceMeans<S>
  var readout: [Double]
  var twinReadout: [Double]
  /// The adjoint engine's; nil for the forward engine.
  var tape: Tape<S>?
  var sweep: AdjointSweep<S>

  /// - Parameter tapeLength: trials the adjoint engine keeps at once, 1...H; nil for forward tangents.
  init(method: Method, task: any LearningTask, kernels: KernelSet<S>, tapeLength: Int? = nil) {
    self.method = method
    self.task = task
    self.kernels = kernels
    reward = Reward(kind: method.reward, outputs: task.outputs)
    network = NetworkDraw(units: method.units, inputs: task.inputs, outputs: task.outputs)
    kicks = Kicks(units: method.units, steps: task.steps)
    trial = Self.emptyTrial(task)
    primal = PrimalBuffers(method: method, task: task, kernels: kernels)
    tangents = TangentBuffers(units: 0, steps: 0, outputs: 0, degree: 0, directions: 0..<0, kernels: kernels)
    baselines = Baselines(conditions: task.conditions, directions: 0)
    traceMeans = TraceMeans(method: method, conditions: task.conditions)
    readout = Array(repeating: 0, count: task.steps * task.outputs)
    twinReadout = readout
    tape = tapeLength.map { Tape(length: $0, method: method, task: task) }
    sweep = AdjointSweep(method: method, task: task)
  }

  /// True where U is carried forward for this request.
  private func goesForward(_ request: LifetimeRequest) -> Bool { request.needsTangents && tape == nil }
  /// True where the trials go to the tape for this request.
  private func goesBackward(_ request: LifetimeRequest) -> Bool { request.needsTangents && tape != nil }

  private static func emptyTrial(_ task: some LearningTask) -> Trial { Trial(for: task) }

  /// - Precondition: no estimate is asked for of a rule with ebar, whose derivatives no engine carries.
  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    invariant(
      rule.constants.traceMean == 0 || request.estimators.isEmpty,
      "no engine has the derivatives of a running mean of e (rate \(rule.constants.traceMean))")
    var outcome = LifetimeOutcome(trials: method.trials)
    if task.hasIncongruentTrials { outcome.incongruent = [] }
    begin(address, rule: rule, request: request)
    if request.estimators.contains(.score) {
      outcome.scoreProducts = Array(repeating: 0, count: method.trials * rule.theta.count)
    }
    for h in 0..<method.trials {
      guard step(h, address, rule: rule, request: request, &outcome, record) else {
        outcome.divergedAt = h
        for later in h..<method.trials {
          outcome.rewards[later] = .nan
          outcome.accuracies[later] = 0
        }
        return outcome
      }
    }
    if goesBackward(request) {
      collectBackward(address, rule: rule, request: request, &outcome)
    } else {
      collect(request, &outcome)
    }
    return outcome
  }

  func network(_ address: LifetimeAddress) -> (weights: [Double], inputWeights: [Double], readout: [Double]) {
    network.draw(address, method: method, kernels: kernels)
    let n = method.units
    return (
      network.weights.transposedValues(columns: n), network.inputWeights.transposedValues(columns: n),
      network.readout.values(columns: n)
    )
  }

  private func begin(_ address: LifetimeAddress, rule: Rule, request: LifetimeRequest) {
    network.draw(address, method: method, kernels: kernels)
    primal.begin(rule, weights: network.weights)
    let directions = goesForward(request) ? request.directions : 0..<0
    if !tangents.fits(directions, degree: rule.degree) {
      tangents = TangentBuffers(
        units: method.units, steps: task.steps, outputs: task.outputs, degree: rule.degree,
        directions: directions, kernels: kernels)
      baselines = Baselines(conditions: task.conditions, directions: directions.count)
    }
    tangents.begin(rule)
    baselines.reset()
    traceMeans.reset()
    var stream = address.stream(.taskLifetime)
    lifetimeDraw = task.drawLifetime(&stream)
  }
  private var lifetimeDraw = LifetimeDraw()

  /// One trial; false where it diverged.
  private func step(
    _ h: Int, _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest,
    _ outcome: inout LifetimeOutcome,
    _ record: ((Int, TrialRecord) -> Void)?
  ) -> Bool {
    if let path = request.path, path.moment == .everyTrial { primal.take(path.weights[h]) }
    drawTrial(h, address, rule)
    guard primal.run(network, kicks, trial) else { return false }
    primal.read(network, trial, into: &readout)
    let earned = reward.value(readout, trial)
    guard earned.isFinite else { return false }
    let twin = h > 0 && request.needsTwin ? twinReward() : earned
    outcome.rewards[h] = earned
    outcome.accuracies[h] = task.accuracy(readout: readout, trial: trial)
    outcome.incongruent?.append(task.isIncongruent(trial))

    let before = baselines.current(trial.condition)
    if h > 0, goesForward(request) {
      tangents.credit(reward: earned, baseline: before ?? reward.silent(trial), twin: twin)
    }
    if goesBackward(request) {
      tape?.credits[h] = earned - (before ?? reward.silent(trial))
      tape?.twinCredits[h] = (earned - twin) / 2
      tape?.checkpoint(h, primal.weights, baselines)
    }
    primal.trace()
    if rule.constants.traceMean > 0 {
      traceMeans.center(primal.traces, condition: trial.condition, rate: rule.constants.traceMean)
    }
    let success = earned - baselines.used(trial.condition, reward: earned)
    drawNoise(h, address)
    if goesForward(request) {
      tangents.run(
        primal, network, kicks, rule: rule, trial: trial, baselines: baselines, reward: reward,
        readout: readout)
    }
    guard primal.update(rule.constants, success: success) else { return false }
    if let path = request.path, path.moment == .horizon, method.dropsTangents(after: h) {
      primal.take(path.weights[h], addingLastStep: true)
    }
    if request.estimators.contains(.score) {
      score(h, rule, success, &outcome)
    }
    if goesBackward(request) { note(h, rule, success: success, isFirstVisit: before == nil) }
    var rewardTangents: [Double] = []
    if goesForward(request) {
      if record != nil { rewardTangents = tangents.rewardTangents }
      baselines.successTangents(
        trial.condition, &tangents.rewardTangents, rate: rule.constants.baselineRate)
      tangents.update(primal, rule.constants, success: success, drops: method.dropsTangents(after: h))
    }
    let used = baselines.used(trial.condition, reward: earned)
    baselines.follow(trial.condition, reward: earned, rate: rule.constants.baselineRate)
    if let record {
      var trial = snapshot(earned, used, rewardTangents, twin: request.needsTwin ? twin : .nan)
      if request.recordsAllTangents || h == method.trials - 1 { trial.tangents = tangents.values }
      record(h, trial)
    }
    return true
  }

  /// xi of trial h, where there is weight noise.
  func drawNoise(_ h: Int, _ address: LifetimeAddress) {
    guard method.weightNoise > 0 else { return }
    address.stream(.weightNoise, trial: h).fill(
      primal.noise.pointer, atLeast: method.units * primal.ld, kernels)
  }

  func drawTrial(_ h: Int, _ address: LifetimeAddress, _ rule: Rule) {
    var stream = address.stream(.taskTrial, trial: h)
    task.drawTrial(&trial, lifetime: lifetimeDraw, stream: &stream)
    if method.initialPerTrial {
      network.drawInitial(address, trial: h, method: method, kernels: kernels)
    }
    drawKicks(
      h, address, rule, factor: rule.constants.gateFactor(baseline: baselines.current(trial.condition)))
  }

  /// The kicks of trial h, the same bits however often they are drawn.
  func drawKicks(_ h: Int, _ address: LifetimeAddress, _ rule: Rule, factor: Double) {
    kicks.draw(
      method.kicks, rule.constants, factor: factor, stream: address.stream(.kicks, trial: h), kernels: kernels
    )
  }

  /// R- of this trial: run again from W - 2 sigma xi of the trial before; NaN where that diverges.
  private func twinReward() -> Double {
    guard primal.runTwin(network) else { return .nan }
    primal.readTwin(network, trial, into: &twinReadout)
    return reward.value(twinReadout, trial)
  }

  private func score(_ h: Int, _ rule: Rule, _ success: Double, _ outcome: inout LifetimeOutcome) {
    let count = rule.theta.count
    guard method.weightNoise > 0 else { return }
    let products = primal.scoreProducts()
    let factor = rule.constants.eta * success / method.weightNoise
    for p in 0..<count { outcome.scoreProducts[h * count + p] = factor * rule.scale[p] * Double(products[p]) }
  }

  private func collect(_ request: LifetimeRequest, _ outcome: inout LifetimeOutcome) {
    for estimator in request.estimators where estimator.needsTangents {
      let estimate = tangents.estimate(estimator, trials: method.trials, sigma: method.weightNoise)
      if estimate.allSatisfy({ $0.isFinite }) { outcome.gradients[estimator] = estimate }
    }
  }

  private func snapshot(
    _ earned: Double, _ used: Double, _ rewardTangents: [Double], twin: Double
  ) -> TrialRecord {
    let n = method.units
    return TrialRecord(
      initial: network.initial.values(columns: n), trial: trial.inputs.map(Double.init),
      target: trial.target.map(Double.init), window: trial.window, condition: trial.condition,
      noise: primal.noise.transposedValues(rows: n, columns: n),
      kicks: kicks.values.values(rows: task.steps, columns: n),
      reward: earned, baseline: used, weights: primal.weights.transposedValues(columns: n),
      tangents: [], rewardTangents: rewardTangents, twinReward: twin)
  }
}
