import Kernels
import Model
import Tasks

/// The lifetime an audit looks at: one task, method and rule, and the units its coefficients are shifted in.
public struct AuditSubject: Sendable {
  public var task: any LearningTask
  public var method: Method
  public var rule: Rule
  public var address: LifetimeAddress
  public var level: SIMDLevel
  /// For each coefficient the shift of theta that moves a trace of rms 1 by its monomial's: 1 where monomials are
  /// normalised.
  public var units: [Double]

  public init(
    task: any LearningTask, method: Method, rule: Rule, address: LifetimeAddress, level: SIMDLevel,
    units: [Double]
  ) {
    invariant(units.count == rule.theta.count, "\(units.count) units for \(rule.theta.count) coefficients")
    self.task = task
    self.method = method
    self.rule = rule
    self.address = address
    self.level = level
    self.units = units
  }

  func runner(double: Bool) -> any LifetimeRunner { task.runner(method, double: double, level: level) }

  /// The rule with theta_p moved by `step` units.
  func rule(shifting p: Int, by step: Double) -> Rule {
    var rule = rule
    rule.theta[p] += step * units[p]
    return rule
  }

  /// W^h for every trial of a Double run, and what the run gave.
  func path() -> (weights: [[Double]], outcome: LifetimeOutcome, rewardTangents: [[Double]], firstMoved: Int?)
  {
    let runner = runner(double: true)
    var weights = [runner.startWeights(address)]
    var tangents: [[Double]] = []
    var firstMoved: Int?
    let outcome = runner.run(
      address, rule: rule,
      request: LifetimeRequest(estimators: [.pathwise], directions: 0..<rule.theta.count)
    ) { h, record in
      weights.append(record.weights)
      tangents.append(record.rewardTangents)
      if firstMoved == nil, record.reward != record.baseline { firstMoved = h }
    }
    weights.removeLast()
    return (weights, outcome, tangents, firstMoved)
  }
}
