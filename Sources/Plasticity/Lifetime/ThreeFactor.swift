import Kernels
import Model
import Tasks

/// The synapse of a rule: mu = clip(eta e (R - Rbar_c)), with what its mechanisms make of e and of mu.
final class ThreeFactor<S: KernelScalar>: Synapse {
  /// Of the lifetime that runs.
  private var filters: [TraceFilter<S>] = []

  init(_ state: LifetimeState<S>) {}

  func begin(_ state: LifetimeState<S>) {
    filters = state.mechanisms.traceFilters(
      count: state.method.units * state.primal.ld, conditions: state.task.conditions)
  }

  func trace(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    state.primal.trace()
    for filter in filters { filter.apply(state.primal.traces.pointer, condition: trial.condition) }
  }

  func update(_ trial: EarnedTrial, _ state: LifetimeState<S>) -> Bool {
    let m = trial.success
    let constants = state.constants
    return state.primal.update(
      gain: constants.eta * m, decay: state.mechanisms.decay(success: m), clip: constants.clip)
  }
}
