import Kernels
import Model
import Testing

@testable import Plasticity

/// The learner's decisions, on scripted lifetimes.
@Suite struct MetaLearnerTests {
  private let start = Rule(degree: 1, theta: [0.5, -1, 2, 0.25])

  private func configuration(_ lifetimes: Int = 4, iterations: Int = 8, every: Int = 1) -> MetaConfiguration {
    MetaConfiguration(
      lifetimes: lifetimes, iterations: iterations, learningRate: 0.1, gradientClip: 3, validationNetworks: 3,
      validationEvery: every, seed: 7)
  }

  /// J = -(theta_0 - 3)^2 climbs to 3 and everything else stays.
  @Test func climbs() throws {
    let runner = ScriptedRunner(
      reward: { rule, _ in -(rule.theta[0] - 3) * (rule.theta[0] - 3) },
      gradient: { rule, _ in [-2 * (rule.theta[0] - 3), 0, 0, 0] })
    let learner = MetaLearner(configuration(iterations: 200), runner: runner, start: start)
    while !learner.isFinished { _ = try learner.iterate(Solo()) }
    let (rule, _, reward) = try learner.finish(Solo())
    #expect(abs(rule.theta[0] - 3) < 0.05)
    #expect(Array(rule.theta[1...]) == Array(start.theta[1...]))
    #expect(reward > -0.0025)
  }

  /// Runs that differ in the number of their iterations share what the first half of the shorter one makes, to the bit,
  /// and no more: then its learning rate falls. So a longer cell cannot go on where a shorter one has ended.
  @Test func aLongerRunSharesHalfOfTheShorterOne() throws {
    func states(_ iterations: Int) throws -> [MetaState] {
      let runner = ScriptedRunner(
        reward: { rule, address in -rule.theta[0] * rule.theta[0] - Double(address.index % 3) },
        gradient: { rule, address in [-2 * rule.theta[0], Double(address.index % 5) - 2, 0.1, 0] })
      let learner = MetaLearner(configuration(iterations: iterations), runner: runner, start: start)
      return try (0..<iterations).map { _ in
        _ = try learner.iterate(Solo())
        return learner.state
      }
    }
    let long = try states(30)
    for short in [6, 7, 12] {
      let own = try states(short)
      let shared = zip(own, long).prefix { $0 == $1 }.count
      #expect(shared == short / 2 + 1)
      #expect(own[short - 1].parameters != long[short - 1].parameters)
    }
  }

  /// Training, validation and evaluation networks are never the same, and no training network comes twice.
  @Test func networksAreDisjoint() throws {
    let runner = ScriptedRunner(reward: { _, _ in 0 })
    let learner = MetaLearner(configuration(iterations: 6, every: 2), runner: runner, start: start)
    while !learner.isFinished { _ = try learner.iterate(Solo()) }
    _ = try learner.finish(Solo())
    _ = try Evaluation(runner: runner, seed: 7, criterion: (18, 20)).evaluate(
      start, networks: 0..<5, team: Solo())
    let training = runner.visits.filter { $0.domain == .training }
    #expect(training.map(\.index) == Array(0..<24))
    #expect(Set(runner.visits.filter { $0.domain == .validation }.map(\.index)) == [0, 1, 2])
    #expect(runner.visits.filter { $0.domain == .evaluation }.map(\.index) == Array(0..<5))
    #expect(runner.visits.allSatisfy { $0.seed == 7 })
    // The start, three validations, the tail: 5 x 3, and 6 x 4 training lifetimes.
    #expect(learner.state.lifetimes == 39)
  }

