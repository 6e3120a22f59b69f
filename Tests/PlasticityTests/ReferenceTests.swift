import Model
import Testing

@testable import Plasticity

/// The reference's tangents against central differences of the reference's own primal.
@Suite struct ReferenceTests {
  /// A difference of step s, extrapolated from s and 2 s, is off by s^4 times a fifth derivative and by 1e-16 / s. Cases
  /// differ in curvature by orders of magnitude, so each quantity takes the best of eight steps.
  static let steps = [2e-3, 1e-3, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5]

  @Test(arguments: [1, 2, 3, 5], 0..<36)
  func tangentsAreCentralDifferences(degree: Int, variant: Int) throws {
    var worst = 0.0
    var seen = false
    for draw in 1...12 {
      let one = RandomCase(degree: degree, variant: variant, draw: UInt64(draw))
      let errors = Self.steps.compactMap { differences(one, step: $0) }
      guard let first = errors.first else { continue }
      worst = first.indices.map { quantity in errors.map { $0[quantity] }.min()! }.max()!
      seen = true
      break
    }
    #expect(seen, "every draw crossed a kink")
    #expect(worst <= (degree == 5 ? 1e-5 : 1e-7), "worst relative error \(worst)")
  }

  /// Relative errors of Rdot and U at the first trial with a tangent, at H/2, at H, and cumulated; nil where a step
  /// crossed a kink.
  func differences(
    _ one: RandomCase, by coordinates: [RuleCoordinate]? = nil, step s: Double
  ) -> [Double]? {
    slopes(one, by: coordinates, step: s)?.map { relativeError($0.own, $0.seen, l2: true) }
  }

  /// The same quantities by tangents, `own`, and by differences, `seen`.
  func slopes(
    _ one: RandomCase, by coordinates: [RuleCoordinate]? = nil, step s: Double
  ) -> [(own: [Double], seen: [Double])]? {
    let inputs = one.inputs
    let coordinates = coordinates ?? one.rule.thetaCoordinates
    let base = ReferenceLifetime(inputs: inputs, method: one.method, rule: one.rule).run(
      coordinates: coordinates)
    guard base.divergedAt == nil else { return nil }
    let carried = [inputs.start(method: one.method)] + base.steps.dropLast().map(\.weights)
    func shifted(_ coordinate: RuleCoordinate, _ amount: Double) -> [ReferenceLifetime.Step]? {
      let (rule, inputs) = one.shifted(coordinate, by: amount)
      let run = ReferenceLifetime(inputs: inputs, method: one.method, rule: rule).run(
        tangents: false, carried: carried)
      guard run.divergedAt == nil, zip(run.steps, base.steps).allSatisfy({ $0.branch == $1.branch }) else {
        return nil
      }
      return run.steps
    }
    let count = coordinates.count
    let trials = one.method.trials
    var rewards = Array(repeating: Array(repeating: 0.0, count: count), count: trials)
    var weights = Array(repeating: [Double](), count: trials)
    for (p, coordinate) in coordinates.enumerated() {
      guard let up = shifted(coordinate, s), let down = shifted(coordinate, -s),
        let up2 = shifted(coordinate, 2 * s), let down2 = shifted(coordinate, -2 * s)
      else { return nil }
      // Richardson: (8 (f(s) - f(-s)) - (f(2s) - f(-2s))) / 12 s.
      for h in 0..<trials {
        rewards[h][p] =
          (8 * (up[h].reward - down[h].reward) - (up2[h].reward - down2[h].reward)) / (12 * s)
        weights[h] += up[h].weights.indices.map { i in
          (8 * (up[h].weights[i] - down[h].weights[i]) - (up2[h].weights[i] - down2[h].weights[i])) / (12 * s)
        }
      }
    }
    var quantities: [(own: [Double], seen: [Double])] = []
    for h in [1, trials / 2, trials - 1] {
      if one.method.reward != .binary { quantities.append((base.steps[h].rewardTangents, rewards[h])) }
      quantities.append((base.steps[h].tangents.flatMap { $0 }, weights[h]))
    }
    let sum = (0..<count).map { p in base.steps.reduce(0) { $0 + $1.rewardTangents[p] } }
    let differenceSum = (0..<count).map { p in rewards.reduce(0) { $0 + $1[p] } }
    if one.method.reward != .binary { quantities.append((sum, differenceSum)) }
    return quantities
  }

  /// Gate and growth act through Rbar_c and W: their tangents are differences too.
  @Test(arguments: [1, 3, 5], 0..<18)
  func gateAndGrowthAreCentralDifferences(degree: Int, variant: Int) throws {
    var worst: Double?
    for draw in 1...12 where worst == nil {
      var one = RandomCase(degree: degree, variant: 2 * variant + 1, draw: UInt64(draw))
      one.rule.constants[.gate] = variant % 2 == 0 ? -1.4 : 0.8
      one.rule.constants[.growth0] = variant % 3 == 0 ? 0 : 3
      one.rule.constants[.growth2] = 1.5
      let errors = Self.steps.compactMap { differences(one, step: $0) }
      worst = errors.first?.indices.map { quantity in errors.map { $0[quantity] }.min()! }.max()
    }
    let error = try #require(worst, "every draw crossed a kink")
    #expect(error <= (degree == 5 ? 1e-5 : 1e-7))
  }

  /// Every mechanism of the widened rule alone, then random sets of them, by theta and by every constant.
  ///
  /// A difference counts where three neighbouring steps agree ten times better than the tolerance; a case that crosses a
  /// kink, or whose differences never settle, is drawn again.
  @Test(arguments: [1, 2, 3, 5], 0..<80)
  func widenedRulesAreCentralDifferences(degree: Int, variant: Int) throws {
    let tolerance = degree == 5 ? 1e-5 : 1e-7
    for draw in 1...40 {
      let wide = WideCase(
        degree: degree, variant: variant, draw: UInt64(draw), units: 3 + variant % 2, trials: 4, most: 4)
      let runs = Self.steps.compactMap { slopes(wide.one, by: wide.coordinates, step: $0) }
      guard runs.count > 2 else { continue }
      let errors = runs[0].indices.map { quantity in
        func agree(_ a: Int, _ b: Int) -> Bool {
          relativeError(runs[a][quantity].seen, runs[b][quantity].seen, l2: true) <= tolerance / 10
        }
        return (1..<runs.count - 1).filter { agree($0 - 1, $0) && agree($0, $0 + 1) }
          .map { relativeError(runs[$0][quantity].own, runs[$0][quantity].seen, l2: true) }.min()
      }
      guard errors.allSatisfy({ $0 != nil }) else { continue }
      let worst = errors.compactMap { $0 }.max() ?? 0
      #expect(worst <= tolerance, "worst relative error \(worst), \(wide)")
      return
    }
    Issue.record("no draw settled: degree \(degree), variant \(variant)")
  }

  @Test func zeroThetaChangesNothing() {
    var one = RandomCase(degree: 3, variant: 0, draw: 3)
    one.rule.theta = Array(repeating: 0, count: 16)
    one.method.weightNoise = 0
    let run = ReferenceLifetime(inputs: one.inputs, method: one.method, rule: one.rule).run(tangents: false)
    #expect(run.steps.allSatisfy { $0.weights == one.inputs.weights })
  }
}
