/// A policy that ignores something the right answer depends on, and what it earns: a claimed success must beat the best
/// of them, not only chance.
///
/// What can be ignored are the variables that the target is a function of: a stimulus, a context, what the lifetime has
/// drawn, the time within a trajectory, every pulse after the one that is held. Each task lists the best policy without
/// each of its variables (to ignore more than one never helps), so the best shortcut is found by enumeration. To see a
/// variable badly, a few steps of a noisy stream or one of two channels that show the same sign, is a weaker observer
/// and no shortcut: there is no limit below the ideal one to how well such a policy may do.
public struct Shortcut: Sendable {
  /// The variable it does without.
  public var ignores: String
  public var policy: Policy
  /// Of the policy, in [0, 1].
  public var accuracy: Double

  public init(ignoring ignores: String, accuracy: Double, _ policy: Policy) {
    self.ignores = ignores
    self.policy = policy
    self.accuracy = accuracy
  }
}
