import Foundation
import Kernels
import Model
import Testing

@testable import Plasticity

/// The black-box estimator, on scripted lifetimes.
@Suite struct EvolutionTests {
  private let start = Rule(degree: 1, theta: [0.5, -1, 2, 0.25])

  private func batch(
    _ runner: ScriptedRunner, _ learned: LearnedSet, lifetimes: Int, from parameters: Parameters? = nil
  ) throws -> Batch {
    try Evolution(runner: runner, learned: learned, lifetimes: lifetimes, seed: 3).batch(
      iteration: 0, rule: start, parameters: parameters ?? Parameters(start), team: Solo())
  }

  /// For J linear in the coordinates the mean over pairs is its slope: within 4.5 standard errors (9 coordinates; once
  /// in 15,000 runs otherwise, and the draws are fixed).
  @Test func meanIsTheSlope() throws {
    let slope = [1.0, -2, 0.5, 0, 3, 0, 0, 0, 0, 0, 0, -1, 0.25, 0, 0]
    let runner = ScriptedRunner(reward: { rule, _ in
      zip(Parameters(rule).values, slope).reduce(-1000) { $0 + $1.0 * $1.1 }
    })
    runner.method.reward = .squared
    // Above the score of a diverged lifetime.
    runner.reward = { rule, _ in zip(Parameters(rule).values, slope).reduce(100) { $0 + $1.0 * $1.1 } }
    let learned = LearnedSet(theta: true, constants: [.eta, .amplitude, .gate, .growth0])
    let pairs = 4000
    let result = try batch(runner, learned, lifetimes: 2 * pairs)
    let mask = learned.mask(count: 4)
    for index in slope.indices {
      let values = result.gradients.map { $0![index] }
      guard mask[index] else {
        #expect(values.allSatisfy { $0 == 0 })
        continue
      }
      let mean = values.mean()
      let error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pairs * (pairs - 1)))
        .squareRoot()
      #expect(abs(mean - slope[index]) <= 4.5 * error, "coordinate \(index): \(mean) +- \(error)")
    }
  }

  /// Only what is learned moves; the rest keeps its exact value, also through logarithms.
  @Test(arguments: [
    ["eta"], ["gate", "growth"], ["theta"], ["clip", "amplitude", "theta"], ["tau-bar", "tau-e"],
    ["trace-mean", "probability"],
  ])
  func learnsASubset(names: [String]) throws {
    let learned = try #require(LearnedSet(names: names))
    var rule = start
    rule.constants[.eta] = 0.1 / 3
    rule.constants[.traceMean] = 0.2
    let runner = ScriptedRunner(reward: { rule, _ in
      rule.theta.reduce(0, +) / 10 + rule.constants.values.reduce(0, +) / 1e4
    })
    let learner = MetaLearner(
      MetaConfiguration(
        estimator: .evolution, lifetimes: 4, iterations: 3, learned: learned, validationNetworks: 1),
      runner: runner, start: rule)
    while !learner.isFinished { _ = try learner.iterate(Solo()) }
    let mask = learned.mask(count: 4)
    let before = rule.theta + rule.constants.values
    let after = learner.rule.theta + learner.rule.constants.values
    for index in before.indices {
      #expect((before[index] != after[index]) == mask[index], "coordinate \(index)")
    }
  }

  /// Both lifetimes of a pair meet the same network and noise; pairs do not.
  @Test func pairsShareTheirNetwork() throws {
    let runner = ScriptedRunner(reward: { _, _ in 0 })
    let result = try batch(runner, LearnedSet(), lifetimes: 6)
    #expect(runner.visits.map(\.index) == [0, 0, 1, 1, 2, 2])
    #expect(result.gradients.count == 3 && result.lifetimes == 6 && result.dropped == 0)
    #expect(result.gradients.allSatisfy { $0 == Array(repeating: 0, count: 17) })
  }

  /// The clip bounds |J+ - J-|, whatever the length of eps: a pair at ten times the others' difference counts for three
  /// running medians, and of two pairs with one difference the one with the longer eps keeps its larger gradient.
  @Test func clipsTheDifference() throws {
    let learned = LearnedSet(theta: true, constants: [.eta, .amplitude])
    let runner = ScriptedRunner(reward: { _, _ in 0 })
    func direction(_ pair: Int) throws -> [Double] {
      let address = LifetimeAddress(seed: 3, domain: .training, index: UInt32(pair))
      var stream = address.stream(.parameterNoise)
      return learned.mask(count: 4).map { $0 ? Double(stream.normal()) : 0 }
    }
    // Six lifetimes, so three pairs; the second differs by 1, the others by 0.1. The one that comes first is J+.
    runner.reward = { _, address in
      let isPlus = runner.visits.count { $0 == address && address.domain == .training } == 1
      return isPlus ? (address.index == 1 ? 1 : 0.1) : 0
    }
    var configuration = MetaConfiguration(
      estimator: .evolution, lifetimes: 6, iterations: 4, learned: learned, validationNetworks: 1, seed: 3)
    for (bound, second) in [(3.0 as Double?, 0.3), (nil, 1)] {
      configuration.gradientClip = bound
      runner.forget()
      let learner = MetaLearner(configuration, runner: runner, start: start)
      let report = try learner.iterate(Solo())
      #expect(abs(report.gradientNorm - 0.1) <= 1e-15 && report.runningNorm == report.gradientNorm)
      let parts = try (0..<3).map { try direction($0) }
      let expected = parts[0].indices.map { index in
        (0.1 * parts[0][index] + second * parts[1][index] + 0.1 * parts[2][index]) / 0.2 / 3
      }
      #expect(relativeError(report.gradient, expected) <= 1e-14)
      let lengths = parts.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      #expect(lengths.max()! > 1.2 * lengths.min()!, "this seed does not tell lengths apart: \(lengths)")
    }
  }

  /// More than half diverged and theta frozen: eta shrinks in its place; with both frozen the step is taken, since
  /// nothing else can lead out.
  @Test func shrinksWhatItMay() throws {
    let runner = ScriptedRunner(reward: { _, address in address.domain == .training ? nil : -1 })
    for (names, action) in [
      (["theta", "eta"], MetaReport.Action.shrunk), (["eta", "gate"], .shrunk), (["gate"], .stepped),
    ] {
      let learned = try #require(LearnedSet(names: names))
      let learner = MetaLearner(
        MetaConfiguration(
          estimator: .evolution, lifetimes: 4, iterations: 3, learned: learned, validationNetworks: 1),
        runner: runner, start: start)
      #expect(try learner.iterate(Solo()).action == action, "\(names)")
      let scale = names.contains("theta") ? 0.7 : 1
      #expect(learner.rule.theta == start.theta.map { scale * $0 })
      let eta = learner.rule.constants[.eta] / start.constants[.eta]
      #expect(abs(eta - (names == ["eta", "gate"] ? 0.7 : 1)) <= 1e-12, "\(names)")
    }
  }

  /// The rule that is kept, the best on validation or the mean over the last quarter, holds the constants of that
  /// moment, in their own coordinates.
  @Test func keepsTheConstantsOfTheChoice() throws {
    let learned = try #require(LearnedSet(names: ["eta", "gate"]))
    // J grows with log eta, so Adam's steps have one sign; validation likes one eta best.
    func finish(_ validation: @escaping (Rule) -> Double) throws -> (
      rule: Rule, choice: MetaLearner.Choice, path: [LocalConstants]
    ) {
      let runner = ScriptedRunner(reward: { rule, address in
        address.domain == .validation ? validation(rule) : log(rule.constants[.eta]) / 10
      })
      let learner = MetaLearner(
        MetaConfiguration(
          estimator: .evolution, lifetimes: 8, iterations: 16, learningRate: 0.1, learned: learned,
          validationNetworks: 1, validationEvery: 4), runner: runner, start: start)
      var path: [LocalConstants] = []
      while !learner.isFinished { path.append(try learner.iterate(Solo()).rule.constants) }
      let (rule, choice, _) = try learner.finish(Solo())
      return (rule, choice, path)
    }
    let free = try finish { $0.constants[.eta] }
    #expect(free.choice == .best && free.rule.constants == free.path[15])
    let early = try finish { -abs(log($0.constants[.eta] / free.path[7][.eta])) }
    #expect(early.choice == .best && early.rule.constants == free.path[7])
    let tail = free.path[12...].reduce(0) { $0 + log($1[.eta]) } / 4
    let mean = try finish { -abs(log($0.constants[.eta]) - tail) }
    #expect(mean.choice == .tail)
    #expect(abs(log(mean.rule.constants[.eta]) - tail) <= 1e-14)
    let gates = free.path[12...].reduce(0) { $0 + $1[.gate] } / 4
    #expect(abs(mean.rule.constants[.gate] - gates) <= 1e-14)
    #expect(mean.rule.theta == start.theta && mean.rule.constants[.clip] == start.constants[.clip])
  }

  /// A diverged lifetime counts with its score, and no reward counts for less.
  @Test func rewardsAreCutBelow() throws {
    let diverging = ScriptedRunner(reward: { _, _ in nil })
    #expect(try batch(diverging, LearnedSet(), lifetimes: 4).scores == [-2, -2, -2, -2])
    #expect(try batch(diverging, LearnedSet(), lifetimes: 4).diverged == [true, true, true, true])
    let poor = ScriptedRunner(reward: { _, _ in -50 })
    #expect(try batch(poor, LearnedSet(), lifetimes: 4).scores == [-2, -2, -2, -2])
    #expect(try batch(poor, LearnedSet(), lifetimes: 4).diverged == [false, false, false, false])
  }

  /// Log coordinates keep positive constants positive and a probability below 1.
  @Test func coordinatesRoundTrip() throws {
    let all = try #require(
      LearnedSet(names: ["theta"] + ConstantSetting.all.map(\.name)))
    #expect(all.constants == LocalConstant.allCases)
    #expect(LearnedSet(names: ["theta", "speed"]) == nil)
    var start = start
    start.constants[.traceMean] = 0.1
    let back = Parameters(start).applied(to: start, learned: all)
    #expect(relativeError(back.constants.values, start.constants.values) <= 1e-15)
    var far = Parameters(start)
    for index in far.values.indices { far.values[index] -= 3 }
    let shares = LocalConstant.allCases.filter { $0.bounds == .share }
    #expect(shares == [.baselineRate, .probability, .traceMean])
    for share in shares { far.values[4 + share.rawValue] = 2 }
    let moved = far.applied(to: start, learned: all).constants
    for constant in LocalConstant.allCases {
      #expect(constant.allows(moved[constant]), "\(constant.name) is \(moved[constant])")
    }
    #expect(shares.allSatisfy { moved[$0] == 1 })
    #expect(moved[.gate] == -3 && moved[.growth0] == -3 && moved[.growth2] == -3)
    // What is stored is the rule that ran: coordinates past a bound come back to it, all others keep their bits.
    let bounded = far.bounded(count: 4, learned: all)
    #expect(bounded.applied(to: start, learned: all).constants == moved)
    for place in far.values.indices where !shares.contains(where: { 4 + $0.rawValue == place }) {
      #expect(bounded.values[place] == far.values[place])
    }
    #expect(shares.allSatisfy { bounded.values[4 + $0.rawValue] == 0 })

    var off = start
    off.constants[.clip] = .infinity
    off.constants[.tauE] = .infinity
    off.constants[.amplitude] = 0
    let kept = Parameters(off).applied(to: off, learned: LearnedSet(theta: true, constants: [.eta, .gate]))
    #expect(
      kept.constants[.clip] == .infinity && kept.constants[.tauE] == .infinity
        && kept.constants[.amplitude] == 0)
  }
}
