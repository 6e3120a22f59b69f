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
    let products = products(state)
    let factor = rule.constants.eta * trial.success / state.method.weightNoise
    let start = trial.index * products.count
    for p in products.indices { values[start + p] = factor * rule.scale[p] * products[p] }
  }

  /// <open W^m xi, ...> of all synapses that learn, W being that before the last update.
  private func products(_ state: LifetimeState<S>) -> [Double] {
    var sums = state.primal.scoreProducts().map { Double($0) }
    guard !state.layers.isEmpty else { return sums }
    let gated = Matrix<S>(rows: state.rows.count, columns: state.method.units)
    let ld = state.primal.ld
    for row in state.rows.others {
      for place in row * ld..<row * ld + state.method.units {
        gated.pointer[place] = state.primal.open.pointer[place] * state.primal.noise.pointer[place]
      }
    }
    let source = state.primal.source(weights: state.primal.before.pointer)
    for layer in state.layers { layer.addScore(gated.pointer, source, to: &sums) }
    return sums
  }
}
