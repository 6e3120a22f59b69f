import Foundation
import Kernels
import Model
import Tasks

/// The lifetime an audit looks at: one task, method and rule, what it is differentiated by, and the units in which that is
/// shifted.
public struct AuditSubject: Sendable {
  public var task: any LearningTask
  public var method: Method
  public var rule: Rule
  public var address: LifetimeAddress
  public var level: SIMDLevel
  /// All coefficients, or constants in the coordinate that a search moves them by.
  public private(set) var coordinates: [RuleCoordinate]
  /// For each coefficient the shift of theta that moves a trace of rms 1 by its monomial's: 1 where monomials are
  /// normalised. For a constant 1.
  public private(set) var units: [Double]

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
    coordinates = rule.thetaCoordinates
  }

  /// The same lifetime, differentiated by constants instead of coefficients.
  public func along(_ constants: [LocalConstant]) -> AuditSubject {
    var result = self
    result.coordinates = constants.map { .constant($0) }
    result.units = Array(repeating: 1, count: constants.count)
    return result
  }

  /// The constants that gradients know, that have an effect here, and that a search can move from where they are.
  public var constants: [LocalConstant] {
    LocalConstant.allCases.filter { constant in
      let declared = constant.declaration
      return declared.isDifferentiable && constant.canBeLearned(from: rule.constants[constant])
        && declared.kicks?.contains(method.kicks) != false && constant.acts(where: method.plastic)
    }
  }

  /// Asks for estimates along all coordinates.
  func request(
    _ estimators: Set<Estimator>, recordsAllTangents: Bool = false, path: WeightPath? = nil
  ) -> LifetimeRequest {
    LifetimeRequest(
      estimators: estimators, coordinates: coordinates, directions: 0..<coordinates.count,
      recordsAllTangents: recordsAllTangents, path: path)
  }

  func runner(double: Bool) -> any LifetimeRunner { task.runner(method, double: double, level: level) }

  /// The rule with coordinate p moved by `step` units.
  func rule(shifting p: Int, by step: Double) -> Rule {
    var rule = rule
    switch coordinates[p] {
    case .theta(let index): rule.theta[index] += step * units[p]
    case .constant(let constant):
      switch constant.declaration.coordinate {
      case .plain: rule.constants[constant] += step * units[p]
      case .logarithm: rule.constants[constant] *= exp(step * units[p])
      }
    }
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
      address, rule: rule, request: request([.pathwise])
    ) { h, record in
      weights.append(record.weights)
      tangents.append(record.rewardTangents)
      if firstMoved == nil, record.reward != record.baseline { firstMoved = h }
    }
    weights.removeLast()
    return (weights, outcome, tangents, firstMoved)
  }
}
