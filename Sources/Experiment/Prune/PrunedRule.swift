import Foundation
import Kernels
import Model
import Plasticity
import Sweep

/// A rule of theta on its way to fewer terms: its coefficients, what they are multiplied by on every task of its cell,
/// and its constants.
public struct PrunedRule: Sendable, Equatable {
  public var shape: RuleShape
  public var theta: [Double]
  /// s by task.
  public var scales: [[Double]]
  public var constants: LocalConstants

  public init(_ shape: RuleShape, theta: [Double], scales: [[Double]], constants: LocalConstants) {
    self.shape = shape
    self.theta = theta
    self.scales = scales
    self.constants = constants
  }

  /// Flat indices of the coefficients that are not 0, ascending.
  public var terms: [Int] { theta.indices.filter { theta[$0] != 0 } }

  public func name(of term: Int) -> String { shape.term(term).name }

  public var termNames: [String] { terms.map(name) }

  /// The same rule without one term.
  public func without(_ term: Int) -> PrunedRule {
    var result = self
    result.theta[term] = 0
    return result
  }

  /// theta in units of other scales, so that what a synapse computes stays: theta s / s'. Scales move with constants such
  /// as tau-e. Where tasks disagree on the factor, their geometric mean is taken; with one task the rule stays exactly
  /// what it is.
  public func theta(inUnitsOf others: [[Double]]) -> [Double] {
    theta.indices.map { p in
      let logs = zip(scales, others).map { log($0[p] / $1[p]) }
      return theta[p] * exp(logs.mean())
    }
  }

  /// The rule as the engine takes it.
  var rule: Rule {
    Rule(
      degree: shape.degree, theta: theta, scale: scales[0], constants: constants, layers: shape.layers)
  }
}

/// One step of pruning: the rule with its constants tuned, and which of its terms went before.
public struct PruneStep: Sendable, Equatable {
  /// The search that tuned it.
  public var cell: Cell
  public var rule: PrunedRule
  /// J on validation networks.
  public var validationReward: Double
  /// Lifetimes of training and validation that tuned the rule, those of the steps before among them.
  public var lifetimes: Int
  /// The term that the step before lost; nil for the first step, which has all terms.
  public var dropped: String?

  public init(
    cell: Cell, rule: PrunedRule, validationReward: Double, lifetimes: Int, dropped: String?
  ) {
    self.cell = cell
    self.rule = rule
    self.validationReward = validationReward
    self.lifetimes = lifetimes
    self.dropped = dropped
  }
}
