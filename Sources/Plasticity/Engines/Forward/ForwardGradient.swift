import KernelCalls
import Kernels
import Model
import Tasks

/// The forward engine: tangents of a range of directions, carried along with the trials, and the estimates they feed.
final class ForwardGradient<S: KernelScalar>: LifetimeGradient {
  private var buffers: TangentBuffers<S>
  private var baselines: BaselineTangents
  /// Rdot of the trial.
  private(set) var rewardTangents: [Double] = []
  /// mdot = Rdot - Rbardot_c of the trial.
  private var successTangents: [Double] = []
  /// d log(kick) / dtheta of the trial.
  private var kickSlopes: [Double] = []
  private var tangent = TangentEstimate(directions: 0)
  private var antithetic = AntitheticEstimate(directions: 0)
  private var pathwise = PathwiseEstimate(directions: 0)

  init(_ state: LifetimeState<S>) {
    buffers = TangentBuffers(
      units: 0, steps: 0, outputs: 0, degree: 0, directions: 0..<0, kernels: state.kernels)
    baselines = BaselineTangents(conditions: state.task.conditions, directions: 0)
  }

  func begin(_ request: LifetimeRequest, _ state: LifetimeState<S>) {
    let directions = request.directions
    if !buffers.fits(directions, degree: state.rule.degree) {
      buffers = TangentBuffers(
        units: state.method.units, steps: state.task.steps, outputs: state.task.outputs,
        degree: state.rule.degree, directions: directions, kernels: state.kernels)
      baselines = BaselineTangents(conditions: state.task.conditions, directions: directions.count)
    }
    buffers.begin()
    baselines.reset()
    rewardTangents = Array(repeating: 0, count: directions.count)
    successTangents = rewardTangents
    kickSlopes = rewardTangents
    tangent = TangentEstimate(directions: directions.count)
    antithetic = AntitheticEstimate(directions: directions.count)
    pathwise = PathwiseEstimate(directions: directions.count)
  }

  /// Credits the reward of this trial to the noise of the one before.
  func rewarded(_ trial: inout EarnedTrial, _ state: LifetimeState<S>) {
    guard trial.index > 0 else { return }
    let baseline = trial.baselineBefore ?? state.reward.silent(state.trial)
    tangent.add(reward: trial.reward, baseline: baseline, products: buffers.noiseProducts)
    antithetic.add(reward: trial.reward, twin: trial.twin, products: buffers.noiseProducts)
  }

  func traced(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    let slope = state.mechanisms.kickSlope(baseline: trial.baselineBefore)
    for q in kickSlopes.indices { kickSlopes[q] = slope * baselines.current(trial.condition, q) }
    buffers.run(state, kickSlopes: slope == 0 ? nil : kickSlopes, rewardTangents: &rewardTangents)
    pathwise.add(rewardTangents: rewardTangents)
  }

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    baselines.follow(
      trial, rewardTangents: rewardTangents, rate: state.constants.baselineRate, success: &successTangents)
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
    switch estimator {
    case .pathwise: return pathwise.mean(trials: method.trials)
    case .tangent where sigma > 0: return tangent.mean(trials: method.trials, sigma: sigma)
    case .antithetic where sigma > 0: return antithetic.mean(trials: method.trials, sigma: sigma)
    default: return Array(repeating: 0, count: rewardTangents.count)
    }
  }

  /// U.
  var tangents: [Double] { buffers.values }

  /// Sum of the squares of edot(T) over all synapses and directions.
  func traceSquares() -> Double { buffers.traceSquares() }
}
