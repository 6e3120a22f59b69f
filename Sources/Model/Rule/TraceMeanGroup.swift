/// What the running mean of e is kept for.
public enum TraceMeanGroup: String, Sendable, CaseIterable {
  /// One mean for every synapse and condition, as Rbar_c is one for every condition.
  case condition
  /// One mean for every synapse, over all conditions.
  case synapse
}
