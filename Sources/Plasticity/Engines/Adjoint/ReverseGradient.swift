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
    sweep = AdjointSweep(method: state.method, task: state.task)
    credits = Array(repeating: 0, count: state.method.trials)
    twinCredits = credits
  }

  func begin(_ request: LifetimeRequest, _ state: LifetimeState<S>) {}

  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    let baseline = trial.baselineBefore ?? state.reward.silent(state.trial)
    credits[trial.index] = trial.reward - baseline
    twinCredits[trial.index] = (trial.reward - trial.twin) / 2
    tape.checkpoint(trial.index, state.primal.weights, state.baselines)
  }

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) { tape.updated(trial, state) }

  /// Each estimate by a sweep of its own; the slice of the directions asked for.
  func estimates(
    _ request: LifetimeRequest, _ loop: TrialLoop<some Synapse<S>>
  ) -> [Estimator: [Double]] {
    var result: [Estimator: [Double]] = [:]
    for estimator in [Estimator.tangent, .antithetic, .pathwise]
    where request.estimators.contains(estimator) {
      let gradient = sweepBack(estimator, loop)[request.directions]
      if gradient.allSatisfy({ $0.isFinite }) { result[estimator] = Array(gradient) }
    }
    return result
  }

  private func sweepBack(_ estimator: Estimator, _ loop: TrialLoop<some Synapse<S>>) -> [Double] {
    let state = loop.state
    let trials = Double(state.method.trials)
    let isPathwise = estimator == .pathwise
    let credits = estimator == .antithetic ? twinCredits : credits
    sweep.begin(degree: state.rule.degree, kernels: state.kernels)
    if !isPathwise, state.method.weightNoise == 0 {
      return Array(repeating: 0, count: state.rule.theta.count)
    }
    // Nothing that weight noise carries depends on the last trial.
    let last = state.method.trials - (isPathwise ? 1 : 2)
    for h in stride(from: last, through: 0, by: -1) {
      if !tape.holds(h) { replay(stretchOf: h, loop) }
      let entry = tape.entry(of: h)
      let kickSlope = state.mechanisms.kickSlope(baseline: entry.earned.baselineBefore)
      if kickSlope != 0 { state.drawKicks(h, factor: entry.earned.kickFactor) }
      sweep.step(
        tape.planes(of: h), entry, state, kickSlope: kickSlope, rewardWeight: isPathwise ? 1 / trials : 0,
        noiseFactor: isPathwise ? 0 : credits[h + 1] / (trials * state.method.weightNoise))
    }
    return sweep.gradient(scale: state.rule.scale)
  }

  /// Runs a stretch of trials again, from its checkpoint, for the tape alone.
  private func replay(stretchOf h: Int, _ loop: TrialLoop<some Synapse<S>>) {
    let diverged = loop.run(tape.restore(stretchOf: h, loop.state), tape)
    invariant(diverged == nil, "trial \(diverged ?? h) diverges when it is run again")
  }
}
