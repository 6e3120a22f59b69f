/// A policy that ignores something the right answer depends on, and its accuracy: a claimed success must beat the best
/// shortcut, not only chance.
///
/// A shortcut ignores one of the variables that the target depends on: a stimulus, a context, the lifetime's draw, the
/// time within a trajectory, every pulse after the one that is held. Each task lists the best policy without each of its
/// variables (ignoring more than one never helps), so the best shortcut is found by enumeration. A policy that sees a
/// variable badly, such as a few steps of a noisy stream or one of two channels with the same sign, is a weaker observer
/// and no shortcut: it may come as close to the ideal observer as one likes.
public struct Shortcut: Sendable {
  /// The variable it ignores.
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
