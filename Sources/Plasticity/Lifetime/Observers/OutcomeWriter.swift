import Kernels
import Tasks

/// Notes what every trial earned; a trial that diverges in its update is noted too, and overwritten by `diverge`.
final class OutcomeWriter<S: KernelScalar>: TrialObserver {
  private(set) var outcome: LifetimeOutcome
  private let hasIncongruent: Bool

  init(_ state: LifetimeState<S>) {
    outcome = LifetimeOutcome(trials: state.method.trials)
    hasIncongruent = state.task.hasIncongruentTrials
    if hasIncongruent { outcome.incongruent = [] }
  }

  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    outcome.rewards[trial.index] = trial.reward
    outcome.accuracies[trial.index] = state.shown.accuracy(state.task)
    if hasIncongruent { outcome.incongruent?.append(state.shown.isIncongruent(state.task)) }
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
