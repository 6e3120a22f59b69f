import Foundation
import KernelCalls
import Kernels
import Model

/// How theta is learned.
public struct MetaConfiguration: Sendable, Equatable {
  public var estimator: Estimator
  /// B, lifetimes a meta-iteration.
  public var lifetimes: Int
  public var iterations: Int
  public var learningRate: Double
  /// Bound of a lifetime's gradient norm, or of a pair's |J+ - J-| for `evolution`, in running medians; nil: off.
  public var gradientClip: Double?
  public var learned: LearnedSet
  /// After every step each coefficient moves towards 0 by the learning rate times this, and stops there.
  public var l1: Double
  public var validationNetworks: Int
  /// Meta-iterations between validations.
  public var validationEvery: Int
  public var seed: UInt64

  public init(
    estimator: Estimator = .antithetic, lifetimes: Int = 4, iterations: Int = 120,
    learningRate: Double = 0.03, gradientClip: Double? = 3, learned: LearnedSet = LearnedSet(),
    l1: Double = 0, validationNetworks: Int = 24, validationEvery: Int = 10, seed: UInt64 = 0
  ) {
    self.estimator = estimator
    self.lifetimes = lifetimes
    self.iterations = iterations
    self.learningRate = learningRate
    self.gradientClip = gradientClip
    self.learned = learned
    self.l1 = l1
    self.validationNetworks = validationNetworks
    self.validationEvery = validationEvery
    self.seed = seed
  }
}

/// The state of a meta-learner between two iterations; with the configuration, it is all that is needed to continue.
public struct MetaState: Sendable, Equatable {
  /// Iterations done.
  public var iteration = 0
  public var parameters: [Double]
  public var adam: Adam
  /// Running average of the batches' median gradient norm, of the median |J+ - J-| for `evolution`; NaN before the
  /// first that is not 0.
  public var runningNorm = Double.nan
  /// The parameters that did best on the validation networks, with their iteration, their J and the running norm then.
  public var bestParameters: [Double]
  public var bestIteration = 0
  public var bestReward = -Double.infinity
  public var bestNorm = Double.nan
  public var lastValidationReward = Double.nan
  /// Sum of the parameters over the last quarter of the iterations.
  public var tailSum: [Double]
  public var tailCount = 0
  public var lifetimes = 0
  public var divergedLifetimes = 0

  public init(_ start: Rule) {
    parameters = Parameters(start).values
    adam = Adam(count: parameters.count)
    bestParameters = parameters
    tailSum = Array(repeating: 0, count: parameters.count)
  }
}

/// What one meta-iteration did.
public struct MetaReport: Sendable, Equatable {
  public enum Action: UInt32, Sendable {
    /// An Adam step.
    case stepped = 0
    /// More than half of the batch diverged: theta, or eta where theta is not learned, was multiplied by 0.7.
    case shrunk = 1
    /// Back to the best parameters on validation: gradients had grown tenfold while validation fell.
    case wentBack = 2
    /// No lifetime gave a gradient.
    case idle = 3
  }
  public var iteration: Int
  public var lifetimes: Int
  public var diverged: Int
  public var dropped: Int
  public var action: Action
  public var reward: Double
  public var lateReward: Double
  public var lateAccuracy: Double
  public var gradientNorm: Double
  public var runningNorm: Double
  public var learningRate: Double
  /// NaN where the iteration ended without validation.
  public var validationReward: Double
  public var validationAccuracy: Double
  /// Clipped mean gradient in all coordinates.
  public var gradient: [Double]
  /// The rule after the iteration.
  public var rule: Rule
}

/// Learns a rule: batches of lifetimes with one optimiser step each, and a watch for divergence that nobody would notice.
public final class MetaLearner {
  public let configuration: MetaConfiguration
  public let start: Rule
  public private(set) var state: MetaState
  private let runner: any LifetimeRunner

  /// - Parameter state: the state from which to continue; nil to begin at `start`.
  public init(
    _ configuration: MetaConfiguration, runner: any LifetimeRunner, start: Rule, state: MetaState? = nil
  ) {
    self.configuration = configuration
    self.runner = runner
    self.start = start
    self.state = state ?? MetaState(start)
  }

  public var isFinished: Bool { state.iteration >= configuration.iterations }

  /// The present rule.
  public var rule: Rule { rule(state.parameters) }

  private func rule(_ parameters: [Double]) -> Rule {
    Parameters(values: parameters).applied(to: start, learned: configuration.learned)
  }

  /// One meta-iteration; the first also validates the start.
  public func iterate(_ team: any Team) throws -> MetaReport {
    invariant(!isFinished, "all \(configuration.iterations) iterations are done")
    if state.iteration == 0 { try validateStart(team) }
    let batch = try self.batch(team)
    state.lifetimes += batch.lifetimes
    let diverged = batch.diverged.count { $0 }
    state.divergedLifetimes += diverged
    var report = MetaReport(
      iteration: state.iteration, lifetimes: batch.lifetimes, diverged: diverged, dropped: batch.dropped,
      action: .idle, reward: batch.scores.mean(), lateReward: batch.lateRewards.mean(),
      lateAccuracy: batch.lateAccuracies.mean(), gradientNorm: .nan, runningNorm: state.runningNorm,
      learningRate: learningRate(
        configuration.learningRate, iteration: state.iteration, of: configuration.iterations),
      validationReward: .nan, validationAccuracy: .nan,
      gradient: Array(repeating: 0, count: state.parameters.count), rule: start)
    change(batch, diverged, &report)
    state.iteration += 1
    if 4 * state.iteration > 3 * configuration.iterations {
      for index in state.tailSum.indices { state.tailSum[index] += state.parameters[index] }
      state.tailCount += 1
    }
    if state.iteration % configuration.validationEvery == 0 || isFinished { try validate(team, &report) }
    report.rule = rule
    return report
  }

