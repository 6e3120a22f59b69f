import Kernels
import Tasks

/// Has every trial but the first run a second time, from W - 2 sigma xi of the trial before, and writes its reward into
/// the trial for all observers that come after: there is one twin, whoever looks at it.
final class TwinTrial<S: KernelScalar>: TrialObserver {
  private var readout: [Double]

  init(_ state: LifetimeState<S>) { readout = state.readout }

  var runsTwins: Bool { true }

  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    guard trial.index > 0 else {
      trial.twin = trial.reward
      return
    }
    guard state.twinIsInside else { return }
    state.primal.readTwin(state.network, window: state.shown.trial.window, into: &readout)
    trial.twin = state.reward.value(readout, state.trial)
  }
}
