import Kernels
import Tasks
import Testing

@testable import Plasticity

/// The mean of every estimator is the gradient of the expected return, for each network and its kicks: what is averaged
/// over is the weight noise.
///
/// The gradient is measured by central differences under the same noise, so what is tested is the mean of the paired
/// difference d = g - dJ, coefficient by coefficient: |mean d| <= 4.5 standard errors. With normal means one honest
/// coefficient fails in 150,000 draws, and the draws are fixed by their seed (1e-6 of the largest |dJ| is left to the
/// differences themselves). To have teeth, the standard error must
/// also be a small part of the largest |dJ|: a bias of 4.5 times that part is seen.
@Suite(.timeLimit(.minutes(10))) struct EstimatorMeansTests {
  static let bound = 4.5

  @Test(arguments: [GradientEstimator.pathwise, .antithetic, .tangent], [RewardKind.absolute, .squared])
  func unbiasedWithContinuousReward(estimator: GradientEstimator, reward: RewardKind) {
    var one = Means(reward: reward, draws: estimator == .pathwise ? 400 : 4_000)
    one.estimators = [estimator]
    expectUnbiased(one.measure()[estimator]!, share: 0.05, "\(estimator), \(reward)")
  }

  /// Clip and growth are part of the return, so they are part of its gradient.
  @Test(arguments: [GradientEstimator.pathwise, .antithetic])
  func unbiasedWithClipAndGrowth(estimator: GradientEstimator) {
    var one = Means(reward: .absolute, draws: 4_000)
    one.estimators = [estimator]
    one.rule.constants.clip = 0.15
    one.rule.constants.growth0 = 20
    one.rule.constants.growth2 = 5
    expectUnbiased(one.measure()[estimator]!, share: 0.05, "\(estimator)")
  }

  /// The score estimator needs no derivative of R: also for binary reward, with the leave-one-out baseline.
  @Test(arguments: RewardKind.allCases)
  func scoreIsUnbiased(reward: RewardKind) {
    var one = Means(reward: reward, draws: 8_000)
    one.estimators = [.score]
    // J of a binary reward is a step in each lifetime: a wide difference, corrected to fourth order.
    if reward == .binary {
      one.step = 0.3
      one.wide = true
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
    units: 4, trials: 6, timeStep: 15, gain: 1, inputScale: 2, tau: 40, weightNoise: 0.1, horizon: nil)
  var rule = Rule(
    degree: 1, theta: [0.1, -0.3, 0.2, 0.4], scale: [0.01, 0.04, 0.02, 0.08],
    constants: LocalConstants(
      eta: 1, clip: .infinity, tauE: 200, tauBar: 25, probability: 0.2, amplitude: 0.2))
  /// At most 65536.
  var draws: Int
  var estimators: Set<GradientEstimator> = [.pathwise]
  /// Of the central differences; `wide` adds a second one to correct the first to fourth order.
  var step = 1e-3
  var wide = false
  /// Lifetimes that share a leave-one-out baseline.
  var batch = 4

  init(reward: RewardKind, draws: Int) {
    method.reward = reward
    self.draws = draws
  }

  func measure() -> [GradientEstimator: [Coefficient]] {
    let runner = task.runner(method, double: true, level: .highest)
    var sums: [GradientEstimator: [[Double]]] = [:]
    var gradients = Array(repeating: 0.0, count: rule.theta.count)
    for group in 0..<draws / batch {
      let addresses = (0..<batch).map {
        LifetimeAddress(seed: 5, domain: .training, index: 3, redraw: UInt16(group * batch + $0))
      }
      let outcomes = addresses.map {
        runner.run(
          $0, rule: rule, request: LifetimeRequest(estimators: estimators, directions: 0..<rule.theta.count))
      }
      let slopes = addresses.map { differences($0, runner) }
      for slope in slopes { for p in gradients.indices { gradients[p] += slope[p] } }
      for estimator in estimators {
        let estimates = estimator == .score ? scores(outcomes) : outcomes.map { $0.gradients[estimator]! }
        // Lifetimes of one group share their baselines, so a group is one observation.
        let row = gradients.indices.map { p in
          zip(estimates, slopes).reduce(0) { $0 + $1.0[p] - $1.1[p] } / Double(batch)
        }
        sums[estimator, default: []].append(row)
      }
    }
    return sums.mapValues { rows in
      let count = Double(rows.count)
      return gradients.indices.map { p in
        let mean = rows.reduce(0) { $0 + $1[p] } / count
        let variance = rows.reduce(0) { $0 + ($1[p] - mean) * ($1[p] - mean) } / (count - 1)
        return Coefficient(
          mean: mean, error: (variance / count).squareRoot(), gradient: gradients[p] / Double(draws))
      }
    }
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
