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

  /// As without wiring: 1e-7, and 1e-5 for d = 5. A difference counts where three neighbouring steps agree four times
  /// better (two may by chance, where rounding is all that is left); a case that crosses a kink, or whose differences never settle, is drawn again.
  @Test(arguments: [1, 2, 3, 5], 0..<24)
  func tangentsAreCentralDifferences(degree: Int, variant: Int) throws {
    let tolerance = degree == 5 ? 1e-5 : 1e-7
    for draw in 1...40 {
      let wide = wired(degree, variant, draw: UInt64(draw), units: 3 + variant % 2, most: 6)
      let runs = ReferenceTests.steps.compactMap {
        ReferenceTests().slopes(wide.one, by: wide.coordinates, step: $0)
      }
      guard let first = runs.first else { continue }
      let errors = first.indices.map { quantity in
        func agree(_ a: Int, _ b: Int) -> Bool {
          relativeError(runs[a][quantity].seen, runs[b][quantity].seen, l2: true) <= tolerance / 4
        }
        let settled = runs.indices.dropFirst().dropLast().filter { agree($0 - 1, $0) && agree($0, $0 + 1) }
        return settled.map { relativeError(runs[$0][quantity].own, runs[$0][quantity].seen, l2: true) }.min()
      }
      guard errors.allSatisfy({ $0 != nil }) else { continue }
      let worst = errors.compactMap { $0 }.max() ?? 0
      #expect(worst <= tolerance, "worst relative error \(worst), \(wide)")
      return
    }
    Issue.record("no draw settled: degree \(degree), variant \(variant)")
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
