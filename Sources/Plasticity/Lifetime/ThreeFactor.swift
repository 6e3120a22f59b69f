import Kernels
import Model
import Tasks

/// The synapse of a rule: mu = clip(eta e (R - b)), with what its mechanisms make of e and of mu.
final class ThreeFactor<S: KernelScalar>: Synapse {
  init(_ state: LifetimeState<S>) {}

  func begin(_ state: LifetimeState<S>) {}

  func trace(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    state.primal.trace()
    // A loop counts references of an empty array too.
    if !state.layers.isEmpty {
      for layer in state.layers { layer.write(state.primal.source, to: state.primal.traces.pointer) }
    }
    if !state.filters.isEmpty {
      for (filter, _) in state.filters {
        filter.apply(state.primal.traces.pointer, condition: trial.condition)
      }
    }
  }

  func update(_ trial: EarnedTrial, _ state: LifetimeState<S>) -> Bool {
    let m = trial.success
    return state.primal.update(
      gain: state.eta * m, decay: state.decay(success: m), clip: state.clip)
  }
}
