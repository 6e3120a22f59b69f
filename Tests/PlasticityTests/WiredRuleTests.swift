import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// Random sets of all that a rule may have beside its polynomial, in networks with every wiring and nonlinearity.
@Suite struct WiredRuleTests {
  private func wired(
    _ degree: Int, _ variant: Int, draw: UInt64, units: Int? = nil, trials: Int = 5, most: Int = .max
  ) -> WideCase {
    var wide = WideCase(
      degree: degree, variant: Widening.allCases.count + variant, draw: draw, units: units, trials: trials,
      most: most)
    wide.one.wire(variant)
    return wide
  }

  /// As without wiring: 1e-7, and 1e-5 for d = 5; what crosses a kink is drawn again.
  @Test(arguments: [1, 2, 3, 5], 0..<24)
  func tangentsAreCentralDifferences(degree: Int, variant: Int) throws {
    var worst: Double?
    var last = ""
    for draw in 1...40 where worst == nil {
      let wide = wired(degree, variant, draw: UInt64(draw), most: 8)
      last = "\(wide)"
      let errors = ReferenceTests.steps.compactMap {
        ReferenceTests().differences(wide.one, by: wide.coordinates, step: $0)
      }
      worst = errors.first?.indices.map { quantity in errors.map { $0[quantity] }.min()! }.max()
    }
    let error = try #require(worst, "every draw crossed a kink")
    #expect(error <= (degree == 5 ? 1e-5 : 1e-7), "worst relative error \(error), \(last)")
  }

  /// 1e-11 of the largest entry: sums of some hundred terms in another order.
  @Test(arguments: [0, 1, 3, 5], 0..<24)
  func forwardEqualsReference(degree: Int, variant: Int) {
    let wide = wired(degree, variant, draw: 41, units: [2, 7, 16, 19][variant % 4])
    let expected = ReferenceLifetime(inputs: wide.one.inputs, method: wide.one.method, rule: wide.one.rule)
      .run(coordinates: wide.coordinates, twins: true)
    for level in EngineTests.levels {
      var worst = 0.0
      var h = 0
      _ = run(wide, level: level) { record in
        let step = expected.steps[h]
        h += 1
        worst = max(worst, abs(record.reward - step.reward), abs(record.twinReward - step.twin))
        worst = max(worst, relativeError(record.weights, step.weights))
        worst = max(worst, relativeError(record.tangents, step.tangents.flatMap { $0 }))
      }
      #expect(h == expected.steps.count && worst <= 1e-11, "worst error \(worst) at level \(level), \(wide)")
    }
  }

  /// Two exact ways to one number.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<24)
  func adjointEqualsForward(degree: Int, variant: Int) throws {
    let wide = wired(degree, variant, draw: 43, units: [2, 7, 16, 17][variant % 4], trials: 8)
    let forward = run(wide)
    for length in [1, 3, 8] {
      let adjoint = run(wide, engine: .adjoint(tapeLength: length))
      #expect(adjoint.rewards == forward.rewards || forward.divergedAt != nil, "\(wide)")
      for estimator in [Estimator.tangent, .antithetic, .pathwise] {
        guard let expected = forward.gradients[estimator] else { continue }
        let error = relativeError(try #require(adjoint.gradients[estimator]), expected)
        #expect(error <= 1e-10, "\(estimator) is off by \(error), tape \(length), \(wide)")
      }
    }
  }

  private func run(
    _ wide: WideCase, level: SIMDLevel = .highest, engine: GradientEngine = .forward,
    _ record: @escaping (TrialRecord) -> Void = { _ in }
  ) -> LifetimeOutcome {
    wide.one.task.runner(wide.one.method, double: true, level: level, engine: engine).run(
      wide.one.address, rule: wide.one.rule,
      request: LifetimeRequest(
        estimators: [.tangent, .antithetic, .pathwise], coordinates: wide.coordinates,
        directions: 0..<wide.coordinates.count, recordsAllTangents: true)
    ) { _, trial in record(trial) }
  }
}
