import Model

/// The adjoint of what the critic has learned, carried backwards through the trials; no horizon cuts it.
struct CriticAdjoint {
  /// dL/dRbar by mean, or dL/dv.
  private var values: [Double]
  private let kind: CriticKind

  /// - Parameter units: N, the features of a learned critic.
  init(_ kind: CriticKind, conditions: Int, units: Int) {
    self.kind = kind
    let numbers = kind == .learned ? units + 1 : Critic.means(kind, conditions: conditions)
    values = Array(repeating: 0, count: numbers)
  }

  mutating func reset() { for index in values.indices { values[index] = 0 } }

  /// What a trial read backwards gives.
  struct Step {
    /// dL/dR by way of m = R - b and of what the critic learns.
    var reward: Double
    /// dL/df of a learned critic, N; empty elsewhere.
    var features: [Double] = []
    /// dL/da_R.
    var rate = 0.0
  }

  /// From the adjoint after a trial to that before it, as far as the trial's b and R go.
  /// - Parameter critic: as it was before it followed R, where it is a learned one.
  mutating func step(
    _ trial: EarnedTrial, _ critic: Critic?, successAdjoint: Double, rate: Double
  ) -> Step {
    if kind == .learned { return learnedStep(trial, critic!, successAdjoint, rate) }
    let place = kind.place(of: trial.condition)
    let after = values[place]
    if trial.isFirstVisit {
      // b = R here: m is 0 whatever theta is, and nothing came before.
      values[place] = 0
      return Step(reward: after)
    }
    values[place] = (1 - rate) * after - successAdjoint
    return Step(reward: rate * after + successAdjoint, rate: after * trial.success)
  }

  private mutating func learnedStep(
    _ trial: EarnedTrial, _ critic: Critic, _ successAdjoint: Double, _ rate: Double
  ) -> Step {
    if trial.isFirstVisit {
      let after = values[0]
      for index in values.indices { values[index] = 0 }
      return Step(reward: after)
    }
    let square = critic.featureSquare
    let product = values[0] + zip(values.dropFirst(), critic.features).reduce(0) { $0 + $1.0 * $1.1 }
    let success = successAdjoint + rate * product / square
    // v + (a_R m / s) phi, then m = R - v . phi.
    let pull = rate * trial.success / square
    let features = critic.features.indices.map { i in
      pull * (values[i + 1] - 2 * product * critic.features[i] / square) - success * critic.weights[i + 1]
    }
    values[0] -= success
    for i in critic.features.indices { values[i + 1] -= success * critic.features[i] }
    return Step(reward: success, features: features, rate: trial.success * product / square)
  }

  /// Adds the adjoint of what was expected before the trial had shown anything.
  mutating func addExpected(_ adjoint: Double, _ trial: EarnedTrial) {
    values[kind == .learned ? 0 : kind.place(of: trial.condition)] += adjoint
  }
}
