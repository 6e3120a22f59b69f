import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// ebar, the running mean of e that the update leaves out: the primal against the reference.
@Suite struct TraceMeanTests {
  private func subject(_ degree: Int, _ variant: Int, trials: Int = 6) -> RandomCase {
    var one = RandomCase(
      degree: degree, variant: variant, draw: 21, units: [1, 5, 16, 19][variant % 4], trials: trials)
    one.task.conditions = 1 + variant % 3
    one.method.traceMeanBy = variant % 2 == 0 ? .condition : .synapse
    one.rule.constants[.traceMean] = [0.1, 0.5, 1][variant % 3]
    if variant % 5 == 0 { one.rule.constants[.gate] = -1 }
    if variant % 7 == 0 { one.rule.constants[.growth0] = 3 }
    return one
  }

  private func run(
    _ one: RandomCase, double: Bool = true, level: SIMDLevel = .highest
  ) -> (outcome: LifetimeOutcome, records: [TrialRecord]) {
    var records: [TrialRecord] = []
    let outcome = one.task.runner(one.method, double: double, level: level).run(
      one.address, rule: one.rule, request: LifetimeRequest()
    ) { _, record in records.append(record) }
    return (outcome, records)
  }

  /// 1e-12 of the largest entry, as for the engine without ebar: sums of some hundred terms in another order.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<36)
  func equalsReference(degree: Int, variant: Int) {
    let one = subject(degree, variant)
    let expected = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run(
      tangents: false)
    for level in EngineTests.levels {
      let (outcome, records) = run(one, level: level)
      #expect(outcome.divergedAt == expected.divergedAt)
      #expect(records.count == expected.steps.count)
      var worst = 0.0
      for (record, step) in zip(records, expected.steps) {
        worst = max(worst, abs(record.reward - step.reward))
        worst = max(worst, relativeError(record.weights, step.weights))
      }
      #expect(worst <= 1e-12, "worst error \(worst) at level \(level), \(one)")
    }
  }

  /// Rate and grouping matter, each: the tests above compare no two of a kind.
  @Test func rateAndGroupMatter() {
    var one = subject(3, 3, trials: 12)
    one.task.conditions = 3
    one.method.kicks = .gaussian
    func weights(_ rate: Double, _ group: TraceMeanGroup) -> [Double] {
      one.rule.constants[.traceMean] = rate
      one.method.traceMeanBy = group
      return run(one).records.last!.weights
    }
    let all = [
      weights(0, .condition), weights(0.1, .condition), weights(0.1, .synapse), weights(1, .condition),
      weights(1, .synapse),
    ]
    for (index, left) in all.enumerated() {
      for right in all[(index + 1)...] { #expect(relativeError(left, right) > 1e-6) }
    }
    // Off, the grouping is nothing.
    #expect(weights(0, .synapse) == all[0])
  }

  /// With one condition both groupings are one and the same.
  @Test func oneConditionHasOneMean() {
    for variant in [0, 3, 6, 9] {
      var one = subject(2, variant, trials: 10)
      one.task.conditions = 1
      var other = one
      one.method.traceMeanBy = .condition
      other.method.traceMeanBy = .synapse
      for double in [true, false] {
        #expect(run(one, double: double).outcome == run(other, double: double).outcome)
      }
    }
  }

  /// A lifetime leaves no mean behind.
  @Test func lifetimesShareNothing() {
    var one = subject(3, 3, trials: 8)
    one.method.kicks = .sparse
    var next = one.address
    next.index += 1
    let runner = one.task.runner(one.method, double: false, level: .highest)
    let first = runner.run(one.address, rule: one.rule)
    let other = runner.run(next, rule: one.rule)
    #expect(other.rewards != first.rewards)
    #expect(runner.run(one.address, rule: one.rule) == first)
    var plain = one.rule
    plain.constants[.traceMean] = 0
    _ = runner.run(next, rule: plain)
    #expect(runner.run(one.address, rule: one.rule) == first)
  }

  /// e that overflows ends the lifetime, also at a first visit, where what is left of a finite e is 0.
  @Test(arguments: [true, false], TraceMeanGroup.allCases)
  func overflowIsSeenAtTheFirstVisit(double: Bool, group: TraceMeanGroup) {
    var one = subject(2, 0)
    one.method.traceMeanBy = group
    one.rule.theta = one.rule.theta.map { $0 < 0 ? -1e300 : 1e300 }
    one.rule.scale = one.rule.scale.map { _ in 1e10 }
    #expect(run(one, double: double).outcome.divergedAt == 0)
  }
}
