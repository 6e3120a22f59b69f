import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// The fast engine against the reference, on the same drawn lifetimes.
@Suite struct EngineTests {
  static let all: Set<Estimator> = [.tangent, .antithetic, .pathwise, .score]
  static let levels = [SIMDLevel.baseline, .v3, .v4].filter { $0 <= .highest }

  /// 1e-12 of the largest entry a trial: the engines differ in the order of sums of some hundred terms.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<36)
  func doubleEqualsReference(degree: Int, variant: Int) throws {
    let one = RandomCase(
      degree: degree, variant: variant, draw: 5, units: [1, 5, 16, 19][variant % 4], trials: 4)
    let expected = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run(twins: true)
    for level in Self.levels {
      let (outcome, records) = run(one, double: true, level: level)
      #expect(outcome.divergedAt == expected.divergedAt)
      var worst = 0.0
      for (record, step) in zip(records, expected.steps) {
        worst = max(worst, abs(record.reward - step.reward))
        worst = max(worst, abs(record.baseline - step.baseline))
        if one.method.weightNoise > 0 { worst = max(worst, abs(record.twinReward - step.twin)) }
        worst = max(worst, relativeError(record.weights, step.weights))
        worst = max(worst, relativeError(record.tangents, step.tangents.flatMap { $0 }))
        if one.method.reward != .binary {
          worst = max(worst, relativeError(record.rewardTangents, step.rewardTangents))
        }
      }
      #expect(worst <= 4e-12, "worst error \(worst) at level \(level), \(one)")
    }
  }

  /// The gate's kicks and the growth of W move with theta in every engine alike.
  @Test(arguments: [0, 1, 3, 5], 0..<18)
  func gateAndGrowthEqualReference(degree: Int, variant: Int) throws {
    var one = RandomCase(
      degree: degree, variant: 2 * variant + 1, draw: 6, units: [1, 7, 17][variant % 3], trials: 6)
    one.rule.constants[.gate] = variant % 2 == 0 ? -1.4 : 0.8
    if variant % 3 != 0 {
      one.rule.constants[.growth0] = 3
      one.rule.constants[.growth2] = 1.5
    }
    let expected = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run()
    for level in Self.levels {
      let (outcome, records) = run(one, double: true, level: level)
      #expect(outcome.divergedAt == expected.divergedAt)
      for (h, (record, step)) in zip(records, expected.steps).enumerated() {
        let errors = [
          abs(record.reward - step.reward), relativeError(record.weights, step.weights),
          relativeError(record.tangents, step.tangents.flatMap { $0 }),
          one.method.reward == .binary ? 0 : relativeError(record.rewardTangents, step.rewardTangents),
        ]
        #expect(errors.max()! <= 4e-12, "errors \(errors) in trial \(h) at level \(level), \(one)")
      }
    }
  }

  @Test(arguments: 0..<9)
  func estimatesFollowTheirFormulas(variant: Int) throws {
    let one = RandomCase(degree: 2, variant: variant, draw: 8, trials: 7)
    let steps = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run(twins: true)
      .steps
    let inputs = one.inputs
    let (outcome, _) = run(one, double: true, level: .highest)
    let h = one.method.trials
    let sigma = one.method.weightNoise
    let silent = Reward(kind: one.method.reward, outputs: inputs.outputs)
    var expected: [Estimator: [Double]] = [:]
    for p in 0..<one.rule.theta.count {
      var tangent = 0.0
      var antithetic = 0.0
      var visited: Set<Int> = [inputs.trials[0].condition]
      for t in 1..<h {
        let product = zip(inputs.trials[t - 1].noise, steps[t - 1].tangents[p]).reduce(0) { $0 + $1.0 * $1.1 }
        let isFirst = visited.insert(inputs.trials[t].condition).inserted
        var trial = Trial(for: one.task)
        trial.window = inputs.trials[t].window
        trial.target = inputs.trials[t].target.map { Float($0) }
        let b = isFirst ? silent.silent(trial) : steps[t].baseline
        tangent += (steps[t].reward - b) * product / sigma
        antithetic += (steps[t].reward - steps[t].twin) / 2 * product / sigma
      }
      expected[.tangent, default: []].append(tangent / Double(h))
      expected[.antithetic, default: []].append(antithetic / Double(h))
      expected[.pathwise, default: []].append(steps.reduce(0) { $0 + $1.rewardTangents[p] } / Double(h))
    }
    for (estimator, value) in expected {
      let seen = try #require(outcome.gradients[estimator])
      #expect(relativeError(seen, value) <= 1e-10, "\(estimator): \(seen) instead of \(value)")
    }
    let products = steps.flatMap { $0.scores.map { $0 / sigma } }
    #expect(relativeError(outcome.scoreProducts, products) <= 1e-10)
    let score = ScoreEstimate.gradient(
      rewards: outcome.rewards, baselines: Array(repeating: 0, count: h), products: outcome.scoreProducts)
    let direct = (0..<one.rule.theta.count).map { p in
      (0..<h).reduce(0.0) { sum, early in
        sum + steps[(early + 1)...].reduce(0) { $0 + $1.reward } * steps[early].scores[p] / sigma
      } / Double(h)
    }
    #expect(relativeError(score, direct) <= 1e-10)
  }

