import Kernels

@testable import Plasticity

/// Lifetimes without a network: what a rule earns and which gradient it gets are plain functions.
final class ScriptedRunner: LifetimeRunner {
  var method = Method(units: 2, trials: 5)
  /// Reward of every trial; nil: the lifetime diverges at trial 1.
  var reward: (Rule, LifetimeAddress) -> Double?
  /// Gradient of a training lifetime; nil: it is dropped.
  var gradient: (Rule, LifetimeAddress) -> [Double]?
  /// Every address that was run.
  private(set) var visits: [LifetimeAddress] = []

  init(
    reward: @escaping (Rule, LifetimeAddress) -> Double?,
    gradient: @escaping (Rule, LifetimeAddress) -> [Double]? = { rule, _ in
      Array(repeating: 0, count: rule.theta.count)
    }
  ) {
    self.reward = reward
    self.gradient = gradient
  }

  /// Forgets who was run.
  func forget() { visits = [] }

  func run(
    _ address: LifetimeAddress, rule: Rule, request: LifetimeRequest, record: ((Int, TrialRecord) -> Void)?
  ) -> LifetimeOutcome {
    visits.append(address)
    var outcome = LifetimeOutcome(trials: method.trials)
    guard let earned = reward(rule, address) else {
      outcome.divergedAt = 1
      return outcome
    }
    outcome.rewards = Array(repeating: earned, count: method.trials)
    outcome.accuracies = Array(repeating: 0.5, count: method.trials)
    if let gradient = gradient(rule, address) {
      for estimator in request.estimators {
        outcome.gradients[estimator] = Array(gradient[request.directions])
      }
    }
    return outcome
  }

  func network(_ address: LifetimeAddress) -> (weights: [Double], inputWeights: [Double], readout: [Double]) {
    ([], [], [])
  }
}
