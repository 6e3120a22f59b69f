import Foundation
import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// Every rival against its published formula in an independent slow form, on the engine's own draws.
@Suite struct RivalTests {
  static let levels = [SIMDLevel.baseline, .v3, .v4].filter { $0 <= .highest }

  /// A case whose exploration is on, so that every rival has something to learn from.
  private func explored(_ variant: Int, trials: Int = 5) -> RandomCase {
    var one = RandomCase(degree: 1, variant: variant, draw: 31, trials: trials)
    if one.method.kicks == .none { one.method.kicks = .sparse }
    one.rule.constants[.probability] = 0.2
    if variant % 2 == 1 { one.rule.constants[.gate] = -0.7 }
    return one
  }

  /// A rival of one theta of 1: its trace times `scale` is what eta moves W along.
  private struct Subject<S: KernelScalar> {
    let lifetimes: RivalLifetime<S>
    let rule: Rule

    init(_ rival: RivalRule, _ one: RandomCase, scale: Double, level: SIMDLevel, symmetric: Bool) {
      let state = LifetimeState<S>(method: one.method, task: one.task, kernels: S.kernels(level))
      let synapse = RivalSynapse(rival, state, usesReadoutAsFeedback: symmetric)
      lifetimes = RivalLifetime(state, synapse, NoGradient())
      rule = rival.rule(gain: 1, scale: scale, constants: one.rule.constants)
    }

    /// - Parameter record: after every trial its index, e without scale and W^{h+1}, both N x N as [i][j].
    func run(
      _ address: LifetimeAddress, record: @escaping (Int, [Double], [Double]) -> Void = { _, _, _ in }
    ) -> LifetimeOutcome {
      lifetimes.run(LifetimeJob(address, rule), WeightWatcher<S>(record: record))
    }
  }

  private struct WeightWatcher<S: KernelScalar>: TrialObserver {
    let record: (Int, _ trace: [Double], _ weights: [Double]) -> Void

