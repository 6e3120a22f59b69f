import KernelCalls
import Kernels
import Model
import Tasks

/// The adjoint engine's half of a lifetime: what it notes on the way and the sweep back.
extension Lifetime {
  /// Writes the trial that has just been updated to the tape; call it before Rbar_c follows.
  func note(_ h: Int, _ rule: Rule, success: Double, isFirstVisit: Bool) {
    tape?.write(
      h, primal, trial: trial, success: success, isFirstVisit: isFirstVisit,
      kickFactor: rule.constants.gateFactor(baseline: baselines.current(trial.condition)), reward: reward,
      readout: readout)
  }

  /// The estimates asked for, each by a sweep of its own; the slice of the directions asked for.
  func collectBackward(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, _ outcome: inout LifetimeOutcome
  ) {
    for estimator in [GradientEstimator.tangent, .antithetic, .pathwise]
    where request.estimators.contains(estimator) {
      let gradient = sweepBack(address, rule: rule, estimator: estimator)[request.directions]
      if gradient.allSatisfy({ $0.isFinite }) { outcome.gradients[estimator] = Array(gradient) }
    }
  }

  private func sweepBack(
    _ address: LifetimeAddress, rule: Rule, estimator: GradientEstimator
  ) -> [Double] {
    let trials = method.trials
    let tape = tape!
    sweep.begin(degree: rule.degree, kernels: kernels)
    let isPathwise = estimator == .pathwise
    if !isPathwise, method.weightNoise == 0 { return Array(repeating: 0, count: rule.theta.count) }
    // Nothing that weight noise carries depends on the last trial.
    for h in stride(from: isPathwise ? trials - 1 : trials - 2, through: 0, by: -1) {
      if h < tape.stretch || h >= tape.stretch + tape.length { replay(stretchOf: h, address, rule) }
      let credits = estimator == .antithetic ? tape.twinCredits : tape.credits
      if rule.constants.gate != 0 { drawKicks(h, address, rule, factor: tape.entry(of: h).kickFactor) }
      let noiseFactor = isPathwise ? 0 : credits[h + 1] / (Double(trials) * method.weightNoise)
      sweep.step(
        tape.planes(of: h), tape.entry(of: h), primal, network, kicks, rule.constants,
        rewardWeight: isPathwise ? 1 / Double(trials) : 0, noiseFactor: noiseFactor,
        drops: method.dropsTangents(after: h), differentiable: method.reward != .binary)
    }
    return sweep.gradient(scale: rule.scale)
  }

  /// Runs a stretch of trials again, from its checkpoint, for the tape.
  private func replay(stretchOf h: Int, _ address: LifetimeAddress, _ rule: Rule) {
    let tape = tape!
    let first = h / tape.length * tape.length
    baselines = tape.restore(first, primal.weights)
    tape.stretch = first
    for again in first..<min(first + tape.length, method.trials) {
      drawTrial(again, address, rule)
      _ = primal.run(network, kicks, trial)
      primal.read(network, trial, into: &readout)
      let earned = reward.value(readout, trial)
      let isFirstVisit = baselines.current(trial.condition) == nil
      let success = earned - baselines.used(trial.condition, reward: earned)
      primal.trace()
      drawNoise(again, address)
      _ = primal.update(rule.constants, success: success)
      note(again, rule, success: success, isFirstVisit: isFirstVisit)
      baselines.follow(trial.condition, reward: earned, rate: rule.constants.baselineRate)
    }
  }
}
