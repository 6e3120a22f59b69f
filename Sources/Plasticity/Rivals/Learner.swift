/// What a learner is told about a trial: only learners with the same feedback compare fairly.
public enum Feedback: String, Sendable, CaseIterable {
  /// The reward of the trial, one number at its end.
  case scalar
  /// The reward, and the decision that the network itself has made.
  case scalarAndAction = "scalar + own action"
  /// The signed error of every output at every step of the response window: no rival, but a reference.
  case denseError = "dense error"
}

/// Something that learns one task in one network over one lifetime: a rule of theta or one of its rivals.
///
/// At the same address every learner meets the same network, trials, exploration and weight noise, so any two can be
/// compared in pairs. Learners hold buffers and must not be used from two threads.
public protocol Learner: AnyObject {
  var feedback: Feedback { get }
  var method: Method { get }
  /// One lifetime each; a divergence is a value in the outcome.
  func run(_ addresses: [LifetimeAddress], request: LifetimeRequest) -> [LifetimeOutcome]
  /// How many lifetimes with such a request are best asked for together.
  func width(of request: LifetimeRequest) -> Int
}

extension Learner {
  public func run(_ address: LifetimeAddress, request: LifetimeRequest = LifetimeRequest()) -> LifetimeOutcome
  {
    run([address], request: request)[0]
  }
}

/// A rule, or a rival in the form of one (`RivalRule.rule`), as a learner.
public final class RuleLearner: Learner {
  private let runner: any LifetimeRunner
  private let rule: Rule
  public let feedback: Feedback

  /// - Parameter rule: with the scales of the runner's task (a `TaskRotation` brings its own).
  public init(_ runner: any LifetimeRunner, rule: Rule, feedback: Feedback = .scalar) {
    self.runner = runner
    self.rule = rule
    self.feedback = feedback
  }

  public var method: Method { runner.method }

  public func run(_ addresses: [LifetimeAddress], request: LifetimeRequest) -> [LifetimeOutcome] {
    runner.run(addresses.map { LifetimeJob($0, rule, request) })
  }

  public func width(of request: LifetimeRequest) -> Int { runner.width(of: request) }
}
