import Kernels
import Tasks

/// How a trial changes W: the three factors of a rule, or a rival.
protocol Synapse<S> {
  associatedtype S: KernelScalar
  /// Readies a lifetime, whose state has begun.
  func begin(_ state: LifetimeState<S>)
  /// e of the trial, into `state.primal.traces`; the state still holds xi^{h-1}.
  func trace(_ trial: EarnedTrial, _ state: LifetimeState<S>)
  /// W^{h+1} = W^h + mu + sigma xi^h; false where that diverges.
  func update(_ trial: EarnedTrial, _ state: LifetimeState<S>) -> Bool
}

/// The trials of a lifetime, one after the other: everything that runs trials runs them here.
struct TrialLoop<Y: Synapse> {
  let state: LifetimeState<Y.S>
  let synapse: Y

  func begin(_ address: LifetimeAddress, _ rule: Rule) {
    state.begin(address, rule)
    synapse.begin(state)
  }

  /// Goes on with `trials` from W and the critic as they are.
  /// - Returns: the trial that diverged, which is then the last; nil where all ran.
  func run(_ trials: Range<Int>, _ observer: some TrialObserver<Y.S>) -> Int? {
    for h in trials {
      observer.begins(h, state)
      state.draw(h)
      guard var trial = state.run(h) else { return h }
      observer.rewarded(&trial, state)
      synapse.trace(trial, state)
      state.drawNoise(h)
      observer.traced(trial, state)
      guard synapse.update(trial, state) else { return h }
      observer.updated(trial, state)
      state.critic.follow(trial, rate: state.baselineRate)
    }
    return nil
  }
}
