import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// Networks with synapses that do not exist, weights that keep their sign, and other nonlinearities: their tangents
/// against differences, the engines against the reference and against each other.
@Suite struct WiringTests {
  /// The bounds of the plain method: 1e-7 for d <= 3, 1e-5 for d = 5; a case that crosses a kink (of the clip, of |z - y|,
  /// of a rectified rate, of a weight at 0) is drawn again.
  @Test(arguments: [1, 2, 3, 5], 0..<24)
  func tangentsAreCentralDifferences(degree: Int, variant: Int) throws {
    var worst: Double?
    for draw in 1...40 where worst == nil {
      var one = RandomCase(degree: degree, variant: 5 * variant + 1, draw: UInt64(draw))
      one.wire(variant)
      if variant % 4 == 3 { one.rule.constants[.gate] = -1.2 }
      if variant % 6 == 5 { one.rule.constants[.growth0] = 3 }
      let errors = ReferenceTests.steps.compactMap { ReferenceTests().differences(one, step: $0) }
      worst = errors.first?.indices.map { quantity in errors.map { $0[quantity] }.min()! }.max()
    }
    let error = try #require(worst, "every draw crossed a kink")
    #expect(error <= (degree == 5 ? 1e-5 : 1e-7), "worst relative error \(error)")
  }

  /// 1e-12 of the largest entry as for plain networks; twins too.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<24)
  func doubleEqualsReference(degree: Int, variant: Int) throws {
    var one = RandomCase(
      degree: degree, variant: 7 * variant + 2, draw: 5, units: [2, 5, 16, 19][variant % 4], trials: 6)
    one.wire(variant)
    let expected = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run(twins: true)
    for level in EngineTests.levels {
      let (outcome, records) = run(one, level: level)
      #expect(outcome.divergedAt == expected.divergedAt)
      var worst = 0.0
      for (record, step) in zip(records, expected.steps) {
        worst = max(worst, abs(record.reward - step.reward), abs(record.twinReward - step.twin))
        worst = max(worst, relativeError(record.weights, step.weights))
        worst = max(worst, relativeError(record.tangents, step.tangents.flatMap { $0 }))
        if one.method.reward != .binary {
          worst = max(worst, relativeError(record.rewardTangents, step.rewardTangents))
        }
      }
      #expect(worst <= 4e-12, "worst error \(worst) at level \(level), \(one)")
    }
  }

  /// Two exact ways to one number: 1e-10 of the largest entry, on tapes of every length.
  @Test(arguments: [0, 1, 2, 3, 5], 0..<24)
  func adjointEqualsForward(degree: Int, variant: Int) throws {
    var one = RandomCase(
      degree: degree, variant: 7 * variant + 3, draw: 9, units: [2, 7, 16, 19][variant % 4], trials: 7)
    one.wire(variant)
    if variant % 5 == 0 { one.rule.constants[.growth0] = 3 }
    if variant % 3 == 0 { one.rule.constants[.gate] = -1.1 }
    try AdjointTests().compare(one)
  }

  /// The estimates by their formulas: the noise is credited by U before a sign to keep cuts it, and `score` by mu.
  @Test(arguments: 0..<12)
  func estimatesFollowTheirFormulas(variant: Int) throws {
    var one = RandomCase(degree: 2, variant: 7 * variant + 1, draw: 8, units: 7, trials: 7)
    one.wire(variant)
    let steps = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run(twins: true)
      .steps
    let (outcome, _) = run(one, level: .highest)
    let h = one.method.trials
    let sigma = one.method.weightNoise
    let antithetic = one.rule.theta.indices.map { p in
      (1..<h).reduce(0.0) {
        $0 + (steps[$1].reward - steps[$1].twin) / 2 * steps[$1 - 1].noiseProducts[p]
      } / (sigma * Double(h))
    }
    let seen = try #require(outcome.gradients[.antithetic])
    #expect(relativeError(seen, antithetic) <= 1e-10)
    let products = steps.flatMap { $0.scores.map { $0 / sigma } }
    #expect(relativeError(outcome.scoreProducts, products) <= 1e-10)
  }

  /// Any cut of the directions gives the bits of the whole.
  @Test(arguments: 0..<12, [true, false])
  func slicesAddUpToTheBit(variant: Int, double: Bool) {
    var one = RandomCase(degree: 3, variant: 7 * variant, draw: 2, units: 17)
    one.wire(variant)
    func gradients(_ directions: Range<Int>) -> [Estimator: [Double]] {
      run(one, double: double, level: .highest, directions: directions).0.gradients
    }
    let whole = gradients(0..<16)
    for cut in [1, 7, 15] {
      let parts = [0..<cut, cut..<16].map(gradients)
      for estimator in whole.keys {
        #expect(parts.flatMap { $0[estimator] ?? [] } == whole[estimator])
      }
    }
  }

  /// The first two trials in Float: W's step and R within 2e-4, tangents within 2e-2 of their largest entry.
  @Test(arguments: 0..<24)
  func floatFollowsDouble(variant: Int) {
    var one = RandomCase(degree: 3, variant: 7 * variant % 18, draw: 11, units: 16, trials: 2)
    one.wire(variant)
    let double = run(one, level: .highest).1
    let float = run(one, double: false, level: .highest).1
    #expect(double.count == float.count)
    for (a, b) in zip(float, double) {
      #expect(abs(a.reward - b.reward) <= 2e-4 || one.method.reward == .binary)
      #expect(relativeError(a.weights, b.weights) <= 2e-4)
      #expect(relativeError(a.tangents, b.tangents) <= 2e-2 || one.rule.constants[.clip] < .infinity)
    }
  }

