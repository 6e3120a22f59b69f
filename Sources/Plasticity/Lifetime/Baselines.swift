/// Rbar_c: one running baseline a condition.
///
/// At the first visit of a condition Rbar_c = R, so the success m is 0; afterwards Rbar_c follows R at rate a_R, after
/// it has been used.
struct Baselines {
  /// Rbar_c; nil before the first visit.
  private var values: [Double?]

  init(conditions: Int) { values = Array(repeating: nil, count: conditions) }

  mutating func reset() { for c in values.indices { values[c] = nil } }

  /// Rbar_c before this trial, nil before the first visit.
  func current(_ condition: Int) -> Double? { values[condition] }

  /// Rbar_c follows R; call it last in a trial.
  mutating func follow(_ trial: EarnedTrial, rate: Double) {
    values[trial.condition] = trial.baseline + rate * (trial.reward - trial.baseline)
  }
}
