/// What a trial's reward is measured against: whose expectation b takes the place of Rbar_c.
public enum CriticKind: String, Sendable, CaseIterable {
  /// A running mean of R for every condition; so every synapse is told which condition the trial belongs to.
  case condition
  /// One running mean of R.
  case shared
  /// A linear critic on the rates that the network shows before the answer.
  case learned
}
