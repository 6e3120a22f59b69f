import Kernels

/// Watches trials go by: gradients, tapes, records and scores are observers of one and the same loop.
///
/// Each moment says what the state of the lifetime holds then. Observers are called by their own types, never through
/// `any`, so that what they do to N x N numbers is compiled for the scalar.
protocol TrialObserver<S> {
  associatedtype S: KernelScalar
  /// Trial h is about to be drawn; the state holds W^h.
  func begins(_ h: Int, _ state: LifetimeState<S>)
  /// The trial has run and earned R^h; the state still holds xi^{h-1}.
  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>)
  /// e(T) is known and xi^h drawn; W is still W^h.
  func traced(_ trial: EarnedTrial, _ state: LifetimeState<S>)
  /// The state holds W^{h+1}; the critic has not followed yet.
  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>)
  /// True for one that wants the antithetic twin of every trial but the first to have run before `rewarded`.
  var runsTwins: Bool { get }
}

extension TrialObserver {
  func begins(_ h: Int, _ state: LifetimeState<S>) {}
  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {}
  func traced(_ trial: EarnedTrial, _ state: LifetimeState<S>) {}
  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {}
  var runsTwins: Bool { false }

  /// Both: at every moment this one, then `next`.
  func then<Next: TrialObserver<S>>(_ next: Next) -> ObserverPair<Self, Next> {
    ObserverPair(first: self, second: next)
  }
}

/// Two observers as one.
struct ObserverPair<First: TrialObserver, Second: TrialObserver>: TrialObserver where First.S == Second.S {
  typealias S = First.S
  let first: First
  let second: Second

  func begins(_ h: Int, _ state: LifetimeState<S>) {
    first.begins(h, state)
    second.begins(h, state)
  }

  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    first.rewarded(&trial, state)
    second.rewarded(&trial, state)
  }

  func traced(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    first.traced(trial, state)
    second.traced(trial, state)
  }

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    first.updated(trial, state)
    second.updated(trial, state)
  }

  var runsTwins: Bool { first.runsTwins || second.runsTwins }
}

/// An observer that may be missing.
extension Optional: TrialObserver where Wrapped: TrialObserver {
  typealias S = Wrapped.S
  func begins(_ h: Int, _ state: LifetimeState<S>) { self?.begins(h, state) }
  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) { self?.rewarded(&trial, state) }
  func traced(_ trial: EarnedTrial, _ state: LifetimeState<S>) { self?.traced(trial, state) }
  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) { self?.updated(trial, state) }
  var runsTwins: Bool { self?.runsTwins ?? false }
}