  /// Any cut of the directions gives the bits of the whole.
  @Test(arguments: [true, false])
  func slicesAddUpToTheBit(double: Bool) throws {
    for variant in [0, 4, 10, 22] {
      let one = RandomCase(degree: 3, variant: variant, draw: 2, units: 17)
      let whole = run(one, double: double, level: .highest).0.gradients
      for cut in [1, 3, 7, 15] {
        let parts = [0..<cut, cut..<16].map {
          run(one, double: double, level: .highest, directions: $0).0.gradients
        }
        for estimator in whole.keys {
          #expect(parts.flatMap { $0[estimator] ?? [] } == whole[estimator])
        }
      }
    }
  }

  /// Trial by trial from the same W: Float within 2e-4 for W's step and R, 2e-2 for tangents.
  @Test(arguments: 0..<18)
  func floatFollowsDouble(variant: Int) {
    var one = RandomCase(degree: 3, variant: variant, draw: 11, units: 16, trials: 2)
    one.method.trials = 2
    let double = run(one, double: true, level: .highest).1
    let float = run(one, double: false, level: .highest).1
    for (a, b) in zip(float, double) {
      #expect(abs(a.reward - b.reward) <= 2e-4 || one.method.reward == .binary)
      let before = one.inputs.weights
      #expect(
        relativeError(zip(a.weights, before).map(-), zip(b.weights, before).map(-)) <= 2e-4
          || one.method.clipKinks)
      #expect(relativeError(a.tangents, b.tangents) <= 2e-2 || one.method.clipKinks)
    }
  }

  @Test func divergenceIsAnOutcome() {
    var one = RandomCase(degree: 3, variant: 3, draw: 4, trials: 40)
    one.rule.theta = one.rule.theta.map { $0 * 1e6 }
    one.rule.constants[.clip] = .infinity
    let expected = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run(
      tangents: false)
    for double in [true, false] {
      let (outcome, _) = run(one, double: double, level: .highest)
      #expect(outcome.divergedAt != nil)
      if double { #expect(outcome.divergedAt == expected.divergedAt) }
      #expect(outcome.gradients.isEmpty)
      #expect(outcome.score(one.method.reward) == one.method.reward.divergedScore)
    }
  }

  private func run(
    _ one: RandomCase, double: Bool, level: SIMDLevel, directions: Range<Int>? = nil
  ) -> (LifetimeOutcome, [TrialRecord]) {
    var records: [TrialRecord] = []
    let runner = one.task.runner(one.method, double: double, level: level)
    let outcome = runner.run(
      one.address, rule: one.rule,
      request: LifetimeRequest(
        estimators: Self.all, directions: directions ?? 0..<one.rule.theta.count, recordsAllTangents: true)
    ) { _, record in records.append(record) }
    return (outcome, records)
  }
}

extension Method {
  /// True where Float and Double may fall on two sides of a kink.
  fileprivate var clipKinks: Bool { reward == .binary }
}
