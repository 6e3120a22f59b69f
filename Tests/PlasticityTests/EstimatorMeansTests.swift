import Kernels
import Model
import Tasks
import Testing

@testable import Plasticity

/// The mean of every estimator is the gradient of the expected return, for each network and its kicks: what is averaged
/// over is the weight noise.
///
/// The gradient dJ is measured by central differences, so what is tested is the difference of two means, coefficient
/// by coefficient: |mean g - dJ| <= 4.5 standard errors. With normal means one honest coefficient fails in 150,000
/// draws, and the draws are fixed by their seed (1e-6 of the largest |dJ| is left to the differences themselves). To
/// have teeth, the standard error must also be a small part of the largest |dJ|: a bias of 4.5 times that part is
/// seen.
@Suite struct EstimatorMeansTests {
  static let bound = 4.5

  @Test(arguments: [Estimator.pathwise, .antithetic, .tangent], [RewardKind.absolute, .squared])
  func unbiasedWithContinuousReward(estimator: Estimator, reward: RewardKind) {
    var one = Means(reward: reward, draws: estimator == .pathwise ? 4_000 : 24_000)
    one.estimators = [estimator]
    expectUnbiased(one.measure()[estimator]!, share: 0.08, "\(estimator), \(reward)")
  }

  /// Clip and growth are part of the return, so they are part of its gradient.
  @Test(arguments: [Estimator.pathwise, .antithetic])
  func unbiasedWithClipAndGrowth(estimator: Estimator) {
    var one = Means(reward: .absolute, draws: 24_000)
    one.estimators = [estimator]
    one.rule.constants[.clip] = 0.15
    one.rule.constants[.growth0] = 20
    one.rule.constants[.growth2] = 5
    expectUnbiased(one.measure()[estimator]!, share: 0.05, "\(estimator)")
  }

  /// The score estimator needs no derivative of R: also for binary reward, with the leave-one-out baseline.
  @Test(arguments: RewardKind.allCases)
  func scoreIsUnbiased(reward: RewardKind) {
    var one = Means(reward: reward, draws: 48_000)
    one.estimators = [.score]
    // J of a binary reward is a step in each lifetime: a wider difference, corrected to fourth order.
    if reward == .binary {
      one.step = 0.05
      one.wide = true
      one.slopeDraws = 12_000
    }
    expectUnbiased(one.measure()[.score]!, share: 0.1, "score, \(reward)")
  }

  /// The control: a horizon drops part of the gradient, and this test sees it.
  @Test func seesTheBiasOfAHorizon() {
    var one = Means(reward: .absolute, draws: 2_000)
    one.method.horizon = 1
    let differences = one.measure()[.pathwise]!
    #expect(differences.contains { abs($0.mean) > 3 * Self.bound * $0.error })
  }

  private func expectUnbiased(_ coefficients: [Means.Coefficient], share: Double, _ name: String) {
    let size = coefficients.map { abs($0.gradient) }.max()!
    for (p, c) in coefficients.enumerated() {
      #expect(
        abs(c.mean) <= Self.bound * c.error + 1e-6 * size,
        "\(name), coefficient \(p): \(c.mean) +- \(c.error) off a gradient of \(c.gradient)")
      #expect(c.error <= share * size, "\(name), coefficient \(p): \(c.error) of \(size) tells too little")
    }
  }
}

/// Means of estimates minus differences, over draws of the weight noise of one small lifetime.
struct Means {
  struct Coefficient {
    /// Of g - dJ, and its standard error.
    var mean: Double
    var error: Double
    /// dJ.
    var gradient: Double
  }

