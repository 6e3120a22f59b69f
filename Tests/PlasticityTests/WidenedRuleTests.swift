import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// The widened rule in the fast engines: every mechanism alone, then random sets of them.
@Suite struct WidenedRuleTests {
  private func run(
    _ wide: WideCase, double: Bool = true, level: SIMDLevel = .highest, engine: GradientEngine = .forward,
    estimators: Set<Estimator> = [.tangent, .antithetic, .pathwise], directions: Range<Int>? = nil
  ) -> (outcome: LifetimeOutcome, records: [TrialRecord]) {
    var records: [TrialRecord] = []
    let outcome = wide.one.task.runner(wide.one.method, double: double, level: level, engine: engine).run(
      wide.one.address, rule: wide.one.rule,
      request: LifetimeRequest(
        estimators: estimators, coordinates: wide.coordinates,
        directions: directions ?? 0..<wide.coordinates.count, recordsAllTangents: true)
    ) { _, record in records.append(record) }
    return (outcome, records)
  }

  /// 1e-11 of the largest entry a trial: sums of some hundred terms in another order, carried over seven trials.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<80)
  func forwardEqualsReference(degree: Int, variant: Int) {
    let wide = WideCase(degree: degree, variant: variant, draw: 36, units: [1, 5, 16, 19][variant % 4])
    let expected = ReferenceLifetime(inputs: wide.one.inputs, method: wide.one.method, rule: wide.one.rule)
      .run(coordinates: wide.coordinates, twins: true)
    for level in EngineTests.levels {
      let (outcome, records) = run(wide, level: level)
      #expect(outcome.divergedAt == expected.divergedAt, "\(wide)")
      var worst = 0.0
      for (record, step) in zip(records, expected.steps) {
        worst = max(worst, abs(record.reward - step.reward), abs(record.baseline - step.baseline))
        worst = max(worst, relativeError(record.weights, step.weights))
        worst = max(worst, relativeError(record.tangents, step.tangents.flatMap { $0 }))
        if wide.one.method.reward != .binary {
          worst = max(worst, relativeError(record.rewardTangents, step.rewardTangents))
        }
      }
      #expect(worst <= 1e-11, "worst error \(worst) at level \(level), \(wide)")
    }
  }

  /// <xi, S> of every coefficient, powers of the weight included.
  @Test(arguments: [1, 3], 0..<40)
  func scoresEqualReference(degree: Int, variant: Int) {
    let wide = WideCase(degree: degree, variant: variant, draw: 32, units: [4, 17][variant % 2])
    let expected = ReferenceLifetime(inputs: wide.one.inputs, method: wide.one.method, rule: wide.one.rule)
      .run(tangents: false)
    let (outcome, _) = run(wide, estimators: [.score])
    guard expected.divergedAt == nil, wide.one.rule.constants[.traceMean] == 0 else { return }
    let products = expected.steps.flatMap { $0.scores.map { $0 / wide.one.method.weightNoise } }
    #expect(relativeError(outcome.scoreProducts, products) <= 1e-10, "\(wide)")
  }

  /// Two exact ways to one number, at every length of the tape.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<80)
  func adjointEqualsForward(degree: Int, variant: Int) throws {
    let wide = WideCase(
      degree: degree, variant: variant, draw: 33, units: [2, 7, 16, 17][variant % 4], trials: 8)
    let forward = run(wide).outcome
    for length in [1, 3, 8] {
      let adjoint = run(wide, engine: .adjoint(tapeLength: length)).outcome
      #expect(adjoint.rewards == forward.rewards || forward.divergedAt != nil, "\(wide)")
      for estimator in [Estimator.tangent, .antithetic, .pathwise] {
        guard let expected = forward.gradients[estimator] else { continue }
        let error = relativeError(try #require(adjoint.gradients[estimator]), expected)
        #expect(error <= 1e-10, "\(estimator) is off by \(error), tape \(length), \(wide)")
      }
    }
  }

  @Test(arguments: [true, false])
  func slicesAddUpToTheBit(double: Bool) {
    for variant in 0..<24 {
      let wide = WideCase(degree: 2, variant: variant, draw: 34, units: 17)
      let whole = run(wide, double: double).outcome.gradients
      let count = wide.coordinates.count
      for cut in [1, count / 2, count - 1] where cut > 0 && cut < count {
        let parts = [0..<cut, cut..<count].map { run(wide, double: double, directions: $0).outcome.gradients }
        for estimator in whole.keys {
          #expect(parts.flatMap { $0[estimator] ?? [] } == whole[estimator], "\(wide)")
        }
      }
    }
  }

  /// Two trials from the same W: Float within 2e-4 for R and the step of W, 2e-2 for U.
  @Test(arguments: 0..<40)
  func floatFollowsDouble(variant: Int) {
    var wide = WideCase(degree: 3, variant: variant, draw: 35, units: 16, trials: 2)
    wide.one.rule.constants[.clip] = wide.coordinates.contains(.constant(.clip)) ? 10 : .infinity
    let double = run(wide).records
    let float = run(wide, double: false).records
    for (a, b) in zip(float, double) {
      #expect(abs(a.reward - b.reward) <= 2e-4 || wide.one.method.reward == .binary, "\(wide)")
      #expect(relativeError(a.tangents, b.tangents) <= 2e-2, "\(wide)")
    }
  }
}
