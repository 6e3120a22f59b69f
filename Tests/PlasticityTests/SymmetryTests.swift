import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// What the equations keep: the fast engine must keep it too, to the bit where only signs and powers of two change.
@Suite struct SymmetryTests {
  /// Under (x, u, kicks, y) -> minus all of them, term (k, l) has parity (-1)^(k+l).
  @Test(arguments: 0..<18, [true, false])
  func parity(variant: Int, double: Bool) throws {
    let one = RandomCase(degree: 3, variant: variant, draw: 21, units: 17)
    var mirrored = one
    mirrored.task.sign = -1
    mirrored.method.initialScale *= -1
    mirrored.rule.constants[.amplitude] *= -1
    let signs = (0..<16).map { ($0 / 4 + $0 % 4) % 2 == 0 ? 1.0 : -1.0 }
    mirrored.rule.theta = zip(one.rule.theta, signs).map(*)
    let (outcome, records) = run(one, double: double)
    let (twin, twinRecords) = run(mirrored, double: double)
    #expect("\(twin.rewards)" == "\(outcome.rewards)")
    let size = one.method.units * one.method.units
    for (a, b) in zip(twinRecords, records) {
      #expect(a.weights == b.weights)
      #expect(a.rewardTangents == zip(b.rewardTangents, signs).map(*))
      for p in 0..<16 {
        let (own, other) = (a.tangents[p * size..<(p + 1) * size], b.tangents[p * size..<(p + 1) * size])
        #expect(own.elementsEqual(other.map { signs[p] * $0 }))
      }
    }
    // The sums behind an estimate have one order, whatever the signs.
    for (estimator, gradient) in outcome.gradients {
      #expect(twin.gradients[estimator] == zip(gradient, signs).map(*))
    }
  }

  /// eta and theta scale together; U = dW/dtheta by the inverse. A power of two, so that no rounding differs.
  @Test(arguments: 0..<18, [true, false])
  func etaAndThetaScaleTogether(variant: Int, double: Bool) {
    let one = RandomCase(degree: 2, variant: variant, draw: 22, units: 9)
    var scaled = one
    scaled.rule.constants[.eta] *= 8
    scaled.rule.theta = one.rule.theta.map { $0 / 8 }
    let (outcome, records) = run(one, double: double)
    let (other, otherRecords) = run(scaled, double: double)
    #expect("\(other.rewards)" == "\(outcome.rewards)")
    for (a, b) in zip(otherRecords, records) {
      #expect(a.weights == b.weights)
      #expect(a.tangents == b.tangents.map { 8 * $0 })
    }
    #expect(other.gradients == outcome.gradients.mapValues { $0.map { 8 * $0 } })
  }

  /// A silent rule leaves W alone but for its noise, and its rewards know nothing of eta.
  @Test(arguments: [true, false])
  func zeroThetaChangesNothing(double: Bool) throws {
    var one = RandomCase(degree: 3, variant: 4, draw: 23)
    one.rule = one.rule.silent
    one.method.weightNoise = 0
    let (outcome, records) = run(one, double: double)
    let start = one.task.runner(one.method, double: double, level: .highest).network(one.address).weights
    #expect(records.allSatisfy { $0.weights == start })
    one.rule.constants[.eta] *= 100
    #expect(run(one, double: double).0.rewards == outcome.rewards)

    one.method.weightNoise = 0.125
    var expected = one.inputs.weights
    for (record, trial) in zip(run(one, double: true).1, one.inputs.trials) {
      expected = zip(expected, trial.noise).map { $0 + 0.125 * $1 }
      #expect(relativeError(record.weights, expected) <= 1e-15 * Double(one.method.trials))
    }
  }

  /// theta_00 alone moves all weights alike, by eta (R - Rbar) theta_00 s_00 sum_t w_t.
  @Test(arguments: [400, Double.infinity])
  func theta00Drifts(tauE: Double) {
    var one = RandomCase(degree: 2, variant: 1, draw: 24)
    one.rule.theta = Array(repeating: 0, count: 9)
    one.rule.theta[0] = 0.7
    one.rule.constants[.tauE] = tauE
    one.method.weightNoise = 0
    let dt = one.method.timeStep
    let steps = one.task.steps
    let total = (0..<steps).reduce(0.0) { sum, _ in sum * (1 - dt / tauE) + dt }
    var before = one.inputs.weights
    for record in run(one, double: true).1 {
      let drift =
        one.rule.constants[.eta] * (record.reward - record.baseline) * 0.7 * one.rule.scale[0] * total
      let moved = zip(record.weights, before).map(-)
      // W has rounding of its own: 1e-16 of its size for every step.
      #expect(moved.allSatisfy { abs($0 - drift) <= 1e-15 })
      before = record.weights
    }
  }

  /// The smallest rule has one coefficient, and it is differentiated like any other.
  @Test(arguments: [1, 2, 16], [true, false])
  func degreeZero(units: Int, double: Bool) throws {
    let one = RandomCase(degree: 0, variant: 0, draw: 25, units: units)
    let (outcome, records) = run(one, double: double)
    #expect(outcome.divergedAt == nil)
    #expect(records.last?.tangents.count == units * units)
    for estimator in [Estimator.tangent, .antithetic, .pathwise] {
      #expect(try #require(outcome.gradients[estimator]).count == 1)
    }
    // m = 0 at the first trial, so nothing depends on theta before the second.
    #expect(records[0].rewardTangents == [0] && records[0].tangents.allSatisfy { $0 == 0 })
  }

  private func run(_ one: RandomCase, double: Bool) -> (LifetimeOutcome, [TrialRecord]) {
    var records: [TrialRecord] = []
    let outcome = one.task.runner(one.method, double: double, level: .highest).run(
      one.address, rule: one.rule,
      request: LifetimeRequest(
        estimators: [.tangent, .antithetic, .pathwise], directions: 0..<one.rule.theta.count,
        recordsAllTangents: true)
    ) { _, record in records.append(record) }
    return (outcome, records)
  }
}
