import KernelCalls
import Kernels
import Model
import Tasks

/// The forward engine: tangents of a list of directions, carried along with the trials, and the estimates they feed.
final class ForwardGradient<S: KernelScalar>: LifetimeGradient {
  private var buffers: TangentBuffers<S>
  private var critic: CriticTangents
  /// Rdot of the trial.
  private(set) var rewardTangents: [Double] = []
  /// mdot = Rdot - bdot of the trial.
  private var successTangents: [Double] = []
  /// d log(kick) of the trial, in all and by the constants themselves.
  private var kickSlopes: [Double] = []
  private var directKicks: [Double] = []
  private var rateSlopes: [Double] = []
  private var tangent = TangentEstimate(directions: 0)
  private var antithetic = AntitheticEstimate(directions: 0)
  private var pathwise = PathwiseEstimate(directions: 0)
  /// Sums dR by way of the kicks at fixed W, for the constants that move kicks: no weight noise credits that.
  private var kicked: TangentBuffers<S>?
  private var kickedSum: [Double] = []

  init(_ state: LifetimeState<S>) {
    buffers = TangentBuffers(state, directions: [])
    critic = CriticTangents(state.critic.kind, conditions: 0, units: 0, directions: 0)
  }

  func begin(_ request: LifetimeRequest, _ state: LifetimeState<S>) {
    let directions = request.coordinates(of: state.rule)
    if !buffers.fits(directions, state.rule) {
      buffers = TangentBuffers(state, directions: directions)
      critic = CriticTangents(
        state.critic.kind, conditions: state.task.conditions, units: state.method.units,
        directions: directions.count)
      let movers = directions.filter { $0.movesKicks }
      kicked = movers.isEmpty ? nil : TangentBuffers(state, directions: movers)
    }
    buffers.begin(state)
    kicked?.begin(state)
    critic.reset()
    rewardTangents = Array(repeating: 0, count: directions.count)
    successTangents = rewardTangents
    kickSlopes = rewardTangents
    directKicks = rewardTangents
    rateSlopes = rewardTangents
    tangent = TangentEstimate(directions: directions.count)
    antithetic = AntitheticEstimate(directions: directions.count)
    pathwise = PathwiseEstimate(directions: directions.count)
    kickedSum = rewardTangents
  }

  /// Credits the reward of this trial to the noise of the one before.
  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    guard trial.index > 0 else { return }
    let baseline = trial.baselineBefore ?? state.reward.silent(state.trial)
    tangent.add(reward: trial.reward, baseline: baseline, products: buffers.noiseProducts)
    antithetic.add(reward: trial.reward, twin: trial.twin, products: buffers.noiseProducts)
  }

  func traced(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    let slope = state.kickSlope(baseline: trial.expected)
    let constants = ConstantSlopes(trial, state)
    var moves = slope != 0
    for (q, direction) in buffers.directions.enumerated() {
      directKicks[q] = direction.constant.map(constants.kick) ?? 0
      rateSlopes[q] = direction.constant.map(constants.baselineRate) ?? 0
      if directKicks[q] != 0 { moves = true }
      kickSlopes[q] = slope * critic.expected(state.critic, trial.condition, q) + directKicks[q]
    }
    buffers.run(trial, state, kickSlopes: moves ? kickSlopes : nil, rewardTangents: &rewardTangents)
    pathwise.add(rewardTangents: rewardTangents)
    addKicked(trial, state)
  }

  private func addKicked(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    guard kicked != nil else { return }
    let places = buffers.directions.indices.filter { buffers.directions[$0].movesKicks }
    var tangents = Array(repeating: 0.0, count: places.count)
    kicked!.run(trial, state, kickSlopes: places.map { directKicks[$0] }, rewardTangents: &tangents)
    for (place, value) in zip(places, tangents) { kickedSum[place] += value }
  }

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    critic.follow(
      trial, state.critic, rewardTangents: rewardTangents,
      featureTangents: buffers.featureTangents(state.shownSteps), rate: state.baselineRate,
      rateSlopes: rateSlopes, success: &successTangents)
    buffers.update(trial, state, successTangents: successTangents)
  }

  func estimates(
    _ request: LifetimeRequest, _ loop: TrialLoop<some Synapse<S>>
  ) -> [Estimator: [Double]] {
    var result: [Estimator: [Double]] = [:]
    for estimator in request.estimators where estimator.needsTangents {
      let estimate = estimate(estimator, loop.state.method)
      if estimate.allSatisfy({ $0.isFinite }) { result[estimator] = estimate }
    }
    return result
  }

  /// 0 for an estimator that weight noise carries, where there is none.
  private func estimate(_ estimator: Estimator, _ method: Method) -> [Double] {
    let sigma = method.weightNoise
    let carried: [Double]
    switch estimator {
    case .pathwise: return pathwise.mean(trials: method.trials)
    case .tangent where sigma > 0: carried = tangent.mean(trials: method.trials, sigma: sigma)
    case .antithetic where sigma > 0: carried = antithetic.mean(trials: method.trials, sigma: sigma)
    default: return Array(repeating: 0, count: rewardTangents.count)
    }
    return kicked == nil ? carried : zip(carried, kickedSum).map { $0 + $1 / Double(method.trials) }
  }

  /// U.
  var tangents: [Double] { buffers.values }

  /// Sum of the squares of edot(T) over the synapses of a layer, by its rows, and all directions.
  func traceSquares(in network: borrowing NetworkDraw<S>, layer: Range<Int>) -> Double {
    buffers.traceSquares(in: network, layer: layer)
  }
}
