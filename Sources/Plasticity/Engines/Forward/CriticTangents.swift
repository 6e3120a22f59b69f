import Model

/// bdot: the tangents of what the critic expects, which follow Rdot as b follows R.
struct CriticTangents {
  /// Rbardot by mean and direction, or vdot by direction and weight; 0 before the first use.
  private var values: [Double]
  private let kind: CriticKind
  private let directions: Int
  /// Numbers that follow of a direction or, where means are kept, of none.
  private let width: Int

  /// - Parameter units: N, the features of a learned critic.
  init(_ kind: CriticKind, conditions: Int, units: Int, directions: Int) {
    self.kind = kind
    self.directions = directions
    width = units + 1
    let numbers = kind == .learned ? width : Critic.means(kind, conditions: conditions)
    values = Array(repeating: 0, count: numbers * directions)
  }

  mutating func reset() { for index in values.indices { values[index] = 0 } }

  /// bdot before the trial has shown anything; 0 before the first use.
  func expected(_ critic: Critic, _ condition: Int, _ q: Int) -> Double {
    kind == .learned ? values[q * width] : values[critic.place(of: condition) * directions + q]
  }

  /// Lets bdot follow Rdot.
  /// - Parameters:
  ///   - critic: as it is before it follows R.
  ///   - featureTangents: fdot, directions x N; empty where f does not move or is not used.
  ///   - rateSlopes: by direction, its change of a_R.
  ///   - success: becomes mdot = Rdot - bdot with bdot as it was; 0 at a first use, where b is R itself.
  mutating func follow(
    _ trial: EarnedTrial, _ critic: Critic, rewardTangents: [Double], featureTangents: [Double], rate: Double,
    rateSlopes: [Double], success: inout [Double]
  ) {
    for q in 0..<directions {
      let rdot = rewardTangents[q]
      if kind == .learned {
        follow(
          trial, critic, q, rdot, Array(featureTangents.dropFirst(q * (width - 1)).prefix(width - 1)), rate,
          rateSlopes[q], &success[q])
        continue
      }
      let place = critic.place(of: trial.condition) * directions + q
      let before = trial.isFirstVisit ? rdot : values[place]
      success[q] = trial.isFirstVisit ? 0 : rdot - before
      values[place] = trial.isFirstVisit ? rdot : before + rate * (rdot - before)
      if rateSlopes[q] != 0 { values[place] += rateSlopes[q] * trial.success }
    }
  }

  /// The learned critic, with s = phi . phi:
  /// vdot += (a_R mdot + adot_R m) phi / s + a_R m (phidot / s - phi sdot / s^2).
  private mutating func follow(
    _ trial: EarnedTrial, _ critic: Critic, _ q: Int, _ rdot: Double, _ fdot: [Double], _ rate: Double,
    _ rateSlope: Double, _ success: inout Double
  ) {
    let base = q * width
    guard !trial.isFirstVisit else {
      success = 0
      values[base] = rdot
      return
    }
    var bdot = values[base]
    var squareTangent = 0.0
    for i in critic.features.indices {
      bdot += values[base + 1 + i] * critic.features[i]
      guard !fdot.isEmpty else { continue }
      bdot += critic.weights[i + 1] * fdot[i]
      squareTangent += 2 * critic.features[i] * fdot[i]
    }
    success = rdot - bdot
    let square = critic.featureSquare
    let along =
      (rate * success + rateSlope * trial.success) / square
      - rate * trial.success * squareTangent / (square * square)
    values[base] += along
    for i in critic.features.indices {
      values[base + 1 + i] += along * critic.features[i]
      if !fdot.isEmpty { values[base + 1 + i] += rate * trial.success * fdot[i] / square }
    }
  }
}