  /// `tangent` and `antithetic` over 4000 draws of the weight noise of one network, where W is cut all the time: their
  /// means are that of `pathwise`, by k1l1, within 4.5 standard errors; that of `antithetic` is below a tenth of it. Crediting U after the cut
  /// instead would be seen.
  @Test(arguments: [43, 46])
  func noiseIsCreditedBeforeTheCut(network: UInt64) throws {
    var one = RandomCase(degree: 1, variant: 1, draw: network, units: 4, trials: 4)
    one.method.wiring.excitatory = 0.5
    one.method.nonlinearity = .rectifiedTanh
    one.method.gain = 0.5
    one.method.weightNoise = 0.3
    one.method.reward = .squared
    one.method.kicks = .none
    one.task.conditions = 1
    one.task.steps = 8
    one.task.varies = false
    one.task.inputs = 2
    one.method.inputScale = 2
    one.method.initialScale = 1
    one.rule.constants[.eta] = 0.01
    one.rule.scale = [1, 1, 1, 1]
    one.rule.theta = [0, 0, 0, 0]
    let runner = one.task.runner(one.method, double: true, level: .highest)
    var differences: [[Double]] = [[], [], []]
    var truth: [Double] = []
    for draw in 0..<4000 {
      var address = one.address
      address.redraw = UInt16(draw)
      var before: TrialRecord?
      var late = 0.0
      let outcome = runner.run(
        address, rule: one.rule,
        request: LifetimeRequest(
          estimators: [.tangent, .antithetic, .pathwise], directions: 3..<4, recordsAllTangents: true)
      ) { _, record in
        if let before {
          let product = zip(before.noise, before.tangents).reduce(0) { $0 + $1.0 * $1.1 }
          late += (record.reward - record.twinReward) / 2 * product / (one.method.weightNoise * 4)
        }
        before = record
      }
      let pathwise = try #require(outcome.gradients[.pathwise])[0]
      truth.append(pathwise)
      differences[0].append(try #require(outcome.gradients[.tangent])[0] - pathwise)
      differences[1].append(try #require(outcome.gradients[.antithetic])[0] - pathwise)
      differences[2].append(late - pathwise)
    }
    func mean(_ values: [Double]) -> (value: Double, error: Double) {
      let mean = values.reduce(0, +) / 4000
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, (square / (4000 * 3999)).squareRoot())
    }
    let size = abs(mean(truth).value)
    let (tangent, antithetic, late) = (mean(differences[0]), mean(differences[1]), mean(differences[2]))
    #expect(abs(tangent.value) < 4.5 * tangent.error, "bias \(tangent) of \(size)")
    #expect(abs(antithetic.value) < 4.5 * antithetic.error, "bias \(antithetic) of \(size)")
    #expect(antithetic.error < 0.1 * size, "nothing was tested: \(antithetic) of \(size)")
    #expect(abs(late.value) > 4.5 * late.error, "after the cut: \(late) of \(size)")
  }

  /// What was cut stays cut: 120 trials of a Float network, every one of them looked at.
  @Test(arguments: [GradientEngine.forward, .adjoint(tapeLength: 20)])
  func lawsHoldInEveryTrial(engine: GradientEngine) throws {
    var one = RandomCase(degree: 3, variant: 3, draw: 3, units: 20, trials: 120)
    one.method.wiring = Wiring(connectivity: 0.3, autapses: false, excitatory: 0.8)
    one.method.nonlinearity = .rectifiedTanh
    one.method.weightNoise = 0.03
    one.method.horizon = 20
    let inputs = one.inputs
    let mask = try #require(inputs.mask)
    let signs = try #require(inputs.signs)
    #expect(signs == Array(repeating: 1, count: 16) + Array(repeating: -1, count: 4))
    #expect((0..<20).allSatisfy { mask[$0 * 20 + $0] == 0 })
    let runner = one.task.runner(one.method, double: false, level: .highest, engine: engine)
    #expect(
      runner.network(one.address).weights.indices.allSatisfy { s in
        let weight = runner.network(one.address).weights[s]
        return mask[s] == 1 ? signs[s % 20] * weight > 0 : weight == 0
      })
    var cut = 0
    var returned = 0
    var wasCut = Array(repeating: false, count: 400)
    var seen = 0
    _ = runner.run(
      one.address, rule: one.rule,
      request: LifetimeRequest(estimators: [.antithetic], directions: 0..<16, recordsAllTangents: true)
    ) { _, record in
      seen += 1
      for s in 0..<400 {
        let weight = record.weights[s]
        #expect(mask[s] == 1 ? signs[s % 20] * weight >= 0 : weight == 0)
        if mask[s] == 0 { #expect(record.noise[s] == 0) }
        if weight == 0, !record.tangents.isEmpty {
          #expect((0..<16).allSatisfy { record.tangents[$0 * 400 + s] == 0 })
        }
        if mask[s] == 1 {
          cut += weight == 0 ? 1 : 0
          returned += wasCut[s] && weight != 0 ? 1 : 0
          wasCut[s] = weight == 0
        }
      }
    }
    #expect(seen == 120)
    #expect(cut > 100 && returned > 20, "\(cut) cut, \(returned) returned: nothing was tested")
  }

  private func run(
    _ one: RandomCase, double: Bool = true, level: SIMDLevel, directions: Range<Int>? = nil
  ) -> (LifetimeOutcome, [TrialRecord]) {
    var records: [TrialRecord] = []
    let outcome = one.task.runner(one.method, double: double, level: level).run(
      one.address, rule: one.rule,
      request: LifetimeRequest(
        estimators: EngineTests.all, directions: directions ?? 0..<one.rule.theta.count,
        recordsAllTangents: true)
    ) { _, record in records.append(record) }
    return (outcome, records)
  }
}
