import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// The adjoint engine against forward tangents, on random cases in Double.
@Suite struct AdjointTests {
  /// Two exact ways to one number: 1e-10 of the largest entry, all rewards, kicks, clip and horizon on and off, every
  /// length of the tape.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<36)
  func equalsForward(degree: Int, variant: Int) throws {
    var one = RandomCase(
      degree: degree, variant: variant, draw: 9, units: [1, 5, 16, 19][variant % 4], trials: 7)
    if variant % 5 == 0 {
      one.rule.constants[.growth0] = 3
      one.rule.constants[.growth2] = 2
    }
    try compare(one)
  }

  /// What theta does by way of Rbar_c and the gate's kicks, and by way of W and its growth: alone and together, with
  /// all rewards, both kinds of kicks, clip and horizon on and off. Enough trials to meet every condition twice.
  @Test(arguments: [0, 1, 3, 5], 0..<36)
  func gateAndGrowthEqualForward(degree: Int, variant: Int) throws {
    var one = RandomCase(
      degree: degree, variant: variant, draw: 14, units: [2, 7, 17][variant % 3], trials: 9)
    if one.method.kicks == .none { one.method.kicks = variant % 2 == 0 ? .sparse : .gaussian }
    if degree != 1 { one.rule.constants[.gate] = variant % 4 < 2 ? -1.4 : 0.8 }
    if degree != 3 {
      one.rule.constants[.growth0] = variant % 3 == 0 ? 0 : 3
      one.rule.constants[.growth2] = 1.5
    }
    try compare(one)
  }

  func compare(_ one: RandomCase) throws {
    var worst = 0.0
    for estimator in [Estimator.tangent, .antithetic, .pathwise] {
      if estimator == .pathwise && one.method.reward == .binary { continue }
      let forward = run(one, estimator, .forward)
      for length in [1, 2, 3, 7] {
        let adjoint = run(one, estimator, .adjoint(tapeLength: length))
        #expect(adjoint.rewards == forward.rewards || forward.divergedAt != nil)
        #expect(adjoint.divergedAt == forward.divergedAt)
        // A gradient that overflows is dropped by both.
        #expect((adjoint.gradients[estimator] == nil) == (forward.gradients[estimator] == nil))
        guard let expected = forward.gradients[estimator] else { continue }
        worst = max(worst, relativeError(try #require(adjoint.gradients[estimator]), expected))
      }
    }
    #expect(worst <= 1e-10, "worst error \(worst), \(one)")
  }

  /// The length of the tape is a matter of memory: it never changes a bit.
  @Test(arguments: [true, false])
  func tapeLengthChangesNoBit(double: Bool) {
    for variant in [0, 4, 13, 22] {
      let one = RandomCase(degree: 3, variant: variant, draw: 12, units: 17, trials: 9)
      let whole = run(one, .antithetic, .adjoint(tapeLength: 9), double: double).gradients
      for length in [1, 2, 4, 5, 8] {
        #expect(run(one, .antithetic, .adjoint(tapeLength: length), double: double).gradients == whole)
      }
    }
  }

  /// A diverged lifetime has no gradient, and the engine is as new for the next one.
  @Test func divergenceLeavesNothingBehind() {
    var wild = RandomCase(degree: 3, variant: 3, draw: 4, trials: 40)
    wild.rule.theta = wild.rule.theta.map { $0 * 1e6 }
    wild.rule.constants[.clip] = .infinity
    var tame = wild
    tame.rule.theta = wild.rule.theta.map { $0 * 1e-6 }
    let runner = wild.task.runner(
      wild.method, double: true, level: .highest, engine: .adjoint(tapeLength: 6))
    let request = LifetimeRequest(estimators: [.tangent], directions: 0..<16)
    let fresh = runner.run(tame.address, rule: tame.rule, request: request)
    let diverged = runner.run(wild.address, rule: wild.rule, request: request)
    #expect(diverged.divergedAt != nil && diverged.gradients.isEmpty)
    #expect(runner.run(tame.address, rule: tame.rule, request: request) == fresh)
    #expect(fresh.gradients[.tangent]?.count == 16)
  }

  private func run(
    _ one: RandomCase, _ estimator: Estimator, _ engine: GradientEngine, double: Bool = true
  ) -> LifetimeOutcome {
    one.task.runner(one.method, double: double, level: .highest, engine: engine).run(
      one.address, rule: one.rule,
      request: LifetimeRequest(estimators: [estimator], directions: 0..<one.rule.theta.count))
  }
}
