import Kernels

/// <xi^h, S_p^h> / sigma for `ScoreEstimate`, H x P; all 0 where there is no weight noise.
final class ScoreProducts<S: KernelScalar>: TrialObserver {
  private(set) var values: [Double]

  init(_ state: LifetimeState<S>) {
    values = Array(repeating: 0, count: state.method.trials * state.rule.theta.count)
  }

  func updated(_ trial: EarnedTrial, _ state: LifetimeState<S>) {
    guard state.method.weightNoise > 0 else { return }
    let rule = state.rule
    let products = state.primal.scoreProducts()
    let factor = rule.constants.eta * trial.success / state.method.weightNoise
    let start = trial.index * products.count
    for p in products.indices { values[start + p] = factor * rule.scale[p] * Double(products[p]) }
  }
}