  var task = NoiseTask(inputs: 2, outputs: 1, steps: 8, conditions: 2, varies: false)
  var method = Method(
    units: 2, trials: 6, timeStep: 15, gain: 1, inputScale: 2, tau: 40, weightNoise: 0.1, horizon: nil)
  var rule = Rule(
    degree: 1, theta: [0.1, -0.3, 0.2, 0.4], scale: [0.01, 0.04, 0.02, 0.08],
    constants: LocalConstants([
      .eta: 1, .clip: .infinity, .tauE: 200, .tauBar: 25, .probability: 0.2, .amplitude: 0.2,
    ]))
  /// Of the weight noise, for the estimates and for the differences; at most 60,000.
  var draws: Int
  var slopeDraws = 1_000
  var estimators: Set<Estimator> = [.pathwise]
  /// Of the central differences; `wide` adds a second one to correct the first to fourth order.
  var step = 1e-3
  var wide = false
  /// Lifetimes that share a leave-one-out baseline.
  var batch = 4

  init(reward: RewardKind, draws: Int) {
    method.reward = reward
    self.draws = draws
  }

  func measure() -> [Estimator: [Coefficient]] {
    let runner = task.runner(method, double: true, level: .highest)
    let index = steepest(runner)
    func address(_ redraw: Int) -> LifetimeAddress {
      LifetimeAddress(seed: 5, domain: .training, index: index, redraw: UInt16(redraw))
    }
    let slopes = (0..<slopeDraws).map { differences(address($0), runner) }
    var rows: [Estimator: [[Double]]] = [:]
    for group in 0..<draws / batch {
      let outcomes = (0..<batch).map {
        runner.run(
          address(group * batch + $0), rule: rule,
          request: LifetimeRequest(estimators: estimators, directions: 0..<rule.theta.count))
      }
      for estimator in estimators {
        let estimates = estimator == .score ? scores(outcomes) : outcomes.map { $0.gradients[estimator]! }
        // Lifetimes of one group share their baselines, so a group is one observation.
        rows[estimator, default: []].append(
          rule.theta.indices.map { p in estimates.reduce(0) { $0 + $1[p] } / Double(batch) })
      }
    }
    return rows.mapValues { rows in
      rule.theta.indices.map { p in
        let own = mean(rows.map { $0[p] })
        let slope = mean(slopes.map { $0[p] })
        return Coefficient(
          mean: own.value - slope.value, error: (own.variance + slope.variance).squareRoot(),
          gradient: slope.value)
      }
    }
  }

  /// The mean of independent values, and its variance.
  private func mean(_ values: [Double]) -> (value: Double, variance: Double) {
    let count = Double(values.count)
    let value = values.reduce(0, +) / count
    return (value, values.reduce(0) { $0 + ($1 - value) * ($1 - value) } / (count * (count - 1)))
  }

  /// Of 30 lifetimes the one whose gradient is the largest: there is most to see.
  private func steepest(_ runner: any LifetimeRunner) -> UInt32 {
    func size(_ index: UInt32) -> Double {
      let sum = (0..<20).reduce(into: Array(repeating: 0.0, count: rule.theta.count)) { sum, redraw in
        let address = LifetimeAddress(
          seed: 5, domain: .training, index: index, redraw: UInt16(60_000 + redraw))
        for (p, value) in differences(address, runner).enumerated() { sum[p] += value }
      }
      return sum.reduce(0) { $0 + $1 * $1 }
    }
    return (0..<30).map { (size($0), $0) }.max { $0.0 < $1.0 }!.1
  }

  /// dJ/dtheta of one lifetime.
  private func differences(_ address: LifetimeAddress, _ runner: any LifetimeRunner) -> [Double] {
    rule.theta.indices.map { p in
      func slope(_ s: Double) -> Double {
        var up = rule
        var down = rule
        up.theta[p] += s
        down.theta[p] -= s
        let rise = runner.run(address, rule: up).score(method.reward)
        return (rise - runner.run(address, rule: down).score(method.reward)) / (2 * s)
      }
      return wide ? (4 * slope(step) - slope(2 * step)) / 3 : slope(step)
    }
  }

  private func scores(_ outcomes: [LifetimeOutcome]) -> [[Double]] {
    let baselines = ScoreEstimate.leaveOneOut(outcomes.map(\.rewards))
    return zip(outcomes, baselines).map {
      ScoreEstimate.gradient(rewards: $0.rewards, baselines: $1, products: $0.scoreProducts)
    }
  }
}
