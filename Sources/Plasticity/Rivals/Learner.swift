/// What a learner is told about a trial, and so what it may fairly be compared with.
public enum Feedback: String, Sendable, CaseIterable {
  /// The reward of the trial, one number at its end.
  case scalar
  /// The reward, and the decision that the network itself has made.
  case scalarAndAction = "scalar + own action"
  /// The signed error of every output at every step of the response window: no rival, but a reference.
  case denseError = "dense error"
}

/// Something that learns one task in one network over one lifetime: a rule of the theta-space or one of its rivals.
///
/// Every learner meets the same network, trials, exploration and weight noise at the same address, so any two are
/// compared in pairs. Learners hold buffers: not for use from two threads.
public protocol Learner: AnyObject {
  var feedback: Feedback { get }
  var method: Method { get }
  /// One lifetime; a divergence is a value in the outcome.
  func run(_ address: LifetimeAddress) -> LifetimeOutcome
}

/// A rule of the theta-space as a learner.
public final class RuleLearner: Learner {
  private let runner: any LifetimeRunner
  private let rule: Rule

  /// - Parameter rule: with the scales of the runner's task (a `TaskRotation` brings its own).
  public init(_ runner: any LifetimeRunner, rule: Rule) {
    self.runner = runner
    self.rule = rule
  }

  public var feedback: Feedback { .scalar }
  public var method: Method { runner.method }
  public func run(_ address: LifetimeAddress) -> LifetimeOutcome { runner.run(address, rule: rule) }
}

/// One learner for each of several tasks: network n learns task n modulo their number, as in `TaskRotation`.
public final class LearnerRotation: Learner {
  private let learners: [any Learner]

  /// - Precondition: at least one learner.
  public init(_ learners: [any Learner]) {
    precondition(!learners.isEmpty, "a rotation of learners needs at least one")
    self.learners = learners
  }

  public var feedback: Feedback { learners[0].feedback }
  public var method: Method { learners[0].method }
  public func run(_ address: LifetimeAddress) -> LifetimeOutcome {
    learners[Int(address.index) % learners.count].run(address)
  }
}