  /// More than half diverged: theta shrinks by 0.7 and Adam stands still. Exactly half: a step from the rest.
  @Test(arguments: [(2, MetaReport.Action.stepped), (3, .shrunk), (4, .shrunk), (0, .stepped)])
  func shrinksWhereMostDiverge(diverging: Int, action: MetaReport.Action) throws {
    let runner = ScriptedRunner(
      reward: { _, address in address.domain == .training && Int(address.index) % 4 < diverging ? nil : -1 },
      gradient: { _, _ in [1, 0, 0, 0] })
    let learner = MetaLearner(configuration(), runner: runner, start: start)
    let report = try learner.iterate(Solo())
    #expect(report.action == action)
    #expect(report.diverged == diverging && learner.state.divergedLifetimes == diverging)
    // J = -2 for those that diverged.
    #expect(abs(report.reward + (4 + Double(diverging)) / 4) < 1e-15)
    if action == .shrunk {
      #expect(learner.rule.theta == start.theta.map { $0 * 0.7 })
      #expect(learner.state.adam.steps == 0)
      #expect(learner.rule.constants == start.constants)
    } else {
      #expect(abs(learner.rule.theta[0] - 0.6) < 1e-8)
      #expect(Array(learner.rule.theta[1...]) == Array(start.theta[1...]))
    }
  }

  /// No gradient at all: theta stays, and it is said.
  @Test func idlesWithoutGradients() throws {
    let runner = ScriptedRunner(reward: { _, _ in -1 }, gradient: { _, _ in nil })
    let learner = MetaLearner(configuration(), runner: runner, start: start)
    let report = try learner.iterate(Solo())
    #expect(report.action == .idle && report.dropped == 4 && report.diverged == 0)
    #expect(learner.rule.theta == start.theta)
    #expect(report.gradientNorm.isNaN)
  }

  /// One lifetime's gradient counts for at most three running medians.
  @Test func clipsALifetimesGradient() throws {
    let runner = ScriptedRunner(
      reward: { _, _ in -1 }, gradient: { _, address in [address.index % 4 == 0 ? 1e9 : 1, 0, 0, 0] })
    let learner = MetaLearner(configuration(), runner: runner, start: start)
    let report = try learner.iterate(Solo())
    #expect(report.gradientNorm == 1 && report.runningNorm == 1)
    #expect(abs(report.gradient[0] - (3 + 1 + 1 + 1) / 4) < 1e-15)
  }

  /// The running median is a 0.9/0.1 average that starts with the first batch.
  @Test func followsTheMedianNorm() throws {
    let runner = ScriptedRunner(
      reward: { _, _ in -1 }, gradient: { _, address in [Double(address.index / 4 + 1), 0, 0, 0] })
    let learner = MetaLearner(configuration(), runner: runner, start: start)
    var expected = 1.0
    for iteration in 0..<5 {
      let report = try learner.iterate(Solo())
      if iteration > 0 { expected = 0.9 * expected + 0.1 * Double(iteration + 1) }
      #expect(abs(report.runningNorm - expected) < 1e-14)
      #expect(report.gradientNorm == Double(iteration + 1))
    }
  }

  /// Gradients grown tenfold while validation fell: back to the best theta, Adam forgotten.
  @Test func goesBackAfterSilentDivergence() throws {
    // Validation likes theta_0 up to 0.75, the gradient pushes on and explodes beyond.
    let runner = ScriptedRunner(
      reward: { rule, _ in -abs(rule.theta[0] - 0.75) },
      gradient: { rule, _ in [rule.theta[0] > 0.85 ? 1e4 : 1, 0, 0, 0] })
    let learner = MetaLearner(configuration(iterations: 100), runner: runner, start: start)
    var report: MetaReport?
    for _ in 0..<20 where report?.action != .wentBack { report = try learner.iterate(Solo()) }
    let last = try #require(report)
    #expect(last.action == .wentBack)
    #expect(learner.state.parameters == learner.state.bestParameters)
    #expect(abs(last.rule.theta[0] - 0.75) < 0.11)
    #expect(learner.state.adam == Adam(count: learner.state.parameters.count))
    #expect(learner.state.runningNorm == learner.state.bestNorm)
  }

