/// The reward R of a trial.
public enum RewardKind: String, Sendable, CaseIterable {
  /// R = - mean |z - y| over the response window and the outputs.
  case absolute
  /// R = - mean (z - y)^2.
  case squared
  /// R = share of outputs whose window mean of z has the sign of y's.
  case binary

  /// J of a lifetime that diverged.
  public var divergedScore: Double { self == .binary ? 0 : -2 }
}
