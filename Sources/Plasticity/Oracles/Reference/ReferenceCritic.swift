import Model

/// The critic as the method writes it, with its tangents: the slow twin of `Critic`.
struct ReferenceCritic {
  let kind: CriticKind
  /// Rbar_c, or v by feature, each with its tangents by direction.
  private var means: [Int: (value: Double, tangents: [Double])] = [:]
  private var weights: [(value: Double, tangents: [Double])] = []

  init(_ kind: CriticKind) { self.kind = kind }

  private func place(_ condition: Int) -> Int { kind == .condition ? condition : 0 }

  /// b and bdot before the trial has shown anything; nil before the first use.
  func expected(_ condition: Int) -> (value: Double, tangents: [Double])? {
    kind == .learned ? weights.first : means[place(condition)]
  }

  /// b and bdot of a trial; R and Rdot at the first use.
  func judged(_ trial: ReferenceTrial, _ condition: Int) -> (value: Double, tangents: [Double]) {
    let own = (value: trial.earned, tangents: trial.rewardTangents)
    guard kind == .learned else { return means[place(condition)] ?? own }
    guard !weights.isEmpty else { return own }
    let phi = [1] + trial.features
    let phidot = trial.featureTangents.map { [0] + $0 }
    var b = 0.0
    var bdot = Array(repeating: 0.0, count: own.tangents.count)
    for i in phi.indices {
      b += weights[i].value * phi[i]
      for p in bdot.indices { bdot[p] += weights[i].tangents[p] * phi[i] + weights[i].value * phidot[p][i] }
    }
    return (b, bdot)
  }

  /// Learns from the trial, whose b is `judged`.
  /// - Parameter rateTangents: d a_R by direction.
  mutating func follow(
    _ trial: ReferenceTrial, _ condition: Int, judged: (value: Double, tangents: [Double]), rate: Double,
    rateTangents: [Double]
  ) {
    let m = trial.earned - judged.value
    let mdot = zip(trial.rewardTangents, judged.tangents).map { $0 - $1 }
    guard kind == .learned else {
      means[place(condition)] = (
        judged.value + rate * m,
        mdot.indices.map { judged.tangents[$0] + rate * mdot[$0] + rateTangents[$0] * m }
      )
      return
    }
    if weights.isEmpty {
      let silent = Array(repeating: 0.0, count: mdot.count)
      weights = [(trial.earned, trial.rewardTangents)] + trial.features.map { _ in (0, silent) }
      return
    }
    let phi = [1] + trial.features
    let square = phi.reduce(0) { $0 + $1 * $1 }
    for i in phi.indices {
      weights[i].value += rate * m * phi[i] / square
      for p in mdot.indices {
        let phidot = [0] + trial.featureTangents[p]
        let squareTangent = zip(phi, phidot).reduce(0) { $0 + 2 * $1.0 * $1.1 }
        weights[i].tangents[p] +=
          (rate * mdot[p] + rateTangents[p] * m) * phi[i] / square
          + rate * m * (phidot[i] / square - phi[i] * squareTangent / (square * square))
      }
    }
  }
}
