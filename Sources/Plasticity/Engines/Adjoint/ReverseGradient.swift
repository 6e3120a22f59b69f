import KernelCalls
import Kernels
import Model
import Tasks

/// The adjoint engine: writes the trials to a tape on the way and sweeps back over it at the end.
final class ReverseGradient<S: KernelScalar>: LifetimeGradient {
  private let tape: Tape<S>
  private var sweep: AdjointSweep<S>
  /// A^h of the surrogate: what the reward of trial h credits the noise of trial h - 1 with, for `tangent` and for
  /// `antithetic`.
  private var credits: [Double]
  private var twinCredits: [Double]

  /// - Parameter tapeLength: trials kept at once; brought into 1...H.
  init(_ state: LifetimeState<S>, tapeLength: Int) {
    let length = max(1, min(tapeLength, state.method.trials))
    tape = Tape(length: length, method: state.method, task: state.task)
    sweep = AdjointSweep(state)
    credits = Array(repeating: 0, count: state.method.trials)
    twinCredits = credits
  }

  func begin(_ request: LifetimeRequest, _ state: LifetimeState<S>) { sweep.ready(request, state) }

  func begins(_ h: Int, _ state: LifetimeState<S>) { tape.begins(h, state) }

  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    let baseline = trial.baselineBefore ?? state.reward.silent(state.trial)
    credits[trial.index] = trial.reward - baseline
    twinCredits[trial.index] = (trial.reward - trial.twin) / 2
    tape.checkpoint(trial.index, state)
  }

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) { tape.updated(trial, state) }

  /// Each estimate by a sweep of its own; the slice of the directions asked for.
  func estimates(
    _ request: LifetimeRequest, _ loop: TrialLoop<some Synapse<S>>
  ) -> [Estimator: [Double]] {
    var result: [Estimator: [Double]] = [:]
    let directions = request.coordinates(of: loop.state.rule)
    tape.finish(loop.state)
    for estimator in [Estimator.tangent, .antithetic, .pathwise]
    where request.estimators.contains(estimator) {
      sweepBack(estimator, loop)
      let gradient = directions.map { sweep.gradient($0, loop.state.rule) }
      if gradient.allSatisfy({ $0.isFinite }) { result[estimator] = gradient }
    }
    return result
  }

  private func sweepBack(_ estimator: Estimator, _ loop: TrialLoop<some Synapse<S>>) {
    let state = loop.state
    let trials = Double(state.method.trials)
    let sigma = state.method.weightNoise
    let isPathwise = estimator == .pathwise
    let credits = estimator == .antithetic ? twinCredits : credits
    sweep.begin(state)
    if !isPathwise, sigma == 0 { return }
    // Nothing that weight noise carries depends on the last trial, but for what its kicks do at fixed W.
    let last = state.method.trials - (isPathwise || sweep.movesKicks ? 1 : 2)
    for h in stride(from: last, through: 0, by: -1) {
      if !tape.holds(h) { replay(stretchOf: h, loop) }
      let entry = tape.entry(of: h)
      let kickSlope = state.kickSlope(baseline: entry.earned.expected)
      if kickSlope != 0 || sweep.movesKicks { state.drawKicks(h, factor: entry.earned.kickFactor) }
      let credit = isPathwise || h + 1 == state.method.trials ? 0 : credits[h + 1]
      sweep.step(
        tape.planes(of: h), entry, state, kickSlope: kickSlope,
        weights: AdjointSweep<S>.LossWeights(
          reward: isPathwise ? 1 / trials : 0, kickedReward: isPathwise ? 0 : 1 / trials,
          noise: credit == 0 ? 0 : credit / (trials * sigma)))
    }
  }

  /// Runs a stretch of trials again, from its checkpoint, for the tape alone.
  private func replay(stretchOf h: Int, _ loop: TrialLoop<some Synapse<S>>) {
    let diverged = loop.run(tape.restore(stretchOf: h, loop.state), tape)
    tape.finish(loop.state)
    invariant(diverged == nil, "trial \(diverged ?? h) diverges when it is run again")
  }
}
