import Kernels
import Tasks

/// Notes what every trial earned; a trial that diverges in its update is noted too, and overwritten by `diverge`.
final class OutcomeWriter<S: KernelScalar>: TrialObserver {
  private(set) var outcome: LifetimeOutcome

  init(_ state: LifetimeState<S>) {
    outcome = LifetimeOutcome(trials: state.method.trials)
    if state.task.hasIncongruentTrials { outcome.incongruent = [] }
  }

  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    let shown = state.trial
    outcome.rewards[trial.index] = trial.reward
    outcome.accuracies[trial.index] = state.task.accuracy(readout: state.readout, trial: shown)
    outcome.incongruent?.append(state.task.isIncongruent(shown))
  }

  /// Trial h diverged: nothing is earned from there on.
  func diverge(at h: Int) {
    outcome.divergedAt = h
    for later in h..<outcome.rewards.count {
      outcome.rewards[later] = .nan
      outcome.accuracies[later] = 0
    }
  }
}