    func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
      let n = state.method.units
      record(
        trial.index, state.primal.traces.transposedValues(columns: n),
        state.primal.weights.transposedValues(columns: n))
    }
  }

  private func rival<S: KernelScalar>(
    _ rule: RivalRule, _ one: RandomCase, scale: Double = 0.3, level: SIMDLevel, symmetric: Bool = false,
    _: S.Type
  ) -> Subject<S> {
    Subject(rule, one, scale: scale, level: level, symmetric: symmetric)
  }

  /// B as the engine draws it: N x K.
  private func feedback(_ one: RandomCase) -> [Double] {
    let n = one.method.units
    let ld = (n + 15) / 16 * 16
    let normals = Matrix<Double>(rows: 1, columns: RandomStream.normalsCount(atLeast: one.task.outputs * ld))
    one.address.stream(.feedback).fill(
      normals.pointer, atLeast: one.task.outputs * ld, Double.kernels(.baseline))
    let factor = one.method.readoutScale / Double(n).squareRoot()
    return (0..<n).flatMap { i in
      (0..<one.task.outputs).map { factor * normals.pointer[$0 * ld + i] }
    }
  }

  /// 1e-11 of the largest entry: sums of some hundred terms, in another order, over five trials of feedback on W. With
  /// a gate the engine rounds each kick to Float after the gate's factor, the inputs hold it rounded before: 5e-7.
  @Test(arguments: RivalRule.allCases, 0..<12)
  func followsItsFormula(rule: RivalRule, variant: Int) {
    let one = explored(variant)
    let expected = RivalReference(
      inputs: one.inputs, method: one.method, rule: rule, constants: one.rule.constants, scale: 0.3,
      feedback: feedback(one)
    ).run()
    for level in Self.levels {
      var worst = 0.0
      var moved = false
      let outcome = rival(rule, one, level: level, Double.self).run(one.address) { h, trace, weights in
        worst = max(
          worst, relativeError(trace, expected[h].trace), relativeError(weights, expected[h].weights))
        moved = moved || trace.contains { $0 != 0 }
      }
      for (h, step) in expected.enumerated() { worst = max(worst, abs(outcome.rewards[h] - step.reward)) }
      #expect(outcome.divergedAt == nil)
      #expect(moved, "the trace was 0 in every trial")
      let tolerance = one.rule.constants[.gate] == 0 ? 1e-11 : 5e-7
      #expect(worst <= tolerance, "worst error \(worst) at \(level), \(one)")
    }
  }

  /// With other nonlinearities, synapses that do not exist and signs to keep: the same formulas with the slope of f, on
  /// the synapses that there are. Tolerance as above.
  @Test(arguments: RivalRule.allCases, 0..<8)
  func followsItsFormulaInWiredNetworks(rule: RivalRule, variant: Int) {
    var one = explored(2 * variant)
    one.wire(variant)
    let expected = RivalReference(
      inputs: one.inputs, method: one.method, rule: rule, constants: one.rule.constants, scale: 0.3,
      feedback: feedback(one)
    ).run()
    var worst = 0.0
    let outcome = rival(rule, one, level: .highest, Double.self).run(one.address) { h, _, weights in
      worst = max(worst, relativeError(weights, expected[h].weights))
    }
    for (h, step) in expected.enumerated() { worst = max(worst, abs(outcome.rewards[h] - step.reward)) }
    #expect(outcome.divergedAt == nil)
    #expect(worst <= 1e-11, "worst error \(worst), \(one)")
  }

  /// Float runs see the same draws: rewards of the first trials agree to Float's precision.
  @Test(arguments: RivalRule.allCases)
  func floatFollowsDouble(rule: RivalRule) {
    let one = explored(0, trials: 2)
    let double = rival(rule, one, level: .highest, Double.self).run(one.address)
    let float = rival(rule, one, level: .highest, Float.self).run(one.address)
    for (a, b) in zip(float.rewards, double.rewards) { #expect(abs(a - b) <= 1e-4) }
  }

  /// To the bit: RFLO's only difference from e-prop is B.
  @Test(arguments: 0..<6)
  func epropIsRFLOWithSymmetricFeedback(variant: Int) {
    let one = explored(variant)
    let symmetric = rival(.rflo, one, level: .highest, symmetric: true, Float.self)
    var expected: [[Double]] = []
    _ = symmetric.run(one.address) { _, _, weights in expected.append(weights) }
    var seen: [[Double]] = []
    _ = rival(.eprop, one, level: .highest, Float.self).run(one.address) { _, _, weights in
      seen.append(weights)
    }
    #expect(seen == expected)
    var random: [[Double]] = []
    _ = rival(.rflo, one, level: .highest, Float.self).run(one.address) { _, _, weights in
      random.append(weights)
    }
    #expect(random != expected)
  }

  /// The error of a central difference of step 1e-5 is about 1e-10 of the curvature plus 1e-16 / 1e-5.
  @Test(arguments: 0..<6)
  func backpropagationIsTheGradient(variant: Int) {
    let one = explored(variant, trials: 1)
    let life = RivalReference(
      inputs: one.inputs, method: one.method, rule: .bptt, constants: one.rule.constants, scale: 1,
      feedback: [])
    var trace: [Double] = []
    _ = rival(.bptt, one, level: .highest, Double.self).run(one.address) { _, e, _ in trace = e }
    let step = 1e-5
    let differences = one.inputs.weights.indices.map { s in
      var up = one.inputs.weights
      var down = up
      up[s] += step
      down[s] -= step
      let trial = one.inputs.trials[0]
      return (life.loss(trial, weights: up) - life.loss(trial, weights: down)) / (2 * step)
    }
    let worst = relativeError(trace, differences)
    #expect(worst <= 1e-7, "worst error \(worst)")
  }

  /// The calibrated trace has rms 1 over the calibration networks, so that one eta means the same for all.
  @Test(arguments: RivalRule.allCases)
  func scaleMakesTheTraceOne(rule: RivalRule) throws {
    let one = explored(4)
    let scale = Calibration.scale(
      of: rule, task: one.task, method: one.method, one.rule.constants, level: .highest)
    if rule == .weightPerturbation {
      #expect(scale == one.method.weightNoise)
      return
    }
    let rival = rival(rule, one, level: .highest, Double.self)
    var sum = 0.0
    for index in 0..<Calibration.networks {
      let address = LifetimeAddress(seed: 0, domain: .calibration, index: UInt32(index))
      _ = rival.run(address) { h, trace, _ in if h == 0 { sum += trace.reduce(0) { $0 + $1 * $1 } } }
    }
    let n = Double(one.method.units)
    let rms = (sum / (Double(Calibration.networks) * n * n)).squareRoot()
    #expect(abs(scale * rms - 1) <= 1e-12)
  }

  @Test func refusesWhatLeavesNothingToLearnFrom() {
    var method = Method(units: 4, trials: 2, kicks: .none, weightNoise: 0)
    method.timeStep = 15
    func error(_ rule: RivalRule, movingTarget: Bool = false) -> String? {
      rule.refusal(method: method, constants: LocalConstants(), movingTarget: movingTarget)
    }
    #expect(error(.nodePerturbation)?.contains("exploration.kind") == true)
    #expect(error(.weightPerturbation)?.contains("exploration.weight-noise") == true)
    #expect(error(.rewardEprop, movingTarget: true)?.contains("moving target") == true)
    #expect(error(.rewardEprop) == nil)
    #expect(error(.bptt) == nil)
    #expect(throws: RivalError.self) {
      try NoiseTask().runner(
        .nodePerturbation, method, constants: LocalConstants(), double: false, level: .baseline)
    }
  }

  /// A lifetime that leaves the bound is a value: NaN rewards and accuracy 0 from there on.
  @Test func divergenceIsAnOutcome() {
    var one = explored(2, trials: 30)
    one.rule.constants[.clip] = .infinity
    one.rule.constants[.eta] = 1e9
    for rule in RivalRule.allCases where rule != .weightPerturbation {
      let outcome = rival(rule, one, level: .highest, Float.self).run(one.address)
      guard let diverged = outcome.divergedAt else {
        Issue.record("\(rule) did not diverge")
        continue
      }
      #expect(outcome.rewards[diverged...].allSatisfy { $0.isNaN })
      #expect(outcome.accuracies[diverged...].allSatisfy { $0 == 0 })
      #expect(outcome.rewards[..<diverged].allSatisfy { $0.isFinite })
    }
  }

  /// The wrapped rule is the engine's own lifetime.
  @Test func wrappersAddNothing() {
    let one = RandomCase(degree: 2, variant: 4, draw: 9)
    let runner = one.task.runner(one.method, double: true, level: .highest)
    let learner = RuleLearner(runner, rule: one.rule)
    #expect(learner.run(one.address) == runner.run(one.address, rule: one.rule))
  }
}
