import Kernels

/// The synapse of a rule: mu = clip(eta e (R - Rbar_c) - growth W), with e or what a slow mean leaves of it.
final class ThreeFactor<S: KernelScalar>: Synapse {
  private var means: TraceMeans<S>

  init(_ state: LifetimeState<S>) {
    means = TraceMeans(method: state.method, conditions: state.task.conditions)
  }

  func begin(_ state: LifetimeState<S>) { means.reset() }

  func trace(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    state.primal.trace()
    let rate = state.constants.traceMean
    if rate > 0 { means.center(state.primal.traces, condition: trial.condition, rate: rate) }
  }

  func update(_ trial: EarnedTrial, _ state: LifetimeState<S>) -> Bool {
    state.primal.update(state.constants, success: trial.success)
  }
}