  private func batch(_ team: any Team) throws -> Batch {
    let c = configuration
    if c.estimator == .evolution {
      let evolution = Evolution(runner: runner, learned: c.learned, lifetimes: c.lifetimes, seed: c.seed)
      return try evolution.batch(
        iteration: state.iteration, rule: start, parameters: Parameters(values: state.parameters), team: team)
    }
    let gradient = MetaGradient(
      runner: runner, estimator: c.estimator, learned: c.learned, lifetimes: c.lifetimes, seed: c.seed)
    return try gradient.batch(iteration: state.iteration, rule: rule, team: team)
  }

  private func change(_ batch: Batch, _ diverged: Int, _ report: inout MetaReport) {
    if 2 * diverged > batch.diverged.count, shrink() {
      report.action = .shrunk
      return
    }
    let gradients = batch.sized
    guard !gradients.isEmpty else { return }
    let norm = gradients.map(\.size).median()
    report.gradientNorm = norm
    // The average does not start at 0: scores that were all cut to the diverged one do not show how large gradients are,
    // and the first gradient after them must not count as growth.
    if !state.runningNorm.isNaN {
      state.runningNorm = 0.9 * state.runningNorm + 0.1 * norm
    } else if norm > 0 {
      state.runningNorm = norm
    }
    if state.bestNorm.isNaN { state.bestNorm = state.runningNorm }
    report.runningNorm = state.runningNorm
    // If most gradients are 0 and there is no average yet, the others must not make a step alone.
    let usual = state.runningNorm.isNaN ? norm : state.runningNorm
    let bound = configuration.gradientClip.map { $0 * usual } ?? .infinity
    var sum = Array(repeating: 0.0, count: state.parameters.count)
    for (gradient, size) in gradients {
      let factor = size > bound ? bound / size : 1
      for (index, value) in gradient.enumerated() { sum[index] += factor * value }
    }
    report.gradient = sum.map { $0 / Double(gradients.count) }
    var parameters = state.parameters
    state.adam.ascend(&parameters, gradient: report.gradient, rate: report.learningRate)
    if configuration.l1 > 0, configuration.learned.theta {
      let step = report.learningRate * configuration.l1
      for p in start.theta.indices { parameters[p] = parameters[p].moved(towardsZeroBy: step) }
    }
    state.parameters =
      Parameters(values: parameters).bounded(count: start.theta.count, learned: configuration.learned).values
    report.action = .stepped
  }

  /// Makes updates smaller; false where neither theta nor eta, which scale together, is learned.
  private func shrink() -> Bool {
    let count = start.theta.count
    if configuration.learned.theta {
      for index in 0..<count { state.parameters[index] *= 0.7 }
    } else if configuration.learned.contains(.eta) {
      state.parameters[count + LocalConstant.eta.rawValue] += log(0.7)
    } else {
      return false
    }
    return true
  }

  private func validateStart(_ team: any Team) throws {
    let (reward, _) = try score(start, team)
    state.bestReward = reward
    state.lastValidationReward = reward
  }

  private func validate(_ team: any Team, _ report: inout MetaReport) throws {
    let (reward, accuracy) = try score(rule, team)
    report.validationReward = reward
    report.validationAccuracy = accuracy
    state.lastValidationReward = reward
    if reward > state.bestReward {
      state.bestReward = reward
      state.bestParameters = state.parameters
      state.bestIteration = state.iteration
      state.bestNorm = state.runningNorm
    } else if state.runningNorm > 10 * state.bestNorm, reward < state.bestReward {
      state.parameters = state.bestParameters
      state.adam.reset()
      state.runningNorm = state.bestNorm
      report.action = .wentBack
    }
  }

  /// Mean J and mean late accuracy of `rule` on the validation networks.
  private func score(_ rule: Rule, _ team: any Team) throws -> (reward: Double, accuracy: Double) {
    let method = runner.method
    let width = runner.width(of: LifetimeRequest())
    let results = try team.spread(configuration.validationNetworks, groupsOf: width) { group in
      let jobs = group.map { index in
        LifetimeJob(
          LifetimeAddress(seed: configuration.seed, domain: .validation, index: UInt32(index)), rule)
      }
      return runner.run(jobs).map { BatchLifetime($0, method) }
    }
    state.lifetimes += configuration.validationNetworks
    return (results.map(\.score).mean(), results.map(\.lateAccuracy).mean())
  }

  /// Which rule was kept in the end.
  public enum Choice: UInt32, Sendable {
    /// The best on validation.
    case best = 0
    /// The mean over the last quarter.
    case tail = 1
    /// The start: no iteration did better.
    case start = 2
  }

  /// The learned rule: on the validation networks the better one of the best so far and the mean over the last quarter.
  public func finish(_ team: any Team) throws -> (rule: Rule, choice: Choice, validationReward: Double) {
    invariant(isFinished, "iteration \(state.iteration) of \(configuration.iterations) is not the last")
    if configuration.iterations == 0 { try validateStart(team) }
    if state.tailCount > 0 {
      let tail = rule(state.tailSum.map { $0 / Double(state.tailCount) })
      let (reward, _) = try score(tail, team)
      if reward > state.bestReward { return (tail, .tail, reward) }
    }
    return (rule(state.bestParameters), state.bestIteration == 0 ? .start : .best, state.bestReward)
  }
}

extension Double {
  /// `self` with `step` less of its size, and 0 where that is more than all of it.
  fileprivate func moved(towardsZeroBy step: Double) -> Double {
    abs(self) <= step ? 0 : self - (self > 0 ? step : -step)
  }
}