  /// A first batch whose every score is cut to that of a diverged lifetime says nothing of how large gradients are: the
  /// first real one is no tenfold growth, though validation falls, and it is not clipped to what the average holds yet.
  @Test func aFirstBatchThatWasCutIsNoMeasure() throws {
    let runner = ScriptedRunner(reward: { _, _ in 0 })
    runner.reward = { rule, address in
      if address.domain == .validation { return -abs(rule.theta[0] - 0.5) }
      // Iteration 0 takes networks 0 and 1.
      return address.index < 2 ? -5 : -0.1 * rule.theta[0]
    }
    var configuration = self.configuration(iterations: 6)
    configuration.estimator = .evolution
    let learner = MetaLearner(configuration, runner: runner, start: start)
    let first = try learner.iterate(Solo())
    #expect(first.gradientNorm == 0 && learner.state.runningNorm.isNaN && learner.state.bestNorm.isNaN)
    let second = try learner.iterate(Solo())
    #expect(second.action == .stepped && second.gradientNorm > 0)
    #expect(learner.state.runningNorm == second.gradientNorm && learner.state.bestNorm == second.gradientNorm)
    while !learner.isFinished { #expect(try learner.iterate(Solo()).action == .stepped) }
    #expect(learner.state.lastValidationReward < learner.state.bestReward)
  }

  /// Large gradients alone, or a fall of validation alone, are no reason to go back.
  @Test func staysWithoutBothSigns() throws {
    let growing = ScriptedRunner(
      reward: { rule, _ in rule.theta[0] },
      gradient: { _, address in [Double(address.index + 1) * 100, 0, 0, 0] })
    let falling = ScriptedRunner(reward: { rule, _ in -rule.theta[0] }, gradient: { _, _ in [1, 0, 0, 0] })
    for runner in [growing, falling] {
      let learner = MetaLearner(configuration(iterations: 20), runner: runner, start: start)
      while !learner.isFinished { #expect(try learner.iterate(Solo()).action == .stepped) }
    }
  }

  /// The better of the best on validation and the mean of the last quarter; the start where nothing beat it.
  @Test func choosesOnValidation() throws {
    func finish(_ reward: @escaping (Rule) -> Double) throws -> (rule: Rule, choice: MetaLearner.Choice) {
      let runner = ScriptedRunner(reward: { rule, _ in reward(rule) }, gradient: { _, _ in [1, 0, 0, 0] })
      let learner = MetaLearner(configuration(iterations: 8, every: 4), runner: runner, start: start)
      while !learner.isFinished { _ = try learner.iterate(Solo()) }
      let result = try learner.finish(Solo())
      return (result.rule, result.choice)
    }
    #expect(try finish { $0.theta[0] }.choice == .best)
    let down = try finish { -$0.theta[0] }
    #expect(down.choice == .start && down.rule == start)
    // Constant gradients make Adam's steps equal rate: theta_0 after iteration 7 and 8 is known.
    let steps = (0..<8).map { learningRate(0.1, iteration: $0, of: 8) }
    let last = 0.5 + steps.reduce(0, +)
    let tail = last - steps[7] / 2
    let chosen = try finish { -abs($0.theta[0] - tail) }
    #expect(chosen.choice == .tail)
    #expect(abs(chosen.rule.theta[0] - tail) < 1e-7)
  }

  @Test func noIterationsKeepTheStart() throws {
    let learner = MetaLearner(
      configuration(iterations: 0), runner: ScriptedRunner(reward: { _, _ in -0.25 }), start: start)
    #expect(learner.isFinished)
    let (rule, choice, reward) = try learner.finish(Solo())
    #expect(rule == start && choice == .start && reward == -0.25)
  }

  /// Constant, then linear to 0 in the second half.
  @Test func ratesFall() {
    let rates = (0..<8).map { learningRate(0.5, iteration: $0, of: 8) }
    #expect(rates == [0.5, 0.5, 0.5, 0.5, 0.5, 0.375, 0.25, 0.125])
  }
}
